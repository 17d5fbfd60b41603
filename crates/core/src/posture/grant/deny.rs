//! What the Denies of a policy take away from an Allow.
//!
//! Only what a Deny takes away for certain counts: one to everyone, of all that the Allow grants, but those whom a trusted
//! key with fixed values names.

use super::{Operator, PrincipalKind, TRUSTED, Whom, add, narrows, outsider};
use crate::domain::{Effect, Policy, Principals, Statement, glob};

/// Whom an Allow still lets in; `None` is everyone, on both sides.
pub(super) fn left(policy: &Policy, allow: &Statement, who: Option<Vec<Whom>>) -> Option<Vec<Whom>> {
    let denies = policy.statements.iter().filter(|s| s.effect == Effect::Deny && takes_all_of(s, allow));
    denies.filter_map(spared).fold(who, |who, spared| Some(within(who, spared)))
}

/// Of those let in, those whom a Deny spares.
fn within(who: Option<Vec<Whom>>, spared: Vec<Whom>) -> Vec<Whom> {
    let Some(who) = who else { return spared };
    let accounts_only = spared.iter().all(|whom| matches!(whom, Whom::Account(_)));
    let mut out = Vec::new();
    for whom in who {
        match whom {
            Whom::Account(_) if accounts_only && !spared.contains(&whom) => {}
            // A network or an organization, and of it only these accounts.
            Whom::Others(_) if accounts_only => add(&mut out, spared.clone()),
            // Of a service such keys may say something else.
            kept => add(&mut out, vec![kept]),
        }
    }
    out
}

/// Whom a Deny leaves alone; `None` if that cannot be told.
fn spared(deny: &Statement) -> Option<Vec<Whom>> {
    match (&deny.principals, deny.conditions.as_slice()) {
        (Principals::Anyone, []) => Some(Vec::new()),
        (Principals::Anyone, [one]) => unless(one),
        (Principals::AllBut(named), []) => {
            let each = named.iter().map(|(kind, principal)| match kind {
                PrincipalKind::Aws => outsider(*kind, principal, "").ok(),
                _ => None,
            });
            each.collect()
        }
        _ => None,
    }
}

/// Whom "is not one of these" spares. Where the key is absent, it denies.
fn unless((operator, key, values): &(String, String, Vec<String>)) -> Option<Vec<Whom>> {
    let lower = key.to_ascii_lowercase();
    let Operator { of_any, of_all, base, .. } = Operator::of(operator);
    let positive = base.replacen("not", "", 1);
    let is_negated = positive != base && Operator::of(&positive).is_positive();
    // A key of several values needs the quantifier that holds where all of them differ.
    let several = lower == "aws:principalorgpaths";
    if !is_negated || of_any || (several && !of_all) || values.is_empty() || is_of_services(&lower) {
        return None;
    }
    let (_, names) = TRUSTED.iter().find(|(trusted, _)| *trusted == lower)?;
    values.iter().all(|v| narrows(&positive, &lower, v)).then(|| values.iter().map(|v| names(v)).collect())
}

/// Keys that say something of services; a Deny by them hits everybody else in ways of its own.
fn is_of_services(key: &str) -> bool {
    key.starts_with("aws:principalservicename")
        || key == "aws:principalisawsservice"
        || super::sources::KEYS.iter().any(|(known, _)| *known == key)
}

/// Whether a Deny is of everything that an Allow grants.
fn takes_all_of(deny: &Statement, allow: &Statement) -> bool {
    if !deny.not_actions.is_empty() || !deny.not_resources.is_empty() {
        return false;
    }
    let any = || vec![String::from("*")];
    let granted = if allow.not_actions.is_empty() { allow.actions.clone() } else { any() };
    let granted = granted.iter().all(|action| {
        let lower = action.to_ascii_lowercase();
        // The policy of a table governs no other service's actions.
        let of_service = |denied: &str| ["dynamodb:*", "kms:*", "backup:*"].contains(&denied);
        deny.actions
            .iter()
            .map(|d| d.to_ascii_lowercase())
            .any(|d| contains(&d, &lower) || (lower.trim_matches('*').is_empty() && of_service(&d)))
    });
    let on = if allow.resources.is_empty() { any() } else { allow.resources.clone() };
    granted
        && (deny.resources.is_empty()
            || on.iter().all(|resource| deny.resources.iter().any(|denied| contains(denied, resource))))
}

/// Whether whatever the pattern `inner` matches, `outer` matches. It may say no where it could say yes.
pub(super) fn contains(outer: &str, inner: &str) -> bool {
    let is_plain = !outer.contains('?') && !outer.contains("${");
    outer == inner || (is_plain && glob::matches(outer, inner))
}
