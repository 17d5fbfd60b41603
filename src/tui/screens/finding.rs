//! One finding: what to do first, who can read it, where its copies are, and the fix to copy; below that, why and what was
//! seen. The whole fix, and what it changes in a policy, are one key away.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use super::{Screen, Transition, View, data_flows, reading};
use crate::audit::blast;
use crate::domain::{Finding, FindingId, FindingSubject, Origin, Safe, TableFacts, TableRef};
use crate::posture;
use crate::readers::Readers;
use crate::remedy::{self, DiffLine, Fix, Flavour, Options, fixes_with, runbook};
use crate::tui::keymap::Context;
use crate::tui::model::Shared;
use crate::tui::theme::{Role, glyph};
use crate::tui::widgets::{Block, height};
use crate::tui::{Action, Copy, Effect, layout};

/// Lines of a policy that are shown before the first that changes.
const CONTEXT: usize = 3;

/// Rows of the fix that are shown on the page at the least.
const PREVIEW: usize = 5;

/// What is on the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// What to do, the beginning of the fix, and why.
    Summary,
    /// The whole fix.
    Fix,
    /// What the fix changes in a policy.
    Diff,
}

/// The finding, its fixes, and how far the text is scrolled.
pub struct FindingScreen {
    finding: Finding,
    /// Those of the list it was opened from, in its order: what one steps through.
    beside: Vec<FindingId>,
    fixes: Vec<Fix>,
    shown: usize,
    /// Whether the fix changes a policy.
    has_changes: bool,
    part: Part,
    scroll: usize,
    /// What was known when the fixes were made.
    of: Option<(u64, u64, bool)>,
}

/// How a person wants fixes.
pub(super) fn options(shared: &Shared, table: &TableRef) -> Options {
    let place = shared.place_of(table).map(|id| shared.engine.places[id.0].name.clone());
    let profile = place.filter(|name| !name.is_empty());
    Options { mask_keys: shared.options.mask_all, profile, ..Options::default() }
}

/// The hand-over for findings, to be copied or written to a file.
pub(super) fn hand_over(shared: &Shared, findings: &[&Finding]) -> Copy {
    let facts = |f: &Finding| shared.audit(&f.table).map(|t| t.facts.clone()).unwrap_or_default();
    let known: Vec<(&Finding, TableFacts)> = findings.iter().map(|f| (*f, facts(f))).collect();
    let options = findings.first().map(|f| options(shared, &f.table)).unwrap_or_default();
    let text = runbook(known.iter().map(|(f, facts)| (*f, facts)), &options);
    let what = match findings.len() {
        1 => String::from("the hand-over"),
        n => format!("the hand-over of {n} findings"),
    };
    Copy { what, text: Safe::block(&text) }
}

impl FindingScreen {
    pub(super) fn new(finding: Finding, beside: Vec<FindingId>) -> Self {
        Self {
            finding,
            beside,
            fixes: Vec::new(),
            shown: 0,
            has_changes: false,
            part: Part::Summary,
            scroll: 0,
            of: None,
        }
    }

    fn fix(&self) -> Option<&Fix> {
        self.fixes.get(self.shown)
    }

    /// What the fix that is shown changes; one that stands beside the finding's own changes something else.
    fn diff(&self, shared: &Shared) -> Option<Vec<DiffLine>> {
        self.fix().filter(|fix| Some(fix.topic) == self.finding.topic)?;
        remedy::diff(&self.finding, &shared.audit(&self.finding.table)?.facts)
    }

    /// The languages of the fix, the one that is shown in brackets; before them, which of several it is.
    fn languages(&self, title: fn(Flavour) -> &'static str) -> String {
        let Some(now) = self.fix() else { return "Fix".into() };
        let mut topics: Vec<&str> = self.fixes.iter().map(|fix| fix.topic).collect();
        topics.dedup();
        let step = match topics.iter().position(|topic| *topic == now.topic) {
            Some(0) if topics.len() > 1 => format!("Fix 1 of {}", topics.len()),
            Some(n) if topics.len() > 1 => format!("Fix {} of {}, {}", n + 1, topics.len(), now.topic),
            _ => "Fix".into(),
        };
        let tab = |fix: &Fix| {
            if fix == now { format!("[{}]", title(fix.flavour)) } else { format!(" {} ", title(fix.flavour)) }
        };
        let tabs: Vec<String> = self.fixes.iter().filter(|f| f.topic == now.topic).map(tab).collect();
        format!("{step}  {}", tabs.join(" "))
    }

