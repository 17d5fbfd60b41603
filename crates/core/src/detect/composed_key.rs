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
            "activate",
            "activation",
        ],
    ),
    (
        OneTimeLink,
        &["magic", "magiclink", "invite", "invitation", "otp", "onetime", "otl", "share", "sharelink"],
    ),
    (RefreshToken, &["refresh", "refreshtoken"]),
    (
        Unclassified,
        &["token", "tokens", "tok", "bearer", "access", "accesstoken", "auth", "authtoken", "secret"],
    ),
];

/// What stands between the parts of a key.
const SEPARATORS: [char; 3] = ['#', ':', '|'];
/// A longer text is no key, in bytes: a sort key has at most 1,024 of them, a partition key 2,048.
const LONGEST: usize = 2048;
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
    if text.len() > LONGEST || text.starts_with("arn:") || text.bytes().any(|b| b.is_ascii_whitespace()) {
        return None;
    }
    let mut from = 0;
    let mut label: Option<SecretClass> = None;
    let mut id = None;
    for part in text.split(SEPARATORS).take(MOST) {
        let span = from..from + part.len();
        from = span.end + 1;
        if let Some(class) = label.take() {
            let value = part.trim_end_matches('=');
            let is_id = names::is_plain_id(value) || names::is_sortable_id(value);
            if names::is_uuid(value.as_bytes()) || is_id {
                id = id.or(Some(Token { span, class, is_id: true }));
                continue;
            }
            if is_token(value) {
                return Some(Token { span, class, is_id: false });
            }
        }
        label = class_of(part);
    }
    id
}

/// What a part of a key says of the one after it.
fn class_of(part: &str) -> Option<SecretClass> {
    if part.is_empty() || part.len() > 64 {
        return None;
    }
    LABELS.iter().find(|(_, words)| words.iter().any(|word| ends_in(part, word))).map(|(class, _)| *class)
}

/// Whether a part ends in a word, whatever separators are in it: `PASSWORD_RESET` in `passwordreset`, `webSession` in `session`.
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

/// Random, sixteen characters or more of one alphabet.
fn is_token(value: &str) -> bool {
    (16..=512).contains(&value.len())
        && value.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.~+/".contains(&b))
        && names::is_token(value)
        && !names::is_address(value)
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
            "USER#q7Zt91mXw0Lr4VbN8sKd2P",
            "q7Zt91mXw0Lr4VbN8sKd2P",
            "a note on SESSION#q7Zt91mXw0Lr4VbN8sKd2P",
            "arn:aws:iam::1:session:q7Zt91mXw0Lr4VbN8sKd2P",
        ] {
            check(key, None);
        }
    }
}
