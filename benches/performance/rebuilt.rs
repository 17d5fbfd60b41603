//! How the neighbours draw: every row of a ratatui Table is made anew for each frame.

use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Rect};
use ratatui::widgets::{Cell, Row, StatefulWidget, Table, TableState};

/// A table of this many rows. Ten columns, to be fair: no more fit.
pub struct Rebuilt {
    data: Vec<Vec<String>>,
    buffer: Buffer,
    state: TableState,
}

impl Rebuilt {
    /// With the row in the middle selected, in 200 columns and 60 rows.
    pub fn new(items: usize) -> Self {
        let data = (0..items).map(|n| (0..10).map(|c| format!("v{}", n ^ c)).collect()).collect();
        let buffer = Buffer::empty(Rect::new(0, 0, 200, 60));
        Self { data, buffer, state: TableState::default().with_selected(Some(items / 2)) }
    }

    /// Draws a frame.
    pub fn draw(&mut self) {
        let all = self.data.iter().map(|row| Row::new(row.iter().map(|cell| Cell::from(cell.as_str()))));
        let table = Table::new(all, vec![Constraint::Length(18); 10]);
        StatefulWidget::render(table, self.buffer.area, &mut self.buffer, &mut self.state);
    }
}
