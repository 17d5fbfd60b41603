//! The file between two sessions: found, read. What is in it is [`tui::remembered`](crate::tui::Remembered)'s matter.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;

use crate::detect::Redactor;
use crate::tui::{REMEMBERED_LONGEST, Remembered};

/// Where it is; the embedded account has one of its own. `None` where there is no home.
pub fn file(demo: bool) -> Option<PathBuf> {
    let name = if demo { "dynaudit/session-demo.json" } else { "dynaudit/session.json" };
    let base = etcetera::choose_base_strategy().ok()?;
    Some(base.state_dir().unwrap_or_else(|| base.data_dir()).join(name))
}

/// What the last session left; with it what is wrong with the file, which is never a reason not to start.
pub fn load(file: &Path, redactor: &Redactor) -> (Option<Remembered>, Option<String>) {
    let told = |why: String| Some(format!("The last session is not taken up: {}: {why}", file.display()));
    match read(file) {
        Ok(text) => match Remembered::parse(&text, redactor) {
            Ok(remembered) => (Some(remembered), None),
            Err(why) => (None, told(why)),
        },
        Err(e) if e.kind() == io::ErrorKind::NotFound => (None, None),
        Err(e) => (None, told(e.to_string())),
    }
}

fn read(file: &Path) -> io::Result<String> {
    let mut text = String::new();
    let opened = File::open(file)?;
    if !opened.metadata()?.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is no file"));
    }
    opened.take(REMEMBERED_LONGEST as u64 + 1).read_to_string(&mut text)?;
    Ok(text)
}
