//! How far an audit is, on stderr, where that is a terminal.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::headless::Progress;

/// A line that redraws itself; nothing at all where stderr is not a terminal.
pub struct Bar {
    bar: ProgressBar,
    began: Instant,
}

impl Bar {
    /// Begins it.
    pub fn new() -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
        bar.set_style(ProgressStyle::with_template("{spinner} {msg}").expect("a constant template"));
        bar.enable_steady_tick(Duration::from_millis(120));
        Self { bar, began: Instant::now() }
    }

    /// Shows how far it is.
    pub fn show(&self, progress: &Progress) {
        self.bar.set_message(sentence(progress, self.began.elapsed()));
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

fn sentence(p: &Progress, elapsed: Duration) -> String {
    if !p.reading {
        return format!("settings of {} of {} tables", p.done, p.tables);
    }
    let seconds = elapsed.as_secs_f64().max(0.1);
    let budget = p.budget.map_or_else(String::new, |b| format!(" of {b}"));
    let left = match p.tables.checked_sub(p.done) {
        Some(left) if left > 0 && p.done > 0 => {
            format!(", about {:.0} s left", seconds / p.done as f64 * left as f64)
        }
        _ => String::new(),
    };
    format!(
        "items of {} of {} tables: {} items, {:.0}/s, {}{budget} RCU{left}",
        p.done,
        p.tables,
        p.items,
        p.items as f64 / seconds,
        p.spent
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Rcu;

    #[test]
    fn sentences() {
        let mut p = Progress {
            reading: false,
            tables: 4,
            done: 1,
            items: 100,
            spent: Rcu::from_f64(2.5),
            budget: Some(Rcu::units(10)),
        };
        assert_eq!(sentence(&p, Duration::from_secs(2)), "settings of 1 of 4 tables");
        p.reading = true;
        assert_eq!(
            sentence(&p, Duration::from_secs(2)),
            "items of 1 of 4 tables: 100 items, 50/s, 2.5 of 10 RCU, about 6 s left"
        );
    }
}
