//! Whose an AWS access key of an item is, when it was used last and whether it works: asked for, never by itself.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::reading::{self, scroll};
use super::{Transition, View, gap};
use crate::domain::{
    AccessKeyFacts, AccessKeyId, AccessKeyQuestion, AccessKeyStatus, Fact, FailureKind, Gap, Safe, Sighting,
    TableRef,
};
use crate::tui::keymap::Context;
use crate::tui::model::{PlaceId, Shared, Waiting};
use crate::tui::theme::Role;
use crate::tui::widgets::Block;
use crate::tui::{Action, Answer, Ask, RequestId, text};

/// The key, and the question under way.
pub struct AccessKeyScreen {
    table: TableRef,
    id: AccessKeyId,
    masked: Safe,
    print: String,
    request: Option<(PlaceId, AccessKeyQuestion, RequestId)>,
    scroll: usize,
}

impl AccessKeyScreen {
    pub(super) fn new(table: &TableRef, seen: &Sighting, id: AccessKeyId) -> Self {
        let (masked, print) = (seen.masked.clone(), seen.fingerprint.clone());
        Self { table: table.clone(), id, masked, print, request: None, scroll: 0 }
    }

    fn place(&self, shared: &Shared) -> PlaceId {
        shared.place_of(&self.table).unwrap_or(shared.here)
    }

    fn facts<'a>(&self, shared: &'a Shared) -> Option<&'a AccessKeyFacts> {
        shared.notes[self.place(shared).0].access_keys.get(&self.print)
    }

    /// Asks the next question, if there is one.
    fn go_on(&mut self, shared: &mut Shared) {
        let place = self.place(shared);
        let account = shared.engine.places[place.0].scope.account.clone();
        let facts = shared.notes[place.0].access_keys.entry(self.print.clone()).or_default();
        if let Some(question) = next(facts, self.id.is_temporary(), &account) {
            let known = Box::new(facts.clone());
            facts.miss(question, Gap::Pending);
            let id = shared.ask(place, Waiting::Screen, Ask::AccessKey(self.id.clone(), question, known));
            self.request = Some((place, question, id));
        }
    }
}

/// What to ask next: whose account first, then IAM, which knows the keys of users of its own account only.
fn next(facts: &AccessKeyFacts, temporary: bool, account: &str) -> Option<AccessKeyQuestion> {
    AccessKeyQuestion::ALL.iter().copied().find(|question| {
        facts.gap(*question) == Some(&Gap::NotAsked)
            && match question {
                AccessKeyQuestion::Owner => true,
                AccessKeyQuestion::LastUse => {
                    let abroad =
                        facts.owner.known().is_some_and(|owner| !account.is_empty() && owner != account);
                    !temporary && !abroad
                }
                AccessKeyQuestion::Status => facts.last_use.known().is_some_and(|last| last.user.is_some()),
            }
    })
}

/// What is known of a key, in a few words.
pub(super) fn told(facts: &AccessKeyFacts) -> (String, Role) {
    let user = facts.last_use.known().and_then(|last| last.user.as_deref());
    let whose = match (user, facts.owner.known()) {
        (Some(user), _) => format!("key of user {}", Safe::neutral(user)),
        (None, Some(owner)) => format!("key of account {}", Safe::neutral(owner)),
        (None, None) => "? owner of the key not known".into(),
    };
    match facts.status.known() {
        Some(AccessKeyStatus::Active(_)) => (format!("{whose}, active"), Role::Fail),
        Some(AccessKeyStatus::Inactive(_)) => (format!("{whose}, inactive"), Role::Unknown),
        Some(AccessKeyStatus::Gone) => (format!("{whose}, deleted"), Role::Pass),
        None => (format!("{whose}; ? status not known"), Role::Unknown),
    }
}

impl View for AccessKeyScreen {
    fn context(&self) -> Context {
        Context::Usage
    }

    fn title(&self, _: &Shared) -> String {
        format!("{} › access key {}", Safe::neutral(&self.table.name), self.masked)
    }

    fn table(&self) -> Option<&TableRef> {
        Some(&self.table)
    }

    fn settle(&mut self, shared: &mut Shared) {
        // Whether its user reads this table is told as soon as the account's people are known.
        shared.readers_of(&self.table);
    }

    fn waits_for(&self, id: RequestId) -> bool {
        self.request.is_some_and(|(_, _, waited)| waited == id)
    }

    fn closed(&self, shared: &mut Shared) {
        let Some((place, question, id)) = self.request else { return };
        shared.cancel(id);
        if let Some(facts) = shared.notes[place.0].access_keys.get_mut(&self.print) {
            facts.forget(question);
        }
    }

    fn answered(&mut self, shared: &mut Shared, answer: Answer) {
        let (Answer::AccessKey(answer), Some((place, question, _))) = (answer, self.request.take()) else {
            return;
        };
        if let Err(gap) = &answer {
            shared.trouble(place, "access key", gap);
        }
        let now = shared.now;
        let facts = shared.notes[place.0].access_keys.entry(self.print.clone()).or_default();
        match answer {
            Ok(value) => facts.learn(value, now),
            Err(gap) => facts.miss(question, gap),
        }
        self.go_on(shared);
    }

