//! Confirmations: what can be checked of a secret without the network, by name.

use base64::Engine;
use sha2::{Digest, Sha256};

use crate::detect::names;
use crate::domain::Confidence;

/// What a check says of a match.
pub(super) enum Check {
    /// It holds; the reason may carry a decoded public fact (an account id), never a part of the secret.
    Holds(Confidence, String),
    /// It fails: the confidence goes one step down, the match stays.
    Fails(&'static str),
    /// The issuer's own checksum is wrong, so the issuer never issued it: as [`Check::Fails`], and of low
    /// severity at most.
    Wrong(&'static str),
}

/// A named check.
pub(super) struct Confirm {
    /// The name rule files use.
    pub name: &'static str,
    /// What it does, for a person.
    pub how: &'static str,
    /// The check, given the matched secret.
    pub check: fn(&str) -> Check,
}

/// All of them.
pub(super) const CONFIRMATIONS: &[Confirm] = &[
    Confirm {
        name: "crc32-base62",
        how: "its last six characters are the CRC-32 of the rest, in base62",
        check: crc32_base62,
    },
    Confirm {
        name: "aws-account",
        how: "the key id decodes to the account it belongs to",
        check: aws_account,
    },
    Confirm {
        name: "mixed",
        how: "a name beside it, its length and alphabet, and that letters and digits are mixed in it",
        check: mixed,
    },
    Confirm {
        name: "has-digits",
        how: "a name beside it, its length and alphabet, and that it has digits, as words have not",
        check: has_digits,
    },
    Confirm {
        name: "mixed-and-no-id",
        how: "letters and digits are mixed in it, and it is no UUID, no ULID and no path of words",
        check: mixed_and_no_id,
    },
    Confirm {
        name: "discord-snowflake",
        how: "its first part decodes to the number of the bot's user",
        check: discord_snowflake,
    },
    Confirm {
        name: "base58check",
        how: "its last four bytes are the start of the double SHA-256 of the rest",
        check: base58check,
    },
    Confirm { name: "pypi-macaroon", how: "it is a macaroon made by pypi.org", check: pypi_macaroon },
];

/// The check of that name.
pub(super) fn named(name: &str) -> Option<&'static Confirm> {
    CONFIRMATIONS.iter().find(|c| c.name == name)
}

const BASE62: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// The six base62 characters that end a GitHub or npm token, from the part between prefix and checksum (GitHub
/// blog, "Behind GitHub's new authentication token formats", 2021).
pub(super) fn checksum(body: &str) -> String {
    let mut rest = crc32fast::hash(body.as_bytes());
    let mut digits = [b'0'; 6];
    for digit in digits.iter_mut().rev() {
        *digit = BASE62[(rest % 62) as usize];
        rest /= 62;
    }
    digits.iter().map(|b| char::from(*b)).collect()
}

fn crc32_base62(secret: &str) -> Check {
    let body = secret.rsplit_once('_').map_or(secret, |(_, body)| body);
    let split = body.len().saturating_sub(6);
    match (body.get(..split), body.get(split..)) {
        (Some(random), Some(sum)) if checksum(random) == sum => {
            Check::Holds(Confidence::Confirmed, "checksum valid".into())
        }
        _ => Check::Wrong("its checksum is wrong"),
    }
}

/// The account in an access key id: 40 bits of base32 after the four-letter prefix, shifted by one (works for
/// key ids made since 2019; older ones decode to nothing sensible).
pub(super) fn aws_account_of(id: &str) -> Option<String> {
    let mut bits: u64 = 0;
    for b in id.as_bytes().get(4..14)? {
        let digit = match b {
            b'A'..=b'Z' => b - b'A',
            b'2'..=b'7' => b - b'2' + 26,
            _ => return None,
        };
        bits = (bits << 5) | u64::from(digit);
    }
    // 50 bits read: the first 48 are the six bytes; the account is the 40 bits after the topmost one.
    let account = ((bits >> 2) & 0x7fff_ffff_ff80) >> 7;
    (account <= 999_999_999_999).then(|| format!("{account:012}"))
}

fn aws_account(secret: &str) -> Check {
    match aws_account_of(secret) {
        Some(account) => Check::Holds(Confidence::High, format!("belongs to AWS account {account}")),
        None => Check::Fails("no account id can be decoded from it"),
    }
}

fn mixed(secret: &str) -> Check {
    let has = |kind: fn(&u8) -> bool| secret.bytes().any(|b| kind(&b));
    if has(u8::is_ascii_digit) && has(u8::is_ascii_alphabetic) {
        Check::Holds(Confidence::Low, "letters and digits are mixed".into())
    } else if names::is_hex_key(secret) {
        Check::Holds(Confidence::Low, "too long for a word of these letters, or a number".into())
    } else {
        Check::Fails("letters alone, or digits alone: it may be a word or a number")
    }
}

fn has_digits(secret: &str) -> Check {
    match secret.bytes().any(|b| b.is_ascii_digit()) {
        true => Check::Holds(Confidence::Low, "it has digits".into()),
        false => Check::Fails("letters alone: it may be a word"),
    }
}

fn mixed_and_no_id(secret: &str) -> Check {
    let slug = secret
        .split(['-', '_'])
        .all(|part| part.bytes().all(|b| b.is_ascii_lowercase()) || part.bytes().all(|b| b.is_ascii_digit()));
    if names::is_mixed(secret) && !names::is_uuid(secret.as_bytes()) && !slug {
        Check::Holds(Confidence::Low, "letters and digits are mixed".into())
    } else {
        Check::Fails("an id or words")
    }
}

/// The first part of a bot's token is its user id in base64 (Discord, "API reference", snowflakes: 64 bits).
fn discord_snowflake(secret: &str) -> Check {
    let first = secret.split('.').next().unwrap_or_default();
    let id = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(first.trim_end_matches('='));
    match id.ok().and_then(|id| String::from_utf8(id).ok()?.parse::<u64>().ok()) {
        Some(id) if id >= 1 << 50 => Check::Holds(Confidence::High, format!("belongs to bot user {id}")),
        _ => Check::Fails("no user id can be decoded from it"),
    }
}

/// Base58Check (Bitcoin wiki): what private keys in wallet import format and extended keys of BIP 32 are written in.
fn base58check(secret: &str) -> Check {
    let bytes = base58(secret.trim()).unwrap_or_default();
    match bytes.len().checked_sub(4).map(|at| bytes.split_at(at)) {
        Some((body, sum)) if Sha256::digest(Sha256::digest(body)).starts_with(sum) => {
            Check::Holds(Confidence::Confirmed, "checksum valid".into())
        }
        _ => Check::Wrong("its checksum is wrong"),
    }
}

/// The bytes of a number in base58, of at most the length of an extended key.
fn base58(text: &str) -> Option<zeroize::Zeroizing<Vec<u8>>> {
    const ALPHABET: &[u8] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    if text.len() > 120 {
        return None;
    }
    // Little-endian while it grows.
    let mut bytes = zeroize::Zeroizing::new(Vec::with_capacity(120));
    for b in text.bytes() {
        let mut carry = ALPHABET.iter().position(|a| *a == b)?;
        for byte in bytes.iter_mut() {
            carry += usize::from(*byte) * 58;
            *byte = (carry & 0xff) as u8;
            carry >>= 8;
        }
        while carry > 0 {
            bytes.push((carry & 0xff) as u8);
            carry >>= 8;
        }
    }
    bytes.extend(text.bytes().take_while(|b| *b == b'1').map(|_| 0));
    bytes.reverse();
    Some(bytes)
}

fn pypi_macaroon(_: &str) -> Check {
    // The pattern itself holds the macaroon's version, length and location bytes.
    Check::Holds(Confidence::Confirmed, "a macaroon whose location is pypi.org".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_checksum_confirms_or_demotes() {
        let body = "FakeFakeFakeFakeFakeFakeFake01";
        let right = format!("{}{}{body}{}", "gh", "p_", checksum(body));
        assert!(matches!(crc32_base62(&right), Check::Holds(Confidence::Confirmed, _)));
        let wrong = format!("{}{}{body}{}", "gh", "p_", "000000");
        assert!(matches!(crc32_base62(&wrong), Check::Wrong(_)));
        assert!(matches!(crc32_base62("é"), Check::Wrong(_)));
        assert_eq!(checksum(""), "000000");
    }

    #[test]
    fn words_and_numbers_are_doubted() {
        for (text, holds) in
            [("a1b2c3d4", true), ("internationalization", false), ("12345678901234567890", false)]
        {
            assert_eq!(matches!(mixed(text), Check::Holds(..)), holds, "{text}");
        }
    }

    #[test]
    fn a_bots_token_names_its_user() {
        let right = concat!("MTIzNDU2Nzg5", "MDEyMzQ1Njc4", ".Gq3w5r.x");
        assert!(
            matches!(discord_snowflake(right), Check::Holds(Confidence::High, told) if told.ends_with("012345678"))
        );
        for wrong in ["MTIz.Gq3w5r.x", "", "é", "////.a.b"] {
            assert!(matches!(discord_snowflake(wrong), Check::Fails(_)), "{wrong}");
        }
    }

    #[test]
    fn a_wallet_key_has_a_checksum() {
        // The worked example of the Bitcoin wiki, "Wallet import format".
        let right = concat!("5HueCGU8rMjxEXxiPuD5BDk", "u4MkFqeZyd4dZ1jvhTVqvbTLvyTJ");
        assert!(matches!(base58check(right), Check::Holds(Confidence::Confirmed, _)));
        for wrong in [right.replace("TJ", "TK").as_str(), "", "0OIl", "111", &"z".repeat(500)] {
            assert!(matches!(base58check(wrong), Check::Wrong(_)), "{wrong}");
        }
    }

    #[test]
    fn a_key_id_names_its_account() {
        // The published worked example of the decoding.
        let id = concat!("AS", "IA", "QNZGKIQY56JQ7WML");
        assert_eq!(aws_account_of(id).as_deref(), Some("029608264753"));
        assert_eq!(aws_account_of("AKIA"), None);
    }
}
