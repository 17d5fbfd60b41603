//! AWS access keys that were found in items: what AWS tells of them when a person asks.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// The id of an access key, for asking AWS about it. Goes into requests only: no Debug, Display or Serialize.
#[derive(Clone)]
pub struct AccessKeyId(Zeroizing<String>);

impl AccessKeyId {
    /// From a text that is one: `AKIA` or `ASIA` and 16 capital letters or digits (IAM User Guide, "Unique
    /// identifiers"); `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let rest = text.strip_prefix("AKIA").or_else(|| text.strip_prefix("ASIA"))?;
        let fits = rest.len() == 16 && rest.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
        fits.then(|| Self(Zeroizing::new(text.to_owned())))
    }

    /// Whether it belongs to a session of a role or a user (`ASIA`), which ends by itself. IAM keeps no list of those.
    pub fn is_temporary(&self) -> bool {
        self.0.starts_with("ASIA")
    }

    /// All of it, for a request.
    pub fn text(&self) -> &str {
        &self.0
    }
}

/// The answer of `iam:GetAccessKeyLastUsed`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastUse {
    /// The IAM user it belongs to; `None` for the account's root user.
    pub user: Option<String>,
    /// When it was used last; `None` is never since April 2015, when IAM began to keep it (IAM API Reference,
    /// AccessKeyLastUsed).
    pub used: Option<Used>,
}

/// One use of an access key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Used {
    /// When.
    pub at: Timestamp,
    /// The service that was called, for instance `s3`.
    pub service: String,
    /// In this Region.
    pub region: String,
}

/// What `iam:ListAccessKeys` says of one key of its user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum AccessKeyStatus {
    /// It works, and was made at this time.
    Active(Option<Timestamp>),
    /// It is switched off, and can be switched on again.
    Inactive(Option<Timestamp>),
    /// Its user has it no more.
    Gone,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(start: &str, rest: &str, expect: Option<bool>) {
        let text = format!("{start}{rest}");
        assert_eq!(AccessKeyId::parse(&text).map(|id| id.is_temporary()), expect, "{text}");
    }

    #[test]
    fn an_id_is_one_of_twenty_characters() {
        check("AKIA", "IOSFODNN7EXAMPLE", Some(false));
        check("ASIA", "IOSFODNN7EXAMPLE", Some(true));
        check("AKIA", "IOSFODNN7EXAMPL", None);
        check("AKIA", "IOSFODNN7EXAMPLEE", None);
        check("AKIA", "IOSFODNN7EXAMPLe", None);
        check("AROA", "IOSFODNN7EXAMPLE", None);
        check("", "", None);
    }
}
