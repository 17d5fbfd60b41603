//! Findings of one table or of all, worst first.

use std::collections::BTreeSet;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use super::entry::{Entry, Opens, Row, Section};
use super::{Screen, Transition, View};
use crate::domain::{Finding, FindingId, Safe, Scope, TableRef, Uninspected};
use crate::tui::keymap::Context;
use crate::tui::model::{Listing, PlaceId, Shared};
use crate::tui::theme::{Role, glyph};
use crate::tui::widgets::{Block, Col, Filter, Grid, List, Rows, blocks, grid};
use crate::tui::{Action, Effect, fuzzy, layout, text};

/// From this width on, a row shows the id of its finding.
const WIDE: u16 = 120;

/// How it is opened.
pub(super) static ENTRY: Entry = Entry {
    opens: Opens::OfTable(|_, table| Screen::findings(Some(table))),
    rows: &[
        Row {
            section: Section::Table,
            key: "f",
            contexts: &[Context::Tables, Context::Items, Context::Posture],
            what: "findings of this table",
            hint: "findings",
        },
        Row {
            section: Section::Finding,
            key: "f",
            contexts: &[Context::Findings, Context::Finding],
            what: "all findings of its table",
            hint: "its findings",
        },
    ],
};

/// What is listed, and which of it is shown.
pub struct FindingsScreen {
    table: Option<TableRef>,
    all: Vec<Finding>,
    /// Of which place, and of what was known when.
    of: Option<(Vec<PlaceId>, u64)>,
    filter: Filter,
    shown: Vec<usize>,
    /// Those that a hand-over is to be made of.
    marked: BTreeSet<FindingId>,
    list: List,
}

impl FindingsScreen {
    pub(super) fn new(table: Option<TableRef>) -> Self {
        Self {
            table,
            all: Vec::new(),
            of: None,
            filter: Filter::default(),
            shown: Vec::new(),
            marked: BTreeSet::new(),
            list: List::default(),
        }
    }

    /// Takes the findings anew if there is a new list of them, or others are to be shown.
    fn collect(&mut self, shared: &mut Shared) {
        let places = if self.table.is_some() { Vec::new() } else { shared.listed() };
        let of = (places, shared.engine.findings().version());
        if self.of.as_ref() == Some(&of) {
            return;
        }
        let selected = self.selected_id();
        let findings = shared.engine.findings();
        self.all = match &self.table {
            Some(table) => findings.of_table(table).cloned().collect(),
            None => {
                let here = |f: &&Finding| shared.place_of(&f.table).is_some_and(|p| of.0.contains(&p));
                findings.all().iter().filter(here).cloned().collect()
            }
        };
        self.of = Some(of);
        self.refilter(shared);
        if let Some(row) = selected.and_then(|id| self.shown.iter().position(|n| self.all[*n].id == id))
            && self.list.cursor > 0
        {
            self.list.cursor = row;
        }
    }

    /// The findings that are marked; the one under the cursor where none is.
    fn chosen(&self) -> Vec<&Finding> {
        if self.marked.is_empty() {
            return self.shown.get(self.list.cursor).map(|n| &self.all[*n]).into_iter().collect();
        }
        self.all.iter().filter(|finding| self.marked.contains(&finding.id)).collect()
    }

    fn selected_id(&self) -> Option<FindingId> {
        self.shown.get(self.list.cursor).map(|n| self.all[*n].id.clone())
    }

    /// No filter any more. Where it led is where the cursor stays.
    fn unfilter(&mut self, shared: &Shared) {
        let selected = self.selected_id();
        self.filter.clear();
        self.refilter(shared);
        if let Some(row) = selected.and_then(|id| self.shown.iter().position(|n| self.all[*n].id == id)) {
            self.list.cursor = row;
            self.list.clamp(self.shown.len(), layout::list_rows(shared.size.1));
        }
    }

    fn refilter(&mut self, shared: &Shared) {
        let query = self.filter.text();
        let lines: Vec<String> =
            self.all.iter().map(|f| format!("{} {} {}", f.severity, f.place(), f.title)).collect();
        // Worst first, as the list is, unless there are only rows to be guessed among.
        self.shown = fuzzy::find(query, lines.iter().map(String::as_str)).rows();
        self.list.clamp(self.shown.len(), layout::list_rows(shared.size.1));
    }
}

