//! `scan --save`: what is in the log is the audit, and nothing of an item's values.

use std::fs;

use dynaudit::audit::log;
use serde_json::Value;

fn scan(log: &std::path::Path, more: &[&str]) -> std::process::Output {
    assert_cmd::Command::new(env!("CARGO_BIN_EXE_dynaudit"))
        .args(["scan", "--demo", "--format", "json", "--save"])
        .arg(log)
        .args(more)
        .env_remove("AWS_PROFILE")
        .output()
        .expect("it runs")
}

#[test]
fn a_saved_audit_read_again_has_the_findings_of_its_report() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("audit.log");
    let output = scan(&file, &[]);
    let report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let text = fs::read_to_string(&file).expect("saved");
    let saved = log::read(text.lines(), None).expect("a log");
    assert_eq!(saved.bad, []);
    let finished = saved.finished.expect("it came to its end");
    assert_eq!(report["coverage"]["unfinished"], serde_json::to_value(&finished.unfinished).expect("JSON"));
    let sentences = |f: &Value| -> Value {
        f["evidence"].as_array().expect("a list").iter().map(|e| e["message"].clone()).collect()
    };
    let told = |f: &Value| (f["id"].clone(), f["severity"].clone(), sentences(f));
    let findings = report["findings"].as_array().expect("a list");
    // A condition on a claim of a token is no token: the trust policy that has it is in the log as it is.
    assert!(findings.iter().any(|f| f["rule"] == "role-token-subject-open"), "the demo has one");
    let reported: Vec<_> = findings.iter().map(told).collect();
    let read: Vec<_> = saved
        .audit
        .findings(finished.at)
        .iter()
        .map(|f| {
            let text = |t: &dyn ToString| Value::from(t.to_string());
            let evidence = f.told(false).iter().map(|e| text(&e.sentence())).collect::<Value>();
            (text(&f.id), text(&f.severity), evidence)
        })
        .collect();
    assert!(read.len() > 100, "{} findings", read.len());
    assert_eq!(read, reported);
}

#[test]
fn a_saved_audit_is_for_its_owner_and_never_replaced() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("audit.log");
    scan(&file, &["--no-items"]);
    let before = fs::read(&file).expect("saved");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(&file).expect("there").permissions().mode() & 0o777, 0o600);
    }
    let again = scan(&file, &["--no-items"]);
    assert_eq!(again.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&again.stderr).contains("is there already"), "{again:?}");
    assert_eq!(fs::read(&file).expect("there"), before);
}

#[test]
fn a_full_audit_saves_no_secret() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("audit.log");
    scan(&file, &["--full"]);
    let text = fs::read(&file).expect("saved");
    assert!(text.len() > 10_000);
    assert_eq!(crate::leaks::leaked(&text), Vec::<String>::new());
    // The control: a secret in the log is seen by the watch.
    let (planted, _) = &*crate::leaks::PLANTED;
    let spoilt = [&text[..], planted[0].value.as_bytes()].concat();
    assert!(!crate::leaks::leaked(&spoilt).is_empty());
}

/// What is new since a saved audit, what is gone, and which of it makes the exit code.
#[test]
fn a_scan_is_compared_with_a_saved_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let home = folder.path().join("home");
    let file = folder.path().join("audit.log");
    let scan = |args: &[&str]| {
        let output = assert_cmd::Command::new(env!("CARGO_BIN_EXE_dynaudit"))
            .args(["scan", "--demo", "--format", "json"])
            .args(args)
            .env_clear()
            .env("HOME", &home)
            .output()
            .expect("it runs");
        let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
        (output.status.code(), report, String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let log = file.to_str().expect("UTF-8");
    let (_, first, _) = scan(&["--table", "orders", "--save", log]);
    assert_eq!(first["baseline"], Value::Null);
    // The same again: nothing is news, and nothing fails.
    let (code, again, _) = scan(&["--table", "orders", "--baseline", log, "--only", "new"]);
    let all = first["findings"].as_array().expect("a list").len();
    let baseline = &again["baseline"];
    assert_eq!(
        (baseline["new"].as_u64(), baseline["known"].as_u64()),
        (Some(0), Some(all as u64)),
        "{baseline}"
    );
    assert_eq!(
        (&again["findings"], &baseline["lost"]),
        (&Value::Array(Vec::new()), &Value::Array(Vec::new()))
    );
    assert_eq!(code, Some(0));
    // For people: the grade stands, and nothing that is known is listed.
    let text = assert_cmd::Command::new(env!("CARGO_BIN_EXE_dynaudit"))
        .args(["scan", "--demo", "--table", "orders", "--baseline", log, "--only", "new"])
        .env_clear()
        .env("HOME", &home)
        .output()
        .expect("it runs");
    let text = String::from_utf8(text.stdout).expect("UTF-8");
    for told in ["GRADE  F", &format!("{all} known"), "none of them new or worse"] {
        assert!(text.contains(told), "{told}: {text}");
    }
    assert!(!text.contains("CAUSES") && !text.contains("dynaudit fix"), "{text}");
    // More tables: what is found in them is new. Of another table alone nothing of the first is gone.
    let (code, more, _) =
        scan(&["--table", "orders", "--table", "tenants", "--baseline", log, "--only", "new"]);
    let findings = more["findings"].as_array().expect("a list");
    assert!(
        !findings.is_empty() && findings.iter().all(|f| ["new", "worse"].iter().any(|w| f["since"] == *w))
    );
    assert!(findings.iter().any(|f| f["tables"][0]["name"] == "tenants"));
    assert_eq!(code, Some(1));
    let (_, other, _) = scan(&["--table", "tenants", "--baseline", log]);
    let lost = other["baseline"]["lost"].as_array().expect("a list");
    assert!(!lost.is_empty());
    let of_table = lost.iter().filter(|l| l["id"].as_str().is_some_and(|id| id.contains("table/orders#")));
    assert!(of_table.clone().count() > 0 && of_table.clone().all(|l| l["gone"] == false), "{lost:?}");
    // Fingerprints under another key tell nothing, and what is no log is none.
    let key = folder.path().join("key");
    fs::write(&key, "another key of sixteen bytes and more").expect("written");
    let key = key.to_str().expect("UTF-8");
    let (code, _, said) = scan(&["--table", "orders", "--baseline", log, "--key-file", key]);
    assert!(code == Some(2) && said.contains("made with another key"), "{code:?} {said}");
    let (code, _, said) = scan(&["--baseline", key]);
    assert!(code == Some(2) && said.contains("not an audit log"), "{code:?} {said}");
    let (code, _, said) = scan(&["--only", "new"]);
    assert!(code == Some(2) && said.contains("--baseline"), "{code:?} {said}");
}
