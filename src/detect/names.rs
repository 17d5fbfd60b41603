//! Sensitive names, values that look random, and the shapes of values that are no secrets.

use crate::detect::providers;
use crate::domain::Confidence;

/// What a name says of its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Name {
    /// Nothing.
    Plain,
    /// A secret.
    Secret,
    /// A secret, and the name says which: even a value that looks like a digest is one.
    Definite,
    /// A key of a provider that the name tells: even a UUID or a short value is one.
    Provider,
}

/// How a definite name ends, without its separators.
const DEFINITE: &[&str] = &[
    "token",
    "apikey",
    "authorization",
    "secretkey",
    "secretkeybase",
    "secretaccesskey",
    "clientsecret",
    "masterkey",
    "encryptionkey",
    "signingkey",
];

/// Stems that make a name sensitive, of the name without its separators, in several languages.
const STEMS: &[&str] = &[
    "password",
    "passwd",
    "passphrase",
    "pwd",
    "secret",
    "token",
    "apikey",
    "accesskey",
    "privatekey",
    "authkey",
    "signingkey",
    "encryptionkey",
    "masterkey",
    "credential",
    "authorization",
    "bearer",
    "jwt",
    "senha",
    "contrasena",
    "contraseña",
    "motdepasse",
    "passwort",
    "kennwort",
    "geheim",
    "wachtwoord",
    "parola",
    "haslo",
    "lösenord",
    "пароль",
    "密码",
    "秘密",
    "パスワード",
    "비밀번호",
    "hasło",
    "heslo",
    "jelszo",
    "jelszó",
    "salasana",
    "sifre",
    "şifre",
    "adgangskode",
    "passord",
    "contraseny",
    "clave_secreta",
    "clavesecreta",
    "geheimnis",
    "geheimschluessel",
    "секрет",
    "κωδικός",
    "fernetkey",
    "appkey",
    "sessionkey",
    "sharedkey",
    "totp",
    "otpseed",
    "codeverifier",
    "devicecode",
    "webhookkey",
];

/// Names, without separators, of the id of a session, which is the session, and of what its CSRF tokens are made from.
/// Other ids and CSRF tokens are no secrets.
const SESSION_IDS: &[&str] = &["sessionid", "sessid", "sid", "csrfsecret"];

/// Words that mean a key where a provider's name is with them, and anything where none is.
const KEYS: &[&str] =
    &["key", "keys", "access", "private", "auth", "pass", "pat", "license", "passcode", "login"];

/// Words that say a value is about a secret, not one. Any of them in the name is enough.
const ABOUT: &[&str] = &[
    "id",
    "ids",
    "arn",
    "alias",
    "name",
    "hash",
    "hashed",
    "sha",
    "sha1",
    "sha256",
    "sha512",
    "md5",
    "digest",
    "checksum",
    "prefix",
    "suffix",
    "type",
    "url",
    "uri",
    "path",
    "count",
    "length",
    "limit",
    "usage",
    "expires",
    "expiry",
    "expiration",
    "at",
    "ttl",
    "date",
    "time",
    "version",
    "policy",
    "hint",
    "label",
    "public",
    "publishable",
    "fingerprint",
    "etag",
    "status",
    "enabled",
    "required",
    "algorithm",
    "last4",
    "ref",
    "reference",
    "location",
    "provider",
    "idempotency",
    "next",
    "continuation",
    "page",
    "pagination",
    "cursor",
    "lock",
    "max",
    "min",
    "total",
    "tokens",
    "manager",
    "rotation",
    "endpoint",
    "scope",
    "state",
    "csrf",
];

