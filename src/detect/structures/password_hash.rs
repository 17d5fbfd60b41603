//! Password hashes: bcrypt, SHA-crypt, argon2 and scrypt (PHC string format), Django's and Werkzeug's own.

use super::{begins, run};
use crate::detect::rule::{Found, Place};
use crate::domain::Confidence;

/// A form: how it begins, how many parts its separators make, and the least length of the last part.
struct Form {
    prefixes: &'static [&'static str],
    parts: usize,
    last: usize,
}

const FORMS: &[Form] = &[
    // $2b$12$ and 53 characters of salt and hash.
    Form { prefixes: &["$2a$", "$2b$", "$2y$"], parts: 4, last: 53 },
    // $6$[rounds=n$]salt$hash: 86 characters for SHA-512, 43 for SHA-256, 22 for MD5.
    Form { prefixes: &["$6$"], parts: 4, last: 86 },
    Form { prefixes: &["$5$"], parts: 4, last: 43 },
    Form { prefixes: &["$1$", "$apr1$"], parts: 4, last: 22 },
    // $argon2id$v=19$m=65536,t=3,p=4$salt$hash
    Form { prefixes: &["$argon2id$", "$argon2i$", "$argon2d$"], parts: 6, last: 20 },
    Form { prefixes: &["$scrypt$"], parts: 5, last: 20 },
    // Django: algorithm$iterations$salt$hash; Werkzeug: pbkdf2:sha256:n$salt$hash
    Form { prefixes: &["pbkdf2_sha256$", "pbkdf2_sha1$"], parts: 4, last: 27 },
    Form { prefixes: &["argon2$argon2id$"], parts: 6, last: 20 },
    Form { prefixes: &["bcrypt_sha256$$2b$"], parts: 5, last: 53 },
    Form { prefixes: &["pbkdf2:sha256", "pbkdf2:sha1", "pbkdf2:sha512", "scrypt:"], parts: 3, last: 40 },
];

pub(super) fn recognise(place: &Place<'_>) -> Option<Found> {
    let Place { text, at, .. } = *place;
    if !begins(text, at, |b| b.is_ascii_alphanumeric() || b == b'$') {
        return None;
    }
    let end = run(text, at, 512, |b| b.is_ascii_alphanumeric() || b"$./+=,_:-".contains(&b));
    let hash = text.get(at..end)?;
    let (form, prefix) =
        FORMS.iter().find_map(|f| Some((f, f.prefixes.iter().find(|p| hash.starts_with(**p))?)))?;
    let parts = hash.split('$').count();
    let last = hash.rsplit('$').next()?.len();
    // SHA-crypt and argon2 have one part that may be left out or added.
    if !(form.parts..=form.parts + 1).contains(&parts) || last < form.last {
        return None;
    }
    Some(Found {
        keep: prefix.len(),
        confidence: Some(Confidence::Confirmed),
        reasons: vec!["its algorithm, salt and hash are all there".into()],
        ..Found::at(at..end)
    })
}
