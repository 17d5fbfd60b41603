//! Whose tables they are, which are there, and which of them are wanted.

use super::*;

const NOW: Timestamp = Timestamp::UNIX_EPOCH;
const HERE: PlaceId = PlaceId(0);

/// An engine of two places of one account, and these names or patterns.
pub(super) fn engine(tables: &[&str]) -> Engine {
    let tables = tables.iter().map(|t| (*t).to_owned()).collect();
    let config = Config { tables, journal: true, ..Config::default() };
    Engine::new([Place::new("a", scope("1")), Place::new("b", scope("1"))], config)
}

pub(super) fn table(name: &str) -> TableRef {
    TableRef::new(&scope("1"), name)
}

fn page(names: &[&str], next: Option<&str>) -> Answer {
    let tables = names.iter().map(|name| table(name)).collect();
    Answer::Tables(Ok(Tables { tables, next: next.map(str::to_owned) }))
}

fn denied() -> Gap {
    Gap::Denied(crate::domain::permission("dynamodb:ListTables"), "no".into())
}

fn who() -> Identity {
    Identity { account: "1".into(), arn: "arn:aws:iam::1:user/x".into() }
}

/// The one question that was asked.
fn asked(engine: &mut Engine) -> Ask {
    let mut asks = engine.take_asks();
    assert_eq!(asks.len(), 1);
    asks.remove(0)
}

/// The answer to the list of a place; the tables that are told as new, each time.
pub(super) fn list(engine: &mut Engine, place: PlaceId, answer: Answer) -> Vec<Vec<String>> {
    engine.list(place, NOW);
    let ask = asked(engine);
    told(engine.absorb(ask.id, answer, NOW))
}

fn told(news: Vec<News>) -> Vec<Vec<String>> {
    let names = |news: News| match news {
        News::Listed(_, tables) => Some(tables.into_iter().map(|t| t.name).collect()),
        _ => None,
    };
    news.into_iter().filter_map(names).collect()
}

fn names(engine: &Engine, place: PlaceId) -> Vec<&str> {
    engine.places[place.0].tables.iter().map(|t| t.name.as_str()).collect()
}

#[test]
fn unless_told_otherwise_it_takes_a_tenth_of_the_capacity_and_keeps_no_journal() {
    let Config { tables, share, at_once, journal, .. } = Config::default();
    assert_eq!((tables.len(), share, at_once, journal), (0, 10, 8, false));
}

#[test]
fn an_identity_is_asked_and_known_or_its_failure_is_told() {
    let mut engine = engine(&[]);
    engine.ask_identity(HERE);
    assert!(matches!(engine.places[0].identity, Fact::Missing(Gap::Pending)));
    let ask = asked(&mut engine);
    assert!(engine.awaits(ask.id) && engine.is_waiting());
    let news = engine.absorb(ask.id, Answer::Identity(Err(denied())), NOW);
    assert!(!engine.awaits(ask.id) && !engine.is_waiting());
    let [News::Failed { place: HERE, what, settled: false, .. }, News::Identity(HERE)] = &news[..] else {
        panic!("{news:?}")
    };
    assert_eq!(what, "identity");
    assert!(matches!(&engine.places[0].identity, Fact::Missing(gap) if *gap == denied()));
    engine.ask_identity(HERE);
    let ask = asked(&mut engine);
    let news = engine.absorb(ask.id, Answer::Identity(Ok(who())), NOW);
    assert!(matches!(news[..], [News::Identity(HERE)]), "{news:?}");
    assert!(engine.places[0].identity.known().is_some());
    // While it is asked once more, it stays known.
    engine.ask_identity(HERE);
    assert!(engine.places[0].identity.known().is_some());
}

#[test]
fn a_list_is_asked_once_at_a_time_and_from_its_start() {
    let mut engine = engine(&[]);
    engine.ask_identity(HERE);
    engine.list(HERE, NOW);
    engine.list(PlaceId(1), NOW);
    assert_eq!(engine.take_asks().len(), 3);
    engine.list(HERE, NOW);
    assert!(engine.take_asks().is_empty(), "it is on its way");
    assert_eq!(engine.places[0].listing, Listing::Loading(NOW, 0));
}

#[test]
fn a_list_goes_on_until_it_ends_and_never_in_a_circle() {
    let mut engine = engine(&[]);
    engine.places[0].trouble =
        Some(Failure { kind: FailureKind::Expired, message: "m".into(), next: "n".into() });
    assert_eq!(list(&mut engine, HERE, page(&["a"], Some("a"))), [["a"]]);
    assert!(engine.places[0].trouble.is_none(), "it answers");
    let ask = asked(&mut engine);
    assert!(matches!(&ask.question, Question::Tables(Some(after)) if after == "a"));
    assert_eq!(engine.places[0].listing, Listing::Loading(NOW, 0));
    assert_eq!(told(engine.absorb(ask.id, page(&["b"], None), NOW)), [vec!["b".to_owned()], vec![]]);
    assert_eq!((names(&engine, HERE), &engine.places[0].listing), (vec!["a", "b"], &Listing::Whole));
    // From its start again: what is known is no news, and a name that does not advance ends it.
    assert_eq!(list(&mut engine, HERE, page(&["a", "b", "c"], Some("c"))), [["c"]]);
    assert!(matches!(engine.places[0].listing, Listing::Loading(_, 2)));
    let ask = asked(&mut engine);
    engine.absorb(ask.id, page(&[], Some("c")), NOW);
    assert!(engine.take_asks().is_empty());
    assert_eq!((names(&engine, HERE).len(), &engine.places[0].listing), (3, &Listing::Whole));
}

