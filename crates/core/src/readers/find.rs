//! Everybody is asked about every way.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::ways::{On, PASSING, STEPS, Upon, WAYS, WRITES, Way};
use super::{Found, Reach, Reader, Readers, Stopped, Target, Who, behind, outside, who};
use crate::access::{
    Answer, Around, Caller, Context, Decision, Person, Question, Source, Stop, World, decide,
};

/// Most readers whom the second ring looks for a way to become.
const MOST_TARGETS: usize = 100;

/// Who can read a table, of everybody that is known.
pub fn readers(world: &World, target: &Target) -> Readers {
    everybody(world, target, Papers::of)
}

/// The same with everybody asked about everything, as a measure of what is left out.
pub fn readers_plainly(world: &World, target: &Target) -> Readers {
    everybody(world, target, |_, _, _| Papers::unknown())
}

fn everybody(world: &World, target: &Target, papers: fn(&World, &Target, &Person) -> Papers) -> Readers {
    let mut found = Readers { unread: target.unread.clone(), ..Readers::default() };
    let own = world.accounts.get(&target.table.account);
    found.people_read = own.is_some();
    if let Some(account) = own {
        found.unread.extend(account.unread.iter().cloned());
    }
    let people: Vec<&Person> = own.into_iter().flat_map(|account| account.people()).collect();
    let mut silent = Vec::new();
    for person in &people {
        let caller = person.caller();
        let asked = ask(world, target, &caller, &papers(world, target, person));
        found.unread.extend(asked.unread);
        if let Some(answer) = asked.writes {
            found.writers.push((who(&caller), answer));
        }
        match reader(who(&caller), Some(person), asked.ways) {
            Some(reader) => found.readers.push(reader),
            None => silent.push((*person, caller, asked.stopped)),
        }
    }
    let reading: Vec<Who> = found.readers.iter().map(|r| r.who.clone()).take(MOST_TARGETS).collect();
    for (person, caller, stopped) in silent {
        let ways = second_ring(world, target, &caller, &papers(world, target, person), &reading);
        match reader(who(&caller), Some(person), ways) {
            Some(reader) => found.readers.push(reader),
            None => found.stopped.extend(stopped),
        }
    }
    for (who, caller) in outside::named(target) {
        let asked = ask(world, target, &caller, &Papers::unknown());
        if let Some(answer) = asked.writes {
            found.writers.push((who.clone(), answer));
        }
        found.readers.extend(reader(who, None, asked.ways));
    }
    // Who is from outside comes first: it is what nobody expects.
    let order = |r: &Reader| (!r.who.is_outside(), r.reach, std::cmp::Reverse(r.answer), r.who.clone());
    found.readers.sort_by_key(order);
    let mut seen = BTreeSet::new();
    found.unread.retain(|one| seen.insert(one.clone()));
    found
}

/// The policies that could let somebody of the account do something: theirs, and those of the table and its stream. Most
/// people have none that is about DynamoDB, and are not asked about way after way.
struct Papers(Option<Vec<Arc<Source>>>);

impl Papers {
    fn of(world: &World, target: &Target, person: &Person) -> Self {
        let Some(account) = world.accounts.get(&target.table.account) else { return Self::unknown() };
        let around = [&target.around.resource, &target.around.stream];
        let around = around.into_iter().flatten().map(Arc::clone);
        Self(Some(account.papers(person).identity.into_iter().chain(around).collect()))
    }

    /// Of somebody whose policies are not at hand: everything is asked.
    const fn unknown() -> Self {
        Self(None)
    }

    /// Whether any of them may allow an action. Where none does, the answer is no.
    fn may(&self, action: &str) -> bool {
        let action = action.to_ascii_lowercase();
        self.0.as_ref().is_none_or(|all| all.iter().any(|source| source.may_allow(&action)))
    }
}

