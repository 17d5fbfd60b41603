//! docs/remedies.md: which fixes there are, in which languages, for what, and how they are proven.

use std::fmt::Write;

use super::secrets::FITS;
use super::{Flavour, Stands, TOPICS, topic_for};
use crate::posture::{CHECKS, Fixed};

/// How many cases of meaning there are, by what they are about; tests hold the numbers.
pub(super) const CASES: &[(&str, usize)] = &[
    ("the way out of each class of secret, in each language", 66),
    ("what becomes of a statement of a policy", 48),
    ("how a policy is put", 23),
    ("what a check asks for", 18),
    ("facts that are used, placeholders, order, account and endpoint", 57),
    ("the application, roles, guardrails and rules beside a fix", 22),
    ("a password hash, by its scheme", 6),
    ("settings of a table in CloudFormation", 3),
    ("several items, what is made once, streams, rules and time to live of items that are there", 31),
    ("what people who pasted fixes ran into", 73),
];

/// The page.
pub fn page() -> String {
    let mut out = String::from(
        "# Fixes\n\nMade by `dynaudit generate docs`. A fix is copied by a person, never run by the program. It holds \
         names, ARNs, settings, policies and keys of items, never a secret's value or fingerprint. What deletes, \
         re-encrypts or replaces stands behind a guard, and nothing is made or changed in another account than that of \
         the finding.\n\n## Topics\n\n| topic | what it does |",
    );
    for flavour in Flavour::ALL {
        let _ = write!(out, " {} |", flavour.title());
    }
    out.push_str("\n|---|---|");
    out.push_str(&"---|".repeat(Flavour::ALL.len()));
    out.push('\n');
    for topic in TOPICS {
        let _ = write!(out, "| {} | {} |", topic.id, topic.title);
        for flavour in Flavour::ALL {
            out.push_str(if topic.has(*flavour) { " yes |" } else { " |" });
        }
        out.push('\n');
    }
    let fixes: usize = TOPICS.iter().map(|t| t.flavours().len()).sum();
    let _ = writeln!(out, "\n{} topics, {fixes} of topic and language.", TOPICS.len());
    out.push_str("\n## Secrets, by class and by where they stand\n\n| class |");
    let places =
        ["key", "key of an index", "session store", "one in each item", "alone", "inside", "in a session"];
    for place in places {
        let _ = write!(out, " {place} |");
    }
    out.push_str("\n|---|");
    out.push_str(&"---|".repeat(places.len()));
    out.push('\n');
    for fit in FITS.iter().filter(|f| topic_for(f.class, Stands::Alone).is_some()) {
        let _ = write!(out, "| {} |", fit.class.word());
        for stands in Stands::ALL {
            let _ = write!(out, " {} |", topic_for(fit.class, *stands).unwrap_or_default());
        }
        out.push('\n');
    }
    out.push_str("\n## Checks\n\n| check | topic |\n|---|---|\n");
    for check in CHECKS {
        if let Fixed::By(topic) = check.topic {
            let _ = writeln!(out, "| {} | {topic} |", check.id);
        }
    }
    out.push_str("\n## Without a fix, and why\n\n| finding | why |\n|---|---|\n");
    for fit in FITS {
        if let Some(why) = super::without_topic(fit.class) {
            let _ = writeln!(out, "| secrets of the class {} | {why} |", fit.class.word());
        }
    }
    for check in CHECKS {
        if let Fixed::Not(why) = check.topic {
            let _ = writeln!(out, "| {} | {why} |", check.id);
        }
    }
    let _ = writeln!(out, "| env-bleed | {} |", crate::posture::without_fix("env-bleed").unwrap_or_default());
    out.push_str("\n## Proof\n\nIn process, a case is a finding and facts, what its fix says, in which order, and what it never says.\n\n| cases | of |\n|---|---|\n");
    for (of, cases) in CASES {
        let _ = writeln!(out, "| {cases} | {of} |");
    }
    let all: usize = CASES.iter().map(|(_, n)| n).sum();
    let _ = writeln!(out, "| {all} | in all |");
    out.push_str(
        "\nThe tools that people would give a fix to take each, for the table of which most is known and for one whose names are \
         hostile. `checkov` is asked before and after, where it has a check of that name; `paste` types each shell script \
         into interactive shells; `cli` is the AWS CLI 2 against a recorder that checks what it sends.\n\n",
    );
    out.push_str(include_str!("../../assets/remedies/proof.md"));
    out.push_str(
        "\n`tests/tools/meaning.py` runs fixes against moto: with reads denied, as they are pasted, with the guards taken \
         away, and once more. `tests/it/remedies.rs` renders every topic in every language for ordinary and for hostile \
         names: a shell runs the AWS CLI snippets, and their command lines and the requests of boto3 are checked \
         against AWS's own models; Python and HCL are parsed, and `terraform fmt` reads every file.\n",
    );
    out
}
