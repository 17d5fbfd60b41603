//! Items from text, one JSON object a line: DynamoDB JSON, an answer or a stream record that holds it, or plain JSON.
//!
//! What is wholly DynamoDB JSON is read as that; anything else is plain JSON, so that nothing is left out: of two members
//! of one name both are read. Errors say where and what, never the content.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::error::Category;

use crate::domain::{AttributeValue, Item};

/// Longest line that is read, in bytes. An item has at most 400 KB (DynamoDB Developer Guide, "Quotas");
/// escapes make a byte six at the most.
pub const MAX_LINE: usize = 4 * 1024 * 1024;

/// Deepest nesting of values. DynamoDB allows 32 levels.
pub const MAX_DEPTH: usize = 64;

/// Why a line is no item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonError {
    /// Where, in bytes, from 1; 0 for the line as a whole.
    pub column: usize,
    /// What is wrong, without the content.
    pub message: &'static str,
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.column {
            0 => f.write_str(self.message),
            column => write!(f, "column {column}: {}", self.message),
        }
    }
}

impl std::error::Error for JsonError {}

/// What a line holds.
#[derive(Default, PartialEq)]
pub struct Line {
    /// Its items.
    pub items: Vec<Item>,
    /// How many items an answer says that it has, where it says more than it holds.
    pub counted: Option<u64>,
    /// It is a page, and says that more follow.
    pub follows: bool,
}

/// Reads the items of one line: one, or as many as an answer of Scan or Query or a stream record holds. Numbers
/// keep every digit.
///
/// # Errors
/// What is not one JSON object, or is longer than [`MAX_LINE`] or deeper than [`MAX_DEPTH`]. The caller knows
/// the line's number, and skips blank lines.
pub fn parse_line(line: &str) -> Result<Line, JsonError> {
    let whole = |message| JsonError { column: 0, message };
    if line.len() > MAX_LINE {
        return Err(whole("the line is longer than 4 MiB"));
    }
    let line = line.strip_prefix('\u{feff}').unwrap_or(line);
    let value = serde_json::from_str(line).map_err(|e| JsonError {
        column: e.column(),
        message: match e.classify() {
            Category::Eof => "the line ends within a value",
            _ if line.trim().is_empty() => "the line is blank",
            // serde_json stops at 128 levels, which is more than any item has.
            _ if depth_at_most(line, 126) => "not JSON",
            _ => "nested too deeply",
        },
    })?;
    let Value::Object(object) = value else { return Err(whole("not a JSON object")) };
    let is_of_error = |(name, _): &(String, Value)| matches!(name.as_str(), "__type" | "message" | "Message");
    if object.len() > 1 && object.iter().any(|(name, _)| name == "__type") && object.iter().all(is_of_error) {
        return Err(whole("an error of the service instead of items"));
    }
    let answer = match unwrap(object) {
        Ok(answer) => answer,
        Err(object) => CliAnswer { items: vec![read(object)], ..CliAnswer::default() },
    };
    let items: Option<Vec<Item>> = answer.items.into_iter().collect();
    let items = items.ok_or_else(|| whole("nested too deeply"))?;
    let counted = answer.counted.filter(|n| *n > items.len() as u64);
    Ok(Line { items, counted, follows: answer.follows })
}

/// JSON with its members as they were sent. `serde_json::Value` keeps the last of two members of one name.
enum Value {
    Null,
    Bool(bool),
    /// As written.
    Number(String),
    String(String),
    Array(Vec<Value>),
    Object(Object),
}

type Object = Vec<(String, Value)>;

/// What serde_json calls the one member of a number that it keeps as text.
const NUMBER: &str = "$serde_json::private::Number";

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ItemReader)
    }
}

struct ItemReader;

