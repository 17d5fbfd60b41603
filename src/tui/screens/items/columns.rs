//! The columns of a table: what was seen in them, kept up to date page by page, and how they are arranged.

use std::cmp::Reverse;
use std::collections::HashMap;

use crate::domain::{Safe, Screened};
use crate::tui::columns::ColumnLayout;
use crate::tui::widgets::cells;

/// A cell is at most this wide unless someone wants it wider: a number of 38 digits fits.
pub(super) const WIDEST: u16 = 40;

/// Wider than this and nothing else is on screen.
const RESIZED: std::ops::RangeInclusive<u16> = 3..=200;

/// A column is as wide as the widest of its first values.
const MEASURED: u64 = 100;

/// Maximum number of attributes that have a column: a hostile table may have one for every item.
const MOST: usize = 1000;

/// DynamoDB's names for types, in the order they are counted.
pub(super) const KINDS: [&str; 11] = ["S", "N", "B", "BOOL", "NULL", "SS", "NS", "BS", "M", "L", "?"];

/// One attribute and what was seen of it.
pub(super) struct ItemColumn {
    pub name: String,
    /// The name as it is shown.
    pub title: Safe,
    /// Items that have it.
    pub seen: u64,
    /// Items that have it, by type: see [`KINDS`].
    pub kinds: [u32; KINDS.len()],
    /// Columns of the terminal that its first values need.
    widest: u16,
}

impl ItemColumn {
    /// Whether all its values are numbers.
    pub fn is_number(&self) -> bool {
        u64::from(self.kinds[1]) == self.seen
    }

    /// Its types, the most frequent first, with how many items have each.
    pub fn types(&self) -> Vec<(&'static str, u32)> {
        let mut types: Vec<_> = KINDS.into_iter().zip(self.kinds).filter(|(_, n)| *n > 0).collect();
        types.sort_by_key(|(_, n)| Reverse(*n));
        types
    }
}

/// All columns.
#[derive(Default)]
pub(super) struct Columns {
    /// In the order they were first seen.
    all: Vec<ItemColumn>,
    at: HashMap<String, usize>,
    /// Items counted.
    pub items: u64,
    /// Whether there are attributes without a column.
    pub more: bool,
    /// All of them, as they are arranged.
    pub order: Vec<usize>,
    /// Those that are not hidden.
    pub shown: Vec<usize>,
    /// How many of these, from the left, stay on screen.
    pub pinned: usize,
}

