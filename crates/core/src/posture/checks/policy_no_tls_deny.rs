//! The table's own policy does not ask for TLS.

use crate::domain::{FactKind, FactValue, Level, Projection, Severity};
use crate::posture::check::{Case, Fixed, Judged, PostureCheck, Reference, Subject};
use crate::posture::examples::{allow, described, facts, index, plain, policy};

pub(super) static CHECK: PostureCheck = PostureCheck {
    id: "policy-no-tls-deny",
    title: "The table's policy does not deny plain HTTP",
    why: "DynamoDB also answers over plain HTTP. A Deny on aws:SecureTransport makes sure that nobody reads the table \
          over it by mistake.",
    severity: Severity::Info,
    level: Level::Table,
    reads: &[FactKind::Policy, FactKind::Description],
    reads_items: false,
    judge,
    topic: Fixed::By("policy-tls"),
    messages: &[],
    source: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/rbac-considerations.html",
    refs: &[Reference::OwaspApi(8), Reference::Cwe(319)],
    field: "GetResourcePolicy Policy.Statement[].Condition.Bool.aws:SecureTransport",
    cases: &[
        Case::of(
            "no policy",
            || facts([FactValue::Policy(None)]),
            "not-applicable",
            "no resource-based policy",
        ),
        Case::of(
            "a role of the own account",
            || facts([plain(), with(&allow(r#"{"AWS":"arn:aws:iam::111122223333:role/app"}"#, ""))]),
            "fail",
            "info: The table's policy has no Deny",
        ),
        Case::of(
            "a Deny of plain HTTP",
            || {
                facts([
                    plain(),
                    with(
                        r#"{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}"#,
                    ),
                ])
            },
            "pass",
            "denies plain HTTP",
        ),
        Case::of(
            "a Deny of plain HTTP on the table alone, which has no index",
            || facts([plain(), with(&on("arn:aws:dynamodb:eu-west-1:111122223333:table/sessions"))]),
            "pass",
            "denies plain HTTP",
        ),
        Case::of(
            "a Deny of plain HTTP on the table alone, which has an index",
            || facts([indexed(), with(&on("arn:aws:dynamodb:eu-west-1:111122223333:table/sessions"))]),
            "fail",
            "info: The table's policy denies plain HTTP, but not for arn:aws:dynamodb:eu-west-1:111122223333:table/sessions/index/by-day",
        ),
        Case::of(
            "a Deny of plain HTTP on all of the table",
            || facts([indexed(), with(&on("arn:aws:dynamodb:*:111122223333:table/sessions*"))]),
            "pass",
            "denies plain HTTP",
        ),
        Case::of(
            "a Deny of plain HTTP on an index",
            || {
                facts([
                    indexed(),
                    with(&on("arn:aws:dynamodb:eu-west-1:111122223333:table/sessions/index/*")),
                ])
            },
            "fail",
            "but not for arn:aws:dynamodb:eu-west-1:111122223333:table/sessions.",
        ),
        Case::of(
            "a Deny of plain HTTP on another table",
            || facts([plain(), with(&on("arn:aws:dynamodb:eu-west-1:111122223333:table/other"))]),
            "fail",
            "but not for",
        ),
        Case::of("description not read", || facts([with(&on("*"))]), "unknown", "description: not asked"),
        Case::of("partly unread", || facts([plain(), with("7")]), "unknown", "statement 1"),
        Case::of("policy not read", || facts([plain()]), "unknown", "policy: not asked"),
    ],
};

fn judge(subject: &Subject<'_>) -> Judged {
    super::policy::no_tls_deny(subject, FactKind::Policy)
}

/// A Deny of plain HTTP on this.
fn on(resource: &str) -> String {
    format!(
        r#"{{"Effect":"Deny","Principal":"*","Action":"*","Resource":"{resource}","Condition":{{"Bool":{{"aws:SecureTransport":"false"}}}}}}"#
    )
}

fn indexed() -> FactValue {
    described(|d| d.indexes = vec![index("by-day", "day", Projection::All)])
}

fn with(statements: &str) -> FactValue {
    FactValue::Policy(policy(statements))
}
