//! The binary's exit codes, streams and files.

use std::fs;

use assert_cmd::Command;

/// The binary with a home of its own, no AWS and no key in the environment.
fn dynaudit(home: &tempfile::TempDir) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dynaudit"));
    command.env_clear().env("HOME", home.path()).env("XDG_DATA_HOME", home.path().join("data"));
    command
}

fn home() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

/// Runs it, and gives its exit code, stdout and stderr.
fn run(args: &[&str], stdin: &str) -> (i32, String, String) {
    let home = home();
    let output = dynaudit(&home).args(args).write_stdin(stdin).output().expect("it runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (output.status.code().expect("a code"), text(output.stdout), text(output.stderr))
}

fn check(args: &[&str], stdin: &str, code: i32, out: &str, err: &str) {
    let (got, stdout, stderr) = run(args, stdin);
    assert_eq!(got, code, "{args:?}\n{stdout}\n{stderr}");
    assert!(stdout.contains(out), "{args:?} prints {out:?}:\n{stdout}");
    assert!(stderr.contains(err), "{args:?} complains {err:?}:\n{stderr}");
}

#[test]
fn usage() {
    check(&["--version"], "", 0, env!("CARGO_PKG_VERSION"), "");
    check(&["--help"], "", 0, "Exit codes:", "");
    check(&["scan", "--help"], "", 0, "--budget", "");
    check(&["scan", "--demo", "--region", "r"], "", 2, "", "cannot be used with");
    check(&["scan", "--fail-on", "urgent"], "", 2, "", "low, medium, high, critical, never");
    check(&["--profile", "p", "scan"], "", 2, "", "put them after it");
    check(&["nonsense"], "", 2, "", "unrecognized subcommand");
}

#[test]
fn the_terminal_interface_needs_a_terminal() {
    for args in [&[][..], &["demo"]] {
        check(args, "", 2, "", "needs a terminal\n  next: for pipes use --plain, for CI `dynaudit scan`");
    }
}

#[test]
fn inspect_reads_lines() {
    check(&["inspect", "--format", "json"], "", 3, "", "the input is empty: nothing was inspected");
    check(&["inspect"], " \n\n", 3, "", "the input is empty: nothing was inspected");
    check(&["inspect"], "{\"Items\":[],\"Count\":0}\n", 0, "", "0 sightings in 0 items; 0 lines");
    check(&["inspect", "/"], "", 2, "", "/ cannot be read: it is a directory");
    check(&["inspect"], "{\"a\":{\"B\":\"H4sIAAAAAAAA\"}}\n", 3, "not opened", "could not be fully decoded");
    check(&["inspect"], "{\"a\":\"x\"}\n", 0, "", "0 sightings in 1 item; 0 lines");
    check(&["inspect"], "{\"a\":\"x\"}\n{\"a\": hush}\n", 3, "", "line 2, column 7");
    check(&["inspect", "no-such-file"], "", 2, "", "no-such-file cannot be read");
    check(&["inspect", "--key-schema", "a,b,c"], "", 2, "", "one or two attributes");
    let (_, stdout, stderr) = run(&["inspect"], "{\"a\": hush}\n");
    assert!(!format!("{stdout}{stderr}").contains("hush"), "{stdout}{stderr}");
}

#[test]
fn a_key_is_made_once_unless_it_is_given() {
    let home = home();
    let file = home.path().join("data/dynaudit/fingerprint.key");
    let inspect = |key: Option<&str>| {
        let mut command = dynaudit(&home);
        key.map(|key| command.env("DYNAUDIT_KEY", key));
        command.arg("inspect").write_stdin("{}").output().expect("it runs")
    };
    assert!(inspect(Some("a key of enough bytes")).status.success());
    assert!(!file.exists());
    let refused = inspect(Some("hush"));
    assert_eq!(refused.status.code(), Some(2));
    assert!(!String::from_utf8_lossy(&refused.stderr).contains("hush"));
    assert!(inspect(None).status.success());
    let made = fs::read(&file).expect("made");
    assert!(inspect(None).status.success());
    assert_eq!(fs::read(&file).expect("kept"), made);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(&file).expect("there").permissions().mode() & 0o777, 0o600);
    }
}

