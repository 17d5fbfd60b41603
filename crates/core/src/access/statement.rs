//! What one statement says of one request.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::BitOr;
use std::sync::{Arc, PoisonError, RwLock};

use super::context::Values;
use super::document::{Node, Value};
use super::operator::Operator;
use super::request::Request;
use super::suppose::Supposed;
use super::text_pattern::{TextPattern, Token, Wildcards, matches};
use super::truth::Truth;
use super::{Arn, Caller, Effect, Policy, PrincipalKind, Principals, Statement};

mod sweep;

pub(super) use sweep::Swept;

/// What a policy is attached to; each kind has rules of its own of what may stand in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Layer {
    /// Of a user, group or role.
    Identity,
    /// A permissions boundary.
    Boundary,
    /// Given with a session.
    Session,
    /// Of a table, a stream or another resource.
    Resource,
    /// Of a role: who may take it on.
    Trust,
    /// Of a KMS key.
    Key,
    /// Of a VPC endpoint.
    Endpoint,
    /// A service control policy of an organization.
    ServiceControl,
    /// A resource control policy of an organization.
    ResourceControl,
}

impl Layer {
    /// Whether its statements name whom they are about.
    fn names_principals(self) -> bool {
        matches!(self, Self::Resource | Self::Trust | Self::Key | Self::Endpoint | Self::ResourceControl)
    }
}

/// A policy where it is attached, read once.
#[derive(Debug, Clone, PartialEq)]
pub struct Source {
    /// What it is attached to.
    pub layer: Layer,
    /// What to call it: `inline policy rw of role app`.
    pub name: String,
    body: Body,
    about: About,
}

/// The most actions that a policy keeps an index for.
const MOST_ACTIONS: usize = 256;

/// Which statements are about an action, by their places, for actions that were asked about: a policy of AWS names thousands
/// of actions, and most are of other services. It is found again from the statements, so it is no part of what a policy is.
#[derive(Default)]
struct About(RwLock<BTreeMap<String, Arc<[usize]>>>);

impl Clone for About {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl PartialEq for About {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl fmt::Debug for About {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("About")
    }
}

impl About {
    fn of(&self, rules: &[Rule], action: &str) -> Arc<[usize]> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner).get(action).cloned();
        known.unwrap_or_else(|| {
            let is_about = |(_, rule): &(usize, &Rule)| {
                rule.clause.as_ref().is_none_or(|clause| clause.action(action) != Truth::No)
            };
            let found: Arc<[usize]> = rules.iter().enumerate().filter(is_about).map(|(n, _)| n).collect();
            let mut all = self.0.write().unwrap_or_else(PoisonError::into_inner);
            if all.len() < MOST_ACTIONS {
                all.insert(action.to_owned(), Arc::clone(&found));
            }
            found
        })
    }
}

#[derive(Debug, Clone, PartialEq)]
enum Body {
    Read { policy: Box<Policy>, rules: Vec<Rule> },
    Unread(String),
}

impl Source {
    /// Reads a document.
    pub fn read(layer: Layer, name: impl Into<String>, document: &str) -> Self {
        Self::of(layer, name, Policy::parse(document))
    }

    /// A document that was read already.
    pub fn of(layer: Layer, name: impl Into<String>, policy: Policy) -> Self {
        let rules = rules(layer, &policy);
        let body = Body::Read { policy: Box::new(policy), rules };
        Self { layer, name: name.into(), body, about: About::default() }
    }

    /// A document that is there and that nobody could read.
    pub fn unread(layer: Layer, name: impl Into<String>, why: impl Into<String>) -> Self {
        Self { layer, name: name.into(), body: Body::Unread(why.into()), about: About::default() }
    }

    /// Whether it may allow an action, in lower case, to somebody, on something. What does not is of no use to whoever asks.
    pub fn may_allow(&self, action: &str) -> bool {
        match &self.body {
            Body::Unread(_) => true,
            Body::Read { rules, .. } => {
                self.about.of(rules, action).iter().any(|n| rules[*n].effects.contains(&Effect::Allow))
            }
        }
    }

