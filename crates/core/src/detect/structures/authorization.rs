//! Credentials of an Authorization header: `Bearer <token>` (RFC 6750, 2.1) and `Basic <base64 of
//! user:password>` (RFC 7617, 2).

use super::uri::is_stand_in;
use super::{begins, run};
use crate::detect::decode;
use crate::detect::names;
use crate::detect::rule::{Found, StructureStart};
use crate::domain::{Confidence, Severity};

/// Longer ones are not looked at; no server accepts them in a header.
const LONGEST: usize = 16 * 1024;
/// How far before the scheme the header's name may begin.
const NAME: usize = 40;

/// The password of RFC 7617's own example, and how MDN spells it.
const OF_THE_RFC: &[&str] = &["open sesame", "opensesame"];

pub(super) fn bearer(place: &StructureStart<'_>) -> Option<Found> {
    // token68 of RFC 7235: also what base64 and URL-safe base64 are made of.
    let mut span = credentials(place, |b| b.is_ascii_alphanumeric() || b"-._~+/=".contains(&b))?;
    // Laravel Sanctum's: a number, a bar and what is random.
    let number = place.text.get(span.clone())?.bytes().all(|b| b.is_ascii_digit());
    if number && place.text.as_bytes().get(span.end) == Some(&b'|') {
        span.end = run(place.text, span.end + 1, LONGEST, |b| b.is_ascii_alphanumeric());
    }
    let token = place.text.get(span.clone())?;
    let named = in_header(place);
    if !names::is_token(token) {
        return None;
    }
    Some(Found {
        confidence: named.then_some(Confidence::High),
        reasons: vec![
            if named { "sent as the Authorization of a request" } else { "it follows the word Bearer" }
                .into(),
            "a random value".into(),
        ],
        ..Found::at(span)
    })
}

pub(super) fn basic(place: &StructureStart<'_>) -> Option<Found> {
    let span = credentials(place, |b| b.is_ascii_alphanumeric() || b"+/=".contains(&b))?;
    let bytes = decode::base64(place.text.get(span.clone())?)?;
    let pair = std::str::from_utf8(&bytes).ok().filter(|text| !text.contains(char::is_control))?;
    let (user, password) = pair.split_once(':')?;
    if password.len() < 3 || is_stand_in(password) {
        return None;
    }
    let mut found = Found::at(span);
    found.reasons.push("it decodes to a user and a password".into());
    if OF_THE_RFC.contains(&password) {
        found.severity = Some(Severity::Info);
    } else if user == password {
        found.confidence = Some(Confidence::Low);
        found.reasons.push("both are the same: a default".into());
    }
    Some(found)
}

/// A text that is a scheme and a token: `Token <40 hexadecimal digits>` (Django REST framework, TokenAuthentication).
/// In a sentence the word says nothing.
pub(super) fn scheme(place: &StructureStart<'_>) -> Option<Found> {
    if place.at > 0 {
        return None;
    }
    let span = credentials(place, |b| b.is_ascii_alphanumeric() || b"-._~+/=".contains(&b))?;
    let token = place.text.get(span.clone()).filter(|token| token.len() >= 20)?;
    let whole = span.end == place.text.trim_end().len();
    (whole && !names::is_uuid(token.as_bytes()) && names::is_token(token)).then(|| Found {
        reasons: vec!["a scheme and a random value, and nothing else".into()],
        ..Found::at(span)
    })
}

/// What follows the scheme (the keyword is the scheme and its space).
fn credentials(place: &StructureStart<'_>, holds: impl Fn(u8) -> bool) -> Option<std::ops::Range<usize>> {
    let StructureStart { text, at, .. } = *place;
    if !begins(text, at, |b| b.is_ascii_alphanumeric() || b == b'_') {
        return None;
    }
    let scheme = run(text, at, 10, |b| b.is_ascii_alphabetic() || b == b'-');
    let start = run(text, scheme, 4, |b| b == b' ');
    let end = run(text, start, LONGEST, holds);
    (end > start).then_some(start..end)
}

/// Whether the header's name stands right before the scheme.
fn in_header(place: &StructureStart<'_>) -> bool {
    let before = &place.text.as_bytes()[place.at.saturating_sub(NAME)..place.at];
    let name = before.trim_ascii_end();
    let sign = name.iter().rev().take_while(|b| b" :=\"'\\".contains(b)).count();
    let name = &name[..name.len() - sign];
    sign > 0 && name.len() >= 13 && name[name.len() - 13..].eq_ignore_ascii_case(b"authorization")
}
