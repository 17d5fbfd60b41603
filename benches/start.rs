//! From the start of the process to the first frame that lists every table of the demo, account seeded
//! included: `cargo bench --bench start`. The machine has to be named beside the figure.

#[path = "../tests/it/pty.rs"]
#[allow(dead_code, reason = "the driver of the tests can do more than is needed here")]
mod pty;

use std::time::{Duration, Instant};

/// Tables of the demo's first account and Region.
const TABLES: [&str; 10] = [
    "api_metadata",
    "api_tokens",
    "audit_log",
    "carts",
    "orders",
    "orders_staging",
    "sessions",
    "tenants",
    "users",
    "webhooks",
];

const STARTS: usize = 21;

#[allow(clippy::print_stdout, reason = "what a benchmark is for")]
fn main() {
    let mut times: Vec<Duration> = (0..STARTS).map(|_| once()).collect();
    times.sort();
    println!(
        "start to every table listed, {STARTS} starts: median {} ms, best {} ms, worst {} ms",
        times[STARTS / 2].as_millis(),
        times[0].as_millis(),
        times[STARTS - 1].as_millis()
    );
}

fn once() -> Duration {
    let start = Instant::now();
    let terminal = pty::Start::program(env!("CARGO_BIN_EXE_dynaudit")).args(["demo"]).start();
    terminal.wait_until("every table", |screen| {
        let text = screen.contents();
        TABLES.iter().all(|table| text.contains(table))
    });
    let took = start.elapsed();
    terminal.send("q");
    terminal.wait_exit();
    took
}
