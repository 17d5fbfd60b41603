//! Reads rule files: the embedded ones and a user's, through one reader.
//!
//! # Writing a rule
//!
//! A rule is one `[[rule]]` table in a family file under `assets/rules/`:
//!
//! | field | what |
//! |---|---|
//! | `id`, `title`, `provider`, `why`, `rotate` | what a person reads; `rotate` links the provider's own page |
//! | `class` | what kind of thing it is, a word of [`SecretClass`]: it decides which fix fits; every embedded rule has one, a user's that has none gets a fix that keeps the value |
//! | `severity`, `confidence` | before anything is confirmed; a prefix that nothing else uses is `high` |
//! | `keywords` | literals of three bytes or more; without one of them in the text, the rule does not run |
//! | `prefixes` | documented beginnings, which the mask may show |
//! | `pattern`, `group` | a regular expression (no look-around) and the group that is the secret; without a group, what it matches must stand alone: no letter or digit may go on before or after it; with one, the pattern says itself what may stand around |
//! | `structure` | instead of a pattern: the name of a recogniser in `structures/` |
//! | `context` | true: the keywords are names, in the path above the value or up to 64 bytes before it |
//! | `rank` | of overlapping rules the higher wins: 4 what only a whole JSON text is, asked of it besides its members, 3 (usual) a documented form, 2 a context, 1 a guess |
//! | `confirm` | a check of `confirm.rs`, by name |
//! | `session` | in a user's file, true: the same as `class = "session"` |
//! | `hits`, `misses` | at least two each; `name => value` gives the value an attribute name |
//!
//! In a file of `--rules`, the name of the file goes before the id: `mine.toml` with the id `acme` gives `mine:acme`, in
//! reports and allow-lists. So it adds to the embedded rules and replaces none. Two files of one name, or two rules of one
//! id in a file: the first is read, the other is told.
//!
//! Hits and misses are made up, and broken by `~` so that no scanner takes this repository for a leak; the reader
//! takes every `~` out again (`~~` stays as one).

use std::fmt;
use std::ops::Range;
use std::str::FromStr;
use std::sync::{Arc, OnceLock};

use serde::Deserialize;
use serde::de::IntoDeserializer;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::detect::lazy_rule::LazyRule;
use crate::detect::rule::{Mark, Matcher, Rule, RuleInfo};
use crate::detect::{confirm, gitleaks, lazy_rule, structures};
use crate::domain::{Confidence, SecretClass, Severity};

/// The embedded families.
pub(super) const FAMILIES: &[(&str, &str)] = &[
    ("ai.toml", include_str!("../../assets/rules/ai.toml")),
    ("chat.toml", include_str!("../../assets/rules/chat.toml")),
    ("ci.toml", include_str!("../../assets/rules/ci.toml")),
    ("cloud.toml", include_str!("../../assets/rules/cloud.toml")),
    ("commerce.toml", include_str!("../../assets/rules/commerce.toml")),
    ("crypto.toml", include_str!("../../assets/rules/crypto.toml")),
    ("data-services.toml", include_str!("../../assets/rules/data-services.toml")),
    ("databases.toml", include_str!("../../assets/rules/databases.toml")),
    ("formats.toml", include_str!("../../assets/rules/formats.toml")),
    ("identity.toml", include_str!("../../assets/rules/identity.toml")),
    ("infrastructure.toml", include_str!("../../assets/rules/infrastructure.toml")),
    ("mail.toml", include_str!("../../assets/rules/mail.toml")),
    ("observability.toml", include_str!("../../assets/rules/observability.toml")),
    ("packages.toml", include_str!("../../assets/rules/packages.toml")),
    ("saas.toml", include_str!("../../assets/rules/saas.toml")),
    ("social.toml", include_str!("../../assets/rules/social.toml")),
    ("source-hosting.toml", include_str!("../../assets/rules/source-hosting.toml")),
];

/// A longer pattern in a user's file is not read, in bytes.
const LONGEST_PATTERN: usize = 16 << 10;
/// A pattern of a user's file whose automaton takes more than this is not read, in bytes.
const LARGEST_AUTOMATON: usize = 4 << 20;

/// What is to be said of a rule file, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// The file.
    pub file: String,
    /// Its line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// One sentence.
    pub message: String,
}

impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}: {}", self.file, self.line, self.column, self.message)
    }
}

/// What a rule file came to: its rules, and what is to be said of it.
#[derive(Default)]
pub(super) struct Loaded {
    pub rules: Vec<Rule>,
    /// What keeps a rule from being read.
    pub errors: Vec<Remark>,
    /// What is left out or slow, with the rule still read.
    pub notes: Vec<Remark>,
}

