//! Reading many tables fairly: one page of each in turn, until all is read or the budget is used up.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::domain::{Cursor, Failure, FailureKind, Gap, PageRequest, Rcu, Read, Scope, Segment, TableRef};
use crate::scan::{Budget, Cycle, Reservation};

/// Number of consecutive pages without an item that end a table: the service may give a few of them (an
/// emptied partition), but one that gives nothing else would cost half a unit each for ever.
pub const EMPTY_PAGES: u32 = 32;

/// Number of items from which on a page costs no more in the worst case: 1 MB is less than three items of 400 KB.
const PAGE_ITEMS: usize = 3;

/// The least budget with which anything can be read: one item of 400 KB.
pub const LEAST: Rcu = Rcu::ITEM;

/// How far a table is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// Maximum number of items of each table.
    Sample(u32),
    /// Everything.
    Full,
}

/// What to do next.
pub enum Step {
    /// Send this; then [`Scan::absorb`] the answer.
    Read(PageRequest),
    /// Nothing until an answer that is under way arrives.
    Wait,
    /// All done.
    Done,
}

/// The answer to one read.
pub struct Receipt {
    /// The table that was read.
    pub table: TableRef,
    /// The part of it, as the request named it.
    pub segment: Option<Segment>,
    /// Items that were given, and where to go on; or why there is no answer. What the service merely says it looked at
    /// counts for nothing: no item may come of it for ever.
    pub result: Result<(u64, Option<Cursor>), Gap>,
    /// What it cost, where the answer says.
    pub cost: Option<Rcu>,
}

/// How the reading of a table ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// To its end.
    Whole,
    /// Its share to the end, as planned: one of several that read the table together.
    Share {
        /// Which, from 1.
        number: u32,
        /// Of how many.
        of: u32,
    },
    /// A sample, as planned.
    Sampled,
    /// The budget did not allow for more.
    OutOfBudget,
    /// It could not be read, or not to where it was planned.
    Stopped(Gap),
}

struct Lane {
    table: TableRef,
    segment: Option<Segment>,
    items: u64,
    /// Pages without an item since the last one that had some.
    empty: u32,
    start: Option<Cursor>,
    cycle: Cycle,
    flight: Option<Reservation>,
    /// How many answers there were in its account and Region when its read was sent.
    sent_after: u64,
}

impl Lane {
    fn new(table: TableRef, segment: Option<Segment>) -> Self {
        Self {
            table,
            segment,
            items: 0,
            empty: 0,
            start: None,
            cycle: Cycle::default(),
            flight: None,
            sent_after: 0,
        }
    }
}

/// The parts of a table that did not end yet, and how the worst of the others did.
#[derive(Default)]
struct Parts {
    open: u32,
    worst: Option<Outcome>,
}

/// The worse of two ends of parts of one table: what the table as a whole can be said to have been read to.
pub fn worse(a: Option<Outcome>, b: Outcome) -> Outcome {
    let rank = |o: &Outcome| match o {
        Outcome::Whole => 0,
        Outcome::Share { .. } => 1,
        Outcome::Sampled => 2,
        Outcome::OutOfBudget => 3,
        Outcome::Stopped(_) => 4,
    };
    match a {
        Some(a) if rank(&a) >= rank(&b) => a,
        _ => b,
    }
}

/// The state of a scan over several tables.
pub struct Scan {
    depth: Depth,
    budget: Budget,
    waiting: VecDeque<Lane>,
    flying: Vec<Lane>,
    ended: Vec<(TableRef, Outcome)>,
    parts: BTreeMap<TableRef, Parts>,
    at_once: usize,
    /// Answers so far, of any table of an account and Region.
    answers: BTreeMap<Arc<Scope>, u64>,
}

impl Scan {
    /// A scan of these tables, `at_once` reads under way at most.
    pub fn new(
        tables: impl IntoIterator<Item = TableRef>,
        depth: Depth,
        budget: Budget,
        at_once: usize,
    ) -> Self {
        let waiting: VecDeque<Lane> = tables.into_iter().map(|table| Lane::new(table, None)).collect();
        let parts = waiting.iter().map(|l| (l.table.clone(), Parts { open: 1, worst: None })).collect();
        let (flying, ended) = (Vec::new(), Vec::new());
        let at_once = at_once.max(1);
        Self { depth, budget, waiting, flying, ended, parts, at_once, answers: BTreeMap::new() }
    }

