//! A list of tables must come to an end, even where the endpoint never says so.

use std::collections::HashMap;

use crate::domain::{Gap, permission};
use crate::source::live::errors::nonsense;

/// More than any account has: a page names up to 100 tables (API Reference, ListTables), and the highest quota
/// is 10,000 tables in an account and Region (Developer Guide, "Quotas").
const MAX_PAGES: usize = 10_000;

/// The way through the list under way: each name to go on after, with the one before it.
///
/// A chain, not a set: a list that is begun anew while another is under way goes the same way, and that is
/// no circle. Names have no order that could be relied on.
#[derive(Debug, Default)]
pub struct Listing(HashMap<String, Option<String>>);

impl Listing {
    /// Takes a step: the page that was asked for after `after` says to go on after `next`.
    ///
    /// # Errors
    /// The list goes round in a circle, or has more pages than any account.
    pub fn step(&mut self, after: Option<&str>, next: Option<&str>) -> Result<(), Gap> {
        if after.is_none() {
            self.0.clear();
        }
        let Some(next) = next else { return Ok(()) };
        let mut pages = 1;
        let mut at = after;
        while let Some(name) = at {
            if name == next || pages >= MAX_PAGES {
                return Err(nonsense(permission("dynamodb:ListTables"), "end"));
            }
            pages += 1;
            at = self.0.get(name).and_then(|before| before.as_deref());
        }
        self.0.insert(next.to_owned(), after.map(str::to_owned));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goes along names in turn; how many steps were taken before it was refused.
    fn walk(listing: &mut Listing, names: &[&str]) -> usize {
        let mut after = None;
        for (n, next) in names.iter().enumerate() {
            if listing.step(after, Some(next)).is_err() {
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
        assert_eq!(listing.step(Some("c"), Some("d")), Ok(()), "the first one goes on");
        assert_eq!(listing.step(Some("b"), Some("c")), Ok(()), "and so does the second");
        assert_eq!(listing.step(Some("d"), None), Ok(()));
    }

    #[test]
    fn a_list_without_end_is_refused() {
        let mut listing = Listing::default();
        let mut after: Option<String> = None;
        let mut pages = 0;
        loop {
            let next = format!("t{pages}");
            if listing.step(after.as_deref(), Some(&next)).is_err() {
                break;
            }
            pages += 1;
            after = Some(next);
            assert!(pages <= MAX_PAGES);
            // Far along at once: walking the chain back takes long in a debug build.
            if pages == 10 {
                for n in 10..MAX_PAGES {
                    listing.0.insert(format!("t{n}"), Some(format!("t{}", n - 1)));
                }
                pages = MAX_PAGES;
                after = Some(format!("t{}", pages - 1));
            }
        }
        assert_eq!(pages, MAX_PAGES);
    }
}
