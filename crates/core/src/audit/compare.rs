//! What is new, worse or better since an earlier audit, and what of it is gone. What was not looked at again is not gone.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::state::MOST_PRINTS;
use super::{Audit, TableAudit};
use crate::domain::{Finding, FindingId, FindingSubject, Origin, Verdict};
use crate::posture::judge;
use crate::scan::Outcome;

/// How a finding stands to the earlier audit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// It was not there, or a credential has a value that was not seen there.
    New,
    /// It is of a higher severity, or of more tables or statements.
    Worse,
    /// It is of a lower severity.
    Better,
    /// It is as it was.
    Known,
}

impl Change {
    /// Every one, in the order in which they are told.
    pub const ALL: &'static [Self] = &[Self::New, Self::Worse, Self::Better, Self::Known];

    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Worse => "worse",
            Self::Better => "better",
            Self::Known => "known",
        }
    }

    /// Whether somebody who knows the earlier audit has something to learn.
    pub const fn is_news(self) -> bool {
        matches!(self, Self::New | Self::Worse)
    }
}

/// What became of a finding that is not there any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// Where it was has been looked at, and it is not there.
    Gone,
    /// It may still be there: why it was not seen, half a sentence.
    NotSeen(String),
}

/// A finding of the earlier audit that is not there any more.
#[derive(Debug, Clone, PartialEq)]
pub struct Lost {
    /// As it was.
    pub finding: Finding,
    /// What became of it.
    pub fate: Fate,
}

/// Two audits, compared.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// When the earlier audit was made.
    pub since: Timestamp,
    changes: BTreeMap<FindingId, Change>,
    /// What is not there any more, the worst first.
    pub lost: Vec<Lost>,
}

impl Comparison {
    /// How a finding stands to the earlier audit.
    pub fn of(&self, finding: &Finding) -> Change {
        self.changes.get(&finding.id).copied().unwrap_or(Change::New)
    }

    /// How many findings of these there are of each change, and how many are gone and not seen again:
    /// `3 new, 1 worse, 40 known; 2 gone, 1 not seen again`.
    pub fn told(&self, findings: &[Finding]) -> String {
        let many = |change: &Change| {
            let n = findings.iter().filter(|f| self.of(f) == *change).count();
            (n > 0).then(|| format!("{n} {}", change.word()))
        };
        let now: Vec<String> = Change::ALL.iter().filter_map(many).collect();
        let gone = self.lost.iter().filter(|lost| lost.fate == Fate::Gone).count();
        let unseen = self.lost.len() - gone;
        let then: Vec<String> = [(gone, "gone"), (unseen, "not seen again")]
            .into_iter()
            .filter(|(n, _)| *n > 0)
            .map(|(n, what)| format!("{n} {what}"))
            .collect();
        let parts = [now, then].into_iter().filter(|part| !part.is_empty()).map(|part| part.join(", "));
        let told: Vec<String> = parts.collect();
        if told.is_empty() { "nothing, then or now".into() } else { told.join("; ") }
    }
}

/// An earlier audit, and what was found by it.
pub struct Baseline {
    audit: Audit,
    at: Timestamp,
    findings: Vec<Finding>,
}

impl Baseline {
    /// An audit as it was at its end.
    pub fn new(audit: Audit, at: Timestamp) -> Self {
        Self { findings: audit.findings(at), audit, at }
    }
}

/// Compares the findings of an audit, all of them and as of `now`, with those of an earlier one. Their fingerprints are
/// under one key.
pub fn compare(earlier: &Baseline, audit: &Audit, now: Timestamp, findings: &[Finding]) -> Comparison {
    let Baseline { audit: earlier, at: then, findings: before } = earlier;
    let mut left: BTreeSet<usize> = (0..before.len()).collect();
    let mut changes = BTreeMap::new();
    for finding in findings {
        let same = |n: &usize| is_same(&before[*n], finding);
        let known = left.iter().copied().find(same);
        let change = known.map_or(Change::New, |n| {
            left.remove(&n);
            change(earlier, &before[n], audit, finding)
        });
        changes.insert(finding.id.clone(), change);
    }
    let lost = left.into_iter().filter_map(|n| {
        let finding = before.get(n)?.clone();
        Some(Lost { fate: fate(audit, &finding, now), finding })
    });
    Comparison { since: *then, changes, lost: lost.collect() }
}

