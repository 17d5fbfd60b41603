//! Reads rules in the format of gitleaks' and betterleaks' configuration, so that a user need not write theirs anew.
//!
//! Source: the configuration section of <https://github.com/gitleaks/gitleaks>. What has no meaning for items
//! (paths, commits, `extend`) is left out and told; so is a rule that depends on what is not understood, or is for files of
//! some name: applied to items it would be another rule. Patterns are written for RE2; [`ours`] says in Rust's
//! syntax what they mean there.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use regex::Regex;
use serde::Deserialize;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::detect::catalog::{Loaded, Remark, Source, marks};
use crate::detect::filter_expression::{Expression, Part};
use crate::detect::rule::{Matcher, Rule, RuleInfo};
use crate::domain::{Confidence, SecretClass, Severity};

/// Fields of a rule that are read, or change nothing about what it sees: `validate` asks the provider.
const FIELDS: &[&str] = &[
    "id",
    "description",
    "regex",
    "path",
    "secretGroup",
    "valueGroup",
    "entropy",
    "keywords",
    "allowlist",
    "allowlists",
    "filter",
    "confidence",
    "skipReport",
    "tags",
    "validate",
];
/// Fields that decide what a rule sees, and are not understood.
const NEEDED: &[&str] = &["components", "tokenEfficiency", "prefilter", "required"];
/// Fields beside the rules that are read, or only describe the file.
const BESIDE: &[&str] = &[
    "allowlist",
    "allowlists",
    "title",
    "description",
    "minVersion",
    "betterleaksMinVersion",
    "filter",
    "prefilter",
];

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct GitleaksEntry {
    id: Spanned<String>,
    #[serde(default)]
    description: String,
    regex: Option<Spanned<String>>,
    path: Option<Spanned<String>>,
    #[serde(default, alias = "valueGroup")]
    secret_group: usize,
    filter: Option<Spanned<String>>,
    #[serde(default)]
    confidence: String,
    /// It is a part of others, and none by itself.
    #[serde(default)]
    skip_report: bool,
    #[serde(default)]
    entropy: f64,
    #[serde(default)]
    keywords: Vec<String>,
    allowlist: Option<Allowlist>,
    #[serde(default)]
    allowlists: Vec<Allowlist>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Allowlist {
    #[serde(default)]
    condition: String,
    #[serde(default)]
    regex_target: String,
    #[serde(default)]
    regexes: Vec<Spanned<String>>,
    #[serde(default)]
    stopwords: Vec<String>,
    #[serde(default)]
    paths: Vec<String>,
    #[serde(default)]
    commits: Vec<String>,
    #[serde(default)]
    target_rules: Vec<String>,
}

/// What a rule asks of a match beyond its pattern.
pub(super) struct GitleaksFilter {
    /// A secret of less Shannon entropy, in bits a character, is none.
    entropy: f64,
    own: Vec<Allow>,
    filter: Option<Expression>,
    shared: Arc<Shared>,
    id: String,
}

/// What a file says of all its rules.
#[derive(Default)]
struct Shared {
    allows: Vec<Allow>,
    filter: Option<Expression>,
}

/// What is no secret.
struct Allow {
    patterns: Vec<Regex>,
    target: AllowTarget,
    stopwords: Vec<String>,
    /// Patterns and stopwords must both agree.
    both: bool,
    /// The rules it is for; all where there is none.
    rules: Vec<String>,
}

/// What the patterns of an allowlist look at.
#[derive(Clone, Copy)]
enum AllowTarget {
    Secret,
    Match,
    Line,
}

impl GitleaksFilter {
    /// Whether a match is a secret.
    pub(super) fn keeps(&self, text: &str, secret: &Range<usize>, whole: &Range<usize>) -> bool {
        let part = |range: Range<usize>| text.get(range).unwrap_or_default();
        let line = || {
            let start = text[..whole.start].rfind('\n').map_or(0, |n| n + 1);
            start..text[whole.end..].find('\n').map_or(text.len(), |n| whole.end + n)
        };
        let allows = |allow: &Allow| {
            let target = match allow.target {
                AllowTarget::Secret => part(secret.clone()),
                AllowTarget::Match => part(whole.clone()),
                AllowTarget::Line => part(line()),
            };
            let pattern = allow.patterns.iter().any(|p| p.is_match(target));
            let low = part(secret.clone()).to_ascii_lowercase();
            let word = allow.stopwords.iter().any(|w| low.contains(w.as_str()));
            if allow.both {
                (pattern || allow.patterns.is_empty()) && (word || allow.stopwords.is_empty())
            } else {
                pattern || word
            }
        };
        let shared = self.shared.allows.iter().filter(|a| a.rules.is_empty() || a.rules.contains(&self.id));
        let of = |of: Part| match of {
            Part::Secret => Some(part(secret.clone()).to_owned()),
            Part::Match => Some(part(whole.clone()).to_owned()),
            Part::Line => Some(part(line()).to_owned()),
            Part::File => None,
        };
        let filters = self.filter.iter().chain(&self.shared.filter);
        (self.entropy <= 0.0 || entropy(part(secret.clone())) > self.entropy)
            && !self.own.iter().chain(shared).any(allows)
            && !filters.into_iter().any(|filter| filter.is_true(&of))
    }
}

/// Shannon entropy in bits a character.
pub(super) fn entropy(text: &str) -> f64 {
    let mut counts = std::collections::BTreeMap::new();
    text.chars().for_each(|c| *counts.entry(c).or_insert(0_u32) += 1);
    let all = f64::from(counts.values().sum::<u32>().max(1));
    counts.values().map(|n| f64::from(*n) / all).map(|p| -p * p.log2()).sum()
}

/// Reads the rules; `beside` is the rest of the file.
pub(super) fn read(
    source: Source<'_>,
    rules: Vec<Spanned<DeValue<'_>>>,
    beside: DeTable<'_>,
    loaded: &mut Loaded,
) {
    let mut shared = Shared::default();
    for (key, value) in beside {
        let lists = match (key.get_ref().as_ref(), value.get_ref()) {
            ("filter", DeValue::String(text)) => match expression(source, text, value.span().start) {
                Ok(filter) => {
                    shared.filter = Some(filter);
                    continue;
                }
                // Each of the rules depends on it.
                Err(e) => {
                    let message = format!("{}: every rule of the file is left out", e.message);
                    return loaded.errors.push(Remark { message, ..e });
                }
            },
            ("allowlist", _) => source.entry(value).map(|list: Allowlist| vec![list]),
            ("allowlists", _) => source.entry(value),
            (name, _) if BESIDE.contains(&name) => continue,
            (name, _) => {
                loaded.notes.push(source.remark(key.span().start, format!("`{name}` is not read")));
                continue;
            }
        };
        match lists {
            Ok(lists) => shared.allows.extend(allows(source, lists, loaded)),
            Err(e) => loaded.errors.push(e),
        }
    }
    let shared = Arc::new(shared);
    for table in rules {
        let at = table.span().start;
        match rule(source, table, &shared, loaded) {
            Ok(Some(rule)) => loaded.add(source, at, rule),
            Ok(None) => {}
            Err(e) => loaded.errors.push(e),
        }
    }
}

/// A rule; none where it is of file names alone.
fn rule(
    source: Source<'_>,
    table: Spanned<DeValue<'_>>,
    shared: &Arc<Shared>,
    loaded: &mut Loaded,
) -> Result<Option<Rule>, Remark> {
    let unknown: Vec<_> = table.get_ref().as_table().into_iter().flat_map(|t| t.keys()).collect();
    if let Some(key) = unknown.iter().find(|key| NEEDED.contains(&key.get_ref().as_ref())) {
        return Err(source.remark(
            key.span().start,
            format!("`{}` is not read, and the rule depends on it", key.get_ref()),
        ));
    }
    let unknown = unknown.into_iter().filter(|key| !FIELDS.contains(&key.get_ref().as_ref()));
    let unknown: Vec<Remark> = unknown
        .map(|key| source.remark(key.span().start, format!("`{}` is not read", key.get_ref())))
        .collect();
    loaded.notes.extend(unknown);
    let e: GitleaksEntry = source.entry(table)?;
    let id = e.id.get_ref();
    if id.is_empty() || id.len() > 128 || id.chars().any(|c| c.is_control() || c.is_whitespace()) {
        return Err(source.remark(e.id.span().start, "an id is at most 128 bytes without spaces"));
    }
    let Some(regex) = &e.regex else {
        loaded.notes.push(source.remark(e.id.span().start, "a rule of file names alone: not for items"));
        return Ok(None);
    };
    if let Some(path) = &e.path {
        loaded.notes.push(source.remark(path.span().start, "a rule for files of that name: not for items"));
        return Ok(None);
    }
    if e.skip_report {
        loaded
            .notes
            .push(source.remark(e.id.span().start, "a part of other rules (`skipReport`): none by itself"));
        return Ok(None);
    }
    let filter = match &e.filter {
        Some(text) => Some(expression(source, text.get_ref(), text.span().start)?),
        None => None,
    };
    // A group of its own: what it matches need not stand alone, as the pattern says itself what is around.
    let (pattern, at) = (format!("({})", ours(regex.get_ref())), regex.span().start);
    let group = e.secret_group + 1;
    source.compiles(&pattern, at, group)?;
    let groups = Regex::new(&pattern).map_or(0, |r| r.captures_len());
    let lists: Vec<Allowlist> = e.allowlist.into_iter().chain(e.allowlists).collect();
    let filter = GitleaksFilter {
        entropy: e.entropy,
        own: allows(source, lists, loaded),
        filter,
        shared: Arc::clone(shared),
        id: id.clone(),
    };
    let keywords: Vec<String> = e.keywords.into_iter().filter(|k| !k.is_empty()).collect();
    let title = if e.description.is_empty() { id.clone() } else { e.description.clone() };
    let info = RuleInfo {
        id: id.as_str().into(),
        title: title.trim_end_matches('.').into(),
        provider: String::new(),
        severity: Severity::High,
        // A pattern alone is never sure; `low` says so itself.
        confidence: if e.confidence == "low" { Confidence::Low } else { Confidence::Medium },
        class: SecretClass::Unclassified,
        why: e.description,
        how: String::from("its pattern, entropy and allowlists"),
        rotate: String::new(),
        marks: marks(0, keywords.len()),
        owns_prefix: false,
        prefixes: Vec::new(),
        keywords,
    };
    Ok(Some(Rule {
        info: Arc::new(info),
        // Without a `secretGroup`, the first group that took part is the secret, if there is any.
        matcher: Matcher::Pattern {
            source: pattern,
            group: if e.secret_group == 0 && groups > 2 { 2 } else { group },
            compiled: OnceLock::new(),
        },
        filter: Some(filter),
        context: false,
        rank: 2,
        confirm: None,
        #[cfg(test)]
        hits: Vec::new(),
        #[cfg(test)]
        misses: Vec::new(),
    }))
}

/// A filter.
fn expression(source: Source<'_>, text: &str, at: usize) -> Result<Expression, Remark> {
    let pattern = |re2: &str| {
        let pattern = ours(re2);
        source.compiles(&pattern, at, 0).map_err(|e| e.message)?;
        Regex::new(&pattern).map_err(|_| String::from("not a pattern"))
    };
    Expression::parse(text, &pattern).map_err(|why| source.remark(at, format!("`filter`: {why}")))
}

/// Allowlists; a pattern that cannot be read is told, and allows nothing.
fn allows(source: Source<'_>, lists: Vec<Allowlist>, loaded: &mut Loaded) -> Vec<Allow> {
    let mut out = Vec::new();
    for list in lists {
        let both = list.condition.eq_ignore_ascii_case("and");
        // Nothing is in a file or a commit here.
        if both && !(list.paths.is_empty() && list.commits.is_empty()) {
            continue;
        }
        let mut patterns = Vec::new();
        for spanned in &list.regexes {
            let pattern = ours(spanned.get_ref());
            match source.compiles(&pattern, spanned.span().start, 0) {
                Ok(()) => patterns.extend(Regex::new(&pattern)),
                Err(e) => loaded.errors.push(e),
            }
        }
        // With nothing left to ask, `both` would allow everything.
        if patterns.is_empty() && list.stopwords.is_empty() {
            continue;
        }
        let target = match list.regex_target.as_str() {
            "match" => AllowTarget::Match,
            "line" => AllowTarget::Line,
            _ => AllowTarget::Secret,
        };
        let stopwords = list.stopwords.iter().map(|w| w.to_ascii_lowercase()).collect();
        out.push(Allow { patterns, target, stopwords, both, rules: list.target_rules });
    }
    out
}

/// An RE2 pattern in Rust's syntax: `\w`, `\d`, `\s` and `\b` are of ASCII there, a `[` inside a class and a
/// brace that counts nothing stand for themselves, and `&&`, `--` and `~~` are no operators.
fn ours(re2: &str) -> String {
    let mut out = String::with_capacity(re2.len());
    let mut class = false;
    let mut first = false;
    let mut chars = re2.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let opening = std::mem::take(&mut first);
        match c {
            '\\' => {
                let Some((_, escaped)) = chars.next() else {
                    out.push('\\');
                    break;
                };
                match (escaped, class) {
                    ('w', true) => out.push_str("0-9A-Za-z_"),
                    ('w', false) => out.push_str("[0-9A-Za-z_]"),
                    ('d', true) => out.push_str("0-9"),
                    ('d', false) => out.push_str("[0-9]"),
                    ('s', true) => out.push_str("\\t\\n\\f\\r "),
                    ('s', false) => out.push_str("[\\t\\n\\f\\r ]"),
                    ('W', false) => out.push_str("[^0-9A-Za-z_]"),
                    ('D', false) => out.push_str("[^0-9]"),
                    ('S', false) => out.push_str("[^\\t\\n\\f\\r ]"),
                    ('b', false) => out.push_str("(?-u:\\b)"),
                    (other, _) => out.extend(['\\', other]),
                }
            }
            '[' if class && re2[at..].starts_with("[:") => {
                // A named class such as [:alnum:], as it is.
                let end = re2[at..].find(":]").map_or(re2.len(), |n| at + n + 2);
                out.push_str(&re2[at..end]);
                while chars.peek().is_some_and(|(n, _)| *n < end) {
                    chars.next();
                }
            }
            '[' if class => out.push_str("\\["),
            '[' => {
                class = true;
                first = true;
                out.push('[');
            }
            '^' if opening => {
                first = true;
                out.push('^');
            }
            ']' if opening => out.push_str("\\]"),
            ']' if class => {
                class = false;
                out.push(']');
            }
            '&' | '~' if class => out.extend(['\\', c]),
            '-' if class && out.ends_with('-') => out.push_str("\\-"),
            '{' if !class && !counts(&re2[at..]) => out.push_str("\\{"),
            '}' if !class && !re2[..at].rfind('{').is_some_and(|n| counts(&re2[n..])) => out.push_str("\\}"),
            other => out.push(other),
        }
    }
    out
}

