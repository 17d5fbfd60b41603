//! Which fact is asked next, and how many at once.

use super::listing::table;
use super::*;

const NOW: Timestamp = Timestamp::UNIX_EPOCH;
const HERE: PlaceId = PlaceId(0);

/// Places with this many tables each, that ask for these kinds.
fn engine(places: usize, tables: usize, kinds: &[FactKind]) -> Engine {
    let config = Config { kinds: kinds.iter().copied().collect(), ..Config::default() };
    let scopes = || (0..places).map(|n| scope(&n.to_string()));
    let mut engine = Engine::new(scopes().map(|scope| Place::new("", scope)), config);
    for (n, scope) in scopes().enumerate() {
        let tables = (0..tables).map(|t| TableRef::new(&scope, format!("t{t:03}"))).collect();
        super::listing::list(&mut engine, PlaceId(n), Answer::Tables(Ok(Tables { tables, next: None })));
    }
    engine
}

fn facts(engine: &mut Engine) -> Vec<(AskId, TableRef, FactKind)> {
    let fact = |ask: Ask| match ask.question {
        Question::Fact(table, kind, _) => (ask.id, table, kind),
        _ => panic!("another question"),
    };
    engine.take_asks().into_iter().map(fact).collect()
}

fn ask(engine: &mut Engine) -> Vec<(AskId, TableRef, FactKind)> {
    let places: Vec<PlaceId> = (0..engine.places.len()).map(PlaceId).collect();
    engine.ask_facts(std::iter::empty(), &places, NOW);
    facts(engine)
}

fn here(name: &str) -> TableRef {
    TableRef::new(&scope("0"), name)
}

#[test]
fn no_more_are_under_way_than_may_be() {
    // Of several facts of a table, too: the last table has not all of them asked.
    let mut engine = engine(1, 9, &[FactKind::TimeToLive, FactKind::Kinesis, FactKind::Insights]);
    assert_eq!(ask(&mut engine).len(), 8);
    let check = |places: usize, tables: usize, kind: FactKind, expect: usize| {
        let mut engine = self::engine(places, tables, &[kind]);
        assert_eq!(ask(&mut engine).len(), expect, "{places} places, {tables} tables, {kind:?}");
        assert_eq!(ask(&mut engine).len(), 0, "and no more while they are");
    };
    check(1, 3, FactKind::TimeToLive, 3);
    check(1, 20, FactKind::TimeToLive, 8);
    check(2, 20, FactKind::TimeToLive, 16);
    check(4, 20, FactKind::TimeToLive, 32);
    check(5, 20, FactKind::TimeToLive, 32);
    // Of a service other than DynamoDB two, in each place.
    check(1, 20, FactKind::Scaling, 2);
    check(3, 20, FactKind::Scaling, 6);
}

#[test]
fn each_answer_makes_room_for_one_more_and_in_order() {
    let mut engine = engine(1, 10, &[FactKind::TimeToLive]);
    let first = ask(&mut engine);
    let names: Vec<&str> = first.iter().map(|(_, t, _)| t.name.as_str()).collect();
    assert_eq!(names, ["t000", "t001", "t002", "t003", "t004", "t005", "t006", "t007"]);
    engine.absorb(first[3].0, Answer::Fact(Err(Gap::Unsupported)), NOW);
    let next = ask(&mut engine);
    assert_eq!(next.iter().map(|(_, t, _)| t.name.as_str()).collect::<Vec<_>>(), ["t008"]);
}

#[test]
fn what_is_looked_at_is_asked_first() {
    let mut engine = engine(1, 20, &[FactKind::TimeToLive]);
    let (seen, unknown) = (here("t015"), table("unknown"));
    engine.ask_facts([&unknown, &seen].into_iter(), &[HERE], NOW);
    let asked = facts(&mut engine);
    assert_eq!((asked.len(), &asked[0].1), (8, &seen));
    // There is no room for another.
    engine.ask_facts([&here("t016")].into_iter(), &[HERE], NOW);
    assert!(facts(&mut engine).is_empty());
    // Its place need not be among those that are read.
    let mut engine = self::engine(1, 20, &[FactKind::TimeToLive]);
    engine.ask_facts([&seen].into_iter(), &[], NOW);
    assert_eq!(facts(&mut engine).len(), 1);
}

