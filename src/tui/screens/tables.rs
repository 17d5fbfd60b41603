//! The list of tables: how many, how protected, what was found.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{Flow, Screen, View};
use crate::audit::TableAudit;
use crate::domain::{
    Encryption, Fact, Gap, KeyManager, KeyState, PrincipalKind, Principals, Safe, Severity, TableFacts, TableRef,
};
use crate::scan::Outcome;
use crate::tui::keymap::Context;
use crate::tui::model::{Listing, Shared};
use crate::tui::theme::{Role, glyph};
use crate::tui::widgets::{Block, Col, Grid, List, Prompt, blocks, grid};
use crate::tui::{Action, Copy, Effect, fuzzy, layout, text};

/// Filter, order and cursor.
#[derive(Default)]
pub struct State {
    filter: Option<Prompt>,
    typing: bool,
    /// Positions in the place's tables, best match first.
    shown: Vec<usize>,
    list: List,
}

impl State {
    fn selected<'a>(&self, shared: &'a Shared) -> Option<&'a TableRef> {
        shared.place().tables.get(*self.shown.get(self.list.cursor)?)
    }

    fn refilter(&mut self, shared: &Shared) {
        // The selection stays on its table, not on its row number.
        let selected = self.selected(shared).cloned();
        let query = self.filter.as_ref().map_or("", Prompt::text);
        self.shown = fuzzy::rank(query, shared.place().tables.iter().map(|t| t.name.as_str()));
        let rows = layout::list_rows(shared.size.1);
        if self.typing {
            self.list = List::default();
        } else if let Some(row) = selected
            .and_then(|s| self.shown.iter().position(|n| shared.place().tables[*n] == s))
        {
            self.list.cursor = row;
        }
        self.list.clamp(self.shown.len(), rows);
    }
}

impl View for State {
    fn context(&self) -> Context {
        Context::Tables
    }

    fn title(&self, shared: &Shared) -> String {
        let place = shared.place();
        let count = match place.listing {
            Listing::Idle | Listing::Loading => format!("{} so far", text::count(place.tables.len() as u64)),
            Listing::Whole => text::count(place.tables.len() as u64),
            Listing::Failed(_) => format!("{}, list not finished", place.tables.len()),
        };
        match &self.filter {
            Some(f) if !self.typing => format!("Tables ({} of {count}) filter: {}", self.shown.len(), Safe::neutral(f.text())),
            _ => format!("Tables ({count})"),
        }
    }

    fn act(&mut self, shared: &mut Shared, action: Action) -> Flow {
        if self.list.act(action, self.shown.len(), layout::list_rows(shared.size.1)) {
            return Flow::Stay;
        }
        let selected = self.selected(shared).cloned();
        match (action, selected) {
            (Action::Filter, _) => {
                self.filter.get_or_insert_with(|| Prompt::new("/"));
                self.typing = true;
            }
            (Action::Back, _) => {
                self.filter = None;
                self.refilter(shared);
            }
            (Action::Open, Some(table)) => return Flow::Open(Screen::items(table)),
            (Action::Query, Some(table)) => return Flow::Open(Screen::query(shared, table)),
            (Action::Posture, Some(table)) => return Flow::Open(Screen::posture(table)),
            (Action::TableFindings, Some(table)) => return Flow::Open(Screen::findings(Some(table))),
            (Action::Copy, Some(table)) => {
                let text = Safe::neutral(&table.arn());
                shared.effects.push(Effect::Copy(Copy { what: format!("the ARN of {}", Safe::neutral(&table.name)), text }));
            }
            _ => {}
        }
        Flow::Stay
    }

    fn prompt(&mut self) -> Option<&mut Prompt> {
        if self.typing { self.filter.as_mut() } else { None }
    }

    fn edited(&mut self, shared: &mut Shared) {
        self.refilter(shared);
    }

    fn entered(&mut self, shared: &mut Shared) -> Flow {
        self.typing = false;
        if self.filter.as_ref().is_some_and(|f| f.text().trim().is_empty()) {
            self.filter = None;
        }
        self.refilter(shared);
        Flow::Stay
    }

