//! The table's own policy allows every action.

use crate::domain::{FactKind, FactValue, Severity};
use crate::posture::check::{Case, Judged, PostureCheck, Subject};
use crate::posture::examples::{allow, facts, policy};
use crate::posture::grant::{allows_everything, label};
use crate::posture::say::{fail, list, pass};

pub(super) static CHECK: PostureCheck = PostureCheck {
    id: "policy-wildcard-action",
    title: "The table's policy allows every action",
    why: "Every action includes deleting the table, exporting it whole, and changing this very policy.",
    severity: Severity::Medium,
    reads: &[FactKind::Policy],
    reads_items: false,
    judge,
    topic: Some("resource-policy"),
    source: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/rbac-considerations.html",
    cases: &[
        Case::of("no policy", || facts([FactValue::Policy(None)]), "pass", "no resource-based policy"),
        Case::of(
            "named actions",
            || facts([with(&allow(r#"{"AWS":"111122223333"}"#, ""))]),
            "pass",
            "names the actions",
        ),
        Case::of(
            "dynamodb:*",
            || facts([with(EVERYTHING)]),
            "fail",
            "medium: statement Everything of the table's policy allows every action",
        ),
        Case::of(
            "all but one action",
            || {
                facts([with(
                    r#"{"Effect":"Allow","Principal":"*","NotAction":"dynamodb:DeleteTable","Resource":"*"}"#,
                )])
            },
            "fail",
            "statement 1",
        ),
        Case::of(
            "a Deny of everything",
            || facts([with(r#"{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*"}"#)]),
            "pass",
            "names the actions",
        ),
        Case::of("partly unread", || facts([with("7")]), "unknown", "statement 1"),
        Case::of("not read", || facts([]), "unknown", "policy: not asked"),
    ],
};

const EVERYTHING: &str = r#"{"Sid":"Everything","Effect":"Allow","Principal":{"AWS":"111122223333"},
    "Action":"dynamodb:*","Resource":"*"}"#;

fn judge(subject: &Subject<'_>) -> Judged {
    let Some(policy) = subject.facts.policy.read()? else {
        return Ok(pass("The table has no resource-based policy."));
    };
    let wide: Vec<String> = policy
        .policy
        .statements
        .iter()
        .enumerate()
        .filter(|(_, s)| allows_everything(s))
        .map(|(n, s)| label(s, n))
        .collect();
    Ok(if !wide.is_empty() {
        let plural = if wide.len() == 1 { "allows" } else { "allow" };
        let text = format!("{} of the table's policy {plural} every action.", list(&wide));
        fail(Severity::Medium, &(text + &super::policy::partly(&policy.policy)))
    } else if policy.policy.unread.is_empty() {
        pass("The table's policy names the actions that it allows.")
    } else {
        super::policy::unread(FactKind::Policy, &policy.policy.unread)
    })
}

fn with(statements: &str) -> FactValue {
    FactValue::Policy(policy(statements))
}
