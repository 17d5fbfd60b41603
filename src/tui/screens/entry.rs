//! How a screen is opened by a key or from the palette: said once, in the screen's own file, as its `ENTRY`.
//!
//! The list in `mod.rs` makes an action of it. [`KEYMAP`](crate::tui::KEYMAP) takes its rows, and with them footer,
//! help, palette and docs; `update` opens what it says.

use super::Screen;
use crate::domain::TableRef;
use crate::tui::keymap::Context;
use crate::tui::model::Shared;

/// A screen's keys, and what they open.
pub struct Entry {
    /// What it opens.
    pub opens: Opens,
    /// Its rows of the keymap.
    pub rows: &'static [Row],
}

/// What a screen is made of.
pub enum Opens {
    /// The table that is selected or shown; nothing opens where there is none.
    OfTable(fn(&Shared, TableRef) -> Screen),
    /// The session, and the screen it is opened from.
    From(fn(&Shared, &Screen) -> Screen),
}

/// A row of the keymap, but for its action.
pub struct Row {
    /// Where it stands.
    pub section: Section,
    /// The key.
    pub key: &'static str,
    /// Where it works; empty means everywhere but where one types.
    pub contexts: &'static [Context],
    /// In words, for help and palette.
    pub what: &'static str,
    /// In a word or two, for the footer; empty where it need not be there.
    pub hint: &'static str,
}

/// Where a row stands in footer, help and docs: with the rows of its kind, in the order of the list of screens.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Section {
    /// What there is about a table.
    Table,
    /// What there is about the table of a finding.
    Finding,
    /// Where one can go.
    Travel,
    /// What there is about the session.
    Session,
    /// Commands and help.
    Commands,
}
