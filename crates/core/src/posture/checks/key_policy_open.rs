//! The KMS key's own policy grants others access.

use super::policy::LetIn;
use crate::domain::{FactKind, FactValue, Level, Severity};
use crate::posture::check::{Case, Fixed, Judged, PostureCheck, Reference, Subject};
use crate::posture::examples::{allow, facts, key, managed_by_aws, plain, policy, under_a_key};
use crate::posture::messages::{not_applicable, pass};

pub(super) static CHECK: PostureCheck = PostureCheck {
    id: "key-policy-open",
    title: "The KMS key's policy grants others access",
    why: "Whoever may decrypt with the key has one of the two permissions that reading the table takes; a key policy can \
          give it to any account.",
    severity: Severity::Medium,
    level: Level::Table,
    reads: &[FactKind::Description, FactKind::Key, FactKind::KeyPolicy],
    reads_items: false,
    judge,
    topic: Fixed::By("key-policy"),
    messages: &[],
    source: "https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html",
    refs: &[Reference::OwaspApi(8), Reference::Fsbp("KMS.5"), Reference::Cwe(732)],
    field: "GetKeyPolicy Policy.Statement[].Principal and Condition",
    cases: &[
        Case::of("no KMS key", || facts([plain()]), "not-applicable", "AWS owns"),
        Case::of(
            "AWS managed key",
            || facts([under_a_key(), managed_by_aws()]),
            "not-applicable",
            "AWS manages",
        ),
        Case::of(
            "own account",
            || facts([under_a_key(), key(|_| ()), with(&decrypts(r#"{"AWS":"111122223333"}"#, ""))]),
            "pass",
            "own account",
        ),
        Case::of(
            "everyone",
            || facts([under_a_key(), key(|_| ()), with(&decrypts(r#""*""#, ""))]),
            "fail",
            "critical: The key's policy grants access to anyone (statement Reader)",
        ),
        Case::of(
            "everyone of the own account",
            || {
                facts([
                    under_a_key(),
                    key(|_| ()),
                    with(&decrypts(
                        r#""*""#,
                        r#","Condition":{"StringEquals":{"kms:CallerAccount":"111122223333"}}"#,
                    )),
                ])
            },
            "pass",
            "own account",
        ),
        Case::of(
            "everyone through DynamoDB",
            || {
                facts([
                    under_a_key(),
                    key(|_| ()),
                    with(&decrypts(
                        r#""*""#,
                        r#","Condition":{"StringLike":{"kms:ViaService":"dynamodb.*.amazonaws.com"}}"#,
                    )),
                ])
            },
            "fail",
            "critical: ",
        ),
        Case::of(
            "roles of the own account by a pattern",
            || {
                facts([
                    under_a_key(),
                    key(|_| ()),
                    with(&decrypts(
                        r#""*""#,
                        r#","Condition":{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::111122223333:role/*"}}"#,
                    )),
                ])
            },
            "pass",
            "own account",
        ),
        Case::of(
            "another account",
            || facts([under_a_key(), key(|_| ()), with(&decrypts(r#"{"AWS":"444455556666"}"#, ""))]),
            "fail",
            "medium: The key's policy grants access to account 444455556666",
        ),
        Case::of(
            "another account may grant",
            || {
                facts([
                    under_a_key(),
                    key(|_| ()),
                    with(&decrypts(r#"{"AWS":"444455556666"}"#, "").replace("Decrypt", "CreateGrant")),
                ])
            },
            "fail",
            "medium: ",
        ),
        Case::of(
            "another account may look",
            || {
                facts([
                    under_a_key(),
                    key(|_| ()),
                    with(&decrypts(r#"{"AWS":"444455556666"}"#, "").replace("Decrypt", "DescribeKey")),
                ])
            },
            "pass",
            "own account",
        ),
        Case::of(
            "a service for another account",
            || {
                facts([
                    under_a_key(),
                    key(|_| ()),
                    with(&decrypts(
                        r#"{"Service":"replication.dynamodb.amazonaws.com"}"#,
                        r#","Condition":{"StringEquals":{"aws:SourceAccount":"444455556666"}}"#,
                    )),
                ])
            },
            "fail",
            "medium: The key's policy grants access to replication.dynamodb.amazonaws.com on behalf of account 444455556666",
        ),
        Case::of(
            "a service for anybody",
            || {
                facts([
                    under_a_key(),
                    key(|_| ()),
                    with(&decrypts(r#"{"Service":"events.amazonaws.com"}"#, "")),
                ])
            },
            "fail",
            "low: The key's policy lets services decrypt without saying for whom (statement Reader)",
        ),
        Case::of(
            "a service for the own account",
            || {
                facts([
                    under_a_key(),
                    key(|_| ()),
                    with(&decrypts(
                        r#"{"Service":"events.amazonaws.com"}"#,
                        r#","Condition":{"StringEquals":{"aws:SourceAccount":"111122223333"}}"#,
                    )),
                ])
            },
            "pass",
            "own account",
        ),
        Case::of(
            "another account may change the policy, which KMS lets nobody",
            || {
                facts([
                    under_a_key(),
                    key(|_| ()),
                    with(&decrypts(r#"{"AWS":"444455556666"}"#, "").replace("Decrypt", "PutKeyPolicy")),
                ])
            },
            "pass",
            "own account",
        ),
        Case::of(
            "partly unread",
            || facts([under_a_key(), key(|_| ()), with("7")]),
            "unknown",
            "statement 1",
        ),
        Case::of(
            "policy not read",
            || facts([under_a_key(), key(|_| ())]),
            "unknown",
            "key_policy: not asked",
        ),
        Case::of("nothing read", || facts([]), "unknown", "description: not asked"),
    ],
};

fn judge(subject: &Subject<'_>) -> Judged {
    let key = match super::customer_key(subject)? {
        Ok(key) => key,
        Err(verdict) => return Ok(verdict),
    };
    let Some(policy) = subject.facts.key_policy.read()? else {
        return Ok(not_applicable("AWS manages the key, and its policy."));
    };
    Ok(super::policy::let_in(
        policy,
        &key.account,
        LetIn::Key(&key.arn),
        (Severity::Critical, Severity::Medium),
    )
    .unwrap_or_else(|unclear| {
        if let Some(services) = super::policy::key_serves_anybody(policy, key) {
            services
        } else if unclear.is_empty() {
            pass("The key's policy lets nobody decrypt but its own account.")
        } else {
            super::policy::unread(FactKind::KeyPolicy, &unclear)
        }
    }))
}

fn decrypts(principal: &str, more: &str) -> String {
    allow(principal, more).replace("dynamodb:GetItem", "kms:Decrypt")
}

fn with(statements: &str) -> FactValue {
    FactValue::KeyPolicy(policy(statements).map(|p| p.policy))
}
