//! Journeys of a person who works through the list of findings, in the real binary.

use std::fs;

use tempfile::TempDir;

use crate::e2e::{dynaudit, quits};
use crate::pty::{Terminal, key};

/// The demo in a folder of its own, audited, with its findings on screen.
fn findings(folder: &TempDir) -> Terminal {
    let terminal = dynaudit().args(["demo", "--no-restore"]).in_folder(folder.path()).start();
    for (key, seen) in [("", "Tables (10)"), ("A", "Audit done"), ("F", "Findings (")] {
        terminal.send(key);
        terminal.wait_for(seen);
    }
    terminal
}

/// What `scan` says in a folder, as JSON: how many findings are accepted, and how many groups there are.
fn scanned(folder: &TempDir, args: &[&str]) -> (usize, usize) {
    let output = assert_cmd::Command::new(env!("CARGO_BIN_EXE_dynaudit"))
        .args(["scan", "--demo", "--format", "json"])
        .args(args)
        .current_dir(folder.path())
        .output()
        .expect("it runs");
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let findings = report["findings"].as_array().expect("findings");
    let accepted = findings.iter().filter(|f| !f["accepted"].is_null());
    let accepted: Vec<_> = accepted.collect();
    assert!(accepted.iter().all(|f| f["severity"] == "info"), "{accepted:?}");
    (accepted.len(), report["groups"].as_array().expect("groups").len())
}

#[test]
fn what_is_accepted_in_the_terminal_holds_for_every_run_in_the_folder() {
    let folder = tempfile::tempdir().expect("a folder");
    let (none, before) = scanned(&folder, &[]);
    assert_eq!(none, 0);
    let terminal = findings(&folder);
    terminal.send("t");
    terminal.wait_until("each finding by itself", |s| !s.contents().contains("▸9"));
    terminal.send("z");
    terminal.wait_for("why: ");
    terminal.send("a key of the sandbox\r");
    terminal.wait_for("until: ");
    terminal.send("90d\r");
    terminal.wait_for("Written to dynaudit-accepted.toml");
    terminal.wait_for("1 accepted");
    terminal.send("Z");
    terminal.wait_for("a key of the sandbox");
    let written = fs::read_to_string(folder.path().join("dynaudit-accepted.toml")).expect("there");
    assert!(written.contains("[[allow]]") && written.contains("a key of the sandbox"), "{written}");
    let planted = dynaudit::demo::planted();
    assert!(planted.iter().all(|p| !written.contains(&p.value)), "{written}");
    // It holds for `scan` in the folder, and anywhere where it is given.
    let (one, after) = scanned(&folder, &[]);
    assert_eq!(one, 1);
    assert!(after <= before);
    let other = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("dynaudit-accepted.toml");
    assert_eq!(scanned(&other, &["--allow", file.to_str().expect("UTF-8")]).0, 1);
    assert_eq!(scanned(&other, &[]).0, 0);
    // Asked first, and taken back by the same key.
    terminal.send("zz");
    terminal.wait_for("It counts again");
    quits(&terminal);
    assert_eq!(scanned(&folder, &[]), (0, before));
}

#[test]
fn the_list_is_narrowed_by_keys_that_say_so() {
    let folder = tempfile::tempdir().expect("a folder");
    let terminal = findings(&folder);
    for (keys, seen) in [
        (">", "high and worse"),
        ("c", "secrets only"),
        ("o", "by table"),
        ("b", "a row a table"),
        ("b", "a row a secret"),
        ("b", "secrets only, by table"),
        ("ooo", "secrets only · "),
    ] {
        terminal.send(keys);
        terminal.wait_for(seen);
    }
    // A secret that stands in two tables leads to the other one, and back.
    terminal.send("/notes");
    terminal.send(key::ENTER);
    terminal.wait_for("filter: notes");
    terminal.send("e");
    terminal.wait_for("Where the value of orders notes");
    terminal.wait_for("orders_staging_copy");
    terminal.send(key::ESC);
    terminal.wait_for("filter: notes");
    quits(&terminal);
}

#[test]
fn every_account_and_region_is_audited_by_one_key() {
    let folder = tempfile::tempdir().expect("a folder");
    let terminal = dynaudit().args(["demo", "--no-restore"]).in_folder(folder.path()).start();
    terminal.wait_for("Tables (10)");
    terminal.send("\u{1}");
    terminal.wait_for("accounts and Regions");
    terminal.wait_for("Audit done");
    terminal.send("F");
    terminal.wait_for("everywhere");
    quits(&terminal);
}

/// Nobody named the file of the working folder: without it more is found, and what is wrong with it is said.
#[test]
fn a_file_that_cannot_be_read_or_is_over_is_told_and_keeps_nothing_from_starting() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("dynaudit-accepted.toml");
    let scan = |text: &[u8]| {
        fs::write(&file, text).expect("written");
        let mut command = assert_cmd::Command::new(env!("CARGO_BIN_EXE_dynaudit"));
        let output = command.args(["scan", "--demo", "--no-items"]).current_dir(folder.path()).output();
        let output = output.expect("it runs");
        assert!(String::from_utf8_lossy(&output.stdout).contains("FINDINGS"), "there is a report");
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    let told = scan(b"\xff\xfe");
    assert!(told.contains("dynaudit-accepted.toml") && told.contains("is not UTF-8"), "{told}");
    let over = "[[allow]]\nfinding = 'arn:aws:dynamodb:eu-west-1:111122223333:table/carts#pitr-off'\n\
                reason = 'moved away'\nuntil = 2020-01-01\n";
    let told = scan(over.as_bytes());
    assert!(told.contains("expired on 2020-01-01, so it counts again: moved away"), "{told}");
    // The interface clears the screen, and says it again.
    let terminal = dynaudit().args(["demo", "--no-restore"]).in_folder(folder.path()).start();
    terminal.wait_for("expired on 2020-01-01");
    quits(&terminal);
}
