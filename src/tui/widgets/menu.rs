//! A small list to choose from, over the foot of a screen.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::{Clear, Widget};
use unicode_width::UnicodeWidthStr;

use super::{List, fit};
use crate::tui::Action;
use crate::tui::theme::{Role, Theme};

/// Choices with a cursor.
pub struct Menu<T> {
    title: &'static str,
    rows: Vec<(String, T)>,
    list: List,
}

impl<T> Menu<T> {
    /// From its rows: what is shown, which must be safe to show, and what is chosen.
    pub fn new(title: &'static str, rows: Vec<(String, T)>) -> Self {
        Self { title, rows, list: List::default() }
    }

    /// What is under the cursor.
    pub fn chosen(&self) -> Option<&T> {
        self.rows.get(self.list.cursor).map(|(_, choice)| choice)
    }

    /// Moves the cursor, in a body of this many rows.
    pub fn act(&mut self, action: Action, body: usize) {
        self.list.act(action, self.rows.len(), body.saturating_sub(1).max(1));
    }

    /// Draws it at the foot of an area.
    pub fn draw(&self, buf: &mut Buffer, area: Rect, theme: Theme) {
        let height = (self.rows.len() as u16 + 1).min(area.height);
        let area = Rect { y: area.bottom() - height, height, ..area };
        Clear.render(area, buf);
        let rule = "─".repeat(usize::from(area.width).saturating_sub(self.title.width() + 4));
        buf.set_stringn(
            area.x,
            area.y,
            format!("── {} {rule}", self.title),
            usize::from(area.width),
            theme.style(Role::Dim),
        );
        let visible = self.list.visible(self.rows.len(), usize::from(height.saturating_sub(1)));
        for (n, row) in visible.enumerate() {
            let y = area.y + 1 + n as u16;
            let width = usize::from(area.width).saturating_sub(3);
            buf.set_stringn(area.x + 2, y, fit(&self.rows[row].0, width), width, theme.style(Role::Plain));
            if row == self.list.cursor {
                buf.set_string(area.x, y, "▸", theme.style(Role::Plain));
                buf.set_style(Rect { y, height: 1, ..area }, theme.style(Role::Selected));
            }
        }
    }
}
