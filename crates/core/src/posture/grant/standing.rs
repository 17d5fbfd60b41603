//! What each Allow of a policy comes to on what the policy is attached to, with all its Denies weighed.
//!
//! Whoever could come is put to the evaluator ([`crate::access`]), one by one: everybody whom the policy names, in its
//! Allows and in its Denies, and an outsider whom it names nowhere. A policy tells people apart by what it names alone, so
//! that what it says of these it says of all.

use std::cell::{Cell, OnceCell};
use std::collections::BTreeSet;

use super::sources::width;
use super::{
    Attached, Governed, SERVICES, Sources, TRUSTED, UNHEARD_OF, Whom, add, denies_plain_http, is_account,
    narrowing, outsider,
};
use crate::access::{Arn, Caller, Context, Layer, Question, Source, Truth, World, denied, dynamodb_actions};
use crate::domain::{Effect, Policy, PrincipalKind, Principals, Statement, glob};

/// How many of those whom Denies name are asked for: 20 KB hold no more.
const MOST_NAMED: usize = 2000;

/// How many statements are asked in all, at most: thousands of times what a policy that somebody wrote needs. What is not
/// asked for counts as open, and is said to depend on the Denies.
const MOST_ASKED: usize = 60_000;

/// An index that no policy names.
const OTHER_INDEX: &str = "0utsider.index";

/// An organization, a network: of nobody whom a policy names.
const OTHER_ORGANIZATION: &str = "o-0outsider0";
const OTHER_PATH: &str = "o-0outsider0/r-0000/ou-0000-00000000/";
const OTHER_ENDPOINT: &str = "vpce-0outsider";
const OTHER_NETWORK: &str = "vpc-0outsider";

/// A policy where it is attached.
pub(crate) struct Standing<'a> {
    policy: &'a Policy,
    on: Governed<'a>,
    /// None where no Deny takes anything from anybody.
    denies: OnceCell<Option<Denies>>,
}

struct Denies {
    /// The Denies alone.
    source: Source,
    world: World,
    /// How many statements may still be asked.
    left: Cell<usize>,
    /// An account that the policy names nowhere.
    elsewhere: String,
    /// Whom the Denies name.
    named: Vec<Comer>,
}

/// Somebody who may come. What is not said of them may be anything.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Comer {
    /// What to call them; none is everyone.
    whom: Option<Whom>,
    /// Who asks; none is anybody of IAM, of an account that is not named.
    caller: Option<Caller>,
    /// Whether it is anybody of the caller's account, not the caller alone.
    any_of_account: bool,
    given: Vec<(&'static str, String)>,
}

/// Whom an Allow lets in.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Left {
    pub everyone: bool,
    /// Those of the own account among them.
    pub these: Vec<Whom>,
    /// Whether a Deny may take it from one of them: that depends on what is not known.
    pub perhaps: bool,
    /// What of whom it names is not understood.
    pub unclear: Vec<String>,
}

impl<'a> Standing<'a> {
    pub(crate) const fn of(policy: &'a Policy, on: Governed<'a>) -> Self {
        Self { policy, on, denies: OnceCell::new() }
    }

    /// What takes something away; read only where an Allow asks for it, since most checks look at few statements.
    fn denies(&self) -> Option<&Denies> {
        let (policy, on) = (self.policy, self.on);
        let takes = |s: &&Statement| s.effect == Effect::Deny && !denies_plain_http(s);
        let read = || {
            policy.statements.iter().any(|s| takes(&s)).then(|| {
                let layer = if on.attached == Attached::Key { Layer::Key } else { Layer::Resource };
                let alone = policy.statements.iter().filter(|s| takes(s)).cloned().collect();
                let text = policy.text();
                let numbers = (1..=9_999_u32).map(|n| format!("{:012}", u64::from(n) * 99_990_001));
                let elsewhere = numbers.into_iter().find(|id| !text.contains(id.as_str()) && id != on.own);
                Denies {
                    source: Source::of(layer, "the policy", policy.with_only(alone)),
                    world: World::default(),
                    left: Cell::new(MOST_ASKED),
                    elsewhere: elsewhere.unwrap_or_default(),
                    named: named(policy, on.own),
                }
            })
        };
        self.denies.get_or_init(read).as_ref()
    }

