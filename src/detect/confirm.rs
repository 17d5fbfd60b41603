//! Confirmations: what can be checked of a secret without the network, by name.

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
            Check::Holds(Confidence::Confirmed, "its checksum is right".into())
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
    fn a_key_id_names_its_account() {
        // The published worked example of the decoding.
        let id = concat!("AS", "IA", "QNZGKIQY56JQ7WML");
        assert_eq!(aws_account_of(id).as_deref(), Some("029608264753"));
        assert_eq!(aws_account_of("AKIA"), None);
    }
}
