//! Bad input and bad surroundings: one clear sentence with the next step, the right exit code, and a screen
//! that keeps what it shows.

use std::fs;
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::e2e::{dynaudit, quits};
use crate::fake::{Answer, Fake, Request, error, identity};
use crate::pty::{Start, Terminal, key};

const KEYS: [(&str, &str); 3] = [
    ("AWS_ACCESS_KEY_ID", "not-a-key"),
    ("AWS_SECRET_ACCESS_KEY", "not-a-secret"),
    ("AWS_REGION", "eu-west-1"),
];

/// A home with a config file of profiles.
fn home(config: &str) -> TempDir {
    let home = tempfile::tempdir().unwrap();
    fs::create_dir_all(home.path().join(".aws/sso/cache")).unwrap();
    fs::write(home.path().join(".aws/config"), config).unwrap();
    home
}

/// What a program must never say: the insides of the SDK, or of itself.
#[track_caller]
fn is_plain(text: &str) {
    for dump in [
        "SdkError",
        "DispatchFailure",
        "ConnectorError",
        "Unhandled",
        "panicked",
        "failed inside",
        "Some(",
        "Error {",
        "aws_",
    ] {
        assert!(!text.contains(dump), "{dump}: {text}");
    }
}

/// Runs it without a terminal: exit code and stderr, which is one complaint and one next step.
#[track_caller]
fn check(args: &[&str], env: &[(&str, &str)], config: &str, code: i32, says: &str, next: &str) {
    let home = home(config);
    let output = Command::new(env!("CARGO_BIN_EXE_dynaudit"))
        .args(args)
        .env_clear()
        .env("HOME", home.path())
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .envs(env.iter().copied())
        .current_dir(home.path())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let err = String::from_utf8(output.stderr).unwrap();
    // That it is not AWS is said before anything can go wrong there.
    let warned = |line: &&str| !line.starts_with("dynaudit: requests go to http://127.0.0.1:");
    let err = err.lines().filter(warned).map(|line| format!("{line}\n")).collect::<String>();
    assert_eq!(output.status.code(), Some(code), "{args:?} {env:?}: {err}");
    assert_eq!(err.lines().count(), 2, "{args:?} {env:?}: {err}");
    assert!(err.starts_with("dynaudit: ") && err.contains("\n  next: "), "{err}");
    assert!(err.contains(says), "{args:?} {env:?} says {says:?}: {err}");
    assert!(err.contains(next), "{args:?} {env:?} then {next:?}: {err}");
    is_plain(&err);
}

#[test]
fn credentials() {
    let region = [("AWS_REGION", "eu-west-1")];
    check(&["scan"], &region, "", 2, "No AWS credentials were found", "aws configure");
    check(
        &["scan"],
        &[("AWS_REGION", "eu-west-1"), ("AWS_ACCESS_KEY_ID", "half")],
        "",
        2,
        "No AWS credentials",
        "--profile",
    );
    check(&["scan"], &[], "", 2, "No Region is set", "--region");
    let one = "[profile oncall]\nregion = eu-west-1\n";
    check(
        &["scan", "--profile", "other"],
        &[],
        one,
        2,
        "There is no profile other (profiles: oncall)",
        "--profile",
    );
    check(&["scan"], &[("AWS_PROFILE", "other")], one, 2, "There is no profile other", "--profile");
    check(
        &["scan", "--profile", "oncall"],
        &[],
        one,
        2,
        "Profile oncall has no credentials",
        "aws configure --profile oncall",
    );
    let lost = "[profile a]\nregion = eu-west-1\nrole_arn = arn:aws:iam::111122223333:role/A\nsource_profile = gone\n";
    check(
        &["scan", "--profile", "a"],
        &[],
        lost,
        2,
        "from profile gone, which does not exist",
        "source_profile",
    );
    check(&["scan"], &[], "[profile\n", 2, "profile files cannot be read", "~/.aws/config");
    let sso = "[profile team]\nregion = eu-west-1\nsso_session = s\nsso_account_id = 111122223333\nsso_role_name = A\n\
        [sso-session s]\nsso_region = eu-west-1\nsso_start_url = https://example.invalid/start\n";
    check(
        &["scan", "--profile", "team"],
        &[],
        sso,
        2,
        "SSO session of profile team",
        "aws sso login --profile team",
    );
    let mfa = "[profile base]\naws_access_key_id = not-a-key\naws_secret_access_key = not-a-secret\n\
        [profile m]\nregion = eu-west-1\nsource_profile = base\nmfa_serial = arn:aws:iam::111122223333:mfa/me\n\
        role_arn = arn:aws:iam::111122223333:role/A\n";
    check(&["scan", "--profile", "m"], &[], mfa, 2, "code of the MFA device", "in a terminal");
}

