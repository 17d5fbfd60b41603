//! Who reads a secret by the policy of the stream, and what is not known of both policies.

use super::*;
use crate::domain::{Evidence, Field, Missing, Stream};

const OTHER: &str = r#""AWS":"444455556666""#;

fn policy(fact: fn(Option<ResourcePolicy>) -> FactValue, statements: &str) -> AuditEvent {
    let document = format!(r#"{{"Statement":[{statements}]}}"#);
    let policy = Policy::parse(&document);
    AuditEvent::Fact(table("t"), fact(Some(ResourcePolicy { policy, document, revision: None })), NOW)
}

fn allow(principal: &str, action: &str, more: &str) -> String {
    format!(r#"{{"Effect":"Allow","Principal":{{{principal}}},"Action":"{action}","Resource":"*"{more}}}"#)
}

fn none(fact: fn(Option<ResourcePolicy>) -> FactValue) -> AuditEvent {
    AuditEvent::Fact(table("t"), fact(None), NOW)
}

fn missed(kind: FactKind) -> AuditEvent {
    AuditEvent::FactUnavailable(table("t"), kind, Gap::Denied(kind.permission(), String::new()))
}

fn described() -> AuditEvent {
    let FactValue::Description(mut of) = description(Vec::new()) else { unreachable!() };
    of.arn = table("t").arn();
    of.stream = Some(Stream { arn: format!("{}/stream/1", of.arn), view: "NEW_IMAGE".into() });
    AuditEvent::Fact(table("t"), FactValue::Description(of), NOW)
}

/// A table with a stream and a secret, and these settings: how bad the secret is, and which facts leave that open.
#[track_caller]
fn check(settings: Vec<AuditEvent>, severity: Severity, unknown: &[FactKind]) {
    let seen = vec![sighting("a", Severity::High, Confidence::High, "1")];
    let events = [described()].into_iter().chain(settings).chain([items(&table("t"), seen)]);
    let found = secrets(&fold(events));
    assert_eq!(found[0].severity, severity);
    let of = |missing: &Missing| match missing {
        Missing::Fact(kind, _) => *kind,
        Missing::Items => panic!("items were read"),
    };
    assert_eq!(found[0].unknown.iter().map(of).collect::<Vec<_>>(), unknown);
}

#[test]
fn whoever_reads_the_stream_reads_the_items() {
    let stream = |action: &str, principal: &str| {
        vec![none(FactValue::Policy), policy(FactValue::StreamPolicy, &allow(principal, action, ""))]
    };
    check(stream("dynamodb:GetRecords", OTHER), Severity::Critical, &[]);
    check(stream("dynamodb:*", OTHER), Severity::Critical, &[]);
    check(stream("dynamodb:GetRecords", r#""AWS":"*""#), Severity::Critical, &[]);
    check(stream("dynamodb:GetRecords", r#""AWS":"111122223333""#), Severity::High, &[]);
    // What tells of a stream gives no items, and an action of tables reads no stream.
    check(stream("dynamodb:DescribeStream", OTHER), Severity::High, &[]);
    check(stream("dynamodb:GetItem", OTHER), Severity::High, &[]);
    // And the other way round.
    let table = vec![
        policy(FactValue::Policy, &allow(OTHER, "dynamodb:GetRecords", "")),
        none(FactValue::StreamPolicy),
    ];
    check(table, Severity::High, &[]);
}

#[test]
fn each_policy_that_is_not_known_is_said_once() {
    use FactKind::{Policy as OfTable, StreamPolicy as OfStream};
    let fine = || none(FactValue::Policy);
    check(vec![fine(), missed(OfStream)], Severity::High, &[OfStream]);
    check(vec![missed(OfTable), none(FactValue::StreamPolicy)], Severity::High, &[OfTable]);
    check(vec![missed(OfTable), missed(OfStream)], Severity::High, &[OfTable, OfStream]);
    // One that is known in part is a reason of its own, for what is understood of it lets nobody read.
    let odd = allow(r#""AWS":"111122223333""#, "dynamodb:*", r#","When":1"#);
    check(vec![fine(), policy(FactValue::StreamPolicy, &odd)], Severity::High, &[OfStream]);
    check(vec![policy(FactValue::Policy, &odd), missed(OfStream)], Severity::High, &[OfTable, OfStream]);
    // Without a policy, what else a check of it would have to know says nothing of who reads.
    check(
        vec![missed(OfTable), missed(FactKind::Key), missed(OfStream)],
        Severity::High,
        &[OfTable, OfStream],
    );
}

/// What both checks of a policy find says who reads; that a part of it is not understood is said all the same.
#[test]
fn a_part_that_is_not_understood_is_said_beside_all_that_is() {
    let others =
        [allow(r#""AWS":"*""#, "dynamodb:GetItem", ""), allow(OTHER, "dynamodb:GetItem", "")].join(",");
    let with = |more: &str| {
        vec![policy(FactValue::Policy, &format!("{others}{more}")), none(FactValue::StreamPolicy)]
    };
    check(with(""), Severity::Critical, &[]);
    check(with(",7"), Severity::Critical, &[FactKind::Policy]);
    check(with(",7,8"), Severity::Critical, &[FactKind::Policy]);
}

/// The policy is known, and what it depends on is not.
#[test]
fn what_a_grant_depends_on_is_named_where_the_policy_is_known() {
    let under_a_key = || {
        let FactValue::Description(mut of) = description(Vec::new()) else { unreachable!() };
        of.arn = table("t").arn();
        of.encryption = Encryption::Kms { key_arn: "k".into(), inaccessible_since: None };
        AuditEvent::Fact(table("t"), FactValue::Description(of), NOW)
    };
    let granted = policy(FactValue::Policy, &allow(OTHER, "dynamodb:GetItem", ""));
    check(
        vec![under_a_key(), granted, none(FactValue::StreamPolicy), missed(FactKind::Key)],
        Severity::High,
        &[FactKind::Key],
    );
}

/// What is harmless does not become harmful by being readable, and does not say who reads it.
#[test]
fn of_what_is_hardly_a_secret_no_readers_are_told() {
    let said = |severity| {
        let granted = policy(FactValue::Policy, &allow(OTHER, "dynamodb:GetItem", ""));
        let seen = items(&table("t"), vec![sighting("a", severity, Confidence::High, "1")]);
        let found = secrets(&fold([described(), granted, seen]));
        (found[0].severity, says(&found[0], "Others can read it"))
    };
    assert_eq!(said(Severity::Info), (Severity::Info, false));
    assert_eq!(said(Severity::Low), (Severity::Low, false));
    assert_eq!(said(Severity::Medium), (Severity::Critical, true));
}

/// Two policies let somebody in: one piece of evidence that names both, not two of one kind.
#[test]
fn all_who_read_are_told_in_one_piece_of_evidence() {
    let to = |action: &str| allow(OTHER, action, "");
    let found = secrets(&fold([
        described(),
        policy(FactValue::Policy, &to("dynamodb:GetItem")),
        policy(FactValue::StreamPolicy, &to("dynamodb:GetRecords")),
        items(&table("t"), vec![sighting("a", Severity::High, Confidence::High, "1")]),
    ]));
    let told: Vec<&Evidence> = found[0].evidence.iter().filter(|e| e.kind() == "others-can-read").collect();
    let [told] = told[..] else { panic!("{told:?}") };
    let said = told.sentence().to_string();
    assert!(matches!(told.field("by"), Some(Field::Parts(by)) if by.kept.len() == 2), "{said}");
    assert!(
        said.contains("The table's policy grants") && said.contains(". The stream's policy grants"),
        "{said}"
    );
    assert!(said.ends_with('.') && !said.contains(".."), "{said}");
}
