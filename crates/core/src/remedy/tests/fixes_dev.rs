#![allow(warnings)]

// What was skipped has to be seen; a test has no other voice.

use std::fs;
use std::sync::Arc;

use crate::domain::{
    AttributePath, Billing, Confidence, Encryption, FactValue, Finding, FindingId, FindingSubject, Flagged,
    KeyAttribute, KeyManager, KeySchema, KeyState, KeyType, KmsKey, Layer, Origin, ReplicaKey, ReplicaRef,
    Safe, Scope, SecretClass, Severity, Step, TableDescription, TableFacts, TableRef, TimeToLive,
};
use crate::remedy::{Flavour, Stands, render, topic_for};

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
        ("whole", "secret-in-item", vec![name("api_key")], false),
        ("keep", "secret-to-keep", vec![name("pem")], false),
        ("second-factor", "second-factor", vec![name("totp")], false),
        ("ttl-attribute", "ttl-attribute", vec![name("a")], false),
        ("ttl", "ttl", vec![name("a")], false),
        ("secret-as-key", "secret-as-key", vec![name("id")], false),
        ("customer-key", "customer-key", vec![name("a")], false),
        ("replica-key", "replica-key", vec![name("a")], false),
        ("key-policy", "key-policy", vec![name("a")], false),
    ]
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
        count: 1,
        distinct: 1,
        masked: Safe::neutral("••••"),
        fingerprint: "0".into(),
        reasons: Vec::new(),
        items: Default::default(),
    };
    Finding {
        id: FindingId::new(&FindingSubject::Table(table.clone()), "example-rule", Some(&path)),
        subject: FindingSubject::Table(table.clone()),
        also: Vec::new(),
        table,
        origin: Origin::Secret(flagged),
        severity: Severity::High,
        confidence: Confidence::High,
        title: String::new(),
        why: String::new(),
        evidence: Vec::new(),
        topic: Some(topic),
        worst: Severity::High,
        unknown: Vec::new(),
    }
}

fn facts(table: &TableRef, key_arn: &str, ttl: Option<&str>) -> TableFacts {
    let now = jiff::Timestamp::UNIX_EPOCH;
    let attribute = |name: &str, kind| KeyAttribute { name: name.into(), kind };
    let description = TableDescription {
        arn: table.arn(),
        status: "ACTIVE".into(),
        key: KeySchema { partition: attribute("id", KeyType::S), sort: Some(attribute("at", KeyType::N)) },
        indexes: Vec::new(),
        items: 2,
        bytes: 1,
        billing: Billing::OnDemand,
        encryption: Encryption::Kms { key_arn: key_arn.into(), inaccessible_since: None },
        stream: None,
        deletion_protection: Some(false),
        restored_from: None,
        vectors: Vec::new(),
        replicas: vec![ReplicaRef { region: "eu-west-1".into(), account: None, status: "ACTIVE".into() }],
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
    let weaker = ReplicaKey { region: "eu-west-1".into(), key: None };
    facts.learn(FactValue::ReplicaKeys(vec![weaker]), now);
    facts
}

#[test]
fn write_fixes() {
    let Ok(room) = std::env::var("FIXROOM") else { return };
    let room = std::path::PathBuf::from(room);
    let key = std::env::var("FIXKEY").unwrap_or_default();
    for (case, topic, path, part) in cases() {
        let dir = room.join(case);
        fs::create_dir(&dir).expect("made");
        fs::write(dir.join("key"), &key).expect("written");
        let finding = finding(case, topic, path, part);
        let key = if case == "replica-key" { "arn:aws:kms:us-east-1:123456789012:key/own" } else { &key };
        let facts = facts(&finding.table, key, (case == "ttl-attribute").then_some("wrong"));
        for (flavour, file) in [(Flavour::AwsCli, "fix.sh"), (Flavour::Boto3, "fix.py")] {
            fs::write(dir.join(file), render(&finding, flavour, &facts).expect(case).text).expect("written");
        }
    }
}
