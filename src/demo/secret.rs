//! Secrets that nobody ever issued, in the shapes that providers document.
//!
//! Each is assembled at run time from a public prefix and generated text, so no file of this repository
//! holds anything secret-shaped. The name decides the text: the same name is the same secret anywhere.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD};

use super::random::{BASE32, BASE62, BASE64URL, HEX, Random};
use super::row::Secret;
use super::session::hmac_sha256;

/// `prefix` and `len` generated characters.
fn token(prefix: &str, alphabet: &[u8], len: usize, name: &str) -> Secret {
    let body = Random::named(&format!("{prefix}{name}")).text(alphabet, len);
    Secret { value: format!("{prefix}{body}"), prefix: prefix.len() }
}

/// A live Stripe secret key (Stripe docs, "API keys").
pub(super) fn stripe_key(name: &str) -> Secret {
    token("sk_live_", BASE62, 24, name)
}

/// A Stripe webhook signing secret (Stripe docs, "Webhooks").
pub(super) fn webhook_secret(name: &str) -> Secret {
    token("whsec_", BASE62, 32, name)
}

/// A token whose last six characters are the CRC-32 of the thirty before, in base62: GitHub's format
/// (GitHub blog, "Behind GitHub's new authentication token formats"), which npm took over.
fn checked_token(prefix: &str, name: &str) -> Secret {
    let body = Random::named(&format!("{prefix}{name}")).text(BASE62, 30);
    let mut sum = crc32fast::hash(body.as_bytes());
    let mut digits = [b'0'; 6];
    for digit in digits.iter_mut().rev() {
        *digit = BASE62[(sum % 62) as usize];
        sum /= 62;
    }
    let sum: String = digits.into_iter().map(char::from).collect();
    Secret { value: format!("{prefix}{body}{sum}"), prefix: prefix.len() }
}

/// A GitHub personal access token (classic).
pub(super) fn github_token(name: &str) -> Secret {
    checked_token("ghp_", name)
}

/// An npm access token.
pub(super) fn npm_token(name: &str) -> Secret {
    checked_token("npm_", name)
}

/// The id of a long-lived AWS access key of an account, and its secret. Of the 80 bits of an id 40 are the account's
/// number, from the second bit on.
pub(super) fn aws_key(name: &str, account: &str) -> (Secret, Secret) {
    let mut id = token("AKIA", BASE32, 16, name);
    let account: u64 =
        account.bytes().filter(u8::is_ascii_digit).fold(0, |n, digit| n * 10 + u64::from(digit - b'0'));
    // Nine characters: the topmost bit, the account, and four bits more.
    let bits = (1 << 44) | (account << 4) | 9;
    let digits = (0..9).rev().map(|n| char::from(BASE32[(bits >> (5 * n) & 31) as usize]));
    id.value.replace_range(4..13, &digits.collect::<String>());
    let alphabet = [&BASE62[..], b"+/"].concat();
    (id, Secret { value: Random::named(&format!("aws secret {name}")).text(&alphabet, 40), prefix: 0 })
}

/// A Slack bot token (Slack docs, "Token types").
pub(super) fn slack_token(name: &str) -> Secret {
    let prefix = concat!("xo", "xb-");
    let mut random = Random::named(&format!("slack {name}"));
    let (team, bot) = (random.text(b"123456789", 12), random.text(b"123456789", 13));
    Secret { value: format!("{prefix}{team}-{bot}-{}", random.text(BASE62, 24)), prefix: prefix.len() }
}

/// A SendGrid API key (Twilio SendGrid docs, "API keys").
pub(super) fn sendgrid_key(name: &str) -> Secret {
    let mut random = Random::named(&format!("sendgrid {name}"));
    let (id, key) = (random.text(BASE64URL, 22), random.text(BASE64URL, 43));
    Secret { value: format!("SG.{id}.{key}"), prefix: 3 }
}

/// A Google API key (Google Cloud docs, "Manage API keys").
pub(super) fn google_key(name: &str) -> Secret {
    token("AIza", BASE64URL, 35, name)
}

