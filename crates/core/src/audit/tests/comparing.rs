//! What is new since an earlier audit, what changed, and what is gone or was only not looked at.

use super::*;
use crate::audit::{Baseline, Fate, compare};

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
    let compared = compare(&Baseline::new(earlier, NOW), &audit, NOW, &findings);
    let of_now = findings.iter().filter_map(|f| Some(format!("{}: {}", compared.of(f).word(), watched(f)?)));
    let lost = compared.lost.iter().filter_map(|lost| {
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
        &["not seen (its table was not looked at, or is no more): t key"],
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
    check(at(Severity::High), at(Severity::Medium), &["better: t key"]);
}
