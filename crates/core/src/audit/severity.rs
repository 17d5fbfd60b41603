//! How bad a finding is, with everything known of the table taken into account.

use std::sync::Arc;

use jiff::Timestamp;

use super::TableAudit;
use super::exposure::{self, Readers};
use super::messages::{AT_LEAST, COPIED, COUNTED, IN_INDEX_KEY, IN_TABLE_KEY, REASON, SEEN};
use super::variation::Variation;
use crate::domain::{
    Arn, AttributePath, Confidence, Evidence, Failed, Finding, FindingId, FindingSubject, Flagged, Index,
    Level, Missing, Origin, SecretClass, Severity, Step, Verdict,
};
use crate::posture::{FACTS, PostureCheck, Subject, judge};
use crate::remedy::{Stands, fit_of, topic_for};
use crate::scan::Outcome;

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
        let Verdict::Fail(Failed { severity, mut evidence }) = verdict else { continue };
        if severity == Severity::Info && FACTS.contains(&check.id) {
            continue;
        }
        let worst = with_secrets(check, audit, now).unwrap_or(severity).max(severity);
        let is_open = worst > severity;
        evidence.extend(is_open.then(|| AT_LEAST.with("severity", severity).with("could_be", worst)));
        let subject = match check.level {
            Level::Table | Level::AccessKey => FindingSubject::Table(audit.table.clone()),
            Level::Region | Level::Account => FindingSubject::Region(Arc::clone(&audit.table.scope)),
        };
        all.push(Finding {
            id: id(audit, &subject, check.id, None),
            subject,
            table: audit.table.clone(),
            also: Vec::new(),
            origin: Origin::Posture(check.id),
            severity,
            confidence: Confidence::Confirmed,
            title: check.title.to_owned(),
            why: check.why.to_owned(),
            evidence,
            topic: check.topic.topic(),
            worst,
            accepted: None,
            unknown: if is_open { vec![Missing::Items] } else { Vec::new() },
        });
    }
    let nothing_seen = audit.seen().chain(audit.looked_at()).next().is_none();
    let readers = if nothing_seen { Readers::default() } else { exposure::readers(audit, now) };
    all.extend(audit.seen().chain(audit.looked_at()).map(|flagged| secret(audit, flagged, &readers)));
    all
}

/// The id of a finding of this table. Credentials may not say which account they are of, and then the table's description
/// does.
pub(super) fn id(
    audit: &TableAudit,
    subject: &FindingSubject,
    rule: &str,
    path: Option<&AttributePath>,
) -> FindingId {
    let id = FindingId::new(subject, rule, path);
    let described = audit.facts.description.known().and_then(|d| Arn::parse(&d.arn));
    match described.filter(|arn| !arn.account.is_empty()) {
        Some(arn) => id.in_account(&arn.account),
        None => id,
    }
}

/// How bad a failure would be if there were secrets in the items, while none of them was read.
fn with_secrets(check: &PostureCheck, audit: &TableAudit, now: Timestamp) -> Option<Severity> {
    let subject = audit.subject(now);
    let is_empty = audit.outcome == Some(Outcome::Whole) && audit.uninspected.is_none();
    if subject.flagged.is_some() || is_empty {
        return None;
    }
    let supposed = [Flagged::supposed()];
    match judge(check, &Subject { flagged: Some(&supposed), ..subject }) {
        Verdict::Fail(failed) => Some(failed.severity),
        _ => None,
    }
}

fn secret(audit: &TableAudit, flagged: &Flagged, readers: &Readers) -> Finding {
    let severity = exposure::raised(flagged.severity, flagged.confidence, !readers.known.is_empty());
    let worst = exposure::raised(
        flagged.severity,
        flagged.confidence,
        !readers.known.is_empty() || !readers.unknown.is_empty(),
    );
    let key_of = key_of(audit, flagged);
    let mut evidence = vec![
        SEEN.with("masked", &flagged.masked).with("fingerprint", &flagged.fingerprint),
        counted(audit, flagged),
    ];
    let (different, more) = audit.distinct(flagged);
    let variation = Variation::of(flagged.count, different as u64, more);
    evidence.extend(variation.map(|v| v.message().alone()));
    evidence.extend(flagged.reasons.iter().map(|reason| REASON.with("reason", reason)));
    evidence.extend(key_of.clone());
    evidence.extend(copies(audit, flagged));
    if flagged.severity > Severity::Low {
        evidence.extend(readers.known());
    }
    evidence.extend(readers.unknown(severity, worst));
    let (why, topic) = fix(audit, flagged, variation);
    let subject = FindingSubject::Table(audit.table.clone());
    Finding {
        id: id(audit, &subject, &flagged.rule, Some(&flagged.path)),
        subject,
        table: audit.table.clone(),
        also: Vec::new(),
        origin: Origin::Secret(Flagged { distinct: different as u64, ..flagged.clone() }),
        severity,
        confidence: flagged.confidence,
        title: format!("{} in {}", flagged.title, flagged.path),
        why,
        evidence,
        topic,
        worst,
        accepted: None,
        unknown: readers.unknown.clone(),
    }
}

