//! A terminal for the real binary.
//!
//! It starts a program in a pseudo-terminal, answers what terminals are asked, keeps every byte the program
//! ever wrote and every screen it ever showed. Waiting is always for something (a text, a state, the end) and
//! always has a deadline; nothing here sleeps.

use std::ffi::{OsStr, OsString};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use base64::Engine;
use portable_pty::{CommandBuilder, ExitStatus, MasterPty, PtySize, native_pty_system};
use tempfile::TempDir;
use vt100::Screen;

/// How long one wait may take. A test that passes never waits this long; a loaded machine may need much of it.
const PATIENCE: Duration = Duration::from_secs(30);

/// Keys as a terminal sends them. A printable key is itself.
pub mod key {
    pub const ENTER: &str = "\r";
    pub const ESC: &str = "\x1b";
    pub const TAB: &str = "\t";
    pub const BACKSPACE: &str = "\x7f";
    pub const UP: &str = "\x1b[A";
    pub const DOWN: &str = "\x1b[B";
    pub const RIGHT: &str = "\x1b[C";
    pub const LEFT: &str = "\x1b[D";
    pub const PAGE_UP: &str = "\x1b[5~";
    pub const PAGE_DOWN: &str = "\x1b[6~";

    /// All of them by name, for tables of keys.
    pub const ALL: &[(&str, &str)] = &[
        ("Enter", ENTER),
        ("Esc", ESC),
        ("Tab", TAB),
        ("Backspace", BACKSPACE),
        ("Up", UP),
        ("Down", DOWN),
        ("Right", RIGHT),
        ("Left", LEFT),
        ("PageUp", PAGE_UP),
        ("PageDown", PAGE_DOWN),
    ];

    /// Ctrl and a letter.
    pub fn ctrl(letter: char) -> String {
        char::from(letter.to_ascii_uppercase() as u8 & 0x1f).to_string()
    }
}

/// What to start, and in what kind of terminal.
pub struct Start {
    program: OsString,
    args: Vec<OsString>,
    env: Vec<(OsString, OsString)>,
    cols: u16,
    rows: u16,
    mute: bool,
    background: Option<String>,
    patience: Duration,
    folder: Option<PathBuf>,
}

impl Start {
    /// A program in an 80 by 24 terminal. Its environment holds only `PATH`, `HOME` (an empty directory made
    /// for it, also where it starts), `TERM` and `LANG`: no `AWS_` variable of the person who runs the tests.
    pub fn program(program: impl AsRef<OsStr>) -> Self {
        Self {
            program: program.as_ref().to_owned(),
            args: Vec::new(),
            env: vec![
                ("PATH".into(), std::env::var_os("PATH").unwrap_or_default()),
                ("TERM".into(), "xterm-256color".into()),
                ("LANG".into(), "C.UTF-8".into()),
            ],
            cols: 80,
            rows: 24,
            mute: false,
            background: None,
            patience: PATIENCE,
            folder: None,
        }
    }

    /// The folder it starts in, instead of its home.
    pub fn in_folder(mut self, folder: &Path) -> Self {
        self.folder = Some(folder.to_owned());
        self
    }

    /// More arguments.
    pub fn args<A: AsRef<OsStr>>(mut self, args: impl IntoIterator<Item = A>) -> Self {
        self.args.extend(args.into_iter().map(|a| a.as_ref().to_owned()));
        self
    }

