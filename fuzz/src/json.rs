//! Any JSON: an object is an item whose members are told as DynamoDB would hold them; other text is one value.

#![no_main]

use dynaudit_fuzz::check;
use dynaudit_fuzz::domain::{AttributeValue, Item};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

fn attribute(value: &Value) -> AttributeValue {
    match value {
        Value::Null => AttributeValue::Null,
        Value::Bool(truth) => AttributeValue::Bool(*truth),
        Value::Number(number) => AttributeValue::N(number.to_string()),
        Value::String(text) => AttributeValue::S(text.clone()),
        Value::Array(list) => AttributeValue::L(list.iter().map(attribute).collect()),
        Value::Object(map) => AttributeValue::M(map.iter().map(|(n, v)| (n.clone(), attribute(v))).collect()),
    }
}

fuzz_target!(|text: &str| {
    check(|| Item::new(vec![("data".into(), AttributeValue::S(text.to_owned()))]));
    if let Ok(Value::Object(map)) = serde_json::from_str(text) {
        check(|| Item::new(map.iter().map(|(n, v)| (n.clone(), attribute(v))).collect()));
    }
});
