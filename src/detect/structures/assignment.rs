//! A sensitive name, a sign and a random value inside a longer text: `api_key = "..."`, `"token": "..."`.

use super::run;
use crate::detect::names;
use crate::detect::rule::{Found, Place};
use crate::domain::Confidence;

/// How far beyond a value its end is looked for.
const REACH: usize = 4096;

fn in_name(b: u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.')
}

pub(super) fn recognise(place: &Place<'_>) -> Option<Found> {
    let Place { text, at, .. } = *place;
    let bytes = text.as_bytes();
    let start = at - bytes.get(..at)?.iter().rev().take(40).take_while(|b| in_name(**b)).count();
    // `a:secret:b` is a name with colons, an ARN for instance; `a=secret=b` names `a`.
    if text.get(..start)?.ends_with([':', '=']) || text.starts_with("arn:") {
        return None;
    }
    let end = run(text, at, 40, in_name);
    let name = text.get(start..end)?;
    let closed = run(text, end, 2, |b| matches!(b, b'"' | b'\'' | b'\\'));
    let sign = run(text, closed, 2, |b| b == b' ');
    let signed = run(text, sign, 4, |b| matches!(b, b':' | b'=' | b'>'));
    if signed == sign {
        return None;
    }
    let from = run(text, signed, 5, |b| matches!(b, b' ' | b'"' | b'\'' | b'\\' | b'`'));
    let to = run(text, from, 600, |b| !b.is_ascii_whitespace() && !b"\"'`,;\\&<>(){}".contains(&b));
    let value = text.get(from..to).filter(|value| value.len() >= 8)?;
    // The value may go on: what may belong to it is masked with it, up to the quote that ends it or a space.
    let rest = text.get(to..text.ceil_char_boundary(to + REACH))?;
    let quote = text.get(signed..from)?.chars().rev().find(|c| matches!(c, '"' | '\'' | '`'));
    let end = quote.and_then(|quote| rest.find(quote)).or_else(|| rest.find(char::is_whitespace));
    let mask = from..to + end.unwrap_or(rest.len());
    // The name may be part of prose: a random value is needed, a strong name is not enough.
    let confidence = names::judge(names::kind(name), value)?;
    (confidence >= Confidence::Medium).then(|| Found {
        reasons: vec!["a sensitive name before it".into(), "a random value".into()],
        mask: Some(mask),
        ..Found::at(from..to)
    })
}
