//! The table is encrypted under a key that AWS owns.

use crate::domain::{Encryption, FactKind, Level, Message, Severity};
use crate::posture::check::{Case, Fixed, Judged, PostureCheck, Reference, Subject};
use crate::posture::examples::{clean, facts, plain, secret, under_a_key};
use crate::posture::messages::{fail, name, pass};

pub(super) static CHECK: PostureCheck = PostureCheck {
    id: "aws-owned-key",
    title: "Encrypted under a key that AWS owns",
    why: "The key cannot be seen, switched off or audited by you. With a customer managed key a reader also \
          needs permission for the key, and every use of it is in CloudTrail.",
    severity: Severity::Info,
    level: Level::Table,
    reads: &[FactKind::Description],
    reads_items: false,
    judge,
    topic: Fixed::By("customer-key"),
    messages: &[&BY_AWS, &OVER_SECRETS],
    source: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/EncryptionAtRest.html",
    refs: &[Reference::OwaspApi(8), Reference::Cwe(320)],
    field: "DescribeTable Table.SSEDescription",
    cases: &[
        Case::of("a KMS key", || facts([under_a_key()]), "pass", "key/example-key"),
        Case::of("no KMS key", || facts([plain()]), "fail", "info: The table is encrypted at rest"),
        Case::seen("no KMS key, items clean", || facts([plain()]), clean, "fail", "info: "),
        Case::seen("no KMS key, secrets seen", || facts([plain()]), secret, "fail", "medium: "),
        Case::of("description not read", || facts([]), "unknown", "description"),
    ],
};

static BY_AWS: Message = Message::new(
    "key-owned-by-aws",
    "The table is encrypted at rest under a key that AWS owns and you cannot see.",
);

static OVER_SECRETS: Message = Message::new(
    "key-owned-by-aws-over-secrets",
    "The table is encrypted at rest under a key that AWS owns, and secrets were seen in its items: whoever \
     may read the table can read them, without needing any key.",
);

fn judge(subject: &Subject<'_>) -> Judged {
    let description = subject.facts.description.read()?;
    Ok(match &description.encryption {
        Encryption::Kms { key_arn, .. } => {
            pass(&format!("The table is encrypted at rest under the KMS key {}.", name(key_arn)))
        }
        Encryption::AwsOwned if subject.flagged.is_some_and(|f| !f.is_empty()) => {
            fail(Severity::Medium, OVER_SECRETS.alone())
        }
        Encryption::AwsOwned => fail(Severity::Info, BY_AWS.alone()),
    })
}
