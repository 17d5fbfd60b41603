//! Events in, findings out.

mod accepting;
mod blasts;
mod causes;
mod columns;
mod comparing;
mod counting;
mod gathering;
mod grades;
mod joining;
mod list;
mod readers;

use std::sync::Arc;

use jiff::Timestamp;
use proptest::prelude::*;

use super::join::environment;
use super::*;
use crate::domain::{
    AttributePath, Billing, Confidence, Encryption, Evidence, FactKind, FactValue, Gap, Index, ItemKey,
    KeyAttribute, KeyManager, KeySchema, KeyState, KeyType, KmsKey, Layer, Policy, Projection, Rcu,
    ResourcePolicy, Safe, Scope, SecretClass, Severity, Sighting, Step, TableDescription, TableRef,
    TimeToLive, Traits, Uninspected,
};
use crate::scan::Outcome;

pub(super) const NOW: Timestamp = Timestamp::UNIX_EPOCH;

pub(super) fn table(name: &str) -> TableRef {
    let scope = Scope {
        partition: "aws".into(),
        account: "111122223333".into(),
        region: "eu-west-1".into(),
        endpoint: None,
    };
    TableRef::new(&Arc::new(scope), name)
}

pub(super) fn sighting(path: &str, severity: Severity, confidence: Confidence, print: &str) -> Sighting {
    Sighting {
        path: AttributePath::attribute(path),
        span: 0..4,
        mask: 0..4,
        rule: "r".into(),
        title: "Made-up key".into(),
        severity,
        confidence,
        reasons: vec![format!("reason of {print}")],
        masked: Safe::neutral("mk_••••"),
        fingerprint: print.into(),
        in_name: false,
        class: SecretClass::ApiKey,
        part: false,
        expires: None,
        item: None,
    }
}

pub(super) fn items(table: &TableRef, sightings: Vec<Sighting>) -> AuditEvent {
    AuditEvent::Items {
        table: table.clone(),
        segment: None,
        items: 10,
        traits: Traits::default(),
        uninspected: Uninspected::default(),
        cost: Rcu::units(1),
        sightings,
    }
}

#[test]
fn a_finding_says_how_its_values_vary() {
    let check = |prints: &[&str], words: &str| {
        let seen = |n: usize| sighting("key", Severity::High, Confidence::High, prints[n % prints.len()]);
        let audit =
            fold([AuditEvent::Table(table("orders")), items(&table("orders"), (0..10).map(seen).collect())]);
        let [finding] = &secrets(&audit)[..] else { panic!("one finding") };
        assert_eq!(
            finding.evidence.iter().filter(|e| e.sentence().starts_with(words)).count(),
            1,
            "{:?}",
            finding.evidence
        );
        assert_eq!(finding.confidence, Confidence::High);
    };
    check(&["a"], "The same value everywhere");
    check(&["a", "b"], "Few values");
    check(&["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"], "Nearly every item");
}

fn schema(partition: &str) -> KeySchema {
    KeySchema { partition: KeyAttribute { name: partition.into(), kind: KeyType::S }, sort: None }
}

fn description(indexes: Vec<Index>) -> FactValue {
    FactValue::Description(TableDescription {
        arn: String::new(),
        status: "ACTIVE".into(),
        key: schema("id"),
        indexes,
        items: 10,
        bytes: 1000,
        billing: Billing::OnDemand,
        encryption: Encryption::AwsOwned,
        stream: None,
        deletion_protection: Some(true),
        restored_from: None,
        vectors: Vec::new(),
        replicas: Vec::new(),
        class: "STANDARD".into(),
        created: None,
    })
}

fn fold(events: impl IntoIterator<Item = AuditEvent>) -> Audit {
    let mut audit = Audit::default();
    events.into_iter().for_each(|e| audit.absorb(e));
    audit
}

/// Findings about items only: what the posture checks say is their own rooms' matter.
fn secrets(audit: &Audit) -> Vec<crate::domain::Finding> {
    audit.findings(NOW).into_iter().filter(|f| f.rule() == "r").collect()
}

fn says(finding: &crate::domain::Finding, words: &str) -> bool {
    finding.evidence.iter().any(|e| e.sentence().contains(words))
}

#[test]
fn low_confidence_is_not_reported() {
    let t = table("t");
    let audit = fold([items(&t, vec![sighting("a", Severity::Critical, Confidence::Low, "1")])]);
    assert!(secrets(&audit).is_empty());
}

#[test]
fn sightings_of_one_place_are_one_finding() {
    let t = table("t");
    let seen = |print| sighting("a", Severity::High, Confidence::High, print);
    let audit = fold([items(&t, vec![seen("2"), seen("1"), seen("2")])]);
    let found = secrets(&audit);
    assert_eq!(found.len(), 1);
    assert!(says(&found[0], "Found 3 times in 10 items read, 2 distinct values"), "{:?}", found[0].evidence);
}

#[test]
fn a_secret_in_a_key_has_its_own_fix() {
    let t = table("t");
    let index = Index {
        name: "by-token".into(),
        global: true,
        key: schema("token"),
        more_partition: Vec::new(),
        more_sort: Vec::new(),
        projection: Projection::Include(vec!["secret".into()]),
        items: None,
        bytes: None,
        capacity: None,
    };
    for (path, topic, words) in [
        ("id", "secret-as-key", "part of the key of the table"),
        ("token", "secret-as-index-key", "part of the key of index by-token"),
        ("secret", "secret-in-item", "copied into 1 index: by-token"),
    ] {
        let audit = fold([
            AuditEvent::Fact(t.clone(), description(vec![index.clone()]), NOW),
            items(&t, vec![sighting(path, Severity::High, Confidence::High, "1")]),
        ]);
        let found = secrets(&audit);
        assert_eq!(found[0].topic, Some(topic), "{path}");
        assert!(says(&found[0], words), "{path}: {:?}", found[0].evidence);
    }
}

