//! The rules of the house that no compiler holds: which way imports go, and what may be named where.
//!
//! Sources are read as text, without comments, string contents and test modules. Every rule is a row of a
//! table, and every row is shown to catch a planted violation.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use regex::Regex;

/// The floors as in `src/lib.rs`, lowest first. An import goes to a lower floor, or stays in its module.
const FLOORS: &[&[&str]] = &[
    &["access"],
    &["domain"],
    &["detect", "posture", "query", "readers", "remedy", "scan"],
    &["audit", "dynamodb_json"],
    &["engine"],
    &["report"],
    &["tui", "source"],
    &["shell", "demo"],
    &["cli"],
];

/// Imports between neighbours on one floor, each with its reason.
const NEIGHBOURS: &[(&str, &str)] = &[
    // A word that the detector recognises is no name: before it is screened, nothing is made of what was typed.
    ("query", "detect"),
    // Whether somebody reads a table is one question, with one answer.
    ("posture", "readers"),
    // A fix names its issuer's page, which the rule knows.
    ("remedy", "detect"),
    // A fix of a policy changes the statements that the check calls wrong, and lists the places that the checks know.
    ("remedy", "posture"),
];

/// What may be named only in some places.
struct Rule {
    name: &'static str,
    /// What is looked for.
    pattern: &'static str,
    /// Where it may stand: files, and directories with all that is below them.
    only_in: &'static [&'static str],
    /// A line that breaks the rule.
    violation: &'static str,
}

const RULES: &[Rule] = &[
    Rule {
        name: "AWS SDK types stop at the live source",
        pattern: r"\b(aws_sdk_\w+|aws_config|aws_types|aws_runtime|aws_smithy\w*|aws_credential_types)\b",
        only_in: &["source/live", "demo"],
        violation: "use aws_smithy_types::Blob;",
    },
    Rule {
        name: "the terminal belongs to the shell",
        pattern: r"\b(crossterm|CrosstermBackend)\b|\bratatui::(init|try_init|run|restore|try_restore)\b",
        only_in: &["shell"],
        violation: "ratatui::crossterm::terminal::enable_raw_mode()?;",
    },
    Rule {
        name: "colours are roles of the theme",
        pattern: r"\bColor\b|\.(on_)?(light_|dark_)?(black|red|green|yellow|blue|magenta|cyan|white|gray)\(\)",
        only_in: &["tui/theme.rs"],
        violation: "Style::new().fg(Color::Red)",
    },
    Rule {
        name: "time is a value",
        pattern: r"\b(Instant|SystemTime|Timestamp|Zoned)::now\b|\bUNIX_EPOCH\b",
        only_in: &["shell", "source", "demo", "cli"],
        violation: "let now = Timestamp::now();",
    },
    Rule {
        name: "the environment is read at the edge",
        pattern: r"\bstd::env\b|\benv::(var|vars|var_os|args|args_os|temp_dir|current_dir|home_dir)\b",
        only_in: &["shell", "source", "demo", "cli", "main.rs"],
        violation: "if std::env::var_os(\"NO_COLOR\").is_some() {",
    },
    Rule {
        name: "files and sockets are touched at the edge",
        pattern: r"\b(std|tokio)::(fs|net|process::Command)\b|\bFile::(open|create)\b|\bfs::\w+\(",
        only_in: &["shell", "source", "demo", "cli"],
        violation: "let text = std::fs::read_to_string(path)?;",
    },
    Rule {
        name: "tasks and threads are started at the edge",
        pattern: r"\btokio::|\bstd::thread\b|\bthread::(spawn|sleep|scope)\b",
        only_in: &["shell", "source", "demo", "cli"],
        violation: "tokio::spawn(async move { load().await });",
    },
    Rule {
        name: "the command line alone prints",
        pattern: r"\be?print(ln)?!|\b(stdout|stderr)\(\)",
        only_in: &["cli", "shell", "main.rs"],
        violation: "eprintln!(\"{error}\");",
    },
    Rule {
        name: "the embedded engine stays in one file",
        pattern: r"\bdynoxide\b",
        only_in: &["demo/engine.rs"],
        violation: "use dynoxide::Database;",
    },
];

