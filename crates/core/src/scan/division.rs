//! How a table is divided for reading.
//!
//! A table that is read whole is read in parts of at most a hundredth of the run, so that a run that was ended goes on without
//! reading more than that again. A sample is spread over parts, too: items with one partition key lie together, and a sample
//! of the first of them would say nothing of the others.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::domain::Segment;

/// The least size of a part, in bytes: sixteen pages. A page costs half a unit at least, so smaller parts would cost more than
/// their items.
const LEAST_PART: u64 = 16 << 20;
/// How many parts a run has at most, about.
const PARTS: u64 = 100;
/// The size of a part of several runs that read together, about, in bytes.
const SHARED_PART: u64 = 1 << 30;
/// Maximum number of parts of one table; DynamoDB allows 1,000,000 (API Reference, Scan, `TotalSegments`).
const MOST_PARTS: u64 = 4096;
/// From how many places a sample is taken at most.
const PLACES: u32 = 64;
/// How many items are taken from one place at least.
const FROM_A_PLACE: u32 = 25;
/// A sample is spread where the table has this many times as many items: else most places would be read to their end.
const TIMES: u64 = 10;
/// And where it has this many: a smaller one seldom has so many items of one partition key that they fill a sample.
const MANY: u64 = 20_000;

/// One of several runs that read together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    /// Which, from 1.
    pub number: u32,
    /// Of how many; at least 1.
    pub of: u32,
}

impl Share {
    /// Whether a part is its own, by its number, from 0.
    pub fn takes(self, number: u32) -> bool {
        number % self.of == self.number - 1
    }
}

/// The parts of a table that are to be read, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Division {
    parts: u32,
    numbers: Vec<u32>,
    /// The most items of all parts together; `None` for everything.
    most: Option<u32>,
    /// Reads of it under way at most.
    pub at_once: usize,
}

/// What is known of a table that is to be divided.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sizes {
    /// Its bytes.
    pub bytes: u64,
    /// The bytes of all tables of the run.
    pub run: u64,
}

impl Division {
    /// Of a table of which `most` items are to be read.
    pub fn sample(most: u32, items: u64, at_once: usize) -> Self {
        let spread = items >= u64::from(most).saturating_mul(TIMES).max(MANY);
        let parts = if spread { (most / FROM_A_PLACE).clamp(1, PLACES) } else { 1 };
        Self { parts, numbers: (0..parts).collect(), most: Some(most), at_once }
    }

    /// Of a table that is read whole, or its share of it. `finished` are the parts that an earlier run read, and of how many
    /// parts; `seed` decides the order.
    pub fn whole(
        sizes: Sizes,
        share: Option<Share>,
        finished: Option<&(u32, BTreeSet<u32>)>,
        at_once: usize,
        seed: u64,
    ) -> Self {
        // Runs that read together do not know of each other what else they read.
        let unit = if share.is_some() { SHARED_PART } else { (sizes.run / PARTS).max(LEAST_PART) };
        let fit = sizes.bytes.div_ceil(unit).clamp(1, MOST_PARTS) as u32;
        let each = share.map_or(1, |share| share.of.max(1));
        // And they must divide alike, though the size that a table tells changes between two starts: a power of two seldom does.
        // `merge` refuses what was divided differently all the same.
        let shared = || fit.div_ceil(each).next_power_of_two().saturating_mul(each);
        let parts = match finished {
            Some((parts, _)) => *parts,
            None if share.is_some() => shared(),
            None => fit,
        };
        let is_left = |number: &u32| {
            share.is_none_or(|share| share.takes(*number))
                && finished.is_none_or(|(_, numbers)| !numbers.contains(number))
        };
        let mut numbers: Vec<u32> = (0..parts).filter(is_left).collect();
        // Whoever reads at the same time, and this run the next time, begins elsewhere.
        numbers.sort_by_key(|number| mixed(seed, *number));
        Self { parts, numbers, most: None, at_once }
    }

    /// So many parts, read in their order, and the most items of each.
    #[cfg(test)]
    pub fn into_parts(parts: u32, most: Option<u32>) -> Self {
        Self { parts: parts.max(1), numbers: (0..parts).collect(), most, at_once: 8 }
    }