#[test]
fn places() {
    check(&["scan", "--region", "EU_WEST"], &KEYS, "", 2, "EU_WEST is not the name of a Region", "--region");
    for bad in ["localhost", "http://", "http://a b", "ftp://a"] {
        check(
            &["scan", "--endpoint-url", bad],
            &KEYS,
            "",
            2,
            "is not an endpoint URL",
            "http://localhost:8000",
        );
        let env = |name| [KEYS[0], KEYS[1], KEYS[2], (name, bad)];
        for name in ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_DYNAMODB"] {
            check(&["scan"], &env(name), "", 2, "is not an endpoint URL", "AWS_ENDPOINT_URL");
        }
    }
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    drop(listener);
    let url = format!("http://{address}");
    let says = format!("{address} cannot be reached");
    check(&["scan", "--endpoint-url", &url], &KEYS, "", 3, &says, "--endpoint-url");
    // A Region that is none, behind a proxy that is not there: nothing leaves this machine.
    let proxied = [KEYS[0], KEYS[1], ("HTTPS_PROXY", url.as_str())];
    let says = "dynamodb.eu-west-9.amazonaws.com cannot be reached";
    check(&["scan", "--region", "eu-west-9"], &proxied, "", 3, says, "the Region (eu-west-9)");
}

#[test]
fn usage() {
    check(&[], &KEYS, "", 2, "needs a terminal", "dynaudit scan");
    check(&["inspect", "no-such-file"], &[], "", 2, "no-such-file cannot be read", "");
    check(&["scan", "--log", "no/such/folder/log", "--demo"], &[], "", 2, "no/such/folder/log", "");
    check(&["scan", "--key-file", "no-such-key", "--demo"], &[], "", 2, "no-such-key", "");
}

#[cfg(feature = "demo")]
#[test]
fn tables() {
    check(&["scan", "--demo", "--table", "ordrs"], &[], "", 2, "no table matches ordrs", "orders");
    let full = ["scan", "--demo", "--no-items", "--output", "no/such/folder/report"];
    check(&full, &[], "", 2, "no/such/folder/report", "");
}

#[test]
fn a_malformed_line_is_named_and_the_others_are_read() {
    use std::io::Write;
    let mut child = Command::new(env!("CARGO_BIN_EXE_dynaudit"))
        .arg("inspect")
        .env_clear()
        .env("DYNAUDIT_KEY", "a key of enough bytes")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = b"{\"a\":\"x\"}\n{\"a\": \"in-clear\n[1]\n\xff\xfe\n{\"b\":\"y\"}\n";
    child.stdin.take().unwrap().write_all(lines).unwrap();
    let output = child.wait_with_output().unwrap();
    let (out, err) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert_eq!(output.status.code(), Some(3), "{out}{err}");
    for line in ["line 2", "line 3", "line 4"] {
        assert!(err.contains(line), "{line}: {err}");
    }
    assert!(err.contains("in 2 items"), "{err}");
    assert!(!format!("{out}{err}").contains("in-clear"), "{err}");
    is_plain(&err);
}

