//! The terminal interface, opened with what the command line said.

use std::fs::File;
use std::io::{self, IsTerminal, Read};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use tokio::sync::mpsc::unbounded_channel;
use zeroize::Zeroizing;

use super::args::{Begin, Global, InteractiveOptions};
use super::config;
use super::connect::{Connection, Which, connect, to_log};
use super::fail::Fail;
use super::{rules, saved, session};
use crate::audit::Baseline;
use crate::detect::{Detector, Redactor};
use crate::domain::Rcu;
use crate::query::{Typed, parse};
use crate::shell::{self, Setup};
use crate::source::Source;
use crate::tui::config::Config;
use crate::tui::{Asked, Colours, Login, Msg, Options, Scheme, Theme};

/// Opens it, and stays until it is quit.
pub fn run(options: &InteractiveOptions, global: &Global) -> Result<ExitCode, Fail> {
    let begin = &options.begin;
    let from_stdin = begin.query_file.as_deref().is_some_and(|file| file == Path::new("-"));
    // The keyboard is read through the terminal itself where stdin is something else.
    let typed = from_stdin || std::io::stdin().is_terminal();
    let in_terminal = typed && std::io::stdout().is_terminal();
    // Such a terminal cannot move its cursor: lines are what it can.
    let dumb = in_terminal && std::env::var("TERM").is_ok_and(|term| term == "dumb");
    let plain = options.shown.plain || dumb;
    if plain && from_stdin {
        return Err(Fail::usage(
            "--query-file - reads stdin, and so does --plain",
            "name a file, or leave --plain away",
        ));
    }
    let asked = asked(begin)?;
    let (config, mut problems) = config::load(options.shown.config.as_deref())?;
    let made = rules::detector(options.demo, global)?;
    problems.extend(made.told);
    let configured = (config, problems);
    let detector = Arc::new(made.detector);
    let redactor = Redactor::from(Arc::clone(&detector));
    let key_check = detector.key_check();
    let baseline = options.shown.baseline.as_deref();
    let baseline = baseline.map(|log| saved::read(log, "--baseline", Some(&key_check))).transpose()?;
    let baseline = baseline.map(|saved| {
        Arc::new(Baseline::new(saved.audit, saved.at, saved.is_whole).accepting(detector.accepted()))
    });
    let query = asked.map(|(option, text)| screened(option, &text, &redactor)).transpose()?;
    if !in_terminal && !plain {
        return Err(Fail::usage(
            "the terminal interface needs a terminal",
            "for pipes use --plain, for CI `dynaudit scan` (or `dynaudit scan --demo`)",
        ));
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(|e| {
        Fail::usage(format!("no threads to work with: {e}"), "raise the limit on processes (`ulimit -u`)")
    })?;
    // No list of tables waits for it, and the first item finds it ready.
    let ahead = Arc::clone(&detector);
    std::thread::spawn(move || ahead.prepare());
    let ended = runtime.block_on(session(options, plain, configured, detector, query, baseline));
    // A thread may still wait for a key: nobody waits for it.
    runtime.shutdown_background();
    // As a shell counts: 128 and the signal's number.
    ended.map(|signal| signal.map_or(ExitCode::SUCCESS, |n| ExitCode::from(128 + n)))
}

/// An expression has at most 4 KB: what is longer is refused by its parser, and nothing is read for ever.
const LONGEST: u64 = 64 << 10;

/// What is to be asked at once, and which option said so.
fn asked(begin: &Begin) -> Result<Option<(&'static str, Zeroizing<String>)>, Fail> {
    if let Some(argument) = &begin.query {
        return Ok(Some(("--query", argument.0.clone())));
    }
    let Some(file) = &begin.query_file else { return Ok(None) };
    let mut text = Zeroizing::new(String::new());
    let read = if file == Path::new("-") {
        io::stdin().take(LONGEST).read_to_string(&mut text)
    } else {
        File::open(file).and_then(|file| file.take(LONGEST).read_to_string(&mut text))
    };
    match read {
        Ok(_) => Ok(Some(("--query-file", Zeroizing::new(text.trim().to_owned())))),
        Err(e) => Err(Fail::usage(
            format!("--query-file {} cannot be read: {e}", file.display()),
            "name a file with one expression in it, or - for stdin",
        )),
    }
}

/// The expression, if it is one.
fn screened(option: &str, text: &str, redactor: &Redactor) -> Result<Typed, Fail> {
    let typed = Typed::new(text, redactor);
    match parse(&typed) {
        Ok(_) => Ok(typed),
        Err(error) => Err(Fail::usage(
            format!("{option}: {}, at character {}", error.message, error.column(text)),
            "write it as in: tenant_id = \"acme\" and begins_with(sk, \"S#\") and total > 100",
        )),
    }
}

/// How each source was signed in to; those of the demo have no account on the command line.
fn logins(options: &InteractiveOptions, sources: &[Arc<dyn Source>]) -> Vec<Login> {
    let names = options.accounts.iter().map(|a| a.profile.clone().unwrap_or_default());
    let names = names.chain(std::iter::repeat(String::new()));
    sources.iter().zip(names).map(|(source, name)| Login { name, devices: source.devices() }).collect()
}

async fn session(
    options: &InteractiveOptions,
    plain: bool,
    (config, problems): (Config, Vec<String>),
    detector: Arc<Detector>,
    query: Option<Typed>,
    baseline: Option<Arc<Baseline>>,
) -> Result<Option<u8>, Fail> {
    let (send, receive) = unbounded_channel();
    let ledger = {
        let send = send.clone();
        Arc::new(move |call| {
            to_log(&call);
            // Nobody is there to hear it when the interface is closing.
            let _ = send.send(Msg::Called(call));
        })
    };
    let accepted = detector.accepted();
    let rules = detector.catalogue();
    let redactor = Redactor::from(Arc::clone(&detector));
    // What the demo's account needs lives in the connection: it is kept until the session ends.
    let to = if options.demo { Which::Embedded(&options.faults) } else { Which::Live(&options.accounts) };
    let connection = connect(to, detector, ledger).await?;
    let Connection { sources, clock, .. } = &connection;
    if let Some(failed) = connection.failed.first() {
        return Err(failed.why.clone().into());
    }
    let var = |name: &str| std::env::var(name).ok();
    let restore = config.restore && !options.shown.no_restore;
    let session = restore.then(|| session::file(options.demo)).flatten();
    let (remembered, problem) =
        session.as_deref().map(|file| session::load(file, &redactor)).unwrap_or_default();
    let problems = problems.into_iter().chain(problem).collect();
    let colours = Colours::from_env(var);
    let setup = Setup {
        remembered,
        session,
        sources: sources.clone(),
        clock: Arc::clone(clock),
        options: Options {
            // What is printed cannot be masked again.
            reveal: !options.shown.no_reveal && !plain,
            mask_all: options.shown.mask_everything || config.mask_everything,
            mask_locked: options.shown.mask_everything,
            demo: options.demo,
            table: options.begin.table.clone(),
            query: query.map(|text| Asked { text, held: Vec::new() }),
            theme: Theme {
                scheme: config.scheme.unwrap_or_else(|| Scheme::of_background(var("COLORFGBG").as_deref())),
                colours,
                read_aloud: plain,
            },
            // The consoles that are known to make something else of the question.
            theme_by_terminal: config.scheme.is_none()
                && colours != Colours::None
                && !matches!(var("TERM").as_deref(), None | Some("" | "dumb" | "linux")),
            mouse: config.mouse,
            keymap: config.keymap,
            columns: config.columns,
            production: config.production,
            logins: logins(options, sources),
            problems,
            budget: Rcu::units(options.shown.budget),
            accepted,
            user: var("USER").or_else(|| var("USERNAME")).unwrap_or_default(),
            baseline,
            rules,
            redactor,
        },
        channel: (send, receive),
    };
    let ended = if plain { shell::run_plain(setup).await } else { shell::run(setup).await };
    ended.map_err(|e| {
        Fail::usage(format!("the terminal cannot be used: {e}"), "check TERM, or use `dynaudit scan`")
    })
}
