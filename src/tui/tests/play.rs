//! Plays a session: keys in, effects out, answers back.

use jiff::{SignedDuration, Timestamp};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::world::{Mood, World, noon, scope};
use crate::detect::edit;
use crate::engine;
use crate::tui::{
    Answer, Ask, Copy, Effect, Handling, Key, Model, Msg, Options, PlaceId, RequestId, update, view,
};

pub struct Play {
    pub model: Model,
    pub world: World,
    pub now: Timestamp,
    /// Questions nobody answered yet.
    pub open: Vec<(PlaceId, RequestId, Ask)>,
    pub cancelled: Vec<RequestId>,
    pub copied: Vec<Copy>,
    pub saved: Vec<(String, Copy)>,
    /// What stands in the file of what was accepted.
    pub accepted: String,
    pub wakes: Vec<Timestamp>,
    pub quit: bool,
    /// How many questions were answered.
    pub answered: usize,
    /// How often the terminal was asked for something: to suspend, or for the mouse.
    pub others: usize,
    /// The terminal was asked for its background.
    pub asked_background: bool,
    /// The place that may not be listed.
    pub denied: Option<PlaceId>,
}

impl Play {
    /// A session of which the first questions are asked, and not answered.
    pub fn silent(mood: Mood, size: (u16, u16)) -> Self {
        let options = Options::default();
        Self::with(options, mood, size)
    }

    pub fn with(options: Options, mood: Mood, size: (u16, u16)) -> Self {
        let model = Model::new(vec![scope("eu-west-1"), scope("us-east-1")], options, size, noon());
        let mut play = Self {
            model,
            world: World::new(mood),
            now: noon(),
            open: Vec::new(),
            cancelled: Vec::new(),
            copied: Vec::new(),
            saved: Vec::new(),
            accepted: String::new(),
            wakes: Vec::new(),
            quit: false,
            answered: 0,
            others: 0,
            asked_background: false,
            denied: None,
        };
        play.send(Msg::Start);
        play
    }

    /// A session in which every question is answered at once.
    pub fn new(mood: Mood, size: (u16, u16)) -> Self {
        let mut play = Self::silent(mood, size);
        play.answer();
        play
    }

    pub fn send(&mut self, msg: Msg) {
        for effect in update(&mut self.model, self.now, msg) {
            match effect {
                Effect::Ask(place, id, ask) => self.open.push((place, id, ask)),
                Effect::Cancel(id) => {
                    self.open.retain(|(_, open, _)| *open != id);
                    self.cancelled.push(id);
                }
                Effect::WakeAt(at) => self.wakes.push(at),
                Effect::Copy(copy) => self.copied.push(copy),
                Effect::Save(name, copy) => self.saved.push((name, copy)),
                Effect::Handle(Handling::Accept(all)) => {
                    self.accepted = edit::accept(&self.accepted, &all).expect("edited");
                    self.send(Msg::Handled(Handling::Accept(all), Ok(self.accepted.clone())));
                }
                Effect::Handle(Handling::TakeBack(all)) => {
                    for one in &all {
                        self.accepted = edit::take_back(&self.accepted, one).expect("edited").0;
                    }
                    self.send(Msg::Handled(Handling::TakeBack(all), Ok(self.accepted.clone())));
                }
                Effect::AskBackground => self.asked_background = true,
                Effect::Suspend | Effect::Mouse(_) | Effect::AskAnew(_) => self.others += 1,
                Effect::Quit => self.quit = true,
            }
        }
    }

    /// Answers everything, and what is asked because of it.
    pub fn answer(&mut self) {
        self.answer_some(10_000);
        assert!(self.open.is_empty(), "the session never stops asking");
    }

    /// Answers this many questions, those that come of it included.
    pub fn answer_some(&mut self, count: usize) {
        for _ in 0..count {
            if self.open.is_empty() {
                return;
            }
            let (place, id, ask) = self.open.remove(0);
            let answer = match self.world.answer(&ask) {
                Answer::Audit(engine::Answer::Tables(_)) if self.denied == Some(place) => {
                    World::new(Mood::Denied).refuse_list()
                }
                // The same tables are in every Region.
                Answer::Audit(engine::Answer::Tables(Ok(mut page))) => {
                    let scope = &self.model.shared.engine.places[place.0].scope;
                    page.tables.iter_mut().for_each(|t| t.scope = scope.clone());
                    Answer::Audit(engine::Answer::Tables(Ok(page)))
                }
                other => other,
            };
            self.answered += 1;
            self.send(Msg::Answer(id, answer));
        }
    }

    /// Presses keys by their names, separated by spaces; `'text'` is typed letter by letter.
    /// After each key everything is answered.
    pub fn keys(&mut self, keys: &str) -> &mut Self {
        for key in keys.split(' ') {
            self.press(key);
            self.answer();
        }
        self
    }

    /// Presses keys without answering what is asked.
    pub fn press(&mut self, keys: &str) {
        for key in keys.split(' ').filter(|k| !k.is_empty()) {
            match key.strip_prefix('\'').and_then(|k| k.strip_suffix('\'')) {
                Some(text) => text.chars().for_each(|c| self.send(Msg::Key(Key::char(c)))),
                None => self.send(Msg::Key(Key::parse(key).unwrap_or_else(|| panic!("{key} is no key")))),
            }
        }
    }

    /// Lets time pass.
    pub fn wait(&mut self, seconds: i64) {
        self.now = self.now.checked_add(SignedDuration::from_secs(seconds)).expect("in range");
        self.send(Msg::Wake);
    }

    pub fn buffer(&self) -> Buffer {
        let (width, height) = self.model.shared.terminal;
        let mut buf = Buffer::empty(Rect::new(0, 0, width, height));
        view(&self.model, &mut buf);
        buf
    }

    /// The text on screen.
    pub fn text(&self) -> String {
        let buf = self.buffer();
        let row =
            |y| (0..buf.area.width).map(|x| buf[(x, y)].symbol()).collect::<String>().trim_end().to_owned();
        (0..buf.area.height).map(row).collect::<Vec<_>>().join("\n")
    }

    #[track_caller]
    pub fn sees(&mut self, text: &str) -> &mut Self {
        assert!(self.text().contains(text), "{text:?} is not on screen:\n{}", self.text());
        self
    }

    #[track_caller]
    pub fn misses(&mut self, text: &str) -> &mut Self {
        assert!(!self.text().contains(text), "{text:?} is on screen:\n{}", self.text());
        self
    }
}
