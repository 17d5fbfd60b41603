//! Anybody can take on a role that reads tables.

use super::roles::{self, Trusted};
use crate::access::PrincipalKind;
use crate::domain::{FactKind, Level, Message, Severity};
use crate::posture::check::{Case, Fixed, Judged, PostureCheck, Reference, Subject};
use crate::posture::examples::{account, facts, reading_role};

pub(super) static CHECK: PostureCheck = PostureCheck {
    id: "role-open-to-guests",
    title: "Anybody can take on a role that reads tables",
    why: "A Cognito identity pool gives its guests credentials without a sign-in, and whoever knows the pool's id is a guest. A role that trusts everyone, or any pool, is no better: it reads DynamoDB for people nobody chose.",
    severity: Severity::High,
    level: Level::Account,
    reads: &[FactKind::Account],
    reads_items: false,
    judge,
    topic: Fixed::Not(
        "Who is meant to take on the role only its owner knows. Take the guests' role its DynamoDB policies away, or name the pool in cognito-identity.amazonaws.com:aud and authenticated in ...:amr; the evidence names the statement.",
    ),
    messages: &[&WRONG, &GUESTS, &ANY_POOL, &ANYONE],
    source: "https://docs.aws.amazon.com/cognito/latest/developerguide/iam-roles.html",
    refs: &[Reference::OwaspApi(5), Reference::Cwe(284)],
    field: "GetAccountAuthorizationDetails RoleDetailList[].AssumeRolePolicyDocument",
    cases: &[
        Case::of(
            "guests of a pool",
            || {
                facts([account([reading_role(
                    r#"{"Effect":"Allow","Principal":{"Federated":"cognito-identity.amazonaws.com"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"cognito-identity.amazonaws.com:aud":"eu-west-1:1"},"ForAnyValue:StringLike":{"cognito-identity.amazonaws.com:amr":"unauthenticated"}}}"#,
                )])])
            },
            "fail",
            "high: role reader can be taken on by guests",
        ),
        Case::of(
            "users of a pool who signed in",
            || {
                facts([account([reading_role(
                    r#"{"Effect":"Allow","Principal":{"Federated":"cognito-identity.amazonaws.com"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"cognito-identity.amazonaws.com:aud":"eu-west-1:1"},"ForAnyValue:StringLike":{"cognito-identity.amazonaws.com:amr":"authenticated"}}}"#,
                )])])
            },
            "pass",
            "Nobody can take on",
        ),
        Case::of(
            "any pool",
            || {
                facts([account([reading_role(
                    r#"{"Effect":"Allow","Principal":{"Federated":"cognito-identity.amazonaws.com"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"ForAnyValue:StringLike":{"cognito-identity.amazonaws.com:amr":"authenticated"}}}"#,
                )])])
            },
            "fail",
            "any Cognito identity pool of any account",
        ),
        Case::of(
            "everyone",
            || {
                facts([account([reading_role(
                    r#"{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"}"#,
                )])])
            },
            "fail",
            "anyone with an AWS identity",
        ),
        Case::of(
            "everyone of an organization",
            || {
                facts([account([reading_role(
                    r#"{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole","Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-example"}}}"#,
                )])])
            },
            "pass",
            "Nobody can take on",
        ),
        Case::of(
            "a service",
            || {
                facts([account([reading_role(
                    r#"{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}"#,
                )])])
            },
            "pass",
            "Nobody can take on",
        ),
        Case::of("users and roles not read", || facts([]), "unknown", "account: not asked"),
    ],
};

static WRONG: Message = Message::new("roles-open-to-anybody", "{roles}.");

static GUESTS: Message = Message::new(
    "role-open-to-guests",
    "role {role} can be taken on by {who}, and may read items (trust policy, {statement})",
)
.carrying(&["arn"]);

static ANY_POOL: Message = Message::new(
    "role-open-to-any-pool",
    "role {role} can be taken on by {who}, and may read items (trust policy, {statement})",
)
.carrying(&["arn"]);

static ANYONE: Message = Message::new(
    "role-open-to-everyone",
    "role {role} can be taken on by {who}, and may read items (trust policy, {statement})",
)
.carrying(&["arn"]);

fn judge(subject: &Subject<'_>) -> Judged {
    roles::judge(
        subject,
        Severity::High,
        &WRONG,
        wrong,
        "Nobody can take on a role that reads items unless somebody chose them.",
    )
}

fn wrong(trusted: &Trusted<'_>) -> Option<(&'static Message, String)> {
    match trusted.who {
        // Whether a condition narrows it enough is for the evaluator; without one, nothing does.
        None => trusted
            .statement
            .conditions
            .is_empty()
            .then(|| (&ANYONE, "anyone with an AWS identity".to_owned())),
        Some((PrincipalKind::Federated, "cognito-identity.amazonaws.com")) => {
            let kinds = trusted.values(":amr");
            if kinds.is_empty() || kinds.iter().any(|kind| kind.starts_with("unauth") || kind.contains('*')) {
                return Some((&GUESTS, "guests of a Cognito identity pool, without a sign-in".into()));
            }
            let no_pool = trusted.values(":aud").is_empty();
            no_pool.then(|| (&ANY_POOL, "users of any Cognito identity pool of any account".to_owned()))
        }
        _ => None,
    }
}
