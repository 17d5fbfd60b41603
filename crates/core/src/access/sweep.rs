//! One action on many resources, asked of one person of an account after another.
//!
//! What a document says is found once for all resources, and once for all people it says the same to. The layers are
//! weighed as [`decide`](super::decide()) weighs them, by the same function. Two things only it can tell: whether conditions
//! that are not known exclude each other, and what decided; so where a lane is not known, it is to be asked.

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use super::Caller;
use super::account::Papers;
use super::context::Context;
use super::decide::{Around, World, granted, opens, resource_policy, under_resource_control};
use super::lanes::Lanes;
use super::request::{Deed, Request};
use super::statement::{Source, Swept};
use super::truth::{Logic, Truth};
use super::weigh::{Relation, Side, Weights};

/// One resource, and what stands around it.
#[derive(Debug, Clone, Copy)]
pub struct Lane<'w> {
    /// Its ARN.
    pub resource: &'w str,
    /// The documents around it.
    pub around: &'w Around,
}

/// One action on many resources.
pub struct Sweep<'w> {
    world: &'w World,
    account: &'w str,
    /// Nothing is given of a request beforehand.
    nothing: Context,
    deeds: Vec<Deed>,
    arounds: Vec<&'w Around>,
    /// The policies of the resources, and the lanes each is of.
    policies: Vec<(Arc<Source>, Lanes)>,
    /// Lanes where only the plain evaluator knows.
    odd: Lanes,
    /// Lanes whose resource control policies hold.
    controlled: Lanes,
    relation: Relation,
    has_grants: bool,
    /// By the address of a document, which the world keeps alive: what it says to everybody, where that is the same.
    said: RefCell<HashMap<*const Source, Option<Rc<Swept>>>>,
    gate: Option<Gate<'w>>,
}

/// The keys of the tables.
struct Gate<'w> {
    sweep: Box<Sweep<'w>>,
    /// The lane of each key; the others have none.
    lanes: Vec<usize>,
}

impl<'w> Sweep<'w> {
    /// An action on resources, for people of an account.
    pub fn new(world: &'w World, account: &'w str, action: &str, lanes: &[Lane<'w>]) -> Self {
        let deeds: Vec<Deed> = lanes.iter().map(|lane| Deed::direct(action, lane.resource)).collect();
        let arounds: Vec<&Around> = lanes.iter().map(|lane| lane.around).collect();
        let keys: Vec<(usize, Deed)> = deeds
            .iter()
            .zip(&arounds)
            .enumerate()
            .filter_map(|(n, (deed, a))| Some((n, opens(deed, a)?)))
            .collect();
        let gate = (!keys.is_empty()).then(|| {
            let arounds = keys.iter().map(|(n, _)| arounds[*n]).collect();
            let (lanes, deeds) = keys.into_iter().unzip();
            Gate { sweep: Box::new(Self::of(world, account, deeds, arounds, None)), lanes }
        });
        Self::of(world, account, deeds, arounds, gate)
    }

    fn of(
        world: &'w World,
        account: &'w str,
        deeds: Vec<Deed>,
        arounds: Vec<&'w Around>,
        gate: Option<Gate<'w>>,
    ) -> Self {
        let count = deeds.len();
        // Nobody's question, for what is the same whoever asks.
        let (nobody, nothing) = (Caller::root_of(account), Context::default());
        let of = |n: usize| Request::new(world, (&nobody, &nothing), &deeds[n], None);
        let mut policies: Vec<(Arc<Source>, Vec<usize>)> = Vec::new();
        for (n, around) in arounds.iter().enumerate() {
            let Some(policy) = resource_policy(&of(n), around) else { continue };
            match policies.iter_mut().find(|(known, _)| Arc::ptr_eq(known, &policy)) {
                Some((_, lanes)) => lanes.push(n),
                None => policies.push((policy, vec![n])),
            }
        }
        let only = |lanes: &[usize]| Lanes::each(count, |n| lanes.binary_search(&n).is_ok().into());
        let policies = policies.into_iter().map(|(policy, lanes)| (policy, only(&lanes))).collect();
        // Of another account, with a policy for the way or the session: rare, and left to the plain evaluator.
        let odd = Lanes::each(count, |n| {
            let apart = arounds[n].session.is_some() || arounds[n].endpoint.is_some();
            (apart || of(n).owner() != Some(account)).into()
        });
        let controlled = Lanes::each(count, |n| under_resource_control(&of(n), arounds[n]).into());
        let is_of_keys = deeds.iter().any(|deed| deed.service() == "kms");
        let relation = if is_of_keys { Relation::SameAccountDelegating } else { Relation::SameAccount };
        let has_grants = is_of_keys
            && arounds
                .iter()
                .filter_map(|a| a.key.as_ref())
                .any(|k| !k.grants.is_empty() || k.grants_unread.is_some());
        Self {
            world,
            account,
            nothing: Context::default(),
            deeds,
            arounds,
            policies,
            odd,
            controlled,
            relation,
            has_grants,
            said: RefCell::default(),
            gate,
        }
    }

    /// Which of the resources a user or role of the account may do it to, by its papers.
    pub fn ask(&self, caller: &Caller, papers: &Papers) -> Lanes {
        let asking = Asking { sweep: self, caller, requests: OnceCell::new() };
        let lanes = asking.weigh(papers);
        let Some(gate) = &self.gate else { return lanes };
        lanes.both(|| {
            let mut open = Lanes::all(self.deeds.len(), Truth::Yes);
            open.put(&gate.lanes, &gate.sweep.ask(caller, papers));
            open
        })
    }
}

/// A sweep, asked of one person.
struct Asking<'a> {
    sweep: &'a Sweep<'a>,
    caller: &'a Caller,
    /// Made only where some document has to be asked.
    requests: OnceCell<Vec<Request<'a>>>,
}