/// What comes of asking about one principal.
struct Asked {
    ways: Vec<Found>,
    writes: Option<Answer>,
    stopped: Option<Stopped>,
    unread: Vec<String>,
}

fn ask(world: &World, target: &Target, caller: &Caller, papers: &Papers) -> Asked {
    let mut asked = Asked { ways: Vec::new(), writes: None, stopped: None, unread: Vec::new() };
    for way in WAYS {
        // The first is asked all the same: what stops them, and what of it is not known, is told.
        if asked.stopped.is_some() && !papers.may(way.steps[0].0) {
            continue;
        }
        for resource in resources(target, way.steps[0].1) {
            let decision = by(world, target, caller, way, &resource);
            for one in &decision.unread {
                if !asked.unread.contains(one) {
                    asked.unread.push(one.clone());
                }
            }
            if decision.answer == Answer::Denied {
                // Of several actions, the one that something alone stops tells the most.
                let tells =
                    asked.stopped.as_ref().is_none_or(|s| s.by.is_empty() && !decision.lifting.is_empty());
                if way.reach == Reach::Directly && tells {
                    let Decision { lifting: by, deciding, stop, .. } = decision;
                    let first = stop.unwrap_or(Stop::Several);
                    asked.stopped = Some(Stopped { who: who(caller), by, first, deciding });
                }
                continue;
            }
            asked.ways.push(Found {
                reach: way.reach,
                action: way.words(),
                resource,
                gives: way.gives.into(),
                decision,
            });
        }
    }
    let writes = WRITES
        .iter()
        .filter(|action| papers.may(action))
        .map(|action| one(world, &target.around, caller, action, &target.table.to_string()).answer);
    asked.writes = writes.max().filter(|answer| *answer != Answer::Denied);
    asked
}

/// All steps of a way.
pub(super) fn by(world: &World, target: &Target, caller: &Caller, way: &Way, resource: &str) -> Decision {
    let mut steps = way.steps.iter();
    let first = steps.next().map(|(action, on)| match (&target.attribute, on, way.reach) {
        (Some(attribute), On::Table | On::Index, Reach::Directly | Reach::ByIndex) => {
            of_attribute(world, &target.around, caller, action, resource, attribute)
        }
        _ => one(world, &target.around, caller, action, resource),
    });
    let mut all = first.unwrap_or_else(Decision::nothing);
    for (action, on) in steps {
        if all.answer == Answer::Denied {
            break;
        }
        for resource in resources(target, *on) {
            all = all.and(one(world, &target.around, caller, action, &resource));
        }
    }
    all
}

/// What of a table an action is done to.
pub(super) fn resources(target: &Target, on: On) -> Vec<String> {
    match on {
        On::Table => vec![target.table.to_string()],
        On::Index => target.indexes.iter().map(|name| target.index(name)).collect(),
        On::Stream => target.stream.iter().map(ToString::to_string).collect(),
        On::Backup => vec![target.any_backup()],
    }
}

fn one(world: &World, around: &Around, caller: &Caller, action: &str, resource: &str) -> Decision {
    given(world, around, caller, action, resource, Context::default())
}

fn given(
    world: &World,
    around: &Around,
    caller: &Caller,
    action: &str,
    resource: &str,
    context: Context,
) -> Decision {
    let question = Question {
        action: action.to_owned(),
        resource: resource.to_owned(),
        caller: caller.clone(),
        context,
    };
    decide(world, &question, around)
}

/// By name, or by asking for everything: such a request names no attribute (DynamoDB Developer Guide, "Using IAM policy
/// conditions for fine-grained access control"). The more certain of both counts.
fn of_attribute(
    world: &World,
    around: &Around,
    caller: &Caller,
    action: &str,
    resource: &str,
    attribute: &str,
) -> Decision {
    let with = |attributes: &str, select: &str| {
        let mut context = Context::default();
        context.give("dynamodb:Attributes", attributes);
        context.give("dynamodb:Select", select);
        given(world, around, caller, action, resource, context)
    };
    let by_name = with(attribute, "SPECIFIC_ATTRIBUTES");
    let whole = with("", "ALL_ATTRIBUTES");
    // GetItem has no Select of its own; a request for everything carries none.
    let silent = with("", "");
    [by_name, whole, silent].into_iter().max_by_key(|d| d.answer).unwrap_or_else(Decision::nothing)
}

