//! How one table is protected: every check with its verdict and evidence.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::entry::{Entry, Opens, Row, Section};
use super::{Screen, Transition, View};
use crate::audit::TableAudit;
use crate::domain::{FactKind, Failed, Gap, Missing, Safe, Severity, TableRef, Verdict};
use crate::posture::{FACTS, PostureCheck, read_at};
use crate::tui::keymap::Context;
use crate::tui::model::Shared;
use crate::tui::theme::{Role, glyph};
use crate::tui::widgets::{Block, Col, Grid, List, Rows, blocks, grid};
use crate::tui::{Action, layout};

/// Columns below which ids stand for titles.
const NARROW: u16 = 60;

/// How it is opened.
pub(super) static ENTRY: Entry = Entry {
    opens: Opens::OfTable(|_, table| Screen::posture(table)),
    rows: &[
        Row {
            section: Section::Table,
            key: "p",
            contexts: &[Context::Tables, Context::Items, Context::Overview],
            what: "how the table is protected",
            hint: "posture",
        },
        Row {
            section: Section::Finding,
            key: "p",
            contexts: &[Context::Findings, Context::Finding],
            what: "how the finding's table is protected",
            hint: "posture",
        },
    ],
};

/// The verdicts, worst first, as of the last message.
pub struct PostureScreen {
    table: TableRef,
    verdicts: Vec<(&'static PostureCheck, Verdict)>,
    list: List,
}

impl PostureScreen {
    pub(super) fn new(table: TableRef) -> Self {
        Self { table, verdicts: Vec::new(), list: List::default() }
    }

    fn rows(height: u16) -> (u16, u16) {
        let body = layout::parts(0, height).body.height;
        let pane = (body * 2 / 5).max(3);
        (body - pane, pane)
    }
}

/// Sign, word and role of a verdict. What is only a fact is called one.
fn sign(check: &PostureCheck, verdict: &Verdict) -> (&'static str, &'static str, Role) {
    match verdict {
        Verdict::Fail(failed) if is_fact(check, failed) => ("·", "fact", Role::Plain),
        Verdict::Fail(_) => ("✗", "fail", Role::Fail),
        Verdict::Unknown(_) => ("?", "unknown", Role::Unknown),
        Verdict::Pass(_) => ("✓", "pass", Role::Pass),
        Verdict::NotApplicable(_) => ("–", "n/a", Role::Dim),
    }
}

/// Which fields a verdict comes from, and when they were read.
pub(super) fn seen(check: &PostureCheck, audit: Option<&TableAudit>) -> Option<String> {
    let read = read_at(check, &audit?.facts);
    let (_, last) = read.iter().max_by_key(|(_, at)| *at)?;
    let words: Vec<&str> = read.iter().map(|(kind, _)| kind.word()).collect();
    let at = last.strftime("%Y-%m-%d %H:%M:%SZ");
    Some(format!("{}; read at {at}: {}", check.field, words.join(", ")))
}

/// Whether it is only missing because nobody asked what AWS bills.
fn is_billed(missing: &Missing) -> bool {
    matches!(missing, Missing::Fact(kind, Gap::NotAsked) if kind.is_billed())
}

/// The names of the key that a check is about: its id tells nobody anything.
fn key_names(check: &PostureCheck, audit: Option<&TableAudit>) -> Option<String> {
    let names = audit?
        .facts
        .key_aliases
        .known()
        .filter(|names| !names.is_empty() && check.reads.contains(&FactKind::Key))?;
    Some(format!("The key is {}.", Safe::neutral(&names.join(", "))))
}

/// Whether it says how the table is, and nothing that is wrong with it: then it is no finding.
fn is_fact(check: &PostureCheck, failed: &Failed) -> bool {
    failed.severity == Severity::Info && FACTS.contains(&check.id)
}

fn rank(check: &PostureCheck, verdict: &Verdict) -> (u8, std::cmp::Reverse<u8>) {
    match verdict {
        Verdict::Fail(failed) if is_fact(check, failed) => (2, std::cmp::Reverse(1)),
        Verdict::Fail(failed) => (0, std::cmp::Reverse(failed.severity as u8)),
        Verdict::Unknown(_) => (1, std::cmp::Reverse(0)),
        Verdict::Pass(_) => (2, std::cmp::Reverse(0)),
        Verdict::NotApplicable(_) => (3, std::cmp::Reverse(0)),
    }
}

impl View for PostureScreen {
    fn context(&self) -> Context {
        Context::Posture
    }