impl Columns {
    /// Counts items in.
    pub fn count<'a>(&mut self, items: impl IntoIterator<Item = &'a Screened>) {
        for item in items {
            self.items += 1;
            for (name, kind) in item.kinds() {
                let n = match self.at.get(name) {
                    Some(n) => *n,
                    None if self.all.len() == MOST => {
                        self.more = true;
                        continue;
                    }
                    None => self.add(name),
                };
                let column = &mut self.all[n];
                column.seen += 1;
                column.kinds[KINDS.iter().position(|k| *k == kind).unwrap_or(KINDS.len() - 1)] += 1;
                if column.seen <= MEASURED
                    && let Some(cell) = item.cell(name, usize::from(WIDEST), false)
                {
                    let width = cells(&cell.text) as u16 + if cell.worst.is_some() { 2 } else { 0 };
                    column.widest = column.widest.max(width);
                }
            }
        }
    }

    fn add(&mut self, name: &str) -> usize {
        let title = Safe::neutral(name);
        self.at.insert(name.to_owned(), self.all.len());
        self.all.push(ItemColumn {
            name: name.to_owned(),
            title,
            seen: 0,
            kinds: [0; KINDS.len()],
            widest: 0,
        });
        self.all.len() - 1
    }

    /// Puts them in order: those that stay first, then as someone moved them, then the key, then by how many items
    /// have them.
    pub fn arrange(&mut self, key: &[String], layout: &ColumnLayout) {
        let place = |names: &[String], name: &str| names.iter().position(|n| n == name).unwrap_or(usize::MAX);
        let stays =
            |name: &str| layout.pinned.get(name).copied().unwrap_or_else(|| key.iter().any(|k| k == name));
        let mut order: Vec<usize> = (0..self.all.len()).collect();
        order.sort_by_cached_key(|n| {
            let column = &self.all[*n];
            let name = column.name.as_str();
            (!stays(name), place(&layout.order, name), place(key, name), Reverse(column.seen))
        });
        self.shown = order.iter().copied().filter(|n| !layout.hidden.contains(&self.all[*n].name)).collect();
        self.pinned = self.shown.iter().take_while(|n| stays(&self.all[**n].name)).count();
        self.order = order;
    }

    /// The column in a position among all.
    pub fn get(&self, n: usize) -> &ItemColumn {
        &self.all[n]
    }

    /// The `n`-th of those that are shown.
    pub fn shown(&self, n: usize) -> Option<&ItemColumn> {
        self.shown.get(n).map(|n| &self.all[*n])
    }

    /// Where a column is among those that are shown.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.shown.iter().position(|n| self.all[*n].name == name)
    }

    /// How wide the `n`-th of those that are shown is on a screen of this width.
    pub fn width(&self, n: usize, layout: &ColumnLayout, screen: u16) -> u16 {
        let column = &self.all[self.shown[n]];
        if let Some(width) = layout.widths.get(&column.name) {
            return (*width).clamp(*RESIZED.start(), *RESIZED.end());
        }
        let cap = if n < self.pinned { WIDEST.min(screen / 3).max(10) } else { WIDEST };
        // An arrow stands beside the title of the column that is sorted by.
        column.widest.max(cells(&column.title) as u16 + 1).clamp(3, cap)
    }

    /// What fits a screen of this width, with widths: those that stay, then from the `first` of the others on.
    pub fn fit(&self, first: usize, layout: &ColumnLayout, screen: u16) -> Vec<(usize, u16)> {
        let mut left = screen.saturating_sub(3);
        let mut out = Vec::new();
        for n in (0..self.pinned).chain(self.pinned + first..self.shown.len()) {
            if left < 4 {
                break;
            }
            let width = self.width(n, layout, screen).min(left);
            out.push((n, width));
            left = left.saturating_sub(width + 1);
        }
        out
    }

    /// From which of the others on the screen has to begin so that one column is wholly on it.
    pub fn scroll(&self, mut first: usize, to: usize, layout: &ColumnLayout, screen: u16) -> usize {
        let Some(to) = to.checked_sub(self.pinned) else { return first };
        first = first.min(to);
        let whole = |first| {
            let fits = self.fit(first, layout, screen);
            fits.iter().any(|(n, w)| *n == self.pinned + to && *w >= self.width(*n, layout, screen))
        };
        while first < to && !whole(first) {
            first += 1;
        }
        first
    }
}

/// What someone can do to a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ColumnChange {
    /// Hide it, or show it again.
    Hide,
    /// Let it stay on screen, or not.
    Pin,
    /// Wider by this many terminal columns.
    Resize(i16),
    /// One place to the left, or to the right.
    Move(isize),
}

