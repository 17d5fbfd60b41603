//! What is read, what counts, what it costs, and when it is over.

use super::listing::table;
use super::*;
use crate::domain::{Billing, Encryption, KeyAttribute, KeySchema, KeyType, TableDescription};
use crate::scan::Pace;

const NOW: Timestamp = Timestamp::UNIX_EPOCH;

/// A table of this many bytes, with these units of read capacity; on demand without.
pub(super) fn described(bytes: u64, read: Option<u64>) -> FactValue {
    FactValue::Description(TableDescription {
        arn: table("t").arn(),
        status: "ACTIVE".into(),
        key: KeySchema { partition: KeyAttribute { name: "id".into(), kind: KeyType::S }, sort: None },
        indexes: Vec::new(),
        items: 10,
        bytes,
        billing: read.map_or(Billing::OnDemand, |read| Billing::Provisioned { read, write: None }),
        encryption: Encryption::AwsOwned,
        stream: None,
        deletion_protection: None,
        restored_from: None,
        vectors: Vec::new(),
        replicas: Vec::new(),
        class: "STANDARD".into(),
        created: None,
    })
}

fn page(next: Option<u64>) -> Folded {
    Folded {
        items: 10,
        given: 10,
        uninspected: Uninspected::default(),
        traits: Traits::default(),
        sightings: Vec::new(),
        cost: Some(Rcu::units(10)),
        next: next.map(cursor),
    }
}

/// An engine with one listed table, of which these facts are known.
fn engine(facts: Vec<FactValue>) -> Engine {
    let mut engine =
        Engine::new([Place::new("a", scope("1"))], Config { journal: true, ..Config::default() });
    let listed = Answer::Tables(Ok(Tables { tables: vec![table("t")], next: None }));
    super::listing::list(&mut engine, PlaceId(0), listed);
    for fact in facts {
        engine.record(AuditEvent::Fact(table("t"), fact, NOW));
    }
    engine
}

fn ready(bytes: u64, read: Option<u64>) -> Engine {
    engine(vec![described(bytes, read), FactValue::TimeToLive(TimeToLive { attribute: None })])
}

fn read(engine: &mut Engine, depth: Depth) -> Vec<Ask> {
    engine.read(Reach { tables: vec![table("t")], depth, budget: Budget::unlimited() }, NOW);
    assert!(engine.tick(NOW).is_none());
    engine.take_asks()
}

fn request(ask: &Ask) -> &PageRequest {
    match &ask.question {
        Question::Page(request, _) => request,
        _ => panic!("it asks for something else"),
    }
}

#[test]
fn a_read_waits_for_what_is_to_be_known_before() {
    let ttl = || FactValue::TimeToLive(TimeToLive { attribute: None });
    let check = |facts: Vec<FactValue>, expect: usize| {
        let mut engine = engine(facts);
        assert_eq!(read(&mut engine, Depth::Full).len(), expect);
        assert_eq!(engine.reading().expect("it reads").held().count(), 1 - expect);
        engine
    };
    check(vec![described(10, None), ttl()], 1);
    check(vec![described(10, None)], 0);
    check(vec![ttl()], 0);
    // What is on its way is waited for; what cannot be had is not.
    let mut waits = check(Vec::new(), 0);
    let miss = |kind, gap| AuditEvent::FactUnavailable(table("t"), kind, gap);
    waits.record(miss(FactKind::Description, Gap::Pending));
    waits.record(miss(FactKind::TimeToLive, Gap::Unsupported));
    assert!(waits.tick(NOW).is_none() && waits.take_asks().is_empty());
    waits.record(miss(FactKind::Description, Gap::Unsupported));
    assert!(waits.tick(NOW).is_none());
    assert_eq!(waits.take_asks().len(), 1);
    // In trouble nothing comes: what is known has to do.
    let mut engine = engine(Vec::new());
    engine.places[0].trouble =
        Some(Failure { kind: FailureKind::Expired, message: "m".into(), next: "n".into() });
    assert_eq!(read(&mut engine, Depth::Full).len(), 1);
}

#[test]
fn a_large_table_is_read_in_parts_and_a_small_one_is_not() {
    const GB: u64 = 1 << 30;
    let check = |bytes: u64, expect: Option<u32>| {
        let mut engine = ready(bytes, None);
        let asks = read(&mut engine, Depth::Full);
        let parts: Vec<Option<u32>> = asks.iter().map(|a| request(a).segment.map(|s| s.of)).collect();
        // As many at a time as may be.
        assert_eq!(parts, vec![expect; expect.unwrap_or(1).min(8) as usize], "{bytes} bytes");
    };
    check(0, None);
    check(16 << 20, None);
    check(17 << 20, Some(2));
    check(GB, Some(64));
    check(900 * GB, Some(100));
}

