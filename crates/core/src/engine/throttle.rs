//! How many settings are asked for at once: fewer when a service says that it is too many, then more again.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use crate::domain::{FactKind, TableRef};

/// Settings under way at once: enough to hide the round trip, few enough to stay below control-plane limits
/// (DescribeTable allows 10 a second in some Regions before it throttles).
pub const AT_ONCE: usize = 8;

/// The first rest after a call was throttled, although the SDK sent it three times; each further one is twice as long.
const FIRST_REST: SignedDuration = SignedDuration::from_secs(2);
/// And no longer than this.
const LONGEST_REST: SignedDuration = SignedDuration::from_secs(30);

/// Number of answers in a row after which one more is asked at once.
const GOOD: usize = 20;

/// So often one setting is asked for again by itself; then a person has to.
const AGAIN: u8 = 3;

/// So often what is the same for all tables: one answer stands for all, and one refusal does not hold any table up.
const AGAIN_SHARED: u8 = 1;

/// How fast settings are asked for.
pub struct Throttle {
    at_once: usize,
    /// Until then nothing is asked.
    rests: Option<Timestamp>,
    rest: SignedDuration,
    /// Answers since the last throttle.
    good: usize,
    /// How often a setting was throttled.
    times: BTreeMap<(TableRef, FactKind), u8>,
}

impl Default for Throttle {
    fn default() -> Self {
        Self { at_once: AT_ONCE, rests: None, rest: FIRST_REST, good: 0, times: BTreeMap::new() }
    }
}

impl Throttle {
    /// How many may be under way now.
    pub fn at_once(&self, now: Timestamp) -> usize {
        if self.rests.is_some_and(|until| now < until) { 0 } else { self.at_once }
    }

    /// Until when nothing is asked, if that is to come.
    pub fn rests(&self, now: Timestamp) -> Option<Timestamp> {
        self.rests.filter(|until| now < *until)
    }

    /// What is told of it: how many at once, and whether that is fewer than usual.
    pub fn told(&self) -> String {
        let slower = if self.at_once < AT_ONCE { " (throttled: slower)" } else { "" };
        format!("{} at once{slower}", self.at_once)
    }

    /// A setting was throttled: when to ask for it again; `None` if that was tried often enough.
    pub fn throttled(&mut self, now: Timestamp, table: &TableRef, kind: FactKind) -> Option<Timestamp> {
        // Answers to what was asked before the rest began are no news.
        if self.rests.is_none_or(|until| now >= until) {
            self.at_once = (self.at_once / 2).max(1);
            self.rests = Some(now + self.rest);
            self.rest = (self.rest * 2).min(LONGEST_REST);
        }
        self.good = 0;
        let times = self.times.entry((table.clone(), kind)).or_default();
        *times = times.saturating_add(1);
        let again = if kind.level().is_shared() { AGAIN_SHARED } else { AGAIN };
        self.rests.filter(|_| *times <= again)
    }

    /// A setting came.
    pub fn came(&mut self) {
        self.good += 1;
        if self.good >= GOOD && self.at_once < AT_ONCE {
            (self.at_once, self.good) = (self.at_once + 1, 0);
        }
        if self.at_once == AT_ONCE {
            self.rest = FIRST_REST;
        }
    }

    /// A person asks again: what was throttled too often counts anew.
    pub fn forget(&mut self) {
        self.times.clear();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::domain::Scope;

    #[test]
    fn it_halves_rests_and_comes_back() {
        let scope =
            Scope { partition: "aws".into(), account: "1".into(), region: "r".into(), endpoint: None };
        let table = TableRef::new(&Arc::new(scope), "t");
        let at = |seconds: i64| Timestamp::from_second(1_000 + seconds).expect("a time");
        let mut throttle = Throttle::default();
        assert_eq!((throttle.at_once(at(0)), throttle.told().as_str()), (8, "8 at once"));
        assert_eq!(throttle.throttled(at(0), &table, FactKind::Tags), Some(at(2)));
        // The others that were under way say nothing new.
        assert_eq!(throttle.throttled(at(1), &table, FactKind::Policy), Some(at(2)));
        assert_eq!((throttle.at_once(at(1)), throttle.at_once(at(2))), (0, 4));
        assert_eq!(throttle.told(), "4 at once (throttled: slower)");
        assert_eq!(throttle.throttled(at(2), &table, FactKind::Tags), Some(at(6)), "twice as long");
        assert_eq!(throttle.throttled(at(6), &table, FactKind::Tags), Some(at(14)));
        assert_eq!(throttle.throttled(at(14), &table, FactKind::Tags), None, "often enough");
        assert_eq!(throttle.at_once(at(100)), 1);
        (0..GOOD).for_each(|_| throttle.came());
        assert_eq!(throttle.at_once(at(100)), 2);
        (0..GOOD * 10).for_each(|_| throttle.came());
        assert_eq!(throttle.told(), "8 at once");
        assert_eq!(throttle.throttled(at(100), &table, FactKind::Limits), Some(at(102)), "as at first");
        assert!(throttle.throttled(at(102), &table, FactKind::Limits).is_none(), "once for all tables");
        throttle.forget();
        assert!(throttle.throttled(at(110), &table, FactKind::Tags).is_some());
    }

    #[test]
    fn it_is_faster_after_so_many_answers_in_a_row_and_rests_as_at_first_when_it_is_as_fast_as_at_first() {
        let scope =
            Scope { partition: "aws".into(), account: "1".into(), region: "r".into(), endpoint: None };
        let table = TableRef::new(&Arc::new(scope), "t");
        let at = |seconds: i64| Timestamp::from_second(1_000 + seconds).expect("a time");
        let mut throttle = Throttle::default();
        throttle.throttled(at(0), &table, FactKind::Tags);
        assert_eq!((throttle.rests(at(1)), throttle.rests(at(2))), (Some(at(2)), None));
        let came = |throttle: &mut Throttle, times| (0..times).for_each(|_| throttle.came());
        for _ in 0..2 {
            came(&mut throttle, GOOD - 1);
            assert_eq!(throttle.at_once(at(2)), 4, "one is missing");
            // And what is throttled meanwhile begins the row anew.
            throttle.throttled(at(1), &table, FactKind::Policy);
        }
        for at_once in [5, 6, 7] {
            came(&mut throttle, GOOD);
            assert_eq!(throttle.at_once(at(2)), at_once);
            came(&mut throttle, GOOD - 1);
            assert_eq!(throttle.at_once(at(2)), at_once);
            throttle.good = 0;
        }
        assert_eq!(throttle.throttled(at(2), &table, FactKind::Limits), Some(at(6)), "it is not yet as fast");
    }
}
