//! JSON (RFC 8259), told as it is read: nothing is kept, and members of the same name are all told.

use std::borrow::Cow;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess};
use zeroize::{Zeroize, Zeroizing};

use super::Told;
use crate::detect::walk::Visitor;
use crate::domain::Holds;

/// How deep JSON is followed.
const DEEPEST: usize = 32;
/// What serde_json calls the one member of a number that it keeps as text.
const NUMBER: &str = "$serde_json::private::Number";

/// Whether a text may be JSON with something in it, by its ends.
pub(super) fn fits(text: &str) -> bool {
    let bytes = text.as_bytes();
    let ends = (bytes.first(), bytes.last());
    bytes.len() > 2
        && matches!(ends, (Some(b'{'), Some(b'}')) | (Some(b'['), Some(b']')) | (Some(b'"'), Some(b'"')))
}

/// Tells JSON to a visitor. An escape that stands for no character (a lone surrogate, as of an emoji that was cut in two)
/// is told as U+FFFD.
pub(super) fn walk(text: &str, visitor: &mut dyn Visitor) -> Told {
    match mended(text) {
        Some(mended) => read(&mended, visitor),
        None => read(text, visitor),
    }
}

/// The text with U+FFFD for each lone surrogate; `None` where there is none.
fn mended(text: &str) -> Option<Zeroizing<String>> {
    let bytes = text.as_bytes();
    // The unit that an escape at a place stands for.
    let unit = |at: usize| match bytes.get(at..at + 6)? {
        [b'\\', b'u', ..] => u16::from_str_radix(text.get(at + 2..at + 6)?, 16).ok(),
        _ => None,
    };
    let mut out: Option<Zeroizing<String>> = None;
    let (mut done, mut at) = (0, text.find("\\u")?);
    // Every backslash is looked at: of two, the second escapes nothing.
    at = text[..at].find('\\').unwrap_or(at);
    while at < bytes.len() {
        if bytes[at] != b'\\' {
            at += 1;
            continue;
        }
        match unit(at) {
            Some(0xd800..=0xdbff) if matches!(unit(at + 6), Some(0xdc00..=0xdfff)) => at += 12,
            Some(0xd800..=0xdfff) => {
                let out = out.get_or_insert_with(|| Zeroizing::new(String::with_capacity(text.len())));
                out.push_str(&text[done..at]);
                out.push_str("\\ufffd");
                at += 6;
                done = at;
            }
            Some(_) => at += 6,
            None => at += 2,
        }
    }
    if let Some(out) = &mut out {
        out.push_str(&text[done..]);
    }
    out
}

fn read(text: &str, visitor: &mut dyn Visitor) -> Told {
    // An ETag, say.
    if let Some(plain) = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'))
        && !plain.bytes().fold(false, |odd, b| odd | (b < b' ') | (b == b'"') | (b == b'\\'))
    {
        visitor.text(plain);
        return Told::Whole;
    }
    let mut whole = true;
    let mut json = serde_json::Deserializer::from_str(text);
    let read = Json { visitor, whole: &mut whole, depth: 0 }.deserialize(&mut json);
    match read.and_then(|()| json.end()) {
        Ok(()) if whole => Told::Whole,
        Ok(()) => Told::Partly,
        Err(_) if serde_json::from_str::<IgnoredAny>(text).is_ok() => Told::Partly,
        Err(_) => Told::Not,
    }
}

struct Json<'a> {
    visitor: &'a mut dyn Visitor,
    whole: &'a mut bool,
    depth: usize,
}

impl<'de> DeserializeSeed<'de> for Json<'_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        if self.depth > DEEPEST {
            *self.whole = false;
            return serde::Deserialize::deserialize(deserializer).map(|IgnoredAny| ());
        }
        deserializer.deserialize_any(self)
    }
}

impl<'de> serde::de::Visitor<'de> for Json<'_> {
    type Value = ();
    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("JSON")
    }
    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        self.visitor.text(text);
        Ok(())
    }
    fn visit_bool<E>(self, truth: bool) -> Result<(), E> {
        self.visitor.word(if truth { "true" } else { "false" });
        Ok(())
    }
    fn visit_unit<E>(self) -> Result<(), E> {
        self.visitor.word("null");
        Ok(())
    }
    fn visit_i64<E>(self, number: i64) -> Result<(), E> {
        self.visitor.number(&number.to_string());
        Ok(())
    }
    fn visit_u64<E>(self, number: u64) -> Result<(), E> {
        self.visitor.number(written(number, &mut [0; 20]));
        Ok(())
    }
    fn visit_f64<E>(self, number: f64) -> Result<(), E> {
        self.visitor.number(&number.to_string());
        Ok(())
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        self.visitor.opens(Holds::List);
        for n in 0.. {
            self.visitor.enter_index(n);
            let seed = Json { visitor: &mut *self.visitor, whole: &mut *self.whole, depth: self.depth + 1 };
            let more = list.next_element_seed(seed)?;
            self.visitor.leave();
            if more.is_none() {
                break;
            }
        }
        Ok(())
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut position = 0;
        let mut next = map.next_key::<JsonName<'de>>()?;
        if next.as_ref().is_some_and(|JsonName(name)| name == NUMBER) {
            // A number. A map with a member of that name says so in the text, and any value may stand there.
            let text = map.next_value::<String>()?;
            if !is_number(&text) {
                return Err(serde::de::Error::custom("a name that no JSON has"));
            }
            self.visitor.number(&text);
            return match map.next_key::<JsonName<'de>>()? {
                None => Ok(()),
                Some(_) => Err(serde::de::Error::custom("a name that no JSON has")),
            };
        }
        self.visitor.opens(Holds::Map);
        while let Some(JsonName(name)) = next {
            self.visitor.enter_name(position, &name);
            if let Cow::Owned(mut name) = name {
                name.zeroize();
            }
            map.next_value_seed(Json {
                visitor: &mut *self.visitor,
                whole: &mut *self.whole,
                depth: self.depth + 1,
            })?;
            self.visitor.leave();
            position += 1;
            next = map.next_key::<JsonName<'de>>()?;
        }
        Ok(())
    }
}

/// A number in decimal digits, without memory.
fn written(mut number: u64, digits: &mut [u8; 20]) -> &str {
    let mut from = digits.len();
    loop {
        from -= 1;
        digits[from] = b'0' + (number % 10) as u8;
        number /= 10;
        if number == 0 {
            return std::str::from_utf8(&digits[from..]).unwrap_or_default();
        }
    }
}

/// Whether it is written like a number (RFC 8259, 6).
fn is_number(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit() || b"+-.eE".contains(&b))
        && text.bytes().any(|b| b.is_ascii_digit())
}

/// A member's name, borrowed where nothing in it is escaped.
#[derive(serde::Deserialize)]
#[serde(transparent)]
struct JsonName<'a>(#[serde(borrow)] Cow<'a, str>);
