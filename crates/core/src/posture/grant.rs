//! Whom a resource-based policy lets in from outside: everyone, or accounts and others by name.
//!
//! "Public" is what Block Public Access calls public: an Allow to everyone that no trusted condition key with
//! fixed values narrows (DynamoDB Developer Guide, "Preventing public access with resource-based policies"). A
//! pattern with a fixed account, or below a fixed organization, narrows as well: it lets in nobody else.
//!
//! A service acts for somebody: it is of the own account only where its source is ([`sources`]).

use crate::access::Unread;
use crate::domain::{Arn, Effect, Evidence, Message, Policy, PrincipalKind, Principals, Statement, glob};

mod comers;
mod sources;
mod standing;

use sources::Sources;
pub(crate) use standing::Standing;

/// What a policy is attached to. It decides which of its actions matter to who reads a table's data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Attached {
    /// A table or a stream: every action is about its data.
    Table,
    /// A KMS key: only what decrypts, or lets others decrypt, is. Its policy nobody else can change (KMS API Reference,
    /// PutKeyPolicy: "Cross-account use: No").
    Key,
    /// A Kinesis data stream: only what reads it is about the table's data.
    DataStream,
    /// A backup vault. Others can do nothing with it but copy into it, whatever its policy says (AWS Backup Developer
    /// Guide, "Vault access policies").
    Vault,
}

/// What a policy is attached to: which it is, and whose.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Governed<'a> {
    attached: Attached,
    /// None where it is not known, and of a vault, whose policy names recovery points or everything.
    arn: Option<&'a str>,
    /// The account, by its twelve digits.
    own: &'a str,
}

impl<'a> Governed<'a> {
    /// A table or a stream by its ARN, of which the account is taken; `own` where it is not known.
    pub(crate) fn table(arn: Option<&'a str>, own: &'a str) -> Self {
        let account = arn.and_then(|arn| arn.split(':').nth(4)).filter(|id| is_account(id));
        Self { attached: Attached::Table, arn, own: account.unwrap_or(own) }
    }

    /// A key.
    pub(crate) const fn key(arn: &'a str, own: &'a str) -> Self {
        Self { attached: Attached::Key, arn: Some(arn), own }
    }

    /// Whether it is a table, whose indexes its policy is about as well.
    fn has_indexes(&self) -> bool {
        self.attached == Attached::Table && self.arn.is_some_and(|arn| !arn.contains("/stream/"))
    }

    /// A Kinesis data stream.
    pub(crate) const fn data_stream(arn: &'a str, own: &'a str) -> Self {
        Self { attached: Attached::DataStream, arn: Some(arn), own }
    }

    /// A vault.
    pub(crate) const fn vault(own: &'a str) -> Self {
        Self { attached: Attached::Vault, arn: None, own }
    }
}

impl Attached {
    /// The actions that matter; none named: all do.
    const fn actions(self) -> &'static [&'static str] {
        match self {
            Self::Table => &[],
            Self::Key => &["kms:Decrypt", "kms:ReEncryptFrom", "kms:CreateGrant"],
            Self::DataStream => &["kinesis:GetRecords", "kinesis:SubscribeToShard"],
            Self::Vault => &["backup:CopyIntoBackupVault"],
        }
    }

    pub(super) fn minds(self, statement: &Statement) -> bool {
        self.actions().is_empty() || self.actions().iter().any(|action| statement.covers(action))
    }
}

/// What one policy grants beyond its own account.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Grants {
    /// The statements that let everyone in.
    pub public: Vec<Evidence>,
    /// Who else is let in.
    pub foreign: Vec<Whom>,
    /// The statements that let them in.
    pub by: Vec<Evidence>,
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
    /// Services of AWS, which act for somebody.
    Services,
    /// A service on behalf of somebody from outside.
    Behalf(String, Box<Whom>),
}

impl Whom {
    /// `account 444455556666`, `organization o-example`, `events.amazonaws.com on behalf of account 444455556666`.
    pub(super) fn words(&self) -> String {
        match self {
            Self::Account(id) => format!("account {id}"),
            Self::Others(words) => super::messages::name(words),
            Self::Services => SERVICES.into(),
            Self::Behalf(service, whom) => {
                format!("{} on behalf of {}", super::messages::name(service), whom.words())
            }
        }
    }

