//! `scan --export`: exports to S3 as they lie on a disk, in whatever state they are; shares of them, put together.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;
use md5::{Digest, Md5};
use serde_json::{Value, json};
use tempfile::TempDir;

/// An export on a disk.
struct Exported {
    folder: TempDir,
}

fn gzip(text: &str) -> Vec<u8> {
    let mut out = GzEncoder::new(Vec::new(), Compression::fast());
    out.write_all(text.as_bytes()).expect("in memory");
    out.finish().expect("in memory")
}

fn sum(bytes: &[u8]) -> String {
    STANDARD.encode(Md5::digest(bytes))
}

/// Made up, and put together here: a token of npm in every tenth item.
fn item(n: usize) -> Value {
    let mut item = json!({
        "pk": { "S": format!("USER#{n:05}") },
        "name": { "S": "Kim" },
        "tags": { "SS": ["a", "b"] },
        "more": { "M": { "list": { "L": [{ "N": "1" }, { "NULL": true }] } } },
    });
    if n.is_multiple_of(10) {
        let digits = format!("{:036}", (n as u128 + 7).wrapping_pow(9) % 10_u128.pow(36));
        let letters = digits
            .bytes()
            .enumerate()
            .map(|(at, b)| char::from(if at % 3 == 0 { b'a' + (b - b'0') * 2 } else { b }));
        let token = ["npm", "_", &letters.collect::<String>()].concat();
        item["npm_token"] = json!({ "S": token });
    }
    item
}

impl Exported {
    /// This many files of this many items each.
    fn new(files: usize, items: usize, incremental: bool) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let id = "01693685827463-2d8752fd";
        let root = folder.path().join("bucket/AWSDynamoDB");
        let manifest = root.join(id);
        let data = if incremental { root.join("data") } else { manifest.join("data") };
        fs::create_dir_all(&data).expect("made");
        fs::create_dir_all(&manifest).expect("made");
        let mut list = String::new();
        for file in 0..files {
            let line = |n: usize| match incremental {
                false => json!({ "Item": item(n) }),
                true => json!({
                    "Metadata": { "WriteTimestampMicros": { "N": "1680109764000000" } },
                    "Keys": { "pk": item(n)["pk"] },
                    "NewImage": item(n),
                    "OldImage": item(n + 1),
                }),
            };
            let text: String = (file * items..(file + 1) * items).map(|n| format!("{}\n", line(n))).collect();
            let bytes = gzip(&text);
            let name = format!("file{file:04}.json.gz");
            fs::write(data.join(&name), &bytes).expect("written");
            let key = match incremental {
                false => format!("AWSDynamoDB/{id}/data/{name}"),
                true => format!("AWSDynamoDB/data/{name}"),
            };
            let row = json!({ "itemCount": items, "md5Checksum": sum(&bytes), "etag": "x-1", "dataFileS3Key": key });
            list.push_str(&format!("{row}\n"));
        }
        let summary = json!({
            "version": "2023-08-01",
            "exportArn": format!("arn:aws:dynamodb:us-east-1:123456789012:table/ProductCatalog/export/{id}"),
            "tableArn": "arn:aws:dynamodb:us-east-1:123456789012:table/ProductCatalog",
            "exportTime": "2023-08-20T20:08:13.000Z",
            "itemCount": files * items,
            "outputFormat": "DYNAMODB_JSON",
            "exportType": if incremental { "INCREMENTAL_EXPORT" } else { "FULL_EXPORT" },
        })
        .to_string();
        for (name, text) in [("manifest-summary", &summary), ("manifest-files", &list)] {
            fs::write(manifest.join(format!("{name}.json")), text).expect("written");
            fs::write(manifest.join(format!("{name}.md5")), sum(text.as_bytes())).expect("written");
        }
        fs::write(manifest.join("_started"), "").expect("written");
        Self { folder }
    }

    fn manifest(&self) -> PathBuf {
        self.folder.path().join("bucket/AWSDynamoDB/01693685827463-2d8752fd")
    }

    fn data(&self, file: usize) -> PathBuf {
        self.manifest().join(format!("data/file{file:04}.json.gz"))
    }

    /// Changes a file of the manifest, and its checksum with it.
    fn change(&self, name: &str, from: &str, to: &str) {
        let path = self.manifest().join(format!("{name}.json"));
        let text = fs::read_to_string(&path).expect("there").replace(from, to);
        fs::write(&path, &text).expect("written");
        fs::write(path.with_extension("md5"), sum(text.as_bytes())).expect("written");
    }
}

