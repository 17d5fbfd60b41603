//! The pages of protection with much to tell: long policies, many replicas, roles that are asked for.

use super::play::Play;
use super::world::{Mood, scope};
use crate::audit::AuditEvent;
use crate::domain::{
    FactKind, FactValue, Gap, Policy, ReplicaRef, ResourcePolicy, Stream, StreamConsumer, TableDescription,
    TableRef,
};
use crate::engine::Question;
use crate::tui::Ask;

const SIZES: [(u16, u16); 3] = [(40, 12), (80, 24), (200, 50)];

/// The first table of the list, with these facts instead of what the world tells.
fn with(size: (u16, u16), facts: Vec<FactValue>) -> (Play, TableRef) {
    let mut play = Play::new(Mood::Fine, size);
    let table = TableRef::new(&scope("eu-west-1"), "api_metadata");
    let now = play.now;
    for value in facts {
        play.model.shared.engine.record(AuditEvent::Fact(table.clone(), value, now));
    }
    play.keys("/ 'api_metadata' enter");
    (play, table)
}

fn description(change: impl Fn(&mut TableDescription)) -> FactValue {
    let play = Play::new(Mood::Fine, (80, 24));
    let table = TableRef::new(&scope("eu-west-1"), "api_metadata");
    let mut description =
        play.model.shared.audit(&table).and_then(|a| a.facts.description.known()).expect("known").clone();
    change(&mut description);
    FactValue::Description(description)
}

/// Goes down a page at a time to the end, and gathers what was on screen.
fn read_through(play: &mut Play) -> String {
    let (mut seen, mut last) = (String::new(), String::new());
    for _ in 0..400 {
        let now = play.text();
        if now == last {
            return seen;
        }
        seen.push_str(&now);
        last = now;
        play.press("pgdn");
    }
    panic!("it has no end:\n{last}");
}

#[test]
fn long_policies_are_told_statement_by_statement_whatever_they_say() {
    let evil = "\\u001b]52;c;x\\u0007\\u202e".repeat(2);
    let statement = |n: usize| {
        format!(
            r#"{{"Sid":"S{n:02}","Effect":"Allow","Principal":"*","Action":"dynamodb:{evil}","Resource":"{evil}",
                "Condition":{{"StringLike":{{"aws:{evil}":"{evil}"}}}}}}"#
        )
    };
    // Fifty at the size that shows most at once; the narrow ones page for long.
    for (size, count) in SIZES.into_iter().zip([4, 8, 50]) {
        let statements = (1..=count).map(statement).collect::<Vec<_>>().join(",");
        let document = format!(r#"{{"Statement":[{statements}]}}"#);
        let policy = Policy::parse(&document);
        let policy = ResourcePolicy { policy, document: document.clone(), revision: None };
        let (mut play, _) = with(size, vec![FactValue::Policy(Some(policy))]);
        play.keys("W");
        let seen = read_through(&mut play);
        for n in 1..=count {
            assert!(seen.contains(&format!("S{n:02}")), "statement {n} at {size:?}");
        }
        assert!(!seen.contains(['\u{1b}', '\u{7}', '\u{202e}']), "at {size:?}");
    }
}

#[test]
fn ten_replicas_are_all_in_the_picture() {
    let region = |n| format!("xx-place-{n}");
    for size in SIZES {
        let replica = move |n| ReplicaRef { region: region(n), account: None, status: "ACTIVE".into() };
        let replicas = move |d: &mut TableDescription| d.replicas = (0..10).map(replica).collect();
        let (mut play, _) = with(size, vec![description(replicas)]);
        play.keys("O");
        let seen = read_through(&mut play);
        assert!((0..10).all(|n| seen.contains(&region(n))), "at {size:?}:\n{seen}");
    }
}

/// The question about roles is a person's: nothing is asked before Enter, and then for this table alone.
#[test]
fn roles_are_asked_for_by_a_person_only() {
    let function = "arn:aws:lambda:eu-west-1:111122223333:function:indexer".to_owned();
    let stream = |d: &mut TableDescription| {
        d.stream = Some(Stream { arn: "arn:stream".into(), view: "NEW_IMAGE".into() });
    };
    let reads = vec![StreamConsumer { function, state: "Enabled".into() }];
    let (mut play, table) = with((80, 24), vec![description(stream), FactValue::StreamConsumers(reads)]);
    play.keys("O");
    play.keys("G");
    play.sees("Execution role of the function that reads");
    play.press("X");
    play.sees("environment variables").sees("leaves out");
    assert!(play.open.is_empty());
    play.press("enter");
    let asked: Vec<&Ask> = play.open.iter().map(|(.., ask)| ask).collect();
    assert!(
        matches!(asked.as_slice(), [Ask::Audit(Question::Fact(of, FactKind::FunctionRoles, _))] if *of == table),
        "{} questions",
        asked.len()
    );
    // Denied, it is told as such, with the permission.
    let denied = Gap::Denied(FactKind::FunctionRoles.permission(), "not authorized".into());
    play.model.shared.engine.record(AuditEvent::FactUnavailable(
        table.clone(),
        FactKind::FunctionRoles,
        denied,
    ));
    play.press("esc");
    play.press("G");
    play.sees("lambda:GetFunctionConfiguration");
}
