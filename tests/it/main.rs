//! All integration tests, one binary.

mod fake;
mod read_only;
mod source_contract;
