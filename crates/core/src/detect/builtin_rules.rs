//! What a person reads of the sightings that stand for something that could not be looked at. No text raises
//! them, so they are in no rule file.

use std::sync::{Arc, LazyLock};

use crate::detect::{CUT, NOT_INSPECTED, NOT_OPENED, RuleInfo, mask};
use crate::domain::{AttributePath, Confidence, Safe, SecretClass, Severity, Sighting};

/// All of them.
pub(super) static UNSEEN: LazyLock<[Arc<RuleInfo>; 3]> = LazyLock::new(|| {
    let info = |id: &str, title: &str, (severity, confidence), why: &str, how: &str| {
        Arc::new(RuleInfo {
            id: id.into(),
            title: title.into(),
            provider: String::new(),
            severity,
            confidence,
            class: SecretClass::Unclassified,
            why: why.to_owned(),
            how: how.to_owned(),
            rotate: String::new(),
            marks: Vec::new(),
            owns_prefix: false,
            prefixes: Vec::new(),
            keywords: Vec::new(),
        })
    };
    [
        info(
            NOT_OPENED,
            "Encoded value not opened",
            (Severity::Info, Confidence::Low),
            "It is encoded, compressed or an archive, and too deep, too large, damaged or of a kind that is not read here: it \
             may hold anything, so it is masked, and the item counts as not inspected to its end.",
            "not at all: open it yourself, or store it in a way that can be looked at; an allow-list entry for this rule and \
             its path says that it is known",
        ),
        info(
            CUT,
            "Item inspected in part",
            (Severity::Medium, Confidence::Medium),
            "It nests too deeply, holds more secrets than are kept of one item, or takes more work than one item may: the \
             gravest of what was seen is told, and nothing of the item is shown but its key.",
            "not at all: look at the rest of the item with another tool",
        ),
        info(
            NOT_INSPECTED,
            "Item could not be inspected",
            (Severity::Medium, Confidence::Medium),
            "Its inspection failed: nothing is known of it, so nothing of it is shown but its key.",
            "not at all: look at the item with another tool, and please report it",
        ),
    ]
});

/// One of them.
pub(super) fn of(id: &str) -> Option<&'static Arc<RuleInfo>> {
    UNSEEN.iter().find(|info| &*info.id == id)
}

/// The sighting that stands for an item, or for its rest.
pub(super) fn sighting(rule: &RuleInfo) -> Sighting {
    Sighting {
        path: AttributePath::default(),
        span: 0..0,
        mask: 0..0,
        rule: rule.id.clone(),
        title: rule.title.clone(),
        severity: rule.severity,
        confidence: rule.confidence,
        reasons: vec![rule.why.split_once(':').map_or(rule.why.as_str(), |(why, _)| why).to_owned()],
        masked: Safe::from(mask::DOTS),
        fingerprint: String::new(),
        in_name: false,
        class: SecretClass::Unclassified,
        part: false,
        expires: None,
        item: None,
    }
}