/// What a scanner of pushed commits takes for a live secret. In this repository such texts are put together
/// at run time from parts.
const SECRET_SHAPES: &[(&str, &[&str])] = &[
    (r"\b[sr]k_live_[0-9A-Za-z]{16}", &["sk_li", "ve_0000000000000000"]),
    (r"\bwhsec_[0-9A-Za-z+/]{24}", &["whs", "ec_000000000000000000000000"]),
    (r"\bgh[pousr]_[0-9A-Za-z]{36}", &["gh", "p_000000000000000000000000000000000000"]),
    (r"\bgithub_pat_[0-9A-Za-z_]{40}", &["github", "_pat_0000000000000000000000000000000000000000"]),
    (r"\bglpat-[0-9A-Za-z_-]{20}", &["glp", "at-00000000000000000000"]),
    (r"\b(AKIA|ASIA)[0-9A-Z]{16}\b", &["AKI", "A0000000000000000"]),
    (r"\bxox[abposr]-[0-9A-Za-z-]{20}", &["xox", "b-00000000000000000000"]),
    (r"hooks\.slack\.com/services/T[0-9A-Z]{8}", &["hooks.slack.", "com/services/T00000000"]),
    (r"\bSG\.[0-9A-Za-z_-]{22}\.", &["SG", ".0000000000000000000000."]),
    (r"\bAIza[0-9A-Za-z_-]{35}", &["AI", "za00000000000000000000000000000000000"]),
    (r"\bsk-ant-[0-9A-Za-z_-]{24}", &["sk-", "ant-000000000000000000000000"]),
    (r"\bsk-proj-[0-9A-Za-z_-]{24}", &["sk-", "proj-000000000000000000000000"]),
    (r"\bnpm_[0-9A-Za-z]{36}", &["np", "m_000000000000000000000000000000000000"]),
    (r"\bpypi-AgE[0-9A-Za-z_-]{24}", &["pypi", "-AgE000000000000000000000000"]),
    (
        r"\bdop_v1_[0-9a-f]{64}",
        &["dop_", "v1_0000000000000000000000000000000000000000000000000000000000000000"],
    ),
    (r"\bshp(at|ca|pa|ss)_[0-9a-fA-F]{32}", &["shp", "at_00000000000000000000000000000000"]),
    (
        r"-----BEGIN [A-Z ]*PRIVATE KEY-----(\s|\\[nr])*[0-9A-Za-z+/]{16}",
        &["-----BEGIN ", "PRIVATE KEY-----\n0000000000000000"],
    ),
];

/// The key of AWS's own documentation, which scanners know.
const NOT_SECRET: &[&str] = &["AKIAIOSFODNN7EXAMPLE", "ASIAIOSFODNN7EXAMPLE"];

/// A source file: where it is under `src`, and its code.
struct Source {
    path: String,
    code: String,
}

impl Source {
    fn new(path: &str, text: &str) -> Self {
        Self { path: path.to_owned(), code: without_tests(&code(text)) }
    }

    fn is_in(&self, place: &str) -> bool {
        Path::new(&self.path).starts_with(place)
    }

    /// The module at the top of the crate that the file belongs to.
    fn room(&self) -> &str {
        self.path.split(['/', '.']).next().unwrap_or_default()
    }

    /// How many modules deep the file is: 1 for `domain/mod.rs`, 2 for `domain/item.rs`.
    fn depth(&self) -> usize {
        self.path.split('/').filter(|part| *part != "mod.rs").count()
    }
}

/// Where the rooms are: those of the engines, and those that run.
const ROOTS: &[&str] = &["crates/core/src", "src"];

