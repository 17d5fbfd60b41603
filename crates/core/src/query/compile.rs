//! Conditions to the service's expression strings. Every name and every value is an alias: a name may be a
//! reserved word or hold a dot, and a value never stands in text.
//!
//! Parentheses are only where they are needed: the service refuses redundant ones.

use crate::domain::{Aliases, AttributeValue, Held};
use crate::query::expression::{Condition, Literal, Member, Operand, Path, Value};
use crate::query::words::Function;

/// The longest expression string, in bytes (Service quotas, "Expression parameters").
pub(super) const LONGEST: usize = 4096;

/// Gathers the aliases of all expressions of one request.
#[derive(Default)]
pub(super) struct Compiler<'a> {
    aliases: Aliases,
    held: &'a [Held],
}

impl<'a> Compiler<'a> {
    /// With the values that `$1`, `$2` … stand for.
    pub(super) fn new(held: &'a [Held]) -> Self {
        Self { aliases: Aliases::default(), held }
    }

    /// The aliases, when everything is compiled.
    pub(super) fn finish(self) -> Aliases {
        self.aliases
    }

    /// All of these conditions; empty for none. They were checked: no literal is missing.
    pub(super) fn all(&mut self, conditions: &[&Condition]) -> String {
        let mut out = String::new();
        for (n, condition) in conditions.iter().enumerate() {
            out.push_str(if n > 0 { " AND " } else { "" });
            self.grouped(&mut out, condition, conditions.len() > 1 && matches!(condition, Condition::Or(_)));
        }
        out
    }

    fn condition(&mut self, out: &mut String, condition: &Condition) {
        match condition {
            Condition::Compare(a, comparator, b) => {
                self.operand(out, a);
                out.push_str(&format!(" {} ", comparator.sign()));
                self.operand(out, b);
            }
            Condition::Between(a, low, high) => {
                self.operand(out, a);
                out.push_str(" BETWEEN ");
                self.operand(out, low);
                out.push_str(" AND ");
                self.operand(out, high);
            }
            Condition::In(a, list) => {
                self.operand(out, a);
                out.push_str(" IN (");
                for (n, operand) in list.iter().enumerate() {
                    out.push_str(if n > 0 { ", " } else { "" });
                    self.operand(out, operand);
                }
                out.push(')');
            }
            Condition::BeginsWith(path, literal) => {
                self.call(out, Function::BeginsWith, path);
                out.push_str(", ");
                self.literal(out, literal);
                out.push(')');
            }
            Condition::Contains(path, operand) => {
                self.call(out, Function::Contains, path);
                out.push_str(", ");
                self.operand(out, operand);
                out.push(')');
            }
            Condition::Exists(path) => {
                self.call(out, Function::Exists, path);
                out.push(')');
            }
            Condition::NotExists(path) => {
                self.call(out, Function::NotExists, path);
                out.push(')');
            }
            Condition::Type(path, name) => {
                self.call(out, Function::Type, path);
                out.push_str(", ");
                let alias = self.aliases.value(AttributeValue::S((*name).to_owned()));
                out.push_str(&alias);
                out.push(')');
            }
            Condition::And(parts) => self.joined(out, parts, " AND "),
            Condition::Or(parts) => self.joined(out, parts, " OR "),
            Condition::Not(inner) => {
                out.push_str("NOT ");
                self.grouped(out, inner, true);
            }
        }
    }

    fn joined(&mut self, out: &mut String, parts: &[Condition], word: &str) {
        for (n, part) in parts.iter().enumerate() {
            out.push_str(if n > 0 { word } else { "" });
            self.grouped(out, part, word == " AND " && matches!(part, Condition::Or(_)));
        }
    }

    fn grouped(&mut self, out: &mut String, condition: &Condition, grouped: bool) {
        out.push_str(if grouped { "(" } else { "" });
        self.condition(out, condition);
        out.push_str(if grouped { ")" } else { "" });
    }

    fn call(&mut self, out: &mut String, function: Function, path: &Path) {
        out.push_str(function.word());
        out.push('(');
        self.path(out, path);
    }

    fn operand(&mut self, out: &mut String, operand: &Operand) {
        match operand {
            Operand::Path(path) => self.path(out, path),
            Operand::Size(path) => {
                self.call(out, Function::Size, path);
                out.push(')');
            }
            Operand::Literal(literal) => self.literal(out, literal),
        }
    }

    fn path(&mut self, out: &mut String, path: &Path) {
        out.push_str(&self.aliases.name(&path.root));
        for member in &path.rest {
            match member {
                Member::Name(name) => {
                    out.push('.');
                    out.push_str(&self.aliases.name(name));
                }
                Member::Index(n) => out.push_str(&format!("[{n}]")),
            }
        }
    }

    fn literal(&mut self, out: &mut String, literal: &Literal) {
        let value = known(literal, self.held).cloned().unwrap_or(AttributeValue::Null);
        out.push_str(&self.aliases.value(value));
    }
}

/// The value of a literal, if it is there.
pub(super) fn known<'a>(literal: &'a Literal, held: &'a [Held]) -> Option<&'a AttributeValue> {
    match &literal.value {
        Value::Typed(value) => Some(value),
        Value::Hole => None,
        Value::Held(n) => n.checked_sub(1).and_then(|n| held.get(n)).map(Held::value),
    }
}
