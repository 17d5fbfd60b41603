//! How bad a finding is, with everything known of the table taken into account.

use jiff::Timestamp;

use super::TableAudit;
use crate::domain::{Confidence, Finding, FindingId, Flagged, Origin, Safe, Severity, Verdict};

/// Worst first; then the surest; then by name, so that the order is always the same.
pub fn rank(findings: &mut [Finding]) {
    findings.sort_by(|a, b| {
        (b.severity, b.confidence).cmp(&(a.severity, a.confidence)).then_with(|| a.id.cmp(&b.id))
    });
}

/// The findings of one table.
pub(super) fn findings(audit: &TableAudit, now: Timestamp) -> Vec<Finding> {
    let mut all: Vec<Finding> = audit.flagged.iter().map(|f| secret(audit, f)).collect();
    for (check, verdict) in audit.verdicts(now) {
        let Verdict::Fail(evidence) = verdict else { continue };
        all.push(Finding {
            id: FindingId::new(&audit.table, check.id, None),
            table: audit.table.clone(),
            origin: Origin::Posture(check.id),
            severity: evidence.severity,
            confidence: Confidence::Confirmed,
            title: check.title.to_owned(),
            why: check.why.to_owned(),
            evidence: vec![evidence.text],
            topic: check.topic,
        });
    }
    rank(&mut all);
    all
}

fn secret(audit: &TableAudit, flagged: &Flagged) -> Finding {
    let plural = if flagged.count == 1 { "sighting" } else { "sightings" };
    let mut evidence = vec![
        Safe::neutral(&format!("{} (fingerprint {})", flagged.masked, flagged.fingerprint)),
        Safe::neutral(&format!("{} {plural} in {} items read", flagged.count, audit.items)),
    ];
    evidence.extend(flagged.reasons.iter().map(|r| Safe::neutral(r)));
    Finding {
        id: FindingId::new(&audit.table, &flagged.rule, Some(&flagged.path)),
        table: audit.table.clone(),
        origin: Origin::Secret(flagged.clone()),
        severity: flagged.severity.min(Severity::Critical),
        confidence: flagged.confidence,
        title: format!("{} in {}", flagged.title, flagged.path),
        why: String::from(if flagged.session {
            "Whoever can read this item can take over the session or account it belongs to."
        } else {
            "Whoever can read this item holds the credential, and so do its copies in indexes, streams and backups."
        }),
        evidence,
        topic: Some(if flagged.session { "session-in-item" } else { "secret-in-item" }),
    }
}
