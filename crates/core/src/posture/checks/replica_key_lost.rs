//! A replica lost its key, or is about to.

use crate::domain::{
    Encryption, Evidence, FactKind, FactValue, KeyManager, KeyState, KmsKey, Level, Message, Replica,
    ReplicaKey, ReplicaRef, Severity,
};
use crate::posture::check::{Case, Fixed, Judged, PostureCheck, Reference, Subject};
use crate::posture::examples::{KEY, described, facts, kms, plain, replica};
use crate::posture::messages::{cut, fail, list, name, not_applicable, pass, unreadable};

pub(super) static CHECK: PostureCheck = PostureCheck {
    id: "replica-key-lost",
    title: "The KMS key of a replica is disabled, lost or scheduled for deletion",
    why: "A replica that cannot use its key is cut off after 20 hours, and is a table of its own from then on.",
    severity: Severity::Critical,
    level: Level::Table,
    reads: &[FactKind::Description, FactKind::Replicas, FactKind::ReplicaKeys],
    reads_items: false,
    judge,
    topic: Fixed::Not(
        "the fixes of a key are those of key-disabled-or-lost and key-pending-deletion, in its Region",
    ),
    messages: &[&GONE, &STATUS, &LOST_KEYS, &LOST_KEY, &DISABLED, &DELETED, &UNUSABLE],
    source: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/globaltables-security.html",
    refs: &[Reference::Fsbp("KMS.3")],
    field: "DescribeTable Table.Replicas[].ReplicaStatus, DescribeKey KeyMetadata.KeyState in each Region",
    cases: &[
        Case::of("no replica", || facts([plain()]), "not-applicable", "no replica"),
        Case::of(
            "inaccessible; the rest not read",
            || facts([replicated("INACCESSIBLE_ENCRYPTION_CREDENTIALS", "111122223333")]),
            "fail",
            "critical: The replica in us-east-1 is INACCESSIBLE_ENCRYPTION_CREDENTIALS",
        ),
        Case::of(
            "its key is enabled",
            || facts([replicated("ACTIVE", "111122223333"), there(), keyed(KeyState::Enabled)]),
            "pass",
            "us-east-1",
        ),
        Case::of(
            "its key is disabled",
            || facts([replicated("ACTIVE", "111122223333"), there(), keyed(KeyState::Disabled)]),
            "fail",
            "critical: The key of the replica in us-east-1 is disabled",
        ),
        Case::of(
            "its key is scheduled for deletion",
            || facts([replicated("ACTIVE", "111122223333"), there(), keyed(KeyState::PendingDeletion)]),
            "fail",
            "is scheduled for deletion",
        ),
        Case::of(
            "its key store is unavailable",
            || {
                facts([
                    replicated("ACTIVE", "111122223333"),
                    there(),
                    keyed(KeyState::Other("Unavailable".into())),
                ])
            },
            "fail",
            "The key of the replica in us-east-1 cannot be used (Unavailable)",
        ),
        Case::of(
            "a state that nobody knows",
            || facts([replicated("ACTIVE", "111122223333"), there(), keyed(KeyState::Other("New".into()))]),
            "unknown",
            "state New",
        ),
        Case::of(
            "lost where it was described",
            || facts([replicated("ACTIVE", "111122223333"), lost(), keyed(KeyState::Enabled)]),
            "fail",
            "The key of the replica in us-east-1 is lost",
        ),
        Case::of(
            "in another account",
            || {
                facts([
                    replicated("ACTIVE", "444455556666"),
                    FactValue::Replicas(vec![]),
                    FactValue::ReplicaKeys(vec![]),
                ])
            },
            "unknown",
            "another account",
        ),
        Case::of(
            "the other Region not read",
            || facts([replicated("ACTIVE", "111122223333"), keyed(KeyState::Enabled)]),
            "unknown",
            "replicas: not asked",
        ),
        Case::of(
            "its key not read",
            || facts([replicated("ACTIVE", "111122223333"), there()]),
            "unknown",
            "replica_keys: not asked",
        ),
        Case::of(
            "its key was not told",
            || facts([replicated("ACTIVE", "111122223333"), there(), FactValue::ReplicaKeys(Vec::new())]),
            "unknown",
            "the key of the replica in us-east-1 was not read",
        ),
        Case::of("nothing read", || facts([]), "unknown", "description: not asked"),
    ],
};

static GONE: Message =
    Message::new("replicas-without-key", "The replica in {replicas}: its key could not be used.");

static STATUS: Message = Message::new("replica-status", "{region} is {status}");

static LOST_KEYS: Message = Message::new("replica-keys-lost", "The key of the replica in {replicas}.");

static LOST_KEY: Message = Message::new("replica-key-lost", "{region} is lost");

static DISABLED: Message = Message::new("replica-key-disabled", "{region} is disabled");

