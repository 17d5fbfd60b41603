//! What templates share: files of `assets/remedies/parts`. Those that end in `.txt` are comments, the same in every
//! language.

use super::Flavour;

macro_rules! parts {
    ($($file:literal)+) => {
        /// Every part, by the name of its file.
        pub(super) static PARTS: &[(&str, &str)] =
            &[$(($file, include_str!(concat!("../../assets/remedies/parts/", $file)))),+];
    };
}

parts! {
    "ask.py"
    "before-aws-key.py"
    "before-aws-key.sh"
    "before-issuer.txt"
    "copies.txt"
    "directory.sh"
    "end-aws-key.py"
    "end-aws-key.sh"
    "end-issuer.txt"
    "files.sh"
    "fill.py"
    "filled.tf"
    "hidden.py"
    "inside.py"
    "item.sh"
    "keys.py"
    "make-key.py"
    "make-key.sh"
    "name.py"
    "new-aws-key.py"
    "new-aws-key.sh"
    "new-aws-key.tf"
    "new-database.sh"
    "new-database.txt"
    "new-django-key.sh"
    "new-django-key.txt"
    "new-issuer.txt"
    "new-one-time-link.txt"
    "new-person-token.txt"
    "new-private-key.txt"
    "new-refresh-token.txt"
    "new-reset-token.txt"
    "new-session.txt"
    "new-signed-link.txt"
    "new-unclassified.txt"
    "new-webhook-key.txt"
    "organization.sh"
    "own.py"
    "own.sh"
    "places.py"
    "read.py"
    "read.sh"
    "readers-django-key.py"
    "readers-issuer.txt"
    "readers-webhook-key.py"
    "rekey.py"
    "rekey.sh"
    "revoke-aws-key.py"
    "revoke-aws-key.sh"
    "revoke-aws-key.tf"
    "revoke-database.txt"
    "revoke-django-key.txt"
    "revoke-issuer.txt"
    "revoke-one-time-link.txt"
    "revoke-person-token.txt"
    "revoke-private-key.txt"
    "revoke-refresh-token.txt"
    "revoke-reset-token.txt"
    "revoke-session.txt"
    "revoke-signed-link.txt"
    "revoke-unclassified.txt"
    "revoke-webhook-key.txt"
    "store.sh"
    "take-out.py"
    "take-out.sh"
    "trust-edit.txt"
    "ways-issuer.txt"
    "ways-one-time-link.txt"
    "ways-reset-token.txt"
    "ways-session.txt"
    "ways-signed-link.txt"
}

/// What stands where a template names a part. A name with `@` in front is one of the steps of a class of secrets: that
/// of the class, or else that of everything an issuer makes again. A step that a class does not have is empty.
pub(super) fn part(name: &str, flavour: Flavour, class: &str) -> Option<&'static str> {
    let by = |file: String| PARTS.iter().find(|(of, _)| *of == file).map(|(_, text)| *text);
    let Some(step) = name.strip_prefix('@') else { return by(name.to_owned()) };
    let of = |class: &str| {
        by(format!("{step}-{class}.{}", flavour.extension())).or_else(|| by(format!("{step}-{class}.txt")))
    };
    of(class).or_else(|| of("issuer"))
}