/// Whether a brace opens a repetition (or what follows an escape such as `\p`).
fn counts(text: &str) -> bool {
    let Some((inside, _)) = text.strip_prefix('{').and_then(|t| t.split_once('}')) else { return false };
    let (least, most) = inside.split_once(',').unwrap_or((inside, ""));
    let number = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
    let name = !inside.is_empty() && inside.bytes().all(|b| b.is_ascii_alphabetic());
    (!least.is_empty() && number(least) && number(most)) || name
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::{Detector, FingerprintKey, Scratch, TableContext, catalog};
    use crate::domain::{AttributeValue, Item};

    fn load(text: &str) -> Loaded {
        catalog::read(Source { file: "gl.toml", text, ours: false })
    }

    /// What the rules of a file see in a text, as rule and length.
    fn check(rules: &str, text: &str, expected: &[(&str, usize)]) {
        let (detector, remarks) =
            Detector::with_rules(FingerprintKey::new(b"a key of the tests"), &[("gl.toml", rules)]);
        assert!(remarks.errors.is_empty(), "{:?}", remarks.errors);
        let item = Item::new(vec![("v".into(), AttributeValue::S(text.into()))]);
        let now = jiff::Timestamp::UNIX_EPOCH;
        let seen = detector.inspect(&TableContext::default(), &item, now, &mut Scratch::default());
        let seen: Vec<_> = seen.iter().map(|s| (s.rule.to_string(), s.span.len())).collect();
        let expected: Vec<_> = expected.iter().map(|(r, n)| (format!("gl:{r}"), *n)).collect();
        assert_eq!(seen, expected, "{text}");
    }

    #[test]
    fn groups_entropy_and_allowlists() {
        let rule = "[[rules]]\nid = 'acme'\ndescription = 'Acme key.'\nkeywords = ['acme']\n";
        let whole = format!("{rule}regex = '''\\bacme-[a-z0-9]{{8}}\\b'''\n");
        check(&whole, "x acme-q7w8e9r1 y", &[("acme", 13)]);
        check(&whole, "xacme-q7w8e9r1", &[]);
        let first = format!("{rule}regex = '''acme(?:=([a-z]{{8}})|:([0-9]{{6}}));'''\n");
        check(&first, "acme=qwertyui;", &[("acme", 8)]);
        check(&first, "acme:123456;", &[("acme", 6)]);
        let given = format!("{rule}regex = '''(acme)-([a-z0-9]{{8}})'''\nsecretGroup = 2\n");
        check(&given, "acme-q7w8e9r1", &[("acme", 8)]);
        let even = format!("{given}entropy = 2.5\n");
        check(&even, "acme-aaaaaaab", &[]);
        check(&even, "acme-q7w8e9r1", &[("acme", 8)]);
        let stop = format!("{given}[[rules.allowlists]]\nstopwords = ['Q7W8']\n");
        check(&stop, "acme-q7w8e9r1", &[]);
        let line = format!("{given}[rules.allowlist]\nregexTarget = 'line'\nregexes = ['''^#''']\n");
        check(&line, "# acme-q7w8e9r1", &[]);
        check(&line, "acme-q7w8e9r1 # ", &[("acme", 8)]);
        let both =
            format!("{given}[[rules.allowlists]]\ncondition = 'AND'\nregexes = ['^q']\nstopwords = ['zz']\n");
        check(&both, "acme-q7w8e9r1", &[("acme", 8)]);
        check(&both, "acme-q7w8e9zz", &[]);
        let beside = format!("[allowlist]\nregexes = ['^q7']\n{given}");
        check(&beside, "acme-q7w8e9r1", &[]);
        let other = format!("[[allowlists]]\ntargetRules = ['other']\nregexes = ['^q7']\n{given}");
        check(&other, "acme-q7w8e9r1", &[("acme", 8)]);
    }

    #[test]
    fn what_cannot_be_read_is_told_and_the_rest_is_read() {
        let text = "[extend]\nuseDefault = true\n\
                    [[rules]]\nid = 'a'\nregex = '''a(?<=b)'''\n\
                    [[rules]]\nid = 'b'\nregex = '''bbb'''\npath = '''\\.env'''\n\
                    [[rules]]\nid = 'c'\npath = '''\\.p12'''\n\
                    [[rules]]\nid = 'd'\nregex = 7\n";
        let loaded = load(text);
        assert_eq!(loaded.rules.len(), 0);
        let told: Vec<_> = loaded.errors.iter().map(ToString::to_string).collect();
        assert!(told[0].starts_with("gl.toml:5:9: error: look-around"), "{told:?}");
        assert!(told[1].starts_with("gl.toml:15:9: "), "{told:?}");
        let notes: Vec<_> = loaded.notes.iter().map(ToString::to_string).collect();
        assert_eq!(notes[0], "gl.toml:1:2: `extend` is not read");
        assert!(
            notes.contains(&"gl.toml:9:8: a rule for files of that name: not for items".to_owned()),
            "{notes:?}"
        );
        assert!(notes.iter().any(|n| n.ends_with("not for items")), "{notes:?}");
    }

    #[test]
    fn filters_of_betterleaks_say_what_is_none() {
        let rule = "[[rules]]\nid = 'acme'\nkeywords = ['acme']\nregex = '''(acme)-([a-z0-9]{8})'''\nvalueGroup = 2\n";
        let even = format!("{rule}filter = '''\nentropy(finding[\"secret\"]) <= 2.5\n'''\n");
        check(&even, "acme-aaaaaaab", &[]);
        check(&even, "acme-q7w8e9r1", &[("acme", 8)]);
        let beside = format!("filter = '''containsAny(finding[\"secret\"], [\"Q7W8\"])'''\n{rule}");
        check(&beside, "acme-q7w8e9r1", &[]);
        check(&beside, "acme-a7w8e9r1", &[("acme", 8)]);
        let files = format!(
            "prefilter = '''matchesAny(attributes[\"path\"], [`x`])'''\n{rule}validate = '''let r = 1'''\n"
        );
        check(&files, "acme-q7w8e9r1", &[("acme", 8)]);
        check(&format!("{rule}skipReport = true\n"), "acme-q7w8e9r1", &[]);
        for depends in [
            "components = [{ id = 'x' }]",
            "tokenEfficiency = true",
            "filter = 'tokenRatio(finding[\"secret\"]) > 2.5'",
        ] {
            let loaded = load(&format!("{rule}{depends}\n"));
            assert_eq!((loaded.rules.len(), loaded.errors.len()), (0, 1), "{depends}");
        }
        let loaded = load(&format!("filter = 'nope()'\n{rule}"));
        assert!(loaded.rules.is_empty() && loaded.errors[0].message.contains("every rule of the file"));
    }

    #[test]
    fn patterns_of_re2_mean_what_they_mean_there() {
        let check = |re2: &str, rust: &str| assert_eq!(ours(re2), rust);
        check(r"[\w.-]{0,50}?", "[0-9A-Za-z_.-]{0,50}?");
        check(r"\d\s\b\S", r"[0-9][\t\n\f\r ](?-u:\b)[^\t\n\f\r ]");
        check(r"[[:alnum:]_]", "[[:alnum:]_]");
        check(r"[a[b]", r"[a\[b]");
        check(r"[]a]|[^]a]", r"[\]a]|[^\]a]");
        check(r"[a&&b~~c--d]", r"[a\&\&b\~\~c-\-d]");
        check(r"${x}{,3}a{2}\p{Greek}", r"${x}\{,3\}a{2}\p{Greek}");
        check("\\", "\\");
    }

    proptest::proptest! {
        #[test]
        fn no_pattern_breaks_the_reader(text in ".{0,60}") {
            let _ = ours(&text);
            let _ = load(&format!("[[rules]]\nid = 'a'\nregex = '''{text}'''\n"));
        }
    }
}
