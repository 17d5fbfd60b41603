//! What stands around a question, and what comes of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};

use super::language::{FULL, KEY, document, told, whole};
use crate::access::{
    AccountDetails, Around, Caller, Context, Decision, Grant, Key, Layer, Organization, Question, Source,
    World, decide,
};

/// Everything that bears on a question; what is empty does not exist.
#[derive(Debug, Default, Clone)]
pub(super) struct Given<'a> {
    /// The policies of `app`, `ann`, `slr` and `sso`.
    pub identity: &'a [&'a str],
    /// Of the group that `ann` is in.
    pub group: &'a [&'a str],
    pub boundary: Option<&'a [&'a str]>,
    pub session: Option<&'a [&'a str]>,
    pub resource: &'a [&'a str],
    pub stream: &'a [&'a str],
    pub key: Option<&'a [&'a str]>,
    /// To whom, and what: `Decrypt`, `Decrypt with name=value` or `Decrypt only name=value,name=value`.
    pub grants: &'a [(&'a str, &'a str)],
    pub endpoint: Option<&'a [&'a str]>,
    pub organization: Option<Control<'a>>,
    /// Of the role `abroad`; `None` if its account was not read.
    pub abroad: Option<&'a [&'a str]>,
    pub tags: &'a [(&'a str, &'a str)],
    /// Of the role: allow `sts:TagSession`, too.
    pub tagged_sessions: bool,
    pub context: &'a [(&'a str, &'a str)],
    /// A managed policy that `app` and `ann` have: its default version.
    pub managed: Option<&'a [&'a str]>,
    /// AWS manages the key.
    pub key_of_aws: bool,
    /// What was not read: `account`, `rest` (the details are cut off), `boundary`, `managed`, `group`, `tags`, `grants`,
    /// `key` (its ARN).
    pub unread: &'a [&'a str],
}

/// The policies of an organization: `111122223333` is in a unit below the root, `444455556666` manages it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Control<'a> {
    pub root: &'a [&'a str],
    pub unit: &'a [&'a str],
    pub account: &'a [&'a str],
    /// The resource control policy of the account.
    pub resource: &'a [&'a str],
}

impl Default for Control<'_> {
    fn default() -> Self {
        Self { root: FULL, unit: FULL, account: FULL, resource: FULL_RESOURCE }
    }
}

/// What Organizations calls `RCPFullAWSAccess`.
const FULL_RESOURCE: &[&str] = &["allow * * to *"];

/// Only these identity policies.
pub(super) fn own<'a>(identity: &'a [&'a str]) -> Given<'a> {
    Given { identity, ..Given::default() }
}

impl Given<'_> {
    fn lacks(&self, what: &str) -> bool {
        self.unread.contains(&what)
    }
}

fn entry(kind: &str, path: &str, name: &str, given: &Given<'_>) -> Value {
    let (kinds, id) = if kind == "user" { ("User", "AIDA") } else { ("Role", "AROA") };
    let action = if given.tagged_sessions {
        json!(["sts:AssumeRole", "sts:TagSession"])
    } else {
        json!("sts:AssumeRole")
    };
    let mut made = json!({
        format!("{kinds}Name"): name,
        format!("{kinds}Id"): format!("{id}{}", name.to_uppercase()),
        "Arn": format!("arn:aws:iam::111122223333:{kind}/{path}{name}"),
        format!("{kinds}PolicyList"): [{"PolicyName": "own", "PolicyDocument": told(given.identity)}],
        "AttachedManagedPolicies": given.managed.iter().map(|_| json!({"PolicyArn": ATTACHED})).collect::<Vec<_>>(),
        "GroupList": if kind == "user" { json!(["team"]) } else { json!([]) },
        "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": action},
        ]},
    });
    if !given.lacks("tags") {
        made["Tags"] = given.tags.iter().map(|(k, v)| json!({"Key": k, "Value": v})).collect();
    }
    if given.boundary.is_some() {
        made["PermissionsBoundary"] = json!({"PermissionsBoundaryArn": LIMITS});
    }
    made
}

const LIMITS: &str = "arn:aws:iam::111122223333:policy/limits";
const ATTACHED: &str = "arn:aws:iam::111122223333:policy/attached";

/// A managed policy; only its default version is in force.
fn managed(arn: &str, rows: &[&str]) -> Value {
    json!({
        "Arn": arn, "DefaultVersionId": "v2",
        "PolicyVersionList": [
            {"VersionId": "v1", "Document": told(&["deny * *"])},
            {"VersionId": "v2", "Document": told(rows)},
        ],
    })
}

