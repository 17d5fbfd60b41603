//! What several checks ask of the roles of an account: which of them may read items, and whom they let take them on.

use crate::access::{Effect, PrincipalKind, Principals, Statement};
use crate::domain::{Account, FactKind, IamIdentity, Message, Policy, Severity};
use crate::posture::messages::{fail, pass, unreadable};
use crate::posture::{Judged, Subject};

/// The actions that give items, or a copy of them.
const READS: &[&str] = &[
    "dynamodb:Scan",
    "dynamodb:Query",
    "dynamodb:GetItem",
    "dynamodb:BatchGetItem",
    "dynamodb:PartiQLSelect",
    "dynamodb:GetRecords",
    "dynamodb:ExportTableToPointInTime",
];

/// The actions by which somebody takes on a role.
const ASSUMES: &[&str] = &["sts:AssumeRole", "sts:AssumeRoleWithWebIdentity", "sts:AssumeRoleWithSAML"];

/// Somebody whom a role lets take it on.
#[derive(Clone, Copy)]
pub(super) struct Trusted<'a> {
    /// Of which kind; `None` for everyone.
    pub who: Option<(PrincipalKind, &'a str)>,
    pub statement: &'a Statement,
    /// The account of the role.
    pub own: &'a str,
}

impl Trusted<'_> {
    /// The values that the statement asks of keys that end so, in lower case: `:sub`.
    pub fn values(&self, ends: &str) -> Vec<&str> {
        let of_key =
            self.statement.conditions.iter().filter(|(_, key, _)| key.to_ascii_lowercase().ends_with(ends));
        of_key.flat_map(|(_, _, values)| values.iter().map(String::as_str)).collect()
    }

    /// `statement 2`, or its Sid.
    pub fn place(&self) -> String {
        self.statement.place()
    }
}

/// Roles that may read items and let somebody take them on of whom `wrong` has something to say, in one verdict.
pub(super) fn judge(
    subject: &Subject<'_>,
    severity: Severity,
    roles: &'static Message,
    wrong: fn(&Trusted<'_>) -> Option<(&'static Message, String)>,
    well: &str,
) -> Judged {
    let account = subject.facts.account.read()?;
    let (mut found, mut unread) = (Vec::new(), None);
    for role in account.roles.iter().filter(|role| !role.arn.contains(":role/aws-service-role/")) {
        let Some(trust) = &role.trust else { continue };
        let said: Vec<_> = trusted(role, trust).filter_map(|t| Some((t.place(), wrong(&t)?))).collect();
        if said.is_empty() {
            continue;
        }
        match reads(account, role) {
            None => unread = Some(&role.name),
            Some(false) => {}
            Some(true) => found.extend(said.into_iter().map(|(place, (message, who))| {
                message
                    .with("role", &role.name)
                    .with("who", who)
                    .with("statement", place)
                    .with("arn", &role.arn)
            })),
        }
    }
    Ok(match unread {
        _ if !found.is_empty() => fail(severity, roles.with("roles", found)),
        Some(role) => unreadable(FactKind::Account, &format!("a policy of role {role} is not told")),
        None => pass(well),
    })
}

fn trusted<'a>(role: &'a IamIdentity, trust: &'a Policy) -> impl Iterator<Item = Trusted<'a>> {
    let own = role.arn.split(':').nth(4).unwrap_or_default();
    let allows = trust.statements.iter().filter(|s| s.effect == Effect::Allow);
    let assumes = allows.filter(|s| ASSUMES.iter().any(|action| s.covers(action)));
    assumes.flat_map(move |statement| {
        let whom: Vec<_> = match &statement.principals {
            Principals::Anyone => vec![None],
            Principals::Named(all) => all.iter().map(|(kind, name)| Some((*kind, name.as_str()))).collect(),
            Principals::AllBut(_) | Principals::None => Vec::new(),
        };
        whom.into_iter().map(move |who| Trusted { who, statement, own })
    })
}

/// Whether the policies of a role let it read items of some table; `None` if that is not known.
fn reads(account: &Account, role: &IamIdentity) -> Option<bool> {
    let managed =
        |arn: &String| account.policies.iter().find(|p| p.arn == *arn).and_then(|p| p.policy.as_ref());
    let within = role.boundary.as_ref().and_then(managed).is_none_or(gives_items);
    let inline = role.inline.iter().map(|named| Some(&named.policy));
    let all: Vec<_> = inline.chain(role.attached.iter().map(managed)).collect();
    match within && all.iter().flatten().any(|policy| gives_items(policy)) {
        true => Some(true),
        false if within && all.iter().any(|p| p.is_none_or(|p| !p.unread.is_empty())) => None,
        false => Some(false),
    }
}

fn gives_items(policy: &Policy) -> bool {
    policy.statements.iter().any(|s| {
        s.effect == Effect::Allow && READS.iter().any(|action| s.covers(action)) && may_be_of_tables(s)
    })
}

/// Whether a statement is about something of DynamoDB.
pub(super) fn may_be_of_tables(statement: &Statement) -> bool {
    let of_tables = |r: &String| {
        r.starts_with('*')
            || r.starts_with("arn:*")
            || r.split(':').nth(2) == Some("dynamodb")
            || r.split(':').nth(2) == Some("*")
    };
    statement.resources.is_empty() || statement.resources.iter().any(of_tables)
}
