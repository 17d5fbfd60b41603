//! Answers: each to whoever waits for it.

use super::{act, audit};
use crate::domain::{Fact, Gap};
use crate::engine::News;
use crate::tui::fuzzy;
use crate::tui::model::{Listing, Model, PlaceId, Waiting};
use crate::tui::msg::Answer;
use crate::tui::screens::Screen;
use crate::tui::{Action, RequestId, text};

/// An answer: to whoever waits for it, or dropped.
pub fn take(model: &mut Model, id: RequestId, answer: Answer) {
    if model.shared.engine.awaits(id) {
        // A panic while it was answered counts as an answer that says so: the engine waits for one.
        let Answer::Audit(answer) = answer else { return };
        let now = model.shared.now;
        let news = model.shared.engine.absorb(id, answer, now);
        return news.into_iter().for_each(|news| hear(model, news));
    }
    let Model { shared, stack, .. } = model;
    let Some((place, waiting)) = shared.waiting.remove(&id) else { return };
    match (waiting, answer) {
        (Waiting::Renewal, Answer::Renewed(result)) => renewed(model, place, result),
        (Waiting::Page(reservation), Answer::Page(result)) => {
            let cost = result.as_ref().ok().and_then(|page| page.cost);
            shared.budget.settle(reservation, cost);
            match &result {
                Ok(_) => shared.engine.places[place.0].trouble = None,
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
        // An answer of another kind than was asked for is a fault of the shell, not of the account.
        (waiting, _) => {
            if let Waiting::Page(reservation) = waiting {
                shared.budget.settle(reservation, None);
            }
            shared.complain("An answer did not match its request.");
        }
    }
}

/// Credentials were got anew, or not.
fn renewed(model: &mut Model, place: PlaceId, result: Result<(), Gap>) {
    let shared = &mut model.shared;
    match result {
        Ok(()) => {
            shared.engine.places[place.0].trouble = None;
            shared.engine.places[place.0].identity = Fact::default();
            if shared.listed().contains(&place) {
                act(model, Action::Refresh);
            }
        }
        Err(gap) if gap.is_of_credentials() => {
            shared.notice = None;
            shared.engine.places[place.0].trouble = None;
            shared.trouble(place, "signing in", &gap);
        }
        Err(Gap::Failed(failure)) => shared.complain(&format!("{}.", text::advice(&failure))),
        Err(gap) => shared.complain(&format!("Signing in: {gap}.")),
    }
}

/// What the engine has to tell.
pub fn hear(model: &mut Model, news: News) {
    let shared = &mut model.shared;
    match news {
        News::Identity(_) => {}
        News::Failed { settled: true, .. } => {}
        News::Failed { place, what, gap, .. } => shared.trouble(place, &what, &gap),
        News::Done(done) => audit::done(shared, &done),
        News::Listed(place, tables) => {
            tables.iter().for_each(|table| shared.recall(table));
            open_wanted(model, place);
            model.reopen(place);
            for screen in &mut model.stack {
                screen.edited(&mut model.shared);
            }
        }
    }
}

/// Opens the table named on the command line, once it is in the list.
fn open_wanted(model: &mut Model, place: PlaceId) {
    let Some(name) = model.shared.options.table.clone() else { return };
    let known = &model.shared.engine.places[place.0];
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
