//! Drawing the grid, the line above it and what lies over it.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use unicode_width::UnicodeWidthStr;

use super::super::gap;
use super::{ItemsScreen, Listed, Panel, Progress};
use crate::domain::{Read, Safe, Severity};
use crate::tui::model::Shared;
use crate::tui::text;
use crate::tui::theme::{Role, glyph};
use crate::tui::widgets::{Block, Col, Grid, blocks, cell_area, fit, grid};

/// Below this, there is room for few words.
const NARROW: u16 = 64;

/// Below this, there is not when an order, a filter or a search has to be told as well.
const NARROW_WITH_MORE: u16 = 110;

impl ItemsScreen {
    /// By which operation the items were read, and of a filter, how many passed it.
    fn how(&self) -> String {
        let kept = || format!(" ({} kept): ", text::count(self.held.len() as u64));
        match &self.read {
            Read::Scan => "Scan: ".into(),
            Read::Filter { .. } => format!("Scan{}", kept()),
            Read::Query { filter: Some(_), .. } => format!("Query{}", kept()),
            Read::Partition(..) | Read::Query { .. } => "Query: ".into(),
            Read::Key(_) => "GetItem: ".into(),
        }
    }

    /// What pages without an item mean: without a condition nothing could match it.
    fn none(&self) -> &'static str {
        if self.shape.is_some() { "none matched" } else { "no items" }
    }

    /// How many items there may be, as DescribeTable says.
    fn about(&self, shared: &Shared) -> Option<u64> {
        let description = self.description(shared)?;
        let items = match &self.index {
            None => description.items,
            Some(name) => description.indexes.iter().find(|i| i.name == *name)?.items?,
        };
        let scans = matches!(self.read, Read::Scan | Read::Filter { .. });
        (scans && items >= self.scanned).then_some(items)
    }

    /// How fast pages come that are read one after the other, and for how long still.
    fn pace(&self, shared: &Shared) -> String {
        let Some((since, before)) = self.run else { return String::new() };
        let read = self.scanned.saturating_sub(before);
        let all = self.about(shared).map_or(0, |all| all.saturating_sub(before));
        text::pace(shared.now.duration_since(since), read, read, all)
    }

    /// "200 of about 10,012 items read, not finished · 12 RCU".
    fn said(&self, shared: &Shared, narrow: bool) -> (String, Role) {
        let read = text::count(self.scanned);
        let about = match self.about(shared) {
            Some(items) if narrow => format!(" of ~{}", text::count(items)),
            Some(items) => format!(" of about {}", text::count(items)),
            None => String::new(),
        };
        let items = if narrow { "" } else { " items" };
        // What was spent in all is in the corner above: where there is no room, that has to do.
        let mut cost = format!(" · {} RCU", self.cost);
        if narrow && shared.size.0 < NARROW && (self.arranged.is_active() || !self.needle.is_empty()) {
            cost.clear();
        }
        if self.again > crate::domain::Rcu::ZERO && !narrow {
            cost.push_str(&format!(", {} of it for rereading", self.again));
        }
        match &self.progress {
            Progress::Restored => ("nothing read yet: R reads the items".into(), Role::Unknown),
            Progress::Waiting => ("reading the key schema…".into(), Role::Dim),
            Progress::Loading(_, Some(_)) => {
                (format!("{read}{about}{items} read, reading again…{cost}"), Role::Dim)
            }
            Progress::Loading(..) => {
                (format!("{read}{about}{items} read, loading…{}{cost}", self.pace(shared)), Role::Dim)
            }
            Progress::More if shared.now < self.not_before => {
                let when = text::relative(self.not_before, shared.now);
                (
                    format!(
                        "{read}{about}{items} read · next page {when}, to spare the table's capacity{cost}"
                    ),
                    Role::Dim,
                )
            }
            Progress::More => (format!("{read}{about}{items} read, not finished{cost}"), Role::Dim),
            Progress::Whole if self.scanned == 0 => (format!("no items; fully read{cost}"), Role::Plain),
            Progress::Whole => (format!("all {read} items read{cost}"), Role::Plain),
            Progress::Stopped(gap) => {
                (format!("{read}{about} items read, then: {}", Safe::neutral(&gap.to_string())), Role::Error)
            }
            Progress::Halted => {
                (format!("{read}{about}{items} read, paused; j at the end reads more{cost}"), Role::Unknown)
            }
            Progress::Barren if narrow => (format!("{read}{about} read, not finished{cost}"), Role::Unknown),
            Progress::Barren => {
                let way = if self.len() == 0 { "enter reads more" } else { "j at the end reads more" };
                (
                    format!("{read}{about}{items} read, not finished; {} lately, {way}{cost}", self.none()),
                    Role::Unknown,
                )
            }
            Progress::OutOfBudget => {
                (format!("{read}{about} items read; read budget spent: + allows more"), Role::Unknown)
            }
            Progress::Full => (
                format!("{read}{about}{items} read; no more fit while sorted or filtered: Esc clears both"),
                Role::Unknown,
            ),
        }
    }

    /// What the order and the filter make of it; it covers what is held, and says so.
    fn arrangement(&self) -> Option<String> {
        let Some(only) = self.arranged.only.as_ref().map(|o| o.words()) else {
            let sort = self.arranged.sort.as_ref()?;
            return Some(format!("{}, {}", self.sorted(&sort.name, sort.down), self.covered()));
        };
        let count = text::count(self.arranged.len() as u64);
        let sort = self.arranged.sort.as_ref().map(|s| format!(", {}", self.sorted(&s.name, s.down)));
        Some(format!("{count} {only}{}, {}", sort.unwrap_or_default(), self.covered()))
    }

    fn sorted(&self, name: &str, down: bool) -> String {
        format!("by {} {}", Safe::neutral(name), if down { "↓" } else { "↑" })
    }

    fn covered(&self) -> String {
        let held = text::count(self.held.rows() as u64);
        match self.progress {
            Progress::Whole if self.held.rows() == self.held.len() => format!("of all {held}"),
            _ => format!("of the {held} loaded"),
        }
    }

    pub(super) fn draw_all(&self, shared: &Shared, buf: &mut Buffer, area: Rect) {
        let theme = shared.options.theme;
        let top = Rect { x: area.x + 1, width: area.width.saturating_sub(1), height: 1, ..area };
        let more = self.arranged.is_active() || !self.needle.is_empty();
        let narrow = area.width < if more { NARROW_WITH_MORE } else { NARROW };
        let (said, role) = self.said(shared, narrow);
        let mut line = vec![(format!("{}{said}", if narrow { String::new() } else { self.how() }), role)];
        if self.unseen > 0 {
            let items = if self.unseen == 1 { "item" } else { "items" };
            let told = format!(" · ? {} {items} not fully inspected", text::count(self.unseen));
            let short = format!(" · ?{}", text::count(self.unseen));
            line.push((if narrow { short } else { told }, Role::Unknown));
        }
        if !self.needle.is_empty() {
            line.push((format!(" · {}", self.needle.told()), Role::Accent));
        }
        if let Some(arrangement) = self.arrangement() {
            line.push((format!(" · {arrangement}"), Role::Accent));
        }
        let mut x = top.x;
        for (text, role) in line {
            let room = usize::from(top.right().saturating_sub(x));
            (x, _) = buf.set_stringn(x, top.y, fit(&text, room), room, theme.style(role));
        }
        let mut rest = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
        if let Some(search) = &self.search {
            search.prompt.draw(buf, Rect { x: top.x, y: rest.y, height: 1, ..top }, shared);
            rest = Rect { y: rest.y + 1, height: rest.height.saturating_sub(1), ..rest };
        }
        if let Some(Panel::Columns(listed)) = &self.panel {
            return self.draw_columns(shared, buf, rest, listed);
        }
        if self.held.is_empty() || self.len() == 0 {
            let below =
                Rect { y: rest.y + 1.min(rest.height), height: rest.height.saturating_sub(1), ..rest };
            blocks(buf, below, theme, &self.nothing(), 0);
        } else {
            let used = self.draw_grid(shared, buf, rest);
            let hidden = self.columns.shown.len() - used;
            let at = format!(
                "row {} of {}",
                text::count(self.list.cursor as u64 + 1),
                text::count(self.len() as u64)
            );
            let columns = if hidden == 1 { "column" } else { "columns" };
            let both = format!(" {at} · {hidden} more {columns}: h l ");
            let fits = |text: &String| usize::from(area.right().saturating_sub(x)) > text.width();
            if let Some(told) =
                Some(both).filter(|_| hidden > 0).into_iter().chain([format!(" {at} ")]).find(fits)
            {
                let x = area.right().saturating_sub(told.width() as u16);
                buf.set_string(x, top.y, told, theme.style(Role::Dim));
            }
        }
        match &self.panel {
            Some(Panel::Copy(menu)) => menu.draw(buf, rest, theme),
            Some(Panel::Only(menu)) => menu.draw(buf, rest, theme),
            Some(Panel::Columns(_)) | None => {}
        }
    }

    /// Why no item is shown.
    fn nothing(&self) -> Vec<Block> {
        let plain = |text: &str| vec![Block::Text(text.into(), Role::Plain)];
        match &self.progress {
            _ if !self.held.is_empty() => {
                plain("  No loaded item matches this filter. j reads more, Esc shows all.")
            }
            Progress::Stopped(gap) => gap::explain(gap),
            Progress::Whole if self.read == Read::Scan && self.index.is_some() => {
                plain("  The index is empty.")
            }
            Progress::Whole if self.read == Read::Scan => plain("  The table is empty."),
            Progress::Whole => plain("  No matching items. Esc goes back."),
            Progress::OutOfBudget => Vec::new(),
            Progress::Restored => plain("  Nothing read yet. R reads the items, Esc goes back."),
            Progress::Barren => {
                let (read, cost, none) = (text::count(self.scanned), self.cost, self.none());
                plain(&format!(
                    "  {read} items read for {cost} RCU, and {none}. Enter reads more, Esc goes back."
                ))
            }
            // A page without items is no empty table.
            _ if self.scanned > 0 && self.shape.is_some() => {
                plain("  No matching items so far; still reading. Esc pauses.")
            }
            _ if self.scanned > 0 || self.next.is_some() => {
                plain("  No items in the pages read so far; still reading…")
            }
            _ => vec![Block::Text("  Reading the first page…".into(), Role::Dim)],
        }
    }

    /// Draws rows and columns; how many columns had room.
    fn draw_grid(&self, shared: &Shared, buf: &mut Buffer, area: Rect) -> usize {
        let theme = shared.options.theme;
        let mask_all = shared.options.mask_all;
        let fits = self.columns.fit(self.first_column, self.layout(shared), area.width);
        let cols: Vec<Col> = fits
            .iter()
            .filter_map(|(n, width)| {
                let column = self.columns.shown(*n)?;
                let arrow = match &self.arranged.sort {
                    Some(sort) if sort.name == column.name => {
                        if sort.down {
                            "↓"
                        } else {
                            "↑"
                        }
                    }
                    _ => "",
                };
                let title = fit(&column.title, usize::from(*width) - arrow.width());
                Some(Col { title: format!("{title}{arrow}"), width: *width, right: column.is_number() })
            })
            .collect();
        let mark = |line: usize| self.item(line).and_then(|i| i.worst()).map(|(severity, _)| severity);
        grid(
            buf,
            area,
            theme,
            &Grid { columns: &cols, list: self.list, len: self.len() },
            mark,
            |line, col| {
                let (n, width) = fits[col];
                let (Some(item), Some(column)) = (self.item(line), self.columns.shown(n)) else {
                    // Let go, and not read again yet.
                    return ("…".into(), Role::Dim);
                };
                match item.cell(&column.name, usize::from(width), mask_all) {
                    None => ("·".into(), Role::Dim),
                    Some(cell) => match cell.worst {
                        Some((severity, _)) => {
                            (format!("{} {}", glyph(severity), cell.text), Role::Severity(severity))
                        }
                        None if cell.text.is_empty() => ("‹empty›".into(), Role::Dim),
                        None => (cell.text.to_string(), Role::Plain),
                    },
                }
            },
        );
        // What was not inspected to its end may hold anything: the mark stands beside what was seen in it.
        for (n, row) in self.list.visible(self.len(), usize::from(area.height.saturating_sub(1))).enumerate()
        {
            let Some(item) = self.item(row).filter(|item| !item.uninspected().is_none()) else { continue };
            let seen = item.worst().is_some_and(|(severity, _)| severity > Severity::Info);
            let at = if seen { area.x } else { area.x + 1 };
            if row != self.list.cursor || !seen {
                buf.set_string(at, area.y + 1 + n as u16, "?", theme.style(Role::Unknown));
            }
        }
        if let Some(n) = fits.iter().position(|(n, _)| *n == self.column) {
            let title = cell_area(area, &cols, n, 0);
            buf.set_string(title.x - 1, title.y, "▾", theme.style(Role::Accent));
            buf.set_style(title, theme.style(Role::Accent).add_modifier(Modifier::UNDERLINED));
            let line = (self.list.cursor - self.list.offset.min(self.list.cursor)) as u16 + 1;
            if line < area.height {
                buf.set_style(
                    cell_area(area, &cols, n, line),
                    theme.style(Role::Selected).add_modifier(Modifier::UNDERLINED),
                );
            }
        }
        fits.len()
    }

    /// The list of columns: what is in them and how they are shown.
    fn draw_columns(&self, shared: &Shared, buf: &mut Buffer, area: Rect, listed: &Listed) {
        let theme = shared.options.theme;
        let area = listed.filter.draw(buf, area, shared);
        let order = self.listed(&listed.filter);
        let layout = self.layout(shared);
        let wide = area.width >= NARROW;
        let name = if wide { 30 } else { 16 };
        let mut cols = vec![
            Col { title: "Column".into(), width: name, right: false },
            Col { title: "Shown".into(), width: if wide { 8 } else { 6 }, right: false },
            Col { title: "Filled".into(), width: 6, right: true },
        ];
        let taken: u16 = cols.iter().map(|c| c.width + 1).sum();
        cols.push(Col { title: "Types".into(), width: area.width.saturating_sub(taken + 3), right: false });
        let shown = Grid { columns: &cols, list: listed.list, len: order.len() };
        grid(
            buf,
            area,
            theme,
            &shown,
            |_| None,
            |row, col| {
                let column = self.columns.get(order[row]);
                let at = self.columns.position(&column.name);
                match col {
                    0 => {
                        let arrow = match &self.arranged.sort {
                            Some(sort) if sort.name == column.name => {
                                if sort.down {
                                    " ↓"
                                } else {
                                    " ↑"
                                }
                            }
                            _ => "",
                        };
                        (
                            format!("{}{arrow}", column.title.as_str()),
                            if at.is_some() { Role::Plain } else { Role::Dim },
                        )
                    }
                    1 => match at {
                        None => ("hidden".into(), Role::Unknown),
                        Some(n) => {
                            let width =
                                layout.widths.get(&column.name).map(|w| format!(" {w}")).unwrap_or_default();
                            let pin = if n < self.columns.pinned { " pin" } else { "" };
                            (format!("✓{pin}{width}"), Role::Plain)
                        }
                    },
                    2 => (percent(column.seen, self.columns.items), Role::Plain),
                    _ => {
                        let of = |(kind, n): (&str, u32)| match column.types().len() {
                            1 => kind.to_owned(),
                            _ => format!("{kind} {}", percent(u64::from(n), column.seen)),
                        };
                        (column.types().into_iter().map(of).collect::<Vec<_>>().join(", "), Role::Plain)
                    }
                }
            },
        );
        if self.columns.more {
            let text = " further attributes have no column ";
            let x = area.right().saturating_sub(text.width() as u16);
            buf.set_string(x, area.y, text, theme.style(Role::Unknown));
        }
    }
}

/// `100%`, `>99%`, `<1%`: never rounded to all or nothing.
fn percent(part: u64, whole: u64) -> String {
    match part * 100 / whole.max(1) {
        0 if part > 0 => "<1%".into(),
        99 if part < whole => ">99%".into(),
        n => format!("{n}%"),
    }
}
