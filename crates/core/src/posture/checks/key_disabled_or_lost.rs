//! The table lost its key, or is about to.

use crate::domain::{Encryption, FactKind, KeyState, KmsKey, Level, Message, Severity};
use crate::posture::check::{Case, Fixed, Judged, PostureCheck, Subject};
use crate::posture::examples::{KEY, NOW, described, facts, key, plain, under_a_key};
use crate::posture::messages::{fail, name, not_applicable, pass, unreadable};

pub(super) static CHECK: PostureCheck = PostureCheck {
    id: "key-disabled-or-lost",
    title: "The table's KMS key is disabled or lost",
    why: "DynamoDB cannot read or write the table without its key. After seven days without it the table is \
          archived and has to be restored from a backup.",
    severity: Severity::Critical,
    level: Level::Table,
    reads: &[FactKind::Description, FactKind::Key],
    reads_items: false,
    judge,
    topic: Fixed::By("key-disabled"),
    messages: &[&LOST, &STATUS, &DISABLED, &UNUSABLE],
    source: "https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html",
    refs: &[],
    field: "DescribeTable Table.SSEDescription.InaccessibleEncryptionDateTime, DescribeKey KeyMetadata.KeyState",
    cases: &[
        Case::of("key enabled", || facts([under_a_key(), key(|_| ())]), "pass", "is enabled"),
        Case::of(
            "key disabled",
            || facts([under_a_key(), key(|k| k.state = KeyState::Disabled)]),
            "fail",
            "critical: The key arn:aws:kms:eu-west-1:111122223333:key/example-key is disabled",
        ),
        Case::of(
            "key store unavailable",
            || facts([under_a_key(), key(|k| k.state = KeyState::Other("Unavailable".into()))]),
            "fail",
            "state Unavailable",
        ),
        Case::of(
            "key being updated",
            || facts([under_a_key(), key(|k| k.state = KeyState::Other("Updating".into()))]),
            "pass",
            "state Updating",
        ),
        Case::of(
            "a state that nobody knows",
            || facts([under_a_key(), key(|k| k.state = KeyState::Other("New".into()))]),
            "unknown",
            "is in state New",
        ),
        Case::of(
            "table lost its key; key not read",
            || facts([described(|d| d.encryption = lost())]),
            "fail",
            "since 2026-01-01",
        ),
        Case::of(
            "table being archived; the key works again",
            || facts([described(|d| d.status = "ARCHIVING".into())]),
            "fail",
            "ARCHIVING",
        ),
        Case::of(
            "table archived",
            || facts([described(|d| d.status = "ARCHIVED".into())]),
            "fail",
            "ARCHIVED",
        ),
        Case::of(
            "key pending deletion",
            || facts([under_a_key(), key(|k| k.state = KeyState::PendingDeletion)]),
            "not-applicable",
            "key-pending-deletion",
        ),
        Case::of("no KMS key", || facts([plain()]), "not-applicable", "AWS owns the key"),
        Case::of("key not read", || facts([under_a_key()]), "unknown", "key: not asked"),
        Case::of("nothing read", || facts([]), "unknown", "description: not asked"),
    ],
};

static LOST: Message = Message::new(
    "key-inaccessible",
    "DynamoDB has had no access to the table's key {key_arn} since {since}.",
);

static STATUS: Message =
    Message::new("table-without-key", "The table's status is {status}: its key could not be used.");

static DISABLED: Message =
    Message::new("key-disabled", "The key {key_arn} is disabled: the table cannot be used.");

static UNUSABLE: Message =
    Message::new("key-unusable", "The key {key_arn} cannot be used: it is in state {state}.");

fn judge(subject: &Subject<'_>) -> Judged {
    let description = subject.facts.description.read()?;
    if let Encryption::Kms { key_arn, inaccessible_since: Some(since) } = &description.encryption {
        return Ok(fail(Severity::Critical, LOST.with("key_arn", key_arn).with("since", *since)));
    }
    if matches!(description.status.as_str(), "INACCESSIBLE_ENCRYPTION_CREDENTIALS" | "ARCHIVING" | "ARCHIVED")
    {
        return Ok(fail(Severity::Critical, STATUS.with("status", &description.status)));
    }
    let key = match super::kms_key(subject)? {
        Ok(key) => key,
        Err(verdict) => return Ok(verdict),
    };
    Ok(by_state(key))
}

/// Key states in which cryptographic operations fail are failures, the rest is not.
fn by_state(key: &KmsKey) -> crate::domain::Verdict {
    let arn = name(&key.arn);
    match &key.state {
        KeyState::Enabled => pass(&format!("The key {arn} is enabled.")),
        KeyState::Disabled => fail(Severity::Critical, DISABLED.with("key_arn", &key.arn)),
        KeyState::PendingDeletion => {
            not_applicable("The key is scheduled for deletion: see key-pending-deletion.")
        }
        KeyState::Other(state) if state == "PendingReplicaDeletion" => {
            not_applicable("The key is scheduled for deletion: see key-pending-deletion.")
        }
        KeyState::Other(state) => match super::use_of(state) {
            Some(true) => pass(&format!("The key {arn} can be used: it is in state {}.", name(state))),
            Some(false) => fail(Severity::Critical, UNUSABLE.with("key_arn", &key.arn).with("state", state)),
            None => unreadable(FactKind::Key, &format!("the key {arn} is in state {}", name(state))),
        },
    }
}

fn lost() -> Encryption {
    Encryption::Kms { key_arn: KEY.into(), inaccessible_since: Some(NOW) }
}
