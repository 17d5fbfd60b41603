//! How far a secret reaches, in one line.

use super::*;
use crate::audit::blast;
use crate::domain::{Export, ExportRef, Stream};

/// What is said of the secret in `a` of the table `t` of an audit.
fn check(events: Vec<AuditEvent>, readers: Option<&str>, expect: &str) {
    let audit = fold(events);
    let findings = audit.findings(NOW);
    let secret = findings.iter().find(|f| f.rule() == "r" && f.table.name == "t").expect("a secret");
    let told = blast(&audit, secret, readers, NOW).expect("of a secret");
    assert_eq!(told.as_str(), expect);
    for setting in findings.iter().filter(|f| f.path().is_none()) {
        assert_eq!(blast(&audit, setting, readers, NOW), None);
    }
}

fn secret(prints: &[&str]) -> AuditEvent {
    let seen = |print: &&str| sighting("a", Severity::High, Confidence::High, print);
    items(&table("t"), prints.iter().map(seen).collect())
}

fn described(indexes: Vec<Index>, stream: bool) -> AuditEvent {
    let FactValue::Description(mut of) = description(indexes) else { unreachable!() };
    of.arn = table("t").arn();
    of.stream = stream.then(|| Stream { arn: format!("{}/stream/1", of.arn), view: "NEW_IMAGE".into() });
    AuditEvent::Fact(table("t"), FactValue::Description(of), NOW)
}

fn index(name: &str) -> Index {
    Index {
        name: name.into(),
        global: true,
        key: schema("b"),
        more_partition: Vec::new(),
        more_sort: Vec::new(),
        projection: Projection::All,
        items: None,
        bytes: None,
        capacity: None,
    }
}

#[test]
fn readers_are_told_as_far_as_they_are_known() {
    let unseen = "14 kinds of copies not known";
    check(vec![secret(&["1"])], None, &format!("1 value seen; who can read it is not known; {unseen}"));
    check(
        vec![secret(&["1", "2"])],
        Some("7 roles, 2 users; IAM read"),
        &format!("2 different values seen; readable by 7 roles, 2 users; IAM read; {unseen}"),
    );
}

#[test]
fn accounts_from_outside_are_named() {
    let statement =
        r#"{"Effect":"Allow","Principal":{"AWS":"444455556666"},"Action":"dynamodb:GetItem","Resource":"*"}"#;
    let document = format!(r#"{{"Statement":[{statement}]}}"#);
    let policy = ResourcePolicy { policy: Policy::parse(&document), document, revision: None };
    let policy = AuditEvent::Fact(table("t"), FactValue::Policy(Some(policy)), NOW);
    check(
        vec![described(Vec::new(), false), policy, secret(&["1"])],
        Some("1 role, 1 from outside; IAM read"),
        "1 value seen; readable by 1 role, 1 from outside (account 444455556666); IAM read; \
         10 kinds of copies not known",
    );
}

#[test]
fn indexes_copies_and_what_others_have_are_told() {
    let exported = |owner: &str| {
        let arn = format!("{}/export/1", table("t").arn());
        let reference = ExportRef { arn: arn.clone(), status: "COMPLETED".into() };
        let export =
            Export { arn, bucket: "dumps".into(), bucket_owner: Some(owner.into()), of: None, key: None };
        [FactValue::Exports(vec![reference]), FactValue::ExportDetails(vec![export])]
            .map(|value| AuditEvent::Fact(table("t"), value, NOW))
    };
    let base = || vec![described(vec![index("by_plan")], true), secret(&["1"])];
    let with = |owner: &str| base().into_iter().chain(exported(owner)).collect::<Vec<_>>();
    check(
        with("444455556666"),
        None,
        "1 value seen; who can read it is not known; index by_plan carries it; \
         copied to bucket dumps (account 444455556666), 2 copies outlive it, 9 kinds of copies not known",
    );
    check(
        with("111122223333"),
        None,
        "1 value seen; who can read it is not known; index by_plan carries it; 2 copies outlive it, \
         9 kinds of copies not known",
    );
}

#[test]
fn the_same_in_other_tables_is_told() {
    let other = items(&table("other"), vec![sighting("a", Severity::High, Confidence::High, "1")]);
    check(
        vec![secret(&["1"]), other],
        None,
        "1 value seen; who can read it is not known; also in 1 other table; 14 kinds of copies not known",
    );
}