    /// A variable of the environment.
    pub fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.env.push((name.into(), value.as_ref().to_owned()));
        self
    }

    /// The size, columns first.
    pub fn size(mut self, cols: u16, rows: u16) -> Self {
        (self.cols, self.rows) = (cols, rows);
        self
    }

    /// A terminal that answers no query, as some do not.
    pub fn mute(mut self) -> Self {
        self.mute = true;
        self
    }

    /// A terminal that tells the colour of its background when it is asked, as `rgb:ffff/ffff/ffff`.
    pub fn background(mut self, colour: &str) -> Self {
        self.background = Some(colour.to_owned());
        self
    }

    /// Another deadline for each wait.
    pub fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// Starts it.
    pub fn start(self) -> Terminal {
        let home = tempfile::tempdir().expect("a directory for HOME");
        let size = PtySize { rows: self.rows, cols: self.cols, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).expect("a pseudo-terminal");
        let modes_before = modes(&*pair.master);

        let mut command = CommandBuilder::new(&self.program);
        command.args(&self.args);
        command.env_clear();
        command.env("HOME", home.path());
        // Else it starts in HOME as the password file has it.
        command.cwd(self.folder.as_deref().unwrap_or(home.path()));
        for (name, value) in &self.env {
            command.env(name, value);
        }
        let mut child = pair.slave.spawn_command(command).expect("the program starts");
        // Our own handle would keep the reader from ever seeing the end.
        drop(pair.slave);

        let asked = Asked { background: self.background, ..Asked::default() };
        let pid = child.process_id().expect("a running program has a process id");
        let mut reader = pair.master.try_clone_reader().expect("a reader");
        let writer = Arc::new(Mutex::new(pair.master.take_writer().expect("a writer")));
        let watched = Arc::new(Watched {
            state: Mutex::new(State {
                parser: vt100::Parser::new_with_callbacks(self.rows, self.cols, 0, asked),
                bytes: Vec::new(),
                screens: Vec::new(),
                at_end: false,
                status: None,
            }),
            changed: Condvar::new(),
        });

        let (watch, answers, mute) = (watched.clone(), writer.clone(), self.mute);
        std::thread::spawn(move || {
            let mut buffer = [0; 64 * 1024];
            while let Ok(n @ 1..) = reader.read(&mut buffer) {
                let reply = watch.update(|state| state.absorb(&buffer[..n]));
                if !mute && !reply.is_empty() {
                    // The program may have ended since it asked.
                    let _ = answers.lock().expect("no writer panics").write_all(&reply);
                }
            }
            watch.update(|state| state.at_end = true);
        });
        let watch = watched.clone();
        std::thread::spawn(move || {
            let status = child.wait().unwrap_or_else(|_| ExitStatus::with_exit_code(u32::MAX));
            watch.update(|state| state.status = Some(status));
        });

        Terminal { master: pair.master, writer, watched, modes_before, pid, home, patience: self.patience }
    }
}

/// A program running in a terminal. It is killed when this is dropped.
pub struct Terminal {
    master: Box<dyn MasterPty + Send>,
    writer: Arc<Mutex<Box<dyn Write + Send>>>,
    watched: Arc<Watched>,
    /// The line discipline's settings before the program started.
    modes_before: String,
    pid: u32,
    home: TempDir,
    patience: Duration,
}

impl Terminal {
    /// Types.
    pub fn send(&self, keys: &str) {
        let mut writer = self.writer.lock().expect("no writer panics");
        writer
            .write_all(keys.as_bytes())
            .and_then(|()| writer.flush())
            .expect("the program reads its terminal");
    }

    /// Pastes, as a terminal with bracketed paste on does.
    pub fn paste(&self, text: &str) {
        self.send(&format!("\x1b[200~{text}\x1b[201~"));
    }

    /// Makes the window another size, columns first.
    pub fn resize(&self, cols: u16, rows: u16) {
        self.watched.update(|state| state.parser.screen_mut().set_size(rows, cols));
        let size = PtySize { rows, cols, pixel_width: 0, pixel_height: 0 };
        self.master.resize(size).expect("the window takes the size");
    }

    /// Sends a signal by name: `TERM`, `INT`, `HUP`, `TSTP`, `CONT`.
    pub fn signal(&self, name: &str) {
        assert!(kill(name, self.pid), "no signal {name} to process {}", self.pid);
    }

    /// Waits until `text` is on the screen.
    #[track_caller]
    pub fn wait_for(&self, text: &str) {
        self.wait_until(&format!("{text:?} on the screen"), |screen| screen.contents().contains(text));
    }

    /// Waits until the screen is as wanted; `what` says how, in case it never is.
    #[track_caller]
    pub fn wait_until(&self, what: &str, wanted: impl Fn(&Screen) -> bool) {
        self.wait(what, |state| if wanted(state.parser.screen()) { Wait::Met } else { state.over() });
    }

    /// Waits until something was copied by OSC 52 more than `before` times; the newest copy, decoded.
    #[track_caller]
    pub fn wait_for_copy(&self, before: usize) -> String {
        self.wait("a copy by OSC 52", |state| {
            if state.parser.callbacks().copies.len() > before { Wait::Met } else { state.over() }
        });
        self.copies().pop().expect("waited for it")
    }

    /// Waits for the end and every last byte.
    #[track_caller]
    pub fn wait_exit(&self) -> ExitStatus {
        self.wait("the end of the program", |state| {
            if state.status.is_some() && state.at_end { Wait::Met } else { Wait::Unmet }
        });
        self.watched.lock().status.clone().expect("waited for it")
    }

