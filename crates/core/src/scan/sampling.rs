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
    /// It is in the parts in which it is read.
    divided: bool,
    /// Parts of which all that was to be read of them was, and that have more.
    sampled: Vec<Lane>,
    /// Items of a sample that parts did not have: others give them.
    spare: u32,
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
    /// How many of those under way are answered, and rest until they are taken in: they keep nobody busy.
    resting: usize,
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
            divided: false,
            sampled: Vec::new(),
            spare: 0,
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
            resting: 0,
            answers: BTreeMap::new(),
        }
    }

    /// Divides a table whose first read was asked for and not sent yet: that read, as the division has it; `None` where
    /// nothing of it is left to read, which is then its end. Of any other read nothing changes.
    pub fn divide(&mut self, request: PageRequest, division: &Division) -> Option<PageRequest> {
        // One that is asked for again, since the service was too busy, is divided already.
        let fresh = self.tables.get(&request.table).is_some_and(|reading| !reading.divided);
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
            reading.divided = true;
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
        reading.worst = Some(worse(reading.worst.take(), outcome));
        self.settle(table);
    }

    /// Ends a table of which nothing is under way or waits.
    fn settle(&mut self, table: &TableRef) {
        let Some(reading) = self.tables.get_mut(table) else { return };
        if reading.flying > 0 || !reading.waiting.is_empty() {
            return;
        }
        let sampled = (!reading.sampled.is_empty()).then_some(Outcome::Sampled);
        let worst = match (reading.worst.take(), sampled) {
            (worst, Some(sampled)) => worse(worst, sampled),
            (worst, None) => worst.unwrap_or(Outcome::Whole),
        };
        self.tables.remove(table);
        self.ended.push((table.clone(), worst));
    }

    /// What to do next. A page that the budget cannot cover in the worst case is not asked for.
    #[expect(clippy::should_implement_trait, reason = "a scan is fed between two steps: no iterator")]
    pub fn next(&mut self) -> Step {
        if self.flying.len().saturating_sub(self.resting) >= (self.width as usize).max(1) {
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
                reading.sampled.push(lane);
                self.settle(&table);
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
                // What is true of the table, and not of this read, the others would hear as well.
                if (is_busy || is_of_table(&gap))
                    && let Some(reading) = self.tables.get_mut(&table)
                {
                    reading.waiting.clear();
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
            Some(Outcome::Sampled) => {
                if let Some(reading) = self.tables.get_mut(&table) {
                    reading.sampled.push(lane);
                    reading.share_out();
                }
                self.settle(&table);
                self.enqueue(&table);
            }
            Some(outcome) => {
                if let (Some(most), Some(reading)) = (lane.most, self.tables.get_mut(&table)) {
                    reading.spare = reading.spare.saturating_add(left_of(most, lane.items));
                    reading.share_out();
                }
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

    /// How many of the answers are held back for a while: others may be asked meanwhile.
    pub fn rest(&mut self, resting: usize) {
        self.resting = resting;
    }

    /// Whether a part of a table waits to be read.
    pub fn waits(&self, table: &TableRef) -> bool {
        self.tables.get(table).is_some_and(|reading| !reading.waiting.is_empty())
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

impl Reading {
    /// What some parts of a sample did not have, others give: one that waits, or else one that has more.
    fn share_out(&mut self) {
        if self.spare == 0 {
            return;
        }
        if self.waiting.is_empty() {
            self.waiting.extend(self.sampled.pop());
        }
        if let Some(lane) = self.waiting.front_mut() {
            lane.most = lane.most.map(|most| most.saturating_add(std::mem::take(&mut self.spare)));
        }
    }
}

/// Whether a gap is that of a table, whichever part of it is asked for.
fn is_of_table(gap: &Gap) -> bool {
    use FailureKind::{Expired, NoCredentials, NotFound};
    match gap {
        Gap::Denied(..) | Gap::Unsupported => true,
        Gap::Failed(failure) => matches!(failure.kind, Expired | NoCredentials | NotFound),
        Gap::NotAsked | Gap::Pending | Gap::NotUnderstood(_) | Gap::Cut(_) => false,
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
mod tests;
