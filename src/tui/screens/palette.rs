//! Every command that works here, found by name.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{Flow, View};
use crate::tui::keymap::{Binding, Context, KEYMAP};
use crate::tui::model::Shared;
use crate::tui::theme::Role;
use crate::tui::widgets::{Col, Grid, List, Prompt, grid};
use crate::tui::{Action, fuzzy, layout};

/// The commands and what was typed.
pub struct State {
    of: Context,
    commands: Vec<&'static Binding>,
    prompt: Prompt,
    shown: Vec<usize>,
    list: List,
}

impl State {
    pub(super) fn new(context: Context) -> Self {
        let moves = |a: Action| {
            matches!(a, Action::Up | Action::Down | Action::PageUp | Action::PageDown | Action::Palette)
        };
        let commands: Vec<_> = KEYMAP.iter().filter(|b| b.works_in(context) && !moves(b.action)).collect();
        let shown = (0..commands.len()).collect();
        Self { of: context, commands, prompt: Prompt::new(":"), shown, list: List::default() }
    }

    #[cfg(test)]
    pub(super) fn offers(&self, action: Action) -> bool {
        self.commands.iter().any(|b| b.action == action)
    }

    fn rows(shared: &Shared) -> usize {
        layout::list_rows(shared.size.1).saturating_sub(1).max(1)
    }
}

impl View for State {
    fn context(&self) -> Context {
        Context::Palette
    }

    fn title(&self, _: &Shared) -> String {
        "Commands".into()
    }

    fn act(&mut self, shared: &mut Shared, action: Action) -> Flow {
        self.list.act(action, self.shown.len(), Self::rows(shared));
        Flow::Stay
    }

    fn prompt(&mut self) -> Option<&mut Prompt> {
        Some(&mut self.prompt)
    }

    fn edited(&mut self, _: &mut Shared) {
        self.list = List::default();
        self.shown = fuzzy::rank(self.prompt.text(), self.commands.iter().map(|b| b.what));
    }

    fn entered(&mut self, _: &mut Shared) -> Flow {
        match self.shown.get(self.list.cursor) {
            Some(n) => Flow::Run(self.commands[*n].action),
            None => Flow::Close,
        }
    }

    fn escaped(&mut self, _: &mut Shared) -> Flow {
        Flow::Close
    }

    fn draw(&self, shared: &Shared, buf: &mut Buffer, area: Rect) {
        let theme = shared.options.theme;
        self.prompt.draw(buf, Rect { height: 1.min(area.height), ..area }, theme);
        let rest = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
        let columns = [
            Col { title: "Key".into(), width: 10, right: false },
            Col { title: "Command".into(), width: area.width.saturating_sub(14), right: false },
        ];
        grid(buf, rest, theme, &Grid { columns: &columns, list: self.list, len: self.shown.len() }, |_| None, |row, col| {
            let binding = self.commands[self.shown[row]];
            if col == 0 { (shared.options.keymap.shown(self.of, binding), Role::Accent) } else { (binding.what.to_owned(), Role::Plain) }
        });
    }
}