    fn escaped(&mut self, shared: &mut Shared) -> Flow {
        let selected = self.selected(shared).cloned();
        self.typing = false;
        self.filter = None;
        self.refilter(shared);
        // Where the filter led is where the cursor stays.
        if let Some(row) = selected.and_then(|s| shared.place().tables.iter().position(|t| *t == s)) {
            self.list.cursor = row;
            self.list.clamp(self.shown.len(), layout::list_rows(shared.size.1));
        }
        Flow::Stay
    }

    fn settle(&mut self, shared: &mut Shared) {
        if self.filter.is_none() && self.shown.len() != shared.place().tables.len() {
            self.refilter(shared);
        }
        self.list.clamp(self.shown.len(), layout::list_rows(shared.size.1));
    }

    fn wants(&self, shared: &Shared) -> Vec<TableRef> {
        let rows = self.list.visible(self.shown.len(), layout::list_rows(shared.size.1));
        let tables = &shared.place().tables;
        self.selected(shared).into_iter().chain(rows.filter_map(|r| tables.get(self.shown[r]))).cloned().collect()
    }

    fn draw(&self, shared: &Shared, buf: &mut Buffer, area: Rect) {
        let theme = shared.options.theme;
        let place = shared.place();
        let mut area = area;
        if self.typing
            && let Some(filter) = &self.filter
        {
            filter.draw(buf, Rect { height: 1, ..area }, theme);
            area = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
        }
        if place.tables.is_empty() || self.shown.is_empty() {
            return blocks(buf, area, theme, &nothing(shared), 0);
        }
        let columns = columns(area.width);
        let cols: Vec<Col> = columns.iter().map(|(c, width)| Col { title: c.title().into(), width: *width, right: c.right() }).collect();
        grid(buf, area, theme, &Grid { columns: &cols, list: self.list, len: self.shown.len() }, |_| None, |row, col| {
            let table = &place.tables[self.shown[row]];
            columns[col].0.cell(shared, table, place.table(table))
        });
    }
}

/// Why no table is shown.
fn nothing(shared: &Shared) -> Vec<Block> {
    let plain = |text: &str| Block::Text(text.to_owned(), Role::Plain);
    match &shared.place().listing {
        Listing::Idle | Listing::Loading => vec![Block::Gap, plain("  Listing the tables…")],
        Listing::Whole if shared.place().tables.is_empty() => {
            vec![Block::Gap, plain(&format!("  There is no table in {}. s switches account or Region.", shared.place().scope))]
        }
        Listing::Whole => vec![Block::Gap, plain("  No table matches. Esc clears the filter.")],
        Listing::Failed(gap) => {
            let mut out = vec![Block::Gap, Block::Text("The tables could not be listed.".into(), Role::Error)];
            out.extend(explain(gap));
            out
        }
    }
}

/// A gap in sentences: what happened, and what to do next.
pub(super) fn explain(gap: &Gap) -> Vec<Block> {
    let safe = |t: &str| Safe::neutral(t).to_string();
    match gap {
        Gap::Failed(failure) => vec![
            Block::Text(safe(&failure.message), Role::Plain),
            Block::Gap,
            Block::Text(format!("Next: {}; then press R.", text::bare(&failure.next)), Role::Accent),
        ],
        Gap::Denied(permission, message) => vec![
            Block::Text(safe(message), Role::Plain),
            Block::Gap,
            Block::Text(format!("It needs {} ({}).", permission.action, permission.why), Role::Accent),
            Block::Text("`dynaudit generate iam-policy` prints a policy that allows what this program reads.".into(), Role::Dim),
        ],
        other => vec![Block::Text(other.to_string(), Role::Plain)],
    }
}

/// The columns, in order of appearance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Name,
    Findings,
    Items,
    Size,
    Key,
    Policy,
    Pitr,
    Ttl,
}

/// Which columns fit: each with its width and from which terminal width on it is shown.
const COLUMNS: &[(Column, u16, u16)] = &[
    (Column::Name, 0, 0),
    (Column::Findings, 14, 0),
    (Column::Items, 7, 54),
    (Column::Size, 8, 100),
    (Column::Key, 9, 62),
    (Column::Policy, 9, 70),
    (Column::Pitr, 6, 76),
    (Column::Ttl, 9, 76),
];

