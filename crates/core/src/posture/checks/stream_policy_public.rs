//! The stream's own policy grants access to anyone.

use crate::domain::{FactKind, FactValue, Level, Severity};
use crate::posture::check::{Case, Fixed, Judged, PostureCheck, Reference, Subject};
use crate::posture::examples::{allow, described, facts, plain, policy, stream};

pub(super) static CHECK: PostureCheck = PostureCheck {
    id: "stream-policy-public",
    title: "The stream's policy grants access to anyone",
    why: "A stream has a policy of its own. Its records hold the items as they were before and after a \
          write, so it gives away what the table's policy protects.",
    severity: Severity::Critical,
    level: Level::Table,
    reads: &[FactKind::Description, FactKind::StreamPolicy],
    reads_items: false,
    judge,
    topic: Fixed::By("policy-public"),
    messages: &[],
    source: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/rbac-bpa-rbp.html",
    refs: &[Reference::OwaspApi(8), Reference::Cwe(732)],
    field: "GetResourcePolicy Policy.Statement[].Principal and Condition, of the stream",
    cases: &[
        Case::of("no stream", || facts([plain()]), "not-applicable", "no stream"),
        Case::of(
            "no policy",
            || facts([streaming(), FactValue::StreamPolicy(None)]),
            "pass",
            "no resource-based",
        ),
        Case::of(
            "everyone",
            || facts([streaming(), with(r#""*""#)]),
            "fail",
            "critical: The stream's policy grants access to anyone",
        ),
        Case::of(
            "own account only",
            || facts([streaming(), with(r#"{"AWS":"111122223333"}"#)]),
            "pass",
            "does not grant access to anyone",
        ),
        Case::of("policy not read", || facts([streaming()]), "unknown", "stream_policy: not asked"),
        Case::of("nothing read", || facts([]), "unknown", "description: not asked"),
    ],
};

fn judge(subject: &Subject<'_>) -> Judged {
    match super::stream_policy(subject)? {
        Err(verdict) => Ok(verdict),
        Ok(policy) => super::policy::public(subject, policy, FactKind::StreamPolicy),
    }
}

fn streaming() -> FactValue {
    described(|d| d.stream = stream())
}

fn with(principal: &str) -> FactValue {
    FactValue::StreamPolicy(policy(&allow(principal, "")))
}
