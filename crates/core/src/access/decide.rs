//! May they do this: all documents weighed against each other.
//!
//! The order of AWS (IAM User Guide, "Policy evaluation logic"): a Deny anywhere ends it; each level of the
//! organization has to allow; then the policy of the resource and those of whoever asks, by whether both are of one
//! account; a boundary and a session's policy limit what comes from identity policies, and from a resource policy that
//! names the role, but not what a resource policy gives to the principal itself. For a table under a KMS key the same
//! is asked once more, of the key.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::account::AccountDetails;
use super::action::{self, Abroad};
use super::decision::{Answer, Deciding, Decision, Gate, GateState, Requirement, Stop};
use super::organization::Organization;
use super::request::{Deed, Question, Request};
use super::statement::{Hit, Layer, Open, Source};
use super::truth::Truth;
use super::weigh::{Lift, Relation, Side, Weights};
use super::{Caller, Effect, suppose};

/// What is known of accounts and of their organization.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct World {
    /// By their twelve digits.
    pub accounts: BTreeMap<String, AccountDetails>,
    /// If it was read.
    pub organization: Option<Organization>,
}

impl World {
    /// What is known of the account of who asks.
    pub fn account_of(&self, caller: &Caller) -> Option<&AccountDetails> {
        self.accounts.get(caller.account()?)
    }
}

/// The documents that stand around one question. What is `None` does not exist; what exists and was not read is a
/// [`Source::unread`].
#[derive(Debug, Clone, Default)]
pub struct Around {
    /// Of the table, or of the role; not of a stream.
    pub resource: Option<Arc<Source>>,
    /// Of the stream.
    pub stream: Option<Arc<Source>>,
    /// Given with the session.
    pub session: Option<Arc<Source>>,
    /// Of the VPC endpoint that the request goes through.
    pub endpoint: Option<Arc<Source>>,
    /// The key that the table is encrypted with; none for one that AWS owns.
    pub key: Option<Key>,
}

/// A KMS key.
#[derive(Debug, Clone)]
pub struct Key {
    /// `None` if it is not known.
    pub arn: Option<String>,
    /// Whether AWS manages it; no resource control policy holds for it then.
    pub managed_by_aws: bool,
    /// Who may use it.
    pub policy: Arc<Source>,
    /// Who else may.
    pub grants: Vec<Grant>,
    /// Why its grants are not all known.
    pub grants_unread: Option<String>,
}

/// A grant of a key (KMS Developer Guide, "Grants in AWS KMS").
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Grant {
    /// Its id.
    pub id: String,
    /// To whom.
    pub grantee: String,
    /// `Decrypt`, ...
    pub operations: Vec<String>,
    /// Pairs that the encryption context has to hold.
    pub subset: BTreeMap<String, String>,
    /// Pairs that have to be all of the encryption context.
    pub equals: Option<BTreeMap<String, String>>,
    /// Whether it has constraints of another kind, as `SourceArn`: what they come to is not known.
    pub more: bool,
}

impl Side<Truth> {
    fn of(hits: &[Hit]) -> Self {
        Self { allow: any(hits, Effect::Allow), deny: any(hits, Effect::Deny) }
    }
}

fn any(hits: &[Hit], effect: Effect) -> Truth {
    Truth::any(hits.iter().filter(|h| h.effect == effect).map(|h| h.truth))
}

/// Everything that bears on one request.
#[derive(Debug, Clone)]
struct Sides {
    weights: Weights<Truth>,
    /// Whoever asks does not exist, or AWS refuses such a thing to everybody.
    never: Option<&'static str>,
    hits: Vec<Hit>,
    unread: Vec<String>,
    gate: Option<Box<Self>>,
}

/// Weighs everything that is known.
pub fn decide(world: &World, question: &Question, around: &Around) -> Decision {
    let sides = sides(world, question, around, None);
    let truth = sides.verdict(None);
    if truth != Truth::Unknown {
        return sides.told(truth);
    }
    // Conditions may exclude each other, or leave no case out.
    let open: Vec<&Open> = sides.open().collect();
    let agreed =
        suppose::agreed(&open, &mut |case| self::sides(world, question, around, Some(case)).verdict(None));
    sides.told(agreed)
}

/// What the Denies of one policy say to a question, whatever else allows it.
pub fn denied(world: &World, question: &Question, policy: &Source) -> Truth {
    let deed = Deed::direct(&question.action, &question.resource);
    let mut hits = Vec::new();
    policy.says(&Request::new(world, (&question.caller, &question.context), &deed, None), &mut hits);
    any(&hits, Effect::Deny)
}

