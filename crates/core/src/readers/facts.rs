//! What is known of a table and its account, as the evaluator takes it.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Found, Reach, Target, readers};
use crate::access::{AccountDetails, Arn, Around, Grant, Key, Layer, Policy, Source, Told, World};
use crate::domain::{
    Account, Encryption, Fact, Gap, IamIdentity, Index, KeyManager, Projection, ResourcePolicy, TableFacts,
    TableRef,
};

/// The users, roles, groups and policies of an account.
pub fn world(id: &str, account: &Account) -> World {
    let mut details = AccountDetails::default();
    for policy in &account.policies {
        details.add_managed(&policy.arn, policy.policy.as_ref());
    }
    for group in &account.groups {
        if let Some(arn) = Arn::parse(&group.arn) {
            details.add_group(&arn, told(group));
        }
    }
    for person in account.users.iter().chain(&account.roles) {
        match Arn::parse(&person.arn) {
            Some(arn) => details.add_person(arn, told(person)),
            None => details.unread.push(format!("{}: it has no ARN", person.name)),
        }
    }
    World { accounts: BTreeMap::from([(id.to_owned(), details)]), organization: None }
}

/// One of them alone, with the groups and policies that are theirs.
fn world_of(id: &str, account: &Account, person: &IamIdentity) -> World {
    let is_group = |group: &&IamIdentity| person.groups.contains(&group.name);
    let groups: Vec<IamIdentity> = account.groups.iter().filter(is_group).cloned().collect();
    let all = groups.iter().chain([person]);
    let theirs: Vec<&String> = all.flat_map(|p| p.attached.iter().chain(&p.boundary)).collect();
    let policies = account.policies.iter().filter(|policy| theirs.contains(&&policy.arn)).cloned().collect();
    let is_user = person.arn.contains(":user/");
    let alone = || vec![person.clone()];
    let (users, roles) = if is_user { (alone(), Vec::new()) } else { (Vec::new(), alone()) };
    world(id, &Account { users, groups, roles, policies })
}

/// By which ways one user or role of the account reads a table; `None` if the table's name makes no ARN.
pub fn ways_of(
    table: &TableRef,
    facts: &TableFacts,
    account: &Account,
    person: &IamIdentity,
) -> Option<Vec<Found>> {
    let target = target(table, facts, None)?;
    let world = world_of(&target.table.account, account, person);
    let found = readers(&world, &target).readers.into_iter().find(|r| r.who.principal() == person.arn);
    let ways = found.into_iter().flat_map(|reader| reader.ways);
    Some(ways.filter(|way| way.reach != Reach::Could).collect())
}

fn told(person: &IamIdentity) -> Told {
    Told {
        id: person.id.clone(),
        tags: person.tags.clone(),
        boundary: person.boundary.clone(),
        trust: person.trust.clone(),
        last_used: person.used.map(|at| at.strftime("%F").to_string()),
        inline: person.inline.iter().map(|p| (p.name.clone(), Some(p.policy.clone()))).collect(),
        attached: person.attached.clone(),
        groups: person.groups.clone(),
        odd: Vec::new(),
    }
}

/// A table and the policies around it; `None` without a name that makes an ARN. With an attribute, only the indexes
/// that hold it.
pub fn target(table: &TableRef, facts: &TableFacts, attribute: Option<&str>) -> Option<Target> {
    let mut unread = Vec::new();
    let description = facts.description.known();
    let arn = description.map_or_else(|| table.arn(), |d| d.arn.clone());
    if let Fact::Missing(gap) = &facts.description {
        unread.push(format!("the table's indexes, stream and key: {gap}"));
    }
    let resource = policy(&facts.policy, "the table's policy");
    let stream = policy(&facts.stream_policy, "the stream's policy");
    let streaming = description.and_then(|d| d.stream.as_ref());
    let key = match description.map(|d| &d.encryption) {
        Some(Encryption::AwsOwned) | None => None,
        Some(Encryption::Kms { key_arn, .. }) => Some(key(key_arn, facts)),
    };
    Some(Target {
        table: Arn::parse(&arn)?,
        indexes: description.map_or_else(Vec::new, |d| {
            let carries = |projection: &Projection| {
                attribute.is_none_or(|name| d.key.contains(name) || projection.carries(name))
            };
            let holds = |index: &&Index| {
                carries(&index.projection) || attribute.is_some_and(|name| index.is_key(name))
            };
            let vectors = d.vectors.iter().filter(|v| carries(&v.projection)).map(|v| v.name.clone());
            d.indexes.iter().filter(holds).map(|i| i.name.clone()).chain(vectors).collect()
        }),
        stream: streaming.and_then(|s| Arn::parse(&s.arn)),
        around: Around { resource, stream, key, ..Around::default() },
        unread,
        attribute: attribute.map(str::to_owned),
    })
}