/// What a name says.
pub(super) fn kind(name: &str) -> Name {
    if name.len() > 100 {
        return Name::Plain;
    }
    let flat: String = name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    let sensitive = STEMS.iter().any(|stem| flat.contains(stem));
    if SESSION_IDS.contains(&flat.as_str()) {
        return Name::Definite;
    }
    if !sensitive && !KEYS.iter().any(|key| flat.contains(key)) {
        return Name::Plain;
    }
    let words = words(name);
    if about(&words) {
        Name::Plain
    } else if of_provider(&words) {
        Name::Provider
    } else if !sensitive {
        Name::Plain
    } else if DEFINITE.iter().any(|end| flat.ends_with(end)) {
        Name::Definite
    } else {
        Name::Secret
    }
}

/// Whether words say that a value is about a secret.
fn about(words: &[String]) -> bool {
    words.iter().any(|word| ABOUT.contains(&word.as_str()))
}

/// Whether words name a provider and, after it, a key of it.
pub(super) fn of_provider(words: &[String]) -> bool {
    let key =
        |word: &String| KEYS.iter().chain(STEMS).any(|key| word.ends_with(key)) || word.ends_with("passw");
    let Some(last) = words.iter().rposition(key) else { return false };
    !about(words) && {
        // `merakikey`: both in one word.
        let alone =
            |word: &str| KEYS.iter().chain(STEMS).find_map(|key| word.strip_suffix(key)).map(str::to_owned);
        let mut before = words[..last].to_vec();
        before.extend(alone(&words[last]).filter(|rest| !rest.is_empty()));
        providers::named(&before)
    }
}

/// The words of a name in snake, kebab, dotted or camel case, in lower case.
pub(super) fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut lower = false;
    for c in name.chars() {
        if !c.is_alphanumeric() || (c.is_uppercase() && lower) {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| c.is_alphanumeric()) {
            word.extend(c.to_lowercase());
        }
        lower = c.is_lowercase() || c.is_ascii_digit();
    }
    words.retain(|w| !w.is_empty());
    words
}

/// How sure one can be that the value of such a name is a secret; never above medium.
pub(super) fn judge(name: Name, value: &str) -> Option<Confidence> {
    if name == Name::Plain || value.len() > 4096 {
        return None;
    }
    if name == Name::Provider && is_key(value) {
        return Some(Confidence::Medium);
    }
    match shape(value) {
        Shape::Benign => None,
        // Many API keys look like digests; so do digests of API keys. A name that says what it holds decides.
        Shape::Digest if name != Name::Secret && is_random(value) => Some(Confidence::Medium),
        Shape::Digest => Some(Confidence::Low),
        Shape::Open if is_random(value) || is_strong(value) => Some(Confidence::Medium),
        Shape::Open => Some(Confidence::Low),
    }
}

/// Whether a value of a provider's key can be one: most of it is runs in which letters and digits are mixed, as they
/// are not in paths, names and titles.
pub(super) fn is_key(value: &str) -> bool {
    if is_uuid(value.as_bytes()) || is_hex_key(value) {
        return true;
    }
    let has = |f: fn(&u8) -> bool| value.bytes().any(|b| f(&b));
    if !matches!(shape(value), Shape::Open | Shape::Digest)
        || !has(u8::is_ascii_digit)
        || value.len() > 600
        || (value.contains('/') && !has(u8::is_ascii_uppercase))
    {
        return false;
    }
    let (mut all, mut mixed) = (0, 0);
    for run in value.split(|c: char| !c.is_ascii_alphanumeric()) {
        let digits = run.bytes().filter(u8::is_ascii_digit).count();
        all += run.len();
        mixed += if run.len() >= 20 || (digits > 0 && digits < run.len()) { run.len() } else { 0 };
    }
    mixed * 4 >= all * 3 && if all < 16 { is_short_key(value) } else { entropy(value.as_bytes()) >= 2.5 }
}

/// Whether what follows a provider's own beginning is random: no id of an object, which providers begin alike.
pub(super) fn is_issued(body: &str) -> bool {
    let id = is_uuid(body.as_bytes()) || is_ulid(body.to_ascii_uppercase().as_bytes());
    body.len() >= 16 && !id && is_key(body) && entropy(body.as_bytes()) >= 3.0
}

