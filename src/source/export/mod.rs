//! A table as it lies in files: an export to S3 that was copied here, what the AWS CLI printed, lines of JSON.
//!
//! | file | what |
//! |---|---|
//! | `manifest` | what DynamoDB writes beside the data files of an export, and what it says of them |
//! | `file` | one data file: opened, unpacked, its checksum taken on the way |
//!
//! The layout and the words are those of the Developer Guide, "DynamoDB table export output format".

mod file;
mod manifest;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::domain::{Scope, TableRef};

pub use file::{DataFile, Opened, Verdict};
pub use manifest::{Kind, SUMMARY};

/// How deep exports are looked for below a folder: a bucket, a prefix of some parts, `AWSDynamoDB`, the id.
const DEEPEST: usize = 8;
/// Maximum number of folders and files that are looked at to find them.
const MOST: usize = 200_000;
/// What the data files of a folder without a manifest are called.
const ENDINGS: [&str; 6] = ["json", "jsonl", "ndjson", "gz", "ddb", "txt"];

/// The items of a table in files.
#[derive(Debug)]
pub struct Export {
    /// Which table.
    pub table: TableRef,
    /// What is in its files.
    pub kind: Kind,
    /// The moment that it shows, as its manifest says.
    pub at: Option<String>,
    /// Its data files, in the order of the manifest.
    pub files: Vec<DataFile>,
    /// How many items it has, as its manifest says.
    pub items: Option<u64>,
    /// What is wrong with its manifest; its files are read all the same.
    pub faults: Vec<String>,
}

impl Export {
    /// Whether it is, or may be, less than all items of its table.
    pub fn is_extract(&self) -> bool {
        self.kind != Kind::Full
    }
}

/// What was found in a place.
#[derive(Debug, Default)]
pub struct Found {
    /// What can be read.
    pub exports: Vec<Export>,
    /// What cannot, and why: a table's or a folder's name first.
    pub refused: Vec<String>,
}

/// Finds what is in a file or below a folder. `elsewhere` is where a table is taken to be of which no manifest tells it.
///
/// # Errors
/// In words, when there is nothing to read at all.
pub fn find(path: &Path, elsewhere: &Arc<Scope>) -> Result<Found, String> {
    let about = fs::metadata(path).map_err(|e| e.kind().to_string())?;
    let is_summary = path.file_name().is_some_and(|name| name == SUMMARY);
    if about.is_file() && !is_summary {
        return Ok(Found {
            exports: vec![loose(path, vec![path.to_owned()], elsewhere)],
            ..Found::default()
        });
    }
    if !about.is_dir() && !is_summary {
        return Err(String::from("it is neither a file nor a folder"));
    }
    let mut found = Found::default();
    let (mut folders, mut data) = (Vec::new(), Vec::new());
    if is_summary {
        folders.push(path.parent().unwrap_or(Path::new("")).to_owned());
    } else if !walk(path, 0, &mut 0, &mut folders, &mut data) {
        found.refused.push(format!("{}: more than {MOST} entries: name a folder below it", path.display()));
    }
    if folders.is_empty() {
        if data.is_empty() {
            return Err(String::from("no export and no file of items is in it"));
        }
        data.sort();
        found.exports.push(loose(path, data, elsewhere));
    }
    folders.sort();
    for folder in folders {
        match manifest::read(&folder) {
            Ok(export) => found.exports.push(export),
            Err(why) => found.refused.push(format!("{}: {why}", folder.display())),
        }
    }
    Ok(found)
}

/// The folders with a manifest, and the files that may be data where there is none. False if not all was looked at.
fn walk(
    folder: &Path,
    depth: usize,
    seen: &mut usize,
    folders: &mut Vec<PathBuf>,
    data: &mut Vec<PathBuf>,
) -> bool {
    let Ok(entries) = fs::read_dir(folder) else { return false };
    let mut whole = true;
    let mut below = Vec::new();
    for entry in entries.flatten() {
        *seen += 1;
        if *seen > MOST {
            return false;
        }
        let path = entry.path();
        // A link may lead anywhere, and back.
        let Ok(kind) = entry.file_type() else { continue };
        if kind.is_dir() {
            below.push(path);
        } else if kind.is_file() {
            if entry.file_name() == SUMMARY {
                folders.push(folder.to_owned());
            } else if is_data(&path) {
                data.push(path);
            }
        }
    }
    for path in below {
        whole &= depth < DEEPEST && walk(&path, depth + 1, seen, folders, data);
    }
    whole
}

fn is_data(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let ends = path.extension().and_then(|end| end.to_str()).unwrap_or_default();
    ENDINGS.contains(&ends) && !name.starts_with("manifest-") && !name.starts_with('.')
}

/// Files without a manifest: the table is called as they are.
fn loose(path: &Path, files: Vec<PathBuf>, elsewhere: &Arc<Scope>) -> Export {
    // `.` and `..` have no name until they are followed.
    let whole = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let name = whole.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let mut stem = name.as_str();
    if path.is_file() {
        for end in [".gz", ".json", ".jsonl", ".ndjson"] {
            stem = stem.strip_suffix(end).unwrap_or(stem);
        }
    }
    let stem = if stem.is_empty() { "items" } else { stem };
    let files = files.into_iter().map(|path| DataFile { path, items: None, md5: None }).collect();
    Export {
        table: TableRef::new(elsewhere, stem),
        kind: Kind::Loose,
        at: None,
        files,
        items: None,
        faults: Vec::new(),
    }
}
