//! Resource-based policies in plain words, statement by statement, with what is risky in each.
//!
//! The words say what is written, the marks what follows from it. What is not understood is marked, never left out.

use crate::access::{Document, Node, Unread};
use crate::domain::{
    Arn, Effect, Policy, PrincipalKind, Principals, ResourcePolicy, Safe, Severity, Statement,
};
use crate::posture::grant::{
    Governed, Operator, Standing, allows_everything, denies_plain_http, everyone_of, grants_index_alone,
    is_unbound_service, orphans, survey_of, weak_conditions, whole_accounts,
};
use crate::posture::messages::{list, name};

/// One statement, told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Its Sid or its position.
    pub title: Safe,
    /// What it says: a word in front, and the rest of the sentence.
    pub rows: Vec<(&'static str, Safe)>,
    /// What follows from it, the worst first.
    pub marks: Vec<(Mark, Safe)>,
    /// As it is written, indented.
    pub json: Safe,
}

/// How something in a statement is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// A risk.
    Risk(Severity),
    /// Not understood: it may be one.
    Unclear,
    /// A protection.
    Good,
}

/// A document that is no list of statements is shown so far, in characters.
const RAW: usize = 4000;

/// Every statement, in order, of the policy of the table or the stream `arn` of the account `own` (twelve digits).
pub fn tell(policy: &ResourcePolicy, arn: &str, own: &str) -> Vec<Told> {
    let standing = Standing::of(&policy.policy, Governed::table(Some(arn), own));
    let Some((document, listed)) = policy.policy.document().and_then(|d| Some((d, d.statements()?))) else {
        return vec![unreadable(policy)];
    };
    let whole: Vec<(Mark, Safe)> =
        policy.policy.unread_as_a_whole().map(|unread| (Mark::Unclear, Safe::neutral(&unread.why))).collect();
    let about = Told { title: "The document".into(), rows: Vec::new(), marks: whole, json: Safe::block("") };
    let about = Some(about).filter(|told| !told.marks.is_empty());
    let each = listed.iter().enumerate().map(|(n, node)| statement(&standing, document, n, node));
    about.into_iter().chain(each).collect()
}

/// The document as a whole.
fn unreadable(policy: &ResourcePolicy) -> Told {
    let raw: String = policy.document.chars().take(RAW).collect();
    let marks = policy.policy.unread.iter().map(|u| (Mark::Unclear, Safe::neutral(&u.to_string()))).collect();
    Told { title: "The document".into(), rows: Vec::new(), marks, json: Safe::block(&raw) }
}

fn statement(standing: &Standing<'_>, document: &Document, n: usize, node: &Node) -> Told {
    let alone = standing.policy().alone(n + 1);
    let said = alone.statements.first();
    let title = match node.get("Sid").and_then(Node::as_text) {
        Some(sid) if !sid.is_empty() => format!("Statement {}: {}", n + 1, name(sid)),
        _ => format!("Statement {}", n + 1),
    };
    let unread = alone.unread.iter().map(|unread| (Mark::Unclear, Safe::neutral(&unread.why)));
    let read = said.into_iter().flat_map(|s| marks(standing, &alone, s));
    Told {
        title: Safe::neutral(&title),
        rows: said.map(|s| rows(s, standing.own())).unwrap_or_default(),
        marks: read.chain(unread).collect(),
        json: Safe::block(&document.indented(node)),
    }
}

fn rows(said: &Statement, own: &str) -> Vec<(&'static str, Safe)> {
    let verb = if said.effect == Effect::Allow { "allows" } else { "denies" };
    let actions = match (said.actions.as_slice(), said.not_actions.as_slice()) {
        ([], []) => "nothing: it names no action".to_owned(),
        ([], but_these) => format!("every action but {}", list(but_these)),
        (these, _) if these.iter().any(|a| a == "*") => "every action".to_owned(),
        (these, _) => list(these),
    };
    let resources = |these: &[String]| list(&these.iter().map(|r| resource(r)).collect::<Vec<_>>());
    let on = match (said.resources.as_slice(), said.not_resources.as_slice()) {
        ([], []) => "the resource that the policy is attached to".to_owned(),
        ([], but_these) => format!("everything but {}", resources(but_these)),
        (these, _) if these.iter().any(|r| r == "*") => {
            "everything that the policy is attached to".to_owned()
        }
        (these, _) => resources(these),
    };
    let mut out = vec![(verb, who(&said.principals, own)), ("to use", actions), ("on", on)];
    for (n, (operator, key, values)) in said.conditions.iter().enumerate() {
        out.push((if n == 0 { "only if" } else { "and if" }, condition(operator, key, values)));
    }
    out.into_iter().map(|(label, text)| (label, Safe::neutral(&text))).collect()
}

