//! Whom a resource-based policy lets in from outside: everyone, or accounts and others by name.
//!
//! "Public" is what Block Public Access calls public: an Allow to everyone that no trusted condition key with
//! fixed values narrows (DynamoDB Developer Guide, "Preventing public access with resource-based policies").

use crate::access::Unread;
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
    /// Whether a Deny might take some of it away again; one of what does not come over TLS does not count.
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

/// How far a policy opens a table, in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opened {
    /// To everyone; whether only under conditions, none of which fixes who that is.
    Everyone(bool),
    /// To so many accounts, organizations and others by name.
    Others(usize),
    /// It is not understood in part.
    Unclear,
    /// To nobody outside the account.
    Own,
}

/// How far `policy` opens a table of the account `own` (twelve digits).
pub fn opened(policy: &Policy, own: &str) -> Opened {
    let grants = survey(policy, own);
    match (grants.public.is_empty(), grants.foreign.len(), grants.unclear.is_empty()) {
        (false, ..) => Opened::Everyone(grants.conditional),
        (true, 0, false) => Opened::Unclear,
        (true, 0, true) => Opened::Own,
        (true, n, _) => Opened::Others(n),
    }
}

/// What `policy` grants to others than the account `own` (twelve digits).
pub(super) fn survey(policy: &Policy, own: &str) -> Grants {
    let mut grants =
        Grants { unclear: policy.unread.iter().map(Unread::to_string).collect(), ..Grants::default() };
    for statement in &policy.statements {
        if statement.effect == Effect::Deny {
            grants.denies |= !denies_plain_http(statement);
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
                grants.unclear.push(format!("{} names no principal", label(statement)));
            }
        }
        if public {
            grants.public.push(label(statement));
        }
        if public || !foreign.is_empty() {
            grants.conditional |= !statement.conditions.is_empty();
            add(&mut grants.actions, actions(statement));
        }
        if !foreign.is_empty() {
            grants.by.push(label(statement));
        }
        add(&mut grants.foreign, foreign);
    }
    grants
}

/// A statement's name in a text: its Sid or its position.
pub(super) fn label(statement: &Statement) -> String {
    match &statement.sid {
        Some(sid) => format!("statement {}", super::say::name(sid)),
        None => format!("statement {}", statement.position),
    }
}

/// An operator of a condition in its parts (IAM User Guide, "IAM JSON policy elements: Condition operators" and
/// "Multivalued context keys").
pub(super) struct Operator {
    /// `ForAllValues:`, which holds where there is no value.
    pub of_all: bool,
    /// `ForAnyValue:`.
    pub of_any: bool,
    /// The rest, in lower case: `stringequals`.
    pub base: String,
    /// `...IfExists`, which holds where there is no value.
    pub if_exists: bool,
}

impl Operator {
    pub(super) fn of(text: &str) -> Self {
        let text = text.to_ascii_lowercase();
        let (quantifier, rest) = text.split_once(':').unwrap_or(("", &text));
        let (of_all, of_any) = (quantifier == "forallvalues", quantifier == "foranyvalue");
        // An unknown quantifier stays, so that no such operator is known.
        let rest = if of_all || of_any { rest } else { &text };
        let base = rest.strip_suffix("ifexists");
        Self { of_all, of_any, if_exists: base.is_some(), base: base.unwrap_or(rest).to_owned() }
    }
}

/// The whole accounts that a statement lets in: named as such, or as all that is asked of everyone; none if a
/// condition narrows them to principals.
pub(super) fn whole_accounts(statement: &Statement) -> Vec<String> {
    if statement.effect == Effect::Deny || names_principals(statement) {
        return Vec::new();
    }
    let account = |text: &str| {
        let root = Arn::parse(text).filter(|arn| arn.resource == "root").map(|arn| arn.account);
        root.or_else(|| Some(text.to_owned())).filter(|id| is_account(id))
    };
    match &statement.principals {
        Principals::Named(named) => {
            let of_aws = named.iter().filter(|(kind, _)| *kind == PrincipalKind::Aws);
            of_aws.filter_map(|(_, principal)| account(principal)).collect()
        }
        Principals::Anyone | Principals::AllBut(_) => everyone_of(statement),
        Principals::None => Vec::new(),
    }
}

/// The accounts of which a statement lets everyone in by itself: then the policies of those who come need not.
/// Naming an account as the principal only leaves the choice to its administrators (IAM User Guide, "AWS JSON policy
/// elements: Principal").
pub(super) fn everyone_of(statement: &Statement) -> Vec<String> {
    let everyone = matches!(statement.principals, Principals::Anyone | Principals::AllBut(_));
    if statement.effect == Effect::Deny || !everyone || names_principals(statement) {
        return Vec::new();
    }
    let account =
        |key: &str| matches!(key.to_ascii_lowercase().as_str(), "aws:principalaccount" | "kms:calleraccount");
    let fixed = statement.conditions.iter().find(|(operator, key, values)| {
        account(key) && demands_a_match(statement, operator, key) && values.iter().all(|v| is_account(v))
    });
    fixed.map(|(_, _, values)| values.clone()).unwrap_or_default()
}

/// Whether a condition names principals, not only their account.
fn names_principals(statement: &Statement) -> bool {
    demands(statement, &["aws:principalarn", "aws:userid"], names_some)
}

