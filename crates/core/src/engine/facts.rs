//! Which fact to ask for next: what somebody looks at first, a few at a time, and what tables share only once.

use std::sync::Arc;

use jiff::Timestamp;

use super::{Awaited, Engine, News, PlaceId, Question};
use crate::audit::AuditEvent;
use crate::domain::{FactKind, FactValue, FailureKind, Gap, Level, Scope, TableFacts, TableRef};

/// Maximum number of facts under way at once of one service other than DynamoDB: one that is slow or silent must not take
/// every place.
const OF_ONE_SERVICE: usize = 2;

/// Maximum number of facts under way at once, of all accounts and Regions together.
const IN_ALL: usize = 32;

/// Number of tables that are looked at in one go.
const AHEAD: usize = 200;

/// The kind of fact that an event is about.
pub(super) fn kind_of(event: &AuditEvent) -> Option<FactKind> {
    match event {
        AuditEvent::Fact(_, value, _) | AuditEvent::Shared(_, value, _) => Some(value.kind()),
        AuditEvent::FactUnavailable(_, kind, _) | AuditEvent::SharedFactUnavailable(_, kind, _) => {
            Some(*kind)
        }
        _ => None,
    }
}

/// Whether an event only says that a question is on its way, or is not any more.
pub(super) fn is_transient(event: &AuditEvent) -> bool {
    match event {
        AuditEvent::FactUnavailable(.., gap) | AuditEvent::SharedFactUnavailable(.., gap) => {
            matches!(gap, Gap::Pending | Gap::NotAsked)
        }
        _ => false,
    }
}

/// Whether a fact can be asked for now, given what is known.
enum Turn {
    Now,
    Later,
    /// What it builds on cannot be had: then neither can it, for the same reason.
    Never(Gap),
}

fn turn(known: &TableFacts, kind: FactKind) -> Turn {
    match kind.after().and_then(|first| known.gap(first)) {
        None => Turn::Now,
        Some(Gap::NotAsked | Gap::Pending) => Turn::Later,
        Some(_) if kind.needs().is_none() => Turn::Now,
        Some(gap) => Turn::Never(gap.clone()),
    }
}

