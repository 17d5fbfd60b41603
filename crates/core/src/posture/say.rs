//! Verdicts in words: short, and safe to show whatever names and policies hold.

use crate::domain::Evidence;
use crate::domain::{FactKind, Gap, Missing, Safe, Severity, Verdict};

/// Names listed before the rest is only counted.
const LISTED: usize = 5;
/// Characters of one name.
const NAME: usize = 160;

pub(super) fn pass(text: &str) -> Verdict {
    Verdict::Pass(Safe::neutral(text))
}

pub(super) fn fail(severity: Severity, text: &str) -> Verdict {
    Verdict::Fail(Evidence { severity, text: Safe::neutral(text) })
}

pub(super) fn not_applicable(text: &str) -> Verdict {
    Verdict::NotApplicable(Safe::neutral(text))
}

/// The answer came, but what decides is not understood.
pub(super) fn unreadable(kind: FactKind, message: &str) -> Verdict {
    Verdict::Unknown(vec![Missing::Fact(kind, Gap::NotUnderstood(Safe::neutral(message).to_string()))])
}

/// The answer came, but what decides may be in what was not looked at.
pub(super) fn cut(kind: FactKind, message: &str) -> Verdict {
    Verdict::Unknown(vec![Missing::Fact(kind, Gap::Cut(Safe::neutral(message).to_string()))])
}

/// What is said where part of a policy is not understood.
pub(super) fn part(unread: &[impl ToString]) -> String {
    let unread: Vec<String> = unread.iter().map(ToString::to_string).collect();
    Safe::neutral(&format!("part of the policy is not understood: {}", list(&unread))).to_string()
}

/// A name as it may stand in a sentence: cut where it is very long.
pub(super) fn name(text: &str) -> String {
    match text.char_indices().nth(NAME) {
        None => text.to_owned(),
        Some((at, _)) => format!("{}…", &text[..at]),
    }
}

/// `a, b and c`; of a long list the first few and how many more.
pub(super) fn list<T: AsRef<str>>(names: &[T]) -> String {
    let mut shown: Vec<String> = names.iter().take(LISTED).map(|n| name(n.as_ref())).collect();
    if names.len() > LISTED {
        shown.push(format!("{} more", names.len() - LISTED));
    }
    match shown.split_last() {
        None => String::new(),
        Some((only, [])) => only.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
    }
}

/// `the 1 item read`, `the 20 items read`: a check that looked at a sample claims no more than that.
pub(super) fn items_read(n: u64) -> String {
    format!("the {n} item{} read", if n == 1 { "" } else { "s" })
}

/// `1 backup`, `2 backups`.
pub(super) fn count(n: usize, what: &str) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}

/// `1 day`, `2 days`.
pub(super) fn days(n: i64) -> String {
    format!("{n} day{}", if n == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_read_like_sentences_and_end() {
        for (names, said) in [
            (&[][..], ""),
            (&["a"], "a"),
            (&["a", "b"], "a and b"),
            (&["a", "b", "c"], "a, b and c"),
            (&["1", "2", "3", "4", "5", "6", "7"], "1, 2, 3, 4, 5 and 2 more"),
        ] {
            assert_eq!(list(names), said);
        }
        assert_eq!(name(&"ü".repeat(1000)).chars().count(), NAME + 1);
    }
}
