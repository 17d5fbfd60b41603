//! One automaton over the keywords of all rules: only rules whose keyword is in a text look at it.

use std::collections::BTreeMap;
use std::ops::Range;

use aho_corasick::automaton::{Automaton, StateID};
use aho_corasick::{AhoCorasick, Anchored, Input, MatchKind, dfa};

use crate::detect::byte_classes::Signs;
use crate::detect::lazy_rule::LazyRule;

/// The automaton reads this many bytes of a keyword, and what follows is compared: its table is made in half the time,
/// which is most of the time from a start to the first item, and takes half the memory.
const HEAD: usize = 5;
/// Up to this many bytes of heads the automaton is a table of all its states: twice as fast, and some 300 bytes of
/// memory for each of these. Ours have far fewer; a user's may have any number.
const DENSE: usize = 32 * 1024;
/// In how many places of a text the table is asked at once: each step in one waits for the step before, not for the
/// others.
const LANES: usize = 4;
/// Shorter parts of a text are not worth a lane; no shorter than [`HEAD`].
const SHORTEST_LANE: usize = 8;

/// The automaton, and whose keywords begin with each of its words.
pub(super) struct Anchors {
    automaton: Option<Heads>,
    keywords: Vec<Vec<Keyword>>,
    /// A user's rules without a keyword: they look at every text.
    always: Vec<usize>,
}

/// The automaton over the heads.
enum Heads {
    /// A table of all its states, and where it starts.
    Dense(dfa::DFA, StateID),
    Sparse(AhoCorasick),
}

/// What follows the head of a keyword, and whose it is.
struct Keyword {
    tail: Box<[u8]>,
    /// Of a keyword that is one letter over and over: that letter. It is found where a run of the letter begins, for a
    /// bomb of it would else be a million places.
    run: Option<u8>,
    rules: Vec<usize>,
}

/// A keyword of a rule in a text.
pub(super) type Fired = (usize, Range<usize>);

impl Anchors {
    /// Of all rules, which are then called by their position.
    pub(super) fn new(rules: &[LazyRule]) -> Self {
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
            let run = head.first().copied().filter(|first| head.iter().all(|b| b == first));
            let tail = head.split_off(head.len().min(HEAD)).into();
            heads.entry(head).or_default().push(Keyword { tail, run, rules });
        }
        Self { automaton: Heads::of(&heads), keywords: heads.into_values().collect(), always }
    }

    /// How many heads of keywords are in a text, as the library counts them.
    pub(super) fn count(&self, text: &str) -> usize {
        match &self.automaton {
            Some(Heads::Dense(table, _)) => {
                table.try_find_overlapping_iter(Input::new(text)).map_or(0, Iterator::count)
            }
            Some(Heads::Sparse(automaton)) => automaton.find_overlapping_iter(text).count(),
            None => 0,
        }
    }

    /// Fills `fired` with the keywords in a text, by rule and then by place; the text's signs. A function of its own: the
    /// loop is slower where it shares its registers.
    #[inline(never)]
    pub(super) fn fire(&self, text: &str, fired: &mut Vec<Fired>) -> Signs {
        fired.clear();
        fired.extend(self.always.iter().map(|rule| (*rule, 0..0)));
        let signs = match &self.automaton {
            Some(Heads::Dense(table, start)) => {
                scan(table, *start, text.as_bytes(), |state, end| self.ended(table, text, state, end, fired))
            }
            Some(Heads::Sparse(automaton)) => {
                for found in automaton.find_overlapping_iter(text) {
                    self.found(text, found.pattern().as_usize(), found.range(), fired);
                }
                Signs::of(text)
            }
            None => Signs::of(text),
        };
        fired.sort_unstable_by_key(|(rule, place)| (*rule, place.start, place.end));
        signs
    }

    /// Heads end at a place of a text. Out of the way of the loop that looks for them.
    #[cold]
    #[inline(never)]
    fn ended(&self, table: &dfa::DFA, text: &str, state: StateID, end: usize, fired: &mut Vec<Fired>) {
        for n in 0..table.match_len(state) {
            let head = table.match_pattern(state, n);
            self.found(text, head.as_usize(), end - table.pattern_len(head)..end, fired);
        }
    }

    /// A head is at a place of a text: the keywords that go on as the text does.
    fn found(&self, text: &str, head: usize, place: Range<usize>, fired: &mut Vec<Fired>) {
        let before = place.start.checked_sub(1).map(|at| text.as_bytes()[at].to_ascii_lowercase());
        for keyword in &self.keywords[head] {
            if keyword.run.is_some() && keyword.run == before {
                continue;
            }
            let place = place.start..place.end + keyword.tail.len();
            let tail = text.as_bytes().get(place.end - keyword.tail.len()..place.end);
            if tail.is_some_and(|tail| tail.eq_ignore_ascii_case(&keyword.tail)) {
                fired.extend(keyword.rules.iter().map(|rule| (*rule, place.clone())));
            }
        }
    }
}

