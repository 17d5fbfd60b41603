//! Which fix fits a secret: one table, by what kind of thing it is and where it stands.

use crate::domain::SecretClass;

/// Where in an item a secret stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stands {
    /// In a key of the table or of an index.
    InKey,
    /// It is the whole of a value, in a table of which each item is a session.
    InSessionStore,
    /// It is the whole of a value.
    Alone,
    /// It is a part of a value: of a document, of a longer text, of something encoded.
    Inside,
    /// It is a part of a session that is signed, in a session store: an edit would break the signature.
    InSession,
}

impl Stands {
    /// Every place.
    pub const ALL: &'static [Self] =
        &[Self::InKey, Self::InSessionStore, Self::Alone, Self::Inside, Self::InSession];
}

/// What fits a class.
#[derive(Debug)]
pub struct Fit {
    /// The class.
    pub class: SecretClass,
    /// Why it matters that it can be read: a sentence that goes on from "Whoever can read this item".
    pub why: &'static str,
    /// What comes before anything in the table is changed, for a snippet.
    pub first: &'static str,
    /// The topic where it is the whole of a value, and where it is a part of one. Without one, there is nothing
    /// to fix, and `why` says that.
    pub alone: Option<&'static str>,
    /// The same where it is a part of a value.
    pub inside: Option<&'static str>,
}

/// One line for each class; a test holds that none is missing.
pub static FITS: &[Fit] = &[
    fit(
        SecretClass::Unclassified,
        "may hold a credential, and so may its copies in indexes, streams and backups.",
        "Find out what it is and who needs it. Until then keep it: this may be the only copy.",
        Some("secret-to-keep"),
    ),
    fit(SecretClass::ApiKey, HOLDS, ROTATE, Some("secret-in-item")),
    fit(SecretClass::AwsKey, HOLDS, ROTATE, Some("secret-in-item")),
    fit(
        SecretClass::Session,
        "can use the token, or the session it belongs to, until it expires.",
        "End the session where it was made. Until it has ended there, all else is cosmetic.",
        Some("secret-in-item"),
    ),
    fit(
        SecretClass::PersonToken,
        "can act as the person it belongs to, until it expires or is revoked.",
        "Revoke it where it was issued, and have its owner sign in anew. Until then all else is cosmetic.",
        Some("secret-in-item"),
    ),
    fit(
        SecretClass::OneTimeLink,
        "can follow the link or use the token, until it is used or expires.",
        "Make it worthless first: use it up or end it where it was made. Later, store a hash of it.",
        Some("secret-in-item"),
    ),
    fit(
        SecretClass::Password,
        "knows the password, and its owner may use it elsewhere too.",
        "Keep it until its owner can log in without it: a person by a hash that is slow to guess and a reset.",
        Some("secret-to-keep"),
    ),
    Fit {
        inside: Some("password-hash"),
        ..fit(
            SecretClass::PasswordHash,
            "can try passwords offline, as fast as their hardware allows.",
            "Keep it: without it nobody can log in.",
            Some("password-hash"),
        )
    },
    fit(
        SecretClass::KeyHash,
        "can check guesses against it. A long random key cannot be guessed: this is the right form to store it.",
        "Keep it: without it no key works.",
        None,
    ),
    Fit {
        inside: Some("second-factor"),
        ..fit(
            SecretClass::SecondFactor,
            "can make the one-time passwords of the person it belongs to.",
            "Keep it until its owner has enrolled anew: without it that person is locked out.",
            Some("second-factor"),
        )
    },
    fit(
        SecretClass::KeyMaterial,
        "can sign, log in or decrypt as whoever the key belongs to.",
        "Keep it: what was encrypted under it is lost with it. Make a new key, and use the old one for old data only.",
        Some("secret-to-keep"),
    ),
    fit(
        SecretClass::Wallet,
        "can spend what the wallet holds.",
        "Move the funds to a wallet whose key was never here, and keep this key until they have arrived.",
        Some("secret-to-keep"),
    ),
    fit(
        SecretClass::Ciphertext,
        "sees what is encrypted, and needs the key to open it. Let few use that key.",
        "Keep it: it is the data itself.",
        None,
    ),
    fit(
        SecretClass::Identifier,
        "sees an identifier that is no secret by itself. Look for the secret that belongs to it.",
        "Keep it: it is no secret.",
        None,
    ),
];

