//! Reading items: which tables, how far, at what cost, and when it is done.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use jiff::Timestamp;

use super::{Awaited, Engine, Folded, News, PlaceId, Question};
use crate::audit::AuditEvent;
use crate::domain::{
    FactKind, Failure, FailureKind, Gap, PageRequest, Rcu, Segment, TableDescription, TableRef,
};
use crate::engine::AskId;
use crate::scan::{Budget, Depth, Division, Outcome, Pace, Receipt, Scan, Share, Sizes, Step};

/// How long a part rests that the service was too busy for: the first time, and at most.
const RESTS: (Duration, Duration) = (Duration::from_millis(400), Duration::from_secs(20));

/// What is to be read.
#[derive(Debug, Clone)]
pub struct Reach {
    /// These tables.
    pub tables: Vec<TableRef>,
    /// How far.
    pub depth: Depth,
    /// At what cost at the most.
    pub budget: Budget,
}

/// How reading ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// Tables that were to be read.
    pub tables: usize,
    /// Those of them that could not be read as far as planned.
    pub short: usize,
    /// Items that were read.
    pub items: u64,
    /// What was spent; an answer that was lost counts at its worst case.
    pub spent: Rcu,
}

/// Items being read.
pub struct Reading {
    /// When it began.
    pub since: Timestamp,
    /// Tables to read.
    pub tables: usize,
    /// Tables that ended.
    pub ended: usize,
    /// Those that could not be read as far as planned.
    pub short: usize,
    /// Items that were read.
    pub items: u64,
    depth: Depth,
    scan: Scan,
    /// How often in a row the service was too busy for a table.
    busy: BTreeMap<TableRef, u32>,
    /// Of tables that an earlier run read in part, the parts that it did, and of how many.
    finished: BTreeMap<TableRef, (u32, BTreeSet<u32>)>,
    /// Bytes of all tables, once the first was divided: later ones are divided by the same measure.
    bytes: Option<u64>,
    /// Tables of which a page has come: what was known of their items before is dropped.
    begun: BTreeSet<TableRef>,
    /// Reads that wait for the table's description and time to live: the detector wants its key, the pace its capacity,
    /// the checks what is in the attribute.
    held: Vec<PageRequest>,
    /// Nothing more is asked for until somebody goes on.
    paused: bool,
    /// Answers that are taken in only after a rest, so that the application keeps its share of the capacity.
    resting: Vec<(Timestamp, Receipt)>,
}

impl Reading {
    /// What reading has cost so far.
    pub fn spent(&self) -> Rcu {
        self.scan.budget().spent()
    }

    /// Whether it was stopped for a while.
    pub const fn is_paused(&self) -> bool {
        self.paused
    }

    /// The tables whose facts reading waits for.
    pub fn held(&self) -> impl Iterator<Item = &TableRef> {
        self.held.iter().map(|request| &request.table)
    }
}

impl Engine {
    /// Items being read, if any are.
    pub fn reading(&self) -> Option<&Reading> {
        self.reading.as_ref()
    }

    /// Begins to read items; what is under way is given up. Tables whose reading ended as planned in a run that was
    /// restored are left out.
    pub fn read(&mut self, reach: Reach, now: Timestamp) {
        let Reach { mut tables, depth, budget } = reach;
        let restored = std::mem::take(&mut self.restored);
        // Of a table that was not listed this time nobody can be asked.
        tables.retain(|table| !restored.contains(table) && self.owner.contains_key(table));
        let count = tables.len();
        let finished = std::mem::take(&mut self.finished);
        let begun = tables.iter().filter(|table| finished.contains_key(*table)).cloned().collect();
        let scan = Scan::new(tables, depth, budget, self.config.at_once);
        self.reading = Some(Reading {
            since: now,
            tables: count,
            ended: 0,
            short: 0,
            items: 0,
            depth,
            scan,
            busy: BTreeMap::new(),
            finished,
            bytes: None,
            begun,
            held: Vec::new(),
            resting: Vec::new(),
            paused: false,
        });
    }

    /// Stops reading for a while, or goes on; whether it is stopped then. What is on its way still counts. None where nothing
    /// is read.
    pub fn pause_reading(&mut self) -> Option<bool> {
        let reading = self.reading.as_mut()?;
        reading.paused ^= true;
        Some(reading.paused)
    }

    /// Gives reading up: the questions that are not wanted any more, and what was spent. Tables that did not end say so
    /// if `ended` asks for it.
    pub fn stop_reading(&mut self, say_so: bool) -> Option<(Vec<AskId>, Rcu)> {
        let reading = self.reading.take()?;
        let is_page =
            |(id, (_, a)): (&AskId, &(PlaceId, Awaited))| matches!(a, Awaited::Page(..)).then_some(*id);
        let ids: Vec<AskId> = self.awaited.iter().filter_map(is_page).collect();
        for id in &ids {
            self.awaited.remove(id);
        }
        if say_so {
            let open: Vec<TableRef> = reading.scan.open().cloned().collect();
            for table in open {
                self.record(AuditEvent::Ended(table, Outcome::Stopped(Gap::NotAsked)));
            }
        }
        Some((ids, reading.scan.cancel().spent()))
    }

