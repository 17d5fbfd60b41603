//! Why something is wrong, as data: a kind, and named values. The sentence about it is made here alone, of the message
//! of its kind, so that a screen, a report and JSON say the same, and nothing has to be read out of a sentence again.
//!
//! A kind is declared next to what finds it, as a `static` [`Message`]; evidence is made of a message, so there is none
//! without one.
//!
//! ```text
//! DAX {clusters?cluster|clusters} without TLS: {clusters}.[ {unread:node was|nodes were} not looked at.]
//! ```
//!
//! `{name}` is the value; `{name:one|many}` a number, or how many a list has, and the word for it; `{name?one|many}` the
//! word alone, where a flag that is set takes the first; `{name/other}` the first of two that is there. What stands in brackets is left out where the first value named
//! in it is missing, false, zero or empty.

use std::collections::BTreeSet;
use std::fmt::Write;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::domain::{Safe, Severity};

/// Names listed in a sentence before the rest is only counted.
const LISTED: usize = 5;
/// Characters of one value in a sentence.
pub const SHOWN: usize = 160;
/// Characters of one value in the data: an ARN fits.
const KEPT: usize = 2048;
/// Entries of a list in the data; how many more there were is kept beside them.
pub const MOST_ENTRIES: usize = 100;

/// A kind of evidence: its id, the sentence, and the names of its values.
#[derive(Debug, PartialEq, Eq)]
pub struct Message {
    /// Its id, for instance `dax-cluster-without-tls`. It does not change when the sentence does.
    pub kind: &'static str,
    /// The sentence, with places for values.
    pub text: &'static str,
    /// Values that it carries and the sentence does not name.
    pub further: &'static [&'static str],
}

impl Message {
    /// A kind whose sentence names all its values.
    pub const fn new(kind: &'static str, text: &'static str) -> Self {
        Self { kind, text, further: &[] }
    }

    /// The same with values that the sentence does not name.
    pub const fn carrying(self, further: &'static [&'static str]) -> Self {
        Self { further, ..self }
    }

    /// The names of all values of this kind.
    pub fn fields(&self) -> BTreeSet<&'static str> {
        let mut all: BTreeSet<&'static str> = self.further.iter().copied().collect();
        let named = self.text.split('{').skip(1).filter_map(|slot| slot.split(['}', ':', '?']).next());
        all.extend(named.flat_map(|names| names.split('/')));
        all
    }

    /// Evidence of this kind that needs no value.
    pub const fn alone(&'static self) -> Evidence {
        Evidence { message: self, fields: Vec::new() }
    }

    /// Evidence of this kind, with its first value.
    pub fn with(&'static self, name: &'static str, value: impl Into<Field>) -> Evidence {
        self.alone().with(name, value)
    }
}

/// Something that was found out, with the names and numbers of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    message: &'static Message,
    fields: Vec<(&'static str, Field)>,
}

impl From<Evidence> for Vec<Evidence> {
    fn from(one: Evidence) -> Self {
        vec![one]
    }
}

impl Evidence {
    /// The same with one more value.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Field>) -> Self {
        self.fields.push((name, value.into()));
        self
    }

    /// The id of its kind.
    pub const fn kind(&self) -> &'static str {
        self.message.kind
    }

    /// The message of its kind.
    pub const fn message(&self) -> &'static Message {
        self.message
    }

    /// Its values, by name.
    pub fn fields(&self) -> &[(&'static str, Field)] {
        &self.fields
    }

    /// One of its values.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    /// One of its values, if it is a text.
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.field(name) {
            Some(Field::Text(text)) => Some(text.as_str()),
            _ => None,
        }
    }

    /// One of its values, if it is a number.
    pub fn number(&self, name: &str) -> Option<u64> {
        match self.field(name) {
            Some(Field::Number(n)) => Some(*n),
            _ => None,
        }
    }

    /// Whether none of its lists was cut.
    pub fn is_whole(&self) -> bool {
        self.fields.iter().all(|(_, field)| match field {
            Field::Texts(all) => all.left_off == 0,
            Field::Parts(all) => all.left_off == 0 && all.kept.iter().all(Self::is_whole),
            _ => true,
        })
    }

    /// This evidence and all that it is made of, outermost first.
    pub fn all(&self) -> Vec<&Self> {
        let parts = self.fields.iter().filter_map(|(_, field)| match field {
            Field::Parts(parts) => Some(&parts.kept),
            _ => None,
        });
        std::iter::once(self).chain(parts.flatten().flat_map(Self::all)).collect()
    }

    /// The sentence.
    pub fn sentence(&self) -> Safe {
        let mut out = String::new();
        self.fill(self.message.text, &mut out);
        Safe::neutral(&out)
    }

    fn fill(&self, text: &str, out: &mut String) {
        let mut rest = text;
        while let Some((before, after)) = rest.split_once(['{', '[']) {
            out.push_str(before);
            let is_slot = rest.as_bytes().get(before.len()) == Some(&b'{');
            let Some((inside, more)) = after.split_once(if is_slot { '}' } else { ']' }) else { break };
            if is_slot {
                self.slot(inside, out);
            } else if self.is_said(inside) {
                self.fill(inside, out);
            }
            rest = more;
        }
        out.push_str(rest);
    }

    /// Whether the first value named in an optional part is there.
    fn is_said(&self, part: &str) -> bool {
        let first = part.split('{').nth(1).and_then(|slot| slot.split(['}', ':', '?']).next());
        first.and_then(|name| self.field(name)).is_some_and(Field::is_there)
    }

    fn slot(&self, inside: &str, out: &mut String) {
        let (name, words) = match inside.split_once([':', '?']) {
            Some((name, words)) => (name, words.split_once('|')),
            None => (inside, None),
        };
        let there = |name: &&str| self.field(name).is_some_and(Field::is_there);
        let name = if name.contains('/') { name.split('/').find(there).unwrap_or(name) } else { name };
        let Some(field) = self.field(name) else { return };
        match words {
            None => field.show(out),
            Some((one, many)) => {
                let word = if field.count() == 1 { one } else { many };
                if inside.as_bytes().get(name.len()) == Some(&b':') {
                    let _ = write!(out, "{} ", field.count());
                }
                out.push_str(word);
            }
        }
    }
}

