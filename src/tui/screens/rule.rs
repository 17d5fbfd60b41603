//! One rule: what it looks for, why that matters, how a match is validated, and how to rotate what was found.

use std::sync::Arc;

use super::reading::{Reading, Text};
use crate::detect::{Mark, RuleInfo};
use crate::domain::Safe;
use crate::tui::model::Shared;
use crate::tui::theme::{Role, glyph};
use crate::tui::widgets::Block;

/// The rule that is told.
pub struct RuleText(Arc<RuleInfo>);

/// The page.
pub type RuleScreen = Reading<RuleText>;

impl RuleScreen {
    pub(super) fn of(rule: Arc<RuleInfo>) -> Self {
        Self::new(RuleText(rule))
    }
}

impl Text for RuleText {
    fn title(&self) -> String {
        format!("Rule: {}", Safe::neutral(&self.0.title))
    }

    fn text(&self, _: &Shared) -> Vec<Block> {
        let RuleInfo { id, title, provider, severity, confidence, class, why, how, rotate, marks, .. } =
            &*self.0;
        let mut out = vec![
            Block::Text(
                format!("{} {severity} — {}", glyph(*severity), Safe::neutral(title)),
                Role::Severity(*severity),
            ),
            Block::Gap,
        ];
        let mut row = |label: &str, text: &str, role| {
            if !text.is_empty() {
                out.push(Block::Item(label.into(), Safe::neutral(text).to_string(), role));
            }
        };
        row("rule", id, Role::Dim);
        row("provider", provider, Role::Plain);
        row(
            "holds",
            if class.is_of_a_person() { "a session or a token of one person" } else { "" },
            Role::Plain,
        );
        row("why", why, Role::Plain);
        row(
            "begins with",
            &self.0.prefixes.iter().map(|p| masked(p)).collect::<Vec<_>>().join("  "),
            Role::Masked,
        );
        row("keywords", &self.0.keywords.join(", "), Role::Plain);
        row("validated by", how, Role::Plain);
        row("confidence", &format!("{confidence} before validation"), Role::Plain);
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
