//! Events in, findings out.

use std::sync::Arc;

use jiff::Timestamp;
use proptest::prelude::*;

use super::grade::raised;
use super::join::environment;
use super::*;
use crate::domain::{
    AttributePath, Billing, Confidence, Encryption, FactKind, FactValue, Gap, Index, KeyAttribute, KeySchema,
    KeyType, Projection, Rcu, Safe, Scope, Severity, Sighting, TableDescription, TableRef, TimeToLive,
};
use crate::scan::Outcome;

const NOW: Timestamp = Timestamp::UNIX_EPOCH;

fn table(name: &str) -> TableRef {
    let scope = Scope {
        partition: "aws".into(),
        account: "111122223333".into(),
        region: "eu-west-1".into(),
        endpoint: None,
    };
    TableRef::new(&Arc::new(scope), name)
}

fn sighting(path: &str, severity: Severity, confidence: Confidence, print: &str) -> Sighting {
    Sighting {
        path: AttributePath::attribute(path),
        span: 0..4,
        rule: "r".into(),
        title: "Made-up key".into(),
        severity,
        confidence,
        reasons: vec![format!("reason of {print}")],
        masked: Safe::neutral("mk_••••"),
        fingerprint: print.into(),
        in_name: false,
        session: false,
        expires: None,
    }
}

fn items(table: &TableRef, sightings: Vec<Sighting>) -> AuditEvent {
    AuditEvent::Items { table: table.clone(), items: 10, blind: 0, cost: Rcu::units(1), sightings }
}

fn schema(partition: &str) -> KeySchema {
    KeySchema { partition: KeyAttribute { name: partition.into(), kind: KeyType::S }, sort: None }
}

fn description(indexes: Vec<Index>) -> FactValue {
    FactValue::Description(TableDescription {
        arn: String::new(),
        status: "ACTIVE".into(),
        key: schema("id"),
        indexes,
        items: 10,
        bytes: 1000,
        billing: Billing::OnDemand,
        encryption: Encryption::AwsOwned,
        stream: None,
        deletion_protection: true,
        replicas: Vec::new(),
        class: "STANDARD".into(),
        created: None,
    })
}

fn fold(events: impl IntoIterator<Item = AuditEvent>) -> Audit {
    let mut audit = Audit::default();
    events.into_iter().for_each(|e| audit.absorb(e));
    audit
}

/// Findings about items only: what the posture checks say is their own rooms' matter.
fn secrets(audit: &Audit) -> Vec<crate::domain::Finding> {
    audit.findings(NOW).into_iter().filter(|f| f.rule() == "r").collect()
}

fn says(finding: &crate::domain::Finding, words: &str) -> bool {
    finding.evidence.iter().any(|e| e.contains(words))
}

#[test]
fn low_confidence_is_not_reported() {
    let t = table("t");
    let audit = fold([items(&t, vec![sighting("a", Severity::Critical, Confidence::Low, "1")])]);
    assert!(secrets(&audit).is_empty());
}

#[test]
fn sightings_of_one_place_are_one_finding() {
    let t = table("t");
    let seen = |print| sighting("a", Severity::High, Confidence::High, print);
    let audit = fold([items(&t, vec![seen("2"), seen("1"), seen("2")])]);
    let found = secrets(&audit);
    assert_eq!(found.len(), 1);
    assert!(says(&found[0], "3 sightings of 2 different values in 10 items read"), "{:?}", found[0].evidence);
}

#[test]
fn a_secret_in_a_key_has_its_own_fix() {
    let t = table("t");
    let index = Index {
        name: "by-token".into(),
        global: true,
        key: schema("token"),
        more_keys: Vec::new(),
        projection: Projection::Include(vec!["secret".into()]),
        items: None,
    };
    for (path, topic, words) in [
        ("id", "secret-as-key", "part of the key of the table"),
        ("token", "secret-as-key", "part of the key of index by-token"),
        ("secret", "secret-in-item", "copied into 1 index(es): by-token"),
    ] {
        let audit = fold([
            AuditEvent::Fact(t.clone(), description(vec![index.clone()]), NOW),
            items(&t, vec![sighting(path, Severity::High, Confidence::High, "1")]),
        ]);
        let found = secrets(&audit);
        assert_eq!(found[0].topic, Some(topic), "{path}");
        assert!(says(&found[0], words), "{path}: {:?}", found[0].evidence);
    }
}

#[test]
fn an_open_policy_makes_a_secret_critical_and_an_example_nothing() {
    for (severity, failed, expect) in [
        (Severity::High, "policy-cross-account", Severity::Critical),
        (Severity::Medium, "policy-public", Severity::Critical),
        (Severity::Medium, "pitr-off", Severity::Medium),
        (Severity::Info, "policy-public", Severity::Info),
    ] {
        let (raised, why) = raised(severity, &[failed]);
        assert_eq!(raised, expect, "{severity} under {failed}");
        assert_eq!(why.is_empty(), raised == severity);
    }
}

