//! Runs the cases of every check, and holds what must be true of the list.

use std::collections::BTreeSet;

use crate::domain::{Fact, FactKind, Flagged, TableFacts, Verdict};
use crate::posture::check::{Case, PostureCheck, Subject, judge};
use crate::posture::{CHECKS, examples};

fn verdict(check: &PostureCheck, facts: &TableFacts, flagged: Option<&[Flagged]>) -> Verdict {
    let table = examples::table();
    judge(
        check,
        &Subject { table: &table, facts, flagged, items_read: examples::ITEMS_READ, now: examples::NOW },
    )
}

/// The verdict as one word and one text.
fn spoken(verdict: &Verdict) -> (&'static str, String) {
    match verdict {
        Verdict::Pass(text) => ("pass", text.to_string()),
        Verdict::Fail(evidence) => ("fail", format!("{}: {}", evidence.severity, evidence.text)),
        Verdict::Unknown(missing) => {
            ("unknown", missing.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))
        }
        Verdict::NotApplicable(text) => ("not-applicable", text.to_string()),
    }
}

fn check(check: &PostureCheck, case: &Case) {
    let (word, text) = spoken(&verdict(check, &(case.facts)(), (case.flagged)().as_deref()));
    let at = format!("{}: {}", check.id, case.given);
    assert_eq!(word, case.expect, "{at}: {text}");
    assert!(text.contains(case.says) && !case.says.is_empty(), "{at}: {text:?} lacks {:?}", case.says);
    assert!(text.chars().count() < 1_200, "{at}: too long");
    assert!(!text.contains("unencrypted"), "{at}: DynamoDB always encrypts");
}

/// The facts without one of them.
fn without(facts: &TableFacts, kind: FactKind) -> TableFacts {
    let mut less = facts.clone();
    match kind {
        FactKind::Description => less.description = Fact::default(),
        FactKind::Backups => less.backups = Fact::default(),
        FactKind::TimeToLive => less.time_to_live = Fact::default(),
        FactKind::Policy => less.policy = Fact::default(),
        FactKind::Key => less.key = Fact::default(),
        FactKind::Rotation => less.rotation = Fact::default(),
        FactKind::StreamPolicy => less.stream_policy = Fact::default(),
        FactKind::Tags => less.tags = Fact::default(),
    }
    less
}

#[test]
fn every_case_is_judged_as_it_says() {
    for posture in CHECKS {
        for case in posture.cases {
            check(posture, case);
        }
    }
}

#[test]
fn every_check_has_a_pass_a_failure_and_an_unknown() {
    for check in CHECKS {
        for word in ["pass", "fail", "unknown"] {
            assert!(check.cases.iter().any(|c| c.expect == word), "{} has no {word} case", check.id);
        }
    }
}

#[test]
fn the_list_is_in_order() {
    let ids: BTreeSet<_> = CHECKS.iter().map(|c| c.id).collect();
    assert_eq!(ids.len(), CHECKS.len(), "an id is there twice");
    for check in CHECKS {
        let id = check.id;
        assert!(id.split('-').all(|w| !w.is_empty() && w.chars().all(|c| c.is_ascii_lowercase())), "{id}");
        assert!(!check.reads.is_empty(), "{id} reads nothing");
        assert!(check.source.starts_with("https://docs.aws.amazon.com/"), "{id}");
        let topic = check.topic.expect(id);
        assert!(crate::remedy::TOPICS.iter().any(|t| t.id == topic), "{id}: no remedy {topic}");
        assert!(check.why.ends_with('.') && !check.title.ends_with('.'), "{id}");
    }
}

#[test]
fn every_declared_read_matters() {
    for check in CHECKS {
        let turns = |unknown: &dyn Fn(&Case) -> Verdict| {
            check.cases.iter().any(|c| {
                let before = verdict(check, &(c.facts)(), (c.flagged)().as_deref());
                !matches!(before, Verdict::Unknown(_)) && matches!(unknown(c), Verdict::Unknown(_))
            })
        };
        for kind in check.reads {
            let less = |c: &Case| verdict(check, &without(&(c.facts)(), *kind), (c.flagged)().as_deref());
            assert!(turns(&less), "{} does not need {kind:?}", check.id);
        }
        let unread = |c: &Case| verdict(check, &(c.facts)(), None);
        assert_eq!(turns(&unread), check.reads_items, "{} and items", check.id);
    }
}

#[test]
fn an_unknown_names_what_is_missing_and_nothing_known_is_asked_for() {
    for check in CHECKS {
        for case in check.cases {
            for kind in FactKind::ALL {
                let less = without(&(case.facts)(), *kind);
                let before = verdict(check, &(case.facts)(), (case.flagged)().as_deref());
                let after = verdict(check, &less, (case.flagged)().as_deref());
                if let Verdict::Unknown(missing) = &after {
                    assert!(!missing.is_empty(), "{}: {} without {kind:?}", check.id, case.given);
                }
                assert!(
                    check.reads.contains(kind) || after == before,
                    "{} reads {kind:?} and does not say so",
                    check.id
                );
            }
        }
    }
}

/// Nothing is known: nothing passes and nothing fails.
#[test]
fn with_nothing_known_everything_is_unknown() {
    for check in CHECKS {
        let (word, text) = spoken(&verdict(check, &TableFacts::default(), None));
        assert_eq!(word, "unknown", "{}: {text}", check.id);
    }
}
