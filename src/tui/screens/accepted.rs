//! What was accepted, to be read again and taken back.

use std::collections::BTreeMap;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::entry::{Entry, Opens, Row, Section};
use super::{Screen, Transition, View};
use crate::audit::is_of_secrets;
use crate::detect::ACCEPTED_FILE;
use crate::domain::{Accepted, Finding, Origin, Safe};
use crate::tui::keymap::Context;
use crate::tui::model::Shared;
use crate::tui::theme::Role;
use crate::tui::widgets::{Block, Col, Filter, Grid, List, Rows, blocks, grid};
use crate::tui::{Action, Effect, Handling, fuzzy, layout};

/// How it is opened.
pub(super) static ENTRY: Entry = Entry {
    opens: Opens::From(|_, _| Screen::Accepted(AcceptedScreen::default())),
    rows: &[Row {
        section: Section::Travel,
        key: "Z",
        contexts: &[],
        what: "accepted findings and false alarms: who said why, and until when",
        hint: "",
    }],
};

/// The width of a day.
const DAY: u16 = 10;

/// Something that was accepted, and what has become of it.
struct Said {
    entry: Accepted,
    /// The finding that it is about, if it is there now.
    finding: Option<Finding>,
}

/// The list, as of one list of findings.
#[derive(Default)]
pub struct AcceptedScreen {
    all: Vec<Said>,
    of: Option<u64>,
    /// Which of them are shown.
    shown: Vec<usize>,
    filter: Filter,
    list: List,
}

impl AcceptedScreen {
    fn refilter(&mut self, shared: &Shared) {
        let words =
            |Said { entry, .. }: &Said| format!("{} {} {}", entry.finding, entry.why.reason, entry.why.by);
        let all: Vec<String> = self.all.iter().map(words).collect();
        self.shown = fuzzy::find(self.filter.text(), all.iter().map(String::as_str)).rows();
        self.list.clamp(self.shown.len(), layout::list_rows(shared.size.1));
    }

    fn under_cursor(&self) -> Option<&Said> {
        self.all.get(*self.shown.get(self.list.cursor)?)
    }
}

/// The id as it is told apart best: the table, the attribute, then what it is.
fn short(id: &str) -> String {
    let name = id.split_once(":table/").map_or(id, |(_, name)| name);
    let mut parts = name.splitn(3, '#');
    let told = match (parts.next(), parts.next(), parts.next()) {
        (Some(table), Some(rule), Some(path)) => format!("{table} {path}: {rule}"),
        (Some(table), Some(check), None) => format!("{table}: {check}"),
        _ => name.to_owned(),
    };
    Safe::neutral(&told).to_string()
}

impl View for AcceptedScreen {
    fn context(&self) -> Context {
        Context::Accepted
    }

    fn list(&self, _body: u16) -> Option<Rows> {
        Some(Rows { list: self.list, above: self.filter.above(), below: 0, len: self.shown.len() })
    }

    fn title(&self, shared: &Shared) -> String {
        let filter = self.filter.told(shared).map(|filter| format!(" {filter}")).unwrap_or_default();
        format!("Accepted ({}){filter}", self.shown.len())
    }

    fn settle(&mut self, shared: &mut Shared) {
        let findings = shared.engine.findings();
        if self.of != Some(findings.version()) {
            self.of = Some(findings.version());
            let by_id: BTreeMap<&str, &Finding> = findings.all().iter().map(|f| (f.id.as_str(), f)).collect();
            let said = |one: &Accepted| Said {
                entry: one.clone(),
                finding: by_id.get(one.finding.as_str()).map(|finding| (*finding).clone()),
            };
            self.all = shared.engine.audit().acceptances().all().map(said).collect();
            self.refilter(shared);
        }
    }

    fn act(&mut self, shared: &mut Shared, action: Action) -> Transition {
        if self.list.act(action, self.shown.len(), layout::list_rows(shared.size.1)) {
            return Transition::Stay;
        }
        match action {
            Action::Filter => self.filter.open(),
            Action::Back if self.filter.is_on() => {
                self.filter.clear();
                self.refilter(shared);
            }
            Action::Back => return Transition::Close,
            Action::Open => match self.under_cursor().map(|said| said.finding.clone()) {
                Some(Some(finding)) => return Transition::Open(Screen::finding(finding)),
                Some(None) => {
                    shared.say(
                        "It was not found so far: it is fixed, not looked at yet, or in another account.",
                    );
                }
                None => {}
            },
            Action::Accept => {
                let Some(said) = self.under_cursor() else { return Transition::Stay };
                take_back(shared, std::slice::from_ref(&said.entry));
            }
            _ => {}
        }
        Transition::Stay
    }

    fn filter(&mut self) -> Option<&mut Filter> {
        Some(&mut self.filter)
    }

    fn narrowed(&mut self) -> Option<(&mut List, &[usize])> {
        Some((&mut self.list, &self.shown))
    }

