//! The list of checks, one file each, and what several of them ask first.

use super::{PostureCheck, Subject, Unseen};
use crate::domain::{Encryption, KmsKey, ResourcePolicy, Verdict};
use crate::posture::say::{not_applicable, pass};

mod policy;

/// Declares the modules and the list from one word a check.
macro_rules! checks {
    ($($check:ident)+) => {
        $(mod $check;)+

        /// Every check, in the order of the posture screen.
        pub static CHECKS: &[&PostureCheck] = &[$(&$check::CHECK),+];
    };
}

checks! {
    policy_public
    policy_cross_account
    policy_wildcard_action
    stream_policy_public
    stream_policy_cross_account
    secret_as_key
    gsi_projects_secret
    session_table_without_ttl
    ttl_on_wrong_attribute
    key_pending_deletion
    key_disabled_or_lost
    foreign_key
    aws_owned_key
    aws_managed_key
    key_rotation_off
    pitr_off
    pitr_window_short
    deletion_protection_off
}

/// The table's KMS key; or the verdict of every check about it on a table that has none of its own.
fn kms_key<'a>(subject: &Subject<'a>) -> Result<Result<&'a KmsKey, Verdict>, Unseen> {
    let none = || Ok(Err(not_applicable("AWS owns the key of this table.")));
    match &subject.facts.description.read()?.encryption {
        Encryption::AwsOwned => none(),
        Encryption::Kms { .. } => match subject.facts.key.read()? {
            Some(key) => Ok(Ok(key)),
            // The two answers were not given at the same moment.
            None => none(),
        },
    }
}

/// The stream's policy; or the verdict of every check about it where there is no stream or no policy.
fn stream_policy<'a>(subject: &Subject<'a>) -> Result<Result<&'a ResourcePolicy, Verdict>, Unseen> {
    if subject.facts.description.read()?.stream.is_none() {
        return Ok(Err(not_applicable("The table has no stream.")));
    }
    Ok(match subject.facts.stream_policy.read()? {
        Some(policy) => Ok(policy),
        None => Err(pass("The stream has no resource-based policy.")),
    })
}

#[cfg(test)]
mod tests;
