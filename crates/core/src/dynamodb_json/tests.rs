//! What is read is what another reader reads of the same text.

use std::fmt::Write as _;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use proptest::prelude::*;
use zeroize::Zeroizing;

use super::*;
use crate::detect::{ItemView, Visitor};
use crate::domain::{AttributeValue, Item, KeyAttribute, KeySchema, KeyType};

/// A walk, as text.
#[derive(Default)]
struct Told(String);

impl Visitor for Told {
    fn enter_name(&mut self, position: usize, name: &str) {
        let _ = write!(self.0, "<{position} {name:?} ");
    }
    fn enter_index(&mut self, position: usize) {
        let _ = write!(self.0, "<{position} ");
    }
    fn leave(&mut self) {
        self.0.push('>');
    }
    fn text(&mut self, text: &str) {
        let _ = write!(self.0, "S{text:?}");
    }
    fn number(&mut self, text: &str) {
        let _ = write!(self.0, "N{text:?}");
    }
    fn binary(&mut self, bytes: &[u8]) {
        let _ = write!(self.0, "B{bytes:?}");
    }
}

fn walked(item: &impl ItemView) -> (String, bool) {
    let mut told = Told::default();
    let whole = item.walk(&mut told);
    (told.0, whole)
}

/// How a text may be written: every character that has to be is escaped, and some that need not be.
fn quoted(text: &str, odd: bool) -> String {
    let mut out = String::from("\"");
    for (n, char) in text.chars().enumerate() {
        match char {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '/' if odd => out.push_str("\\/"),
            c if c < ' ' || (odd && n % 3 == 0) => {
                c.encode_utf16(&mut [0; 2]).iter().for_each(|unit| {
                    let _ = write!(out, "\\u{unit:04x}");
                });
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

fn printed(value: &AttributeValue, odd: bool) -> String {
    let gap = if odd { " \n" } else { "" };
    let list = |all: Vec<String>| format!("[{gap}{}{gap}]", all.join(","));
    let strings = |all: &[String]| list(all.iter().map(|s| quoted(s, odd)).collect());
    let coded = |bytes: &[u8]| quoted(&STANDARD.encode(bytes), odd);
    let inner = match value {
        AttributeValue::S(s) | AttributeValue::N(s) => quoted(s, odd),
        AttributeValue::B(bytes) => coded(bytes),
        AttributeValue::Bool(truth) => truth.to_string(),
        AttributeValue::Null => String::from("true"),
        AttributeValue::Ss(set) | AttributeValue::Ns(set) => strings(set),
        AttributeValue::Bs(set) => list(set.iter().map(|b| coded(b)).collect()),
        AttributeValue::M(members) => object(members, odd),
        AttributeValue::L(members) => list(members.iter().map(|v| printed(v, odd)).collect()),
        AttributeValue::Unknown => String::from("{\"x\":[1,\"]}\"]}"),
    };
    let kind = if matches!(value, AttributeValue::Unknown) { "X" } else { value.kind() };
    format!("{{{gap}\"{kind}\"{gap}:{gap}{inner}}}")
}

fn object(members: &[(String, AttributeValue)], odd: bool) -> String {
    let all: Vec<String> =
        members.iter().map(|(name, v)| format!("{}:{}", quoted(name, odd), printed(v, odd))).collect();
    format!("{{{}}}", all.join(if odd { " ,\t" } else { "," }))
}

/// A value that a failing test may print.
#[derive(Clone)]
struct Made(AttributeValue);

impl std::fmt::Debug for Made {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&printed(&self.0, false))
    }
}

fn values() -> impl Strategy<Value = Made> {
    let text = || "[a-z\"\\\\/\n\u{1}é😀 ]{0,9}";
    let number = || "-?[0-9]{1,38}";
    let leaf = prop_oneof![
        text().prop_map(|v| Made(AttributeValue::S(v))),
        number().prop_map(|v| Made(AttributeValue::N(v))),
        prop::collection::vec(any::<u8>(), 0..9).prop_map(|v| Made(AttributeValue::B(v))),
        any::<bool>().prop_map(|v| Made(AttributeValue::Bool(v))),
        Just(()).prop_map(|()| Made(AttributeValue::Null)),
        prop::collection::vec(text(), 0..3).prop_map(|v| Made(AttributeValue::Ss(v))),
        prop::collection::vec(number(), 0..3).prop_map(|v| Made(AttributeValue::Ns(v))),
        prop::collection::vec(prop::collection::vec(any::<u8>(), 0..5), 0..3)
            .prop_map(|v| Made(AttributeValue::Bs(v))),
        Just(()).prop_map(|()| Made(AttributeValue::Unknown)),
    ];
    leaf.prop_recursive(4, 24, 5, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5)
                .prop_map(|all| Made(AttributeValue::L(all.into_iter().map(|v| v.0).collect()))),
            prop::collection::vec((text(), inner), 0..5)
                .prop_map(|all| Made(AttributeValue::M(all.into_iter().map(|(n, v)| (n, v.0)).collect()))),
        ]
    })
}

