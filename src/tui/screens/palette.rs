//! Every command that works here, and every table and place one can go to, found by name.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::entry::{Entry, Opens, Row, Section};
use super::{Screen, Transition, View};
use crate::domain::{Safe, TableRef};
use crate::tui::keymap::{Binding, Context, KEYMAP};
use crate::tui::model::{PlaceId, Shared};
use crate::tui::theme::Role;
use crate::tui::widgets::{Block, Col, Grid, List, Prompt, blocks, grid};
use crate::tui::{Action, fuzzy, layout};

/// How it is opened.
pub(super) static ENTRY: Entry = Entry {
    opens: Opens::From(|shared, from| Screen::Palette(PaletteScreen::new(shared, from.context()))),
    rows: &[
        Row {
            section: Section::Commands,
            key: ":",
            contexts: &[],
            what: "find a command, a table or a Region by name",
            hint: "commands",
        },
        Row {
            section: Section::Commands,
            key: "ctrl-g",
            contexts: &[Context::Query],
            what: "find a command by name",
            hint: "",
        },
    ],
};

/// One line of it.
enum PaletteEntry {
    /// A command.
    Command(&'static Binding),
    /// To the items of a table.
    Table(TableRef),
    /// To another account or Region.
    Place(PlaceId),
}

impl PaletteEntry {
    /// By what it is found: what it says and, of a command, what the footer and the configuration call it.
    fn words(&self, name: &str) -> String {
        match self {
            Self::Command(binding) => format!("{name} {} {}", binding.hint, binding.action.name()),
            Self::Table(_) | Self::Place(_) => name.to_owned(),
        }
    }
}

/// What there is, what it is called, and what was typed.
pub struct PaletteScreen {
    of: Context,
    entries: Vec<(PaletteEntry, String)>,
    prompt: Prompt,
    shown: Vec<usize>,
    list: List,
}

impl PaletteScreen {
    pub(super) fn new(shared: &Shared, context: Context) -> Self {
        let moves = |a: Action| {
            matches!(a, Action::Up | Action::Down | Action::PageUp | Action::PageDown | Action::Palette)
        };
        let commands = KEYMAP.iter().filter(|b| b.works_in(context) && !moves(b.action));
        let commands = commands.map(|b| (PaletteEntry::Command(b), b.what.to_owned()));
        let tables =
            shared.listed().into_iter().flat_map(|id| &shared.engine.places[id.0].tables).map(|table| {
                let name = if shared.combined {
                    format!("{} {}", table.name, table.scope)
                } else {
                    table.name.clone()
                };
                (PaletteEntry::Table(table.clone()), name)
            });
        let others = (0..shared.engine.places.len()).map(PlaceId).filter(|id| *id != shared.here);
        let places = others.map(|id| (PaletteEntry::Place(id), shared.engine.places[id.0].scope.to_string()));
        let entries: Vec<_> = commands.chain(tables).chain(places).collect();
        let shown = (0..entries.len()).collect();
        Self { of: context, entries, prompt: Prompt::new(":"), shown, list: List::default() }
    }

    fn rows(shared: &Shared) -> usize {
        layout::list_rows(shared.size.1).saturating_sub(1).max(1)
    }
}

impl View for PaletteScreen {
    fn context(&self) -> Context {
        Context::Palette
    }

    fn title(&self, _: &Shared) -> String {
        "Commands".into()
    }

    fn act(&mut self, shared: &mut Shared, action: Action) -> Transition {
        self.list.act(action, self.shown.len(), Self::rows(shared));
        Transition::Stay
    }

    fn prompt(&mut self) -> Option<&mut Prompt> {
        Some(&mut self.prompt)
    }

    fn edited(&mut self, _: &mut Shared) {
        self.list = List::default();
        let words: Vec<String> = self.entries.iter().map(|(entry, name)| entry.words(name)).collect();
        self.shown = fuzzy::rank(self.prompt.text(), words.iter().map(String::as_str));
    }

    fn entered(&mut self, shared: &mut Shared) -> Transition {
        // What matches nothing is there to be corrected.
        let Some(n) = self.shown.get(self.list.cursor) else { return Transition::Stay };
        match &self.entries[*n].0 {
            PaletteEntry::Command(binding) => Transition::Run(binding.action),
            PaletteEntry::Table(table) => {
                shared.here = shared.place_of(table).unwrap_or(shared.here);
                Transition::Open(Screen::items(table.clone()))
            }
            PaletteEntry::Place(place) => Transition::Travel(*place),
        }
    }

    fn escaped(&mut self, _: &mut Shared) -> Transition {
        Transition::Close
    }

    fn draw(&self, shared: &Shared, buf: &mut Buffer, area: Rect) {
        let theme = shared.options.theme;
        self.prompt.draw(buf, Rect { height: 1.min(area.height), ..area }, shared);
        let rest = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
        if self.shown.is_empty() {
            let text =
                "  No matching command, table or Region. Type one name: a table's name opens its items.";
            return blocks(buf, rest, theme, &[Block::Gap, Block::Text(text.into(), Role::Plain)], 0);
        }
        let columns = [
            Col { title: "Key".into(), width: 10, right: false },
            Col { title: "Command".into(), width: area.width.saturating_sub(14), right: false },
        ];
        grid(
            buf,
            rest,
            theme,
            &Grid { columns: &columns, list: self.list, len: self.shown.len() },
            |_| None,
            |row, col| {
                let (entry, name) = &self.entries[self.shown[row]];
                let name = Safe::neutral(name);
                match (entry, col) {
                    (PaletteEntry::Command(binding), 0) => {
                        (shared.options.keymap.shown(self.of, binding), Role::Accent)
                    }
                    (_, 0) => (String::new(), Role::Plain),
                    (PaletteEntry::Command(_), _) => (name.to_string(), Role::Plain),
                    (PaletteEntry::Table(_), _) => (format!("{name}: items of the table"), Role::Plain),
                    (PaletteEntry::Place(_), _) => (format!("{name}: switch to it"), Role::Plain),
                }
            },
        );
    }
}