impl<'de> Visitor<'de> for ItemReader {
    type Value = Value;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }
    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }
    fn visit_bool<E>(self, truth: bool) -> Result<Value, E> {
        Ok(Value::Bool(truth))
    }
    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(Value::Number(number.to_string()))
    }
    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(Value::Number(number.to_string()))
    }
    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        Ok(Value::Number(number.to_string()))
    }
    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::String(text.to_owned()))
    }
    fn visit_string<E>(self, text: String) -> Result<Value, E> {
        Ok(Value::String(text))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let mut all = Vec::new();
        while let Some(value) = list.next_element()? {
            all.push(value);
        }
        Ok(Value::Array(all))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut members = Object::new();
        while let Some(name) = map.next_key::<String>()? {
            let value = map.next_value()?;
            members.push((name, value));
        }
        match members.as_slice() {
            // A number. A map with a member of that name says so in the text, and any value may stand there.
            [(name, Value::String(digits))] if name == NUMBER && is_number(digits) => {
                Ok(Value::Number(digits.clone()))
            }
            all if all.iter().any(|(name, _)| name == NUMBER) => {
                Err(A::Error::custom("a name that no JSON has"))
            }
            _ => Ok(Value::Object(members)),
        }
    }
}

/// An answer of Scan, Query or GetItem, or a record of a stream or an export: the members that hold items, the
/// key that says which of these it is being the first, and those that may stand beside them. An object with
/// any other member is an item, so that nothing is left out.
struct Envelope {
    items: &'static [&'static str],
    beside: &'static [&'static str],
}

const ENVELOPES: &[Envelope] = &[
    // API Reference, Scan and Query; NextToken is the AWS CLI's.
    Envelope {
        items: &["Items"],
        beside: &["Count", "ScannedCount", "ConsumedCapacity", "LastEvaluatedKey", "NextToken"],
    },
    // API Reference, GetItem; a line of a full export to S3 has the item alone.
    Envelope { items: &["Item"], beside: &["ConsumedCapacity"] },
    // API Reference, StreamRecord; a line of an incremental export to S3.
    Envelope {
        items: &["NewImage", "OldImage", "Keys"],
        beside: &[
            "ApproximateCreationDateTime",
            "ApproximateCreationDateTimePrecision",
            "SequenceNumber",
            "SizeBytes",
            "StreamViewType",
            "Metadata",
        ],
    },
];

/// What may stand beside a stream record in an event (API Reference, Record; Kinesis adds the last two).
const EVENT: &[&str] = &[
    "awsRegion",
    "eventID",
    "eventName",
    "eventSource",
    "eventSourceARN",
    "eventVersion",
    "userIdentity",
    "tableName",
    "recordFormat",
];

/// What an envelope holds.
#[derive(Default)]
struct CliAnswer {
    /// `None` for one that is nested too deeply.
    items: Vec<Option<Item>>,
    /// How many it says that it has.
    counted: Option<u64>,
    /// It says that more follow.
    follows: bool,
}

