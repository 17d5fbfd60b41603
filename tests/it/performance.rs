//! What of the performance holds on every machine: ratios within one run, and counts. The figures themselves are in
//! docs/performance.md, written by `cargo bench --bench performance -- --write`.

#[path = "../../benches/performance/paged.rs"]
#[allow(dead_code, reason = "the benchmark measures more than is checked here")]
mod paged;
#[path = "../../benches/performance/rebuilt.rs"]
mod rebuilt;

use std::time::{Duration, Instant};

use crate::pty::{Start, Terminal, key};
use paged::Paged;
use rebuilt::Rebuilt;

/// The least time of this many runs: what else the machine does only adds to it.
fn least(n: usize, once: impl FnMut() -> Duration) -> f64 {
    std::iter::repeat_with(once).take(n).min().unwrap_or_default().as_secs_f64()
}

/// The time of a frame in the middle of this many items.
fn frame(items: usize) -> f64 {
    let mut paged = Paged::open((200, 60), items, 20);
    paged.page_through();
    least(15, || {
        paged.key("k");
        let start = Instant::now();
        paged.draw();
        start.elapsed()
    })
}

#[test]
fn a_frame_costs_the_same_however_many_items_there_are() {
    let ratio = frame(30_000) / frame(1_000);
    assert!(ratio < 4.0, "a frame of 30,000 items takes {ratio:.1} times as long as one of 1,000");
}

/// A table that is made anew takes as long as it has rows, so a fifth of the rows is a fifth of the hundred times that
/// are promised at 100,000.
#[test]
fn a_frame_takes_a_small_part_of_what_a_table_made_anew_takes() {
    let mut table = Rebuilt::new(20_000);
    let rebuilt = least(3, || {
        let start = Instant::now();
        table.draw();
        start.elapsed()
    });
    let ratio = rebuilt / frame(20_000);
    assert!(ratio > 20.0, "a table of 20,000 rows made anew takes {ratio:.1} times as long as our frame");
}

#[test]
fn a_filter_takes_no_longer_than_there_are_names() {
    let letter = |tables: usize| {
        let mut paged = Paged::listing((80, 24), tables);
        paged.key("/");
        least(5, || {
            let start = Instant::now();
            paged.key("o");
            paged.draw();
            let taken = start.elapsed();
            paged.key("backspace");
            taken
        })
    };
    let ratio = letter(20_000) / letter(2_000);
    assert!(ratio < 25.0, "ten times as many names take {ratio:.1} times as long");
}

/// The demo, with all its settings read.
fn settled() -> Terminal {
    let terminal = Start::program(env!("CARGO_BIN_EXE_dynaudit")).args(["demo"]).size(200, 50).start();
    terminal.wait_for("webhooks");
    // Facts still come in; once a second has brought nothing, all are here.
    while terminal.bytes_within(Duration::from_secs(1)) > 0 {}
    terminal
}

#[test]
fn nothing_is_written_while_nothing_happens() {
    assert_eq!(settled().bytes_within(Duration::from_secs(2)), 0);
}

/// Connections are let go and timers run out; after that no thread wakes up for four seconds.
#[cfg(target_os = "linux")]
#[test]
fn nothing_wakes_up_while_nothing_happens() {
    let terminal = settled();
    let mut quiet = 0;
    for _ in 0..30 {
        let before = terminal.wakes();
        assert_eq!(terminal.bytes_within(Duration::from_secs(1)), 0);
        quiet = if terminal.wakes() == before { quiet + 1 } else { 0 };
        if quiet == 4 {
            return;
        }
    }
    panic!("it wakes up {quiet} seconds after the last time, again and again");
}

/// Over a slow line the bytes of a key press are its latency.
#[test]
fn a_key_press_sends_a_small_part_of_the_screen() {
    let terminal = settled();
    terminal.send(key::ENTER);
    terminal.wait_for("all 12 items read");
    while terminal.bytes_within(Duration::from_millis(500)) > 0 {}
    let whole = {
        let before = terminal.bytes().len();
        // A change of size draws everything anew.
        terminal.resize(199, 50);
        while terminal.bytes_within(Duration::from_millis(500)) > 0 {}
        terminal.bytes().len() - before
    };
    let moved = {
        let before = terminal.bytes().len();
        terminal.send("j");
        while terminal.bytes_within(Duration::from_millis(500)) > 0 {}
        terminal.bytes().len() - before
    };
    assert!(moved > 0 && moved * 5 < whole, "a row down takes {moved} bytes, the whole screen {whole}");
    // A key that does nothing here.
    terminal.send("D");
    assert_eq!(terminal.bytes_within(Duration::from_millis(500)), 0);
}
