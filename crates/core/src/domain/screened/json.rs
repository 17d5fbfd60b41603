//! An item as JSON and as bytes, for reading and copying. What is masked on the screen is masked here too.

use std::fmt::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::{MASK, Screened, Stored};
use crate::domain::safe::{Marks, is_unsafe};
use crate::domain::{AttributePath, AttributeValue, Holds, Inner, Item, KeySchema, Safe, Step};

/// How values are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JsonForm {
    /// `{"a": 1}`. Sets become lists, binary becomes base64.
    Plain,
    /// `{"a": {"N": "1"}}`: as the API and the AWS CLI write it, with every type.
    DynamoDb,
}

/// Bytes on one line of a dump.
const DUMP_WIDTH: usize = 16;

impl Screened {
    /// The whole item, over several lines. Exact but for what is masked: what a terminal could obey is escaped.
    pub fn json(&self, form: JsonForm, mask_all: bool) -> Safe {
        Safe::block(&self.written(form, mask_all, false))
    }

    /// The same on one line.
    pub fn json_line(&self, form: JsonForm, mask_all: bool) -> Safe {
        Safe::neutral(&self.written(form, mask_all, true))
    }

    fn written(&self, form: JsonForm, mask_all: bool, one_line: bool) -> String {
        let mut writer = Writer { screened: self, form, mask_all, one_line, out: String::new() };
        writer.members(&AttributePath::default(), self.item.attributes(), 0);
        std::mem::take(&mut writer.out)
    }

    /// One value for copying: a string with its line breaks, a number, base64, or the JSON of what has members.
    pub fn value(&self, path: &AttributePath, mask_all: bool) -> Option<Safe> {
        if let Some(inner) = self.layers.get(path) {
            return Some(self.decoded(inner, mask_all));
        }
        let stored = self.stored(path)?;
        let masked = mask_all || !self.is_clear(path);
        Some(match stored {
            Stored::Text(text) if !masked => Safe::block(text),
            Stored::Value(AttributeValue::S(text) | AttributeValue::N(text)) if !masked => Safe::block(text),
            Stored::Binary(bytes) if !masked => Safe::neutral(&STANDARD.encode(bytes)),
            Stored::Value(AttributeValue::B(bytes)) if !masked => Safe::neutral(&STANDARD.encode(bytes)),
            Stored::Value(value @ (AttributeValue::M(_) | AttributeValue::L(_) | AttributeValue::Bs(_))) => {
                let mut writer = Writer {
                    screened: self,
                    form: JsonForm::Plain,
                    mask_all,
                    one_line: false,
                    out: String::new(),
                };
                writer.value(path, value, 0);
                Safe::block(&writer.out)
            }
            stored => self.leaf(path, &stored, usize::MAX, mask_all),
        })
    }

    /// One decoded value for copying, like a stored one.
    fn decoded(&self, inner: &Inner, mask_all: bool) -> Safe {
        match &inner.holds {
            Holds::Text(text) if !mask_all && self.layers.is_clear(&inner.path) => Safe::block(text),
            Holds::Map | Holds::List => {
                let value = self.layers.whole(inner, mask_all);
                // All of it is masked already.
                let masked = Self::new(Item::default(), Vec::new());
                let mut writer = Writer {
                    screened: &masked,
                    form: JsonForm::Plain,
                    mask_all: false,
                    one_line: false,
                    out: String::new(),
                };
                writer.value(&AttributePath::default(), &value, 0);
                Safe::block(&writer.out)
            }
            _ => self.layers.leaf(inner, usize::MAX, mask_all),
        }
    }

