//! A role that reads tables takes tokens of too many.

use super::roles::{self, Wrong};
use crate::access::PrincipalKind;
use crate::domain::{FactKind, Level, Message, Severity};
use crate::posture::check::{Case, Fixed, Judged, PostureCheck, Reference, Subject};
use crate::posture::examples::{account, facts, plain, reading_role, unopened};
use crate::readers::Trusted;

pub(super) static CHECK: PostureCheck = PostureCheck {
    id: "role-token-subject-open",
    title: "A role that reads tables takes tokens of too many",
    why: "An identity provider such as GitHub signs tokens for all of its customers. The subject in the trust policy is what \
          tells one repository, workspace or service account from all others.",
    severity: Severity::High,
    level: Level::Account,
    reads: &[FactKind::Description, FactKind::Policy, FactKind::Account],
    reads_items: false,
    judge,
    topic: Fixed::By("role-trust"),
    messages: &[&WRONG, &ANY_SUBJECT, &WIDE_SUBJECT],
    source: "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc.html",
    refs: &[Reference::OwaspApi(5), Reference::Cwe(284)],
    field: "GetAccountAuthorizationDetails RoleDetailList[].AssumeRolePolicyDocument",
    cases: &[
        Case::of(
            "one repository and branch",
            || {
                facts([
                    plain(),
                    unopened(),
                    account([reading_role(
                        r#"{"Effect":"Allow","Principal":{"Federated":"arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"token.actions.githubusercontent.com:aud":"sts.amazonaws.com","token.actions.githubusercontent.com:sub":"repo:example/app:ref:refs/heads/main"}}}"#,
                    )]),
                ])
            },
            "pass",
            "names whose tokens",
        ),
        Case::of(
            "no subject",
            || {
                facts([
                    plain(),
                    unopened(),
                    account([reading_role(
                        r#"{"Effect":"Allow","Principal":{"Federated":"arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"token.actions.githubusercontent.com:aud":"sts.amazonaws.com"}}}"#,
                    )]),
                ])
            },
            "fail",
            "high: role reader takes any token of token.actions.githubusercontent.com",
        ),
        Case::of(
            "every repository of an organization",
            || {
                facts([
                    plain(),
                    unopened(),
                    account([reading_role(
                        r#"{"Effect":"Allow","Principal":{"Federated":"arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringLike":{"token.actions.githubusercontent.com:sub":"repo:example/*"}}}"#,
                    )]),
                ])
            },
            "fail",
            "medium: role reader takes tokens of token.actions.githubusercontent.com repo:example/*",
        ),
        Case::of(
            "any branch of one repository",
            || {
                facts([
                    plain(),
                    unopened(),
                    account([reading_role(
                        r#"{"Effect":"Allow","Principal":{"Federated":"arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringLike":{"token.actions.githubusercontent.com:sub":"repo:example/app:*"}}}"#,
                    )]),
                ])
            },
            "pass",
            "names whose tokens",
        ),
        Case::of(
            "a service account of a cluster",
            || {
                facts([
                    plain(),
                    unopened(),
                    account([reading_role(
                        r#"{"Effect":"Allow","Principal":{"Federated":"arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringLike":{"oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE:sub":"system:serviceaccount:*:*"}}}"#,
                    )]),
                ])
            },
            "fail",
            "medium: role reader takes tokens of oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE system:serviceaccount:*:*",
        ),
        Case::of(
            "every owner",
            || {
                facts([
                    plain(),
                    unopened(),
                    account([reading_role(
                        r#"{"Effect":"Allow","Principal":{"Federated":"arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringLike":{"token.actions.githubusercontent.com:sub":"repo:*"}}}"#,
                    )]),
                ])
            },
            "fail",
            "high: role reader takes tokens of token.actions.githubusercontent.com repo:*",
        ),
        Case::of(
            "any app of a sign-in provider",
            || {
                facts([
                    plain(),
                    unopened(),
                    account([reading_role(
                        r#"{"Effect":"Allow","Principal":{"Federated":"accounts.google.com"},"Action":"sts:AssumeRoleWithWebIdentity"}"#,
                    )]),
                ])
            },
            "fail",
            "any token of accounts.google.com",
        ),
        Case::of("users and roles not read", || facts([]), "unknown", "account: not asked"),
    ],
};

