//! A sensitive name, a sign and a random value inside a longer text: `api_key = "..."`, `"token": "..."`; and a
//! provider's name, a word for its key and a value, with a sign between them or none: `meraki SECRET KEY 5f3...`.

use std::cell::Cell;
use std::ops::Range;

use super::{Bytes, run};
use crate::detect::names::{self, Name};
use crate::detect::rule::{Found, StructureStart};
use crate::domain::Confidence;

/// Shorter values are no keys.
const SHORTEST: usize = 8;
/// How far beyond a value its end is looked for.
const REACH: usize = 4096;
/// How far before a word for a key the provider's name may begin, and in how many words.
const BEFORE: usize = 256;
const WORDS: usize = 5;
/// How many words for keys a name may end in.
const MOST: usize = 16;
/// How long the signs, quotes and spaces between a name and its value may be.
const SIGNS: usize = 256;

/// What a value without quotes is made of.
const PLAIN: Bytes = Bytes::but(b" \t\n\x0c\r\"'`,;\\&<>(){}");

fn in_name(b: u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.')
}

pub(super) fn recognise(place: &StructureStart<'_>) -> Option<Found> {
    let StructureStart { text, at, end, vain, .. } = *place;
    if text.starts_with("arn:") {
        return None;
    }
    named(text, at, vain).or_else(|| of_provider(text, at, end))
}

/// A value with a sensitive name, and a sign between them. Several keywords may stand in a name that was looked at in
/// vain.
fn named(text: &str, at: usize, vain: &Cell<(usize, usize)>) -> Option<Found> {
    let bytes = text.as_bytes();
    let start = at - bytes.get(..at)?.iter().rev().take(40).take_while(|b| in_name(**b)).count();
    // `a:secret:b` is a name with colons, an ARN for instance; `a=secret=b` names `a`.
    // After two slashes stands the name of a host.
    let before = text.get(..start)?;
    if before.ends_with([':', '=']) || before.ends_with("//") {
        return None;
    }
    let end = run(text, at, 40, in_name);
    if vain.replace((start, end)) == (start, end) {
        return None;
    }
    let mut signs = match text.as_bytes().get(end) {
        // `<password>...</password>`
        Some(b'>') if before.ends_with('<') => end..end + 1,
        _ => signs(text, end)?,
    };
    let sign = text.get(signs.clone())?;
    let element = before.ends_with('<') && sign == ">";
    // `token - '...'`
    let dashed = sign.trim_start().starts_with('-') && sign.ends_with(['"', '\'', '`']);
    let assigned = element
        || dashed
        || sign.trim_start().starts_with([':', '=', '"', '\'', '\\']) && sign.contains([':', '=']);
    if !assigned {
        // `the password is ...`
        let verb = text.get(signs.clone()) == Some(" ") && text.get(signs.end..)?.starts_with("is ");
        signs = verb.then_some(signs.start..signs.end + "is ".len())?;
    }
    if !long(text, signs.end) {
        return None;
    }
    let name = text.get(start..end)?;
    let kind = names::kind(name);
    if kind == Name::Plain {
        return bare_key(text, name, signs);
    }
    // Passwords have a rule of their own, and an empty value is none.
    if kind == Name::Password || sign.contains("\"\"") || sign.contains("''") {
        return None;
    }
    let values = [plain(text, signs.end), quoted(text, signs.clone())];
    let sure = |value: &Range<usize>| {
        // The name may be part of prose: a random value is needed, a strong name is not enough.
        let value = text.get(value.clone()).filter(|value| value.len() >= SHORTEST);
        value.and_then(|value| names::judge(kind, value)) >= Some(Confidence::Medium)
    };
    let value = values.into_iter().find(sure)?;
    // `token:orders:...` is the key of an item or of a cache.
    if start == 0 && text.get(signs.clone()) == Some(":") && text.get(value.clone())?.contains(':') {
        return None;
    }
    vain.take();
    Some(found(text, signs, value, "a sensitive name before it"))
}

/// `Key = "..."`: a bare name is that of many things, so what follows has to be as random as keys are.
fn bare_key(text: &str, name: &str, signs: Range<usize>) -> Option<Found> {
    let is_assigned = text.get(signs.clone())?.contains(['=', ':']);
    if !name.eq_ignore_ascii_case("key") || !is_assigned {
        return None;
    }
    let value = plain(text, signs.end);
    let said = text.get(value.clone())?;
    (said.len() >= 24 && !said.contains('/') && names::is_worth_a_look(said))
        .then(|| found(text, signs, value, "the word key before it"))
}

