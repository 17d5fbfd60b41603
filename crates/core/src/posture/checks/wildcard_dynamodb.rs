//! Policies give every action on every table.

use std::collections::BTreeMap;

use crate::access::Effect;
use crate::domain::{FactKind, IamIdentity, Level, Message, Policy, Severity};
use crate::posture::check::{Case, Fixed, Judged, PostureCheck, Reference, Subject};
use crate::posture::examples::{account, facts, identity};
use crate::posture::messages::{count, fail, list, pass, unreadable};

pub(super) static CHECK: PostureCheck = PostureCheck {
    id: "wildcard-dynamodb",
    title: "Roles or users may do everything to every table",
    why: "dynamodb:* on every table reads each secret in each of them, and can also delete tables, copy them elsewhere and \
          change who else may. A service needs a few actions on a few tables.",
    severity: Severity::Medium,
    level: Level::Account,
    reads: &[FactKind::Account],
    reads_items: false,
    judge,
    topic: Fixed::Not(
        "what each of them really does only its owner knows; beside the fix of a table's finding stands a role for one service \
         with named actions on that table",
    ),
    messages: &[&EVERYTHING],
    source: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/best-practices-security-preventative.html",
    refs: &[Reference::OwaspApi(5), Reference::Cwe(250)],
    field: "GetAccountAuthorizationDetails PolicyDocument Statement[].Action and Resource",
    cases: &[
        Case::of(
            "every action on every table",
            || {
                facts([account([identity(
                    "role/app",
                    r#"{"Effect":"Allow","Action":"dynamodb:*","Resource":"*"}"#,
                )])])
            },
            "fail",
            "medium: role app may do everything to every table",
        ),
        Case::of(
            "every action on every table of a Region",
            || {
                facts([account([identity(
                    "user/ann",
                    r#"{"Effect":"Allow","Action":["s3:GetObject","dynamodb:*"],"Resource":"arn:aws:dynamodb:*:*:table/*"}"#,
                )])])
            },
            "fail",
            "user ann",
        ),
        Case::of(
            "every action on one table",
            || {
                facts([account([identity(
                    "role/app",
                    r#"{"Effect":"Allow","Action":"dynamodb:*","Resource":"arn:aws:dynamodb:*:*:table/orders"}"#,
                )])])
            },
            "pass",
            "No role or user",
        ),
        Case::of(
            "reading every table",
            || {
                facts([account([identity(
                    "role/app",
                    r#"{"Effect":"Allow","Action":"dynamodb:Get*","Resource":"*"}"#,
                )])])
            },
            "pass",
            "No role or user",
        ),
        Case::of(
            "everything, without reads of tables",
            || {
                facts([account([identity(
                    "role/ops",
                    r#"{"Effect":"Allow","Action":"dynamodb:*","Resource":"*"},{"Effect":"Deny","Action":"dynamodb:Scan","Resource":"*"}"#,
                )])])
            },
            "pass",
            "No role or user",
        ),
        Case::of(
            "everything but users and roles",
            || {
                facts([account([identity(
                    "role/power",
                    r#"{"Effect":"Allow","NotAction":["iam:*","organizations:*"],"Resource":"*"}"#,
                )])])
            },
            "pass",
            "1 administrator",
        ),
        Case::of(
            "everything from one network",
            || {
                facts([account([identity(
                    "role/vpn",
                    r#"{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}}}"#,
                )])])
            },
            "pass",
            "No role or user may do everything to every table.",
        ),
        // Who may do everything everywhere is an administrator, and known as one.
        Case::of(
            "an administrator",
            || {
                facts([account([identity(
                    "role/admin",
                    r#"{"Effect":"Allow","Action":"*","Resource":"*"}"#,
                )])])
            },
            "pass",
            "1 administrator",
        ),
        Case::of(
            "a policy that is not understood",
            || facts([account([identity("role/app", "7")])]),
            "unknown",
            "a policy of role app",
        ),
        Case::of("users and roles not read", || facts([]), "unknown", "account: not asked"),
    ],
};

static EVERYTHING: Message =
    Message::new("wildcard-dynamodb", "{who} may do everything to every table{admins}.").carrying(&["arns"]);

