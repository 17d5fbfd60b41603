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
    check(&["inspect", "--format", "json"], "", 0, "", "");
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
