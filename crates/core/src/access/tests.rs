//! Decisions, one a line, each with the page of AWS it rests on; and what must hold in every world.

mod decisions;
mod world;
mod worlds;
