//! Events folded into findings. The terminal and the headless scan fold the same events.

mod cause;
mod exposure;
mod findings;
mod gather;
mod grade;
mod join;
pub mod log;
mod messages;
mod state;
#[cfg(test)]
mod tests;
mod variation;

pub use cause::{Cause, Group, groups};
pub use findings::{Counts, Findings};
pub use grade::rank;
pub use messages::messages;
pub use state::{Audit, AuditEvent, TableAudit};
