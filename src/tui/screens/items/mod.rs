//! The items of a table: a grid of which only visible rows and columns are built.

mod columns;
mod draw;
mod navigation;
mod page_cache;
mod sort_filter;

use std::ops::Range;
use std::sync::Arc;

use jiff::Timestamp;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::copying::{self, Subject, What};
use super::{Screen, Transition, View, count, item};
use crate::domain::{
    Cursor, FactKind, Flagged, Gap, JsonForm, Page, PageRequest, Rcu, Read, Safe, Screened, TableDescription,
    TableRef,
};
use crate::engine::Folded;
use crate::query::{Expression, Shape, Way, plan};
use crate::scan::{Cycle, REPEATS, stuck, worst_case};
use crate::tui::columns::ColumnLayout;
use crate::tui::keymap::Context;
use crate::tui::model::{Shared, Waiting};
use crate::tui::widgets::{Filter, List, Menu, Needle, Prompt, Rows};
use crate::tui::{Action, Ask, Effect, RequestId, layout};
use columns::{ColumnChange, Columns};
use page_cache::PageCache;
use sort_filter::{Arranged, Only};

/// Items asked for at once.
const PAGE: u32 = 100;

/// Number of pages without an item after which somebody is asked whether to read on.
const BARREN: u32 = 50;

/// Where reading stands.
#[derive(Debug, Clone, PartialEq)]
enum Progress {
    /// Opened because the last session was here: nobody asked for items yet, and reading them costs money.
    Restored,
    /// Waiting for the key schema.
    Waiting,
    /// The next page is under way; or one that was let go, by its position.
    Loading(RequestId, Option<usize>),
    /// There is more.
    More,
    /// All of it was read.
    Whole,
    /// The last read ended so; what was read before is still here.
    Stopped(Gap),
    /// Someone stopped it.
    Halted,
    /// Page after page had no item to show: whether to read on is a person's to say.
    Barren,
    /// The budget does not cover another page.
    OutOfBudget,
    /// As much is held as may be, and none can be let go: an order and a filter are of what is held.
    Full,
}

/// A search, while it is typed.
struct ItemSearch {
    prompt: Prompt,
    /// Where the cursor was when it began: line and column.
    from: (usize, usize),
    /// What was typed and is not there.
    missing: Option<Needle>,
}

/// The columns, listed.
#[derive(Default)]
struct Listed {
    list: List,
    filter: Filter,
}

/// What lies over the grid.
enum Panel {
    Columns(Listed),
    Copy(Menu<What>),
    Only(Menu<Option<Only>>),
}

/// Rows, columns and how far reading is.
pub struct ItemsScreen {
    table: TableRef,
    /// The index that is read through, if any.
    index: Option<String>,
    read: Read,
    held: PageCache,
    arranged: Arranged,
    /// With which setting of mask-everything it was arranged.
    masked: bool,
    /// What was asked for, without its literals.
    shape: Option<Shape>,
    /// An expression from the command line, planned once the table is described.
    asked: Option<Expression>,
    scanned: u64,
    /// Items of the pages read that were not inspected to their end.
    unseen: u64,
    /// Pages without an item, since the last one that had any or since somebody said to read on.
    barren: u32,
    cost: Rcu,
    /// Of that, what reading again cost.
    again: Rcu,
    next: Option<Cursor>,
    cycle: Cycle,
    progress: Progress,
    columns: Columns,
    /// The column under the cursor, of those that are shown.
    column: usize,
    /// The first of the columns that scroll.
    first_column: usize,
    list: List,
    panel: Option<Panel>,
    /// The search, while it is typed.
    search: Option<ItemSearch>,
    /// What was searched for.
    needle: Needle,
    /// With which limit the page under way was asked for.
    limit: Option<u32>,
    /// Whether what is read goes into the audit: a scan from the start, of a table no audit sampled.
    counts: bool,
    /// When the next page may be asked for: a provisioned table's capacity belongs to its application.
    not_before: Timestamp,
    /// Since when pages are read without a rest, and how many items had been read by then.
    run: Option<(Timestamp, u64)>,
    /// The next page is the first of its reading: what is held until it comes is from the one before.
    first: bool,
}

