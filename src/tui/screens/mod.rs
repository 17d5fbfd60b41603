//! The screens: one file each, and its line in the list below. What a key or the palette opens says so in its file,
//! as its `ENTRY`.

mod copying;
mod entry;
mod gap;
mod reading;

mod accept;
mod accepted;
mod access;
mod access_key;
mod code;
mod count;
mod data_flows;
mod finding;
mod findings;
mod follow;
mod help;
mod history;
mod identity;
mod indexes;
mod item;
mod items;
mod ledger;
mod overview;
mod palette;
mod places;
mod policy;
mod posture;
mod query;
mod roles;
mod rule;
mod tables;
mod tail;
mod usage;
mod views;

use std::collections::BTreeSet;
use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::audit::Audit;
use crate::detect::RuleInfo;
use crate::domain::{Finding, FindingId, Flagged, Gap, Page, Safe, TableRef};
use crate::query::parse;
use crate::tui::keymap::Context;
use crate::tui::model::{PlaceId, Shared};
use crate::tui::widgets::{Filter, List, Prompt, Rows};
use crate::tui::{Action, Answer, Asked, RequestId};
pub(super) use entry::{Entry, Opens, Row, Section};

/// What a screen wants to happen after an action.
pub enum Transition {
    /// Nothing more.
    Stay,
    /// This screen on top.
    Open(Screen),
    /// Itself gone.
    Close,
    /// An action as if its key had been pressed (on the screen below, if this is the palette).
    Run(Action),
    /// What the list below opens after this movement, in its place.
    Beside(Action),
    /// Another account or Region, from its list of tables.
    Travel(PlaceId),
    /// Another open view: 0 is this one.
    Jump(usize),
    /// The list of tables, with nothing above it.
    Home,
}

/// What every screen can do; most defaults do nothing.
trait View {
    /// Which keys work.
    fn context(&self) -> Context;
    /// The line above it.
    fn title(&self, shared: &Shared) -> String;
    /// An action that is not the same on all screens.
    fn act(&mut self, shared: &mut Shared, action: Action) -> Transition;
    /// Whether an action of its context has something to do now; the footer names no other.
    fn offers(&self, _shared: &Shared, _action: Action) -> bool {
        true
    }
    /// Draws it.
    fn draw(&self, shared: &Shared, buf: &mut Buffer, area: Rect);
    /// The filter of its list.
    fn filter(&mut self) -> Option<&mut Filter> {
        None
    }
    /// The input that takes characters now, if one does.
    fn prompt(&mut self) -> Option<&mut Prompt> {
        self.filter()?.prompt()
    }
    /// The input changed, or what it filters did.
    fn edited(&mut self, _shared: &mut Shared) {}
    /// Enter was pressed in the input: a filter stays.
    fn entered(&mut self, _shared: &mut Shared) -> Transition {
        if let Some(filter) = self.filter() {
            filter.keep();
        }
        Transition::Stay
    }
    /// The list that its filter narrows, and which of all its rows are shown.
    fn narrowed(&mut self) -> Option<(&mut List, &[usize])> {
        None
    }
    /// Esc was pressed in the input: a filter goes, and the cursor stays on the row that it led to.
    fn escaped(&mut self, shared: &mut Shared) -> Transition {
        let selected = self.narrowed().and_then(|(list, shown)| shown.get(list.cursor).copied());
        if let Some(filter) = self.filter() {
            filter.clear();
            self.edited(shared);
        }
        if let Some((list, shown)) = self.narrowed() {
            let row = selected.and_then(|selected| shown.iter().position(|n| *n == selected));
            list.cursor = row.unwrap_or(0);
        }
        Transition::Stay
    }
    /// Called after every message: ask for what is missing, follow what changed.
    fn settle(&mut self, _shared: &mut Shared) {}
    /// The tables that its filter leaves, where it lists tables and one is set.
    fn narrowed_tables(&self, _shared: &Shared) -> Option<Vec<TableRef>> {
        None
    }
    /// The tables whose facts should come first.
    fn wants(&self, _shared: &Shared) -> Vec<TableRef> {
        Vec::new()
    }
    /// Whether a request is this screen's.
    fn waits_for(&self, _id: RequestId) -> bool {
        false
    }
    /// The page it waited for.
    fn page(&mut self, _shared: &mut Shared, _result: Result<Page, Gap>) {}
    /// Another answer it waited for.
    fn answered(&mut self, _shared: &mut Shared, _answer: Answer) {}
    /// It is gone: give requests up.
    fn closed(&self, _shared: &mut Shared) {}
    /// Its list, in a body of this many lines.
    fn list(&self, _body: u16) -> Option<Rows> {
        None
    }
    /// Puts the cursor into the column whose title stands at this column of a body this wide; false if there is none.
    fn title_at(&mut self, _shared: &Shared, _x: u16, _width: u16) -> bool {
        false
    }
    /// The table that is selected in it, or that it is about.
    fn selected(&self, _shared: &Shared) -> Option<TableRef> {
        self.table().cloned()
    }
    /// The table it is about.
    fn table(&self) -> Option<&TableRef> {
        None
    }
}

