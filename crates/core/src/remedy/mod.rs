//! What a fix looks like: snippets from `assets/remedies/<topic>/`, filled for one finding.
//!
//! A snippet is copied by a person, never run by the program. Only names, ARNs, settings, policies and the keys of items
//! can be put in: there is no slot for a value of an item.

mod cache;
mod catalog;
mod cloudformation;
mod copies;
mod diff;
mod events;
mod fill;
mod flavour;
mod guardrails;
mod index;
mod keys;
mod page;
mod parts;
mod policy;
mod role;
mod runbook;
mod scaling;
mod secret_name;
mod secrets;
mod setting;
mod slots;
mod states;
mod table_key;
mod terraform;
mod trust;

use crate::domain::{FactKind, Finding, Origin, TableFacts};

pub use catalog::{TOPICS, Topic, beside, stands_beside, topic, topic_of, topics_of};
pub use diff::{DiffLine, diff};
pub use flavour::{Flavour, sh};
pub use page::page;
pub use runbook::runbook;
pub use secrets::{FITS, Stands, fit_of, topic_for, without_topic};

/// A filled template. Holds no secret's value: only names, ARNs and settings go in, each quoted.
#[derive(Debug, Clone, PartialEq)]
pub struct Snippet {
    /// The text, several lines of printable ASCII.
    pub text: String,
    /// A name to save it under.
    pub file_name: String,
    /// What only a person knows and has to put in, in the order of the text.
    pub placeholders: Vec<String>,
}

/// One topic in one language, filled.
#[derive(Debug, Clone, PartialEq)]
pub struct Fix {
    /// The id of the topic.
    pub topic: &'static str,
    /// What the fix does, in a few words.
    pub title: &'static str,
    /// The language.
    pub flavour: Flavour,
    /// The text, several lines of printable ASCII.
    pub text: String,
    /// A name to save it under.
    pub file_name: String,
    /// What only a person knows and has to put in, in the order of the text.
    pub placeholders: Vec<String>,
}

/// What differs from person to person.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// Keys of items are not put in, as where all is masked on the screen.
    pub mask_keys: bool,
    /// The profile of AWS that the findings were read with, if one was named.
    pub profile: Option<String>,
    /// Topics of other findings of the same policy, for which its document is changed as well.
    pub also: Vec<&'static str>,
    /// The language of a hand-over, where one is asked for.
    pub flavour: Option<Flavour>,
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
    render_topic(topic, finding, flavour, facts, &Options::default())
}

/// Every fix of a finding: its own topic first, then those that go with it, each in every language that it has and for
/// which enough is known.
pub fn fixes(finding: &Finding, facts: &TableFacts) -> Vec<Fix> {
    fixes_with(finding, facts, &Options::default())
}

/// The same, as one person wants it.
pub fn fixes_with(finding: &Finding, facts: &TableFacts, options: &Options) -> Vec<Fix> {
    let mut all = Vec::new();
    for topic in topics_of(finding, facts) {
        for flavour in Flavour::ALL {
            if let Ok(snippet) = render_topic(topic, finding, *flavour, facts, options) {
                let Snippet { text, file_name, placeholders } = snippet;
                all.push(Fix {
                    topic: topic.id,
                    title: topic.title,
                    flavour: *flavour,
                    text,
                    file_name,
                    placeholders,
                });
            }
        }
    }
    all
}

/// Why a finding has no fix in any language, in words that go on from "there is no snippet: "; `None` where it has one.
pub fn why_none(finding: &Finding, facts: &TableFacts) -> Option<String> {
    let reason = match &finding.origin {
        Origin::Secret(flagged) if finding.topic.is_none() => {
            Some(secrets::fit_of(flagged.class).first.trim_end_matches('.'))
        }
        Origin::Secret(_) => None,
        Origin::Posture(check) => crate::posture::without_fix(check),
    };
    if let Some(reason) = reason {
        return Some(reason.to_owned());
    }
    match render(finding, Flavour::AwsCli, facts) {
        Ok(_) => None,
        _ if !fixes(finding, facts).is_empty() => None,
        Err(Needs::Fact(kind)) => {
            let gap = facts.gap(kind).map(ToString::to_string).unwrap_or_default();
            Some(format!("it needs a fact that is not known, {} ({gap}; {})", kind.word(), kind.action()))
        }
        Err(Needs::NoTemplate) => Some("there is nothing in this table that it could name".to_owned()),
    }
}

/// What comes first for a finding about a secret, in a sentence: the same that its fixes begin with.
pub fn first_of(finding: &Finding, facts: &TableFacts) -> &'static str {
    slots::first_step(&slots::Ask { finding, facts, options: &Options::default() })
}

/// One topic in one flavour.
///
/// # Errors
/// [`Needs`]: a fact that the template names is not known, or there is no such template.
pub fn render_topic(
    topic: &Topic,
    finding: &Finding,
    flavour: Flavour,
    facts: &TableFacts,
    options: &Options,
) -> Result<Snippet, Needs> {
    let template = topic.template(flavour).ok_or(Needs::NoTemplate)?;
    let ask = slots::Ask { finding, facts, options };
    if flavour == Flavour::Terraform && topic.id == "aws-access-key" && states::is_half(&ask) {
        // All of it is done for the pair, by the fix of the key's id.
        return Err(Needs::NoTemplate);
    }
    let whole = fill::whole(template, flavour, states::class(&ask).word());
    let whole = flavour.guarded(&whole);
    let whole = match flavour {
        Flavour::Terraform => terraform::distinct(&whole, &slots::suffix(&ask, topic.id)),
        _ => whole,
    };
    // Braces in it would be slots.
    let plain = |text: &&str| !text.contains(['{', '}']);
    let endpoint = finding.table.scope.endpoint.as_deref().filter(plain);
    let whole = flavour.through(&whole, endpoint, options.profile.as_deref().filter(plain));
    let text = fill::fill(&whole, flavour, &ask)?;
    // CloudFormation would put a secret or a parameter of the account in the place of it (User Guide, "Dynamic references").
    if flavour == Flavour::CloudFormation && text.contains("{{resolve:") {
        return Err(Needs::NoTemplate);
    }
    let placeholders = placeholders(&text);
    let text = flavour.head().to_owned() + &listed(&text, flavour, &placeholders);
    Ok(Snippet { text, file_name: format!("{}.{}", topic.id, flavour.extension()), placeholders })
}

/// The words that stand for what a person has to put in, each once.
fn placeholders(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find("PUT-") {
        let tail = &rest[at..];
        let end = tail
            .find(|c: char| {
                !(c.is_ascii_uppercase() || c.is_ascii_digit() || c == '-' || c.is_ascii_lowercase())
            })
            .unwrap_or(tail.len());
        let word = &tail[..end];
        if word.ends_with("-HERE") && !found.iter().any(|f| f == word) {
            found.push(word.to_owned());
        }
        rest = &tail["PUT-".len()..];
    }
    found
}

/// The text with its placeholders listed before it says what changes, where no sentence goes on.
fn listed(text: &str, flavour: Flavour, placeholders: &[String]) -> String {
    if placeholders.is_empty() || flavour == Flavour::Policy {
        return text.to_owned();
    }
    let at = text.find("# Changes:").unwrap_or_else(|| text.find('\n').map_or(0, |at| at + 1));
    let (above, below) = text.split_at(at);
    format!("{above}# To be put in first, by you: {}\n{below}", placeholders.join(", "))
}

#[cfg(test)]
mod tests;
