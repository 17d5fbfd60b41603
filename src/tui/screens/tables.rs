//! The list of tables: how many, how protected, what was found.

use std::collections::BTreeMap;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::overview::grade_role;
use super::{Screen, Transition, View, gap};
use crate::audit::{Graded, TableAudit, grade};
use crate::domain::{
    Encryption, Fact, FactKind, Gap, KeyManager, KeyState, Policy, Safe, Severity, TableFacts, TableRef,
};
use crate::posture::{Opened, opened};
use crate::readers::Survey;
use crate::scan::Outcome;
use crate::tui::keymap::Context;
use crate::tui::model::{Listing, Place, PlaceId, Shared};
use crate::tui::theme::Role;
use crate::tui::widgets::{Block, Col, Filter, Grid, List, Rows, blocks, grid};
use crate::tui::{Action, Copy, Effect, fuzzy, layout, text};

/// Filter, order and cursor.
#[derive(Default)]
pub struct TablesScreen {
    filter: Filter,
    /// What is listed, best match first.
    shown: Vec<Row>,
    list: List,
    /// Of what state of things, and which rows, it was found out who reads them.
    surveyed: Option<(u64, List, usize)>,
    /// The grades of the tables on screen, as of then.
    grades: BTreeMap<TableRef, Graded>,
}

/// A row: a table by its position in its place; or a place that has none to show, which is never left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Row {
    place: PlaceId,
    table: Option<usize>,
}

impl Row {
    fn place(self, shared: &Shared) -> &Place {
        &shared.engine.places[self.place.0]
    }

    fn table(self, shared: &Shared) -> Option<&TableRef> {
        self.place(shared).tables.get(self.table?)
    }
}

impl Row {
    /// What a filter looks at.
    fn search(self, shared: &Shared) -> String {
        let name = self.table(shared).map_or("", |t| t.name.as_str());
        if shared.combined { format!("{name} {}", self.place(shared).scope) } else { name.to_owned() }
    }
}

/// Every row before a filter.
fn rows(shared: &Shared) -> Vec<Row> {
    let rows = |place: PlaceId| {
        let tables =
            (0..shared.engine.places[place.0].tables.len()).map(move |n| Row { place, table: Some(n) });
        tables.chain(is_bare(shared, place).then_some(Row { place, table: None }))
    };
    shared.listed().into_iter().flat_map(rows).collect()
}

/// How many those are: asked after every message, so it must not take longer with more tables.
fn count(shared: &Shared) -> usize {
    let rows =
        |place: &PlaceId| shared.engine.places[place.0].tables.len() + usize::from(is_bare(shared, *place));
    shared.listed().iter().map(rows).sum()
}

/// Whether a place has a row of its own, as it has no tables to show, or not all of them.
fn is_bare(shared: &Shared, place: PlaceId) -> bool {
    let known = &shared.engine.places[place.0];
    shared.combined && (known.tables.is_empty() || matches!(known.listing, Listing::Failed(_)))
}

impl TablesScreen {
    fn selected<'a>(&self, shared: &'a Shared) -> Option<&'a TableRef> {
        self.shown.get(self.list.cursor)?.table(shared)
    }

    /// Finds out who reads the tables on screen, when something new is known.
    fn survey(&mut self, shared: &mut Shared) {
        let known = shared.engine.version() + shared.engine.findings().version();
        let of = (known, self.list, self.shown.len());
        if self.surveyed == Some(of) {
            return;
        }
        self.surveyed = Some(of);
        let on_screen = self.wants(shared);
        let known = on_screen.iter().filter_map(|table| Some((table, &shared.engine.table(table)?.facts)));
        shared.readers.survey(known);
        let graded = |table: &TableRef| {
            let graded = grade(shared.engine.table(table)?, shared.engine.findings().of_table(table));
            Some((table.clone(), graded))
        };
        self.grades = on_screen.iter().filter_map(graded).collect();
    }

    fn refilter(&mut self, shared: &Shared) {
        // The selection stays on its table, not on its row number.
        let selected = self.selected(shared).cloned();
        let query = self.filter.text();
        let all = rows(shared);
        let names: Vec<String> = all.iter().map(|r| r.search(shared)).collect();
        self.shown =
            fuzzy::rank(query, names.iter().map(String::as_str)).into_iter().map(|n| all[n]).collect();
        let rows = layout::list_rows(shared.size.1);
        if self.filter.is_typing() {
            self.list = List::default();
        } else if let Some(row) =
            selected.and_then(|s| self.shown.iter().position(|r| r.table(shared) == Some(&s)))
        {
            self.list.cursor = row;
        }
        self.list.clamp(self.shown.len(), rows);
    }
}

