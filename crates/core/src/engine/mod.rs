//! What drives an audit: what to ask next, how fast, how an answer is folded in, and when it is done.
//!
//! Sans-IO. Whoever performs takes the questions from [`Engine::take_asks`], gets each answered by the account it is for,
//! and gives the answer to [`Engine::absorb`], with the time. The terminal interface and `scan` drive the same engine
//! through the same performer, so from equal answers they make equal findings.
//!
//! ```text
//!            ┌──────────── Ask ───────────► source
//! ask_facts ─┤ Engine                          │
//! start ─────┤   AuditEvent ──► Audit ──► Findings
//!            └◄─────────── Answer ─────────────┘
//! ```
//!
//! What a table shows is asked table by table (`facts`); what one answer settles for a whole account or Region is asked
//! once there. Items are read by `reading`, which knows nothing of items either: a page is folded to counts and
//! sightings before it gets here ([`Folded`]). So nothing in an engine but the place to go on reading is made of item
//! data, and what it did is told by its events alone: [`Engine::take_journal`] gives them, [`Engine::restore`] takes
//! them up again. What was read to its end is not read again; what was not is read anew.

mod facts;
mod page;
mod place;
mod reading;
#[cfg(test)]
mod tests;
mod throttle;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;

pub use page::Folded;
pub use place::{Listing, Place, PlaceId};
pub use reading::{Done, Reach, Reading};
pub use throttle::{AT_ONCE, Throttle};

use crate::audit::{Audit, AuditEvent, Findings, TableAudit, settled};
use crate::domain::{
    Acceptances, Fact, FactKind, FactValue, FailureKind, Gap, Identity, PageRequest, Rcu, Segment,
    TableFacts, TableRef, Tables, glob,
};
use crate::scan::Share;

/// Names a question; its answer carries it back, and an answer that nobody waits for is dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AskId(pub u64);

/// What an account is asked.
pub enum Question {
    /// Whose credentials are these?
    Identity,
    /// Which tables are there, after this name?
    Tables(Option<String>),
    /// One fact; with what is known, for the kinds that build on others.
    Fact(TableRef, FactKind, Box<TableFacts>),
    /// A page of items, of which only counts and sightings come back.
    Page(PageRequest, Box<TableFacts>),
}

/// The answer to a [`Question`].
pub enum Answer {
    /// To `Identity`.
    Identity(Result<Identity, Gap>),
    /// To `Tables`.
    Tables(Result<Tables, Gap>),
    /// To `Fact`.
    Fact(Result<FactValue, Gap>),
    /// To `Page`.
    Page(Result<Folded, Gap>),
}

impl Question {
    /// That there is no answer.
    pub fn failed(&self, gap: Gap) -> Answer {
        match self {
            Self::Identity => Answer::Identity(Err(gap)),
            Self::Tables(_) => Answer::Tables(Err(gap)),
            Self::Fact(..) => Answer::Fact(Err(gap)),
            Self::Page(..) => Answer::Page(Err(gap)),
        }
    }
}

/// A question to a place.
pub struct Ask {
    /// Its name.
    pub id: AskId,
    /// Whom to ask.
    pub place: PlaceId,
    /// What.
    pub question: Question,
}

/// What an answer is waited for.
enum Awaited {
    Identity,
    Tables,
    Fact(TableRef, FactKind),
    Page(TableRef, Option<Segment>, Option<u32>),
}

/// Something that whoever drives the engine may want to tell a person.
#[derive(Debug)]
pub enum News {
    /// It is known whose credentials a place is read with, or that this cannot be known.
    Identity(PlaceId),
    /// New tables were listed.
    Listed(PlaceId, Vec<TableRef>),
    /// A call failed: of what, and why. `settled` if it concerns nothing but itself, as where one service of many is down.
    Failed {
        /// Where.
        place: PlaceId,
        /// What was asked, a few words.
        what: String,
        /// Why there is no answer.
        gap: Gap,
        /// Whether the other questions of the place are untouched by it.
        settled: bool,
    },
    /// Items were read as far as they could be.
    Done(Done),
}

/// How an engine is driven.
#[derive(Debug, Clone)]
pub struct Config {
    /// Names and patterns of the tables to list; empty for every table.
    pub tables: Vec<String>,
    /// The kinds of facts that are asked by themselves.
    pub kinds: BTreeSet<FactKind>,
    /// Percent of a provisioned table's read capacity that may be used.
    pub share: u8,
    /// Tables whose items are read at the same time.
    pub at_once: usize,
    /// Which of several runs this is that read every table together.
    pub share_of: Option<Share>,
    /// Decides in which order the parts of a table are read.
    pub seed: u64,
    /// Whether events are kept for [`Engine::take_journal`].
    pub journal: bool,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            tables: Vec::new(),
            kinds: FactKind::free().collect(),
            share: 10,
            at_once: 8,
            share_of: None,
            seed: 0,
            journal: false,
        }
    }
}