/// A JSON web token (RFC 7519), signed with HS256.
pub(super) fn jwt(claims: &str) -> Secret {
    let head = URL_SAFE_NO_PAD.encode(r#"{"alg":"HS256","typ":"JWT"}"#);
    let body = format!("{head}.{}", URL_SAFE_NO_PAD.encode(claims));
    let signature = hmac_sha256(b"demo-not-a-real-jwt-key", body.as_bytes());
    Secret { value: format!("{body}.{}", URL_SAFE_NO_PAD.encode(signature)), prefix: 0 }
}

/// An elliptic-curve private key as PKCS #8 in PEM (RFC 5958, RFC 5915, RFC 7468), on one line per 64.
pub(super) fn pem_key(name: &str) -> Secret {
    // PrivateKeyInfo: version 0, id-ecPublicKey on prime256v1, ECPrivateKey of version 1 with 32 bytes.
    let mut der = vec![0x30, 0x41, 0x02, 0x01, 0x00, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d];
    der.extend([0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07]);
    der.extend([0x04, 0x27, 0x30, 0x25, 0x02, 0x01, 0x01, 0x04, 0x20]);
    der.extend(Random::named(&format!("pem {name}")).bytes(32));
    let text = STANDARD.encode(der);
    let (first, second) = text.split_at(64);
    let label = concat!("PRIV", "ATE KEY");
    Secret {
        value: format!("-----BEGIN {label}-----\n{first}\n{second}\n-----END {label}-----\n"),
        prefix: "-----BEGIN ".len(),
    }
}

/// Letters and digits with no documented format: only its name tells that it is a secret.
pub(super) fn unmarked(name: &str, len: usize) -> Secret {
    Secret { value: Random::named(&format!("unmarked {name}")).text(BASE62, len), prefix: 0 }
}

/// Hexadecimal text with no documented format.
pub(super) fn hex(name: &str, len: usize) -> Secret {
    Secret { value: Random::named(&format!("hex {name}")).text(HEX, len), prefix: 0 }
}

/// A password hash as Django stores it (Django docs, "Password management"). Its digest is generated, not
/// computed: a million rounds for each user would be felt at start.
pub(super) fn django_password(name: &str) -> Secret {
    let mut random = Random::named(&format!("password {name}"));
    let (salt, digest) = (random.text(BASE62, 22), STANDARD.encode(random.bytes(32)));
    let scheme = concat!("pbkdf2", "_sha256$");
    Secret { value: format!("{scheme}1000000${salt}${digest}"), prefix: scheme.len() }
}

/// A password hash as ASP.NET Core Identity stores it (version 3: PBKDF2 with HMAC-SHA512, 100,000 rounds, a salt of
/// 16 bytes, 32 bytes derived). These are generated, not computed, as above.
pub(super) fn identity_password(name: &str) -> Secret {
    let mut bytes = vec![1, 0, 0, 0, 2, 0, 1, 0x86, 0xa0, 0, 0, 0, 16];
    bytes.extend(Random::named(&format!("identity {name}")).bytes(48));
    Secret { value: STANDARD.encode(bytes), prefix: 0 }
}

/// A base32 seed of a time-based one-time password (RFC 6238).
pub(super) fn totp_seed(name: &str) -> Secret {
    Secret { value: Random::named(&format!("totp {name}")).text(BASE32, 32), prefix: 0 }
}

/// A secret in base64, as some senders of webhooks hand theirs out.
pub(super) fn base64_of(secret: &Secret) -> Secret {
    Secret { value: STANDARD_NO_PAD.encode(&secret.value), prefix: 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_the_one_github_uses() {
        let token = github_token("any").value;
        let (body, sum) = token["ghp_".len()..].split_at(30);
        let read = sum
            .bytes()
            .fold(0u64, |n, digit| n * 62 + BASE62.iter().position(|b| *b == digit).expect("base62") as u64);
        assert_eq!(read, u64::from(crc32fast::hash(body.as_bytes())));
    }

    #[test]
    fn the_key_is_der_of_the_stated_length() {
        let pem = pem_key("any").value;
        let body: String = pem.lines().filter(|line| !line.starts_with("--")).collect();
        let der = STANDARD.decode(body).expect("base64");
        assert_eq!(der.len(), 2 + usize::from(der[1]));
    }

    #[test]
    fn the_same_name_is_the_same_secret() {
        assert!(stripe_key("a").value == stripe_key("a").value);
        assert!(stripe_key("a").value != stripe_key("b").value);
        assert_eq!(aws_key("a", "111122223333").0.value.len(), 20);
    }
}
