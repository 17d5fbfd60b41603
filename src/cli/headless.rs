//! An audit without a terminal: performs what the engine asks for, until it is done or told to stop.

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;
use jiff::Timestamp;
use tokio_util::sync::CancellationToken;

use super::duration;
use super::fail::Fail;
use crate::audit::{Audit, AuditEvent};
use crate::domain::{FactKind, Failure, FailureKind, Gap, Rcu, TableRef};
use crate::engine::{Answer, Ask, AskId, Config, Done, Engine, Listing, News, Place, PlaceId, Reach};
use crate::report::{Cause, Run, Unseen, Visited, unseen};
use crate::scan::{Budget, Depth, Outcome, Share};
use crate::source::{Source, perform};

/// What to audit, and how far.
pub struct Plan {
    /// Names and patterns; empty for every table.
    pub tables: Vec<String>,
    /// How far items are read; `None` to read none.
    pub items: Option<Depth>,
    /// What reading items may cost in all; `None` for no limit.
    pub budget: Option<Rcu>,
    /// Percent of a provisioned table's read capacity that may be used.
    pub share: u8,
    /// Facts that are asked for besides those that are by themselves.
    pub ask: Vec<FactKind>,
    /// What an earlier run saw that did not come to its end.
    pub restored: Vec<AuditEvent>,
    /// Which of several runs this is that read together.
    pub share_of: Option<Share>,
}

/// Why a run ends before it is done: the first reason that is given.
#[derive(Debug, Default)]
pub struct Stop {
    token: CancellationToken,
    why: OnceLock<(Cause, String)>,
}

impl Stop {
    /// Ends the run, for this reason.
    pub fn because(&self, cause: Cause, said: impl Into<String>) {
        let _ = self.why.set((cause, said.into()));
        self.token.cancel();
    }

    /// Ends the run when this time ran out, if one was given. To be called within a runtime.
    pub(super) fn after(self: &Arc<Self>, most: Option<Duration>) {
        let Some(most) = most else { return };
        let stop = Arc::clone(self);
        tokio::spawn(async move {
            tokio::time::sleep(most).await;
            stop.because(Cause::OutOfTime, format!("--max-time {} ran out", duration::told(most)));
        });
    }

    /// Whether it is to end.
    pub fn is_set(&self) -> bool {
        self.token.is_cancelled()
    }

    /// Waits until it is to end.
    pub async fn wait(&self) {
        self.token.cancelled().await;
    }

    /// What was not seen because of it, and when that was.
    pub(super) fn unseen(&self, when: &str) -> Option<Unseen> {
        let (cause, said) = self.why.get()?;
        Some(Unseen::of_run(*cause, format!("{said} {when}")))
    }
}

/// What an audit is at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Listing the tables.
    Listing,
    /// Asking about settings.
    Settings,
    /// Reading items.
    Items,
    /// Waiting for whose credentials these are.
    Identity,
    /// Reading files of an export.
    Files,
}

/// How far an audit is.
#[derive(Debug, Clone, PartialEq)]
pub struct Progress {
    /// What it is at.
    pub phase: Phase,
    /// Tables to audit, or listed so far.
    pub tables: usize,
    /// Settings read, or tables done.
    pub done: usize,
    /// Settings to read.
    pub of: usize,
    /// Items read.
    pub items: u64,
    /// Units spent.
    pub spent: Rcu,
    /// About how many units the whole costs, as far as the tables are described.
    pub estimate: Rcu,
    /// The limit, if there is one.
    pub budget: Option<Rcu>,
}

