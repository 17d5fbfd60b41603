//! Terminal events as messages.

use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use crate::tui::{Code, Key, Msg};

/// The message of an event; `None` for what nobody asked for (focus, mouse, key releases).
pub fn message(event: Event) -> Option<Msg> {
    match event {
        Event::Key(key) => self::key(key).map(Msg::Key),
        Event::Paste(text) => Some(Msg::Paste(text)),
        Event::Resize(width, height) => Some(Msg::Resize(width, height)),
        _ => None,
    }
}

fn key(event: KeyEvent) -> Option<Key> {
    if event.kind == KeyEventKind::Release || event.modifiers.contains(KeyModifiers::ALT) {
        return None;
    }
    let ctrl = event.modifiers.contains(KeyModifiers::CONTROL);
    let named = |name| Some(Code::Named(name));
    let code = match event.code {
        KeyCode::Char(' ') => named("space"),
        KeyCode::Char(c) => Some(Code::Char(if ctrl { c.to_ascii_lowercase() } else { c })),
        KeyCode::Enter => named("enter"),
        KeyCode::Esc => named("esc"),
        KeyCode::Tab => named("tab"),
        KeyCode::BackTab => named("shift-tab"),
        KeyCode::Backspace => named("backspace"),
        KeyCode::Delete => named("delete"),
        KeyCode::Up => named("up"),
        KeyCode::Down => named("down"),
        KeyCode::Left => named("left"),
        KeyCode::Right => named("right"),
        KeyCode::Home => named("home"),
        KeyCode::End => named("end"),
        KeyCode::PageUp => named("pgup"),
        KeyCode::PageDown => named("pgdn"),
        _ => None,
    }?;
    Some(Key { code, ctrl })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_arrive_as_the_keymap_names_them() {
        let check = |code, modifiers, name: &str| {
            assert_eq!(key(KeyEvent::new(code, modifiers)), Key::parse(name), "{name}");
        };
        check(KeyCode::Char('j'), KeyModifiers::NONE, "j");
        check(KeyCode::Char('G'), KeyModifiers::SHIFT, "G");
        check(KeyCode::Char('d'), KeyModifiers::CONTROL, "ctrl-d");
        check(KeyCode::Char(' '), KeyModifiers::NONE, "space");
        check(KeyCode::BackTab, KeyModifiers::SHIFT, "shift-tab");
        check(KeyCode::PageDown, KeyModifiers::NONE, "pgdn");
    }
}
