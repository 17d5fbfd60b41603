//! Who reads each of many tables, without how: for lists, and to know which tables to ask about closely.

use std::collections::{BTreeMap, BTreeSet};

use super::find::{by, resources};
use super::ways::{On, WAYS, Way};
use super::{Count, Target, Who, outside, who};
use crate::access::{Answer, Around, Decision, Lane, Papers, Person, Sweep, Truth, World};

/// Who reads a table, certainly or on conditions, without first becoming somebody else.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Survey {
    /// Users and roles of the account, and who is from outside.
    pub who: BTreeSet<Who>,
    /// Who reads only if something allows it that was not read.
    pub perhaps: BTreeSet<Who>,
    /// Whether everyone, where everyone reads, reads on conditions only.
    pub on_conditions: bool,
    /// Whether the users and roles of the account were read.
    pub people_read: bool,
    /// What was not read, and could hide somebody or let less in.
    pub unread: BTreeSet<String>,
}

impl Survey {
    fn add(&mut self, who: Who, reads: Reads) {
        match reads {
            Reads::No => {}
            Reads::Perhaps => _ = self.perhaps.insert(who),
            Reads::Yes => _ = self.who.insert(who),
        }
    }

    /// How many; nobody is counted who could become a reader.
    pub fn count(&self) -> Count {
        let (perhaps, on_conditions) = (self.perhaps.len(), self.on_conditions);
        let mut count = Count { perhaps, on_conditions, ..Count::default() };
        self.who.iter().for_each(|who| count.add(who));
        count
    }

    /// How many read, in one line: `7 roles, 2 users, 1 from outside; IAM read`.
    pub fn told(&self) -> String {
        self.count().told(self.people_read)
    }
}

/// Who reads each of some tables: whole items, whatever attribute a target is about.
pub fn survey(world: &World, targets: &[Target]) -> Vec<Survey> {
    let mut found: Vec<Survey> = targets.iter().map(|target| from_outside(world, target)).collect();
    let mut by_account: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (n, target) in targets.iter().enumerate() {
        by_account.entry(&target.table.account).or_default().push(n);
    }
    for (account, tables) in by_account {
        let Some(details) = world.accounts.get(account) else { continue };
        let mut unread: BTreeSet<String> = details.unread.iter().cloned().collect();
        let those: Vec<&Target> = tables.iter().map(|n| &targets[*n]).collect();
        let resources = Resources::of(&those);
        let ways: Vec<Swept<'_>> = WAYS.iter().map(|way| resources.way(world, account, way)).collect();
        for person in details.people() {
            let papers = details.papers(person);
            let sources = papers.identity.iter().chain(&papers.boundary);
            unread.extend(sources.flat_map(|source| source.unread_parts()));
            for (n, reads) in reads(world, &those, &ways, person, &papers) {
                if reads != Reads::No {
                    found[tables[n]].add(who(&person.caller()), reads);
                }
            }
        }
        for n in tables {
            found[n].people_read = true;
            found[n].unread.extend(unread.iter().cloned());
        }
    }
    found
}

/// Few are named, so that each is asked by itself.
fn from_outside(world: &World, target: &Target) -> Survey {
    let mut survey = Survey::default();
    for (who, caller) in outside::named(target) {
        let ways = WAYS
            .iter()
            .flat_map(|way| resources(target, way.steps[0].1).into_iter().map(move |arn| (way, arn)));
        let decisions: Vec<Decision> = ways.map(|(way, arn)| by(world, target, &caller, way, &arn)).collect();
        if who == Who::Anyone {
            survey.on_conditions = decisions.iter().all(|decision| decision.answer != Answer::Allowed);
        }
        survey.add(who, decisions.iter().map(Reads::of).max().unwrap_or(Reads::No));
    }
    let Around { resource, stream, key, .. } = &target.around;
    let sources = resource.iter().chain(stream).chain(key.iter().map(|key| &key.policy));
    let grants = key.iter().filter_map(|key| key.grants_unread.as_ref());
    let unread = sources
        .flat_map(|source| source.unread_parts())
        .chain(grants.map(|why| format!("the grants of the key: {why}")))
        .chain(target.unread.iter().cloned());
    Survey { unread: unread.collect(), ..survey }
}

/// The resources of the tables, by what an action is done to, each with the table it is of.
struct Resources<'t> {
    targets: &'t [&'t Target],
    by_kind: Vec<(On, Vec<(usize, String)>)>,
}

impl<'t> Resources<'t> {
    fn of(targets: &'t [&'t Target]) -> Self {
        let all = |on: On| {
            let each = targets.iter().enumerate();
            each.flat_map(|(n, target)| resources(target, on).into_iter().map(move |arn| (n, arn))).collect()
        };
        let kinds = [On::Table, On::Index, On::Stream, On::Backup];
        Self { targets, by_kind: kinds.into_iter().map(|on| (on, all(on))).collect() }
    }

    fn on(&self, on: On) -> &[(usize, String)] {
        self.by_kind.iter().find(|(kind, _)| *kind == on).map_or(&[], |(_, all)| all)
    }

    fn way<'s>(&'s self, world: &'s World, account: &'s str, way: &'static Way) -> Swept<'s> {
        let sweep = |(action, on): &(&'static str, On)| {
            let around = |table: usize| &self.targets[table].around;
            let lanes: Vec<Lane<'_>> = self
                .on(*on)
                .iter()
                .map(|(table, arn)| Lane { resource: arn, around: around(*table) })
                .collect();
            Sweep::new(world, account, action, &lanes)
        };
        Swept { way, resources: self.on(way.steps[0].1), steps: way.steps.iter().map(sweep).collect() }
    }
}

/// A way, on all tables. The steps of one that has several are each done to one thing of a table.
struct Swept<'s> {
    way: &'static Way,
    resources: &'s [(usize, String)],
    steps: Vec<Sweep<'s>>,
}

/// Whether somebody reads a table, by any way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Reads {
    No,
    /// What was not read decides.
    Perhaps,
    /// Certainly, or on conditions.
    Yes,
}

impl Reads {
    fn of(decision: &Decision) -> Self {
        match decision.answer {
            Answer::Denied => Self::No,
            Answer::AllowedIf if decision.conditions.is_empty() => Self::Perhaps,
            Answer::AllowedIf | Answer::Allowed => Self::Yes,
        }
    }
}

/// Whether somebody reads each table, by their places.
fn reads(
    world: &World,
    targets: &[&Target],
    ways: &[Swept<'_>],
    person: &Person,
    papers: &Papers,
) -> impl Iterator<Item = (usize, Reads)> {
    let caller = person.caller();
    let mut found = vec![Reads::No; targets.len()];
    let mut maybe = Vec::new();
    for Swept { way, resources, steps } in ways {
        if found.iter().all(|reads| *reads == Reads::Yes) {
            break;
        }
        let mut lanes = steps[0].ask(&caller, papers);
        for step in &steps[1..] {
            lanes = lanes.both(|| step.ask(&caller, papers));
        }
        for (lane, truth) in lanes.told() {
            let (table, resource) = &resources[lane];
            match truth {
                Truth::Yes => found[*table] = Reads::Yes,
                _ => maybe.push((*table, *way, resource)),
            }
        }
    }
    for (table, way, resource) in maybe {
        if found[table] != Reads::Yes {
            let closer = by(world, targets[table], &caller, way, resource);
            found[table] = found[table].max(Reads::of(&closer));
        }
    }
    found.into_iter().enumerate()
}

#[cfg(test)]
mod tests;
