//! What is new since an earlier audit, what changed, and what is gone or was only not looked at.

use super::*;
use crate::audit::{Baseline, Fate, compare, lost};

/// Compares two audits by the findings of rule `r` and of the check `deletion-protection-off`, as `change: rule path` and
/// `gone: ...`, `not seen (why): ...`.
fn check(then: Vec<AuditEvent>, now: Vec<AuditEvent>, expect: &[&str]) {
    let (earlier, audit) = (fold(then), fold(now));
    let watched = |f: &crate::domain::Finding| {
        ["r", "deletion-protection-off"].contains(&f.rule()).then(|| match f.path() {
            Some(path) => format!("{} {path}", f.table.name),
            None => format!("{} {}", f.table.name, f.rule()),
        })
    };
    let findings = audit.findings(NOW);
    let earlier = Baseline::new(earlier, NOW, true);
    let compared = compare(&earlier, &audit, &findings);
    let all_lost = lost(&compared, &earlier, &audit, NOW);
    let of_now = findings.iter().filter_map(|f| Some(format!("{}: {}", compared.of(f).word(), watched(f)?)));
    let lost = all_lost.iter().filter_map(|lost| {
        let fate = match &lost.fate {
            Fate::Gone => "gone".to_owned(),
            Fate::NotSeen(why) => format!("not seen ({why})"),
        };
        Some(format!("{fate}: {}", watched(&lost.finding)?))
    });
    let told: Vec<String> = of_now.chain(lost).collect();
    assert_eq!(told, expect);
}

fn found(prints: &[&str]) -> Vec<Sighting> {
    prints.iter().map(|print| sighting("key", Severity::High, Confidence::High, print)).collect()
}

fn session(print: &str) -> Vec<Sighting> {
    vec![Sighting { class: SecretClass::Session, ..sighting("key", Severity::High, Confidence::High, print) }]
}

fn read(outcome: Outcome, sightings: Vec<Sighting>) -> Vec<AuditEvent> {
    let t = table("t");
    vec![AuditEvent::Table(t.clone()), items(&t, sightings), AuditEvent::Ended(t, outcome)]
}

#[test]
fn a_credential_is_known_by_its_value_and_a_session_by_its_place() {
    let both = |then: Vec<Sighting>, now: Vec<Sighting>, expect: &str| {
        check(read(Outcome::Whole, then), read(Outcome::Whole, now), &[expect]);
    };
    both(found(&["a"]), found(&["a"]), "known: t key");
    both(found(&["a"]), found(&["b"]), "new: t key");
    both(found(&["a"]), found(&["a", "b"]), "new: t key");
    both(found(&["a", "b"]), found(&["a"]), "known: t key");
    both(session("a"), session("b"), "known: t key");
    both(vec![], found(&["a"]), "new: t key");
}

