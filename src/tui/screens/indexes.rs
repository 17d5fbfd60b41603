//! The indexes of a table: what they are keyed by, what they carry, and which secrets go with it.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::entry::{Entry, Opens, Row, Section};
use super::{Screen, Transition, View, gap};
use crate::domain::{Fact, Flagged, Gap, Index, Projection, Safe, TableDescription, TableRef};
use crate::posture::carried;
use crate::tui::keymap::Context;
use crate::tui::model::Shared;
use crate::tui::theme::{Role, glyph};
use crate::tui::widgets::{Block, Col, Grid, List, Rows, blocks, grid};
use crate::tui::{Action, Copy, Effect, layout, text};

/// How it is opened.
pub(super) static ENTRY: Entry = Entry {
    opens: Opens::OfTable(|_, table| Screen::Indexes(IndexesScreen::new(table))),
    rows: &[Row {
        section: Section::Table,
        key: "I",
        contexts: &[Context::Tables, Context::Items, Context::Posture],
        what: "the table's indexes, and what they project",
        hint: "indexes",
    }],
};

/// Which index is selected.
pub struct IndexesScreen {
    table: TableRef,
    list: List,
    /// How many indexes there are, as far as is known.
    len: usize,
}

impl IndexesScreen {
    pub(super) fn new(table: TableRef) -> Self {
        Self { table, list: List::default(), len: 0 }
    }

    fn description<'a>(&self, shared: &'a Shared) -> Option<&'a TableDescription> {
        shared.audit(&self.table)?.facts.description.known()
    }

    fn indexes<'a>(&self, shared: &'a Shared) -> &'a [Index] {
        self.description(shared).map_or(&[], |d| &d.indexes)
    }

    fn rows(&self, shared: &Shared) -> usize {
        usize::from(list_height(layout::parts(0, shared.size.1).body.height).saturating_sub(1)).max(1)
    }
}

/// Rows of the list with its titles; the rest tells about the selected index.
fn list_height(body: u16) -> u16 {
    body - if body >= 16 { 9 } else { body / 2 }
}

fn keys(index: &Index) -> String {
    let parts: Vec<String> =
        index.keys().map(|a| format!("{} ({})", Safe::neutral(&a.name), a.kind.letter())).collect();
    parts.join(", ")
}

fn projection(projection: &Projection) -> String {
    match projection {
        Projection::All => "every attribute".into(),
        Projection::KeysOnly => "keys only".into(),
        Projection::Include(names) => format!("keys and {} more", names.len()),
    }
}

impl View for IndexesScreen {
    fn context(&self) -> Context {
        Context::Indexes
    }

    fn title(&self, shared: &Shared) -> String {
        let count = self.description(shared).map(|d| format!(" ({})", d.indexes.len())).unwrap_or_default();
        format!("{} › indexes{count}", Safe::neutral(&self.table.name))
    }

    fn list(&self, body: u16) -> Option<Rows> {
        let below = body - list_height(body);
        (self.len > 0).then_some(Rows { list: self.list, above: 1, below, len: self.len })
    }

    fn table(&self) -> Option<&TableRef> {
        Some(&self.table)
    }

    fn wants(&self, _: &Shared) -> Vec<TableRef> {
        vec![self.table.clone()]
    }

    fn act(&mut self, shared: &mut Shared, action: Action) -> Transition {
        let (len, rows) = (self.indexes(shared).len(), self.rows(shared));
        if self.list.act(action, len, rows) {
            return Transition::Stay;
        }
        let selected = self.indexes(shared).get(self.list.cursor).map(|i| i.name.clone());
        match (action, selected) {
            (Action::Back, _) => return Transition::Close,
            (Action::Open, Some(index)) => {
                return Transition::Open(Screen::items_of(self.table.clone(), index));
            }
            (Action::Copy, Some(index)) => {
                let text = Safe::neutral(&format!("{}/index/{index}", self.table.arn()));
                shared.effects.push(Effect::Copy(Copy { what: "the index's ARN".into(), text }));
            }
            _ => {}
        }
        Transition::Stay
    }

    fn settle(&mut self, shared: &mut Shared) {
        let (len, rows) = (self.indexes(shared).len(), self.rows(shared));
        self.len = len;
        self.list.clamp(len, rows);
    }