/// Somebody to whom ways are open, by the most certain of them, and of those the nearest; without a way, nobody.
fn reader(who: Who, person: Option<&Person>, ways: Vec<Found>) -> Option<Reader> {
    let answer = ways.iter().map(|w| w.decision.answer).max()?;
    let reach = ways.iter().filter(|w| w.decision.answer == answer).map(|w| w.reach).min()?;
    let last_used = person.and_then(|p| p.last_used.clone());
    let behind = person.map(behind).unwrap_or_default();
    Some(Reader { who, reach, answer, ways, last_used, behind })
}

/// How somebody who does not read could become somebody who does.
fn second_ring(
    world: &World,
    target: &Target,
    caller: &Caller,
    papers: &Papers,
    reading: &[Who],
) -> Vec<Found> {
    let mut found = Vec::new();
    let own = caller.arn().map(ToString::to_string).unwrap_or_default();
    // Of IAM's own resources no policy of the table is asked.
    let bare = Around::default();
    let mut add = |action: &str, resource: &str, gives: String, decision: Decision| {
        if decision.answer != Answer::Denied {
            let (action, resource) = (action.to_owned(), resource.to_owned());
            found.push(Found { reach: Reach::Could, action, resource, gives, decision });
        }
    };
    for step in STEPS {
        // What a role's own policy lets somebody do needs nothing of theirs.
        if step.action != "sts:AssumeRole" && !papers.may(step.action) {
            continue;
        }
        let is_user = matches!(caller, Caller::User(_));
        match step.upon {
            Upon::Table => {
                let table = target.table.to_string();
                let decision = one(world, &target.around, caller, step.action, &table);
                add(step.action, &table, step.does.into(), decision);
            }
            Upon::OwnUser if is_user => {
                add(step.action, &own, step.does.into(), one(world, &bare, caller, step.action, &own));
            }
            Upon::OwnRole if !is_user => {
                add(step.action, &own, step.does.into(), one(world, &bare, caller, step.action, &own));
            }
            Upon::OwnUser | Upon::OwnRole => {}
            Upon::ReadingUser | Upon::ReadingRole => {
                for other in reading {
                    let arn = match (step.upon, other) {
                        (Upon::ReadingUser, Who::User(arn)) | (Upon::ReadingRole, Who::Role(arn)) => arn,
                        _ => continue,
                    };
                    let decision = one(world, &bare, caller, step.action, arn);
                    add(step.action, arn, format!("{} {}", step.does, other.words()), decision);
                }
            }
        }
    }
    let passing = if papers.may("iam:PassRole") { reading } else { &[] };
    for other in passing {
        let Who::Role(arn) = other else { continue };
        let role =
            crate::access::Arn::parse(arn).and_then(|arn| world.accounts.get(&arn.account)?.role(&arn));
        let Some(role) = role else { continue };
        for behind in behind(role) {
            let super::Behind::Service(service) = behind else { continue };
            let Some((_, creates)) = PASSING.iter().find(|(name, _)| *name == service) else { continue };
            let mut context = Context::default();
            context.give("iam:PassedToService", &service);
            let question = Question {
                action: "iam:PassRole".into(),
                resource: arn.clone(),
                caller: caller.clone(),
                context,
            };
            let decision = decide(world, &question, &bare).and(one(world, &bare, caller, creates, "*"));
            add(
                &format!("iam:PassRole + {creates}"),
                arn,
                format!("runs what it likes as {}", other.words()),
                decision,
            );
        }
    }
    found
}
