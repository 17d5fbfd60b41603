//! The audit that a person starts and stops; the engine drives it.

use std::collections::BTreeSet;

use crate::domain::{FactKind, Gap, Rcu, TableRef};
use crate::engine::{Done, Reach};
use crate::scan::{Budget, Depth};
use crate::tui::model::Shared;
use crate::tui::{Effect, text};

/// Maximum number of items of each table that an audit looks at.
pub const SAMPLE: u32 = 200;

/// Starts an audit of the tables that are listed, or stops the one under way.
pub fn start_or_stop(shared: &mut Shared) {
    if let Some((ids, spent)) = shared.engine.stop_reading(false) {
        shared.effects.extend(ids.into_iter().map(Effect::Cancel));
        if let Some(carved) = shared.carved.take() {
            shared.budget.settle(carved, Some(spent));
        }
        return shared.say("Audit stopped.");
    }
    let listed = shared.listed();
    let tables: Vec<TableRef> =
        listed.iter().flat_map(|id| shared.engine.places[id.0].tables.iter().cloned()).collect();
    if tables.is_empty() {
        return shared.say("There is no table to audit yet.");
    }
    if shared.budget.left().is_some_and(|left| left < Rcu::ITEM) {
        return shared.complain("Nothing is left of the read budget; + allows more.");
    }
    // The audit gets what is left of the session's budget, so both together stay within it.
    let left = shared.budget.left().unwrap_or_default();
    let Some(carved) = shared.budget.reserve(left) else { return };
    shared.carved = Some(carved);
    ask_who_can_read(shared, &tables);
    let reach = Reach { tables, depth: Depth::Sample(SAMPLE), budget: Budget::limited(left) };
    shared.engine.read(reach, shared.now);
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
    let Done { tables, short, spent } = done;
    if let Some(carved) = shared.carved.take() {
        shared.budget.settle(carved, Some(*spent));
    }
    let items: u64 = shared.engine.audit().tables().map(|t| t.items).sum();
    let items = text::count(items);
    if *short > 0 {
        let why = format!(
            "Audit ended early: {short} of {tables} tables not read as far as planned ({items} items, {spent} RCU). ! tells why.",
        );
        shared.complain(&why);
    } else {
        shared.good(&format!(
            "Audit done: {items} items of {tables} tables read, {spent} RCU. 1 sums it up, F shows all findings."
        ));
    }
}
