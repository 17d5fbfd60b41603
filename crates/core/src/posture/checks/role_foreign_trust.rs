//! A role that reads tables trusts another account as a whole.

use super::roles::{self, Wrong};
use crate::access::PrincipalKind;
use crate::domain::{FactKind, Level, Message, Severity};
use crate::posture::check::{Case, Fixed, Judged, PostureCheck, Reference, Subject};
use crate::posture::examples::{account, facts, plain, reading_role, unopened};
use crate::readers::Trusted;

pub(super) static CHECK: PostureCheck = PostureCheck {
    id: "role-foreign-trust",
    title: "A role that reads tables trusts another account as a whole",
    why: "Whoever that account's administrators choose can take it on. Without an external id, a company that acts for many customers can be talked into acting on the wrong one's role.",
    severity: Severity::Medium,
    level: Level::Account,
    reads: &[FactKind::Description, FactKind::Policy, FactKind::Account],
    reads_items: false,
    judge,
    topic: Fixed::By("role-trust"),
    messages: &[&WRONG, &FOREIGN],
    source: "https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html",
    refs: &[Reference::OwaspApi(5), Reference::Cwe(441)],
    field: "GetAccountAuthorizationDetails RoleDetailList[].AssumeRolePolicyDocument",
    cases: &[
        Case::of(
            "another account",
            || {
                facts([
                    plain(),
                    unopened(),
                    account([reading_role(
                        r#"{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::999988887777:root"},"Action":"sts:AssumeRole"}"#,
                    )]),
                ])
            },
            "fail",
            "medium: role reader trusts account 999988887777",
        ),
        Case::of(
            "with an external id",
            || {
                facts([
                    plain(),
                    unopened(),
                    account([reading_role(
                        r#"{"Effect":"Allow","Principal":{"AWS":"999988887777"},"Action":"sts:AssumeRole","Condition":{"StringEquals":{"sts:ExternalId":"17"}}}"#,
                    )]),
                ])
            },
            "pass",
            "as a whole",
        ),
        Case::of(
            "one role of it",
            || {
                facts([
                    plain(),
                    unopened(),
                    account([reading_role(
                        r#"{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::999988887777:role/partner"},"Action":"sts:AssumeRole"}"#,
                    )]),
                ])
            },
            "pass",
            "as a whole",
        ),
        Case::of(
            "the own account",
            || {
                facts([
                    plain(),
                    unopened(),
                    account([reading_role(
                        r#"{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"sts:AssumeRole"}"#,
                    )]),
                ])
            },
            "pass",
            "as a whole",
        ),
        Case::of("users and roles not read", || facts([]), "unknown", "account: not asked"),
    ],
};

static WRONG: Message = Message::new("roles-foreign-trust", "{roles}.");

static FOREIGN: Message = Message::new(
    "role-foreign-trust",
    "role {role} trusts {who} without a condition, and reads the table (trust policy, {statement})",
)
.carrying(&["arn"]);

fn judge(subject: &Subject<'_>) -> Judged {
    let well = "No role that reads the table trusts another account as a whole without a condition.";
    roles::judge(subject, &WRONG, wrong, well)
}

fn wrong(trusted: &Trusted<'_>) -> Option<Wrong> {
    let (PrincipalKind::Aws, name) = trusted.who? else { return None };
    let account = match name.strip_suffix(":root") {
        Some(arn) => arn.split(':').nth(4)?,
        None => name,
    };
    let whole = account.len() == 12 && account.bytes().all(|b| b.is_ascii_digit()) && account != trusted.own;
    (whole && trusted.statement.conditions.is_empty())
        .then(|| (Severity::Medium, &FOREIGN, format!("account {account}")))
}