impl View for TablesScreen {
    fn context(&self) -> Context {
        Context::Tables
    }

    fn list(&self, _body: u16) -> Option<Rows> {
        Some(Rows { list: self.list, above: self.filter.above(), below: 0, len: self.shown.len() })
    }

    fn title(&self, shared: &Shared) -> String {
        if shared.combined {
            let tables = self.shown.iter().filter(|r| r.table.is_some()).count();
            let filter = self.filter.told(shared).map(|f| format!(" {f}")).unwrap_or_default();
            return format!(
                "Tables of {} accounts and Regions ({tables}){filter}",
                shared.engine.places.len()
            );
        }
        let place = shared.place();
        let count = match place.listing {
            Listing::Idle => "0 so far".into(),
            // How many there are is told by nobody before the end.
            Listing::Loading(since, before) => {
                let known = place.tables.len();
                let new = known.saturating_sub(before) as u64;
                let pace = text::pace(shared.now.duration_since(since), new, 0, 0);
                format!("{} so far{pace}", text::count(known as u64))
            }
            Listing::Whole => text::count(place.tables.len() as u64),
            Listing::Failed(_) => format!("{}, list not finished", place.tables.len()),
        };
        match self.filter.told(shared) {
            Some(filter) if !self.filter.is_typing() => {
                format!("Tables ({} of {count}) {filter}", self.shown.len())
            }
            _ => format!("Tables ({count})"),
        }
    }

    fn act(&mut self, shared: &mut Shared, action: Action) -> Transition {
        let moved = self.list.act(action, self.shown.len(), layout::list_rows(shared.size.1));
        if let Some(row) = self.shown.get(self.list.cursor) {
            // The place on screen is the selected row's: what is opened or audited from here is there.
            shared.here = row.place;
        }
        if moved {
            return Transition::Stay;
        }
        let selected = self.selected(shared).cloned();
        match (action, selected) {
            (Action::Filter, _) => self.filter.open(),
            (Action::Back, _) => {
                self.filter.clear();
                self.refilter(shared);
            }
            (Action::Open, Some(table)) => return Transition::Open(Screen::items(table)),
            (Action::Query, Some(table)) => return Transition::Open(Screen::query(shared, table)),
            (Action::Copy, Some(table)) => {
                let text = Safe::neutral(&table.arn());
                shared.effects.push(Effect::Copy(Copy {
                    what: format!("the ARN of {}", Safe::neutral(&table.name)),
                    text,
                }));
            }
            _ => {}
        }
        Transition::Stay
    }

    fn filter(&mut self) -> Option<&mut Filter> {
        Some(&mut self.filter)
    }

    fn edited(&mut self, shared: &mut Shared) {
        self.refilter(shared);
    }

    fn entered(&mut self, shared: &mut Shared) -> Transition {
        self.filter.keep();
        self.refilter(shared);
        Transition::Stay
    }

    fn escaped(&mut self, shared: &mut Shared) -> Transition {
        let selected = self.selected(shared).cloned();
        self.filter.clear();
        self.refilter(shared);
        // Where the filter led is where the cursor stays.
        if let Some(row) = selected.and_then(|s| self.shown.iter().position(|r| r.table(shared) == Some(&s)))
        {
            self.list.cursor = row;
            self.list.clamp(self.shown.len(), layout::list_rows(shared.size.1));
        }
        Transition::Stay
    }

    fn settle(&mut self, shared: &mut Shared) {
        self.survey(shared);
        if !self.filter.is_on() && self.shown.len() != count(shared) {
            self.refilter(shared);
        }
        self.list.clamp(self.shown.len(), layout::list_rows(shared.size.1));
    }

    fn narrowed_tables(&self, shared: &Shared) -> Option<Vec<TableRef>> {
        let shown = || self.shown.iter().filter_map(|row| row.table(shared)).cloned().collect();
        self.filter.is_on().then(shown)
    }

    fn selected(&self, shared: &Shared) -> Option<TableRef> {
        TablesScreen::selected(self, shared).cloned()
    }

    fn wants(&self, shared: &Shared) -> Vec<TableRef> {
        let rows = self.list.visible(self.shown.len(), layout::list_rows(shared.size.1));
        let rows = rows.filter_map(|r| self.shown[r].table(shared));
        self.selected(shared).into_iter().chain(rows).cloned().collect()
    }

