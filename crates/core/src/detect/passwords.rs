//! Passwords as people write them. Under the name of a password anything is one, short and plain as it may be, unless all of
//! it is something else: a reference, a placeholder, a rule of validation, the type of a field.

use crate::detect::names;

/// The rule of passwords in clear.
pub(super) const RULE: &str = "plain-password";
/// The rule of passwords in texts.
pub(super) const WRITTEN: &str = "written-password";

/// A longer text is no password that anybody types, in bytes.
pub(super) const LONGEST: usize = 128;
/// A shorter one is a flag or a code, in bytes.
const SHORTEST: usize = 3;
/// More words than this are a sentence.
const MOST_WORDS: usize = 6;

/// Values that say that there is a password, that there is none, or of what kind it is.
const WORDS: &[&str] = &[
    "",
    "-",
    "--",
    "?",
    "??",
    "n/a",
    "na",
    "none",
    "nil",
    "null",
    "undefined",
    "unset",
    "unknown",
    "empty",
    "blank",
    "true",
    "false",
    "yes",
    "no",
    "on",
    "off",
    "enabled",
    "disabled",
    "required",
    "optional",
    "invalid",
    "valid",
    "missing",
    "expired",
    "reset",
    "changed",
    "unchanged",
    "set",
    "not set",
    "tbd",
    "todo",
    "string",
    "text",
    "varchar",
    "char",
    "str",
    "password",
    "passwd",
    "passphrase",
    "secret",
    "hidden",
    "masked",
    "redacted",
    "removed",
    "filtered",
    "[filtered]",
    "encrypted",
    "protected",
    "default",
    "auto",
    "generated",
    "random",
    "prompt",
    "input",
    "field",
    "basic",
    "plain",
    "plaintext",
    "hash",
    "hashed",
    "bcrypt",
    "scrypt",
    "argon2",
    "pbkdf2",
    "sha256",
    "sha512",
    "md5",
    "crypt",
    "sso",
    "saml",
    "ldap",
    "oauth",
    "oidc",
    "google",
    "github",
    "facebook",
    "apple",
    "local",
    "external",
    "strong",
    "weak",
    "medium",
    "forgot",
    "forgotten",
    "incorrect",
    "wrong",
    "mismatch",
    "active",
    "inactive",
    "pending",
    "failed",
    "success",
    "notset",
    "provided",
    "securestring",
    "okta",
    "cognito",
    "webauthn",
    "passkey",
    "totp",
    "iam",
    "vault",
    "in vault",
    "user",
    "username",
    "email",
    "e-mail",
    "login",
    "submit",
    "cancel",
    "rw",
    "ok",
    "read",
    "write",
    "edit",
    "view",
    "create",
    "delete",
    "update",
    "allow",
    "deny",
    "any",
    "all",
    "number",
    "integer",
    "int",
    "boolean",
    "object",
    "array",
    "clob",
    "blob",
    "google-oauth",
    "google-oauth2",
    "facebook-oauth",
    "social",
    "passwordless",
    "magic-link",
    "managed",
    "locked",
    "unusable",
    "unused",
    "replace_me",
    "replaceme",
    "replace-me",
    "change_me",
    "change-me",
    "change-me-now",
    "insert-here",
];

/// How a reference to a password that stands elsewhere begins; what follows names the place.
const REFERENCES: &[&str] = &[
    "arn:",
    "ssm:",
    "/aws/reference/",
    "secretsmanager:",
    "resolve:",
    "{{resolve",
    "%24%7b",
    "%7b%7b",
    "vault:",
    "op:",
    "env:",
    "env.",
    "process.env",
    "os.environ",
    "os.getenv",
    "getenv(",
    "ref+",
    "ref:",
    "ref(",
    "!ref",
    "!sub",
    "!getatt",
    "sm:",
    "kms:",
    "enc[",
    "enc(",
    "{cipher}",
    "gpg:",
    "sops:",
    "age:",
    "file:",
    "@file",
    "keyvault:",
    "@microsoft.keyvault(",
    "projects/",
    "keyring:",
    "aws:kms:",
    "secret:",
    "secrets.",
    "var.",
    "local.",
    "data.",
    "module.",
    "config.",
    "settings.",
];

