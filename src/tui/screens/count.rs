//! How many items match: DynamoDB counts them page by page and sends none.

use jiff::Timestamp;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::reading::{self, scroll};
use super::{Transition, View, gap};
use crate::domain::{Cursor, Gap, Page, PageRequest, Rcu, Read, Safe, TableRef};
use crate::query::{Shape, Way};
use crate::scan::{Cycle, EMPTY_PAGES, REPEATS, stuck, worst_case};
use crate::tui::keymap::Context;
use crate::tui::model::{PlaceId, Shared, Waiting};
use crate::tui::theme::Role;
use crate::tui::widgets::Block;
use crate::tui::{Action, Ask, Effect, RequestId, text};

/// Where counting stands.
#[derive(Debug, Clone, PartialEq)]
enum Stage {
    /// Nobody said yes yet.
    Asking,
    /// A page is being counted, and may cost this much.
    Counting(RequestId, Rcu),
    /// There is more to count.
    More,
    /// All of it was counted.
    Whole,
    /// The budget does not cover another page.
    OutOfBudget,
    /// Someone stopped it.
    Halted,
    /// The last page ended so.
    Stopped(Gap),
}

/// What is counted, and how much of it so far.
pub struct CountScreen {
    table: TableRef,
    index: Option<String>,
    read: Read,
    shape: Option<Shape>,
    stage: Stage,
    matched: u64,
    scanned: u64,
    cost: Rcu,
    next: Option<Cursor>,
    cycle: Cycle,
    /// Pages in a row of which no item was looked at.
    barren: u32,
    since: Option<Timestamp>,
    /// No page is asked for before this, so that the table's other readers have their share.
    not_before: Timestamp,
    scroll: usize,
}

impl CountScreen {
    /// What a list of items reads: counting begins after a question.
    pub(super) fn new(table: TableRef, index: Option<String>, read: Read, shape: Option<Shape>) -> Self {
        Self {
            table,
            index,
            read,
            shape,
            stage: Stage::Asking,
            matched: 0,
            scanned: 0,
            cost: Rcu::ZERO,
            next: None,
            cycle: Cycle::default(),
            barren: 0,
            since: None,
            not_before: Timestamp::MIN,
            scroll: 0,
        }
    }

    /// What a query reads, whose cost was told before: counting begins at once.
    pub(super) fn counting(table: TableRef, way: Way, shape: Shape) -> Self {
        Self { stage: Stage::More, ..Self::new(table, way.index, way.read, Some(shape)) }
    }

    fn place(&self, shared: &Shared) -> PlaceId {
        shared.place_of(&self.table).unwrap_or(shared.here)
    }

    /// From the start.
    fn begin(&mut self, shared: &mut Shared) {
        self.closed(shared);
        let (index, read, shape) = (self.index.clone(), self.read.clone(), self.shape.clone());
        *self = Self { stage: Stage::More, ..Self::new(self.table.clone(), index, read, shape) };
    }

    /// Asks for the next page, if the budget covers its worst case.
    fn more(&mut self, shared: &mut Shared) {
        if shared.now < self.not_before {
            shared.effects.push(Effect::WakeAt(self.not_before));
            return;
        }
        let place = self.place(shared);
        let one = matches!(self.read, Read::Key(_));
        let limit = shared.engine.pace(&self.table).and_then(|p| p.limit(None)).filter(|_| !one);
        let worst = if one { Rcu::ITEM } else { worst_case(limit) };
        let Some(reservation) = shared.budget.reserve(worst) else {
            self.stage = Stage::OutOfBudget;
            return;
        };
        let facts = shared.audit(&self.table).map(|t| t.facts.clone()).unwrap_or_default();
        let request = PageRequest {
            table: self.table.clone(),
            index: self.index.clone(),
            read: self.read.clone(),
            limit,
            start: self.next.clone(),
            counts: true,
            segment: None,
        };
        let id = shared.ask(place, Waiting::Page(reservation), Ask::Page(request, Box::new(facts)));
        self.since.get_or_insert(shared.now);
        self.stage = Stage::Counting(id, worst);
    }

    /// How many items there may be, and what reading all of them costs, as DescribeTable says.
    fn about(&self, shared: &Shared) -> Option<(u64, Rcu)> {
        let description = shared.audit(&self.table)?.facts.description.known()?;
        let whole = self.index.is_none() && matches!(self.read, Read::Scan | Read::Filter { .. });
        whole.then(|| (description.items, Rcu::eventual(description.bytes)))
    }

    fn said(&self, shared: &Shared) -> (String, Role) {
        let again = shared.options.keymap.of(Context::Usage, Action::Open);
        match &self.stage {
            Stage::Asking => (String::new(), Role::Plain),
            Stage::Counting(..) | Stage::More if shared.now < self.not_before => {
                ("counting, throttled to spare the table's capacity; esc pauses".into(), Role::Dim)
            }
            Stage::Counting(..) | Stage::More => {
                let all = self.about(shared).map_or(0, |(items, _)| items.max(self.scanned));
                let took = self.since.map(|since| shared.now.duration_since(since)).unwrap_or_default();
                let pace = text::pace(took, self.scanned, self.scanned, all);
                (format!("counting, not finished{pace}; esc pauses"), Role::Dim)
            }
            Stage::Whole => ("complete".into(), Role::Pass),
            Stage::OutOfBudget => {
                let more = shared.options.keymap.of(Context::Usage, Action::RaiseBudget);
                (format!("not finished: read budget spent; {more} raises it, {again} resumes"), Role::Unknown)
            }
            Stage::Halted => (format!("not finished: paused; {again} resumes"), Role::Unknown),
            Stage::Stopped(_) => (format!("not finished; {again} resumes"), Role::Unknown),
        }
    }