impl ItemsScreen {
    pub(super) fn new(table: TableRef, index: Option<String>) -> Self {
        Self {
            table,
            index,
            read: Read::Scan,
            held: PageCache::default(),
            arranged: Arranged::default(),
            masked: false,
            shape: None,
            asked: None,
            scanned: 0,
            unseen: 0,
            barren: 0,
            cost: Rcu::ZERO,
            again: Rcu::ZERO,
            next: None,
            cycle: Cycle::default(),
            progress: Progress::Waiting,
            columns: Columns::default(),
            column: 0,
            first_column: 0,
            list: List::default(),
            panel: None,
            search: None,
            needle: Needle::default(),
            limit: None,
            run: None,
            counts: false,
            not_before: Timestamp::MIN,
            first: true,
        }
    }

    fn rows_on_screen(&self, shared: &Shared) -> usize {
        let taken = 1 + usize::from(self.search.is_some());
        layout::list_rows(shared.size.1).saturating_sub(taken).max(1)
    }

    /// Lines of the list: rows read, or those of them that are shown.
    fn len(&self) -> usize {
        if self.arranged.is_active() { self.arranged.len() } else { self.held.len() }
    }

    /// The row on a line.
    fn row(&self, line: usize) -> Option<usize> {
        if self.arranged.is_active() {
            self.arranged.row(line)
        } else {
            (line < self.held.len()).then_some(line)
        }
    }

    /// The item on a line, if it is held.
    fn item(&self, line: usize) -> Option<&Arc<Screened>> {
        self.held.get(self.row(line)?)
    }

    /// The rows on screen, and a screen above and below them.
    fn around(&self, shared: &Shared) -> Range<usize> {
        let rows = self.rows_on_screen(shared);
        self.list.offset.saturating_sub(rows)..self.list.offset + 2 * rows
    }

    fn description<'a>(&self, shared: &'a Shared) -> Option<&'a TableDescription> {
        shared.audit(&self.table)?.facts.description.known()
    }

    /// The items of a table in which a finding is.
    pub(super) fn of_finding(table: TableRef, flagged: &Flagged) -> Self {
        let title = Safe::neutral(&flagged.title);
        let only = Only::Found(Arc::clone(&flagged.rule), flagged.path.clone(), title);
        Self { arranged: Arranged::only(only), ..Self::new(table, None) }
    }

    /// The items of a table where the last session was left: read when somebody asks for them.
    pub(super) fn restored(table: TableRef) -> Self {
        Self { progress: Progress::Restored, ..Self::new(table, None) }
    }

    /// Where the value under the cursor can be asked for.
    fn follow_value(&self, shared: &mut Shared) -> Transition {
        let name = self.columns.shown(self.column).map(|c| c.name.clone());
        let Some((item, path)) =
            self.item(self.list.cursor).and_then(|item| Some((item, item.path_of(&name?)?)))
        else {
            shared.say("No value here.");
            return Transition::Stay;
        };
        super::follow::from(shared, &self.table, item, &path)
    }

    /// What a query reads.
    pub(super) fn reading(table: TableRef, way: Way, shape: Shape) -> Self {
        Self { read: way.read, shape: Some(shape), ..Self::new(table, way.index) }
    }

    /// What an expression asks for, once the table is described.
    pub(super) fn asking(table: TableRef, expression: Expression) -> Self {
        Self { shape: Some(Shape::of(&expression)), asked: Some(expression), ..Self::new(table, None) }
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
        if self.arranged.is_active() && self.held.is_full() && !self.first {
            self.progress = Progress::Full;
            return;
        }
        let asked = match self.read {
            Read::Key(_) => None,
            _ => shared.engine.pace(&self.table).map_or(Some(PAGE), |p| p.limit(Some(PAGE))),
        };
        self.ask(shared, None, self.next.clone(), asked);
    }

    /// Asks for a page: the next one, or one that was let go.
    fn ask(&mut self, shared: &mut Shared, page: Option<usize>, start: Option<Cursor>, limit: Option<u32>) {
        if matches!(self.progress, Progress::Loading(..)) {
            return;
        }
        if shared.now < self.not_before {
            shared.effects.push(Effect::WakeAt(self.not_before));
            return;
        }
        let worst = if matches!(self.read, Read::Key(_)) { Rcu::ITEM } else { worst_case(limit) };
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
            start,
            counts: false,
            segment: None,
        };
        let here = shared.here;
        let id = shared.ask(here, Waiting::Page(reservation), Ask::Page(request, Box::new(facts)));
        self.progress = Progress::Loading(id, page);
        self.run.get_or_insert((shared.now, self.scanned));
        self.limit = limit;
    }
}

