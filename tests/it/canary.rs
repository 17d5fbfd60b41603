//! Looks for planted secrets where none may be: in output, logs, reports, and in every byte sent to a terminal.
//!
//! A mask may show a secret's documented prefix and its last four characters. Any other eight characters in a
//! row are a leak, also as base64 (at any of the three offsets, both alphabets), as hexadecimal, and escaped
//! for a URL, for JSON or for HTML.

use std::collections::HashMap;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// How many characters in a row are a leak.
const WINDOW: usize = 8;

/// The same length in base64, whole characters only: 8 bytes are 10 characters and 4 bits.
const BASE64_WINDOW: usize = 10;

/// What to look for: the forms of many secrets, in one pass over the text.
///
/// Every form is filed under its first eight bytes, and most positions of a text are settled by one bit of a
/// table: 50 secrets in 10 MB are found in seconds, in a debug build too.
pub struct Watch {
    needles: HashMap<u64, Vec<Needle>>,
    maybe: Vec<u64>,
}

struct Needle {
    bytes: Vec<u8>,
    /// The position of the secret among those that were given.
    secret: usize,
    form: &'static str,
}

/// A form of a secret that was found.
#[derive(Debug, PartialEq)]
pub struct Leak {
    /// The position of the secret among those that were given.
    pub secret: usize,
    /// In what form.
    pub form: &'static str,
    /// At what byte of the text.
    pub at: usize,
}

impl Watch {
    /// For secrets, each with how many leading characters a mask may show.
    ///
    /// # Panics
    /// If fewer than eight characters of a secret are hidden: nothing could be told from chance.
    pub fn new<'a>(secrets: impl IntoIterator<Item = (&'a str, usize)>) -> Self {
        let mut watch = Self { needles: HashMap::new(), maybe: vec![0; 1 << 14] };
        for (n, (secret, prefix)) in secrets.into_iter().enumerate() {
            let hidden: String = secret.chars().skip(prefix).collect();
            assert!(hidden.chars().count() >= WINDOW, "secret {n} hides fewer than {WINDOW} characters");
            for (form, bytes) in forms(&hidden) {
                watch.add(Needle { bytes, secret: n, form });
            }
        }
        watch
    }

    /// The first leak of each secret in each form.
    pub fn leaks(&self, text: &[u8]) -> Vec<Leak> {
        let mut leaks: Vec<Leak> = Vec::new();
        for (at, head) in text.windows(WINDOW).enumerate() {
            let head = head_of(head);
            let (word, bit) = slot(head);
            if self.maybe[word] & bit == 0 {
                continue;
            }
            for needle in self.needles.get(&head).into_iter().flatten() {
                let seen = leaks.iter().any(|l| l.secret == needle.secret && l.form == needle.form);
                if !seen && text[at..].starts_with(&needle.bytes) {
                    leaks.push(Leak { secret: needle.secret, form: needle.form, at });
                }
            }
        }
        leaks
    }

    fn add(&mut self, needle: Needle) {
        let head = head_of(&needle.bytes);
        let (word, bit) = slot(head);
        self.maybe[word] |= bit;
        self.needles.entry(head).or_default().push(needle);
    }
}

/// How and where a text leaks one secret, of which a mask may show `allowed_prefix` characters and the last four.
pub fn leaks(text: &[u8], secret: &str, allowed_prefix: usize) -> Option<String> {
    let leak = Watch::new([(secret, allowed_prefix)]).leaks(text).into_iter().next()?;
    Some(format!("{} at byte {}", leak.form, leak.at))
}

