//! The only form in which item data leaves the source floor.
//!
//! [`Screened`] keeps the raw item private and shows it masked and neutralised. [`Screened::reveal`] is the
//! one way to clear text, one value at a time.

mod attribute_paths;
mod json;
mod layers;
mod order;
mod places;
mod tree;

#[cfg(test)]
mod tests;

pub use json::JsonForm;
pub use order::SortKey;
pub use tree::Node;

use std::sync::Arc;

use zeroize::Zeroizing;

use layers::Layers;
use places::{Places, masked};

use crate::domain::{
    AccessKeyId, AttributePath, AttributeValue, Confidence, Cursor, Held, Holds, Inner, Item, ItemKey,
    KeySchema, Opener, Safe, Severity, Sighting, Step, Uninspected,
};

/// A part of a key is cut here where the key names its item.
const KEY_WIDTH: usize = 60;

/// Stands for anything masked whole; it does not tell the length.
pub(crate) const MASK: &str = "••••••••";

/// An item and what the detector saw in it. No Debug, Display or Serialize: see the module.
#[derive(Clone)]
pub struct Screened {
    item: Item,
    sightings: Vec<Sighting>,
    places: Arc<Places>,
    /// Of an item that was not inspected to its end: the names that may be shown.
    blind: Option<Vec<String>>,
    /// What of it was not inspected.
    uninspected: Uninspected,
    /// Who can open its encodings.
    opener: Option<Arc<dyn Opener>>,
    /// What is inside them, once it is asked for.
    layers: Arc<Layers>,
}

/// What a path leads to.
enum Stored<'a> {
    Value(&'a AttributeValue),
    /// A member of a set of strings or numbers.
    Text(&'a str),
    /// A member of a set of binaries.
    Binary(&'a [u8]),
}

impl Stored<'_> {
    fn kind(&self) -> &'static str {
        match self {
            Self::Value(value) => value.kind(),
            Self::Text(_) => "S",
            Self::Binary(_) => "B",
        }
    }
}

/// One attribute of an item, as a cell of the grid.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// Masked, neutralised, at most as long as was asked for.
    pub text: Safe,
    /// DynamoDB's name for the type.
    pub kind: &'static str,
    /// The worst thing seen in it.
    pub worst: Option<(Severity, Confidence)>,
}

/// Clear text of one value, for the screen alone. Wiped when dropped; no Debug, Display or Serialize.
pub struct Revealed(Zeroizing<String>);

impl Revealed {
    fn of(text: &str) -> Self {
        Self(Zeroizing::new(Safe::neutral(text).into_string()))
    }

    /// The clear text, neutralised for the terminal.
    pub fn text(&self) -> &str {
        &self.0
    }
}

impl Screened {
    /// An item with what the detector saw in it.
    pub fn new(item: Item, sightings: Vec<Sighting>) -> Self {
        let places = Arc::new(Places::of(&sightings));
        let uninspected = Uninspected::default();
        Self { item, sightings, places, blind: None, uninspected, opener: None, layers: Arc::default() }
    }

    /// The same, and who can open its encodings: [`Screened::opened`].
    #[must_use]
    pub fn opening(mut self, opener: Arc<dyn Opener>) -> Self {
        self.opener = Some(opener);
        self
    }

    /// The same, of an item in which encoded values could not be opened. What could not be is masked by its sighting.
    #[must_use]
    pub fn not_opened(mut self, is: bool) -> Self {
        self.uninspected.not_opened = u64::from(is);
        self
    }

