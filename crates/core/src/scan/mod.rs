//! What to read next, and what it may cost. Sans-IO: the caller sends what [`Scan::next`] says.

mod budget;
mod pace;
mod sampling;
mod search;

pub use budget::{AUDIT_BUDGET, Budget, Reservation, SESSION_BUDGET};
pub use pace::Pace;
pub use sampling::{Depth, LEAST, Outcome, Receipt, Scan, Step, worst_case};
pub use search::{Search, Turn};
