use std::sync::Arc;

use serde_json::json;

use super::*;
use crate::access::{AccountDetails, Around, Key, Layer, Source, World};

const TABLE: &str = "arn:aws:dynamodb:eu-west-1:111122223333:table/orders";

fn statement(actions: &[&str], resources: &[&str]) -> serde_json::Value {
    json!({"Effect": "Allow", "Action": actions, "Resource": resources})
}

fn policy(statements: &[serde_json::Value]) -> serde_json::Value {
    json!({"Version": "2012-10-17", "Statement": statements})
}

fn role(name: &str, service: &str, statements: &[serde_json::Value]) -> serde_json::Value {
    json!({
        "RoleName": name,
        "Arn": format!("arn:aws:iam::111122223333:role/{name}"),
        "RoleId": format!("AROA{name}"),
        "Tags": [],
        "AssumeRolePolicyDocument": policy(&[json!({
            "Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"
        })]),
        "RolePolicyList": [{"PolicyName": "own", "PolicyDocument": policy(statements)}],
    })
}

fn world(roles: &[serde_json::Value], users: &[serde_json::Value]) -> World {
    let details =
        json!({"RoleDetailList": roles, "UserDetailList": users, "GroupDetailList": [], "Policies": []});
    let mut world = World::default();
    AccountDetails::read(&details, &mut world.accounts).expect("account details");
    world
}

fn target() -> Target {
    Target {
        table: Arn::parse(TABLE).expect("an ARN"),
        indexes: vec!["by_email".into()],
        stream: Arn::parse(&format!("{TABLE}/stream/2026-01-01T00:00:00.000")),
        around: Around::default(),
        unread: Vec::new(),
        attribute: None,
    }
}

/// Who reads, how, and how certainly.
fn told(found: &Readers) -> Vec<(String, Reach, Answer)> {
    found.readers.iter().map(|r| (r.who.words(), r.reach, r.answer)).collect()
}

#[test]
fn each_kind_of_reader_is_found_by_the_nearest_way() {
    use Answer::Allowed;
    let any = &[&*format!("{TABLE}*")];
    let roles = [
        role("checkout", "lambda.amazonaws.com", &[statement(&["dynamodb:GetItem"], &[TABLE])]),
        role(
            "search",
            "ec2.amazonaws.com",
            &[statement(&["dynamodb:Query"], &[&format!("{TABLE}/index/*")])],
        ),
        role(
            "fan-out",
            "lambda.amazonaws.com",
            &[statement(&["dynamodb:GetRecords"], &[&format!("{TABLE}/stream/*")])],
        ),
        role("writer", "ec2.amazonaws.com", &[statement(&["dynamodb:UpdateItem"], any)]),
        role(
            "backup",
            "backup.amazonaws.com",
            &[statement(&["dynamodb:CreateBackup", "dynamodb:RestoreTableFromBackup"], &["*"])],
        ),
        role("half", "backup.amazonaws.com", &[statement(&["dynamodb:CreateBackup"], &["*"])]),
        role("deployer", "ec2.amazonaws.com", &[statement(&["iam:PassRole", "lambda:*"], &["*"])]),
        role("nobody", "ec2.amazonaws.com", &[statement(&["s3:*"], &["*"])]),
    ];
    let found = readers(&world(&roles, &[]), &target());
    assert_eq!(
        told(&found),
        [
            ("role/checkout".to_owned(), Reach::Directly, Allowed),
            ("role/search".to_owned(), Reach::ByIndex, Allowed),
            ("role/fan-out".to_owned(), Reach::ByStream, Allowed),
            ("role/writer".to_owned(), Reach::ByWriting, Allowed),
            ("role/backup".to_owned(), Reach::ByCopy, Allowed),
            ("role/deployer".to_owned(), Reach::Could, Allowed),
        ]
    );
    assert_eq!(found.count(), Count { roles: 5, could: 1, ..Count::default() });
    assert_eq!(found.writers, [(Who::Role("arn:aws:iam::111122223333:role/writer".into()), Allowed)]);
    assert_eq!(found.readers[0].behind, [Behind::Service("lambda.amazonaws.com".into())]);
    let deployer = &found.readers[5].ways[0];
    assert_eq!(deployer.gives, "runs what it likes as role/checkout");
}

