//! JSON for programs, versioned by its `schema` field; docs/json.md is made from the types in `shape`.

mod shape;

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use super::{Run, Unseen, Visited, WhoReads, rule};
use crate::audit::{Change, Fate, Graded, Group, Lost, TableAudit};
use crate::domain::{
    Acceptance, Arn, Evidence, Field, Finding, Gap, Missing, Origin, Safe, Scope, Severity, Sighting,
    TableRef, Uninspected, Verdict,
};
use crate::scan::Outcome;

/// The schema of a scan's report.
pub const SCAN: &str = "dynaudit.scan/2";
/// The schema of one sighting of `inspect`.
pub const SIGHTING: &str = "dynaudit.sighting/1";

/// This form of report.
pub static FORMAT: super::Format = super::Format {
    name: "json",
    what: "For programs; docs/json.md says what is in it",
    extension: "json",
    for_people: false,
    scan,
    sighting: Some(sighting),
};

/// The JSON Schema of a scan's report.
pub fn scan_schema() -> Value {
    schema::<shape::Scan>()
}

/// The JSON Schema of a line of `inspect`.
pub fn sighting_schema() -> Value {
    schema::<shape::Sighting>()
}

fn schema<T: JsonSchema>() -> Value {
    // Of what is printed, not of what could be read: what is always there is required.
    SchemaSettings::draft2020_12().for_serialize().into_generator().into_root_schema_for::<T>().to_value()
}

/// The report of a scan, as indented JSON with a line break at its end.
pub fn scan(run: &Run) -> String {
    let mut text = serde_json::to_string_pretty(&report(run)).expect("text and numbers always print");
    text.push('\n');
    text
}

/// The same as a value.
pub(super) fn report(run: &Run) -> shape::Scan {
    let findings = run.audit.findings(run.finished);
    let groups = run.groups(&findings);
    let grades = run.grades(&findings, &groups);
    let of = |severity| findings.iter().filter(|f| f.severity == severity).count();
    shape::Scan {
        schema: SCAN.to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        started: run.started.to_string(),
        finished: run.finished.to_string(),
        places: run.places.iter().map(place).collect(),
        findings: findings.iter().filter(|f| run.lists(f)).map(|f| finding(run, f)).collect(),
        not_listed: findings.iter().filter(|f| !run.lists(f)).count(),
        grouped_by: run.group_by.word().to_owned(),
        groups: run
            .grouped(&findings, &groups)
            .iter()
            .filter(|of| run.lists_group(of, &findings))
            .map(|of| group(run, &findings, of))
            .collect(),
        grade: graded(&grades.overall),
        grades: grades.tables.iter().map(|(of, its)| table_grade(run, of, its)).collect(),
        baseline: baseline(run, &findings),
        by_severity: shape::BySeverity {
            critical: of(Severity::Critical),
            high: of(Severity::High),
            medium: of(Severity::Medium),
            low: of(Severity::Low),
            info: of(Severity::Info),
        },
        readers: run.who_reads(&findings).iter().map(|(of, found)| readers(run, of, found)).collect(),
        coverage: coverage(run),
    }
}

fn graded(of: &Graded) -> shape::Grade {
    shape::Grade {
        grade: of.grade.map(|grade| grade.to_string()),
        at_worst: of.at_worst.to_string(),
        open: of.is_open(),
        why: safe(&of.why()),
        raise: of.raise.as_ref().map(|raise| shape::Raise {
            to: raise.to.to_string(),
            causes: raise.causes,
            first: raise.first.to_string(),
        }),
        settings_seen: of.share.settings,
        settings: of.share.of_settings,
    }
}

fn table_grade(run: &Run, of: &TableRef, its: &Graded) -> shape::TableGrade {
    let environment = its.environment.map(str::to_owned);
    shape::TableGrade { table: table(run, of), environment, grade: graded(its) }
}

/// How the run stands to an earlier audit.
fn baseline(run: &Run, findings: &[Finding]) -> Option<shape::Baseline> {
    let compared = run.compared.as_ref()?;
    let count = |change| findings.iter().filter(|f| compared.of(f) == change).count();
    let lost = |lost: &Lost| shape::Lost {
        id: safe(&lost.finding.id.to_string()),
        short: lost.finding.short_id(),
        severity: lost.finding.severity.word().to_owned(),
        title: safe(&lost.finding.title),
        gone: lost.fate == Fate::Gone,
        why: match &lost.fate {
            Fate::Gone => None,
            Fate::NotSeen(why) => Some(safe(why)),
        },
    };
    Some(shape::Baseline {
        since: compared.since.to_string(),
        complete: compared.is_whole,
        new: count(Change::New),
        worse: count(Change::Worse),
        better: count(Change::Better),
        known: count(Change::Known),
        new_tables: compared.new_tables,
        lost: run.lost.iter().map(lost).collect(),
    })
}

