//! Fixes do what they say: each is run as a person pastes it, against moto, and the account looked at afterwards.
//! Runs where `DYNAUDIT_MOTO_URL` names a moto server, as in CI. What is looked at is in `tests/tools/meaning.py`.

// What was skipped has to be seen; a test has no other voice.
#![allow(clippy::print_stderr)]

use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use dynaudit::domain::{
    AttributePath, Billing, Cache, CacheMade, Confidence, Encryption, FactValue, Finding, FindingId,
    FindingSubject, Flagged, Index, ItemKey, KeyAttribute, KeyGrant, KeyManager, KeySchema, KeyState,
    KeyType, KinesisDestination, KmsKey, Layer, Origin, Policy, Projection, ReplicaKey, ReplicaRef,
    ResourcePolicy, Safe, Scope, SecretClass, Severity, Step, TableDescription, TableFacts, TableRef,
    TimeToLive, Trail, Vault,
};
use dynaudit::posture::CHECKS;
use dynaudit::remedy::{Flavour, Stands, render, topic_for};

fn name(text: &str) -> Step {
    Step::Name(text.into())
}

/// What is run: the case and its table, the topic, where the secret is, and whether it is a part of a text.
fn cases() -> Vec<(&'static str, &'static str, Vec<Step>, bool)> {
    let json = vec![name("doc"), Step::Layer(Layer::Json), name("billing"), name("key")];
    vec![
        ("inside-json", "secret-inside", json, false),
        ("inside-text", "secret-inside", vec![name("note")], true),
        (
            "inside-nested",
            "secret-inside",
            vec![name("profile"), name("cards"), Step::Index(1), name("no te")],
            true,
        ),
        ("inside-encoded", "secret-inside", vec![name("blob"), Step::Layer(Layer::Base64)], true),
        (
            "exact",
            "secret-inside",
            vec![name("doc"), Step::Layer(Layer::Json), name("billing"), name("key")],
            false,
        ),
        ("set-element", "secret-in-item", vec![name("tags"), Step::Any], false),
        ("whole", "secret-in-item", vec![name("api_key")], false),
        ("keep", "secret-to-keep", vec![name("pem")], false),
        ("second-factor", "second-factor", vec![name("totp")], false),
        ("in-lists", "second-factor", vec![name("codes"), Step::Any, name("seed")], false),
        ("client-side", "client-side-encryption", vec![name("token")], false),
        ("several", "secret-in-item", vec![name("api_key")], false),
        ("ttl-attribute", "ttl-attribute", vec![name("a")], false),
        ("ttl", "ttl", vec![name("a")], false),
        ("secret-as-key", "secret-as-key", vec![name("id")], false),
        ("customer-key", "customer-key", vec![name("a")], false),
        ("replica-key", "replica-key", vec![name("a")], false),
        ("key-policy", "key-policy", vec![name("a")], false),
        ("table-policy", "policy-cross-account", vec![name("a")], false),
        ("aws-key", "aws-access-key", vec![name("aws")], false),
        ("token", "token-hash", vec![name("token")], false),
        ("wallet", "wallet-key", vec![name("seed")], false),
        ("known-key", "secret-in-item", vec![name("api_key")], false),
        ("grant", "key-grant", vec![name("a")], false),
        ("django-sessions", "django-sessions", vec![name("a")], false),
        ("django-application", "django-application", vec![name("api_key")], false),
    ]
}

/// Topics of settings, roles, guardrails and rules, which `tests/tools/settings.py` runs.
const SETTINGS: &[&str] = &[
    "pitr",
    "deletion-protection",
    "tag",
    "key-rotation",
    "key-disabled",
    "key-pending-deletion",
    "trail-logging",
    "data-events",
    "table-role",
    "tenant-isolation",
    "detection-rules",
    "guardrail-changes",
    "guardrail-organization",
    "index-projection",
    "backup-vault",
    "changes-to-siem",
    "kinesis-destination",
    "dax-cluster",
];

/// A policy with a guest, and one whom nobody minds.
fn policy(action: &str) -> String {
    format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Sid":"Root","Effect":"Allow","Principal":{{"AWS":"arn:aws:iam::123456789012:root"}},"Action":"{}:*","Resource":"*"}},{{"Sid":"Guest","Effect":"Allow","Principal":{{"AWS":"arn:aws:iam::444455556666:root"}},"Action":"{action}","Resource":"*"}}]}}"#,
        action.split(':').next().unwrap_or_default()
    )
}

