//! What of a secret may be shown.

use crate::domain::Safe;

/// Stands for what is hidden; it does not tell the length.
pub(super) const DOTS: &str = "••••••••";

/// Secrets shorter than this are hidden whole.
const SHORT: usize = 16;

/// The documented prefix (the first `keep` bytes) and the last four characters, as long as at least eight
/// characters between them stay hidden; nothing of a secret shorter than sixteen characters.
pub(super) fn mask(secret: &str, keep: usize) -> Safe {
    let length = secret.chars().count();
    let Some(prefix) = secret.get(..keep).filter(|_| length >= SHORT) else {
        return Safe::neutral(DOTS);
    };
    let shown = prefix.chars().count();
    let tail = if length >= shown + 4 + 8 { length - 4 } else { length };
    let tail: String = secret.chars().skip(tail).collect();
    // Of bytes that are no text the last four say nothing.
    let tail = if tail.contains(|c: char| c.is_control() || c == '\u{fffd}') { "" } else { &tail };
    Safe::neutral(&format!("{prefix}{DOTS}{tail}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(secret: &str, keep: usize, masked: &str) {
        assert_eq!(mask(secret, keep).as_str(), masked);
    }

    #[test]
    fn keeps_the_prefix_and_the_last_four() {
        check("tok_FAKEFAKEFAKE1234", 4, "tok_••••••••1234");
        check("FAKEFAKEFAKE1234", 0, "••••••••1234");
        check("tok_FAKE1234", 4, "••••••••");
        check("documentedprefix_1234567", 17, "documentedprefix_••••••••");
        check("ééééééééééééééééé", 1, "••••••••");
        check("", 0, "••••••••");
        check("FAKEFAKEFAKE\u{fffd}\u{fffd}ab", 0, "••••••••");
    }

    proptest::proptest! {
        #[test]
        fn nothing_of_the_middle_shows(secret in "[a-zA-Z0-9+/=_-]{0,80}", keep in 0usize..20) {
            let masked = mask(&secret, keep);
            let inner = secret.len().saturating_sub(4);
            for start in keep..inner.saturating_sub(7) {
                proptest::prop_assert!(!masked.contains(&secret[start..start + 8]));
            }
        }
    }
}
