//! What was read: events that point into the text.

use std::ops::Range;

use zeroize::Zeroize;

use crate::detect::{ItemView, Visitor};
use crate::domain::{AttributeValue, Item};

/// How deep a walk goes, as that of an [`Item`].
pub(super) const DEEPEST: usize = 64;

/// Where a text is: in the input as it is, or beside it with its escapes undone. Of a binary value, where its bytes are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) at: u32,
    pub(super) len: u32,
    pub(super) undone: bool,
}

impl Place {
    fn range(self) -> Range<usize> {
        self.at as usize..self.at as usize + self.len as usize
    }
}

/// What is in a set, a list or a map.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holds {
    Members,
    List,
    Strings,
    Numbers,
    Binaries,
}

impl Holds {
    fn nests(self) -> bool {
        matches!(self, Self::Members | Self::List)
    }
}

/// One step through items.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Event {
    /// The name of the member that follows.
    Name(Place),
    S(Place),
    N(Place),
    B(Place),
    Bool(bool),
    Null,
    /// A set, a list or a map, up to its [`Event::Close`].
    Open(Holds),
    Close,
    /// A type that this program does not know.
    Unknown,
    /// A value that nests deeper than is read.
    Deep,
}

/// Events, and the texts that are not in the input as they are. May hold secrets: no Debug, and wiped.
#[derive(Default)]
pub struct Tape {
    pub(super) events: Vec<Event>,
    pub(super) undone: String,
    pub(super) binaries: Vec<u8>,
    /// Buffers of the reader, kept between items.
    pub(super) members: Vec<(Place, u32)>,
    pub(super) sorting: Vec<Event>,
}

impl Tape {
    /// Empty again, its buffers kept.
    pub fn clear(&mut self) {
        self.events.clear();
        self.members.clear();
        self.undone.zeroize();
        self.binaries.zeroize();
    }

    /// The item of these events, which were read from this text.
    pub fn view<'a>(&'a self, text: &'a str, events: Range<usize>) -> View<'a> {
        let events = self.events.get(events).unwrap_or_default();
        View { text, undone: &self.undone, binaries: &self.binaries, events }
    }
}

impl Drop for Tape {
    fn drop(&mut self) {
        self.clear();
    }
}

/// One item in the text it came in. No Debug: it may hold secrets.
#[derive(Clone, Copy)]
pub struct View<'a> {
    pub(super) text: &'a str,
    pub(super) undone: &'a str,
    pub(super) binaries: &'a [u8],
    pub(super) events: &'a [Event],
}

