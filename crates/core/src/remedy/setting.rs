//! The setting that a fix changes: what it is today, and what it is to be.

use super::slots::{Ask, tag_key};
use crate::domain::{Encryption, KeyState, Projection};

/// A setting by its name, as it is today and as the fix has it.
#[derive(Debug, PartialEq)]
pub(super) struct Setting {
    pub name: String,
    pub today: String,
    pub then: &'static str,
}

/// What the fix of this topic changes; `None` where that is no setting, or it is not known what it is today.
pub(super) fn setting(topic: &str, ask: &Ask<'_>) -> Option<Setting> {
    let told = |name: &str, today: String, then| Some(Setting { name: name.into(), today, then });
    let facts = ask.facts;
    let key = || facts.key.known().and_then(Option::as_ref);
    let switch = |on: bool| String::from(if on { "on" } else { "off" });
    match topic {
        "pitr" => told("point-in-time recovery", switch(facts.backups.known()?.point_in_time), "on, 35 days"),
        "pitr-window" => told("recovery window, days", facts.backups.known()?.window_days?.to_string(), "35"),
        "deletion-protection" => {
            told("deletion protection", switch(facts.description.known()?.deletion_protection?), "on")
        }
        "customer-key" => {
            let today = match &facts.description.known()?.encryption {
                Encryption::AwsOwned => "a key that AWS owns".to_owned(),
                Encryption::Kms { key_arn, .. } => key_arn.clone(),
            };
            told("key", today, "a customer managed key, which the fix makes")
        }
        "key-disabled" | "key-pending-deletion" => {
            let today = match &key()?.state {
                KeyState::Enabled => "enabled",
                KeyState::Disabled => "disabled",
                KeyState::PendingDeletion => "pending deletion",
                KeyState::Other(word) => word,
            };
            told("state of the key", today.to_owned(), "enabled")
        }
        "key-rotation" => {
            told("rotation of the key", switch(facts.rotation.known()?.as_ref()?.enabled), "every 365 days")
        }
        "ttl" | "ttl-attribute" => {
            let today = facts.time_to_live.known()?.attribute.clone();
            told(
                "time to live looks at",
                today.unwrap_or_else(|| "nothing, it is off".into()),
                "the attribute that you put in",
            )
        }
        "tag" => {
            let tags = facts.tags.known()?;
            // Not its value, which somebody may have put anything into.
            let is_there = tags.iter().any(|(name, _)| name == tag_key(ask));
            let today = if is_there { "there already" } else { "none" };
            told(&format!("tag {}", tag_key(ask)), today.to_owned(), "the value that you put in")
        }
        "index-projection" | "secret-as-index-key" => {
            let index = super::index::index(ask).ok()?;
            let today = match &index.projection {
                Projection::All => "all attributes".to_owned(),
                Projection::KeysOnly => "keys only".to_owned(),
                Projection::Include(names) => format!("keys and {}", names.join(", ")),
            };
            told(&format!("index {}", index.name), today, "replaced by one that does not carry it")
        }
        "kinesis-destination" => {
            let all: Vec<&str> = facts.kinesis.known()?.iter().map(|d| d.arn.as_str()).collect();
            told("changes are copied to", all.join(", "), "none of the data streams")
        }
        _ => None,
    }
}
