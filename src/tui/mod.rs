//! The interface as a state machine: `update(&mut Model, now, Msg) -> Vec<Effect>` and `view(&Model, ...)`.
//!
//! Pure: no I/O, no clock, no task, no terminal call. The shell performs effects and sends what comes of
//! them back as messages; `tests` play whole sessions by key strings.

mod action;
pub mod columns;
pub mod config;
mod effect;
mod fuzzy;
mod key;
mod keymap;
mod layout;
mod model;
mod msg;
pub mod plain;
mod queries;
mod remembered;
pub mod screens;
mod text;
mod theme;
mod update;
mod view;
mod widgets;

#[cfg(test)]
mod tests;

pub use crate::engine::{AskId as RequestId, Listing, Place, PlaceId};
pub use action::Action;
pub use effect::{Ask, Copy, Effect, Handling};
pub use key::{Code, Key};
pub use keymap::{Binding, CONTEXTS, Context, KEYMAP, Keymap};
pub use model::{Login, Model, Notes, Options, Shared};
pub use msg::{Answer, Msg};
pub use queries::{Asked, Queries};
pub use remembered::{LONGEST as REMEMBERED_LONGEST, Open, Remembered};
pub use theme::{Colours, SCHEMES, Scheme, Theme};
pub use update::update;
pub use view::view;
