//! Terminal events as messages.

use std::thread;
use std::time::Duration;

use crossterm::event::{
    self, Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEventKind,
};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use crate::shell::background::{Picker, Typed};
use crate::tui::{Code, Key, Msg};

/// Reads the terminal from now on. The channel closes when the terminal is gone.
///
/// A thread of its own that waits in a plain read: nothing else reads the terminal, and the end of the process ends it.
/// Changes of size are noticed from the return of this on, so ask for the size afterwards.
pub fn listen() -> UnboundedReceiver<Msg> {
    let (send, receive) = unbounded_channel();
    // This sets up what the thread reads from. If it fails, so does the thread's first read, which ends the session.
    let _ = event::poll(Duration::ZERO);
    thread::spawn(move || {
        let mut picker = Picker::default();
        while let Ok(event) = event::read() {
            let msgs = picker.take(event).into_iter().filter_map(|typed| match typed {
                Typed::Event(event) => message(event),
                Typed::Background(colour) => Some(Msg::Background(colour)),
            });
            for msg in msgs {
                if send.send(msg).is_err() {
                    return;
                }
            }
        }
    });
    receive
}

/// The message of an event; `None` for what nobody asked for (focus, movements of the mouse, key releases).
fn message(event: Event) -> Option<Msg> {
    match event {
        Event::Key(key) => self::key(key).map(Msg::Key),
        Event::Paste(text) => Some(Msg::Paste(text)),
        Event::Resize(width, height) => Some(Msg::Resize(width, height)),
        Event::Mouse(mouse) => match mouse.kind {
            MouseEventKind::Down(MouseButton::Left) => Some(Msg::Click(mouse.column, mouse.row)),
            MouseEventKind::ScrollUp => Some(Msg::Wheel(true)),
            MouseEventKind::ScrollDown => Some(Msg::Wheel(false)),
            _ => None,
        },
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