/// Every file of both packages but those that hold tests alone.
fn sources() -> Vec<Source> {
    let below = |root: &&str| {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(root);
        let files = files_below(&root, &|path| path.extension().is_some_and(|e| e == "rs"));
        assert!(files.len() > 20, "few sources: {files:?}");
        let source = |file: &PathBuf| {
            let path = file.strip_prefix(&root).unwrap().to_str().unwrap().replace('\\', "/");
            Source::new(&path, &fs::read_to_string(file).unwrap())
        };
        files.iter().map(source).collect::<Vec<_>>()
    };
    let is_test = |source: &Source| source.path.split('/').any(|part| part == "tests" || part == "tests.rs");
    ROOTS.iter().flat_map(below).filter(|source| !is_test(source)).collect()
}

fn files_below(root: &Path, wanted: &dyn Fn(&Path) -> bool) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut left = vec![root.to_owned()];
    while let Some(path) = left.pop() {
        if path.is_dir() {
            left.extend(fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()));
        } else if path.exists() && wanted(&path) {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// The text with comments, and what is inside of strings and characters, as spaces. Lines stay lines.
fn code(text: &str) -> String {
    // In order: raw strings with up to two marks, strings, characters (not lifetimes), comments.
    let token = Regex::new(
        r##"(?xs)
        b?r\#\#" .*? "\#\# | b?r\#" .*? "\# | \b b?r" [^"]* "
        | " (?: [^"\\] | \\. )* "
        | ' (?: [^'\\] | \\ [^'] [^']* | \\' ) '
        | // [^\n]*
        | /\* .*? \*/
        "##,
    )
    .unwrap();
    let blank = |found: &regex::Captures<'_>| -> String {
        found[0].chars().map(|c| if c == '\n' { '\n' } else { ' ' }).collect()
    };
    token.replace_all(text, blank).into_owned()
}

/// The code without what is under `#[cfg(test)]`: an item up to its closing brace, or up to its semicolon.
fn without_tests(code: &str) -> String {
    let mut kept = String::new();
    let mut rest = code;
    while let Some((before, after)) = rest.split_once("#[cfg(test)]") {
        kept.push_str(before);
        let mut open = 0_usize;
        let end = after.find(|c| {
            match c {
                '{' => open += 1,
                '}' => open = open.saturating_sub(1),
                _ => {}
            }
            open == 0 && matches!(c, '}' | ';')
        });
        let end = end.map_or(after.len(), |end| end + 1);
        // Line numbers stay right.
        kept.extend(after[..end].chars().filter(|c| *c == '\n'));
        rest = &after[end..];
    }
    kept + rest
}

fn line_of(code: &str, at: usize) -> usize {
    code[..at].matches('\n').count() + 1
}

fn breaches(source: &Source, rule: &Rule) -> Vec<String> {
    if rule.only_in.iter().any(|place| source.is_in(place)) {
        return Vec::new();
    }
    let found = Regex::new(rule.pattern).unwrap();
    let told = |m: regex::Match<'_>| {
        format!("src/{}:{}: {}: {}", source.path, line_of(&source.code, m.start()), rule.name, m.as_str())
    };
    found.find_iter(&source.code).map(told).collect()
}

/// The modules at the top of the crate that the code names after `crate::`, each with where.
fn imports(source: &Source) -> Vec<(usize, String)> {
    let mut named = Vec::new();
    for (at, _) in source.code.match_indices("crate::") {
        if source.code[..at].ends_with('$') {
            // A macro's own crate.
            continue;
        }
        let after = source.code[at + "crate::".len()..].trim_start();
        let word = |text: &str| -> String {
            text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
        };
        match after.strip_prefix('{') {
            None => named.push((at, word(after))),
            Some(list) => {
                let mut depth = 0_usize;
                let mut fresh = true;
                for (n, c) in list.char_indices() {
                    match c {
                        '{' => depth += 1,
                        '}' if depth == 0 => break,
                        '}' => depth -= 1,
                        ',' if depth == 0 => fresh = true,
                        c if fresh && depth == 0 && !c.is_whitespace() => {
                            named.push((at, word(&list[n..])));
                            fresh = false;
                        }
                        _ => {}
                    }
                }
            }
        }
    }
    named
}

fn floor(room: &str) -> Option<usize> {
    FLOORS.iter().position(|rooms| rooms.contains(&room))
}

