//! Whether a table has already been copied: CloudTrail's event history, asked for and never by itself.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use serde_json::json;

use super::entry::{Entry, Opens, Row, Section};
use super::{Screen, Transition, View, gap};
use crate::audit::{Audit, TableAudit};
use crate::domain::{CopyEvent, FailureKind, Gap, HISTORY_DAYS, Safe, TableRef};
use crate::scan::{Search, Turn};
use crate::tui::keymap::Context;
use crate::tui::model::{PlaceId, Shared, Waiting};
use crate::tui::theme::Role;
use crate::tui::widgets::{Block, Col, Filter, Grid, List, Rows, blocks, fit, grid};
use crate::tui::{Action, Answer, Ask, Copy, Effect, RequestId, layout, text};

/// How it is opened.
pub(super) static ENTRY: Entry = Entry {
    opens: Opens::OfTable(|shared, table| Screen::History(HistoryScreen::new(shared, table))),
    rows: &[Row {
        section: Section::Table,
        key: "E",
        contexts: &[
            Context::Tables,
            Context::Items,
            Context::Posture,
            Context::Findings,
            Context::Finding,
            Context::Reading,
        ],
        what: "who copied the table in the last 90 days (asks first)",
        hint: "",
    }],
};

/// What of the history is shown. The search itself is of the account and Region, and stays there.
pub struct HistoryScreen {
    table: TableRef,
    place: PlaceId,
    request: Option<RequestId>,
    filter: Filter,
    /// Calls about other tables as well.
    all: bool,
    /// Positions in the events, newest first.
    shown: Vec<usize>,
    list: List,
}

/// Lines above the list: how far the search is.
const STATUS: u16 = 1;

/// Rows for the selected call, with the rule above them.
fn pane(body: u16) -> u16 {
    if body >= 16 { 7 } else { body / 3 }
}

impl HistoryScreen {
    pub(super) fn new(shared: &Shared, table: TableRef) -> Self {
        let place = shared.place_of(&table).unwrap_or(shared.here);
        Self {
            table,
            place,
            request: None,
            filter: Filter::default(),
            all: false,
            shown: Vec::new(),
            list: List::default(),
        }
    }

    fn search<'a>(&self, shared: &'a Shared) -> Option<&'a Search> {
        shared.notes[self.place.0].history.as_ref()
    }

    fn begin(&mut self, shared: &mut Shared) {
        self.stop(shared);
        let search = Search::new(shared.now);
        shared.notes[self.place.0].history = Some(search);
    }

    fn stop(&self, shared: &mut Shared) {
        if let Some(id) = self.request {
            shared.cancel(id);
        }
        if let Some(search) = &mut shared.notes[self.place.0].history {
            search.stop(Gap::NotAsked);
        }
    }

    fn rows(&self, shared: &Shared) -> usize {
        let body = layout::parts(0, shared.size.1).body.height;
        usize::from(body.saturating_sub(pane(body) + STATUS + self.filter.above())).max(1)
    }

    fn refilter(&mut self, shared: &Shared) {
        let words: Vec<String> = self.filter.text().split_whitespace().map(str::to_lowercase).collect();
        let events = self.search(shared).map(Search::events).unwrap_or_default();
        let fits = |event: &CopyEvent| {
            (self.all || event.may_be_about(&self.table.name)) && {
                let text = format!("{} {} {}", event.call.name, event.who, said(event)).to_lowercase();
                words.iter().all(|w| text.contains(w))
            }
        };
        self.shown = (0..events.len()).filter(|n| fits(&events[*n])).collect();
    }

    fn save(&self, shared: &mut Shared) {
        let events = self.search(shared).map(Search::events).unwrap_or_default();
        let lines: Vec<String> = self.shown.iter().map(|n| record(&events[*n])).collect();
        if lines.is_empty() {
            return shared.say("No calls shown: nothing to write.");
        }
        let s = if lines.len() == 1 { "" } else { "s" };
        let what = format!("the history of {} call{s}", text::count(lines.len() as u64));
        let name = format!("dynaudit-history-{}.jsonl", shared.now.as_second());
        let text = Safe::block(&(lines.join("\n") + "\n"));
        shared.effects.push(Effect::Save(name, Copy { what, text }));
    }
}

