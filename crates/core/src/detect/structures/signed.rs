//! Signed values that no literal of three bytes begins: each is asked of a whole text.

use std::borrow::Cow;
use std::ops::Range;

use super::{is_base64url, parts_end};
use crate::detect::{decode, names};

/// The percent-encoding of what base64 is made of, undone.
pub(super) fn plain(text: &str) -> Cow<'_, str> {
    if !text.contains('%') {
        return Cow::Borrowed(text);
    }
    let decoded = [
        ("%2F", "/"),
        ("%2f", "/"),
        ("%2B", "+"),
        ("%2b", "+"),
        ("%3D", "="),
        ("%3d", "="),
        ("%7C", "|"),
        ("%7c", "|"),
    ]
    .iter()
    .fold(text.to_owned(), |text, (from, to)| text.replace(from, to));
    Cow::Owned(decoded)
}

pub(super) fn is_base64(text: &str) -> bool {
    !text.is_empty()
        && text.trim_end_matches('=').bytes().all(|b| b.is_ascii_alphanumeric() || b == b'+' || b == b'/')
}

pub(super) fn is_hex(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_hexdigit())
}

/// A cookie that express-session signed: `s:` (or its percent-encoded form), the id, a dot, and 43 characters of
/// HMAC-SHA-256 (npm cookie-signature).
pub(super) fn express(text: &str) -> Option<Range<usize>> {
    let rest = text
        .strip_prefix("s:")
        .or_else(|| text.strip_prefix("s%3A"))
        .or_else(|| text.strip_prefix("s%3a"))?;
    let decoded = plain(rest);
    let (value, signature) = decoded.rsplit_once('.')?;
    let right =
        !value.is_empty() && signature.len() == 43 && is_base64(signature) && names::is_mixed(signature);
    right.then_some(text.len() - rest.len()..text.len())
}

/// How long signatures of 20, 32 and 64 bytes are in unpadded base64.
const SIGNATURES: [usize; 3] = [27, 43, 86];

/// Whether this may be an unpadded signature: 20, 32 or 64 bytes in URL-safe base64, and no words, digest or id, which
/// have no letters of both cases all over.
fn is_signature(text: &str) -> bool {
    if !SIGNATURES.contains(&text.len()) {
        return false;
    }
    let count = |kind: fn(&u8) -> bool| text.as_bytes().iter().filter(|b| kind(b)).count();
    // Most have no capitals.
    count(u8::is_ascii_uppercase) >= 3
        && count(u8::is_ascii_lowercase) >= 3
        && count(u8::is_ascii_digit) >= 1
        && text.bytes().all(is_base64url)
        && names::entropy(text.as_bytes()) >= 3.7
}

