//! Journeys of someone who looks at items: columns, order, search, copies, indexes, a read that is stopped.
#![cfg(feature = "demo")]

use std::time::Duration;

use dynaudit::demo::{Demo, Fault, FaultRule, Faults, When, planted};

use crate::e2e::{dynaudit, quits};
use crate::pty::{Terminal, key};

/// The items of a table of the demo.
fn items(table: &str) -> Terminal {
    let terminal = dynaudit().args(["demo"]).start();
    terminal.wait_for("Tables (10)");
    let (filter, opened) = (format!("/{table}"), format!("{table} › items"));
    walk(&terminal, &[(&filter, &filter), ("\r", "filter:"), ("\r", &opened), ("", "▾")]);
    terminal
}

/// Each key, and what is on the screen only after it.
#[track_caller]
fn walk(terminal: &Terminal, steps: &[(&str, &str)]) {
    for (keys, seen) in steps {
        terminal.send(keys);
        terminal.wait_for(seen);
    }
}

/// No planted secret of a table was on any screen or in any copy.
#[track_caller]
fn nothing_in_clear(terminal: &Terminal, table: &str) {
    let all = terminal.shown() + &terminal.copies().join("\n");
    let seen: Vec<_> = planted().into_iter().filter(|p| p.table == table && all.contains(&p.value)).collect();
    assert_eq!(seen.len(), 0);
}

#[test]
fn columns_are_listed_hidden_and_shown_again() {
    let terminal = items("api_tokens");
    walk(&terminal, &[("c", "api_tokens › columns"), ("j", "▸ "), (" ", "hidden")]);
    terminal.send(key::ESC);
    walk(&terminal, &[("", "api_tokens › items"), ("c", "hidden"), ("j ", "columns")]);
    terminal.wait_until("no column is hidden", |s| !s.contents().contains("hidden"));
    nothing_in_clear(&terminal, "api_tokens");
    quits(&terminal);
}

#[test]
fn cloudtrail_is_asked_who_copied_a_table_stopped_and_asked_anew() {
    let terminal = dynaudit().args(["demo"]).start();
    terminal.wait_for("Tables (10)");
    walk(
        &terminal,
        &[
            ("/orders_staging", "/orders_staging"),
            ("\r", "filter:"),
            ("O", "E asks CloudTrail"),
            ("E", "Copies made in the last"),
        ],
    );
    walk(
        &terminal,
        &[
            ("\r", "esc stops"),
            (key::ESC, "enter refreshes"),
            ("\r", "1 about orders_staging_copy in 90 days"),
        ],
    );
    terminal.wait_for("set the policy of the table");
    walk(&terminal, &[("t", "11 about any table"), ("/", "/"), ("sam\r", "2 about any table")]);
    terminal.wait_for("orders: restored a state of it");
    quits(&terminal);
}

#[test]
fn rows_are_sorted_filtered_and_searched() {
    let terminal = items("users");
    walk(
        &terminal,
        &[("o", "↑, of the"), ("o", "↓, of the"), ("t", "Show only"), (key::ESC, "users › items")],
    );
    terminal.wait_until("the choices are gone", |s| !s.contents().contains("Show only"));
    walk(&terminal, &[("/", "/"), ("zzzz-nowhere\r", "No match below")]);
    nothing_in_clear(&terminal, "users");
    quits(&terminal);
}

#[test]
fn an_item_is_copied_as_json_and_as_a_command_without_its_key_or_a_secret() {
    let terminal = items("api_metadata");
    walk(&terminal, &[("n", "▸‼"), (key::ENTER, "› item ›"), ("v", "item as JSON"), ("v", "DynamoDB JSON")]);
    terminal.send("y");
    let json = terminal.wait_for_copy(0);
    assert!(json.starts_with("{\n") && json.contains("{\"S\": "), "{json}");
    walk(&terminal, &[("Y", "secrets stay masked")]);
    terminal.send("jjjjj\r");
    let command = terminal.wait_for_copy(1);
    assert!(
        command.starts_with("aws dynamodb get-item --table-name 'api_metadata' --key file://"),
        "{command}"
    );
    let name = command.split("file://").nth(1).and_then(|rest| rest.split(' ').next()).expect("a file");
    let path = terminal.home().join(name);
    let key: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(&path).expect("the key is there")).expect("JSON");
    let value =
        key.as_object().and_then(|k| k.values().next()).expect("a key")["S"].as_str().expect("a string");
    assert!(!command.contains(value), "{command}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&path).expect("there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    nothing_in_clear(&terminal, "api_metadata");
    quits(&terminal);
}

