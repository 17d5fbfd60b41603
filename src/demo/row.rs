//! Items as the seed writes them: values, and which of them are planted secrets.
//!
//! The mark sits on the value itself, so the list of planted secrets cannot drift from the items.

use crate::domain::{AttributePath, AttributeValue, Step};

/// A made-up secret. No Debug: the tests that look for leaks must not leak.
#[derive(Clone)]
pub(super) struct Secret {
    pub(super) value: String,
    /// How many leading characters are the format's documented prefix.
    pub(super) prefix: usize,
}

/// A value of a seeded item. No Debug, as for every raw item.
pub(super) enum Cell {
    /// A scalar or a set without secrets.
    Plain(AttributeValue),
    /// A scalar or a set, and the secrets in it.
    Planted(AttributeValue, Vec<Secret>),
    Map(Vec<(String, Cell)>),
    List(Vec<Cell>),
}

/// An item.
pub(super) type Row = Vec<(String, Cell)>;

/// Makes an item, or the members of a map: `row([("id", s("1"))])`.
pub(super) fn row<const N: usize>(members: [(&str, Cell); N]) -> Row {
    members.into_iter().map(|(name, cell)| (name.to_owned(), cell)).collect()
}

pub(super) fn map<const N: usize>(members: [(&str, Cell); N]) -> Cell {
    Cell::Map(row(members))
}

pub(super) fn list(members: impl IntoIterator<Item = Cell>) -> Cell {
    Cell::List(members.into_iter().collect())
}

pub(super) fn s(text: impl Into<String>) -> Cell {
    Cell::Plain(AttributeValue::S(text.into()))
}

/// A number, of up to 38 digits.
pub(super) fn n(number: impl ToString) -> Cell {
    Cell::Plain(AttributeValue::N(number.to_string()))
}

pub(super) fn b(bytes: impl Into<Vec<u8>>) -> Cell {
    Cell::Plain(AttributeValue::B(bytes.into()))
}

pub(super) fn flag(value: bool) -> Cell {
    Cell::Plain(AttributeValue::Bool(value))
}

pub(super) fn null() -> Cell {
    Cell::Plain(AttributeValue::Null)
}

pub(super) fn words<const N: usize>(set: [&str; N]) -> Cell {
    Cell::Plain(AttributeValue::Ss(set.map(str::to_owned).to_vec()))
}

/// A string that is a secret as a whole.
pub(super) fn secret(secret: Secret) -> Cell {
    Cell::Planted(AttributeValue::S(secret.value.clone()), vec![secret])
}

/// A string with secrets somewhere in it.
pub(super) fn text_with(text: impl Into<String>, secrets: Vec<Secret>) -> Cell {
    Cell::Planted(AttributeValue::S(text.into()), secrets)
}

/// Every secret of an item, with its path.
pub(super) fn secrets(row: &Row) -> Vec<(AttributePath, Secret)> {
    let mut found = Vec::new();
    for (name, cell) in row {
        collect(&AttributePath::attribute(name), cell, &mut found);
    }
    found
}

fn collect(path: &AttributePath, cell: &Cell, found: &mut Vec<(AttributePath, Secret)>) {
    match cell {
        Cell::Plain(_) => {}
        Cell::Planted(_, secrets) => found.extend(secrets.iter().map(|s| (path.clone(), s.clone()))),
        Cell::Map(members) => {
            for (name, cell) in members {
                collect(&path.child(Step::Name(name.clone())), cell, found);
            }
        }
        Cell::List(members) => {
            for (n, cell) in members.iter().enumerate() {
                collect(&path.child(Step::Index(n)), cell, found);
            }
        }
    }
}

/// An item in DynamoDB JSON.
pub(super) fn json(row: Row) -> serde_json::Map<String, serde_json::Value> {
    row.into_iter().map(|(name, cell)| (name, json_cell(cell))).collect()
}

fn json_cell(cell: Cell) -> serde_json::Value {
    use serde_json::json;
    match cell {
        Cell::Plain(value) | Cell::Planted(value, _) => json_value(value),
        Cell::Map(members) => json!({ "M": json(members) }),
        Cell::List(members) => json!({ "L": members.into_iter().map(json_cell).collect::<Vec<_>>() }),
    }
}

fn json_value(value: AttributeValue) -> serde_json::Value {
    use base64::Engine;
    use serde_json::json;
    let base64 = |bytes: Vec<u8>| base64::engine::general_purpose::STANDARD.encode(bytes);
    let kind = value.kind();
    match value {
        AttributeValue::S(text) | AttributeValue::N(text) => json!({ kind: text }),
        AttributeValue::B(bytes) => json!({ kind: base64(bytes) }),
        AttributeValue::Bool(flag) => json!({ kind: flag }),
        AttributeValue::Null | AttributeValue::Unknown => json!({ "NULL": true }),
        AttributeValue::Ss(set) | AttributeValue::Ns(set) => json!({ kind: set }),
        AttributeValue::Bs(set) => json!({ kind: set.into_iter().map(base64).collect::<Vec<_>>() }),
        AttributeValue::L(members) => {
            json!({ kind: members.into_iter().map(json_value).collect::<Vec<_>>() })
        }
        AttributeValue::M(members) => {
            let members: serde_json::Map<_, _> =
                members.into_iter().map(|(n, v)| (n, json_value(v))).collect();
            json!({ kind: members })
        }
    }
}