    /// What was read.
    pub fn policy(&self) -> Option<&Policy> {
        match &self.body {
            Body::Read { policy, .. } => Some(policy),
            Body::Unread(_) => None,
        }
    }

    /// What of it is not known, each with the statement it is of.
    pub fn gaps(&self) -> Vec<(Option<usize>, &str)> {
        match &self.body {
            Body::Unread(why) => vec![(None, why)],
            Body::Read { rules, .. } => {
                rules.iter().flat_map(|r| r.gaps.iter().map(|gap| (r.position, gap.as_str()))).collect()
            }
        }
    }

    /// The same, each as a line that names it.
    pub fn unread_parts(&self) -> impl Iterator<Item = String> {
        self.gaps().into_iter().map(|(position, why)| {
            let place = position.map_or(String::new(), |n| format!(", statement {n}"));
            format!("{}{place}: {why}", self.name)
        })
    }

    /// What each of its statements says of a request; those that do not match are left out.
    pub(super) fn says(&self, request: &Request<'_>, hits: &mut Vec<Hit>) {
        let unread = |effect, position, sid: Option<&String>, why: &str| Hit {
            effect,
            truth: Truth::Unknown,
            naming: Naming::same(Truth::Unknown),
            source: self.name.clone(),
            layer: self.layer,
            position,
            sid: sid.cloned(),
            open: vec![Open::Unread(why.to_owned())],
        };
        match &self.body {
            Body::Unread(why) => {
                hits.extend([Effect::Allow, Effect::Deny].map(|effect| unread(effect, None, None, why)));
            }
            Body::Read { rules, .. } => {
                for rule in self.about.of(rules, request.action()).iter().map(|n| &rules[*n]) {
                    let Some(clause) = &rule.clause else {
                        let why = rule.gaps.first().map_or("not read", String::as_str);
                        let effects = rule.effects.iter().copied();
                        hits.extend(effects.map(|e| unread(e, rule.position, rule.sid.as_ref(), why)));
                        continue;
                    };
                    let effect = rule.effects[0];
                    let said = clause.says(request, self.layer, effect);
                    if said.truth != Truth::No {
                        hits.push(Hit {
                            effect,
                            truth: said.truth,
                            naming: said.naming,
                            source: self.name.clone(),
                            layer: self.layer,
                            position: rule.position,
                            sid: rule.sid.clone(),
                            open: said.open,
                        });
                    }
                }
            }
        }
    }
}

/// A statement that matches, or may.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Hit {
    pub effect: Effect,
    pub truth: Truth,
    pub naming: Naming,
    pub source: String,
    pub layer: Layer,
    pub position: Option<usize>,
    pub sid: Option<String>,
    pub open: Vec<Open>,
}

/// What it depends on whether a statement matches.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Open {
    /// A condition whose key is not known.
    Condition {
        /// The operator as it is written.
        operator: String,
        /// The key as it is written.
        key: String,
        /// The values as they are written.
        values: Vec<String>,
    },
    /// It names a session, or somebody else who may be the one that asks.
    Principal(String),
    /// A variable in a resource.
    Resource(String),
    /// Something that could not be read.
    Unread(String),
}

impl Open {
    /// What could not be read.
    pub(super) fn unread(&self) -> Option<&String> {
        if let Self::Unread(what) = self { Some(what) } else { None }
    }
}

/// One statement as it is evaluated. Without a clause it could not be read.
#[derive(Debug, Clone, PartialEq)]
struct Rule {
    position: Option<usize>,
    sid: Option<String>,
    /// At least one; both where the effect could not be read.
    effects: Vec<Effect>,
    clause: Option<Clause>,
    gaps: Vec<String>,
}

#[derive(Debug, Clone, PartialEq)]
struct Clause {
    principals: Principals,
    actions: Names,
    resources: Names,
    conditions: Vec<Condition>,
}

/// `Action` or `NotAction`, `Resource` or `NotResource`.
#[derive(Debug, Clone, PartialEq)]
struct Names {
    negated: bool,
    patterns: Vec<(String, TextPattern)>,
}

