//! DynamoDB JSON, read where it lies: the way from the bytes of a page or a line to the detector, without building items.
//!
//! ```text
//! {"Items":[{"id":{"S":"a"},"tags":{"SS":["x"]}}],"Count":1}
//!            └─────────────── one View ────────┘
//!   Name id · S a · Name tags · Open SS · S x · Close
//! ```
//!
//! A [`Page`] is the text and one list of events that point into it. A [`View`] is the events of one item; the
//! detector walks it as it walks an [`Item`](crate::domain::Item). Only escapes and base64 are undone into a buffer beside
//! the text. An item is built of the events where something was seen in it.
//!
//! The typed reader of the AWS SDK takes five times as long, for values that nobody looks at again. That both see the same is
//! held by tests: against `serde_json` here, and against the SDK where pages are fetched.

mod page;
mod reader;
mod tape;
#[cfg(test)]
mod tests;

pub use page::{Answer, Page};
pub use reader::{Fault, Order, typed_item};
pub use tape::{Tape, View};
