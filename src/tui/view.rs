//! The frame around every screen: who, where, read-only, what was spent; messages; keys.

use jiff::Timestamp;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use crate::audit::TableAudit;
use crate::domain::{Fact, Safe, TableRef, glob};
use crate::tui::keymap::{Binding, Context, FIRST, KEYMAP};
use crate::tui::layout::{SMALLEST, parts};
use crate::tui::model::{Model, Shared};
use crate::tui::theme::{Role, Theme};
use crate::tui::update::audit::SAMPLE;
use crate::tui::widgets::{Block, blocks, fit};
use crate::tui::{Action, text};

/// Draws the whole screen.
pub fn view(model: &Model, buf: &mut Buffer) {
    let area = buf.area;
    let theme = model.shared.options.theme;
    if area.width < SMALLEST.0 || area.height < SMALLEST.1 {
        let text = format!(
            "dynaudit needs {}x{}; this terminal has {}x{}. Make it larger, or quit with q.",
            SMALLEST.0, SMALLEST.1, area.width, area.height
        );
        return blocks(buf, area, theme, &[Block::Text(text, Role::Plain)], 0);
    }
    // A message that needs more rows has them from the screen; the keys stay where they are.
    let more = model.shared.terminal.1.saturating_sub(model.shared.size.1);
    let mut parts = parts(area.width, area.height.saturating_sub(more));
    parts.notice.height += more;
    parts.footer.y = area.bottom() - 1;
    let top = model.top();
    header(&model.shared, top.table(), buf, parts.header);
    let room = usize::from(area.width) - 2;
    buf.set_stringn(
        parts.title.x + 1,
        parts.title.y,
        fit(&top.title(&model.shared), room),
        room,
        theme.style(if production(&model.shared, top.table()) { Role::Alarm } else { Role::Heading }),
    );
    top.draw(&model.shared, buf, parts.body);
    notice(model, buf, parts.notice);
    footer(model, buf, parts.footer);
}

/// How much room the line above everything has.
#[derive(Clone, Copy, PartialEq)]
enum Room {
    Wide,
    Narrow,
    /// Badges without a margin, the endpoint without its address, the budget without its limit.
    Tight,
}

/// What must always be told: read-only, which account, which Region; and at the right edge what was spent.
fn told(shared: &Shared, table: Option<&TableRef>, room: Room) -> (Vec<(String, Role)>, String) {
    let place = shared.place();
    let badge = |text: &str| if room == Room::Tight { text.to_owned() } else { format!(" {text} ") };
    let wide = room == Room::Wide;
    let mut pieces = vec![(badge(if wide { "READ-ONLY" } else { "RO" }), Role::Badge)];
    if shared.options.demo {
        pieces.push((badge(if wide { "DEMO ACCOUNT" } else { "DEMO" }), Role::Selected));
    } else if let Some(endpoint) = &place.scope.endpoint {
        let endpoint = Safe::neutral(endpoint);
        pieces.push((badge(if room == Room::Tight { "endpoint" } else { &endpoint }), Role::Alarm));
    }
    if production(shared, table) {
        pieces.push((badge("PROD"), Role::Alarm));
    }
    if shared.options.mask_all {
        pieces.push((badge("MASKED"), Role::Selected));
    }
    let account = if place.scope.account.is_empty() { "account ?" } else { &place.scope.account };
    pieces.push((Safe::neutral(account).to_string(), Role::Plain));
    pieces.push((Safe::neutral(&place.scope.region).to_string(), Role::Accent));
    let limit = shared.budget.limit().filter(|_| room != Room::Tight).map(|l| format!("/{l}"));
    (pieces, format!("{}{} RCU ", shared.spent(), limit.unwrap_or_default()))
}

/// Puts pieces side by side, the first ones first; the last one stands at the right edge if there is room.
fn header(shared: &Shared, table: Option<&TableRef>, buf: &mut Buffer, area: Rect) {
    let theme = shared.options.theme;
    let who = match &shared.place().identity {
        Fact::Known { value, .. } => {
            value.arn.rsplit_once(':').map_or(value.arn.as_str(), |(_, r)| r).to_owned()
        }
        Fact::Missing(_) => "identity ?".to_owned(),
    };
    let fits = |(pieces, spent): &(Vec<(String, Role)>, String)| {
        let all: usize = pieces.iter().map(|(text, _)| text.width() + 1).sum();
        all + spent.width() <= usize::from(area.width)
    };
    let rooms = [Room::Wide, Room::Narrow].into_iter().filter(|r| *r == Room::Narrow || area.width >= 70);
    let found = rooms.map(|room| told(shared, table, room)).find(fits);
    let (pieces, spent) = found.unwrap_or_else(|| told(shared, table, Room::Tight));
    let end = area.right().saturating_sub(spent.width() as u16);
    let mut x = area.x;
    for (text, role) in pieces {
        let room = usize::from(end.saturating_sub(x + 1));
        (x, _) = buf.set_stringn(x, area.y, fit(&text, room), room, theme.style(role));
        x += 1;
    }
    let room = usize::from(end.saturating_sub(x + 1));
    if room > 8 {
        buf.set_stringn(x, area.y, fit(&Safe::neutral(&who), room), room, theme.style(Role::Dim));
    }
    buf.set_string(end, area.y, spent, theme.style(Role::Accent));
}