static WRONG: Message = Message::new("roles-token-subject-open", "{roles}.");

static ANY_SUBJECT: Message = Message::new(
    "role-token-any-subject",
    "role {role} takes any token of {who}, and reads the table (trust policy, {statement})",
)
.carrying(&["arn"]);

static WIDE_SUBJECT: Message = Message::new(
    "role-token-wide-subject",
    "role {role} takes tokens of {who}, and reads the table (trust policy, {statement})",
)
.carrying(&["arn"]);

fn judge(subject: &Subject<'_>) -> Judged {
    roles::judge(subject, &WRONG, wrong, "Every role that reads the table names whose tokens it takes.")
}

/// Providers that sign tokens for all of their customers under one name.
const SHARED: &[&str] =
    &["token.actions.githubusercontent.com", "gitlab.com", "app.terraform.io", "agent.buildkite.com"];

/// Providers that a trust policy names by a domain, and whose tokens are of any app.
const SIGN_IN: &[&str] = &["accounts.google.com", "graph.facebook.com", "www.amazon.com"];

/// Claims that name a customer as well as the subject does (IAM User Guide, "Available keys for AWS OIDC federation").
const CLAIMS: &[&str] = &[
    ":repository",
    ":repository_id",
    ":repository_owner",
    ":repository_owner_id",
    ":job_workflow_ref",
    ":enterprise_id",
    ":project_id",
    ":namespace_id",
];

fn wrong(trusted: &Trusted<'_>) -> Option<Wrong> {
    let (PrincipalKind::Federated, name) = trusted.who? else { return None };
    let names =
        |claims: &[&str]| claims.iter().any(|claim| trusted.named(claim).iter().any(|v| !v.is_open()));
    if SIGN_IN.contains(&name) {
        let of_an_app = names(&[":aud", ":app_id", ":sub", ":user_id", ":id"]);
        return (!of_an_app).then(|| (Severity::High, &ANY_SUBJECT, name.to_owned()));
    }
    let (_, provider) = name.split_once(":oidc-provider/")?;
    if names(CLAIMS) {
        return None;
    }
    let is_shared = SHARED.contains(&provider);
    let subjects = trusted.named(":sub");
    if subjects.is_empty() {
        return Some(match is_shared {
            true => (Severity::High, &ANY_SUBJECT, provider.to_owned()),
            // Of a provider of one's own, a cluster for instance, the audience tells what it is for.
            false if names(&[":aud"]) => {
                (Severity::Low, &ANY_SUBJECT, format!("{provider} for its audience"))
            }
            false => (Severity::Medium, &ANY_SUBJECT, provider.to_owned()),
        });
    }
    let wide = subjects
        .into_iter()
        .filter_map(|subject| Some((width(subject.text, is_shared).filter(|_| subject.is_open())?, subject)));
    let (severity, subject) = wide.max_by_key(|(severity, _)| *severity)?;
    Some((severity, &WIDE_SUBJECT, format!("{provider} {}", subject.text)))
}

/// How bad it is what a pattern of subjects leaves open; `None` where it names whom it is about. `repo:example/*` is every
/// repository of one owner, and a service account is named by its namespace and its name.
fn width(subject: &str, is_shared: bool) -> Option<Severity> {
    let open = |part: Option<&str>| part.is_none_or(|part| part.contains(['*', '?']));
    let mut parts = subject.split(':');
    match parts.next().unwrap_or_default() {
        "repo" | "project_path" => {
            let path = parts.next().unwrap_or("*");
            let owner = path.split('/').next();
            match (open(owner), open(Some(path))) {
                (true, _) => Some(Severity::High),
                (false, true) => Some(Severity::Medium),
                (false, false) => None,
            }
        }
        "organization" => open(parts.next()).then_some(Severity::High),
        "system" => (open(parts.nth(1)) || open(parts.next())).then_some(Severity::Medium),
        first if first.starts_with('*') => Some(if is_shared { Severity::High } else { Severity::Medium }),
        _ => None,
    }
}
