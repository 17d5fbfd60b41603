//! Conditions that are not known, taken together: where every case they leave comes to the same, that is the answer.
//!
//! Kleene's logic takes each by itself, and calls it open whether "allow if the VPC is A" and "deny if the VPC is A"
//! ever let somebody in. Here each key that is not known is absent or there, each comparison with it true or not, and
//! what is asked of the same key in the same words gets the same truth. There are more such cases than the world can
//! have, so that what holds in all of them holds.

use std::collections::{BTreeMap, BTreeSet};

use super::statement::Open;
use super::truth::Truth;

/// Most cases that are tried.
const MOST: usize = 1024;

/// Most conditions that are looked at in all of them together: a hostile policy may have thousands.
const MOST_LOOKS: usize = 200_000;

/// One case: what is there, and which comparisons hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Case {
    /// For each key in lower case, `None` if it is absent, else what was asked of it, and whether that holds.
    keys: BTreeMap<String, Option<BTreeMap<Comparison, bool>>>,
}

/// A comparison without what negates it: two that are the other's opposite are one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Comparison {
    operator: String,
    values: Vec<String>,
}

impl Comparison {
    /// The comparison, and whether the operator is its opposite.
    fn of(operator: &str, values: &[String]) -> (Self, bool) {
        let operator = operator.to_ascii_lowercase();
        let base = operator.strip_suffix("ifexists").unwrap_or(&operator);
        let mut values = values.to_vec();
        values.sort();
        // Over several values "none is" is not the opposite of "all are".
        let one = !base.contains(':');
        let opposite = if !one {
            None
        } else if let Some(rest) = base.strip_prefix("stringnot") {
            Some(format!("string{rest}"))
        } else if let Some(rest) = base.strip_prefix("not") {
            Some(rest.to_owned())
        } else {
            ["arn", "numeric", "date"].iter().find_map(|kind| {
                let rest = base.strip_prefix(kind)?.strip_prefix("not")?;
                Some(format!("{kind}{rest}"))
            })
        };
        let negated = opposite.is_some();
        let operator = opposite.unwrap_or_else(|| base.to_owned());
        let operator = if operator == "arnequals" { "arnlike".to_owned() } else { operator };
        (Self { operator, values }, negated)
    }
}

/// What a case says of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Supposed {
    /// Nothing.
    Open,
    /// The key is absent.
    Absent,
    /// The comparison comes to this.
    Holds(bool),
}

impl Case {
    /// What this case says of a condition.
    pub fn says(&self, operator: &str, key: &str, values: &[String]) -> Supposed {
        match self.keys.get(key) {
            None => Supposed::Open,
            Some(None) => Supposed::Absent,
            Some(Some(asked)) => {
                let (comparison, negated) = Comparison::of(operator, values);
                if comparison.operator == "null" {
                    // It is there.
                    return Supposed::Holds(values.iter().any(|v| v.eq_ignore_ascii_case("false")));
                }
                // What was not asked, as what a variable stands in, may hold or not.
                asked.get(&comparison).map_or(Supposed::Open, |holds| Supposed::Holds(*holds != negated))
            }
        }
    }
}

/// What all cases agree on; not known if they do not, or if they are too many.
pub(super) fn agreed(open: &[&Open], verdict: &mut dyn FnMut(&Case) -> Truth) -> Truth {
    let mut asked: BTreeMap<String, BTreeSet<Comparison>> = BTreeMap::new();
    for one in open {
        if let Open::Condition { operator, key, values } = one {
            // What stands in a variable is not the same text in every statement.
            if values.iter().any(|v| v.contains("${")) {
                continue;
            }
            let comparisons = asked.entry(key.to_ascii_lowercase()).or_default();
            let (comparison, _) = Comparison::of(operator, values);
            if comparison.operator != "null" {
                comparisons.insert(comparison);
            }
        }
    }
    let cases = asked.values().try_fold(1usize, |all, one| {
        let here = 1usize.checked_shl(u32::try_from(one.len()).ok()?)?.checked_add(1)?;
        all.checked_mul(here).filter(|n| *n <= MOST && n.saturating_mul(open.len()) <= MOST_LOOKS)
    });
    if asked.is_empty() || cases.is_none() {
        return Truth::Unknown;
    }
    let keys: Vec<(&String, Vec<&Comparison>)> = asked.iter().map(|(k, c)| (k, c.iter().collect())).collect();
    let mut found = None;
    let mut at = vec![0usize; keys.len()];
    loop {
        let case = Case {
            keys: keys
                .iter()
                .zip(&at)
                .map(|((key, comparisons), n)| {
                    // The first case of a key: it is absent; then each set of comparisons that hold.
                    let holding = n.checked_sub(1).map(|bits| {
                        let each = comparisons.iter().enumerate();
                        each.map(|(i, c)| ((*c).clone(), bits >> i & 1 == 1)).collect()
                    });
                    ((*key).clone(), holding)
                })
                .collect(),
        };
        let truth = verdict(&case);
        if truth == Truth::Unknown || found.is_some_and(|before| before != truth) {
            return Truth::Unknown;
        }
        found = Some(truth);
        let Some(n) = (0..keys.len()).find(|n| at[*n] < 1 << keys[*n].1.len()) else { break };
        at[n] += 1;
        at[..n].fill(0);
    }
    found.unwrap_or(Truth::Unknown)
}