fn sides(world: &World, question: &Question, around: &Around, case: Option<&suppose::Case>) -> Sides {
    let who = (&question.caller, &question.context);
    let deed = Deed::direct(&question.action, &question.resource);
    let request = Request::new(world, who, &deed, case);
    let mut own = weigh(&request, around);
    if let Some(deed) = opens(&deed, around) {
        own.gate = Some(Box::new(weigh(&Request::new(world, who, &deed, case), around)));
    }
    own
}

/// What DynamoDB has to do with the table's key for somebody, if it does anything with it.
pub(super) fn opens(deed: &Deed, around: &Around) -> Option<Deed> {
    let key = around.key.as_ref()?;
    let table = deed.arn().filter(|arn| arn.service == "dynamodb")?;
    action::facts(deed.action()).filter(|facts| facts.decrypts)?;
    Some(Deed::forwarded(key.arn.clone(), table.clone()))
}

/// Whose policy is the resource's own.
pub(super) fn resource_policy(request: &Request<'_>, around: &Around) -> Option<Arc<Source>> {
    let arn = request.arn();
    match (request.service(), arn.map(|a| (a.service.as_str(), a.resource.as_str()))) {
        ("kms", _) if request.is_of_a_key() => around.key.as_ref().map(|key| Arc::clone(&key.policy)),
        ("kms", _) => None,
        ("dynamodb", Some((_, resource))) => {
            let holds = |part| resource.contains(part);
            match resource {
                _ if holds("/stream/") => around.stream.clone(),
                _ if ["/backup/", "/export/", "/import/"].into_iter().any(holds) => None,
                _ => around.resource.clone(),
            }
        }
        // A trust policy is about becoming the role, and about nothing else that is done to it.
        ("sts", Some(("iam", _))) => around.resource.clone().or_else(|| {
            let arn = arn?;
            let account = request.world().accounts.get(&arn.account)?;
            // Every role has one; of a role that the details do not tell it may be any.
            let unread =
                || Arc::new(Source::unread(Layer::Trust, format!("trust policy of {arn}"), "not told"));
            match account.role(arn) {
                Some(role) => Some(role.trust.clone().unwrap_or_else(unread)),
                None => (!account.unread.is_empty()).then(unread),
            }
        }),
        ("iam" | "sts", _) => None,
        _ => around.resource.clone(),
    }
}

fn weigh(request: &Request<'_>, around: &Around) -> Sides {
    let caller = request.caller();
    let owner = request.owner();
    let resource_policy = resource_policy(request, around);
    let abroad = action::facts(request.action()).map_or(Abroad::Yes, |f| f.abroad);
    // Only of a key and of a role; what else those services do needs no policy of a resource.
    let delegating = match request.service() {
        "kms" => request.is_of_a_key(),
        "sts" => request.arn().is_some_and(|arn| arn.service == "iam" && arn.resource.starts_with("role/")),
        _ => false,
    };
    let relation = match caller.account() {
        None => Relation::NotOfIam,
        Some(account) if Some(account) != owner => Relation::OtherAccount(abroad),
        Some(_) if delegating => Relation::SameAccountDelegating,
        Some(_) => Relation::SameAccount,
    };
    let mut sides = Sides {
        weights: Weights::nothing(relation, &Truth::No),
        never: None,
        hits: Vec::new(),
        unread: Vec::new(),
        gate: None,
    };
    if needs_no_permission(request) {
        sides.weights.itself = Truth::Yes;
        sides.weights.identity.allow = Truth::Yes;
        sides.weights.relation = Relation::SameAccount;
        return sides;
    }
    sides.never = refused(request);
    if let Some(source) = &resource_policy {
        let hits = sides.ask(request, std::slice::from_ref(source));
        let named =
            |of: fn(&Hit) -> Truth| Truth::any(hits.iter().filter(|h| h.effect == Effect::Allow).map(of));
        sides.weights.itself = named(|h| h.naming.itself);
        sides.weights.behind = named(|h| h.naming.behind);
        sides.weights.account = named(|h| h.naming.account);
        sides.weights.resource = Side::of(&hits);
        sides.hits.extend(hits);
    }
    sides.of_the_caller(request, around);
    if let Some(source) = around.endpoint.as_ref().filter(|_| *request.way() == super::request::Way::Direct) {
        let hits = sides.ask(request, std::slice::from_ref(source));
        sides.weights.endpoint = Side::of(&hits);
        sides.hits.extend(hits);
    }
    if let Some(key) = around.key.as_ref().filter(|_| request.service() == "kms" && request.is_of_a_key()) {
        sides.weights.grant = granted(request, key);
        sides.unread.extend(key.grants_unread.iter().map(|why| format!("the grants of the key: {why}")));
    }
    sides.of_the_organization(request, around);
    sides
}

