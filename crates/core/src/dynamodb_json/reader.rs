//! The reader: text in, events out. It is as strict as it must be to see what the SDK sees, and no stricter: what it does not
//! need of a text it skips by brackets and quotes.

use std::fmt;
use std::ops::Range;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::tape::{DEEPEST, Event, Holds, Place, Tape};
use crate::domain::KeySchema;

/// What is wrong with a text, and where in it, in bytes. Never what stands there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fault {
    /// Where.
    pub at: usize,
    /// What is wrong.
    pub what: &'static str,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at byte {}", self.what, self.at)
    }
}

impl std::error::Error for Fault {}

/// In which order the attributes of an item are told.
#[derive(Debug, Clone, Copy)]
pub enum Order<'a> {
    /// As they were sent.
    Sent,
    /// The key first where it is known, then by name; the members of maps by name. So is an item that the SDK gave, which
    /// keeps no order of its own.
    Sorted(Option<&'a KeySchema>),
}

/// Reads a whole text as one item of DynamoDB JSON, `{"id":{"S":"a"}}`, alone or within `{"Item":…}` as a line of an export
/// to S3 has it. `None` for any other text, which may be an item in another form.
pub fn typed_item(text: &str, tape: &mut Tape, order: Order<'_>) -> Option<Range<usize>> {
    let from = tape.events.len();
    let mut reader = Reader::new(text, tape, order);
    reader.space();
    let whole = |reader: &mut Reader<'_>| {
        reader.item().ok()?;
        reader.space();
        (reader.at == text.len()).then_some(())
    };
    let enveloped = |reader: &mut Reader<'_>| {
        reader.take(b'{', "").ok()?;
        reader.space();
        (reader.text[reader.at..].starts_with("\"Item\"")).then_some(())?;
        reader.at += "\"Item\"".len();
        reader.colon().ok()?;
        reader.item().ok()?;
        reader.space();
        reader.take(b'}', "").ok()?;
        reader.space();
        (reader.at == text.len()).then_some(())
    };
    let begin = reader.at;
    let mut found = enveloped(&mut reader);
    if found.is_none() {
        reader.at = begin;
        reader.tape.events.truncate(from);
        found = whole(&mut reader);
    }
    let strict = !reader.unusual;
    if found.is_none() || !strict {
        tape.events.truncate(from);
        return None;
    }
    Some(from..tape.events.len())
}

/// Reads a text from somewhere on.
pub(super) struct Reader<'a> {
    text: &'a str,
    bytes: &'a [u8],
    pub(super) at: usize,
    tape: &'a mut Tape,
    order: Order<'a>,
    /// A type was unknown, a number was none, or a value nested too deeply.
    unusual: bool,
}

