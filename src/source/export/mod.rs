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

use std::collections::BTreeSet;
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
/// How the names of files begin or end that are no data: what DynamoDB and those who copy write beside it.
const BESIDE: [&str; 6] = ["manifest-", "_started", "_SUCCESS", ".md5", ".checksum", ".crc"];
/// How many of what is left out are named.
const NAMED: usize = 20;

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
    /// Files beside exports that are in none of their manifests.
    pub beside: usize,
}

/// What is below a folder.
#[derive(Default)]
struct Below {
    seen: usize,
    /// Folders with a manifest.
    folders: Vec<PathBuf>,
    /// Files that may be data.
    data: Vec<PathBuf>,
    /// What was not looked at, and why.
    left_out: Vec<String>,
}

impl Below {
    fn leave_out(&mut self, path: &Path, why: impl std::fmt::Display) {
        self.left_out.push(format!("{}: {why}", path.display()));
    }
}

/// Finds what is in a file or below a folder. `elsewhere` is where a table is taken to be of which no manifest tells it.
///
/// # Errors
/// In words, when there is nothing to read at all.
pub fn find(path: &Path, elsewhere: &Arc<Scope>) -> Result<Found, String> {
    let about = fs::metadata(path).map_err(|e| match e.kind() {
        std::io::ErrorKind::NotFound => String::from("nothing is there"),
        kind => kind.to_string(),
    })?;
    let is_of_manifest = path.file_name().is_some_and(|name| name == SUMMARY || name == manifest::FILES);
    if about.is_file() && !is_of_manifest {
        return Ok(Found {
            exports: vec![loose(path, vec![path.to_owned()], elsewhere)],
            ..Found::default()
        });
    }
    let mut below = Below::default();
    match about.is_dir() {
        true => walk(path, 0, &mut below),
        false if is_of_manifest => below.folders.push(path.parent().unwrap_or(Path::new("")).to_owned()),
        false => return Err(String::from("it is neither a file nor a folder")),
    }
    let Below { mut folders, mut data, left_out, .. } = below;
    let mut found = Found::default();
    if folders.is_empty() {
        if data.is_empty() {
            let why = left_out.first().map(|why| format!("; {why}")).unwrap_or_default();
            return Err(format!("no export and no file of items is in it{why}"));
        }
        data.sort();
        found.exports.push(loose(path, std::mem::take(&mut data), elsewhere));
    }
    let more = left_out.len().saturating_sub(NAMED);
    found.refused.extend(left_out.into_iter().take(NAMED));
    if more > 0 {
        found.refused.push(format!("{more} more links, or what is no file, were not read"));
    }
    folders.sort();
    for folder in folders {
        match manifest::read(&folder) {
            Ok(export) => found.exports.push(export),
            Err(why) => found.refused.push(format!("{}: {why}", folder.display())),
        }
    }
    let files = found.exports.iter().flat_map(|export| &export.files);
    let listed: BTreeSet<&Path> = files.map(|file| file.path.as_path()).collect();
    let is_listed = |path: &PathBuf| {
        let whole = fs::canonicalize(path);
        listed.contains(path.as_path()) || whole.is_ok_and(|whole| listed.contains(whole.as_path()))
    };
    found.beside = data.iter().filter(|path| !is_listed(path)).count();
    Ok(found)
}

fn walk(folder: &Path, depth: usize, below: &mut Below) {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(e) => return below.leave_out(folder, e.kind()),
    };
    let mut inner = Vec::new();
    for entry in entries.flatten() {
        below.seen += 1;
        if below.seen > MOST {
            return below.leave_out(folder, format!("more than {MOST} entries: name a folder below it"));
        }
        let path = entry.path();
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => inner.push(path),
            Ok(kind) if kind.is_file() && entry.file_name() == SUMMARY => {
                below.folders.push(folder.to_owned())
            }
            Ok(kind) if kind.is_file() => below.data.extend(is_data(&path).then_some(path)),
            // A link may lead anywhere, and back.
            Ok(kind) if kind.is_symlink() => below.leave_out(&path, "a link, which is not followed"),
            Ok(_) => below.leave_out(&path, "it is not a regular file"),
            Err(e) => below.leave_out(&path, e.kind()),
        }
    }
    for path in inner {
        if below.seen > MOST {
            return;
        }
        match depth < DEEPEST {
            true => walk(&path, depth + 1, below),
            false => below.leave_out(&path, "it is too deep: name a folder below"),
        }
    }
}

/// Whatever is not known to be something else may hold items.
fn is_data(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    !BESIDE.iter().any(|other| name.starts_with(other) || name.ends_with(other))
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
