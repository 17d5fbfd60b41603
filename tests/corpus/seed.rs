//! A small seeded generator, and the templates that kinds are written in.
//!
//! In a template `<a:36>` stands for 36 characters of an alphabet and `<a:20-40>` for 20 to 40 of them. The rest of
//! the words are in [`Seed::word`]; `<<` is a plain `<`. A template is never itself shaped like a secret, so none
//! stands in the repository.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};

const DIGITS: &str = "0123456789";
const LOWER: &str = "abcdefghijklmnopqrstuvwxyz";
const UPPER: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const BASE58: &str = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

/// Words for names, hosts and sentences; none is about secrets.
pub const WORDS: &[&str] = &[
    "orchid", "harbour", "lantern", "meadow", "copper", "violet", "timber", "falcon", "pebble", "marble",
    "saffron", "willow", "cedar", "ember", "glacier", "juniper", "kestrel", "linen", "maple", "nectar",
    "opal", "prairie", "quartz", "raven", "sparrow", "thistle", "umber", "velvet", "walnut", "yarrow",
];

/// Random fills of this length or more are what must not be shown.
const SECRET: usize = 16;

/// SplitMix64 (Steele, Lea and Flood, 2014): small, and the same on every machine.
pub struct Seed {
    state: u64,
    /// The random parts drawn since the last [`Seed::drawn`].
    secrets: Vec<String>,
}

impl Seed {
    /// The same numbers for the same seed and the same text.
    pub fn of(seed: u64, text: &str) -> Self {
        let digest = Sha256::digest(text.as_bytes());
        let own = digest.iter().take(8).fold(0u64, |sum, b| sum << 8 | u64::from(*b));
        Self { state: seed ^ own, secrets: Vec::new() }
    }

    pub fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number from `low` to `high`, both included.
    pub fn number(&mut self, low: u64, high: u64) -> u64 {
        low + self.next() % (high - low + 1)
    }

