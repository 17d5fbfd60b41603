//! What a check is, and how it is asked.

use jiff::Timestamp;

use crate::domain::{FactKind, Flagged, Gap, Severity, TableFacts, TableRef, Verdict};

/// What a check may look at.
#[derive(Clone, Copy)]
pub struct Subject<'a> {
    /// The table.
    pub table: &'a TableRef,
    /// What is known of it.
    pub facts: &'a TableFacts,
    /// What was seen in its items; `None` while no item was read.
    pub flagged: Option<&'a [Flagged]>,
    /// Now.
    pub now: Timestamp,
}

/// A verdict as a check's own function gives it: `?` on a missing fact ends in `Err`.
pub type Judged = Result<Verdict, Gap>;

/// One posture check.
pub struct PostureCheck {
    /// Its id, for instance `pitr-off`.
    pub id: &'static str,
    /// What is wrong when it fails, one line.
    pub title: &'static str,
    /// Why it matters, a sentence or two.
    pub why: &'static str,
    /// How bad a failure usually is.
    pub severity: Severity,
    /// The facts it reads.
    pub reads: &'static [FactKind],
    /// The judgement.
    pub judge: fn(&Subject<'_>) -> Judged,
    /// The remedy topic.
    pub topic: Option<&'static str>,
    /// The AWS guide page behind it.
    pub source: &'static str,
    /// Examples, run as tests and printed in the docs.
    pub cases: &'static [Case],
}

/// An example of a check: a state in words, how to make it, and the word of the verdict.
pub struct Case {
    /// The state, in a few words.
    pub given: &'static str,
    /// Makes it.
    pub facts: fn() -> TableFacts,
    /// What was seen in the items.
    pub flagged: fn() -> Option<Vec<Flagged>>,
    /// `pass`, `fail`, `unknown` or `not-applicable`.
    pub expect: &'static str,
}

/// Asks one check. Facts that it reads and that are not known make it [`Verdict::Unknown`], naming all of them.
pub fn judge(check: &PostureCheck, subject: &Subject<'_>) -> Verdict {
    match (check.judge)(subject) {
        Ok(verdict) => verdict,
        Err(_) => Verdict::Unknown(
            check.reads.iter().filter_map(|k| subject.facts.gap(*k).map(|gap| (*k, gap.clone()))).collect(),
        ),
    }
}
