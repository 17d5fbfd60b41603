//! The list of checks, one file each, and what several of them ask first.

mod analyzer_found_access;
mod aws_managed_key;
mod aws_owned_key;
mod backup_vault_open;
mod capacity_near_limit;
mod client_endpoint_not_https;
mod copies_that_outlive_deletion;
mod dax_no_tls;
mod dax_role_wide;
mod dax_unencrypted;
mod deletion_protection_off;
mod expired_but_present;
mod export_foreign_bucket;
mod export_weaker_key;
mod foreign_key;
mod generic_id_key;
mod gsi_projects_secret;
mod guessable_keys;
mod insights_on_secret_key;
mod key_disabled_or_lost;
mod key_grant_foreign;
mod key_pending_deletion;
mod key_policy_open;
mod key_rotation_off;
mod kinesis_consumers;
mod kinesis_destination;
mod kinesis_policy_open;
mod kinesis_unencrypted;
mod leading_keys_bypassed;
mod no_access_analyzer;
mod no_backup;
mod no_backup_plan;
mod no_data_events;
mod no_stream_data_events;
mod pitr_off;
mod pitr_window_short;
mod policy;
mod policy_can_change_itself;
mod policy_cross_account;
mod policy_index_apart;
mod policy_no_tls_deny;
mod policy_orphan_principal;
mod policy_public;
mod policy_service_unbound;
mod policy_weak_condition;
mod policy_whole_account;
mod policy_wildcard_action;
mod provisioned_without_scaling;
mod recovery_point_key;
mod replica_foreign;
mod replica_key_lost;
mod replica_key_weaker;
mod replica_policy_open;
mod replica_unprotected;
mod role_foreign_trust;
mod role_open_to_guests;
mod role_token_subject_open;
mod roles;
mod scan_heavy;
mod secret_as_key;
mod session_table_without_ttl;
mod stream_carries_secret;
mod stream_fan_out;
mod stream_policy_can_change_itself;
mod stream_policy_cross_account;
mod stream_policy_no_tls_deny;
mod stream_policy_public;
mod stream_policy_service_unbound;
mod stream_policy_weak_condition;
mod stream_policy_whole_account;
mod stream_policy_wildcard_action;
mod trail_not_logging;
mod ttl_not_epoch_seconds;
mod ttl_on_wrong_attribute;
mod untagged_environment;
mod untagged_owner;
mod vault_unlocked;
mod wildcard_dynamodb;

pub(crate) use policy::PERHAPS_INERT;

use super::{Judged, PostureCheck, Subject, Unseen};
use crate::domain::{
    Arn, Encryption, Export, FactKind, KeyManager, KmsKey, Message, ResourcePolicy, Selector, Severity,
    TableDescription, Trail, TrailSelectors, Verdict,
};
use crate::posture::messages::{count, fail, name, not_applicable, pass, unreadable};

/// Every check, in the order of the posture screen.
pub static CHECKS: &[&PostureCheck] = &[
    &policy_public::CHECK,
    &policy_cross_account::CHECK,
    &policy_wildcard_action::CHECK,
    &policy_whole_account::CHECK,
    &policy_weak_condition::CHECK,
    &policy_service_unbound::CHECK,
    &policy_can_change_itself::CHECK,
    &policy_index_apart::CHECK,
    &policy_orphan_principal::CHECK,
    &policy_no_tls_deny::CHECK,
    &analyzer_found_access::CHECK,
    &role_open_to_guests::CHECK,
    &role_token_subject_open::CHECK,
    &role_foreign_trust::CHECK,
    &wildcard_dynamodb::CHECK,
    &leading_keys_bypassed::CHECK,
    &stream_policy_public::CHECK,
    &stream_policy_cross_account::CHECK,
    &stream_policy_wildcard_action::CHECK,
    &stream_policy_whole_account::CHECK,
    &stream_policy_weak_condition::CHECK,
    &stream_policy_service_unbound::CHECK,
    &stream_policy_can_change_itself::CHECK,
    &stream_policy_no_tls_deny::CHECK,
    &secret_as_key::CHECK,
    &insights_on_secret_key::CHECK,
    &gsi_projects_secret::CHECK,
    &stream_carries_secret::CHECK,
    &session_table_without_ttl::CHECK,
    &ttl_on_wrong_attribute::CHECK,
    &ttl_not_epoch_seconds::CHECK,
    &expired_but_present::CHECK,
    &scan_heavy::CHECK,
    &generic_id_key::CHECK,
    &guessable_keys::CHECK,
    &key_pending_deletion::CHECK,
    &key_disabled_or_lost::CHECK,
    &key_policy_open::CHECK,
    &key_grant_foreign::CHECK,
    &foreign_key::CHECK,
    &aws_owned_key::CHECK,
    &aws_managed_key::CHECK,
    &key_rotation_off::CHECK,
    &replica_key_weaker::CHECK,
    &replica_key_lost::CHECK,
    &replica_foreign::CHECK,
    &replica_policy_open::CHECK,
    &replica_unprotected::CHECK,
    &dax_unencrypted::CHECK,
    &dax_no_tls::CHECK,
    &dax_role_wide::CHECK,
    &no_backup::CHECK,
    &no_backup_plan::CHECK,
    &pitr_off::CHECK,
    &pitr_window_short::CHECK,
    &deletion_protection_off::CHECK,
    &backup_vault_open::CHECK,
    &vault_unlocked::CHECK,
    &recovery_point_key::CHECK,
    &copies_that_outlive_deletion::CHECK,
    &export_foreign_bucket::CHECK,
    &export_weaker_key::CHECK,
    &stream_fan_out::CHECK,
    &kinesis_destination::CHECK,
    &kinesis_consumers::CHECK,
    &kinesis_policy_open::CHECK,
    &kinesis_unencrypted::CHECK,
    &no_data_events::CHECK,
    &no_stream_data_events::CHECK,
    &trail_not_logging::CHECK,
    &no_access_analyzer::CHECK,
    &untagged_environment::CHECK,
    &untagged_owner::CHECK,
    &client_endpoint_not_https::CHECK,
    &provisioned_without_scaling::CHECK,
    &capacity_near_limit::CHECK,
];