    /// How many bytes the program writes from now on in `time`: 0 of one that is idle as it should be.
    pub fn bytes_within(&self, time: Duration) -> usize {
        let start = self.bytes().len();
        let end = Instant::now() + time;
        let mut state = self.watched.lock();
        while let Some(left) = end.checked_duration_since(Instant::now()).filter(|left| !left.is_zero()) {
            state = self.watched.changed.wait_timeout(state, left).expect("no reader panics").0;
        }
        state.bytes.len() - start
    }

    /// How often the program's threads have woken up so far, by thread.
    #[cfg(target_os = "linux")]
    pub fn wakes(&self) -> std::collections::BTreeMap<OsString, u64> {
        let tasks = std::fs::read_dir(format!("/proc/{}/task", self.pid)).expect("the program runs");
        let wakes = tasks.flatten().filter_map(|task| {
            let status = std::fs::read_to_string(task.path().join("status")).ok()?;
            let line = status.lines().find(|l| l.starts_with("voluntary_ctxt_switches:"))?;
            Some((task.file_name(), line.split_whitespace().nth(1)?.parse().ok()?))
        });
        wakes.collect()
    }

    /// The text on the screen, a line a row, without what trails.
    pub fn screen_text(&self) -> String {
        text(self.watched.lock().parser.screen())
    }

    /// A copy of the screen: cells, colours, cursor, modes.
    pub fn screen(&self) -> Screen {
        self.watched.lock().parser.screen().clone()
    }

    /// Every byte the program ever wrote.
    pub fn bytes(&self) -> Vec<u8> {
        self.watched.lock().bytes.clone()
    }

    /// Every screen that was ever shown, one after the other, as text. A program draws differences, so a word
    /// can stand on the screen that was never written in one piece: look here as well as in the bytes.
    pub fn shown(&self) -> String {
        self.watched.lock().screens.join("\n")
    }

    /// Everything copied by OSC 52, decoded.
    pub fn copies(&self) -> Vec<String> {
        self.watched.lock().parser.callbacks().copies.clone()
    }

    /// Window titles that were set, and how often the bell rang: item data must never do either.
    pub fn titles_and_bells(&self) -> (Vec<String>, usize) {
        let state = self.watched.lock();
        (state.parser.callbacks().titles.clone(), state.parser.callbacks().bells)
    }

    /// The program's home and working directory.
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// What the program left behind that a shell would suffer from; empty if the terminal is as it was.
    pub fn left_behind(&self) -> Vec<String> {
        let screen = self.screen();
        let mouse = screen.mouse_protocol_mode() != vt100::MouseProtocolMode::None;
        let colours = (screen.fgcolor(), screen.bgcolor()) != (vt100::Color::Default, vt100::Color::Default);
        let style =
            screen.bold() || screen.dim() || screen.italic() || screen.underline() || screen.inverse();
        let modes_now = modes(&*self.master);
        [
            (screen.alternate_screen(), "the alternate screen".to_owned()),
            (screen.hide_cursor(), "a hidden cursor".to_owned()),
            (screen.bracketed_paste(), "bracketed paste".to_owned()),
            (screen.application_cursor(), "application cursor keys".to_owned()),
            (mouse, "mouse reports".to_owned()),
            (colours || style, "colours or styles".to_owned()),
            (modes_now != self.modes_before, format!("modes {modes_now}, before {}", self.modes_before)),
        ]
        .into_iter()
        .filter_map(|(left, what)| left.then_some(what))
        .collect()
    }

    #[track_caller]
    fn wait(&self, what: &str, met: impl Fn(&State) -> Wait) {
        let end = Instant::now() + self.patience;
        let mut state = self.watched.lock();
        let why = loop {
            match met(&state) {
                Wait::Met => return,
                Wait::Never => break "the program ended",
                Wait::Unmet => {}
            }
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break "time is up";
            }
            state = self.watched.changed.wait_timeout(state, left).expect("no reader panics").0;
        };
        let (screen, status) = (text(state.parser.screen()), state.status.clone());
        // Panicking with the lock held would poison it for the threads.
        drop(state);
        panic!("waiting for {what}: {why} ({status:?}); the screen:\n{screen}\n(end of the screen)");
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        if self.watched.lock().status.is_none() {
            kill("KILL", self.pid);
        }
    }
}

/// How a wait stands.
enum Wait {
    Met,
    Unmet,
    /// It can no longer be met.
    Never,
}

/// What the reader thread, the waiter thread and the test share.
struct Watched {
    state: Mutex<State>,
    changed: Condvar,
}

