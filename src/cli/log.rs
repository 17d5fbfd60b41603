//! The log: off unless a file is named, readable by its owner alone, never any item data.

use std::fs::OpenOptions;
use std::path::Path;
use std::sync::Mutex;

use tracing_subscriber::EnvFilter;

use super::fail::Fail;

/// Starts writing to the file. AWS and HTTP crates stay at warnings: their trace levels log bodies.
pub fn start(file: &Path, verbose: u8) -> Result<(), Fail> {
    let level = ["info", "debug", "trace"][usize::from(verbose.min(2))];
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let opened = options.open(file).map_err(|e| {
        Fail::usage(
            format!("--log {} cannot be written: {}", file.display(), e.kind()),
            "choose another file",
        )
    })?;
    // A file that was there before may have been open to others.
    #[cfg(unix)]
    let _ = opened.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600));
    tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::new(format!("warn,dynaudit={level}")))
        .with_ansi(false)
        .with_writer(Mutex::new(opened))
        .try_init()
        .map_err(|_| Fail::usage("a log is being written already", "name --log once"))
}
