//! Reading many tables fairly: one page of each in turn, until all is read or the budget is used up.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::domain::{Cursor, Failure, FailureKind, Gap, PageRequest, Rcu, Read, Scope, Segment, TableRef};
use crate::scan::{Budget, Cycle, Division, Reservation};

/// Number of consecutive pages without an item that end a table: the service may give a few of them (an
/// emptied partition), but one that gives nothing else would cost half a unit each for ever.
pub const EMPTY_PAGES: u32 = 32;

/// Number of items from which on a page costs no more in the worst case: 1 MB is less than three items of 400 KB.
const PAGE_ITEMS: usize = 3;

/// How often in a row a part is asked for again that the service was too busy for. Whoever sends waits longer each time.
const PATIENCE: u32 = 8;

/// The least budget with which anything can be read: one item of 400 KB.
pub const LEAST: Rcu = Rcu::ITEM;

/// How far a table is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Depth {
    /// Maximum number of items of each table.
    Sample(u32),
    /// This many percent of the items of each table, and [`LEAST_ITEMS`] at least.
    Percent(u8),
    /// Everything.
    Full,
}

impl Depth {
    /// The most items to read of a table that counts so many; `None` for all of them.
    pub fn most(self, items: u64) -> Option<u32> {
        match self {
            Self::Full => None,
            Self::Sample(most) => Some(most),
            Self::Percent(percent) => {
                let part = items.saturating_mul(u64::from(percent)).div_ceil(100);
                Some(u32::try_from(part).unwrap_or(u32::MAX).max(LEAST_ITEMS))
            }
        }
    }
}

/// Of a percentage, the least number of items that are read of a table.
pub const LEAST_ITEMS: u32 = 200;

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
        /// Together they are an [`Outcome::Extract`].
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        extract: bool,
    },
    /// All that was given of it, which is not, or need not be, all that there is: files without a manifest, changes, what a
    /// filter let through.
    Extract,
    /// A sample, as planned.
    Sampled,
    /// The budget did not allow for more.
    OutOfBudget,
    /// It could not be read, or not to where it was planned.
    Stopped(Gap),
}

/// One way through a table, or through a part of it.
struct Lane {
    segment: Option<Segment>,
    /// The most items to read of it; `None` for all.
    most: Option<u32>,
    items: u64,
    /// Pages without an item since the last one that had some.
    empty: u32,
    /// How often in a row the service was too busy.
    throttled: u32,
    start: Option<Cursor>,
    cycle: Cycle,
}

impl Lane {
    fn new(segment: Option<Segment>, most: Option<u32>) -> Self {
        let cycle = Cycle::default();
        Self { segment, most, items: 0, empty: 0, throttled: 0, start: None, cycle }
    }
}

/// A lane whose read is under way.
struct Flight {
    table: TableRef,
    lane: Lane,
    reserved: Reservation,
    /// How many answers there were in its account and Region when its read was sent.
    sent_after: u64,
}

/// A table that did not end yet.
struct Reading {
    /// Its parts that wait, the one that is furthest first.
    waiting: VecDeque<Lane>,
    flying: usize,
    /// Reads of it under way at most.
    at_once: usize,
    /// An item of it was asked for.
    touched: bool,
    /// How the worst of its parts ended.
    worst: Option<Outcome>,
    /// It stands in the queue.
    queued: bool,
}

/// The worse of two ends of parts of one table: what the table as a whole can be said to have been read to.
pub fn worse(a: Option<Outcome>, b: Outcome) -> Outcome {
    let rank = |o: &Outcome| match o {
        Outcome::Whole => 0,
        Outcome::Share { .. } => 1,
        Outcome::Extract => 2,
        Outcome::Sampled => 3,
        Outcome::OutOfBudget => 4,
        Outcome::Stopped(_) => 5,
    };
    match a {
        Some(a) if rank(&a) >= rank(&b) => a,
        _ => b,
    }
}

/// The state of a scan over several tables.
pub struct Scan {
    budget: Budget,
    tables: BTreeMap<TableRef, Reading>,
    /// Tables with a part that waits, in their turn.
    queue: VecDeque<TableRef>,
    flying: Vec<Flight>,
    ended: Vec<(TableRef, Outcome)>,
    /// Parts that were read to their end.
    parts: Vec<(TableRef, Segment)>,
    at_once: usize,
    /// How many reads are under way at most at present: fewer while the service is too busy.
    width: f64,
    /// Answers so far, of any table of an account and Region.
    answers: BTreeMap<Arc<Scope>, u64>,
}

