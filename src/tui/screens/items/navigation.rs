//! The cursor over rows and columns: searching, sorting, filtering, arranging.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::columns::ColumnChange;
use super::sort_filter::{Only, Sort};
use super::{ColumnLayout, ItemsScreen, Panel, Progress, Subject, What, copying};
use crate::domain::{JsonForm, Safe, Screened};
use crate::tui::model::Shared;
use crate::tui::widgets::{Filter, List, Menu, Needle};
use crate::tui::{Action, Copy, Effect, fuzzy, layout, text};

/// Nothing was arranged.
static AS_IT_IS: ColumnLayout = ColumnLayout {
    order: Vec::new(),
    widths: BTreeMap::new(),
    hidden: std::collections::BTreeSet::new(),
    pinned: BTreeMap::new(),
};

impl ItemsScreen {
    /// How the columns of this table were arranged.
    pub(super) fn layout<'a>(&self, shared: &'a Shared) -> &'a ColumnLayout {
        shared.columns.get(&self.table).unwrap_or(&AS_IT_IS)
    }

    /// The names of the key, that of the index first.
    fn key_names(&self, shared: &Shared) -> Vec<String> {
        let Some(description) = self.description(shared) else { return Vec::new() };
        let index = description.indexes.iter().find(|i| Some(&i.name) == self.index.as_ref());
        let index = index.into_iter().flat_map(|i| i.keys()).map(|a| a.name.as_str());
        index.chain(description.key.names()).map(str::to_owned).collect()
    }

    /// Puts the columns in order again; the cursor stays on its column.
    pub(super) fn relayout(&mut self, shared: &Shared) {
        let selected = self.column_name();
        let key = self.key_names(shared);
        self.columns.arrange(&key, self.layout(shared));
        if let Some(n) = selected.and_then(|name| self.columns.position(&name)) {
            self.column = n;
        }
        self.follow(shared);
    }

    /// Brings the column under the cursor on screen.
    pub(super) fn follow(&mut self, shared: &Shared) {
        self.column = self.column.min(self.columns.shown.len().saturating_sub(1));
        let (layout, width) = (self.layout(shared), shared.size.0);
        self.first_column = self.columns.scroll(self.first_column, self.column, layout, width);
    }

    pub(super) fn column_name(&self) -> Option<String> {
        self.columns.shown(self.column).map(|c| c.name.clone())
    }

    /// Where the column under the cursor is among all, hidden ones included.
    pub(super) fn column_in_order(&self) -> usize {
        let at = self.columns.shown.get(self.column);
        at.and_then(|n| self.columns.order.iter().position(|m| m == n)).unwrap_or(0)
    }

    pub(super) fn change(&mut self, shared: &mut Shared, change: ColumnChange) {
        if let Some(name) = self.column_name() {
            self.change_column(shared, &name, change);
        }
    }

    fn change_column(&mut self, shared: &mut Shared, name: &str, change: ColumnChange) {
        if change == ColumnChange::Hide
            && self.columns.shown.len() == 1
            && self.columns.position(name).is_some()
        {
            return shared.say("The last column cannot be hidden.");
        }
        let width = shared.size.0;
        let layout = shared.columns.entry(self.table.clone()).or_default();
        self.columns.change(name, change, layout, width);
        self.relayout(shared);
        if change == ColumnChange::Hide && self.panel.is_none() {
            shared.say(&format!("Column {} is hidden; c shows all columns.", Safe::neutral(name)));
        }
    }

    /// Sorts by an attribute: up, down, not at all.
    pub(super) fn sort(&mut self, shared: &mut Shared, name: String) {
        let next = match &self.arranged.sort {
            Some(sort) if sort.name == name && sort.down => None,
            Some(sort) if sort.name == name => Some(Sort { name, down: true }),
            _ => Some(Sort { name, down: false }),
        };
        self.arranged.sort = next;
        self.rearrange(shared, None);
    }

    /// Orders and filters what is held afresh, and puts the cursor on a row; without one, to the top.
    pub(super) fn rearrange(&mut self, shared: &Shared, selected: Option<usize>) {
        self.masked = shared.options.mask_all;
        self.arranged.rebuild(self.held.iter(), self.masked);
        self.list.cursor = 0;
        self.select(selected);
        if self.progress == Progress::Full {
            self.resume();
        }
        self.list.clamp(self.len(), self.rows_on_screen(shared));
        if !self.arranged.is_active() {
            self.held.shrink(self.around(shared));
        }
    }

    /// Puts the cursor on a row.
    pub(super) fn select(&mut self, row: Option<usize>) {
        let Some(row) = row else { return };
        if let Some(line) = if self.arranged.is_active() { self.arranged.line(row) } else { Some(row) } {
            self.list.cursor = line;
        }
    }

    /// Where reading stands when nothing is in its way.
    pub(super) fn resume(&mut self) {
        if self.progress == Progress::Barren {
            self.barren = 0;
        }
        self.progress = if self.first || self.next.is_some() { Progress::More } else { Progress::Whole };
    }

    /// The cursor moved; `on` if it was to go beyond the last line.
    pub(super) fn moved(&mut self, shared: &mut Shared, on: bool) {
        if self.held.is_empty() {
            return;
        }
        let stands = matches!(self.progress, Progress::Stopped(_) | Progress::Halted | Progress::Barren);
        let missing = !self.arranged.is_active() && self.item(self.list.cursor).is_none();
        if stands && (on || missing) {
            self.resume();
        }
        if on && self.progress == Progress::More {
            self.more(shared);
        }
    }

    /// The nearest line that matches the search or, without one, has a finding; and the attribute it is in, where that
    /// is known.
    fn nearest(&self, shared: &Shared, forward: bool, from: usize) -> Option<(usize, Option<String>)> {
        let mask_all = shared.options.mask_all;
        let searching = !self.needle.is_empty();
        let hit = |item: &Screened| -> Option<Option<String>> {
            if searching {
                item.find(self.needle.lower(), mask_all).map(|name| Some(name.to_owned()))
            } else {
                item.worst().map(|_| None)
            }
        };
        let lines: Vec<(usize, &Arc<Screened>)> = if self.arranged.is_active() {
            (0..self.len()).filter_map(|line| Some((line, self.item(line)?))).collect()
        } else {
            self.held.iter().collect()
        };
        if forward {
            lines.iter().filter(|(line, _)| *line >= from).find_map(|(line, item)| Some((*line, hit(item)?)))
        } else {
            lines
                .iter()
                .rev()
                .filter(|(line, _)| *line < from)
                .find_map(|(line, item)| Some((*line, hit(item)?)))
        }
    }

    fn go_to(&mut self, shared: &Shared, (line, name): (usize, Option<String>)) {
        self.list.cursor = line;
        if let Some(n) = name.and_then(|name| self.columns.position(&name)) {
            self.column = n;
        }
        let rows = self.rows_on_screen(shared);
        self.list.clamp(self.len(), rows);
    }

    /// To the next or the previous line that matches the search or, without one, has a finding.
    pub(super) fn hunt(&mut self, shared: &mut Shared, forward: bool, from: usize) {
        if let Some(found) = self.nearest(shared, forward, from) {
            return self.go_to(shared, found);
        }
        let held = text::count(self.held.rows() as u64);
        let way = if forward { "below" } else { "above" };
        shared.say(&if self.needle.is_empty() {
            format!("No further item with a finding {way} among the {held} items loaded.")
        } else {
            format!("No match {way} among the {held} items loaded. Esc ends the search.")
        });
    }

    /// The search as far as it is typed: the cursor goes to the first match from where it began, or back there.
    pub(super) fn hunt_so_far(&mut self, shared: &Shared) {
        let Some(search) = &mut self.search else { return };
        let needle = Needle::of(&search.prompt, &shared.options.redactor);
        // What is not there is not there with more behind it either.
        let missing = search.missing.as_ref().is_some_and(|m| needle.lower().contains(m.lower()));
        let from = search.from;
        self.needle = needle;
        let found = match missing || self.needle.is_empty() {
            true => None,
            false => self.nearest(shared, true, from.0),
        };
        if let Some(search) = &mut self.search
            && !missing
        {
            search.missing = (found.is_none() && !self.needle.is_empty()).then(|| self.needle.clone());
        }
        match found {
            Some(found) => self.go_to(shared, found),
            None => self.return_to(shared, from),
        }
    }

    /// Back to a line and a column.
    pub(super) fn return_to(&mut self, shared: &Shared, (line, column): (usize, usize)) {
        (self.list.cursor, self.column) = (line, column);
        let rows = self.rows_on_screen(shared);
        self.list.clamp(self.len(), rows);
    }

    /// What can be filtered by, with how many items held pass.
    pub(super) fn choices(&self, shared: &Shared) -> Menu<Option<Only>> {
        let mask_all = shared.options.mask_all;
        let mut choices = vec![(None, self.held.rows()), (Some(Only::Finding), 0)];
        let mut rules: BTreeMap<Arc<str>, (Safe, usize)> = BTreeMap::new();
        let column = self.columns.shown(self.column);
        for (_, item) in self.held.iter().filter(|(_, item)| item.worst().is_some()) {
            choices[1].1 += 1;
            let mut seen: Vec<&Arc<str>> = Vec::new();
            for sighting in item.sightings() {
                if !seen.contains(&&sighting.rule) {
                    seen.push(&sighting.rule);
                    let rule = rules.entry(Arc::clone(&sighting.rule));
                    rule.or_insert_with(|| (Safe::neutral(&sighting.title), 0)).1 += 1;
                }
            }
        }
        choices.extend(rules.into_iter().map(|(rule, (title, n))| (Some(Only::Rule(rule, title)), n)));
        if let Some(column) = column {
            for (kind, _) in column.types() {
                let only = Only::Kind(column.name.clone(), kind);
                let count = self.held.iter().filter(|(_, item)| only.allows(item, mask_all)).count();
                choices.push((Some(only), count));
            }
            if let Some(item) = self.item(self.list.cursor)
                && item.cell(&column.name, 1, mask_all).is_some_and(|cell| cell.worst.is_none() && !mask_all)
                && let Some(value) = item.sort_key(&column.name, mask_all)
            {
                let only = Only::Value(column.name.clone(), value);
                let count = self.held.iter().filter(|(_, item)| only.allows(item, mask_all)).count();
                choices.insert(2, (Some(only), count));
            }
        }
        let words = |only: &Option<Only>, n: usize| match only {
            None => format!("every item ({})", text::count(n as u64)),
            Some(only) => format!("{} ({})", only.words(), text::count(n as u64)),
        };
        Menu::new(
            "Show only, of the items loaded",
            choices.into_iter().map(|(o, n)| (words(&o, n), o)).collect(),
        )
    }

    /// Writes the items that are shown into a file, as masked as they are on the screen: those held that pass the
    /// filter, in their order, one a line.
    pub(super) fn save(&self, shared: &mut Shared, form: JsonForm) {
        let mask_all = shared.options.mask_all;
        let mut lines = String::new();
        let mut count = 0;
        for item in (0..self.len()).filter_map(|line| self.item(line)) {
            lines.push_str(&item.json_line(form, mask_all));
            lines.push('\n');
            count += 1;
        }
        if count == 0 {
            return shared.say("No items shown.");
        }
        let all = match self.len() as u64 {
            len if len > count => format!(" of the {} read, those loaded", text::count(len)),
            _ => String::new(),
        };
        let what = format!("{} items{all}, one a line,", text::count(count));
        let name = format!("dynaudit-items-{}.jsonl", shared.now.as_microsecond());
        shared.effects.push(Effect::Save(name, Copy { what, text: Safe::block(&lines) }));
    }

    pub(super) fn copy(&self, shared: &mut Shared, what: What) {
        if let What::Shown(form) = what {
            return self.save(shared, form);
        }
        let Some(item) = self.item(self.list.cursor) else { return };
        let path = self.columns.shown(self.column).and_then(|c| item.path_of(&c.name));
        let key = self.description(shared).map(|d| d.key.clone());
        let subject = Subject { table: &self.table, item, key: key.as_ref(), path };
        copying::copy(shared, &subject, what);
    }

    /// An action on what lies over the grid; false if it is none of its own.
    pub(super) fn act_on_panel(&mut self, shared: &mut Shared, action: Action) -> bool {
        if action == Action::Back {
            match &mut self.panel {
                Some(Panel::Columns(listed)) if listed.filter.is_on() => listed.filter.clear(),
                _ => self.panel = None,
            }
            return true;
        }
        let body = usize::from(layout::parts(0, shared.size.1).body.height);
        match &mut self.panel {
            Some(Panel::Columns(listed)) if action == Action::Filter => {
                listed.filter.open();
                true
            }
            Some(Panel::Columns(listed)) => {
                let mut list = listed.list;
                let known = self.act_on_columns(shared, action, &mut list, body.saturating_sub(2).max(1));
                if let Some(Panel::Columns(listed)) = &mut self.panel {
                    listed.list = list;
                }
                known
            }
            Some(Panel::Copy(menu)) if action == Action::Open => {
                let what = menu.chosen().copied();
                self.panel = None;
                if let Some(what) = what {
                    self.copy(shared, what);
                }
                true
            }
            Some(Panel::Copy(menu)) => {
                menu.act(action, body);
                true
            }
            Some(Panel::Only(menu)) if action == Action::Open => {
                self.arranged.only = menu.chosen().cloned().flatten();
                self.panel = None;
                self.rearrange(shared, None);
                true
            }
            Some(Panel::Only(menu)) => {
                menu.act(action, body);
                true
            }
            None => false,
        }
    }

    /// The columns that are listed, by their positions among all: those that the filter lets through, the best match
    /// first.
    pub(super) fn listed(&self, filter: &Filter) -> Vec<usize> {
        let titles = self.columns.order.iter().map(|n| self.columns.get(*n).title.as_str());
        fuzzy::rank(filter.text(), titles).into_iter().map(|n| self.columns.order[n]).collect()
    }

    fn act_on_columns(&mut self, shared: &mut Shared, action: Action, list: &mut List, rows: usize) -> bool {
        let listed = |state: &Self| match &state.panel {
            Some(Panel::Columns(panel)) => state.listed(&panel.filter),
            _ => Vec::new(),
        };
        let shown = listed(self);
        if list.act(action, shown.len(), rows) {
            return true;
        }
        let Some(name) = shown.get(list.cursor).map(|n| self.columns.get(*n).name.clone()) else {
            return true;
        };
        let change = match action {
            Action::HideColumn => ColumnChange::Hide,
            Action::PinColumn => ColumnChange::Pin,
            Action::MoveLeft => ColumnChange::Move(-1),
            Action::MoveRight => ColumnChange::Move(1),
            Action::Widen => ColumnChange::Resize(4),
            Action::Narrow => ColumnChange::Resize(-4),
            Action::Sort => {
                self.sort(shared, name);
                return true;
            }
            Action::Open => {
                match self.columns.position(&name) {
                    Some(n) => (self.column, self.panel) = (n, None),
                    None => shared.say("This column is hidden; space shows it."),
                }
                return true;
            }
            _ => return false,
        };
        self.change_column(shared, &name, change);
        // The cursor goes with the column.
        let shown = listed(self);
        list.cursor = shown.iter().position(|n| self.columns.get(*n).name == name).unwrap_or(list.cursor);
        list.clamp(shown.len(), rows);
        true
    }
}
