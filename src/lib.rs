//! dynaudit audits Amazon DynamoDB from a terminal, read-only.
//!
//! # Layout
//!
//! The floors, lowest first. A module imports from floors below it, never from above
//! (`tests/it/house.rs` holds that).
//!
//! | floor | modules | what lives there |
//! |---|---|---|
//! | 0 | [`access`] | policy documents: as they are written, what they say, and what they come to |
//! | 1 | [`domain`] | nouns: tables, items, paths, facts, findings, costs, permissions |
//! | 2 | [`detect`] [`posture`] [`query`] [`readers`] [`remedy`] [`scan`] | pure engines: what a secret is, what a table's state means, what an expression asks for, who can read, what a fix looks like, what to read next |
//! | 3 | [`audit`] [`dynamodb_json`] | events folded into findings; items read where they lie |
//! | 4 | [`engine`] | what drives an audit: what to ask next, how an answer is folded in, when it is done |
//! | 5 | [`report`] | an audit, printed |
//! | 6 | [`tui`] [`source`] | the interface as a state machine; the port to a live account |
//! | 7 | [`shell`] `demo` | the event loop, tasks, terminal, files, clipboard, clock; the embedded account |
//! | 8 | [`cli`] | arguments in, exit code out |
//!
//! Floors 0 to 5 are the package `dynaudit-core`, in `crates/core`: what it does not depend on, they cannot name. They
//! and [`tui`] do no I/O and take the time as an argument.

pub use dynaudit_core::{
    access, audit, detect, domain, dynamodb_json, engine, posture, query, readers, remedy, report, scan,
};

pub mod source;
pub mod tui;

#[cfg(feature = "demo")]
pub mod demo;
pub mod shell;

pub mod cli;
