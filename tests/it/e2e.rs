//! Journeys of a person through the real binary in a terminal.

use std::time::Duration;

use crate::pty::{Start, Terminal, key};

/// The real binary in an 80 by 24 terminal with no account configured.
pub fn dynaudit() -> Start {
    Start::program(env!("CARGO_BIN_EXE_dynaudit"))
}

/// The demo, with its tables on screen.
#[cfg(feature = "demo")]
pub fn demo(env: &[(&str, &str)]) -> Terminal {
    let start = env.iter().fold(dynaudit().args(["demo"]), |start, (name, value)| start.env(name, value));
    let terminal = start.start();
    terminal.wait_for("Tables (10)");
    terminal
}

/// The end by `q`, and nothing left behind.
#[track_caller]
pub fn quits(terminal: &Terminal) {
    terminal.send("q");
    assert_eq!(terminal.wait_exit().exit_code(), 0);
    assert_eq!(terminal.left_behind(), Vec::<String>::new());
}

#[test]
fn help_leaves_the_terminal_as_it_was() {
    let terminal = dynaudit().args(["--help"]).start();
    assert_eq!(terminal.wait_exit().exit_code(), 0);
    assert_eq!(terminal.left_behind(), Vec::<String>::new());
}

#[cfg(feature = "demo")]
mod journeys {
    use super::*;

    /// Seeded secrets of a table that are in the text.
    fn in_clear(table: &str, text: &str) -> usize {
        let planted = dynaudit::demo::planted();
        planted.iter().filter(|p| p.table == table && text.contains(&p.value)).count()
    }

    #[test]
    fn the_demo_opens_without_an_answering_terminal_and_quits() {
        let terminal = dynaudit().args(["demo"]).mute().start();
        terminal.wait_for("api_metadata");
        quits(&terminal);
    }

    #[test]
    fn from_start_to_a_copied_fix_in_at_most_ten_keys() {
        let terminal = demo(&[]);
        // Each key, and what is on the screen only after it.
        let steps = [("A", "Audit done"), ("F", "Findings ("), (key::ENTER, "› finding"), ("y", "(OSC 52)")];
        for (key, seen) in steps {
            terminal.send(key);
            terminal.wait_for(seen);
        }
        let fix = terminal.wait_for_copy(0);
        assert!(fix.contains("aws secretsmanager create-secret"), "{fix}");
        assert_eq!(in_clear("api_metadata", &fix), 0);
        assert!(steps.len() <= 10);
        quits(&terminal);
    }

    #[test]
    fn a_filter_narrows_leads_on_and_goes_away() {
        let terminal = demo(&[]);
        terminal.send("/sess");
        terminal.wait_until("sessions alone", |s| {
            s.contents().contains("▸ sessions") && !s.contents().contains("carts")
        });
        terminal.send(key::ENTER);
        terminal.wait_for("filter: sess");
        terminal.send(key::ENTER);
        terminal.wait_for("sessions › items");
        terminal.send(key::ESC);
        terminal.wait_for("filter: sess");
        terminal.send(key::ESC);
        terminal.wait_for("Tables (10)");
        terminal.wait_for("carts");
        quits(&terminal);
    }

    #[test]
    fn one_value_is_revealed_and_hidden_again() {
        let terminal = demo(&[]);
        terminal.send(key::ENTER);
        terminal.wait_for("all 12 items read");
        terminal.send(key::ENTER);
        terminal.wait_for("› item ›");
        assert_eq!(in_clear("api_metadata", &terminal.shown()), 0);
        terminal.send("x");
        terminal.wait_for("In clear; hidden again");
        assert_eq!(in_clear("api_metadata", &terminal.screen_text()), 1);
        terminal.send("x");
        terminal.wait_until("hidden again", |s| !s.contents().contains("In clear"));
        assert_eq!(in_clear("api_metadata", &terminal.screen_text()), 0);
        quits(&terminal);
    }

    #[test]
    fn a_revealed_value_hides_by_itself() {
        let terminal = demo(&[]);
        terminal.send(key::ENTER);
        terminal.wait_for("all 12 items read");
        terminal.send(key::ENTER);
        terminal.wait_for("› item ›");
        terminal.send("x");
        terminal.wait_for("In clear; hidden again");
        // Ten seconds at most; nobody presses a key.
        terminal.wait_until("hidden by itself", |s| !s.contents().contains("In clear"));
        assert_eq!(in_clear("api_metadata", &terminal.screen_text()), 0);
        quits(&terminal);
    }