#[test]
fn a_log_is_for_its_owner() {
    let home = home();
    let log = home.path().join("log");
    let mut command = dynaudit(&home);
    command.arg("--log").arg(&log).args(["-vv", "inspect"]).write_stdin("{\"a\":\"hush\"}\n");
    assert!(command.output().expect("it runs").status.success());
    let text = fs::read_to_string(&log).expect("written");
    assert!(!text.contains("hush"), "{text}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(&log).expect("there").permissions().mode() & 0o777, 0o600);
    }
}

#[test]
fn generates() {
    check(&["generate", "iam-policy", "--profile", "content"], "", 0, "dynamodb:Scan", "");
    check(&["generate", "completions", "bash"], "", 0, "_dynaudit", "");
    check(&["generate", "man"], "", 0, ".TH dynaudit", "");
    let (_, policy, _) = run(&["generate", "iam-policy", "--profile", "meta-only"], "");
    assert!(!policy.contains("dynamodb:Scan") && !policy.contains("kms:Decrypt"), "{policy}");
}

/// The binary looks at one item with a rule file.
fn with_rules(text: &str, code: i32, out: &str, err: &str) {
    let folder = home();
    let file = folder.path().join("mine.toml");
    fs::write(&file, text).expect("written");
    let file = file.to_str().expect("UTF-8");
    check(&["inspect", "--format", "json", "--rules", file], "{\"a\":\"acme-5HqX92LmVt\"}\n", code, out, err);
}

/// A rule of our own format.
const ACME: &str = "[[rule]]\nid = \"acme-key\"\ntitle = \"Acme key\"\nseverity = \"high\"\n\
                    confidence = \"high\"\nwhy = \"It opens the shop.\"\nkeywords = [\"acme-\"]\n\
                    pattern = 'acme-[0-9A-Za-z]{10}'\n";

#[test]
fn a_users_rules_are_looked_for() {
    with_rules(ACME, 1, "\"rule\":\"mine:acme-key\"", "of 1 rules, 1 without cases");
    let cases = "hits = [\"acme-5HqX92LmVt\"]\nmisses = [\"acme-5Hq\"]\n";
    with_rules(&format!("{ACME}{cases}"), 1, "\"rule\":\"mine:acme-key\"", "");
    let gitleaks = "[[rules]]\nid = \"acme\"\ndescription = \"Acme key\"\nregex = '''acme-[0-9A-Za-z]{10}'''\n\
                    keywords = [\"acme-\"]\n";
    with_rules(gitleaks, 1, "\"rule\":\"mine:acme\"", "1 without cases");
}

#[test]
fn a_bad_rule_is_told_with_its_place_and_the_rest_is_used() {
    let bad = ACME.replace("acme-key", "bad").replace("acme-[0", "acme-(0");
    let left_out = "line 8, column 11: rule left out: ";
    with_rules(&format!("{bad}{ACME}"), 3, "\"rule\":\"mine:acme-key\"", left_out);
    let unknown = "line 1, column 1: rule left out: unknown field";
    with_rules(&format!("bogus = 1\n{ACME}"), 3, "\"rule\":\"mine:acme-key\"", unknown);
    with_rules("[[rule]\n", 3, "", "line 1, column");
    check(&["inspect", "--rules", "no-such-file"], "{}", 2, "", "--rules no-such-file cannot be read");
}

#[test]
fn the_catalogue_is_printed_with_a_users_rules() {
    let folder = home();
    let file = folder.path().join("mine.toml");
    fs::write(&file, ACME).expect("written");
    let (code, page, _) = run(&["generate", "rules", "--rules", file.to_str().expect("UTF-8")], "");
    assert_eq!(code, 0);
    for section in ["## mine:acme-key", "## stripe-secret-key", "- Marked: without cases"] {
        assert!(page.contains(section), "{section} is not in the page");
    }
}
