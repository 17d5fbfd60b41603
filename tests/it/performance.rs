//! What of the performance holds on every machine: ratios within one run, and counts. The figures themselves are in
//! docs/performance.md, written by `cargo bench --bench performance -- --write`.

#[path = "../../benches/performance/paged.rs"]
#[allow(dead_code, reason = "the benchmark measures more than is checked here")]
mod paged;

use std::time::{Duration, Instant};

use crate::pty::Start;
use paged::Paged;

/// The time of a frame in the middle of so many items.
fn frame(items: usize) -> Duration {
    let mut paged = Paged::open((200, 60), items, 20);
    paged.page_through();
    let mut times: Vec<_> = (0..15)
        .map(|_| {
            paged.key("k");
            let start = Instant::now();
            paged.draw();
            start.elapsed()
        })
        .collect();
    times.sort();
    times[times.len() / 2]
}

#[test]
fn a_frame_costs_the_same_however_many_items_there_are() {
    let (few, many) = (frame(1_000), frame(30_000));
    let ratio = many.as_secs_f64() / few.as_secs_f64();
    assert!(ratio < 4.0, "a frame of 30,000 items takes {ratio:.1} times as long as one of 1,000");
}

#[test]
fn nothing_is_written_while_nothing_happens() {
    let terminal = Start::program(env!("CARGO_BIN_EXE_dynaudit")).args(["demo"]).start();
    terminal.wait_for("webhooks");
    // Facts still come in; once a second has brought nothing, all are here.
    while terminal.bytes_within(Duration::from_secs(1)) > 0 {}
    assert_eq!(terminal.bytes_within(Duration::from_secs(2)), 0);
}
