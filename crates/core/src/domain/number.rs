//! Numbers as DynamoDB keeps them: up to 38 digits, compared exactly.

use std::cmp::Ordering;

/// A decimal number of any length, for comparing. No floating point is involved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decimal {
    negative: bool,
    /// How many digits stand before the point: 0.1 has 0, 0.01 has -1. Zero has no digits.
    magnitude: i64,
    /// Significant digits, without zeros at either end.
    digits: Box<str>,
}

impl Decimal {
    /// Reads `-12.50`, `1E+3`, `.5`; `None` for what is no number.
    pub fn parse(text: &str) -> Option<Self> {
        let (negative, rest) = match text.as_bytes().first()? {
            b'-' => (true, &text[1..]),
            b'+' => (false, &text[1..]),
            _ => (false, text),
        };
        let (number, exponent) = match rest.split_once(['e', 'E']) {
            None => (rest, 0),
            Some((number, exponent)) => (number, exponent.parse::<i32>().ok()?),
        };
        let (whole, part) = number.split_once('.').unwrap_or((number, ""));
        let all_digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
        if whole.len() + part.len() == 0 || !all_digits(whole) || !all_digits(part) {
            return None;
        }
        let digits = format!("{whole}{part}");
        let leading = digits.len() - digits.trim_start_matches('0').len();
        let significant = digits.trim_matches('0');
        if significant.is_empty() {
            return Some(Self { negative: false, magnitude: 0, digits: "".into() });
        }
        let magnitude = i64::from(exponent) + whole.len() as i64 - leading as i64;
        Some(Self { negative, magnitude, digits: significant.into() })
    }

    /// Below, at or above zero.
    fn sign(&self) -> i8 {
        match (self.digits.is_empty(), self.negative) {
            (true, _) => 0,
            (false, true) => -1,
            (false, false) => 1,
        }
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        // Digits have no zeros at their ends, so comparing them as text compares the numbers.
        let size = || self.magnitude.cmp(&other.magnitude).then_with(|| self.digits.cmp(&other.digits));
        self.sign().cmp(&other.sign()).then_with(|| match self.sign() {
            0 => Ordering::Equal,
            1 => size(),
            _ => size().reverse(),
        })
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(a: &str, expect: Ordering, b: &str) {
        let read = |text| Decimal::parse(text).unwrap_or_else(|| panic!("{text} is a number"));
        assert_eq!(read(a).cmp(&read(b)), expect, "{a} {b}");
        assert_eq!(read(b).cmp(&read(a)), expect.reverse(), "{b} {a}");
    }

    #[test]
    fn compares_exactly() {
        check("9", Ordering::Less, "10");
        check("-9", Ordering::Greater, "-10");
        check("0", Ordering::Equal, "-0.000");
        check("1e3", Ordering::Equal, "1000.0");
        check("0.5", Ordering::Equal, ".5");
        check("0.09", Ordering::Less, "0.1");
        check("-1", Ordering::Less, "0.001");
        check("1E-130", Ordering::Less, "9.9999999999999999999999999999999999999E+125");
        // 38 digits: as floating point they are the same.
        check(
            "12345678901234567890123456789012345678",
            Ordering::Less,
            "12345678901234567890123456789012345679",
        );
    }

    #[test]
    fn what_is_no_number_is_none() {
        for text in ["", "-", ".", "e5", "1e", "0x10", "1.2.3", "١", "NaN", "1e99999999999"] {
            assert_eq!(Decimal::parse(text), None, "{text:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn agrees_with_whole_numbers(a in proptest::prelude::any::<i64>(), b in proptest::prelude::any::<i64>()) {
            let read = |n: i64| Decimal::parse(&n.to_string()).expect("a number");
            proptest::prop_assert_eq!(read(a).cmp(&read(b)), a.cmp(&b));
        }
    }
}
