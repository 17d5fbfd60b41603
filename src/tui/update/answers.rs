//! Answers: each to whoever waits for it.

use super::{act, audit};
use crate::audit::AuditEvent;
use crate::domain::{Fact, FactKind, FactValue, FailureKind, Gap, Identity, TableRef, Tables};
use crate::tui::fuzzy;
use crate::tui::model::{Listing, Model, PlaceId, Shared, Waiting};
use crate::tui::msg::Answer;
use crate::tui::screens::Screen;
use crate::tui::{Action, Ask, Effect, RequestId, text};

/// An answer: to whoever waits for it, or dropped.
pub fn take(model: &mut Model, id: RequestId, answer: Answer) {
    let Model { shared, stack, .. } = model;
    let Some((place, waiting)) = shared.waiting.remove(&id) else { return };
    match (waiting, answer) {
        (Waiting::Identity, Answer::Identity(result)) => identity(shared, place, result),
        (Waiting::Renewal, Answer::Renewed(result)) => renewed(model, place, result),
        (Waiting::Tables, Answer::Tables(result)) => tables(model, place, result),
        (Waiting::Fact(table, kind), Answer::Fact(result)) => fact(shared, place, &table, kind, result),
        (Waiting::Page(reservation), Answer::Page(result)) => {
            let cost = result.as_ref().ok().and_then(|page| page.cost);
            shared.budget.settle(reservation, cost);
            match &result {
                Ok(_) => shared.places[place.0].trouble = None,
                Err(gap) => shared.trouble(place, "reading items", gap),
            }
            if let Some(screen) = stack.iter_mut().find(|s| s.waits_for(id)) {
                screen.page(shared, result);
            }
        }
        (Waiting::Screen, answer) => {
            if let Some(screen) = stack.iter_mut().find(|s| s.waits_for(id)) {
                screen.answered(shared, answer);
            }
        }
        (Waiting::Sample(table), Answer::Sample(result)) => audit::sample(shared, place, table, result),
        // An answer of another kind than was asked for is a fault of the shell, not of the account.
        (waiting, _) => {
            if let Waiting::Page(reservation) = waiting {
                shared.budget.settle(reservation, None);
            }
            shared.complain("An answer did not fit its question.");
        }
    }
}

fn identity(shared: &mut Shared, place: PlaceId, result: Result<Identity, Gap>) {
    let now = shared.now;
    match result {
        Ok(value) => {
            let place = &mut shared.places[place.0];
            let mut scope = (*place.scope).clone();
            scope.account.clone_from(&value.account);
            place.scope = scope.into();
            place.identity = Fact::Known { value, read_at: now };
        }
        Err(gap) => {
            shared.trouble(place, "identity", &gap);
            shared.places[place.0].identity = Fact::Missing(gap);
        }
    }
}

/// Credentials were got anew, or not.
fn renewed(model: &mut Model, place: PlaceId, result: Result<(), Gap>) {
    let shared = &mut model.shared;
    match result {
        Ok(()) => {
            shared.places[place.0].trouble = None;
            shared.places[place.0].identity = Fact::default();
            if shared.listed().contains(&place) {
                act(model, Action::Refresh);
            }
        }
        Err(gap) if gap.is_of_credentials() => {
            shared.notice = None;
            shared.places[place.0].trouble = None;
            shared.trouble(place, "signing in", &gap);
        }
        Err(Gap::Failed(failure)) => shared.complain(&format!("{}.", text::advice(&failure))),
        Err(gap) => shared.complain(&format!("Signing in: {gap}.")),
    }
}

fn tables(model: &mut Model, place: PlaceId, result: Result<Tables, Gap>) {
    let shared = &mut model.shared;
    match result {
        Err(gap) => {
            shared.trouble(place, "list of tables", &gap);
            shared.places[place.0].listing = Listing::Failed(gap);
        }
        Ok(page) => {
            shared.places[place.0].trouble = None;
            for table in page.tables {
                let known = &mut shared.places[place.0];
                if known.audit.table(&table).is_none() {
                    known.absorb(&table, AuditEvent::Table(table.clone()));
                    known.tables.push(table.clone());
                    shared.recall(&table);
                }
            }
            match page.next {
                Some(after) => {
                    shared.ask(place, Waiting::Tables, Ask::Tables(Some(after)));
                }
                None => shared.places[place.0].listing = Listing::Whole,
            }
            open_wanted(model, place);
            model.reopen(place);
        }
    }
    for screen in &mut model.stack {
        screen.edited(&mut model.shared);
    }
}

/// Opens the table named on the command line, once it is in the list.
fn open_wanted(model: &mut Model, place: PlaceId) {
    let Some(name) = model.shared.options.table.clone() else { return };
    let known = &model.shared.places[place.0];
    if let Some(table) = known.tables.iter().find(|t| t.name == name).cloned() {
        model.shared.options.table = None;
        match model.shared.options.query.take() {
            None => model.stack.push(Screen::items(table)),
            // Esc leads back to the expression.
            Some(asked) => model.stack.extend(Screen::asked(&model.shared, &table, asked)),
        }
    } else if known.listing == Listing::Whole {
        model.shared.options.table = None;
        let nearest = fuzzy::rank(&name, known.tables.iter().map(|t| t.name.as_str()))
            .first()
            .map(|n| format!(" Did you mean {}?", known.tables[*n].name))
            .unwrap_or_default();
        let region = known.scope.region.clone();
        model.shared.complain(&format!("There is no table {name} in {region}.{nearest}"));
    }
}

/// Whether a throttled question goes back to those that were not asked, for later.
fn is_asked_again(
    shared: &mut Shared,
    place: PlaceId,
    table: &TableRef,
    kind: FactKind,
    result: &Result<FactValue, Gap>,
) -> bool {
    let throttled = matches!(result, Err(Gap::Failed(f)) if f.kind == FailureKind::Throttled);
    // What is known stays known, and what a person asked for says at once how it went.
    let known = shared.places[place.0].table(table).is_none_or(|t| t.facts.gap(kind).is_none());
    if !throttled || known || kind.is_on_request() {
        return false;
    }
    let Some(until) = shared.ease.throttle(shared.now, table, kind) else { return false };
    shared.effects.push(Effect::WakeAt(until));
    shared.places[place.0].absorb(table, AuditEvent::Miss(table.clone(), kind, Gap::NotAsked));
    shared.places[place.0].asked_up_to = 0;
    true
}

fn fact(
    shared: &mut Shared,
    place: PlaceId,
    table: &TableRef,
    kind: FactKind,
    result: Result<FactValue, Gap>,
) {
    if is_asked_again(shared, place, table, kind, &result) {
        return;
    }
    let event = match result {
        Ok(value) => {
            shared.ease.came();
            AuditEvent::Fact(table.clone(), value, shared.now)
        }
        Err(gap) => {
            // A service that this Region does not have, or that is down, is no trouble of the others. Its call is
            // in the log, and the gap with the check that needs it.
            let elsewhere = kind.permission().service != "DynamoDB"
                && matches!(&gap, Gap::Failed(f) if f.kind == FailureKind::Unreachable);
            if !elsewhere {
                shared.trouble(place, &format!("{} of {table}", kind.word()), &gap);
            }
            AuditEvent::Miss(table.clone(), kind, gap)
        }
    };
    shared.places[place.0].absorb(table, event);
}
