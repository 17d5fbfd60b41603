//! What DynamoDB writes beside the data files of an export.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use md5::{Digest, Md5};
use serde::Deserialize;
use serde_json::Value;

use super::{DataFile, Export};
use crate::domain::{Arn, Safe, Scope, TableRef};

/// The file that tells an export.
pub const SUMMARY: &str = "manifest-summary.json";
/// The file that lists its data files, one a line.
pub(super) const FILES: &str = "manifest-files.json";

/// The largest summary that is read, in bytes; AWS's has some 800.
const LARGEST_SUMMARY: u64 = 1 << 20;
/// The largest list of files, in bytes: some 250 for each file.
const LARGEST_LIST: u64 = 512 << 20;
/// How many faults of a manifest are kept.
const MOST_FAULTS: usize = 100;
/// The longest line in it, in bytes: a key in S3 has at most 1,024.
const LONGEST_LINE: usize = 16 << 10;

/// What is in the files of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The items of a table at one moment.
    Full,
    /// What changed between two moments: keys, and the items before and after.
    Incremental,
    /// What a filter let through of the items, or a projection of their attributes.
    Filtered,
    /// Files without a manifest: nothing tells whether they are all, and whole.
    Loose,
}

/// The summary, as far as it is used.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Summary {
    table_arn: String,
    export_type: Option<String>,
    output_format: Option<String>,
    item_count: Option<u64>,
    export_time: Option<String>,
    export_to_time: Option<String>,
    /// What else it says. An export may have a filter (API Reference, `FilterSpecification`).
    #[serde(flatten)]
    rest: BTreeMap<String, Value>,
}

/// Whether a member of a summary is that of a filter.
fn is_filter(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["filter", "projection", "keycondition"].iter().any(|word| name.contains(word))
}

/// A line of the list of files.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Listed {
    item_count: Option<u64>,
    md5_checksum: Option<String>,
    data_file_s3_key: String,
}

/// Reads the manifest in a folder.
///
/// # Errors
/// In words, why its export cannot be read.
pub(super) fn read(folder: &Path) -> Result<Export, String> {
    // `.` has no folder above it until it is followed.
    let folder = &fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
    let mut faults = Vec::new();
    let text = text(&folder.join(SUMMARY), LARGEST_SUMMARY)?;
    faults.extend(verified(folder, SUMMARY, &text));
    let summary: Summary =
        serde_json::from_slice(&text).map_err(|e| format!("{SUMMARY}, line {}: not a manifest", e.line()))?;
    let table = table(&summary.table_arn).ok_or_else(|| format!("{SUMMARY}: its tableArn names no table"))?;
    match summary.output_format.as_deref() {
        None | Some("DYNAMODB_JSON") => {}
        Some("ION") => {
            return Err(format!(
                "{table} was exported as Amazon Ion, which is not read; export it as DYNAMODB_JSON"
            ));
        }
        Some(other) => {
            return Err(format!("{table} was exported as {}, which is not known", Safe::neutral(other)));
        }
    }
    let kind = match summary.export_type.as_deref() {
        Some("INCREMENTAL_EXPORT") => Kind::Incremental,
        // What is not known may be less than all.
        Some(other) if other != "FULL_EXPORT" => Kind::Filtered,
        _ if summary.rest.iter().any(|(name, value)| is_filter(name) && !value.is_null()) => Kind::Filtered,
        _ => Kind::Full,
    };
    let list = self::text(&folder.join(FILES), LARGEST_LIST)?;
    faults.extend(verified(folder, FILES, &list));
    let (mut files, mut paths) = (Vec::new(), BTreeSet::new());
    for (n, line) in BufReader::new(list.as_slice()).split(b'\n').map_while(Result::ok).enumerate() {
        if line.trim_ascii().is_empty() {
            continue;
        }
        let read = Some(&line).filter(|line| line.len() <= LONGEST_LINE);
        let listed = read.and_then(|line| serde_json::from_slice::<Listed>(line).ok());
        let fault = match listed.map(|listed| file(folder, listed)) {
            Some(Ok(file)) if paths.insert(file.path.clone()) => {
                files.push(file);
                continue;
            }
            Some(Ok(_)) => "it names a file again",
            Some(Err(why)) => why,
            None => "it names no data file",
        };
        // A list may be damaged in each of a million lines.
        if faults.len() < MOST_FAULTS {
            faults.push(format!("{FILES}, line {}: {fault}", n + 1));
        }
    }
    let at = summary.export_to_time.or(summary.export_time);
    Ok(Export { table, kind, at, files, items: summary.item_count, faults })
}

