//! `dynaudit scan`: an audit, printed.

use std::process::ExitCode;
use std::sync::Arc;

use super::args::{Accounts, Only, Output, ReportArgs, ScanArgs};
use super::connect::{Connection, NotOpened, Which, connect, to_log};
use super::fail::{Fail, UNFINISHED};
use super::headless::{Plan, Stop, audit};
use super::output::{self, Private};
use super::progress::ProgressLine;
use super::resume::{self, Resumed};
use super::save::Save;
use super::{export, fleet, saved, shard, signals};
use crate::audit::log::Head;
use crate::audit::{AuditEvent, Baseline, compare, lost};
use crate::detect::Detector;
use crate::domain::{Confidence, FactKind, Finding, Gap, Rcu, Safe};
use crate::report::{self, Cause, Run, Unseen, Visited};
use crate::scan::{AUDIT_BUDGET, Depth, LEAST};
use crate::source::{Ledger, Source};

/// Runs it.
pub fn run(args: &ScanArgs, detector: Arc<Detector>) -> Result<ExitCode, Fail> {
    print(&args.report, detector, |detector| {
        let (mut run, written) = audited(args, detector)?;
        (run.interface, run.fix_command) = (interface(args), fix_command(args));
        run.resume_command = resume_command(args);
        Ok((run, written))
    })
}

/// Prints, keeps and compares what comes of an audit, in every form that was asked for.
///
/// # Errors
/// Those of the audit; a report that has no place, or not any more.
pub(super) fn print(
    args: &ReportArgs,
    detector: Arc<Detector>,
    audited: impl FnOnce(Arc<Detector>) -> Result<(Run, Result<(), Fail>), Fail>,
) -> Result<ExitCode, Fail> {
    // A scan costs money: its report must have a place before it begins. `-` is stdout, as everywhere.
    let mut files = Vec::new();
    for output in &args.output {
        let place = if output.is_stdout() { None } else { Some(Private::prepare(&output.file)?) };
        files.push((output.format(args.format), place));
    }
    // Where nothing is said of it, the report is printed; besides others that go to files as well.
    let is_said = args.output.iter().any(|output| output.format.is_none() || output.is_stdout());
    if !is_said {
        files.push((args.format, None));
    }
    one_each(args)?;
    let baseline = args
        .baseline
        .as_deref()
        .map(|path| saved::read(path, "--baseline", Some(&detector.key_check())))
        .transpose()?
        .map(|saved| Baseline::new(saved.audit, saved.at, saved.is_whole).accepting(detector.accepted()));
    let (mut run, written) = audited(detector)?;
    if let Some(earlier) = baseline {
        let compared = compare(&earlier, &run.audit, &run.audit.findings(run.finished));
        run.lost = lost(&compared, &earlier, &run.audit, run.finished);
        run.compared = Some(compared);
    }
    run.group_by = args.group_by;
    run.only_news = args.only == Some(Only::New);
    run.fixes = args.with_fixes;
    run.shown_from = args.min_severity;
    let mut failed = None;
    for (format, file) in files {
        let text = (format.scan)(&run);
        match file.map(|file| file.write(&text)) {
            None => output::print(&text)?,
            Some(Ok(())) => {}
            // What cannot be kept is printed rather than lost.
            Some(Err(fail)) => {
                output::print(&text)?;
                failed = failed.or(Some(fail));
            }
        }
    }
    if let Some(fail) = failed {
        return Err(fail);
    }
    written?;
    Ok(exit(args, &run))
}

/// Two reports in one place would leave one of them.
fn one_each(args: &ReportArgs) -> Result<(), Fail> {
    let whole = |output: &Output| std::path::absolute(&output.file).unwrap_or_else(|_| output.file.clone());
    let all: Vec<_> = args.output.iter().map(whole).collect();
    match all.iter().enumerate().find(|(n, path)| all[..*n].contains(path)) {
        None => Ok(()),
        Some((n, _)) => {
            let twice = args.output[n].file.display();
            Err(Fail::usage(
                format!("two reports would go to {twice}"),
                "give each --output a file of its own",
            ))
        }
    }
}

