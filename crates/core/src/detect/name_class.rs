//! What kind of thing a name says that its value is, where the value alone tells nothing.
//!
//! Only names that leave no doubt are here: of an `access_token` nobody knows whether a person or an application has it, and
//! what is not known is kept ([`SecretClass::Unclassified`]).

use crate::detect::password_names;
use crate::domain::SecretClass::{
    self, ApiKey, Database, DjangoKey, KeyMaterial, OneTimeLink, Password, PasswordHash, RefreshToken,
    ResetToken, SecondFactor, Session, WebhookKey,
};

/// How a name ends, without its separators and in lower case; the first line that fits counts.
const ENDS: &[(SecretClass, &[&str])] = &[
    (
        ResetToken,
        &[
            "resettoken",
            "resetkey",
            "resetcode",
            "recoverytoken",
            "verificationtoken",
            "verifytoken",
            "confirmationtoken",
            "activationtoken",
            "activationkey",
        ],
    ),
    (
        OneTimeLink,
        &[
            "invitetoken",
            "invitationtoken",
            "magictoken",
            "magiclinktoken",
            "onetimetoken",
            "recoverycode",
            "recoverycodes",
            "backupcode",
            "backupcodes",
        ],
    ),
    (RefreshToken, &["refreshtoken"]),
    (Session, &["sessionid", "sessid", "sessionkey", "sessiontoken", "remembertoken", "csrfsecret"]),
    (WebhookKey, &["webhooksecret", "webhookkey", "webhooksigningsecret", "webhooksigningkey"]),
    (DjangoKey, &["djangosecretkey"]),
    (
        SecondFactor,
        &["totp", "totpsecret", "totpseed", "totpkey", "otpsecret", "otpseed", "mfasecret", "2fasecret"],
    ),
    (KeyMaterial, &["encryptionkey", "signingkey", "masterkey", "fernetkey", "hmackey"]),
];

/// What a name says that a secret under it is.
pub(super) fn of(name: &str) -> SecretClass {
    let flat: String = name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    if let Some(before) = password_names::before_password(&flat) {
        return match before {
            of if password_names::DATABASES.contains(&of) => Database,
            of if password_names::SERVICES.contains(&of) => ApiKey,
            _ => Password,
        };
    }
    let fits = |ends: &[&str]| ends.iter().any(|end| flat.ends_with(end));
    ENDS.iter().find(|(_, ends)| fits(ends)).map_or(SecretClass::Unclassified, |(class, _)| *class)
}

/// The same, where the value says more: under the name of a password a digest is what the password is checked against.
pub(super) fn of_value(name: &str, text: &str) -> SecretClass {
    match of(name) {
        Password if is_digest(text) => PasswordHash,
        class => class,
    }
}

/// Whether a text is a digest as programs write it: MD5, SHA-1 or one of SHA-2, in hexadecimal digits.
pub(super) fn is_digest(text: &str) -> bool {
    matches!(text.len(), 32 | 40 | 56 | 64 | 96 | 128) && text.bytes().all(|b| b.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use SecretClass::Unclassified;

    #[test]
    fn a_digest_under_the_name_of_a_password_is_a_hash() {
        let check = |name, text: &str, class| assert_eq!(of_value(name, text), class, "{name} {text}");
        check("password", &"0a".repeat(16), PasswordHash);
        check("password", &"0A".repeat(32), PasswordHash);
        check("password", &"0a".repeat(15), Password);
        check("password", "correct horse", Password);
        check("api_key", &"0a".repeat(16), Unclassified);
    }

    #[test]
    fn a_name_says_what_its_value_is_or_nothing() {
        for (name, class) in [
            ("password", Password),
            ("userPassword", Password),
            ("plaintext_password", Password),
            ("passwd", Password),
            ("motDePasse", Password),
            ("db_password", Database),
            ("DB-PASSWD", Database),
            ("mysqlPwd", Database),
            ("smtp_password", ApiKey),
            ("EMAIL_HOST_PASSWORD", ApiKey),
            ("reset_token", ResetToken),
            ("passwordResetToken", ResetToken),
            ("email-verification-token", ResetToken),
            ("invite_token", OneTimeLink),
            ("recovery_codes", OneTimeLink),
            ("google_refresh_token", RefreshToken),
            ("session_key", Session),
            ("remember_token", Session),
            ("github_webhook_secret", WebhookKey),
            ("totp_secret", SecondFactor),
            ("encryption_key", KeyMaterial),
            ("access_token", Unclassified),
            ("secret", Unclassified),
            ("api_key", Unclassified),
            ("", Unclassified),
        ] {
            assert_eq!(of(name), class, "{name}");
        }
    }
}
