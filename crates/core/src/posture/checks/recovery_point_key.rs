//! The key of a recovery point is lost, weaker than the table's, or another account's.

use crate::domain::{FactKind, FactValue, KeyManager, KeyState, KmsKey, Level, Message, Severity};
use crate::posture::check::{Case, Fixed, Judged, PostureCheck, Reference, Subject};
use crate::posture::examples::{KEY, facts, key, managed_by_aws, plain, points, under_a_key};
use crate::posture::messages::{fail, not_applicable, pass, unreadable};

pub(super) static CHECK: PostureCheck = PostureCheck {
    id: "recovery-point-key",
    title: "Recovery points are under a key that is lost or weaker",
    why: "A recovery point can be under a key of its own. Nothing comes back from one whose key is gone; and whoever needs the \
          customer managed key to read the table needs no key permission to read a copy under a key that AWS manages.",
    severity: Severity::High,
    level: Level::Table,
    reads: &[FactKind::RecoveryPoints, FactKind::RecoveryKeys, FactKind::Description, FactKind::Key],
    reads_items: false,
    judge,
    topic: Fixed::Not(
        "a recovery point keeps its key: the key is enabled again or its deletion cancelled by its owner, or the table backed \
         up again into a vault under the right key",
    ),
    messages: &[&LOST, &WEAKER],
    source: "https://docs.aws.amazon.com/aws-backup/latest/devguide/encryption.html",
    refs: &[Reference::OwaspApi(8), Reference::Cwe(320)],
    field: "ListRecoveryPointsByResource RecoveryPoints[].EncryptionKeyArn, DescribeKey KeyMetadata.KeyManager and KeyState",
    cases: &[
        Case::of("no recovery point", || facts([points(0)]), "not-applicable", "no recovery point"),
        Case::of("no key is told", || facts([points(1)]), "not-applicable", "names a key"),
        Case::of(
            "under a customer key",
            || facts([under_a_key(), key(|_| ()), keyed(), keys(KeyManager::Customer, KeyState::Enabled)]),
            "pass",
            "can be used",
        ),
        Case::of(
            "under a key that AWS manages, as the table",
            || facts([under_a_key(), managed_by_aws(), keyed(), keys(KeyManager::Aws, KeyState::Enabled)]),
            "pass",
            "can be used",
        ),
        Case::of(
            "under a key that AWS manages, the table under a customer key",
            || facts([under_a_key(), key(|_| ()), keyed(), keys(KeyManager::Aws, KeyState::Enabled)]),
            "fail",
            "low: Recovery points are under keys that AWS manages",
        ),
        Case::of(
            "its key is going to be deleted",
            || facts([plain(), keyed(), keys(KeyManager::Customer, KeyState::PendingDeletion)]),
            "fail",
            "high: Recovery points cannot be restored, or soon cannot: their keys",
        ),
        Case::of(
            "past its time, and its key is going to be deleted",
            || facts([plain(), expired(), keys(KeyManager::Customer, KeyState::PendingDeletion)]),
            "not-applicable",
            "names a key",
        ),
        Case::of(
            "its key is not told",
            || facts([plain(), keyed(), FactValue::RecoveryKeys(Vec::new())]),
            "unknown",
            "was not read",
        ),
        Case::of("keys not read", || facts([plain(), keyed()]), "unknown", "recovery_keys: not asked"),
        Case::of(
            "the table's key not read",
            || facts([under_a_key(), keyed(), keys(KeyManager::Aws, KeyState::Enabled)]),
            "unknown",
            "key: not asked",
        ),
        Case::of(
            "the table not read",
            || facts([keyed(), keys(KeyManager::Aws, KeyState::Enabled)]),
            "unknown",
            "description: not asked",
        ),
        Case::of("nothing read", || facts([]), "unknown", "recovery_points: not asked"),
    ],
};

static LOST: Message = Message::new(
    "recovery-points-without-key",
    "Recovery points cannot be restored, or soon cannot: their keys {key_arns} are disabled or going to be deleted.",
);
static WEAKER: Message = Message::new(
    "recovery-points-under-weaker-key",
    "Recovery points are under keys that AWS manages ({key_arns}), the table under a customer managed key.",
);

fn judge(subject: &Subject<'_>) -> Judged {
    let points = subject.facts.recovery_points.read()?;
    if points.is_empty() {
        return Ok(not_applicable("There is no recovery point of the table in AWS Backup."));
    }
    // What is past its time is no loss.
    let usable = points.iter().filter(|point| point.is_usable() != Some(false));
    let mut arns: Vec<&str> = usable.filter_map(|point| point.key.as_deref()).collect();
    arns.sort_unstable();
    arns.dedup();
    if arns.is_empty() {
        return Ok(not_applicable("No recovery point that counts names a key."));
    }
    let keys = subject.facts.recovery_keys.read()?.iter().filter(|key| arns.contains(&key.arn.as_str()));
    let keys: Vec<&KmsKey> = keys.collect();
    let is_lost = |key: &&&KmsKey| match &key.state {
        KeyState::Enabled => false,
        KeyState::Disabled | KeyState::PendingDeletion => true,
        KeyState::Other(state) => super::use_of(state) == Some(false),
    };
    let lost: Vec<&str> = keys.iter().filter(is_lost).map(|key| key.arn.as_str()).collect();
    if !lost.is_empty() {
        return Ok(fail(Severity::High, LOST.with("key_arns", lost)));
    }
    let managed = keys.iter().filter(|key| key.manager == KeyManager::Aws);
    let managed: Vec<&str> = managed.map(|key| key.arn.as_str()).collect();
    if !managed.is_empty() && super::customer_key(subject)?.is_ok() {
        return Ok(fail(Severity::Low, WEAKER.with("key_arns", managed)));
    }
    let unread = arns.iter().find(|arn| !keys.iter().any(|key| key.arn == **arn));
    Ok(match unread {
        Some(arn) => {
            unreadable(FactKind::RecoveryKeys, &format!("the key {arn} of a recovery point was not read"))
        }
        None => pass("The keys of the recovery points can be used, and are no weaker than the table's."),
    })
}

fn keyed() -> FactValue {
    match points(1) {
        FactValue::RecoveryPoints(mut all) => {
            all.iter_mut().for_each(|point| point.key = Some(KEY.into()));
            FactValue::RecoveryPoints(all)
        }
        other => other,
    }
}

fn expired() -> FactValue {
    match keyed() {
        FactValue::RecoveryPoints(mut all) => {
            all.iter_mut().for_each(|point| point.status = "EXPIRED".into());
            FactValue::RecoveryPoints(all)
        }
        other => other,
    }
}

fn keys(manager: KeyManager, state: KeyState) -> FactValue {
    let FactValue::Key(Some(mut of)) = key(|_| ()) else { return keyed() };
    (of.manager, of.state) = (manager, state);
    FactValue::RecoveryKeys(vec![of])
}
