//! Names of map members that are data: an id, not a field.
//!
//! A map keyed by user would otherwise give one finding for each user. The shape of one name decides, not how many
//! look like it: then a finding keeps its path, and so its id, however much of a table was read.

use crate::domain::KeyShape;

/// Fewer digits number the few members of a form: `line_2`, `address-01`.
const DIGITS: usize = 3;

/// Whether a name looks like an id of one thing among many.
pub(super) fn is_id(name: &str) -> bool {
    let digits = name.bytes().filter(u8::is_ascii_digit).count();
    match KeyShape::of(name) {
        KeyShape::Email | KeyShape::Phone | KeyShape::Date => true,
        KeyShape::Number => digits >= DIGITS,
        // A long name in camel case changes its letters as often as a random text, and has hardly a digit.
        KeyShape::Random => digits > DIGITS,
        KeyShape::Short | KeyShape::Other => false,
    }
}

#[cfg(test)]
mod tests {
    use super::is_id;

    #[test]
    fn ids_are_told_from_names() {
        let check = |name: &str, expect: bool| assert_eq!(is_id(name), expect, "{name}");
        for id in [
            "1001",
            "user-1001",
            "USER#000042",
            "kim@shop.example",
            "+4915112345678",
            "2026-11-20",
            "0b6f2c1e-5d3a-4e8f-9a70-1f2e3d4c5b6a",
            "01ARZ3NDEKTSV4RRFFQ69G5FAV",
            "5f4e3d2c6b7a49809b8c7d6e",
        ] {
            check(id, true);
        }
        for name in [
            "token",
            "stripeSecretKeyForProduction",
            "aws_secret_access_key",
            "line_2",
            "address-01",
            "oauth2",
            "sha256",
            "v2",
            "x",
            "",
            "AccessTokenOfTheSecondFactor2",
            "eu-west-1",
            "checkout-step-3",
        ] {
            check(name, false);
        }
    }
}