    /// The line that stays on screen above a fix: in short names where the long ones do not fit into a line.
    fn heading(&self, width: u16) -> Block {
        let long = || self.languages(Flavour::title);
        match self.part {
            Part::Diff => Block::Heading("What the fix changes  (d: back to the fix)".into()),
            _ if long().width() + 2 > usize::from(width) => {
                Block::Heading(self.languages(Flavour::short_title))
            }
            _ => Block::Heading(long()),
        }
    }

    /// How many lines stay above what is scrolled.
    const fn above(&self) -> usize {
        match self.part {
            Part::Summary => 0,
            Part::Fix | Part::Diff => 1,
        }
    }

    /// Why it matters and what it was seen by.
    fn evidence(&self, shared: &Shared) -> Vec<Block> {
        let f = &self.finding;
        let safe = |t: &str| Safe::neutral(t).to_string();
        let mut out = vec![Block::Heading("Why".into())];
        out.push(Block::Item("why".into(), safe(&f.why), Role::Plain));
        for (n, seen) in f.told(shared.options.mask_all).iter().enumerate() {
            let label = if n == 0 { "seen" } else { "" };
            let role = if n == 0 { Role::Masked } else { Role::Plain };
            out.push(Block::Item(label.into(), seen.sentence().to_string(), role));
        }
        if matches!(f.origin, Origin::Secret(_)) {
            out.extend(exposure(f, shared));
        }
        let check = posture::check(f.rule());
        let from = check.and_then(|check| super::posture::seen(check, shared.audit(&f.table)));
        out.extend(from.map(|from| Block::Item("from".into(), from, Role::Dim)));
        out.push(Block::Item("confidence".into(), f.confidence.to_string(), Role::Plain));
        out.push(Block::Item("rule".into(), safe(f.rule()), Role::Dim));
        out.push(Block::Item("id".into(), f.short_id(), Role::Dim));
        out
    }

    /// Why there is no fix to show.
    fn no_fix(&self, shared: &Shared) -> Block {
        let f = &self.finding;
        let facts = shared.audit(&f.table).map(|t| t.facts.clone()).unwrap_or_default();
        let why = remedy::why_none(f, &facts).unwrap_or_default();
        Block::Text(Safe::neutral(&format!("There is no snippet for it: {why}.")).to_string(), Role::Plain)
    }

    /// Everything below the line that stays.
    fn text(&self, shared: &Shared) -> Vec<Block> {
        let code = |fix: &Fix| Block::Code(Safe::block(&fix.text).to_string());
        match (self.part, self.fix()) {
            (Part::Fix, Some(fix)) => vec![code(fix)],
            (Part::Diff, _) => self.diff(shared).map(|lines| changes(&lines)).unwrap_or_default(),
            (_, fix) => {
                let mut out = brief(&self.finding, shared);
                out.push(Block::Gap);
                out.push(self.heading(shared.size.0));
                match fix {
                    None => out.push(self.no_fix(shared)),
                    Some(fix) => out.extend(self.preview(shared, fix, &out)),
                }
                out.push(Block::Gap);
                out.extend(self.evidence(shared));
                out
            }
        }
    }

    /// The beginning of the fix: as much as the rest of the page leaves room for.
    fn preview(&self, shared: &Shared, fix: &Fix, above: &[Block]) -> Vec<Block> {
        let width = shared.size.0.saturating_sub(2);
        let rows = usize::from(layout::parts(0, shared.size.1).body.height);
        let text = Safe::block(&fix.text).to_string();
        let fits = |lines: &[&str]| height(&[Block::Code(lines.join("\n"))], width);
        let lines: Vec<&str> = text.lines().collect();
        let room = rows.saturating_sub(height(above, width) + 1).max(PREVIEW);
        if fits(&lines) <= room {
            return vec![Block::Code(text)];
        }
        let shown = (1..=lines.len()).take_while(|n| fits(&lines[..*n]) < room).last().unwrap_or(1);
        let more = format!("… {} more lines: enter shows them, y copies all of it", lines.len() - shown);
        vec![Block::Code(lines[..shown].join("\n")), Block::Text(more, Role::Dim)]
    }

    /// Where among those of the list it is.
    fn position(&self) -> Option<usize> {
        self.beside.iter().position(|id| *id == self.finding.id)
    }

    /// The finding that many places further in the list; those that are no more are passed over.
    fn further(&self, shared: &Shared, forward: bool) -> Option<Finding> {
        let at = self.position()?;
        let all = shared.engine.findings().all();
        let known = |id: &FindingId| all.iter().find(|f| f.id == *id).cloned();
        if forward {
            self.beside[at + 1..].iter().find_map(known)
        } else {
            self.beside[..at].iter().rev().find_map(known)
        }
    }

