//! What shows only when tables are put side by side: the same secret in several of them, a copy of another.

use std::collections::{BTreeMap, BTreeSet};

use super::messages::{ALSO_IN, RESTORED, SHARED, TABLE};
use super::{Audit, TableAudit};
use crate::domain::{Confidence, Evidence, Finding, FindingSubject, Origin, Severity, TableRef};

/// The id of the finding that says that a secret crosses environments.
pub(super) const ENV_BLEED: &str = "env-bleed";

/// Whether a finding that is no secret can be of this id: that of a check, or of what shows when tables are put side by side.
pub fn is_check(id: &str) -> bool {
    id == ENV_BLEED || crate::posture::check(id).is_some()
}

/// Words that name an environment, as tags and table names use them.
const ENVIRONMENTS: &[(&str, &[&str])] = &[
    ("production", &["production", "prod", "prd", "live"]),
    ("staging", &["staging", "stage", "stg", "preprod", "uat"]),
    ("test", &["test", "testing", "qa", "ci"]),
    ("development", &["development", "develop", "dev", "sandbox", "local"]),
];

/// Tag names that hold an environment, in lower case.
const TAGS: &[&str] = &["environment", "env", "stage"];

/// Adds to each secret in which other tables it is, and one finding for each table that holds a secret of a
/// table of another environment.
pub(super) fn tables(audit: &Audit, findings: &mut Vec<Finding>) {
    let mut holders: BTreeMap<&str, BTreeSet<&TableRef>> = BTreeMap::new();
    for table in audit.tables() {
        for flagged in table.seen() {
            for print in table.fingerprints(flagged) {
                holders.entry(print).or_default().insert(&table.table);
            }
        }
    }
    holders.retain(|_, tables| tables.len() > 1);
    for finding in findings.iter_mut() {
        let Origin::Secret(flagged) = &finding.origin else { continue };
        let Some(table) = audit.table(&finding.table) else { continue };
        let others: BTreeSet<&TableRef> = table
            .fingerprints(flagged)
            .filter_map(|print| holders.get(print))
            .flatten()
            .copied()
            .filter(|t| **t != finding.table)
            .collect();
        if !others.is_empty() {
            finding.evidence.push(ALSO_IN.with("tables", named(&others, audit, &finding.table)));
        }
    }
    findings.extend(audit.tables().filter_map(|table| bleed(audit, table, &holders)));
}

/// A table outside production that holds a secret of another environment, or was restored from a table of one. The finding is on the table that is
/// likely to be guarded less, so that each pair of tables is told once.
fn bleed(
    audit: &Audit,
    table: &TableAudit,
    holders: &BTreeMap<&str, BTreeSet<&TableRef>>,
) -> Option<Finding> {
    let own = environment(table).filter(|env| *env != "production")?;
    let mut others = BTreeSet::new();
    let mut paths = BTreeSet::new();
    let mut shared = BTreeSet::new();
    for flagged in table.flagged.iter().filter(|f| f.severity > Severity::Info) {
        for print in table.fingerprints(flagged) {
            let foreign = holders.get(print).into_iter().flatten().copied().filter(|t| {
                **t != table.table && audit.table(t).and_then(environment).is_some_and(|env| env != own)
            });
            let before = others.len();
            others.extend(foreign.clone());
            if others.len() > before || foreign.count() > 0 {
                paths.insert(flagged.path.to_string());
                shared.insert(print);
            }
        }
    }
    let source = source(audit, table).filter(|source| environment(source).is_some_and(|env| env != own));
    let mut evidence = Vec::new();
    if !others.is_empty() {
        let paths: Vec<String> = paths.into_iter().collect();
        evidence.push(ALSO_IN.with("tables", named(&others, audit, &table.table)));
        evidence.push(SHARED.with("shared", shared.len()).with("paths", paths));
    }
    if let Some(source) = source {
        evidence.push(RESTORED.with("source", named(&BTreeSet::from([&source.table]), audit, &table.table)));
    }
    let (severity, title, why) = match (others.is_empty(), source) {
        (true, None) => return None,
        (true, Some(_)) => (
            Severity::Medium,
            format!("Data of another environment in a {own} table"),
            "Whoever may read this table reads what another environment held when it was restored, and that is usually guarded better.",
        ),
        (false, _) => (
            Severity::High,
            format!("Secrets of another environment in a {own} table"),
            "Whoever may read this table also holds credentials of the other environment, which is usually guarded better.",
        ),
    };
    let subject = FindingSubject::Table(table.table.clone());
    Some(Finding {
        id: super::severity::id(table, &subject, ENV_BLEED, None),
        subject,
        table: table.table.clone(),
        also: Vec::new(),
        origin: Origin::Posture(ENV_BLEED),
        severity,
        confidence: Confidence::Confirmed,
        title,
        why: why.to_owned(),
        evidence,
        // What to do depends on which of the tables should hold it: each secret's own finding has its fix.
        topic: None,
        worst: severity,
        accepted: None,
        unknown: Vec::new(),
    })
}

/// The table that a table was restored from, if it is known.
fn source<'a>(audit: &'a Audit, table: &TableAudit) -> Option<&'a TableAudit> {
    let arn = table.facts.description.known()?.restored_from.as_deref()?;
    audit.tables().find(|t| t.arn() == arn)
}

fn named(tables: &BTreeSet<&TableRef>, audit: &Audit, from: &TableRef) -> Vec<Evidence> {
    let one = |table: &&TableRef| {
        let of = audit.table(table);
        // Names of tables repeat in other Regions and accounts.
        let place = (table.scope != from.scope)
            .then(|| format!("{} {}", table.scope.account, table.scope.region).trim().to_owned());
        TABLE
            .with("table", &table.name)
            .with("environment", of.and_then(environment))
            .with("place", place)
            .with("table_arn", of.map_or_else(|| table.arn(), TableAudit::arn))
    };
    tables.iter().map(one).collect()
}

/// The environment a table belongs to: by its tag, else by a word of its name, else not known.
pub(super) fn environment(table: &TableAudit) -> Option<&'static str> {
    let tagged = table.facts.tags.known().and_then(|tags| {
        tags.iter().find(|(name, _)| TAGS.contains(&name.to_lowercase().as_str())).map(|(_, value)| value)
    });
    let text = tagged.unwrap_or(&table.table.name).to_lowercase();
    let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).collect();
    // The least guarded environment that is named wins: a "staging copy of production" is staging.
    ENVIRONMENTS.iter().rev().find(|(_, names)| names.iter().any(|n| words.contains(n))).map(|(env, _)| *env)
}
