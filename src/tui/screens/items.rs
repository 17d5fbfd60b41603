//! The items of a table: a grid of which only visible rows and columns are built.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use super::{Flow, Screen, View, item, tables};
use crate::audit::AuditEvent;
use crate::domain::{
    Cursor, FactKind, Gap, KeySchema, Page, PageRequest, Rcu, Read, Safe, Screened,
    TableDescription, TableRef,
};
use crate::query::{Expression, Shape, Way, plan};
use crate::scan::worst_case;
use crate::tui::keymap::Context;
use crate::tui::model::{Shared, Waiting};
use crate::tui::theme::{Role, glyph};
use crate::tui::update::pace;
use crate::tui::widgets::{Block, Col, Grid, List, blocks, grid};
use crate::tui::{Action, Ask, Copy, Effect, RequestId, layout, text};

/// Items asked for at once.
const PAGE: u32 = 100;

/// A cell is at most this wide.
const WIDEST: u16 = 36;

/// Beyond this many bytes of items, no further page is held.
const HELD: usize = 64 << 20;

/// Where reading stands.
#[derive(Debug, Clone, PartialEq)]
enum Progress {
    /// Waiting for the key schema.
    Waiting,
    /// A page is under way.
    Loading(RequestId),
    /// There is more.
    More,
    /// All of it was read.
    Whole,
    /// The last read ended so; what was read before is still here.
    Stopped(Gap),
    /// The budget does not cover another page.
    OutOfBudget,
    /// Too many bytes held.
    Full,
}

/// Rows, columns and how far reading is.
pub struct State {
    table: TableRef,
    /// The index that is read through, if any.
    index: Option<String>,
    read: Read,
    /// What was asked for, without its literals.
    shape: Option<Shape>,
    /// An expression from the command line, planned once the table is described.
    asked: Option<Expression>,
    rows: Vec<Arc<Screened>>,
    held: usize,
    scanned: u64,
    cost: Rcu,
    next: Option<Cursor>,
    progress: Progress,
    /// Attribute names: the key first, then by how many items have them.
    columns: Vec<(String, usize)>,
    column: usize,
    list: List,
    /// Whether what is read goes into the audit: a scan from the start, of a table no audit sampled.
    counts: bool,
    /// When the next page may be asked for: a provisioned table's capacity belongs to its application.
    not_before: Timestamp,
    /// The next page is the first of its reading: what is held until it comes is from the one before.
    first: bool,
}

impl State {
    pub(super) fn new(table: TableRef) -> Self {
        Self {
            table,
            index: None,
            read: Read::Scan,
            shape: None,
            asked: None,
            rows: Vec::new(),
            held: 0,
            scanned: 0,
            cost: Rcu::ZERO,
            next: None,
            progress: Progress::Waiting,
            columns: Vec::new(),
            column: 0,
            list: List::default(),
            counts: false,
            not_before: Timestamp::MIN,
            first: true,
        }
    }

    fn rows_on_screen(&self, shared: &Shared) -> usize {
        layout::list_rows(shared.size.1).saturating_sub(1).max(1)
    }