#[test]
fn one_goes_from_item_to_item_looks_at_a_value_whole_and_writes_what_is_shown() {
    let terminal = items("orders_staging_copy");
    walk(
        &terminal,
        &[
            // The search goes along while it is typed, and Esc goes back.
            ("/", "/"),
            ("2026-000008", "▸ 2026-000008"),
            (key::ESC, "row 1 of 57"),
            (key::ENTER, "item 1 of 57"),
            ("J", "item 2 of 57"),
            ("K", "item 1 of 57"),
            ("g\r", "› value ›"),
            (key::ESC, "item 1 of 57"),
            (key::ESC, "row 1 of 57"),
            ("w", "57 items, one a line"),
            ("c", "› columns"),
            ("/", "/"),
            ("total\r", "filter: total"),
            ("\r", "› items"),
            ("*", "follow total to"),
            ("", "by condition"),
            ("\r", "= total = $1"),
        ],
    );
    let name = std::fs::read_dir(terminal.home())
        .expect("readable")
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .find(|name| name.starts_with("dynaudit-items-"))
        .expect("written");
    let path = terminal.home().join(name);
    let text = std::fs::read_to_string(&path).expect("readable");
    assert_eq!(text.lines().filter_map(|l| serde_json::from_str::<serde_json::Value>(l).ok()).count(), 57);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&path).expect("there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    quits_from_the_box(&terminal);
}

fn quits_from_the_box(terminal: &Terminal) {
    terminal.send(&key::ctrl('c'));
    assert_eq!(terminal.wait_exit().exit_code(), 0);
    assert_eq!(terminal.left_behind(), Vec::<String>::new());
}

#[test]
fn hostile_items_are_shown_in_every_view() {
    let terminal = items("audit_log");
    walk(
        &terminal,
        &[
            ("G", "all 109 items read"),
            ("/", "/"),
            ("wide\r", "evt-00109"),
            (key::ENTER, "全"),
            ("v", "\\u200d"),
            ("v", "{\"S\": "),
        ],
    );
    quits(&terminal);
}

#[test]
fn an_index_is_browsed_and_left_again() {
    let terminal = items("users");
    walk(&terminal, &[("I", "users › indexes"), (key::ENTER, "by-"), ("", "▾"), (key::ESC, "› indexes")]);
    quits(&terminal);
}

#[test]
fn a_read_is_stopped_and_goes_on() {
    let demo = Demo::start(Faults::none()).expect("starts");
    let login = &demo.logins()[0];
    let terminal = dynaudit()
        .args(["--endpoint-url", &demo.endpoint_url(), "--table", "orders"])
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .env("AWS_ACCESS_KEY_ID", login.access_key)
        .env("AWS_SECRET_ACCESS_KEY", login.secret_key)
        .env("AWS_SESSION_TOKEN", login.session_token)
        .env("AWS_REGION", login.region)
        .start();
    walk(&terminal, &[("", "orders › items"), ("", "100 of about")]);
    let slow = Fault::Slow(Duration::from_secs(600));
    demo.set_faults(Faults::none().with(FaultRule::on_operation("Scan", slow, When::Always)));
    walk(&terminal, &[("G", "loading…"), (key::ESC, "paused; j at the end reads more")]);
    demo.set_faults(Faults::none());
    walk(&terminal, &[("G", "paused"), ("j", "200 of about")]);
    quits(&terminal);
}
