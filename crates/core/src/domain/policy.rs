//! Policy documents, read tolerantly: what cannot be read is marked, never dropped in silence.

use serde_json::Value;

use super::{glob, twice};

/// Allow or deny.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// `Allow`.
    Allow,
    /// `Deny`.
    Deny,
}

/// The key under `Principal`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PrincipalKind {
    /// `AWS`: accounts, users, roles, sessions.
    Aws,
    /// `Service`.
    Service,
    /// `Federated`.
    Federated,
    /// `CanonicalUser`.
    CanonicalUser,
}

/// Whom a statement names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Principals {
    /// `"*"`, or `{"AWS": "*"}`.
    Anyone,
    /// These.
    Named(Vec<(PrincipalKind, String)>),
    /// Everyone but these (`NotPrincipal`).
    AllBut(Vec<(PrincipalKind, String)>),
    /// Nobody is named, as in identity policies.
    None,
}

/// One statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// Its place in the document, from 1; those that could not be read count.
    pub position: usize,
    /// Its id, where it has one.
    pub sid: Option<String>,
    /// Allow or deny.
    pub effect: Effect,
    /// Whom it names.
    pub principals: Principals,
    /// `Action`; empty when `NotAction` is used.
    pub actions: Vec<String>,
    /// `NotAction`.
    pub not_actions: Vec<String>,
    /// `Resource`.
    pub resources: Vec<String>,
    /// `NotResource`.
    pub not_resources: Vec<String>,
    /// Conditions: operator, key, values.
    pub conditions: Vec<(String, String, Vec<String>)>,
}

impl Statement {
    /// Whether an action is among those of the statement, whatever its effect; upper and lower case are the same.
    pub fn covers(&self, action: &str) -> bool {
        let action = action.to_ascii_lowercase();
        let any =
            |patterns: &[String]| patterns.iter().any(|p| glob::matches(&p.to_ascii_lowercase(), &action));
        match self.not_actions.as_slice() {
            [] => any(&self.actions),
            but => !any(but),
        }
    }
}

/// A policy document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// The statements that could be read.
    pub statements: Vec<Statement>,
    /// What could not be read: one sentence each. Anything here makes every verdict from it partial.
    pub unread: Vec<String>,
}

/// A resource-based policy as the service returned it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResourcePolicy {
    /// Parsed.
    pub policy: Policy,
    /// As returned, for evidence.
    pub document: String,
    /// The revision to guard a change with.
    pub revision: Option<String>,
}

/// Documents beyond this are not read; DynamoDB's own limit is 20 KB
/// (Developer Guide, "Resource-based policy considerations").
const MAX_BYTES: usize = 256 * 1024;

impl Policy {
    /// Reads a document. Every failure ends in [`Policy::unread`], never in an error.
    pub fn parse(document: &str) -> Self {
        let mut policy = Self { statements: Vec::new(), unread: Vec::new() };
        if document.len() > MAX_BYTES {
            policy.unread.push(format!("the document is longer than {MAX_BYTES} bytes"));
            return policy;
        }
        let root: Value = match serde_json::from_str(document) {
            Ok(root) => root,
            Err(e) => {
                policy.unread.push(format!("not JSON (line {}, column {})", e.line(), e.column()));
                return policy;
            }
        };
        if twice::is_named(document) {
            policy.unread.push("a member is named twice, of which the last was read".into());
        }
        let version = &root["Version"];
        if !version.is_null() && VERSIONS.iter().all(|known| version != known) {
            policy.unread.push("its Version is not known".into());
        }
        let listed = match &root["Statement"] {
            Value::Array(list) => list.iter().collect(),
            one @ Value::Object(_) => vec![one],
            _ => {
                policy.unread.push("it has no Statement".into());
                return policy;
            }
        };
        for (n, value) in listed.into_iter().enumerate() {
            match statement(n + 1, value) {
                Ok(statement) => policy.statements.push(statement),
                Err(why) => policy.unread.push(format!("statement {}: {why}", n + 1)),
            }
        }
        policy
    }

