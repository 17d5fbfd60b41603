//! The policy that a fix puts: the whole document that was read, with the statements changed that are wrong.
//!
//! AWS replaces policies whole, so what is proposed is a whole document. Everything else in it stays as it is written.

use serde_json::{Value, json};

use super::Needs;
use super::slots::{Ask, known_arn, vault};
use super::states::account;
use crate::access::{Document, EditRefused, Node};
use crate::domain::{
    Arn, Effect, Encryption, FactKind, Origin, Policy, PrincipalKind, Principals, Statement, Vault,
};
use crate::posture::{
    Governed, LetIn, Standing, allows_everything, everyone_of, grants_index_alone, has_table_too, is_outside,
    is_unbound_service, lets_in, orphans, weak_conditions, whole_accounts,
};

/// What a policy is attached to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Of {
    /// The table.
    Table,
    /// Its stream.
    Stream,
    /// Its KMS key.
    Key,
    /// A backup vault.
    Vault,
}

/// A policy that is proposed in place of the one that was read.
#[derive(Debug, PartialEq)]
pub(super) struct Proposal {
    /// What was read; `None` where there is no policy yet.
    pub before: Option<Document>,
    /// What is to be put.
    pub after: Document,
    /// What becomes of which statement, a sentence each.
    pub changes: Vec<String>,
    /// What stops working, a sentence each.
    pub ends: Vec<String>,
    /// The revision that was read.
    pub revision: Option<String>,
}

/// Why there is no proposal.
#[derive(Debug, PartialEq)]
pub(super) enum Unedited {
    /// A fact is missing.
    Needs(Needs),
    /// The document is of a form that is not edited by a program.
    Form(String),
}

impl From<Needs> for Unedited {
    fn from(needs: Needs) -> Self {
        Self::Needs(needs)
    }
}

/// What the policy of a finding is attached to.
pub(super) fn attached_to(ask: &Ask<'_>) -> Of {
    match (ask.finding.topic, &ask.finding.origin) {
        (Some("key-policy"), _) => Of::Key,
        (Some("backup-vault"), _) => Of::Vault,
        (_, Origin::Posture(check)) if check.starts_with("stream-") => Of::Stream,
        _ => Of::Table,
    }
}

/// The ARN that the policy is of; of a vault, which has none here, its name.
pub(super) fn resource(ask: &Ask<'_>) -> Result<String, Needs> {
    let description = || ask.facts.description.known().ok_or(Needs::Fact(FactKind::Description));
    match attached_to(ask) {
        Of::Table => known_arn(ask).ok_or(Needs::Fact(FactKind::Description)),
        Of::Stream => description()?.stream.as_ref().map(|s| s.arn.clone()).ok_or(Needs::NoTemplate),
        Of::Key => match (ask.facts.key.known(), &description()?.encryption) {
            (Some(Some(key)), _) => Ok(key.arn.clone()),
            (_, Encryption::Kms { key_arn, .. }) => Ok(key_arn.clone()),
            (_, Encryption::AwsOwned) => Err(Needs::NoTemplate),
        },
        Of::Vault => vault(ask),
    }
}

/// The policy that is there today, with its revision; `None` where there is none.
fn today<'a>(ask: &Ask<'a>) -> Result<Option<(&'a Policy, Option<String>)>, Needs> {
    let facts = ask.facts;
    Ok(match attached_to(ask) {
        Of::Table => facts.policy.known().ok_or(Needs::Fact(FactKind::Policy))?.as_ref(),
        Of::Stream => facts.stream_policy.known().ok_or(Needs::Fact(FactKind::StreamPolicy))?.as_ref(),
        Of::Key => {
            let policy = facts.key_policy.known().ok_or(Needs::Fact(FactKind::KeyPolicy))?;
            return Ok(policy.as_ref().map(|policy| (policy, None)));
        }
        Of::Vault => {
            let name = vault(ask)?;
            let vaults = facts.vaults.known().ok_or(Needs::Fact(FactKind::Vaults))?;
            let found: Option<&Vault> = vaults.iter().find(|v| v.name == name);
            return Ok(found.and_then(|v| v.policy.as_ref()).map(|policy| (policy, None)));
        }
    }
    .map(|p| (&p.policy, p.revision.clone())))
}

