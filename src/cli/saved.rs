//! An audit that `scan --save` wrote, read again.

use std::path::Path;

use jiff::Timestamp;

use super::fail::Fail;
use super::output;
use crate::audit::{Audit, AuditEvent, log};

/// The largest log that is read, in bytes: it is held in memory.
const LARGEST: u64 = 512 << 20;

/// Maximum number of bad lines that are told.
const TOLD: usize = 5;

/// An audit that was saved.
pub struct Saved {
    /// As it was at its end.
    pub audit: Audit,
    /// When that was.
    pub at: Timestamp,
    /// Whether all that was planned was done, and every line of it was read.
    pub is_whole: bool,
}

/// An audit that was saved. `flag` is the option that named it; with `key_check` its fingerprints have
/// to be under that key, since they are compared with others.
pub fn read(file: &Path, flag: &str, key_check: Option<&str>) -> Result<Saved, Fail> {
    let mut audit = Audit::default();
    let frame = each(file, flag, key_check, |event| audit.absorb(event))?;
    tell_bad(file, &frame.bad);
    if frame.finished.is_none() {
        output::complain(&format!(
            "dynaudit: {}: the log ends before its audit did, so that not everything is in it",
            file.display()
        ));
    }
    let at = frame.finished.as_ref().map_or(frame.head.started, |finished| finished.at);
    let is_done = frame.finished.as_ref().is_some_and(|finished| finished.unfinished.is_empty());
    Ok(Saved { audit, at, is_whole: is_done && frame.bad.is_empty() })
}

/// The events of a log, and what stands around them.
///
/// # Errors
/// When it is no log, or its fingerprints were made with another key.
pub fn events(file: &Path, flag: &str, key_check: &str) -> Result<(log::Frame, Vec<AuditEvent>), Fail> {
    let mut events = Vec::new();
    let frame = each(file, flag, Some(key_check), |event| events.push(event))?;
    tell_bad(file, &frame.bad);
    Ok((frame, events))
}

fn each(
    file: &Path,
    flag: &str,
    key_check: Option<&str>,
    take: impl FnMut(AuditEvent),
) -> Result<log::Frame, Fail> {
    let refused = |why: String| Fail::usage(why, "name a log of `scan --save`");
    let text =
        text(file).map_err(|why| refused(format!("{flag} {} cannot be read: {why}", file.display())))?;
    log::each(text.lines(), key_check, take).map_err(|why| match why {
        log::Refused::Key => Fail::usage(
            format!("{flag} {}: {why}", file.display()),
            "give the --key-file or DYNAUDIT_KEY that it was written with",
        ),
        why => refused(format!("{flag} {}: {why}", file.display())),
    })
}

fn tell_bad(file: &Path, all: &[log::BadLine]) {
    for bad in all.iter().take(TOLD) {
        output::complain(&format!("dynaudit: {}, line {}: {}", file.display(), bad.line, bad.why));
    }
    if all.len() > TOLD {
        output::complain(&format!("dynaudit: {}: {} more bad lines", file.display(), all.len() - TOLD));
    }
}

/// The text of a log. A device or a pipe could go on for ever.
fn text(file: &Path) -> Result<String, String> {
    let about = std::fs::metadata(file).map_err(|e| e.to_string())?;
    if !about.is_file() {
        return Err("it is no file".into());
    }
    if about.len() > LARGEST {
        return Err(format!("it is larger than {} MiB", LARGEST >> 20));
    }
    // A line may have been cut within a character: it is bad, and the others are not.
    let bytes = std::fs::read(file).map_err(|e| e.kind().to_string())?;
    Ok(String::from_utf8(bytes).unwrap_or_else(|e| String::from_utf8_lossy(e.as_bytes()).into_owned()))
}