    /// The parts, in the order in which they are read, with the most items of each. A table of one part has no segment.
    pub fn lanes(&self) -> impl Iterator<Item = (Option<Segment>, Option<u32>)> {
        let segment = |number| (self.parts > 1).then_some(Segment { number, of: self.parts });
        // What does not divide evenly is of the first ones.
        let of = |n: usize, most: u32| most / self.parts + u32::from((n as u32) < most % self.parts);
        let lane = move |(n, number): (usize, &u32)| (segment(*number), self.most.map(|most| of(n, most)));
        self.numbers.iter().enumerate().map(lane)
    }
}

/// A number that looks like none of its neighbours (splitmix64, Steele, Lea and Flood, 2014).
fn mixed(seed: u64, number: u32) -> u64 {
    let mut z = seed.wrapping_add(u64::from(number) + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const GB: u64 = 1 << 30;

    fn numbers(division: &Division) -> Vec<u32> {
        let mut all: Vec<u32> = division.lanes().filter_map(|(s, _)| s).map(|s| s.number).collect();
        all.sort_unstable();
        all
    }

    #[test]
    fn a_sample_comes_from_many_places_of_a_large_table() {
        let check = |most: u32, items: u64, parts: usize, each: u32| {
            let lanes: Vec<_> = Division::sample(most, items, 8).lanes().collect();
            assert_eq!((lanes.len(), lanes[0].1), (parts, Some(each)), "{most} of {items}");
            assert_eq!(lanes[0].0.is_some(), parts > 1);
        };
        check(200, 4_000_000, 8, 25);
        check(200, 20_000, 8, 25);
        check(2_500, 25_000, 64, 40);
        // Of a small table they are the first, in as few pages as there are.
        check(200, 19_999, 1, 200);
        check(2_500, 24_999, 1, 2_500);
        check(200, 0, 1, 200);
        check(10, 1_000_000, 1, 10);
        check(100_000, 10_000_000, 64, 1_563);
        let all: u32 = Division::sample(100_000, 10_000_000, 8).lanes().filter_map(|(_, most)| most).sum();
        assert_eq!(all, 100_000);
    }

    #[test]
    fn a_part_is_a_hundredth_of_the_run_at_most() {
        let parts = |bytes, run| {
            let sizes = Sizes { bytes, run };
            Division::whole(sizes, None, None, 8, 1).lanes().count()
        };
        assert_eq!(parts(0, 0), 1);
        assert_eq!(parts(LEAST_PART, LEAST_PART), 1);
        assert_eq!(parts(GB, GB), 64);
        assert_eq!(parts(100 * GB, 100 * GB), 100);
        assert_eq!(parts(GB, 100 * GB), 1);
        assert_eq!(parts(10_000 * GB, 10_000 * GB), 100);
    }

    #[test]
    fn what_an_earlier_run_read_is_left_out() {
        let finished = (4, BTreeSet::from([0, 2]));
        let sizes = Sizes { bytes: 100 * GB, run: 100 * GB };
        assert_eq!(numbers(&Division::whole(sizes, None, Some(&finished), 8, 1)), [1, 3]);
        let all = (2, BTreeSet::from([0, 1]));
        assert_eq!(Division::whole(sizes, None, Some(&all), 8, 1).lanes().count(), 0);
    }

    proptest! {
        /// Shares of one table have every part once between them, however large it is, in whatever order.
        #[test]
        fn shares_are_everything_once(bytes in 0u64..(4 << 40), run in 0u64..(4 << 40), of in 1u32..20, seed: u64) {
            let mut all = Vec::new();
            let mut counts = BTreeSet::new();
            for number in 1..=of {
                // What else each reads is another thing.
                let sizes = Sizes { bytes, run: run * u64::from(number) };
                let division = Division::whole(sizes, Some(Share { number, of }), None, 8, seed ^ u64::from(number));
                counts.insert(division.parts);
                all.extend(if division.parts == 1 { vec![0] } else { numbers(&division) });
            }
            prop_assert_eq!(counts.len(), 1);
            all.sort_unstable();
            let parts = counts.into_iter().next().expect("one");
            prop_assert_eq!(all, (0..parts).collect::<Vec<_>>());
        }
    }
}
