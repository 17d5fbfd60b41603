//! What is read next, when it stops, and what it may cost.

use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::domain::{AttributeValue, Item, Scope};

fn tables(n: usize) -> Vec<TableRef> {
    let scope = Arc::new(Scope {
        partition: "aws".into(),
        account: "111122223333".into(),
        region: "eu-west-1".into(),
        endpoint: None,
    });
    (0..n).map(|i| TableRef::new(&scope, format!("t{i}"))).collect()
}

fn at(place: u64) -> Cursor {
    Cursor::new(Item::new(vec![("id".into(), AttributeValue::N(place.to_string()))]))
}

/// Reads one table whose every page is the same, and says how it ended after how many pages.
fn ending(depth: Depth, mut page: impl FnMut(u64) -> (u64, Option<Cursor>)) -> (Outcome, u64) {
    let mut scan = Scan::new(tables(1), depth, Budget::unlimited(), 1);
    let mut pages = 0;
    while let Step::Read(request) = scan.next() {
        let result = Ok(page(pages));
        pages += 1;
        assert!(pages < 10_000, "it never ends");
        scan.absorb(Receipt {
            table: request.table,
            segment: request.segment,
            result,
            cost: Some(Rcu::units(1)),
        });
    }
    let mut ended = scan.take_ended();
    assert_eq!(ended.len(), 1);
    (ended.remove(0).1, pages)
}

#[test]
fn endings() {
    assert_eq!(ending(Depth::Full, |n| (10, (n < 4).then(|| at(n)))), (Outcome::Whole, 5));
    assert_eq!(ending(Depth::Sample(25), |n| (10, Some(at(n)))), (Outcome::Sampled, 3));
    assert_eq!(ending(Depth::Sample(10), |_| (10, None)), (Outcome::Whole, 1));
    assert_eq!(ending(Depth::Sample(0), |n| (10, Some(at(n)))), (Outcome::Sampled, 0));
    // What was planned is read: that the keys repeat by then stops nothing.
    assert_eq!(ending(Depth::Sample(20), |_| (10, Some(at(1)))), (Outcome::Sampled, 2));
    // Pages of one item are no empty ones, and an item between empty pages starts their count anew.
    assert_eq!(ending(Depth::Full, |n| (1, (n < 99).then(|| at(n)))), (Outcome::Whole, 100));
    let now_and_then = |n| (u64::from(n % u64::from(EMPTY_PAGES) == 0), (n < 99).then(|| at(n)));
    assert_eq!(ending(Depth::Full, now_and_then), (Outcome::Whole, 100));
    // A page with more items than were asked for is taken as it is.
    assert_eq!(ending(Depth::Sample(3), |n| (u64::MAX, Some(at(n)))), (Outcome::Sampled, 1));
}

#[test]
fn a_table_that_does_not_advance_ends_with_a_gap() {
    for depth in [Depth::Full, Depth::Sample(100)] {
        let (outcome, pages) = ending(depth, |n| (0, Some(at(n))));
        assert!(matches!(outcome, Outcome::Stopped(Gap::Failed(_))), "{outcome:?}");
        assert_eq!(pages, u64::from(EMPTY_PAGES));
    }
    let (outcome, pages) = ending(Depth::Full, |n| (5, Some(at(n % 3))));
    assert!(matches!(outcome, Outcome::Stopped(Gap::Failed(_))), "{outcome:?}");
    assert!(pages < 10, "{pages}");
    let (outcome, pages) = ending(Depth::Full, |_| (5, Some(at(1))));
    assert!(matches!(outcome, Outcome::Stopped(Gap::Failed(_))), "{outcome:?}");
    assert_eq!(pages, 2);
}

/// Answers a read with this many items, and the key to go on after.
fn answered(scan: &mut Scan, table: &TableRef, result: (u64, Option<Cursor>), cost: u64) {
    let cost = Some(Rcu::units(cost));
    scan.absorb(Receipt { table: table.clone(), segment: None, result: Ok(result), cost });
}

fn read(scan: &mut Scan) -> PageRequest {
    let Step::Read(request) = scan.next() else { panic!("a read") };
    request
}

#[test]
fn a_page_starts_where_the_one_before_ended() {
    let mut scan = Scan::new(tables(1), Depth::Full, Budget::unlimited(), 1);
    let first = read(&mut scan);
    assert!(first.start.is_none() && !first.counts && first.index.is_none());
    answered(&mut scan, &first.table, (5, Some(at(7))), 1);
    let start = read(&mut scan).start.expect("where to go on");
    assert!(start.key().attributes() == at(7).key().attributes());
}

