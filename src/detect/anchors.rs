//! One automaton over the keywords of all rules: only rules whose keyword is in a text look at it.

use std::collections::BTreeMap;
use std::ops::Range;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

use crate::detect::rule::Rule;

/// Up to so many bytes of keywords the automaton is a table of all its states: twice as fast, and some 300 bytes of
/// memory for each of these. Ours have far fewer; a user's may have any number.
const DENSE: usize = 32 * 1024;

/// The automaton, and whose keyword each of its words is.
pub(super) struct Anchors {
    automaton: Option<AhoCorasick>,
    owners: Vec<Vec<usize>>,
    /// A user's rules without a keyword: they look at every text.
    always: Vec<usize>,
}

/// A keyword of a rule in a text.
pub(super) type Fired = (usize, Range<usize>);

impl Anchors {
    /// Of all rules, which are then called by their position.
    pub(super) fn new(rules: &[Rule]) -> Self {
        let mut words: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        let mut always = Vec::new();
        for (n, rule) in rules.iter().enumerate() {
            if matches!(rule.matcher, crate::detect::rule::Matcher::Walk) {
                continue;
            }
            if rule.info.keywords.is_empty() {
                always.push(n);
            }
            for word in &rule.info.keywords {
                words.entry(word.to_ascii_lowercase()).or_default().push(n);
            }
        }
        // Overlapping search, because one keyword may hide in another; it needs the standard semantics.
        let automaton = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .kind((words.keys().map(String::len).sum::<usize>() <= DENSE).then_some(AhoCorasickKind::DFA))
            .match_kind(MatchKind::Standard)
            .build(words.keys())
            .ok();
        Self { automaton, owners: words.into_values().collect(), always }
    }

    /// How many keywords are in a text.
    pub(super) fn count(&self, text: &str) -> usize {
        self.automaton.as_ref().map_or(0, |automaton| automaton.find_overlapping_iter(text).count())
    }

    /// Fills `fired` with the keywords in a text, by rule and then by place.
    pub(super) fn fire(&self, text: &str, fired: &mut Vec<Fired>) {
        fired.clear();
        fired.extend(self.always.iter().map(|rule| (*rule, 0..0)));
        if let Some(automaton) = &self.automaton {
            for hit in automaton.find_overlapping_iter(text) {
                fired.extend(self.owners[hit.pattern().as_usize()].iter().map(|rule| (*rule, hit.range())));
            }
        }
        fired.sort_unstable_by_key(|(rule, place)| (*rule, place.start, place.end));
    }
}
