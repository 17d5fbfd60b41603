//! Flask's client-side sessions (itsdangerous URLSafeTimedSerializer): `[.]payload.time.signature`, readable
//! without the key. The middle part is a time of four to six characters, which tells it from a JWT.

use super::{begins, is_base64url, run};
use crate::detect::decode;
use crate::detect::names;
use crate::detect::rule::{Found, Place};
use crate::domain::{Confidence, Severity};

/// Longer payloads are not opened.
const LONGEST: usize = 16 * 1024;

pub(super) fn recognise(place: &Place<'_>) -> Option<Found> {
    let Place { text, at, budget, .. } = *place;
    let packed = text.as_bytes().get(at) == Some(&b'.');
    if !begins(text, at, |b| is_base64url(b) || b == b'.') {
        return None;
    }
    let end = run(text, at + 1, text.len(), |b| is_base64url(b) || b == b'.');
    let mut parts = text.get(at + usize::from(packed)..end)?.split('.');
    let (payload, time, signature) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || !(4..=6).contains(&time.len()) || !matches!(signature.len(), 27 | 43) {
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
    let bytes = decode::base64url(payload)?;
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