    /// An item that could not be screened: every value is masked, and every name but the `shown` ones of top-level
    /// attributes, for instance those of the table's key.
    pub fn blind<'a>(item: Item, shown: impl IntoIterator<Item = &'a str>) -> Self {
        let blind = Some(shown.into_iter().map(str::to_owned).collect());
        let uninspected = Uninspected { failed: 1, ..Uninspected::default() };
        Self { blind, uninspected, ..Self::new(item, Vec::new()) }
    }

    /// An item that was screened in part: what was seen is kept. All of it is masked like [`Screened::blind`], for a
    /// secret may stand in the rest.
    pub fn cut<'a>(item: Item, sightings: Vec<Sighting>, shown: impl IntoIterator<Item = &'a str>) -> Self {
        let blind = Some(shown.into_iter().map(str::to_owned).collect());
        let uninspected = Uninspected { cut: 1, ..Uninspected::default() };
        Self { blind, uninspected, ..Self::new(item, sightings) }
    }

    /// Whether all of it is masked because it was not screened to its end.
    pub fn is_blind(&self) -> bool {
        self.blind.is_some()
    }

    /// What of it was not inspected.
    pub fn uninspected(&self) -> Uninspected {
        self.uninspected
    }

    /// What was seen.
    pub fn sightings(&self) -> &[Sighting] {
        &self.sightings
    }

    /// The item's size in bytes as DynamoDB counts it.
    pub fn size(&self) -> usize {
        self.item.size()
    }

    /// The names of its attributes, leaving out names that are themselves secrets and, where screening failed, all
    /// that may not be shown.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.item
            .attributes()
            .iter()
            .enumerate()
            .filter(|(n, a)| !self.hides(&AttributePath::default(), *n, &a.0))
            .map(|(_, a)| a.0.as_str())
    }

    /// The worst thing seen anywhere in the item.
    pub fn worst(&self) -> Option<(Severity, Confidence)> {
        self.sightings.iter().map(|s| (s.severity, s.confidence)).max()
    }

    /// One attribute in at most `width` characters; `None` if the item lacks it. `mask_all` masks every value.
    pub fn cell(&self, name: &str, width: usize, mask_all: bool) -> Option<Cell> {
        let position = self.item.attributes().iter().position(|(n, _)| n == name)?;
        let value = &self.item.attributes()[position].1;
        let step = self.step(&AttributePath::default(), position, name);
        let worst = self.places.worst.get(&step).copied();
        let text = match value {
            AttributeValue::M(_) | AttributeValue::L(_) if worst.is_some() => {
                Safe::neutral(&format!("{} {MASK}", counted(value)))
            }
            _ => self.leaf(&AttributePath::new(vec![step]), &Stored::Value(value), width, mask_all),
        };
        Some(Cell { text, kind: value.kind(), worst })
    }

    /// The key of the item, for asking for it again. Goes into requests only.
    pub fn key(&self, schema: &KeySchema) -> Option<Cursor> {
        let part = |name: &str| self.item.get(name).map(|v| (name.to_owned(), v.clone()));
        schema.names().map(part).collect::<Option<Vec<_>>>().map(|key| Cursor::new(Item::new(key)))
    }

    /// The string, number or binary at a path, for asking for it elsewhere. Goes into requests only.
    pub fn held(&self, path: &AttributePath) -> Option<Held> {
        match self.resolve(path.steps())? {
            Stored::Value(value @ (AttributeValue::S(_) | AttributeValue::N(_) | AttributeValue::B(_))) => {
                Some(Held::new(value.clone()))
            }
            _ => None,
        }
    }

    /// The id of the AWS access key that was seen there, for asking AWS about it; `None` if it is none.
    pub fn access_key(&self, seen: &Sighting) -> Option<AccessKeyId> {
        if seen.in_name {
            return None;
        }
        let text = match self.layers.get(&seen.path) {
            Some(Inner { holds: Holds::Text(text), .. }) => text.as_str(),
            Some(_) => return None,
            None => match self.resolve(seen.path.steps())? {
                Stored::Text(text) => text,
                Stored::Value(AttributeValue::S(text)) => text.as_str(),
                _ => return None,
            },
        };
        text.get(seen.span.clone()).and_then(AccessKeyId::parse)
    }

    /// The same, with the item's key told in each sighting, masked where the key is itself a secret.
    pub fn named(mut self, schema: &KeySchema) -> Self {
        if self.sightings.is_empty() {
            return self;
        }
        let parts = schema.names().filter_map(|name| self.cell(name, KEY_WIDTH, false));
        let key = ItemKey::new(&parts.map(|cell| cell.text).collect::<Vec<_>>());
        for sighting in &mut self.sightings {
            sighting.item = Some(key.clone());
        }
        self
    }

    /// The clear text of the value at `path`; of one member of a set, that member alone; of a decoded value that is not
    /// opened, the stored one around it. The one way out; the caller hides it again.
    pub fn reveal(&self, path: &AttributePath) -> Option<Revealed> {
        if let Some(inner) = self.layers.get(path) {
            return match &inner.holds {
                Holds::Text(text) | Holds::Number(text) => Some(Revealed::of(text)),
                Holds::Word(word) => Some(Revealed::of(word)),
                _ => None,
            };
        }
        let text = Zeroizing::new(match self.resolve(path.stored().steps())? {
            Stored::Text(text) => text.to_owned(),
            Stored::Binary(bytes) => hex_and_text(bytes),
            Stored::Value(value) => match value {
                AttributeValue::S(s) | AttributeValue::N(s) => s.clone(),
                AttributeValue::B(bytes) => hex_and_text(bytes),
                AttributeValue::Bool(b) => b.to_string(),
                AttributeValue::Ss(set) | AttributeValue::Ns(set) => set.join(", "),
                _ => return None,
            },
        });
        Some(Revealed::of(&text))
    }

    fn resolve(&self, steps: &[Step]) -> Option<Stored<'_>> {
        let (first, rest) = steps.split_first()?;
        let mut value = match first {
            Step::Name(name) => self.item.get(name)?,
            Step::HiddenName(n, _) => &self.item.attributes().get(*n)?.1,
            _ => return None,
        };
        for (depth, step) in rest.iter().enumerate() {
            value = match (value, step) {
                (AttributeValue::M(members), Step::Name(name)) => &members.iter().find(|(n, _)| n == name)?.1,
                (AttributeValue::M(members), Step::HiddenName(n, _)) => &members.get(*n)?.1,
                (AttributeValue::L(members), Step::Index(n)) => members.get(*n)?,
                _ => {
                    let member = match (value, step) {
                        (AttributeValue::Ss(set) | AttributeValue::Ns(set), Step::Index(n)) => {
                            Stored::Text(set.get(*n)?)
                        }
                        (AttributeValue::Bs(set), Step::Index(n)) => Stored::Binary(set.get(*n)?),
                        _ => return None,
                    };
                    return (depth + 1 == rest.len()).then_some(member);
                }
            };
        }
        Some(Stored::Value(value))
    }

    /// Whether a name may not be shown.
    fn hides(&self, map: &AttributePath, position: usize, name: &str) -> bool {
        match &self.blind {
            Some(shown) => !map.steps().is_empty() || !shown.iter().any(|s| s == name),
            None => self.places.names.get(map).is_some_and(|names| names.contains_key(&position)),
        }
    }

    /// The step to a member of a map, its name masked if it may not be shown.
    fn step(&self, map: &AttributePath, position: usize, name: &str) -> Step {
        if self.blind.is_some() && self.hides(map, position, name) {
            return Step::hidden(position, &format!("‹name {}›", position + 1));
        }
        let hidden = self.places.names.get(map).and_then(|names| names.get(&position));
        hidden.cloned().unwrap_or_else(|| Step::member(position, name))
    }

    /// One value on one line, masked.
    fn leaf(&self, path: &AttributePath, value: &Stored<'_>, width: usize, mask_all: bool) -> Safe {
        if self.blind.is_some() || mask_all {
            return Safe::neutral(MASK);
        }
        let binary = |bytes: &[u8]| Safe::neutral(&format!("‹binary, {} bytes›", bytes.len()));
        let value = match value {
            Stored::Text(text) => return self.text(path, text, width),
            Stored::Binary(bytes) => return binary(bytes),
            Stored::Value(value) => *value,
        };
        match value {
            AttributeValue::S(s) | AttributeValue::N(s) => self.text(path, s, width),
            AttributeValue::B(bytes) => binary(bytes),
            AttributeValue::Bool(b) => Safe::neutral(if *b { "true" } else { "false" }),
            AttributeValue::Null => Safe::from("null"),
            AttributeValue::Unknown => Safe::from("‹a type this version does not know›"),
            AttributeValue::M(_) | AttributeValue::L(_) => Safe::neutral(&counted(value)),
            AttributeValue::Ss(set) | AttributeValue::Ns(set) => {
                let mut shown = String::from("{");
                for (n, member) in set.iter().enumerate() {
                    if n > 0 {
                        shown.push_str(", ");
                    }
                    shown.push_str(&self.text(&path.child(Step::Index(n)), member, width));
                    if shown.len() > width {
                        break;
                    }
                }
                shown.push('}');
                Safe::neutral(&cut(&shown, width))
            }
            AttributeValue::Bs(set) => Safe::neutral(&format!("‹{} binaries›", set.len())),
        }
    }

    /// The text of a stored value, masked.
    fn text(&self, path: &AttributePath, text: &str, width: usize) -> Safe {
        let seen: Vec<&Sighting> = self.places.masks(&self.sightings, path).collect();
        if seen.is_empty() {
            // Neutralising makes text longer, never shorter: no need to look at more than the width.
            return Safe::neutral(&cut(text, width));
        }
        masked(&seen, path, text, width)
    }
}