const KEY: &str = "a fingerprint key for tests";

fn dynaudit(args: &[&str]) -> assert_cmd::Command {
    let mut command = assert_cmd::Command::new(env!("CARGO_BIN_EXE_dynaudit"));
    command.args(args).env_clear().env("DYNAUDIT_KEY", KEY);
    command
}

/// A scan of what is in a folder: its exit code, its report, and what it said.
fn scan(path: &Path, more: &[&str]) -> (i32, Value, String) {
    let path = path.to_str().expect("ours");
    let output =
        dynaudit(&["scan", "--format", "json", "--export", path]).args(more).output().expect("it runs");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    (
        output.status.code().expect("it ended"),
        serde_json::from_slice(&output.stdout).unwrap_or_default(),
        said,
    )
}

fn table(report: &Value) -> &Value {
    &report["coverage"]["tables"][0]
}

/// How many items were read, how often the token was seen, and the words of why it is not complete.
#[track_caller]
fn check(path: &Path, items: u64, seen: u64, unfinished: &[&str]) {
    let (code, report, said) = scan(path, &["--key-schema", "pk"]);
    assert_eq!(table(&report)["items_read"], items, "{said}");
    let sightings: u64 = report["findings"]
        .as_array()
        .expect("a list")
        .iter()
        .filter(|f| f["rule"] == "npm-token")
        .filter_map(|f| f["sightings"].as_u64())
        .sum();
    assert_eq!(sightings, seen, "{report}");
    let told: Vec<&str> = report["coverage"]["unfinished"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(Value::as_str)
        .collect();
    for says in unfinished {
        assert!(told.iter().any(|t| t.contains(says)), "{says}: {told:?}");
    }
    assert_eq!(code == 3, !unfinished.is_empty(), "exit {code}: {told:?}");
}

#[test]
fn a_full_export_is_read_from_wherever_one_points() {
    let export = Exported::new(4, 50, false);
    for place in [
        "",
        "bucket",
        "bucket/AWSDynamoDB",
        "bucket/AWSDynamoDB/01693685827463-2d8752fd/manifest-summary.json",
    ] {
        check(&export.folder.path().join(place), 200, 20, &[]);
    }
    // Its data alone: nothing tells what table it is of, and nothing is compared.
    check(&export.manifest().join("data"), 200, 20, &[]);
    check(&export.data(0), 50, 5, &[]);
    let (_, report, _) = scan(export.folder.path(), &["--key-schema", "pk"]);
    let finding = &report["findings"][0];
    let id = finding["id"].as_str().expect("an id");
    assert!(id.starts_with("arn:aws:dynamodb:us-east-1:123456789012:table/ProductCatalog#"), "{id}");
    assert_eq!(finding["items"][0], "USER#00000");
    let unseen = report["coverage"]["unseen"].to_string();
    assert!(unseen.contains("settings-not-read") && unseen.contains("2023-08-20"), "{unseen}");
}

#[test]
fn an_incremental_export_is_read_before_and_after() {
    let export = Exported::new(2, 50, true);
    // Each line is two items: ten tokens in those before, and as many in those after.
    check(export.folder.path(), 200, 20, &[]);
    // Without the folder that such exports share, all of it lacks, and where it is is said.
    let (code, report, _) = scan(&export.manifest(), &[]);
    assert_eq!(code, 0, "{report}");
    fs::rename(export.manifest().join("../data"), export.manifest().join("../elsewhere")).expect("moved");
    let (code, report, _) = scan(&export.manifest(), &[]);
    assert!(code == 3 && report.to_string().contains("copy AWSDynamoDB/data as well"), "{report}");
}

#[test]
fn what_is_not_the_whole_table_is_never_called_so() {
    let outcome = |path: &Path| table(&scan(path, &[]).1)["outcome"].clone();
    let full = Exported::new(2, 10, false);
    assert_eq!(outcome(full.folder.path()), "whole");
    assert_eq!(outcome(&full.manifest().join("data")), "extract");
    assert_eq!(outcome(Exported::new(2, 10, true).folder.path()), "extract");
    let filtered = Exported::new(2, 10, false);
    filtered.change("manifest-summary", "\"itemCount\"", "\"filterSpecification\":{},\"itemCount\"");
    assert_eq!(outcome(filtered.folder.path()), "extract");
    let lacking = Exported::new(2, 10, false);
    lacking.change("manifest-summary", "\"itemCount\":20", "\"itemCount\":30");
    let (code, report, _) = scan(lacking.folder.path(), &[]);
    assert!(code == 3 && report.to_string().contains("has 20 items, and the summary 30"), "{report}");
}

#[test]
fn a_key_that_no_item_has_is_said() {
    let export = Exported::new(1, 10, false);
    let (_, _, said) = scan(export.folder.path(), &["--key-schema", "id"]);
    assert!(said.contains("no item of ProductCatalog has the attribute id"), "{said}");
    let (_, _, said) = scan(export.folder.path(), &["--key-schema", "pk"]);
    assert!(!said.contains("has the attribute"), "{said}");
}

#[test]
fn what_is_damaged_is_named_and_the_rest_is_read() {
    let cut = Exported::new(3, 50, false);
    let whole = fs::read(cut.data(1)).expect("there");
    fs::write(cut.data(1), &whole[..whole.len() / 2]).expect("written");
    let (code, report, _) = scan(cut.folder.path(), &[]);
    assert!(table(&report)["items_read"].as_u64().is_some_and(|n| (100..150).contains(&n)), "{report}");
    let told = report["coverage"]["unfinished"].to_string();
    assert!(code == 3 && told.contains("file0001.json.gz: it is damaged: its gzip"), "{told}");

    let gone = Exported::new(3, 50, false);
    fs::remove_file(gone.data(2)).expect("there");
    check(gone.folder.path(), 100, 10, &["file0002.json.gz: it is not there"]);

    let other = Exported::new(3, 50, false);
    fs::write(other.data(0), gzip(&format!("{}\n", json!({ "Item": item(0) })))).expect("written");
    check(other.folder.path(), 101, 11, &["file0000.json.gz: it is damaged: its MD5"]);

    let broken = Exported::new(1, 50, false);
    fs::write(broken.data(0), gzip(&format!("{}\n{{\"Item\":{{\"pk\"\n", json!({ "Item": item(0) }))))
        .expect("written");
    check(broken.folder.path(), 2, 1, &["1 item of ProductCatalog: not inspected"]);

    let listed = Exported::new(2, 50, false);
    let list = listed.manifest().join("manifest-files.json");
    fs::write(&list, fs::read_to_string(&list).expect("there").replace("50", "51")).expect("written");
    check(listed.folder.path(), 100, 10, &["manifest-files.json is damaged: its checksum"]);
}

#[test]
fn a_manifest_that_lies_leads_nowhere_else() {
    let outside = tempfile::tempdir().expect("a folder");
    let secret = outside.path().join("other.json.gz");
    fs::write(&secret, gzip(&format!("{}\n", json!({ "Item": item(0) })))).expect("written");
    let export = Exported::new(1, 10, false);
    let up = format!("../../../../../../..{}", secret.display());
    export.change("manifest-files", "AWSDynamoDB/01693685827463-2d8752fd/data/file0000.json.gz", &up);
    check(export.folder.path(), 0, 0, &["other.json.gz: it is not there"]);
    let named = Exported::new(1, 10, false);
    named.change("manifest-summary", "table/ProductCatalog\"", "table/../x\"");
    let (code, _, said) = scan(named.folder.path(), &[]);
    assert!(code == 2 && said.contains("its tableArn names no table"), "{code}: {said}");
}

#[test]
fn what_cannot_be_read_says_what_to_do() {
    let ion = Exported::new(1, 10, false);
    ion.change("manifest-summary", "DYNAMODB_JSON", "ION");
    let (code, _, said) = scan(ion.folder.path(), &[]);
    assert!(code == 2 && said.contains("Amazon Ion") && said.contains("next:"), "{code}: {said}");
    let empty = tempfile::tempdir().expect("a folder");
    for (path, says) in
        [(empty.path().to_owned(), "no export"), (empty.path().join("no"), "nothing is there")]
    {
        let (code, _, said) = scan(&path, &[]);
        assert!(code == 2 && said.contains(says), "{code}: {said}");
    }
}

#[test]
fn shares_put_together_are_the_whole() {
    let export = Exported::new(7, 30, false);
    let path = export.folder.path();
    let (whole_code, whole, _) = scan(path, &["--key-schema", "pk"]);
    let logs: Vec<PathBuf> = (1..=3).map(|n| path.join(format!("share{n}.log"))).collect();
    for (n, log) in logs.iter().enumerate() {
        let shard = format!("{}/3", n + 1);
        let log = log.to_str().expect("ours");
        let (code, report, said) = scan(path, &["--key-schema", "pk", "--shard", &shard, "--save", log]);
        assert_eq!(table(&report)["outcome"], "share", "{code}: {said}");
    }
    let merged = |logs: &[&Path]| {
        let output = dynaudit(&["merge", "--format", "json"]).args(logs).output().expect("it runs");
        let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
        (output.status.code(), report, String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let (code, all, said) = merged(&[&logs[2], &logs[0], &logs[1]]);
    assert_eq!(code, Some(whole_code), "{said}");
    for what in ["findings", "groups", "grades", "by_severity", "grade"] {
        assert_eq!(all[what], whole[what], "{what}");
    }
    assert_eq!(table(&all), table(&whole));
    // A shard that was ended and begun again: its first log says nothing more.
    let text = fs::read_to_string(&logs[0]).expect("saved");
    let killed = path.join("killed.log");
    let cut: Vec<&str> = text.lines().filter(|line| !line.starts_with("{\"finished\"")).collect();
    // It is another run, begun before.
    let earlier = cut[..cut.len() - 1].join("\n").replacen("\"started\":\"2", "\"started\":\"1", 1);
    fs::write(&killed, earlier).expect("written");
    let (code, all, said) = merged(&[&killed, &logs[2], &logs[0], &logs[1]]);
    assert_eq!((code, &all["findings"]), (Some(whole_code), &whole["findings"]), "{said}");
    assert!(said.contains("killed.log is left out"), "{said}");
    // What lacks is said; what is there twice is refused.
    let (code, two, _) = merged(&[&logs[0], &logs[1]]);
    assert!(
        code == Some(3) && two["coverage"]["unfinished"].to_string().contains("share 3 of 3 is missing"),
        "{two}"
    );
    let (code, _, said) = merged(&[&logs[0], &logs[0]]);
    assert!(code == Some(2) && said.contains("are logs of the same run"), "{said}");
    // A line that is lost, or there twice, is noticed.
    let lines: Vec<&str> = text.lines().collect();
    let items = lines.iter().position(|line| line.starts_with("{\"items\"")).expect("some were read");
    for lost in [true, false] {
        let mut changed = lines.clone();
        if lost {
            changed.remove(items);
        } else {
            changed.insert(items, lines[items]);
        }
        let damaged = path.join("damaged.log");
        fs::write(&damaged, changed.join("\n")).expect("written");
        let (code, _, said) = merged(&[&damaged, &logs[1], &logs[2]]);
        assert!(code == Some(3) && said.contains("it counts other items"), "{said}");
    }
    // Shares of another export are none of this one.
    let other = Exported::new(6, 30, false);
    let log = path.join("other.log");
    scan(other.folder.path(), &["--shard", "3/3", "--save", log.to_str().expect("ours")]);
    let (code, _, said) = merged(&[&logs[0], &logs[1], &log]);
    assert!(code == Some(2) && said.contains("are shares of different files"), "{said}");
}

#[test]
fn what_is_not_followed_is_said() {
    let folder = tempfile::tempdir().expect("a folder");
    let line = |n: usize| format!("{}\n", json!({ "Item": item(n) }));
    // Whatever a file is called, it may hold items.
    fs::write(folder.path().join("part-0001"), line(0)).expect("written");
    fs::write(folder.path().join("more.JSON"), line(10)).expect("written");
    fs::write(folder.path().join("_SUCCESS"), "").expect("written");
    check(folder.path(), 2, 2, &[]);
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("part-0001", folder.path().join("link.json")).expect("linked");
        check(folder.path(), 2, 2, &["a link, which is not followed"]);
    }
    // Beside an export it is told, and is no part of it.
    let export = Exported::new(1, 10, false);
    fs::write(export.folder.path().join("bucket/dump.json"), line(0)).expect("written");
    check(export.folder.path(), 10, 1, &[]);
    let (_, report, said) = scan(export.folder.path(), &[]);
    assert!(
        said.contains("1 file is beside the exports") && report.to_string().contains("in no manifest"),
        "{said}"
    );
}

#[test]
fn a_manifest_that_says_less_than_it_should_is_a_fault() {
    let no_sum = Exported::new(1, 10, false);
    let list = fs::read_to_string(no_sum.manifest().join("manifest-files.json")).expect("there");
    let row: Value = serde_json::from_str(list.trim()).expect("JSON");
    let sum = row["md5Checksum"].as_str().expect("a text");
    no_sum.change("manifest-files", sum, "not base64!");
    check(no_sum.folder.path(), 0, 0, &["its checksum is not valid base64"]);
    let twice = Exported::new(1, 10, false);
    twice.change("manifest-files", &list, &format!("{list}{list}"));
    let again = fs::read_to_string(twice.manifest().join("manifest-files.json")).expect("there");
    twice.change("manifest-files", &again, &format!("{again}{again}"));
    check(twice.folder.path(), 10, 1, &["it names a file again"]);
}

#[test]
fn a_job_array_says_which_share_it_is() {
    let export = Exported::new(4, 10, false);
    let share = |env: &[(&str, &str)], key: bool| {
        let path = export.folder.path().to_str().expect("ours");
        let mut command = dynaudit(&["scan", "--format", "json", "--export", path]);
        if !key {
            command.env_remove("DYNAUDIT_KEY").env("HOME", export.folder.path());
        }
        let output = command.envs(env.iter().copied()).output().expect("it runs");
        let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
        (table(&report)["items_read"].as_u64(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let batch = [("AWS_BATCH_JOB_ARRAY_INDEX", "1"), ("AWS_BATCH_JOB_ARRAY_SIZE", "4")];
    let (items, said) = share(&batch, true);
    assert!(items == Some(10) && said.contains("share 2 of 4"), "{items:?}: {said}");
    let indexed = [("JOB_COMPLETION_INDEX", "0"), ("DYNAUDIT_SHARDS", "2")];
    assert_eq!(share(&indexed, true).0, Some(20));
    assert_eq!(share(&[("JOB_COMPLETION_INDEX", "0")], true).0, Some(40));
    let (items, said) = share(&batch, false);
    assert!(items.is_none() && said.contains("fingerprint key"), "{said}");
}

/// A dump of all memory would hold what was read.
#[cfg(target_os = "linux")]
#[test]
fn nothing_is_dumped() {
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_dynaudit"))
        .arg("inspect")
        .env("DYNAUDIT_KEY", KEY)
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn()
        .expect("it runs");
    let limits = format!("/proc/{}/limits", child.id());
    let until = std::time::Instant::now() + std::time::Duration::from_secs(20);
    let told = loop {
        let told = fs::read_to_string(&limits).unwrap_or_default();
        let line =
            told.lines().find(|line| line.starts_with("Max core file size")).unwrap_or_default().to_owned();
        let fields: Vec<&str> = line.split_whitespace().collect();
        if fields.get(4..6) == Some(&["0", "0"]) || std::time::Instant::now() > until {
            break line;
        }
        std::thread::yield_now();
    };
    child.kill().expect("ours");
    child.wait().expect("ours");
    assert!(told.split_whitespace().eq(["Max", "core", "file", "size", "0", "0", "bytes"]), "{told}");
}

/// The whole of an export, gzip and all, passes without its text being held: as much memory for ten times as many items.
#[cfg(target_os = "linux")]
#[test]
fn memory_does_not_grow_with_the_export() {
    let peak = |files: usize| {
        let export = Exported::new(files, 20_000, false);
        let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_dynaudit"))
            .args(["scan", "--export"])
            .arg(export.folder.path())
            .env("DYNAUDIT_KEY", KEY)
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .expect("it runs");
        let status = format!("/proc/{}/status", child.id());
        let mut peak = 0;
        while child.try_wait().expect("ours").is_none() {
            let told = fs::read_to_string(&status).unwrap_or_default();
            let high = told.lines().find_map(|line| line.strip_prefix("VmHWM:"));
            let kib = high.and_then(|high| high.trim().split(' ').next()?.parse::<u64>().ok());
            peak = peak.max(kib.unwrap_or(0));
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        peak
    };
    let (small, large) = (peak(2), peak(12));
    assert!(large < small + 24 * 1024, "{small} KiB for two files, {large} KiB for twelve");
}
