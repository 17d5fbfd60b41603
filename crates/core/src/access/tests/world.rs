//! A small language of worlds: documents as rows of short statements.
//!
//! `allow dynamodb:GetItem T` or `deny dynamodb:* * if Bool aws:SecureTransport false`, in a resource policy with `to`
//! and principals at the end; lists with commas.

use serde_json::{Value, json};

use crate::access::{
    AccountDetails, Answer, Around, Caller, Context, Decision, Grant, Key, Layer, Organization, Question,
    Source, World, decide,
};

pub(super) const TABLE: &str = "arn:aws:dynamodb:eu-west-1:111122223333:table/tenants";
pub(super) const KEY: &str = "arn:aws:kms:eu-west-1:111122223333:key/1111";
/// The tables of another account.
pub(super) const FOREIGN: &str = "arn:aws:dynamodb:eu-west-1:999988887777:table/tenants";

/// Short names of what is asked for and of who asks.
fn whole(word: &str) -> String {
    match word {
        "T" => TABLE.into(),
        "F" => FOREIGN.into(),
        "K" => KEY.into(),
        "I" => format!("{TABLE}/index/by_email"),
        "S" => format!("{TABLE}/stream/2026-01-01T00:00:00.000"),
        "B" => format!("{TABLE}/backup/0149-b3"),
        "app" | "other" => format!("arn:aws:iam::111122223333:role/{word}"),
        "reader" => "arn:aws:iam::111122223333:role/reader".into(),
        "slr" => {
            "arn:aws:iam::111122223333:role/aws-service-role/replication.dynamodb.amazonaws.com/AWSServiceRoleForDynamoDBReplication".into()
        }
        "sso" => "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_1".into(),
        "ann" => "arn:aws:iam::111122223333:user/ann".into(),
        "session" => "arn:aws:sts::111122223333:assumed-role/app/alice".into(),
        "fed" => "arn:aws:sts::111122223333:federated-user/bob".into(),
        "root" => "arn:aws:iam::111122223333:root".into(),
        "abroad" => "arn:aws:iam::999988887777:role/app".into(),
        "account" => "111122223333".into(),
        other => other.into(),
    }
}

/// One statement.
fn statement(text: &str) -> Value {
    let (text, to) = text.split_once(" to ").map_or((text, None), |(a, b)| (a, Some(b)));
    let (head, condition) = text.split_once(" if ").map_or((text, None), |(a, b)| (a, Some(b)));
    let words: Vec<&str> = head.split_whitespace().collect();
    // The comma of a variable's default separates nothing.
    let list = |word: &str| -> Vec<String> {
        if word.contains("${") { vec![word.to_owned()] } else { word.split(',').map(whole).collect() }
    };
    let named = |member: &str, word: &str| match word.strip_prefix('!') {
        Some(but) => (format!("Not{member}"), list(but)),
        None => (member.to_owned(), list(word)),
    };
    let mut made = json!({"Effect": if words[0] == "deny" { "Deny" } else { "Allow" }});
    let (action, actions) = named("Action", words[1]);
    made[action] = json!(actions);
    if let Some(word) = words.get(2) {
        let (resource, resources) = named("Resource", word);
        made[resource] = json!(resources);
    }
    for condition in condition.into_iter().flat_map(|all| all.split(" and ")) {
        let parts: Vec<&str> = condition.splitn(3, ' ').collect();
        let values: Vec<String> =
            parts.get(2).into_iter().flat_map(|v| v.split('|')).map(str::to_owned).collect();
        made["Condition"][parts[0]][parts[1]] = json!(values);
    }
    if let Some(to) = to {
        let (member, to) = to.strip_prefix('!').map_or(("Principal", to), |but| ("NotPrincipal", but));
        made[member] = match to {
            "*" => json!("*"),
            service if service.ends_with(".amazonaws.com") => json!({"Service": service}),
            names => json!({"AWS": list(names)}),
        };
    }
    made
}

pub(super) fn document(statements: &[&str]) -> Value {
    json!({"Version": "2012-10-17", "Statement": statements.iter().map(|s| statement(s)).collect::<Vec<_>>()})
}

/// Everything that bears on a question; what is empty does not exist.
#[derive(Default, Clone)]
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
    pub grants: &'a [(&'a str, &'a str)],
    pub endpoint: Option<&'a [&'a str]>,
    /// Of the root, of the account, and resource control policies of the account.
    pub organization: Option<(&'a [&'a str], &'a [&'a str], &'a [&'a str])>,
    pub tags: &'a [(&'a str, &'a str)],
    /// Of the role: allow `sts:TagSession`, too.
    pub tagged_sessions: bool,
    pub context: &'a [(&'a str, &'a str)],
    /// The account was not read.
    pub unread: bool,
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
        "Tags": given.tags.iter().map(|(k, v)| json!({"Key": k, "Value": v})).collect::<Vec<_>>(),
        format!("{kinds}PolicyList"): [{"PolicyName": "own", "PolicyDocument": document(given.identity)}],
        "AttachedManagedPolicies": [],
        "GroupList": if kind == "user" { json!(["team"]) } else { json!([]) },
        "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": action},
        ]},
    });
    if given.boundary.is_some() {
        made["PermissionsBoundary"] =
            json!({"PermissionsBoundaryArn": "arn:aws:iam::111122223333:policy/limits"});
    }
    made
}

