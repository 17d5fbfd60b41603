//! Findings of one table or of all, a row a cause, worst first.

mod queue;

use std::collections::BTreeSet;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use self::queue::{Line, Queue};
use super::entry::{Entry, Opens, Row, Section};
use super::{Screen, Transition, View};
use crate::audit::{Audit, compare, groups_by};
use crate::domain::{Finding, FindingId, Origin, Safe, Scope, TableRef, Uninspected};
use crate::tui::keymap::Context;
use crate::tui::model::{Listing, PlaceId, Shared};
use crate::tui::theme::{Role, glyph};
use crate::tui::widgets::{Block, Col, Filter, Grid, List, Rows, blocks, grid};
use crate::tui::{Action, Effect, layout, text};

/// The width of a severity with its signs.
const SEVERITY: u16 = 12;

/// The width of how many findings a cause has.
const COUNT: u16 = 4;

/// From this width on, a row shows the id of its finding.
const WIDE: u16 = 100;

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
    /// The values that they have to hold one of: what they are called, and their fingerprints.
    values: Option<(Safe, BTreeSet<String>)>,
    queue: Queue,
    /// Of how many tables they are.
    tables: usize,
    /// Of which place, and of what was known when.
    of: Option<(Vec<PlaceId>, u64)>,
    filter: Filter,
    /// Those that a hand-over is to be made of.
    marked: BTreeSet<FindingId>,
    list: List,
}

impl FindingsScreen {
    pub(super) fn new(table: Option<TableRef>) -> Self {
        Self {
            // Of one table there is little: all of it.
            queue: Queue::new(table.is_some()),
            table,
            values: None,
            tables: 0,
            of: None,
            filter: Filter::default(),
            marked: BTreeSet::new(),
            list: List::default(),
        }
    }

    /// All findings of one of some values, wherever it stands.
    pub(super) fn of_values(called: Safe, values: BTreeSet<String>) -> Self {
        let mut queue = Queue::new(true);
        queue.each = true;
        Self { values: Some((called, values)), queue, ..Self::new(None) }
    }

    /// Whether it is of everything.
    pub(super) fn is_of_all(&self) -> bool {
        self.values.is_none()
    }

    /// Takes the findings anew if there is a new list of them, or others are to be shown.
    fn collect(&mut self, shared: &mut Shared) {
        let places = match (&self.table, &self.values) {
            (Some(_), _) => Vec::new(),
            // A value may be in any account.
            (None, Some(_)) => (0..shared.engine.places.len()).map(PlaceId).collect(),
            (None, None) => shared.listed(),
        };
        let of = (places, shared.engine.findings().version());
        if self.of.as_ref() == Some(&of) {
            return;
        }
        let selected = self.selected_id();
        let findings = shared.engine.findings();
        self.queue.all = match &self.table {
            Some(table) => findings.of_table(table).cloned().collect(),
            None => shared.findings_in(&of.0),
        };
        if let Some((_, values)) = &self.values {
            let audit = shared.engine.audit();
            self.queue.all.retain(|finding| same_value(audit, finding, values));
        }
        let tables = match &self.table {
            Some(_) => 1,
            None => of.0.iter().map(|place| shared.engine.tables_of(*place).count()).sum(),
        };
        self.tables = tables;
        self.put_together(shared);
        let earlier = shared.options.baseline.clone();
        self.queue.compared =
            earlier.map(|earlier| compare(&earlier, shared.engine.audit(), shared.engine.findings().all()));
        self.of = Some(of);
        self.refilter(shared);
        if self.list.cursor > 0 {
            self.stay_on(selected, shared);
        }
    }

    fn put_together(&mut self, shared: &Shared) {
        let Queue { all, by, kind, .. } = &self.queue;
        self.queue.groups = groups_by(shared.engine.audit(), all, self.tables, *by, |f| kind.takes(f));
    }

    /// Puts the cursor on the row that shows a finding.
    fn stay_on(&mut self, selected: Option<FindingId>, shared: &Shared) {
        if let Some(row) = selected.and_then(|id| self.queue.row_of(&id)) {
            self.list.cursor = row;
            self.list.clamp(self.queue.lines().len(), layout::list_rows(shared.size.1));
        }
    }