/// Eight characters or more, no word with a number after it.
fn is_short_key(value: &str) -> bool {
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    let changes =
        value.as_bytes().windows(2).filter(|w| w[0].is_ascii_digit() != w[1].is_ascii_digit()).count();
    value.len() >= 8 && digits >= 2 && changes >= 3
}

/// Hexadecimal digits, more than any word or number has.
pub(super) fn is_hex_key(value: &str) -> bool {
    let letters = value.bytes().any(|b| b.is_ascii_alphabetic());
    value.len() >= if letters { 20 } else { 24 } && value.bytes().all(|b| b.is_ascii_hexdigit())
}

/// A password with signs in it: four kinds of characters, or three and longer.
pub(super) fn is_strong(value: &str) -> bool {
    let has = |f: fn(&u8) -> bool| usize::from(value.bytes().any(|b| f(&b)));
    let sign = |b: &u8| b"!@#$%^&*~?|<>;,()[]{}`+".contains(b);
    let signs = has(sign);
    let kinds = has(u8::is_ascii_digit) + has(u8::is_ascii_uppercase) + has(u8::is_ascii_lowercase) + signs;
    signs == 1
        && value.len() >= if kinds == 4 { 8 } else { 12 }
        && kinds >= 3
        && entropy(value.as_bytes()) >= 2.8
}

enum Shape {
    Benign,
    Digest,
    Open,
}

/// The cheap gate: shapes that are no secrets whatever their name.
fn shape(value: &str) -> Shape {
    let bytes = value.as_bytes();
    let all = |f: fn(&u8) -> bool| bytes.iter().all(f);
    if bytes.len() < 8
        || bytes.iter().any(u8::is_ascii_whitespace)
        || (all(u8::is_ascii_alphabetic) && !is_scrambled(value))
        || all(|b| b.is_ascii_digit() || b"-+.:TZ".contains(b))
        || is_uuid(bytes)
        || is_ulid(bytes)
        || value.contains("://")
        || value.starts_with("arn:")
        || value.starts_with("did:")
        || (value.starts_with('/') && !is_mixed_base64(value))
        || matches!(bytes[0], b'<' | b'$' | b'{' | b'[' | b'%' | b'*' | b'#' | b'"')
        // key#uuid, resolve:ssm:..., e-mail addresses
        || value.rsplit(['#', ':', '/']).next().is_some_and(|last| is_uuid(last.as_bytes()))
        || is_address(value)
        || value.contains("secretsmanager")
        // What KMS encrypted, in base64: its blobs begin with the bytes 01 02 02 00 78.
        || value.starts_with("AQICAH")
        || !bytes.iter().any(u8::is_ascii_alphanumeric)
        || (is_words(value) && !is_scrambled(value))
    {
        return Shape::Benign;
    }
    if matches!(bytes.len(), 32 | 40 | 56 | 64 | 96 | 128) && all(u8::is_ascii_hexdigit) {
        return Shape::Digest;
    }
    Shape::Open
}

/// An e-mail address: after its only `@`, a domain of letters.
fn is_address(value: &str) -> bool {
    let Some((user, domain)) = value.split_once('@') else { return false };
    let label =
        |label: &str| !label.is_empty() && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    !user.is_empty()
        && domain.contains('.')
        && domain.split('.').all(label)
        && domain.rsplit('.').next().is_some_and(|top| top.bytes().all(|b| b.is_ascii_alphabetic()))
}

/// 8-4-4-4-12 hexadecimal digits (RFC 9562).
pub(super) fn is_uuid(bytes: &[u8]) -> bool {
    bytes.len() == 36
        && bytes.iter().enumerate().all(|(n, b)| match n {
            8 | 13 | 18 | 23 => *b == b'-',
            _ => b.is_ascii_hexdigit(),
        })
}

