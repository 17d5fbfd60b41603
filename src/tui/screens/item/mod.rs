//! One item as a foldable tree. A value can be shown in clear, one at a time and for a few seconds.

mod pages;
mod when;

use std::collections::HashSet;
use std::sync::Arc;

use jiff::Timestamp;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use super::access_key;
use super::copying::{self, Subject, What};
use super::{Screen, Transition, View};
use crate::detect::{CUT, NOT_INSPECTED};
use crate::domain::{
    AccessKeyId, AttributePath, Finding, KeySchema, Node, Rcu, Safe, Screened, Sighting, TableRef,
    Uninspected,
};
use crate::tui::keymap::Context;
use crate::tui::model::Shared;
use crate::tui::theme::{Role, glyph};
use crate::tui::widgets::{Block, Col, Grid, List, Menu, Needle, Prompt, Rows, blocks, fit, grid};
use crate::tui::{Action, Effect, layout, text};
use pages::{Form, Pages};

/// How long a value stays in clear.
pub const REVEALED_SECONDS: i64 = 10;

/// A value is cut here in the tree.
const WIDEST: usize = 400;

/// The item, what is folded, what is in clear.
pub struct ItemScreen {
    table: TableRef,
    item: Arc<Screened>,
    key: Option<KeySchema>,
    nodes: Vec<Node>,
    /// With which setting of mask-everything the nodes were made.
    masked: bool,
    folded: HashSet<AttributePath>,
    /// Positions of the nodes on screen.
    shown: Vec<usize>,
    list: List,
    form: Form,
    /// The item as JSON, and how far it is scrolled.
    pages: Pages,
    scroll: List,
    menu: Option<Menu<What>>,
    /// The search, while it is typed.
    search: Option<Prompt>,
    /// What was searched for, in lower case; empty for nothing.
    needle: Needle,
    revealed: Option<(AttributePath, Timestamp)>,
    /// Which of how many items of the list it was opened from.
    number: Option<(usize, usize)>,
}

impl ItemScreen {
    pub(super) fn new(table: TableRef, item: Arc<Screened>, key: Option<KeySchema>, masked: bool) -> Self {
        let item = Arc::new(item.opened());
        let nodes = item.tree(WIDEST, masked);
        // What is inside an encoding is folded, unless something was seen in it.
        let quiet = nodes.iter().filter(|n| n.opens && n.sightings.is_empty());
        let folded = quiet.map(|n| n.path.clone()).collect();
        let mut state = Self {
            table,
            item,
            key,
            nodes,
            masked,
            folded,
            shown: Vec::new(),
            list: List::default(),
            form: Form::Tree,
            pages: Pages::default(),
            scroll: List::default(),
            menu: None,
            search: None,
            needle: Needle::default(),
            revealed: None,
            number: None,
        };
        state.refold();
        // Start at the first thing that was seen, which is what one came for.
        state.list.cursor =
            state.shown.iter().position(|n| !state.nodes[*n].sightings.is_empty()).unwrap_or(0);
        state
    }

    /// The same, opened from a list as one of its items, counted from 1.
    #[must_use]
    pub(super) fn numbered(mut self, at: usize, of: usize) -> Self {
        self.number = Some((at, of));
        self
    }

    /// Is shown the way another item was: the same form, the cursor on the same attribute, the same search.
    pub(super) fn continues(&mut self, other: &Self) {
        self.needle.clone_from(&other.needle);
        self.form = match &other.form {
            Form::Value(path) if self.item.value(path, true).is_none() => Form::Tree,
            form => form.clone(),
        };
        let Some(path) = other.selected().map(|n| &n.path) else { return };
        // Something seen in this item comes first, as it does when an item is opened.
        if self.nodes.iter().all(|n| n.sightings.is_empty())
            && let Some(at) = self.shown.iter().position(|n| self.nodes[*n].path == *path)
        {
            self.list.cursor = at;
        }
    }

    fn refold(&mut self) {
        self.shown.clear();
        let mut hide_below = None;
        for (n, node) in self.nodes.iter().enumerate() {
            match hide_below {
                Some(depth) if node.depth > depth => continue,
                _ => hide_below = None,
            }
            self.shown.push(n);
            if self.folded.contains(&node.path) {
                hide_below = Some(node.depth);
            }
        }
    }

