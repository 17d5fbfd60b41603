//! The roles whose trust policies a finding is about.

use super::Needs;
use super::slots::Ask;
use crate::domain::Evidence;

/// The roles that the finding names, a line each.
pub(super) fn roles(ask: &Ask<'_>) -> Result<String, Needs> {
    // A name is a part of commands and of names of files (IAM API Reference, CreateRole: `[\w+=,.@-]+`).
    let is_name = |name: &&str| name.bytes().all(|b| b.is_ascii_alphanumeric() || b"_+=,.@-".contains(&b));
    let mut roles: Vec<&str> = ask.finding.said().filter_map(|e| e.text("role")).filter(is_name).collect();
    roles.sort_unstable();
    roles.dedup();
    if roles.is_empty() { Err(Needs::NoTemplate) } else { Ok(roles.join("\n")) }
}

/// What the finding says of them.
pub(super) fn seen(ask: &Ask<'_>) -> String {
    let one = |e: &Evidence| Some(format!("Role {}: by {}.", e.text("role")?, e.text("who")?));
    ask.finding.said().filter_map(one).collect::<Vec<_>>().join("\n")
}
