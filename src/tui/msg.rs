//! What the shell tells the state machine.

use crate::domain::{
    AccessKeyAnswer, Call, Cursor, FactValue, Gap, Identity, LookedUp, Page, Rcu, Sighting, StreamState,
    Tables, Tailed, Traits, Uninspected,
};
use crate::tui::{Action, Key, RequestId};

/// What is left of a sampled page: counts and sightings, no item.
pub struct Sampled {
    /// Items looked at.
    pub items: u64,
    /// Items that were given.
    pub given: u64,
    /// What of them was not inspected.
    pub uninspected: Uninspected,
    /// What they are like, without their values.
    pub traits: Traits,
    /// What was seen.
    pub sightings: Vec<Sighting>,
    /// What it cost.
    pub cost: Option<Rcu>,
    /// Where to go on.
    pub next: Option<Cursor>,
}

/// The answer to an [`Ask`](crate::tui::Ask).
pub enum Answer {
    /// To `Identity`.
    Identity(Result<Identity, Gap>),
    /// To `Renew`.
    Renewed(Result<(), Gap>),
    /// To `Tables`.
    Tables(Result<Tables, Gap>),
    /// To `Fact`.
    Fact(Result<FactValue, Gap>),
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
    /// To `Sample`.
    Sample(Result<Sampled, Gap>),
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
    /// A copy or a save went well, or not; a sentence to show.
    Done(Result<String, String>),
}