#[test]
fn in_trouble_nothing_is_asked() {
    let mut engine = engine(2, 2, &[FactKind::TimeToLive, FactKind::Limits]);
    engine.places[0].trouble =
        Some(Failure { kind: FailureKind::Expired, message: "m".into(), next: "n".into() });
    let places = [HERE, PlaceId(1)];
    engine.ask_facts([&here("t000")].into_iter(), &places, NOW);
    let asked = facts(&mut engine);
    assert!(!asked.is_empty() && asked.iter().all(|(_, t, _)| t.scope.account == "1"), "the other place is");
    engine.places[0].trouble = None;
    engine.ask_facts(std::iter::empty(), &places, NOW);
    assert_eq!(facts(&mut engine).len(), 3);
}

#[test]
fn what_builds_on_another_fact_waits_for_it() {
    // What the first answers, and then: `None` where the second is asked, else its gap.
    let check = |first: FactKind, second: FactKind, gap: Gap, expect: Option<Gap>| {
        let mut engine = engine(1, 1, &[first, second]);
        let asked = ask(&mut engine);
        assert_eq!(asked.iter().map(|(.., kind)| *kind).collect::<Vec<_>>(), [first]);
        engine.absorb(asked[0].0, Answer::Fact(Err(gap.clone())), NOW);
        let kinds: Vec<FactKind> = ask(&mut engine).into_iter().map(|(.., kind)| kind).collect();
        let known = engine.audit().tables().next().expect("listed").facts.gap(second).cloned();
        match expect {
            None => assert_eq!((kinds, known), (vec![second], Some(Gap::Pending)), "{second:?}"),
            Some(_) => assert_eq!((kinds, known), (vec![], expect), "{second:?}"),
        }
    };
    let gone = Gap::Unsupported;
    check(FactKind::Description, FactKind::StreamPolicy, gone.clone(), Some(gone.clone()));
    check(FactKind::Trails, FactKind::TrailStatus, gone.clone(), Some(gone.clone()));
    // It is asked later to spare a question, and can do without.
    check(FactKind::Description, FactKind::Policy, gone, None);
}

#[test]
fn a_throttled_question_is_asked_again_after_a_rest() {
    for kind in [FactKind::TimeToLive, FactKind::Limits] {
        let mut engine = engine(1, 1, &[kind]);
        let asked = ask(&mut engine);
        assert!(engine.absorb(asked[0].0, Answer::Fact(Err(failed(FailureKind::Throttled))), NOW).is_empty());
        let later = NOW + SignedDuration::from_secs(2);
        assert_eq!(engine.take_wakes().into_iter().collect::<Vec<_>>(), [later]);
        assert!(ask(&mut engine).is_empty(), "it rests");
        assert!(engine.take_wakes().contains(&later));
        assert!(
            ask(&mut engine).is_empty() && engine.take_wakes().contains(&later),
            "whoever came back early"
        );
        assert!(!engine.is_settled(HERE) && engine.progress(&[HERE]).is_some());
        engine.ask_facts(std::iter::empty(), &[HERE], later);
        assert_eq!(facts(&mut engine).len(), 1, "{kind:?}");
    }
}

#[test]
fn what_a_person_asked_for_says_at_once_that_it_was_throttled() {
    let mut engine = engine(1, 1, &[]);
    let t = here("t000");
    for kind in [FactKind::TimeToLive, FactKind::Limits] {
        engine.ask_now(HERE, &t, kind);
        engine.ask_now(HERE, &t, kind);
        let asked = facts(&mut engine);
        assert_eq!(asked.len(), 1, "asked twice it costs twice");
        let news = engine.absorb(asked[0].0, Answer::Fact(Err(failed(FailureKind::Throttled))), NOW);
        assert!(matches!(&news[..], [News::Failed { settled: false, .. }]), "{news:?}");
        let known = engine.table(&t).expect("listed").facts.gap(kind).cloned();
        assert_eq!(known, Some(failed(FailureKind::Throttled)));
    }
}

