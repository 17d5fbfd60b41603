//! The people of an account: its users, roles, groups and policies, as `GetAccountAuthorizationDetails` tells them.

use std::collections::BTreeMap;
use std::sync::Arc;

use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::statement::{Layer, Source};
use super::{Arn, Caller, Policy};

/// Most users, roles, groups or policies that are read of one account; IAM's quotas are 5,000 users, and 1,000 roles
/// that can be raised to 10,000 (IAM User Guide, "IAM and AWS STS quotas").
const MOST: usize = 50_000;

/// What is known of one account.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct AccountDetails {
    users: BTreeMap<String, Person>,
    roles: BTreeMap<String, Person>,
    groups: BTreeMap<String, Vec<Attached>>,
    policies: BTreeMap<String, Managed>,
    /// What was cut off or could not be read: anybody who is not here may be there.
    pub unread: Vec<String>,
}

/// A user or a role.
#[derive(Debug, Clone, PartialEq)]
pub struct Person {
    /// With its path.
    pub arn: Arn,
    /// `AIDA...` or `AROA...`.
    pub id: Option<String>,
    /// Its tags; `None` if they were not told.
    pub tags: Option<Vec<(String, String)>>,
    /// The ARN of its permissions boundary.
    pub boundary: Option<String>,
    /// Who may take it on; roles only.
    pub trust: Option<Arc<Source>>,
    /// When it was last used, of any service; roles only, as it was written.
    pub last_used: Option<String>,
    policies: Vec<Attached>,
    groups: Vec<String>,
}

/// What is told of a user, a role or a group.
#[derive(Debug, Clone, Default)]
pub struct Told {
    /// `AIDA...` or `AROA...`.
    pub id: Option<String>,
    /// Its tags; `None` if they were not told.
    pub tags: Option<Vec<(String, String)>>,
    /// The ARN of its permissions boundary.
    pub boundary: Option<String>,
    /// Who may take it on; roles only.
    pub trust: Option<Policy>,
    /// When it was last used, of any service; roles only.
    pub last_used: Option<String>,
    /// Its own policies: name and document; `None` for one without a document.
    pub inline: Vec<(String, Option<Policy>)>,
    /// The ARNs of the managed policies that it has.
    pub attached: Vec<String>,
    /// The groups that a user is in.
    pub groups: Vec<String>,
    /// What should be a list and is none: it may hold any policy.
    pub odd: Vec<String>,
}

/// A policy of a user, role or group.
#[derive(Debug, Clone, PartialEq)]
enum Attached {
    Inline(Arc<Source>),
    Managed(String),
}

/// A managed policy.
#[derive(Debug, Clone, PartialEq)]
enum Managed {
    Read { identity: Arc<Source>, boundary: Arc<Source> },
    Unread,
}

/// The documents that say what somebody may do, and what of them is not known.
#[derive(Debug, Clone, Default)]
pub struct Papers {
    /// Own policies and those of groups.
    pub identity: Vec<Arc<Source>>,
    /// The boundary, if there is one.
    pub boundary: Option<Arc<Source>>,
}

