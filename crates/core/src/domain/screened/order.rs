//! What items are sorted, counted and searched by: only what may be shown of them.

use super::{Screened, Stored};
use crate::domain::number::Decimal;
use crate::domain::{AttributePath, AttributeValue, Step};

/// Number of characters up to which text is compared.
const COMPARED: usize = 256;

/// What one attribute is sorted by. Numbers come first, compared exactly; then text; then the other types. A masked
/// value is sorted by its mask, so that an order tells nothing of it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum SortKey {
    /// A number.
    Number(Decimal),
    /// A string.
    Text(String),
    /// Another type, and what is shown of it.
    Other(&'static str, String),
}

/// Of every item held, for its allocations.
const ITEM_WEIGHT: usize = 256;

/// Of every value in it.
const VALUE_WEIGHT: usize = 88;

/// Of every sighting.
const SIGHTING_WEIGHT: usize = 512;

impl Screened {
    /// What an item is sorted by on one attribute; `None` if it lacks it.
    pub fn sort_key(&self, name: &str, mask_all: bool) -> Option<SortKey> {
        let value = self.item.get(name)?;
        let cell = self.cell(name, COMPARED, mask_all)?;
        if let AttributeValue::N(number) = value
            && !mask_all
            && self.is_clear(&self.path_of(name)?)
            && let Some(number) = Decimal::parse(number)
        {
            return Some(SortKey::Number(number));
        }
        let text = cell.text.as_str().to_owned();
        Some(if cell.kind == "S" { SortKey::Text(text) } else { SortKey::Other(cell.kind, text) })
    }

    /// The names of its attributes that may be shown, with DynamoDB's names for their types.
    pub fn kinds(&self) -> impl Iterator<Item = (&str, &'static str)> {
        let shown = |n: &usize, name: &str| !self.hides(&AttributePath::default(), *n, name);
        let attributes = self.item.attributes().iter().enumerate();
        attributes.filter(move |(n, a)| shown(n, &a.0)).map(|(_, a)| (a.0.as_str(), a.1.kind()))
    }

    /// About how many bytes of memory it takes.
    pub fn weight(&self) -> usize {
        fn inner(value: &AttributeValue) -> usize {
            VALUE_WEIGHT
                + match value {
                    AttributeValue::S(s) | AttributeValue::N(s) => s.len(),
                    AttributeValue::B(b) => b.len(),
                    AttributeValue::Ss(set) | AttributeValue::Ns(set) => {
                        set.iter().map(|s| s.len() + 40).sum()
                    }
                    AttributeValue::Bs(set) => set.iter().map(|b| b.len() + 40).sum(),
                    AttributeValue::M(members) => members.iter().map(|(name, v)| name.len() + inner(v)).sum(),
                    AttributeValue::L(members) => members.iter().map(inner).sum(),
                    AttributeValue::Bool(_) | AttributeValue::Null | AttributeValue::Unknown => 0,
                }
        }
        let values: usize = self.item.attributes().iter().map(|(name, v)| name.len() + inner(v)).sum();
        ITEM_WEIGHT + values + self.sightings.len() * SIGHTING_WEIGHT
    }

    /// The first attribute in which a text, given in lower case, is shown: in its name, or in a value of it however deep.
    pub fn find(&self, needle: &str, mask_all: bool) -> Option<&str> {
        let shown = self.item.attributes().iter().enumerate();
        shown
            .filter(|(n, (name, _))| !self.hides(&AttributePath::default(), *n, name))
            .find(|(n, (name, value))| {
                contains(name, needle)
                    || !mask_all
                        && self.holds(&AttributePath::new(vec![Step::member(*n, name)]), value, needle)
            })
            .map(|(_, (name, _))| name.as_str())
    }

    fn holds(&self, path: &AttributePath, value: &AttributeValue, needle: &str) -> bool {
        if self.blind.is_some() {
            return false;
        }
        // Without sightings nothing is masked, and no path need be built.
        let free = self.sightings.is_empty();
        let below = |step: Step| if free { AttributePath::default() } else { path.child(step) };
        let text = |path: &AttributePath, text: &str| match free || self.is_clear(path) {
            true => contains(text, needle),
            false => contains(&self.text(path, text, usize::MAX), needle),
        };
        match value {
            AttributeValue::S(s) | AttributeValue::N(s) => text(path, s),
            AttributeValue::Ss(set) | AttributeValue::Ns(set) => {
                set.iter().enumerate().any(|(n, s)| text(&below(Step::Index(n)), s))
            }
            AttributeValue::M(members) => members.iter().enumerate().any(|(n, (name, v))| {
                let step = if free { Step::Any } else { self.step(path, n, name) };
                let named = match &step {
                    Step::HiddenName(_, shown) => contains(shown, needle),
                    _ => contains(name, needle),
                };
                named || self.holds(&below(step), v, needle)
            }),
            AttributeValue::L(list) => {
                list.iter().enumerate().any(|(n, v)| self.holds(&below(Step::Index(n)), v, needle))
            }
            AttributeValue::Bool(b) => needle == if *b { "true" } else { "false" },
            AttributeValue::B(_) | AttributeValue::Bs(_) | AttributeValue::Null | AttributeValue::Unknown => {
                false
            }
        }
    }

