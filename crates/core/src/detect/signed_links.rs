//! When a signed link ends: the link says so itself, and one that is over opens nothing.

use std::ops::Range;

use jiff::Timestamp;
use jiff::ToSpan;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// How much around the signature belongs to the link at most, in bytes.
const AROUND: usize = 4096;

/// When the link around a signature ends, where it says so: S3 and Google Cloud Storage (a date and seconds from then), Azure
/// (`se`), CloudFront and others (`Expires`, seconds since 1970).
pub(super) fn end(text: &str, signature: &Range<usize>) -> Option<Timestamp> {
    let ends = |b: u8| b.is_ascii_whitespace() || b"\"'<>`".contains(&b);
    let bytes = text.as_bytes();
    let before = bytes.get(..signature.start)?.iter().rev().take(AROUND).take_while(|b| !ends(**b)).count();
    let after = bytes.get(signature.end..)?.iter().take(AROUND).take_while(|b| !ends(**b)).count();
    let link = text.get(signature.start - before..signature.end + after)?;
    let value = |name: &str| {
        let pairs = link.split(['?', '&', ';']).filter_map(|pair| pair.split_once('='));
        pairs.into_iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    };
    let from = |date: &str, seconds: &str| {
        let made = DateTime::strptime("%Y%m%dT%H%M%SZ", value(date)?).ok()?.to_zoned(TimeZone::UTC).ok()?;
        let seconds: i64 = value(seconds)?.parse().ok().filter(|n| (0..=i64::from(i32::MAX)).contains(n))?;
        made.timestamp().checked_add(seconds.seconds()).ok()
    };
    let azure = || value("se")?.replace("%3A", ":").replace("%3a", ":").parse().ok();
    let epoch = || Timestamp::from_second(value("expires")?.parse().ok()?).ok();
    from("x-amz-date", "x-amz-expires")
        .or_else(|| from("x-goog-date", "x-goog-expires"))
        .or_else(azure)
        .or_else(epoch)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_says_when_it_ends() {
        let check = |link: &str, expect: Option<&str>| {
            let text = format!("see {link} now");
            let at = text.find("SIG").expect("the signature");
            let expect = expect.map(|at| at.parse().expect("a time"));
            assert_eq!(end(&text, &(at..at + 3)), expect, "{link}");
        };
        check(
            "https://k/a?X-Amz-Date=20200101T000000Z&X-Amz-Expires=3600&X-Amz-Signature=SIG",
            Some("2020-01-01T01:00:00Z"),
        );
        check(
            "https://k/a?X-Goog-Expires=60&X-Goog-Date=20200101T000000Z&X-Goog-Signature=SIG",
            Some("2020-01-01T00:01:00Z"),
        );
        check("https://k/a?sv=1&se=2020-01-01T00%3A00%3A00Z&sig=SIG", Some("2020-01-01T00:00:00Z"));
        check("https://k/a?Expires=1577836800&Signature=SIG&Key-Pair-Id=K", Some("2020-01-01T00:00:00Z"));
        check("https://k/a?Signature=SIG", None);
        check("https://k/a?X-Amz-Date=soon&X-Amz-Expires=-1&X-Amz-Signature=SIG", None);
    }
}
