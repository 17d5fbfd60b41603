//! One account in one Region, as far as driving an audit of it goes.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;

use crate::domain::{Fact, FactKind, Failure, Gap, Identity, Scope, TableRef};
use crate::engine::Throttle;

/// Names a [`Place`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PlaceId(pub usize);

/// How far the list of tables is.
#[derive(Debug, Clone, PartialEq)]
pub enum Listing {
    /// Not asked yet.
    Idle,
    /// Some of it is here: it is asked for since then, when this many tables were known before.
    Loading(Timestamp, usize),
    /// All of it is here.
    Whole,
    /// It ended early.
    Failed(Gap),
}

/// Maximum number of names kept of tables that were left out.
const NAMED: usize = 10;

/// Tables that no name or pattern asked for.
#[derive(Debug, Clone, Default)]
pub struct LeftOut {
    /// How many.
    pub count: usize,
    /// The first few.
    pub names: Vec<String>,
}

impl LeftOut {
    pub(super) fn note(&mut self, name: String) {
        self.count += 1;
        if self.names.len() < NAMED {
            self.names.push(name);
        }
    }
}

/// One account in one Region.
pub struct Place {
    /// What whoever opened it calls it: its profile; empty where that is not known.
    pub name: String,
    /// The account and Region. The account is empty until the identity is known.
    pub scope: Arc<Scope>,
    /// Whose credentials these are.
    pub identity: Fact<Identity>,
    /// The tables, in the service's order.
    pub tables: Vec<TableRef>,
    /// Tables that were not asked for.
    pub left_out: LeftOut,
    /// How far the list is.
    pub listing: Listing,
    /// Trouble that lasts until a call succeeds again: expired credentials, no connection. While it lasts, nothing is
    /// asked of this place unless someone wants it; other places go on.
    pub trouble: Option<Failure>,
    /// How fast settings are asked for here.
    pub throttle: Throttle,
    /// As what its tables are known: decided with the first of them, so that one table never has two names.
    pub(super) listed_as: Option<Arc<Scope>>,
    /// Its tables were named and may not be listed: they are known once the account is.
    pub(super) waits_for_identity: bool,
    /// The name that the list was last asked after.
    pub(super) after: Option<String>,
    /// Tables before this position have had all their facts asked for.
    pub(super) asked_up_to: usize,
    /// Facts of its tables that are not there yet.
    pub(super) open: usize,
    /// Tables of which everything is to be asked once more, and what of that which they share.
    pub(super) again: BTreeSet<TableRef>,
    pub(super) shared_again: BTreeSet<FactKind>,
    /// Since when facts have been asked for without a rest.
    pub(super) asking_since: Option<Timestamp>,
}

impl Place {
    /// A place of which nothing is known yet.
    pub fn new(name: impl Into<String>, scope: Arc<Scope>) -> Self {
        Self {
            name: name.into(),
            scope,
            identity: Fact::default(),
            tables: Vec::new(),
            left_out: LeftOut::default(),
            listing: Listing::Idle,
            trouble: None,
            throttle: Throttle::default(),
            listed_as: None,
            waits_for_identity: false,
            after: None,
            asked_up_to: 0,
            open: 0,
            again: BTreeSet::new(),
            shared_again: BTreeSet::new(),
            asking_since: None,
        }
    }

    /// The account and Region as which its tables are known.
    pub fn tables_scope(&self) -> &Arc<Scope> {
        self.listed_as.as_ref().unwrap_or(&self.scope)
    }
}