/// Facts that say how bad a failure of a check is, and not whether it is one: it does not wait for them.
pub(super) static WEIGHED: &[(&str, FactKind)] = &[
    ("policy-public", FactKind::Key),
    ("policy-cross-account", FactKind::Key),
    ("stream-policy-public", FactKind::Key),
    ("stream-policy-cross-account", FactKind::Key),
    ("insights-on-secret-key", FactKind::InsightsDetails),
];

/// Facts to know of a table: told on its pages, and no findings as long as nothing makes them worse than
/// [`Severity::Info`], as secrets in the items do.
pub const FACTS: &[&str] = &[
    "capacity-near-limit",
    "copies-that-outlive-deletion",
    "kinesis-consumers",
    "kinesis-destination",
    "no-backup-plan",
    "no-stream-data-events",
    "policy-no-tls-deny",
    "provisioned-without-scaling",
    "stream-fan-out",
    "stream-policy-no-tls-deny",
    "vault-unlocked",
];

/// Why there is no snippet for a check; `None` for one that has some.
pub fn without_fix(id: &str) -> Option<&'static str> {
    // It is found by a comparison of tables, not by a check of one.
    if id == "env-bleed" {
        return Some(
            "which of the tables should hold it is the owner's to say; each secret's own finding has its fix",
        );
    }
    CHECKS.iter().find(|check| check.id == id)?.topic.reason()
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
        unreadable(FactKind::Description, &text)
    }))
}

/// What several checks can say.
pub(super) static SHARED: &[&[&Message]] = &[policy::MESSAGES, &[&UNTAGGED, &OTHER_TAGS]];

static UNTAGGED: Message = Message::new("table-without-tags", "The table has no tag: none names its {what}.");
static OTHER_TAGS: Message =
    Message::new("tags-do-not-name", "None of its {tags:tag|tags} names its {what}.");

/// Whether a tag with one of these names has a value. A name is the same in whatever case and with whatever between its
/// words, and with a prefix: `app:Owner-Email` is `owner_email`.
fn tagged(subject: &Subject<'_>, names: &[&str], what: &str) -> Judged {
    let tags = subject.facts.tags.read()?;
    let plain = |text: &str| -> String {
        text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
    };
    let wanted = |k: &str| {
        let last = k.rsplit([':', '/', '.']).next().unwrap_or(k);
        names.iter().any(|name| plain(name) == plain(last) || plain(name) == plain(k))
    };
    Ok(match tags.iter().find(|(k, v)| wanted(k) && !v.trim().is_empty()) {
        Some((k, v)) => pass(&format!("The tag {} says {}.", name(k), name(v))),
        None if tags.is_empty() => fail(Severity::Info, UNTAGGED.with("what", what)),
        None => {
            let keys: Vec<&str> = tags.iter().map(|(k, _)| k.as_str()).collect();
            fail(Severity::Info, OTHER_TAGS.with("tags", keys).with("what", what))
        }
    })
}

/// Whether a pattern of a policy is of every table of an account, or of more.
fn is_every_table(pattern: &String) -> bool {
    let part = |n| pattern.split(':').nth(n);
    pattern == "*" || part(2) == Some("dynamodb") && matches!(part(5), Some("*" | "table/*"))
}