impl<'a> View<'a> {
    fn str(&self, place: Place) -> &'a str {
        let of = if place.undone { self.undone } else { self.text };
        &of[place.range()]
    }

    /// One attribute by name.
    pub fn get(&self, name: &str) -> Option<AttributeValue> {
        let mut at = 0;
        while let Some(Event::Name(place)) = self.events.get(at) {
            at += 1;
            if self.str(*place) == name {
                return self.value(&mut at);
            }
            at = self.after(at);
        }
        None
    }

    /// The item, built.
    pub fn item(&self) -> Item {
        let mut at = 0;
        Item::new(self.members(&mut at))
    }

    /// Its size in bytes as DynamoDB counts it; see [`Item::size`].
    pub fn size(&self) -> usize {
        self.size_of_members(&mut 0, 0)
    }

    fn size_of_members(&self, at: &mut usize, each: usize) -> usize {
        let mut size = 0;
        while let Some(Event::Name(place)) = self.events.get(*at) {
            *at += 1;
            size += place.len as usize + each + self.size_of(at);
        }
        size
    }

    fn size_of(&self, at: &mut usize) -> usize {
        let number = |n: &str| n.bytes().filter(u8::is_ascii_digit).count().div_ceil(2) + 1;
        let Some(event) = self.events.get(*at) else { return 0 };
        *at += 1;
        match event {
            Event::S(place) | Event::B(place) => place.len as usize,
            Event::N(place) => number(self.str(*place)),
            Event::Bool(_) | Event::Null | Event::Unknown | Event::Deep => 1,
            Event::Name(_) | Event::Close => 0,
            Event::Open(holds) => {
                // A map and a list take three bytes, and one for each of their members.
                let (own, each) = if holds.nests() { (3, 1) } else { (0, 0) };
                let mut size = own;
                if *holds == Holds::Members {
                    size += self.size_of_members(at, each);
                }
                while self.events.get(*at).is_some_and(|event| *event != Event::Close) {
                    size += each + self.size_of(at);
                }
                *at += 1;
                size
            }
        }
    }

    /// Where the value that begins at an event ends.
    fn after(&self, mut at: usize) -> usize {
        let mut depth = 0_usize;
        loop {
            match self.events.get(at) {
                None => return at,
                Some(Event::Open(_)) => depth += 1,
                Some(Event::Close) => depth = depth.saturating_sub(1),
                Some(_) => {}
            }
            at += 1;
            if depth == 0 {
                return at;
            }
        }
    }

    fn members(&self, at: &mut usize) -> Vec<(String, AttributeValue)> {
        let mut members = Vec::new();
        while let Some(Event::Name(place)) = self.events.get(*at) {
            *at += 1;
            let Some(value) = self.value(at) else { break };
            members.push((self.str(*place).to_owned(), value));
        }
        members
    }

    fn value(&self, at: &mut usize) -> Option<AttributeValue> {
        let event = self.events.get(*at)?;
        *at += 1;
        Some(match event {
            Event::S(place) => AttributeValue::S(self.str(*place).to_owned()),
            Event::N(place) => AttributeValue::N(self.str(*place).to_owned()),
            Event::B(place) => AttributeValue::B(self.binaries[place.range()].to_vec()),
            Event::Bool(truth) => AttributeValue::Bool(*truth),
            Event::Null => AttributeValue::Null,
            Event::Unknown | Event::Deep => AttributeValue::Unknown,
            Event::Open(holds) => {
                let value = match holds {
                    Holds::Members => AttributeValue::M(self.members(at)),
                    Holds::List => AttributeValue::L(self.until_close(at, |view, at| view.value(at))),
                    Holds::Strings => AttributeValue::Ss(self.texts(at)),
                    Holds::Numbers => AttributeValue::Ns(self.texts(at)),
                    Holds::Binaries => AttributeValue::Bs(self.until_close(at, |view, at| {
                        let Some(Event::B(place)) = view.events.get(*at) else { return None };
                        *at += 1;
                        Some(view.binaries[place.range()].to_vec())
                    })),
                };
                *at += 1;
                value
            }
            Event::Name(_) | Event::Close => return None,
        })
    }

    fn texts(&self, at: &mut usize) -> Vec<String> {
        self.until_close(at, |view, at| {
            let Some(Event::S(place) | Event::N(place)) = view.events.get(*at) else { return None };
            *at += 1;
            Some(view.str(*place).to_owned())
        })
    }

    fn until_close<T>(&self, at: &mut usize, mut each: impl FnMut(&Self, &mut usize) -> Option<T>) -> Vec<T> {
        let mut all = Vec::new();
        while self.events.get(*at).is_some_and(|event| *event != Event::Close) {
            let Some(one) = each(self, at) else { break };
            all.push(one);
        }
        all
    }

    /// Tells the value at an event, and goes on behind it. False if it was left out as too deep.
    fn tell(&self, at: &mut usize, visitor: &mut dyn Visitor) -> bool {
        let Some(event) = self.events.get(*at) else { return true };
        *at += 1;
        let mut whole = true;
        match event {
            Event::S(place) => visitor.text(self.str(*place)),
            Event::N(place) => visitor.number(self.str(*place)),
            Event::B(place) => visitor.binary(&self.binaries[place.range()]),
            Event::Deep => whole = false,
            // A set of numbers says nothing, as with an item in memory.
            Event::Open(Holds::Numbers) => {
                *at = self.after(*at - 1);
            }
            Event::Open(Holds::Members) => {
                whole = self.tell_members(at, visitor);
                *at += 1;
            }
            Event::Open(_) => {
                let mut position = 0;
                while self.events.get(*at).is_some_and(|event| *event != Event::Close) {
                    visitor.enter_index(position);
                    whole &= self.tell(at, visitor);
                    visitor.leave();
                    position += 1;
                }
                *at += 1;
            }
            Event::Bool(_) | Event::Null | Event::Unknown | Event::Name(_) | Event::Close => {}
        }
        whole
    }

    fn tell_members(&self, at: &mut usize, visitor: &mut dyn Visitor) -> bool {
        let (mut whole, mut position) = (true, 0);
        while let Some(Event::Name(place)) = self.events.get(*at) {
            *at += 1;
            visitor.enter_name(position, self.str(*place));
            whole &= self.tell(at, visitor);
            visitor.leave();
            position += 1;
        }
        whole
    }
}

impl ItemView for View<'_> {
    fn walk(&self, visitor: &mut dyn Visitor) -> bool {
        self.tell_members(&mut 0, visitor)
    }
}