    /// The item's key as DynamoDB JSON on one line, for a request; `None` where any part of it is masked or missing.
    pub fn key_json(&self, schema: &KeySchema, mask_all: bool) -> Option<Safe> {
        let form = JsonForm::DynamoDb;
        let mut writer = Writer { screened: self, form, mask_all, one_line: true, out: "{".into() };
        for (n, name) in schema.names().enumerate() {
            let path = self.path_of(name)?;
            if mask_all || !self.is_clear(&path) || path.root().is_none() {
                return None;
            }
            if n > 0 {
                writer.out.push_str(", ");
            }
            writer.string(name);
            writer.out.push_str(": ");
            writer.value(&path, self.item.get(name)?, 0);
        }
        writer.out.push('}');
        Some(Safe::neutral(&writer.out))
    }

    /// A binary value as hexadecimal and text, sixteen bytes a line, at most `lines` lines; `None` for what is not
    /// binary, or is masked.
    pub fn dump(&self, path: &AttributePath, lines: usize, mask_all: bool) -> Option<Vec<Safe>> {
        let bytes = match self.stored(path)? {
            Stored::Binary(bytes) => bytes,
            Stored::Value(AttributeValue::B(bytes)) => bytes,
            _ => return None,
        };
        if mask_all || !self.is_clear(path) {
            return None;
        }
        let line = |(n, bytes): (usize, &[u8])| {
            let mut hex = String::new();
            for (n, b) in bytes.iter().enumerate() {
                let _ = write!(hex, "{}{b:02x}", if n == DUMP_WIDTH / 2 { "  " } else { " " });
            }
            let text: String =
                bytes.iter().map(|b| if (0x20..0x7f).contains(b) { *b as char } else { '.' }).collect();
            Safe::neutral(&format!("{:04x} {hex:<50} {text}", n * DUMP_WIDTH))
        };
        Some(bytes.chunks(DUMP_WIDTH).take(lines).enumerate().map(line).collect())
    }
}

/// JSON that grows.
struct Writer<'a> {
    screened: &'a Screened,
    form: JsonForm,
    mask_all: bool,
    one_line: bool,
    out: String,
}

