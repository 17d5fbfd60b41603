//! Amazon Resource Names.

use std::fmt;

/// An ARN in its six parts: `arn:partition:service:region:account:resource`
/// (AWS IAM User Guide, "Identify AWS resources with Amazon Resource Names (ARNs)").
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Arn {
    /// `aws`, `aws-cn`, `aws-us-gov` ...
    pub partition: String,
    /// For instance `dynamodb`.
    pub service: String,
    /// Empty for global services.
    pub region: String,
    /// Twelve digits, or empty.
    pub account: String,
    /// The rest, with any further colons.
    pub resource: String,
}

impl Arn {
    /// Splits an ARN; `None` if it has fewer than six parts or does not start with `arn:`.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.splitn(6, ':');
        if parts.next()? != "arn" {
            return None;
        }
        let mut next = || parts.next().map(str::to_owned);
        Some(Self {
            partition: next()?,
            service: next()?,
            region: next()?,
            account: next()?,
            resource: next()?,
        })
    }
}

impl fmt::Display for Arn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { partition, service, region, account, resource } = self;
        write!(f, "arn:{partition}:{service}:{region}:{account}:{resource}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_and_prints_the_same() {
        for arn in [
            "arn:aws:dynamodb:eu-west-1:111122223333:table/orders/index/by-day",
            "arn:aws-cn:iam::111122223333:root",
            "arn:aws:sns:us-east-1:111122223333:topic:sub",
        ] {
            assert_eq!(Arn::parse(arn).expect(arn).to_string(), arn);
        }
        assert!(Arn::parse("urn:aws:iam::1:root").is_none());
        assert!(Arn::parse("arn:aws:iam").is_none());
    }
}
