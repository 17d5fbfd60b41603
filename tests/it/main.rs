//! The tests that look at the program from outside: one binary, one file an idea.
#![allow(clippy::unwrap_used, reason = "a test, and what helps it, stops at the first surprise")]

#[cfg(feature = "demo")]
mod access;
mod bad_input;
mod browse;
mod canary;
mod cli;
#[path = "../corpus/mod.rs"]
mod corpus;
mod detection;
mod docs;
mod e2e;
mod encryption;
mod exports;
mod fake;
#[cfg(feature = "demo")]
mod faults;
#[cfg(feature = "demo")]
mod feel;
mod fixes;
mod fleet;
mod forms;
mod house;
#[cfg(feature = "demo")]
mod json;
mod keys;
mod leaks;
mod moto;
mod needs;
mod partial;
mod performance;
#[cfg(feature = "demo")]
mod plain;
#[cfg(feature = "demo")]
mod posture;
mod pty;
mod query;
mod read_only;
mod remedies;
#[cfg(feature = "demo")]
mod reports;
mod resume;
#[cfg(feature = "demo")]
mod saved;
#[cfg(feature = "demo")]
mod scan_path;
mod source_contract;
#[cfg(feature = "demo")]
mod triage;
