//! What the program is measured by: `cargo bench --bench performance`, about three minutes on two idle cores.
//! With `-- --write` the table goes into docs/performance.md, with the machine named.
//!
//! The real binary runs in a pseudo-terminal against an endpoint on loopback that answers at once, so that the
//! figures are the program's. What can be measured without a terminal is: the model, its `update` and its `view`.

#![allow(clippy::print_stdout, reason = "what a benchmark is for")]

mod canned;
mod paged;
mod rebuilt;
mod rows;
mod scan;
mod terminal;

use std::sync::Arc;
use std::time::{Duration, Instant};

use canned::{Account, Canned};
use paged::Paged;
use rebuilt::Rebuilt;
use rows::Row;
use terminal::{Terminal, home};

const PROGRAM: &str = env!("CARGO_BIN_EXE_dynaudit");
const SMALL: (u16, u16) = (80, 24);
const LARGE: (u16, u16) = (200, 50);

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    if let [option, url] = args.as_slice()
        && option == scan::SDK_LOOP
    {
        return scan::sdk_loop(url);
    }
    let wanted = args.iter().find(|a| !a.starts_with("--"));
    let mut rows = Vec::new();
    for (name, group) in GROUPS {
        if wanted.is_none_or(|w| name.contains(w.as_str())) {
            println!("{name}:");
            for row in group() {
                println!("  {}: {} (goal: {})", row.what, row.figure, row.goal);
                rows.push(row);
            }
        }
    }
    if args.iter().any(|a| a == "--write") {
        rows::write(&rows);
    }
}

/// Measures a few things.
type Group = fn() -> Vec<Row>;

/// What is measured, by group. Starts come first: from a process with a million items in memory, starting another takes
/// three times as long.
const GROUPS: &[(&str, Group)] = &[
    ("start", start),
    ("frames", frames),
    ("fuzzy", fuzzy),
    ("open", open),
    ("keys", keys),
    ("large", large),
    ("idle", idle),
    ("million", million),
    ("scan", scan::rows),
];

/// One frame of a table of 100 columns, against a ratatui Table that is rebuilt from all rows.
fn frames() -> Vec<Row> {
    let mut rows = Vec::new();
    let mut ours_at_100k = Duration::ZERO;
    for items in [10_000, 100_000, 1_000_000] {
        let mut paged = Paged::open((200, 60), items, 100);
        paged.page_through();
        let times = rows::times(400, || {
            paged.key("k");
            let start = Instant::now();
            paged.draw();
            start.elapsed()
        });
        if items == 100_000 {
            ours_at_100k = times.median();
        }
        rows.push(Row::new(
            format!("draw one frame, 100 columns, {} items paged through", rows::count(items)),
            times.text(),
            "flat; 99th percentile 4 ms",
        ));
    }
    let mut table = Rebuilt::new(100_000);
    let rebuilt = rows::times(5, || {
        let start = Instant::now();
        table.draw();
        start.elapsed()
    });
    let rebuilt = rebuilt.median();
    rows.push(Row::new(
        "the same, ratatui Table rebuilt from 100,000 rows".into(),
        format!(
            "{:.0} ms: {:.0} times as long",
            rebuilt.as_secs_f64() * 1e3,
            rebuilt.as_secs_f64() / ours_at_100k.as_secs_f64()
        ),
        "at least 100 times",
    ));
    rows
}

/// A letter typed into the filter of a long list of tables, with the frame after it.
fn fuzzy() -> Vec<Row> {
    let mut paged = Paged::listing(LARGE, 20_000);
    paged.key("/");
    let letters = ["o", "r", "d", "space", "t", "o", "k", "backspace", "backspace", "backspace", "backspace"];
    let mut next = letters.iter().cycle();
    let times = rows::times(110, || {
        let key = next.next().expect("a cycle");
        let start = Instant::now();
        paged.key(key);
        paged.draw();
        start.elapsed()
    });
    vec![Row::new("fuzzy filter over 20,000 table names, per key".into(), times.text(), "16 ms")]
}

/// From the start of the process to the list of tables. The first start in a home makes a key there, once for all; what
/// is waited for every day is every other.
fn start() -> Vec<Row> {
    let canned = Canned::start(Account { tables: 10, items: 100, item_bytes: 300, ..Account::default() });
    let home = home();
    let to_the_list = || {
        let mut terminal = Terminal::start_at(Arc::clone(&home), PROGRAM, &[], Some(&canned.url), SMALL);
        terminal.wait_for("t000009") - terminal.started
    };
    let first = to_the_list();
    let live = rows::times(21, to_the_list);
    let demo = rows::times(21, || {
        let mut terminal = Terminal::start(PROGRAM, &["demo"], None, SMALL);
        terminal.wait_for("webhooks") - terminal.started
    });
    vec![
        Row::new(
            "start to the list of tables, server already running".into(),
            format!("{}; the very first {:.2} ms", live.text(), first.as_secs_f64() * 1e3),
            "35 ms",
        ),
        Row::new("start to every table of the demo, seeding included".into(), demo.text(), "300 ms"),
    ]
}

