//! The only form in which item data leaves the source floor.
//!
//! [`Screened`] keeps the raw item private and shows it masked and neutralised. [`Screened::reveal`] is the
//! one way to clear text, one value at a time.

mod json;
mod order;

pub use json::JsonForm;
pub use order::SortKey;

use std::collections::HashMap;
use std::sync::Arc;

use zeroize::Zeroizing;

use crate::domain::{
    AttributePath, AttributeValue, Confidence, Cursor, Held, Item, KeySchema, Safe, Severity, Sighting, Step,
};

/// A part of a key is cut here where the key names its item.
const KEY_WIDTH: usize = 60;

/// Stands for anything masked whole; it does not tell the length.
const MASK: &str = "••••••••";

/// The paths of a tree take at most this many bytes; what is beyond is counted, not shown.
const PATHS: usize = 32 * 1024 * 1024;

/// An item and what the detector saw in it. No Debug, Display or Serialize: see the module.
#[derive(Clone)]
pub struct Screened {
    item: Item,
    sightings: Vec<Sighting>,
    places: Arc<Places>,
    /// Of an item that could not be screened: the names that may be shown.
    blind: Option<Vec<String>>,
}

/// Where the sightings are, looked up once.
#[derive(Default)]
struct Places {
    /// By the stored part of their path.
    stored: HashMap<AttributePath, Vec<usize>>,
    /// Names that are secrets, by the path of their map and their position in it.
    names: HashMap<AttributePath, HashMap<usize, Step>>,
    /// The worst of every top-level attribute.
    worst: HashMap<Step, (Severity, Confidence)>,
}

impl Places {
    fn of(sightings: &[Sighting]) -> Self {
        let mut places = Self::default();
        for (n, sighting) in sightings.iter().enumerate() {
            places.stored.entry(sighting.path.stored()).or_default().push(n);
            if let Some((step @ Step::HiddenName(at, _), above)) = sighting.path.steps().split_last()
                && sighting.in_name
            {
                let map = places.names.entry(AttributePath::new(above.to_vec())).or_default();
                map.entry(*at).or_insert_with(|| step.clone());
            }
            if let Some(root) = sighting.path.steps().first() {
                let seen = (sighting.severity, sighting.confidence);
                let worst = places.worst.entry(root.clone()).or_insert(seen);
                *worst = seen.max(*worst);
            }
        }
        places
    }
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

/// One line of an item's tree.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// Where it is.
    pub path: AttributePath,
    /// How far in: 0 for attributes.
    pub depth: usize,
    /// Its name or position.
    pub name: Safe,
    /// DynamoDB's name for the type.
    pub kind: &'static str,
    /// Its value, masked; for maps, lists and sets, how many members.
    pub value: Safe,
    /// How many members; 0 for a leaf.
    pub members: usize,
    /// Positions in [`Screened::sightings`] of what was seen in this very value.
    pub sightings: Vec<usize>,
}

/// Clear text of one value, for the screen alone. Wiped when dropped; no Debug, Display or Serialize.
pub struct Revealed(Zeroizing<String>);

impl Revealed {
    /// The clear text, neutralised for the terminal.
    pub fn text(&self) -> &str {
        &self.0
    }
}

impl Screened {
    /// An item with what the detector saw in it.
    pub fn new(item: Item, sightings: Vec<Sighting>) -> Self {
        let places = Arc::new(Places::of(&sightings));
        Self { item, sightings, places, blind: None }
    }

