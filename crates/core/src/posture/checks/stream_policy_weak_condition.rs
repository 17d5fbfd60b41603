//! The stream's own policy relies on a condition that does not fix who may come.

use crate::domain::{FactKind, FactValue, Level, Severity};
use crate::posture::check::{Case, Fixed, Judged, PostureCheck, Reference, Subject};
use crate::posture::examples::{allow, described, facts, plain, policy, stream};

pub(super) static CHECK: PostureCheck = PostureCheck {
    id: "stream-policy-weak-condition",
    title: "The stream's policy relies on a weak condition",
    why: "An address, a referrer or a date does not say whose request it is; nor does a trusted key with a wildcard, or \
          one that also holds where the key is absent.",
    severity: Severity::Medium,
    level: Level::Table,
    reads: &[FactKind::Description, FactKind::StreamPolicy],
    reads_items: false,
    judge,
    topic: Fixed::By("policy-weak-condition"),
    messages: &[],
    source: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/rbac-considerations.html",
    refs: &[Reference::OwaspApi(8), Reference::Cwe(291)],
    field: "GetResourcePolicy Policy.Statement[].Condition, of the stream",
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
            "on no weak condition",
        ),
        Case::of(
            "everyone from an address",
            || {
                facts([
                    streaming(),
                    with(&allow(r#""*""#, r#","Condition":{"IpAddress":{"aws:SourceIp":"203.0.113.7"}}"#)),
                ])
            },
            "fail",
            "medium: The stream's policy grants access to anyone who meets a condition that does not fix who it is: aws:SourceIp",
        ),
        Case::of(
            "everyone of an organization, if told",
            || {
                facts([
                    streaming(),
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
                    streaming(),
                    with(&allow(r#""*""#, r#","Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-1"}}"#)),
                ])
            },
            "pass",
            "on no weak condition",
        ),
        Case::of(
            "everyone without a condition",
            || facts([streaming(), with(&allow(r#""*""#, ""))]),
            "pass",
            "on no weak condition",
        ),
        Case::of("partly unread", || facts([streaming(), with("7")]), "unknown", "statement 1"),
        Case::of("policy not read", || facts([streaming()]), "unknown", "stream_policy: not asked"),
        Case::of("nothing read", || facts([]), "unknown", "description: not asked"),
    ],
};

fn judge(subject: &Subject<'_>) -> Judged {
    super::policy::weak_condition(subject, FactKind::StreamPolicy)
}

fn streaming() -> FactValue {
    described(|d| d.stream = stream())
}

fn with(statements: &str) -> FactValue {
    FactValue::StreamPolicy(policy(statements))
}
