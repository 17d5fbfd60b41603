//! What happens next: one message in, effects out.

mod answers;
pub mod audit;

use std::sync::Arc;

use jiff::Timestamp;

use crate::detect::{ACCEPTED_FILE, AllowList};
use crate::domain::{Acceptances, Fact, Gap, Rcu, Safe, TableRef};
use crate::engine;
use crate::tui::keymap::Context;
use crate::tui::model::{Listing, Model, Notice, PlaceId, Shared, Tone, Waiting};
use crate::tui::msg::Msg;
use crate::tui::screens::{ENTRIES, Entry, Opens, Screen, Transition};
use crate::tui::theme::{Colours, Scheme};
use crate::tui::widgets::{Edit, Rows};
use crate::tui::{Action, Ask, Copy, Effect, Handling, Key, layout};

/// Rows that one notch of the wheel moves.
const WHEEL: usize = 3;

/// Takes in one message at one time.
pub fn update(model: &mut Model, now: Timestamp, msg: Msg) -> Vec<Effect> {
    model.shared.now = now;
    if model.shared.notice.as_ref().is_some_and(|n| n.until.is_some_and(|until| until <= now)) {
        model.shared.notice = None;
    }
    let said = model.shared.notice.clone().filter(|n| n.tone == Tone::Plain).map(|n| (n, on_top(model)));
    match msg {
        Msg::Start => {
            arrive(&mut model.shared);
            tell_problems(&mut model.shared);
            if model.shared.options.mouse {
                model.shared.effects.push(Effect::Mouse(true));
            }
            // A theme of the last session was somebody's choice.
            if model.shared.options.theme_by_terminal && model.shared.remembered.theme.is_none() {
                model.shared.effects.push(Effect::AskBackground);
            }
        }
        Msg::Key(key) => press(model, key),
        Msg::Paste(text) => paste(model, &text),
        Msg::Pick(row) => {
            choose(model, row);
            act(model, Action::Open);
        }
        Msg::Run(action) => act(model, action),
        Msg::Click(column, row) => click(model, column, row),
        Msg::Wheel(up) => (0..WHEEL).for_each(|_| act(model, if up { Action::Up } else { Action::Down })),
        Msg::Resize(width, height) => model.shared.terminal = (width, height),
        Msg::Background(colour) => {
            if let Some(scheme) =
                Scheme::of_colour(&colour).filter(|_| model.shared.remembered.theme.is_none())
            {
                model.shared.options.theme.scheme = scheme;
            }
        }
        Msg::Wake => {}
        Msg::Answer(id, answer) => answers::take(model, id, answer),
        Msg::Called(call) => model.shared.called(call),
        Msg::Handled(what, Ok(text)) => handled(&mut model.shared, &what, &text),
        Msg::Handled(_, Err(why)) => model.shared.complain(&why),
        Msg::Done(Ok(text)) => model.shared.good(&text),
        Msg::Done(Err(text)) => model.shared.complain(&text),
    }
    // What was said on a screen goes with it; what was done, or went wrong, is told to its end.
    if said.is_some_and(|(n, top)| model.shared.notice.as_ref() == Some(&n) && on_top(model) != top) {
        model.shared.notice = None;
    }
    model.shared.make_room();
    settle(model);
    if model.shared.make_room() {
        model.stack.iter_mut().for_each(|screen| screen.settle(&mut model.shared));
    }
    std::mem::take(&mut model.shared.effects)
}

/// Which screen is on top.
fn on_top(model: &Model) -> impl PartialEq + use<> {
    (model.stack.len(), std::mem::discriminant(model.top()), model.top().table().cloned())
}

/// What is wrong with the configuration: the first of it on screen, all of it in the log.
fn tell_problems(shared: &mut Shared) {
    let problems = std::mem::take(&mut shared.options.problems);
    let Some((first, rest)) = problems.split_first() else { return };
    rest.iter().rev().for_each(|problem| shared.log(problem, true));
    match rest.len() {
        0 => shared.complain(first),
        n => {
            shared.complain(first);
            let text = Safe::neutral(&format!("{first} ({n} more: !)"));
            shared.notice = Some(Notice { text, tone: Tone::Bad, until: None });
        }
    }
}

