//! The terminal interface, opened with what the command line said.

use std::io::IsTerminal;
use std::process::ExitCode;
use std::sync::Arc;

use tokio::sync::mpsc::unbounded_channel;

use super::args::{Global, InteractiveOptions};
use super::config;
use super::connect::{Connection, connect, to_log};
use super::fail::Fail;
use super::rules;
use super::session;
use crate::detect::Detector;
use crate::domain::Rcu;
use crate::query::parse;
use crate::shell::{self, Setup};
use crate::source::Source;
use crate::tui::config::Config;
use crate::tui::{Asked, Colours, Login, Msg, Options, Scheme, Theme};

/// Opens it, and stays until it is quit.
pub fn run(options: &InteractiveOptions, global: &Global) -> Result<ExitCode, Fail> {
    let begin = &options.begin;
    if let Some(text) = &begin.query
        && let Err(error) = parse(&text.0)
    {
        return Err(Fail::usage(
            format!("--query: {}, at character {}", error.message, error.column(&text.0)),
            "write it as in: tenant_id = \"acme\" and begins_with(sk, \"S#\") and total > 100",
        ));
    }
    let in_terminal = std::io::stdin().is_terminal() && std::io::stdout().is_terminal();
    // Such a terminal cannot move its cursor: lines are what it can.
    let dumb = in_terminal && std::env::var("TERM").is_ok_and(|term| term == "dumb");
    let plain = options.shown.plain || dumb;
    if !in_terminal && !plain {
        return Err(Fail::usage(
            "the terminal interface needs a terminal",
            "for pipes use --plain, for CI `dynaudit scan` (or `dynaudit scan --demo`)",
        ));
    }
    let configured = config::load(options.shown.config.as_deref())?;
    let detector = Arc::new(rules::detector(options.demo, global)?.detector);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(|e| {
        Fail::usage(format!("no threads to work with: {e}"), "raise the limit on processes (`ulimit -u`)")
    })?;
    // No list of tables waits for it, and the first item finds it ready.
    let ahead = Arc::clone(&detector);
    std::thread::spawn(move || ahead.prepare());
    let ended = runtime.block_on(session(options, plain, configured, detector));
    // A thread may still wait for a key: nobody waits for it.
    runtime.shutdown_background();
    // As a shell counts: 128 and the signal's number.
    ended.map(|signal| signal.map_or(ExitCode::SUCCESS, |n| ExitCode::from(128 + n)))
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
    let rules = detector.catalogue();
    // What the demo's account needs lives in the connection: it is kept until the session ends.
    let connection = connect(options.demo, &options.accounts, detector, ledger).await?;
    let Connection { sources, clock, .. } = &connection;
    let var = |name: &str| std::env::var(name).ok();
    let restore = config.restore && !options.shown.no_restore;
    let session = restore.then(|| session::file(options.demo)).flatten();
    let (remembered, problem) = session.as_deref().map(session::load).unwrap_or_default();
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
            query: options.begin.query.as_ref().map(|q| Asked { text: q.0.clone(), held: Vec::new() }),
            theme: Theme {
                scheme: config.scheme.unwrap_or_else(|| Scheme::of_background(var("COLORFGBG").as_deref())),
                colours,
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
            rules,
        },
        channel: (send, receive),
    };
    let ended = if plain { shell::run_plain(setup).await } else { shell::run(setup).await };
    ended.map_err(|e| {
        Fail::usage(format!("the terminal cannot be used: {e}"), "check TERM, or use `dynaudit scan`")
    })
}