    fn selected(&self) -> Option<&Node> {
        self.shown.get(self.list.cursor).map(|n| &self.nodes[*n])
    }

    /// The access key that is selected; on its secret, or anywhere else, the one that the item holds.
    fn access_key(&self) -> Option<(&Sighting, AccessKeyId)> {
        let key = |seen| self.item.access_key(seen).map(|id| (seen, id));
        let here = self.selected().into_iter().flat_map(|n| &n.sightings).map(|n| &self.item.sightings()[*n]);
        here.chain(self.item.sightings()).find_map(key)
    }

    fn fold(&mut self, shut: Option<bool>) {
        let Some(node) = self.selected() else { return };
        if node.members == 0 && !node.opens {
            return;
        }
        let path = node.path.clone();
        let shut = shut.unwrap_or(!self.folded.contains(&path));
        if shut {
            self.folded.insert(path)
        } else {
            self.folded.remove(&path)
        };
        self.refold();
    }

    fn copy(&self, shared: &mut Shared, what: What) {
        let path = self.selected().map(|n| n.path.clone());
        let subject = Subject { table: &self.table, item: &self.item, key: self.key.as_ref(), path };
        copying::copy(shared, &subject, what);
    }

    /// The time a number stands for.
    fn time(&self, shared: &Shared, node: &Node) -> Option<(Timestamp, bool)> {
        if node.kind != "N" {
            return None;
        }
        let ttl = shared.audit(&self.table).and_then(|t| t.facts.time_to_live.known()?.attribute.clone());
        let ttl = node.depth == 0 && ttl.as_deref() == node.path.root();
        when::time(&node.name, &node.value, ttl).map(|at| (at, ttl))
    }

    /// Whether a line of the tree shows what is searched for.
    fn matches(&self, node: &Node, mask_all: bool) -> bool {
        let holds = |text: &str| text.to_lowercase().contains(self.needle.lower());
        // What the tree cuts off is searched as well.
        let whole = || self.item.value(&node.path, mask_all).is_some_and(|v| holds(&v));
        holds(&node.name) || holds(&node.value) || node.members == 0 && node.value.ends_with('…') && whole()
    }

    /// To the next or the previous match or, without a search, the next value with something seen in it.
    fn hunt(&mut self, shared: &mut Shared, forward: bool, here: bool) {
        let mask_all = shared.options.mask_all;
        let searching = !self.needle.is_empty();
        if self.form != Form::Tree {
            let hit = |n: &usize| self.pages.lines[*n].to_lowercase().contains(self.needle.lower());
            let at = self.scroll.cursor;
            let found = match forward {
                _ if !searching => {
                    return shared.say("/ searches; v shows the tree, where n goes to what was found.");
                }
                true => (at + usize::from(!here)..self.pages.lines.len()).find(hit),
                false => (0..at).rev().find(hit),
            };
            match found {
                Some(line) => self.scroll.cursor = line,
                None => shared.say("No further match."),
            }
            return;
        }
        let at = self.shown.get(self.list.cursor).copied().unwrap_or(0);
        let hit = |n: &usize| match searching {
            true => self.matches(&self.nodes[*n], mask_all),
            false => !self.nodes[*n].sightings.is_empty(),
        };
        let found = match forward {
            true => (at + usize::from(!here)..self.nodes.len()).find(hit),
            false => (0..at).rev().find(hit),
        };
        let Some(found) = found else {
            return shared.say(if searching {
                "No further match."
            } else {
                "No further value with a finding."
            });
        };
        let path = self.nodes[found].path.clone();
        // What it is folded in opens.
        self.folded.retain(|f| *f == path || !path.steps().starts_with(f.steps()));
        self.refold();
        self.list.cursor = self.shown.iter().position(|n| *n == found).unwrap_or(self.list.cursor);
    }

    /// Lines of JSON on screen.
    fn page_rows(&self, shared: &Shared) -> usize {
        let body = usize::from(layout::parts(0, shared.size.1).body.height);
        body.saturating_sub(1 + usize::from(self.search.is_some())).max(1)
    }

    /// Rows of the tree; the rest of the body tells about the selected value.
    fn tree_rows(height: u16) -> u16 {
        let body = layout::parts(0, height).body.height;
        body - Self::pane(body)
    }

