//! Who can read a table: everybody of the account and everybody that its policies name, the nearest first; below the
//! list how, on which conditions, by which statement, and what stops the others.
//!
//! The people of the account are asked for here and with an audit, never by themselves: the answer is of more than tables.

use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::entry::{Entry, Opens, Row as Key, Section};
use super::{Screen, Transition, View, gap};
use crate::access::Answer;
use crate::domain::{Fact, FactKind, Gap, Safe, TableRef};
use crate::readers::{Found, Reach, Reader, Readers, Stopped, Who};
use crate::tui::keymap::Context;
use crate::tui::model::Shared;
use crate::tui::theme::Role;
use crate::tui::widgets::{Block, Col, Filter, Grid, List, Rows, blocks, grid, height};
use crate::tui::{Action, Copy, Effect, layout};

/// How it is opened.
pub(super) static ENTRY: Entry = Entry {
    opens: Opens::OfTable(|_, table| Screen::Access(AccessScreen::new(table))),
    rows: &[Key {
        section: Section::Table,
        key: "P",
        contexts: &[
            Context::Tables,
            Context::Posture,
            Context::Overview,
            Context::Findings,
            Context::Finding,
            Context::Usage,
            Context::Reading,
        ],
        what: "who can read the table: users, roles, outsiders",
        hint: "readers",
    }],
};

/// The table, and who was found.
pub struct AccessScreen {
    table: TableRef,
    found: Option<Arc<Readers>>,
    filter: Filter,
    /// Of the readers and behind them of those who do not read, by their positions.
    shown: Vec<usize>,
    list: List,
    /// How far the details are scrolled.
    scroll: usize,
}

/// Rows for the selected line, with the rule above them.
fn pane(body: u16) -> u16 {
    if body >= 16 { body / 2 } else { body / 3 }
}

/// A row: somebody who reads, or somebody who does not.
enum Row<'a> {
    Reads(&'a Reader),
    Stopped(&'a Stopped),
}

impl Row<'_> {
    fn who(&self) -> &Who {
        match self {
            Self::Reads(reader) => &reader.who,
            Self::Stopped(stopped) => &stopped.who,
        }
    }

    /// Sign, word and role of whether they read.
    fn sign(&self) -> (&'static str, Role) {
        match self {
            Self::Reads(Reader { reach: Reach::Could, .. }) => ("could", Role::Unknown),
            Self::Reads(Reader { answer: Answer::Allowed, .. }) => ("yes", Role::Error),
            Self::Reads(_) => ("if", Role::Unknown),
            Self::Stopped(_) => ("no", Role::Dim),
        }
    }

    fn how(&self) -> String {
        match self {
            Self::Reads(reader) => {
                let best = reader.best();
                let (gives, reach) = (best.map_or("", |w| w.gives.as_str()), reader.reach);
                let outside = if reader.who.is_outside() { "outside; " } else { "" };
                match reach {
                    Reach::Could => format!("{} {gives}", best.map_or("", |w| w.action.as_str())),
                    Reach::Directly => format!("{outside}{gives}"),
                    _ => format!("{outside}{}: {gives}", reach.words()),
                }
            }
            Self::Stopped(stopped) => stopped.first.to_string(),
        }
    }

    fn conditions(&self) -> String {
        match self {
            Self::Reads(reader) => reader.best().map_or_else(String::new, Found::conditions),
            Self::Stopped(_) => String::new(),
        }
    }
}

impl AccessScreen {
    pub(super) fn new(table: TableRef) -> Self {
        Self {
            table,
            found: None,
            filter: Filter::default(),
            shown: Vec::new(),
            list: List::default(),
            scroll: 0,
        }
    }

    fn rows(shared: &Shared) -> usize {
        let body = layout::parts(0, shared.size.1).body.height;
        usize::from((body - pane(body)).saturating_sub(1)).max(1)
    }