    /// The policy.
    pub(crate) const fn policy(&self) -> &'a Policy {
        self.policy
    }

    /// The account that it is attached in.
    pub(crate) const fn own(&self) -> &'a str {
        self.on.own
    }

    /// Whether a statement is about what the policy is attached to: one about something else has no effect (DynamoDB
    /// Developer Guide, "Resource-based policy examples").
    pub(crate) fn is_about_it(&self, statement: &Statement) -> bool {
        let Some(arn) = self.on.arn else { return true };
        // What stands for a variable may be this.
        let any = |patterns: &[String]| {
            patterns.iter().any(|p| p.contains("${") || covers(p, arn, self.on.has_indexes()))
        };
        match (statement.resources.as_slice(), statement.not_resources.as_slice()) {
            ([], []) => true,
            ([], but) => self.parts(arn).iter().any(|part| !but.iter().any(|p| glob::matches(p, part))),
            (these, _) => any(these),
        }
    }

    /// What it is attached to, and of a table some index.
    fn parts(&self, arn: &str) -> Vec<String> {
        let index = self.on.has_indexes().then(|| format!("{arn}/index/{OTHER_INDEX}"));
        std::iter::once(arn.to_owned()).chain(index).collect()
    }

    /// Whether a statement allows something that matters there.
    pub(crate) fn minds(&self, statement: &Statement) -> bool {
        statement.effect == Effect::Allow && self.on.attached.minds(statement)
    }

    /// Whether an Allow gives anybody anything.
    pub(crate) fn is_in_force(&self, statement: &Statement) -> bool {
        let left = self.left(statement, None);
        left.everyone || !left.these.is_empty() || !left.unclear.is_empty()
    }

    /// Whether an Allow lets everyone in.
    pub(crate) fn opens(&self, statement: &Statement) -> bool {
        self.left(statement, None).everyone
    }

    /// Whether an Allow gives anybody one of these actions.
    pub(crate) fn gives(&self, statement: &Statement, actions: &[&str]) -> bool {
        let covered: Vec<&str> = actions.iter().copied().filter(|action| statement.covers(action)).collect();
        if covered.is_empty() {
            return false;
        }
        // What changes a policy is done to the table or the stream, not to an index (Service Authorization Reference).
        if self.on.arn.is_some_and(|arn| !super::is_about(statement, arn)) {
            return false;
        }
        let left = self.left(statement, Some(&covered));
        left.everyone || !left.these.is_empty()
    }

    /// Whether it gives everybody in an account something, as far as this policy says.
    pub(crate) fn gives_account(&self, statement: &Statement, account: &str) -> bool {
        let ordinary = ["role/anybody", "user/anybody"].into_iter().filter_map(|name| {
            let caller = Caller::parse(&format!("arn:aws:iam::{account}:{name}")).ok()?;
            Some(Comer { caller: Some(caller), any_of_account: false, ..Comer::of_account(account) })
        });
        let mut ordinary = ordinary.map(|comer| self.keeps(statement, &comer, None));
        self.is_about_it(statement) && ordinary.any(|kept| kept != Truth::No)
    }

    /// Whether a service gets something by it for anybody's sake: one that is let in without a word for whom, or one that
    /// the Denies of an Allow to everyone leave.
    pub(crate) fn serves_anybody(&self, statement: &Statement) -> bool {
        let of_everyone = matches!(statement.principals, Principals::Anyone | Principals::AllBut(_));
        let is_spared = || of_everyone && narrowed(statement, "").is_none() && !self.opens(statement);
        let is_let_in =
            super::is_unbound_service(statement) || (statement.effect == Effect::Allow && is_spared());
        if !is_let_in || !self.is_about_it(statement) {
            return false;
        }
        let Some(denies) = self.denies() else { return true };
        let of_service =
            |(kind, name): &(PrincipalKind, String)| (*kind == PrincipalKind::Service).then(|| name.clone());
        let mut names: Vec<String> = match &statement.principals {
            Principals::Named(all) => all.iter().filter_map(of_service).collect(),
            _ => vec![ANY_SERVICE.to_owned()],
        };
        if of_everyone {
            names.extend(denies.named.iter().filter_map(|named| match &named.caller {
                Some(Caller::Service(name)) => Some(name.clone()),
                _ => None,
            }));
        }
        names.iter().any(|name| {
            denies.sources().into_iter().any(|given| {
                let comer = Comer::service(name, Whom::Services, given);
                self.keeps(statement, &comer, None) != Truth::No
            })
        })
    }

    /// Whom an Allow lets in; of these actions only, or of all that matter.
    pub(super) fn left(&self, statement: &Statement, actions: Option<&[&str]>) -> Left {
        let mut left = Left::default();
        if statement.effect == Effect::Deny || !self.is_about_it(statement) {
            return left;
        }
        let (comers, unclear) = comers(statement, self.on.own);
        left.unclear = unclear;
        for comer in comers {
            let kept = self.keeps(statement, &comer, actions);
            left.perhaps |= kept == Truth::Unknown;
            match (kept, &comer.whom) {
                (Truth::No, _) => {
                    for (whom, kept) in self.of_them(statement, &comer, actions) {
                        left.perhaps |= kept == Truth::Unknown;
                        add(&mut left.these, vec![whom]);
                    }
                }
                (_, Some(whom)) => add(&mut left.these, vec![whom.clone()]),
                (_, None) => left.everyone = true,
            }
        }
        left
    }

    /// Those whom Denies name and spare, of people of whom they take all others out.
    fn of_them(&self, statement: &Statement, comer: &Comer, actions: Option<&[&str]>) -> Vec<(Whom, Truth)> {
        // Of an account by its number, those who are named were asked for already.
        let (Some(denies), None) = (self.denies(), &comer.caller) else { return Vec::new() };
        let everyone = comer.whom.is_none();
        let may_be = |named: &&Comer| everyone || matches!(named.whom, Some(Whom::Account(_)));
        let asked = denies.named.iter().filter(may_be).filter_map(|named| {
            let given = named.given.iter().chain(&comer.given).cloned().collect();
            let both = Comer { given, ..named.clone() };
            let kept = self.keeps(statement, &both, actions);
            (kept != Truth::No).then(|| (named.whom.clone(), kept))
        });
        asked.filter_map(|(whom, kept)| Some((whom?, kept))).collect()
    }

    /// Whether they keep something of what an Allow gives: [`Truth::No`] where Denies certainly take all of it.
    fn keeps(&self, statement: &Statement, comer: &Comer, actions: Option<&[&str]>) -> Truth {
        let Some(denies) = self.denies() else { return Truth::Yes };
        let (actions, resources) = match actions {
            Some(these) => (
                these.iter().map(|&action| action.to_owned()).collect(),
                vec![self.on.arn.unwrap_or("*").to_owned()],
            ),
            None => (self.actions(statement), self.resources(statement)),
        };
        let actions: Vec<String> = denies.told_apart(actions);
        let all = denies.source.policy().map(|policy| policy.statements.as_slice()).unwrap_or_default();
        // What nobody may do at all need not be asked of each.
        let is_gone = |action: &str, resource: &str| {
            all.iter().any(|deny| {
                let of_all = deny.principals == Principals::Anyone && deny.conditions.is_empty();
                of_all && deny.covers(action) && super::is_about(deny, resource)
            })
        };
        let asked: Vec<(&String, &String)> = resources
            .iter()
            .flat_map(|resource| actions.iter().map(move |action| (action, resource)))
            .filter(|(action, resource)| !is_gone(action, resource))
            .collect();
        if asked.is_empty() {
            return Truth::No;
        }
        // A long list of values takes as long as several statements.
        let values = all.iter().flat_map(|s| &s.conditions).map(|(.., values)| values.len()).sum::<usize>();
        let each = all.len() + values / 4 + 1;
        let mut kept = Truth::No;
        for (caller, given) in comer.ways(denies) {
            let mut context = Context::default();
            context.give("aws:SecureTransport", "true");
            given.iter().for_each(|(key, value)| context.give(key, value));
            for (action, resource) in &asked {
                let Some(left) = denies.left.get().checked_sub(each) else { return Truth::Unknown };
                denies.left.set(left);
                let question = Question {
                    action: (*action).clone(),
                    resource: (*resource).clone(),
                    caller: caller.clone(),
                    context: context.clone(),
                };
                kept = kept.or(match denied(&denies.world, &question, &denies.source) {
                    Truth::Yes => Truth::No,
                    Truth::No => return Truth::Yes,
                    Truth::Unknown => Truth::Unknown,
                });
            }
        }
        kept
    }

    /// The actions that it gives and that matter.
    fn actions(&self, statement: &Statement) -> Vec<String> {
        let covered = |action: &String| statement.covers(action);
        let known: Vec<String> = match self.on.attached.actions() {
            [] => dynamodb_actions().filter(covered).collect(),
            these => these.iter().map(|&action| action.to_owned()).filter(covered).collect(),
        };
        // A new one, or one that is misspelt: what it is called is enough to ask for it.
        if known.is_empty() {
            return match statement.actions.as_slice() {
                [] => vec![UNHEARD_OF.into()],
                some => some.to_vec(),
            };
        }
        known
    }

    /// What it is about, of what the policy is attached to.
    fn resources(&self, statement: &Statement) -> Vec<String> {
        let Some(arn) = self.on.arn else { return vec!["*".into()] };
        let mut all = self.parts(arn);
        if self.on.has_indexes() {
            let named =
                self.policy.statements.iter().flat_map(|s| s.resources.iter().chain(&s.not_resources));
            let named = named.filter(|pattern| pattern.contains("/index/") && !pattern.contains("${"));
            // Of the index patterns each by a name that it matches.
            let names = named.filter_map(|pattern| pattern.split_once("/index/")).map(|(_, name)| name);
            let names: BTreeSet<String> = names.map(|name| name.replace(['*', '?'], "x")).collect();
            all.extend(names.into_iter().map(|name| format!("{arn}/index/{name}")));
        }
        let about: Vec<String> = all.iter().filter(|one| super::is_about(statement, one)).cloned().collect();
        // It names a variable.
        if about.is_empty() { all } else { about }
    }
}