    fn draw(&self, shared: &Shared, buf: &mut Buffer, area: Rect) {
        let theme = shared.options.theme;
        let area = self.filter.draw(buf, area, shared);
        if self.shown.is_empty() {
            return blocks(buf, area, theme, &nothing(shared), 0);
        }
        let columns = columns(area.width, &shared.options.columns, shared.combined);
        let cols: Vec<Col> = columns
            .iter()
            .map(|(c, width)| Col { title: c.title().into(), width: *width, right: c.right() })
            .collect();
        grid(
            buf,
            area,
            theme,
            &Grid { columns: &cols, list: self.list, len: self.shown.len() },
            |_| None,
            |row, col| columns[col].0.of_row(shared, self.shown[row], &self.grades),
        );
    }
}

/// Why no table is shown.
fn nothing(shared: &Shared) -> Vec<Block> {
    let plain = |text: &str| Block::Text(text.to_owned(), Role::Plain);
    match &shared.place().listing {
        Listing::Idle | Listing::Loading(..) => vec![Block::Gap, plain("  Listing the tables…")],
        Listing::Whole if shared.place().tables.is_empty() => {
            vec![
                Block::Gap,
                plain(&format!("  No tables in {}. s switches account or Region.", shared.place().scope)),
            ]
        }
        Listing::Whole => vec![Block::Gap, plain("  No table matches. Esc clears the filter.")],
        Listing::Failed(why) => {
            let mut out =
                vec![Block::Gap, Block::Text("The tables could not be listed.".into(), Role::Error)];
            out.extend(gap::explain(why));
            out
        }
    }
}

/// The columns, in order of appearance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum TableColumn {
    Name,
    Account,
    Region,
    Grade,
    Findings,
    Items,
    Size,
    Environment,
    Key,
    Policy,
    Readers,
    Pitr,
    Ttl,
}

/// The width of what was found.
const FINDINGS: usize = 14;

/// Which columns fit: each with its width and from which terminal width on it is shown.
const COLUMNS: &[(TableColumn, u16, u16)] = &[
    (TableColumn::Name, 0, 0),
    (TableColumn::Grade, 2, 60),
    (TableColumn::Findings, FINDINGS as u16, 0),
    (TableColumn::Items, 7, 54),
    (TableColumn::Size, 8, 100),
    (TableColumn::Environment, 11, 112),
    (TableColumn::Key, 9, 62),
    (TableColumn::Policy, 9, 70),
    (TableColumn::Readers, 9, 76),
    (TableColumn::Pitr, 6, 76),
    (TableColumn::Ttl, 9, 90),
];

/// The names of the columns, as the configuration has them.
pub const NAMES: &[&str] = &[
    "table",
    "grade",
    "findings",
    "items",
    "size",
    "environment",
    "key",
    "policy",
    "readers",
    "pitr",
    "ttl",
];

/// The columns for a width, of those that are wanted and in that order; empty means all. The name takes what the others leave; wide terminals give the others more room.
fn columns(width: u16, wanted: &[String], combined: bool) -> Vec<(TableColumn, u16)> {
    let of_place = [(TableColumn::Account, 12), (TableColumn::Region, 14)];
    let taken: u16 = if combined { of_place.iter().map(|(_, w)| w + 1).sum() } else { 0 };
    let room = width.saturating_sub(taken);
    let roomy = room >= 120;
    let order = |c: &&(TableColumn, u16, u16)| wanted.iter().position(|w| *w == c.0.name());
    let mut chosen: Vec<_> = COLUMNS
        .iter()
        .filter(|c| wanted.is_empty() || c.0 == TableColumn::Name || order(c).is_some())
        .collect();
    // A row without its name says nothing: the name is always there, and first unless it was put elsewhere.
    chosen.sort_by_key(order);
    let mut out: Vec<(TableColumn, u16)> = chosen
        .into_iter()
        .filter(|(_, _, from)| room >= *from)
        .map(|(c, w, _)| {
            let extra = match c {
                TableColumn::Findings if roomy => 11,
                TableColumn::Key if roomy => 8,
                TableColumn::Policy if roomy => 10,
                TableColumn::Readers if roomy => 6,
                TableColumn::Pitr if roomy => 2,
                TableColumn::Ttl if roomy => 8,
                _ => 0,
            };
            (*c, *w + extra)
        })
        .collect();
    if combined {
        let after = out.iter().position(|(c, _)| *c == TableColumn::Name).map_or(0, |n| n + 1);
        out.splice(after..after, of_place);
    }
    let others: u16 = out.iter().map(|(_, w)| w + 1).sum();
    if let Some((_, name)) = out.iter_mut().find(|(c, _)| *c == TableColumn::Name) {
        *name = width.saturating_sub(others + 3).clamp(14, 40);
    }
    out
}