    fn act(&mut self, shared: &mut Shared, action: Action) -> Transition {
        match action {
            Action::Back => return Transition::Close,
            Action::Open | Action::Refresh if self.request.is_none() => {
                let place = self.place(shared);
                shared.notes[place.0].access_keys.remove(&self.print);
                self.go_on(shared);
            }
            _ => {}
        }
        let text = self.text(shared);
        scroll(&mut self.scroll, action, &text, 0, shared);
        Transition::Stay
    }

    fn draw(&self, shared: &Shared, buf: &mut Buffer, area: Rect) {
        reading::draw(&self.text(shared), self.scroll, shared, buf, area);
    }
}

impl AccessKeyScreen {
    fn text(&self, shared: &Shared) -> Vec<Block> {
        let Some(facts) = self.facts(shared).filter(|facts| **facts != AccessKeyFacts::default()) else {
            return question(self.id.is_temporary());
        };
        let mut out = Vec::new();
        let item = |label: &str, text: String| Block::Item(label.into(), text, Role::Plain);
        if self.request.is_some() {
            out.push(Block::Text("Asking AWS…".into(), Role::Dim));
        } else {
            let (said, role) = self.verdict(facts, shared);
            out.push(Block::Text(said, role));
        }
        out.push(Block::Gap);
        out.extend(fact("account", &facts.owner, |owner| {
            let ours = *owner == shared.engine.places[self.place(shared).0].scope.account;
            format!("{}{}", Safe::neutral(owner), if ours { ", this one" } else { "" })
        }));
        out.extend(fact("user", &facts.last_use, |last| match &last.user {
            Some(user) => Safe::neutral(user).to_string(),
            None => "none: a key of the root user".into(),
        }));
        if let Some(last) = facts.last_use.known() {
            out.push(item(
                "last used",
                match &last.used {
                    None => "never, according to IAM".into(),
                    Some(used) => format!(
                        "{} ({}), {} in {}",
                        used.at.strftime("%F %H:%M UTC"),
                        text::relative(used.at, shared.now),
                        Safe::neutral(&used.service),
                        Safe::neutral(&used.region),
                    ),
                },
            ));
        }
        out.extend(fact("status", &facts.status, |status| {
            let made = |at: &Option<jiff::Timestamp>| {
                at.map(|at| format!(", created {}", text::relative(at, shared.now))).unwrap_or_default()
            };
            match status {
                AccessKeyStatus::Active(at) => format!("active{}", made(at)),
                AccessKeyStatus::Inactive(at) => {
                    format!("inactive{}; its user can reactivate it", made(at))
                }
                AccessKeyStatus::Gone => "deleted".into(),
            }
        }));
        out.extend(self.policies(facts, shared));
        let denied = AccessKeyQuestion::ALL.iter().find_map(|question| match facts.gap(*question) {
            Some(Gap::Denied(permission, _)) => Some(gap::granted_by(permission)),
            _ => None,
        });
        out.extend(denied.into_iter().flat_map(|how| [Block::Gap, how]));
        let again = "enter refreshes; esc goes back.";
        out.extend([Block::Gap, Block::Text(again.into(), Role::Accent)]);
        out
    }

    /// In one sentence, what to make of it.
    fn verdict(&self, facts: &AccessKeyFacts, shared: &Shared) -> (String, Role) {
        let account = &shared.engine.places[self.place(shared).0].scope.account;
        if self.id.is_temporary() {
            let said = "TEMPORARY: it expires with its session, after 36 hours at most. IAM does not list session keys; CloudTrail shows who requested it.";
            return (said.into(), Role::Unknown);
        }
        match (facts.owner.known(), facts.status.known()) {
            (_, Some(AccessKeyStatus::Active(_))) => {
                ("ACTIVE: whoever reads the item can use it.".into(), Role::Fail)
            }
            (_, Some(AccessKeyStatus::Inactive(_))) => {
                ("INACTIVE: it cannot be used until its user reactivates it.".into(), Role::Unknown)
            }
            (_, Some(AccessKeyStatus::Gone)) => ("DELETED: it can no longer be used.".into(), Role::Pass),
            (Some(owner), None) if owner != account => (
                "Key of another account: only that account can see whether it is active.".into(),
                Role::Unknown,
            ),
            _ => ("? Not known whether it is active.".into(), Role::Unknown),
        }
    }

