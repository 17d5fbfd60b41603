//! The stream's own policy does not ask for TLS.

use crate::domain::{FactKind, FactValue, Level, Severity};
use crate::posture::check::{Case, Fixed, Judged, PostureCheck, Reference, Subject};
use crate::posture::examples::{allow, described, facts, plain, policy, stream};

pub(super) static CHECK: PostureCheck = PostureCheck {
    id: "stream-policy-no-tls-deny",
    title: "The stream's policy does not deny plain HTTP",
    why: "A Deny on aws:SecureTransport makes sure that nobody reads the changes of the table over plain HTTP by mistake.",
    severity: Severity::Info,
    level: Level::Table,
    reads: &[FactKind::Description, FactKind::StreamPolicy],
    reads_items: false,
    judge,
    topic: Fixed::By("policy-tls"),
    messages: &[],
    source: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/rbac-considerations.html",
    refs: &[Reference::OwaspApi(8), Reference::Cwe(319)],
    field: "GetResourcePolicy Policy.Statement[].Condition.Bool.aws:SecureTransport, of the stream",
    cases: &[
        Case::of(
            "no policy",
            || facts([streaming(), FactValue::StreamPolicy(None)]),
            "not-applicable",
            "The stream has no resource-based policy",
        ),
        Case::of(
            "a role of the own account",
            || facts([streaming(), with(&allow(r#"{"AWS":"arn:aws:iam::111122223333:role/app"}"#, ""))]),
            "fail",
            "info: The stream's policy has no Deny",
        ),
        Case::of(
            "a Deny of plain HTTP",
            || facts([streaming(), with(&deny("*"))]),
            "pass",
            "denies plain HTTP",
        ),
        Case::of(
            "a Deny of plain HTTP on the table",
            || facts([streaming(), with(&deny("arn:aws:dynamodb:eu-west-1:111122223333:table/sessions"))]),
            "fail",
            "but not for arn:aws:dynamodb:eu-west-1:111122223333:table/sessions/stream/",
        ),
        Case::of("partly unread", || facts([streaming(), with("7")]), "unknown", "statement 1"),
        Case::of("no stream", || facts([plain()]), "not-applicable", "could deny plain HTTP"),
        Case::of("policy not read", || facts([streaming()]), "unknown", "stream_policy: not asked"),
        Case::of("nothing read", || facts([]), "unknown", "description: not asked"),
    ],
};

fn judge(subject: &Subject<'_>) -> Judged {
    super::policy::no_tls_deny(subject, FactKind::StreamPolicy)
}

/// A Deny of plain HTTP on this.
fn deny(resource: &str) -> String {
    format!(
        r#"{{"Effect":"Deny","Principal":"*","Action":"*","Resource":"{resource}","Condition":{{"Bool":{{"aws:SecureTransport":"false"}}}}}}"#
    )
}

fn streaming() -> FactValue {
    described(|d| d.stream = stream())
}

fn with(statements: &str) -> FactValue {
    FactValue::StreamPolicy(policy(statements))
}
