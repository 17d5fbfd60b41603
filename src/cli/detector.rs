//! The detector of a command: its fingerprint key, and what a person allows.

use std::fs::File;
use std::io::Read;

use jiff::Timestamp;

use super::args::Global;
use super::fail::Fail;
use super::key;
use super::output::complain;
use crate::detect::{AllowList, Detector};
use crate::domain::Safe;

/// A longer allow-list is some other file.
const MOST: u64 = 1 << 20;

/// Made from the options. What is wrong with an entry of an allow-list is said, and the rest applies; a file that cannot
/// be read is an error.
pub fn choose(demo: bool, global: &Global, now: Timestamp) -> Result<Detector, Fail> {
    let mut allow = AllowList::default();
    for file in &global.allow {
        let fail = |why: &dyn std::fmt::Display| {
            Fail::usage(format!("--allow {} cannot be read: {why}", file.display()), "check the path")
        };
        let mut text = String::new();
        let read = File::open(file).and_then(|f| f.take(MOST + 1).read_to_string(&mut text));
        read.map_err(|e| fail(&e.kind()))?;
        if text.len() as u64 > MOST {
            return Err(fail(&"it is longer than 1 MiB"));
        }
        for told in allow.add(&file.display().to_string(), &text, now) {
            complain(&format!("dynaudit: {}", Safe::neutral(&told.to_string())));
        }
    }
    Ok(Detector::new(key::choose(demo, global)?).allowing(allow))
}
