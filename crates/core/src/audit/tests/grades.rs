//! Grades: what is found, where, how much was seen, and what would raise them.

use super::*;
use crate::audit::{first_to_fix, grades, groups};

/// A table of which items were read, to their end or not.
fn read(name: &str, outcome: Outcome, found: Vec<Sighting>) -> Vec<AuditEvent> {
    let t = table(name);
    vec![AuditEvent::Table(t.clone()), items(&t, found), AuditEvent::Ended(t, outcome)]
}

fn secret(path: &str, severity: Severity) -> Sighting {
    Sighting { rule: path.into(), ..sighting(path, severity, Confidence::High, path) }
}

/// Grades tables by what was found in their items alone: `overall`, then each as `name: letter why; better`.
fn check(events: Vec<Vec<AuditEvent>>, overall: &str, expect: &[&str]) {
    let audit = fold(events.into_iter().flatten());
    let findings: Vec<_> = audit
        .findings(NOW)
        .into_iter()
        .filter(|f| matches!(f.origin, crate::domain::Origin::Secret(_)))
        .collect();
    let groups = groups(&audit, &findings, audit.tables().count());
    let graded = grades(&audit, audit.tables(), true, &findings, &groups);
    assert_eq!(graded.overall.letter(), overall);
    let told: Vec<String> = graded
        .tables
        .iter()
        .map(|(table, graded)| {
            let better = graded.better().map(|better| format!("; {better}")).unwrap_or_default();
            format!("{}: {} {}{better}", table.name, graded.letter(), graded.why())
        })
        .collect();
    assert_eq!(told, expect);
}

#[test]
fn a_table_is_as_good_as_the_worst_in_it() {
    let at = |severity| read("t", Outcome::Sampled, vec![secret("a", severity)]);
    let one = |severity, overall: &str, expect: &str| check(vec![at(severity)], overall, &[expect]);
    one(Severity::Critical, "F", "t: F 1 cause of critical severity; A without \"a: Made-up key\"");
    one(
        Severity::High,
        "E?",
        "t: E? 1 cause of high severity; F if what is not known of it is bad; A without \"a: Made-up key\"",
    );
    one(Severity::Low, "B?", "t: B? 1 cause of low severity; A without \"a: Made-up key\"");
    one(Severity::Info, "A?", "t: A? nothing above info in what was seen");
}

#[test]
fn what_would_raise_a_grade_is_all_of_the_worst() {
    let found =
        vec![secret("a", Severity::Critical), secret("b", Severity::Critical), secret("c", Severity::Low)];
    check(
        vec![read("t", Outcome::Sampled, found)],
        "F",
        &["t: F 2 causes of critical severity; B without these 2, \"a: Made-up key\" first"],
    );
}

#[test]
fn the_environment_counts() {
    let high = |name| read(name, Outcome::Sampled, vec![secret("a", Severity::High)]);
    let told = |name: &str, letter: &str, place: &str| {
        let worse = "F if what is not known of it is bad";
        format!(
            "{name}: {letter}? 1 cause of high severity, in {place}; {worse}; A without \"a: Made-up key\""
        )
    };
    let (prod, dev) = (told("a-prod", "E", "production"), told("a-dev", "D", "development"));
    check(vec![high("a-dev")], "D?", &[&dev]);
    check(vec![high("a-dev"), high("a-prod")], "E?", &[&prod, &dev]);
}

#[test]
fn what_was_not_seen_is_no_good_grade() {
    let t = table("t");
    check(vec![vec![AuditEvent::Table(t.clone())]], "-", &["t: - not graded: nothing of it was seen"]);
    // Of one setting that was seen it is graded, and open.
    let known = AuditEvent::Fact(t.clone(), description(Vec::new()), NOW);
    check(vec![vec![AuditEvent::Table(t), known]], "A?", &["t: A? nothing above info in what was seen"]);
}

#[test]
fn how_much_was_seen_is_told() {
    let told = |events: Vec<AuditEvent>| {
        let audit = fold(events);
        grades(&audit, audit.tables(), true, &[], &[]).overall.share.told()
    };
    let t = table("t");
    let all = FactKind::free().count();
    let known = || AuditEvent::Fact(t.clone(), description(Vec::new()), NOW);
    assert_eq!(told(vec![known()]), format!("no item, 1 of {all} settings"));
    assert_eq!(told(read("t", Outcome::Whole, Vec::new())), format!("all 10 items, 0 of {all} settings"));
    let sampled = read("t", Outcome::Sampled, Vec::new()).into_iter().chain([known()]).collect();
    assert_eq!(told(sampled), format!("10 items, 1 of {all} settings"));
}

