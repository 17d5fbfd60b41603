//! `dynaudit scan`: an audit, printed.

use std::process::ExitCode;
use std::sync::Arc;

use super::args::{Account, Format, ScanArgs};
use super::connect::{Connection, connect, to_log};
use super::fail::{Fail, UNFINISHED};
use super::headless::{Plan, Stop, audit};
use super::output::{self, Private};
use super::progress::Line;
use super::save::Save;
use super::{duration, signals};
use crate::audit::AuditEvent;
use crate::detect::Detector;
use crate::domain::{FactKind, Rcu, Safe};
use crate::report::{self, Cause, Run};
use crate::scan::Depth;
use crate::source::Source;

/// Runs it.
pub fn run(args: &ScanArgs, detector: Arc<Detector>) -> Result<ExitCode, Fail> {
    // A scan costs money: its report must have a place before it begins. `-` is stdout, as everywhere.
    let file = args.output.as_deref().filter(|path| path.as_os_str() != "-");
    let file = file.map(Private::prepare).transpose()?;
    let kept = Arc::clone(&detector);
    let runtime = tokio::runtime::Runtime::new()
        .map_err(|e| Fail::usage(format!("no threads to be had: {}", e.kind()), "close other programs"))?;
    let run = runtime.block_on(async {
        let stop = Arc::new(Stop::default());
        if let Some(most) = args.max_time {
            let stop = Arc::clone(&stop);
            tokio::spawn(async move {
                tokio::time::sleep(most).await;
                stop.because(Cause::OutOfTime, format!("--max-time {} ran out", duration::told(most)));
            });
        }
        let line = Line::new();
        let connection =
            connect(args.demo, std::slice::from_ref(&args.account), detector, Arc::new(|call| to_log(&call)))
                .await?;
        // Until here there is nothing to lose, and whoever is asked for a code can leave by Ctrl-C.
        signals::listen(&stop);
        let Connection { sources, clock, .. } = &connection;
        let mut save = args.save.as_deref().map(|path| Save::begin(path, &kept, clock())).transpose()?;
        let mut record = |event: &AuditEvent| save.iter_mut().for_each(|save| save.record(event));
        let all: Vec<&dyn Source> = sources.iter().take(1).map(|s| &**s).collect();
        let run = audit(&all, &plan(args), &|| clock(), &stop, &mut |p| line.show(p), &mut record).await?;
        let saved = save.map_or(Ok(()), |save| save.end(&run));
        Ok::<_, Fail>((run, saved))
    });
    // A request that hangs must not hold up the report.
    runtime.shutdown_background();
    let (mut run, saved) = run?;
    run.interface = interface(args);
    let text = match args.format {
        Format::Text => report::text::scan(&run),
        Format::Json => report::json::scan(&run),
    };
    match file.map(|file| file.write(&text)) {
        None => output::print(&text)?,
        Some(Ok(())) => {}
        Some(Err(fail)) => {
            output::print(&text)?;
            return Err(fail);
        }
    }
    saved?;
    Ok(exit(args, &run))
}

/// The command that opens the terminal interface on the same account.
fn interface(args: &ScanArgs) -> String {
    if args.demo {
        return String::from("dynaudit demo");
    }
    let Account { profile, region, endpoint_url, allow_http } = &args.account;
    let mut command = String::from("dynaudit");
    for (flag, value) in [("--profile", profile), ("--region", region), ("--endpoint-url", endpoint_url)] {
        if let Some(value) = value {
            command.push_str(&format!(" {flag} {}", report::text::quoted(value)));
        }
    }
    if *allow_http {
        command.push_str(" --allow-http");
    }
    command
}

fn plan(args: &ScanArgs) -> Plan {
    let depth = if args.full { Depth::Full } else { Depth::Sample(args.sample) };
    Plan {
        tables: args.table.clone(),
        items: (!args.no_items).then_some(depth),
        budget: (!args.full).then(|| Rcu::units(args.budget)),
        share: args.read_share,
        ask: args.usage.then_some(FactKind::Usage).into_iter().collect(),
    }
}

fn exit(args: &ScanArgs, run: &Run) -> ExitCode {
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
    ExitCode::from(u8::from(findings.iter().any(|f| args.fail_on.is_met(f.severity))))
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
            assert_eq!(interface(&args), expect);
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