impl Scan {
    /// A scan of these tables, `at_once` reads under way at most. Each is one part until it is divided.
    pub fn new(
        tables: impl IntoIterator<Item = TableRef>,
        depth: Depth,
        budget: Budget,
        at_once: usize,
    ) -> Self {
        let most = depth.most(0);
        let reading = || Reading {
            waiting: VecDeque::from([Lane::new(None, most)]),
            flying: 0,
            at_once: 1,
            touched: false,
            worst: None,
            queued: true,
        };
        let queue: VecDeque<TableRef> = tables.into_iter().collect();
        let tables = queue.iter().map(|table| (table.clone(), reading())).collect();
        let at_once = at_once.max(1);
        Self {
            budget,
            tables,
            queue,
            flying: Vec::new(),
            ended: Vec::new(),
            parts: Vec::new(),
            at_once,
            width: at_once as f64,
            answers: BTreeMap::new(),
        }
    }

    /// Divides a table whose first read was asked for and not sent yet: that read, as the division has it; `None` where
    /// nothing of it is left to read, which is then its end. Of any other read nothing changes.
    pub fn divide(&mut self, request: PageRequest, division: &Division) -> Option<PageRequest> {
        let fresh = request.start.is_none() && request.segment.is_none();
        let lane = self.flying.iter().position(|f| f.table == request.table && f.lane.segment.is_none());
        let (true, Some(at)) = (fresh, lane) else { return Some(request) };
        let mut lanes = division.lanes().map(|(segment, most)| Lane::new(segment, most));
        let Some(first) = lanes.next() else {
            let flight = self.flying.swap_remove(at);
            self.budget.settle(flight.reserved, Some(Rcu::ZERO));
            if let Some(reading) = self.tables.get_mut(&flight.table) {
                reading.flying = 0;
            }
            self.end(&flight.table, Outcome::Whole);
            return None;
        };
        let smaller = |limit: Option<u32>| match (limit, first.most) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        let request = PageRequest { segment: first.segment, limit: smaller(request.limit), ..request };
        self.flying[at].lane = first;
        if let Some(reading) = self.tables.get_mut(&request.table) {
            reading.waiting.extend(lanes);
            reading.at_once = division.at_once.max(1);
        }
        self.enqueue(&request.table);
        Some(request)
    }

    /// Puts a table into the queue if a part of it waits.
    fn enqueue(&mut self, table: &TableRef) {
        let Some(reading) = self.tables.get_mut(table) else { return };
        if !reading.queued && !reading.waiting.is_empty() {
            reading.queued = true;
            self.queue.push_back(table.clone());
        }
    }

    /// A part of a table ended; the table does with the last of its parts.
    fn end(&mut self, table: &TableRef, outcome: Outcome) {
        let Some(reading) = self.tables.get_mut(table) else { return };
        let worst = worse(reading.worst.take(), outcome);
        if reading.flying > 0 || !reading.waiting.is_empty() {
            reading.worst = Some(worst);
            return;
        }
        self.tables.remove(table);
        self.ended.push((table.clone(), worst));
    }

    /// What to do next. A page that the budget cannot cover in the worst case is not asked for.
    #[expect(clippy::should_implement_trait, reason = "a scan is fed between two steps: no iterator")]
    pub fn next(&mut self) -> Step {
        if self.flying.len() >= (self.width as usize).max(1) {
            return Step::Wait;
        }
        // Each table has its turn once; whoever had it and may not go on comes after the others.
        let mut turns = self.queue.len();
        while turns > 0 {
            turns -= 1;
            let Some(table) = self.queue.pop_front() else { break };
            let Some(reading) = self.tables.get_mut(&table) else { continue };
            reading.queued = false;
            if reading.flying >= reading.at_once {
                self.enqueue(&table);
                continue;
            }
            let Some(lane) = reading.waiting.pop_front() else { continue };
            let limit = lane.most.map(|most| left_of(most, lane.items));
            if limit == Some(0) {
                self.end(&table, Outcome::Sampled);
                self.enqueue(&table);
                turns = self.queue.len();
                continue;
            }
            let (limit, reserved) = match self.budget.reserve(worst_case(limit)) {
                Some(reserved) => (limit, reserved),
                // An answer under way may cost less than it reserved: then there is room again.
                None if !self.flying.is_empty() => {
                    reading.waiting.push_front(lane);
                    reading.queued = true;
                    self.queue.push_front(table);
                    return Step::Wait;
                }
                None => match small(&mut self.budget, reading.touched) {
                    Some((limit, reserved)) => (Some(limit), reserved),
                    None => {
                        self.end(&table, Outcome::OutOfBudget);
                        self.enqueue(&table);
                        turns = self.queue.len();
                        continue;
                    }
                },
            };
            reading.flying += 1;
            reading.touched = true;
            let request = PageRequest {
                table: table.clone(),
                index: None,
                read: Read::Scan,
                limit,
                start: lane.start.clone(),
                counts: false,
                segment: lane.segment,
            };
            self.enqueue(&table);
            let sent_after = self.answers.get(&table.scope).copied().unwrap_or_default();
            self.flying.push(Flight { table, lane, reserved, sent_after });
            return Step::Read(request);
        }
        if self.flying.is_empty() { Step::Done } else { Step::Wait }
    }

