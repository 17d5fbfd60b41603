//! Why something is not known, in sentences that say what to do next.

use crate::domain::{Failure, Gap, Permission, Safe, Tier};
use crate::tui::text;
use crate::tui::theme::Role;
use crate::tui::widgets::Block;

/// What happened, and what to do next.
pub(super) fn explain(gap: &Gap) -> Vec<Block> {
    let safe = |t: &str| Safe::neutral(t).to_string();
    match gap {
        Gap::Failed(failure) => vec![
            Block::Text(safe(&failure.message), Role::Plain),
            Block::Gap,
            Block::Text(format!("Next: {}; then press R.", text::bare(&failure.next)), Role::Accent),
        ],
        Gap::Denied(permission, message) => vec![
            Block::Text(safe(message), Role::Plain),
            Block::Gap,
            Block::Text(format!("It needs {} ({}).", permission.action, permission.why), Role::Accent),
            granted_by(permission),
        ],
        other => vec![Block::Text(other.to_string(), Role::Plain)],
    }
}

/// The service's own words for it, if it said any.
pub(super) fn message(gap: &Gap) -> Option<String> {
    let (Gap::Denied(_, message) | Gap::Failed(Failure { message, .. })) = gap else { return None };
    (!message.is_empty()).then(|| Safe::neutral(message).to_string())
}

/// Where a permission that is missing is to be had.
pub(super) fn granted_by(permission: &Permission) -> Block {
    let said = match permission.tier {
        Tier::Beyond => {
            "`dynaudit generate iam-policy` leaves it out, since it shows more than dynaudit keeps: grant it separately."
        }
        Tier::Meta | Tier::Content => {
            "`dynaudit generate iam-policy` prints a policy that allows what dynaudit reads."
        }
    };
    Block::Text(said.into(), Role::Dim)
}
