//! An audit without a terminal: drives [`Scan`] against a [`Source`] and folds what comes back.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;
use jiff::Timestamp;
use tokio_util::sync::CancellationToken;

use super::fail::Fail;
use crate::audit::{Audit, AuditEvent};
use crate::domain::glob;
use crate::domain::{FactKind, Gap, PageRequest, Rcu, TableFacts, TableRef};
use crate::report::{Cause, Run, Unseen, Visited, unseen};
use crate::scan::{Budget, Depth, Outcome, Pace, Receipt, Scan, Step};
use crate::source::{Page, Source};

/// So many tables are asked about, or read, at the same time.
const AT_ONCE: usize = 8;

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
    /// Whether facts are asked for whose question AWS bills.
    pub billed: bool,
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

    /// Whether it is to end.
    pub fn is_set(&self) -> bool {
        self.token.is_cancelled()
    }

    /// Waits until it is to end.
    pub async fn wait(&self) {
        self.token.cancelled().await;
    }

    /// What was not seen because of it: of so many tables, with so many done.
    fn unseen(&self, when: &str) -> Option<Unseen> {
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
}

/// How far an audit is.
#[derive(Debug, Clone, PartialEq)]
pub struct Progress {
    /// What it is at.
    pub phase: Phase,
    /// Tables to audit, or listed so far.
    pub tables: usize,
    /// Tables done in this phase.
    pub done: usize,
    /// Items read.
    pub items: u64,
    /// Units spent.
    pub spent: Rcu,
    /// Of so many, if there is a limit.
    pub budget: Option<Rcu>,
}

impl Progress {
    /// Where it is, for a sentence about why it went no further.
    fn told(&self) -> String {
        match self.phase {
            Phase::Listing => String::from("before the tables were listed"),
            Phase::Settings => {
                format!("when the settings of {} of {} tables were read", self.done, self.tables)
            }
            Phase::Items => {
                format!("when {} of {} tables were read as far as planned", self.done, self.tables)
            }
        }
    }
}

/// An audit, and who is told of each event before it is folded into it.
struct Recorded<'a> {
    audit: Audit,
    record: &'a mut (dyn FnMut(&AuditEvent) + Send),
}

impl Recorded<'_> {
    fn absorb(&mut self, event: AuditEvent) {
        (self.record)(&event);
        self.audit.absorb(event);
    }
}

/// Runs an audit until it is done or told to stop; what was found by then is in the [`Run`]. `record` is given every
/// event, in the order in which they are folded.
///
/// # Errors
/// When there is nothing to audit: the tables cannot be listed, or none matches.
pub async fn audit(
    source: &dyn Source,
    plan: &Plan,
    clock: &(dyn Fn() -> Timestamp + Sync),
    stop: &Stop,
    watch: &mut dyn FnMut(&Progress),
    record: &mut (dyn FnMut(&AuditEvent) + Send),
) -> Result<Run, Fail> {
    let started = clock();
    let mut unseen = Vec::new();
    let mut progress = Progress {
        phase: Phase::Listing,
        tables: 0,
        done: 0,
        items: 0,
        spent: Rcu::ZERO,
        budget: plan.budget,
    };
    watch(&progress);
    let mut identity = Err(Gap::NotAsked);
    let mut listed = Vec::new();
    // At once: a service of identities that does not answer must not hold up the list.
    let mut so_far = |tables| {
        progress.tables = tables;
        watch(&progress);
    };
    let first = async {
        let who = async { identity = source.identity().await };
        tokio::join!(who, list(source, plan, &mut listed, &mut unseen, &mut so_far))
    };
    tokio::select! {
        ((), ended) = first => ended?,
        () = stop.wait() => {}
    }
    let tables = if stop.is_set() { Vec::new() } else { chosen(source, plan, listed)? };
    let mut audit = Recorded { audit: Audit::default(), record };
    tables.iter().for_each(|t| audit.absorb(AuditEvent::Table(t.clone())));
    let kinds: Vec<FactKind> = FactKind::ALL
        .iter()
        .copied()
        .filter(|k| !k.is_on_request() || plan.billed && k.is_billed())
        .collect();
    let mut spent = Rcu::ZERO;
    if !stop.is_set() {
        progress = Progress { phase: Phase::Settings, tables: tables.len(), ..progress };
        watch(&progress);
        facts(source, &tables, &kinds, clock, stop, &mut audit, &mut |done| {
            progress.done = done;
            watch(&progress);
        })
        .await;
    }
    if let Some(depth) = plan.items.filter(|_| !stop.is_set()) {
        progress = Progress { phase: Phase::Items, done: 0, ..progress };
        spent = items(source, plan, depth, tables, stop, &mut audit, &mut progress, watch).await;
    }
    let audit = audit.audit;
    unseen.extend(stop.unseen(&progress.told()));
    unseen.extend(unseen::of_tables(&audit, clock()));
    if audit.tables().next().is_none() && !stop.is_set() && plan.tables.is_empty() {
        let scope = source.scope();
        let account = if scope.account.is_empty() { "an unknown account" } else { &scope.account };
        unseen.push(Unseen::of_run(
            Cause::NoTables,
            format!("no tables in {} of account {account}", scope.region),
        ));
    }
    Ok(Run {
        places: vec![Visited { name: None, scope: (*source.scope()).clone(), identity, failed: None }],
        audit,
        items: plan.items.is_some(),
        budget: plan.budget.filter(|_| plan.items.is_some()),
        spent,
        interface: String::from("dynaudit"),
        started,
        finished: clock(),
        unseen,
    })
}

