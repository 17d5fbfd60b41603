//! Tokens and hashes that fill a text and that only their inner structure gives away: no literal begins them.

use std::ops::Range;

use super::signed::{is_base64, is_hex, plain};
use super::{is_base64url, parts_end};
use crate::detect::{decode, names};

/// All of a text.
fn all(text: &str) -> Range<usize> {
    0..text.len()
}

/// Spring Session's cookie: a UUID in base64.
pub(super) fn spring_cookie(text: &str) -> Option<Range<usize>> {
    if !(text.len() == 48 && is_base64(text)) {
        return None;
    }
    let id = decode::base64(text)?;
    let id = std::str::from_utf8(&id).ok()?;
    names::is_uuid(id.as_bytes()).then(|| all(text))
}

/// Spring Security's remember-me, decoded: `user:milliseconds:digest`, with the digest's name before it in newer ones.
pub(super) fn spring_remember(text: &str) -> Option<Range<usize>> {
    if !(parts_end(text, b":", &[24, 32, 43, 64, 87]) || text.contains('%')) {
        return None;
    }
    let mut parts = text.split(':');
    let (user, time) = (parts.next()?, parts.next()?);
    // Persistent logins: a series and a token of sixteen bytes each.
    let sixteen = |part: &str| {
        let part = plain(part);
        part.len() == 24 && part.ends_with("==") && is_base64(&part) && names::is_mixed(&part)
    };
    if sixteen(user) && sixteen(time) && parts.clone().next().is_none() {
        return Some(all(text));
    }
    let (third, fourth) = (parts.next()?, parts.next());
    // Symfony's: the class of the user, the name in base64, a time in seconds, and the digest.
    if let Some(digest) = fourth
        && third.len() == 10
        && third.bytes().all(|b| b.is_ascii_digit())
        && is_base64(time)
        && matches!(digest.len(), 43 | 64 | 87)
    {
        return (names::is_mixed(digest) && parts.next().is_none()).then(|| all(text));
    }
    let digest = match (third, fourth) {
        ("MD5" | "SHA256", Some(digest)) => digest,
        (digest, None) => digest,
        _ => return None,
    };
    let right = !user.is_empty()
        && time.len() == 13
        && time.bytes().all(|b| b.is_ascii_digit())
        && matches!(digest.len(), 32 | 64)
        && is_hex(digest)
        && parts.next().is_none();
    right.then(|| all(text))
}

/// The cookie of Pyramid (`SignedCookieSessionFactory`): an HMAC of 64 bytes and JSON, in URL-safe base64.
pub(super) fn pyramid(text: &str) -> Option<Range<usize>> {
    let body = text.trim_end_matches('=');
    // The first byte of the JSON is the second of these three.
    let first = decode::base64url(body.get(84..88)?)?;
    if !matches!(first.get(1), Some(b'[' | b'{')) {
        return None;
    }
    let bytes = decode::base64url(body)?;
    serde_json::from_slice::<serde_json::Value>(bytes.get(64..)?).is_ok().then(|| all(text))
}

/// The two halves of Auth.js' cookie against CSRF: a random value and its SHA-256, alone or after the cookie's name.
pub(super) fn csrf_pair(text: &str) -> Option<Range<usize>> {
    let value = text.rsplit_once('=').map_or(text, |(_, value)| value);
    let decoded = plain(value);
    let (token, digest) = decoded.split_once('|')?;
    let half = |part: &str| part.len() == 64 && is_hex(part) && names::is_mixed(part);
    (half(token) && half(digest)).then(|| text.len() - value.len()..text.len())
}

/// WordPress' login cookie: `user|time|token|HMAC` (wp-includes/pluggable.php, wp_generate_auth_cookie).
pub(super) fn wordpress(text: &str) -> Option<Range<usize>> {
    if !(110..=300).contains(&text.len()) {
        return None;
    }
    let text_ = plain(text);
    let mut parts = text_.rsplit('|');
    let (hmac, token, time, user) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let right = matches!(hmac.len(), 32 | 40 | 64)
        && is_hex(hmac)
        && token.len() == 43
        && token.bytes().all(|b| b.is_ascii_alphanumeric())
        && time.len() == 10
        && time.bytes().all(|b| b.is_ascii_digit())
        && !user.is_empty();
    right.then(|| all(text))
}