/// What is in an envelope; or the object back, if it is none.
fn unwrap(mut object: Object) -> Result<CliAnswer, Object> {
    let records = object.iter().filter(|(k, _)| k == "dynamodb").count();
    if records == 1
        && object.iter().all(|(k, _)| k == "dynamodb" || EVENT.contains(&k.as_str()))
        && let Some((_, Value::Object(record))) = object.iter_mut().find(|(k, _)| k == "dynamodb")
    {
        match unwrap(std::mem::take(record)) {
            Ok(answer) => return Ok(answer),
            Err(back) => *record = back,
        }
    }
    let number = |wanted: &str| {
        let all = object.iter().filter(|(k, _)| k == wanted);
        all.filter_map(|(_, v)| if let Value::Number(n) = v { n.parse::<u64>().ok() } else { None }).max()
    };
    let counted = number("Count");
    let is_set = |(k, v): &(String, Value)| FOLLOWS.contains(&k.as_str()) && !matches!(v, Value::Null);
    let follows = object.iter().any(is_set);
    // An answer to `Select=COUNT` has numbers alone.
    let counts_only = counted.is_some()
        && number("ScannedCount").is_some()
        && object.iter().all(|(k, _)| ENVELOPES[0].beside.contains(&k.as_str()));
    if counts_only {
        return Ok(CliAnswer { items: Vec::new(), counted, follows });
    }
    let fits = |envelope: &&Envelope| {
        let of = |names: &[&str], key: &String| names.contains(&key.as_str());
        object.iter().any(|(k, _)| of(envelope.items, k))
            && object.iter().all(|(k, v)| {
                if !of(envelope.items, k) {
                    return of(envelope.beside, k);
                }
                // Only DynamoDB JSON is wrapped so; a plain object may have an attribute of that name.
                match v {
                    Value::Array(list) => list.iter().all(is_typed_item),
                    one => is_typed_item(one),
                }
            })
    };
    let Some(envelope) = ENVELOPES.iter().find(fits) else { return Err(object) };
    let order = |key: &str| envelope.items.iter().position(|name| *name == key);
    let mut held: Vec<(usize, Value)> =
        object.into_iter().filter_map(|(k, v)| order(&k).map(|at| (at, v))).collect();
    held.sort_by_key(|(at, _)| *at);
    let mut items = Vec::new();
    for (at, value) in held {
        match value {
            Value::Array(list) => items.extend(list.into_iter().filter_map(|v| match v {
                Value::Object(item) => Some(read(item)),
                _ => None,
            })),
            // The images of a record hold its key, too.
            Value::Object(item) if envelope.items[at] != "Keys" || items.is_empty() => {
                items.push(read(item));
            }
            _ => {}
        }
    }
    // Only answers of Scan and Query count.
    let counted = counted.filter(|_| envelope.beside.contains(&"Count"));
    Ok(CliAnswer { items, counted, follows })
}

/// What a page has where more follow: the API's, and the AWS CLI's.
const FOLLOWS: &[&str] = &["LastEvaluatedKey", "NextToken"];

fn is_typed_item(value: &Value) -> bool {
    matches!(value, Value::Object(item) if item.iter().all(|(_, v)| is_typed(v)))
}

/// One item; `None` if it is nested too deeply.
fn read(object: Object) -> Option<Item> {
    match typed_item(object) {
        Ok(item) => item,
        Err(back) => members(back, |v| plain(v, 1)).map(Item::new),
    }
}

/// An item of DynamoDB JSON, `None` inside if it is nested too deeply; or the object back, if it is not
/// wholly DynamoDB JSON. An empty object counts as DynamoDB JSON.
fn typed_item(object: Object) -> Result<Option<Item>, Object> {
    if !object.iter().all(|(_, v)| is_typed(v)) {
        return Err(object);
    }
    Ok(members(object, |v| typed(v, 1)).map(Item::new))
}

fn members(
    object: Object,
    mut each: impl FnMut(Value) -> Option<AttributeValue>,
) -> Option<Vec<(String, AttributeValue)>> {
    object.into_iter().map(|(name, v)| Some((name, each(v)?))).collect()
}

