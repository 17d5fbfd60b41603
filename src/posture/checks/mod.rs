//! The list of checks.

use super::PostureCheck;

/// Every check, in the order of the posture screen.
pub static CHECKS: &[&PostureCheck] = &[];
