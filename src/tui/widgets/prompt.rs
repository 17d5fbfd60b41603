//! One line of text input.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use tui_input::{Input, InputRequest};
use unicode_width::UnicodeWidthStr;
use zeroize::{Zeroize, Zeroizing};

use crate::detect::Redactor;
use crate::domain::Safe;
use crate::tui::key::{Code, Key};
use crate::tui::model::Shared;
use crate::tui::theme::Role;

/// Longer input is not taken: the longest key DynamoDB has is 2,048 bytes.
const LONGEST: usize = 4096;

/// A line of input with a label.
#[derive(Clone)]
pub struct Prompt {
    /// What is asked for.
    pub label: String,
    input: Input,
    /// Which characters are taken; others are passed over, typed or pasted.
    takes: fn(char) -> bool,
    /// All of it is selected: what is typed next takes its place.
    selected: bool,
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
        Self { label: label.into(), input: Input::default(), takes: |c| !c.is_control(), selected: false }
    }

    /// An empty line for digits: a key pressed too early, or the space in a pasted code, does no harm.
    pub fn digits(label: impl Into<String>) -> Self {
        Self { label: label.into(), input: Input::default(), takes: |c| c.is_ascii_digit(), selected: false }
    }

    /// The text, to work with. It may be a secret: what is shown or kept of it is [`Prompt::told`].
    pub fn text(&self) -> &str {
        self.input.value()
    }

    /// The text as a title or a message may repeat it.
    pub fn told(&self, redactor: &Redactor) -> Safe {
        redactor.redact(self.text())
    }

    /// The text before the cursor.
    pub fn before(&self) -> &str {
        let text = self.text();
        let end = text.char_indices().nth(self.input.cursor()).map_or(text.len(), |(n, _)| n);
        &text[..end]
    }

    /// Puts another text in its place, the cursor at its end.
    pub fn set(&mut self, text: &str) {
        self.input.value_and_reset().zeroize();
        self.input = Input::new(text.to_owned());
    }

    /// Selects all of it: what is typed or pasted next takes its place, and any other edit goes on with it.
    pub fn select(&mut self) {
        self.selected = !self.text().is_empty();
    }

    /// Ends the selection, and gives whether there was one.
    fn unselect(&mut self) -> bool {
        std::mem::take(&mut self.selected)
    }

    /// Replaces the text from a byte on up to the cursor, as one edit.
    pub fn complete(&mut self, start: usize, with: &str) {
        let cursor = self.before().len();
        let text = Zeroizing::new(self.text().to_owned());
        let Some((head, tail)) = text.get(..start).zip(text.get(cursor..)) else { return };
        let at = head.chars().count() + with.chars().count();
        self.set(&format!("{head}{with}{tail}"));
        self.input = std::mem::take(&mut self.input).with_cursor(at);
    }

    /// In which column of an area this wide a byte of the text is drawn; `None` where it is scrolled out.
    pub fn column(&self, byte: usize, width: u16) -> Option<u16> {
        let label = self.label.width();
        let room = usize::from(width).saturating_sub(label);
        let before = Safe::neutral(self.before());
        let hidden = before.width() - tail_of(&before, room).width();
        let at = Safe::neutral(self.text().get(..byte)?).width();
        let column = label + at.checked_sub(hidden)?;
        u16::try_from(column).ok().filter(|column| *column < width)
    }

    /// Takes a key in. Characters are swallowed before any key binding is looked up.
    pub fn press(&mut self, key: Key) -> Edit {
        use InputRequest as R;
        if let Some(c) = key.typed() {
            if !(self.takes)(c) {
                return Edit::Nothing;
            }
            if self.unselect() {
                self.set("");
            }
            return self.edit(R::InsertChar(c));
        }
        let request = match (key.code, key.ctrl) {
            (Code::Named("enter"), _) => return Edit::Entered,
            (Code::Named("esc"), _) => return Edit::Escaped,
            (Code::Named("backspace" | "delete"), false) if self.selected => R::DeleteLine,
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
        self.unselect();
        self.edit(request)
    }

    /// Takes pasted text in, as one edit, without its line breaks and control characters.
    pub fn paste(&mut self, text: &str) {
        let clean: String = text.chars().filter(|c| (self.takes)(*c)).collect();
        if !clean.is_empty() && self.unselect() {
            self.set("");
        }
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

    /// The text as the line shows it: what is recognised is masked once it is there, a mark for a character.
    fn masked(&self, redactor: &Redactor) -> Zeroizing<String> {
        let secrets = redactor.secrets(self.text());
        let is_secret = |at: usize| secrets.iter().any(|secret| secret.contains(&at));
        let shown = self.text().char_indices().map(|(at, c)| if is_secret(at) { '•' } else { c });
        Zeroizing::new(shown.collect())
    }

    /// Draws label and text with a cursor.
    pub fn draw(&self, buf: &mut Buffer, area: Rect, shared: &Shared) {
        let theme = shared.options.theme;
        let (x, _) =
            buf.set_stringn(area.x, area.y, &self.label, usize::from(area.width), theme.style(Role::Accent));
        let room = usize::from(area.right().saturating_sub(x));
        if room == 0 {
            return;
        }
        let shown = self.masked(&shared.options.redactor);
        let before: String = shown.chars().take(self.input.cursor()).collect();
        let after: String = shown.chars().skip(self.input.cursor()).collect();
        let (before, after) = (Safe::neutral(&before), Safe::neutral(&after));
        let shown = tail_of(&before, room);
        let role = if self.selected { Role::Selected } else { Role::Plain };
        let (x, y) = buf.set_stringn(x, area.y, shown, room, theme.style(role));
        let under = after.chars().next().unwrap_or(' ');
        let (x, _) = buf.set_stringn(x, y, under.to_string(), 2, theme.style(Role::Selected));
        let rest: String = after.chars().skip(1).collect();
        let room = usize::from(area.right().saturating_sub(x));
        buf.set_stringn(x, y, &rest, room, theme.style(Role::Plain));
    }
}

/// The end of the text before the cursor is what matters when not all of it fits.
fn tail_of(before: &str, room: usize) -> &str {
    let mut shown = before;
    while !shown.is_empty() && shown.width() + 1 > room {
        let mut chars = shown.chars();
        chars.next();
        shown = chars.as_str();
    }
    shown
}

impl Drop for Prompt {
    /// What was typed may be a key value.
    fn drop(&mut self) {
        self.input.value_and_reset().zeroize();
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

    #[test]
    fn what_is_selected_gives_way_to_what_is_typed() {
        let check = |keys: &[&str], text: &str| {
            let mut prompt = Prompt::new("");
            prompt.set("orders");
            prompt.select();
            for key in keys {
                prompt.press(Key::parse(key).expect("a key"));
            }
            assert_eq!(prompt.text(), text, "{keys:?}");
        };
        check(&["u", "s"], "us");
        check(&["left", "x"], "orderxs");
        check(&["backspace"], "");
        check(&["end", "2"], "orders2");
        check(&["down", "u"], "u");
        let mut prompt = Prompt::new("");
        prompt.set("orders");
        prompt.select();
        prompt.paste("users");
        assert_eq!(prompt.text(), "users");
    }

    #[test]
    fn a_line_for_digits_passes_over_the_rest() {
        let mut prompt = Prompt::digits("");
        for key in ["R", "1", "space", "2"] {
            prompt.press(Key::parse(key).expect("a key"));
        }
        prompt.paste("3 45\t6x");
        assert_eq!(prompt.text(), "123456");
    }
}