    fn step(&mut self, by: isize) {
        let count = self.fixes.len().max(1) as isize;
        self.shown = (self.shown as isize + by).rem_euclid(count) as usize;
        if self.part == Part::Fix {
            self.scroll = 0;
        }
    }
}

/// What matters most, in the fewest lines.
pub(super) fn brief(f: &Finding, shared: &Shared) -> Vec<Block> {
    let safe = |t: &str| Safe::neutral(t).to_string();
    let item = |label: &str, text: String, role: Role| Block::Item(label.into(), text, role);
    let how_bad = match &f.accepted {
        Some(why) if why.false_alarm => "false alarm".to_owned(),
        Some(_) => "accepted".to_owned(),
        None => f.how_bad(),
    };
    let mut out = vec![Block::Text(
        format!("{} {how_bad} — {}", glyph(f.severity), safe(&f.title)),
        Role::Severity(f.severity),
    )];
    out.push(item("where", where_it_is(f), Role::Plain));
    out.extend(affected(f).map(|tables| item("affects", tables, Role::Plain)));
    let accepted = f.evidence.iter().filter(|evidence| evidence.kind().starts_with("accepted"));
    out.extend(accepted.map(|said| item("accepted", said.sentence().to_string(), Role::Accent)));
    let rule = shared.options.rules.find(f.rule());
    let rotate = rule.map(|about| about.rotate.as_str()).filter(|page| !page.is_empty());
    if let Origin::Secret(flagged) = &f.origin {
        let facts = shared.audit(&f.table).map(|t| t.facts.clone()).unwrap_or_default();
        out.extend(reach(f, shared).map(|reach| item("reach", reach.to_string(), Role::Plain)));
        out.push(item("first", safe(remedy::first_of(f, &facts)), Role::Accent));
        out.extend(rotate.map(|page| item("rotate", safe(page), Role::Accent)));
        let keys: Vec<String> =
            flagged.items.iter().map(|key| key.shown(shared.options.mask_all).to_string()).collect();
        if !keys.is_empty() {
            out.push(item(if keys.len() == 1 { "item" } else { "items" }, keys.join(", "), Role::Plain));
        }
    } else {
        let seen = f.told(shared.options.mask_all);
        out.extend(seen.first().map(|seen| item("seen", seen.sentence().to_string(), Role::Plain)));
        // Of one table it is told who gains by it.
        if matches!(f.subject, FindingSubject::Table(_)) {
            let known = shared.readers.known(&f.table);
            out.extend(
                known.map(|known| item("readers", format!("{}. P shows them.", known.told()), Role::Plain)),
            );
        }
    }
    out
}

/// How far a secret reaches, in one line.
pub(super) fn reach(f: &Finding, shared: &Shared) -> Option<Safe> {
    let known = shared.readers.known(&f.table).map(|known| (known.count(), known.people_read));
    let surveyed = || shared.readers.surveyed(&f.table).map(|s| (s.count(), s.people_read));
    blast(shared.engine.audit(), f, known.or_else(surveyed), shared.now)
}

/// Who can read a secret and where its copies are, in the words of what was found.
fn exposure(f: &Finding, shared: &Shared) -> Vec<Block> {
    let item = |label: &str, text: String, role: Role| Block::Item(label.into(), text, role);
    let known = shared.readers.known(&f.table).map(AsRef::as_ref);
    let mut out = vec![item("readers", readers(f, known), Role::Plain)];
    if let Some(audit) = shared.audit(&f.table) {
        let restored = shared.engine.audit().restored(&f.table);
        let left = posture::left(&posture::places(&audit.subject(shared.now), restored));
        let (said, role) = data_flows::remain(&left);
        let more = if left.places > 0 { " O shows them." } else { "" };
        let told = f.told(true);
        let carried = told.iter().find(|evidence| evidence.kind() == "copied-into-indexes");
        let carried = carried.map(|e| format!("{}. ", e.sentence())).unwrap_or_default();
        let twin = told.iter().find(|evidence| evidence.kind() == "same-secret-in-other-tables");
        match twin {
            Some(twin) => {
                // That there are no others is not said beside one.
                let said = if role == Role::Pass { String::new() } else { format!("{said}{more}") };
                let told = format!("{}. {carried}{said}", twin.sentence());
                out.push(item("copies", told, Role::Plain));
            }
            None => out.push(item("copies", format!("{carried}{said}{more}"), role)),
        }
    }
    out
}

