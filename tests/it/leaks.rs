//! Nothing that the program prints, draws or writes holds a secret of the demo account.

use std::fs;
use std::process::{Command, Output};
use std::sync::LazyLock;

use dynaudit::demo::{Planted, planted};

use crate::canary::{Leak, Watch};
use crate::e2e::dynaudit;
use crate::pty::{Start, key};

/// Every seeded secret, and the watch for them; made once.
pub static PLANTED: LazyLock<(Vec<Planted>, Watch)> = LazyLock::new(|| {
    let planted = planted();
    let watch = Watch::new(planted.iter().map(|p| (p.value.as_str(), p.prefix_allowed)));
    (planted, watch)
});

/// What leaked, by table: never the secret, as a failing test is printed.
pub fn leaked(text: &[u8]) -> Vec<String> {
    let (planted, watch) = &*PLANTED;
    let told = |leak: Leak| {
        let from = &planted[leak.secret];
        format!(
            "a secret of {} in {} {}, as {}, at byte {}",
            from.table, from.account, from.region, leak.form, leak.at
        )
    };
    watch.leaks(text).into_iter().map(told).collect()
}

fn run(args: &[&str]) -> (Output, Vec<u8>) {
    let home = tempfile::tempdir().unwrap();
    let log = home.path().join("log");
    let output = Command::new(env!("CARGO_BIN_EXE_dynaudit"))
        .args(args)
        .args(["-vv", "--log"])
        .arg(&log)
        .env_clear()
        .env("HOME", home.path())
        .current_dir(home.path())
        .output()
        .unwrap();
    // What ends before anything is asked has no log.
    (output, fs::read(log).unwrap_or_default())
}

#[test]
fn the_watch_knows_the_account() {
    let (planted, _) = &*PLANTED;
    assert!(planted.len() >= 8, "{} secrets are planted", planted.len());
    for secret in planted {
        assert!(!leaked(secret.value.as_bytes()).is_empty(), "one of {} is not watched", secret.table);
    }
}

#[test]
fn a_full_scan_prints_no_secret() {
    for format in ["text", "json", "jsonl", "markdown", "sarif", "csv", "html"] {
        let (output, log) = run(&["scan", "--demo", "--full", "--format", format]);
        assert_eq!(output.status.code(), Some(3), "the demo has findings, and a value that cannot be opened");
        assert!(output.stdout.len() > 1000 && !log.is_empty(), "{format}: a report and a log");
        for (what, text) in [("stdout", &output.stdout), ("stderr", &output.stderr), ("log", &log)] {
            assert_eq!(leaked(text), Vec::<String>::new(), "{format}, {what}");
        }
    }
}

#[test]
fn a_walk_through_the_screens_shows_no_secret_but_the_revealed_one() {
    let terminal = dynaudit().args(["demo"]).size(120, 40).start();
    terminal.wait_for("api_metadata");
    terminal.send("/api_metadata");
    terminal.wait_for("/api_metadata");
    terminal.send(key::ENTER);
    terminal.wait_for("filter: api_metadata");
    terminal.send("p");
    terminal.wait_for("› posture");
    terminal.send(key::ESC);
    terminal.wait_for("Tables (");
    terminal.send(key::ENTER);
    terminal.wait_for("items read ·");
    terminal.wait_for("••••••••");
    terminal.send("!");
    terminal.wait_for("newest first");
    terminal.send(key::ESC);
    terminal.wait_for("› items");
    terminal.send(key::ENTER);
    terminal.wait_for("Attribute");
    for text in [terminal.bytes(), terminal.shown().into_bytes()] {
        assert_eq!(leaked(&text), Vec::<String>::new());
    }
    // The control: one value in clear is seen by the watch, so silence above means something.
    terminal.send("x");
    terminal.wait_until("a revealed secret", |screen| !leaked(screen.contents().as_bytes()).is_empty());
    assert_eq!(terminal.copies(), Vec::<String>::new());
    terminal.send("q");
    assert_eq!(terminal.wait_exit().exit_code(), 0);
    assert_eq!(terminal.left_behind(), Vec::<String>::new());
    assert_eq!(terminal.titles_and_bells(), (Vec::new(), 0));
}