    fn row(&self, n: usize) -> Option<Row<'_>> {
        let found = self.found.as_ref()?;
        match found.readers.get(n) {
            Some(reader) => Some(Row::Reads(reader)),
            None => found.stopped.get(n - found.readers.len()).map(Row::Stopped),
        }
    }

    fn selected(&self) -> Option<Row<'_>> {
        self.row(*self.shown.get(self.list.cursor)?)
    }

    /// Without a filter, those who read and those whom one thing alone stops.
    fn refilter(&mut self) {
        let words: Vec<String> = self.filter.text().split_whitespace().map(str::to_lowercase).collect();
        let all = self.found.as_ref().map_or(0, |f| f.readers.len() + f.stopped.len());
        let fits = |n: &usize| match self.row(*n) {
            Some(Row::Stopped(stopped)) if words.is_empty() => !stopped.by.is_empty(),
            Some(row) => {
                let text = format!("{} {} {}", row.who().principal(), row.sign().0, row.how()).to_lowercase();
                words.iter().all(|w| text.contains(w))
            }
            None => false,
        };
        self.shown = (0..all).filter(fits).collect();
    }

    /// How, on which conditions, and by what.
    fn details(&self, shared: &Shared) -> Vec<Block> {
        let safe = |t: &str| Safe::neutral(t).to_string();
        let item = |label: &str, text: &str| Block::Item(label.into(), safe(text), Role::Plain);
        let Some(row) = self.selected() else { return Vec::new() };
        let mut out = vec![Block::Heading(safe(&row.who().principal()))];
        match row {
            Row::Reads(reader) => {
                let ways = reader.together();
                for (n, (actions, way)) in ways.iter().enumerate() {
                    out.push(way_told(actions, way));
                    // What ways have in common is said once, behind the last of them.
                    let proof = proof(way);
                    if ways.get(n + 1).is_none_or(|(_, next)| self::proof(next) != proof) {
                        out.extend(proof);
                    }
                }
                if let Some(used) = &reader.last_used {
                    out.push(item("last used", &format!("{used}, of any service")));
                }
                for (n, behind) in reader.behind.iter().enumerate() {
                    out.push(item(if n == 0 { "taken on by" } else { "" }, &behind.words()));
                }
            }
            Row::Stopped(stopped) => {
                out.push(item("stopped by", &stopped.first.to_string()));
                for deny in &stopped.deciding {
                    out.push(item("", &deny.to_string()));
                }
                for (n, by) in stopped.by.iter().enumerate() {
                    out.push(item(if n == 0 { "reads without" } else { "or without" }, &by.to_string()));
                }
            }
        }
        out.extend(self.other_tables(row.who(), shared));
        if let Some(found) = &self.found {
            for (n, unread) in found.unread.iter().take(20).enumerate() {
                let label = if n == 0 { "not read" } else { "" };
                out.push(Block::Item(label.into(), safe(unread), Role::Unknown));
            }
        }
        out
    }

    /// The other tables of the account that somebody reads, as far as those are looked at.
    fn other_tables(&self, who: &Who, shared: &Shared) -> Option<Block> {
        let others: Vec<String> = shared
            .readers
            .tables_of(who)
            .filter(|table| **table != self.table && table.scope.account == self.table.scope.account)
            .map(|table| Safe::neutral(&table.name).to_string())
            .collect();
        let text = match others.as_slice() {
            [] => return None,
            few if few.len() <= 8 => few.join(", "),
            many => format!("{} and {} more", many[..8].join(", "), many.len() - 8),
        };
        Some(Block::Item("also reads".into(), text, Role::Plain))
    }

    /// What is shown in place of the list while there is none.
    fn instead(&self, shared: &Shared) -> Option<Vec<Block>> {
        let account = &shared.audit(&self.table)?.facts.account;
        match account {
            Fact::Known { .. } => None,
            Fact::Missing(Gap::NotAsked | Gap::Pending) => {
                let said = "Asking IAM for the users, roles and policies of the account…";
                Some(vec![Block::Text(said.into(), Role::Dim)])
            }
            Fact::Missing(gap) => {
                let said =
                    "? Users and roles not known: whoever reads by policies of their own is not listed.";
                let mut out = vec![Block::Text(said.into(), Role::Unknown)];
                out.extend(gap::explain(gap));
                out.extend([
                    Block::Gap,
                    Block::Text("enter asks again; esc goes back.".into(), Role::Accent),
                ]);
                Some(out)
            }
        }
    }
}