/// A key with its provider's name and a word for a key before it.
fn of_provider(text: &str, at: usize, end: usize) -> Option<Found> {
    let start = start_of_name(text, at);
    if start == at {
        return None;
    }
    let end = end_of_name(text, end)?;
    let signs = signs(text, end).filter(|signs| !signs.is_empty())?;
    if !long(text, signs.end) {
        return None;
    }
    // `falcon-auth-4828ma4ddn-oxa8a`: one name.
    let glued = text.get(signs.clone())?.bytes().all(|b| b"-_.".contains(&b));
    if glued {
        let key = text.get(at..end).is_some_and(|name| names::ends_in_key(&name.to_ascii_lowercase()));
        let word = run(text, signs.end, 600, |b| PLAIN.has(b) && !b.is_ascii_digit() && !b"-_.".contains(&b));
        if !key || !text.as_bytes().get(word).is_some_and(u8::is_ascii_digit) {
            return None;
        }
    }
    let value = plain(text, signs.end);
    let value = value.start..value.start + text.get(value)?.trim_end_matches(['.', ':', '=']).len();
    let said = text.get(value.clone())?;
    // A short value needs a sign to tell that it is one.
    let sign = text.get(signs.clone())?.contains([':', '=']);
    if said.len() < if sign { SHORTEST } else { 16 } {
        return None;
    }
    // Most texts end here.
    if !said.bytes().any(|b| b.is_ascii_digit() || b"!@#$%^&*~?|".contains(&b)) {
        return None;
    }
    if glued && said.len() < 20 {
        return None;
    }
    let name = text.get(start..end)?;
    if !names::of_provider(&names::words(name)) {
        return None;
    }
    (names::is_key(said) || names::is_strong(said))
        .then(|| found(text, signs, value, "a provider's name and a word for its key before it"))
}

/// Where a name begins that goes on at `at`: words with spaces or separators between them.
fn start_of_name(text: &str, at: usize) -> usize {
    let (mut words, mut inside) = (0, true);
    let before = text.as_bytes().get(..at).unwrap_or_default().iter().rev().take(BEFORE);
    let length = before.take_while(|b| {
        let word = b.is_ascii_alphanumeric();
        words += usize::from(word && !inside);
        inside = word;
        (word || b" _.-".contains(b)) && words < WORDS
    });
    at - length.count()
}

/// Where a name ends that goes on at `at`: after all its words for keys.
fn end_of_name(text: &str, at: usize) -> Option<usize> {
    const MORE: &[&str] = &["secret", "private", "access", "token", "keys", "key", "word", "api", "id"];
    let mut end = at;
    for _ in 0..MOST {
        let next = run(text, end, SIGNS, |b| b" _.-".contains(&b));
        let rest = text.as_bytes().get(next..)?;
        let word =
            MORE.iter().find(|w| rest.get(..w.len()).is_some_and(|r| r.eq_ignore_ascii_case(w.as_bytes())));
        match word {
            Some(word) => end = next + word.len(),
            None => break,
        }
    }
    let rest = run(text, end, 2, |b| b.is_ascii_digit());
    // `keyboard`, `accessory`: another word.
    (!text.as_bytes().get(rest).is_some_and(u8::is_ascii_alphanumeric)).then_some(rest)
}

/// What stands between a name and its value: signs of an assignment, quotes, spaces.
fn signs(text: &str, at: usize) -> Option<Range<usize>> {
    const SET: Bytes = Bytes::of(b" \t\"'`\\:=>,_.-|([");
    let end = run(text, at, SIGNS, |b| SET.has(b));
    (end > at).then_some(at..end)
}

/// Whether a value from `from` on may be long enough: what follows most names is a short word.
fn long(text: &str, from: usize) -> bool {
    run(text, from, SHORTEST, |b| !b.is_ascii_whitespace()) == from + SHORTEST
}

/// The value from `from` on: up to a space, a quote or what separates values.
fn plain(text: &str, from: usize) -> Range<usize> {
    from..run(text, from, 600, |b| PLAIN.has(b))
}

/// The value up to the quote that closes it, or a space: signs belong to it. Without a quote it has a digit and is no
/// call, as source code has where a value is expected.
fn quoted(text: &str, signs: Range<usize>) -> Range<usize> {
    let quote =
        text.as_bytes().get(signs.clone()).unwrap_or_default().iter().rev().find(|b| b"\"'`".contains(b));
    let end = run(text, signs.end, 200, |b| !b.is_ascii_whitespace() && Some(&b) != quote);
    let value = text.get(signs.end..end).unwrap_or_default();
    let code = quote.is_none() && (value.contains("()") || !value.bytes().any(|b| b.is_ascii_digit()));
    signs.end..if code { signs.end } else { end }
}

fn found(text: &str, signs: Range<usize>, value: Range<usize>, reason: &str) -> Found {
    // The value may go on: what may belong to it is masked with it, up to the quote that ends it or a space.
    let rest = text.get(value.end..text.ceil_char_boundary(value.end + REACH)).unwrap_or_default();
    let quote = text.get(signs).and_then(|s| s.chars().rev().find(|c| matches!(c, '"' | '\'' | '`')));
    let end = quote.and_then(|quote| rest.find(quote)).or_else(|| rest.find(char::is_whitespace));
    Found {
        reasons: vec![reason.into(), "a random value".into()],
        mask: Some(value.start..value.end + end.unwrap_or(rest.len())),
        ..Found::at(value)
    }
}
