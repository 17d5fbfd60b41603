//! Journeys of a person through the real binary in a terminal.

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
