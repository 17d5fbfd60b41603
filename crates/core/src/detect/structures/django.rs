//! Django sessions, read without the secret key.
//!
//! Since 3.1, `signing.dumps`: `[.]payload:timestamp:signature`, the payload URL-safe base64 of JSON, with a
//! leading dot zlib first; the signature 43 (SHA-256) or 27 (SHA-1) characters. Before: standard base64 of
//! `40 hexadecimal digits ':' JSON` (django/core/signing.py, django/contrib/sessions/backends/base.py).

use zeroize::Zeroizing;

use super::{begins, is_base64url, run};
use crate::detect::decode;
use crate::detect::names;
use crate::detect::rule::{Found, StructureStart};
use crate::domain::{Confidence, Layer, Severity};

/// As long as a DynamoDB item may be.
const LONGEST: usize = 400 * 1024;

/// What in a session is itself good for something: the HMAC of the user's password hash, and the secrets of the forms
/// against CSRF and for a new password (django/contrib/auth/__init__.py, django/middleware/csrf.py,
/// django/contrib/auth/views.py).
pub(in crate::detect) const SECRETS: &[&str] = &["_auth_user_hash", "_csrftoken", "_password_reset_token"];

pub(super) fn signed(place: &StructureStart<'_>) -> Option<Found> {
    let StructureStart { text, at, budget, .. } = *place;
    let packed = text.as_bytes().get(at) == Some(&b'.');
    if !begins(text, at, |b| is_base64url(b) || matches!(b, b'.' | b':')) {
        return None;
    }
    let start = at + usize::from(packed);
    let payload = run(text, start, LONGEST, is_base64url);
    let time = run(text, payload + 1, 8, |b| b.is_ascii_alphanumeric());
    let end = run(text, time + 1, 64, is_base64url);
    let colon = |n: usize| text.as_bytes().get(n) == Some(&b':');
    if !colon(payload) || !colon(time) || time < payload + 5 || !matches!(end - time - 1, 27 | 43) {
        return None;
    }
    let bytes = decode::base64url(text.get(start..payload)?)?;
    let bytes = if packed {
        let opened = decode::session(&bytes, budget);
        if opened.cut {
            let mut found = Found { confidence: Some(Confidence::High), ..Found::at(at..end) };
            found.reasons.push("its form; too large to be opened".into());
            return Some(found);
        }
        opened.bytes
    } else {
        bytes
    };
    // Cut off or changed, the rest of its form still tells.
    judged(at..end, &bytes).or_else(|| {
        let mixed = |range: std::ops::Range<usize>| text.get(range).is_some_and(names::is_mixed);
        let mut found = Found { confidence: Some(Confidence::Medium), ..Found::at(at..end) };
        found.reasons.push("its form; its payload does not decode".into());
        (time - payload == 7 && mixed(start..payload) && mixed(time + 1..end)).then_some(found)
    })
}

pub(super) fn legacy(place: &StructureStart<'_>) -> Option<Found> {
    // The keyword is what `:{"`, or a colon and the beginning of a pickle, after forty digits always encodes to.
    const KEYWORD: usize = 54;
    let StructureStart { text, at, .. } = *place;
    let start = at.checked_sub(KEYWORD)?;
    let standard = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'=');
    if !begins(text, start, standard) {
        return None;
    }
    let end = run(text, start, LONGEST, standard);
    let bytes = decode::base64(text.get(start..end)?)?;
    let (hash, data) = (bytes.get(..40)?, bytes.get(41..)?);
    if !hash.iter().all(u8::is_ascii_hexdigit) || bytes[40] != b':' {
        return None;
    }
    // Before Django 1.6 the data was a pickle, which is not loaded.
    if matches!(data, [0x80, 2..=5, .., b'.']) {
        let mut found = Found { confidence: Some(Confidence::High), ..Found::at(start..end) };
        found.reasons.push("a pickle after its signature, recognised and not loaded".into());
        return Some(found);
    }
    judged(start..end, data)
}

/// What a session means: who it lets in, and what it carries.
fn judged(span: std::ops::Range<usize>, json: &[u8]) -> Option<Found> {
    let session: serde_json::Value = serde_json::from_slice(json).ok()?;
    let members = session.as_object()?;
    let has = |name: &str| members.contains_key(name);
    let tokens = members.keys().any(|k| {
        matches!(
            k.as_str(),
            "access_token" | "refresh_token" | "id_token" | "_password_reset_token" | "token"
        )
    });
    let mut found = Found { confidence: Some(Confidence::Confirmed), ..Found::at(span) };
    found.reasons.push("its payload decodes without the secret key".into());
    if has("_auth_user_id") {
        found.reasons.push("logged in".into());
    } else if has("_auth_user_hash") {
        found.severity = Some(Severity::Medium);
        found.reasons.push("holds a user's session hash".into());
    } else if !tokens {
        found.severity = Some(Severity::Low);
        found.reasons.push("anonymous".into());
    }
    if tokens {
        found.severity = None;
        found.reasons.push("carries tokens".into());
    }
    found.inside = Some((Layer::Django, Zeroizing::new(String::from_utf8(json.to_vec()).ok()?)));
    Some(found)
}
