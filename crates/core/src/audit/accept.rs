//! What a person accepted, applied to findings: they stay, say why they do not count, and count for nothing.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::messages::{ACCEPTED, ACCEPTED_IN_PART};
use super::{Audit, TableAudit};
use crate::domain::{
    Acceptance, Acceptances, Accepted, Evidence, Finding, FindingSubject, Flagged, Origin, SecretClass,
    Severity,
};

/// Marks the findings that are accepted.
pub(super) fn apply(audit: &Audit, findings: &mut [Finding]) {
    let accepted = audit.acceptances();
    if accepted.is_empty() {
        return;
    }
    for finding in findings {
        let values = values(audit, finding);
        let said = match &values {
            None => accepted.of_place(&finding.id).map(|why| (why, 0)),
            Some(values) => accepted.of_values(&finding.id, values.iter().copied()),
        };
        let Some((why, many)) = said else { continue };
        let of = values.map_or(0, |values| values.len());
        if !is_whole(audit, finding) {
            let part = ACCEPTED_IN_PART.with("accepted", many).with("distinct", of);
            finding.evidence.insert(0, told(part, why));
            continue;
        }
        let evidence = told(ACCEPTED.with("on", why.on).with("until", why.until), why);
        finding.evidence.insert(0, evidence);
        finding.severity = Severity::Info;
        finding.worst = Severity::Info;
        finding.unknown.clear();
        finding.accepted = Some(Arc::clone(why));
    }
}

fn told(evidence: Evidence, why: &Acceptance) -> Evidence {
    evidence
        .with("false_alarm", why.false_alarm)
        .with("by", &why.by)
        .with("reason", &why.reason)
        .with("file", &why.file)
}

/// The fingerprints of a secret's values, as far as they are kept; none of what is no secret.
fn values<'a>(audit: &'a Audit, finding: &Finding) -> Option<BTreeSet<&'a str>> {
    let Origin::Secret(flagged) = &finding.origin else { return None };
    Some(audit.table(&finding.table).into_iter().flat_map(|table| table.fingerprints(flagged)).collect())
}

/// Whether all there is to a finding is accepted. Of secrets the table keeps apart which are.
fn is_whole(audit: &Audit, finding: &Finding) -> bool {
    match (&finding.origin, audit.table(&finding.table)) {
        (Origin::Secret(of), Some(table)) => {
            table.accepted.iter().any(|f| f.rule == of.rule && f.path == of.path)
        }
        _ => true,
    }
}

/// Whether every value that was seen of a secret is accepted. Of more values than are kept only the place can be.
pub(super) fn covers(accepted: &Acceptances, table: &TableAudit, flagged: &Flagged) -> bool {
    let subject = FindingSubject::Table(table.table.clone());
    let id = super::severity::id(table, &subject, &flagged.rule, Some(&flagged.path));
    let (distinct, more) = table.distinct(flagged);
    let values = accepted.of_values(&id, table.fingerprints(flagged)).map_or(0, |(_, many)| many);
    values == distinct && distinct > 0 && (!more || accepted.of_place(&id).is_some())
}

/// What is to be written to accept a finding: a credential is accepted by its values, so that another one in the same place
/// counts again. Sessions come and go, and of more values than are kept none could be told: these are accepted by place, as
/// settings are.
/// None of a credential of which no value is known any more: then nobody could say what is accepted.
pub fn accepting(audit: &Audit, finding: &Finding, why: &Arc<Acceptance>) -> Option<Accepted> {
    let values = match &finding.origin {
        Origin::Secret(_) if is_by_place(audit, finding) => None,
        _ => values(audit, finding),
    };
    if values.as_ref().is_some_and(BTreeSet::is_empty) {
        return None;
    }
    let fingerprints = values.into_iter().flatten().map(str::to_owned).collect();
    Some(Accepted { finding: finding.id.to_string(), fingerprints, why: Arc::clone(why) })
}

/// Whether a finding can be accepted by its place alone.
pub fn is_by_place(audit: &Audit, finding: &Finding) -> bool {
    match (&finding.origin, audit.table(&finding.table)) {
        (Origin::Secret(flagged), Some(table)) => {
            flagged.class == SecretClass::Session || table.distinct(flagged).1
        }
        _ => true,
    }
}