    #[test]
    fn no_reveal_reveals_nothing() {
        let terminal = dynaudit().args(["demo", "--no-reveal"]).start();
        terminal.wait_for("Tables (10)");
        terminal.send(key::ENTER);
        terminal.wait_for("all 12 items read");
        terminal.send(key::ENTER);
        terminal.wait_for("› item ›");
        terminal.send("x");
        terminal.wait_for("--no-reveal");
        assert_eq!(in_clear("api_metadata", &terminal.shown()), 0);
        quits(&terminal);
    }

    /// What `y` copies in these surroundings, and whether it is also wrapped for tmux.
    #[track_caller]
    fn check_copy(env: &[(&str, &str)], wrapped: bool) {
        let terminal = demo(env);
        terminal.send("y");
        let arn = terminal.wait_for_copy(0);
        assert_eq!(arn, "arn:aws:dynamodb:eu-west-1:111122223333:table/api_metadata", "{env:?}");
        terminal.wait_for("(OSC 52)");
        let bytes = terminal.bytes();
        let tmux = bytes.windows(14).any(|w| w == b"\x1bPtmux;\x1b\x1b]52;c");
        assert_eq!(tmux, wrapped, "{env:?}");
        quits(&terminal);
    }

    #[test]
    fn a_copy_goes_where_a_terminal_can_take_it() {
        check_copy(&[], false);
        check_copy(&[("SSH_TTY", "/dev/pts/9")], false);
        check_copy(&[("TMUX", "/tmp/tmux-0/default,1,0")], true);
        check_copy(&[("TMUX", "/tmp/tmux-0/default,1,0"), ("SSH_TTY", "/dev/pts/9")], true);
        // A display at the other end of SSH is not the one that the person looks at.
        check_copy(&[("SSH_TTY", "/dev/pts/9"), ("DISPLAY", "localhost:10.0")], false);
        // A display that is not there.
        check_copy(&[("DISPLAY", ":9999")], false);
    }

    #[test]
    fn an_idle_screen_draws_nothing() {
        let terminal = dynaudit().args(["demo"]).start();
        terminal.wait_for("webhooks");
        // What still loads may draw: the first quiet half second counts.
        assert!((0..40).any(|_| terminal.bytes_within(Duration::from_millis(500)) == 0));
        assert_eq!(terminal.bytes_within(Duration::from_secs(1)), 0);
    }

    #[test]
    fn signals_restore_the_terminal() {
        for (signal, code) in [
            ("TERM", 143),
            ("HUP", 129),
            ("INT", 130),
            ("QUIT", 131),
            ("ABRT", 134),
            ("USR1", 138),
            ("ALRM", 142),
        ] {
            let terminal = demo(&[]);
            terminal.signal(signal);
            assert_eq!(terminal.wait_exit().exit_code(), code, "{signal}");
            assert_eq!(terminal.left_behind(), Vec::<String>::new(), "{signal}");
        }
    }

    #[test]
    fn ctrl_c_quits_from_everywhere() {
        for keys in ["", "/", ":", "?", "\r"] {
            let terminal = demo(&[]);
            terminal.send(keys);
            terminal.send(&key::ctrl('c'));
            assert_eq!(terminal.wait_exit().exit_code(), 0, "{keys:?}");
            assert_eq!(terminal.left_behind(), Vec::<String>::new(), "{keys:?}");
        }
    }

    #[test]
    fn resizing_to_almost_nothing_and_back_keeps_the_screen() {
        let terminal = demo(&[]);
        terminal.send(key::DOWN);
        terminal.wait_for("▸ api_tokens");
        terminal.resize(30, 8);
        terminal.wait_for("dynaudit needs 40x12");
        terminal.wait_for("quit with q");
        for (cols, rows) in [(8, 3), (1, 1), (200, 60)] {
            terminal.resize(cols, rows);
        }
        terminal.wait_for("▸ api_tokens");
        // What only a wide screen has room for.
        terminal.wait_for("all findings");
        quits(&terminal);
    }

    #[test]
    fn a_key_that_comes_with_a_change_of_size_is_not_lost() {
        let terminal = demo(&[]);
        for n in 0..4 {
            // Stopped meanwhile, it finds both at once.
            terminal.signal("STOP");
            terminal.resize(100 + n, 30);
            terminal.send("?");
            terminal.signal("CONT");
            terminal.wait_for("Keys on this screen");
            terminal.send(key::ESC);
            terminal.wait_until("the list again", |s| !s.contents().contains("Keys on this screen"));
        }
        quits(&terminal);
    }

