//! How it feels: settings, colours, credentials that run out, several places, streams, sessions.

use std::fs;
use std::path::Path;

use crate::e2e::{dynaudit, quits};
use crate::needs::{is_installed, needs};
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
    let (_folder, file) = config("[keys.everywhere]\nfindings = \"u\"\n[keys.tables]\nposture = \"Q\"\n");
    let terminal = with_config(&file);
    terminal.wait_for("Q posture");
    terminal.send("?");
    terminal.wait_for("Keys on this screen");
    terminal.wait_for("Q             how the table is protected");
    terminal.send(key::ESC);
    terminal.wait_for("Tables (10)");
    terminal.send("u");
    terminal.wait_for("Findings (");
    quits(&terminal);
}

#[test]
fn a_bad_configuration_is_told_with_its_place_and_the_rest_applies() {
    let (_folder, file) = config("theme = \"dusk\"\n[keys.everywhere]\nfly = \"f\"\nfindings = \"u\"\n");
    let terminal = dynaudit().args(["demo", "--config"]).args([&file]).start();
    terminal.wait_for("config.toml:1:9: there is no theme");
    terminal.wait_for("1 more: !");
    terminal.send("!");
    terminal.wait_for("config.toml:3:1");
    terminal.send(key::ESC);
    terminal.wait_for("Tables (10)");
    terminal.send("u");
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
fn in_monochrome_every_step_shows_what_is_selected_without_a_colour() {
    let (_folder, file) = config("theme = \"monochrome\"\n");
    let terminal = with_config(&file);
    let steps = [
        ("A", "Audit done", "▸ api_metadata"),
        (key::ENTER, "all 12 items read", "▸‼"),
        (key::ENTER, "› item ›", "▸"),
        (":", "Commands", "▸ enter"),
        (key::ESC, "› item ›", "▸"),
        ("F", "Findings (", "▸ ‼ critical"),
        (key::ENTER, "› finding", "‼ critical"),
    ];
    for (step, seen, selected) in steps {
        terminal.send(step);
        terminal.wait_until(step, |s| s.contents().contains(seen) && s.contents().contains(selected));
        assert!(colours(&terminal).iter().all(|c| *c == vt100::Color::Default), "a colour after {step:?}");
    }
    assert!(!String::from_utf8_lossy(&terminal.bytes()).contains("\u{1b}[38;"), "a colour was sent");
    quits(&terminal);
}

#[test]
fn the_theme_follows_the_background_where_the_terminal_tells_it() {
    let asks = |terminal: &Terminal| String::from_utf8_lossy(&terminal.bytes()).contains("\x1b]11;?");
    // The next theme tells which one it was: dark, light, high-contrast.
    for (colour, next) in [("rgb:ffff/ffff/ffff", "high-contrast"), ("rgb:1e1e/1e1e/1e1e", "light")] {
        let terminal = dynaudit().args(["demo"]).background(colour).start();
        terminal.wait_for("Tables (10)");
        terminal.send("T");
        terminal.wait_for(&format!("Theme: {next}"));
        // An answer that comes late, or twice, is no key and changes no choice.
        terminal.send("\x1b]11;rgb:0000/0000/0000\x07");
        terminal.send("T");
        let after = if next == "light" { "high-contrast" } else { "monochrome" };
        terminal.wait_for(&format!("Theme: {after}"));
        assert!(asks(&terminal) && terminal.screen_text().contains("Tables (10)"));
        quits(&terminal);
    }
    // Where the theme is chosen, or there is no colour, nothing is asked.
    let (_folder, file) = config("theme = \"dark\"\n");
    let chosen = with_config(&file);
    let plain = dynaudit().args(["demo"]).env("NO_COLOR", "1").start();
    let console = dynaudit().args(["demo"]).env("TERM", "linux").start();
    for terminal in [chosen, plain, console] {
        terminal.wait_for("Tables (10)");
        assert!(!asks(&terminal));
        quits(&terminal);
    }
}

#[test]
fn what_is_copied_is_in_the_clipboard_of_the_desktop() {
    use std::io::{BufRead, BufReader};
    use std::process::{Command, Stdio};
    if !needs("Xvfb and xclip", is_installed("Xvfb", "-help") && is_installed("xclip", "-version")) {
        return;
    }
    // The server chooses a number that is free, and tells it.
    let server = Command::new("Xvfb")
        .args(["-displayfd", "1", "-screen", "0", "640x480x8", "-nolisten", "tcp"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let mut server = server.expect("Xvfb starts");
    let mut number = String::new();
    BufReader::new(server.stdout.take().unwrap()).read_line(&mut number).unwrap();
    let display = format!(":{}", number.trim());
    let terminal = dynaudit().args(["demo"]).env("DISPLAY", &display).size(120, 30).start();
    terminal.wait_for("Tables (10)");
    terminal.send("y");
    terminal.wait_for("Copied the ARN of api_metadata to the clipboard.");
    let held =
        Command::new("xclip").args(["-selection", "clipboard", "-o", "-display", &display]).output().unwrap();
    assert_eq!(
        String::from_utf8_lossy(&held.stdout),
        "arn:aws:dynamodb:eu-west-1:111122223333:table/api_metadata"
    );
    assert!(terminal.copies().is_empty(), "it was sent to the terminal as well");
    quits(&terminal);
    server.kill().unwrap();
    server.wait().unwrap();
    // Without its desktop, the terminal is asked.
    let terminal = dynaudit().args(["demo"]).env("DISPLAY", &display).size(120, 30).start();
    terminal.wait_for("Tables (10)");
    terminal.send("y");
    terminal.wait_for("Sent the ARN of api_metadata to the terminal's clipboard");
    quits(&terminal);
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

/// The program on a demo of the test's own, as the profile `oncall`, in these Regions.
fn on(demo: &dynaudit::demo::Demo, folder: &Path, args: &[&str]) -> Terminal {
    let login = &demo.logins()[0];
    let profile = format!(
        "[profile oncall]\nregion = {}\naws_access_key_id = {}\naws_secret_access_key = {}\naws_session_token = {}\n",
        login.region, login.access_key, login.secret_key, login.session_token
    );
    let file = folder.join("aws");
    fs::write(&file, profile).unwrap();
    dynaudit()
        .env("AWS_CONFIG_FILE", &file)
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .args(["--profile", "oncall", "--endpoint-url", &demo.endpoint_url()])
        .args(args)
        .size(120, 30)
        .start()
}

#[test]
fn credentials_that_run_out_keep_the_view_name_the_login_and_a_key_goes_on() {
    use dynaudit::demo::{Demo, Fault, FaultRule, Faults, When};
    let folder = tempfile::tempdir().unwrap();
    let demo = Demo::start(Faults::none()).unwrap();
    let terminal = on(&demo, folder.path(), &[]);
    terminal.wait_for("Tables (10)");
    demo.set_faults(Faults::none().with(FaultRule::on_everything(Fault::ExpiredToken, When::Always)));
    terminal.send(key::ENTER);
    terminal.wait_for("L copies");
    terminal.send(key::ESC);
    terminal.wait_for("▸ api_metadata");
    terminal.send("L");
    assert_eq!(terminal.wait_for_copy(0), "aws sts get-caller-identity --profile oncall");
    demo.set_faults(Faults::none());
    terminal.send("R");
    terminal.wait_until("the trouble gone", |s| !s.contents().contains("has expired"));
    terminal.send(key::ENTER);
    terminal.wait_for("all 12 items read");
    quits(&terminal);
}

#[test]
fn credentials_renewed_in_the_file_are_read_again_but_not_those_of_another_account() {
    use dynaudit::demo::{Demo, Fault, FaultRule, Faults, When};
    let folder = tempfile::tempdir().unwrap();
    let demo = Demo::start(Faults::none()).unwrap();
    let terminal = on(&demo, folder.path(), &[]);
    terminal.wait_for("Tables (10)");
    let file = folder.path().join("aws");
    let good = fs::read_to_string(&file).unwrap();
    let (mine, other) =
        (&demo.logins()[0], demo.logins().iter().find(|l| l.account != demo.logins()[0].account));
    let other = other.expect("the demo has two accounts");
    demo.set_faults(Faults::none().with(FaultRule::on_everything(Fault::ExpiredToken, When::Always)));
    terminal.send("R");
    terminal.wait_for("has expired");
    demo.set_faults(Faults::none());
    // Only a file that is read again holds these.
    fs::write(&file, good.replace(mine.access_key, other.access_key)).unwrap();
    terminal.send("R");
    terminal.wait_for("are now of account");
    fs::write(&file, &good).unwrap();
    terminal.send("R");
    terminal.wait_until("the trouble gone", |s| {
        !s.contents().contains("has expired") && !s.contents().contains("are now of account")
    });
    terminal.send(key::ENTER);
    terminal.wait_for("all 12 items read");
    quits(&terminal);
}

#[test]
fn several_regions_are_one_list_and_each_can_be_gone_to() {
    use dynaudit::demo::{Demo, Faults};
    let folder = tempfile::tempdir().unwrap();
    let demo = Demo::start(Faults::none()).unwrap();
    let terminal = on(&demo, folder.path(), &["--region", "eu-west-1,us-east-1", "--region", "ap-south-1"]);
    terminal.wait_for("Tables (10)");
    terminal.send("a");
    terminal.wait_for("Tables of 3 accounts and Regions (14)");
    terminal.wait_until("each row with its place", |s| {
        let has = |a: &str, b: &str| s.contents().lines().any(|l| l.contains(a) && l.contains(b));
        has("orders_archive", "us-east-1") && has("no table", "ap-south-1") && has("webhooks", "111122223333")
    });
    terminal.send("a");
    terminal.wait_for("Tables (10)");
    terminal.send("sj");
    terminal.send(key::ENTER);
    terminal.wait_for("Tables (4)");
    quits(&terminal);
}

#[test]
fn a_region_that_is_denied_is_shown_as_denied_and_not_as_empty() {
    use dynaudit::demo::{Demo, Fault, FaultRule, Faults, When};
    let folder = tempfile::tempdir().unwrap();
    let demo = Demo::start(Faults::none()).unwrap();
    let terminal = on(&demo, folder.path(), &["--region", "eu-west-1,us-east-1"]);
    terminal.wait_for("Tables (10)");
    let rule = FaultRule::on_operation("ListTables", Fault::Deny, When::Always);
    demo.set_faults(Faults::none().with(rule));
    terminal.send("a");
    let row =
        |s: &vt100::Screen, a: &str, b: &str| s.contents().lines().any(|l| l.contains(a) && l.contains(b));
    terminal.wait_until("the denied Region beside the other", |s| {
        row(s, "denied", "us-east-1") && row(s, "webhooks", "eu-west-1")
    });
    terminal.wait_for("Tables of 2 accounts and Regions (10)");
    // There, it is told with the permission that is missing.
    terminal.send("asj");
    terminal.send(key::ENTER);
    terminal.wait_for("dynamodb:ListTables");
    demo.set_faults(Faults::none());
    terminal.send("R");
    terminal.wait_for("Tables (4)");
    quits(&terminal);
}

#[test]
fn a_session_is_taken_up_where_it_was_left_and_holds_no_item_data() {
    use std::os::unix::fs::PermissionsExt;
    let state = tempfile::tempdir().unwrap();
    let file = state.path().join("dynaudit/session-demo.json");
    let start =
        |args: &[&str]| dynaudit().args(["demo"]).args(args).env("XDG_STATE_HOME", state.path()).start();
    let first = start(&[]);
    first.wait_for("Tables (10)");
    first.send(key::ENTER);
    first.wait_for("all 12 items read");
    first.send("T");
    first.wait_for("Theme: light");
    quits(&first);
    let kept = fs::read_to_string(&file).unwrap();
    assert!(kept.contains("api_metadata") && kept.contains("light"), "{kept}");
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    for secret in dynaudit::demo::planted() {
        assert!(!kept.contains(&secret.value), "item data in the session");
    }
    let second = start(&[]);
    second.wait_for("api_metadata › items");
    // What it showed is not read again by itself.
    second.wait_for("nothing read yet");
    assert!(second.screen_text().contains(" 0/2000 RCU"), "{}", second.screen_text());
    second.send("R");
    second.wait_for("all 12 items read");
    quits(&second);
    let anew = start(&["--no-restore"]);
    anew.wait_for("▸ api_metadata");
    quits(&anew);
    assert_eq!(fs::read_to_string(&file).unwrap(), kept);
    fs::write(&file, "{ not a session").unwrap();
    let third = start(&[]);
    third.wait_for("The last session is not taken up");
    third.wait_for("▸ api_metadata");
    quits(&third);
}

#[test]
fn columns_and_shapes_of_queries_are_back_and_the_values_are_not() {
    let state = tempfile::tempdir().unwrap();
    let file = state.path().join("dynaudit/session-demo.json");
    let start = || dynaudit().args(["demo"]).env("XDG_STATE_HOME", state.path()).size(200, 30).start();
    let first = start();
    first.wait_for("Tables (10)");
    first.send(key::ENTER);
    first.wait_for("all 12 items read");
    first.send("l");
    first.send("H");
    first.wait_for("is hidden; c shows all columns");
    first.send("=");
    first.wait_for("› query");
    first.send("owner = \"CANARY-OF-A-LITERAL\"");
    first.send(&key::ctrl('s'));
    first.wait_for("owner = ?");
    first.send(key::ESC);
    first.wait_for("all 12 items read");
    quits(&first);
    let kept = fs::read_to_string(&file).unwrap();
    assert!(kept.contains("owner = ?") && kept.contains("\"hidden\":[\""), "{kept}");
    assert!(!kept.contains("CANARY"), "a literal in the session");
    for secret in dynaudit::demo::planted() {
        assert!(!kept.contains(&secret.value), "item data in the session");
    }
    let second = start();
    second.wait_for("api_metadata › items");
    // What it showed is not read again by itself.
    second.wait_for("nothing read yet");
    assert!(second.screen_text().contains(" 0/2000 RCU"), "{}", second.screen_text());
    second.send("R");
    second.wait_for("all 12 items read");
    let hidden =
        kept.split("\"hidden\":[\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap().to_owned();
    assert!(!second.screen_text().contains(&hidden), "{hidden} is on screen:\n{}", second.screen_text());
    second.send("=");
    second.wait_for("› query");
    second.send(&key::ctrl('p'));
    second.wait_for("= owner = ?");
    second.send(key::ESC);
    second.wait_for("all 12 items read");
    quits(&second);
    assert_eq!(fs::read_to_string(&file).unwrap(), kept);
}

#[test]
fn a_stream_is_tailed_only_after_a_question_and_stops_on_esc() {
    let terminal = dynaudit().args(["demo"]).size(120, 30).start();
    terminal.wait_for("Tables (10)");
    terminal.send("jj");
    terminal.wait_for("▸ audit_log");
    terminal.send("S");
    terminal.wait_for("1: audit-indexer");
    terminal.wait_for("nothing read yet");
    terminal.send(key::ENTER);
    terminal.wait_for("3 records, 1 reads");
    terminal.wait_for("INSERT");
    // The next round comes by itself.
    terminal.wait_for("6 records, 2 reads");
    terminal.send(key::ESC);
    terminal.wait_for("paused; S resumes");
    for secret in dynaudit::demo::planted().iter().filter(|p| p.table == "audit_log") {
        assert!(!terminal.shown().contains(&secret.value), "a secret in clear: {}", secret.path.general());
    }
    terminal.send(key::ESC);
    terminal.wait_for("Tables (10)");
    quits(&terminal);
}

#[test]
fn a_table_without_a_stream_says_so() {
    let terminal = dynaudit().args(["demo"]).start();
    terminal.wait_for("Tables (10)");
    terminal.send("S");
    terminal.wait_for("The table has no stream");
    quits(&terminal);
}

#[test]
fn the_mouse_is_off_until_it_is_wanted_and_is_given_back() {
    let off = |s: &vt100::Screen| s.mouse_protocol_mode() == vt100::MouseProtocolMode::None;
    let terminal = dynaudit().args(["demo"]).start();
    terminal.wait_for("webhooks");
    assert!(off(&terminal.screen()));
    terminal.send("M");
    terminal.wait_until("the mouse reported", |s| !off(s));
    // Row 6 of the terminal, counted from 1, is the third table.
    let click = "\x1b[<0;5;6M\x1b[<0;5;6m";
    terminal.send(click);
    terminal.wait_for("▸ audit_log");
    terminal.send("\x1b[<65;5;6M");
    terminal.wait_for("▸ orders_stagin");
    terminal.send("\x1b[<64;5;6M");
    terminal.wait_for("▸ audit_log");
    terminal.send(click);
    terminal.wait_for("audit_log › items");
    quits(&terminal);
    let (_folder, file) = config("mouse = true\n");
    let terminal = with_config(&file);
    terminal.wait_until("the mouse reported", |s| !off(s));
    quits(&terminal);
}

/// A tmux server of the test's own, which ends with it.
struct Tmux {
    socket: String,
    _folder: tempfile::TempDir,
}

impl Tmux {
    fn run(&self, args: &[&str]) -> String {
        let out = std::process::Command::new("tmux")
            .args(["-S", &self.socket, "-f", "/dev/null"])
            .args(args)
            .env_remove("TMUX")
            .output()
            .unwrap();
        String::from_utf8_lossy(&out.stdout).into_owned()
    }

    /// Waits until the pane shows a text; tmux itself is asked, so each look takes a while anyway.
    #[track_caller]
    fn wait_for(&self, text: &str) {
        let end = std::time::Instant::now() + std::time::Duration::from_secs(30);
        let mut shown = String::new();
        while std::time::Instant::now() < end {
            shown = self.run(&["capture-pane", "-p"]);
            if shown.contains(text) {
                return;
            }
        }
        panic!("{text:?} never stood in tmux:\n{shown}");
    }
}

impl Drop for Tmux {
    fn drop(&mut self) {
        self.run(&["kill-server"]);
    }
}

#[test]
fn in_a_real_tmux_it_opens_finds_and_leaves_nothing() {
    if !needs("tmux", is_installed("tmux", "-V")) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("s").to_string_lossy().into_owned();
    let home = folder.path().to_string_lossy().into_owned();
    let tmux = Tmux { socket, _folder: folder };
    // A shell stays when the program ends, to show what was left behind.
    let shell = format!("env -i HOME={home} PATH=$PATH TERM=screen-256color LANG=C.UTF-8 PS1='sh> ' sh -i");
    tmux.run(&["new-session", "-d", "-x", "80", "-y", "24", &shell]);
    tmux.wait_for("sh>");
    tmux.run(&["send-keys", &format!("{} demo", env!("CARGO_BIN_EXE_dynaudit")), "Enter"]);
    tmux.wait_for("Tables (10)");
    tmux.run(&["send-keys", "A"]);
    tmux.wait_for("Audit done");
    tmux.run(&["send-keys", "F"]);
    tmux.wait_for("Findings (");
    tmux.run(&["send-keys", "Enter"]);
    tmux.wait_for("› finding");
    tmux.run(&["resize-window", "-x", "40", "-y", "12"]);
    tmux.wait_for("? help");
    tmux.run(&["send-keys", "q"]);
    tmux.wait_for("sh>");
    tmux.run(&["send-keys", "echo back", "Enter"]);
    tmux.wait_for("\nback");
    assert_eq!(tmux.run(&["display-message", "-p", "#{alternate_on} #{cursor_flag}"]).trim(), "0 1");
}