/// What stands in the file of what was accepted, and what other files accept, holds from now on.
fn handled(shared: &mut Shared, what: &Handling, text: &str) {
    let mut list = AllowList::default();
    let wrong = list.add(ACCEPTED_FILE, text, shared.now);
    let others = shared.engine.audit().acceptances().all().filter(|a| a.why.file.as_str() != ACCEPTED_FILE);
    let own = list.accepted();
    let all = Arc::new(Acceptances::new(others.chain(own.all()).cloned()));
    shared.options.baseline = shared.options.baseline.take().map(|b| Arc::new(b.accepting(Arc::clone(&all))));
    shared.engine.accept(all);
    wrong.iter().for_each(|wrong| shared.log(&wrong.to_string(), true));
    match what {
        Handling::TakeBack(all) if all.len() == 1 => {
            shared.good(&format!("It counts again; {ACCEPTED_FILE} says so no more."));
        }
        Handling::TakeBack(all) => {
            shared.good(&format!("{} findings count again; {ACCEPTED_FILE} says so no more.", all.len()));
        }
        Handling::Accept(_) => {
            shared.good(&format!("Written to {ACCEPTED_FILE}; Z lists what was accepted."))
        }
    }
}

/// The first questions about the places that lists are of.
fn arrive(shared: &mut Shared) {
    for id in shared.listed() {
        let place = &mut shared.engine.places[id.0];
        let unknown =
            matches!(place.identity, Fact::Missing(Gap::NotAsked | Gap::Failed(_) | Gap::Denied(..)));
        let unlisted = place.listing == Listing::Idle;
        if unknown {
            shared.engine.ask_identity(id);
        }
        if unlisted {
            shared.engine.list(id, shared.now);
        }
    }
}

fn press(model: &mut Model, key: Key) {
    if model.shared.notice.as_ref().is_some_and(|n| n.until.is_none()) {
        model.shared.notice = None;
    }
    let Model { shared, stack, .. } = model;
    let top = stack.last_mut().expect("the list of tables is never closed");
    if let Some(prompt) = top.prompt() {
        let flow = match prompt.press(key) {
            Edit::Changed => {
                top.edited(shared);
                Transition::Stay
            }
            Edit::Entered => top.entered(shared),
            Edit::Escaped => top.escaped(shared),
            Edit::Nothing => Transition::Stay,
            Edit::NotText => match shared.options.keymap.lookup(top.context(), key) {
                Some(
                    action @ (Action::Up
                    | Action::Down
                    | Action::PageUp
                    | Action::PageDown
                    | Action::Complete
                    | Action::Earlier
                    | Action::Later
                    | Action::NextWay
                    | Action::Count
                    | Action::SaveQuery
                    | Action::ForgetQuery),
                ) => top.act(shared, action),
                Some(action @ (Action::Forward | Action::Palette)) => Transition::Run(action),
                Some(Action::Quit) if key.ctrl => Transition::Run(Action::Quit),
                Some(Action::Suspend) => Transition::Run(Action::Suspend),
                _ => Transition::Stay,
            },
        };
        return go(model, flow);
    }
    if let Some(action) = model.shared.options.keymap.lookup(model.top().context(), key) {
        act(model, action);
    }
}

fn paste(model: &mut Model, text: &str) {
    let top = model.stack.last_mut().expect("the list of tables is never closed");
    if let Some(prompt) = top.prompt() {
        prompt.paste(text);
        top.edited(&mut model.shared);
    }
}

/// Selects the row of a list that was clicked; a click on the selected row opens it, one on a title sorts.
fn click(model: &mut Model, column: u16, row: u16) {
    let body = layout::parts(model.shared.size.0, model.shared.size.1).body;
    let Some(Rows { list, above, below, len }) = model.top().list(body.height) else { return };
    if row + 1 == body.y + above {
        let top = model.stack.last_mut().expect("the list of tables is never closed");
        if top.title_at(&model.shared, column, body.width) {
            act(model, Action::Sort);
        }
        return;
    }
    let Some(row) = row.checked_sub(body.y + above).map(usize::from) else { return };
    let at = list.offset + row;
    if row >= usize::from(body.height.saturating_sub(above + below)) || at >= len {
        return;
    }
    if list.cursor == at {
        return act(model, Action::Open);
    }
    choose(model, at);
}