/// Runs an audit until it is done or told to stop; what was found by then is in the [`Run`]. `record` is given every
/// event, in the order in which they are folded.
///
/// # Errors
/// When there is nothing to audit: the tables cannot be listed, or none matches.
pub async fn audit(
    sources: &[(&str, &dyn Source)],
    plan: &Plan,
    clock: &(dyn Fn() -> Timestamp + Sync),
    stop: &Stop,
    watch: &mut dyn FnMut(&Progress),
    record: &mut (dyn FnMut(&AuditEvent) + Send),
) -> Result<Run, Fail> {
    let started = clock();
    let config = Config {
        tables: plan.tables.clone(),
        kinds: FactKind::free().chain(plan.ask.iter().copied()).collect(),
        share: plan.share,
        journal: true,
        share_of: plan.share_of,
        seed: started.as_nanosecond() as u64,
        ..Config::default()
    };
    let places = sources.iter().map(|(name, source)| Place::new(*name, source.scope()));
    let mut engine = Engine::new(places, config);
    engine.restore(plan.restored.iter().cloned());
    // What was restored is in the record already.
    drop(engine.take_journal());
    let places: Vec<PlaceId> = (0..sources.len()).map(PlaceId).collect();
    let progress = Progress {
        phase: Phase::Listing,
        tables: 0,
        done: 0,
        of: 0,
        items: 0,
        spent: Rcu::ZERO,
        estimate: Rcu::ZERO,
        budget: plan.budget,
    };
    let mut drive = Drive {
        engine,
        places,
        sources,
        clock,
        stop,
        watch,
        record,
        progress,
        flying: FuturesUnordered::new(),
        wakes: BTreeSet::new(),
        done: None,
    };
    let mut unseen = Vec::new();
    for id in drive.places.clone() {
        // At once: a service of identities that does not answer must not hold up the list.
        drive.engine.ask_identity(id);
        drive.engine.list(id, started);
    }
    drive
        .until(Phase::Listing, |e| !e.places.iter().any(|p| matches!(p.listing, Listing::Loading(..))))
        .await;
    if !stop.is_set() {
        listed(&drive.engine, &mut unseen)?;
    }
    let tables: Vec<TableRef> = drive.engine.audit().tables().map(|t| t.table.clone()).collect();
    // What was read in part before, and is not listed any more, cannot be read to its end.
    let lost = |table: &&TableRef| {
        drive.engine.place_of(table).is_none()
            && drive.engine.table(table).is_some_and(|known| known.outcome.is_none())
    };
    for table in tables.iter().filter(lost).cloned().collect::<Vec<_>>() {
        let gap = Gap::Failed(Failure {
            kind: FailureKind::NotFound,
            message: String::from("it is in the log, and not in the list of tables any more"),
            next: String::from("look whether it was deleted, or --table leaves it out"),
        });
        drive.engine.record(AuditEvent::Ended(table, Outcome::Stopped(gap)));
    }
    drive.progress.tables = tables.len();
    drive
        .until(Phase::Settings, |e| e.places.iter().enumerate().all(|(n, _)| e.is_settled(PlaceId(n))))
        .await;
    let mut spent = Rcu::ZERO;
    if let Some(depth) = plan.items.filter(|_| !stop.is_set()) {
        let budget = plan.budget.map_or_else(Budget::unlimited, Budget::limited);
        drive.progress.estimate = drive.engine.estimate(&tables, depth);
        drive.engine.read(Reach { tables, depth, budget }, clock());
        drive.until(Phase::Items, |e| e.reading().is_none()).await;
        // Interrupted: tables that were not read to where they should have been say so.
        spent = match (drive.engine.stop_reading(true), &drive.done) {
            (Some((_, spent)), _) => spent,
            (None, Some(done)) => done.spent,
            (None, None) => Rcu::ZERO,
        };
        drive.write_down();
    }
    drive.until(Phase::Identity, |e| !e.is_waiting()).await;
    let told = drive.told();
    let Drive { engine, .. } = drive;
    unseen.extend(stop.unseen(&told));
    let visited = |place: &Place| Visited {
        name: Some(place.name.clone()).filter(|name| !name.is_empty()),
        scope: (*place.scope).clone(),
        identity: place.identity.read().cloned(),
        failed: match &place.listing {
            Listing::Failed(gap) if place.tables.is_empty() => Some(gap.clone()),
            _ => None,
        },
    };
    let places: Vec<Visited> = engine.places.iter().map(visited).collect();
    let audit = engine.into_audit();
    unseen.extend(unseen::of_tables(&audit, clock()));
    if !stop.is_set() && plan.tables.is_empty() {
        for Visited { scope, .. } in empty(&places, &audit) {
            let account = if scope.account.is_empty() { "an unknown account" } else { &scope.account };
            let said = format!("no tables in {} of account {account}", scope.region);
            unseen.push(Unseen::of_run(Cause::NoTables, said));
        }
    }
    Ok(Run {
        places,
        items: plan.items.is_some(),
        budget: plan.budget.filter(|_| plan.items.is_some()),
        spent,
        interface: Some(String::from("dynaudit")),
        unseen,
        ..Run::of(audit, started, clock())
    })
}

/// The places that have no table at all, as far as they could be listed.
fn empty<'a>(places: &'a [Visited], audit: &'a Audit) -> impl Iterator<Item = &'a Visited> {
    let has_tables = |place: &Visited| {
        let there =
            |t: &TableRef| t.scope.region == place.scope.region && t.scope.account == place.scope.account;
        audit.tables().any(|t| there(&t.table))
    };
    places.iter().filter(move |place| place.failed.is_none() && !has_tables(place))
}

