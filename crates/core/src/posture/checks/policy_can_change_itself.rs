//! The table's own policy lets somebody change it.

use crate::domain::{FactKind, FactValue, Level, Severity};
use crate::posture::check::{Case, Fixed, Judged, PostureCheck, Reference, Subject};
use crate::posture::examples::{allow, facts, plain, policy};

pub(super) static CHECK: PostureCheck = PostureCheck {
    id: "policy-can-change-itself",
    title: "The table's policy lets its own readers change it",
    why: "Whoever may put a resource-based policy can grant access to anyone, and whoever may delete it can \
          remove every Deny in it.",
    severity: Severity::Medium,
    level: Level::Table,
    reads: &[FactKind::Policy],
    reads_items: false,
    judge,
    topic: Fixed::By("policy-can-change-itself"),
    messages: &[],
    source: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/rbac-considerations.html",
    refs: &[Reference::OwaspApi(8), Reference::Cwe(266)],
    field: "GetResourcePolicy Policy.Statement[].Action",
    cases: &[
        Case::of("no policy", || facts([FactValue::Policy(None)]), "pass", "no resource-based policy"),
        Case::of(
            "a role of the own account",
            || facts([plain(), with(&allow(r#"{"AWS":"arn:aws:iam::111122223333:role/app"}"#, ""))]),
            "pass",
            "nobody change it",
        ),
        Case::of(
            "PutResourcePolicy by a wildcard",
            || {
                facts([
                    plain(),
                    with(
                        r#"{"Sid":"Wide","Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"dynamodb:Put*","Resource":"*"}"#,
                    ),
                ])
            },
            "fail",
            "medium: The table's policy lets somebody change or delete it: statement Wide",
        ),
        Case::of(
            "a Deny of it",
            || {
                facts([
                    plain(),
                    with(
                        r#"{"Effect":"Deny","Principal":"*","Action":"dynamodb:PutResourcePolicy","Resource":"*"}"#,
                    ),
                ])
            },
            "pass",
            "nobody change it",
        ),
        Case::of("partly unread", || facts([plain(), with("7")]), "unknown", "statement 1"),
        Case::of("policy not read", || facts([plain()]), "unknown", "policy: not asked"),
    ],
};

fn judge(subject: &Subject<'_>) -> Judged {
    super::policy::can_change_itself(subject, FactKind::Policy)
}

fn with(statements: &str) -> FactValue {
    FactValue::Policy(policy(statements))
}