/// What is pasted in the wrong place is repeated by no error: a log of CI keeps what stderr says.
#[test]
fn no_error_repeats_a_token_of_the_command_line() {
    let token = ["gh", "p_16C7e42F292c6912E7710c838347Ae178B4a"].concat();
    let bare = format!("api_key {token}");
    let region = ["--profile", "none", "--region", &token];
    let lines: &[&[&str]] = &[
        &["demo", "--table", "api_metadata", "--query", &bare],
        &["demo", "--table", "api_metadata", "--query", &token],
        &["demo", "--table", "api_metadata", "--query-file", &token],
        &["demo", "--config", &token],
        &["scan", "--demo", "--table", &token],
        &["scan", "--demo", "--format", &token],
        &["scan", "--demo", &token],
        &["scan", "--profile", &token],
        &[&["scan"], &region[..]].concat(),
        &["inspect", &token],
        &["inspect", "--key-schema", &token],
        &[&token],
    ];
    for line in lines {
        let (output, log) = run(line);
        let said = [output.stdout, output.stderr, log].concat();
        let shown = String::from_utf8_lossy(&said).replace(&token[4..36], "LEAKED");
        assert!(!shown.contains("LEAKED"), "{shown}");
        assert!(!output.status.success() && !said.is_empty(), "{shown}");
    }
}

#[test]
fn a_query_comes_from_a_file_or_stdin_too() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("query");
    fs::write(&file, "owner = \"payments\"\n").unwrap();
    let command = format!("{} demo --table api_metadata --query-file", env!("CARGO_BIN_EXE_dynaudit"));
    let from_file = format!("{command} {}", file.display());
    let from_stdin = format!("{command} - < {}", file.display());
    for script in [from_file, from_stdin] {
        let terminal = Start::program("sh").args(["-c", &script]).start();
        terminal.wait_for("owner = ?");
        // The keyboard works all the same.
        terminal.send(key::ESC);
        terminal.wait_for("= owner = \"payments\"");
        terminal.send(&key::ctrl('c'));
        assert_eq!(terminal.wait_exit().exit_code(), 0, "{script}");
    }
}

#[test]
fn a_token_typed_without_quotes_is_nowhere_afterwards() {
    let token = ["gh", "p_16C7e42F292c6912E7710c838347Ae178B4a"].concat();
    let state = tempfile::tempdir().unwrap();
    let terminal = dynaudit().args(["demo"]).env("XDG_STATE_HOME", state.path()).size(120, 24).start();
    terminal.wait_for("Tables (10)");
    terminal.send(key::ENTER);
    terminal.wait_for("items read");
    terminal.send("=");
    terminal.wait_for("› query");
    // Pasted as one edit: letter by letter, it is no token before its end.
    terminal.paste(&format!("api_key = {token}"));
    terminal.wait_for("= api_key = •");
    // Until the table is described no query can be planned.
    terminal.wait_for("reads by");
    terminal.send(&key::ctrl('s'));
    terminal.wait_for("without its values: api_key = ?");
    terminal.send(key::ENTER);
    terminal.wait_for("› api_key = ?");
    terminal.send("q");
    assert_eq!(terminal.wait_exit().exit_code(), 0);
    let kept = fs::read_to_string(state.path().join("dynaudit/session-demo.json")).unwrap();
    assert!(kept.contains("api_key = ?") && !kept.contains(&token[4..36]), "in the session");
    let bytes = terminal.bytes();
    assert!(!String::from_utf8_lossy(&bytes).contains(&token[4..36]), "on the screen");
    let (titles, _) = terminal.titles_and_bells();
    assert!(titles.iter().all(|title| !title.contains(&token[4..36])), "in the window's title");
}