/// Whether a key in a state that is neither of the usual ones can be used; `None` where that is not known
/// (KMS Developer Guide, "Key states of AWS KMS keys").
fn use_of(state: &str) -> Option<bool> {
    match state {
        "Updating" => Some(true),
        "Unavailable" | "PendingImport" | "Creating" | "PendingReplicaDeletion" => Some(false),
        _ => None,
    }
}

/// What trails record of the reads of a table's items.
#[derive(Default)]
struct Recorded<'a> {
    /// Those that record every read by themselves.
    whole: Vec<&'a Trail>,
    /// Those that record some of them: the trail, and a read that it leaves out.
    part: Vec<(&'a Trail, &'static str)>,
    /// Those of which it is not told what they record.
    untold: Vec<&'a Trail>,
}

/// Whether a selector of one of these kinds of resources records a read of this one (CloudTrail User Guide, "Logging data events"). One that also asks
/// for something that differs from read to read, as who it was, does not count.
fn records(selector: &Selector, kinds: &[&str], arn: &str, (event, read_only): Read) -> bool {
    let any = |name: &str| selector.fields.iter().any(|f| f.field == name);
    // What is not asked for, data events of this kind, is not recorded.
    any("eventCategory")
        && any("resources.type")
        && selector.fields.iter().all(|field| match field.field.as_str() {
            "eventCategory" => field.matches("Data"),
            "resources.type" => kinds.iter().any(|kind| field.matches(kind)),
            "resources.ARN" => field.matches(arn),
            "readOnly" => field.matches(read_only),
            "eventSource" => field.matches("dynamodb.amazonaws.com"),
            "eventType" => field.matches("AwsApiCall"),
            "eventName" => field.matches(event),
            _ => false,
        })
}

/// The reads of a table's items that none of these trails records.
fn unrecorded(
    table: &TableDescription,
    trails: &[&Trail],
    selectors: &[TrailSelectors],
) -> (Vec<Read>, Vec<Read>) {
    let all = || {
        let of_them = selectors.iter().filter(|s| trails.iter().any(|trail| trail.arn == s.arn));
        of_them.flat_map(|s| &s.selectors)
    };
    // Only a vector index can be searched by likeness.
    let happens = |(event, _): &&Read| *event != "SearchVectors" || !table.vectors.is_empty();
    READS.iter().filter(happens).partition(|read| {
        !all().any(|selector| records(selector, &["AWS::DynamoDB::Table"], &table.arn, **read))
    })
}

/// The trails that record reads of a table's items.
fn recording<'a>(
    table: &TableDescription,
    trails: &'a [Trail],
    selectors: &[TrailSelectors],
) -> Recorded<'a> {
    let mut recorded = Recorded::default();
    for trail in trails {
        if !selectors.iter().any(|s| s.arn == trail.arn) {
            recorded.untold.push(trail);
            continue;
        }
        let (left_out, in_it) = unrecorded(table, &[trail], selectors);
        // What is recorded of writes tells nothing of reads, though a SELECT of PartiQL is among it.
        match (!in_it.iter().any(|(_, read_only)| *read_only == "true"), left_out.first()) {
            (true, _) => {}
            (false, None) => recorded.whole.push(trail),
            (false, Some((event, _))) => recorded.part.push((trail, event)),
        }
    }
    recorded
}

/// A data event, and what its `readOnly` is.
type Read = (&'static str, &'static str);

/// The data events of reads (DynamoDB Developer Guide, "Logging DynamoDB operations by using CloudTrail"). A SELECT of
/// PartiQL is logged as a statement that may write.
const READS: &[Read] = &[
    ("GetItem", "true"),
    ("BatchGetItem", "true"),
    ("Query", "true"),
    ("Scan", "true"),
    ("TransactGetItems", "true"),
    ("SearchVectors", "true"),
    ("ExecuteStatement", "false"),
    ("BatchExecuteStatement", "false"),
    ("ExecuteTransaction", "false"),
];

/// How many exports that were written are not among those that were looked at.
fn exports_unseen(subject: &Subject<'_>, seen: &[Export]) -> Result<usize, Unseen> {
    let written = subject.facts.exports.read()?.iter().filter(|e| e.status != "FAILED");
    Ok(written.filter(|e| !seen.iter().any(|s| s.arn == e.arn)).count())
}

fn exports_cut(seen: &[Export], unseen: usize) -> String {
    let were = if seen.len() == 1 { "was" } else { "were" };
    format!("only {} of {} {were} looked at", seen.len(), count(seen.len() + unseen, "export"))
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
mod policies;
#[cfg(test)]
mod tests;
