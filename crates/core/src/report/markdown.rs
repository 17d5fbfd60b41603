//! Markdown for a comment on a pull request or a ticket: grades, causes, what to do first, what was not seen. Cut to what a
//! comment may hold.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::Run;
use crate::audit::Group;
use crate::domain::{Finding, Safe, Severity, TableRef};

/// This form of report.
pub static FORMAT: super::Format = super::Format {
    name: "markdown",
    what: "Markdown, short enough for a comment on a pull request",
    extension: "md",
    for_people: true,
    scan,
    sighting: None,
};

/// A comment of GitHub holds 65,536 characters; a part is left for whoever puts it there.
const LONGEST: usize = 60_000;
/// Maximum number of tables that a cause names.
const MOST_TABLES: usize = 4;
/// How many first steps are told.
const FIRST: usize = 3;

fn scan(run: &Run) -> String {
    let findings = run.audit.findings(run.finished);
    let groups = run.groups(&findings);
    let grades = run.grades(&findings, &groups);
    let mut out = String::new();
    line!(out, "# DynamoDB audit: grade {}", grades.overall.letter());
    line!(out);
    line!(out, "{}", plain(&grades.overall.why()));
    grades.overall.better().iter().for_each(|better| line!(out, "\n{}", plain(better)));
    line!(out);
    unseen(&mut out, run);
    counts(&mut out, &findings);
    let grouped = run.grouped(&findings, &groups);
    let listed: Vec<&Group> = grouped.iter().filter(|group| run.lists_group(group, &findings)).collect();
    first(&mut out, run, &findings, &listed);
    causes(&mut out, run, &findings, &listed);
    if grades.tables.len() > 1 {
        line!(
            out,
            "<details><summary>Tables</summary>\n\n| grade | table | environment | seen |\n|---|---|---|---|"
        );
        for (table, graded) in &grades.tables {
            let environment = graded.environment.unwrap_or_default();
            let row = format!(
                "| {} | {} | {environment} | {} |",
                graded.letter(),
                named(run, table),
                plain(&graded.share.told())
            );
            if out.len() + row.len() > LONGEST {
                line!(out, "| | more tables | | |");
                break;
            }
            line!(out, "{row}");
        }
        line!(out, "\n</details>\n");
    }
    line!(
        out,
        "{} {}, {}",
        "dynaudit",
        env!("CARGO_PKG_VERSION"),
        run.finished.strftime("%Y-%m-%d %H:%M UTC")
    );
    out
}

/// What was planned and not seen: without it, few findings would look like good news.
fn unseen(out: &mut String, run: &Run) {
    let unfinished: Vec<String> = run.unfinished().map(|unseen| plain(&unseen.said)).collect();
    if unfinished.is_empty() {
        return;
    }
    line!(out, "> **Not complete.** What was not seen is not fine:");
    unfinished.iter().take(8).for_each(|said| line!(out, "> - {said}"));
    if unfinished.len() > 8 {
        line!(out, "> - and {} more", unfinished.len() - 8);
    }
    line!(out);
}

fn counts(out: &mut String, findings: &[Finding]) {
    let of = |severity| findings.iter().filter(|f| f.severity == severity).count();
    line!(out, "| critical | high | medium | low | info |\n|---|---|---|---|---|");
    let all: Vec<String> = Severity::ALL.iter().rev().map(|severity| of(*severity).to_string()).collect();
    line!(out, "| {} |\n", all.join(" | "));
}

/// What to do first: the worst causes with a fix.
fn first(out: &mut String, run: &Run, findings: &[Finding], groups: &[&Group]) {
    let steps: Vec<String> = groups
        .iter()
        .filter(|group| group.severity >= Severity::Medium)
        .filter_map(|group| {
            let finding =
                group.members.iter().filter_map(|n| findings.get(*n)).find(|f| f.topic.is_some())?;
            let topic = crate::remedy::topic(run.topics_of(finding).first()?)?;
            Some(format!(
                "{}: {} (`{} {}`)",
                plain(&group.title),
                plain(topic.title),
                run.fix_command,
                finding.short_id()
            ))
        })
        .take(FIRST)
        .collect();
    if steps.is_empty() {
        return;
    }
    line!(out, "**First**\n");
    steps.iter().enumerate().for_each(|(n, step)| line!(out, "{}. {step}", n + 1));
    line!(out);
}

/// The causes, worst first, as far as they fit.
fn causes(out: &mut String, run: &Run, findings: &[Finding], groups: &[&Group]) {
    if groups.is_empty() {
        line!(out, "No findings.\n");
        return;
    }
    line!(out, "| severity | cause | where | findings |\n|---|---|---|---|");
    for (n, group) in groups.iter().enumerate() {
        let mut tables: Vec<String> =
            group.tables.iter().take(MOST_TABLES).map(|table| named(run, table)).collect();
        if group.tables.len() > MOST_TABLES {
            tables.push(format!("{} more", group.tables.len() - MOST_TABLES));
        }
        let ids: Vec<String> = group
            .members
            .iter()
            .filter_map(|n| findings.get(*n))
            .take(3)
            .map(|f| format!("`{}`", f.short_id()))
            .collect();
        let more = group.members.len().saturating_sub(3);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let row = format!(
            "| {} | {} | {} | {}{more} |",
            group.severity,
            plain(&group.title),
            tables.join(", "),
            ids.join(" ")
        );
        if out.len() + row.len() > LONGEST {
            line!(out, "| | {} more causes: they did not fit | | |", groups.len() - n);
            break;
        }
        line!(out, "{row}");
    }
    line!(out);
}

/// A text in which nothing is a sign of Markdown or HTML.
fn plain(text: &str) -> String {
    let mut out = String::new();
    for c in Safe::neutral(text).as_str().chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' | '~' | '!' | '@' => out.extend(['\\', c]),
            c => out.push(c),
        }
    }
    out
}

/// A table, with its Region where there are several: names repeat.
fn named(run: &Run, table: &TableRef) -> String {
    let name = code(&table.name);
    let accounts: BTreeSet<&str> = run.places.iter().map(|place| place.scope.account.as_str()).collect();
    match (run.places.len(), accounts.len()) {
        (0 | 1, _) => name,
        (_, 0 | 1) => format!("{name} {}", plain(&table.scope.region)),
        _ => format!("{name} {} {}", plain(&table.scope.account), plain(&table.scope.region)),
    }
}

/// A name as code.
fn code(name: &str) -> String {
    let name = Safe::neutral(name).into_string();
    if name.contains(['`', '|']) { plain(&name) } else { format!("`{name}`") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_is_a_sign() {
        let check = |text: &str, expect: &str| assert_eq!(plain(text), expect);
        check("a_b|c", "a\\_b\\|c");
        check("<img src=x>", "&lt;img src=x&gt;");
        check("@team [x](y)", "\\@team \\[x\\](y)");
        assert_eq!(code("orders"), "`orders`");
        assert_eq!(code("a`b"), "a\\`b");
    }
}
