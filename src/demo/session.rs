//! Django's session encodings, so that the seeded sessions really parse.
//!
//! The formats are those of `django.core.signing` (`dumps`, `TimestampSigner`) and, before Django 3.1,
//! of `SessionBase._legacy_encode`.

use std::io::Write;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use flate2::{Compression, write::ZlibEncoder};
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use super::random::BASE62;

/// Django's SECRET_KEY of a shop that does not exist.
const SECRET_KEY: &str = "demo-not-a-real-django-secret-key";
/// The salt of the session engine.
const SALT: &str = "django.contrib.sessions.SessionStore";

pub(super) fn hmac_sha256(key: &[u8], message: &[u8]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    mac.update(message);
    mac.finalize().into_bytes().to_vec()
}

/// `payload:time:signature`, as since Django 3.1. A leading dot says that the payload is compressed, which
/// Django does when that makes it shorter.
pub(super) fn signed(json: &str, signed_at: i64) -> String {
    let mut packer = ZlibEncoder::new(Vec::new(), Compression::default());
    let packed = packer.write_all(json.as_bytes()).and_then(|()| packer.finish());
    let packed = packed.expect("writing to memory does not fail");
    let payload = if packed.len() < json.len() - 1 {
        format!(".{}", URL_SAFE_NO_PAD.encode(packed))
    } else {
        URL_SAFE_NO_PAD.encode(json)
    };
    let value = format!("{payload}:{}", base62(signed_at));
    let key = Sha256::digest(format!("{SALT}signer{SECRET_KEY}"));
    format!("{value}:{}", URL_SAFE_NO_PAD.encode(hmac_sha256(&key, value.as_bytes())))
}

/// base64 of `hash:json`, as before Django 3.1. The hash there is an HMAC-SHA1; without Django's key nobody
/// can tell, so this one is an HMAC-SHA256 cut to the same 40 hex digits.
pub(super) fn legacy(json: &str) -> String {
    let mac = hmac_sha256(SECRET_KEY.as_bytes(), json.as_bytes());
    let hash: String = mac.iter().take(20).map(|byte| format!("{byte:02x}")).collect();
    STANDARD.encode(format!("{hash}:{json}"))
}

/// Django's base62 of a time in epoch seconds.
fn base62(mut number: i64) -> String {
    let mut digits = Vec::new();
    while number > 0 {
        digits.push(char::from(BASE62[(number % 62) as usize]));
        number /= 62;
    }
    digits.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn long_sessions_are_compressed_and_read_back() {
        let json = format!(r#"{{"_auth_user_id":"42","cart":"{}"}}"#, "x".repeat(300));
        let session = signed(&json, 1_795_368_650);
        let [payload, time, signature] = session.rsplitn(3, ':').collect::<Vec<_>>()[..] else { panic!() };
        let (payload, signature) = (signature, payload);
        assert_eq!((time, signature.len()), ("1xVBOs", 43));
        let packed = URL_SAFE_NO_PAD.decode(payload.strip_prefix('.').expect("compressed")).expect("base64");
        let mut text = String::new();
        flate2::read::ZlibDecoder::new(&packed[..]).read_to_string(&mut text).expect("zlib");
        assert_eq!(text, json);
    }

    #[test]
    fn short_sessions_are_not_compressed() {
        let json = r#"{"a":1}"#;
        let session = signed(json, 1);
        let payload = session.split(':').next().expect("payload");
        assert_eq!(URL_SAFE_NO_PAD.decode(payload).expect("base64"), json.as_bytes());
    }

    #[test]
    fn legacy_sessions_hold_forty_hex_digits_and_the_json() {
        let text = STANDARD.decode(legacy("{}")).expect("base64");
        assert_eq!((text[40], &text[41..]), (b':', &b"{}"[..]));
        assert!(text[..40].iter().all(u8::is_ascii_hexdigit));
    }
}
