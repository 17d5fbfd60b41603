//! What several checks ask of the roles of an account: which of them read a table, and whom they let take them on.

use crate::access::{PrincipalKind, Principals};
use crate::domain::{Account, FactKind, IamIdentity, Message, Policy, Severity};
use crate::posture::messages::{fail, pass, unreadable};
use crate::posture::{Judged, Subject};
use crate::readers::{Found, Trusted, trusted, trusts_unread, ways_of};

/// What is wrong with whom a role trusts: how bad it is, the message, and who they are.
pub(super) type Wrong = (Severity, &'static Message, String);

/// Roles that read the table and let somebody take them on of whom `wrong` has something to say, in one verdict.
pub(super) fn judge(
    subject: &Subject<'_>,
    roles: &'static Message,
    wrong: fn(&Trusted<'_>) -> Option<Wrong>,
    well: &str,
) -> Judged {
    let account = subject.facts.account.read()?;
    let (mut found, mut worst, mut unread) = (Vec::new(), Severity::Info, None);
    for role in account.roles.iter().filter(|role| !role.arn.contains(":role/aws-service-role/")) {
        let trust = role.trust.as_ref();
        let own = role.arn.split(':').nth(4).unwrap_or_default();
        // Most roles trust a service alone, and there may be thousands.
        let all =
            trust.into_iter().filter(|trust| trusts_others(trust)).flat_map(|trust| trusted(trust, own));
        let said: Vec<_> = all.filter_map(|t| Some((t.statement.place(), wrong(&t)?))).collect();
        let is_unread = trust.is_none_or(trusts_unread);
        if said.is_empty() && !is_unread {
            continue;
        }
        // Whether it reads this table they tell.
        subject.facts.description.read()?;
        subject.facts.policy.read()?;
        match reads(subject, account, role) {
            Reads::No => {}
            // Whom it trusts may be in what was not read.
            Reads::Yes if said.is_empty() => {
                unread = Some(format!("whom role {} trusts was not read", role.name))
            }
            Reads::Perhaps => {
                unread =
                    Some(format!("whether role {} reads the table depends on what was not read", role.name));
            }
            Reads::Yes => {
                for (place, (severity, message, who)) in said {
                    worst = worst.max(severity);
                    let evidence = message.with("role", &role.name).with("who", who);
                    found.push(evidence.with("statement", place).with("arn", &role.arn));
                }
            }
        }
    }
    Ok(match unread {
        _ if !found.is_empty() => fail(worst, roles.with("roles", found)),
        Some(said) => unreadable(FactKind::Account, &said),
        None => pass(well),
    })
}

enum Reads {
    Yes,
    /// What was not read decides.
    Perhaps,
    No,
}

/// Whether a role reads the table.
fn reads(subject: &Subject<'_>, account: &Account, role: &IamIdentity) -> Reads {
    let ways = ways_of(subject.table, subject.facts, account, role).unwrap_or_default();
    match ways.as_slice() {
        [] => Reads::No,
        some if !some.iter().all(Found::depends_on_unread) => Reads::Yes,
        _ => Reads::Perhaps,
    }
}

/// Whether a trust policy names anybody but services.
fn trusts_others(policy: &Policy) -> bool {
    policy.statements.iter().any(|s| match &s.principals {
        Principals::Named(all) => all.iter().any(|(kind, _)| *kind != PrincipalKind::Service),
        _ => true,
    })
}
