//! How a person arranged the columns of a table: names, order, widths. No values.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

/// The columns of one table as they were arranged; what is not mentioned is as the program would have it. Kept in
/// [`Shared::columns`](crate::tui::Shared), so that it can be saved with the session.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ColumnLayout {
    /// Names in their order, as soon as one was moved; other columns follow these.
    pub order: Vec<String>,
    /// Columns of the terminal, by name.
    pub widths: BTreeMap<String, u16>,
    /// Not shown.
    pub hidden: BTreeSet<String>,
    /// Whether a column stays on screen while others scroll; those of the key do unless told otherwise.
    pub pinned: BTreeMap<String, bool>,
}

impl ColumnLayout {
    /// Whether nothing was arranged.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
