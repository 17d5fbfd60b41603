//! The name of a value that stands beside it: `{name: "DB_PASSWORD", value: "..."}`, as lists of variables, headers, tags and
//! settings have it, and items whose sort key is the name.

use std::collections::HashMap;

use crate::detect::names::{self, Name};
use crate::detect::password_names;
use crate::detect::walk::Visitor;
use crate::domain::KeySchema;

/// What members are called that name the value beside them, the one that says most first, without separators.
const LABELS: Words = Words::new(&[
    "name",
    "key",
    "label",
    "header",
    "variable",
    "param",
    "parameter",
    "property",
    "setting",
    "option",
    "attribute",
    "k",
    "n",
    "envname",
    "keyname",
    "secretname",
    "configkey",
    "settingkey",
    "parameterkey",
    "parametername",
    "attributename",
    "variablename",
    "varname",
    "envvar",
    "settingname",
    "propertyname",
    "optionname",
    "headername",
]);

/// What members are called that say of what kind something is, or which one: they name it where nothing better does.
const KINDS: Words = Words::new(&["type", "id", "sk", "pk"]);

/// What members are called that hold what another names, without separators.
const VALUES: Words = Words::new(&[
    "value",
    "val",
    "v",
    "values",
    "secret",
    "secretvalue",
    "data",
    "content",
    "plaintext",
    "plainvalue",
    "rawvalue",
    "raw",
    "stringvalue",
    "strvalue",
    "currentvalue",
    "current",
    "default",
    "defaultvalue",
    "configvalue",
    "settingvalue",
    "parametervalue",
    "attributevalue",
    "variablevalue",
    "envvalue",
    "propertyvalue",
    "optionvalue",
    "headervalue",
]);

/// What at least one of them has in it, of which the text of a document is searched before it is read for names.
const IN_VALUES: &[&str] = &[
    "alue", "secret", "Secret", "data", "Data", "ontent", "plain", "Plain", "raw", "Raw", "efault", "urrent",
    "al\"", "v\"", "V\"",
];

/// Whether a document may have a member whose value another one names. One that has none is not walked for it.
pub(super) fn may_hold(text: &str) -> bool {
    IN_VALUES.iter().any(|part| text.contains(part))
}

/// Names of what many secrets are members of, without separators, and what each member is then.
const HOLDERS: &[(&str, &str)] = &[
    ("secrets", "secret"),
    ("credentials", "credential"),
    ("creds", "credential"),
    ("tokens", "token"),
    ("apikeys", "api_key"),
    ("passwords", "password"),
    ("accesstokens", "access_token"),
];

/// Names of what describes members by the same names, instead of holding them: texts of an interface, rights, rules.
const DESCRIBES: Words = Words::new(&[
    "placeholders",
    "placeholder",
    "labels",
    "messages",
    "translations",
    "i18n",
    "l10n",
    "strings",
    "texts",
    "permissions",
    "dimensions",
    "flags",
    "errors",
    "validation",
    "hints",
    "help",
]);

/// Whether a map or list of that name describes what it names.
pub(super) fn describes(name: &str) -> bool {
    one_of(name, &DESCRIBES).is_some()
}

/// A longer text is no name, in bytes.
const LONGEST: usize = 96;
/// More words than this are a sentence.
const MOST_WORDS: usize = 4;
/// Maximum number of maps with a name in them; an item has few.
const MOST: usize = 4096;

/// A number for the way to a map. Two ways may have the same: then a value is judged by a name that is not its own.
pub(super) type Way = u64;

/// The way of the whole item.
pub(super) const ROOT: Way = 0xcbf2_9ce4_8422_2325;

/// The way one step further: `step` tells members, positions of lists and encodings apart.
pub(super) const fn further(way: Way, kind: u64, step: usize) -> Way {
    // FNV-1a, over words.
    (way ^ (kind << 56 ^ step as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15)).wrapping_mul(0x0000_0100_0000_01b3)
}

/// Whether a name is a word but for its separators and case.
fn is(name: &str, word: &str) -> bool {
    let mut own = name.bytes().filter(u8::is_ascii_alphanumeric).map(|b| b.to_ascii_lowercase());
    word.bytes().all(|b| own.next() == Some(b)) && own.next().is_none()
}

/// How much a member says of the value beside it: its place among the labels; what is lower says more.
fn rank(name: &str) -> Option<usize> {
    one_of(name, &LABELS).or_else(|| one_of(name, &KINDS).map(|at| LABELS.words.len() + at))
}

/// Longer names are none of the words, in bytes.
const LONGEST_WORD: usize = 24;

