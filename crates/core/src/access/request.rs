//! One request, and what is known of it: what was given, and what follows from the question.

use std::cell::Cell;
use std::ops::BitOr;

use super::account::{AccountDetails, Person};
use super::action::{self, Carries};
use super::context::{Context, Shape, Values};
use super::decide::World;
use super::statement::{Hit, Source};
use super::suppose::{Case, Supposed};
use super::text_pattern::{TextPattern, matches};
use super::truth::Truth;
use super::{Arn, Caller, Effect};

/// What is asked: may they do this to that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// `dynamodb:GetItem`; upper and lower case are the same.
    pub action: String,
    /// An ARN, or `*` for an action without resources.
    pub resource: String,
    /// Who asks.
    pub caller: Caller,
    /// What is given of the request.
    pub context: Context,
}

/// How a request comes to the service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Way {
    /// The caller sends it.
    Direct,
    /// DynamoDB sends it to KMS for the caller, for a table (KMS Developer Guide, "Forward access sessions"; DynamoDB
    /// Developer Guide, "Encryption at rest usage notes").
    Forwarded { table: Arn },
}

/// What is done to what, and how it comes to the service.
#[derive(Debug, Clone)]
pub(super) struct Deed {
    /// In lower case.
    action: String,
    resource: String,
    /// The ARN of the resource, where it is one.
    arn: Option<Arn>,
    /// Only "*" is certain to match: it is there, and its ARN is not known.
    resource_unknown: bool,
    way: Way,
}

impl Deed {
    pub fn direct(action: &str, resource: &str) -> Self {
        Self::new(action, Some(resource.to_owned()), Way::Direct)
    }

    /// What DynamoDB does with a table's key. `None` is a key whose ARN is not known.
    pub fn forwarded(key: Option<String>, table: Arn) -> Self {
        Self::new("kms:Decrypt", key, Way::Forwarded { table })
    }

    fn new(action: &str, resource: Option<String>, way: Way) -> Self {
        let resource_unknown = resource.is_none();
        let resource = resource.unwrap_or_default();
        let arn = Arn::parse(&resource);
        Self { action: action.to_ascii_lowercase(), resource, arn, resource_unknown, way }
    }

    /// In lower case.
    pub fn action(&self) -> &str {
        &self.action
    }

    pub fn arn(&self) -> Option<&Arn> {
        self.arn.as_ref()
    }

    /// In lower case: `dynamodb`.
    pub fn service(&self) -> &str {
        self.action.split(':').next().unwrap_or_default()
    }
}

/// What was looked at to find out whether something holds. What was not looked at changes nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Looked {
    /// Who of the account asks.
    pub at_person: bool,
    /// What it is done to.
    pub at_resource: bool,
}

impl BitOr for Looked {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self {
            at_person: self.at_person || other.at_person,
            at_resource: self.at_resource || other.at_resource,
        }
    }
}

/// A request as statements are asked of it.
pub(super) struct Request<'a> {
    world: &'a World,
    caller: &'a Caller,
    given: &'a Context,
    deed: &'a Deed,
    person: Option<&'a Person>,
    case: Option<&'a Case>,
    looked: Cell<Looked>,
}

impl<'a> Request<'a> {
    pub fn new(
        world: &'a World,
        (caller, given): (&'a Caller, &'a Context),
        deed: &'a Deed,
        case: Option<&'a Case>,
    ) -> Self {
        let person = world.account_of(caller).and_then(|account| account.person(caller));
        Self { world, caller, given, deed, person, case, looked: Cell::default() }
    }

    /// The same of somebody who was found already, with nothing supposed.
    pub fn by(
        world: &'a World,
        (caller, person): (&'a Caller, Option<&'a Person>),
        given: &'a Context,
        deed: &'a Deed,
    ) -> Self {
        Self { world, caller, given, deed, person, case: None, looked: Cell::default() }
    }

    /// What was looked at since this was asked last.
    pub fn looked(&self) -> Looked {
        self.looked.take()
    }

    fn look_at_person(&self) {
        self.looked.set(Looked { at_person: true, ..self.looked.get() });
    }

    fn look_at_resource(&self) {
        self.looked.set(Looked { at_resource: true, ..self.looked.get() });
    }