/// A job of AWS Backup names a recovery point alone; whose it is, the tables' lists of theirs tell, as far as they were
/// read.
fn name(search: &mut Search, audit: &Audit) {
    search.name(|arn| {
        let mut tables = audit.tables();
        let is_here = |t: &&TableAudit| {
            let points = t.facts.recovery_points.known();
            points.is_some_and(|all| all.iter().any(|point| point.arn.as_deref() == Some(arn)))
        };
        tables.find(is_here).map(|t| t.table.name.clone())
    });
}

/// What a call did to which table.
fn said(event: &CopyEvent) -> String {
    let table = event.table.as_deref().unwrap_or("a table not named");
    format!("{}: {}", Safe::neutral(table), event.did())
}

/// One line of a saved history.
fn record(event: &CopyEvent) -> String {
    let CopyEvent { at, call, who, table, point, into, error } = event;
    json!({
        "at": at.to_string(), "event": call.name, "source": call.service, "who": who, "table": table, "recovery_point": point,
        "into": into,
        "error": error,
    })
    .to_string()
}

/// Role and session of an ARN, which tell people apart; other callers as they are.
fn short(who: &str) -> String {
    let (arn, through) = who.split_once(", through ").unwrap_or((who, ""));
    let name =
        arn.rsplit_once(':').map_or(arn, |(_, name)| name.strip_prefix("assumed-role/").unwrap_or(name));
    if through.is_empty() { name.to_owned() } else { format!("{name}, through {through}") }
}

/// What asking means, before it starts.
fn question(region: &str) -> Vec<Block> {
    let item = |label: &str, text: String| Block::Item(label.into(), text, Role::Plain);
    vec![
        Block::Heading("Copies made in the last 90 days".into()),
        Block::Gap,
        item("request", format!("CloudTrail's event history of the last {HISTORY_DAYS} days: exports, restores, backups, policies, streams and replicas of every table of {region}")),
        item("calls", format!("{} to {} of LookupEvents, fewer than two a second, which is all that the account has in a Region", Search::LEAST, Search::MOST)),
        item("cost", "none: looking up management events is free".into()),
        item("permission", "cloudtrail:LookupEvents".into()),
        Block::Gap,
        Block::Text("Not included: reads of items (data events), calls in other Regions, and backups made by AWS Backup plans. Calls appear up to 15 minutes late.".into(), Role::Dim),
        Block::Gap,
        Block::Text("enter asks; esc goes back.".into(), Role::Accent),
    ]
}

/// How far it is, in one line.
fn status(search: &Search, shown: usize, all: bool, table: &str) -> (String, Role) {
    let about = if all { "about any table".to_owned() } else { format!("about {}", Safe::neutral(table)) };
    let found = format!("{} {about}", text::count(shown as u64));
    let (done, kinds) = search.progress();
    if search.is_running() {
        let waits = if search.is_throttled() { ", throttled: waiting longer" } else { "" };
        return (format!("{done} of {kinds} kinds of calls queried{waits} · {found} · esc stops"), Role::Dim);
    }
    let mut said = match search.ended() {
        Some(Gap::NotAsked) => {
            format!("stopped after {done} of {kinds} kinds of calls; enter refreshes · {found}")
        }
        Some(Gap::Failed(failure)) if failure.kind == FailureKind::Throttled => {
            format!("throttled, given up after {done} of {kinds} kinds of calls; enter refreshes · {found}")
        }
        Some(_) => format!("ended after {done} of {kinds} kinds of calls · {found}"),
        None => format!("{found} in {HISTORY_DAYS} days"),
    };
    if !search.cut().is_empty() {
        let names: Vec<&str> = search.cut().iter().map(|c| c.name).collect();
        said = format!("{said} · only the newest of {}", names.join(", "));
    }
    if search.unread() > 0 {
        said = format!("{said} · {} events could not be read", text::count(search.unread()));
    }
    (said, if search.is_whole() && search.unread() == 0 { Role::Plain } else { Role::Unknown })
}

/// All about one call.
fn told(event: &CopyEvent) -> Vec<Block> {
    let item = |label: &str, text: String| Block::Item(label.into(), text, Role::Plain);
    let mut out = vec![
        item("what", said(event)),
        item("who", event.who.to_string()),
        item(
            "call",
            format!(
                "{} of {}, {}",
                event.call.name,
                event.call.service,
                event.at.strftime("%F %H:%M:%S UTC")
            ),
        ),
    ];
    if let Some(error) = &event.error {
        out.push(Block::Item("refused".into(), format!("{error}: no effect"), Role::Unknown));
    }
    out
}

