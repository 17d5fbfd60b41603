//! What a policy document says, read tolerantly: what cannot be read is marked, never dropped in silence.

use std::fmt;
use std::ops::Range;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::answered::Answered;
use super::document::{Document, MAX_BYTES, Node, Unreadable, Value};
use super::glob;

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
    /// Which bytes of the document it is.
    pub span: Range<usize>,
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
    /// `statement 2`, or its Sid in quotation marks.
    pub fn place(&self) -> String {
        match &self.sid {
            Some(sid) => format!("statement \"{sid}\""),
            None => format!("statement {}", self.position),
        }
    }

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

/// Something of a document that could not be read, or that is not certain to be read as AWS reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    /// In this statement, from 1; `None` if it is of the document as a whole.
    pub statement: Option<usize>,
    /// In this line of the document, from 1.
    pub line: Option<usize>,
    /// Why: half a sentence.
    pub why: String,
}

impl fmt::Display for Unread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.statement {
            Some(n) => write!(f, "statement {n}: {}", self.why),
            None => f.write_str(&self.why),
        }
    }
}

/// A policy document, and what its statements say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// The statements that could be read.
    pub statements: Vec<Statement>,
    /// What could not be read. Anything here makes every verdict from it partial.
    pub unread: Vec<Unread>,
    written: Written,
    answered: Answered,
}

/// What was read.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Written {
    Document(Document),
    /// It is not JSON, or too long for a document; then what fits is kept.
    Unreadable(String),
}

/// As its text; reading it again says the same.
impl Serialize for Policy {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.text())
    }
}

impl<'de> Deserialize<'de> for Policy {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from).map(|text| Self::parse(&text))
    }
}

/// A resource-based policy as the service returned it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResourcePolicy {
    /// Parsed.
    pub policy: Policy,
    /// As returned, for evidence.
    pub document: String,
    /// The revision to guard a change with.
    pub revision: Option<String>,
}

impl Policy {
    /// Reads a document. Every failure ends in [`Policy::unread`], never in an error.
    pub fn parse(text: &str) -> Self {
        let document = match Document::parse(text) {
            Ok(document) => document,
            Err(Unreadable { what, place }) => {
                let line = place.map(|(line, _)| line);
                let why = match place {
                    Some((line, column)) => format!("{what} (line {line}, column {column})"),
                    None => format!("the document is {what}"),
                };
                let unread = vec![Unread { statement: None, line, why }];
                let kept = text.floor_char_boundary(MAX_BYTES + 1);
                return Self {
                    statements: Vec::new(),
                    unread,
                    written: Written::Unreadable(text[..kept].to_owned()),
                    answered: Answered::default(),
                };
            }
        };
        let (statements, unread) = read(&document);
        Self { statements, unread, written: Written::Document(document), answered: Answered::default() }
    }

    /// The document as it is written; `None` if it is not JSON.
    pub fn document(&self) -> Option<&Document> {
        match &self.written {
            Written::Document(document) => Some(document),
            Written::Unreadable(_) => None,
        }
    }

    /// The text that was read; of one that is too long, what is longer than any that is read.
    pub fn text(&self) -> &str {
        match &self.written {
            Written::Document(document) => document.text(),
            Written::Unreadable(text) => text,
        }
    }

    /// What has been answered about it.
    pub(crate) const fn answered(&self) -> &Answered {
        &self.answered
    }

    /// The same document, of which only these statements count.
    pub fn with_only(&self, statements: Vec<Statement>) -> Self {
        Self { statements, answered: Answered::default(), ..self.clone() }
    }

    /// What one statement alone says, by its position from 1.
    pub fn alone(&self, position: usize) -> Self {
        Self {
            statements: self.statements.iter().filter(|s| s.position == position).cloned().collect(),
            unread: self.unread.iter().filter(|u| u.statement == Some(position)).cloned().collect(),
            written: self.written.clone(),
            answered: Answered::default(),
        }
    }

    /// What could not be read of the document as a whole, not of one of its statements.
    pub fn unread_as_a_whole(&self) -> impl Iterator<Item = &Unread> {
        self.unread.iter().filter(|unread| unread.statement.is_none())
    }
}