#[test]
fn an_answer_is_of_its_own_table() {
    let [a, b] = &tables(2)[..] else { panic!("two") };
    let mut scan = Scan::new(tables(2), Depth::Full, Budget::unlimited(), 2);
    let asked = [read(&mut scan).table, read(&mut scan).table];
    assert_eq!(asked, [a.clone(), b.clone()]);
    answered(&mut scan, b, (1, None), 1);
    assert_eq!(scan.take_ended(), [(b.clone(), Outcome::Whole)]);
    answered(&mut scan, b, (1, None), 1);
    assert!(scan.take_ended().is_empty(), "it was not asked for");
    assert_eq!(scan.open().collect::<Vec<_>>(), [a]);
}

#[test]
fn no_more_reads_at_once_than_said() {
    for (at_once, expect) in [(0, 1), (1, 1), (2, 2), (9, 3)] {
        let mut scan = Scan::new(tables(3), Depth::Full, Budget::unlimited(), at_once);
        let sent = std::iter::from_fn(|| matches!(scan.next(), Step::Read(_)).then_some(())).count();
        assert_eq!(sent, expect, "{at_once}");
        assert!(matches!(scan.next(), Step::Wait));
    }
}

#[test]
fn a_read_under_way_may_leave_room_for_another() {
    let mut scan = Scan::new(tables(2), Depth::Full, Budget::limited(Rcu::units(150)), 2);
    let first = read(&mut scan);
    assert!(matches!(scan.next(), Step::Wait), "the page is set aside at its worst case");
    answered(&mut scan, &first.table, (1, None), 1);
    assert_eq!(read(&mut scan).limit, None, "it cost less");
}

#[test]
fn the_last_of_a_budget_goes_to_tables_of_which_nothing_was_read() {
    for items in [0, 10] {
        let mut scan = Scan::new(tables(1), Depth::Full, Budget::limited(Rcu::units(180)), 1);
        let first = read(&mut scan);
        answered(&mut scan, &first.table, (items, Some(at(1))), 100);
        assert!(matches!(scan.next(), Step::Done), "80 units would be a small page");
        assert_eq!(scan.take_ended()[0].1, Outcome::OutOfBudget);
    }
}

#[test]
fn a_table_in_parts_ends_once_with_the_worst_of_them() {
    let mut scan = Scan::new(tables(1), Depth::Full, Budget::unlimited(), 2);
    let Step::Read(request) = scan.next() else { panic!("a read") };
    let first = scan.divide(request, &Division::into_parts(3, None)).expect("there is something to read");
    assert_eq!(first.segment, Some(Segment { number: 0, of: 3 }));
    let mut seen = vec![0];
    let answer = |scan: &mut Scan, request: PageRequest, result| {
        let (table, segment) = (request.table, request.segment);
        scan.absorb(Receipt { table, segment, result, cost: Some(Rcu::units(1)) });
    };
    answer(&mut scan, first, Err(silent_service()));
    assert!(scan.take_ended().is_empty(), "two parts are still to be read");
    while let Step::Read(request) = scan.next() {
        seen.extend(request.segment.map(|s| s.number));
        answer(&mut scan, request, Ok((1, None)));
    }
    assert_eq!(seen, [0, 1, 2]);
    assert!(matches!(scan.take_ended().as_slice(), [(_, Outcome::Stopped(Gap::Failed(_)))]));
    let whole: Vec<u32> = scan.take_parts().into_iter().map(|(_, segment)| segment.number).collect();
    assert_eq!(whole, [1, 2]);
}

fn silent_service() -> Gap {
    let (message, next) = (String::from("it failed"), String::new());
    Gap::Failed(Failure { kind: FailureKind::Service, message, next })
}

