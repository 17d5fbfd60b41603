//! What a filter finds: rows that contain its words and, only where no row does, rows that hold their letters.

use std::cmp::Reverse;

use fuzzy_matcher::FuzzyMatcher;
use fuzzy_matcher::skim::SkimMatcherV2;

/// Rows that match, by their positions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hits {
    /// They contain every word, in any case and order; in the order of the list.
    Contained(Vec<usize>),
    /// No row contains every word. They hold the letters of each, in its order; best first.
    Alike(Vec<usize>),
}

impl Hits {
    /// Their positions, for a list whose own order matters.
    pub fn rows(self) -> Vec<usize> {
        match self {
            Self::Contained(rows) | Self::Alike(rows) => rows,
        }
    }
}

/// The candidates that match; all of them for an empty query.
///
/// Whoever types a name that is there wants that one: what only has its letters somewhere is not even shown then, so
/// that no Enter opens it.
pub fn find<'a>(query: &str, candidates: impl Iterator<Item = &'a str> + Clone) -> Hits {
    let words: Vec<String> = query.split_whitespace().map(str::to_lowercase).collect();
    let contains = |text: &str| {
        let text = text.to_lowercase();
        words.iter().all(|word| text.contains(word.as_str()))
    };
    let hits = candidates.clone().enumerate().filter(|(_, text)| contains(text));
    let rows: Vec<usize> = hits.map(|(n, _)| n).collect();
    if words.is_empty() || !rows.is_empty() {
        return Hits::Contained(rows);
    }
    // fuzzy-matcher takes a space literally: every word has to match, in any order, and the scores add up.
    let matcher = SkimMatcherV2::default();
    let score = |text: &str| words.iter().map(|w| matcher.fuzzy_match(text, w)).sum::<Option<i64>>();
    let mut alike: Vec<_> =
        candidates.enumerate().filter_map(|(n, text)| Some((Reverse(score(text)?), n))).collect();
    alike.sort();
    Hits::Alike(alike.into_iter().map(|(_, n)| n).collect())
}

/// The same, best first: what is the query, then what has it as it was typed, then by how tight the letters stand.
pub fn rank<'a>(query: &str, candidates: impl Iterator<Item = &'a str> + Clone) -> Vec<usize> {
    let typed = query.trim();
    let rows = match find(query, candidates.clone()) {
        Hits::Contained(rows) if !typed.is_empty() => rows,
        hits => return hits.rows(),
    };
    let matcher = SkimMatcherV2::default();
    let all: Vec<&str> = candidates.collect();
    let score = |text: &str| {
        let words = typed.split_whitespace().map(|word| matcher.fuzzy_match(text, word).unwrap_or_default());
        (text == typed, text.contains(typed), words.sum::<i64>())
    };
    let mut ranked: Vec<_> = rows.into_iter().map(|n| (Reverse(score(all[n])), n)).collect();
    ranked.sort();
    ranked.into_iter().map(|(_, n)| n).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(query: &str, names: &[&str], expect: &[usize]) {
        assert_eq!(rank(query, names.iter().copied()), expect, "{query:?}");
    }

    #[test]
    fn ranks() {
        let names = ["orders", "orders_staging_copy", "sessions", "api_metadata"];
        check("", &names, &[0, 1, 2, 3]);
        check("ses", &names, &[2]);
        check("copy ord", &names, &[1]);
        check("ordcp", &names, &[1]);
        check("zzz", &names, &[]);
        // As typed, and not what has the letters as well.
        check("to the top", &["tot heap, too", "the open views, to jump between", "go to the top"], &[2]);
        check("order", &["my_order", "order", "orders"], &[1, 2, 0]);
        check("ORDER", &["my_order", "other", "odd rower"], &[0]);
    }

    #[test]
    fn letters_alone_count_only_where_no_row_has_the_words() {
        let rows = ["critical cache artefacts", "high carts", "low Carts archive"];
        let find = |query: &str| find(query, rows.iter().copied());
        assert_eq!(find("carts"), Hits::Contained(vec![1, 2]));
        assert_eq!(find("arch carts"), Hits::Contained(vec![2]));
        assert_eq!(find(""), Hits::Contained(vec![0, 1, 2]));
        assert_eq!(find("crtcche"), Hits::Alike(vec![0]));
        assert_eq!(find("zzz"), Hits::Alike(vec![]));
    }
}