    fn pane(body: u16) -> u16 {
        if body >= 16 { 8 } else { body / 3 }
    }

    fn reveal(&mut self, shared: &mut Shared) {
        if !shared.options.reveal {
            return shared
                .complain("Values are never shown in clear in this session (--no-reveal, --plain).");
        }
        let Some(node) = self.selected() else { return };
        if node.members > 0 {
            return shared.say("Unfold it and choose one value to reveal.");
        }
        if self.revealed.as_ref().is_some_and(|(path, _)| *path == node.path) {
            self.revealed = None;
            return;
        }
        let until = shared.after(REVEALED_SECONDS);
        self.revealed = Some((node.path.clone(), until));
        shared.effects.push(Effect::WakeAt(until));
    }
}

impl View for ItemScreen {
    fn context(&self) -> Context {
        if self.menu.is_some() { Context::Menu } else { Context::Item }
    }

    fn title(&self, shared: &Shared) -> String {
        let key = self.key.as_ref().map(|schema| {
            let parts: Vec<String> = schema
                .names()
                .filter_map(|n| self.item.cell(n, 40, shared.options.mask_all))
                .map(|c| c.text.to_string())
                .collect();
            format!(" › {}", parts.join(" / "))
        });
        let searched =
            if self.needle.is_empty() { String::new() } else { format!("   {}", self.needle.told()) };
        let form = self.form.word();
        let whole = match &self.form {
            Form::Value(path) => format!(" › {}", Safe::neutral(&path.to_string())),
            _ => String::new(),
        };
        format!("{} › {form}{}{whole}{searched}", Safe::neutral(&self.table.name), key.unwrap_or_default())
    }

    fn table(&self) -> Option<&TableRef> {
        Some(&self.table)
    }

    fn list(&self, body: u16) -> Option<Rows> {
        let above = 1 + u16::from(self.search.is_some());
        let below = Self::pane(body.saturating_sub(above - 1));
        let tree = self.menu.is_none() && self.form == Form::Tree;
        tree.then_some(Rows { list: self.list, above, below, len: self.shown.len() })
    }

    fn act(&mut self, shared: &mut Shared, action: Action) -> Transition {
        if let Some(menu) = &mut self.menu {
            let chosen = menu.chosen().copied();
            match action {
                Action::Back => self.menu = None,
                Action::Open => {
                    self.menu = None;
                    if let Some(what) = chosen {
                        self.copy(shared, what);
                    }
                }
                other => menu.act(other, usize::from(layout::parts(0, shared.size.1).body.height)),
            }
            return Transition::Stay;
        }
        if self.form != Form::Tree && self.scroll.act(action, self.pages.lines.len(), self.page_rows(shared))
        {
            return Transition::Stay;
        }
        let rows = usize::from(Self::tree_rows(shared.size.1).saturating_sub(1)).max(1);
        if self.form == Form::Tree && self.list.act(action, self.shown.len(), rows) {
            return Transition::Stay;
        }
        match action {
            Action::Back if !self.needle.is_empty() => self.needle.clear(),
            Action::Back if matches!(self.form, Form::Value(_)) => self.form = Form::Tree,
            Action::Back => return Transition::Close,
            Action::NextItem => return Transition::Beside(Action::Down),
            Action::PreviousItem => return Transition::Beside(Action::Up),
            Action::NextMarked => self.hunt(shared, true, false),
            Action::PreviousMarked => self.hunt(shared, false, false),
            Action::Search => self.search = Some(Prompt::new("/")),
            Action::CopyMenu => self.menu = Some(copying::menu(false)),
            Action::NextView => {
                (self.form, self.scroll, self.revealed) = (self.form.next(), List::default(), None);
            }
            Action::Copy => match self.form {
                Form::Tree | Form::Value(_) => self.copy(shared, What::Value),
                Form::Json(form) => self.copy(shared, What::Item(form)),
            },
            // What follows is about one value of the tree.
            _ if self.form != Form::Tree => {}
            Action::Fold => self.fold(None),
            Action::Left => self.fold(Some(true)),
            Action::Right => self.fold(Some(false)),
            Action::Reveal => self.reveal(shared),
            Action::Follow => {
                let Some(node) = self.selected() else { return Transition::Stay };
                return super::follow::from(shared, &self.table, &self.item, &node.path);
            }
            Action::Rule => {
                let seen = self
                    .selected()
                    .into_iter()
                    .flat_map(|n| &n.sightings)
                    .map(|n| &self.item.sightings()[*n]);
                let seen = seen.max_by_key(|s| s.severity).map(|s| &*s.rule);
                // What hides the value is true of the item, not of a value in it.
                let hidden = self.item.uninspected();
                let whole = [(hidden.failed, NOT_INSPECTED), (hidden.cut, CUT)];
                let whole = whole.into_iter().find_map(|(n, rule)| (n > 0).then_some(rule));
                match seen.or(whole).and_then(|rule| shared.options.rules.find(rule)) {
                    Some(rule) => return Transition::Open(Screen::rule(rule)),
                    None => shared.say("No finding in this value."),
                }
            }
            Action::AccessKey => match self.access_key() {
                Some((seen, id)) => {
                    return Transition::Open(Screen::AccessKey(access_key::AccessKeyScreen::new(
                        &self.table,
                        seen,
                        id,
                    )));
                }
                None => shared.say("No AWS access key here."),
            },
            Action::Open => {
                let Some(node) = self.selected() else { return Transition::Stay };
                let Some(seen) = node.sightings.first().map(|n| &self.item.sightings()[*n]) else {
                    match node.members > 0 || node.opens {
                        true => self.fold(None),
                        false => (self.form, self.scroll) = (Form::Value(node.path.clone()), List::default()),
                    }
                    return Transition::Stay;
                };
                let path = seen.path.general();
                let is_it = |f: &&Finding| f.rule() == &*seen.rule && f.path() == Some(&path);
                let found = shared.engine.findings().of_table(&self.table).find(is_it).cloned();
                match found {
                    Some(finding) => return Transition::Open(Screen::finding(finding)),
                    None => shared.say("The confidence is too low for a finding."),
                }
            }
            _ => {}
        }
        Transition::Stay
    }

