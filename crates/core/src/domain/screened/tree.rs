//! An item as lines of a tree.

use super::{Screened, Stored, counted, layers};
use crate::domain::{AttributePath, AttributeValue, Safe, Step};

/// The paths of a tree take at most this many bytes; what is beyond is counted, not shown.
const PATHS: usize = 32 * 1024 * 1024;

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
    /// Whether what is inside its encoding follows.
    pub opens: bool,
    /// Positions in [`Screened::sightings`] of what was seen in this very value.
    pub sightings: Vec<usize>,
}

impl Screened {
    /// The item as a tree, every value in at most `width` characters. `mask_all` masks every value, and of the names
    /// those that are themselves secrets, as always. Long names are cut. A tree that would take too much memory ends
    /// in a line that says so.
    pub fn tree(&self, width: usize, mask_all: bool) -> Vec<Node> {
        let mut tree = Tree { screened: self, width, mask_all, nodes: Vec::new(), left: PATHS };
        tree.members(&AttributePath::default(), 0, self.item.attributes());
        tree.nodes
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

    /// Takes the room of a line; false if there is no more.
    fn room(&mut self, path: &AttributePath) -> bool {
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
                    opens: false,
                    sightings: Vec::new(),
                });
            }
            return false;
        }
        self.left -= size;
        true
    }

    /// False if there is no more room.
    fn grow(&mut self, path: AttributePath, depth: usize, value: &Stored<'_>) -> bool {
        if !self.room(&path) {
            return false;
        }
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
            opens: !self.screened.layers.below(&path).is_empty(),
            sightings: self.screened.places.at(&path).to_vec(),
        });
        self.layers(&path, depth);
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

    /// What is inside the encodings of a stored value.
    fn layers(&mut self, stored: &AttributePath, depth: usize) {
        let layers = &self.screened.layers;
        let mut values = layers.below(stored).iter().peekable();
        while let Some(value) = values.next() {
            if !self.room(&value.path) {
                return;
            }
            let (further, name) = layers::place(&value.path);
            let members = layers.members(value);
            let inside = values.peek().is_some_and(|next| next.path.is_within(&value.path));
            self.nodes.push(Node {
                path: value.path.clone(),
                depth: depth + further,
                name: Safe::neutral(&name),
                kind: value.holds.kind(),
                value: layers.leaf(value, self.width, self.mask_all),
                members,
                opens: members == 0 && inside,
                sightings: self.screened.places.at(&value.path).to_vec(),
            });
        }
    }

    fn indexed<'v>(&mut self, path: &AttributePath, depth: usize, members: impl Iterator<Item = Stored<'v>>) {
        for (n, member) in members.enumerate() {
            if !self.grow(path.child(Step::Index(n)), depth, &member) {
                return;
            }
        }
    }
}
