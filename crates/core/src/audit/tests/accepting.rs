//! What a person accepted counts for nothing, and anything else still counts.

use super::*;
use crate::audit::{Baseline, accepting, compare, groups, is_by_place};
use crate::domain::{Acceptance, Acceptances, Finding};

pub(super) fn because(reason: &str) -> Arc<Acceptance> {
    Arc::new(Acceptance {
        reason: Safe::neutral(reason),
        false_alarm: false,
        by: Safe::neutral("alice"),
        on: None,
        until: None,
        file: Safe::neutral("a.toml"),
    })
}

fn seen(class: SecretClass, prints: &[String]) -> AuditEvent {
    let one = |print: &String| Sighting { class, ..sighting("key", Severity::High, Confidence::High, print) };
    items(&table("t"), prints.iter().map(one).collect())
}

fn prints(all: &[&str]) -> Vec<String> {
    all.iter().map(|print| (*print).to_owned()).collect()
}

fn start() -> Vec<AuditEvent> {
    vec![AuditEvent::Table(table("t")), AuditEvent::Fact(table("t"), description(Vec::new()), NOW)]
}

/// Accepts what the rule `r` found in an audit.
fn accept(audit: &mut Audit) {
    let findings = audit.findings(NOW);
    let all = findings
        .iter()
        .filter(|f| f.rule() == "r")
        .filter_map(|f| accepting(audit, f, &because("a test key")));
    let all: Vec<_> = all.collect();
    audit.accept(Arc::new(Acceptances::new(all)));
}

fn of_rule(audit: &Audit, rule: &str) -> Finding {
    audit.findings(NOW).into_iter().find(|f| f.rule() == rule).expect("found")
}

#[test]
fn a_credential_is_accepted_by_its_value_and_a_session_by_its_place() {
    let many: Vec<String> = (0..300).map(|n| format!("p{n:03}")).collect();
    // What was accepted, what was seen then and later, and whether it still does not count.
    let check = |class, then: &[String], later: &[String], holds: bool| {
        let mut audit = fold(start());
        audit.absorb(seen(class, then));
        accept(&mut audit);
        assert_eq!(of_rule(&audit, "r").severity, Severity::Info);
        audit.absorb(seen(class, later));
        let finding = of_rule(&audit, "r");
        assert_eq!(finding.accepted.is_some(), holds, "{:?}", finding.evidence);
        assert_eq!(finding.severity == Severity::Info, holds);
        // The same from the start, whatever came first.
        let mut again = fold(start());
        again.accept(Arc::new(audit.acceptances().clone()));
        again.absorb(seen(class, then));
        again.absorb(seen(class, later));
        assert_eq!(again, audit);
    };
    check(SecretClass::ApiKey, &prints(&["a"]), &prints(&["a"]), true);
    check(SecretClass::ApiKey, &prints(&["a"]), &prints(&["b"]), false);
    check(SecretClass::ApiKey, &prints(&["a", "b"]), &prints(&["b"]), true);
    check(SecretClass::Session, &prints(&["a"]), &prints(&["b"]), true);
    // Of more than are kept nobody could tell a new one.
    check(SecretClass::ApiKey, &many, &prints(&["a"]), true);
    check(SecretClass::ApiKey, &prints(&["a"]), &many, false);
}

#[test]
fn of_many_values_only_the_place_can_be_accepted() {
    let many: Vec<String> = (0..300).map(|n| format!("p{n:03}")).collect();
    let by_place = |class, prints: &[String]| {
        let mut audit = fold(start());
        audit.absorb(seen(class, prints));
        is_by_place(&audit, &of_rule(&audit, "r"))
    };
    assert!(!by_place(SecretClass::ApiKey, &prints(&["a"])));
    assert!(by_place(SecretClass::Session, &prints(&["a"])));
    assert!(by_place(SecretClass::ApiKey, &many));
}

#[test]
fn what_is_accepted_is_told_and_concludes_nothing() {
    let mut audit = fold(start());
    audit.absorb(seen(SecretClass::ApiKey, &prints(&["a"])));
    let before = audit.findings(NOW);
    accept(&mut audit);
    let findings = audit.findings(NOW);
    let finding = of_rule(&audit, "r");
    assert_eq!(finding.evidence[0].sentence().as_str(), "Accepted by alice: a test key (a.toml)");
    let t = audit.table(&table("t")).expect("there");
    assert!(t.flagged.is_empty() && t.accepted.len() == 1 && t.seen().count() == 1);
    assert!(!t.subject(NOW).flagged.expect("items were read").iter().any(|f| f.severity > Severity::Info));
    // It is in no group, and nothing else is in another one.
    let members = groups(&audit, &findings, 1).iter().map(|group| group.members.len()).sum::<usize>();
    assert_eq!(members + 1, findings.len());
    // And what was accepted can be taken back.
    audit.accept(Arc::default());
    assert_eq!(audit.findings(NOW), before);
}

