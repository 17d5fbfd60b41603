//! Verdicts: short, and safe to show whatever names and policies hold. What failed is evidence, and its sentence is made
//! of the message of its kind; what passed is a sentence at once.

use crate::domain::{Evidence, FactKind, Failed, Gap, Missing, Safe, Severity, Verdict, evidence};

pub(super) fn pass(text: &str) -> Verdict {
    Verdict::Pass(Safe::neutral(text))
}

pub(super) fn fail(severity: Severity, evidence: impl Into<Vec<Evidence>>) -> Verdict {
    Verdict::Fail(Failed { severity, evidence: evidence.into() })
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
    evidence::cut(text, evidence::SHOWN)
}

/// `a, b and c`; of a long list the first few and how many more.
pub(super) fn list<T: AsRef<str>>(names: &[T]) -> String {
    evidence::listed(names.iter().map(|n| name(n.as_ref())), names.len() as u64)
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