/// The least that leaks of what is hidden, in every form. Each is at least eight bytes long.
///
/// `hidden` ends with the last four characters, which may be shown, but not with four more before them.
fn forms(hidden: &str) -> Vec<(&'static str, Vec<u8>)> {
    let mut forms = Vec::new();
    let starts: Vec<usize> = hidden.char_indices().map(|(n, _)| n).chain([hidden.len()]).collect();
    for ends in starts.windows(WINDOW + 1) {
        let window = &hidden[ends[0]..ends[WINDOW]];
        let percent = utf8_percent_encode(window, NON_ALPHANUMERIC).to_string();
        let every = |prefix: &str| -> String { window.bytes().map(|b| format!("{prefix}{b:02X}")).collect() };
        let hex = every("");
        let json = serde_json::to_string(window).expect("text is JSON");
        let json = json[1..json.len() - 1].to_owned();
        let html =
            window.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;");
        let spelled = [
            ("clear text", window.to_owned()),
            ("hexadecimal", hex.to_lowercase()),
            ("hexadecimal", hex),
            // Lower-case digits are valid, and `-._~` may stand for themselves.
            ("URL escapes", lower_escapes(&percent)),
            ("URL escapes", unreserved(&percent)),
            ("URL escapes", percent),
            ("URL escapes", every("%")),
            ("JSON escapes", json.replace('/', "\\/")),
            ("JSON escapes", window.encode_utf16().map(|u| format!("\\u{u:04x}")).collect()),
            ("JSON escapes", json),
            ("HTML escapes", html.replace('\'', "&#39;")),
            ("HTML escapes", html),
        ];
        for (n, (form, text)) in spelled.into_iter().enumerate() {
            if n == 0 || text != window {
                forms.push((form, text.into_bytes()));
            }
        }
    }
    for before in 0..3 {
        let shifted = [&[0; 3][..before], hidden.as_bytes()].concat();
        // Only characters that hold nothing but bits of the secret.
        let (first, last) = ((before * 8).div_ceil(6), shifted.len() * 8 / 6);
        for alphabet in [STANDARD_NO_PAD, URL_SAFE_NO_PAD] {
            let text = alphabet.encode(&shifted);
            let whole = text.as_bytes()[first..last].windows(BASE64_WINDOW);
            forms.extend(whole.map(|window| ("base64", window.to_vec())));
        }
    }
    forms.sort();
    forms.dedup_by(|a, b| a.1 == b.1);
    forms
}

fn lower_escapes(percent: &str) -> String {
    let mut pieces = percent.split('%');
    let first = pieces.next().unwrap_or_default().to_owned();
    // Every later piece begins with the two digits of an escape.
    pieces.fold(first, |text, piece| format!("{text}%{}{}", piece[..2].to_lowercase(), &piece[2..]))
}

fn unreserved(percent: &str) -> String {
    percent.replace("%2D", "-").replace("%2E", ".").replace("%5F", "_").replace("%7E", "~")
}

fn head_of(bytes: &[u8]) -> u64 {
    u64::from_le_bytes(bytes[..WINDOW].try_into().expect("needles and windows are eight bytes or more"))
}

