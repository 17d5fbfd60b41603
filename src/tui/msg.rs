//! What the shell tells the state machine.

use crate::domain::{AccessKeyAnswer, Call, Gap, LookedUp, Page, StreamState, Tailed};
use crate::engine;
use crate::tui::{Action, Handling, Key, RequestId};

/// The answer to an [`Ask`](crate::tui::Ask).
pub enum Answer {
    /// To `Audit`.
    Audit(engine::Answer),
    /// To `Renew`.
    Renewed(Result<(), Gap>),
    /// To `Page`.
    Page(Result<Page, Gap>),
    /// To `Stream`.
    Stream(Result<StreamState, Gap>),
    /// To `Tail`.
    Tail(Result<Tailed, Gap>),
    /// To `AccessKey`.
    AccessKey(Result<AccessKeyAnswer, Gap>),
    /// To `LookUp`.
    LookedUp(Result<LookedUp, Gap>),
}

/// Something that happened outside.
pub enum Msg {
    /// The interface is up: ask the first questions.
    Start,
    /// A key was pressed.
    Key(Key),
    /// Text was pasted: one edit.
    Paste(String),
    /// A row of the list was named, counted from 0: it is selected and opened.
    Pick(usize),
    /// An action was named.
    Run(Action),
    /// The mouse was pressed at this column and row.
    Click(u16, u16),
    /// The wheel was turned, up or down.
    Wheel(bool),
    /// The terminal has this many columns and rows.
    Resize(u16, u16),
    /// The terminal told the colour of its background, as X11 writes colours: `rgb:ffff/ffff/ffff`.
    Background(String),
    /// A time that was asked for has come.
    Wake,
    /// A source answered.
    Answer(RequestId, Answer),
    /// A call was made, for the ledger.
    Called(Call),
    /// The file of what was accepted was changed: all that stands in it now. Or it was not, a sentence.
    Handled(Handling, Result<String, String>),
    /// A copy or a save went well, or not; a sentence to show.
    Done(Result<String, String>),
}
