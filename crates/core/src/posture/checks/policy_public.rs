//! The table's own policy grants access to anyone.

use crate::domain::{FactKind, FactValue, Level, Severity};
use crate::posture::check::{Case, Fixed, Judged, PostureCheck, Reference, Subject};
use crate::posture::examples::{allow, facts, managed_by_aws, plain, policy, under_a_key};
use crate::posture::messages::pass;

pub(super) static CHECK: PostureCheck = PostureCheck {
    id: "policy-public",
    title: "The table's policy grants access to anyone",
    why: "An Allow to everyone that no fixed account, organization, VPC or principal narrows grants \
          access to every AWS account in the world.",
    severity: Severity::Critical,
    level: Level::Table,
    reads: &[FactKind::Policy, FactKind::Description],
    reads_items: false,
    judge,
    topic: Fixed::By("policy-public"),
    messages: &[],
    source: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/rbac-bpa-rbp.html",
    refs: &[Reference::OwaspApi(8), Reference::Cwe(732)],
    field: "GetResourcePolicy Policy.Statement[].Principal and Condition",
    cases: &[
        Case::of(
            "no policy",
            || facts([plain(), FactValue::Policy(None)]),
            "pass",
            "no resource-based policy",
        ),
        Case::of(
            "no policy; description not read",
            || facts([FactValue::Policy(None)]),
            "pass",
            "no resource",
        ),
        Case::of(
            "own account only",
            || facts([plain(), with(&allow(r#"{"AWS":"111122223333"}"#, ""))]),
            "pass",
            "does not grant access to anyone",
        ),
        Case::of(
            "everyone",
            || facts([plain(), with(&allow(r#""*""#, ""))]),
            "fail",
            "critical: The table's policy grants access to anyone, with dynamodb:GetItem (statement Reader)",
        ),
        Case::of(
            "everyone from one address",
            || {
                facts([
                    plain(),
                    with(&allow(r#""*""#, r#","Condition":{"IpAddress":{"aws:SourceIp":"203.0.113.7"}}"#)),
                ])
            },
            "fail",
            "Conditions that do not fix who",
        ),
        Case::of(
            "everyone, and a Deny outside a network",
            || facts([plain(), with(&format!("{},{}", allow(r#""*""#, ""), OUTSIDE_NETWORK))]),
            "fail",
            "A Deny in it may take some of this away",
        ),
        Case::of(
            "everyone of one organization",
            || {
                facts([
                    plain(),
                    with(&allow(r#""*""#, r#","Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-1"}}"#)),
                ])
            },
            "pass",
            "does not grant access to anyone",
        ),
        Case::of(
            "everyone, and a Deny of the same to everyone",
            || {
                facts([
                    plain(),
                    with(&format!("{},{}", allow(r#""*""#, ""), DENY.replace("PutItem", "Get*"))),
                ])
            },
            "pass",
            "does not grant access to anyone",
        ),
        Case::of(
            "everyone, under aws/dynamodb",
            || facts([under_a_key(), managed_by_aws(), with(&allow(r#""*""#, ""))]),
            "fail",
            "only those of the own account can use it",
        ),
        Case::of(
            "everyone, to another table",
            || {
                facts([
                    plain(),
                    with(&allow(r#""*""#, "").replace(
                        r#""Resource":"*""#,
                        r#""Resource":"arn:aws:dynamodb:eu-west-1:111122223333:table/other""#,
                    )),
                ])
            },
            "pass",
            "does not grant access to anyone",
        ),
        Case::of(
            "everyone, and a Deny of all other accounts",
            || facts([plain(), with(&format!("{},{}", allow(r#""*""#, ""), OUTSIDE))]),
            "pass",
            "does not grant access to anyone",
        ),
        Case::of(
            "a Deny to everyone",
            || facts([plain(), with(DENY)]),
            "pass",
            "does not grant access to anyone",
        ),
        Case::of(
            "partly unread",
            || facts([plain(), with(r#"{"Effect":"Maybe"}"#)]),
            "unknown",
            "statement 1",
        ),
        Case::of(
            "partly unread, and everyone",
            || facts([plain(), with(&format!("{},7", allow(r#""*""#, "")))]),
            "fail",
            "could not be read",
        ),
        Case::of("policy not read", || facts([plain()]), "unknown", "policy: not asked"),
        Case::of(
            "description not read",
            || facts([with(&allow(r#"{"AWS":"111122223333"}"#, ""))]),
            "unknown",
            "description: not asked",
        ),
    ],
};

const DENY: &str = r#"{"Effect":"Deny","Principal":"*","Action":"dynamodb:PutItem","Resource":"*"}"#;
const OUTSIDE_NETWORK: &str = r#"{"Effect":"Deny","Principal":"*","Action":"dynamodb:*","Resource":"*","Condition":{"NotIpAddress":{"aws:SourceIp":"10.0.0.0/8"}}}"#;
const OUTSIDE: &str = r#"{"Effect":"Deny","Principal":"*","Action":"dynamodb:*","Resource":"*","Condition":{"StringNotEquals":{"aws:PrincipalAccount":"111122223333"}}}"#;

fn judge(subject: &Subject<'_>) -> Judged {
    match subject.facts.policy.read()? {
        None => Ok(pass("The table has no resource-based policy.")),
        Some(policy) => super::policy::public(subject, policy, FactKind::Policy),
    }
}

fn with(statements: &str) -> FactValue {
    FactValue::Policy(policy(statements))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::posture::examples::described;

    #[test]
    fn an_unreadable_table_arn_is_not_a_pass() {
        let facts =
            facts([described(|d| d.arn = "nonsense".into()), with(&allow(r#"{"AWS":"111122223333"}"#, ""))]);
        let table = crate::posture::examples::table();
        let subject = Subject::unread(&table, &facts, crate::posture::examples::NOW);
        assert!(
            matches!(crate::posture::judge(&CHECK, &subject), crate::domain::Verdict::Unknown(m) if !m.is_empty())
        );
    }
}