static DELETED: Message = Message::new("replica-key-pending-deletion", "{region} is scheduled for deletion");

static UNUSABLE: Message = Message::new("replica-key-unusable", "{region} cannot be used ({state})");

/// The statuses in which a replica cannot use its key (DynamoDB API Reference, ReplicaDescription).
const LOST: &[&str] = &["INACCESSIBLE_ENCRYPTION_CREDENTIALS", "ARCHIVING", "ARCHIVED"];

fn judge(subject: &Subject<'_>) -> Judged {
    let all = &subject.facts.description.read()?.replicas;
    if all.is_empty() {
        return Ok(not_applicable("The table has no replica."));
    }
    let gone: Vec<Evidence> = all
        .iter()
        .filter(|r| LOST.contains(&r.status.as_str()))
        .map(|r| STATUS.with("region", &r.region).with("status", &r.status))
        .collect();
    if !gone.is_empty() {
        return Ok(fail(Severity::Critical, GONE.with("replicas", gone)));
    }
    let own = match super::own_account(subject)? {
        Ok(own) => own,
        Err(verdict) => return Ok(verdict),
    };
    let read = subject.facts.replicas.read()?;
    let keys = subject.facts.replica_keys.read()?;
    let dark = |r: &&Replica| {
        let since = matches!(r.encryption, Encryption::Kms { inaccessible_since: Some(_), .. });
        since || LOST.contains(&r.status.as_str())
    };
    let mut lost: Vec<Evidence> =
        read.iter().filter(dark).map(|r| LOST_KEY.with("region", &r.region)).collect();
    let mut unclear: Vec<String> = Vec::new();
    for ReplicaKey { region, key } in keys {
        match key.as_ref().map(|key| &key.state) {
            None | Some(KeyState::Enabled) => {}
            Some(KeyState::Disabled) => lost.push(DISABLED.with("region", region)),
            Some(KeyState::PendingDeletion) => lost.push(DELETED.with("region", region)),
            Some(KeyState::Other(state)) => match super::use_of(state) {
                Some(true) => {}
                Some(false) => lost.push(UNUSABLE.with("region", region).with("state", state)),
                None => unclear.push(format!("{region} is in state {}", name(state))),
            },
        }
    }
    let here = &subject.table.scope.region;
    let is_other = |r: &&ReplicaRef| r.region != *here && !r.is_foreign(&own);
    let untold = |r: &&ReplicaRef| !keys.iter().any(|key| key.region == r.region);
    let untold = all.iter().filter(is_other).find(untold);
    unclear.extend(untold.map(|r| format!("{} was not read", r.region)));
    let foreign: Vec<&str> = all.iter().filter(|r| r.is_foreign(&own)).map(|r| r.region.as_str()).collect();
    let regions: Vec<&str> = all.iter().map(|r| r.region.as_str()).collect();
    Ok(if !lost.is_empty() {
        fail(Severity::Critical, LOST_KEYS.with("replicas", lost))
    } else if !unclear.is_empty() {
        unreadable(FactKind::ReplicaKeys, &format!("the key of the replica in {}", list(&unclear)))
    } else if !foreign.is_empty() {
        let text =
            format!("the replica in {} is in another account, and its key was not looked at", list(&foreign));
        cut(FactKind::Replicas, &text)
    } else {
        pass(&format!("The keys of the replicas can be used: {}.", list(&regions)))
    })
}

fn replicated(status: &'static str, account: &'static str) -> FactValue {
    let FactValue::Description(mut description) = described(|d| d.replicas = vec![replica("us-east-1")])
    else {
        return plain();
    };
    description.replicas[0].status = status.into();
    description.replicas[0].account = Some(account.into());
    FactValue::Description(description)
}

fn there() -> FactValue {
    FactValue::Replicas(vec![Replica {
        region: "us-east-1".into(),
        arn: String::new(),
        status: "ACTIVE".into(),
        encryption: kms(KEY),
        deletion_protection: Some(true),
    }])
}

fn lost() -> FactValue {
    let encryption =
        Encryption::Kms { key_arn: KEY.into(), inaccessible_since: Some(crate::posture::examples::NOW) };
    FactValue::Replicas(vec![Replica {
        region: "us-east-1".into(),
        arn: String::new(),
        status: "ACTIVE".into(),
        encryption,
        deletion_protection: Some(true),
    }])
}

fn keyed(state: KeyState) -> FactValue {
    let key = KmsKey {
        arn: KEY.into(),
        manager: KeyManager::Customer,
        state,
        deletion: None,
        account: "111122223333".into(),
        multi_region: false,
        rotatable: true,
    };
    FactValue::ReplicaKeys(vec![ReplicaKey { region: "us-east-1".into(), key: Some(key) }])
}
