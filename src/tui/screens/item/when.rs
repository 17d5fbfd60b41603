//! Numbers that are times.

use jiff::Timestamp;

use crate::tui::text;

/// Words in a name that make its number a time.
const WORDS: &[&str] = &[
    "at",
    "created",
    "date",
    "deadline",
    "deleted",
    "epoch",
    "exp",
    "expiration",
    "expire",
    "expires",
    "expiry",
    "from",
    "iat",
    "last",
    "modified",
    "nbf",
    "on",
    "seen",
    "since",
    "time",
    "timestamp",
    "ts",
    "ttl",
    "until",
    "updated",
    "when",
];

/// The time a number stands for: seconds under the name of the TTL attribute; else seconds, milliseconds, microseconds
/// or nanoseconds of this century under a name that speaks of time. `None` for any other number.
///
/// The TTL attribute holds seconds (Developer Guide, "Using time to live (TTL) in DynamoDB").
pub(super) fn time(name: &str, number: &str, ttl: bool) -> Option<Timestamp> {
    let whole: i64 = number.parse().ok()?;
    if ttl {
        return Timestamp::from_second(whole).ok();
    }
    if !words(name).any(|w| WORDS.contains(&w.as_str())) {
        return None;
    }
    let at = match number.len() {
        9 | 10 => Timestamp::from_second(whole),
        12 | 13 => Timestamp::from_millisecond(whole),
        15 | 16 => Timestamp::from_microsecond(whole),
        18 | 19 => Timestamp::from_nanosecond(i128::from(whole)),
        _ => return None,
    };
    // 2000 to 2100: else it is an amount.
    at.ok().filter(|at| (946_684_800..4_102_444_800).contains(&at.as_second()))
}

/// How far from now a time is: `in 3 h`; under a name that says when something ends, `expires in 3 h`.
pub(super) fn told(name: &str, at: Timestamp, now: Timestamp) -> String {
    const ENDS: &[&str] = &["exp", "expiration", "expire", "expires", "expiry"];
    let relative = text::relative(at, now);
    match words(name).any(|w| ENDS.contains(&w.as_str())) {
        true if at <= now => format!("expired {relative}"),
        true => format!("expires {relative}"),
        false => relative,
    }
}

/// `lastSeenAt`, `last_seen-at`: last, seen, at.
fn words(name: &str) -> impl Iterator<Item = String> {
    let mut words = vec![String::new()];
    let mut lower = false;
    for c in name.chars() {
        if !c.is_ascii_alphanumeric() || lower && c.is_ascii_uppercase() {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| c.is_ascii_alphanumeric()) {
            word.push(c.to_ascii_lowercase());
        }
        lower = c.is_ascii_lowercase();
    }
    words.into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, number: &str, ttl: bool, expect: Option<&str>) {
        let told = time(name, number, ttl).map(|t| t.to_string());
        assert_eq!(told.as_deref(), expect, "{name} {number}");
    }

    #[test]
    fn tells_times_from_amounts() {
        let day = Some("2024-11-19T07:06:40Z");
        check("expires_at", "1732000000", false, day);
        check("createdAt", "1732000000000", false, day);
        check("ts", "1732000000000000", false, day);
        check("lastSeen", "1732000000000000000", false, day);
        check("total", "1732000000", false, None);
        check("format", "1732000000", false, None);
        check("created", "17", false, None);
        check("created", "9999999999", false, None);
        check("created", "1732000000.5", false, None);
        check("x", "1732000000", true, day);
        check("x", "99999999999999999", true, None);
        check("x", "soon", true, None);
    }

    #[test]
    fn says_when_something_ends() {
        let at = |s| Timestamp::from_second(s).expect("in range");
        let check =
            |name: &str, seconds: i64, expect: &str| assert_eq!(told(name, at(seconds), at(864_000)), expect);
        check("exp", 864_000 + 10_800, "expires in 3 h");
        check("expires_at", 864_000 - 172_800, "expired 2 d ago");
        check("iat", 0, "10 d ago");
    }
}