/// Why a secret matters where it is, and the topic that fixes it, if there is something to fix.
fn fix(
    audit: &TableAudit,
    flagged: &Flagged,
    variation: Option<Variation>,
) -> (String, Option<&'static str>) {
    let stands = stands(audit, flagged, variation);
    let why = match stands {
        Stands::InKey | Stands::InIndexKey => {
            "Whoever sees the key holds the secret, and a key cannot be removed from an item.".to_owned()
        }
        Stands::InSessionStore if flagged.class == SecretClass::Session => {
            "Whoever can read this item can take over the session or account it belongs to.".to_owned()
        }
        _ => format!("Whoever can read this item {}", fit_of(flagged.class).why),
    };
    (why, topic_for(flagged.class, stands))
}

fn stands(audit: &TableAudit, flagged: &Flagged, variation: Option<Variation>) -> Stands {
    match key_of(audit, flagged).map(|e| e.kind()) {
        Some(kind) if kind == IN_TABLE_KEY.kind => Stands::InKey,
        Some(_) => Stands::InIndexKey,
        None if is_inside(flagged) && is_in_session(flagged) && holds_sessions(audit) => Stands::InSession,
        None if is_inside(flagged) => Stands::Inside,
        None if holds_sessions(audit) => Stands::InSessionStore,
        // One of its own in most of the items that were read.
        None if variation == Some(Variation::Own) && flagged.count.saturating_mul(2) > audit.items => {
            Stands::InEach
        }
        None => Stands::Alone,
    }
}

/// Whether it is a part of what is stored there: of a text, of a document, or of something that was decoded.
fn is_inside(flagged: &Flagged) -> bool {
    flagged.part || flagged.path.steps().iter().any(|step| matches!(step, Step::Layer(_)))
}

/// Whether it is inside something signed, of which it is a part.
fn is_in_session(flagged: &Flagged) -> bool {
    flagged
        .path
        .steps()
        .iter()
        .find_map(|step| if let Step::Layer(layer) = step { Some(layer.is_part()) } else { None })
        == Some(true)
}

/// Whether the table is a session store: a session is its key, or the whole of one attribute in most items.
fn holds_sessions(audit: &TableAudit) -> bool {
    audit.seen().filter(|f| f.class == SecretClass::Session && !f.part).any(|f| {
        let most = f.path.steps().len() == 1 && f.count.saturating_mul(2) > audit.items;
        most || key_of(audit, f).is_some()
    })
}

fn counted(audit: &TableAudit, flagged: &Flagged) -> Evidence {
    let (distinct, more) = audit.distinct(flagged);
    COUNTED
        .with("sightings", flagged.count)
        .with("items", audit.items)
        .with("records", audit.records)
        .with("distinct", distinct)
        .with("or_more", more)
}

/// That the flagged attribute is part of a key, if it is part of one. Keys are top-level attributes.
fn key_of(audit: &TableAudit, flagged: &Flagged) -> Option<Evidence> {
    let description = audit.facts.description.known()?;
    let stored = flagged.path.stored();
    let name = stored.root().filter(|_| stored.steps().len() == 1)?;
    if description.key.contains(name) {
        return Some(IN_TABLE_KEY.with("attribute", name));
    }
    let index = description.indexes.iter().find(|i| i.is_key(name))?;
    Some(IN_INDEX_KEY.with("index", &index.name).with("attribute", name))
}

/// Indexes that hold the flagged attribute besides the table.
fn copies(audit: &TableAudit, flagged: &Flagged) -> Option<Evidence> {
    let description = audit.facts.description.known()?;
    let name = flagged.path.root()?;
    let holds = |i: &&Index| i.projection.carries(name) || i.is_key(name);
    let holding: Vec<&str> = description.indexes.iter().filter(holds).map(|i| i.name.as_str()).collect();
    (!holding.is_empty()).then(|| COPIED.with("indexes", holding))
}
