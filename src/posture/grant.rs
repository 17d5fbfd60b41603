//! Whom a resource-based policy lets in from outside: everyone, or accounts and others by name.
//!
//! "Public" is what Block Public Access calls public: an Allow to everyone that no trusted condition key with
//! fixed values narrows (DynamoDB Developer Guide, "Preventing public access with resource-based policies").

use crate::domain::{Arn, Effect, Policy, PrincipalKind, Principals, Statement};

/// What one policy grants beyond its own account.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Grants {
    /// The statements that let everyone in, by name.
    pub public: Vec<String>,
    /// Who else is let in.
    pub foreign: Vec<Whom>,
    /// The statements that let them in, by name.
    pub by: Vec<String>,
    /// What is granted to them.
    pub actions: Vec<String>,
    /// Whether a statement that lets somebody in has conditions.
    pub conditional: bool,
    /// Whether a Deny might take some of it away again.
    pub denies: bool,
    /// What could not be understood: one sentence each.
    pub unclear: Vec<String>,
}

/// Who is let in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Whom {
    /// An account, by its twelve digits.
    Account(String),
    /// An organization, a network or the like: they may be of this account or of others.
    Others(String),
    /// Services of AWS.
    Services,
}

impl Whom {
    /// `account 444455556666`, `organization o-example`.
    pub(super) fn words(&self) -> String {
        match self {
            Self::Account(id) => format!("account {id}"),
            Self::Others(words) => words.clone(),
            Self::Services => "services of AWS".into(),
        }
    }
}

/// Names whom a value of a condition key lets through.
type Names = fn(&str) -> Whom;

/// Condition keys that narrow "everyone" when their values are fixed, and how to name whom they let through.
/// `aws:SourceIp` is not among them: an address does not say whose it is.
const TRUSTED: &[(&str, Names)] = &[
    ("aws:principalaccount", account),
    ("aws:principalarn", account_of_arn),
    ("aws:principalorgid", |v| Whom::Others(format!("organization {v}"))),
    ("aws:principalorgpaths", |v| Whom::Others(format!("organization path {v}"))),
    ("aws:sourceaccount", account),
    ("aws:sourcearn", account_of_arn),
    ("aws:sourceorgid", |v| Whom::Others(format!("organization {v}"))),
    ("aws:sourceorgpaths", |v| Whom::Others(format!("organization path {v}"))),
    ("aws:sourcevpc", |v| Whom::Others(format!("whoever comes from {v}"))),
    ("aws:sourcevpce", |v| Whom::Others(format!("whoever comes through {v}"))),
    ("aws:ec2instancesourcevpc", |v| Whom::Others(format!("instances in {v}"))),
    ("aws:userid", |v| Whom::Others(format!("user ID {v}"))),
    // In a key's policy; DynamoDB and Backup never send it, so that there it lets nobody in.
    ("kms:calleraccount", account),
    ("aws:principalservicename", |_| Whom::Services),
    ("aws:principalservicenameslist", |_| Whom::Services),
    ("aws:principalisawsservice", |_| Whom::Services),
];

/// What `policy` grants to others than the account `own` (twelve digits).
pub(super) fn survey(policy: &Policy, own: &str) -> Grants {
    let mut grants = Grants { unclear: policy.unread.clone(), ..Grants::default() };
    for (n, statement) in policy.statements.iter().enumerate() {
        if statement.effect == Effect::Deny {
            grants.denies = true;
            continue;
        }
        let mut foreign = Vec::new();
        let mut public = false;
        match &statement.principals {
            Principals::Named(named) => {
                for (kind, principal) in named {
                    match outsider(*kind, principal, own) {
                        Ok(who) => foreign.extend(who),
                        Err(why) => grants.unclear.push(why),
                    }
                }
            }
            // An Allow to all but some is an Allow to everyone else.
            Principals::Anyone | Principals::AllBut(_) => match narrowed(statement, own) {
                Some(whom) => foreign = whom,
                None => public = true,
            },
            Principals::None => {
                grants.unclear.push(format!("{} names no principal", label(statement, n)));
            }
        }
        if public {
            grants.public.push(label(statement, n));
        }
        if public || !foreign.is_empty() {
            grants.conditional |= !statement.conditions.is_empty();
            add(&mut grants.actions, actions(statement));
        }
        if !foreign.is_empty() {
            grants.by.push(label(statement, n));
        }
        add(&mut grants.foreign, foreign);
    }
    grants
}

/// A statement's name in a text: its Sid or its position.
pub(super) fn label(statement: &Statement, position: usize) -> String {
    match &statement.sid {
        Some(sid) => format!("statement {}", super::say::name(sid)),
        None => format!("statement {}", position + 1),
    }
}