#[derive(Debug, Clone, PartialEq)]
struct Condition {
    written: (String, String, Vec<String>),
    key: String,
    /// `None` if there is no such operator.
    operator: Option<Operator>,
    wanted: Vec<TextPattern>,
}

struct Said {
    truth: Truth,
    naming: Naming,
    open: Vec<Open>,
}

/// How a statement names who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Naming {
    /// The principal itself, or everyone.
    pub itself: Truth,
    /// The role of a session, or the user behind one.
    pub behind: Truth,
    /// The account.
    pub account: Truth,
}

impl Naming {
    const NOBODY: Self = Self::same(Truth::No);

    const fn same(truth: Truth) -> Self {
        Self { itself: truth, behind: truth, account: truth }
    }

    fn itself(truth: Truth) -> Self {
        Self { itself: truth, ..Self::NOBODY }
    }

    fn any(self) -> Truth {
        self.itself.or(self.behind).or(self.account)
    }
}

impl BitOr for Naming {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self {
            itself: self.itself.or(other.itself),
            behind: self.behind.or(other.behind),
            account: self.account.or(other.account),
        }
    }
}

fn rules(layer: Layer, policy: &Policy) -> Vec<Rule> {
    let root = policy.document().map(super::Document::root);
    // Variables are of the newer language; a document that names no version is of the older one.
    let version = root.and_then(|r| r.get("Version")).and_then(Node::as_text);
    let variables = version != Some("2008-10-17") && version.is_some();
    let mut rules = Vec::new();
    let whole: Vec<String> = policy.unread_as_a_whole().map(|u| u.why.clone()).collect();
    if !whole.is_empty() {
        let effects = vec![Effect::Allow, Effect::Deny];
        rules.push(Rule { position: None, sid: None, effects, clause: None, gaps: whole });
    }
    let nodes = policy.document().and_then(super::Document::statements).unwrap_or_default();
    for (n, node) in nodes.iter().enumerate() {
        let position = n + 1;
        let mut gaps: Vec<String> =
            policy.unread.iter().filter(|u| u.statement == Some(position)).map(|u| u.why.clone()).collect();
        let read = policy.statements.iter().find(|s| s.position == position);
        // KMS takes such a statement, which then has no effect (KMS API Reference, "PutKeyPolicy").
        if layer == Layer::Key && read.is_some_and(|s| s.resources.is_empty() && s.not_resources.is_empty()) {
            continue;
        }
        let mut clause = None;
        if let Some(statement) = read {
            if gaps.is_empty()
                && let Some(why) = unsupported(layer, statement)
            {
                gaps.push(why.to_owned());
            }
            if gaps.is_empty() {
                let compiled = Clause::of(layer, statement, variables);
                gaps.extend(compiled.odd_operators());
                clause = Some(compiled);
            }
        }
        rules.push(Rule {
            position: Some(position),
            sid: node.get("Sid").and_then(Node::as_text).map(str::to_owned),
            effects: effects(node),
            clause,
            gaps,
        });
    }
    rules
}

/// The effects that a statement may have: one, if it is named once and known.
fn effects(node: &Node) -> Vec<Effect> {
    let mut named = node.members().iter().filter(|m| m.name == "Effect");
    match (named.next().map(|m| &m.value.value), named.next()) {
        (Some(Value::Text(text)), None) if text == "Allow" => vec![Effect::Allow],
        (Some(Value::Text(text)), None) if text == "Deny" => vec![Effect::Deny],
        _ => vec![Effect::Allow, Effect::Deny],
    }
}

/// What AWS does not take in such a policy; what it would mean is not known.
fn unsupported(layer: Layer, statement: &Statement) -> Option<&'static str> {
    let all_but = matches!(statement.principals, Principals::AllBut(_));
    match layer {
        _ if !layer.names_principals() && statement.principals != Principals::None => {
            Some("it names a principal, which such a policy cannot")
        }
        _ if layer.names_principals() && statement.principals == Principals::None => {
            Some("it names no principal")
        }
        Layer::ResourceControl if statement.principals != Principals::Anyone => {
            Some("a resource control policy names nobody but everyone")
        }
        Layer::Trust if all_but => Some("NotPrincipal is not supported in a trust policy"),
        Layer::Identity
        | Layer::Boundary
        | Layer::Session
        | Layer::ServiceControl
        | Layer::ResourceControl
            if statement.resources.is_empty() && statement.not_resources.is_empty() =>
        {
            Some("it names no resource")
        }
        _ => None,
    }
}

