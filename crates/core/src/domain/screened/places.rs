//! Where in an item something was seen, and what of a text that leaves to be shown.

use std::collections::HashMap;

use zeroize::Zeroizing;

use super::{MASK, cut};
use crate::domain::{AttributePath, Confidence, Safe, Severity, Sighting, Step};

/// Where the sightings are, looked up once.
#[derive(Default)]
pub(super) struct Places {
    /// By the path of each text in which they are: that of the value itself, and those of all texts around it.
    pub texts: HashMap<AttributePath, Vec<usize>>,
    /// Names that are secrets, by the path of their map and their position in it.
    pub names: HashMap<AttributePath, HashMap<usize, Step>>,
    /// The worst of every top-level attribute.
    pub worst: HashMap<Step, (Severity, Confidence)>,
}

impl Places {
    pub fn of(sightings: &[Sighting]) -> Self {
        let mut places = Self::default();
        for (n, sighting) in sightings.iter().enumerate() {
            for around in sighting.path.encoded() {
                places.texts.entry(around).or_default().push(n);
            }
            places.texts.entry(sighting.path.clone()).or_default().push(n);
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

    /// Positions of what was seen in the value at a path, or in an encoding in it.
    pub fn at(&self, path: &AttributePath) -> &[usize] {
        self.texts.get(path).map_or(&[], Vec::as_slice)
    }

    /// What is to be masked in the text at a path. A name inside an encoding is in this text; a name beside it is not.
    pub fn masks<'a>(
        &self,
        sightings: &'a [Sighting],
        path: &AttributePath,
    ) -> impl Iterator<Item = &'a Sighting> {
        let own = path.steps().len();
        let here = self.at(path).iter().map(|n| &sightings[*n]);
        here.filter(move |s| !s.in_name || s.path.steps().len() > own)
    }
}

/// The text at a path with what was seen replaced. Where an encoding had to be opened to see it, all of it is.
pub(super) fn masked(seen: &[&Sighting], path: &AttributePath, text: &str, width: usize) -> Safe {
    let mut inside = seen.iter().filter_map(|s| match s.path.steps().get(path.steps().len()) {
        Some(Step::Layer(layer)) => Some(layer.word()),
        _ => None,
    });
    if let Some(word) = inside.next() {
        let count = 1 + inside.count();
        return Safe::neutral(&format!("‹{word}, {} bytes, {count} masked›", text.len()));
    }
    let mut spans = seen.to_vec();
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

/// The nearest character boundary at or before a byte position inside the text.
fn floor(text: &str, at: usize) -> Option<usize> {
    (at <= text.len()).then(|| (0..=at).rev().find(|n| text.is_char_boundary(*n))).flatten()
}

/// The nearest character boundary at or after a byte position inside the text.
fn ceil(text: &str, at: usize) -> Option<usize> {
    (at <= text.len()).then(|| (at..=text.len()).find(|n| text.is_char_boundary(*n))).flatten()
}
