//! `--plain`: the interface line by line, through pipes and in a terminal.

use std::fs;
use std::path::Path;

use crate::canary;
use crate::e2e::dynaudit;

/// Types lines into `demo --plain` behind pipes, in a folder; what it printed.
fn typed(folder: &Path, lines: &[&str]) -> String {
    let output = assert_cmd::Command::new(env!("CARGO_BIN_EXE_dynaudit"))
        .args(["demo", "--plain"])
        .env_clear()
        .env("HOME", folder)
        .env("TERM", "xterm-256color")
        .current_dir(folder)
        .write_stdin(lines.join("\n"))
        .timeout(std::time::Duration::from_secs(60))
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Whether these stand in a text in this order.
#[track_caller]
fn in_order(text: &str, wanted: &[&str]) {
    let mut rest = text;
    for one in wanted {
        let at = rest.find(one).unwrap_or_else(|| panic!("{one:?} does not come in its turn:\n{text}"));
        rest = &rest[at + one.len()..];
    }
}

#[test]
fn from_tables_to_a_fix_in_a_file_by_lines_alone() {
    let folder = tempfile::tempdir().unwrap();
    let out = typed(folder.path(), &["A", "F", "1", "y", ":save", "q", "never read"]);
    in_order(
        &out,
        &[
            "Type a row's number",
            "READ-ONLY; DEMO ACCOUNT; ",
            "Screen: Tables (10)",
            "1. api_metadata; ",
            "(selected)",
            "Message: Audit done: ",
            "Screen: Findings (",
            "1. critical; api_metadata; ",
            "Screen: api_metadata › finding",
            "Message: error: There is no clipboard behind a pipe",
            "Message: Wrote the AWS CLI fix to ",
        ],
    );
    let fixes: Vec<_> = fs::read_dir(folder.path())
        .unwrap()
        .filter(|f| f.as_ref().is_ok_and(|f| f.path().extension().is_some_and(|e| e == "sh")))
        .collect();
    assert_eq!(fixes.len(), 1);
}

#[test]
fn nothing_is_printed_that_a_screen_reader_stumbles_over_and_no_secret() {
    let folder = tempfile::tempdir().unwrap();
    let out = typed(
        folder.path(),
        &["1", "1", "v", "esc", "esc", "esc", "p", "esc", "I", "esc", "5", "3", "x", "?", "esc", "S", "q"],
    );
    in_order(&out, &["api_metadata › items", "› item", "› posture", "› indexes", "› items"]);
    for c in out.chars() {
        assert!(c == '\n' || !c.is_control(), "{c:?} is printed");
        assert!(!('\u{2500}'..='\u{25ff}').contains(&c), "{c} is printed");
    }
    let apart = ["; Size; ", "; Key; ", "; 5.1 KB; ", "; AWS owned; "];
    assert!(apart.iter().all(|cells| out.contains(cells)), "cells run together");
    assert!(out.contains("never shown in clear in this session"));
    let values = dynaudit::demo::planted();
    for secret in &values {
        assert_eq!(canary::leaks(out.as_bytes(), &secret.value, 4), None, "{}", secret.path.general());
    }
}

#[test]
fn commands_text_and_mistakes() {
    let folder = tempfile::tempdir().unwrap();
    let lines = [
        "99",
        "bogus",
        ":xyzzy",
        ":next theme",
        "/",
        "webh",
        "",
        "esc",
        "=",
        "id = \"nobody\" desc x",
        "esc",
        "q",
    ];
    let out = typed(folder.path(), &lines);
    in_order(
        &out,
        &[
            "There is no row 99; the last one is 10.",
            "\"bogus\" is no row, key or command",
            "There is no command like \"xyzzy\" here",
            "Theme: ",
            "1. webhooks; ",
            "› query",
        ],
    );
}

#[test]
fn whether_a_table_was_copied_is_told_line_by_line() {
    let folder = tempfile::tempdir().unwrap();
    let out = typed(folder.path(), &["/", "tenants", ":history", "enter", "esc", "O", "q"]);
    in_order(
        &out,
        &[
            "Screen: tenants › copied in the last 90 days",
            "Copies made in the last 90 days",
            "cloudtrail:LookupEvents",
            "4 about tenants in 90 days",
            "1. 2026-11-17 09:00; platform-admin/kim; copied a backup of it into arn:aws:backup:eu-west-1:777788889999:backup-vault:theirs",
            "2. 2026-11-14 09:00; platform-admin/kim; backed it up into vault shop",
            "3. 2026-11-02 09:00; collector-sync/nightly; exported it to bucket collector-landing of account 777788889999",
            "Screen: tenants › where its data goes",
            "4 calls copied it or granted access to it in the last 90 days",
        ],
    );
}

#[test]
fn the_end_of_the_input_ends_the_session() {
    let folder = tempfile::tempdir().unwrap();
    assert!(typed(folder.path(), &["1"]).contains("Screen: api_metadata › items"));
}

#[test]
fn in_a_terminal_it_stays_on_its_lines() {
    let terminal = dynaudit().args(["demo", "--plain"]).size(120, 40).start();
    terminal.wait_for("10. webhooks");
    terminal.send("1\r");
    terminal.wait_for("Screen: api_metadata › items");
    assert!(!terminal.screen().alternate_screen());
    terminal.send(":identity\r");
    terminal.wait_for("security-audit");
    terminal.send("q\r");
    quits_plain(&terminal);
}

#[test]
fn a_terminal_that_cannot_move_its_cursor_gets_lines() {
    let terminal = dynaudit().args(["demo"]).env("TERM", "dumb").size(120, 40).start();
    terminal.wait_for("10. webhooks");
    terminal.send("q\r");
    quits_plain(&terminal);
}

fn quits_plain(terminal: &crate::pty::Terminal) {
    assert_eq!(terminal.wait_exit().exit_code(), 0);
    assert!(!String::from_utf8_lossy(&terminal.bytes()).contains("\u{1b}["), "a control sequence was sent");
}