/// Whether two findings are of the same thing: by their ids, but for an account that one of them did not know.
fn is_same(then: &Finding, now: &Finding) -> bool {
    let alike = || {
        then.rule() == now.rule()
            && then.path() == now.path()
            && then.subject.kind() == now.subject.kind()
            && then.subject.name() == now.subject.name()
            && then.table.scope.region == now.table.scope.region
    };
    then.id == now.id || ((then.id.is_provisional() || now.id.is_provisional()) && alike())
}

fn change(earlier: &Audit, then: &Finding, audit: &Audit, now: &Finding) -> Change {
    if has_new_value(earlier, then, audit, now) {
        return Change::New;
    }
    let more_tables = now.tables().count() > then.tables().count();
    let statements = match (then.statements(), now.statements()) {
        (Some(then), Some(now)) => now.difference(&then).next().is_some(),
        _ => false,
    };
    match now.severity.cmp(&then.severity) {
        std::cmp::Ordering::Greater => Change::Worse,
        std::cmp::Ordering::Less => Change::Better,
        std::cmp::Ordering::Equal if more_tables || statements => Change::Worse,
        std::cmp::Ordering::Equal => Change::Known,
    }
}

/// Whether a credential is there that was not. Sessions and tokens of persons come and go: they are known by their place.
fn has_new_value(earlier: &Audit, then: &Finding, audit: &Audit, now: &Finding) -> bool {
    let (Origin::Secret(old), Origin::Secret(new)) = (&then.origin, &now.origin) else { return false };
    if new.class.is_of_a_person() {
        return false;
    }
    let (Some(before), Some(after)) = (earlier.table(&then.table), audit.table(&now.table)) else {
        return false;
    };
    let known: BTreeSet<&str> = before.fingerprints(old).collect();
    // Of more than are kept the smallest are: of larger ones it is not known whether they were there.
    let last = known.last().copied().filter(|_| known.len() >= MOST_PRINTS);
    after.fingerprints(new).any(|print| !known.contains(print) && last.is_none_or(|last| print < last))
}

/// What became of a finding, by what was looked at now.
fn fate(audit: &Audit, finding: &Finding, now: Timestamp) -> Fate {
    let not_seen = |why: &str| Fate::NotSeen(why.to_owned());
    let tables: Vec<&TableAudit> = match &finding.subject {
        FindingSubject::Table(_) => audit.table(&finding.table).into_iter().collect(),
        FindingSubject::Region(scope) => audit.tables().filter(|t| t.table.scope == *scope).collect(),
    };
    if tables.is_empty() {
        return not_seen("its table was not looked at, or is no more");
    }
    match &finding.origin {
        Origin::Posture(check) if crate::posture::check(check).is_some() => {
            let unknown = tables.iter().find_map(|table| {
                let verdict = crate::posture::check(check).map(|check| judge(check, &table.subject(now)));
                match verdict {
                    Some(Verdict::Unknown(missing)) => Some(missing.first().map(ToString::to_string)),
                    _ => None,
                }
            });
            match unknown {
                None => Fate::Gone,
                Some(missing) => Fate::NotSeen(missing.unwrap_or_else(|| "it is not known".into())),
            }
        }
        // What is in items, and what is joined from what is in them.
        Origin::Secret(_) | Origin::Posture(_) => {
            let whole = |t: &&TableAudit| t.outcome == Some(Outcome::Whole) && t.uninspected.is_none();
            match tables.iter().all(whole) {
                true => Fate::Gone,
                false if tables.iter().all(|t| t.items == 0) => not_seen("no item was read"),
                false => not_seen("only some of the items were read"),
            }
        }
    }
}