/// Which of some words a name is. Asked of every name of every item: most are told apart by their first letter.
fn one_of(name: &str, words: &Words) -> Option<usize> {
    let first = name
        .bytes()
        .find(u8::is_ascii_alphanumeric)
        .filter(|_| name.len() <= LONGEST_WORD)?
        .to_ascii_lowercase();
    if words.firsts & bit(first) == 0 {
        return None;
    }
    words.words.iter().position(|word| word.as_bytes()[0] == first && is(name, word))
}

/// Words, and the letters that they begin with.
struct Words {
    words: &'static [&'static str],
    firsts: u32,
}

impl Words {
    const fn new(words: &'static [&'static str]) -> Self {
        let (mut firsts, mut n) = (0, 0);
        while n < words.len() {
            firsts |= bit(words[n].as_bytes()[0]);
            n += 1;
        }
        Self { words, firsts }
    }
}

/// The bit of a letter; of anything else that of none of them.
const fn bit(byte: u8) -> u32 {
    if byte.is_ascii_lowercase() { 1 << (byte - b'a') } else { 1 << 31 }
}

/// Whether a member may hold what another one names.
pub(super) fn holds(name: &str) -> bool {
    one_of(name, &VALUES).is_some()
}

/// Whether a map of that name may hold many secrets.
pub(super) fn is_holder(name: &str) -> bool {
    HOLDERS.iter().any(|(of, _)| is(name, of))
}

/// What a member of a map of many secrets is called: `stripe` of `secrets` is a `stripe_secret`.
pub(super) fn of_holder(holder: &str, name: &str) -> Option<String> {
    let (_, what) = HOLDERS.iter().find(|(of, _)| is(holder, of))?;
    (name.len() <= LONGEST && names::kind(name) == Name::Plain).then(|| format!("{name}_{what}"))
}

/// Tells whether an item has a map with a name and a value in it: of those that have none nothing more is asked.
#[derive(Default)]
pub(super) struct Pairs {
    /// Of each map on the way, whether it has a name and whether it has a value.
    levels: Vec<(bool, bool)>,
    found: bool,
    key: Vec<String>,
    /// The names of the item before, in its order, with whether each is one and holds a value: most items of a table have the
    /// same.
    before: Vec<(String, bool, bool)>,
    /// How many names were entered.
    nth: usize,
}

/// Names of an item that are worth remembering.
const REMEMBERED: usize = 256;

impl Pairs {
    /// As good as new, for an item of a table with this key.
    pub(super) fn clear(&mut self, key: Option<&KeySchema>) {
        self.levels.clear();
        self.levels.push((false, false));
        (self.found, self.nth) = (false, 0);
        let same = key.map_or(0, |key| key.names().count()) == self.key.len()
            && key.into_iter().flat_map(KeySchema::names).zip(&self.key).all(|(name, known)| name == known);
        if !same {
            self.key = key.into_iter().flat_map(KeySchema::names).map(str::to_owned).collect();
        }
    }

    /// Whether there is one.
    pub(super) const fn found(&self) -> bool {
        self.found
    }

    /// Whether the next name is that of a value, and holds one.
    fn kind(&mut self, name: &str) -> (bool, bool) {
        self.nth += 1;
        if let Some((known, label, value)) = self.before.get(self.nth - 1)
            && known == name
        {
            return (*label, *value);
        }
        let (label, value) = (rank(name).is_some(), holds(name));
        if name.len() <= LONGEST_WORD && self.nth <= REMEMBERED {
            self.before.resize_with(self.before.len().max(self.nth), Default::default);
            let (known, ..) = &mut self.before[self.nth - 1];
            known.clear();
            known.push_str(name);
            (self.before[self.nth - 1].1, self.before[self.nth - 1].2) = (label, value);
        }
        (label, value)
    }
}

impl Visitor for Pairs {
    fn enter_name(&mut self, _: usize, name: &str) {
        let of_key = self.levels.len() == 1 && self.key.iter().any(|key| key == name);
        let (is_label, is_value) = self.kind(name);
        if let Some((label, value)) = self.levels.last_mut() {
            *label |= of_key || is_label;
            *value |= is_value;
            self.found |= *label && *value;
        }
        self.levels.push((false, false));
    }
    fn enter_index(&mut self, _: usize) {
        self.levels.push((false, false));
    }
    fn leave(&mut self) {
        self.levels.pop();
    }
    fn text(&mut self, _: &str) {}
    fn number(&mut self, _: &str) {}
    fn binary(&mut self, _: &[u8]) {}
}

/// One map or list on the way.
#[derive(Default)]
struct Level {
    way: Way,
    /// A member holds what another may name.
    holds: bool,
    /// The best name so far, by its place among the labels.
    label: Option<(usize, String)>,
    /// Which label the member is that is being told.
    expects: Option<usize>,
}

