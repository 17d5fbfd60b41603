//! The audit that a person starts, stops for a while and ends; the engine drives it.

use std::collections::BTreeSet;

use crate::domain::{FactKind, Gap, Rcu, TableRef};
use crate::engine::{Done, Reach};
use crate::scan::{Budget, Depth, Outcome};
use crate::tui::model::{Listing, PlaceId, Shared};
use crate::tui::{Effect, text};

/// Maximum number of items of each table that an audit looks at.
pub const SAMPLE: u32 = 200;

/// Starts an audit of some tables, of those that are listed where none are named; stops the one under way for a while, or
/// goes on with it.
pub fn start_or_pause(shared: &mut Shared, narrowed: Option<Vec<TableRef>>) {
    if shared.audit_when_listed {
        return shared
            .say("The audit of every account and Region begins when all are listed; ctrl-e gives that up.");
    }
    match shared.engine.pause_reading() {
        Some(true) => {
            return shared.say("Audit paused; it keeps the read budget. A goes on, ctrl-e ends it.");
        }
        Some(false) => return shared.say("The audit goes on."),
        None => {}
    }
    let all = || shared.listed().into_iter().flat_map(|id| shared.engine.places[id.0].tables.iter().cloned());
    let is_part = narrowed.is_some();
    let tables = narrowed.unwrap_or_else(|| all().collect());
    if tables.is_empty() {
        return shared.say("There is no table to audit yet.");
    }
    if is_part {
        shared.say(&format!("Auditing the {} shown; without the filter A audits all.", count(tables.len())));
    }
    // What was read as far as that, or further, is not read again by mistake: it costs, and less would be known of it.
    let is_done = |table: &TableRef| {
        let outcome = shared.audit(table).and_then(|t| t.outcome.as_ref());
        matches!(outcome, Some(Outcome::Whole | Outcome::Sampled))
    };
    let left: Vec<TableRef> = tables.iter().filter(|table| !is_done(table)).cloned().collect();
    if !left.is_empty() {
        return start(shared, left, Depth::Sample(SAMPLE));
    }
    let read = |table: &TableRef| shared.audit(table).map_or(0, |t| t.items);
    let again: Vec<TableRef> = tables.into_iter().filter(|table| read(table) <= u64::from(SAMPLE)).collect();
    let costs = again.iter().filter_map(|table| shared.audit(table)).map(|t| t.cost);
    let cost = costs.fold(Rcu::ZERO, |all, one| all + one);
    if again.is_empty() {
        return shared.say("All of it was read already, and further; D reads more of one table.");
    }
    let question = format!("All of it was read already: A again reads it anew, for about {cost} RCU.");
    if shared.is_confirmed(&question) {
        start(shared, again, Depth::Sample(SAMPLE));
    }
}

/// How many tables.
fn count(n: usize) -> String {
    if n == 1 { "1 table".into() } else { format!("{n} tables") }
}

/// Audits every account and Region: lists those that were not, and begins when all are.
pub fn everywhere(shared: &mut Shared) {
    if shared.engine.reading().is_some() {
        return shared.say("An audit is under way: ctrl-e ends it.");
    }
    shared.combined = shared.engine.places.len() > 1;
    shared.audit_when_listed = true;
    let more = shared.listed().iter().filter(|id| is_listing(shared, **id)).count();
    if more > 0 {
        shared.say(&format!("Listing {more} accounts and Regions; the audit begins when that is done."));
    }
}

/// Whether a place may still list tables.
fn is_listing(shared: &Shared, id: PlaceId) -> bool {
    matches!(shared.engine.places[id.0].listing, Listing::Idle | Listing::Loading(..))
}

/// Begins what was to begin when everything is listed.
pub fn when_listed(shared: &mut Shared) {
    if shared.audit_when_listed && !shared.listed().iter().any(|id| is_listing(shared, *id)) {
        shared.audit_when_listed = false;
        if shared.engine.reading().is_none() {
            start_or_pause(shared, None);
        }
    }
}

/// Reads more items of one table: ten times as many as were read.
pub fn deepen(shared: &mut Shared, table: TableRef) {
    if shared.engine.reading().is_some() {
        return shared.say("An audit is under way: ctrl-e ends it.");
    }
    let known = shared.audit(&table);
    let read = known.map_or(0, |t| t.items);
    if known.is_some_and(|t| t.outcome == Some(Outcome::Whole)) {
        return shared.say("Every item of it was read.");
    }
    let sample = u32::try_from(read.max(u64::from(SAMPLE)).saturating_mul(10)).unwrap_or(u32::MAX);
    shared.say(&format!("Reading up to {} items of {}.", text::count(u64::from(sample)), table.name));
    start(shared, vec![table], Depth::Sample(sample));
}

/// Ends the audit under way.
pub fn end(shared: &mut Shared) {
    shared.audit_when_listed = false;
    let Some((ids, spent)) = shared.engine.stop_reading(true) else {
        return shared.say("No audit is under way.");
    };
    shared.effects.extend(ids.iter().map(|id| Effect::Cancel(*id)));
    if let Some(carved) = shared.carved.take() {
        shared.budget.settle(carved, Some(spent));
    }
    let cut = match ids.len() {
        0 => String::new(),
        1 => "; 1 read was cut short, and counts at its worst case".into(),
        n => format!("; {n} reads were cut short, and count at their worst case"),
    };
    shared.say(&format!("Audit ended, {spent} RCU{cut}. What was read is kept."));
}

fn start(shared: &mut Shared, tables: Vec<TableRef>, depth: Depth) {
    if shared.budget.left().is_some_and(|left| left < Rcu::ITEM) {
        return shared.complain("Nothing is left of the read budget; + allows more.");
    }
    // The audit gets what is left of the session's budget, so both together stay within it.
    let left = shared.budget.left().unwrap_or_default();
    let Some(carved) = shared.budget.reserve(left) else { return };
    shared.carved = Some(carved);
    ask_who_can_read(shared, &tables);
    shared.engine.read(Reach { tables, depth, budget: Budget::limited(left) }, shared.now);
}

/// Asks for the users and roles of each account, unless that was done.
fn ask_who_can_read(shared: &mut Shared, tables: &[TableRef]) {
    let mut accounts = BTreeSet::new();
    for table in tables.iter().filter(|table| accounts.insert(table.scope.account.clone())) {
        let gap = shared.audit(table).and_then(|audit| audit.facts.gap(FactKind::Account));
        if gap == Some(&Gap::NotAsked) {
            shared.ask_now(table, FactKind::Account);
        }
    }
}

/// It ended by itself.
pub fn done(shared: &mut Shared, done: &Done) {
    let Done { tables, short, items, spent } = done;
    if let Some(carved) = shared.carved.take() {
        shared.budget.settle(carved, Some(*spent));
    }
    let items = text::count(*items);
    if *short > 0 {
        let why = format!(
            "Audit ended early: {short} of {} not read as far as planned ({items} items, {spent} RCU). ! tells why.",
            count(*tables)
        );
        shared.complain(&why);
    } else {
        shared.good(&format!(
            "Audit done: {items} items of {} read, {spent} RCU. 1 sums it up, F shows all findings.",
            count(*tables)
        ));
    }
}