/// One way, in a line or two.
/// What somebody may do, and what they get by it.
fn way_told(actions: &str, way: &Found) -> Block {
    let on = way.resource.split_once(":table/").map_or(way.resource.as_str(), |(_, rest)| rest);
    let role = if way.decision.answer == Answer::Allowed { Role::Plain } else { Role::Unknown };
    let said = if way.reach == Reach::Could {
        format!("{actions}: {}", way.gives)
    } else {
        format!("{actions} on {on}: {}", way.gives)
    };
    Block::Item(
        if role == Role::Plain { "may" } else { "may, if" }.into(),
        Safe::neutral(&said).to_string(),
        role,
    )
}

/// On which condition, by which statements, past which gates.
fn proof(way: &Found) -> Vec<Block> {
    let safe = |t: &str| Safe::neutral(t).to_string();
    let mut out = Vec::new();
    let on_condition = way.conditions();
    if !on_condition.is_empty() {
        out.push(Block::Item("condition".into(), safe(&on_condition), Role::Unknown));
    }
    let by: Vec<String> =
        way.decision.deciding.iter().filter(|d| !d.denies).take(2).map(ToString::to_string).collect();
    if !by.is_empty() {
        out.push(Block::Item("by".into(), safe(&by.join("; ")), Role::Dim));
    }
    let gates: Vec<String> =
        way.decision.gates.iter().map(|gate| format!("{} {}", gate.name, gate.state.word())).collect();
    if !gates.is_empty() {
        out.push(Block::Item("gates".into(), gates.join(", "), Role::Dim));
    }
    out
}

impl View for AccessScreen {
    fn context(&self) -> Context {
        Context::Access
    }

    fn list(&self, body: u16) -> Option<Rows> {
        let below = pane(body);
        Some(Rows { list: self.list, above: self.filter.above(), below, len: self.shown.len() })
    }

    fn title(&self, shared: &Shared) -> String {
        let table = Safe::neutral(&self.table.name);
        let filter = self.filter.told(shared).map(|f| format!(" · {f}")).unwrap_or_default();
        match &self.found {
            Some(found) => format!("{table} › who can read: {}{filter}", found.told()),
            None => format!("{table} › who can read{filter}"),
        }
    }

    fn table(&self) -> Option<&TableRef> {
        Some(&self.table)
    }

    fn wants(&self, _: &Shared) -> Vec<TableRef> {
        vec![self.table.clone()]
    }

    fn settle(&mut self, shared: &mut Shared) {
        let account = shared.audit(&self.table).and_then(|audit| audit.facts.gap(FactKind::Account));
        if account == Some(&Gap::NotAsked) {
            shared.ask_now(&self.table, FactKind::Account);
        }
        let now = shared.readers_of(&self.table);
        let same = match (&self.found, &now) {
            (Some(a), Some(b)) => Arc::ptr_eq(a, b),
            (None, None) => true,
            _ => false,
        };
        if !same {
            self.found = now;
            self.refilter();
            let tables = shared.engine.audit().tables().map(|t| (&t.table, &t.facts));
            shared.readers.survey(tables);
        }
        self.list.clamp(self.shown.len(), Self::rows(shared));
    }

