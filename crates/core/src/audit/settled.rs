//! What of a run that did not come to its end can be kept by one that goes on: tables and parts that were read to their end.
//!
//! Where a run was within a table or a part is not in its log, since that is item data. So what it saw of those is dropped, and
//! read again.

use std::collections::{BTreeMap, BTreeSet};

use super::AuditEvent;
use crate::domain::{Segment, TableRef};
use crate::scan::Outcome;

/// What is known of a table at the end of the events.
#[derive(Default)]
struct Reached {
    /// It was read as far as planned.
    ended: bool,
    parts: BTreeSet<Segment>,
    /// Its parts are of several divisions: then no two of them can be told to be of different items.
    is_mixed: bool,
    /// Where its reading began for the last time.
    from: usize,
}

/// The events that stay: what is known of tables, and what was seen in those that were read as far as planned, or in parts
/// that were. A setting that could not be had is asked for again.
pub fn settled(events: impl IntoIterator<Item = AuditEvent>) -> Vec<AuditEvent> {
    let events: Vec<AuditEvent> = events.into_iter().collect();
    let mut reached: BTreeMap<TableRef, Reached> = BTreeMap::new();
    for (n, event) in events.iter().enumerate() {
        let Some(table) = event.table() else { continue };
        let of = reached.entry(table.clone()).or_default();
        match event {
            AuditEvent::Restarted(_) => *of = Reached { from: n, ..Reached::default() },
            AuditEvent::Part(_, segment) => {
                of.is_mixed |= of.parts.first().is_some_and(|first| first.of != segment.of);
                of.parts.insert(*segment);
            }
            AuditEvent::Ended(_, outcome) => of.ended = is_as_planned(outcome),
            _ => {}
        }
    }
    for of in reached.values_mut().filter(|of| of.is_mixed) {
        (of.ended, of.parts) = (false, BTreeSet::new());
    }
    let stays = |n: usize, event: &AuditEvent| {
        let of = event.table().and_then(|table| reached.get(table));
        let (ended, from) = of.map_or((false, 0), |of| (of.ended, of.from));
        match event {
            AuditEvent::Table(_) | AuditEvent::Fact(..) | AuditEvent::Shared(..) => true,
            AuditEvent::FactUnavailable(..)
            | AuditEvent::SharedFactUnavailable(..)
            | AuditEvent::Restarted(_) => false,
            _ if n < from => false,
            AuditEvent::Items { segment, .. } => {
                ended || segment.is_some_and(|segment| of.is_some_and(|of| of.parts.contains(&segment)))
            }
            AuditEvent::Records { .. } => ended,
            AuditEvent::Part(_, segment) => of.is_some_and(|of| of.parts.contains(segment)),
            AuditEvent::Ended(_, outcome) => ended && is_as_planned(outcome),
        }
    };
    let kept: Vec<bool> = events.iter().enumerate().map(|(n, event)| stays(n, event)).collect();
    events.into_iter().zip(kept).filter_map(|(event, stays)| stays.then_some(event)).collect()
}

/// Whether nothing of a table is left to read.
fn is_as_planned(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Whole | Outcome::Share { .. } | Outcome::Extract | Outcome::Sampled)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::domain::{Gap, Rcu, Scope, Traits, Uninspected};

    fn table() -> TableRef {
        let scope =
            Scope { partition: "aws".into(), account: "1".into(), region: "r".into(), endpoint: None };
        TableRef::new(&Arc::new(scope), "t")
    }

    /// A run in letters: `i` items of the table, `0` and `1` items of a part, `a` and `b` the end of part 0 and 1, `r` begun
    /// anew, `w` ended whole, `s` stopped. What stays, in letters.
    fn check(run: &str, expect: &str) {
        let segment = |number| Segment { number, of: 2 };
        let items = |segment| AuditEvent::Items {
            table: table(),
            segment,
            items: 1,
            traits: Traits::default(),
            uninspected: Uninspected::default(),
            cost: Rcu::ZERO,
            sightings: Vec::new(),
        };
        let event = |letter| match letter {
            'i' => items(None),
            '0' => items(Some(segment(0))),
            '1' => items(Some(segment(1))),
            'a' => AuditEvent::Part(table(), segment(0)),
            'b' => AuditEvent::Part(table(), segment(1)),
            'x' => AuditEvent::Part(table(), Segment { number: 1, of: 3 }),
            'r' => AuditEvent::Restarted(table()),
            'w' => AuditEvent::Ended(table(), Outcome::Whole),
            's' => AuditEvent::Ended(table(), Outcome::Stopped(Gap::NotAsked)),
            other => panic!("{other}"),
        };
        let letters = "i01abxrws";
        let letter = |kept: &AuditEvent| letters.chars().find(|l| event(*l) == *kept).expect("one of them");
        let kept: String = settled(run.chars().map(event)).iter().map(letter).collect();
        assert_eq!(kept, expect, "{run}");
    }

    #[test]
    fn what_was_read_to_its_end_stays() {
        check("iiw", "iiw");
        check("ii", "");
        check("iis", "");
        check("iiriw", "iw");
        check("00a1", "00a");
        check("0011ab", "0011ab");
        check("0101abw", "0101abw");
        check("01as", "0a");
        check("0ar1b", "1b");
        check("iwri", "");
        // Parts of two divisions may have the same items.
        check("0ax", "");
        check("0axw", "");
    }
}