impl Watched {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no reader panics")
    }

    fn update<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let result = change(&mut self.lock());
        self.changed.notify_all();
        result
    }
}

struct State {
    parser: vt100::Parser<Asked>,
    bytes: Vec<u8>,
    screens: Vec<String>,
    at_end: bool,
    status: Option<ExitStatus>,
}

impl State {
    /// Takes bytes in; what the terminal answers to them.
    fn absorb(&mut self, bytes: &[u8]) -> Vec<u8> {
        self.bytes.extend_from_slice(bytes);
        self.parser.process(bytes);
        let screen = text(self.parser.screen());
        if self.screens.last() != Some(&screen) {
            self.screens.push(screen);
        }
        std::mem::take(&mut self.parser.callbacks_mut().reply)
    }

    /// Whether there is anything left to wait for.
    fn over(&self) -> Wait {
        if self.status.is_some() && self.at_end { Wait::Never } else { Wait::Unmet }
    }
}

/// What the program asked of the terminal besides drawing.
#[derive(Default)]
struct Asked {
    background: Option<String>,
    reply: Vec<u8>,
    copies: Vec<String>,
    titles: Vec<String>,
    bells: usize,
}

impl vt100::Callbacks for Asked {
    fn audible_bell(&mut self, _: &mut Screen) {
        self.bells += 1;
    }

    fn set_window_title(&mut self, _: &mut Screen, title: &[u8]) {
        self.titles.push(String::from_utf8_lossy(title).into_owned());
    }

    fn copy_to_clipboard(&mut self, _: &mut Screen, _: &[u8], data: &[u8]) {
        let bytes = base64::engine::general_purpose::STANDARD.decode(data).expect("OSC 52 carries base64");
        self.copies.push(String::from_utf8(bytes).expect("text is copied"));
    }

    fn unhandled_osc(&mut self, _: &mut Screen, params: &[&[u8]]) {
        if let (Some(colour), [b"11", b"?"]) = (&self.background, params) {
            self.reply.extend_from_slice(format!("\x1b]11;{colour}\x1b\\").as_bytes());
        }
    }

    fn unhandled_csi(
        &mut self,
        screen: &mut Screen,
        mark: Option<u8>,
        _: Option<u8>,
        params: &[&[u16]],
        end: char,
    ) {
        let first = params.first().and_then(|p| p.first()).copied().unwrap_or(0);
        match (mark, first, end) {
            (None, 5, 'n') => self.reply.extend_from_slice(b"\x1b[0n"),
            (None, 6, 'n') => {
                let (row, col) = screen.cursor_position();
                self.reply.extend_from_slice(format!("\x1b[{};{}R", row + 1, col + 1).as_bytes());
            }
            // A VT220 with colours, as xterm says of itself.
            (None, 0, 'c') => self.reply.extend_from_slice(b"\x1b[?62;22c"),
            (Some(b'>'), 0, 'c') => self.reply.extend_from_slice(b"\x1b[>1;10;0c"),
            _ => {}
        }
    }
}

fn text(screen: &Screen) -> String {
    let (_, cols) = screen.size();
    let rows: Vec<String> = screen.rows(0, cols).map(|row| row.trim_end().to_owned()).collect();
    rows.join("\n").trim_end().to_owned()
}

/// The terminal's modes, to compare and to print.
fn modes(master: &dyn MasterPty) -> String {
    master.get_termios().map(|t| format!("{t:?}")).expect("a pseudo-terminal has modes")
}

