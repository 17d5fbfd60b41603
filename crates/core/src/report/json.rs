//! JSON for programs, versioned by its `schema` field; docs/json.md describes every field.

use serde::Serialize;
use serde_json::{Value, json};

use super::{Run, Unseen, rule};
use crate::audit::TableAudit;
use crate::domain::{Finding, Gap, Missing, Origin, Safe, Severity, Sighting, Uninspected, Verdict};
use crate::scan::Outcome;

/// The schema of a scan's report.
pub const SCAN: &str = "dynaudit.scan/1";
/// The schema of one sighting of `inspect`.
pub const SIGHTING: &str = "dynaudit.sighting/1";

/// The report of a scan, as indented JSON with a line break at its end.
pub fn scan(run: &Run) -> String {
    let findings = run.audit.findings(run.finished);
    let tables: Vec<Value> = run.audit.tables().map(|t| table(run, t)).collect();
    let by_severity: serde_json::Map<String, Value> = Severity::ALL
        .iter()
        .rev()
        .map(|s| (s.word().to_owned(), json!(findings.iter().filter(|f| f.severity == *s).count())))
        .collect();
    let uninspected: Uninspected = run.audit.tables().map(|t| t.uninspected).sum();
    let report = json!({
        "schema": SCAN,
        "version": env!("CARGO_PKG_VERSION"),
        "started": run.started.to_string(),
        "finished": run.finished.to_string(),
        "scope": {
            "partition": Safe::neutral(&run.scope.partition),
            "account": Safe::neutral(&run.scope.account),
            "region": Safe::neutral(&run.scope.region),
            "endpoint": run.scope.endpoint.as_deref().map(Safe::neutral),
        },
        "identity": run.identity.as_ref().ok().map(|who| json!({
            "account": Safe::neutral(&who.account),
            "arn": Safe::neutral(&who.arn),
        })),
        "identity_gap": run.identity.as_ref().err().map(gap),
        "findings": findings.iter().map(finding).collect::<Vec<_>>(),
        "by_severity": by_severity,
        "coverage": {
            "complete": run.is_complete(),
            "unfinished": run.unfinished().map(|u| Safe::neutral(&u.said)).collect::<Vec<_>>(),
            "unseen": run.unseen.iter().map(unseen).collect::<Vec<_>>(),
            "items_planned": run.items,
            "budget_rcu": run.budget.map(|b| b.as_f64()),
            "spent_rcu": run.spent.as_f64(),
            "totals": {
                "tables": tables.len(),
                "items_read": run.audit.tables().map(|t| t.items).sum::<u64>(),
                "items_unscreened": uninspected.failed,
                "items_cut": uninspected.cut,
                "items_not_opened": uninspected.not_opened,
            },
            "tables": tables,
        },
    });
    let mut text = serde_json::to_string_pretty(&report).expect("a JSON value always prints");
    text.push('\n');
    text
}

/// Something that was not seen, once for all tables it is true of.
fn unseen(unseen: &Unseen) -> Value {
    json!({
        "cause": unseen.cause.word(),
        "incomplete": unseen.is_incomplete(),
        "message": Safe::neutral(&unseen.said),
        "of_tables": unseen.tables.iter().map(|t| Safe::neutral(&t.name)).collect::<Vec<_>>(),
    })
}

fn finding(finding: &Finding) -> Value {
    let mut shape = json!({
        "id": Safe::neutral(&finding.id.to_string()),
        "table": Safe::neutral(&finding.table.name),
        "table_arn": Safe::neutral(&finding.table.arn()),
        "subject": {
            "kind": finding.subject.kind(),
            "name": Safe::neutral(finding.subject.name()),
            "arn": Safe::neutral(&finding.subject.arn()),
        },
        "tables": finding.tables().map(|t| Safe::neutral(&t.name)).collect::<Vec<_>>(),
        "kind": "posture",
        "rule": Safe::neutral(finding.rule()),
        "severity": finding.severity,
        "at_least": finding.is_at_least(),
        "could_be": finding.is_at_least().then_some(finding.worst),
        "unknown": finding.unknown.iter().map(missing).collect::<Vec<_>>(),
        "confidence": finding.confidence,
        "title": Safe::neutral(&finding.title),
        "why": Safe::neutral(&finding.why),
        "evidence": finding.told(false).iter().map(|e| e.sentence()).collect::<Vec<_>>(),
        "topic": finding.topic,
        "references": references(finding),
    });
    if let Origin::Secret(flagged) = &finding.origin {
        shape["kind"] = json!("secret");
        shape["path"] = json!(Safe::neutral(&flagged.path.to_string()));
        shape["masked"] = json!(flagged.masked);
        shape["fingerprint"] = json!(flagged.fingerprint);
        shape["sightings"] = json!(flagged.count);
        shape["session"] = json!(flagged.class.is_of_a_person());
        shape["class"] = json!(flagged.class.word());
        let info = rule(finding);
        shape["rule_why"] = json!(info.map(|r| Safe::neutral(&r.why)));
        shape["rotate"] = json!(info.filter(|r| !r.rotate.is_empty()).map(|r| Safe::neutral(&r.rotate)));
    }
    shape
}

