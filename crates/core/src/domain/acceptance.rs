//! What a person has dealt with: accepted for a reason, or told to be a false alarm.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::Date;

use crate::domain::{FindingId, Safe};

/// Why a finding does not count: a person said so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acceptance {
    /// Why it is all right, or why it is none.
    pub reason: Safe,
    /// It is no finding at all; otherwise the risk is accepted.
    pub false_alarm: bool,
    /// Who said so; empty where nobody is named.
    pub by: Safe,
    /// When it was said.
    pub on: Option<Date>,
    /// The last day (UTC) on which it holds; for good where there is none.
    pub until: Option<Date>,
    /// The file that says it.
    pub file: Safe,
}

/// One thing that was accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// The finding, by its id.
    pub finding: String,
    /// The values it is accepted for, by their fingerprints; none where the place is accepted whatever stands there.
    pub fingerprints: BTreeSet<String>,
    /// Why.
    pub why: Arc<Acceptance>,
}

/// All that was accepted, by finding.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Acceptances(BTreeMap<String, Vec<Accepted>>);

impl Acceptances {
    /// Of these.
    pub fn new(all: impl IntoIterator<Item = Accepted>) -> Self {
        let mut by_finding: BTreeMap<String, Vec<Accepted>> = BTreeMap::new();
        for one in all {
            by_finding.entry(one.finding.clone()).or_default().push(one);
        }
        Self(by_finding)
    }

    /// Whether nothing was accepted.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All of it, by finding.
    pub fn all(&self) -> impl Iterator<Item = &Accepted> {
        self.0.values().flatten()
    }

    /// Why a finding that is no secret does not count, if it does not.
    pub fn of_place(&self, finding: &FindingId) -> Option<&Arc<Acceptance>> {
        let said = self.0.get(finding.as_str())?;
        said.iter().rev().find(|one| one.fingerprints.is_empty()).map(|one| &one.why)
    }

    /// What of a secret with these values is accepted: the last word on it, and of how many of them it is.
    pub fn of_values<'a>(
        &self,
        finding: &FindingId,
        values: impl Iterator<Item = &'a str>,
    ) -> Option<(&Arc<Acceptance>, usize)> {
        let said = self.0.get(finding.as_str())?;
        let all_there = said.iter().any(|one| one.fingerprints.is_empty());
        let is_accepted =
            |print: &&str| all_there || said.iter().any(|one| one.fingerprints.contains(*print));
        let accepted = values.filter(is_accepted).count();
        // An entry of the place is the one that counts, where there is one.
        let why = said.iter().max_by_key(|one| one.fingerprints.is_empty()).map(|one| &one.why)?;
        (accepted > 0).then_some((why, accepted))
    }
}
