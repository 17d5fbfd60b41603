//! Who can read: an account of many roles over fewer policies, all tables at once, against one table after another and
//! against asking everybody everything.
//!
//! `cargo bench -p dynaudit-core` prints what it took; `-- --small` is a tenth of it, for a look.

// A benchmark talks.
#![allow(clippy::print_stdout)]
#![allow(clippy::expect_used, reason = "it stops at the first surprise")]

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use dynaudit_core::access::{AccountDetails, Arn, Around, Key, Layer, Source, World};
use dynaudit_core::readers::{Reach, Target, readers, readers_plainly, survey};
use serde_json::{Value, json};

const ACCOUNT: &str = "111122223333";

/// Services whose actions fill most policies of an account.
const OTHERS: &[&str] = &["s3", "ec2", "logs", "sqs", "sns", "lambda", "ecs", "cloudwatch", "ssm", "rds"];

/// One managed policy in twenty is about tables; one in a hundred is about everything.
fn managed(n: usize) -> Value {
    let statement = |actions: Vec<String>, resource: String| json!({"Effect": "Allow", "Action": actions, "Resource": resource});
    let statements: Vec<Value> = match n {
        _ if n.is_multiple_of(100) => vec![statement(vec!["*".into()], "*".into())],
        _ if n % 20 == 1 => vec![
            statement(
                vec!["dynamodb:GetItem".into(), "dynamodb:Query".into()],
                format!("arn:aws:dynamodb:eu-west-1:{ACCOUNT}:table/table-{}", n % 200),
            ),
            json!({"Effect": "Deny", "Action": "dynamodb:DeleteTable", "Resource": "*"}),
        ],
        _ => (0..4)
            .map(|k| {
                let service = OTHERS[(n + k) % OTHERS.len()];
                let actions =
                    (0..12).map(|a| format!("{service}:Action{a}{}", if a == 0 { "*" } else { "" }));
                statement(actions.collect(), "*".into())
            })
            .collect(),
    };
    let document = json!({"Version": "2012-10-17", "Statement": statements});
    json!({
        "PolicyName": format!("policy-{n}"),
        "Arn": format!("arn:aws:iam::{ACCOUNT}:policy/policy-{n}"),
        "DefaultVersionId": "v1",
        "PolicyVersionList": [{"VersionId": "v1", "IsDefaultVersion": true, "Document": document}],
    })
}

fn role(n: usize, policies: usize) -> Value {
    let attached: Vec<Value> = (0..3)
        .map(|k| {
            let name = format!("policy-{}", (n * 7 + k * 131) % policies);
            json!({"PolicyName": name, "PolicyArn": format!("arn:aws:iam::{ACCOUNT}:policy/{name}")})
        })
        .collect();
    let trust = json!({"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole",
    }]});
    json!({
        "RoleName": format!("role-{n}"),
        "Arn": format!("arn:aws:iam::{ACCOUNT}:role/role-{n}"),
        "RoleId": format!("AROA{n:016}"),
        "Tags": [],
        "AssumeRolePolicyDocument": trust,
        "RolePolicyList": [],
        "AttachedManagedPolicies": attached,
    })
}

/// Every fifth table has a policy of its own, every third a key.
fn target(n: usize) -> Target {
    let table = format!("arn:aws:dynamodb:eu-west-1:{ACCOUNT}:table/table-{n}");
    let document = |action: &str, principal: &str| {
        json!({"Version": "2012-10-17", "Statement": [{
            "Effect": "Allow", "Principal": {"AWS": principal}, "Action": action, "Resource": "*",
        }]})
        .to_string()
    };
    let named = format!("arn:aws:iam::{ACCOUNT}:role/role-{n}");
    let policy = Source::read(Layer::Resource, "the table's policy", &document("dynamodb:*", &named));
    let root = format!("arn:aws:iam::{ACCOUNT}:root");
    let key = Key {
        arn: Some(format!("arn:aws:kms:eu-west-1:{ACCOUNT}:key/{n}")),
        managed_by_aws: false,
        policy: Source::read(Layer::Key, "the key's policy", &document("kms:*", &root)).into(),
        grants: Vec::new(),
        grants_unread: None,
    };
    Target {
        table: Arn::parse(&table).expect("an ARN"),
        indexes: vec!["by_email".into()],
        stream: Arn::parse(&format!("{table}/stream/2026-01-01T00:00:00.000")),
        around: Around {
            resource: n.is_multiple_of(5).then(|| policy.into()),
            key: n.is_multiple_of(3).then_some(key),
            ..Around::default()
        },
        unread: Vec::new(),
        attribute: None,
    }
}

fn timed<T>(work: impl FnOnce() -> T) -> (Duration, T) {
    let began = Instant::now();
    let result = work();
    (began.elapsed(), result)
}

fn main() {
    let part = if std::env::args().any(|arg| arg == "--small") { 10 } else { 1 };
    let (people, policies, tables) = (5_000 / part, 500 / part, 200 / part);
    let details = json!({
        "RoleDetailList": (0..people).map(|n| role(n, policies)).collect::<Vec<_>>(),
        "UserDetailList": [], "GroupDetailList": [],
        "Policies": (0..policies).map(managed).collect::<Vec<_>>(),
    });
    let mut world = World::default();
    AccountDetails::read(&details, &mut world.accounts).expect("account details");
    println!("{people} roles over {policies} policies, {tables} tables, all ways to read, one thread");
    let targets: Vec<Target> = (0..tables).map(target).collect();
    let (took, found) = timed(|| survey(&world, &targets));
    let reading: usize = found.iter().map(|one| one.who.len()).sum();
    println!("who reads, all tables at once: {took:.2?}, {reading} readers");
    let one = &targets[0];
    let (alone, _) = timed(|| survey(&world, std::slice::from_ref(one)));
    let (closely, quick) = timed(|| readers(&world, one));
    let (plainly, plain) = timed(|| readers_plainly(&world, one));
    println!("one table: who {alone:.2?}; and how {closely:.2?}; asking everybody everything {plainly:.2?}");
    assert_eq!(quick.readers, plain.readers, "both say the same");
    for (target, found) in targets.iter().zip(&found).step_by(tables / 4) {
        let plain = readers_plainly(&world, target);
        let who = plain
            .readers
            .iter()
            .filter(|r| r.reach != Reach::Could && !r.depends_on_unread())
            .map(|r| &r.who);
        assert_eq!(who.collect::<BTreeSet<_>>(), found.who.iter().collect(), "{}", target.table);
    }
}
