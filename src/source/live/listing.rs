//! A list of tables must come to an end, even where the endpoint never says so.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};

use crate::domain::{Gap, permission};
use crate::source::live::errors::nonsense;

/// More than any account has: a page names up to 100 tables (API Reference, ListTables), and the highest quota
/// is 10,000 tables in an account and Region (Developer Guide, "Quotas").
const MAX_PAGES: usize = 10_000;

/// More tables than any account and Region has, five times over.
const MAX_TABLES: usize = 50_000;

/// A list of ten thousand tables takes a hundred pages, each of which takes a moment.
const LONGEST: SignedDuration = SignedDuration::from_mins(5);

/// The way through the list under way: each name to go on after, with the one before it.
///
/// A chain, not a set: a list that is begun anew while another is under way goes the same way, and that is
/// no circle. Names have no order that could be relied on.
#[derive(Debug, Default)]
pub struct Listing {
    before: HashMap<String, Option<String>>,
    tables: usize,
    since: Option<Timestamp>,
}

impl Listing {
    /// Takes a step: the page that was asked for after `after` has this many tables and says to go on after `next`.
    ///
    /// # Errors
    /// The list goes round in a circle, or is longer than that of any account.
    pub fn step(
        &mut self,
        after: Option<&str>,
        tables: usize,
        next: Option<&str>,
        now: Timestamp,
    ) -> Result<(), Gap> {
        if after.is_none() {
            *self = Self { since: Some(now), ..Self::default() };
        }
        self.tables += tables;
        let took = self.since.map(|since| now.duration_since(since)).unwrap_or_default();
        if next.is_some() && (self.tables > MAX_TABLES || took > LONGEST) {
            return Err(endless());
        }
        let Some(next) = next else { return Ok(()) };
        let mut pages = 1;
        let mut at = after;
        while let Some(name) = at {
            if name == next || pages >= MAX_PAGES {
                return Err(endless());
            }
            pages += 1;
            at = self.before.get(name).and_then(|before| before.as_deref());
        }
        self.before.insert(next.to_owned(), after.map(str::to_owned));
        Ok(())
    }
}

fn endless() -> Gap {
    nonsense(permission("dynamodb:ListTables"), "end")
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    /// Goes along names in turn; how many steps were taken before it was refused.
    fn walk(listing: &mut Listing, names: &[&str]) -> usize {
        let mut after = None;
        for (n, next) in names.iter().enumerate() {
            if listing.step(after, 1, Some(next), NOW).is_err() {
                return n;
            }
            after = Some(*next);
        }
        names.len()
    }

    #[test]
    fn a_circle_is_refused() {
        let check = |names: &[&str], expect| assert_eq!(walk(&mut Listing::default(), names), expect);
        check(&["a", "b", "c"], 3);
        check(&["c", "a", "b"], 3);
        check(&["a", "a"], 1);
        check(&["a", "b", "a"], 2);
        check(&["a", "b", "c", "b"], 3);
    }

    #[test]
    fn lists_that_overlap_are_no_circle() {
        let mut listing = Listing::default();
        assert_eq!(walk(&mut listing, &["a", "b", "c"]), 3);
        assert_eq!(walk(&mut listing, &["a", "b"]), 2, "begun anew");
        assert_eq!(listing.step(Some("c"), 1, Some("d"), NOW), Ok(()), "the first one goes on");
        assert_eq!(listing.step(Some("b"), 1, Some("c"), NOW), Ok(()), "and so does the second");
        assert_eq!(listing.step(Some("d"), 1, None, NOW), Ok(()));
    }

    #[test]
    fn a_list_without_end_is_refused() {
        let mut listing = Listing::default();
        let mut after: Option<String> = None;
        let mut pages = 0;
        loop {
            let next = format!("t{pages}");
            if listing.step(after.as_deref(), 1, Some(&next), NOW).is_err() {
                break;
            }
            pages += 1;
            after = Some(next);
            assert!(pages <= MAX_PAGES);
            // Far along at once: walking the chain back takes long in a debug build.
            if pages == 10 {
                for n in 10..MAX_PAGES {
                    listing.before.insert(format!("t{n}"), Some(format!("t{}", n - 1)));
                }
                pages = MAX_PAGES;
                after = Some(format!("t{}", pages - 1));
            }
        }
        assert_eq!(pages, MAX_PAGES);
    }

    #[test]
    fn a_list_has_an_end_in_tables_and_in_time() {
        let check = |tables: usize, seconds: i64, more: bool, expect: bool| {
            let mut listing = Listing::default();
            assert!(listing.step(None, 0, Some("a"), NOW).is_ok());
            let now = Timestamp::from_second(seconds).expect("a time");
            let ended = listing.step(Some("a"), tables, more.then_some("b"), now).is_err();
            assert_eq!(ended, expect, "{tables} tables after {seconds} s");
        };
        check(MAX_TABLES, 1, true, false);
        check(MAX_TABLES + 1, 1, true, true);
        check(MAX_TABLES + 1, 1, false, false);
        check(1, 301, true, true);
        check(1, 301, false, false);
    }
}
