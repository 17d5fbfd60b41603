//! `dynaudit scan`: an audit, printed.

use std::process::ExitCode;
use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use super::args::{Account, Format, ScanArgs};
use super::connect::{Connection, connect, to_log};
use super::fail::{Fail, UNFINISHED};
use super::headless::{Plan, audit};
use super::output::{self, Private};
use super::progress::Bar;
use crate::detect::Detector;
use crate::domain::Rcu;
use crate::report::{self, Run};
use crate::scan::Depth;

/// Runs it.
pub fn run(args: &ScanArgs, detector: Arc<Detector>) -> Result<ExitCode, Fail> {
    // A scan costs money: its report must have a place before it begins.
    let file = args.output.as_deref().map(Private::prepare).transpose()?;
    let runtime = tokio::runtime::Runtime::new()
        .map_err(|e| Fail::usage(format!("no threads to be had: {}", e.kind()), "close other programs"))?;
    let run = runtime.block_on(async {
        let connection =
            connect(args.demo, std::slice::from_ref(&args.account), detector, Arc::new(|call| to_log(&call)))
                .await?;
        let stop = CancellationToken::new();
        tokio::spawn(interrupted(stop.clone()));
        let bar = Bar::new();
        let Connection { sources, clock, .. } = &connection;
        audit(&*sources[0], &plan(args), &|| clock(), &stop, &mut |p| bar.show(p)).await
    });
    // A request that hangs must not hold up the report.
    runtime.shutdown_background();
    let mut run = run?;
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
    Ok(exit(args, &run))
}

/// The command that opens the terminal interface on the same account.
fn interface(args: &ScanArgs) -> String {
    if args.demo {
        return String::from("dynaudit demo");
    }
    let Account { profile, region, endpoint_url } = &args.account;
    let mut command = String::from("dynaudit");
    for (flag, value) in [("--profile", profile), ("--region", region), ("--endpoint-url", endpoint_url)] {
        if let Some(value) = value {
            command.push_str(&format!(" {flag} {}", report::text::quoted(value)));
        }
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
        billed: args.usage,
    }
}

fn exit(args: &ScanArgs, run: &Run) -> ExitCode {
    if !run.unfinished.is_empty() {
        output::complain(&format!(
            "dynaudit: {} planned read(s) did not finish; the report says which",
            run.unfinished.len()
        ));
        return ExitCode::from(UNFINISHED);
    }
    let findings = run.audit.findings(run.finished);
    ExitCode::from(u8::from(findings.iter().any(|f| args.fail_on.is_met(f.severity))))
}

/// The first Ctrl-C ends the reading, and what was found is printed; the second ends the program.
async fn interrupted(stop: CancellationToken) {
    while tokio::signal::ctrl_c().await.is_ok() {
        if stop.is_cancelled() {
            std::process::exit(i32::from(UNFINISHED));
        }
        stop.cancel();
    }
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
