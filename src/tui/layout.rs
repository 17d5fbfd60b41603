//! Where things are on the screen. `update` needs the same arithmetic as `view`, so it is here once.

use ratatui::layout::Rect;

/// Smaller than this and there is nothing useful to draw.
pub const SMALLEST: (u16, u16) = (40, 12);

/// The parts of the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parts {
    /// Who, where, read-only, what was spent.
    pub header: Rect,
    /// Where we are.
    pub title: Rect,
    /// The screen on top.
    pub body: Rect,
    /// Messages; the screens make room for a long one (see [`Shared::size`](super::model::Shared)).
    pub notice: Rect,
    /// Keys.
    pub footer: Rect,
}

/// Maximum number of rows of a message.
pub const MESSAGE_ROWS: u16 = 4;

/// Divides the terminal, with one row for messages.
pub fn parts(width: u16, height: u16) -> Parts {
    let row = |y: u16| Rect { x: 0, y, width, height: 1 };
    Parts {
        header: row(0),
        title: row(1),
        body: Rect { x: 0, y: 2, width, height: height.saturating_sub(4) },
        notice: row(height.saturating_sub(2)),
        footer: row(height.saturating_sub(1)),
    }
}

/// From this width on the details of a list's row stand beside the list.
const ROOMY: u16 = 120;

/// A list, and beside it the details of the selected row where there is room for them. What is read aloud is read line by
/// line, so that nothing stands beside it.
pub fn beside(area: Rect, read_aloud: bool) -> (Rect, Option<Rect>) {
    if area.width < ROOMY || read_aloud {
        return (area, None);
    }
    let list = (area.width * 11 / 20).max(76);
    let pane = Rect { x: area.x + list, width: area.width - list, ..area };
    (Rect { width: list, ..area }, Some(pane))
}

/// Rows of a list in the body, below its line of column titles.
pub fn list_rows(height: u16) -> usize {
    usize::from(parts(0, height).body.height.saturating_sub(1)).max(1)
}
