//! `dynaudit merge`: the logs of several runs, as one audit.

use std::collections::BTreeSet;
use std::process::ExitCode;
use std::sync::Arc;

use super::args::MergeArgs;
use super::fail::Fail;
use super::output::complain;
use super::save::Save;
use super::{saved, scan};
use crate::audit::log::{Frame, Head};
use crate::audit::{self, Audit, AuditEvent, merge};
use crate::detect::Detector;
use crate::domain::{Confidence, Gap, Rcu, Scope};
use crate::report::{Cause, Run, Unseen, Visited, text, unseen};

/// Runs it.
pub fn run(args: &MergeArgs, detector: Arc<Detector>) -> Result<ExitCode, Fail> {
    scan::print(&args.report, detector, |detector| merged(args, &detector))
}

/// A log that was read.
struct Log {
    name: String,
    frame: Frame,
    events: Vec<AuditEvent>,
}

/// The same log twice would count twice, and shares of other files would have some of them twice.
fn are_of_one_run(logs: &[Log]) -> Result<(), Fail> {
    for (n, log) in logs.iter().enumerate() {
        let head = |log: &Log| (log.frame.head.started, log.frame.head.share);
        if let Some(same) = logs[..n].iter().find(|before| head(before) == head(log)) {
            return Err(Fail::usage(
                format!("{} and {} are logs of the same run", same.name, log.name),
                "name it once",
            ));
        }
    }
    let mut shares = logs.iter().filter(|log| log.frame.head.share.is_some());
    let Some(first) = shares.next() else { return Ok(()) };
    match shares.find(|log| log.frame.head.files != first.frame.head.files) {
        None => Ok(()),
        Some(other) => Err(Fail::usage(
            format!("{} and {} are shares of different files", first.name, other.name),
            "merge the logs of one export, read with the same --export and --table",
        )),
    }
}

impl Log {
    /// Whether all that was planned was done.
    fn is_complete(&self) -> bool {
        self.frame.finished.as_ref().is_some_and(|last| last.unfinished.is_empty())
            && self.frame.bad.is_empty()
    }
}

/// A run that was ended, and begun again as another: where one of the same share came to its end, the others say nothing more.
fn superseded(logs: &mut Vec<Log>) {
    let of = |log: &Log| {
        let head = &log.frame.head;
        head.share.map(|share| (share, head.tables.clone(), head.files.clone()))
    };
    let complete: Vec<_> = logs.iter().filter(|log| log.is_complete()).filter_map(of).collect();
    logs.retain(|log| {
        let is_left_out = !log.is_complete() && of(log).is_some_and(|share| complete.contains(&share));
        if is_left_out {
            complain(&format!("dynaudit: {} is left out: another log has all of its share", log.name));
        }
        !is_left_out
    });
}

fn merged(args: &MergeArgs, detector: &Arc<Detector>) -> Result<(Run, Result<(), Fail>), Fail> {
    let (mut logs, mut unseen) = (Vec::new(), Vec::new());
    let (mut started, mut finished) = (None, None);
    let mut spent = Rcu::ZERO;
    for path in &args.logs {
        let (frame, events) = saved::events(path, "merge", &detector.key_check())?;
        logs.push(Log { name: path.display().to_string(), frame, events });
    }
    are_of_one_run(&logs)?;
    superseded(&mut logs);
    for Log { name, frame, .. } in &logs {
        started = started.into_iter().chain([frame.head.started]).min();
        let mut said =
            |what: String| unseen.push(Unseen::of_run(Cause::Interrupted, format!("{name}: {what}")));
        match &frame.finished {
            None => said(String::from("the log ends before its run did")),
            Some(last) => {
                spent += last.spent;
                finished = finished.into_iter().chain([last.at]).max();
                last.unfinished.iter().for_each(|what| said(what.to_string()));
            }
        }
        if !frame.bad.is_empty() {
            said(format!("{} of its lines could not be read", frame.bad.len()));
        }
    }
    let runs = logs.into_iter().map(|log| audit::Run { share: log.frame.head.share, events: log.events });
    let all = merge(runs.collect())
        .map_err(|why| Fail::usage(why, "name each log once, and those of one run of shards"))?;
    let started = started.unwrap_or_else(jiff::Timestamp::now);
    let finished = finished.unwrap_or(started);
    let mut save = args
        .report
        .save
        .as_deref()
        .map(|path| Save::begin(path, detector, Head::new(detector.key_check(), started)))
        .transpose()?;
    let mut audit = Audit::default();
    let has_settings = all.iter().any(|event| matches!(event, AuditEvent::Fact(..) | AuditEvent::Shared(..)));
    for event in all {
        save.iter_mut().for_each(|save| save.record(&event));
        audit.absorb(event);
    }
    audit.accept(detector.accepted());
    if args.report.min_confidence < Confidence::Medium {
        audit.tell_low();
    }
    unseen.extend(unseen::of_tables(&audit, finished));
    if !has_settings {
        let said =
            String::from("none is in the logs; `dynaudit scan --no-items` reads them from the account");
        unseen.push(Unseen::of_run(Cause::SettingsNotRead, said));
    }
    let scopes: BTreeSet<&Scope> = audit.tables().map(|table| &*table.table.scope).collect();
    let visited = |scope: &Scope| Visited {
        name: None,
        scope: scope.clone(),
        identity: Err(Gap::NotAsked),
        failed: None,
    };
    let places = scopes.into_iter().map(visited).collect();
    let log = args.report.save.as_deref().map(|log| text::quoted(&log.to_string_lossy()));
    let fix_command = format!("dynaudit fix --from {}", log.as_deref().unwrap_or("LOG"));
    let run = Run { places, spent, fix_command, unseen, ..Run::of(audit, started, finished) };
    let saved = save.map_or(Ok(()), |save| save.end(&run));
    Ok((run, saved))
}