/// The whole accounts that a statement lets in, if no condition narrows them to principals.
pub(super) fn whole_accounts(statement: &Statement) -> Vec<String> {
    let principal = ["aws:principalarn", "aws:userid"];
    let narrows = |operator: &str, key: &str| {
        principal.contains(&key.to_ascii_lowercase().as_str()) && demands_a_match(operator)
    };
    let Principals::Named(named) = &statement.principals else { return Vec::new() };
    if statement.effect == Effect::Deny || statement.conditions.iter().any(|(o, k, _)| narrows(o, k)) {
        return Vec::new();
    }
    let account = |text: &str| {
        let root = Arn::parse(text).filter(|arn| arn.resource == "root").map(|arn| arn.account);
        root.or_else(|| is_account(text).then(|| text.to_owned()))
    };
    named.iter().filter(|(k, _)| *k == PrincipalKind::Aws).filter_map(|(_, p)| account(p)).collect()
}

/// The condition keys of a statement that lets in everyone who meets them; empty if it has none, or if one of
/// them fixes who that is.
pub(super) fn weak_conditions(statement: &Statement) -> Vec<String> {
    let everyone = matches!(statement.principals, Principals::Anyone | Principals::AllBut(_));
    if statement.effect == Effect::Deny || !everyone || narrowed(statement, "").is_some() {
        return Vec::new();
    }
    statement.conditions.iter().map(|(_, key, _)| key.clone()).collect()
}

/// Whether a statement lets a service in and does not say for whose sake (IAM User Guide, "The confused deputy
/// problem").
pub(super) fn is_unbound_service(statement: &Statement) -> bool {
    let Principals::Named(named) = &statement.principals else { return false };
    let binding = ["aws:sourceaccount", "aws:sourcearn", "aws:sourceorgid", "aws:sourceorgpaths"];
    let binds = |operator: &str, key: &str| {
        binding.contains(&key.to_ascii_lowercase().as_str()) && demands_a_match(operator)
    };
    statement.effect == Effect::Allow
        && named.iter().any(|(kind, _)| *kind == PrincipalKind::Service)
        && !statement.conditions.iter().any(|(o, k, _)| binds(o, k))
}

/// The unique IDs that are left of deleted users and roles.
pub(super) fn orphans(statement: &Statement) -> Vec<String> {
    let (Principals::Named(named) | Principals::AllBut(named)) = &statement.principals else {
        return Vec::new();
    };
    let left = |p: &str| is_unique_id(p) && !is_account(p);
    named.iter().filter(|(k, p)| *k == PrincipalKind::Aws && left(p)).map(|(_, p)| p.clone()).collect()
}

/// Whether a statement denies what does not come over TLS.
pub(super) fn denies_plain_http(statement: &Statement) -> bool {
    statement.effect == Effect::Deny
        && statement.conditions.iter().any(|(operator, key, values)| {
            operator.to_ascii_lowercase().starts_with("bool")
                && key.eq_ignore_ascii_case("aws:SecureTransport")
                && values.iter().any(|v| v.eq_ignore_ascii_case("false"))
        })
}

/// Whether a statement allows an index and not its table.
pub(super) fn grants_index_alone(statement: &Statement) -> bool {
    let of_index = |r: &String| r.contains("/index/");
    statement.effect == Effect::Allow
        && statement.resources.iter().any(of_index)
        && statement.resources.iter().all(of_index)
}

/// Whether a statement allows every action of DynamoDB, or every action but some.
pub(super) fn allows_everything(statement: &Statement) -> bool {
    let whole = |action: &String| {
        let action = action.to_ascii_lowercase();
        let rest = action.strip_prefix("dynamodb:").unwrap_or(&action);
        rest.contains('*') && rest.chars().all(|c| matches!(c, '*' | '?'))
    };
    statement.effect == Effect::Allow
        && (!statement.not_actions.is_empty() || statement.actions.iter().any(whole))
}

fn actions(statement: &Statement) -> Vec<String> {
    match statement.not_actions.as_slice() {
        [] => statement.actions.clone(),
        _ => vec!["everything but a few actions".into()],
    }
}

fn add<T: PartialEq>(all: &mut Vec<T>, more: Vec<T>) {
    for one in more {
        if !all.contains(&one) {
            all.push(one);
        }
    }
}

