//! What the shell is asked to do.

use jiff::Timestamp;

use crate::domain::{
    Accepted, AccessKeyFacts, AccessKeyId, AccessKeyQuestion, Lookup, MfaCode, PageRequest, Safe,
    StreamPosition, TableFacts, TableRef,
};
use crate::engine::Question;
use crate::tui::{PlaceId, RequestId};

/// A question to a source.
pub enum Ask {
    /// What the engine wants to know.
    Audit(Question),
    /// Sign in again; with a code of each MFA device that is needed.
    Renew(Vec<MfaCode>),
    /// A page of items to show.
    Page(PageRequest, Box<TableFacts>),
    /// What would reading the table's stream mean?
    Stream(TableRef, Box<TableFacts>),
    /// Records of the stream, from now on or from where the last round ended.
    Tail(TableRef, Option<StreamPosition>, Box<TableFacts>),
    /// One fact about an access key; with what is known, for the question that builds on another.
    AccessKey(AccessKeyId, AccessKeyQuestion, Box<AccessKeyFacts>),
    /// A page of CloudTrail's event history.
    LookUp(Lookup),
}

/// Text for the clipboard or a file. Only text that was made to be shown can get in.
#[derive(Debug, Clone, PartialEq)]
pub struct Copy {
    /// What it is, for the message afterwards: "the fix", "the ARN".
    pub what: String,
    /// The text.
    pub text: Safe,
}

/// A change to the file of what was accepted.
#[derive(Debug, Clone, PartialEq)]
pub enum Handling {
    /// These findings do not count.
    Accept(Vec<Accepted>),
    /// These count again.
    TakeBack(Vec<Accepted>),
}

/// Something to do outside.
pub enum Effect {
    /// Ask a source, and send the answer with this id.
    Ask(PlaceId, RequestId, Ask),
    /// A person asks again: what a source keeps of answers and of silence is let go.
    AskAnew(PlaceId),
    /// Stop a request; its answer is not wanted.
    Cancel(RequestId),
    /// Send [`Msg::Wake`](crate::tui::Msg::Wake) at this time.
    WakeAt(Timestamp),
    /// Put text into the clipboard, and say how that went.
    Copy(Copy),
    /// Write text to a new file of this name that only its owner can read, and say how that went.
    Save(String, Copy),
    /// Change the file of what was accepted in the working folder; [`Msg::Handled`](crate::tui::Msg::Handled) says how
    /// that went.
    Handle(Handling),
    /// Ask the terminal for the colour of its background; it may answer with
    /// [`Msg::Background`](crate::tui::Msg::Background), or not at all.
    AskBackground,
    /// Have the terminal report the mouse, or not.
    Mouse(bool),
    /// Give the terminal back and stop until the shell continues us.
    Suspend,
    /// Leave.
    Quit,
}
