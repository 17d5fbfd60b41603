//! Reads rule files: the embedded ones and a user's, through one reader.
//!
//! # Writing a rule
//!
//! A rule is one `[[rule]]` table in a family file under `assets/rules/`:
//!
//! | field | what |
//! |---|---|
//! | `id`, `title`, `provider`, `why`, `rotate` | what a person reads; `rotate` links the provider's own page |
//! | `severity`, `confidence` | before anything is confirmed; a prefix that nothing else uses is `high` |
//! | `keywords` | literals of three bytes or more; without one of them in the text, the rule does not run |
//! | `prefixes` | documented beginnings, which the mask may show |
//! | `pattern`, `group` | a regular expression (no look-around) and the group that is the secret; without a group, what it matches must stand alone: no letter or digit may go on before or after it; with one, the pattern says itself what may stand around |
//! | `structure` | instead of a pattern: the name of a recogniser in `structures/` |
//! | `context` | true: the keywords are names, in the path above the value or up to 64 bytes before it |
//! | `rank` | of overlapping rules the higher wins: 4 what only a whole JSON text is, asked of it besides its members, 3 (usual) a documented form, 2 a context, 1 a guess |
//! | `confirm` | a check of `confirm.rs`, by name |
//! | `session` | true: a session or token of one person |
//! | `hits`, `misses` | at least two each; `name => value` gives the value an attribute name |
//!
//! Hits and misses are made up, and broken by `~` so that no scanner takes this repository for a leak; the reader
//! takes every `~` out again (`~~` stays as one).

use std::fmt;
use std::str::FromStr;
use std::sync::{Arc, OnceLock};

use serde::Deserialize;
use toml::Spanned;

use crate::detect::confirm;
use crate::detect::rule::{Matcher, Rule, RuleInfo};
use crate::detect::structures;
use crate::domain::{Confidence, Severity};

/// The embedded families.
const FAMILIES: &[(&str, &str)] = &[
    ("ai.toml", include_str!("../../assets/rules/ai.toml")),
    ("chat.toml", include_str!("../../assets/rules/chat.toml")),
    ("cloud.toml", include_str!("../../assets/rules/cloud.toml")),
    ("commerce.toml", include_str!("../../assets/rules/commerce.toml")),
    ("formats.toml", include_str!("../../assets/rules/formats.toml")),
    ("mail.toml", include_str!("../../assets/rules/mail.toml")),
    ("packages.toml", include_str!("../../assets/rules/packages.toml")),
    ("source-hosting.toml", include_str!("../../assets/rules/source-hosting.toml")),
];

/// What is wrong with a rule file, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CatalogError {
    /// The file.
    pub file: String,
    /// Its line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// One sentence.
    pub message: String,
}

impl fmt::Display for CatalogError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}: {}", self.file, self.line, self.column, self.message)
    }
}

impl std::error::Error for CatalogError {}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    rule: Vec<Spanned<Entry>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: Spanned<String>,
    title: String,
    #[serde(default)]
    provider: String,
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
pub(super) fn embedded() -> Vec<Rule> {
    FAMILIES.iter().flat_map(|(file, text)| read(file, text).unwrap_or_default()).collect()
}

