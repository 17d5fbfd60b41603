//! Writing a fix to a file, and where the session was.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Writes text to a new file in the current directory that only its owner can read.
///
/// # Errors
/// Whatever the file system says; a file of that name that exists already is never overwritten, another
/// number is tried.
pub fn save(name: &str, text: &str) -> io::Result<PathBuf> {
    let name: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || "._-".contains(c) { c } else { '_' }).collect();
    let name = name.trim_start_matches(['.', '-']);
    let (stem, ending) = name.rsplit_once('.').unwrap_or((name, "txt"));
    for n in 0..100 {
        let path =
            PathBuf::from(if n == 0 { format!("{stem}.{ending}") } else { format!("{stem}-{n}.{ending}") });
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        match options.open(&path) {
            Ok(mut file) => {
                file.write_all(text.as_bytes())?;
                return Ok(path);
            }
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {}
            Err(e) => return Err(e),
        }
    }
    Err(io::Error::new(
        io::ErrorKind::AlreadyExists,
        format!("{stem}.{ending} and a hundred more exist already"),
    ))
}

/// Replaces a file as a whole, or not at all; only its owner can read it. Its directories are made.
///
/// # Errors
/// Whatever the file system says.
pub fn replace(file: &Path, text: &str) -> io::Result<()> {
    let folder = file.parent().ok_or(io::ErrorKind::InvalidInput)?;
    std::fs::create_dir_all(folder)?;
    // Made with mode 0600, beside the file, so that the rename stays on one file system.
    let mut fresh = tempfile::NamedTempFile::new_in(folder)?;
    fresh.write_all(text.as_bytes())?;
    fresh.persist(file)?;
    Ok(())
}