impl View for ItemsScreen {
    fn context(&self) -> Context {
        match &self.panel {
            None => Context::Items,
            Some(Panel::Columns(_)) => Context::Columns,
            Some(Panel::Copy(_) | Panel::Only(_)) => Context::Menu,
        }
    }

    fn title(&self, shared: &Shared) -> String {
        let index = self.index.as_ref().map(|i| format!("{} › ", Safe::neutral(i))).unwrap_or_default();
        let asked = self.shape.as_ref().map(|s| Safe::neutral(s.as_str()).to_string());
        let what = match (&self.panel, asked) {
            (Some(Panel::Columns(listed)), _) => listed
                .filter
                .told(shared)
                .map_or_else(|| "columns".into(), |filter| format!("columns {filter}")),
            (_, Some(asked)) => asked,
            _ => "items".into(),
        };
        format!("{} › {index}{what}", Safe::neutral(&self.table.name))
    }

    fn list(&self, _body: u16) -> Option<Rows> {
        let above = 2 + u16::from(self.search.is_some());
        (self.panel.is_none() && self.len() > 0).then_some(Rows {
            list: self.list,
            above,
            below: 0,
            len: self.len(),
        })
    }

    fn title_at(&mut self, shared: &Shared, x: u16, width: u16) -> bool {
        let mut left = 2;
        for (n, width) in self.columns.fit(self.first_column, self.layout(shared), width) {
            if (left..left + width).contains(&x) {
                self.column = n;
                return self.panel.is_none();
            }
            left += width + 1;
        }
        false
    }

    fn table(&self) -> Option<&TableRef> {
        Some(&self.table)
    }

    fn wants(&self, _: &Shared) -> Vec<TableRef> {
        vec![self.table.clone()]
    }

    fn waits_for(&self, id: RequestId) -> bool {
        matches!(self.progress, Progress::Loading(under_way, _) if under_way == id)
    }

    fn closed(&self, shared: &mut Shared) {
        if let Progress::Loading(id, _) = self.progress {
            shared.cancel(id);
        }
    }

