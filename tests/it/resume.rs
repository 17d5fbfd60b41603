//! `scan --resume`: killed at any moment, a run goes on, and finds what one in one go finds.

#[path = "../../benches/performance/canned.rs"]
#[allow(dead_code, reason = "the benchmark asks it for more")]
mod canned;

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use canned::{Account, Canned};
use serde_json::Value;

const KEY: &str = "a fingerprint key for tests";

fn dynaudit(canned: &Canned, args: &[&str], log: Option<(&str, &Path)>) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dynaudit"));
    command.args(["scan", "--no-iam", "--format", "json", "--endpoint-url", &canned.url]).args(args);
    if let Some((option, log)) = log {
        command.arg(option).arg(log);
    }
    command
        .env_clear()
        .env("AWS_ACCESS_KEY_ID", "not-a-key")
        .env("AWS_SECRET_ACCESS_KEY", "not-a-secret")
        .env("AWS_REGION", "eu-west-1")
        .env("DYNAUDIT_KEY", KEY)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

fn report(mut command: Command) -> Value {
    let output = command.output().expect("it runs");
    let said = String::from_utf8_lossy(&output.stderr);
    serde_json::from_slice(&output.stdout).unwrap_or_else(|e| panic!("{e}: {said}"))
}

/// What two runs must have in common.
fn found(report: &Value) -> [&Value; 5] {
    let coverage = &report["coverage"];
    [&report["findings"], &report["groups"], &report["grades"], &coverage["totals"], &coverage["unfinished"]]
}

#[test]
fn killed_at_any_moment_it_goes_on_and_finds_the_same() {
    let account = Account {
        tables: 3,
        items: 600,
        item_bytes: 1000,
        leak_every: 40,
        // So many that each is read in parts.
        claimed: 400 << 20,
        page: Duration::from_millis(8),
        ..Account::default()
    };
    let canned = Canned::start(account);
    let whole = report(dynaudit(&canned, &["--full"], None));
    let folder = tempfile::tempdir().expect("a folder");
    let mut read = 0;
    for (n, millis) in [0, 60, 120, 180, 240, 300, 360, 420].into_iter().enumerate() {
        let log = folder.path().join(format!("{n}.log"));
        let mut first = dynaudit(&canned, &["--full"], Some(("--save", &log))).spawn().expect("it runs");
        // Not before there is a log: until then there is nothing to go on with.
        while fs::metadata(&log).map_or(0, |about| about.len()) == 0 {
            std::thread::sleep(Duration::from_millis(2));
        }
        std::thread::sleep(Duration::from_millis(millis));
        first.kill().expect("ours");
        first.wait().expect("ours");
        let before = canned.scans();
        let resumed = report(dynaudit(&canned, &[], Some(("--resume", &log))));
        read += canned.scans() - before;
        assert_eq!(found(&resumed), found(&whole), "after {millis} ms");
        // The log is now that of one run: read once more, nothing is left to do.
        let before = canned.scans();
        let again = report(dynaudit(&canned, &[], Some(("--resume", &log))));
        assert_eq!((found(&again), canned.scans()), (found(&whole), before));
    }
    let parts = canned.scans();
    assert!(read < parts, "{read} of {parts} pages were read again");
}

#[test]
fn a_log_holds_no_place_to_go_on_at() {
    let account = Account {
        tables: 1,
        items: 300,
        item_bytes: 1000,
        leak_every: 40,
        claimed: 400 << 20,
        ..Account::default()
    };
    let canned = Canned::start(account);
    let folder = tempfile::tempdir().expect("a folder");
    let log = folder.path().join("a.log");
    report(dynaudit(&canned, &["--full"], Some(("--save", &log))));
    let text = fs::read_to_string(&log).expect("saved");
    let parts = text.lines().filter(|line| line.starts_with("{\"part\":")).count();
    assert!(parts > 20, "{parts} parts");
    assert!(!text.contains("LastEvaluatedKey") && !text.contains("carrier parcel"), "{text}");
    // Keys stand only where something was seen, as in every report.
    assert!(text.contains("i000000040") && !text.contains("i000000041"));
}

