//! One hand-over for one finding or several: what to do in which order, whom to ask, which copies to purge and by when,
//! how to see that it worked, and how to undo it. Markdown.

use std::fmt::Write;

use super::slots::{self, Ask};
use super::states::{Exposure, exposure};
use super::{Fix, Flavour, Options, Topic, copies, fixes_with, policy, topic_of};
use crate::domain::{Finding, Origin, Safe, TableFacts};

/// What is done at once: findings that one fix is for, the gravest first.
struct Task<'a> {
    findings: Vec<&'a Finding>,
    facts: &'a TableFacts,
    options: Options,
}

impl<'a> Task<'a> {
    fn ask(&self) -> Ask<'_> {
        Ask { finding: self.findings[0], facts: self.facts, options: &self.options }
    }

    /// Whether a finding is done with it: one policy is one document, and the same text is the same fix.
    fn takes(&self, other: &Ask<'_>) -> bool {
        let own = self.ask();
        let of_a_policy = |ask: &Ask<'_>| topic_of(ask.finding, ask.facts).is_some_and(Topic::is_of_a_policy);
        match (of_a_policy(&own), of_a_policy(other)) {
            (true, true) => policy::resource(&own).is_ok_and(|of| policy::resource(other) == Ok(of)),
            (false, false) => {
                let text = |ask: &Ask<'_>| {
                    let all = fixes_with(ask.finding, ask.facts, ask.options);
                    all.into_iter().next().map(|fix| (fix.topic, plain_of_id(&fix.text, ask)))
                };
                own.finding.table == other.finding.table
                    && own.finding.path().is_none()
                    && text(&own).is_some_and(|own| Some(own) == text(other))
            }
            _ => false,
        }
    }
}

/// The text of a fix without what names its finding.
fn plain_of_id(text: &str, ask: &Ask<'_>) -> String {
    let names = ["dir", "key_alias"].map(|slot| slots::SLOTS.iter().find(|s| s.name == slot));
    let values = names.into_iter().flatten().filter_map(|slot| (slot.value)(ask).ok());
    values.fold(text.to_owned(), |text, value| text.replace(&value, ""))
}

/// The hand-over for findings, each with what is known of its table.
pub fn runbook<'a>(
    findings: impl IntoIterator<Item = (&'a Finding, &'a TableFacts)>,
    options: &Options,
) -> String {
    let mut all: Vec<(&Finding, &TableFacts)> = findings.into_iter().collect();
    // What others can read comes first: the secrets, which are revoked, then the policies that let them in. Then the worst.
    all.sort_by_key(|(finding, facts)| {
        let open = exposure(&Ask { finding, facts, options }) == Exposure::Open;
        let is_policy = topic_of(finding, facts).is_some_and(Topic::is_of_a_policy);
        let rank = match finding.origin {
            _ if !open => 3,
            Origin::Secret(_) => 0,
            Origin::Posture(_) if is_policy => 1,
            Origin::Posture(_) => 2,
        };
        (rank, std::cmp::Reverse(finding.severity), finding.id.clone())
    });
    let mut tasks: Vec<Task<'a>> = Vec::new();
    for (finding, facts) in &all {
        let ask = Ask { finding, facts, options };
        match tasks.iter_mut().find(|task| task.takes(&ask)) {
            Some(task) => {
                task.findings.push(finding);
                task.options.also.extend(finding.topic);
            }
            None => tasks.push(Task { findings: vec![*finding], facts, options: options.clone() }),
        }
    }
    let mut out = String::from("# Hand-over: what was found, and how it is fixed\n");
    if all.len() > 1 {
        out.push_str(
            "\nIn the order to do it: what others can read comes first. Findings of one section are fixed at once.\n\n\
             | section | severity | where | account and Region | what |\n|---|---|---|---|---|\n",
        );
        for (n, task) in tasks.iter().enumerate() {
            for finding in &task.findings {
                let _ = writeln!(
                    out,
                    "| {} | {} | {} | {} | {} |",
                    n + 1,
                    finding.how_bad(),
                    plain(&finding.place()),
                    plain(&finding.table.scope.to_string()),
                    plain(&finding.title)
                );
            }
        }
    }
    for (n, task) in tasks.iter().enumerate() {
        out.push('\n');
        one(n + 1, task, &mut out);
    }
    out
}