    fn draw(&self, shared: &Shared, buf: &mut Buffer, area: Rect) {
        let theme = shared.options.theme;
        let fact = shared.audit(&self.table).map(|t| &t.facts.description);
        let description = match fact {
            Some(Fact::Known { value, .. }) if !value.indexes.is_empty() => value,
            other => {
                let text = match other {
                    Some(Fact::Known { .. }) => {
                        vec![Block::Text("The table has no secondary index.".into(), Role::Plain)]
                    }
                    Some(Fact::Missing(gap)) if !matches!(gap, Gap::NotAsked | Gap::Pending) => {
                        gap::explain(gap)
                    }
                    _ => vec![Block::Text("Reading the table's description…".into(), Role::Dim)],
                };
                return blocks(
                    buf,
                    Rect { x: area.x + 2, width: area.width.saturating_sub(3), ..area },
                    theme,
                    &text,
                    0,
                );
            }
        };
        let audit = shared.audit(&self.table);
        let flagged = audit.map_or(&[][..], |a| &a.flagged);
        let looked = audit.is_some_and(|a| a.items > 0);
        let name = description
            .indexes
            .iter()
            .map(|i| i.name.len())
            .max()
            .unwrap_or(0)
            .clamp(5, usize::from(area.width) / 3);
        let mut columns = vec![
            Col { title: "Index".into(), width: name as u16, right: false },
            Col { title: "Type".into(), width: 6, right: false },
            Col { title: "Secrets".into(), width: 7, right: false },
            Col { title: "Items".into(), width: 9, right: true },
        ];
        if area.width >= 50 {
            columns.push(Col { title: "Size".into(), width: 8, right: true });
        }
        if area.width >= 70 {
            columns.push(Col { title: "Carries".into(), width: 16, right: false });
            let taken: u16 = columns.iter().map(|c| c.width + 1).sum();
            columns.push(Col {
                title: "Key".into(),
                width: area.width.saturating_sub(taken + 3),
                right: false,
            });
        }
        let top = Rect { height: list_height(area.height), ..area };
        grid(
            buf,
            top,
            theme,
            &Grid { columns: &columns, list: self.list, len: description.indexes.len() },
            |_| None,
            |row, col| {
                let index = &description.indexes[row];
                let plain = |text: String| (text, Role::Plain);
                match col {
                    0 => plain(Safe::neutral(&index.name).to_string()),
                    1 => plain(if index.global { "global" } else { "local" }.into()),
                    2 => match carried(index, &description.key, flagged).iter().max_by_key(|f| f.severity) {
                        _ if !looked => ("?".into(), Role::Unknown),
                        None => ("none".into(), Role::Dim),
                        Some(worst) => {
                            let count = carried(index, &description.key, flagged).len();
                            (format!("{} {count}", glyph(worst.severity)), Role::Severity(worst.severity))
                        }
                    },
                    3 => plain(index.items.map_or("?".into(), text::count)),
                    4 => plain(index.bytes.map_or("?".into(), text::bytes)),
                    5 => plain(projection(&index.projection)),
                    _ => plain(keys(index)),
                }
            },
        );
        let pane = Rect { y: top.bottom(), height: area.height - top.height, ..area };
        buf.set_string(pane.x, pane.y, "─".repeat(usize::from(pane.width)), theme.style(Role::Dim));
        let pane = Rect {
            x: pane.x + 1,
            y: pane.y + 1,
            width: pane.width.saturating_sub(2),
            height: pane.height.saturating_sub(1),
        };
        if let Some(index) = description.indexes.get(self.list.cursor) {
            blocks(buf, pane, theme, &told(index, description, flagged, looked), 0);
        }
    }
}

/// All about one index.
fn told(index: &Index, description: &TableDescription, flagged: &[Flagged], looked: bool) -> Vec<Block> {
    let mut out = vec![Block::Item("key".into(), keys(index), Role::Plain)];
    let told = |n: Option<u64>, words: fn(u64) -> String| n.map_or("?".into(), words);
    let share =
        match index.bytes.map(|b| b.saturating_mul(100)).and_then(|b| b.checked_div(description.bytes)) {
            Some(percent) => format!(" ({percent} % of the table's)"),
            None => String::new(),
        };
    let size = format!("{} items, {}{share}", told(index.items, text::count), told(index.bytes, text::bytes));
    out.push(Block::Item("size".into(), size, Role::Plain));
    let names = match &index.projection {
        Projection::Include(names) => {
            let names: Vec<String> = names.iter().map(|n| Safe::neutral(n).to_string()).collect();
            format!("the keys, and {}", names.join(", "))
        }
        other => projection(other),
    };
    out.push(Block::Item("carries".into(), names, Role::Plain));
    let carried = carried(index, &description.key, flagged);
    if !looked {
        out.push(Block::Text(
            "? No item read yet, so it is not known which secrets it projects: A audits.".into(),
            Role::Unknown,
        ));
    } else if carried.is_empty() {
        out.push(Block::Text("No attributes with findings so far.".into(), Role::Dim));
    } else {
        out.push(Block::Text(
            "Projected attributes with findings, readable by whoever may query the index:".into(),
            Role::Plain,
        ));
        out.extend(carried.iter().map(|f| {
            Block::Text(
                format!(
                    "{} {} — {}",
                    glyph(f.severity),
                    Safe::neutral(&f.path.to_string()),
                    Safe::neutral(&f.title)
                ),
                Role::Severity(f.severity),
            )
        }));
    }
    out
}