    /// How fast a table may be read; `None` while it is not described.
    pub fn pace(&self, table: &TableRef) -> Option<Pace> {
        let readers = self.config.share_of.map_or(1, |share| share.of);
        self.description(table).map(|d| Pace::of(d, self.config.share).among(readers))
    }

    fn description(&self, table: &TableRef) -> Option<&TableDescription> {
        self.audit.table(table)?.facts.description.known()
    }

    /// A page that somebody read to look at it counts, too, unless an audit counts for itself. `anew` where it is the
    /// first of a table that is read from its start. Whether it was counted.
    pub fn browsed(&mut self, table: &TableRef, page: Folded, limit: Option<u32>, anew: bool) -> bool {
        let counts = self.reading.is_none() && self.audit.table(table).is_some_and(|t| t.outcome.is_none());
        if counts {
            if anew {
                self.restart(table);
            }
            self.record(page.into_event(table.clone(), None, limit));
        }
        counts
    }

    /// What was seen in the items of a table is dropped, so that none counts twice.
    fn restart(&mut self, table: &TableRef) {
        let known = self.audit.table(table);
        if known.is_some_and(|t| t.items > 0 || t.records > 0 || t.outcome.is_some() || !t.flagged.is_empty())
        {
            self.record(AuditEvent::Restarted(table.clone()));
        }
    }

    pub(super) fn page(
        &mut self,
        place: PlaceId,
        table: TableRef,
        segment: Option<Segment>,
        limit: Option<u32>,
        result: Result<Folded, Gap>,
        now: Timestamp,
    ) -> Vec<News> {
        let Some(reading) = &mut self.reading else { return Vec::new() };
        let mut news = Vec::new();
        // Whether the table rests for others of its parts.
        let others_wait = reading.scan.waits(&table);
        let mut ready = now;
        let receipt = match result {
            Ok(page) => {
                if reading.begun.insert(table.clone()) {
                    self.restart(&table);
                }
                if page.next.is_some() || others_wait {
                    let pause = self.pace(&table).map(|pace| pace.pause(page.charged(limit)));
                    ready = later(now, pause.unwrap_or_default());
                }
                if let Some(reading) = &mut self.reading {
                    reading.items = reading.items.saturating_add(page.items);
                    reading.busy.remove(&table);
                }
                let (given, next, cost) = (page.given, page.next.clone(), page.cost);
                self.record(page.into_event(table.clone(), segment, limit));
                Receipt { table, segment, result: Ok((given, next)), cost }
            }
            Err(gap) => {
                let is_busy = matches!(&gap, Gap::Failed(Failure { kind: FailureKind::Throttled, .. }));
                if is_busy {
                    let times = reading.busy.entry(table.clone()).or_default();
                    ready = later(now, RESTS.0.saturating_mul(1 << (*times).min(8)).min(RESTS.1));
                    *times += 1;
                } else {
                    let what = format!("items of {table}");
                    news.push(News::Failed { place, what, gap: gap.clone(), settled: false });
                }
                let is_refused = matches!(gap, Gap::Denied(..) | Gap::Unsupported);
                // What was refused, for want of capacity or of leave, took none.
                let cost = (is_busy || is_refused).then_some(Rcu::ZERO);
                Receipt { table, segment, result: Err(gap), cost }
            }
        };
        if let Some(reading) = &mut self.reading {
            reading.resting.push((ready, receipt));
        }
        news
    }