/// 26 characters of Crockford's base32, the first at most 7.
fn is_ulid(bytes: &[u8]) -> bool {
    bytes.len() == 26
        && matches!(bytes[0], b'0'..=b'7')
        && bytes.iter().all(|b| b.is_ascii_digit() || (b.is_ascii_uppercase() && !b"ILOU".contains(b)))
}

/// Words of letters joined by separators.
fn is_words(value: &str) -> bool {
    value.split(['-', '_', '.', ':', '/', '#']).all(|w| w.bytes().all(|b| b.is_ascii_alphabetic()))
        && value.len() < 40
}

/// Whether what follows the word Bearer is a token rather than the next word: random, of any shape.
pub(super) fn is_token(value: &str) -> bool {
    is_random(value) && (!is_words(value) || is_scrambled(value))
}

/// Whether a text of twenty characters or more is as mixed as random digits of some base are.
pub(super) fn is_mixed(value: &str) -> bool {
    is_random(value)
}

/// Letters and digits well mixed, sixteen or more.
fn is_random(value: &str) -> bool {
    let has = |f: fn(&u8) -> bool| value.bytes().any(|b| f(&b));
    value.len() >= 16
        && has(u8::is_ascii_alphabetic)
        && (has(u8::is_ascii_digit) || is_scrambled(value))
        && entropy(value.as_bytes()) >= 3.0
}

/// Letters of both cases without the order that words have: about half of them upper case, and the case changes at about
/// every other letter. Of random base64 of twenty characters one in forty has no digit.
fn is_scrambled(value: &str) -> bool {
    if !value.bytes().any(|b| b.is_ascii_uppercase()) {
        return false;
    }
    let letters: Vec<bool> =
        value.bytes().filter(u8::is_ascii_alphabetic).map(|b| b.is_ascii_uppercase()).collect();
    let upper = letters.iter().filter(|upper| **upper).count() * 100;
    let changes = letters.windows(2).filter(|two| two[0] != two[1]).count() * 100;
    let half = |n: usize| (30 * letters.len()..=70 * letters.len()).contains(&n);
    letters.len() >= 12 && half(upper) && half(changes) && entropy(value.as_bytes()) >= 3.0
}

/// Forty characters of base64 or more: the first slash is no root.
fn is_mixed_base64(value: &str) -> bool {
    let has = |f: fn(&u8) -> bool| value.bytes().filter(f).count() >= 3;
    value.len() >= 40
        && value.bytes().all(|b| b.is_ascii_alphanumeric() || b"+/=".contains(&b))
        && has(u8::is_ascii_digit)
        && has(u8::is_ascii_uppercase)
        && has(u8::is_ascii_lowercase)
        && entropy(value.as_bytes()) >= 4.5
}

/// Shannon's entropy, in bits a byte.
pub(super) fn entropy(bytes: &[u8]) -> f64 {
    let mut counts = [0u32; 256];
    bytes.iter().for_each(|b| counts[usize::from(*b)] += 1);
    let total = bytes.len() as f64;
    counts
        .iter()
        .filter(|c| **c > 0)
        .map(|c| {
            let p = f64::from(*c) / total;
            -p * p.log2()
        })
        .sum()
}

/// Longer matches are whole documents, not one value, as markup is; in bytes.
const DOCUMENT: usize = 512;

