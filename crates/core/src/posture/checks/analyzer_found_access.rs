//! Access Analyzer found that the table or its stream lets somebody in from outside.

use crate::domain::{AccessFinding, FactKind, FactValue, Level, Message, Severity};
use crate::posture::check::{Case, Fixed, Judged, PostureCheck, Reference, Subject};
use crate::posture::examples::{analyzers, facts, stream, table};
use crate::posture::messages::{fail, list, name, not_applicable, pass, unreadable};

pub(super) static CHECK: PostureCheck = PostureCheck {
    id: "analyzer-found-access",
    title: "Access Analyzer found access from outside",
    why: "AWS's own analysis of the policies says that someone outside has access, and nobody has archived the finding \
          as intended.",
    severity: Severity::Medium,
    level: Level::Table,
    reads: &[FactKind::Analyzers, FactKind::AccessFindings],
    reads_items: false,
    judge,
    topic: Fixed::Not("the checks of the policy itself name the statement and its fix"),
    messages: &[&FOUND],
    source: "https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-findings.html",
    refs: &[Reference::OwaspApi(1), Reference::Cwe(732)],
    field: "ListFindingsV2 findings[].resource with status ACTIVE",
    cases: &[
        Case::of("no analyzer", || facts([analyzers(0)]), "not-applicable", "No external access analyzer"),
        Case::of(
            "nothing found",
            || facts([analyzers(1), found(0, 0, None)]),
            "pass",
            "analyzer-0 found no access",
        ),
        Case::of(
            "the table",
            || facts([analyzers(1), found(2, 0, None)]),
            "fail",
            "medium: 2 active findings of analyzer-0, 2 about the table: finding-0 and finding-1",
        ),
        Case::of(
            "table and stream",
            || facts([analyzers(1), found(1, 1, None)]),
            "fail",
            "1 about the table, 1 about its stream",
        ),
        Case::of(
            "it could not look",
            || facts([analyzers(1), found(1, 0, Some("ACCESS_DENIED"))]),
            "unknown",
            "access_findings: analyzer-0 could not look at it: ACCESS_DENIED",
        ),
        Case::of("findings not read", || facts([analyzers(1)]), "unknown", "access_findings: not asked"),
        Case::of("nothing read", || facts([]), "unknown", "analyzers: not asked"),
    ],
};

static FOUND: Message = Message::new(
    "access-analyzer-findings",
    "{findings:active finding|active findings} of {analyzers}[, {of_table} about the table][, {of_stream} \
     about its stream]: {findings}.",
);

fn judge(subject: &Subject<'_>) -> Judged {
    let by: Vec<&str> = subject.facts.analyzers.read()?.iter().map(|a| a.name.as_str()).collect();
    if by.is_empty() {
        return Ok(not_applicable("No external access analyzer is active in this Region."));
    }
    let (blind, found): (Vec<&AccessFinding>, Vec<&AccessFinding>) =
        subject.facts.access_findings.read()?.iter().partition(|f| f.error.is_some());
    if found.is_empty() {
        return Ok(match blind.first().and_then(|f| Some((f, f.error.as_ref()?))) {
            None => pass(&format!("{} found no access from outside.", list(&by))),
            Some((finding, error)) => {
                let said = format!("{} could not look at it: {}", name(&finding.analyzer), name(error));
                unreadable(FactKind::AccessFindings, &said)
            }
        });
    }
    let stream = found.iter().filter(|f| f.resource.contains("/stream/")).count();
    let ids: Vec<&str> = found.iter().map(|f| f.id.as_str()).collect();
    let evidence = FOUND
        .with("findings", ids)
        .with("analyzers", by)
        .with("of_table", found.len() - stream)
        .with("of_stream", stream);
    Ok(fail(Severity::Medium, evidence))
}

fn found(of_table: usize, of_stream: usize, error: Option<&str>) -> FactValue {
    let stream = stream().map(|s| s.arn).unwrap_or_default();
    let one = |n: usize| AccessFinding {
        id: format!("finding-{n}"),
        analyzer: "analyzer-0".into(),
        resource: if n < of_table { table().arn() } else { stream.clone() },
        error: error.map(str::to_owned),
    };
    FactValue::AccessFindings((0..of_table + of_stream).map(one).collect())
}