fn members() -> impl Strategy<Value = Vec<(String, Made)>> {
    prop::collection::vec(("[a-zA-Z_\"é]{0,6}", values()), 0..8)
}

fn made(members: Vec<(String, Made)>) -> Vec<(String, AttributeValue)> {
    members.into_iter().map(|(name, v)| (name, v.0)).collect()
}

fn key(names: [&str; 2]) -> KeySchema {
    let part = |name: &str| KeyAttribute { name: name.into(), kind: KeyType::S };
    KeySchema { partition: part(names[0]), sort: Some(part(names[1])) }
}

/// In the order that items of the SDK have.
fn sorted(
    members: Vec<(String, AttributeValue)>,
    rank: &dyn Fn(&str) -> usize,
) -> Vec<(String, AttributeValue)> {
    let within = |value| match value {
        AttributeValue::M(members) => AttributeValue::M(sorted(members, &|_| 2)),
        AttributeValue::L(list) => AttributeValue::L(
            list.into_iter()
                .map(|v| match v {
                    AttributeValue::M(members) => AttributeValue::M(sorted(members, &|_| 2)),
                    other => other,
                })
                .collect(),
        ),
        other => other,
    };
    let mut members: Vec<_> = members.into_iter().map(|(name, v)| (name, within(v))).collect();
    members.sort_by(|(a, _), (b, _)| (rank(a), a).cmp(&(rank(b), b)));
    members
}

fn answer(text: &str, key: Option<&KeySchema>) -> Result<Answer, Fault> {
    Answer::read(Zeroizing::new(text.as_bytes().to_vec()), key)
}

/// Lists within lists are not sorted by [`sorted`].
fn is_plain(value: &AttributeValue) -> bool {
    match value {
        AttributeValue::L(list) => list.iter().all(|v| match v {
            AttributeValue::L(_) => false,
            other => is_plain(other),
        }),
        AttributeValue::M(members) => members.iter().all(|(_, v)| is_plain(v)),
        _ => true,
    }
}