impl Writer<'_> {
    fn value(&mut self, path: &AttributePath, value: &AttributeValue, depth: usize) {
        let typed = self.form == JsonForm::DynamoDb;
        if typed {
            let _ = write!(self.out, "{{\"{}\": ", value.kind());
        }
        match value {
            AttributeValue::M(members) => self.members(path, members, depth),
            AttributeValue::L(list) => self.list(path, depth, list.len(), |w, path, n| {
                w.value(path, &list[n], depth + 1);
            }),
            AttributeValue::Ss(set) | AttributeValue::Ns(set) => {
                self.list(path, depth, set.len(), |w, path, n| {
                    w.text(path, &set[n], matches!(value, AttributeValue::Ns(_)));
                });
            }
            AttributeValue::Bs(set) => {
                self.list(path, depth, set.len(), |w, path, n| w.binary(path, &set[n]));
            }
            AttributeValue::S(s) => self.text(path, s, false),
            AttributeValue::N(n) => self.text(path, n, true),
            AttributeValue::B(bytes) => self.binary(path, bytes),
            _ if self.mask_all || self.screened.blind.is_some() => self.string(MASK),
            AttributeValue::Bool(b) => self.out.push_str(if *b { "true" } else { "false" }),
            AttributeValue::Null => self.out.push_str(if typed { "true" } else { "null" }),
            AttributeValue::Unknown => self.string("‹a type this version does not know›"),
        }
        if typed {
            self.out.push('}');
        }
    }

    fn members(&mut self, path: &AttributePath, members: &[(String, AttributeValue)], depth: usize) {
        self.out.push('{');
        for (n, (name, value)) in members.iter().enumerate() {
            self.next(n, depth + 1);
            let step = self.screened.step(path, n, name);
            match &step {
                // Cut only for the path: the name itself may be shown whole.
                Step::HiddenName(_, shown) if self.screened.hides(path, n, name) => self.string(shown),
                _ => self.string(name),
            }
            self.out.push_str(": ");
            self.value(&path.child(step), value, depth + 1);
        }
        self.end(members.len(), depth, '}');
    }

    fn list(
        &mut self,
        path: &AttributePath,
        depth: usize,
        len: usize,
        mut each: impl FnMut(&mut Self, &AttributePath, usize),
    ) {
        self.out.push('[');
        for n in 0..len {
            self.next(n, depth + 1);
            each(self, &path.child(Step::Index(n)), n);
        }
        self.end(len, depth, ']');
    }

    fn next(&mut self, n: usize, depth: usize) {
        self.out.push_str(match (n > 0, self.one_line) {
            (true, true) => ", ",
            (true, false) => ",\n",
            (false, true) => "",
            (false, false) => "\n",
        });
        self.indent(depth);
    }

    fn end(&mut self, len: usize, depth: usize, bracket: char) {
        if len > 0 && !self.one_line {
            self.out.push('\n');
            self.indent(depth);
        }
        self.out.push(bracket);
    }

    fn indent(&mut self, depth: usize) {
        (0..depth).filter(|_| !self.one_line).for_each(|_| self.out.push_str("  "));
    }

    fn text(&mut self, path: &AttributePath, text: &str, number: bool) {
        if self.mask_all || self.screened.blind.is_some() {
            return self.string(MASK);
        }
        if !self.screened.is_clear(path) {
            let masked = self.screened.text(path, text, usize::MAX);
            return self.string(&masked);
        }
        if number && self.form == JsonForm::Plain && serde_json::from_str::<serde_json::Number>(text).is_ok()
        {
            return self.out.push_str(text);
        }
        self.string(text);
    }

    fn binary(&mut self, path: &AttributePath, bytes: &[u8]) {
        if self.mask_all || !self.screened.is_clear(path) {
            return self.string(MASK);
        }
        self.string(&STANDARD.encode(bytes));
    }

    /// A JSON string in which every character that a terminal could obey is escaped.
    fn string(&mut self, text: &str) {
        self.out.push('"');
        let mut marks = Marks::default();
        for c in text.chars() {
            let over = marks.is_over(c);
            match c {
                '"' => self.out.push_str("\\\""),
                '\\' => self.out.push_str("\\\\"),
                '\n' => self.out.push_str("\\n"),
                '\r' => self.out.push_str("\\r"),
                '\t' => self.out.push_str("\\t"),
                c if over || is_unsafe(c) => {
                    for unit in c.encode_utf16(&mut [0; 2]) {
                        let _ = write!(self.out, "\\u{unit:04x}");
                    }
                }
                c => self.out.push(c),
            }
        }
        self.out.push('"');
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{s, sighting};
    use super::*;
    use crate::domain::{KeyAttribute, KeyType};

    fn n(text: &str) -> AttributeValue {
        AttributeValue::N(text.into())
    }

    fn all() -> Item {
        Item::new(vec![
            ("pk".into(), s("a\"b\n\u{202e}")),
            ("big".into(), n("12345678901234567890123456789012345678")),
            ("blob".into(), AttributeValue::B(vec![0, 255, b'a'])),
            ("set".into(), AttributeValue::Ss(vec!["x".into(), "y".into()])),
            ("m".into(), AttributeValue::M(vec![("ok".into(), AttributeValue::Bool(true))])),
            ("no".into(), AttributeValue::L(vec![])),
            ("nil".into(), AttributeValue::Null),
        ])
    }

    #[test]
    fn writes_both_forms() {
        let screened = Screened::new(all(), Vec::new());
        let plain = screened.json(JsonForm::Plain, false);
        let read: serde_json::Value = serde_json::from_str(&plain).expect("JSON");
        assert_eq!(read["pk"], "a\"b\n\u{202e}");
        assert_eq!(read["big"].to_string(), "12345678901234567890123456789012345678");
        assert_eq!(read["blob"], "AP9h");
        assert_eq!(read["nil"], serde_json::Value::Null);
        assert!(plain.contains("\\u202e") && plain.contains("\"no\": []"), "{}", plain.as_str());
        let line = screened.json_line(JsonForm::Plain, false);
        assert!(!line.contains('\n') && line.starts_with("{\"pk\": "), "{}", line.as_str());
        assert_eq!(serde_json::from_str::<serde_json::Value>(&line).expect("JSON"), read);
        let typed: serde_json::Value =
            serde_json::from_str(&screened.json(JsonForm::DynamoDb, false)).expect("JSON");
        assert_eq!(typed["set"]["SS"][1], "y");
        assert_eq!(typed["big"]["N"], "12345678901234567890123456789012345678");
        assert_eq!(typed["m"]["M"]["ok"]["BOOL"], true);
        assert_eq!(typed["nil"]["NULL"], true);
    }

    #[test]
    fn a_secret_is_masked_in_every_form() {
        let secret = "hunter22";
        let blob = AttributeValue::B(secret.as_bytes().to_vec());
        let set = AttributeValue::Ss(vec!["fine".into(), secret.into()]);
        let item = || {
            Item::new(vec![("a".into(), s(secret)), ("b".into(), blob.clone()), ("c".into(), set.clone())])
        };
        let at = |path: AttributePath| sighting(path, 0..8, "hu••••");
        let seen = vec![
            at(AttributePath::attribute("a")),
            at(AttributePath::attribute("b")),
            at(AttributePath::attribute("c").child(Step::Index(1))),
        ];
        let screened = Screened::new(item(), seen);
        let mut told = vec![screened.json(JsonForm::Plain, false), screened.json(JsonForm::DynamoDb, false)];
        for node in screened.tree(400, false) {
            told.extend(screened.value(&node.path, false));
            assert!(screened.dump(&node.path, 9, false).is_none());
        }
        for text in &told {
            assert!(!text.contains(secret) && !text.contains(&STANDARD.encode(secret)), "{}", text.as_str());
        }
        assert!(told[0].contains("fine"));
        let blind = Screened::blind(item(), ["a"]);
        for form in [JsonForm::Plain, JsonForm::DynamoDb] {
            let text = blind.json(form, false);
            assert!(
                !text.contains(secret) && !text.contains("fine") && !text.contains("\"c\""),
                "{}",
                text.as_str()
            );
        }
    }

    #[test]
    fn a_key_is_exact_or_not_given() {
        let part = |name: &str| KeyAttribute { name: name.into(), kind: KeyType::S };
        let schema = KeySchema { partition: part("pk"), sort: Some(part("big")) };
        let screened = Screened::new(all(), Vec::new());
        let key = screened.key_json(&schema, false).expect("clear");
        assert_eq!(
            key.as_str(),
            r#"{"pk": {"S": "a\"b\n\u202e"}, "big": {"N": "12345678901234567890123456789012345678"}}"#
        );
        assert!(screened.key_json(&schema, true).is_none());
        let secret = Screened::new(all(), vec![sighting(AttributePath::attribute("pk"), 0..1, "•")]);
        assert!(secret.key_json(&schema, false).is_none());
    }

    #[test]
    fn binary_is_dumped_as_hexadecimal_and_text() {
        let screened = Screened::new(all(), Vec::new());
        let lines = screened.dump(&AttributePath::attribute("blob"), 4, false).expect("binary");
        assert_eq!(lines.len(), 1);
        assert!(lines[0].starts_with("0000  00 ff 61 ") && lines[0].ends_with(" ..a"), "{}", lines[0]);
    }

    proptest::proptest! {
        #[test]
        fn any_text_survives(text in "(?s).*") {
            let screened = Screened::new(Item::new(vec![("a".into(), s(&text))]), Vec::new());
            let read: serde_json::Value = serde_json::from_str(&screened.json(JsonForm::Plain, false)).expect("JSON");
            proptest::prop_assert_eq!(&read["a"], &serde_json::Value::from(text));
        }
    }
}