/// A table in parts, each of which has so many items: how many are read of a sample, and how it ends.
#[track_caller]
fn check_sample(most: u32, parts: &[u64], read_in_all: u64, ends: &Outcome) {
    let mut scan = Scan::new(tables(1), Depth::Sample(most), Budget::unlimited(), 8);
    let first = read(&mut scan);
    let division = Division::into_parts(parts.len() as u32, Some(most));
    let mut open: Vec<PageRequest> = scan.divide(first, &division).into_iter().collect();
    let mut given = vec![0; parts.len()];
    loop {
        match scan.next() {
            Step::Read(request) => open.push(request),
            Step::Wait => {
                let request = open.remove(0);
                let part = request.segment.map_or(0, |s| s.number as usize);
                let items = u64::from(request.limit.expect("a sample")).min(parts[part] - given[part]);
                given[part] += items;
                let next = (given[part] < parts[part]).then(|| at(given[part]));
                let (table, segment) = (request.table, request.segment);
                scan.absorb(Receipt { table, segment, result: Ok((items, next)), cost: Some(Rcu::units(1)) });
            }
            Step::Done => break,
        }
    }
    assert_eq!(given.iter().sum::<u64>(), read_in_all, "{given:?}");
    assert_eq!(scan.take_ended()[0].1, *ends);
}

#[test]
fn what_parts_lack_of_a_sample_others_give() {
    check_sample(200, &[1000; 8], 200, &Outcome::Sampled);
    // All items have one partition key: they are in one part.
    check_sample(200, &[5000, 0, 0, 0, 0, 0, 0, 0], 200, &Outcome::Sampled);
    check_sample(200, &[0, 0, 0, 0, 0, 0, 0, 5000], 200, &Outcome::Sampled);
    check_sample(200, &[0, 30, 0, 100, 0, 0, 10, 0], 140, &Outcome::Whole);
    check_sample(199, &[1000; 7], 199, &Outcome::Sampled);
    check_sample(3, &[10; 8], 3, &Outcome::Sampled);
}

#[test]
fn what_is_true_of_a_table_is_asked_once() {
    let mut scan = Scan::new(tables(1), Depth::Full, Budget::unlimited(), 2);
    let first = read(&mut scan);
    let first = scan.divide(first, &Division::into_parts(100, None)).expect("there is something to read");
    let (table, segment) = (first.table, first.segment);
    scan.absorb(Receipt { table, segment, result: Err(Gap::Unsupported), cost: Some(Rcu::ZERO) });
    assert!(matches!(scan.next(), Step::Done));
    assert!(matches!(scan.take_ended().as_slice(), [(_, Outcome::Stopped(Gap::Unsupported))]));
}

#[test]
fn what_rests_keeps_nobody_busy() {
    let mut scan = Scan::new(tables(3), Depth::Full, Budget::unlimited(), 1);
    read(&mut scan);
    assert!(matches!(scan.next(), Step::Wait));
    scan.rest(1);
    read(&mut scan);
    assert!(matches!(scan.next(), Step::Wait));
}

#[test]
fn a_table_of_which_all_was_read_before_ends_at_once() {
    let mut scan = Scan::new(tables(2), Depth::Full, Budget::limited(Rcu::units(200)), 2);
    let request = read(&mut scan);
    assert!(scan.divide(request, &Division::into_parts(0, None)).is_none());
    assert!(matches!(scan.take_ended().as_slice(), [(_, Outcome::Whole)]));
    assert_eq!((scan.budget().spent(), scan.open().count()), (Rcu::ZERO, 1));
    assert!(matches!(scan.next(), Step::Read(_)));
}

#[test]
fn a_part_is_read_on_before_others_are_begun() {
    let mut scan = Scan::new(tables(1), Depth::Full, Budget::unlimited(), 8);
    let first = read(&mut scan);
    let mut division = Division::into_parts(5, None);
    division.at_once = 2;
    let first = scan.divide(first, &division).expect("there is something to read");
    let second = read(&mut scan);
    assert!(matches!(scan.next(), Step::Wait), "two at once");
    let numbers = |a: &PageRequest, b: &PageRequest| [a, b].map(|r| r.segment.expect("parts").number);
    assert_eq!(numbers(&first, &second), [0, 1]);
    let receipt = |of: PageRequest, next| Receipt {
        table: of.table,
        segment: of.segment,
        result: Ok((1, next)),
        cost: None,
    };
    scan.absorb(receipt(second, Some(at(7))));
    let again = read(&mut scan);
    assert_eq!((again.segment.map(|s| s.number), again.start.is_some()), (Some(1), true));
    scan.absorb(receipt(first, None));
    assert_eq!(read(&mut scan).segment.map(|s| s.number), Some(2));
}

