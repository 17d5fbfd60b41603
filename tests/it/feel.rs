//! How it feels: settings, colours, credentials that run out, several places, streams, sessions.

use std::fs;
use std::path::Path;

use crate::e2e::{dynaudit, quits};
use crate::pty::{Terminal, key};

/// A configuration file beside nothing else.
fn config(text: &str) -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("config.toml");
    fs::write(&file, text).unwrap();
    (folder, file)
}

fn with_config(file: &Path) -> Terminal {
    let terminal = dynaudit().args(["demo", "--config"]).args([file]).start();
    terminal.wait_for("Tables (10)");
    terminal
}

#[test]
fn a_key_is_rebound_and_every_place_that_tells_keys_says_so() {
    let (_folder, file) = config("[keys.everywhere]\nfindings = \"v\"\n[keys.tables]\nposture = \"P\"\n");
    let terminal = with_config(&file);
    terminal.wait_for("P posture");
    terminal.send("?");
    terminal.wait_for("Keys on this screen");
    terminal.wait_for("P             how the table is protected");
    terminal.send(key::ESC);
    terminal.wait_for("Tables (10)");
    terminal.send("v");
    terminal.wait_for("Findings (");
    quits(&terminal);
}

#[test]
fn a_bad_configuration_is_told_with_its_place_and_the_rest_applies() {
    let (_folder, file) = config("theme = \"dusk\"\n[keys.everywhere]\nfly = \"f\"\nfindings = \"v\"\n");
    let terminal = dynaudit().args(["demo", "--config"]).args([&file]).start();
    terminal.wait_for("config.toml:1:9: there is no theme");
    terminal.wait_for("1 more: !");
    terminal.send("!");
    terminal.wait_for("config.toml:3:1");
    terminal.send(key::ESC);
    terminal.wait_for("Tables (10)");
    terminal.send("v");
    terminal.wait_for("Findings (");
    quits(&terminal);
}

#[test]
fn a_configuration_that_is_not_there_is_wrong_usage() {
    let terminal = dynaudit().args(["demo", "--config", "no-such-file"]).start();
    assert_eq!(terminal.wait_exit().exit_code(), 2);
    assert!(terminal.screen_text().contains("--config no-such-file cannot be read"));
}

/// The kinds of colours on the screen.
fn colours(terminal: &Terminal) -> Vec<vt100::Color> {
    let screen = terminal.screen();
    let (rows, cols) = screen.size();
    let cells = (0..rows).flat_map(|r| (0..cols).map(move |c| (r, c)));
    cells.filter_map(|(r, c)| screen.cell(r, c)).map(vt100::Cell::fgcolor).collect()
}

#[test]
fn colours_are_as_many_as_the_terminal_has() {
    let start = |env: &[(&str, &str)]| {
        let start = env.iter().fold(dynaudit().args(["demo"]), |s, (n, v)| s.env(n, v));
        let terminal = start.start();
        terminal.wait_for("? help");
        terminal
    };
    let beyond = |c: &vt100::Color| matches!(c, vt100::Color::Idx(16..) | vt100::Color::Rgb(..));
    let many = start(&[("TERM", "xterm-256color")]);
    many.wait_until("colours of the 256", |_| true);
    assert!(colours(&many).iter().any(beyond));
    let sixteen = start(&[("TERM", "xterm")]);
    assert!(!colours(&sixteen).iter().any(beyond));
    assert!(colours(&sixteen).iter().any(|c| *c != vt100::Color::Default));
    let none = start(&[("NO_COLOR", "1")]);
    none.wait_for("▸ api_metadata");
    assert!(colours(&none).iter().all(|c| *c == vt100::Color::Default));
    let bytes = String::from_utf8_lossy(&none.bytes()).into_owned();
    assert!(!bytes.contains("\u{1b}[38;"), "a colour was sent");
    for terminal in [many, sixteen, none] {
        quits(&terminal);
    }
}

#[test]
fn the_smallest_terminal_is_enough_for_a_fix() {
    let terminal = dynaudit().args(["demo"]).size(40, 12).start();
    terminal.wait_for("▸ api_metadata");
    terminal.send("A");
    terminal.wait_for("Audit done");
    terminal.send("F");
    terminal.wait_for("Findings (");
    terminal.send(key::ENTER);
    terminal.wait_for("› finding");
    terminal.send("y");
    assert!(terminal.wait_for_copy(0).contains("aws "));
    quits(&terminal);
}
