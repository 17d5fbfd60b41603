//! How the credentials were got, and so how they are renewed.

use crate::domain::Safe;
use crate::source::live::errors::short;

/// How the credentials were got: it decides how they are renewed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Login {
    /// A profile with IAM Identity Center, itself or at the end of its `source_profile` chain.
    Sso(String),
    /// Roles that were assumed with MFA, by the serial numbers of the devices, in the order in which codes are asked
    /// for: never empty.
    Mfa(Vec<String>),
    /// Any other profile.
    Profile(String),
    /// `AWS_ACCESS_KEY_ID` and its companions.
    Environment,
    /// Whatever else the SDK's chain finds: container, instance, web identity.
    Chain,
    /// Handed over by the program: the embedded account.
    Given,
}

impl Login {
    /// What to do when the credentials ran out.
    pub fn renew(&self) -> String {
        match self {
            Self::Sso(profile) => format!("aws sso login --profile {}", quoted(profile)),
            Self::Mfa(devices) => {
                let devices: Vec<String> = devices.iter().map(|serial| short(serial)).collect();
                format!("sign in again with a new code of the MFA device {}", devices.join(" and one of "))
            }
            Self::Profile(profile) => {
                format!(
                    "renew the credentials of the profile, then check: aws sts get-caller-identity --profile {}",
                    quoted(profile)
                )
            }
            Self::Environment => {
                "set AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN to new ones, and start again"
                    .into()
            }
            Self::Chain => "sign in again, then check: aws sts get-caller-identity".into(),
            Self::Given => "start dynaudit again".into(),
        }
    }
}

/// A word for a POSIX shell.
pub(super) fn quoted(word: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_./:@+,=".contains(&b);
    let word = Safe::neutral(word);
    if !word.is_empty() && word.bytes().all(plain) {
        return word.as_str().to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}