/// One field of a Protocol Buffers message that has a length: its number, its content, and what follows.
fn field(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&tag, rest) = bytes.split_first()?;
    let (&low, rest) = rest.split_first()?;
    let (length, rest) = match low {
        0..=0x7f => (usize::from(low), rest),
        _ => {
            let (&high, rest) = rest.split_first()?;
            (usize::from(low & 0x7f) | usize::from(high & 0x7f) << 7, rest)
        }
    };
    let (content, rest) = rest.split_at_checked(length)?;
    (tag & 7 == 2).then_some((tag >> 3, content, rest))
}

/// A Biscuit (Eclipse Biscuit, SPECIFICATIONS.md): its second field is the authority block, with the block, the next key
/// and a signature of 64 bytes.
pub(super) fn biscuit(text: &str) -> Option<Range<usize>> {
    let body = text.strip_prefix("biscuit:").unwrap_or(text);
    let token = body.trim_end_matches('=');
    if !(body.starts_with('E') && token.len() >= 150 && token.bytes().all(is_base64url)) {
        return None;
    }
    let bytes = decode::base64url(token)?;
    let (2, authority, _) = field(&bytes)? else { return None };
    let (1, block, rest) = field(authority)? else { return None };
    let (2, _, rest) = field(rest)? else { return None };
    let (3, signature, _) = field(rest)? else { return None };
    (!block.is_empty() && signature.len() == 64).then(|| text.len() - body.len()..text.len())
}

/// A macaroon of version 2 in base64: version, then its location, identifier and signature by type and length
/// (libmacaroons, doc/format.txt).
pub(super) fn macaroon(text: &str) -> Option<Range<usize>> {
    let token = text.trim_end_matches('=');
    if !(text.starts_with("Ag") && token.len() >= 60 && token.bytes().all(is_base64url)) {
        return None;
    }
    let bytes = decode::base64url(token)?;
    let part = |bytes: &[u8], kind: u8| {
        let (&[found, length], rest) = bytes.split_first_chunk::<2>()?;
        (found == kind && length < 0x80)
            .then(|| rest.split_at_checked(usize::from(length)).map(|(_, r)| r.len()))?
    };
    let rest = bytes.strip_prefix(&[2])?;
    let after = part(rest, 1).unwrap_or(rest.len());
    let identified = part(&rest[rest.len() - after..], 2).is_some();
    // It ends in the signature: type 6, 32 bytes.
    let signed = bytes.len() > 40 && bytes[bytes.len() - 34..].starts_with(&[6, 32]);
    (identified && signed).then(|| all(text))
}

/// Branca: version 0xBA, four bytes of time, a nonce of 24 bytes, what is encrypted, and a tag, in base62
/// (branca-spec).
pub(super) fn branca(text: &str) -> Option<Range<usize>> {
    if !(61..=600).contains(&text.len())
        || !text.bytes().all(|b| b.is_ascii_alphanumeric())
        || is_hex(text)
        || !text.bytes().any(|b| b.is_ascii_uppercase())
    {
        return None;
    }
    // Its first byte, by logarithms: most texts of this alphabet have another.
    let digit = |b: u8| match b {
        b'0'..=b'9' => u32::from(b - b'0'),
        b'A'..=b'Z' => u32::from(b - b'A') + 10,
        _ => u32::from(b - b'a') + 36,
    };
    let first = text.bytes().take(8).fold(0.0, |number, b| number * 62.0 + f64::from(digit(b)));
    let bits = first.log2() + 62f64.log2() * (text.len() - 8) as f64;
    if !(185.9..187.1).contains(&bits.rem_euclid(8.0).exp2()) {
        return None;
    }
    // Little-endian while it grows.
    let mut bytes: zeroize::Zeroizing<Vec<u8>> = zeroize::Zeroizing::new(Vec::with_capacity(text.len()));
    for b in text.bytes() {
        let mut carry = digit(b);
        for byte in bytes.iter_mut() {
            carry += u32::from(*byte) * 62;
            *byte = (carry & 0xff) as u8;
            carry >>= 8;
        }
        while carry > 0 {
            bytes.push((carry & 0xff) as u8);
            carry >>= 8;
        }
    }
    let mut head = bytes.iter().rev();
    let version = head.next() == Some(&0xba);
    let time = head.take(4).fold(0u32, |n, b| n << 8 | u32::from(*b));
    (version && (1_500_000_000..1_950_000_000).contains(&time)).then(|| all(text))
}

