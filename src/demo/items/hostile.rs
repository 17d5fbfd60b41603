//! Items that attack whoever prints them.

use super::super::random::Random;
use super::super::row::{Row, b, list, map, n, row, s, secret, text_with};
use super::super::secret::{github_token, stripe_key};
use super::iso_hours_ago;

/// Values that do something to a terminal, a layout or a reader: name and text.
const ATTACKS: &[(&str, &str)] = &[
    ("colour", "\u{1b}[31;1mroot logged in\u{1b}[0m"),
    ("clear screen", "\u{1b}[2J\u{1b}[H\u{1b}]0;owned\u{7}nothing to see"),
    ("clipboard", "\u{1b}]52;c;cm0gLXJmIC8K\u{7}copied for you"),
    ("link", "\u{1b}]8;;https://evil.example\u{1b}\\https://shop.example\u{1b}]8;;\u{1b}\\"),
    ("device query", "\u{1b}[c\u{1b}[6n\u{1b}P$q q\u{1b}\\"),
    ("c1 controls", "\u{9b}31mred\u{9d}0;title\u{9c}"),
    ("bidi override", "user\u{202e}gpj.exe\u{202c}, \u{2066}isolated\u{2069}"),
    ("nul and bells", "before\u{0}after\u{7}\u{8}\u{8}\u{8}\u{7f}"),
    ("newlines", "line one\r\nline two\rline three\u{2028}line four\u{85}line five"),
    ("wide", "全角文字の監査記録、絵文字👩‍👩‍👧‍👦と結合文字 e\u{301}\u{323}"),
    ("zalgo", "l\u{334}\u{321}o\u{335}\u{322}g\u{336}\u{328}\u{30d}\u{30e}\u{304}\u{305}"),
    ("zero width", "pass\u{200b}word\u{feff}\u{200d}\u{2060}"),
    ("format string", "%s%s%n {0} ${HOME} $(id) `id` '; DROP TABLE audit; --"),
    ("markup", "</script><script>alert(1)</script> [x](javascript:alert(1)) |a|b|"),
    ("tags", "plain\u{e0041}\u{e0042}\u{e007f}"),
];

/// Audit records as anybody who can reach the login form may write them.
pub(in super::super) fn audit_log() -> Vec<Row> {
    let mut rows: Vec<Row> = (0..90).map(|number| event(number, "login", "10.2.0.7")).collect();
    rows.extend(ATTACKS.iter().enumerate().map(|(at, (name, text))| {
        let mut record = event(100 + at as u64, name, text);
        // The name of an attribute is as free as its value.
        record.push(((*text).to_owned(), s("as a name")));
        record.extend(row([("nested", map([(text, list([s(*text), s(*text)]))]))]));
        record
    }));
    rows.push(among_escapes());
    rows.push(deep());
    rows.push(long());
    rows.push(cut_off());
    rows
}

fn event(number: u64, action: &str, agent: &str) -> Row {
    let random = &mut Random::named(&format!("event {number}"));
    row([
        ("event_id", s(format!("evt-{number:05}"))),
        ("at", s(iso_hours_ago(number))),
        ("user_id", n(1001 + random.below(120))),
        ("action", s(action)),
        ("agent", s(agent)),
    ])
}

/// Secrets hidden between escape sequences and in binary.
fn among_escapes() -> Row {
    let (token, key) = (github_token("audit"), stripe_key("audit"));
    let coloured = format!("\u{1b}[8m{}\u{1b}[0m", token.value);
    let mut record = event(200, "token used", "curl/8");
    record.extend(row([
        ("header", text_with(coloured, vec![token])),
        ("key", secret(key)),
        ("raw", b([0x1b, 0x5b, 0x32, 0x4a, 0x00, 0xff, 0xfe])),
    ]));
    record
}

/// As deep as DynamoDB allows (Developer Guide, "Service quotas": 32 levels).
fn deep() -> Row {
    let mut cell = s("bottom");
    for level in 0..30 {
        cell = if level % 2 == 0 { list([cell]) } else { map([("in", cell)]) };
    }
    let mut record = event(201, "deep", "nested");
    record.extend(row([("depth", cell)]));
    record
}

/// A compressed log of which the end is missing: what was in it nobody can tell. It is what `scan --demo` exits with 3 for.
fn cut_off() -> Row {
    let text = "2026-11-20T07:12:44Z info import started by evt-00203\n".repeat(8);
    // RFC 1952, 2.3: a header without a name; RFC 1951, 3.2.4: one block that is not compressed.
    let mut bytes = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff, 1];
    let said = 4 * text.len() as u16;
    bytes.extend(said.to_le_bytes());
    bytes.extend((!said).to_le_bytes());
    bytes.extend(text.as_bytes());
    let mut record = event(203, "import", "loader/2");
    record.extend(row([("log_gz", b(bytes))]));
    record
}

/// One long line.
fn long() -> Row {
    event(202, "long", &"A very long line that never ends. ".repeat(600))
}
