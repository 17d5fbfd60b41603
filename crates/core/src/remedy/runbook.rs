//! One hand-over for one finding or several: what to do in which order, whom to ask, which copies to purge and by when,
//! how to see that it worked, and how to undo it. Markdown.

use std::fmt::Write;

use super::slots::{self, Ask};
use super::states::{Exposure, exposure};
use super::{Fix, Options, copies, fixes_with};
use crate::domain::{Finding, Origin, Safe, TableFacts};

/// The hand-over for findings, each with what is known of its table.
pub fn runbook<'a>(
    findings: impl IntoIterator<Item = (&'a Finding, &'a TableFacts)>,
    options: &Options,
) -> String {
    let mut all: Vec<(&Finding, &TableFacts)> = findings.into_iter().collect();
    // What others can read comes first, then the worst.
    all.sort_by_key(|(finding, facts)| {
        let open = exposure(&Ask { finding, facts, options }) == Exposure::Open;
        (!open, std::cmp::Reverse(finding.severity), finding.id.clone())
    });
    let mut out = String::from("# Hand-over: what was found, and how it is fixed\n");
    if all.len() > 1 {
        out.push_str("\n| | severity | where | what |\n|---|---|---|---|\n");
        for (n, (finding, _)) in all.iter().enumerate() {
            let _ = writeln!(
                out,
                "| {} | {} | {} | {} |",
                n + 1,
                finding.how_bad(),
                plain(&finding.place()),
                plain(&finding.title)
            );
        }
    }
    for (n, (finding, facts)) in all.iter().enumerate() {
        out.push('\n');
        one(n + 1, &Ask { finding, facts, options }, &mut out);
    }
    out
}

fn one(n: usize, ask: &Ask<'_>, out: &mut String) {
    let finding = ask.finding;
    let scope = &finding.table.scope;
    let _ = writeln!(out, "## {n}. {}\n", plain(&finding.title));
    let _ = writeln!(
        out,
        "- Table: {} ({}, {})",
        plain(&finding.table.name),
        plain(&scope.account),
        plain(&scope.region)
    );
    let _ = writeln!(out, "- Severity: {}", finding.how_bad());
    let _ = writeln!(out, "- Why: {}", plain(&finding.why));
    // A fingerprint is of the value: it goes into no text that is handed on.
    for line in finding.told(ask.options.mask_keys).iter().filter(|e| e.field("fingerprint").is_none()) {
        let _ = writeln!(out, "- Seen: {}", plain(&line.sentence()));
    }
    let _ = writeln!(out, "- Who can read it: {}", plain(slots::exposure_note(ask)));
    if let Some(page) = slots::rotation_page(finding) {
        let _ = writeln!(out, "- Issuer: {page}");
    }
    let _ = writeln!(out, "\n### Ask\n");
    for owner in owners(ask) {
        let _ = writeln!(out, "- [ ] {}", plain(&owner));
    }
    let fixes = fixes_with(finding, ask.facts, ask.options);
    let Some(first) = fixes.first() else {
        let _ = writeln!(out, "\n### Steps\n\nThere is no snippet: {}.", plain(without(ask)));
        return;
    };
    let _ = writeln!(out, "\n### Steps\n\n{}.\n", capital(first.title));
    for step in steps(first) {
        let _ = writeln!(out, "- [ ] {}", plain(&step));
    }
    if !first.placeholders.is_empty() {
        let _ = writeln!(out, "\nTo be put in: {}.", first.placeholders.join(", "));
    }
    if matches!(finding.origin, Origin::Secret(_)) {
        let _ = writeln!(out, "\n### Copies to purge\n");
        for line in copies::lines(ask) {
            let _ = writeln!(out, "- [ ] {}", plain(&line));
        }
    }
    for (title, label) in
        [("Verify", "# Verify:"), ("Undo", "# Undo:"), ("Can break", "# Can break:"), ("Costs", "# Costs:")]
    {
        if let Some(text) = said(&first.text, label) {
            let _ = writeln!(out, "\n### {title}\n\n{}", plain(&capital(&text)));
        }
    }
    for fix in &fixes {
        let fence = "`".repeat(longest_run(&fix.text, '`').max(2) + 1);
        let _ = writeln!(
            out,
            "\n<details><summary>{}: {}</summary>\n\n{fence}{}\n{}{fence}\n\n</details>",
            fix.flavour.title(),
            plain(fix.title),
            fix.flavour.extension(),
            if fix.text.ends_with('\n') { fix.text.clone() } else { fix.text.clone() + "\n" },
        );
    }
}

