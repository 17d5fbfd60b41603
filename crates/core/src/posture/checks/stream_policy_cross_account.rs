//! The stream's own policy grants access to other accounts.

use crate::domain::{FactKind, FactValue, Level, Severity};
use crate::posture::check::{Case, Fixed, Judged, PostureCheck, Reference, Subject};
use crate::posture::examples::{
    KEY, allow, described, facts, key, kms, managed_by_aws, plain, policy, stream,
};

pub(super) static CHECK: PostureCheck = PostureCheck {
    id: "stream-policy-cross-account",
    title: "Stream policy grants other accounts access",
    why: "The stream's policy is not the table's: an account that may read the stream gets every write, \
          with the items as they were, for 24 hours.",
    severity: Severity::Medium,
    level: Level::Table,
    reads: &[FactKind::Description, FactKind::StreamPolicy],
    reads_items: false,
    judge,
    topic: Fixed::By("policy-cross-account"),
    messages: &[],
    source: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/access-control-resource-based.html",
    refs: &[Reference::OwaspApi(8), Reference::Cwe(284)],
    field: "GetResourcePolicy Policy.Statement[].Principal, of the stream",
    cases: &[
        Case::of("no stream", || facts([plain()]), "not-applicable", "no stream"),
        Case::of(
            "no policy",
            || facts([streaming(), FactValue::StreamPolicy(None)]),
            "pass",
            "no resource-based",
        ),
        Case::of(
            "another account",
            || facts([streaming(), with(THEIRS)]),
            "fail",
            "medium: The stream's policy grants access to account 444455556666",
        ),
        Case::of(
            "another account, aws/dynamodb",
            || facts([under_key(), managed_by_aws(), with(THEIRS)]),
            "fail",
            "info: ",
        ),
        Case::of(
            "another account, customer key",
            || facts([under_key(), key(|_| ()), with(THEIRS)]),
            "fail",
            "medium: ",
        ),
        Case::of(
            "a service on behalf of another account",
            || facts([streaming(), FactValue::StreamPolicy(policy(&allow(EVENTS, FOR_THEM)))]),
            "fail",
            "medium: The stream's policy grants access to events.amazonaws.com on behalf of account 444455556666",
        ),
        Case::of(
            "own account only",
            || facts([streaming(), with(r#"{"AWS":"111122223333"}"#)]),
            "pass",
            "nobody",
        ),
        Case::of(
            "key not read",
            || facts([under_key(), with(THEIRS)]),
            "fail",
            "The key was not read: under the AWS managed key the grant would be inert.",
        ),
        Case::of("policy not read", || facts([streaming()]), "unknown", "stream_policy: not asked"),
        Case::of("nothing read", || facts([]), "unknown", "description: not asked"),
    ],
};

const EVENTS: &str = r#"{"Service":"events.amazonaws.com"}"#;
const FOR_THEM: &str = r#","Condition":{"ArnLike":{"aws:SourceArn":"arn:aws:events:*:444455556666:rule/*"}}"#;
const THEIRS: &str = r#"{"AWS":"444455556666"}"#;

fn judge(subject: &Subject<'_>) -> Judged {
    match super::stream_policy(subject)? {
        Err(verdict) => Ok(verdict),
        Ok(policy) => super::policy::cross_account(subject, policy, FactKind::StreamPolicy),
    }
}

fn streaming() -> FactValue {
    described(|d| d.stream = stream())
}

fn under_key() -> FactValue {
    described(|d| {
        d.stream = stream();
        d.encryption = kms(KEY);
    })
}

fn with(principal: &str) -> FactValue {
    FactValue::StreamPolicy(policy(&allow(principal, "")))
}
