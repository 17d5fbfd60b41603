//! Random worlds: of each table a survey finds whom asking everybody everything finds.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Value, json};

use super::super::{Reach, Reader, Target, readers_plainly};
use super::survey;
use crate::access::{AccountDetails, Arn, Around, Grant, Key, Layer, Organization, Source, World};

const ACCOUNT: &str = "111122223333";

/// A generator of its own: the same worlds on every machine.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, of: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % of
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.roll(of.len())]
    }

    fn in_one_of(&mut self, times: usize) -> bool {
        self.roll(times) == 0
    }
}

const ACTIONS: &[&str] = &[
    "dynamodb:GetItem",
    "dynamodb:*",
    "dynamodb:Query",
    "*",
    "s3:GetObject",
    "dynamodb:GetRecords",
    "dynamodb:PutItem",
    "Get*",
    "dynamodb:CreateBackup",
    "dynamodb:RestoreTableFromBackup",
    "kms:Decrypt",
    "kms:*",
];

const RESOURCES: &[&str] = &[
    "*",
    "*",
    "arn:aws:dynamodb:eu-west-1:111122223333:table/t0",
    "arn:aws:dynamodb:*:*:table/t1*",
    "arn:aws:dynamodb:us-east-1:111122223333:table/*",
    "arn:aws:dynamodb:*:*:table/t0/index/*",
    "arn:aws:dynamodb:*:*:table/*/stream/*",
    "arn:aws:dynamodb:*:*:table/${aws:PrincipalTag/table}",
    "arn:aws:dynamodb:*:*:table/${aws:username}*",
    "arn:aws:kms:eu-west-1:111122223333:key/1",
    "arn:aws:kms:*:*:key/*",
];

/// Of who asks, of what it is done to, of neither, and not known.
const CONDITIONS: &[(&str, &str, &str)] = &[
    ("StringEquals", "aws:PrincipalTag/team", "red"),
    ("StringNotEquals", "aws:PrincipalTag/team", "red"),
    ("ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:role/r1"),
    ("ArnNotLike", "aws:PrincipalArn", "arn:aws:iam::*:role/r*"),
    ("StringEquals", "aws:PrincipalType", "User"),
    ("StringEquals", "aws:RequestedRegion", "eu-west-1"),
    ("StringNotEquals", "aws:RequestedRegion", "eu-west-1"),
    ("StringEquals", "aws:ResourceAccount", ACCOUNT),
    ("StringEquals", "aws:PrincipalOrgID", "o-ours"),
    ("StringEquals", "kms:ViaService", "dynamodb.eu-west-1.amazonaws.com"),
    ("StringEquals", "kms:EncryptionContext:aws:dynamodb:tableName", "t0"),
    ("Bool", "aws:MultiFactorAuthPresent", "true"),
    ("BoolIfExists", "aws:MultiFactorAuthPresent", "false"),
    ("StringEquals", "aws:SourceVpce", "vpce-1"),
    ("StringNotEquals", "aws:SourceVpce", "vpce-1"),
    ("ForAllValues:StringEquals", "dynamodb:LeadingKeys", "${aws:PrincipalTag/team}"),
    ("StringEquals", "dynamodb:Select", "COUNT"),
    ("Null", "dynamodb:LeadingKeys", "true"),
    ("StringOdd", "aws:PrincipalTag/team", "red"),
];

fn statement(dice: &mut Dice, principals: Option<&[Value]>) -> Value {
    let mut made = json!({"Effect": "Allow", "Action": dice.one(ACTIONS), "Resource": dice.one(RESOURCES)});
    if dice.in_one_of(4) {
        made["Effect"] = "Deny".into();
    }
    if dice.in_one_of(8) {
        made["NotAction"] = made["Action"].take();
        made.as_object_mut().expect("a statement").remove("Action");
    }
    if dice.in_one_of(12) {
        made["NotResource"] = made["Resource"].take();
        made.as_object_mut().expect("a statement").remove("Resource");
    }
    for _ in 0..dice.roll(5).saturating_sub(2) {
        let (operator, key, value) = CONDITIONS[dice.roll(CONDITIONS.len())];
        made["Condition"][operator][key] = value.into();
    }
    if dice.in_one_of(25) {
        made["Effect"] = "Maybe".into();
    }
    if let Some(principals) = principals {
        let member = if dice.in_one_of(10) { "NotPrincipal" } else { "Principal" };
        made[member] = principals[dice.roll(principals.len())].clone();
    }
    made
}

