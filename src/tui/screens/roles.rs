//! By which roles functions read the stream: asked for and never by itself, as the answer holds more than that.

use super::entry::{Entry, Opens, Row, Section};
use super::reading::{Reading, Text};
use super::{Screen, gap};
use crate::domain::{Fact, FactKind, FunctionRole, Gap, Safe, TableRef};
use crate::tui::keymap::Context;
use crate::tui::model::Shared;
use crate::tui::theme::Role;
use crate::tui::widgets::Block;

/// How it is opened.
pub(super) static ENTRY: Entry = Entry {
    opens: Opens::OfTable(|_, table| Screen::Roles(RolesScreen::of(table))),
    rows: &[Row {
        section: Section::Table,
        key: "X",
        contexts: &[Context::Posture, Context::Reading],
        what: "execution roles of the functions that read the table's stream (asks first)",
        hint: "",
    }],
};

/// The table whose stream is read.
pub struct Roles(TableRef);

/// The page.
pub type RolesScreen = Reading<Roles>;

impl RolesScreen {
    pub(super) fn of(table: TableRef) -> Self {
        Self::new(Roles(table))
    }
}

impl Text for Roles {
    fn context(&self) -> Context {
        Context::Usage
    }

    fn title(&self) -> String {
        format!("{} › roles of the functions that read its stream", Safe::neutral(&self.0.name))
    }

    fn table(&self) -> Option<&TableRef> {
        Some(&self.0)
    }

    fn open(&self, shared: &mut Shared) {
        // Without a function there is nothing to ask.
        let functions = shared.audit(&self.0).and_then(|known| known.facts.stream_consumers.known());
        if functions.is_some_and(|all| !all.is_empty()) {
            shared.ask_now(&self.0, FactKind::FunctionRoles);
        }
    }

    fn text(&self, shared: &Shared) -> Vec<Block> {
        let Some(known) = shared.audit(&self.0) else { return Vec::new() };
        let functions = match &known.facts.stream_consumers {
            Fact::Known { value, .. } => value,
            Fact::Missing(gap) => {
                let said = "? Functions that read the stream not known.";
                let mut out = vec![Block::Text(said.into(), Role::Unknown)];
                out.extend(gap::explain(gap));
                return out;
            }
        };
        if functions.is_empty() {
            return vec![Block::Text("No Lambda function reads the table's stream.".into(), Role::Plain)];
        }
        let again = || Block::Text("enter refreshes; esc goes back.".into(), Role::Accent);
        match &known.facts.function_roles {
            Fact::Missing(Gap::NotAsked) => question(functions.len()),
            Fact::Missing(Gap::Pending) => vec![Block::Text("Asking Lambda…".into(), Role::Dim)],
            Fact::Missing(gap) => {
                let mut out = vec![Block::Text("? Execution roles not known.".into(), Role::Unknown)];
                out.extend(gap::explain(gap));
                out.extend([Block::Gap, again()]);
                out
            }
            Fact::Known { value, read_at } => {
                let at = read_at.strftime("%F %H:%M UTC");
                let mut out = vec![Block::Heading(format!(
                    "Execution roles of the functions that read the stream, as of {at}"
                ))];
                out.extend(value.iter().map(told));
                if value.len() < functions.len() {
                    let said =
                        format!("? {} more not queried: at most ten are.", functions.len() - value.len());
                    out.push(Block::Text(said, Role::Unknown));
                }
                out.extend([Block::Gap, again()]);
                out
            }
        }
    }
}

fn told(of: &FunctionRole) -> Block {
    let function = of.function.rsplit_once(":function:").map_or(of.function.as_str(), |(_, name)| name);
    Block::Item(Safe::neutral(function).to_string(), Safe::neutral(&of.role).to_string(), Role::Plain)
}

/// What asking means, before it is done.
fn question(functions: usize) -> Vec<Block> {
    let item = |label: &str, text: &str| Block::Item(label.into(), text.into(), Role::Plain);
    let many = match functions {
        1 => "the function that reads".to_owned(),
        n => format!("the {n} functions that read"),
    };
    vec![
        Block::Heading("Execution roles of the functions that read the stream".into()),
        Block::Gap,
        item("request", &format!("Lambda for the configuration of {many} the stream")),
        item("calls", "1 of GetFunctionConfiguration for each of the first ten"),
        item("cost", "none"),
        item("permission", "lambda:GetFunctionConfiguration, which `generate iam-policy` leaves out"),
        Block::Gap,
        Block::Text("The answer includes the function's environment variables, which often hold secrets. dynaudit keeps the role only and discards the rest unread. It still reaches this machine, and the permission lets its holder read it by other means.".into(), Role::Unknown),
        Block::Gap,
        Block::Text("enter asks; esc goes back.".into(), Role::Accent),
    ]
}
