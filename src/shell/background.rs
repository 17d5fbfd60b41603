//! What the terminal answers when it is asked for its background colour (OSC 11), picked out of what is typed.
//!
//! The answer comes as if it were typed, at any time or never; so nobody waits for it, and its characters are no keys.
//! <https://invisible-island.net/xterm/ctlseqs/ctlseqs.html>, "Operating System Commands".

use std::time::Duration;

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::time::Instant;

use crate::tui::Msg;

/// The question.
pub const QUESTION: &str = "\x1b]11;?\x1b\\";

/// How an answer begins, after ESC and `]`; the colour follows it, as `rgb:ffff/ffff/ffff`.
const BEGINNING: &str = "11;";

/// The longest colour: `rgba:` and four fields.
const LONGEST: usize = 32;

/// So long a terminal is given to answer before it is given back: an answer that comes later would be typed into the shell.
/// Most answer within a millisecond, over SSH within a round trip; some never do.
const ANSWERED: Duration = Duration::from_millis(200);

/// The question, from when it was put until it is answered.
#[derive(Debug, Default)]
pub struct Question {
    open: Option<Instant>,
}

impl Question {
    /// The terminal was asked at this time.
    pub fn is_put(&mut self, now: Instant) {
        self.open = Some(now);
    }

    /// A message came from the terminal.
    pub fn heard(&mut self, msg: &Msg) {
        if matches!(msg, Msg::Background(_)) {
            self.open = None;
        }
    }

    /// At the end: takes in what the terminal may still answer. What is typed meanwhile is lost, as it is at any end.
    pub async fn hear_out(&mut self, typed: &mut UnboundedReceiver<Msg>) {
        while let Some(since) = self.open
            && let Ok(Some(msg)) = tokio::time::timeout_at(since + ANSWERED, typed.recv()).await
        {
            self.heard(&msg);
        }
    }
}

/// What was typed, or answered.
#[derive(Debug, PartialEq, Eq)]
pub enum Typed {
    /// An event as it came.
    Event(Event),
    /// The colour of the background, as the terminal writes it.
    Background(String),
}

/// Picks the answer out of the events, of which it comes as Alt-`]` and characters.
#[derive(Default)]
pub struct Picker {
    /// Events that may be part of an answer, and what they spell.
    held: Option<(Vec<Event>, String)>,
    /// The last event was a bare Esc: of a sequence that came in two pieces it is the first.
    after_esc: bool,
    /// The answer ended in such an Esc; its other half is still to come.
    half_ended: bool,
}

impl Picker {
    /// Takes an event in; what is clear by now.
    pub fn take(&mut self, event: Event) -> Vec<Typed> {
        let Event::Key(key) = event else { return vec![Typed::Event(event)] };
        let (after_esc, half_ended) = (self.after_esc, std::mem::take(&mut self.half_ended));
        self.after_esc = key.code == KeyCode::Esc;
        let Some((mut held, mut text)) = self.held.take() else {
            if key.code == KeyCode::Char(']') && (is_alt(key) || after_esc) {
                self.held = Some((vec![event], String::new()));
                return Vec::new();
            }
            let rest_of_an_end = half_ended && key.code == KeyCode::Char('\\');
            return if rest_of_an_end { Vec::new() } else { vec![Typed::Event(event)] };
        };
        if ends(key)
            && let Some(colour) = text.strip_prefix(BEGINNING)
        {
            self.half_ended = std::mem::take(&mut self.after_esc);
            return vec![Typed::Background(colour.to_owned())];
        }
        held.push(event);
        if let KeyCode::Char(c) = key.code
            && !key.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT)
        {
            text.push(c);
            if may_be_an_answer(&text) {
                self.held = Some((held, text));
                return Vec::new();
            }
        }
        held.into_iter().map(Typed::Event).collect()
    }
}

fn is_alt(key: KeyEvent) -> bool {
    key.modifiers.contains(KeyModifiers::ALT)
}

/// BEL, or ESC and `\`, whole or its first half.
fn ends(key: KeyEvent) -> bool {
    match key.code {
        KeyCode::Char('g') => key.modifiers == KeyModifiers::CONTROL,
        KeyCode::Char('\\') => is_alt(key),
        KeyCode::Esc => true,
        _ => false,
    }
}

