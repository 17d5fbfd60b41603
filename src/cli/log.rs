//! The log: off unless a file is named, readable by its owner alone, never any item data.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;
use std::sync::Mutex;

use tracing_subscriber::EnvFilter;

use super::fail::Fail;
use super::output::{complain, is_link_of_others};

/// Starts writing to the file. AWS and HTTP crates stay at warnings: their trace levels log bodies.
pub fn start(file: &Path, verbose: u8) -> Result<(), Fail> {
    let level = ["info", "debug", "trace"][usize::from(verbose.min(2))];
    let opened = open(file)?;
    tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::new(format!("warn,dynaudit={level}")))
        .with_ansi(false)
        .with_writer(Mutex::new(Quiet { file: opened, name: file.display().to_string(), failed: false }))
        .log_internal_errors(false)
        .try_init()
        .map_err(|_| Fail::usage("a log is being written already", "name --log once"))
}

/// The file of the log. That it cannot be written is said once: a full disk must not fill the screen as well.
struct Quiet {
    file: File,
    name: String,
    failed: bool,
}

impl Write for Quiet {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if !self.failed
            && let Err(e) = self.file.write_all(bytes)
        {
            self.failed = true;
            complain(&format!(
                "dynaudit: --log {} cannot be written: {}; there is no log from here on",
                self.name,
                e.kind()
            ));
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.failed { Ok(()) } else { self.file.flush() }
    }
}

/// Opens the file to append to it. What is there is never replaced: a device or a pipe may be named as well.
fn open(file: &Path) -> Result<File, Fail> {
    let refused = |why: &dyn std::fmt::Display| {
        Fail::usage(format!("--log {} cannot be written: {why}", file.display()), "choose another file")
    };
    if file.is_dir() {
        return Err(refused(&"it is a directory"));
    }
    if is_link_of_others(file) {
        return Err(refused(&"it is a link that somebody else made"));
    }
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
        // What is no link now must be none when it is opened, either.
        if !file.is_symlink() {
            options.custom_flags(libc::O_NOFOLLOW);
        }
    }
    let opened = options.open(file).map_err(|e| refused(&e.kind()))?;
    #[cfg(unix)]
    {
        let found = opened.metadata().map_err(|e| refused(&e.kind()))?;
        if found.is_file() && !ours(&found) {
            return Err(refused(&"it is somebody else's file"));
        }
        close_to_others(&opened).map_err(|e| refused(&e.kind()))?;
    }
    Ok(opened)
}

/// A file of ours that was there before may have been open to others. The mode of a device, or of a file of
/// someone else, is not ours to change.
#[cfg(unix)]
fn close_to_others(opened: &File) -> std::io::Result<()> {
    if ours(&opened.metadata()?) {
        opened.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    }
    Ok(())
}

#[cfg(unix)]
fn ours(found: &std::fs::Metadata) -> bool {
    found.is_file() && std::os::unix::fs::MetadataExt::uid(found) == rustix::process::geteuid().as_raw()
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_file_of_ours_is_kept_and_closed_to_others() {
        let dir = tempfile::tempdir().expect("a directory");
        let file = dir.path().join("log");
        std::fs::write(&file, "before").expect("written");
        std::fs::set_permissions(&file, PermissionsExt::from_mode(0o644)).expect("ours");
        let mut log = open(&file).unwrap_or_else(|e| panic!("{e}"));
        log.write_all(b" and after").expect("written");
        assert_eq!(std::fs::read(&file).expect("there"), b"before and after");
        let mode = std::fs::metadata(&file).expect("there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn a_directory_is_refused() {
        let dir = tempfile::tempdir().expect("a directory");
        let Err(refused) = open(dir.path()) else { panic!("taken") };
        assert!(refused.to_string().ends_with("cannot be written: it is a directory"), "{refused}");
    }

    #[test]
    fn a_log_of_ours_may_be_reached_through_a_link_of_ours() {
        let dir = tempfile::tempdir().expect("a directory");
        let (file, link) = (dir.path().join("log"), dir.path().join("link"));
        std::fs::write(&file, "").expect("written");
        std::os::unix::fs::symlink(&file, &link).expect("linked");
        assert!(open(&link).is_ok());
    }

    #[test]
    fn a_device_keeps_its_mode() {
        let device = Path::new("/dev/null");
        let before = std::fs::metadata(device).expect("there");
        assert!(!ours(&before));
        assert!(open(device).is_ok());
        assert_eq!(std::fs::metadata(device).expect("there").permissions(), before.permissions());
    }
}