impl TableColumn {
    fn title(self) -> &'static str {
        match self {
            Self::Name => "Table",
            Self::Account => "Account",
            Self::Region => "Region",
            // Two letters: the grade has no more.
            Self::Grade => "Gr",
            Self::Environment => "Environment",
            Self::Findings => "Findings",
            Self::Items => "Items",
            Self::Size => "Size",
            Self::Key => "Key",
            Self::Policy => "Policy",
            Self::Readers => "Readers",
            Self::Pitr => "PITR",
            Self::Ttl => "TTL",
        }
    }

    /// Its name in the configuration.
    fn name(self) -> String {
        match self {
            Self::Grade => "grade".into(),
            other => other.title().to_ascii_lowercase(),
        }
    }

    fn right(self) -> bool {
        matches!(self, Self::Items | Self::Size)
    }

    /// The cell of a row; a place without tables says why it has none.
    fn of_row(self, shared: &Shared, row: Row, grades: &BTreeMap<TableRef, Graded>) -> (String, Role) {
        let place = row.place(shared);
        match (self, row.table(shared)) {
            (Self::Account, _) if place.scope.account.is_empty() => ("not known".into(), Role::Dim),
            (Self::Account, _) => (Safe::neutral(&place.scope.account).to_string(), Role::Plain),
            (Self::Region, _) => (Safe::neutral(&place.scope.region).to_string(), Role::Plain),
            (Self::Grade, Some(table)) => match grades.get(table) {
                Some(graded) => (graded.letter(), grade_role(graded)),
                None => (String::new(), Role::Plain),
            },
            (_, Some(table)) => self.cell(shared, table),
            (Self::Name, None) => match &place.listing {
                Listing::Idle | Listing::Loading(..) => ("listing…".into(), Role::Dim),
                Listing::Whole => ("no tables".into(), Role::Dim),
                Listing::Failed(Gap::Denied(..)) => ("denied".into(), Role::Unknown),
                Listing::Failed(_) => ("failed: ! shows why".into(), Role::Error),
            },
            (_, None) => (String::new(), Role::Plain),
        }
    }

    fn cell(self, shared: &Shared, table: &TableRef) -> (String, Role) {
        let Some(audit) = shared.audit(table) else { return (String::new(), Role::Plain) };
        let facts = &audit.facts;
        let description = &facts.description;
        match self {
            Self::Environment => (audit.environment().unwrap_or_default().into(), Role::Dim),
            Self::Name | Self::Account | Self::Region | Self::Grade => {
                (Safe::neutral(&table.name).to_string(), Role::Plain)
            }
            Self::Findings => findings(
                shared.engine.findings().counts(table),
                looked_at(audit),
                !audit.uninspected.is_none(),
            ),
            Self::Items => told(description, |d| (text::count(d.items), Role::Plain)),
            Self::Size => told(description, |d| (text::bytes(d.bytes), Role::Plain)),
            Self::Key => key(facts),
            Self::Policy => told(&facts.policy, |p| match p {
                None => ("none".into(), Role::Dim),
                Some(policy) => who(&policy.policy, &arn(table, facts)),
            }),
            Self::Readers => match (shared.readers.surveyed(table), facts.gap(FactKind::Account)) {
                (Some(survey), gap)
                    if gap.is_none() || survey.count().outside > 0 || survey.count().anyone =>
                {
                    readers(survey)
                }
                (None, Some(Gap::NotAsked)) => (NOT_READ.into(), Role::Dim),
                _ => told(&facts.account, |_| ("…".into(), Role::Dim)),
            },
            Self::Pitr => told(&facts.backups, |b| match (b.point_in_time, b.window_days) {
                (true, Some(days)) => (format!("{days} d"), Role::Pass),
                (true, None) => ("on".into(), Role::Pass),
                (false, _) => ("off".into(), Role::Fail),
            }),
            Self::Ttl => told(&facts.time_to_live, |t| match &t.attribute {
                Some(attribute) => (Safe::neutral(attribute).to_string(), Role::Plain),
                None => ("off".into(), Role::Dim),
            }),
        }
    }
}

/// How many of the account can read it, and how many from outside.
fn readers(survey: &Survey) -> (String, Role) {
    let count = survey.count();
    let inside = match count.roles + count.users {
        _ if !survey.people_read => "?".to_owned(),
        inside if count.perhaps > 0 => format!("{inside} ?"),
        inside => inside.to_string(),
    };
    match (count.anyone, count.outside) {
        (true, _) if count.on_conditions => ("anyone if".into(), Role::Fail),
        (true, _) => ("everyone".into(), Role::Fail),
        (false, 0) => (inside, Role::Plain),
        (false, outside) => (format!("{inside} +{outside} out"), Role::Fail),
    }
}