#[test]
fn what_is_accepted_in_part_says_so_and_counts() {
    let mut audit = fold(start());
    audit.absorb(seen(SecretClass::ApiKey, &prints(&["a"])));
    accept(&mut audit);
    audit.absorb(seen(SecretClass::ApiKey, &prints(&["b"])));
    let finding = of_rule(&audit, "r");
    assert_eq!((finding.severity, &finding.accepted), (Severity::High, &None));
    let told = finding.evidence[0].sentence();
    assert_eq!(told.as_str(), "1 value of 2 accepted by alice: a test key (a.toml)");
}

#[test]
fn a_setting_is_accepted_where_it_is() {
    let mut audit = fold(start());
    audit.absorb(AuditEvent::Table(table("u")));
    audit.absorb(AuditEvent::Fact(table("u"), description(Vec::new()), NOW));
    let of = |audit: &Audit, name: &str| {
        let all = audit.findings(NOW).into_iter();
        all.filter(|f| f.table.name == name && f.accepted.is_some())
            .map(|f| f.rule().to_owned())
            .collect::<Vec<_>>()
    };
    let findings = audit.findings(NOW);
    let one = findings.iter().find(|f| f.table.name == "t" && f.rule() == "aws-owned-key").expect("found");
    let why = because("public data");
    audit.accept(Arc::new(Acceptances::new(accepting(&audit, one, &why))));
    assert_eq!(of(&audit, "t"), ["aws-owned-key"]);
    assert_eq!(of(&audit, "u"), Vec::<String>::new());
}

#[test]
fn what_is_accepted_is_no_news() {
    let mut audit = fold(start());
    audit.absorb(seen(SecretClass::ApiKey, &prints(&["a"])));
    let earlier = Baseline::new(fold(start()), NOW, true);
    let news = |audit: &Audit| {
        let findings = audit.findings(NOW);
        let compared = compare(&earlier, audit, &findings);
        findings.iter().any(|f| f.rule() == "r" && compared.of(f).is_news())
    };
    assert!(news(&audit));
    accept(&mut audit);
    assert!(!news(&audit));
}

/// Of a credential that is not known any more nobody can say which value is meant: the place is not accepted instead.
#[test]
fn what_is_not_there_any_more_is_not_accepted() {
    let mut audit = fold(start());
    audit.absorb(seen(SecretClass::ApiKey, &prints(&["a"])));
    let finding = of_rule(&audit, "r");
    audit.absorb(AuditEvent::Restarted(table("t")));
    assert_eq!(accepting(&audit, &finding, &because("x")), None);
}

/// One session among credentials does not make them accepted by place.
#[test]
fn a_place_with_several_kinds_is_accepted_by_value() {
    for classes in [[SecretClass::Session, SecretClass::ApiKey], [SecretClass::ApiKey, SecretClass::Session]]
    {
        let mut audit = fold(start());
        classes.into_iter().for_each(|class| audit.absorb(seen(class, &prints(&["a"]))));
        assert!(!is_by_place(&audit, &of_rule(&audit, "r")));
    }
}

/// Where a value is stays a fact: what is accepted in production still stands in staging, where nobody accepted it.
#[test]
fn what_is_accepted_in_one_table_still_counts_in_another() {
    let mut audit = Audit::default();
    for name in ["orders-prod", "orders-staging"] {
        let one = sighting("key", Severity::High, Confidence::High, "a");
        audit.absorb_all([
            AuditEvent::Table(table(name)),
            AuditEvent::Fact(table(name), description(Vec::new()), NOW),
            items(&table(name), vec![one]),
        ]);
    }
    let of = |audit: &Audit, name: &str, rule: &str| {
        let all = audit.findings(NOW).into_iter();
        all.filter(|f| f.table.name == name && f.rule() == rule && f.accepted.is_none()).collect::<Vec<_>>()
    };
    let bleed = of(&audit, "orders-staging", "env-bleed");
    assert_eq!(bleed.len(), 1);
    let prod = of(&audit, "orders-prod", "r").remove(0);
    let accepted = accepting(&audit, &prod, &because("x"));
    audit.accept(Arc::new(Acceptances::new(accepted)));
    assert!(of(&audit, "orders-prod", "r").is_empty());
    assert_eq!(of(&audit, "orders-staging", "env-bleed"), bleed);
    assert_eq!(of(&audit, "orders-staging", "r").len(), 1);
}
