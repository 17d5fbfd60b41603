//! Findings of one table or of all, worst first.

use jiff::Timestamp;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{Flow, Screen, View};
use crate::domain::{Finding, Safe, TableRef};
use crate::tui::keymap::Context;
use crate::tui::model::{PlaceId, Shared};
use crate::tui::theme::{Role, glyph};
use crate::tui::widgets::{Block, Col, List, Prompt, blocks, grid};
use crate::tui::{Action, Effect, fuzzy, layout, text};

/// What is listed, and which of it is shown.
pub struct State {
    table: Option<TableRef>,
    all: Vec<Finding>,
    /// Of which place, and of what was known when.
    of: Option<(PlaceId, u64)>,
    /// When they may be taken anew.
    again: Timestamp,
    filter: Option<Prompt>,
    typing: bool,
    shown: Vec<usize>,
    list: List,
}

impl State {
    pub(super) fn new(table: Option<TableRef>) -> Self {
        Self {
            table,
            all: Vec::new(),
            of: None,
            again: Timestamp::MIN,
            filter: None,
            typing: false,
            shown: Vec::new(),
            list: List::default(),
        }
    }

    /// Takes the findings anew if something was learnt. Joining all tables is work: at most once a second.
    fn collect(&mut self, shared: &mut Shared) {
        let version = (shared.here, shared.place().version);
        if self.of == Some(version) {
            return;
        }
        if self.of.is_some() && shared.now < self.again {
            shared.effects.push(Effect::WakeAt(self.again));
            return;
        }
        (self.of, self.again) = (Some(version), shared.after(1));
        let selected = self.shown.get(self.list.cursor).map(|n| self.all[*n].id.clone());
        self.all = shared.place().audit.findings(shared.now);
        if let Some(table) = &self.table {
            self.all.retain(|f| f.table == *table);
        }
        self.refilter(shared);
        if let Some(row) = selected.and_then(|id| self.shown.iter().position(|n| self.all[*n].id == id))
            && self.list.cursor > 0
        {
            self.list.cursor = row;
        }
    }

    fn refilter(&mut self, shared: &Shared) {
        let query = self.filter.as_ref().map_or("", Prompt::text);
        let lines: Vec<String> = self.all.iter().map(|f| format!("{} {} {}", f.severity, f.table.name, f.title)).collect();
        self.shown = fuzzy::rank(query, lines.iter().map(String::as_str));
        self.shown.sort_unstable();
        self.list.clamp(self.shown.len(), layout::list_rows(shared.size.1));
    }
}

impl View for State {
    fn context(&self) -> Context {
        Context::Findings
    }

    fn title(&self, _: &Shared) -> String {
        let of = self.table.as_ref().map_or("Findings".to_owned(), |t| format!("{} › findings", Safe::neutral(&t.name)));
        match &self.filter {
            Some(f) => format!("{of} ({} of {}) filter: {}", self.shown.len(), self.all.len(), Safe::neutral(f.text())),
            None => format!("{of} ({})", self.all.len()),
        }
    }

    fn table(&self) -> Option<&TableRef> {
        self.table.as_ref()
    }

    fn wants(&self, _: &Shared) -> Vec<TableRef> {
        self.table.iter().cloned().collect()
    }

    fn settle(&mut self, shared: &mut Shared) {
        self.collect(shared);
    }

    fn act(&mut self, shared: &mut Shared, action: Action) -> Flow {
        if self.list.act(action, self.shown.len(), layout::list_rows(shared.size.1)) {
            return Flow::Stay;
        }
        match action {
            Action::Filter => {
                self.filter.get_or_insert_with(|| Prompt::new("/"));
                self.typing = true;
            }
            Action::Back if self.filter.is_some() => {
                self.filter = None;
                self.refilter(shared);
            }
            Action::Back => return Flow::Close,
            Action::Open => {
                if let Some(n) = self.shown.get(self.list.cursor) {
                    return Flow::Open(Screen::finding(self.all[*n].clone()));
                }
            }
            _ => {}
        }
        Flow::Stay
    }

    fn prompt(&mut self) -> Option<&mut Prompt> {
        if self.typing { self.filter.as_mut() } else { None }
    }

    fn edited(&mut self, shared: &mut Shared) {
        self.list = List::default();
        self.refilter(shared);
    }

    fn entered(&mut self, _: &mut Shared) -> Flow {
        self.typing = false;
        Flow::Stay
    }

    fn escaped(&mut self, shared: &mut Shared) -> Flow {
        self.typing = false;
        self.filter = None;
        self.refilter(shared);
        Flow::Stay
    }

    fn draw(&self, shared: &Shared, buf: &mut Buffer, area: Rect) {
        let theme = shared.options.theme;
        let mut area = area;
        if self.typing
            && let Some(filter) = &self.filter
        {
            filter.draw(buf, Rect { height: 1, ..area }, theme);
            area = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
        }
        if self.shown.is_empty() {
            return blocks(buf, area, theme, &self.nothing(shared), 0);
        }
        let one = self.table.is_some();
        let table_width = if one { 0 } else { (area.width / 4).clamp(10, 30) };
        let mut columns = vec![Col { title: "Severity".into(), width: 10, right: false }];
        if !one {
            columns.push(Col { title: "Table".into(), width: table_width, right: false });
        }
        columns.push(Col { title: "Finding".into(), width: area.width.saturating_sub(table_width + 15), right: false });
        grid(buf, area, theme, &columns, self.list, self.shown.len(), |row, col| {
            let finding = &self.all[self.shown[row]];
            let role = Role::Severity(finding.severity);
            match (col, one) {
                (0, _) => (format!("{} {}", glyph(finding.severity), finding.severity), role),
                (1, false) => (Safe::neutral(&finding.table.name).to_string(), Role::Plain),
                _ => (Safe::neutral(&finding.title).to_string(), Role::Plain),
            }
        });
    }
}

impl State {
    /// Why nothing is listed: honest about what was not looked at.
    fn nothing(&self, shared: &Shared) -> Vec<Block> {
        if self.filter.is_some() {
            return vec![Block::Gap, Block::Text("  No finding matches. Esc clears the filter.".into(), Role::Plain)];
        }
        let items: u64 = match &self.table {
            Some(table) => shared.audit(table).map_or(0, |t| t.items),
            None => shared.place().audit.tables().map(|t| t.items).sum(),
        };
        let read = match items {
            0 => "  No item was read yet: A samples the items of every table for secrets.".to_owned(),
            n => format!("  {} items were read.", text::count(n)),
        };
        vec![Block::Gap, Block::Text("  No finding so far.".into(), Role::Plain), Block::Text(read, Role::Dim)]
    }
}
