//! What a person reads of the two sightings that stand for something that could not be looked at. No text raises
//! them, so they are in no rule file.

use std::sync::{Arc, LazyLock};

use crate::detect::{NOT_INSPECTED, NOT_OPENED, RuleInfo};
use crate::domain::{Confidence, Severity};

/// Both of them.
pub(super) static UNSEEN: LazyLock<[Arc<RuleInfo>; 2]> = LazyLock::new(|| {
    let info = |id: &str, title: &str, (severity, confidence), why: &str, how: &str| {
        Arc::new(RuleInfo {
            id: id.into(),
            title: title.into(),
            provider: String::new(),
            severity,
            confidence,
            session: false,
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
            "It is encoded or compressed, and too deep or too large to be opened within the bounds of an item: it may \
             hold anything, so it is masked.",
            "not at all: open it yourself, or store it in a way that can be looked at",
        ),
        info(
            NOT_INSPECTED,
            "Item could not be inspected",
            (Severity::Medium, Confidence::Medium),
            "It nests too deeply, holds too many secrets, or its inspection failed: nothing is known of it, so nothing \
             of it is shown but its key.",
            "not at all: look at the item with another tool",
        ),
    ]
});

/// One of them.
pub(super) fn of(id: &str) -> Option<&'static Arc<RuleInfo>> {
    UNSEEN.iter().find(|info| &*info.id == id)
}