impl Heads {
    /// Overlapping search, because one keyword may hide in another; it needs the standard semantics.
    fn of(heads: &BTreeMap<Vec<u8>, Vec<Keyword>>) -> Option<Self> {
        if heads.keys().map(Vec::len).sum::<usize>() <= DENSE {
            let table = dfa::Builder::new()
                .ascii_case_insensitive(true)
                .match_kind(MatchKind::Standard)
                .prefilter(false)
                .build(heads.keys())
                .ok()?;
            let start = table.start_state(Anchored::No).ok()?;
            return Some(Self::Dense(table, start));
        }
        let automaton = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::Standard)
            .build(heads.keys())
            .ok()?;
        Some(Self::Sparse(automaton))
    }
}

/// Tells every state of the table in which a head ends, with the place in the text, in no order; the text's signs.
fn scan(table: &dfa::DFA, start: StateID, text: &[u8], mut hit: impl FnMut(StateID, usize)) -> Signs {
    let step = |state, byte: u8| table.next_state(Anchored::No, state, byte);
    let (mut signs, mut state, mut rest) = (Signs::NONE, start, 0);
    let part = text.len() / LANES;
    if part >= SHORTEST_LANE {
        let (ab, cd) = text.split_at(2 * part);
        let ((a, b), (c, d)) = (ab.split_at(part), cd.split_at(part));
        // A head that begins in the part before has no more bytes there.
        let warm = |part: &[u8]| part[part.len() - (HEAD - 1)..].iter().fold(start, |s, b| step(s, *b));
        let [mut in_a, mut in_b, mut in_c, mut in_d] = [start, warm(a), warm(b), warm(c)];
        for (n, (((a, b), c), d)) in a.iter().zip(b).zip(c).zip(d).enumerate() {
            signs = signs.or(Signs::of_byte(*a)).or(Signs::of_byte(*b));
            signs = signs.or(Signs::of_byte(*c)).or(Signs::of_byte(*d));
            (in_a, in_b, in_c, in_d) = (step(in_a, *a), step(in_b, *b), step(in_c, *c), step(in_d, *d));
            let special = table.is_special(in_a) | table.is_special(in_b);
            if special | table.is_special(in_c) | table.is_special(in_d) {
                for (lane, state) in [in_a, in_b, in_c, in_d].into_iter().enumerate() {
                    if table.is_match(state) {
                        hit(state, lane * part + n + 1);
                    }
                }
            }
        }
        (state, rest) = (in_d, LANES * part);
    }
    // What is left, and short texts.
    for (n, byte) in text.iter().enumerate().skip(rest) {
        signs = signs.or(Signs::of_byte(*byte));
        state = step(state, *byte);
        if table.is_match(state) {
            hit(state, n + 1);
        }
    }
    signs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::catalog;

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(16))]

        #[test]
        fn every_keyword_is_found_wherever_it_stands(
            parts in proptest::collection::vec((0usize..2000, "[a-zA-Z0-9_. é-]{0,9}", proptest::bool::ANY), 0..12),
        ) {
            let rules = catalog::embedded();
            let words: Vec<&str> = rules.iter().flat_map(|r| r.keywords.iter().flatten()).map(|k| &**k).collect();
            let part = |(word, between, loud): &(usize, String, bool)| {
                let word = words[word % words.len()];
                format!("{}{between}", if *loud { word.to_ascii_uppercase() } else { word.to_owned() })
            };
            let text: String = parts.iter().map(part).collect();
            let low = text.to_ascii_lowercase();
            let mut expected: Vec<Fired> = Vec::new();
            for (n, rule) in rules.iter().enumerate() {
                for word in rule.keywords.iter().flatten() {
                    let word = word.to_ascii_lowercase();
                    let bytes = low.as_bytes();
                    let run = word.bytes().all(|b| b == word.as_bytes()[0]);
                    let begins = |at: &usize| !run || *at == 0 || bytes[at - 1] != word.as_bytes()[0];
                    let at = (0..low.len()).filter(|at| bytes[*at..].starts_with(word.as_bytes())).filter(begins);
                    expected.extend(at.map(|at| (n, at..at + word.len())));
                }
            }
            expected.sort_by_key(|(rule, place)| (*rule, place.start, place.end));
            let mut fired = Vec::new();
            let signs = Anchors::new(&rules).fire(&text, &mut fired);
            proptest::prop_assert_eq!(fired, expected);
            proptest::prop_assert_eq!(signs, Signs::of(&text));
        }
    }
}
