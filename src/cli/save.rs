//! `scan --save`: the audit log, written while the audit is made, so that an interrupted one is worth what it holds.

use std::fs::{File, OpenOptions};
use std::io::{self, LineWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::fail::Fail;
use crate::audit::AuditEvent;
use crate::audit::log::{Finished, Head, Writer};
use crate::detect::{Detector, Redactor};
use crate::domain::Safe;
use crate::report::Run;

/// A log that is being written.
pub struct Save {
    writer: Writer,
    file: LineWriter<File>,
    path: PathBuf,
    /// Why nothing was written any more.
    failed: Option<io::Error>,
}

impl Save {
    /// Makes the file, readable by its owner alone, with the first line in it.
    ///
    /// # Errors
    /// When there is something of that name already: a saved audit is never replaced.
    pub fn begin(path: &Path, detector: &Arc<Detector>, head: Head) -> Result<Self, Fail> {
        let fail = |e: &io::Error| match e.kind() {
            io::ErrorKind::AlreadyExists => Fail::usage(
                format!(
                    "--save {}: the file is there already, and a saved audit is not replaced",
                    path.display()
                ),
                "name another file",
            ),
            kind => Fail::usage(
                format!("--save {} cannot be written: {kind}", path.display()),
                "name another file",
            ),
        };
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(path).map_err(|e| fail(&e))?;
        let mut save = Self::into(file, path, detector);
        save.write(&save.writer.head(head));
        Ok(save)
    }

    /// Goes on with a log, of which these events are kept. It is replaced whole: whatever ends the program now or later, the
    /// old log or the new one is there.
    ///
    /// # Errors
    /// When nothing can be written beside it.
    pub fn resume(
        path: &Path,
        detector: &Arc<Detector>,
        head: &Head,
        events: &[AuditEvent],
    ) -> Result<Self, Fail> {
        let fail = |e: &io::Error| {
            Fail::usage(
                format!("--resume {} cannot be written: {}", path.display(), e.kind()),
                "copy it to where you can write",
            )
        };
        // A link stays a link: what it leads to is replaced.
        let path = &std::fs::canonicalize(path).map_err(|e| fail(&e))?;
        let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        // tempfile makes its files 0600.
        let new = tempfile::NamedTempFile::new_in(folder).map_err(|e| fail(&e))?;
        let mut save = Self::into(new.as_file().try_clone().map_err(|e| fail(&e))?, path, detector);
        save.write(&save.writer.head(head.clone()));
        events.iter().for_each(|event| save.record(event));
        if let Some(e) = &save.failed {
            return Err(fail(e));
        }
        new.as_file().sync_all().map_err(|e| fail(&e))?;
        new.persist(path).map_err(|e| fail(&e.error))?;
        Ok(save)
    }

    fn into(file: File, path: &Path, detector: &Arc<Detector>) -> Self {
        let redactor = Redactor::from(Arc::clone(detector));
        let writer = Writer::new(Box::new(move |text| redactor.masked(text)), false);
        Self { writer, file: LineWriter::new(file), path: path.to_owned(), failed: None }
    }

    /// Writes what happened.
    pub fn record(&mut self, event: &AuditEvent) {
        let text = self.writer.event(event);
        self.write(&text);
    }

    /// Writes the last line.
    ///
    /// # Errors
    /// When the file could not be written to its end.
    pub fn end(mut self, run: &Run) -> Result<(), Fail> {
        let unfinished = run.unfinished().map(|u| Safe::neutral(&u.said)).collect();
        let last = self.writer.finished(Finished { at: run.finished, spent: run.spent, unfinished });
        self.write(&last);
        let Some(e) = self.failed else { return Ok(()) };
        Err(Fail::unfinished(
            format!("--save {} could not be written to its end: {}", self.path.display(), e.kind()),
            "make room and scan again; the report above is whole",
        ))
    }

    fn write(&mut self, text: &str) {
        if self.failed.is_none() {
            self.failed = self.file.write_all(text.as_bytes()).and_then(|()| self.file.flush()).err();
        }
    }
}
