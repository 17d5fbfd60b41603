//! The table is encrypted under `aws/dynamodb`.

use crate::domain::{FactKind, KeyManager, Level, Message, Severity};
use crate::posture::check::{Case, Fixed, Judged, PostureCheck, Reference, Subject};
use crate::posture::examples::{facts, key, managed_by_aws, plain, under_a_key};
use crate::posture::messages::{fail, name, pass};

pub(super) static CHECK: PostureCheck = PostureCheck {
    id: "aws-managed-key",
    title: "Encrypted under the AWS managed key",
    why: "The policy of aws/dynamodb cannot be changed: it allows every principal of the account that may \
          use DynamoDB. Only a customer managed key is a second lock.",
    severity: Severity::Low,
    level: Level::Table,
    reads: &[FactKind::Description, FactKind::Key],
    reads_items: false,
    judge,
    topic: Fixed::By("customer-key"),
    messages: &[&BY_AWS],
    source: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.howitworks.html",
    refs: &[Reference::OwaspApi(8), Reference::Cwe(320)],
    field: "DescribeKey KeyMetadata.KeyManager",
    cases: &[
        Case::of("a customer key", || facts([under_a_key(), key(|_| ())]), "pass", "customer managed"),
        Case::of("aws/dynamodb", || facts([under_a_key(), managed_by_aws()]), "fail", "low: AWS manages"),
        Case::of("no KMS key", || facts([plain()]), "not-applicable", "AWS owns the key"),
        Case::of("key not read", || facts([under_a_key()]), "unknown", "key: not asked"),
        Case::of("nothing read", || facts([]), "unknown", "description: not asked"),
    ],
};

static BY_AWS: Message = Message::new(
    "key-managed-by-aws",
    "AWS manages the table's key {key_arn} (aws/dynamodb), and its policy.",
);

fn judge(subject: &Subject<'_>) -> Judged {
    let key = match super::kms_key(subject)? {
        Ok(key) => key,
        Err(verdict) => return Ok(verdict),
    };
    Ok(match key.manager {
        KeyManager::Customer => {
            pass(&format!("The table is encrypted under the customer managed key {}.", name(&key.arn)))
        }
        KeyManager::Aws => fail(Severity::Low, BY_AWS.with("key_arn", &key.arn)),
    })
}
