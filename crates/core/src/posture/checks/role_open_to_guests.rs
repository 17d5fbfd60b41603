//! Anybody can take on a role that reads tables.

use super::roles::{self, Wrong};
use crate::domain::{FactKind, Level, Message, Severity};
use crate::posture::check::{Case, Fixed, Judged, PostureCheck, Reference, Subject};
use crate::posture::examples::{account, facts, plain, reading_role, unopened};
use crate::readers::Trusted;

pub(super) static CHECK: PostureCheck = PostureCheck {
    id: "role-open-to-guests",
    title: "Anybody can take on a role that reads tables",
    why: "A Cognito identity pool that lets guests in gives them credentials without a sign-in, and whoever knows the pool's id \
          is a guest. A role that trusts everyone, or any pool, is no better: it reads the table for people nobody chose.",
    severity: Severity::High,
    level: Level::Account,
    reads: &[FactKind::Description, FactKind::Policy, FactKind::Account],
    reads_items: false,
    judge,
    topic: Fixed::By("role-trust"),
    messages: &[&WRONG, &OPEN],
    source: "https://docs.aws.amazon.com/cognito/latest/developerguide/iam-roles.html",
    refs: &[Reference::OwaspApi(5), Reference::Cwe(284)],
    field: "GetAccountAuthorizationDetails RoleDetailList[].AssumeRolePolicyDocument",
    cases: &[
        Case::of(
            "guests of a pool",
            || {
                facts([
                    plain(),
                    unopened(),
                    account([reading_role(
                        r#"{"Effect":"Allow","Principal":{"Federated":"cognito-identity.amazonaws.com"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"cognito-identity.amazonaws.com:aud":"eu-west-1:1"},"ForAnyValue:StringLike":{"cognito-identity.amazonaws.com:amr":"unauthenticated"}}}"#,
                    )]),
                ])
            },
            "fail",
            "high: role reader can be taken on by guests",
        ),
        Case::of(
            "users of a pool who signed in",
            || {
                facts([
                    plain(),
                    unopened(),
                    account([reading_role(
                        r#"{"Effect":"Allow","Principal":{"Federated":"cognito-identity.amazonaws.com"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"cognito-identity.amazonaws.com:aud":"eu-west-1:1"},"ForAnyValue:StringLike":{"cognito-identity.amazonaws.com:amr":"authenticated"}}}"#,
                    )]),
                ])
            },
            "pass",
            "is open to guests",
        ),
        Case::of(
            "any pool",
            || {
                facts([
                    plain(),
                    unopened(),
                    account([reading_role(
                        r#"{"Effect":"Allow","Principal":{"Federated":"cognito-identity.amazonaws.com"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"ForAnyValue:StringLike":{"cognito-identity.amazonaws.com:amr":"authenticated"}}}"#,
                    )]),
                ])
            },
            "fail",
            "any Cognito identity pool of any account",
        ),
        Case::of(
            "everyone",
            || {
                facts([
                    plain(),
                    unopened(),
                    account([reading_role(
                        r#"{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"}"#,
                    )]),
                ])
            },
            "fail",
            "anyone with an AWS identity",
        ),
        Case::of(
            "everyone of an organization",
            || {
                facts([
                    plain(),
                    unopened(),
                    account([reading_role(
                        r#"{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole","Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-example"}}}"#,
                    )]),
                ])
            },
            "pass",
            "is open to guests",
        ),
        Case::of(
            "a service",
            || {
                facts([
                    plain(),
                    unopened(),
                    account([reading_role(
                        r#"{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}"#,
                    )]),
                ])
            },
            "pass",
            "is open to guests",
        ),
        Case::of(
            "a trust policy that is not understood",
            || facts([plain(), unopened(), account([reading_role("7")])]),
            "unknown",
            "whom role reader trusts was not read",
        ),
        Case::of("users and roles not read", || facts([]), "unknown", "account: not asked"),
    ],
};

static WRONG: Message = Message::new("roles-open-to-anybody", "{roles}.");

static OPEN: Message = Message::new(
    "role-open-to-anybody",
    "role {role} can be taken on by {who}, and reads the table (trust policy, {statement})",
)
.carrying(&["arn"]);

fn judge(subject: &Subject<'_>) -> Judged {
    roles::judge(subject, &WRONG, wrong, "No role that reads the table is open to guests or to everyone.")
}

fn wrong(trusted: &Trusted<'_>) -> Option<Wrong> {
    let pools = trusted.named(":aud");
    let who = match trusted.who {
        // Whether a condition narrows it enough is for the evaluator; without one, nothing does.
        None if trusted.statement.conditions.is_empty() => "anyone with an AWS identity",
        Some(_) if trusted.is_cognito() && trusted.lets_guests_in() => {
            "guests of a Cognito identity pool, without a sign-in, where the pool lets guests in"
        }
        Some(_) if trusted.is_cognito() && (pools.is_empty() || pools.iter().any(|pool| pool.is_open())) => {
            "users of any Cognito identity pool of any account"
        }
        _ => return None,
    };
    Some((Severity::High, &OPEN, who.to_owned()))
}