fn finding(case: &str, topic: &'static str, path: Vec<Step>, part: bool) -> Finding {
    let scope = Scope {
        partition: "aws".into(),
        account: "123456789012".into(),
        region: "us-east-1".into(),
        endpoint: None,
    };
    let table = TableRef::new(&Arc::new(scope), format!("fix-{case}"));
    let path = AttributePath::new(path);
    let flagged = Flagged {
        path: path.clone(),
        rule: "example-rule".into(),
        title: "Example".into(),
        severity: Severity::High,
        confidence: Confidence::High,
        class: SecretClass::ALL
            .iter()
            .find(|class| topic_for(**class, Stands::Alone) == Some(topic))
            .copied()
            .unwrap_or(SecretClass::ApiKey),
        part,
        count: if case == "several" { 2 } else { 1 },
        distinct: if case == "several" { 2 } else { 1 },
        masked: Safe::neutral("••••"),
        fingerprint: "0".into(),
        reasons: Vec::new(),
        items: match case {
            "known-key" => [ItemKey::new(&["one".into(), "1".into()])].into(),
            "in-lists" | "client-side" | "several" => {
                [ItemKey::new(&["one".into(), "1".into()]), ItemKey::new(&["two".into(), "1".into()])].into()
            }
            _ => Default::default(),
        },
    };
    Finding {
        id: FindingId::new(&FindingSubject::Table(table.clone()), "example-rule", Some(&path)),
        subject: FindingSubject::Table(table.clone()),
        also: Vec::new(),
        table,
        origin: match case {
            "table-policy" => Origin::Posture("policy-cross-account"),
            "key-policy" => Origin::Posture("key-policy-open"),
            "grant" => Origin::Posture("key-grant-foreign"),
            "tag" => Origin::Posture("untagged-owner"),
            _ if SETTINGS.contains(&case) => Origin::Posture(
                CHECKS.iter().find(|c| c.topic.topic() == Some(topic)).map_or("pitr-off", |c| c.id),
            ),
            _ => Origin::Secret(flagged),
        },
        severity: Severity::High,
        confidence: Confidence::High,
        title: String::new(),
        why: String::new(),
        evidence: Vec::new(),
        topic: Some(topic),
        worst: Severity::High,
        accepted: None,
        unknown: Vec::new(),
    }
}

fn facts(table: &TableRef, key_arn: &str, ttl: Option<&str>) -> TableFacts {
    let now = jiff::Timestamp::UNIX_EPOCH;
    let attribute = |name: &str, kind| KeyAttribute { name: name.into(), kind };
    let description = TableDescription {
        arn: table.arn(),
        status: "ACTIVE".into(),
        key: KeySchema {
            partition: attribute("id", KeyType::S),
            sort: (!table.name.starts_with("fix-django")).then(|| attribute("at", KeyType::N)),
        },
        indexes: match table.name.as_str() {
            "fix-index-projection" => vec![Index {
                name: "wide".into(),
                global: true,
                key: KeySchema { partition: attribute("day", KeyType::S), sort: None },
                more_partition: Vec::new(),
                more_sort: Vec::new(),
                projection: Projection::All,
                items: None,
                bytes: None,
                capacity: None,
            }],
            _ => Vec::new(),
        },
        items: 2,
        bytes: 1,
        billing: Billing::OnDemand,
        encryption: Encryption::Kms { key_arn: key_arn.into(), inaccessible_since: None },
        stream: None,
        deletion_protection: Some(false),
        restored_from: None,
        vectors: Vec::new(),
        replicas: match table.name.as_str() {
            "fix-replica-key" => {
                vec![ReplicaRef { region: "ap-south-1".into(), account: None, status: "ACTIVE".into() }]
            }
            _ => Vec::new(),
        },
        class: "STANDARD".into(),
        created: None,
    };
    let key = KmsKey {
        arn: key_arn.into(),
        manager: KeyManager::Customer,
        state: KeyState::Enabled,
        deletion: None,
        account: "123456789012".into(),
        multi_region: false,
        rotatable: true,
    };
    let mut facts = TableFacts::default();
    facts.learn(FactValue::Description(description), now);
    facts.learn(FactValue::TimeToLive(TimeToLive { attribute: ttl.map(str::to_owned) }), now);
    facts.learn(FactValue::Key(Some(key)), now);
    facts.learn(FactValue::KeyPolicy(Some(Policy::parse(&policy("kms:Decrypt")))), now);
    let document = policy("dynamodb:GetItem");
    let own = ResourcePolicy { policy: Policy::parse(&document), document, revision: None };
    facts.learn(FactValue::Policy((table.name == "fix-table-policy").then_some(own)), now);
    let grant = std::env::var("DYNAUDIT_GRANT").ok();
    let grant = KeyGrant {
        id: grant.or(Some("a-grant".into())),
        grantee: "arn:aws:iam::444455556666:role/guest".into(),
        source: None,
        operations: vec!["Decrypt".into()],
    };
    facts.learn(FactValue::KeyGrants(vec![grant]), now);
    let trail = Trail {
        arn: "arn:aws:cloudtrail:us-east-1:123456789012:trail/fix-trail".into(),
        name: "fix-trail".into(),
        every_region: true,
        home: "us-east-1".into(),
        bucket: Some("fix-trail-logs".into()),
    };
    facts.learn(FactValue::Trails(vec![trail]), now);
    let vault = Vault {
        name: "fix-vault".into(),
        policy: Some(Policy::parse(&policy("backup:CopyIntoBackupVault"))),
    };
    facts.learn(FactValue::Vaults(vec![vault]), now);
    let destination = KinesisDestination {
        arn: "arn:aws:kinesis:us-east-1:444455556666:stream/out".into(),
        status: "ACTIVE".into(),
    };
    facts.learn(FactValue::Kinesis(vec![destination]), now);
    let cache = Cache {
        name: "fix-cache".into(),
        encrypted: Some(false),
        tls: Some(false),
        role: "arn:aws:iam::123456789012:role/dax".into(),
        made: CacheMade {
            node_type: "dax.r5.large".into(),
            nodes: 2,
            subnet_group: "default".into(),
            security_groups: vec!["sg-1".into()],
            parameter_group: "default.dax1.0".into(),
        },
    };
    facts.learn(FactValue::Caches(vec![cache]), now);
    let weaker = ReplicaKey { region: "ap-south-1".into(), key: None };
    facts.learn(FactValue::ReplicaKeys(vec![weaker]), now);
    facts
}

