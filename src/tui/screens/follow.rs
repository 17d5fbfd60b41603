//! Where a value of an item can be followed to: tables and indexes with a partition key of its type.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use zeroize::Zeroizing;

use super::{Flow, Screen, View, query};
use crate::domain::{Held, Safe, TableRef};
use crate::query::{Comparator, Condition, Expression, Literal, Operand, Path, Span, Value, print};
use crate::tui::keymap::Context;
use crate::tui::model::Shared;
use crate::tui::queries::Asked;
use crate::tui::theme::Role;
use crate::tui::widgets::{Block, Col, Grid, List, blocks, grid};
use crate::tui::{Action, layout};

/// A partition key.
struct Target {
    table: TableRef,
    index: Option<String>,
    key: String,
}

/// The value, which is not shown, and where it could be a key.
pub struct State {
    /// The table it is from.
    table: TableRef,
    /// The name of the attribute it is from.
    name: String,
    held: Held,
    targets: Vec<Target>,
    list: List,
}

impl State {
    pub(super) fn new(shared: &Shared, table: TableRef, name: String, held: Held) -> Self {
        let kind = held.value().kind();
        let mut targets = Vec::new();
        for other in &shared.place().tables {
            let Some(d) = shared.audit(other).and_then(|t| t.facts.description.known()) else { continue };
            let indexes = d.indexes.iter().map(|i| (Some(i.name.clone()), &i.key.partition));
            for (index, key) in std::iter::once((None, &d.key.partition)).chain(indexes) {
                if key.kind.letter() == kind {
                    targets.push(Target { table: other.clone(), index, key: key.name.clone() });
                }
            }
        }
        // First where the key has the same name; of these, other tables before the one it is from.
        targets.sort_by_key(|t| (t.key != name, t.table == table));
        Self { table, name, held, targets, list: List::default() }
    }
}

impl View for State {
    fn context(&self) -> Context {
        Context::Places
    }

    fn title(&self, _: &Shared) -> String {
        format!("{} › follow {} to", Safe::neutral(&self.table.name), Safe::neutral(&self.name))
    }

    fn table(&self) -> Option<&TableRef> {
        Some(&self.table)
    }

    fn act(&mut self, shared: &mut Shared, action: Action) -> Flow {
        if self.list.act(action, self.targets.len(), layout::list_rows(shared.size.1)) {
            return Flow::Stay;
        }
        match (action, self.targets.get(self.list.cursor)) {
            (Action::Open, Some(target)) => {
                // The value stands in the text as $1 and is not shown.
                let held = Operand::Literal(Literal { value: Value::Held(1), span: Span::default() });
                let path = Operand::Path(Path::attribute(&target.key));
                let condition = Some(Condition::Compare(path, Comparator::Eq, held));
                let text = Zeroizing::new(print(&Expression { condition, descending: None }).to_string());
                let asked = Asked { text, held: vec![self.held.clone()] };
                Flow::Open(Screen::Query(query::State::new(shared, target.table.clone(), asked)))
            }
            (Action::Back, _) => Flow::Close,
            _ => Flow::Stay,
        }
    }

    fn draw(&self, shared: &Shared, buf: &mut Buffer, area: Rect) {
        let theme = shared.options.theme;
        if self.targets.is_empty() {
            let text = "  No table described so far has a partition key of this type.";
            return blocks(buf, area, theme, &[Block::Gap, Block::Text(text.into(), Role::Plain)], 0);
        }
        let third = area.width.saturating_sub(6) / 3;
        let titles = ["Table", "Index", "Partition key"];
        let columns = titles.map(|title| Col { title: title.into(), width: third, right: false });
        let grid_of = Grid { columns: &columns, list: self.list, len: self.targets.len() };
        grid(
            buf,
            area,
            theme,
            &grid_of,
            |_| None,
            |row, col| {
                let target = &self.targets[row];
                match (col, &target.index) {
                    (0, _) => (Safe::neutral(&target.table.name).to_string(), Role::Plain),
                    (1, Some(index)) => (Safe::neutral(index).to_string(), Role::Plain),
                    (1, None) => ("the table".into(), Role::Dim),
                    _ => {
                        let same = if target.key == self.name { Role::Accent } else { Role::Plain };
                        (Safe::neutral(&target.key).to_string(), same)
                    }
                }
            },
        );
    }
}
