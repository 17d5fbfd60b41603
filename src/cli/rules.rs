//! The detector with a user's rule files and allow-lists, and the page that lists every rule.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::args::Global;
use super::fail::Fail;
use super::key;
use super::output::complain;
use super::pages::page;
use crate::audit::is_check;
use crate::detect::{ACCEPTED_FILE, AllowList, Detector, FingerprintKey, Mark, Remark, RuleInfo};
use crate::domain::Safe;

/// A larger file is no rule file, in bytes.
const LARGEST: u64 = 4 << 20;
/// Maximum number of remarks printed about the files; a file of another program may be full of them.
const TOLD: usize = 20;

/// A detector, and whether every rule of the user's files is in it.
pub struct Made {
    /// The detector.
    pub detector: Detector,
    /// What was told of its files: an interface that clears the screen tells it again.
    pub told: Vec<String>,
    /// A rule was left out, which was told.
    pub incomplete: bool,
}

/// The detector of a command.
pub fn detector(demo: bool, global: &Global) -> Result<Made, Fail> {
    with(key::choose(demo, global)?, global)
}

fn with(key: FingerprintKey, global: &Global) -> Result<Made, Fail> {
    let texts: Vec<(String, String)> = global
        .rules
        .iter()
        .map(|file| Ok((file.display().to_string(), read("--rules", file)?)))
        .collect::<Result<_, Fail>>()?;
    let files: Vec<(&str, &str)> = texts.iter().map(|(file, text)| (file.as_str(), text.as_str())).collect();
    let (detector, remarks) = Detector::with_rules(key, &files);
    let mut told = tell("rule left out: ", &remarks.errors);
    told.extend(tell("", &remarks.notes));
    let allowed = allowed(global, &mut told)?;
    told.extend(tell("allow-list entry does not apply: ", &allowed.unknown(&detector, is_check)));
    Ok(Made { detector: detector.allowing(allowed), told, incomplete: !remarks.errors.is_empty() })
}

/// What the allow-lists allow, and what was accepted in the working folder. An entry that is wrong or expired is told;
/// without it more is found, not less.
fn allowed(global: &Global, told: &mut Vec<String>) -> Result<AllowList, Fail> {
    let mut list = AllowList::default();
    let given = global.allow.iter().map(|file| ("--allow", file.as_path()));
    let kept = Path::new(ACCEPTED_FILE);
    // A pipe of that name is nobody's file: it would be waited for.
    let is_there = kept.metadata().is_ok_and(|about| about.is_file());
    for (option, file) in given.chain(is_there.then_some(("accepted findings:", kept))) {
        let text = match read(option, file) {
            Ok(text) => text,
            // Nobody named it: without it more is found, not less.
            Err(fail) if file == kept => {
                told.extend(tell(
                    "",
                    &[Remark { message: fail.to_string(), file: ACCEPTED_FILE.into(), line: 1, column: 1 }],
                ));
                continue;
            }
            Err(fail) => return Err(fail),
        };
        let remarks = list.add(&file.display().to_string(), &text, jiff::Timestamp::now());
        told.extend(tell("allow-list entry does not apply: ", &remarks));
    }
    Ok(list)
}

fn tell(what: &str, remarks: &[Remark]) -> Vec<String> {
    let line = |Remark { file, line, column, message }: &Remark| {
        format!("{}, line {line}, column {column}: {what}{}", Safe::neutral(file), Safe::neutral(message))
    };
    let mut told: Vec<String> = remarks.iter().take(TOLD).map(line).collect();
    if remarks.len() > TOLD {
        told.push(format!("{} more remarks", remarks.len() - TOLD));
    }
    told.iter().for_each(|line| complain(&format!("dynaudit: {line}")));
    told
}

fn read(option: &str, file: &Path) -> Result<String, Fail> {
    let fail = |why: &dyn std::fmt::Display| {
        Fail::usage(
            format!("{option} {} cannot be read: {why}", file.display()),
            "check the path and the file",
        )
    };
    let mut bytes = Vec::new();
    let opened = File::open(file).map_err(|e| fail(&e.kind()))?;
    opened.take(LARGEST + 1).read_to_end(&mut bytes).map_err(|e| fail(&e.kind()))?;
    if bytes.len() as u64 > LARGEST {
        return Err(fail(&format!("it is larger than {} MiB", LARGEST >> 20)));
    }
    String::from_utf8(bytes)
        .map_err(|e| fail(&format!("byte {} is not UTF-8", e.utf8_error().valid_up_to() + 1)))
}

/// The page of every embedded rule.
pub fn embedded_page() -> String {
    rules_page(&Detector::new(FingerprintKey::new(b"no value is looked at here")))
}

/// The page of every rule of the embedded catalogue and the user's files.
pub fn listed(global: &Global) -> Result<String, Fail> {
    let key = FingerprintKey::new(b"no value is looked at here");
    Ok(rules_page(&with(key, global)?.detector))
}

