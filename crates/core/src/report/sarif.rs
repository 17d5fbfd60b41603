//! SARIF 2.1.0 for code scanning and pipelines (OASIS, "Static Analysis Results Interchange Format"; GitHub, "SARIF support for
//! code scanning").
//!
//! A table is no file, and GitHub takes relative addresses only: a table is `dynamodb/ACCOUNT/REGION/TABLE`, its ARN stands among
//! the logical locations.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::Run;
use crate::audit::Change;
use crate::domain::{Finding, Origin, Safe, Severity, TableRef};

/// This form of report.
pub static FORMAT: super::Format = super::Format {
    name: "sarif",
    what: "SARIF 2.1.0, for code scanning and pipelines",
    extension: "sarif",
    for_people: false,
    scan,
    sighting: None,
};

/// Maximum number of further tables that a result names.
const MOST_TABLES: usize = 50;

fn scan(run: &Run) -> String {
    let findings = run.audit.findings(run.finished);
    let listed: Vec<&Finding> = findings.iter().filter(|f| run.lists(f)).collect();
    // The rules in the order of their ids, each once.
    let mut rules: BTreeMap<&str, &Finding> = BTreeMap::new();
    for finding in &listed {
        // GitHub takes the severity of a rule for that of all its results: the worst of them.
        let worst = rules.entry(finding.rule()).or_insert(finding);
        if finding.severity > worst.severity {
            *worst = finding;
        }
    }
    let index = |id: &str| rules.keys().position(|rule| *rule == id);
    let results: Vec<Value> = listed.iter().map(|f| result(run, f, index(f.rule()))).collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "dynaudit",
                "version": env!("CARGO_PKG_VERSION"),
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules.values().map(|f| rule(f)).collect::<Vec<_>>(),
            }},
            "automationDetails": { "id": "dynaudit/" },
            "columnKind": "utf16CodeUnits",
            "invocations": [invocation(run)],
            "results": results,
        }],
    });
    let mut text = serde_json::to_string_pretty(&log).expect("text and numbers always print");
    text.push('\n');
    text
}

fn text(text: &str) -> String {
    Safe::neutral(text).into_string()
}

/// How bad a result is to those who know three levels.
const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "note",
    }
}

/// The same as the number that GitHub sorts by: from 9.0 critical, from 7.0 high, from 4.0 medium.
const fn number(severity: Severity) -> Option<&'static str> {
    match severity {
        Severity::Critical => Some("9.5"),
        Severity::High => Some("8.0"),
        Severity::Medium => Some("5.5"),
        Severity::Low => Some("2.0"),
        Severity::Info => None,
    }
}

/// What a rule or a check is, by one of its findings.
fn rule(finding: &Finding) -> Value {
    let (title, why, severity, tags, help) = match &finding.origin {
        Origin::Posture(id) => {
            let check = crate::posture::check(id);
            let title = check.map_or_else(|| finding.title.clone(), |c| c.title.to_owned());
            let why = check.map_or_else(|| finding.why.clone(), |c| c.why.to_owned());
            let refs: Vec<String> =
                check.map(|c| c.refs.iter().map(ToString::to_string).collect()).unwrap_or_default();
            (
                title,
                why,
                finding.severity,
                [vec!["security".to_owned(), "configuration".to_owned()], refs].concat(),
                String::new(),
            )
        }
        Origin::Secret(flagged) => {
            let about = super::rule(finding);
            let why = about.map_or_else(|| finding.why.clone(), |rule| rule.why.clone());
            let help = about.map(|rule| rule.rotate.clone()).unwrap_or_default();
            (
                flagged.title.to_string(),
                why,
                finding.severity,
                vec!["security".to_owned(), "secret".to_owned()],
                help,
            )
        }
    };
    let mut rule = json!({
        "id": text(finding.rule()),
        "name": text(finding.rule()),
        "shortDescription": { "text": text(&title) },
        "fullDescription": { "text": text(&why) },
        "help": { "text": format!("{}\ndynaudit explain {}", text(&why), text(finding.rule())) },
        "defaultConfiguration": { "level": level(severity) },
        "properties": {
            "tags": tags.iter().map(|tag| text(tag)).collect::<Vec<_>>(),
            "precision": "high",
        },
    });
    if let Some(number) = number(severity) {
        rule["properties"]["security-severity"] = number.into();
    }
    if help.starts_with("https://") {
        rule["helpUri"] = text(&help).into();
    }
    rule
}

