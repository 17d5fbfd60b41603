//! Who can read, kept until something changes that it is worked out from.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;

use super::{Readers, Survey, Target, Who, facts, readers, survey};
use crate::access::World;
use crate::domain::{Account, FactKind, Gap, TableFacts, TableRef};

/// What an answer is of: each fact, read when, or why it is not known.
#[derive(Debug, PartialEq)]
struct Stamp(Vec<(Option<Timestamp>, Option<Gap>)>);

/// The facts that who can read is worked out from.
const FROM: [FactKind; 7] = [
    FactKind::Description,
    FactKind::Policy,
    FactKind::StreamPolicy,
    FactKind::Key,
    FactKind::KeyPolicy,
    FactKind::KeyGrants,
    FactKind::Account,
];

/// Answers by table, and the people by account.
#[derive(Debug, Default)]
pub struct Memo {
    worlds: BTreeMap<String, (Arc<Account>, Arc<World>)>,
    tables: BTreeMap<TableRef, (Stamp, Arc<Readers>)>,
    surveys: BTreeMap<TableRef, (Stamp, Survey)>,
}

impl Stamp {
    fn of(facts: &TableFacts) -> Self {
        Self(FROM.iter().map(|kind| (facts.read_at(*kind), facts.gap(*kind).cloned())).collect())
    }

    /// Whether everything is there, or known to be missing.
    fn is_settled(&self) -> bool {
        self.0.iter().all(|(_, gap)| !matches!(gap, Some(Gap::NotAsked | Gap::Pending)))
    }
}

impl Memo {
    /// Who can read a table; `None` if its name makes no ARN.
    pub fn readers(&mut self, table: &TableRef, facts: &TableFacts) -> Option<Arc<Readers>> {
        let stamp = Stamp::of(facts);
        if let Some((of, known)) = self.tables.get(table)
            && *of == stamp
        {
            return Some(Arc::clone(known));
        }
        let world = self.world(table, facts);
        let found = Arc::new(readers(&world, &facts::target(table, facts, None)?));
        self.tables.insert(table.clone(), (stamp, Arc::clone(&found)));
        Some(found)
    }

    /// Finds out who reads each of some tables, once all is known that it is found out from.
    pub fn survey<'f>(&mut self, tables: impl IntoIterator<Item = (&'f TableRef, &'f TableFacts)>) {
        let mut new: BTreeMap<&str, Vec<(&TableRef, &TableFacts, Stamp, Target)>> = BTreeMap::new();
        for (table, facts) in tables {
            let stamp = Stamp::of(facts);
            let known = self.surveys.get(table).is_some_and(|(of, _)| *of == stamp);
            if let Some(target) = facts::target(table, facts, None).filter(|_| !known && stamp.is_settled()) {
                new.entry(&table.scope.account).or_default().push((table, facts, stamp, target));
            }
        }
        for all in new.into_values() {
            let Some((table, facts, ..)) = all.first() else { continue };
            let world = self.world(table, facts);
            let (of, targets): (Vec<_>, Vec<_>) =
                all.into_iter().map(|(t, _, s, target)| ((t, s), target)).unzip();
            for ((table, stamp), found) in of.into_iter().zip(survey(&world, &targets)) {
                self.surveys.insert(table.clone(), (stamp, found));
            }
        }
    }

    /// Who reads a table, as it was found out last.
    pub fn surveyed(&self, table: &TableRef) -> Option<&Survey> {
        self.surveys.get(table).map(|(_, survey)| survey)
    }

    /// The tables that somebody reads, of those that were looked at.
    pub fn tables_of(&self, who: &Who) -> impl Iterator<Item = &TableRef> {
        self.surveys.iter().filter(|(_, (_, survey))| survey.who.contains(who)).map(|(table, _)| table)
    }

    /// What is known already of who can read a table, of the facts of now or of before.
    pub fn known(&self, table: &TableRef) -> Option<&Arc<Readers>> {
        self.tables.get(table).map(|(_, readers)| readers)
    }

    /// The people of the table's account, as far as they are known.
    pub fn world(&mut self, table: &TableRef, facts: &TableFacts) -> Arc<World> {
        let Some(account) = facts.account.known() else { return Arc::default() };
        let id = &table.scope.account;
        match self.worlds.get(id) {
            Some((of, world)) if Arc::ptr_eq(of, account) => Arc::clone(world),
            _ => {
                let world = Arc::new(facts::world(id, account));
                self.worlds.insert(id.clone(), (Arc::clone(account), Arc::clone(&world)));
                world
            }
        }
    }
}