    /// Takes in an answer; one that was not asked for is ignored.
    pub fn absorb(&mut self, receipt: Receipt) {
        let same = |f: &Flight| f.table == receipt.table && f.lane.segment == receipt.segment;
        let Some(at) = self.flying.iter().position(same) else { return };
        let Flight { table, mut lane, reserved, sent_after } = self.flying.swap_remove(at);
        self.budget.settle(reserved, receipt.cost);
        if let Some(reading) = self.tables.get_mut(&table) {
            reading.flying -= 1;
        }
        let answers = self.answers.entry(Arc::clone(&table.scope)).or_default();
        let (items, next) = match receipt.result {
            Err(gap) => {
                let is = |kind| matches!(&gap, Gap::Failed(failure) if failure.kind == kind);
                let (is_silent, is_busy) = (is(FailureKind::Unreachable), is(FailureKind::Throttled));
                match is_silent {
                    // Nobody there was answered while it waited: the others would wait as long, and for nothing.
                    true if sent_after == *answers => self.give_up(&table.scope, &gap),
                    true => {}
                    false => *answers += 1,
                }
                if is_busy && lane.throttled < PATIENCE {
                    lane.throttled += 1;
                    self.width = (self.width / 2.0).max(1.0);
                    return self.go_on(&table, lane);
                }
                self.end(&table, Outcome::Stopped(gap));
                return self.enqueue(&table);
            }
            Ok(answer) => answer,
        };
        *answers += 1;
        self.width = (self.width + 1.0 / self.width).min(self.at_once as f64);
        lane.throttled = 0;
        lane.items = lane.items.saturating_add(items);
        lane.empty = if items == 0 { lane.empty + 1 } else { 0 };
        let enough = lane.most.is_some_and(|most| lane.items >= u64::from(most));
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
            Some(outcome) => {
                // Of a sample, a part says nothing: the next run takes another.
                if outcome == Outcome::Whole
                    && lane.most.is_none()
                    && let Some(segment) = lane.segment
                {
                    self.parts.push((table.clone(), segment));
                }
                self.end(&table, outcome);
                self.enqueue(&table);
            }
            None => self.go_on(&table, lane),
        }
    }

    /// A part is read on before others of its table are begun.
    fn go_on(&mut self, table: &TableRef, lane: Lane) {
        if let Some(reading) = self.tables.get_mut(table) {
            reading.waiting.push_front(lane);
        }
        self.enqueue(table);
    }

    /// Nothing that waits in this account and Region is asked for any more.
    fn give_up(&mut self, scope: &Arc<Scope>, gap: &Gap) {
        let there: Vec<TableRef> = self.tables.keys().filter(|t| t.scope == *scope).cloned().collect();
        for table in there {
            let Some(reading) = self.tables.get_mut(&table) else { continue };
            if !std::mem::take(&mut reading.waiting).is_empty() {
                self.end(&table, Outcome::Stopped(gap.clone()));
            }
        }
    }

    /// How tables ended since the last call.
    pub fn take_ended(&mut self) -> Vec<(TableRef, Outcome)> {
        std::mem::take(&mut self.ended)
    }

    /// The parts of tables that were read to their end since the last call.
    pub fn take_parts(&mut self) -> Vec<(TableRef, Segment)> {
        std::mem::take(&mut self.parts)
    }

    /// The budget.
    pub fn budget(&self) -> &Budget {
        &self.budget
    }

    /// The tables that did not end yet: still to be read, or under way.
    pub fn open(&self) -> impl Iterator<Item = &TableRef> {
        self.tables.keys()
    }

    /// Gives up: what is under way counts at its worst case.
    pub fn cancel(mut self) -> Budget {
        for flight in self.flying.drain(..) {
            self.budget.settle(flight.reserved, None);
        }
        self.budget
    }
}

