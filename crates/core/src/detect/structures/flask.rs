//! Client-side sessions of Flask (itsdangerous URLSafeTimedSerializer) and Starlette (its TimestampSigner):
//! `[.]payload.time.signature`, readable without the key. The middle part is a time of four to six characters, which tells it from a JWT.

use super::{begins, is_base64url, run};
use crate::detect::decode;
use crate::detect::names;
use crate::detect::rule::{Found, StructureStart};
use crate::domain::{Confidence, Severity};

/// Longer payloads are not opened.
const LONGEST: usize = 16 * 1024;

pub(super) fn recognise(place: &StructureStart<'_>) -> Option<Found> {
    let StructureStart { text, at, budget, .. } = *place;
    let packed = text.as_bytes().get(at) == Some(&b'.');
    if !begins(text, at, |b| is_base64url(b) || b == b'.') {
        return None;
    }
    let start = at + usize::from(packed);
    // Starlette's payloads are in standard base64, padded. In a path they are not looked for: a slash is a slash there.
    let sign = |b| matches!(b, b'+' | b'/');
    let standard = begins(text, at, sign);
    let ends = run(text, start, text.len(), |b| is_base64url(b) || standard && sign(b));
    let dot = run(text, ends, text.len(), |b| b == b'=');
    let end = run(text, dot, text.len(), |b| is_base64url(b) || b == b'.');
    let payload = text.get(start..ends)?;
    let (time, signature) = text.get(dot..end)?.strip_prefix('.')?.split_once('.')?;
    if !(4..=6).contains(&time.len()) || !matches!(signature.len(), 27 | 43) || signature.contains('.') {
        return None;
    }
    let unread = || {
        let mut found = Found { confidence: Some(Confidence::High), ..Found::at(at..end) };
        found.reasons.push("its form; too large to be opened".into());
        Some(found)
    };
    if payload.len() > LONGEST {
        return unread();
    }
    let bytes = decode::base64url(payload).or_else(|| decode::base64(payload))?;
    let bytes = if packed {
        let opened = decode::session(&bytes, budget);
        if opened.cut {
            return unread();
        }
        opened.bytes
    } else {
        bytes
    };
    let session = serde_json::from_slice::<serde_json::Value>(&bytes);
    if session.is_err() && names::is_mixed(signature) && names::is_mixed(payload) {
        let mut found = Found { confidence: Some(Confidence::Medium), ..Found::at(at..end) };
        found.reasons.push("its form; its payload does not decode".into());
        return Some(found);
    }
    let session = session.ok()?;
    let members = session.as_object()?;
    let logged_in =
        members.keys().any(|k| matches!(k.as_str(), "_user_id" | "user_id" | "user" | "username"));
    let mut found = Found { confidence: Some(Confidence::Confirmed), ..Found::at(at..end) };
    found.reasons.push("its payload decodes without the key".into());
    if logged_in {
        found.reasons.push("names a user".into());
    } else {
        found.severity = Some(Severity::Low);
        found.reasons.push("names no user".into());
    }
    Some(found)
}
