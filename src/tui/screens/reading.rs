//! What all pages of text have in common: they are scrolled, and Esc closes them.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{Transition, View};
use crate::domain::TableRef;
use crate::tui::keymap::Context;
use crate::tui::model::Shared;
use crate::tui::widgets::{Block, blocks, height};
use crate::tui::{Action, layout};

/// What a page of text tells.
pub trait Text {
    /// The line above it.
    fn title(&self) -> String;
    /// All of it.
    fn text(&self, shared: &Shared) -> Vec<Block>;
    /// The table it is about.
    fn table(&self) -> Option<&TableRef> {
        None
    }
    /// Which keys work.
    fn context(&self) -> Context {
        Context::Reading
    }
    /// What Enter does, where it does something.
    fn open(&self, _shared: &mut Shared) {}
}

/// A page of text, and how far it is scrolled.
pub struct Reading<T> {
    of: T,
    scroll: usize,
}

impl<T: Text> Reading<T> {
    pub(super) fn new(of: T) -> Self {
        Self { of, scroll: 0 }
    }
}

impl<T: Text> View for Reading<T> {
    fn context(&self) -> Context {
        self.of.context()
    }

    fn title(&self, _: &Shared) -> String {
        self.of.title()
    }

    fn table(&self) -> Option<&TableRef> {
        self.of.table()
    }

    fn wants(&self, _: &Shared) -> Vec<TableRef> {
        self.table().into_iter().cloned().collect()
    }

    fn act(&mut self, shared: &mut Shared, action: Action) -> Transition {
        if action == Action::Back {
            return Transition::Close;
        }
        if action == Action::Open {
            self.of.open(shared);
        }
        scroll(&mut self.scroll, action, &self.of.text(shared), 0, shared);
        Transition::Stay
    }

    fn draw(&self, shared: &Shared, buf: &mut Buffer, area: Rect) {
        draw(&self.of.text(shared), self.scroll, shared, buf, area);
    }
}

/// Scrolls text, above which so many lines stay, by the movement keys, never past its last line; false if the action is no movement.
pub(super) fn scroll(at: &mut usize, action: Action, text: &[Block], above: usize, shared: &Shared) -> bool {
    let rows = usize::from(layout::parts(0, shared.size.1).body.height).saturating_sub(above);
    // The last line of a page is the first of the next, so that nothing is passed over unread.
    let page = rows.saturating_sub(1).max(1);
    *at = match action {
        Action::Up => at.saturating_sub(1),
        Action::Down => *at + 1,
        Action::PageUp => at.saturating_sub(page),
        Action::PageDown => *at + page,
        Action::Top => 0,
        Action::Bottom => usize::MAX,
        _ => return false,
    };
    keep_in(at, text, above, shared);
    true
}

/// Scrolls back to where there is text, after it became shorter or the terminal larger.
pub(super) fn keep_in(at: &mut usize, text: &[Block], above: usize, shared: &Shared) {
    let rows = usize::from(layout::parts(0, shared.size.1).body.height).saturating_sub(above);
    let lines = height(text, shared.size.0.saturating_sub(2));
    *at = (*at).min(lines.saturating_sub(rows));
}

/// Draws text with a column free on each side.
pub(super) fn draw(text: &[Block], scroll: usize, shared: &Shared, buf: &mut Buffer, area: Rect) {
    let inner = Rect { x: area.x + 1, width: area.width.saturating_sub(2), ..area };
    blocks(buf, inner, shared.options.theme, text, scroll);
}