/// The bit of the table that settles most positions: 20 bits of a multiplicative hash.
fn slot(head: u64) -> (usize, u64) {
    let hash = head.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 44;
    ((hash >> 6) as usize, 1 << (hash & 63))
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;

    /// Obviously made up, with characters that every escape changes; a mask may show `fake_`.
    const SECRET: &str = "fake_q7/+&\"é<Zp0-x~KdW3'uNo.Vr5=tail";
    const PREFIX: usize = 5;

    fn check(form: &str, text: impl AsRef<[u8]>) {
        let padded = [b"some text ".as_slice(), text.as_ref(), b" and more"].concat();
        let found = leaks(&padded, SECRET, PREFIX).unwrap_or_default();
        assert!(found.starts_with(form), "{form} wanted, {found:?} found");
    }

    fn part() -> String {
        SECRET.chars().skip(7).take(20).collect()
    }

    #[test]
    fn every_form_is_found() {
        check("clear text", SECRET);
        check("clear text", SECRET.chars().skip(PREFIX).take(WINDOW).collect::<String>());
        // Four hidden ones and the last four.
        let count = SECRET.chars().count();
        check("clear text", SECRET.chars().skip(count - WINDOW).collect::<String>());
        for before in ["", "a", "ab"] {
            for after in ["", "z", "zz"] {
                let text = format!("{before}{SECRET}{after}");
                check("base64", STANDARD_NO_PAD.encode(&text));
                check("base64", URL_SAFE_NO_PAD.encode(&text));
            }
        }
        let hex: String = part().bytes().map(|b| format!("{b:02x}")).collect();
        check("hexadecimal", &hex);
        check("hexadecimal", hex.to_uppercase());
        let url = utf8_percent_encode(&part(), NON_ALPHANUMERIC).to_string();
        check("URL escapes", &url);
        check("URL escapes", unreserved(&url));
        check(
            "URL escapes",
            url.replace("%C3%A9", "%c3%a9").replace("%3C", "%3c").replace("%2F", "%2f").replace("%2B", "%2b"),
        );
        check("URL escapes", part().bytes().map(|b| format!("%{b:02X}")).collect::<String>());
        let special: String = SECRET.chars().skip(PREFIX).take(9).collect();
        check("JSON escapes", special.replace('"', "\\\""));
        check("JSON escapes", special.replace('"', "\\\"").replace('/', "\\/"));
        check("JSON escapes", part().encode_utf16().map(|u| format!("\\u{u:04x}")).collect::<String>());
        check("HTML escapes", special.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;"));
    }

    #[test]
    fn both_alphabets_are_found() {
        // In every ten characters of it the two alphabets differ.
        let secret = "~?>".repeat(8);
        let standard = STANDARD_NO_PAD.encode(&secret);
        let url_safe = URL_SAFE_NO_PAD.encode(&secret);
        assert!(standard.contains('+') && url_safe.contains('-'));
        assert!(leaks(standard.as_bytes(), &secret, 0).is_some());
        assert!(leaks(url_safe.as_bytes(), &secret, 0).is_some());
    }

    #[test]
    fn what_a_mask_shows_is_no_leak() {
        let count = SECRET.chars().count();
        let masked: String = SECRET
            .chars()
            .take(PREFIX)
            .chain("••••••••".chars())
            .chain(SECRET.chars().skip(count - 4))
            .collect();
        assert_eq!(leaks(masked.as_bytes(), SECRET, PREFIX), None);
        let seven: String = SECRET.chars().skip(PREFIX + 3).take(WINDOW - 1).collect();
        assert_eq!(leaks(seven.as_bytes(), SECRET, PREFIX), None);
        assert_eq!(leaks(b"", SECRET, PREFIX), None);
        assert_eq!(leaks("nothing of the kind".repeat(50).as_bytes(), SECRET, PREFIX), None);
    }

    #[test]
    #[should_panic(expected = "hides fewer than 8")]
    fn a_secret_too_short_to_tell_is_refused() {
        leaks(b"", "fake_1234567", 5);
    }

    #[test]
    fn each_secret_is_told_by_its_position() {
        let other = format!("other{}", "Q8s".repeat(9));
        let watch = Watch::new([(SECRET, PREFIX), (&other, 0)]);
        let leaks = watch.leaks(format!("{other} {other}").as_bytes());
        assert_eq!(leaks, [Leak { secret: 1, form: "clear text", at: 0 }]);
    }

    #[test]
    fn fifty_secrets_in_four_megabytes_take_seconds() {
        // A chain of squares is random enough, and the same every time.
        let mut seed = 12345_u64;
        let mut random = |length: usize| -> String {
            let mut next = || {
                seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
                char::from(b"abcdefghijklmnopqrstuvwxyz012345"[(seed >> 59) as usize])
            };
            (0..length).map(|_| next()).collect()
        };
        let secrets: Vec<String> = (0..50).map(|_| random(80)).collect();
        let text = random(1 << 12).repeat(1 << 10);
        let start = Instant::now();
        let watch = Watch::new(secrets.iter().map(|s| (s.as_str(), 4)));
        assert_eq!(watch.leaks(text.as_bytes()), []);
        let planted = format!("{text}{}", &secrets[49][20..30]);
        assert_eq!(watch.leaks(planted.as_bytes()).len(), 1);
        assert!(start.elapsed() < Duration::from_secs(30), "{:?}", start.elapsed());
    }
}
