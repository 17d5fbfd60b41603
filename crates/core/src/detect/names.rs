//! Sensitive names, values that look random, and the shapes of values that are no secrets.

use crate::detect::name_words::{
    ABOUT, ALSO_UUIDS, BESIDE, BETWEEN, DEFINITE, HALVES, IDS, KEYS, SESSION_IDS, STEMS, THINGS, UNRELATED,
};
use crate::detect::password_names::{ALONE, DONE, PASSWORDS, SHORT, is_password, lets_in};
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
    /// A password, which people choose: shorter ones too, and what looks like a digest is the hash of one.
    Password,
    /// A key of a provider, or a token of a login, that the name tells: even a UUID or a short value is one.
    Provider,
}

/// Everything that makes a name sensitive.
fn stems() -> impl Iterator<Item = &'static &'static str> {
    STEMS.iter().chain(PASSWORDS)
}

/// What a name says.
pub(super) fn kind(name: &str) -> Name {
    if name.len() > 100 {
        return Name::Plain;
    }
    let flat: String = name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    let flat = UNRELATED.iter().fold(flat, |flat, word| flat.replace(word, ""));
    let sensitive = stems().any(|stem| flat.contains(stem));
    if SESSION_IDS.contains(&flat.as_str()) {
        return Name::Definite;
    }
    // What AWS calls the token that makes a request idempotent.
    if flat == "clienttoken" {
        return Name::Plain;
    }
    if !sensitive && !KEYS.iter().chain(SHORT).chain(ALONE).any(|key| flat.contains(key)) {
        return Name::Plain;
    }
    let words = words(name);
    if about(&words) || is_claim(&words) {
        Name::Plain
    } else if let [.., of, last] = words.as_slice()
        && SHORT.contains(&last.as_str())
        && lets_in(of)
    {
        Name::Password
    } else if is_password(&flat) {
        if words.iter().any(|word| DONE.contains(&word.as_str())) { Name::Secret } else { Name::Password }
    } else if of_provider(&words) || ALSO_UUIDS.iter().any(|end| flat.ends_with(end)) {
        Name::Provider
    } else if !sensitive {
        Name::Plain
    } else if DEFINITE.iter().any(|end| flat.ends_with(end)) {
        Name::Definite
    } else {
        Name::Secret
    }
}

/// Whether a name ends in a claim of a token (RFC 7519, OpenID Connect Core): who or what it is about, not the token. Trust
/// policies have conditions on them: `token.actions.githubusercontent.com:sub`.
fn is_claim(words: &[String]) -> bool {
    matches!(words.last().map(String::as_str), Some("sub" | "aud" | "amr" | "azp")) && words.len() > 1
}

/// Whether a name says that a random value under it is an id, a digest or a place.
pub(super) fn is_of_id(name: &str) -> bool {
    let words = words(name);
    about(&words)
        || words
            .iter()
            .any(|word| IDS.contains(&word.as_str()) || word.ends_with("id") || word.ends_with("hash"))
}

/// Whether words say that a value is about a secret.
fn about(words: &[String]) -> bool {
    words.iter().any(|word| ABOUT.contains(&word.as_str()))
}

/// Whether a name that begins with a provider's says that its value is about something of it: `hubspotContactId`. The id
/// of one half of a key is not.
pub(super) fn refers(name: &str) -> bool {
    let words = words(name);
    let Some((last, before)) = words.split_last() else { return false };
    let half = before.last().is_none_or(|of| HALVES.iter().any(|half| of.ends_with(half)));
    if THINGS.contains(&last.as_str()) {
        return !before.is_empty();
    }
    ABOUT.contains(&last.as_str()) && !(last == "id" && half && !before.is_empty())
}

/// Whether a name is that of a provider and no more: `heroku`.
pub(super) fn is_provider(name: &str) -> bool {
    let words = words(name);
    words.len() <= 2 && providers::named(&words) && !words.iter().any(|word| ends_in_key(word))
}

/// A UUID with its version as libraries write it (RFC 9562), or an id of MongoDB: what ids of all kinds look like.
pub(super) fn is_plain_id(value: &str) -> bool {
    let bytes = value.as_bytes();
    let lower = !bytes.iter().any(u8::is_ascii_uppercase);
    let uuid = is_uuid(bytes) && (b'1'..=b'8').contains(&bytes[14]) && b"89ab".contains(&bytes[19]);
    lower && (uuid || (bytes.len() == 24 && bytes.iter().all(u8::is_ascii_hexdigit)))
}