/// Django's Signer and TimestampSigner (`value:signature`, `value:time:signature`; django/core/signing.py) and
/// itsdangerous (`value.time.signature`, `payload.signature`).
pub(super) fn signed_value(text: &str) -> Option<Range<usize>> {
    if !parts_end(text, b":.", &SIGNATURES) {
        return None;
    }
    if let Some((value, signature)) = text.rsplit_once(':')
        && is_signature(signature)
        && signature.len() != 86
        && !value.is_empty()
        && !names_digest(value)
    {
        let timed = value.rsplit(':').next().is_some_and(|time| base62_time(time) && value.contains(':'));
        let payload = decode::base64url(value.trim_start_matches('.')).is_some_and(|b| {
            b.first() == Some(&0x78) || serde_json::from_slice::<serde_json::Value>(&b).is_ok()
        });
        // A name and a random part alone are also what keys of caches look like: the value has to be short and
        // readable.
        // Twenty-seven letters and digits without a sign are a KSUID as well.
        let simple = value.len() <= 64
            && value.bytes().all(|b| b.is_ascii_alphanumeric() || b"_.@:+-".contains(&b))
            && (signature.len() > 27
                || signature.contains(['-', '_']) && value.contains(|c: char| !c.is_ascii_lowercase()));
        return (timed || payload || simple).then_some(0..text.len());
    }
    let (rest, signature) = text.rsplit_once('.')?;
    if !is_signature(signature) {
        return None;
    }
    let (value, time) = rest.rsplit_once('.').unwrap_or((rest, ""));
    let json = |part: &str| {
        let bytes = decode::base64url(part.trim_start_matches('.'));
        // itsdangerous' Serializer leaves the JSON as it is.
        let open =
            part.starts_with(['{', '[', '"']) && serde_json::from_str::<serde_json::Value>(part).is_ok();
        open || bytes.is_some_and(|b| {
            b.first() == Some(&0x78) || serde_json::from_slice::<serde_json::Value>(&b).is_ok()
        })
    };
    let timed = (4..=8).contains(&time.len())
        && decode::base64url(time)
            .is_some_and(|b| matches!(b.as_slice(), [n, _, _, _] if (0x50..0xa0).contains(n)));
    // itsdangerous' plain Signer: a name, or the id of a session on the server.
    let simple = time.is_empty()
        && signature.len() == 27
        && (4..=64).contains(&value.len())
        // A version of an object in S3 has 32 characters, of which one may be a dot.
        && text.len() != 32
        // A KSUID of these years.
        && !(matches!(signature.as_bytes()[0], b'1'..=b'3') && signature.bytes().all(|b| b.is_ascii_alphanumeric()))
        && value.bytes().all(|b| b.is_ascii_alphanumeric() || b"_@+-".contains(&b));
    // A payload that is JSON needs no time that can be read.
    let payload = time.is_empty() && matches!(signature.len(), 27 | 43) || matches!(time.len(), 4..=6);
    ((timed && !value.is_empty()) || simple || (payload && json(value))).then_some(0..text.len())
}

/// Whether what stands before a colon says that a digest or a name follows: `sha256:`, `jkt:`, `arn:`.
fn names_digest(value: &str) -> bool {
    const WORDS: &[&str] = &[
        "arn",
        "urn",
        "did",
        "sha",
        "md5",
        "blake",
        "hash",
        "digest",
        "thumbprint",
        "jkt",
        "etag",
        "key",
        "cache",
        "file",
    ];
    let lower = value.to_ascii_lowercase();
    WORDS.iter().any(|word| {
        lower.starts_with(word) || lower.rsplit(':').next().is_some_and(|last| last.contains(word))
    })
}

/// Seconds since 1970 in base62, between 2012 and 2045.
fn base62_time(text: &str) -> bool {
    let digit = |b: u8| match b {
        b'0'..=b'9' => Some(u64::from(b - b'0')),
        b'A'..=b'Z' => Some(u64::from(b - b'A') + 10),
        b'a'..=b'z' => Some(u64::from(b - b'a') + 36),
        _ => None,
    };
    let time = text.bytes().try_fold(0u64, |n, b| n.checked_mul(62)?.checked_add(digit(b)?));
    text.len() == 6 && time.is_some_and(|t| (1_325_376_000..2_366_841_600).contains(&t))
}

/// An id or a payload, a dot, and 32 bytes in base64: Better Auth, Remix (`cookie-signature`), Hono.
pub(super) fn signed_cookie(text: &str) -> Option<Range<usize>> {
    if !(parts_end(text.trim_end_matches('='), b".", &[43]) || text.contains(['%', ';', '?'])) {
        return None;
    }
    let decoded = plain(text);
    // Fastify: what is encrypted and its nonce of 24 bytes; Bottle: the signature first.
    if let Some((message, nonce)) = decoded.split_once(';') {
        let right = nonce.len() == 32 && message.len() >= 40 && is_base64(message) && is_base64(nonce);
        return (right && names::is_mixed(nonce)).then_some(0..text.len());
    }
    if let Some((signature, message)) = decoded.strip_prefix('!').and_then(|rest| rest.split_once('?')) {
        let right = matches!(signature.len(), 24 | 44) && signature.ends_with('=') && is_base64(signature);
        return (right && message.len() >= 8 && is_base64(message)).then_some(0..text.len());
    }
    let (value, signature) = decoded.rsplit_once('.')?;
    if signature.trim_end_matches('=').len() != 43 || !is_base64(signature) || !names::is_mixed(signature) {
        return None;
    }
    let payload =
        decode::base64(value).is_some_and(|b| serde_json::from_slice::<serde_json::Value>(&b).is_ok());
    let id = (4..=64).contains(&value.len())
        && value.bytes().all(|b| is_base64url(b) || b == b'@')
        && signature.ends_with('=')
        && !names_digest(value);
    (payload || id).then_some(0..text.len())
}

