//! What a read may cost, from the statistics of DescribeTable, which are up to six hours old.

use crate::domain::Rcu;
use crate::query::plan::Operation;

/// What an eventually consistent read costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Estimate {
    /// To its end, at the least.
    pub least: Rcu,
    /// To its end, at the most, going by the statistics.
    pub most: Rcu,
    /// The most that one page can cost, whatever the statistics say: this is what is reserved.
    pub page: Rcu,
}

impl Estimate {
    /// Of an operation on a table or an index of this many bytes.
    pub fn of(operation: Operation, bytes: u64) -> Self {
        let half = Rcu::eventual(1);
        // The last page of a scan is rounded up, and so is that of an empty table.
        let whole = Rcu::eventual(bytes).max(half);
        match operation {
            Operation::GetItem => Self { least: half, most: Rcu::ITEM, page: Rcu::ITEM },
            Operation::Query => Self { least: half, most: whole, page: Rcu::PAGE },
            Operation::Scan => Self { least: whole, most: whole, page: Rcu::PAGE },
        }
    }
}