impl Loaded {
    /// Adds a rule that stands at the byte `at`. Of two with one id the first is read: findings and allow-lists name rules
    /// by their ids.
    pub(super) fn add(&mut self, source: Source<'_>, at: usize, rule: Rule) {
        if self.rules.iter().any(|known| known.info.id == rule.info.id) {
            let message = format!("a rule before it has the id `{}`, too: rename one", rule.info.id);
            return self.errors.push(source.remark(at, message));
        }
        self.rules.push(rule);
    }
}

/// What the ids of a user's file begin with: its name without folder and extension, in the letters that ids have.
pub(super) fn namespace(file: &str) -> String {
    let name = file.rsplit(['/', '\\']).next().unwrap_or(file);
    let stem = match name.rsplit_once('.') {
        Some(("", name)) | Some((name, _)) => name,
        None => name,
    };
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    let space: String = stem.chars().map(plain).collect();
    match space.trim_matches('-') {
        "" => String::from("rules"),
        space => space.to_owned(),
    }
}

/// The text of a rule file.
#[derive(Clone, Copy)]
pub(super) struct Source<'a> {
    pub file: &'a str,
    pub text: &'a str,
    /// Embedded: a test has compiled its patterns, so that no start has to.
    pub ours: bool,
}

impl Source<'_> {
    /// A remark on the byte `at`.
    pub(super) fn remark(&self, at: usize, message: impl Into<String>) -> Remark {
        let before = self.text.get(..at).unwrap_or(self.text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
        Remark { file: self.file.to_owned(), line, column, message: message.into() }
    }

    fn of_toml(&self, error: &toml::de::Error) -> Remark {
        self.remark(error.span().map_or(0, |s| s.start), error.message().replace('\n', " "))
    }

    /// A table of the file, as a type.
    pub(super) fn entry<'t, T: Deserialize<'t>>(&self, value: Spanned<DeValue<'t>>) -> Result<T, Remark> {
        T::deserialize(value.into_deserializer()).map_err(|e| self.of_toml(&e))
    }

    /// Whether a pattern can be used, and has the group.
    pub(super) fn compiles(&self, pattern: &str, at: usize, group: usize) -> Result<(), Remark> {
        if self.ours {
            return Ok(());
        }
        if pattern.len() > LONGEST_PATTERN {
            return Err(self.remark(at, format!("a pattern longer than {} KiB", LONGEST_PATTERN >> 10)));
        }
        let regex = regex::RegexBuilder::new(pattern).size_limit(LARGEST_AUTOMATON).build();
        let regex = regex.map_err(|e| {
            let said = e.to_string();
            self.remark(at, said.lines().last().unwrap_or("not a pattern").trim())
        })?;
        if group >= regex.captures_len() {
            return Err(self.remark(at, format!("the pattern has no group {group}")));
        }
        Ok(())
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleEntry {
    id: Spanned<String>,
    title: String,
    #[serde(default)]
    provider: String,
    class: Option<Spanned<String>>,
    severity: Spanned<String>,
    confidence: Spanned<String>,
    #[serde(default)]
    keywords: Vec<String>,
    #[serde(default)]
    prefixes: Vec<String>,
    pattern: Option<Spanned<String>>,
    #[serde(default)]
    group: usize,
    structure: Option<Spanned<String>>,
    #[serde(default)]
    context: bool,
    rank: Option<u8>,
    confirm: Option<Spanned<String>>,
    #[serde(default)]
    session: bool,
    why: String,
    #[serde(default)]
    rotate: String,
    #[serde(default)]
    hits: Vec<String>,
    #[serde(default)]
    misses: Vec<String>,
}

/// The embedded rules; a test holds that every file can be read.
pub(super) fn embedded() -> Vec<LazyRule> {
    FAMILIES.iter().flat_map(|(file, text)| lazy_rule::family(file, text)).collect()
}

/// The rules of a file, in our format (`[[rule]]`) or in that of gitleaks (`[[rules]]`). A rule that cannot be
/// read is told with its place, and the others are read.
pub(super) fn read(source: Source<'_>) -> Loaded {
    let (table, broken) = DeTable::parse_recoverable(source.text);
    let mut table = table.into_inner();
    let mut loaded =
        Loaded { errors: broken.iter().map(|e| source.of_toml(e)).collect(), ..Loaded::default() };
    let broken: Vec<usize> = broken.iter().filter_map(|e| e.span()).map(|s| s.start).collect();
    if table.contains_key("rules") && !table.contains_key("rule") {
        let rules = tables(table.remove("rules"), &broken);
        gitleaks::read(source, rules, table, &mut loaded);
    } else {
        for entry in tables(table.remove("rule"), &broken) {
            let at = entry.span().start;
            match rule(source, entry) {
                Ok(rule) => loaded.add(source, at, rule),
                Err(e) => loaded.errors.push(e),
            }
        }
        let unknown = table.keys().map(|key| {
            source.remark(key.span().start, format!("unknown field `{}`, expected `rule`", key.get_ref()))
        });
        loaded.errors.extend(unknown);
    }
    if !source.ours {
        loaded.notes.extend(marked(source, &loaded.rules));
    }
    loaded
}

/// The tables of an array of tables, without those in which the file is no TOML.
fn tables<'t>(array: Option<Spanned<DeValue<'t>>>, broken: &[usize]) -> Vec<Spanned<DeValue<'t>>> {
    let Some(DeValue::Array(array)) = array.map(Spanned::into_inner) else { return Vec::new() };
    let tables: Vec<_> = array.into_iter().collect();
    let starts: Vec<usize> = tables.iter().map(|t| t.span().start).collect();
    let holds = |range: Range<usize>| broken.iter().any(|at| range.contains(at));
    let whole = |n: usize| !holds(starts[n]..starts.get(n + 1).copied().unwrap_or(usize::MAX));
    tables.into_iter().enumerate().filter(|(n, _)| whole(*n)).map(|(_, table)| table).collect()
}

