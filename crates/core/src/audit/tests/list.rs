//! The list that is kept up to date is the one that would be made anew.

use jiff::SignedDuration;

use super::*;
use crate::domain::Limits;

fn high(print: &str) -> Vec<Sighting> {
    vec![sighting("a", Severity::High, Confidence::High, print)]
}

fn learn(audit: &mut Audit, list: &mut Findings, event: AuditEvent) {
    list.learn(audit, &event);
    audit.absorb(event);
}

#[test]
fn it_is_made_anew_only_when_something_was_learnt() {
    let (mut audit, mut list) = (Audit::default(), Findings::default());
    assert_eq!(list.version(), 0);
    learn(&mut audit, &mut list, items(&table("t"), high("1")));
    assert_eq!(list.update(&audit, NOW), None);
    assert_eq!((list.version(), list.all()), (1, audit.findings(NOW).as_slice()));
    assert_eq!(list.update(&audit, NOW), None);
    assert_eq!(list.version(), 1);
    learn(&mut audit, &mut list, items(&table("t"), high("2")));
    assert_eq!(list.update(&audit, NOW), None);
    assert_eq!((list.version(), list.all()), (2, audit.findings(NOW).as_slice()));
}

#[test]
fn each_table_has_its_own_and_they_are_counted_by_severity() {
    let (mut audit, mut list) = (Audit::default(), Findings::default());
    for (name, severity) in [("t", Severity::High), ("t", Severity::Low), ("u", Severity::High)] {
        let path = format!("{severity}");
        learn(
            &mut audit,
            &mut list,
            items(&table(name), vec![sighting(&path, severity, Confidence::High, "1")]),
        );
    }
    let second = sighting("second", Severity::High, Confidence::High, "1");
    learn(&mut audit, &mut list, items(&table("t"), vec![second]));
    // Made twice, nothing is there twice.
    for print in ["1", "2"] {
        learn(&mut audit, &mut list, items(&table("u"), high(print)));
        list.update(&audit, NOW);
    }
    let of = |name: &str| list.of_table(&table(name)).filter(|f| f.rule() == "r").count();
    assert_eq!((of("t"), of("u"), of("v")), (3, 2, 0));
    let counts = list.counts(&table("t"));
    let of = |severity| list.of_table(&table("t")).filter(|f| f.severity == severity).count();
    assert!(counts.into_iter().eq(Severity::ALL.iter().copied().map(of)));
    assert!(counts[Severity::High as usize] >= 2 && counts[Severity::Low as usize] >= 1);
    for finding in list.all() {
        assert_eq!(list.now(finding), Some(finding));
    }
    let mut gone = list.all()[0].clone();
    gone.id = crate::domain::FindingId::new(&gone.subject, "gone", None);
    assert_eq!(list.now(&gone), None);
}

/// What is learnt of an account or a Region is of each of its tables, and of no other.
#[test]
fn what_tables_share_makes_each_of_them_stale() {
    let (mut audit, mut list) = (Audit::default(), Findings::default());
    for name in ["t", "u"] {
        learn(&mut audit, &mut list, AuditEvent::Table(table(name)));
        learn(&mut audit, &mut list, AuditEvent::Fact(table(name), description(Vec::new()), NOW));
    }
    list.update(&audit, NOW);
    let before = list.all().len();
    let scope = Arc::clone(&table("t").scope);
    let limits = FactValue::Limits(Limits { account_read: 1, table_read: 1, table_write: None });
    for value in [FactValue::Analyzers(Vec::new()), limits] {
        learn(&mut audit, &mut list, AuditEvent::Shared(Arc::clone(&scope), value, NOW));
    }
    list.update(&audit, NOW);
    assert_eq!(list.all(), audit.findings(NOW));
    assert!(list.all().len() > before);
}

#[test]
fn of_many_tables_it_stands_for_a_while() {
    let check = |tables: usize, expect: Option<Timestamp>| {
        let (mut audit, mut list) = (Audit::default(), Findings::default());
        for n in 0..tables {
            learn(&mut audit, &mut list, AuditEvent::Table(table(&format!("t{n}"))));
        }
        assert_eq!(list.update(&audit, NOW), None);
        learn(&mut audit, &mut list, items(&table("t0"), high("1")));
        assert_eq!(list.update(&audit, NOW), expect, "{tables} tables");
        if let Some(later) = expect {
            assert_eq!(list.version(), 1);
            assert_eq!(list.update(&audit, later), None);
        }
        assert_eq!((list.version(), list.all()), (2, audit.findings(NOW).as_slice()));
    };
    check(100, None);
    check(101, Some(NOW + SignedDuration::from_millis(101)));
}
