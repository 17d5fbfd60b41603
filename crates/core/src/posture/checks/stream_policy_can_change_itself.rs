//! The stream's own policy lets somebody change it.

use crate::domain::{FactKind, FactValue, Level, Severity};
use crate::posture::check::{Case, Fixed, Judged, PostureCheck, Reference, Subject};
use crate::posture::examples::{allow, described, facts, plain, policy, stream};

pub(super) static CHECK: PostureCheck = PostureCheck {
    id: "stream-policy-can-change-itself",
    title: "The stream's policy lets its own readers change it",
    why: "Whoever may put the stream's policy can give every change of the table to any account that it names, and whoever may delete it can \
          remove every Deny in it.",
    severity: Severity::Medium,
    level: Level::Table,
    reads: &[FactKind::Description, FactKind::StreamPolicy],
    reads_items: false,
    judge,
    topic: Fixed::By("policy-can-change-itself"),
    messages: &[],
    source: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/rbac-iam-actions.html",
    refs: &[Reference::OwaspApi(8), Reference::Cwe(266)],
    field: "GetResourcePolicy Policy.Statement[].Action, of the stream",
    cases: &[
        Case::of(
            "no policy",
            || facts([streaming(), FactValue::StreamPolicy(None)]),
            "pass",
            "no resource-based policy",
        ),
        Case::of(
            "reads alone",
            || facts([streaming(), with(&allow(APP, "").replace("GetItem", "GetRecords"))]),
            "pass",
            "nobody change it",
        ),
        Case::of(
            "PutResourcePolicy by a wildcard",
            || facts([streaming(), with(&allow(APP, "").replace("GetItem", "*"))]),
            "fail",
            "medium: The stream's policy lets somebody change or delete it: statement Reader",
        ),
        Case::of("partly unread", || facts([streaming(), with("7")]), "unknown", "statement 1"),
        Case::of("no stream", || facts([plain()]), "not-applicable", "no stream"),
        Case::of("policy not read", || facts([streaming()]), "unknown", "stream_policy: not asked"),
        Case::of("nothing read", || facts([]), "unknown", "description: not asked"),
    ],
};

const APP: &str = r#"{"AWS":"arn:aws:iam::111122223333:role/app"}"#;

fn judge(subject: &Subject<'_>) -> Judged {
    super::policy::can_change_itself(subject, FactKind::StreamPolicy)
}

fn streaming() -> FactValue {
    described(|d| d.stream = stream())
}

fn with(statements: &str) -> FactValue {
    FactValue::StreamPolicy(policy(statements))
}