/// Who has to be asked before anything is changed.
fn owners(ask: &Ask<'_>) -> Vec<String> {
    let mut all = Vec::new();
    let tags = ask.facts.tags.known().map_or(&[][..], Vec::as_slice);
    let owner = tags.iter().find(|(k, v)| {
        ["owner", "team", "contact", "service"].contains(&k.to_ascii_lowercase().as_str())
            && !v.trim().is_empty()
    });
    all.push(match owner {
        Some((k, v)) => format!("The owner of the table: its tag {k} says {v}"),
        None => "The owner of the table: no tag names one".into(),
    });
    if let Some(readers) = ask.facts.stream_consumers.known() {
        all.extend(
            readers
                .iter()
                .filter(|r| r.reads())
                .map(|r| format!("Who owns {}, which reads the stream", r.function)),
        );
    }
    if let Some(pipes) = ask.facts.pipes.known() {
        all.extend(
            pipes
                .iter()
                .filter(|p| p.reads())
                .map(|p| format!("Who owns the pipe {}, which reads the stream", p.name)),
        );
    }
    if matches!(ask.finding.origin, Origin::Secret(_)) {
        all.push("Who uses the secret, before the old one ends".into());
    }
    if exposure(ask) == Exposure::Open {
        all.push("Who handles incidents: others can read it".into());
    }
    all
}

/// The steps of a snippet: its comments that begin with a number, and each that stands on its own.
fn steps(fix: &Fix) -> Vec<String> {
    let mut steps = Vec::new();
    let mut open = false;
    for line in fix.text.lines() {
        let text = line.strip_prefix("# ").unwrap_or_default();
        let numbered = text
            .split_once(". ")
            .is_some_and(|(n, _)| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()));
        let is_label = ["Verify:", "Copies "].iter().any(|label| text.starts_with(label));
        match (numbered, open && line.starts_with("# ") && !is_label) {
            (true, _) => {
                steps.push(text.split_once(". ").map_or(text, |(_, rest)| rest).to_owned());
                open = true;
            }
            (false, true) => {
                if let Some(last) = steps.last_mut() {
                    last.push(' ');
                    last.push_str(text);
                }
            }
            _ => open = false,
        }
    }
    if steps.is_empty() {
        steps.extend(said(&fix.text, "# Changes:"));
    }
    steps
}

/// What a snippet says behind a label, with the lines that go on.
fn said(text: &str, label: &str) -> Option<String> {
    let mut lines = text.lines().skip_while(|l| !l.starts_with(label));
    let first = lines.next()?.strip_prefix(label)?.trim().to_owned();
    let more = lines
        .take_while(|l| l.starts_with("# ") && l.split_once(':').is_none_or(|(head, _)| head.len() >= 16))
        .map(|l| l.trim_start_matches("# "));
    let whole: Vec<&str> = std::iter::once(first.as_str()).chain(more).filter(|l| !l.is_empty()).collect();
    Some(whole.join(" ")).filter(|s| !s.is_empty())
}

fn without<'a>(ask: &Ask<'a>) -> &'a str {
    match &ask.finding.origin {
        Origin::Secret(flagged) => super::fit_of(flagged.class).first.trim_end_matches('.'),
        Origin::Posture(check) => crate::posture::without_fix(check).unwrap_or("what it needs is not known"),
    }
}

/// Text in a line of Markdown: nothing in it makes a heading, a link, a table or a tag.
fn plain(text: &str) -> String {
    let text = Safe::neutral(text);
    let mut out = String::with_capacity(text.as_str().len());
    for c in text.as_str().chars() {
        match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '#' => out.extend(['\\', c]),
            '\n' | '\r' => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

fn longest_run(text: &str, of: char) -> usize {
    let (mut longest, mut run) = (0, 0);
    for c in text.chars() {
        run = if c == of { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    longest
}
