//! Every call that was made, and what went wrong: newest first, to filter and to save.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use serde_json::json;

use super::entry::{Entry, Opens, Row, Section};
use super::{Screen, Transition, View};
use crate::domain::{Call, Rcu, Safe};
use crate::tui::keymap::Context;
use crate::tui::model::{Event, LogLine, Shared};
use crate::tui::theme::Role;
use crate::tui::widgets::{Block, Col, Filter, Grid, List, Rows, blocks, grid};
use crate::tui::{Action, Copy, Effect, layout, text};

/// How it is opened.
pub(super) static ENTRY: Entry = Entry {
    opens: Opens::From(|_, _| Screen::Ledger(LedgerScreen::default())),
    rows: &[Row {
        section: Section::Session,
        key: "!",
        contexts: &[],
        what: "errors and every call made",
        hint: "",
    }],
};

/// The filter, and where the cursor is.
#[derive(Default)]
pub struct LedgerScreen {
    filter: Filter,
    /// Only what went wrong.
    bad_only: bool,
    /// Positions in the log, newest first.
    shown: Vec<usize>,
    /// How many lines had been written when `shown` was made.
    seen: u64,
    list: List,
}

/// Rows for the selected line, with the rule above them.
fn pane(body: u16) -> u16 {
    if body >= 16 { 7 } else { body / 3 }
}

fn is_bad(line: &LogLine) -> bool {
    match &line.event {
        Event::Said(_, bad) => *bad,
        Event::Called(call) => call.is_bad(),
    }
}

/// A line in words.
fn said(line: &LogLine) -> String {
    match &line.event {
        Event::Said(text, _) => text.to_string(),
        Event::Called(call) => {
            let table = call.table.as_ref().map(|t| format!(" {t}")).unwrap_or_default();
            format!("{} {}{table}: {}", call.service, call.operation, outcome(call))
        }
    }
}

fn outcome(call: &Call) -> String {
    let again = if call.attempts > 1 { format!(", sent {} times", call.attempts) } else { String::new() };
    let word = if call.outcome == "PolicyNotFoundException" { "ok, there is none" } else { &call.outcome };
    format!("{word}{again}")
}

/// One line of a saved ledger.
fn record(line: &LogLine) -> Option<String> {
    let Event::Called(call) = &line.event else { return None };
    let Call { service, operation, table, request_id, cost, outcome, attempts, millis } = call;
    Some(
        json!({
            "at": line.at.to_string(),
            "service": service,
            "operation": operation,
            "table": table,
            "request_id": request_id,
            "rcu": cost.map(Rcu::as_f64),
            "outcome": outcome,
            "attempts": attempts,
            "ms": millis,
        })
        .to_string(),
    )
}

impl LedgerScreen {
    fn rows(shared: &Shared) -> usize {
        let body = layout::parts(0, shared.size.1).body.height;
        usize::from((body - pane(body)).saturating_sub(1)).max(1)
    }

    /// Looks at the whole log anew.
    fn refilter(&mut self, shared: &Shared) {
        let words: Vec<String> = self.filter.text().split_whitespace().map(str::to_lowercase).collect();
        let bad_only = self.bad_only;
        let fits = |line: &LogLine| {
            let id = match &line.event {
                Event::Called(Call { request_id: Some(id), .. }) if !words.is_empty() => id.as_str(),
                _ => "",
            };
            (!bad_only || is_bad(line)) && {
                let text = if words.is_empty() {
                    String::new()
                } else {
                    format!("{} {id}", said(line)).to_lowercase()
                };
                words.iter().all(|w| text.contains(w))
            }
        };
        self.shown = (0..shared.log.len()).rev().filter(|n| fits(&shared.log[*n])).collect();
        self.seen = shared.log_gone + shared.log.len() as u64;
    }

    fn selected<'a>(&self, shared: &'a Shared) -> Option<&'a LogLine> {
        shared.log.get(*self.shown.get(self.list.cursor)?)
    }

    fn save(&self, shared: &mut Shared) {
        let lines: Vec<String> = self.shown.iter().rev().filter_map(|n| record(&shared.log[*n])).collect();
        if lines.is_empty() {
            return shared.say("No calls shown: nothing to write.");
        }
        let s = if lines.len() == 1 { "" } else { "s" };
        let what = format!("the ledger of {} call{s}", text::count(lines.len() as u64));
        let name = format!("dynaudit-calls-{}.jsonl", shared.now.as_second());
        let text = Safe::block(&(lines.join("\n") + "\n"));
        shared.effects.push(Effect::Save(name, Copy { what, text }));
    }
}

impl View for LedgerScreen {
    fn context(&self) -> Context {
        Context::Ledger
    }

    fn list(&self, _body: u16) -> Option<Rows> {
        Some(Rows { list: self.list, above: self.filter.above(), below: 0, len: self.shown.len() })
    }

    fn title(&self, shared: &Shared) -> String {
        let calls = shared.log.iter().filter(|l| matches!(l.event, Event::Called(_))).count();
        let bad = shared.log.iter().filter(|l| is_bad(l)).count();
        let gone = match shared.log_gone {
            0 => String::new(),
            n => format!("; {} older lines are gone", text::count(n)),
        };
        let filter = self.filter.told(shared).map(|f| format!(" · {f}")).unwrap_or_default();
        let only = if self.bad_only { " · only errors" } else { "" };
        format!("Log: {} calls, {bad} errors, newest first{gone}{only}{filter}", text::count(calls as u64))
    }