/// The audit itself, and how saving it went.
///
/// # Errors
/// When there is nothing to audit.
pub(super) fn audited(args: &ScanArgs, detector: Arc<Detector>) -> Result<(Run, Result<(), Fail>), Fail> {
    if args.export.is_some() {
        return export::audited(args, detector);
    }
    let mut plan = plan(args)?;
    let resumed = match &args.resume {
        Some(log) => Some(resume::take_up(log, args.budget, &mut plan, &detector.key_check())?),
        None => None,
    };
    let kept = Arc::clone(&detector);
    let runtime = tokio::runtime::Runtime::new()
        .map_err(|e| Fail::usage(format!("no threads to be had: {}", e.kind()), "close other programs"))?;
    let run = runtime.block_on(async {
        let stop = Arc::new(Stop::default());
        stop.after(args.max_time);
        let line = ProgressLine::new();
        let ledger: Ledger = Arc::new(|call| to_log(&call));
        let connection = match (&args.accounts, &args.assume_role) {
            (Some(file), Some(role)) => fleet::connect(&args.places, file, role, detector, ledger).await?,
            _ if args.demo => connect(Which::Embedded(&args.fault), detector, ledger).await?,
            _ => connect(Which::Live(&args.places.each()), detector, ledger).await?,
        };
        // Until here there is nothing to lose, and whoever is asked for a code can leave by Ctrl-C.
        signals::listen(&stop);
        let Connection { sources, names, clock, .. } = &connection;
        if let Some(resumed) = &resumed {
            resumed.is_of_the_same_place(&plan.restored, sources).await?;
        }
        let mut save = match (&resumed, &args.report.save) {
            (Some(Resumed { log, head, .. }), _) => Some(Save::resume(log, &kept, head, &plan.restored)?),
            (None, Some(path)) => {
                let head = Head {
                    depth: plan.items,
                    share: plan.share_of,
                    tables: plan.tables.clone(),
                    budget: plan.budget.map(|budget| budget.as_f64() as u64),
                    ..Head::new(kept.key_check(), clock())
                };
                Some(Save::begin(path, &kept, head)?)
            }
            (None, None) => None,
        };
        let mut record = |event: &AuditEvent| save.iter_mut().for_each(|save| save.record(event));
        let all: Vec<(&str, &dyn Source)> =
            names.iter().map(String::as_str).zip(sources.iter().map(|s| &**s)).collect();
        let run = audit(&all, &plan, &|| clock(), &stop, &mut |p| line.show(p), &mut record).await?;
        let mut run = run;
        run.audit.accept(kept.accepted());
        if args.report.min_confidence < Confidence::Medium {
            run.audit.tell_low();
        }
        connection.failed.into_iter().for_each(|failed| not_opened(&mut run, failed));
        // Of a run that was gone on with, all of it counts.
        let before = resumed.as_ref().map_or(Rcu::ZERO, |resumed| resumed.spent);
        run.spent += before;
        run.budget = run.budget.map(|left| left + before);
        let saved = save.map_or(Ok(()), |save| save.end(&run));
        Ok::<_, Fail>((run, saved))
    });
    // A request that hangs must not hold up the report.
    runtime.shutdown_background();
    run
}

/// An account that could not be opened is part of the report.
fn not_opened(run: &mut Run, NotOpened { name, scope, why }: NotOpened) {
    let called = if name.is_empty() { scope.region.clone() } else { format!("{name}, {}", scope.region) };
    run.unseen.push(Unseen::of_run(
        Cause::AccountNotRead,
        format!("{called}: {}; next: {}", why.message, why.next),
    ));
    let gap = Gap::Failed(why);
    let (identity, failed) = (Err(gap.clone()), Some(gap));
    let name = Some(name).filter(|name| !name.is_empty());
    run.places.push(Visited { name, scope, identity, failed });
}

/// The command that prints the fix of a finding, before its id.
fn fix_command(args: &ScanArgs) -> String {
    // What was found in files is not found again in the account; and what was saved need not be.
    if let Some(log) = args.report.save.as_ref().or(args.resume.as_ref()) {
        return format!("dynaudit fix --from {}", report::text::quoted(&log.to_string_lossy()));
    }
    if args.export.is_some() {
        return String::from("dynaudit fix --from LOG");
    }
    format!("dynaudit fix{}", place(args))
}

/// The command that goes on with this run, where it is saved.
fn resume_command(args: &ScanArgs) -> Option<String> {
    let log = args
        .report
        .save
        .as_ref()
        .or(args.resume.as_ref())
        .filter(|_| args.export.is_none() && !args.no_items)?;
    Some(format!("dynaudit scan --resume {}{}", report::text::quoted(&log.to_string_lossy()), place(args)))
}

/// The options that open the same place.
fn place(args: &ScanArgs) -> String {
    let command = interface(args).unwrap_or_default();
    let options = command.strip_prefix("dynaudit").unwrap_or_default();
    if args.demo {
        return String::from(" --demo");
    }
    let quoted = |path: &std::path::Path| report::text::quoted(&path.to_string_lossy());
    match (&args.accounts, &args.assume_role) {
        (Some(file), Some(role)) => {
            let options = options.replace(" --profile PROFILE", "");
            format!("{options} --accounts {} --assume-role {}", quoted(file), report::text::quoted(role))
        }
        _ => options.to_owned(),
    }
}

