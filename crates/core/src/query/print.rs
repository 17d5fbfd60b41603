//! A tree back to text, so that it parses to the same tree.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use crate::domain::AttributeValue;
use crate::query::expression::{Condition, Expression, Literal, Member, Operand, Path, Value};
use crate::query::words::{Function, is_plain};

/// The text with its literals, which may be secrets. Wiped when dropped.
pub fn print(expression: &Expression) -> Zeroizing<String> {
    let mut printer = Printer { out: Zeroizing::new(String::with_capacity(256)), literals: true };
    printer.expression(expression);
    printer.out
}

/// An expression whose every literal is `?`. The only form of an expression that may be written to disk or shown
/// where it was not typed; it can only be made from an expression.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Shape(String);

impl Shape {
    /// The shape of an expression.
    pub fn of(expression: &Expression) -> Self {
        let mut printer = Printer { out: Zeroizing::new(String::new()), literals: false };
        printer.expression(expression);
        Self(printer.out.to_string())
    }

    /// The text, to be parsed again. Names of attributes come from whoever writes to the table: neutralise it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

struct Printer {
    out: Zeroizing<String>,
    literals: bool,
}

impl Printer {
    fn expression(&mut self, expression: &Expression) {
        if let Some(condition) = &expression.condition {
            self.condition(condition);
        }
        if expression.descending.is_some() {
            self.text(if expression.condition.is_some() { " desc" } else { "desc" });
        }
    }

    fn text(&mut self, text: &str) {
        self.out.push_str(text);
    }

    fn condition(&mut self, condition: &Condition) {
        match condition {
            Condition::Compare(a, comparator, b) => {
                self.operand(a);
                self.text(" ");
                self.text(comparator.sign());
                self.text(" ");
                self.operand(b);
            }
            Condition::Between(a, low, high) => {
                self.operand(a);
                self.text(" between ");
                self.operand(low);
                self.text(" and ");
                self.operand(high);
            }
            Condition::In(a, list) => {
                self.operand(a);
                self.text(" in (");
                for (n, operand) in list.iter().enumerate() {
                    self.text(if n > 0 { ", " } else { "" });
                    self.operand(operand);
                }
                self.text(")");
            }
            Condition::BeginsWith(path, literal) => {
                self.call(Function::BeginsWith, path);
                self.text(", ");
                self.literal(literal);
                self.text(")");
            }
            Condition::Contains(path, operand) => {
                self.call(Function::Contains, path);
                self.text(", ");
                self.operand(operand);
                self.text(")");
            }
            Condition::Exists(path) => {
                self.call(Function::Exists, path);
                self.text(")");
            }
            Condition::NotExists(path) => {
                self.call(Function::NotExists, path);
                self.text(")");
            }
            Condition::Type(path, name) => {
                self.call(Function::Type, path);
                self.text(", \"");
                self.text(name);
                self.text("\")");
            }
            Condition::And(parts) => self.joined(parts, " and ", |part| matches!(part, Condition::Or(_))),
            Condition::Or(parts) => self.joined(parts, " or ", |_| false),
            Condition::Not(inner) => {
                self.text("not ");
                self.grouped(inner, matches!(**inner, Condition::And(_) | Condition::Or(_)));
            }
        }
    }

    fn joined(&mut self, parts: &[Condition], word: &str, grouped: fn(&Condition) -> bool) {
        for (n, part) in parts.iter().enumerate() {
            self.text(if n > 0 { word } else { "" });
            self.grouped(part, grouped(part));
        }
    }

    fn grouped(&mut self, condition: &Condition, grouped: bool) {
        self.text(if grouped { "(" } else { "" });
        self.condition(condition);
        self.text(if grouped { ")" } else { "" });
    }

    fn call(&mut self, function: Function, path: &Path) {
        self.text(function.word());
        self.text("(");
        self.path(path);
    }

    fn operand(&mut self, operand: &Operand) {
        match operand {
            Operand::Path(path) => self.path(path),
            Operand::Size(path) => {
                self.call(Function::Size, path);
                self.text(")");
            }
            Operand::Literal(literal) => self.literal(literal),
        }
    }

    fn path(&mut self, path: &Path) {
        self.text(&path.to_string());
    }

    fn literal(&mut self, literal: &Literal) {
        match &literal.value {
            Value::Typed(value) if self.literals => self.value(value),
            Value::Held(n) if self.literals => self.text(&format!("${n}")),
            _ => self.text("?"),
        }
    }

    fn value(&mut self, value: &AttributeValue) {
        match value {
            AttributeValue::S(s) => quoted(&mut self.out, s, '"'),
            AttributeValue::N(n) => self.text(n),
            AttributeValue::B(b) => self.binary(b),
            AttributeValue::Bool(true) => self.text("true"),
            AttributeValue::Bool(false) => self.text("false"),
            AttributeValue::Null => self.text("null"),
            AttributeValue::Ss(set) => self.members("{", set, "}", |p, s| quoted(&mut p.out, s, '"')),
            AttributeValue::Ns(set) => self.members("{", set, "}", |p, n| p.text(n)),
            AttributeValue::Bs(set) => self.members("{", set, "}", |p, b| p.binary(b)),
            AttributeValue::L(list) => self.members("[", list, "]", Self::value),
            AttributeValue::M(members) => self.members("{", members, "}", |p, (name, value)| {
                quoted(&mut p.out, name, '"');
                p.text(": ");
                p.value(value);
            }),
            // Not in the language; no literal is one.
            AttributeValue::Unknown => self.text("?"),
        }
    }

    fn members<T>(&mut self, open: &str, members: &[T], close: &str, one: fn(&mut Self, &T)) {
        self.text(open);
        for (n, member) in members.iter().enumerate() {
            self.text(if n > 0 { ", " } else { "" });
            one(self, member);
        }
        self.text(close);
    }

    fn binary(&mut self, bytes: &[u8]) {
        self.text("b64\"");
        let text = Zeroizing::new(STANDARD.encode(bytes));
        self.text(&text);
        self.text("\"");
    }
}

/// As it is written: names in backquotes where they need them. They come from whoever writes to the table: neutralise
/// it.
impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = String::new();
        name(&mut out, &self.root);
        for member in &self.rest {
            match member {
                Member::Name(member) => {
                    out.push('.');
                    name(&mut out, member);
                }
                Member::Index(n) => out.push_str(&format!("[{n}]")),
            }
        }
        f.write_str(&out)
    }
}

/// A name, in backquotes where it needs them.
pub(super) fn name(out: &mut String, text: &str) {
    if is_plain(text) { out.push_str(text) } else { quoted(out, text, '`') }
}

fn quoted(out: &mut String, text: &str, quote: char) {
    out.push(quote);
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c == quote || c == '\\' => out.extend(['\\', c]),
            c if c.is_control() => out.push_str(&format!("\\u{{{:x}}}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push(quote);
}