/// An audit under way.
pub struct Engine {
    /// The accounts and Regions.
    pub places: Vec<Place>,
    config: Config,
    audit: Audit,
    findings: Findings,
    owner: BTreeMap<TableRef, PlaceId>,
    reading: Option<Reading>,
    /// Tables that an earlier run read as far as planned.
    restored: BTreeSet<TableRef>,
    /// Of tables that it did not, the parts that it read, and of how many.
    finished: BTreeMap<TableRef, (u32, BTreeSet<u32>)>,
    awaited: BTreeMap<AskId, (PlaceId, Awaited)>,
    asks: Vec<Ask>,
    wakes: BTreeSet<Timestamp>,
    journal: Vec<AuditEvent>,
    next_id: u64,
    version: u64,
}

impl Engine {
    /// Of places of which nothing is known yet.
    pub fn new(places: impl IntoIterator<Item = Place>, config: Config) -> Self {
        Self {
            places: places.into_iter().collect(),
            config,
            audit: Audit::default(),
            findings: Findings::default(),
            owner: BTreeMap::new(),
            reading: None,
            restored: BTreeSet::new(),
            finished: BTreeMap::new(),
            awaited: BTreeMap::new(),
            asks: Vec::new(),
            wakes: BTreeSet::new(),
            journal: Vec::new(),
            next_id: 0,
            version: 0,
        }
    }

    /// Takes up what an earlier run saw. Tables and parts that it read to where they were to be read are not read again; of
    /// others, what it saw is dropped.
    pub fn restore(&mut self, events: impl IntoIterator<Item = AuditEvent>) {
        for event in settled(events) {
            match &event {
                // What is not as planned is not among what stays.
                AuditEvent::Ended(table, _) => {
                    self.restored.insert(table.clone());
                }
                AuditEvent::Part(table, Segment { number, of }) => {
                    let (parts, numbers) =
                        self.finished.entry(table.clone()).or_insert_with(|| (*of, BTreeSet::new()));
                    // Parts of another division say nothing of these.
                    if parts == of {
                        numbers.insert(*number);
                    }
                }
                _ => {}
            }
            self.record(event);
        }
    }

    /// What was learnt.
    pub fn audit(&self) -> &Audit {
        &self.audit
    }

    /// Ends it: what was learnt. What is on its way is not waited for: it counts as not asked.
    pub fn into_audit(mut self) -> Audit {
        for (id, awaited) in std::mem::take(&mut self.awaited).into_values() {
            if let Awaited::Fact(table, kind) = awaited {
                self.record(match kind.level().is_shared() {
                    true => AuditEvent::SharedFactUnavailable(
                        self.places[id.0].tables_scope().clone(),
                        kind,
                        Gap::NotAsked,
                    ),
                    false => AuditEvent::FactUnavailable(table, kind, Gap::NotAsked),
                });
            }
        }
        self.audit
    }

    /// What a person accepted counts for nothing from now on, and nothing else that did before.
    pub fn accept(&mut self, accepted: Arc<Acceptances>) {
        self.audit.accept(accepted);
        self.findings.judge_again(&self.audit);
        self.version += 1;
    }

    /// The list of findings, as of the last [`Engine::judge`].
    pub fn findings(&self) -> &Findings {
        &self.findings
    }

    /// Brings the list of findings up to date. Where that is to be done later, the time is among the wakes.
    pub fn judge(&mut self, now: Timestamp) {
        if let Some(later) = self.findings.update(&self.audit, now) {
            self.wakes.insert(later);
        }
    }

    /// What is known of a table.
    pub fn table(&self, table: &TableRef) -> Option<&TableAudit> {
        self.audit.table(table)
    }

    /// The place through which a table was listed first.
    pub fn place_of(&self, table: &TableRef) -> Option<PlaceId> {
        self.owner.get(table).copied()
    }

    /// What is known of the tables of a place.
    pub fn tables_of(&self, place: PlaceId) -> impl Iterator<Item = &TableAudit> {
        self.places[place.0].tables.iter().filter_map(|table| self.audit.table(table))
    }