#[test]
fn who_is_stopped_by_one_thing_alone_is_told() {
    let key = Key {
        arn: Some("arn:aws:kms:eu-west-1:111122223333:key/1".into()),
        managed_by_aws: false,
        policy: Source::read(
            Layer::Key,
            "key policy",
            r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"kms:*","Resource":"*"}]}"#,
        )
        .into(),
        grants: Vec::new(),
        grants_unread: None,
    };
    let roles = [role("app", "ec2.amazonaws.com", &[statement(&["dynamodb:GetItem"], &[TABLE])])];
    let around = Around { key: Some(key), ..Around::default() };
    let found = readers(&world(&roles, &[]), &Target { around, ..target() });
    assert!(found.readers.is_empty(), "{found:?}");
    let stopped: Vec<(String, &[Stop])> = found.stopped.iter().map(|s| (s.who.words(), &*s.by)).collect();
    assert_eq!(stopped, [("role/app".to_owned(), &[Stop::Gate][..])]);
    assert_eq!(found.stopped_by().len(), 1);
}

#[test]
fn who_is_named_from_outside_is_asked_about() {
    let policy = json!({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": ["999988887777", "arn:aws:iam::444455556666:role/partner"]},
         "Action": "dynamodb:GetItem", "Resource": "*"},
        {"Effect": "Allow", "Principal": "*", "Action": "dynamodb:Query", "Resource": "*",
         "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-example"}}},
    ]});
    let resource = Source::read(Layer::Resource, "resource policy", &policy.to_string()).into();
    let around = Around { resource: Some(resource), ..Around::default() };
    let found = readers(
        &world(&[], &[json!({"UserName": "ann", "Arn": "arn:aws:iam::111122223333:user/ann"})]),
        &Target { around: around.clone(), ..target() },
    );
    let outside: Vec<(String, Answer)> = found.outside().map(|r| (r.who.words(), r.answer)).collect();
    assert_eq!(
        outside,
        [
            ("account 999988887777".to_owned(), Answer::Allowed),
            ("role/partner of account 444455556666".to_owned(), Answer::AllowedIf),
            ("everyone".to_owned(), Answer::AllowedIf),
        ]
    );
    // Everyone is not everyone where conditions say who: in the page and in the survey of all tables.
    let surveyed = survey(&World::default(), &[Target { around: around.clone(), ..target() }]).remove(0);
    for count in [found.count(), surveyed.count()] {
        assert!(count.anyone && count.on_conditions, "{count:?}");
        let told = count.told_naming(true, Some("account 999988887777"));
        assert!(
            told.contains(" from outside (account 999988887777), everyone who meets conditions"),
            "{told}"
        );
    }
    // A user of the account is let in by the same statement, if the organization is theirs.
    assert_eq!(found.within(Reach::Directly).count(), 1);
}

#[test]
fn without_the_account_nobody_is_called_a_non_reader() {
    let found = readers(&World::default(), &target());
    assert!(!found.people_read && found.readers.is_empty());
}

#[test]
fn who_may_read_the_table_may_not_read_every_attribute() {
    let narrow = json!({"Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": TABLE, "Condition": {
        "ForAllValues:StringEquals": {"dynamodb:Attributes": ["id", "name"]},
        "StringEquals": {"dynamodb:Select": "SPECIFIC_ATTRIBUTES"}}});
    let open = json!({"Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": TABLE, "Condition": {
        "ForAllValues:StringEquals": {"dynamodb:Attributes": ["id", "name"]}}});
    let roles = [
        role("narrow", "ec2.amazonaws.com", &[narrow]),
        role("hole", "ec2.amazonaws.com", &[open]),
        role("all", "ec2.amazonaws.com", &[statement(&["dynamodb:GetItem"], &[TABLE])]),
    ];
    let of = |attribute: &str| {
        let target =
            Target { attribute: Some(attribute.into()), indexes: Vec::new(), stream: None, ..target() };
        let found = readers(&world(&roles, &[]), &target);
        found.readers.iter().map(|r| r.who.words()).collect::<Vec<_>>()
    };
    assert_eq!(of("name"), ["role/all", "role/hole", "role/narrow"]);
    // Without Select, a request for all attributes names none of them.
    assert_eq!(of("token"), ["role/all", "role/hole"]);
}