    /// The size of the value at a path in bytes, as DynamoDB counts it, without the name of an attribute; `None` for a
    /// decoded one.
    pub fn size_of(&self, path: &AttributePath) -> Option<usize> {
        Some(match self.stored(path)? {
            Stored::Value(value) => value.size(),
            Stored::Text(text) => text.len(),
            Stored::Binary(bytes) => bytes.len(),
        })
    }

    /// The path of a top-level attribute.
    pub fn path_of(&self, name: &str) -> Option<AttributePath> {
        let position = self.item.attributes().iter().position(|(n, _)| n == name)?;
        Some(AttributePath::new(vec![self.step(&AttributePath::default(), position, name)]))
    }

    /// Whether nothing was seen in the value at a path, so that it may be shown as it is.
    pub(super) fn is_clear(&self, path: &AttributePath) -> bool {
        self.blind.is_none() && self.places.masks(&self.sightings, path).next().is_none()
    }

    /// One value, as it is stored; `None` for a decoded one.
    pub(super) fn stored(&self, path: &AttributePath) -> Option<Stored<'_>> {
        self.resolve(path.steps())
    }
}

/// Whether a text holds another one that is in lower case, whatever its own case.
fn contains(text: &str, needle: &str) -> bool {
    if !needle.is_ascii() || !text.is_ascii() {
        return text.to_lowercase().contains(needle);
    }
    let (text, needle) = (text.as_bytes(), needle.as_bytes());
    let Some(first) = needle.first() else { return true };
    let end = (text.len() + 1).saturating_sub(needle.len());
    (0..end).any(|n| {
        text[n].eq_ignore_ascii_case(first) && text[n..n + needle.len()].eq_ignore_ascii_case(needle)
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::{s, sighting};
    use super::*;
    use crate::domain::Item;

    fn n(text: &str) -> AttributeValue {
        AttributeValue::N(text.into())
    }

    #[test]
    fn numbers_sort_by_their_value_and_secrets_by_their_mask() {
        let of = |value: AttributeValue| Screened::new(Item::new(vec![("a".into(), value)]), Vec::new());
        let key = |value| of(value).sort_key("a", false).expect("there");
        assert!(key(n("9")) < key(n("10")));
        assert!(key(n("10")) < key(s("1")));
        assert!(key(s("b")) < key(AttributeValue::Bool(true)));
        assert!(of(n("1")).sort_key("b", false).is_none());
        assert!(of(n("9")).sort_key("a", true) == of(n("10")).sort_key("a", true));
        let secret = |text: &str| {
            let item = Item::new(vec![("a".into(), n(text))]);
            Screened::new(item, vec![sighting(AttributePath::attribute("a"), 0..text.len(), "••••")])
        };
        assert!(secret("1").sort_key("a", false) == secret("2").sort_key("a", false));
    }

    #[test]
    fn a_search_sees_what_is_shown_and_nothing_else() {
        let inner =
            AttributeValue::M(vec![("Deep".into(), AttributeValue::L(vec![s("x"), s("Needle 日本")]))]);
        let item = Item::new(vec![("a".into(), s("hunter22 and more")), ("m".into(), inner)]);
        let seen = vec![sighting(AttributePath::attribute("a"), 0..8, "••••")];
        let screened = Screened::new(item, seen);
        let check = |needle: &str, expect: Option<&str>| {
            assert_eq!(screened.find(needle, false), expect, "{needle}");
        };
        check("and more", Some("a"));
        check("hunter", None);
        check("needle", Some("m"));
        check("日本", Some("m"));
        check("deep", Some("m"));
        check("nothing", None);
        assert_eq!(screened.find("needle", true), None);
        assert_eq!(screened.find("m", true), Some("m"));
    }

    #[test]
    fn a_blind_item_is_not_searched() {
        let item = Item::new(vec![("a".into(), s("x")), ("b".into(), s("y"))]);
        let blind = Screened::blind(item, ["a"]);
        assert_eq!((blind.find("x", false), blind.find("b", false)), (None, None));
    }
}
