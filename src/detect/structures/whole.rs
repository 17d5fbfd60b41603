//! What a text is as a whole: forms that no literal begins, each asked only of texts made of its signs.

use std::ops::{Range, RangeInclusive};

use super::{bare, signed};

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
}

/// Which signs are in a text, one bit each.
type Signs = u32;

/// White space, and what is not in ASCII: no form has it.
const FOREIGN: Signs = 1;
const DIGIT: Signs = 1 << 1;
/// `a` to `f`.
const LOWER_HEX: Signs = 1 << 2;
/// `A` to `F`.
const UPPER_HEX: Signs = 1 << 3;
/// `g` to `z`.
const LOWER: Signs = 1 << 4;
/// `G` to `Z`.
const UPPER: Signs = 1 << 5;
/// Signs with a bit of their own, the first of which is this one.
const NAMED: &[u8] = b"-_.:|$%=+/*@";
const FIRST: u32 = 6;
const OTHER: Signs = 1 << (FIRST + NAMED.len() as u32);

const ALPHANUMERIC: Signs = DIGIT | LOWER_HEX | UPPER_HEX | LOWER | UPPER;
const ANY: Signs = !FOREIGN;
/// Base64 in either alphabet.
const BASE64: Signs = ALPHANUMERIC | signs(b"+/-_=");

/// Longer texts hold no such value.
const LONGEST: usize = 16 * 1024;

/// The forms, in the order in which they are asked.
pub(in crate::detect) const WHOLE: &[Form] = &[
    form("express-cookie", 46..=LONGEST, signs(b"."), ANY, signed::express),
    form("signed-value", 29..=LONGEST, signs(b".:"), ANY, signed::signed_value),
    form("signed-cookie", 45..=LONGEST, signs(b"."), BASE64 | signs(b".%"), signed::signed_cookie),
    form("rails-message", 40..=LONGEST, signs(b"-"), BASE64 | signs(b"%"), signed::rails),
    form("remember-token", 42..=200, signs(b"|"), ANY, signed::remember),
    form("reset-token", 39..=39, signs(b"-"), DIGIT | LOWER_HEX | LOWER | signs(b"-"), signed::reset),
    form("forms-ticket", 160..=4096, DIGIT, DIGIT | UPPER_HEX, signed::forms_ticket),
    form(
        "database-password-hash",
        37..=LONGEST,
        signs(b"*:"),
        ALPHANUMERIC | signs(b"*:_.@-"),
        signed::database_hash,
    ),
    form("spring-session", 48..=48, ALPHANUMERIC, ALPHANUMERIC | signs(b"+/="), bare::spring_cookie),
    form("spring-session", 48..=LONGEST, signs(b":"), ANY, bare::spring_remember),
    form("wordpress-session", 110..=300, signs(b"|%"), ANY, bare::wordpress),
    form("biscuit", 150..=LONGEST, LOWER, BASE64 | signs(b":"), bare::biscuit),
    form("macaroon", 60..=LONGEST, LOWER, BASE64, bare::macaroon),
    form("branca", 61..=600, LOWER | UPPER, ALPHANUMERIC, bare::branca),
    form("identity-password-hash", 68..=68, signs(b"="), ALPHANUMERIC | signs(b"+/="), bare::identity),
    form("key-hash", 39..=LONGEST, signs(b".$"), ALPHANUMERIC | signs(b"_.$"), bare::key_hash),
    form("fernet-key", 44..=44, signs(b"-_"), BASE64, bare::fernet_key),
    form("otp-seed-alone", 32..=52, UPPER, DIGIT | UPPER_HEX | UPPER, bare::seed),
];

const fn form(
    rule: &'static str,
    length: RangeInclusive<usize>,
    one_of: Signs,
    made_of: Signs,
    recognise: fn(&str) -> Option<Range<usize>>,
) -> Form {
    Form { rule, length, one_of, made_of, recognise }
}

/// Which of these a text is as a whole, by position.
pub(in crate::detect) fn whole(text: &str) -> Option<(usize, Range<usize>)> {
    if !(20..=LONGEST).contains(&text.len()) {
        return None;
    }
    let mut found = 0;
    for part in text.as_bytes().chunks(16) {
        found |= signs(part);
        // A sentence ends it at its first word.
        if found & FOREIGN != 0 {
            return None;
        }
    }
    let may_be = |form: &Form| {
        found & form.one_of != 0 && found & !form.made_of == 0 && form.length.contains(&text.len())
    };
    WHOLE
        .iter()
        .enumerate()
        .filter(|(_, form)| may_be(form))
        .find_map(|(n, form)| Some((n, (form.recognise)(text)?)))
}

/// The signs in some bytes.
const fn signs(bytes: &[u8]) -> Signs {
    let (mut found, mut at) = (0, 0);
    while at < bytes.len() {
        found |= SIGNS[bytes[at] as usize];
        at += 1;
    }
    found
}

/// The sign that each byte is.
const SIGNS: [Signs; 256] = {
    let mut table = [OTHER; 256];
    let mut byte = 0;
    while byte < 256 {
        let b = byte as u8;
        if b.is_ascii_whitespace() || !b.is_ascii() {
            table[byte] = FOREIGN;
        } else if b.is_ascii_digit() {
            table[byte] = DIGIT;
        } else if b.is_ascii_lowercase() {
            table[byte] = if b.is_ascii_hexdigit() { LOWER_HEX } else { LOWER };
        } else if b.is_ascii_uppercase() {
            table[byte] = if b.is_ascii_hexdigit() { UPPER_HEX } else { UPPER };
        }
        byte += 1;
    }
    let mut named = 0;
    while named < NAMED.len() {
        table[NAMED[named] as usize] = 1 << (FIRST + named as u32);
        named += 1;
    }
    table
};

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn the_signs_of_a_form_leave_out_nothing_it_recognises(text in "(s:|S:|\\*|Ag|E|biscuit:)?[0-9a-fA-F+/=_.:|$%-]{18,140}") {
            for form in WHOLE {
                if (form.recognise)(&text).is_some() && text.len() <= LONGEST {
                    let found = signs(text.as_bytes());
                    proptest::prop_assert!(
                        found & form.one_of != 0 && found & !form.made_of == 0 && form.length.contains(&text.len()),
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

    #[test]
    fn each_sign_has_one_bit() {
        for byte in 0..=255u8 {
            assert_eq!(signs(&[byte]).count_ones(), 1, "{byte}");
        }
    }
}