/// Whether what stands between a provider's name and a value makes the value one of its key: the rest of the name and
/// the sign of an assignment, or words for a key. A path, an id or a sentence goes on otherwise. `text` begins with the
/// provider's name, which ends at `end`, and stops before the value.
pub(super) fn leads(text: &str, end: usize) -> bool {
    let name = text.trim_end_matches(|c: char| !c.is_alphanumeric());
    let (signs, rest) = (&text[name.len()..], name.get(end..).unwrap_or_default());
    let is_key =
        |word: &String| BETWEEN.iter().any(|key| word.ends_with(key)) || BESIDE.contains(&word.as_str());
    // `ReactNativeCameraKit`: a word that goes on, and no word for a key after it.
    let on = rest.bytes().take_while(u8::is_ascii_lowercase).count();
    if on > 0 && &rest[..on] != "s" && !words(rest).iter().any(is_key) {
        return false;
    }
    match signs {
        // One word, as the keys of items and the names of resources are.
        "/" | "#" => return false,
        "-" | "_" | "." => return words(rest).last().is_some_and(|word| ends_in_key(word)),
        ":" => return words(name).last().is_some_and(|word| ends_in_key(word)),
        _ if signs.contains(['/', '#']) => return false,
        _ if rest.contains(['/', '#']) && !signs.contains('=') => return false,
        _ => {}
    }
    if signs.contains(['=', ':', '>', ',', '|', '(', '"', '\'', '`']) {
        rest.is_empty() || !refers(name)
    } else {
        words(rest).last().is_none_or(is_key)
    }
}

/// Whether a word is one for a key, whatever stands before it.
pub(super) fn ends_in_key(word: &str) -> bool {
    ["key", "keys", "secret", "token", "access", "private"].iter().any(|key| word.ends_with(key))
}

/// Whether words name a provider and, after it, a key of it.
pub(super) fn of_provider(words: &[String]) -> bool {
    let key =
        |word: &String| KEYS.iter().chain(stems()).any(|key| word.ends_with(key)) || word.ends_with("passw");
    let Some(last) = words.iter().rposition(key) else { return false };
    !about(words) && {
        // `merakikey`: both in one word.
        let alone =
            |word: &str| KEYS.iter().chain(stems()).find_map(|key| word.strip_suffix(key)).map(str::to_owned);
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
        NameShape::Benign => None,
        // Many API keys look like digests; so do digests of API keys. A name that says what it holds decides.
        NameShape::Digest if name != Name::Secret && is_random(value) => Some(Confidence::Medium),
        NameShape::Digest => Some(Confidence::Low),
        NameShape::Open if name == Name::Password && is_chosen(value) => Some(Confidence::Medium),
        NameShape::Open if is_random(value) || is_strong(value) => Some(Confidence::Medium),
        NameShape::Open => Some(Confidence::Low),
    }
}

/// Whether a value of a provider's key can be one: most of it is runs in which letters and digits are mixed, as they
/// are not in paths, names and titles.
pub(super) fn is_key(value: &str) -> bool {
    if is_uuid(value.as_bytes()) || is_hex_key(value) {
        return true;
    }
    let has = |f: fn(&u8) -> bool| value.bytes().any(|b| f(&b));
    if !matches!(shape(value), NameShape::Open | NameShape::Digest)
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

/// A password without signs: letters of both cases and digits, changing more often than words with a number do.
fn is_chosen(value: &str) -> bool {
    let kind = |b: u8| match b {
        b'0'..=b'9' => 1,
        b'A'..=b'Z' => 2,
        b'a'..=b'z' => 4,
        _ => 0,
    };
    let kinds: Vec<u8> = value.bytes().map(kind).collect();
    let changes = kinds.windows(2).filter(|two| two[0] != two[1]).count();
    (8..=64).contains(&kinds.len())
        && kinds.iter().fold(0, |all, kind| all | kind) == 7
        && changes * 3 >= kinds.len()
        && !is_slug(value)
        && entropy(value.as_bytes()) >= 2.8
}

/// Words and numbers joined by separators: no part mixes letters and digits.
fn is_slug(value: &str) -> bool {
    let parts = || value.split(['-', '_', '.', ':', '/', '#']).filter(|part| !part.is_empty());
    let word = |part: &str| {
        let rest = part.get(1..).unwrap_or_default();
        part.as_bytes()[0].is_ascii_alphabetic() && rest.bytes().all(|b| b.is_ascii_lowercase())
            || part.bytes().all(|b| b.is_ascii_uppercase()) && part.len() <= 12
    };
    // `v2` is a number as well.
    let number = |part: &str| {
        let digits = part.trim_start_matches(['v', 'V']);
        part.len() <= 8 && !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())
    };
    parts().count() > 1
        && parts().all(|part| word(part) || number(part))
        && parts().any(|part| part.len() > 2 && word(part))
}