impl Columns {
    /// Writes into a layout that one column was changed. `screen` is as wide as the terminal.
    pub fn change(&self, name: &str, change: ColumnChange, layout: &mut ColumnLayout, screen: u16) {
        match change {
            ColumnChange::Hide => {
                if !layout.hidden.remove(name) {
                    layout.hidden.insert(name.to_owned());
                }
            }
            ColumnChange::Pin => {
                let pinned = self.position(name).is_some_and(|n| n < self.pinned);
                layout.pinned.insert(name.to_owned(), !pinned);
            }
            ColumnChange::Resize(by) => {
                let Some(n) = self.position(name) else { return };
                let width = self.width(n, layout, screen).saturating_add_signed(by);
                layout.widths.insert(name.to_owned(), width.clamp(*RESIZED.start(), *RESIZED.end()));
            }
            ColumnChange::Move(by) => {
                let mut names: Vec<String> = self.order.iter().map(|n| self.all[*n].name.clone()).collect();
                let Some(from) = names.iter().position(|n| n == name) else { return };
                // Over what is hidden in one step.
                let mut to = from;
                loop {
                    match to.checked_add_signed(by).filter(|to| *to < names.len()) {
                        None => return,
                        Some(next) => to = next,
                    }
                    if !layout.hidden.contains(&names[to]) {
                        break;
                    }
                }
                let moved = names.remove(from);
                names.insert(to, moved);
                layout.order = names;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{AttributeValue, Item};

    fn columns(items: &[&[&str]], key: &[&str], layout: &ColumnLayout) -> (Columns, Vec<String>) {
        let mut columns = Columns::default();
        let items: Vec<Screened> = items
            .iter()
            .map(|names| {
                let value = |n: &&str| ((*n).to_owned(), AttributeValue::S("value".into()));
                Screened::new(Item::new(names.iter().map(value).collect()), Vec::new())
            })
            .collect();
        columns.count(&items);
        let key: Vec<String> = key.iter().map(|k| (*k).to_owned()).collect();
        columns.arrange(&key, layout);
        let shown = columns.shown.iter().map(|n| columns.get(*n).name.clone()).collect();
        (columns, shown)
    }

    const ITEMS: &[&[&str]] = &[&["a", "pk", "b"], &["b", "pk"], &["c", "b", "sk", "pk"]];

    #[track_caller]
    fn check(changes: &[(&str, ColumnChange)], expect: &[&str]) {
        let mut layout = ColumnLayout::default();
        for (name, change) in changes {
            let (columns, _) = columns(ITEMS, &["pk", "sk"], &layout);
            columns.change(name, *change, &mut layout, 80);
        }
        assert_eq!(columns(ITEMS, &["pk", "sk"], &layout).1, expect, "{changes:?}");
    }

    #[test]
    fn keys_come_first_then_what_is_frequent_then_what_someone_wants() {
        use ColumnChange::{Hide, Move, Pin};
        check(&[], &["pk", "sk", "b", "a", "c"]);
        check(&[("b", Hide)], &["pk", "sk", "a", "c"]);
        check(&[("b", Hide), ("b", Hide)], &["pk", "sk", "b", "a", "c"]);
        check(&[("c", Move(-1))], &["pk", "sk", "b", "c", "a"]);
        check(&[("c", Move(-1)), ("c", Move(-1))], &["pk", "sk", "c", "b", "a"]);
        check(&[("c", Pin)], &["pk", "sk", "c", "b", "a"]);
        check(&[("sk", Pin)], &["pk", "sk", "b", "a", "c"]);
        check(&[("a", Hide), ("c", Move(-1))], &["pk", "sk", "c", "b"]);
        check(&[("c", Move(1))], &["pk", "sk", "b", "a", "c"]);
    }

    #[test]
    fn fill_rates_and_types_are_counted() {
        let (columns, _) = columns(ITEMS, &["pk"], &ColumnLayout::default());
        let b = columns.shown(1).expect("b");
        assert_eq!((b.name.as_str(), b.seen, columns.items), ("b", 3, 3));
        assert_eq!(b.types(), [("S", 3)]);
    }

    #[test]
    fn the_column_under_the_cursor_is_brought_on_screen() {
        let names: Vec<String> = (0..100).map(|n| format!("attribute-{n:03}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let layout = ColumnLayout::default();
        let (columns, _) = columns(&[&names], &["attribute-000"], &layout);
        let first = columns.scroll(0, 50, &layout, 80);
        let on_screen: Vec<usize> = columns.fit(first, &layout, 80).iter().map(|(n, _)| *n).collect();
        assert!(on_screen.contains(&0) && on_screen.contains(&50), "{on_screen:?}");
        assert_eq!(columns.scroll(first, 3, &layout, 80), 2);
        let wide: u16 = columns.fit(first, &layout, 80).iter().map(|(_, w)| w + 1).sum();
        assert!(wide <= 80);
    }

    #[test]
    fn a_hostile_table_has_no_more_columns_than_it_may() {
        let names: Vec<String> = (0..3000).map(|n| n.to_string()).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let (columns, shown) = columns(&[&names], &[], &ColumnLayout::default());
        assert_eq!((shown.len(), columns.more), (MOST, true));
    }
}
