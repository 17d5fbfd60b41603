//! Policy documents of any service of AWS: as they are written, what they say, and changes to them.
//!
//! Nothing here knows DynamoDB. Who can read a table is asked of what stands here, by the rooms above.

mod arn;
mod document;
mod edit;
pub mod glob;
mod policy;

pub use arn::Arn;
pub use document::{Document, MAX_BYTES, Member, Node, Unreadable, Value};
pub use edit::EditRefused;
pub use policy::{Effect, Policy, PrincipalKind, Principals, ResourcePolicy, Statement, Unread};