/// Rails: `base64--hexadecimal digest` (MessageVerifier), `base64--iv--tag` (MessageEncryptor, AES-GCM).
pub(super) fn rails(text: &str) -> Option<Range<usize>> {
    if !text.contains("--") {
        return None;
    }
    let decoded = plain(text);
    let parts: Vec<&str> = decoded.split("--").collect();
    let right = match parts.as_slice() {
        [message, digest] => {
            message.len() >= 4
                && is_base64(message)
                && matches!(digest.len(), 40 | 64 | 128)
                && is_hex(digest)
        }
        [message, iv, tag] => {
            message.len() >= 8
                && [message, iv, tag].iter().all(|p| is_base64(p))
                && iv.len() == 16
                && matches!(tag.len(), 22 | 24)
        }
        _ => false,
    };
    right.then_some(0..text.len())
}

/// Flask-Login's `user|128 digits`, Laravel Sanctum's `number|40 or 48 letters and digits`.
pub(super) fn remember(text: &str) -> Option<Range<usize>> {
    let (user, secret) = text.split_once('|')?;
    let flask = (64..=128).contains(&secret.len()) && is_hex(secret) && (1..=64).contains(&user.len());
    let number = !user.is_empty() && user.len() <= 20 && user.bytes().all(|b| b.is_ascii_digit());
    let plain = matches!(secret.len(), 40 | 48) && secret.bytes().all(|b| b.is_ascii_alphanumeric());
    (flask || number && plain && names::is_mixed(secret)).then_some(0..text.len())
}

/// Django's password reset token: base36 seconds since 2001, a hyphen, 32 digits (or 64 before Django 3.1.. of SHA-256).
pub(super) fn reset(text: &str) -> Option<Range<usize>> {
    let (rest, digest) = text.rsplit_once('-')?;
    // Some libraries send the user's id in base64 before it, as one text.
    let (user, time) = rest.rsplit_once('-').unwrap_or(("", rest));
    if user.len() > 24 || !user.bytes().all(is_base64url) {
        return None;
    }
    let seconds = u64::from_str_radix(time, 36).ok().filter(|_| time.len() == 6)?;
    let lower = text[user.len()..].bytes().all(|b| !b.is_ascii_uppercase());
    // Between 2018 and 2032, and no hexadecimal digits alone: those are two digests. `github-` and its kind are words.
    let vowel = |b: u8| b"aeiouy".contains(&b);
    let word = !time.bytes().any(|b| b.is_ascii_digit())
        && !time.as_bytes().windows(4).any(|four| four.iter().all(|b| !vowel(*b)));
    let right = (536_457_600..978_307_200).contains(&seconds)
        && !is_hex(time)
        && !word
        && digest.len() == 32
        && is_hex(digest);
    (right && lower).then_some(0..text.len())
}

/// ASP.NET FormsAuthenticationTicket, encrypted: whole blocks of 16 bytes and a validation of 20, 32 or 64, in upper-case
/// hexadecimal, longer than any digest.
pub(super) fn forms_ticket(text: &str) -> Option<Range<usize>> {
    let upper = |b: u8| b.is_ascii_digit() || (b'A'..=b'F').contains(&b);
    // Whole blocks and a validation of 20 bytes, or of 32 or 64; no geometry (EWKB), which begins alike.
    ((160..=4096).contains(&text.len())
        && matches!(text.len() % 32, 0 | 8)
        && !["010", "0000000"]
            .iter()
            .any(|begin| text.starts_with(begin) && text[begin.len()..].contains("00000"))
        && text.bytes().all(upper)
        && names::is_mixed(text))
    .then_some(0..text.len())
}