/// What stands before the word for a password in the rules of validation that frameworks know (Laravel, "Available Validation
/// Rules", and those alike).
const RULES: &[&str] = &[
    "required",
    "nullable",
    "sometimes",
    "string",
    "confirmed",
    "min",
    "max",
    "size",
    "between",
    "regex",
    "same",
    "different",
    "password",
    "alpha_num",
    "alphanum",
    "bail",
    "present",
    "filled",
    "uncompromised",
    "length",
    "minlength",
    "maxlength",
];

/// Whether a value under the name of a password can be one.
pub(super) fn could_be(name: &str, value: &str) -> bool {
    let value = value.trim();
    let lower = value.to_lowercase();
    let lower = lower.as_str();
    (SHORTEST..=LONGEST).contains(&value.len())
        && !value.chars().any(char::is_control)
        && !WORDS.contains(&lower)
        && !is_name(name, lower)
        && !is_mask(value)
        && !is_reference(value, lower)
        && !is_rule(lower)
        && !is_sentence(value)
        && !is_label(value)
        && !is_type(lower)
        && !is_told(value)
        && !is_elsewhere(value)
}

/// A text of an interface: words of which the first is capitalised, or a word of another script without a digit or a sign.
fn is_told(value: &str) -> bool {
    let words = value.split_whitespace().count();
    let has_digit =
        value.chars().any(|c| c.is_numeric() || c.is_ascii_punctuation() && !"-'.!?:,".contains(c));
    let is_ascii = value.is_ascii();
    !has_digit && (words == 2 || words > 1 && value.starts_with(char::is_uppercase) || !is_ascii)
        || value.ends_with("()")
}

/// The word for a password in some language, with words before it: what a form shows beside the field.
fn is_label(value: &str) -> bool {
    let is_words = value.chars().all(|c| c.is_alphabetic() || " -_:*".contains(c));
    is_words && names::kind(value) == names::Name::Password
}

/// The type of a column: `varchar(255)`.
fn is_type(lower: &str) -> bool {
    let Some((name, rest)) = lower.split_once('(') else { return false };
    let size = rest.strip_suffix(')').unwrap_or_default();
    let is_size = !size.is_empty() && size.bytes().all(|b| b.is_ascii_digit() || b == b',');
    is_size && !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b == b' ')
}

/// Whether a value under the name of a login is one: no label of a field, no word about it.
pub(super) fn is_login(name: &str, value: &str) -> bool {
    let lower = value.to_lowercase();
    value.len() > 1 && !WORDS.contains(&lower.as_str()) && !is_name(name, &lower) && !is_label(value)
}

/// The name itself, or words about it: a label.
fn is_name(name: &str, value: &str) -> bool {
    let flat =
        |text: &str| text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    let (name, value): (String, String) = (flat(name), flat(value));
    let label = |word: &str| value == format!("{word}{name}") || value == format!("{name}{word}");
    value == name
        || ["your", "the", "my", "enter", "new", "old", "user", "db", "hash", "here"].into_iter().any(label)
}

/// Signs in place of what is not to be read, however many letters are left at its ends.
fn is_mask(value: &str) -> bool {
    let signs = value.chars().filter(|c| "*•●xX.·-_#".contains(*c)).count();
    let all = value.chars().count();
    let one = value.chars().next().is_none_or(|first| value.chars().all(|c| c == first));
    one && (all < 4
        || !value.starts_with(|c: char| c.is_ascii_digit() || c.is_ascii_alphabetic() && !"xX".contains(c)))
        || signs >= 4 && signs * 2 >= all && value.contains(['*', '•', '●'])
        || signs == all
}

/// The whole of it names a place where the password is, in the syntax of a template, a shell or a store of secrets.
fn is_reference(value: &str, lower: &str) -> bool {
    let within = |open: &str, close: &str| {
        value
            .strip_prefix(open)
            .and_then(|rest| rest.strip_suffix(close))
            .is_some_and(|inner| !inner.is_empty())
    };
    // `$DB_PASSWORD`, `%DB_PASSWORD%`, `@DB_PASSWORD`: a variable, which is all capitals or a plain word.
    let is_variable = |name: &str| {
        name.len() >= 2
            && name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
            && (name.bytes().all(|b| !b.is_ascii_lowercase()) || !name.bytes().any(|b| b.is_ascii_digit()))
    };
    within("${", "}")
        || within("{{", "}}")
        || within("{%", "%}")
        || within("#{", "}")
        || within("$(", ")")
        || within("$((", "))")
        || within("<", ">")
        || within("[", "]")
        || within("{", "}")
        || within("__", "__")
        || within("%(", ")s")
        || value.strip_prefix('$').is_some_and(is_variable)
        || value.strip_prefix('%').and_then(|rest| rest.strip_suffix('%')).is_some_and(is_variable)
        || REFERENCES.iter().any(|prefix| lower.starts_with(prefix) && lower.len() > prefix.len())
        || value.contains("://")
}