proptest! {
    /// An item that was printed is read again: the same values, the same walk, the same size.
    #[test]
    fn an_item_is_read_as_it_is(members in members(), odd: bool) {
        let item = Item::new(made(members));
        let text = format!("{{\"Items\":[{}],\"Count\":1}}", object(item.attributes(), odd));
        // Repeated names keep their order only where nothing is sorted: so the reader of lines is asked, too.
        let read = answer(&text, None).map_err(|e| TestCaseError::fail(e.to_string()))?;
        let page = read.page.expect("a list");
        prop_assert_eq!(page.len(), 1);
        let view = page.items().next().expect("one");
        prop_assert_eq!(view.size(), item.size());
        prop_assert_eq!(read.rest, b"{\"Items\":[],\"Count\":1}");
        let line = object(item.attributes(), odd);
        let mut tape = Tape::default();
        let has_unknown = walk_has_unknown(item.attributes());
        match typed_item(&line, &mut tape, Order::Sent) {
            None => prop_assert!(has_unknown || is_enveloped(&item), "not read"),
            Some(events) => {
                let view = tape.view(&line, events);
                if !is_enveloped(&item) {
                    prop_assert!(view.item() == item);
                    prop_assert_eq!(walked(&view), walked(&item));
                }
            }
        }
    }

    /// The attributes of a page stand in the order of the SDK's items.
    #[test]
    fn the_order_is_that_of_the_typed_reader(members in members(), odd: bool) {
        let members = made(members);
        prop_assume!(members.iter().all(|(_, v)| is_plain(v)));
        let schema = key(["a", "b"]);
        let text = format!("{{\"Items\":[{0},{0}]}}", object(&members, odd));
        let rank = |name: &str| ["a", "b"].iter().position(|k| *k == name).unwrap_or(2);
        let item = Item::new(sorted(members, &rank));
        let page = answer(&text, Some(&schema)).expect("right").page.expect("a list");
        for view in page.items() {
            prop_assert!(view.item() == item);
            prop_assert_eq!(walked(&view), walked(&item));
            for (name, _) in item.attributes() {
                prop_assert!(view.get(name).as_ref() == item.get(name));
            }
            prop_assert!(view.get("not there").is_none());
        }
    }

    /// No text makes it panic, and what serde_json reads as an answer it does not call broken for its JSON.
    #[test]
    fn any_text_is_read_or_refused(text in "[\\[\\]{}\":,SNBMLItems\\\\u0d8a ]{0,60}") {
        if let Ok(read) = answer(&text, None) {
            prop_assert!(read.rest.len() <= text.len() + 2);
            read.page.iter().flat_map(Page::items).for_each(|view| {
                let _ = (walked(&view), view.size());
            });
        }
        let mut tape = Tape::default();
        if let Some(events) = typed_item(&text, &mut tape, Order::Sent) {
            prop_assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok(), "{}", text);
            let _ = tape.view(&text, events).item();
        }
    }
}

fn walk_has_unknown(members: &[(String, AttributeValue)]) -> bool {
    fn unknown(value: &AttributeValue) -> bool {
        match value {
            AttributeValue::Unknown => true,
            AttributeValue::L(list) => list.iter().any(unknown),
            AttributeValue::M(members) => members.iter().any(|(_, v)| unknown(v)),
            _ => false,
        }
    }
    members.iter().any(|(_, v)| unknown(v))
}

/// What may be taken for the line of an export.
fn is_enveloped(item: &Item) -> bool {
    matches!(item.attributes(), [(name, _)] if name == "Item")
}

