//! The judgements that the table's policy and the stream's policy share.

use crate::domain::{Arn, Encryption, FactKind, KeyManager, Policy, ResourcePolicy, Severity, Verdict};
use crate::posture::check::{Judged, Subject};
use crate::posture::grant::{Grants, Whom, survey};
use crate::posture::say::{fail, list, name, not_applicable, pass, unreadable};

/// Whether everyone is let in.
pub(super) fn public(subject: &Subject<'_>, policy: &ResourcePolicy, kind: FactKind) -> Judged {
    let of = whose(kind);
    let grants = match grants(subject, policy)? {
        Ok(grants) => grants,
        Err(verdict) => return Ok(verdict),
    };
    if grants.public.is_empty() {
        return Ok(match grants.unclear.as_slice() {
            [] => pass(&format!("{of} policy does not let everyone in.")),
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
            ([], false) => not_applicable(&format!("{of} policy lets everyone in: see {}.", public_id(kind))),
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
    let accounts = grants.foreign.iter().any(|w| matches!(w, Whom::Account(_)));
    if !accounts {
        text += " No other account is named: who that is, and of which accounts, the policy does not tell.";
    }
    // A caller from another account cannot use aws/dynamodb, so what is granted cannot be used.
    let inert = match &subject.facts.description.read()?.encryption {
        Encryption::AwsOwned => false,
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

/// What a text adds where part of the document could not be read.
pub(super) fn partly(policy: &Policy) -> String {
    match policy.unread.len() {
        0 => String::new(),
        n => format!(" {n} part{} of the policy could not be read.", if n == 1 { "" } else { "s" }),
    }
}

/// The verdict on a document of which part is not understood, where the rest shows no harm.
pub(super) fn unread(kind: FactKind, what: &[String]) -> Verdict {
    unreadable(
        kind,
        &format!("part of the policy is not understood: {}", list(what)),
        "aws dynamodb get-resource-policy",
    )
}

fn grants(
    subject: &Subject<'_>,
    policy: &ResourcePolicy,
) -> Result<Result<Grants, Verdict>, crate::posture::Unseen> {
    let arn = &subject.facts.description.read()?.arn;
    Ok(match Arn::parse(arn) {
        Some(own) => Ok(survey(&policy.policy, &own.account)),
        None => Err(unreadable(
            FactKind::Description,
            &format!("the table's ARN is given as {}", name(arn)),
            "aws dynamodb describe-table",
        )),
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
