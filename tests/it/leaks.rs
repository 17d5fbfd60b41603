//! Nothing that the program prints, draws or writes holds a secret of the demo account.

use std::fs;
use std::process::{Command, Output};
use std::sync::LazyLock;

use dynaudit::demo::{Planted, planted};

use crate::canary::{Leak, Watch};
use crate::e2e::dynaudit;
use crate::pty::key;

/// Every seeded secret, and the watch for them; made once.
static PLANTED: LazyLock<(Vec<Planted>, Watch)> = LazyLock::new(|| {
    let planted = planted();
    let watch = Watch::new(planted.iter().map(|p| (p.value.as_str(), p.prefix_allowed)));
    (planted, watch)
});

/// What leaked, by table: never the secret, as a failing test is printed.
fn leaked(text: &[u8]) -> Vec<String> {
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
    let log = fs::read(log).unwrap();
    (output, log)
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
    for format in ["text", "json"] {
        let (output, log) = run(&["scan", "--demo", "--full", "--format", format]);
        assert_eq!(output.status.code(), Some(3), "the demo has findings, and a value that cannot be opened");
        assert!(output.stdout.len() > 1000, "{format}: a report");
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
