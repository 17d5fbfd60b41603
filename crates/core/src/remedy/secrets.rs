//! Which fix fits a secret: one table, by what kind of thing it is and where it stands.

use crate::domain::SecretClass;

/// Where in an item a secret stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stands {
    /// In the key of the table.
    InKey,
    /// In the key of an index, and not in that of the table.
    InIndexKey,
    /// It is the whole of a value, in a table of which each item is a session.
    InSessionStore,
    /// It is the whole of a value, and nearly every item has its own.
    InEach,
    /// It is the whole of a value.
    Alone,
    /// It is a part of a value: of a document, of a longer text, of something encoded.
    Inside,
    /// It is a part of a session that is signed, in a session store: an edit would break the signature.
    InSession,
}

impl Stands {
    /// Where that is, in a few words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::InKey => "in the table's key",
            Self::InIndexKey => "in an index's key",
            Self::InSessionStore => "in a session store",
            Self::InEach => "one in nearly every item",
            Self::Alone => "a value of its own",
            Self::Inside => "inside a text or document",
            Self::InSession => "inside a signed session",
        }
    }

    /// Every place.
    pub const ALL: &'static [Self] = &[
        Self::InKey,
        Self::InIndexKey,
        Self::InSessionStore,
        Self::InEach,
        Self::Alone,
        Self::Inside,
        Self::InSession,
    ];
}

/// What fits a class.
#[derive(Debug)]
pub struct Fit {
    /// The class.
    pub class: SecretClass,
    /// Why it matters that it can be read: a sentence that goes on from "Whoever can read this item".
    pub why: &'static str,
    /// What comes before anything in the table is changed, for a snippet. Where there is nothing to fix, why.
    pub first: &'static str,
    /// The same where others than the account could read it, if it is another thing: it ends before there is a new one.
    pub leaked: Option<&'static str>,
    /// What fixes it; `None` where there is nothing to fix.
    topics: Option<Topics>,
}

