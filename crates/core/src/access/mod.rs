//! Policy documents of any service of AWS: as they are written, what they say, and changes to them.
//!
//! Nothing here knows DynamoDB. Who can read a table is asked of what stands here, by the rooms above.

mod account;
mod action;
mod arn;
mod caller;
mod context;
mod decide;
mod decision;
mod document;
mod edit;
pub mod glob;
mod operator;
mod organization;
mod policy;
mod request;
mod statement;
mod suppose;
mod text_pattern;
mod truth;

pub use account::{AccountDetails, Person, Told, decoded};
pub use arn::Arn;
pub use caller::Caller;
pub use context::{Context, Shape, Values};
pub use decide::{Around, Grant, Key, World, decide};
pub use decision::{Answer, Deciding, Decision, Gate, GateState, Requirement, Stop};
pub use document::{Document, MAX_BYTES, Member, Node, Unreadable, Value};
pub use edit::EditRefused;
pub use organization::Organization;
pub use policy::{Effect, Policy, PrincipalKind, Principals, ResourcePolicy, Statement, Unread};
pub use request::Question;
pub use statement::{Layer, Open, Source};
pub use truth::Truth;
