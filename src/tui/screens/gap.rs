//! Why something is not known, in sentences that say what to do next.

use crate::domain::{Gap, Safe};
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
            Block::Text(
                "`dynaudit generate iam-policy` prints a policy that allows what this program reads.".into(),
                Role::Dim,
            ),
        ],
        other => vec![Block::Text(other.to_string(), Role::Plain)],
    }
}