    /// An item that could not be screened: every value is masked, and every name but the `shown` ones of top-level
    /// attributes, for instance those of the table's key.
    pub fn blind<'a>(item: Item, shown: impl IntoIterator<Item = &'a str>) -> Self {
        let blind = Some(shown.into_iter().map(str::to_owned).collect());
        Self { item, sightings: Vec::new(), places: Arc::default(), blind }
    }

    /// Whether screening failed.
    pub fn is_blind(&self) -> bool {
        self.blind.is_some()
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

    /// The item as a tree, every value in at most `width` characters. `mask_all` masks every value, and of the names
    /// those that are themselves secrets, as always. Long names are cut. A tree that would take too much memory ends
    /// in a line that says so.
    pub fn tree(&self, width: usize, mask_all: bool) -> Vec<Node> {
        let mut tree = Tree { screened: self, width, mask_all, nodes: Vec::new(), left: PATHS };
        tree.members(&AttributePath::default(), 0, self.item.attributes());
        tree.nodes
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

    /// The same, with the item's key told in each sighting, masked where the key is itself a secret.
    pub fn named(mut self, schema: &KeySchema) -> Self {
        if self.sightings.is_empty() {
            return self;
        }
        let parts: Vec<String> = schema
            .names()
            .filter_map(|name| self.cell(name, KEY_WIDTH, false))
            .map(|cell| cell.text.as_str().to_owned())
            .collect();
        let key = Safe::neutral(&parts.join(" / "));
        for sighting in &mut self.sightings {
            sighting.item = Some(key.clone());
        }
        self
    }

    /// The clear text of the stored value at, or around, `path`; of one member of a set, that member alone. The one
    /// way out; the caller hides it again.
    pub fn reveal(&self, path: &AttributePath) -> Option<Revealed> {
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
        Some(Revealed(Zeroizing::new(Safe::neutral(&text).into_string())))
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

    /// Text with what was seen replaced. Where an encoding had to be opened to see it, all of it is.
    fn text(&self, path: &AttributePath, text: &str, width: usize) -> Safe {
        let here = self.places.stored.get(path).into_iter().flatten().map(|n| &self.sightings[*n]);
        // A name inside an encoding is in this text; a name beside it is not.
        let here: Vec<&Sighting> = here.filter(|s| !s.in_name || s.path.is_layered()).collect();
        if here.is_empty() {
            // Neutralising makes text longer, never shorter: no need to look at more than the width.
            return Safe::neutral(&cut(text, width));
        }
        let layered: Vec<&str> =
            here.iter().filter(|s| s.path.is_layered()).map(|s| layers(&s.path)).collect();
        if let Some(layers) = layered.first() {
            return Safe::neutral(&format!("‹{layers}, {} bytes, {} masked›", text.len(), layered.len()));
        }
        let mut spans: Vec<&Sighting> = here;
        spans.sort_by_key(|s| (s.mask.start, std::cmp::Reverse(s.mask.end)));
        // Neither part of the text is kept: what is copied of it is wiped.
        let mut out = Zeroizing::new(String::with_capacity(text.len()));
        let mut done = 0;
        for s in spans {
            let (Some(start), Some(end)) = (floor(text, s.mask.start), ceil(text, s.mask.end)) else {
                return Safe::neutral(MASK);
            };
            if start >= done {
                out.push_str(&text[done..start]);
                out.push_str(&s.masked);
                if s.mask != s.span && s.masked.as_str() != MASK {
                    out.push_str(MASK);
                }
            }
            done = done.max(end);
        }
        out.push_str(&text[done..]);
        Safe::neutral(&cut(&out, width))
    }
}

/// A tree that grows.
struct Tree<'a> {
    screened: &'a Screened,
    width: usize,
    mask_all: bool,
    nodes: Vec<Node>,
    /// How many bytes of paths there is still room for.
    left: usize,
}

impl Tree<'_> {
    fn members(&mut self, map: &AttributePath, depth: usize, members: &[(String, AttributeValue)]) {
        for (n, (name, value)) in members.iter().enumerate() {
            let step = self.screened.step(map, n, name);
            if !self.grow(map.child(step), depth, &Stored::Value(value)) {
                return;
            }
        }
    }

    /// False if there is no more room.
    fn grow(&mut self, path: AttributePath, depth: usize, value: &Stored<'_>) -> bool {
        let size = path.size();
        if size > self.left {
            if self.left > 0 {
                self.left = 0;
                self.nodes.push(Node {
                    path: AttributePath::default(),
                    depth: 0,
                    name: Safe::from("…"),
                    kind: "?",
                    value: Safe::from("‹too large to be shown whole›"),
                    members: 0,
                    sightings: Vec::new(),
                });
            }
            return false;
        }
        self.left -= size;
        let name = match path.steps().last() {
            Some(Step::Name(n) | Step::HiddenName(_, n)) => Safe::neutral(n),
            Some(Step::Index(n)) => Safe::neutral(&format!("[{n}]")),
            _ => Safe::default(),
        };
        let members = match value {
            Stored::Value(AttributeValue::M(m)) => m.len(),
            Stored::Value(AttributeValue::L(l)) => l.len(),
            Stored::Value(AttributeValue::Ss(s) | AttributeValue::Ns(s)) => s.len(),
            Stored::Value(AttributeValue::Bs(s)) => s.len(),
            _ => 0,
        };
        let text = match value {
            Stored::Value(value) if members > 0 => Safe::neutral(&counted(value)),
            _ => self.screened.leaf(&path, value, self.width, self.mask_all),
        };
        self.nodes.push(Node {
            path: path.clone(),
            depth,
            name,
            kind: value.kind(),
            value: text,
            members,
            sightings: self.screened.places.stored.get(&path).cloned().unwrap_or_default(),
        });
        let Stored::Value(value) = value else { return true };
        let depth = depth + 1;
        match value {
            AttributeValue::M(members) => self.members(&path, depth, members),
            AttributeValue::L(list) => self.indexed(&path, depth, list.iter().map(Stored::Value)),
            AttributeValue::Ss(set) | AttributeValue::Ns(set) => {
                self.indexed(&path, depth, set.iter().map(|text| Stored::Text(text)));
            }
            AttributeValue::Bs(set) => self.indexed(&path, depth, set.iter().map(|b| Stored::Binary(b))),
            _ => {}
        }
        true
    }

    fn indexed<'v>(&mut self, path: &AttributePath, depth: usize, members: impl Iterator<Item = Stored<'v>>) {
        for (n, member) in members.enumerate() {
            if !self.grow(path.child(Step::Index(n)), depth, &member) {
                return;
            }
        }
    }
}