/// How many of a user's rules are slow or untested: one line, as a file may hold hundreds.
fn marked(source: Source<'_>, rules: &[Rule]) -> Option<Remark> {
    let count = |mark| rules.iter().filter(|r| r.info.marks.contains(&mark)).count();
    let told: Vec<String> = [Mark::Untested, Mark::Slow]
        .into_iter()
        .filter(|mark| count(*mark) > 0)
        .map(|mark| format!("{} {}", count(mark), mark.what()))
        .collect();
    (!told.is_empty()).then(|| source.remark(0, format!("of {} rules, {}", rules.len(), told.join(", "))))
}

/// The marks of a rule with this many cases and keywords.
pub(super) fn marks(cases: usize, keywords: usize) -> Vec<Mark> {
    [(cases == 0, Mark::Untested), (keywords == 0, Mark::Slow)]
        .into_iter()
        .filter_map(|(is, mark)| is.then_some(mark))
        .collect()
}

/// A rule of our own format.
fn rule(source: Source<'_>, entry: Spanned<DeValue<'_>>) -> Result<Rule, Remark> {
    let here = entry.span().start;
    let e: RuleEntry = source.entry(entry)?;
    let id = e.id.get_ref();
    if id.is_empty() || !id.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-')) {
        return Err(source.remark(e.id.span().start, "an id is lower-case letters, digits and hyphens"));
    }
    let matcher = match (&e.pattern, &e.structure) {
        (Some(pattern), None) => {
            source.compiles(pattern.get_ref(), pattern.span().start, e.group)?;
            Matcher::Pattern { source: pattern.get_ref().clone(), group: e.group, compiled: OnceLock::new() }
        }
        (None, Some(name)) => structures::named(name.get_ref())
            .ok_or_else(|| source.remark(name.span().start, format!("no structure {:?}", name.get_ref())))?,
        _ => return Err(source.remark(here, "a rule has either a pattern or a structure")),
    };
    let confirm = match &e.confirm {
        None => None,
        Some(name) => Some(confirm::named(name.get_ref()).ok_or_else(|| {
            source.remark(name.span().start, format!("no confirmation {:?}", name.get_ref()))
        })?),
    };
    let how = match (confirm, &matcher) {
        (Some(c), _) => c.how,
        (None, Matcher::Structure(..)) => "its parts are decoded and must make sense together",
        (None, Matcher::Pattern { .. }) if e.context => "a name beside it, and its length and alphabet",
        (None, Matcher::Pattern { .. }) => "its documented beginning, length and alphabet",
        (None, Matcher::Walk) => "the name above it and the shape of the item",
    };
    let walks = matches!(matcher, Matcher::Walk);
    let class = match &e.class {
        Some(word) => {
            SecretClass::from_str(word.get_ref()).map_err(|m| source.remark(word.span().start, m))?
        }
        None if source.ours => return Err(source.remark(here, "a rule has a class")),
        None if e.session => SecretClass::Session,
        // Of what a user's rule finds nothing is known: its fix keeps the value.
        None => SecretClass::Unclassified,
    };
    let confidence = Confidence::from_str(e.confidence.get_ref())
        .map_err(|m| source.remark(e.confidence.span().start, m))?;
    let info = RuleInfo {
        id: id.as_str().into(),
        title: e.title.into(),
        provider: e.provider,
        severity: Severity::from_str(e.severity.get_ref())
            .map_err(|m| source.remark(e.severity.span().start, m))?,
        confidence,
        class,
        why: e.why,
        how: how.to_owned(),
        rotate: e.rotate,
        marks: marks(e.hits.len().min(e.misses.len()), if walks { 1 } else { e.keywords.len() }),
        // A beginning that others use as well makes nobody sure.
        owns_prefix: !e.prefixes.is_empty() && !e.context && confidence >= Confidence::High,
        prefixes: e.prefixes,
        keywords: e.keywords,
    };
    Ok(Rule {
        info: Arc::new(info),
        matcher,
        filter: None,
        context: e.context,
        rank: e.rank.unwrap_or(if e.context { 2 } else { 3 }),
        confirm,
        #[cfg(test)]
        hits: e.hits.iter().map(|c| joined(c)).collect(),
        #[cfg(test)]
        misses: e.misses.iter().map(|c| joined(c)).collect(),
    })
}