#[test]
fn the_fix_fits_what_kind_of_thing_the_secret_is_and_where_it_stands() {
    use SecretClass::*;
    let json =
        || AttributePath::new(vec![Step::Name("a".into()), Step::Layer(Layer::Json), Step::Name("k".into())]);
    let plain = || AttributePath::attribute("a");
    // (class, where, part of a text, sightings in ten items) and the topic.
    for (class, path, part, count, topic) in [
        (Session, plain(), false, 10, Some("session-in-item")),
        (Session, plain(), false, 6, Some("session-in-item")),
        (Session, plain(), false, 5, Some("token-hash")),
        (Session, plain(), true, 10, Some("token-hash")),
        (Session, json(), false, 10, Some("token-hash")),
        (PersonToken, plain(), false, 10, Some("oauth-token")),
        (ApiKey, plain(), false, 10, Some("secret-in-item")),
        (ApiKey, plain(), true, 1, Some("secret-inside")),
        (ApiKey, json(), false, 1, Some("secret-inside")),
        (AwsKey, plain(), false, 1, Some("aws-access-key")),
        (AwsKey, json(), false, 1, Some("aws-access-key")),
        (AwsSession, plain(), false, 1, Some("aws-session")),
        (Database, plain(), true, 1, Some("database-credential")),
        (WebhookKey, plain(), false, 1, Some("webhook-secret")),
        (DjangoKey, plain(), false, 1, Some("django-secret-key")),
        (PrivateKey, plain(), false, 1, Some("private-key")),
        (ResetToken, plain(), false, 1, Some("reset-token")),
        (OneTimeLink, plain(), false, 1, Some("one-time-token")),
        (SignedLink, plain(), false, 1, Some("signed-link")),
        (SecondFactor, plain(), false, 10, Some("second-factor")),
        (SecondFactor, json(), true, 10, Some("second-factor")),
        (PasswordHash, plain(), false, 10, Some("password-hash")),
        (PasswordHash, json(), false, 10, Some("password-hash")),
        (KeyMaterial, plain(), false, 1, Some("secret-to-keep")),
        (Wallet, plain(), false, 1, Some("wallet-key")),
        (Password, plain(), false, 10, Some("plain-password")),
        (Unclassified, plain(), false, 10, Some("secret-to-keep")),
        (Unclassified, plain(), true, 10, Some("secret-inside")),
        (KeyHash, plain(), false, 10, None),
        (Ciphertext, json(), false, 10, None),
        (Identifier, plain(), false, 10, None),
    ] {
        let t = table("t");
        let mut seen = sighting("a", Severity::High, Confidence::Confirmed, "1");
        (seen.path, seen.class, seen.part) = (path, class, part);
        let audit = fold([items(&t, vec![seen; count])]);
        let found = audit.findings(NOW).into_iter().find(|f| f.rule() == "r").expect("found");
        assert_eq!(found.topic, topic, "{class:?}, {count} sightings, part of a text: {part}");
        assert!(found.why.starts_with("Whoever can read this item "), "{}", found.why);
    }
}

/// A seed beside a session, or many seeds, are no sessions: the table is none because of them.
#[test]
fn only_sessions_make_a_table_a_session_store() {
    for (other, expect) in [
        (SecretClass::SecondFactor, "token-hash"),
        (SecretClass::PasswordHash, "token-hash"),
        (SecretClass::PersonToken, "token-hash"),
        (SecretClass::Session, "session-in-item"),
    ] {
        let t = table("t");
        let mut one = sighting("token", Severity::High, Confidence::High, "1");
        one.class = SecretClass::Session;
        let mut many = sighting("other", Severity::High, Confidence::High, "2");
        (many.class, many.rule) = (other, "many".into());
        let audit = fold([items(&t, [vec![one], vec![many; 10]].concat())]);
        let found = audit.findings(NOW).into_iter().find(|f| f.rule() == "r").expect("found");
        assert_eq!(found.topic, Some(expect), "{other:?}");
        assert_eq!(found.topic == Some("session-in-item"), other == SecretClass::Session);
    }
}

/// Why it matters depends on where it stands before it depends on what it is.
#[test]
fn why_a_secret_matters_is_said_of_where_it_stands() {
    let check = |attribute: &str, class: SecretClass, words: &str| {
        let t = table("t");
        let mut one = sighting(attribute, Severity::High, Confidence::High, "1");
        one.class = class;
        let mut session = sighting("sid", Severity::High, Confidence::High, "2");
        (session.class, session.rule) = (SecretClass::Session, "other".into());
        let described = AuditEvent::Fact(t.clone(), description(vec![index("by-token", "token")]), NOW);
        let found = secrets(&fold([described, items(&t, [vec![one], vec![session; 10]].concat())]));
        assert!(found[0].why.starts_with(words), "{attribute}: {}", found[0].why);
    };
    check("id", SecretClass::ApiKey, "Whoever sees the key holds the secret");
    check("token", SecretClass::Session, "Whoever sees the key holds the secret");
    check("a", SecretClass::Session, "Whoever can read this item can take over the session");
    check("a", SecretClass::WebhookKey, "Whoever can read this item can send events");
}

