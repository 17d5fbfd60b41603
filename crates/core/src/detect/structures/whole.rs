//! What a text is as a whole: forms that no literal begins, each asked only of texts made of its signs.

use std::ops::{Range, RangeInclusive};

use super::{bare, provider_line, signed};
use crate::detect::byte_classes::Signs;

/// A form of a whole text.
pub(in crate::detect) struct Form {
    /// The rule that a text of it belongs to.
    pub rule: &'static str,
    /// How many bytes it has.
    length: RangeInclusive<usize>,
    /// Signs of which it has one.
    one_of: Signs,
    /// Signs of which all of it is made.
    made_of: Signs,
    /// Tells where in a text the value stands that must not be shown, if the text is of the form.
    recognise: fn(&str) -> Option<Range<usize>>,
    /// Many other things have the form: only the name of a second factor makes it one.
    pub needs_name: bool,
}

/// Longer texts hold no such value.
const LONGEST: usize = 16 * 1024;

/// The forms, in the order in which they are asked.
pub(in crate::detect) const WHOLE: &[Form] = &[
    form("express-cookie", 46..=LONGEST, Signs::all_in(b"."), Signs::GRAPHIC, signed::express),
    form("signed-value", 29..=LONGEST, Signs::all_in(b".:"), Signs::GRAPHIC, signed::signed_value),
    form(
        "signed-cookie",
        45..=LONGEST,
        Signs::all_in(b".;%?"),
        Signs::BASE64.or(Signs::all_in(b".%;!?@")),
        signed::signed_cookie,
    ),
    form(
        "rails-message",
        40..=LONGEST,
        Signs::all_in(b"-"),
        Signs::BASE64.or(Signs::all_in(b"%")),
        signed::rails,
    ),
    form(
        "csrf-token-pair",
        129..=200,
        Signs::all_in(b"|%"),
        Signs::ALPHANUMERIC.or(Signs::all_in(b"|%=_.-")),
        bare::csrf_pair,
    ),
    form("remember-token", 42..=200, Signs::all_in(b"|"), Signs::GRAPHIC, signed::remember),
    form(
        "reset-token",
        39..=64,
        Signs::all_in(b"-"),
        Signs::ALPHANUMERIC.or(Signs::all_in(b"-_")),
        signed::reset,
    ),
    form("forms-ticket", 160..=4096, Signs::DIGIT, Signs::DIGIT.or(Signs::UPPER_HEX), signed::forms_ticket),
    form(
        "database-password-hash",
        37..=LONGEST,
        Signs::all_in(b"*:."),
        Signs::ALPHANUMERIC.or(Signs::all_in(b"*:_.@-")),
        signed::database_hash,
    ),
    form(
        "spring-session",
        48..=48,
        Signs::ALPHANUMERIC,
        Signs::ALPHANUMERIC.or(Signs::all_in(b"+/=")),
        bare::spring_cookie,
    ),
    form("spring-session", 48..=LONGEST, Signs::all_in(b":"), Signs::GRAPHIC, bare::spring_remember),
    form("signed-cookie", 90..=LONGEST, Signs::LOWER, Signs::BASE64, bare::pyramid),
    form("wordpress-session", 110..=300, Signs::all_in(b"|%"), Signs::GRAPHIC, bare::wordpress),
    form("biscuit", 150..=LONGEST, Signs::LOWER, Signs::BASE64.or(Signs::all_in(b":")), bare::biscuit),
    form("macaroon", 60..=LONGEST, Signs::LOWER, Signs::BASE64, bare::macaroon),
    form("branca", 61..=600, Signs::LOWER.or(Signs::UPPER), Signs::ALPHANUMERIC, bare::branca),
    form(
        "identity-password-hash",
        68..=68,
        Signs::all_in(b"="),
        Signs::ALPHANUMERIC.or(Signs::all_in(b"+/=")),
        bare::identity,
    ),
    form(
        "key-hash",
        39..=LONGEST,
        Signs::all_in(b".$:"),
        Signs::ALPHANUMERIC.or(Signs::all_in(b"_.$:")),
        bare::key_hash,
    ),
    form("fernet-key", 44..=44, Signs::all_in(b"-_"), Signs::BASE64, bare::fernet_key),
    Form {
        needs_name: true,
        ..form(
            "otp-seed-alone",
            32..=52,
            Signs::UPPER,
            Signs::DIGIT.or(Signs::UPPER_HEX).or(Signs::UPPER),
            bare::seed,
        )
    },
    form("provider-key-alone", 24..=400, Signs::all_in(b"="), Signs::GRAPHIC, provider_line::key),
    form("provider-client-id", 24..=400, Signs::all_in(b"="), Signs::GRAPHIC, provider_line::client_id),
];

impl Form {
    /// Whether a text is worth asking about.
    fn may_be(&self, text: &str, signs: Signs) -> bool {
        signs.has(self.one_of) && signs.only(self.made_of) && self.length.contains(&text.len())
    }
}

const fn form(
    rule: &'static str,
    length: RangeInclusive<usize>,
    one_of: Signs,
    made_of: Signs,
    recognise: fn(&str) -> Option<Range<usize>>,
) -> Form {
    Form { rule, length, one_of, made_of, recognise, needs_name: false }
}

/// Which of these a text of those signs is as a whole, by position.
pub(in crate::detect) fn whole(text: &str, signs: Signs) -> Option<(usize, Range<usize>)> {
    // No form has a gap: a sentence is none.
    if !(20..=LONGEST).contains(&text.len()) || signs.has(Signs::GAPS) {
        return None;
    }
    WHOLE
        .iter()
        .enumerate()
        .filter(|(_, form)| form.may_be(text, signs))
        .find_map(|(n, form)| Some((n, (form.recognise)(text)?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn the_signs_of_a_form_leave_out_nothing_it_recognises(text in "(s:|S:|\\*|Ag|E|biscuit:)?[0-9a-fA-F+/=_.:|$%-]{18,140}") {
            for form in WHOLE {
                if (form.recognise)(&text).is_some() && text.len() <= LONGEST {
                    proptest::prop_assert!(
                        form.may_be(&text, Signs::of(&text)) && !Signs::of(&text).has(Signs::GAPS),
                        "{} {text}", form.rule,
                    );
                }
            }
        }

        #[test]
        fn any_text_is_survived(text in "(E|Ag|biscuit:|A)?[ -~]{0,300}") {
            for form in WHOLE {
                if let Some(span) = (form.recognise)(&text) {
                    proptest::prop_assert!(text.get(span).is_some());
                }
            }
        }
    }
}