/// A case without its `~`.
#[cfg(test)]
fn joined(case: &str) -> String {
    case.split("~~").map(|part| part.replace('~', "")).collect::<Vec<_>>().join("~")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_family_can_be_read() {
        for (file, text) in FAMILIES {
            // The test that runs every case compiles every pattern, which takes long enough once.
            let loaded = read(Source { file, text, ours: true });
            let said: Vec<_> = loaded.errors.iter().map(ToString::to_string).collect();
            assert!(said.is_empty() && !loaded.rules.is_empty(), "{file}: {said:?}");
        }
    }

    #[test]
    fn ids_are_unique_and_every_rule_is_complete() {
        let rules = embedded();
        let mut ids: Vec<_> = rules.iter().map(|r| r.info.id.clone()).collect();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), rules.len());
        for rule in &rules {
            let id = &rule.info.id;
            assert!(rule.info.marks.is_empty(), "{id} is {:?}", rule.info.marks);
            let walks = matches!(rule.matcher, Matcher::Walk);
            assert!(walks || !rule.info.keywords.is_empty(), "{id} has no keyword");
            assert!(rule.info.keywords.iter().all(|k| k.len() >= 3), "{id} has a keyword under three bytes");
            assert!(rule.hits.len() >= 2 && rule.misses.len() >= 2, "{id} lacks cases");
            assert!(
                !rule.info.why.is_empty() && rule.info.rotate.starts_with("https://"),
                "{id} lacks words"
            );
            assert!(rule.rank > 1 || rule.info.confidence <= Confidence::Medium, "{id} guesses too boldly");
        }
    }

    #[test]
    fn a_mistake_is_told_with_its_place() {
        let check = |text: &str, told: &str| {
            let good = "[[rule]]\nid = \"b\"\ntitle = \"B\"\nseverity = \"high\"\nconfidence = \"high\"\n\
                        why = \"w\"\npattern = 'bbb'\nkeywords = ['bbb']\n";
            let loaded = read(Source { file: "mine.toml", text: &format!("{text}\n{good}"), ours: false });
            let error = loaded.errors.first().map(ToString::to_string).unwrap_or_default();
            assert!(error.starts_with(told), "{error:?} does not start with {told:?}");
            let ids: Vec<_> = loaded.rules.iter().map(|r| &*r.info.id).collect();
            assert_eq!(ids, ["b"], "the rest of {text}");
            assert_eq!(loaded.rules[0].info.marks, [Mark::Untested]);
        };
        let rule = |rest: &str| {
            format!(
                "[[rule]]\nid = \"a\"\ntitle = \"A\"\nseverity = \"high\"\nconfidence = \"high\"\nwhy = \"w\"\n{rest}"
            )
        };
        let header = read(Source { file: "mine.toml", text: "[[rule]\n", ours: false });
        assert!(header.errors[0].to_string().starts_with("mine.toml:1:"));
        check(&rule(""), "mine.toml:1:1: a rule has either");
        check(&rule("pattern = 'a('\n"), "mine.toml:7:11: ");
        check(&rule("pattern = 'aaa'\ngroup = 1\n"), "mine.toml:7:11: the pattern has no group 1");
        check(&rule("structure = 'nope'\n"), "mine.toml:7:13: no structure");
        check(&rule("pattern = 'aaa'\nconfirm = 'nope'\n"), "mine.toml:8:11: no confirmation");
        check(&rule("pattern = 'aaa'\nbogus = 1\n"), "mine.toml:8:1: unknown field");
        check(&rule("pattern = aaa\n"), "mine.toml:7:11: ");
        check("bogus = 1\n", "mine.toml:1:1: unknown field");
        check(
            &rule(&format!("pattern = '{}'\n", "a".repeat(LONGEST_PATTERN + 1))),
            "mine.toml:7:11: a pattern longer",
        );
        check(&rule("pattern = '(?:a{1000}){1000}'\n"), "mine.toml:7:11: ");
    }

    #[test]
    fn cases_are_joined() {
        assert_eq!(joined("ab~cd~~ef"), "abcd~ef");
    }
}