#[test]
fn of_many_roles_each_reader_is_found() {
    let own = |n: usize| {
        let action = if n.is_multiple_of(7) { "dynamodb:GetItem" } else { "s3:GetObject" };
        role(&format!("r{n}"), "ec2.amazonaws.com", &[statement(&[action, "logs:*"], &["*"])])
    };
    let roles: Vec<serde_json::Value> = (0..140).map(own).collect();
    assert_eq!(readers(&world(&roles, &[]), &target()).count().roles, 20);
}

/// Asking only about what some policy may allow leaves nobody out and says the same of everybody.
#[test]
fn the_quick_way_says_what_the_plain_one_says() {
    // A generator of its own: the same worlds on every machine.
    let mut state = 7_u64;
    let mut pick = move |of: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap_or(0) % of
    };
    let actions = [
        "dynamodb:GetItem",
        "dynamodb:*",
        "dynamodb:Query",
        "s3:GetObject",
        "*",
        "iam:PassRole",
        "iam:PutRolePolicy",
        "dynamodb:GetRecords",
        "sts:AssumeRole",
        "dynamodb:PutItem",
        "Get*",
        "dynamodb:PutResourcePolicy",
        "lambda:CreateFunction",
        "dynamodb:CreateBackup",
    ];
    let resources =
        ["*", TABLE, "arn:aws:dynamodb:*:*:table/*", "arn:aws:s3:::b/*", "arn:aws:iam::111122223333:role/*"];
    let mut different = 0;
    for round in 0..400 {
        let mut one = |principal: Option<serde_json::Value>| {
            let mut one = statement(&[actions[pick(actions.len())]], &[resources[pick(resources.len())]]);
            if pick(4) == 0 {
                one["Effect"] = "Deny".into();
            }
            if pick(6) == 0 {
                one["NotAction"] = one["Action"].take();
                one.as_object_mut().expect("a statement").remove("Action");
            }
            if pick(5) == 0 {
                one["Condition"] = json!({"StringEquals": {"aws:PrincipalTag/team": "a"}});
            }
            if pick(12) == 0 {
                one["Effect"] = "Maybe".into();
            }
            if let Some(principal) = principal {
                one["Principal"] = principal;
            }
            one
        };
        let services = ["lambda.amazonaws.com", "ec2.amazonaws.com"];
        let roles: Vec<_> = (0..5)
            .map(|n| {
                let all: Vec<_> = (0..n % 3 + 1).map(|_| one(None)).collect();
                role(&format!("role-{n}"), services[n % 2], &all)
            })
            .collect();
        let principals = [
            json!("*"),
            json!({"AWS": "arn:aws:iam::111122223333:role/role-1"}),
            json!({"AWS": "444455556666"}),
        ];
        let own = policy(&[one(Some(principals[round % 3].clone()))]).to_string();
        let resource =
            (round % 2 == 0).then(|| Arc::new(Source::read(Layer::Resource, "the table's policy", &own)));
        let around = Around { resource, ..Around::default() };
        let target = Target { around, ..target() };
        let world = world(&roles, &[]);
        let (mut quick, mut plain) = (readers(&world, &target), readers_plainly(&world, &target));
        quick.unread.sort();
        plain.unread.sort();
        different += usize::from(!plain.readers.is_empty() && !plain.stopped.is_empty());
        assert_eq!(quick, plain, "round {round}");
    }
    assert!(different > 100, "worlds with both: {different}");
}