/// What the fix puts in place of the policy of today.
pub(super) fn proposal(ask: &Ask<'_>) -> Result<Proposal, Unedited> {
    let own = account(ask).ok_or(Needs::Fact(FactKind::Description))?;
    let scene = Scene {
        own,
        partition: ask.finding.table.scope.partition.clone(),
        of: attached_to(ask),
        resource: resource(ask)?,
    };
    let Some((policy, revision)) = today(ask)? else {
        // Only a Deny can be put where nothing is: there is nothing to narrow.
        let text = json!({"Version": "2012-10-17", "Statement": [scene.tls_deny(&[])]}).to_string();
        let after = Document::parse(&text).map_err(|_| Unedited::Form("it cannot be read".into()))?;
        if ask.finding.topic != Some("policy-tls") {
            return Err(Needs::NoTemplate.into());
        }
        let changes = vec!["There is no policy yet: it gets one, with a Deny of plain HTTP.".into()];
        return Ok(Proposal { before: None, after, changes, ends: vec![PLAIN.into()], revision: None });
    };
    let Some(before) = policy.document() else {
        return Err(Unedited::Form("it is not JSON that can be read".into()));
    };
    if let Some(unread) = policy.unread.first() {
        return Err(Unedited::Form(format!("part of it is not understood, {unread}")));
    }
    let (mut after, mut changes, mut ends) = (before.clone(), Vec::new(), Vec::new());
    for topic in ask.finding.topic.iter().chain(&ask.options.also) {
        let policy = &Policy::parse(after.text());
        let mut edit = Edit { scene: &scene, policy, after: after.clone(), changes, ends };
        edit.apply(topic).map_err(|refused| {
            Unedited::Form(match refused {
                EditRefused::Form => "its Statement is one object and no list".into(),
                EditRefused::NamedTwice => "a member is named twice in it".into(),
                EditRefused::LastStatement => "the statement is the only one in it".into(),
                EditRefused::NoStatement => "it has no such statement".into(),
            })
        })?;
        Edit { after, changes, ends, .. } = edit;
    }
    if after == *before {
        return Err(Unedited::Form("no statement of it is wrong in this way any more".into()));
    }
    Ok(Proposal { before: Some(before.clone()), after, changes, ends, revision })
}

const PLAIN: &str = "Requests over plain HTTP are refused from then on. Every SDK uses TLS.";

/// What an edit needs to know besides the document.
struct Scene {
    own: String,
    partition: String,
    of: Of,
    resource: String,
}

impl Scene {
    fn root(&self) -> Value {
        json!({"AWS": format!("arn:{}:iam::{}:root", self.partition, self.own)})
    }

    /// The table and its indexes, which have an ARN of their own; of anything else, itself.
    fn resources(&self) -> Value {
        match self.of {
            Of::Table => json!([self.resource, format!("{}/index/*", self.resource)]),
            Of::Stream => json!([self.resource]),
            Of::Key | Of::Vault => json!("*"),
        }
    }

    const fn service(&self) -> &'static str {
        match self.of {
            Of::Table | Of::Stream => "dynamodb",
            Of::Key => "kms",
            Of::Vault => "backup",
        }
    }

    fn tls_deny(&self, sids: &[String]) -> Value {
        json!({
            "Sid": free("DenyPlainHttp", sids),
            "Effect": "Deny",
            "Principal": "*",
            "Action": format!("{}:*", self.service()),
            "Resource": self.resources(),
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        })
    }

    /// What works on data, and on nothing else.
    fn actions(&self) -> &'static [&'static str] {
        match self.of {
            Of::Stream => &["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"],
            _ => &[
                "dynamodb:BatchGetItem",
                "dynamodb:BatchWriteItem",
                "dynamodb:ConditionCheckItem",
                "dynamodb:DeleteItem",
                "dynamodb:DescribeTable",
                "dynamodb:GetItem",
                "dynamodb:PartiQLDelete",
                "dynamodb:PartiQLInsert",
                "dynamodb:PartiQLSelect",
                "dynamodb:PartiQLUpdate",
                "dynamodb:PutItem",
                "dynamodb:Query",
                "dynamodb:Scan",
                "dynamodb:UpdateItem",
            ],
        }
    }

    fn governed(&self) -> Governed<'_> {
        match self.of {
            Of::Table | Of::Stream => Governed::table(Some(&self.resource), &self.own),
            Of::Key => Governed::key(&self.resource, &self.own),
            Of::Vault => Governed::vault(&self.own),
        }
    }
}