/// A value of evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Field {
    /// It is not known, or there is none.
    None,
    /// A name, an ARN, a word.
    Text(Safe),
    /// A number.
    Number(u64),
    /// Whether something is so.
    Flag(bool),
    /// A time.
    Time(Timestamp),
    /// A day, in UTC: of what is counted from now, which is another time whenever it is judged.
    Day(Date),
    /// Names.
    Texts(Bounded<Safe>),
    /// Things with values of their own.
    Parts(Bounded<Evidence>),
}

/// The first entries of a list, and how many more there were.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bounded<T> {
    /// At most [`MOST_ENTRIES`].
    pub kept: Vec<T>,
    /// How many more there were.
    pub left_off: u64,
}

impl<T> Bounded<T> {
    fn of(all: impl IntoIterator<Item = T>) -> Self {
        let mut all = all.into_iter();
        let kept = all.by_ref().take(MOST_ENTRIES).collect();
        Self { kept, left_off: all.count() as u64 }
    }

    /// How many there were.
    pub fn count(&self) -> u64 {
        self.kept.len() as u64 + self.left_off
    }

    fn show(&self, out: &mut String, one: impl Fn(&T) -> String) {
        out.push_str(&listed(self.kept.iter().map(one), self.count()));
    }
}

impl Field {
    /// How many it is, for the word that goes with it.
    fn count(&self) -> u64 {
        match self {
            Self::None => 0,
            Self::Number(n) => *n,
            Self::Flag(is) => u64::from(*is),
            Self::Text(_) | Self::Time(_) | Self::Day(_) => 1,
            Self::Texts(all) => all.count(),
            Self::Parts(all) => all.count(),
        }
    }

    fn is_there(&self) -> bool {
        if let Self::Text(text) = self { !text.as_str().is_empty() } else { self.count() > 0 }
    }

    fn show(&self, out: &mut String) {
        match self {
            Self::None => {}
            Self::Text(text) => out.push_str(&cut(text.as_str(), SHOWN)),
            Self::Number(n) => {
                let _ = write!(out, "{n}");
            }
            Self::Flag(is) => out.push_str(if *is { "yes" } else { "no" }),
            Self::Time(at) => {
                let _ = write!(out, "{}", at.strftime("%Y-%m-%d"));
            }
            Self::Day(day) => {
                let _ = write!(out, "{day}");
            }
            Self::Texts(all) => all.show(out, |text| cut(text.as_str(), SHOWN)),
            // A sentence that stands in another one ends where that does; several are told one after the other.
            Self::Parts(all) => {
                let said = |part: &Evidence| part.sentence().as_str().trim_end_matches('.').to_owned();
                if all.kept.iter().all(|part| part.message.text.ends_with('.')) {
                    let mut shown: Vec<String> = all.kept.iter().take(LISTED).map(said).collect();
                    let more = all.count() - shown.len() as u64;
                    shown.extend((more > 0).then(|| format!("{more} more")));
                    out.push_str(&shown.join(". "));
                } else {
                    all.show(out, said);
                }
            }
        }
    }
}

/// `a, b and c`; of a long list the first few of `all` and how many more.
pub fn listed(names: impl Iterator<Item = String>, all: u64) -> String {
    let mut shown: Vec<String> = names.take(LISTED).collect();
    match all.saturating_sub(shown.len() as u64) {
        0 => {}
        more => shown.push(format!("{more} more")),
    }
    match shown.split_last() {
        None => String::new(),
        Some((only, [])) => only.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
    }
}

/// A text as it may stand in a sentence or in the data: cut where it is very long.
pub fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        None => text.to_owned(),
        Some((at, _)) => format!("{}…", &text[..at]),
    }
}

