//! A table of findings for spreadsheets (RFC 4180): a line each, worst first.

use super::Run;
use crate::domain::{Finding, Origin, Safe};

/// This form of report.
pub static FORMAT: super::Format = super::Format {
    name: "csv",
    what: "A table of the findings, for spreadsheets",
    extension: "csv",
    for_people: false,
    scan,
    sighting: None,
};

/// A column: its name, and what stands in it.
type Column = (&'static str, fn(&Run, &Finding) -> String);

/// The columns, in their order.
const COLUMNS: &[Column] = &[
    ("id", |_, f| f.short_id()),
    ("severity", |_, f| f.severity.word().to_owned()),
    ("could_be", |_, f| if f.is_at_least() { f.worst.word().to_owned() } else { String::new() }),
    ("confidence", |_, f| f.confidence.word().to_owned()),
    ("kind", |_, f| if matches!(f.origin, Origin::Secret(_)) { "secret" } else { "setting" }.to_owned()),
    ("rule", |_, f| f.rule().to_owned()),
    ("title", |_, f| f.title.clone()),
    ("account", |_, f| f.table.scope.account.to_string()),
    ("region", |_, f| f.table.scope.region.to_string()),
    ("tables", |_, f| f.tables().map(|table| table.name.as_str()).collect::<Vec<_>>().join(" ")),
    ("path", |_, f| match &f.origin {
        Origin::Secret(flagged) => flagged.path.to_string(),
        Origin::Posture(_) => String::new(),
    }),
    ("masked", |_, f| match &f.origin {
        Origin::Secret(flagged) => flagged.masked.to_string(),
        Origin::Posture(_) => String::new(),
    }),
    ("fingerprint", |_, f| match &f.origin {
        Origin::Secret(flagged) => flagged.fingerprint.clone(),
        Origin::Posture(_) => String::new(),
    }),
    ("seen", |_, f| match &f.origin {
        Origin::Secret(flagged) => flagged.count.to_string(),
        Origin::Posture(_) => String::new(),
    }),
    ("since", |run, f| run.compared.as_ref().map_or_else(String::new, |c| c.of(f).word().to_owned())),
    ("accepted", |_, f| f.accepted.as_ref().map_or_else(String::new, |a| a.reason.to_string())),
    ("fix", |_, f| f.topic.unwrap_or_default().to_owned()),
    ("why", |_, f| f.why.clone()),
];

fn scan(run: &Run) -> String {
    let findings = run.audit.findings(run.finished);
    let mut out = String::new();
    line(&mut out, COLUMNS.iter().map(|(name, _)| (*name).to_owned()));
    for finding in findings.iter().filter(|f| run.lists(f)) {
        line(&mut out, COLUMNS.iter().map(|(_, cell)| cell(run, finding)));
    }
    out
}

fn line(out: &mut String, cells: impl Iterator<Item = String>) {
    let cells: Vec<String> = cells.map(|text| cell(&text)).collect();
    out.push_str(&cells.join(","));
    out.push_str("\r\n");
}

/// A cell: in quotes, and never a formula. What begins one is told as text, with an apostrophe before it (OWASP, "CSV
/// Injection").
fn cell(text: &str) -> String {
    let text = Safe::neutral(text).into_string();
    let guard = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
    format!("\"{guard}{}\"", text.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula_or_ends_its_own() {
        let check = |text: &str, expect: &str| assert_eq!(cell(text), expect);
        check("a", "\"a\"");
        check("a\"b,c", "\"a\"\"b,c\"");
        check("=1+1", "\"'=1+1\"");
        check("@x", "\"'@x\"");
        check("-2", "\"'-2\"");
        check("a=b", "\"a=b\"");
    }
}