#[test]
fn a_failure_says_what_was_asked_and_whether_it_concerns_others() {
    let check = |kind: FactKind, failure: FailureKind, expect: bool| {
        let mut engine = engine(1, 1, &[kind]);
        let asked = ask(&mut engine);
        let news = engine.absorb(asked[0].0, Answer::Fact(Err(failed(failure))), NOW);
        let [News::Failed { what, settled, .. }] = &news[..] else { panic!("{news:?}") };
        assert_eq!(*settled, expect, "{kind:?}");
        assert_eq!(what.contains("t000"), !kind.level().is_shared(), "{what}");
    };
    check(FactKind::TimeToLive, FailureKind::Unreachable, false);
    check(FactKind::Scaling, FailureKind::Unreachable, true);
    check(FactKind::Scaling, FailureKind::Service, false);
    check(FactKind::Trails, FailureKind::Unreachable, true);
    check(FactKind::Limits, FailureKind::Unreachable, false);
}

#[test]
fn how_far_the_facts_are_is_told_while_they_are_asked() {
    let mut engine = engine(2, 3, &[FactKind::TimeToLive, FactKind::Limits]);
    let both = [HERE, PlaceId(1)];
    assert_eq!(engine.progress(&both), None, "nothing is asked yet");
    engine.ask_facts(std::iter::empty(), &[HERE], NOW);
    let asked = facts(&mut engine);
    assert_eq!(engine.progress(&[HERE]), Some((0, 4, NOW)));
    let later = NOW + SignedDuration::from_secs(1);
    engine.ask_facts(std::iter::empty(), &both, later);
    assert_eq!(engine.progress(&both), Some((0, 8, NOW)), "since the first of them");
    assert_eq!(engine.progress(&[PlaceId(1)]), Some((0, 4, later)));
    for (n, (id, ..)) in asked.iter().enumerate() {
        assert_eq!(engine.progress(&[HERE]), Some((n as u64, 4, NOW)));
        assert!(!engine.is_settled(HERE));
        engine.absorb(*id, Answer::Fact(Err(Gap::Unsupported)), later);
    }
    assert!(engine.is_settled(HERE) && !engine.is_settled(PlaceId(1)));
    assert_eq!((engine.settled_tables(HERE), engine.settled_tables(PlaceId(1))), (3, 0));
    engine.ask_facts(std::iter::empty(), &both, later);
    assert_eq!(engine.progress(&[HERE]), None, "it is over");
}

#[test]
fn a_refresh_asks_what_is_known_and_what_failed() {
    let kinds = [FactKind::TimeToLive, FactKind::Limits, FactKind::Scaling];
    let mut engine = engine(1, 2, &kinds);
    let tables = engine.places[0].tables.clone();
    let mut answers = 0;
    loop {
        let asked = ask(&mut engine);
        if asked.is_empty() {
            break;
        }
        for (id, t, kind) in asked {
            answers += 1;
            let result = match kind {
                FactKind::TimeToLive => Ok(FactValue::TimeToLive(TimeToLive { attribute: None })),
                FactKind::Limits => {
                    Ok(FactValue::Limits(Limits { account_read: 1, table_read: 1, table_write: None }))
                }
                _ if t == tables[0] => Err(failed(FailureKind::Service)),
                _ => Err(Gap::Unsupported),
            };
            engine.absorb(id, Answer::Fact(result), NOW);
        }
    }
    assert_eq!(answers, 5);
    engine.ask_again(HERE, [tables[0].clone(), table("unknown")]);
    assert!(!engine.is_settled(HERE));
    let mut asked: Vec<_> = ask(&mut engine).into_iter().map(|(_, t, kind)| (t, kind)).collect();
    asked.sort();
    // Of the other table nothing that is known, and what is no failure is not asked again.
    let mut expect = vec![
        (tables[0].clone(), FactKind::TimeToLive),
        (tables[0].clone(), FactKind::Scaling),
        (tables[0].clone(), FactKind::Limits),
    ];
    expect.sort();
    assert_eq!(asked, expect);
    assert!(
        engine.table(&tables[0]).expect("listed").facts.time_to_live.known().is_some(),
        "the old answer stays"
    );
}

#[test]
fn what_was_on_its_way_at_the_end_was_not_asked() {
    let mut engine = engine(1, 1, &[FactKind::TimeToLive, FactKind::Limits]);
    assert_eq!(ask(&mut engine).len(), 2);
    let audit = engine.into_audit();
    let known = &audit.tables().next().expect("listed").facts;
    for kind in [FactKind::TimeToLive, FactKind::Limits] {
        assert_eq!(known.gap(kind), Some(&Gap::NotAsked), "{kind:?}");
    }
}