/// Lists all tables. Where every table was named, and they may not be listed, those are the tables.
async fn list(
    source: &dyn Source,
    plan: &Plan,
    all: &mut Vec<TableRef>,
    unseen: &mut Vec<Unseen>,
    listed: &mut (dyn FnMut(usize) + '_),
) -> Result<(), Fail> {
    let mut after = None;
    loop {
        match source.tables(after.clone()).await {
            Ok(page) => {
                all.extend(page.tables);
                listed(all.len());
                // A name that does not advance would list for ever.
                if page.next.is_none() || page.next == after {
                    return Ok(());
                }
                after = page.next;
            }
            Err(Gap::Denied(..))
                if !plan.tables.is_empty() && plan.tables.iter().all(|t| glob::is_name(t)) =>
            {
                let scope = source.scope();
                *all = plan.tables.iter().map(|name| TableRef::new(&scope, name.as_str())).collect();
                return Ok(());
            }
            Err(gap) if all.is_empty() => return Err(Fail::from_gap("the tables cannot be listed", &gap)),
            Err(gap) => {
                unseen.push(Unseen::of_run(
                    Cause::ListCut,
                    format!("the list of tables, after {}: {gap}", all.len()),
                ));
                return Ok(());
            }
        }
    }
}

/// Those of the tables that are to be audited.
fn chosen(source: &dyn Source, plan: &Plan, mut all: Vec<TableRef>) -> Result<Vec<TableRef>, Fail> {
    for pattern in &plan.tables {
        if !all.iter().any(|t| glob::matches(pattern, &t.name)) {
            let known: Vec<&str> = all.iter().take(10).map(|t| t.name.as_str()).collect();
            return Err(Fail::usage(
                format!("no table matches {pattern} in {}", source.scope()),
                match known.as_slice() {
                    [] => String::from("there is no table at all: check --region and --profile"),
                    known => format!("check --region and --profile; tables there: {}", known.join(", ")),
                },
            ));
        }
    }
    all.retain(|t| plan.tables.is_empty() || plan.tables.iter().any(|p| glob::matches(p, &t.name)));
    all.sort();
    all.dedup();
    Ok(all)
}

/// Asks these kinds of facts of every table. What is answered counts at once, so that nothing of it is lost when the run
/// ends early.
async fn facts(
    source: &dyn Source,
    tables: &[TableRef],
    kinds: &[FactKind],
    clock: &(dyn Fn() -> Timestamp + Sync),
    stop: &Stop,
    audit: &mut Recorded<'_>,
    done: &mut (dyn FnMut(usize) + '_),
) {
    let Some(first) = tables.first() else { return };
    let audit = Mutex::new(audit);
    let absorb = |event| audit.lock().unwrap_or_else(PoisonError::into_inner).absorb(event);
    let each = async {
        let mut asked = futures_util::stream::iter(tables)
            .map(|table| facts_of(source, table, kinds, clock, &absorb))
            .buffer_unordered(AT_ONCE);
        let mut count = 0;
        while asked.next().await.is_some() {
            count += 1;
            done(count);
        }
    };
    tokio::select! {
        biased;
        () = stop.wait() => {}
        ((), ()) = async { tokio::join!(each, shared(source, first, kinds)) } => {}
    }
}

/// Asks all that one answer settles for every table at the same time: the source keeps it, and the tables find it there.
/// Each table asks one thing after the other, and would wait for one silent service after the other.
async fn shared(source: &dyn Source, table: &TableRef, kinds: &[FactKind]) {
    let ask = |kind: FactKind| async move {
        let mut known = TableFacts::default();
        match source.fact(table, kind, &known).await {
            Ok(value) => known.learn(value, Timestamp::UNIX_EPOCH),
            Err(_) => return,
        }
        let then = kinds.iter().filter(|then| then.level().is_shared() && then.needs() == Some(kind));
        let known = &known;
        futures_util::future::join_all(then.map(|then| source.fact(table, *then, known))).await;
    };
    let first = kinds.iter().filter(|kind| kind.level().is_shared() && kind.needs().is_none());
    futures_util::future::join_all(first.map(|kind| ask(*kind))).await;
}

async fn facts_of(
    source: &dyn Source,
    table: &TableRef,
    kinds: &[FactKind],
    clock: &(dyn Fn() -> Timestamp + Sync),
    absorb: &(dyn Fn(AuditEvent) + Sync),
) {
    let mut known = TableFacts::default();
    for kind in kinds.iter().copied() {
        // What is missing for want of another fact is missing for that fact's reason.
        let answer = match kind.needs().and_then(|need| known.gap(need)) {
            Some(gap) => Err(gap.clone()),
            None => source.fact(table, kind, &known).await,
        };
        match answer {
            Ok(value) => {
                let at = clock();
                known.learn(value.clone(), at);
                absorb(AuditEvent::Fact(table.clone(), value, at));
            }
            Err(gap) => {
                known.miss(kind, gap.clone());
                absorb(AuditEvent::Miss(table.clone(), kind, gap));
            }
        }
    }
}

/// What arrives while items are read.
enum Arrival {
    /// A page, or why there is none.
    Page(TableRef, Result<Page, Gap>),
    /// A table rested long enough for its next page.
    Rested(Receipt),
}

/// Reads items fairly within the budget, and says what was spent.
#[expect(clippy::too_many_arguments, reason = "one phase of one function, split for reading")]
async fn items(
    source: &dyn Source,
    plan: &Plan,
    depth: Depth,
    tables: Vec<TableRef>,
    stop: &Stop,
    audit: &mut Recorded<'_>,
    progress: &mut Progress,
    watch: &mut dyn FnMut(&Progress),
) -> Rcu {
    let known: BTreeMap<TableRef, (Arc<TableFacts>, Option<Pace>)> = tables
        .iter()
        .map(|table| {
            let facts = audit.audit.table(table).map(|t| t.facts.clone()).unwrap_or_default();
            let pace = facts.description.known().map(|d| Pace::of(d, plan.share));
            (table.clone(), (Arc::new(facts), pace))
        })
        .collect();
    let budget = plan.budget.map_or_else(Budget::unlimited, Budget::limited);
    let mut scan = Scan::new(tables, depth, budget, AT_ONCE);
    let mut flying: FuturesUnordered<BoxFuture<'_, Arrival>> = FuturesUnordered::new();
    loop {
        let step = scan.next();
        for (table, outcome) in scan.take_ended() {
            progress.done += 1;
            audit.absorb(AuditEvent::Ended(table, outcome));
        }
        progress.spent = scan.budget().spent();
        watch(progress);
        match step {
            Step::Done => return scan.budget().spent(),
            Step::Read(mut request) => {
                let (facts, pace) = &known[&request.table];
                request.limit = pace.map_or(request.limit, |p| p.limit(request.limit));
                flying.push(Box::pin(read(source, request, Arc::clone(facts))));
            }
            Step::Wait => {
                let arrival = tokio::select! {
                    biased;
                    () = stop.wait() => break,
                    arrival = flying.next() => arrival.expect("a scan waits only for what is under way"),
                };
                match arrival {
                    Arrival::Rested(receipt) => scan.absorb(receipt),
                    Arrival::Page(table, Err(gap)) => {
                        scan.absorb(Receipt { table, result: Err(gap), cost: None })
                    }
                    Arrival::Page(table, Ok(page)) => {
                        progress.items += page.scanned;
                        let pause = match (&page.next, known[&table].1, page.cost) {
                            (Some(_), Some(pace), cost) => pace.pause(cost.unwrap_or(Rcu::PAGE)),
                            _ => Duration::ZERO,
                        };
                        let receipt = Receipt {
                            table: table.clone(),
                            result: Ok((page.items.len() as u64, page.next.clone())),
                            cost: page.cost,
                        };
                        audit.absorb(seen(table, &page));
                        if pause.is_zero() {
                            scan.absorb(receipt);
                        } else {
                            flying.push(Box::pin(async move {
                                tokio::time::sleep(pause).await;
                                Arrival::Rested(receipt)
                            }));
                        }
                    }
                }
            }
        }
    }
    // Interrupted: tables that were not read to where they should have been say so.
    let open: Vec<TableRef> = scan.open().cloned().collect();
    open.into_iter().for_each(|t| audit.absorb(AuditEvent::Ended(t, Outcome::Stopped(Gap::NotAsked))));
    scan.cancel().spent()
}

async fn read(source: &dyn Source, request: PageRequest, facts: Arc<TableFacts>) -> Arrival {
    let table = request.table.clone();
    let page = source.page(request, &facts).await;
    Arrival::Page(table, page)
}

fn seen(table: TableRef, page: &Page) -> AuditEvent {
    AuditEvent::Items {
        table,
        items: page.scanned,
        traits: page.traits.clone(),
        uninspected: page.uninspected_of_all(),
        cost: page.cost.unwrap_or(Rcu::ZERO),
        sightings: page.items.iter().flat_map(|i| i.sightings()).cloned().collect(),
    }
}

#[cfg(test)]
mod tests;