    pub fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[(self.next() % from.len() as u64) as usize]
    }

    pub fn bytes(&mut self, length: usize) -> Vec<u8> {
        (0..length).map(|_| (self.next() >> 24) as u8).collect()
    }

    /// The random parts since the last call: what of a secret must stay hidden.
    pub fn drawn(&mut self) -> Vec<String> {
        std::mem::take(&mut self.secrets)
    }

    fn from(&mut self, alphabet: &str, length: usize) -> String {
        (0..length).map(|_| char::from(self.pick(alphabet.as_bytes()))).collect()
    }

    /// Keeps a random part; gives it back.
    pub fn secret(&mut self, text: String) -> String {
        if text.len() >= SECRET {
            self.secrets.push(text.clone());
        }
        text
    }

    /// A template, filled.
    pub fn fill(&mut self, template: &str) -> String {
        let mut out = String::new();
        let mut rest = template;
        while let Some(at) = rest.find('<') {
            out.push_str(&rest[..at]);
            rest = &rest[at + 1..];
            if let Some(after) = rest.strip_prefix('<') {
                out.push('<');
                rest = after;
                continue;
            }
            let mut depth = 1;
            let end = rest.find(|c| {
                depth += i32::from(c == '<') - i32::from(c == '>');
                depth == 0
            });
            let end = end.unwrap_or_else(|| panic!("a word without its end: {template}"));
            let word = self.word(&rest[..end], &out);
            out.push_str(&word);
            rest = &rest[end + 1..];
        }
        out.push_str(rest);
        out
    }

    /// One word of a template; `before` is what was filled so far.
    fn word(&mut self, word: &str, before: &str) -> String {
        if let Some((encoding, inner)) = word.split_once(' ') {
            let text = self.fill(inner);
            let encoded = match encoding {
                "b64" => STANDARD.encode(text),
                "b64u" => URL_SAFE_NO_PAD.encode(text),
                "pem" => return self.pem(&text),
                "url" => return percent(&text),
                _ => panic!("no encoding {encoding}"),
            };
            return self.secret(encoded);
        }
        let (name, size) = word.split_once(':').unwrap_or((word, "1"));
        let (low, high) = size.split_once('-').unwrap_or((size, size));
        let bound = |text: &str| text.parse::<u64>().unwrap_or_else(|_| panic!("no length: {word}"));
        let (low, high) = (bound(low), bound(high));
        let size = self.number(low, high);
        let length = size as usize;
        let alphabet = match name {
            "d" => DIGITS.to_owned(),
            "x" => [DIGITS, "abcdef"].concat(),
            "X" => [DIGITS, "ABCDEF"].concat(),
            "a" => [DIGITS, UPPER, LOWER].concat(),
            "l" => [DIGITS, LOWER].concat(),
            "u" => [DIGITS, UPPER].concat(),
            "L" => [UPPER, LOWER].concat(),
            // RFC 4648 base32; Crockford's; bech32 (BIP 173) in capitals; base58.
            "b" => [UPPER, "234567"].concat(),
            "c" => "0123456789ABCDEFGHJKMNPQRSTVWXYZ".to_owned(),
            "k" => "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L".to_owned(),
            "B" => BASE58.to_owned(),
            "w" => [UPPER, LOWER, DIGITS, "-_"].concat(),
            "s" => [UPPER, LOWER, DIGITS, "+/"].concat(),
            // The base64 of crypt(5), which has a dot where others have a plus.
            "y" => ["./", DIGITS, UPPER, LOWER].concat(),
            _ => return self.named(name, size, before),
        };
        let text = self.from(&alphabet, length);
        self.secret(text)
    }

    /// The words that are no alphabet. What they give is public, but for `bytes`, `bech` and the wallets.
    fn named(&mut self, name: &str, size: u64, before: &str) -> String {
        let length = size as usize;
        match name {
            // Base64 of this many random bytes, with its padding.
            "bytes" => {
                let text = STANDARD.encode(self.bytes(length));
                self.secret(text)
            }
            // The CRC-32 of the last characters in six digits of base62, as GitHub and npm end their tokens.
            "crc62" => crc62(&before[before.len() - length..]),
            "id" => self.from("0123456789abcdef", length),
            "ID" => self.from("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", length),
            "num" => size.to_string(),
            "w1" => self.pick(WORDS).to_owned(),
            "words" => (0..length).map(|_| self.pick(WORDS)).collect::<Vec<_>>().join(" "),
            "Words" => {
                let text = (0..length).map(|_| self.pick(WORDS)).collect::<Vec<_>>().join(" ");
                text[..1].to_uppercase() + &text[1..]
            }
            "host" => format!("{}.{}.example.com", self.pick(WORDS), self.pick(WORDS)),
            "mail" => format!("{}.{}@example.com", self.pick(WORDS), self.pick(WORDS)),
            "region" => self.pick(&["us-east-1", "eu-central-1", "ap-southeast-2"]).to_owned(),
            // RFC 9562, version 4.
            "uuid" => {
                let x = self.from("0123456789abcdef", 32);
                let y = self.pick(&["8", "9", "a", "b"]);
                format!("{}-{}-4{}-{y}{}-{}", &x[..8], &x[8..12], &x[13..16], &x[17..20], &x[20..])
            }
            "ulid" => format!("01J{}", self.from("0123456789ABCDEFGHJKMNPQRSTVWXYZ", 23)),
            "ksuid" => format!("2{}", self.from(&[DIGITS, UPPER, LOWER].concat(), 26)),
            "nanoid" => self.from(&[UPPER, LOWER, DIGITS, "-_"].concat(), 21),
            "iso" => {
                let (m, d, h) = (self.number(1, 12), self.number(1, 28), self.number(0, 23));
                let (min, s) = (self.number(0, 59), self.number(0, 59));
                format!("2026-{m:02}-{d:02}T{h:02}:{min:02}:{s:02}Z")
            }
            "epoch" => self.number(1_760_000_000, 1_799_000_000).to_string(),
            // A private key and an extended one (Bitcoin wiki "Wallet import format", BIP 32), with checksums.
            "wif" => {
                let body = [vec![0x80], self.bytes(32), vec![1]].concat();
                self.base58check(&body)
            }
            "xprv" => {
                let head = [vec![0x04, 0x88, 0xAD, 0xE4, 3], self.bytes(4), vec![0, 0, 0, 2]].concat();
                let body = [head, self.bytes(32), vec![0], self.bytes(32)].concat();
                self.base58check(&body)
            }
            // A macaroon of pypi.org in the binary format (version 2): location, identifier, one caveat, signature.
            "pypi" => {
                let id = self.named("uuid", 1, "");
                let caveat =
                    format!("{{\"version\": 1, \"permissions\": \"user\", \"n\": {}}}", self.number(10, 99));
                let field = |tag: u8, body: &[u8]| [&[tag, body.len() as u8], body].concat();
                let signature = self.bytes(32);
                let body = [
                    vec![2],
                    field(1, b"pypi.org"),
                    field(2, id.as_bytes()),
                    vec![0],
                    field(2, caveat.as_bytes()),
                    vec![0, 0],
                    field(6, &signature),
                ];
                let text = URL_SAFE_NO_PAD.encode(body.concat());
                self.secret(text[16..].to_owned());
                text
            }
            _ => panic!("no word {name}"),
        }
    }

    fn base58check(&mut self, body: &[u8]) -> String {
        let check = Sha256::digest(Sha256::digest(body));
        let mut number = [body, &check[..4]].concat();
        let mut out = Vec::new();
        while number.iter().any(|b| *b != 0) {
            let mut left = 0u32;
            for byte in &mut number {
                left = left << 8 | u32::from(*byte);
                *byte = (left / 58) as u8;
                left %= 58;
            }
            out.push(BASE58.as_bytes()[left as usize]);
        }
        out.reverse();
        let text = String::from_utf8_lossy(&out).into_owned();
        self.secret(text)
    }

    /// A PEM block (RFC 7468) of that label, its body a DER sequence of random content.
    fn pem(&mut self, label: &str) -> String {
        let body = STANDARD.encode(self.der(608));
        let lines: Vec<String> =
            body.as_bytes().chunks(64).map(|line| String::from_utf8_lossy(line).into_owned()).collect();
        for line in &lines[1..] {
            self.secret(line.clone());
        }
        format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
    }

    /// A PKCS #8 key of RSA (RFC 5208): the version, the algorithm, and an octet string of random content.
    pub fn der(&mut self, inner: usize) -> Vec<u8> {
        let long = |tag: u8, body: Vec<u8>| {
            let length = (body.len() as u16).to_be_bytes();
            [vec![tag, 0x82], length.to_vec(), body].concat()
        };
        let version = vec![2, 1, 0];
        let rsa = vec![0x30, 13, 6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 13, 1, 1, 1, 5, 0];
        let key = long(4, self.bytes(inner));
        long(0x30, [version, rsa, key].concat())
    }
}

fn percent(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}

fn crc62(text: &str) -> String {
    let alphabet = [DIGITS, UPPER, LOWER].concat();
    let mut left = crc32fast::hash(text.as_bytes());
    let mut out = Vec::new();
    for _ in 0..6 {
        out.push(alphabet.as_bytes()[(left % 62) as usize]);
        left /= 62;
    }
    out.reverse();
    String::from_utf8_lossy(&out).into_owned()
}