fn rules_page(detector: &Detector) -> String {
    let rules: Vec<&RuleInfo> = detector.rules().collect();
    let mut providers: Vec<&str> =
        rules.iter().map(|r| r.provider.as_str()).filter(|p| !p.is_empty()).collect();
    providers.sort_unstable();
    providers.dedup();
    let mut body = format!(
        "{} rules, {} providers, {} rules whose secrets begin with a literal of their own.\n\n\
         Rules of your own: `--rules FILE`, in this format (`crates/core/src/detect/catalog.rs`) or in that of gitleaks. \
         They add to these: the name of the file goes before their ids (`gitleaks:aws-access-token`).\n\n",
        rules.len(),
        providers.len(),
        rules.iter().filter(|r| r.owns_prefix).count(),
    );
    rules.iter().for_each(|rule| body.push_str(&section(rule)));
    page("Rules", &body)
}

fn section(rule: &RuleInfo) -> String {
    let words: Vec<String> = rule.keywords.iter().map(|k| format!("`{}`", plain(k))).collect();
    let marks: Vec<&str> = rule.marks.iter().map(|m: &Mark| m.what()).collect();
    let rows = [
        ("Provider", plain(&rule.provider)),
        ("Severity", rule.severity.to_string()),
        ("Confidence", rule.confidence.to_string()),
        ("Keywords", words.join(", ")),
        ("Confirmed by", plain(&rule.how)),
        ("Marked", marks.join(", ")),
        ("Why", plain(&rule.why)),
        ("Rotate", if rule.rotate.is_empty() { String::new() } else { format!("<{}>", plain(&rule.rotate)) }),
    ];
    let rows: String = rows
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("- {name}: {value}\n"))
        .collect();
    format!("## {}\n\n{}\n\n{rows}\n", plain(&rule.id), plain(&rule.title))
}

/// Text of a rule file in Markdown.
fn plain(text: &str) -> String {
    Safe::neutral(text).as_str().replace('`', "'")
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    /// What comes of a rule file with these bytes.
    fn given(bytes: &[u8]) -> Result<Made, String> {
        let dir = tempfile::tempdir().expect("a folder");
        let file = dir.path().join("rules.toml");
        std::fs::write(&file, bytes).expect("a file");
        let global = Global { rules: vec![file], ..Global::default() };
        with(FingerprintKey::new(b"k"), &global).map_err(|fail| fail.to_string())
    }

    fn rule(fields: &str) -> String {
        format!(
            "[[rule]]\nid = \"acme\"\ntitle = \"Acme\"\nseverity = \"high\"\nconfidence = \"high\"\nwhy = \"w\"\n{fields}"
        )
    }

    #[test]
    fn what_cannot_be_a_rule_file_is_refused() {
        let check = |bytes: &[u8], told: &str| match given(bytes) {
            Err(error) => assert!(error.contains(told), "{error}"),
            Ok(_) => panic!("{told} was read"),
        };
        check(b"\xff\xfe", "byte 1 is not UTF-8");
        check(&vec![b'#'; LARGEST as usize + 1], "larger than 4 MiB");
        let missing = Global { rules: vec![PathBuf::from("no-such-file")], ..Global::default() };
        let told = with(FingerprintKey::new(b"k"), &missing).err().map(|fail| fail.to_string());
        assert!(told.is_some_and(|told| told.contains("no-such-file cannot be read")));
    }

    #[test]
    fn a_hostile_file_leaves_rules_out_and_ends() {
        for bad in [
            "pattern = '(?:a{1000}){1000}'\n".to_owned(),
            format!("pattern = '{}a{}'\n", "(".repeat(2000), ")".repeat(2000)),
            format!("pattern = '{}'\n", "a|".repeat(20_000)),
            "pattern = '(?=a)b'\n".to_owned(),
            "pattern = 'a'\ngroup = 99\n".to_owned(),
            format!("pattern = 'a'\nhits = {}1{}\n", "[".repeat(200), "]".repeat(200)),
        ] {
            let made = given(rule(&bad).as_bytes()).expect("read");
            assert!(made.incomplete, "{}", bad.get(..40).unwrap_or(&bad));
        }
        let many: String =
            (0..3000).map(|n| rule("pattern = 'zzz'\n").replace("acme", &format!("a{n}"))).collect();
        assert!(!given(many.as_bytes()).expect("read").incomplete, "three thousand rules without keywords");
    }

    #[test]
    fn the_page_of_rules_is_text_whatever_a_rule_is_called() {
        let (detector, _) = Detector::with_rules(
            FingerprintKey::new(b"k"),
            &[("mine.toml", &rule("pattern = 'zzz'\n").replace("Acme", "\\u001b[31m`x`"))],
        );
        let page = rules_page(&detector);
        assert!(page.contains("## mine:acme") && !page.contains('\u{1b}') && !page.contains("`x`"));
    }
}
