//! The list of checks, one file each, and what several of them ask first.

use super::{Judged, PostureCheck, Subject, Unseen};
use crate::domain::{
    Arn, Encryption, FactKind, KeyManager, KmsKey, ResourcePolicy, Selector, Severity, Trail, TrailSelectors,
    Verdict,
};
use crate::posture::say::{count, fail, name, not_applicable, pass, unreadable};

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
    policy_whole_account
    policy_weak_condition
    policy_service_unbound
    policy_can_change_itself
    policy_index_apart
    policy_orphan_principal
    policy_no_tls_deny
    analyzer_found_access
    stream_policy_public
    stream_policy_cross_account
    stream_policy_wildcard_action
    stream_policy_whole_account
    stream_policy_weak_condition
    secret_as_key
    insights_on_secret_key
    gsi_projects_secret
    stream_carries_secret
    session_table_without_ttl
    ttl_on_wrong_attribute
    ttl_not_epoch_seconds
    expired_but_present
    scan_heavy
    generic_id_key
    guessable_keys
    key_pending_deletion
    key_disabled_or_lost
    key_policy_open
    key_grant_foreign
    foreign_key
    aws_owned_key
    aws_managed_key
    key_rotation_off
    replica_key_weaker
    dax_unencrypted
    dax_no_tls
    no_backup
    pitr_off
    pitr_window_short
    deletion_protection_off
    backup_vault_open
    copies_that_outlive_deletion
    export_foreign_bucket
    export_weaker_key
    stream_fan_out
    kinesis_destination
    kinesis_consumers
    no_data_events
    trail_not_logging
    no_access_analyzer
    untagged_environment
    untagged_owner
    client_endpoint_not_https
    provisioned_without_scaling
    capacity_near_limit
}

/// Checks without a snippet, and why: what has to be decided or done first, and by whom.
const WITHOUT_REMEDY: &[(&str, &str)] = &[
    ("stream-carries-secret", "the secret has to leave the items first: secret-in-item"),
    ("generic-id-key", "another key is another table; the application decides"),
    ("guessable-keys", "other keys are another table; the application decides, and checks who asks"),
    ("copies-that-outlive-deletion", "copies are there to stay; secrets are rotated instead"),
    ("export-foreign-bucket", "what was exported is out of reach"),
    ("export-weaker-key", "what was exported is encrypted anew by copying it, in its bucket"),
    ("stream-fan-out", "a list of readers to look at, nothing to switch off"),
    (
        "expired-but-present",
        "DynamoDB removes them in its own time; the application looks at the time it reads",
    ),
    ("kinesis-consumers", "a list of readers to look at, nothing to switch off"),
    ("client-endpoint-not-https", "the setting is on this machine"),
    ("scan-heavy", "who scans has to ask by key instead; that is a change of the application"),
    ("analyzer-found-access", "the checks of the policy itself name the statement and its fix"),
    ("no-access-analyzer", "one analyzer serves a whole account or organization; who runs it decides"),
    ("capacity-near-limit", "availability only; AWS raises the limit on request"),
    ("provisioned-without-scaling", "availability only; the limits are the owner's choice"),
];

/// Why there is no snippet for a check; `None` for one that has some.
pub fn without_fix(id: &str) -> Option<&'static str> {
    WITHOUT_REMEDY.iter().find(|(without, _)| *without == id).map(|(_, why)| *why)
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

/// The table's customer managed key; or the verdict of every check about such a key on a table without one.
fn customer_key<'a>(subject: &Subject<'a>) -> Result<Result<&'a KmsKey, Verdict>, Unseen> {
    Ok(match kms_key(subject)? {
        Ok(key) if key.manager == KeyManager::Aws => {
            Err(not_applicable("AWS manages the key of this table, its policy and its grants."))
        }
        other => other,
    })
}

/// The account that the table is in; or the verdict where its ARN does not say.
fn own_account(subject: &Subject<'_>) -> Result<Result<String, Verdict>, Unseen> {
    let arn = &subject.facts.description.read()?.arn;
    Ok(Arn::parse(arn).map(|arn| arn.account).ok_or_else(|| {
        let text = format!("the table's ARN is given as {}", name(arn));
        unreadable(FactKind::Description, &text, "aws dynamodb describe-table")
    }))
}

/// Whether a tag with one of these names (in lower case) has a value.
fn tagged(subject: &Subject<'_>, names: &[&str], what: &str) -> Judged {
    let tags = subject.facts.tags.read()?;
    let wanted = |k: &str| names.contains(&k.to_ascii_lowercase().as_str());
    Ok(match tags.iter().find(|(k, v)| wanted(k) && !v.trim().is_empty()) {
        Some((k, v)) => pass(&format!("The tag {} says {}.", name(k), name(v))),
        None if tags.is_empty() => {
            fail(Severity::Info, &format!("The table has no tag: none names its {what}."))
        }
        None => fail(Severity::Info, &format!("None of its {} names its {what}.", count(tags.len(), "tag"))),
    })
}

/// The trails that record every read of a table's items (CloudTrail User Guide, "Logging data events"). A
/// selector that also asks for something that differs from read to read, as who it was, does not count.
fn recording<'a>(table_arn: &str, trails: &'a [Trail], selectors: &[TrailSelectors]) -> Vec<&'a Trail> {
    let reads = |selector: &Selector| {
        let any = |name: &str| selector.fields.iter().any(|f| f.field == name);
        // What is not asked for, data events of this kind, is not recorded.
        any("eventCategory")
            && any("resources.type")
            && selector.fields.iter().all(|field| match field.field.as_str() {
                "eventCategory" => field.matches("Data"),
                "resources.type" => field.matches("AWS::DynamoDB::Table"),
                "resources.ARN" => field.matches(table_arn),
                "readOnly" => field.matches("true"),
                "eventSource" => field.matches("dynamodb.amazonaws.com"),
                "eventName" => READS.iter().all(|name| field.matches(name)),
                _ => false,
            })
    };
    let of = |trail: &&Trail| selectors.iter().any(|s| s.arn == trail.arn && s.selectors.iter().any(reads));
    trails.iter().filter(of).collect()
}

/// The data events of reads (DynamoDB Developer Guide, "Logging DynamoDB operations by using CloudTrail").
const READS: &[&str] = &["GetItem", "BatchGetItem", "Query", "Scan", "TransactGetItems"];

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
mod policies;
#[cfg(test)]
mod tests;
