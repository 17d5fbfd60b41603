//! One line of text input.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use tui_input::{Input, InputRequest};
use unicode_width::UnicodeWidthStr;

use crate::domain::Safe;
use crate::tui::key::{Code, Key};
use crate::tui::theme::{Role, Theme};

/// Longer input is not taken: the longest key DynamoDB has is 2,048 bytes.
const LONGEST: usize = 4096;

/// A line of input with a label.
#[derive(Debug, Clone)]
pub struct Prompt {
    /// What is asked for.
    pub label: String,
    input: Input,
}

/// What a key did to the input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edit {
    /// The text changed.
    Changed,
    /// Enter.
    Entered,
    /// Esc.
    Escaped,
    /// The cursor moved, or nothing happened.
    Nothing,
    /// Not for the input: a movement in the list below it, or a key that works everywhere.
    NotText,
}

impl Prompt {
    /// An empty line.
    pub fn new(label: impl Into<String>) -> Self {
        Self { label: label.into(), input: Input::default() }
    }

    /// The text.
    pub fn text(&self) -> &str {
        self.input.value()
    }

    /// Takes a key in. Characters are swallowed before any key binding is looked up.
    pub fn press(&mut self, key: Key) -> Edit {
        use InputRequest as R;
        if let Some(c) = key.typed() {
            return self.edit(R::InsertChar(c));
        }
        let request = match (key.code, key.ctrl) {
            (Code::Named("enter"), _) => return Edit::Entered,
            (Code::Named("esc"), _) => return Edit::Escaped,
            (Code::Named("backspace"), false) => R::DeletePrevChar,
            (Code::Named("delete"), false) => R::DeleteNextChar,
            (Code::Named("left"), false) => R::GoToPrevChar,
            (Code::Named("right"), false) => R::GoToNextChar,
            (Code::Named("home"), _) | (Code::Char('a'), true) => R::GoToStart,
            (Code::Named("end"), _) | (Code::Char('e'), true) => R::GoToEnd,
            (Code::Char('w'), true) | (Code::Named("backspace"), true) => R::DeletePrevWord,
            (Code::Char('u'), true) => R::DeleteLine,
            (Code::Char('k'), true) => R::DeleteTillEnd,
            _ => return Edit::NotText,
        };
        self.edit(request)
    }

    /// Takes pasted text in, as one edit, without its line breaks and control characters.
    pub fn paste(&mut self, text: &str) {
        let clean: String = text.chars().filter(|c| !c.is_control()).collect();
        let before = self.input.cursor();
        let mut chars: Vec<char> = self.input.value().chars().collect();
        let room = LONGEST.saturating_sub(chars.len());
        let added: Vec<char> = clean.chars().take(room).collect();
        let after = before + added.len();
        chars.splice(before..before, added);
        self.input = Input::new(chars.into_iter().collect()).with_cursor(after);
    }

    fn edit(&mut self, request: InputRequest) -> Edit {
        if matches!(request, InputRequest::InsertChar(_)) && self.input.value().len() >= LONGEST {
            return Edit::Nothing;
        }
        match self.input.handle(request) {
            Some(changed) if changed.value => Edit::Changed,
            _ => Edit::Nothing,
        }
    }

    /// Draws label and text with a cursor.
    pub fn draw(&self, buf: &mut Buffer, area: Rect, theme: Theme) {
        let (x, _) =
            buf.set_stringn(area.x, area.y, &self.label, usize::from(area.width), theme.style(Role::Accent));
        let room = usize::from(area.right().saturating_sub(x));
        if room == 0 {
            return;
        }
        let before: String = self.input.value().chars().take(self.input.cursor()).collect();
        let after: String = self.input.value().chars().skip(self.input.cursor()).collect();
        let (before, after) = (Safe::neutral(&before), Safe::neutral(&after));
        // The end of the text before the cursor is what matters when not all of it fits.
        let mut shown = before.as_str();
        while shown.width() + 1 > room {
            let mut chars = shown.chars();
            chars.next();
            shown = chars.as_str();
        }
        let (x, y) = buf.set_stringn(x, area.y, shown, room, theme.style(Role::Plain));
        let under = after.chars().next().unwrap_or(' ');
        let (x, _) = buf.set_stringn(x, y, under.to_string(), 2, theme.style(Role::Selected));
        let rest: String = after.chars().skip(1).collect();
        let room = usize::from(area.right().saturating_sub(x));
        buf.set_stringn(x, y, &rest, room, theme.style(Role::Plain));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_and_pastes_at_the_cursor() {
        let mut prompt = Prompt::new("");
        for key in ["a", "c", "left", "b", "space"] {
            prompt.press(Key::parse(key).expect("a key"));
        }
        assert_eq!(prompt.text(), "ab c");
        prompt.paste("x\ny\u{1b}z");
        assert_eq!(prompt.text(), "ab xyzc");
        assert_eq!(prompt.press(Key::parse("ctrl-u").expect("a key")), Edit::Changed);
        assert_eq!(prompt.press(Key::parse("enter").expect("a key")), Edit::Entered);
    }
}
