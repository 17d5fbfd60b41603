//! Events folded into findings. The terminal and the headless scan fold the same events.

mod grade;
mod state;

pub use grade::rank;
pub use state::{Audit, AuditEvent, TableAudit};