fn may_be_an_answer(text: &str) -> bool {
    match text.strip_prefix(BEGINNING) {
        Some(colour) => {
            colour.len() <= LONGEST
                && colour
                    .bytes()
                    .all(|b| b.is_ascii_hexdigit() || matches!(b, b'r' | b'g' | b':' | b'/' | b'#'))
        }
        None => BEGINNING.starts_with(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::sync::mpsc::unbounded_channel;

    use crate::tui::Key;

    /// What is left in the channel after the end, of keys and an answer that came in this order; and whether it was waited
    /// for.
    async fn left(asked: Option<Duration>, answered_at_once: bool, came: Vec<Msg>) -> (usize, bool) {
        let (send, mut typed) = unbounded_channel();
        let mut question = Question::default();
        if let Some(ago) = asked {
            question.is_put(Instant::now() - ago);
        }
        if answered_at_once {
            question.heard(&Msg::Background("rgb:0/0/0".into()));
        }
        came.into_iter().for_each(|msg| send.send(msg).expect("open"));
        question.hear_out(&mut typed).await;
        (typed.len(), question.open.is_some())
    }

    #[tokio::test]
    async fn an_answer_is_heard_out_before_the_terminal_is_given_back() {
        let key = || Msg::Key(Key::char('q'));
        let answer = || Msg::Background("rgb:0/0/0".into());
        let now = Some(Duration::ZERO);
        assert_eq!(left(now, false, vec![key(), answer(), key()]).await, (1, false), "and no longer");
        assert_eq!(left(now, true, vec![key()]).await, (1, false), "it came before");
        assert_eq!(left(None, false, vec![key()]).await, (1, false), "nothing was asked");
        // A terminal that never answers costs a moment, once.
        assert_eq!(left(now, false, Vec::new()).await, (0, true));
    }

    /// Keys by the characters that crossterm makes them of; `^[` before one is Alt, `E` alone is Esc, `^G` is BEL.
    fn event(word: &str) -> Event {
        let key = |code, modifiers| Event::Key(KeyEvent::new(code, modifiers));
        match word {
            "E" => key(KeyCode::Esc, KeyModifiers::NONE),
            "^G" => key(KeyCode::Char('g'), KeyModifiers::CONTROL),
            "size" => Event::Resize(80, 24),
            _ => {
                let (c, modifiers) = match word.strip_prefix("^[") {
                    Some(c) => (c, KeyModifiers::ALT),
                    None => (word, KeyModifiers::NONE),
                };
                key(KeyCode::Char(c.chars().next().expect("a character")), modifiers)
            }
        }
    }

    /// What comes of words: those that are events again, and the colour in brackets.
    #[track_caller]
    fn check(words: &str, expect: &str) {
        let words: Vec<&str> = words.split(' ').collect();
        let mut picker = Picker::default();
        let mut out = Vec::new();
        for word in &words {
            for typed in picker.take(event(word)) {
                out.push(match typed {
                    Typed::Background(colour) => format!("<{colour}>"),
                    Typed::Event(e) => {
                        (*words.iter().find(|w| event(w) == e).expect("one that came")).to_owned()
                    }
                });
            }
        }
        assert_eq!(out.join(" "), expect, "{words:?}");
    }

    #[test]
    fn the_answer_is_picked_out_and_keys_are_left_alone() {
        let white = "1 1 ; r g b : f f / f f / f f";
        let with = |before: &str, after: &str| format!("{before} {white} {after}");
        check(&with("^[]", "^[\\"), "<rgb:ff/ff/ff>");
        check(&with("^[]", "^G"), "<rgb:ff/ff/ff>");
        check(&with("j ^[]", "^G k"), "j <rgb:ff/ff/ff> k");
        // In pieces: after ESC, and in the middle of the end.
        check(&with("E ]", "^G q"), "E <rgb:ff/ff/ff> q");
        check(&with("^[]", "E \\ q"), "<rgb:ff/ff/ff> q");
        check(&with("^[]", "E q"), "<rgb:ff/ff/ff> q");
        check("^[] 1 1 ; r size g b : 0 / 0 / 0 ^G", "size <rgb:0/0/0>");
        // What is no answer is what it was.
        check("^[] q", "^[] q");
        check("^[] 1 2 q", "^[] 1 2 q");
        check("^[] 1 1 ; j", "^[] 1 1 ; j");
        check("^[] 1 1 E j", "^[] 1 1 E j");
        check("] 1 1 ; r g b", "] 1 1 ; r g b");
        check("E E ] j", "E E ] j");
        check("E j ]", "E j ]");
    }

    #[test]
    fn an_answer_without_end_is_let_go() {
        let mut picker = Picker::default();
        let words = ["^[]", "1", "1", ";"].into_iter().chain(std::iter::repeat_n("f", 40));
        let out: Vec<_> = words.flat_map(|w| picker.take(event(w))).collect();
        assert_eq!(out.len(), 44);
    }
}
