//! The tests that look at the program from outside: one binary, one file an idea.

mod canary;
mod e2e;
mod house;
mod pty;
