//! One test binary for what is seen from outside.

mod cli;
mod docs;