fn safe(text: &str) -> String {
    Safe::neutral(text).into_string()
}

/// The account, if it is known.
fn account(scope: &Scope) -> Option<String> {
    (!scope.account.is_empty()).then(|| safe(&scope.account))
}

/// An ARN that names its account. One without names nothing.
fn whole(arn: &str) -> Option<String> {
    Arn::parse(arn).filter(|parsed| !parsed.account.is_empty()).map(|_| safe(arn))
}

fn place(visited: &Visited) -> shape::Place {
    shape::Place {
        name: visited.name.as_deref().map(safe),
        partition: safe(&visited.scope.partition),
        account: account(&visited.scope),
        region: safe(&visited.scope.region),
        endpoint: visited.scope.endpoint.as_deref().map(safe),
        identity: visited
            .identity
            .as_ref()
            .ok()
            .map(|who| shape::Identity { account: safe(&who.account), arn: safe(&who.arn) }),
        identity_gap: visited.identity.as_ref().err().map(gap),
        failed: visited.failed.as_ref().map(gap),
    }
}

fn coverage(run: &Run) -> shape::Coverage {
    let tables: Vec<shape::TableCoverage> = run.audit.tables().map(|t| table_coverage(run, t)).collect();
    let uninspected: Uninspected = run.audit.tables().map(|t| t.uninspected).sum();
    shape::Coverage {
        complete: run.is_complete(),
        unfinished: run.unfinished().map(|u| safe(&u.said)).collect(),
        unseen: run.unseen.iter().map(|u| unseen(run, u)).collect(),
        items_planned: run.items,
        budget_rcu: run.budget.map(|b| b.as_f64()),
        spent_rcu: run.spent.as_f64(),
        totals: shape::Totals {
            tables: tables.len(),
            items_read: run.audit.tables().map(|t| t.items).sum::<u64>(),
            items_unscreened: uninspected.failed,
            items_cut: uninspected.cut,
            items_not_opened: uninspected.not_opened,
        },
        tables,
    }
}

/// Something that was not seen, once for all tables it is true of.
fn unseen(run: &Run, unseen: &Unseen) -> shape::Unseen {
    shape::Unseen {
        cause: unseen.cause.word().to_owned(),
        incomplete: unseen.is_incomplete(),
        message: safe(&unseen.said),
        of_tables: unseen.tables.iter().map(|t| table(run, t)).collect(),
    }
}

fn table(run: &Run, table: &TableRef) -> shape::Table {
    let arn = run.audit.table(table).map_or_else(|| table.arn(), TableAudit::arn);
    shape::Table { name: safe(&table.name), arn: whole(&arn) }
}

fn readers(run: &Run, of: &TableRef, found: &WhoReads) -> shape::TableReaders {
    let count = found.of_all.count();
    shape::TableReaders {
        table: table(run, of),
        roles: count.roles as u64,
        users: count.users as u64,
        outside: count.outside as u64,
        anyone: count.anyone,
        perhaps: count.perhaps as u64,
        could: found.could.map(|could| could as u64),
        iam_read: found.of_all.people_read,
        unread: found.of_all.unread.iter().map(|unread| safe(unread)).collect(),
    }
}

fn group(run: &Run, findings: &[Finding], group: &Group) -> shape::Group {
    shape::Group {
        cause: group.cause.word().to_owned(),
        severity: group.severity.word().to_owned(),
        could_be: (group.worst > group.severity).then(|| group.worst.word().to_owned()),
        title: safe(&group.title),
        place: safe(&group.place),
        tables: group.tables.iter().map(|of| table(run, of)).collect(),
        findings: group.members.iter().filter_map(|n| findings.get(*n)).map(Finding::short_id).collect(),
    }
}

