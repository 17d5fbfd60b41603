//! The judgements that the table's policy and the stream's policy share.

use crate::domain::{
    Arn, Effect, Encryption, FactKind, KeyManager, Policy, ResourcePolicy, Severity, Statement, Verdict,
};
use crate::posture::check::{Judged, Subject};
use crate::posture::grant::{
    Attached, Grants, Whom, allows_everything, denies_plain_http, everyone_of, grants_index_alone,
    has_table_too, is_about, is_unbound_service, label, orphans, survey, weak_conditions, whole_accounts,
};
use crate::posture::say::{fail, list, name, not_applicable, part, pass, unreadable};

/// Whether everyone is let in.
pub(super) fn public(subject: &Subject<'_>, policy: &ResourcePolicy, kind: FactKind) -> Judged {
    let of = whose(kind);
    let grants = match grants(subject, policy)? {
        Ok(grants) => grants,
        Err(verdict) => return Ok(verdict),
    };
    if grants.public.is_empty() {
        return Ok(match grants.unclear.as_slice() {
            [] => pass(&format!("{of} policy does not grant access to anyone.")),
            unclear => unread(kind, unclear),
        });
    }
    let mut text =
        format!("{of} policy lets everyone use {} ({}).", list(&grants.actions), list(&grants.public));
    if grants.conditional {
        text += " Conditions that do not fix who may come, as an address does not, were not counted.";
    }
    Ok(fail(Severity::Critical, &(text + &deny(&grants) + &partly(&policy.policy))))
}

/// Whether somebody outside the account is let in.
pub(super) fn cross_account(subject: &Subject<'_>, policy: &ResourcePolicy, kind: FactKind) -> Judged {
    let of = whose(kind);
    let grants = match grants(subject, policy)? {
        Ok(grants) => grants,
        Err(verdict) => return Ok(verdict),
    };
    if grants.foreign.is_empty() {
        return Ok(match (grants.unclear.as_slice(), grants.public.is_empty()) {
            ([], true) => pass(&format!("{of} policy lets in nobody outside the account.")),
            ([], false) => {
                not_applicable(&format!("{of} policy grants access to anyone: see {}.", public_id(kind)))
            }
            (unclear, _) => unread(kind, unclear),
        });
    }
    let foreign: Vec<String> = grants.foreign.iter().map(Whom::words).collect();
    let mut text = format!(
        "{of} policy lets {} in, with {} ({})",
        list(&foreign),
        list(&grants.actions),
        list(&grants.by)
    );
    text += if grants.conditional { ", under conditions." } else { "." };
    let accounts = grants.foreign.iter().any(Whom::names_account);
    if !accounts {
        text += " No other account is named: who that is, and of which accounts, the policy does not tell.";
    }
    // A caller from another account cannot use aws/dynamodb, so what is granted cannot be used. Of a service that calls
    // on its behalf that is not documented.
    let by_service = grants.foreign.iter().any(|w| matches!(w, Whom::Behalf(..)));
    let inert = match &subject.facts.description.read()?.encryption {
        Encryption::AwsOwned => false,
        Encryption::Kms { .. } if by_service => false,
        Encryption::Kms { .. } => {
            subject.facts.key.read()?.as_ref().is_some_and(|k| k.manager == KeyManager::Aws)
        }
    };
    let severity = if inert {
        text += " It is inert as long as the table is encrypted under the AWS managed key.";
        Severity::Info
    } else if accounts {
        Severity::Medium
    } else {
        Severity::Low
    };
    Ok(fail(severity, &(text + &deny(&grants) + &partly(&policy.policy))))
}

/// Whom a policy of something else than a table lets in: a key's, a vault's.
///
/// # Errors
/// Nobody is let in; what could not be understood, if anything.
pub(super) fn let_in(
    policy: &Policy,
    own: &str,
    attached: Attached,
    whose: &str,
    (everyone, others): (Severity, Severity),
) -> Result<Verdict, Vec<String>> {
    let grants = survey(policy, own, attached);
    let says = |who: &str, by: &[String]| match attached {
        Attached::Vault => format!("{whose} policy takes copies from {who} ({}).", list(by)),
        Attached::Table | Attached::Key => format!("{whose} policy lets {who} in ({}).", list(by)),
    };
    let (severity, text) = if !grants.public.is_empty() {
        (everyone, says("everyone", &grants.public))
    } else if !grants.foreign.is_empty() {
        let foreign: Vec<String> = grants.foreign.iter().map(Whom::words).collect();
        (others, says(&list(&foreign), &grants.by))
    } else {
        return Err(grants.unclear);
    };
    Ok(fail(severity, &(text + &deny(&grants) + &partly(policy))))
}

