//! Who can read a table: everybody of the account and everybody that a policy names, by every way to read.
//!
//! [`access`](crate::access) decides one question; here are the questions. [`WAYS`] is the table of them.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::access::{Answer, Arn, Caller, Deciding, Decision, Stop};

mod facts;
mod find;
mod memo;
mod outside;
mod page;
mod survey;
mod table;
mod trust;
mod ways;
mod words;

pub use facts::{target, ways_of, world};
pub use find::{readers, readers_plainly};
pub use memo::Memo;
pub use page::page;
pub use survey::{Survey, survey};
pub use table::Target;
pub use trust::{Behind, Named, Trusted, behind, trusted, trusts_unread};
pub use ways::{STEPS, Step, WAYS, Way};
pub use words::requirement;

/// How near somebody is to reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// The table itself.
    Directly,
    /// An index.
    ByIndex,
    /// The stream.
    ByStream,
    /// What a write gives back.
    ByWriting,
    /// A copy that they make.
    ByCopy,
    /// By first becoming somebody who reads.
    Could,
}

impl Reach {
    /// Every kind, the nearest first.
    pub const ALL: [Self; 6] =
        [Self::Directly, Self::ByIndex, Self::ByStream, Self::ByWriting, Self::ByCopy, Self::Could];

    /// For a heading.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Directly => "directly",
            Self::ByIndex => "by an index",
            Self::ByStream => "by the stream",
            Self::ByWriting => "by writing",
            Self::ByCopy => "by a copy",
            Self::Could => "could become a reader",
        }
    }
}

/// Who reads.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Who {
    /// A user of the account, by its ARN.
    User(String),
    /// A role of the account, by its ARN.
    Role(String),
    /// Whoever the administrators of another account choose.
    Account(String),
    /// A user, role or session of another account, by its ARN.
    Foreign(String),
    /// Every AWS identity whose own account allows it.
    Anyone,
    /// A service, by its name.
    Service(String),
}

impl Who {
    /// Whether they are from outside the account.
    pub fn is_outside(&self) -> bool {
        !matches!(self, Self::User(_) | Self::Role(_))
    }

    /// `role/checkout`, `account 999988887777`; without a path, which no two users or roles of an account differ by alone.
    pub fn words(&self) -> String {
        let short = |arn: &str| {
            let resource = Arn::parse(arn)?.resource;
            let (kind, name) = resource.split_once('/')?;
            Some(format!("{kind}/{}", name.rsplit('/').next().unwrap_or(name)))
        };
        match self {
            Self::User(arn) | Self::Role(arn) => short(arn).unwrap_or_else(|| arn.clone()),
            Self::Account(id) => format!("account {id}"),
            Self::Foreign(arn) => Arn::parse(arn)
                .map_or_else(|| arn.clone(), |a| format!("{} of account {}", a.resource, a.account)),
            Self::Anyone => "everyone".into(),
            Self::Service(name) => name.clone(),
        }
    }

    /// As it is written in policies.
    pub fn principal(&self) -> String {
        match self {
            Self::User(arn) | Self::Role(arn) | Self::Foreign(arn) => arn.clone(),
            Self::Account(id) | Self::Service(id) => id.clone(),
            Self::Anyone => "*".into(),
        }
    }
}

/// One way that is open to somebody.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// How near it is.
    pub reach: Reach,
    /// The action or actions: `Query`, `CreateBackup + RestoreTableFromBackup`, `sts:AssumeRole`.
    pub action: String,
    /// On what: an ARN.
    pub resource: String,
    /// What they get.
    pub gives: String,
    /// Whether it is certain, what it depends on, and what decided.
    pub decision: Decision,
}

/// Somebody who reads, or may.
#[derive(Debug, Clone, PartialEq)]
pub struct Reader {
    /// Who.
    pub who: Who,
    /// The nearest of the ways that are the most certain.
    pub reach: Reach,
    /// Whether that is certain.
    pub answer: Answer,
    /// Every way, the nearest first.
    pub ways: Vec<Found>,
    /// When a role was last used, of any service, as IAM says it.
    pub last_used: Option<String>,
    /// Who stands behind a role.
    pub behind: Vec<Behind>,
}