    fn edited(&mut self, shared: &mut Shared) {
        self.list = List::default();
        self.refilter(shared);
    }

    fn draw(&self, shared: &Shared, buf: &mut Buffer, area: Rect) {
        let theme = shared.options.theme;
        let area = self.filter.draw(buf, area, shared);
        if self.shown.is_empty() {
            let nothing = if self.filter.is_on() {
                "  Nothing matches. Esc clears the filter.".to_owned()
            } else {
                let key = shared.options.keymap.of(Context::Findings, Action::Accept);
                format!(
                    "  Nothing was accepted. {key} on a finding accepts it, or says that it is a false alarm."
                )
            };
            return blocks(buf, area, theme, &[Block::Gap, Block::Text(nothing, Role::Plain)], 0);
        }
        let room = area.width.saturating_sub(3 + DAY + 1 + 13);
        let (of, why) = (room * 9 / 20, room - room * 9 / 20);
        let columns = [
            Col { title: "Finding".into(), width: of, right: false },
            Col { title: "Why".into(), width: why.saturating_sub(1), right: false },
            Col { title: "By".into(), width: 12, right: false },
            Col { title: "Until".into(), width: DAY, right: false },
        ];
        let grid_of = Grid { columns: &columns, list: self.list, len: self.shown.len() };
        grid(
            buf,
            area,
            theme,
            &grid_of,
            |_| None,
            |row, col| {
                let Some(Said { entry: one, finding }) = self.shown.get(row).and_then(|n| self.all.get(*n))
                else {
                    return (String::new(), Role::Plain);
                };
                match col {
                    0 => match finding {
                        // That it is back, or never went, for a value that nobody accepted.
                        Some(finding) if finding.accepted.is_none() => {
                            (format!("open: {}", short(&one.finding)), Role::Severity(finding.severity))
                        }
                        Some(_) => (short(&one.finding), Role::Plain),
                        None => (format!("not found: {}", short(&one.finding)), Role::Dim),
                    },
                    1 => {
                        let sign = if one.why.false_alarm { "false alarm: " } else { "" };
                        (format!("{sign}{}", one.why.reason), Role::Plain)
                    }
                    2 => (one.why.by.to_string(), Role::Dim),
                    _ => (one.why.until.map_or("for good".into(), |day| day.to_string()), Role::Dim),
                }
            },
        );
    }
}

/// Takes back what was accepted, as far as the interface wrote it.
pub(super) fn take_back(shared: &mut Shared, all: &[Accepted]) {
    let (own, others): (Vec<&Accepted>, Vec<&Accepted>) =
        all.iter().partition(|one| one.why.file.as_str() == ACCEPTED_FILE);
    if let Some(other) = others.first() {
        shared.complain(&format!("That stands in {}, which only you change.", other.why.file));
    }
    if let Some(first) = own.first() {
        let more = if own.len() > 1 { format!(" and {} more", own.len() - 1) } else { String::new() };
        let by =
            if first.why.by.as_str().is_empty() { String::new() } else { format!(" by {}", first.why.by) };
        let said = if first.why.false_alarm { "a false alarm" } else { "accepted" };
        let question = format!(
            "{}{more}: {said}{by}: {}. z again takes it back.",
            short(&first.finding),
            first.why.reason
        );
        if !shared.is_confirmed(&question) {
            return;
        }
        let own = own.into_iter().cloned().collect();
        shared.effects.push(Effect::Handle(Handling::TakeBack(own)));
    }
}

/// Accepts findings; what is accepted already is taken back, where all of them are.
pub(super) fn accept(shared: &mut Shared, findings: Vec<Finding>) -> Transition {
    if findings.iter().any(|f| f.id.is_provisional()) {
        shared.complain("The account is not known yet, and so the finding has no lasting name.");
        return Transition::Stay;
    }
    // What comes of a secret goes with it, and comes back with a value that nobody accepted.
    let open: Vec<&Finding> = findings.iter().filter(|f| f.accepted.is_none()).collect();
    let with_secret = |of: &Finding| {
        let mut others = open.iter().filter(|f| f.table == of.table);
        is_of_secrets(of.rule()) && others.any(|f| matches!(f.origin, Origin::Secret(_)))
    };
    let (with_it, own): (Vec<&Finding>, Vec<&Finding>) = open.iter().partition(|f| with_secret(f));
    if !own.is_empty() {
        let own = own.into_iter().cloned().collect();
        return match Screen::accept(shared.engine.audit(), own, with_it.len()) {
            Some(screen) => Transition::Open(screen),
            None => {
                shared.complain("It is not known any more which values these are: read the table again.");
                Transition::Stay
            }
        };
    }
    let ids: Vec<String> = findings.iter().map(|f| f.id.to_string()).collect();
    let said = shared.engine.audit().acceptances().all();
    let said: Vec<Accepted> = said.filter(|one| ids.contains(&one.finding)).cloned().collect();
    take_back(shared, &said);
    Transition::Stay
}
