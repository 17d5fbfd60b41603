//! The page of a secret's issuer, by the id of an embedded rule: read off the rule files as they are, so that nobody
//! waits for the detector.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use super::catalog::FAMILIES;

/// The issuer's page on revoking or rotating what an embedded rule finds; `None` for a rule of a user's file.
pub fn rotation_page(rule: &str) -> Option<&'static str> {
    static PAGES: OnceLock<BTreeMap<&'static str, &'static str>> = OnceLock::new();
    PAGES.get_or_init(read).get(rule).copied()
}

fn read() -> BTreeMap<&'static str, &'static str> {
    let mut pages = BTreeMap::new();
    for (_, text) in FAMILIES {
        let mut id = None;
        for line in text.lines() {
            let member = |name: &str| line.strip_prefix(name)?.strip_prefix(" = \"")?.strip_suffix('"');
            if line == "[[rule]]" {
                id = None;
            } else if let Some(text) = member("id") {
                id = Some(text);
            } else if let (Some(page), Some(id)) = (member("rotate"), id) {
                pages.insert(id, page);
            }
        }
    }
    pages
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::Detector;

    #[test]
    fn every_embedded_rule_has_the_page_that_it_names() {
        for rule in Detector::new(crate::detect::FingerprintKey::new(b"for tests")).rules() {
            assert_eq!(rotation_page(&rule.id), Some(rule.rotate.as_str()), "{}", rule.id);
        }
    }
}
