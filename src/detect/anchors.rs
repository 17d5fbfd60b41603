//! One automaton over the keywords of all rules: only rules whose keyword is in a text look at it.

use std::collections::BTreeMap;
use std::ops::Range;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

use crate::detect::listed::Listed;

/// The automaton reads so many bytes of a keyword, and what follows is compared: its table is made in half the time,
/// which is most of the time from a start to the first item, and takes half the memory.
const HEAD: usize = 6;
/// Up to so many bytes of heads the automaton is a table of all its states: twice as fast, and some 300 bytes of
/// memory for each of these. Ours have far fewer; a user's may have any number.
const DENSE: usize = 32 * 1024;

/// The automaton, and whose keywords begin with each of its words.
pub(super) struct Anchors {
    automaton: Option<AhoCorasick>,
    keywords: Vec<Vec<Keyword>>,
    /// A user's rules without a keyword: they look at every text.
    always: Vec<usize>,
}

/// What follows the head of a keyword, and whose it is.
struct Keyword {
    tail: Box<[u8]>,
    rules: Vec<usize>,
}

/// A keyword of a rule in a text.
pub(super) type Fired = (usize, Range<usize>);

impl Anchors {
    /// Of all rules, which are then called by their position.
    pub(super) fn new(rules: &[Listed]) -> Self {
        let mut words: BTreeMap<Vec<u8>, Vec<usize>> = BTreeMap::new();
        let mut always = Vec::new();
        for (n, rule) in rules.iter().enumerate() {
            let Some(keywords) = &rule.keywords else { continue };
            if keywords.is_empty() {
                always.push(n);
            }
            for word in keywords {
                words.entry(word.to_ascii_lowercase().into_bytes()).or_default().push(n);
            }
        }
        let mut heads: BTreeMap<Vec<u8>, Vec<Keyword>> = BTreeMap::new();
        for (mut head, rules) in words {
            let tail = head.split_off(head.len().min(HEAD)).into();
            heads.entry(head).or_default().push(Keyword { tail, rules });
        }
        // Overlapping search, because one keyword may hide in another; it needs the standard semantics.
        let automaton = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .kind((heads.keys().map(Vec::len).sum::<usize>() <= DENSE).then_some(AhoCorasickKind::DFA))
            .match_kind(MatchKind::Standard)
            .build(heads.keys())
            .ok();
        Self { automaton, keywords: heads.into_values().collect(), always }
    }

    /// How many heads of keywords are in a text.
    pub(super) fn count(&self, text: &str) -> usize {
        self.automaton.as_ref().map_or(0, |automaton| automaton.find_overlapping_iter(text).count())
    }

    /// Fills `fired` with the keywords in a text, by rule and then by place.
    pub(super) fn fire(&self, text: &str, fired: &mut Vec<Fired>) {
        fired.clear();
        fired.extend(self.always.iter().map(|rule| (*rule, 0..0)));
        if let Some(automaton) = &self.automaton {
            for hit in automaton.find_overlapping_iter(text) {
                for keyword in &self.keywords[hit.pattern().as_usize()] {
                    let place = hit.start()..hit.end() + keyword.tail.len();
                    let tail = text.as_bytes().get(hit.end()..place.end);
                    if tail.is_some_and(|tail| tail.eq_ignore_ascii_case(&keyword.tail)) {
                        fired.extend(keyword.rules.iter().map(|rule| (*rule, place.clone())));
                    }
                }
            }
        }
        fired.sort_unstable_by_key(|(rule, place)| (*rule, place.start, place.end));
    }
}