    fn prompt(&mut self) -> Option<&mut Prompt> {
        self.search.as_mut()
    }

    fn escaped(&mut self, _: &mut Shared) -> Transition {
        self.search = None;
        Transition::Stay
    }

    fn entered(&mut self, shared: &mut Shared) -> Transition {
        if let Some(search) = self.search.take() {
            self.needle = Needle::of(&search, &shared.options.redactor);
            if !self.needle.is_empty() {
                self.hunt(shared, true, true);
            }
        }
        Transition::Stay
    }

    fn settle(&mut self, shared: &mut Shared) {
        if self.form != Form::Tree {
            let width = usize::from(shared.size.0).saturating_sub(4);
            self.pages.make(&self.item, &self.form, width, shared.options.mask_all);
            self.scroll.clamp(self.pages.lines.len(), self.page_rows(shared));
        }
        if self.revealed.as_ref().is_some_and(|(_, until)| *until <= shared.now) {
            self.revealed = None;
        }
        if self.masked != shared.options.mask_all {
            self.masked = shared.options.mask_all;
            self.nodes = self.item.tree(WIDEST, self.masked);
            self.revealed = None;
            self.refold();
        }
        self.list
            .clamp(self.shown.len(), usize::from(Self::tree_rows(shared.size.1).saturating_sub(1)).max(1));
    }

    fn draw(&self, shared: &Shared, buf: &mut Buffer, area: Rect) {
        let theme = shared.options.theme;
        let mut rest = area;
        if let Some(search) = &self.search {
            search.draw(
                buf,
                Rect { x: area.x + 1, height: 1, width: area.width.saturating_sub(1), ..area },
                shared,
            );
            rest = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
        }
        match self.form {
            Form::Tree => self.draw_tree(shared, buf, rest),
            Form::Value(_) | Form::Json(_) => self.draw_pages(shared, buf, rest),
        }
        if let Some(menu) = &self.menu {
            menu.draw(buf, area, theme);
        }
    }
}

impl ItemScreen {
    /// Which of how many, and how large.
    fn told(&self) -> String {
        let size = self.item.size() as u64;
        let count = |n: usize| text::count(n as u64);
        let number = self.number.map(|(at, of)| format!("item {} of {}; ", count(at), count(of)));
        format!("{}{}, {} RCU to read", number.unwrap_or_default(), text::bytes(size), Rcu::eventual(size))
    }