/// Moves the cursor of the list to a row.
fn choose(model: &mut Model, at: usize) {
    let Some(Rows { list, .. }) = model.top().list(0).filter(|rows| at < rows.len) else { return };
    let (step, times) =
        if at > list.cursor { (Action::Down, at - list.cursor) } else { (Action::Up, list.cursor - at) };
    (0..times).for_each(|_| act(model, step));
}

/// One action on the screen on top; what no screen knows is done here for all of them.
fn act(model: &mut Model, action: Action) {
    match action {
        Action::Forward => return forward(model),
        Action::NewView => return new_view(model),
        _ => {}
    }
    let Model { shared, stack, views, .. } = model;
    let top = stack.last_mut().expect("the list of tables is never closed");
    let flow = match action {
        Action::Quit => {
            shared.effects.push(Effect::Quit);
            Transition::Stay
        }
        Action::Suspend => {
            shared.effects.push(Effect::Suspend);
            Transition::Stay
        }
        Action::Views => {
            let others = views.iter().filter_map(|(_, stack)| stack.last());
            let titles = std::iter::once(&*top).chain(others).map(|screen| screen.title(shared)).collect();
            Transition::Open(Screen::views(titles))
        }
        Action::Findings => Transition::Open(Screen::findings(None)),
        Action::Home => Transition::Home,
        Action::Audit => {
            let narrowed = top.narrowed_tables(shared);
            audit::start_or_pause(shared, narrowed);
            Transition::Stay
        }
        Action::AuditEverywhere => {
            audit::everywhere(shared);
            arrive(shared);
            top.edited(shared);
            Transition::Stay
        }
        Action::EndAudit => {
            audit::end(shared);
            Transition::Stay
        }
        Action::Deepen => {
            if let Some(table) = top.selected(shared) {
                audit::deepen(shared, table);
            }
            Transition::Stay
        }
        Action::MaskAll if shared.options.mask_locked => {
            shared.complain("Every value stays masked in this session (--mask-everything).");
            Transition::Stay
        }
        Action::MaskAll => {
            shared.options.mask_all = !shared.options.mask_all;
            shared.say(if shared.options.mask_all {
                "Every value is masked."
            } else {
                "Only secrets are masked."
            });
            Transition::Stay
        }
        Action::Combine if shared.engine.places.len() < 2 && !shared.combined => {
            shared.say("Only one account and Region is open; repeat --profile or --region to open more.");
            Transition::Stay
        }
        Action::Combine => {
            shared.combined = !shared.combined;
            arrive(shared);
            top.edited(shared);
            Transition::Stay
        }
        Action::Tail if top.context() != Context::Tail => {
            of_table(shared, top, |_, table| Screen::tail(table))
        }
        Action::Mouse => {
            shared.options.mouse = !shared.options.mouse;
            let on = shared.options.mouse;
            shared.effects.push(Effect::Mouse(on));
            shared.say(if on {
                "Mouse on: it selects and scrolls."
            } else {
                "Mouse off: the terminal selects text."
            });
            Transition::Stay
        }
        Action::NextTheme => {
            let scheme = shared.options.theme.scheme.next();
            shared.options.theme.scheme = scheme;
            shared.remembered.theme = Some(scheme.name().to_owned());
            let none = if shared.options.theme.colours == Colours::None {
                " (this terminal has no colours, or NO_COLOR is set)"
            } else {
                ""
            };
            shared.say(&format!("Theme: {}{none}.", scheme.name()));
            Transition::Stay
        }
        Action::CopyLogin => {
            match shared.trouble_here().and_then(|(_, failure)| failure.command()) {
                Some(command) => {
                    let text = Safe::neutral(command);
                    shared.effects.push(Effect::Copy(Copy { what: "the command".into(), text }));
                }
                None => shared
                    .say("There is no command to copy: the credentials work, or no command renews them."),
            }
            Transition::Stay
        }
        Action::RaiseBudget => {
            shared.budget.raise(Rcu::units(500));
            let limit = shared.budget.limit().unwrap_or_default();
            shared.say(&format!("The read budget is now {limit} RCU."));
            Transition::Stay
        }
        Action::Refresh => {
            let about = top.table().cloned();
            match refresh(shared, about.as_ref()) {
                Transition::Stay => top.act(shared, action),
                flow => flow,
            }
        }
        // Named in the palette, what Enter and Esc do in an input.
        Action::Open if top.prompt().is_some() => top.entered(shared),
        Action::Back if top.prompt().is_some() => top.escaped(shared),
        other => match ENTRIES.iter().find(|(action, _)| *action == other) {
            Some((_, entry)) => enter(shared, top, entry),
            None => top.act(shared, other),
        },
    };
    go(model, flow);
}

