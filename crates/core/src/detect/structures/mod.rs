//! Formats recognised by code, one file each.

mod assignment;
mod authorization;
mod bare;
mod command;
mod connection;
mod cookie;
mod der;
mod django;
mod dump;
mod flask;
mod jwt;
mod object;
mod password_hash;
mod pem;
mod prefixed;
mod provider_line;
mod signed;
mod uri;
mod whole;
mod written_password;

use crate::detect::byte_classes::Signs;
use crate::detect::rule::{Matcher, Recognise, after_escape};

pub(super) use django::SECRETS;
pub(super) use whole::{WHOLE, whole};

/// The recogniser of that name in a rule file.
pub(super) fn named(name: &str) -> Option<Matcher> {
    Some(match name {
        "walk" => Matcher::Walk,
        // These are not asked of a text without the sign that all of theirs have.
        "jwt" => Matcher::Structure(jwt::recognise, Signs::all_in(b".")),
        "uri" => Matcher::Structure(uri::recognise, Signs::all_in(b"@")),
        _ => Matcher::Structure(anywhere(name)?, Signs::ANY),
    })
}

/// The recognisers of what any text may hold.
fn anywhere(name: &str) -> Option<Recognise> {
    Some(match name {
        "assignment" => assignment::recognise,
        "basic" => authorization::basic,
        "bearer" => authorization::bearer,
        "command" => command::recognise,
        "connection" => connection::recognise,
        "cookie" => cookie::recognise,
        "der" => der::recognise,
        "java-object" => object::java,
        "php-object" => object::php,
        "pickle" => object::pickle,
        "ruby-object" => object::marshal,
        "django-session" => django::signed,
        "django-session-legacy" => django::legacy,
        "dump" => dump::recognise,
        "flask-session" => flask::recognise,
        "password-hash" => password_hash::recognise,
        "pem" => pem::recognise,
        "scheme" => authorization::scheme,
        "prefixed" => prefixed::recognise,
        "written-password" => written_password::recognise,
        _ => return None,
    })
}

/// Whether bytes begin as what these recognise in base64: a key in DER, an object of Java, Ruby or Python, a key of
/// OpenSSH, a store of keys, a protected value of ASP.NET Core, what KMS encrypted.
pub(super) fn is_object(bytes: &[u8]) -> bool {
    const BEGINNINGS: &[&[u8]] = &[
        &[0x30, 0x81],
        &[0x30, 0x82],
        &[0x30, 0x2e],
        &[0x30, 0x51],
        &[0x30, 0x74],
        &[0x30, 0x77],
        &[0xac, 0xed, 0, 5],
        &[4, 8, b'{'],
        &[0x80, 2],
        &[0x80, 3],
        &[0x80, 4],
        &[0x80, 5],
        &[9, 0xf0, 0xc9, 0xf0],
        &[1, 2, 2, 0, 0x78],
        &[0xfe, 0xed, 0xfe, 0xed],
        b"openssh-key-v1\0",
    ];
    BEGINNINGS.iter().any(|beginning| bytes.starts_with(beginning))
}

/// Bytes that something may hold, to be asked once a byte of a long text.
struct Bytes([bool; 256]);

impl Bytes {
    /// These bytes.
    const fn of(bytes: &[u8]) -> Self {
        let mut set = [false; 256];
        let mut n = 0;
        while n < bytes.len() {
            set[bytes[n] as usize] = true;
            n += 1;
        }
        Self(set)
    }

    /// All other bytes.
    const fn but(bytes: &[u8]) -> Self {
        let Self(mut set) = Self::of(bytes);
        let mut n = 0;
        while n < set.len() {
            set[n] = !set[n];
            n += 1;
        }
        Self(set)
    }

    const fn has(&self, byte: u8) -> bool {
        self.0[byte as usize]
    }
}

/// The end of the run of bytes for which `holds`, from `at`, at most `most` bytes on.
fn run(text: &str, at: usize, most: usize, holds: impl Fn(u8) -> bool) -> usize {
    let bytes = text.as_bytes().get(at..).unwrap_or_default();
    at + bytes.iter().take(most).take_while(|b| holds(**b)).count()
}

/// Whether one of these signs stands just before an ending of one of these lengths, in bytes: a quick look at a text
/// that is made of parts.
fn parts_end(text: &str, signs: &[u8], lengths: &[usize]) -> bool {
    let before = |length: &usize| text.len().checked_sub(length + 1);
    lengths.iter().filter_map(before).any(|at| signs.contains(&text.as_bytes()[at]))
}

/// Whether a byte can be in unpadded URL-safe base64.
fn is_base64url(b: u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_')
}

/// Whether the byte before `at` is none for which `holds`.
fn begins(text: &str, at: usize, holds: impl Fn(u8) -> bool) -> bool {
    at == 0 || !holds(text.as_bytes()[at - 1]) || after_escape(text, at)
}
