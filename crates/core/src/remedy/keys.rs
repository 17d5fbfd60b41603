//! Keys of items that are known: those that were shown, where nothing of them is masked, cut or made visible.

use serde_json::{Value, json};

use super::slots::Ask;
use crate::domain::{KeyAttribute, KeySchema, KeyType, Origin};

/// The keys of items that hold the secret, as DynamoDB takes them. A key is told in words, so one of which a part could
/// be read in two ways is not among them; a person types it.
pub(super) fn known(ask: &Ask<'_>) -> Vec<Value> {
    let Origin::Secret(flagged) = &ask.finding.origin else { return Vec::new() };
    let Some(description) = ask.facts.description.known() else { return Vec::new() };
    if ask.options.mask_keys {
        return Vec::new();
    }
    flagged.items.iter().filter_map(|key| read(key.shown(false).as_str(), &description.key)).collect()
}

/// Eight hexadecimal digits that tell one key from another, and not what it is.
pub(super) fn digest(key: &Value) -> String {
    use sha2::{Digest, Sha256};
    let sorted: std::collections::BTreeMap<&String, &Value> = key.as_object().into_iter().flatten().collect();
    let hash = Sha256::digest(super::flavour::json(&json!(sorted)).as_bytes());
    hash.iter().take(4).map(|byte| format!("{byte:02x}")).collect()
}

fn read(shown: &str, schema: &KeySchema) -> Option<Value> {
    if shown.is_empty() || shown.chars().any(is_no_part_of_a_key) {
        return None;
    }
    let parts: Vec<&str> = match &schema.sort {
        None => vec![shown],
        Some(_) => shown.split(" / ").collect(),
    };
    let attributes: Vec<&KeyAttribute> = std::iter::once(&schema.partition).chain(&schema.sort).collect();
    // Separators that overlap could be read in more than one way.
    let separators = shown.as_bytes().windows(3).filter(|w| w == b" / ").count();
    if parts.len() != attributes.len() || (schema.sort.is_some() && separators != 1) {
        return None;
    }
    let typed = |(attribute, part): (&&KeyAttribute, &&str)| match attribute.kind {
        KeyType::S => Some((attribute.name.clone(), json!({ "S": part }))),
        KeyType::N => part.parse::<f64>().ok().map(|_| (attribute.name.clone(), json!({ "N": part }))),
        // How bytes are shown is for reading.
        KeyType::B => None,
    };
    let members: Option<serde_json::Map<String, Value>> = attributes.iter().zip(&parts).map(typed).collect();
    members.map(Value::Object)
}

/// A mask, what was cut, or the visible mark of what cannot be seen; and a quote at the edge, which may be ours.
fn is_no_part_of_a_key(c: char) -> bool {
    matches!(c, '•' | '…' | '‹' | '›' | '\u{2400}'..='\u{2424}' | '\u{fffd}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(shown: &str, sort: bool, expect: Option<Value>) {
        let attribute = |name: &str, kind| KeyAttribute { name: name.into(), kind };
        let sort = sort.then(|| attribute("at", KeyType::N));
        let schema = KeySchema { partition: attribute("id", KeyType::S), sort };
        assert_eq!(read(shown, &schema), expect, "{shown}");
    }

    /// Python makes the same of the same key: `hashlib.sha256(json.dumps(key, sort_keys=True, separators=(",", ":")))`.
    #[test]
    fn a_digest_is_that_of_python() {
        assert_eq!(digest(&json!({"id": {"S": "caf\u{e9}"}, "at": {"N": "7"}})), "75c9bf87");
    }

    #[test]
    fn only_what_can_be_read_in_one_way_is_a_key() {
        check("order-1", false, Some(json!({"id": {"S": "order-1"}})));
        check("a / b", false, Some(json!({"id": {"S": "a / b"}})));
        check("a / 7", true, Some(json!({"id": {"S": "a"}, "at": {"N": "7"}})));
        check("a / b / 7", true, None);
        check("a / b", true, None);
        check("a", true, None);
        check("a / / 7", true, None);
        check("a / /  7", true, None);
        check("sk_live_••••1234", false, None);
        check("a very long one…", false, None);
        check("a␊b", false, None);
        check("", false, None);
    }
}