/// ASP.NET Identity, version 2: a zero, a salt of 16 bytes and a key of 32 (Crypto.HashPassword), in base64.
pub(super) fn identity(text: &str) -> Option<Range<usize>> {
    if !(text.len() == 68 && text.starts_with('A') && text.ends_with("==") && is_base64(text)) {
        return None;
    }
    let bytes = decode::base64(text)?;
    (bytes.len() == 49 && bytes[0] == 0 && names::is_mixed(text)).then(|| all(text))
}

/// The key of an API (djangorestframework-api-key: eight characters, a dot, thirty-two) or its hash after its prefix.
pub(super) fn key_hash(text: &str) -> Option<Range<usize>> {
    if !(text.len() == 41 || parts_end(text, b".$:", &[64, 128])) {
        return None;
    }
    let (prefix, rest) = text.split_once(['.', '$', ':'])?;
    // A name and a digest with a colon between them are the key of a cache as well.
    let says = ["sk_", "ak_", "key_", "api_"].iter().any(|begin| prefix.starts_with(begin));
    if text.as_bytes().get(prefix.len()) == Some(&b':') && !says {
        return None;
    }
    let upper =
        |t: &str| t.bytes().any(|b| b.is_ascii_uppercase()) && t.bytes().any(|b| b.is_ascii_lowercase());
    let prefixed = (6..=24).contains(&prefix.len())
        && prefix.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
        && (upper(prefix) || says);
    let plain = prefix.len() == 8
        && rest.len() == 32
        && rest.bytes().all(|b| b.is_ascii_alphanumeric())
        && upper(rest)
        && names::is_mixed(rest);
    let digest = rest.rsplit('$').next().unwrap_or(rest);
    let scheme = digest.len() == rest.len() || rest.starts_with("sha");
    let hash = scheme && matches!(digest.len(), 64 | 128) && is_hex(digest) && names::is_mixed(digest);
    (prefixed && (plain || hash)).then(|| all(text))
}

/// A key of Fernet: 32 bytes in padded URL-safe base64. Where neither `-` nor `_` is in it, it may as well be a digest
/// in plain base64.
pub(super) fn fernet_key(text: &str) -> Option<Range<usize>> {
    let body = text.strip_suffix('=')?;
    let right = body.len() == 43
        && body.bytes().all(is_base64url)
        && body.contains(['-', '_'])
        && names::entropy(body.as_bytes()) >= 4.2;
    right.then(|| all(text))
}

/// The seed of a second factor: 32 or 52 characters of base32, which have no 0, 1, 8 or 9 (RFC 4648, 6).
pub(super) fn seed(text: &str) -> Option<Range<usize>> {
    let right = matches!(text.len(), 32 | 52)
        && text.bytes().all(|b| b.is_ascii_uppercase() || (b'2'..=b'7').contains(&b))
        && text.bytes().filter(u8::is_ascii_digit).count() >= 2
        && text.bytes().filter(u8::is_ascii_uppercase).count() >= 16
        && !text.bytes().all(|b| b.is_ascii_hexdigit())
        && names::entropy(text.as_bytes()) >= 3.6;
    right.then(|| all(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_looks_alike_is_none() {
        let forms = [
            spring_cookie,
            spring_remember,
            wordpress,
            pyramid,
            csrf_pair,
            biscuit,
            macaroon,
            branca,
            identity,
            key_hash,
            fernet_key,
            seed,
        ];
        for text in [
            "n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg=",
            "main.9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            "01ARZ3NDEKTSV4RRFFQ69G5FAV",
            "INTERNATIONALIZATIONINTERNATIONAL",
            "user:1700000000000:profile",
            "tenant|1700000000|a|b",
        ] {
            for form in forms {
                assert!(form(text).is_none(), "{text}");
            }
        }
    }
}