    fn settle(&mut self, shared: &mut Shared) {
        let rows = self.rows_on_screen(shared);
        self.list.clamp(self.len(), rows);
        self.follow(shared);
        if self.masked != shared.options.mask_all {
            self.rearrange(shared, self.row(self.list.cursor));
        }
        // It was given up while this view was not on screen.
        if let Progress::Loading(id, _) = self.progress
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
                    self.counts = shared.engine.reading().is_none()
                        && shared.audit(&self.table).is_some_and(|t| t.outcome.is_none());
                }
                self.more(shared);
            }
            Progress::More | Progress::Whole if !self.arranged.is_active() => {
                // What is on screen first, then a screen around it, so that scrolling does not wait.
                let visible = self.list.visible(self.len(), rows);
                let missing = self.held.missing(visible).or_else(|| self.held.missing(self.around(shared)));
                if let Some(page) = missing {
                    let (start, limit) = self.held.request(page);
                    self.ask(shared, Some(page), start, limit);
                } else if self.progress == Progress::More && self.list.cursor + 2 * rows >= self.len() {
                    self.more(shared);
                }
            }
            // An order or a filter may show next to nothing of a page: then someone has to ask for the next one.
            Progress::More if self.held.is_empty() => self.more(shared),
            Progress::OutOfBudget
                if shared.budget.left().is_none_or(|left| left >= worst_case(Some(PAGE))) =>
            {
                self.resume();
                // Not only with the next message.
                return self.settle(shared);
            }
            _ => {}
        }
        // A pause that spares the table's capacity is part of the run.
        if !matches!(self.progress, Progress::Loading(..)) && shared.now >= self.not_before {
            self.run = None;
        }
    }

    fn page(&mut self, shared: &mut Shared, result: Result<Page, Gap>) {
        let again = if let Progress::Loading(_, page) = self.progress { page } else { None };
        let page = match result {
            Ok(page) => page,
            Err(gap) => {
                self.progress = Progress::Stopped(gap);
                return;
            }
        };
        let folded = Folded::of(&page);
        let cost = folded.charged(self.limit);
        self.cost += cost;
        if let Some(pause) = shared.engine.pace(&self.table).map(|p| p.pause(cost)) {
            self.not_before = shared.now.checked_add(pause).unwrap_or(Timestamp::MAX);
        }
        if let Some(n) = again {
            self.again += cost;
            if !self.held.refill(n, page.items, page.next.as_ref()) {
                shared.say("The table changed since it was first read: rows may be missing or repeated. R refreshes.");
            }
            self.held.shrink(self.around(shared));
            if self.arranged.is_active() {
                self.rearrange(shared, self.row(self.list.cursor));
            }
            return self.resume();
        }
        let mut anew = false;
        if std::mem::take(&mut self.first) {
            (self.held, self.columns) = (PageCache::default(), Columns::default());
            (self.scanned, self.barren, self.cost, self.again) = (0, 0, cost, Rcu::ZERO);
            self.unseen = 0;
            self.cycle = Cycle::default();
            self.run = self.run.map(|(since, _)| (since, 0));
            self.arranged.rebuild(std::iter::empty(), self.masked);
            anew = true;
        }
        self.scanned += page.scanned;
        self.unseen += page.items.iter().filter(|item| !item.uninspected().is_none()).count() as u64;
        let start = std::mem::replace(&mut self.next, page.next);
        self.barren = if page.items.is_empty() { self.barren + 1 } else { 0 };
        let repeats = self.next.as_ref().is_some_and(|next| self.cycle.closes(next));
        self.resume();
        if repeats {
            self.progress = Progress::Stopped(stuck(REPEATS));
        } else if self.progress == Progress::More && self.barren >= BARREN {
            self.progress = Progress::Barren;
        }
        self.counts = self.counts && shared.engine.browsed(&self.table, folded, self.limit, anew);
        for item in &page.items {
            shared.queries.saw(&self.table, item);
        }
        self.columns.count(&page.items);
        self.relayout(shared);
        let rows = self.held.push(start, self.limit, page.items);
        if self.arranged.is_active() {
            let selected = self.row(self.list.cursor);
            let new = rows.filter_map(|row| Some((row, self.held.get(row)?)));
            self.arranged.add(new, self.masked);
            self.select(selected);
        } else {
            self.held.shrink(self.around(shared));
        }
    }

    fn act(&mut self, shared: &mut Shared, action: Action) -> Transition {
        if self.panel.is_some() && self.act_on_panel(shared, action) {
            return Transition::Stay;
        }
        let at_end = self.list.cursor + 1 >= self.len();
        if self.progress == Progress::Barren
            && (action == Action::Open && self.len() == 0 || action == Action::Down && at_end)
        {
            self.resume();
            self.more(shared);
            return Transition::Stay;
        }
        if self.progress == Progress::Restored && action == Action::Open {
            self.again(shared);
            return Transition::Stay;
        }
        if self.list.act(action, self.len(), self.rows_on_screen(shared)) {
            let on = matches!(action, Action::Down | Action::PageDown | Action::Bottom);
            self.moved(shared, on && at_end);
            return Transition::Stay;
        }
        match action {
            Action::Left => self.column = self.column.saturating_sub(1),
            Action::Right => self.column = (self.column + 1).min(self.columns.shown.len().saturating_sub(1)),
            Action::Open => {
                if let Some(row) = self.item(self.list.cursor) {
                    let key = self.description(shared).map(|d| d.key.clone());
                    let state = item::ItemScreen::new(
                        self.table.clone(),
                        Arc::clone(row),
                        key,
                        shared.options.mask_all,
                    );
                    return Transition::Open(Screen::Item(state.numbered(self.list.cursor + 1, self.len())));
                }
            }
            Action::NextMarked => self.hunt(shared, true, self.list.cursor + 1),
            Action::PreviousMarked => self.hunt(shared, false, self.list.cursor),
            Action::Search => {
                let from = (self.list.cursor, self.column);
                self.search = Some(ItemSearch { prompt: Prompt::new("/"), from, missing: None });
            }
            Action::Only => self.panel = Some(Panel::Only(self.choices(shared))),
            Action::Columns => {
                let list = List { cursor: self.column_in_order(), offset: 0 };
                self.panel = Some(Panel::Columns(Listed { list, filter: Filter::default() }));
            }
            Action::Save => self.save(shared, JsonForm::Plain),
            Action::Follow => return self.follow_value(shared),
            Action::HideColumn => self.change(shared, ColumnChange::Hide),
            Action::PinColumn => self.change(shared, ColumnChange::Pin),
            Action::MoveLeft => self.change(shared, ColumnChange::Move(-1)),
            Action::MoveRight => self.change(shared, ColumnChange::Move(1)),
            Action::Widen => self.change(shared, ColumnChange::Resize(4)),
            Action::Narrow => self.change(shared, ColumnChange::Resize(-4)),
            Action::Sort => {
                if let Some(name) = self.column_name() {
                    self.sort(shared, name);
                }
            }
            Action::Count => {
                let (index, read, shape) = (self.index.clone(), self.read.clone(), self.shape.clone());
                return Transition::Open(Screen::Count(count::CountScreen::new(
                    self.table.clone(),
                    index,
                    read,
                    shape,
                )));
            }
            Action::Query => return Transition::Open(Screen::query(shared, self.table.clone())),
            Action::Refresh => self.again(shared),
            Action::Copy => self.copy(shared, What::Value),
            Action::CopyMenu if self.item(self.list.cursor).is_some() => {
                self.panel = Some(Panel::Copy(copying::menu(true)));
            }
            Action::Back => match self.progress {
                Progress::Loading(id, _) if !self.held.is_empty() || self.scanned > 0 => {
                    shared.cancel(id);
                    self.progress = Progress::Halted;
                    shared.say("Paused. j at the end reads more, R starts over.");
                }
                _ if !self.needle.is_empty() => self.needle.clear(),
                _ if self.arranged.is_active() => {
                    let selected = self.row(self.list.cursor);
                    (self.arranged.only, self.arranged.sort) = (None, None);
                    self.rearrange(shared, selected);
                }
                _ => return Transition::Close,
            },
            _ => {}
        }
        Transition::Stay
    }

    fn prompt(&mut self) -> Option<&mut Prompt> {
        match (&mut self.search, &mut self.panel) {
            (Some(search), _) => Some(&mut search.prompt),
            (None, Some(Panel::Columns(listed))) => listed.filter.prompt(),
            _ => None,
        }
    }

    fn edited(&mut self, shared: &mut Shared) {
        match &mut self.panel {
            Some(Panel::Columns(listed)) => listed.list = List::default(),
            _ => self.hunt_so_far(shared),
        }
    }

    fn escaped(&mut self, shared: &mut Shared) -> Transition {
        if let Some(Panel::Columns(listed)) = &mut self.panel {
            listed.filter.clear();
        }
        if let Some(search) = self.search.take() {
            self.needle.clear();
            self.return_to(shared, search.from);
        }
        Transition::Stay
    }

    fn entered(&mut self, shared: &mut Shared) -> Transition {
        if let Some(Panel::Columns(listed)) = &mut self.panel {
            listed.filter.keep();
        }
        if let Some(search) = self.search.take()
            && !self.needle.is_empty()
        {
            self.hunt(shared, true, search.from.0);
        }
        Transition::Stay
    }

    fn draw(&self, shared: &Shared, buf: &mut Buffer, area: Rect) {
        self.draw_all(shared, buf, area);
    }
}
