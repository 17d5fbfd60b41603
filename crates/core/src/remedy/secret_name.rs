//! Under which name a secret is stored in Secrets Manager.

use sha2::{Digest, Sha256};

use super::slots::{Ask, path, spelled};
use super::{keys, states};
use crate::domain::{AttributePath, SecretClass, Step};

/// `sessions/stripe-secret-key/api_key` in the characters that Secrets Manager allows: the table, the rule and the
/// attribute, so that two secrets of one item have a name each.
pub(super) fn base(ask: &Ask<'_>) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || "_./".contains(c) { c } else { '-' };
    let table = &ask.finding.table.name;
    let name = match states::class(ask) {
        // The two halves of a pair are stored under one name.
        SecretClass::AwsKey => format!("{table}/aws-access-key-id"),
        _ => format!("{table}/{}/{}", ask.finding.rule(), named(&path(ask))),
    };
    name.chars().map(plain).take(300).collect()
}

/// A path as a part of a name: what cannot be written in one, and what is too long, is told apart by a digest.
fn named(path: &AttributePath) -> String {
    let short: String = spelled(path, "value").chars().take(60).collect();
    let plain = |step: &Step| match step {
        Step::Name(name) => name.chars().all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c)),
        _ => false,
    };
    if path.steps().len() == 1 && path.steps().iter().all(plain) && short.len() < 60 {
        return short;
    }
    let digest = Sha256::digest(path.to_string().as_bytes());
    format!("{short}-{}", digest.iter().take(3).map(|byte| format!("{byte:02x}")).collect::<String>())
}

/// The same, and what makes it one item's: a digest of the item's key where that is known, which `digest` in
/// `parts/keys.py` makes, too. The same value everywhere is one secret.
pub(super) fn of_item(ask: &Ask<'_>) -> String {
    let base = base(ask);
    match keys::known(ask).first() {
        _ if states::is_one_value(ask) => base,
        Some(key) if path(ask).steps().contains(&Step::Any) => {
            format!("{base}/item-{}/PUT-THE-POSITION-HERE", keys::digest(key))
        }
        Some(key) => format!("{base}/item-{}", keys::digest(key)),
        None => base + "/PUT-A-NAME-FOR-THE-ITEM-HERE",
    }
}
