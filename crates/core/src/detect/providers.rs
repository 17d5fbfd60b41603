//! Names of those that issue keys. A name by itself says nothing; with a word for a key beside it, it tells that a
//! value is one, where the word alone (`key`, `access`) could mean anything.

use std::collections::HashSet;
use std::sync::OnceLock;

/// One word each, in lower case; lines that begin with `#` are remarks.
const NAMES: &str = include_str!("../../assets/providers.txt");

/// Words that stand between a provider's name and the word for its key, written together with either.
const BETWEEN: &[&str] =
    &["api", "client", "app", "auth", "user", "org", "account", "secret", "access", "private"];

fn names() -> &'static HashSet<&'static str> {
    static NAMED: OnceLock<HashSet<&'static str>> = OnceLock::new();
    NAMED.get_or_init(|| {
        let lines = NAMES.lines().filter(|line| !line.starts_with('#'));
        lines.flat_map(str::split_ascii_whitespace).collect()
    })
}

/// Whether one of these words (in lower case), or two together, is the name of a provider.
pub(super) fn named(words: &[String]) -> bool {
    let known = |word: &str| {
        names().contains(word)
            || BETWEEN.iter().filter_map(|end| word.strip_suffix(end)).any(|rest| names().contains(rest))
    };
    words.iter().any(|word| known(word)) || words.windows(2).any(|two| known(&two.concat()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_provider_is_known_by_its_name() {
        let check = |words: &[&str], expected: bool| {
            let words: Vec<String> = words.iter().map(ToString::to_string).collect();
            assert_eq!(named(&words), expected, "{words:?}");
        };
        check(&["meraki"], true);
        check(&["my", "visual", "crossing"], true);
        check(&["hubspotapi"], true);
        check(&["partition"], false);
        check(&[], false);
    }

    #[test]
    fn names_are_sorted_and_plain() {
        let lines = NAMES.lines().filter(|line| !line.starts_with('#'));
        let all: Vec<&str> = lines.flat_map(str::split_ascii_whitespace).collect();
        assert!(all.is_sorted_by(|a, b| a < b) && all.len() > 1000);
        assert!(all.iter().all(|name| name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())));
    }
}