/// The command that opens the terminal interface on the same account; `None` where items are read from files.
fn interface(args: &ScanArgs) -> Option<String> {
    if args.export.is_some() {
        return None;
    }
    if args.demo {
        return Some(String::from("dynaudit demo"));
    }
    let Accounts { profile, region, endpoint_url, allow_http } = &args.places;
    let mut command = String::from("dynaudit");
    let several = |values: &[String]| (!values.is_empty()).then(|| values.join(","));
    let profile = match args.accounts {
        // The interface assumes no role by itself: a profile that does is needed.
        Some(_) => Some(String::from("PROFILE")),
        None => several(profile),
    };
    for (flag, value) in
        [("--profile", &profile), ("--region", &several(region)), ("--endpoint-url", endpoint_url)]
    {
        if let Some(value) = value {
            command.push_str(&format!(" {flag} {}", report::text::quoted(value)));
        }
    }
    if *allow_http {
        command.push_str(" --allow-http");
    }
    Some(command)
}

/// What is read.
///
/// # Errors
/// When a share of what is no whole is asked for.
fn plan(args: &ScanArgs) -> Result<Plan, Fail> {
    let depth = if args.full { Depth::Full } else { args.sample };
    // A job array that samples is several runs that each do.
    let share_of =
        if args.full || args.shard.is_some() { shard::of(args.shard, args.key_is_given)? } else { None };
    if share_of.is_some() && !args.full {
        return Err(Fail::usage(
            "--shard is for what is read whole: a share of a sample would say nothing",
            "give --full or --export with it",
        ));
    }
    let of = share_of.map_or(1, |share| u64::from(share.of));
    if args.budget.is_some_and(|budget| Rcu::units(budget / of) < LEAST) {
        return Err(Fail::usage(
            format!("--budget divided by {of} is less than one item can cost"),
            format!("give at least {}", LEAST.as_f64() as u64 * of),
        ));
    }
    let plan = Plan {
        tables: args.table.clone(),
        items: None,
        budget: None,
        share: args.read_share,
        ask: args
            .ask
            .iter()
            .map(|r| r.kind())
            .chain(args.usage.then_some(FactKind::Usage))
            .chain((!args.no_iam).then_some(FactKind::Account))
            .collect(),
        restored: Vec::new(),
        share_of,
    };
    Ok(if args.no_items { plan } else { plan.to(depth, args.budget) })
}

impl Plan {
    /// With items to this depth, for what was given or is usual. Shares divide it.
    fn to(self, depth: Depth, budget: Option<u64>) -> Self {
        let usual = (depth != Depth::Full).then_some(AUDIT_BUDGET);
        let of = self.share_of.map_or(1, |share| u64::from(share.of));
        let budget = budget.or(usual).map(|units| Rcu::units(units / of));
        Self { items: Some(depth), budget, ..self }
    }
}

fn exit(args: &ReportArgs, run: &Run) -> ExitCode {
    if !run.is_complete() {
        let unfinished: Vec<&str> = run.unfinished().map(|u| u.said.as_str()).collect();
        let more = match unfinished.len() {
            0 | 1 => String::new(),
            all => format!(" (and {} more; the report says which)", all - 1),
        };
        let first = unfinished.first().copied().unwrap_or_default();
        output::complain(&format!("dynaudit: did not finish: {}{more}", Safe::neutral(first)));
        return ExitCode::from(UNFINISHED);
    }
    let findings = run.audit.findings(run.finished);
    let counts = |f: &&Finding| run.counts(f);
    ExitCode::from(u8::from(findings.iter().filter(counts).any(|f| args.fail_on.is_met(f.severity))))
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::cli::args::{Cli, Command};

    #[test]
    fn the_interface_is_opened_on_the_same_account() {
        let check = |args: &[&str], expect: &str| {
            let cli = Cli::try_parse_from([&["dynaudit", "scan"], args].concat()).expect("right");
            let Some(Command::Scan(args)) = cli.command else { panic!("not scan") };
            assert_eq!(interface(&args).as_deref(), Some(expect));
        };
        check(&[], "dynaudit");
        check(&["--demo"], "dynaudit demo");
        check(&["--profile", "p q", "--region", "eu-west-1"], "dynaudit --profile 'p q' --region eu-west-1");
        check(
            &["--endpoint-url", "http://127.0.0.1:8000"],
            "dynaudit --endpoint-url 'http://127.0.0.1:8000'",
        );
    }
}
