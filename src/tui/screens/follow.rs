//! Where a value of an item can be followed to: tables and indexes with a partition key of its type, and the same place
//! in other items of its table.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{Screen, Transition, View, query};
use crate::domain::{AttributePath, Held, Safe, Screened, TableRef};
use crate::query::{Comparator, Condition, Expression, Literal, Operand, Path, Span, Typed, Value, print};
use crate::tui::keymap::Context;
use crate::tui::model::Shared;
use crate::tui::queries::Asked;
use crate::tui::theme::Role;
use crate::tui::widgets::{Block, Col, Grid, List, blocks, grid};
use crate::tui::{Action, layout};

/// Where the value may stand.
enum FollowKey {
    /// In a partition key, of an index or of the table.
    Partition(Option<String>, String),
    /// In any item of the same table, where it stands in this one.
    Same(Path),
}

/// What can be asked.
struct FollowTarget {
    table: TableRef,
    key: FollowKey,
}

/// The value, which is not shown, and where it could be asked for.
pub struct FollowScreen {
    /// The table it is from.
    table: TableRef,
    /// The name of the attribute it is from.
    name: String,
    held: Held,
    targets: Vec<FollowTarget>,
    list: List,
}

/// Where the value at a path of an item can be asked for; or why it cannot.
pub(super) fn from(
    shared: &mut Shared,
    table: &TableRef,
    item: &Screened,
    path: &AttributePath,
) -> Transition {
    match item.held(path) {
        Some(held) => Transition::Open(Screen::Follow(FollowScreen::new(shared, table.clone(), path, held))),
        None => {
            shared.say("Only a string, number or binary value can be followed.");
            Transition::Stay
        }
    }
}

impl FollowScreen {
    fn new(shared: &Shared, table: TableRef, path: &AttributePath, held: Held) -> Self {
        let name = path.root().unwrap_or_default().to_owned();
        let kind = held.value().kind();
        let mut targets = Vec::new();
        for other in &shared.place().tables {
            let Some(d) = shared.audit(other).and_then(|t| t.facts.description.known()) else { continue };
            // Of several attributes in a partition key each needs a value.
            let alone = d.indexes.iter().filter(|i| i.more_partition.is_empty());
            let indexes = alone.map(|i| (Some(i.name.clone()), &i.key.partition));
            for (index, key) in std::iter::once((None, &d.key.partition)).chain(indexes) {
                if key.kind.letter() == kind {
                    let key = FollowKey::Partition(index, key.name.clone());
                    targets.push(FollowTarget { table: other.clone(), key });
                }
            }
        }
        if let Some(path) = query::asked_for(path.steps()) {
            targets.push(FollowTarget { table: table.clone(), key: FollowKey::Same(path) });
        }
        // First where the key has the same name; of these, other tables before the one it is from. Then the same place
        // in any item of its table.
        targets.sort_by_key(|t| match &t.key {
            FollowKey::Partition(_, key) if *key == name => (0, t.table == table),
            FollowKey::Same(_) => (1, true),
            FollowKey::Partition(..) => (2, t.table == table),
        });
        Self { table, name, held, targets, list: List::default() }
    }
}

impl View for FollowScreen {
    fn context(&self) -> Context {
        Context::Places
    }

    fn title(&self, _: &Shared) -> String {
        format!("{} › follow {} to", Safe::neutral(&self.table.name), Safe::neutral(&self.name))
    }

    fn table(&self) -> Option<&TableRef> {
        Some(&self.table)
    }

    fn act(&mut self, shared: &mut Shared, action: Action) -> Transition {
        if self.list.act(action, self.targets.len(), layout::list_rows(shared.size.1)) {
            return Transition::Stay;
        }
        match (action, self.targets.get(self.list.cursor)) {
            (Action::Open, Some(target)) => {
                // The value stands in the text as $1 and is not shown.
                let held = Operand::Literal(Literal { value: Value::Held(1), span: Span::default() });
                let path = Operand::Path(match &target.key {
                    FollowKey::Partition(_, name) => Path::attribute(name),
                    FollowKey::Same(path) => path.clone(),
                });
                let condition = Some(Condition::Compare(path, Comparator::Eq, held));
                let text =
                    Typed::new(&print(&Expression { condition, descending: None }), &shared.options.redactor);
                let asked = Asked { text, held: vec![self.held.clone()] };
                Transition::Open(Screen::Query(query::QueryScreen::new(shared, target.table.clone(), asked)))
            }
            (Action::Back, _) => Transition::Close,
            _ => Transition::Stay,
        }
    }

    fn draw(&self, shared: &Shared, buf: &mut Buffer, area: Rect) {
        let theme = shared.options.theme;
        if self.targets.is_empty() {
            let text = "  No table described so far has a partition key of this type.";
            return blocks(buf, area, theme, &[Block::Gap, Block::Text(text.into(), Role::Plain)], 0);
        }
        let third = area.width.saturating_sub(6) / 3;
        let titles = ["Table", "Index", "Attribute"];
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
                match (col, &target.key) {
                    (0, _) => (Safe::neutral(&target.table.name).to_string(), Role::Plain),
                    (1, FollowKey::Partition(Some(index), _)) => {
                        (Safe::neutral(index).to_string(), Role::Plain)
                    }
                    (1, FollowKey::Partition(None, _)) => ("the table".into(), Role::Dim),
                    (1, FollowKey::Same(_)) => ("by condition".into(), Role::Dim),
                    (_, FollowKey::Partition(_, key)) => {
                        let same = if *key == self.name { Role::Accent } else { Role::Plain };
                        (Safe::neutral(key).to_string(), same)
                    }
                    (_, FollowKey::Same(path)) => (Safe::neutral(&path.to_string()).to_string(), Role::Plain),
                }
            },
        );
    }
}