/// A file of the list. The key is from the root of the bucket: what counts is its last part, looked for where DynamoDB puts
/// data files (a full export has a folder of its own, incremental ones share one).
fn file(folder: &Path, listed: Listed) -> Result<DataFile, &'static str> {
    let name = listed.data_file_s3_key.rsplit('/').next().filter(|name| is_name(name));
    let name = name.ok_or("it names no data file")?;
    let above = folder.parent().unwrap_or(Path::new(""));
    let places: [PathBuf; 3] = [folder.join("data"), above.join("data"), folder.to_owned()];
    let found = places.iter().map(|place| place.join(name)).find(|path| path.is_file());
    let path = found.unwrap_or_else(|| places[0].join(name));
    let decoded = |sum: String| STANDARD.decode(sum).ok().and_then(|sum| sum.try_into().ok());
    match (listed.md5_checksum.map(decoded), listed.item_count) {
        (Some(None), _) => Err("its checksum is not valid base64"),
        (None, None) => Err("it says nothing of its file"),
        (md5, items) => Ok(DataFile { path, items, md5: md5.flatten() }),
    }
}

/// Whether it is a file's name and nothing but that.
fn is_name(name: &str) -> bool {
    !matches!(name, "" | "." | "..") && !name.contains(['\\', '\0'])
}

/// The table of an ARN that can be one.
fn table(arn: &str) -> Option<TableRef> {
    let arn = Arn::parse(arn).filter(|arn| arn.service == "dynamodb")?;
    let name = arn.resource.strip_prefix("table/")?;
    let of_name = |b: u8| b.is_ascii_alphanumeric() || b"_.-".contains(&b);
    let is_name = (1..=255).contains(&name.len()) && name.bytes().all(of_name);
    let plain = |text: &str| text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    let is_place = plain(&arn.account) && plain(&arn.region) && plain(&arn.partition);
    let scope =
        Scope { partition: arn.partition.clone(), account: arn.account, region: arn.region, endpoint: None };
    (is_name && is_place).then(|| TableRef::new(&Arc::new(scope), name))
}

/// What a checksum beside a file says against it. The documentation calls such files `.checksum`; in buckets they end in `.md5`.
fn verified(folder: &Path, name: &str, text: &[u8]) -> Option<String> {
    let stem = name.strip_suffix(".json").unwrap_or(name);
    let beside = ["md5", "checksum"].map(|end| folder.join(format!("{stem}.{end}")));
    let path = beside.iter().find(|path| path.exists())?;
    let Ok(sum) = self::text(path, 4096) else {
        return Some(format!("the checksum of {name} cannot be read"));
    };
    let sum = String::from_utf8_lossy(&sum);
    let sum = sum.trim().trim_matches('"');
    let own = Md5::digest(text);
    let hex: String = own.iter().map(|byte| format!("{byte:02x}")).collect();
    let is_it = sum == STANDARD.encode(own) || sum.eq_ignore_ascii_case(&hex);
    (!is_it).then(|| format!("{name} is damaged: its checksum is not that of its bytes"))
}

/// A file, if it is one and no larger.
fn text(path: &Path, largest: u64) -> Result<Vec<u8>, String> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let fail = |why: &dyn std::fmt::Display| format!("{name} cannot be read: {why}");
    let about = fs::metadata(path).map_err(|e| fail(&e.kind()))?;
    if !about.is_file() {
        return Err(fail(&"it is no file"));
    }
    if about.len() > largest {
        return Err(fail(&format_args!("it is larger than {} MiB", largest >> 20)));
    }
    let mut text = Vec::new();
    File::open(path)
        .and_then(|file| file.take(largest).read_to_end(&mut text))
        .map_err(|e| fail(&e.kind()))?;
    Ok(text)
}