#[test]
fn what_cannot_be_resumed_is_refused_with_a_reason() {
    let canned = Canned::start(Account { tables: 1, items: 3, item_bytes: 100, ..Account::default() });
    let folder = tempfile::tempdir().expect("a folder");
    let settings = folder.path().join("settings.log");
    report(dynaudit(&canned, &["--no-items"], Some(("--save", &settings))));
    let no_log = folder.path().join("no.log");
    fs::write(&no_log, "{}").expect("written");
    let whole = folder.path().join("whole.log");
    report(dynaudit(&canned, &["--full"], Some(("--save", &whole))));
    for (log, key, says) in [
        (&settings, KEY, "read no items"),
        (&no_log, KEY, "not an audit log"),
        (&whole, "another key of sixteen", "another key"),
        (&folder.path().join("gone.log"), KEY, "cannot be read"),
    ] {
        let output = dynaudit(&canned, &[], Some(("--resume", log)))
            .env("DYNAUDIT_KEY", key)
            .output()
            .expect("it runs");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains(says), "{said}");
    }
}

#[test]
fn a_log_with_damaged_lines_is_not_gone_on_with() {
    let account = Account {
        tables: 1,
        items: 300,
        item_bytes: 1000,
        leak_every: 40,
        claimed: 400 << 20,
        ..Account::default()
    };
    let canned = Canned::start(account);
    let folder = tempfile::tempdir().expect("a folder");
    let log = folder.path().join("a.log");
    report(dynaudit(&canned, &["--full"], Some(("--save", &log))));
    let text = fs::read_to_string(&log).expect("saved");
    let lines: Vec<&str> = text.lines().collect();
    let at = lines.iter().position(|line| line.starts_with("{\"items\"")).expect("some were read");
    let mut lost = lines.clone();
    lost.remove(at);
    let mut twice = lines.clone();
    twice.insert(at, lines[at]);
    let mut cut = lines.clone();
    cut[at] = &lines[at][..40];
    let absurd = text.replace("\"of\":25", "\"of\":4294967295");
    for changed in [lost.join("\n"), twice.join("\n"), cut.join("\n"), absurd] {
        fs::write(&log, &changed).expect("written");
        let output = dynaudit(&canned, &[], Some(("--resume", &log))).output().expect("it runs");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.code() == Some(2) && said.contains("cannot be relied on"), "{said}");
        assert_eq!(fs::read_to_string(&log).expect("there"), changed);
    }
    // All parts were read, and that the table ended was not written any more.
    let ended = text.find("{\"ended\"").expect("it ended");
    fs::write(&log, &text[..ended]).expect("written");
    let before = canned.scans();
    let resumed = report(dynaudit(&canned, &[], Some(("--resume", &log))));
    assert_eq!(resumed["coverage"]["tables"][0]["outcome"], "whole");
    assert_eq!(
        (&resumed["coverage"]["tables"][0]["items_read"], canned.scans()),
        (&Value::from(300), before)
    );
    // What a kill does is no damage, wherever in a line it was.
    let end = text.find("\u{2022}").expect("something is masked") + 1;
    fs::write(&log, &text.as_bytes()[..end]).expect("written");
    let resumed = report(dynaudit(&canned, &[], Some(("--resume", &log))));
    assert_eq!(resumed["coverage"]["tables"][0]["items_read"], 300);
}

