//! The audit of a place: started, driven and stopped by messages, as everything is.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::audit::AuditEvent;
use crate::domain::{FactKind, Gap, Rcu, TableRef};
use crate::scan::{Budget, Depth, Outcome, Pace, Receipt, Scan, Step};
use crate::tui::model::{Place, PlaceId, Running, Shared, Waiting};
use crate::tui::msg::Sampled;
use crate::tui::{Ask, Effect, RequestId, text};

/// Items of each table that an audit looks at.
pub const SAMPLE: u32 = 200;

/// Percent of a provisioned table's read capacity that may be used.
const SHARE: u8 = 10;

/// Starts an audit of the place on screen, or stops the one under way.
pub fn start_or_stop(shared: &mut Shared) {
    if let Some(running) = shared.running.take() {
        let samples: Vec<RequestId> = shared
            .waiting
            .iter()
            .filter(|(_, (_, w))| matches!(w, Waiting::Sample(_)))
            .map(|(id, _)| *id)
            .collect();
        for id in samples {
            shared.cancel(id);
        }
        let spent = running.scan.cancel().spent();
        shared.budget.settle(running.carved, Some(spent));
        return shared.say("The audit was stopped.");
    }
    if shared.place().tables.is_empty() {
        return shared.say("There is no table to audit yet.");
    }
    if shared.budget.left().is_some_and(|left| left < Rcu::ITEM) {
        return shared.complain("Nothing is left of the read budget; + allows more.");
    }
    // The audit gets what is left of the session's budget, so both together stay within it.
    let left = shared.budget.left().unwrap_or_default();
    let Some(carved) = shared.budget.reserve(left) else { return };
    let tables = shared.place().tables.clone();
    let here = shared.here;
    let count = tables.len();
    let scan = Scan::new(tables, Depth::Sample(SAMPLE), Budget::limited(left), 4);
    shared.running = Some(Running {
        place: here,
        since: shared.now,
        scan,
        carved,
        tables: count,
        ended: 0,
        short: 0,
        begun: BTreeSet::new(),
        held: Vec::new(),
        resting: Vec::new(),
    });
}

pub fn sample(shared: &mut Shared, place: PlaceId, table: TableRef, result: Result<Sampled, Gap>) {
    let Some(running) = &mut shared.running else { return };
    let known = &mut shared.places[place.0];
    let mut ready = shared.now;
    let receipt = match result {
        Ok(page) => {
            if running.begun.insert(table.clone()) {
                known.absorb(&table, AuditEvent::Afresh(table.clone()));
            }
            let cost = page.cost.unwrap_or(Rcu::PAGE);
            if page.next.is_some()
                && let Some(pause) = pace(known, &table).map(|p| p.pause(cost))
            {
                ready = ready.checked_add(pause).unwrap_or(Timestamp::MAX);
            }
            let event = AuditEvent::Items {
                table: table.clone(),
                items: page.items,
                traits: page.traits,
                uninspected: page.uninspected,
                cost,
                sightings: page.sightings,
            };
            known.absorb(&table, event);
            Receipt { table, result: Ok((page.given, page.next)), cost: page.cost }
        }
        Err(gap) => {
            shared.trouble(place, &format!("sampling {table}"), &gap);
            Receipt { table, result: Err(gap), cost: None }
        }
    };
    if let Some(running) = &mut shared.running {
        running.resting.push((ready, receipt));
    }
}

/// How fast a table may be read; `None` while it is not described.
pub fn pace(place: &Place, table: &TableRef) -> Option<Pace> {
    place.table(table)?.facts.description.known().map(|d| Pace::of(d, SHARE))
}

/// Sends what the audit wants to read next; when it is done, says so.
pub fn pump(shared: &mut Shared) {
    let Some(mut running) = shared.running.take() else { return };
    let place = running.place;
    let (ready, resting) = running.resting.into_iter().partition(|(at, _)| *at <= shared.now);
    running.resting = resting;
    for (_, receipt) in ready {
        running.scan.absorb(receipt);
    }
    if let Some(next) = running.resting.iter().map(|(at, _)| *at).min() {
        shared.effects.push(Effect::WakeAt(next));
    }
    let mut done = false;
    loop {
        match running.scan.next() {
            Step::Read(request) => running.held.push(request),
            Step::Wait => break,
            Step::Done => {
                done = true;
                break;
            }
        }
    }
    for mut request in std::mem::take(&mut running.held) {
        let facts = shared.places[place.0].table(&request.table).map(|t| t.facts.clone()).unwrap_or_default();
        let awaited = |kind: &FactKind| matches!(facts.gap(*kind), Some(Gap::NotAsked | Gap::Pending));
        if [FactKind::Description, FactKind::TimeToLive].iter().any(awaited)
            && shared.places[place.0].trouble.is_none()
        {
            running.held.push(request);
            continue;
        }
        if let Some(pace) = pace(&shared.places[place.0], &request.table) {
            request.limit = pace.limit(request.limit);
        }
        let table = request.table.clone();
        shared.ask(place, Waiting::Sample(table), Ask::Sample(request, Box::new(facts)));
    }
    for (table, outcome) in running.scan.take_ended() {
        running.ended += 1;
        running.short += usize::from(matches!(outcome, Outcome::OutOfBudget | Outcome::Stopped(_)));
        shared.places[place.0].absorb(&table, AuditEvent::Ended(table.clone(), outcome));
    }
    if !done {
        shared.running = Some(running);
        return;
    }
    let spent = running.scan.budget().spent();
    shared.budget.settle(running.carved, Some(spent));
    let items: u64 = shared.places[place.0].audit.tables().map(|t| t.items).sum();
    let items = text::count(items);
    if running.short > 0 {
        let why = format!(
            "Audit ended early: {} of {} tables not read as far as planned ({items} items, {spent} RCU). ! tells why.",
            running.short, running.tables
        );
        shared.complain(&why);
    } else {
        let tables = running.tables;
        shared.good(&format!(
            "Audit done: {items} items of {tables} tables read, {spent} RCU. F shows all findings."
        ));
    }
}
