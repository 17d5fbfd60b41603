//! A policy document as it is written: every member in its order and with its place, also those that AWS does not
//! know and those that are named twice. It prints back what it read, byte for byte.

use std::ops::Range;

use jsonc_parser::{CollectOptions, ParseOptions, ast, parse_to_ast};
use serde::de::IgnoredAny;

/// Longest document that is read, in bytes; the longest that AWS takes is 32 KB, a key's
/// (KMS Developer Guide, "Resource quotas"), and DynamoDB's own limit is 20 KB
/// (Developer Guide, "Resource-based policy considerations").
pub const MAX_BYTES: usize = 256 * 1024;

/// JSON and nothing more lenient, for the parser that keeps places.
pub(super) const STRICT: ParseOptions = ParseOptions {
    allow_comments: false,
    allow_loose_object_property_names: false,
    allow_trailing_commas: false,
    allow_missing_commas: false,
    allow_single_quoted_strings: false,
    allow_hexadecimal_numbers: false,
    allow_unary_plus_numbers: false,
    allow_bare_decimal_point_numbers: false,
    allow_non_finite_numbers: false,
    allow_extended_string_escapes: false,
};

/// A document. Two are equal if their texts are.
#[derive(Debug, Clone)]
pub struct Document {
    text: String,
    root: Node,
}

impl PartialEq for Document {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Document {}

/// A value, and which bytes of the document it is.
#[derive(Debug, Clone)]
pub struct Node {
    /// From its first byte to behind its last.
    pub span: Range<usize>,
    /// What it is.
    pub value: Value,
}

/// What a value is.
#[derive(Debug, Clone)]
pub enum Value {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// As it is written: `1.50` stays so.
    Number(String),
    /// Without quotes and escapes.
    Text(String),
    /// In its order.
    List(Vec<Node>),
    /// Every member, in its order; a name may come twice.
    Object(Vec<Member>),
}

/// A member of an object.
#[derive(Debug, Clone)]
pub struct Member {
    /// Its name, without quotes and escapes.
    pub name: String,
    /// From the name's first byte to behind the value's last.
    pub span: Range<usize>,
    /// Its value.
    pub value: Node,
}

/// Why a text is no document, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// What is wrong, for behind "the document is".
    pub what: &'static str,
    /// Line and column, from 1; `None` if it is about the whole.
    pub place: Option<(usize, usize)>,
}

impl Document {
    /// Reads a text.
    ///
    /// # Errors
    /// If it is longer than [`MAX_BYTES`], nested deeper than 128, or not JSON.
    pub fn parse(text: &str) -> Result<Self, Unreadable> {
        if text.len() > MAX_BYTES {
            return Err(Unreadable { what: "longer than 256 KiB", place: None });
        }
        // The stricter of two readers has the first word: what is a control character, how deep is too deep.
        serde_json::from_str::<IgnoredAny>(text)
            .map_err(|e| Unreadable { what: "not JSON", place: Some((e.line(), e.column())) })?;
        let read = parse_to_ast(text, &CollectOptions::default(), &STRICT).map_err(|e| Unreadable {
            what: "not JSON",
            place: Some((e.line_display(), e.column_display())),
        })?;
        let root = read.value.ok_or(Unreadable { what: "empty", place: None })?;
        Ok(Self { text: text.to_owned(), root: node(root) })
    }

    /// What was read, byte for byte.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The outermost value.
    pub fn root(&self) -> &Node {
        &self.root
    }

    /// How a value is written. Of a node of another document, nothing.
    pub fn written(&self, node: &Node) -> &str {
        self.text.get(node.span.clone()).unwrap_or_default()
    }

    /// How a value is written, laid out over lines with two spaces a level; nothing is left out or put in another order.
    pub fn indented(&self, node: &Node) -> String {
        let mut out = String::new();
        self.lay_out(node, 0, &mut out);
        out
    }

