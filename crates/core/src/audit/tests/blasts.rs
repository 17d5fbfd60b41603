//! How far a secret reaches, in one line.

use super::*;
use crate::audit::blast;
use crate::domain::{ContinuousBackups, Export, ExportRef, ReplicaRef, Stream, StreamConsumer};
use crate::readers::Count;

/// What is said of the secret in `a` of the table `t` of an audit.
fn check(events: Vec<AuditEvent>, readers: Option<Count>, expect: &str) {
    let audit = fold(events);
    let findings = audit.findings(NOW);
    let secret = findings.iter().find(|f| f.rule() == "r" && f.table.name == "t").expect("a secret");
    let told = blast(&audit, secret, readers.map(|count| (count, true)), NOW).expect("of a secret");
    assert_eq!(told.as_str(), expect);
    for setting in findings.iter().filter(|f| f.path().is_none()) {
        assert_eq!(blast(&audit, setting, None, NOW), None);
    }
}

fn secret(prints: &[&str]) -> AuditEvent {
    let seen = |print: &&str| sighting("a", Severity::High, Confidence::High, print);
    items(&table("t"), prints.iter().map(seen).collect())
}

fn described(indexes: Vec<Index>, view: Option<&str>, replicas: Vec<ReplicaRef>) -> AuditEvent {
    let FactValue::Description(mut of) = description(indexes) else { unreachable!() };
    of.arn = table("t").arn();
    of.stream = view.map(|view| Stream { arn: format!("{}/stream/1", of.arn), view: view.into() });
    of.replicas = replicas;
    AuditEvent::Fact(table("t"), FactValue::Description(of), NOW)
}

#[test]
fn readers_are_told_as_far_as_they_are_known() {
    let unseen = "14 kinds of copies not known";
    check(vec![secret(&["1"])], None, &format!("1 value seen; who can read it is not known; {unseen}"));
    check(
        vec![secret(&["1", "2"])],
        Some(Count { roles: 7, users: 2, ..Count::default() }),
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
        vec![described(Vec::new(), None, Vec::new()), policy, secret(&["1"])],
        Some(Count { roles: 1, outside: 1, ..Count::default() }),
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
    let base = || vec![described(vec![index("by_plan", "b")], Some("NEW_IMAGE"), Vec::new()), secret(&["1"])];
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

/// Keys alone go through such a stream: what is no key is copied by it to nobody.
#[test]
fn what_does_not_carry_it_is_no_copy_of_it() {
    let consumer = StreamConsumer {
        function: "arn:aws:lambda:eu-west-1:111122223333:function:mailer".into(),
        state: "Enabled".into(),
    };
    let with = |view: &str| {
        let consumers = FactValue::StreamConsumers(vec![consumer.clone()]);
        let consumers = AuditEvent::Fact(table("t"), consumers, NOW);
        vec![described(Vec::new(), Some(view), Vec::new()), consumers, secret(&["1"])]
    };
    let told = |copies: &str| {
        format!("1 value seen; who can read it is not known; {copies}9 kinds of copies not known")
    };
    check(with("NEW_IMAGE"), None, &told("1 copy outlives it, 1 reader gets it, or may, "));
    check(with("KEYS_ONLY"), None, &told(""));
}

#[test]
fn a_replica_has_it_and_one_of_another_account_is_told_first() {
    let with = |account: &str| {
        let account = Some(account.to_owned());
        let replica = ReplicaRef { region: "us-east-1".into(), account, status: "ACTIVE".into() };
        vec![described(Vec::new(), None, vec![replica]), secret(&["1"])]
    };
    let told = |copies: &str| {
        format!("1 value seen; who can read it is not known; {copies}, 10 kinds of copies not known")
    };
    check(with("111122223333"), None, &told("1 replica has it"));
    check(with("777788889999"), None, &told("copied to us-east-1 (account 777788889999), 1 replica has it"));
}

/// A log may say anything: no window of it ends the program.
#[test]
fn a_window_that_ends_after_all_calendars_is_only_not_known() {
    let backups = ContinuousBackups { point_in_time: true, window_days: Some(u32::MAX) };
    let backups = AuditEvent::Fact(table("t"), FactValue::Backups(backups), NOW);
    let audit = fold([described(Vec::new(), None, Vec::new()), backups, secret(&["1"])]);
    for now in [NOW, Timestamp::MAX] {
        let findings = audit.findings(now);
        assert!(findings.iter().any(|f| f.rule() == "copies-that-outlive-deletion"), "{now}");
    }
}
