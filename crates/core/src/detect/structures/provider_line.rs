//! A line that gives a value to a provider's name and says no more: `GREYNOISE=...`, `CLIO_CLIENT_ID=...`.

use std::ops::Range;

use crate::detect::{names, providers};

/// Longer names are no names.
const NAME: usize = 48;
/// Minimum length of a key that the name of its provider alone tells, in characters.
const SHORTEST: usize = 20;

/// The words of the name, and where its value stands.
fn assigned(text: &str) -> Option<(Vec<String>, Range<usize>)> {
    let (name, rest) = text.split_once('=').filter(|(name, _)| (2..=NAME).contains(&name.len()))?;
    let plain = name.bytes().all(|b| b.is_ascii_alphanumeric() || b"_.-".contains(&b));
    let value = rest.trim_matches(['"', '\'']);
    let from = text.len() - rest.len() + rest.find(value)?;
    (plain && !value.is_empty()).then(|| (names::words(name), from..from + value.len()))
}

/// The value, where the name is a provider's and nothing else, in capitals as variables of an environment are: many
/// names of providers are words (`customer=...`, `segment=...`).
pub(super) fn key(text: &str) -> Option<Range<usize>> {
    let (words, span) = assigned(text)?;
    let value = text.get(span.clone())?;
    let capitals = !text.get(..span.start)?.bytes().any(|b| b.is_ascii_lowercase());
    (capitals && value.len() >= SHORTEST && names::is_key(value) && providers::named(&[words.concat()]))
        .then_some(span)
}

/// The value, where the name is a provider's and says the id of one half of a key.
pub(super) fn client_id(text: &str) -> Option<Range<usize>> {
    let (words, span) = assigned(text)?;
    let [provider @ .., half, id] = words.as_slice() else { return None };
    let half = ["client", "app", "application", "developer", "service", "role"].contains(&half.as_str());
    (id == "id" && half && providers::named(provider) && names::is_key(text.get(span.clone())?))
        .then_some(span)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_provider_tells() {
        const HEX: &str = "7b3e5d8c1a9f4e2b6c8d3a5e";
        let check = |name: &str, value: &str, expected: (bool, bool)| {
            let text = format!("{name}={value}");
            assert_eq!((key(&text).is_some(), client_id(&text).is_some()), expected, "{text}");
        };
        check("GREYNOISE", HEX, (true, false));
        check("ONE_LOGIN", &format!("\"{HEX}\""), (true, false));
        check("customer", HEX, (false, false));
        check("CLIO_CLIENT_ID", HEX, (false, true));
        check("GREYNOISE", "short1a2b", (false, false));
        check("GREYNOISE", "https://api.greynoise.example/v3", (false, false));
        check("BUILD", HEX, (false, false));
        check("ORDER_CLIENT_ID", HEX, (false, false));
        check("", HEX, (false, false));
    }
}