fn one(n: usize, task: &Task<'_>, out: &mut String) {
    let ask = &task.ask();
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
    for (n, finding) in task.findings.iter().enumerate() {
        if n > 0 {
            let _ = writeln!(out, "- Fixed at once with it: {}", plain(&finding.title));
        }
        let _ = writeln!(out, "- Severity: {}", finding.how_bad());
        let _ = writeln!(out, "- Why: {}", plain(&finding.why));
        // A fingerprint is of the value: it goes into no text that is handed on.
        for line in finding.told(ask.options.mask_keys).iter().filter(|e| e.field("fingerprint").is_none()) {
            let _ = writeln!(out, "- Seen: {}", plain(&line.sentence()));
        }
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
    let asked = |fix: &&Fix| Some(fix.flavour) == ask.options.flavour && Some(fix.topic) == finding.topic;
    let Some(first) = fixes.iter().find(asked).or(fixes.first()) else {
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
        // Behind the other labels, and in other languages, stands what the steps are.
        let is_last = title == "Verify" && first.flavour == Flavour::AwsCli;
        let code = if is_last { commands(&first.text, label) } else { None };
        if text.is_none() && code.is_none() {
            continue;
        }
        let _ = writeln!(out, "\n### {title}");
        if let Some(text) = text {
            let _ = writeln!(out, "\n{}", plain(&capital(&text)));
        }
        if let Some(code) = code {
            let _ = writeln!(out, "\n```{}\n{code}```", first.flavour.extension());
        }
    }
    let fence = "`".repeat(longest_run(&first.text, '`').max(2) + 1);
    let _ = writeln!(
        out,
        "\n<details><summary>{}: {}</summary>\n\n{fence}{}\n{}{fence}\n\n</details>",
        first.flavour.title(),
        plain(first.title),
        first.flavour.extension(),
        if first.text.ends_with('\n') { first.text.clone() } else { first.text.clone() + "\n" },
    );
    others(task, first, &fixes, out);
}

/// The other languages, and what stands beside the fix: by the commands that print them. In full they would be most of the
/// hand-over, and more than a clipboard takes.
fn others(task: &Task<'_>, first: &Fix, fixes: &[Fix], out: &mut String) {
    let ids: Vec<String> = task.findings.iter().map(|finding| finding.short_id()).collect();
    let id = &ids[0];
    let own: Vec<&Fix> = fixes.iter().filter(|fix| fix.topic == first.topic && *fix != first).collect();
    let mut beside: Vec<&Fix> = fixes.iter().filter(|fix| fix.topic != first.topic).collect();
    beside.dedup_by_key(|fix| fix.topic);
    if own.is_empty() && beside.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n### More\n");
    for fix in own {
        // What is of several findings is one document only in a hand-over of all of them.
        let command = match ids.len() {
            1 => format!("dynaudit fix {id} --flavour {}", fix.flavour.word()),
            _ => format!("dynaudit fix {} --runbook --flavour {}", ids.join(" "), fix.flavour.word()),
        };
        let _ = writeln!(out, "- {}: `{command}`", fix.flavour.title());
    }
    for fix in beside {
        let _ = writeln!(out, "- Besides, {}: `dynaudit fix {id} --topic {}`", plain(fix.title), fix.topic);
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
        let changes = said(&fix.text, "# Changes:");
        steps.extend(
            changes.map(|what| ("1".to_owned(), format!("Paste the snippet below. It changes {what}"))),
        );
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

/// The commands below a label, up to an empty line, with the variables that they name.
fn commands(text: &str, label: &str) -> Option<String> {
    let below = text.lines().skip_while(|l| !l.starts_with(label)).skip_while(|l| l.starts_with('#'));
    let code: Vec<&str> = below.take_while(|l| !l.is_empty() && !l.starts_with(['#', '{', '}'])).collect();
    let named = |line: &&str| {
        let name = line.split_once('=').map(|(name, _)| name);
        let is_name =
            |name: &&str| !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
        name.filter(is_name).is_some_and(|name| code.iter().any(|line| line.contains(&format!("${name}"))))
    };
    let variables = text.lines().filter(named);
    let whole: String = variables.chain(code.iter().copied()).map(|l| format!("{l}\n")).collect();
    Some(whole).filter(|whole| !code.is_empty() && !whole.contains("```"))
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
