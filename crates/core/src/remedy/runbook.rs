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
    let _ = writeln!(out, "\n### Ask first\n");
    for owner in owners(ask) {
        let _ = writeln!(out, "- [ ] {}", plain(&owner));
    }
    let fixes = fixes_with(finding, ask.facts, ask.options);
    let Some(first) = fixes.first() else {
        let _ = writeln!(
            out,
            "\n### Steps\n\nThere is no snippet: {}.",
            plain(&super::why_none(finding, ask.facts).unwrap_or_default())
        );
        return;
    };
    let _ = writeln!(out, "\n### Steps\n\n{}.\n", capital(first.title));
    for (number, step) in steps(first) {
        let _ = writeln!(out, "{number}. [ ] {}", plain(&step));
    }
    if !first.placeholders.is_empty() {
        let _ = writeln!(out, "\nTo be put in: {}.", first.placeholders.join(", "));
    }
    if matches!(finding.origin, Origin::Secret(_)) {
        let _ = writeln!(out, "\n### Copies to purge, and until when they stay\n");
        for line in copies::lines(ask) {
            let _ = writeln!(out, "- [ ] {}", plain(&line));
        }
    }
    for (title, label) in
        [("Verify", "# Verify:"), ("Undo", "# Undo:"), ("Can break", "# Can break:"), ("Costs", "# Costs:")]
    {
        let text = said(&first.text, label);
        let code = if text.is_some() { None } else { commands(&first.text, label) };
        if let Some(text) = text {
            let _ = writeln!(out, "\n### {title}\n\n{}", plain(&capital(&text)));
        } else if let Some(code) = code {
            let _ = writeln!(out, "\n### {title}\n\n```{}\n{code}```", first.flavour.extension());
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

/// The steps of a snippet, by its own numbers: its comments that begin with one, and what goes on behind it.
fn steps(fix: &Fix) -> Vec<(String, String)> {
    let mut steps: Vec<(String, String)> = Vec::new();
    let mut open = false;
    for line in fix.text.lines() {
        let text = line.strip_prefix("# ").unwrap_or_default();
        let numbered =
            text.split_once(". ").filter(|(n, _)| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()));
        let goes_on =
            open && !text.is_empty() && !LABELS.iter().chain(["Copies "].iter()).any(|l| text.starts_with(l));
        match (numbered, goes_on, steps.last_mut()) {
            (Some((n, step)), ..) => {
                steps.push((n.to_owned(), step.to_owned()));
                open = true;
            }
            (None, true, Some((_, last))) => {
                last.push(' ');
                last.push_str(text);
            }
            _ => open = false,
        }
    }
    if steps.is_empty() {
        steps.extend(said(&fix.text, "# Changes:").map(|step| ("1".to_owned(), step)));
    }
    steps
}

/// What a snippet says of itself.
const LABELS: &[&str] = &["Changes:", "Costs:", "Can break:", "Verify:", "Undo:"];

/// What a snippet says behind a label: until the next label, and behind the last one until its sentence ends. What stands
/// below that is of the whole snippet, or its first step.
fn said(text: &str, label: &str) -> Option<String> {
    let mut lines = text.lines().skip_while(|l| !l.starts_with(label));
    let first = lines.next()?.strip_prefix(label)?.trim();
    let below: Vec<&str> = lines.map_while(|line| line.strip_prefix("# ")).collect();
    let is_label = |line: &&str| LABELS.iter().any(|label| line.starts_with(label));
    let more = match below.iter().position(is_label) {
        Some(next) => next,
        None => {
            let ends = std::iter::once(first).chain(below.iter().copied());
            ends.take_while(|line| !line.ends_with('.')).count().min(below.len())
        }
    };
    let whole: Vec<&str> = std::iter::once(first).chain(below[..more].iter().copied()).collect();
    Some(whole.join(" ").trim().to_owned()).filter(|s| !first.is_empty() && !s.is_empty())
}

/// The commands below a label, up to an empty line: where it says nothing, they are what it says.
fn commands(text: &str, label: &str) -> Option<String> {
    let lines = text.lines().skip_while(|l| !l.starts_with(label)).skip(1);
    let code: String =
        lines.take_while(|l| !l.is_empty() && !l.starts_with('#')).map(|l| format!("{l}\n")).collect();
    Some(code).filter(|code| !code.is_empty() && !code.contains("```"))
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