/// Whether a statement is wrong in one way: the names of those that are, or why there are none.
///
/// `wrong` and `fine` go on with `The table's policy`.
fn statements(
    subject: &Subject<'_>,
    kind: FactKind,
    severity: Severity,
    wrong: &str,
    fine: &str,
    says: impl Fn(&Statement) -> Vec<String>,
) -> Judged {
    let policy = match policy_of(subject, kind)? {
        Ok(policy) => &policy.policy,
        Err(verdict) => return Ok(verdict),
    };
    let of = whose(kind);
    let mut found: Vec<String> = Vec::new();
    for statement in &policy.statements {
        for said in says(statement) {
            if !found.contains(&said) {
                found.push(said);
            }
        }
    }
    Ok(if !found.is_empty() {
        fail(severity, &(format!("{of} policy {wrong}: {}.", list(&found)) + &partly(policy)))
    } else if policy.unread.is_empty() {
        pass(&format!("{of} policy {fine}."))
    } else {
        unread(kind, &policy.unread)
    })
}

/// The policy of the table or the stream; or the verdict of every check about it where there is none.
fn policy_of<'a>(
    subject: &Subject<'a>,
    kind: FactKind,
) -> Result<Result<&'a ResourcePolicy, Verdict>, crate::posture::Unseen> {
    if kind == FactKind::StreamPolicy {
        return super::stream_policy(subject);
    }
    Ok(subject.facts.policy.read()?.as_ref().ok_or_else(|| pass("The table has no resource-based policy.")))
}

/// Names the statements for which something holds.
fn labels(holds: impl Fn(&Statement) -> bool) -> impl Fn(&Statement) -> Vec<String> {
    move |statement| holds(statement).then(|| label(statement)).into_iter().collect()
}

/// Whether every action is allowed.
pub(super) fn wildcard_action(subject: &Subject<'_>, kind: FactKind) -> Judged {
    let (wrong, fine) = ("allows every action", "names the actions that it allows");
    statements(subject, kind, Severity::Medium, wrong, fine, labels(allows_everything))
}

/// Whether whole accounts are let in. The own account by itself only leaves the choice to its administrators.
pub(super) fn whole_account(subject: &Subject<'_>, kind: FactKind) -> Judged {
    if let Err(verdict) = policy_of(subject, kind)? {
        return Ok(verdict);
    }
    let own = match super::own_account(subject)? {
        Ok(own) => own,
        Err(verdict) => return Ok(verdict),
    };
    let fine = "names no whole account";
    let foreign = |s: &Statement| whole_accounts(s).into_iter().filter(|a| *a != own).collect();
    let medium = Severity::Medium;
    match statements(subject, kind, medium, "names whole accounts", fine, foreign)? {
        Verdict::Pass(_) => {}
        other => return Ok(other),
    }
    let wrong = format!("lets everyone of the account {own} in, whatever their own policies say");
    match statements(subject, kind, medium, &wrong, fine, labels(|s| !everyone_of(s).is_empty()))? {
        Verdict::Pass(_) => {}
        other => return Ok(other),
    }
    let own_too = labels(|s| !whole_accounts(s).is_empty());
    let wrong = format!("names the whole account {own}");
    statements(subject, kind, Severity::Low, &wrong, fine, own_too)
}

/// Whether a condition that does not fix who may come is all that narrows "everyone".
pub(super) fn weak_condition(subject: &Subject<'_>, kind: FactKind) -> Judged {
    let says = |s: &Statement| {
        let keys = weak_conditions(s);
        if keys.is_empty() { Vec::new() } else { vec![format!("{} ({})", list(&keys), label(s))] }
    };
    let wrong = "grants access to anyone who meets a condition that does not fix who it is";
    statements(subject, kind, Severity::Medium, wrong, "relies on no weak condition", says)
}

/// Whether a service is let in for anybody's sake.
pub(super) fn service_unbound(subject: &Subject<'_>, kind: FactKind) -> Judged {
    let (wrong, fine) = ("lets services in without saying for whom", "lets no service in for anybody's sake");
    statements(subject, kind, Severity::Low, wrong, fine, labels(is_unbound_service))
}

