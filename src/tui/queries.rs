//! What was asked of each table, in memory only; and the shapes that are kept.

use std::collections::BTreeMap;

use crate::domain::{Held, Screened, Step, TableRef};
use crate::query::{Shape, Typed, parse};

/// Maximum number of each that is kept for a table.
const MOST: usize = 50;
/// Maximum number of attribute names offered for a table, and of paths to what is inside them.
const NAMES: usize = 500;

/// An expression as it was typed, with what its `$1`, `$2` … stand for. May hold secrets: it cannot be printed.
#[derive(Clone, PartialEq, Default)]
pub struct Asked {
    /// The text.
    pub text: Typed,
    /// The values held.
    pub held: Vec<Held>,
}

impl From<&Shape> for Asked {
    fn from(shape: &Shape) -> Self {
        Self { text: shape.into(), held: Vec::new() }
    }
}

/// Ways to values by their names, with DynamoDB's name for the type last seen there.
type Ways = BTreeMap<Vec<Step>, &'static str>;

/// Expressions, shapes and names, by table. No Debug: see [`Asked`].
#[derive(Default)]
pub struct Queries {
    asked: BTreeMap<TableRef, Vec<Asked>>,
    /// Shapes to keep, the newest last. Holds no literal, so that it may be written to disk.
    pub saved: BTreeMap<TableRef, Vec<Shape>>,
    /// Of attributes, and of what is inside of them.
    seen: BTreeMap<TableRef, [Ways; 2]>,
}

impl Queries {
    /// Remembers what was asked, once. Of what has a secret in it, only the shape.
    pub(super) fn asked(&mut self, table: &TableRef, asked: Asked) {
        let asked = match parse(&asked.text) {
            Ok(expression) if asked.text.has_secret() => Asked::from(&Shape::of(&expression)),
            _ => asked,
        };
        push(self.asked.entry(table.clone()).or_default(), asked);
    }

    /// Keeps a shape.
    pub(super) fn save(&mut self, table: &TableRef, shape: Shape) {
        push(self.saved.entry(table.clone()).or_default(), shape);
    }

    /// What can be asked again, the newest first: what was asked, then the shapes.
    pub(super) fn again(&self, table: &TableRef) -> Vec<Asked> {
        let typed = self.asked.get(table).into_iter().flatten().rev().cloned();
        typed.chain(self.saved.get(table).into_iter().flatten().rev().map(Asked::from)).collect()
    }

    /// Drops what can be asked again; whether there was such a thing.
    pub(super) fn forget(&mut self, table: &TableRef, asked: &Asked) -> bool {
        let before = self.again(table).len();
        if let Some(typed) = self.asked.get_mut(table) {
            typed.retain(|other| other != asked);
        }
        if let Some(shapes) = self.saved.get_mut(table) {
            shapes.retain(|shape| shape.as_str() != asked.text.text());
        }
        self.again(table).len() < before
    }

    /// Takes in what an item has.
    pub(super) fn saw(&mut self, table: &TableRef, item: &Screened) {
        let [attributes, inside] = self.seen.entry(table.clone()).or_default();
        item.ways(|path, kind| {
            let ways = if path.len() == 1 { &mut *attributes } else { &mut *inside };
            if let Some(known) = ways.get_mut(path) {
                *known = kind;
            } else if ways.len() < NAMES {
                ways.insert(path.to_vec(), kind);
            }
        });
    }

    /// The ways seen: to attributes first, then to what is inside of them.
    pub(super) fn ways(&self, table: &TableRef) -> impl Iterator<Item = (&[Step], &'static str)> {
        let all = self.seen.get(table).into_iter().flatten().flatten();
        all.map(|(path, kind)| (path.as_slice(), *kind))
    }
}

fn push<T: PartialEq>(list: &mut Vec<T>, one: T) {
    list.retain(|other| *other != one);
    if list.len() == MOST {
        list.remove(0);
    }
    list.push(one);
}