/// The list of screens: file, variant, its state, and the action that its `ENTRY` is for. The macro that is named gets it,
/// with what follows.
macro_rules! each_screen {
    ($then:ident $($more:tt)*) => {
        $then! {
            entries: [
                posture Posture(PostureScreen) by Posture,
                findings Findings(FindingsScreen) by TableFindings,
                indexes Indexes(IndexesScreen) by Indexes,
                policy Policy(PolicyScreen) by Policy,
                data_flows Fanout(FanoutScreen) by Fanout,
                history History(HistoryScreen) by History,
                usage Usage(UsageScreen) by Usage,
                roles Roles(RolesScreen) by Roles,
                access Access(AccessScreen) by Access,
                overview Overview(OverviewScreen) by Overview,
                accepted Accepted(AcceptedScreen) by Accepted,
                places Places(PlacesScreen) by Places,
                identity Identity(IdentityScreen) by Identity,
                ledger Ledger(LedgerScreen) by Log,
                palette Palette(PaletteScreen) by Palette,
                help Help(HelpScreen) by Help,
            ]
            others: [
                tables Tables(TablesScreen),
                items Items(ItemsScreen),
                item Item(ItemScreen),
                query Query(QueryScreen),
                follow Follow(FollowScreen),
                views Views(ViewsScreen),
                finding Finding(FindingScreen),
                rule Rule(RuleScreen),
                access_key AccessKey(AccessKeyScreen),
                count Count(CountScreen),
                tail Tail(TailScreen),
                code Code(CodeScreen),
                accept Accept(AcceptScreen),
            ]
            $($more)*
        }
    };
}
pub(super) use each_screen;