#[test]
fn the_worst_and_widest_is_first_to_fix() {
    let high = |name, path| read(name, Outcome::Sampled, vec![secret(path, Severity::High)]);
    let critical = read("z", Outcome::Sampled, vec![secret("z", Severity::Critical)]);
    let twice =
        vec![secret("b", Severity::High), Sighting { rule: "other".into(), ..secret("b", Severity::High) }];
    let events = [critical, high("x", "a"), read("y", Outcome::Sampled, twice)];
    let audit = fold(events.into_iter().flatten());
    let findings = audit.findings(NOW);
    let findings: Vec<_> =
        findings.into_iter().filter(|f| matches!(f.origin, crate::domain::Origin::Secret(_))).collect();
    let groups = groups(&audit, &findings, 3);
    let first = first_to_fix(&findings, &groups);
    let places: Vec<&str> = first.iter().map(|n| groups[*n].place.as_str()).collect();
    assert_eq!(places, ["z", "y", "x"]);
}

#[test]
fn what_is_not_among_the_tables_leaves_the_whole_open() {
    let audit = fold(read("t", Outcome::Whole, Vec::new()));
    let letter = |is_whole: bool| grades(&audit, audit.tables(), is_whole, &[], &[]).overall.is_open();
    // One setting or another is never known here.
    assert!(letter(true) && letter(false));
    let of = |is_whole: bool| grades(&audit, [], is_whole, &[], &[]).overall;
    assert_eq!((of(true).grade, of(false).is_partial), (None, true));
}

/// Findings are seen however little of the rest was.
#[test]
fn what_has_findings_is_graded() {
    let t = table("t");
    let sighted = vec![secret("a", Severity::Critical)];
    let records = AuditEvent::Records { table: t.clone(), records: 1, sightings: sighted };
    check(
        vec![vec![AuditEvent::Table(t), records]],
        "F",
        &["t: F 1 cause of critical severity; A without \"a: Made-up key\""],
    );
}

/// In no production, what is not known makes it no worse than it would be there.
#[test]
fn the_whole_is_at_worst_what_its_tables_are() {
    let found = vec![secret("a", Severity::Low)];
    let audit = fold(read("a-dev", Outcome::Whole, found));
    let findings: Vec<_> = audit.findings(NOW).into_iter().filter(|f| f.path().is_some()).collect();
    let groups = groups(&audit, &findings, 1);
    let graded = grades(&audit, audit.tables(), true, &findings, &groups);
    assert_eq!(graded.overall.at_worst, graded.tables[0].1.at_worst);
    assert_eq!(graded.overall.grade, graded.tables[0].1.grade);
}

/// A key that is about to be deleted takes the table with it: nothing that can wait comes before it.
#[test]
fn what_cannot_wait_comes_first_of_the_same_severity() {
    let t = table("orders");
    let FactValue::Description(mut of) = description(Vec::new()) else { panic!("a description") };
    of.arn = t.arn();
    of.encryption = Encryption::Kms { key_arn: "k".into(), inaccessible_since: None };
    let key = KmsKey {
        arn: "k".into(),
        manager: KeyManager::Customer,
        state: KeyState::PendingDeletion,
        deletion: None,
        account: "111122223333".into(),
        multi_region: false,
        rotatable: true,
    };
    let facts = [FactValue::Description(of), FactValue::Key(Some(key))];
    let facts = facts.map(|value| AuditEvent::Fact(t.clone(), value, NOW));
    let many = (0..9).map(|n| Sighting { rule: format!("r{n}").into(), ..secret("a", Severity::Critical) });
    let audit = fold(facts.into_iter().chain(read("keys", Outcome::Whole, many.collect())));
    let findings = audit.findings(NOW);
    let groups = groups(&audit, &findings, 2);
    let first = first_to_fix(&findings, &groups);
    assert_eq!(groups[first[0]].place, "orders");
    assert_eq!(groups[first[0]].severity, groups[first[1]].severity);
}
