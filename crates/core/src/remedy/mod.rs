//! What a fix looks like: snippets from `assets/remedies/<topic>/`, filled for one finding.
//!
//! A snippet is copied by a person, never run by the program. Only names, ARNs and settings can be put in:
//! there is no slot for a value of an item.

mod catalog;
mod fill;
mod flavour;
mod secrets;
mod slots;

use crate::domain::{FactKind, Finding, TableFacts};

pub use catalog::{TOPICS, Topic, topic, topic_of};
pub use flavour::{Flavour, sh};
pub use secrets::{Stands, fit_of, topic_for};

/// A filled template. Holds no secret's value: only names, ARNs and settings go in, each quoted.
#[derive(Debug, Clone, PartialEq)]
pub struct Snippet {
    /// The text, several lines of printable ASCII.
    pub text: String,
    /// A name to save it under.
    pub file_name: String,
}

/// Why there is no snippet.
#[derive(Debug, Clone, PartialEq)]
pub enum Needs {
    /// A fact has to be known first.
    Fact(FactKind),
    /// There is no such topic, no template of it in this flavour, or nothing in this table that it could name.
    NoTemplate,
}

/// The fix of a finding in one flavour.
///
/// # Errors
/// [`Needs`]: a fact that the template names is not known, or there is no such template.
pub fn render(finding: &Finding, flavour: Flavour, facts: &TableFacts) -> Result<Snippet, Needs> {
    let topic = topic_of(finding, facts).ok_or(Needs::NoTemplate)?;
    let template = topic.template(flavour).ok_or(Needs::NoTemplate)?;
    let text = flavour.head().to_owned() + &fill::fill(template, flavour, &slots::Ask { finding, facts })?;
    Ok(Snippet { text, file_name: format!("{}.{}", topic.id, flavour.extension()) })
}

#[cfg(test)]
mod tests;