fn kept(text: &str) -> Safe {
    Safe::neutral(&cut(text, KEPT))
}

impl From<&str> for Field {
    fn from(text: &str) -> Self {
        Self::Text(kept(text))
    }
}

impl From<&String> for Field {
    fn from(text: &String) -> Self {
        Self::Text(kept(text))
    }
}

impl From<String> for Field {
    fn from(text: String) -> Self {
        Self::Text(kept(&text))
    }
}

impl From<&Safe> for Field {
    fn from(text: &Safe) -> Self {
        Self::Text(text.clone())
    }
}

impl From<Severity> for Field {
    fn from(severity: Severity) -> Self {
        severity.word().into()
    }
}

impl From<u64> for Field {
    fn from(n: u64) -> Self {
        Self::Number(n)
    }
}

impl From<u32> for Field {
    fn from(n: u32) -> Self {
        Self::Number(n.into())
    }
}

impl From<usize> for Field {
    fn from(n: usize) -> Self {
        Self::Number(n as u64)
    }
}

impl From<bool> for Field {
    fn from(is: bool) -> Self {
        Self::Flag(is)
    }
}

impl From<Timestamp> for Field {
    fn from(at: Timestamp) -> Self {
        Self::Time(at)
    }
}

impl From<Date> for Field {
    fn from(day: Date) -> Self {
        Self::Day(day)
    }
}

impl From<Vec<&str>> for Field {
    fn from(all: Vec<&str>) -> Self {
        Self::Texts(Bounded::of(all.into_iter().map(kept)))
    }
}

impl From<Vec<String>> for Field {
    fn from(all: Vec<String>) -> Self {
        Self::Texts(Bounded::of(all.iter().map(|text| kept(text))))
    }
}

impl From<Vec<Evidence>> for Field {
    fn from(all: Vec<Evidence>) -> Self {
        Self::Parts(Bounded::of(all))
    }
}

impl<T: Into<Self>> From<Option<T>> for Field {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::None, Into::into)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    static LISTING: Message = Message::new("listing", "{names}");
    static COUNTED: Message =
        Message::new("counted", "{n:item|items} {n?is|are} old[, the oldest of {since}]{odd?!|}.");
    static PART: Message = Message::new("part", "{name}, a key");
    static PARTS: Message = Message::new("parts", "Seen in {parts}.").carrying(&["why"]);

    #[test]
    fn lists_read_like_sentences_and_end() {
        let check = |names: &[&str], said: &str| {
            assert_eq!(LISTING.with("names", names.to_vec()).sentence().as_str(), said);
        };
        check(&[], "");
        check(&["a"], "a");
        check(&["a", "b"], "a and b");
        check(&["a", "b", "c"], "a, b and c");
        check(&["1", "2", "3", "4", "5", "6", "7"], "1, 2, 3, 4, 5 and 2 more");
        check(&["a\u{1b}[2J"], "a␛[2J");
    }

    #[test]
    fn numbers_take_their_words_and_what_is_missing_is_left_out() {
        let check = |n: u64, since: Option<Timestamp>, odd: bool, said: &str| {
            let evidence = COUNTED.with("n", n).with("since", since).with("odd", odd);
            assert_eq!(evidence.sentence().as_str(), said);
        };
        check(1, None, false, "1 item is old.");
        check(0, None, true, "0 items are old!.");
        check(2, Some(Timestamp::UNIX_EPOCH), false, "2 items are old, the oldest of 1970-01-01.");
    }

    #[test]
    fn what_is_made_of_parts_lists_their_sentences() {
        let parts = vec![PART.with("name", "id"), PART.with("name", "sk")];
        let evidence = PARTS.with("parts", parts).with("why", "x");
        assert_eq!(evidence.sentence().as_str(), "Seen in id, a key and sk, a key.");
        let whole =
            vec![COUNTED.with("n", 1u64).with("odd", false), COUNTED.with("n", 2u64).with("odd", false)];
        let evidence = PARTS.with("parts", whole).with("why", "x");
        assert_eq!(evidence.sentence().as_str(), "Seen in 1 item is old. 2 items are old.");
        assert_eq!(evidence.all().len(), 3);
        assert_eq!(PARTS.fields(), BTreeSet::from(["parts", "why"]));
    }

    /// Names are other people's: neither the data nor the sentence grows with them.
    #[test]
    fn hostile_lists_and_names_are_bounded() {
        let names: Vec<String> = (0..5_000).map(|n| format!("{n}{}", "ü".repeat(10_000))).collect();
        let evidence = LISTING.with("names", names);
        let Some(Field::Texts(all)) = evidence.field("names") else { panic!("a list") };
        assert_eq!((all.kept.len(), all.left_off), (MOST_ENTRIES, 4_900));
        assert!(all.kept.iter().all(|name| name.as_str().chars().count() <= KEPT + 1));
        let said = evidence.sentence();
        assert!(said.as_str().ends_with(" and 4995 more") && said.as_str().chars().count() < 1_000);
    }
}
