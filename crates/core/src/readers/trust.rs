//! Who stands behind a role: whom its trust policy lets take it on.

use crate::access::{Arn, Effect, Person, Policy, PrincipalKind, Principals, Statement, glob};

/// Somebody whom a trust policy names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Behind {
    /// What runs on a service with this role.
    Service(String),
    /// Whoever is allowed to assume it in the own account.
    OwnAccount,
    /// A user or role of the own account, by its ARN.
    Own(String),
    /// Another account, or somebody in it.
    Foreign(String),
    /// Every AWS identity, unless conditions narrow it.
    Anyone,
    /// Guests of a Cognito identity pool: anybody who has the pool's id.
    Guests,
    /// Users of a Cognito identity pool.
    CognitoUsers,
    /// Holders of tokens of a provider, and whose, where a condition says.
    Tokens(String, Vec<String>),
    /// People of a directory, by SAML.
    Directory(String),
    /// Holders of certificates of a trust anchor.
    Certificates,
    /// Its trust policy could not be read, or not in whole.
    Unread,
}

impl Behind {
    /// In words: `lambda`, `GitHub Actions repo:example/*`.
    pub fn words(&self) -> String {
        match self {
            Self::Service(name) => format!("service {}", name.trim_end_matches(".amazonaws.com")),
            Self::OwnAccount => "whoever is allowed to assume it in this account".into(),
            Self::Own(arn) => Arn::parse(arn).map_or_else(|| arn.clone(), |a| a.resource),
            Self::Foreign(who) => Arn::parse(who).map_or_else(
                || format!("account {who}"),
                |a| match a.resource.as_str() {
                    "root" => format!("account {}", a.account),
                    other => format!("{other} of account {}", a.account),
                },
            ),
            Self::Anyone => "anyone with an AWS identity".into(),
            Self::Guests => "guests of a Cognito identity pool: anyone with its id".into(),
            Self::CognitoUsers => "users of a Cognito identity pool".into(),
            Self::Tokens(provider, subjects) if subjects.is_empty() => format!("any token of {provider}"),
            Self::Tokens(provider, subjects) => format!("{provider} {}", subjects.join(", ")),
            Self::Directory(name) => format!("people of the directory {name}"),
            Self::Certificates => "holders of a certificate (Roles Anywhere)".into(),
            Self::Unread => "? trust policy not read".into(),
        }
    }
}

/// The actions by which somebody takes on a role.
const ASSUMES: &[&str] = &["sts:AssumeRole", "sts:AssumeRoleWithWebIdentity", "sts:AssumeRoleWithSAML"];

/// Somebody whom a role lets take it on.
#[derive(Clone, Copy)]
pub struct Trusted<'a> {
    /// Of which kind; `None` for everyone.
    pub who: Option<(PrincipalKind, &'a str)>,
    /// The statement that names them.
    pub statement: &'a Statement,
    /// The account of the role.
    pub own: &'a str,
}

/// A value that a condition asks for.
#[derive(Clone, Copy)]
pub struct Named<'a> {
    /// As it is written.
    pub text: &'a str,
    /// Whether `*` and `?` in it stand for something else.
    pub is_pattern: bool,
}

impl Named<'_> {
    /// Whether it is more than one text.
    pub fn is_open(self) -> bool {
        self.is_pattern && self.text.contains(['*', '?'])
    }

    /// Whether it is, or may stand for, this text.
    pub fn fits(self, text: &str) -> bool {
        if self.is_pattern { glob::matches(self.text, text) } else { self.text == text }
    }
}

