//! The table's own policy names whole accounts.

use crate::domain::{FactKind, FactValue, Level, Severity};
use crate::posture::check::{Case, Fixed, Judged, PostureCheck, Reference, Subject};
use crate::posture::examples::{allow, facts, plain, policy};

pub(super) static CHECK: PostureCheck = PostureCheck {
    id: "policy-whole-account",
    title: "The table's policy names a whole account",
    why: "An account as a principal means whoever its administrators allow: the policy of the table no longer says who \
          reads it.",
    severity: Severity::Low,
    level: Level::Table,
    reads: &[FactKind::Policy, FactKind::Description],
    reads_items: false,
    judge,
    topic: Fixed::By("policy-whole-account"),
    messages: &[],
    source: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/rbac-considerations.html",
    refs: &[Reference::OwaspApi(8), Reference::Cwe(250)],
    field: "GetResourcePolicy Policy.Statement[].Principal.AWS",
    cases: &[
        Case::of("no policy", || facts([FactValue::Policy(None)]), "pass", "no resource-based policy"),
        Case::of(
            "a role of the own account",
            || facts([plain(), with(&allow(r#"{"AWS":"arn:aws:iam::111122223333:role/app"}"#, ""))]),
            "pass",
            "names no whole account",
        ),
        Case::of(
            "another account",
            || facts([plain(), with(&allow(r#"{"AWS":"444455556666"}"#, ""))]),
            "fail",
            "medium: The table's policy names whole accounts: 444455556666",
        ),
        Case::of(
            "the own account",
            || facts([plain(), with(&allow(r#"{"AWS":"arn:aws:iam::111122223333:root"}"#, ""))]),
            "fail",
            "low: The table's policy names the whole account 111122223333",
        ),
        Case::of(
            "everyone of the own account",
            || {
                facts([
                    plain(),
                    with(&allow(
                        r#""*""#,
                        r#","Condition":{"StringEquals":{"aws:PrincipalAccount":"111122223333"}}"#,
                    )),
                ])
            },
            "fail",
            "medium: The table's policy grants access to everyone in account 111122223333",
        ),
        Case::of(
            "another account, narrowed to a role",
            || {
                facts([
                    plain(),
                    with(&allow(
                        r#"{"AWS":"444455556666"}"#,
                        r#","Condition":{"ArnEquals":{"aws:PrincipalArn":"arn:aws:iam::444455556666:role/r"}}"#,
                    )),
                ])
            },
            "pass",
            "names no whole account",
        ),
        Case::of("partly unread", || facts([plain(), with("7")]), "unknown", "statement 1"),
        Case::of("policy not read", || facts([plain()]), "unknown", "policy: not asked"),
        Case::of(
            "description not read",
            || facts([with(&allow(r#"{"AWS":"arn:aws:iam::111122223333:role/app"}"#, ""))]),
            "unknown",
            "description: not asked",
        ),
    ],
};

fn judge(subject: &Subject<'_>) -> Judged {
    super::policy::whole_account(subject, FactKind::Policy)
}

fn with(statements: &str) -> FactValue {
    FactValue::Policy(policy(statements))
}
