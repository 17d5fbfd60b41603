//! The typed walk: an item told as a sequence of steps, names and leaves.

use crate::domain::{AttributeValue, Holds, Item};

/// How deep a walk goes; DynamoDB itself stops at 32 levels (Developer Guide, "Quotas").
const DEEPEST: usize = 64;

/// Takes in a walk.
pub trait Visitor {
    /// Into the member of that name, the `position`-th of its map (0 for the first).
    fn enter_name(&mut self, position: usize, name: &str);
    /// Into the `position`-th member of a list or set.
    fn enter_index(&mut self, position: usize);
    /// The present value is a map or a list; its members follow. Told of decoded values alone.
    fn opens(&mut self, _holds: Holds) {}
    /// `true`, `false` or `null`. Told of decoded values alone.
    fn word(&mut self, _word: &'static str) {}
    /// Out of the member entered last.
    fn leave(&mut self);
    /// A string.
    fn text(&mut self, text: &str);
    /// A number, as sent.
    fn number(&mut self, text: &str);
    /// A binary value, its base64 undone.
    fn binary(&mut self, bytes: &[u8]);
}

/// Two visitors in one walk.
pub(super) struct Both<'a, A, B>(pub &'a mut A, pub &'a mut B);

impl<A: Visitor, B: Visitor> Visitor for Both<'_, A, B> {
    fn enter_name(&mut self, position: usize, name: &str) {
        self.0.enter_name(position, name);
        self.1.enter_name(position, name);
    }
    fn enter_index(&mut self, position: usize) {
        self.0.enter_index(position);
        self.1.enter_index(position);
    }
    fn leave(&mut self) {
        self.0.leave();
        self.1.leave();
    }
    fn text(&mut self, text: &str) {
        self.0.text(text);
        self.1.text(text);
    }
    fn number(&mut self, text: &str) {
        self.0.number(text);
        self.1.number(text);
    }
    fn binary(&mut self, bytes: &[u8]) {
        self.0.binary(bytes);
        self.1.binary(bytes);
    }
}

/// What the detector can inspect: an item in memory, or one still in the bytes of a page.
pub trait ItemView {
    /// Tells the item to a visitor, in the order received. False if part of it was left out as too deep.
    fn walk(&self, visitor: &mut dyn Visitor) -> bool;
}

impl ItemView for Item {
    fn walk(&self, visitor: &mut dyn Visitor) -> bool {
        members(self.attributes(), visitor, 1)
    }
}

fn members(members: &[(String, AttributeValue)], visitor: &mut dyn Visitor, depth: usize) -> bool {
    let mut whole = true;
    for (position, (name, member)) in members.iter().enumerate() {
        visitor.enter_name(position, name);
        whole &= value(member, visitor, depth);
        visitor.leave();
    }
    whole
}

fn value(value_: &AttributeValue, visitor: &mut dyn Visitor, depth: usize) -> bool {
    if depth > DEEPEST {
        return false;
    }
    let mut whole = true;
    match value_ {
        AttributeValue::S(text) => visitor.text(text),
        AttributeValue::N(text) => visitor.number(text),
        AttributeValue::B(bytes) => visitor.binary(bytes),
        AttributeValue::Ss(set) => set.iter().enumerate().for_each(|(n, text)| {
            visitor.enter_index(n);
            visitor.text(text);
            visitor.leave();
        }),
        AttributeValue::Bs(set) => set.iter().enumerate().for_each(|(n, bytes)| {
            visitor.enter_index(n);
            visitor.binary(bytes);
            visitor.leave();
        }),
        AttributeValue::M(map) => whole = members(map, visitor, depth + 1),
        AttributeValue::L(list) => {
            for (n, member) in list.iter().enumerate() {
                visitor.enter_index(n);
                whole &= value(member, visitor, depth + 1);
                visitor.leave();
            }
        }
        AttributeValue::Bool(_) | AttributeValue::Null | AttributeValue::Ns(_) | AttributeValue::Unknown => {}
    }
    whole
}
