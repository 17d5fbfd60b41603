//! The table's own policy relies on a condition that does not fix who may come.

use crate::domain::{FactKind, FactValue, Level, Severity};
use crate::posture::check::{Case, Fixed, Judged, PostureCheck, Reference, Subject};
use crate::posture::examples::{allow, facts, plain, policy};

pub(super) static CHECK: PostureCheck = PostureCheck {
    id: "policy-weak-condition",
    title: "The table's policy relies on a weak condition",
    why: "An address, a referrer or a date does not say whose request it is; nor does a trusted key with a wildcard, or \
          one that also holds where the key is absent.",
    severity: Severity::Medium,
    level: Level::Table,
    reads: &[FactKind::Policy],
    reads_items: false,
    judge,
    topic: Fixed::By("policy-weak-condition"),
    messages: &[],
    source: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/rbac-considerations.html",
    refs: &[Reference::OwaspApi(8), Reference::Cwe(291)],
    field: "GetResourcePolicy Policy.Statement[].Condition",
    cases: &[
        Case::of("no policy", || facts([FactValue::Policy(None)]), "pass", "no resource-based policy"),
        Case::of(
            "a role of the own account",
            || facts([plain(), with(&allow(r#"{"AWS":"arn:aws:iam::111122223333:role/app"}"#, ""))]),
            "pass",
            "on no weak condition",
        ),
        Case::of(
            "everyone from an address",
            || {
                facts([
                    plain(),
                    with(&allow(r#""*""#, r#","Condition":{"IpAddress":{"aws:SourceIp":"203.0.113.7"}}"#)),
                ])
            },
            "fail",
            "medium: The table's policy grants access to anyone who meets a condition that does not fix who it is: aws:SourceIp",
        ),
        Case::of(
            "everyone of an organization, if told",
            || {
                facts([
                    plain(),
                    with(&allow(
                        r#""*""#,
                        r#","Condition":{"StringEqualsIfExists":{"aws:PrincipalOrgID":"o-1"}}"#,
                    )),
                ])
            },
            "fail",
            "aws:PrincipalOrgID",
        ),
        Case::of(
            "everyone of an organization",
            || {
                facts([
                    plain(),
                    with(&allow(r#""*""#, r#","Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-1"}}"#)),
                ])
            },
            "pass",
            "on no weak condition",
        ),
        Case::of(
            "everyone without a condition",
            || facts([plain(), with(&allow(r#""*""#, ""))]),
            "pass",
            "on no weak condition",
        ),
        Case::of("partly unread", || facts([plain(), with("7")]), "unknown", "statement 1"),
        Case::of("policy not read", || facts([plain()]), "unknown", "policy: not asked"),
    ],
};

fn judge(subject: &Subject<'_>) -> Judged {
    super::policy::weak_condition(subject, FactKind::Policy)
}

fn with(statements: &str) -> FactValue {
    FactValue::Policy(policy(statements))
}
