//! A token in a composed key: `SESSION#<token>`, `USER#42#RESET#<token>`, `sess:<token>`, as single-table designs and caches
//! write what they look up by. The part before it is its name.

use std::ops::Range;

use crate::detect::names;
use crate::domain::SecretClass::{
    self, ApiKey, OneTimeLink, RefreshToken, ResetToken, Session, Unclassified,
};

/// The rule of a token in a composed key.
pub(super) const RULE: &str = "token-in-key";

/// What the part before a token ends in, without its separators and in lower case, and what the token is then.
const LABELS: &[(SecretClass, &[&str])] = &[
    (
        Session,
        &[
            "session",
            "sessions",
            "sess",
            "sid",
            "sessid",
            "sessionid",
            "sessiontoken",
            "cookie",
            "remember",
            "rememberme",
            "login",
        ],
    ),
    (
        ApiKey,
        &["apikey", "apikeys", "apitoken", "apisecret", "accesskey", "secretkey", "clientsecret", "pat"],
    ),
    (
        ResetToken,
        &[
            "reset",
            "passwordreset",
            "pwreset",
            "pwdreset",
            "resetpassword",
            "resettoken",
            "resetcode",
            "recovery",
            "verify",
            "verification",
            "verifyemail",
            "emailverify",
            "emailverification",
            "confirm",
            "confirmation",
            "forgot",
            "forgotpassword",
            "passwordresettoken",
            "verificationtoken",
            "activate",
            "activation",
        ],
    ),
    (
        OneTimeLink,
        &[
            "magic",
            "magiclink",
            "invite",
            "invitation",
            "otp",
            "onetime",
            "otl",
            "ott",
            "share",
            "sharelink",
            "oauthcode",
            "authcode",
            "authorizationcode",
            "devicecode",
            "grant",
            "pairing",
            "wsticket",
            "sso",
        ],
    ),
    (RefreshToken, &["refresh", "refreshtoken"]),
    (
        Unclassified,
        &["token", "tok", "bearer", "access", "accesstoken", "auth", "authtoken", "secret", "credential"],
    ),
];

/// What stands between the parts of a key.
const SEPARATORS: [char; 3] = ['#', ':', '|'];
/// A longer text is no key, in bytes: a sort key has at most 1,024 of them, a partition key 2,048.
const LONGEST: usize = 2048;
/// A shorter part is no token, in bytes.
const SHORTEST: usize = 16;
/// The maximum number of parts that are looked at.
const MOST: usize = 16;

/// A token in a composed key.
#[derive(Debug, PartialEq)]
pub(super) struct Token {
    /// Where.
    pub span: Range<usize>,
    /// What it is, as the part before it says.
    pub class: SecretClass,
    /// It looks like an id that anything may have.
    pub is_id: bool,
}

/// The first token in a key; one that looks like an id only where there is no other.
pub(super) fn token(text: &str) -> Option<Token> {
    if text.len() > LONGEST || !has_long_part(text) || text.starts_with("arn:") {
        return None;
    }
    let mut from = 0;
    let (mut label, mut before) = (None, "");
    let mut id = None;
    // Most texts are one part, which no other names.
    let is_composed = text.bytes().any(|b| matches!(b, b'#' | b':' | b'|'));
    let parts = text.split(SEPARATORS).take(if is_composed { MOST } else { 0 });
    for part in parts {
        let span = from..from + part.len();
        from = span.end + 1;
        if let Some(class) = label {
            let value = part.trim_end_matches('=');
            if is_id(value) {
                // What comes after it may be the token.
                id = id.or(Some(Token { span, class, is_id: true }));
                continue;
            }
            if is_token(value) {
                return Some(Token { span, class, is_id: false });
            }
        }
        label = class_of(part).filter(|_| !is_public(before, part));
        before = part;
    }
    id.or_else(|| in_one_part(text))
}

/// Whether a part is long enough for a token, and none has a space. Asked of every text: most end here.
fn has_long_part(text: &str) -> bool {
    let (mut longest, mut length) = (0, 0);
    for byte in text.bytes() {
        length = if matches!(byte, b'#' | b':' | b'|') { 0 } else { length + 1 };
        longest = longest.max(length);
        if byte.is_ascii_whitespace() {
            return false;
        }
    }
    longest >= SHORTEST
}