#[test]
fn a_table_with_provisioned_capacity_rests_between_its_pages() {
    let mut engine = ready(10, Some(100));
    let FactValue::Description(of) = described(10, Some(100)) else { panic!("another fact") };
    assert_eq!(engine.pace(&table("t")), Some(Pace::of(&of, 10)));
    assert_eq!(engine.pace(&table("u")), None);
    let asks = read(&mut engine, Depth::Full);
    let limit = Pace::of(&of, 10).limit(None);
    assert!(limit.is_some() && request(&asks[0]).limit == limit, "no page is larger than its share");
    engine.absorb(asks[0].id, Answer::Page(Ok(page(Some(1)))), NOW);
    assert!(engine.tick(NOW).is_none());
    assert!(engine.take_asks().is_empty(), "10 units at a tenth of 100 a second: a second of rest");
    let wake = engine.take_wakes().pop_first().expect("it wakes");
    assert_eq!(wake, NOW + SignedDuration::from_secs(1));
    assert!(engine.tick(wake - SignedDuration::from_nanos(1)).is_none());
    assert!(engine.take_asks().is_empty());
    // Whoever comes back late finds it as ready.
    let wake = wake + SignedDuration::from_secs(1);
    assert!(engine.tick(wake).is_none());
    let asks = engine.take_asks();
    assert_eq!(asks.len(), 1);
    // After the last page nothing rests.
    engine.absorb(asks[0].id, Answer::Page(Ok(page(None))), wake);
    let Some(News::Done(done)) = engine.tick(wake) else { panic!("it is over") };
    assert_eq!((done.tables, done.short, done.spent), (1, 0, Rcu::units(20)));
}

#[test]
fn what_was_read_is_counted_as_it_comes() {
    let mut engine = ready(10, None);
    assert_eq!(engine.spent(), Rcu::ZERO);
    let asks = read(&mut engine, Depth::Full);
    engine.absorb(asks[0].id, Answer::Page(Ok(page(Some(1)))), NOW);
    let reading = engine.reading().expect("it reads");
    assert_eq!((reading.items, reading.ended, reading.short, reading.tables), (10, 0, 0, 1));
    assert!(engine.tick(NOW).is_none());
    assert_eq!(engine.spent(), Rcu::units(10));
    assert_eq!(engine.reading().expect("it reads").spent(), Rcu::units(10));
    let asks = engine.take_asks();
    let news = engine.absorb(asks[0].id, Answer::Page(Err(failed(FailureKind::Service))), NOW);
    let [News::Failed { what, settled: false, .. }] = &news[..] else { panic!("{news:?}") };
    assert_eq!(what, "items of t");
    let Some(News::Done(done)) = engine.tick(NOW) else { panic!("it is over") };
    // The answer that was lost may have been a whole page.
    assert_eq!((done.tables, done.short, done.spent), (1, 1, Rcu::units(10) + Rcu::PAGE));
    assert_eq!(engine.spent(), Rcu::ZERO);
}

#[test]
fn reading_that_is_given_up_says_so_where_that_is_asked_for() {
    for say_so in [true, false] {
        let mut engine = ready(10, None);
        let asks = read(&mut engine, Depth::Full);
        // Something else is under way, and stays so.
        engine.list(PlaceId(0), NOW);
        let (ids, spent) = engine.stop_reading(say_so).expect("it reads");
        assert_eq!((ids, spent), (vec![asks[0].id], Rcu::PAGE));
        assert!(engine.is_waiting() && !engine.awaits(asks[0].id));
        let outcome = engine.table(&table("t")).expect("listed").outcome.clone();
        assert_eq!(outcome, say_so.then_some(Outcome::Stopped(Gap::NotAsked)));
        assert!(engine.stop_reading(true).is_none());
    }
}

#[test]
fn only_what_was_seen_before_is_dropped_when_a_table_is_read_anew() {
    let check = |before: Vec<AuditEvent>, expect: usize| {
        let mut engine = ready(10, None);
        before.into_iter().for_each(|event| engine.record(event));
        engine.take_journal();
        let asks = read(&mut engine, Depth::Full);
        engine.absorb(asks[0].id, Answer::Page(Ok(page(Some(1)))), NOW);
        engine.tick(NOW);
        let asks = engine.take_asks();
        engine.absorb(asks[0].id, Answer::Page(Ok(page(None))), NOW);
        let is_afresh = |event: &&AuditEvent| matches!(event, AuditEvent::Restarted(_));
        assert_eq!(engine.take_journal().iter().filter(is_afresh).count(), expect);
        assert_eq!(engine.table(&table("t")).expect("listed").items, 20);
    };
    let t = || table("t");
    let records = |records, sightings| AuditEvent::Records { table: t(), records, sightings };
    check(Vec::new(), 0);
    check(vec![page(None).into_event(t(), None, None)], 1);
    check(vec![Folded { items: 1, ..page(None) }.into_event(t(), None, None)], 1);
    check(vec![records(1, Vec::new())], 1);
    check(vec![records(0, vec![sighting(1)])], 1);
    check(vec![AuditEvent::Ended(t(), Outcome::Stopped(Gap::NotAsked))], 1);
}