/// The statements of a document that can be read, and what cannot.
fn read(document: &Document) -> (Vec<Statement>, Vec<Unread>) {
    let (mut statements, mut unread) = (Vec::new(), Vec::new());
    let mut say = |statement, at: usize, why: String| {
        unread.push(Unread { statement, line: Some(document.line(at)), why });
    };
    let listed = document.statements();
    for member in document.root().repeated() {
        let holds = |s: &Node| s.span.contains(&member.span.start);
        let statement = listed.and_then(|all| all.iter().position(holds)).map(|n| n + 1);
        say(statement, member.span.start, format!("{} is named twice", told(&member.name)));
    }
    for member in document.root().members().iter().filter(|m| !OF_DOCUMENT.contains(&m.name.as_str())) {
        say(None, member.span.start, unknown(member));
    }
    if let Some(version) = document.root().get("Version")
        && !matches!(version.value, Value::Null)
        && version.as_text().is_none_or(|v| !VERSIONS.contains(&v))
    {
        say(None, version.span.start, "its Version is not known".into());
    }
    match listed {
        None => say(None, 0, "it has no Statement".into()),
        Some(listed) => {
            for (n, node) in listed.iter().enumerate() {
                match statement(n + 1, node) {
                    Ok(statement) => statements.push(statement),
                    Err(why) => say(Some(n + 1), node.span.start, why),
                }
            }
        }
    }
    (statements, unread)
}

/// A member's name in a sentence; what does not look like one is not repeated.
fn told(name: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || ":-_./".contains(c);
    let is_name = (1..=64).contains(&name.len()) && name.chars().all(plain);
    if is_name { name.to_owned() } else { "a member".into() }
}

fn unknown(member: &super::Member) -> String {
    match told(&member.name).as_str() {
        "a member" => "it has a member that is not known".into(),
        name => format!("its member {name} is not known"),
    }
}

/// The members that a document may have (IAM User Guide, "Grammar of the IAM JSON policy language").
const OF_DOCUMENT: &[&str] = &["Version", "Id", "Statement"];

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

fn statement(position: usize, node: &Node) -> Result<Statement, String> {
    if !matches!(node.value, Value::Object(_)) {
        return Err("not an object".into());
    }
    // What is misspelt or new may be what narrows it, or what opens it.
    if let Some(odd) = node.members().iter().find(|m| !MEMBERS.contains(&m.name.as_str())) {
        return Err(unknown(odd));
    }
    let effect = match node.get("Effect").and_then(Node::as_text) {
        Some("Allow") => Effect::Allow,
        Some("Deny") => Effect::Deny,
        _ => return Err("Effect is neither Allow nor Deny".into()),
    };
    let principals = match (node.get("Principal"), node.get("NotPrincipal")) {
        (Some(_), Some(_)) => return Err("both Principal and NotPrincipal".into()),
        (Some(p), None) => principals(p)?,
        (None, Some(p)) => match principals(p)? {
            Principals::Named(list) => Principals::AllBut(list),
            _ => return Err("NotPrincipal names everyone".into()),
        },
        (None, None) => Principals::None,
    };
    let mut conditions = Vec::new();
    for operator in members_of(node.get("Condition"), "Condition is not an object")? {
        for key in members_of(Some(&operator.value), "a condition operator is not an object")? {
            conditions.push((operator.name.clone(), key.name.clone(), words(&key.value)?));
        }
    }
    let list = |key: &str| node.get(key).map_or(Ok(Vec::new()), words);
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
        span: node.span.clone(),
        sid: node.get("Sid").and_then(Node::as_text).map(str::to_owned),
        effect,
        principals,
        actions,
        not_actions,
        resources,
        not_resources,
        conditions,
    })
}

/// The members of an object; of what is not there, none.
fn members_of<'a>(node: Option<&'a Node>, otherwise: &str) -> Result<&'a [super::Member], String> {
    match node {
        None => Ok(&[]),
        Some(Node { value: Value::Object(members), .. }) => Ok(members),
        Some(_) => Err(otherwise.into()),
    }
}

fn principals(node: &Node) -> Result<Principals, String> {
    let kinds = match &node.value {
        Value::Text(s) if s == "*" => return Ok(Principals::Anyone),
        Value::Object(kinds) => kinds,
        _ => return Err("Principal is neither \"*\" nor an object".into()),
    };
    let mut named = Vec::new();
    for member in kinds {
        let kind = match member.name.as_str() {
            "AWS" => PrincipalKind::Aws,
            "Service" => PrincipalKind::Service,
            "Federated" => PrincipalKind::Federated,
            "CanonicalUser" => PrincipalKind::CanonicalUser,
            _ => return Err("an unknown kind of principal".into()),
        };
        for value in words(&member.value)? {
            if kind == PrincipalKind::Aws && value == "*" {
                return Ok(Principals::Anyone);
            }
            named.push((kind, value));
        }
    }
    Ok(Principals::Named(named))
}

