//! What to read next, and what it may cost. Sans-IO: the caller sends what [`Scan::next`] says.

mod budget;
mod cycle;
mod division;
mod odds;
mod pace;
mod sampling;
mod search;

pub use budget::{AUDIT_BUDGET, Budget, Reservation, SESSION_BUDGET};
pub use cycle::Cycle;
pub use division::{Division, Share, Sizes};
pub use odds::{Odds, odds};
pub use pace::Pace;
pub use sampling::{
    Depth, EMPTY_PAGES, LEAST, LEAST_ITEMS, Outcome, REPEATS, Receipt, Scan, Step, stuck, worse, worst_case,
};
pub use search::{Search, Turn};
