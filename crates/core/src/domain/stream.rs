//! Records of a table's stream, screened like items.

use jiff::Timestamp;

use crate::domain::{Gap, Screened};

/// What reading a stream would mean: told before anything is read.
#[derive(Debug, Clone, PartialEq)]
pub struct StreamState {
    /// Open shards; each is read for itself.
    pub shards: usize,
    /// Names of the Lambda functions that read the stream; other readers cannot be listed by anybody.
    pub functions: Result<Vec<String>, Gap>,
}

/// What happened to an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// It is new.
    Insert,
    /// It changed.
    Modify,
    /// It is gone.
    Remove,
}

impl Change {
    /// The service's word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Insert => "INSERT",
            Self::Modify => "MODIFY",
            Self::Remove => "REMOVE",
        }
    }
}

/// A record. No Debug: it holds an item.
pub struct StreamRecord {
    /// What happened.
    pub change: Change,
    /// About when.
    pub at: Option<Timestamp>,
    /// The item after it, before it, or its key alone: as much as the stream's view type gives.
    pub item: Screened,
    /// Attributes that differ between before and after, where the stream gives both.
    pub changed: Vec<String>,
}

/// Where to read on: one iterator a shard. They hold no item data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StreamPosition(pub Vec<String>);

/// What one round over the shards brought.
pub struct Tailed {
    /// The records, shard by shard, oldest first.
    pub records: Vec<StreamRecord>,
    /// Calls of GetRecords that were made, each one streams read request unit.
    pub reads: u32,
    /// Where to read on; `None` when every shard is closed.
    pub next: Option<StreamPosition>,
}