    #[test]
    fn ctrl_z_gives_the_shell_its_terminal_and_fg_comes_back() {
        let terminal = Start::program("sh").args(["-i"]).env("PS1", "sh> ").start();
        terminal.wait_for("sh>");
        terminal.send(&format!("{} demo\r", env!("CARGO_BIN_EXE_dynaudit")));
        terminal.wait_for("Tables (10)");
        terminal.send(key::DOWN);
        terminal.wait_for("▸ api_tokens");
        for _ in 0..2 {
            terminal.send(&key::ctrl('z'));
            terminal.wait_until("the shell's screen", |s| {
                !s.alternate_screen() && !s.hide_cursor() && s.contents().trim_end().ends_with("sh>")
            });
            // A shell may set the modes itself: ask what they are.
            terminal.send("clear; stty -a | grep -c -e -icanon -e -echo' '; echo told\r");
            terminal.wait_until("the modes of a shell", |s| s.contents().contains("0\ntold"));
            terminal.send("fg\r");
            terminal.wait_until("the list again", |s| {
                s.alternate_screen() && s.contents().contains("▸ api_tokens")
            });
        }
        terminal.send("q");
        // Keys sent before the prompt is there would go to a program that has ended.
        terminal.wait_until("the shell's screen", |s| {
            !s.alternate_screen() && !s.hide_cursor() && s.contents().trim_end().ends_with("sh>")
        });
        terminal.send("exit\r");
        assert_eq!(terminal.wait_exit().exit_code(), 0);
    }

    #[test]
    fn a_stop_from_elsewhere_gives_the_shell_its_terminal() {
        let terminal = Start::program("sh").args(["-i"]).env("PS1", "sh> ").start();
        terminal.wait_for("sh>");
        let pid = terminal.home().join("pid");
        let program = env!("CARGO_BIN_EXE_dynaudit");
        terminal.send(&format!("sh -c 'echo $$ > {}; exec {program} demo'\r", pid.display()));
        terminal.wait_for("Tables (10)");
        terminal.send(key::DOWN);
        terminal.wait_for("▸ api_tokens");
        let pid = std::fs::read_to_string(pid).unwrap();
        for _ in 0..2 {
            let sent = std::process::Command::new("kill").args(["-s", "TSTP", pid.trim()]).status();
            assert!(sent.unwrap().success());
            terminal.wait_until("the shell's screen", |s| {
                !s.alternate_screen() && !s.hide_cursor() && s.contents().trim_end().ends_with("sh>")
            });
            terminal.send("fg\r");
            terminal.wait_until("the list again", |s| {
                s.alternate_screen() && s.contents().contains("▸ api_tokens")
            });
        }
        terminal.send("q");
        terminal.wait_until("the shell's screen", |s| {
            !s.alternate_screen() && s.contents().trim_end().ends_with("sh>")
        });
        terminal.send("exit\r");
        assert_eq!(terminal.wait_exit().exit_code(), 0);
    }

    /// Nobody would continue what leads its session.
    #[test]
    fn without_a_shell_nothing_stops() {
        let terminal = demo(&[]);
        for signal in ["", "TSTP"] {
            match signal {
                "" => terminal.send(&key::ctrl('z')),
                signal => terminal.signal(signal),
            }
            terminal.send(key::DOWN);
            terminal.wait_for("▸ api_tokens");
            terminal.send(key::UP);
            terminal.wait_for("▸ api_metadata");
        }
        quits(&terminal);
    }

    #[cfg(debug_assertions)]
    #[test]
    fn a_panic_restores_the_terminal_and_tells_the_place_alone() {
        let payload = "attribute-in-clear";
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("log");
        let terminal = dynaudit()
            .args(["demo", "-vv", "--log"])
            .args([&log])
            .env("DYNAUDIT_FORCE_PANIC", payload)
            .env("RUST_BACKTRACE", "full")
            .start();
        terminal.wait_for("Tables (10)");
        terminal.send(&key::ctrl('p'));
        assert_eq!(terminal.wait_exit().exit_code(), 101);
        assert_eq!(terminal.left_behind(), Vec::<String>::new());
        let text = terminal.screen_text();
        assert!(text.contains("failed inside (src/shell/run.rs:"), "{text}");
        assert!(text.contains("Please report"), "{text}");
        let log = std::fs::read_to_string(log).unwrap();
        assert!(log.contains("src/shell/run.rs"), "{log}");
        let bytes = String::from_utf8_lossy(&terminal.bytes()).into_owned();
        for told in [bytes, terminal.shown(), log] {
            assert!(!told.contains(payload), "{told}");
        }
    }
}