    fn description<'a>(&self, shared: &'a Shared) -> Option<&'a TableDescription> {
        shared.audit(&self.table)?.facts.description.known()
    }

    /// What a query reads.
    pub(super) fn reading(table: TableRef, way: Way, shape: Shape) -> Self {
        Self { index: way.index, read: way.read, shape: Some(shape), ..Self::new(table) }
    }

    /// What an expression asks for, once the table is described.
    pub(super) fn asking(table: TableRef, expression: Expression) -> Self {
        Self { shape: Some(Shape::of(&expression)), asked: Some(expression), ..Self::new(table) }
    }

    /// Plans what the command line asked for; whether there is something to read.
    fn resolve(&mut self, shared: &mut Shared) -> bool {
        let Some(expression) = self.asked.take() else { return true };
        let planned = self.description(shared).map(|d| plan(&expression, d, &[]));
        match planned {
            Some(Ok(plan)) => {
                let way = plan.ways.into_iter().next().expect("a plan has a way");
                shared.say(&format!("{}: {}.", way.operation.name(), way.why));
                (self.index, self.read) = (way.index, way.read);
                true
            }
            Some(Err(error)) => {
                shared.complain(&format!("--query: {}. Esc leads to the expression.", error.message));
                self.progress = Progress::Stopped(Gap::NotAsked);
                false
            }
            None => {
                shared.complain("The table's key is not known, so no query can be planned.");
                self.progress = Progress::Stopped(Gap::NotAsked);
                false
            }
        }
    }

    /// Reads again from the start. What is on screen stays until the answer comes, and if none comes.
    fn again(&mut self, shared: &mut Shared) {
        self.closed(shared);
        (self.next, self.progress, self.first) = (None, Progress::Waiting, true);
    }

    /// Asks for the next page, if the budget covers its worst case.
    fn more(&mut self, shared: &mut Shared) {
        if matches!(self.progress, Progress::Loading(_)) {
            return;
        }
        if self.held > HELD && !self.first {
            self.progress = Progress::Full;
            return;
        }
        if shared.now < self.not_before {
            shared.effects.push(Effect::WakeAt(self.not_before));
            return;
        }
        let (limit, worst) = match self.read {
            Read::Key(_) => (None, Rcu::ITEM),
            _ => {
                let pace = pace(shared.place(), &self.table);
                let limit = pace.map_or(Some(PAGE), |p| p.limit(Some(PAGE)));
                (limit, worst_case(limit))
            }
        };
        let Some(reservation) = shared.budget.reserve(worst) else {
            self.progress = Progress::OutOfBudget;
            return;
        };
        let facts = shared.audit(&self.table).map(|t| t.facts.clone()).unwrap_or_default();
        let request = PageRequest {
            table: self.table.clone(),
            index: self.index.clone(),
            read: self.read.clone(),
            limit,
            start: self.next.clone(),
        };
        let here = shared.here;
        let id = shared.ask(here, Waiting::Page(reservation), Ask::Page(request, Box::new(facts)));
        self.progress = Progress::Loading(id);
    }

    fn add_columns(&mut self, items: &[Screened], key: Option<&KeySchema>) {
        let mut at: HashMap<String, usize> =
            self.columns.iter().enumerate().map(|(n, (name, _))| (name.clone(), n)).collect();
        for item in items {
            for name in item.names() {
                match at.get(name) {
                    Some(n) => self.columns[*n].1 += 1,
                    None => {
                        at.insert(name.to_owned(), self.columns.len());
                        self.columns.push((name.to_owned(), 1));
                    }
                }
            }
        }
        let rank = |name: &str| key.and_then(|k| k.names().position(|k| k == name)).unwrap_or(usize::MAX);
        self.columns.sort_by_key(|(name, seen)| (rank(name), std::cmp::Reverse(*seen)));
    }

    /// How many columns always stay on screen: those of the key.
    fn pinned(&self, shared: &Shared) -> usize {
        self.description(shared).map_or(0, |d| d.key.names().count()).min(self.columns.len())
    }

    /// The columns on screen with their widths, from what the visible rows hold.
    fn layout(&self, shared: &Shared, width: u16) -> Vec<(usize, u16)> {
        let visible = self.list.visible(self.rows.len(), self.rows_on_screen(shared));
        let pinned = self.pinned(shared);
        let mut left = i32::from(width) - 2;
        let mut out = Vec::new();
        for n in (0..pinned).chain(pinned + self.column..self.columns.len()) {
            if left < 4 {
                break;
            }
            let name = &self.columns[n].0;
            let widest = self.rows[visible.clone()]
                .iter()
                .filter_map(|r| r.cell(name, usize::from(WIDEST), shared.options.mask_all))
                .map(|c| c.text.width() as u16 + if c.worst.is_some() { 2 } else { 0 })
                .max()
                .unwrap_or(0);
            let cap = if n < pinned { WIDEST.min(width / 3).max(10) } else { WIDEST };
            let w = widest.max(Safe::neutral(name).width() as u16).clamp(3, cap);
            out.push((n, w));
            left -= i32::from(w) + 1;
        }
        out
    }

    /// "200 of about 10,012 items read, more to come".
    fn said(&self, shared: &Shared) -> (String, Role) {
        let read = text::count(self.scanned);
        let about = match (&self.read, self.description(shared)) {
            (Read::Scan, Some(d)) if d.items >= self.scanned => format!(" of about {}", text::count(d.items)),
            _ => String::new(),
        };
        let cost = format!("{} RCU", self.cost);
        match &self.progress {
            Progress::Waiting => ("reading the key schema…".into(), Role::Dim),
            Progress::Loading(_) => (format!("{read}{about} items read, loading… · {cost}"), Role::Dim),
            Progress::More if shared.now < self.not_before => {
                let when = text::relative(self.not_before, shared.now);
                (format!("{read}{about} items read · {cost} · next page {when}, to spare the table's capacity"), Role::Dim)
            }
            Progress::More => (format!("{read}{about} items read, not finished · {cost}"), Role::Dim),
            Progress::Whole if self.scanned == 0 => (format!("no items; read to the end · {cost}"), Role::Plain),
            Progress::Whole => (format!("all {read} items read · {cost}"), Role::Plain),
            Progress::Stopped(gap) => (format!("{read}{about} items read, then: {}", Safe::neutral(&gap.to_string())), Role::Error),
            Progress::OutOfBudget => {
                (format!("{read}{about} items read; the read budget does not cover another page: + allows more"), Role::Unknown)
            }
            Progress::Full => (format!("{read}{about} items read; no more are held: ask for less with ="), Role::Unknown),
        }
    }
}