    /// What could not be read of the document as a whole, not of one of its statements.
    pub fn unread_as_a_whole(&self) -> impl Iterator<Item = &str> {
        self.unread.iter().map(String::as_str).filter(|why| !why.starts_with("statement "))
    }
}

/// The versions of the language; one that names none is of the older (IAM User Guide, "IAM JSON policy elements:
/// Version").
const VERSIONS: &[&str] = &["2008-10-17", "2012-10-17"];

/// The members that a statement may have (IAM User Guide, "Grammar of the IAM JSON policy language").
const MEMBERS: &[&str] = &[
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
];

fn statement(position: usize, value: &Value) -> Result<Statement, String> {
    let object = value.as_object().ok_or("not an object")?;
    // What is misspelt or new may be what narrows it, or what opens it.
    if object.keys().any(|member| !MEMBERS.contains(&member.as_str())) {
        return Err("it has a member that is not known".into());
    }
    let effect = match object.get("Effect").and_then(Value::as_str) {
        Some("Allow") => Effect::Allow,
        Some("Deny") => Effect::Deny,
        _ => return Err("Effect is neither Allow nor Deny".into()),
    };
    let principals = match (object.get("Principal"), object.get("NotPrincipal")) {
        (Some(_), Some(_)) => return Err("both Principal and NotPrincipal".into()),
        (Some(p), None) => principals(p)?,
        (None, Some(p)) => match principals(p)? {
            Principals::Named(list) => Principals::AllBut(list),
            _ => return Err("NotPrincipal names everyone".into()),
        },
        (None, None) => Principals::None,
    };
    let mut conditions = Vec::new();
    if let Some(block) = object.get("Condition") {
        for (operator, keys) in block.as_object().ok_or("Condition is not an object")? {
            for (key, values) in keys.as_object().ok_or("a condition operator is not an object")? {
                conditions.push((operator.clone(), key.clone(), words(values)?));
            }
        }
    }
    let list = |key: &str| object.get(key).map_or(Ok(Vec::new()), words);
    let one_of = |one: &str, other: &str| match (list(one)?, list(other)?) {
        (some, more) if !some.is_empty() && !more.is_empty() => Err(format!("both {one} and {other}")),
        lists => Ok(lists),
    };
    let (actions, not_actions) = one_of("Action", "NotAction")?;
    if actions.is_empty() && not_actions.is_empty() {
        return Err("it names no action".into());
    }
    let (resources, not_resources) = one_of("Resource", "NotResource")?;
    Ok(Statement {
        position,
        sid: object.get("Sid").and_then(Value::as_str).map(str::to_owned),
        effect,
        principals,
        actions,
        not_actions,
        resources,
        not_resources,
        conditions,
    })
}

fn principals(value: &Value) -> Result<Principals, String> {
    let kinds = match value {
        Value::String(s) if s == "*" => return Ok(Principals::Anyone),
        Value::Object(kinds) => kinds,
        _ => return Err("Principal is neither \"*\" nor an object".into()),
    };
    let mut named = Vec::new();
    for (kind, values) in kinds {
        let kind = match kind.as_str() {
            "AWS" => PrincipalKind::Aws,
            "Service" => PrincipalKind::Service,
            "Federated" => PrincipalKind::Federated,
            "CanonicalUser" => PrincipalKind::CanonicalUser,
            _ => return Err("an unknown kind of principal".into()),
        };
        for value in words(values)? {
            if kind == PrincipalKind::Aws && value == "*" {
                return Ok(Principals::Anyone);
            }
            named.push((kind, value));
        }
    }
    Ok(Principals::Named(named))
}