impl View for HistoryScreen {
    fn context(&self) -> Context {
        Context::History
    }

    fn list(&self, _body: u16) -> Option<Rows> {
        Some(Rows { list: self.list, above: STATUS + self.filter.above(), below: 0, len: self.shown.len() })
    }

    fn title(&self, shared: &Shared) -> String {
        let filter = self.filter.told(shared).map(|f| format!(" · {f}")).unwrap_or_default();
        format!("{} › copied in the last {HISTORY_DAYS} days{filter}", Safe::neutral(&self.table.name))
    }

    fn table(&self) -> Option<&TableRef> {
        Some(&self.table)
    }

    fn waits_for(&self, id: RequestId) -> bool {
        self.request == Some(id)
    }

    fn closed(&self, shared: &mut Shared) {
        self.stop(shared);
    }

    fn settle(&mut self, shared: &mut Shared) {
        let now = shared.now;
        match shared.notes[self.place.0].history.as_mut().map(|search| search.turn(now)) {
            Some(Turn::Ask(lookup)) => {
                self.request = Some(shared.ask(self.place, Waiting::Screen, Ask::LookUp(lookup)));
            }
            Some(Turn::Rest(until)) => shared.effects.push(Effect::WakeAt(until)),
            Some(Turn::Wait | Turn::Done) | None => {}
        }
        if let Some(search) = &mut shared.notes[self.place.0].history {
            name(search, shared.engine.audit());
        }
        self.refilter(shared);
        self.list.clamp(self.shown.len(), self.rows(shared));
    }

    fn answered(&mut self, shared: &mut Shared, answer: Answer) {
        let Answer::LookedUp(answer) = answer else { return };
        self.request = None;
        if let Err(gap) = &answer {
            shared.trouble(self.place, "event history", gap);
        }
        let now = shared.now;
        if let Some(search) = &mut shared.notes[self.place.0].history {
            search.absorb(now, answer);
        }
    }

