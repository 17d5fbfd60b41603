//! What a table's state means: one file a check, one list, one verdict each.

mod check;
mod checks;

pub use check::{Case, PostureCheck, Subject, judge};
pub use checks::CHECKS;

/// A check by its id.
pub fn check(id: &str) -> Option<&'static PostureCheck> {
    CHECKS.iter().copied().find(|c| c.id == id)
}
