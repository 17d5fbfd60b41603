//! What several checks ask of the roles of an account: which of them read a table, and whom they let take them on.

use crate::access::{Answer, Effect, PrincipalKind, Principals, Statement, glob};
use crate::domain::{Account, FactKind, IamIdentity, Message, Policy, Severity};
use crate::posture::messages::{fail, pass, unreadable};
use crate::posture::{Judged, Subject};
use crate::readers::{Found, ways_of};

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

/// A value that a condition asks for.
#[derive(Clone, Copy)]
pub(super) struct Named<'a> {
    pub text: &'a str,
    /// Whether `*` and `?` in it stand for something else.
    pub is_pattern: bool,
}

impl Named<'_> {
    /// Whether it is more than one text.
    pub fn is_open(self) -> bool {
        self.is_pattern && self.text.contains(['*', '?'])
    }

    pub fn fits(self, text: &str) -> bool {
        if self.is_pattern { glob::matches(self.text, text) } else { self.text == text }
    }
}

impl<'a> Trusted<'a> {
    /// What the statement asks of the keys that end so, in lower case: `:sub`. What holds without the key, or for all texts
    /// but some, names nobody.
    pub fn named(&self, ends: &str) -> Vec<Named<'a>> {
        let asked = self.statement.conditions.iter().filter_map(|(operator, key, values)| {
            let operator = operator.to_ascii_lowercase();
            let is_pattern = match operator.strip_prefix("foranyvalue:").unwrap_or(&operator) {
                "stringequals" | "stringequalsignorecase" => false,
                "stringlike" => true,
                _ => return None,
            };
            key.to_ascii_lowercase().ends_with(ends).then_some((is_pattern, values))
        });
        asked
            .flat_map(|(is_pattern, values)| values.iter().map(move |text| Named { text, is_pattern }))
            .collect()
    }

    /// Whether the statement leaves out whoever has this value in a key that ends so.
    pub fn leaves_out(&self, ends: &str, text: &str) -> bool {
        self.statement.conditions.iter().any(|(operator, key, values)| {
            operator.to_ascii_lowercase().contains("stringnot")
                && key.to_ascii_lowercase().ends_with(ends)
                && values.iter().any(|value| glob::matches(value, text))
        })
    }

    /// `statement 2`, or its Sid.
    fn place(&self) -> String {
        self.statement.place()
    }
}

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
        let Some(trust) = &role.trust else { continue };
        let said: Vec<_> = trusted(role, trust).filter_map(|t| Some((t.place(), wrong(&t)?))).collect();
        if said.is_empty() {
            continue;
        }
        // Whether it reads this table they tell.
        subject.facts.description.read()?;
        subject.facts.policy.read()?;
        match reads(subject, account, role) {
            Reads::Perhaps => unread = Some(&role.name),
            Reads::No => {}
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
        Some(role) => unreadable(
            FactKind::Account,
            &format!("whether role {role} reads the table depends on what was not read"),
        ),
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
    let is_known =
        |way: &Found| way.decision.answer == Answer::Allowed || !way.decision.conditions.is_empty();
    match ways.as_slice() {
        [] => Reads::No,
        some if some.iter().any(is_known) => Reads::Yes,
        _ => Reads::Perhaps,
    }
}

fn trusted<'a>(role: &'a IamIdentity, trust: &'a Policy) -> impl Iterator<Item = Trusted<'a>> {
    let own = role.arn.split(':').nth(4).unwrap_or_default();
    let allows = trust.statements.iter().filter(|s| s.effect == Effect::Allow);
    // Most roles trust a service alone, and there may be thousands.
    let others = allows.filter(|s| match &s.principals {
        Principals::Named(all) => all.iter().any(|(kind, _)| *kind != PrincipalKind::Service),
        _ => true,
    });
    let assumes = others.filter(|s| ASSUMES.iter().any(|action| s.covers(action)));
    assumes.flat_map(move |statement| {
        let whom: Vec<_> = match &statement.principals {
            Principals::Anyone => vec![None],
            Principals::Named(all) => all.iter().map(|(kind, name)| Some((*kind, name.as_str()))).collect(),
            Principals::AllBut(_) | Principals::None => Vec::new(),
        };
        whom.into_iter().map(move |who| Trusted { who, statement, own })
    })
}
