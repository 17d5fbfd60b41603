//! The tests that look at the program from outside: one binary, one file an idea.
#![allow(clippy::unwrap_used, reason = "a test, and what helps it, stops at the first surprise")]

mod bad_input;
mod canary;
mod cli;
mod docs;
mod e2e;
mod fake;
mod house;
mod leaks;
mod pty;
mod query;
mod read_only;
mod remedies;
mod source_contract;