/// What catalogues say of a posture check; nothing for a secret, whose rule names its provider.
fn references(finding: &Finding) -> Vec<String> {
    let check = match finding.origin {
        Origin::Posture(id) => crate::posture::check(id),
        Origin::Secret(_) => None,
    };
    check.map(|c| c.refs.iter().map(ToString::to_string).collect()).unwrap_or_default()
}

fn table(run: &Run, table: &TableAudit) -> Value {
    let about = table.facts.description.known().map(|d| d.items);
    let (state, why) = match &table.outcome {
        None => ("not-read", None),
        Some(Outcome::Whole) => ("whole", None),
        Some(Outcome::Sampled) => ("sampled", None),
        Some(Outcome::OutOfBudget) => ("out-of-budget", None),
        Some(Outcome::Stopped(why)) => ("stopped", Some(gap(why))),
    };
    let verdicts = table.verdicts(run.finished);
    let gaps = table.gaps(&verdicts, run.finished);
    let gaps: Vec<Value> = gaps.into_iter().map(|(kind, gap)| missing(&Missing::Fact(kind, gap))).collect();
    let ids = |wanted: fn(&Verdict) -> bool| -> Vec<&str> {
        verdicts.iter().filter(|(_, v)| wanted(v)).map(|(check, _)| check.id).collect()
    };
    json!({
        "table": Safe::neutral(&table.table.name),
        "arn": Safe::neutral(&table.table.arn()),
        "items_read": table.items,
        "items_about": about,
        "items_unscreened": table.uninspected.failed,
        "items_cut": table.uninspected.cut,
        "items_not_opened": table.uninspected.not_opened,
        "rcu": table.cost.as_f64(),
        "outcome": state,
        "outcome_gap": why,
        "gaps": gaps,
        "checks": {
            "failed": ids(|v| matches!(v, Verdict::Fail(_))),
            "unknown": ids(|v| matches!(v, Verdict::Unknown(_))),
            "passed": ids(|v| matches!(v, Verdict::Pass(_))),
            "not_applicable": ids(|v| matches!(v, Verdict::NotApplicable(_))),
        },
    })
}

/// Something that is not known of a table: the setting, and why; or that no item was read.
fn missing(missing: &Missing) -> Value {
    match missing {
        Missing::Fact(kind, why) => {
            let mut shape = gap(why);
            shape["fact"] = json!(kind.word());
            shape
        }
        Missing::Items => json!({ "fact": "items", "kind": "not-asked", "message": "none was read" }),
    }
}

/// Why something is not known: its kind, a sentence, and the permission or step that would settle it.
fn gap(gap: &Gap) -> Value {
    let kind = match gap {
        Gap::Denied(..) => "denied",
        Gap::Unsupported => "unsupported",
        Gap::Failed(_) => "failed",
        Gap::NotUnderstood(_) => "not-understood",
        Gap::Cut(_) => "cut",
        Gap::NotAsked => "not-asked",
        Gap::Pending => "pending",
    };
    let mut shape = json!({ "kind": kind, "message": Safe::neutral(&gap.to_string()) });
    match gap {
        Gap::Denied(permission, said) => {
            shape["permission"] = json!(permission.action);
            shape["said"] = json!(Safe::neutral(said));
        }
        Gap::Failed(failure) => {
            shape["failure"] = json!(failure.kind);
            shape["next"] = json!(Safe::neutral(&failure.next));
        }
        _ => {}
    }
    shape
}

/// One sighting of `inspect`, as a line.
#[derive(Serialize)]
struct Line<'a> {
    schema: &'static str,
    line: u64,
    path: Safe,
    rule: Safe,
    title: Safe,
    severity: &'static str,
    confidence: &'static str,
    reasons: Vec<Safe>,
    masked: &'a Safe,
    fingerprint: &'a str,
    in_name: bool,
    session: bool,
    expires: Option<String>,
}

/// A sighting in the item of an input line (from 1), as one line of JSON without its line break.
pub fn sighting(line: u64, s: &Sighting) -> String {
    let shape = Line {
        schema: SIGHTING,
        line,
        path: Safe::neutral(&s.path.to_string()),
        rule: Safe::neutral(&s.rule),
        title: Safe::neutral(&s.title),
        severity: s.severity.word(),
        confidence: s.confidence.word(),
        reasons: s.reasons.iter().map(|r| Safe::neutral(r)).collect(),
        masked: &s.masked,
        fingerprint: &s.fingerprint,
        in_name: s.in_name,
        session: s.class.is_of_a_person(),
        expires: s.expires.map(|t| t.to_string()),
    };
    serde_json::to_string(&shape).expect("text and numbers always print")
}