/// A page as small as the budget needs it, for a table of which nothing was read yet: a glance at each table is worth more
/// than the last items of one.
fn small(budget: &mut Budget, touched: bool) -> Option<(u32, Reservation)> {
    let left = budget.left().filter(|_| !touched)?;
    let limit = (1..).take_while(|n| worst_case(Some(*n)) <= left).take(PAGE_ITEMS).last()?;
    Some((limit, budget.reserve(worst_case(Some(limit)))?))
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
        let first = scan.divide(request, &Division::into_parts(3, None)).expect("there is something to read");
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
        let whole: Vec<u32> = scan.take_parts().into_iter().map(|(_, segment)| segment.number).collect();
        assert_eq!(whole, [1, 2]);
    }

    #[test]
    fn a_table_of_which_all_was_read_before_ends_at_once() {
        let mut scan = Scan::new(tables(2), Depth::Full, Budget::limited(Rcu::units(200)), 2);
        let request = read(&mut scan);
        assert!(scan.divide(request, &Division::into_parts(0, None)).is_none());
        assert!(matches!(scan.take_ended().as_slice(), [(_, Outcome::Whole)]));
        assert_eq!((scan.budget().spent(), scan.open().count()), (Rcu::ZERO, 1));
        assert!(matches!(scan.next(), Step::Read(_)));
    }

    #[test]
    fn a_part_is_read_on_before_others_are_begun() {
        let mut scan = Scan::new(tables(1), Depth::Full, Budget::unlimited(), 8);
        let first = read(&mut scan);
        let mut division = Division::into_parts(5, None);
        division.at_once = 2;
        let first = scan.divide(first, &division).expect("there is something to read");
        let second = read(&mut scan);
        assert!(matches!(scan.next(), Step::Wait), "two at once");
        let numbers = |a: &PageRequest, b: &PageRequest| [a, b].map(|r| r.segment.expect("parts").number);
        assert_eq!(numbers(&first, &second), [0, 1]);
        let receipt = |of: PageRequest, next| Receipt {
            table: of.table,
            segment: of.segment,
            result: Ok((1, next)),
            cost: None,
        };
        scan.absorb(receipt(second, Some(at(7))));
        let again = read(&mut scan);
        assert_eq!((again.segment.map(|s| s.number), again.start.is_some()), (Some(1), true));
        scan.absorb(receipt(first, None));
        assert_eq!(read(&mut scan).segment.map(|s| s.number), Some(2));
    }

    #[test]
    fn a_busy_service_is_asked_again_and_by_fewer() {
        let busy = || {
            let (message, next) = (String::from("slow down"), String::new());
            Err(Gap::Failed(Failure { kind: FailureKind::Throttled, message, next }))
        };
        let receipt = |of: PageRequest, result| Receipt {
            table: of.table,
            segment: of.segment,
            result,
            cost: Some(Rcu::ZERO),
        };
        let mut scan = Scan::new(tables(8), Depth::Full, Budget::unlimited(), 8);
        let flying: Vec<PageRequest> = (0..8).map(|_| read(&mut scan)).collect();
        for request in flying {
            scan.absorb(receipt(request, busy()));
        }
        assert!(scan.take_ended().is_empty(), "none is given up");
        let request = read(&mut scan);
        assert!(matches!(scan.next(), Step::Wait), "one at a time");
        scan.absorb(receipt(request, Ok((1, None))));
        read(&mut scan);
        read(&mut scan);
        // One that stays busy is given up, and its table with it.
        let mut scan = Scan::new(tables(1), Depth::Full, Budget::unlimited(), 8);
        let mut asked = 0;
        while let Step::Read(request) = scan.next() {
            asked += 1;
            scan.absorb(receipt(request, busy()));
        }
        assert_eq!(asked, PATIENCE + 1);
        assert!(matches!(scan.take_ended().as_slice(), [(_, Outcome::Stopped(_))]));
        assert_eq!(scan.budget().spent(), Rcu::ZERO);
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
                        let each = sample.map(|most| most.div_ceil(parts.max(1)));
                        let division = Division::into_parts(parts, each);
                        flying.extend(scan.divide(request, &division));
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
