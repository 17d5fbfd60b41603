//! The engine against made-up accounts: whatever they answer, in whatever order.

mod asking;
mod counting;
mod listing;

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use super::*;
use crate::domain::{
    AttributePath, Confidence, Failure, Identity, Limits, Safe, Scope, SecretClass, Severity, Sighting,
    TimeToLive, Traits, Uninspected,
};
use crate::scan::{Budget, Depth, Outcome};

fn scope(account: &str) -> Arc<Scope> {
    Arc::new(Scope {
        partition: "aws".into(),
        account: account.into(),
        region: "eu-west-1".into(),
        endpoint: None,
    })
}

fn failed(kind: FailureKind) -> Gap {
    Gap::Failed(Failure { kind, message: "no".into(), next: "again".into() })
}

fn sighting(n: u64) -> Sighting {
    Sighting {
        path: AttributePath::attribute("token"),
        span: 0..0,
        mask: 0..0,
        rule: "made-up".into(),
        title: "Made-up key".into(),
        severity: Severity::High,
        confidence: Confidence::High,
        reasons: Vec::new(),
        masked: Safe::neutral("mk_••••"),
        fingerprint: format!("{n:016x}"),
        in_name: false,
        class: SecretClass::ApiKey,
        part: false,
        expires: None,
        item: None,
    }
}

/// How a made-up account answers: `say` turns a question's number into how.
struct World {
    tables: usize,
    /// How many bytes each table has, where its description can be had.
    bytes: Option<u64>,
    pages: u64,
    cost: Option<Rcu>,
    say: Box<dyn Fn(u64) -> u8>,
    asked: u64,
    /// How often each was asked: shared facts by their kind.
    shared: BTreeMap<(usize, FactKind), usize>,
}

impl World {
    fn new(tables: usize) -> Self {
        Self {
            tables,
            bytes: None,
            pages: 2,
            cost: Some(Rcu::units(1)),
            say: Box::new(|_| 0),
            asked: 0,
            shared: BTreeMap::new(),
        }
    }

    fn answer(&mut self, ask: &Ask) -> Answer {
        self.asked += 1;
        let how = (self.say)(self.asked);
        let account = format!("{:012}", ask.place.0 + 1);
        match &ask.question {
            Question::Identity => {
                Answer::Identity(Ok(Identity { account, arn: "arn:aws:iam::1:user/x".into() }))
            }
            Question::Tables(_) => {
                let table = |n| TableRef::new(&scope(&account), format!("t{n}"));
                Answer::Tables(Ok(Tables { tables: (0..self.tables).map(table).collect(), next: None }))
            }
            Question::Fact(_, kind, _) => {
                if kind.level().is_shared() {
                    *self.shared.entry((ask.place.0, *kind)).or_default() += 1;
                }
                Answer::Fact(match (how, kind) {
                    (1, _) => Err(failed(FailureKind::Throttled)),
                    (2, _) => Err(failed(FailureKind::Service)),
                    (3, _) => Err(Gap::Denied(kind.permission(), "no".into())),
                    (_, FactKind::Description) if let Some(bytes) = self.bytes => {
                        Ok(counting::described(bytes, None))
                    }
                    (_, FactKind::TimeToLive) => Ok(FactValue::TimeToLive(TimeToLive { attribute: None })),
                    (_, FactKind::Limits) => Ok(FactValue::Limits(Limits {
                        account_read: 80_000,
                        table_read: 40_000,
                        table_write: None,
                    })),
                    _ => Err(Gap::Unsupported),
                })
            }
            Question::Page(request, _) if how == 2 => {
                let _ = request;
                Answer::Page(Err(failed(FailureKind::Service)))
            }
            Question::Page(request, _) => {
                let at = request.start.as_ref().map_or(0, place_of);
                let next = (at + 1 < self.pages).then(|| cursor(at + 1));
                Answer::Page(Ok(Folded {
                    items: 10,
                    given: 10,
                    uninspected: Uninspected::default(),
                    traits: Traits::default(),
                    sightings: vec![sighting(at)],
                    cost: self.cost,
                    next,
                }))
            }
        }
    }
}

fn cursor(at: u64) -> crate::domain::Cursor {
    use crate::domain::{AttributeValue, Cursor, Item};
    Cursor::new(Item::new(vec![("id".into(), AttributeValue::N(at.to_string()))]))
}