impl View for FindingsScreen {
    fn context(&self) -> Context {
        Context::Findings
    }

    fn list(&self, _body: u16) -> Option<Rows> {
        Some(Rows { list: self.list, above: self.filter.above(), below: 0, len: self.shown.len() })
    }

    fn title(&self, shared: &Shared) -> String {
        let of = self
            .table
            .as_ref()
            .map_or_else(|| "Findings".to_owned(), |t| format!("{} › findings", Safe::neutral(&t.name)));
        // Of one place alone there is nothing to choose.
        let scope = match &self.table {
            None if shared.combined => " everywhere".to_owned(),
            None if shared.engine.places.len() > 1 => {
                format!(" in {}", Safe::neutral(&shared.place().scope.region))
            }
            _ => String::new(),
        };
        let count = match self.filter.told(shared) {
            Some(filter) => format!("({} of {}){scope} {filter}", self.shown.len(), self.all.len()),
            None => format!("({}){scope}", self.all.len()),
        };
        let marked = match self.marked.len() {
            0 => String::new(),
            n => format!(" · {n} marked"),
        };
        let title = |brief: bool| format!("{of} {count}{marked} · {}", self.coverage(shared, brief));
        let room = usize::from(shared.size.0.saturating_sub(2));
        Some(title(false)).filter(|title| title.width() <= room).unwrap_or_else(|| title(true))
    }

    fn table(&self) -> Option<&TableRef> {
        self.table.as_ref()
    }

    fn selected(&self, _: &Shared) -> Option<TableRef> {
        let row = self.shown.get(self.list.cursor).map(|n| self.all[*n].table.clone());
        row.or_else(|| self.table.clone())
    }

    fn wants(&self, _: &Shared) -> Vec<TableRef> {
        self.table.iter().cloned().collect()
    }

    fn settle(&mut self, shared: &mut Shared) {
        self.collect(shared);
    }

