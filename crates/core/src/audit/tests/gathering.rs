//! One cause in a Region, several tables: what the one finding says of them.

use super::*;
use crate::audit::gather::by_subject;
use crate::audit::messages::REASON;
use crate::domain::{Finding, FindingId, FindingSubject, Missing, Origin};

/// A finding that a table of the Region shows, with what it says, and how bad it is and could be.
fn one(name: &str, rule: &'static str, said: &[&str], severity: Severity, worst: Severity) -> Finding {
    let table = table(name);
    let subject = FindingSubject::Region(Arc::clone(&table.scope));
    Finding {
        id: FindingId::new(&subject, rule, None),
        subject,
        table,
        also: Vec::new(),
        origin: Origin::Posture(rule),
        severity,
        confidence: Confidence::Confirmed,
        title: String::new(),
        why: String::new(),
        evidence: said.iter().map(|words| REASON.with("reason", *words)).collect(),
        topic: None,
        worst,
        unknown: if worst > severity { vec![Missing::Items] } else { Vec::new() },
        accepted: None,
    }
}

fn low(name: &str, said: &[&str]) -> Finding {
    one(name, "r", said, Severity::Low, Severity::Low)
}

#[test]
fn what_all_say_is_said_once_and_what_some_say_names_them() {
    let check = |all: Vec<Finding>, expect: &[&str]| {
        let [found] = &by_subject(all)[..] else { panic!("one finding") };
        let said: Vec<_> = found.evidence.iter().map(|e| e.sentence().to_string()).collect();
        assert_eq!(said, expect);
    };
    check(vec![low("a", &["x"])], &["x"]);
    check(vec![low("a", &["x"]), low("b", &["x"])], &["x"]);
    check(vec![low("a", &["x", "y"]), low("b", &["x"])], &["x", "a: y."]);
    // In whatever order they come, the tables are in theirs.
    check(vec![low("c", &["y"]), low("b", &["x"]), low("a", &["y"])], &["a and c: y.", "b: x."]);
}

#[test]
fn tables_are_in_their_order_and_each_cause_is_for_itself() {
    let other = one("b", "other", &[], Severity::Low, Severity::Low);
    let found = by_subject(vec![low("c", &[]), other, low("a", &[]), low("b", &[])]);
    let of = |f: &Finding| (f.rule().to_owned(), f.tables().map(|t| t.name.clone()).collect::<Vec<_>>());
    let of: Vec<_> = found.iter().map(of).collect();
    let expect = [("other", vec!["b"]), ("r", vec!["a", "b", "c"])];
    assert_eq!(
        of,
        expect.map(|(rule, tables)| (rule.into(), tables.into_iter().map(String::from).collect()))
    );
}

#[test]
fn it_is_as_bad_as_the_worst_and_open_only_where_that_is() {
    use Severity::{High, Low, Medium};
    let check = |tables: &[(Severity, Severity)], expect: (Severity, Severity), unknown: usize| {
        let all = tables.iter().zip(["a", "b", "c"]);
        let all = all.map(|((severity, worst), name)| one(name, "r", &[], *severity, *worst)).collect();
        let [found] = &by_subject(all)[..] else { panic!("one finding") };
        assert_eq!((found.severity, found.worst), expect, "{tables:?}");
        assert_eq!(found.unknown.len(), unknown, "{tables:?}");
    };
    check(&[(Low, Low), (Medium, Medium)], (Medium, Medium), 0);
    check(&[(Low, Medium), (Low, Low)], (Low, Medium), 1);
    check(&[(Low, Medium), (Low, Medium)], (Low, Medium), 1);
    check(&[(Low, Medium), (Low, High), (Low, Low)], (Low, High), 1);
    // One is as bad already as another could be: nothing is open.
    check(&[(Low, Medium), (Medium, Medium)], (Medium, Medium), 0);
}

/// The account of one is the account of all, wherever among them it is.
#[test]
fn an_account_that_one_table_tells_is_that_of_the_finding() {
    let provisional = |name: &str| {
        let mut of = low(name, &[]);
        let nowhere = Scope { account: String::new(), ..(*of.table.scope).clone() };
        of.id = FindingId::new(&FindingSubject::Region(Arc::new(nowhere)), "r", None);
        assert!(of.id.is_provisional());
        of
    };
    let check = |all: Vec<Finding>, expect: bool| {
        let [found] = &by_subject(all)[..] else { panic!("one finding") };
        assert_eq!(found.id.is_provisional(), expect);
    };
    check(vec![low("a", &[]), provisional("b")], false);
    check(vec![provisional("a"), low("b", &[])], false);
    check(vec![provisional("a"), provisional("b")], true);
}
