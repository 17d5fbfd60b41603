//! What is open, to jump between.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{Transition, View};
use crate::tui::keymap::Context;
use crate::tui::model::Shared;
use crate::tui::theme::Role;
use crate::tui::widgets::{Col, Grid, List, grid};
use crate::tui::{Action, layout};

/// The titles, that of the view on screen first, then the others, the last one looked at first.
pub struct ViewsScreen {
    titles: Vec<String>,
    list: List,
}

impl ViewsScreen {
    pub(super) fn new(titles: Vec<String>) -> Self {
        let cursor = usize::from(titles.len() > 1);
        Self { titles, list: List { cursor, offset: 0 } }
    }
}

impl View for ViewsScreen {
    fn context(&self) -> Context {
        Context::Places
    }

    fn title(&self, _: &Shared) -> String {
        format!("Open views ({})", self.titles.len())
    }

    fn act(&mut self, shared: &mut Shared, action: Action) -> Transition {
        if self.list.act(action, self.titles.len(), layout::list_rows(shared.size.1)) {
            return Transition::Stay;
        }
        match action {
            Action::Open => Transition::Jump(self.list.cursor),
            Action::Back => Transition::Close,
            _ => Transition::Stay,
        }
    }

    fn draw(&self, shared: &Shared, buf: &mut Buffer, area: Rect) {
        let columns = [Col { title: "View".into(), width: area.width.saturating_sub(4), right: false }];
        let grid_of = Grid { columns: &columns, list: self.list, len: self.titles.len() };
        grid(
            buf,
            area,
            shared.options.theme,
            &grid_of,
            |_| None,
            |row, _| {
                let role = if row == 0 { Role::Accent } else { Role::Plain };
                (self.titles[row].clone(), role)
            },
        );
    }
}
