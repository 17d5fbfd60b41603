//! Which kinds of bytes a text is made of: found in one pass, and asked by everything that looks at whole texts.

use std::ops::BitOr;

/// A set of kinds of bytes, one bit each.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Signs(u32);

/// Bytes with a kind of their own; the first has the bit [`FIRST`].
const NAMED: &[u8] = b"-_.:|$%=+/*@&\\";
const FIRST: u32 = 8;

impl Signs {
    /// All there are.
    pub const ANY: Signs = Signs(u32::MAX);
    /// None at all.
    pub const NONE: Signs = Signs(0);
    /// What is not in ASCII.
    pub const FOREIGN: Signs = Signs(1);
    pub const DIGIT: Signs = Signs(1 << 1);
    /// `a` to `f`.
    pub const LOWER_HEX: Signs = Signs(1 << 2);
    /// `A` to `F`.
    pub const UPPER_HEX: Signs = Signs(1 << 3);
    /// `g` to `z`.
    pub const LOWER: Signs = Signs(1 << 4);
    /// `G` to `Z`.
    pub const UPPER: Signs = Signs(1 << 5);
    /// The end of a line.
    pub const BREAK: Signs = Signs(1 << 6);
    /// Other white space.
    pub const SPACE: Signs = Signs(1 << 7);
    /// What is not printed: control characters that are no white space.
    pub const CONTROL: Signs = Signs(1 << (FIRST + NAMED.len() as u32));
    /// What encoders of URLs escape and has no kind of its own.
    pub const ESCAPED: Signs = Signs(1 << (FIRST + NAMED.len() as u32 + 1));
    /// Everything else in ASCII.
    const OTHER: Signs = Signs(1 << (FIRST + NAMED.len() as u32 + 2));

    pub const HEX: Signs = Signs::DIGIT.or(Signs::LOWER_HEX).or(Signs::UPPER_HEX);
    pub const ALPHANUMERIC: Signs = Signs::HEX.or(Signs::LOWER).or(Signs::UPPER);
    /// Base64 in either alphabet (RFC 4648, 4 and 5).
    pub const BASE64: Signs = Signs::ALPHANUMERIC.or(Signs::all_in(b"+/-_="));
    /// White space, and what is not in ASCII.
    pub const GAPS: Signs = Signs::FOREIGN.or(Signs::BREAK).or(Signs::SPACE);
    /// What no encoder of URLs leaves as it is (WHATWG URL Standard, 1.3), all but a few signs.
    pub const NOT_IN_URLS: Signs =
        Signs::GAPS.or(Signs::CONTROL).or(Signs::ESCAPED).or(Signs::all_in(b"|\\"));
    /// Everything but white space, and what is not in ASCII.
    pub const GRAPHIC: Signs = Signs(!Signs::GAPS.0);

    /// The signs in a text.
    pub fn of(text: &str) -> Signs {
        // Four at a time, as no byte waits for another.
        let (mut found, mut four) = ([0; 4], text.as_bytes().chunks_exact(4));
        for bytes in &mut four {
            for (found, byte) in found.iter_mut().zip(bytes) {
                *found |= SIGNS[usize::from(*byte)].0;
            }
        }
        let rest = Signs::all_in(four.remainder());
        Signs(found.into_iter().fold(rest.0, BitOr::bitor))
    }

    /// The sign of a byte.
    pub const fn of_byte(byte: u8) -> Signs {
        SIGNS[byte as usize]
    }

    /// The signs in some bytes.
    pub const fn all_in(bytes: &[u8]) -> Signs {
        let (mut found, mut at) = (0, 0);
        while at < bytes.len() {
            found |= SIGNS[bytes[at] as usize].0;
            at += 1;
        }
        Signs(found)
    }

    /// These and those.
    pub const fn or(self, other: Signs) -> Signs {
        Signs(self.0 | other.0)
    }

    /// Whether one of those is among these.
    pub const fn has(self, any: Signs) -> bool {
        self.0 & any.0 != 0
    }

    /// Whether there are none but those.
    pub const fn only(self, those: Signs) -> bool {
        self.0 & !those.0 == 0
    }
}

/// The sign that each byte is.
const SIGNS: [Signs; 256] = {
    let mut table = [Signs::OTHER; 256];
    let mut byte = 0;
    while byte < 256 {
        let b = byte as u8;
        if !b.is_ascii() {
            table[byte] = Signs::FOREIGN;
        } else if b == b'\n' || b == b'\r' {
            table[byte] = Signs::BREAK;
        } else if b.is_ascii_whitespace() {
            table[byte] = Signs::SPACE;
        } else if b.is_ascii_control() {
            table[byte] = Signs::CONTROL;
        } else if matches!(b, b'"' | b'<' | b'>' | b'^' | b'`' | b'{' | b'}') {
            table[byte] = Signs::ESCAPED;
        } else if b.is_ascii_digit() {
            table[byte] = Signs::DIGIT;
        } else if b.is_ascii_lowercase() {
            table[byte] = if b.is_ascii_hexdigit() { Signs::LOWER_HEX } else { Signs::LOWER };
        } else if b.is_ascii_uppercase() {
            table[byte] = if b.is_ascii_hexdigit() { Signs::UPPER_HEX } else { Signs::UPPER };
        }
        byte += 1;
    }
    let mut named = 0;
    while named < NAMED.len() {
        table[NAMED[named] as usize] = Signs(1 << (FIRST + named as u32));
        named += 1;
    }
    table
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_byte_has_one_sign() {
        for byte in 0..=255u8 {
            assert_eq!(Signs::all_in(&[byte]).0.count_ones(), 1, "{byte}");
        }
        let named = Signs::all_in(NAMED);
        assert_eq!(named.0.count_ones() as usize, NAMED.len());
        let kinds =
            Signs::OTHER.or(Signs::ESCAPED).or(Signs::CONTROL).or(Signs::ALPHANUMERIC).or(Signs::GAPS);
        assert!(!named.has(kinds));
    }

    proptest::proptest! {
        #[test]
        fn a_text_has_the_signs_of_its_bytes(text in ".{0,40}") {
            proptest::prop_assert_eq!(Signs::of(&text), Signs::all_in(text.as_bytes()));
        }
    }
}
