//! What kind of thing a secret is: what becomes of it when its item is changed, and so which fix fits.
//!
//! Every embedded rule names its class (`class` in `assets/rules`). The fix is chosen by the class and by where the
//! secret stands, in one table (`remedy/secrets.rs`), never by the name of a rule.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

macro_rules! classes {
    ($($(#[$doc:meta])* $name:ident $word:literal;)+) => {
        /// What kind of thing a secret is.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
        pub enum SecretClass {
            $($(#[$doc])* #[serde(rename = $word)] $name,)+
        }

        impl SecretClass {
            /// Every class.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// Its word in rule files and reports.
            pub const fn word(self) -> &'static str {
                match self {
                    $(Self::$name => $word,)+
                }
            }
        }
    };
}

classes! {
    /// Nothing is known of it: a user's rule that names no class, a value under a telling name. It may be the only
    /// copy there is.
    #[default]
    Unclassified "unclassified";
    /// A credential that its issuer makes again and revokes.
    ApiKey "api-key";
    /// An access key of AWS, its id or its secret.
    AwsKey "aws-key";
    /// Credentials of a session of AWS, which end by themselves.
    AwsSession "aws-session";
    /// A user and password of a database, as a rule in its URL.
    Database "database";
    /// What signs webhooks, so that their receiver can tell who sent them.
    WebhookKey "webhook-key";
    /// Django's `SECRET_KEY`: it signs sessions, reset tokens and messages.
    DjangoKey "django-key";
    /// A session or token that the application itself gave to one person.
    Session "session";
    /// A token of one person that somebody else issued, who revokes it.
    PersonToken "person-token";
    /// An OAuth refresh token: it fetches access tokens until it is revoked.
    RefreshToken "refresh-token";
    /// A link or token that is good once or for a while.
    OneTimeLink "one-time-link";
    /// A token or link that resets a password or confirms an address.
    ResetToken "reset-token";
    /// A link that is signed, and good until the time in it.
    SignedLink "signed-link";
    /// A password in the clear, a person's or a service's.
    Password "password";
    /// What a password is checked against. Without it nobody logs in.
    PasswordHash "password-hash";
    /// What a key or token is checked against. Without it no key works.
    KeyHash "key-hash";
    /// The seed of one-time passwords, or recovery codes. Without it a person is locked out.
    SecondFactor "second-factor";
    /// A key that signs or encrypts: what was encrypted under it is lost with it.
    KeyMaterial "key-material";
    /// The private half of a key pair, of a certificate or of SSH.
    PrivateKey "private-key";
    /// A private key or phrase of a wallet: the funds are lost with it.
    Wallet "wallet";
    /// What is encrypted already: the data itself.
    Ciphertext "ciphertext";
    /// What a program told of itself when something went wrong, or a request with its headers.
    Dump "dump";
    /// An identifier that tells of a secret elsewhere, and is none.
    Identifier "identifier";
}

impl SecretClass {
    /// Whether it is a session or a token of one person, rather than a credential of an application.
    pub const fn is_of_a_person(self) -> bool {
        matches!(
            self,
            Self::Session
                | Self::AwsSession
                | Self::PersonToken
                | Self::RefreshToken
                | Self::OneTimeLink
                | Self::ResetToken
                | Self::SignedLink
        )
    }
}

impl FromStr for SecretClass {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        Self::ALL.iter().copied().find(|c| c.word() == word).ok_or_else(|| {
            let all: Vec<&str> = Self::ALL.iter().map(|c| c.word()).collect();
            format!("no class {word:?}: it is one of {}", all.join(", "))
        })
    }
}