/// A Sid that no statement has yet.
fn free(sid: &str, sids: &[String]) -> String {
    let all = std::iter::once(sid.to_owned()).chain((2..).map(|n| format!("{sid}{n}")));
    all.into_iter().find(|s| !sids.contains(s)).unwrap_or_default()
}

/// A document on its way from what is there to what is proposed.
struct Edit<'a> {
    scene: &'a Scene,
    policy: &'a Policy,
    after: Document,
    changes: Vec<String>,
    ends: Vec<String>,
}

/// A statement in a sentence.
fn named(statement: &Statement) -> String {
    match &statement.sid {
        Some(sid) => format!("Statement {sid}, number {}", statement.position),
        None => format!("Statement number {}, without a Sid", statement.position),
    }
}

impl Edit<'_> {
    fn apply(&mut self, topic: &str) -> Result<(), EditRefused> {
        if topic == "policy-tls" {
            self.deny_plain_http()?;
            return self.without_orphans();
        }
        let (policy, scene) = (self.policy, self.scene);
        // What has no effect is not what was found.
        let standing = Standing::of(policy, scene.governed());
        // From the last to the first, so that places stay what they are when one is taken out.
        for statement in policy.statements.iter().rev().filter(|s| standing.is_about_it(s)) {
            let n = statement.position - 1;
            match topic {
                "policy-public" => self.shut_out(n, statement, &standing, |who| who == LetIn::Everyone)?,
                "policy-cross-account" => {
                    self.shut_out(n, statement, &standing, |who| who != LetIn::Everyone)?
                }
                "key-policy"
                    if standing.minds(statement)
                        && lets_in(&standing, statement) == LetIn::Nobody
                        && is_unbound_service(statement)
                        && standing.serves_anybody(statement) =>
                {
                    self.bind_services(n, statement)?;
                }
                "key-policy" | "backup-vault" => self.shut_out(n, statement, &standing, |_| true)?,
                "policy-weak-condition" if !weak_conditions(statement).is_empty() => {
                    self.demand(n, statement, "aws:PrincipalAccount", "callers of other accounts")?;
                }
                // What a Deny leaves to services of an Allow to everyone cannot be bound by a condition on all of it.
                "policy-service-unbound"
                    if is_unbound_service(statement) && standing.serves_anybody(statement) =>
                {
                    self.bind_services(n, statement)?;
                }
                "policy-whole-account" => self.name_roles(n, statement)?,
                "policy-orphan-principal" if !orphans(statement).is_empty() => {
                    let gone = orphans(statement);
                    self.without_principals(n, statement, |_, who| gone.iter().any(|g| g == who))?;
                }
                "policy-wildcard-action"
                    if allows_everything(statement) && standing.is_in_force(statement) =>
                {
                    self.name_actions(n, statement)?
                }
                "policy-can-change-itself"
                    if statement.effect == Effect::Allow && standing.gives(statement, CHANGING) =>
                {
                    self.keep_unchanged(n, statement)?
                }
                "policy-index-apart"
                    if grants_index_alone(statement) && !has_table_too(policy, statement) =>
                {
                    self.remove(n, statement)?;
                }
                _ => {}
            }
        }
        if self.scene.of == Of::Key {
            self.keep_a_way_in()?;
        }
        self.without_orphans()
    }

    /// Who was deleted stands in a policy as an id. KMS refuses to put a policy with such an id (API Reference, PutKeyPolicy:
    /// "the principals must exist"), and others may. So they go with any other change.
    fn without_orphans(&mut self) -> Result<(), EditRefused> {
        let policy = Policy::parse(self.after.text());
        if Some(&self.after) == self.policy.document()
            || policy.statements.iter().all(|s| orphans(s).is_empty())
        {
            return Ok(());
        }
        let ends = self.ends.clone();
        for statement in policy.statements.iter().rev() {
            let gone = orphans(statement);
            if !gone.is_empty() {
                self.without_principals(statement.position - 1, statement, |_, who| {
                    gone.iter().any(|g| g == who)
                })?;
            }
        }
        // Nothing ends for who is not there any more.
        self.ends = ends;
        self.changes.push(
            "Who was deleted is taken out besides: KMS refuses a policy that names them, and others may."
                .into(),
        );
        Ok(())
    }

    /// Every Sid that is taken: of what was there, and of what was put in since. AWS refuses a second one of a name.
    fn sids(&self) -> Vec<String> {
        let now = Policy::parse(self.after.text());
        now.statements.into_iter().chain(self.policy.statements.clone()).filter_map(|s| s.sid).collect()
    }

    fn deny_plain_http(&mut self) -> Result<(), EditRefused> {
        let deny = self.scene.tls_deny(&self.sids());
        self.after = self.after.with_statement(&deny)?;
        self.changes.push("One more statement, a Deny of plain HTTP for all of it. The others stay.".into());
        self.ends.push(PLAIN.into());
        Ok(())
    }

    /// Nobody from outside by this statement, where it lets in those that the fix is about.
    fn shut_out(
        &mut self,
        n: usize,
        statement: &Statement,
        standing: &Standing<'_>,
        is_meant: impl Fn(LetIn) -> bool,
    ) -> Result<(), EditRefused> {
        let own = self.scene.own.clone();
        let who = lets_in(standing, statement);
        if !is_meant(who) {
            return Ok(());
        }
        let callers = "callers of other accounts";
        let account = if self.scene.of == Of::Key { "kms:CallerAccount" } else { "aws:PrincipalAccount" };
        let named_ones = matches!(&statement.principals, Principals::Named(all)
            if all.iter().any(|(kind, who)| is_outside(*kind, who, &own)));
        match who {
            LetIn::Nobody => Ok(()),
            // An Allow to all but some excludes those on purpose: the account may be one of them.
            LetIn::Everyone if matches!(statement.principals, Principals::AllBut(_)) => {
                self.remove(n, statement)
            }
            // A key that services use by a condition keeps it, and gets the account besides, as keys of AWS have it.
            LetIn::Everyone if self.scene.of == Of::Key && !statement.conditions.is_empty() => {
                self.demand(n, statement, account, callers)
            }
            LetIn::Everyone => self.only_the_account(n, statement),
            LetIn::Accounts | LetIn::Others if named_ones => {
                self.without_principals(n, statement, move |kind, who| is_outside(kind, who, &own))
            }
            // They come in by a condition: an organization, a network. The own account does, too, and stays.
            LetIn::Others => self.demand(n, statement, account, callers),
            LetIn::Accounts if names_account(statement, &own) => self.demand(n, statement, account, callers),
            LetIn::Accounts if acts_for(statement, &own) => {
                self.demand(n, statement, "aws:SourceAccount", "services for the sake of other accounts")
            }
            // A condition that names others alone, or a service for others.
            LetIn::Accounts => self.remove(n, statement),
        }
    }

    /// The account in the place of everyone; services that are named beside everyone stay.
    fn only_the_account(&mut self, n: usize, statement: &Statement) -> Result<(), EditRefused> {
        let mut principal = self.scene.root();
        let today = self.statement(n)?.get("Principal");
        let services = today.and_then(|node| node.get("Service")).map(|node| read(&self.after, node));
        if let Some(services) = services {
            principal["Service"] = services?;
        }
        self.after = self.after.with_member(n, "Principal", &principal)?;
        let own = &self.scene.own;
        self.changes.push(format!(
            "{}: only the account {own} instead of everyone, and of it whom IAM lets in.",
            named(statement)
        ));
        self.ends.push(format!(
            "{}: all callers from outside the account {own}, and those of it whom no policy of IAM lets in.",
            named(statement)
        ));
        Ok(())
    }

    /// One more condition: that a key has the own account as its value.
    fn demand(&mut self, n: usize, statement: &Statement, key: &str, who: &str) -> Result<(), EditRefused> {
        let node = self.statement(n)?;
        let mut condition = match node.get("Condition") {
            Some(node) => read(&self.after, node)?,
            None => json!({}),
        };
        condition["StringEquals"][key] = json!(self.scene.own);
        self.after = self.after.with_member(n, "Condition", &condition)?;
        self.changes.push(format!("{}: only where {key} is {}.", named(statement), self.scene.own));
        self.ends.push(format!("{}: {who}.", named(statement)));
        Ok(())
    }

    /// Services for the sake of the own account only. Users and roles that stand beside them send no such key: they keep the
    /// statement, and the services get one of their own.
    fn bind_services(&mut self, n: usize, statement: &Statement) -> Result<(), EditRefused> {
        const KEY: &str = "aws:SourceAccount";
        let is_service = |kind: PrincipalKind| kind == PrincipalKind::Service;
        let all = match &statement.principals {
            Principals::Named(all) => all.as_slice(),
            _ => &[],
        };
        // Replicas of other accounts write by this service for the sake of theirs (DynamoDB Developer Guide, "Multi-account
        // global tables").
        let replicates = all.iter().any(|(_, who)| who.starts_with("replication.dynamodb."));
        let accounts = match replicates {
            true => json!([self.scene.own, "PUT-THE-ACCOUNTS-OF-THE-REPLICAS-HERE"]),
            false => json!(self.scene.own),
        };
        let mixed =
            all.iter().any(|(kind, _)| is_service(*kind)) && all.iter().any(|(kind, _)| !is_service(*kind));
        let mut bound = serde_json::Map::new();
        for member in self.statement(n)?.members() {
            bound.insert(member.name.clone(), read(&self.after, &member.value)?);
        }
        let condition = bound.entry("Condition").or_insert_with(|| json!({}));
        condition["StringEquals"][KEY] = accounts.clone();
        if mixed {
            let services = bound["Principal"]["Service"].clone();
            bound.insert("Principal".into(), json!({"Service": services}));
            let sid = format!("{}Services", statement.sid.as_deref().unwrap_or("Statement"));
            bound.insert("Sid".into(), json!(free(&sid, &self.sids())));
            let ends = self.ends.clone();
            self.without_principals(n, statement, |kind, _| is_service(kind))?;
            self.ends = ends;
            self.after = self.after.with_statement(&Value::Object(bound))?;
        } else {
            let condition = bound["Condition"].clone();
            self.after = self.after.with_member(n, "Condition", &condition)?;
        }
        self.changes.push(match mixed {
            true => format!(
                "{}: a statement of their own for services, only where {KEY} is {accounts}.",
                named(statement)
            ),
            false => format!("{}: only where {KEY} is {accounts}.", named(statement)),
        });
        self.ends.push(format!("{}: services for the sake of other accounts.", named(statement)));
        Ok(())
    }

    /// Roles in the place of whole accounts. Which role it is, only a person knows.
    fn name_roles(&mut self, n: usize, statement: &Statement) -> Result<(), EditRefused> {
        let role = |account: &str| {
            format!("arn:{}:iam::{account}:role/PUT-THE-ROLE-OF-{account}-HERE", self.scene.partition)
        };
        let everyone = everyone_of(statement);
        let value = if everyone.is_empty() {
            let whole = whole_accounts(statement);
            if whole.is_empty() {
                return Ok(());
            }
            let node = self.statement(n)?.get("Principal").ok_or(EditRefused::Form)?;
            let mut value = read(&self.after, node)?;
            let account = |text: &str| {
                let root = Arn::parse(text).filter(|arn| arn.resource == "root").map(|arn| arn.account);
                root.or_else(|| whole.iter().find(|w| *w == text).cloned())
            };
            each(&mut value["AWS"], |text| account(text).map(|id| role(&id)));
            value
        } else {
            json!({"AWS": everyone.iter().map(|account| role(account)).collect::<Vec<_>>()})
        };
        self.after = self.after.without_member(n, "NotPrincipal")?.with_member(n, "Principal", &value)?;
        self.changes.push(format!("{}: roles by name in the place of whole accounts.", named(statement)));
        self.ends.push(format!("{}: everybody else of those accounts.", named(statement)));
        Ok(())
    }

    /// Without some of the principals; without the statement where nobody is left.
    fn without_principals(
        &mut self,
        n: usize,
        statement: &Statement,
        gone: impl Fn(PrincipalKind, &str) -> bool,
    ) -> Result<(), EditRefused> {
        let member =
            if matches!(statement.principals, Principals::AllBut(_)) { "NotPrincipal" } else { "Principal" };
        let node = self.statement(n)?.get(member).ok_or(EditRefused::Form)?;
        let value = read(&self.after, node)?;
        let Value::Object(kinds) = &value else { return self.remove(n, statement) };
        let mut left = serde_json::Map::new();
        let mut went: Vec<String> = Vec::new();
        for (name, who) in kinds {
            let kind = match name.as_str() {
                "AWS" => PrincipalKind::Aws,
                "Service" => PrincipalKind::Service,
                "Federated" => PrincipalKind::Federated,
                _ => PrincipalKind::CanonicalUser,
            };
            let all: Vec<&Value> = match who {
                Value::Array(all) => all.iter().collect(),
                one => vec![one],
            };
            let is_gone = |v: &&&Value| v.as_str().is_some_and(|text| gone(kind, text));
            went.extend(all.iter().filter(is_gone).filter_map(|v| v.as_str()).map(str::to_owned));
            let stay: Vec<Value> = all.iter().filter(|v| !is_gone(v)).map(|v| (*v).clone()).collect();
            match (stay.as_slice(), who) {
                ([], _) => {}
                ([one], Value::String(_)) => drop(left.insert(name.clone(), one.clone())),
                _ => drop(left.insert(name.clone(), stay.into())),
            }
        }
        if left.is_empty() && member == "NotPrincipal" {
            // It is about everybody but those: without it, it would be about nobody.
            return Err(EditRefused::Form);
        }
        if left.is_empty() {
            return self.remove(n, statement);
        }
        self.after = self.after.with_member(n, member, &Value::Object(left))?;
        self.changes.push(format!("{}: without {}.", named(statement), went.join(", ")));
        self.ends.push(format!("{}: what {} do by it.", named(statement), went.join(", ")));
        Ok(())
    }

    /// The actions by name, of those that it allows, on the table and on its indexes, which know few of them, by their own
    /// ARNs. Nothing is allowed that was not.
    fn name_actions(&mut self, n: usize, statement: &Statement) -> Result<(), EditRefused> {
        let of_index = self.scene.of == Of::Table
            && statement.resources.iter().any(|r| r == "*" || r.contains("/index/") || r.ends_with('*'));
        let of_table =
            statement.resources.is_empty() || statement.resources.iter().any(|r| !r.contains("/index/"));
        let actions = allowed(statement, self.scene.actions());
        let index_actions = allowed(statement, INDEX_ACTIONS);
        if actions.is_empty() {
            return self.keep_unchanged_of(n, statement);
        }
        self.after = self.after.without_member(n, "NotAction")?;
        if !of_table {
            self.after = self.after.with_member(n, "Action", &json!(index_actions))?;
        } else {
            self.after = self.after.with_member(n, "Action", &json!(actions))?;
            if of_index && !index_actions.is_empty() {
                let mut index = serde_json::Map::new();
                for member in self.statement(n)?.members() {
                    index.insert(member.name.clone(), read(&self.after, &member.value)?);
                }
                let sid = format!("{}Indexes", statement.sid.as_deref().unwrap_or("Statement"));
                index.insert("Sid".into(), json!(free(&sid, &self.sids())));
                index.insert("Action".into(), json!(index_actions));
                index.insert("Resource".into(), self.index_resources(statement));
                index.shift_remove("NotResource");
                self.after = self.after.with_statement(&Value::Object(index))?;
            }
            if self.scene.of == Of::Table || !statement.resources.is_empty() {
                self.after = self.after.without_member(n, "NotResource")?.with_member(
                    n,
                    "Resource",
                    &json!(self.scene.resource),
                )?;
            }
        }
        self.changes.push(format!("{}: actions by name instead of all.", named(statement)));
        self.ends.push(format!(
            "{}: changes of the table, of its policy and its backups. Take out of the list what CloudTrail never \
             shows, Scan first.",
            named(statement)
        ));
        Ok(())
    }

    /// The indexes that a statement names; all of them only where a pattern has them all.
    fn index_resources(&self, statement: &Statement) -> Value {
        let is_index = |resource: &&String| resource.contains("/index/");
        let by_pattern = statement.resources.iter().any(|r| !is_index(&r) && (r == "*" || r.ends_with('*')));
        let named: Vec<&String> = statement.resources.iter().filter(is_index).collect();
        match named.as_slice() {
            [one] if !by_pattern => json!(one),
            [_, _, ..] if !by_pattern => json!(named),
            _ => json!(format!("{}/index/*", self.scene.resource)),
        }
    }

    /// Without the right to change the policy.
    fn keep_unchanged(&mut self, n: usize, statement: &Statement) -> Result<(), EditRefused> {
        if allows_everything(statement) {
            return self.name_actions(n, statement);
        }
        self.keep_unchanged_of(n, statement)
    }

    /// The same; a pattern is written out as what it allows.
    fn keep_unchanged_of(&mut self, n: usize, statement: &Statement) -> Result<(), EditRefused> {
        let changing = |a: &str| CHANGING.iter().any(|c| c.eq_ignore_ascii_case(a));
        let plain =
            statement.not_actions.is_empty() && statement.actions.iter().all(|a| !a.contains(['*', '?']));
        let left: Vec<String> = if plain {
            statement.actions.iter().filter(|a| !changing(a)).cloned().collect()
        } else {
            let managing: &[&str] = match self.scene.of {
                Of::Table => MANAGING,
                Of::Stream | Of::Key | Of::Vault => &["dynamodb:GetResourcePolicy"],
            };
            let every = self.scene.actions().iter().chain(managing);
            let every: Vec<&str> = every.copied().filter(|a| !changing(a)).collect();
            allowed(statement, &every).into_iter().map(str::to_owned).collect()
        };
        if left.is_empty() {
            return self.remove(n, statement);
        }
        self.after = self.after.without_member(n, "NotAction")?.with_member(n, "Action", &json!(left))?;
        self.changes.push(format!("{}: without the right to put or delete the policy.", named(statement)));
        self.ends.push(format!(
            "{}: changes of the policy by whom it names. IAM can still allow them.",
            named(statement)
        ));
        Ok(())
    }

    /// Without the statement. A policy that had no other keeps a Deny, so that there is no policy to delete.
    fn remove(&mut self, n: usize, statement: &Statement) -> Result<(), EditRefused> {
        self.after = match self.after.without_statement(n) {
            Err(EditRefused::LastStatement) => {
                let deny = self.scene.tls_deny(&self.sids());
                let sid = deny["Sid"].as_str().unwrap_or_default();
                self.changes.push(format!(
                    "One more statement, {sid}: it was the only one, and a policy needs one. It denies plain HTTP, and lets \
                     nobody in."
                ));
                self.ends.push(PLAIN.into());
                self.after.with_statement(&deny)?.without_statement(n)?
            }
            edited => edited?,
        };
        // What was changed in it before goes with it.
        let own = format!("{}: ", named(statement));
        self.changes.retain(|said| !said.starts_with(&own));
        self.ends.retain(|said| !said.starts_with(&own));
        self.changes.push(format!("{}: taken out.", named(statement)));
        self.ends.push(format!("{}: all that it allowed to whom it names.", named(statement)));
        Ok(())
    }

    /// Somebody of the account can put another policy of the key, or nobody ever could again.
    fn keep_a_way_in(&mut self) -> Result<(), EditRefused> {
        let after = Policy::parse(self.after.text());
        let own = &self.scene.own;
        let is_own = |principal: &(PrincipalKind, String)| {
            principal.1 == *own || Arn::parse(&principal.1).is_some_and(|arn| arn.account == *own)
        };
        let keeps = |s: &Statement| {
            s.effect == Effect::Allow
                && s.conditions.is_empty()
                && s.covers("kms:PutKeyPolicy")
                && matches!(&s.principals, Principals::Named(all) if all.iter().any(is_own))
        };
        if after.statements.iter().any(keeps) {
            return Ok(());
        }
        self.after = self.after.with_statement(&json!({
            "Sid": free("KeyAdministration", &self.sids()),
            "Effect": "Allow",
            "Principal": self.scene.root(),
            "Action": "kms:*",
            "Resource": "*",
        }))?;
        self.changes.push(format!(
            "One more statement for the account {own}: without it nobody could change the key any more."
        ));
        Ok(())
    }

    fn statement(&self, n: usize) -> Result<&Node, EditRefused> {
        self.after.statements().and_then(|all| all.get(n)).ok_or(EditRefused::NoStatement)
    }
}

