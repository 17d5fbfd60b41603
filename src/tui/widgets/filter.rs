//! The filter above a list: none, being typed, or kept.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::Prompt;
use crate::tui::model::Shared;

/// What a list is narrowed by.
#[derive(Default)]
pub struct Filter {
    prompt: Option<Prompt>,
    typing: bool,
}

impl Filter {
    /// What was typed; empty without a filter.
    pub fn text(&self) -> &str {
        self.prompt.as_ref().map_or("", Prompt::text)
    }

    /// Its text as a title tells it, if there is a filter.
    pub fn told(&self, shared: &Shared) -> Option<String> {
        self.prompt.as_ref().map(|p| format!("filter: {}", p.told(&shared.options.redactor)))
    }

    /// Whether there is one.
    pub fn is_on(&self) -> bool {
        self.prompt.is_some()
    }

    /// Whether characters go into it.
    pub fn is_typing(&self) -> bool {
        self.typing
    }

    /// Takes characters from now on: in place of what it had, unless that is edited first.
    pub fn open(&mut self) {
        self.prompt.get_or_insert_with(|| Prompt::new("/")).select();
        self.typing = true;
    }

    /// The input, while it is typed.
    pub fn prompt(&mut self) -> Option<&mut Prompt> {
        if self.typing { self.prompt.as_mut() } else { None }
    }

    /// Typing is over and the filter stays, unless it says nothing.
    pub fn keep(&mut self) {
        self.typing = false;
        if self.text().trim().is_empty() {
            self.prompt = None;
        }
    }

    /// No filter any more.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// Lines above the rows of its list: the titles of the columns, and itself while it is typed.
    pub fn above(&self) -> u16 {
        1 + u16::from(self.typing)
    }

    /// Draws it if it is typed, and leaves the rest of the area.
    pub fn draw(&self, buf: &mut Buffer, area: Rect, shared: &Shared) -> Rect {
        match &self.prompt {
            Some(prompt) if self.typing => {
                prompt.draw(buf, Rect { height: 1.min(area.height), ..area }, shared);
                Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area }
            }
            _ => area,
        }
    }
}