/// What a screen's own file says that it opens with.
fn enter(shared: &mut Shared, top: &Screen, entry: &Entry) -> Transition {
    match entry.opens {
        Opens::OfTable(screen) => of_table(shared, top, screen),
        Opens::From(screen) => Transition::Open(screen(shared, top)),
    }
}

/// A screen about the table that is selected or shown, in the place where that is.
fn of_table(shared: &mut Shared, top: &Screen, screen: fn(&Shared, TableRef) -> Screen) -> Transition {
    let Some(table) = top.selected(shared) else { return Transition::Stay };
    shared.here = shared.place_of(&table).unwrap_or(shared.here);
    Transition::Open(screen(shared, table))
}

fn go(model: &mut Model, flow: Transition) {
    // A screen that is already on top is not opened again over itself.
    match flow {
        Transition::Stay => {}
        Transition::Open(screen) if model.top().is_same(&screen) => {}
        Transition::Open(screen)
            if screen.is_pane() && model.stack.iter().any(|below| below.is_same(&screen)) =>
        {
            close_above(model, |below| below.is_same(&screen));
        }
        Transition::Home => close_above(model, |below| below.context() == Context::Tables),
        Transition::Open(screen) => {
            close_palette(model);
            model.forward.clear();
            model.stack.push(screen);
        }
        Transition::Close if model.stack.len() > 1 => {
            if let Some(screen) = model.stack.pop() {
                screen.closed(&mut model.shared);
                if screen.is_kept() {
                    if model.forward.len() == FORWARD {
                        model.forward.remove(0);
                    }
                    model.forward.push(screen);
                }
            }
        }
        Transition::Close => {}
        Transition::Run(action) => {
            close_palette(model);
            act(model, action);
        }
        Transition::Beside(step) => beside(model, step),
        Transition::Jump(n) => {
            // The list itself goes.
            model.stack.pop();
            if let Some(n) = n.checked_sub(1).filter(|n| *n < model.views.len()) {
                let (place, stack) = model.views.remove(n);
                let left = std::mem::replace(&mut model.stack, stack);
                park(model, left);
                model.shared.here = place;
            }
        }
        Transition::Travel(place) => {
            model.forward.clear();
            for screen in model.stack.drain(..) {
                screen.closed(&mut model.shared);
            }
            model.shared.here = place;
            model.shared.combined = false;
            model.stack.push(Screen::tables());
            arrive(&mut model.shared);
        }
    }
}

/// Closes what is above a screen that is open.
fn close_above(model: &mut Model, is_it: impl Fn(&Screen) -> bool) {
    model.forward.clear();
    while model.stack.len() > 1 && !is_it(model.top()) {
        if let Some(screen) = model.stack.pop() {
            screen.closed(&mut model.shared);
        }
    }
}

/// What was chosen in the palette happens on the screen below it.
fn close_palette(model: &mut Model) {
    if model.top().context() == Context::Palette {
        model.stack.pop();
    }
}

/// Maximum number of screens one can go forward to, and of open views besides the one on screen.
const FORWARD: usize = 4;
const VIEWS: usize = 8;

/// What the list below the screen on top opens one step further. Where it opens nothing, the screen stays.
fn beside(model: &mut Model, step: Action) {
    let Some(left) = model.stack.pop() else { return };
    let cursor = |model: &Model| model.stack.last()?.list(0).map(|rows| rows.list.cursor);
    let (depth, before) = (model.stack.len(), cursor(model));
    act(model, step);
    if before.is_some() && cursor(model) != before {
        act(model, Action::Open);
    }
    let opened = model.stack.len() > depth;
    match model.stack.last_mut() {
        Some(screen) if opened => screen.continues(&left),
        _ => {
            model.stack.push(left);
            model.shared.say(match (before, step) {
                (None, _) => "There is no list below.",
                (_, Action::Up) => "This is the first item loaded.",
                _ => "This is the last item loaded.",
            });
        }
    }
}