/// Opening a table of 20,000 items, and paging through all of it.
fn open() -> Vec<Row> {
    let canned = Canned::start(Account { tables: 1, items: 20_000, item_bytes: 300, ..Account::default() });
    let beyond = rows::times(15, || {
        let mut terminal = Terminal::start(PROGRAM, &["--no-restore"], Some(&canned.url), SMALL);
        terminal.wait_for("t000000");
        terminal.settle();
        terminal.send("\r");
        let shown = terminal.wait_for("i000000005");
        shown.saturating_duration_since(canned.last_served())
    });
    let mut terminal = Terminal::start(PROGRAM, &["--no-restore"], Some(&canned.url), SMALL);
    terminal.wait_for("t000000");
    terminal.send("\r");
    terminal.wait_for("i000000005");
    page_through(&mut terminal, "i000019999");
    let (now, highest) = terminal.memory();
    vec![
        Row::new(
            "open a table of 20,000 items: from its page sent to its page shown".into(),
            beyond.text(),
            "30 ms beyond the page's own read",
        ),
        Row::new(
            "memory after paging through those 20,000".into(),
            format!("{now:.0} MB, {highest:.0} MB at the highest"),
            "60 MB",
        ),
    ]
}

/// Jumps to the end until the last item is there.
fn page_through(terminal: &mut Terminal, last: &str) {
    let end = Instant::now() + Duration::from_secs(600);
    while !terminal.text().contains(last) {
        assert!(Instant::now() < end, "never reached {last}:\n{}", terminal.text());
        terminal.send("G");
        terminal.bytes_within(Duration::from_millis(20));
    }
}

/// From a key to the end of the frame that it makes.
fn keys() -> Vec<Row> {
    let canned = Canned::start(Account { tables: 1, items: 20_000, item_bytes: 300, ..Account::default() });
    let mut rows = Vec::new();
    for (size, goal) in
        [(SMALL, "median 1 ms, 99th percentile 8 ms"), (LARGE, "median 3 ms, 99th percentile 8 ms")]
    {
        let mut terminal = Terminal::start(PROGRAM, &["--no-restore"], Some(&canned.url), size);
        terminal.wait_for("t000000");
        terminal.send("\r");
        terminal.wait_for("i000000005");
        page_through(&mut terminal, "i000019999");
        terminal.settle();
        let times = rows::strokes(&mut terminal, 300);
        rows.push(Row::new(format!("key press to screen, {}x{}", size.0, size.1), times.text(), goal));
    }
    // A table that never ends, so that the audit reads at full speed all the time.
    let endless = Canned::start(Account { tables: 200, items: 200, item_bytes: 1000, ..Account::default() });
    let mut terminal = Terminal::start(PROGRAM, &["--no-restore"], Some(&endless.url), LARGE);
    terminal.wait_for("t000009");
    terminal.settle();
    // Away from the end of the list, where a key changes nothing.
    terminal.send(&"j".repeat(30));
    terminal.settle();
    terminal.send("A");
    let before = endless.scans();
    let times = rows::strokes(&mut terminal, 150);
    let read = endless.scans() - before;
    rows.push(Row::new(
        "key press to screen while an audit reads, 200x50".into(),
        format!("{}; {read} pages came meanwhile", times.text()),
        "99th percentile 16 ms",
    ));
    rows
}

/// An account of five hundred tables, each of whose settings takes a twentieth of a second to come.
fn large() -> Vec<Row> {
    let slow = Account { tables: 500, setting: Duration::from_millis(50), ..Account::default() };
    let canned = Canned::start(slow);
    let listed = rows::times(11, || {
        let mut terminal = Terminal::start(PROGRAM, &["--no-restore"], Some(&canned.url), SMALL);
        terminal.wait_for("t000009") - terminal.started
    });
    let mut terminal = Terminal::start(PROGRAM, &["--no-restore"], Some(&canned.url), LARGE);
    terminal.wait_for("t000009");
    terminal.send(&"j".repeat(30));
    let before = canned.settings();
    let times = rows::strokes(&mut terminal, 150);
    let read = canned.settings() - before;
    vec![
        Row::new("start to the list of 500 tables, settings slow".into(), listed.text(), "1 s"),
        Row::new(
            "key press to screen while settings of 500 tables load, 200x50".into(),
            format!("{}; {read} settings came meanwhile", times.text()),
            "99th percentile 16 ms",
        ),
    ]
}

/// A program that nobody touches.
fn idle() -> Vec<Row> {
    let canned = Canned::start(Account { tables: 10, items: 20_000, item_bytes: 300, ..Account::default() });
    let mut terminal = Terminal::start(PROGRAM, &["--no-restore"], Some(&canned.url), LARGE);
    terminal.wait_for("t000009");
    terminal.send("\r");
    terminal.wait_for("i000000005");
    terminal.settle();
    // What was started by the last key runs out: connections, timers of the SDK.
    terminal.bytes_within(Duration::from_secs(8));
    let before = terminal.work();
    let seconds = 10;
    let bytes = terminal.bytes_within(Duration::from_secs(seconds));
    let after = terminal.work();
    vec![Row::new(
        format!("idle for {seconds} s: bytes written, processor time, wake-ups"),
        format!(
            "{bytes} bytes, {} ms, {} wake-ups",
            after.time_since(&before).as_millis(),
            after.wakes_since(&before)
        ),
        "0, 0",
    )]
}

/// A million items of 1 KB, paged through.
fn million() -> Vec<Row> {
    let canned =
        Canned::start(Account { tables: 1, items: 1_000_000, item_bytes: 1000, ..Account::default() });
    let args = ["--no-restore", "--budget", "400000"];
    let mut terminal = Terminal::start(PROGRAM, &args, Some(&canned.url), SMALL);
    terminal.wait_for("t000000");
    terminal.send("\r");
    terminal.wait_for("i000000005");
    let start = Instant::now();
    page_through(&mut terminal, "i000999999");
    let took = start.elapsed();
    let (now, highest) = terminal.memory();
    vec![Row::new(
        "memory after paging through 1,000,000 items of 1 KB".into(),
        format!("{now:.0} MB, {highest:.0} MB at the highest; it took {:.0} s", took.as_secs_f64()),
        "300 MB",
    )]
}