#[test]
fn the_same_secret_in_two_tables_is_said() {
    let (a, b, c) = (table("orders"), table("orders_staging_copy"), table("carts"));
    let seen = |print| vec![sighting("a", Severity::High, Confidence::High, print)];
    let tag = |env: &str| FactValue::Tags(vec![("Environment".into(), env.into())]);
    let audit = fold([
        AuditEvent::Fact(a.clone(), tag("production"), NOW),
        items(&a, seen("same")),
        items(&b, seen("same")),
        items(&c, seen("other")),
    ]);
    let found = audit.findings(NOW);
    let on = |t: &TableRef, rule: &str| found.iter().find(|f| f.table == *t && f.rule() == rule);
    assert!(says(on(&a, "r").expect("found"), "also in orders_staging_copy (staging)"));
    assert!(!says(on(&c, "r").expect("found"), "also in"));
    assert!(says(on(&b, "env-bleed").expect("found"), "also in orders (production)"));
    assert!(on(&a, "env-bleed").is_none());
}

#[test]
fn environments() {
    for (name, expect) in [
        ("orders-prod", Some("production")),
        ("orders_staging_copy", Some("staging")),
        ("copy_of_prod_for_dev", Some("development")),
        ("products", None),
        ("devices", None),
    ] {
        let audit = fold([AuditEvent::Table(table(name))]);
        assert_eq!(environment(audit.tables().next().expect("there")), expect, "{name}");
    }
}

#[test]
fn info_is_listed_last() {
    let t = table("t");
    let audit = fold([items(
        &t,
        vec![
            sighting("example", Severity::Info, Confidence::Confirmed, "1"),
            sighting("real", Severity::Low, Confidence::Medium, "2"),
        ],
    )]);
    let order: Vec<_> = secrets(&audit).iter().map(|f| f.severity).collect();
    assert_eq!(order, [Severity::Low, Severity::Info]);
}

/// One event of a scan. Each fact of a table is asked once, so at most one answer of each kind is made.
fn events() -> impl Strategy<Value = Vec<AuditEvent>> {
    let tables = ["orders-prod", "orders-dev", "carts"];
    let seen = (0usize..3, "[ab]", 0usize..5, 0usize..4, 0u8..6).prop_map(
        |(_, path, severity, confidence, print)| {
            sighting(&path, Severity::ALL[severity], Confidence::ALL[confidence], &print.to_string())
        },
    );
    let read = (0usize..3, prop::collection::vec(seen, 0..6))
        .prop_map(move |(t, seen)| items(&table(tables[t]), seen));
    let facts = (any::<[bool; 3]>(), any::<[bool; 3]>()).prop_map(move |(described, ttl)| {
        let mut events = Vec::new();
        for (n, name) in tables.iter().enumerate() {
            events.push(AuditEvent::Table(table(name)));
            events.push(if described[n] {
                AuditEvent::Fact(table(name), description(Vec::new()), NOW)
            } else {
                AuditEvent::Miss(table(name), FactKind::Description, Gap::Unsupported)
            });
            if ttl[n] {
                let value = FactValue::TimeToLive(TimeToLive { attribute: None });
                events.push(AuditEvent::Fact(table(name), value, NOW));
            }
            events.push(AuditEvent::Ended(table(name), Outcome::Sampled));
        }
        events
    });
    (prop::collection::vec(read, 0..10), facts)
        .prop_map(|(reads, facts)| reads.into_iter().chain(facts).collect())
}

proptest! {
    /// Answers arrive in any order; what is found does not depend on it.
    #[test]
    fn the_order_of_events_does_not_change_the_findings(
        (events, shuffled) in events().prop_flat_map(|e| (Just(e.clone()), Just(e).prop_shuffle()))
    ) {
        let (a, b) = (fold(events), fold(shuffled));
        prop_assert_eq!(a.findings(NOW), b.findings(NOW));
        prop_assert_eq!(a, b);
    }

    /// A finding's name is its own, and says nothing of a value.
    #[test]
    fn ids_are_unique(events in events()) {
        let mut ids: Vec<_> = fold(events).findings(NOW).into_iter().map(|f| f.id).collect();
        let all = ids.len();
        ids.sort();
        ids.dedup();
        prop_assert_eq!(ids.len(), all);
    }

    /// More sightings than are remembered: the smallest fingerprints stay, whatever the order.
    #[test]
    fn the_fingerprints_kept_are_the_smallest(order in Just((0u32..600).collect::<Vec<_>>()).prop_shuffle()) {
        let t = table("t");
        let seen = order.iter().map(|n| sighting("a", Severity::High, Confidence::High, &format!("{n:08}"))).collect();
        let audit = fold([items(&t, seen)]);
        let known = audit.table(&t).expect("there");
        let kept: Vec<String> = known.fingerprints(&known.flagged[0]).map(str::to_owned).collect();
        prop_assert_eq!(kept, (0..256).map(|n| format!("{n:08}")).collect::<Vec<_>>());
        prop_assert_eq!(known.distinct(&known.flagged[0]), (256, true));
    }
}
