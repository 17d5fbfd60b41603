//! One test binary for everything that is tested from outside.

mod remedies;