/// Whether what is on screen looks like production: by the name of the profile, the tags of the table, or else its
/// name; by the patterns of the configuration, or else by words.
fn production(shared: &Shared, table: Option<&TableRef>) -> bool {
    let is = |text: &str| {
        let text = text.to_ascii_lowercase();
        let patterns = &shared.options.production;
        if !patterns.is_empty() {
            return patterns.iter().any(|p| glob::matches(&p.to_ascii_lowercase(), &text));
        }
        text.split(|c: char| !c.is_ascii_alphanumeric())
            .any(|w| matches!(w, "prod" | "production" | "prd" | "live"))
    };
    if shared.options.logins.get(shared.here.0).is_some_and(|login| is(&login.name)) {
        return true;
    }
    let Some(table) = table else { return false };
    match shared.audit(table).and_then(|t| t.facts.tags.known()) {
        Some(tags) if tags.iter().any(|(k, _)| is_environment(k)) => {
            tags.iter().any(|(k, v)| is_environment(k) && is(v))
        }
        _ => is(&table.name),
    }
}

fn is_environment(key: &str) -> bool {
    matches!(key.to_ascii_lowercase().as_str(), "env" | "environment" | "stage")
}

fn notice(model: &Model, buf: &mut Buffer, area: Rect) {
    let shared = &model.shared;
    let theme = shared.options.theme;
    let width = usize::from(area.width).saturating_sub(2);
    let mut line = |text: &str, role: Role| {
        buf.set_stringn(area.x + 1, area.y, fit(text, width), width, theme.style(role));
    };
    if let Some(message) = shared.message() {
        let area = Rect { x: area.x + 1, width: area.width.saturating_sub(2), ..area };
        return blocks(buf, area, theme, &[message], 0);
    }
    if let Some(running) = shared.engine.reading() {
        let items = running.items;
        if running.is_paused() {
            let text = format!(
                "audit paused: {} of {} tables, {items} items, {} RCU (A goes on, ctrl-e ends it)",
                running.ended,
                running.tables,
                running.spent()
            );
            return line(&text, Role::Accent);
        }
        let text = format!(
            "auditing: {} of {} tables done, {items} items read{}, {} RCU (A pauses)",
            running.ended,
            running.tables,
            text::pace(
                shared.now.duration_since(running.since),
                items,
                running.ended as u64,
                running.tables as u64
            ),
            running.spent()
        );
        return line(&text, Role::Accent);
    }
    let listed = shared.listed();
    let felt = |since: &Timestamp| shared.now.duration_since(*since) >= text::FELT;
    if let Some((read, all, since)) = shared.engine.progress(&listed).filter(|(.., since)| felt(since)) {
        let pace = text::pace(shared.now.duration_since(since), read, read, all);
        let (read, all) = (text::count(read), text::count(all));
        let text = format!("reading settings: {read} of {all}, {}{pace}", shared.place().throttle.told());
        return line(&text, Role::Dim);
    }
    // In the order of the audit: looking up each of 20,000 tables takes longer than the rest of a frame.
    let begun = |t: &&TableAudit| t.items > 0 || t.outcome.is_some();
    let here = |t: &TableAudit| shared.engine.place_of(&t.table) == Some(shared.here);
    let unread = !shared.engine.audit().tables().filter(begun).any(here);
    if model.top().context() == Context::Tables && unread && !shared.place().tables.is_empty() {
        line(&format!("·: no items read yet. A samples {SAMPLE} of each table for secrets."), Role::Dim);
    }
}

/// Keys of the screen on top, as many as fit; help is always among them.
fn footer(model: &Model, buf: &mut Buffer, area: Rect) {
    let theme: Theme = model.shared.options.theme;
    let context = model.top().context();
    let offered = |b: &&Binding| {
        !b.hint.is_empty() && b.works_in(context) && model.top().offers(&model.shared, b.action)
    };
    let first = FIRST.iter().find(|(of, _)| *of == context).map_or(&[][..], |(_, first)| first);
    let rank = |b: &Binding| first.iter().position(|action| *action == b.action).unwrap_or(first.len());
    let mut hints: Vec<&Binding> = KEYMAP.iter().filter(offered).collect();
    hints.sort_by_key(|b| rank(b));
    let hints = || hints.iter().copied();
    let keymap = &model.shared.options.keymap;
    let width = |b: &Binding| (keymap.shown(context, b).width() + b.hint.width() + 3) as u16;
    let help = hints().find(|b| b.action == Action::Help);
    let end = area.right().saturating_sub(help.map_or(0, width));
    let mut x = area.x + 1;
    let fitting = hints().filter(|b| b.action != Action::Help).take_while(|b| {
        let fits = x + width(b) <= end;
        x += width(b);
        fits
    });
    let mut at = area.x + 1;
    for binding in fitting.chain(help) {
        let room = usize::from(area.right().saturating_sub(at));
        (at, _) =
            buf.set_stringn(at, area.y, keymap.shown(context, binding), room, theme.style(Role::Accent));
        let room = usize::from(area.right().saturating_sub(at + 1));
        (at, _) = buf.set_stringn(at + 1, area.y, binding.hint, room, theme.style(Role::Dim));
        at += 2;
    }
}
