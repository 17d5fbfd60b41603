//! One page of HTML that needs nothing else: grades, charts, causes with their findings, who can read, coverage. It reads without
//! scripts, prints, and asks for nothing over the network, which its policy holds.

use std::collections::BTreeMap;
use std::fmt::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use super::{Run, WhoReads};
use crate::audit::{Grades, Group};
use crate::domain::{Finding, Origin, Safe, Severity, TableRef};
use crate::scan::Outcome;

/// This form of report.
pub static FORMAT: super::Format = super::Format {
    name: "html",
    what: "One page to read, filter and print; it needs no network",
    extension: "html",
    for_people: false,
    scan,
    sighting: None,
};

const STYLE: &str = include_str!("../../assets/report/style.css");
/// Shows the box for filtering, and the findings that hold what stands in it.
const SCRIPT: &str = include_str!("../../assets/report/filter.js");
/// Maximum number of tables in the chart.
const BARS: usize = 40;

fn scan(run: &Run) -> String {
    let findings = run.audit.findings(run.finished);
    let groups = run.groups(&findings);
    let grades = run.grades(&findings, &groups);
    let readers = run.who_reads(&findings);
    let grouped = run.grouped(&findings, &groups);
    let listed: Vec<&Group> = grouped.iter().filter(|group| run.lists_group(group, &findings)).collect();
    let mut out = String::new();
    let script = STANDARD.encode(Sha256::digest(SCRIPT.as_bytes()));
    line!(out, "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">");
    line!(
        out,
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{script}'\">"
    );
    line!(
        out,
        "<meta name=\"viewport\" content=\"width=device-width\">\n<meta name=\"referrer\" content=\"no-referrer\">"
    );
    line!(
        out,
        "<title>DynamoDB audit: grade {}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>",
        grades.overall.letter()
    );
    head(&mut out, run, &findings, &grades);
    unseen(&mut out, run);
    line!(
        out,
        "<h2>Causes</h2>\n<p id=\"filter\" hidden><label>Filter <input type=\"search\" placeholder=\"a table, a rule, a severity\"></label></p>"
    );
    let who: BTreeMap<&TableRef, &WhoReads> = readers.iter().map(|(table, who)| (*table, who)).collect();
    if listed.is_empty() {
        line!(out, "<p>No findings.</p>");
    }
    listed.iter().for_each(|group| cause(&mut out, run, &findings, group, &who));
    who_reads(&mut out, &readers);
    coverage(&mut out, run, &grades);
    line!(
        out,
        "<footer>dynaudit {}, {} to {}. Nothing was written to AWS; values are masked.</footer>\n<script>{SCRIPT}</script>\n</body>\n</html>",
        env!("CARGO_PKG_VERSION"),
        run.started.strftime("%Y-%m-%d %H:%M"),
        run.finished.strftime("%H:%M UTC"),
    );
    out
}

/// A text in which nothing is a sign of HTML.
fn text(text: &str) -> String {
    escaped(Safe::neutral(text).as_str())
}

/// Several lines, in which nothing is a sign of HTML.
fn lines(text: &str) -> String {
    escaped(Safe::block(text).as_str())
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

fn head(out: &mut String, run: &Run, findings: &[Finding], grades: &Grades) {
    let places: Vec<String> = run.places.iter().map(|place| text(&place.scope.to_string())).collect();
    line!(out, "<header>\n<p class=\"grade g{0}\">{0}</p>", text(&grades.overall.letter().replace('?', "")));
    line!(
        out,
        "<div><h1>DynamoDB audit</h1>\n<p>{}</p>\n<p>{}</p>",
        places.join(", "),
        text(&grades.overall.why())
    );
    grades.overall.better().iter().for_each(|better| line!(out, "<p>{}</p>", text(better)));
    line!(out, "</div>\n</header>");
    let of = |severity: Severity| findings.iter().filter(|f| f.severity == severity).count();
    let counts: Vec<(Severity, usize)> = Severity::ALL.iter().rev().map(|s| (*s, of(*s))).collect();
    let most = counts.iter().map(|(_, n)| *n).max().unwrap_or(0).max(1);
    line!(
        out,
        "<h2>Findings</h2>\n<svg class=\"chart\" viewBox=\"0 0 640 {}\" role=\"img\" aria-label=\"Findings by severity\">",
        counts.len() * 26
    );
    for (n, (severity, count)) in counts.iter().enumerate() {
        let (y, width) = (n * 26, count * 440 / most);
        line!(
            out,
            "<text x=\"0\" y=\"{}\">{severity}</text><rect class=\"s-{severity}\" x=\"90\" y=\"{}\" width=\"{width}\" height=\"18\"/><text x=\"{}\" y=\"{}\">{count}</text>",
            y + 16,
            y + 3,
            98 + width,
            y + 16
        );
    }
    line!(out, "</svg>");
    if grades.tables.len() < 2 {
        return;
    }
    let shown = grades.tables.len().min(BARS);
    line!(
        out,
        "<h2>Tables</h2>\n<svg class=\"chart\" viewBox=\"0 0 640 {}\" role=\"img\" aria-label=\"Findings by table\">",
        shown * 24
    );
    let most =
        grades.tables.iter().map(|(_, its)| its.counts.iter().sum::<usize>()).max().unwrap_or(0).max(1);
    for (n, (table, its)) in grades.tables.iter().take(BARS).enumerate() {
        let (y, mut x) = (n * 24, 250);
        let name: String = table.name.chars().take(30).collect();
        line!(
            out,
            "<text x=\"0\" y=\"{0}\">{1}</text><text x=\"24\" y=\"{0}\">{2}</text>",
            y + 15,
            text(&its.letter()),
            text(&name)
        );
        for severity in Severity::ALL.iter().rev() {
            let width = its.counts[*severity as usize] * 380 / most;
            if width > 0 {
                line!(
                    out,
                    "<rect class=\"s-{severity}\" x=\"{x}\" y=\"{}\" width=\"{width}\" height=\"16\"/>",
                    y + 2
                );
                x += width;
            }
        }
    }
    line!(out, "</svg>");
    if grades.tables.len() > shown {
        line!(out, "<p>And {} more tables; all are below.</p>", grades.tables.len() - shown);
    }
}

/// What was planned and not seen: without it, few findings would look like good news.
fn unseen(out: &mut String, run: &Run) {
    let unfinished: Vec<String> = run.unfinished().map(|unseen| text(&unseen.said)).collect();
    if unfinished.is_empty() {
        return;
    }
    line!(
        out,
        "<section class=\"unseen\"><h2>Not complete</h2>\n<p>What was not seen is not fine.</p>\n<ul>"
    );
    unfinished.iter().for_each(|said| line!(out, "<li>{said}</li>"));
    line!(out, "</ul></section>");
}

/// A cause, and its findings.
fn cause(
    out: &mut String,
    run: &Run,
    findings: &[Finding],
    group: &Group,
    who: &BTreeMap<&TableRef, &WhoReads>,
) {
    let members: Vec<&Finding> =
        group.members.iter().filter_map(|n| findings.get(*n)).filter(|f| run.lists(f)).collect();
    let open = if group.severity >= Severity::Critical { " open" } else { "" };
    line!(
        out,
        "<details class=\"cause\"{open}><summary><b class=\"s-{0}\">{0}</b> {1} <i>{2}</i> <small>{3}</small></summary>",
        group.severity,
        text(&group.title),
        text(&group.place),
        if members.len() == 1 { "1 finding".to_owned() } else { format!("{} findings", members.len()) },
    );
    for finding in members {
        line!(
            out,
            "<article><h3><b class=\"s-{0}\">{0}</b> {1} <code>{2}</code></h3>",
            finding.severity,
            text(&finding.title),
            finding.short_id()
        );
        let tables: Vec<String> = finding
            .tables()
            .map(|table| format!("{} ({})", text(&table.name), text(&table.scope.region)))
            .collect();
        line!(out, "<p>{}</p>\n<p>{}</p>", tables.join(", "), text(&finding.why));
        if let Some(accepted) = &finding.accepted {
            line!(out, "<p>Accepted: {}</p>", text(accepted.reason.as_str()));
        }
        line!(out, "<ul>");
        finding
            .told(false)
            .iter()
            .for_each(|evidence| line!(out, "<li>{}</li>", text(evidence.sentence().as_str())));
        if let (Origin::Secret(_), Some(who)) = (&finding.origin, who.get(&finding.table)) {
            line!(out, "<li>Who can read: {}</li>", text(&who.told()));
        }
        line!(out, "</ul>");
        fixes(out, run, finding);
        line!(out, "</article>");
    }
    line!(out, "</details>");
}

/// The fixes of a finding, or how to print them.
fn fixes(out: &mut String, run: &Run, finding: &Finding) {
    if run.fixes {
        for fix in run.fixes_of(finding) {
            line!(
                out,
                "<details class=\"fix\"><summary>Fix: {} ({})</summary><pre>{}</pre></details>",
                text(fix.topic),
                fix.flavour.word(),
                lines(&fix.text)
            );
        }
    } else if finding.topic.is_some() {
        line!(out, "<p>Fix: <code>{} {}</code></p>", run.fix_command, finding.short_id());
    } else if let Some(why) = run.why_no_fix(finding) {
        line!(out, "<p>{}</p>", text(&why));
    }
}

fn who_reads(out: &mut String, readers: &[(&TableRef, WhoReads)]) {
    if readers.is_empty() {
        return;
    }
    line!(out, "<h2>Who can read</h2>\n<table><tr><th>table</th><th>Region</th><th>readers</th></tr>");
    for (table, who) in readers {
        line!(
            out,
            "<tr><td>{}</td><td>{}</td><td>{}</td></tr>",
            text(&table.name),
            text(&table.scope.region),
            text(&who.told())
        );
    }
    line!(out, "</table>");
}

fn coverage(out: &mut String, run: &Run, grades: &Grades) {
    line!(
        out,
        "<h2>Coverage</h2>\n<table><tr><th>grade</th><th>table</th><th>Region</th><th>items read</th><th>reading</th><th>seen</th></tr>"
    );
    let of: BTreeMap<&TableRef, _> = grades.tables.iter().map(|(table, its)| (table, its)).collect();
    for table in run.audit.tables() {
        let reading = match &table.outcome {
            None => "not read",
            Some(Outcome::Whole) => "whole",
            Some(Outcome::Share { .. }) => "a share",
            Some(Outcome::Extract) => "all that the files hold",
            Some(Outcome::Sampled) => "a sample",
            Some(Outcome::OutOfBudget) => "until the budget was spent",
            Some(Outcome::Stopped(_)) => "stopped",
        };
        let graded = of.get(&table.table);
        line!(
            out,
            "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{reading}</td><td>{}</td></tr>",
            graded.map_or_else(String::new, |its| text(&its.letter())),
            text(&table.table.name),
            text(&table.table.scope.region),
            table.items,
            graded.map_or_else(String::new, |its| text(&its.share.told())),
        );
    }
    line!(out, "</table>\n<p>{} of the read budget spent.</p>", text(&run.spent.to_string()));
    let others: Vec<String> =
        run.unseen.iter().filter(|u| !u.is_incomplete()).map(|u| text(&u.said)).collect();
    if !others.is_empty() {
        line!(out, "<details><summary>What was not looked at, as planned</summary><ul>");
        others.iter().for_each(|said| line!(out, "<li>{said}</li>"));
        line!(out, "</ul></details>");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_is_a_sign() {
        assert_eq!(text("<b a=\"1\" c='2'>&"), "&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt;&amp;");
        assert_eq!(lines("a\n<"), "a\n&lt;");
    }

    #[test]
    fn the_script_ends_where_the_page_says() {
        assert!(!SCRIPT.contains("</") && !STYLE.contains("</"));
    }
}
