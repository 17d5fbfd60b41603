//! Endpoints that fail, stay silent, never end, or are not to be trusted: `scan` ends, says what is missing, and exits
//! with the right code.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::fake::{Answer, Fake, Request, SILENT, error, identity};

/// The longest that anything here may take, on a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);

/// `scan` with made-up credentials and nothing else of the environment.
fn scan(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dynaudit"));
    command.arg("scan").args(args).env_clear().env("AWS_EC2_METADATA_DISABLED", "true");
    for (name, value) in [
        ("AWS_ACCESS_KEY_ID", "not-a-key"),
        ("AWS_SECRET_ACCESS_KEY", "not-a-secret"),
        ("AWS_REGION", "eu-west-1"),
        ("DYNAUDIT_KEY", "a key of enough bytes"),
        ("HOME", "/nonexistent"),
    ] {
        command.env(name, value);
    }
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Waits for its end, and reads what it prints meanwhile.
#[track_caller]
fn ended(child: Child) -> Output {
    let (send, receive) = std::sync::mpsc::channel();
    std::thread::spawn(move || send.send(child.wait_with_output()));
    receive.recv_timeout(PATIENCE).expect("it ends").expect("its output")
}

/// Runs it against an endpoint, as JSON: the exit code, the report and stderr.
#[track_caller]
fn report(fake: &Fake, args: &[&str]) -> (i32, Value, String) {
    let child = scan(&["--endpoint-url", &fake.url, "--format", "json"]).args(args).spawn().unwrap();
    let output = ended(child);
    let err = text(&output.stderr);
    let report = serde_json::from_slice(&output.stdout).unwrap_or_else(|e| panic!("{e}: {err}"));
    (output.status.code().unwrap_or(-1), report, err)
}

/// The words of what makes a report incomplete.
fn incomplete(report: &Value) -> Vec<&str> {
    let unseen = report["coverage"]["unseen"].as_array().unwrap();
    let mut words: Vec<&str> =
        unseen.iter().filter(|u| u["incomplete"] == true).filter_map(|u| u["cause"].as_str()).collect();
    assert_eq!(report["coverage"]["complete"] == true, words.is_empty());
    words.dedup();
    words
}

/// An account of this many tables; what a test answers itself comes first.
async fn account(
    tables: usize,
    own: impl Fn(&Request, usize) -> Option<Answer> + Send + Sync + 'static,
) -> Fake {
    let count = AtomicUsize::new(0);
    Fake::start(move |request| {
        let n = count.fetch_add(1, SeqCst);
        if let Some(answer) = own(request, n) {
            return answer;
        }
        let names: Vec<String> = (0..tables).map(|n| format!("t{n}")).collect();
        let body = match request.operation.as_str() {
            "GetCallerIdentity" => return identity(),
            "ListTables" => json!({ "TableNames": names }),
            "DescribeTable" => {
                let asked: Value = serde_json::from_str(&request.body).unwrap();
                let name = asked["TableName"].as_str().unwrap();
                json!({ "Table": {
                    "TableName": name, "TableStatus": "ACTIVE", "ItemCount": 1, "TableSizeBytes": 9,
                    "DeletionProtectionEnabled": false,
                    "TableArn": format!("arn:aws:dynamodb:eu-west-1:111122223333:table/{name}"),
                    "AttributeDefinitions": [{ "AttributeName": "id", "AttributeType": "S" }],
                    "KeySchema": [{ "AttributeName": "id", "KeyType": "HASH" }],
                    "ProvisionedThroughput": { "ReadCapacityUnits": 0, "WriteCapacityUnits": 0 },
                    "BillingModeSummary": { "BillingMode": "PAY_PER_REQUEST" },
                }})
            }
            "Scan" => page(1, 1, None),
            _ => return error("AccessDeniedException"),
        };
        (200, body.to_string())
    })
    .await
}

/// A page with this many items, and how many it says were looked at.
fn page(items: usize, scanned: usize, next: Option<String>) -> Value {
    let items: Vec<Value> = (0..items).map(|n| json!({ "id": { "S": n.to_string() } })).collect();
    let mut page = json!({
        "Count": scanned, "ScannedCount": scanned, "Items": items,
        "ConsumedCapacity": { "TableName": "t", "CapacityUnits": 0.5 },
    });
    if let Some(next) = next {
        page["LastEvaluatedKey"] = json!({ "id": { "S": next } });
    }
    page
}

#[tokio::test(flavor = "multi_thread")]
async fn a_region_without_tables_is_said_and_exits_0() {
    let fake = account(0, |_, _| None).await;
    let (code, report, _) = report(&fake, &[]);
    assert_eq!((code, incomplete(&report)), (0, vec![]));
    let said = "no tables in eu-west-1 of account 111122223333";
    assert_eq!(report["coverage"]["unseen"][0]["message"], said);
    let output = ended(scan(&["--endpoint-url", &fake.url]).spawn().unwrap());
    assert!(text(&output.stdout).contains(said), "{}", text(&output.stdout));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_scan_ends_on_keys_that_repeat_and_on_empty_pages() {
    /// Items in a page, looked at as it says, and the key to go on after by the number of the page.
    type Pages = (usize, usize, fn(usize) -> String);
    let pages: [Pages; 4] = [
        (1, 1, |n| format!("k{}", n % 2)),
        (1, 1, |n| format!("k{}", n % 7)),
        (0, 0, |n| format!("k{n}")),
        (0, 1, |n| format!("k{n}")),
    ];
    for (items, scanned, key) in pages {
        let fake = account(1, move |request, n| {
            (request.operation == "Scan").then(|| (200, page(items, scanned, Some(key(n))).to_string()))
        })
        .await;
        let (code, report, _) = report(&fake, &["--full"]);
        assert_eq!(code, 3, "{items} of {scanned}");
        assert!(incomplete(&report).contains(&"items-failed"), "{items} of {scanned}: {report}");
        assert!(fake.count("Scan") < 50, "{}", fake.count("Scan"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn items_that_were_counted_and_not_sent_are_missing() {
    let fake = account(1, |r, _| (r.operation == "Scan").then(|| (200, page(1, 50, None).to_string()))).await;
    let (code, report, _) = report(&fake, &[]);
    assert_eq!((code, incomplete(&report)), (3, vec!["items-not-inspected"]));
    assert_eq!(report["coverage"]["totals"]["items_unscreened"], 49);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_fails_for_the_region_is_asked_once_and_told_once() {
    let fake = account(12, |r, _| (r.operation == "DescribeLimits").then(|| (500, "{}".into()))).await;
    let (code, report, _) = report(&fake, &["--no-items"]);
    assert_eq!((code, incomplete(&report)), (3, vec!["setting-failed"]));
    // Once, and twice more by the SDK.
    assert_eq!(fake.count("DescribeLimits"), 3);
    let told = report["coverage"]["unfinished"].as_array().unwrap();
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].as_str().unwrap().starts_with("limits of the Region: "), "{told:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_is_down_is_not_backed_off_from_for_ever() {
    let fake = account(30, |r, _| match r.operation.as_str() {
        "GetCallerIdentity" | "ListTables" | "DescribeTable" => None,
        _ => Some((500, r#"{"__type":"InternalServerError"}"#.into())),
    })
    .await;
    let (code, report, _) = report(&fake, &["--no-items"]);
    assert_eq!(code, 3);
    // Each table is asked about each setting; almost none of them a second time.
    let (tags, told) = (fake.count("ListTagsOfResource"), &report["coverage"]["unfinished"]);
    assert!((30..60).contains(&tags), "{tags}");
    assert!(told.as_array().unwrap().len() < 6, "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_silent_endpoint_ends_with_max_time_and_the_report_says_so() {
    let silent = |operation: &'static str| {
        move |r: &Request, _: usize| (r.operation == operation).then(|| (SILENT, String::new()))
    };
    for (operation, told) in [
        ("DescribeTimeToLive", "when the settings of 0 of 3 tables were read"),
        // One answer stands for all tables, and holds up none of their own.
        (
            "DescribeLimits",
            "when the settings of 3 of 3 tables were read, and not all of the account and Region",
        ),
        ("Scan", "when 0 of 3 tables were read as far as planned"),
        ("ListTables", "before the tables were listed"),
    ] {
        let fake = account(3, silent(operation)).await;
        let (code, report, err) = report(&fake, &["--max-time", "3s"]);
        assert_eq!((code, incomplete(&report)[0]), (3, "out-of-time"), "{operation}: {err}");
        let said = format!("--max-time 3s ran out {told}");
        assert_eq!(report["coverage"]["unseen"][0]["message"], said.as_str(), "{operation}");
        assert!(err.contains(&said), "{err}");
        // What was answered before is in the report.
        let gaps = &report["coverage"]["tables"][0]["gaps"];
        let known = gaps.as_array().is_some_and(|gaps| gaps.iter().all(|gap| gap["fact"] != "description"));
        assert_eq!(known, operation != "ListTables", "{gaps}");
    }
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn signals_end_a_scan_with_its_report() {
    use rustix::process::{Pid, Signal, kill_process};
    for (signal, told) in [(Signal::TERM, "SIGTERM"), (Signal::HUP, "SIGHUP"), (Signal::INT, "Ctrl-C")] {
        let fake = account(3, |r, _| (r.operation == "Scan").then(|| (SILENT, String::new()))).await;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("report.json");
        let mut command = scan(&["--endpoint-url", &fake.url, "--format", "json", "--output"]);
        let child = command.arg(&file).spawn().unwrap();
        let since = Instant::now();
        while fake.count("Scan") == 0 {
            assert!(since.elapsed() < PATIENCE, "no item was asked for");
            tokio::task::yield_now().await;
        }
        // Nothing of the report is on the disk yet.
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
        kill_process(Pid::from_child(&child), signal).unwrap();
        let output = ended(child);
        assert_eq!(output.status.code(), Some(3), "{told}: {}", text(&output.stderr));
        let report: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
        assert_eq!(incomplete(&report), ["interrupted"], "{told}");
        let said = report["coverage"]["unseen"][0]["message"].as_str().unwrap();
        assert!(said.contains(told), "{said}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}

/// Runs it with more of the environment and a config file: exit code and stderr.
fn with(args: &[&str], env: &[(&str, &str)], config: &str) -> (Option<i32>, String) {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("config");
    fs::write(&file, config).unwrap();
    let mut command = scan(args);
    command.envs(env.iter().copied()).env("AWS_CONFIG_FILE", &file);
    command.env("AWS_SHARED_CREDENTIALS_FILE", Path::new("/nonexistent"));
    let output = ended(command.spawn().unwrap());
    (output.status.code(), text(&output.stderr))
}

#[tokio::test(flavor = "multi_thread")]
async fn plain_http_to_another_machine_is_refused_before_anything_is_sent() {
    // Were anything to be sent to it, it would come here.
    let proxy = Fake::start(|_| (502, String::new())).await;
    let far = "http://dynamodb.example.com:8000";
    let through = ("HTTP_PROXY", proxy.url.as_str());
    let profile = |line: &str| format!("[profile p]\nregion = eu-west-1\n{line}\n");
    let service = format!("services = s\n[services s]\nkms =\n  endpoint_url = {far}");
    for (args, env, config) in [
        (&["--endpoint-url", far][..], &[through][..], String::new()),
        (&[], &[through, ("AWS_ENDPOINT_URL", far)], String::new()),
        (&[], &[through, ("AWS_ENDPOINT_URL_DYNAMODB", far)], String::new()),
        (&[], &[through, ("AWS_ENDPOINT_URL_STS", far)], String::new()),
        (&[], &[through, ("AWS_ENDPOINT_URL_SSO", far)], String::new()),
        (&["--profile", "p"], &[through], profile(&format!("endpoint_url = {far}"))),
        (&["--profile", "p"], &[through], profile(&service)),
    ] {
        let (code, err) = with(args, env, &config);
        assert_eq!(code, Some(2), "{args:?} {env:?}: {err}");
        assert!(err.contains("is plain http") && err.contains("--allow-http"), "{err}");
        assert_eq!(proxy.requests().len(), 0, "{args:?} {env:?}");
    }
    // Allowed, it goes, and is said before.
    let (code, err) = with(&["--allow-http", "--endpoint-url", far], &[through], "");
    assert_eq!(code, Some(3), "{err}");
    assert!(err.starts_with(&format!("dynaudit: requests go to {far}, not to AWS, in clear")), "{err}");
    assert!(!proxy.requests().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_meant_for_this_machine_goes_to_no_proxy() {
    let proxy = Fake::start(|_| (502, String::new())).await;
    let fake = account(0, |_, _| None).await;
    for name in ["AWS_ENDPOINT_URL", "HTTP_PROXY"] {
        // By the environment as by the option.
        let (args, env) = match name {
            "HTTP_PROXY" => (vec!["--endpoint-url", fake.url.as_str()], vec![(name, proxy.url.as_str())]),
            _ => (vec![], vec![(name, fake.url.as_str()), ("HTTP_PROXY", proxy.url.as_str())]),
        };
        let (code, err) = with(&args, &env, "");
        assert_eq!(code, Some(0), "{err}");
        assert!(err.starts_with(&format!("dynaudit: requests go to {}, not to AWS\n", fake.url)), "{err}");
        assert_eq!(proxy.requests().len(), 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_is_too_long_is_not_read_to_its_end() {
    let long = Arc::new(format!(r#"{{"Items":[],"Count":0,"x":"{}"}}"#, "x".repeat(33 << 20)));
    let fake = account(1, move |r, _| (r.operation == "Scan").then(|| (200, long.to_string()))).await;
    let (code, report, _) = report(&fake, &[]);
    assert_eq!((code, incomplete(&report)), (3, vec!["items-failed"]));
    let said = report["coverage"]["unfinished"].to_string();
    assert!(said.contains("more than 32 MiB"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_budget_is_charged_what_the_bytes_cost() {
    let fake = account(1, |r, _| {
        (r.operation == "Scan").then(|| {
            let mut page = page(0, 1, None);
            page["Items"] = json!([{ "id": { "S": "a" }, "text": { "S": "x".repeat(40_960) } }]);
            page["ConsumedCapacity"]["CapacityUnits"] = json!(-7);
            (200, page.to_string())
        })
    })
    .await;
    let (_, report, _) = report(&fake, &[]);
    assert_eq!(report["coverage"]["spent_rcu"], 5.0);
}

#[cfg(all(target_os = "linux", feature = "demo"))]
#[test]
fn a_log_that_cannot_be_written_is_said_once() {
    let output = Command::new(env!("CARGO_BIN_EXE_dynaudit"))
        .args(["scan", "--demo", "--no-items", "--fail-on", "never", "-vv", "--log", "/dev/full"])
        .env_clear()
        .output()
        .unwrap();
    let err = text(&output.stderr);
    assert_eq!(err.lines().count(), 1, "{err}");
    assert!(err.contains("--log /dev/full cannot be written"), "{err}");
}

#[cfg(feature = "demo")]
#[test]
fn output_to_a_dash_is_stdout() {
    let folder = tempfile::tempdir().unwrap();
    let output = scan(&["--demo", "--no-items", "--format", "json", "--output", "-"])
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert!(output.stdout.starts_with(b"{"), "{}", text(&output.stderr));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[cfg(all(unix, feature = "demo"))]
#[test]
fn a_pipe_that_nobody_writes_to_is_no_key() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let output = ended(scan(&["--demo", "--key-file"]).arg(&pipe).spawn().unwrap());
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("nothing came from it"), "{}", text(&output.stderr));
}