    /// Reads a table in this many parts at a time, where its first read was asked for and not sent yet: that read is then
    /// the one given back. A sample is not divided: its items are to be few, not from everywhere.
    pub fn split(&mut self, request: PageRequest, parts: u32) -> PageRequest {
        let fresh = request.start.is_none() && request.segment.is_none();
        if parts < 2 || !fresh || self.depth != Depth::Full {
            return request;
        }
        let Some(lane) = self.flying.iter_mut().find(|l| l.table == request.table) else { return request };
        let segment = |number| Some(Segment { number, of: parts });
        lane.segment = segment(0);
        let more = (1..parts).map(|n| Lane::new(request.table.clone(), segment(n)));
        self.waiting.extend(more);
        self.parts.entry(request.table.clone()).or_default().open += parts - 1;
        PageRequest { segment: segment(0), ..request }
    }

    /// A part of a table ended; the table does with the last of its parts.
    fn end(&mut self, table: TableRef, outcome: Outcome) {
        let Some(mut parts) = self.parts.remove(&table) else { return };
        parts.open = parts.open.saturating_sub(1);
        let worst = worse(parts.worst.take(), outcome);
        if parts.open == 0 {
            self.ended.push((table, worst));
        } else {
            self.parts.insert(table, Parts { worst: Some(worst), ..parts });
        }
    }

    /// What to do next. A page that the budget cannot cover in the worst case is not asked for.
    #[expect(clippy::should_implement_trait, reason = "a scan is fed between two steps: no iterator")]
    pub fn next(&mut self) -> Step {
        loop {
            if self.flying.len() >= self.at_once {
                return Step::Wait;
            }
            let Some(mut lane) = self.waiting.pop_front() else {
                return if self.flying.is_empty() { Step::Done } else { Step::Wait };
            };
            let limit = match self.depth {
                Depth::Full => None,
                Depth::Sample(most) => Some(left_of(most, lane.items)),
            };
            if limit == Some(0) {
                self.end(lane.table, Outcome::Sampled);
                continue;
            }
            let (limit, reservation) = match self.budget.reserve(worst_case(limit)) {
                Some(reservation) => (limit, reservation),
                // An answer under way may cost less than it reserved: then there is room again.
                None if !self.flying.is_empty() => {
                    self.waiting.push_front(lane);
                    return Step::Wait;
                }
                None => match self.small(&lane) {
                    Some((limit, reservation)) => (Some(limit), reservation),
                    None => {
                        self.end(lane.table, Outcome::OutOfBudget);
                        continue;
                    }
                },
            };
            let request = PageRequest {
                table: lane.table.clone(),
                index: None,
                read: Read::Scan,
                limit,
                start: lane.start.clone(),
                counts: false,
                segment: lane.segment,
            };
            let answers = self.answers.get(&lane.table.scope).copied().unwrap_or_default();
            (lane.flight, lane.sent_after) = (Some(reservation), answers);
            self.flying.push(lane);
            return Step::Read(request);
        }
    }

    /// A page as small as the budget needs it, for a table of which nothing was read yet: a glance at each
    /// table is worth more than the last items of one.
    fn small(&mut self, lane: &Lane) -> Option<(u32, Reservation)> {
        let untouched = lane.items == 0 && lane.start.is_none();
        let left = self.budget.left().filter(|_| untouched)?;
        let limit = (1..).take_while(|n| worst_case(Some(*n)) <= left).take(PAGE_ITEMS).last()?;
        Some((limit, self.budget.reserve(worst_case(Some(limit)))?))
    }

