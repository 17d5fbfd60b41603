//! Whole sessions by key strings, without a terminal, a network or a clock; and pictures of every screen.

mod accepted;
mod access_key;
mod browse;
mod count;
mod history;
mod keys;
mod large;
mod opened;
mod overview;
mod pictures;
mod play;
mod protected;
mod queries;
mod queue;
mod sessions;
mod typed;
mod world;
