//! What a test needs besides cargo. Missing on a laptop, it is skipped and said so; missing in CI, it fails: `.ci/run`
//! installs it, and a test that never runs holds nothing.

use std::io::Write;

/// Whether a test can go on: `what` is there, or it is said that the test is skipped.
///
/// # Panics
/// In CI (the environment has a `CI` that is not empty), if it is not there.
pub fn needs(what: &str, is_there: bool) -> bool {
    if is_there {
        return true;
    }
    let is_ci = std::env::var_os("CI").is_some_and(|ci| !ci.is_empty());
    assert!(!is_ci, "this test needs {what}, which .ci/run is to install");
    // libtest keeps what print! says of a test that passes to itself, but not what is written to the stream.
    let test = std::thread::current().name().unwrap_or("a test").to_owned();
    let _ = writeln!(std::io::stderr(), "SKIPPED {test}: it needs {what}");
    false
}

/// Whether a program is on the path.
pub fn is_installed(program: &str, version: &str) -> bool {
    std::process::Command::new(program).arg(version).output().is_ok()
}