impl<'a> Trusted<'a> {
    /// What the statement asks of the keys that end so, in lower case: `:sub`. What holds without the key, or for all texts
    /// but some, names nobody.
    pub fn named(&self, ends: &str) -> Vec<Named<'a>> {
        let asked = self.statement.conditions.iter().filter_map(|(operator, key, values)| {
            let operator = operator.to_ascii_lowercase();
            let is_pattern = match operator.strip_prefix("foranyvalue:").unwrap_or(&operator) {
                "stringequals" | "stringequalsignorecase" => false,
                "stringlike" => true,
                _ => return None,
            };
            key.to_ascii_lowercase().ends_with(ends).then_some((is_pattern, values))
        });
        asked
            .flat_map(|(is_pattern, values)| values.iter().map(move |text| Named { text, is_pattern }))
            .collect()
    }

    /// Whether the statement leaves out whoever has this value in a key that ends so.
    pub fn leaves_out(&self, ends: &str, text: &str) -> bool {
        self.statement.conditions.iter().any(|(operator, key, values)| {
            operator.to_ascii_lowercase().contains("stringnot")
                && key.to_ascii_lowercase().ends_with(ends)
                && values.iter().any(|value| glob::matches(value, text))
        })
    }

    /// Whether guests of a Cognito identity pool are among them, if the pool lets any in: without a condition on `amr` they are
    /// (Cognito Developer Guide, "IAM roles").
    pub fn lets_guests_in(&self) -> bool {
        const GUEST: &str = "unauthenticated";
        let kinds = self.named(":amr");
        (kinds.is_empty() || kinds.iter().any(|kind| kind.fits(GUEST))) && !self.leaves_out(":amr", GUEST)
    }

    /// Whether it is a Cognito identity pool; in other partitions it has another name.
    pub fn is_cognito(&self) -> bool {
        matches!(self.who, Some((PrincipalKind::Federated, name)) if name.starts_with("cognito-identity"))
    }
}

/// Whether a trust policy says something that was not read, or that AWS does not say the meaning of.
pub fn trusts_unread(policy: &Policy) -> bool {
    let is_odd = |s: &Statement| matches!(s.principals, Principals::AllBut(_) | Principals::None);
    let allows = policy.statements.iter().filter(|s| s.effect == Effect::Allow);
    !policy.unread.is_empty() || allows.into_iter().any(is_odd)
}

/// Whom a trust policy of an account lets take on its role, each by the statement that does.
pub fn trusted<'a>(policy: &'a Policy, own: &'a str) -> impl Iterator<Item = Trusted<'a>> {
    let allows = policy.statements.iter().filter(|s| s.effect == Effect::Allow);
    let assumes = allows.filter(|s| ASSUMES.iter().any(|action| s.covers(action)));
    assumes.flat_map(move |statement| {
        let whom: Vec<_> = match &statement.principals {
            Principals::Anyone => vec![None],
            Principals::Named(all) => all.iter().map(|(kind, name)| Some((*kind, name.as_str()))).collect(),
            Principals::AllBut(_) | Principals::None => Vec::new(),
        };
        whom.into_iter().map(move |who| Trusted { who, statement, own })
    })
}

/// Whom the trust policy of a role lets take it on; of a user, nobody.
pub fn behind(person: &Person) -> Vec<Behind> {
    if person.arn.resource.starts_with("user/") {
        return Vec::new();
    }
    let Some(policy) = person.trust_policy() else { return vec![Behind::Unread] };
    let mut found: Vec<Behind> = trusted(policy, &person.arn.account).map(|one| named(&one)).collect();
    if trusts_unread(policy) {
        found.push(Behind::Unread);
    }
    found.sort();
    found.dedup();
    found
}

fn named(trusted: &Trusted<'_>) -> Behind {
    let Some((kind, name)) = trusted.who else { return Behind::Anyone };
    match kind {
        PrincipalKind::Service if name == "rolesanywhere.amazonaws.com" => Behind::Certificates,
        PrincipalKind::Service => Behind::Service(name.to_owned()),
        PrincipalKind::Federated if trusted.is_cognito() => {
            if trusted.lets_guests_in() {
                Behind::Guests
            } else {
                Behind::CognitoUsers
            }
        }
        PrincipalKind::Federated if name.contains(":saml-provider/") => {
            Behind::Directory(name.rsplit('/').next().unwrap_or(name).to_owned())
        }
        PrincipalKind::Federated => {
            let provider = name.split_once(":oidc-provider/").map_or(name, |(_, domain)| domain);
            let subjects = trusted.named(":sub").into_iter().map(|subject| subject.text.to_owned());
            Behind::Tokens(provider.to_owned(), subjects.collect())
        }
        PrincipalKind::Aws => match Arn::parse(name) {
            None if name == trusted.own => Behind::OwnAccount,
            None => Behind::Foreign(name.to_owned()),
            Some(arn) if arn.account == trusted.own && arn.resource == "root" => Behind::OwnAccount,
            Some(arn) if arn.account == trusted.own => Behind::Own(name.to_owned()),
            Some(_) => Behind::Foreign(name.to_owned()),
        },
        PrincipalKind::CanonicalUser => Behind::Foreign(name.to_owned()),
    }
}
