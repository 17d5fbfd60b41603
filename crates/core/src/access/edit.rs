//! Changes to a policy document that leave everything else as it is written.
//!
//! AWS replaces a policy as a whole (`PutResourcePolicy`, `PutKeyPolicy`), so a fix is a whole document too: the one that
//! was read, with one statement taken out, changed or added, and every other byte where it was.

use jsonc_parser::cst::{CstArray, CstInputValue, CstNode, CstObject, CstRootNode};

use super::Document;
use super::document::STRICT;

/// Why a document cannot be changed that way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EditRefused {
    /// There is no such statement.
    NoStatement,
    /// It is the last one: a policy without statements is none, so the policy as a whole is to be deleted.
    LastStatement,
    /// The member is named twice there; which of the two counts is for a person to say.
    NamedTwice,
    /// The document is not of a form that is edited.
    Form,
}

impl Document {
    /// The document without its statement `n`, counted from 0.
    ///
    /// # Errors
    /// [`EditRefused::NoStatement`], and [`EditRefused::LastStatement`] if nothing would be left.
    pub fn without_statement(&self, n: usize) -> Result<Self, EditRefused> {
        self.edited(|root| {
            let Statements::List(list) = statements(root)? else {
                return Err(if n == 0 { EditRefused::LastStatement } else { EditRefused::NoStatement });
            };
            let elements = list.elements();
            let statement = elements.get(n).ok_or(EditRefused::NoStatement)?.clone();
            if elements.len() == 1 {
                return Err(EditRefused::LastStatement);
            }
            statement.remove();
            Ok(())
        })
    }

    /// The document with one more statement, behind the others.
    ///
    /// # Errors
    /// [`EditRefused::Form`] if its statements are not in a list, or it has none.
    pub fn with_statement(&self, statement: &serde_json::Value) -> Result<Self, EditRefused> {
        self.edited(|root| match statements(root)? {
            Statements::List(list) => {
                list.append(input(statement));
                Ok(())
            }
            // Made into a list, the one that stands alone would be written anew.
            Statements::Alone(_) => Err(EditRefused::Form),
        })
    }

    /// The document with another value for a member of statement `n`, counted from 0; the member is added behind the
    /// others if it is not there.
    ///
    /// # Errors
    /// [`EditRefused::NoStatement`], and [`EditRefused::NamedTwice`] if the statement has the member twice.
    pub fn with_member(&self, n: usize, name: &str, value: &serde_json::Value) -> Result<Self, EditRefused> {
        self.edited(|root| {
            let statement = statement(root, n)?;
            match named(&statement, name)? {
                Some(member) => member.set_value(input(value)),
                None => {
                    statement.append(name, input(value));
                }
            }
            Ok(())
        })
    }

    /// The document without a member of statement `n`, counted from 0; as it is if the member is not there.
    ///
    /// # Errors
    /// [`EditRefused::NoStatement`], and [`EditRefused::NamedTwice`] if the statement has the member twice.
    pub fn without_member(&self, n: usize, name: &str) -> Result<Self, EditRefused> {
        self.edited(|root| {
            if let Some(member) = named(&statement(root, n)?, name)? {
                member.remove();
            }
            Ok(())
        })
    }

    fn edited(&self, edit: impl FnOnce(&CstObject) -> Result<(), EditRefused>) -> Result<Self, EditRefused> {
        let tree = CstRootNode::parse(self.text(), &STRICT).map_err(|_| EditRefused::Form)?;
        edit(&tree.object_value().ok_or(EditRefused::Form)?)?;
        Self::parse(&tree.to_string()).map_err(|_| EditRefused::Form)
    }
}

enum Statements {
    List(CstArray),
    Alone(CstObject),
}

fn statements(root: &CstObject) -> Result<Statements, EditRefused> {
    let member = named(root, "Statement")?.and_then(|m| m.value()).ok_or(EditRefused::Form)?;
    match (member.as_array(), member.as_object()) {
        (Some(list), _) => Ok(Statements::List(list)),
        (_, Some(alone)) => Ok(Statements::Alone(alone)),
        _ => Err(EditRefused::Form),
    }
}

fn statement(root: &CstObject, n: usize) -> Result<CstObject, EditRefused> {
    match statements(root)? {
        Statements::List(list) => list.elements().get(n).and_then(CstNode::as_object),
        Statements::Alone(alone) => Some(alone).filter(|_| n == 0),
    }
    .ok_or(EditRefused::NoStatement)
}

/// The member of that name, if there is one.
fn named(object: &CstObject, name: &str) -> Result<Option<jsonc_parser::cst::CstObjectProp>, EditRefused> {
    let mut all = object.properties().into_iter().filter(|m| m.decoded_name().as_deref() == Some(name));
    match (all.next(), all.next()) {
        (_, Some(_)) => Err(EditRefused::NamedTwice),
        (one, None) => Ok(one),
    }
}

