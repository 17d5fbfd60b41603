//! `scan --save`: the audit log, written while the audit is made, so that an interrupted one is worth what it holds.

use std::fs::{File, OpenOptions};
use std::io::{self, LineWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;

use super::fail::Fail;
use crate::audit::AuditEvent;
use crate::audit::log::{Finished, Writer};
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
    pub fn begin(path: &Path, detector: &Arc<Detector>, now: Timestamp) -> Result<Self, Fail> {
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
        let redactor = Redactor::from(Arc::clone(detector));
        let writer = Writer::new(Box::new(move |text| redactor.masked(text)), false);
        let head = writer.head(&detector.key_check(), now);
        let mut save = Self { writer, file: LineWriter::new(file), path: path.to_owned(), failed: None };
        save.write(&head);
        Ok(save)
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