impl View for State {
    fn context(&self) -> Context {
        Context::Items
    }

    fn title(&self, _: &Shared) -> String {
        let index = self.index.as_ref().map(|i| format!("{} › ", Safe::neutral(i))).unwrap_or_default();
        let what = self.shape.as_ref().map_or_else(|| "items".into(), |s| Safe::neutral(s.as_str()).to_string());
        format!("{} › {index}{what}", Safe::neutral(&self.table.name))
    }

    fn table(&self) -> Option<&TableRef> {
        Some(&self.table)
    }

    fn wants(&self, _: &Shared) -> Vec<TableRef> {
        vec![self.table.clone()]
    }

    fn waits_for(&self, id: RequestId) -> bool {
        self.progress == Progress::Loading(id)
    }

    fn closed(&self, shared: &mut Shared) {
        if let Progress::Loading(id) = self.progress {
            shared.cancel(id);
        }
    }

    fn settle(&mut self, shared: &mut Shared) {
        let rows = self.rows_on_screen(shared);
        self.list.clamp(self.rows.len(), rows);
        // It was given up while this view was not on screen.
        if let Progress::Loading(id) = self.progress
            && !shared.waiting.contains_key(&id)
        {
            self.progress = if self.first { Progress::Waiting } else { Progress::More };
        }
        match self.progress {
            Progress::Waiting => {
                let gap = shared.audit(&self.table).and_then(|t| t.facts.gap(FactKind::Description));
                if matches!(gap, Some(Gap::NotAsked | Gap::Pending)) {
                    return;
                }
                if !self.resolve(shared) {
                    return;
                }
                if self.read == Read::Scan && self.index.is_none() {
                    self.counts = shared.running.is_none()
                        && shared.audit(&self.table).is_some_and(|t| t.outcome.is_none());
                }
                self.more(shared);
            }
            // One screen ahead of the cursor, so that scrolling does not wait.
            Progress::More if self.list.cursor + 2 * rows >= self.rows.len() => self.more(shared),
            Progress::OutOfBudget if shared.budget.left().is_none_or(|left| left >= worst_case(Some(PAGE))) => {
                self.progress = Progress::More;
            }
            _ => {}
        }
    }

    fn page(&mut self, shared: &mut Shared, result: Result<Page, Gap>) {
        let page = match result {
            Ok(page) => page,
            Err(gap) => {
                self.progress = Progress::Stopped(gap);
                return;
            }
        };
        if std::mem::take(&mut self.first) {
            self.rows.clear();
            self.columns.clear();
            (self.held, self.scanned, self.cost) = (0, 0, Rcu::ZERO);
            if self.counts {
                shared.place_mut().absorb(&self.table, AuditEvent::Afresh(self.table.clone()));
            }
        }
        let cost = page.cost.unwrap_or_default();
        self.scanned += page.scanned;
        self.cost += cost;
        self.next = page.next;
        self.progress = if self.next.is_some() { Progress::More } else { Progress::Whole };
        if let Some(pause) = pace(shared.place(), &self.table).map(|p| p.pause(cost)) {
            self.not_before = shared.now.checked_add(pause).unwrap_or(Timestamp::MAX);
        }
        // An audit counts for itself, and its count is the one to keep.
        self.counts &= shared.running.is_none() && shared.audit(&self.table).is_some_and(|t| t.outcome.is_none());
        if self.counts {
            let sightings = page.items.iter().flat_map(|i| i.sightings().iter().cloned()).collect();
            let blind = page.items.iter().filter(|i| i.is_blind()).count() as u64;
            let event = AuditEvent::Items { table: self.table.clone(), items: page.scanned, blind, cost, sightings };
            shared.place_mut().absorb(&self.table, event);
        }
        let key = self.description(shared).map(|d| d.key.clone());
        for item in &page.items {
            shared.queries.saw(&self.table, item.names());
        }
        self.add_columns(&page.items, key.as_ref());
        for item in page.items {
            self.held += item.size();
            self.rows.push(Arc::new(item));
        }
    }