#[test]
fn a_page_that_is_looked_at_is_not_counted_beside_an_audit() {
    let mut engine = ready(10, None);
    assert!(!engine.browsed(&table("other"), page(None), None, true), "it is not known");
    read(&mut engine, Depth::Full);
    assert!(!engine.browsed(&table("t"), page(None), None, true), "the audit counts for itself");
    assert_eq!(engine.table(&table("t")).expect("listed").items, 0);
}

#[test]
fn what_an_earlier_run_read_to_its_end_is_not_read_again() {
    let check = |events: Vec<AuditEvent>, expect: usize| {
        let mut engine = ready(10, None);
        let tables = vec![table("t"), table("u")];
        let listed = Answer::Tables(Ok(Tables { tables: tables.clone(), next: None }));
        super::listing::list(&mut engine, PlaceId(0), listed);
        engine.restore(events);
        engine.read(
            Reach {
                tables: [tables, vec![table("not-listed")]].concat(),
                depth: Depth::Full,
                budget: Budget::unlimited(),
            },
            NOW,
        );
        assert_eq!(engine.reading().expect("it reads").tables, expect);
        // Asked for once more, it is.
        engine.read(Reach { tables: vec![table("t")], depth: Depth::Full, budget: Budget::unlimited() }, NOW);
        assert_eq!(engine.reading().expect("it reads").tables, 1);
    };
    let ended = |outcome| AuditEvent::Ended(table("t"), outcome);
    check(Vec::new(), 2);
    check(vec![ended(Outcome::Whole)], 1);
    check(vec![ended(Outcome::Sampled)], 1);
    check(vec![ended(Outcome::OutOfBudget)], 2);
    check(vec![ended(Outcome::Stopped(Gap::NotAsked))], 2);
    check(vec![ended(Outcome::Whole), AuditEvent::Restarted(table("t"))], 2);
}

#[test]
fn a_list_of_findings_that_waits_says_until_when() {
    let mut engine = Engine::new([Place::new("a", scope("1"))], Config::default());
    let names: Vec<TableRef> = (0..101).map(|n| table(&format!("t{n}"))).collect();
    names.iter().for_each(|t| engine.record(AuditEvent::Table(t.clone())));
    engine.judge(NOW);
    assert!(engine.take_wakes().is_empty());
    let before = engine.version();
    engine.record(AuditEvent::Table(table("more")));
    assert!(engine.version() > before);
    engine.judge(NOW);
    assert_eq!(engine.take_wakes().into_iter().collect::<Vec<_>>(), [NOW + SignedDuration::from_millis(101)]);
}

#[test]
fn tables_that_ended_are_counted_one_by_one() {
    let mut engine = ready(10, None);
    let tables: Vec<TableRef> = ["t", "u", "v"].map(table).into();
    let listed = Answer::Tables(Ok(Tables { tables: tables.clone(), next: None }));
    super::listing::list(&mut engine, PlaceId(0), listed);
    for t in &tables[1..] {
        engine.record(AuditEvent::Fact(t.clone(), described(10, None), NOW));
        let ttl = FactValue::TimeToLive(TimeToLive { attribute: None });
        engine.record(AuditEvent::Fact(t.clone(), ttl, NOW));
    }
    engine.read(Reach { tables, depth: Depth::Full, budget: Budget::unlimited() }, NOW);
    engine.tick(NOW);
    let asks = engine.take_asks();
    for (n, expect) in [(0, (1, 1)), (1, (2, 2))] {
        engine.absorb(asks[n].id, Answer::Page(Err(failed(FailureKind::Service))), NOW);
        assert!(engine.tick(NOW).is_none());
        let reading = engine.reading().expect("it reads");
        assert_eq!((reading.ended, reading.short), expect);
    }
    engine.absorb(asks[2].id, Answer::Page(Ok(page(None))), NOW);
    let Some(News::Done(done)) = engine.tick(NOW) else { panic!("it is over") };
    assert_eq!((done.tables, done.short), (3, 2));
}