fn details(given: &Given<'_>) -> Value {
    let mut policies = Vec::new();
    if let Some(limits) = given.boundary {
        policies.push(json!({
            "Arn": "arn:aws:iam::111122223333:policy/limits", "DefaultVersionId": "v2",
            "PolicyVersionList": [
                // Only the default version is in force.
                {"VersionId": "v1", "Document": document(&["deny * *"])},
                {"VersionId": "v2", "Document": document(limits)},
            ],
        }));
    }
    json!({
        "UserDetailList": [entry("user", "", "ann", given)],
        "RoleDetailList": [
            entry("role", "", "app", given),
            entry("role", "aws-service-role/replication.dynamodb.amazonaws.com/", "AWSServiceRoleForDynamoDBReplication", given),
            entry("role", "aws-reserved/sso.amazonaws.com/", "AWSReservedSSO_Admin_1", given),
        ],
        "GroupDetailList": [{
            "GroupName": "team", "Arn": "arn:aws:iam::111122223333:group/team",
            "GroupPolicyList": [{"PolicyName": "team", "PolicyDocument": document(given.group)}],
        }],
        "Policies": policies,
    })
}

fn organization((root, account, control): (&[&str], &[&str], &[&str])) -> Organization {
    let full = document(&["allow * *"]);
    let tree = json!({
        "Id": "r-ab12", "Type": "ROOT", "ServiceControlPolicies": ["root"], "ResourceControlPolicies": [],
        "Children": [
            {"Id": "ou-ab12-1", "Type": "ORGANIZATIONAL_UNIT", "ServiceControlPolicies": ["full"], "Children": [
                {"Id": "111122223333", "Type": "ACCOUNT", "ServiceControlPolicies": ["account"], "ResourceControlPolicies": ["control"]},
            ]},
            {"Id": "444455556666", "Type": "ACCOUNT", "ServiceControlPolicies": ["account"]},
        ],
    });
    let described = json!({"Organization": {"Id": "o-example", "MasterAccountId": "444455556666"}});
    let mut read = |id: &str| {
        Ok(match id {
            "root" => document(root),
            "account" => document(account),
            "control" => document(control),
            _ => full.clone(),
        }
        .to_string())
    };
    Organization::read(&described, &tree, &mut read).expect("an organization")
}

/// What comes of a question.
pub(super) fn answered(action: &str, resource: &str, caller: &str, given: &Given<'_>) -> Decision {
    let mut world = World::default();
    if !given.unread {
        AccountDetails::read(&details(given), &mut world.accounts).expect("account details");
    }
    world.organization = given.organization.map(organization);
    let source =
        |layer, name: &str, all: &[&str]| Source::read(layer, name, &document(all).to_string()).into();
    let some = |layer, name: &str, all: &[&str]| (!all.is_empty()).then(|| source(layer, name, all));
    let resource = whole(resource);
    let layer = if resource.contains(":iam:") { Layer::Trust } else { Layer::Resource };
    let key = given.key.map(|all| Key {
        arn: Some(KEY.into()),
        managed_by_aws: false,
        policy: source(Layer::Key, "key policy", all),
        grants: given
            .grants
            .iter()
            .map(|(to, operation)| Grant {
                grantee: whole(to),
                operations: vec![(*operation).to_owned()],
                ..Grant::default()
            })
            .collect(),
        grants_unread: None,
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

/// The answer to a question on an item of the table.
#[track_caller]
pub(super) fn check(question: &str, given: &Given<'_>, expect: Answer, page: &str) {
    let words: Vec<&str> = question.split_whitespace().collect();
    let [action, resource, caller] = words[..] else { panic!("action, resource and principal: {question}") };
    let found = answered(action, resource, caller, given);
    assert_eq!(found.answer, expect, "{question} ({page}): {found:#?}");
    // What every answer owes.
    let explained = !found.conditions.is_empty() || !found.unread.is_empty();
    assert!(expect != Answer::AllowedIf || explained, "{question}: nothing says on what it depends");
    assert!(expect != Answer::Denied || found.conditions.is_empty(), "{question}: denied on conditions");
    assert!(expect != Answer::Denied || found.stop.is_some(), "{question}: nothing stops it");
}
