//! The resource-based policies of a table and of its stream: each statement in plain words beside its JSON.

use super::entry::{Entry, Opens, Row, Section};
use super::reading::{Reading, Text};
use super::{Screen, gap};
use crate::domain::{Arn, Fact, Gap, ResourcePolicy, Safe, TableRef};
use crate::posture::{Mark, Told, tell};
use crate::tui::keymap::Context;
use crate::tui::model::Shared;
use crate::tui::theme::{Role, glyph};
use crate::tui::widgets::Block;

/// How it is opened.
pub(super) static ENTRY: Entry = Entry {
    opens: Opens::OfTable(|_, table| Screen::Policy(PolicyScreen::of(table))),
    rows: &[
        Row {
            section: Section::Table,
            key: "W",
            contexts: &[Context::Tables, Context::Items, Context::Posture, Context::Overview],
            what: "who the policies of the table and its stream grant access to",
            hint: "policy",
        },
        Row {
            section: Section::Finding,
            key: "W",
            contexts: &[Context::Findings, Context::Finding],
            what: "who the policies of its table and stream grant access to",
            hint: "policy",
        },
    ],
};

/// The table whose policies are told.
pub struct Policy(TableRef);

/// The page.
pub type PolicyScreen = Reading<Policy>;

impl PolicyScreen {
    pub(super) fn of(table: TableRef) -> Self {
        Self::new(Policy(table))
    }
}

impl Text for Policy {
    fn title(&self) -> String {
        format!("{} › policies", Safe::neutral(&self.0.name))
    }

    fn table(&self) -> Option<&TableRef> {
        Some(&self.0)
    }

    fn text(&self, shared: &Shared) -> Vec<Block> {
        let Some(known) = shared.audit(&self.0) else { return vec![asking()] };
        let facts = &known.facts;
        let described = facts.description.known();
        let arn = described.map_or_else(|| self.0.arn(), |d| d.arn.clone());
        let own = Arn::parse(&arn).map_or_else(|| self.0.scope.account.clone(), |arn| arn.account);
        let stream = described.and_then(|d| d.stream.as_ref()).map_or("", |stream| stream.arn.as_str());
        let mut out = part("The table's policy", &facts.policy, &arn, &own);
        out.push(Block::Gap);
        match &facts.description {
            Fact::Known { value, .. } if value.stream.is_none() => {
                out.push(Block::Heading("The stream's policy".into()));
                out.push(Block::Text("The table has no stream.".into(), Role::Dim));
            }
            _ => out.extend(part("The stream's policy", &facts.stream_policy, stream, &own)),
        }
        out
    }
}

/// One of the two policies, if it is known.
fn part(title: &str, fact: &Fact<Option<ResourcePolicy>>, arn: &str, own: &str) -> Vec<Block> {
    let read = match fact {
        Fact::Known { read_at, .. } => format!("  read {}", read_at.strftime("%F %H:%M:%S UTC")),
        Fact::Missing(_) => String::new(),
    };
    let mut out = vec![Block::Heading(format!("{title}{read}"))];
    match fact {
        Fact::Known { value: None, .. } => {
            out.push(Block::Text(
                "✓ None: only the identity policies of this account decide.".into(),
                Role::Pass,
            ));
        }
        Fact::Known { value: Some(policy), .. } => {
            for told in tell(policy, arn, own) {
                out.push(Block::Beside(words(&told), vec![Block::Code(told.json.to_string())]));
                out.push(Block::Gap);
            }
        }
        Fact::Missing(Gap::NotAsked | Gap::Pending) => out.push(asking()),
        Fact::Missing(gap) => {
            out.push(Block::Text("? Not read, so it is not known who has access.".into(), Role::Unknown));
            out.extend(gap::explain(gap));
        }
    }
    out
}

fn asking() -> Block {
    Block::Text("… asking".into(), Role::Dim)
}

fn words(told: &Told) -> Vec<Block> {
    let mut out = vec![Block::Text(told.title.to_string(), Role::Accent)];
    for (mark, text) in &told.marks {
        let (sign, role) = match mark {
            Mark::Risk(severity) => (glyph(*severity), Role::Severity(*severity)),
            Mark::Unclear => ("?", Role::Unknown),
            Mark::Good => ("✓", Role::Pass),
        };
        out.push(Block::Text(format!("{sign} {text}"), role));
    }
    out.extend(
        told.rows.iter().map(|(label, text)| Block::Item((*label).into(), text.to_string(), Role::Plain)),
    );
    out
}
