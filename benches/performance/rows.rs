//! Figures, and the page they go to.

use std::time::Duration;

use crate::terminal::Terminal;

/// One line of the table.
pub struct Row {
    /// What was measured.
    pub what: String,
    /// What came out.
    pub figure: String,
    /// What is wanted.
    pub goal: &'static str,
}

impl Row {
    /// A line.
    pub fn new(what: String, figure: String, goal: &'static str) -> Self {
        Self { what, figure, goal }
    }
}

/// Durations, sorted.
pub struct Times(Vec<Duration>);

/// Measures this many times.
pub fn times(n: usize, once: impl FnMut() -> Duration) -> Times {
    let mut all: Vec<_> = std::iter::repeat_with(once).take(n).collect();
    all.sort();
    Times(all)
}

/// Moves the cursor up so many rows and times each.
pub fn strokes(terminal: &mut Terminal, n: usize) -> Times {
    let mut all: Vec<_> =
        (0..n).filter_map(|k| terminal.stroke(if k % 40 < 20 { "k" } else { "j" })).collect();
    assert!(all.len() * 10 >= n * 9, "keys without a frame: {} of {n}", n - all.len());
    all.sort();
    Times(all)
}

impl Times {
    /// The median.
    pub fn median(&self) -> Duration {
        self.0[self.0.len() / 2]
    }

    /// Median, 99th percentile where there are enough, or best and worst.
    pub fn text(&self) -> String {
        let ms = |d: Duration| format!("{:.2} ms", d.as_secs_f64() * 1e3);
        let n = self.0.len();
        if n >= 100 {
            format!("median {}, 99th percentile {}", ms(self.median()), ms(self.0[n * 99 / 100]))
        } else {
            format!("median {}, {} to {} in {n}", ms(self.median()), ms(self.0[0]), ms(self.0[n - 1]))
        }
    }
}

/// 20000 as 20,000.
pub fn count(n: usize) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (k, digit) in digits.chars().enumerate() {
        if k > 0 && (digits.len() - k).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Writes docs/performance.md; what was not measured this time stays as it was.
pub fn write(rows: &[Row]) {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/performance.md");
    let before = std::fs::read_to_string(path).unwrap_or_default();
    let mut lines: Vec<String> = before
        .lines()
        .filter(|line| line.starts_with("| ") && !line.starts_with("| what |"))
        .map(str::to_owned)
        .collect();
    for Row { what, figure, goal } in rows {
        let line = format!("| {what} | {figure} | {goal} |");
        match lines.iter_mut().find(|known| known.starts_with(&format!("| {what} |"))) {
            Some(known) => *known = line,
            None => lines.push(line),
        }
    }
    let table: String = lines.iter().map(|line| format!("{line}\n")).collect();
    let page = format!(
        "# Performance\n\n\
         Written by `cargo bench --bench performance -- --write`; what is measured and how stands in\n\
         `benches/performance/`. Each group of figures is of one run; the last was on this machine: {}.\n\
         They say little about another one; `tests/it/performance.rs` checks what holds everywhere, ratios and counts.\n\n\
         | what | measured | goal |\n|---|---|---|\n{table}",
        machine()
    );
    std::fs::write(path, page).expect("docs/ can be written");
    println!("written to docs/performance.md");
}

/// The processor, and how many of it.
fn machine() -> String {
    let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model =
        info.lines().find_map(|l| l.strip_prefix("model name")?.split(": ").nth(1)).unwrap_or("unknown");
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    format!("{model}, {cores} cores")
}