/// Who can read it: how many of the account where IAM was read, and what others can, in the field's words.
fn readers(f: &Finding, known: Option<&Readers>) -> String {
    let told = f.told(true);
    let of_readers = ["others-can-read", "readers-unknown"];
    let said: Vec<String> = told
        .iter()
        .filter(|evidence| of_readers.contains(&evidence.kind()))
        .map(|evidence| evidence.sentence().to_string())
        .collect();
    let others = if said.is_empty() {
        String::from("No policy of the table or its stream grants access to others.")
    } else {
        said.join(" ")
    };
    match known {
        Some(known) => {
            format!("{}. P shows them. {}", known.told(), if said.is_empty() { "" } else { &others })
        }
        // Policies of the table are one way in; the account's own users and roles are another.
        None => format!("{others} Users and roles not read: P asks."),
    }
    .trim_end()
    .to_owned()
}

/// The lines of a policy, with what goes and what comes.
fn changes(lines: &[DiffLine]) -> Vec<Block> {
    let line = |line: &DiffLine| {
        let (sign, text, role) = match line {
            DiffLine::Kept(text) => (" ", text, Role::Dim),
            DiffLine::Gone(text) => ("-", text, Role::Error),
            DiffLine::New(text) => ("+", text, Role::Good),
        };
        let inner = text.trim_start();
        let indent = " ".repeat(text.len() - inner.len());
        let shown = Safe::neutral(inner).to_string();
        Block::Hang(format!("{sign} {indent}"), format!("{sign}   {indent}"), shown, role)
    };
    lines.iter().map(line).collect()
}

/// The table or the Region that it is about, and the attribute.
fn where_it_is(f: &Finding) -> String {
    let name = match &f.subject {
        FindingSubject::Table(table) => table.name.clone(),
        FindingSubject::Region(_) => "the Region".into(),
    };
    let path = f.path().map(|path| format!(" · {path}")).unwrap_or_default();
    Safe::neutral(&format!("{name}{path} · {}", f.table.scope)).to_string()
}

/// The tables that it affects, where it is about more than one.
fn affected(f: &Finding) -> Option<String> {
    let FindingSubject::Region(_) = f.subject else { return None };
    let names: Vec<&str> = f.tables().map(|t| t.name.as_str()).collect();
    Some(Safe::neutral(&names.join(", ")).to_string())
}

impl View for FindingScreen {
    fn context(&self) -> Context {
        Context::Finding
    }

    fn title(&self, _: &Shared) -> String {
        let part = match self.part {
            Part::Summary => "finding",
            Part::Fix => "finding › fix",
            Part::Diff => "finding › changes",
        };
        let at = match (self.part, self.position()) {
            (Part::Summary, Some(n)) if self.beside.len() > 1 => {
                format!(" {} of {}", n + 1, self.beside.len())
            }
            _ => String::new(),
        };
        format!("{} › {part}{at}", Safe::neutral(&self.finding.place()))
    }

    fn table(&self) -> Option<&TableRef> {
        Some(&self.finding.table)
    }

    fn wants(&self, _: &Shared) -> Vec<TableRef> {
        vec![self.finding.table.clone()]
    }

    fn settle(&mut self, shared: &mut Shared) {
        // What is learnt meanwhile may make it worse, or better known.
        let of = (shared.engine.findings().version(), shared.engine.version(), shared.options.mask_all);
        if self.of != Some(of) {
            self.of = Some(of);
            if let Some(finding) = shared.engine.findings().now(&self.finding) {
                self.finding = finding.clone();
            }
            shared.readers_of(&self.finding.table);
            let facts = shared.audit(&self.finding.table).map(|t| t.facts.clone()).unwrap_or_default();
            let before = self.fix().map(|fix| (fix.topic, fix.flavour));
            self.fixes = fixes_with(&self.finding, &facts, &options(shared, &self.finding.table));
            let same = self.fixes.iter().position(|fix| Some((fix.topic, fix.flavour)) == before);
            self.shown = same.unwrap_or(0);
            self.has_changes = remedy::diff(&self.finding, &facts).is_some();
        }
        let (text, above) = (self.text(shared), self.above());
        reading::keep_in(&mut self.scroll, &text, above, shared);
    }