    /// Takes in an answer; one that was not asked for is ignored.
    pub fn absorb(&mut self, receipt: Receipt) {
        let same = |l: &Lane| l.table == receipt.table && l.segment == receipt.segment;
        let Some(at) = self.flying.iter().position(same) else { return };
        let mut lane = self.flying.swap_remove(at);
        if let Some(reservation) = lane.flight.take() {
            self.budget.settle(reservation, receipt.cost);
        }
        let answers = self.answers.entry(Arc::clone(&lane.table.scope)).or_default();
        match receipt.result {
            Err(gap) => {
                let is_silent = matches!(&gap, Gap::Failed(Failure { kind: FailureKind::Unreachable, .. }));
                match is_silent {
                    // Nobody there was answered while it waited: the others would wait as long, and for nothing.
                    true if lane.sent_after == *answers => {
                        let there = |l: &Lane| l.table.scope == lane.table.scope;
                        let (same, others): (Vec<Lane>, Vec<Lane>) = self.waiting.drain(..).partition(there);
                        self.waiting = others.into();
                        for lost in same {
                            self.end(lost.table, Outcome::Stopped(gap.clone()));
                        }
                    }
                    true => {}
                    false => *answers += 1,
                }
                self.end(lane.table, Outcome::Stopped(gap));
            }
            Ok((items, next)) => {
                *answers += 1;
                lane.items = lane.items.saturating_add(items);
                lane.empty = if items == 0 { lane.empty + 1 } else { 0 };
                let enough = matches!(self.depth, Depth::Sample(most) if lane.items >= u64::from(most));
                let outcome = match &next {
                    None => Some(Outcome::Whole),
                    Some(_) if enough => Some(Outcome::Sampled),
                    Some(next) if lane.cycle.closes(next) => Some(Outcome::Stopped(stuck(REPEATS))),
                    Some(_) if lane.empty >= EMPTY_PAGES => {
                        Some(Outcome::Stopped(stuck("page after page came without an item")))
                    }
                    Some(_) => None,
                };
                lane.start = next;
                match outcome {
                    Some(outcome) => self.end(lane.table, outcome),
                    None => self.waiting.push_back(lane),
                }
            }
        }
    }

    /// How tables ended since the last call.
    pub fn take_ended(&mut self) -> Vec<(TableRef, Outcome)> {
        std::mem::take(&mut self.ended)
    }

    /// The budget.
    pub fn budget(&self) -> &Budget {
        &self.budget
    }

    /// The tables that did not end yet: still to be read, or under way.
    pub fn open(&self) -> impl Iterator<Item = &TableRef> {
        self.parts.keys()
    }

    /// Gives up: what is under way counts at its worst case.
    pub fn cancel(mut self) -> Budget {
        for lane in self.flying.drain(..) {
            if let Some(reservation) = lane.flight {
                self.budget.settle(reservation, None);
            }
        }
        self.budget
    }
}

/// The most that one page can cost: this many items of 400 KB, and never more than 1 MB.
pub fn worst_case(limit: Option<u32>) -> Rcu {
    limit.map_or(Rcu::PAGE, |n| Rcu::ITEM.times(u64::from(n)).min(Rcu::PAGE))
}

/// How many of a sample are still to be read.
fn left_of(most: u32, read: u64) -> u32 {
    u32::try_from(u64::from(most).saturating_sub(read)).unwrap_or(most)
}

/// What is wrong with keys that go round in a circle.
pub const REPEATS: &str = "the keys to go on after repeat";

