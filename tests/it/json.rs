//! What `scan --format json` prints is what its schema, and with it docs/json.md, says: nothing besides, nothing missing.

use std::collections::BTreeSet;

use dynaudit::report::json::{scan_schema, sighting_schema};
use serde_json::Value;

fn run(args: &[&str], input: &str) -> Value {
    let output = assert_cmd::Command::new(env!("CARGO_BIN_EXE_dynaudit"))
        .args(args)
        .env_remove("AWS_PROFILE")
        .write_stdin(input)
        .output()
        .expect("it runs");
    serde_json::from_slice(&output.stdout).expect("JSON")
}

/// A document beside its schema.
struct Beside<'a> {
    schema: &'a Value,
    /// Members that were there, as `Type.member`.
    seen: BTreeSet<String>,
}

impl Beside<'_> {
    fn resolved<'s>(&'s self, of: &'s Value) -> (&'s Value, Option<&'s str>) {
        match of["$ref"].as_str().and_then(|r| r.strip_prefix("#/$defs/")) {
            Some(name) => (&self.schema["$defs"][name], Some(name)),
            None => (of, None),
        }
    }

    fn check(&mut self, value: &Value, of: &Value, at: &str) {
        if let Some(either) = of["anyOf"].as_array() {
            let is_null = |s: &&Value| s["type"] == "null";
            let fits = either.iter().find(|s| is_null(s) == value.is_null());
            return self.check(value, &fits.unwrap_or_else(|| panic!("{at}: {value}")).clone(), at);
        }
        let (of, name) = self.resolved(of);
        let (of, name) = (of.clone(), name.unwrap_or("Report").to_owned());
        let kind = match value {
            Value::Null => "null",
            Value::Bool(_) => "boolean",
            Value::Number(n) if n.is_f64() => "number",
            Value::Number(_) => "integer",
            Value::String(_) => "string",
            Value::Array(_) => "array",
            Value::Object(_) => "object",
        };
        let takes = |word: &Value| word == kind || word == "number" && kind == "integer";
        let fits = of["type"].as_array().map_or_else(|| takes(&of["type"]), |all| all.iter().any(takes));
        assert!(fits, "{at} is {kind}, and documented as {}", of["type"]);
        match (value, of["properties"].as_object()) {
            (Value::Array(all), _) => {
                all.iter().for_each(|one| self.check(one, &of["items"], &format!("{at}[]")))
            }
            (Value::Object(members), Some(documented)) => {
                for (member, value) in members {
                    let field = documented.get(member);
                    let field = field.unwrap_or_else(|| panic!("{at}.{member} is not documented"));
                    assert!(field["description"].is_string(), "{at}.{member} has no meaning");
                    self.seen.insert(format!("{name}.{member}"));
                    self.check(value, field, &format!("{at}.{member}"));
                }
                for member in of["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
                    assert!(members.contains_key(member), "{at}.{member} is missing");
                }
            }
            _ => {}
        }
    }

    /// Documented members that no document had.
    fn unseen(&self) -> Vec<String> {
        let defs = self.schema["$defs"].as_object().into_iter().flatten();
        let types =
            std::iter::once(("Report", self.schema)).chain(defs.map(|(name, of)| (name.as_str(), of)));
        let members = types.flat_map(|(name, of)| {
            let members = of["properties"].as_object().into_iter().flatten();
            members.map(move |(member, _)| format!("{name}.{member}"))
        });
        members.filter(|member| !self.seen.contains(member)).collect()
    }
}

#[test]
fn the_demos_report_has_the_documented_members() {
    let schema = scan_schema();
    let mut beside = Beside { schema: &schema, seen: BTreeSet::new() };
    // A second audit of fewer tables, compared with the first: fingerprints of both are under one key.
    let folder = tempfile::tempdir().expect("a folder");
    let (key, log) = (folder.path().join("key"), folder.path().join("log"));
    std::fs::write(&key, "a key of sixteen bytes and more").expect("written");
    let (key, log) = (key.to_str().expect("UTF-8"), log.to_str().expect("UTF-8"));
    let scan = ["scan", "--demo", "--format", "json", "--key-file", key];
    // One finding is accepted, with all that can be said of that.
    let allow = folder.path().join("allow.toml");
    let accepted = "[[allow]]\nfinding = 'arn:aws:dynamodb:eu-west-1:111122223333:table/api_metadata#pitr-off'\n\
                    reason = 'rebuilt nightly'\nby = 'kim'\non = 2026-01-01\nuntil = 2999-12-31\n";
    std::fs::write(&allow, accepted).expect("written");
    let allow = allow.to_str().expect("UTF-8");
    let first = run(&[&scan[..], &["--with-fixes", "--save", log, "--allow", allow]].concat(), "");
    beside.check(&first, &schema, "report");
    let second = run(&[&scan[..], &["--table", "orders*", "--baseline", log]].concat(), "");
    beside.check(&second, &schema, "compared report");
    // In the demo settings are denied, and nothing fails: a `Gap` is what stopped something.
    let failures =
        |member: &str| member.starts_with("Gap.") || ["FactGap.failure", "FactGap.next"].contains(&member);
    let unseen: Vec<String> = beside.unseen().into_iter().filter(|m| !failures(m)).collect();
    assert!(unseen.is_empty(), "documented, and never there: {unseen:?}");
}

#[test]
fn a_sighting_has_the_documented_members() {
    let schema = sighting_schema();
    let mut beside = Beside { schema: &schema, seen: BTreeSet::new() };
    let item = format!(r#"{{"key":{{"S":"{}{}"}}}}"#, "sk_li", "ve_51QxExampleExampleExample00");
    beside.check(&run(&["inspect", "--format", "json"], &item), &schema, "sighting");
    assert_eq!(beside.unseen(), Vec::<String>::new());
}
