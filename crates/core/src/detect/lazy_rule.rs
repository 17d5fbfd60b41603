//! A rule as a start needs it: its id and its keywords. The rest of an embedded one is read when it is asked first,
//! as most of the catalogue never is: reading all of it takes longer than all else before the first item.

use std::borrow::Cow;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use crate::detect::builtin_rules;
use crate::detect::catalog::{self, Source};
use crate::detect::rule::{Matcher, Rule};

/// A rule of the catalogue; whatever is asked of it beyond this list reads it.
pub(super) struct LazyRule {
    pub id: Cow<'static, str>,
    /// None where the walk itself raises it.
    pub keywords: Option<Vec<Cow<'static, str>>>,
    source: Source<'static>,
    rule: OnceLock<Rule>,
}

impl Deref for LazyRule {
    type Target = Rule;

    fn deref(&self) -> &Rule {
        self.rule.get_or_init(|| {
            // A test reads every one.
            catalog::read(self.source).rules.pop().unwrap_or_else(|| unreadable(&self.id))
        })
    }
}

impl From<Rule> for LazyRule {
    fn from(rule: Rule) -> Self {
        let walks = matches!(rule.matcher, Matcher::Walk);
        let keywords = rule.info.keywords.iter().cloned().map(Cow::Owned).collect();
        Self {
            id: rule.info.id.to_string().into(),
            keywords: (!walks).then_some(keywords),
            source: Source { file: "", text: "", ours: true },
            rule: rule.into(),
        }
    }
}

/// The rules of an embedded family, whose tables are written alike: every field begins a line, and keywords are one
/// line of plain strings. A test holds this to what the reader of TOML says.
pub(super) fn family(file: &'static str, text: &'static str) -> impl Iterator<Item = LazyRule> {
    let starts = || text.match_indices("\n[[rule]]\n").map(|(at, _)| at);
    starts().zip(starts().skip(1).chain([text.len()])).map(move |(from, to)| {
        let fields = &text[from..to];
        let mut listed = LazyRule {
            id: "".into(),
            keywords: Some(Vec::new()),
            source: Source { file, text: fields, ours: true },
            rule: OnceLock::new(),
        };
        for line in fields.lines() {
            let quoted = || line.split('"').skip(1).step_by(2);
            if line.starts_with("id = ") {
                listed.id = quoted().next().unwrap_or_default().into();
            } else if line.starts_with("keywords = ") {
                listed.keywords = Some(match line.contains('\\') {
                    true => escaped(line),
                    false => quoted().map(Cow::Borrowed).collect(),
                });
            } else if line == "structure = \"walk\"" {
                listed.keywords = None;
                break;
            } else if line.starts_with("why = ") {
                break;
            }
        }
        listed
    })
}

/// The keywords of a line with escapes in it: few are, and this is slower.
fn escaped(line: &str) -> Vec<Cow<'static, str>> {
    #[derive(serde::Deserialize)]
    struct RuleLine {
        keywords: Vec<String>,
    }
    // A test reads every one.
    toml::from_str::<RuleLine>(line)
        .map_or_else(|_| Vec::new(), |line| line.keywords.into_iter().map(Cow::Owned).collect())
}

/// What stands for a rule that cannot be read: it matches nothing.
fn unreadable(id: &str) -> Rule {
    let info = crate::detect::RuleInfo { id: id.into(), ..builtin_rules::UNSEEN[0].as_ref().clone() };
    Rule {
        info: Arc::new(info),
        matcher: Matcher::Walk,
        filter: None,
        context: false,
        rank: 1,
        confirm: None,
        #[cfg(test)]
        hits: Vec::new(),
        #[cfg(test)]
        misses: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_says_what_the_reader_says() {
        for (file, text) in catalog::FAMILIES {
            let listed: Vec<LazyRule> = family(file, text).collect();
            let read = catalog::read(Source { file, text, ours: true }).rules;
            assert_eq!(listed.len(), read.len(), "{file}");
            for (listed, read) in listed.iter().zip(read) {
                let alone: &Rule = listed;
                assert_eq!(alone.info, read.info);
                let read = LazyRule::from(read);
                assert_eq!((&listed.id, &listed.keywords), (&read.id, &read.keywords));
            }
        }
    }
}