/// `required|min:8|confirmed`, or the pattern that a password has to meet.
fn is_rule(lower: &str) -> bool {
    let is_one = |rule: &str| RULES.contains(&rule.split([':', '=', '(']).next().unwrap_or_default().trim());
    let many = |sign: char| lower.contains(sign) && lower.split(sign).all(is_one);
    many('|')
        || many(',')
        || is_one(lower) && lower.contains([':', '='])
        || lower.starts_with('^') && lower.ends_with('$')
}

/// Words in a row that say something: a help text, a message.
fn is_sentence(value: &str) -> bool {
    let words = value.split_whitespace().count();
    words > MOST_WORDS
        || words > 2 && value.ends_with(['.', '?', ':', '…'])
        || words > 1 && value.contains("assword")
}

/// What has its own meaning wherever it stands: an address, a date, a path, a document.
fn is_elsewhere(value: &str) -> bool {
    let is_date = value.len() >= 8
        && value.contains([':', '-', '/'])
        && value.bytes().all(|b| b.is_ascii_digit() || b"-+.:/TZ ".contains(&b));
    is_date
        || names::is_address(value)
        || value.starts_with("./")
        || value.starts_with("../")
        || value.starts_with("~/")
        || value.starts_with(['/', '\\'])
        || value.as_bytes().get(1..3).is_some_and(|at| at == b":\\" || at == b":/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_choose() {
        for value in [
            "hunter2",
            "letmein",
            "sunshine",
            "Winter-2024",
            "correct horse battery staple",
            "correct-horse-battery",
            "$umm3r!",
            "%20zebra",
            "#1dad4ever",
            "<3kittens",
            "{curly",
            "\"quoted",
            "a1b2c3d4e5f6",
            "1234",
            "пароль1",
            "P@ssw0rd",
            "passw0rd",
            "iloveyou",
            "000000",
            "aaaaaa",
            "$ecretSauce99",
            "admin",
            "0d24e101-bad5-46e4-90ad-93859f3a7059",
            "xXdragonXx",
            "Tr0ub4dor&3",
            "ends.",
        ] {
            assert!(could_be("password", value), "{value}");
        }
    }

    #[test]
    fn what_is_something_else() {
        for value in [
            "",
            "null",
            "N/A",
            "password",
            "Your password",
            "[FILTERED]",
            "********",
            "••••",
            "xxxx",
            "h*******r",
            "....",
            "${DB_PASSWORD}",
            "{{ vault.password }}",
            "<password>",
            "[hidden]",
            "%(password)s",
            "$DB_PASSWORD",
            "$password",
            "%DB_PASSWORD%",
            "$(cat /run/secrets/pw)",
            "arn:aws:secretsmanager:eu-west-1:1:secret:x",
            "ssm:/prod/db/password",
            "op://vault/item",
            "env:DB_PASSWORD",
            "ENC[AES256_GCM,data:x]",
            "{cipher}abc",
            "https://example.com/x",
            "required|min:12|confirmed",
            "required, string",
            "min:8",
            "^(?=.*[a-z]).{8,}$",
            "Your password must be at least 8 characters long.",
            "Incorrect password",
            "alice@example.com",
            "2024-01-01",
            "2024-01-01T00:00:00Z",
            "/run/secrets/password",
            "./secrets/pw",
            "varchar",
            "os.environ[\"PW\"]",
            "varchar(255)",
            "Mot de passe",
            "Passwort",
            "Nueva contraseña:",
            "read",
            "var.db_password",
            "__PASSWORD__",
        ] {
            assert!(!could_be("password", value), "{value}");
        }
        assert!(!could_be("db_password", "your_db_password"));
        assert!(!could_be("password", &"x9".repeat(65)));
    }
}
