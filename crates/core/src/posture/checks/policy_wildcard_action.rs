//! The table's own policy allows every action.

use crate::domain::{FactKind, FactValue, Level, Severity};
use crate::posture::check::{Case, Fixed, Judged, PostureCheck, Reference, Subject};
use crate::posture::examples::{allow, facts, policy};

pub(super) static CHECK: PostureCheck = PostureCheck {
    id: "policy-wildcard-action",
    title: "The table's policy allows every action",
    why: "Every action includes deleting the table, exporting it whole, and changing this very policy.",
    severity: Severity::Medium,
    level: Level::Table,
    reads: &[FactKind::Policy],
    reads_items: false,
    judge,
    topic: Fixed::By("policy-wildcard-action"),
    messages: &[],
    source: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/rbac-considerations.html",
    refs: &[Reference::OwaspApi(8), Reference::Cwe(250)],
    field: "GetResourcePolicy Policy.Statement[].Action",
    cases: &[
        Case::of("no policy", || facts([FactValue::Policy(None)]), "pass", "no resource-based policy"),
        Case::of(
            "named actions",
            || facts([with(&allow(r#"{"AWS":"111122223333"}"#, ""))]),
            "pass",
            "names the actions",
        ),
        Case::of(
            "dynamodb:*",
            || facts([with(EVERYTHING)]),
            "fail",
            "medium: The table's policy allows every action: statement Everything",
        ),
        Case::of(
            "all but one action",
            || {
                facts([with(
                    r#"{"Effect":"Allow","Principal":"*","NotAction":"dynamodb:DeleteTable","Resource":"*"}"#,
                )])
            },
            "fail",
            "statement 1",
        ),
        Case::of(
            "a Deny of everything",
            || facts([with(r#"{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*"}"#)]),
            "pass",
            "names the actions",
        ),
        Case::of("partly unread", || facts([with("7")]), "unknown", "statement 1"),
        Case::of("not read", || facts([]), "unknown", "policy: not asked"),
    ],
};

const EVERYTHING: &str = r#"{"Sid":"Everything","Effect":"Allow","Principal":{"AWS":"111122223333"},
    "Action":"dynamodb:*","Resource":"*"}"#;

fn judge(subject: &Subject<'_>) -> Judged {
    super::policy::wildcard_action(subject, FactKind::Policy)
}

fn with(statements: &str) -> FactValue {
    FactValue::Policy(policy(statements))
}
