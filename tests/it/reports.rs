//! The forms of a scan's report, as the tools that take them ask for: code scanning, spreadsheets, comments, streams.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;

fn run(args: &[&str]) -> String {
    let output = assert_cmd::Command::new(env!("CARGO_BIN_EXE_dynaudit"))
        .args(args)
        .env_remove("AWS_PROFILE")
        .output()
        .expect("it runs");
    String::from_utf8(output.stdout).expect("UTF-8")
}

fn scan(format: &str, more: &[&str]) -> String {
    run(&[&["scan", "--demo", "--format", format], more].concat())
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}

#[test]
fn code_scanning_takes_the_log() {
    let text = scan("sarif", &[]);
    let log = json(&text);
    assert_eq!((log["version"].as_str(), log["runs"].as_array().map(Vec::len)), (Some("2.1.0"), Some(1)));
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let results = run["results"].as_array().unwrap();
    assert!(rules.len() > 30 && results.len() > 100, "{} {}", rules.len(), results.len());
    // GitHub: at most 25,000 results; a short and a full description, help, and a number to sort by, for each rule.
    let ids: BTreeSet<&str> = rules.iter().map(|rule| rule["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), rules.len(), "a rule twice");
    for rule in rules {
        for text in ["shortDescription", "fullDescription", "help"] {
            assert!(
                rule[text]["text"].as_str().is_some_and(|text| !text.is_empty()),
                "{} of {}",
                text,
                rule["id"]
            );
        }
        // Of what is only told there is none.
        let number = rule["properties"]["security-severity"].as_str().map(|n| n.parse::<f64>().unwrap());
        assert!(number.is_none_or(|number| (0.1..=10.0).contains(&number)));
    }
    let mut prints = BTreeSet::new();
    for result in results {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
        assert!(["error", "warning", "note"].contains(&result["level"].as_str().unwrap()));
        assert!(result["message"]["text"].as_str().is_some_and(|text| text.len() > 10));
        for location in result["locations"].as_array().unwrap() {
            // Relative, without a scheme: GitHub refuses others.
            let address = location["physicalLocation"]["artifactLocation"]["uri"].as_str().unwrap();
            let parts: Vec<&str> = address.split('/').collect();
            assert!(parts.len() == 4 && parts[0] == "dynamodb" && !address.contains([':', ' ']), "{address}");
            assert_eq!(location["physicalLocation"]["region"]["startLine"], 1);
            assert!(
                location["logicalLocations"][0]["fullyQualifiedName"].as_str().unwrap().starts_with("arn:")
            );
        }
        assert!(
            prints.insert(result["partialFingerprints"]["primaryLocationLineHash"].as_str().unwrap()),
            "twice"
        );
    }
    // The demo holds something that could not be opened: the log says so, and no result would not be good news.
    assert_eq!(run["invocations"][0]["executionSuccessful"], false);
    let told = run["invocations"][0]["toolExecutionNotifications"].as_array().unwrap();
    assert!(told.iter().any(|said| said["level"] == "error"));
    // The next run gives the same alerts.
    let again = json(&scan("sarif", &[]));
    let prints_of = |log: &Value| -> Vec<Value> {
        log["runs"][0]["results"]
            .as_array()
            .unwrap()
            .iter()
            .map(|r| r["partialFingerprints"].clone())
            .collect()
    };
    assert_eq!(prints_of(&again), prints_of(&log));
}

#[test]
fn every_form_lists_the_same_findings() {
    let whole = json(&scan("json", &[]));
    let ids: Vec<&str> =
        whole["findings"].as_array().unwrap().iter().map(|f| f["short"].as_str().unwrap()).collect();
    // A table for spreadsheets: as many cells a line as there are columns.
    let csv = scan("csv", &[]);
    let lines: Vec<&str> = csv.split_terminator("\r\n").collect();
    let cells = |line: &str| line.trim_matches('"').split("\",\"").count();
    assert!(lines.iter().all(|line| cells(line) == cells(lines[0])), "{csv}");
    let of_csv: Vec<&str> = lines[1..].iter().map(|line| &line[1..9]).collect();
    assert_eq!(of_csv, ids);
    // Lines of JSON: the run, each finding, each cause, the coverage.
    let lines: Vec<Value> = scan("jsonl", &[]).lines().map(json).collect();
    let of = |kind: &str| lines.iter().filter(|line| line["kind"] == kind).collect::<Vec<_>>();
    assert!(lines.iter().all(|line| line["schema"] == "dynaudit.scan.line/1"));
    let of_lines: Vec<&str> =
        of("finding").iter().map(|line| line["finding"]["short"].as_str().unwrap()).collect();
    assert_eq!(of_lines, ids);
    assert_eq!(of("cause").len(), whole["groups"].as_array().unwrap().len());
    assert_eq!(of("coverage")[0]["coverage"], whole["coverage"]);
    assert_eq!(of("run")[0]["run"]["by_severity"], whole["by_severity"]);
    let of_sarif = json(&scan("sarif", &[]));
    assert_eq!(of_sarif["runs"][0]["results"].as_array().unwrap().len(), ids.len());
    // What is asked to be left out is left out everywhere.
    let few = json(&scan("sarif", &["--min-severity", "critical"]));
    assert!(few["runs"][0]["results"].as_array().unwrap().len() < ids.len());
}

#[test]
fn a_comment_holds_the_markdown() {
    let text = scan("markdown", &[]);
    assert!(text.starts_with("# DynamoDB audit: grade "), "{text}");
    assert!(text.chars().count() < 65_536);
    assert!(text.contains("**Not complete.**") && text.contains("`dynaudit fix "), "{text}");
    // Every row of a table has as many cells as its head: nothing of an account ends one.
    for block in text.split("\n\n") {
        let rows: Vec<&str> = block.lines().filter(|line| line.starts_with('|')).collect();
        let cells = |row: &str| row.replace("\\|", "").matches('|').count();
        assert!(rows.iter().all(|row| cells(row) == cells(rows[0])), "{block}");
    }
}

#[test]
fn the_page_needs_nothing_else_and_holds_every_finding() {
    let page = scan("html", &["--with-fixes"]);
    let policy = page.lines().find(|line| line.contains("Content-Security-Policy")).unwrap();
    assert!(policy.contains("default-src 'none'") && policy.contains("script-src 'sha256-"), "{policy}");
    // Nothing is fetched: no address but in texts, no image, no font, no frame.
    for sign in ["src=", "@import", "url(", "<link", "<iframe", "<img", "onclick", "javascript:", "href="] {
        let outside = page.lines().filter(|line| line.contains(sign) && line.trim_start().starts_with('<'));
        assert_eq!(outside.count(), 0, "{sign}");
    }
    let whole = json(&scan("json", &[]));
    for finding in whole["findings"].as_array().unwrap() {
        let id = finding["short"].as_str().unwrap();
        assert!(page.contains(&format!("<code>{id}</code>")), "{id}");
    }
    for part in ["Not complete", "Causes", "Who can read", "Coverage", "<svg", "<pre>", "id=\"filter\""] {
        assert!(page.contains(part), "{part}");
    }
    // As many elements close as open.
    for tag in ["details", "article", "table", "svg", "ul", "pre", "section"] {
        let opened = page.matches(&format!("<{tag}>")).count() + page.matches(&format!("<{tag} ")).count();
        assert_eq!(opened, page.matches(&format!("</{tag}>")).count(), "{tag}");
    }
}

#[test]
fn one_run_writes_several_reports() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name);
    let named = |format: &str, name: &str| format!("{format}={}", file(name).display());
    let (sarif, csv) = (named("sarif", "a.sarif"), named("csv", "a.csv"));
    let printed = run(&["scan", "--demo", "--output", &sarif, "--output", &csv]);
    assert!(printed.contains("GRADE"), "the usual report is printed besides: {printed}");
    let read = |path: &Path| std::fs::read_to_string(path).unwrap();
    assert_eq!(json(&read(&file("a.sarif")))["version"], "2.1.0");
    assert!(read(&file("a.csv")).starts_with("\"id\","));
    // A file without a form is the report itself: nothing is printed then.
    let plain = file("report=final.txt").display().to_string();
    assert_eq!(run(&["scan", "--demo", "--output", &plain, "--output", &csv]), "");
    assert!(read(&file("report=final.txt")).contains("GRADE"));
    // What its name ends in, where nothing else is said.
    let page = file("audit.html").display().to_string();
    assert_eq!(run(&["scan", "--demo", "--output", &page]), "");
    assert!(read(&file("audit.html")).starts_with("<!doctype html>"));
    let said = |outputs: &[&str]| {
        let options: Vec<&str> = outputs.iter().flat_map(|output| ["--output", output]).collect();
        let output = assert_cmd::Command::new(env!("CARGO_BIN_EXE_dynaudit"))
            .args([&["scan", "--demo"], &options[..]].concat())
            .output()
            .unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    for (outputs, told) in [
        (vec!["sarif="], "it names no file"),
        (vec!["nope=x"], "there are text, json, jsonl, markdown, html, sarif, csv"),
        (vec![&*sarif, &*sarif], "two reports would go to"),
        (vec!["csv=-", "-"], "two reports would go to"),
    ] {
        let (code, said) = said(&outputs);
        assert!(code == Some(2) && said.contains(told), "{outputs:?}: {said}");
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(file("a.sarif")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}