    /// What its user may do.
    fn policies(&self, facts: &AccessKeyFacts, shared: &Shared) -> Vec<Block> {
        let Some(user) = facts.last_use.known().and_then(|last| last.user.as_deref()) else {
            return Vec::new();
        };
        let known = shared.audit(&self.table).and_then(|t| t.facts.account.known());
        let key = shared.options.keymap.of(Context::Usage, Action::Access);
        let said = match known.map(|account| (account, account.user(user))) {
            None => vec![format!("not queried; {key} asks IAM for its policies")],
            Some((_, None)) => vec!["not known: IAM did not list this user".into()],
            Some((account, Some(user))) => match account.policies_of(user) {
                none if none.is_empty() => vec!["none".into()],
                policies => policies.iter().map(|p| Safe::neutral(p).to_string()).collect(),
            },
        };
        let label = |n: usize| if n == 0 { "policies" } else { "" };
        let reads =
            known.and_then(|account| account.user(user)).and_then(|user| self.reads(&user.arn, shared));
        let policies =
            said.into_iter().enumerate().map(|(n, said)| Block::Item(label(n).into(), said, Role::Plain));
        policies.chain(reads).collect()
    }

    /// Whether its user can read the table that the key was found in.
    fn reads(&self, user: &str, shared: &Shared) -> Option<Block> {
        let readers = shared.readers.known(&self.table)?;
        let reader = readers.readers.iter().find(|r| r.who.principal() == user);
        let way = reader.and_then(|r| r.best().map(|way| (r, way)));
        let (said, role) = match way {
            Some((reader, way)) => {
                let on = way.conditions();
                let on = if on.is_empty() { on } else { format!(", {on}") };
                (format!("this very table, {}: {}{on}", reader.reach.words(), way.gives), Role::Error)
            }
            None => ("not this table".into(), Role::Plain),
        };
        Some(Block::Item("reads".into(), Safe::neutral(&said).to_string(), role))
    }
}

/// A fact, or why it is not known. What was left out on purpose is not told.
fn fact<T>(label: &str, fact: &Fact<T>, told: impl Fn(&T) -> String) -> Vec<Block> {
    match fact {
        Fact::Known { value, .. } => vec![Block::Item(label.into(), told(value), Role::Plain)],
        Fact::Missing(Gap::NotAsked) => Vec::new(),
        Fact::Missing(Gap::Failed(failure)) if failure.kind == FailureKind::NotFound => {
            vec![Block::Item(
                label.into(),
                "no such key in this account, or it was deleted".into(),
                Role::Unknown,
            )]
        }
        Fact::Missing(missing) => {
            let said = gap::message(missing).map(|said| Block::Item(String::new(), said, Role::Dim));
            std::iter::once(Block::Item(label.into(), format!("? {missing}"), Role::Unknown))
                .chain(said)
                .collect()
        }
    }
}

/// What asking means, before it is done.
fn question(temporary: bool) -> Vec<Block> {
    let item = |label: &str, text: &str| Block::Item(label.into(), text.into(), Role::Plain);
    let needs: Vec<&str> = AccessKeyQuestion::ALL.iter().map(|q| q.action()).collect();
    let mut out = vec![
        Block::Heading("Owner and status of this access key".into()),
        Block::Gap,
        item(
            "asks",
            "STS for the account that owns it; for a key of this account, IAM for its user, its last use and whether it is active",
        ),
        item("calls", "3 at most; the key's ID goes to AWS, which issued it, and to nobody else"),
        item("trace", "an event with the ID in this account's CloudTrail for each call"),
        item("cost", "none"),
        item("permission", &needs.join(", ")),
        Block::Gap,
    ];
    if temporary {
        out.push(Block::Text(
            "A temporary key (ASIA): only its account can be looked up.".into(),
            Role::Unknown,
        ));
        out.push(Block::Gap);
    }
    out.push(Block::Text("enter asks; esc goes back.".into(), Role::Accent));
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{AccessKeyAnswer, LastUse};

    fn known(answers: Vec<AccessKeyAnswer>) -> AccessKeyFacts {
        let mut facts = AccessKeyFacts::default();
        answers.into_iter().for_each(|answer| facts.learn(answer, jiff::Timestamp::default()));
        facts
    }

    #[test]
    fn iam_is_asked_about_keys_of_users_of_its_own_account_only() {
        use AccessKeyAnswer::{LastUse as Last, Owner};
        use AccessKeyQuestion as Q;
        let check = |answers: Vec<AccessKeyAnswer>, temporary, expect| {
            let facts = known(answers);
            assert_eq!(next(&facts, temporary, "111122223333"), expect, "{facts:?}");
        };
        let user = |name: Option<&str>| Last(LastUse { user: name.map(str::to_owned), used: None });
        check(vec![], false, Some(Q::Owner));
        check(vec![Owner("111122223333".into())], false, Some(Q::LastUse));
        check(vec![Owner("444455556666".into())], false, None);
        check(vec![Owner("111122223333".into())], true, None);
        check(vec![Owner("111122223333".into()), user(Some("ana"))], false, Some(Q::Status));
        check(vec![Owner("111122223333".into()), user(None)], false, None);
        // Who may not ask for the account may still ask IAM.
        let mut refused = AccessKeyFacts::default();
        refused.miss(Q::Owner, Gap::Denied(Q::Owner.permission(), "no".into()));
        assert_eq!(next(&refused, false, "111122223333"), Some(Q::LastUse));
    }
}