    fn lay_out(&self, node: &Node, depth: usize, out: &mut String) {
        let (open, close, inner): (char, char, Vec<(&str, &Node)>) = match &node.value {
            Value::List(all) if !all.is_empty() => ('[', ']', all.iter().map(|n| ("", n)).collect()),
            Value::Object(members) if !members.is_empty() => {
                // From the name up to its value: the name as it is written, and a colon.
                let name = |m: &Member| m.span.start..m.value.span.start;
                let written = |m| {
                    self.text.get(name(m)).unwrap_or_default().trim_end().trim_end_matches(':').trim_end()
                };
                ('{', '}', members.iter().map(|m| (written(m), &m.value)).collect())
            }
            _ => return out.push_str(self.written(node)),
        };
        out.push(open);
        for (n, (name, value)) in inner.into_iter().enumerate() {
            out.push_str(if n == 0 { "\n" } else { ",\n" });
            out.push_str(&"  ".repeat(depth + 1));
            if !name.is_empty() {
                out.push_str(name);
                out.push_str(": ");
            }
            self.lay_out(value, depth + 1, out);
        }
        out.push('\n');
        out.push_str(&"  ".repeat(depth));
        out.push(close);
    }

    /// The line a byte is in, from 1.
    pub fn line(&self, at: usize) -> usize {
        1 + self.text.bytes().take(at).filter(|b| *b == b'\n').count()
    }

    /// The statements in their order: those of the list, or the single one that stands without a list. `None` if
    /// there is no `Statement`, or if it is neither.
    pub fn statements(&self) -> Option<&[Node]> {
        let statement = self.root.get("Statement")?;
        match &statement.value {
            Value::List(all) => Some(all),
            Value::Object(_) => Some(std::slice::from_ref(statement)),
            _ => None,
        }
    }
}

impl Node {
    /// The members of an object; of anything else, none.
    pub fn members(&self) -> &[Member] {
        match &self.value {
            Value::Object(members) => members,
            _ => &[],
        }
    }

    /// The value of a member; of one that is named twice the last, as most readers of JSON take it.
    pub fn get(&self, name: &str) -> Option<&Node> {
        self.members().iter().rev().find(|m| m.name == name).map(|m| &m.value)
    }

    /// The text, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Members that have the name of an earlier one of the same object, in this value or in any below it. AWS refuses
    /// such a document when it is put, and readers differ in which of the two they take.
    pub fn repeated(&self) -> Vec<&Member> {
        let mut found = Vec::new();
        let mut left = vec![self];
        while let Some(node) = left.pop() {
            match &node.value {
                Value::List(all) => left.extend(all),
                Value::Object(members) => {
                    let mut names = std::collections::BTreeSet::new();
                    found.extend(members.iter().filter(|m| !names.insert(m.name.as_str())));
                    left.extend(members.iter().map(|m| &m.value));
                }
                _ => {}
            }
        }
        found.sort_by_key(|m| m.span.start);
        found
    }
}

/// The depth is bounded by the check before, so that recursion is.
fn node(read: ast::Value<'_>) -> Node {
    let range = match &read {
        ast::Value::StringLit(v) => v.range,
        ast::Value::NumberLit(v) => v.range,
        ast::Value::BooleanLit(v) => v.range,
        ast::Value::Object(v) => v.range,
        ast::Value::Array(v) => v.range,
        ast::Value::NullKeyword(v) => v.range,
    };
    let value = match read {
        ast::Value::StringLit(v) => Value::Text(v.value.into_owned()),
        ast::Value::NumberLit(v) => Value::Number(v.value.to_owned()),
        ast::Value::BooleanLit(v) => Value::Bool(v.value),
        ast::Value::NullKeyword(_) => Value::Null,
        ast::Value::Array(v) => Value::List(v.elements.into_iter().map(node).collect()),
        ast::Value::Object(v) => Value::Object(v.properties.into_iter().map(member).collect()),
    };
    Node { span: range.start..range.end, value }
}