fn policy(fact: &Fact<Option<ResourcePolicy>>, name: &str) -> Option<Arc<Source>> {
    match fact {
        Fact::Known { value, .. } => {
            value.as_ref().map(|p| Arc::new(Source::of(Layer::Resource, name, p.policy.clone())))
        }
        // Without a stream there is nothing to ask.
        Fact::Missing(Gap::Unsupported) => None,
        Fact::Missing(gap) => Some(Arc::new(Source::unread(Layer::Resource, name, gap.to_string()))),
    }
}

fn key(arn: &str, facts: &TableFacts) -> Key {
    let manager = facts.key.known().and_then(Option::as_ref).map(|k| k.manager);
    let managed_by_aws = manager == Some(KeyManager::Aws);
    let unread = |why: String| Arc::new(Source::unread(Layer::Key, "the key's policy", why));
    let policy: Arc<Source> = match &facts.key_policy {
        Fact::Known { value: Some(policy), .. } => {
            Arc::new(Source::of(Layer::Key, "the key's policy", policy.clone()))
        }
        _ if managed_by_aws => Arc::new(Source::of(
            Layer::Key,
            "the policy of aws/dynamodb",
            Policy::parse(&of_aws_managed_key(arn, facts)),
        )),
        Fact::Known { value: None, .. } => unread("not read".into()),
        Fact::Missing(gap) => unread(gap.to_string()),
    };
    let (grants, grants_unread) = match &facts.key_grants {
        Fact::Known { value, .. } => (
            value
                .iter()
                .map(|g| Grant {
                    id: g.id.clone().unwrap_or_default(),
                    grantee: g.grantee.clone(),
                    operations: g.operations.clone(),
                    ..Grant::default()
                })
                .collect(),
            None,
        ),
        Fact::Missing(_) if managed_by_aws => (Vec::new(), None),
        Fact::Missing(gap) => (Vec::new(), Some(gap.to_string())),
    };
    Key { arn: Some(arn.to_owned()), managed_by_aws, policy, grants, grants_unread }
}

/// The policy of the key that AWS manages in every account: whoever may use DynamoDB there may use it through DynamoDB
/// (DynamoDB Developer Guide, "Encryption at rest: How it works", "AWS managed key").
fn of_aws_managed_key(arn: &str, facts: &TableFacts) -> String {
    let parsed = Arn::parse(arn);
    let region = parsed.as_ref().map(|a| a.region.clone()).unwrap_or_default();
    let account = facts
        .key
        .known()
        .and_then(Option::as_ref)
        .map(|k| k.account.clone())
        .or_else(|| parsed.map(|a| a.account))
        .unwrap_or_default();
    serde_json::json!({"Version": "2012-10-17", "Statement": [{
        "Sid": "Allow access through Amazon DynamoDB",
        "Effect": "Allow",
        "Principal": {"AWS": "*"},
        "Action": ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:CreateGrant", "kms:DescribeKey"],
        "Resource": "*",
        "Condition": {"StringEquals": {
            "kms:CallerAccount": account,
            "kms:ViaService": format!("dynamodb.{region}.amazonaws.com"),
        }},
    }]})
    .to_string()
}