    /// Sends what is to be read next. To be called after every answer and at every wake.
    pub fn go_on_reading(&mut self, now: Timestamp) -> Option<News> {
        let mut reading = self.reading.take()?;
        let (ready, resting) = reading.resting.into_iter().partition(|(at, _)| *at <= now);
        reading.resting = resting;
        let ready: Vec<(Timestamp, Receipt)> = ready;
        for (_, receipt) in ready {
            reading.scan.absorb(receipt);
        }
        if let Some(next) = reading.resting.iter().map(|(at, _)| *at).min() {
            self.wake_at(next);
        }
        reading.scan.rest(reading.resting.len());
        // First those that wait: a table that ends with one, having nothing left, makes room for another.
        let held = if reading.paused { Vec::new() } else { std::mem::take(&mut reading.held) };
        for request in held {
            if let Some(request) = self.send(&mut reading, request) {
                reading.held.push(request);
            }
        }
        let mut done = false;
        while !reading.paused {
            match reading.scan.next() {
                Step::Read(request) => {
                    if let Some(request) = self.send(&mut reading, request) {
                        reading.held.push(request);
                    }
                }
                Step::Wait => break,
                Step::Done => {
                    done = true;
                    break;
                }
            }
        }
        for (table, segment) in reading.scan.take_parts() {
            self.record(AuditEvent::Part(table, segment));
        }
        for (table, outcome) in reading.scan.take_ended() {
            let outcome = match (outcome, self.config.share_of) {
                (Outcome::Whole, Some(Share { number, of })) => Outcome::Share { number, of, extract: false },
                (outcome, _) => outcome,
            };
            reading.ended += 1;
            reading.short += usize::from(matches!(outcome, Outcome::OutOfBudget | Outcome::Stopped(_)));
            self.record(AuditEvent::Ended(table, outcome));
        }
        if done {
            let Reading { tables, short, items, .. } = reading;
            return Some(News::Done(Done { tables, short, items, spent: reading.scan.budget().spent() }));
        }
        self.reading = Some(reading);
        None
    }

    /// Asks for a page; the request back while it has to wait for the table's facts.
    fn send(&mut self, reading: &mut Reading, request: PageRequest) -> Option<PageRequest> {
        let Some(place) = self.place_of(&request.table).filter(|p| self.may_read(*p, &request.table)) else {
            return Some(request);
        };
        if let Some(request) = self.as_sent(reading, request) {
            let facts = self.audit.table(&request.table).map(|t| t.facts.clone()).unwrap_or_default();
            let awaited = Awaited::Page(request.table.clone(), request.segment, request.limit);
            self.ask(place, awaited, Question::Page(request, Box::new(facts)));
        }
        None
    }

    /// Whether the facts are there that a read waits for. While a place is in trouble they do not come.
    fn may_read(&self, place: PlaceId, table: &TableRef) -> bool {
        let facts = self.audit.table(table).map(|t| &t.facts);
        let awaited = |kind: &FactKind| {
            facts.is_some_and(|f| matches!(f.gap(*kind), Some(Gap::NotAsked | Gap::Pending)))
        };
        let waits = [FactKind::Description, FactKind::TimeToLive].iter().any(awaited);
        !waits || self.places[place.0].trouble.is_some()
    }

    /// A read in the parts and the size that fit its table; `None` where nothing of it is left.
    fn as_sent(&self, reading: &mut Reading, request: PageRequest) -> Option<PageRequest> {
        let request = match self.description(&request.table) {
            Some(description) => {
                let division = self.division(reading, &request.table, description);
                reading.scan.divide(request, &division)?
            }
            None => request,
        };
        let pace = self.pace(&request.table);
        Some(PageRequest { limit: pace.map_or(request.limit, |pace| pace.limit(request.limit)), ..request })
    }

    /// How a table is divided.
    fn division(&self, reading: &mut Reading, table: &TableRef, d: &TableDescription) -> Division {
        // Of a table that shares its capacity, one page after the other: then a rest after each is its share.
        let is_paced = self.pace(table).is_some_and(|pace| pace.is_limited());
        let at_once = if is_paced { 1 } else { self.config.at_once };
        if let Some(most) = reading.depth.most(d.items) {
            return Division::sample(most, d.items, at_once);
        }
        let run = *reading.bytes.get_or_insert_with(|| {
            let all = reading.scan.open().filter_map(|table| self.description(table));
            all.map(|d| d.bytes).sum()
        });
        let sizes = Sizes { bytes: d.bytes, run };
        let finished = reading.finished.get(table);
        Division::whole(sizes, self.config.share_of, finished, at_once, self.config.seed)
    }

    /// About what reading to this depth costs, as far as the tables are described.
    pub fn estimate<'a>(&self, tables: impl IntoIterator<Item = &'a TableRef>, depth: Depth) -> Rcu {
        let bytes = |d: &TableDescription| match depth.most(d.items) {
            Some(most) if u64::from(most) < d.items => {
                u128::from(d.bytes) * u128::from(most) / u128::from(d.items.max(1))
            }
            _ => u128::from(d.bytes),
        };
        let left = tables.into_iter().filter(|table| !self.restored.contains(*table));
        let readers = self.config.share_of.map_or(1, |share| u128::from(share.of));
        let all = left.filter_map(|table| self.description(table)).map(|d| bytes(d) / readers);
        all.map(|bytes| Rcu::eventual(u64::try_from(bytes).unwrap_or(u64::MAX)))
            .fold(Rcu::ZERO, |all, one| all + one)
    }
}

/// A time after a rest.
fn later(now: Timestamp, rest: Duration) -> Timestamp {
    now.checked_add(rest).unwrap_or(Timestamp::MAX)
}
