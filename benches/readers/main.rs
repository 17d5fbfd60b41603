//! Who can read: an account of many roles over fewer policies, table after table, against asking everybody everything.
//!
//! `cargo bench --bench readers` prints what it took; `-- --small` is a tenth of it, for a look.

// A benchmark talks.
#![allow(clippy::print_stdout)]
#![allow(clippy::expect_used, reason = "it stops at the first surprise")]

use std::time::{Duration, Instant};

use dynaudit::access::{AccountDetails, Arn, Around, World};
use dynaudit::readers::{Target, readers, readers_plainly};
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

fn target(n: usize) -> Target {
    let table = format!("arn:aws:dynamodb:eu-west-1:{ACCOUNT}:table/table-{n}");
    Target {
        table: Arn::parse(&table).expect("an ARN"),
        indexes: vec!["by_email".into()],
        stream: Arn::parse(&format!("{table}/stream/2026-01-01T00:00:00.000")),
        around: Around::default(),
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
    let (took, found) =
        timed(|| (0..tables).map(|n| readers(&world, &target(n)).readers.len()).sum::<usize>());
    println!(
        "all tables: {took:.2?}, {found} readers; {:.2?} a table",
        took / u32::try_from(tables).expect("few")
    );
    let (plainly, plain) = timed(|| readers_plainly(&world, &target(1)));
    let (quickly, quick) = timed(|| readers(&world, &target(1)));
    println!("one table: {quickly:.2?}; asking everybody everything {plainly:.2?}");
    assert_eq!(quick.readers, plain.readers, "both say the same");
}