fn who(principals: &Principals, own: &str) -> String {
    let words = |these: &[(PrincipalKind, String)]| {
        list(&these.iter().map(|(kind, p)| principal(*kind, p, own)).collect::<Vec<_>>())
    };
    match principals {
        Principals::Anyone => "everyone".into(),
        Principals::Named(these) if these.is_empty() => "nobody".into(),
        Principals::Named(these) => words(these),
        Principals::AllBut(these) => format!("everyone but {}", words(these)),
        Principals::None => "nobody that it names".into(),
    }
}

fn principal(kind: PrincipalKind, text: &str, own: &str) -> String {
    let account =
        |id: &str| if id == own { "this account".to_owned() } else { format!("account {}", name(id)) };
    match (kind, Arn::parse(text)) {
        (PrincipalKind::Service, _) => format!("the service {}", name(text)),
        (PrincipalKind::Federated, _) => format!("whoever {} vouches for", name(text)),
        (PrincipalKind::CanonicalUser, _) => format!("the canonical user {}", name(text)),
        (PrincipalKind::Aws, Some(arn)) if arn.resource == "root" => account(&arn.account),
        (PrincipalKind::Aws, Some(arn)) => format!("{} of {}", name(&arn.resource), account(&arn.account)),
        (PrincipalKind::Aws, None) if text.bytes().all(|b| b.is_ascii_digit()) => account(text),
        (PrincipalKind::Aws, None) => name(text),
    }
}

fn resource(text: &str) -> String {
    Arn::parse(text).map_or_else(|| name(text), |arn| name(&arn.resource))
}

/// The operators of conditions (IAM User Guide, "IAM JSON policy elements: Condition operators"), and how they read
/// between key and values.
const OPERATORS: &[(&str, &str)] = &[
    ("StringEquals", "is"),
    ("StringNotEquals", "is not"),
    ("StringEqualsIgnoreCase", "is, in whatever case,"),
    ("StringNotEqualsIgnoreCase", "is not, in whatever case,"),
    ("StringLike", "is like"),
    ("StringNotLike", "is not like"),
    ("NumericEquals", "is"),
    ("NumericNotEquals", "is not"),
    ("NumericLessThan", "is less than"),
    ("NumericLessThanEquals", "is at most"),
    ("NumericGreaterThan", "is more than"),
    ("NumericGreaterThanEquals", "is at least"),
    ("DateEquals", "is"),
    ("DateNotEquals", "is not"),
    ("DateLessThan", "is before"),
    ("DateLessThanEquals", "is not after"),
    ("DateGreaterThan", "is after"),
    ("DateGreaterThanEquals", "is not before"),
    ("Bool", "is"),
    ("BinaryEquals", "is, in Base64,"),
    ("IpAddress", "is in"),
    ("NotIpAddress", "is not in"),
    ("ArnEquals", "is like"),
    ("ArnLike", "is like"),
    ("ArnNotEquals", "is not like"),
    ("ArnNotLike", "is not like"),
];

fn condition(operator: &str, key: &str, values: &[String]) -> String {
    let Operator { of_all, of_any, base, if_exists } = Operator::of(operator);
    let of = match (of_all, of_any) {
        (true, _) => "every value, or none, of ",
        (_, true) => "one of the values of ",
        _ => "",
    };
    let absent = if if_exists { ", or is not there" } else { "" };
    let key = name(key);
    let any = if values.len() > 1 { "any of " } else { "" };
    if base == "null" {
        let there = values.iter().all(|v| v.eq_ignore_ascii_case("false"));
        return format!("{of}{key} is {}", if there { "there" } else { "not there" });
    }
    match OPERATORS.iter().find(|(known, _)| known.eq_ignore_ascii_case(&base)) {
        Some((_, words)) => format!("{of}{key} {words} {any}{}{absent}", or(values)),
        None => format!("{key} {} {} (not understood)", name(operator), or(values)),
    }
}

/// The values of a condition, of which one is enough.
fn or(values: &[String]) -> String {
    if values.is_empty() { "nothing".into() } else { list(values) }
}