/// Whether a secret is one of a manual or a template rather than a live one.
pub(super) fn is_example(secret: &str, keep: usize) -> bool {
    const WORDS: &[&str] =
        &["example", "placeholder", "changeme", "your_", "your-", "xxxxxx", "redacted", "......"];
    let body = secret.get(keep..).unwrap_or(secret);
    let lower = body.to_ascii_lowercase();
    let mut seen: Vec<u8> = lower.bytes().take(64).collect();
    seen.sort_unstable();
    seen.dedup();
    // A word of these in a whole document is a part of it, an address at example.com for instance.
    let document = body.len() > DOCUMENT || body.starts_with('<');
    let word = !document && WORDS.iter().any(|w| lower.contains(w));
    word || (body.len() >= 8 && seen.len() <= 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_what_they_hold() {
        let check = |name: &str, expected: Name| assert_eq!(kind(name), expected, "{name}");
        for name in ["password", "dbPasswd", "senha_banco", "token_value", "secret"] {
            check(name, Name::Secret);
        }
        for name in
            ["apiKey", "API_KEY", "client-secret", "x-auth-token", "Authorization", "Proxy-Authorization"]
        {
            check(name, Name::Definite);
        }
        for name in ["meraki_key", "MS_TRANSLATOR_KEY", "hubspotApiKey", "visual crossing key", "maltegokey"]
        {
            check(name, Name::Provider);
        }
        for name in ["sessionId", "session_id", "SESSID", "csrfSecret"] {
            check(name, Name::Definite);
        }
        for name in [
            "partition_key",
            "stripe_key_id",
            "github_public_key",
            "session_count",
            "secret_arn",
            "api_key_sha256",
            "tokenType",
            "next_token",
            "key",
            "name",
            "token_id",
            "apiKeyId",
            "idempotencyToken",
        ] {
            check(name, Name::Plain);
        }
    }

    #[test]
    fn shapes_that_are_no_secrets() {
        let check = |value: &str, expected: Option<Confidence>| {
            assert_eq!(judge(Name::Secret, value), expected, "{value}");
        };
        for value in [
            "0d24e101-bad5-46e4-90ad-93859f3a7059",
            "01ARZ3NDEKTSV4RRFFQ69G5FAV",
            "arn:aws:secretsmanager:us-east-1:111122223333:secret:mail/team-AbCdEf",
            "2024-01-01T00:00:00Z",
            "s3://bucket/path/file1",
            "TENANT#0d24e101-bad5-46e4-90ad-93859f3a7059",
            "\"9f86d081884c7d65\"",
            "${API_TOKEN_1}",
            "disabled",
            "stripe-live-key",
            "sessionTokenExpirationPolicy",
            "AWSHTTPClientIAMUserPool",
            "/srv/Uploads/2026/11/24/ReportOfTheYear/final/v2",
            "1234567890",
            "AQICAHhFAKEq7Zt91mXw0Lr4VbN8sKFAKEciphertext==",
        ] {
            check(value, None);
        }
        check("9f86d081884c7d659a2feaa0c55ad015", Some(Confidence::Low));
        let definite = judge(Name::Definite, "9f86d081884c7d659a2feaa0c55ad015");
        assert_eq!(definite, Some(Confidence::Medium));
        assert_eq!(judge(Name::Definite, &"0".repeat(32)), None, "a number");
        // 32 hexadecimal digits are a checksum as well as a key: a name alone never makes one surer.
        for name in ["md5_token", "api_key", "stripe_key", "webhook_secret", "password"] {
            let sure = judge(kind(name), "9f86d081884c7d659a2feaa0c55ad015");
            assert!(sure <= Some(Confidence::Medium), "{name}");
        }
        let key = |value: &str| judge(Name::Provider, value);
        assert_eq!(key("0d24e101-bad5-46e4-90ad-93859f3a7059"), Some(Confidence::Medium));
        assert_eq!(key("ab12cd34ef56g"), Some(Confidence::Medium));
        for value in
            ["github-token-rotation-2024-lambda", "uploads/2024/report-final-v2", "version2", "section42"]
        {
            assert!(!is_key(value), "{value}");
        }
        assert_eq!(judge(Name::Secret, "P@ssw0rd123"), Some(Confidence::Medium), "four kinds of characters");
        check("someone@mail.example.org", None);
        check("hunter22!", Some(Confidence::Low));
        check("q7Zt-91mXw0Lr4VbN8sK", Some(Confidence::Medium));
        check("qLvMRwnASYexgNMwnvdw", Some(Confidence::Medium));
        check("/7yAvxKh9Kz+iLS5NI94XCk/Os6FgTHXiiINRdb2", Some(Confidence::Medium));
    }
}