impl<'a> Asking<'a> {
    fn requests(&self) -> &[Request<'a>] {
        self.requests.get_or_init(|| {
            let Sweep { world, nothing, deeds, .. } = self.sweep;
            deeds.iter().map(|deed| Request::new(world, (self.caller, nothing), deed, None)).collect()
        })
    }

    fn weigh(&self, papers: &Papers) -> Lanes {
        let sweep = self.sweep;
        let no = Lanes::all(sweep.deeds.len(), Truth::No);
        let mut weights = Weights::nothing(sweep.relation, &no);
        for source in &papers.identity {
            self.add(source, &mut weights.identity);
        }
        for (source, lanes) in &sweep.policies {
            let Some(swept) = self.says(source) else { continue };
            for (all, one) in [
                (&mut weights.itself, &swept.itself),
                (&mut weights.behind, &swept.behind),
                (&mut weights.account, &swept.account),
                (&mut weights.resource.deny, &swept.deny),
            ] {
                *all = all.or(&one.and(lanes));
            }
        }
        if sweep.has_grants {
            weights.grant = Lanes::each(sweep.deeds.len(), |n| {
                let key = sweep.arounds[n].key.as_ref();
                key.map_or(Truth::No, |key| granted(&self.requests()[n], key))
            });
        }
        // Most people are let in by nothing, and then nothing else matters.
        let given = weights.itself.or(&weights.behind).or(&weights.grant).or(&weights.identity.allow);
        if given.or(&sweep.odd).is_no() {
            return no;
        }
        if let Some(boundary) = &papers.boundary {
            weights.boundary = Side::silent(&no);
            self.add(boundary, &mut weights.boundary);
        }
        if !self.caller.is_service_linked() {
            self.of_the_organization(&mut weights);
        }
        // What is odd may be so; the plain evaluator says.
        let even = weights.verdict(None, no.not()).and(&sweep.odd.not());
        even.or(&sweep.odd.and(&no.everywhere(Truth::Unknown)))
    }

    fn of_the_organization(&self, weights: &mut Weights<Lanes>) {
        let sweep = self.sweep;
        let Some(organization) = &sweep.world.organization else { return };
        let no = Lanes::all(sweep.deeds.len(), Truth::No);
        for level in organization.service_levels(sweep.account) {
            let mut side = Side::silent(&no);
            match level.service.as_ref().filter(|sources| !sources.is_empty()) {
                Some(sources) => sources.iter().for_each(|source| self.add(source, &mut side)),
                None => side.allow = no.everywhere(Truth::Unknown),
            }
            let all = &mut weights.service_control;
            *all = Side { allow: all.allow.and(&side.allow), deny: all.deny.or(&side.deny) };
        }
        let mut side = Side::silent(&no);
        for source in organization.levels(sweep.account).iter().filter_map(|l| l.resource.as_ref()).flatten()
        {
            self.add(source, &mut side);
        }
        weights.resource_control.deny = side.deny.and(&sweep.controlled);
    }

    fn add(&self, source: &Arc<Source>, side: &mut Side<Lanes>) {
        if let Some(swept) = self.says(source) {
            side.allow = side.allow.or(&swept.allow);
            side.deny = side.deny.or(&swept.deny);
        }
    }

    fn says(&self, source: &Arc<Source>) -> Option<Rc<Swept>> {
        // One that was not read says the same to all; it may be made anew for each, so that its address names nothing.
        if source.policy().is_none() {
            return source.sweep(self.requests()).map(Rc::new);
        }
        let address = Arc::as_ptr(source);
        let known = self.sweep.said.borrow().get(&address).cloned();
        known.unwrap_or_else(|| {
            let swept = source.sweep(self.requests()).map(Rc::new);
            if swept.as_ref().is_none_or(|swept| !swept.is_personal) {
                self.sweep.said.borrow_mut().insert(address, swept.clone());
            }
            swept
        })
    }
}
