//! The only form in which item data leaves the source floor.
//!
//! [`Screened`] keeps the raw item private and shows it masked and neutralised. [`Screened::reveal`] is the
//! one way to clear text, one value at a time.

use zeroize::Zeroizing;

use crate::domain::{
    AttributePath, AttributeValue, Confidence, Cursor, Item, KeySchema, Safe, Severity, Sighting, Step,
};

/// Stands for anything masked whole; it does not tell the length.
const MASK: &str = "••••••••";

/// An item and what the detector saw in it. No Debug, Display or Serialize: see the module.
#[derive(Clone)]
pub struct Screened {
    item: Item,
    sightings: Vec<Sighting>,
    blind: bool,
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
        Self { item, sightings, blind: false }
    }

    /// An item that could not be screened: every value is masked.
    pub fn blind(item: Item) -> Self {
        Self { item, sightings: Vec::new(), blind: true }
    }

    /// Whether screening failed.
    pub fn is_blind(&self) -> bool {
        self.blind
    }

    /// What was seen.
    pub fn sightings(&self) -> &[Sighting] {
        &self.sightings
    }

    /// The item's size in bytes as DynamoDB counts it.
    pub fn size(&self) -> usize {
        self.item.size()
    }

    /// The names of its attributes, leaving out names that are themselves secrets.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.item
            .attributes()
            .iter()
            .enumerate()
            .filter(|(n, _)| self.hidden_name(&[], *n).is_none())
            .map(|(_, a)| a.0.as_str())
    }

    /// The worst thing seen anywhere in the item.
    pub fn worst(&self) -> Option<(Severity, Confidence)> {
        self.sightings.iter().map(|s| (s.severity, s.confidence)).max()
    }

    /// One attribute in at most `width` characters; `None` if the item lacks it. `mask_all` masks every value.
    pub fn cell(&self, name: &str, width: usize, mask_all: bool) -> Option<Cell> {
        let value = self.item.get(name)?;
        let path = AttributePath::attribute(name);
        let worst = self
            .sightings
            .iter()
            .filter(|s| s.path.root() == Some(name))
            .map(|s| (s.severity, s.confidence))
            .max();
        let text = match value {
            AttributeValue::M(_) | AttributeValue::L(_) if worst.is_some() => {
                Safe::neutral(&format!("{} {MASK}", counted(value)))
            }
            _ => self.leaf(&path, value, width, mask_all),
        };
        Some(Cell { text, kind: value.kind(), worst })
    }

    /// The item as a tree, every value in at most `width` characters.
    pub fn tree(&self, width: usize, mask_all: bool) -> Vec<Node> {
        let mut nodes = Vec::new();
        for (n, (name, value)) in self.item.attributes().iter().enumerate() {
            let step = self.hidden_name(&[], n).unwrap_or_else(|| Step::Name(name.clone()));
            self.grow(&AttributePath::new(vec![step]), 0, value, width, mask_all, &mut nodes);
        }
        nodes
    }

    /// The key of the item, for asking for it again. Goes into requests only.
    pub fn key(&self, schema: &KeySchema) -> Option<Cursor> {
        let part = |name: &str| self.item.get(name).map(|v| (name.to_owned(), v.clone()));
        schema.names().map(part).collect::<Option<Vec<_>>>().map(|key| Cursor::new(Item::new(key)))
    }

    /// The clear text of the stored value at, or around, `path`. The one way out; the caller hides it again.
    pub fn reveal(&self, path: &AttributePath) -> Option<Revealed> {
        let value = self.resolve(path.stored().steps())?;
        let text = Zeroizing::new(match value {
            AttributeValue::S(s) | AttributeValue::N(s) => s.clone(),
            AttributeValue::B(bytes) => hex_and_text(bytes),
            AttributeValue::Bool(b) => b.to_string(),
            AttributeValue::Ss(set) | AttributeValue::Ns(set) => set.join(", "),
            _ => return None,
        });
        let safe = Safe::neutral(&text);
        Some(Revealed(Zeroizing::new(safe.as_str().to_owned())))
    }

    fn resolve(&self, steps: &[Step]) -> Option<&AttributeValue> {
        let (first, rest) = steps.split_first()?;
        let mut value = match first {
            Step::Name(name) => self.item.get(name)?,
            Step::HiddenName(n, _) => &self.item.attributes().get(*n)?.1,
            _ => return None,
        };
        for step in rest {
            value = match (value, step) {
                (AttributeValue::M(members), Step::Name(name)) => &members.iter().find(|(n, _)| n == name)?.1,
                (AttributeValue::M(members), Step::HiddenName(n, _)) => &members.get(*n)?.1,
                (AttributeValue::L(members), Step::Index(n)) => members.get(*n)?,
                // A member of a set is revealed with its set.
                (AttributeValue::Ss(_) | AttributeValue::Ns(_) | AttributeValue::Bs(_), Step::Index(_)) => {
                    value
                }
                _ => return None,
            };
        }
        Some(value)
    }

    fn hidden_name(&self, parent: &[Step], position: usize) -> Option<Step> {
        self.sightings.iter().filter(|s| s.in_name).find_map(|s| match s.path.steps().split_last() {
            Some((last @ Step::HiddenName(n, _), before)) if *n == position && before == parent => {
                Some(last.clone())
            }
            _ => None,
        })
    }

    fn grow(
        &self,
        path: &AttributePath,
        depth: usize,
        value: &AttributeValue,
        width: usize,
        mask_all: bool,
        out: &mut Vec<Node>,
    ) {
        let name = match path.steps().last() {
            Some(Step::Name(n) | Step::HiddenName(_, n)) => Safe::neutral(n),
            Some(Step::Index(n)) => Safe::neutral(&format!("[{n}]")),
            _ => Safe::default(),
        };
        let members = match value {
            AttributeValue::M(m) => m.len(),
            AttributeValue::L(l) => l.len(),
            AttributeValue::Ss(s) | AttributeValue::Ns(s) => s.len(),
            AttributeValue::Bs(s) => s.len(),
            _ => 0,
        };
        let sightings =
            (0..self.sightings.len()).filter(|n| self.sightings[*n].path.stored() == *path).collect();
        let text = if members > 0 {
            Safe::neutral(&counted(value))
        } else {
            self.leaf(path, value, width, mask_all)
        };
        out.push(Node {
            path: path.clone(),
            depth,
            name,
            kind: value.kind(),
            value: text,
            members,
            sightings,
        });
        match value {
            AttributeValue::M(members) => {
                for (n, (name, value)) in members.iter().enumerate() {
                    let step = self.hidden_name(path.steps(), n).unwrap_or_else(|| Step::Name(name.clone()));
                    self.grow(&path.child(step), depth + 1, value, width, mask_all, out);
                }
            }
            AttributeValue::L(members) => {
                for (n, value) in members.iter().enumerate() {
                    self.grow(&path.child(Step::Index(n)), depth + 1, value, width, mask_all, out);
                }
            }
            AttributeValue::Ss(set) | AttributeValue::Ns(set) => {
                for (n, member) in set.iter().enumerate() {
                    let value = AttributeValue::S(member.clone());
                    self.grow(&path.child(Step::Index(n)), depth + 1, &value, width, mask_all, out);
                }
            }
            AttributeValue::Bs(set) => {
                for (n, member) in set.iter().enumerate() {
                    let value = AttributeValue::B(member.clone());
                    self.grow(&path.child(Step::Index(n)), depth + 1, &value, width, mask_all, out);
                }
            }
            _ => {}
        }
    }

    /// One value on one line, masked.
    fn leaf(&self, path: &AttributePath, value: &AttributeValue, width: usize, mask_all: bool) -> Safe {
        if self.blind || mask_all {
            return Safe::neutral(MASK);
        }
        match value {
            AttributeValue::S(s) | AttributeValue::N(s) => self.text(path, s, width),
            AttributeValue::B(bytes) => Safe::neutral(&format!("‹binary, {} bytes›", bytes.len())),
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

    /// Text with the spans that were seen replaced. Where an encoding had to be opened to see it, all of it is.
    fn text(&self, path: &AttributePath, text: &str, width: usize) -> Safe {
        let here: Vec<&Sighting> =
            self.sightings.iter().filter(|s| !s.in_name && s.path.stored() == *path).collect();
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
        spans.sort_by_key(|s| (s.span.start, std::cmp::Reverse(s.span.end)));
        let mut out = String::new();
        let mut done = 0;
        for s in spans {
            let (Some(start), Some(end)) = (floor(text, s.span.start), ceil(text, s.span.end)) else {
                return Safe::neutral(MASK);
            };
            if start >= done {
                out.push_str(&text[done..start]);
                out.push_str(&s.masked);
            }
            done = done.max(end);
        }
        out.push_str(&text[done..]);
        let shown = Safe::neutral(&cut(&out, width));
        drop(Zeroizing::new(out));
        shown
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

    fn sighting(path: AttributePath, span: std::ops::Range<usize>, masked: &str) -> Sighting {
        Sighting {
            path,
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
        }
    }

    fn s(text: &str) -> AttributeValue {
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
        let screened = Screened::blind(Item::new(vec![
            ("a".into(), s("x")),
            ("m".into(), AttributeValue::M(vec![("b".into(), s("y"))])),
        ]));
        for node in screened.tree(80, false) {
            assert!(node.members > 0 || node.value.as_str() == MASK, "{}", node.value);
        }
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