/// A fact, or the sign of why it is not known.
fn told<T>(fact: &Fact<T>, show: impl Fn(&T) -> (String, Role)) -> (String, Role) {
    match fact {
        Fact::Known { value, .. } => show(value),
        Fact::Missing(Gap::Pending | Gap::NotAsked) => ("…".into(), Role::Dim),
        Fact::Missing(Gap::Denied(..)) => ("denied".into(), Role::Unknown),
        Fact::Missing(Gap::Unsupported) => ("n/a".into(), Role::Dim),
        Fact::Missing(Gap::NotUnderstood(_) | Gap::Cut(_)) => ("unread".into(), Role::Unknown),
        Fact::Missing(Gap::Failed(_)) => ("failed".into(), Role::Error),
    }
}

fn key(facts: &TableFacts) -> (String, Role) {
    told(&facts.description, |d| match &d.encryption {
        Encryption::AwsOwned => ("AWS owned".into(), Role::Dim),
        Encryption::Kms { inaccessible_since: Some(_), .. } => ("lost".into(), Role::Fail),
        Encryption::Kms { .. } => told(&facts.key, |key| match key {
            None => ("AWS owned".into(), Role::Dim),
            Some(k) if k.state == KeyState::PendingDeletion => ("deleting!".into(), Role::Fail),
            Some(k) if k.state == KeyState::Disabled => ("disabled!".into(), Role::Fail),
            Some(k) if k.manager == KeyManager::Aws => ("AWS mgd".into(), Role::Plain),
            Some(_) => ("customer".into(), Role::Pass),
        }),
    })
}

/// The ARN of a table, which its description tells best: a table may be listed before the account is known.
fn arn(table: &TableRef, facts: &TableFacts) -> String {
    facts.description.known().map_or_else(|| table.arn(), |d| d.arn.clone())
}

/// Who a policy lets in, in a word: anyone, other accounts, or only this one.
fn who(policy: &Policy, arn: &str) -> (String, Role) {
    match opened(policy, arn) {
        Opened::Everyone(false) => ("anyone".into(), Role::Fail),
        Opened::Everyone(true) => ("anyone if".into(), Role::Fail),
        Opened::Others(n) => (format!("{n} other"), Role::Fail),
        Opened::Unclear => ("unread".into(), Role::Unknown),
        Opened::Own => ("own".into(), Role::Plain),
    }
}

/// How much of a table's items was looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum LookedAt {
    Nothing,
    Percent(u64),
    Everything,
}

fn looked_at(audit: &TableAudit) -> LookedAt {
    let total = audit.facts.description.known().map_or(0, |d| d.items);
    match (audit.items, &audit.outcome) {
        (_, Some(Outcome::Whole)) => LookedAt::Everything,
        (0, _) => LookedAt::Nothing,
        (read, _) => LookedAt::Percent((read * 100 / total.max(read)).min(99)),
    }
}

/// No item of the table was read yet. Not `?`, which means that something is not known, and is the key for help.
pub const NOT_READ: &str = "·";

/// `‼1 !2 ▲3`, worst first; `?` where items were not inspected to their end; and how much was looked at, unless it was
/// everything.
fn findings(counts: [usize; Severity::ALL.len()], looked_at: LookedAt, unseen: bool) -> (String, Role) {
    let worst = Severity::ALL.iter().rev().find(|s| counts[**s as usize] > 0);
    let mut out = text::by_glyph(&counts, Severity::Low);
    match (unseen, out.is_empty(), looked_at) {
        (_, _, LookedAt::Nothing) => {}
        // Where there is no room for all, that something was not seen is not what is cut.
        (true, _, _) if out.iter().map(|part| part.chars().count() + 1).sum::<usize>() > FINDINGS - 2 => {
            out.insert(0, "?".into());
        }
        (true, _, _) => out.push("?".into()),
        (false, true, _) => out.push("none".into()),
        (false, false, _) => {}
    }
    match looked_at {
        LookedAt::Nothing => out.push(NOT_READ.into()),
        LookedAt::Percent(percent) => out.push(format!("{percent}%")),
        LookedAt::Everything => {}
    }
    let clean = if unseen { Role::Unknown } else { Role::Dim };
    (out.join(" "), worst.map_or(clean, |s| Role::Severity(*s)))
}
