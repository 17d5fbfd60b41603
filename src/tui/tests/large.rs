//! An account of five hundred tables whose settings are slow to come.

use std::collections::BTreeSet;

use super::play::Play;
use super::world::{Mood, scope};
use crate::audit::TableAudit;
use crate::domain::{FactKind, Failure, FailureKind, Gap, TableRef, Tables};
use crate::engine::{self, AT_ONCE, PlaceId, Question};
use crate::tui::{Answer, Ask, Msg, text};

const MANY: usize = 500;

/// The list is there; no setting is.
fn large() -> Play {
    let mut play = Play::silent(Mood::Fine, (80, 24));
    while let Some(at) = play
        .open
        .iter()
        .position(|(.., ask)| matches!(ask, Ask::Audit(Question::Tables(_)) | Ask::Audit(Question::Identity)))
    {
        let (_, id, ask) = play.open.remove(at);
        let Ask::Audit(Question::Tables(after)) = &ask else {
            let answer = play.world.answer(&ask);
            play.send(Msg::Answer(id, answer));
            continue;
        };
        // A hundred a page, as the service gives them.
        let from = after.as_ref().map_or(0, |name| name[1..].parse::<usize>().expect("ours") + 1);
        let to = (from + 100).min(MANY);
        let tables = (from..to).map(|n| TableRef::new(&scope("eu-west-1"), format!("t{n:03}"))).collect();
        let next = (to < MANY).then(|| format!("t{:03}", to - 1));
        play.send(Msg::Answer(id, Answer::Audit(engine::Answer::Tables(Ok(Tables { tables, next })))));
    }
    play
}

/// How many settings there are to ask for: what tables share only once.
fn all_settings() -> usize {
    let shared = FactKind::free().filter(|kind| kind.level().is_shared()).count();
    MANY * (FactKind::free().count() - shared) + shared
}

/// The tables of which a setting is being asked.
fn asked(play: &Play) -> BTreeSet<String> {
    let table = |ask: &Ask| match ask {
        Ask::Audit(Question::Fact(table, ..)) => Some(table.name.clone()),
        _ => None,
    };
    play.open.iter().filter_map(|(.., ask)| table(ask)).collect()
}

/// Answers the oldest question, as the cap must hold after each.
fn one(play: &mut Play) {
    play.answer_some(1);
    assert!(play.open.len() <= AT_ONCE, "{} questions at once", play.open.len());
    for service in FactKind::free().map(|k| k.permission().service).filter(|s| *s != "DynamoDB") {
        let of = |ask: &Ask| matches!(ask, Ask::Audit(Question::Fact(_, kind, _)) if kind.permission().service == service);
        assert!(play.open.iter().filter(|(.., ask)| of(ask)).count() <= 2, "{service}");
    }
}

#[test]
fn the_list_is_shown_and_keys_answer_while_settings_load() {
    let mut play = large();
    play.sees("Tables (500)").sees("t000");
    assert_eq!(play.open.len(), AT_ONCE, "so many questions and no more, none of them answered");
    play.press("G");
    play.sees("t499");
    play.press("/ '123' enter");
    play.sees("Tables (1 of 500)").sees("t123");
    assert_eq!(play.open.len(), AT_ONCE);
    play.press("esc");
    play.wait(5);
    play.sees(&format!("reading settings: 0 of {}, 8 at once", text::count(all_settings() as u64)));
}

#[test]
fn what_is_on_screen_is_asked_for_first() {
    let mut play = large();
    // What was asked before the list was whole is of its first page.
    let first: BTreeSet<String> = (0..20).map(|n| format!("t{n:03}")).collect();
    assert!(asked(&play).is_subset(&first), "{:?}", asked(&play));
    play.press("G");
    let before = play.open.len();
    for _ in 0..before {
        one(&mut play);
    }
    let last: BTreeSet<String> = (480..500).map(|n| format!("t{n:03}")).collect();
    assert!(asked(&play).is_subset(&last), "{:?}", asked(&play));
    play.press("/ '250' enter");
    for _ in 0..AT_ONCE {
        one(&mut play);
    }
    assert!(asked(&play).contains("t250"), "{:?}", asked(&play));
}