/// Whether a pattern is about something by its ARN, or about an index of it.
fn covers(pattern: &str, arn: &str, has_indexes: bool) -> bool {
    let of_index = || {
        pattern.starts_with(&format!("{arn}/index/"))
            || glob::matches(pattern, &format!("{arn}/index/{OTHER_INDEX}"))
    };
    glob::matches(pattern, arn) || (has_indexes && of_index())
}

/// A service, whichever it is.
const ANY_SERVICE: &str = "outsider.amazonaws.com";

impl Comer {
    const EVERYONE: Self = Self { whom: None, caller: None, any_of_account: false, given: Vec::new() };

    fn of_account(account: &str) -> Self {
        let caller = Caller::parse(&format!("arn:aws:iam::{account}:role/anybody")).ok();
        Self {
            whom: Some(Whom::Account(account.to_owned())),
            caller,
            any_of_account: true,
            given: Vec::new(),
        }
    }

    fn service(name: &str, whom: Whom, given: Vec<(&'static str, String)>) -> Self {
        let caller = Some(Caller::Service(name.to_owned()));
        Self { whom: Some(whom), caller, any_of_account: false, given }
    }

    /// A service for somebody.
    fn on_behalf(name: &str, whom: Whom) -> Self {
        let given = match &whom {
            Whom::Behalf(_, of) => match of.as_ref() {
                Whom::Account(id) => vec![("aws:SourceAccount", id.clone())],
                _ => Vec::new(),
            },
            _ => Vec::new(),
        };
        Self::service(name, whom, given)
    }

    /// Whom a value of a trusted key lets through.
    fn by(key: &str, value: &str) -> Option<Self> {
        let lower = key.to_ascii_lowercase();
        let (key, names) = TRUSTED.iter().find(|(trusted, _)| *trusted == lower)?;
        let whom = names(value);
        // Any text that a pattern matches does.
        let one = value.replace(['*', '?'], "x");
        let outsider = |given| Self { whom: Some(names(value)), given, ..Self::EVERYONE };
        Some(match *key {
            "aws:principalaccount" | "kms:calleraccount" if is_account(value) => Self::of_account(value),
            "aws:principalarn" => match Caller::parse(&one) {
                Ok(caller) => Self { whom: Some(whom), caller: Some(caller), ..Self::EVERYONE },
                Err(_) => outsider(Vec::new()),
            },
            "aws:principalorgpaths" => {
                let of = one.split('/').next().unwrap_or_default().to_owned();
                outsider(vec![("aws:PrincipalOrgID", of), ("aws:PrincipalOrgPaths", one)])
            }
            "aws:principalorgid" => outsider(vec![("aws:PrincipalOrgID", one)]),
            "aws:sourcevpc" => outsider(vec![("aws:SourceVpc", one)]),
            "aws:sourcevpce" => outsider(vec![("aws:SourceVpce", one)]),
            "aws:ec2instancesourcevpc" => outsider(vec![("aws:Ec2InstanceSourceVpc", one)]),
            "aws:userid" => outsider(vec![("aws:userid", one)]),
            "aws:sourceaccount" => Self::service(ANY_SERVICE, whom, vec![("aws:SourceAccount", one)]),
            "aws:sourcearn" => Self::service(ANY_SERVICE, whom, vec![("aws:SourceArn", one)]),
            "aws:sourceorgid" => Self::service(ANY_SERVICE, whom, vec![("aws:SourceOrgID", one)]),
            "aws:sourceorgpaths" => Self::service(ANY_SERVICE, whom, vec![("aws:SourceOrgPaths", one)]),
            "aws:principalservicename" | "aws:principalservicenameslist" => {
                Self::service(value, whom, Vec::new())
            }
            "aws:principalisawsservice" => Self::service(ANY_SERVICE, whom, Vec::new()),
            _ => outsider(Vec::new()),
        })
    }

    /// The callers to ask for, each with what is given: whoever of them keeps something, keeps it for all.
    fn ways(&self, denies: &Denies) -> Vec<(Caller, Vec<(&'static str, String)>)> {
        if let Some(caller) = &self.caller {
            let of_account = |named: &&Comer| {
                let other = named.caller.as_ref();
                self.any_of_account && other.is_some_and(|other| other.account() == caller.account())
            };
            let others = denies.named.iter().filter(of_account).filter_map(|named| named.caller.clone());
            let account = caller.account().filter(|_| self.any_of_account);
            let people = account.map(anybody_of).unwrap_or_default();
            let all = std::iter::once(caller.clone()).chain(others).chain(people);
            return all.map(|caller| (caller, self.given.clone())).collect();
        }
        let outsiders = denies.outsiders();
        if self.whom.is_some() {
            return outsiders.into_iter().map(|caller| (caller, self.given.clone())).collect();
        }
        // Everyone: of another organization or of none, from another network or from none, by themselves or through a
        // service.
        let mut all = Vec::new();
        for caller in outsiders {
            let id = match &caller {
                Caller::Role(_) | Caller::Session { .. } => "AROA0OUTSIDER0OUTSIDE:outsider".to_owned(),
                Caller::User(_) => "AIDA0OUTSIDER0OUTSIDE".to_owned(),
                other => other.account().unwrap_or_default().to_owned(),
            };
            for (organization, path) in denies.organizations() {
                for (network, endpoint) in [("", ""), (OTHER_NETWORK, OTHER_ENDPOINT)] {
                    for through in ["false", "true"] {
                        let given = [
                            ("aws:PrincipalOrgID", organization.as_str()),
                            ("aws:PrincipalOrgPaths", path.as_str()),
                            ("aws:SourceVpc", network),
                            ("aws:Ec2InstanceSourceVpc", network),
                            ("aws:SourceVpce", endpoint),
                            ("aws:ViaAWSService", through),
                            ("aws:userid", id.as_str()),
                        ];
                        all.push((caller.clone(), given.map(|(key, value)| (key, value.to_owned())).into()));
                    }
                }
            }
        }
        all
    }
}

/// Somebody of each kind in an account.
fn anybody_of(account: &str) -> Vec<Caller> {
    let arns = [
        format!("arn:aws:iam::{account}:role/outsider"),
        format!("arn:aws:iam::{account}:user/outsider"),
        format!("arn:aws:iam::{account}:root"),
        format!("arn:aws:sts::{account}:federated-user/outsider"),
    ];
    arns.iter().filter_map(|arn| Caller::parse(arn).ok()).collect()
}

impl Denies {
    /// The values with a wildcard that a condition wants of a key: what matches one may be anybody's.
    fn patterns(&self, key: &str) -> Vec<&str> {
        let statements = self.source.policy().into_iter().flat_map(|policy| &policy.statements);
        let conditions =
            statements.flat_map(|s| &s.conditions).filter(|(_, of, _)| of.eq_ignore_ascii_case(key));
        let values = conditions.flat_map(|(.., values)| values).map(String::as_str);
        values.filter(|value| value.contains(['*', '?'])).take(MOST_NAMED).collect()
    }

    /// Somebody from elsewhere, whatever they and their account are called, as patterns with any account want it.
    fn outsiders(&self) -> Vec<Caller> {
        let called =
            |account: &str, name: &str| Caller::parse(&format!("arn:aws:iam::{account}:{name}")).ok();
        let named = self.patterns("aws:PrincipalArn").into_iter().filter_map(|pattern| {
            let arn = Arn::parse(pattern)?;
            let is_open = arn.account.contains(['*', '?']);
            is_open.then(|| called(&self.elsewhere, &arn.resource.replace(['*', '?'], "x")))?
        });
        let numbered = self.patterns("aws:PrincipalAccount").into_iter().filter_map(|pattern| {
            let missing = 12_usize.saturating_sub(pattern.replace('*', "").len());
            let number = pattern.replacen('*', &"0".repeat(missing), 1).replace('*', "").replace('?', "0");
            called(&number, "role/outsider")
        });
        anybody_of(&self.elsewhere).into_iter().chain(named).chain(numbered).collect()
    }

    /// For whom a service may come: for somebody elsewhere, in each form that a Denied source has; for somebody of no
    /// organization; for nobody who is told. It is of no account and of no organization itself.
    fn sources(&self) -> Vec<Vec<(&'static str, String)>> {
        let other = &self.elsewhere;
        let of_pattern = |pattern: &str| {
            let parts: Vec<&str> = pattern.split(':').collect();
            let service = parts.get(2).filter(|part| !part.contains(['*', '?']))?;
            let open = parts.get(4).is_none_or(|account| account.is_empty() || account.contains(['*', '?']));
            open.then(|| {
                format!(
                    "arn:aws:{service}:eu-west-1:{other}:{}",
                    parts.get(5).map_or("x".into(), |r| r.replace(['*', '?'], "x"))
                )
            })
        };
        let arns = self.patterns("aws:SourceArn").into_iter().filter_map(of_pattern);
        let arns = std::iter::once(format!("arn:aws:events:eu-west-1:{other}:rule/outsider")).chain(arns);
        let mut all: Vec<Vec<(&'static str, String)>> = Vec::new();
        for arn in arns {
            for (organization, path) in [(OTHER_ORGANIZATION, OTHER_PATH), ("", "")] {
                all.push(vec![
                    ("aws:SourceArn", arn.clone()),
                    ("aws:SourceAccount", other.clone()),
                    ("aws:SourceOrgID", organization.into()),
                    ("aws:SourceOrgPaths", path.into()),
                ]);
            }
        }
        let keys = ["aws:SourceArn", "aws:SourceAccount", "aws:SourceOrgID", "aws:SourceOrgPaths"];
        all.push(keys.map(|key| (key, String::new())).into());
        let own =
            ["aws:PrincipalAccount", "kms:CallerAccount", "aws:PrincipalOrgID", "aws:PrincipalOrgPaths"];
        let of_none = own.map(|key| (key, String::new()));
        all.iter_mut().for_each(|given| given.extend(of_none.clone()));
        all
    }

    /// Of actions that the Denies do not tell apart, one.
    fn told_apart(&self, actions: Vec<String>) -> Vec<String> {
        let denies = self.source.policy().map(|policy| policy.statements.as_slice()).unwrap_or_default();
        let mut seen: BTreeSet<Vec<usize>> = BTreeSet::new();
        let by = |action: &String| -> Vec<usize> {
            (0..denies.len()).filter(|n| denies[*n].covers(action)).collect()
        };
        actions.into_iter().filter(|action| seen.insert(by(action))).collect()
    }

    /// Another organization and a path in it; none; and those of patterns that any organization matches.
    fn organizations(&self) -> Vec<(String, String)> {
        let one = |pattern: &str| pattern.replace(['*', '?'], "x");
        let ids = self.patterns("aws:PrincipalOrgID").into_iter().map(|id| (one(id), String::new()));
        let paths = self.patterns("aws:PrincipalOrgPaths").into_iter().filter_map(|path| {
            let (organization, _) = path.split_once('/').unwrap_or((path, ""));
            organization.contains(['*', '?']).then(|| (one(organization), one(path)))
        });
        let fixed = [(OTHER_ORGANIZATION, OTHER_PATH), ("", "")];
        let fixed = fixed.map(|(id, path)| (id.to_owned(), path.to_owned()));
        fixed.into_iter().chain(ids).chain(paths).collect()
    }
}

/// Whom the Denies of a policy name, to spare them or not.
fn named(policy: &Policy, own: &str) -> Vec<Comer> {
    let mut all: Vec<Comer> = Vec::new();
    for deny in policy.statements.iter().filter(|s| s.effect == Effect::Deny) {
        let by_condition = deny
            .conditions
            .iter()
            .flat_map(|(_, key, values)| values.iter().filter_map(|value| Comer::by(key, value)));
        let by_name = match &deny.principals {
            Principals::AllBut(named) | Principals::Named(named) => named.as_slice(),
            Principals::Anyone | Principals::None => &[],
        };
        let by_name = by_name.iter().filter_map(|(kind, name)| Comer::called(*kind, name, own).ok()?);
        add(&mut all, by_condition.chain(by_name).take(MOST_NAMED).collect());
    }
    all.truncate(MOST_NAMED);
    all
}

impl Comer {
    /// Whom a principal names; nobody by what is left of somebody who was deleted.
    fn called(kind: PrincipalKind, name: &str, own: &str) -> Result<Option<Self>, String> {
        let whom = outsider(kind, name, own)?;
        Ok(Some(match (kind, whom) {
            (PrincipalKind::Service, whom) => Self::service(name, whom, Vec::new()),
            (PrincipalKind::Aws, Whom::Account(_)) if super::is_unique_id(name) => return Ok(None),
            (_, Whom::Account(id)) if is_account(name) || name.ends_with(":root") => Self::of_account(&id),
            (_, whom) => Self { whom: Some(whom), caller: Caller::parse(name).ok(), ..Self::EVERYONE },
        }))
    }
}

/// Whom an Allow lets in by itself, and what of it is not understood.
fn comers(statement: &Statement, own: &str) -> (Vec<Comer>, Vec<String>) {
    let named = match &statement.principals {
        Principals::Named(named) => named,
        // An Allow to all but some is an Allow to everyone else.
        Principals::Anyone | Principals::AllBut(_) => {
            return (narrowed(statement, own).unwrap_or_else(|| vec![Comer::EVERYONE]), Vec::new());
        }
        Principals::None => {
            return (Vec::new(), vec![format!("{} names no principal", super::label(statement))]);
        }
    };
    let (mut who, mut unclear) = (Vec::new(), Vec::new());
    for (kind, principal) in named {
        match Comer::called(*kind, principal, own) {
            Ok(comer) => who.extend(comer),
            Err(why) => unclear.push(why),
        }
        if *kind == PrincipalKind::Service {
            let on_behalf = Sources::of(statement, own).on_behalf(principal);
            who.extend(on_behalf.into_iter().map(|whom| Comer::on_behalf(principal, whom)));
        }
    }
    (who, unclear)
}

/// Whom an Allow to everyone really lets in, if a trusted key narrows it; `None` if none does.
///
/// Conditions are joined by "and", so the narrowest decides. That only services may come narrows nothing by itself:
/// they come for anybody.
pub(super) fn narrowed(statement: &Statement, own: &str) -> Option<Vec<Comer>> {
    let all = || {
        statement.conditions.iter().filter_map(|condition| {
            let (key, values) = narrowing(statement, condition)?;
            Some(values.iter().filter_map(|value| Comer::by(key, value)).collect::<Vec<_>>())
        })
    };
    let of_services = |who: &Vec<Comer>| who.iter().all(|comer| comer.whom == Some(Whom::Services));
    let narrowest = all().filter(|who| !of_services(who)).min_by_key(|who| {
        let whom: Vec<Whom> = who.iter().filter_map(|comer| comer.whom.clone()).collect();
        width(&whom, own)
    });
    narrowest.or_else(|| {
        let services = all().next()?;
        let on_behalf = Sources::of(statement, own).on_behalf(SERVICES);
        let of_them = on_behalf.into_iter().map(|whom| Comer::on_behalf(ANY_SERVICE, whom));
        Some(services.into_iter().chain(of_them).collect())
    })
}