#[test]
fn a_table_is_listed_once_and_belongs_to_the_first_place_that_has_it() {
    let mut engine = engine(&[]);
    assert_eq!(list(&mut engine, HERE, page(&["a", "a"], None))[0], ["a"]);
    assert_eq!(list(&mut engine, PlaceId(1), page(&["a", "b", "a"], None))[0], ["a", "b"]);
    assert_eq!((names(&engine, HERE), names(&engine, PlaceId(1))), (vec!["a"], vec!["a", "b"]));
    assert_eq!(engine.place_of(&table("a")), Some(HERE));
    assert_eq!(engine.place_of(&table("b")), Some(PlaceId(1)));
    let is_table = |event: &AuditEvent| matches!(event, AuditEvent::Table(_));
    assert_eq!(engine.take_journal().iter().filter(|event| is_table(event)).count(), 2);
    assert!(engine.table(&table("a")).is_some() && engine.table(&table("c")).is_none());
}

#[test]
fn what_no_name_asks_for_is_left_out_and_counted() {
    let mut engine = engine(&["a*", "b", "z"]);
    let many: Vec<String> = (0..12).map(|n| format!("x{n}")).collect();
    let mut listed = vec!["a1", "b"];
    listed.extend(many.iter().map(String::as_str));
    assert_eq!(list(&mut engine, HERE, page(&listed, None))[0], ["a1", "b"]);
    assert_eq!(names(&engine, HERE), ["a1", "b"]);
    let left_out = &engine.places[0].left_out;
    assert_eq!((left_out.count, &left_out.names[..]), (12, &many[..10]));
    assert_eq!(engine.unmatched().collect::<Vec<_>>(), ["z"]);
}

#[test]
fn tables_keep_the_name_of_the_account_that_listed_them() {
    let mut engine = Engine::new([Place::new("", scope(""))], Config::default());
    let unnamed = TableRef::new(&scope(""), "t");
    let answer = Answer::Tables(Ok(Tables { tables: vec![unnamed.clone()], next: None }));
    list(&mut engine, HERE, answer);
    engine.ask_identity(HERE);
    let ask = asked(&mut engine);
    engine.absorb(ask.id, Answer::Identity(Ok(who())), NOW);
    assert_eq!(engine.places[0].scope.account, "1");
    assert_eq!(engine.places[0].tables_scope(), &unnamed.scope);
}

#[test]
fn only_names_without_a_pattern_stand_in_for_a_list_that_is_denied() {
    let check = |tables: &[&str], expect: Option<&[&str]>| {
        let mut engine = engine(tables);
        // Whose the other place is, is on its way: that is no matter of this one.
        engine.ask_identity(PlaceId(1));
        engine.take_asks();
        engine.list(HERE, NOW);
        let ask = asked(&mut engine);
        let news = engine.absorb(ask.id, Answer::Tables(Err(denied())), NOW);
        let failed = news.iter().any(|n| matches!(n, News::Failed { settled: false, .. }));
        let listing = match expect {
            Some(_) => Listing::Whole,
            None => Listing::Failed(denied()),
        };
        assert_eq!((failed, &engine.places[0].listing), (expect.is_none(), &listing), "{tables:?}");
        assert_eq!(names(&engine, HERE), expect.unwrap_or_default(), "{tables:?}");
    };
    check(&["a", "b"], Some(&["a", "b"]));
    check(&["a", "b*"], None);
    check(&["b*"], None);
    check(&[], None);
}

#[test]
fn another_failure_than_a_denial_is_told_whatever_is_named() {
    let mut engine = engine(&["a"]);
    engine.list(HERE, NOW);
    let ask = asked(&mut engine);
    let gap = failed(FailureKind::Service);
    let news = engine.absorb(ask.id, Answer::Tables(Err(gap.clone())), NOW);
    assert!(matches!(&news[..], [News::Failed { settled: false, .. }, News::Listed(..)]), "{news:?}");
    assert_eq!(engine.places[0].listing, Listing::Failed(gap));
    assert!(names(&engine, HERE).is_empty());
}

#[test]
fn an_answer_that_does_not_fit_is_a_failure_and_not_lost() {
    let mut engine = engine(&[]);
    engine.list(HERE, NOW);
    let ask = asked(&mut engine);
    engine.absorb(ask.id, Answer::Identity(Ok(who())), NOW);
    let Listing::Failed(Gap::Failed(failure)) = &engine.places[0].listing else { panic!("it failed") };
    assert_eq!(failure.kind, FailureKind::Internal);
    assert!(!engine.is_waiting());
}

#[test]
fn named_tables_wait_for_whose_they_are_whoever_else_is_asked() {
    let mut engine = engine(&["a"]);
    engine.ask_identity(HERE);
    let ask = asked(&mut engine);
    engine.ask_identity(PlaceId(1));
    engine.list(HERE, NOW);
    let list = engine.take_asks().pop().expect("it lists");
    engine.absorb(list.id, Answer::Tables(Err(denied())), NOW);
    assert!(names(&engine, HERE).is_empty());
    engine.absorb(ask.id, Answer::Identity(Ok(who())), NOW);
    assert_eq!(names(&engine, HERE), ["a"]);
}