impl Clause {
    fn of(layer: Layer, statement: &Statement, variables: bool) -> Self {
        let negated = !statement.not_actions.is_empty();
        let actions = if negated { &statement.not_actions } else { &statement.actions };
        let action =
            |p: &String| (p.clone(), TextPattern::read(&p.to_ascii_lowercase(), Wildcards::Yes, false));
        let may_be_short = matches!(layer, Layer::Identity | Layer::Boundary | Layer::Session);
        Self {
            principals: statement.principals.clone(),
            actions: Names { negated, patterns: actions.iter().map(action).collect() },
            resources: resources(statement, may_be_short, variables),
            conditions: statement
                .conditions
                .iter()
                .map(|(operator, key, values)| {
                    let read = Operator::read(operator);
                    Condition {
                        written: (operator.clone(), key.clone(), values.clone()),
                        key: key.to_ascii_lowercase(),
                        operator: read,
                        wanted: read.map_or_else(Vec::new, |operator| {
                            values.iter().map(|v| operator.pattern(v, variables)).collect()
                        }),
                    }
                })
                .collect(),
        }
    }

    fn odd_operators(&self) -> impl Iterator<Item = String> {
        self.conditions
            .iter()
            .filter(|c| c.operator.is_none())
            .map(|c| format!("the condition operator {:?} is not known", c.written.0))
    }

    /// In the order that is quickest to end: most statements are about other actions.
    fn says(&self, request: &Request<'_>, layer: Layer, effect: Effect) -> Said {
        let mut said =
            Said { truth: self.action(request.action()), naming: Naming::same(Truth::Yes), open: Vec::new() };
        if said.truth == Truth::No {
            return said;
        }
        if said.truth == Truth::Unknown {
            said.open.push(Open::Unread("an action without a service".into()));
        }
        self.resource(request, &mut said);
        if said.truth == Truth::No {
            return said;
        }
        if layer.names_principals() {
            said.naming = naming(&self.principals, effect, request);
            let named = said.naming.any();
            if named == Truth::Unknown {
                said.open.push(Open::Principal(self.whom()));
            }
            said.truth = said.truth.and(named);
        }
        for condition in &self.conditions {
            if said.truth == Truth::No {
                break;
            }
            let holds = condition.holds(request);
            if holds == Truth::Unknown {
                let (operator, key, values) = condition.written.clone();
                said.open.push(if condition.operator.is_some() {
                    Open::Condition { operator, key, values }
                } else {
                    Open::Unread(format!("the condition operator {operator:?} is not known"))
                });
            }
            said.truth = said.truth.and(holds);
        }
        // By account or by role, it does not hold more than the statement does.
        let bounded = said.truth;
        let Naming { itself, behind, account } = said.naming;
        said.naming = Naming {
            itself: itself.and(bounded),
            behind: behind.and(bounded),
            account: account.and(bounded),
        };
        said
    }

    fn action(&self, action: &str) -> Truth {
        let one = |(written, pattern): &(String, TextPattern)| {
            let found = matches(pattern.plain().unwrap_or_default(), action);
            let star = written.bytes().all(|b| b == b'*');
            // AWS takes no action without a service; what one with a wildcard would be is not known.
            if found == Truth::Yes && !star && !written.contains(':') { Truth::Unknown } else { found }
        };
        let any = Truth::any(self.actions.patterns.iter().map(one));
        if self.actions.negated { !any } else { any }
    }

