//! Runs the cases of every check, and holds what must be true of the list.

use std::collections::BTreeSet;

use crate::domain::{Evidence, FactKind, Flagged, TableFacts, TableRef, Traits, Verdict};
use crate::posture::check::{Case, Fixed, PostureCheck, Reference, Subject, judge};
use crate::posture::checks::WEIGHED;
use crate::posture::{CHECKS, examples};

/// What was seen of the items in a case.
type Seen = (Option<Vec<Flagged>>, Option<Traits>);

const UNREAD: Seen = (None, None);

fn seen(case: &Case) -> Seen {
    ((case.flagged)(), (case.traits)())
}

fn verdict(check: &PostureCheck, facts: &TableFacts, (flagged, traits): &Seen) -> Verdict {
    let table = examples::table();
    judge(check, &subject(&table, facts, flagged, traits))
}

fn subject<'a>(
    table: &'a TableRef,
    facts: &'a TableFacts,
    flagged: &'a Option<Vec<Flagged>>,
    traits: &'a Option<Traits>,
) -> Subject<'a> {
    Subject {
        flagged: flagged.as_deref(),
        traits: traits.as_ref(),
        items_read: examples::ITEMS_READ,
        ..Subject::unread(table, facts, examples::NOW)
    }
}

/// The verdict as one word and one text.
fn spoken(verdict: &Verdict) -> (&'static str, String) {
    match verdict {
        Verdict::Pass(text) => ("pass", text.to_string()),
        Verdict::Fail(failed) => ("fail", format!("{}: {}", failed.severity, failed.text())),
        Verdict::Unknown(missing) => {
            ("unknown", missing.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))
        }
        Verdict::NotApplicable(text) => ("not-applicable", text.to_string()),
    }
}

fn check(check: &PostureCheck, case: &Case) {
    let table = examples::table_at(case.endpoint);
    let (facts, (flagged, traits)) = ((case.facts)(), seen(case));
    let (word, text) = spoken(&judge(check, &subject(&table, &facts, &flagged, &traits)));
    let at = format!("{}: {}", check.id, case.given);
    assert_eq!(word, case.expect, "{at}: {text}");
    assert!(text.contains(case.says) && !case.says.is_empty(), "{at}: {text:?} lacks {:?}", case.says);
    assert!(text.chars().count() < 1_200, "{at}: too long");
    assert!(!text.contains("unencrypted"), "{at}: DynamoDB always encrypts");
}

/// The facts without one of them.
fn without(facts: &TableFacts, kind: FactKind) -> TableFacts {
    let mut less = facts.clone();
    less.forget(kind);
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
            // What needs no fact is always known.
            if word == "unknown" && check.reads.is_empty() && !check.reads_items {
                continue;
            }
            assert!(check.cases.iter().any(|c| c.expect == word), "{} has no {word} case", check.id);
        }
    }
}

/// Whatever a check can say, in any state that a case of any check describes, is among its own cases.
#[test]
fn every_kind_of_verdict_that_a_check_gives_is_among_its_cases() {
    let states: Vec<(TableFacts, Seen)> =
        CHECKS.iter().flat_map(|check| check.cases).map(|case| ((case.facts)(), seen(case))).collect();
    for check in CHECKS {
        let shown: BTreeSet<&str> = check.cases.iter().map(|case| case.expect).collect();
        for (facts, seen) in &states {
            let (word, text) = spoken(&verdict(check, facts, seen));
            assert!(shown.contains(word), "{} has no {word} case, and says: {text}", check.id);
        }
    }
}

/// What the page of a check calls its usual severity is one that it gives.
#[test]
fn the_severity_that_is_told_is_one_that_is_given() {
    for check in CHECKS {
        let given: BTreeSet<String> = check
            .cases
            .iter()
            .filter_map(|case| {
                let table = examples::table_at(case.endpoint);
                let (facts, (flagged, traits)) = ((case.facts)(), seen(case));
                match judge(check, &subject(&table, &facts, &flagged, &traits)) {
                    Verdict::Fail(failed) => Some(failed.severity.to_string()),
                    _ => None,
                }
            })
            .collect();
        assert!(
            given.contains(&check.severity.to_string()),
            "{} is {}, gives {given:?}",
            check.id,
            check.severity
        );
    }
}

#[test]
fn the_list_is_in_order() {
    let ids: BTreeSet<_> = CHECKS.iter().map(|c| c.id).collect();
    assert_eq!(ids.len(), CHECKS.len(), "an id is there twice");
    for check in CHECKS {
        let id = check.id;
        assert!(id.split('-').all(|w| !w.is_empty() && w.chars().all(|c| c.is_ascii_lowercase())), "{id}");
        assert!(!check.field.is_empty(), "{id} does not say which field decides");
        for reference in check.refs {
            let fits = match reference {
                Reference::OwaspApi(n) => (1..=10).contains(n),
                Reference::Fsbp(control) => {
                    control.split_once('.').is_some_and(|(_, n)| n.parse::<u8>().is_ok())
                }
                Reference::Cwe(n) => *n > 0,
            };
            assert!(fits, "{id}: {reference}");
        }
        assert!(check.source.starts_with("https://docs.aws.amazon.com/"), "{id}");
        match check.topic {
            Fixed::By(topic) => assert!(crate::remedy::topic(topic).is_some(), "{id}: no remedy {topic}"),
            Fixed::Not(why) => assert!(!why.is_empty(), "{id}: no reason why there is no remedy"),
        }
        assert!(check.why.ends_with('.') && !check.title.ends_with('.'), "{id}");
    }
}

