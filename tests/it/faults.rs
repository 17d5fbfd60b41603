//! The embedded account with everything that can go wrong: no panic, no hang, nothing lost that a retry saves, every gap said,
//! the budget kept.

use std::time::{Duration, Instant};

use serde_json::Value;

/// Long enough for a loaded machine, and far below what a hang would be.
const PATIENCE: Duration = Duration::from_secs(120);

/// A scan of the embedded account with these faults: its exit code and its report.
#[track_caller]
fn scan(faults: &[&str], more: &[&str]) -> (i32, Value) {
    let began = Instant::now();
    let mut command = assert_cmd::Command::new(env!("CARGO_BIN_EXE_dynaudit"));
    command.args(["scan", "--demo", "--format", "json"]).args(more).env_remove("AWS_PROFILE");
    for fault in faults {
        command.args(["--fault", fault]);
    }
    let output = command.timeout(PATIENCE).output().expect("it ends");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!said.contains("panicked"), "{faults:?}: {said}");
    assert!(began.elapsed() < PATIENCE, "{faults:?} took {:?}", began.elapsed());
    let code = output.status.code().expect("no signal ended it");
    let report =
        serde_json::from_slice(&output.stdout).unwrap_or_else(|e| panic!("{faults:?}: {code}, {e}: {said}"));
    (code, report)
}

fn secrets(report: &Value) -> Vec<&str> {
    let findings = report["findings"].as_array().expect("a list");
    findings.iter().filter(|f| f["kind"] == "secret").filter_map(|f| f["id"].as_str()).collect()
}

#[test]
fn what_a_retry_saves_is_not_lost() {
    let (_, whole) = scan(&["throttle=0"], &[]);
    assert!(secrets(&whole).len() > 40, "{} secrets", secrets(&whole).len());
    for faults in [&["throttle=0.5@Scan"][..], &["slow=20ms"], &["throttle=0.2@Scan", "slow=5ms"]] {
        let (_, report) = scan(faults, &[]);
        assert_eq!(secrets(&report), secrets(&whole), "{faults:?}");
        assert_eq!(report["coverage"]["unfinished"], whole["coverage"]["unfinished"], "{faults:?}");
    }
}

/// Each fault on every answer, on some, and on those of Scan alone: what was not seen is said, and is why the run is not complete.
#[test]
fn every_gap_is_said() {
    let (_, whole) = scan(&["throttle=0"], &[]);
    let all = secrets(&whole);
    for fault in [
        "error",
        "truncate",
        "deny",
        "unsupported",
        "empty-body",
        "null-members",
        "expired",
        "hang-up",
        "wrong-checksum",
        "corrupt",
        "repeated-key",
        "deleted",
    ] {
        for faults in [&[format!("{fault}@Scan")][..], &[format!("{fault}=0.3@Scan")]] {
            let faults: Vec<&str> = faults.iter().map(String::as_str).collect();
            let (code, report) = scan(&faults, &["--no-iam"]);
            let lost = all.iter().filter(|id| !secrets(&report).contains(id)).count();
            let unfinished = report["coverage"]["unfinished"].as_array().expect("a list");
            let is_of_whole = |u: &&Value| u.as_str().is_some_and(|u| u.contains("fully decoded"));
            let of_items = unfinished.iter().filter(|u| !is_of_whole(u)).count();
            // A wrong byte may be one in a text, which no checksum tells if it was made of that.
            let may_be_unseen = fault == "corrupt" || fault == "repeated-key";
            assert!(lost == 0 || of_items > 0 || may_be_unseen, "{faults:?}: {lost} lost without a word");
            assert!(unfinished.is_empty() || code == 3, "{faults:?}: exit {code}");
            assert!(report["coverage"]["spent_rcu"].as_f64().expect("a number") <= 1000.0, "{faults:?}");
        }
    }
}

#[test]
fn all_at_once_still_ends() {
    let faults = [
        "slow=5ms",
        "throttle=0.1",
        "error=0.1",
        "truncate=0.1",
        "wrong-checksum=0.1",
        "corrupt=0.1",
        "empty-page=0.1",
        "repeated-key=0.1",
        "hang-up=0.05",
        "deny=0.05",
        "null-members=0.05",
    ];
    let (code, report) = scan(&faults, &["--full", "--budget", "400"]);
    assert_eq!(code, 3);
    assert!(!report["coverage"]["unfinished"].as_array().expect("a list").is_empty());
}

#[test]
fn a_fault_that_there_is_not_is_refused() {
    for wrong in ["no-such", "throttle=7", "slow=fast"] {
        let output = assert_cmd::Command::new(env!("CARGO_BIN_EXE_dynaudit"))
            .args(["scan", "--demo", "--fault", wrong])
            .output()
            .expect("it runs");
        assert_eq!(output.status.code(), Some(2), "{wrong}");
        assert!(String::from_utf8_lossy(&output.stderr).contains("--fault"), "{wrong}");
    }
}
