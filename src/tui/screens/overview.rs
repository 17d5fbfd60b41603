//! What an audit comes to, on one screen: the grade and what would raise it, how much was seen, what to do first, and every
//! table with its grade and its findings.

use std::collections::{BTreeMap, BTreeSet};

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::entry::{Entry, Opens, Row, Section};
use super::findings::short;
use super::{Screen, Transition, View};
use crate::audit::{Counts, Graded, Grades, Group, first_to_fix, grades, groups};
use crate::domain::{Finding, FindingSubject, Origin, Safe, Severity, TableRef};
use crate::remedy;
use crate::tui::keymap::Context;
use crate::tui::model::{Listing, PlaceId, Shared};
use crate::tui::theme::{Role, Theme, glyph};
use crate::tui::widgets::{Block, List, Rows, blocks, cells, fit, height, scrollbar};
use crate::tui::{Action, layout, text};

/// How many actions stand above the tables.
const FIRST: usize = 3;

/// Rows of the list that stay on screen, however little room there is.
const LEAST_ROWS: u16 = 5;

/// Columns of the labels.
const LABEL: usize = 14;

/// Columns of a bar.
const BAR: usize = 20;

/// Columns of the chart of a table's findings, where there is room for one.
const CHART: usize = 16;

/// From this width on the share of what was seen stands in each row.
const WIDE: u16 = 110;

/// What a chart is drawn with, the lowest severity first: told apart without colours.
pub(super) const SHADES: [&str; Severity::ALL.len()] = ["·", "░", "▒", "▓", "█"];

/// How it is opened.
pub(super) static ENTRY: Entry = Entry {
    opens: Opens::From(|_, _| Screen::overview()),
    rows: &[Row {
        section: Section::Travel,
        key: "1",
        contexts: &[],
        what: "overview: grades, what to do first, how much was seen",
        hint: "overview",
    }],
};

/// What it shows, and a cursor over the actions and the tables.
#[derive(Default)]
pub struct OverviewScreen {
    /// Of which places, and of what was known when.
    of: Option<(Vec<PlaceId>, u64)>,
    known: Option<Known>,
    list: List,
    /// Lines above the list.
    above: u16,
}

/// What was found, and what it comes to.
struct Known {
    findings: Vec<Finding>,
    groups: Vec<Group>,
    grades: Grades,
    /// The causes to remove first.
    first: Vec<usize>,
}

/// A row of the list.
enum Line<'a> {
    Do(usize, &'a Group),
    Table(&'a TableRef, &'a Graded),
}

impl Known {
    fn of(shared: &Shared, places: &[PlaceId]) -> Self {
        let findings = shared.findings_in(places);
        let tables: Vec<_> = places.iter().flat_map(|p| shared.engine.tables_of(*p)).collect();
        let audit = shared.engine.audit();
        let groups = groups(audit, &findings, tables.len());
        let listed = |place: &PlaceId| matches!(shared.engine.places[place.0].listing, Listing::Whole);
        let is_whole = places.iter().all(listed);
        let grades = grades(audit, tables, is_whole, &findings, &groups);
        let first = first_to_fix(&findings, &groups).into_iter().take(FIRST).collect();
        Self { findings, groups, grades, first }
    }

    fn len(&self) -> usize {
        self.first.len() + self.grades.tables.len()
    }

    fn line(&self, row: usize) -> Option<Line<'_>> {
        match self.first.get(row) {
            Some(n) => Some(Line::Do(row, self.groups.get(*n)?)),
            None => {
                let (table, graded) = self.grades.tables.get(row - self.first.len())?;
                Some(Line::Table(table, graded))
            }
        }
    }

    fn worst_of(&self, group: &Group) -> Option<&Finding> {
        self.findings.get(*group.members.first()?)
    }
}

impl OverviewScreen {
    /// What stands above the list, and how many lines that takes; where there is little room, the most important of it.
    fn summary(&self, shared: &Shared, area_height: u16, width: u16) -> (Vec<Block>, u16) {
        let Some(known) = &self.known else { return (Vec::new(), 0) };
        let mut out = summary(known, shared, width.saturating_sub(2));
        let room = usize::from(area_height.saturating_sub(LEAST_ROWS));
        while out.len() > 1 && height(&out, width.saturating_sub(2)) > room {
            out.pop();
        }
        let lines = height(&out, width.saturating_sub(2)) as u16;
        (out, lines)
    }