impl Sides {
    fn ask(&mut self, request: &Request<'_>, sources: &[Arc<Source>]) -> Vec<Hit> {
        self.unread.extend(sources.iter().flat_map(|source| source.unread_parts()));
        request.ask(sources.iter().map(Arc::as_ref))
    }

    /// Identity policies, boundary and session policy.
    fn of_the_caller(&mut self, request: &Request<'_>, around: &Around) {
        let caller = request.caller();
        match caller {
            Caller::Root(_) => self.weights.identity.allow = Truth::Yes,
            Caller::Service(_) | Caller::Provider(_) => {}
            Caller::FederatedUser { .. } => self.not_known(
                request,
                "the user who asked for this session",
                "the ARN of a federated user session does not tell",
            ),
            Caller::User(_) | Caller::Role(_) | Caller::Session { .. } => {
                match (request.account(), request.person()) {
                    (Some(account), Some(person)) => {
                        let papers = account.papers(person);
                        let hits = self.ask(request, &papers.identity);
                        self.weights.identity = Side::of(&hits);
                        self.hits.extend(hits);
                        if let Some(boundary) = papers.boundary {
                            let hits = self.ask(request, &[boundary]);
                            self.weights.boundary = Side::of(&hits);
                            self.hits.extend(hits);
                        }
                        self.unread.extend(account.unread.iter().cloned());
                    }
                    (Some(account), None)
                        if account.unread.is_empty() && !account.tells_nobody_like(caller) =>
                    {
                        self.never = Some("there is no such principal in the account");
                    }
                    (Some(_), None) => {
                        self.not_known(
                            request,
                            &format!("the policies of {caller}"),
                            "not among the account details, which are cut off or of others only",
                        );
                    }
                    (None, _) => self.not_known(
                        request,
                        &format!("the account details of {}", caller.account().unwrap_or_default()),
                        "not read",
                    ),
                }
            }
        }
        let takes_session =
            matches!(caller, Caller::Role(_) | Caller::Session { .. } | Caller::FederatedUser { .. });
        match &around.session {
            Some(source) if takes_session => {
                let hits = self.ask(request, std::slice::from_ref(source));
                self.weights.session = Side::of(&hits);
                self.hits.extend(hits);
            }
            // Without one, a federated user session can do nothing by identity policies.
            None if matches!(caller, Caller::FederatedUser { .. }) => self.weights.session.allow = Truth::No,
            _ => {}
        }
    }

    fn not_known(&mut self, request: &Request<'_>, what: &str, why: &str) {
        let source = Arc::new(Source::unread(Layer::Identity, what, why));
        let hits = self.ask(request, &[source]);
        self.weights.identity = Side::of(&hits);
        self.weights.boundary.allow = Truth::Unknown;
        self.hits.extend(hits);
    }

    fn of_the_organization(&mut self, request: &Request<'_>, around: &Around) {
        let Some(organization) = &request.world().organization else { return };
        if request.is_service_linked() {
            return;
        }
        if let Some(account) = request.caller().account() {
            let mut allow = Truth::Yes;
            let mut all = Vec::new();
            for level in organization.service_levels(account) {
                let Some(sources) = level.service.as_ref().filter(|s| !s.is_empty()) else {
                    self.unread.push(format!("the service control policies of {}", level.id));
                    allow = allow.and(Truth::Unknown);
                    continue;
                };
                let hits = self.ask(request, sources);
                allow = allow.and(any(&hits, Effect::Allow));
                all.extend(hits);
            }
            self.weights.service_control = Side { allow, deny: any(&all, Effect::Deny) };
            self.hits.extend(all);
        }
        if let Some(owner) = request.owner().filter(|_| under_resource_control(request, around)) {
            let mut all = Vec::new();
            for level in organization.levels(owner) {
                match &level.resource {
                    Some(sources) => all.extend(self.ask(request, sources)),
                    None => self.unread.push(format!("the resource control policies of {}", level.id)),
                }
            }
            // They only take away: an Allow in one gives nothing, and its absence takes nothing.
            all.retain(|hit| hit.effect == Effect::Deny);
            self.weights.resource_control = Side { allow: Truth::Yes, deny: any(&all, Effect::Deny) };
            self.hits.extend(all);
        }
    }