/// `session-<token>`: what separates is a sign that tokens have, too.
fn in_one_part(text: &str) -> Option<Token> {
    let mut from = 0;
    let signs = text.bytes().take(96).enumerate().filter(|(_, b)| b"-_./~@".contains(b));
    signs.map(|(at, _)| at).find_map(|at| {
        // The word before the sign, or the two words: `user-42-session-...`, `api_key_...`.
        let before = text.get(..at)?;
        let two = before
            .get(..from)?
            .trim_end_matches(['-', '_', '.', '/'])
            .rfind(['-', '_', '.', '/'])
            .map_or(0, |n| n + 1);
        let labels = [before.get(from..)?, before.get(two..)?];
        from = at + 1;
        let value = text.get(at + 1..)?;
        labels.into_iter().find_map(|label| in_one(label, value)).map(|class| Token {
            span: at + 1..text.len(),
            class,
            is_id: false,
        })
    })
}

/// What a value is, where a label that stands right before it is one, all of it.
fn in_one(label: &str, value: &str) -> Option<SecretClass> {
    // `fake-access-token-1` is a name. Most labels are as long as no word that begins so.
    let length = label.bytes().filter(u8::is_ascii_alphanumeric).count();
    let is_whole = |word: &&'static str| word.len() == length && ends_in(label, word);
    let class = LABELS.iter().find(|(_, words)| words.iter().any(is_whole)).map(|(class, _)| *class)?;
    // `token-rotation-...` is the name of a resource.
    let is_other = class == Unclassified || is_public("", label) || value.split(['-', '_']).any(is_word);
    let is_one = !is_other && !is_id(value) && is_token(value) && !value.contains(['.', '/', '~']);
    is_one.then_some(class)
}

/// Whether a part is a word: five letters or more, and nothing else.
fn is_word(part: &str) -> bool {
    let rest = part.get(1..).unwrap_or_default();
    part.len() >= 5
        && part.bytes().all(|b| b.is_ascii_alphabetic())
        && rest.bytes().all(|b| b.is_ascii_lowercase())
}

/// Whether a token is what its holder shows, or a thing: a place in a list, a device, an object of a chain.
fn is_public(before: &str, label: &str) -> bool {
    const WORDS: &[&str] = &[
        "page",
        "next",
        "continuation",
        "idempotency",
        "client",
        "push",
        "device",
        "apns",
        "fcm",
        "cursor",
        "nft",
        "chain",
        "sync",
        "erc20",
        "coin",
    ];
    let has = |text: &str| {
        let mut words = text.split(|c: char| !c.is_ascii_alphanumeric());
        words.any(|own| WORDS.iter().any(|word| own.eq_ignore_ascii_case(word)))
    };
    ends_in(label, "token") && (has(before) || has(label))
}

/// Whether a part has the form of an id that programs make for anything.
fn is_id(value: &str) -> bool {
    let bytes = value.as_bytes();
    let lower = |b: &u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    // A UUID of version 4 without its hyphens (RFC 9562).
    let is_hex_uuid = bytes.len() == 32
        && bytes.iter().all(u8::is_ascii_hexdigit)
        && bytes[12] == b'4'
        && b"89abAB".contains(&bytes[16]);
    let is_cuid = bytes.len() == 25 && bytes[0] == b'c' && bytes.iter().all(lower);
    let is_xid = bytes.len() == 20
        && bytes.iter().any(u8::is_ascii_lowercase)
        && bytes.iter().all(|b| b.is_ascii_digit() || (b'a'..=b'v').contains(b));
    let is_push = bytes.len() == 20 && bytes[0] == b'-';
    // `cs_...`, `user_...`: the kind of an object and its id.
    let is_object = value.split_once('_').is_some_and(|(kind, rest)| {
        (2..=10).contains(&kind.len())
            && kind.bytes().all(|b| b.is_ascii_lowercase())
            && rest.bytes().all(|b| b.is_ascii_alphanumeric())
    });
    names::is_uuid(bytes)
        || names::is_plain_id(value)
        || names::is_sortable_id(value)
        || names::is_sortable_id(&value.to_ascii_uppercase())
        || names::is_account(value)
        || is_hex_uuid
        || is_cuid
        || is_xid
        || is_push
        || is_object
}

/// What a part of a key says of the one after it.
pub(super) fn class_of(part: &str) -> Option<SecretClass> {
    if part.is_empty() || part.len() > 64 {
        return None;
    }
    LABELS.iter().find(|(_, words)| words.iter().any(|word| ends_in(part, word))).map(|(class, _)| *class)
}

/// Whether a part ends in a word, whatever separators stand in it: `PASSWORD_RESET` ends in `passwordreset`, `webSession` in
/// `session`.
fn ends_in(part: &str, word: &str) -> bool {
    let bytes = part.as_bytes();
    let mut at = bytes.len();
    for expected in word.bytes().rev() {
        while at > 0 && !bytes[at - 1].is_ascii_alphanumeric() {
            at -= 1;
        }
        if at == 0 || bytes[at - 1].to_ascii_lowercase() != expected {
            return false;
        }
        at -= 1;
    }
    // A word of its own: nothing before it, a sign, or a capital letter after a small one.
    let before = at.checked_sub(1).map(|n| bytes[n]);
    before.is_none_or(|b| {
        b.is_ascii()
            && (!b.is_ascii_alphanumeric() || b.is_ascii_lowercase() && bytes[at].is_ascii_uppercase())
    })
}

