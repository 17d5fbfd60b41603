//! The one list of findings, kept up to date a table at a time.
//!
//! What each table shows by itself is judged again only when something was learnt of it. Joining is of all tables, and
//! work: where there are many, it is done less often.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};

use super::{Audit, AuditEvent, severity};
use crate::domain::{Finding, Severity, TableRef};

/// Up to this number of tables the list is joined after every event.
const FEW_TABLES: usize = 100;

/// How long a join stands where there are more, for each table.
const STANDS_PER_TABLE: SignedDuration = SignedDuration::from_millis(1);

/// How many findings of each severity, lowest severity first.
pub type Counts = [usize; Severity::ALL.len()];

/// The findings of an audit as they are now.
#[derive(Default)]
pub struct Findings {
    /// What each table shows by itself.
    each: BTreeMap<TableRef, Vec<Finding>>,
    /// Tables of which something was learnt since.
    stale: BTreeSet<TableRef>,
    all: Vec<Finding>,
    /// Where in `all` those are that affect a table, worst first.
    of_table: BTreeMap<TableRef, Vec<usize>>,
    joined: bool,
    next: Option<Timestamp>,
    version: u64,
}

impl Findings {
    /// Something is about to be learnt.
    pub fn learn(&mut self, audit: &Audit, event: &AuditEvent) {
        match event.table() {
            Some(table) => {
                self.stale.insert(table.clone());
            }
            None => {
                let there = audit.tables().filter(|t| t.table.scope == *event.scope());
                self.stale.extend(there.map(|t| t.table.clone()));
            }
        }
        self.joined = false;
    }

    /// Everything is to be judged again.
    pub fn judge_again(&mut self, audit: &Audit) {
        self.stale.extend(audit.tables().map(|t| t.table.clone()));
        self.joined = false;
        self.next = None;
    }

    /// Brings the list up to date, unless that was done a moment ago; then when it is to be called again.
    pub fn update(&mut self, audit: &Audit, now: Timestamp) -> Option<Timestamp> {
        if self.joined {
            return None;
        }
        if let Some(next) = self.next.filter(|next| now < *next) {
            return Some(next);
        }
        for table in std::mem::take(&mut self.stale) {
            if let Some(known) = audit.table(&table) {
                self.each.insert(table, severity::findings(known, now));
            }
        }
        let tables = self.each.len();
        self.all = audit.joined(self.each.values().flatten().cloned().collect());
        self.of_table.clear();
        for (n, finding) in self.all.iter().enumerate() {
            for table in finding.tables() {
                self.of_table.entry(table.clone()).or_default().push(n);
            }
        }
        let rest = STANDS_PER_TABLE * i32::try_from(tables).unwrap_or(i32::MAX);
        self.next = (tables > FEW_TABLES).then(|| now.checked_add(rest).unwrap_or(Timestamp::MAX));
        self.joined = true;
        self.version += 1;
        None
    }

    /// All of them, worst first.
    pub fn all(&self) -> &[Finding] {
        &self.all
    }

    /// Those that affect a table, worst first.
    pub fn of_table(&self, table: &TableRef) -> impl Iterator<Item = &Finding> {
        self.of_table.get(table).into_iter().flatten().filter_map(|n| self.all.get(*n))
    }

    /// How many findings of each severity affect a table.
    pub fn counts(&self, table: &TableRef) -> Counts {
        let mut counts = Counts::default();
        self.of_table(table).for_each(|finding| counts[finding.severity as usize] += 1);
        counts
    }

    /// A finding as it is known now; `None` if it is no more.
    pub fn now(&self, known: &Finding) -> Option<&Finding> {
        self.of_table(&known.table).chain(&self.all).find(|finding| finding.id == known.id)
    }

    /// Grows with every list that is made.
    pub fn version(&self) -> u64 {
        self.version
    }
}
