//! The stream's own policy grants a service access on behalf of anyone.

use crate::domain::{FactKind, FactValue, Level, Severity};
use crate::posture::check::{Case, Fixed, Judged, PostureCheck, Reference, Subject};
use crate::posture::examples::{allow, described, facts, plain, policy, stream};

pub(super) static CHECK: PostureCheck = PostureCheck {
    id: "stream-policy-service-unbound",
    title: "The stream's policy grants a service access on behalf of anyone",
    why: "A service acts for whoever asks it. Without aws:SourceAccount or aws:SourceArn someone in another account can \
          have it read every change of the table (the confused deputy).",
    severity: Severity::Low,
    level: Level::Table,
    reads: &[FactKind::Description, FactKind::StreamPolicy],
    reads_items: false,
    judge,
    topic: Fixed::By("policy-service-unbound"),
    messages: &[],
    source: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/rbac-considerations.html",
    refs: &[Reference::OwaspApi(8), Reference::Cwe(441)],
    field: "GetResourcePolicy Policy.Statement[].Principal.Service and Condition, of the stream",
    cases: &[
        Case::of(
            "no policy",
            || facts([streaming(), FactValue::StreamPolicy(None)]),
            "pass",
            "no resource-based policy",
        ),
        Case::of(
            "a role of the own account",
            || facts([streaming(), with(&allow(r#"{"AWS":"arn:aws:iam::111122223333:role/app"}"#, ""))]),
            "pass",
            "no service access",
        ),
        Case::of(
            "a service",
            || facts([streaming(), with(&allow(r#"{"Service":"glue.amazonaws.com"}"#, ""))]),
            "fail",
            "low: The stream's policy grants access to services without saying for whom: statement Reader",
        ),
        Case::of(
            "a service for one account",
            || {
                facts([
                    streaming(),
                    with(&allow(
                        r#"{"Service":"glue.amazonaws.com"}"#,
                        r#","Condition":{"StringEquals":{"aws:SourceAccount":"111122223333"}}"#,
                    )),
                ])
            },
            "pass",
            "no service access",
        ),
        Case::of("partly unread", || facts([streaming(), with("7")]), "unknown", "statement 1"),
        Case::of("no stream", || facts([plain()]), "not-applicable", "no stream"),
        Case::of("policy not read", || facts([streaming()]), "unknown", "stream_policy: not asked"),
        Case::of("nothing read", || facts([]), "unknown", "description: not asked"),
    ],
};

fn judge(subject: &Subject<'_>) -> Judged {
    super::policy::service_unbound(subject, FactKind::StreamPolicy)
}

fn streaming() -> FactValue {
    described(|d| d.stream = stream())
}

fn with(statements: &str) -> FactValue {
    FactValue::StreamPolicy(policy(statements))
}
