//! Who the credentials belong to.

/// The answer of `sts:GetCallerIdentity`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// Twelve digits.
    pub account: String,
    /// The user's, role session's or root's ARN.
    pub arn: String,
}