/// The columns for a width. The name takes what the others leave; wide terminals give the others more room.
fn columns(width: u16) -> Vec<(Column, u16)> {
    let roomy = width >= 120;
    let mut out: Vec<(Column, u16)> = COLUMNS
        .iter()
        .filter(|(_, _, from)| width >= *from)
        .map(|(c, w, _)| {
            let extra = match c {
                Column::Findings if roomy => 11,
                Column::Key if roomy => 8,
                Column::Policy if roomy => 10,
                Column::Pitr if roomy => 2,
                Column::Ttl if roomy => 8,
                _ => 0,
            };
            (*c, *w + extra)
        })
        .collect();
    let others: u16 = out.iter().map(|(_, w)| w + 1).sum();
    out[0].1 = width.saturating_sub(others + 3).clamp(14, 40);
    out
}

impl Column {
    fn title(self) -> &'static str {
        match self {
            Self::Name => "Table",
            Self::Findings => "Findings",
            Self::Items => "Items",
            Self::Size => "Size",
            Self::Key => "Key",
            Self::Policy => "Policy",
            Self::Pitr => "PITR",
            Self::Ttl => "TTL",
        }
    }

    fn right(self) -> bool {
        matches!(self, Self::Items | Self::Size)
    }

    fn cell(self, shared: &Shared, table: &TableRef, audit: Option<&TableAudit>) -> (String, Role) {
        let Some(audit) = audit else { return (String::new(), Role::Plain) };
        let facts = &audit.facts;
        let description = &facts.description;
        match self {
            Self::Name => (Safe::neutral(&table.name).to_string(), Role::Plain),
            Self::Findings => findings(shared.place().counts(table), looked_at(audit)),
            Self::Items => told(description, |d| (text::count(d.items), Role::Plain)),
            Self::Size => told(description, |d| (text::bytes(d.bytes), Role::Plain)),
            Self::Key => key(facts),
            Self::Policy => told(&facts.policy, |p| match p {
                None => ("none".into(), Role::Dim),
                Some(policy) => who(policy, &table.scope.account),
            }),
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

/// A fact, or the sign of why it is not known.
fn told<T>(fact: &Fact<T>, show: impl Fn(&T) -> (String, Role)) -> (String, Role) {
    match fact {
        Fact::Known { value, .. } => show(value),
        Fact::Missing(Gap::Pending | Gap::NotAsked) => ("…".into(), Role::Dim),
        Fact::Missing(Gap::Denied(..)) => ("denied".into(), Role::Unknown),
        Fact::Missing(Gap::Unsupported) => ("n/a".into(), Role::Dim),
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

/// Who a policy lets in, in a word: anyone, other accounts, or only this one.
fn who(policy: &crate::domain::ResourcePolicy, account: &str) -> (String, Role) {
    use crate::domain::Effect;
    let allows = policy.policy.statements.iter().filter(|s| s.effect == Effect::Allow);
    let mut foreign = 0;
    for statement in allows {
        match &statement.principals {
            Principals::Anyone if statement.conditions.is_empty() => return ("anyone".into(), Role::Fail),
            Principals::Anyone => return ("anyone if".into(), Role::Unknown),
            Principals::AllBut(_) => return ("all but".into(), Role::Fail),
            Principals::Named(list) => {
                foreign += list.iter().filter(|(kind, name)| *kind == PrincipalKind::Aws && !name.contains(account)).count();
            }
            Principals::None => {}
        }
    }
    match foreign {
        0 if policy.policy.unread.is_empty() => ("own".into(), Role::Plain),
        0 => ("unread".into(), Role::Unknown),
        n => (format!("{n} other"), Role::Fail),
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

/// `‼1 !2 ▲3`, worst first; and how much was looked at, unless it was everything.
fn findings(counts: [usize; Severity::ALL.len()], looked_at: LookedAt) -> (String, Role) {
    let worst = Severity::ALL.iter().rev().find(|s| counts[**s as usize] > 0);
    let mut out: Vec<String> = Severity::ALL
        .iter()
        .rev()
        .filter(|s| counts[**s as usize] > 0 && **s > Severity::Info)
        .map(|s| format!("{}{}", glyph(*s), counts[*s as usize]))
        .collect();
    if out.is_empty() && looked_at != LookedAt::Nothing {
        out.push("none".into());
    }
    match looked_at {
        LookedAt::Nothing => out.push("?".into()),
        LookedAt::Percent(percent) => out.push(format!("{percent}%")),
        LookedAt::Everything => {}
    }
    (out.join(" "), worst.map_or(Role::Dim, |s| Role::Severity(*s)))
}