    fn act(&mut self, shared: &mut Shared, action: Action) -> Flow {
        if self.list.act(action, self.rows.len(), self.rows_on_screen(shared)) {
            return Flow::Stay;
        }
        match action {
            Action::Left => self.column = self.column.saturating_sub(1),
            Action::Right => {
                let last = self.columns.len().saturating_sub(self.pinned(shared) + 1);
                self.column = (self.column + 1).min(last);
            }
            Action::Open => {
                if let Some(row) = self.rows.get(self.list.cursor) {
                    let key = self.description(shared).map(|d| d.key.clone());
                    let state = item::State::new(self.table.clone(), Arc::clone(row), key, shared.options.mask_all);
                    return Flow::Open(Screen::Item(state));
                }
            }
            Action::Posture => return Flow::Open(Screen::posture(self.table.clone())),
            Action::TableFindings => return Flow::Open(Screen::findings(Some(self.table.clone()))),
            Action::NextMarked | Action::PreviousMarked => {
                let marked = |n: &usize| self.rows[*n].worst().is_some();
                let found = if action == Action::NextMarked {
                    (self.list.cursor + 1..self.rows.len()).find(marked)
                } else {
                    (0..self.list.cursor.min(self.rows.len())).rev().find(marked)
                };
                match found {
                    Some(row) => {
                        self.list.cursor = row;
                        let rows = self.rows_on_screen(shared);
                        self.list.clamp(self.rows.len(), rows);
                    }
                    None => shared.say("No further item with a finding among those read so far."),
                }
            }
            Action::Query => return Flow::Open(Screen::query(shared, self.table.clone())),
            Action::Refresh => self.again(shared),
            Action::Copy => {
                let text = Safe::neutral(&self.table.arn());
                shared.effects.push(Effect::Copy(Copy { what: "the table's ARN".into(), text }));
            }
            Action::Back => match self.progress {
                Progress::Loading(id) if !self.rows.is_empty() || self.scanned > 0 => {
                    shared.cancel(id);
                    self.progress = Progress::Stopped(Gap::NotAsked);
                    shared.say("Stopped reading. R starts over.");
                }
                _ => return Flow::Close,
            },
            _ => {}
        }
        Flow::Stay
    }

    fn draw(&self, shared: &Shared, buf: &mut Buffer, area: Rect) {
        let theme = shared.options.theme;
        let rest = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
        let top = Rect { x: area.x + 1, width: area.width.saturating_sub(1), height: 1, ..area };
        let (said, role) = self.said(shared);
        blocks(buf, top, theme, &[Block::Text(format!("{}{said}", self.how()), role)], 0);
        if self.rows.is_empty() {
            let text = match &self.progress {
                Progress::Stopped(gap) => tables::explain(gap),
                Progress::Whole if self.read == Read::Scan => {
                    vec![Block::Text("  The table is empty.".into(), Role::Plain)]
                }
                Progress::Whole => vec![Block::Text("  No item is like this. Esc goes back.".into(), Role::Plain)],
                Progress::OutOfBudget => vec![],
                _ if self.scanned > 0 => {
                    vec![Block::Text("  None kept so far; reading goes on. Esc stops it.".into(), Role::Dim)]
                }
                _ => vec![Block::Text("  Reading the first page…".into(), Role::Dim)],
            };
            return blocks(buf, Rect { y: rest.y + 1.min(rest.height), height: rest.height.saturating_sub(1), ..rest }, theme, &text, 0);
        }
        let layout = self.layout(shared, area.width);
        let cols: Vec<Col> = layout
            .iter()
            .map(|(n, width)| Col { title: Safe::neutral(&self.columns[*n].0).to_string(), width: *width, right: false })
            .collect();
        grid(buf, rest, theme, &Grid { columns: &cols, list: self.list, len: self.rows.len() }, |row| self.rows[row].worst().map(|(severity, _)| severity), |row, col| {
            let (n, width) = layout[col];
            match self.rows[row].cell(&self.columns[n].0, usize::from(width), shared.options.mask_all) {
                None => ("·".into(), Role::Dim),
                Some(cell) => match cell.worst {
                    Some((severity, _)) => (format!("{} {}", glyph(severity), cell.text), Role::Severity(severity)),
                    None => (cell.text.to_string(), Role::Plain),
                },
            }
        });
        let hidden = self.columns.len() - layout.len();
        if hidden > 0 && area.width > 60 {
            let more = format!(" {hidden} more columns: h l ");
            let x = area.right().saturating_sub(more.width() as u16);
            buf.set_string(x, top.y, more, theme.style(Role::Dim));
        }
    }
}

impl State {
    /// By which operation the items were read.
    fn how(&self) -> String {
        let kept = || format!(" ({} kept): ", text::count(self.rows.len() as u64));
        match &self.read {
            Read::Scan => "Scan: ".into(),
            Read::Filter { .. } => format!("Scan{}", kept()),
            Read::Query { filter: Some(_), .. } => format!("Query{}", kept()),
            Read::Partition(..) | Read::Query { .. } => "Query: ".into(),
            Read::Key(_) => "GetItem: ".into(),
        }
    }
}
