//! What a person can do.

/// One thing a key or the palette can start. [`KEYMAP`](crate::tui::KEYMAP) says which key, where, and in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
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
    /// Show the keys.
    Help,
    /// Find a command by name.
    Palette,
    /// Show errors and calls.
    Log,
    /// Show whose credentials these are.
    Identity,
    /// Switch account or Region.
    Places,
    /// Ask again.
    Refresh,
    /// Sample items of every table for secrets.
    Audit,
    /// All findings of this account and Region.
    Findings,
    /// Allow more read capacity units.
    RaiseBudget,
    /// Mask every value, or stop doing so.
    MaskAll,
    /// Filter by name.
    Filter,
    /// How the table is protected.
    Posture,
    /// The findings of this table.
    TableFindings,
    /// To the next row with a finding.
    NextMarked,
    /// To the previous row with a finding.
    PreviousMarked,
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
    /// Fold or unfold.
    Fold,
    /// Show one value in clear for a few seconds.
    Reveal,
    /// The next language of the fix.
    NextFlavour,
    /// The previous language of the fix.
    PreviousFlavour,
    /// Copy what the screen is about.
    Copy,
    /// Write the fix to a file.
    Save,
}
