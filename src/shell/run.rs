//! The event loop.

use std::collections::BTreeSet;
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};
use tokio::time::Instant;

use crate::detect::ACCEPTED_FILE;
use crate::shell::accepted::handle;
use crate::shell::background::{QUESTION, Question};
use crate::shell::clipboard::{Clipboard, Surroundings};
use crate::shell::input;
use crate::shell::perform::Requests;
use crate::shell::save::{replace, save};
use crate::shell::terminal::{Stopped, Tty, is_own_stop};
use crate::source::Source;
use crate::tui::{Effect, Model, Msg, Options, Remembered, update, view};

/// Tells the time; the demo's clock starts on a day of its own.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// What a session starts with.
pub struct Setup {
    /// The accounts and Regions.
    pub sources: Vec<Arc<dyn Source>>,
    /// Settings.
    pub options: Options,
    /// What the last session left.
    pub remembered: Option<Remembered>,
    /// Where this one is kept for the next; `None` to leave nothing.
    pub session: Option<PathBuf>,
    /// The time.
    pub clock: Clock,
    /// Where messages for the session are sent to (calls for the ledger), and where they arrive.
    pub channel: (UnboundedSender<Msg>, UnboundedReceiver<Msg>),
}

impl Setup {
    /// The state at the start, what acts outside, the messages from there, and the file of the session.
    pub(super) fn begin(self, size: (u16, u16)) -> (Model, Outside, UnboundedReceiver<Msg>, Option<PathBuf>) {
        let Self { sources, options, remembered, session, clock, channel: (send, receive) } = self;
        let scopes = sources.iter().map(|s| s.scope()).collect();
        let mut model = Model::new(scopes, options, size, clock());
        if let Some(remembered) = remembered {
            model.restore(remembered);
        }
        let outside = Outside {
            requests: Requests::new(sources, send.clone()),
            clipboard: Clipboard::default(),
            around: Surroundings::from_env(|name| std::env::var(name).ok()),
            wakes: BTreeSet::new(),
            clock,
            send,
            question: Question::default(),
        };
        (model, outside, receive, session)
    }
}

/// The time of a frame that nobody's key asked for: answers come in floods, keys do not.
const FRAME: Duration = Duration::from_millis(16);

/// Maximum number of them in immediate succession: who one is and which tables there are come a moment apart, and
/// neither is to wait for the other's frame.
const AT_ONCE: u32 = 3;

/// So long answers are taken in before a frame that may be drawn is drawn.
const INTAKE: Duration = Duration::from_millis(4);

/// When frames that nobody's key asked for may be drawn: one in the time of a frame, after a few at once.
struct FramePace {
    /// The time of all those drawn is over by then.
    over: Instant,
}

impl FramePace {
    fn wait(&self) -> Duration {
        self.over.saturating_duration_since(Instant::now()).saturating_sub(FRAME * (AT_ONCE - 1))
    }

    fn drawn(&mut self) {
        self.over = self.over.max(Instant::now()) + FRAME;
    }
}

