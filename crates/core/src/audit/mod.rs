//! Events folded into findings. The terminal and the headless scan fold the same events.

mod accept;
mod blast;
mod cause;
mod column;
mod compare;
mod exposure;
mod findings;
mod gather;
mod grade;
mod join;
pub mod log;
mod merge;
mod messages;
mod settled;
mod severity;
mod state;
#[cfg(test)]
mod tests;
mod variation;

pub use accept::{accepting, is_by_place};
pub use blast::blast;
pub use cause::{Cause, Group, GroupBy, groups, groups_by, is_of_secrets};
pub use compare::{Baseline, Change, Comparison, Fate, Lost, compare, lost};
pub use findings::{Counts, Findings};
pub use grade::{Grade, Graded, Grades, Raise, Share, first_to_fix, grade, grades};
pub use join::is_check;
pub use merge::{Overlap, Run, merge};
pub use messages::messages;
pub use settled::settled;
pub use severity::rank;
pub use state::{Audit, AuditEvent, TableAudit};
