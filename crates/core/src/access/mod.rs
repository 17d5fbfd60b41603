//! What a policy document says, for any service of AWS: the document as it is written, and changes to it.
//!
//! Nothing here knows DynamoDB. Who can read a table is asked of what stands here, by the rooms above.

mod document;
mod edit;

pub use document::{Document, MAX_BYTES, Member, Node, Unreadable, Value};
pub use edit::Refused;