#[test]
fn every_setting_comes_in_the_end_and_is_counted_on_the_way() {
    let mut play = large();
    let all = all_settings();
    let mut answered = 0;
    while !play.open.is_empty() {
        one(&mut play);
        answered += 1;
        // Now and then: what is counted with every answer is what counting afresh gives.
        if answered % 997 == 0 {
            let engine = &play.model.shared.engine;
            let is_settled = |t: &&TableAudit| {
                FactKind::free().all(|k| !matches!(t.facts.gap(k), Some(Gap::NotAsked | Gap::Pending)))
            };
            let counted = engine.audit().tables().filter(is_settled).count();
            assert_eq!(engine.settled_tables(PlaceId(0)), counted, "after {answered} answers");
        }
    }
    assert!(play.model.shared.engine.is_settled(PlaceId(0)));
    assert!(answered <= all, "{answered} answers to {all} questions");
    play.misses("reading settings");
}

/// What is throttled is asked again by itself, later and fewer at once, and the program says so.
#[test]
fn a_throttled_account_is_asked_more_slowly() {
    let mut play = large();
    play.wait(5);
    let refused = |ask: &Ask| {
        matches!(ask, Ask::Audit(Question::Fact(..)))
            .then(|| Answer::Audit(engine::Answer::Fact(Err(throttled()))))
    };
    let open = std::mem::take(&mut play.open);
    for (_, id, ask) in open {
        play.send(Msg::Answer(id, refused(&ask).expect("only settings are open")));
    }
    assert!(play.open.is_empty(), "{} asked while it rests", play.open.len());
    play.sees("4 at once (throttled: slower)");
    play.wait(1);
    assert!(play.open.is_empty(), "it still rests");
    play.wait(2);
    assert_eq!(play.open.len(), AT_ONCE / 2, "half as many, the same ones again");
    assert!(asked(&play).contains("t000"), "{:?}", asked(&play));
    // Answered well, it becomes as fast as before.
    (0..200).for_each(|_| play.answer_some(1));
    assert_eq!(play.open.len(), AT_ONCE);
    play.misses("throttled");
}

/// A throttle that does not relent ends in a gap that a person sees and can ask again.
#[test]
fn what_stays_throttled_is_not_asked_for_ever() {
    let mut play = Play::silent(Mood::Fine, (80, 24));
    let mut refused = 0;
    for _ in 0..2_000 {
        let Some((_, id, ask)) = (!play.open.is_empty()).then(|| play.open.remove(0)) else {
            play.wait(31);
            if play.open.is_empty() {
                break;
            }
            continue;
        };
        let answer = match &ask {
            Ask::Audit(Question::Fact(_, kind, _)) if *kind == FactKind::Tags => {
                refused += 1;
                Answer::Audit(engine::Answer::Fact(Err(throttled())))
            }
            _ => play.world.answer(&ask),
        };
        play.send(Msg::Answer(id, answer));
    }
    let engine = &play.model.shared.engine;
    assert!(engine.is_settled(PlaceId(0)), "every question has its answer or its gap");
    assert_eq!(refused, 4 * engine.places[0].tables.len(), "once and three times more");
    assert!(engine.audit().tables().all(|t| matches!(t.facts.gap(FactKind::Tags), Some(Gap::Failed(_)))));
}

fn throttled() -> Gap {
    let message = String::from("too many requests");
    Gap::Failed(Failure { kind: FailureKind::Throttled, message, next: "wait a little, then R".into() })
}

#[test]
fn a_long_list_of_tables_says_how_fast_it_comes() {
    let mut play = Play::silent(Mood::Fine, (80, 24));
    let id = play
        .open
        .iter()
        .find(|(.., ask)| matches!(ask, Ask::Audit(Question::Tables(_))))
        .map(|(_, id, _)| *id)
        .expect("asked");
    play.wait(2);
    play.sees("Tables (0 so far)");
    let page = |from: usize| {
        let name = |n| TableRef::new(&scope("eu-west-1"), format!("table-{n:04}"));
        Answer::Audit(engine::Answer::Tables(Ok(Tables {
            tables: (from..from + 100).map(name).collect(),
            next: Some("more".into()),
        })))
    };
    play.send(Msg::Answer(id, page(0)));
    play.sees("Tables (100 so far, 50/s)");
}
