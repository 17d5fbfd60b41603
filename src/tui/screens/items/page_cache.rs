//! The items read so far, page by page. What is farthest from the view is let go when memory runs short, and can be
//! read again from where its page started.

use std::ops::Range;
use std::sync::Arc;

use crate::domain::{Cursor, Screened};

/// Maximum size of the items held, in bytes, as [`Screened::weight`] counts them.
pub(super) const CAP: usize = 16 << 20;

/// A page that was read.
struct CachedPage {
    /// Where it started; `None` for the first.
    start: Option<Cursor>,
    /// How many items at most it asked for.
    limit: Option<u32>,
    /// How many it had.
    len: usize,
    /// Them, while they are held.
    items: Option<Vec<Arc<Screened>>>,
    weight: usize,
}

/// All pages in the order they were read.
#[derive(Default)]
pub(super) struct PageCache {
    pages: Vec<CachedPage>,
    /// The first row of each page.
    starts: Vec<usize>,
    len: usize,
    rows: usize,
    weight: usize,
}

impl PageCache {
    /// Rows read, held or not.
    pub fn len(&self) -> usize {
        self.len
    }

    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Rows held.
    pub fn rows(&self) -> usize {
        self.rows
    }

    pub fn is_full(&self) -> bool {
        self.weight > CAP
    }

    /// The item of a row, if it is held.
    pub fn get(&self, row: usize) -> Option<&Arc<Screened>> {
        let page = self.page_of(row)?;
        self.pages[page].items.as_ref()?.get(row - self.starts[page])
    }

    /// The rows that are held, with their items.
    pub fn iter(&self) -> impl Iterator<Item = (usize, &Arc<Screened>)> {
        let pages = self.pages.iter().zip(&self.starts);
        pages.flat_map(|(p, start)| {
            p.items.iter().flatten().enumerate().map(move |(n, item)| (start + n, item))
        })
    }

    /// Adds the next page; the rows it has.
    pub fn push(&mut self, start: Option<Cursor>, limit: Option<u32>, items: Vec<Screened>) -> Range<usize> {
        let rows = self.len..self.len + items.len();
        self.starts.push(self.len);
        self.pages.push(CachedPage { start, limit, len: 0, items: None, weight: 0 });
        self.fill(self.pages.len() - 1, items);
        rows
    }

    /// The first page of which some of these rows are, and which is not held.
    pub fn missing(&self, rows: Range<usize>) -> Option<usize> {
        let first = self.page_of(rows.start)?;
        let after = |page: &usize| self.starts[*page] < rows.end;
        (first..self.pages.len()).take_while(after).find(|page| self.pages[*page].items.is_none())
    }

    /// What to ask for to read a page again.
    pub fn request(&self, page: usize) -> (Option<Cursor>, Option<u32>) {
        (self.pages[page].start.clone(), self.pages[page].limit)
    }

    /// Takes in a page that was read again, and where the one after it would start now. False if the table changed
    /// under it: then rows may be missing or twice.
    pub fn refill(&mut self, page: usize, items: Vec<Screened>, next: Option<&Cursor>) -> bool {
        let same = items.len() == self.pages[page].len;
        self.fill(page, items);
        // The last page knows no next one to compare with.
        same && self.pages.get(page + 1).is_none_or(|after| after.start.as_ref() == next)
    }

    fn fill(&mut self, page: usize, items: Vec<Screened>) {
        let at = &mut self.pages[page];
        let grown = items.len() as isize - at.len as isize;
        at.len = items.len();
        at.weight = items.iter().map(Screened::weight).sum();
        self.weight += at.weight;
        self.rows += at.len;
        at.items = Some(items.into_iter().map(Arc::new).collect());
        self.len = self.len.saturating_add_signed(grown);
        if grown != 0 {
            self.starts[page + 1..].iter_mut().for_each(|start| *start = start.saturating_add_signed(grown));
        }
    }

