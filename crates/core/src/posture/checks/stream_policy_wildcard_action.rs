//! The stream's own policy allows every action.

use crate::domain::{FactKind, FactValue, Level, Severity};
use crate::posture::check::{Case, Fixed, Judged, PostureCheck, Reference, Subject};
use crate::posture::examples::{allow, described, facts, plain, policy, stream};

pub(super) static CHECK: PostureCheck = PostureCheck {
    id: "stream-policy-wildcard-action",
    title: "The stream's policy allows every action",
    why: "Every action includes changing this very policy. A reader of a stream needs DescribeStream, GetShardIterator and \
          GetRecords.",
    severity: Severity::Medium,
    level: Level::Table,
    reads: &[FactKind::Description, FactKind::StreamPolicy],
    reads_items: false,
    judge,
    topic: Fixed::By("policy-wildcard-action"),
    messages: &[],
    source: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/rbac-considerations.html",
    refs: &[Reference::OwaspApi(8), Reference::Cwe(250)],
    field: "GetResourcePolicy Policy.Statement[].Action, of the stream",
    cases: &[
        Case::of("no stream", || facts([plain()]), "not-applicable", "no stream"),
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
            "names the actions",
        ),
        Case::of(
            "every action",
            || {
                facts([
                    streaming(),
                    with(
                        r#"{"Sid":"Everything","Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"dynamodb:*","Resource":"*"}"#,
                    ),
                ])
            },
            "fail",
            "medium: The stream's policy allows every action: statement Everything",
        ),
        Case::of("partly unread", || facts([streaming(), with("7")]), "unknown", "statement 1"),
        Case::of("policy not read", || facts([streaming()]), "unknown", "stream_policy: not asked"),
        Case::of("nothing read", || facts([]), "unknown", "description: not asked"),
    ],
};

fn judge(subject: &Subject<'_>) -> Judged {
    super::policy::wildcard_action(subject, FactKind::StreamPolicy)
}

fn streaming() -> FactValue {
    described(|d| d.stream = stream())
}

fn with(statements: &str) -> FactValue {
    FactValue::StreamPolicy(policy(statements))
}
