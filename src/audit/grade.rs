//! How bad a finding is, with everything known of the table taken into account.

use jiff::Timestamp;

use super::TableAudit;
use crate::domain::{Confidence, Finding, FindingId, Flagged, Origin, Safe, Severity, Verdict};

/// A failed check that makes a secret in the same table worse, and what to say of it.
struct Raise {
    /// The check's id.
    check: &'static str,
    /// The secret becomes at least this bad; secrets of low or info severity stay as they are.
    to: Severity,
    /// One sentence.
    why: &'static str,
}

/// What opens a table to others. A customer managed key is not here on purpose, in the other direction: it
/// hides a stored secret from nobody who may read the item.
const RAISES: &[Raise] = &[
    Raise { check: "policy-public", to: Severity::Critical, why: "The table's policy lets anyone read it." },
    Raise {
        check: "policy-cross-account",
        to: Severity::Critical,
        why: "The table's policy lets another account read it.",
    },
    Raise {
        check: "stream-policy-public",
        to: Severity::Critical,
        why: "The stream's policy lets anyone read the table's changes.",
    },
    Raise {
        check: "stream-policy-cross-account",
        to: Severity::Critical,
        why: "The stream's policy lets another account read the table's changes.",
    },
];

/// Worst first; then the surest; then by name, so that the order is always the same.
pub fn rank(findings: &mut [Finding]) {
    findings.sort_by(|a, b| {
        (b.severity, b.confidence).cmp(&(a.severity, a.confidence)).then_with(|| a.id.cmp(&b.id))
    });
}

/// The findings of one table, in no order yet.
pub(super) fn findings(audit: &TableAudit, now: Timestamp) -> Vec<Finding> {
    let mut all = Vec::new();
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
    let failed: Vec<&'static str> = all
        .iter()
        .filter_map(|f| if let Origin::Posture(check) = f.origin { Some(check) } else { None })
        .collect();
    all.extend(audit.flagged.iter().map(|flagged| secret(audit, flagged, &failed)));
    all
}

/// How bad a secret is in a table whose checks failed so, and the sentences that say why.
pub(super) fn raised(severity: Severity, failed: &[&str]) -> (Severity, Vec<&'static str>) {
    // An example or a harmless value does not become harmful by being readable.
    if severity <= Severity::Low {
        return (severity, Vec::new());
    }
    let raises: Vec<&Raise> = RAISES.iter().filter(|r| failed.contains(&r.check)).collect();
    let worst = raises.iter().map(|r| r.to).fold(severity, Severity::max);
    (worst, raises.iter().map(|r| r.why).collect())
}

fn secret(audit: &TableAudit, flagged: &Flagged, failed: &[&str]) -> Finding {
    let (severity, raises) = raised(flagged.severity, failed);
    let key_of = key_of(audit, flagged);
    let mut evidence = vec![
        Safe::neutral(&format!("{} (fingerprint {})", flagged.masked, flagged.fingerprint)),
        Safe::neutral(&counted(audit, flagged)),
    ];
    evidence.extend(flagged.reasons.iter().map(|r| Safe::neutral(r)));
    evidence.extend(key_of.as_ref().map(|what| {
        Safe::neutral(&format!(
            "It is part of the key of {what}: keys appear in CloudTrail data events, in Contributor Insights and in every index."
        ))
    }));
    evidence.extend(copies(audit, flagged));
    evidence.extend(raises.into_iter().map(Safe::from));
    let (why, topic) = if key_of.is_some() {
        ("Whoever sees the key holds the secret, and a key cannot be removed from an item.", "secret-as-key")
    } else if flagged.session {
        ("Whoever can read this item can take over the session or account it belongs to.", "session-in-item")
    } else {
        (
            "Whoever can read this item holds the credential, and so do its copies in indexes, streams and backups.",
            "secret-in-item",
        )
    };
    Finding {
        id: FindingId::new(&audit.table, &flagged.rule, Some(&flagged.path)),
        table: audit.table.clone(),
        origin: Origin::Secret(flagged.clone()),
        severity,
        confidence: flagged.confidence,
        title: format!("{} in {}", flagged.title, flagged.path),
        why: why.to_owned(),
        evidence,
        topic: Some(topic),
    }
}

fn counted(audit: &TableAudit, flagged: &Flagged) -> String {
    let plural = |n: u64, one: &str, more: &str| format!("{n} {}", if n == 1 { one } else { more });
    let (distinct, more) = audit.distinct(flagged);
    format!(
        "{} of {}{} in {} read",
        plural(flagged.count, "sighting", "sightings"),
        if more { "at least " } else { "" },
        plural(distinct as u64, "different value", "different values"),
        plural(audit.items, "item", "items"),
    )
}

/// Whose key the flagged attribute is part of, if it is part of one. Keys are top-level attributes.
fn key_of(audit: &TableAudit, flagged: &Flagged) -> Option<String> {
    let description = audit.facts.description.known()?;
    let stored = flagged.path.stored();
    let name = stored.root().filter(|_| stored.steps().len() == 1)?;
    if description.key.contains(name) {
        return Some(String::from("the table"));
    }
    let index = description.indexes.iter().find(|i| i.is_key(name))?;
    Some(format!("index {}", index.name))
}

/// Indexes that hold the flagged attribute besides the table.
fn copies(audit: &TableAudit, flagged: &Flagged) -> Option<Safe> {
    let description = audit.facts.description.known()?;
    let name = flagged.path.root()?;
    let holding: Vec<&str> = description
        .indexes
        .iter()
        .filter(|i| i.projection.carries(name) || i.is_key(name))
        .map(|i| i.name.as_str())
        .collect();
    (!holding.is_empty()).then(|| {
        Safe::neutral(&format!("It is copied into {} index(es): {}", holding.len(), holding.join(", ")))
    })
}