const HOLDS: &str = "holds the credential, and so do its copies in indexes, streams and backups.";
const ROTATE: &str = "Rotate at the issuer. Until the old value is revoked there, all else is cosmetic.";

/// A secret that is a part of a value is taken out of it by an edit, unless it is one that has to stay.
const fn fit(class: SecretClass, why: &'static str, first: &'static str, alone: Option<&'static str>) -> Fit {
    let inside = if alone.is_some() { Some("secret-inside") } else { None };
    Fit { class, why, first, alone, inside }
}

/// What fits a class.
pub fn fit_of(class: SecretClass) -> &'static Fit {
    // A test holds that every class is there; the first of the table fits what nothing is known of.
    FITS.iter().find(|fit| fit.class == class).unwrap_or(&FITS[0])
}

/// The topic that fixes a secret of a class that stands there; none where there is nothing to fix.
pub fn topic_for(class: SecretClass, stands: Stands) -> Option<&'static str> {
    let fit = fit_of(class);
    match stands {
        // A hash can stand in for what is only compared, never for what is needed as it is.
        Stands::InKey if needed_as_it_is(class) => fit.alone,
        Stands::InKey => fit.alone.map(|_| "secret-as-key"),
        Stands::InSessionStore if class == SecretClass::Session => Some("session-in-item"),
        Stands::InSessionStore | Stands::Alone => fit.alone,
        Stands::Inside => fit.inside,
        // What ends the session ends what is in it, unless it has to stay.
        Stands::InSession if fit.inside == Some("secret-inside") => Some("session-in-item"),
        Stands::InSession => fit.inside,
    }
}

fn needed_as_it_is(class: SecretClass) -> bool {
    use SecretClass::{KeyMaterial, PasswordHash, SecondFactor, Wallet};
    matches!(class, PasswordHash | SecondFactor | KeyMaterial | Wallet)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::remedy::{Flavour, topic};

    /// Only what its issuer, or whoever made the session, makes again may be taken away.
    const MADE_AGAIN: &[SecretClass] = &[
        SecretClass::ApiKey,
        SecretClass::AwsKey,
        SecretClass::Session,
        SecretClass::PersonToken,
        SecretClass::OneTimeLink,
    ];

    #[test]
    fn every_class_has_one_line_and_each_of_its_topics_exists() {
        assert_eq!(FITS.len(), SecretClass::ALL.len());
        for class in SecretClass::ALL {
            assert_eq!(fit_of(*class).class, *class, "{}", class.word());
            assert_eq!(class.word().parse(), Ok(*class));
            for stands in Stands::ALL {
                let id = topic_for(*class, *stands);
                assert!(id.is_none_or(|id| topic(id).is_some()), "{} {stands:?}: {id:?}", class.word());
            }
        }
        assert!("no-such-class".parse::<SecretClass>().is_err());
    }

    /// A snippet that takes an attribute away is for what can be made again, and never for a part of a value.
    #[test]
    fn what_cannot_be_made_again_is_never_removed() {
        for class in SecretClass::ALL {
            for stands in Stands::ALL {
                let Some(topic) = topic_for(*class, *stands).and_then(topic) else { continue };
                let alone = matches!(stands, Stands::Alone | Stands::InSessionStore);
                let may = MADE_AGAIN.contains(class) && alone;
                let removes = Flavour::ALL.iter().filter_map(|f| topic.template(*f)).any(|template| {
                    ["REMOVE ", "delete-item", "delete_item"].iter().any(|word| template.contains(word))
                });
                assert!(may || !removes, "{} {stands:?} gets {}", class.word(), topic.id);
            }
        }
    }
}
