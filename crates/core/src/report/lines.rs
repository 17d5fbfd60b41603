//! JSON lines: one object a line, for tools that read a stream: what the run was, each finding, each cause, what was seen.

use serde_json::{Map, Value, json};

use super::{Run, json};

/// The schema of a line.
pub const LINE: &str = "dynaudit.scan.line/1";

/// This form of report.
pub static FORMAT: super::Format = super::Format {
    name: "jsonl",
    what: "JSON, one object a line: the run, each finding, each cause, the coverage",
    extension: "jsonl",
    for_people: false,
    scan,
    // A sighting of `inspect` is a line of JSON as it is.
    sighting: None,
};

/// The members of a whole report that have lines of their own, and what each of them is.
const MANY: &[(&str, &str)] = &[("findings", "finding"), ("groups", "cause")];

fn scan(run: &Run) -> String {
    let Ok(Value::Object(mut report)) = serde_json::to_value(json::report(run)) else { return String::new() };
    let many: Vec<(&str, Value)> =
        MANY.iter().filter_map(|(name, kind)| Some((*kind, report.remove(*name)?))).collect();
    let coverage = report.remove("coverage");
    let mut out = String::new();
    let mut line = |kind: &str, value: Value| {
        let mut object: Map<String, Value> = Map::new();
        object.insert("schema".to_owned(), LINE.into());
        object.insert("kind".to_owned(), kind.into());
        object.insert(kind.to_owned(), value);
        out.push_str(&json!(object).to_string());
        out.push('\n');
    };
    line("run", Value::Object(report));
    for (kind, all) in many {
        let Value::Array(all) = all else { continue };
        all.into_iter().for_each(|one| line(kind, one));
    }
    coverage.into_iter().for_each(|coverage| line("coverage", coverage));
    out
}