/// A small account; what it answers first can be set aside.
fn account(request: &Request) -> Answer {
    let body = match request.operation.as_str() {
        "GetCallerIdentity" => return identity(),
        "ListTables" => r#"{"TableNames":["orders"]}"#,
        "DescribeTable" => {
            r#"{"Table":{"TableName":"orders","TableStatus":"ACTIVE","ItemCount":1,"TableSizeBytes":9,
            "TableArn":"arn:aws:dynamodb:eu-west-1:111122223333:table/orders",
            "AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"}],
            "KeySchema":[{"AttributeName":"id","KeyType":"HASH"}]}}"#
        }
        "Scan" => {
            r#"{"Items":[{"id":{"S":"first"}}],"Count":1,"ScannedCount":1,
            "ConsumedCapacity":{"TableName":"orders","CapacityUnits":0.5}}"#
        }
        "AssumeRole" => {
            let keys = "<AccessKeyId>not-a-key-either</AccessKeyId><SecretAccessKey>not-a-secret</SecretAccessKey>\
                <SessionToken>not-a-token</SessionToken><Expiration>2999-01-01T00:00:00Z</Expiration>";
            let body = format!(
                "<AssumeRoleResponse><AssumeRoleResult><Credentials>{keys}</Credentials></AssumeRoleResult></AssumeRoleResponse>"
            );
            return (200, body);
        }
        // The portal of IAM Identity Center is asked with GET and names no operation.
        "" => {
            r#"{"roleCredentials":{"accessKeyId":"not-a-key","secretAccessKey":"not-a-secret",
            "sessionToken":"not-a-token","expiration":32472144000000}}"#
        }
        _ => return error("AccessDeniedException"),
    };
    (200, body.into())
}

/// The interface on an endpoint, with a home and more of the environment.
fn interface(args: &[&str], env: &[(&str, &str)], home: Option<&TempDir>) -> Start {
    let start = dynaudit().args(args).env("AWS_EC2_METADATA_DISABLED", "true");
    let start = env.iter().fold(start, |start, (name, value)| start.env(name, value));
    match home {
        Some(home) => start.env("AWS_CONFIG_FILE", home.path().join(".aws/config")),
        None => start,
    }
}

/// It opens, says so, and still quits.
#[track_caller]
fn check_screen(args: &[&str], env: &[(&str, &str)], says: &[&str]) {
    let terminal = interface(args, env, None).start();
    for text in says {
        terminal.wait_for(text);
    }
    is_plain(&terminal.screen_text());
    quits(&terminal);
}

#[test]
fn the_interface_says_why_there_is_nothing() {
    let region = [("AWS_REGION", "eu-west-1")];
    check_screen(&[], &region, &["could not be listed", "No AWS credentials were found", "press R."]);
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    check_screen(&["--endpoint-url", &url], &KEYS, &["could not be listed", "cannot be reached", "press R."]);
}

#[test]
fn the_interface_does_not_open_where_it_cannot_work() {
    for (args, says) in [
        (&["--profile", "other"][..], "There is no profile other"),
        (&["--region", "EU_WEST"], "EU_WEST is not the name of a Region"),
        (&["--endpoint-url", "localhost"], "localhost is not an endpoint URL"),
        (&[], "No Region is set"),
    ] {
        let terminal = interface(args, &KEYS[..2], None).start();
        assert_eq!(terminal.wait_exit().exit_code(), 2, "{args:?}");
        let text = terminal.screen_text();
        assert!(text.contains(says) && text.contains("next: "), "{text}");
        assert!(
            !terminal.bytes().windows(8).any(|w| w == b"\x1b[?1049h"),
            "{args:?}: nothing was taken over"
        );
        assert_eq!(terminal.left_behind(), Vec::<String>::new());
    }
}

