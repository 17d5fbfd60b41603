//! What to read next, and what it may cost. Sans-IO: the caller sends what [`Scan::next`] says.

mod budget;
mod sampling;

pub use budget::{Budget, Reservation};
pub use sampling::{Depth, Outcome, Receipt, Scan, Step, worst_case};
