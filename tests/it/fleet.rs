//! Several accounts at once, by a role assumed in each; and the fix of a finding without a terminal. Against the embedded
//! account, over HTTP.

use std::collections::BTreeSet;

use dynaudit::demo::{Demo, Faults};
use serde_json::Value;

/// The binary, signed in to the embedded account of production.
fn dynaudit(demo: &Demo, home: &tempfile::TempDir) -> assert_cmd::Command {
    let login = &demo.logins()[0];
    let mut command = assert_cmd::Command::new(env!("CARGO_BIN_EXE_dynaudit"));
    command
        .env_clear()
        .env("HOME", home.path())
        .env("XDG_DATA_HOME", home.path().join("data"))
        .env("AWS_ACCESS_KEY_ID", login.access_key)
        .env("AWS_SECRET_ACCESS_KEY", login.secret_key)
        .env("AWS_SESSION_TOKEN", login.session_token);
    command
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn words<'a>(list: &'a Value, name: &str) -> BTreeSet<&'a str> {
    list.as_array().expect("a list").iter().filter_map(|one| one[name].as_str()).collect()
}

#[test]
fn a_fleet_is_read_and_one_account_that_is_not_stops_no_other() {
    let demo = Demo::start(Faults::none()).expect("it starts");
    let home = tempfile::tempdir().expect("a folder");
    let output = dynaudit(&demo, &home)
        .args([
            "scan",
            "--no-items",
            "--format",
            "json",
            "--accounts",
            "-",
            "--assume-role",
            "security-audit",
        ])
        .args(["--region", "eu-west-1", "--endpoint-url", &demo.endpoint_url()])
        .write_stdin("444455556666\tstaging\n999900001111 none # no such role\nnonsense\n")
        .output()
        .expect("it runs");
    assert_eq!(output.status.code(), Some(3), "{}", text(&output.stderr));
    let report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let names = words(&report["places"], "name");
    assert_eq!(names, BTreeSet::from(["staging", "none", "line 3"]), "{}", report["places"]);
    for place in report["places"].as_array().expect("a list") {
        assert_eq!(place["failed"].is_null(), place["name"] == "staging", "{place}");
    }
    assert!(!report["findings"].as_array().expect("a list").is_empty());
    assert_eq!(words(&report["findings"], "account"), BTreeSet::from(["444455556666"]));
    let causes: Vec<&str> = report["coverage"]["unseen"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|u| u["cause"].as_str().filter(|c| *c == "account-not-read"))
        .collect();
    assert_eq!(causes.len(), 2);
    assert!(text(&output.stderr).contains("did not finish"), "{}", text(&output.stderr));
}

#[test]
fn a_fleet_that_nobody_lets_in_is_an_error_with_a_next_step() {
    let demo = Demo::start(Faults::none()).expect("it starts");
    let home = tempfile::tempdir().expect("a folder");
    let check = |accounts: &str, role: &str, code: i32, said: &str| {
        let output = dynaudit(&demo, &home)
            .args(["scan", "--accounts", "-", "--assume-role", role])
            .args(["--region", "eu-west-1", "--endpoint-url", &demo.endpoint_url()])
            .write_stdin(accounts)
            .output()
            .expect("it runs");
        assert_eq!(output.status.code(), Some(code), "{}", text(&output.stderr));
        assert!(text(&output.stderr).contains(said), "{said}: {}", text(&output.stderr));
    };
    check("# none\n", "security-audit", 2, "names no account");
    check("444455556666\n", "arn:aws:iam::1:role/x", 2, "is not the name of a role");
    check(
        "999900001111\n",
        "security-audit",
        2,
        "The role arn:aws:iam::999900001111:role/security-audit was not given",
    );
}

