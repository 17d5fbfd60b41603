//! Keys that say they are one before they become random: `acme_sk_...`, `acme-api-key-...`, `acme_live_...`. Many
//! issuers begin theirs so, after Stripe's example; this finds those that no rule knows by name.

use super::run;
use crate::detect::names;
use crate::detect::rule::{Found, StructureStart};

/// Longer ones are no keys.
const LONGEST: usize = 200;
/// How long the beginning may be: a few short words.
const BEGINNING: usize = 32;
/// What begins ids of Stripe that hold such a word: a checkout session is none of a person.
const OBJECTS: &[&str] = &["cs_live_", "cs_test_"];
/// What comes after the beginning is random for at least so long.
const SHORTEST: usize = 20;

pub(super) fn recognise(place: &StructureStart<'_>) -> Option<Found> {
    let StructureStart { text, at, end, .. } = *place;
    let bytes = text.as_bytes();
    let in_key = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'-';
    let start = at - bytes.get(..at)?.iter().rev().take(BEGINNING + 1).take_while(|b| in_key(**b)).count();
    let beginning = text.get(start..end).filter(|b| b.len() <= BEGINNING)?;
    // `task_...` ends in `sk_` and says nothing.
    let whole_word = at == start || matches!(bytes[at - 1], b'_' | b'-') || matches!(bytes[at], b'_' | b'-');
    let published =
        beginning.split(['_', '-']).any(|word| matches!(word, "pk" | "pub" | "public" | "publishable"));
    let words = beginning.starts_with(|c: char| c.is_ascii_lowercase() || c == '_')
        && !beginning.bytes().any(|b| b.is_ascii_uppercase());
    if !whole_word || published || !words || OBJECTS.iter().any(|object| beginning.starts_with(object)) {
        return None;
    }
    let stop = run(text, end, LONGEST, in_key);
    let random = text.get(end..stop)?;
    // The name of a file, or of a resource: words in it.
    let extension = run(text, stop + 1, 5, |b| b.is_ascii_lowercase());
    let file = bytes.get(stop) == Some(&b'.')
        && extension > stop + 2
        && !bytes.get(extension).is_some_and(u8::is_ascii_alphanumeric);
    let word = |part: &str| {
        part.len() >= 5 && part.bytes().all(|b| b.is_ascii_alphabetic()) && !names::is_mixed(part)
    };
    // So ends the alias of an access point of S3.
    if file
        || random.ends_with("-s3alias")
        || random.split(['-', '_']).skip(1).any(word)
        || random.split(['-', '_']).next().is_some_and(word)
    {
        return None;
    }
    let upper =
        random.bytes().any(|b| b.is_ascii_uppercase()) && random.bytes().any(|b| b.is_ascii_lowercase());
    // Without letters of both cases it may be the id of an object, unless it is longer than those.
    if random.len() < if upper { SHORTEST } else { 32 } || !names::is_issued(random) {
        return None;
    }
    let mut found = Found::at(start..stop);
    found.keep = end - start;
    found.reasons.push("its beginning says that it is a key, and what follows is random".into());
    Some(found)
}
