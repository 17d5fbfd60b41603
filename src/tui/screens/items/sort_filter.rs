//! Rows in another order, or only some of them: of what is held. Kept up to date as pages come.

use std::cmp::Ordering;
use std::sync::Arc;

use crate::domain::{AttributePath, Safe, Screened, SortKey};

/// Which rows are shown.
#[derive(Clone, PartialEq)]
pub(super) enum Only {
    /// With any finding.
    Finding,
    /// With a finding of one rule, by id and title.
    Rule(Arc<str>, Safe),
    /// With a finding of one rule in one attribute: the rule's id, the attribute for any item, and the rule's title.
    Found(Arc<str>, AttributePath, Safe),
    /// With a value of one type in one attribute.
    Kind(String, &'static str),
    /// With this value in one attribute; there is none such for a masked one.
    Value(String, SortKey),
}

impl Only {
    pub fn allows(&self, item: &Screened, mask_all: bool) -> bool {
        match self {
            Self::Finding => item.worst().is_some(),
            Self::Rule(rule, _) => item.sightings().iter().any(|s| s.rule == *rule),
            Self::Found(rule, path, _) => {
                item.sightings().iter().any(|s| s.rule == *rule && s.path.general() == *path)
            }
            Self::Kind(name, kind) => item.kinds().any(|(n, k)| n == name && k == *kind),
            Self::Value(name, value) => item.sort_key(name, mask_all).as_ref() == Some(value),
        }
    }

    pub fn words(&self) -> String {
        match self {
            Self::Finding => "with a finding".into(),
            Self::Rule(_, title) => format!("with {title}"),
            Self::Found(_, path, title) => {
                format!("with {title} in {}", Safe::neutral(&path.to_string()))
            }
            Self::Kind(name, kind) => format!("where {} is {kind}", Safe::neutral(name)),
            // The value stands in the rows.
            Self::Value(name, _) => format!("with this {}", Safe::neutral(name)),
        }
    }
}

/// By which attribute rows are ordered.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Sort {
    pub name: String,
    pub down: bool,
}

/// Filter and order.
#[derive(Default)]
pub(super) struct Arranged {
    pub only: Option<Only>,
    pub sort: Option<Sort>,
    rows: Vec<(Option<SortKey>, usize)>,
}

impl Arranged {
    /// Only some, as they are read.
    pub fn only(only: Only) -> Self {
        Self { only: Some(only), ..Self::default() }
    }

    /// Whether rows are not simply as they were read.
    pub fn is_active(&self) -> bool {
        self.only.is_some() || self.sort.is_some()
    }

    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// The row on a line of the screen's list.
    pub fn row(&self, line: usize) -> Option<usize> {
        self.rows.get(line).map(|(_, row)| *row)
    }

    /// The line a row is on.
    pub fn line(&self, row: usize) -> Option<usize> {
        self.rows.iter().position(|(_, r)| *r == row)
    }

    /// Starts over with these rows.
    pub fn rebuild<'a>(&mut self, rows: impl Iterator<Item = (usize, &'a Arc<Screened>)>, mask_all: bool) {
        self.rows.clear();
        self.rows.shrink_to_fit();
        self.add(rows, mask_all);
    }

    /// Takes rows in.
    pub fn add<'a>(&mut self, rows: impl Iterator<Item = (usize, &'a Arc<Screened>)>, mask_all: bool) {
        if !self.is_active() {
            return;
        }
        let Self { only, sort, rows: all } = self;
        let wanted = rows.filter(|(_, item)| only.as_ref().is_none_or(|o| o.allows(item, mask_all)));
        all.extend(
            wanted.map(|(row, item)| (sort.as_ref().and_then(|s| item.sort_key(&s.name, mask_all)), row)),
        );
        if let Some(sort) = sort {
            // Nearly sorted already: this is close to a merge.
            all.sort_by(|a, b| compare(a, b, sort.down));
        }
    }
}

/// Items without the attribute come last in both directions.
fn compare(a: &(Option<SortKey>, usize), b: &(Option<SortKey>, usize), down: bool) -> Ordering {
    let keys = match (&a.0, &b.0) {
        (Some(x), Some(y)) if down => y.cmp(x),
        (Some(x), Some(y)) => x.cmp(y),
        (x, y) => y.is_some().cmp(&x.is_some()),
    };
    keys.then_with(|| a.1.cmp(&b.1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{AttributeValue, Item};

    fn items(numbers: &[Option<&str>]) -> Vec<Arc<Screened>> {
        let of =
            |n: &Option<&str>| n.map(|n| ("n".to_owned(), AttributeValue::N(n.into()))).into_iter().collect();
        numbers.iter().map(|n| Arc::new(Screened::new(Item::new(of(n)), Vec::new()))).collect()
    }

    fn check(numbers: &[Option<&str>], only: Option<Only>, down: Option<bool>, expect: &[usize]) {
        let sort = down.map(|down| Sort { name: "n".into(), down });
        let mut whole = Arranged { only, sort, rows: Vec::new() };
        let mut pieces = Arranged { only: whole.only.clone(), sort: whole.sort.clone(), rows: Vec::new() };
        let items = items(numbers);
        whole.rebuild(items.iter().enumerate(), false);
        for row in items.iter().enumerate() {
            pieces.add(std::iter::once(row), false);
        }
        for arranged in [whole, pieces] {
            let rows: Vec<usize> = (0..arranged.len()).filter_map(|line| arranged.row(line)).collect();
            assert_eq!(rows, expect, "{numbers:?} {down:?}");
            assert!(rows.iter().enumerate().all(|(line, row)| arranged.line(*row) == Some(line)));
        }
    }

    #[test]
    fn rows_are_ordered_and_filtered_the_same_at_once_and_page_by_page() {
        let numbers = [Some("10"), None, Some("9"), Some("10"), Some("-1")];
        check(&numbers, None, None, &[]);
        check(&numbers, None, Some(false), &[4, 2, 0, 3, 1]);
        check(&numbers, None, Some(true), &[0, 3, 2, 4, 1]);
        let number = || Some(Only::Kind("n".into(), "N"));
        check(&numbers, number(), None, &[0, 2, 3, 4]);
        check(&numbers, number(), Some(false), &[4, 2, 0, 3]);
        check(&numbers, Some(Only::Finding), None, &[]);
        let ten = items(&[Some("10.0")])[0].sort_key("n", false).expect("a number");
        check(&numbers, Some(Only::Value("n".into(), ten)), None, &[0, 3]);
    }
}