fn place_of(cursor: &crate::domain::Cursor) -> u64 {
    match cursor.key().get("id") {
        Some(crate::domain::AttributeValue::N(n)) => n.parse().expect("ours"),
        _ => 0,
    }
}

/// An engine being answered.
struct Run {
    engine: Engine,
    world: World,
    now: Timestamp,
    open: Vec<Ask>,
    wakes: BTreeSet<Timestamp>,
    done: Option<Done>,
    journal: Vec<AuditEvent>,
    steps: usize,
}

impl Run {
    fn new(places: usize, world: World) -> Self {
        let config = Config { journal: true, ..Config::default() };
        let places = (0..places).map(|n| Place::new(format!("p{n}"), scope(&format!("{:012}", n + 1))));
        let engine = Engine::new(places, config);
        let (open, wakes, journal) = (Vec::new(), BTreeSet::new(), Vec::new());
        Self { engine, world, now: Timestamp::UNIX_EPOCH, open, wakes, done: None, journal, steps: 0 }
    }

    fn list(&mut self) {
        for n in 0..self.engine.places.len() {
            self.engine.ask_identity(PlaceId(n));
            self.engine.list(PlaceId(n), self.now);
        }
        self.until(|e| e.places.iter().all(|p| p.listing == Listing::Whole), &mut |_| 0);
    }

    fn facts(&mut self, pick: &mut dyn FnMut(usize) -> usize) {
        self.until(|e| (0..e.places.len()).all(|n| e.is_settled(PlaceId(n))), pick);
    }

    fn read(&mut self, depth: Depth, budget: Budget, pick: &mut dyn FnMut(usize) -> usize) {
        let tables = self.engine.audit().tables().map(|t| t.table.clone()).collect();
        self.engine.read(Reach { tables, depth, budget }, self.now);
        self.until(|e| e.reading().is_none(), pick);
    }

    /// Answers, in the order that is picked, until it is over.
    fn until(&mut self, over: impl Fn(&Engine) -> bool, pick: &mut dyn FnMut(usize) -> usize) {
        let places: Vec<PlaceId> = (0..self.engine.places.len()).map(PlaceId).collect();
        loop {
            self.steps += 1;
            assert!(self.steps < 100_000, "it never ends");
            self.hear_tick();
            self.engine.ask_facts(std::iter::empty(), &places, self.now);
            self.journal.extend(self.engine.take_journal());
            self.open.extend(self.engine.take_asks());
            self.wakes.extend(self.engine.take_wakes());
            if over(&self.engine) {
                return;
            }
            if self.open.is_empty() {
                let next = self.wakes.pop_first().expect("it waits for nothing");
                self.now = self.now.max(next);
                continue;
            }
            let ask = self.open.swap_remove(pick(self.open.len()).min(self.open.len() - 1));
            let answer = self.world.answer(&ask);
            for news in self.engine.absorb(ask.id, answer, self.now) {
                if let News::Done(done) = news {
                    self.done = Some(done);
                }
            }
        }
    }

    fn hear_tick(&mut self) {
        if let Some(News::Done(done)) = self.engine.tick(self.now) {
            self.done = Some(done);
        }
    }
}

#[test]
fn what_tables_share_is_asked_once_and_known_of_each() {
    let mut run = Run::new(2, World::new(50));
    run.list();
    run.facts(&mut |_| 0);
    let shared = FactKind::free().filter(|k| k.level().is_shared() && k.needs().is_none()).count();
    assert_eq!(run.world.shared.len(), 2 * shared);
    assert!(run.world.shared.values().all(|times| *times == 1), "{:?}", run.world.shared);
    for table in run.engine.audit().tables() {
        assert!(table.facts.limits.known().is_some(), "{}", table.table);
        assert_eq!(table.facts.gap(FactKind::Trails), Some(&Gap::Unsupported), "a gap stands for all, too");
    }
    let lines = run.journal.iter().filter(|e| facts::kind_of(e) == Some(FactKind::Limits)).count();
    assert_eq!(lines, 2, "and it is written down once for each account and Region");
    assert!(run.journal.iter().all(|e| !facts::is_transient(e)));
}

