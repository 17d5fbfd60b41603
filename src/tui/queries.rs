//! What was asked of each table, in memory only; and the shapes that are kept.

use std::collections::{BTreeMap, BTreeSet};

use zeroize::Zeroizing;

use crate::domain::{Held, TableRef};
use crate::query::Shape;

/// So many of each are kept for a table.
const MOST: usize = 50;
/// So many names of attributes are offered for a table.
const NAMES: usize = 500;

/// An expression as it was typed, with what its `$1`, `$2` … stand for. May hold secrets: it cannot be printed.
#[derive(Clone, PartialEq, Default)]
pub struct Asked {
    /// The text.
    pub text: Zeroizing<String>,
    /// The values held.
    pub held: Vec<Held>,
}

/// Expressions, shapes and names, by table. No Debug: see [`Asked`].
#[derive(Default)]
pub struct Queries {
    asked: BTreeMap<TableRef, Vec<Asked>>,
    /// Shapes to keep, the newest last. Holds no literal, so that it may be written to disk.
    pub saved: BTreeMap<TableRef, Vec<Shape>>,
    seen: BTreeMap<TableRef, BTreeSet<String>>,
}

impl Queries {
    /// Remembers what was asked, once.
    pub(super) fn asked(&mut self, table: &TableRef, asked: Asked) {
        push(self.asked.entry(table.clone()).or_default(), asked);
    }

    /// Keeps a shape.
    pub(super) fn save(&mut self, table: &TableRef, shape: Shape) {
        push(self.saved.entry(table.clone()).or_default(), shape);
    }

    /// What can be asked again, the newest first: what was asked, then the shapes.
    pub(super) fn again(&self, table: &TableRef) -> Vec<Asked> {
        let typed = self.asked.get(table).into_iter().flatten().rev().cloned();
        let shape = |s: &Shape| Asked { text: Zeroizing::new(s.as_str().to_owned()), held: Vec::new() };
        typed.chain(self.saved.get(table).into_iter().flatten().rev().map(shape)).collect()
    }

    /// Takes in the names of an item's attributes.
    pub(super) fn saw<'a>(&mut self, table: &TableRef, names: impl Iterator<Item = &'a str>) {
        let seen = self.seen.entry(table.clone()).or_default();
        for name in names {
            if seen.len() < NAMES && !seen.contains(name) {
                seen.insert(name.to_owned());
            }
        }
    }

    /// The names seen.
    pub(super) fn names(&self, table: &TableRef) -> impl Iterator<Item = &str> {
        self.seen.get(table).into_iter().flatten().map(String::as_str)
    }
}

fn push<T: PartialEq>(list: &mut Vec<T>, one: T) {
    list.retain(|other| *other != one);
    if list.len() == MOST {
        list.remove(0);
    }
    list.push(one);
}
