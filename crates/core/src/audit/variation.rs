//! How the values of a flagged attribute vary from item to item, and what that says of them.
//!
//! It changes what is said of a finding, not how sure it is: a guess by name is never above medium, and what is flagged
//! at medium is random already, so that few values in many items are shared secrets rather than choices.

use super::messages::{FEW_VALUES, OWN_VALUES, SAME_EVERYWHERE};
use crate::domain::Message;

/// Fewer sightings say nothing.
const FEW: u64 = 8;

/// How values vary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Variation {
    /// The same everywhere.
    Constant,
    /// A few, each in several items.
    Shared,
    /// One for nearly every item.
    Own,
}

impl Variation {
    /// Of this many sightings with this many different values, where there `may be more` of the latter; `None` where there
    /// are too few sightings, or it is neither.
    pub(super) fn of(sightings: u64, different: u64, may_be_more: bool) -> Option<Self> {
        match different {
            _ if sightings < FEW => None,
            1 => Some(Self::Constant),
            n if n.saturating_mul(10) >= sightings.saturating_mul(9) => Some(Self::Own),
            n if n.saturating_mul(4) <= sightings && !may_be_more => Some(Self::Shared),
            _ => None,
        }
    }

    /// What it says, for the evidence of a finding.
    pub(super) const fn message(self) -> &'static Message {
        match self {
            Self::Constant => &SAME_EVERYWHERE,
            Self::Shared => &FEW_VALUES,
            Self::Own => &OWN_VALUES,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_sightings_say_nothing_and_many_tell() {
        let check = |sightings, different, more, expect: Option<Variation>| {
            assert_eq!(Variation::of(sightings, different, more), expect, "{different} in {sightings}");
        };
        check(7, 1, false, None);
        check(8, 1, false, Some(Variation::Constant));
        check(8, 2, false, Some(Variation::Shared));
        check(8, 3, false, None);
        check(8, 8, false, Some(Variation::Own));
        check(100, 90, false, Some(Variation::Own));
        check(100, 60, false, None);
        // No more than so many are counted: whether they are shared is not known.
        check(10_000, 256, true, None);
        check(256, 256, true, Some(Variation::Own));
        check(u64::MAX, 5, false, Some(Variation::Shared));
    }
}