#[test]
fn a_table_that_is_gone_is_a_gap() {
    let account = Account {
        tables: 2,
        items: 300,
        item_bytes: 1000,
        claimed: 400 << 20,
        page: Duration::from_millis(10),
        ..Account::default()
    };
    let canned = Canned::start(account);
    let folder = tempfile::tempdir().expect("a folder");
    let log = folder.path().join("a.log");
    let mut first = dynaudit(&canned, &["--full"], Some(("--save", &log))).spawn().expect("it runs");
    let has_parts = || fs::read_to_string(&log).is_ok_and(|text| text.matches("{\"part\":").count() > 8);
    while !has_parts() {
        std::thread::sleep(Duration::from_millis(2));
    }
    first.kill().expect("ours");
    first.wait().expect("ours");
    let resumed = report(dynaudit(&canned, &["--table", "t000001"], Some(("--resume", &log))));
    let unfinished = resumed["coverage"]["unfinished"].to_string();
    assert!(unfinished.contains("not in the list of tables any more"), "{unfinished}");
}

#[test]
fn a_budget_is_that_of_the_whole_run() {
    let account = Account { tables: 1, items: 30_000, item_bytes: 1000, ..Account::default() };
    let canned = Canned::start(account);
    let folder = tempfile::tempdir().expect("a folder");
    let log = folder.path().join("a.log");
    report(dynaudit(&canned, &["--full", "--budget", "300"], Some(("--save", &log))));
    // What it spent is spent, though nothing of it came to its end.
    let output = dynaudit(&canned, &[], Some(("--resume", &log))).output().expect("it runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.code() == Some(2) && said.contains("its budget of 300 RCU is used up"), "{said}");
    let more = report(dynaudit(&canned, &["--budget", "9000"], Some(("--resume", &log))));
    assert_eq!(more["coverage"]["tables"][0]["outcome"], "whole");
    let number = |name: &str| more["coverage"][name].as_f64().expect("a number");
    assert!(
        number("spent_rcu") > 3_700.0 && number("spent_rcu") <= number("budget_rcu"),
        "{}",
        more["coverage"]
    );
}

#[test]
fn a_log_of_another_place_is_refused_before_it_is_touched() {
    let account = Account { tables: 1, items: 30, item_bytes: 100, ..Account::default() };
    let (here, elsewhere) = (Canned::start(account), Canned::start(account));
    let folder = tempfile::tempdir().expect("a folder");
    let log = folder.path().join("a.log");
    report(dynaudit(&here, &["--full"], Some(("--save", &log))));
    let before = fs::read(&log).expect("saved");
    let output = dynaudit(&elsewhere, &[], Some(("--resume", &log))).output().expect("it runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.code() == Some(2) && said.contains("what was opened is"), "{said}");
    assert_eq!((fs::read(&log).expect("there"), elsewhere.scans()), (before, 0));
}

#[test]
fn a_run_that_was_saved_says_how_to_go_on() {
    let account = Account { tables: 1, items: 60_000, item_bytes: 1000, ..Account::default() };
    let canned = Canned::start(account);
    let folder = tempfile::tempdir().expect("a folder");
    let mut child = Command::new(env!("CARGO_BIN_EXE_dynaudit"));
    let again = folder.path().join("b.log");
    child.args(["scan", "--no-iam", "--full", "--endpoint-url", &canned.url, "--save"]).arg(&again);
    child.env_clear().env("AWS_ACCESS_KEY_ID", "not-a-key").env("AWS_SECRET_ACCESS_KEY", "not-a-secret");
    child.env("AWS_REGION", "eu-west-1").env("DYNAUDIT_KEY", KEY).args(["--budget", "200"]);
    let output = child.output().expect("it runs");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(text.contains(&format!("dynaudit scan --resume '{}'", again.display())), "{text}");
}

#[test]
fn a_full_scan_stops_at_its_budget() {
    let account = Account { tables: 1, items: 60_000, item_bytes: 1000, ..Account::default() };
    let canned = Canned::start(account);
    let report = report(dynaudit(&canned, &["--full", "--budget", "1500"], None));
    let spent = report["coverage"]["spent_rcu"].as_f64().expect("a number");
    let items = report["coverage"]["tables"][0]["items_read"].as_u64().expect("a number");
    assert!(items > 5_000 && items < 20_000, "{items} items");
    assert!(spent <= 1500.0, "{spent:?}");
    assert_eq!(report["coverage"]["tables"][0]["outcome"], "out-of-budget");
}
