//! Who the credentials belong to.

use zeroize::Zeroizing;

/// The answer of `sts:GetCallerIdentity`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// Twelve digits.
    pub account: String,
    /// The user's, role session's or root's ARN.
    pub arn: String,
}

/// A one-time code of an MFA device. No Debug: it signs somebody in.
pub struct MfaCode(Zeroizing<String>);

impl MfaCode {
    /// Six digits (STS API Reference, AssumeRole, `TokenCode`); `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        // Devices show it in two groups, and some people copy it so.
        let text = Zeroizing::new(text.split_whitespace().collect::<String>());
        (text.len() == 6 && text.bytes().all(|b| b.is_ascii_digit())).then_some(Self(text))
    }

    /// The digits.
    pub fn text(&self) -> &str {
        &self.0
    }
}
