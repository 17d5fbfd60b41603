//! Reading items: which tables, how far, at what cost, and when it is done.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::{Awaited, Engine, Folded, News, PlaceId, Question};
use crate::audit::AuditEvent;
use crate::domain::{FactKind, Gap, PageRequest, Rcu, Segment, TableDescription, TableRef};
use crate::engine::AskId;
use crate::scan::{Budget, Depth, Outcome, Pace, Receipt, Scan, Step};

/// Bytes of a table per part, where it is read whole (Developer Guide, "Parallel scan": one segment for every 2 GB).
const PART: u64 = 2 << 30;

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
    scan: Scan,
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
        let scan = Scan::new(tables, depth, budget, self.config.at_once);
        self.reading = Some(Reading {
            since: now,
            tables: count,
            ended: 0,
            short: 0,
            items: 0,
            scan,
            begun: BTreeSet::new(),
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
        self.description(table).map(|d| Pace::of(d, self.config.share))
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
            self.record(page.into_event(table.clone(), limit));
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
        let mut ready = now;
        let receipt = match result {
            Ok(page) => {
                if reading.begun.insert(table.clone()) {
                    self.restart(&table);
                }
                let parts = segment.map_or(1, |s| s.of);
                if page.next.is_some()
                    && let Some(pace) = self.pace(&table)
                {
                    ready = now
                        .checked_add(pace.pause(page.charged(limit)).saturating_mul(parts))
                        .unwrap_or(Timestamp::MAX);
                }
                if let Some(reading) = &mut self.reading {
                    reading.items = reading.items.saturating_add(page.items);
                }
                let (given, next, cost) = (page.given, page.next.clone(), page.cost);
                self.record(page.into_event(table.clone(), limit));
                Receipt { table, segment, result: Ok((given, next)), cost }
            }
            Err(gap) => {
                let what = format!("items of {table}");
                news.push(News::Failed { place, what, gap: gap.clone(), settled: false });
                Receipt { table, segment, result: Err(gap), cost: None }
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
        let mut done = false;
        while !reading.paused {
            match reading.scan.next() {
                Step::Read(request) => reading.held.push(request),
                Step::Wait => break,
                Step::Done => {
                    done = true;
                    break;
                }
            }
        }
        let held = if reading.paused { Vec::new() } else { std::mem::take(&mut reading.held) };
        for request in held {
            let Some(place) = self.place_of(&request.table).filter(|p| self.may_read(*p, &request.table))
            else {
                reading.held.push(request);
                continue;
            };
            let request = self.as_sent(&mut reading.scan, request);
            let facts = self.audit.table(&request.table).map(|t| t.facts.clone()).unwrap_or_default();
            let awaited = Awaited::Page(request.table.clone(), request.segment, request.limit);
            self.ask(place, awaited, Question::Page(request, Box::new(facts)));
        }
        for (table, outcome) in reading.scan.take_ended() {
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

    /// Whether the facts are there that a read waits for. While a place is in trouble they do not come.
    fn may_read(&self, place: PlaceId, table: &TableRef) -> bool {
        let facts = self.audit.table(table).map(|t| &t.facts);
        let awaited = |kind: &FactKind| {
            facts.is_some_and(|f| matches!(f.gap(*kind), Some(Gap::NotAsked | Gap::Pending)))
        };
        let waits = [FactKind::Description, FactKind::TimeToLive].iter().any(awaited);
        !waits || self.places[place.0].trouble.is_some()
    }

    /// A read in the parts and the size that fit its table.
    fn as_sent(&self, scan: &mut Scan, request: PageRequest) -> PageRequest {
        let bytes = self.description(&request.table).map_or(0, |d| d.bytes);
        let parts = u32::try_from(bytes / PART).unwrap_or(u32::MAX).min(self.config.at_once as u32);
        let mut request = scan.split(request, parts);
        if let Some(pace) = self.pace(&request.table) {
            request.limit = pace.limit(request.limit);
        }
        request
    }
}