    fn text(&self, shared: &Shared) -> Vec<Block> {
        let item = |label: &str, text: String| Block::Item(label.into(), text, Role::Plain);
        let mut out = Vec::new();
        if self.stage == Stage::Asking {
            out.push(Block::Heading("Count of the matching items".into()));
            out.push(Block::Gap);
            out.push(item("request", "DynamoDB to count them; no item is returned".into()));
            let cost = match self.about(shared) {
                Some((items, cost)) => {
                    format!("about {cost} RCU: counting reads all {} items", text::count(items))
                }
                None => "the same as reading them".into(),
            };
            out.push(item("cost", cost));
            out.extend([Block::Gap, Block::Text("enter counts; esc goes back.".into(), Role::Accent)]);
            return out;
        }
        let matched = text::count(self.matched);
        let (least, role) =
            if self.stage == Stage::Whole { ("", Role::Heading) } else { ("at least ", Role::Unknown) };
        let are = if self.matched == 1 { "item matches" } else { "items match" };
        out.push(Block::Text(format!("{least}{matched} {are}"), role));
        out.push(Block::Gap);
        let about = match self.about(shared) {
            Some((items, _)) if items >= self.scanned => format!(" of about {}", text::count(items)),
            _ => String::new(),
        };
        out.push(item("items read", format!("{}{about}", text::count(self.scanned))));
        out.push(item("cost", format!("{} RCU", self.cost)));
        let (said, role) = self.said(shared);
        out.push(Block::Item("state".into(), said, role));
        if let Stage::Stopped(why) = &self.stage {
            out.push(Block::Gap);
            out.extend(gap::explain(why));
        }
        out
    }
}

impl View for CountScreen {
    fn context(&self) -> Context {
        Context::Usage
    }

    fn title(&self, _: &Shared) -> String {
        let index = self.index.as_ref().map(|i| format!("{} › ", Safe::neutral(i))).unwrap_or_default();
        let shape = self.shape.as_ref().map(|s| s.as_str()).filter(|s| !s.is_empty());
        let what = shape.map_or_else(|| "all items".into(), |s| Safe::neutral(s).to_string());
        format!("{} › {index}count of {what}", Safe::neutral(&self.table.name))
    }

    fn table(&self) -> Option<&TableRef> {
        Some(&self.table)
    }

    fn settle(&mut self, shared: &mut Shared) {
        if self.stage == Stage::More {
            self.more(shared);
        }
    }

    fn waits_for(&self, id: RequestId) -> bool {
        matches!(self.stage, Stage::Counting(of, _) if of == id)
    }

    fn closed(&self, shared: &mut Shared) {
        if let Stage::Counting(id, _) = self.stage {
            shared.cancel(id);
        }
    }

    fn page(&mut self, shared: &mut Shared, result: Result<Page, Gap>) {
        let Stage::Counting(_, worst) = self.stage else { return };
        let page = match result {
            Ok(page) => page,
            Err(gap) => {
                self.stage = Stage::Stopped(gap);
                return;
            }
        };
        // An answer that does not say what it cost counts at its worst case, as a lost one does.
        let cost = page.cost.unwrap_or(worst);
        self.cost += cost;
        self.matched += page.matched;
        self.scanned += page.scanned;
        self.next = page.next;
        self.barren = if page.scanned == 0 { self.barren + 1 } else { 0 };
        self.stage = match &self.next {
            None => Stage::Whole,
            Some(next) if self.cycle.closes(next) => Stage::Stopped(stuck(REPEATS)),
            Some(_) if self.barren >= EMPTY_PAGES => Stage::Stopped(stuck("page after page was empty")),
            Some(_) => Stage::More,
        };
        if let Some(pause) = shared.engine.pace(&self.table).map(|p| p.pause(cost)) {
            self.not_before = shared.now.checked_add(pause).unwrap_or(Timestamp::MAX);
        }
    }

    fn act(&mut self, shared: &mut Shared, action: Action) -> Transition {
        match (action, &self.stage) {
            (Action::Back, Stage::Counting(..) | Stage::More) => {
                self.closed(shared);
                self.stage = Stage::Halted;
            }
            (Action::Back, _) => return Transition::Close,
            (Action::Open, Stage::Asking | Stage::Whole) | (Action::Refresh, _) => self.begin(shared),
            (Action::Open, Stage::OutOfBudget | Stage::Halted | Stage::Stopped(_)) => {
                self.stage = Stage::More
            }
            _ => {
                let text = self.text(shared);
                scroll(&mut self.scroll, action, &text, 0, shared);
            }
        }
        Transition::Stay
    }

    fn draw(&self, shared: &Shared, buf: &mut Buffer, area: Rect) {
        reading::draw(&self.text(shared), self.scroll, shared, buf, area);
    }
}