fn judge(subject: &Subject<'_>) -> Judged {
    let account = subject.facts.account.read()?;
    // Each managed policy is looked at once: thousands may have it.
    let known =
        account.policies.iter().filter_map(|p| Some((p.arn.as_str(), Gives::of(p.policy.as_ref()?)?)));
    let known: BTreeMap<&str, Gives> = known.collect();
    let managed = |arn: &String| known.get(arn.as_str()).copied();
    let (mut wide, mut admins, mut unread) = (Vec::new(), 0, None);
    let people = account.users.iter().chain(&account.roles);
    // What bounds somebody to less is no wildcard of theirs.
    let is_bound = |p: &&IamIdentity| p.boundary.as_ref().and_then(managed) == Some(Gives::Less);
    for person in people.filter(|p| !p.arn.contains(":role/aws-service-role/") && !is_bound(p)) {
        let of_groups = account.groups.iter().filter(|group| person.groups.contains(&group.name));
        let all: Vec<Option<Gives>> = std::iter::once(person)
            .chain(of_groups)
            .flat_map(|p: &IamIdentity| {
                p.inline.iter().map(|n| Gives::of(&n.policy)).chain(p.attached.iter().map(managed))
            })
            .collect();
        match all.iter().flatten().max() {
            Some(Gives::Everything) => admins += 1,
            Some(Gives::EveryTable) => wide.push(person),
            _ if all.contains(&None) => unread = Some(person),
            _ => {}
        }
    }
    let admins = match admins {
        0 => String::new(),
        n => format!(" ({} not counted)", count(n, "administrator")),
    };
    Ok(match unread {
        _ if !wide.is_empty() => {
            let names: Vec<String> = wide.iter().map(|p| words(p)).collect();
            let arns: Vec<&str> = wide.iter().map(|p| p.arn.as_str()).collect();
            let evidence = EVERYTHING.with("who", list(&names)).with("admins", admins);
            fail(Severity::Medium, evidence.with("arns", list(&arns)))
        }
        Some(person) => unreadable(
            FactKind::Account,
            &format!("a policy of {} is not told, or not understood", words(person)),
        ),
        None => pass(&format!("No role or user may do everything to every table{admins}.")),
    })
}

fn words(person: &IamIdentity) -> String {
    let kind = if person.arn.contains(":user/") { "user" } else { "role" };
    format!("{kind} {}", person.name)
}

/// What a policy gives at most.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Gives {
    Less,
    EveryTable,
    Everything,
}

impl Gives {
    /// `None` if it may give more by what of it is not understood.
    fn of(policy: &Policy) -> Option<Self> {
        match policy {
            _ if is_of_administrators(policy) => Some(Self::Everything),
            _ if is_wide(policy) && !is_denied(policy) => Some(Self::EveryTable),
            _ => policy.unread.is_empty().then_some(Self::Less),
        }
    }
}

fn is_of_administrators(policy: &Policy) -> bool {
    policy.statements.iter().any(|s| {
        let all = s.actions.iter().any(|a| a == "*" || a == "*:*");
        // Everything but a few services, as PowerUserAccess has it.
        let nearly_all = !s.not_actions.is_empty()
            && ["dynamodb:Scan", "s3:GetObject", "ec2:RunInstances"].iter().all(|a| s.covers(a));
        s.effect == Effect::Allow
            && s.conditions.is_empty()
            && (all || nearly_all)
            && s.resources.iter().any(|r| r == "*")
    })
}

/// Whether a Deny takes everything back that would be a wildcard.
fn is_denied(policy: &Policy) -> bool {
    policy.statements.iter().any(|s| {
        s.effect == Effect::Deny
            && s.conditions.is_empty()
            && s.resources.iter().any(super::is_every_table)
            && EACH_KIND.iter().any(|action| s.covers(action))
    })
}

const EACH_KIND: &[&str] =
    &["dynamodb:Scan", "dynamodb:PutItem", "dynamodb:DeleteTable", "dynamodb:PutResourcePolicy"];

/// By `dynamodb:*`, by each of its kinds, or by all but something else.
fn is_wide(policy: &Policy) -> bool {
    policy.statements.iter().any(|s| {
        s.effect == Effect::Allow
            && s.conditions.is_empty()
            && s.resources.iter().any(super::is_every_table)
            && EACH_KIND.iter().all(|action| s.covers(action))
    })
}