    fn title(&self, _: &Shared) -> String {
        let count = |word: &str| self.verdicts.iter().filter(|(c, v)| sign(c, v).1 == word).count();
        format!(
            "{} › posture   ✗ {} fail  ? {} unknown  · {} fact  ✓ {} pass  – {} n/a",
            Safe::neutral(&self.table.name),
            count("fail"),
            count("unknown"),
            count("fact"),
            count("pass"),
            count("n/a")
        )
    }

    fn list(&self, body: u16) -> Option<Rows> {
        let rows = Self::rows(body + 4).0.min(body);
        Some(Rows { list: self.list, above: 1, below: body - rows, len: self.verdicts.len() })
    }

    fn table(&self) -> Option<&TableRef> {
        Some(&self.table)
    }

    fn wants(&self, _: &Shared) -> Vec<TableRef> {
        vec![self.table.clone()]
    }

    fn settle(&mut self, shared: &mut Shared) {
        let selected = self.verdicts.get(self.list.cursor).map(|(c, _)| c.id);
        let mut verdicts = shared.audit(&self.table).map(|t| t.verdicts(shared.now)).unwrap_or_default();
        verdicts.sort_by_key(|(c, v)| rank(c, v));
        // The first time round the cursor stays at the top, where the worst is.
        if let Some(row) = selected.and_then(|id| verdicts.iter().position(|(c, _)| c.id == id))
            && self.list.cursor > 0
        {
            self.list.cursor = row;
        }
        self.verdicts = verdicts;
        self.list
            .clamp(self.verdicts.len(), usize::from(Self::rows(shared.size.1).0.saturating_sub(1)).max(1));
    }

    fn act(&mut self, shared: &mut Shared, action: Action) -> Transition {
        let rows = usize::from(Self::rows(shared.size.1).0.saturating_sub(1)).max(1);
        if self.list.act(action, self.verdicts.len(), rows) {
            return Transition::Stay;
        }
        match action {
            Action::Back => return Transition::Close,
            Action::Accept => {
                let check = self.verdicts.get(self.list.cursor).map(|(check, _)| check.id);
                let findings = shared.engine.findings();
                let finding = findings.of_table(&self.table).find(|f| Some(f.rule()) == check).cloned();
                match finding {
                    Some(finding) => return super::accepted::accept(shared, vec![finding]),
                    None => shared.say("There is no finding to accept."),
                }
            }
            Action::Open => {
                let Some((check, verdict)) = self.verdicts.get(self.list.cursor) else {
                    return Transition::Stay;
                };
                let finding =
                    shared.engine.findings().of_table(&self.table).find(|f| f.rule() == check.id).cloned();
                match finding {
                    Some(finding) => return Transition::Open(Screen::finding(finding)),
                    None => shared.say(match verdict {
                        Verdict::Fail(_) => "A fact, and no finding: there is nothing to fix.",
                        Verdict::Unknown(_) => {
                            "Not known whether there is anything to fix; what is missing is listed below."
                        }
                        _ => "Nothing to fix.",
                    }),
                }
            }
            _ => {}
        }
        Transition::Stay
    }

