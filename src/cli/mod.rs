//! Arguments in, exit code out.
//!
//! | file | what |
//! |---|---|
//! | `args` | the command line, exit codes and environment, as data |
//! | `scan` `headless` `progress` | `dynaudit scan`: the command, the driver, the line on stderr |
//! | `signals` `duration` | what ends a scan early: signals, and `--max-time` |
//! | `export` `shard` | `scan --export`: items from files; one run of several |
//! | `save` `saved` `resume` `merge` | an audit that is kept: written, read again, gone on with, several put together |
//! | `fix` `explain` | `dynaudit fix`, `dynaudit explain` |
//! | `access` | `dynaudit access`: who can read, live or from files |
//! | `inspect` | `dynaudit inspect` |
//! | `generate` `pages` | `dynaudit generate`: policy, completions, man page; the pages of docs/ |
//! | `rules` | the detector with a user's rule files; the page of rules |
//! | `interactive` `config` `session` | the terminal interface, its configuration file, where it was left |
//! | `fleet` | the accounts of a file, a role assumed in each |
//! | `connect` `key` `log` `output` `fail` | the account, the fingerprint key, the log, where text goes, how a command fails |

mod access;
mod args;
mod config;
mod connect;
mod duration;
#[cfg(all(test, feature = "demo"))]
mod equal;
mod explain;
mod export;
mod fail;
mod fix;
mod fleet;
mod generate;
mod headless;
mod inspect;
mod interactive;
mod json_page;
mod key;
mod key_schema;
mod log;
mod merge;
mod output;
mod pages;
mod progress;
mod resume;
mod rules;
mod save;
mod saved;
mod scan;
mod session;
mod shard;
mod signals;

use std::ffi::OsString;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser;

use crate::detect::Redactor;

pub use args::{Account, Begin, Global, InteractiveOptions, Shown};
pub use headless::{Phase, Plan, Progress, Stop, audit};

use args::{Cli, Command};
use fail::{Fail, UNFINISHED, USAGE};

/// Runs the program.
pub fn run(args: impl Iterator<Item = OsString>) -> ExitCode {
    crate::shell::install_panic_hook();
    crate::shell::core_dumps::off();
    match Cli::try_parse_from(args) {
        Ok(cli) => start(&cli).unwrap_or_else(|fail| fail.report()),
        Err(e) if e.use_stderr() => refused(&e),
        // Help and version are no errors; clap prints either where it belongs.
        Err(e) => {
            let _ = e.print();
            ExitCode::SUCCESS
        }
    }
}

/// What clap says of arguments that it does not take. It repeats them, so what is a secret in them is masked.
fn refused(error: &clap::Error) -> ExitCode {
    let plain = error.to_string();
    if Redactor::default().secrets(&plain).is_empty() {
        let _ = error.print();
    } else {
        plain.trim_end().lines().for_each(|line| output::complain(&Redactor::default().redact(line)));
    }
    ExitCode::from(USAGE)
}

fn start(cli: &Cli) -> Result<ExitCode, Fail> {
    if cli.command.is_some() && cli.interactive.is_given() {
        return Err(Fail::usage(
            "options of the terminal interface stand before a command",
            "put them after it: `dynaudit scan --profile P`",
        ));
    }
    if let Some(file) = &cli.global.log {
        log::start(file, cli.global.verbose)?;
    }
    match &cli.command {
        None => {
            let options = InteractiveOptions {
                accounts: cli.interactive.accounts.each(),
                begin: cli.interactive.begin.clone(),
                shown: cli.interactive.shown.clone(),
                demo: false,
                faults: Vec::new(),
            };
            interactive::run(&options, &cli.global)
        }
        Some(Command::Demo(args)) => {
            let options = InteractiveOptions {
                begin: args.begin.clone(),
                shown: args.shown.clone(),
                demo: true,
                faults: args.fault.clone(),
                ..Default::default()
            };
            interactive::run(&options, &cli.global)
        }
        Some(Command::Scan(args)) => {
            let made = rules::detector(args.demo, &cli.global)?;
            let args = args::ScanArgs { key_is_given: key::is_given(&cli.global), ..args.clone() };
            scan::run(&args, Arc::new(made.detector)).map(|code| at_least(made.incomplete, code))
        }
        Some(Command::Merge(args)) => {
            let made = rules::detector(false, &cli.global)?;
            merge::run(args, Arc::new(made.detector)).map(|code| at_least(made.incomplete, code))
        }
        Some(Command::Inspect(args)) => {
            let made = rules::detector(false, &cli.global)?;
            let code = inspect::run(args, &made.detector, jiff::Timestamp::now())?;
            Ok(at_least(made.incomplete, code))
        }
        Some(Command::Fix(args)) => {
            let made = rules::detector(args.demo, &cli.global)?;
            fix::run(args, Arc::new(made.detector))
        }
        Some(Command::Explain { id: None, .. }) => explain::list(),
        Some(Command::Explain { id: Some(id), .. }) => {
            let made = rules::detector(false, &cli.global)?;
            explain::run(id, &made.detector.catalogue())
        }
        Some(Command::Access(args)) => {
            let made = rules::detector(args.readers.demo, &cli.global)?;
            access::run(args, Arc::new(made.detector))
        }
        Some(Command::Generate(args)) => generate::run(args, &cli.global),
    }
}

/// A rule that was left out is a look that was not taken.
fn at_least(incomplete: bool, code: ExitCode) -> ExitCode {
    if incomplete { ExitCode::from(UNFINISHED) } else { code }
}
