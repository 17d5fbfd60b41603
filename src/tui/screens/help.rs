//! The keys that work on the screen below, and what the signs mean.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{Flow, View};
use crate::domain::Severity;
use crate::tui::keymap::{CONTEXTS, Context, KEYMAP};
use crate::tui::model::Shared;
use crate::tui::theme::{Role, glyph};
use crate::tui::widgets::{Block, blocks, height};
use crate::tui::{Action, layout};

/// Whose keys, and how far scrolled.
pub struct State {
    of: Context,
    scroll: usize,
}

impl State {
    pub(super) fn new(of: Context) -> Self {
        Self { of, scroll: 0 }
    }

    fn text(&self, shared: &Shared) -> Vec<Block> {
        let title = CONTEXTS.iter().find(|(c, _)| *c == self.of).map_or("", |(_, t)| t);
        let mut out = vec![Block::Heading(format!("Keys on this screen: {title}"))];
        let row = |b: &crate::tui::Binding| {
            let keys: Vec<String> = shared.options.keymap.keys(self.of, b).iter().map(ToString::to_string).collect();
            Block::Item(keys.join(" "), b.what.to_owned(), Role::Plain)
        };
        out.extend(KEYMAP.iter().filter(|b| !b.contexts.is_empty() && b.works_in(self.of)).map(row));
        out.push(Block::Gap);
        out.push(Block::Heading("Keys everywhere".into()));
        out.extend(KEYMAP.iter().filter(|b| b.contexts.is_empty()).map(row));
        out.push(Block::Gap);
        out.push(Block::Heading("Signs".into()));
        let severities: Vec<String> = Severity::ALL.iter().rev().map(|s| format!("{} {s}", glyph(*s))).collect();
        out.push(Block::Item("severity".into(), severities.join("  "), Role::Plain));
        out.push(Block::Item("findings".into(), "? no item of the table was looked at yet; 2%: so much of them was".into(), Role::Plain));
        out.push(Block::Item("facts".into(), "… on its way; denied, failed: not known, which is never taken for fine".into(), Role::Plain));
        out.push(Block::Item("checks".into(), "✓ pass  ✗ fail  ? unknown  – does not apply".into(), Role::Plain));
        out.push(Block::Gap);
        out.push(Block::Text(
            "This program only reads: what is not on its list of read operations is refused before it is sent.".into(),
            Role::Dim,
        ));
        out
    }
}

/// Scrolls text by the movement keys; false if the action is no movement.
pub(super) fn scroll(at: &mut usize, action: Action, lines: usize, rows: usize) -> bool {
    *at = match action {
        Action::Up => at.saturating_sub(1),
        Action::Down => *at + 1,
        Action::PageUp => at.saturating_sub(rows),
        Action::PageDown => *at + rows,
        Action::Top => 0,
        Action::Bottom => lines,
        _ => return false,
    };
    *at = (*at).min(lines.saturating_sub(rows));
    true
}

impl View for State {
    fn context(&self) -> Context {
        Context::Reading
    }

    fn title(&self, _: &Shared) -> String {
        "Help".into()
    }

    fn act(&mut self, shared: &mut Shared, action: Action) -> Flow {
        let rows = usize::from(layout::parts(0, shared.size.1).body.height);
        let lines = height(&self.text(shared), shared.size.0.saturating_sub(2));
        if !scroll(&mut self.scroll, action, lines, rows) && action == Action::Back {
            return Flow::Close;
        }
        Flow::Stay
    }

    fn draw(&self, shared: &Shared, buf: &mut Buffer, area: Rect) {
        let inner = Rect { x: area.x + 1, width: area.width.saturating_sub(2), ..area };
        blocks(buf, inner, shared.options.theme, &self.text(shared), self.scroll);
    }
}
