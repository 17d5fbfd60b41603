//! Bytes written as text: base64, base64url, hexadecimal, percent-encoding and PEM.

use std::borrow::Cow;

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use percent_encoding::percent_decode;
use zeroize::Zeroizing;

use super::{may_promise, promising};
use crate::domain::Layer;

/// Lenient on padding and trailing bits: encoders differ, and we only read.
const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_padding_mode(DecodePaddingMode::Indifferent)
    .with_decode_allow_trailing_bits(true);
const STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, LENIENT);
const URL_SAFE: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, LENIENT);

/// What a byte rules out: hexadecimal, and one of the two alphabets of base64 (RFC 4648, 4 and 5) or both.
const NO_HEX: u8 = 1;
const STANDARD_ONLY: u8 = 2;
const URL_ONLY: u8 = 4;
const BREAK: u8 = 8;
const OTHER: u8 = 16;
const ALPHABET: [u8; 256] = {
    let mut of = [OTHER; 256];
    let mut b = 0;
    while b < 256 {
        of[b] = match b as u8 {
            b'0'..=b'9' | b'a'..=b'f' | b'A'..=b'F' => 0,
            b'g'..=b'z' | b'G'..=b'Z' | b'=' => NO_HEX,
            b'+' | b'/' => STANDARD_ONLY,
            b'-' | b'_' => URL_ONLY,
            b'\n' | b'\r' => BREAK,
            _ => OTHER,
        };
        b += 1;
    }
    of
};

/// Shorter texts hide no secret.
const SHORTEST: usize = 20;

/// Bytes in standard base64.
pub(in crate::detect) fn to_base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// URL-safe base64, padded or not.
pub(in crate::detect) fn base64url(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    URL_SAFE.decode(text).ok().map(Zeroizing::new)
}

/// Standard base64, padded or not.
pub(in crate::detect) fn base64(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    STANDARD.decode(text).ok().map(Zeroizing::new)
}

/// Text that is, as a whole, an encoding of something readable or compressed.
pub(in crate::detect) fn of_text(text: &str) -> Option<(Layer, Zeroizing<Vec<u8>>)> {
    let text = text.trim();
    if text.len() < SHORTEST {
        return None;
    }
    let mut seen = 0;
    for b in text.bytes() {
        seen |= ALPHABET[usize::from(b)];
        if seen & OTHER != 0 {
            return percent(text);
        }
    }
    let layer = match seen {
        0 if text.len().is_multiple_of(2) => Layer::Hex,
        _ if seen & STANDARD_ONLY != 0 && seen & URL_ONLY != 0 => return None,
        _ if seen & URL_ONLY != 0 => Layer::Base64Url,
        _ => Layer::Base64,
    };
    let decode = |text: &str| match layer {
        Layer::Hex => from_hex(text),
        Layer::Base64Url => base64url(text),
        _ => base64(text),
    };
    let joined;
    let text = if seen & BREAK != 0 {
        joined = Zeroizing::new(text.replace(['\n', '\r'], ""));
        joined.as_str()
    } else {
        text
    };
    // Most texts of this alphabet are ids and digests: their beginning tells.
    let size = if layer == Layer::Hex { text.len() / 2 } else { text.len() / 4 * 3 };
    may_promise(&beginning(layer, text)?, size)
        .then(|| decode(text))
        .flatten()
        .filter(|bytes| promising(bytes))
        .map(|bytes| (layer, bytes))
}

/// The first bytes, decoded without memory.
fn beginning(layer: Layer, text: &str) -> Option<[u8; 15]> {
    let mut out = [b' '; 15];
    let bytes = text.as_bytes();
    if layer == Layer::Hex {
        if bytes.len() < 30 {
            return Some(out);
        }
        for (byte, pair) in out.iter_mut().zip(bytes.chunks_exact(2)) {
            *byte = nibble(pair[0])? << 4 | nibble(pair[1])?;
        }
    } else {
        let engine = if layer == Layer::Base64Url { &URL_SAFE } else { &STANDARD };
        engine.decode_slice(bytes.get(..20)?, &mut out).ok()?;
    }
    Some(out)
}

fn nibble(b: u8) -> Option<u8> {
    char::from(b).to_digit(16).map(|d| d as u8)
}

fn from_hex(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let bytes: Option<Vec<u8>> =
        text.as_bytes().chunks_exact(2).map(|c| Some(nibble(c[0])? << 4 | nibble(c[1])?)).collect();
    bytes.map(Zeroizing::new)
}

/// Percent-encoded text that has an escape and no character that an encoder would have escaped.
fn percent(text: &str) -> Option<(Layer, Zeroizing<Vec<u8>>)> {
    if !text.contains('%') {
        return pem(text);
    }
    let escaped =
        |n: usize| text.as_bytes().get(n + 1..n + 3).is_some_and(|d| d.iter().all(u8::is_ascii_hexdigit));
    let fits = text.bytes().enumerate().all(|(n, b)| match b {
        b'%' => escaped(n),
        _ => b.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&b),
    });
    if !fits {
        return None;
    }
    let bytes = Zeroizing::new(percent_decode(text.as_bytes()).collect::<Vec<u8>>());
    promising(&bytes).then_some((Layer::Percent, bytes))
}

/// Percent-encoding undone; in a form a plus is a space, too.
pub(super) fn unescaped(text: &str, form: bool) -> Zeroizing<String> {
    let plain: Cow<'_, str> =
        if form && text.contains('+') { text.replace('+', " ").into() } else { text.into() };
    Zeroizing::new(percent_decode(plain.as_bytes()).decode_utf8_lossy().into_owned())
}

/// The body of one PEM block with nothing around it (RFC 7468, 3). Private keys are recognised as such, with their
/// label; certificates and public keys hold nothing that is looked for.
fn pem(text: &str) -> Option<(Layer, Zeroizing<Vec<u8>>)> {
    let rest = text.strip_prefix("-----BEGIN ")?;
    let (label, rest) = rest.split_once("-----")?;
    let (body, end) = rest.split_once("-----END ")?;
    if label.len() > 64 || end.strip_suffix("-----")? != label {
        return None;
    }
    // Header lines of RFC 1421 stand before a blank line.
    let lines = body.lines().filter(|line| !line.contains(':'));
    let joined =
        Zeroizing::new(lines.flat_map(str::chars).filter(|c| !c.is_whitespace()).collect::<String>());
    let bytes = base64(&joined)?;
    promising(&bytes).then_some((Layer::Pem, bytes))
}