fn layers(path: &AttributePath) -> &'static str {
    path.steps()
        .iter()
        .find_map(|s| if let Step::Layer(l) = s { Some(l.word()) } else { None })
        .unwrap_or("encoded")
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

/// The nearest character boundary at or before a byte position inside the text.
fn floor(text: &str, at: usize) -> Option<usize> {
    (at <= text.len()).then(|| (0..=at).rev().find(|n| text.is_char_boundary(*n))).flatten()
}

/// The nearest character boundary at or after a byte position inside the text.
fn ceil(text: &str, at: usize) -> Option<usize> {
    (at <= text.len()).then(|| (at..=text.len()).find(|n| text.is_char_boundary(*n))).flatten()
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Layer;

    pub(super) fn sighting(path: AttributePath, span: std::ops::Range<usize>, masked: &str) -> Sighting {
        Sighting {
            path,
            mask: span.clone(),
            span,
            rule: "r".into(),
            title: "R".into(),
            severity: Severity::High,
            confidence: Confidence::Low,
            reasons: Vec::new(),
            masked: Safe::neutral(masked),
            fingerprint: String::new(),
            in_name: false,
            session: false,
            expires: None,
            item: None,
        }
    }

    pub(super) fn s(text: &str) -> AttributeValue {
        AttributeValue::S(text.into())
    }

    #[test]
    fn a_span_is_masked_and_the_rest_is_shown() {
        let item = Item::new(vec![("auth".into(), s("Bearer abcdefgh and \x1b[2J"))]);
        let screened = Screened::new(item, vec![sighting(AttributePath::attribute("auth"), 7..15, "••••")]);
        let cell = screened.cell("auth", 80, false).expect("there");
        assert_eq!(cell.text.as_str(), "Bearer •••• and ␛[2J");
        assert_eq!(cell.worst, Some((Severity::High, Confidence::Low)));
        assert_eq!(
            screened.reveal(&AttributePath::attribute("auth")).expect("text").text(),
            "Bearer abcdefgh and ␛[2J"
        );
    }

    #[test]
    fn behind_an_encoding_the_whole_value_is_masked() {
        let path = AttributePath::new(vec![
            Step::Name("blob".into()),
            Step::Layer(Layer::Json),
            Step::Name("k".into()),
        ]);
        let item = Item::new(vec![("blob".into(), s("{\"k\":\"hunter22\"}"))]);
        let screened = Screened::new(item, vec![sighting(path, 0..8, "••••")]);
        assert_eq!(
            screened.cell("blob", 80, false).expect("there").text.as_str(),
            "‹json, 16 bytes, 1 masked›"
        );
    }

    #[test]
    fn overlapping_spans_leave_nothing_between() {
        let item = Item::new(vec![("a".into(), s("0123456789"))]);
        let at = || AttributePath::attribute("a");
        let screened = Screened::new(item, vec![sighting(at(), 4..8, "B"), sighting(at(), 2..6, "A")]);
        assert_eq!(screened.cell("a", 80, false).expect("there").text.as_str(), "01A89");
    }

    #[test]
    fn a_blind_item_shows_no_value() {
        let item = Item::new(vec![
            ("a".into(), s("x")),
            ("m".into(), AttributeValue::M(vec![("a".into(), s("y"))])),
            ("c".into(), s("z")),
        ]);
        let screened = Screened::blind(item, ["a"]);
        assert_eq!(screened.names().collect::<Vec<_>>(), ["a"]);
        let nodes = screened.tree(80, false);
        for node in &nodes {
            assert!(node.members > 0 || node.value.as_str() == MASK, "{}", node.value);
        }
        let names: Vec<_> = nodes.iter().map(|n| n.name.as_str()).collect();
        assert_eq!(names, ["a", "‹name 2›", "‹name 1›", "‹name 3›"]);
        assert_eq!(nodes[2].path.to_string(), "‹name 2›.‹name 1›");
        assert_eq!(screened.reveal(&nodes[2].path).expect("by position").text(), "y");
    }

    #[test]
    fn a_member_of_a_set_is_revealed_alone() {
        let sets = [
            (AttributeValue::Ss(vec!["one".into(), "two".into()]), "two"),
            (AttributeValue::Ns(vec!["1".into(), "2".into()]), "2"),
            (AttributeValue::Bs(vec![vec![b'a'], vec![b'b']]), "62  b"),
        ];
        for (set, second) in sets {
            let screened = Screened::new(Item::new(vec![("a".into(), set)]), Vec::new());
            let nodes = screened.tree(80, false);
            assert_eq!(screened.reveal(&nodes[2].path).expect("there").text(), second);
            assert!(screened.reveal(&nodes[2].path.child(Step::Index(0))).is_none());
        }
    }

    #[test]
    fn more_than_the_span_is_masked_where_the_sighting_says() {
        let mut seen = sighting(AttributePath::attribute("a"), 3..5, "A••");
        seen.mask = 2..8;
        let screened = Screened::new(Item::new(vec![("a".into(), s("0123456789"))]), vec![seen]);
        assert_eq!(screened.cell("a", 80, false).expect("there").text.as_str(), format!("01A••{MASK}89"));
    }

    #[test]
    fn a_name_in_json_masks_the_whole_text() {
        let steps =
            vec![Step::Name("a".into()), Step::Layer(Layer::Json), Step::HiddenName(0, "••••".into())];
        let mut seen = sighting(AttributePath::new(steps), 0..12, "••••");
        seen.in_name = true;
        let screened = Screened::new(Item::new(vec![("a".into(), s("{\"tok_12345678\":1}"))]), vec![seen]);
        let cell = screened.cell("a", 80, false).expect("there");
        assert_eq!(cell.text.as_str(), "‹json, 18 bytes, 1 masked›");
    }

    #[test]
    fn long_names_and_many_sightings_take_little_time_and_memory() {
        // Before, every node was held against every sighting, names and all: minutes.
        let long = "n".repeat(60_000);
        let mut path = AttributePath::new(vec![Step::member(0, &long)]);
        let mut value = AttributeValue::Ss((0..4000).map(|n| format!("value {n}")).collect());
        for _ in 0..4 {
            value = AttributeValue::M(vec![(long.clone(), value)]);
            path = path.child(Step::member(0, &long));
        }
        let seen = (0..4000).map(|n| sighting(path.child(Step::Index(n)), 0..5, "••••")).collect();
        let screened = Screened::new(Item::new(vec![(long.clone(), value)]), seen);
        let started = std::time::Instant::now();
        let nodes = screened.tree(80, false);
        assert!(started.elapsed().as_secs() < 5, "{:?}", started.elapsed());
        assert_eq!(nodes.len(), 5 + 4000);
        assert!(nodes.iter().all(|n| n.name.chars().count() <= 128));
        assert_eq!(nodes[5].value.as_str(), "•••• 0");
        assert_eq!(screened.reveal(&nodes[5].path).expect("by position").text(), "value 0");
        assert_eq!(
            screened.cell(&long, 80, false).expect("there").worst,
            Some((Severity::High, Confidence::Low))
        );
    }

    #[test]
    fn a_tree_too_large_says_so() {
        let mut value = AttributeValue::L(vec![AttributeValue::Null; 20_000]);
        for _ in 0..30 {
            value = AttributeValue::M(vec![("n".repeat(128), value)]);
        }
        let nodes = Screened::new(Item::new(vec![("a".into(), value)]), Vec::new()).tree(80, false);
        assert!(nodes.len() < 20_000);
        assert_eq!(nodes.last().expect("one").value.as_str(), "‹too large to be shown whole›");
    }

    #[test]
    fn a_secret_name_is_hidden_with_its_member() {
        let masked = Step::HiddenName(0, "tok_••••".into());
        let mut seen = sighting(AttributePath::new(vec![Step::Name("m".into()), masked]), 0..12, "tok_••••");
        seen.in_name = true;
        let item = Item::new(vec![("m".into(), AttributeValue::M(vec![("tok_12345678".into(), s("v"))]))]);
        let names: Vec<_> =
            Screened::new(item, vec![seen]).tree(80, false).into_iter().map(|n| n.name.to_string()).collect();
        assert_eq!(names, ["m", "tok_••••"]);
    }

    proptest::proptest! {
        #[test]
        fn no_cell_is_wider_than_asked_or_panics(text in ".*", start in 0usize..40, len in 0usize..40, width in 0usize..50) {
            let item = Item::new(vec![("a".into(), s(&text))]);
            let screened = Screened::new(item, vec![sighting(AttributePath::attribute("a"), start..start + len, "••")]);
            let _ = screened.cell("a", width, false);
            let _ = screened.tree(width, false);
        }
    }
}
