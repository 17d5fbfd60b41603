//! A name that holds a secret in an encoding, or as a part of a text: the key of a map is whatever an application had at hand.

use super::hits::Hit;
use super::{Inspector, Scratch};
use crate::detect::byte_classes::Signs;
use crate::detect::decode;
use crate::detect::rule::Found;
use crate::detect::walk::{ItemView, Visitor};
use crate::domain::Severity;

/// Maximum number of names of one item that are looked into; that there are more is said, as of values that are not opened.
const MOST: usize = 256;

/// A name, looked at as if it were a value without a name.
struct OneText<'a>(&'a str);

impl ItemView for OneText<'_> {
    fn walk(&self, visitor: &mut dyn Visitor) -> bool {
        visitor.enter_name(0, "");
        visitor.text(self.0);
        visitor.leave();
        true
    }
}

/// Whether there is something to open in a name, by what a value is opened for, or something is assigned in it. Ids, of
/// which a map may have thousands, are neither.
fn may_hold_more(name: &str) -> bool {
    let signs = Signs::of(name);
    name.contains('=') || decode::form_of(name, signs).is_some() || decode::of_text(name, signs).is_some()
}

impl Inspector<'_> {
    /// The gravest secret in a name that no rule sees in it as it stands. All of the name is masked then: where in it the
    /// secret is, an encoding hides.
    pub(super) fn in_encoded_name(&mut self, name: &str) -> Option<Hit> {
        if !self.opens_names || !may_hold_more(name) {
            return None;
        }
        if self.names_opened >= MOST {
            self.not_opened += 1;
            return None;
        }
        self.names_opened += 1;
        let mut scratch = Scratch::default();
        let mut inner = Inspector::new(self.detector, self.now, &mut scratch, Vec::new(), None);
        inner.opens_names = false;
        OneText(name).walk(&mut inner);
        let counts = |s: &crate::domain::Sighting| s.is_reported() && s.severity > Severity::Info;
        let worst = inner.seen.into_iter().filter(counts).max_by_key(|s| (s.severity, s.confidence))?;
        let rule = self.detector.rules.iter().position(|rule| rule.info.id == worst.rule)?;
        let mut found = Found::at(0..name.len());
        found.reasons = worst.reasons;
        found.reasons.push("in the name, encoded or as a part of it".into());
        Some(Hit {
            rule,
            found,
            mask: 0..name.len(),
            confidence: worst.confidence,
            severity: worst.severity,
            example: false,
            repeat: false,
        })
    }
}
