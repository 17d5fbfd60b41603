//! The decoded values of an item: shown like stored ones, masked by what was seen in them.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::places::{Places, masked};
use super::{MASK, Screened, cut};
use crate::domain::{AttributePath, AttributeValue, Holds, Inner, Opened, Safe, Sighting, Step};

/// Decoded values, looked up by their paths.
#[derive(Default)]
pub(super) struct Layers {
    pub values: Vec<Inner>,
    sightings: Vec<Sighting>,
    places: Places,
    at: HashMap<AttributePath, usize>,
    /// By the path of the stored value they are in.
    below: HashMap<AttributePath, Range<usize>>,
}

impl Layers {
    pub(super) fn of(opened: Opened) -> Self {
        let Opened { values, sightings } = opened;
        let places = Places::of(&sightings);
        let sealed: HashSet<AttributePath> =
            sightings.iter().filter(|s| !s.in_name).map(|s| s.path.clone()).collect();
        let values: Vec<Inner> = values.into_iter().filter(|value| !shut(&value.path, &sealed)).collect();
        let mut layers = Self { sightings, places, ..Self::default() };
        let mut values = values.into_iter().peekable();
        while let Some(value) = values.next() {
            if values.peek().is_some_and(|next| is_step_of_chain(&value, next)) {
                continue;
            }
            let n = layers.values.len();
            let below = layers.below.entry(value.path.stored()).or_insert(n..n);
            below.end = n + 1;
            layers.at.entry(value.path.clone()).or_insert(n);
            layers.values.push(value);
        }
        layers
    }

    /// What is inside the stored value at a path.
    pub(super) fn below(&self, stored: &AttributePath) -> &[Inner] {
        self.below.get(stored).and_then(|range| self.values.get(range.clone())).unwrap_or_default()
    }

    pub(super) fn get(&self, path: &AttributePath) -> Option<&Inner> {
        self.at.get(path).map(|n| &self.values[*n])
    }

    /// How many members of its own a map or list has.
    pub(super) fn members(&self, value: &Inner) -> usize {
        if !matches!(value.holds, Holds::Map | Holds::List) {
            return 0;
        }
        self.inside(value).filter(|v| v.path.steps().len() == value.path.steps().len() + 1).count()
    }

    /// What follows a value and is in it.
    fn inside(&self, value: &Inner) -> impl Iterator<Item = &Inner> {
        let first = self.at.get(&value.path).map_or(self.values.len(), |n| n + 1);
        self.values[first..].iter().take_while(|v| v.path.is_within(&value.path))
    }

    /// One value on one line, masked.
    pub(super) fn leaf(&self, value: &Inner, width: usize, mask_all: bool) -> Safe {
        match &value.holds {
            Holds::Map | Holds::List => Safe::neutral(&match (self.members(value), &value.holds) {
                (1, Holds::Map) => "{1 attribute}".into(),
                (n, Holds::Map) => format!("{{{n} attributes}}"),
                (1, _) => "[1 element]".into(),
                (n, _) => format!("[{n} elements]"),
            }),
            Holds::Again => Safe::from("‹the name stands here twice; see the text around it›"),
            Holds::More => Safe::from("‹too large to be shown whole›"),
            _ if mask_all => Safe::neutral(MASK),
            Holds::Word(word) => Safe::from(*word),
            Holds::Bytes(size) => Safe::neutral(&format!("‹binary, {size} bytes›")),
            Holds::Text(text) | Holds::Number(text) => {
                let seen: Vec<&Sighting> = self.places.masks(&self.sightings, &value.path).collect();
                match seen.is_empty() {
                    true => Safe::neutral(&cut(text, width)),
                    false => masked(&seen, &value.path, text, width),
                }
            }
        }
    }

    /// Whether the clear text of a value may be copied.
    pub(super) fn is_clear(&self, path: &AttributePath) -> bool {
        self.places.masks(&self.sightings, path).next().is_none()
    }

    /// A map or list as if it were stored, every text in it masked.
    pub(super) fn whole(&self, value: &Inner, mask_all: bool) -> AttributeValue {
        let own = value.path.steps().len();
        let members = || {
            let direct = self.inside(value).filter(|v| v.path.steps().len() == own + 1);
            // What a member's text opens to is in its text.
            direct.filter(|v| !matches!(v.path.steps().last(), Some(Step::Layer(_))))
        };
        let name = |member: &Inner| match member.path.steps().last() {
            Some(Step::Name(name) | Step::HiddenName(_, name)) => name.clone(),
            _ => String::new(),
        };
        match &value.holds {
            Holds::Map => AttributeValue::M(members().map(|m| (name(m), self.whole(m, mask_all))).collect()),
            Holds::List => AttributeValue::L(members().map(|m| self.whole(m, mask_all)).collect()),
            Holds::Word("null") if !mask_all => AttributeValue::Null,
            Holds::Word(word) if !mask_all => AttributeValue::Bool(*word == "true"),
            Holds::Number(text) if !mask_all && self.is_clear(&value.path) => {
                AttributeValue::N(text.to_string())
            }
            Holds::Text(text) if !mask_all && self.is_clear(&value.path) => {
                AttributeValue::S(text.to_string())
            }
            _ => AttributeValue::S(self.leaf(value, usize::MAX, mask_all).to_string()),
        }
    }
}

/// Whether a path goes into a text that is itself masked: a secret that is written in base64 is not shown decoded, but
/// what a token says is, for the token cannot be made of it.
fn shut(path: &AttributePath, sealed: &HashSet<AttributePath>) -> bool {
    path.encoded().any(|around| {
        let into = path.steps().get(around.steps().len());
        !matches!(into, Some(Step::Layer(layer)) if layer.is_part()) && sealed.contains(&around)
    })
}

/// Whether a value is nothing but a step of a chain of encodings, of which the last is shown.
fn is_step_of_chain(value: &Inner, next: &Inner) -> bool {
    let steps = value.path.steps();
    matches!(steps.last(), Some(Step::Layer(_)))
        && matches!(value.holds, Holds::Text(_) | Holds::Bytes(_))
        && next.path.is_within(&value.path)
        && next.path.steps().len() == steps.len() + 1
        && matches!(next.path.steps().last(), Some(Step::Layer(layer)) if !layer.is_part())
}

/// How far a decoded value is below the stored one, and its name: `|base64|gzip|json` is one step.
pub(super) fn place(path: &AttributePath) -> (usize, String) {
    let (mut depth, mut name, mut chain) = (0, String::new(), false);
    let mut part = false;
    for step in &path.steps()[path.stored().steps().len()..] {
        match step {
            Step::Layer(layer) => {
                if !chain {
                    depth += 1;
                    name.clear();
                }
                name.push('|');
                name.push_str(layer.word());
                (chain, part) = (true, layer.is_part());
            }
            Step::Index(n) if part => {
                name.push_str(&format!("[{n}]"));
                (chain, part) = (false, false);
            }
            step => {
                depth += 1;
                name = match step {
                    Step::Name(n) | Step::HiddenName(_, n) => n.clone(),
                    Step::Index(n) => format!("[{n}]"),
                    _ => String::new(),
                };
                (chain, part) = (false, false);
            }
        }
    }
    (depth, name)
}

impl Screened {
    /// The same, with what is inside its encodings in its tree. It takes as long as screening it did, and more memory:
    /// for an item that is looked at alone.
    pub fn opened(&self) -> Self {
        let layers = match &self.opener {
            Some(opener) if self.blind.is_none() => Layers::of(opener.open(&self.item)),
            _ => Layers::default(),
        };
        Self { layers: layers.into(), ..self.clone() }
    }
}