fn input(value: &serde_json::Value) -> CstInputValue {
    match value {
        serde_json::Value::Null => CstInputValue::Null,
        serde_json::Value::Bool(b) => CstInputValue::Bool(*b),
        serde_json::Value::Number(n) => CstInputValue::Number(n.to_string()),
        serde_json::Value::String(s) => CstInputValue::String(s.clone()),
        serde_json::Value::Array(all) => CstInputValue::Array(all.iter().map(input).collect()),
        serde_json::Value::Object(members) => {
            CstInputValue::Object(members.iter().map(|(name, value)| (name.clone(), input(value))).collect())
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    const POLICY: &str = r#"{
  "Version": "2012-10-17",
  "Statement": [
    {"Sid": "One",   "Effect": "Allow", "Odd": 1.50},
    {"Sid": "Two", "Effect": "Deny"},
    {
      "Sid": "Three",
      "Effect": "Allow",
      "Action": "dynamodb:*"
    }
  ],
  "Id": "kept"
}"#;

    fn read(text: &str) -> Document {
        Document::parse(text).expect("JSON")
    }

    /// What an edit of the policy above makes of it: the texts that are gone and those that came, line by line.
    fn check(edit: impl FnOnce(&Document) -> Result<Document, EditRefused>, gone: &[&str], came: &[&str]) {
        let edited = edit(&read(POLICY)).expect("can be edited");
        let lines = |text: &str| text.lines().map(str::trim_end).map(str::to_owned).collect::<Vec<_>>();
        let (before, after) = (lines(POLICY), lines(edited.text()));
        let lost: Vec<&str> = before.iter().filter(|l| !after.contains(l)).map(|l| l.trim()).collect();
        let new: Vec<&str> = after.iter().filter(|l| !before.contains(l)).map(|l| l.trim()).collect();
        assert_eq!((lost.as_slice(), new.as_slice()), (gone, came), "{}", edited.text());
    }

    #[test]
    fn what_is_not_meant_stays_as_it_is_written() {
        check(|d| d.without_statement(1), &[r#"{"Sid": "Two", "Effect": "Deny"},"#], &[]);
        check(|d| d.without_member(2, "Effect"), &[r#""Effect": "Allow","#], &[]);
        check(
            |d| d.with_member(2, "Action", &json!(["dynamodb:GetItem"])),
            &[r#""Action": "dynamodb:*""#],
            &[r#""Action": ["dynamodb:GetItem"]"#],
        );
        // A statement on one line that gets one more member is laid out over several.
        check(
            |d| d.with_member(1, "Condition", &json!(null)),
            &[r#"{"Sid": "Two", "Effect": "Deny"},"#],
            &[r#""Sid": "Two","#, r#""Effect": "Deny","#, r#""Condition": null"#, "},"],
        );
    }

    #[test]
    fn a_statement_is_added_behind_the_others() {
        let edited = read(POLICY).with_statement(&json!({"Sid": "Four"})).expect("can be added");
        let statements = edited.statements().expect("a list");
        assert_eq!(statements.len(), 4);
        assert_eq!(statements[3].get("Sid").and_then(super::super::Node::as_text), Some("Four"));
        let back = edited.without_statement(3).expect("can be taken out");
        assert_eq!(
            back.text().split_whitespace().collect::<String>(),
            POLICY.split_whitespace().collect::<String>()
        );
    }

    #[test]
    fn what_would_mean_something_else_is_refused() {
        let alone = read(r#"{"Statement":{"Effect":"Allow"}}"#);
        let one = read(r#"{"Statement":[{"Effect":"Allow","Effect":"Deny"}]}"#);
        let twice = read(r#"{"Statement":[{}],"Statement":[{},{}]}"#);
        assert_eq!(alone.without_statement(0), Err(EditRefused::LastStatement));
        assert_eq!(alone.without_statement(1), Err(EditRefused::NoStatement));
        assert_eq!(alone.with_statement(&json!({})), Err(EditRefused::Form));
        assert_eq!(one.without_statement(0), Err(EditRefused::LastStatement));
        assert_eq!(one.without_statement(1), Err(EditRefused::NoStatement));
        assert_eq!(one.with_member(0, "Effect", &json!("Deny")), Err(EditRefused::NamedTwice));
        assert_eq!(one.without_member(0, "Effect"), Err(EditRefused::NamedTwice));
        assert_eq!(twice.without_statement(0), Err(EditRefused::NamedTwice));
        assert_eq!(read("{}").without_statement(0), Err(EditRefused::Form));
        assert_eq!(read("[]").with_statement(&json!({})), Err(EditRefused::Form));
    }

    proptest! {
        #[test]
        fn the_other_statements_stay_byte_for_byte(
            bodies in prop::collection::vec("[a-z\u{e9}]{0,8}", 2..6), n in 0usize..6, spaced in any::<bool>(),
        ) {
            let n = n % bodies.len();
            let (open, between) = if spaced { ("{\n  \"Statement\": [\n    ", ",\n    ") } else { ("{\"Statement\":[", ",") };
            let each: Vec<String> = bodies.iter().map(|b| format!("{{\"Sid\":  {b:?}, \"x\" : [1.0 ]}}")).collect();
            let document = read(&format!("{open}{}]}}", each.join(between)));
            let edited = document.without_statement(n).expect("can be taken out");
            let left: Vec<&str> = edited.statements().expect("a list").iter().map(|s| edited.written(s)).collect();
            let mut wanted: Vec<&str> = each.iter().map(String::as_str).collect();
            wanted.remove(n);
            prop_assert_eq!(left, wanted);
        }
    }
}