    /// The same as evidence.
    pub(super) fn evidence(&self) -> Evidence {
        match self {
            Self::Account(id) => ACCOUNT.with("account", id),
            Self::Others(words) => OTHERS.with("principal", words),
            Self::Services => OTHERS.with("principal", SERVICES),
            Self::Behalf(service, whom) => {
                BEHALF.with("service", service).with("whom", vec![whom.evidence()])
            }
        }
    }

    /// Whether it is an account that is named, or a service for one.
    pub(super) fn names_account(&self) -> bool {
        match self {
            Self::Account(_) => true,
            Self::Behalf(_, whom) => whom.names_account(),
            Self::Others(_) | Self::Services => false,
        }
    }
}

/// Names whom a value of a condition key lets through.
type Names = fn(&str) -> Whom;

/// Condition keys that narrow "everyone" when their values are fixed, and how to name whom they let through.
/// `aws:SourceIp` is not among them: an address does not say whose it is.
const TRUSTED: &[(&str, Names)] = &[
    ("aws:principalaccount", account),
    ("aws:principalarn", of_arn),
    ("aws:principalorgid", |v| Whom::Others(format!("organization {v}"))),
    ("aws:principalorgpaths", |v| Whom::Others(format!("organization path {v}"))),
    ("aws:sourceaccount", |v| some_service(account(v))),
    ("aws:sourcearn", |v| some_service(of_arn(v))),
    ("aws:sourceorgid", |v| some_service(Whom::Others(format!("organization {v}")))),
    ("aws:sourceorgpaths", |v| some_service(Whom::Others(format!("organization path {v}")))),
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
    /// To this many accounts, organizations and others by name.
    Others(usize),
    /// It is not understood in part.
    Unclear,
    /// To nobody outside the account.
    Own,
}

/// How far `policy` opens the table or the stream of this ARN.
pub fn opened(policy: &Policy, arn: &str) -> Opened {
    let grants = survey(&Standing::of(policy, Governed::table(Some(arn), "")));
    match (grants.public.is_empty(), grants.foreign.len(), grants.unclear.is_empty()) {
        (false, ..) => Opened::Everyone(grants.conditional),
        (true, 0, false) => Opened::Unclear,
        (true, 0, true) => Opened::Own,
        (true, n, _) => Opened::Others(n),
    }
}

/// What a policy grants to others than its own account.
pub(super) fn survey(standing: &Standing<'_>) -> Grants {
    let unread = standing.policy().unread.iter().map(Unread::to_string).collect();
    survey_of(standing, &standing.policy().statements, unread)
}

/// The same of some of its statements, beside what is not understood.
pub(super) fn survey_of(standing: &Standing<'_>, statements: &[Statement], unclear: Vec<String>) -> Grants {
    let policy = standing.policy();
    let mut grants = Grants { unclear, ..Grants::default() };
    for statement in statements.iter().filter(|s| standing.minds(s)) {
        let left = standing.left(statement, None);
        add(&mut grants.unclear, left.unclear);
        let foreign: Vec<Whom> =
            left.these.into_iter().filter(|whom| !left.everyone && !is_own(whom, standing.own())).collect();
        if left.everyone || !foreign.is_empty() {
            grants.conditional |= !statement.conditions.is_empty();
            grants.denies |= left.perhaps;
            add(&mut grants.actions, actions(statement));
        }
        if left.everyone {
            grants.public.push(cited(policy, statement));
        }
        if !foreign.is_empty() {
            grants.by.push(cited(policy, statement));
        }
        add(&mut grants.foreign, foreign);
    }
    grants
}

/// Whom an Allow lets in from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LetIn {
    /// Everyone.
    Everyone,
    /// Accounts that are named, or services on their behalf.
    Accounts,
    /// An organization, a network or the like, which may be of this account or of others.
    Others,
    /// Nobody.
    Nobody,
}

/// Whom a statement of a policy lets in from outside; nobody if it is no Allow of what matters there.
pub(crate) fn lets_in(standing: &Standing<'_>, statement: &Statement) -> LetIn {
    if !standing.minds(statement) {
        return LetIn::Nobody;
    }
    let left = standing.left(statement, None);
    let mut foreign = left.these.iter().filter(|whom| !is_own(whom, standing.own()));
    match (left.everyone, foreign.clone().next()) {
        (true, _) => LetIn::Everyone,
        (false, None) => LetIn::Nobody,
        (false, Some(_)) if foreign.any(Whom::names_account) => LetIn::Accounts,
        (false, Some(_)) => LetIn::Others,
    }
}

