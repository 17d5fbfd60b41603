//! What a table's state means: one file a check, one list, one verdict each.
//!
//! A check says Pass, Fail, Unknown or Not applicable. What could not be seen is never a pass and never a
//! failure; where the known facts already decide, nothing more is asked.

mod check;
mod checks;
mod coverage;
mod examples;
mod grant;
mod places;
mod say;
mod words;

pub use check::{Case, Judged, PostureCheck, Reference, Subject, Unseen, judge, read_at};
pub use checks::{CHECKS, without_fix};
pub use coverage::{COVERAGE, Elsewhere, Settled};
pub use grant::{Opened, opened};
pub use places::{Copied, Left, Place, Stays, carried, left, places};
pub use words::{Mark, Told, tell};

/// A check by its id.
pub fn check(id: &str) -> Option<&'static PostureCheck> {
    CHECKS.iter().copied().find(|c| c.id == id)
}