    fn resource(&self, request: &Request<'_>, said: &mut Said) {
        if self.resources.patterns.is_empty() {
            return;
        }
        let mut open = Vec::new();
        let one = |(written, pattern): &(String, TextPattern)| {
            let found = request.resource_matches(pattern);
            let service = written.split(':').nth(2).unwrap_or_default();
            let wild = service.contains(['*', '?']) && written.contains(":");
            let found = if found == Truth::Yes && wild { Truth::Unknown } else { found };
            if found == Truth::Unknown {
                open.push(Open::Resource(written.clone()));
            }
            found
        };
        let any = Truth::any(self.resources.patterns.iter().map(one));
        let truth = if self.resources.negated { !any } else { any };
        if truth == Truth::Unknown {
            said.open.append(&mut open);
        }
        said.truth = said.truth.and(truth);
    }

    fn whom(&self) -> String {
        match &self.principals {
            Principals::Named(all) | Principals::AllBut(all) => {
                let first: Vec<&str> = all.iter().take(3).map(|(_, name)| name.as_str()).collect();
                let more = if all.len() > 3 { " ..." } else { "" };
                format!("{}{more}", first.join(", "))
            }
            Principals::Anyone => "*".into(),
            Principals::None => String::new(),
        }
    }
}

impl Condition {
    fn holds(&self, request: &Request<'_>) -> Truth {
        let Some(operator) = self.operator else { return Truth::Unknown };
        let mut value = |key: &str| request.value(key);
        let wanted: Vec<Option<Vec<Token>>> = self.wanted.iter().map(|w| w.filled(&mut value)).collect();
        let holds = operator.holds(&request.value(&self.key), &wanted);
        if holds != Truth::Unknown {
            return holds;
        }
        let (written, _, values) = &self.written;
        match request.supposed(written, &self.key, values) {
            Supposed::Open => Truth::Unknown,
            Supposed::Absent => operator.holds(&Values::Absent, &wanted),
            Supposed::Holds(holds) => holds.into(),
        }
    }
}

/// In an identity policy an ARN of fewer than six parts is completed by wildcards; and a `*` that ends a part may stand
/// for several of them (IAM User Guide, "IAM JSON policy elements: Resource"). Which of the two is meant does not show,
/// so that both are.
fn resources(statement: &Statement, may_be_short: bool, variables: bool) -> Names {
    let negated = !statement.not_resources.is_empty();
    let written = if negated { &statement.not_resources } else { &statement.resources };
    let read = |pattern: &str| TextPattern::read(pattern, Wildcards::InArn, variables);
    let each = written.iter().flat_map(|pattern| {
        let completed = completed(pattern).filter(|_| may_be_short);
        let both = std::iter::once(read(pattern)).chain(completed.map(|longer| read(&longer)));
        both.map(|read| (pattern.clone(), read))
    });
    Names { negated, patterns: each.collect() }
}

/// An ARN of fewer than six parts with wildcards for the others.
fn completed(pattern: &str) -> Option<String> {
    let colons = pattern.matches(':').count();
    (pattern.starts_with("arn:") && colons < 5 && !pattern.ends_with('*'))
        .then(|| format!("{pattern}{}", ":*".repeat(5 - colons)))
}

fn naming(principals: &Principals, effect: Effect, request: &Request<'_>) -> Naming {
    match principals {
        Principals::Anyone => Naming::itself(Truth::Yes),
        Principals::None => Naming::NOBODY,
        Principals::Named(all) => all
            .iter()
            .map(|(kind, name)| named(*kind, name, request))
            .fold(Naming::NOBODY, |all, one| all | one),
        Principals::AllBut(all) => Naming::itself(all_but(all, effect, request)),
    }
}

/// How one entry of `Principal` names who asks. Wildcards inside a name match nobody (IAM User Guide, "AWS JSON
/// policy elements: Principal").
fn named(kind: PrincipalKind, name: &str, request: &Request<'_>) -> Naming {
    match kind {
        PrincipalKind::Aws if request.is_iam() => return aws(name, request),
        _ if request.is_iam() => return Naming::NOBODY,
        _ => {}
    }
    let exact = |is: bool| Naming::itself(is.into());
    match (kind, request.caller()) {
        (PrincipalKind::Service, Caller::Service(asks)) => match name {
            "*" => Naming::itself(Truth::Unknown),
            _ => exact(name == asks),
        },
        (PrincipalKind::Federated, Caller::Provider(asks)) => exact(name == asks),
        _ => Naming::NOBODY,
    }
}