impl AccountDetails {
    /// Reads what `aws iam get-account-authorization-details` writes, and adds it to what is known by account.
    ///
    /// # Errors
    /// If it is not such an answer; what is odd inside it ends in [`AccountDetails::unread`].
    pub fn read(answer: &Value, known: &mut BTreeMap<String, Self>) -> Result<(), String> {
        const LISTS: [&str; 4] = ["UserDetailList", "RoleDetailList", "GroupDetailList", "Policies"];
        let Some(members) = answer.as_object() else { return Err("it is no JSON object".into()) };
        if !LISTS.iter().any(|list| members.contains_key(*list)) {
            return Err("it has none of UserDetailList, RoleDetailList, GroupDetailList and Policies".into());
        }
        let list = |name: &str| answer.get(name).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        let mut here: BTreeMap<String, Self> = BTreeMap::new();
        let mut of = |entry: &Value, add: &mut dyn FnMut(&mut Self, Arn)| {
            let arn = entry.get("Arn").and_then(Value::as_str).and_then(Arn::parse);
            if let Some(arn) = arn {
                add(here.entry(arn.account.clone()).or_default(), arn);
            }
        };
        for entry in list("Policies").iter().take(MOST) {
            of(entry, &mut |account, arn| {
                let name = arn.to_string();
                account.add_managed(&name, managed(entry).as_ref());
            });
        }
        for entry in list("GroupDetailList").iter().take(MOST) {
            of(entry, &mut |account, arn| {
                account.add_group(&arn, told(entry, "GroupId", "GroupPolicyList"));
            });
        }
        for entry in list("UserDetailList").iter().take(MOST) {
            of(entry, &mut |account, arn| {
                account.add_person(arn, told(entry, "UserId", "UserPolicyList"));
            });
        }
        for entry in list("RoleDetailList").iter().take(MOST) {
            of(entry, &mut |account, arn| {
                account.add_person(arn, told(entry, "RoleId", "RolePolicyList"));
            });
        }
        // AWS managed policies are of the account that the answer is of.
        let shared = here.remove("aws").unwrap_or_default().policies;
        if here.is_empty() {
            return Err("it names no user, role, group or policy of an account".into());
        }
        let cut = answer.get("IsTruncated").is_some_and(|v| v.as_bool() != Some(false))
            || ["NextToken", "Marker"].iter().any(|m| answer.get(m).is_some_and(|v| !v.is_null()));
        let long = LISTS.iter().any(|l| list(l).len() > MOST);
        // A list that is none, and an entry without an ARN, may hold anybody.
        let is_list = |name: &str| members.get(name).is_some_and(Value::is_array);
        let missing: Vec<&str> = LISTS.into_iter().filter(|l| !is_list(l)).collect();
        let named = |entry: &Value| entry.get("Arn").and_then(Value::as_str).and_then(Arn::parse).is_some();
        let nameless: Vec<&str> = LISTS.into_iter().filter(|l| !list(l).iter().all(named)).collect();
        for (id, mut account) in here {
            account.policies.extend(shared.clone());
            if cut {
                account.unread.push(format!("the rest of the account details of {id}: they are cut off"));
            }
            if long {
                account.unread.push(format!("the account details of {id} behind the first {MOST}"));
            }
            for list in &missing {
                account.unread.push(format!("the {list} of {id}"));
            }
            for list in &nameless {
                account.unread.push(format!("an entry of the {list} of {id}: it has no ARN"));
            }
            known.entry(id).or_default().join(account);
        }
        Ok(())
    }

    /// Adds a user or a role, by what its ARN says.
    pub fn add_person(&mut self, arn: Arn, told: Told) {
        let name = last(&arn).to_owned();
        let is_user = arn.resource.starts_with("user/");
        let whose = format!("{} {name}", if is_user { "user" } else { "role" });
        let policies = attached(&told, &whose);
        let trust = |policy| Arc::new(Source::of(Layer::Trust, format!("trust policy of {whose}"), policy));
        let person = Person {
            id: told.id,
            tags: told.tags,
            boundary: told.boundary,
            trust: told.trust.map(trust),
            last_used: told.last_used,
            policies,
            groups: told.groups,
            arn,
        };
        if is_user {
            self.users.insert(name, person)
        } else {
            self.roles.insert(name, person)
        };
    }

    /// Adds a group; only its policies count.
    pub fn add_group(&mut self, arn: &Arn, told: Told) {
        let whose = format!("group {}", last(arn));
        self.groups.insert(last(arn).to_owned(), attached(&told, &whose));
    }