    /// Grows with everything that is learnt.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// A name for a question that somebody else asks: it is never that of one of the engine's.
    pub fn new_id(&mut self) -> AskId {
        self.next_id += 1;
        AskId(self.next_id)
    }

    /// The questions to send, in their order.
    pub fn take_asks(&mut self) -> Vec<Ask> {
        std::mem::take(&mut self.asks)
    }

    /// What happened since the last call, if that is kept.
    pub fn take_journal(&mut self) -> Vec<AuditEvent> {
        std::mem::take(&mut self.journal)
    }

    /// The times at which the engine wants to be asked again, since the last call.
    pub fn take_wakes(&mut self) -> BTreeSet<Timestamp> {
        std::mem::take(&mut self.wakes)
    }

    /// Whether an answer to this is waited for.
    pub fn awaits(&self, id: AskId) -> bool {
        self.awaited.contains_key(&id)
    }

    /// Whether any answer is waited for.
    pub fn is_waiting(&self) -> bool {
        !self.awaited.is_empty()
    }

    fn ask(&mut self, place: PlaceId, awaited: Awaited, question: Question) {
        let id = self.new_id();
        self.awaited.insert(id, (place, awaited));
        self.asks.push(Ask { id, place, question });
    }

    fn wake_at(&mut self, at: Timestamp) {
        self.wakes.insert(at);
    }

    /// Takes in what happened: the one way in which an audit grows.
    pub fn record(&mut self, event: AuditEvent) {
        self.findings.learn(&self.audit, &event);
        // That something is on its way is no news to whoever reads the journal later.
        if self.config.journal && !facts::is_transient(&event) {
            self.journal.push(event.clone());
        }
        let about = event.table().cloned().map(|table| (table, facts::kind_of(&event)));
        let before = about.as_ref().map_or(0, |(table, kind)| self.open_of(table, *kind));
        self.audit.absorb(event);
        self.version += 1;
        if let Some((table, kind)) = &about
            && let Some(place) = self.place_of(table)
        {
            let after = self.open_of(table, *kind);
            let open = &mut self.places[place.0].open;
            *open = (*open + after).saturating_sub(before);
        }
    }

    /// Asks whose credentials a place has.
    pub fn ask_identity(&mut self, place: PlaceId) {
        self.places[place.0].identity = match std::mem::take(&mut self.places[place.0].identity) {
            Fact::Missing(_) => Fact::Missing(Gap::Pending),
            known => known,
        };
        self.ask(place, Awaited::Identity, Question::Identity);
    }

    /// Asks for the list of tables of a place from its start; unless it is on its way.
    pub fn list(&mut self, place: PlaceId, now: Timestamp) {
        if self.awaited.values().any(|(of, a)| *of == place && matches!(a, Awaited::Tables)) {
            return;
        }
        let known = self.places[place.0].tables.len();
        self.places[place.0].listing = Listing::Loading(now, known);
        self.ask(place, Awaited::Tables, Question::Tables(None));
    }

    /// Takes in an answer, and what it makes possible; one that nobody waits for is dropped.
    pub fn absorb(&mut self, id: AskId, answer: Answer, now: Timestamp) -> Vec<News> {
        let Some((place, awaited)) = self.awaited.remove(&id) else { return Vec::new() };
        match (awaited, answer) {
            (Awaited::Identity, Answer::Identity(result)) => self.identity(place, result, now),
            (Awaited::Tables, Answer::Tables(result)) => self.tables(place, result),
            (Awaited::Fact(table, kind), Answer::Fact(result)) => self.fact(place, table, kind, result, now),
            (Awaited::Page(table, segment, limit), Answer::Page(result)) => {
                self.page(place, table, segment, limit, result, now)
            }
            // An answer of another kind than was asked for is a fault of whoever performs, not of the account.
            (awaited, _) => {
                let gap = Gap::Failed(crate::domain::Failure {
                    kind: FailureKind::Internal,
                    message: "an answer did not fit its question".into(),
                    next: "please report it".into(),
                });
                let answer = match &awaited {
                    Awaited::Identity => Answer::Identity(Err(gap)),
                    Awaited::Tables => Answer::Tables(Err(gap)),
                    Awaited::Fact(..) => Answer::Fact(Err(gap)),
                    Awaited::Page(..) => Answer::Page(Err(gap)),
                };
                self.awaited.insert(id, (place, awaited));
                self.absorb(id, answer, now)
            }
        }
    }

    /// What the passing of time makes possible: tables that rested are read on.
    pub fn tick(&mut self, now: Timestamp) -> Option<News> {
        self.go_on_reading(now)
    }

