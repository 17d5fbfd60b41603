//! Numbers and times for people.

use jiff::{SignedDuration, Timestamp};

use crate::audit::Counts;
use crate::domain::{Failure, Safe, Severity};
use crate::tui::theme::glyph;

/// A number with commas: `12,345`.
pub use crate::domain::grouped as count;

/// What went wrong and what to do next, without the last full stop: more may follow.
pub fn advice(failure: &Failure) -> String {
    format!("{}. Next: {}", bare(&failure.message), bare(&failure.next))
}

/// A sentence without what ends it.
pub fn bare(sentence: &str) -> String {
    let sentence = Safe::neutral(sentence);
    sentence.trim_end_matches(|c: char| ".:;,".contains(c) || c.is_whitespace()).to_owned()
}

/// How many there are of each severity, the worst first and none below `least`: `‼1`, `!2`, `▲3`.
pub fn by_glyph(counts: &Counts, least: Severity) -> Vec<String> {
    let shown = Severity::ALL.iter().rev().filter(|s| counts[**s as usize] > 0 && **s >= least);
    shown.map(|s| format!("{}{}", glyph(*s), counts[*s as usize])).collect()
}

/// `999 B`, `1.2 KB`, `3.4 GB`.
pub fn bytes(n: u64) -> String {
    const UNITS: [&str; 5] = ["B", "KB", "MB", "GB", "TB"];
    let mut value = n as f64;
    let mut unit = 0;
    while value >= 1000.0 && unit + 1 < UNITS.len() {
        value /= 1024.0;
        unit += 1;
    }
    if unit == 0 { format!("{n} B") } else { format!("{value:.1} {}", UNITS[unit]) }
}

/// What takes longer than this says how far it is.
pub const FELT: SignedDuration = SignedDuration::from_millis(200);

/// `, 120/s, about 8 s left`, from how long it took so far and how much of all was done in it (0 if that is not
/// known); nothing before it is felt.
pub fn pace(took: SignedDuration, items: u64, done: u64, all: u64) -> String {
    let Ok(ms) = u64::try_from(took.as_millis()) else { return String::new() };
    if took < FELT || items == 0 {
        return String::new();
    }
    let left = ms.saturating_mul(all.saturating_sub(done)).checked_div(done).map(|ms| ms.div_ceil(1000));
    let left = left.filter(|_| all > 0).map_or_else(String::new, |s| format!(", about {s} s left"));
    format!(", {}/s{left}", count(items.saturating_mul(1000) / ms))
}

/// `in 3 h`, `12 d ago`.
pub fn relative(at: Timestamp, now: Timestamp) -> String {
    let seconds = at.as_second() - now.as_second();
    let span = seconds.unsigned_abs();
    let text = match span {
        0..60 => format!("{span} s"),
        60..3600 => format!("{} min", span / 60),
        3600..172_800 => format!("{} h", span / 3600),
        _ => format!("{} d", span / 86_400),
    };
    if seconds >= 0 { format!("in {text}") } else { format!("{text} ago") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_well() {
        assert_eq!([count(7), count(999), count(1000), count(1_234_567)], ["7", "999", "1,000", "1,234,567"]);
        assert_eq!([bytes(0), bytes(999), bytes(1000), bytes(5 << 30)], ["0 B", "999 B", "1.0 KB", "5.0 GB"]);
        let ms = SignedDuration::from_millis;
        assert_eq!([pace(ms(199), 9, 1, 2), pace(ms(2000), 9, 0, 2)], ["", ", 4/s"]);
        assert_eq!(pace(ms(200), 166, 0, 0), ", 830/s");
        assert_eq!(pace(ms(4000), 400, 2, 6), ", 100/s, about 8 s left");
        let at = |s| Timestamp::from_second(s).expect("in range");
        assert_eq!([relative(at(90), at(0)), relative(at(0), at(864_000))], ["in 1 min", "10 d ago"]);
    }
}
