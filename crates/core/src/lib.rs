//! What dynaudit knows, without what it runs on: no AWS SDK, no terminal, no file, no task, no clock.
//!
//! The floors, lowest first. A module imports from floors below it, never from above.
//!
//! | floor | modules | what lives there |
//! |---|---|---|
//! | 0 | [`access`] | policy documents: as they are written, what they say, and what they come to |
//! | 1 | [`domain`] | nouns: tables, items, paths, facts, findings, costs, permissions |
//! | 2 | [`detect`] [`posture`] [`query`] [`readers`] [`remedy`] [`scan`] | engines: what a secret is, what a table's state means, what an expression asks for, who can read, what a fix looks like, what to read next |
//! | 3 | [`audit`] [`dynamodb_json`] | events folded into findings; items read where they lie |
//! | 4 | [`engine`] | what drives an audit: what to ask next, how an answer is folded in, when it is done |
//! | 5 | [`report`] | an audit, printed |
//!
//! Time is an argument. `assets/` here is a link to the one at the top of the repository.

pub mod access;

pub mod domain;

pub mod detect;
pub mod posture;
pub mod query;
pub mod readers;
pub mod remedy;
pub mod scan;

pub mod audit;
pub mod dynamodb_json;

pub mod engine;

pub mod report;
