//! The table's KMS key is in another account.

use crate::domain::{Arn, Encryption, FactKind, Level, Message, Severity};
use crate::posture::check::{Case, Fixed, Judged, PostureCheck, Reference, Subject};
use crate::posture::examples::{described, facts, kms, plain, under_a_key};
use crate::posture::messages::{fail, name, not_applicable, pass, unreadable};

pub(super) static CHECK: PostureCheck = PostureCheck {
    id: "foreign-key",
    title: "The table's KMS key is in another account",
    why: "Whoever administers the key's account can read its audit trail, switch the key off or delete it, \
          and the table with it.",
    severity: Severity::Medium,
    level: Level::Table,
    reads: &[FactKind::Description],
    reads_items: false,
    judge,
    topic: Fixed::By("customer-key"),
    messages: &[&ABROAD],
    source: "https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html",
    refs: &[Reference::OwaspApi(8)],
    field: "DescribeTable Table.SSEDescription.KMSMasterKeyArn",
    cases: &[
        Case::of("key in the same account", || facts([under_a_key()]), "pass", "111122223333"),
        Case::of(
            "key in another account",
            || facts([described(|d| d.encryption = kms("arn:aws:kms:eu-west-1:444455556666:key/theirs"))]),
            "fail",
            "medium: The key arn:aws:kms:eu-west-1:444455556666:key/theirs is in account 444455556666",
        ),
        Case::of("no KMS key", || facts([plain()]), "not-applicable", "AWS owns the key"),
        Case::of(
            "not an ARN",
            || facts([described(|d| d.encryption = kms("theirs"))]),
            "unknown",
            "not an ARN",
        ),
        Case::of("nothing read", || facts([]), "unknown", "description: not asked"),
    ],
};

static ABROAD: Message = Message::new(
    "key-in-another-account",
    "The key {key_arn} is in account {account}, the table in {table_account}.",
);

fn judge(subject: &Subject<'_>) -> Judged {
    let description = subject.facts.description.read()?;
    let Encryption::Kms { key_arn, .. } = &description.encryption else {
        return Ok(not_applicable("AWS owns the key of this table."));
    };
    let (Some(key), Some(table)) = (Arn::parse(key_arn), Arn::parse(&description.arn)) else {
        let text = format!("the table's key is given as {}, which is not an ARN", name(key_arn));
        return Ok(unreadable(FactKind::Description, &text));
    };
    Ok(if key.account == table.account {
        pass(&format!("The key is in the table's own account {}.", key.account))
    } else {
        let evidence = ABROAD
            .with("key_arn", key_arn)
            .with("account", &key.account)
            .with("table_account", &table.account);
        fail(Severity::Medium, evidence)
    })
}