/// Runs a session until it is quit; or until a signal ends it, which is then returned by its number.
///
/// # Errors
/// If the terminal cannot be taken over, or is gone.
pub async fn run(setup: Setup) -> io::Result<Option<u8>> {
    let mut tty = Tty::take()?;
    let mut typed = input::listen();
    let (mut model, mut outside, mut receive, session) = setup.begin(tty.size()?);
    let clock = outside.clock();
    let mut signals = Signals::listen()?;
    let mut going = outside.perform(update(&mut model, clock(), Msg::Start), Some(&mut tty))?;
    let mut stale = true;
    // The first frame is as wanted as one that a key asked for.
    let mut pressed = true;
    let mut pace = FramePace { over: Instant::now() };
    while going {
        if stale && (pressed || pace.wait().is_zero()) {
            if tty.draw(|buf| view(&model, buf))? && !pressed {
                pace.drawn();
            }
            (stale, pressed) = (false, false);
        }
        let msg = tokio::select! {
            biased;
            told = signals.next() => match told {
                Told::End(signal) => {
                    outside.question.hear_out(&mut typed).await;
                    leave(&model, session.as_deref());
                    return Ok(Some(signal));
                }
                Told::Stop => {
                    outside.stop(&mut tty, Stopped::Process)?;
                    None
                }
            },
            msg = typed.recv() => match msg {
                Some(msg) => Some(msg),
                // The terminal is gone.
                None => break,
            },
            () = tokio::time::sleep(pace.wait()), if stale => None,
            msg = receive.recv() => msg,
            () = outside.next_wake(&clock) => Some(Msg::Wake),
        };
        // What is there is taken in before the next frame; but the frame of a key waits for keys alone, and no flood
        // of answers holds a frame up for long.
        let began = Instant::now();
        let mut next = msg;
        loop {
            if let Some(msg) = next {
                force_panic(&msg);
                pressed |= matches!(msg, Msg::Key(_));
                outside.question.heard(&msg);
                going &= outside.perform(update(&mut model, clock(), msg), Some(&mut tty))?;
                stale = true;
            }
            next = typed.try_recv().ok();
            if next.is_none() && !pressed && began.elapsed() < INTAKE {
                next = receive.try_recv().ok();
            }
            if next.is_none() {
                break;
            }
        }
    }
    outside.question.hear_out(&mut typed).await;
    leave(&model, session.as_deref());
    Ok(None)
}

/// Keeps where the session was for the next one. That it cannot be kept is no reason to complain at the end.
pub(super) fn leave(model: &Model, session: Option<&Path>) {
    if let Some(file) = session
        && let Err(error) = replace(file, &model.remembered().text())
    {
        tracing::warn!(%error, "the session was not kept");
    }
}

/// Debug builds panic on Ctrl-P when told to, so that tests see what a panic leaves behind.
fn force_panic(msg: &Msg) {
    if cfg!(debug_assertions)
        && let Msg::Key(key) = msg
        && key.to_string() == "ctrl-p"
        && let Ok(payload) = std::env::var("DYNAUDIT_FORCE_PANIC")
    {
        panic!("{payload}");
    }
}

/// What effects act on.
pub(super) struct Outside {
    requests: Requests,
    clipboard: Clipboard,
    around: Surroundings,
    wakes: BTreeSet<Timestamp>,
    clock: Clock,
    send: UnboundedSender<Msg>,
    question: Question,
}

impl Outside {
    pub(super) fn clock(&self) -> Clock {
        Arc::clone(&self.clock)
    }

    /// Performs effects; false if the session ends. Without a terminal of our own, what is asked of it is left out.
    pub(super) fn perform(&mut self, effects: Vec<Effect>, mut tty: Option<&mut Tty>) -> io::Result<bool> {
        for effect in effects {
            match effect {
                Effect::Ask(place, id, ask) => self.requests.ask(place.0, id, ask),
                Effect::AskAnew(place) => self.requests.ask_anew(place.0),
                Effect::Cancel(id) => self.requests.cancel(id),
                Effect::WakeAt(at) => {
                    self.wakes.insert(at);
                }
                Effect::Copy(copy) => {
                    let done = if self.around.desktop || io::stdout().is_terminal() {
                        self.clipboard.copy(self.around, &copy.what, &copy.text, &mut io::stdout())
                    } else {
                        Err("There is no clipboard behind a pipe; a fix can be written to a file with w."
                            .into())
                    };
                    let _ = self.send.send(Msg::Done(done));
                }
                Effect::Save(name, copy) => {
                    let done = match save(&name, &copy.text) {
                        Ok(path) => {
                            Ok(format!("Wrote {} to {}, readable by you alone.", copy.what, path.display()))
                        }
                        Err(e) => Err(format!("{} could not be written: {e}.", copy.what)),
                    };
                    let _ = self.send.send(Msg::Done(done));
                }
                Effect::Handle(handling) => {
                    let done = handle(Path::new(ACCEPTED_FILE), &handling);
                    let _ = self.send.send(Msg::Handled(handling, done));
                }
                Effect::AskBackground => {
                    if let Some(tty) = &mut tty {
                        tty.ask(QUESTION)?;
                        self.question.is_put(Instant::now());
                    }
                }
                Effect::Mouse(on) => {
                    if let Some(tty) = &mut tty {
                        tty.mouse(on)?;
                    }
                }
                Effect::Suspend => {
                    if let Some(tty) = &mut tty {
                        self.stop(tty, Stopped::Job)?;
                    }
                }
                Effect::Quit => return Ok(false),
            }
        }
        Ok(true)
    }