    /// The title of the values, with as much of which of how many and how large as there is room for.
    fn value_title(&self, width: u16) -> String {
        let size = text::bytes(self.item.size() as u64);
        let number = self.number.map(|(at, of)| format!("{at}/{of}; ")).unwrap_or_default();
        let forms = [
            format!("Value  ({})", self.told()),
            format!("Value ({number}{size})"),
            format!("{number}{size}"),
        ];
        let fits = |form: &String| form.width() <= usize::from(width);
        forms.into_iter().find(fits).unwrap_or(size)
    }

    /// How large a value is, and how much that is of its item.
    fn sized(&self, path: &AttributePath) -> Option<String> {
        let (size, whole) = (self.item.size_of(path)?, self.item.size());
        let share = (size * 100).checked_div(whole).unwrap_or(0);
        Some(format!("{}, {share} % of the item", text::bytes(size as u64)))
    }

    fn draw_pages(&self, shared: &Shared, buf: &mut Buffer, area: Rect) {
        let masked = if self.item.sightings().is_empty() { "" } else { "; secrets are masked" };
        let title = match &self.form {
            Form::Value(path) => format!("{}; esc shows the item", self.sized(path).unwrap_or_default()),
            _ => format!("{}{masked}", self.told()),
        };
        let columns = [Col { title, width: area.width.saturating_sub(4), right: false }];
        let list = Grid { columns: &columns, list: self.scroll, len: self.pages.lines.len() };
        grid(
            buf,
            area,
            shared.options.theme,
            &list,
            |_| None,
            |row, _| {
                let line = &self.pages.lines[row];
                let role = if !self.needle.is_empty() && line.to_lowercase().contains(self.needle.lower()) {
                    Role::Accent
                } else {
                    Role::Plain
                };
                (line.clone(), role)
            },
        );
    }

    fn draw_tree(&self, shared: &Shared, buf: &mut Buffer, area: Rect) {
        let theme = shared.options.theme;
        let pane = Self::pane(area.height);
        let tree = Rect { height: area.height - pane, ..area };
        let name = self
            .nodes
            .iter()
            .map(|n| n.depth * 2 + 2 + n.name.width())
            .max()
            .unwrap_or(0)
            .clamp(9, usize::from(area.width) / 3);
        let width = area.width.saturating_sub(name as u16 + 10);
        let columns = [
            Col { title: "Attribute".into(), width: name as u16, right: false },
            Col { title: "Type".into(), width: 4, right: false },
            Col { title: self.value_title(width), width, right: false },
        ];
        grid(
            buf,
            tree,
            theme,
            &Grid { columns: &columns, list: self.list, len: self.shown.len() },
            |_| None,
            |row, col| {
                let node = &self.nodes[self.shown[row]];
                let worst = node.sightings.iter().map(|n| self.item.sightings()[*n].severity).max();
                let role = worst.map_or(Role::Plain, Role::Severity);
                match col {
                    0 => {
                        let sign = match (node.members > 0 || node.opens, self.folded.contains(&node.path)) {
                            (false, _) => " ",
                            (_, true) => "▸",
                            (_, false) => "▾",
                        };
                        (format!("{}{sign} {}", "  ".repeat(node.depth), node.name), Role::Plain)
                    }
                    1 => (node.kind.to_owned(), Role::Dim),
                    _ => match &self.revealed {
                        Some((path, _)) if *path == node.path => {
                            let clear = self.item.reveal(path);
                            let text = clear.as_ref().map_or("", |c| c.text());
                            (fit(text, usize::from(columns[2].width)), Role::Revealed)
                        }
                        _ => match worst {
                            Some(severity) => (format!("{} {}", glyph(severity), node.value), role),
                            None if node.value.is_empty() => ("‹empty›".into(), Role::Dim),
                            None => match self.time(shared, node) {
                                Some((at, _)) => (
                                    format!(
                                        "{}  {at}, {}",
                                        node.value,
                                        when::told(&node.name, at, shared.now)
                                    ),
                                    role,
                                ),
                                None => (node.value.to_string(), role),
                            },
                        },
                    },
                }
            },
        );
        let below = Rect { y: tree.bottom(), height: pane, ..area };
        self.draw_pane(shared, buf, below);
    }
}

