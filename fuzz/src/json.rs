//! Any JSON: an object is an item whose members are told as DynamoDB would hold them; other text is one value.

#![no_main]

use dynaudit_fuzz::check;
use dynaudit_fuzz::domain::{AttributeValue, Item};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

/// DynamoDB nests 32 levels; a deeper item is told not to be inspected, rightly.
const DEEPEST: usize = 32;

fn attribute(value: &Value, depth: usize) -> AttributeValue {
    let below = |value: &Value| attribute(value, depth + 1);
    match value {
        Value::Bool(truth) => AttributeValue::Bool(*truth),
        Value::Number(number) => AttributeValue::N(number.to_string()),
        Value::String(text) => AttributeValue::S(text.clone()),
        Value::Array(list) if depth < DEEPEST => AttributeValue::L(list.iter().map(below).collect()),
        Value::Object(map) if depth < DEEPEST => {
            AttributeValue::M(map.iter().map(|(name, value)| (name.clone(), below(value))).collect())
        }
        _ => AttributeValue::Null,
    }
}

fuzz_target!(|text: &str| {
    check(|| Item::new(vec![("data".into(), AttributeValue::S(text.to_owned()))]));
    if let Ok(Value::Object(map)) = serde_json::from_str(text) {
        check(|| Item::new(map.iter().map(|(name, value)| (name.clone(), attribute(value, 1))).collect()));
    }
});
