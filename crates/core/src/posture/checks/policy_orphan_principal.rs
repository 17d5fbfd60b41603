//! The table's own policy names somebody who is gone.

use crate::domain::{FactKind, FactValue, Level, Severity};
use crate::posture::check::{Case, Fixed, Judged, PostureCheck, Reference, Subject};
use crate::posture::examples::{allow, facts, plain, policy};

pub(super) static CHECK: PostureCheck = PostureCheck {
    id: "policy-orphan-principal",
    title: "The table's policy names a deleted user or role",
    why: "AWS replaces a deleted principal by its unique ID. It grants nobody access, but the policy no longer says \
          what its author meant.",
    severity: Severity::Info,
    level: Level::Table,
    reads: &[FactKind::Policy],
    reads_items: false,
    judge,
    topic: Fixed::By("policy-orphan-principal"),
    messages: &[],
    source: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/rbac-considerations.html",
    refs: &[Reference::OwaspApi(9)],
    field: "GetResourcePolicy Policy.Statement[].Principal.AWS",
    cases: &[
        Case::of("no policy", || facts([FactValue::Policy(None)]), "pass", "no resource-based policy"),
        Case::of(
            "a role of the own account",
            || facts([plain(), with(&allow(r#"{"AWS":"arn:aws:iam::111122223333:role/app"}"#, ""))]),
            "pass",
            "nobody who was deleted",
        ),
        Case::of(
            "an ID that was left",
            || facts([plain(), with(&allow(r#"{"AWS":"AROAEXAMPLEEXAMPLE123"}"#, ""))]),
            "fail",
            "info: The table's policy names users or roles that were deleted: AROAEXAMPLEEXAMPLE123",
        ),
        Case::of("partly unread", || facts([plain(), with("7")]), "unknown", "statement 1"),
        Case::of("policy not read", || facts([plain()]), "unknown", "policy: not asked"),
    ],
};

fn judge(subject: &Subject<'_>) -> Judged {
    super::policy::orphan_principal(subject, FactKind::Policy)
}

fn with(statements: &str) -> FactValue {
    FactValue::Policy(policy(statements))
}
