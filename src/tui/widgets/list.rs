//! A cursor in a list, and how far the list is scrolled.

use crate::tui::Action;

/// A cursor in a list, and the first row on screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct List {
    /// The selected row.
    pub cursor: usize,
    /// The first row on screen.
    pub offset: usize,
}

impl List {
    /// Moves the cursor in a list of `len` rows of which `rows` are on screen; false if the action is no
    /// movement.
    pub fn act(&mut self, action: Action, len: usize, rows: usize) -> bool {
        let last = len.saturating_sub(1);
        self.cursor = match action {
            Action::Up => self.cursor.saturating_sub(1),
            Action::Down => self.cursor + 1,
            Action::PageUp => self.cursor.saturating_sub(rows),
            Action::PageDown => self.cursor + rows,
            Action::Top => 0,
            Action::Bottom => last,
            _ => return false,
        };
        self.clamp(len, rows);
        true
    }

    /// Brings cursor and offset back into a list of `len` rows.
    pub fn clamp(&mut self, len: usize, rows: usize) {
        self.cursor = self.cursor.min(len.saturating_sub(1));
        self.offset = self.offset.min(self.cursor).max((self.cursor + 1).saturating_sub(rows));
        self.offset = self.offset.min(len.saturating_sub(rows.min(len)));
    }

    /// The rows on screen.
    pub fn visible(&self, len: usize, rows: usize) -> std::ops::Range<usize> {
        self.offset.min(len)..(self.offset + rows).min(len)
    }
}

/// Where the rows of a list stand in the body of the screen: the mouse and `--plain` want to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rows {
    /// Its cursor.
    pub list: List,
    /// Lines of the body above its first row, the column titles among them.
    pub above: u16,
    /// Lines of the body below its last row.
    pub below: u16,
    /// How many rows it has in all.
    pub len: usize,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_cursor_is_always_on_screen(len in 0usize..200, rows in 1usize..50, moves in prop::collection::vec(0usize..6, 0..40)) {
            let mut list = List::default();
            let actions = [Action::Up, Action::Down, Action::PageUp, Action::PageDown, Action::Top, Action::Bottom];
            for m in moves {
                list.act(actions[m], len, rows);
                prop_assert!(len == 0 || list.visible(len, rows).contains(&list.cursor));
                prop_assert!(list.visible(len, rows).len() == len.min(rows));
            }
        }
    }
}
