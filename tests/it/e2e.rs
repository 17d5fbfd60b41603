//! Journeys of a person through the real binary in a terminal.

use std::time::Duration;

use crate::pty::Start;

/// The real binary in an 80 by 24 terminal with no account configured.
pub fn dynaudit() -> Start {
    Start::program(env!("CARGO_BIN_EXE_dynaudit"))
}

#[test]
fn help_leaves_the_terminal_as_it_was() {
    let terminal = dynaudit().args(["--help"]).start();
    assert_eq!(terminal.wait_exit().exit_code(), 0);
    assert_eq!(terminal.left_behind(), Vec::<String>::new());
}

#[test]
fn the_demo_opens_without_an_answering_terminal_and_quits() {
    let terminal = dynaudit().args(["demo"]).mute().start();
    terminal.wait_for("api_metadata");
    terminal.send("q");
    assert_eq!(terminal.wait_exit().exit_code(), 0);
    assert_eq!(terminal.left_behind(), Vec::<String>::new());
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
    for signal in ["TERM", "HUP", "INT"] {
        let terminal = dynaudit().args(["demo"]).start();
        terminal.wait_for("api_metadata");
        terminal.signal(signal);
        terminal.wait_exit();
        assert_eq!(terminal.left_behind(), Vec::<String>::new(), "{signal}");
    }
}

#[test]
fn resizing_to_almost_nothing_and_back_keeps_the_screen() {
    let terminal = dynaudit().args(["demo"]).start();
    terminal.wait_for("api_metadata");
    for (cols, rows) in [(40, 12), (8, 3), (1, 1), (200, 60)] {
        terminal.resize(cols, rows);
    }
    terminal.wait_for("api_metadata");
    terminal.send("q");
    assert_eq!(terminal.wait_exit().exit_code(), 0);
}