#[test]
fn a_refresh_asks_each_once_more_and_ends() {
    let mut run = Run::new(1, World::new(3));
    run.list();
    run.facts(&mut |_| 0);
    let before = run.world.asked;
    let tables = run.engine.places[0].tables.clone();
    run.engine.ask_again(PlaceId(0), tables);
    run.until(|e| e.is_settled(PlaceId(0)) && !e.is_waiting(), &mut |_| 0);
    assert_eq!(run.world.shared[&(0, FactKind::Limits)], 2);
    assert!(run.world.asked > before);
}

#[test]
fn a_page_without_a_cost_counts_at_its_worst_case_everywhere() {
    let mut world = World::new(1);
    (world.cost, world.pages) = (None, 1);
    let mut run = Run::new(1, world);
    run.list();
    run.facts(&mut |_| 0);
    run.read(Depth::Sample(1), Budget::limited(Rcu::units(1000)), &mut |_| 0);
    // One item of 400 KB, read eventually consistent.
    let spent = run.done.as_ref().expect("it ended").spent;
    assert_eq!(spent, Rcu::ITEM);
    assert_eq!(run.engine.audit().tables().map(|t| t.cost).collect::<Vec<_>>(), [Rcu::ITEM]);
}

#[test]
fn what_was_browsed_is_counted_unless_an_audit_counts_for_itself() {
    let page = || Folded {
        items: 10,
        given: 10,
        uninspected: Uninspected::default(),
        traits: Traits::default(),
        sightings: vec![sighting(7)],
        cost: Some(Rcu::units(1)),
        next: None,
    };
    let mut run = Run::new(1, World::new(1));
    run.list();
    run.facts(&mut |_| 0);
    let table = run.engine.places[0].tables[0].clone();
    let items = |run: &Run| run.engine.audit().tables().map(|t| t.items).sum::<u64>();
    assert!(run.engine.browsed(&table, page(), None, true));
    assert!(run.engine.browsed(&table, page(), None, false));
    assert_eq!(items(&run), 20, "two pages one after the other");
    assert!(run.engine.browsed(&table, page(), None, true));
    assert_eq!(items(&run), 10, "read again from its start, no item counts twice");
    run.read(Depth::Full, Budget::unlimited(), &mut |_| 0);
    assert_eq!(items(&run), 20, "the audit reads from the start, too: two pages");
    assert!(!run.engine.browsed(&table, page(), None, true), "its count is the one to keep");
    assert_eq!(items(&run), 20);
    run.read(Depth::Full, Budget::unlimited(), &mut |_| 0);
    assert_eq!(items(&run), 20, "and so does the next");
}

#[test]
fn a_named_table_needs_no_list() {
    let mut engine = Engine::new(
        [Place::new("", scope(""))],
        Config { tables: vec!["orders".into()], ..Config::default() },
    );
    let now = Timestamp::UNIX_EPOCH;
    engine.ask_identity(PlaceId(0));
    engine.list(PlaceId(0), now);
    let asks = engine.take_asks();
    let denied = || Gap::Denied(crate::domain::permission("dynamodb:ListTables"), "no".into());
    engine.absorb(asks[1].id, Answer::Tables(Err(denied())), now);
    assert!(engine.places[0].tables.is_empty(), "its name is made of the account, which is not known yet");
    let who = Identity { account: "111122223333".into(), arn: "arn:aws:iam::111122223333:user/x".into() };
    engine.absorb(asks[0].id, Answer::Identity(Ok(who)), now);
    assert_eq!(engine.places[0].tables[0].arn(), "arn:aws:dynamodb:eu-west-1:111122223333:table/orders");
    assert_eq!(engine.places[0].listing, Listing::Whole);
    assert_eq!(engine.unmatched().count(), 0);
}

