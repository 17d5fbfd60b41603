//! The events of several runs that read together, put together.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::AuditEvent;
use crate::domain::{Failure, FailureKind, Gap, TableRef};
use crate::scan::{Outcome, Share, worse};

/// Why runs cannot be put together: their items would count twice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Overlap {
    /// A share of a table is in several.
    Share(TableRef, u32),
    /// A table that one of them read as a whole, or a sample of it, is in another.
    Table(TableRef),
    /// A table was divided into different numbers of shares.
    Division(TableRef),
}

impl fmt::Display for Overlap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Share(table, number) => write!(f, "share {number} of {table} is in two of them"),
            Self::Table(table) => write!(f, "{table} was read by more than one of them, and not in shares"),
            Self::Division(table) => write!(
                f,
                "{table} was divided differently in two of them, so that some items would count twice and others not at all"
            ),
        }
    }
}

/// The events of one run, and which of several it is that read together.
pub struct Run {
    /// `None` for one that read everything it was to read by itself.
    pub share: Option<Share>,
    /// In their order.
    pub events: Vec<AuditEvent>,
}

/// How a table ended in the runs that have items of it.
#[derive(Default)]
struct Ends {
    /// The runs that read it, by their places, and the share of each.
    readers: BTreeMap<usize, Option<Share>>,
    /// The shares that came to their end.
    whole: BTreeSet<u32>,
    of: Option<u32>,
    extract: bool,
    /// Ends that are not a share.
    others: Vec<Outcome>,
    /// A run ended before it did.
    open: bool,
    /// Into how many parts it was divided, where it was.
    parts: Option<u32>,
}

/// The events of all runs as those of one: shares that are all there are the whole, and what is missing is a gap.
///
/// # Errors
/// [`Overlap`].
pub fn merge(runs: Vec<Run>) -> Result<Vec<AuditEvent>, Overlap> {
    let mut merged = Vec::new();
    let mut ends: BTreeMap<TableRef, Ends> = BTreeMap::new();
    for (run, Run { share, events }) in runs.into_iter().enumerate() {
        let began = begun(&events);
        let mut open: BTreeSet<TableRef> = BTreeSet::new();
        for (n, event) in events.into_iter().enumerate() {
            let table = event.table().cloned();
            let is_before =
                table.as_ref().is_some_and(|table| began.get(table).is_some_and(|from| n < *from));
            match (table, &event) {
                // It is in the order of one run only: here it would drop what others saw. And what it dropped is dropped.
                (_, AuditEvent::Restarted(_)) => {}
                (
                    Some(_),
                    AuditEvent::Ended(..)
                    | AuditEvent::Items { .. }
                    | AuditEvent::Records { .. }
                    | AuditEvent::Part(..),
                ) if is_before => {}
                (Some(table), AuditEvent::Ended(_, outcome)) => {
                    open.remove(&table);
                    let of_table = reader(&mut ends, &table, run, share)?;
                    match outcome {
                        Outcome::Share { number, of, extract } => {
                            of_table.of = Some(*of);
                            of_table.extract |= extract;
                            of_table.whole.insert(*number);
                        }
                        other => of_table.others.push(other.clone()),
                    }
                }
                (Some(table), AuditEvent::Part(_, segment)) => {
                    let parts = &mut reader(&mut ends, &table, run, share)?.parts;
                    if parts.is_some_and(|parts| parts != segment.of) {
                        return Err(Overlap::Division(table));
                    }
                    *parts = Some(segment.of);
                    open.insert(table);
                    merged.push(event);
                }
                (Some(table), AuditEvent::Items { .. } | AuditEvent::Records { .. }) => {
                    reader(&mut ends, &table, run, share)?;
                    open.insert(table);
                    merged.push(event);
                }
                _ => merged.push(event),
            }
        }
        for table in open {
            ends.entry(table).or_default().open = true;
        }
    }
    merged.extend(ends.into_iter().map(|(table, ends)| AuditEvent::Ended(table, ends.outcome())));
    Ok(merged)
}

/// Where the reading of each table began for the last time.
fn begun(log: &[AuditEvent]) -> BTreeMap<TableRef, usize> {
    let restarted = |(n, event): (usize, &AuditEvent)| match event {
        AuditEvent::Restarted(table) => Some((table.clone(), n)),
        _ => None,
    };
    log.iter().enumerate().filter_map(restarted).collect()
}

/// A table that a run has something of. Several may have only if each read another share of it.
fn reader<'a>(
    ends: &'a mut BTreeMap<TableRef, Ends>,
    table: &TableRef,
    run: usize,
    share: Option<Share>,
) -> Result<&'a mut Ends, Overlap> {
    let of_table = ends.entry(table.clone()).or_default();
    if of_table.readers.insert(run, share).is_none() {
        for (_, known) in of_table.readers.iter().filter(|(other, _)| **other != run) {
            match (known, share) {
                (Some(a), Some(b)) if a.of != b.of => return Err(Overlap::Division(table.clone())),
                (Some(a), Some(b)) if a.number == b.number => {
                    return Err(Overlap::Share(table.clone(), b.number));
                }
                (Some(_), Some(_)) => {}
                _ => return Err(Overlap::Table(table.clone())),
            }
        }
    }
    Ok(of_table)
}