/// What follows from a statement, whose policy holds others beside it. `alone` is a policy of it alone.
fn marks(standing: &Standing<'_>, alone: &Policy, said: &Statement) -> Vec<(Mark, Safe)> {
    let own = standing.own();
    let mut out = Vec::new();
    let mut mark = |mark, text: &str| out.push((mark, Safe::neutral(text)));
    let unread = alone.unread.iter().map(Unread::to_string).collect();
    let grants = survey_of(standing, std::slice::from_ref(said), unread);
    let is_odd = |(operator, key, values): &(String, String, Vec<String>)| {
        condition(operator, key, values).ends_with("(not understood)")
    };
    if said.conditions.iter().any(is_odd) {
        mark(Mark::Unclear, "a condition is not understood");
    }
    grants.unclear.iter().for_each(|why| mark(Mark::Unclear, why));
    if !standing.is_about_it(said) {
        mark(Mark::Risk(Severity::Info), "about something else: it has no effect here");
        return out;
    }
    if said.effect == Effect::Allow && !standing.is_in_force(said) {
        mark(Mark::Good, "a Deny of this policy takes all of it away");
        return out;
    }
    if !grants.public.is_empty() {
        mark(
            Mark::Risk(Severity::Critical),
            "public: no trusted condition key with fixed values says who may come",
        );
        let weak = weak_conditions(said);
        if !weak.is_empty() {
            mark(
                Mark::Risk(Severity::High),
                &format!("weak condition: {} does not say who comes", list(&weak)),
            );
        }
    }
    if allows_everything(said) {
        mark(
            Mark::Risk(Severity::High),
            "every action: it may delete the table, export it and change this policy",
        );
    }
    let foreign: Vec<String> = grants.foreign.iter().map(super::grant::Whom::words).collect();
    if !foreign.is_empty() {
        mark(Mark::Risk(Severity::Medium), &format!("from outside: {}", list(&foreign)));
    }
    let whole: Vec<String> = whole_accounts(said).into_iter().filter(|id| id != own).collect();
    if !whole.is_empty() {
        mark(
            Mark::Risk(Severity::Medium),
            &format!("whole account: its administrators choose who of {}", list(&whole)),
        );
    }
    if everyone_of(said).iter().any(|id| id == own) {
        mark(Mark::Risk(Severity::Medium), "everyone of this account: their own policies need not allow it");
    }
    if is_unbound_service(said) && standing.serves_anybody(said) {
        mark(Mark::Risk(Severity::Medium), "a service, without a condition for whose sake it acts");
    }
    let left = orphans(said);
    if !left.is_empty() {
        mark(Mark::Risk(Severity::Low), &format!("left of a deleted user or role: {}", list(&left)));
    }
    if grants_index_alone(said) {
        mark(Mark::Risk(Severity::Info), "an index without its table");
    }
    if said.effect == Effect::Allow && matches!(said.principals, Principals::AllBut(_)) {
        mark(
            Mark::Risk(Severity::Critical),
            "NotPrincipal with Allow lets in everyone else, anonymous callers included",
        );
    }
    if denies_plain_http(said) {
        mark(Mark::Good, "refuses what does not come over TLS");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: &str = "111122223333";

    fn told(document: &str) -> Vec<Told> {
        let policy = Policy::parse(document);
        let arn = "arn:aws:dynamodb:eu-west-1:111122223333:table/t";
        tell(&ResourcePolicy { policy, document: document.to_owned(), revision: None }, arn, OWN)
    }

    /// The words of one statement with these fields, and what is marked in it.
    #[track_caller]
    fn check(fields: &str, words: &str, marked: &str) {
        let told = told(&format!(r#"{{"Statement":{{{fields}}}}}"#));
        let rows: Vec<String> = told[0].rows.iter().map(|(label, text)| format!("{label} {text}")).collect();
        assert_eq!(rows.join(" | "), words, "{fields}");
        let marks: Vec<&str> =
            told[0].marks.iter().map(|(_, text)| text.split([':', ',']).next().unwrap_or("")).collect();
        assert_eq!(marks.join(" | "), marked, "{fields}");
    }

    #[test]
    fn who_what_and_on_what() {
        check(
            r#""Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"dynamodb:GetItem","Resource":"*""#,
            "allows this account | to use dynamodb:GetItem | on everything that the policy is attached to",
            "",
        );
        check(
            r#""Effect":"Allow","Principal":{"AWS":["arn:aws:iam::444455556666:root","arn:aws:iam::111122223333:role/app"]},
               "Action":["dynamodb:GetItem","dynamodb:Query"],"Resource":"arn:aws:dynamodb:eu-west-1:111122223333:table/t""#,
            "allows account 444455556666 and role/app of this account | to use dynamodb:GetItem and dynamodb:Query | on table/t",
            "from outside | whole account",
        );
        check(
            r#""Effect":"Deny","Principal":"*","Action":"*","NotResource":"arn:aws:dynamodb:eu-west-1:111122223333:table/t",
               "Condition":{"Bool":{"aws:SecureTransport":false}}"#,
            "denies everyone | to use every action | on everything but table/t | only if aws:SecureTransport is false",
            "refuses what does not come over TLS",
        );
        check(
            r#""Effect":"Allow","NotPrincipal":{"AWS":"111122223333"},"NotAction":"dynamodb:DeleteTable""#,
            "allows everyone but this account | to use every action but dynamodb:DeleteTable | on the resource that the \
             policy is attached to",
            "public | every action | NotPrincipal with Allow lets in everyone else",
        );
        check(
            r#""Effect":"Allow","Principal":{"Service":"replication.dynamodb.amazonaws.com"},"Action":"dynamodb:Scan","Resource":"*""#,
            "allows the service replication.dynamodb.amazonaws.com | to use dynamodb:Scan | on everything that the policy is \
             attached to",
            "a service",
        );
        check(r#""Effect":"Maybe""#, "", "Effect is neither Allow nor Deny");
    }

    #[test]
    fn conditions_read_as_sentences() {
        for (operator, values, expect) in [
            ("StringEquals", r#""a""#, "k is a"),
            ("stringlike", r#"["a*","b*"]"#, "k is like any of a* and b*"),
            ("StringEqualsIfExists", r#""a""#, "k is a, or is not there"),
            ("ForAnyValue:StringEquals", r#""a""#, "one of the values of k is a"),
            ("ForAllValues:StringLike", r#""a""#, "every value, or none, of k is like a"),
            ("NotIpAddress", r#""203.0.113.0/24""#, "k is not in 203.0.113.0/24"),
            ("NumericLessThanEquals", "5", "k is at most 5"),
            ("Null", "true", "k is not there"),
            ("Null", "false", "k is there"),
            ("Sounds", r#""a""#, "k Sounds a (not understood)"),
        ] {
            let values: serde_json::Value = serde_json::from_str(values).expect("JSON");
            let values: Vec<String> = match values {
                serde_json::Value::Array(all) => {
                    all.iter().map(|v| v.as_str().unwrap_or("").to_owned()).collect()
                }
                serde_json::Value::String(one) => vec![one],
                other => vec![other.to_string()],
            };
            assert_eq!(condition(operator, "k", &values), expect, "{operator}");
        }
    }

    #[test]
    fn weak_conditions_and_public_are_marked_with_their_severity() {
        let told = told(
            r#"{"Statement":[{"Effect":"Allow","Principal":"*","Action":"dynamodb:Scan","Resource":"*",
                "Condition":{"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}}},
                {"Sid":"Ours","Effect":"Allow","Principal":"*","Action":"dynamodb:Scan","Resource":"*",
                "Condition":{"StringEquals":{"aws:PrincipalAccount":"111122223333"}}}]}"#,
        );
        let risks: Vec<Mark> = told[0].marks.iter().map(|(mark, _)| *mark).collect();
        assert_eq!(risks, [Mark::Risk(Severity::Critical), Mark::Risk(Severity::High)]);
        assert_eq!(told[1].title.as_str(), "Statement 2: Ours");
        let said = "everyone of this account: their own policies need not allow it";
        assert_eq!(told[1].marks, [(Mark::Risk(Severity::Medium), Safe::neutral(said))]);
    }

    #[test]
    fn hostile_names_are_neutral_and_short() {
        let evil = "x\\u001b[2J\\u202e".repeat(200);
        let told = told(&format!(
            r#"{{"Statement":[7,{{"Sid":"{evil}","Effect":"Allow","Principal":{{"AWS":"{evil}"}},"Action":"{evil}",
                "Resource":"{evil}","Condition":{{"{evil}":{{"{evil}":"{evil}"}}}}}}]}}"#
        ));
        assert_eq!(told.len(), 2);
        assert_eq!(told[0].marks, [(Mark::Unclear, Safe::neutral("not an object"))]);
        let all: Vec<&str> =
            told[1].rows.iter().map(|(_, t)| t.as_str()).chain([told[1].title.as_str()]).collect();
        assert!(all.iter().all(|t| !t.contains(['\u{1b}', '\u{202e}']) && t.len() < 8000), "{all:?}");
        assert!(!told[1].json.contains(['\u{1b}', '\u{202e}']));
        assert!(told[1].marks.iter().any(|(mark, _)| *mark == Mark::Unclear), "{:?}", told[1].marks);
    }

    #[test]
    fn what_is_no_policy_is_shown_and_marked() {
        for document in ["", "nonsense", "[]", r#"{"Statement":7}"#] {
            let told = told(document);
            assert_eq!(told.len(), 1, "{document}");
            assert!(matches!(told[0].marks.as_slice(), [(Mark::Unclear, _)]), "{document}");
        }
    }
}