/// Whether there is something to audit, and what of the lists is missing.
fn listed(engine: &Engine, unseen: &mut Vec<Unseen>) -> Result<(), Fail> {
    let failed = engine.places.iter().filter_map(|place| match &place.listing {
        Listing::Failed(gap) => Some((place, gap)),
        _ => None,
    });
    let none = engine.audit().tables().next().is_none();
    for (place, gap) in failed {
        if none && engine.places.len() == 1 {
            return Err(Fail::from_gap("the tables cannot be listed", gap));
        }
        // Of one of several nothing was read; of the others all was.
        let cause = if place.tables.is_empty() { Cause::AccountNotRead } else { Cause::ListCut };
        unseen.push(Unseen::of_run(
            cause,
            format!("the list of tables of {}, after {}: {gap}", place.scope, place.tables.len()),
        ));
    }
    let Some(pattern) = engine.unmatched().next() else { return Ok(()) };
    let known: Vec<&str> = engine
        .places
        .iter()
        .flat_map(|p| {
            p.tables.iter().map(|t| t.name.as_str()).chain(p.left_out.names.iter().map(String::as_str))
        })
        .take(10)
        .collect();
    let places: Vec<String> = engine.places.iter().map(|p| p.scope.to_string()).collect();
    Err(Fail::usage(
        format!("no table matches {pattern} in {}", places.join(", ")),
        match known.as_slice() {
            [] => String::from("there is no table at all: check --region and --profile"),
            known => format!("check --region and --profile; tables there: {}", known.join(", ")),
        },
    ))
}

/// An engine, and those who answer it.
struct Drive<'a> {
    engine: Engine,
    places: Vec<PlaceId>,
    sources: &'a [(&'a str, &'a dyn Source)],
    clock: &'a (dyn Fn() -> Timestamp + Sync),
    stop: &'a Stop,
    watch: &'a mut dyn FnMut(&Progress),
    record: &'a mut (dyn FnMut(&AuditEvent) + Send),
    progress: Progress,
    flying: FuturesUnordered<BoxFuture<'a, (AskId, Answer)>>,
    wakes: BTreeSet<Timestamp>,
    done: Option<Done>,
}

impl Drive<'_> {
    /// Asks, and takes in what is answered, until the phase is over or the run is to end.
    async fn until(&mut self, phase: Phase, over: impl Fn(&Engine) -> bool) {
        // Where it was told to stop is where it is.
        if self.stop.is_set() {
            return;
        }
        self.progress = Progress { phase, ..self.progress.clone() };
        loop {
            let now = (self.clock)();
            let news = self.engine.tick(now);
            self.hear(news.into_iter().collect());
            if phase == Phase::Settings {
                self.engine.ask_facts(std::iter::empty(), &self.places, now);
            }
            self.write_down();
            self.show();
            if over(&self.engine) || self.stop.is_set() {
                return;
            }
            for Ask { id, place, question } in self.engine.take_asks() {
                let (_, source) = self.sources[place.0];
                self.flying.push(Box::pin(async move { (id, perform::answer(source, question).await) }));
            }
            self.wakes.extend(self.engine.take_wakes());
            self.wakes.retain(|at| *at > now);
            let next = self.wakes.first().map(|at| at.duration_since(now).unsigned_abs());
            let rest = async {
                match next {
                    Some(next) => tokio::time::sleep(next).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                biased;
                () = self.stop.wait() => return,
                Some((id, answer)) = self.flying.next() => {
                    let news = self.engine.absorb(id, answer, (self.clock)());
                    self.hear(news);
                }
                () = rest => {}
            }
        }
    }

    fn hear(&mut self, news: Vec<News>) {
        for news in news {
            match news {
                News::Done(done) => self.done = Some(done),
                News::Listed(_, tables) => self.progress.tables += tables.len(),
                // A gap says it in the report.
                News::Failed { .. } | News::Identity(_) => {}
            }
        }
    }

    /// Events go to the record in their order.
    fn write_down(&mut self) {
        for event in self.engine.take_journal() {
            (self.record)(&event);
        }
    }

    fn show(&mut self) {
        match self.progress.phase {
            Phase::Settings => {
                let (read, all, _) = self.engine.progress(&self.places).unwrap_or_default();
                (self.progress.done, self.progress.of) = (read as usize, all as usize);
            }
            Phase::Items => {
                if let Some(reading) = self.engine.reading() {
                    (self.progress.done, self.progress.items) = (reading.ended, reading.items);
                    self.progress.spent = reading.spent();
                }
            }
            Phase::Listing | Phase::Identity | Phase::Files => {}
        }
        (self.watch)(&self.progress);
    }

    /// Where it is, for a sentence about why it went no further.
    fn told(&self) -> String {
        let tables = self.progress.tables;
        match self.progress.phase {
            Phase::Listing => String::from("before the tables were listed"),
            Phase::Settings => {
                let done: usize = self.places.iter().map(|id| self.engine.settled_tables(*id)).sum();
                let shared = self.places.iter().any(|id| !self.engine.is_settled(*id));
                let more =
                    if done == tables && shared { ", and not all of the account and Region" } else { "" };
                format!("when the settings of {done} of {tables} tables were read{more}")
            }
            Phase::Items | Phase::Identity | Phase::Files => {
                format!("when {} of {tables} tables were read as far as planned", self.progress.done)
            }
        }
    }
}

#[cfg(test)]
mod tests;
