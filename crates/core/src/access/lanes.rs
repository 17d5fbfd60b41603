//! The truths of many resources at once, a bit each.

use super::truth::{Logic, Truth};

/// Three-valued truths, one a lane.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lanes {
    count: usize,
    /// Where it is so.
    yes: Box<[u64]>,
    /// Where it is not known; never where it is so.
    open: Box<[u64]>,
}

impl Lanes {
    /// The same truth in so many lanes.
    pub(super) fn all(count: usize, truth: Truth) -> Self {
        let filled =
            |is: bool| (0..count.div_ceil(64)).map(|n| if is { used(count, n) } else { 0 }).collect();
        Self { count, yes: filled(truth == Truth::Yes), open: filled(truth == Truth::Unknown) }
    }

    /// A truth for each lane.
    pub(super) fn each(count: usize, mut truth: impl FnMut(usize) -> Truth) -> Self {
        let mut lanes = Self::all(count, Truth::No);
        for lane in 0..count {
            lanes.set(lane, truth(lane));
        }
        lanes
    }

    /// Both; the other is found out only where it matters.
    pub fn both(self, other: impl FnOnce() -> Self) -> Self {
        if self.is_no() { self } else { self.and(&other()) }
    }

    /// Puts the truths of other lanes at these places.
    pub(super) fn put(&mut self, places: &[usize], truths: &Self) {
        places.iter().for_each(|place| self.set(*place, Truth::No));
        truths.told().for_each(|(lane, truth)| self.set(places[lane], truth));
    }

    fn set(&mut self, lane: usize, truth: Truth) {
        let (word, bit) = (lane / 64, 1_u64 << (lane % 64));
        let put = |words: &mut [u64], is: bool| if is { words[word] |= bit } else { words[word] &= !bit };
        put(&mut self.yes, truth == Truth::Yes);
        put(&mut self.open, truth == Truth::Unknown);
    }

    /// The lanes where it is so, and those where it is not known.
    pub fn told(&self) -> impl Iterator<Item = (usize, Truth)> {
        let words = self.yes.iter().zip(&self.open).enumerate();
        words.filter(|(_, (yes, open))| **yes | **open != 0).flat_map(|(word, (yes, open))| {
            (0..64).filter_map(move |bit| {
                let truth = match (yes >> bit & 1, open >> bit & 1) {
                    (0, 0) => return None,
                    (1, _) => Truth::Yes,
                    _ => Truth::Unknown,
                };
                Some((word * 64 + bit, truth))
            })
        })
    }

    /// Whether it is so nowhere, and known everywhere.
    pub(super) fn is_no(&self) -> bool {
        self.yes.iter().chain(&self.open).all(|word| *word == 0)
    }
}

/// The bits of a word that stand for a lane.
fn used(count: usize, word: usize) -> u64 {
    match count - word * 64 {
        64.. => u64::MAX,
        few => (1 << few) - 1,
    }
}

fn joined(a: &[u64], b: &[u64], join: impl Fn(u64, u64) -> u64) -> Box<[u64]> {
    a.iter().zip(b).map(|(a, b)| join(*a, *b)).collect()
}

impl Logic for Lanes {
    fn and(&self, other: &Self) -> Self {
        let yes = joined(&self.yes, &other.yes, |a, b| a & b);
        let mut open: Box<[u64]> =
            (0..yes.len()).map(|n| (self.yes[n] | self.open[n]) & (other.yes[n] | other.open[n])).collect();
        open.iter_mut().zip(&yes).for_each(|(open, yes)| *open &= !yes);
        Self { count: self.count, yes, open }
    }

    fn or(&self, other: &Self) -> Self {
        let yes = joined(&self.yes, &other.yes, |a, b| a | b);
        let mut open = joined(&self.open, &other.open, |a, b| a | b);
        open.iter_mut().zip(&yes).for_each(|(open, yes)| *open &= !yes);
        Self { count: self.count, yes, open }
    }

    fn not(&self) -> Self {
        let no = |(n, (yes, open)): (usize, (&u64, &u64))| !(yes | open) & used(self.count, n);
        let yes = self.yes.iter().zip(&self.open).enumerate().map(no).collect();
        Self { count: self.count, yes, open: self.open.clone() }
    }

    fn everywhere(&self, truth: Truth) -> Self {
        Self::all(self.count, truth)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Truth::{No, Unknown, Yes};

    #[test]
    fn lane_by_lane_it_is_the_logic_of_one_truth() {
        const ALL: [Truth; 3] = [No, Unknown, Yes];
        for count in [1, 63, 64, 65, 130] {
            let (a, b) = (Lanes::each(count, |n| ALL[n % 3]), Lanes::each(count, |n| ALL[n / 3 % 3]));
            let check = |lanes: Lanes, expect: &dyn Fn(Truth, Truth) -> Truth| {
                let told: Vec<_> = lanes.told().collect();
                let all = (0..count).map(|n| (n, expect(ALL[n % 3], ALL[n / 3 % 3])));
                assert_eq!(told, all.filter(|(_, t)| *t != No).collect::<Vec<_>>(), "{count}");
            };
            check(a.and(&b), &|a, b| a.and(b));
            check(a.or(&b), &|a, b| a.or(b));
            check(a.not(), &|a, _| !a);
            for truth in ALL {
                check(a.everywhere(truth), &|_, _| truth);
            }
        }
        assert!(Lanes::all(70, No).is_no() && !Lanes::all(70, Unknown).is_no());
    }
}
