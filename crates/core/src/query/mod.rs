//! One expression in, a read of items out: parsed, planned, compiled. Pure.
//!
//! `tenant_id = "acme" and begins_with(sk, "S#") and total > 100` says what is wanted. The planner says by
//! which operation it is read, why, and what that costs at the most.
//!
//! | file | what |
//! |---|---|
//! | `typed` | the text as it was typed, screened: the only thing that is parsed |
//! | `words` | operators, functions and keywords, as data |
//! | `expression` | the tree: conditions, document paths, literals |
//! | `lexer` `parse` `number` | text to tree; errors with their place and what was expected |
//! | `print` | tree to text, with the literals or as a [`Shape`] that may be written to disk |
//! | `compile` | conditions to the service's expression strings, every name and value an alias |
//! | `plan` `estimate` | GetItem, Query on the table, Query on an index or Scan: which, why, at what cost |
//! | `complete` | what may come at the cursor |
//!
//! Literals may be secrets: no type that holds one has Debug, Display or Serialize.

mod compile;
mod complete;
mod estimate;
mod expression;
mod lexer;
mod number;
mod parse;
mod plan;
mod print;
#[cfg(test)]
mod tests;
mod typed;
mod words;

pub use complete::{Choice, Completion, complete};
pub use estimate::Estimate;
pub use expression::{Condition, Expression, Literal, Member, Operand, Path, Span, Value};
pub use parse::{Error, Expected, parse};
pub use plan::{Operation, Plan, Way, plan};
pub use print::{Shape, print};
pub use typed::Typed;
pub use words::{Comparator, FUNCTIONS, Function, Role};
