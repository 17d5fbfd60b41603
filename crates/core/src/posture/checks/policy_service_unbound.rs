//! The table's own policy grants a service access on behalf of anyone.

use crate::domain::{FactKind, FactValue, Level, Severity};
use crate::posture::check::{Case, Fixed, Judged, PostureCheck, Reference, Subject};
use crate::posture::examples::{allow, facts, plain, policy};

pub(super) static CHECK: PostureCheck = PostureCheck {
    id: "policy-service-unbound",
    title: "The table's policy grants a service access on behalf of anyone",
    why: "A service acts for whoever asks it. Without aws:SourceAccount or aws:SourceArn someone in another account can \
          have it read the table (the confused deputy).",
    severity: Severity::Low,
    level: Level::Table,
    reads: &[FactKind::Policy],
    reads_items: false,
    judge,
    topic: Fixed::By("policy-service-unbound"),
    messages: &[],
    source: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/rbac-considerations.html",
    refs: &[Reference::OwaspApi(8), Reference::Cwe(441)],
    field: "GetResourcePolicy Policy.Statement[].Principal.Service and Condition",
    cases: &[
        Case::of("no policy", || facts([FactValue::Policy(None)]), "pass", "no resource-based policy"),
        Case::of(
            "a role of the own account",
            || facts([plain(), with(&allow(r#"{"AWS":"arn:aws:iam::111122223333:role/app"}"#, ""))]),
            "pass",
            "no service access",
        ),
        Case::of(
            "a service",
            || facts([plain(), with(&allow(r#"{"Service":"glue.amazonaws.com"}"#, ""))]),
            "fail",
            "low: The table's policy grants access to services without saying for whom: statement Reader",
        ),
        Case::of(
            "a service for one account",
            || {
                facts([
                    plain(),
                    with(&allow(
                        r#"{"Service":"glue.amazonaws.com"}"#,
                        r#","Condition":{"StringEquals":{"aws:SourceAccount":"111122223333"}}"#,
                    )),
                ])
            },
            "pass",
            "no service access",
        ),
        Case::of("partly unread", || facts([plain(), with("7")]), "unknown", "statement 1"),
        Case::of("policy not read", || facts([plain()]), "unknown", "policy: not asked"),
    ],
};

fn judge(subject: &Subject<'_>) -> Judged {
    super::policy::service_unbound(subject, FactKind::Policy)
}

fn with(statements: &str) -> FactValue {
    FactValue::Policy(policy(statements))
}