type Read<T = ()> = Result<T, Fault>;

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str, tape: &'a mut Tape, order: Order<'a>) -> Self {
        Self { text, bytes: text.as_bytes(), at: 0, tape, order, unusual: false }
    }

    pub(super) fn fault<T>(&self, what: &'static str) -> Read<T> {
        Err(Fault { at: self.at, what })
    }

    pub(super) fn space(&mut self) {
        while matches!(self.bytes.get(self.at), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    pub(super) fn take(&mut self, byte: u8, what: &'static str) -> Read {
        if self.peek() != Some(byte) {
            return self.fault(what);
        }
        self.at += 1;
        Ok(())
    }

    pub(super) fn colon(&mut self) -> Read {
        self.space();
        self.take(b':', "a colon is missing")?;
        self.space();
        Ok(())
    }

    /// After a member of an object or list: whether another follows. Behind the end where none does.
    pub(super) fn goes_on(&mut self, end: u8) -> Read<bool> {
        self.space();
        match self.peek() {
            Some(b',') => {
                self.at += 1;
                self.space();
                Ok(true)
            }
            Some(byte) if byte == end => {
                self.at += 1;
                Ok(false)
            }
            _ => self.fault("a comma is missing"),
        }
    }

    /// Into an object or list: whether it has a member. Behind its end where it has none.
    pub(super) fn enter(&mut self, begin: u8, end: u8) -> Read<bool> {
        self.take(begin, if begin == b'{' { "an object is missing" } else { "a list is missing" })?;
        self.space();
        if self.peek() == Some(end) {
            self.at += 1;
            return Ok(false);
        }
        Ok(true)
    }

    /// One item.
    pub(super) fn item(&mut self) -> Read {
        let key = match self.order {
            Order::Sent => None,
            Order::Sorted(key) => key,
        };
        self.members(1, key)
    }

    /// The members of an item or a map. The first level of an item is 1.
    fn members(&mut self, depth: usize, key: Option<&KeySchema>) -> Read {
        let (from, first) = (self.tape.members.len(), self.tape.events.len());
        let mut more = self.enter(b'{', b'}')?;
        while more {
            let name = self.string()?;
            if !matches!(self.order, Order::Sent) {
                self.tape.members.push((name, self.tape.events.len() as u32));
            }
            self.tape.events.push(Event::Name(name));
            self.colon()?;
            self.value(depth)?;
            more = self.goes_on(b'}')?;
        }
        self.sort(from, first, key);
        Ok(())
    }

    /// Puts the members that were read last in their order. Most come in it.
    fn sort(&mut self, from: usize, first: usize, key: Option<&KeySchema>) {
        let Tape { events, undone, members, sorting, .. } = &mut *self.tape;
        let text = |place: Place| {
            let of: &str = if place.undone { undone } else { self.text };
            &of[place.at as usize..][..place.len as usize]
        };
        let rank = |place: Place| {
            let name = text(place);
            let rank = key.and_then(|key| key.names().position(|n| n == name)).unwrap_or(2);
            (rank, name)
        };
        let these = &mut members[from..];
        if !these.is_sorted_by(|a, b| rank(a.0) <= rank(b.0)) {
            // Where each ends: where the next one begins, as they were sent.
            let ends: Vec<u32> = these[1..].iter().map(|m| m.1).chain([events.len() as u32]).collect();
            let mut ranges: Vec<(Place, u32, u32)> =
                these.iter().zip(ends).map(|((name, at), end)| (*name, *at, end)).collect();
            ranges.sort_by(|a, b| rank(a.0).cmp(&rank(b.0)));
            sorting.clear();
            ranges
                .iter()
                .for_each(|(_, at, end)| sorting.extend_from_slice(&events[*at as usize..*end as usize]));
            events.truncate(first);
            events.append(sorting);
        }
        members.truncate(from);
    }

    /// A value, `{"S":"x"}`.
    fn value(&mut self, depth: usize) -> Read {
        if depth > DEEPEST {
            self.unusual = true;
            self.tape.events.push(Event::Deep);
            return self.skip();
        }
        if !self.enter(b'{', b'}')? {
            return self.fault("a value without a type");
        }
        let kind = self.string()?;
        self.colon()?;
        let known = if kind.undone { &[][..] } else { &self.bytes[kind.at as usize..][..kind.len as usize] };
        match known {
            b"S" => {
                let text = self.string()?;
                self.tape.events.push(Event::S(text));
            }
            b"N" => {
                let text = self.number()?;
                self.tape.events.push(Event::N(text));
            }
            b"B" => {
                let bytes = self.binary()?;
                self.tape.events.push(Event::B(bytes));
            }
            b"BOOL" => {
                let truth = self.truth()?;
                self.tape.events.push(Event::Bool(truth));
            }
            b"NULL" => {
                self.truth()?;
                self.tape.events.push(Event::Null);
            }
            b"M" => {
                self.tape.events.push(Event::Open(Holds::Members));
                self.members(depth + 1, None)?;
                self.tape.events.push(Event::Close);
            }
            b"L" => self.list(Holds::List, |reader| reader.value(depth + 1))?,
            b"SS" => self.list(Holds::Strings, |reader| {
                let text = reader.string()?;
                reader.tape.events.push(Event::S(text));
                Ok(())
            })?,
            b"NS" => self.list(Holds::Numbers, |reader| {
                let text = reader.number()?;
                reader.tape.events.push(Event::N(text));
                Ok(())
            })?,
            b"BS" => self.list(Holds::Binaries, |reader| {
                let bytes = reader.binary()?;
                reader.tape.events.push(Event::B(bytes));
                Ok(())
            })?,
            _ => {
                self.unusual = true;
                self.tape.events.push(Event::Unknown);
                self.skip()?;
            }
        }
        self.space();
        self.take(b'}', "a value of two types")
    }

    fn list(&mut self, holds: Holds, mut each: impl FnMut(&mut Self) -> Read) -> Read {
        self.tape.events.push(Event::Open(holds));
        let mut more = self.enter(b'[', b']')?;
        while more {
            each(self)?;
            more = self.goes_on(b']')?;
        }
        self.tape.events.push(Event::Close);
        Ok(())
    }

    fn truth(&mut self) -> Read<bool> {
        for (word, truth) in [("true", true), ("false", false)] {
            if self.bytes[self.at..].starts_with(word.as_bytes()) {
                self.at += word.len();
                return Ok(truth);
            }
        }
        self.fault("neither true nor false")
    }

    fn number(&mut self) -> Read<Place> {
        let place = self.string()?;
        let of = if place.undone { &self.tape.undone } else { self.text };
        let digits = &of.as_bytes()[place.at as usize..][..place.len as usize];
        let is = digits.iter().any(u8::is_ascii_digit)
            && digits.iter().all(|b| b.is_ascii_digit() || b"+-.eE".contains(b));
        self.unusual |= !is;
        Ok(place)
    }

    fn binary(&mut self) -> Read<Place> {
        let place = self.string()?;
        let Tape { undone, binaries, .. } = &mut *self.tape;
        let of: &str = if place.undone { undone } else { self.text };
        let at = binaries.len();
        let coded = &of[place.at as usize..][..place.len as usize];
        // Room at once: what is left behind when a buffer grows is not wiped.
        binaries.reserve(coded.len());
        if STANDARD.decode_vec(coded, binaries).is_err() {
            binaries.truncate(at);
            return self.fault("not base64");
        }
        Ok(Place { at: at as u32, len: (binaries.len() - at) as u32, undone: true })
    }

    /// A string, its escapes undone where it has any.
    pub(super) fn string(&mut self) -> Read<Place> {
        self.take(b'"', "a string is missing")?;
        let from = self.at;
        let Some(n) = memchr::memchr2(b'"', b'\\', &self.bytes[from..]) else {
            return self.fault("a string without an end");
        };
        self.at += n + 1;
        if self.bytes[from + n] == b'"' {
            return Ok(Place { at: from as u32, len: n as u32, undone: false });
        }
        let begin = self.tape.undone.len();
        self.tape.undone.push_str(&self.text[from..from + n]);
        self.escape()?;
        loop {
            let from = self.at;
            let Some(n) = memchr::memchr2(b'"', b'\\', &self.bytes[from..]) else {
                return self.fault("a string without an end");
            };
            self.tape.undone.push_str(&self.text[from..from + n]);
            self.at += n + 1;
            if self.bytes[from + n] == b'"' {
                let len = self.tape.undone.len() - begin;
                return Ok(Place { at: begin as u32, len: len as u32, undone: true });
            }
            self.escape()?;
        }
    }

    /// What stands behind a backslash.
    fn escape(&mut self) -> Read {
        let Some(byte) = self.peek() else { return self.fault("a string without an end") };
        self.at += 1;
        let char = match byte {
            b'"' | b'\\' | b'/' => char::from(byte),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => self.unicode()?,
            _ => return self.fault("an escape that there is not"),
        };
        self.tape.undone.push(char);
        Ok(())
    }

    fn unicode(&mut self) -> Read<char> {
        let first = self.hex()?;
        if let Some(char) = char::from_u32(first) {
            return Ok(char);
        }
        // The first half of a pair of surrogates; the other must follow.
        if (0xD800..0xDC00).contains(&first) && self.bytes[self.at..].starts_with(b"\\u") {
            self.at += 2;
            let second = self.hex()?;
            if (0xDC00..0xE000).contains(&second)
                && let Some(char) = char::from_u32(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00))
            {
                return Ok(char);
            }
        }
        self.fault("half of a character")
    }

    fn hex(&mut self) -> Read<u32> {
        let digits = self.text.get(self.at..self.at + 4).filter(|d| d.bytes().all(|b| b.is_ascii_hexdigit()));
        let Some(code) = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok()) else {
            return self.fault("an escape that there is not");
        };
        self.at += 4;
        Ok(code)
    }

    /// Past a value of any form, by its brackets and quotes.
    pub(super) fn skip(&mut self) -> Read {
        let (from, mut depth) = (self.at, 0_usize);
        loop {
            let Some(byte) = self.peek() else { return self.fault("a value without an end") };
            match byte {
                b'"' => {
                    self.skip_string()?;
                    if depth == 0 {
                        return Ok(());
                    }
                    continue;
                }
                b'{' | b'[' => depth += 1,
                b'}' | b']' if depth > 0 => {
                    depth -= 1;
                    if depth == 0 {
                        self.at += 1;
                        return Ok(());
                    }
                }
                b',' | b'}' | b']' if depth == 0 => {
                    return if self.at > from { Ok(()) } else { self.fault("a value is missing") };
                }
                _ => {}
            }
            self.at += 1;
        }
    }

    fn skip_string(&mut self) -> Read {
        self.at += 1;
        loop {
            let Some(n) = memchr::memchr2(b'"', b'\\', &self.bytes[self.at..]) else {
                return self.fault("a string without an end");
            };
            let is_end = self.bytes[self.at + n] == b'"';
            self.at += n + if is_end { 1 } else { 2 };
            if is_end {
                return Ok(());
            }
            if self.at > self.bytes.len() {
                return self.fault("a string without an end");
            }
        }
    }

    /// How many events there are.
    pub(super) fn events(&self) -> usize {
        self.tape.events.len()
    }
}