/// The rules of a file. Patterns of a user's file are compiled by [`checked`].
pub(super) fn read(file: &str, text: &str) -> Result<Vec<Rule>, CatalogError> {
    let error = |at: usize, message: String| {
        let before = text.get(..at).unwrap_or(text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
        CatalogError { file: file.to_owned(), line, column, message }
    };
    let parsed: File = toml::from_str(text)
        .map_err(|e| error(e.span().map_or(0, |s| s.start), e.message().replace('\n', " ")))?;
    let mut rules = Vec::with_capacity(parsed.rule.len());
    for spanned in parsed.rule {
        let here = spanned.span().start;
        let e = spanned.into_inner();
        let id = e.id.get_ref();
        if id.is_empty() || !id.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-')) {
            return Err(error(e.id.span().start, "an id is lower-case letters, digits and hyphens".into()));
        }
        let matcher = match (&e.pattern, &e.structure) {
            (Some(pattern), None) => Matcher::Pattern {
                source: pattern.get_ref().clone(),
                group: e.group,
                compiled: OnceLock::new(),
            },
            (None, Some(name)) => structures::named(name.get_ref())
                .ok_or_else(|| error(name.span().start, format!("no structure {:?}", name.get_ref())))?,
            _ => return Err(error(here, "a rule has either a pattern or a structure".into())),
        };
        let confirm =
            match &e.confirm {
                None => None,
                Some(name) => Some(confirm::named(name.get_ref()).ok_or_else(|| {
                    error(name.span().start, format!("no confirmation {:?}", name.get_ref()))
                })?),
            };
        let how = match (confirm, &matcher) {
            (Some(c), _) => c.how,
            (None, Matcher::Structure(_)) => "its parts are decoded and must make sense together",
            (None, Matcher::Pattern { .. }) if e.context => "a name beside it, and its length and alphabet",
            (None, Matcher::Pattern { .. }) => "its documented beginning, length and alphabet",
            (None, Matcher::Walk) => "the name above it and the shape of the item",
        };
        let info = RuleInfo {
            id: id.as_str().into(),
            title: e.title.into(),
            provider: e.provider,
            severity: Severity::from_str(e.severity.get_ref())
                .map_err(|m| error(e.severity.span().start, m))?,
            confidence: Confidence::from_str(e.confidence.get_ref())
                .map_err(|m| error(e.confidence.span().start, m))?,
            session: e.session,
            why: e.why,
            how: how.to_owned(),
            rotate: e.rotate,
            keywords: e.keywords,
        };
        rules.push(Rule {
            info: Arc::new(info),
            matcher,
            context: e.context,
            rank: e.rank.unwrap_or(if e.context { 2 } else { 3 }),
            prefixes: e.prefixes,
            confirm,
            hits: e.hits.iter().map(|c| joined(c)).collect(),
            misses: e.misses.iter().map(|c| joined(c)).collect(),
        });
    }
    Ok(rules)
}

/// The rules of a user's file, their patterns compiled now, so that a mistake is told with its place.
pub(super) fn checked(file: &str, text: &str) -> Result<Vec<Rule>, CatalogError> {
    let rules = read(file, text)?;
    for rule in &rules {
        let Matcher::Pattern { source, group, .. } = &rule.matcher else { continue };
        let at = text.find(source.as_str()).unwrap_or(0);
        let before = &text.as_bytes()[..at];
        let line = before.iter().filter(|b| **b == b'\n').count() + 1;
        let column = before.iter().rev().take_while(|b| **b != b'\n').count() + 1;
        let wrong = |message: String| CatalogError { file: file.to_owned(), line, column, message };
        let regex = regex::Regex::new(source)
            .map_err(|e| wrong(e.to_string().lines().last().unwrap_or("not a pattern").trim().to_owned()))?;
        if *group >= regex.captures_len() {
            return Err(wrong(format!("the pattern has no group {group}")));
        }
    }
    Ok(rules)
}

/// A case without its `~`.
fn joined(case: &str) -> String {
    case.split("~~").map(|part| part.replace('~', "")).collect::<Vec<_>>().join("~")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_family_can_be_read() {
        for (file, text) in FAMILIES {
            let rules = checked(file, text).unwrap_or_else(|e| panic!("{e}"));
            assert!(!rules.is_empty(), "{file}");
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
            let error = checked("mine.toml", text).err().map(|e| e.to_string()).unwrap_or_default();
            assert!(error.starts_with(told), "{error:?} does not start with {told:?}");
        };
        let rule = |rest: &str| {
            format!(
                "[[rule]]\nid = \"a\"\ntitle = \"A\"\nseverity = \"high\"\nconfidence = \"high\"\nwhy = \"w\"\n{rest}"
            )
        };
        check("[[rule]\n", "mine.toml:1:");
        check(&rule(""), "mine.toml:1:1: a rule has either");
        check(&rule("pattern = 'a('\n"), "mine.toml:7:12: ");
        check(&rule("pattern = 'aaa'\ngroup = 1\n"), "mine.toml:7:12: the pattern has no group 1");
        check(&rule("structure = 'nope'\n"), "mine.toml:7:13: no structure");
        check(&rule("pattern = 'aaa'\nconfirm = 'nope'\n"), "mine.toml:8:11: no confirmation");
        check(&rule("pattern = 'aaa'\nbogus = 1\n"), "mine.toml:8:1: unknown field");
        assert!(checked("mine.toml", &rule("pattern = 'aaa'\n")).is_ok());
    }

    #[test]
    fn cases_are_joined() {
        assert_eq!(joined("ab~cd~~ef"), "abcd~ef");
    }
}
