//! The DAX cluster that a finding is about, and what a new one is made like.

use serde_json::json;

use super::Needs;
use super::flavour::json as ascii;
use super::slots::Ask;
use crate::domain::{Cache, FactKind};

/// A DAX cluster that lacks what the finding is about; where it does not say, the first.
pub(super) fn cache<'a>(ask: &Ask<'a>) -> Result<&'a Cache, Needs> {
    let caches = ask.facts.caches.known().ok_or(Needs::Fact(FactKind::Caches))?;
    let lacks = |c: &&Cache| match ask.finding.rule() {
        "dax-no-tls" => c.tls == Some(false),
        "dax-unencrypted" => c.encrypted == Some(false),
        _ => true,
    };
    caches.iter().find(lacks).ok_or(Needs::NoTemplate)
}

/// At most twenty letters, digits and hyphens (DAX API Reference, CreateCluster).
pub(super) fn new_name(old: &str) -> String {
    let start: String = old.chars().take(16).collect();
    format!("{}-tls", start.trim_end_matches('-'))
}

pub(super) fn groups(ask: &Ask<'_>) -> Result<String, Needs> {
    let groups = &cache(ask)?.made.security_groups;
    Ok(ascii(&if groups.is_empty() { json!(["PUT-THE-SECURITY-GROUP-HERE"]) } else { json!(groups) }))
}