fn finding(run: &Run, finding: &Finding) -> shape::Finding {
    let secret = match &finding.origin {
        Origin::Posture(_) => None,
        Origin::Secret(flagged) => {
            let info = rule(finding);
            Some(shape::Secret {
                path: safe(&flagged.path.to_string()),
                masked: flagged.masked.to_string(),
                fingerprint: flagged.fingerprint.clone(),
                sightings: flagged.count,
                items: flagged.items.iter().map(|key| key.shown(false).into_string()).collect(),
                session: flagged.class.is_of_a_person(),
                class: flagged.class.word().to_owned(),
                rule_why: info.map(|r| safe(&r.why)),
                rotate: info.filter(|r| !r.rotate.is_empty()).map(|r| safe(&r.rotate)),
            })
        }
    };
    let arn = finding.id.subject();
    shape::Finding {
        id: safe(&finding.id.to_string()),
        short: finding.short_id(),
        provisional: finding.id.is_provisional(),
        subject: shape::Subject {
            kind: finding.subject.kind().to_owned(),
            name: safe(finding.subject.name()),
            arn: safe(arn),
        },
        tables: finding.tables().map(|t| table(run, t)).collect(),
        account: Arn::parse(arn).map(|arn| arn.account).filter(|_| !finding.id.is_provisional()),
        region: safe(&finding.table.scope.region),
        kind: if secret.is_some() { "secret" } else { "posture" }.to_owned(),
        rule: safe(finding.rule()),
        severity: finding.severity.word().to_owned(),
        could_be: finding.is_at_least().then(|| finding.worst.word().to_owned()),
        since: run.compared.as_ref().map(|compared| compared.of(finding).word().to_owned()),
        accepted: finding.accepted.as_deref().map(accepted),
        unknown: finding.unknown.iter().map(unknown).collect(),
        confidence: finding.confidence.word().to_owned(),
        title: safe(&finding.title),
        why: safe(&finding.why),
        evidence: finding.told(false).iter().map(evidence).collect(),
        topic: finding.topic.map(str::to_owned),
        references: references(finding),
        fixes: run.fixes.then(|| fixes(run, finding)),
        secret,
    }
}

fn accepted(why: &Acceptance) -> shape::Accepted {
    shape::Accepted {
        reason: why.reason.to_string(),
        false_alarm: why.false_alarm,
        by: Some(why.by.to_string()).filter(|by| !by.is_empty()),
        on: why.on.map(|day| day.to_string()),
        until: why.until.map(|day| day.to_string()),
        file: why.file.to_string(),
    }
}

fn fixes(run: &Run, finding: &Finding) -> Vec<shape::Fix> {
    let all = run.fixes_of(finding).into_iter().map(|fix| shape::Fix {
        topic: fix.topic.to_owned(),
        flavour: fix.flavour.word().to_owned(),
        text: safe_block(&fix.text),
        placeholders: fix.placeholders.iter().map(|p| safe(p)).collect(),
    });
    all.collect()
}

/// Several lines, each safe.
fn safe_block(text: &str) -> String {
    Safe::block(text).into_string()
}

fn unknown(missing: &Missing) -> shape::Unknown {
    match missing {
        Missing::Items => {
            shape::Unknown { fact: "items".to_owned(), kind: "not-asked".to_owned(), permission: None }
        }
        Missing::Fact(kind, why) => {
            let why = gap(why);
            shape::Unknown { fact: kind.word().to_owned(), kind: why.kind, permission: why.permission }
        }
    }
}

fn evidence(evidence: &Evidence) -> shape::Evidence {
    shape::Evidence {
        kind: evidence.kind().to_owned(),
        message: evidence.sentence().into_string(),
        fields: fields(evidence),
    }
}

fn fields(evidence: &Evidence) -> Map<String, Value> {
    let mut fields = Map::new();
    for (name, field) in evidence.fields() {
        let (value, left_off) = match field {
            Field::None => (Value::Null, 0),
            Field::Text(text) => (text.as_str().into(), 0),
            Field::Number(n) => ((*n).into(), 0),
            Field::Flag(is) => ((*is).into(), 0),
            Field::Time(at) => (at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string().into(), 0),
            Field::Day(day) => (day.to_string().into(), 0),
            Field::Texts(all) => (all.kept.iter().map(Safe::as_str).collect(), all.left_off),
            Field::Parts(all) => (all.kept.iter().map(part).collect(), all.left_off),
        };
        fields.insert((*name).to_owned(), value);
        if left_off > 0 {
            fields.insert(format!("{name}_left_off"), left_off.into());
        }
    }
    fields
}

