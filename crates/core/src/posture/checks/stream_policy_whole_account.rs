//! The stream's own policy names whole accounts.

use crate::domain::{FactKind, FactValue, Level, Severity};
use crate::posture::check::{Case, Fixed, Judged, PostureCheck, Reference, Subject};
use crate::posture::examples::{allow, described, facts, plain, policy, stream};

pub(super) static CHECK: PostureCheck = PostureCheck {
    id: "stream-policy-whole-account",
    title: "The stream's policy names a whole account",
    why: "An account as a principal means whoever its administrators allow: the policy of the stream no longer says who \
          reads it.",
    severity: Severity::Low,
    level: Level::Table,
    reads: &[FactKind::Description, FactKind::StreamPolicy],
    reads_items: false,
    judge,
    topic: Fixed::By("policy-whole-account"),
    messages: &[],
    source: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/rbac-considerations.html",
    refs: &[Reference::OwaspApi(8), Reference::Cwe(250)],
    field: "GetResourcePolicy Policy.Statement[].Principal.AWS, of the stream",
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
            "names no whole account",
        ),
        Case::of(
            "another account",
            || facts([streaming(), with(&allow(r#"{"AWS":"444455556666"}"#, ""))]),
            "fail",
            "medium: The stream's policy names whole accounts: 444455556666",
        ),
        Case::of(
            "the own account",
            || facts([streaming(), with(&allow(r#"{"AWS":"arn:aws:iam::111122223333:root"}"#, ""))]),
            "fail",
            "low: The stream's policy names the whole account 111122223333",
        ),
        Case::of(
            "another account, narrowed to a role",
            || {
                facts([
                    streaming(),
                    with(&allow(
                        r#"{"AWS":"444455556666"}"#,
                        r#","Condition":{"ArnEquals":{"aws:PrincipalArn":"arn:aws:iam::444455556666:role/r"}}"#,
                    )),
                ])
            },
            "pass",
            "names no whole account",
        ),
        Case::of("partly unread", || facts([streaming(), with("7")]), "unknown", "statement 1"),
        Case::of("policy not read", || facts([streaming()]), "unknown", "stream_policy: not asked"),
        Case::of("nothing read", || facts([]), "unknown", "description: not asked"),
    ],
};

fn judge(subject: &Subject<'_>) -> Judged {
    super::policy::whole_account(subject, FactKind::StreamPolicy)
}

fn streaming() -> FactValue {
    described(|d| d.stream = stream())
}

fn with(statements: &str) -> FactValue {
    FactValue::StreamPolicy(policy(statements))
}