/// Where a table stands in a log that knows files: a relative address.
fn location(finding: &Finding, table: &TableRef) -> Value {
    let account = if table.scope.account.is_empty() { "unknown-account" } else { &table.scope.account };
    let parts = ["dynamodb", account, &table.scope.region, &table.name];
    let address: Vec<String> = parts.iter().map(|part| escaped(part)).collect();
    let mut logical = vec![
        json!({ "kind": "resource", "name": text(&table.name), "fullyQualifiedName": text(&table.arn()) }),
    ];
    if let Origin::Secret(flagged) = &finding.origin {
        let path = text(&flagged.path.to_string());
        logical.push(json!({ "kind": "member", "name": path, "fullyQualifiedName": format!("{}#{path}", text(&table.arn())) }));
    }
    json!({
        "physicalLocation": {
            "artifactLocation": { "uri": address.join("/") },
            "region": { "startLine": 1 },
        },
        "logicalLocations": logical,
    })
}

/// A part of an address (RFC 3986, 2.3).
fn escaped(part: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_.".contains(&b);
    part.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

fn result(run: &Run, finding: &Finding, rule_index: Option<usize>) -> Value {
    let sentence = |text: String| if text.ends_with(['.', '!', '?']) { text } else { format!("{text}.") };
    let said: Vec<String> =
        finding.told(false).iter().take(4).map(|e| sentence(e.sentence().into_string())).collect();
    let others: Vec<&TableRef> = finding.tables().skip(1).take(MOST_TABLES).collect();
    let mut result = json!({
        "ruleId": text(finding.rule()),
        "ruleIndex": rule_index,
        "level": level(finding.severity),
        "message": { "text": format!("{}. {}", text(&finding.title), said.join(" ")) },
        "locations": [location(finding, &finding.table)],
        // The same finding in the next run is the same alert: made of its id, never of a value.
        "partialFingerprints": { "primaryLocationLineHash": format!("{}:1", finding.short_id()), "dynaudit/v1": finding.short_id() },
        "properties": {
            "id": text(&finding.id.to_string()),
            "severity": finding.severity.word(),
            "confidence": finding.confidence.word(),
            "fix": finding.topic,
        },
    });
    if !others.is_empty() {
        result["relatedLocations"] = others.iter().map(|table| location(finding, table)).collect();
    }
    if let Origin::Secret(flagged) = &finding.origin {
        result["properties"]["masked"] = flagged.masked.to_string().into();
        result["properties"]["fingerprint"] = flagged.fingerprint.clone().into();
    }
    if let Some(compared) = &run.compared {
        result["baselineState"] = match compared.of(finding) {
            Change::New => "new",
            Change::Worse | Change::Better => "updated",
            Change::Known => "unchanged",
        }
        .into();
    }
    if let Some(accepted) = &finding.accepted {
        result["suppressions"] = json!([{ "kind": "external", "status": "accepted", "justification": accepted.reason.to_string() }]);
    }
    result
}

/// What of the run was not seen is told by the log, too: no result is not good news then.
fn invocation(run: &Run) -> Value {
    let told: Vec<Value> = run
        .unseen
        .iter()
        .map(|unseen| {
            json!({
                "level": if unseen.is_incomplete() { "error" } else { "note" },
                "descriptor": { "id": unseen.cause.word() },
                "message": { "text": text(&unseen.said) },
            })
        })
        .collect();
    json!({
        "executionSuccessful": run.is_complete(),
        "startTimeUtc": run.started.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        "endTimeUtc": run.finished.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        "toolExecutionNotifications": told,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_no_sign_of_its_own() {
        let check = |part: &str, expect: &str| assert_eq!(escaped(part), expect);
        check("orders_v2.a-b", "orders_v2.a-b");
        check("a b/c", "a%20b%2Fc");
        check("ä", "%C3%A4");
    }
}
