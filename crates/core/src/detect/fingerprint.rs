//! Fingerprints: the same secret in two places has the same one, and nobody without the key can test a guess.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

/// The key under which fingerprints are made. Wiped when dropped.
pub struct FingerprintKey(Zeroizing<Vec<u8>>);

impl FingerprintKey {
    /// From key material of any length; 32 random bytes are right.
    pub fn new(bytes: &[u8]) -> Self {
        Self(Zeroizing::new(bytes.to_vec()))
    }

    /// Tells keys apart without telling anything of them: the same for the same key, and another for another.
    pub fn check(&self) -> String {
        self.fingerprint("dynaudit: which key made the fingerprints")
    }

    /// HMAC-SHA-256 of the secret (RFC 2104), its first eight bytes as sixteen hexadecimal digits.
    pub(super) fn fingerprint(&self, secret: &str) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes a key of any length");
        mac.update(secret.as_bytes());
        mac.finalize().into_bytes()[..8].iter().map(|b| format!("{b:02x}")).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_rfc_4231() {
        // Test case 2: key "Jefe".
        let key = FingerprintKey::new(b"Jefe");
        assert_eq!(key.fingerprint("what do ya want for nothing?"), "5bdcc146bf60754e");
        assert_ne!(FingerprintKey::new(b"other").fingerprint("x"), key.fingerprint("x"));
        assert_ne!(FingerprintKey::new(b"other").check(), key.check());
    }
}