#[test]
fn a_page_is_divided() {
    let check = |text: &str, items: Option<usize>, rest: &str| {
        let read = answer(text, None).unwrap_or_else(|e| panic!("{text}: {e}"));
        assert_eq!(read.page.as_ref().map(Page::len), items, "{text}");
        assert_eq!(String::from_utf8_lossy(&read.rest), rest, "{text}");
    };
    check(r#"{"Items":[],"Count":0}"#, Some(0), r#"{"Items":[],"Count":0}"#);
    check(
        r#"{"Count":1,"LastEvaluatedKey":{"Items":{"S":"]"}},"Items":[{"Items":{"L":[]}}] }"#,
        Some(1),
        r#"{"Count":1,"LastEvaluatedKey":{"Items":{"S":"]"}},"Items":[] }"#,
    );
    check(r#"{"Items":null}"#, None, r#"{"Items":null}"#);
    check(r#"{"Count":3}"#, None, r#"{"Count":3}"#);
    check("{}", None, "{}");
    check(" { \"Items\" : [ { } , { } ] } ", Some(2), " { \"Items\" : [] } ");
}

#[test]
fn a_fault_has_its_place_and_never_the_text() {
    let check = |text: &str, expect: &str| {
        assert_eq!(answer(text, None).err().map(|e| e.to_string()).as_deref(), Some(expect), "{text}");
    };
    check("", "an object is missing at byte 0");
    check("[]", "an object is missing at byte 0");
    check(r#"{"Items":[{"a":{"S":"x"}"#, "a comma is missing at byte 24");
    check(r#"{"Items":[{"a":{"S":"x"#, "a string without an end at byte 21");
    check(r#"{"Items":[{"a":{"S":5}}]}"#, "a string is missing at byte 20");
    check(r#"{"Items":[{"a":{"S":"x","N":"1"}}]}"#, "a value of two types at byte 23");
    check(r#"{"Items":[{"a":{}}]}"#, "a value without a type at byte 17");
    check(r#"{"Items":[{"a":null}]}"#, "an object is missing at byte 15");
    check(r#"{"Items":[null]}"#, "an object is missing at byte 10");
    check(r#"{"Items":[{"a":{"B":"*"}}]}"#, "not base64 at byte 23");
    check(r#"{"Items":[{"a":{"S":"\ud800"}}]}"#, "half of a character at byte 27");
    check(r#"{"Items":[{"a":{"S":"\q"}}]}"#, "an escape that there is not at byte 23");
    check(r#"{"Items":[],"Items":[]}"#, "a second list of items at byte 20");
    check(r#"{"Items":[]} x"#, "more than one value at byte 13");
    check(r#"{"Count":}"#, "a value is missing at byte 9");
    let fault = Answer::read(Zeroizing::new(b"{\"Items\":[{\"\xff\":{\"S\":\"x\"}}]}".to_vec()), None).err();
    assert_eq!(fault.map(|e| e.to_string()).as_deref(), Some("not UTF-8 at byte 12"));
}

#[test]
fn what_nests_too_deeply_is_left_out_and_said() {
    let nested = |n: usize| {
        let text = format!("{}{{\"S\":\"x\"}}{}", "{\"L\":[".repeat(n), "]}".repeat(n));
        answer(&format!("{{\"Items\":[{{\"a\":{text},\"b\":{{\"S\":\"y\"}}}}]}}"), None).expect("right")
    };
    for (levels, whole) in [(31, true), (63, true), (64, false), (5_000, false)] {
        let read = nested(levels);
        let page = read.page.expect("a list");
        let view = page.items().next().expect("one");
        let (told, is_whole) = walked(&view);
        assert_eq!(is_whole, whole, "{levels}");
        assert!(told.ends_with("<1 \"b\" S\"y\">"), "{levels}: {told}");
        assert_eq!(view.item().attributes().len(), 2);
    }
}

#[test]
fn a_line_is_an_item_alone_or_in_its_envelope() {
    let check = |line: &str, expect: Option<&str>| {
        let mut tape = Tape::default();
        let told = typed_item(line, &mut tape, Order::Sent).map(|events| walked(&tape.view(line, events)).0);
        assert_eq!(told.as_deref(), expect, "{line}");
    };
    check(r#"{"a":{"S":"x"}}"#, Some("<0 \"a\" S\"x\">"));
    check(r#" {"Item":{"a":{"S":"x"}}} "#, Some("<0 \"a\" S\"x\">"));
    check(r#"{"Item":{"S":"x"}}"#, Some("<0 \"Item\" S\"x\">"));
    check(r#"{"Item":{"a":{"S":"x"}},"b":{"S":"y"}}"#, None);
    check("{}", Some(""));
    check(r#"{"a":"x"}"#, None);
    check(r#"{"a":{"N":"x"}}"#, None);
    check(r#"{"a":{"Q":"x"}}"#, None);
    check(r#"{"a":{"S":"x"}} {"#, None);
}