#[test]
fn a_place_that_has_all_of_its_facts_wakes_nobody() {
    let mut engine = engine(1, 1, &[]);
    engine.places[0].throttle.throttled(NOW, &here("t000"), FactKind::Scaling);
    assert!(ask(&mut engine).is_empty() && engine.take_wakes().is_empty());
}

#[test]
fn what_persons_ask_of_a_service_takes_its_places_too() {
    let mut engine = engine(1, 9, &[FactKind::Scaling]);
    for name in ["t005", "t006", "t007"] {
        engine.ask_now(HERE, &here(name), FactKind::Scaling);
    }
    assert_eq!(facts(&mut engine).len(), 3, "a person waits for no other");
    assert!(ask(&mut engine).is_empty());
}

#[test]
fn a_refresh_is_counted_and_asks_nothing_that_is_on_its_way() {
    let kinds = [FactKind::TimeToLive, FactKind::Trails, FactKind::TrailStatus, FactKind::TrailSelectors];
    let mut engine = engine(1, 20, &kinds);
    loop {
        let asked = ask(&mut engine);
        if asked.is_empty() {
            break;
        }
        for (id, _, kind) in asked {
            let value = match kind {
                FactKind::TimeToLive => FactValue::TimeToLive(TimeToLive { attribute: None }),
                FactKind::Trails => FactValue::Trails(Vec::new()),
                FactKind::TrailStatus => FactValue::TrailStatus(Vec::new()),
                _ => FactValue::TrailSelectors(Vec::new()),
            };
            engine.absorb(id, Answer::Fact(Ok(value)), NOW);
        }
    }
    let tables = engine.places[0].tables.clone();
    engine.ask_again(HERE, tables.clone());
    // Two of the trails' three, since they are of one service, and six of the tables.
    assert_eq!(ask(&mut engine).len(), 8);
    assert_eq!(engine.progress(&[HERE]), Some((8, 23, NOW)));
    engine.ask_again(HERE, tables);
    assert!(ask(&mut engine).is_empty());
}

#[test]
fn what_is_asked_on_request_is_on_its_way_where_it_is_known() {
    let check = |kind: FactKind| {
        let mut engine = engine(1, 2, &[]);
        engine.ask_now(HERE, &here("t000"), kind);
        assert_eq!(facts(&mut engine).len(), 1);
        let gap = |name: &str| engine.table(&here(name)).expect("listed").facts.gap(kind).cloned();
        let (own, other) = (gap("t000"), gap("t001"));
        assert_eq!(own, Some(Gap::Pending), "{kind:?}");
        assert_eq!(other == Some(Gap::Pending), kind.level().is_shared(), "{kind:?}");
    };
    check(FactKind::TimeToLive);
    check(FactKind::Limits);
}

/// What one answer says, and whether a refresh asks it again.
#[test]
fn a_refresh_asks_again_what_failed_and_what_was_denied() {
    let denied = |kind: FactKind| Gap::Denied(kind.permission(), "no".into());
    let check = |kind: FactKind, gap: Gap, expect: usize| {
        let mut engine = engine(1, 1, &[kind]);
        let asked = ask(&mut engine);
        engine.absorb(asked[0].0, Answer::Fact(Err(gap.clone())), NOW);
        assert!(ask(&mut engine).is_empty(), "by itself it is not asked again");
        let tables = engine.places[0].tables.clone();
        engine.ask_again(HERE, tables);
        assert_eq!(ask(&mut engine).len(), expect, "{kind:?} {gap:?}");
    };
    for kind in [FactKind::TimeToLive, FactKind::Limits] {
        check(kind, failed(FailureKind::Service), 1);
        check(kind, denied(kind), 1);
        check(kind, Gap::Unsupported, 0);
    }
}

#[test]
fn a_refresh_of_no_known_table_asks_nothing() {
    let mut engine = engine(1, 1, &[FactKind::Limits]);
    let asked = ask(&mut engine);
    let limits = FactValue::Limits(Limits { account_read: 1, table_read: 1, table_write: None });
    engine.absorb(asked[0].0, Answer::Fact(Ok(limits)), NOW);
    engine.ask_again(HERE, [table("unknown")]);
    assert!(engine.is_settled(HERE) && ask(&mut engine).is_empty());
    // Of one that is known what it shares is asked, and once while it is on its way.
    engine.ask_again(HERE, [here("t000")]);
    assert_eq!(ask(&mut engine).len(), 1);
    engine.ask_again(HERE, [here("t000")]);
    assert!(ask(&mut engine).is_empty());
}

