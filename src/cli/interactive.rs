//! The terminal interface, opened with what the command line said.

use std::io::IsTerminal;
use std::process::ExitCode;

use super::args::{Global, InteractiveOptions};
use super::fail::Fail;

/// Opens it.
pub fn run(_options: &InteractiveOptions, _global: &Global) -> Result<ExitCode, Fail> {
    if !std::io::stdin().is_terminal() || !std::io::stdout().is_terminal() {
        return Err(Fail::usage(
            "the terminal interface needs a terminal",
            "for pipes and CI use `dynaudit scan` (or `dynaudit scan --demo`)",
        ));
    }
    Err(Fail::usage("this build has no terminal interface", "use `dynaudit scan`"))
}
