//! The users and roles of the account and their policies: asked for, never by itself, as it is more than tables need.

use super::entry::{Entry, Opens, Row, Section};
use super::reading::{Reading, Text};
use super::{Screen, gap};
use crate::domain::{Account, Fact, FactKind, Gap, IamIdentity, Safe, TableRef};
use crate::tui::keymap::Context;
use crate::tui::model::Shared;
use crate::tui::theme::Role;
use crate::tui::widgets::Block;

/// How it is opened.
pub(super) static ENTRY: Entry = Entry {
    opens: Opens::OfTable(|_, table| Screen::Account(AccountScreen::of(table))),
    rows: &[Row {
        section: Section::Table,
        key: "P",
        contexts: &[Context::Posture, Context::Usage, Context::Reading],
        what: "users and roles of the account, and their policies (asks first)",
        hint: "",
    }],
};

/// A table of the account.
pub struct People(TableRef);

/// The page.
pub type AccountScreen = Reading<People>;

impl AccountScreen {
    pub(super) fn of(table: TableRef) -> Self {
        Self::new(People(table))
    }
}

impl Text for People {
    fn context(&self) -> Context {
        Context::Usage
    }

    fn title(&self) -> String {
        format!(
            "{} › users and roles of account {}",
            Safe::neutral(&self.0.name),
            Safe::neutral(&self.0.scope.account)
        )
    }

    fn table(&self) -> Option<&TableRef> {
        Some(&self.0)
    }

    fn open(&self, shared: &mut Shared) {
        shared.ask_now(&self.0, FactKind::Account);
    }

    fn text(&self, shared: &Shared) -> Vec<Block> {
        let Some(known) = shared.audit(&self.0) else { return Vec::new() };
        let again = || [Block::Gap, Block::Text("enter refreshes; esc goes back.".into(), Role::Accent)];
        match &known.facts.account {
            Fact::Missing(Gap::NotAsked) => question(),
            Fact::Missing(Gap::Pending) => vec![Block::Text("Asking IAM…".into(), Role::Dim)],
            Fact::Missing(gap) => {
                let mut out = vec![Block::Text("? Users and roles not known.".into(), Role::Unknown)];
                out.extend(gap::explain(gap));
                out.extend(again());
                out
            }
            Fact::Known { value, read_at } => {
                let at = read_at.strftime("%F %H:%M UTC");
                let mut out = vec![Block::Text(
                    format!(
                        "As of {at}. Listed, not evaluated: a permissions boundary or a Deny elsewhere may restrict what a policy allows."
                    ),
                    Role::Dim,
                )];
                for (what, of) in
                    [("Users", &value.users), ("Groups", &value.groups), ("Roles", &value.roles)]
                {
                    out.extend([Block::Gap, Block::Heading(format!("{what} ({})", of.len()))]);
                    out.extend(of.iter().map(|person| told(value, person)));
                }
                out.extend(unread(value));
                out.extend(again());
                out
            }
        }
    }
}

/// One user, group or role, and its policies.
fn told(account: &Account, person: &IamIdentity) -> Block {
    let mut policies: Vec<String> = account.policies_of(person).iter().map(|p| short(p)).collect();
    policies.extend(person.boundary.iter().map(|b| format!("boundary {}", short(b))));
    let said = if policies.is_empty() { "no policy".into() } else { policies.join(", ") };
    Block::Item(Safe::neutral(&person.name).to_string(), said, Role::Plain)
}

/// A policy's name without what all ARNs begin with.
fn short(policy: &str) -> String {
    let name = policy
        .strip_prefix("arn:")
        .and_then(|arn| arn.split_once(":policy/"))
        .map_or(policy, |(_, name)| name);
    Safe::neutral(name).to_string()
}

/// Policies that could not be read, or not in whole.
fn unread(account: &Account) -> Option<Block> {
    let people = account.users.iter().chain(&account.groups).chain(&account.roles);
    let inline = people.flat_map(|p| p.inline.iter().map(|i| &i.policy).chain(&p.trust));
    let policies = inline.map(Some).chain(account.policies.iter().map(|m| m.policy.as_ref()));
    let count = policies.filter(|policy| policy.is_none_or(|p| !p.unread.is_empty())).count();
    let policies = if count == 1 { "policy" } else { "policies" };
    (count > 0).then(|| Block::Text(format!("? {count} {policies} could not be fully read."), Role::Unknown))
}

/// What asking means, before it is done.
fn question() -> Vec<Block> {
    let item = |label: &str, text: &str| Block::Item(label.into(), text.into(), Role::Plain);
    vec![
        Block::Heading("Users and roles of the account, and their policies".into()),
        Block::Gap,
        item("request", "IAM for every user, group and role of the account, and for their policies"),
        item("calls", "1 to 20 of GetAccountAuthorizationDetails, a thousand of them in each"),
        item("cost", "none"),
        item("permission", FactKind::Account.action()),
        Block::Gap,
        Block::Text("enter asks; esc goes back.".into(), Role::Accent),
    ]
}