    /// Whether it is allowed, with one thing taken as allowing.
    fn verdict(&self, lift: Option<Lift>) -> Truth {
        if self.never.is_some() {
            return Truth::No;
        }
        let gate = match &self.gate {
            Some(gate) if lift != Some(Lift::Gate) => gate.verdict(lift),
            _ => Truth::Yes,
        };
        self.weights.verdict(lift, gate)
    }

    /// Every statement that matches, or may; those that are asked of the key are last.
    fn all_hits(&self) -> impl Iterator<Item = &Hit> {
        self.hits.iter().chain(self.gate.iter().flat_map(|gate| &gate.hits))
    }

    /// What it depends on.
    fn open(&self) -> impl Iterator<Item = &Open> {
        self.all_hits().flat_map(|hit| &hit.open)
    }
}

/// Whether resource control policies hold for what is asked for.
pub(super) fn under_resource_control(request: &Request<'_>, around: &Around) -> bool {
    let free = request.action() == "kms:retiregrant"
        || request.service() == "kms" && around.key.as_ref().is_some_and(|k| k.managed_by_aws);
    action::UNDER_RESOURCE_CONTROL.contains(&request.service()) && !free
}

/// What no policy gives, and none takes away (STS API Reference, "GetCallerIdentity"; IAM User Guide, "Permissions for
/// GetSessionToken").
fn needs_no_permission(request: &Request<'_>) -> bool {
    match request.action() {
        "sts:getcalleridentity" => true,
        "sts:getsessiontoken" => matches!(request.caller(), Caller::User(_) | Caller::Root(_)),
        _ => false,
    }
}

