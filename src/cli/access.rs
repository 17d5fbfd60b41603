//! `dynaudit access`: who can read a table, and why.

use std::process::ExitCode;

use super::args::AccessQuestion;
use super::fail::Fail;

mod explain;
mod files;

/// Runs it.
pub fn run(question: &AccessQuestion) -> Result<ExitCode, Fail> {
    match question {
        AccessQuestion::Explain(args) => explain::run(args),
    }
}
