//! Asking for items.

use std::sync::Arc;

use crate::domain::{AttributeValue, Item, Rcu, Screened, TableRef};

/// Where the next page starts: a LastEvaluatedKey. Key values may be secrets, so it cannot be printed.
#[derive(Clone, PartialEq)]
pub struct Cursor(Arc<Item>);

impl Cursor {
    /// From the key the service gave.
    pub fn new(key: Item) -> Self {
        Self(Arc::new(key))
    }

    /// The key.
    pub fn key(&self) -> &Item {
        &self.0
    }
}

/// How items are read. Never strongly consistent: that doubles the cost for nothing an audit needs.
#[derive(Clone, PartialEq)]
pub enum Read {
    /// Page by page through the table.
    Scan,
    /// The items of one partition key, by name and value.
    Partition(String, AttributeValue),
    /// One item by its whole key.
    Key(Item),
}

/// One read of items.
#[derive(Clone, PartialEq)]
pub struct PageRequest {
    /// The table.
    pub table: TableRef,
    /// The index to read through, if any.
    pub index: Option<String>,
    /// How.
    pub read: Read,
    /// At most so many items are looked at; `None` means as many as fit a page (1 MB).
    pub limit: Option<u32>,
    /// Where to go on.
    pub start: Option<Cursor>,
}

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