/// What evidence is made of. The sentence of the whole says it already.
fn part(part: &Evidence) -> Value {
    json!({ "kind": part.kind(), "fields": fields(part) })
}

/// What catalogues say of a posture check; nothing for a secret, whose rule names its provider.
fn references(finding: &Finding) -> Vec<String> {
    let check = match finding.origin {
        Origin::Posture(id) => crate::posture::check(id),
        Origin::Secret(_) => None,
    };
    check.map(|c| c.refs.iter().map(ToString::to_string).collect()).unwrap_or_default()
}

fn table_coverage(run: &Run, of: &TableAudit) -> shape::TableCoverage {
    let (outcome, outcome_gap) = match &of.outcome {
        None => ("not-read", None),
        Some(Outcome::Whole) => ("whole", None),
        Some(Outcome::Share { .. }) => ("share", None),
        Some(Outcome::Extract) => ("extract", None),
        Some(Outcome::Sampled) => ("sampled", None),
        Some(Outcome::OutOfBudget) => ("out-of-budget", None),
        Some(Outcome::Stopped(why)) => ("stopped", Some(gap(why))),
    };
    let verdicts = of.verdicts(run.finished);
    let gaps = of.gaps(&verdicts, run.finished).into_iter();
    let ids = |wanted: fn(&Verdict) -> bool| -> Vec<String> {
        verdicts.iter().filter(|(_, v)| wanted(v)).map(|(check, _)| check.id.to_owned()).collect()
    };
    let arn = whole(&of.arn());
    shape::TableCoverage {
        table: safe(&of.table.name),
        account: arn.as_deref().and_then(Arn::parse).map(|arn| arn.account),
        arn,
        region: safe(&of.table.scope.region),
        items_read: of.items,
        items_about: of.facts.description.known().map(|d| d.items),
        items_unscreened: of.uninspected.failed,
        items_cut: of.uninspected.cut,
        items_not_opened: of.uninspected.not_opened,
        rcu: of.cost.as_f64(),
        outcome: outcome.to_owned(),
        outcome_gap,
        gaps: gaps
            .map(|(kind, why)| shape::FactGap { fact: kind.word().to_owned(), gap: gap(&why) })
            .collect(),
        checks: shape::Checks {
            failed: ids(|v| matches!(v, Verdict::Fail(_))),
            unknown: ids(|v| matches!(v, Verdict::Unknown(_))),
            passed: ids(|v| matches!(v, Verdict::Pass(_))),
            not_applicable: ids(|v| matches!(v, Verdict::NotApplicable(_))),
        },
    }
}

/// Why something is not known: its kind, a sentence, and the permission or step that would settle it.
fn gap(gap: &Gap) -> shape::Gap {
    let kind = match gap {
        Gap::Denied(..) => "denied",
        Gap::Unsupported => "unsupported",
        Gap::Failed(_) => "failed",
        Gap::NotUnderstood(_) => "not-understood",
        Gap::Cut(_) => "cut",
        Gap::NotAsked => "not-asked",
        Gap::Pending => "pending",
    };
    let bare = shape::Gap {
        kind: kind.to_owned(),
        message: safe(&gap.to_string()),
        permission: None,
        said: None,
        failure: None,
        next: None,
    };
    match gap {
        Gap::Denied(permission, said) => {
            shape::Gap { permission: Some(permission.action.to_owned()), said: Some(safe(said)), ..bare }
        }
        Gap::Failed(failure) => {
            shape::Gap { failure: Some(failure.kind), next: Some(safe(&failure.next)), ..bare }
        }
        _ => bare,
    }
}

/// A sighting in the item of an input line (from 1), as one line of JSON without its line break.
pub fn sighting(line: u64, s: &Sighting) -> String {
    let shape = shape::Sighting {
        schema: SIGHTING.to_owned(),
        line,
        path: safe(&s.path.to_string()),
        rule: safe(&s.rule),
        title: safe(&s.title),
        severity: s.severity.word().to_owned(),
        confidence: s.confidence.word().to_owned(),
        reasons: s.reasons.iter().map(|r| safe(r)).collect(),
        masked: s.masked.to_string(),
        fingerprint: s.fingerprint.clone(),
        in_name: s.in_name,
        session: s.class.is_of_a_person(),
        expires: s.expires.map(|t| t.to_string()),
    };
    serde_json::to_string(&shape).expect("text and numbers always print")
}
