//! Objects of languages, as session stores write them: Java (Object Serialization Stream Protocol), Ruby's Marshal,
//! Python's pickle, PHP's serialize and session formats. They are recognised, never deserialised: to load one can
//! run code.

use zeroize::Zeroizing;

use super::{begins, run};
use crate::detect::decode;
use crate::detect::rule::{Found, StructureStart};
use crate::domain::{Confidence, Severity};

/// As long as a DynamoDB item may be.
const LONGEST: usize = 400 * 1024;

/// Names that tell that somebody is logged in, or that tokens are carried.
const TELLING: &[&str] = &[
    "_auth_user",
    "session_id",
    "user_id",
    "userid",
    "user",
    "username",
    "account_id",
    "warden",
    "login",
    "logged",
    "admin",
    "token",
    "password",
    "csrf",
    "passport",
    "principal",
    "security_context",
    "_security",
    "identity",
];
/// Those among them that every visitor has.
const ANYBODY: &[&str] = &["csrf", "_token"];

/// What the strings of an object say, or nothing if they say nothing of a session.
fn judged(span: std::ops::Range<usize>, what: &str, legible: &str) -> Option<Found> {
    let legible = legible.to_ascii_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| names_hold(&legible, word));
    if !has(TELLING) {
        return None;
    }
    let mut found = Found::at(span);
    found.reasons.push(format!("{what}, recognised and not loaded"));
    if legible.contains("user") || legible.contains("login") || legible.contains("principal") {
        found.reasons.push("names a user".into());
    } else if has(ANYBODY) && !legible.contains("access") && !legible.contains("refresh") {
        found.severity = Some(Severity::Low);
        found.reasons.push("anonymous".into());
    }
    Some(found)
}

/// Whether a word is in a name: a run of letters, digits and `_` with no blank beside it, which a sentence has.
fn names_hold(legible: &str, word: &str) -> bool {
    let bytes = legible.as_bytes();
    legible.match_indices(word).any(|(at, _)| {
        let inner = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
        let start = at - bytes[..at].iter().rev().take_while(|b| inner(**b)).count();
        let end = run(legible, at, 64, inner);
        start.checked_sub(1).map(|n| bytes[n]) != Some(b' ') && bytes.get(end) != Some(&b' ')
    })
}

fn is_base64(b: u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/')
}

/// The base64 at a place, with its line breaks, decoded.
fn decoded(place: &StructureStart<'_>) -> Option<(usize, Zeroizing<Vec<u8>>)> {
    let StructureStart { text, at, .. } = *place;
    if !begins(text, at, is_base64) {
        return None;
    }
    let body = run(text, at, LONGEST, |b| is_base64(b) || matches!(b, b'\n' | b'\r'));
    let end = run(text, body, 2, |b| b == b'=');
    let joined = Zeroizing::new(text.get(at..end)?.replace(['\n', '\r'], ""));
    Some((end, decode::base64(&joined)?))
}

/// A Java stream: `ac ed 00 05`, in base64 or hexadecimal.
pub(super) fn java(place: &StructureStart<'_>) -> Option<Found> {
    let StructureStart { text, at, .. } = *place;
    let end = if text.as_bytes().get(at) == Some(&b'r') {
        let (end, bytes) = decoded(place)?;
        // An object, a string, an array, a block of data, an enum.
        matches!(bytes.get(..5)?, [0xac, 0xed, 0, 5, 0x70..=0x7e]).then_some(end)?
    } else {
        let end = run(text, at, LONGEST, |b| b.is_ascii_hexdigit());
        (end - at >= 20 && begins(text, at, |b| b.is_ascii_hexdigit())).then_some(end)?
    };
    let mut found = Found::at(at..end);
    found.reasons.push("a Java object, recognised and not loaded".into());
    Some(found)
}

/// Ruby's Marshal 4.8 of a hash, in base64, with the signature of a cookie after it or not.
pub(super) fn marshal(place: &StructureStart<'_>) -> Option<Found> {
    let StructureStart { text, at, .. } = *place;
    let (end, bytes) = decoded(place)?;
    if !bytes.starts_with(&[4, 8, b'{']) {
        return None;
    }
    let signature = text.get(end..).filter(|rest| rest.starts_with("--"));
    let end = signature.map_or(end, |_| run(text, end + 2, 128, |b| b.is_ascii_hexdigit()));
    let legible = Zeroizing::new(String::from_utf8_lossy(&bytes).into_owned());
    judged(
        at..end,
        "a Ruby object",
        &format!("{}{}", legible.as_str(), if signature.is_some() { "token" } else { "" }),
    )
}

/// A pickle of protocol 2 to 5, in base64.
pub(super) fn pickle(place: &StructureStart<'_>) -> Option<Found> {
    let (end, bytes) = decoded(place)?;
    if !matches!(bytes.get(..2)?, [0x80, 2..=5]) || bytes.last() != Some(&b'.') {
        return None;
    }
    let legible = Zeroizing::new(String::from_utf8_lossy(&bytes).into_owned());
    judged(place.at..end, "a Python pickle", &legible)
}

/// PHP's session format (`name|value`) and serialize (`a:2:{s:4:"name";...}`), of a whole text.
pub(super) fn php(place: &StructureStart<'_>) -> Option<Found> {
    let StructureStart { text, at, .. } = *place;
    let whole = text.trim();
    let head = whole.get(..whole.len().min(80).min(whole.floor_char_boundary(80)))?;
    let serialized = |rest: &str| {
        let mut parts = rest.splitn(3, ':');
        matches!(parts.next(), Some("a" | "O" | "s" | "i" | "b" | "d"))
            && parts.next().is_some_and(|n| n.bytes().take(1).all(|b| b.is_ascii_digit()))
    };
    let value = match head.split_once('|') {
        Some((name, rest))
            if !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"_.-".contains(&b)) =>
        {
            rest
        }
        _ => head,
    };
    if at > 80 || !serialized(value) || !(whole.ends_with(';') || whole.ends_with('}')) {
        return None;
    }
    let mut found = judged(0..text.len(), "a PHP session or object", whole)?;
    found.confidence = Some(Confidence::High);
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    #[test]
    fn anything_is_survived() {
        for text in ["", "rO0AB", "BAh7", "gASV", "é|s:", "a|s:é", "aced0005"] {
            let budget = Cell::new(100);
            for recognise in [java, marshal, pickle, php] {
                for at in 0..text.len() {
                    let (now, vain) = (jiff::Timestamp::UNIX_EPOCH, &Cell::default());
                    let place = StructureStart { text, at, end: at, now, budget: &budget, vain };
                    assert!(recognise(&place).is_none());
                }
            }
        }
    }
}
