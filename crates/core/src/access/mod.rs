//! Policy documents of any service of AWS: as they are written, what they say, and changes to them.
//!
//! [`decide`] answers one question, "may this principal do that to this", from all documents that bear on it. It is
//! pure and three-valued: what is not known is [`Truth::Unknown`], and what was not read never becomes a no. One
//! question goes through: [`Question`], made into a request that knows what follows from it (`request`); each
//! [`Source`] says what its statements come to (`statement`, by `operator`, `text_pattern` and `action`); `decide` puts
//! the layers together as AWS does, once more for the key of an encrypted table; where it stays open, `suppose` looks
//! whether the conditions leave a case at all; [`Decision`] tells the answer with its reasons.
//!
//! Of DynamoDB only the condition keys of its actions are known here. Who can read a table is asked by the room
//! `readers`.

mod account;
mod action;
mod answered;
mod arn;
mod caller;
mod context;
mod decide;
mod decision;
mod document;
mod edit;
pub mod glob;
mod lanes;
mod operator;
mod organization;
mod policy;
mod request;
mod statement;
mod suppose;
mod sweep;
mod text_pattern;
mod truth;
mod weigh;

pub use account::{AccountDetails, Papers, Person, Told, decoded};
pub use action::dynamodb_actions;
pub use arn::Arn;
pub use caller::Caller;
pub use context::{Context, Shape, Values};
pub use decide::{Around, Grant, Key, World, decide, denied};
pub use decision::{Answer, Deciding, Decision, Gate, GateState, Requirement, Stop};
pub use document::{Document, MAX_BYTES, Member, Node, Unreadable, Value};
pub use edit::EditRefused;
pub use lanes::Lanes;
pub use organization::Organization;
pub use policy::{Effect, Policy, PrincipalKind, Principals, ResourcePolicy, Statement, Unread};
pub use request::Question;
pub use statement::{Layer, Open, Source};
pub use sweep::{Lane, Sweep};
pub use truth::Truth;

#[cfg(test)]
mod tests;
