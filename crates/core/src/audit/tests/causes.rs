//! Which findings are told together, and in what words.

use super::*;
use crate::audit::{Cause, groups};

/// What an audit's groups are, as `cause: place: title (findings)`, the worst first. Of settings only those named are
/// compared: a table of which little is known fails others, too.
fn check(events: Vec<AuditEvent>, causes: &[Cause], expect: &[&str]) {
    let audit = fold(events);
    let findings = audit.findings(NOW);
    let all = groups(&audit, &findings, audit.tables().count());
    let shown: Vec<String> = all
        .iter()
        .filter(|group| causes.contains(&group.cause))
        .map(|g| format!("{}: {}: {} ({})", g.cause.word(), g.place, g.title, g.members.len()))
        .collect();
    assert_eq!(shown, expect);
    // Each finding is in one group, and each group is as bad as the worst in it.
    let mut members: Vec<usize> = all.iter().flat_map(|g| g.members.clone()).collect();
    members.sort_unstable();
    assert!(members.into_iter().eq(0..findings.len()));
    for group in &all {
        let worst = group.members.iter().map(|n| findings[*n].severity).max();
        assert_eq!(Some(group.severity), worst, "{}", group.title);
    }
}

/// A value of a kind in an attribute.
fn seen(rule: &str, path: &str, print: &str) -> Sighting {
    Sighting {
        rule: rule.into(),
        title: rule.into(),
        ..sighting(path, Severity::High, Confidence::High, print)
    }
}

fn nested(rule: &str, path: &[&str], print: &str) -> Sighting {
    let steps = path.iter().map(|name| Step::Name((*name).to_owned())).collect();
    Sighting { path: AttributePath::new(steps), ..seen(rule, "", print) }
}

fn there(region: &str, name: &str) -> TableRef {
    let scope = Scope { region: region.into(), ..(*table(name).scope).clone() };
    TableRef::new(&Arc::new(scope), name)
}

#[test]
fn secrets_of_one_attribute_are_one_cause() {
    let one = |all: Vec<Sighting>, expect: &[&str]| {
        check(vec![items(&table("t"), all)], &[Cause::Secret], expect);
    };
    one(vec![seen("stripe", "a", "1")], &["secret: t: a: stripe (1)"]);
    one(vec![seen("stripe", "a", "1"), seen("slack", "a", "2")], &["secret: t: a: slack, stripe (2)"]);
    one(
        vec![seen("stripe", "a", "1"), seen("slack", "a", "2"), seen("npm", "a", "3")],
        &["secret: t: a: npm and 2 other kinds (3)"],
    );
    one(
        vec![seen("stripe", "a", "1"), seen("stripe", "b", "2")],
        &["secret: t: a: stripe (1)", "secret: t: b: stripe (1)"],
    );
    // Parts of one attribute, as DynamoDB has attributes.
    one(
        vec![nested("stripe", &["m", "pay"], "1"), nested("slack", &["m", "chat"], "2")],
        &["secret: t: m.chat, m.pay: slack, stripe (2)"],
    );
}

#[test]
fn the_halves_of_an_access_key_are_one_cause() {
    let half = |rule, path| Sighting { class: SecretClass::AwsKey, ..seen(rule, path, path) };
    check(
        vec![items(&table("t"), vec![half("id", "a"), half("secret", "b"), seen("stripe", "c", "1")])],
        &[Cause::Secret],
        &["secret: t: a, b: id, secret (2)", "secret: t: c: stripe (1)"],
    );
}

#[test]
fn an_attribute_of_tables_of_one_name_is_one_cause_and_so_is_a_copy() {
    let mine = |print| vec![seen("stripe", "a", print)];
    let two = |other: &TableRef, print, expect: &[&str]| {
        let events = vec![items(&table("t"), mine("1")), items(other, mine(print))];
        check(events, &[Cause::Secret], expect);
    };
    // The same application elsewhere, whatever the values.
    two(&there("us-east-1", "t"), "2", &["secret: t (2 tables): a: stripe (2)"]);
    // Another table with the same value, and one with another.
    two(&table("u"), "1", &["secret: t (2 tables): a: stripe (2)"]);
    two(&table("u"), "2", &["secret: t: a: stripe (1)", "secret: u: a: stripe (1)"]);
    // All that is there is elsewhere, too: a copy. Something of its own: none.
    let many = |prints: &[&str]| prints.iter().map(|p| seen("stripe", "a", p)).collect::<Vec<_>>();
    let copy = |of: &[&str], expect: &[&str]| {
        let events = vec![items(&table("t"), many(&["1", "2"])), items(&table("u"), many(of))];
        check(events, &[Cause::Secret], expect);
    };
    copy(&["2"], &["secret: t (2 tables): a: stripe (2)"]);
    copy(&["2", "3"], &["secret: t: a: stripe (1)", "secret: u: a: stripe (1)"]);
}

#[test]
fn what_comes_of_a_secret_is_told_with_it() {
    let t = table("t");
    let keyed = AuditEvent::Fact(t.clone(), description(Vec::new()), NOW);
    // `id` is the key of the table: a secret in it is a finding of its own, of the same cause.
    check(
        vec![keyed, items(&t, vec![seen("session", "id", "1"), seen("stripe", "z", "2")])],
        &[Cause::Secret],
        &["secret: t: id: session (2)", "secret: t: z: stripe (1)"],
    );
}

#[test]
fn a_setting_is_one_cause_wherever_it_is_so() {
    let off = |name: &str| AuditEvent::Fact(table(name), FactValue::Tags(Vec::new()), NOW);
    check(vec![off("t")], &[Cause::Setting], &["setting: t: No tag says whose it is (2)"]);
    check(
        vec![off("t"), off("u"), AuditEvent::Table(table("v"))],
        &[Cause::Setting],
        &["setting: 2 of 3 tables: No tag says whose it is (4)"],
    );
}

#[test]
fn a_statement_is_one_cause_with_all_that_is_wrong_with_it() {
    let t = table("t");
    let policy = |statements: &str| {
        let document = format!(r#"{{"Statement":[{statements}]}}"#);
        let policy = Policy::parse(&document);
        FactValue::Policy(Some(ResourcePolicy { policy, document, revision: None }))
    };
    let statement = |sid: &str, account: &str, action: &str| {
        format!(
            r#"{{"Sid":"{sid}","Effect":"Allow","Principal":{{"AWS":"arn:aws:iam::{account}:root"}},"Action":"{action}","Resource":"*"}}"#
        )
    };
    let both =
        [statement("A", "444455556666", "dynamodb:*"), statement("B", "777788889999", "dynamodb:GetItem")];
    let FactValue::Description(mut of) = description(Vec::new()) else { panic!("a description") };
    of.arn = t.arn();
    let facts = [FactValue::Description(of), policy(&both.join(","))];
    let audit = fold(facts.into_iter().map(|fact| AuditEvent::Fact(t.clone(), fact, NOW)));
    let findings = audit.findings(NOW);
    let all = groups(&audit, &findings, audit.tables().count());
    let statements: Vec<&str> =
        all.iter().filter(|g| g.cause == Cause::Statement).map(|g| g.title.as_str()).collect();
    // What both are guilty of joins them: one document, one edit.
    assert_eq!(statements.len(), 1, "{statements:?}");
    assert!(statements[0].contains("more (statement A)"), "{statements:?}");
}
