//! For whose sake a service is let in.
//!
//! A service acts for whoever asks it. `aws:SourceAccount` and the like say for whom it may: only where that is the own
//! account, the service is no way in from outside (IAM User Guide, "The confused deputy problem").

use super::{Operator, Whom, demands_a_match, is_account, is_own, narrows, of_arn};
use crate::domain::{Arn, Statement, glob};

/// For whom a service may act by one statement.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Sources {
    /// These, the own account among them where it is named.
    whom: Vec<Whom>,
    /// Anybody besides: no condition demands a fixed source.
    anybody: bool,
}

/// Names whom a value of a condition key stands for.
type Names = fn(&str) -> Whom;

/// The condition keys that say for whom (IAM User Guide, "AWS global condition context keys").
pub(super) const KEYS: &[(&str, Names)] = &[
    ("aws:sourceaccount", super::account),
    ("aws:sourcearn", of_arn),
    ("aws:sourceorgid", |v| Whom::Others(format!("organization {v}"))),
    ("aws:sourceorgpaths", |v| Whom::Others(format!("organization path {v}"))),
];

impl Sources {
    /// Of a statement of a policy of the account `own`. Conditions are joined by "and", so of those that demand a fixed
    /// source the narrowest decides.
    pub(super) fn of(statement: &Statement, own: &str) -> Self {
        let all: Vec<Self> =
            statement.conditions.iter().filter_map(|condition| Self::by(statement, condition, own)).collect();
        let bound = all.iter().filter(|sources| !sources.anybody);
        match bound.min_by_key(|sources| width(&sources.whom, own)) {
            Some(narrowest) => Self { whom: narrowest.whom.clone(), anybody: false },
            None => Self { whom: all.into_iter().flat_map(|sources| sources.whom).collect(), anybody: true },
        }
    }

    /// Of one condition; `None` if it is about something else, or about what the source is not.
    fn by(
        statement: &Statement,
        (operator, key, values): &(String, String, Vec<String>),
        own: &str,
    ) -> Option<Self> {
        let lower = key.to_ascii_lowercase();
        let (_, names) = KEYS.iter().find(|(known, _)| *known == lower)?;
        let positive = Operator::of(operator).is_positive();
        if !positive {
            return None;
        }
        let mut out = Self { whom: Vec::new(), anybody: values.is_empty() };
        out.anybody |= !demands_a_match(statement, operator, key);
        for value in values {
            if narrows(operator, &lower, value) {
                out.whom.push(names(value));
            } else {
                out.anybody = true;
                out.whom.extend(outside(&lower, value, own));
            }
        }
        Some(out)
    }

    /// Whether it may act for anybody.
    pub(super) const fn is_anybody(&self) -> bool {
        self.anybody
    }

    /// The service, on behalf of each of them.
    pub(super) fn on_behalf(self, service: &str) -> Vec<Whom> {
        self.whom.into_iter().map(|whom| Whom::Behalf(service.to_owned(), Box::new(whom))).collect()
    }
}

/// What a pattern that leaves the source open lets in, if the own account is certainly not all of it: the pattern does
/// not match that account at all.
fn outside(key: &str, pattern: &str, own: &str) -> Option<Whom> {
    if pattern.is_empty() || pattern.contains("${") || own.is_empty() {
        return None;
    }
    let misses = match key {
        "aws:sourceaccount" => !glob::matches(pattern, own),
        "aws:sourcearn" => Arn::parse(pattern).is_some_and(|arn| {
            let told = !arn.account.is_empty() && !is_account(&arn.account);
            told && !glob::matches(&arn.account, own)
        }),
        _ => false,
    };
    misses.then(|| Whom::Others(format!("sources like {pattern}")))
}

/// How wide a choice is: first what stays in the own account, then what names accounts, then the rest.
pub(super) fn width(who: &[Whom], own: &str) -> (bool, bool, usize) {
    let outside: Vec<&Whom> = who.iter().filter(|whom| !is_own(whom, own)).collect();
    (!outside.is_empty(), !outside.iter().all(|whom| whom.names_account()), outside.len())
}
