//! How a command fails: one sentence, the next step, an exit code. Never a panic, never a raw dump.

use std::fmt;
use std::process::ExitCode;

use crate::detect::Redactor;
use crate::domain::{Failure, FailureKind, Gap, Safe};

/// Wrong usage or configuration.
pub const USAGE: u8 = 2;
/// A planned read did not finish.
pub const UNFINISHED: u8 = 3;

/// Why a command ended without its result.
#[derive(Debug)]
pub struct Fail {
    code: u8,
    message: Safe,
    next: Safe,
}

impl Fail {
    /// Wrong usage or configuration.
    pub fn usage(message: impl fmt::Display, next: impl fmt::Display) -> Self {
        Self::new(USAGE, message, next)
    }

    /// A read that did not finish.
    pub fn unfinished(message: impl fmt::Display, next: impl fmt::Display) -> Self {
        Self::new(UNFINISHED, message, next)
    }

    fn new(code: u8, message: impl fmt::Display, next: impl fmt::Display) -> Self {
        // Arguments, names and services' answers are repeated here: whoever pasted a token does not find it in a log of CI.
        let redactor = Redactor::default();
        Self {
            code,
            message: redactor.redact(&message.to_string()),
            next: redactor.redact(&next.to_string()),
        }
    }

    /// From a question that has no answer and without which there is nothing to do.
    pub fn from_gap(what: &str, gap: &Gap) -> Self {
        match gap {
            Gap::Denied(permission, said) => Self::usage(
                format!("{what}: not allowed; the service said: {said}"),
                format!(
                    "grant {} (`dynaudit generate iam-policy` prints the whole policy)",
                    permission.action
                ),
            ),
            Gap::Failed(failure) => Self::from(failure.clone()),
            Gap::Unsupported => Self::usage(
                format!("{what}: the endpoint does not offer this"),
                "check --endpoint-url: it should speak DynamoDB",
            ),
            Gap::NotUnderstood(said) | Gap::Cut(said) => {
                Self::unfinished(format!("{what}: {said}"), "look at the answer with the AWS CLI")
            }
            Gap::NotAsked | Gap::Pending => Self::unfinished(format!("{what}: no answer"), "run it again"),
        }
    }

    /// The same, with another way out where it was wrong usage or configuration.
    #[must_use]
    pub fn or(self, other: &str) -> Self {
        match self.code {
            USAGE => Self::usage(self.message, format!("{}; {other}", self.next)),
            _ => self,
        }
    }

    /// Prints it and gives its exit code.
    pub fn report(&self) -> ExitCode {
        super::output::complain(&format!("dynaudit: {}\n  next: {}", self.message, self.next));
        ExitCode::from(self.code)
    }

    /// Its exit code.
    pub fn code(&self) -> u8 {
        self.code
    }
}

impl fmt::Display for Fail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.message)
    }
}

impl From<Failure> for Fail {
    /// What a person has to set right is configuration; what may pass by itself is an unfinished read.
    fn from(failure: Failure) -> Self {
        let code = match failure.kind {
            FailureKind::NoCredentials
            | FailureKind::Expired
            | FailureKind::Invalid
            | FailureKind::NotFound => USAGE,
            FailureKind::Unreachable
            | FailureKind::Throttled
            | FailureKind::Service
            | FailureKind::Internal => UNFINISHED,
        };
        Self::new(code, failure.message, failure.next)
    }
}