#[test]
fn of_more_values_than_are_kept_a_larger_one_may_have_been_there() {
    let many: Vec<String> = (0..300).map(|n| format!("m{n:03}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let with = |more: &[&'static str]| found(&[&many[..], more].concat());
    let both = |now: Vec<Sighting>, expect: &str| {
        check(read(Outcome::Whole, with(&[])), read(Outcome::Whole, now), &[expect]);
    };
    both(with(&["z"]), "known: t key");
    both(with(&["a"]), "new: t key");
}

#[test]
fn only_what_was_looked_at_is_gone() {
    let then = || read(Outcome::Whole, found(&["a"]));
    check(then(), read(Outcome::Whole, vec![]), &["gone: t key"]);
    check(then(), read(Outcome::Sampled, vec![]), &["not seen (only some of the items were read): t key"]);
    check(then(), vec![AuditEvent::Table(table("t"))], &["not seen (no item was read): t key"]);
    check(
        then(),
        vec![AuditEvent::Table(table("other"))],
        &["not seen (the table was not looked at now, or is no more): t key"],
    );
}

#[test]
fn a_setting_is_gone_where_it_passes_and_not_where_it_is_unknown() {
    let t = table("t");
    let set = |protected: bool| {
        let FactValue::Description(mut known) = description(Vec::new()) else { panic!("a description") };
        known.deletion_protection = Some(protected);
        known.arn = t.arn();
        vec![AuditEvent::Fact(t.clone(), FactValue::Description(known), NOW)]
    };
    check(set(false), set(false), &["known: t deletion-protection-off"]);
    check(set(true), set(false), &["new: t deletion-protection-off"]);
    check(set(false), set(true), &["gone: t deletion-protection-off"]);
    let denied = AuditEvent::FactUnavailable(t.clone(), FactKind::Description, Gap::NotAsked);
    check(set(false), vec![denied], &["not seen (description: not asked): t deletion-protection-off"]);
}

#[test]
fn severity_tells_worse_from_better() {
    let at = |severity| read(Outcome::Whole, vec![sighting("key", severity, Confidence::High, "a")]);
    check(at(Severity::Medium), at(Severity::High), &["worse: t key"]);
    check(at(Severity::High), at(Severity::Low), &["better: t key"]);
    // It may be as bad as it was: who reads it is not known.
    check(at(Severity::High), at(Severity::Medium), &["known: t key"]);
}

/// A check that looks at items passes where the secret was not read again, and is not gone by that.
#[test]
fn a_setting_that_fails_by_a_secret_is_gone_only_with_it() {
    let t = table("t");
    let with = |outcome: Outcome, found: Vec<Sighting>| {
        let FactValue::Description(mut known) = description(vec![index("by", "b")]) else { panic!("one") };
        known.arn = t.arn();
        let known = AuditEvent::Fact(t.clone(), FactValue::Description(known), NOW);
        let audit = fold([known].into_iter().chain(read(outcome, found)));
        let findings = audit.findings(NOW);
        (audit, findings)
    };
    let (earlier, before) = with(Outcome::Whole, found(&["a"]));
    assert!(before.iter().any(|f| f.rule() == "gsi-projects-secret"));
    let earlier = Baseline::new(earlier, NOW, true);
    let fate = |outcome: Outcome| {
        let (audit, findings) = with(outcome, Vec::new());
        let compared = compare(&earlier, &audit, &findings);
        let all = lost(&compared, &earlier, &audit, NOW);
        let one = all.iter().find(|lost| lost.finding.rule() == "gsi-projects-secret");
        one.expect("it is not there any more").fate.clone()
    };
    assert_eq!(fate(Outcome::Whole), Fate::Gone);
    assert!(matches!(fate(Outcome::Sampled), Fate::NotSeen(_)));
}

/// The next time another port answers, and the account may be known: it is the same table.
#[test]
fn a_table_is_known_by_its_account_region_and_name() {
    let at = |endpoint: &str| {
        let scope = Scope { endpoint: Some(endpoint.into()), ..(*table("t").scope).clone() };
        let t = TableRef::new(&Arc::new(scope), "t");
        vec![AuditEvent::Table(t.clone()), items(&t, found(&["a"])), AuditEvent::Ended(t, Outcome::Whole)]
    };
    check(at("http://127.0.0.1:1"), at("http://127.0.0.1:2"), &["known: t key"]);
    let without = at("http://127.0.0.1:2").into_iter().filter(|e| !matches!(e, AuditEvent::Items { .. }));
    check(at("http://127.0.0.1:1"), without.collect(), &["gone: t key"]);
}

/// The same statement, for somebody else: its number and its severity tell nothing.
#[test]
fn somebody_else_who_is_let_in_is_worse() {
    let open = |account: &str| {
        let statement = format!(
            r#"{{"Effect":"Allow","Principal":{{"AWS":"{account}"}},"Action":"dynamodb:GetItem","Resource":"*"}}"#
        );
        let document = format!(r#"{{"Statement":[{statement}]}}"#);
        let policy = ResourcePolicy { policy: Policy::parse(&document), document, revision: None };
        let t = table("t");
        let FactValue::Description(mut known) = description(Vec::new()) else { panic!("a description") };
        known.arn = t.arn();
        let facts = [FactValue::Description(known), FactValue::Policy(Some(policy))];
        fold(facts.map(|value| AuditEvent::Fact(t.clone(), value, NOW)))
    };
    let change = |then: &str, now: &str| {
        let audit = open(now);
        let findings = audit.findings(NOW);
        let compared = compare(&Baseline::new(open(then), NOW, true), &audit, &findings);
        let found = findings.iter().find(|f| f.rule() == "policy-cross-account").expect("it is open");
        compared.of(found).word()
    };
    assert_eq!(change("444455556666", "444455556666"), "known");
    assert_eq!(change("444455556666", "777788889999"), "worse");
}