    fn act(&mut self, shared: &mut Shared, action: Action) -> Transition {
        if self.list.act(action, self.shown.len(), Self::rows(shared)) {
            self.scroll = 0;
            return Transition::Stay;
        }
        match action {
            Action::Filter => self.filter.open(),
            // Asked once, the answer is refreshed by its own key.
            Action::Open if self.instead(shared).is_some() => shared.ask_now(&self.table, FactKind::Account),
            // A pane at a time; from the end back to the top.
            Action::Open => {
                let rows = usize::from(pane(layout::parts(0, shared.size.1).body.height).saturating_sub(1));
                let lines = height(&self.details(shared), shared.size.0.saturating_sub(2));
                let left = lines.saturating_sub(self.scroll + rows);
                self.scroll = if left == 0 { 0 } else { self.scroll + rows.saturating_sub(1).clamp(1, left) };
            }
            Action::Refresh => shared.ask_now(&self.table, FactKind::Account),
            Action::Copy => {
                if let Some(row) = self.selected() {
                    let text = Safe::neutral(&row.who().principal());
                    shared.effects.push(Effect::Copy(Copy { what: "the principal".into(), text }));
                }
            }
            Action::Back if self.filter.is_on() => return self.escaped(shared),
            Action::Back => return Transition::Close,
            _ => {}
        }
        Transition::Stay
    }

    fn filter(&mut self) -> Option<&mut Filter> {
        Some(&mut self.filter)
    }

    fn edited(&mut self, _: &mut Shared) {
        self.list = List::default();
        self.scroll = 0;
        self.refilter();
    }

    fn narrowed(&mut self) -> Option<(&mut List, &[usize])> {
        Some((&mut self.list, &self.shown))
    }

    fn draw(&self, shared: &Shared, buf: &mut Buffer, area: Rect) {
        let theme = shared.options.theme;
        let inner = Rect { x: area.x + 1, width: area.width.saturating_sub(2), ..area };
        if let Some(instead) = self.instead(shared) {
            return blocks(buf, inner, theme, &instead, 0);
        }
        let below = pane(area.height);
        let area = self.filter.draw(buf, area, shared);
        if self.shown.is_empty() {
            let said = if self.filter.is_on() {
                "Nobody matches."
            } else {
                "Nobody can read it, as far as was read."
            };
            return blocks(buf, inner, theme, &[Block::Text(said.into(), Role::Dim)], 0);
        }
        let top = Rect { height: area.height.saturating_sub(below), ..area };
        let left = area.width.saturating_sub(3 + 6);
        let who = (left * 2 / 5).min(44);
        let rest = left.saturating_sub(who + 2);
        let how = if rest >= 60 { rest / 2 } else { rest };
        let mut columns = vec![
            Col { title: "Reads".into(), width: 5, right: false },
            Col { title: "Who".into(), width: who, right: false },
            Col { title: "How".into(), width: how, right: false },
        ];
        if how < rest {
            columns.push(Col { title: "On condition".into(), width: rest - how - 1, right: false });
        }
        let shape = Grid { columns: &columns, list: self.list, len: self.shown.len() };
        grid(
            buf,
            top,
            theme,
            &shape,
            |_| None,
            |n, column| {
                let Some(row) = self.row(self.shown[n]) else { return (String::new(), Role::Plain) };
                let (word, role) = row.sign();
                match column {
                    0 => (word.into(), role),
                    1 => (Safe::neutral(&row.who().words()).to_string(), Role::Plain),
                    2 if how == rest && !row.conditions().is_empty() => {
                        let both = format!("{}, {}", row.how(), row.conditions());
                        (Safe::neutral(&both).to_string(), Role::Plain)
                    }
                    2 => (Safe::neutral(&row.how()).to_string(), Role::Plain),
                    _ => (Safe::neutral(&row.conditions()).to_string(), Role::Dim),
                }
            },
        );
        let y = area.y + top.height;
        let rule = "─".repeat(usize::from(area.width));
        buf.set_string(area.x, y, rule, theme.style(Role::Dim));
        let details = Rect { y: y + 1, height: below.saturating_sub(1), ..inner };
        blocks(buf, details, theme, &self.details(shared), self.scroll);
    }
}