    fn draw(&self, shared: &Shared, buf: &mut Buffer, area: Rect) {
        let theme = shared.options.theme;
        let (rows, pane) = Self::rows(area.height + 4);
        let list = Rect { height: rows.min(area.height), ..area };
        // Where there is little room, ids tell checks apart that begin with the same words.
        let is_narrow = area.width < NARROW;
        let (first, second) = if is_narrow { (1, 1) } else { (9, 10) };
        let columns = [
            Col { title: if is_narrow { "" } else { "Verdict" }.into(), width: first, right: false },
            Col { title: if is_narrow { "" } else { "Severity" }.into(), width: second, right: false },
            Col { title: "Check".into(), width: area.width.saturating_sub(first + second + 5), right: false },
        ];
        grid(
            buf,
            list,
            theme,
            &Grid { columns: &columns, list: self.list, len: self.verdicts.len() },
            |_| None,
            |row, col| {
                let (check, verdict) = &self.verdicts[row];
                let (mark, word, role) = sign(check, verdict);
                match (col, verdict) {
                    (0, _) if is_narrow => (mark.to_owned(), role),
                    (1, Verdict::Fail(e)) if is_fact(check, e) => (String::new(), Role::Plain),
                    (1, Verdict::Fail(e)) if is_narrow => {
                        (glyph(e.severity).to_owned(), Role::Severity(e.severity))
                    }
                    (2, _) if is_narrow => (
                        check.id.to_owned(),
                        if matches!(verdict, Verdict::Fail(_)) { Role::Plain } else { role },
                    ),
                    (0, _) => (format!("{mark} {word}"), role),
                    (1, Verdict::Fail(e)) => {
                        (format!("{} {}", glyph(e.severity), e.severity), Role::Severity(e.severity))
                    }
                    (1, _) => (String::new(), Role::Plain),
                    // A check's title says what is wrong; where nothing is, the verdict's own words stand there, after
                    // the check's id: several checks pass with the same words.
                    (_, Verdict::Fail(_)) => (check.title.to_owned(), Role::Plain),
                    (_, Verdict::Unknown(_)) => (format!("{}?", check.title), role),
                    (_, Verdict::Pass(text) | Verdict::NotApplicable(text)) => {
                        (format!("{}: {text}", check.id), role)
                    }
                }
            },
        );
        let Some((check, verdict)) = self.verdicts.get(self.list.cursor) else { return };
        let below = Rect { y: list.bottom(), height: pane.min(area.height - list.height), ..area };
        buf.set_string(below.x, below.y, "─".repeat(usize::from(below.width)), theme.style(Role::Dim));
        let below = Rect {
            x: below.x + 1,
            y: below.y + 1,
            width: below.width.saturating_sub(2),
            height: below.height.saturating_sub(1),
        };
        let mut out = match verdict {
            Verdict::Pass(text) | Verdict::NotApplicable(text) => {
                vec![Block::Text(text.to_string(), Role::Plain)]
            }
            Verdict::Fail(failed) => vec![Block::Text(failed.text().to_string(), Role::Plain)],
            Verdict::Unknown(missing) => missing
                .iter()
                .map(|m| {
                    let how = if is_billed(m) { ": skipped, a paid CloudWatch query; U asks" } else { "" };
                    Block::Text(format!("Not known — {}{how}", Safe::neutral(&m.to_string())), Role::Unknown)
                })
                .collect(),
        };
        out.extend(key_names(check, shared.audit(&self.table)).map(|text| Block::Text(text, Role::Plain)));
        let from = if matches!(verdict, Verdict::Unknown(_)) { "Looks at" } else { "From" };
        let seen = seen(check, shared.audit(&self.table));
        out.extend(seen.map(|text| Block::Text(format!("{from} {text}"), Role::Dim)));
        out.push(Block::Text(check.why.to_owned(), Role::Dim));
        let refs: String = check.refs.iter().map(|r| format!(" · {r}")).collect();
        out.push(Block::Text(format!("{}{refs} · {}", check.id, check.source), Role::Dim));
        blocks(buf, below, theme, &out, 0);
    }
}
