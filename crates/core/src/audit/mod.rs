//! Events folded into findings. The terminal and the headless scan fold the same events.

mod accept;
mod blast;
mod cause;
mod compare;
mod exposure;
mod findings;
mod gather;
mod grade;
mod join;
pub mod log;
mod messages;
mod severity;
mod state;
#[cfg(test)]
mod tests;
mod variation;

pub use accept::{accepting, is_by_place};
pub use blast::blast;
pub use cause::{Cause, Group, GroupBy, groups, groups_by};
pub use compare::{Baseline, Change, Comparison, Fate, Lost, compare, lost};
pub use findings::{Counts, Findings};
pub use grade::{Grade, Graded, Grades, Raise, Share, first_to_fix, grade, grades};
pub use messages::messages;
pub use severity::rank;
pub use state::{Audit, AuditEvent, TableAudit};

/// Whether a check says what comes of a secret: it is settled with the secret.
pub fn is_of_secrets(check: &str) -> bool {
    cause::OF_SECRETS.contains(&check)
}

/// Whether a finding that is no secret can be of this id: that of a check, or of what shows when tables are put side by side.
pub fn is_check(id: &str) -> bool {
    id == join::ENV_BLEED || crate::posture::check(id).is_some()
}
