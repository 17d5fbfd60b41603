//! One account in one Region, and what is known of it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;

use crate::audit::{Audit, AuditEvent, TableAudit};
use crate::domain::{
    AccessKeyFacts, Fact, FactKind, Failure, Finding, FindingSubject, Gap, Identity, Scope, Severity,
    TableRef,
};
use crate::scan::Search;
use crate::tui::facts;

/// Names a [`Place`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PlaceId(pub usize);

/// How far the list of tables is.
#[derive(Debug, Clone, PartialEq)]
pub enum Listing {
    /// Not asked yet.
    Idle,
    /// Some of it is here: it is asked for since then, when so many tables were known before.
    Loading(Timestamp, usize),
    /// All of it is here.
    Whole,
    /// It ended early.
    Failed(Gap),
}

/// One account in one Region, and what is known of it.
pub struct Place {
    /// The account and Region.
    pub scope: Arc<Scope>,
    /// Whose credentials these are.
    pub identity: Fact<Identity>,
    /// The tables, in the service's order.
    pub tables: Vec<TableRef>,
    /// How far the list is.
    pub listing: Listing,
    /// Facts, sightings, verdicts.
    pub audit: Audit,
    /// Findings by table, worst first; kept up to date by [`Place::absorb`].
    pub findings: BTreeMap<TableRef, Vec<Finding>>,
    /// Tables before this position have had all their facts asked for.
    pub(super) asked_up_to: usize,
    /// Facts of its tables that are not there yet.
    pub(super) open: usize,
    /// Tables of which everything is to be asked once more.
    pub(super) again: BTreeSet<TableRef>,
    /// Since when facts have been asked for without a rest.
    pub(super) asking_since: Option<Timestamp>,
    /// Trouble that stays on screen until a call succeeds again: expired credentials, no connection. While it lasts,
    /// nothing is asked of this place unless someone wants it; other places go on.
    pub trouble: Option<Failure>,
    /// What CloudTrail's event history tells of its tables, once somebody asked.
    pub history: Option<Search>,
    /// What AWS told of access keys, by their fingerprints, once somebody asked.
    pub access_keys: BTreeMap<String, AccessKeyFacts>,
    /// Grows with everything that is learnt.
    pub(super) version: u64,
    dirty: BTreeSet<TableRef>,
}

impl Place {
    /// A place of which nothing is known yet.
    pub fn new(scope: Arc<Scope>) -> Self {
        Self {
            scope,
            identity: Fact::default(),
            tables: Vec::new(),
            listing: Listing::Idle,
            audit: Audit::default(),
            findings: BTreeMap::new(),
            asked_up_to: 0,
            open: 0,
            again: BTreeSet::new(),
            asking_since: None,
            trouble: None,
            history: None,
            access_keys: BTreeMap::new(),
            version: 0,
            dirty: BTreeSet::new(),
        }
    }

    /// Takes in what happened to a table.
    pub fn absorb(&mut self, table: &TableRef, event: AuditEvent) {
        let kind = match &event {
            AuditEvent::Fact(_, value, _) => Some(value.kind()),
            AuditEvent::Miss(_, kind, _) => Some(*kind),
            _ => None,
        };
        // A table that is new brings all its kinds.
        let kind = kind.filter(|_| self.table(table).is_some());
        let before = self.open_of(table, kind);
        self.audit.absorb(event);
        self.open = self.open + self.open_of(table, kind) - before;
        self.version += 1;
        self.dirty.insert(table.clone());
    }

    /// How many facts of a table are not there yet, as far as an event about this kind can change that; of a table
    /// that is not known, none.
    fn open_of(&self, table: &TableRef, kind: Option<FactKind>) -> usize {
        let Some(known) = self.table(table) else { return 0 };
        match kind {
            Some(kind) => usize::from(facts::is_open(&known.facts, kind)),
            None => FactKind::ALL.iter().filter(|kind| facts::is_open(&known.facts, **kind)).count(),
        }
    }

    /// Judges the tables again of which something new is known.
    pub(super) fn judge(&mut self, now: Timestamp) {
        for table in std::mem::take(&mut self.dirty) {
            if let Some(audit) = self.audit.table(&table) {
                self.findings.insert(table, audit.findings(now));
            }
        }
    }

    /// What is known of a table.
    pub fn table(&self, table: &TableRef) -> Option<&TableAudit> {
        self.audit.table(table)
    }

    /// A finding as it is known now; `None` if it is no more.
    pub fn finding(&self, known: &Finding, now: Timestamp) -> Option<Finding> {
        match known.subject {
            FindingSubject::Table(_) => {
                self.findings.get(&known.table).and_then(|all| all.iter().find(|f| f.id == known.id)).cloned()
            }
            // What it affects is told by all tables together.
            FindingSubject::Region(_) => self.audit.findings(now).into_iter().find(|f| f.id == known.id),
        }
    }

    /// How many findings of each severity a table has, lowest severity first.
    pub fn counts(&self, table: &TableRef) -> [usize; Severity::ALL.len()] {
        let mut counts = [0; Severity::ALL.len()];
        for finding in self.findings.get(table).into_iter().flatten() {
            counts[finding.severity as usize] += 1;
        }
        counts
    }
}
