//! Private keys in PEM (RFC 7468) and OpenPGP armour (RFC 9580), also with escaped line breaks.

use super::run;
use crate::detect::decode;
use crate::detect::rule::{Found, StructureStart};
use crate::domain::Confidence;

/// The longest body; an RSA key of 16,384 bits has about 12 KB.
const LONGEST: usize = 24 * 1024;

pub(super) fn recognise(place: &StructureStart<'_>) -> Option<Found> {
    let StructureStart { text, at, .. } = *place;
    const BEGIN: &str = "-----BEGIN ";
    let label =
        run(text, at + BEGIN.len(), 40, |b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b' ');
    let label = text.get(at..)?.strip_prefix(BEGIN)?.get(..label - at - BEGIN.len())?;
    if !label.contains("PRIVATE KEY") {
        return None;
    }
    let body_at = at + BEGIN.len() + label.len() + 5;
    if text.get(body_at - 5..body_at)? != "-----" {
        return None;
    }
    let mut window = body_at + LONGEST.min(text.len() - body_at);
    while !text.is_char_boundary(window) {
        window -= 1;
    }
    let window = text.get(body_at..window)?;
    // A key cut off before its end is still most of a key; a body itself never holds five dashes.
    let end = window.find("-----").unwrap_or(window.len());
    let body = window.get(..end)?;
    let lines = body.replace("\\r", "").replace("\\n", "\n");
    let base64: String = lines
        .lines()
        .filter(|l| !l.contains(':'))
        .flat_map(str::chars)
        .filter(|c| !c.is_whitespace())
        .collect();
    // Shorter ones are placeholders, unless they begin as a key in DER does.
    if base64.len() < if base64.starts_with("MI") { 24 } else { 40 }
        || base64.bytes().any(|b| !(b.is_ascii_alphanumeric() || b"+/=".contains(&b)))
    {
        return None;
    }
    let close = match window.get(end..)?.strip_prefix("-----END ").and_then(|rest| rest.find("-----")) {
        Some(dashes) => end + "-----END ".len() + dashes + 5,
        None => end,
    };
    let mut found = Found { keep: BEGIN.len(), ..Found::at(at..body_at + close) };
    // DER of a key is one SEQUENCE (X.690): tag 30; OpenSSH's own format begins with its name.
    let der = decode::base64(base64.get(..base64.len() / 4 * 4)?);
    if der.is_some_and(|d| d.first() == Some(&0x30) || d.starts_with(b"openssh-key-v1\0")) {
        found.confidence = Some(Confidence::Confirmed);
        found.reasons.push("its body decodes to a key".into());
    }
    if label.starts_with("ENCRYPTED") || body.contains("ENCRYPTED") {
        found.severity = Some(crate::domain::Severity::Medium);
        found.reasons.push("the key has a passphrase".into());
    }
    Some(found)
}