/// Whether a condition on one of these keys demands a match, with values that all do.
fn demands(statement: &Statement, keys: &[&str], value: fn(&str) -> bool) -> bool {
    statement.conditions.iter().any(|(operator, key, values)| {
        keys.contains(&key.to_ascii_lowercase().as_str())
            && demands_a_match(statement, operator, key)
            && !values.is_empty()
            && values.iter().all(|v| value(v))
    })
}

/// Whether a pattern of principals is narrower than "all of an account": `arn:aws:iam::111122223333:role/app-*`.
fn names_some(pattern: &str) -> bool {
    let last = pattern.rsplit(['/', ':']).next().unwrap_or_default();
    !last.is_empty() && last != "root" && !last.starts_with('*')
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
    let is_let_in = match &statement.principals {
        Principals::Named(named) => named.iter().any(|(kind, _)| *kind == PrincipalKind::Service),
        Principals::Anyone | Principals::AllBut(_) => statement
            .conditions
            .iter()
            .any(|condition| trusted(statement, condition).is_some_and(|who| who.contains(&Whom::Services))),
        Principals::None => false,
    };
    let binding = ["aws:sourceaccount", "aws:sourcearn", "aws:sourceorgid", "aws:sourceorgpaths"];
    // A pattern with a fixed account binds as well: `arn:aws:events:*:111122223333:rule/*`.
    let binds =
        |value: &str| is_fixed(value) || Arn::parse(value).is_some_and(|arn| is_account(&arn.account));
    statement.effect == Effect::Allow && is_let_in && !demands(statement, &binding, binds)
}

/// The unique IDs that are left of deleted users and roles.
pub(super) fn orphans(statement: &Statement) -> Vec<String> {
    let (Principals::Named(named) | Principals::AllBut(named)) = &statement.principals else {
        return Vec::new();
    };
    named
        .iter()
        .filter(|(k, p)| *k == PrincipalKind::Aws && is_unique_id(p))
        .map(|(_, p)| p.clone())
        .collect()
}

/// Whether a statement denies everyone everything that does not come over TLS.
pub(super) fn denies_plain_http(statement: &Statement) -> bool {
    let of_plain = |(operator, key, values): &(String, String, Vec<String>)| {
        Operator::of(operator).base == "bool"
            && key.eq_ignore_ascii_case("aws:SecureTransport")
            && values.iter().any(|v| v.eq_ignore_ascii_case("false"))
    };
    statement.effect == Effect::Deny
        && statement.principals == Principals::Anyone
        && statement.covers(UNHEARD_OF)
        && !statement.conditions.is_empty()
        && statement.conditions.iter().all(of_plain)
}

/// No action is called so: what covers it covers every action.
const UNHEARD_OF: &str = "dynamodb:0123456789";

/// Whether a statement allows an index and not its table.
pub(super) fn grants_index_alone(statement: &Statement) -> bool {
    let of_index = |r: &String| r.contains("/index/");
    statement.effect == Effect::Allow
        && statement.resources.iter().any(of_index)
        && statement.resources.iter().all(of_index)
}

/// Whether a statement allows every action of DynamoDB, or every action but some.
pub(super) fn allows_everything(statement: &Statement) -> bool {
    statement.effect == Effect::Allow && statement.covers(UNHEARD_OF)
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
        return if principal.contains('*') { unclear() } else { Ok(None) };
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
    let own = Whom::Account(own.to_owned());
    let outside = |who: Vec<Whom>| -> Vec<Whom> {
        who.into_iter().filter(|who| *who != own && *who != Whom::Services).collect()
    };
    statement
        .conditions
        .iter()
        .filter_map(|condition| trusted(statement, condition).map(outside))
        .min_by_key(Vec::len)
}

/// Whom a condition lets through, if its key is a trusted one and its values are fixed.
fn trusted(
    statement: &Statement,
    (operator, key, values): &(String, String, Vec<String>),
) -> Option<Vec<Whom>> {
    let lower = key.to_ascii_lowercase();
    let (_, whom) = TRUSTED.iter().find(|(trusted, _)| *trusted == lower)?;
    let holds = if lower == "aws:principalisawsservice" {
        operator.eq_ignore_ascii_case("Bool") && values.iter().all(|v| v.eq_ignore_ascii_case("true"))
    } else {
        demands_a_match(statement, operator, key) && values.iter().all(|v| is_fixed(v))
    };
    (holds && !values.is_empty()).then(|| values.iter().map(|v| whom(v)).collect())
}

/// Whether an operator fails where the key is absent or has another value. `...IfExists` and `ForAllValues:`
/// hold where the key is absent, so they narrow nothing unless `Null` demands that it is there.
fn demands_a_match(statement: &Statement, operator: &str, key: &str) -> bool {
    let operator = Operator::of(operator);
    ["stringequals", "stringequalsignorecase", "stringlike", "arnequals", "arnlike"]
        .contains(&operator.base.as_str())
        && (!(operator.of_all || operator.if_exists) || is_demanded(statement, key))
}

/// Whether `Null` refuses a request without the key.
fn is_demanded(statement: &Statement, key: &str) -> bool {
    statement.conditions.iter().any(|(operator, of, values)| {
        operator.eq_ignore_ascii_case("Null")
            && of.eq_ignore_ascii_case(key)
            && !values.is_empty()
            && values.iter().all(|v| v.eq_ignore_ascii_case("false"))
    })
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

/// `AIDA...`, `AROA...`: all begin with an A (IAM User Guide, "IAM identifiers").
fn is_unique_id(text: &str) -> bool {
    text.starts_with('A')
        && text.len() >= 16
        && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
}

#[cfg(test)]
mod tests;