    /// Rows of the list on screen.
    fn rows(&self, shared: &Shared) -> usize {
        let body = layout::parts(shared.size.0, shared.size.1).body;
        usize::from(body.height.saturating_sub(self.above)).max(1)
    }
}

/// The grade and why, what was found, how much was seen: the most important first.
fn summary(known: &Known, shared: &Shared, width: u16) -> Vec<Block> {
    let overall = &known.grades.overall;
    let Graded { share, counts, .. } = overall;
    let item = |label: &str, text: String, role: Role| Block::Item(label.into(), text, role);
    let worst = Severity::ALL.iter().rev().copied().find(|s| counts[*s as usize] > 0);
    let role = worst.map_or(Role::Plain, Role::Severity);
    let mut out = vec![item(&format!("grade {}", overall.letter()), overall.why(), role)];
    // A line each: what is cut off stands in the rows below.
    let line = |text: &str| fit(text, usize::from(width).saturating_sub(LABEL));
    out.extend(overall.better().map(|better| item("", line(&better), Role::Plain)));
    let found: Vec<String> = Severity::ALL
        .iter()
        .rev()
        .filter(|s| counts[**s as usize] > 0)
        .map(|s| format!("{} {} {s}", glyph(*s), counts[*s as usize]))
        .collect();
    let causes = match known.groups.len() {
        1 => "1 cause".to_owned(),
        n => format!("{n} causes"),
    };
    // What is wrong with a Region stands in no table's row.
    let of_regions = known.findings.iter().filter(|f| matches!(f.subject, FindingSubject::Region(_))).count();
    let causes = match of_regions {
        0 => causes,
        1 => format!("{causes}; 1 is of the Region"),
        n => format!("{causes}; {n} are of the Region"),
    };
    out.push(match found.is_empty() {
        true => item("findings", "none so far".into(), Role::Plain),
        false => item("findings", format!("{}, of {causes}", found.join("  ")), role),
    });
    out.extend(kinds(known).map(|kinds| item("secrets in", line(&kinds), Role::Plain)));
    let items = match share.of_items {
        _ if share.items == 0 && share.whole < share.tables => {
            let key = shared.options.keymap.of(Context::Overview, Action::Audit);
            item("items", format!("{}  none read: {key} audits", bar(0, 1)), Role::Unknown)
        }
        Some(all) => {
            // Only what was read to its end fills the bar.
            let most = if share.whole == share.tables { all } else { all.max(share.items + 1) };
            let told = format!("{} of about {}", text::count(share.items), text::count(all));
            item("items", format!("{}  {told}", bar(share.items, most)), Role::Plain)
        }
        None => item("items", format!("{}  {}", bar(0, 1), text::count(share.items)), Role::Plain),
    };
    out.push(items);
    let (seen, all) = (share.settings as u64, share.of_settings as u64);
    let settings = format!("{}  {} of {}", bar(seen, all), text::count(seen), text::count(all));
    out.push(item("settings", settings, if seen < all { Role::Unknown } else { Role::Plain }));
    out.push(Block::Gap);
    out.push(Block::Heading("What to do first, then the tables by their grades".into()));
    out
}

/// In how many attributes which kinds of secrets are.
fn kinds(known: &Known) -> Option<String> {
    let mut attributes = BTreeSet::new();
    let mut kinds: BTreeMap<&str, BTreeSet<_>> = BTreeMap::new();
    for finding in known.findings.iter().filter(|f| f.severity > Severity::Info) {
        if let Origin::Secret(flagged) = &finding.origin {
            // Several rules may see something in one attribute.
            let attribute = (&finding.table, flagged.path.to_string());
            attributes.insert(attribute.clone());
            kinds.entry(flagged.class.word()).or_default().insert(attribute);
        }
    }
    let mut kinds: Vec<(usize, &str)> = kinds.into_iter().map(|(kind, all)| (all.len(), kind)).collect();
    kinds.sort_by_key(|(n, kind)| (std::cmp::Reverse(*n), *kind));
    let all = attributes.len();
    let told: Vec<String> = kinds.iter().map(|(n, kind)| format!("{n} {kind}")).collect();
    let attributes = if all == 1 { "attribute" } else { "attributes" };
    (all > 0).then(|| format!("{all} {attributes}: {}", told.join(", ")))
}