fn document(dice: &mut Dice, principals: Option<&[Value]>) -> Value {
    let count = dice.roll(3) + 1;
    json!({
        "Version": if dice.in_one_of(15) { "2008-10-17" } else { "2012-10-17" },
        "Statement": (0..count).map(|_| statement(dice, principals)).collect::<Vec<_>>(),
    })
}

fn principals() -> Vec<Value> {
    vec![
        json!("*"),
        json!({"AWS": format!("arn:aws:iam::{ACCOUNT}:root")}),
        json!({"AWS": format!("arn:aws:iam::{ACCOUNT}:role/r1")}),
        json!({"AWS": [format!("arn:aws:iam::{ACCOUNT}:user/u0"), "444455556666"]}),
        json!({"AWS": format!("arn:aws:sts::{ACCOUNT}:assumed-role/r0/alice")}),
        json!({"AWS": "AROAR1"}),
        json!({"Service": "lambda.amazonaws.com"}),
    ]
}

fn person(dice: &mut Dice, kind: &str, name: &str) -> Value {
    let path = if dice.in_one_of(12) { "aws-service-role/replication.dynamodb.amazonaws.com/" } else { "" };
    let path = if kind == "role" { path } else { "" };
    let mut made = json!({
        "Arn": format!("arn:aws:iam::{ACCOUNT}:{kind}/{path}{name}"),
        "Tags": [{"Key": "team", "Value": dice.one(&["red", "blue"])}, {"Key": "table", "Value": "t1"}],
        "AttachedManagedPolicies": [
            {"PolicyArn": format!("arn:aws:iam::{ACCOUNT}:policy/p{}", dice.roll(4))},
            {"PolicyArn": format!("arn:aws:iam::{ACCOUNT}:policy/p{}", dice.roll(4))},
        ],
    });
    if dice.in_one_of(4) {
        made["PermissionsBoundary"] =
            json!({"PermissionsBoundaryArn": format!("arn:aws:iam::{ACCOUNT}:policy/p{}", dice.roll(5))});
    }
    let own = [json!({"PolicyName": "own", "PolicyDocument": document(dice, None)})];
    let own = &own[..dice.roll(2)];
    if kind == "user" {
        made["UserId"] = format!("AIDA{}", name.to_uppercase()).into();
        made["UserPolicyList"] = json!(own);
        made["GroupList"] = json!(if dice.in_one_of(3) { vec!["g"] } else { vec![] });
    } else {
        made["RoleId"] = format!("AROA{}", name.to_uppercase()).into();
        made["RolePolicyList"] = json!(own);
        made["AssumeRolePolicyDocument"] = json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
            "Principal": {"Service": "ec2.amazonaws.com"},
            "Action": if dice.in_one_of(3) { "sts:*" } else { "sts:AssumeRole" }}]});
    }
    made
}