/// A named principal, if it is not of the table's own account; `Err` if it cannot be told.
fn outsider(kind: PrincipalKind, principal: &str, own: &str) -> Result<Option<Whom>, String> {
    let unclear = || Err(format!("the principal {} is not understood", super::say::name(principal)));
    if kind == PrincipalKind::Service {
        return Ok(None);
    }
    if let Some(arn) = Arn::parse(principal) {
        return match arn.account.as_str() {
            id if !is_account(id) => unclear(),
            id if id == own => Ok(None),
            id => Ok(Some(Whom::Account(id.to_owned()))),
        };
    }
    match kind {
        PrincipalKind::Aws if is_account(principal) => {
            Ok((principal != own).then(|| Whom::Account(principal.to_owned())))
        }
        // What is left in a policy of a user or role that was deleted: an id that matches nobody.
        PrincipalKind::Aws if is_unique_id(principal) => Ok(None),
        _ => unclear(),
    }
}

/// Whom an Allow to everyone really lets in from outside, if a trusted key with fixed values narrows it.
/// Conditions are joined by "and", so the one that lets in the fewest decides.
fn narrowed(statement: &Statement, own: &str) -> Option<Vec<Whom>> {
    statement
        .conditions
        .iter()
        .filter_map(|(operator, key, values)| {
            let key = key.to_ascii_lowercase();
            let (_, whom) = TRUSTED.iter().find(|(trusted, _)| *trusted == key)?;
            let holds = if key == "aws:principalisawsservice" {
                operator.eq_ignore_ascii_case("Bool") && values.iter().all(|v| v.eq_ignore_ascii_case("true"))
            } else {
                demands_a_match(operator) && values.iter().all(|v| is_fixed(v))
            };
            (holds && !values.is_empty()).then(|| {
                let own = Whom::Account(own.to_owned());
                values
                    .iter()
                    .map(|v| whom(v))
                    .filter(|w| *w != own && *w != Whom::Services)
                    .collect::<Vec<_>>()
            })
        })
        .min_by_key(Vec::len)
}

/// Whether an operator fails where the key is absent or has another value. `...IfExists` and `ForAllValues:`
/// hold where the key is absent, so they narrow nothing.
fn demands_a_match(operator: &str) -> bool {
    let operator = operator.to_ascii_lowercase();
    let base = operator.strip_prefix("foranyvalue:").unwrap_or(&operator);
    ["stringequals", "stringequalsignorecase", "stringlike", "arnequals", "arnlike"].contains(&base)
}

fn is_fixed(value: &str) -> bool {
    !value.is_empty() && !value.contains(['*', '?']) && !value.contains("${")
}

fn account(value: &str) -> Whom {
    if is_account(value) { Whom::Account(value.to_owned()) } else { Whom::Others(value.to_owned()) }
}

fn account_of_arn(value: &str) -> Whom {
    match Arn::parse(value) {
        Some(arn) if is_account(&arn.account) => Whom::Account(arn.account),
        _ => Whom::Others(value.to_owned()),
    }
}

pub(super) fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit())
}