    /// The findings that are marked; the one under the cursor where none is.
    fn chosen(&self) -> Vec<&Finding> {
        if self.marked.is_empty() {
            return self.queue.findings(self.list.cursor);
        }
        self.queue.all.iter().filter(|finding| self.marked.contains(&finding.id)).collect()
    }

    /// Marks the findings of a row, or takes their marks off where all of them have one.
    fn mark(&mut self, row: usize) {
        let ids: Vec<FindingId> = self.queue.findings(row).iter().map(|f| f.id.clone()).collect();
        if ids.iter().all(|id| self.marked.contains(id)) {
            ids.iter().for_each(|id| drop(self.marked.take(id)));
        } else {
            self.marked.extend(ids);
        }
    }

    fn selected_id(&self) -> Option<FindingId> {
        self.queue.finding(self.list.cursor).map(|f| f.id.clone())
    }

    /// No filter any more. Where it led is where the cursor stays.
    fn unfilter(&mut self, shared: &Shared) {
        let selected = self.selected_id();
        self.filter.clear();
        self.refilter(shared);
        self.stay_on(selected, shared);
    }

    fn refilter(&mut self, shared: &Shared) {
        self.queue.arrange(self.filter.text(), shared.engine.audit());
        self.list.clamp(self.queue.lines().len(), layout::list_rows(shared.size.1));
    }

    /// Shows more or less of the same, with the cursor where it was.
    fn rearrange(&mut self, shared: &Shared) {
        let selected = self.selected_id();
        self.refilter(shared);
        self.stay_on(selected, shared);
    }
}

impl View for FindingsScreen {
    fn context(&self) -> Context {
        Context::Findings
    }

    fn list(&self, _body: u16) -> Option<Rows> {
        Some(Rows { list: self.list, above: self.filter.above(), below: 0, len: self.queue.lines().len() })
    }

    fn title(&self, shared: &Shared) -> String {
        let of = self
            .table
            .as_ref()
            .map_or_else(|| "Findings".to_owned(), |t| format!("{} › findings", Safe::neutral(&t.name)));
        let of = match &self.values {
            Some((called, _)) => format!("Where the value of {called} is"),
            None => of,
        };
        // Of one place alone there is nothing to choose.
        let scope = match &self.table {
            None if self.values.is_some() => String::new(),
            None if shared.combined => " everywhere".to_owned(),
            None if shared.engine.places.len() > 1 => {
                format!(" in {}", Safe::neutral(&shared.place().scope.region))
            }
            _ => String::new(),
        };
        let count = |brief: bool| match self.filter.told(shared) {
            Some(filter) => format!("({}){scope} {filter}", self.counted(brief)),
            None => format!("({}){scope}", self.counted(brief)),
        };
        let marked = match self.marked.len() {
            0 => String::new(),
            n => format!(" · {n} marked"),
        };
        let since = self.queue.compared.as_ref().map(|compared| {
            let partly = if compared.is_whole { "" } else { " (an incomplete audit)" };
            let told = compared.told_of(&self.queue.all);
            format!(" · {told} since {}{partly}", compared.since.strftime("%F"))
        });
        let since = since.unwrap_or_default();
        let told = self.queue.told().map(|told| format!(" · {told}")).unwrap_or_default();
        let accepted = match self.queue.all.iter().filter(|f| f.accepted.is_some()).count() {
            0 => String::new(),
            n => format!(" · {n} accepted"),
        };
        let title = |brief: bool| {
            format!("{of} {}{told}{marked}{accepted}{since} · {}", count(brief), self.coverage(shared, brief))
        };
        let room = usize::from(shared.size.0.saturating_sub(2));
        Some(title(false)).filter(|title| title.width() <= room).unwrap_or_else(|| title(true))
    }

    fn table(&self) -> Option<&TableRef> {
        self.table.as_ref()
    }