#[test]
fn a_busy_service_is_asked_again_and_by_fewer() {
    let busy = || {
        let (message, next) = (String::from("slow down"), String::new());
        Err(Gap::Failed(Failure { kind: FailureKind::Throttled, message, next }))
    };
    let receipt = |of: PageRequest, result| Receipt {
        table: of.table,
        segment: of.segment,
        result,
        cost: Some(Rcu::ZERO),
    };
    let mut scan = Scan::new(tables(8), Depth::Full, Budget::unlimited(), 8);
    let flying: Vec<PageRequest> = (0..8).map(|_| read(&mut scan)).collect();
    for request in flying {
        scan.absorb(receipt(request, busy()));
    }
    assert!(scan.take_ended().is_empty(), "none is given up");
    let request = read(&mut scan);
    assert!(matches!(scan.next(), Step::Wait), "one at a time");
    scan.absorb(receipt(request, Ok((1, None))));
    read(&mut scan);
    read(&mut scan);
    // One that stays busy is given up, and its table with it.
    let mut scan = Scan::new(tables(1), Depth::Full, Budget::unlimited(), 8);
    let mut asked = 0;
    while let Step::Read(request) = scan.next() {
        asked += 1;
        // It is divided once, and asked for again as it is.
        let request =
            scan.divide(request, &Division::into_parts(1, None)).expect("there is something to read");
        scan.absorb(receipt(request, busy()));
    }
    assert_eq!(asked, PATIENCE + 1);
    assert!(matches!(scan.take_ended().as_slice(), [(_, Outcome::Stopped(_))]));
    assert_eq!(scan.budget().spent(), Rcu::ZERO);
}

#[test]
fn the_silence_of_one_account_says_nothing_of_another() {
    let other = Arc::new(Scope {
        partition: "aws".into(),
        account: "444455556666".into(),
        region: "eu-west-1".into(),
        endpoint: None,
    });
    let elsewhere = TableRef::new(&other, "t");
    let all = tables(3).into_iter().chain([elsewhere.clone()]);
    let mut scan = Scan::new(all, Depth::Full, Budget::unlimited(), 1);
    let silent = Gap::Failed(Failure {
        kind: FailureKind::Unreachable,
        message: "no answer in time".into(),
        next: String::new(),
    });
    let Step::Read(request) = scan.next() else { panic!("a read") };
    scan.absorb(Receipt { table: request.table, segment: None, result: Err(silent), cost: None });
    assert_eq!(scan.take_ended().len(), 3);
    assert!(matches!(scan.next(), Step::Read(request) if request.table == elsewhere));
}

#[test]
fn a_small_budget_still_reads_a_little_of_each_table() {
    for (budget, count, asked) in [
        (49, 1, vec![]),
        (50, 1, vec![Some(1)]),
        (100, 2, vec![Some(2), Some(1)]),
        (128, 1, vec![Some(2)]),
        (129, 2, vec![None, Some(2)]),
        (1000, 2, vec![None, None]),
    ] {
        let mut scan = Scan::new(tables(count), Depth::Full, Budget::limited(Rcu::units(budget)), 1);
        let mut limits = Vec::new();
        loop {
            match scan.next() {
                Step::Read(request) => {
                    limits.push(request.limit);
                    let result = Ok((u64::from(request.limit.unwrap_or(100)), None));
                    let cost = Some(Rcu::units(1));
                    scan.absorb(Receipt { table: request.table, segment: request.segment, result, cost });
                }
                Step::Wait => unreachable!("one at a time"),
                Step::Done => break,
            }
        }
        assert_eq!(limits, asked, "{budget} RCU");
        assert_eq!(scan.take_ended().len(), count);
    }
    assert!(LEAST >= worst_case(Some(1)) && worst_case(Some(PAGE_ITEMS as u32)) == Rcu::PAGE);
}