/// `AIDA...`, `AROA...` (IAM User Guide, "IAM identifiers").
fn is_unique_id(text: &str) -> bool {
    text.len() >= 16 && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: &str = "111122223333";

    /// Surveys one Allow to `principal` with a `condition` block, and says what it found.
    fn check(principal: &str, condition: &str, expect: &str) {
        let statement = format!(
            r#"{{"Effect":"Allow",{principal},"Action":"dynamodb:GetItem","Resource":"*","Condition":{{{condition}}}}}"#
        );
        let policy = Policy::parse(&format!(r#"{{"Statement":{statement}}}"#));
        assert_eq!(policy.unread, Vec::<String>::new(), "{statement}");
        let grants = survey(&policy, OWN);
        let found = match &grants {
            g if !g.public.is_empty() => "public".to_owned(),
            g if !g.foreign.is_empty() => g.foreign.iter().map(Whom::words).collect::<Vec<_>>().join("; "),
            g if !g.unclear.is_empty() => "unclear".to_owned(),
            _ => "own".to_owned(),
        };
        assert_eq!(found, expect, "{principal} {condition}");
    }

    #[test]
    fn principals_are_told_apart_by_account() {
        check(r#""Principal":"*""#, "", "public");
        check(r#""Principal":{"AWS":["111122223333","*"]}"#, "", "public");
        check(r#""NotPrincipal":{"AWS":"arn:aws:iam::111122223333:root"}"#, "", "public");
        check(r#""Principal":{"AWS":"111122223333"}"#, "", "own");
        check(r#""Principal":{"AWS":"arn:aws:iam::111122223333:root"}"#, "", "own");
        check(r#""Principal":{"AWS":"arn:aws:sts::111122223333:assumed-role/a/b"}"#, "", "own");
        check(r#""Principal":{"AWS":"444455556666"}"#, "", "account 444455556666");
        check(r#""Principal":{"AWS":"arn:aws-cn:iam::444455556666:root"}"#, "", "account 444455556666");
        check(
            r#""Principal":{"AWS":["444455556666","arn:aws:iam::444455556666:user/a"]}"#,
            "",
            "account 444455556666",
        );
        check(r#""Principal":{"AWS":"AROAEXAMPLEEXAMPLE123"}"#, "", "own");
        check(r#""Principal":{"AWS":"arn:aws:iam::*:root"}"#, "", "unclear");
        check(r#""Principal":{"AWS":"4444555566667"}"#, "", "unclear");
        check(r#""Principal":{"Service":"replication.dynamodb.amazonaws.com"}"#, "", "own");
        check(r#""Principal":{"Federated":"accounts.example.com"}"#, "", "unclear");
    }

    #[test]
    fn everyone_is_narrowed_by_trusted_keys_with_fixed_values_only() {
        let anyone = r#""Principal":"*""#;
        for (condition, expect) in [
            (r#""StringEquals":{"aws:PrincipalAccount":"111122223333"}"#, "own"),
            (
                r#""StringEquals":{"AWS:principalaccount":["111122223333","444455556666"]}"#,
                "account 444455556666",
            ),
            (r#""StringEquals":{"aws:PrincipalOrgID":"o-example"}"#, "organization o-example"),
            (
                r#""ForAnyValue:StringEquals":{"aws:PrincipalOrgPaths":"o-a/r-b/"}"#,
                "organization path o-a/r-b/",
            ),
            (r#""ForAllValues:StringEquals":{"aws:PrincipalOrgPaths":"o-a/r-b/"}"#, "public"),
            (r#""StringEqualsIfExists":{"aws:PrincipalOrgID":"o-example"}"#, "public"),
            (r#""StringNotEquals":{"aws:PrincipalAccount":"444455556666"}"#, "public"),
            (r#""StringLike":{"aws:PrincipalOrgID":"o-*"}"#, "public"),
            (r#""StringEquals":{"aws:PrincipalAccount":"${aws:ResourceAccount}"}"#, "public"),
            (r#""StringEquals":{"aws:PrincipalAccount":[]}"#, "public"),
            (r#""IpAddress":{"aws:SourceIp":"203.0.113.7/32"}"#, "public"),
            (r#""Bool":{"aws:SecureTransport":true}"#, "public"),
            (r#""Bool":{"aws:PrincipalIsAWSService":true}"#, "own"),
            (r#""Bool":{"aws:PrincipalIsAWSService":false}"#, "public"),
            (
                r#""ArnEquals":{"aws:PrincipalArn":"arn:aws:iam::444455556666:role/r"}"#,
                "account 444455556666",
            ),
            (r#""ArnLike":{"aws:PrincipalArn":"arn:aws:iam::444455556666:role/*"}"#, "public"),
            (r#""StringEquals":{"aws:SourceVpce":"vpce-1"}"#, "whoever comes through vpce-1"),
            (
                r#""StringEquals":{"aws:PrincipalOrgID":"o-example","aws:PrincipalAccount":"111122223333"}"#,
                "own",
            ),
        ] {
            check(anyone, condition, expect);
        }
    }

    #[test]
    fn a_deny_to_everyone_is_not_public() {
        let policy =
            Policy::parse(r#"{"Statement":{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*"}}"#);
        let grants = survey(&policy, OWN);
        assert!(grants.public.is_empty() && grants.denies);
    }

    #[test]
    fn wildcards_over_all_actions() {
        for (action, expect) in [
            (r#""Action":"*""#, true),
            (r#""Action":["dynamodb:GetItem","DynamoDB:*"]"#, true),
            (r#""Action":"dynamodb:?*""#, true),
            (r#""NotAction":"dynamodb:DeleteTable""#, true),
            (r#""Action":"dynamodb:Get*""#, false),
            (r#""Action":"dynamodb:GetItem""#, false),
        ] {
            let text = format!(r#"{{"Statement":{{"Effect":"Allow","Principal":"*",{action}}}}}"#);
            assert_eq!(allows_everything(&Policy::parse(&text).statements[0]), expect, "{action}");
        }
    }

    proptest::proptest! {
        /// Whatever a principal looks like, it is never taken for one of the table's own account by chance.
        #[test]
        fn only_the_own_account_is_own(principal in "[ -~]{0,60}") {
            let own = principal == OWN
                || Arn::parse(&principal).is_some_and(|a| a.account == OWN)
                || is_unique_id(&principal);
            let found = outsider(PrincipalKind::Aws, &principal, OWN);
            proptest::prop_assert_eq!(found == Ok(None), own);
        }
    }
}