/// MySQL's `*` and 40 digits; `salt:hash` of Node's scrypt; Oracle's `S:` and 60 digits.
pub(super) fn database_hash(text: &str) -> Option<Range<usize>> {
    let begins = [16, 32, 40, 64, 128].iter().any(|n| matches!(text.as_bytes().get(*n), Some(b':' | b'.')));
    let ends = parts_end(text, b":.", &[16, 32, 64, 128]);
    if !(text.starts_with(['*', 'S', 's']) || begins || ends || text.contains("::")) {
        return None;
    }
    let upper = |t: &str, n: usize| {
        t.len() == n && is_hex(t) && !t.bytes().any(|b| b.is_ascii_lowercase()) && names::is_mixed(t)
    };
    let mysql = text.strip_prefix('*').is_some_and(|t| upper(t, 40));
    let oracle = text.strip_prefix("S:").is_some_and(|t| upper(t, 60));
    // A salt and 64 bytes, in either order, with the number of rounds before them or not.
    let rounds = text
        .split_once(':')
        .filter(|(n, _)| (4..=7).contains(&n.len()) && n.bytes().all(|b| b.is_ascii_digit()));
    let halves = rounds.map_or(text, |(_, rest)| rest);
    let node = halves.split_once([':', '.']).is_some_and(|(one, other)| {
        let (salt, hash) = if one.len() < other.len() { (one, other) } else { (other, one) };
        matches!(salt.len(), 16 | 32 | 64) && hash.len() == 128 && is_hex(salt) && is_hex(hash)
    });
    // What a client answers in NTLM version 2, as tools that try passwords read it.
    let ntlm = text.contains("::") && {
        let parts: Vec<&str> = text.split(':').collect();
        matches!(parts.as_slice(), [user, "", _, challenge, proof, rest]
            if !user.is_empty()
                && challenge.len() == 16
                && proof.len() == 32
                && rest.len() >= 40
                && [challenge, proof, rest].iter().all(|part| is_hex(part)))
    };
    // Joomla, Magento, vBulletin and others: a digest, a colon and its salt; an htdigest line ends in one.
    let mut parts = text.splitn(3, ':');
    let (first, second, third) = (parts.next()?, parts.next().unwrap_or(""), parts.next().unwrap_or(""));
    let salted = matches!(first.len(), 32 | 40 | 64 | 128)
        && is_hex(first)
        && names::is_mixed(first)
        && (16..=64).contains(&second.len())
        && second.bytes().all(|b| b.is_ascii_alphanumeric())
        && names::is_mixed(second)
        && (second.len() < 32 || !is_hex(second))
        && (third.is_empty() || third.bytes().all(|b| b.is_ascii_digit() || b == b'_'));
    let named = |name: &str| {
        (2..=40).contains(&name.len())
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"_.@- ".contains(&b))
    };
    let htdigest = named(first)
        && named(second)
        && third.len() == 32
        && is_hex(third)
        && names::is_mixed(third)
        && first.bytes().any(|b| b.is_ascii_lowercase())
        && !names_digest(first)
        && !names_digest(second);
    let lucia = text
        .strip_prefix("s2:")
        .and_then(|rest| rest.split_once(':'))
        .is_some_and(|(salt, hash)| salt.len() == 16 && hash.len() == 128 && is_hex(hash));
    (mysql || oracle || node || ntlm || salted || htdigest || lucia).then_some(0..text.len())
}

#[cfg(test)]
mod tests {
    use crate::detect::byte_classes::Signs;
    use crate::detect::structures::whole;

    #[test]
    fn what_is_no_signed_value() {
        for text in [
            "sha256:n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg",
            "user:1042:profile:settings:notifications",
            "a1b2c3-d41d8cd98f00b204e9800998ecf8427e",
            "D41D8CD98F00B204E9800998ECF8427E",
            "main.5f3c9a0d1e7b84c26af0.chunk.js",
            "arn:aws:iam::111122223333:role/some-role-with-a-rather-long-name-1",
            "arn:aws:sns:eu-central-1:111122223333:orders-0d24e101-bad5-46e4-90ad-93859f3a7059",
            "tenant:orders-0d24e101-bad5-46e4-90ad-93859f3a7059",
            "shop:3fQk2vNhB8xWm0pLrTzYcUeJaSdGi7oV1Hn",
            "jwk-thumbprint:n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg",
            "s3/objects.v2.f83kq0",
            "INVOICE#2026-000123",
        ] {
            assert!(whole(text, Signs::of(text)).is_none(), "{text}");
        }
    }
}