/// Runs the harness in an environment that knows nothing but moto.
fn python(url: &str, args: &[&str]) -> std::process::Output {
    let python = std::env::var("DYNAUDIT_PYTHON").unwrap_or_else(|_| "python3".into());
    Command::new(python)
        .args(args)
        .env("AWS_ENDPOINT_URL", url)
        .env("AWS_ACCESS_KEY_ID", "not-a-key")
        .env("AWS_SECRET_ACCESS_KEY", "not-a-secret")
        .env("AWS_DEFAULT_REGION", "us-east-1")
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .output()
        .expect("python3 runs")
}

#[test]
fn fixes_end_in_the_wanted_state_and_change_nothing_else() {
    let Ok(url) = std::env::var("DYNAUDIT_MOTO_URL") else {
        eprintln!("SKIPPED: running fixes: DYNAUDIT_MOTO_URL names no moto server");
        return;
    };
    if Command::new("aws").arg("--version").output().is_err() {
        eprintln!("SKIPPED: running fixes: the AWS CLI is not installed");
        return;
    }
    let room = tempfile::tempdir().expect("a directory");
    let made = python(
        &url,
        &[
            "-c",
            "import boto3; print(boto3.client('kms', region_name='us-east-1').create_key()['KeyMetadata']['Arn'])",
        ],
    );
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let key = String::from_utf8(made.stdout).expect("text").trim().to_owned();
    let settings = SETTINGS.iter().map(|topic| (*topic, *topic, vec![name("a")], false));
    for (case, topic, path, part) in cases().into_iter().chain(settings) {
        let dir = room.path().join(case);
        fs::create_dir(&dir).expect("made");
        fs::write(dir.join("key"), &key).expect("written");
        let action = match case {
            "key-policy" => "kms:Decrypt",
            "backup-vault" => "backup:CopyIntoBackupVault",
            _ => "dynamodb:GetItem",
        };
        fs::write(dir.join("policy"), policy(action)).expect("written");
        let finding = finding(case, topic, path, part);
        let key = if case == "replica-key" { "arn:aws:kms:us-east-1:123456789012:key/own" } else { &key };
        let facts = facts(&finding.table, key, (case == "ttl-attribute").then_some("wrong"));
        for (flavour, file) in [(Flavour::AwsCli, "fix.sh"), (Flavour::Boto3, "fix.py")] {
            // Not each has both: application code, roles and guardrails.
            if dynaudit::remedy::topic(topic).is_some_and(|t| t.has(flavour)) {
                fs::write(dir.join(file), render(&finding, flavour, &facts).expect(case).text)
                    .expect("written");
            }
        }
    }
    let all = |script: &str, cases: &[String]| {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tools").join(script);
        let output = python(&url, &[&script.display().to_string(), &room.path().display().to_string()]);
        let said = [&output.stdout[..], &output.stderr[..]].concat();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&said));
        let told = String::from_utf8_lossy(&output.stdout);
        for case in cases {
            let ok = format!("ok {case}");
            assert!(told.lines().any(|line| line == ok), "{ok} is not in\n{told}");
        }
    };
    let meaning: Vec<String> = cases().iter().map(|(case, ..)| case.replace('-', "_")).collect();
    all("meaning.py", &meaning);
    all("settings.py", &SETTINGS.iter().map(|topic| (*topic).to_owned()).collect::<Vec<_>>());
}
