//! The keys that work on the screen below, and what the signs mean.

use super::Screen;
use super::entry::{Entry, Opens, Row, Section};
use super::overview::SHADES;
use super::reading::{Reading, Text};
use crate::domain::Severity;
use crate::tui::keymap::{CONTEXTS, Context, KEYMAP};
use crate::tui::model::Shared;
use crate::tui::theme::{Role, glyph};
use crate::tui::widgets::Block;

/// How it is opened.
pub(super) static ENTRY: Entry = Entry {
    opens: Opens::From(|_, from| Screen::Help(HelpScreen::of(from.context()))),
    rows: &[Row {
        section: Section::Commands,
        key: "?",
        contexts: &[],
        what: "the keys that work here",
        hint: "help",
    }],
};

/// Whose keys.
pub struct Help(Context);

/// The page.
pub type HelpScreen = Reading<Help>;

impl HelpScreen {
    pub(super) fn of(of: Context) -> Self {
        Self::new(Help(of))
    }
}

impl Text for Help {
    fn title(&self) -> String {
        "Help".into()
    }

    fn text(&self, shared: &Shared) -> Vec<Block> {
        let title = CONTEXTS.iter().find(|(c, _)| *c == self.0).map_or("", |(_, t)| t);
        let mut out = vec![Block::Heading(format!("Keys on this screen: {title}"))];
        let row = |b: &crate::tui::Binding| {
            let keys: Vec<String> =
                shared.options.keymap.keys(self.0, b).iter().map(ToString::to_string).collect();
            Block::Item(keys.join(" "), b.what.to_owned(), Role::Plain)
        };
        out.extend(KEYMAP.iter().filter(|b| !b.contexts.is_empty() && b.works_in(self.0)).map(row));
        out.push(Block::Gap);
        out.push(Block::Heading("Keys everywhere".into()));
        out.extend(KEYMAP.iter().filter(|b| b.contexts.is_empty()).map(row));
        out.push(Block::Gap);
        out.push(Block::Heading("Signs".into()));
        let severities: Vec<String> =
            Severity::ALL.iter().rev().map(|s| format!("{} {s}", glyph(*s))).collect();
        out.push(Block::Item("severity".into(), severities.join("  "), Role::Plain));
        out.push(Block::Item(
            "findings".into(),
            "· no items read yet; 2%: share of the items read; ? some items not fully inspected".into(),
            Role::Plain,
        ));
        out.push(Block::Item(
            "facts".into(),
            "… loading; denied, failed: not known, never counted as a pass".into(),
            Role::Plain,
        ));
        out.push(Block::Item(
            "grades".into(),
            "A good to F worst; C? something unseen could lower it; - nothing was seen".into(),
            Role::Plain,
        ));
        let shades: Vec<String> =
            Severity::ALL.iter().rev().map(|s| format!("{} {s}", SHADES[*s as usize])).collect();
        out.push(Block::Item("charts".into(), shades.join("  "), Role::Plain));
        out.push(Block::Item(
            "rows".into(),
            "▸4 a cause of four findings, l opens it; • marked; high+ may be worse; [new] [worse] since the baseline; [fix copied] in this session".into(),
            Role::Plain,
        ));
        out.push(Block::Item(
            "checks".into(),
            "✓ pass  ✗ fail  ? unknown  – does not apply".into(),
            Role::Plain,
        ));
        out.push(Block::Gap);
        out.push(Block::Text(
            "dynaudit is read-only: a call that is not on its list of read operations is refused before it is sent.".into(),
            Role::Dim,
        ));
        out
    }
}