/// How much of something there is.
fn bar(part: u64, all: u64) -> String {
    let share = u128::from(part) * BAR as u128 / u128::from(all.max(1));
    // A little is not nothing, and nearly all is not all.
    let full = match (part, share as usize) {
        (0, _) => 0,
        (_, 0) => 1,
        (part, n) if part < all => n.min(BAR - 1),
        _ => BAR,
    };
    format!("{}{}", "█".repeat(full), "░".repeat(BAR - full))
}

/// The chart of a table's findings: as long as it has many, the worst first.
fn chart(counts: &Counts, most: usize) -> Vec<(Severity, String)> {
    let all: usize = counts.iter().sum();
    if all == 0 {
        return Vec::new();
    }
    let length = (all * CHART).div_ceil(most.max(1)).min(CHART);
    let mut left = length;
    let shown = Severity::ALL.iter().rev().filter(|s| counts[**s as usize] > 0);
    let mut out = Vec::new();
    for severity in shown {
        let n = (counts[*severity as usize] * length).div_ceil(all).min(left);
        left -= n;
        out.push((*severity, SHADES[*severity as usize].repeat(n)));
    }
    out
}

impl View for OverviewScreen {
    fn context(&self) -> Context {
        Context::Overview
    }

    fn title(&self, shared: &Shared) -> String {
        let scope = match (shared.combined, shared.engine.places.len()) {
            (true, _) => " everywhere".to_owned(),
            (false, 1) => String::new(),
            (false, _) => format!(" of {}", Safe::neutral(&shared.place().scope.region)),
        };
        let tables = self.known.as_ref().map_or(0, |known| known.grades.tables.len());
        let tables = if tables == 1 { "1 table".to_owned() } else { format!("{tables} tables") };
        format!("Overview{scope} · {tables}")
    }

    fn list(&self, _body: u16) -> Option<Rows> {
        let known = self.known.as_ref()?;
        Some(Rows { list: self.list, above: self.above, below: 0, len: known.len() })
    }

    fn selected(&self, _: &Shared) -> Option<TableRef> {
        let known = self.known.as_ref()?;
        match known.line(self.list.cursor)? {
            Line::Do(_, group) => known.worst_of(group).map(|f| f.table.clone()),
            Line::Table(table, _) => Some(table.clone()),
        }
    }

    fn settle(&mut self, shared: &mut Shared) {
        let of = (shared.listed(), shared.engine.findings().version());
        if self.of.as_ref() != Some(&of) {
            self.known = Some(Known::of(shared, &of.0));
            self.of = Some(of);
        }
        let body = layout::parts(shared.size.0, shared.size.1).body;
        self.above = self.summary(shared, body.height, body.width).1;
        let (len, rows) = (self.known.as_ref().map_or(0, Known::len), self.rows(shared));
        self.list.clamp(len, rows);
    }

    fn offers(&self, _: &Shared, action: Action) -> bool {
        action != Action::Overview
    }

    fn act(&mut self, shared: &mut Shared, action: Action) -> Transition {
        let rows = self.rows(shared);
        let Some(known) = &self.known else { return Transition::Stay };
        if self.list.act(action, known.len(), rows) {
            return Transition::Stay;
        }
        match (action, known.line(self.list.cursor)) {
            (Action::Back, _) => Transition::Close,
            (Action::Open, Some(Line::Do(_, group))) => {
                let Some(finding) = known.worst_of(group).cloned() else { return Transition::Stay };
                shared.here = shared.place_of(&finding.table).unwrap_or(shared.here);
                // What one steps through are the findings of the cause.
                let beside = group
                    .members
                    .iter()
                    .filter_map(|n| known.findings.get(*n))
                    .map(|f| f.id.clone())
                    .collect();
                Transition::Open(Screen::finding_of(finding, beside))
            }
            (Action::Open, Some(Line::Table(table, _))) => {
                shared.here = shared.place_of(table).unwrap_or(shared.here);
                Transition::Open(Screen::findings(Some(table.clone())))
            }
            _ => Transition::Stay,
        }
    }