impl Engine {
    /// Asks for facts: of these tables first, then of the others of these places in order.
    pub fn ask_facts<'a>(
        &mut self,
        first: impl Iterator<Item = &'a TableRef>,
        places: &[PlaceId],
        now: Timestamp,
    ) {
        for table in first {
            let Some(place) = self.place_of(table).filter(|p| self.places[p.0].trouble.is_none()) else {
                continue;
            };
            if self.room(place, now) > 0 {
                self.ask_for(place, table, now);
            }
        }
        for id in places.iter().copied() {
            if self.places[id.0].trouble.is_none() && !self.places[id.0].tables.is_empty() {
                self.ask_shared(id, now);
                self.ask_place(id, now);
            }
        }
        for n in 0..self.places.len() {
            let id = PlaceId(n);
            // Nothing else may happen meanwhile: whoever performs has to come back by then.
            if let Some(until) = self.places[n].throttle.rests(now).filter(|_| self.left(id) > 0) {
                self.wake_at(until);
            }
            let at_work = places.contains(&id) && self.places[n].trouble.is_none() && self.left(id) > 0;
            let place = &mut self.places[n];
            place.asking_since = at_work.then(|| place.asking_since.unwrap_or(now));
        }
    }

    /// How far the facts of these places are: those read, all, and since when they are asked for without a rest.
    pub fn progress(&self, places: &[PlaceId]) -> Option<(u64, u64, Timestamp)> {
        let since = places.iter().filter_map(|id| self.places[id.0].asking_since).min()?;
        let (of_table, shared) = (self.table_kinds().count(), self.shared_kinds().count());
        let all: usize = places.iter().map(|id| self.places[id.0].tables.len() * of_table + shared).sum();
        let left: usize = places.iter().map(|id| self.left(*id)).sum();
        Some(((all - left.min(all)) as u64, all as u64, since))
    }

    /// Facts of a place that are still to come. Those that are asked once more come first.
    fn left(&self, id: PlaceId) -> usize {
        let place = &self.places[id.0];
        match place.again.len() {
            0 if place.tables.is_empty() => 0,
            0 => place.open + self.open_shared(id),
            again => again * self.table_kinds().count() + place.shared_again.len(),
        }
    }

    /// Whether every fact of a place is there or known to be missing.
    pub fn is_settled(&self, id: PlaceId) -> bool {
        self.left(id) == 0
    }

    /// Number of tables of a place of which every fact is there or known to be missing.
    pub fn settled_tables(&self, id: PlaceId) -> usize {
        self.tables_of(id).filter(|t| self.open_of(&t.table, None) == 0).count()
    }

    /// How many facts of a table are not there yet, as far as an event about this kind can change that; of a table that
    /// is not known, none.
    pub(super) fn open_of(&self, table: &TableRef, kind: Option<FactKind>) -> usize {
        let Some(known) = self.audit.table(table) else { return 0 };
        let is_open = |kind: &FactKind| !kind.level().is_shared() && self.is_open(&known.facts, *kind);
        match kind {
            Some(kind) => usize::from(is_open(&kind)),
            None => self.table_kinds().filter(is_open).count(),
        }
    }

    fn open_shared(&self, id: PlaceId) -> usize {
        let none = TableFacts::default();
        let known = self.audit.shared(self.places[id.0].tables_scope()).unwrap_or(&none);
        self.shared_kinds().filter(|kind| self.is_open(known, *kind)).count()
    }

    /// Whether a fact is still to come.
    fn is_open(&self, facts: &TableFacts, kind: FactKind) -> bool {
        match facts.gap(kind) {
            Some(Gap::Pending) => true,
            // What is asked on request only is not to come until then.
            Some(Gap::NotAsked) => self.config.kinds.contains(&kind),
            _ => false,
        }
    }

    /// How many more facts of a place may be asked for now.
    fn room(&self, id: PlaceId, now: Timestamp) -> usize {
        let facts = |of: &dyn Fn(PlaceId) -> bool| {
            let under_way = self.awaited.values();
            under_way.filter(|(p, a)| matches!(a, Awaited::Fact(..)) && of(*p)).count()
        };
        let here = self.places[id.0].throttle.at_once(now).saturating_sub(facts(&|p| p == id));
        here.min(IN_ALL.saturating_sub(facts(&|_| true)))
    }

    /// Whether a service other than DynamoDB has as many questions of a place as it may have at once.
    fn is_busy(&self, id: PlaceId, kind: FactKind) -> bool {
        let service = kind.permission().service;
        let same = |(p, a): &&(PlaceId, Awaited)| {
            *p == id && matches!(a, Awaited::Fact(_, k) if k.permission().service == service)
        };
        service != "DynamoDB" && self.awaited.values().filter(same).count() >= OF_ONE_SERVICE
    }

    /// Asks what one answer settles for all tables of a place. Any of them can be named in the question.
    fn ask_shared(&mut self, id: PlaceId, now: Timestamp) {
        let scope = self.places[id.0].tables_scope().clone();
        let Some(table) = self.places[id.0].tables.first().cloned() else { return };
        let none = TableFacts::default();
        // One after the other: what cannot be had leaves those behind it without an answer at once.
        for kind in self.shared_kinds().collect::<Vec<_>>() {
            let known = self.audit.shared(&scope).unwrap_or(&none);
            let is_wanted = match known.gap(kind) {
                None => self.places[id.0].shared_again.contains(&kind),
                Some(gap) => *gap == Gap::NotAsked,
            };
            if !is_wanted {
                continue;
            }
            match turn(known, kind) {
                _ if self.is_asked_elsewhere(id, kind) => {}
                _ if self.is_asked(id, &table, kind) => {}
                Turn::Now if self.room(id, now) > 0 && !self.is_busy(id, kind) => {
                    self.places[id.0].shared_again.remove(&kind);
                    self.ask_shared_one(id, &table, kind);
                }
                Turn::Now | Turn::Later => {}
                Turn::Never(gap) => self.record(AuditEvent::SharedFactUnavailable(scope.clone(), kind, gap)),
            }
        }
    }

    /// Whether what is true of an account is asked in another of its Regions now.
    fn is_asked_elsewhere(&self, id: PlaceId, kind: FactKind) -> bool {
        let scope = self.places[id.0].tables_scope();
        let is_other = |place: PlaceId| {
            let other = self.places[place.0].tables_scope();
            place != id && other.account == scope.account && !scope.account.is_empty()
        };
        let mut asked = self.awaited.values();
        kind.level() == Level::Account
            && asked.any(|(place, a)| matches!(a, Awaited::Fact(_, k) if *k == kind) && is_other(*place))
    }

    fn ask_shared_one(&mut self, id: PlaceId, table: &TableRef, kind: FactKind) {
        let scope = self.places[id.0].tables_scope().clone();
        let known = self.audit.shared(&scope).cloned().unwrap_or_default();
        self.record(AuditEvent::SharedFactUnavailable(scope, kind, Gap::Pending));
        let question = Question::Fact(table.clone(), kind, Box::new(known));
        self.ask(id, Awaited::Fact(table.clone(), kind), question);
    }

    fn shared_kinds(&self) -> impl Iterator<Item = FactKind> {
        self.config.kinds.iter().copied().filter(|kind| kind.level().is_shared())
    }

    fn table_kinds(&self) -> impl Iterator<Item = FactKind> {
        self.config.kinds.iter().copied().filter(|kind| !kind.level().is_shared())
    }

    /// Whether a question is under way.
    fn is_asked(&self, id: PlaceId, table: &TableRef, kind: FactKind) -> bool {
        let same = |(p, a): &(PlaceId, Awaited)| match a {
            Awaited::Fact(t, k) => *k == kind && *p == id && (t == table || kind.level().is_shared()),
            _ => false,
        };
        self.awaited.values().any(same)
    }

    /// Asks for a fact that a person wants now, billed or not; what is known of it stays until the answer.
    pub fn ask_now(&mut self, place: PlaceId, table: &TableRef, kind: FactKind) {
        // Asked twice it costs twice.
        if self.is_asked(place, table, kind) {
            return;
        }
        if kind.level().is_shared() {
            return self.ask_shared_one(place, table, kind);
        }
        let Some(known) = self.audit.table(table) else { return };
        let facts = Box::new(known.facts.clone());
        self.record(AuditEvent::FactUnavailable(table.clone(), kind, Gap::Pending));
        self.ask(place, Awaited::Fact(table.clone(), kind), Question::Fact(table.clone(), kind, facts));
    }

    /// Asks for facts of one place, in order.
    fn ask_place(&mut self, id: PlaceId, now: Timestamp) {
        // What is known already is asked again whole tables at a time; the old answer stays until the new one.
        let kinds: Vec<FactKind> = self.table_kinds().collect();
        while self.room(id, now) > 0
            && let Some(table) = self.places[id.0].again.pop_first()
        {
            let known = self.audit.table(&table).map(|t| t.facts.clone()).unwrap_or_default();
            for kind in kinds.iter().copied().filter(|k| known.gap(*k).is_none()) {
                let question = Question::Fact(table.clone(), kind, Box::new(known.clone()));
                self.ask(id, Awaited::Fact(table.clone(), kind), question);
            }
        }
        // A table that waits for a slow service does not hold up those after it.
        let first = self.places[id.0].asked_up_to;
        let mut whole = true;
        for at in first..first.saturating_add(AHEAD) {
            let Some(table) = self.places[id.0].tables.get(at).cloned() else { break };
            if self.room(id, now) == 0 {
                break;
            }
            whole &= self.ask_for(id, &table, now);
            if whole {
                self.places[id.0].asked_up_to = at + 1;
            }
        }
    }

    /// Asks for what can be asked of one table; true if nothing of it is left to ask.
    fn ask_for(&mut self, id: PlaceId, table: &TableRef, now: Timestamp) -> bool {
        let mut left = false;
        let kinds: Vec<FactKind> = self.table_kinds().collect();
        let mut room = self.room(id, now);
        for kind in kinds {
            let Some(known) = self.audit.table(table) else { return true };
            if known.facts.gap(kind) != Some(&Gap::NotAsked) {
                continue;
            }
            match turn(&known.facts, kind) {
                Turn::Later => left = true,
                Turn::Never(gap) => self.record(AuditEvent::FactUnavailable(table.clone(), kind, gap)),
                Turn::Now if room == 0 => return false,
                Turn::Now if self.is_busy(id, kind) => left = true,
                Turn::Now => {
                    room -= 1;
                    let facts = Box::new(known.facts.clone());
                    self.record(AuditEvent::FactUnavailable(table.clone(), kind, Gap::Pending));
                    let question = Question::Fact(table.clone(), kind, facts);
                    self.ask(id, Awaited::Fact(table.clone(), kind), question);
                }
            }
        }
        !left
    }

    /// Everything of these tables, and what they share, is asked once more; failures and denials are, too.
    pub fn ask_again(&mut self, id: PlaceId, tables: impl IntoIterator<Item = TableRef>) {
        self.forget_failures(id);
        self.places[id.0].throttle.forget();
        let known: Vec<TableRef> = tables.into_iter().filter(|t| self.audit.table(t).is_some()).collect();
        let shared: Vec<FactKind> = self.shared_kinds().collect();
        let place = &mut self.places[id.0];
        if !known.is_empty() {
            place.shared_again.extend(shared);
        }
        place.again.extend(known);
    }

    /// Facts that failed, or were denied, may be asked again.
    fn forget_failures(&mut self, id: PlaceId) {
        let failed = |facts: &TableFacts, kind: FactKind| {
            matches!(facts.gap(kind), Some(Gap::Failed(_) | Gap::Denied(..)))
        };
        let scope = self.places[id.0].tables_scope().clone();
        let mut again = Vec::new();
        for kind in FactKind::ALL.iter().copied() {
            if kind.level().is_shared() {
                if self.audit.shared(&scope).is_some_and(|known| failed(known, kind)) {
                    again.push(AuditEvent::SharedFactUnavailable(scope.clone(), kind, Gap::NotAsked));
                }
                continue;
            }
            let tables = self.tables_of(id).filter(|t| failed(&t.facts, kind));
            again.extend(tables.map(|t| AuditEvent::FactUnavailable(t.table.clone(), kind, Gap::NotAsked)));
        }
        again.into_iter().for_each(|event| self.record(event));
        self.places[id.0].asked_up_to = 0;
    }

    /// The answer to one question.
    pub(super) fn fact(
        &mut self,
        id: PlaceId,
        table: TableRef,
        kind: FactKind,
        result: Result<FactValue, Gap>,
        now: Timestamp,
    ) -> Vec<News> {
        if self.is_asked_later(id, &table, kind, &result, now) {
            return Vec::new();
        }
        let mut news = Vec::new();
        let shared = kind.level().is_shared().then(|| self.places[id.0].tables_scope().clone());
        let event = match (result, shared) {
            (Ok(value), shared) => {
                self.places[id.0].throttle.came();
                match shared {
                    Some(scope) => AuditEvent::Shared(scope, value, now),
                    None => AuditEvent::Fact(table, value, now),
                }
            }
            (Err(gap), shared) => {
                // A service that this Region does not have, or that is down, is no trouble of the others.
                let settled = kind.permission().service != "DynamoDB"
                    && matches!(&gap, Gap::Failed(f) if f.kind == FailureKind::Unreachable);
                let what = match shared {
                    Some(_) => kind.word().to_owned(),
                    None => format!("{} of {table}", kind.word()),
                };
                news.push(News::Failed { place: id, what, gap: gap.clone(), settled });
                match shared {
                    Some(scope) => AuditEvent::SharedFactUnavailable(scope, kind, gap),
                    None => AuditEvent::FactUnavailable(table, kind, gap),
                }
            }
        };
        if kind.level() == Level::Account {
            self.tell_the_account(&event);
        }
        self.record(event);
        news
    }

    /// What is true of an account is true in each of its Regions.
    fn tell_the_account(&mut self, event: &AuditEvent) {
        let of = Arc::clone(event.scope());
        let scopes = self.places.iter().map(|place| place.tables_scope());
        let others: Vec<Arc<Scope>> =
            scopes.filter(|s| s.account == of.account && **s != of).cloned().collect();
        for other in others.into_iter().filter(|_| !of.account.is_empty()) {
            self.record(match event.clone() {
                AuditEvent::Shared(_, value, at) => AuditEvent::Shared(other, value, at),
                AuditEvent::SharedFactUnavailable(_, kind, gap) => {
                    AuditEvent::SharedFactUnavailable(other, kind, gap)
                }
                _ => continue,
            });
        }
    }

    /// Whether a throttled question goes back to those that were not asked, for later.
    fn is_asked_later(
        &mut self,
        id: PlaceId,
        table: &TableRef,
        kind: FactKind,
        result: &Result<FactValue, Gap>,
        now: Timestamp,
    ) -> bool {
        let throttled = matches!(result, Err(Gap::Failed(f)) if f.kind == FailureKind::Throttled);
        let scope = self.places[id.0].tables_scope().clone();
        let facts = match kind.level().is_shared() {
            true => self.audit.shared(&scope),
            false => self.audit.table(table).map(|t| &t.facts),
        };
        // What is known stays known, and what a person asked for says at once how it went.
        let known = facts.is_none_or(|facts| facts.gap(kind).is_none());
        if !throttled || known || !self.config.kinds.contains(&kind) {
            return false;
        }
        let Some(until) = self.places[id.0].throttle.throttled(now, table, kind) else { return false };
        self.wake_at(until);
        self.record(match kind.level().is_shared() {
            true => AuditEvent::SharedFactUnavailable(scope, kind, Gap::NotAsked),
            false => AuditEvent::FactUnavailable(table.clone(), kind, Gap::NotAsked),
        });
        self.places[id.0].asked_up_to = 0;
        true
    }
}