fn climbs(source: &Source) -> Vec<String> {
    if matches!(source.path.as_str(), "lib.rs" | "main.rs") {
        return Vec::new();
    }
    let room = source.room();
    let Some(own) = floor(room) else {
        return vec![format!("src/{}: {room} stands on no floor", source.path)];
    };
    let mut told = Vec::new();
    for (at, target) in imports(source) {
        let fine = target == room
            || NEIGHBOURS.contains(&(room, &target))
            || floor(&target).is_some_and(|target| target < own);
        if !fine {
            told.push(format!("src/{}:{}: {room} names {target}", source.path, line_of(&source.code, at)));
        }
    }
    // Out of the room by the back door.
    for found in Regex::new(r"\b(super::)+").unwrap().find_iter(&source.code) {
        if found.as_str().len() / "super::".len() >= source.depth() {
            told.push(format!(
                "src/{}:{}: name the crate's root as crate::",
                source.path,
                line_of(&source.code, found.start())
            ));
        }
    }
    told
}

fn secret_shapes(path: &str, text: &str) -> Vec<String> {
    let mut told = Vec::new();
    for (shape, _) in SECRET_SHAPES {
        for found in Regex::new(shape).unwrap().find_iter(text) {
            if !NOT_SECRET.contains(&found.as_str()) {
                told.push(format!("{path}:{}: looks like a secret ({shape})", line_of(text, found.start())));
            }
        }
    }
    told
}

#[test]
fn imports_go_down_the_floors() {
    let told: Vec<String> = sources().iter().flat_map(climbs).collect();
    assert!(told.is_empty(), "\n{}", told.join("\n"));
}

#[test]
fn everything_is_named_in_its_place() {
    let sources = sources();
    let told: Vec<String> =
        RULES.iter().flat_map(|rule| sources.iter().flat_map(|source| breaches(source, rule))).collect();
    assert!(told.is_empty(), "\n{}", told.join("\n"));
}

#[test]
fn nothing_in_the_repository_looks_like_a_secret() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = |path: &Path| {
        let kind = path.extension().and_then(|e| e.to_str()).unwrap_or("");
        !["png", "snap.new", "lock", "pyc"].contains(&kind)
            && !path.components().any(|c| c.as_os_str() == "target")
    };
    let mut told = Vec::new();
    for place in ["src", "crates", "tests", "assets", "docs", "benches", "tools", "screenshots", ".ci"] {
        for file in files_below(&root.join(place), &text) {
            let text = String::from_utf8_lossy(&fs::read(&file).unwrap()).into_owned();
            told.extend(secret_shapes(&file.strip_prefix(root).unwrap().display().to_string(), &text));
        }
    }
    assert!(told.is_empty(), "\n{}", told.join("\n"));
}

/// How far out of `crates/core/src/detect/x.rs` a path of `include_str!` may climb is told by how deep the file is:
/// what leaves its package is not packaged with it.
fn includes_outside(path: &str, text: &str) -> Vec<String> {
    let included = Regex::new(r#"include(?:_str|_bytes)?!\((?:concat!\()?\s*"((?:\.\./)*)"#).unwrap();
    // `src` itself is one step into the package.
    let inside = path.split('/').count();
    let climbs = |c: &regex::Captures<'_>| c[1].len() / "../".len() > inside;
    included.captures_iter(text).filter(climbs).map(|c| format!("{path}: {}", &c[0])).collect()
}

#[test]
fn what_a_package_includes_is_packaged_with_it() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut told = Vec::new();
    for place in ROOTS {
        let place = root.join(place);
        for file in files_below(&place, &|path| path.extension().is_some_and(|e| e == "rs")) {
            let path = file.strip_prefix(&place).unwrap().to_str().unwrap().replace('\\', "/");
            told.extend(includes_outside(&path, &fs::read_to_string(&file).unwrap()));
        }
    }
    assert!(told.is_empty(), "\n{}", told.join("\n"));
    let link = root.join("crates/core/assets");
    assert!(link.is_symlink() && link.join("rules/formats.toml").is_file(), "assets stay at the top");
}