impl Found {
    /// Whether it is open only if something allows it that was not read.
    pub fn depends_on_unread(&self) -> bool {
        self.decision.answer == Answer::AllowedIf && self.decision.conditions.is_empty()
    }

    /// What it depends on, in words; nothing if it is certain.
    pub fn conditions(&self) -> String {
        let mut said: Vec<String> = Vec::new();
        // What holds for the table and for its key is said once.
        let requirements = self.decision.conditions.iter();
        let (own, of_key): (Vec<_>, Vec<_>) = requirements.partition(|r| !r.of_key);
        for one in own {
            let words = requirement(one);
            if !said.contains(&words) {
                said.push(words);
            }
        }
        for one in of_key {
            let words = requirement(one);
            let bare = words.trim_end_matches(words::OF_KEY);
            if !said.iter().any(|s| s == bare || *s == words) {
                said.push(words);
            }
        }
        if said.is_empty() && self.decision.answer == Answer::AllowedIf {
            return "if what is not read allows it".into();
        }
        said.join("; ")
    }
}

impl Reader {
    /// Whether nothing that was read lets them in, by itself or on conditions.
    pub fn depends_on_unread(&self) -> bool {
        self.ways.iter().filter(|way| way.reach != Reach::Could).all(Found::depends_on_unread)
    }

    /// The way that somebody is listed by.
    pub fn best(&self) -> Option<&Found> {
        self.ways.iter().find(|w| w.reach == self.reach && w.decision.answer == self.answer)
    }

    /// Ways that differ in their action alone, together: the actions, and the first of them. Of items the first gives the
    /// most, so that the others say no more.
    pub fn together(&self) -> Vec<(String, &Found)> {
        let mut all: Vec<(String, &Found)> = Vec::new();
        for way in &self.ways {
            let of_items = matches!(way.reach, Reach::Directly | Reach::ByIndex);
            let same = all.iter_mut().find(|(_, other)| {
                other.reach == way.reach
                    && (of_items || other.gives == way.gives)
                    && other.resource == way.resource
                    && other.decision.answer == way.decision.answer
                    && other.decision.deciding == way.decision.deciding
                    && other.conditions() == way.conditions()
            });
            match same {
                Some((actions, _)) => {
                    actions.push_str(", ");
                    actions.push_str(&way.action);
                }
                None => all.push((way.action.clone(), way)),
            }
        }
        all
    }
}

/// Somebody of the account who does not read.
#[derive(Debug, Clone, PartialEq)]
pub struct Stopped {
    /// Who.
    pub who: Who,
    /// What alone would have to go to let them in; none where nothing lets them read in the first place, or more than one
    /// thing stops them.
    pub by: Vec<Stop>,
    /// The first that says no, in the order in which AWS asks.
    pub first: Stop,
    /// The statements that deny, if any do.
    pub deciding: Vec<Deciding>,
}

/// Who can read a table.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Readers {
    /// By reach and certainty, nearest and most certain first; those from outside behind each other at the end.
    pub readers: Vec<Reader>,
    /// Who of the account does not read, and why.
    pub stopped: Vec<Stopped>,
    /// Who can change items or plant some.
    pub writers: Vec<(Who, Answer)>,
    /// What was not read, and could hide somebody or let less in.
    pub unread: Vec<String>,
    /// Whether the users and roles of the account were read.
    pub people_read: bool,
}

/// How many, for one line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Count {
    /// Roles of the account that read, certainly or on conditions, without first becoming somebody else.
    pub roles: usize,
    /// Users of the account.
    pub users: usize,
    /// Accounts and identities from outside, services among them.
    pub outside: usize,
    /// Whether everyone is let in.
    pub anyone: bool,
    /// Whether everyone is only on conditions: members of an organization, for instance.
    pub on_conditions: bool,
    /// Who reads only if something allows it that was not read.
    pub perhaps: usize,
    /// Who could become a reader.
    pub could: usize,
}

