//! The policies of an organization: what no account in it can allow itself.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use super::statement::{Layer, Source};

/// Deepest tree that is read: five levels of units below the root (AWS Organizations User Guide, "Quotas").
const DEEPEST: usize = 16;

/// An organization, its tree and what is attached to it.
#[derive(Debug, Clone, PartialEq)]
pub struct Organization {
    /// `o-...`.
    pub id: String,
    /// The account that manages it; no policy of the organization holds for it.
    pub management: String,
    accounts: BTreeMap<String, Member>,
    /// Whether any service control policy is attached anywhere; if none is, the kind is switched off.
    controls: bool,
}

/// An account in the tree.
#[derive(Debug, Clone, PartialEq)]
struct Member {
    path: String,
    levels: Vec<Level>,
}

/// What is attached to the root, a unit or an account.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Level {
    /// Its id.
    pub id: String,
    /// Service control policies; `None` if they were not told.
    pub service: Option<Vec<Arc<Source>>>,
    /// Resource control policies.
    pub resource: Option<Vec<Arc<Source>>>,
}

impl Organization {
    /// Puts together what was read: `describe-organization`, the tree, and each policy's document by its id.
    ///
    /// # Errors
    /// If the organization has no id, or the tree no root.
    pub fn read(
        described: &Value,
        tree: &Value,
        document: &mut dyn FnMut(&str) -> Result<String, String>,
    ) -> Result<Self, String> {
        let word = |path: &str| described.pointer(path).and_then(Value::as_str).map(str::to_owned);
        let id = word("/Organization/Id").ok_or("the organization has no Id")?;
        let management = word("/Organization/MasterAccountId").unwrap_or_default();
        if tree.get("Id").and_then(Value::as_str).is_none() {
            return Err("the tree has no Id at its root".into());
        }
        let mut read: BTreeMap<(String, Layer), Arc<Source>> = BTreeMap::new();
        let mut policy = |id: &str, layer: Layer| {
            Arc::clone(read.entry((id.to_owned(), layer)).or_insert_with(|| {
                let word = if layer == Layer::ServiceControl { "service" } else { "resource" };
                let name = format!("{word} control policy {id}");
                Arc::new(match document(id) {
                    Ok(text) => Source::read(layer, name, &text),
                    Err(why) => Source::unread(layer, name, why),
                })
            }))
        };
        let mut organization = Self { id, management, accounts: BTreeMap::new(), controls: false };
        // From the root down, each with what is attached above it.
        let mut left = vec![(tree, format!("{}/", organization.id), Vec::<Level>::new())];
        while let Some((node, above, levels)) = left.pop() {
            let Some(id) = node.get("Id").and_then(Value::as_str) else { continue };
            if levels.len() >= DEEPEST {
                continue;
            }
            let mut attached = |member: &str, layer| {
                node.get(member).and_then(Value::as_array).map(|ids| {
                    ids.iter().filter_map(Value::as_str).map(|id| policy(id, layer)).collect::<Vec<_>>()
                })
            };
            let level = Level {
                id: id.to_owned(),
                service: attached("ServiceControlPolicies", Layer::ServiceControl),
                resource: attached("ResourceControlPolicies", Layer::ResourceControl),
            };
            organization.controls |= level.service.as_ref().is_none_or(|s| !s.is_empty());
            let mut levels = levels;
            levels.push(level);
            if node.get("Type").and_then(Value::as_str) == Some("ACCOUNT") {
                organization.accounts.insert(id.to_owned(), Member { path: above, levels });
                continue;
            }
            let path = format!("{above}{id}/");
            for child in node.get("Children").and_then(Value::as_array).into_iter().flatten() {
                left.push((child, path.clone(), levels.clone()));
            }
        }
        Ok(organization)
    }

    /// Whether an account is in the tree.
    pub fn has(&self, account: &str) -> bool {
        self.accounts.contains_key(account) || account == self.management
    }

    /// Where an account stands: `o-.../r-.../ou-.../`.
    pub(super) fn path(&self, account: &str) -> Option<&str> {
        self.accounts.get(account).map(|m| m.path.as_str())
    }

    /// The levels whose policies hold for an account: none for the managing one, for one that is not in the tree,
    /// and where the kind is switched off.
    pub(super) fn service_levels(&self, account: &str) -> &[Level] {
        if self.controls { self.levels(account) } else { &[] }
    }

    /// The levels whose resource control policies hold for what an account owns.
    pub(super) fn levels(&self, account: &str) -> &[Level] {
        match self.accounts.get(account) {
            Some(member) if account != self.management => &member.levels,
            _ => &[],
        }
    }
}
