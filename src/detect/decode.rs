//! Encodings that hide secrets in items, opened within bounds: nothing here panics or grows without limit.

use std::cell::Cell;
use std::io::Read;

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess};
use zeroize::Zeroizing;

use crate::detect::walk::Visitor;
use crate::domain::Layer;

/// How many encodings are opened one inside the other.
pub(super) const LAYERS: usize = 4;
/// How many bytes all opened encodings of one top-level attribute may have together: a bomb in one attribute does not
/// keep the others shut.
pub(super) const ATTRIBUTE: usize = 4 * 1024 * 1024;
/// How many bytes all opened encodings of one item may have together.
pub(super) const ITEM: usize = 16 * 1024 * 1024;
/// How many bytes one compressed session may have: no framework writes larger ones.
const SESSION: usize = 256 * 1024;

/// Lenient on padding and trailing bits: encoders differ, and we only read.
const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_padding_mode(DecodePaddingMode::Indifferent)
    .with_decode_allow_trailing_bits(true);
const STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, LENIENT);
const URL_SAFE: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, LENIENT);

/// URL-safe base64, padded or not.
pub(super) fn base64url(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    URL_SAFE.decode(text).ok().map(Zeroizing::new)
}

/// Standard base64, padded or not.
pub(super) fn base64(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    STANDARD.decode(text).ok().map(Zeroizing::new)
}

/// Text that is, as a whole, base64 or hexadecimal for something readable or compressed.
pub(super) fn of_text(text: &str) -> Option<(Layer, Zeroizing<Vec<u8>>)> {
    let text = text.trim();
    if text.len() < 20 {
        return None;
    }
    let (mut hex, mut standard, mut url, mut breaks) = (true, false, false, false);
    for b in text.bytes() {
        match b {
            b'0'..=b'9' | b'a'..=b'f' | b'A'..=b'F' => {}
            b'g'..=b'z' | b'G'..=b'Z' | b'=' => hex = false,
            b'+' | b'/' => (hex, standard) = (false, true),
            b'-' | b'_' => (hex, url) = (false, true),
            b'\n' | b'\r' => (hex, breaks) = (false, true),
            _ => return None,
        }
    }
    if hex && text.len().is_multiple_of(2) {
        return from_hex(text).filter(|bytes| promising(bytes)).map(|bytes| (Layer::Hex, bytes));
    }
    let joined;
    let text = if breaks {
        joined = Zeroizing::new(text.replace(['\n', '\r'], ""));
        joined.as_str()
    } else {
        text
    };
    let (layer, bytes) = match (standard, url) {
        (true, true) => return None,
        (_, false) => (Layer::Base64, base64(text)?),
        (false, true) => (Layer::Base64Url, base64url(text)?),
    };
    promising(&bytes).then_some((layer, bytes))
}

fn from_hex(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let nibble = |b: u8| char::from(b).to_digit(16).map(|d| d as u8);
    let bytes: Option<Vec<u8>> =
        text.as_bytes().chunks_exact(2).map(|c| Some(nibble(c[0])? << 4 | nibble(c[1])?)).collect();
    bytes.map(Zeroizing::new)
}

/// What came out of a compressed stream.
pub(super) struct Opened {
    /// As much as there was room for.
    pub bytes: Zeroizing<Vec<u8>>,
    /// There is more.
    pub cut: bool,
}

/// Bytes that are a gzip or zlib stream, opened; at most `budget` bytes of it.
pub(super) fn of_bytes(bytes: &[u8], budget: usize) -> Option<(Layer, Opened)> {
    let layer = compressed(bytes)?;
    let out = match layer {
        Layer::Gzip => inflate(flate2::read::MultiGzDecoder::new(bytes), budget),
        _ => inflate(flate2::read::ZlibDecoder::new(bytes), budget),
    };
    (!out.bytes.is_empty() || out.cut).then_some((layer, out))
}

/// By magic number: gzip (RFC 1952, 2.3.1), zlib (RFC 1950, 2.2).
fn compressed(bytes: &[u8]) -> Option<Layer> {
    match bytes {
        [0x1f, 0x8b, 8, ..] => Some(Layer::Gzip),
        [cmf, flg, _, ..]
            if cmf & 0x0f == 8
                && cmf >> 4 <= 7
                && (u16::from(*cmf) << 8 | u16::from(*flg)).is_multiple_of(31) =>
        {
            Some(Layer::Zlib)
        }
        _ => None,
    }
}