/// What AWS refuses whatever policies say: some calls to STS to some (IAM User Guide, "Compare AWS STS credentials"),
/// changes of roles that services made, and of its own managed policies.
fn refused(request: &Request<'_>) -> Option<&'static str> {
    match (request.action(), request.caller()) {
        (
            "sts:getsessiontoken" | "sts:getfederationtoken",
            Caller::Role(_) | Caller::Session { .. } | Caller::FederatedUser { .. },
        ) => return Some("STS gives a session no such credentials"),
        ("sts:assumerole", Caller::Root(_)) => return Some("the root user cannot take on a role"),
        ("sts:assumerole", Caller::FederatedUser { .. }) => {
            return Some("a federated user session cannot take on a role");
        }
        _ => {}
    }
    let arn = request.arn()?;
    let reserved =
        ["role/aws-service-role/", "role/aws-reserved/"].iter().any(|path| arn.resource.starts_with(path));
    if reserved && action::CHANGES_A_ROLE.contains(&request.action()) {
        return Some("IAM lets nobody change a role that AWS made");
    }
    let of_aws = arn.service == "iam" && arn.account == "aws";
    (of_aws && action::CHANGES_A_POLICY.contains(&request.action()))
        .then_some("nobody can change a managed policy of AWS")
}

/// Whether a grant lets who asks use the key so.
pub(super) fn granted(request: &Request<'_>, key: &Key) -> Truth {
    let operation = request.action().trim_start_matches("kms:");
    let fits = |grant: &&Grant| grant.operations.iter().any(|o| o.eq_ignore_ascii_case(operation));
    let each = key.grants.iter().filter(fits);
    let of_those =
        Truth::any(each.map(|grant| is_grantee(request, &grant.grantee).and(constrained(request, grant))));
    if key.grants_unread.is_some() { of_those.or(Truth::Unknown) } else { of_those }
}

/// Whether who asks is the one that a grant is made to: itself, or the role of a session.
fn is_grantee(request: &Request<'_>, grantee: &str) -> Truth {
    let caller = request.caller();
    if caller.to_string() == grantee {
        return Truth::Yes;
    }
    if let (Caller::Session { .. }, Some(person)) = (caller, request.person()) {
        return (person.arn.to_string() == grantee).into();
    }
    let Ok(to) = Caller::parse(grantee) else { return Truth::No };
    let same_role = to.account() == caller.account() && to.name() == caller.name();
    match (caller, &to) {
        // An account can be a grantee (KMS API Reference, "CreateGrant"); for whom in it, no page says.
        (_, Caller::Root(_)) if to.account() == caller.account() => Truth::Unknown,
        // The path of the session's role is not known; or which session of the role asks.
        (Caller::Session { .. }, Caller::Role(_)) | (Caller::Role(_), Caller::Session { .. })
            if same_role =>
        {
            Truth::Unknown
        }
        _ => Truth::No,
    }
}

/// Whether the encryption context is one that the grant takes.
fn constrained(request: &Request<'_>, grant: &Grant) -> Truth {
    let holds = |(name, wanted): (&String, &String)| {
        let key = format!("kms:encryptioncontext:{}", name.to_ascii_lowercase());
        match request.value(&key) {
            super::Values::Known(values) => Truth::from(values.contains(wanted)),
            super::Values::Absent => Truth::No,
            super::Values::Open { .. } => Truth::Unknown,
        }
    };
    let subset = Truth::all(grant.subset.iter().map(holds));
    let equals = grant.equals.as_ref().map_or(Truth::Yes, |all| {
        let held = Truth::all(all.iter().map(holds));
        // DynamoDB's has two pairs, the table's name and its account.
        let count = match request.value("kms:encryptioncontextkeys") {
            super::Values::Known(keys) => Truth::from(keys.len() == all.len()),
            _ => Truth::Unknown,
        };
        held.and(count)
    });
    let more = if grant.more { Truth::Unknown } else { Truth::Yes };
    subset.and(equals).and(more)
}

impl Sides {
    fn told(&self, truth: Truth) -> Decision {
        let answer = match truth {
            Truth::Yes => Answer::Allowed,
            Truth::Unknown => Answer::AllowedIf,
            Truth::No => Answer::Denied,
        };
        let mut decision = Decision {
            answer,
            conditions: Vec::new(),
            deciding: Vec::new(),
            gates: self.gates(),
            unread: self.unread.clone(),
            stop: None,
            lifting: Vec::new(),
        };
        if let Some(gate) = &self.gate {
            decision.unread.extend(gate.unread.iter().cloned());
        }
        let mut seen = BTreeSet::new();
        decision.unread.retain(|one| seen.insert(one.clone()));
        match answer {
            Answer::Denied => {
                decision.stop = Some(self.stop());
                decision.deciding = self.denies(Truth::Yes);
                decision.lifting = self.lifting();
            }
            Answer::Allowed => decision.deciding = self.allows(),
            Answer::AllowedIf => {
                decision.deciding = self.allows();
                self.requirements(false, &mut decision);
                if let Some(gate) = &self.gate {
                    gate.requirements(true, &mut decision);
                }
                if decision.conditions.is_empty() && decision.unread.is_empty() {
                    let open: BTreeSet<&String> = self.open().filter_map(Open::unread).collect();
                    decision.unread.extend(open.into_iter().cloned());
                    if decision.unread.is_empty() {
                        decision.unread.push(self.unclear());
                    }
                }
            }
        }
        decision
    }

    /// Why it is open although nothing is unread.
    fn unclear(&self) -> String {
        match self.weights.relation {
            Relation::OtherAccount(Abroad::Unclear) => {
                "whether a resource policy lets principals of other accounts do this: the pages of AWS do not say".into()
            }
            _ => "whether a grant to another account, or to an account as a whole, is enough: the pages of AWS do not say"
                .into(),
        }
    }

    fn statements(&self, wanted: impl Fn(&Hit) -> bool) -> Vec<Deciding> {
        let mut seen = BTreeSet::new();
        let found = self.all_hits().filter(|hit| wanted(hit)).map(Deciding::from);
        found.filter(|one| seen.insert(one.clone())).collect()
    }

    fn denies(&self, truth: Truth) -> Vec<Deciding> {
        self.statements(|h| h.effect == Effect::Deny && h.truth == truth)
    }

    fn allows(&self) -> Vec<Deciding> {
        self.statements(|h| h.effect == Effect::Allow)
    }

    fn requirements(&self, of_key: bool, decision: &mut Decision) {
        for hit in self.hits.iter().filter(|h| h.truth == Truth::Unknown) {
            // What is allowed in another way needs no condition of this one.
            if hit.effect == Effect::Allow && self.side(hit.layer).allow == Truth::Yes {
                continue;
            }
            for open in &hit.open {
                if let Open::Unread(_) = open {
                    continue;
                }
                let requirement = Requirement {
                    open: open.clone(),
                    unless: hit.effect == Effect::Deny,
                    of_key,
                    statement: hit.into(),
                };
                if !decision.conditions.contains(&requirement) {
                    decision.conditions.push(requirement);
                }
            }
        }
    }

    fn side(&self, layer: Layer) -> Side<Truth> {
        *self.weights.side(layer)
    }

    /// The first that says no, in the order in which AWS asks.
    fn stop(&self) -> Stop {
        let no = |layer| {
            let side = self.side(layer);
            (side.allow == Truth::No, side.deny == Truth::Yes)
        };
        if let Some(why) = self.never {
            return Stop::Never(why);
        }
        const ORDER: [Layer; 7] = [
            Layer::ServiceControl,
            Layer::ResourceControl,
            Layer::Resource,
            Layer::Identity,
            Layer::Boundary,
            Layer::Session,
            Layer::Endpoint,
        ];
        if let Some(layer) = ORDER.into_iter().find(|layer| no(*layer).1) {
            return Stop::Denied(layer);
        }
        if self.gate.as_ref().is_some_and(|g| g.verdict(None) == Truth::No)
            && self.verdict(Some(Lift::Gate)) != Truth::No
        {
            return Stop::Gate;
        }
        for layer in [Layer::ServiceControl, Layer::Boundary, Layer::Session, Layer::Endpoint] {
            if no(layer).0 && self.verdict(Some(Lift::Layer(layer))) != Truth::No {
                return Stop::NotAllowed(layer);
            }
        }
        let let_in = self.weights.itself.or(self.weights.behind).or(self.weights.account);
        match self.weights.relation {
            Relation::OtherAccount(Abroad::No) => Stop::OwnAccountOnly,
            Relation::OtherAccount(_) | Relation::NotOfIam if let_in == Truth::No => {
                Stop::NotAllowed(Layer::Resource)
            }
            Relation::SameAccountDelegating if let_in == Truth::No => Stop::NotAllowed(Layer::Resource),
            _ if self.weights.identity.allow == Truth::No => Stop::NotAllowed(Layer::Identity),
            // It takes more than one thing away to let them in.
            _ => Stop::Several,
        }
    }

    /// The layers of which each alone would have to go to let them in.
    fn lifting(&self) -> Vec<Stop> {
        const LAYERS: [Layer; 7] = [
            Layer::Identity,
            Layer::Resource,
            Layer::Boundary,
            Layer::Session,
            Layer::Endpoint,
            Layer::ServiceControl,
            Layer::ResourceControl,
        ];
        let passes = |lift| self.verdict(Some(lift)) != Truth::No;
        let mut found: Vec<Stop> = LAYERS
            .into_iter()
            .filter(|layer| passes(Lift::Layer(*layer)))
            .map(|layer| {
                let denied = self.side(layer).deny == Truth::Yes
                    || self.gate.as_ref().is_some_and(|g| g.side(layer).deny == Truth::Yes);
                if denied { Stop::Denied(layer) } else { Stop::NotAllowed(layer) }
            })
            .collect();
        if self.gate.is_some() && passes(Lift::Gate) {
            found.push(Stop::Gate);
        }
        found
    }

    fn gates(&self) -> Vec<Gate> {
        let mut gates = Vec::new();
        let mut add = |name, side: Side<Truth>, there: bool| {
            let state = match (there, side.allow.and(!side.deny)) {
                (false, _) => return,
                (true, Truth::Yes) => GateState::Passed,
                (true, Truth::Unknown) => GateState::Open,
                (true, Truth::No) => GateState::Closed,
            };
            gates.push(Gate { name, state });
        };
        let there = |side: Side<Truth>, layer| {
            side != Side::free(&Truth::No) || self.hits.iter().any(|hit| hit.layer == layer)
        };
        for (name, layer) in [
            ("boundary", Layer::Boundary),
            ("session policy", Layer::Session),
            ("VPC endpoint policy", Layer::Endpoint),
            ("service control policies", Layer::ServiceControl),
            ("resource control policies", Layer::ResourceControl),
        ] {
            add(name, self.side(layer), there(self.side(layer), layer));
        }
        if let Some(gate) = &self.gate {
            add("key", Side { allow: gate.verdict(None), deny: Truth::No }, true);
        }
        gates
    }
}
