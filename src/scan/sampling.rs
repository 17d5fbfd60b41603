//! Reading many tables fairly: one page of each in turn, until all is read or the budget is used up.

use std::collections::VecDeque;

use crate::domain::{Cursor, Gap, PageRequest, Rcu, Read, TableRef};
use crate::scan::{Budget, Reservation};

/// How far a table is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// So many items of each table at the most.
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
    /// Items looked at, and where to go on; or why there is no answer.
    pub result: Result<(u64, Option<Cursor>), Gap>,
    /// What it cost, where the answer says.
    pub cost: Option<Rcu>,
}

/// How the reading of a table ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// To its end.
    Whole,
    /// A sample, as planned.
    Sampled,
    /// The budget did not allow for more.
    OutOfBudget,
    /// It could not be read, or not to where it was planned.
    Stopped(Gap),
}

struct Lane {
    table: TableRef,
    items: u64,
    start: Option<Cursor>,
    flight: Option<Reservation>,
}

/// The state of a scan over several tables.
pub struct Scan {
    depth: Depth,
    budget: Budget,
    waiting: VecDeque<Lane>,
    flying: Vec<Lane>,
    ended: Vec<(TableRef, Outcome)>,
    at_once: usize,
}

impl Scan {
    /// A scan of these tables, `at_once` reads under way at most.
    pub fn new(
        tables: impl IntoIterator<Item = TableRef>,
        depth: Depth,
        budget: Budget,
        at_once: usize,
    ) -> Self {
        let lane = |table| Lane { table, items: 0, start: None, flight: None };
        let waiting = tables.into_iter().map(lane).collect();
        Self { depth, budget, waiting, flying: Vec::new(), ended: Vec::new(), at_once: at_once.max(1) }
    }

    /// What to do next. A page that the budget cannot cover in the worst case is not asked for.
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
                Depth::Sample(most) => Some((u64::from(most) - lane.items) as u32),
            };
            let Some(reservation) = self.budget.reserve(worst_case(limit)) else {
                // An answer under way may cost less than it reserved: then there is room again.
                if self.flying.is_empty() {
                    self.ended.push((lane.table, Outcome::OutOfBudget));
                    continue;
                }
                self.waiting.push_front(lane);
                return Step::Wait;
            };
            let request = PageRequest {
                table: lane.table.clone(),
                index: None,
                read: Read::Scan,
                limit,
                start: lane.start.clone(),
            };
            lane.flight = Some(reservation);
            self.flying.push(lane);
            return Step::Read(request);
        }
    }

    /// Takes in an answer; one that was not asked for is ignored.
    pub fn absorb(&mut self, receipt: Receipt) {
        let Some(at) = self.flying.iter().position(|l| l.table == receipt.table) else { return };
        let mut lane = self.flying.swap_remove(at);
        if let Some(reservation) = lane.flight.take() {
            self.budget.settle(reservation, receipt.cost);
        }
        match receipt.result {
            Err(gap) => self.ended.push((lane.table, Outcome::Stopped(gap))),
            Ok((items, next)) => {
                lane.items += items;
                lane.start = next;
                let enough = matches!(self.depth, Depth::Sample(most) if lane.items >= u64::from(most));
                match (&lane.start, enough) {
                    (None, _) => self.ended.push((lane.table, Outcome::Whole)),
                    (Some(_), true) => self.ended.push((lane.table, Outcome::Sampled)),
                    (Some(_), false) => self.waiting.push_back(lane),
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

/// The most that one page can cost: so many items of 400 KB, and never more than 1 MB.
pub fn worst_case(limit: Option<u32>) -> Rcu {
    limit.map_or(Rcu::PAGE, |n| Rcu::ITEM.times(u64::from(n)).min(Rcu::PAGE))
}