impl Ends {
    fn outcome(self) -> Outcome {
        let mut all = self.others;
        // Of shares it is said which are missing.
        if self.open && self.of.is_none() {
            all.push(Outcome::Stopped(Gap::Failed(Failure {
                kind: FailureKind::NotFound,
                message: String::from("a log ends before it was read to its end"),
                next: String::from("go on with that run: `dynaudit scan --resume`"),
            })));
        }
        if let Some(of) = self.of {
            let lacking: Vec<String> =
                (1..=of).filter(|n| !self.whole.contains(n)).map(|n| n.to_string()).collect();
            all.push(match self.extract {
                _ if !lacking.is_empty() => lacks(&lacking, of),
                true => Outcome::Extract,
                false => Outcome::Whole,
            });
        }
        all.into_iter().fold(None, |worst, outcome| Some(worse(worst, outcome))).unwrap_or(Outcome::Whole)
    }
}

/// How many shares are named.
const NAMED: usize = 8;

fn lacks(lacking: &[String], of: u32) -> Outcome {
    let more = match lacking.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let named = lacking[..lacking.len().min(NAMED)].join(", ");
    let (shares, are) = if lacking.len() == 1 { ("share", "is") } else { ("shares", "are") };
    Outcome::Stopped(Gap::Failed(Failure {
        kind: FailureKind::NotFound,
        message: format!("{shares} {named}{more} of {of} {are} missing, or did not come to the end"),
        next: String::from("merge the logs of all shares"),
    }))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::audit::Audit;
    use crate::domain::{Rcu, Scope, Traits, Uninspected};

    fn table() -> TableRef {
        let scope =
            Scope { partition: "aws".into(), account: "1".into(), region: "r".into(), endpoint: None };
        TableRef::new(&Arc::new(scope), "t")
    }

    fn items(items: u64) -> AuditEvent {
        AuditEvent::Items {
            table: table(),
            segment: None,
            items,
            traits: Traits::default(),
            uninspected: Uninspected::default(),
            cost: Rcu::ZERO,
            sightings: Vec::new(),
        }
    }

    /// A run that read so many items, whole or as a share, and how it ended.
    fn run(read: u64, share: Option<(u32, u32)>, outcome: Option<Outcome>) -> Run {
        let mut events = vec![AuditEvent::Table(table()), items(read)];
        events.extend(outcome.map(|outcome| AuditEvent::Ended(table(), outcome)));
        Run { share: share.map(|(number, of)| Share { number, of }), events }
    }

    /// One that read its share to the end.
    fn share(read: u64, number: u32, of: u32) -> Run {
        run(read, Some((number, of)), Some(Outcome::Share { number, of, extract: false }))
    }

    /// How many items there are in all, and how the table ended.
    #[track_caller]
    fn check(runs: Vec<Run>, items: u64, ended: &str) {
        let mut audit = Audit::default();
        audit.absorb_all(merge(runs).expect("no overlap"));
        let table = audit.table(&table()).expect("it is there");
        let outcome = match table.outcome.as_ref().expect("it ended") {
            Outcome::Whole => String::from("whole"),
            Outcome::Stopped(Gap::Failed(failure)) => failure.message.clone(),
            other => format!("{other:?}"),
        };
        assert_eq!((table.items, outcome.as_str()), (items, ended));
    }

    #[test]
    fn all_shares_are_the_whole() {
        check(vec![share(1, 1, 2), share(2, 2, 2)], 3, "whole");
        check(vec![share(2, 2, 2), share(1, 1, 2)], 3, "whole");
        check(vec![share(1, 1, 1)], 1, "whole");
        check(vec![run(7, None, Some(Outcome::Whole))], 7, "whole");
    }

    #[test]
    fn what_is_missing_is_a_gap() {
        let missing = "share 2 of 3 is missing, or did not come to the end";
        check(vec![share(1, 1, 3), share(2, 3, 3)], 3, missing);
        check(vec![share(1, 1, 3), share(2, 3, 3), run(9, Some((2, 3)), None)], 12, missing);
        let stopped = run(2, Some((2, 2)), Some(Outcome::OutOfBudget));
        check(vec![share(1, 1, 2), stopped], 3, "share 2 of 2 is missing, or did not come to the end");
        check(vec![run(2, None, None)], 2, "a log ends before it was read to its end");
    }

    #[test]
    fn what_a_run_began_anew_counts_once() {
        let mut again = share(2, 2, 2);
        again.events.splice(0..0, [items(5), AuditEvent::Restarted(table())]);
        check(vec![share(1, 1, 2), again], 3, "whole");
    }

    #[test]
    fn what_would_count_twice_is_refused() {
        let refused = |runs| merge(runs).expect_err("an overlap");
        assert_eq!(refused(vec![share(1, 1, 2), share(1, 1, 2)]), Overlap::Share(table(), 1));
        assert_eq!(refused(vec![share(1, 1, 2), share(1, 1, 3)]), Overlap::Division(table()));
        for outcome in [Some(Outcome::Whole), Some(Outcome::OutOfBudget), Some(Outcome::Extract), None] {
            let alone = || run(1, None, outcome.clone());
            assert_eq!(refused(vec![alone(), alone()]), Overlap::Table(table()));
            assert_eq!(refused(vec![alone(), share(1, 1, 2)]), Overlap::Table(table()));
            assert_eq!(refused(vec![share(1, 1, 2), alone()]), Overlap::Table(table()));
        }
        // One that was stopped read some of its share, too.
        let stopped = run(1, Some((1, 2)), Some(Outcome::Stopped(Gap::NotAsked)));
        assert_eq!(refused(vec![share(1, 1, 2), stopped]), Overlap::Share(table(), 1));
    }
}