fn world(dice: &mut Dice) -> World {
    let roles: Vec<Value> = (0..4).map(|n| person(dice, "role", &format!("r{n}"))).collect();
    let users: Vec<Value> = (0..2).map(|n| person(dice, "user", &format!("u{n}"))).collect();
    // One of the five that somebody may have is not told.
    let policies: Vec<Value> = (0..4)
        .map(|n| {
            json!({"Arn": format!("arn:aws:iam::{ACCOUNT}:policy/p{n}"), "DefaultVersionId": "v1",
                "PolicyVersionList": [{"VersionId": "v1", "Document": document(dice, None)}]})
        })
        .collect();
    let groups = json!([{"GroupName": "g", "Arn": format!("arn:aws:iam::{ACCOUNT}:group/g"),
        "GroupPolicyList": [{"PolicyName": "own", "PolicyDocument": document(dice, None)}]}]);
    let details = json!({"RoleDetailList": roles, "UserDetailList": users, "GroupDetailList": groups,
        "Policies": policies});
    let mut world = World::default();
    AccountDetails::read(&details, &mut world.accounts).expect("account details");
    if dice.in_one_of(2) {
        let everything = json!({"Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]});
        let control = document(dice, None);
        let of_resources = document(dice, Some(&[json!("*")]));
        let mut text = |id: &str| match id {
            "full" => Ok(everything.to_string()),
            "some" => Ok(control.to_string()),
            "rcp" => Ok(of_resources.to_string()),
            _ => Err("not there".into()),
        };
        let attached: &[&str] = [&["full", "some"][..], &["full"], &["some"], &["lost"]][dice.roll(4)];
        let tree = json!({"Id": "r-1", "Type": "ROOT", "ServiceControlPolicies": ["full"],
            "ResourceControlPolicies": ["rcp"],
            "Children": [{"Id": ACCOUNT, "Type": "ACCOUNT", "ServiceControlPolicies": attached}]});
        let described = json!({"Organization": {"Id": "o-ours", "MasterAccountId": "999988887777"}});
        world.organization = Some(Organization::read(&described, &tree, &mut text).expect("an organization"));
    }
    world
}

fn key(dice: &mut Dice) -> Key {
    let policy = match dice.roll(6) {
        0 => Source::unread(Layer::Key, "the key's policy", "denied"),
        _ => Source::read(Layer::Key, "the key's policy", &document(dice, Some(&principals())).to_string()),
    };
    let owner = if dice.in_one_of(6) { "999988887777" } else { ACCOUNT };
    let grant = Grant {
        grantee: format!("arn:aws:iam::{ACCOUNT}:role/r2"),
        operations: vec!["Decrypt".into()],
        subset: [("aws:dynamodb:tableName".to_owned(), dice.one(&["t0", "t1"]).to_owned())].into(),
        ..Grant::default()
    };
    Key {
        arn: (!dice.in_one_of(6)).then(|| format!("arn:aws:kms:eu-west-1:{owner}:key/1")),
        managed_by_aws: dice.in_one_of(6),
        policy: Arc::new(policy),
        grants: if dice.in_one_of(3) { vec![grant] } else { Vec::new() },
        grants_unread: dice.in_one_of(6).then(|| "denied".into()),
    }
}

fn targets(dice: &mut Dice) -> Vec<Target> {
    let shared = key(dice);
    (0..4)
        .map(|n| {
            let (region, account) = match n {
                2 => ("us-east-1", ACCOUNT),
                3 => ("eu-west-1", "999988887777"),
                _ => ("eu-west-1", ACCOUNT),
            };
            let table = format!("arn:aws:dynamodb:{region}:{account}:table/t{n}");
            let mut policy = || {
                let text = document(dice, Some(&principals())).to_string();
                Some(Arc::new(Source::read(Layer::Resource, "the table's policy", &text)))
            };
            let (resource, stream) = (policy(), policy());
            let around = Around {
                resource: resource.filter(|_| dice.in_one_of(2)),
                stream: stream.filter(|_| dice.in_one_of(2)),
                key: dice.in_one_of(2).then(|| shared.clone()),
                endpoint: dice
                    .in_one_of(9)
                    .then(|| Arc::new(Source::unread(Layer::Endpoint, "the endpoint's policy", "denied"))),
                ..Around::default()
            };
            Target {
                table: Arn::parse(&table).expect("an ARN"),
                indexes: vec!["by_email".into(), "by_plan".into()],
                stream: Arn::parse(&format!("{table}/stream/2026-01-01T00:00:00.000")),
                around,
                unread: Vec::new(),
                attribute: None,
            }
        })
        .collect()
}

#[test]
fn of_many_tables_it_finds_whom_the_plain_way_finds() {
    let mut dice = Dice(19);
    let (mut reading, mut not) = (0, 0);
    let rounds = std::env::var("DYNAUDIT_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(300);
    for round in 0..rounds {
        let (world, targets) = (world(&mut dice), targets(&mut dice));
        for (target, found) in targets.iter().zip(survey(&world, &targets)) {
            let plain = readers_plainly(&world, target);
            let all = plain.readers.iter().filter(|r| r.reach != Reach::Could);
            let (perhaps, certain): (Vec<_>, Vec<_>) = all.partition(|r| r.depends_on_unread());
            let names = |readers: &[&Reader]| readers.iter().map(|r| r.who.clone()).collect::<BTreeSet<_>>();
            let who = names(&certain);
            assert_eq!(found.who, who, "world {round}, {}", target.table);
            assert_eq!(found.perhaps, names(&perhaps), "world {round}, {}", target.table);
            assert_eq!(found.people_read, plain.people_read);
            reading += who.len();
            not += plain.stopped.len();
        }
    }
    assert!(reading > 500 && not > 500, "both kinds are there: {reading} and {not}");
}