/// What an index knows.
const INDEX_ACTIONS: &[&str] = &["dynamodb:PartiQLSelect", "dynamodb:Query", "dynamodb:Scan"];
/// What the policy of a table can allow besides work on items (DynamoDB Developer Guide, "API operations supported by
/// resource-based policies").
const MANAGING: &[&str] = &[
    "dynamodb:CreateBackup",
    "dynamodb:DeleteTable",
    "dynamodb:DescribeContinuousBackups",
    "dynamodb:DescribeContributorInsights",
    "dynamodb:DescribeKinesisStreamingDestination",
    "dynamodb:DescribeTableReplicaAutoScaling",
    "dynamodb:DescribeTimeToLive",
    "dynamodb:DisableKinesisStreamingDestination",
    "dynamodb:EnableKinesisStreamingDestination",
    "dynamodb:ExportTableToPointInTime",
    "dynamodb:GetResourcePolicy",
    "dynamodb:ListTagsOfResource",
    "dynamodb:RestoreTableToPointInTime",
    "dynamodb:TagResource",
    "dynamodb:UntagResource",
    "dynamodb:UpdateContinuousBackups",
    "dynamodb:UpdateContributorInsights",
    "dynamodb:UpdateKinesisStreamingDestination",
    "dynamodb:UpdateTable",
    "dynamodb:UpdateTableReplicaAutoScaling",
    "dynamodb:UpdateTimeToLive",
];
const CHANGING: &[&str] = &["dynamodb:PutResourcePolicy", "dynamodb:DeleteResourcePolicy"];