    /// Stops until the shell continues us.
    fn stop(&mut self, tty: &mut Tty, who: Stopped) -> io::Result<()> {
        tty.suspend(who)?;
        // The terminal may have another size now.
        let (width, height) = tty.size()?;
        let _ = self.send.send(Msg::Resize(width, height));
        Ok(())
    }

    /// Sleeps until the next time something asked to be woken; for ever, if nothing did.
    pub(super) async fn next_wake(&mut self, clock: &Clock) {
        let Some(at) = self.wakes.first().copied() else { return std::future::pending().await };
        let left = at.duration_since(clock());
        tokio::time::sleep(Duration::try_from(left).unwrap_or_default()).await;
        self.wakes.remove(&at);
    }
}

/// Signals that end a session, or stop it for a while: the terminal is given back before.
///
/// Not among them are those that the program raises against itself when it can do nothing any more (SIGSEGV, SIGILL,
/// SIGFPE; SIGABRT after a failed allocation): no code of ours may run then without `unsafe`.
pub(super) struct Signals {
    #[cfg(unix)]
    ends: Vec<(u8, tokio::signal::unix::Signal)>,
    #[cfg(unix)]
    stops: tokio::signal::unix::Signal,
}

/// What a signal asks for.
pub(super) enum Told {
    /// To end, by the signal of this number.
    End(u8),
    /// To stop until the shell continues us.
    Stop,
}

#[cfg(unix)]
impl Signals {
    pub(super) fn listen() -> io::Result<Self> {
        use rustix::process::Signal as S;
        use tokio::signal::unix::{SignalKind, signal};
        // What else would end the program where it is not caught, and can be.
        let ending = [
            S::TERM,
            S::HUP,
            S::INT,
            S::QUIT,
            S::ABORT,
            S::USR1,
            S::USR2,
            S::ALARM,
            S::XCPU,
            S::XFSZ,
            S::SYS,
            S::TRAP,
        ];
        let listen = |kind: S| signal(SignalKind::from_raw(kind.as_raw()));
        let number = |kind: S| u8::try_from(kind.as_raw()).unwrap_or_default();
        let ends = ending.into_iter().map(|kind| Ok((number(kind), listen(kind)?)));
        Ok(Self { ends: ends.collect::<io::Result<_>>()?, stops: listen(S::TSTP)? })
    }

    /// What the next signal asks for.
    pub(super) async fn next(&mut self) -> Told {
        std::future::poll_fn(|context| {
            for (number, signal) in &mut self.ends {
                if signal.poll_recv(context).is_ready() {
                    return Poll::Ready(Told::End(*number));
                }
            }
            while self.stops.poll_recv(context).is_ready() {
                if !is_own_stop() {
                    return Poll::Ready(Told::Stop);
                }
            }
            Poll::Pending
        })
        .await
    }
}

#[cfg(not(unix))]
impl Signals {
    pub(super) fn listen() -> io::Result<Self> {
        Ok(Self {})
    }

    pub(super) async fn next(&mut self) -> Told {
        let _ = tokio::signal::ctrl_c().await;
        Told::End(2)
    }
}
