//! Asking for items.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use zeroize::Zeroize;

use crate::domain::{AttributeValue, Item, Rcu, Screened, TableRef, Traits, Uninspected};

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
    /// Query: the items whose key is so.
    Query {
        /// The key condition, of aliases.
        key: String,
        /// What is dropped after the read, of aliases.
        filter: Option<String>,
        /// What the aliases stand for.
        aliases: Arc<Aliases>,
        /// From the last sort key to the first.
        descending: bool,
    },
    /// Page by page through the table, and what is not so is dropped after the read.
    Filter {
        /// What is kept, of aliases.
        filter: String,
        /// What the aliases stand for.
        aliases: Arc<Aliases>,
    },
}

/// What the aliases of a request's expressions stand for: `#n0` for names, `:v0` for values. Values may be secrets,
/// so it cannot be printed, and they are wiped when it is dropped.
#[derive(Clone, PartialEq, Default)]
pub struct Aliases {
    names: Vec<String>,
    values: Vec<AttributeValue>,
}

impl Aliases {
    /// The alias of a name; the same name has the same one.
    pub fn name(&mut self, name: &str) -> String {
        let known = self.names.iter().position(|n| n == name);
        let n = known.unwrap_or_else(|| {
            self.names.push(name.to_owned());
            self.names.len() - 1
        });
        format!("#n{n}")
    }

    /// A new alias for a value.
    pub fn value(&mut self, value: AttributeValue) -> String {
        self.values.push(value);
        format!(":v{}", self.values.len() - 1)
    }

    /// Names with their aliases.
    pub fn names(&self) -> impl Iterator<Item = (String, &str)> {
        self.names.iter().enumerate().map(|(n, name)| (format!("#n{n}"), name.as_str()))
    }

    /// Values with their aliases.
    pub fn values(&self) -> impl Iterator<Item = (String, &AttributeValue)> {
        self.values.iter().enumerate().map(|(n, value)| (format!(":v{n}"), value))
    }
}

impl Drop for Aliases {
    fn drop(&mut self) {
        self.values.zeroize();
    }
}

/// One of the parts into which DynamoDB divides a table for reading several of them at a time (Developer Guide,
/// "Parallel scan"). Every item is in exactly one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Segment {
    /// Which, from 0.
    pub number: u32,
    /// Of how many; at most 1,000,000 (API Reference, Scan, `TotalSegments`).
    pub of: u32,
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
    /// Maximum number of items looked at; `None` means as many as fit a page (1 MB).
    pub limit: Option<u32>,
    /// Where to go on.
    pub start: Option<Cursor>,
    /// The items that match are counted, and none is sent. It costs what reading them costs (API Reference, Query,
    /// `Select`).
    pub counts: bool,
    /// The part of the table that is read; `None` for all of it. Only a Scan has parts.
    pub segment: Option<Segment>,
}

/// A page of items, screened.
pub struct Page {
    /// The items.
    pub items: Vec<Screened>,
    /// What they are like, without their values.
    pub traits: Traits,
    /// Items looked at; what the service counted.
    pub scanned: u64,
    /// Items that match, whether they were sent or only counted.
    pub matched: u64,
    /// What the read cost, as the service said.
    pub cost: Option<Rcu>,
    /// Where the next page starts; `None` at the end.
    pub next: Option<Cursor>,
}

impl Page {
    /// What of its items was not inspected.
    pub fn uninspected(&self) -> Uninspected {
        self.items.iter().map(Screened::uninspected).sum()
    }

    /// The same of a page of a whole table, without a filter: items that the service counted and did not send were not
    /// inspected, either.
    pub fn uninspected_of_all(&self) -> Uninspected {
        let withheld = self.scanned.saturating_sub(self.items.len() as u64);
        [self.uninspected(), Uninspected { failed: withheld, ..Uninspected::default() }].into_iter().sum()
    }
}

/// A page of table names.
pub struct Tables {
    /// The tables, in the service's order.
    pub tables: Vec<TableRef>,
    /// The name to go on after; `None` at the end.
    pub next: Option<String>,
}
