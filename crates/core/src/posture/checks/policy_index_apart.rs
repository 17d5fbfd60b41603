//! The table's own policy grants an index without its table.

use crate::domain::{FactKind, FactValue, Level, Severity};
use crate::posture::check::{Case, Fixed, Judged, PostureCheck, Reference, Subject};
use crate::posture::examples::{allow, facts, plain, policy};

pub(super) static CHECK: PostureCheck = PostureCheck {
    id: "policy-index-apart",
    title: "The table's policy grants an index by itself",
    why: "An index has an ARN of its own. Who may read it reads whatever it projects, without any permission on the \
          table: an audit of the table's readers misses them.",
    severity: Severity::Low,
    level: Level::Table,
    reads: &[FactKind::Policy],
    reads_items: false,
    judge,
    topic: Fixed::By("policy-index-apart"),
    messages: &[],
    source: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/rbac-considerations.html",
    refs: &[Reference::OwaspApi(3), Reference::Cwe(863)],
    field: "GetResourcePolicy Policy.Statement[].Resource",
    cases: &[
        Case::of("no policy", || facts([FactValue::Policy(None)]), "pass", "no resource-based policy"),
        Case::of(
            "a role of the own account",
            || facts([plain(), with(&allow(r#"{"AWS":"arn:aws:iam::111122223333:role/app"}"#, ""))]),
            "pass",
            "no index by itself",
        ),
        Case::of(
            "an index alone",
            || {
                facts([
                    plain(),
                    with(
                        r#"{"Sid":"Ix","Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"dynamodb:Query","Resource":"arn:aws:dynamodb:eu-west-1:111122223333:table/sessions/index/by-day"}"#,
                    ),
                ])
            },
            "fail",
            "low: The table's policy grants indexes without their table: statement Ix",
        ),
        Case::of(
            "an index beside the table",
            || {
                facts([
                    plain(),
                    with(
                        r#"{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"dynamodb:Query","Resource":["arn:aws:dynamodb:eu-west-1:111122223333:table/sessions","arn:aws:dynamodb:eu-west-1:111122223333:table/sessions/index/*"]}"#,
                    ),
                ])
            },
            "pass",
            "no index by itself",
        ),
        Case::of(
            "an index, and the table by another statement",
            || {
                facts([plain(), with(&[INDEX, r#"{"Effect":"Allow","Principal":{"AWS":["111122223333"]},"Action":"dynamodb:GetItem","Resource":"arn:aws:dynamodb:eu-west-1:111122223333:table/sessions"}"#].join(","))])
            },
            "pass",
            "no index by itself",
        ),
        Case::of(
            "an index, and the table for somebody else",
            || {
                facts([plain(), with(&[INDEX, r#"{"Effect":"Allow","Principal":{"AWS":"444455556666"},"Action":"dynamodb:GetItem","Resource":"arn:aws:dynamodb:eu-west-1:111122223333:table/sessions"}"#].join(","))])
            },
            "fail",
            "statement Ix",
        ),
        Case::of("partly unread", || facts([plain(), with("7")]), "unknown", "statement 1"),
        Case::of("policy not read", || facts([plain()]), "unknown", "policy: not asked"),
    ],
};

const INDEX: &str = r#"{"Sid":"Ix","Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"dynamodb:Query","Resource":"arn:aws:dynamodb:eu-west-1:111122223333:table/sessions/index/by-day"}"#;

fn judge(subject: &Subject<'_>) -> Judged {
    super::policy::index_apart(subject, FactKind::Policy)
}

fn with(statements: &str) -> FactValue {
    FactValue::Policy(policy(statements))
}
