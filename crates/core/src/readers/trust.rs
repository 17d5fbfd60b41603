//! Who stands behind a role: whom its trust policy lets take it on.

use crate::access::{Arn, Effect, Person, PrincipalKind, Principals};

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

/// Whom the trust policy of a role lets take it on; of a user, nobody.
pub fn behind(person: &Person) -> Vec<Behind> {
    if person.arn.resource.starts_with("user/") {
        return Vec::new();
    }
    let Some(policy) = person.trust_policy() else { return vec![Behind::Unread] };
    let mut found = Vec::new();
    if !policy.unread.is_empty() {
        found.push(Behind::Unread);
    }
    for statement in policy.statements.iter().filter(|s| s.effect == Effect::Allow) {
        let assumes = ["sts:AssumeRole", "sts:AssumeRoleWithWebIdentity", "sts:AssumeRoleWithSAML"];
        if !assumes.iter().any(|action| statement.covers(action)) {
            continue;
        }
        match &statement.principals {
            Principals::Anyone => found.push(Behind::Anyone),
            Principals::Named(all) => {
                found.extend(
                    all.iter()
                        .map(|(kind, name)| named(*kind, name, &person.arn.account, &statement.conditions)),
                );
            }
            Principals::AllBut(_) | Principals::None => found.push(Behind::Unread),
        }
    }
    found.sort();
    found.dedup();
    found
}

fn named(kind: PrincipalKind, name: &str, own: &str, conditions: &[(String, String, Vec<String>)]) -> Behind {
    let values = |ends: &str| -> Vec<String> {
        let of_key = |(_, key, _): &&(String, String, Vec<String>)| key.to_ascii_lowercase().ends_with(ends);
        conditions.iter().filter(of_key).flat_map(|(_, _, values)| values.clone()).collect()
    };
    match kind {
        PrincipalKind::Service if name == "rolesanywhere.amazonaws.com" => Behind::Certificates,
        PrincipalKind::Service => Behind::Service(name.to_owned()),
        PrincipalKind::Federated if name == "cognito-identity.amazonaws.com" => {
            // Without the condition, guests come in as well (Cognito Developer Guide, "IAM roles").
            let amr = values(":amr");
            if amr.is_empty() || amr.iter().any(|v| v.contains("unauthenticated") || v.contains('*')) {
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
            Behind::Tokens(provider.to_owned(), values(":sub"))
        }
        PrincipalKind::Aws => match Arn::parse(name) {
            None if name == own => Behind::OwnAccount,
            None => Behind::Foreign(name.to_owned()),
            Some(arn) if arn.account == own && arn.resource == "root" => Behind::OwnAccount,
            Some(arn) if arn.account == own => Behind::Own(name.to_owned()),
            Some(_) => Behind::Foreign(name.to_owned()),
        },
        PrincipalKind::CanonicalUser => Behind::Foreign(name.to_owned()),
    }
}