/// Finds the names that stand beside values, in one walk.
#[derive(Default)]
pub(super) struct Labels {
    levels: Vec<Level>,
    found: HashMap<Way, String>,
    /// The names of the table's key, while its item is walked: what they hold may name the value of the item.
    key: Vec<String>,
}

impl Labels {
    /// As good as new.
    pub(super) fn clear(&mut self) {
        self.levels.clear();
        self.found.clear();
    }

    /// Begins with an item of a table with this key.
    pub(super) fn of_item(&mut self, key: Option<&KeySchema>) {
        self.at(ROOT);
        self.key.extend(key.into_iter().flat_map(KeySchema::names).map(str::to_owned));
    }

    /// Continues at a way, for what is inside an encoding.
    pub(super) fn at(&mut self, way: Way) {
        self.key.clear();
        self.levels.clear();
        self.levels.push(Level { way, ..Level::default() });
    }

    /// The name beside the values of the map at a way.
    pub(super) fn of(&self, way: Way) -> Option<&str> {
        self.found.get(&way).map(String::as_str)
    }

    /// Whether no map has one.
    pub(super) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// Keeps the name of a map that has both, and lets it go.
    fn done(&mut self, level: Level) {
        if let (true, Some((_, label))) = (level.holds, level.label)
            && self.found.len() < MOST
        {
            self.found.insert(level.way, label);
        }
    }

    /// The end of the item or the encoding.
    pub(super) fn end(&mut self) {
        while let Some(level) = self.levels.pop() {
            self.done(level);
        }
    }
}

impl Visitor for Labels {
    fn enter_name(&mut self, position: usize, name: &str) {
        let is_item = self.levels.len() <= 1;
        let of_key = is_item && self.key.iter().any(|key| key == name);
        let expects = rank(name).or(of_key.then_some(LABELS.words.len() + KINDS.words.len()));
        let holds = holds(name);
        let Some(level) = self.levels.last_mut() else { return };
        level.holds |= holds;
        level.expects = expects;
        let way = further(level.way, 1, position);
        self.levels.push(Level { way, ..Level::default() });
    }

    fn enter_index(&mut self, position: usize) {
        let Some(level) = self.levels.last_mut() else { return };
        level.expects = None;
        let way = further(level.way, 2, position);
        self.levels.push(Level { way, ..Level::default() });
    }

    fn leave(&mut self) {
        if let Some(level) = self.levels.pop() {
            self.done(level);
        }
    }

    fn text(&mut self, text: &str) {
        let Some(of) = self.levels.len().checked_sub(2) else { return };
        let map = &mut self.levels[of];
        let Some(rank) = map.expects.filter(|_| (2..=LONGEST).contains(&text.len())) else { return };
        // Kinds of things and ids of them are words by themselves: a token of a language, a secret society.
        let is_kind = rank >= LABELS.words.len() && !text.contains(['_', '-', '#', '/', ' ']);
        let says_password =
            || names::kind(text) == Name::Password && !password_names::is_password_perhaps(text);
        // An id has letters that spell something by accident.
        let is_id = text.bytes().filter(u8::is_ascii_digit).count() >= 4
            || text.len() >= 20 && names::entropy(text.as_bytes()) >= 4.0;
        if is_id || text.contains(['\'', '’']) || is_kind && !says_password() {
            return;
        }
        // Whatever names nothing that is a secret is no name of this value; the better label counts.
        let told = last(text);
        // More words than a name has are a sentence.
        if text.split_whitespace().count() <= MOST_WORDS
            && names::kind(&told) != Name::Plain
            && map.label.as_ref().is_none_or(|(known, _)| rank < *known)
        {
            map.label = Some((rank, told));
        }
    }

    fn number(&mut self, _: &str) {}
    fn binary(&mut self, _: &[u8]) {}
}

/// The end of a path or of a composed key: `/prod/db/password` and `CONFIG#DB_PASSWORD` name what they end in.
fn last(text: &str) -> String {
    let parts: Vec<&str> = text.split(['/', '#', ':', '|']).filter(|part| !part.is_empty()).collect();
    match parts.as_slice() {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [.., before, last] => format!("{before}_{last}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_with_any_such_member_is_read() {
        for value in VALUES.words {
            let mut capital = value.to_string();
            capital[..1].make_ascii_uppercase();
            for name in [(*value).to_owned(), capital] {
                assert!(may_hold(&format!("{{\"name\":\"x\",\"{name}\":\"y\"}}")), "{name}");
            }
        }
    }
}
