//! How a table was read, by operation: CloudWatch's counts, which AWS bills, so asked for and never by themselves.

use super::entry::{Entry, Opens, Row, Section};
use super::reading::{Reading, Text};
use super::{Screen, gap};
use crate::domain::{Fact, FactKind, Gap, Safe, TableRef, USAGE_DAYS, USAGE_METRICS, USD_A_METRIC, Usage};
use crate::tui::keymap::Context;
use crate::tui::model::Shared;
use crate::tui::text;
use crate::tui::theme::Role;
use crate::tui::widgets::Block;

/// How it is opened.
pub(super) static ENTRY: Entry = Entry {
    opens: Opens::OfTable(|_, table| Screen::Usage(UsageScreen::of(table))),
    rows: &[Row {
        section: Section::Table,
        key: "U",
        contexts: &[Context::Tables, Context::Items, Context::Posture, Context::Reading],
        what: "how the table is read, by scan or by key (asks first)",
        hint: "",
    }],
};

/// The table whose reads are counted.
pub struct Reads(TableRef);

/// The page.
pub type UsageScreen = Reading<Reads>;

impl UsageScreen {
    pub(super) fn of(table: TableRef) -> Self {
        Self::new(Reads(table))
    }
}

impl Text for Reads {
    fn context(&self) -> Context {
        Context::Usage
    }

    fn title(&self) -> String {
        format!("{} › how it is read", Safe::neutral(&self.0.name))
    }

    fn table(&self) -> Option<&TableRef> {
        Some(&self.0)
    }

    fn open(&self, shared: &mut Shared) {
        shared.ask_now(&self.0, FactKind::Usage);
    }

    fn text(&self, shared: &Shared) -> Vec<Block> {
        let Some(known) = shared.audit(&self.0) else { return Vec::new() };
        let again = || Block::Text("enter refreshes, at the same cost; esc goes back.".into(), Role::Accent);
        match &known.facts.usage {
            Fact::Missing(Gap::NotAsked) => question(),
            Fact::Missing(Gap::Pending) => vec![Block::Text("Asking CloudWatch…".into(), Role::Dim)],
            Fact::Missing(gap) => {
                let mut out = vec![Block::Text("? Reads not known.".into(), Role::Unknown)];
                out.extend(gap::explain(gap));
                out.extend([Block::Gap, again()]);
                out
            }
            Fact::Known { value, read_at } => {
                let mut out = vec![Block::Heading(format!(
                    "Reads of the last {USAGE_DAYS} days, as of {}",
                    read_at.strftime("%F %H:%M UTC")
                ))];
                out.extend(counted(value));
                out.extend([Block::Gap, again()]);
                out
            }
        }
    }
}

/// What asking means, before it is done.
fn question() -> Vec<Block> {
    let item = |label: &str, text: String| Block::Item(label.into(), text, Role::Plain);
    let n = USAGE_METRICS.len();
    vec![
        Block::Heading("Reads by key, by query and by scan".into()),
        Block::Gap,
        item("request", format!("CloudWatch for {n} metrics of this table, of the last {USAGE_DAYS} days")),
        item("calls", "1 of GetMetricData".into()),
        item("cost", format!("about {:.5} USD: AWS bills 0.01 USD for 1,000 metrics asked for", USD_A_METRIC * n as f64)),
        item("permission", "cloudwatch:GetMetricData".into()),
        Block::Gap,
        Block::Text("Counts successful requests, not who made them or which items they read. Not counted: transactions and PartiQL. Scans by dynaudit are counted.".into(), Role::Dim),
        Block::Gap,
        Block::Text("enter asks; esc goes back.".into(), Role::Accent),
    ]
}

/// Each operation with its share.
fn counted(usage: &Usage) -> Vec<Block> {
    let all = usage.all_requests();
    let one = |(operation, requests): (&str, u64)| {
        let percent = requests.saturating_mul(100).checked_div(all).unwrap_or_default();
        let returned = usage
            .returned(operation)
            .map_or_else(String::new, |n| format!(", {} items returned", text::count(n)));
        let days = if operation == "Scan" && requests > 0 {
            format!(", on {} of the days", usage.scan_days)
        } else {
            String::new()
        };
        let role = if operation == "Scan" && requests > 0 { Role::Unknown } else { Role::Plain };
        Block::Item(
            operation.into(),
            format!("{} requests, {percent} %{returned}{days}", text::count(requests)),
            role,
        )
    };
    let mut out: Vec<Block> = usage.operations().map(one).collect();
    out.push(Block::Gap);
    let said = if all == 0 {
        "No reads counted by CloudWatch."
    } else {
        "The check scan-heavy of the posture page judges these counts."
    };
    out.push(Block::Text(said.into(), Role::Dim));
    out
}