/// Whether a type has a trait: an inherent constant, which exists only then, hides the trait's.
macro_rules! has {
    ($type:ty: $($trait:tt)+) => {{
        struct Probe<T: ?Sized>(std::marker::PhantomData<T>);
        #[allow(dead_code, reason = "it exists to be hidden or not")]
        trait Otherwise { const HAS: bool = false; }
        impl<T: ?Sized> Otherwise for Probe<T> {}
        #[allow(dead_code, reason = "it exists to be hidden or not")]
        impl<T: ?Sized + $($trait)+> Probe<T> { const HAS: bool = true; }
        <Probe<$type>>::HAS
    }};
}

#[test]
fn raw_item_data_cannot_be_printed() {
    use dynaudit::domain::{Aliases, AttributeValue, Held, Item, Revealed, Screened};
    use dynaudit::query::{Condition, Expression, Literal, Operand, Plan, Way};
    macro_rules! unprintable {
        ($($type:ty),+) => {$(
            let name = stringify!($type);
            assert!(!has!($type: std::fmt::Debug), "{name} has Debug");
            assert!(!has!($type: std::fmt::Display), "{name} has Display");
            assert!(!has!($type: serde::Serialize), "{name} has Serialize");
        )+};
    }
    unprintable!(Item, AttributeValue, Screened, Revealed, Aliases, Held);
    unprintable!(Condition, Expression, Literal, Operand, Plan, Way);
    // The question can be answered with yes.
    assert!(
        has!(String: std::fmt::Debug) && has!(String: std::fmt::Display) && has!(String: serde::Serialize)
    );
}

/// Rows of CONTRIBUTING.md's table of what one touches, whose number can be counted: of several things of a kind that
/// are there, which files name each of them. `{a}` and `{b}` are its names.
struct Added {
    row: &'static str,
    /// How a file names one; several are tried.
    named: &'static [&'static str],
    /// Its own file.
    own: Option<&'static str>,
    /// Two names of each, as unlike as there are.
    examples: &'static [(&'static str, &'static str)],
}

const ADDED: &[Added] = &[
    Added {
        row: "a screen",
        named: &[
            r"Action::{b}\b",
            r"Screen::{a}\b",
            r"\bmod {a};",
            r"(?m)=> {b} in [\[]|^    {b},$",
            r"\b{a} {b}[(]",
        ],
        own: Some("tui/screens/{a}.rs"),
        examples: &[
            ("usage", "Usage"),
            ("policy", "Policy"),
            ("history", "History"),
            ("identity", "Identity"),
        ],
    },
    Added {
        row: "a posture check",
        named: &[r"\b{a}\b"],
        own: Some("posture/checks/{a}.rs"),
        examples: &[("aws_owned_key", ""), ("scan_heavy", ""), ("no_backup", "")],
    },
    Added {
        row: "a format that no pattern can tell",
        named: &[r"\bmod {a};", r"\b{a}::"],
        own: Some("detect/structures/{a}.rs"),
        examples: &[("flask", ""), ("django", ""), ("jwt", "")],
    },
    Added {
        row: "a report format",
        named: &[r"\bpub mod {a};", r"\b{a}::FORMAT\b", r"\breport::{a}::(scan|sighting)\b"],
        own: Some("report/{a}.rs"),
        examples: &[("json", ""), ("text", "")],
    },
    Added {
        row: "a fact",
        named: &[r"\b{a}\b", "\"{b}\""],
        own: None,
        examples: &[
            ("Scaling", "DescribeScalableTargets"),
            ("Caches", "DescribeClusters"),
            ("Tags", "ListTagsOfResource"),
        ],
    },
    Added {
        row: "a snippet flavour",
        named: &[r"\b{a}\b"],
        own: None,
        examples: &[("AwsCli", ""), ("Terraform", ""), ("Boto3", "")],
    },
];

