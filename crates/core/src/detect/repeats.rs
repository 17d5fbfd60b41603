//! Secrets that were recognised in one place of an item and stand in another, where nothing tells what they are.

use std::ops::Range;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use zeroize::Zeroizing;

use crate::detect::walk::Visitor;
use crate::domain::{AttributePath, Safe};

/// Shorter values stand in too many texts by chance.
const SHORTEST: usize = 8;
/// Longer values are found by their beginning.
const BEGINNING: usize = 64;
/// A place in a reason is cut to this many characters.
const PLACE: usize = 128;

/// What one look at an item leaves for the second: the values it recognised, and where.
#[derive(Default)]
pub(super) struct Recognised {
    values: Vec<RepeatedValue>,
    /// The texts and names of the item in the order of the walk: which part of the n-th is masked.
    covered: Vec<(usize, Range<usize>)>,
}

/// A recognised value.
struct RepeatedValue {
    text: Zeroizing<String>,
    rule: usize,
    keep: usize,
    path: AttributePath,
}

impl Recognised {
    /// Remembers that this part of the n-th text or name is masked.
    pub(super) fn cover(&mut self, nth: usize, part: Range<usize>) {
        self.covered.push((nth, part));
    }

    /// How much is remembered now.
    pub(super) fn mark(&self) -> (usize, usize) {
        (self.values.len(), self.covered.len())
    }

    /// Forgets what was remembered since.
    pub(super) fn rewind(&mut self, (values, covered): (usize, usize)) {
        self.values.truncate(values);
        self.covered.truncate(covered);
    }

    /// Remembers a value.
    pub(super) fn add(&mut self, text: &str, rule: usize, keep: usize, path: &AttributePath) {
        if text.len() >= SHORTEST {
            let text = Zeroizing::new(text.to_owned());
            self.values.push(RepeatedValue { text, rule, keep, path: path.clone() });
        }
    }

    /// The values, to be looked for; `None` if there is none.
    pub(super) fn known(self) -> Option<Known> {
        if self.values.is_empty() {
            return None;
        }
        let beginning =
            |value: &RepeatedValue| value.text.as_bytes()[..value.text.len().min(BEGINNING)].to_vec();
        let beginnings: Zeroizing<Vec<Vec<u8>>> = Zeroizing::new(self.values.iter().map(beginning).collect());
        // The plainest automaton, and no prefilter: it keeps no copy of the values in one piece.
        let automaton = AhoCorasick::builder()
            .kind(Some(AhoCorasickKind::NoncontiguousNFA))
            .prefilter(false)
            .match_kind(MatchKind::LeftmostLongest)
            .build(beginnings.iter())
            .ok()?;
        Some(Known { automaton, values: self.values, covered: self.covered })
    }
}

/// A recognised value seen again.
pub(super) struct Repeat {
    /// Where.
    pub span: Range<usize>,
    /// The rule that recognised it.
    pub rule: usize,
    /// How many of its first bytes may be shown.
    pub keep: usize,
    /// Where it was recognised.
    pub reason: String,
}

/// The recognised values of an item.
pub(super) struct Known {
    automaton: AhoCorasick,
    values: Vec<RepeatedValue>,
    covered: Vec<(usize, Range<usize>)>,
}

impl Known {
    /// Where the values are in a text. Of long values that begin alike one stands for all.
    pub(super) fn repeats(&self, text: &str) -> Vec<Repeat> {
        let found = self.spans(text).map(|(n, span)| {
            let value = &self.values[n];
            let like = if value.text.len() > BEGINNING {
                "begins like the value at"
            } else {
                "the same value as at"
            };
            let place: String = value.path.to_string().chars().take(PLACE).collect();
            let reason = format!("{like} {}", Safe::neutral(&place));
            Repeat { span, rule: value.rule, keep: value.keep, reason }
        });
        found.collect()
    }

    fn spans(&self, text: &str) -> impl Iterator<Item = (usize, Range<usize>)> {
        self.automaton.find_iter(text).map(move |hit| {
            let n = hit.pattern().as_usize();
            let end = text.len().min(hit.start() + self.values[n].text.len());
            (n, text.floor_char_boundary(hit.start())..text.ceil_char_boundary(end))
        })
    }

    /// Told an item, it says whether a value stands where nothing is masked.
    pub(super) fn search(&self) -> RepeatSearch<'_> {
        RepeatSearch { known: self, nth: 0, next: 0, found: false }
    }
}

/// Looks through an item for values that stand in the open.
pub(super) struct RepeatSearch<'a> {
    known: &'a Known,
    nth: usize,
    next: usize,
    /// One was found.
    pub found: bool,
}

impl RepeatSearch<'_> {
    fn look(&mut self, text: &str) {
        self.nth += 1;
        let covered = &self.known.covered;
        while covered.get(self.next).is_some_and(|(nth, _)| *nth < self.nth) {
            self.next += 1;
        }
        if self.found {
            return;
        }
        let here: Vec<&Range<usize>> = covered[self.next..]
            .iter()
            .take_while(|(nth, _)| *nth == self.nth)
            .map(|(_, part)| part)
            .collect();
        let inside = |span: &Range<usize>| here.iter().any(|c| c.start <= span.start && span.end <= c.end);
        self.found = self.known.spans(text).any(|(_, span)| !inside(&span));
    }
}

impl Visitor for RepeatSearch<'_> {
    fn enter_name(&mut self, _: usize, name: &str) {
        self.look(name);
    }
    fn enter_index(&mut self, _: usize) {}
    fn leave(&mut self) {}
    fn text(&mut self, text: &str) {
        self.look(text);
    }
    fn number(&mut self, text: &str) {
        self.look(text);
    }
    // Bytes are never shown as they are.
    fn binary(&mut self, _: &[u8]) {
        self.nth += 1;
    }
}