    fn act(&mut self, shared: &mut Shared, action: Action) -> Transition {
        let text = self.text(shared);
        let above = self.above();
        if reading::scroll(&mut self.scroll, action, &text, above, shared) {
            return Transition::Stay;
        }
        let part = |state: &mut Self, part| (state.part, state.scroll) = (part, 0);
        match action {
            Action::Back if self.part != Part::Summary => part(self, Part::Summary),
            Action::Back => return Transition::Close,
            Action::Open if self.fix().is_none() => shared.say("There is no fix to open."),
            Action::Open if self.part == Part::Fix => part(self, Part::Summary),
            Action::Open => part(self, Part::Fix),
            Action::Diff if self.part == Part::Diff => part(self, Part::Fix),
            Action::Diff if self.diff(shared).is_none() => {
                shared.say("Its fix cannot be shown line by line; enter shows all of it.");
            }
            Action::Diff => {
                part(self, Part::Diff);
                // A long policy opens where it changes.
                let lines = self.diff(shared).unwrap_or_default();
                let first = lines.iter().position(|line| !matches!(line, DiffLine::Kept(_))).unwrap_or(0);
                self.scroll = first.saturating_sub(CONTEXT);
                let (text, above) = (self.text(shared), self.above());
                reading::keep_in(&mut self.scroll, &text, above, shared);
            }
            Action::Rule => match shared.options.rules.find(self.finding.rule()) {
                Some(rule) => return Transition::Open(Screen::rule(rule)),
                None => shared.say(&format!(
                    "It comes from the check {0}: `dynaudit explain {0}` tells more.",
                    self.finding.rule()
                )),
            },
            Action::NextMarked | Action::PreviousMarked => {
                match self.further(shared, action == Action::NextMarked) {
                    Some(finding) => {
                        shared.here = shared.place_of(&finding.table).unwrap_or(shared.here);
                        *self = Self::new(finding, std::mem::take(&mut self.beside));
                        self.settle(shared);
                    }
                    None if self.beside.is_empty() => {
                        shared.say("It was not opened from a list of findings.")
                    }
                    None => shared.say("There is no further one in the list."),
                }
            }
            Action::Elsewhere => return super::findings::elsewhere(shared, &self.finding.clone()),
            Action::Accept => return super::accepted::accept(shared, vec![self.finding.clone()]),
            Action::ToItem => match &self.finding.origin {
                Origin::Secret(flagged) => {
                    let table = self.finding.table.clone();
                    return Transition::Open(Screen::items_of_finding(table, flagged));
                }
                Origin::Posture(_) => shared.say("It is about a setting: f shows the findings of the table."),
            },
            Action::NextFlavour => self.step(1),
            Action::PreviousFlavour => self.step(-1),
            Action::Runbook => {
                let copy = hand_over(shared, &[&self.finding]);
                shared.effects.push(Effect::Copy(copy));
            }
            Action::Copy | Action::Save => match self.fix() {
                None => shared.complain("There is no fix to copy."),
                Some(fix) => {
                    let what = format!("the {} fix", fix.flavour.title());
                    let copy = Copy { what, text: Safe::block(&fix.text) };
                    // Fixes of several findings lie side by side.
                    let name = format!("{}-{}", self.finding.short_id(), fix.file_name);
                    shared.effects.push(match action {
                        Action::Copy => Effect::Copy(copy),
                        _ => Effect::Save(name, copy),
                    });
                    shared.copied_fixes.insert(self.finding.id.clone());
                }
            },
            _ => {}
        }
        Transition::Stay
    }

    fn offers(&self, shared: &Shared, action: Action) -> bool {
        match action {
            Action::Copy | Action::Open | Action::Save => self.fix().is_some(),
            Action::NextMarked | Action::PreviousMarked => self.beside.len() > 1,
            Action::ToItem | Action::Elsewhere => matches!(self.finding.origin, Origin::Secret(_)),
            Action::NextFlavour => self.fixes.len() > 1,
            Action::Diff => self.fix().is_some() && self.has_changes,
            Action::Rule => shared.options.rules.find(self.finding.rule()).is_some(),
            _ => true,
        }
    }

    fn draw(&self, shared: &Shared, buf: &mut Buffer, area: Rect) {
        // What language it is stays in sight: of the page, once it is scrolled beyond the line that says it.
        let of_page = || {
            let mut above = brief(&self.finding, shared);
            above.push(Block::Gap);
            height(&above, shared.size.0.saturating_sub(2))
        };
        let is_page = self.part == Part::Summary;
        if is_page && self.scroll <= of_page() {
            return reading::draw(&self.text(shared), self.scroll, shared, buf, area);
        }
        let line = Rect { height: area.height.min(1), ..area };
        reading::draw(&[self.heading(shared.size.0)], 0, shared, buf, line);
        let below = Rect { y: area.y + line.height, height: area.height - line.height, ..area };
        let scroll = self.scroll + usize::from(is_page);
        reading::draw(&self.text(shared), scroll, shared, buf, below);
    }
}
