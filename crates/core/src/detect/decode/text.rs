//! Bytes written as text: base64, base64url, hexadecimal, percent-encoding and PEM.

use std::borrow::Cow;

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use percent_encoding::percent_decode;
use zeroize::Zeroizing;

use super::{may_promise, promising, trimmed};
use crate::detect::byte_classes::Signs;
use crate::domain::Layer;

/// Lenient on padding and trailing bits: encoders differ, and we only read.
const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_padding_mode(DecodePaddingMode::Indifferent)
    .with_decode_allow_trailing_bits(true);
const STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, LENIENT);
const URL_SAFE: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, LENIENT);

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

/// Text of those signs that is, as a whole, an encoding of something readable or compressed.
pub(in crate::detect) fn of_text(text: &str, signs: Signs) -> Option<(Layer, Zeroizing<Vec<u8>>)> {
    /// The signs that one of the two alphabets of base64 has (RFC 4648, 4 and 5) and the other has not.
    const STANDARD_ONLY: Signs = Signs::all_in(b"+/");
    const URL_ONLY: Signs = Signs::all_in(b"-_");

    let (text, signs) = trimmed(text, signs);
    if text.len() < SHORTEST {
        return None;
    }
    if !signs.only(Signs::BASE64.or(Signs::BREAK)) {
        return percent(text, signs);
    }
    let layer = match () {
        () if signs.only(Signs::HEX) && text.len().is_multiple_of(2) => Layer::Hex,
        () if signs.has(STANDARD_ONLY) && signs.has(URL_ONLY) => return None,
        () if signs.has(URL_ONLY) => Layer::Base64Url,
        () => Layer::Base64,
    };
    let decode = |text: &str| match layer {
        Layer::Hex => from_hex(text),
        Layer::Base64Url => base64url(text),
        _ => base64(text),
    };
    let joined;
    let text = if signs.has(Signs::BREAK) {
        joined = Zeroizing::new(text.replace(['\n', '\r'], ""));
        joined.as_str()
    } else {
        text
    };
    // Most texts of this alphabet are ids and digests: their beginning tells.
    let size = if layer == Layer::Hex { text.len() / 2 } else { text.len().div_ceil(4) * 3 };
    let promises = match beginning(layer, text.as_bytes()) {
        Some(beginning) => may_promise(&beginning, size),
        None => true,
    };
    let bytes = if promises { decode(text) } else { None }?;
    promising(&bytes).then_some((layer, bytes))
}

/// The first bytes, decoded without memory; `None` where the text is too short or padded there.
fn beginning(layer: Layer, text: &[u8]) -> Option<[u8; 15]> {
    let mut out = [0; 15];
    let mut bad = 0;
    if layer == Layer::Hex {
        for (byte, pair) in out.iter_mut().zip(text.get(..30)?.chunks_exact(2)) {
            let [high, low] = [pair[0], pair[1]].map(|b| VALUES.hex[usize::from(b)]);
            bad |= high | low;
            *byte = high << 4 | low;
        }
    } else {
        for (bytes, four) in out.chunks_exact_mut(3).zip(text.get(..20)?.chunks_exact(4)) {
            let [a, b, c, d] = [four[0], four[1], four[2], four[3]].map(|b| VALUES.base64[usize::from(b)]);
            bad |= a | b | c | d;
            bytes.copy_from_slice(&[a << 2 | b >> 4, b << 4 | c >> 2, c << 6 | d]);
        }
    }
    (bad < NONE).then_some(out)
}

/// What is no digit has this bit.
const NONE: u8 = 0x80;

/// What each byte is worth as a digit, of base64 in either alphabet and of hexadecimal.
struct Values {
    base64: [u8; 256],
    hex: [u8; 256],
}

const VALUES: Values = {
    let mut values = Values { base64: [NONE; 256], hex: [NONE; 256] };
    let digits = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_";
    let mut n = 0;
    while n < digits.len() {
        values.base64[digits[n] as usize] = if n < 64 { n as u8 } else { n as u8 - 2 };
        n += 1;
    }
    let mut n = 0;
    while n < 16 {
        values.hex[b"0123456789abcdef"[n] as usize] = n as u8;
        values.hex[b"0123456789ABCDEF"[n] as usize] = n as u8;
        n += 1;
    }
    values
};

fn from_hex(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let digit = |b: u8| Some(VALUES.hex[usize::from(b)]).filter(|n| *n != NONE);
    let bytes: Option<Vec<u8>> =
        text.as_bytes().chunks_exact(2).map(|c| Some(digit(c[0])? << 4 | digit(c[1])?)).collect();
    bytes.map(Zeroizing::new)
}

/// Percent-encoded text that has an escape and no character that an encoder would have escaped.
fn percent(text: &str, signs: Signs) -> Option<(Layer, Zeroizing<Vec<u8>>)> {
    if !signs.has(Signs::all_in(b"%")) {
        return pem(text);
    }
    if signs.has(Signs::NOT_IN_URLS) {
        return None;
    }
    let escape = |rest: &str| rest.as_bytes().get(..2).is_some_and(|d| d.iter().all(u8::is_ascii_hexdigit));
    if !text.split('%').skip(1).all(escape) {
        return None;
    }
    let bytes = Zeroizing::new(percent_decode(text.as_bytes()).collect::<Vec<u8>>());
    promising(&bytes).then_some((Layer::Percent, bytes))
}

/// Tells a text of a form with percent-encoding undone, in which a plus is a space, too.
pub(super) fn unescaped(text: &str, tell: impl FnOnce(&str)) {
    if !text.bytes().any(|b| b == b'%' || b == b'+') {
        return tell(text);
    }
    let plain: Cow<'_, str> = if text.contains('+') { text.replace('+', " ").into() } else { text.into() };
    tell(&Zeroizing::new(percent_decode(plain.as_bytes()).decode_utf8_lossy().into_owned()));
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
