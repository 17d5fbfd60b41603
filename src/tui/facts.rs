//! Which fact to ask for next: what is on screen first, a few at a time.

use jiff::Timestamp;

use crate::audit::AuditEvent;
use crate::domain::{FactKind, Gap, TableFacts, TableRef};
use crate::tui::model::{Place, PlaceId, Shared, Waiting};
use crate::tui::{Ask, text};

/// Of the facts under way at once so many of one service other than DynamoDB: one that is slow or silent must not take every place.
const OF_ONE_SERVICE: usize = 2;

/// So many tables are looked at in one go.
const AHEAD: usize = 200;

/// Asks for facts: of these tables first, then of the others in order.
pub fn pump<'a>(shared: &mut Shared, first: impl Iterator<Item = &'a TableRef>) {
    ask(shared, first);
    let (now, listed) = (shared.now, shared.listed());
    for (n, place) in shared.places.iter_mut().enumerate() {
        let at_work = listed.contains(&PlaceId(n)) && place.trouble.is_none() && left(place) > 0;
        place.asking_since = at_work.then(|| place.asking_since.unwrap_or(now));
    }
}

fn ask<'a>(shared: &mut Shared, first: impl Iterator<Item = &'a TableRef>) {
    let here = shared.here;
    let mut room = shared
        .ease
        .at_once(shared.now)
        .saturating_sub(shared.waiting.values().filter(|(_, w)| matches!(w, Waiting::Fact(..))).count());
    if room == 0 {
        return;
    }
    for table in first {
        let place = shared.place_of(table).unwrap_or(here);
        if shared.places[place.0].trouble.is_some() {
            continue;
        }
        ask_for(shared, place, table, &mut room);
        if room == 0 {
            return;
        }
    }
    // What is known already is asked again whole tables at a time; the old answer stays until the new one.
    for place in shared.listed() {
        if shared.places[place.0].trouble.is_some() {
            continue;
        }
        go_on(shared, place, &mut room);
    }
}

/// How far the facts of what is on screen are: those read, all, and since when; nothing before it is felt.
pub fn progress(shared: &Shared) -> Option<(u64, u64, Timestamp)> {
    let places = || shared.listed().into_iter().map(|id| &shared.places[id.0]);
    let since = places().filter_map(|p| p.asking_since).min()?;
    if shared.now.duration_since(since) < text::FELT {
        return None;
    }
    let all: usize = places().map(|p| p.tables.len() * FactKind::free().count()).sum();
    let left: usize = places().map(left).sum();
    Some(((all - left.min(all)) as u64, all as u64, since))
}

/// Facts of a place that are still to come. Those that are asked once more come first.
fn left(place: &Place) -> usize {
    if place.again.is_empty() { place.open } else { place.again.len() * FactKind::free().count() }
}

/// Whether a fact is still to come.
pub fn is_open(facts: &TableFacts, kind: FactKind) -> bool {
    match facts.gap(kind) {
        Some(Gap::Pending) => true,
        // What is asked on request only is not to come until then.
        Some(Gap::NotAsked) => !kind.is_on_request(),
        _ => false,
    }
}

/// Asks for a fact that a person wants now, billed or not; what is known of it stays until the answer.
pub fn ask_now(shared: &mut Shared, table: &TableRef, kind: FactKind) {
    let here = shared.place_of(table).unwrap_or(shared.here);
    let Some(known) = shared.places[here.0].table(table) else { return };
    // Asked twice it costs twice.
    let same = |w: &Waiting| matches!(w, Waiting::Fact(t, k) if t == table && *k == kind);
    if shared.waiting.values().any(|(_, waiting)| same(waiting)) {
        return;
    }
    let facts = Box::new(known.facts.clone());
    shared.places[here.0].absorb(table, AuditEvent::Miss(table.clone(), kind, Gap::Pending));
    shared.ask(here, Waiting::Fact(table.clone(), kind), Ask::Fact(table.clone(), kind, facts));
}

/// Asks for facts of one place, in order.
fn go_on(shared: &mut Shared, here: PlaceId, room: &mut usize) {
    while *room > 0
        && let Some(table) = shared.places[here.0].again.pop_first()
    {
        let known = shared.places[here.0].table(&table).map(|t| t.facts.clone()).unwrap_or_default();
        for kind in FactKind::free().filter(|k| known.gap(*k).is_none()) {
            *room = room.saturating_sub(1);
            shared.ask(
                here,
                Waiting::Fact(table.clone(), kind),
                Ask::Fact(table.clone(), kind, Box::new(known.clone())),
            );
        }
    }
    // A table that waits for a slow service does not hold up those after it.
    let first = shared.places[here.0].asked_up_to;
    let mut whole = true;
    for at in first..first.saturating_add(AHEAD) {
        let Some(table) = shared.places[here.0].tables.get(at).cloned().filter(|_| *room > 0) else { break };
        whole &= ask_for(shared, here, &table, room);
        if whole {
            shared.places[here.0].asked_up_to = at + 1;
        }
    }
}

/// Asks for what can be asked of one table; true if nothing of it is left to ask.
fn ask_for(shared: &mut Shared, here: PlaceId, table: &TableRef, room: &mut usize) -> bool {
    let mut left = false;
    for kind in FactKind::free() {
        let Some(known) = shared.places[here.0].table(table) else { return true };
        if known.facts.gap(kind) != Some(&Gap::NotAsked) {
            continue;
        }
        match kind.after().and_then(|first| known.facts.gap(first)) {
            None => {}
            Some(Gap::NotAsked | Gap::Pending) => {
                left = true;
                continue;
            }
            Some(_) if kind.needs().is_none() => {}
            // What this one builds on cannot be had: then neither can this one, for the same reason.
            Some(gap) => {
                let gap = gap.clone();
                shared.places[here.0].absorb(table, AuditEvent::Miss(table.clone(), kind, gap));
                continue;
            }
        }
        if *room == 0 {
            return false;
        }
        if is_busy(shared, kind) {
            left = true;
            continue;
        }
        *room -= 1;
        let facts = Box::new(known.facts.clone());
        shared.places[here.0].absorb(table, AuditEvent::Miss(table.clone(), kind, Gap::Pending));
        shared.ask(here, Waiting::Fact(table.clone(), kind), Ask::Fact(table.clone(), kind, facts));
    }
    !left
}

/// Whether a service other than DynamoDB has as many questions as it may have at once.
fn is_busy(shared: &Shared, kind: FactKind) -> bool {
    let service = kind.permission().service;
    let same = |w: &Waiting| matches!(w, Waiting::Fact(_, k) if k.permission().service == service);
    service != "DynamoDB" && shared.waiting.values().filter(|(_, w)| same(w)).count() >= OF_ONE_SERVICE
}

/// Facts that failed, or were denied, may be asked again.
pub fn forget_failures(place: &mut Place) {
    let again: Vec<(TableRef, FactKind)> = place
        .audit
        .tables()
        .flat_map(|t| {
            FactKind::ALL
                .iter()
                .filter(|k| matches!(t.facts.gap(**k), Some(Gap::Failed(_) | Gap::Denied(..))))
                .map(|k| (t.table.clone(), *k))
        })
        .collect();
    for (table, kind) in again {
        place.absorb(&table, AuditEvent::Miss(table.clone(), kind, Gap::NotAsked));
    }
    place.asked_up_to = 0;
}
