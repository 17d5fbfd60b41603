//! The index that is replaced, and what takes its place.

use serde_json::{Value, json};

use super::Needs;
use super::copies::holding;
use super::flavour::json as ascii;
use super::slots::{Ask, description, hashed_name, is_named, path};
use crate::domain::{Billing, Index, KeyAttribute, KeyType, Projection, Step};

/// The index to replace: the one that the finding is about. Where it does not tell, the first that carries more
/// than keys. A local index cannot be replaced.
pub(super) fn index<'a>(ask: &Ask<'a>) -> Result<&'a Index, Needs> {
    let description = description(ask)?;
    let holding = match ask.finding.path() {
        Some(_) => holding(description, &path(ask)),
        None => {
            let named = |i: &&Index| ask.finding.said().any(|e| e.text("index") == Some(&i.name));
            description.indexes.iter().filter(named).collect()
        }
    };
    let keyed = holding.iter().find(|i| i.global && secret(ask, i).is_some());
    if let Some(found) = keyed.or(holding.iter().find(|i| i.global)) {
        return Ok(found);
    }
    let global = || description.indexes.iter().filter(|i| i.global && holding.is_empty());
    let wide = global().find(|i| i.projection != Projection::KeysOnly);
    wide.or(global().next()).ok_or(Needs::NoTemplate)
}

/// The key attribute of an index that is the secret, if one is.
pub(super) fn secret<'a>(ask: &Ask<'_>, index: &'a Index) -> Option<&'a KeyAttribute> {
    let path = path(ask);
    index.keys().find(|a| match path.steps() {
        [] => ask
            .finding
            .said()
            .any(|e| e.text("index") == Some(&index.name) && e.text("attribute") == Some(&a.name)),
        steps => steps == [Step::Name(a.name.clone())],
    })
}

/// The attributes of the new key with their roles, every one of them: a hash in place of a secret.
fn new_key(ask: &Ask<'_>) -> Result<Vec<(KeyAttribute, &'static str)>, Needs> {
    let index = index(ask)?;
    let secret = secret(ask, index);
    let new = |a: &KeyAttribute| {
        if Some(a) == secret {
            KeyAttribute { name: hashed_name(&a.name), kind: KeyType::S }
        } else {
            a.clone()
        }
    };
    let hash = index.partition().map(|a| (new(a), "HASH"));
    Ok(hash.chain(index.sort().map(|a| (new(a), "RANGE"))).collect())
}

/// The definitions of its key's attributes, as UpdateTable takes them.
pub(super) fn attributes(ask: &Ask<'_>) -> Result<String, Needs> {
    let all: Value = new_key(ask)?
        .iter()
        .map(|(a, _)| json!({"AttributeName": a.name, "AttributeType": a.kind.letter()}))
        .collect();
    Ok(ascii(&all))
}

/// What the new index carries besides its keys: of a list, what is left without the secret. An index that carries all is
/// replaced by one of keys alone, for which attributes are needed only a person knows.
fn carries(ask: &Ask<'_>, index: &Index) -> Vec<String> {
    let Projection::Include(names) = &index.projection else { return Vec::new() };
    let root = path(ask);
    let is_secret = |name: &str| match root.root() {
        Some(root) => root == name,
        None => ask.finding.said().any(|e| e.text("attribute") == Some(name)) || is_named(ask, name),
    };
    names.iter().filter(|name| !is_secret(name)).cloned().collect()
}

/// The creation of the new index, as UpdateTable takes it.
pub(super) fn create(ask: &Ask<'_>) -> Result<String, Needs> {
    let index = index(ask)?;
    let schema: Value =
        new_key(ask)?.iter().map(|(a, role)| json!({"AttributeName": a.name, "KeyType": role})).collect();
    let carried = carries(ask, index);
    let projection = match carried.as_slice() {
        [] => json!({"ProjectionType": "KEYS_ONLY"}),
        names => json!({"ProjectionType": "INCLUDE", "NonKeyAttributes": names}),
    };
    let mut create = json!({
        "IndexName": format!("{}_v2", index.name),
        "KeySchema": schema,
        "Projection": projection,
    });
    if let Some((read, write)) = capacity(ask, index)? {
        create["ProvisionedThroughput"] = json!({"ReadCapacityUnits": read, "WriteCapacityUnits": write});
    }
    Ok(ascii(&json!([{ "Create": create }])))
}

/// Read and write capacity units of the new index: those of the old one, or else of the table. None on demand.
pub(super) fn capacity(ask: &Ask<'_>, index: &Index) -> Result<Option<(u64, u64)>, Needs> {
    let Billing::Provisioned { read, write } = description(ask)?.billing else { return Ok(None) };
    let (read, write) = index.capacity.unwrap_or((read, write.unwrap_or(read)));
    Ok(Some((read.max(1), write.max(1))))
}

/// What there is to know of the key of the new index.
pub(super) fn key_note(ask: &Ask<'_>) -> Result<String, Needs> {
    Ok(match secret(ask, index(ask)?) {
        None => "The new index has the key of the old one.".into(),
        Some(secret) => format!(
            "The key {} is itself the secret: the new index has {} in its place.\nLet the application write that \
             into every item first, the SHA-256 of the value in hex, and look items up by it.\nThen take {} out of \
             the items, once nothing reads it.",
            secret.name,
            hashed_name(&secret.name),
            secret.name
        ),
    })
}

/// What each index of the table carries, a line each.
pub(super) fn notes(ask: &Ask<'_>) -> Result<String, Needs> {
    let line = |i: &Index| {
        let kind = if i.global { "global" } else { "local, which needs a new table" };
        let what = match &i.projection {
            Projection::All => "every attribute".to_owned(),
            Projection::KeysOnly => "keys only".to_owned(),
            Projection::Include(names) => format!("keys and {}", names.join(", ")),
        };
        format!("Index {}: {kind}, carries {what}.", i.name)
    };
    Ok(description(ask)?.indexes.iter().map(line).collect::<Vec<_>>().join("\n"))
}
