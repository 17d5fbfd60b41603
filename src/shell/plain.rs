//! The interface line by line: no alternate screen, no colours, nothing that moves.
//!
//! A line is read when the screen it was typed for was printed, so that lines from a pipe act on what they are meant
//! for.

use std::io::{self, IsTerminal, Write};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::time::Instant;

use crate::shell::run::{Setup, Signals, Told, leave};
use crate::shell::terminal::{self, Stopped};
use crate::tui::{Model, Msg, plain, update};

/// A person hears after so long how far loading is, and can stop it; a pipe waits to the end.
const PATIENCE: Duration = Duration::from_secs(2);

/// Runs a session until it is quit or its input ends; or until a signal ends it, which is then returned by its number.
///
/// # Errors
/// If nothing can be printed or read any more.
pub async fn run(setup: Setup) -> io::Result<Option<u8>> {
    let (mut model, mut outside, mut receive, session) = setup.begin(plain::SIZE);
    let clock = outside.clock();
    let mut typed = BufReader::new(tokio::io::stdin()).lines();
    let mut signals = Signals::listen()?;
    let mut said = Said { someone: io::stdin().is_terminal(), ..Said::default() };
    said.line(plain::INTRODUCTION)?;
    let mut going = outside.perform(update(&mut model, clock(), Msg::Start), None)?;
    said.owe();
    while going {
        while let Ok(msg) = receive.try_recv() {
            going &= outside.perform(update(&mut model, clock(), msg), None)?;
        }
        said.what_is_new(&model)?;
        let msgs = tokio::select! {
            biased;
            told = signals.next() => match told {
                Told::End(signal) => {
                    leave(&model, session.as_deref());
                    return Ok(Some(signal));
                }
                Told::Stop => {
                    terminal::stop(Stopped::Process);
                    Vec::new()
                }
            },
            msg = receive.recv() => msg.into_iter().collect(),
            () = outside.next_wake(&clock) => vec![Msg::Wake],
            () = said.patience() => Vec::new(),
            line = typed.next_line(), if said.owed.is_none() => match line? {
                None => break,
                Some(line) => {
                    said.owe();
                    match plain::read(&mut model, &line) {
                        Ok(msgs) => msgs,
                        Err(why) => {
                            said.owed = None;
                            said.line(&why)?;
                            Vec::new()
                        }
                    }
                }
            },
        };
        for msg in msgs {
            going &= outside.perform(update(&mut model, clock(), msg), None)?;
        }
    }
    leave(&model, session.as_deref());
    Ok(None)
}

/// What was printed, and what is still to be.
#[derive(Default)]
struct Said {
    /// Whether a person types.
    someone: bool,
    /// Since when the screen is to be printed.
    owed: Option<Instant>,
    header: String,
    screen: Vec<String>,
    notice: Option<String>,
    /// Whether it was said that the screen is another by now.
    changed: bool,
}

impl Said {
    fn owe(&mut self) {
        self.owed = Some(Instant::now());
    }

    fn line(&self, text: &str) -> io::Result<()> {
        let mut out = io::stdout();
        writeln!(out, "{text}")?;
        out.flush()
    }

    /// Prints a notice at once, the screen when it is owed and nothing is under way, or when patience ends.
    fn what_is_new(&mut self, model: &Model) -> io::Result<()> {
        let notice = plain::notice(model);
        if notice != self.notice {
            notice.iter().try_for_each(|text| self.line(&format!("Message: {text}")))?;
            self.notice = notice;
        }
        let idle = plain::is_idle(model);
        match self.owed {
            Some(since) if idle || (self.someone && since.elapsed() >= PATIENCE) => {
                let header = plain::header(model);
                if header != self.header {
                    self.line(&header)?;
                    self.header = header;
                }
                self.screen = plain::lines(model);
                self.screen.iter().try_for_each(|text| self.line(text))?;
                if !idle {
                    self.line("Still loading.")?;
                }
                (self.owed, self.changed) = (None, false);
            }
            None if idle && !self.changed && self.screen != plain::lines(model) => {
                self.line("The screen has changed; an empty line repeats it.")?;
                self.changed = true;
            }
            _ => {}
        }
        Ok(())
    }

    /// Waits until patience ends; for ever, if nothing is owed to a person.
    async fn patience(&self) {
        match self.owed.filter(|_| self.someone) {
            Some(since) => tokio::time::sleep_until(since + PATIENCE).await,
            None => std::future::pending().await,
        }
    }
}
