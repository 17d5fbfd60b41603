//! JSON Web Tokens: signed (RFC 7515, compact: three parts) and encrypted (RFC 7516: five parts).

use jiff::Timestamp;
use serde_json::Value;
use zeroize::Zeroizing;

use super::{begins, is_base64url, run};
use crate::detect::decode;
use crate::detect::names;
use crate::detect::rule::{Found, StructureStart};
use crate::domain::{Confidence, Layer, SecretClass, Severity};

/// Of longer tokens only the header is read; no server accepts them in one of its own.
const LONGEST: usize = 16 * 1024;

/// The signature on the front page of jwt.io, in every tutorial.
const TUTORIAL: &str = concat!("SflKxwRJSMeKKF2QT4fw", "pMeJf36POk6yJV_adQssw5c");

pub(super) fn recognise(place: &StructureStart<'_>) -> Option<Found> {
    let StructureStart { text, at, now, .. } = *place;
    if !begins(text, at, |b| is_base64url(b) || b == b'.') {
        return None;
    }
    let end = run(text, at, text.len(), |b| is_base64url(b) || b == b'.');
    if end - at > LONGEST {
        return unread(text.get(at..at + LONGEST)?, at..end);
    }
    let token = text.get(at..end)?.trim_end_matches('.');
    // An unsigned token ends in its second dot.
    let bare = token.matches('.').count() == 1;
    let dotted = if bare { text.get(at..at + token.len() + 1).unwrap_or(token) } else { token };
    let mut parts: Vec<&str> = dotted.split('.').collect();
    let Some(header) = object(parts.first()?) else { return damaged(&parts, at) };
    let algorithm = header.get("alg")?.as_str()?;
    if parts.len() == 2 && algorithm.eq_ignore_ascii_case("none") {
        parts.push("");
    }
    let mut found =
        Found { keep: 0, confidence: Some(Confidence::Confirmed), ..Found::at(at..at + dotted.len()) };
    match parts.len() {
        5 if header.get("enc").is_some() => {
            found.reasons.push("its header decodes: an encrypted token (JWE)".into());
            found.inside = inside(&parts[..1]);
        }
        3 => {
            let Some(claims) = object(parts[1]) else { return damaged(&parts, at) };
            found.reasons.push("its header and claims decode".into());
            found.inside = inside(&parts[..2]);
            if algorithm.eq_ignore_ascii_case("none") {
                found.reasons.push("it is not signed (alg none)".into());
            }
            found.reasons.extend(told(&claims));
            found.expires = claims.get("exp").and_then(epoch);
            match found.expires {
                Some(end) if end <= now => {
                    found.severity = Some(Severity::Low);
                    found.reasons.push("expired".into());
                }
                Some(end) => found.reasons.push(format!("live until {}", end.strftime("%Y-%m-%d %H:%M UTC"))),
                None => found.reasons.push("it never expires (no exp)".into()),
            }
            of_supabase(&claims, &mut found);
            if parts[2] == TUTORIAL {
                found.severity = Some(Severity::Info);
                found.reasons.push("the example of jwt.io".into());
            }
        }
        2 if object(parts[1]).is_none() => return cut(&parts, at),
        2 => {
            object(parts[1]).filter(|claims| !claims.is_empty())?;
            found.confidence = Some(Confidence::Medium);
            found.severity = Some(Severity::Low);
            found.reasons.push("its header and claims decode; its signature is not there".into());
            found.inside = inside(&parts);
        }
        _ => return None,
    }
    Some(found)
}

/// A token of three parts of which one of the first two does not decode: cut, changed, or encrypted in its own way.
fn damaged(parts: &[&str], at: usize) -> Option<Found> {
    let [header, claims, signature] = parts else { return None };
    let decodes = object(header).is_some() || object(claims).is_some();
    let random = |part: &str| part.len() >= 20 && names::is_mixed(part);
    if !(decodes && header.len() >= 16 && random(claims) && random(signature)) {
        return None;
    }
    let length = header.len() + claims.len() + signature.len() + 2;
    let mut found = Found { confidence: Some(Confidence::Medium), ..Found::at(at..at + length) };
    found.reasons.push("of its header and claims only one decodes".into());
    Some(found)
}

/// A token whose header decodes, and of which the rest is encrypted in its own way or cut off.
fn cut(parts: &[&str], at: usize) -> Option<Found> {
    let [header, rest] = parts else { return None };
    if rest.len() < 40 || !names::is_mixed(rest) {
        return None;
    }
    let mut found =
        Found { confidence: Some(Confidence::Medium), ..Found::at(at..at + header.len() + rest.len() + 1) };
    found.reasons.push("only its header decodes".into());
    Some(found)
}

/// The keys of Supabase are tokens that say for which role: one is made for browsers, the other passes every rule of the
/// database (Supabase, "Understanding API keys").
fn of_supabase(claims: &serde_json::Map<String, Value>, found: &mut Found) {
    let is = |claim: &str, value: &str| claims.get(claim).and_then(Value::as_str) == Some(value);
    if !is("iss", "supabase") && !claims.contains_key("ref") {
        return;
    }
    if is("role", "anon") {
        found.severity = Some(Severity::Info);
        found.class = Some(SecretClass::Identifier);
        found.reasons.push("the anon key of Supabase, made for browsers: public by design".into());
    } else if is("role", "service_role") && found.severity.is_none() {
        found.severity = Some(Severity::Critical);
        found.class = Some(SecretClass::ApiKey);
        found.reasons.push("the service_role key of Supabase: no rule of the database stops it".into());
    }
}

/// Which of the claims that say whose it is are there; not what they say.
fn told(claims: &serde_json::Map<String, Value>) -> Option<String> {
    const WHOSE: [(&str, &str); 3] = [("iss", "issuer"), ("aud", "audience"), ("sub", "subject")];
    let there: Vec<&str> =
        WHOSE.iter().filter(|(claim, _)| claims.contains_key(*claim)).map(|w| w.1).collect();
    (!there.is_empty()).then(|| format!("it names its {}", there.join(", ")))
}

/// A token too long to be read whole, by its header.
fn unread(beginning: &str, span: std::ops::Range<usize>) -> Option<Found> {
    let (header, _) = beginning.split_once('.')?;
    object(header)?.get("alg")?.as_str()?;
    let mut found = Found { confidence: Some(Confidence::High), ..Found::at(span) };
    found.reasons.push("its header decodes; too long to be read whole".into());
    Some(found)
}

fn object(part: &str) -> Option<serde_json::Map<String, Value>> {
    match serde_json::from_slice(&decode::base64url(part)?).ok()? {
        Value::Object(members) => Some(members),
        _ => None,
    }
}

/// The header, and the claims where they are given, as members of one JSON object.
fn inside(parts: &[&str]) -> Option<(Layer, Zeroizing<String>)> {
    let mut json = Zeroizing::new(String::from("{"));
    for (name, part) in ["header", "claims"].iter().zip(parts) {
        let decoded = decode::base64url(part)?;
        let comma = if json.len() > 1 { "," } else { "" };
        json.push_str(&Zeroizing::new(format!("{comma}\"{name}\":{}", std::str::from_utf8(&decoded).ok()?)));
    }
    json.push('}');
    Some((Layer::Jwt, json))
}

/// Seconds since 1970, whole or not (RFC 7519, NumericDate).
fn epoch(value: &Value) -> Option<Timestamp> {
    Timestamp::from_second(value.as_i64().or_else(|| value.as_f64().map(|f| f as i64))?).ok()
}
