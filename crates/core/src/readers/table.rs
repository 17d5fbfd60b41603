//! The table that is asked about.

use crate::access::{Arn, Around};

/// A table, what can be read of it, and the policies around it.
#[derive(Debug, Clone)]
pub struct Target {
    /// The table.
    pub table: Arn,
    /// The names of its indexes.
    pub indexes: Vec<String>,
    /// The ARN of its stream, if it has one.
    pub stream: Option<Arn>,
    /// Its policies, and its key.
    pub around: Around,
    /// What of it was not read.
    pub unread: Vec<String>,
    /// Only this top-level attribute is asked about; the indexes are those that hold it.
    pub attribute: Option<String>,
}

impl Target {
    /// The ARN of an index.
    pub(super) fn index(&self, name: &str) -> String {
        format!("{}/index/{name}", self.table)
    }

    /// Any backup of it: an ARN that no backup has, which only patterns match.
    pub(super) fn any_backup(&self) -> String {
        format!("{}/backup/00000000000000-00000000", self.table)
    }
}
