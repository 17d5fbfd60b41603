//! The table's own policy grants access to other accounts.

use crate::domain::{FactKind, FactValue, Level, Severity};
use crate::posture::check::{Case, Fixed, Judged, PostureCheck, Reference, Subject};
use crate::posture::examples::{allow, facts, key, managed_by_aws, plain, policy, under_a_key};
use crate::posture::messages::pass;

pub(super) static CHECK: PostureCheck = PostureCheck {
    id: "policy-cross-account",
    title: "Table policy grants other accounts access",
    why: "Who in that account reads the table is decided by its administrators, not by you, and does not show \
          in your IAM.",
    severity: Severity::Medium,
    level: Level::Table,
    reads: &[FactKind::Policy, FactKind::Description],
    reads_items: false,
    judge,
    topic: Fixed::By("policy-cross-account"),
    messages: &[],
    source: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/rbac-cross-account-access.html",
    refs: &[Reference::OwaspApi(8), Reference::Cwe(284)],
    field: "GetResourcePolicy Policy.Statement[].Principal",
    cases: &[
        Case::of("no policy; nothing else read", || facts([FactValue::Policy(None)]), "pass", "no resource"),
        Case::of(
            "own account only; key not read",
            || facts([under_a_key(), with(OWN)]),
            "pass",
            "nobody outside",
        ),
        Case::of(
            "another account",
            || facts([plain(), with(THEIRS)]),
            "fail",
            "medium: The table's policy grants access to account 444455556666, with dynamodb:GetItem (statement Reader).",
        ),
        Case::of(
            "another account, customer key",
            || facts([under_a_key(), key(|_| ()), with(THEIRS)]),
            "fail",
            "medium: The table's policy grants access to account 444455556666",
        ),
        Case::of(
            "another account, aws/dynamodb",
            || facts([under_a_key(), managed_by_aws(), with(THEIRS)]),
            "fail",
            "info: The table's policy grants access to account 444455556666, with dynamodb:GetItem (statement Reader). It is inert",
        ),
        Case::of(
            "everyone of one organization",
            || facts([plain(), FactValue::Policy(policy(&allow(r#""*""#, OF_ORGANIZATION)))]),
            "fail",
            "low: The table's policy grants access to organization o-1, with dynamodb:GetItem (statement Reader), under \
             conditions. No other account is named",
        ),
        Case::of(
            "a service on behalf of another account",
            || facts([plain(), FactValue::Policy(policy(&allow(REPLICATION, FOR_THEM)))]),
            "fail",
            "medium: The table's policy grants access to replication.dynamodb.amazonaws.com on behalf of account 444455556666, \
             with dynamodb:GetItem (statement Reader), under conditions.",
        ),
        Case::of(
            "a service on behalf of the own account",
            || {
                facts([
                    plain(),
                    FactValue::Policy(policy(&allow(
                        REPLICATION,
                        &FOR_THEM.replace("444455556666", "111122223333"),
                    ))),
                ])
            },
            "pass",
            "nobody outside",
        ),
        Case::of("everyone", || facts([plain(), with(r#""*""#)]), "not-applicable", "policy-public"),
        Case::of(
            "another account, key not read",
            || facts([under_a_key(), with(THEIRS)]),
            "fail",
            "The key was not read: under the AWS managed key the grant would be inert.",
        ),
        Case::of("policy not read", || facts([plain()]), "unknown", "policy: not asked"),
        Case::of("description not read", || facts([with(THEIRS)]), "unknown", "description: not asked"),
    ],
};

const OF_ORGANIZATION: &str = r#","Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-1"}}"#;
const REPLICATION: &str = r#"{"Service":"replication.dynamodb.amazonaws.com"}"#;
const FOR_THEM: &str = r#","Condition":{"StringEquals":{"aws:SourceAccount":"444455556666"}}"#;
const OWN: &str = r#"{"AWS":["111122223333","arn:aws:iam::111122223333:role/app"]}"#;
const THEIRS: &str = r#"{"AWS":"arn:aws:iam::444455556666:root"}"#;

fn judge(subject: &Subject<'_>) -> Judged {
    match subject.facts.policy.read()? {
        None => Ok(pass("The table has no resource-based policy.")),
        Some(policy) => super::policy::cross_account(subject, policy, FactKind::Policy),
    }
}

fn with(principal: &str) -> FactValue {
    FactValue::Policy(policy(&allow(principal, "")))
}