impl Count {
    /// One more who reads.
    fn add(&mut self, who: &Who) {
        match who {
            Who::Role(_) => self.roles += 1,
            Who::User(_) => self.users += 1,
            Who::Anyone => self.anyone = true,
            Who::Account(_) | Who::Foreign(_) | Who::Service(_) => self.outside += 1,
        }
    }

    /// In one line: `7 roles, 2 users, 1 from outside (3 could become one); IAM read`.
    pub fn told(&self, people_read: bool) -> String {
        self.told_naming(people_read, None)
    }

    /// The same; those from outside also by `names`.
    pub fn told_naming(&self, people_read: bool, names: Option<&str>) -> String {
        let outside =
            names.map_or_else(|| "from outside".to_owned(), |names| format!("from outside ({names})"));
        let many = |n: usize, one: &str, more: &str| {
            (n > 0).then(|| format!("{n} {}", if n == 1 { one } else { more }))
        };
        let parts = [
            many(self.roles, "role", "roles"),
            many(self.users, "user", "users"),
            many(self.outside, &outside, &outside),
            self.anyone.then(|| {
                if self.on_conditions { "everyone who meets conditions" } else { "everyone" }.to_owned()
            }),
        ];
        let mut parts: Vec<String> = parts.into_iter().flatten().collect();
        if parts.is_empty() && self.perhaps == 0 {
            parts.push(if people_read { "nobody" } else { "nobody by policies of the table" }.into());
        }
        let more = if parts.is_empty() { "" } else { " more" };
        let perhaps =
            (self.perhaps > 0).then(|| format!("{}{more} if what is not read allows it", self.perhaps));
        parts.extend(perhaps);
        let could = many(self.could, "could become one", "could become one");
        let could = could.map(|could| format!(" ({could})")).unwrap_or_default();
        let iam = if people_read { "IAM read" } else { "IAM not read" };
        format!("{}{could}; {iam}", parts.join(", "))
    }
}

impl Readers {
    /// How many read.
    pub fn count(&self) -> Count {
        let mut count = Count::default();
        for reader in &self.readers {
            match reader.reach {
                Reach::Could => count.could += 1,
                _ if reader.depends_on_unread() => count.perhaps += 1,
                _ => count.add(&reader.who),
            }
            if reader.who == Who::Anyone {
                count.on_conditions = reader.answer != Answer::Allowed;
            }
        }
        count
    }

    /// How many read, in one line.
    pub fn told(&self) -> String {
        self.count().told(self.people_read)
    }

    /// Those of one reach, those from outside apart.
    pub fn within(&self, reach: Reach) -> impl Iterator<Item = &Reader> {
        self.readers.iter().filter(move |r| r.reach == reach && !r.who.is_outside())
    }

    /// Those from outside.
    pub fn outside(&self) -> impl Iterator<Item = &Reader> {
        self.readers.iter().filter(|r| r.who.is_outside())
    }

    /// Those whom one thing alone stops, by what that is.
    pub fn stopped_by(&self) -> Vec<(String, Vec<&Who>)> {
        let mut all: BTreeMap<String, Vec<&Who>> = BTreeMap::new();
        for one in self.stopped.iter().filter(|one| !one.by.is_empty()) {
            let by: Vec<String> = one.by.iter().map(ToString::to_string).collect();
            all.entry(by.join(", or ")).or_default().push(&one.who);
        }
        all.into_iter().collect()
    }
}

/// Who of the account asks as whom.
fn who(caller: &Caller) -> Who {
    match caller {
        Caller::User(arn) => Who::User(arn.to_string()),
        Caller::Role(arn) | Caller::Root(arn) => Who::Role(arn.to_string()),
        Caller::Session { arn, .. } | Caller::FederatedUser { arn, .. } => Who::Foreign(arn.to_string()),
        Caller::Service(name) | Caller::Provider(name) => Who::Service(name.clone()),
    }
}

#[cfg(test)]
mod tests;