#[test]
fn every_declared_read_matters() {
    for check in CHECKS {
        let turns = |unknown: &dyn Fn(&Case) -> Verdict| {
            check.cases.iter().any(|c| {
                let before = verdict(check, &(c.facts)(), &seen(c));
                !matches!(before, Verdict::Unknown(_)) && matches!(unknown(c), Verdict::Unknown(_))
            })
        };
        for kind in check.reads {
            let less = |c: &Case| verdict(check, &without(&(c.facts)(), *kind), &seen(c));
            assert!(turns(&less), "{} does not need {kind:?}", check.id);
        }
        let unread = |c: &Case| verdict(check, &(c.facts)(), &UNREAD);
        assert_eq!(turns(&unread), check.reads_items, "{} and items", check.id);
    }
}

#[test]
fn an_unknown_names_what_is_missing_and_nothing_known_is_asked_for() {
    for check in CHECKS {
        for case in check.cases {
            for kind in FactKind::ALL {
                let less = without(&(case.facts)(), *kind);
                let before = verdict(check, &(case.facts)(), &seen(case));
                let after = verdict(check, &less, &seen(case));
                if let Verdict::Unknown(missing) = &after {
                    assert!(!missing.is_empty(), "{}: {} without {kind:?}", check.id, case.given);
                }
                let weighed = WEIGHED.contains(&(check.id, *kind));
                let alike = std::mem::discriminant(&after) == std::mem::discriminant(&before);
                assert!(
                    check.reads.contains(kind) || after == before || (weighed && alike),
                    "{} reads {kind:?} and does not say so",
                    check.id
                );
            }
        }
    }
}

/// In every state that a case describes: what is not seen any more turns a verdict into "unknown" or leaves it, and never
/// turns it into another.
#[test]
fn without_a_fact_a_verdict_stays_or_becomes_unknown() {
    for check in CHECKS {
        for case in check.cases {
            let (facts, seen) = ((case.facts)(), seen(case));
            let before = spoken(&verdict(check, &facts, &seen));
            let unseen = FactKind::ALL.iter().map(|kind| (without(&facts, *kind), &seen, kind.word()));
            for (less, seen, what) in unseen.chain([(facts.clone(), &UNREAD, "items")]) {
                let after = spoken(&verdict(check, &less, seen));
                let at = format!("{}: {} without {what}", check.id, case.given);
                assert!(after.0 == before.0 || after.0 == "unknown", "{at}: {before:?} became {after:?}");
            }
        }
    }
}

/// Every evidence that the cases of a check give, with all that it is made of.
fn given(check: &PostureCheck) -> Vec<Evidence> {
    let judged = check.cases.iter().map(|case| {
        let table = examples::table_at(case.endpoint);
        let (facts, (flagged, traits)) = ((case.facts)(), seen(case));
        judge(check, &subject(&table, &facts, &flagged, &traits))
    });
    let failed = judged.filter_map(|v| if let Verdict::Fail(failed) = v { Some(failed) } else { None });
    failed.flat_map(|f| f.evidence).flat_map(|e| e.all().into_iter().cloned().collect::<Vec<_>>()).collect()
}

/// A kind that a check declares is given by one of its cases, and none is given that is not declared; each carries what
/// its message declares, and nothing else.
#[test]
fn what_checks_declare_is_what_they_give() {
    let shared: BTreeSet<&str> = super::SHARED.iter().copied().flatten().map(|m| m.kind).collect();
    let mut unseen = shared.clone();
    for check in CHECKS {
        let given = given(check);
        let kinds: BTreeSet<&str> = given.iter().map(Evidence::kind).collect();
        unseen.extend(check.messages.iter().map(|m| m.kind).filter(|kind| !kinds.contains(kind)));
        let declared = |kind: &&&str| check.messages.iter().any(|m| m.kind == **kind);
        let rest: Vec<_> = kinds.iter().filter(|k| !declared(k) && !shared.contains(**k)).collect();
        assert!(rest.is_empty(), "{} gives {rest:?} and does not declare it", check.id);
        for evidence in &given {
            let carried: BTreeSet<&str> = evidence.fields().iter().map(|(name, _)| *name).collect();
            assert_eq!(carried, evidence.message().fields(), "{}: {}", check.id, evidence.kind());
            unseen.remove(evidence.kind());
        }
    }
    assert!(unseen.is_empty(), "no case gives {unseen:?}");
    let all: Vec<&str> = crate::posture::messages().map(|m| m.kind).collect();
    assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len(), "a kind is there twice");
}

/// Nothing is known: nothing passes and nothing fails.
#[test]
fn with_nothing_known_everything_is_unknown() {
    for check in CHECKS.iter().filter(|c| !c.reads.is_empty()) {
        let (word, text) = spoken(&verdict(check, &TableFacts::default(), &UNREAD));
        assert_eq!(word, "unknown", "{}: {text}", check.id);
    }
}
