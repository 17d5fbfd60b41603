//! Lengths of time, as they are typed: `90s`, `10m`, `1h30m`.

use std::time::Duration;

const UNITS: [(char, u64); 3] = [('h', 3600), ('m', 60), ('s', 1)];

/// Reads one; a bare number is refused, as nobody knows what it counts.
pub fn parse(word: &str) -> Result<Duration, String> {
    let wrong = || String::from("not a length of time such as 90s, 10m or 1h30m");
    let mut seconds = 0u64;
    let mut number: Option<u64> = None;
    for c in word.chars() {
        if let Some(digit) = c.to_digit(10) {
            let so_far = number.unwrap_or(0).checked_mul(10).and_then(|n| n.checked_add(u64::from(digit)));
            number = Some(so_far.ok_or_else(wrong)?);
            continue;
        }
        let (_, unit) = UNITS.iter().find(|(name, _)| *name == c).ok_or_else(wrong)?;
        let part = number.take().and_then(|n| n.checked_mul(*unit)).ok_or_else(wrong)?;
        seconds = seconds.checked_add(part).ok_or_else(wrong)?;
    }
    match (seconds, number) {
        (1.., None) => Ok(Duration::from_secs(seconds)),
        _ => Err(wrong()),
    }
}

/// Prints one as it is typed.
pub fn told(length: Duration) -> String {
    let mut left = length.as_secs();
    let mut out = String::new();
    for (name, unit) in UNITS {
        if left >= unit {
            out.push_str(&format!("{}{name}", left / unit));
            left %= unit;
        }
    }
    if out.is_empty() { String::from("0s") } else { out }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths() {
        let check = |word: &str, seconds: Option<u64>| {
            assert_eq!(parse(word).ok(), seconds.map(Duration::from_secs), "{word}");
        };
        check("90s", Some(90));
        check("10m", Some(600));
        check("1h30m", Some(5400));
        check("90", None);
        check("", None);
        check("0s", None);
        check("m", None);
        check("1d", None);
        check("-1s", None);
        check("99999999999999999999h", None);
        check("9999999999999999999h", None);
        assert_eq!(told(Duration::from_secs(5400)), "1h30m");
        assert_eq!(told(Duration::from_secs(61)), "1m1s");
    }
}
