//! What the values of one attribute say together that none says by itself.

use crate::domain::{Confidence, Flagged};

/// Fewer values say nothing.
const FEW: u64 = 4;

/// Rules whose guesses the sample settles: under the name of a password most items of a table have one, of its own.
const SETTLED: &[&str] = &["plain-password"];

/// Whether what was seen in these items, with so many different values, is surer than each by itself: in most of them, and
/// not one of a few words that tell of a kind or a state.
pub(super) fn is_surer(flagged: &Flagged, different: u64, items: u64) -> bool {
    SETTLED.contains(&&*flagged.rule)
        && flagged.count >= FEW
        && flagged.count.saturating_mul(2) > items
        && different.saturating_mul(2) > flagged.count.min(super::state::MOST_PRINTS as u64)
}

/// The same, as sure as the sample makes it.
pub(super) fn surer(flagged: &Flagged) -> Flagged {
    let mut surer = Flagged { confidence: Confidence::Medium, ..flagged.clone() };
    surer.reasons.push("most of the items that were read have one, and most of those their own".into());
    surer
}