    fn draw(&self, shared: &Shared, buf: &mut Buffer, area: Rect) {
        let theme = shared.options.theme;
        let Some(known) = &self.known else { return };
        let (above, lines) = self.summary(shared, area.height, area.width);
        let inner = Rect { x: area.x + 1, width: area.width.saturating_sub(2), ..area };
        blocks(buf, Rect { height: lines.min(area.height), ..inner }, theme, &above, 0);
        let list = Rect { y: area.y + lines, height: area.height.saturating_sub(lines), ..area };
        let most = known.grades.tables.iter().map(|(_, g)| g.counts.iter().sum()).max().unwrap_or(0);
        for (n, row) in self.list.visible(known.len(), usize::from(list.height)).enumerate() {
            let y = list.y + n as u16;
            // The last column is the scrollbar's.
            let right = area.right().saturating_sub(1);
            let mut pen = Pen { buf: &mut *buf, theme, x: area.x + 2, y, right };
            match known.line(row) {
                Some(Line::Do(n, group)) => {
                    pen.cell(&format!("{}", n + 1), 2, Role::Accent);
                    pen.cell(glyph(group.severity), 2, Role::Severity(group.severity));
                    pen.text(&told(known, shared, group), Role::Plain);
                }
                Some(Line::Table(table, graded)) => {
                    pen.cell(&graded.letter(), 3, grade_role(graded));
                    let name = (area.width / 3).clamp(12, 40);
                    pen.cell(&named(table, shared), name, Role::Plain);
                    pen.cell(graded.environment.unwrap_or_default(), 12, Role::Dim);
                    let start = pen.x;
                    for (severity, bar) in chart(&graded.counts, most) {
                        pen.text(&bar, Role::Severity(severity));
                    }
                    pen.x = start + CHART as u16 + 1;
                    pen.text(&text::by_glyph(&graded.counts, Severity::Info).join(" "), Role::Dim);
                    if area.width >= WIDE {
                        pen.x = pen.x.max(start + CHART as u16 + 26);
                        pen.text(&graded.share.told(), Role::Dim);
                    }
                }
                None => {}
            }
            if row == self.list.cursor {
                // As in every list: a sign of its own.
                buf.set_string(area.x, y, "▸", theme.style(Role::Plain));
                buf.set_style(Rect { y, height: 1, ..area }, theme.style(Role::Selected));
            }
        }
        let rows = usize::from(list.height);
        let below_title = Rect { y: list.y.saturating_sub(1), height: list.height + 1, ..list };
        scrollbar(buf, below_title, theme, self.list, known.len(), rows);
    }
}

/// The colour of a grade: that of the worst finding, and good only where everything was seen.
pub(super) fn grade_role(graded: &Graded) -> Role {
    match Severity::ALL.iter().rev().find(|s| graded.counts[**s as usize] > 0) {
        Some(worst) => Role::Severity(*worst),
        None if graded.grade.is_none() || graded.is_open() => Role::Unknown,
        None => Role::Pass,
    }
}

/// Where the next text of a line goes.
struct Pen<'a> {
    buf: &'a mut Buffer,
    theme: Theme,
    x: u16,
    y: u16,
    right: u16,
}

impl Pen<'_> {
    /// Writes a text as far as there is room; what comes next stands right after it.
    fn text(&mut self, text: &str, role: Role) {
        let room = self.right.saturating_sub(self.x);
        let text = fit(text, usize::from(room));
        self.buf.set_stringn(self.x, self.y, &text, usize::from(room), self.theme.style(role));
        self.x += cells(&text) as u16;
    }

    /// Writes a text into a column of this width, of which the last cell stays empty.
    fn cell(&mut self, text: &str, width: u16, role: Role) {
        let next = self.x.saturating_add(width).min(self.right);
        self.text(&fit(text, usize::from(width.saturating_sub(1))), role);
        self.x = next;
    }
}

/// A table's name; with its account and Region where tables of several are listed.
fn named(table: &TableRef, shared: &Shared) -> String {
    let name = Safe::neutral(&table.name).to_string();
    if shared.combined { format!("{name} · {}", Safe::neutral(&short(&table.scope))) } else { name }
}

/// A cause as something to do: where it is, what it is, and what comes first.
fn told(known: &Known, shared: &Shared, group: &Group) -> String {
    let what = format!("{}: {}", group.place, group.title);
    let first = known.worst_of(group).and_then(|finding| match &finding.origin {
        Origin::Secret(_) => {
            let facts = &shared.audit(&finding.table)?.facts;
            Some(remedy::first_of(finding, facts))
        }
        Origin::Posture(_) => finding.topic.and_then(remedy::topic).map(|topic| topic.title),
    });
    let first = first.map(|first| format!(" → {first}")).unwrap_or_default();
    Safe::neutral(&format!("{what}{first}")).to_string()
}