/// How many files name every example, each with its own.
fn places(added: &Added, files: &[(String, String)]) -> BTreeSet<String> {
    let of = |(a, b): &(&str, &str)| -> BTreeSet<String> {
        let fill = |text: &str| text.replace("{a}", a).replace("{b}", b);
        let own = added.own.map(fill);
        let named: Vec<Regex> = added.named.iter().map(|n| Regex::new(&fill(n)).unwrap()).collect();
        let names = |text: &str| named.iter().any(|n| n.is_match(text));
        assert!(
            own.iter().all(|own| files.iter().any(|(path, _)| path == own)),
            "{a} has no file of its own"
        );
        let there = files.iter().filter(|(path, text)| own.as_ref() != Some(path) && names(text));
        there.map(|(path, _)| path.clone()).collect()
    };
    let common = added.examples.iter().map(of).reduce(|all, one| &all & &one).unwrap_or_default();
    common.into_iter().chain(added.own.map(str::to_owned)).collect()
}

#[test]
fn what_is_said_of_adding_one_thing_is_true() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let contributing = fs::read_to_string(root.join("CONTRIBUTING.md")).unwrap();
    let rows: Vec<Vec<&str>> = contributing
        .lines()
        .skip_while(|line| !line.starts_with("| to add | places |"))
        .skip(2)
        .take_while(|line| line.starts_with('|'))
        .map(|line| line.trim_matches('|').split('|').map(str::trim).collect())
        .collect();
    assert!(rows.len() > 10, "the table is gone: {rows:?}");
    let mut files = Vec::new();
    for place in ROOTS {
        let place = root.join(place);
        for file in files_below(&place, &|path| path.extension().is_some_and(|e| e == "rs")) {
            let path = file.strip_prefix(&place).unwrap().to_str().unwrap().replace('\\', "/");
            if !path.split('/').any(|part| part == "tests" || part == "tests.rs") {
                files.push((path, fs::read_to_string(&file).unwrap()));
            }
        }
    }
    let mut told = Vec::new();
    for added in ADDED {
        let counted = places(added, &files);
        match rows.iter().find(|row| row[0] == added.row).map(|row| row[1]) {
            Some(said) if said == counted.len().to_string() => {}
            said => told.push(format!("{}: {said:?} is said, counted are {counted:#?}", added.row)),
        }
    }
    assert!(told.is_empty(), "\n{}", told.join("\n"));
}

/// Numbers that ARCHITECTURE.md says: rules, checks, screens, and the lines of the longest file.
#[test]
fn what_is_said_of_sizes_is_true() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(root.join("ARCHITECTURE.md")).unwrap();
    let said = Regex::new(
        r"more than (\d+) rules, more than (\d+) checks and (\d+) screens; no source file without tests is longer than (\d+) lines",
    );
    let said = said.unwrap().captures(&text).expect("the sentence is gone");
    let said = |n: usize| said[n].parse::<usize>().unwrap();
    let read = |path: &Path| fs::read_to_string(path).unwrap();
    let toml = |path: &Path| path.extension().is_some_and(|e| e == "toml");
    let rules = files_below(&root.join("assets/rules"), &toml);
    let rules: usize = rules.iter().map(|file| read(file).matches("\n[[rule]]").count()).sum();
    let checks = dynaudit::posture::CHECKS.len();
    let screens = read(&root.join("src/tui/screens/mod.rs"));
    let screens = Regex::new(r"(?m)^ +\w+ \w+\(\w+Screen\)( by \w+)?,$").unwrap().find_iter(&screens).count();
    let longest = sources().iter().map(|source| source.code.lines().count()).max().unwrap();
    // A number to be more than is the round one below; that of lines, the round one above.
    assert_eq!((said(1), said(2)), (rules / 100 * 100, checks / 10 * 10), "{rules} rules, {checks} checks");
    assert_eq!(said(3), screens);
    assert_eq!(said(4), longest.next_multiple_of(100), "{longest} lines");
}

mod the_rules_catch {
    use super::*;

