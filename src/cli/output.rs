//! Where text leaves the program: stdout, stderr, and files that only their owner can read.

use std::io::{self, Write};
use std::path::Path;

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

/// A whole file or none of it, readable and writable by its owner alone.
pub fn write_private(path: &Path, text: &str) -> Result<(), Fail> {
    let fail = |e: &io::Error| {
        Fail::usage(format!("{} cannot be written: {}", path.display(), e.kind()), "choose another --output")
    };
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // tempfile makes its files 0600, and the rename keeps that.
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(|e| fail(&e))?;
    file.write_all(text.as_bytes()).and_then(|()| file.as_file().sync_all()).map_err(|e| fail(&e))?;
    file.persist(path).map_err(|e| fail(&e.error))?;
    Ok(())
}