/// What is to be said of an item that was not inspected to its end.
fn unseen(what: Uninspected) -> impl Iterator<Item = &'static str> {
    [
        (what.failed, "? This item could not be inspected, so all of it is masked."),
        (
            what.cut,
            "? Inspected in part only: too deep, too many secrets, or too much work. All of it is masked.",
        ),
        (
            what.not_opened,
            "? An encoded value of this item could not be fully decoded: it may hold anything.",
        ),
    ]
    .into_iter()
    .filter_map(|(n, told)| (n > 0).then_some(told))
}

impl ItemScreen {
    /// What is known of the selected value.
    fn draw_pane(&self, shared: &Shared, buf: &mut Buffer, area: Rect) {
        let theme = shared.options.theme;
        let rule: String = "─".repeat(usize::from(area.width));
        buf.set_string(area.x, area.y, rule, theme.style(Role::Dim));
        let area = Rect {
            x: area.x + 1,
            y: area.y + 1,
            width: area.width.saturating_sub(2),
            height: area.height.saturating_sub(1),
        };
        let Some(node) = self.selected() else { return };
        let mut out = Vec::new();
        if let Some((path, until)) = &self.revealed
            && *path == node.path
            && let Some(clear) = self.item.reveal(path)
        {
            out.push(Block::Text(clear.text().to_owned(), Role::Revealed));
            out.push(Block::Text(
                format!("In clear; hidden again {}. x hides it now.", text::relative(*until, shared.now)),
                Role::Unknown,
            ));
            return blocks(buf, area, theme, &out, 0);
        }
        let path = Safe::neutral(&node.path.to_string()).to_string();
        out.extend(unseen(self.item.uninspected()).map(|told| Block::Text(told.into(), Role::Unknown)));
        for n in &node.sightings {
            let seen = &self.item.sightings()[*n];
            out.push(Block::Text(
                format!(
                    "{} {} — {}, {} confidence",
                    glyph(seen.severity),
                    Safe::neutral(&seen.title),
                    seen.severity,
                    seen.confidence
                ),
                Role::Severity(seen.severity),
            ));
            out.push(Block::Item(
                "where".into(),
                Safe::neutral(&seen.path.to_string()).to_string(),
                Role::Plain,
            ));
            out.push(Block::Item("value".into(), seen.masked.to_string(), Role::Masked));
            if !seen.reasons.is_empty() {
                out.push(Block::Item(
                    "because".into(),
                    Safe::neutral(&seen.reasons.join("; ")).to_string(),
                    Role::Plain,
                ));
            }
            if let Some(at) = seen.expires {
                out.push(Block::Item(
                    "expires".into(),
                    format!("{at} ({})", text::relative(at, shared.now)),
                    Role::Plain,
                ));
            }
            if self.item.access_key(seen).is_some() {
                let key = shared.options.keymap.of(Context::Item, Action::AccessKey);
                let (said, role) = match shared.notes[shared.here.0].access_keys.get(&seen.fingerprint) {
                    Some(facts) => access_key::told(facts),
                    None => (format!("{key} asks who owns it, and whether it is active"), Role::Accent),
                };
                out.push(Block::Item("AWS".into(), said, role));
            }
            out.push(Block::Item("print".into(), seen.fingerprint.clone(), Role::Dim));
        }
        if out.is_empty() {
            out.push(Block::Item("path".into(), path, Role::Plain));
            if let Some((at, ttl)) = self.time(shared, node) {
                let ttl = match (ttl, at <= shared.now) {
                    (false, _) => "",
                    (true, false) => "; the table's TTL: DynamoDB deletes the item some days after",
                    (true, true) => "; the table's TTL is over: DynamoDB may delete the item any time",
                };
                out.push(Block::Item(
                    "time".into(),
                    format!("{at} ({}){ttl}", when::told(&node.name, at, shared.now)),
                    Role::Plain,
                ));
            }
            if let Some(size) = self.sized(&node.path) {
                out.push(Block::Item("size".into(), size, Role::Plain));
            }
            let lines = usize::from(area.height).saturating_sub(out.len());
            match self.item.dump(&node.path, lines, shared.options.mask_all) {
                Some(lines) => out.extend(lines.iter().map(|l| Block::Code(l.to_string()))),
                None => out.push(Block::Item("value".into(), node.value.to_string(), Role::Plain)),
            }
        }
        blocks(buf, area, theme, &out, 0);
    }
}