    fn act(&mut self, shared: &mut Shared, action: Action) -> Transition {
        if self.list.act(action, self.shown.len(), self.rows(shared)) {
            return Transition::Stay;
        }
        let running = self.search(shared).is_some_and(Search::is_running);
        let ended = self.search(shared).is_none_or(|s| s.ended().is_some());
        match action {
            Action::Open if ended => self.begin(shared),
            Action::Refresh => self.begin(shared),
            Action::Filter => self.filter.open(),
            Action::Only => {
                self.all = !self.all;
                self.edited(shared);
            }
            Action::Save => self.save(shared),
            Action::Back if running => {
                self.stop(shared);
                self.request = None;
            }
            Action::Back if self.filter.is_on() => return self.escaped(shared),
            Action::Back => return Transition::Close,
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

    fn narrowed(&mut self) -> Option<(&mut List, &[usize])> {
        Some((&mut self.list, &self.shown))
    }

    fn draw(&self, shared: &Shared, buf: &mut Buffer, area: Rect) {
        let theme = shared.options.theme;
        let text = |area: Rect| Rect { x: area.x + 1, width: area.width.saturating_sub(2), ..area };
        let Some(search) = self.search(shared) else {
            let region = &shared.engine.places[self.place.0].scope.region;
            return blocks(buf, text(area), theme, &question(region), 0);
        };
        let (line, role) = status(search, self.shown.len(), self.all, &self.table.name);
        let line = fit(&line, usize::from(area.width.saturating_sub(2)));
        buf.set_string(area.x + 1, area.y, line, theme.style(role));
        let rest = Rect { y: area.y + STATUS, height: area.height.saturating_sub(STATUS), ..area };
        if search.events().is_empty()
            && let Some(gap) = search.ended().filter(|gap| **gap != Gap::NotAsked)
        {
            return blocks(buf, text(rest), theme, &gap::explain(gap), 0);
        }
        let rest = self.filter.draw(buf, rest, shared);
        if self.shown.is_empty() {
            let said = match search {
                s if s.is_running() => "Nothing yet.",
                _ if self.filter.is_on() => "No matching calls.",
                s if !s.events().is_empty() => "No calls about this table; t shows those about other tables.",
                s if s.is_whole() => "No such calls, according to CloudTrail.",
                _ => "No such calls found so far.",
            };
            return blocks(buf, text(rest), theme, &[Block::Text(said.into(), Role::Dim)], 0);
        }
        let below = pane(area.height);
        let top = Rect { height: rest.height.saturating_sub(below), ..rest };
        let (when, format) = if area.width < 60 { (10, "%F") } else { (16, "%F %H:%M") };
        let who = (area.width / 3).clamp(10, 44);
        let columns = [
            Col { title: "When (UTC)".into(), width: when, right: false },
            Col { title: "Who".into(), width: who, right: false },
            Col { title: "What".into(), width: area.width.saturating_sub(when + who + 5), right: false },
        ];
        let about = Grid { columns: &columns, list: self.list, len: self.shown.len() };
        grid(
            buf,
            top,
            theme,
            &about,
            |_| None,
            |row, col| {
                let event = &search.events()[self.shown[row]];
                match (col, &event.error) {
                    (0, _) => (event.at.strftime(format).to_string(), Role::Dim),
                    (1, _) => (short(&event.who), Role::Plain),
                    (_, Some(error)) => (format!("refused, {error}: {}", said(event)), Role::Dim),
                    // The title says which table it is.
                    (_, None) if event.table.as_deref() == Some(&self.table.name) && !self.all => {
                        (event.did(), Role::Plain)
                    }
                    (_, None) => (said(event), Role::Plain),
                }
            },
        );
        let rule = "─".repeat(usize::from(area.width));
        buf.set_string(area.x, top.bottom(), rule, theme.style(Role::Dim));
        let pane = Rect { y: top.bottom() + 1, height: below.saturating_sub(1), ..rest };
        if let Some(n) = self.shown.get(self.list.cursor) {
            blocks(buf, text(pane), theme, &told(&search.events()[*n]), 0);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::audit::AuditEvent;
    use crate::domain::{COPY_CALLS, FactValue, LookedUp, RecoveryPoint, Scope};

    #[test]
    fn a_recovery_point_tells_its_table_where_the_list_of_points_is_known() {
        let scope =
            Scope { partition: "aws".into(), account: "1".into(), region: "r".into(), endpoint: None };
        let table = TableRef::new(&Arc::new(scope), "orders");
        let point = |arn: &str| RecoveryPoint {
            arn: Some(arn.into()),
            vault: "v".into(),
            created: None,
            key: None,
            status: String::new(),
        };
        let mut audit = Audit::default();
        let points = FactValue::RecoveryPoints(vec![point("arn:ours")]);
        audit.absorb(AuditEvent::Table(table.clone()));
        audit.absorb(AuditEvent::Fact(table.clone(), points, jiff::Timestamp::UNIX_EPOCH));
        let event = |table: Option<&str>, point: Option<&str>| CopyEvent {
            at: jiff::Timestamp::UNIX_EPOCH,
            call: &COPY_CALLS[0],
            who: Safe::neutral("a"),
            table: table.map(str::to_owned),
            point: point.map(str::to_owned),
            into: None,
            error: None,
        };
        let events = vec![
            event(None, Some("arn:ours")),
            event(None, Some("arn:theirs")),
            event(None, None),
            event(Some("users"), Some("arn:ours")),
        ];
        let now = jiff::Timestamp::UNIX_EPOCH;
        let mut search = Search::new(now);
        assert!(matches!(search.turn(now), Turn::Ask(_)));
        search.absorb(now, Ok(LookedUp { events, unread: 0, next: None }));
        name(&mut search, &audit);
        let tables: Vec<Option<&str>> = search.events().iter().map(|e| e.table.as_deref()).collect();
        assert_eq!(tables, [Some("orders"), None, None, Some("users")]);
    }

    #[test]
    fn callers_are_told_by_what_tells_them_apart() {
        let check = |who: &str, expect: &str| assert_eq!(short(who), expect, "{who}");
        check("arn:aws:sts::111122223333:assumed-role/etl/job", "etl/job");
        check("arn:aws:iam::111122223333:user/kim", "user/kim");
        check("arn:aws:iam::111122223333:root", "root");
        check(
            "arn:aws:sts::1:assumed-role/a/b, through backup.amazonaws.com",
            "a/b, through backup.amazonaws.com",
        );
        check("backup.amazonaws.com", "backup.amazonaws.com");
        check("777788889999", "777788889999");
    }
}