/// What could be read before the budget, the end or an error: a damaged stream still shows its beginning.
fn inflate(reader: impl Read, budget: usize) -> Opened {
    let mut bytes = Zeroizing::new(Vec::new());
    let _ = reader.take(budget as u64 + 1).read_to_end(&mut bytes);
    let cut = bytes.len() > budget;
    bytes.truncate(budget);
    Opened { bytes, cut }
}

/// Zlib alone, for sessions that say so; what comes out is taken off the budget.
pub(super) fn session(bytes: &[u8], budget: &Cell<usize>) -> Opened {
    let opened = inflate(flate2::read::ZlibDecoder::new(bytes), budget.get().min(SESSION));
    budget.set(budget.get() - opened.bytes.len());
    opened
}

/// Whether decoded bytes are worth a look: compressed, or text.
fn promising(bytes: &[u8]) -> bool {
    compressed(bytes).is_some() || std::str::from_utf8(bytes).is_ok_and(readable)
}

/// Whether nearly all characters are printable.
fn readable(text: &str) -> bool {
    let odd = text.chars().filter(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')).count();
    odd * 20 <= text.len()
}

/// Whether a text may be JSON with something in it.
pub(super) fn looks_like_json(text: &str) -> bool {
    let text = text.trim();
    let ends = (text.as_bytes().first(), text.as_bytes().last());
    matches!(ends, (Some(b'{'), Some(b'}')) | (Some(b'['), Some(b']')) | (Some(b'"'), Some(b'"')))
        && text.len() > 2
        && serde_json::from_str::<IgnoredAny>(text).is_ok()
}

/// Tells JSON to a visitor; false if part of it was left out. Members of the same name are all told.
pub(super) fn walk_json(text: &str, visitor: &mut dyn Visitor) -> bool {
    let mut whole = true;
    let mut json = serde_json::Deserializer::from_str(text.trim());
    Json { visitor, whole: &mut whole, depth: 0 }.deserialize(&mut json).is_ok() && whole
}

/// How deep JSON is followed.
const JSON_DEEPEST: usize = 32;
/// What serde_json calls the one member of a number that it keeps as text.
const NUMBER: &str = "$serde_json::private::Number";

struct Json<'a> {
    visitor: &'a mut dyn Visitor,
    whole: &'a mut bool,
    depth: usize,
}

impl<'de> DeserializeSeed<'de> for Json<'_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        if self.depth > JSON_DEEPEST {
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
    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }
    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }
    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }
    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
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
        while let Some(name) = map.next_key::<String>()? {
            let name = Zeroizing::new(name);
            if name.as_str() == NUMBER {
                map.next_value::<IgnoredAny>()?;
                continue;
            }
            self.visitor.enter_name(position, &name);
            map.next_value_seed(Json {
                visitor: &mut *self.visitor,
                whole: &mut *self.whole,
                depth: self.depth + 1,
            })?;
            self.visitor.leave();
            position += 1;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        gz.write_all(bytes).expect("memory");
        gz.finish().expect("memory")
    }

    #[test]
    fn opens_what_is_readable_and_nothing_else() {
        let layer = |text: &str| of_text(text).map(|(layer, _)| layer);
        assert_eq!(layer(&STANDARD.encode("a sentence that can be read")), Some(Layer::Base64));
        assert_eq!(layer(&URL_SAFE.encode("??>>??>> can be read ??>>??>>")), Some(Layer::Base64Url));
        assert_eq!(layer("612073656e74656e63652074686174"), Some(Layer::Hex));
        assert_eq!(layer("d41d8cd98f00b204e9800998ecf8427e"), None);
        assert_eq!(layer("a sentence that can be read"), None);
        assert_eq!(layer(&STANDARD.encode(gzip(b"x"))), Some(Layer::Base64));
    }

    #[test]
    fn a_bomb_stops_at_the_budget() {
        let bomb = gzip(&vec![b'a'; 20 * 1024 * 1024]);
        let (layer, out) = of_bytes(&bomb, 1000).expect("gzip");
        assert_eq!((layer, out.bytes.len(), out.cut), (Layer::Gzip, 1000, true));
        assert!(of_bytes(&bomb, 0).expect("gzip").1.cut);
        assert!(!of_bytes(&gzip(b"four"), 4).expect("gzip").1.cut);
    }

    proptest::proptest! {
        #[test]
        fn never_panics(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200), text in "(?s).{0,80}") {
            let _ = of_bytes(&bytes, 1000);
            let _ = of_text(&text);
            let _ = looks_like_json(&text);
        }
    }
}