#[test]
fn a_terminal_that_is_too_small_says_so_and_grows() {
    let terminal = interface(&[], &[("AWS_REGION", "eu-west-1")], None).size(20, 6).start();
    terminal.wait_for("dynaudit needs");
    terminal.wait_for("larger");
    terminal.resize(80, 24);
    terminal.wait_for("No AWS credentials were found");
    quits(&terminal);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_table_is_named_and_the_list_stays() {
    let fake = Fake::start(account).await;
    let terminal = interface(&["--endpoint-url", &fake.url, "--table", "ordres"], &KEYS, None).start();
    terminal.wait_for("There is no table ordres in eu-west-1");
    terminal.wait_for("▸ orders");
    quits(&terminal);
}

#[cfg(feature = "demo")]
mod mid_session {
    use dynaudit::demo::{Demo, Fault, FaultRule, Faults, When};

    use super::*;

    fn open(demo: &Demo) -> Terminal {
        let login = &demo.logins()[0];
        let env = [
            ("AWS_ACCESS_KEY_ID", login.access_key),
            ("AWS_SECRET_ACCESS_KEY", login.secret_key),
            ("AWS_SESSION_TOKEN", login.session_token),
            ("AWS_REGION", login.region),
        ];
        let terminal = interface(&["--endpoint-url", &demo.endpoint_url()], &env, None).start();
        terminal.wait_for("Tables (10)");
        terminal.send(key::ENTER);
        terminal.wait_for("all 12 items read");
        terminal
    }

    /// A fault strikes while items are on screen: they stay, the foot says what to do, R recovers.
    #[track_caller]
    fn check(fault: Fault, says: &[&str]) {
        let demo = Demo::start(Faults::none()).unwrap();
        let terminal = open(&demo);
        demo.set_faults(Faults::none().with(FaultRule::on_everything(fault, When::Always)));
        terminal.send("R");
        for text in says {
            terminal.wait_for(text);
        }
        let text = terminal.screen_text();
        assert!(text.contains("api_metadata › items") && text.contains("01ba3642"), "{text}");
        is_plain(&text);
        // What else is opened keeps what is known.
        terminal.send("p");
        terminal.wait_for("› posture");
        terminal.send(key::ESC);
        terminal.wait_for("› items");
        demo.set_faults(Faults::none());
        let before = demo.requests().len();
        terminal.send("R");
        terminal.wait_until("the message gone", |s| !says.iter().any(|t| s.contents().contains(t)));
        terminal.wait_for("all 12 items read");
        assert!(demo.requests().len() > before);
        terminal.send(key::ESC);
        terminal.wait_for("Tables (10)");
        quits(&terminal);
        assert!(demo.requests().iter().all(|r| !r.write));
    }

    #[test]
    fn expired_credentials() {
        check(Fault::ExpiredToken, &["has expired", "AWS_SESSION_TOKEN", "press R."]);
    }

    #[test]
    fn a_connection_that_is_lost() {
        check(Fault::HangUp, &["Next: check", "press R."]);
    }

    #[test]
    fn a_scan_whose_credentials_expire_is_unfinished() {
        let demo = Demo::start(Faults::none()).unwrap();
        let rule = FaultRule::on_operation("Scan", Fault::ExpiredToken, When::Always);
        demo.set_faults(Faults::none().with(rule));
        let login = &demo.logins()[0];
        let output = Command::new(env!("CARGO_BIN_EXE_dynaudit"))
            .args(["scan", "--table", "orders", "--endpoint-url", &demo.endpoint_url()])
            .env_clear()
            .env("AWS_ACCESS_KEY_ID", login.access_key)
            .env("AWS_SECRET_ACCESS_KEY", login.secret_key)
            .env("AWS_SESSION_TOKEN", login.session_token)
            .env("AWS_REGION", login.region)
            .env("DYNAUDIT_KEY", "a key of enough bytes")
            .output()
            .unwrap();
        let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        // There is a critical finding as well: 3 wins over 1, and the report is printed.
        assert_eq!(output.status.code(), Some(3), "{err}");
        assert!(out.contains("scheduled for deletion") && out.contains("has expired"), "{out}");
        assert!(err.contains("did not finish: items of orders"), "{err}");
        is_plain(&err);
    }
}

/// A profile `m` whose role wants a code.
const ROLE_WITH_MFA: &str = "[profile base]\naws_access_key_id = not-a-key\naws_secret_access_key = not-a-secret\n\
    [profile m]\nregion = eu-west-1\nsource_profile = base\nmfa_serial = arn:aws:iam::111122223333:mfa/me\n\
    role_arn = arn:aws:iam::111122223333:role/A\n";

/// A session of that profile, with a code that is taken.
fn signed_in_with_a_code(home: &TempDir, url: &str) -> Terminal {
    let terminal = interface(&["--profile", "m", "--endpoint-url", url], &[], Some(home)).start();
    terminal.wait_for("mfa/me");
    terminal.send("123456\r");
    terminal.wait_for("▸ orders");
    terminal
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_asked_for_where_a_role_needs_one() {
    let fake = Fake::start(account).await;
    let home = home(ROLE_WITH_MFA);
    let terminal = signed_in_with_a_code(&home, &fake.url);
    assert_eq!(fake.count("AssumeRole"), 1);
    assert!(fake.requests().iter().any(|r| r.body.contains("TokenCode=123456")));
    quits(&terminal);
    // A code that is none ends it before anything is sent.
    let args = ["--profile", "m", "--endpoint-url", &fake.url];
    let terminal = interface(&args, &[], Some(&home)).start();
    terminal.wait_for("mfa/me");
    terminal.send("12\r");
    assert_eq!(terminal.wait_exit().exit_code(), 2);
    assert!(terminal.screen_text().contains("six digits"), "{}", terminal.screen_text());
    assert_eq!(fake.count("AssumeRole"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_with_mfa_that_ran_out_is_taken_again_with_a_new_code() {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
    let expired = Arc::new(AtomicBool::new(false));
    let state = Arc::clone(&expired);
    let fake = Fake::start(move |request| {
        if request.operation == "AssumeRole" {
            if request.body.contains("TokenCode=111111") {
                let said = "MultiFactorAuthentication failed with invalid MFA one time pass code.";
                let error = format!("<Error><Code>AccessDenied</Code><Message>{said}</Message></Error>");
                return (403, format!("<ErrorResponse>{error}</ErrorResponse>"));
            }
            state.store(false, SeqCst);
        } else if state.load(SeqCst) && request.operation != "GetCallerIdentity" {
            return error("ExpiredTokenException");
        }
        account(request)
    })
    .await;
    let home = home(ROLE_WITH_MFA);
    let terminal = signed_in_with_a_code(&home, &fake.url);
    terminal.send("\r");
    terminal.wait_for("first");
    expired.store(true, SeqCst);
    terminal.send("R");
    // A setting that was asked for before may have failed already: then this R asks for the code.
    // A message may be broken between any two of its words.
    terminal.wait_until("that R asks, or its prompt", |s| {
        let text = s.contents().split_whitespace().collect::<Vec<_>>().join(" ");
        text.contains("R asks for it") || text.contains("MFA code:")
    });
    for (code, then) in [("111111", "one time pass code"), ("654321", "all 1 items read")] {
        if !terminal.screen_text().contains("MFA code:") {
            terminal.send("R");
        }
        terminal.wait_for("MFA code:");
        terminal.send(code);
        terminal.send("\r");
        terminal.wait_for(then);
    }
    terminal.wait_until("the message gone", |s| !s.contents().contains("one time pass code"));
    assert!(fake.requests().iter().any(|r| r.body.contains("TokenCode=654321")));
    quits(&terminal);
}

#[tokio::test(flavor = "multi_thread")]
async fn line_by_line_a_chain_of_roles_asks_for_the_code_of_each_device() {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
    let expired = Arc::new(AtomicBool::new(false));
    let state = Arc::clone(&expired);
    let fake = Fake::start(move |request| match request.operation.as_str() {
        "AssumeRole" | "GetCallerIdentity" => account(request),
        _ if state.load(SeqCst) => error("ExpiredTokenException"),
        _ => account(request),
    })
    .await;
    let second = "[profile n]\nregion = eu-west-1\nsource_profile = m\n\
        mfa_serial = arn:aws:iam::111122223333:mfa/vault\nrole_arn = arn:aws:iam::444455556666:role/B\n";
    let home = home(&format!("{ROLE_WITH_MFA}{second}"));
    let args = ["--plain", "--profile", "n", "--endpoint-url", &fake.url];
    let terminal = interface(&args, &[], Some(&home)).size(200, 60).start();
    for (device, code) in [("mfa/me:", "111111\r"), ("mfa/vault:", "222222\r")] {
        terminal.wait_for(device);
        terminal.send(code);
    }
    terminal.wait_for("1. orders");
    expired.store(true, SeqCst);
    terminal.send("1\r");
    terminal.wait_for("R asks for it");
    expired.store(false, SeqCst);
    terminal.send("R\r");
    terminal.wait_for("mfa/me (code 1 of 2)");
    terminal.send("333333\r");
    terminal.wait_for("mfa/vault (code 2 of 2)");
    terminal.send("444444\r");
    terminal.wait_for("all 1 items read");
    let codes: Vec<String> = fake
        .requests()
        .iter()
        .filter_map(|r| r.body.split("TokenCode=").nth(1)?.get(..6).map(str::to_owned))
        .collect();
    assert_eq!(codes, ["111111", "222222", "333333", "444444"]);
    terminal.send("q\r");
    assert_eq!(terminal.wait_exit().exit_code(), 0);
    assert!(!String::from_utf8_lossy(&terminal.bytes()).contains("\x1b["), "a control sequence was sent");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_is_assumed_at_the_endpoint_that_was_given() {
    let fake = Fake::start(account).await;
    let config = "[profile base]\naws_access_key_id = not-a-key\naws_secret_access_key = not-a-secret\n\
        [profile r]\nregion = eu-west-1\nsource_profile = base\nrole_arn = arn:aws:iam::111122223333:role/A\n";
    let home = home(config);
    // Were it to go elsewhere, it would go nowhere.
    let env = [("HTTPS_PROXY", "http://127.0.0.1:1")];
    let terminal = interface(&["--profile", "r", "--endpoint-url", &fake.url], &env, Some(&home)).start();
    terminal.wait_for("▸ orders");
    assert_eq!(fake.count("AssumeRole"), 1);
    quits(&terminal);
}

/// SHA-1 of the session's name, as the AWS CLI names the file that holds its token.
const SESSION: (&str, &str) = ("s", "a0f1490a20d0211c997b44bc357e1972deab8ae3");

#[tokio::test(flavor = "multi_thread")]
async fn an_sso_session_that_expired_comes_back_after_a_login() {
    let fake = Fake::start(account).await;
    let config = "[profile team]\nregion = eu-west-1\nsso_session = s\nsso_account_id = 111122223333\nsso_role_name = A\n\
        [sso-session s]\nsso_region = eu-west-1\nsso_start_url = https://example.invalid/start\n";
    let home = home(config);
    let token = |until: &str| {
        let file = home.path().join(format!(".aws/sso/cache/{}.json", SESSION.1));
        let text = format!(
            r#"{{"accessToken":"not-a-token","expiresAt":"{until}","region":"eu-west-1","startUrl":"https://example.invalid/start"}}"#
        );
        fs::write(file, text).unwrap();
    };
    token("2020-01-01T00:00:00Z");
    let path = home.path().to_str().unwrap();
    let env = [("AWS_ENDPOINT_URL_SSO", fake.url.as_str()), ("HTTPS_PROXY", "http://127.0.0.1:1")];
    let args = ["--profile", "team", "--endpoint-url", &fake.url];
    let terminal = interface(&args, &env, Some(&home)).env("HOME", path).start();
    terminal.wait_for("aws sso login --profile team");
    // What `aws sso login` does.
    token("2999-01-01T00:00:00Z");
    terminal.send("R");
    terminal.wait_for("▸ orders");
    terminal.wait_until("the message gone", |s| !s.contents().contains("aws sso login"));
    quits(&terminal);
}
