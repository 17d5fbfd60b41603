//! The terminal: taken over, given back, whatever happens.

use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crossterm::event::{
    DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste, EnableMouseCapture,
};
use crossterm::terminal::{
    BeginSynchronizedUpdate, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen,
    disable_raw_mode, enable_raw_mode,
};
use crossterm::{Command, cursor, execute};
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;
use ratatui::layout::Rect;

/// Whether the terminal is ours now.
static TAKEN: AtomicBool = AtomicBool::new(false);

/// Signals to stop that we sent to the whole job, and that come back to us.
static OWN_STOPS: AtomicU32 = AtomicU32::new(0);

/// Whether it reports the mouse to us.
static MOUSE: AtomicBool = AtomicBool::new(false);

/// The terminal while it is ours; dropping it gives it back.
pub struct Tty {
    terminal: Terminal<CrosstermBackend<Drawn>>,
    /// What was drawn and is still to be written.
    drawn: Drawn,
}

/// Holds what is drawn, so that a frame is one write: over a slow line, that is what is felt.
#[derive(Clone, Default)]
struct Drawn(Arc<Mutex<Vec<u8>>>);

impl Drawn {
    fn take(&self) -> Vec<u8> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Write for Drawn {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Tty {
    /// Takes the terminal over.
    ///
    /// # Errors
    /// If there is no terminal, or it does not do what terminals do.
    pub fn take() -> io::Result<Self> {
        enter()?;
        // Nothing is asked of the terminal here: its answers would have to be read beside the event reader.
        let drawn = Drawn::default();
        Ok(Self { terminal: Terminal::new(CrosstermBackend::new(drawn.clone()))?, drawn })
    }

    /// Columns and rows.
    ///
    /// # Errors
    /// If the terminal is gone.
    pub fn size(&self) -> io::Result<(u16, u16)> {
        let size = self.terminal.size()?;
        Ok((size.width, size.height))
    }

    /// Draws the difference to what is on screen; false if there is none, and then nothing is written.
    ///
    /// # Errors
    /// If the terminal is gone.
    pub fn draw(&mut self, view: impl FnOnce(&mut ratatui::buffer::Buffer)) -> io::Result<bool> {
        self.terminal.draw(|frame| view(frame.buffer_mut()))?;
        let drawn = self.drawn.take();
        // Whatever is drawn begins with a move to its place (CUP); the rest is the same in every frame.
        if !drawn.contains(&b'H') {
            return Ok(false);
        }
        // Terminals that know these show the frame at once; the others ignore them.
        let (begin, end) = (ansi(BeginSynchronizedUpdate), ansi(EndSynchronizedUpdate));
        let frame = [begin.as_bytes(), &drawn, end.as_bytes()];
        let mut out = io::stdout().lock();
        out.write_all(&frame.concat())?;
        out.flush()?;
        Ok(true)
    }

    /// Asks something of the terminal. The answer, if there is one, comes among what is typed.
    ///
    /// # Errors
    /// If the terminal is gone.
    pub fn ask(&mut self, question: &str) -> io::Result<()> {
        let mut out = io::stdout().lock();
        out.write_all(question.as_bytes())?;
        out.flush()
    }

    /// Has the mouse reported, or not.
    ///
    /// # Errors
    /// If the terminal is gone.
    pub fn mouse(&mut self, on: bool) -> io::Result<()> {
        MOUSE.store(on, Ordering::SeqCst);
        if on {
            execute!(io::stdout(), EnableMouseCapture)
        } else {
            execute!(io::stdout(), DisableMouseCapture)
        }
    }

    /// Gives the terminal back, stops until the shell continues us, and takes it again. Where nobody could continue us,
    /// nothing happens.
    ///
    /// # Errors
    /// If the terminal is gone.
    pub fn suspend(&mut self, who: Stopped) -> io::Result<()> {
        if !can_be_continued() {
            return Ok(());
        }
        let mouse = MOUSE.load(Ordering::SeqCst);
        restore();
        stop(who);
        enter()?;
        if mouse {
            self.mouse(true)?;
        }
        let (width, height) = self.size()?;
        // This clears and draws everything anew, and unlike `clear` it asks the terminal nothing.
        self.terminal.resize(Rect::new(0, 0, width, height))
    }
}

/// Who stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stopped {
    /// The whole job, as after Ctrl-Z: `cargo run` or a wrapper that waits for us has to stop as well.
    Job,
    /// This process: somebody sent it, and it alone, the signal to stop.
    Process,
}

impl Drop for Tty {
    fn drop(&mut self) {
        restore();
    }
}

fn ansi(command: impl Command) -> String {
    let mut text = String::new();
    // A String takes everything.
    let _ = command.write_ansi(&mut text);
    text
}

fn enter() -> io::Result<()> {
    enable_raw_mode()?;
    TAKEN.store(true, Ordering::SeqCst);
    execute!(io::stdout(), EnterAlternateScreen, EnableBracketedPaste, cursor::Hide)
}

/// Gives the terminal back, if it is ours. Errors are passed over: there is nobody left to tell.
fn restore() {
    if TAKEN.swap(false, Ordering::SeqCst) {
        if MOUSE.swap(false, Ordering::SeqCst) {
            let _ = execute!(io::stdout(), DisableMouseCapture);
        }
        let _ = execute!(io::stdout(), DisableBracketedPaste, LeaveAlternateScreen, cursor::Show);
        let _ = disable_raw_mode();
        let _ = io::stdout().flush();
    }
}

/// Stops. We listen to SIGTSTP ourselves, so that it stops nobody but the others of the job; SIGSTOP stops us.
#[cfg(unix)]
pub fn stop(who: Stopped) {
    use rustix::process::{Signal, getpid, kill_current_process_group, kill_process};
    if who == Stopped::Job {
        OWN_STOPS.fetch_add(1, Ordering::SeqCst);
        let _ = kill_current_process_group(Signal::TSTP);
    }
    let _ = kill_process(getpid(), Signal::STOP);
}

#[cfg(not(unix))]
pub fn stop(_: Stopped) {}

/// Whether a signal to stop that came is one of ours, after which we stopped already; it is counted once.
pub fn is_own_stop() -> bool {
    OWN_STOPS.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok()
}

/// Whether a shell with job control is there to continue us: it gives each job a process group of its own. A session
/// without one, of `ssh -t host dynaudit` for instance, would stay stopped for ever.
#[cfg(unix)]
fn can_be_continued() -> bool {
    use rustix::process::{getpgrp, getsid};
    getsid(None).is_ok_and(|session| session != getpgrp())
}

#[cfg(not(unix))]
fn can_be_continued() -> bool {
    false
}

/// A panic gives the terminal back and says where it happened, never with what: its message could hold data.
///
/// While the terminal is ours, a panic in a task ends only that task's request, and is told there.
pub fn install_panic_hook() {
    let main = std::thread::current().id();
    std::panic::set_hook(Box::new(move |info| {
        let place = info.location().map_or_else(|| "an unknown place".to_owned(), ToString::to_string);
        tracing::error!(%place, "panic");
        if TAKEN.load(Ordering::SeqCst) && std::thread::current().id() != main {
            return;
        }
        restore();
        let _ = writeln!(
            io::stderr(),
            "dynaudit failed inside ({place}). Nothing was written to AWS.\n\
             Please report the place above and `dynaudit --version` at {}/issues; the message is left out because \
             it could hold item data.",
            env!("CARGO_PKG_REPOSITORY")
        );
    }));
}
