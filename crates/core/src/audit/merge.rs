//! The events of several runs that read together, put together.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::AuditEvent;
use crate::domain::{Failure, FailureKind, Gap, TableRef};
use crate::scan::{Outcome, worse};

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

/// How a table ended in the logs that have items of it.
#[derive(Default)]
struct Ends {
    shares: BTreeSet<u32>,
    of: Option<u32>,
    extract: bool,
    /// Ends that are not a share.
    others: Vec<Outcome>,
    /// Logs that ended before it did.
    open: bool,
    /// Into how many parts it was divided, where it was.
    parts: Option<u32>,
}

/// The events of all logs as those of one run: shares that are all there are the whole, and what lacks is a gap.
///
/// # Errors
/// [`Overlap`].
pub fn merge(logs: Vec<Vec<AuditEvent>>) -> Result<Vec<AuditEvent>, Overlap> {
    let mut merged = Vec::new();
    let mut ends: BTreeMap<TableRef, Ends> = BTreeMap::new();
    for log in logs {
        let began = begun(&log);
        let mut open: BTreeSet<TableRef> = BTreeSet::new();
        for (n, event) in log.into_iter().enumerate() {
            let table = event.table().cloned();
            let is_before =
                table.as_ref().is_some_and(|table| began.get(table).is_some_and(|from| n < *from));
            match (table, &event) {
                // It is in the order of one run only: here it would drop what others saw.
                (_, AuditEvent::Restarted(_)) => {}
                (Some(table), AuditEvent::Ended(_, outcome)) => {
                    open.remove(&table);
                    if !is_before {
                        ended(&mut ends, table, outcome)?;
                    }
                }
                (Some(table), AuditEvent::Part(_, segment)) if !is_before => {
                    let parts = &mut ends.entry(table.clone()).or_default().parts;
                    if parts.is_some_and(|parts| parts != segment.of) {
                        return Err(Overlap::Division(table));
                    }
                    *parts = Some(segment.of);
                    merged.push(event);
                }
                (
                    Some(table),
                    AuditEvent::Items { .. } | AuditEvent::Records { .. } | AuditEvent::Part(..),
                ) => {
                    if !is_before {
                        open.insert(table);
                        merged.push(event);
                    }
                }
                _ => merged.push(event),
            }
        }
        for table in open {
            ends.entry(table).or_default().open = true;
        }
    }
    merged.extend(ends.into_iter().map(|(table, ends)| {
        let outcome = ends.outcome();
        AuditEvent::Ended(table, outcome)
    }));
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

fn ended(ends: &mut BTreeMap<TableRef, Ends>, table: TableRef, outcome: &Outcome) -> Result<(), Overlap> {
    let of_table = ends.entry(table.clone()).or_default();
    match outcome {
        Outcome::Share { number, of, extract } => {
            of_table.extract |= extract;
            if of_table.of.is_some_and(|before| before != *of) {
                return Err(Overlap::Division(table));
            }
            of_table.of = Some(*of);
            if !of_table.shares.insert(*number) {
                return Err(Overlap::Share(table, *number));
            }
        }
        other => of_table.others.push(other.clone()),
    }
    // A share that was stopped does not say which it is.
    let is_known = |o: &&Outcome| matches!(o, Outcome::Whole | Outcome::Sampled);
    if of_table.others.iter().filter(is_known).count() > 0
        && of_table.others.len() + of_table.shares.len() > 1
    {
        return Err(Overlap::Table(table));
    }
    Ok(())
}

impl Ends {
    fn outcome(self) -> Outcome {
        let mut all = self.others;
        if self.open {
            all.push(Outcome::Stopped(Gap::Failed(Failure {
                kind: FailureKind::NotFound,
                message: String::from("a log ends before it was read to its end"),
                next: String::from("go on with that run: `dynaudit scan --resume`"),
            })));
        }
        if let Some(of) = self.of {
            let lacking: Vec<String> =
                (1..=of).filter(|n| !self.shares.contains(n)).map(|n| n.to_string()).collect();
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

    fn log(read: u64, outcome: Option<Outcome>) -> Vec<AuditEvent> {
        let mut log = vec![AuditEvent::Table(table()), items(read)];
        log.extend(outcome.map(|outcome| AuditEvent::Ended(table(), outcome)));
        log
    }

    fn share(number: u32, of: u32) -> Option<Outcome> {
        Some(Outcome::Share { number, of, extract: false })
    }

    /// How many items there are in all, and how the table ended.
    #[track_caller]
    fn check(logs: Vec<Vec<AuditEvent>>, items: u64, ended: &str) {
        let mut audit = Audit::default();
        audit.absorb_all(merge(logs).expect("no overlap"));
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
        check(vec![log(1, share(1, 2)), log(2, share(2, 2))], 3, "whole");
        check(vec![log(2, share(2, 2)), log(1, share(1, 2))], 3, "whole");
        check(vec![log(1, share(1, 1))], 1, "whole");
        check(vec![log(7, Some(Outcome::Whole))], 7, "whole");
    }

    #[test]
    fn what_lacks_is_a_gap() {
        let lacks = "share 2 of 3 is missing, or did not come to the end";
        check(vec![log(1, share(1, 3)), log(2, share(3, 3))], 3, lacks);
        check(
            vec![log(1, share(1, 3)), log(2, share(3, 3)), log(9, None)],
            12,
            "a log ends before it was read to its end",
        );
        check(
            vec![log(1, share(1, 2)), log(2, Some(Outcome::OutOfBudget))],
            3,
            "share 2 of 2 is missing, or did not come to the end",
        );
    }

    #[test]
    fn what_a_run_began_anew_counts_once() {
        let mut again = vec![items(5), AuditEvent::Restarted(table())];
        again.extend(log(2, share(2, 2)));
        check(vec![log(1, share(1, 2)), again], 3, "whole");
    }

    #[test]
    fn what_would_count_twice_is_refused() {
        let refused = |logs| merge(logs).expect_err("an overlap");
        assert_eq!(refused(vec![log(1, share(1, 2)), log(1, share(1, 2))]), Overlap::Share(table(), 1));
        assert_eq!(refused(vec![log(1, share(1, 2)), log(1, share(1, 3))]), Overlap::Division(table()));
        let whole = || log(1, Some(Outcome::Whole));
        assert_eq!(refused(vec![whole(), whole()]), Overlap::Table(table()));
        assert_eq!(refused(vec![whole(), log(1, share(1, 2))]), Overlap::Table(table()));
        assert_eq!(refused(vec![log(1, share(1, 2)), whole()]), Overlap::Table(table()));
    }
}
