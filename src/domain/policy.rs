//! Policy documents, read tolerantly: what cannot be read is marked, never dropped in silence.

use serde_json::Value;

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
        let any = |patterns: &[String]| {
            patterns.iter().any(|p| matches(p.to_ascii_lowercase().as_bytes(), action.as_bytes()))
        };
        match self.not_actions.as_slice() {
            [] => any(&self.actions),
            but => !any(but),
        }
    }
}

/// Whether a text is of a pattern with `*` and `?` (IAM User Guide, "IAM JSON policy elements: Action").
fn matches(pattern: &[u8], text: &[u8]) -> bool {
    let (mut p, mut t) = (0, 0);
    // Where the last star was, and how much of the text it stood for.
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        match pattern.get(p) {
            Some(b'*') => {
                star = Some((p, t));
                p += 1;
            }
            Some(c) if *c == b'?' || *c == text[t] => (p, t) = (p + 1, t + 1),
            _ => {
                let Some((at, stood)) = star else { return false };
                star = Some((at, stood + 1));
                (p, t) = (at + 1, stood + 1);
            }
        }
    }
    pattern[p..].iter().all(|b| *b == b'*')
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
        let listed = match &root["Statement"] {
            Value::Array(list) => list.iter().collect(),
            one @ Value::Object(_) => vec![one],
            _ => {
                policy.unread.push("it has no Statement".into());
                return policy;
            }
        };
        for (n, value) in listed.into_iter().enumerate() {
            match statement(value) {
                Ok(statement) => policy.statements.push(statement),
                Err(why) => policy.unread.push(format!("statement {}: {why}", n + 1)),
            }
        }
        policy
    }
}

fn statement(value: &Value) -> Result<Statement, String> {
    let object = value.as_object().ok_or("not an object")?;
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
    Ok(Statement {
        sid: object.get("Sid").and_then(Value::as_str).map(str::to_owned),
        effect,
        principals,
        actions: list("Action")?,
        not_actions: list("NotAction")?,
        resources: list("Resource")?,
        not_resources: list("NotResource")?,
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
            r#"{"Statement":[{"Effect":"Maybe"},{"Effect":"Deny","NotPrincipal":{"AWS":"arn:aws:iam::1:root"}}]}"#,
        );
        assert_eq!(policy.statements.len(), 1);
        assert_eq!(policy.unread, ["statement 1: Effect is neither Allow nor Deny"]);
    }

    #[test]
    fn nonsense_is_unread_not_empty() {
        for text in ["", "[]", "{}", "{\"Statement\": 4}", "\u{0}"] {
            assert!(!Policy::parse(text).unread.is_empty(), "{text:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn a_text_matches_itself_and_with_stars(text in "[a-z:]{0,12}", at in 0usize..12) {
            let at = at.min(text.len());
            proptest::prop_assert!(matches(text.as_bytes(), text.as_bytes()));
            let (before, after) = text.split_at(at);
            let starred = format!("{before}*{after}");
            proptest::prop_assert!(matches(starred.as_bytes(), text.as_bytes()));
            let longer = format!("{text}x");
            proptest::prop_assert!(!matches(text.as_bytes(), longer.as_bytes()));
        }
    }
}