/// Why pages that never end were not followed further.
pub fn stuck(how: &str) -> Gap {
    Gap::Failed(Failure {
        kind: FailureKind::Service,
        message: format!("reading does not advance: {how}"),
        next: String::from("run it again; if it stays, report it with the name of the endpoint"),
    })
}
#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::*;
    use crate::domain::{AttributeValue, Item, Scope};

    fn tables(n: usize) -> Vec<TableRef> {
        let scope = Arc::new(Scope {
            partition: "aws".into(),
            account: "111122223333".into(),
            region: "eu-west-1".into(),
            endpoint: None,
        });
        (0..n).map(|i| TableRef::new(&scope, format!("t{i}"))).collect()
    }

    fn at(place: u64) -> Cursor {
        Cursor::new(Item::new(vec![("id".into(), AttributeValue::N(place.to_string()))]))
    }

    /// Reads one table whose every page is the same, and says how it ended after how many pages.
    fn ending(depth: Depth, mut page: impl FnMut(u64) -> (u64, Option<Cursor>)) -> (Outcome, u64) {
        let mut scan = Scan::new(tables(1), depth, Budget::unlimited(), 1);
        let mut pages = 0;
        while let Step::Read(request) = scan.next() {
            let result = Ok(page(pages));
            pages += 1;
            assert!(pages < 10_000, "it never ends");
            scan.absorb(Receipt {
                table: request.table,
                segment: request.segment,
                result,
                cost: Some(Rcu::units(1)),
            });
        }
        let mut ended = scan.take_ended();
        assert_eq!(ended.len(), 1);
        (ended.remove(0).1, pages)
    }

    #[test]
    fn endings() {
        assert_eq!(ending(Depth::Full, |n| (10, (n < 4).then(|| at(n)))), (Outcome::Whole, 5));
        assert_eq!(ending(Depth::Sample(25), |n| (10, Some(at(n)))), (Outcome::Sampled, 3));
        assert_eq!(ending(Depth::Sample(10), |_| (10, None)), (Outcome::Whole, 1));
        assert_eq!(ending(Depth::Sample(0), |n| (10, Some(at(n)))), (Outcome::Sampled, 0));
        // What was planned is read: that the keys repeat by then stops nothing.
        assert_eq!(ending(Depth::Sample(20), |_| (10, Some(at(1)))), (Outcome::Sampled, 2));
        // Pages of one item are no empty ones, and an item between empty pages starts their count anew.
        assert_eq!(ending(Depth::Full, |n| (1, (n < 99).then(|| at(n)))), (Outcome::Whole, 100));
        let now_and_then = |n| (u64::from(n % u64::from(EMPTY_PAGES) == 0), (n < 99).then(|| at(n)));
        assert_eq!(ending(Depth::Full, now_and_then), (Outcome::Whole, 100));
        // A page with more items than were asked for is taken as it is.
        assert_eq!(ending(Depth::Sample(3), |n| (u64::MAX, Some(at(n)))), (Outcome::Sampled, 1));
    }

    #[test]
    fn a_table_that_does_not_advance_ends_with_a_gap() {
        for depth in [Depth::Full, Depth::Sample(100)] {
            let (outcome, pages) = ending(depth, |n| (0, Some(at(n))));
            assert!(matches!(outcome, Outcome::Stopped(Gap::Failed(_))), "{outcome:?}");
            assert_eq!(pages, u64::from(EMPTY_PAGES));
        }
        let (outcome, pages) = ending(Depth::Full, |n| (5, Some(at(n % 3))));
        assert!(matches!(outcome, Outcome::Stopped(Gap::Failed(_))), "{outcome:?}");
        assert!(pages < 10, "{pages}");
        let (outcome, pages) = ending(Depth::Full, |_| (5, Some(at(1))));
        assert!(matches!(outcome, Outcome::Stopped(Gap::Failed(_))), "{outcome:?}");
        assert_eq!(pages, 2);
    }

    /// Answers a read with this many items, and the key to go on after.
    fn answered(scan: &mut Scan, table: &TableRef, result: (u64, Option<Cursor>), cost: u64) {
        let cost = Some(Rcu::units(cost));
        scan.absorb(Receipt { table: table.clone(), segment: None, result: Ok(result), cost });
    }

    fn read(scan: &mut Scan) -> PageRequest {
        let Step::Read(request) = scan.next() else { panic!("a read") };
        request
    }

    #[test]
    fn a_page_starts_where_the_one_before_ended() {
        let mut scan = Scan::new(tables(1), Depth::Full, Budget::unlimited(), 1);
        let first = read(&mut scan);
        assert!(first.start.is_none() && !first.counts && first.index.is_none());
        answered(&mut scan, &first.table, (5, Some(at(7))), 1);
        let start = read(&mut scan).start.expect("where to go on");
        assert!(start.key().attributes() == at(7).key().attributes());
    }

    #[test]
    fn an_answer_is_of_its_own_table() {
        let [a, b] = &tables(2)[..] else { panic!("two") };
        let mut scan = Scan::new(tables(2), Depth::Full, Budget::unlimited(), 2);
        let asked = [read(&mut scan).table, read(&mut scan).table];
        assert_eq!(asked, [a.clone(), b.clone()]);
        answered(&mut scan, b, (1, None), 1);
        assert_eq!(scan.take_ended(), [(b.clone(), Outcome::Whole)]);
        answered(&mut scan, b, (1, None), 1);
        assert!(scan.take_ended().is_empty(), "it was not asked for");
        assert_eq!(scan.open().collect::<Vec<_>>(), [a]);
    }

    #[test]
    fn no_more_reads_at_once_than_said() {
        for (at_once, expect) in [(0, 1), (1, 1), (2, 2), (9, 3)] {
            let mut scan = Scan::new(tables(3), Depth::Full, Budget::unlimited(), at_once);
            let sent = std::iter::from_fn(|| matches!(scan.next(), Step::Read(_)).then_some(())).count();
            assert_eq!(sent, expect, "{at_once}");
            assert!(matches!(scan.next(), Step::Wait));
        }
    }

    #[test]
    fn a_read_under_way_may_leave_room_for_another() {
        let mut scan = Scan::new(tables(2), Depth::Full, Budget::limited(Rcu::units(150)), 2);
        let first = read(&mut scan);
        assert!(matches!(scan.next(), Step::Wait), "the page is set aside at its worst case");
        answered(&mut scan, &first.table, (1, None), 1);
        assert_eq!(read(&mut scan).limit, None, "it cost less");
    }

    #[test]
    fn the_last_of_a_budget_goes_to_tables_of_which_nothing_was_read() {
        for items in [0, 10] {
            let mut scan = Scan::new(tables(1), Depth::Full, Budget::limited(Rcu::units(180)), 1);
            let first = read(&mut scan);
            answered(&mut scan, &first.table, (items, Some(at(1))), 100);
            assert!(matches!(scan.next(), Step::Done), "80 units would be a small page");
            assert_eq!(scan.take_ended()[0].1, Outcome::OutOfBudget);
        }
    }

    #[test]
    fn a_table_in_parts_ends_once_with_the_worst_of_them() {
        let mut scan = Scan::new(tables(1), Depth::Full, Budget::unlimited(), 2);
        let Step::Read(request) = scan.next() else { panic!("a read") };
        let first = scan.split(request, 3);
        assert_eq!(first.segment, Some(Segment { number: 0, of: 3 }));
        let mut seen = vec![0];
        let answer = |scan: &mut Scan, request: PageRequest, result| {
            let (table, segment) = (request.table, request.segment);
            scan.absorb(Receipt { table, segment, result, cost: Some(Rcu::units(1)) });
        };
        answer(&mut scan, first, Err(Gap::Unsupported));
        assert!(scan.take_ended().is_empty(), "two parts are still to be read");
        while let Step::Read(request) = scan.next() {
            seen.extend(request.segment.map(|s| s.number));
            answer(&mut scan, request, Ok((1, None)));
        }
        assert_eq!(seen, [0, 1, 2]);
        assert!(matches!(scan.take_ended().as_slice(), [(_, Outcome::Stopped(Gap::Unsupported))]));
    }

    #[test]
    fn the_silence_of_one_account_says_nothing_of_another() {
        let other = Arc::new(Scope {
            partition: "aws".into(),
            account: "444455556666".into(),
            region: "eu-west-1".into(),
            endpoint: None,
        });
        let elsewhere = TableRef::new(&other, "t");
        let all = tables(3).into_iter().chain([elsewhere.clone()]);
        let mut scan = Scan::new(all, Depth::Full, Budget::unlimited(), 1);
        let silent = Gap::Failed(Failure {
            kind: FailureKind::Unreachable,
            message: "no answer in time".into(),
            next: String::new(),
        });
        let Step::Read(request) = scan.next() else { panic!("a read") };
        scan.absorb(Receipt { table: request.table, segment: None, result: Err(silent), cost: None });
        assert_eq!(scan.take_ended().len(), 3);
        assert!(matches!(scan.next(), Step::Read(request) if request.table == elsewhere));
    }

    #[test]
    fn a_small_budget_still_reads_a_little_of_each_table() {
        for (budget, count, asked) in [
            (49, 1, vec![]),
            (50, 1, vec![Some(1)]),
            (100, 2, vec![Some(2), Some(1)]),
            (128, 1, vec![Some(2)]),
            (129, 2, vec![None, Some(2)]),
            (1000, 2, vec![None, None]),
        ] {
            let mut scan = Scan::new(tables(count), Depth::Full, Budget::limited(Rcu::units(budget)), 1);
            let mut limits = Vec::new();
            loop {
                match scan.next() {
                    Step::Read(request) => {
                        limits.push(request.limit);
                        let result = Ok((u64::from(request.limit.unwrap_or(100)), None));
                        let cost = Some(Rcu::units(1));
                        scan.absorb(Receipt { table: request.table, segment: request.segment, result, cost });
                    }
                    Step::Wait => unreachable!("one at a time"),
                    Step::Done => break,
                }
            }
            assert_eq!(limits, asked, "{budget} RCU");
            assert_eq!(scan.take_ended().len(), count);
        }
        assert!(LEAST >= worst_case(Some(1)) && worst_case(Some(PAGE_ITEMS as u32)) == Rcu::PAGE);
    }

    #[test]
    fn a_silent_service_is_not_waited_for_again() {
        let silent = || {
            Gap::Failed(Failure {
                kind: FailureKind::Unreachable,
                message: "no answer in time".into(),
                next: String::new(),
            })
        };
        // Ten tables are read two at a time: how many reads are sent when those of `lost` have no answer, and those of
        // `refused` are refused, which is one.
        let check_refused = |lost: &dyn Fn(usize) -> bool, refused: &dyn Fn(usize) -> bool, expect: usize| {
            let mut scan = Scan::new(tables(10), Depth::Full, Budget::unlimited(), 2);
            let (mut sent, mut flying) = (0, VecDeque::new());
            loop {
                match scan.next() {
                    Step::Read(request) => {
                        flying.push_back((sent, request.table));
                        sent += 1;
                    }
                    Step::Wait => {
                        let (n, table) = flying.pop_front().expect("it waits for something");
                        let result = match n {
                            n if lost(n) => Err(silent()),
                            n if refused(n) => Err(Gap::Unsupported),
                            _ => Ok((1, None)),
                        };
                        scan.absorb(Receipt { table, segment: None, result, cost: None });
                    }
                    Step::Done => break,
                }
            }
            assert_eq!(scan.take_ended().len(), 10);
            assert_eq!(sent, expect);
        };
        let check = |lost: &dyn Fn(usize) -> bool, expect| check_refused(lost, &|_| false, expect);
        check(&|_| false, 10);
        check(&|_| true, 2);
        check_refused(&|n| n == 2, &|n| n < 2, 10);
        // One among others that are answered is one alone.
        check(&|n| n == 3, 10);
    }

    #[test]
    fn a_cancelled_read_counts_at_its_worst_case() {
        let mut scan = Scan::new(tables(2), Depth::Full, Budget::limited(Rcu::units(1000)), 1);
        assert!(matches!(scan.next(), Step::Read(_)));
        assert_eq!(scan.open().count(), 2);
        assert_eq!(scan.cancel().spent(), Rcu::PAGE);
    }

    /// How a made-up service answers one read: items, whether there is more, a failure, the cost in percent of
    /// the worst case, and whether the answer tells its cost.
    type Answer = (u64, bool, bool, u64, bool);

    proptest! {
        /// Whatever the answers, in whatever order: every table ends exactly once, the budget is never
        /// exceeded, and no sample asks for more than is left of it.
        #[test]
        fn every_table_ends_once_within_the_budget(
            count in 0usize..6,
            sample in prop::option::of(0u32..40),
            limit in 0u64..1500,
            at_once in 0usize..5,
            parts in 0u32..4,
            answers in prop::collection::vec(any::<(u8, bool, bool, u8, bool)>(), 1..40),
            order in prop::collection::vec(any::<prop::sample::Index>(), 1..40),
        ) {
            let depth = sample.map_or(Depth::Full, Depth::Sample);
            let budget = Budget::limited(Rcu::units(limit));
            let mut scan = Scan::new(tables(count), depth, budget, at_once);
            let mut flying: Vec<PageRequest> = Vec::new();
            let mut ended: BTreeMap<TableRef, Outcome> = BTreeMap::new();
            for turn in 0.. {
                prop_assert!(turn < 20_000, "it never ends");
                match scan.next() {
                    Step::Read(request) => {
                        prop_assert!(request.limit != Some(0));
                        // A full read is cut down only to what the budget still covers.
                        let most = sample.unwrap_or(PAGE_ITEMS as u32);
                        prop_assert!(request.limit.is_none_or(|n| n <= most));
                        let request = scan.split(request, parts);
                        prop_assert!(request.segment.is_none() || sample.is_none());
                        flying.push(request);
                    }
                    Step::Wait => {
                        prop_assert!(!flying.is_empty(), "it waits for nothing");
                        let request = flying.swap_remove(order[turn % order.len()].index(flying.len()));
                        let (items, more, fails, percent, tells) = answers[turn % answers.len()];
                        let (items, more, fails, percent, tells): Answer =
                            (u64::from(items), more, fails && percent > 200, u64::from(percent % 101), tells);
                        let worst = worst_case(request.limit);
                        // No read is free: pages without end that cost nothing would have no reason to end.
                        let cost = (worst.as_f64() * percent as f64 / 100.0).floor().max(0.5);
                        let cost = Rcu::from_f64(cost);
                        let result = if fails {
                            Err(Gap::Unsupported)
                        } else {
                            Ok((items.min(request.limit.map_or(u64::MAX, u64::from)), more.then(|| at(turn as u64))))
                        };
                        scan.absorb(Receipt { table: request.table, segment: request.segment, result, cost: tells.then_some(cost) });
                    }
                    Step::Done => break,
                }
                for (table, outcome) in scan.take_ended() {
                    prop_assert!(ended.insert(table, outcome).is_none(), "a table ended twice");
                }
                prop_assert!(scan.budget().spent() <= Rcu::units(limit));
            }
            for (table, outcome) in scan.take_ended() {
                prop_assert!(ended.insert(table, outcome).is_none(), "a table ended twice");
            }
            prop_assert_eq!(ended.len(), count);
        }
    }
}