/// Whether somebody is named who was deleted.
pub(super) fn orphan_principal(subject: &Subject<'_>, kind: FactKind) -> Judged {
    let (wrong, fine) = ("names users or roles that were deleted", "names nobody who was deleted");
    statements(subject, kind, Severity::Info, wrong, fine, orphans)
}

/// Whether somebody may change the policy by the policy.
pub(super) fn can_change_itself(subject: &Subject<'_>, kind: FactKind) -> Judged {
    let (wrong, fine) = ("lets somebody change or delete it", "lets nobody change it");
    let changes = |s: &Statement| {
        let actions = ["dynamodb:PutResourcePolicy", "dynamodb:DeleteResourcePolicy"];
        s.effect == Effect::Allow && actions.iter().any(|action| s.covers(action))
    };
    statements(subject, kind, Severity::Medium, wrong, fine, labels(changes))
}

/// Whether plain HTTP is denied.
pub(super) fn no_tls_deny(subject: &Subject<'_>, kind: FactKind) -> Judged {
    let Ok(policy) = policy_of(subject, kind)? else {
        return Ok(not_applicable("The table has no resource-based policy that could deny plain HTTP."));
    };
    let description = subject.facts.description.read()?;
    let denies: Vec<&Statement> = policy.policy.statements.iter().filter(|s| denies_plain_http(s)).collect();
    let indexes = description.indexes.iter().map(|index| format!("{}/index/{}", description.arn, index.name));
    let open: Vec<String> = std::iter::once(description.arn.clone())
        .chain(indexes)
        .filter(|arn| !denies.iter().any(|deny| is_about(deny, arn)))
        .collect();
    Ok(if open.is_empty() {
        pass(&format!("{} policy denies plain HTTP.", whose(kind)))
    } else if policy.policy.unread.is_empty() && !denies.is_empty() {
        let text = format!("{} policy denies plain HTTP, but not for {}.", whose(kind), list(&open));
        fail(Severity::Info, &text)
    } else if policy.policy.unread.is_empty() {
        let text = format!("{} policy has no Deny for requests without TLS.", whose(kind));
        fail(Severity::Info, &text)
    } else {
        unread(kind, &policy.policy.unread)
    })
}

/// Whether an index is granted without its table.
pub(super) fn index_apart(subject: &Subject<'_>, kind: FactKind) -> Judged {
    let (wrong, fine) = ("grants indexes without their table", "grants no index by itself");
    let policy = match policy_of(subject, kind)? {
        Ok(policy) => &policy.policy,
        Err(verdict) => return Ok(verdict),
    };
    // Who has the table anyway is not missed by anybody who looks for the readers of the table.
    let apart = labels(|s| grants_index_alone(s) && !has_table_too(policy, s));
    statements(subject, kind, Severity::Low, wrong, fine, apart)
}

/// What a text adds where part of the document could not be read.
pub(super) fn partly(policy: &Policy) -> String {
    match policy.unread.len() {
        0 => String::new(),
        n => format!(" {n} part{} of the policy could not be read.", if n == 1 { "" } else { "s" }),
    }
}

/// The verdict on a document of which part is not understood, where the rest shows no harm.
pub(super) fn unread(kind: FactKind, what: &[impl ToString]) -> Verdict {
    unreadable(kind, &part(what))
}

fn grants(
    subject: &Subject<'_>,
    policy: &ResourcePolicy,
) -> Result<Result<Grants, Verdict>, crate::posture::Unseen> {
    let arn = &subject.facts.description.read()?.arn;
    Ok(match Arn::parse(arn) {
        Some(own) => Ok(survey(&policy.policy, &own.account, Attached::Table)),
        None => Err(unreadable(FactKind::Description, &format!("the table's ARN is given as {}", name(arn)))),
    })
}

fn whose(kind: FactKind) -> &'static str {
    if kind == FactKind::StreamPolicy { "The stream's" } else { "The table's" }
}

fn public_id(kind: FactKind) -> &'static str {
    if kind == FactKind::StreamPolicy { "stream-policy-public" } else { "policy-public" }
}

fn deny(grants: &Grants) -> String {
    String::from(if grants.denies { " A Deny in it may take some of this away." } else { "" })
}
