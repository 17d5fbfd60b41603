//! Errors, and every call that was made.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{Flow, View};
use crate::tui::keymap::Context;
use crate::tui::model::Shared;
use crate::tui::theme::Role;
use crate::tui::widgets::{Block, blocks};
use crate::tui::{Action, layout};

/// Where the cursor is, counted from the newest line.
#[derive(Default)]
pub struct State {
    back: usize,
}

impl View for State {
    fn context(&self) -> Context {
        Context::Reading
    }

    fn title(&self, shared: &Shared) -> String {
        let bad = shared.log.iter().filter(|l| l.bad).count();
        format!("Log: {} lines, {bad} of them errors; newest first", shared.log.len())
    }

    fn act(&mut self, shared: &mut Shared, action: Action) -> Flow {
        let rows = usize::from(layout::parts(0, shared.size.1).body.height);
        if !super::help::scroll(&mut self.back, action, shared.log.len(), rows) && action == Action::Back {
            return Flow::Close;
        }
        Flow::Stay
    }

    fn draw(&self, shared: &Shared, buf: &mut Buffer, area: Rect) {
        let lines: Vec<Block> = shared
            .log
            .iter()
            .rev()
            .skip(self.back)
            .take(usize::from(area.height))
            .map(|l| {
                let time = l.at.strftime("%H:%M:%S").to_string();
                let sign = if l.bad { "✗ " } else { "  " };
                Block::Item(format!("{time} {sign}"), l.text.to_string(), if l.bad { Role::Error } else { Role::Plain })
            })
            .collect();
        let inner = Rect { x: area.x + 1, width: area.width.saturating_sub(2), ..area };
        let none = [Block::Text("Nothing was asked yet.".into(), Role::Dim)];
        blocks(buf, inner, shared.options.theme, if lines.is_empty() { &none } else { &lines }, 0);
    }
}