    /// Adds a managed policy with the version in force; `None` if it was not told.
    pub fn add_managed(&mut self, arn: &str, policy: Option<&Policy>) {
        let name = || format!("policy {arn}");
        let managed = policy.map_or(Managed::Unread, |policy| Managed::Read {
            identity: Arc::new(Source::of(Layer::Identity, name(), policy.clone())),
            boundary: Arc::new(Source::of(Layer::Boundary, name(), policy.clone())),
        });
        self.policies.insert(arn.to_owned(), managed);
    }

    /// Adds more of the same account.
    pub fn join(&mut self, other: Self) {
        self.users.extend(other.users);
        self.roles.extend(other.roles);
        self.groups.extend(other.groups);
        for (arn, policy) in other.policies {
            let read = matches!(policy, Managed::Read { .. });
            if read || !self.policies.contains_key(&arn) {
                self.policies.insert(arn, policy);
            }
        }
        self.unread.extend(other.unread);
    }

    /// Everybody, users first.
    pub fn people(&self) -> impl Iterator<Item = &Person> {
        self.users.values().chain(self.roles.values())
    }

    /// The user or role behind a caller; a path that is not theirs is somebody else's.
    pub fn person(&self, caller: &Caller) -> Option<&Person> {
        let name = caller.name()?;
        match caller {
            Caller::User(arn) => self.users.get(name).filter(|p| p.arn == *arn),
            Caller::Role(arn) => self.roles.get(name).filter(|p| p.arn == *arn),
            Caller::Session { .. } => self.roles.get(name),
            _ => None,
        }
    }

    /// Whether nobody of the caller's kind was told at all: there may be none, or the answer was narrowed to others
    /// (`--filter`).
    pub(super) fn tells_nobody_like(&self, caller: &Caller) -> bool {
        match caller {
            Caller::User(_) => self.users.is_empty(),
            _ => self.roles.is_empty(),
        }
    }

    /// A role by its ARN.
    pub fn role(&self, arn: &Arn) -> Option<&Person> {
        self.roles.get(last(arn)).filter(|p| p.arn == *arn)
    }

    /// The managed policies that somebody here has, and whose documents are not known.
    pub fn missing_policies(&self) -> Vec<&str> {
        let attached = self.people().flat_map(|p| &p.policies).chain(self.groups.values().flatten());
        let named =
            attached.filter_map(|a| if let Attached::Managed(arn) = a { Some(arn.as_str()) } else { None });
        let bounds = self.people().filter_map(|p| p.boundary.as_deref());
        let mut missing: Vec<&str> = named
            .chain(bounds)
            .filter(|arn| !matches!(self.policies.get(*arn), Some(Managed::Read { .. })))
            .collect();
        missing.sort_unstable();
        missing.dedup();
        missing
    }

    /// What says what somebody may do.
    pub fn papers(&self, person: &Person) -> Papers {
        let read = |one: &Attached| match one {
            Attached::Inline(source) => Arc::clone(source),
            Attached::Managed(arn) => match self.policies.get(arn) {
                Some(Managed::Read { identity, .. }) => Arc::clone(identity),
                _ => unread_policy(arn, Layer::Identity),
            },
        };
        let mut identity: Vec<Arc<Source>> = person.policies.iter().map(read).collect();
        for group in &person.groups {
            match self.groups.get(group) {
                Some(policies) => identity.extend(policies.iter().map(read)),
                None => identity.push(Arc::new(Source::unread(
                    Layer::Identity,
                    format!("the policies of group {group}"),
                    "not among the account details",
                ))),
            }
        }
        let boundary = person.boundary.as_ref().map(|arn| match self.policies.get(arn) {
            Some(Managed::Read { boundary, .. }) => Arc::clone(boundary),
            _ => unread_policy(arn, Layer::Boundary),
        });
        Papers { identity, boundary }
    }
}

fn unread_policy(arn: &str, layer: Layer) -> Arc<Source> {
    Arc::new(Source::unread(layer, format!("policy {arn}"), "its document is not among the account details"))
}

/// What stands behind the last slash.
fn last(arn: &Arn) -> &str {
    arn.resource.rsplit('/').next().unwrap_or_default()
}

