//! A grid with a cursor. Only rows and columns on screen are asked for.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;

use super::{List, cells, fit};
use crate::domain::Severity;
use crate::tui::theme::{Role, Theme, glyph};

/// Stands between cells that are read aloud.
pub const BETWEEN: char = '\u{241f}';

/// A column.
#[derive(Debug, Clone, PartialEq)]
pub struct Col {
    /// What stands above it.
    pub title: String,
    /// Columns of the terminal.
    pub width: u16,
    /// Numbers stand to the right.
    pub right: bool,
}

/// What a grid shows.
#[derive(Debug, Clone, Copy)]
pub struct Grid<'a> {
    /// Its columns.
    pub columns: &'a [Col],
    /// Its cursor.
    pub list: List,
    /// How many rows there are in all.
    pub len: usize,
}

/// Draws column titles and the visible rows. `mark` gives what is worst in a row, for the margin; `cell` the text
/// and role of a cell.
pub fn grid(
    buf: &mut Buffer,
    area: Rect,
    theme: Theme,
    grid: &Grid<'_>,
    mark: impl Fn(usize) -> Option<Severity>,
    cell: impl Fn(usize, usize) -> (String, Role),
) {
    let Grid { columns, list, len } = *grid;
    if area.height == 0 {
        return;
    }
    line(buf, area, area.y, theme, columns, |c| (columns[c].title.clone(), Role::Heading));
    let rows = usize::from(area.height - 1);
    for (n, row) in list.visible(len, rows).enumerate() {
        let y = area.y + 1 + n as u16;
        line(buf, area, y, theme, columns, |c| cell(row, c));
        if let Some(severity) = mark(row) {
            buf.set_string(area.x + 1, y, glyph(severity), theme.style(Role::Severity(severity)));
        }
        if row == list.cursor {
            // The selection has a sign of its own: without colours and attributes it is still seen.
            buf.set_string(area.x, y, "▸", theme.style(Role::Plain));
            buf.set_style(Rect { x: area.x, y, width: area.width, height: 1 }, theme.style(Role::Selected));
        }
    }
    scrollbar(buf, area, theme, list, len, rows);
}

fn line(
    buf: &mut Buffer,
    area: Rect,
    y: u16,
    theme: Theme,
    columns: &[Col],
    cell: impl Fn(usize) -> (String, Role),
) {
    let mut x = area.x + 2;
    for (c, column) in columns.iter().enumerate() {
        let left = area.right().saturating_sub(x);
        if left == 0 {
            break;
        }
        let width = column.width.min(left);
        if theme.read_aloud
            && c > 0
            && let Some(gap) = buf.cell_mut((x - 1, y))
        {
            gap.set_char(BETWEEN);
        }
        let (text, role) = cell(c);
        let text = fit(&text, usize::from(width));
        let pad = if column.right { width.saturating_sub(cells(&text) as u16) } else { 0 };
        buf.set_stringn(x + pad, y, &text, usize::from(width - pad), theme.style(role));
        x += width + 1;
    }
}

/// Where the cells of one column are on the screen, the title's line being line 0.
pub fn cell_area(area: Rect, columns: &[Col], column: usize, line: u16) -> Rect {
    let x = columns.iter().take(column).fold(area.x + 2, |x, c| x + c.width + 1);
    let width = columns.get(column).map_or(0, |c| c.width);
    Rect { x, y: area.y + line, width, height: 1 }.intersection(area)
}

/// A mark at the right edge where the list is longer than the screen; its rows stand below a line of titles.
pub fn scrollbar(buf: &mut Buffer, area: Rect, theme: Theme, list: List, len: usize, rows: usize) {
    if len <= rows || rows == 0 || area.width == 0 {
        return;
    }
    let size = (rows * rows / len).max(1);
    let start = (list.offset * rows / len).min(rows - size);
    for n in 0..size {
        let at = (area.right() - 1, area.y + 1 + (start + n) as u16);
        if let Some(cell) = buf.cell_mut(at) {
            cell.set_symbol("▐").set_style(theme.style(Role::Dim).remove_modifier(Modifier::REVERSED));
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::Safe;
    use crate::tui::theme::{Colours, Scheme};

    /// What makes widths hard: wide, combining, joined, from right to left, of no width, and marks of direction.
    const PIECES: &[&str] = &[
        "a",
        "日",
        "한",
        "ｶﾞ",
        "e\u{301}\u{323}",
        "👩‍👩‍👧‍👦",
        "🇩🇪",
        "👍🏽",
        "☎\u{fe0f}",
        "1\u{fe0f}\u{20e3}",
        "أمل",
        "שלום",
        "ﷺ",
        "\u{200b}",
        "\u{202e}",
        "\u{1b}[2J",
        "\n",
        "ไทย",
        "क्षि",
        "…",
    ];

    proptest! {
        /// Whatever stands in a column, the next one begins where it should, on a terminal that goes by the same table
        /// of widths.
        #[test]
        fn a_column_never_reaches_into_the_next(
            pieces in prop::collection::vec(prop::sample::select(PIECES), 0..12),
            width in 1u16..24,
            right: bool,
        ) {
            let text = Safe::neutral(&pieces.concat());
            let columns = [
                Col { title: "Text".into(), width, right },
                Col { title: "Next".into(), width: 1, right: false },
            ];
            let area = Rect::new(0, 0, width + 6, 2);
            let mut buf = Buffer::empty(area);
            let theme = Theme { scheme: Scheme::Dark, colours: Colours::Sixteen, read_aloud: false };
            let list = Grid { columns: &columns, list: List::default(), len: 1 };
            let cell = |_, column| (if column == 0 { text.to_string() } else { "|".into() }, Role::Plain);
            grid(&mut buf, area, theme, &list, |_| None, cell);
            // As a terminal is written to: a wide glyph takes the cell after it as well.
            let mut x = 0;
            let mut starts = Vec::new();
            while x < area.width {
                starts.push(x);
                x += cells(buf[(x, 1)].symbol()).max(1) as u16;
            }
            let next = 2 + width + 1;
            prop_assert!(starts.contains(&next), "{:?}", text);
            prop_assert_eq!(buf[(next, 1)].symbol(), "|");
        }
    }
}