/// What is inside a signed session goes with it; what is inside another text is taken out of that.
#[test]
fn what_is_inside_a_session_ends_with_the_session() {
    let inside = |layer| vec![Step::Name("a".into()), Step::Layer(layer), Step::Name("k".into())];
    let check = |steps: Vec<Step>, part: bool, sessions: usize, topic: &str| {
        let t = table("t");
        let mut one = sighting("a", Severity::High, Confidence::High, "1");
        (one.path, one.part) = (AttributePath::new(steps), part);
        let mut session = sighting("sid", Severity::High, Confidence::High, "2");
        (session.class, session.rule) = (SecretClass::Session, "other".into());
        let described = AuditEvent::Fact(t.clone(), description(vec![index("by-token", "token")]), NOW);
        let seen = [vec![one], vec![session; sessions]].concat();
        let found = secrets(&fold([described, items(&t, seen)]));
        assert_eq!(found[0].topic, Some(topic), "{}, {sessions} sessions", found[0].title);
    };
    check(inside(Layer::Jwt), false, 10, "session-in-item");
    check(inside(Layer::Jwt), false, 0, "secret-inside");
    check(inside(Layer::Json), false, 10, "secret-inside");
    check(vec![Step::Name("a".into())], true, 10, "secret-inside");
    // A member of a map is no key, whatever the map is called.
    check(vec![Step::Name("token".into()), Step::Name("k".into())], false, 0, "secret-in-item");
}

/// A session in a map is no session store's; where most items have one of their own, it is fixed like one.
#[test]
fn what_most_items_have_of_their_own_is_fixed_in_each() {
    let check = |count: usize, distinct: usize, topic: &str| {
        let t = table("t");
        let one = |n: usize| {
            let mut one = sighting("a", Severity::High, Confidence::High, &format!("{}", n % distinct));
            one.path = AttributePath::new(["a", "b"].map(|name| Step::Name(name.into())).into());
            one.class = SecretClass::Session;
            one
        };
        // Twenty items.
        let found = secrets(&fold([items(&t, (0..count).map(one).collect()), items(&t, Vec::new())]));
        assert_eq!(found[0].topic, Some(topic), "{count} sightings of {distinct}");
    };
    check(20, 20, "session-in-item");
    check(11, 11, "session-in-item");
    check(10, 10, "token-hash");
    check(20, 1, "token-hash");
}

/// An emulator's ARNs name no account: neither does the id.
#[test]
fn a_description_without_an_account_gives_an_id_none() {
    let nowhere = Scope { account: String::new(), ..(*table("t").scope).clone() };
    let t = TableRef::new(&Arc::new(nowhere), "t");
    let FactValue::Description(mut of) = description(Vec::new()) else { panic!("a description") };
    of.arn = "arn:aws:dynamodb:eu-west-1::table/t".into();
    let seen = vec![sighting("a", Severity::High, Confidence::High, "1")];
    let found =
        secrets(&fold([AuditEvent::Fact(t.clone(), FactValue::Description(of), NOW), items(&t, seen)]));
    assert!(found[0].id.is_provisional(), "{}", found[0].id);
}

/// Of many sightings one that is part of a text is enough: to take the attribute away would take that text.
#[test]
fn one_part_of_a_text_among_whole_values_is_enough() {
    let t = table("t");
    let mut part = sighting("a", Severity::High, Confidence::Medium, "1");
    part.part = true;
    let whole = sighting("a", Severity::High, Confidence::Confirmed, "2");
    for order in [[part.clone(), whole.clone()], [whole, part]] {
        assert_eq!(secrets(&fold([items(&t, order.to_vec())]))[0].topic, Some("secret-inside"));
    }
}