    /// What the case that is supposed says of a condition that is not known.
    pub fn supposed(&self, operator: &str, key: &str, values: &[String]) -> Supposed {
        match self.case {
            // Of a request that is passed on, such a key is another one.
            Some(case) if self.goes_along(key) => case.says(operator, key, values),
            _ => Supposed::Open,
        }
    }

    pub fn world(&self) -> &'a World {
        self.world
    }

    /// In lower case.
    pub fn action(&self) -> &str {
        self.deed.action()
    }

    /// In lower case: `dynamodb`.
    pub fn service(&self) -> &str {
        self.deed.service()
    }

    pub fn arn(&self) -> Option<&'a Arn> {
        self.look_at_resource();
        self.deed.arn.as_ref()
    }

    pub fn way(&self) -> &'a Way {
        &self.deed.way
    }

    pub fn caller(&self) -> &'a Caller {
        self.look_at_person();
        self.caller
    }

    /// The account of who asks: the same of all people of an account, so that nobody looks at one of them here.
    pub fn caller_account(&self) -> Option<&'a str> {
        self.caller.account()
    }

    /// For its partition alone, which all of an account have in common.
    pub fn caller_arn(&self) -> Option<&'a Arn> {
        self.caller.arn()
    }

    /// Whether who asks is of IAM: neither a service nor an identity provider.
    pub fn is_iam(&self) -> bool {
        self.caller.is_iam()
    }

    pub fn person(&self) -> Option<&'a Person> {
        self.look_at_person();
        self.person
    }

    pub fn account(&self) -> Option<&'a AccountDetails> {
        self.world.account_of(self.caller)
    }

    /// The `AIDA...` or `AROA...` of who asks.
    pub fn caller_id(&self) -> Option<&str> {
        self.person()?.id.as_deref()
    }

    /// Whether it is a role that a service made for itself: by its path, which the ARN of a session lacks.
    pub fn is_service_linked(&self) -> bool {
        match self.person() {
            Some(person) => person.caller().is_service_linked(),
            None => self.caller().is_service_linked(),
        }
    }

    pub fn has_boundary(&self) -> Truth {
        match (self.person(), self.caller()) {
            (Some(person), _) => person.boundary.is_some().into(),
            (
                None,
                Caller::User(_) | Caller::Role(_) | Caller::Session { .. } | Caller::FederatedUser { .. },
            ) => Truth::Unknown,
            (None, _) => Truth::No,
        }
    }

    /// Whether it is about a KMS key; of one that DynamoDB passes on, always.
    pub fn is_of_a_key(&self) -> bool {
        let named = |arn: &Arn| arn.service == "kms" && arn.resource.starts_with("key/");
        self.deed.way != Way::Direct || self.arn().is_some_and(named)
    }

    /// The account that owns the resource. Of an ARN without one (a bucket's) it is what was given of the request, or
    /// that of the caller. `aws` owns what AWS made in every account.
    pub fn owner(&self) -> Option<&str> {
        match self.arn() {
            Some(arn) if arn.account.is_empty() => {
                self.given.first("aws:resourceaccount").or_else(|| self.caller_account())
            }
            Some(arn) if arn.account == "aws" => self.caller_account(),
            Some(arn) => Some(&arn.account),
            // The key of a table whose ARN is not known is most likely of the table's account.
            None => match self.way() {
                Way::Forwarded { table } => Some(&table.account),
                Way::Direct => self.caller_account(),
            },
        }
    }

    pub fn resource_matches(&self, pattern: &TextPattern) -> Truth {
        let filled;
        let tokens = match pattern.plain() {
            Some(plain) => plain,
            None => match pattern.filled(&mut |key| self.value(key)) {
                Some(tokens) => {
                    filled = tokens;
                    &filled
                }
                None => return Truth::No,
            },
        };
        self.look_at_resource();
        if self.deed.resource_unknown {
            let every = super::text_pattern::covers_everything(tokens);
            return if every { Truth::Yes } else { Truth::Unknown };
        }
        matches(tokens, &self.deed.resource)
    }

    /// What is known of a condition key, in lower case.
    pub fn value(&self, key: &str) -> Values {
        let given = if self.goes_along(key) { self.given.get(key) } else { None };
        given.unwrap_or_else(|| self.follows(key))
    }

    /// Whether what was given of the request is true of this one as well.
    fn goes_along(&self, key: &str) -> bool {
        const OF_THE_FIRST: [&str; 9] = [
            "dynamodb:",
            "aws:sourcevpc",
            "aws:vpcsourceip",
            "aws:vpce",
            "aws:resource",
            "aws:requestedregion",
            "aws:viaawsservice",
            "aws:calledvia",
            "dax:",
        ];
        self.deed.way == Way::Direct || !OF_THE_FIRST.iter().any(|start| key.starts_with(start))
    }

    /// What follows from the question.
    fn follows(&self, key: &str) -> Values {
        if let Some(values) = self.of_the_way(key) {
            return values;
        }
        if let Some(tag) = key.strip_prefix("aws:principaltag/") {
            return self.principal_tag(tag);
        }
        for prefix in ["dynamodb:", "dax:"] {
            if let Some(own) = key.strip_prefix(prefix) {
                return self.own_key(own);
            }
        }
        let iam = self.is_iam();
        let of_iam = |values: Values| if iam { values } else { Values::UNKNOWN };
        match key {
            "aws:principalarn" => match self.caller() {
                Caller::Session { .. } => {
                    self.person().map_or(Values::PRESENT, |p| Values::one(p.arn.to_string()))
                }
                _ => of_iam(Values::or_absent(self.caller().arn().map(Arn::to_string))),
            },
            "aws:principalaccount" => of_iam(Values::or_absent(self.caller_account())),
            "aws:principaltype" => match self.caller() {
                Caller::User(_) => Values::one("User"),
                Caller::Role(_) | Caller::Session { .. } => Values::one("AssumedRole"),
                Caller::FederatedUser { .. } => Values::one("FederatedUser"),
                Caller::Root(_) => Values::one("Account"),
                Caller::Service(_) | Caller::Provider(_) => Values::UNKNOWN,
            },
            "aws:userid" => self.user_id(),
            "aws:username" => match self.caller() {
                caller @ Caller::User(_) => Values::or_absent(caller.name()),
                _ => of_iam(Values::Absent),
            },
            "aws:principalisawsservice" => match self.caller {
                Caller::Service(_) => Values::one("true"),
                _ => of_iam(Values::one("false")),
            },
            "aws:principalservicename" => match self.caller {
                Caller::Service(name) => Values::one(name),
                _ => of_iam(Values::Absent),
            },
            "aws:sourcearn"
            | "aws:sourceaccount"
            | "aws:sourceorgid"
            | "aws:sourceorgpaths"
            | "aws:principalservicenameslist" => of_iam(Values::Absent),
            "aws:principalorgid" => of_iam(self.organization(self.caller_account())),
            "aws:principalorgpaths" => of_iam(self.organization_path(self.caller_account())),
            "aws:resourceaccount" => {
                self.arn().map_or(Values::UNKNOWN, |_| self.owner().map_or(Values::UNKNOWN, Values::one))
            }
            "aws:resourceorgid" => self.organization(self.owner().filter(|_| self.arn().is_some())),
            "aws:resourceorgpaths" => self.organization_path(self.owner().filter(|_| self.arn().is_some())),
            "aws:requestedregion" => self.region(),
            "aws:securetransport" | "aws:currenttime" | "aws:epochtime" | "aws:useragent" => Values::PRESENT,
            "kms:calleraccount" if self.service() == "kms" => {
                of_iam(Values::or_absent(self.caller_account()))
            }
            _ => Values::UNKNOWN,
        }
    }

    /// What the way of a request that DynamoDB passes on tells.
    fn of_the_way(&self, key: &str) -> Option<Values> {
        let Way::Forwarded { table } = self.way() else { return None };
        let context =
            [("aws:dynamodb:tablename", table_name(table)), ("aws:dynamodb:subscriberid", &table.account)];
        if let Some(inner) = key.strip_prefix("kms:encryptioncontext:") {
            self.look_at_resource();
            return Some(Values::or_absent(context.iter().find(|(k, _)| *k == inner).map(|(_, v)| *v)));
        }
        Some(match key {
            "kms:viaservice" => {
                self.look_at_resource();
                let name = format!("dynamodb.{}.amazonaws.com", table.region);
                if table.partition == "aws-cn" {
                    // Whether the domain of China stands behind it, no page says.
                    Values::Open { maybe_absent: false, shape: Shape::Beginning(name) }
                } else {
                    Values::one(name)
                }
            }
            "kms:encryptioncontextkeys" => {
                Values::Known(vec!["aws:dynamodb:tableName".into(), "aws:dynamodb:subscriberId".into()])
            }
            "aws:viaawsservice" => Values::one("true"),
            "aws:calledvia" | "aws:calledviafirst" | "aws:calledvialast" => {
                Values::one("dynamodb.amazonaws.com")
            }
            "aws:sourcevpc" | "aws:sourcevpce" | "aws:vpcsourceip" | "aws:sourcevpcarn" => Values::Absent,
            _ => return None,
        })
    }

    /// A key of DynamoDB or DAX itself.
    fn own_key(&self, key: &str) -> Values {
        if !matches!(self.service(), "dynamodb" | "dax") {
            return Values::Absent;
        }
        match action::facts(self.action()).map(|facts| facts.carries) {
            Some(Carries::These(carried)) if !carried.contains(&key) => Values::Absent,
            _ => Values::UNKNOWN,
        }
    }

    fn principal_tag(&self, tag: &str) -> Values {
        let caller = self.caller();
        if let Caller::Root(_) = caller {
            return Values::Absent;
        }
        let Some(person) = self.person() else { return Values::UNKNOWN };
        let Some(tags) = &person.tags else { return Values::UNKNOWN };
        let own = tags.iter().find(|(key, _)| key.eq_ignore_ascii_case(tag)).map(|(_, value)| value);
        match caller {
            Caller::User(_) => Values::or_absent(own),
            // Whoever may tag a session says what its tags are; a tag of the role stays unless it is said anew.
            _ if self.sessions_may_be_tagged(person) => {
                Values::Open { maybe_absent: own.is_none(), shape: Shape::Any }
            }
            _ => Values::or_absent(own),
        }
    }

    /// Whether the role's trust policy lets anybody tag a session.
    fn sessions_may_be_tagged(&self, person: &Person) -> bool {
        let Some(trust) = &person.trust else { return true };
        let Some(policy) = trust.policy() else { return true };
        !policy.unread.is_empty()
            || policy.statements.iter().any(|s| s.effect == Effect::Allow && s.covers("sts:TagSession"))
    }

    fn user_id(&self) -> Values {
        let id = self.caller_id();
        match self.caller() {
            Caller::User(_) => id.map_or(Values::PRESENT, Values::one),
            Caller::Role(_) => match id {
                Some(id) => Values::Open { maybe_absent: false, shape: Shape::Beginning(format!("{id}:")) },
                None => Values::PRESENT,
            },
            Caller::Session { name, .. } => match id {
                Some(id) => Values::one(format!("{id}:{name}")),
                None => Values::PRESENT,
            },
            Caller::FederatedUser { arn, name } => Values::one(format!("{}:{name}", arn.account)),
            Caller::Root(arn) => Values::one(&arn.account),
            Caller::Service(_) | Caller::Provider(_) => Values::UNKNOWN,
        }
    }

    fn organization(&self, account: Option<&str>) -> Values {
        match (&self.world.organization, account) {
            (Some(organization), Some(account)) if organization.has(account) => Values::one(&organization.id),
            // It is of another, or of none.
            (Some(organization), Some(_)) => {
                Values::Open { maybe_absent: true, shape: Shape::Not(organization.id.clone()) }
            }
            _ => Values::UNKNOWN,
        }
    }

    fn organization_path(&self, account: Option<&str>) -> Values {
        let path = self.world.organization.as_ref().zip(account).and_then(|(o, account)| o.path(account));
        path.map_or(Values::UNKNOWN, Values::one)
    }

    fn region(&self) -> Values {
        let Some(arn) = self.arn() else { return Values::UNKNOWN };
        match (arn.region.as_str(), self.service(), arn.partition.as_str()) {
            ("", "iam" | "organizations", "aws") => Values::one("us-east-1"),
            ("", "iam", "aws-cn") => Values::one("cn-north-1"),
            ("", "iam", "aws-us-gov") => Values::one("us-gov-west-1"),
            ("", ..) => Values::UNKNOWN,
            (region, ..) => Values::one(region),
        }
    }

    /// What documents say of this request.
    pub fn ask<'s>(&self, sources: impl IntoIterator<Item = &'s Source>) -> Vec<Hit> {
        let mut hits = Vec::new();
        for source in sources {
            source.says(self, &mut hits);
        }
        hits
    }
}

/// The name of a table from its ARN or from one of something in it.
pub(super) fn table_name(arn: &Arn) -> &str {
    arn.resource.split('/').nth(1).unwrap_or_default()
}
