//! Who can read, kept until something changes that it is worked out from.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;

use super::{Readers, facts, readers};
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
}

impl Memo {
    /// Who can read a table; `None` if its name makes no ARN.
    pub fn readers(&mut self, table: &TableRef, facts: &TableFacts) -> Option<Arc<Readers>> {
        let stamp =
            Stamp(FROM.iter().map(|kind| (facts.read_at(*kind), facts.gap(*kind).cloned())).collect());
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
