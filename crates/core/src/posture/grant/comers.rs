//! Who could come: whom the statements of a policy name, and outsiders of each kind.

use super::sources::width;
use super::standing::Denies;
use super::{SERVICES, Sources, TRUSTED, Whom, add, is_account, narrowing, outsider};
use crate::access::Caller;
use crate::domain::{Effect, Policy, PrincipalKind, Principals, Statement};

/// How many of those whom Denies name are asked for: 20 KB hold no more.
pub(super) const MOST_NAMED: usize = 2000;

/// An organization, a network: of nobody whom a policy names.
pub(super) const OTHER_ORGANIZATION: &str = "o-0outsider0";
pub(super) const OTHER_PATH: &str = "o-0outsider0/r-0000/ou-0000-00000000/";
const OTHER_ENDPOINT: &str = "vpce-0outsider";
const OTHER_NETWORK: &str = "vpc-0outsider";

/// Somebody who may come. What is not said of them may be anything.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Comer {
    /// What to call them; none is everyone.
    pub(super) whom: Option<Whom>,
    /// Who asks; none is anybody of IAM, of an account that is not named.
    pub(super) caller: Option<Caller>,
    /// Whether it is anybody of the caller's account, not the caller alone.
    pub(super) any_of_account: bool,
    pub(super) given: Vec<(&'static str, String)>,
}

/// A service, whichever it is.
pub(super) const ANY_SERVICE: &str = "outsider.amazonaws.com";

impl Comer {
    const EVERYONE: Self = Self { whom: None, caller: None, any_of_account: false, given: Vec::new() };

    pub(super) fn of_account(account: &str) -> Self {
        let caller = Caller::parse(&format!("arn:aws:iam::{account}:role/anybody")).ok();
        Self {
            whom: Some(Whom::Account(account.to_owned())),
            caller,
            any_of_account: true,
            given: Vec::new(),
        }
    }

    pub(super) fn service(name: &str, whom: Whom, given: Vec<(&'static str, String)>) -> Self {
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
    pub(super) fn ways(&self, denies: &Denies) -> Vec<(Caller, Vec<(&'static str, String)>)> {
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
pub(super) fn anybody_of(account: &str) -> Vec<Caller> {
    let arns = [
        format!("arn:aws:iam::{account}:role/outsider"),
        format!("arn:aws:iam::{account}:user/outsider"),
        format!("arn:aws:iam::{account}:root"),
        format!("arn:aws:sts::{account}:federated-user/outsider"),
    ];
    arns.iter().filter_map(|arn| Caller::parse(arn).ok()).collect()
}

/// Whom the Denies of a policy name, to spare them or not.
pub(super) fn named(policy: &Policy, own: &str) -> Vec<Comer> {
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
pub(super) fn comers(statement: &Statement, own: &str) -> (Vec<Comer>, Vec<String>) {
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
