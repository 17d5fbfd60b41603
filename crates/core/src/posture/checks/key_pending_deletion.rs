//! The KMS key is scheduled for deletion.

use jiff::Timestamp;

use crate::domain::{Evidence, FactKind, KeyState, Level, Message, Severity};
use crate::posture::check::{Case, Fixed, Judged, PostureCheck, Reference, Subject};
use crate::posture::examples::{NOW, facts, key, plain, under_a_key};
use crate::posture::messages::{fail, name, pass};

pub(super) static CHECK: PostureCheck = PostureCheck {
    id: "key-pending-deletion",
    title: "The KMS key is scheduled for deletion",
    why: "A key that waits for deletion cannot be used, and once it is gone nothing brings back what it \
          encrypted: the table is lost with it.",
    severity: Severity::Critical,
    level: Level::Table,
    reads: &[FactKind::Description, FactKind::Key],
    reads_items: false,
    judge,
    topic: Fixed::By("key-pending-deletion"),
    messages: &[&IN_DAYS, &SOON, &OVERDUE, &UNTOLD, &AFTER_REPLICAS],
    source: "https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html",
    refs: &[Reference::Fsbp("KMS.3")],
    field: "DescribeKey KeyMetadata.KeyState and DeletionDate",
    cases: &[
        Case::of("key enabled", || facts([under_a_key(), key(|_| ())]), "pass", "not scheduled"),
        Case::of(
            "deletion in ten days",
            || facts([under_a_key(), key(|k| pending(k, Some(10 * DAY)))]),
            "fail",
            "critical: The key arn:aws:kms:eu-west-1:111122223333:key/example-key will be deleted in 10 days \
             (2026-01-11)",
        ),
        Case::of(
            "deletion in some hours",
            || facts([under_a_key(), key(|k| pending(k, Some(DAY / 4)))]),
            "fail",
            "in less than a day",
        ),
        Case::of(
            "date passed",
            || facts([under_a_key(), key(|k| pending(k, Some(-1)))]),
            "fail",
            "any moment",
        ),
        Case::of(
            "no date given",
            || facts([under_a_key(), key(|k| pending(k, None))]),
            "fail",
            "at a date that KMS does not tell",
        ),
        Case::of(
            "primary key waits for its replicas",
            || facts([under_a_key(), key(|k| k.state = KeyState::Other("PendingReplicaDeletion".into()))]),
            "fail",
            "once its replica keys are gone",
        ),
        Case::of("no KMS key", || facts([plain()]), "not-applicable", "AWS owns the key"),
        Case::of("key not read", || facts([under_a_key()]), "unknown", "key: not asked"),
        Case::of("nothing read", || facts([]), "unknown", "description: not asked"),
    ],
};

static IN_DAYS: Message = Message::new(
    "key-deleted-in-days",
    "The key {key_arn} will be deleted in {days:day|days} ({due}), and the table's data with it.",
);

static SOON: Message = Message::new(
    "key-deleted-within-a-day",
    "The key {key_arn} will be deleted in less than a day ({due}), and the table's data with it.",
);

static OVERDUE: Message = Message::new(
    "key-deletion-due",
    "The key {key_arn} will be deleted at any moment (it was due on {due}), and the table's data with it.",
);

static UNTOLD: Message = Message::new(
    "key-deleted-at-unknown-time",
    "The key {key_arn} will be deleted at a date that KMS does not tell, and the table's data with it.",
);

static AFTER_REPLICAS: Message = Message::new(
    "key-deleted-after-its-replicas",
    "The key {key_arn} will be deleted once its replica keys are gone, and the table's data with it.",
);

const DAY: i64 = 24 * 60 * 60;

fn judge(subject: &Subject<'_>) -> Judged {
    let key = match super::kms_key(subject)? {
        Ok(key) => key,
        Err(verdict) => return Ok(verdict),
    };
    let evidence = match &key.state {
        KeyState::PendingDeletion => match key.deletion {
            Some(at) => until(&key.arn, at, subject.now),
            None => UNTOLD.with("key_arn", &key.arn),
        },
        KeyState::Other(state) if state == "PendingReplicaDeletion" => {
            AFTER_REPLICAS.with("key_arn", &key.arn)
        }
        _ => return Ok(pass(&format!("The key {} is not scheduled for deletion.", name(&key.arn)))),
    };
    Ok(fail(Severity::Critical, evidence))
}

/// `in 10 days (2026-01-11)`, counting whole days that are left.
fn until(key: &str, at: Timestamp, now: Timestamp) -> Evidence {
    let evidence = match at.as_second() - now.as_second() {
        ..0 => OVERDUE.with("key_arn", key),
        left if left < DAY => SOON.with("key_arn", key),
        left => IN_DAYS.with("key_arn", key).with("days", u64::try_from(left / DAY).unwrap_or_default()),
    };
    evidence.with("due", at)
}

fn pending(key: &mut crate::domain::KmsKey, seconds: Option<i64>) {
    key.state = KeyState::PendingDeletion;
    key.deletion = seconds.and_then(|s| Timestamp::from_second(NOW.as_second() + s).ok());
}