#[test]
fn what_was_throttled_too_often_is_asked_again_by_a_person() {
    let mut engine = engine(1, 1, &[FactKind::TimeToLive]);
    let mut now = NOW;
    let mut throttled = |engine: &mut Engine| {
        let mut times = 0;
        loop {
            now += SignedDuration::from_secs(60);
            engine.ask_facts(std::iter::empty(), &[HERE], now);
            let Some((id, ..)) = facts(engine).pop() else { return times };
            engine.absorb(id, Answer::Fact(Err(failed(FailureKind::Throttled))), now);
            times += 1;
        }
    };
    assert_eq!(throttled(&mut engine), 4);
    engine.ask_again(HERE, [here("t000")]);
    assert_eq!(throttled(&mut engine), 4);
}

#[test]
fn what_is_known_stays_known_when_asking_again_is_throttled() {
    let mut engine = engine(1, 1, &[FactKind::Limits]);
    let asked = ask(&mut engine);
    let limits = FactValue::Limits(Limits { account_read: 1, table_read: 1, table_write: None });
    engine.absorb(asked[0].0, Answer::Fact(Ok(limits)), NOW);
    engine.ask_again(HERE, [here("t000")]);
    let asked = ask(&mut engine);
    // As an answer that comes after another: the value is there when it is throttled.
    engine.record(AuditEvent::Shared(
        scope("0"),
        FactValue::Limits(Limits { account_read: 2, table_read: 2, table_write: None }),
        NOW,
    ));
    let news = engine.absorb(asked[0].0, Answer::Fact(Err(failed(FailureKind::Throttled))), NOW);
    assert_eq!(news.len(), 1, "it is told, and not asked again by itself");
    assert!(engine.take_wakes().is_empty());
    assert!(engine.table(&here("t000")).expect("listed").facts.limits.known().is_some());
}

#[test]
fn answers_that_come_make_it_faster_again() {
    let mut engine = engine(1, 40, &[FactKind::TimeToLive]);
    engine.places[0].throttle.throttled(NOW, &here("t000"), FactKind::TimeToLive);
    let later = NOW + SignedDuration::from_secs(2);
    let mut answered = 0;
    while answered < 20 {
        engine.ask_facts(std::iter::empty(), &[HERE], later);
        for (id, ..) in facts(&mut engine) {
            assert_eq!(engine.places[0].throttle.at_once(later), 4);
            let value = FactValue::TimeToLive(TimeToLive { attribute: None });
            engine.absorb(id, Answer::Fact(Ok(value)), later);
            answered += 1;
        }
    }
    assert_eq!(engine.places[0].throttle.at_once(later), 5);
}

#[test]
fn what_is_looked_at_has_the_last_place() {
    let mut engine = engine(1, 20, &[FactKind::TimeToLive]);
    for n in 0..7 {
        engine.ask_now(HERE, &here(&format!("t{n:03}")), FactKind::TimeToLive);
    }
    engine.take_asks();
    engine.ask_facts([&here("t015"), &here("t016")].into_iter(), &[], NOW);
    assert_eq!(facts(&mut engine).into_iter().map(|(_, t, _)| t).collect::<Vec<_>>(), [here("t015")]);
}

#[test]
fn a_list_that_is_on_its_way_holds_up_no_fact() {
    let mut engine = engine(1, 1, &[]);
    engine.list(HERE, NOW);
    engine.take_asks();
    engine.ask_now(HERE, &here("t000"), FactKind::TimeToLive);
    assert_eq!(facts(&mut engine).len(), 1);
}

#[test]
fn every_one_of_many_tables_has_its_turn_once() {
    let mut engine = engine(1, 450, &[FactKind::TimeToLive]);
    let mut answers = 0;
    loop {
        let asked = ask(&mut engine);
        if asked.is_empty() {
            break;
        }
        for (id, ..) in asked {
            engine.absorb(id, Answer::Fact(Err(Gap::Unsupported)), NOW);
            answers += 1;
        }
    }
    assert_eq!((answers, engine.is_settled(HERE)), (450, true));
}