/// Signals one process; whether it could. The standard library can only kill.
fn kill(signal: &str, pid: u32) -> bool {
    let line = format!("kill -s {signal} {pid} 2>/dev/null");
    std::process::Command::new("sh").args(["-c", &line]).status().is_ok_and(|s| s.success())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sh(script: &str) -> Start {
        Start::program("sh").args(["-c", script]).patience(Duration::from_secs(10))
    }

    #[test]
    fn it_waits_for_text_and_the_end() {
        let terminal = sh("printf 'name? '; read name; echo \"hello $name\"; exit 3").start();
        terminal.wait_for("name?");
        terminal.send("world\r");
        terminal.wait_for("hello world");
        let status = terminal.wait_exit();
        assert_eq!((status.exit_code(), status.signal()), (3, None));
        assert!(terminal.bytes().windows(11).any(|w| w == b"hello world"));
        assert_eq!(terminal.left_behind(), Vec::<String>::new());
    }

    #[test]
    #[should_panic(expected = "still here")]
    fn time_that_is_up_shows_the_screen() {
        let terminal = sh("echo still here; read x").patience(Duration::from_millis(300)).start();
        terminal.wait_for("never");
    }

    #[test]
    #[should_panic(expected = "the program ended")]
    fn a_wait_does_not_outlive_the_program() {
        sh("echo done").start().wait_for("never");
    }

    #[test]
    fn queries_are_answered_unless_mute() {
        let ask =
            "stty raw -echo; printf 'ab\\033[6n\\033[c'; head -c 15 | od -An -c | tr -d ' \\n'; stty sane";
        let terminal = sh(ask).start();
        terminal.wait_exit();
        assert_eq!(terminal.screen_text(), "ab033[1;3R033[?62;22c");
        let mute =
            sh("stty raw -echo min 0 time 2; printf '\\033[6n'; cat | od -An -c; echo end").mute().start();
        mute.wait_exit();
        assert_eq!(mute.screen_text(), "end");
    }

    #[test]
    fn copies_titles_and_bells_are_noticed() {
        let terminal = sh("printf '\\033]52;c;aGVsbG8=\\a\\033]2;title\\a\\a'").start();
        assert_eq!(terminal.wait_for_copy(0), "hello");
        terminal.wait_exit();
        assert_eq!(terminal.copies(), ["hello"]);
        assert_eq!(terminal.titles_and_bells(), (vec!["title".to_owned()], 1));
    }

    #[test]
    fn what_is_left_behind_is_told() {
        let dirty =
            "stty raw -echo; printf '\\033[?1049h\\033[?25l\\033[?2004h\\033[?1000h\\033[?1h\\033[31m'";
        let terminal = sh(dirty).start();
        terminal.wait_exit();
        let left = terminal.left_behind();
        assert_eq!(left.len(), 7, "{left:?}");
        let clean = sh(&format!(
            "{dirty}; printf '\\033[?1049l\\033[?25h\\033[?2004l\\033[?1000l\\033[?1l\\033[m'; stty sane"
        ));
        let terminal = clean.start();
        terminal.wait_exit();
        // `stty sane` is not quite what was there before.
        let left = terminal.left_behind();
        assert!(left.iter().all(|l| l.starts_with("modes")), "{left:?}");
    }

    #[test]
    fn the_window_has_a_size_that_changes() {
        let script = "trap 'stty size; exit' WINCH; stty size; while :; do read x; done";
        let terminal = sh(script).size(100, 30).start();
        terminal.wait_for("30 100");
        terminal.resize(120, 40);
        terminal.wait_for("40 120");
        let (rows, cols) = terminal.screen().size();
        assert_eq!((cols, rows), (120, 40));
    }

    #[test]
    fn signals_arrive() {
        let terminal =
            sh("trap 'echo terminated; exit 7' TERM; echo ready; while :; do read x; done").start();
        terminal.wait_for("ready");
        terminal.signal("TERM");
        assert_eq!(terminal.wait_exit().exit_code(), 7);
        let terminal = sh("echo ready; read x").start();
        terminal.wait_for("ready");
        terminal.signal("KILL");
        assert_eq!(terminal.wait_exit().signal(), Some("Killed"));
    }

    #[test]
    fn the_environment_and_the_home_are_its_own() {
        let terminal = sh("env | sort; pwd; echo end").env("EXTRA", "yes").size(200, 40).start();
        terminal.wait_for("end");
        let screen = terminal.screen_text();
        let home = terminal.home().to_str().unwrap();
        assert!(screen.contains("EXTRA=yes") && screen.contains(&format!("HOME={home}")), "{screen}");
        assert!(screen.lines().any(|l| l == home), "{screen}");
        assert!(!screen.contains("AWS_") && !screen.contains("CARGO"), "{screen}");
    }

    #[test]
    fn keys_pastes_and_earlier_screens() {
        let terminal = sh("read a; read b; printf '\\033[2J\\033[Hlater'; read c").start();
        terminal.send(&format!("first{}x{}", key::BACKSPACE, key::ENTER));
        terminal.wait_for("firsx");
        terminal.paste("pasted");
        terminal.wait_for("pasted");
        terminal.send(&key::ctrl('m'));
        terminal.wait_for("later");
        assert_eq!(terminal.bytes_within(Duration::from_millis(200)), 0);
        assert!(terminal.shown().contains("firsx") && !terminal.screen_text().contains("firsx"));
        assert!(key::ALL.iter().all(|(_, bytes)| !bytes.is_empty()));
    }
}