/// What the terminal shows is what the command prints: by the short id, from a saved audit and from the account itself.
#[test]
fn the_fix_of_a_finding_is_printed_by_its_short_id() {
    let home = tempfile::tempdir().expect("a folder");
    let log = home.path().join("audit.log");
    let run = |args: &[&str]| {
        let output = assert_cmd::Command::new(env!("CARGO_BIN_EXE_dynaudit"))
            .env_clear()
            .env("HOME", home.path())
            .env("XDG_DATA_HOME", home.path().join("data"))
            .args(args)
            .output()
            .expect("it runs");
        (output.status.code(), text(&output.stdout), text(&output.stderr))
    };
    let log_name = log.to_str().expect("a path");
    let (_, report, _) = run(&["scan", "--demo", "--format", "json", "--with-fixes", "--save", log_name]);
    let report: Value = serde_json::from_str(&report).expect("JSON");
    let findings = report["findings"].as_array().expect("a list");
    let with_fix = findings.iter().filter(|f| f["fixes"].as_array().is_some_and(|all| !all.is_empty()));
    // Each demo has a port of its own, which is the endpoint of its commands.
    let of_port = regex::Regex::new(r"127\.0\.0\.1:\d+").expect("right");
    let port = |text: &str| of_port.replace_all(text, "").into_owned();
    let mut fixed = 0;
    for finding in with_fix.step_by(12) {
        let fix = &finding["fixes"][0];
        let id = finding["short"].as_str().expect("an id");
        let (code, from_log, said) = run(&["fix", id, "--from", log_name]);
        assert_eq!(code, Some(0), "{said}");
        assert!(said.contains(id), "{said}");
        assert_eq!(port(&from_log), port(fix["text"].as_str().expect("a text")), "{id}");
        fixed += 1;
    }
    assert!(fixed > 5, "{fixed}");
    let (code, _, said) = run(&["fix", "ffffffff0", "--from", log_name]);
    assert_eq!(code, Some(2));
    assert!(said.contains("no finding has the id"), "{said}");
    let ids: Vec<&str> = findings.iter().take(3).filter_map(|f| f["short"].as_str()).collect();
    let (code, runbook, said) = run(&[&["fix", "--runbook", "--from", log_name], ids.as_slice()].concat());
    assert_eq!(code, Some(0), "{said}");
    assert!(runbook.starts_with("# Hand-over"), "{runbook}");
    for n in 1..=3 {
        assert!(runbook.contains(&format!("\n## {n}. ")), "{runbook}");
    }
}

#[test]
fn a_rule_and_a_check_are_explained() {
    let check = |id: &str, code: i32, says: &[&str]| {
        let output = assert_cmd::Command::new(env!("CARGO_BIN_EXE_dynaudit"))
            .env_clear()
            .env("HOME", "/nonexistent")
            .args(["explain", id])
            .output()
            .expect("it runs");
        let told = text(&output.stdout) + &text(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{told}");
        for words in says {
            assert!(told.contains(words), "{words} is not in\n{told}");
        }
    };
    check("pitr-off", 0, &["reads", "dynamodb:DescribeContinuousBackups", "fix", "aws-cli", "for example"]);
    check("stripe-secret-key", 0, &["Stripe", "rotate", "https://", "in the table's key"]);
    check("pitr-switched-off", 2, &["did you mean pitr"]);
    // A fix, what it is for, and what stands beside it.
    check(
        "guardrail-changes",
        0,
        &["leave it to one role", "terraform", "deletion-protection", "--topic guardrail-changes"],
    );
    check("pitr", 0, &["pitr-off", "beside it", "guardrail-changes"]);
    check("pitr-off", 0, &["beside it", "guardrail-changes"]);
    check("stripe-secret-key", 0, &["beside it", "table-role", "attribute-role", "django-application"]);
    check("table-rol", 2, &["table-role"]);
    check("--list", 0, &["guardrail-changes         leave it to one role", "secret-in-item"]);
    check("qqq", 2, &["dynaudit generate rules"]);
    check("0a1b2c3d", 2, &["`dynaudit fix` takes it"]);
}