/// Whether a principal by its name is somebody outside the account `own`.
pub(crate) fn is_outside(kind: PrincipalKind, principal: &str, own: &str) -> bool {
    outsider(kind, principal, own).is_ok_and(|whom| !is_own(&whom, own))
}

/// Whether somebody is no way in from outside. Services that act for anybody are told by [`is_unbound_service`].
fn is_own(whom: &Whom, own: &str) -> bool {
    match whom {
        Whom::Account(id) => id == own,
        Whom::Others(_) => false,
        Whom::Services => true,
        Whom::Behalf(_, whom) => is_own(whom, own),
    }
}

pub(super) static STATEMENT: Message =
    Message::new("policy-statement", "statement {sid/number}").carrying(&["line"]);
pub(super) static ACCOUNT: Message = Message::new("principal-account", "account {account}");
pub(super) static OTHERS: Message = Message::new("principal-other", "{principal}");
pub(super) static BEHALF: Message = Message::new("principal-on-behalf", "{service} on behalf of {whom}");

/// A statement of a policy as evidence: its number from 1, its Sid, the line of the document it begins on.
pub(super) fn cited(policy: &Policy, statement: &Statement) -> Evidence {
    let line = policy.document().map(|document| document.line(statement.span.start));
    STATEMENT.with("sid", statement.sid.as_ref()).with("number", statement.position).with("line", line)
}

