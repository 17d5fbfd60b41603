//! The users, groups, roles and policies of an account (`iam:GetAccountAuthorizationDetails`).

use serde::{Deserialize, Serialize};

use jiff::Timestamp;

use crate::domain::Policy;

/// All of them, as far as they could be read.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Account {
    /// Users.
    pub users: Vec<IamIdentity>,
    /// Groups.
    pub groups: Vec<IamIdentity>,
    /// Roles.
    pub roles: Vec<IamIdentity>,
    /// Managed policies that are attached to any of them, with the version in force.
    pub policies: Vec<Managed>,
}

/// A user, a group or a role.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct IamIdentity {
    /// Its name.
    pub name: String,
    /// Its ARN.
    pub arn: String,
    /// `AIDA...`, `AROA...`; of groups none.
    #[serde(default)]
    pub id: Option<String>,
    /// Its tags; `None` if the answer left them out.
    #[serde(default)]
    pub tags: Option<Vec<(String, String)>>,
    /// Policies that are its own.
    pub inline: Vec<Named>,
    /// ARNs of managed policies.
    pub attached: Vec<String>,
    /// Names of the groups that a user is in.
    pub groups: Vec<String>,
    /// The ARN of the policy that bounds what it may do at most.
    pub boundary: Option<String>,
    /// Who may take on a role.
    pub trust: Option<Policy>,
    /// When a role was used last, within 400 days.
    pub used: Option<Timestamp>,
}

/// A policy and its name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Named {
    /// The name.
    pub name: String,
    /// The policy.
    pub policy: Policy,
}

/// A managed policy.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Managed {
    /// Its ARN.
    pub arn: String,
    /// The version in force; `None` if the answer left it out.
    pub policy: Option<Policy>,
}

impl Account {
    /// The user of a name.
    pub fn user(&self, name: &str) -> Option<&IamIdentity> {
        self.users.iter().find(|user| user.name == name)
    }

    /// The policies of a user by their names or ARNs: its own, those attached to it, and those of its groups.
    pub fn policies_of(&self, user: &IamIdentity) -> Vec<String> {
        let of = |who: &IamIdentity, from: &str| -> Vec<String> {
            let own = who.inline.iter().map(|p| p.name.as_str());
            own.chain(who.attached.iter().map(String::as_str)).map(|p| format!("{p}{from}")).collect()
        };
        let mut all = of(user, "");
        for group in self.groups.iter().filter(|group| user.groups.contains(&group.name)) {
            all.extend(of(group, &format!(" (group {})", group.name)));
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_has_the_policies_of_its_groups() {
        let inline = vec![Named { name: "own".into(), policy: Policy::parse("{}") }];
        let user =
            IamIdentity { name: "ana".into(), inline, groups: vec!["ops".into()], ..IamIdentity::default() };
        let attached = vec!["arn:aws:iam::aws:policy/AdministratorAccess".to_owned()];
        let ops = IamIdentity { name: "ops".into(), attached, ..IamIdentity::default() };
        let others =
            IamIdentity { name: "others".into(), attached: vec!["x".into()], ..IamIdentity::default() };
        let account = Account { users: vec![user], groups: vec![ops, others], ..Account::default() };
        let user = account.user("ana").expect("there");
        assert_eq!(
            account.policies_of(user),
            ["own", "arn:aws:iam::aws:policy/AdministratorAccess (group ops)"]
        );
        assert!(account.user("bob").is_none());
    }
}
