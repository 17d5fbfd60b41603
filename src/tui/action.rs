//! What a person can do.

use crate::tui::screens::each_screen;

macro_rules! actions {
    (entries: [$($file:ident $_variant:ident($_state:ident) by $entry:ident,)+]
     others: [$($_other:tt)*]
     $($(#[$doc:meta])* $name:ident,)+) => {
        /// One thing a key or the palette can start. [`KEYMAP`](crate::tui::KEYMAP) says which key, where, and
        /// in words.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Action {
            $($(#[$doc])* $name,)+
            $(#[doc = concat!("Open `screens/", stringify!($file), ".rs`.")] $entry,)+
        }

        impl Action {
            /// Every action.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+ $(Self::$entry),+];
        }
    };
}

// What opens a screen comes from the list of screens.
each_screen! { actions
    /// One row up.
    Up,
    /// One row down.
    Down,
    /// One screen up.
    PageUp,
    /// One screen down.
    PageDown,
    /// To the first row.
    Top,
    /// To the last row.
    Bottom,
    /// One column left, or fold.
    Left,
    /// One column right, or unfold.
    Right,
    /// Into the selected row.
    Open,
    /// One level up, or clear the filter, or cancel what loads.
    Back,
    /// Leave the program.
    Quit,
    /// Stop for the shell's job control.
    Suspend,
    /// Ask again.
    Refresh,
    /// Sample items of every table for secrets, stop that for a while, or go on.
    Audit,
    /// The same of every account and Region.
    AuditEverywhere,
    /// End the audit.
    EndAudit,
    /// Read more items of a table.
    Deepen,
    /// All findings of this account and Region.
    Findings,
    /// The list of tables.
    Home,
    /// Allow more read capacity units.
    RaiseBudget,
    /// Mask every value, or stop doing so.
    MaskAll,
    /// Filter by name.
    Filter,
    /// Whose an access key is, and whether it works.
    AccessKey,
    /// What a rule looks for.
    Rule,
    /// Accept a finding, or take that back.
    Accept,
    /// To the next row with a finding.
    NextMarked,
    /// To the previous row with a finding.
    PreviousMarked,
    /// Search what is loaded.
    Search,
    /// Show only some of the items, or findings by their causes.
    Only,
    /// To the items that a finding is in.
    ToItem,
    /// Show what is of low severity, too.
    LowToo,
    /// Show only what is worse.
    WorseOnly,
    /// Show what is less bad, too.
    LessToo,
    /// Secrets, settings, or both.
    Kind,
    /// A row a cause, a table or a value.
    GroupBy,
    /// Where else a value is.
    Elsewhere,
    /// The columns: types, fill, order.
    Columns,
    /// Hide the column, or show it again.
    HideColumn,
    /// Keep the column on screen while others scroll, or stop doing so.
    PinColumn,
    /// The column one place to the left.
    MoveLeft,
    /// The column one place to the right.
    MoveRight,
    /// A wider column.
    Widen,
    /// A narrower column.
    Narrow,
    /// Sort by the column: up, down, not at all.
    Sort,
    /// The next way of showing the item: tree, JSON, DynamoDB JSON.
    NextView,
    /// Choose what to copy.
    CopyMenu,
    /// Only count what matches.
    Count,
    /// Open the expression box, or follow a value.
    Query,
    /// Forward again to where Back came from.
    Forward,
    /// Keep this view and start another.
    NewView,
    /// Jump between the open views.
    Views,
    /// Take the offered word.
    Complete,
    /// The expression asked before this one.
    Earlier,
    /// The expression asked after this one.
    Later,
    /// The next way to read it.
    NextWay,
    /// Keep the expression without its values.
    SaveQuery,
    /// Drop an expression that was asked or kept.
    ForgetQuery,
    /// Ask for what has the same value.
    Follow,
    /// The item after this one.
    NextItem,
    /// The item before this one.
    PreviousItem,
    /// Fold or unfold.
    Fold,
    /// Show one value in clear for a few seconds.
    Reveal,
    /// The next language of the fix.
    NextFlavour,
    /// The previous language of the fix.
    PreviousFlavour,
    /// What the fix changes in a policy.
    Diff,
    /// Copy a hand-over of the finding, or of those that are marked.
    Runbook,
    /// Mark a finding for the hand-over, or take the mark off.
    Mark,
    /// Copy what the screen is about.
    Copy,
    /// Write the fix to a file.
    Save,
    /// Records of the table's stream.
    Tail,
    /// Copy the command that signs in again.
    CopyLogin,
    /// Tables and findings of every account and Region in one list, or of one.
    Combine,
    /// Listen to the mouse, or stop doing so.
    Mouse,
    /// The next theme.
    NextTheme,
}

impl Action {
    /// Its name in the configuration: `next-marked`.
    pub fn name(self) -> String {
        let mut name = String::new();
        for c in format!("{self:?}").chars() {
            if c.is_ascii_uppercase() && !name.is_empty() {
                name.push('-');
            }
            name.push(c.to_ascii_lowercase());
        }
        name
    }
}
