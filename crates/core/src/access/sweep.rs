//! One action on many resources, asked of one person of an account after another.
//!
//! What a document says is found once for all resources, and once for all people it says the same to; of the resources'
//! own policies those that name users and roles are asked by these alone. The layers are weighed as [`decide`](super::decide()) weighs them, by the same function. Two things only it can tell: whether conditions
//! that are not known exclude each other, and what decided; so where a lane is not known, it is to be asked.

use std::borrow::Cow;
use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;
use std::sync::Arc;

use super::Caller;
use super::account::{Papers, Person};
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
    policies: Vec<Policy>,
    /// The places of the policies that name users and roles and nobody else, by the ARNs that they name.
    by_name: BTreeMap<String, Vec<usize>>,
    /// What the others say, where it is the same to everybody; found when the first asks.
    alike: OnceCell<Alike>,
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

/// The policy of some of the resources.
struct Policy {
    source: Arc<Source>,
    /// Their places.
    lanes: Vec<usize>,
}

/// What policies of resources say to everybody of the account.
struct Alike {
    said: Swept,
    /// The places of the policies that say something else to each.
    personal: Vec<usize>,
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
        let mut policies: Vec<Policy> = Vec::new();
        let mut places: HashMap<*const Source, usize> = HashMap::new();
        for (n, around) in arounds.iter().enumerate() {
            let Some(source) = resource_policy(&of(n), around) else { continue };
            let place = *places.entry(Arc::as_ptr(&source)).or_insert(policies.len());
            match policies.get_mut(place) {
                Some(known) => known.lanes.push(n),
                None => policies.push(Policy { source, lanes: vec![n] }),
            }
        }
        let mut by_name: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (place, policy) in policies.iter().enumerate() {
            // All of its lanes are of one action.
            let action = deeds[policy.lanes[0]].action();
            for name in policy.source.names_only(action).into_iter().flatten() {
                by_name.entry(name).or_default().push(place);
            }
        }
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
            by_name,
            alike: OnceCell::new(),
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
        let person = self.world.account_of(caller).and_then(|account| account.person(caller));
        let asking = Asking { sweep: self, caller, person, requests: OnceCell::new() };
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
    person: Option<&'a Person>,
    /// Made only where some document has to be asked.
    requests: OnceCell<Vec<Request<'a>>>,
}

impl<'a> Asking<'a> {
    fn requests(&self) -> &[Request<'a>] {
        self.requests.get_or_init(|| self.sweep.deeds.iter().map(|deed| self.request(deed)).collect())
    }

    fn request(&self, deed: &'a Deed) -> Request<'a> {
        let Sweep { world, nothing, .. } = self.sweep;
        Request::by(world, (self.caller, self.person), nothing, deed)
    }

    /// What the policy of a resource says, in the lanes it is of.
    fn of_policy(&self, policy: &Policy) -> Option<Swept> {
        let deeds = policy.lanes.iter().map(|lane| &self.sweep.deeds[*lane]);
        let requests: Vec<Request<'_>> = deeds.map(|deed| self.request(deed)).collect();
        Some(policy.source.sweep(&requests)?.put_at(&policy.lanes, self.sweep.deeds.len()))
    }

    fn alike(&self) -> &'a Alike {
        self.sweep.alike.get_or_init(|| {
            let mut said = Swept::all(self.sweep.deeds.len(), Truth::No);
            let mut personal = Vec::new();
            let by_name: BTreeSet<usize> = self.sweep.by_name.values().flatten().copied().collect();
            let others = self.sweep.policies.iter().enumerate().filter(|(place, _)| !by_name.contains(place));
            for (place, policy) in others {
                match self.of_policy(policy) {
                    Some(swept) if swept.is_personal => personal.push(place),
                    Some(swept) => said.join(&swept),
                    None => {}
                }
            }
            Alike { said, personal }
        })
    }

    /// What the policies of the resources say to this person.
    fn of_policies(&self) -> Cow<'a, Swept> {
        let Alike { said, personal } = self.alike();
        let name = self.caller.arn().map(ToString::to_string).unwrap_or_default();
        let named = self.sweep.by_name.get(&name).into_iter().flatten();
        let mut all = Cow::Borrowed(said);
        for place in personal.iter().chain(named) {
            if let Some(swept) = self.of_policy(&self.sweep.policies[*place]) {
                all.to_mut().join(&swept);
            }
        }
        all
    }

    fn weigh(&self, papers: &Papers) -> Lanes {
        let sweep = self.sweep;
        let no = Lanes::all(sweep.deeds.len(), Truth::No);
        let identity: Vec<Rc<Swept>> =
            papers.identity.iter().filter_map(|source| self.says(source)).collect();
        let of_resources = self.of_policies();
        // Most people are let in by nothing, and then nothing else matters.
        let nothing = identity.iter().all(|swept| swept.allow.is_no())
            && of_resources.itself.is_no()
            && of_resources.behind.is_no()
            && !sweep.has_grants
            && sweep.odd.is_no();
        if nothing {
            return no;
        }
        let mut weights = Weights::nothing(sweep.relation, &no);
        identity.iter().for_each(|swept| add(swept, &mut weights.identity));
        let Swept { itself, behind, account, deny, .. } = of_resources.into_owned();
        (weights.itself, weights.behind, weights.account) = (itself, behind, account);
        weights.resource.deny = deny;
        if sweep.has_grants {
            weights.grant = Lanes::each(sweep.deeds.len(), |n| {
                let key = sweep.arounds[n].key.as_ref();
                key.map_or(Truth::No, |key| granted(&self.requests()[n], key))
            });
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
            add(&swept, side);
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

fn add(swept: &Swept, side: &mut Side<Lanes>) {
    side.allow = side.allow.or(&swept.allow);
    side.deny = side.deny.or(&swept.deny);
}