/// One string or a list of them; truth values and numbers count as their text, as in conditions.
fn words(node: &Node) -> Result<Vec<String>, String> {
    let one = |v: &Node| match &v.value {
        Value::Text(s) => Ok(s.clone()),
        Value::Bool(b) => Ok(b.to_string()),
        Value::Number(n) => Ok(n.clone()),
        _ => Err("a value that is neither text nor a list of text".to_owned()),
    };
    match &node.value {
        Value::List(list) => list.iter().map(one).collect(),
        _ => Ok(vec![one(node)?]),
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
        assert!(policy.unread.is_empty());
        let statement = &policy.statements[0];
        assert_eq!(statement.principals, Principals::Anyone);
        assert_eq!(
            statement.conditions,
            [("Bool".into(), "aws:SecureTransport".into(), vec!["false".into()])]
        );
    }

    #[test]
    fn it_is_said_where() {
        let policy = Policy::parse(
            "{\n\"Statement\": [\n{\"Effect\":\"Allow\",\"Action\":\"a\"},\n{\"Efect\":\"Deny\"}\n],\n\"Version\": 1, \"Version\": 2}",
        );
        let said: Vec<(Option<usize>, Option<usize>)> =
            policy.unread.iter().map(|u| (u.statement, u.line)).collect();
        assert_eq!(said, [(None, Some(6)), (None, Some(6)), (Some(2), Some(4))]);
        assert_eq!(policy.alone(2).unread.len(), 1);
        assert!(policy.alone(1).unread.is_empty() && policy.alone(1).statements.len() == 1);
    }

    #[test]
    fn one_bad_statement_does_not_hide_the_rest() {
        let policy = Policy::parse(
            r#"{"Statement":[{"Effect":"Maybe"},{"Effect":"Deny","NotPrincipal":{"AWS":"arn:aws:iam::1:root"},"Action":"*"}]}"#,
        );
        assert_eq!(policy.statements.iter().map(|s| s.position).collect::<Vec<_>>(), [2]);
        assert_eq!(policy.unread[0].to_string(), "statement 1: Effect is neither Allow nor Deny");
    }

    #[test]
    fn nonsense_is_unread_not_empty() {
        for text in ["", "[]", "{}", "{\"Statement\": 4}", "\u{0}"] {
            assert!(!Policy::parse(text).unread.is_empty(), "{text:?}");
        }
    }

    #[test]
    fn saved_and_read_again_it_says_the_same() {
        let long = "x".repeat(2 * MAX_BYTES);
        for text in ["", "{", r#"{"Statement":[{"Effect":"Allow","Action":"a","Action":"b"}, 7]}"#, &long] {
            let policy = Policy::parse(text);
            let saved = serde_json::to_string(&policy).expect("prints");
            assert_eq!(serde_json::from_str::<Policy>(&saved).expect("reads"), policy);
        }
    }

    /// One statement with these members besides its effect, and what is said to be unread.
    #[track_caller]
    fn check(members: &str, unread: &str) {
        let policy = Policy::parse(&format!(r#"{{"Statement":{{"Effect":"Allow",{members}}}}}"#));
        let said: Vec<String> = policy.unread.iter().map(Unread::to_string).collect();
        assert_eq!(said.join("; "), unread, "{members}");
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
        check(r#""Action":"a","principal":"*""#, "statement 1: its member principal is not known");
        check(r#""Action":"a","Principal":{"aws":"*"}"#, "statement 1: an unknown kind of principal");
        check(
            r#""Action":"a","Principal":"arn:aws:iam::1:root""#,
            "statement 1: Principal is neither \"*\" nor an object",
        );
        check(r#""Action":{"a":1}"#, "statement 1: a value that is neither text nor a list of text");
        check(r#""Action":"a","Condition":"b""#, "statement 1: Condition is not an object");
        check(r#""Action":"a","\u202e":"*""#, "statement 1: it has a member that is not known");
        check(r#""Action":"a","Effect":"Deny""#, "statement 1: Effect is named twice");
        check(r#""Action":"a","Condition":{"Bool":{"k":"1","k":"2"}}"#, "statement 1: k is named twice");
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
        assert!(Policy::parse(&deep).unread[0].why.starts_with("not JSON"));
        let long = format!(r#"{{"Statement":[],"Id":"{}"}}"#, "x".repeat(MAX_BYTES));
        assert_eq!(Policy::parse(&long).unread.len(), 1);
    }
}