fn aws(name: &str, request: &Request<'_>) -> Naming {
    let Some(account) = request.caller_account() else { return Naming::NOBODY };
    if name == account {
        return Naming { account: Truth::Yes, ..Naming::NOBODY };
    }
    let Some(arn) = Arn::parse(name) else {
        // The id of a principal stands for one that was deleted. Where it is that of who asks, it was not.
        let deleted = request.caller_id() != Some(name);
        return Naming::itself(if deleted { Truth::No } else { Truth::Unknown });
    };
    if arn.account != account {
        return Naming::NOBODY;
    }
    let Some(asks) = request.caller_arn().filter(|asks| asks.partition == arn.partition) else {
        return Naming::NOBODY;
    };
    if arn.resource == "root" && arn.service == "iam" {
        return Naming { account: Truth::Yes, ..Naming::NOBODY };
    }
    let caller = request.caller();
    match caller {
        Caller::User(_) | Caller::FederatedUser { .. } if arn == *asks => Naming::itself(Truth::Yes),
        // Which user asked for the session does not stand in its ARN.
        Caller::FederatedUser { .. } if arn.resource.starts_with("user/") => {
            Naming { behind: Truth::Unknown, ..Naming::NOBODY }
        }
        Caller::Role(asks) if arn == *asks => Naming { behind: Truth::Yes, ..Naming::NOBODY },
        // Which of its sessions asks is not said.
        Caller::Role(_) => match Caller::parse(name) {
            Ok(Caller::Session { role, .. }) if Some(role.as_str()) == caller.name() => {
                Naming::itself(Truth::Unknown)
            }
            _ => Naming::NOBODY,
        },
        Caller::Session { arn: session, .. } if arn == *session => Naming::itself(Truth::Yes),
        Caller::Session { role, .. } if arn.resource.starts_with("role/") => {
            let is = match request.person() {
                Some(person) => Truth::from(person.arn == arn),
                // The path of the role is not known, and so not whether it is this one.
                None if arn.resource.rsplit('/').next() == Some(role) => Truth::Unknown,
                None => Truth::No,
            };
            Naming { behind: is, ..Naming::NOBODY }
        }
        _ => Naming::NOBODY,
    }
}

/// Whether "everyone but these" is about who asks. For a Deny, a principal with a boundary is always meant; a user
/// and its account have to be listed both, for a session also its role (IAM User Guide, "AWS JSON policy elements:
/// NotPrincipal", which says "might" where one of them is missing).
fn all_but(listed: &[(PrincipalKind, String)], effect: Effect, request: &Request<'_>) -> Truth {
    let found = listed
        .iter()
        .map(|(kind, name)| named(*kind, name, request))
        .fold(Naming::NOBODY, |all, one| all | one);
    let itself = found.itself;
    if effect == Effect::Allow {
        // Not supported with Allow: who is listed is not let in; who else is, AWS does not say.
        return if itself.or(found.behind) == Truth::Yes { Truth::No } else { Truth::Unknown };
    }
    let freed = match request.caller() {
        Caller::Root(_) => found.account,
        Caller::User(_) | Caller::FederatedUser { .. } => partly(itself, &[found.account]),
        Caller::Session { .. } => partly(itself.or(found.behind), &[itself, found.behind, found.account]),
        // Any of its sessions may ask, and each would have to be listed.
        Caller::Role(_) => partly(found.behind, &[Truth::Unknown]),
        Caller::Service(_) | Caller::Provider(_) => itself,
    };
    (!freed).or(request.has_boundary())
}

/// Freed if listed, and all that has to be listed with it is; if only that is missing, perhaps.
fn partly(listed: Truth, also: &[Truth]) -> Truth {
    if listed == Truth::No {
        Truth::No
    } else if listed == Truth::Yes && also.iter().all(|t| *t == Truth::Yes) {
        Truth::Yes
    } else {
        Truth::Unknown
    }
}