#[test]
fn who_can_read_the_items_is_said_and_makes_a_secret_worse() {
    let check = |statement: &str, aws_key: bool, confidence, expect: Severity, words: Option<&str>| {
        let document = format!(r#"{{"Statement":{statement}}}"#);
        let policy = Policy::parse(&document);
        let policy = Some(ResourcePolicy { policy, document, revision: None });
        let t = table("t");
        let FactValue::Description(mut of) = description(Vec::new()) else { unreachable!() };
        of.arn = t.arn();
        let mut events = vec![AuditEvent::Fact(t.clone(), FactValue::Policy(policy), NOW)];
        if aws_key {
            of.encryption = Encryption::Kms { key_arn: "k".into(), inaccessible_since: None };
            let key = KmsKey {
                arn: "k".into(),
                manager: KeyManager::Aws,
                state: KeyState::Enabled,
                deletion: None,
                account: "111122223333".into(),
                multi_region: false,
                rotatable: true,
            };
            events.push(AuditEvent::Fact(t.clone(), FactValue::Key(Some(key)), NOW));
        }
        events.push(AuditEvent::Fact(t.clone(), FactValue::Description(of), NOW));
        events.push(items(&t, vec![sighting("a", Severity::High, confidence, "1")]));
        let found = secrets(&fold(events));
        assert_eq!(found[0].severity, expect, "{statement}");
        let said: Vec<_> = found[0]
            .evidence
            .iter()
            .map(Evidence::sentence)
            .filter(|e| e.starts_with("Others can"))
            .collect();
        assert_eq!(said.len(), usize::from(words.is_some()), "{statement}: {said:?}");
        assert!(words.is_none_or(|w| said[0].contains(w)), "{statement}: {said:?}");
    };
    let to = |principal: &str, action: &str, rest: &str| {
        format!(r#"{{"Effect":"Allow","Principal":{principal},"Action":"{action}","Resource":"*"{rest}}}"#)
    };
    let sure = Confidence::High;
    let other = r#"{"AWS":"444455556666"}"#;
    let organization = r#","Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-1"}}"#;
    check(
        &to(other, "dynamodb:GetItem", ""),
        false,
        sure,
        Severity::Critical,
        Some("grants access to account 444455556666, with dynamodb:GetItem"),
    );
    check(
        &to(r#""*""#, "dynamodb:*", organization),
        false,
        sure,
        // The check calls this low: the organization is one's own, and no other account is named.
        Severity::High,
        None,
    );
    check(&to(r#""*""#, "*", ""), false, sure, Severity::Critical, Some("grants access to anyone, with"));
    check(
        &to(other, "dynamodb:GetItem", ""),
        false,
        Confidence::Medium,
        Severity::High,
        Some("444455556666"),
    );
    // Writing or describing does not read.
    check(&to(other, "dynamodb:PutItem", ""), false, sure, Severity::High, None);
    check(&to(r#""*""#, "dynamodb:DescribeTable", ""), false, sure, Severity::High, None);
    // Under aws/dynamodb nobody from another account can use the grant.
    check(&to(other, "dynamodb:GetItem", ""), true, sure, Severity::High, None);
    check(&to(r#"{"AWS":"111122223333"}"#, "dynamodb:GetItem", ""), false, sure, Severity::High, None);
    // Only the statement that reads is told.
    let both =
        format!("[{},{}]", to(r#"{"AWS":"555566667777"}"#, "dynamodb:PutItem", ""), to(other, "*", ""));
    check(&both, false, sure, Severity::Critical, Some("grants access to account 444455556666, with *"));
}

/// The description, with its ARN.
fn described() -> AuditEvent {
    let FactValue::Description(mut of) = description(Vec::new()) else { unreachable!() };
    of.arn = table("t").arn();
    AuditEvent::Fact(table("t"), FactValue::Description(of), NOW)
}

/// What a secret's finding says of who reads it, with these settings known, and how bad it is.
#[track_caller]
fn readers_of(settings: Vec<AuditEvent>, confidence: Confidence, expect: &str, words: &str) {
    let t = table("t");
    let mut events = vec![AuditEvent::Table(t.clone())];
    events.extend(settings);
    events.push(items(&t, vec![sighting("a", Severity::High, confidence, "1")]));
    let found = secrets(&fold(events));
    assert_eq!(found[0].how_bad(), expect, "{words}");
    assert_eq!(found[0].is_at_least(), found[0].worst > found[0].severity);
    let said: Vec<_> = found[0]
        .evidence
        .iter()
        .map(Evidence::sentence)
        .filter(|e| e.starts_with("Readers unknown"))
        .collect();
    assert_eq!(said.iter().map(|s| s.as_str()).collect::<Vec<_>>().join(" | "), words);
    assert_eq!(found[0].unknown.is_empty(), words.is_empty());
}

#[test]
fn readers_that_are_not_known_are_said_and_leave_the_severity_open() {
    let t = || table("t");
    let known = |value| AuditEvent::Fact(t(), value, NOW);
    let denied = || {
        AuditEvent::FactUnavailable(
            t(),
            FactKind::Policy,
            Gap::Denied(FactKind::Policy.permission(), String::new()),
        )
    };
    let policy = |statements: &str| {
        let document = format!(r#"{{"Statement":[{statements}]}}"#);
        let policy = Policy::parse(&document);
        known(FactValue::Policy(Some(ResourcePolicy { policy, document, revision: None })))
    };
    let sure = Confidence::High;
    readers_of(vec![described(), known(FactValue::Policy(None))], sure, "high", "");
    readers_of(
        vec![described(), denied()],
        sure,
        "at least high",
        "Readers unknown: policy (denied: needs dynamodb:GetResourcePolicy). The severity is at least high: critical if \
         others can read it.",
    );
    // What may be no secret at all does not get critical: nothing could make it worse.
    readers_of(
        vec![described(), denied()],
        Confidence::Medium,
        "high",
        "Readers unknown: policy (denied: needs dynamodb:GetResourcePolicy).",
    );
    let odd = "part of the policy is not understood: statement 1: its member When is not known";
    readers_of(
        vec![
            described(),
            policy(r#"{"Effect":"Allow","Principal":"*","Action":"dynamodb:GetItem","When":1}"#),
        ],
        sure,
        "at least high",
        &format!(
            "Readers unknown: policy ({odd}). The severity is at least high: critical if others can read it."
        ),
    );
    // A principal that nobody understands, where it may read and where it may not.
    let federated = |action: &str| {
        policy(&format!(
            r#"{{"Effect":"Allow","Principal":{{"Federated":"accounts.example.com"}},"Action":"{action}","Resource":"*"}}"#
        ))
    };
    readers_of(
        vec![described(), federated("dynamodb:Scan")],
        sure,
        "at least high",
        "Readers unknown: policy (part of the policy is not understood: the principal accounts.example.com is not \
         understood). The severity is at least high: critical if others can read it.",
    );
    readers_of(vec![described(), federated("dynamodb:DescribeTable")], sure, "high", "");
    // Nothing can make it worse, and something is not understood all the same.
    let public = r#"{"Effect":"Allow","Principal":"*","Action":"dynamodb:GetItem","Resource":"*"}"#;
    readers_of(
        vec![described(), policy(&format!("{public},7"))],
        sure,
        "critical",
        "Readers unknown: policy (part of the policy is not understood: statement 2: not an object).",
    );
    // A service that reads for another account is a reader.
    let replication = r#"{"Effect":"Allow","Principal":{"Service":"replication.dynamodb.amazonaws.com"},
        "Action":"dynamodb:ReadDataForReplication","Resource":"*","Condition":{"StringEquals":{"aws:SourceAccount":"444455556666"}}}"#;
    readers_of(vec![described(), policy(replication)], sure, "critical", "");
}

#[test]
fn a_check_that_would_be_worse_with_secrets_says_so_while_no_item_was_read() {
    let t = table("t");
    let found = |audit: &Audit| {
        let all = audit.findings(NOW);
        all.into_iter().find(|f| f.rule() == "aws-owned-key").expect("fails")
    };
    let before = found(&fold([described()]));
    assert_eq!(before.how_bad(), "at least info");
    assert!(says(&before, "medium if the items hold secrets, and none of them was read"));
    assert_eq!(before.unknown, [crate::domain::Missing::Items]);
    let empty = found(&fold([described(), AuditEvent::Ended(t.clone(), Outcome::Whole)]));
    assert_eq!(empty.how_bad(), "info", "a table that was read to its end and has no item holds no secret");
    let after = found(&fold([described(), items(&t, Vec::new())]));
    assert_eq!((after.how_bad().as_str(), after.unknown.len()), ("info", 0));
}

/// Whatever is not understood of a policy stands among the gaps, whichever checks it turned.
#[test]
fn what_is_not_understood_is_a_gap() {
    let t = table("t");
    let gaps = |document: &str| {
        let policy = Policy::parse(document);
        let policy = ResourcePolicy { policy, document: document.to_owned(), revision: None };
        let audit = fold([described(), AuditEvent::Fact(t.clone(), FactValue::Policy(Some(policy)), NOW)]);
        let audit = audit.table(&t).expect("there");
        let all = audit.gaps(&audit.verdicts(NOW), NOW);
        let of_policy = all.into_iter().filter(|(kind, _)| *kind == FactKind::Policy);
        of_policy.map(|(_, gap)| gap.to_string()).collect::<Vec<_>>().join(" | ")
    };
    let theirs = r#"{"Effect":"Allow","Principal":"*","Action":"*","Resource":"arn:a/index/b"}"#;
    for (document, expect) in [
        (r#"{"Statement":[]}"#.to_owned(), ""),
        (format!(r#"{{"Statement":[{theirs}]}}"#), ""),
        (format!(r#"{{"Statement":[{theirs},7]}}"#), "part of the policy is not understood: statement 2: not an object"),
        (format!(r#"{{"Statement":[{theirs}],"Extra":1}}"#), "part of the policy is not understood: its member Extra is not known"),
        ("nonsense".into(), "part of the policy is not understood: not JSON (line 1, column 2)"),
        (
            r#"{"Statement":{"Effect":"Allow","Principal":{"Federated":"x"},"Action":"dynamodb:GetItem","Resource":"*"}}"#.into(),
            "part of the policy is not understood: the principal x is not understood",
        ),
    ] {
        assert_eq!(gaps(&document), expect, "{document}");
    }
}

#[test]
fn the_same_secret_in_two_tables_is_said() {
    let (a, b, c) = (table("orders"), table("orders_staging_copy"), table("carts"));
    let seen = |print| vec![sighting("a", Severity::High, Confidence::High, print)];
    let tag = |env: &str| FactValue::Tags(vec![("Environment".into(), env.into())]);
    let audit = fold([
        AuditEvent::Fact(a.clone(), tag("production"), NOW),
        items(&a, seen("same")),
        items(&b, seen("same")),
        items(&c, seen("other")),
    ]);
    let found = audit.findings(NOW);
    let on = |t: &TableRef, rule: &str| found.iter().find(|f| f.table == *t && f.rule() == rule);
    assert!(says(on(&a, "r").expect("found"), "also in orders_staging_copy (staging)"));
    assert!(!says(on(&c, "r").expect("found"), "also in"));
    let bleed = on(&b, "env-bleed").expect("found");
    assert!(says(bleed, "also in orders (production)") && says(bleed, "1 shared secret, in a"));
    assert_eq!(bleed.topic, None);
    assert!(on(&a, "env-bleed").is_none());
}

#[test]
fn a_table_restored_from_another_environment_is_told_and_found() {
    let (a, b, c) = (table("orders"), table("orders_staging_copy"), table("orders_archive"));
    let tag = |env: &str| FactValue::Tags(vec![("Environment".into(), env.into())]);
    let described = |of: &TableRef, from: Option<&TableRef>| {
        let FactValue::Description(plain) = description(Vec::new()) else { panic!("another fact") };
        let restored_from = from.map(TableRef::arn);
        let described = TableDescription { arn: of.arn(), restored_from, ..plain };
        AuditEvent::Fact(of.clone(), FactValue::Description(described), NOW)
    };
    let mut audit = fold([
        AuditEvent::Fact(a.clone(), tag("production"), NOW),
        AuditEvent::Fact(c.clone(), tag("production"), NOW),
        described(&a, None),
        described(&b, Some(&a)),
        AuditEvent::Table(c.clone()),
    ]);
    let found = audit.findings(NOW);
    let bleed: Vec<_> = found.iter().filter(|f| f.rule() == "env-bleed").collect();
    assert_eq!((bleed.len(), &bleed[0].table, bleed[0].severity), (1, &b, Severity::Medium));
    assert!(says(bleed[0], "It was restored from orders (production)"));
    assert_eq!(audit.restored(&a), Ok(vec![&b]));
    assert_eq!(audit.restored(&b), Err(Gap::NotAsked), "the third may be one");
    audit.absorb(described(&c, None));
    assert_eq!(audit.restored(&b), Ok(Vec::new()));
    // Within one environment it is a copy like any other.
    audit.absorb(described(&c, Some(&a)));
    assert!(audit.findings(NOW).iter().all(|f| f.rule() != "env-bleed" || f.table == b));
    assert_eq!(audit.restored(&a), Ok(vec![&c, &b]));
}

#[test]
fn environments() {
    for (name, expect) in [
        ("orders-prod", Some("production")),
        ("orders_staging_copy", Some("staging")),
        ("copy_of_prod_for_dev", Some("development")),
        ("products", None),
        ("devices", None),
    ] {
        let audit = fold([AuditEvent::Table(table(name))]);
        assert_eq!(environment(audit.tables().next().expect("there")), expect, "{name}");
    }
    // A tag decides, where it is one of an environment.
    for (tag, value, expect) in
        [("ENV", "prod", "production"), ("owner", "prod", "development"), ("stage", "qa", "test")]
    {
        let tags = FactValue::Tags(vec![("a".into(), "staging".into()), (tag.into(), value.into())]);
        let audit = fold([AuditEvent::Fact(table("orders-dev"), tags, NOW)]);
        assert_eq!(environment(audit.tables().next().expect("there")), Some(expect), "{tag}");
    }
}

#[test]
fn info_is_listed_last() {
    let t = table("t");
    let audit = fold([items(
        &t,
        vec![
            sighting("example", Severity::Info, Confidence::Confirmed, "1"),
            sighting("real", Severity::Low, Confidence::Medium, "2"),
        ],
    )]);
    let order: Vec<_> = secrets(&audit).iter().map(|f| f.severity).collect();
    assert_eq!(order, [Severity::Low, Severity::Info]);
}

/// One event of a scan. Each fact of a table is asked once, so at most one answer of each kind is made.
fn events() -> impl Strategy<Value = Vec<AuditEvent>> {
    let tables = ["orders-prod", "orders-dev", "carts"];
    let seen = (0usize..3, "[ab]", 0usize..5, 0usize..4, 0u8..6).prop_map(
        |(_, path, severity, confidence, print)| {
            sighting(&path, Severity::ALL[severity], Confidence::ALL[confidence], &print.to_string())
        },
    );
    let read = (0usize..3, prop::collection::vec(seen, 0..6))
        .prop_map(move |(t, seen)| items(&table(tables[t]), seen));
    let facts = (any::<[bool; 3]>(), any::<[bool; 3]>()).prop_map(move |(described, ttl)| {
        let mut events = Vec::new();
        for (n, name) in tables.iter().enumerate() {
            events.push(AuditEvent::Table(table(name)));
            events.push(if described[n] {
                AuditEvent::Fact(table(name), description(Vec::new()), NOW)
            } else {
                AuditEvent::FactUnavailable(table(name), FactKind::Description, Gap::Unsupported)
            });
            if ttl[n] {
                let value = FactValue::TimeToLive(TimeToLive { attribute: None });
                events.push(AuditEvent::Fact(table(name), value, NOW));
            }
            events.push(AuditEvent::Ended(table(name), Outcome::Sampled));
        }
        events
    });
    (prop::collection::vec(read, 0..10), facts)
        .prop_map(|(reads, facts)| reads.into_iter().chain(facts).collect())
}

proptest! {
    /// Answers arrive in any order; what is found does not depend on it.
    #[test]
    fn the_order_of_events_does_not_change_the_findings(
        (events, shuffled) in events().prop_flat_map(|e| (Just(e.clone()), Just(e).prop_shuffle()))
    ) {
        let (a, b) = (fold(events), fold(shuffled));
        prop_assert_eq!(a.findings(NOW), b.findings(NOW));
        prop_assert_eq!(a, b);
    }

    /// A finding's name is its own, and says nothing of a value.
    #[test]
    fn ids_are_unique(events in events()) {
        let mut ids: Vec<_> = fold(events).findings(NOW).into_iter().map(|f| f.id).collect();
        let all = ids.len();
        ids.sort();
        ids.dedup();
        prop_assert_eq!(ids.len(), all);
    }

    /// More sightings than are remembered: the smallest fingerprints stay, whatever the order.
    #[test]
    fn the_fingerprints_kept_are_the_smallest(order in Just((0u32..600).collect::<Vec<_>>()).prop_shuffle()) {
        let t = table("t");
        let seen = order.iter().map(|n| sighting("a", Severity::High, Confidence::High, &format!("{n:08}"))).collect();
        let audit = fold([items(&t, seen)]);
        let known = audit.table(&t).expect("there");
        let kept: Vec<String> = known.fingerprints(&known.flagged[0]).map(str::to_owned).collect();
        prop_assert_eq!(kept, (0..256).map(|n| format!("{n:08}")).collect::<Vec<_>>());
        prop_assert_eq!(known.distinct(&known.flagged[0]), (256, true));
    }
}

#[test]
fn a_map_keyed_by_ids_is_one_finding() {
    let seen = |user: &str, print: &str| {
        let steps = ["sessions", user, "token"].map(|name| crate::domain::Step::Name(name.into()));
        Sighting {
            path: AttributePath::new(steps.into()),
            ..sighting("sessions", Severity::High, Confidence::High, print)
        }
    };
    let check = |users: &[&str], expect: &[&str]| {
        let mut audit = Audit::default();
        let t = table("t");
        for (n, user) in users.iter().enumerate() {
            audit.absorb(items(&t, vec![seen(user, &n.to_string())]));
        }
        let flagged = &audit.table(&t).expect("known").flagged;
        let paths: Vec<String> = flagged.iter().map(|f| format!("{} {}", f.path, f.count)).collect();
        assert_eq!(paths, expect, "{users:?}");
    };
    check(&["user-1001", "user-1002", "user-1003"], &["sessions.*.token 3"]);
    check(&["kim@shop.example", "0b6f2c1e-5d3a-4e8f-9a70-1f2e3d4c5b6a"], &["sessions.*.token 2"]);
    check(&["web", "mobile", "web"], &["sessions.mobile.token 1", "sessions.web.token 2"]);
    check(&["user-1001", "web"], &["sessions.web.token 1", "sessions.*.token 1"]);
}

/// What is wrong with a Region is one finding, whatever the number of its tables; as bad as for the worst of them.
#[test]
fn what_is_wrong_with_a_region_is_said_once() {
    let description = |t: &TableRef| {
        let FactValue::Description(mut d) = description(Vec::new()) else { panic!("a description") };
        d.arn = t.arn();
        FactValue::Description(d)
    };
    let (a, b, c) = (table("a"), table("b"), table("c"));
    let mut audit = Audit::default();
    for t in [&c, &a, &b] {
        for fact in [
            description(t),
            FactValue::Trails(Vec::new()),
            FactValue::TrailSelectors(Vec::new()),
            FactValue::TrailStatus(Vec::new()),
        ] {
            audit.absorb(AuditEvent::Fact(t.clone(), fact, NOW));
        }
    }
    let found = |audit: &Audit| {
        let all =
            audit.findings(NOW).into_iter().filter(|f| f.rule() == "no-data-events").collect::<Vec<_>>();
        assert_eq!(all.len(), 1);
        all.into_iter().next().expect("one")
    };
    let one = found(&audit);
    assert_eq!(one.tables().collect::<Vec<_>>(), [&a, &b, &c]);
    assert_eq!((one.severity, one.worst, one.evidence.len()), (Severity::Low, Severity::Medium, 3));
    assert!(one.id.to_string().ends_with(":table/*#no-data-events"), "{}", one.id);
    assert_eq!(one.place(), format!("{} (3 tables)", a.scope.region));
    // One of them turns out to hold a secret: the same finding, and worse.
    audit.absorb(items(&b, vec![sighting("k", Severity::High, Confidence::High, "1")]));
    let worse = found(&audit);
    assert_eq!((worse.id == one.id, worse.severity), (true, Severity::Medium));
    assert!(worse.affects(&a) && worse.affects(&b) && !worse.affects(&table("d")));
    // What is said of some of the tables alone names them.
    assert!(worse.evidence.iter().any(|e| e.sentence().starts_with("a and c: ")), "{:?}", worse.evidence);
}

/// Every other check is of a table, and so is its finding.
#[test]
fn a_region_is_known_by_facts_of_the_region() {
    for check in crate::posture::CHECKS {
        // Of the account's roles those are wrong that read a table, which its policy decides with theirs.
        let of_people = check.reads.contains(&FactKind::Account);
        let own = |kind: &&FactKind| {
            let decides = **kind == FactKind::Description || of_people && **kind == FactKind::Policy;
            !kind.level().is_shared() && !decides
        };
        let reads = check.reads.iter().find(own);
        let is_of_table = check.level == crate::domain::Level::Table;
        assert!(is_of_table || reads.is_none() && !check.reads_items, "{}: {reads:?}", check.id);
    }
}

/// An id names a whole ARN; where the account is not known it says so, and takes it from the table's description.
#[test]
fn an_id_is_made_of_a_whole_arn_or_says_that_it_is_not() {
    let nowhere = Scope { account: String::new(), ..(*table("t").scope).clone() };
    let (t, other) = (TableRef::new(&Arc::new(nowhere.clone()), "t"), TableRef::new(&Arc::new(nowhere), "u"));
    let described = || {
        let FactValue::Description(mut of) = description(Vec::new()) else { panic!("a description") };
        of.arn = table("t").arn();
        AuditEvent::Fact(t.clone(), FactValue::Description(of), NOW)
    };
    let seen = || items(&t, vec![sighting("a", Severity::High, Confidence::High, "1")]);
    let analyzers = |t: &TableRef| AuditEvent::Fact(t.clone(), FactValue::Analyzers(Vec::new()), NOW);
    let check = |events: Vec<AuditEvent>, account: &str, provisional: bool| {
        let audit = fold(events);
        let found = audit.findings(NOW);
        assert!(found.len() > 1, "{found:?}");
        for finding in &found {
            assert_eq!(finding.id.subject().split(':').nth(4), Some(account), "{}", finding.id);
            assert_eq!(finding.id.is_provisional(), provisional);
        }
        let alone = audit.table(&t).expect("known").findings(NOW);
        let ids: std::collections::BTreeSet<_> = found.iter().map(|f| &f.id).collect();
        assert!(alone.iter().filter(|f| f.subject.kind() == "table").all(|f| ids.contains(&f.id)));
    };
    check(vec![seen(), analyzers(&t)], "unknown-account", true);
    check(vec![described(), seen(), analyzers(&t), analyzers(&other)], "111122223333", false);
}

/// A fix changes the statements that are wrong and no others: their numbers are in the evidence, or it is said that
/// they are not all there.
#[test]
fn the_statements_that_are_wrong_are_told_by_number() {
    let t = table("t");
    let check = |statements: &[&str], expect: Option<&[u64]>| {
        let document = format!(r#"{{"Statement":[{}]}}"#, statements.join(","));
        let policy = Policy::parse(&document);
        let policy = FactValue::Policy(Some(ResourcePolicy { policy, document, revision: None }));
        let FactValue::Description(mut of) = description(Vec::new()) else { panic!("a description") };
        of.arn = t.arn();
        let facts = [FactValue::Description(of), policy];
        let audit = fold(facts.into_iter().map(|fact| AuditEvent::Fact(t.clone(), fact, NOW)));
        let found = audit.findings(NOW);
        let public = found.iter().find(|f| f.rule() == "policy-public").expect("it fails");
        let numbers = public.statements().map(|all| all.into_iter().collect::<Vec<_>>());
        assert_eq!(numbers.as_deref(), expect);
    };
    let open = r#"{"Effect":"Allow","Principal":"*","Action":"dynamodb:GetItem","Resource":"*"}"#;
    let own = r#"{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"*","Resource":"*"}"#;
    check(&[own, open, own, open], Some(&[2, 4]));
    check(&[open; 100], Some(&(1..=100).collect::<Vec<u64>>()));
    check(&[open; 101], None);
}

#[test]
fn a_short_id_is_of_the_id_alone() {
    let subject = crate::domain::FindingSubject::Table(table("t"));
    let short = |rule| crate::domain::FindingId::new(&subject, rule, None).short();
    assert_eq!(short("pitr-off"), short("pitr-off"));
    assert_ne!(short("pitr-off"), short("no-backup"));
    assert!(short("pitr-off").len() == 8 && short("pitr-off").chars().all(|c| c.is_ascii_hexdigit()));
}

/// A global index of everything.
fn index(name: &str, partition: &str) -> Index {
    Index {
        name: name.into(),
        global: true,
        key: schema(partition),
        more_partition: Vec::new(),
        more_sort: Vec::new(),
        projection: Projection::All,
        items: None,
        bytes: None,
        capacity: None,
    }
}

/// Every kind that the audit declares is given, none that it does not, and each carries what its message declares.
#[test]
fn what_the_audit_declares_is_what_findings_carry() {
    let [prod, staging, unread] = ["orders-prod", "orders-staging", "orders-unread"].map(table);
    let mut audit = Audit::default();
    for t in [&prod, &staging, &unread] {
        let FactValue::Description(mut of) = description(vec![index("by-token", "token")]) else {
            panic!("a description")
        };
        of.arn = t.arn();
        of.restored_from = (t == &staging).then(|| prod.arn());
        let document = r#"{"Statement":{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}}"#;
        let policy = Policy::parse(document);
        let policy = ResourcePolicy { policy, document: document.into(), revision: None };
        let mut facts = vec![
            FactValue::Description(of),
            FactValue::Trails(Vec::new()),
            FactValue::TrailSelectors(Vec::new()),
        ];
        facts.extend((t == &prod).then_some(FactValue::Policy(Some(policy))));
        audit.absorb_all(facts.into_iter().map(|fact| AuditEvent::Fact(t.clone(), fact, NOW)));
    }
    let one = |path: &str, print: String| Sighting {
        item: Some(ItemKey::new(&[Safe::neutral("k")])),
        ..sighting(path, Severity::High, Confidence::High, &print)
    };
    for t in [&prod, &staging] {
        let seen = (0..10).flat_map(|n| {
            [one("id", "same".into()), one("token", format!("few{}", n % 2)), one("own", format!("own{n}"))]
        });
        audit.absorb(items(t, seen.collect()));
    }
    let mut found = audit.findings(NOW);
    // One is accepted, and one in part.
    let why = accepting::because("known");
    let path = |f: &crate::domain::Finding| f.path().map(ToString::to_string).unwrap_or_default();
    let all = found.iter().filter(|f| f.rule() == "r" && path(f) != "id").map(|f| {
        let mut accepted = super::accepting(&audit, f, &why).expect("it is there");
        accepted.fingerprints.remove("few0");
        accepted
    });
    let all = crate::domain::Acceptances::new(all.collect::<Vec<_>>());
    audit.accept(Arc::new(all));
    found.extend(audit.findings(NOW));
    let told: Vec<Evidence> = found.iter().flat_map(|f| f.told(false)).collect();
    let given: Vec<&Evidence> = told.iter().flat_map(Evidence::all).collect();
    let mut unseen: std::collections::BTreeSet<&str> = super::messages::OWN.iter().map(|m| m.kind).collect();
    let declared: Vec<_> = messages().map(|m| m.kind).collect();
    for evidence in given {
        let carried: std::collections::BTreeSet<&str> =
            evidence.fields().iter().map(|(name, _)| *name).collect();
        assert_eq!(carried, evidence.message().fields(), "{}", evidence.kind());
        assert!(declared.contains(&evidence.kind()), "{} is not declared", evidence.kind());
        unseen.remove(evidence.kind());
    }
    assert!(unseen.is_empty(), "no finding carries {unseen:?}");
    let kinds: std::collections::BTreeSet<_> = declared.iter().collect();
    assert_eq!(kinds.len(), declared.len(), "a kind is there twice");
}
