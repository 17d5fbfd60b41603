//! Where text leaves the program: stdout, stderr, and files that only their owner can read.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::fail::Fail;

/// A line on stderr. A closed stderr is nobody's fault.
pub fn complain(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}

/// Text on stdout; a reader that went away (`| head`) is not an error.
pub fn print(text: &str) -> Result<(), Fail> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(e) if e.kind() != io::ErrorKind::BrokenPipe => Err(Fail::unfinished(
            format!("stdout cannot be written: {}", e.kind()),
            "check where it leads to",
        )),
        _ => Ok(()),
    }
}

/// A file to be, readable and writable by its owner alone. It takes its place whole or not at all.
pub struct Private {
    path: PathBuf,
    folder: PathBuf,
}

impl Private {
    /// Makes sure that it can be written, before the work for it begins. Nothing of it is on the disk until then:
    /// whatever ends the program meanwhile leaves nothing behind.
    ///
    /// # Errors
    /// When it is a folder or somebody else's link, or nothing can be written beside it.
    pub fn prepare(path: &Path) -> Result<Self, Fail> {
        let fail = |why: &dyn std::fmt::Display| {
            Fail::usage(format!("{} cannot be written: {why}", path.display()), "choose another --output")
        };
        if is_link_of_others(path) {
            return Err(fail(&"it is a link that somebody else made"));
        }
        match std::fs::metadata(path) {
            Ok(there) if there.is_dir() => return Err(fail(&"it is a folder")),
            // Replacing a device or a pipe by a file would break whoever uses it.
            Ok(there) if !there.is_file() => {
                return Err(fail(&"it is no ordinary file; without --output the report goes to stdout"));
            }
            _ => {}
        }
        // A link stays a link: what it leads to is replaced.
        let path = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_owned();
        // One is made to see that it can be, and is gone again.
        tempfile::NamedTempFile::new_in(&folder).map_err(|e| fail(&e.kind()))?;
        Ok(Self { path, folder })
    }

    /// Writes it; a file that was there is replaced.
    ///
    /// # Errors
    /// When the disk is full, or the place was taken away meanwhile.
    pub fn write(self, text: &str) -> Result<(), Fail> {
        let fail = |e: &io::Error| {
            Fail::unfinished(
                format!("{} cannot be written: {}", self.path.display(), e.kind()),
                "keep the report that was printed instead",
            )
        };
        // tempfile makes its files 0600, and the rename keeps that.
        let mut file = tempfile::NamedTempFile::new_in(&self.folder).map_err(|e| fail(&e))?;
        file.write_all(text.as_bytes()).and_then(|()| file.as_file().sync_all()).map_err(|e| fail(&e))?;
        file.persist(&self.path).map_err(|e| fail(&e.error))?;
        Ok(())
    }
}

/// Whether a path is a link that another user made, as anybody can in /tmp: to follow it would be to write where they
/// want. Those of the system's own (/dev/stderr) are nobody's trap.
#[cfg(unix)]
pub fn is_link_of_others(path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let ours = rustix::process::geteuid().as_raw();
    std::fs::symlink_metadata(path).is_ok_and(|m| m.is_symlink() && is_of_others(m.uid(), ours))
}

/// Whether an owner is neither the one who runs this nor the system.
#[cfg(unix)]
pub fn is_of_others(owner: u32, ours: u32) -> bool {
    owner != ours && owner != 0
}

/// Links have no owner here.
#[cfg(not(unix))]
pub fn is_link_of_others(_path: &Path) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_written_is_known_before() {
        let folder = tempfile::tempdir().expect("a folder");
        for bad in [folder.path().to_owned(), folder.path().join("no/such/folder/r.json")] {
            assert_eq!(Private::prepare(&bad).err().map(|f| f.code()), Some(2), "{}", bad.display());
        }
    }

    #[cfg(unix)]
    #[test]
    fn devices_are_refused_and_links_stay_links() {
        assert_eq!(Private::prepare(Path::new("/dev/null")).err().map(|f| f.code()), Some(2));
        let folder = tempfile::tempdir().expect("a folder");
        let (target, link) = (folder.path().join("target"), folder.path().join("link"));
        std::fs::write(&target, "old").expect("written");
        std::os::unix::fs::symlink(&target, &link).expect("linked");
        Private::prepare(&link).expect("writable").write("new").expect("written");
        assert_eq!(std::fs::read_to_string(&target).expect("there"), "new");
        assert!(link.is_symlink());
    }

    #[cfg(unix)]
    #[test]
    fn links_of_others_are_not_followed() {
        for (owner, ours, expect) in
            [(1000, 1000, false), (0, 1000, false), (1001, 1000, true), (1001, 0, true)]
        {
            assert_eq!(is_of_others(owner, ours), expect, "{owner} for {ours}");
        }
        // Made by root, or by us, as far as this machine has any.
        assert!(!is_link_of_others(Path::new("/proc/self")));
        assert!(!is_link_of_others(Path::new("/no/such/link")));
    }

    #[test]
    fn nothing_is_left_of_a_run_that_was_killed() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = Private::prepare(&folder.path().join("r.json")).expect("writable");
        assert_eq!(std::fs::read_dir(folder.path()).expect("there").count(), 0);
        file.write("{}").expect("written");
        assert_eq!(std::fs::read_dir(folder.path()).expect("there").count(), 1);
    }

    #[test]
    fn a_file_is_there_whole_or_not_at_all() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("r.json");
        let file = Private::prepare(&path).expect("writable");
        assert!(!path.exists());
        file.write("{}").expect("written");
        assert_eq!(std::fs::read_to_string(&path).expect("there"), "{}");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::metadata(&path).expect("there").permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }

    #[test]
    fn a_place_that_went_away_is_an_unfinished_run() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("r.json");
        let file = Private::prepare(&path).expect("writable");
        // Somebody puts a folder there while the scan runs.
        std::fs::create_dir_all(path.join("inside")).expect("made");
        assert_eq!(file.write("{}").err().map(|f| f.code()), Some(3));
    }
}
