//! The one place with an event loop, tasks, a terminal, files, a clipboard and a clock. It decides nothing:
//! what happens is [`tui::update`](crate::tui::update)'s word.

mod accepted;
mod background;
mod clipboard;
pub mod core_dumps;
mod input;
mod perform;
mod plain;
mod run;
mod save;
mod terminal;

#[cfg(test)]
pub(crate) use perform::Requests;
pub use plain::run as run_plain;
pub use run::{Clock, Setup, run};
pub use terminal::install_panic_hook;