/// A statement's name in a text: its Sid or its position.
pub(crate) fn label(statement: &Statement) -> String {
    match &statement.sid {
        Some(sid) => format!("statement {}", super::messages::name(sid)),
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

    /// Whether it holds where the key has one of the values.
    fn is_positive(&self) -> bool {
        ["stringequals", "stringequalsignorecase", "stringlike", "arnequals", "arnlike"]
            .contains(&self.base.as_str())
    }
}

/// The whole accounts that a statement lets in: named as such, or as all that is asked of everyone; none if a
/// condition narrows them to principals.
pub(crate) fn whole_accounts(statement: &Statement) -> Vec<String> {
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
pub(crate) fn everyone_of(statement: &Statement) -> Vec<String> {
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
pub(crate) fn weak_conditions(statement: &Statement) -> Vec<String> {
    let everyone = matches!(statement.principals, Principals::Anyone | Principals::AllBut(_));
    if statement.effect == Effect::Deny || !everyone || comers::narrowed(statement, "").is_some() {
        return Vec::new();
    }
    statement.conditions.iter().map(|(_, key, _)| key.clone()).collect()
}

/// Whether a statement lets a service in and does not say for whose sake (IAM User Guide, "The confused deputy
/// problem").
pub(crate) fn is_unbound_service(statement: &Statement) -> bool {
    let is_let_in = match &statement.principals {
        Principals::Named(named) => named.iter().any(|(kind, _)| *kind == PrincipalKind::Service),
        Principals::Anyone | Principals::AllBut(_) => statement
            .conditions
            .iter()
            .any(|condition| narrowing(statement, condition).is_some_and(|(key, _)| is_of_services(key))),
        Principals::None => false,
    };
    statement.effect == Effect::Allow && is_let_in && Sources::of(statement, "").is_anybody()
}

/// Whether a key says which service comes, or that one does.
fn is_of_services(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    key.starts_with("aws:principalservicename") || key == "aws:principalisawsservice"
}

/// The unique IDs that are left of deleted users and roles.
pub(crate) fn orphans(statement: &Statement) -> Vec<String> {
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
pub(crate) fn denies_plain_http(statement: &Statement) -> bool {
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

/// Whether a statement is about a resource, by its ARN.
pub(crate) fn is_about(statement: &Statement, arn: &str) -> bool {
    let any = |patterns: &[String]| patterns.iter().any(|pattern| glob::matches(pattern, arn));
    match (statement.resources.as_slice(), statement.not_resources.as_slice()) {
        ([], []) => true,
        ([], but) => !any(but),
        (these, _) => any(these),
    }
}

/// Whether everybody whom a statement names is allowed something on the table by another one.
pub(crate) fn has_table_too(policy: &Policy, statement: &Statement) -> bool {
    let Principals::Named(named) = &statement.principals else { return false };
    let of_table = |s: &&Statement| {
        s.effect == Effect::Allow && s.conditions == statement.conditions && !grants_index_alone(s)
    };
    let names = |s: &Statement, one| matches!(&s.principals, Principals::Named(all) if all.contains(one));
    named.iter().all(|one| policy.statements.iter().filter(of_table).any(|s| names(s, one)))
}

/// Whether a statement allows an index and not its table.
pub(crate) fn grants_index_alone(statement: &Statement) -> bool {
    let of_index = |r: &String| r.contains("/index/");
    statement.effect == Effect::Allow
        && statement.resources.iter().any(of_index)
        && statement.resources.iter().all(of_index)
}

/// Whether a statement allows every action of DynamoDB, or every action but some.
pub(crate) fn allows_everything(statement: &Statement) -> bool {
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

/// Whose a named principal is; `Err` if it cannot be told. `own` stands for what is of the own account or of nobody.
fn outsider(kind: PrincipalKind, principal: &str, own: &str) -> Result<Whom, String> {
    let unclear = || Err(format!("the principal {} is not understood", super::messages::name(principal)));
    if kind == PrincipalKind::Service {
        return if principal.contains(['*', '?']) { unclear() } else { Ok(Whom::Services) };
    }
    if let Some(arn) = Arn::parse(principal) {
        return if is_account(&arn.account) { Ok(Whom::Account(arn.account)) } else { unclear() };
    }
    match kind {
        PrincipalKind::Aws if is_account(principal) => Ok(Whom::Account(principal.to_owned())),
        // What is left in a policy of a user or role that was deleted: an id that matches nobody.
        PrincipalKind::Aws if is_unique_id(principal) => Ok(Whom::Account(own.to_owned())),
        _ => unclear(),
    }
}

/// The key and the values of a condition, if the key is a trusted one and its values narrow.
fn narrowing<'a>(
    statement: &Statement,
    (operator, key, values): &'a (String, String, Vec<String>),
) -> Option<(&'a str, &'a [String])> {
    let lower = key.to_ascii_lowercase();
    TRUSTED.iter().find(|(trusted, _)| *trusted == lower)?;
    let holds = if lower == "aws:principalisawsservice" {
        operator.eq_ignore_ascii_case("Bool") && values.iter().all(|v| v.eq_ignore_ascii_case("true"))
    } else {
        demands_a_match(statement, operator, key) && values.iter().all(|v| narrows(operator, &lower, v))
    };
    (holds && !values.is_empty()).then_some((key.as_str(), values.as_slice()))
}

/// Whether a value of a trusted key says whose it is: a fixed one does, and a pattern whose account or organization is
/// fixed.
fn narrows(operator: &str, key: &str, value: &str) -> bool {
    if value.is_empty() || value.contains("${") {
        return false;
    }
    let likens = |base: &str| Operator::of(operator).base == base;
    match key {
        _ if is_fixed(value) => true,
        // Each part of an ARN is matched by itself.
        "aws:principalarn" | "aws:sourcearn" if likens("arnlike") || likens("arnequals") => {
            Arn::parse(value).is_some_and(|arn| is_account(&arn.account))
        }
        // In text a star also stands for colons: what is before the account has to be fixed as well.
        "aws:principalarn" | "aws:sourcearn" if likens("stringlike") => {
            Arn::parse(value).is_some_and(|arn| {
                is_account(&arn.account)
                    && [&arn.partition, &arn.service, &arn.region]
                        .iter()
                        .all(|part| !part.contains(['*', '?']))
            })
        }
        // `o-example/r-1/*`
        "aws:principalorgpaths" | "aws:sourceorgpaths" if likens("stringlike") => {
            value.split_once('/').is_some_and(|(organization, _)| is_fixed(organization))
        }
        // `AROAEXAMPLE:*`: the sessions of one role.
        "aws:userid" if likens("stringlike") => {
            value.split_once(':').is_some_and(|(id, _)| is_fixed(id) && is_unique_id(id))
        }
        _ => false,
    }
}

/// Whether an operator fails where the key is absent or has another value. `...IfExists` and `ForAllValues:`
/// hold where the key is absent, so they narrow nothing unless `Null` demands that it is there.
fn demands_a_match(statement: &Statement, operator: &str, key: &str) -> bool {
    let operator = Operator::of(operator);
    operator.is_positive() && (!(operator.of_all || operator.if_exists) || is_demanded(statement, key))
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

/// Only a service has a source.
fn some_service(whom: Whom) -> Whom {
    Whom::Behalf(SERVICES.into(), Box::new(whom))
}

/// What services are called that no principal names.
const SERVICES: &str = "services of AWS";

fn account(value: &str) -> Whom {
    if is_account(value) { Whom::Account(value.to_owned()) } else { Whom::Others(value.to_owned()) }
}

fn of_arn(value: &str) -> Whom {
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