fn member(read: ast::ObjectProp<'_>) -> Member {
    let span = read.range.start..read.range.end;
    Member { name: read.name.into_string(), span, value: node(read.value) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn members_keep_their_order_also_those_that_are_unknown_or_come_twice() {
        let text =
            r#"{ "Statement" : [ {"Sid":"a","b":1.50,"Sid":"c","Sid":null} ], "Version":"2012-10-17" }"#;
        let document = Document::parse(text).expect("JSON");
        assert_eq!(document.text(), text);
        let [statement] = document.statements().expect("a list") else { panic!("not one") };
        let names: Vec<&str> = statement.members().iter().map(|m| m.name.as_str()).collect();
        assert_eq!(names, ["Sid", "b", "Sid", "Sid"]);
        let written: Vec<&str> = statement.members().iter().map(|m| document.written(&m.value)).collect();
        assert_eq!(written, [r#""a""#, "1.50", r#""c""#, "null"]);
        let repeated: Vec<&str> = document.root().repeated().iter().map(|m| &text[m.span.clone()]).collect();
        assert_eq!(repeated, [r#""Sid":"c""#, r#""Sid":null"#]);
    }

    #[test]
    fn laid_out_it_says_the_same() {
        let document = Document::parse(r#"{"a" : [ ],"\u0062":[1.0,{"c":"\u00e9","c":{}}]}"#).expect("JSON");
        let laid = "{\n  \"a\": [ ],\n  \"\\u0062\": [\n    1.0,\n    {\n      \"c\": \"\\u00e9\",\n      \"c\": {}\n    }\n  ]\n}";
        assert_eq!(document.indented(document.root()), laid);
    }

    #[test]
    fn one_statement_needs_no_list() {
        let of = |text: &str| Document::parse(text).expect("JSON").statements().map(<[Node]>::len);
        assert_eq!(of(r#"{"Statement":{}}"#), Some(1));
        assert_eq!(of(r#"{"Statement":[]}"#), Some(0));
        for none in [r#"{"Statement":null}"#, r#"{"statement":[]}"#, "{}", "[]", "1"] {
            assert_eq!(of(none), None, "{none}");
        }
    }

    #[test]
    fn names_are_compared_without_their_escapes() {
        let document = Document::parse(r#"{"a":1,"\u0061":2}"#).expect("JSON");
        assert_eq!(document.root().repeated().len(), 1);
        assert!(Document::parse(r#"{"a":1,"A":2}"#).expect("JSON").root().repeated().is_empty());
    }

    #[test]
    fn what_is_no_json_says_where() {
        let check = |text: &str, place: Option<(usize, usize)>| {
            assert_eq!(Document::parse(text).expect_err(text).place, place, "{text:?}");
        };
        check("{\n \"a\": hush}", Some((2, 7)));
        for text in [
            "{'a':1}",
            "{\"a\":1,}",
            "{\"a\":1 \"b\":2}",
            "[+1]",
            "[.5]",
            "[0x1]",
            "{a:1}",
            "[1] // x",
            "",
            "[\"\n\"]",
        ] {
            assert!(Document::parse(text).is_err(), "{text:?}");
        }
        let deep = "[".repeat(100_000) + &"]".repeat(100_000);
        assert!(Document::parse(&deep).is_err());
        check(&" ".repeat(MAX_BYTES + 1), None);
    }

    /// JSON values, not deep, with names that often collide.
    fn json() -> impl Strategy<Value = serde_json::Value> {
        let leaf = prop_oneof![
            Just(serde_json::Value::Null),
            any::<bool>().prop_map(Into::into),
            any::<i32>().prop_map(Into::into),
            "(?s).{0,6}".prop_map(Into::into),
        ];
        leaf.prop_recursive(4, 24, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(serde_json::Value::Array),
                prop::collection::btree_map("[a-c\u{e9}\"]{0,2}", inner, 0..4)
                    .prop_map(|m| serde_json::Value::Object(m.into_iter().collect())),
            ]
        })
    }

    fn all(node: &Node) -> Vec<&Node> {
        let below: Vec<&Node> = match &node.value {
            Value::List(all) => all.iter().collect(),
            Value::Object(members) => members.iter().map(|m| &m.value).collect(),
            _ => Vec::new(),
        };
        std::iter::once(node).chain(below.into_iter().flat_map(all)).collect()
    }

    proptest! {
        #[test]
        fn it_prints_what_it_read_and_every_span_is_of_its_value(value in json(), pretty in any::<bool>()) {
            let text = if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) };
            let text = text.expect("JSON");
            let document = Document::parse(&text).expect("JSON");
            prop_assert_eq!(document.text(), &text);
            prop_assert_eq!(document.written(document.root()), &text);
            prop_assert_eq!(document.indented(document.root()), serde_json::to_string_pretty(&value).expect("JSON"));
            for node in all(document.root()) {
                let alone = Document::parse(document.written(node)).expect("JSON of its own");
                prop_assert_eq!(all(alone.root()).len(), all(node).len());
            }
        }

        #[test]
        fn no_text_brings_it_down(text in "(?s)[\\[\\]{}\":,0-9a-e\\\\ \n\u{e9}]{0,60}") {
            if let Ok(document) = Document::parse(&text) {
                prop_assert_eq!(document.text(), &text);
                document.root().repeated();
            }
        }
    }
}