/// The topics of a class, by where it stands. There is no place without one.
#[derive(Debug, Clone, Copy)]
struct Topics {
    /// The whole of a value.
    alone: &'static str,
    /// A part of one.
    inside: &'static str,
    /// A part of a signed session.
    in_session: &'static str,
    /// In the key of the table, and of an index.
    in_key: [&'static str; 2],
    /// Nearly every item has its own.
    in_each: &'static str,
    /// A session store.
    in_store: &'static str,
}

/// A hash takes its place in a key.
const HASHED: [&str; 2] = ["secret-as-key", "secret-as-index-key"];

/// Taken out wherever it stands; what ends a session ends what is in it.
const fn moved(alone: &'static str, inside: &'static str) -> Option<Topics> {
    Some(Topics {
        alone,
        inside,
        in_session: "session-in-item",
        in_key: HASHED,
        in_each: alone,
        in_store: alone,
    })
}

/// The same, and the application needs each person's own: it is encrypted.
const fn needed(alone: &'static str, inside: &'static str) -> Option<Topics> {
    match moved(alone, inside) {
        Some(topics) => Some(Topics { in_each: "client-side-encryption", ..topics }),
        None => None,
    }
}

/// It stays where it is, and a hash cannot stand in for it.
const fn kept(topic: &'static str, inside: &'static str) -> Option<Topics> {
    Some(Topics {
        alone: topic,
        inside,
        in_session: inside,
        in_key: [topic, topic],
        in_each: topic,
        in_store: topic,
    })
}

/// One line for each class; a test holds that none is missing.
pub static FITS: &[Fit] = &[
    Fit {
        class: SecretClass::Unclassified,
        why: "may hold a credential, and so may its copies in indexes, streams and backups.",
        first: "Find out what it is and who needs it. Until then keep it: this may be the only copy.",
        leaked: Some(
            "Others can read it: find out at once what it is. A credential is revoked where it was issued, data is kept: this may be the only copy.",
        ),
        topics: needed("secret-to-keep", "secret-inside"),
    },
    Fit {
        class: SecretClass::ApiKey,
        why: HOLDS,
        first: ROTATE,
        leaked: Some(LEAKED),
        topics: moved("secret-in-item", "secret-inside"),
    },
    Fit {
        class: SecretClass::AwsKey,
        why: HOLDS,
        first: "Make a new access key, switch its users, set the old one Inactive, and delete it some days later.",
        leaked: Some(
            "Others can read it: set the access key Inactive at once and deny its sessions. Then a new one, and switch its users.",
        ),
        topics: moved("aws-access-key", "aws-access-key"),
    },
    Fit {
        class: SecretClass::AwsSession,
        why: "can do what the session may, until it ends, up to 36 hours after it began.",
        first: "Deny the role all sessions from before now. Its credentials cannot be deleted.",
        leaked: None,
        topics: moved("aws-session", "aws-session"),
    },
    Fit {
        class: SecretClass::Database,
        why: "can log in to the database, and so can whoever has a copy.",
        first: "Make a second user of the database, switch its readers, and lock the old one.",
        leaked: Some(
            "Others can read it: lock the old user of the database at once. Then make another, and switch its readers.",
        ),
        topics: moved("database-credential", "database-credential"),
    },
    Fit {
        class: SecretClass::WebhookKey,
        why: "can send events that look genuine.",
        first: "Let the receiver take signatures by the old and by a new secret, then end the old one.",
        leaked: Some(
            "Others can read it: let the sender end the old secret at once. Then a new one, at the sender and at the receiver.",
        ),
        topics: needed("webhook-secret", "webhook-secret"),
    },
    Fit {
        class: SecretClass::DjangoKey,
        why: "can make sessions, reset links and signed messages of the application.",
        first: "Replace SECRET_KEY. The old one has leaked, so it never goes into SECRET_KEY_FALLBACKS.",
        leaked: Some(
            "Others can read it: deploy another SECRET_KEY at once, with SECRET_KEY_FALLBACKS empty. All sessions end with the old one.",
        ),
        topics: moved("django-secret-key", "django-secret-key"),
    },
    Fit {
        class: SecretClass::Session,
        why: "can use the token, or the session it belongs to, until it expires.",
        first: "End the session where it was made. Until it has ended there, all else is cosmetic.",
        leaked: None,
        topics: match moved("token-hash", "token-hash") {
            Some(topics) => {
                Some(Topics { in_store: "session-in-item", in_each: "session-in-item", ..topics })
            }
            None => None,
        },
    },
    Fit {
        class: SecretClass::PersonToken,
        why: "can act as the person it belongs to, until it expires or is revoked.",
        first: "Have its owner sign in anew, then revoke the old one where it was issued. Until then all else is cosmetic.",
        leaked: Some(
            "Others can read it: revoke it where it was issued, at once. Then have its owner sign in anew.",
        ),
        topics: moved("oauth-token", "oauth-token"),
    },
    Fit {
        class: SecretClass::RefreshToken,
        why: "can fetch access tokens of the person it belongs to, until it is revoked.",
        first: "Have its owner grant access anew, then revoke the old one at the issuer's revocation endpoint.",
        leaked: Some(
            "Others can read it: revoke it at the issuer's revocation endpoint, at once. Then have its owner grant access anew.",
        ),
        topics: moved("oauth-token", "oauth-token"),
    },
    Fit {
        class: SecretClass::OneTimeLink,
        why: "can follow the link or use the token, until it is used or expires.",
        first: "Make it worthless first: use it up or end it where it was made. Later, store a hash of it.",
        leaked: None,
        topics: moved("one-time-token", "one-time-token"),
    },
    Fit {
        class: SecretClass::ResetToken,
        why: "can set another password for the person it belongs to, until it is used or expires.",
        first: "Make it worthless first: a new request ends it. Later, store a hash of it, with a short life.",
        leaked: None,
        topics: moved("reset-token", "reset-token"),
    },
    Fit {
        class: SecretClass::SignedLink,
        why: "can fetch what the link leads to, until the time that is signed in it.",
        first: "End what signed it: it is good for whoever has it. Later, store the name of the object, not the link.",
        leaked: None,
        topics: moved("signed-link", "signed-link"),
    },
    Fit {
        class: SecretClass::Password,
        why: "knows the password, and its owner may use it elsewhere too.",
        first: "Keep it until its owner can log in without it: a person by a hash that is slow to guess and a reset.",
        leaked: Some(
            "Others can read it: hash it now, and let nobody log in by it any more. Its owner chooses another, here and elsewhere.",
        ),
        // Inside a document or a text it is mostly that of a service: a credential.
        topics: kept("plain-password", "secret-inside"),
    },
    Fit {
        class: SecretClass::PasswordHash,
        why: "can try passwords offline, as fast as their hardware allows.",
        first: "Keep it: without it nobody can log in.",
        leaked: Some(
            "Others can read it: close that way first, then force a reset for everybody whose hash it is. Keep it until then.",
        ),
        topics: kept("password-hash", "password-hash"),
    },
    Fit {
        class: SecretClass::KeyHash,
        why: "can check guesses against it. A long random key cannot be guessed: this is the right form to store it.",
        first: "Keep it: without it no key works.",
        leaked: None,
        topics: None,
    },
    Fit {
        class: SecretClass::SecondFactor,
        why: "can make the one-time passwords of the person it belongs to.",
        first: "Keep it until its owner has enrolled anew: without it that person is locked out.",
        leaked: Some(
            "Others can read it: close that way first, then have its owner enrol anew now. Until then it is no second factor.",
        ),
        topics: kept("second-factor", "second-factor"),
    },
    Fit {
        class: SecretClass::KeyMaterial,
        why: "can sign, log in or decrypt as whoever the key belongs to.",
        first: "Keep it: what was encrypted under it is lost with it. Make a new key, and use the old one for old data only.",
        leaked: None,
        topics: kept("secret-to-keep", "secret-inside"),
    },
    Fit {
        class: SecretClass::PrivateKey,
        why: "can sign, log in or decrypt as whoever the key pair belongs to.",
        first: "Make a new key pair, have its certificate issued anew, and have the old one revoked.",
        leaked: Some(
            "Others can read it: have the old key revoked at once, wherever it is trusted. Then make a new pair.",
        ),
        topics: kept("private-key", "private-key"),
    },
    Fit {
        class: SecretClass::Wallet,
        why: "can spend what the wallet holds.",
        first: "Move the funds to a wallet whose key was never here, and keep this key until they have arrived.",
        leaked: None,
        topics: kept("wallet-key", "wallet-key"),
    },
    Fit {
        class: SecretClass::Ciphertext,
        why: "sees what is encrypted, and needs the key to open it. Let few use that key.",
        first: "Keep it: it is the data itself.",
        leaked: None,
        topics: None,
    },
    Fit {
        class: SecretClass::Dump,
        why: "sees how the program is made and what it was doing: files, addresses, and the values of the moment.",
        first: "Keep it where those who mend errors read it, not in the table. Mend what writes it first: it would come back.",
        leaked: None,
        topics: kept("error-dumps", "error-dumps"),
    },
    Fit {
        class: SecretClass::Identifier,
        why: "sees an identifier that is no secret by itself. Look for the secret that belongs to it.",
        first: "Keep it: it is no secret.",
        leaked: None,
        topics: None,
    },
];

const HOLDS: &str = "holds the credential, and so do its copies in indexes, streams and backups.";
const ROTATE: &str =
    "Rotate at the issuer: a new one, stored, its readers switched, then the old one revoked there.";
const LEAKED: &str =
    "Others can read it: revoke it at its issuer at once. What uses it stops until a new one is stored.";

/// What fits a class.
pub fn fit_of(class: SecretClass) -> &'static Fit {
    // A test holds that every class is there; the first of the table fits what nothing is known of.
    FITS.iter().find(|fit| fit.class == class).unwrap_or(&FITS[0])
}

