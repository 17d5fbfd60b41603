//! The table's customer managed key does not rotate.

use crate::domain::{FactKind, KeyManager, KeyState, KmsKey, Level, Message, Severity};
use crate::posture::check::{Case, Fixed, Judged, PostureCheck, Reference, Subject};
use crate::posture::examples::{facts, key, managed_by_aws, plain, rotation, under_a_key};
use crate::posture::messages::{days, fail, name, not_applicable, pass};

pub(super) static CHECK: PostureCheck = PostureCheck {
    id: "key-rotation-off",
    title: "KMS key rotation is off",
    why: "Rotation limits how much one version of the key material protects. It re-encrypts nothing and \
          breaks nothing.",
    severity: Severity::Low,
    level: Level::Table,
    reads: &[FactKind::Description, FactKind::Key, FactKind::Rotation],
    reads_items: false,
    judge,
    topic: Fixed::By("key-rotation"),
    messages: &[&OFF],
    source: "https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html",
    refs: &[Reference::Fsbp("KMS.4"), Reference::Cwe(324)],
    field: "GetKeyRotationStatus KeyRotationEnabled",
    cases: &[
        Case::of(
            "rotation on",
            || facts([under_a_key(), key(|_| ()), rotation(true, Some(365))]),
            "pass",
            "every 365 days",
        ),
        Case::of(
            "rotation off",
            || facts([under_a_key(), key(|_| ()), rotation(false, None)]),
            "fail",
            "low: The customer managed key",
        ),
        Case::of(
            "aws/dynamodb; rotation not read",
            || facts([under_a_key(), managed_by_aws()]),
            "not-applicable",
            "rotates by itself",
        ),
        Case::of(
            "key pending deletion says no rotation",
            || facts([under_a_key(), key(|k| k.state = KeyState::PendingDeletion), rotation(false, None)]),
            "not-applicable",
            "cannot rotate",
        ),
        Case::of(
            "replica key pending deletion",
            || {
                let going = |k: &mut KmsKey| k.state = KeyState::Other("PendingReplicaDeletion".into());
                facts([under_a_key(), key(going), rotation(false, None)])
            },
            "not-applicable",
            "cannot rotate",
        ),
        Case::of("no KMS key", || facts([plain()]), "not-applicable", "AWS owns the key"),
        Case::of(
            "rotation not read",
            || facts([under_a_key(), key(|_| ())]),
            "unknown",
            "rotation: not asked",
        ),
        Case::of("nothing read", || facts([]), "unknown", "description: not asked"),
    ],
};

static OFF: Message = Message::new("key-rotation-off", "The customer managed key {key_arn} does not rotate.");

fn judge(subject: &Subject<'_>) -> Judged {
    let key = match super::kms_key(subject)? {
        Ok(key) => key,
        Err(verdict) => return Ok(verdict),
    };
    if key.manager == KeyManager::Aws {
        return Ok(not_applicable("AWS manages the key, and it rotates by itself."));
    }
    // KMS answers "false" for such a key whatever was set before (GetKeyRotationStatus, API Reference).
    let is_going = |state: &KeyState| match state {
        KeyState::PendingDeletion => true,
        KeyState::Other(state) => state == "PendingReplicaDeletion",
        _ => false,
    };
    if is_going(&key.state) {
        return Ok(not_applicable("The key is scheduled for deletion and cannot rotate."));
    }
    Ok(match subject.facts.rotation.read()? {
        None => not_applicable("The key is of a kind that KMS does not rotate."),
        Some(rotation) if rotation.enabled => {
            let every = rotation
                .period_days
                .map_or_else(|| "every year".to_owned(), |n| format!("every {}", days(i64::from(n))));
            pass(&format!("The key {} rotates {every}.", name(&key.arn)))
        }
        Some(_) => fail(Severity::Low, OFF.with("key_arn", &key.arn)),
    })
}