#[test]
fn an_answer_that_was_given_up_is_dropped() {
    let mut run = Run::new(1, World::new(2));
    run.list();
    run.facts(&mut |_| 0);
    let tables = run.engine.places[0].tables.clone();
    let reach = Reach { tables, depth: Depth::Full, budget: Budget::limited(Rcu::units(1000)) };
    run.engine.read(reach, run.now);
    run.hear_tick();
    let asks = run.engine.take_asks();
    let (ids, spent) = run.engine.stop_reading(true).expect("it reads");
    assert_eq!(ids.len(), asks.len());
    assert_eq!(spent, Rcu::PAGE.times(2), "what is under way counts at its worst case");
    let answer = run.world.answer(&asks[0]);
    assert!(run.engine.absorb(asks[0].id, answer, run.now).is_empty());
    assert!(
        run.engine.audit().tables().all(|t| t.items == 0 && matches!(t.outcome, Some(Outcome::Stopped(_))))
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever is answered in whatever order: every fact is known or has its gap, every table ends once, the budget is
    /// kept, and what was written down makes the same audit again.
    #[test]
    fn it_ends_and_what_it_wrote_down_is_what_it_knows(
        places in 1usize..4,
        tables in 0usize..5,
        pages in 1u64..5,
        limit in prop::option::of(0u64..400),
        sample in prop::option::of(1u32..30),
        answers in prop::collection::vec(0u8..6, 1..50),
        order in prop::collection::vec(any::<prop::sample::Index>(), 1..50),
    ) {
        let mut world = World::new(tables);
        world.pages = pages;
        world.say = Box::new(move |n| answers[n as usize % answers.len()]);
        let mut turn = 0;
        let mut pick = |n: usize| {
            turn += 1;
            order[turn % order.len()].index(n)
        };
        let mut run = Run::new(places, world);
        run.list();
        run.facts(&mut pick);
        let kinds: Vec<FactKind> = FactKind::free().collect();
        for table in run.engine.audit().tables() {
            for kind in &kinds {
                let gap = table.facts.gap(*kind);
                prop_assert!(!matches!(gap, Some(Gap::Pending | Gap::NotAsked)), "{kind:?} {gap:?}");
            }
        }
        let budget = limit.map_or_else(Budget::unlimited, |n| Budget::limited(Rcu::units(n)));
        run.read(sample.map_or(Depth::Full, Depth::Sample), budget, &mut pick);
        let done = run.done.clone().expect("it ended");
        prop_assert!(limit.is_none_or(|limit| done.spent <= Rcu::units(limit)));
        prop_assert!(run.engine.audit().tables().all(|t| t.outcome.is_some()));
        let ended = run.journal.iter().filter(|e| matches!(e, AuditEvent::Ended(..))).count();
        prop_assert_eq!(ended, places * tables);
        let mut again = Audit::default();
        again.absorb_all(run.journal.iter().cloned());
        prop_assert_eq!(&again, run.engine.audit());
        // The list that is kept up to date is the one that is made afresh.
        let later = run.now + SignedDuration::from_secs(60);
        run.engine.judge(later);
        let fresh = run.engine.audit().findings(later);
        prop_assert_eq!(run.engine.findings().all(), fresh.as_slice());
    }

    /// Interrupted anywhere and taken up again, an audit finds what it would have found in one go.
    #[test]
    fn taken_up_again_it_finds_the_same(
        tables in 1usize..5,
        pages in 1u64..5,
        megabytes in prop::option::of(0u64..80),
        seed: u64,
        cut in any::<prop::sample::Index>(),
    ) {
        let whole = |restored: Vec<AuditEvent>| {
            let mut world = World::new(tables);
            world.pages = pages;
            world.bytes = megabytes.map(|n| n << 20);
            let mut run = Run::new(1, world);
            run.engine.config.seed = if restored.is_empty() { 0 } else { seed };
            run.engine.restore(restored);
            run.list();
            run.facts(&mut |_| 0);
            run.read(Depth::Full, Budget::unlimited(), &mut |_| 0);
            run
        };
        let first = whole(Vec::new());
        let kept = first.journal[..cut.index(first.journal.len() + 1)].to_vec();
        let ended = kept.iter().filter(|e| matches!(e, AuditEvent::Ended(..))).count();
        let second = whole(kept);
        let later = first.now + SignedDuration::from_secs(60);
        let findings = |run: &Run| run.engine.audit().findings(later);
        prop_assert_eq!(findings(&first), findings(&second));
        let items = |run: &Run| run.engine.audit().tables().map(|t| t.items).sum::<u64>();
        prop_assert_eq!(items(&first), items(&second));
        prop_assert_eq!(second.done.expect("it ended").tables, tables - ended, "whole tables are not read again");
    }
}