    fn act(&mut self, shared: &mut Shared, action: Action) -> Transition {
        if self.list.act(action, self.shown.len(), layout::list_rows(shared.size.1)) {
            return Transition::Stay;
        }
        match action {
            Action::Filter => self.filter.open(),
            Action::Back if self.filter.is_on() => self.unfilter(shared),
            Action::Back => return Transition::Close,
            Action::Open => {
                if let Some(n) = self.shown.get(self.list.cursor) {
                    shared.here = shared.place_of(&self.all[*n].table).unwrap_or(shared.here);
                    return Transition::Open(Screen::finding(self.all[*n].clone()));
                }
            }
            Action::Mark => {
                if let Some(id) = self.selected_id() {
                    if !self.marked.remove(&id) {
                        self.marked.insert(id);
                    }
                    self.list.act(Action::Down, self.shown.len(), layout::list_rows(shared.size.1));
                }
            }
            Action::Runbook | Action::Save => {
                let chosen = self.chosen();
                if chosen.is_empty() {
                    shared.say("There is no finding to hand over.");
                } else {
                    let copy = super::finding::hand_over(shared, &chosen);
                    shared.effects.push(match action {
                        Action::Save => Effect::Save("hand-over.md".into(), copy),
                        _ => Effect::Copy(copy),
                    });
                }
            }
            Action::Rule => {
                let finding = self.shown.get(self.list.cursor).map(|n| &self.all[*n]);
                match finding.and_then(|f| shared.options.rules.find(f.rule())) {
                    Some(rule) => return Transition::Open(Screen::rule(rule)),
                    None => shared.say("It comes from a posture check, not from a detection rule."),
                }
            }
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

    fn escaped(&mut self, shared: &mut Shared) -> Transition {
        self.unfilter(shared);
        Transition::Stay
    }

    fn draw(&self, shared: &Shared, buf: &mut Buffer, area: Rect) {
        let theme = shared.options.theme;
        let area = self.filter.draw(buf, area, shared);
        if self.shown.is_empty() {
            return blocks(buf, area, theme, &self.nothing(shared), 0);
        }
        let one = self.table.is_some();
        let table_width = match (one, shared.combined) {
            (true, _) => 0,
            (false, false) => (area.width / 4).clamp(10, 30),
            (false, true) => (area.width * 2 / 5).clamp(10, 50),
        };
        let mut columns = vec![Col { title: "Severity".into(), width: 10, right: false }];
        if !one {
            columns.push(Col { title: "Where".into(), width: table_width, right: false });
        }
        // The id is for typing elsewhere: where there is room for all else.
        let id_width = if area.width >= WIDE { 10 } else { 0 };
        columns.push(Col {
            title: "Finding".into(),
            width: area.width.saturating_sub(table_width + 15 + id_width),
            right: false,
        });
        let id = columns.len();
        if id_width > 0 {
            columns.push(Col { title: "Id".into(), width: 8, right: false });
        }
        grid(
            buf,
            area,
            theme,
            &Grid { columns: &columns, list: self.list, len: self.shown.len() },
            |_| None,
            |row, col| {
                let finding = &self.all[self.shown[row]];
                let role = Role::Severity(finding.severity);
                match (col, one) {
                    (col, _) if col == id => (finding.short_id(), Role::Dim),
                    (0, _) => {
                        let more = if finding.is_at_least() { "+" } else { "" };
                        let mark = if self.marked.contains(&finding.id) { "•" } else { "" };
                        (format!("{}{mark} {}{more}", glyph(finding.severity), finding.severity), role)
                    }
                    (1, false) if shared.combined => (
                        Safe::neutral(&format!("{} · {}", finding.place(), short(&finding.table.scope)))
                            .to_string(),
                        Role::Plain,
                    ),
                    (1, false) => (Safe::neutral(&finding.place()).to_string(), Role::Plain),
                    _ => (Safe::neutral(&finding.title).to_string(), Role::Plain),
                }
            },
        );
    }
}

/// A Region and the end of its account's number: enough to tell one from another in a row.
fn short(scope: &Scope) -> String {
    let tail = scope.account.get(scope.account.len().saturating_sub(4)..).unwrap_or_default();
    if tail.is_empty() { scope.region.clone() } else { format!("…{tail} {}", scope.region) }
}

impl FindingsScreen {
    /// How much was looked at: "649 of about 10,449 items looked at", or in fewer words.
    fn coverage(&self, shared: &Shared, brief: bool) -> String {
        let places = if self.table.is_some() { vec![shared.here] } else { shared.listed() };
        let is_failed = |p: &&PlaceId| matches!(shared.engine.places[p.0].listing, Listing::Failed(_));
        let failed = places.iter().filter(is_failed).count();
        if failed == places.len() {
            return "the tables could not be listed".into();
        }
        let missing = match failed {
            0 => String::new(),
            n if brief => format!("; {n} not listed"),
            1 => "; 1 account or Region could not be listed".to_owned(),
            n => format!("; {n} accounts or Regions could not be listed"),
        };
        let tables = || {
            places
                .iter()
                .flat_map(|p| shared.engine.tables_of(*p))
                .filter(|t| self.table.as_ref().is_none_or(|only| t.table == *only))
        };
        let read: u64 = tables().map(|t| t.items).sum();
        let about: u64 =
            tables().map(|t| t.facts.description.known().map_or(0, |d| d.items).max(t.items)).sum();
        let unseen: Uninspected = tables().map(|t| t.uninspected).sum();
        let unseen = match unseen.items() {
            0 => String::new(),
            n => format!(", ? {} not fully inspected", text::count(n)),
        };
        let (read, about) = (text::count(read), text::count(about));
        if brief {
            format!("{read} of ~{about} items{unseen}{missing}")
        } else {
            format!("{read} of about {about} items looked at{unseen}{missing}")
        }
    }

    /// Why nothing is listed: honest about what was not looked at.
    fn nothing(&self, shared: &Shared) -> Vec<Block> {
        if self.filter.is_on() {
            return vec![
                Block::Gap,
                Block::Text("  No finding matches. Esc clears the filter.".into(), Role::Plain),
            ];
        }
        let read = match self.coverage(shared, false) {
            none if none.starts_with('0') => "  A samples the items of every table for secrets.".to_owned(),
            some => format!("  {some}"),
        };
        vec![
            Block::Gap,
            Block::Text("  No finding so far.".into(), Role::Plain),
            Block::Text(read, Role::Dim),
        ]
    }
}
