//! An audit without a terminal: drives [`Scan`] against a [`Source`] and folds what comes back.

use std::collections::BTreeMap;
use std::sync::Arc;
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
use crate::report::Run;
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

/// How far an audit is.
#[derive(Debug, Clone, PartialEq)]
pub struct Progress {
    /// Reading items; before that, asking about settings.
    pub reading: bool,
    /// Tables to audit.
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

/// Runs an audit until it is done or `stop` is cancelled; what was found by then is in the [`Run`].
///
/// # Errors
/// When there is nothing to audit: the tables cannot be listed, or none matches.
pub async fn audit(
    source: &dyn Source,
    plan: &Plan,
    clock: &(dyn Fn() -> Timestamp + Sync),
    stop: &CancellationToken,
    watch: &mut dyn FnMut(&Progress),
) -> Result<Run, Fail> {
    let started = clock();
    let mut unfinished = Vec::new();
    let (identity, tables) = tokio::select! {
        first = async { (source.identity().await, list(source, plan, &mut unfinished).await) } => first,
        () = stop.cancelled() => {
            return Err(Fail::unfinished("it was interrupted before the tables were listed", "run it again"));
        }
    };
    let tables = tables?;
    let mut audit = Audit::default();
    tables.iter().for_each(|t| audit.absorb(AuditEvent::Table(t.clone())));
    let mut progress = Progress {
        reading: false,
        tables: tables.len(),
        done: 0,
        items: 0,
        spent: Rcu::ZERO,
        budget: plan.budget,
    };
    watch(&progress);
    let kinds: Vec<FactKind> = FactKind::ALL
        .iter()
        .copied()
        .filter(|k| !k.is_on_request() || plan.billed && k.is_billed())
        .collect();
    facts(source, &tables, &kinds, clock, stop, &mut audit, &mut |done| {
        progress.done = done;
        watch(&progress);
    })
    .await;
    let mut spent = Rcu::ZERO;
    if let Some(depth) = plan.items {
        progress.reading = true;
        progress.done = 0;
        spent = items(source, plan, depth, tables, stop, &mut audit, &mut progress, watch).await;
    }
    if stop.is_cancelled() {
        unfinished.push(String::from("it was interrupted"));
    }
    failures(&audit, &mut unfinished);
    Ok(Run {
        scope: (*source.scope()).clone(),
        identity,
        audit,
        items: plan.items.is_some(),
        budget: plan.budget.filter(|_| plan.items.is_some()),
        spent,
        interface: String::from("dynaudit"),
        started,
        finished: clock(),
        unfinished,
    })
}

/// The tables to audit. Where every table was named, they need not be listed.
async fn list(source: &dyn Source, plan: &Plan, unfinished: &mut Vec<String>) -> Result<Vec<TableRef>, Fail> {
    let mut all: Vec<TableRef> = Vec::new();
    let mut after = None;
    loop {
        match source.tables(after.clone()).await {
            Ok(page) => {
                all.extend(page.tables);
                // A name that does not advance would list for ever.
                if page.next.is_none() || page.next == after {
                    break;
                }
                after = page.next;
            }
            Err(Gap::Denied(..))
                if !plan.tables.is_empty() && plan.tables.iter().all(|t| glob::is_name(t)) =>
            {
                let scope = source.scope();
                return Ok(plan.tables.iter().map(|name| TableRef::new(&scope, name.as_str())).collect());
            }
            Err(gap) if all.is_empty() => return Err(Fail::from_gap("the tables cannot be listed", &gap)),
            Err(gap) => {
                unfinished.push(format!("the list of tables, after {}: {gap}", all.len()));
                break;
            }
        }
    }
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

/// Asks these kinds of facts of every table.
async fn facts(
    source: &dyn Source,
    tables: &[TableRef],
    kinds: &[FactKind],
    clock: &(dyn Fn() -> Timestamp + Sync),
    stop: &CancellationToken,
    audit: &mut Audit,
    done: &mut (dyn FnMut(usize) + '_),
) {
    let mut asked = futures_util::stream::iter(tables)
        .map(|table| facts_of(source, table, kinds, clock))
        .buffer_unordered(AT_ONCE);
    let mut count = 0;
    loop {
        tokio::select! {
            biased;
            () = stop.cancelled() => break,
            events = asked.next() => {
                let Some(events) = events else { break };
                events.into_iter().for_each(|e| audit.absorb(e));
                count += 1;
                done(count);
            }
        }
    }
}

async fn facts_of(
    source: &dyn Source,
    table: &TableRef,
    kinds: &[FactKind],
    clock: &(dyn Fn() -> Timestamp + Sync),
) -> Vec<AuditEvent> {
    let mut known = TableFacts::default();
    let mut events = Vec::with_capacity(kinds.len());
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
                events.push(AuditEvent::Fact(table.clone(), value, at));
            }
            Err(gap) => {
                known.miss(kind, gap.clone());
                events.push(AuditEvent::Miss(table.clone(), kind, gap));
            }
        }
    }
    events
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
    stop: &CancellationToken,
    audit: &mut Audit,
    progress: &mut Progress,
    watch: &mut dyn FnMut(&Progress),
) -> Rcu {
    let known: BTreeMap<TableRef, (Arc<TableFacts>, Option<Pace>)> = tables
        .iter()
        .map(|table| {
            let facts = audit.table(table).map(|t| t.facts.clone()).unwrap_or_default();
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
                    () = stop.cancelled() => break,
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
                            result: Ok((page.scanned, page.next.clone())),
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
        uninspected: page.uninspected(),
        cost: page.cost.unwrap_or(Rcu::ZERO),
        sightings: page.items.iter().flat_map(|i| i.sightings()).cloned().collect(),
    }
}

/// Planned reads that did not finish: facts and pages that failed, items that could not be looked into, and
/// items that may not be read. A fact that may not be read is a gap in coverage only.
fn failures(audit: &Audit, out: &mut Vec<String>) {
    for table in audit.tables() {
        let name = &table.table.name;
        for kind in FactKind::ALL {
            // What failed for want of another fact is told once, with that fact.
            let told = kind.needs().is_some_and(|need| table.facts.gap(need).is_some());
            if let (false, Some(Gap::Failed(failure))) = (told, table.facts.gap(*kind)) {
                out.push(format!("{} of {name}: {failure}; {}", kind.word(), failure.next));
            }
        }
        out.extend(table.uninspected.sentences().map(|what| format!("items of {name}: {what}")));
        match &table.outcome {
            Some(Outcome::Stopped(Gap::Failed(failure))) => {
                out.push(format!("items of {name}: {failure}; {}", failure.next));
            }
            Some(Outcome::Stopped(Gap::Denied(permission, _))) => {
                out.push(format!(
                    "items of {name}: needs {}; grant it, or leave items out with --no-items",
                    permission.action
                ));
            }
            Some(Outcome::OutOfBudget) if table.items == 0 => {
                out.push(format!(
                    "items of {name}: none was read within the budget; raise it with --budget, or narrow with --table"
                ));
            }
            Some(Outcome::Stopped(Gap::Unsupported)) => {
                out.push(format!("items of {name}: not offered by this endpoint"));
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests;