macro_rules! screens {
    (entries: [$($file:ident $variant:ident($state:ident) by $action:ident,)+]
     others: [$($other:ident $its:ident($of:ident),)+]) => {
        /// A screen.
        pub enum Screen {
            $(#[doc = concat!("See `screens/", stringify!($file), ".rs`.")] $variant($file::$state),)+
            $(#[doc = concat!("See `screens/", stringify!($other), ".rs`.")] $its($other::$of),)+
        }

        impl Screen {
            fn view(&self) -> &dyn View {
                match self { $(Self::$variant(state) => state,)+ $(Self::$its(state) => state),+ }
            }

            fn view_mut(&mut self) -> &mut dyn View {
                match self { $(Self::$variant(state) => state,)+ $(Self::$its(state) => state),+ }
            }
        }

        /// What a key or the palette opens, by its action.
        pub(super) static ENTRIES: &[(Action, &Entry)] = &[$((Action::$action, &$file::ENTRY)),+];
    };
}

each_screen! { screens }

/// The names of the columns of the list of tables.
pub use tables::NAMES as TABLE_COLUMNS;
pub(super) use tables::NOT_READ;

impl Screen {
    /// The list of tables.
    pub fn tables() -> Self {
        Self::Tables(tables::TablesScreen::default())
    }

    /// The items of a table.
    pub fn items(table: TableRef) -> Self {
        Self::Items(items::ItemsScreen::new(table, None))
    }

    /// The items in which a finding is.
    pub(super) fn items_of_finding(table: TableRef, flagged: &Flagged) -> Self {
        Self::Items(items::ItemsScreen::of_finding(table, flagged))
    }

    /// The items of a table where the last session was left, none of which is read by itself.
    pub fn items_restored(table: TableRef) -> Self {
        Self::Items(items::ItemsScreen::restored(table))
    }

    /// The items of a table, read through one of its indexes.
    pub fn items_of(table: TableRef, index: String) -> Self {
        Self::Items(items::ItemsScreen::new(table, Some(index)))
    }

    /// The expression box, empty.
    pub fn query(shared: &Shared, table: TableRef) -> Self {
        Self::Query(query::QueryScreen::new(shared, table, Asked::default()))
    }

    /// The expression box with an expression, and on it what that reads.
    pub fn asked(shared: &Shared, table: &TableRef, asked: Asked) -> Vec<Self> {
        let items =
            parse(&asked.text).ok().map(|e| Self::Items(items::ItemsScreen::asking(table.clone(), e)));
        let query = Self::Query(query::QueryScreen::new(shared, table.clone(), asked));
        std::iter::once(query).chain(items).collect()
    }

    /// A table's posture.
    pub fn posture(table: TableRef) -> Self {
        Self::Posture(posture::PostureScreen::new(table))
    }

    /// The records of a table's stream.
    pub fn tail(table: TableRef) -> Self {
        Self::Tail(tail::TailScreen::new(table))
    }

    /// What an audit comes to.
    pub fn overview() -> Self {
        Self::Overview(overview::OverviewScreen::default())
    }

    /// Findings of one table, or of all.
    pub fn findings(table: Option<TableRef>) -> Self {
        Self::Findings(findings::FindingsScreen::new(table))
    }

    /// Findings of one of some values, wherever it stands.
    pub(super) fn findings_of_values(called: Safe, values: BTreeSet<String>) -> Self {
        Self::Findings(findings::FindingsScreen::of_values(called, values))
    }

    /// One finding.
    pub fn finding(finding: Finding) -> Self {
        Self::finding_of(finding, Vec::new())
    }

    /// One finding of a list, through which one can step.
    pub(super) fn finding_of(finding: Finding, list: Vec<FindingId>) -> Self {
        Self::Finding(finding::FindingScreen::new(finding, list))
    }

    /// Why findings do not count, to be said.
    pub(super) fn accept(audit: &Audit, findings: Vec<Finding>, with_it: usize) -> Option<Self> {
        Some(Self::Accept(accept::AcceptScreen::new(audit, findings, with_it)?))
    }

    /// The open views, by their titles.
    pub fn views(titles: Vec<String>) -> Self {
        Self::Views(views::ViewsScreen::new(titles))
    }

    /// What a rule looks for, and what to do when it is seen.
    pub fn rule(rule: &Arc<RuleInfo>) -> Self {
        Self::Rule(rule::RuleScreen::of(Arc::clone(rule)))
    }

    /// The codes of MFA devices, to sign in again.
    pub fn code(place: PlaceId) -> Self {
        Self::Code(code::CodeScreen::new(place))
    }

    /// Whether it is one of those between which one goes by their numbers: it is open once.
    pub(super) fn is_pane(&self) -> bool {
        match self {
            Self::Overview(_) => true,
            Self::Findings(findings) => findings.is_of_all(),
            _ => false,
        }
    }

    /// Whether one can go forward to it again.
    pub(super) fn is_kept(&self) -> bool {
        matches!(self, Self::Items(_) | Self::Item(_) | Self::Query(_))
    }

    /// Takes its place: an item is shown the way the other one was, at the same attribute.
    pub(super) fn continues(&mut self, other: &Self) {
        if let (Self::Item(item), Self::Item(other)) = (self, other) {
            item.continues(other);
        }
    }

    /// Whether another screen is of the same kind about the same table.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
            && self.view().table() == other.view().table()
            && self.is_pane() == other.is_pane()
    }
}

/// What `update` and `view` call.
impl Screen {
    pub(super) fn context(&self) -> Context {
        self.view().context()
    }
    pub(super) fn title(&self, shared: &Shared) -> String {
        self.view().title(shared)
    }
    pub(super) fn act(&mut self, shared: &mut Shared, action: Action) -> Transition {
        self.view_mut().act(shared, action)
    }
    pub(super) fn offers(&self, shared: &Shared, action: Action) -> bool {
        self.view().offers(shared, action)
    }
    pub(super) fn draw(&self, shared: &Shared, buf: &mut Buffer, area: Rect) {
        self.view().draw(shared, buf, area);
    }
    pub(super) fn prompt(&mut self) -> Option<&mut Prompt> {
        self.view_mut().prompt()
    }
    pub(super) fn edited(&mut self, shared: &mut Shared) {
        self.view_mut().edited(shared);
    }
    pub(super) fn entered(&mut self, shared: &mut Shared) -> Transition {
        self.view_mut().entered(shared)
    }
    pub(super) fn escaped(&mut self, shared: &mut Shared) -> Transition {
        self.view_mut().escaped(shared)
    }
    pub(super) fn settle(&mut self, shared: &mut Shared) {
        self.view_mut().settle(shared);
    }
    pub(super) fn narrowed_tables(&self, shared: &Shared) -> Option<Vec<TableRef>> {
        self.view().narrowed_tables(shared)
    }
    pub(super) fn wants(&self, shared: &Shared) -> Vec<TableRef> {
        self.view().wants(shared)
    }
    pub(super) fn waits_for(&self, id: RequestId) -> bool {
        self.view().waits_for(id)
    }
    pub(super) fn page(&mut self, shared: &mut Shared, result: Result<Page, Gap>) {
        self.view_mut().page(shared, result);
    }
    pub(super) fn answered(&mut self, shared: &mut Shared, answer: Answer) {
        self.view_mut().answered(shared, answer);
    }
    pub(super) fn closed(&self, shared: &mut Shared) {
        self.view().closed(shared);
    }
    pub(super) fn list(&self, body: u16) -> Option<Rows> {
        self.view().list(body)
    }
    pub(super) fn title_at(&mut self, shared: &Shared, x: u16, width: u16) -> bool {
        self.view_mut().title_at(shared, x, width)
    }
    pub(super) fn selected(&self, shared: &Shared) -> Option<TableRef> {
        self.view().selected(shared)
    }
    pub(super) fn table(&self) -> Option<&TableRef> {
        self.view().table()
    }
}