/// Whether a value is `{"<type>": ...}` all the way down, each type with the shape that it must have
/// (DynamoDB API Reference, AttributeValue).
fn is_typed(value: &Value) -> bool {
    let Value::Object(object) = value else { return false };
    let [(kind, inner)] = object.as_slice() else { return false };
    let string = |v: &Value, fits: fn(&str) -> bool| matches!(v, Value::String(s) if fits(s));
    let strings = |fits| matches!(inner, Value::Array(set) if set.iter().all(|v| string(v, fits)));
    match kind.as_str() {
        "S" => string(inner, |_| true),
        "N" => string(inner, is_number),
        "B" => string(inner, is_base64),
        "BOOL" | "NULL" => matches!(inner, Value::Bool(_)),
        "SS" => strings(|_| true),
        "NS" => strings(is_number),
        "BS" => strings(is_base64),
        "M" => matches!(inner, Value::Object(m) if m.iter().all(|(_, v)| is_typed(v))),
        "L" => matches!(inner, Value::Array(l) if l.iter().all(is_typed)),
        _ => false,
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty()
        && text.bytes().any(|b| b.is_ascii_digit())
        && text.bytes().all(|b| b.is_ascii_digit() || b"+-.eE".contains(&b))
}

fn is_base64(text: &str) -> bool {
    STANDARD.decode(text).is_ok()
}

/// A value for which [`is_typed`] holds; `None` if it is nested too deeply.
fn typed(value: Value, depth: usize) -> Option<AttributeValue> {
    if depth > MAX_DEPTH {
        return None;
    }
    let Value::Object(object) = value else { return Some(AttributeValue::Unknown) };
    let Some((kind, inner)) = object.into_iter().next() else { return Some(AttributeValue::Unknown) };
    let bytes = |text: String| STANDARD.decode(text).unwrap_or_default();
    Some(match (kind.as_str(), inner) {
        ("S", Value::String(s)) => AttributeValue::S(s),
        ("N", Value::String(n)) => AttributeValue::N(n),
        ("B", Value::String(b)) => AttributeValue::B(bytes(b)),
        ("BOOL", Value::Bool(b)) => AttributeValue::Bool(b),
        ("NULL", _) => AttributeValue::Null,
        ("SS", Value::Array(set)) => AttributeValue::Ss(strings(set)),
        ("NS", Value::Array(set)) => AttributeValue::Ns(strings(set)),
        ("BS", Value::Array(set)) => AttributeValue::Bs(strings(set).into_iter().map(bytes).collect()),
        ("M", Value::Object(m)) => AttributeValue::M(members(m, |v| typed(v, depth + 1))?),
        ("L", Value::Array(list)) => {
            AttributeValue::L(list.into_iter().map(|v| typed(v, depth + 1)).collect::<Option<_>>()?)
        }
        _ => AttributeValue::Unknown,
    })
}

fn strings(set: Vec<Value>) -> Vec<String> {
    set.into_iter().filter_map(|v| if let Value::String(s) = v { Some(s) } else { None }).collect()
}

fn plain(value: Value, depth: usize) -> Option<AttributeValue> {
    if depth > MAX_DEPTH {
        return None;
    }
    Some(match value {
        Value::Null => AttributeValue::Null,
        Value::Bool(b) => AttributeValue::Bool(b),
        Value::Number(n) => AttributeValue::N(n),
        Value::String(s) => AttributeValue::S(s),
        Value::Array(list) => {
            AttributeValue::L(list.into_iter().map(|v| plain(v, depth + 1)).collect::<Option<_>>()?)
        }
        Value::Object(m) => AttributeValue::M(members(m, |v| plain(v, depth + 1))?),
    })
}

/// Whether brackets outside of strings are never nested deeper than this.
fn depth_at_most(line: &str, most: usize) -> bool {
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    for b in line.bytes() {
        match b {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'{' | b'[' if !quoted => depth += 1,
            b'}' | b']' if !quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > most {
            return false;
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// An item as text, for comparing only: types are the letters before the colon.
    fn text(value: &AttributeValue) -> String {
        let joined = |all: Vec<String>| all.join(",");
        match value {
            AttributeValue::S(s) => format!("S:{s}"),
            AttributeValue::N(n) => format!("N:{n}"),
            AttributeValue::B(b) => format!("B:{b:?}"),
            AttributeValue::Bool(b) => format!("BOOL:{b}"),
            AttributeValue::Null | AttributeValue::Unknown => value.kind().to_owned(),
            AttributeValue::Ss(s) | AttributeValue::Ns(s) => {
                format!("{}:{}", value.kind(), joined(s.clone()))
            }
            AttributeValue::Bs(s) => format!("BS:{s:?}"),
            AttributeValue::L(l) => format!("[{}]", joined(l.iter().map(text).collect())),
            AttributeValue::M(m) => format!("{{{}}}", fields(m)),
        }
    }

    fn fields(all: &[(String, AttributeValue)]) -> String {
        all.iter().map(|(n, v)| format!("{n}={}", text(v))).collect::<Vec<_>>().join(",")
    }

    fn check(line: &str, expect: &str) {
        let shown = match parse_line(line) {
            Ok(line) => line.items.iter().map(|i| fields(i.attributes())).collect::<Vec<_>>().join(" | "),
            Err(e) => format!("error: {e}"),
        };
        assert_eq!(shown, expect, "{line}");
    }

    #[test]
    fn reads_dynamodb_json() {
        check(r#"{"a":{"S":"x"},"n":{"N":"1.50"}}"#, "a=S:x,n=N:1.50");
        check(r#"{"Item":{"a":{"S":"x"}}}"#, "a=S:x");
        check(r#"{"b":{"B":"AQI="},"s":{"BS":["AQ=="]}}"#, "b=B:[1, 2],s=BS:[[1]]");
        check(r#"{"m":{"M":{"l":{"L":[{"NULL":true},{"BOOL":false}]}}}}"#, "m={l=[NULL,BOOL:false]}");
        check(r#"{"s":{"SS":["x","y"]},"n":{"NS":["1","2"]}}"#, "s=SS:x,y,n=NS:1,2");
    }

    #[test]
    fn answers_and_records_are_unwrapped() {
        check(r#"{"Items":[{"a":{"S":"x"}},{"a":{"S":"y"}}],"Count":2,"ScannedCount":2}"#, "a=S:x | a=S:y");
        check(r#"{"Items":[],"Count":0}"#, "");
        check(r#"{"Item":{"a":{"S":"x"}},"ConsumedCapacity":null}"#, "a=S:x");
        check(
            r#"{"Keys":{"k":{"N":"1"}},"NewImage":{"k":{"N":"1"}},"OldImage":{"o":{"N":"2"}}}"#,
            "k=N:1 | o=N:2",
        );
        check(r#"{"Metadata":{"t":1},"Keys":{"k":{"N":"1"}}}"#, "k=N:1");
        check(r#"{"eventID":"1","dynamodb":{"NewImage":{"a":{"S":"x"}},"SizeBytes":3}}"#, "a=S:x");
        // What only looks so keeps every member.
        check(r#"{"Items":[{"a":"x"}]}"#, "Items=[{a=S:x}]");
        check(r#"{"Items":[{"a":{"S":"x"}}],"note":"y"}"#, "Items=[{a={S=S:x}}],note=S:y");
        check(r#"{"dynamodb":{"a":"x"},"eventID":"1"}"#, "dynamodb={a=S:x},eventID=S:1");
    }

    #[test]
    fn anything_else_is_plain_json() {
        check(r#"{"a":"x","n":1,"t":true,"z":null}"#, "a=S:x,n=N:1,t=BOOL:true,z=NULL");
        check(r#"{"a":{"S":"x"},"b":"y"}"#, "a={S=S:x},b=S:y");
        check(r#"{"a":{"S":5}}"#, "a={S=N:5}");
        check(r#"{"a":{"B":"not base64!"}}"#, "a={B=S:not base64!}");
        check(r#"{"a":{"M":{"k":"v"}}}"#, "a={M={k=S:v}}");
        check(r#"{"Item":{"a":"x"}}"#, "Item={a=S:x}");
        check(r#"{"Item":"x"}"#, "Item=S:x");
        check("{}", "");
    }

    #[test]
    fn of_two_members_of_one_name_both_are_read() {
        check(r#"{"a":"x","a":"y"}"#, "a=S:x,a=S:y");
        check(r#"{"a":{"S":"x"},"a":{"S":"y"}}"#, "a=S:x,a=S:y");
        check(r#"{"a":{"S":"x","S":"y"}}"#, "a={S=S:x,S=S:y}");
        check(r#"{"m":{"M":{"a":{"S":"x"},"a":{"N":"1"}}}}"#, "m={a=S:x,a=N:1}");
        check(r#"{"Items":[{"a":{"S":"x"}}],"Items":[{"a":{"S":"y"}}]}"#, "a=S:x | a=S:y");
        check(r#"{"Item":{"a":{"S":"x"}},"Item":{"a":{"S":"y"}}}"#, "a=S:x | a=S:y");
        let two = r#"{"dynamodb":{"NewImage":{"a":{"S":"x"}}},"dynamodb":{"NewImage":{"a":{"S":"y"}}}}"#;
        check(two, "dynamodb={NewImage={a={S=S:x}}},dynamodb={NewImage={a={S=S:y}}}");
    }

    #[test]
    fn an_answer_says_what_it_lacks() {
        let check = |line: &str, items: usize, counted: Option<u64>, follows: bool| {
            let read = parse_line(line).ok().map(|l| (l.items.len(), l.counted, l.follows));
            assert_eq!(read, Some((items, counted, follows)), "{line}");
        };
        check(r#"{"Items":[],"Count":0}"#, 0, None, false);
        check(
            r#"{"Items":[{"a":{"S":"x"}}],"Count":1,"ScannedCount":9,"LastEvaluatedKey":null}"#,
            1,
            None,
            false,
        );
        check(r#"{"Items":[{"a":{"S":"x"}}],"Count":50}"#, 1, Some(50), false);
        check(r#"{"Count":50,"ScannedCount":100}"#, 0, Some(50), false);
        check(r#"{"Count":0,"ScannedCount":100}"#, 0, None, false);
        check(r#"{"Items":[],"LastEvaluatedKey":{"a":{"S":"x"}}}"#, 0, None, true);
        check(r#"{"Items":[],"NextToken":"eyJ"}"#, 0, None, true);
        // An item that only looks so.
        check(r#"{"Count":50}"#, 1, None, false);
        check(r#"{"Count":{"N":"50"},"a":{"S":"x"}}"#, 1, None, false);
    }

    #[test]
    fn numbers_keep_every_digit() {
        let digits = "12345678901234567890123456789012345678";
        check(&format!(r#"{{"n":{digits}}}"#), &format!("n=N:{digits}"));
        check(r#"{"n":0.10}"#, "n=N:0.10");
    }

    #[test]
    fn errors_say_where_and_never_what() {
        check(r#"{"a":"hunter"#, "error: column 12: the line ends within a value");
        check(r#"{"a":hunter}"#, "error: column 6: not JSON");
        check(r#"{"a":1} hunter"#, "error: column 9: not JSON");
        check("[1]", "error: not a JSON object");
        check("hunter", "error: column 1: not JSON");
        let deep = |n: usize| format!(r#"{{"a":{}{}}}"#, "[".repeat(n), "]".repeat(n));
        check(&deep(65), "error: nested too deeply");
        check(&deep(5000), "error: column 132: nested too deeply");
        assert!(parse_line(&deep(64)).is_ok());
        let typed = |n: usize| format!(r#"{{"a":{}{{"S":"x"}}{}}}"#, r#"{"L":["#.repeat(n), "]}".repeat(n));
        assert!(parse_line(&typed(32)).is_ok(), "what DynamoDB allows");
        assert_eq!(
            parse_line(&" ".repeat(MAX_LINE + 1)).err().map(|e| e.message),
            Some("the line is longer than 4 MiB")
        );
    }

    proptest! {
        #[test]
        fn no_text_panics_and_no_error_repeats_it(line in "\\PC{0,40}|[\\[\\]{}\":,SNBMLItema0-9 ]{0,60}") {
            if let Err(e) = parse_line(&line) {
                prop_assert!(e.column <= line.len() + 1);
            }
        }

        #[test]
        fn plain_strings_survive(name in "[a-z]{1,8}", text in ".*") {
            let line = serde_json::json!({ &name: &text }).to_string();
            let items = parse_line(&line).expect("an object");
            let items = items.items;
            prop_assert!(items.len() == 1 && items[0].get(&name) == Some(&AttributeValue::S(text)));
        }
    }
}