/// Those of some actions that it allows.
fn allowed<'a>(statement: &Statement, actions: &[&'a str]) -> Vec<&'a str> {
    actions.iter().copied().filter(|action| statement.covers(action)).collect()
}

/// Whether a condition on the account of callers has this one among its values.
fn names_account(statement: &Statement, account: &str) -> bool {
    statement.conditions.iter().any(|(_, key, values)| {
        ["aws:principalaccount", "kms:calleraccount"].contains(&key.to_ascii_lowercase().as_str())
            && values.iter().any(|value| value == account)
    })
}

/// Whether a condition on the account that a service acts for has this one among its values.
fn acts_for(statement: &Statement, account: &str) -> bool {
    statement.conditions.iter().any(|(_, key, values)| {
        key.eq_ignore_ascii_case("aws:SourceAccount") && values.iter().any(|value| value == account)
    })
}

fn read(document: &Document, node: &Node) -> Result<Value, EditRefused> {
    serde_json::from_str(document.written(node)).map_err(|_| EditRefused::Form)
}

/// Puts other texts in the place of some, in a text or a list of them.
fn each(value: &mut Value, other: impl Fn(&str) -> Option<String>) {
    match value {
        Value::String(text) => {
            if let Some(new) = other(text) {
                *text = new;
            }
        }
        Value::Array(all) => all.iter_mut().for_each(|v| {
            if let Value::String(text) = v
                && let Some(new) = other(text)
            {
                *text = new;
            }
        }),
        _ => {}
    }
}
