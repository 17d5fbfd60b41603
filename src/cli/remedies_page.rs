//! docs/remedies.md: every topic with its languages, what is fixed by which, and what has no fix and why.

use super::pages::{cell, page, table};
use crate::domain::SecretClass;
use crate::posture::{CHECKS, Fixed};
use crate::remedy::{Flavour, Stands, TOPICS, fit_of, topic_for, without_topic};

/// The page.
pub fn remedies_page() -> String {
    let body = format!(
        "What `y` copies in the interface, `dynaudit fix` prints and `scan --with-fixes` reports. A fix is copied by a person, \
         never run by the program. It holds names, ARNs, settings, policies and keys of items; there is no way to put a \
         value of an item into it.\n\n\
         ## Topics\n\n{} topics.\n\n{}\n\
         ## Secrets, by what they are and where they stand\n\n{}\n{}\n\
         ## Checks\n\n{}\n{}\n{HELD}",
        TOPICS.len(),
        topics(),
        classes(),
        first_steps(),
        fixed(),
        not_fixed(),
    );
    page("Fixes", &body)
}

const HELD: &str = "## What holds them

- Form: every topic in every language is filled for tables of different shape and for one of hostile names, with each fact
  missing in turn. Shells, Python, HCL, YAML and JSON read back the very names, and AWS's own models of requests accept what
  is sent (`tests/it/remedies.rs`).
- Meaning: what each fix must and must not hold, and in which order, for which finding
  (`crates/core/src/remedy/tests/meaning.rs`); and fixes that are pasted against moto, with reads denied, run again, and looked
  at afterwards (`tests/it/fixes.rs`).
- None has been run on a real AWS account yet.
";

fn topics() -> String {
    let heads: Vec<&str> =
        ["topic", "what it does"].into_iter().chain(Flavour::ALL.iter().map(|f| f.title())).collect();
    let rows = TOPICS.iter().map(|topic| {
        let marks = Flavour::ALL.iter().map(|f| if topic.has(*f) { "yes".into() } else { String::new() });
        [format!("`{}`", topic.id), cell(topic.title)].into_iter().chain(marks).collect()
    });
    table(&heads, rows)
}

fn classes() -> String {
    let heads: Vec<&str> =
        std::iter::once("class").chain(Stands::ALL.iter().map(|stands| stands.words())).collect();
    let rows = SecretClass::ALL.iter().map(|class| {
        let topic = |stands: &Stands| match topic_for(*class, *stands) {
            Some(topic) => format!("`{topic}`"),
            None => "none".into(),
        };
        std::iter::once(class.word().to_owned()).chain(Stands::ALL.iter().map(topic)).collect()
    });
    table(&heads, rows)
}

fn first_steps() -> String {
    let rows = SecretClass::ALL.iter().map(|class| {
        let why = without_topic(*class).unwrap_or_default();
        vec![class.word().to_owned(), cell(fit_of(*class).first), cell(why)]
    });
    table(&["class", "what comes first", "why there is no snippet, where there is none"], rows)
}

fn fixed() -> String {
    let rows = CHECKS.iter().filter_map(|check| match check.topic {
        Fixed::By(topic) => Some(vec![format!("`{}`", check.id), format!("`{topic}`")]),
        Fixed::Not(_) => None,
    });
    table(&["check", "topic"], rows)
}

fn not_fixed() -> String {
    let rows = CHECKS.iter().filter_map(|check| match check.topic {
        Fixed::Not(why) => Some(vec![format!("`{}`", check.id), cell(why)]),
        Fixed::By(_) => None,
    });
    table(&["check without a snippet", "why"], rows)
}
