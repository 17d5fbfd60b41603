//! `scan --resume`: what of a run that was ended is kept, what is left of its budget, and where it was.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::fail::Fail;
use super::headless::Plan;
use super::saved;
use crate::audit::log::{Frame, Head};
use crate::audit::{AuditEvent, settled};
use crate::domain::{Rcu, Scope};
use crate::scan::LEAST;
use crate::source::Source;

/// A run that is gone on with.
pub(super) struct Resumed {
    /// Its log.
    pub log: PathBuf,
    /// What stands above the events of the log from now on.
    pub head: Head,
    /// What it spent before, on what is kept and on what is not.
    pub spent: Rcu,
}

/// Takes a run up: the plan is that of its log, and `more` units may be spent besides what was, if so many are given.
///
/// # Errors
/// When the log is none of a run that read tables, is damaged, or its budget is used up.
pub(super) fn take_up(
    log: &Path,
    more: Option<u64>,
    plan: &mut Plan,
    key_check: &str,
) -> Result<Resumed, Fail> {
    let (frame, events) = saved::events(log, "--resume", key_check)?;
    let Some(depth) = frame.head.depth else {
        return Err(Fail::usage(
            format!(
                "--resume {}: it is of a run that read no items of tables (settings alone, or files)",
                log.display()
            ),
            "run it again from its beginning, with another --save",
        ));
    };
    if frame.is_damaged {
        return Err(Fail::usage(
            format!(
                "--resume {}: lines of it are damaged, lost or there twice: what it has cannot be relied on",
                log.display()
            ),
            "scan again, with another --save",
        ));
    }
    let spent = spent(&frame, &events);
    let mut head = frame.head;
    plan.share_of = head.share;
    plan.items = Some(depth);
    if plan.tables.is_empty() {
        plan.tables.clone_from(&head.tables);
    }
    plan.restored = settled(events);
    // What was spent on what is dropped now was spent all the same.
    head.dropped = spent.saturating_sub(cost(&plan.restored));
    head.budget = more.map_or(head.budget, |more| Some(more + spent.as_f64().ceil() as u64));
    plan.budget = left_of_budget(log, &head, spent)?;
    Ok(Resumed { log: log.to_owned(), head, spent })
}

/// What the items of these events cost.
fn cost(events: &[AuditEvent]) -> Rcu {
    let of = |event: &AuditEvent| match event {
        AuditEvent::Items { cost, .. } => *cost,
        _ => Rcu::ZERO,
    };
    events.iter().map(of).fold(Rcu::ZERO, |all, one| all + one)
}

/// What a run spent, by all that its log tells.
fn spent(frame: &Frame, events: &[AuditEvent]) -> Rcu {
    let told = frame.finished.as_ref().map_or(Rcu::ZERO, |last| last.spent);
    (cost(events) + frame.head.dropped).max(told)
}

/// What of the budget of a run is left for going on with it; `None` where it had none.
///
/// # Errors
/// When nothing is.
fn left_of_budget(log: &Path, head: &Head, spent: Rcu) -> Result<Option<Rcu>, Fail> {
    let Some(budget) = head.budget.map(Rcu::units) else { return Ok(None) };
    let left = budget.saturating_sub(spent);
    if left < LEAST {
        return Err(Fail::usage(
            format!("--resume {}: its budget of {budget} RCU is used up", log.display()),
            "give --budget N: so much more may be spent",
        ));
    }
    Ok(Some(left))
}

impl Resumed {
    /// A log is gone on with where it was begun: elsewhere, nothing in it would be found again.
    ///
    /// # Errors
    /// When none of its tables is of a place that was opened.
    pub(super) async fn is_of_the_same_place(
        &self,
        restored: &[AuditEvent],
        sources: &[Arc<dyn Source>],
    ) -> Result<(), Fail> {
        let log = &self.log;
        let mut opened = Vec::new();
        for source in sources {
            // It tells the account; without it, the rest has to do.
            let _ = source.identity().await;
            opened.push(source.scope());
        }
        let is_same = |a: &Scope, b: &Scope| {
            let account = a.account == b.account || a.account.is_empty() || b.account.is_empty();
            account && a.region == b.region && a.partition == b.partition && a.endpoint == b.endpoint
        };
        let Some(of_log) = restored.first().map(AuditEvent::scope) else { return Ok(()) };
        if restored.iter().any(|event| opened.iter().any(|scope| is_same(scope, event.scope()))) {
            return Ok(());
        }
        let at = |scope: &Scope| match &scope.endpoint {
            Some(endpoint) => format!("{scope} at {endpoint}"),
            None => scope.to_string(),
        };
        let opened: Vec<String> = opened.iter().map(|scope| at(scope)).collect();
        Err(Fail::usage(
            format!(
                "--resume {}: it is of {}, and what was opened is {}",
                log.display(),
                at(of_log),
                opened.join(", ")
            ),
            "give the --profile, --region or --endpoint-url that it was written with",
        ))
    }
}
