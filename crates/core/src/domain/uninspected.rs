//! What of items the detector did not look at. Silence about a part that was not looked at would read as "clean".

use std::ops::AddAssign;

use serde::{Deserialize, Serialize};

/// How many items were not inspected to their end, by what kept the detector from it. Of one item each is 0 or 1; of a
/// page or a table, the sum. An item may count in two of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Uninspected {
    /// Nothing is known of them: the inspection failed.
    pub failed: u64,
    /// Inspected in part: they nest too deeply, hold more secrets than are kept, or take more work than one item may.
    pub cut: u64,
    /// Inspected, but for an encoded value that could not be fully decoded.
    pub not_opened: u64,
}

impl Uninspected {
    /// Every item was inspected to its end.
    pub fn is_none(self) -> bool {
        self == Self::default()
    }

    /// How many items there are at the most. One of which two things are true counts twice.
    pub fn items(self) -> u64 {
        self.failed.saturating_add(self.cut).saturating_add(self.not_opened)
    }

    /// What is true of those items, one sentence part a kind: "2 items were inspected in part (...)".
    pub fn sentences(self) -> impl Iterator<Item = String> {
        let told = [
            (self.failed, "could not be inspected", "could not be inspected"),
            (
                self.cut,
                "was inspected in part only: too deep, too many secrets, or too much work",
                "were inspected in part only: too deep, too many secrets, or too much work",
            ),
            (
                self.not_opened,
                "holds an encoded value that could not be fully decoded",
                "hold an encoded value that could not be fully decoded",
            ),
        ];
        told.into_iter().filter(|(n, ..)| *n > 0).map(|(n, one, more)| match n {
            1 => format!("1 item {one}"),
            n => format!("{n} items {more}"),
        })
    }
}

impl AddAssign for Uninspected {
    fn add_assign(&mut self, other: Self) {
        self.failed = self.failed.saturating_add(other.failed);
        self.cut = self.cut.saturating_add(other.cut);
        self.not_opened = self.not_opened.saturating_add(other.not_opened);
    }
}

impl std::iter::Sum for Uninspected {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), |mut sum, one| {
            sum += one;
            sum
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_is_told_with_its_number() {
        let check = |gaps: Uninspected, expected: &[&str]| {
            let told: Vec<String> = gaps.sentences().map(|s| s.chars().take(24).collect()).collect();
            assert_eq!(told, expected);
            assert_eq!(gaps.is_none(), expected.is_empty());
        };
        check(Uninspected::default(), &[]);
        check(Uninspected { failed: 1, ..Uninspected::default() }, &["1 item could not be insp"]);
        let two = [
            Uninspected { cut: 1, not_opened: 1, ..Uninspected::default() },
            Uninspected { cut: 1, ..Uninspected::default() },
        ];
        check(two.into_iter().sum(), &["2 items were inspected i", "1 item holds an encoded "]);
    }
}
