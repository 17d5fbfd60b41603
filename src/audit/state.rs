//! What is known so far.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::domain::{
    FactKind, FactValue, Finding, Flagged, Gap, Rcu, Sighting, TableFacts, TableRef, Verdict,
};
use crate::posture::{CHECKS, PostureCheck, Subject, judge};
use crate::scan::Outcome;

/// Something that happened. Counts, facts, sightings and gaps; never item data.
#[derive(Debug, Clone, PartialEq)]
pub enum AuditEvent {
    /// A table exists.
    Table(TableRef),
    /// A fact was read.
    Fact(TableRef, FactValue, Timestamp),
    /// A fact could not be read, or is on its way.
    Miss(TableRef, FactKind, Gap),
    /// The items are about to be read from the start: what was seen in them before is dropped, so that no
    /// item counts twice.
    Afresh(TableRef),
    /// Items were read.
    Items {
        /// Of this table.
        table: TableRef,
        /// So many.
        items: u64,
        /// Of which so many could not be screened.
        blind: u64,
        /// At this cost.
        cost: Rcu,
        /// And this was seen in them.
        sightings: Vec<Sighting>,
    },
    /// The reading of a table ended.
    Ended(TableRef, Outcome),
}

/// What is known of one table.
#[derive(Debug, Clone, PartialEq)]
pub struct TableAudit {
    /// The table.
    pub table: TableRef,
    /// Facts.
    pub facts: TableFacts,
    /// Items read so far. The same item read twice counts twice.
    pub items: u64,
    /// Items that could not be screened.
    pub blind: u64,
    /// Units spent on them.
    pub cost: Rcu,
    /// How reading ended, once it did.
    pub outcome: Option<Outcome>,
    /// What was seen, one entry an attribute and rule.
    pub flagged: Vec<Flagged>,
}

impl TableAudit {
    fn new(table: TableRef) -> Self {
        Self {
            table,
            facts: TableFacts::default(),
            items: 0,
            blind: 0,
            cost: Rcu::ZERO,
            outcome: None,
            flagged: Vec::new(),
        }
    }

    /// What the checks may look at.
    pub fn subject(&self, now: Timestamp) -> Subject<'_> {
        let flagged = (self.items > 0).then_some(self.flagged.as_slice());
        Subject { table: &self.table, facts: &self.facts, flagged, now }
    }

    /// Every check with its verdict, in the order of the list.
    pub fn verdicts(&self, now: Timestamp) -> Vec<(&'static PostureCheck, Verdict)> {
        CHECKS.iter().map(|check| (*check, judge(check, &self.subject(now)))).collect()
    }

    /// The findings of this table, worst first.
    pub fn findings(&self, now: Timestamp) -> Vec<Finding> {
        super::grade::findings(self, now)
    }
}

/// An audit so far. [`Audit::absorb`] is the only way it changes.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Audit {
    tables: BTreeMap<TableRef, TableAudit>,
}

impl Audit {
    /// Takes in what happened.
    pub fn absorb(&mut self, event: AuditEvent) {
        let table = match &event {
            AuditEvent::Table(t)
            | AuditEvent::Afresh(t)
            | AuditEvent::Fact(t, ..)
            | AuditEvent::Miss(t, ..)
            | AuditEvent::Ended(t, _) => t,
            AuditEvent::Items { table, .. } => table,
        };
        let entry = self.tables.entry(table.clone()).or_insert_with_key(|t| TableAudit::new(t.clone()));
        match event {
            AuditEvent::Table(_) => {}
            AuditEvent::Afresh(_) => {
                let facts = std::mem::take(&mut entry.facts);
                *entry = TableAudit { facts, ..TableAudit::new(entry.table.clone()) };
            }
            AuditEvent::Fact(_, value, at) => entry.facts.learn(value, at),
            AuditEvent::Miss(_, kind, gap) => entry.facts.miss(kind, gap),
            AuditEvent::Items { items, blind, cost, sightings, .. } => {
                entry.items += items;
                entry.blind += blind;
                entry.cost += cost;
                for sighting in sightings {
                    flag(&mut entry.flagged, sighting);
                }
            }
            AuditEvent::Ended(_, outcome) => entry.outcome = Some(outcome),
        }
    }

    /// What is known, table by table.
    pub fn tables(&self) -> impl Iterator<Item = &TableAudit> {
        self.tables.values()
    }

    /// What is known of one table.
    pub fn table(&self, table: &TableRef) -> Option<&TableAudit> {
        self.tables.get(table)
    }

    /// All findings, worst first.
    pub fn findings(&self, now: Timestamp) -> Vec<Finding> {
        let mut all: Vec<Finding> = self.tables().flat_map(|t| t.findings(now)).collect();
        super::grade::rank(&mut all);
        all
    }
}

fn flag(flagged: &mut Vec<Flagged>, sighting: Sighting) {
    if !sighting.is_reported() {
        return;
    }
    let path = sighting.path.general();
    match flagged.iter_mut().find(|f| f.rule == sighting.rule && f.path == path) {
        Some(known) => {
            known.count += 1;
            known.severity = known.severity.max(sighting.severity);
            known.session |= sighting.session;
            if sighting.confidence > known.confidence {
                known.confidence = sighting.confidence;
                known.masked = sighting.masked;
                known.fingerprint = sighting.fingerprint;
                known.reasons = sighting.reasons;
            }
        }
        None => flagged.push(Flagged {
            path,
            rule: sighting.rule,
            title: sighting.title,
            severity: sighting.severity,
            confidence: sighting.confidence,
            session: sighting.session,
            count: 1,
            masked: sighting.masked,
            fingerprint: sighting.fingerprint,
            reasons: sighting.reasons,
        }),
    }
}
