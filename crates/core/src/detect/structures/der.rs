//! Private keys in DER without PEM's frame, as base64 or hexadecimal: PKCS #8 (RFC 5958), PKCS #1 (RFC 8017, A.1.2),
//! SEC 1 (RFC 5915), PKCS #12 (RFC 7292). Certificates and public keys begin otherwise.

use zeroize::Zeroizing;

use super::{begins, run};
use crate::detect::decode;
use crate::detect::rule::{Found, StructureStart};
use crate::domain::{Confidence, Severity};

/// A key of 16,384 bits has about 12 KB in base64; a PKCS #12 file is larger.
const LONGEST: usize = 64 * 1024;

pub(super) fn recognise(place: &StructureStart<'_>) -> Option<Found> {
    let StructureStart { text, at, .. } = *place;
    let base64 = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'-' | b'_');
    let breaks = |b: u8| matches!(b, b'\n' | b'\r');
    if !begins(text, at, |b| base64(b) || breaks(b)) {
        return None;
    }
    let (end, bytes) = if text.as_bytes().get(at) == Some(&b'M') {
        let body = run(text, at, LONGEST, |b| base64(b) || breaks(b));
        let end = run(text, body, 2, |b| b == b'=');
        let joined =
            Zeroizing::new(text.get(at..end)?.replace(['\n', '\r'], "").replace('-', "+").replace('_', "/"));
        (end, decode::base64(&joined)?)
    } else {
        let end = run(text, at, LONGEST, |b| b.is_ascii_hexdigit());
        let digits = text.get(at..end)?.as_bytes().chunks_exact(2);
        let nibble = |b: u8| char::from(b).to_digit(16).map(|d| d as u8);
        let bytes: Option<Vec<u8>> = digits.map(|c| Some(nibble(c[0])? << 4 | nibble(c[1])?)).collect();
        (end, Zeroizing::new(bytes?))
    };
    let (what, severity) = kind(&bytes)?;
    Some(Found {
        confidence: Some(Confidence::Confirmed),
        severity,
        reasons: vec![format!("it parses: {what}")],
        ..Found::at(at..end)
    })
}

/// What a private key is; `None` for anything else, a public key or a certificate for instance.
fn kind(bytes: &[u8]) -> Option<(&'static str, Option<Severity>)> {
    let (0x30, inner, rest) = element(bytes)? else { return None };
    if rest.len() > 2 {
        return None;
    }
    match element(inner)? {
        (0x02, [0 | 1], rest) => match element(rest)? {
            (0x30, algorithm, rest) if algorithm.first() == Some(&6) && rest.first() == Some(&4) => {
                Some(("a key of PKCS #8", None))
            }
            (0x02, modulus, rest) if modulus.len() >= 64 && rest.first() == Some(&2) => {
                Some(("a key of PKCS #1", None))
            }
            (0x04, secret, _) if secret.len() >= 20 => Some(("a key of SEC 1", None)),
            _ => None,
        },
        (0x02, [3], rest) if rest.first() == Some(&0x30) => {
            Some(("a PKCS #12 file, which has a password", Some(Severity::High)))
        }
        // An algorithm of PKCS #5 (1.2.840.113549.1.5) and what it encrypts.
        (0x30, [6, _, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 5, ..], rest) if rest.first() == Some(&4) => {
            Some(("a key of PKCS #8 with a passphrase", Some(Severity::Medium)))
        }
        _ => None,
    }
}

/// The first element (X.690): its tag, its content, and what follows.
fn element(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&tag, rest) = bytes.split_first()?;
    let (&first, rest) = rest.split_first()?;
    let (length, rest) = match first {
        0..=0x7f => (usize::from(first), rest),
        0x81..=0x83 => {
            let (digits, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
            (digits.iter().fold(0, |n, b| n << 8 | usize::from(*b)), rest)
        }
        _ => return None,
    };
    let (content, rest) = rest.split_at_checked(length)?;
    Some((tag, content, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_keys_are_told_from_public_ones() {
        let wrap = |tag: u8, inner: &[u8]| [&[tag, inner.len() as u8], inner].concat();
        let oid = wrap(0x30, &[6, 3, 0x2b, 0x65, 0x70]);
        let private = wrap(0x30, &[&[2, 1, 0][..], &oid, &wrap(4, &[7; 34])].concat());
        assert_eq!(kind(&private), Some(("a key of PKCS #8", None)));
        let public = wrap(0x30, &[&oid[..], &wrap(3, &[7; 33])].concat());
        assert_eq!(kind(&public), None);
        assert_eq!(
            kind(&wrap(0x30, &[&[2, 1, 1][..], &wrap(4, &[7; 32])].concat())),
            Some(("a key of SEC 1", None))
        );
        for cut in 0..private.len() {
            assert_eq!(kind(&private[..cut]), None, "{cut}");
        }
    }
}
