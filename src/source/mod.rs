//! The port to where tables are. It has no method that could write; AWS SDK types stop here.

use std::sync::Arc;

use futures_util::future::BoxFuture;

use crate::domain::{
    Cursor, FactKind, FactValue, Gap, Identity, PageRequest, Rcu, Scope, Screened, TableFacts, TableRef,
};

pub mod json;
pub mod live;

/// A page of items, screened.
pub struct Page {
    /// The items.
    pub items: Vec<Screened>,
    /// Items looked at; what the service counted.
    pub scanned: u64,
    /// What the read cost, as the service said.
    pub cost: Option<Rcu>,
    /// Where the next page starts; `None` at the end.
    pub next: Option<Cursor>,
}

/// A page of table names.
pub struct Tables {
    /// The tables, in the service's order.
    pub tables: Vec<TableRef>,
    /// The name to go on after; `None` at the end.
    pub next: Option<String>,
}

/// One call that was sent, or refused before it was sent: for the ledger on screen. Never any item data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// The service, as the SDK names it.
    pub service: String,
    /// The operation.
    pub operation: String,
    /// How it ended: `ok`, an error code, or `refused` by the guard.
    pub outcome: String,
    /// How many times it was sent.
    pub attempts: u32,
    /// From first byte to last, in milliseconds.
    pub millis: u64,
}

/// Where calls are reported.
pub type Ledger = Arc<dyn Fn(Call) + Send + Sync>;

/// A place with tables: one account in one Region.
///
/// Every method answers or says why not; none can write.
pub trait Source: Send + Sync {
    /// The account and Region; the account is empty until [`Source::identity`] answered once.
    fn scope(&self) -> Arc<Scope>;
    /// Whose credentials these are.
    fn identity(&self) -> BoxFuture<'_, Result<Identity, Gap>>;
    /// A page of tables, after a name.
    fn tables(&self, after: Option<String>) -> BoxFuture<'_, Result<Tables, Gap>>;
    /// One fact; `known` holds what [`FactKind::needs`] asks for.
    fn fact<'a>(
        &'a self,
        table: &'a TableRef,
        kind: FactKind,
        known: &'a TableFacts,
    ) -> BoxFuture<'a, Result<FactValue, Gap>>;
    /// A page of items. `known` gives the table's key schema to the detector.
    fn page<'a>(&'a self, request: PageRequest, known: &'a TableFacts) -> BoxFuture<'a, Result<Page, Gap>>;
}
