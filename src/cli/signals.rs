//! Signals that end a run: what was found by then is printed. CI systems end what takes too long with SIGTERM.

use std::sync::Arc;

use super::fail::UNFINISHED;
use super::headless::Stop;
use crate::report::Cause;

/// Listens for them: the first ends the run with its report, the second Ctrl-C ends the program.
pub fn listen(stop: &Arc<Stop>) {
    let interrupted = Arc::clone(stop);
    tokio::spawn(async move {
        while tokio::signal::ctrl_c().await.is_ok() {
            if interrupted.is_set() {
                std::process::exit(i32::from(UNFINISHED));
            }
            interrupted.because(Cause::Interrupted, "it was interrupted (Ctrl-C)");
        }
    });
    #[cfg(unix)]
    {
        use tokio::signal::unix::SignalKind;
        end_by(stop, SignalKind::terminate(), "it was ended by SIGTERM");
        // Under nohup a run is to outlive its terminal.
        if !hangup_is_ignored() {
            end_by(stop, SignalKind::hangup(), "it was ended by SIGHUP");
        }
    }
}

#[cfg(unix)]
fn end_by(stop: &Arc<Stop>, kind: tokio::signal::unix::SignalKind, said: &'static str) {
    let stop = Arc::clone(stop);
    // At once, not when the task first runs: a signal may come before.
    let Ok(mut signal) = tokio::signal::unix::signal(kind) else { return };
    tokio::spawn(async move {
        while signal.recv().await.is_some() {
            stop.because(Cause::Interrupted, said);
        }
    });
}

/// Whether this process was started with SIGHUP ignored; where it cannot be told, it was not.
#[cfg(unix)]
fn hangup_is_ignored() -> bool {
    std::fs::read_to_string("/proc/self/status").is_ok_and(|status| ignores_hangup(&status))
}

/// Reads the mask of ignored signals, in which bit n - 1 is signal n (proc_pid_status(5), `SigIgn`).
#[cfg(unix)]
fn ignores_hangup(status: &str) -> bool {
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).is_some_and(|mask| mask & 1 == 1)
}

#[cfg(all(test, unix))]
mod tests {
    use super::ignores_hangup;

    #[test]
    fn the_mask_of_ignored_signals() {
        let check = |mask: &str, expect: bool| {
            assert_eq!(ignores_hangup(&format!("Name:\tx\nSigIgn:\t{mask}\n")), expect, "{mask}");
        };
        check("0000000000001000", false);
        check("0000000000001001", true);
        check("nonsense", false);
        assert!(!ignores_hangup(""));
    }
}
