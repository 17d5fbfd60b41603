//! What is counted, and that nothing counts twice.

use super::*;
use crate::domain::{ItemKey, KeyShape, KeyShapes};

fn seen(path: &str, print: &str) -> Sighting {
    sighting(path, Severity::High, Confidence::High, print)
}

fn records(sightings: Vec<Sighting>) -> AuditEvent {
    AuditEvent::Records { table: table("t"), records: 2, sightings }
}

fn of(audit: &Audit) -> &TableAudit {
    audit.table(&table("t")).expect("known")
}

/// What was seen of one attribute: how often.
fn counts(audit: &Audit) -> Vec<u64> {
    of(audit).flagged.iter().map(|f| f.count).collect()
}

#[test]
fn pages_add_up() {
    let page = |cut| AuditEvent::Items {
        table: table("t"),
        segment: None,
        items: 10,
        traits: Traits { expiry: None, keys: KeyShapes::of(KeyShape::Number, 4) },
        uninspected: Uninspected { cut, ..Uninspected::default() },
        cost: Rcu::units(3),
        sightings: vec![seen("a", "1")],
    };
    let audit = fold([page(1), page(2), records(vec![]), records(vec![])]);
    let t = of(&audit);
    assert_eq!((t.items, t.uninspected.cut, t.cost, t.records), (20, 3, Rcu::units(6), 4));
    assert_eq!((t.traits.keys.count(KeyShape::Number), counts(&audit)), (8, vec![2]));
    assert_eq!(of(&fold([AuditEvent::Table(table("t"))])).records, 0);
}

#[test]
fn a_record_of_what_is_known_is_not_counted_again() {
    let check = |sightings: Vec<Sighting>, expect: &[u64]| {
        let audit = fold([items(&table("t"), vec![seen("a", "1"), seen("a", "1")]), records(sightings)]);
        assert_eq!(counts(&audit), expect);
        assert_eq!(of(&audit).items, 10, "a record is no item that was read");
    };
    check(vec![], &[2]);
    check(vec![seen("a", "1")], &[2]);
    check(vec![seen("a", "2")], &[3]);
    check(vec![seen("a", "2"), seen("a", "2")], &[3]);
    check(vec![seen("b", "1")], &[2, 1]);
}

#[test]
fn what_is_read_from_the_start_is_counted_anew() {
    let fact = || AuditEvent::Fact(table("t"), FactValue::TimeToLive(TimeToLive { attribute: None }), NOW);
    let page = || items(&table("t"), vec![seen("a", "1")]);
    let ended = || AuditEvent::Ended(table("t"), Outcome::Whole);
    let twice =
        fold([fact(), page(), records(vec![]), ended(), AuditEvent::Restarted(table("t")), page(), ended()]);
    assert_eq!(twice, fold([fact(), page(), ended()]));
    let begun = fold([fact(), page(), ended(), AuditEvent::Restarted(table("t"))]);
    assert_eq!(begun, fold([fact()]), "what was known of its settings stays");
}

#[test]
fn the_first_items_by_their_keys_are_named() {
    let at = |key: &str| Sighting { item: Some(ItemKey::new(&[Safe::neutral(key)])), ..seen("a", key) };
    let check = |keys: &[&str], expect: &[&str]| {
        let audit = fold([items(&table("t"), keys.iter().map(|key| at(key)).collect())]);
        let named: Vec<String> =
            of(&audit).flagged[0].items.iter().map(|k| k.shown(false).to_string()).collect();
        assert_eq!(named, expect, "{keys:?}");
    };
    check(&["k2"], &["k2"]);
    check(&["k2", "k1"], &["k1", "k2"]);
    check(&["k5", "k3", "k4", "k1", "k2"], &["k1", "k2", "k3"]);
    check(&["k1", "k2", "k3", "k4"], &["k1", "k2", "k3"]);
}

#[test]
fn the_surest_example_is_shown_with_the_worst_severity() {
    let one = |severity, confidence, print: &str| Sighting {
        title: print.to_owned().into(),
        masked: Safe::neutral(print),
        ..sighting("a", severity, confidence, print)
    };
    let sure = one(Severity::Medium, Confidence::Confirmed, "sure");
    let bad = one(Severity::Critical, Confidence::Medium, "bad");
    for sightings in [vec![sure.clone(), bad.clone()], vec![bad, sure]] {
        let audit = fold([items(&table("t"), sightings)]);
        let f = &of(&audit).flagged[0];
        assert_eq!((f.severity, f.confidence), (Severity::Critical, Confidence::Confirmed));
        assert_eq!((&*f.title, f.masked.as_str(), f.fingerprint.as_str()), ("sure", "sure", "sure"));
        assert_eq!(f.reasons, ["reason of sure"]);
    }
}

#[test]
fn an_item_that_could_not_be_screened_was_not_read() {
    let check = |items: u64, failed: u64, expect: u64| {
        let audit = fold([AuditEvent::Items {
            table: table("t"),
            segment: None,
            items,
            traits: Traits::default(),
            uninspected: Uninspected { failed, ..Uninspected::default() },
            cost: Rcu::ZERO,
            sightings: Vec::new(),
        }]);
        let subject = of(&audit).subject(NOW);
        assert_eq!(subject.items_read, expect, "{items} {failed}");
        assert_eq!((subject.flagged.is_some(), subject.traits.is_some()), (expect > 0, expect > 0));
    };
    check(0, 0, 0);
    check(1, 0, 1);
    check(10, 9, 1);
    check(10, 10, 0);
    check(0, 1, 0);
}

#[test]
fn a_table_alone_says_what_the_audit_says_of_it() {
    let seen = [("a", Severity::Low), ("b", Severity::Critical), ("c", Severity::High)];
    let seen = seen.map(|(path, severity)| sighting(path, severity, Confidence::High, path));
    let audit = fold([items(&table("t"), seen.to_vec())]);
    let own: Vec<_> = of(&audit).findings(NOW).into_iter().filter(|f| f.rule() == "r").collect();
    assert_eq!(own, secrets(&audit));
    assert_eq!(
        own.iter().map(|f| f.severity).collect::<Vec<_>>(),
        [Severity::Critical, Severity::High, Severity::Low]
    );
}

#[test]
fn gaps_stand_in_the_order_of_the_facts() {
    let document = r#"{"Statement":[7]}"#;
    let policy =
        ResourcePolicy { policy: Policy::parse(document), document: document.to_owned(), revision: None };
    let audit = fold([AuditEvent::Fact(table("t"), FactValue::Policy(Some(policy)), NOW)]);
    let t = of(&audit);
    let kinds: Vec<FactKind> = t.gaps(&t.verdicts(NOW), NOW).into_iter().map(|(kind, _)| kind).collect();
    assert!(kinds.contains(&FactKind::Policy) && kinds.is_sorted(), "{kinds:?}");
    assert!(kinds.len() > 2 && kinds[0] != FactKind::Policy);
}