/// The topic that fixes a secret of a class that stands there; none where there is nothing to fix.
pub fn topic_for(class: SecretClass, stands: Stands) -> Option<&'static str> {
    let topics = fit_of(class).topics?;
    Some(match stands {
        Stands::InKey => topics.in_key[0],
        Stands::InIndexKey => topics.in_key[1],
        Stands::InSessionStore => topics.in_store,
        Stands::InEach => topics.in_each,
        Stands::Alone => topics.alone,
        Stands::Inside => topics.inside,
        Stands::InSession => topics.in_session,
    })
}

/// Why nothing fixes a secret of a class; `None` where something does.
pub fn without_topic(class: SecretClass) -> Option<&'static str> {
    let fit = fit_of(class);
    fit.topics.is_none().then_some(fit.first)
}

/// The topics that go with that of a secret: the way out of its class, where another topic takes it out of a key.
pub(super) fn goes_with(class: SecretClass) -> &'static [&'static str] {
    match class {
        SecretClass::AwsKey => &["aws-access-key"],
        SecretClass::AwsSession => &["aws-session"],
        SecretClass::Database => &["database-credential"],
        SecretClass::WebhookKey => &["webhook-secret"],
        SecretClass::DjangoKey => &["django-secret-key"],
        SecretClass::PersonToken | SecretClass::RefreshToken => &["oauth-token"],
        SecretClass::ApiKey => &["secret-in-item"],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::remedy::{Flavour, topic};

    /// Without these somebody cannot log in: a value that cannot be replaced.
    const KEEPS: &[SecretClass] = &[SecretClass::PasswordHash, SecretClass::SecondFactor];
    /// These, and what may be the only copy, or no secret.
    const KEPT: &[SecretClass] = &[
        SecretClass::Unclassified,
        SecretClass::PasswordHash,
        SecretClass::SecondFactor,
        SecretClass::KeyMaterial,
        SecretClass::KeyHash,
        SecretClass::Ciphertext,
        SecretClass::Identifier,
    ];

    #[test]
    fn every_class_has_one_line_and_each_of_its_topics_exists() {
        assert_eq!(FITS.len(), SecretClass::ALL.len());
        for class in SecretClass::ALL {
            assert_eq!(fit_of(*class).class, *class, "{}", class.word());
            assert_eq!(class.word().parse(), Ok(*class));
            let fit = fit_of(*class);
            for first in std::iter::once(fit.first).chain(fit.leaked) {
                let told = Flavour::AwsCli.comment(first);
                assert_eq!(told.matches('_').count(), first.matches('_').count(), "{told}");
            }
            for stands in Stands::ALL {
                let id = topic_for(*class, *stands);
                assert!(id.is_none_or(|id| topic(id).is_some()), "{} {stands:?}: {id:?}", class.word());
            }
        }
        assert!("no-such-class".parse::<SecretClass>().is_err());
    }

    /// What cannot be made again stays, wherever it stands, unless what takes its place holds it: encrypted, or hashed.
    #[test]
    fn what_cannot_be_made_again_is_never_removed() {
        for class in KEPT {
            for stands in Stands::ALL {
                let Some(topic) = topic_for(*class, *stands).and_then(topic) else { continue };
                let removes =
                    topic.id == "secret-in-item" || topic.id == "secret-as-key" && KEEPS.contains(class);
                assert!(!removes, "{} {stands:?} gets {}", class.word(), topic.id);
                for flavour in Flavour::ALL.iter().filter(|_| KEEPS.contains(class)) {
                    let template = topic.template(*flavour).unwrap_or_default();
                    let whole = crate::remedy::fill::whole(template, *flavour, class.word());
                    let whole = whole.split("{{:}}").next().unwrap_or_default();
                    for word in ["REMOVE ", "delete-item", "delete_item"] {
                        assert!(!whole.contains(word), "{} {stands:?}: {word} in {}", class.word(), topic.id);
                    }
                }
            }
        }
    }
}