/// What the members of a map of that name are called by: `sessions`, `api_keys`, `refreshTokens`.
pub(super) fn class_of_many(name: &str) -> Option<SecretClass> {
    class_of(name.strip_suffix('s').unwrap_or(name)).filter(|_| !is_public("", name))
}

/// A token that is the whole of a text.
pub(super) fn whole(text: &str, class: SecretClass) -> Option<Token> {
    let span = 0..text.len();
    // Standard base64 has signs that separate nothing here.
    let is_base64 = text.len() >= 24 && text.ends_with('=') && is_token(text.trim_end_matches('='));
    if is_base64 {
        return Some(Token { span, class, is_id: false });
    }
    match is_id(text) {
        true => Some(Token { span, class, is_id: true }),
        false => is_token(text).then_some(Token { span, class, is_id: false }),
    }
}

/// Random, sixteen characters or more of one alphabet.
pub(super) fn is_token(value: &str) -> bool {
    (SHORTEST..=512).contains(&value.len())
        && value.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.~+/".contains(&b))
        && names::is_token(value)
        && !names::is_address(value)
        && !has_date(value)
}

/// Whether there is a date in it: `match-2024-02-25`.
fn has_date(value: &str) -> bool {
    let is_date = |ten: &[u8]| {
        ten.iter().enumerate().all(|(at, b)| if at == 4 || at == 7 { *b == b'-' } else { b.is_ascii_digit() })
    };
    value.as_bytes().windows(10).any(is_date)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(key: &str, expect: Option<(&str, SecretClass, bool)>) {
        let found = token(key);
        let told = found.as_ref().map(|t| (&key[t.span.clone()], t.class, t.is_id));
        assert_eq!(told, expect, "{key}");
    }

    #[test]
    fn the_part_before_a_token_is_its_name() {
        let value = ["q7Zt91mXw0Lr", "4VbN8sKd2P"].concat();
        let v = value.as_str();
        for (key, class) in [
            (format!("SESSION#{v}"), Session),
            (format!("sess:{v}"), Session),
            (format!("USER#42#SESSION#{v}"), Session),
            (format!("laravel_session:{v}"), Session),
            (format!("SESSION#{v}#META"), Session),
            (format!("APIKEY#{v}"), ApiKey),
            (format!("API_KEY|{v}"), ApiKey),
            (format!("RESET#{v}"), ResetToken),
            (format!("PASSWORD_RESET#{v}"), ResetToken),
            (format!("magic-link:{v}"), OneTimeLink),
            (format!("TOKEN#{v}"), Unclassified),
            (format!("REFRESH_TOKEN#{v}"), RefreshToken),
        ] {
            check(&key, Some((v, class, false)));
        }
        let hex = "0a1b2c3d4e5f".repeat(3) + "6071";
        check(&format!("session-{v}"), Some((v, Session, false)));
        check(&format!("SESSION#{}#{v}", "0d24e101-bad5-46e4-90ad-93859f3a7059"), Some((v, Session, false)));
        check(&format!("SESSION#{hex}"), Some((&hex, Session, false)));
    }

    #[test]
    fn ids_and_words_are_no_tokens() {
        check(
            "SESSION#0d24e101-bad5-46e4-90ad-93859f3a7059",
            Some(("0d24e101-bad5-46e4-90ad-93859f3a7059", Session, true)),
        );
        for key in [
            "SESSION#2026-01-01T00:00:00Z",
            "SESSION#active",
            "TOKEN#refresh",
            "SESSION#12345678901234567890",
            "SESSION#anna@example-of-mail.org",
            "TOKEN#tenant-blue-2024-europe",
            "SESSION_TYPE#q7Zt91mXw0Lr4VbN8sKd2P",
            "SESSION#match-2024-02-25T11:44:51.000Z",
            "PAGE_TOKEN#q7Zt91mXw0Lr4VbN8sKd2P",
            "PUSH#TOKEN#q7Zt91mXw0Lr4VbN8sKd2P",
            "order-q7Zt91mXw0Lr4VbN8sKd2P",
            "USER#q7Zt91mXw0Lr4VbN8sKd2P",
            "q7Zt91mXw0Lr4VbN8sKd2P",
            "a note on SESSION#q7Zt91mXw0Lr4VbN8sKd2P",
            "arn:aws:iam::1:session:q7Zt91mXw0Lr4VbN8sKd2P",
        ] {
            check(key, None);
        }
    }
}
