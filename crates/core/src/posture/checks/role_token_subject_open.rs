//! A role that reads tables takes tokens of too many.

use super::roles::{self, Trusted};
use crate::access::PrincipalKind;
use crate::domain::{FactKind, Level, Message, Severity};
use crate::posture::check::{Case, Fixed, Judged, PostureCheck, Reference, Subject};
use crate::posture::examples::{account, facts, reading_role};

pub(super) static CHECK: PostureCheck = PostureCheck {
    id: "role-token-subject-open",
    title: "A role that reads tables takes tokens of too many",
    why: "An identity provider such as GitHub signs tokens for all of its customers. The subject in the trust policy is what tells one's own repository, workspace or service account from everybody else's.",
    severity: Severity::High,
    level: Level::Account,
    reads: &[FactKind::Account],
    reads_items: false,
    judge,
    topic: Fixed::Not(
        "Which repository, branch or service account is meant only the role's owner knows: name it in the provider's sub, whole, with StringEquals; the evidence names the statement.",
    ),
    messages: &[&WRONG, &ANY_SUBJECT, &WIDE_SUBJECT],
    source: "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc.html",
    refs: &[Reference::OwaspApi(5), Reference::Cwe(284)],
    field: "GetAccountAuthorizationDetails RoleDetailList[].AssumeRolePolicyDocument",
    cases: &[
        Case::of(
            "one repository and branch",
            || {
                facts([account([reading_role(
                    r#"{"Effect":"Allow","Principal":{"Federated":"arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"token.actions.githubusercontent.com:aud":"sts.amazonaws.com","token.actions.githubusercontent.com:sub":"repo:example/app:ref:refs/heads/main"}}}"#,
                )])])
            },
            "pass",
            "names whose tokens",
        ),
        Case::of(
            "no subject",
            || {
                facts([account([reading_role(
                    r#"{"Effect":"Allow","Principal":{"Federated":"arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"token.actions.githubusercontent.com:aud":"sts.amazonaws.com"}}}"#,
                )])])
            },
            "fail",
            "high: role reader takes any token of token.actions.githubusercontent.com",
        ),
        Case::of(
            "every repository of an organization",
            || {
                facts([account([reading_role(
                    r#"{"Effect":"Allow","Principal":{"Federated":"arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringLike":{"token.actions.githubusercontent.com:sub":"repo:example/*"}}}"#,
                )])])
            },
            "fail",
            "repo:example/*",
        ),
        Case::of(
            "any branch of one repository",
            || {
                facts([account([reading_role(
                    r#"{"Effect":"Allow","Principal":{"Federated":"arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringLike":{"token.actions.githubusercontent.com:sub":"repo:example/app:*"}}}"#,
                )])])
            },
            "pass",
            "names whose tokens",
        ),
        Case::of(
            "a service account of a cluster",
            || {
                facts([account([reading_role(
                    r#"{"Effect":"Allow","Principal":{"Federated":"arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringLike":{"oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE:sub":"system:serviceaccount:*:*"}}}"#,
                )])])
            },
            "fail",
            "system:serviceaccount:*:*",
        ),
        Case::of("users and roles not read", || facts([]), "unknown", "account: not asked"),
    ],
};

static WRONG: Message = Message::new("roles-token-subject-open", "{roles}.");

static ANY_SUBJECT: Message = Message::new(
    "role-token-any-subject",
    "role {role} takes any token of {who}, and may read items (trust policy, {statement})",
)
.carrying(&["arn"]);

static WIDE_SUBJECT: Message = Message::new(
    "role-token-wide-subject",
    "role {role} takes tokens of {who}, and may read items (trust policy, {statement})",
)
.carrying(&["arn"]);

fn judge(subject: &Subject<'_>) -> Judged {
    roles::judge(
        subject,
        Severity::High,
        &WRONG,
        wrong,
        "Every role that reads items names whose tokens it takes.",
    )
}

fn wrong(trusted: &Trusted<'_>) -> Option<(&'static Message, String)> {
    let (PrincipalKind::Federated, name) = trusted.who? else { return None };
    let (_, provider) = name.split_once(":oidc-provider/")?;
    let subjects = trusted.values(":sub");
    if subjects.is_empty() {
        return Some((&ANY_SUBJECT, provider.to_owned()));
    }
    let wide = subjects.into_iter().find(|subject| is_wide(subject))?;
    Some((&WIDE_SUBJECT, format!("{provider} {wide}")))
}

/// Whether a subject leaves open what is in the second part: `repo:example/*` is every repository, and a service
/// account is named by its namespace and its name.
fn is_wide(subject: &str) -> bool {
    let mut parts = subject.split(':');
    let kind = parts.next().unwrap_or_default();
    let open = |part: Option<&str>| part.is_none_or(|part| part.contains('*'));
    match kind {
        "system" => open(parts.nth(1)) || open(parts.next()),
        _ if kind.contains('*') => true,
        _ => subject.contains('*') && open(parts.next()),
    }
}
