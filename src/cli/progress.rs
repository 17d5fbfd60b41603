//! How far an audit is, on stderr: a line that redraws itself in a terminal, a line now and then elsewhere.

use std::io::IsTerminal;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use tokio::task::AbortHandle;

use super::headless::{Phase, Progress};
use super::output::complain;
use crate::domain::Rcu;

/// Between two lines where stderr is no terminal: a log of CI shows that it goes on, and a quick scan stays silent.
const EVERY: Duration = Duration::from_secs(10);

/// The line. It goes with this.
pub struct ProgressLine {
    began: Instant,
    shown: Shown,
}

enum Shown {
    /// Redrawn.
    Bar(ProgressBar),
    /// Printed every few seconds by a task.
    Lines(Arc<Mutex<String>>, AbortHandle),
}

impl ProgressLine {
    /// Begins it.
    pub fn new() -> Self {
        Self::begin(String::from("signing in"))
    }

    /// Begins it for a run that reads files.
    pub fn of_files() -> Self {
        Self::begin(String::from("reading files"))
    }

    fn begin(first: String) -> Self {
        let began = Instant::now();
        if std::io::stderr().is_terminal() {
            let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
            bar.set_style(ProgressStyle::with_template("{spinner} {msg}").expect("a constant template"));
            bar.enable_steady_tick(Duration::from_millis(120));
            bar.set_message(first);
            return Self { began, shown: Shown::Bar(bar) };
        }
        let text = Arc::new(Mutex::new(first));
        let now = Arc::clone(&text);
        let task = tokio::spawn(async move {
            loop {
                tokio::time::sleep(EVERY).await;
                let text = now.lock().unwrap_or_else(PoisonError::into_inner).clone();
                complain(&format!("dynaudit: after {} s: {text}", began.elapsed().as_secs()));
            }
        });
        Self { began, shown: Shown::Lines(text, task.abort_handle()) }
    }

    /// Shows how far it is.
    pub fn show(&self, progress: &Progress) {
        let text = sentence(progress, self.began.elapsed());
        match &self.shown {
            Shown::Bar(bar) => bar.set_message(text),
            Shown::Lines(now, _) => *now.lock().unwrap_or_else(PoisonError::into_inner) = text,
        }
    }
}

impl Drop for ProgressLine {
    fn drop(&mut self) {
        match &self.shown {
            Shown::Bar(bar) => bar.finish_and_clear(),
            Shown::Lines(_, task) => task.abort(),
        }
    }
}

fn sentence(p: &Progress, elapsed: Duration) -> String {
    match p.phase {
        Phase::Listing if p.tables == 0 => return String::from("listing the tables"),
        Phase::Listing => return format!("listing the tables, {} so far", p.tables),
        Phase::Settings => return format!("settings of {} tables: {} of {}", p.tables, p.done, p.of),
        Phase::Identity => return String::from("waiting to hear whose credentials these are"),
        Phase::Items | Phase::Files => {}
    }
    let seconds = elapsed.as_secs_f64().max(0.1);
    if p.phase == Phase::Files {
        let rate = p.items as f64 / seconds;
        return format!("{} of {} files: {} items, {rate:.0}/s", p.done, p.of, p.items);
    }
    let budget = match p.budget {
        Some(budget) if p.estimate == Rcu::ZERO => format!(" of {budget}"),
        Some(budget) => format!(" of {}", budget.min(p.estimate.max(p.spent))),
        None => format!(" of about {}", p.estimate.max(p.spent)),
    };
    // What is left of the cost takes as long as what was spent.
    let whole = p.budget.map_or(p.estimate, |budget| budget.min(p.estimate)).as_f64();
    let left = match p.spent.as_f64() {
        spent if spent > 0.0 && whole > spent => {
            format!(", about {:.0} s left", seconds * (whole - spent) / spent)
        }
        _ => String::new(),
    };
    format!(
        "{} of {} tables read: {} items, {:.0}/s, {}{budget} RCU{left}",
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

    #[test]
    fn sentences() {
        let mut p = Progress {
            phase: Phase::Listing,
            tables: 0,
            done: 1,
            of: 40,
            items: 100,
            spent: Rcu::from_f64(2.5),
            estimate: Rcu::units(80),
            budget: Some(Rcu::units(10)),
        };
        let check = |p: &Progress, expect: &str| assert_eq!(sentence(p, Duration::from_secs(2)), expect);
        check(&p, "listing the tables");
        p.tables = 4;
        check(&p, "listing the tables, 4 so far");
        p.phase = Phase::Settings;
        check(&p, "settings of 4 tables: 1 of 40");
        p.phase = Phase::Items;
        check(&p, "1 of 4 tables read: 100 items, 50/s, 2.5 of 10 RCU, about 6 s left");
        p.budget = None;
        check(&p, "1 of 4 tables read: 100 items, 50/s, 2.5 of about 80 RCU, about 62 s left");
        p.phase = Phase::Files;
        check(&p, "1 of 40 files: 100 items, 50/s");
    }
}
