//! Who asks.

use std::fmt;

use super::Arn;

/// Who makes a request.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Caller {
    /// An IAM user, by its ARN.
    User(Arn),
    /// An IAM role, by its ARN: whoever has taken it on, in any session.
    Role(Arn),
    /// One session of a role: `arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION`.
    Session {
        /// The session's ARN.
        arn: Arn,
        /// The role's name, without a path.
        role: String,
        /// The session's name.
        name: String,
    },
    /// A federated user session: `arn:aws:sts::ACCOUNT:federated-user/NAME`.
    FederatedUser {
        /// The session's ARN.
        arn: Arn,
        /// Its name.
        name: String,
    },
    /// The root user of an account.
    Root(Arn),
    /// A service of AWS, by its service principal.
    Service(String),
    /// An identity provider, by its domain or ARN: whoever comes with a token of it.
    Provider(String),
}

/// Identity providers that are named by a domain (IAM User Guide, "AWS JSON policy elements: Principal").
const PROVIDERS: &[&str] =
    &["cognito-identity.amazonaws.com", "accounts.google.com", "graph.facebook.com", "www.amazon.com"];

impl Caller {
    /// The root user of an account.
    pub(super) fn root_of(account: &str) -> Self {
        Self::Root(Arn {
            partition: "aws".into(),
            service: "iam".into(),
            region: String::new(),
            account: account.into(),
            resource: "root".into(),
        })
    }

    /// Reads an ARN, a service principal or the domain of an identity provider.
    ///
    /// # Errors
    /// With what is wrong, for behind the text: "is no principal that can ask for something".
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        const NOBODY: &str = "is no principal that can ask for something: give the ARN of a user, a role, a session, \
                              a root user or an identity provider, or a service principal";
        let Some(arn) = Arn::parse(text) else {
            let domain = text.contains('.') && !text.contains([':', '/', '*', ' ']);
            return match text {
                _ if PROVIDERS.contains(&text) => Ok(Self::Provider(text.to_owned())),
                _ if domain && (text.ends_with(".amazonaws.com") || text.ends_with(".amazonaws.com.cn")) => {
                    Ok(Self::Service(text.to_owned()))
                }
                _ if domain => Ok(Self::Provider(text.to_owned())),
                _ => Err(NOBODY),
            };
        };
        if arn.account.len() != 12 || !arn.account.bytes().all(|b| b.is_ascii_digit()) || text.contains('*') {
            return Err(NOBODY);
        }
        let kind = arn.resource.split_once('/').map(|(kind, rest)| (kind, rest.to_owned()));
        match (arn.service.as_str(), kind) {
            ("iam", None) if arn.resource == "root" => Ok(Self::Root(arn)),
            ("iam", Some(("user", name))) if !name.is_empty() => Ok(Self::User(arn)),
            ("iam", Some(("role", name))) if !name.is_empty() => Ok(Self::Role(arn)),
            ("iam", Some(("oidc-provider" | "saml-provider", _))) => Ok(Self::Provider(text.to_owned())),
            ("sts", Some(("federated-user", name))) if !name.is_empty() => {
                Ok(Self::FederatedUser { arn, name })
            }
            ("sts", Some(("assumed-role", rest))) => match rest.split_once('/') {
                Some((role, name)) if !role.is_empty() && !name.is_empty() => {
                    Ok(Self::Session { arn, role: role.to_owned(), name: name.to_owned() })
                }
                _ => Err(NOBODY),
            },
            _ => Err(NOBODY),
        }
    }

    /// Its ARN; a service and a provider that is a domain have none.
    pub fn arn(&self) -> Option<&Arn> {
        match self {
            Self::User(arn) | Self::Role(arn) | Self::Root(arn) => Some(arn),
            Self::Session { arn, .. } | Self::FederatedUser { arn, .. } => Some(arn),
            Self::Service(_) | Self::Provider(_) => None,
        }
    }

    /// The account it belongs to: that of whoever signs the request.
    pub fn account(&self) -> Option<&str> {
        self.arn().map(|arn| arn.account.as_str())
    }

    /// Whether it is a principal of IAM, and not a service or a provider.
    pub fn is_iam(&self) -> bool {
        self.arn().is_some()
    }

    /// The name of the user or role without its path, where it has one.
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::User(arn) | Self::Role(arn) => arn.resource.rsplit('/').next(),
            Self::Session { role, .. } => Some(role),
            _ => None,
        }
    }

    /// Whether it is a role that a service made for itself; no policy of an organization holds for it.
    pub fn is_service_linked(&self) -> bool {
        match self {
            Self::Role(arn) => arn.resource.starts_with("role/aws-service-role/"),
            // Its ARN has no path; a role of that name can be made by nobody else.
            Self::Session { role, .. } => role.starts_with("AWSServiceRoleFor"),
            _ => false,
        }
    }
}

impl fmt::Display for Caller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self, self.arn()) {
            (_, Some(arn)) => arn.fmt(f),
            (Self::Service(name) | Self::Provider(name), _) => f.write_str(name),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_can_ask() {
        let kind = |text: &str| {
            Caller::parse(text).map(|caller| {
                assert_eq!(caller.to_string(), text);
                (std::mem::discriminant(&caller), caller.account().map(str::to_owned))
            })
        };
        for text in [
            "arn:aws:iam::111122223333:user/team/ann",
            "arn:aws-cn:iam::111122223333:role/app",
            "arn:aws:iam::111122223333:root",
            "arn:aws:sts::111122223333:assumed-role/app/alice",
            "arn:aws:sts::111122223333:federated-user/bob",
        ] {
            assert_eq!(kind(text).expect(text).1.as_deref(), Some("111122223333"), "{text}");
        }
        for text in [
            "lambda.amazonaws.com",
            "cognito-identity.amazonaws.com",
            "accounts.google.com",
            "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com",
            "arn:aws:iam::111122223333:saml-provider/idp",
        ] {
            assert_eq!(kind(text).expect(text).1, None, "{text}");
        }
        for text in [
            "",
            "app",
            "*",
            "111122223333",
            "arn:aws:iam::111122223333:group/admins",
            "arn:aws:iam::111122223333:role/*",
            "arn:aws:iam::1111:role/app",
            "arn:aws:sts::111122223333:assumed-role/app",
            "arn:aws:s3:::bucket",
        ] {
            assert!(kind(text).is_err(), "{text}");
        }
    }
}