    /// Lets pages go until the rest fits, those farthest from these rows first.
    pub fn shrink(&mut self, keep: Range<usize>) {
        while self.weight > CAP {
            let held = |page: &usize| self.pages[*page].items.is_some();
            let first = (0..self.pages.len()).find(held);
            let last = (0..self.pages.len()).rev().find(held);
            let (Some(first), Some(last)) = (first, last) else { return };
            let above = keep.start.saturating_sub(self.starts[first] + self.pages[first].len);
            let below = self.starts[last].saturating_sub(keep.end);
            let inside = |page: usize| {
                self.starts[page] < keep.end && keep.start < self.starts[page] + self.pages[page].len
            };
            let page = if above >= below { first } else { last };
            if inside(page) {
                return;
            }
            let page = &mut self.pages[page];
            (page.items, self.weight, self.rows) = (None, self.weight - page.weight, self.rows - page.len);
        }
    }

    fn page_of(&self, row: usize) -> Option<usize> {
        // Pages without items have the same first row as the one after them: the last of these is the one.
        (row < self.len).then(|| self.starts.partition_point(|start| *start <= row) - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{AttributeValue, Item};

    fn item(n: usize, bytes: usize) -> Item {
        Item::new(vec![
            ("n".into(), AttributeValue::N(n.to_string())),
            ("text".into(), AttributeValue::S("x".repeat(bytes))),
        ])
    }

    fn page(from: usize, len: usize, bytes: usize) -> Vec<Screened> {
        (from..from + len).map(|n| Screened::new(item(n, bytes), Vec::new())).collect()
    }

    fn cursor(n: usize) -> Option<Cursor> {
        (n > 0).then(|| Cursor::new(item(n, 0)))
    }

    fn shown(held: &PageCache, row: usize) -> Option<String> {
        Some(held.get(row)?.cell("n", 20, false)?.text.to_string())
    }

    #[test]
    fn far_pages_go_and_come_back() {
        let mut held = PageCache::default();
        // 64 MB in pages of 1 MB: most of it has to go.
        for n in 0..64 {
            let rows = held.push(cursor(n * 100), Some(100), page(n * 100, 100, 10_000));
            held.shrink(rows);
            assert!(!held.is_full());
        }
        assert_eq!(held.len(), 6400);
        assert!(held.rows() * 10_000 < CAP && held.rows() * 10_000 > CAP * 9 / 10, "{}", held.rows());
        assert_eq!(shown(&held, 6399).as_deref(), Some("6399"));
        assert_eq!(shown(&held, 0), None);
        assert_eq!(held.iter().next().map(|(row, _)| row), Some(6400 - held.rows()));
        // To the top again.
        let missing = held.missing(0..50).expect("not held");
        assert_eq!(missing, 0);
        assert!(held.request(0) == (None, Some(100)));
        assert!(held.refill(0, page(0, 100, 10_000), cursor(100).as_ref()));
        held.shrink(0..50);
        assert_eq!(shown(&held, 7).as_deref(), Some("7"));
        assert_eq!(held.missing(0..50), None);
        assert_eq!(held.missing(0..150), Some(1));
        assert_eq!(shown(&held, 6399), None, "the other end went");
    }

    #[test]
    fn a_table_that_changed_is_noticed() {
        let mut held = PageCache::default();
        held.push(None, Some(10), page(0, 10, 1));
        held.push(cursor(10), Some(10), page(10, 10, 1));
        held.push(cursor(20), Some(10), page(20, 5, 1));
        assert!(held.refill(1, page(10, 10, 1), cursor(20).as_ref()));
        assert!(!held.refill(1, page(10, 9, 1), cursor(20).as_ref()), "one is gone");
        assert_eq!((held.len(), shown(&held, 19).as_deref()), (24, Some("20")));
        assert!(!held.refill(1, page(10, 9, 1), cursor(19).as_ref()), "it ends elsewhere");
    }

    #[test]
    fn pages_without_items_are_in_nobodys_way() {
        let mut held = PageCache::default();
        for n in [3, 0, 0, 2, 0] {
            held.push(None, None, page(held.len(), n, 1));
        }
        let rows: Vec<_> = (0..6).map(|row| shown(&held, row)).collect();
        let expect = ["0", "1", "2", "3", "4"].map(|n| Some(n.to_owned()));
        assert_eq!(rows[..5], expect);
        assert_eq!(rows[5], None);
        assert_eq!(held.missing(0..5), None);
    }
}