fn told(entry: &Value, id: &str, inline: &str) -> Told {
    let word = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
    let list = |name: &str| entry.get(name).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let tag = |t: &Value| Some((word(t.get("Key"))?, word(t.get("Value"))?));
    let policy = |p: &Value| {
        let name = word(p.get("PolicyName")).unwrap_or_else(|| "without a name".into());
        (name, p.get("PolicyDocument").map(document))
    };
    Told {
        id: word(entry.get(id)),
        tags: entry.get("Tags").and_then(Value::as_array).map(|tags| tags.iter().filter_map(tag).collect()),
        boundary: entry
            .get("PermissionsBoundary")
            .filter(|b| !b.is_null())
            .map(|b| word(b.get("PermissionsBoundaryArn")).unwrap_or_else(|| "without an ARN".into())),
        trust: entry.get("AssumeRolePolicyDocument").filter(|d| !d.is_null()).map(document),
        last_used: word(entry.pointer("/RoleLastUsed/LastUsedDate")),
        inline: list(inline).iter().map(policy).collect(),
        attached: list("AttachedManagedPolicies")
            .iter()
            .map(|p| word(p.get("PolicyArn")).unwrap_or_else(|| "without an ARN".into()))
            .collect(),
        // A group without a name is none of the details, and so unread.
        groups: list("GroupList").iter().map(|g| word(Some(g)).unwrap_or_default()).collect(),
        odd: [inline, "AttachedManagedPolicies", "GroupList"]
            .into_iter()
            .filter(|name| entry.get(*name).is_some_and(|v| !v.is_null() && !v.is_array()))
            .map(str::to_owned)
            .collect(),
    }
}

fn attached(told: &Told, whose: &str) -> Vec<Attached> {
    let own = told.inline.iter().map(|(name, policy)| {
        let name = format!("inline policy {name} of {whose}");
        Attached::Inline(Arc::new(match policy {
            Some(policy) => Source::of(Layer::Identity, name, policy.clone()),
            None => Source::unread(Layer::Identity, name, "without a document"),
        }))
    });
    let odd = told.odd.iter().map(|name| {
        let name = format!("the {name} of {whose}");
        Attached::Inline(Arc::new(Source::unread(Layer::Identity, name, "it is no list")))
    });
    own.chain(told.attached.iter().cloned().map(Attached::Managed)).chain(odd).collect()
}

/// Only the default version of a managed policy is in force.
fn managed(entry: &Value) -> Option<Policy> {
    let versions = entry.get("PolicyVersionList").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let default = entry.get("DefaultVersionId").and_then(Value::as_str);
    let version = versions.iter().find(|v| match default {
        Some(id) => v.get("VersionId").and_then(Value::as_str) == Some(id),
        None => v.get("IsDefaultVersion").and_then(Value::as_bool) == Some(true),
    });
    version.and_then(|v| v.get("Document")).map(document)
}

/// A document: as the API gives it, percent-encoded, or as the command line gives it, as JSON.
fn document(value: &Value) -> Policy {
    match value {
        Value::String(text) => Policy::parse(&decoded(text)),
        other => Policy::parse(&other.to_string()),
    }
}

/// A document as IAM's API writes it: percent-encoded after RFC 3986 (IAM API Reference, "PolicyDetail").
pub fn decoded(document: &str) -> String {
    if document.trim_start().starts_with('%') {
        percent_decode_str(document).decode_utf8_lossy().into_owned()
    } else {
        document.to_owned()
    }
}

impl Person {
    /// As whom it asks.
    pub fn caller(&self) -> Caller {
        if self.arn.resource.starts_with("user/") {
            Caller::User(self.arn.clone())
        } else {
            Caller::Role(self.arn.clone())
        }
    }

    /// The policy of who may take it on, for the page that shows it.
    pub fn trust_policy(&self) -> Option<&Policy> {
        self.trust.as_ref().and_then(|t| t.policy())
    }
}