enum NameShape {
    Benign,
    Digest,
    Open,
}

/// The cheap gate: shapes that are no secrets whatever their name.
fn shape(value: &str) -> NameShape {
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
        || is_account(value)
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
        return NameShape::Benign;
    }
    if matches!(bytes.len(), 32 | 40 | 56 | 64 | 96 | 128) && all(u8::is_ascii_hexdigit) {
        return NameShape::Digest;
    }
    NameShape::Open
}

/// An address of Solana or of Bitcoin: base58, which has no 0, O, I and l.
pub(super) fn is_base58_address(value: &str) -> bool {
    (26..=44).contains(&value.len())
        && value.bytes().all(|b| b.is_ascii_alphanumeric() && !b"0OIl".contains(&b))
}

/// An e-mail address: after its only `@`, a domain of letters.
pub(super) fn is_address(value: &str) -> bool {
    let Some((user, domain)) = value.split_once('@') else { return false };
    let label =
        |label: &str| !label.is_empty() && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    !user.is_empty()
        && domain.contains('.')
        && domain.split('.').all(label)
        && domain.rsplit('.').next().is_some_and(|top| top.bytes().all(|b| b.is_ascii_alphabetic()))
}

/// An address of Ethereum, an id of Twilio: public, and alike to a key.
pub(super) fn is_account(value: &str) -> bool {
    let digits =
        |rest: &str, length: usize| rest.len() == length && rest.bytes().all(|b| b.is_ascii_hexdigit());
    value.strip_prefix("0x").is_some_and(|rest| digits(rest, 40))
        || value.len() == 34
            && value.bytes().take(2).all(|b| b.is_ascii_uppercase())
            && value.get(2..).is_some_and(|rest| digits(rest, 32))
}

/// 8-4-4-4-12 hexadecimal digits (RFC 9562).
pub(super) fn is_uuid(bytes: &[u8]) -> bool {
    bytes.len() == 36
        && bytes.iter().enumerate().all(|(n, b)| match n {
            8 | 13 | 18 | 23 => *b == b'-',
            _ => b.is_ascii_hexdigit(),
        })
}

/// An id that sorts by the time it was made: a ULID, or 27 characters of base62 as a KSUID has (its first character says that
/// it is of the years 2014 to 2150).
pub(super) fn is_sortable_id(value: &str) -> bool {
    let is_ksuid = value.len() == 27
        && value.bytes().all(|b| b.is_ascii_alphanumeric())
        && value.as_bytes()[0].is_ascii_digit();
    is_ksuid || is_ulid(value.as_bytes())
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

/// How long keys and tokens are: 16, 24, 32, 36, 48 and 64 bytes in base64 or base64url, and what libraries take of base62.
const LENGTHS: &[usize] = &[24, 32, 36, 40, 43, 44, 48, 64, 86, 88];

/// Whether a text under a name that says nothing is so random that a careful person would look at it: of one of the
/// alphabets that keys are made of, with letters of both cases and digits, and no id, path or digest.
pub(super) fn is_worth_a_look(value: &str) -> bool {
    let has = |f: fn(&u8) -> bool| value.bytes().filter(f).count() >= 2;
    LENGTHS.contains(&value.len())
        && value.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_+/=.~".contains(&b))
        && has(u8::is_ascii_digit)
        && (has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase)
            || value.len() >= 32 && !value.bytes().all(|b| b.is_ascii_hexdigit()))
        && !is_object_id(value)
        && value.bytes().filter(|b| b"-_/.".contains(b)).count() * 6 <= value.len()
        && !value.contains("..")
        && matches!(shape(value), NameShape::Open)
        && !is_sortable_id(value)
        && is_random(value)
        && entropy(value.as_bytes()) >= 3.7
}

