//! One rule: what it looks for, why that matters, how a match is confirmed, and how to rotate what was found.

use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{Flow, View, help};
use crate::detect::{Mark, RuleInfo};
use crate::domain::Safe;
use crate::tui::keymap::Context;
use crate::tui::model::Shared;
use crate::tui::theme::{Role, glyph};
use crate::tui::widgets::{Block, blocks, height};
use crate::tui::{Action, layout};

/// The rule, and how far the text is scrolled.
pub struct State {
    rule: Arc<RuleInfo>,
    scroll: usize,
}

impl State {
    pub(super) fn new(rule: Arc<RuleInfo>) -> Self {
        Self { rule, scroll: 0 }
    }

    fn text(&self) -> Vec<Block> {
        let RuleInfo { id, title, provider, severity, confidence, session, why, how, rotate, marks, .. } = &*self.rule;
        let mut out = vec![
            Block::Text(format!("{} {severity} — {}", glyph(*severity), Safe::neutral(title)), Role::Severity(*severity)),
            Block::Gap,
        ];
        let mut row = |label: &str, text: &str, role| {
            if !text.is_empty() {
                out.push(Block::Item(label.into(), Safe::neutral(text).to_string(), role));
            }
        };
        row("rule", id, Role::Dim);
        row("provider", provider, Role::Plain);
        row("holds", if *session { "a session or a token of one person" } else { "" }, Role::Plain);
        row("why", why, Role::Plain);
        row("begins with", &self.rule.prefixes.iter().map(|p| masked(p)).collect::<Vec<_>>().join("  "), Role::Masked);
        row("asked for by", &self.rule.keywords.join(", "), Role::Plain);
        row("confirmed by", how, Role::Plain);
        row("confidence", &format!("{confidence} before anything is confirmed"), Role::Plain);
        row("rotate", rotate, Role::Accent);
        for mark in marks {
            let says = match mark {
                Mark::Untested => "a rule of yours without cases: nothing shows that it sees what it should",
                Mark::Slow => "a rule of yours without a keyword: it looks at every text",
            };
            row("marked", &format!("? {}: {says}", mark.what()), Role::Unknown);
        }
        out
    }
}

/// A documented beginning, and that more follows.
fn masked(prefix: &str) -> String {
    format!("{prefix}••••")
}

impl View for State {
    fn context(&self) -> Context {
        Context::Reading
    }

    fn title(&self, _: &Shared) -> String {
        format!("Rule: {}", Safe::neutral(&self.rule.title))
    }

    fn act(&mut self, shared: &mut Shared, action: Action) -> Flow {
        let rows = usize::from(layout::parts(0, shared.size.1).body.height);
        let lines = height(&self.text(), shared.size.0.saturating_sub(2));
        if !help::scroll(&mut self.scroll, action, lines, rows) && action == Action::Back {
            return Flow::Close;
        }
        Flow::Stay
    }

    fn draw(&self, shared: &Shared, buf: &mut Buffer, area: Rect) {
        let inner = Rect { x: area.x + 1, width: area.width.saturating_sub(2), ..area };
        blocks(buf, inner, shared.options.theme, &self.text(), self.scroll);
    }
}