/// One string or a list of them; truth values and numbers count as their text, as in conditions.
fn words(value: &Value) -> Result<Vec<String>, String> {
    let one = |v: &Value| match v {
        Value::String(s) => Ok(s.clone()),
        Value::Bool(b) => Ok(b.to_string()),
        Value::Number(n) => Ok(n.to_string()),
        _ => Err("a value that is neither text nor a list of text".to_owned()),
    };
    match value {
        Value::Array(list) => list.iter().map(one).collect(),
        single => Ok(vec![one(single)?]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_aws_allows() {
        let policy = Policy::parse(
            r#"{"Statement":{"Effect":"Allow","Principal":{"AWS":["111122223333","*"]},"Action":"dynamodb:*",
                "Resource":["a","b"],"Condition":{"Bool":{"aws:SecureTransport":false}}}}"#,
        );
        assert_eq!(policy.unread, Vec::<String>::new());
        let statement = &policy.statements[0];
        assert_eq!(statement.principals, Principals::Anyone);
        assert_eq!(
            statement.conditions,
            [("Bool".into(), "aws:SecureTransport".into(), vec!["false".into()])]
        );
    }

    #[test]
    fn one_bad_statement_does_not_hide_the_rest() {
        let policy = Policy::parse(
            r#"{"Statement":[{"Effect":"Maybe"},{"Effect":"Deny","NotPrincipal":{"AWS":"arn:aws:iam::1:root"},"Action":"*"}]}"#,
        );
        assert_eq!(policy.statements.iter().map(|s| s.position).collect::<Vec<_>>(), [2]);
        assert_eq!(policy.unread, ["statement 1: Effect is neither Allow nor Deny"]);
    }

    #[test]
    fn nonsense_is_unread_not_empty() {
        for text in ["", "[]", "{}", "{\"Statement\": 4}", "\u{0}"] {
            assert!(!Policy::parse(text).unread.is_empty(), "{text:?}");
        }
    }

    /// One statement with these members besides its effect, and what is said to be unread.
    #[track_caller]
    fn check(members: &str, unread: &str) {
        let policy = Policy::parse(&format!(r#"{{"Statement":{{"Effect":"Allow",{members}}}}}"#));
        assert_eq!(policy.unread.join("; "), unread, "{members}");
    }

    #[test]
    fn what_is_odd_is_unread() {
        check(r#""Action":"a","Resource":"*""#, "");
        check(r#""Resource":"*""#, "statement 1: it names no action");
        check(r#""Action":[]"#, "statement 1: it names no action");
        check(r#""NotAction":[]"#, "statement 1: it names no action");
        check(r#""Action":"a","NotAction":"b""#, "statement 1: both Action and NotAction");
        check(
            r#""Action":"a","Resource":"a","NotResource":"b""#,
            "statement 1: both Resource and NotResource",
        );
        check(
            r#""Action":"a","Principal":"*","NotPrincipal":{"AWS":"1"}"#,
            "statement 1: both Principal and NotPrincipal",
        );
        check(r#""Action":"a","NotPrincipal":"*""#, "statement 1: NotPrincipal names everyone");
        check(r#""Action":"a","principal":"*""#, "statement 1: it has a member that is not known");
        check(r#""Action":"a","Principal":{"aws":"*"}"#, "statement 1: an unknown kind of principal");
        check(
            r#""Action":"a","Principal":"arn:aws:iam::1:root""#,
            "statement 1: Principal is neither \"*\" nor an object",
        );
        check(r#""Action":{"a":1}"#, "statement 1: a value that is neither text nor a list of text");
        check(r#""Action":"a","Condition":"b""#, "statement 1: Condition is not an object");
        check(r#""Action":"a","Effect":"Deny""#, "a member is named twice, of which the last was read");
        for (version, unread) in
            [("\"2012-10-17\"", 0), ("\"2008-10-17\"", 0), ("null", 0), ("\"2031-01-01\"", 1), ("2012", 1)]
        {
            let policy = Policy::parse(&format!(
                r#"{{"Version":{version},"Statement":{{"Effect":"Allow","Action":"a"}}}}"#
            ));
            assert_eq!((policy.unread.len(), policy.statements.len()), (unread, 1), "{version}");
        }
    }

    #[test]
    fn deep_and_long_documents_are_unread() {
        let deep = format!(r#"{{"Statement":{}{}}}"#, "[".repeat(100_000), "]".repeat(100_000));
        assert!(Policy::parse(&deep).unread[0].starts_with("not JSON"));
        let long = format!(r#"{{"Statement":[],"Id":"{}"}}"#, "x".repeat(MAX_BYTES));
        assert_eq!(Policy::parse(&long).unread.len(), 1);
    }
}