fn details(given: &Given<'_>) -> Value {
    let all = [("boundary", LIMITS, given.boundary), ("managed", ATTACHED, given.managed)];
    let read = all.into_iter().filter(|(what, ..)| !given.lacks(what));
    let policies: Vec<Value> = read.filter_map(|(_, arn, rows)| Some(managed(arn, rows?))).collect();
    let group = json!({
        "GroupName": "team", "Arn": "arn:aws:iam::111122223333:group/team",
        "GroupPolicyList": [{"PolicyName": "team", "PolicyDocument": told(given.group)}],
    });
    json!({
        "UserDetailList": [entry("user", "", "ann", given)],
        "RoleDetailList": [
            entry("role", "", "app", given),
            entry("role", "team/", "worker", given),
            entry("role", "aws-service-role/replication.dynamodb.amazonaws.com/", "AWSServiceRoleForDynamoDBReplication", given),
            entry("role", "aws-reserved/sso.amazonaws.com/", "AWSReservedSSO_Admin_1", given),
        ],
        "GroupDetailList": if given.lacks("group") { json!([]) } else { json!([group]) },
        "IsTruncated": given.lacks("rest"),
        "Policies": policies,
    })
}

/// The details of the other account.
fn details_abroad(identity: &[&str]) -> Value {
    json!({"UserDetailList": [], "GroupDetailList": [], "Policies": [], "RoleDetailList": [{
        "RoleName": "app", "RoleId": "AROAABROAD", "Arn": whole("abroad"), "Tags": [],
        "RolePolicyList": [{"PolicyName": "own", "PolicyDocument": told(identity)}],
        "AttachedManagedPolicies": [],
    }]})
}

fn organization(control: Control<'_>) -> Organization {
    let tree = json!({
        "Id": "r-ab12", "Type": "ROOT", "ServiceControlPolicies": ["root"], "ResourceControlPolicies": [],
        "Children": [
            {"Id": "ou-ab12-1", "Type": "ORGANIZATIONAL_UNIT", "ServiceControlPolicies": ["unit"], "ResourceControlPolicies": [],
             "Children": [
                {"Id": "111122223333", "Type": "ACCOUNT", "ServiceControlPolicies": ["account"], "ResourceControlPolicies": ["resource"]},
            ]},
            {"Id": "444455556666", "Type": "ACCOUNT", "ServiceControlPolicies": ["account"], "ResourceControlPolicies": ["resource"]},
        ],
    });
    let described = json!({"Organization": {"Id": "o-example", "MasterAccountId": "444455556666"}});
    let mut read = |id: &str| {
        let rows = match id {
            "root" => control.root,
            "unit" => control.unit,
            "account" => control.account,
            _ => control.resource,
        };
        if rows == ["unread"] { Err("not read".to_owned()) } else { Ok(document(rows)) }
    };
    Organization::read(&described, &tree, &mut read).expect("an organization")
}

fn grant((to, what): &(&str, &str)) -> Grant {
    let (operation, pairs) = what.split_once(' ').unwrap_or((what, ""));
    let (word, pairs) = pairs.split_once(' ').unwrap_or_default();
    let pairs: BTreeMap<String, String> = pairs
        .split(',')
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    Grant {
        grantee: whole(to),
        operations: vec![operation.to_owned()],
        subset: if word == "with" { pairs.clone() } else { BTreeMap::new() },
        equals: (word == "only").then_some(pairs),
        more: word == "from",
        ..Grant::default()
    }
}

fn source(layer: Layer, name: &str, rows: &[&str]) -> Arc<Source> {
    let read = if rows == ["unread"] {
        Source::unread(layer, name, "not read")
    } else {
        Source::read(layer, name, &document(rows))
    };
    Arc::new(read)
}

/// What comes of a question.
pub(super) fn answered(action: &str, resource: &str, caller: &str, given: &Given<'_>) -> Decision {
    let mut world = World::default();
    let abroad = given.abroad.map(details_abroad);
    let all = (!given.lacks("account")).then(|| details(given)).into_iter().chain(abroad);
    all.for_each(|told| AccountDetails::read(&told, &mut world.accounts).expect("account details"));
    world.organization = given.organization.map(organization);
    let some = |layer, name: &str, all: &[&str]| (!all.is_empty()).then(|| source(layer, name, all));
    let resource = whole(resource);
    let layer = if resource.contains(":iam:") { Layer::Trust } else { Layer::Resource };
    let key = given.key.map(|all| Key {
        arn: (!given.lacks("key")).then(|| KEY.into()),
        managed_by_aws: given.key_of_aws,
        policy: source(Layer::Key, "key policy", all),
        grants: given.grants.iter().map(grant).collect(),
        grants_unread: given.lacks("grants").then(|| "not read".into()),
    });
    let around = Around {
        resource: some(layer, "resource policy", given.resource),
        stream: some(Layer::Resource, "stream policy", given.stream),
        session: given.session.map(|all| source(Layer::Session, "session policy", all)),
        endpoint: given.endpoint.map(|all| source(Layer::Endpoint, "endpoint policy", all)),
        key,
    };
    let mut context = Context::default();
    given.context.iter().for_each(|(key, value)| context.give(key, value));
    let caller = Caller::parse(&whole(caller)).expect("somebody who can ask");
    decide(&world, &Question { action: action.into(), resource, caller, context }, &around)
}
