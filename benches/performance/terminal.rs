//! A bare pseudo-terminal that notes when bytes arrive. The driver of the tests keeps every screen, which would be
//! measured as well.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::{Read, Write};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

/// Ends a frame: the end of a synchronized update.
const FRAME_END: &[u8] = b"\x1b[?2026l";

/// No wait is longer.
const PATIENCE: Duration = Duration::from_secs(120);

/// The program, running.
pub struct Terminal {
    _master: Box<dyn MasterPty + Send>,
    writer: Box<dyn Write + Send>,
    child: Box<dyn Child + Send + Sync>,
    arrived: Receiver<(Instant, Vec<u8>)>,
    parser: vt100::Parser,
    _home: Arc<tempfile::TempDir>,
    /// When it was started.
    pub started: Instant,
}

impl Terminal {
    /// Starts the program on an endpoint (or, without one, on its demo) in a terminal of this size, as on its very
    /// first day: nothing is in its home.
    pub fn start(program: &str, args: &[&str], endpoint: Option<&str>, size: (u16, u16)) -> Self {
        Self::start_at(home(), program, args, endpoint, size)
    }

    /// The same in a home that may have been started in before.
    pub fn start_at(
        home: Arc<tempfile::TempDir>,
        program: &str,
        args: &[&str],
        endpoint: Option<&str>,
        (cols, rows): (u16, u16),
    ) -> Self {
        let size = PtySize { rows, cols, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).expect("a pseudo-terminal");
        let mut command = CommandBuilder::new(program);
        command.args(args);
        command.env_clear();
        command.env("HOME", home.path());
        command.cwd(home.path());
        for (name, value) in [
            ("PATH", "/usr/bin:/bin"),
            ("TERM", "xterm-256color"),
            ("LANG", "C.UTF-8"),
            ("AWS_ACCESS_KEY_ID", "made-up"),
            ("AWS_SECRET_ACCESS_KEY", "made-up"),
            ("AWS_REGION", "eu-west-1"),
            ("AWS_EC2_METADATA_DISABLED", "true"),
        ] {
            command.env(name, value);
        }
        if let Some(url) = endpoint {
            command.args(["--endpoint-url", url]);
        }
        let mut reader = pair.master.try_clone_reader().expect("a reader");
        let writer = pair.master.take_writer().expect("a writer");
        let started = Instant::now();
        let child = pair.slave.spawn_command(command).expect("the program starts");
        drop(pair.slave);
        let (send, arrived) = channel();
        std::thread::spawn(move || {
            let mut buffer = [0; 256 * 1024];
            while let Ok(n @ 1..) = reader.read(&mut buffer) {
                if send.send((Instant::now(), buffer[..n].to_vec())).is_err() {
                    return;
                }
            }
        });
        let parser = vt100::Parser::new(rows, cols, 0);
        Self { _master: pair.master, writer, child, arrived, parser, _home: home, started }
    }

    /// Types.
    pub fn send(&mut self, keys: &str) {
        self.writer.write_all(keys.as_bytes()).and_then(|()| self.writer.flush()).expect("it reads");
    }

    /// Waits until a text is on screen; when the bytes that brought it arrived.
    pub fn wait_for(&mut self, text: &str) -> Instant {
        let end = Instant::now() + PATIENCE;
        while Instant::now() < end {
            match self.arrived.recv_timeout(Duration::from_millis(100)) {
                Ok((at, bytes)) => {
                    self.parser.process(&bytes);
                    if self.text().contains(text) {
                        return at;
                    }
                }
                Err(RecvTimeoutError::Timeout) if self.text().contains(text) => return Instant::now(),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        panic!("{text:?} never came; the screen:\n{}", self.text());
    }

    /// What is on screen.
    pub fn text(&self) -> String {
        let (_, cols) = self.parser.screen().size();
        self.parser.screen().rows(0, cols).collect::<Vec<_>>().join("\n")
    }

    /// Presses a key and waits for the end of the next frame; how long that took. `None` if nothing came in
    /// half a second.
    pub fn stroke(&mut self, key: &str) -> Option<Duration> {
        while let Ok((_, bytes)) = self.arrived.try_recv() {
            self.parser.process(&bytes);
        }
        let pressed = Instant::now();
        self.send(key);
        let end = pressed + Duration::from_millis(500);
        let mut tail = Vec::new();
        loop {
            let (at, bytes) =
                self.arrived.recv_timeout(end.saturating_duration_since(Instant::now())).ok()?;
            self.parser.process(&bytes);
            tail.extend_from_slice(&bytes);
            if tail.windows(FRAME_END.len()).any(|w| w == FRAME_END) {
                return Some(at - pressed);
            }
        }
    }

    /// How many bytes come in this time.
    pub fn bytes_within(&mut self, time: Duration) -> usize {
        let end = Instant::now() + time;
        let mut count = 0;
        while let Ok((_, bytes)) = self.arrived.recv_timeout(end.saturating_duration_since(Instant::now())) {
            self.parser.process(&bytes);
            count += bytes.len();
        }
        count
    }

    /// Waits until nothing was written for a while.
    pub fn settle(&mut self) {
        while self.bytes_within(Duration::from_millis(300)) > 0 {}
    }

    /// Resident memory in MB, and at its highest, from `/proc`.
    pub fn memory(&self) -> (f64, f64) {
        let status = self.proc("status");
        let field = |name: &str| -> f64 {
            let line = status.lines().find(|l| l.starts_with(name)).expect("a field of /proc");
            line.split_whitespace().nth(1).and_then(|kb| kb.parse::<f64>().ok()).expect("kilobytes") / 1024.0
        };
        (field("VmRSS:"), field("VmHWM:"))
    }

    /// What the program has done so far, from `/proc`.
    pub fn work(&self) -> Work {
        let stat = self.proc("stat");
        let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
        let ticks = fields[11].parse::<u64>().expect("ticks") + fields[12].parse::<u64>().expect("ticks");
        let tasks = format!("/proc/{}/task", self.pid());
        let wakes = std::fs::read_dir(tasks)
            .expect("the program runs")
            .flatten()
            .filter_map(|task| {
                let status = std::fs::read_to_string(task.path().join("status")).ok()?;
                let line = status.lines().find(|l| l.starts_with("voluntary_ctxt_switches:"))?;
                Some((task.file_name(), line.split_whitespace().nth(1)?.parse::<u64>().ok()?))
            })
            .collect();
        Work { ticks, wakes }
    }

    fn pid(&self) -> u32 {
        self.child.process_id().expect("a running program")
    }

    fn proc(&self, file: &str) -> String {
        std::fs::read_to_string(format!("/proc/{}/{file}", self.pid())).expect("the program runs")
    }
}

/// An empty directory for `HOME`.
pub fn home() -> Arc<tempfile::TempDir> {
    Arc::new(tempfile::tempdir().expect("a directory for HOME"))
}

/// What a program has done up to some time.
pub struct Work {
    /// Processor time in clock ticks, of 10 ms each.
    ticks: u64,
    /// How often each of its threads woke up. A thread that ended is in no later count.
    wakes: BTreeMap<OsString, u64>,
}

impl Work {
    /// Processor time since then.
    pub fn time_since(&self, before: &Self) -> Duration {
        Duration::from_millis((self.ticks - before.ticks) * 10)
    }

    /// How often the threads that still run woke up since then.
    pub fn wakes_since(&self, before: &Self) -> u64 {
        self.wakes.iter().map(|(task, n)| n - before.wakes.get(task).copied().unwrap_or(0)).sum()
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
