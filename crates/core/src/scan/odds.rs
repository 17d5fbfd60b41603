//! What a sample says: how likely something rare is in it.

/// How likely what one of so many items holds is in a sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Odds {
    /// One item in so many: a power of ten.
    pub one_in: u64,
    /// At least 50, at most 99.
    pub percent: u8,
}

/// Of a sample of so many items, spread over the keys of a table: the rarest that is in it more likely than not. `None` for one that
/// is too small for that. What lies in one place of the table alone has other odds.
pub fn odds(items: u64) -> Option<Odds> {
    let rates = (1..=12).map(|digits| 10_u64.pow(digits));
    let likely = |one_in: u64| {
        let missed = (items as f64) * (-1.0 / one_in as f64).ln_1p();
        let percent = (100.0 * (1.0 - missed.exp())).floor() as u8;
        Odds { one_in, percent: percent.min(99) }
    };
    rates.map(likely).take_while(|odds| odds.percent >= 50).last()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_says_what_it_would_have_seen() {
        let check = |items: u64, expect: Option<(u64, u8)>| {
            assert_eq!(odds(items).map(|odds| (odds.one_in, odds.percent)), expect, "{items}");
        };
        check(0, None);
        check(6, None);
        check(7, Some((10, 52)));
        check(200, Some((100, 86)));
        check(2_000, Some((1_000, 86)));
        check(690, Some((100, 99)));
        check(700, Some((1_000, 50)));
        check(u64::MAX, Some((1_000_000_000_000, 99)));
    }
}
