//! What a document says of many resources at once to one principal.

use std::collections::BTreeSet;

use super::{Arn, Body, Clause, Condition, Effect, Naming, PrincipalKind, Principals, Source, naming};
use crate::access::lanes::Lanes;
use crate::access::request::{Looked, Request};
use crate::access::truth::{Logic, Truth};

/// What a document comes to, lane by lane.
#[derive(Debug, Clone)]
pub(in crate::access) struct Swept {
    pub allow: Lanes,
    pub deny: Lanes,
    /// Whom its Allows name.
    pub itself: Lanes,
    pub behind: Lanes,
    pub account: Lanes,
    /// Whether it depends on who of the account asks.
    pub is_personal: bool,
}

impl Swept {
    /// The same of every resource.
    pub fn all(count: usize, truth: Truth) -> Self {
        let lanes = || Lanes::all(count, truth);
        Self {
            allow: lanes(),
            deny: lanes(),
            itself: lanes(),
            behind: lanes(),
            account: lanes(),
            is_personal: false,
        }
    }
}

impl Swept {
    /// The same at these places of so many lanes; it says nothing of the others.
    pub fn put_at(&self, places: &[usize], count: usize) -> Self {
        let put = |lanes: &Lanes| {
            let mut all = Lanes::all(count, Truth::No);
            all.put(places, lanes);
            all
        };
        Self {
            allow: put(&self.allow),
            deny: put(&self.deny),
            itself: put(&self.itself),
            behind: put(&self.behind),
            account: put(&self.account),
            is_personal: self.is_personal,
        }
    }

    /// What another document says besides.
    pub fn join(&mut self, other: &Self) {
        for (all, one) in [
            (&mut self.allow, &other.allow),
            (&mut self.deny, &other.deny),
            (&mut self.itself, &other.itself),
            (&mut self.behind, &other.behind),
            (&mut self.account, &other.account),
        ] {
            *all = all.or(one);
        }
        self.is_personal |= other.is_personal;
    }
}

impl Source {
    /// The users and roles that its statements about an action name, where they name nobody else: to any other user or role
    /// it says nothing. `None` where it may speak of others.
    pub(in crate::access) fn names_only(&self, action: &str) -> Option<BTreeSet<String>> {
        let Body::Read { rules, .. } = &self.body else { return None };
        let mut names = BTreeSet::new();
        for rule in self.about.of(rules, action).iter().map(|n| &rules[*n]) {
            let Principals::Named(all) = &rule.clause.as_ref()?.principals else { return None };
            // Of the other kinds none is a user or a role.
            for (_, name) in all.iter().filter(|(kind, _)| *kind == PrincipalKind::Aws) {
                let arn = Arn::parse(name).filter(|arn| arn.service == "iam")?;
                (arn.resource.starts_with("role/") || arn.resource.starts_with("user/")).then_some(())?;
                names.insert(arn.to_string());
            }
        }
        Some(names)
    }

    /// What it says of each of some requests, which differ in their resources alone; `None` if nothing, to anybody.
    pub(in crate::access) fn sweep(&self, requests: &[Request<'_>]) -> Option<Swept> {
        let (first, count) = (requests.first()?, requests.len());
        let Body::Read { rules, .. } = &self.body else { return Some(Swept::all(count, Truth::Unknown)) };
        let about = self.about.of(rules, first.action());
        if about.is_empty() {
            return None;
        }
        let mut swept = Swept::all(count, Truth::No);
        for rule in about.iter().map(|n| &rules[*n]) {
            let Some(clause) = &rule.clause else {
                let open = Lanes::all(count, Truth::Unknown);
                for effect in &rule.effects {
                    swept.add(*effect, &open, Naming::same(Truth::Unknown));
                }
                continue;
            };
            first.looked();
            let effect = rule.effects[0];
            let mut lanes = Lanes::each(count, |n| clause.covers(&requests[n]));
            let mut looked: Looked = requests.iter().fold(Looked::default(), |all, one| all | one.looked());
            if lanes.is_no() {
                swept.is_personal |= looked.at_person;
                continue;
            }
            let mut named = Naming::same(Truth::Yes);
            if self.layer.names_principals() {
                named = naming(&clause.principals, effect, first);
                lanes = lanes.and(&lanes.everywhere(named.any()));
            }
            for condition in &clause.conditions {
                if lanes.is_no() {
                    break;
                }
                lanes = lanes.and(&condition.sweep(requests, &mut looked));
            }
            swept.is_personal |= (looked | first.looked()).at_person;
            swept.add(effect, &lanes, named);
        }
        Some(swept)
    }
}

impl Swept {
    fn add(&mut self, effect: Effect, lanes: &Lanes, named: Naming) {
        if effect == Effect::Deny {
            self.deny = self.deny.or(lanes);
            return;
        }
        self.allow = self.allow.or(lanes);
        let of = |truth| lanes.and(&lanes.everywhere(truth));
        self.itself = self.itself.or(&of(named.itself));
        self.behind = self.behind.or(&of(named.behind));
        self.account = self.account.or(&of(named.account));
    }
}

impl Clause {
    /// Whether it is about the action and the resource.
    fn covers(&self, request: &Request<'_>) -> Truth {
        let mut said =
            super::Said { truth: self.action(request.action()), naming: Naming::NOBODY, open: Vec::new() };
        if said.truth != Truth::No {
            self.resource(request, &mut said);
        }
        said.truth
    }
}

impl Condition {
    /// Once for all lanes, unless it depends on the resource.
    fn sweep(&self, requests: &[Request<'_>], looked: &mut Looked) -> Lanes {
        let first = &requests[0];
        *looked = *looked | first.looked();
        let holds = self.holds(first);
        let at = first.looked();
        *looked = *looked | at;
        if !at.at_resource {
            return Lanes::all(requests.len(), holds);
        }
        let lanes = Lanes::each(requests.len(), |n| self.holds(&requests[n]));
        *looked = requests.iter().fold(*looked, |all, one| all | one.looked());
        lanes
    }
}