    fn settle(&mut self, shared: &mut Shared) {
        let written = shared.log_gone + shared.log.len() as u64;
        if self.seen != written {
            // The cursor stays on its line unless it is on the newest, which is the first row.
            let before = self.shown.len();
            self.refilter(shared);
            if self.list.cursor > 0 {
                self.list.cursor += self.shown.len().saturating_sub(before);
            }
        }
        self.list.clamp(self.shown.len(), Self::rows(shared));
    }

    fn act(&mut self, shared: &mut Shared, action: Action) -> Transition {
        if self.list.act(action, self.shown.len(), Self::rows(shared)) {
            return Transition::Stay;
        }
        match action {
            Action::Filter => self.filter.open(),
            Action::Only => {
                self.bad_only = !self.bad_only;
                self.edited(shared);
            }
            Action::Save => self.save(shared),
            Action::Back if self.filter.is_on() => return self.escaped(shared),
            Action::Back => return Transition::Close,
            _ => {}
        }
        Transition::Stay
    }

    fn filter(&mut self) -> Option<&mut Filter> {
        Some(&mut self.filter)
    }

    fn edited(&mut self, shared: &mut Shared) {
        self.list = List::default();
        self.refilter(shared);
    }

    fn narrowed(&mut self) -> Option<(&mut List, &[usize])> {
        Some((&mut self.list, &self.shown))
    }

    fn draw(&self, shared: &Shared, buf: &mut Buffer, area: Rect) {
        let theme = shared.options.theme;
        let below = pane(area.height);
        let area = self.filter.draw(buf, area, shared);
        if self.shown.is_empty() {
            let text = if shared.log.is_empty() { "No calls yet." } else { "No matching lines." };
            return blocks(buf, area, theme, &[Block::Text(text.into(), Role::Dim)], 0);
        }
        let top = Rect { height: area.height.saturating_sub(below), ..area };
        let mut columns = vec![
            Col { title: "Time".into(), width: 8, right: false },
            Col { title: "What".into(), width: area.width.saturating_sub(12), right: false },
        ];
        let more: &[(&str, u16)] = match area.width {
            140.. => &[("RCU", 6), ("ms", 6), ("Request ID", 40)],
            60.. => &[("RCU", 6), ("ms", 6)],
            _ => &[],
        };
        for (title, width) in more {
            columns[1].width = columns[1].width.saturating_sub(width + 1);
            columns.push(Col { title: (*title).into(), width: *width, right: *width < 10 });
        }
        grid(
            buf,
            top,
            theme,
            &Grid { columns: &columns, list: self.list, len: self.shown.len() },
            |_| None,
            |row, col| {
                let Some(line) = shared.log.get(self.shown[row]) else { return (String::new(), Role::Plain) };
                let call = match &line.event {
                    Event::Called(call) => Some(call),
                    Event::Said(..) => None,
                };
                let of = |f: fn(&Call) -> Option<String>| call.and_then(f).unwrap_or_default();
                match col {
                    0 => (line.at.strftime("%H:%M:%S").to_string(), Role::Dim),
                    1 if is_bad(line) => (format!("✗ {}", said(line)), Role::Error),
                    1 => (format!("  {}", said(line)), Role::Plain),
                    2 => (of(|c| c.cost.map(|c| c.to_string())), Role::Plain),
                    3 => (of(|c| Some(c.millis.to_string())), Role::Dim),
                    _ => (of(|c| c.request_id.as_ref().map(ToString::to_string)), Role::Dim),
                }
            },
        );
        if below == 0 {
            return;
        }
        buf.set_string(area.x, top.bottom(), "─".repeat(usize::from(area.width)), theme.style(Role::Dim));
        let rest = Rect {
            x: area.x + 1,
            y: top.bottom() + 1,
            width: area.width.saturating_sub(2),
            height: below - 1,
        };
        if let Some(line) = self.selected(shared) {
            blocks(buf, rest, theme, &told(line), 0);
        }
    }
}

/// All about one line.
fn told(line: &LogLine) -> Vec<Block> {
    let role = if is_bad(line) { Role::Error } else { Role::Plain };
    let mut out = vec![Block::Text(said(line), role)];
    let Event::Called(call) = &line.event else { return out };
    let mut row = |label: &str, text: String| out.push(Block::Item(label.into(), text, Role::Plain));
    row(
        "request ID",
        call.request_id.as_ref().map_or("none: no answer gave one".into(), ToString::to_string),
    );
    row(
        "at",
        format!(
            "{}, {} ms, sent {}",
            line.at.strftime("%F %H:%M:%S UTC"),
            text::count(call.millis),
            times(call.attempts)
        ),
    );
    if let Some(cost) = call.cost {
        row("cost", format!("{cost} RCU"));
    }
    out
}

fn times(n: u32) -> String {
    match n {
        0 => "never".into(),
        1 => "once".into(),
        n => format!("{n} times"),
    }
}