/// The kind of an object and its id (`cus_...`), a digest with its algorithm (`sha256-...`), an address of IPFS.
fn is_object_id(value: &str) -> bool {
    let kind = value.split_once(['_', '-']).map_or("", |(kind, _)| kind);
    let is_kind =
        (2..=12).contains(&kind.len()) && kind.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    is_kind || value.len() == 46 && value.starts_with("Qm") || value.starts_with("bafy")
}

/// Letters and digits well mixed, sixteen or more.
fn is_random(value: &str) -> bool {
    let has = |f: fn(&u8) -> bool| value.bytes().any(|b| f(&b));
    value.len() >= 16
        && has(u8::is_ascii_alphabetic)
        && (has(u8::is_ascii_digit) || is_scrambled(value))
        && entropy(value.as_bytes()) >= 3.0
        && !is_slug(value)
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
        for name in ["senha_banco", "token_value", "secret_of_acme"] {
            check(name, Name::Secret);
        }
        for name in ["password", "dbPasswd", "DB_PWD", "mot_de_passe"] {
            check(name, Name::Password);
        }
        for name in ["signingKey", "api_token", "Authorization", "Proxy-Authorization"] {
            check(name, Name::Definite);
        }
        for name in [
            "meraki_key",
            "MS_TRANSLATOR_KEY",
            "hubspotApiKey",
            "visual crossing key",
            "maltegokey",
            "x-auth-token",
            "password_reset_token",
            "apiKey",
            "API_KEY",
            "client-secret",
            "webhookSecret",
        ] {
            check(name, Name::Provider);
        }
        for (name, expected) in [
            ("heroku", true),
            ("visual crossing", true),
            ("heroku_key", false),
            ("herokuApiKey", false),
            ("a", false),
        ] {
            assert_eq!(is_provider(name), expected, "{name}");
        }
        for name in ["sessionId", "session_id", "SESSID", "csrfSecret", "sessionKey", "private_key"] {
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
            "clientRequestToken",
            "ClientToken",
            "tokenAddress",
            "passwordLastChanged",
            "secretary",
            "tokenomics",
            "stopword",
        ] {
            check(name, Name::Plain);
        }
    }

    #[test]
    fn what_stands_between_a_provider_and_a_value() {
        let check = |text: &str, end: usize, expected: bool| assert_eq!(leads(text, end), expected, "{text}");
        for text in [
            "heroku_api_key=",
            "heroku SECRET KEY ",
            "heroku: ",
            "herokuapp_key = \"",
            "heroku_key:",
            "heroku_client_id=",
        ] {
            check(text, 6, true);
        }
        for text in [
            "heroku:",
            "heroku-",
            "heroku/",
            "heroku#",
            "heroku export ",
            "herokuUserId\":\"",
            "heroku_hash=",
            "heroku] request ",
            "herokuit: ",
        ] {
            check(text, 6, false);
        }
        for (name, expected) in [
            ("hubspotContactId", true),
            ("gravatar_hash", true),
            ("heroku_project", true),
            ("stripeCustomer", true),
            ("plaid_client_id", false),
            ("plaid_secret", false),
        ] {
            assert_eq!(refers(name), expected, "{name}");
        }
    }

    #[test]
    fn passwords_are_judged_by_what_people_choose() {
        for (value, expected) in [
            ("EWGeXQmtHD8O", Confidence::Medium),
            ("9f86d081884c7d659a2feaa0c55ad015", Confidence::Medium),
            ("inputPassword1", Confidence::Low),
            ("Winter-2024", Confidence::Low),
        ] {
            assert_eq!(judge(Name::Password, value), Some(expected), "{value}");
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
            "0x4b7da51930c40f56dce98056158aa3a9860218b8",
            concat!("SM", "83d3a9dbe4af1c8e3fafa1fe04c2e28c"),
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