/// Back to what was left by going back.
fn forward(model: &mut Model) {
    match model.forward.pop() {
        Some(screen) => model.stack.push(screen),
        None => model.shared.say("Nothing to go forward to."),
    }
}

/// Keeps the view on screen and starts another at the list of tables.
fn new_view(model: &mut Model) {
    if model.views.len() == VIEWS {
        return model.shared.say("No more views can be opened; V jumps between them.");
    }
    let left = std::mem::replace(&mut model.stack, vec![Screen::tables()]);
    park(model, left);
    model.shared.say("New view; V jumps between the open ones.");
}

/// Puts a view aside. What it loads is given up: it goes on when it is looked at again.
fn park(model: &mut Model, stack: Vec<Screen>) {
    stack.iter().for_each(|screen| screen.closed(&mut model.shared));
    model.forward.clear();
    let here = model.shared.here;
    model.views.insert(0, (here, stack));
}

/// Asks again for what failed or may have changed; what is on screen stays until the answer comes. Where credentials
/// ran out, they are got anew first, which may need a code.
fn refresh(shared: &mut Shared, about: Option<&TableRef>) -> Transition {
    let (out, fine): (Vec<PlaceId>, Vec<PlaceId>) =
        shared.listed().into_iter().partition(|id| shared.is_signed_out(*id));
    ask_again(shared, &fine, about);
    let signing_in = !out.is_empty();
    let mut flow = Transition::Stay;
    for id in out {
        if shared.waiting.values().any(|(place, w)| *place == id && matches!(w, Waiting::Renewal)) {
            continue;
        }
        if shared.devices(id).is_empty() {
            shared.ask(id, Waiting::Renewal, Ask::Renew(Vec::new()));
        } else if matches!(flow, Transition::Stay) {
            // One place at a time; the next has its turn when this one is done.
            flow = Transition::Open(Screen::code(id));
        }
    }
    if matches!(flow, Transition::Stay) {
        shared.say(if signing_in { "Signing in again." } else { "Refreshing." });
    }
    flow
}

fn ask_again(shared: &mut Shared, places: &[PlaceId], about: Option<&TableRef>) {
    for &id in places {
        shared.effects.push(Effect::AskAnew(id));
        // After trouble of the network somebody else may answer.
        let signed_in_anew = shared.engine.places[id.0].trouble.take().is_some();
        if signed_in_anew || shared.engine.places[id.0].identity.known().is_none() {
            shared.engine.ask_identity(id);
        }
        shared.engine.list(id, shared.now);
        let tables = match about {
            Some(table) => vec![table.clone()],
            None => shared.engine.places[id.0].tables.clone(),
        };
        shared.engine.ask_again(id, tables);
    }
}

/// After every message: what can be asked now is asked, what is new is judged.
fn settle(model: &mut Model) {
    let now = model.shared.now;
    if let Some(news) = model.shared.engine.tick(now) {
        answers::hear(model, news);
    }
    let Model { shared, stack, .. } = model;
    audit::when_listed(shared);
    // What is known by now is on screen after this message, not after the next.
    shared.engine.judge(now);
    for screen in stack.iter_mut() {
        screen.settle(shared);
    }
    let top = stack.last().map(|s| s.wants(shared)).unwrap_or_default();
    let below = stack.first().map(|s| s.wants(shared)).unwrap_or_default();
    let held: Vec<TableRef> = shared.engine.reading().iter().flat_map(|r| r.held().cloned()).collect();
    let (listed, now) = (shared.listed(), shared.now);
    shared.engine.ask_facts(top.iter().chain(&held).chain(&below), &listed, now);
    shared.engine.judge(now);
    let asks = shared.engine.take_asks();
    let ask = |ask: engine::Ask| Effect::Ask(ask.place, ask.id, Ask::Audit(ask.question));
    shared.effects.extend(asks.into_iter().map(ask));
    shared.effects.extend(shared.engine.take_wakes().into_iter().map(Effect::WakeAt));
}