    fn identity(&mut self, id: PlaceId, result: Result<Identity, Gap>, now: Timestamp) -> Vec<News> {
        let place = &mut self.places[id.0];
        let mut news = Vec::new();
        match result {
            Ok(value) => {
                let mut scope = (*place.scope).clone();
                scope.account.clone_from(&value.account);
                place.scope = scope.into();
                place.identity = Fact::Known { value, read_at: now };
            }
            Err(gap) => {
                place.identity = Fact::Missing(gap.clone());
                news.push(News::Failed { place: id, what: "identity".into(), gap, settled: false });
            }
        }
        news.push(News::Identity(id));
        if std::mem::take(&mut self.places[id.0].waits_for_identity) {
            news.push(self.add_named(id));
        }
        news
    }

    fn tables(&mut self, id: PlaceId, result: Result<Tables, Gap>) -> Vec<News> {
        match result {
            Ok(page) => {
                let mut news = vec![self.add_tables(id, page.tables)];
                let place = &mut self.places[id.0];
                place.trouble = None;
                // A name that does not advance would list for ever.
                match page.next.filter(|next| place.after.as_ref() != Some(next)) {
                    Some(after) => {
                        place.after = Some(after.clone());
                        self.ask(id, Awaited::Tables, Question::Tables(Some(after)));
                    }
                    None => {
                        (place.after, place.listing) = (None, Listing::Whole);
                        news.push(News::Listed(id, Vec::new()));
                    }
                }
                news
            }
            Err(Gap::Denied(..)) if self.are_all_named() => {
                // They may not be listed, and need not be: every one was named. Their names are made of the account.
                let is_identity =
                    |(place, a): &(PlaceId, Awaited)| *place == id && matches!(a, Awaited::Identity);
                if self.awaited.values().any(is_identity) {
                    self.places[id.0].waits_for_identity = true;
                    return Vec::new();
                }
                vec![self.add_named(id)]
            }
            Err(gap) => {
                self.places[id.0].listing = Listing::Failed(gap.clone());
                let what = "list of tables".into();
                vec![News::Failed { place: id, what, gap, settled: false }, News::Listed(id, Vec::new())]
            }
        }
    }

    fn are_all_named(&self) -> bool {
        !self.config.tables.is_empty() && self.config.tables.iter().all(|t| glob::is_name(t))
    }

    /// The tables that were named are the list.
    fn add_named(&mut self, id: PlaceId) -> News {
        let scope = Arc::clone(&self.places[id.0].scope);
        let named = self.config.tables.iter().map(|name| TableRef::new(&scope, name.as_str())).collect();
        self.places[id.0].listing = Listing::Whole;
        self.add_tables(id, named)
    }

    fn add_tables(&mut self, id: PlaceId, tables: Vec<TableRef>) -> News {
        let mut new = Vec::new();
        for table in tables {
            let place = &mut self.places[id.0];
            place.listed_as.get_or_insert_with(|| Arc::clone(&table.scope));
            if !self.is_wanted(&table.name) {
                self.places[id.0].left_out.note(table.name);
                continue;
            }
            let known = self.owner.get(&table).copied();
            let again = |of: PlaceId| of == id || self.places[id.0].tables.contains(&table);
            if known.is_some_and(again) {
                continue;
            }
            self.places[id.0].tables.push(table.clone());
            if known.is_none() {
                // What is open of a table that was restored was not counted: nobody owned it.
                let restored = self.audit.table(&table).is_some();
                self.owner.insert(table.clone(), id);
                if restored {
                    self.places[id.0].open += self.open_of(&table, None);
                }
                self.record(AuditEvent::Table(table.clone()));
            }
            new.push(table);
        }
        News::Listed(id, new)
    }

    fn is_wanted(&self, name: &str) -> bool {
        self.config.tables.is_empty() || self.config.tables.iter().any(|p| glob::matches(p, name))
    }

    /// The names and patterns that no table of any place matches.
    pub fn unmatched(&self) -> impl Iterator<Item = &str> {
        let is_met = |pattern: &&String| {
            !self.places.iter().flat_map(|p| &p.tables).any(|t| glob::matches(pattern, &t.name))
        };
        self.config.tables.iter().filter(is_met).map(String::as_str)
    }

    /// What reading items has cost so far, and what may still come at its worst.
    pub fn spent(&self) -> Rcu {
        self.reading.as_ref().map_or(Rcu::ZERO, Reading::spent)
    }
}
