//! What a table's state means: one file a check, one list, one verdict each.
//!
//! A check says Pass, Fail, Unknown or Not applicable. What could not be seen is never a pass and never a
//! failure; where the known facts already decide, nothing more is asked.

mod check;
mod checks;
mod coverage;
mod data_copies;
mod examples;
mod grant;
mod messages;
mod policy_explain;

pub use check::{Case, Fixed, Judged, PostureCheck, Reference, Subject, Unseen, judge, read_at};
pub(crate) use checks::PERHAPS_INERT;
pub use checks::{CHECKS, FACTS, without_fix};
pub use coverage::{Elsewhere, elsewhere};
pub use data_copies::{Copied, CopyLocation, INDEXES, Left, Stays, carried, left, places};
pub(crate) use grant::{
    Governed, LetIn, Standing, allows_everything, everyone_of, grants_index_alone, has_table_too, is_outside,
    is_unbound_service, lets_in, orphans, weak_conditions, whole_accounts,
};
pub use grant::{Opened, opened};
pub use policy_explain::{Mark, Told, tell};

use crate::domain::{FactKind, Gap, Message, Missing, Policy, TableFacts, Verdict};

/// What is missing of a policy of which part is not understood.
pub fn partly_understood(kind: FactKind, policy: &Policy) -> Missing {
    Missing::Fact(kind, Gap::NotUnderstood(messages::part(&policy.unread)))
}

/// The policies of a table, its stream, its key and its vaults of which part is not understood.
pub fn partly_read_policies(facts: &TableFacts) -> impl Iterator<Item = (FactKind, &Policy)> {
    let of_table = facts.policy.known().and_then(|p| Some((FactKind::Policy, &p.as_ref()?.policy)));
    let of_stream =
        facts.stream_policy.known().and_then(|p| Some((FactKind::StreamPolicy, &p.as_ref()?.policy)));
    let of_key = facts.key_policy.known().and_then(|p| Some((FactKind::KeyPolicy, p.as_ref()?)));
    let vaults = facts.vaults.known().into_iter().flatten();
    let of_vaults = vaults.filter_map(|vault| Some((FactKind::Vaults, vault.policy.as_ref()?)));
    let policies = [of_table, of_stream, of_key].into_iter().flatten().chain(of_vaults);
    policies.filter(|(_, policy)| !policy.unread.is_empty())
}

/// What was read of a table and is not understood, or was looked at in part, whatever it was asked for; in the order of
/// the facts.
pub fn partly_known(subject: &Subject<'_>, verdicts: &[(&PostureCheck, Verdict)]) -> Vec<(FactKind, Gap)> {
    let unread = partly_read_policies(subject.facts).map(|(kind, policy)| partly_understood(kind, policy));
    let judged = verdicts.iter().filter_map(|(_, verdict)| match verdict {
        Verdict::Unknown(missing) => Some(missing.clone()),
        _ => None,
    });
    let mut all: Vec<(FactKind, Gap)> = Vec::new();
    for missing in unread.chain(judged.flatten()) {
        match missing {
            Missing::Fact(kind, gap @ (Gap::NotUnderstood(_) | Gap::Cut(_)))
                if !all.contains(&(kind, gap.clone())) =>
            {
                all.push((kind, gap));
            }
            _ => {}
        }
    }
    all.sort_by_key(|(kind, _)| *kind);
    all
}

/// Every kind of evidence that a check can give.
pub fn messages() -> impl Iterator<Item = &'static Message> {
    let shared = checks::SHARED.iter().copied().flatten();
    CHECKS.iter().flat_map(|check| check.messages).chain(shared).copied()
}

/// A check by its id.
pub fn check(id: &str) -> Option<&'static PostureCheck> {
    CHECKS.iter().copied().find(|c| c.id == id)
}
