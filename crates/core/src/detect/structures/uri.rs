//! Addresses with a password: `postgres://user:password@host` (RFC 3986, 3.2.1).

use super::run;
use crate::detect::rule::{Found, StructureStart};
use crate::domain::Confidence;

pub(super) fn recognise(place: &StructureStart<'_>) -> Option<Found> {
    // `at` is where `://` is; the scheme stands before it.
    let StructureStart { text, at, .. } = *place;
    let scheme = text.as_bytes().get(..at)?.iter().rev().take(32);
    let scheme = scheme.take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.')).count();
    if scheme < 2 {
        return None;
    }
    let start = at + 3;
    let end = run(text, start, 1024, |b| !b.is_ascii_whitespace() && !b"/?#\"'<>`\\".contains(&b));
    let authority = text.get(start..end)?;
    let (user_info, host) = authority.rsplit_once('@')?;
    let (user, password) = user_info.split_once(':')?;
    if password.len() < 3 || host.is_empty() || is_stand_in(password) {
        return None;
    }
    let from = start + user_info.len() - password.len();
    let mut found = Found::at(from..from + password.len());
    found.reasons.push("a password between user and host".into());
    if password == user {
        // guest:guest and the like: what every container image of that service begins with.
        found.confidence = Some(Confidence::Low);
        found.reasons.push("the same as the user: a default".into());
    }
    Some(found)
}

/// A variable of a template or a word of the manual rather than a password.
pub(super) fn is_stand_in(password: &str) -> bool {
    let first = password.as_bytes()[0];
    matches!(first, b'$' | b'{' | b'<' | b'[' | b'%' | b'*')
        || ["password", "passwd", "pass", "pwd", "secret", "xxx"]
            .iter()
            .any(|w| password.eq_ignore_ascii_case(w))
}