    fn selected(&self, _: &Shared) -> Option<TableRef> {
        let row = self.queue.finding(self.list.cursor).map(|f| f.table.clone());
        row.or_else(|| self.table.clone())
    }

    fn wants(&self, _: &Shared) -> Vec<TableRef> {
        self.table.iter().cloned().collect()
    }

    fn settle(&mut self, shared: &mut Shared) {
        self.collect(shared);
    }

    fn act(&mut self, shared: &mut Shared, action: Action) -> Transition {
        if self.list.act(action, self.queue.lines().len(), layout::list_rows(shared.size.1)) {
            return Transition::Stay;
        }
        match action {
            Action::Filter => self.filter.open(),
            Action::Back if self.filter.is_on() => self.unfilter(shared),
            Action::Back => return Transition::Close,
            Action::Open => {
                if let Some(finding) = self.queue.finding(self.list.cursor) {
                    shared.here = shared.place_of(&finding.table).unwrap_or(shared.here);
                    let beside = self.queue.in_order().into_iter().map(|f| f.id.clone()).collect();
                    return Transition::Open(Screen::finding_of(finding.clone(), beside));
                }
            }
            Action::Right | Action::Left => {
                let (row, query) = (self.list.cursor, self.filter.text().to_owned());
                if let Some(row) =
                    self.queue.fold(row, action == Action::Right, &query, shared.engine.audit())
                {
                    self.list.cursor = row;
                    self.list.clamp(self.queue.lines().len(), layout::list_rows(shared.size.1));
                }
            }
            Action::Only => {
                self.queue.each ^= true;
                self.rearrange(shared);
            }
            Action::LowToo => {
                self.queue.low_too();
                self.rearrange(shared);
            }
            Action::WorseOnly | Action::LessToo => {
                if self.queue.shift(action == Action::WorseOnly) {
                    self.rearrange(shared);
                } else {
                    let all = action == Action::LessToo;
                    shared.say(if all {
                        "All severities are shown."
                    } else {
                        "Only critical ones are shown."
                    });
                }
            }
            Action::Kind => {
                self.queue.kind = self.queue.kind.next();
                self.put_together(shared);
                self.rearrange(shared);
            }
            Action::Sort => {
                self.queue.order = self.queue.order.next();
                self.rearrange(shared);
            }
            Action::GroupBy => {
                self.queue.by = self.queue.by.next();
                self.queue.each = false;
                self.put_together(shared);
                self.rearrange(shared);
            }
            Action::Elsewhere => {
                if let Some(finding) = self.queue.finding(self.list.cursor).cloned() {
                    return elsewhere(shared, &finding);
                }
            }
            Action::Mark if self.queue.finding(self.list.cursor).is_some() => {
                self.mark(self.list.cursor);
                self.list.act(Action::Down, self.queue.lines().len(), layout::list_rows(shared.size.1));
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
            Action::Accept => {
                // What is marked and not shown is not accepted unseen.
                let shown: BTreeSet<&FindingId> = self.queue.in_order().into_iter().map(|f| &f.id).collect();
                let chosen = self.chosen().into_iter().filter(|f| shown.contains(&f.id));
                let chosen: Vec<Finding> = chosen.cloned().collect();
                if !chosen.is_empty() {
                    self.marked.clear();
                    return super::accepted::accept(shared, chosen);
                }
            }
            Action::Rule => {
                match self.queue.finding(self.list.cursor).and_then(|f| shared.options.rules.find(f.rule())) {
                    Some(rule) => return Transition::Open(Screen::rule(rule)),
                    None => shared.say("It comes from a check of settings: enter shows why it failed."),
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
        let lines = self.queue.lines();
        if lines.is_empty() {
            return blocks(buf, area, theme, &self.nothing(shared), 0);
        }
        let (area, pane) = layout::beside(area, theme.read_aloud);
        if let Some(pane) = pane {
            self.details(shared, buf, pane);
        }
        let one = self.table.is_some();
        let table_width = match (one, shared.combined) {
            (true, _) => 0,
            (false, false) => (area.width / 4).clamp(10, 30),
            (false, true) => (area.width * 2 / 5).clamp(10, 50),
        };
        let mut columns = vec![Col { title: "Severity".into(), width: SEVERITY, right: false }];
        if !one {
            columns.push(Col { title: "Where".into(), width: table_width, right: false });
        }
        // The id is for typing elsewhere: where there is room for all else.
        let id_width = if area.width >= WIDE { 9 } else { 0 };
        let where_width = if one { 0 } else { table_width + 1 };
        let taken = SEVERITY + 1 + where_width + COUNT + 1 + id_width + 3;
        columns.push(Col { title: "Finding".into(), width: area.width.saturating_sub(taken), right: false });
        let count = columns.len();
        columns.push(Col { title: "N".into(), width: COUNT, right: true });
        if id_width > 0 {
            columns.push(Col { title: "Id".into(), width: 8, right: false });
        }
        grid(
            buf,
            area,
            theme,
            &Grid { columns: &columns, list: self.list, len: lines.len() },
            |_| None,
            |row, col| {
                let findings = self.queue.findings(row);
                let Some(finding) = findings.first() else { return (String::new(), Role::Plain) };
                let (severity, worst, place, title) = match lines[row] {
                    Line::Cause(n) => {
                        let group = &self.queue.groups[n];
                        (group.severity, group.worst, group.place.clone(), group.title.clone())
                    }
                    Line::Finding { .. } => {
                        (finding.severity, finding.worst, finding.place(), finding.title.clone())
                    }
                };
                let below = matches!(lines[row], Line::Finding { below: true, .. });
                let (of_where, of_title) = (usize::from(!one), 1 + usize::from(!one));
                match col {
                    0 => {
                        let more = if worst > severity { "+" } else { "" };
                        let marked = findings.iter().all(|f| self.marked.contains(&f.id));
                        let mark = if marked { "•" } else { "" };
                        let indent = if below { " " } else { "" };
                        (
                            format!("{indent}{}{mark} {severity}{more}", glyph(severity)),
                            Role::Severity(severity),
                        )
                    }
                    col if !one && col == of_where => {
                        let several =
                            matches!(lines[row], Line::Cause(n) if self.queue.groups[n].tables.len() > 1);
                        let place = if shared.combined && !several {
                            format!("{place} · {}", short(&finding.table.scope))
                        } else {
                            place
                        };
                        (Safe::neutral(&place).to_string(), Role::Plain)
                    }
                    col if col == of_title => {
                        let news = self.queue.news(&findings).map(|change| format!("[{}] ", change.word()));
                        let accepted =
                            finding.accepted.as_ref().filter(|_| !matches!(lines[row], Line::Cause(_)));
                        let accepted = accepted.map(|why| match why.false_alarm {
                            true => "[false alarm] ",
                            false => "[accepted] ",
                        });
                        let copied = findings.iter().all(|f| shared.copied_fixes.contains(&f.id));
                        let title = format!(
                            "{}{}{}{title}",
                            accepted.unwrap_or_default(),
                            if copied { "[fix copied] " } else { "" },
                            news.unwrap_or_default()
                        );
                        (Safe::neutral(&title).to_string(), Role::Plain)
                    }
                    col if col == count => match lines[row] {
                        Line::Cause(n) if findings.len() > 1 => {
                            let sign = if self.queue.is_open(n) { "▾" } else { "▸" };
                            (format!("{sign}{}", findings.len()), Role::Dim)
                        }
                        _ => (String::new(), Role::Dim),
                    },
                    _ => (finding.short_id(), Role::Dim),
                }
            },
        );
    }
}

impl FindingsScreen {
    /// The finding under the cursor, beside the list.
    fn details(&self, shared: &Shared, buf: &mut Buffer, area: Rect) {
        let theme = shared.options.theme;
        (area.y..area.bottom()).for_each(|y| {
            buf.set_string(area.x, y, "│", theme.style(Role::Dim));
        });
        let inner = Rect { x: area.x + 2, width: area.width.saturating_sub(3), ..area };
        let Some(finding) = self.queue.finding(self.list.cursor) else { return };
        let mut out = super::finding::brief(finding, shared);
        out.push(Block::Gap);
        out.push(Block::Text(Safe::neutral(&finding.why).to_string(), Role::Plain));
        let more = self.queue.findings(self.list.cursor).len().saturating_sub(1);
        if more > 0 {
            let told = if more == 1 { "1 more finding".into() } else { format!("{more} more findings") };
            out.push(Block::Text(format!("{told} of the same cause."), Role::Dim));
        }
        blocks(buf, inner, theme, &out, 0);
    }
}

/// Whether a finding is of a secret that has one of some values.
fn same_value(audit: &Audit, finding: &Finding, values: &BTreeSet<String>) -> bool {
    let Origin::Secret(flagged) = &finding.origin else { return false };
    let mut prints = audit.table(&finding.table).into_iter().flat_map(|table| table.fingerprints(flagged));
    prints.any(|print| values.contains(print))
}

/// Where else the values of a secret are, in everything that was read.
pub(super) fn elsewhere(shared: &mut Shared, finding: &Finding) -> Transition {
    let audit = shared.engine.audit();
    let Origin::Secret(flagged) = &finding.origin else {
        shared.say("It is about a setting, and has no value.");
        return Transition::Stay;
    };
    let values: BTreeSet<String> = audit
        .table(&finding.table)
        .into_iter()
        .flat_map(|t| t.fingerprints(flagged))
        .map(str::to_owned)
        .collect();
    let all = shared.engine.findings().all();
    if !all.iter().any(|other| other.id != finding.id && same_value(audit, other, &values)) {
        let read = shared.engine.audit().tables().filter(|t| t.items > 0 || t.outcome.is_some()).count();
        let all: usize = shared.engine.places.iter().map(|place| place.tables.len()).sum();
        let unlisted = shared.engine.places.iter().filter(|p| !matches!(p.listing, Listing::Whole)).count();
        let mut not: Vec<String> = Vec::new();
        not.extend(
            Some(all.saturating_sub(read)).filter(|n| *n > 0).map(|n| format!("{n} of {all} were not read")),
        );
        not.extend(match unlisted {
            0 => None,
            1 => Some("1 account or Region is not listed".to_owned()),
            n => Some(format!("{n} accounts or Regions are not listed")),
        });
        let not = match not.is_empty() {
            true => ", and there are no others".to_owned(),
            false => format!("; {}: ctrl-a audits all", not.join(", ")),
        };
        shared.say(&format!("Its values are nowhere else in the {read} tables read{not}."));
        return Transition::Stay;
    }
    let called = Safe::neutral(&format!("{} {}", finding.place(), flagged.path));
    Transition::Open(Screen::findings_of_values(called, values))
}

/// A Region and the end of its account's number: enough to tell one from another in a row.
pub(super) fn short(scope: &Scope) -> String {
    let tail = scope.account.get(scope.account.len().saturating_sub(4)..).unwrap_or_default();
    if tail.is_empty() { scope.region.clone() } else { format!("…{tail} {}", scope.region) }
}

impl FindingsScreen {
    /// How many there are: `25 of 53 causes`, `25/53`, or `171` where each is shown by itself.
    fn counted(&self, brief: bool) -> String {
        let queue = &self.queue;
        let (findings, causes) = (queue.all.len(), queue.groups.len());
        if self.filter.is_on() {
            // Of findings, whether they stand in rows of their own or in their cause's.
            return format!("{} of {findings}", queue.in_order().len());
        }
        if queue.each && queue.lines().len() < findings {
            return format!("{} of {findings}", queue.lines().len());
        }
        if queue.each || causes == findings && queue.left_out() == 0 {
            return findings.to_string();
        }
        match (causes - queue.left_out(), causes) {
            (shown, all) if brief => format!("{shown}/{all}"),
            (_, 1) => format!("1 cause of {findings}"),
            (shown, all) if shown == all => format!("{all} causes of {findings}"),
            (shown, all) => format!("{shown} of {all} causes"),
        }
    }

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
