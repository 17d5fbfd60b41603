//! Fuzzy filtering.

use std::cmp::Reverse;

use fuzzy_matcher::FuzzyMatcher;
use fuzzy_matcher::skim::SkimMatcherV2;

/// The positions of the candidates that match, best first; all of them, in order, for an empty query. What holds the
/// query as it was typed comes before what only holds its letters.
///
/// fuzzy-matcher takes a space literally, so the query is split on whitespace: every word has to match, in any
/// order, and the scores add up.
pub fn rank<'a>(query: &str, candidates: impl Iterator<Item = &'a str>) -> Vec<usize> {
    let words: Vec<&str> = query.split_whitespace().collect();
    if words.is_empty() {
        return (0..candidates.count()).collect();
    }
    let matcher = SkimMatcherV2::default();
    let typed = query.trim();
    let mut hits: Vec<_> = candidates
        .enumerate()
        .filter_map(|(n, text)| {
            let score = words.iter().map(|w| matcher.fuzzy_match(text, w)).sum::<Option<i64>>()?;
            Some((Reverse((text == typed, text.contains(typed), score)), n))
        })
        .collect();
    hits.sort();
    hits.into_iter().map(|(_, n)| n).collect()
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
        // As typed, though a shorter or tighter one has the letters as well.
        check(
            "to the top",
            &["tot heap, too", "the open views, to jump between", "go to the top"],
            &[2, 1, 0],
        );
        check("order", &["my_order", "order", "orders"], &[1, 2, 0]);
    }
}
