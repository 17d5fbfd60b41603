//! Decisions, one a line, each with the page of AWS it rests on; and what must hold in every world.
//!
//! `cases.md` of `assets/access` counts them for docs/access.md. With `DYNAUDIT_WRITE_DOCS` it is written anew.

mod abroad;
mod actions;
mod arns;
mod boundaries;
mod context;
mod dynamodb_keys;
mod endpoints;
mod evaluation;
mod exclusive;
mod grants;
mod keys;
mod language;
mod malformed;
mod not_elements;
mod operators;
mod organization;
mod principals;
mod resource_control;
mod resource_policies;
mod sessions;
mod sets;
mod tags;
mod tally;
mod trust;
mod unread;
mod variables;
mod world;
mod worlds;

use std::collections::BTreeMap;
use std::fmt::Write;

/// Each class with the words for it: a test of its cases, and a row of the count.
macro_rules! classes {
    ($($class:ident: $words:literal,)*) => {
        $(
            #[test]
            fn $class() {
                let wrong = tally::tallied($class::cases).wrong;
                assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
            }
        )*

        const CLASSES: &[(&str, fn())] = &[$(($words, $class::cases)),*];
    };
}

classes! {
    evaluation: "the order of evaluation",
    actions: "actions",
    arns: "ARNs",
    not_elements: "NotAction, NotResource, NotPrincipal",
    operators: "condition operators",
    sets: "keys with several values",
    context: "global condition keys",
    variables: "policy variables, versions",
    exclusive: "conditions that exclude each other",
    principals: "principals",
    resource_policies: "policies of tables and streams",
    boundaries: "permissions boundaries",
    sessions: "sessions",
    abroad: "other accounts",
    trust: "trust policies",
    tags: "tags",
    dynamodb_keys: "condition keys of DynamoDB",
    keys: "KMS keys",
    grants: "grants of KMS keys",
    organization: "service control policies",
    resource_control: "resource control policies",
    endpoints: "VPC endpoints",
    malformed: "malformed documents",
    unread: "what was not read",
}

/// How many cases there are, by class and page; none counts twice.
fn counted() -> String {
    let mut out = String::from("| class | decisions | page |\n|---|---|---|\n");
    let mut all = 0;
    let mut seen = BTreeMap::new();
    let mut twice = Vec::new();
    for (words, cases) in CLASSES {
        let tally = tally::tallied(*cases);
        all += tally.cases.len();
        for (page, count) in tally.pages() {
            let _ = writeln!(out, "| {words} | {count} | {page} |");
        }
        for (asked, at, _) in tally.cases {
            if let Some(before) = seen.insert(asked.clone(), at.clone()) {
                twice.push(format!("{at} and {before}: {asked}"));
            }
        }
    }
    assert!(twice.is_empty(), "{}", twice.join("\n"));
    let _ = writeln!(out, "| in all | {all} | |");
    out
}

#[test]
fn the_page_counts_every_decision() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/access/cases.md");
    let counted = counted();
    if std::env::var_os("DYNAUDIT_WRITE_DOCS").is_some() {
        std::fs::write(file, &counted).expect("written");
    }
    let written = std::fs::read_to_string(file).unwrap_or_default();
    assert_eq!(written, counted, "DYNAUDIT_WRITE_DOCS=1 writes it");
}