#[test]
fn a_silent_service_is_not_waited_for_again() {
    let silent = || {
        Gap::Failed(Failure {
            kind: FailureKind::Unreachable,
            message: "no answer in time".into(),
            next: String::new(),
        })
    };
    // Ten tables are read two at a time: how many reads are sent when those of `lost` have no answer, and those of
    // `refused` are refused, which is one.
    let check_refused = |lost: &dyn Fn(usize) -> bool, refused: &dyn Fn(usize) -> bool, expect: usize| {
        let mut scan = Scan::new(tables(10), Depth::Full, Budget::unlimited(), 2);
        let (mut sent, mut flying) = (0, VecDeque::new());
        loop {
            match scan.next() {
                Step::Read(request) => {
                    flying.push_back((sent, request.table));
                    sent += 1;
                }
                Step::Wait => {
                    let (n, table) = flying.pop_front().expect("it waits for something");
                    let result = match n {
                        n if lost(n) => Err(silent()),
                        n if refused(n) => Err(Gap::Unsupported),
                        _ => Ok((1, None)),
                    };
                    scan.absorb(Receipt { table, segment: None, result, cost: None });
                }
                Step::Done => break,
            }
        }
        assert_eq!(scan.take_ended().len(), 10);
        assert_eq!(sent, expect);
    };
    let check = |lost: &dyn Fn(usize) -> bool, expect| check_refused(lost, &|_| false, expect);
    check(&|_| false, 10);
    check(&|_| true, 2);
    check_refused(&|n| n == 2, &|n| n < 2, 10);
    // One among others that are answered is one alone.
    check(&|n| n == 3, 10);
}

#[test]
fn a_cancelled_read_counts_at_its_worst_case() {
    let mut scan = Scan::new(tables(2), Depth::Full, Budget::limited(Rcu::units(1000)), 1);
    assert!(matches!(scan.next(), Step::Read(_)));
    assert_eq!(scan.open().count(), 2);
    assert_eq!(scan.cancel().spent(), Rcu::PAGE);
}

/// How a made-up service answers one read: items, whether there is more, a failure, the cost in percent of
/// the worst case, and whether the answer tells its cost.
type Answer = (u64, bool, bool, u64, bool);

proptest! {
    /// Whatever the answers, in whatever order: every table ends exactly once, the budget is never
    /// exceeded, and no sample asks for more than is left of it.
    #[test]
    fn every_table_ends_once_within_the_budget(
        count in 0usize..6,
        sample in prop::option::of(0u32..40),
        limit in 0u64..1500,
        at_once in 0usize..5,
        parts in 0u32..4,
        answers in prop::collection::vec(any::<(u8, bool, bool, u8, bool)>(), 1..40),
        order in prop::collection::vec(any::<prop::sample::Index>(), 1..40),
    ) {
        let depth = sample.map_or(Depth::Full, Depth::Sample);
        let budget = Budget::limited(Rcu::units(limit));
        let mut scan = Scan::new(tables(count), depth, budget, at_once);
        let mut flying: Vec<PageRequest> = Vec::new();
        let mut ended: BTreeMap<TableRef, Outcome> = BTreeMap::new();
        for turn in 0.. {
            prop_assert!(turn < 20_000, "it never ends");
            match scan.next() {
                Step::Read(request) => {
                    prop_assert!(request.limit != Some(0));
                    // A full read is cut down only to what the budget still covers.
                    let most = sample.unwrap_or(PAGE_ITEMS as u32);
                    prop_assert!(request.limit.is_none_or(|n| n <= most));
                    let division = Division::into_parts(parts, sample);
                    flying.extend(scan.divide(request, &division));
                }
                Step::Wait => {
                    prop_assert!(!flying.is_empty(), "it waits for nothing");
                    let request = flying.swap_remove(order[turn % order.len()].index(flying.len()));
                    let (items, more, fails, percent, tells) = answers[turn % answers.len()];
                    let (items, more, fails, percent, tells): Answer =
                        (u64::from(items), more, fails && percent > 200, u64::from(percent % 101), tells);
                    let worst = worst_case(request.limit);
                    // No read is free: pages without end that cost nothing would have no reason to end.
                    let cost = (worst.as_f64() * percent as f64 / 100.0).floor().max(0.5);
                    let cost = Rcu::from_f64(cost);
                    let result = if fails {
                        Err(Gap::Unsupported)
                    } else {
                        Ok((items.min(request.limit.map_or(u64::MAX, u64::from)), more.then(|| at(turn as u64))))
                    };
                    scan.absorb(Receipt { table: request.table, segment: request.segment, result, cost: tells.then_some(cost) });
                }
                Step::Done => break,
            }
            for (table, outcome) in scan.take_ended() {
                prop_assert!(ended.insert(table, outcome).is_none(), "a table ended twice");
            }
            prop_assert!(scan.budget().spent() <= Rcu::units(limit));
        }
        for (table, outcome) in scan.take_ended() {
            prop_assert!(ended.insert(table, outcome).is_none(), "a table ended twice");
        }
        prop_assert_eq!(ended.len(), count);
    }
}