fn counted(value: &AttributeValue) -> String {
    let plural = |n: usize, what: &str| format!("{n} {what}{}", if n == 1 { "" } else { "s" });
    match value {
        AttributeValue::M(m) => format!("{{{}}}", plural(m.len(), "attribute")),
        AttributeValue::L(l) => format!("[{}]", plural(l.len(), "element")),
        AttributeValue::Ss(s) | AttributeValue::Ns(s) => format!("{{{}}}", plural(s.len(), "member")),
        AttributeValue::Bs(s) => format!("{{{}}}", plural(s.len(), "member")),
        _ => String::new(),
    }
}

/// At most `width` characters, the last of them `…` if something was cut off.
fn cut(text: &str, width: usize) -> String {
    match text.char_indices().nth(width) {
        None => text.to_owned(),
        Some(_) => text.chars().take(width.saturating_sub(1)).chain(['…']).collect(),
    }
}

fn hex_and_text(bytes: &[u8]) -> String {
    use std::fmt::Write;
    let mut out = String::with_capacity(bytes.len() * 4);
    for b in bytes {
        let _ = write!(out, "{b:02x}");
    }
    out.push_str("  ");
    out.extend(bytes.iter().map(|b| if (0x20..0x7f).contains(b) { *b as char } else { '.' }));
    out
}