    #[test]
    fn a_violation_each() {
        for rule in RULES {
            let bad = Source::new("posture/checks/new.rs", &format!("fn f() {{\n    {}\n}}", rule.violation));
            let told = breaches(&bad, rule);
            assert!(
                told.first().is_some_and(|t| t.starts_with("src/posture/checks/new.rs:2: ")),
                "{}: {told:?}",
                rule.name
            );
            for place in rule.only_in {
                let path =
                    if place.ends_with(".rs") { (*place).to_owned() } else { format!("{place}/new.rs") };
                assert!(breaches(&Source::new(&path, rule.violation), rule).is_empty(), "{}", rule.name);
            }
            for quiet in [
                format!("// {}", rule.violation),
                format!("/* {} */", rule.violation),
                format!("let s = r#\"{}\"#;", rule.violation),
                format!("#[cfg(test)]\nmod tests {{ fn f() {{ {} ", rule.violation.replace(['{', '}'], ""))
                    + "} }",
            ] {
                assert!(breaches(&Source::new("posture/new.rs", &quiet), rule).is_empty(), "{quiet}");
            }
        }
    }

    #[test]
    fn imports_up_and_across() {
        let check = |path: &str, text: &str, wanted: usize| {
            let told = climbs(&Source::new(path, text));
            assert_eq!(told.len(), wanted, "{path} {text}: {told:?}");
        };
        check("audit/state.rs", "use crate::domain::Item;", 0);
        check("audit/state.rs", "use crate::{audit::grade, domain::{Item, Safe}, posture};", 0);
        check(
            "audit/state.rs",
            "use crate::{\n    domain::Item,\n    tui::{Model, Msg},\n    report,\n};",
            2,
        );
        check("domain/item.rs", "fn f() -> crate::detect::Detector {}", 1);
        check("detect/mod.rs", "use crate::remedy::Flavour;", 1);
        check("posture/mod.rs", "use crate::access::readers;", 0);
        check("access/mod.rs", "use crate::posture::judge;", 1);
        check("access/mod.rs", "use crate::domain::Item;", 1);
        check("domain/fact.rs", "use crate::access::Document;", 0);
        check("tui/view.rs", "use crate::source::Call;", 1);
        check("attic/mod.rs", "", 1);
        check("detect/mod.rs", "use super::cli;", 1);
        check("detect/walk.rs", "use super::Scratch; use super::super::cli;", 1);
        check("lib.rs", "pub mod cli; use crate::cli::run;", 0);
        check("domain/item.rs", "#[cfg(test)]\nuse crate::cli;\nstruct A { a: u8 }\n// crate::cli\n", 0);
    }

    #[test]
    fn what_is_included_from_elsewhere() {
        let check = |path: &str, climb: &str, wanted: usize| {
            for line in
                [format!("include_str!(\"{climb}x\")"), format!("include_str!(concat!(\"{climb}x\"))")]
            {
                assert_eq!(includes_outside(path, &line).len(), wanted, "{path}: {line}");
            }
        };
        check("detect/catalog.rs", "../../", 0);
        check("detect/catalog.rs", "../../../", 1);
        check("lib.rs", "../", 0);
        check("lib.rs", "../../", 1);
        check("detect/structures/pem.rs", "../../../", 0);
    }

    #[test]
    fn secrets_in_the_open() {
        for (shape, parts) in SECRET_SHAPES {
            assert_eq!(secret_shapes("f", &parts.concat()).len(), 1, "{shape}");
            assert!(secret_shapes("f", &parts.join("\", \"")).is_empty(), "{shape}");
        }
        for known in NOT_SECRET {
            assert!(secret_shapes("f", known).is_empty());
        }
    }

    #[test]
    fn code_is_told_from_text() {
        let text =
            "let a = \"x // y\"; // z\nlet b = '\"'; let c: &'static str = r\"q\"; '\\'' /* w\n */ end";
        let code = code(text);
        assert_eq!(code.len(), text.len());
        for gone in ["x", "y", "z", "w", "q"] {
            assert!(!code.contains(gone), "{code}");
        }
        for kept in ["let a", "let b", "let c", "'static", "end"] {
            assert!(code.contains(kept), "{code}");
        }
        assert_eq!(code.lines().count(), text.lines().count());
    }
}
