//! Nothing watches who from outside is let in.

use crate::domain::{Analyzer, FactKind, FactValue, Level, Message, Severity};
use crate::posture::check::{Case, Fixed, Judged, PostureCheck, Reference, Subject};
use crate::posture::examples::{analyzers, facts};
use crate::posture::messages::{fail, list, pass};

pub(super) static CHECK: PostureCheck = PostureCheck {
    id: "no-access-analyzer",
    title: "No Access Analyzer watches this Region for access from outside",
    why: "A policy that grants external access goes unnoticed until a person reads it. An external access analyzer \
          reports it within a day, and costs nothing.",
    severity: Severity::Info,
    level: Level::Region,
    reads: &[FactKind::Analyzers],
    reads_items: false,
    judge,
    topic: Fixed::By("access-analyzer"),
    messages: &[&NONE],
    source: "https://docs.aws.amazon.com/IAM/latest/UserGuide/what-is-access-analyzer.html",
    refs: &[Reference::OwaspApi(8), Reference::Fsbp("IAM.28"), Reference::Cwe(778)],
    field: "ListAnalyzers analyzers[].status and .type",
    cases: &[
        Case::of("one of the account", || facts([analyzers(1)]), "pass", "analyzer-0 watches"),
        Case::of(
            "one of the organization",
            || facts([organization()]),
            "pass",
            "for access from outside the organization",
        ),
        Case::of(
            "none",
            || facts([analyzers(0)]),
            "fail",
            "info: No external access analyzer is active in this Region",
        ),
        Case::of("not read", || facts([]), "unknown", "analyzers: not asked"),
    ],
};

static NONE: Message = Message::new(
    "no-access-analyzer",
    "No external access analyzer is active in this Region. One that another account of the organization \
     runs does not show here.",
);

fn judge(subject: &Subject<'_>) -> Judged {
    let all = subject.facts.analyzers.read()?;
    if all.is_empty() {
        return Ok(fail(Severity::Info, NONE.alone()));
    }
    let names: Vec<&str> = all.iter().map(|a| a.name.as_str()).collect();
    let of = if all.iter().all(|a| a.organization) { "organization" } else { "account" };
    let s = if names.len() == 1 { "es" } else { "" };
    Ok(pass(&format!("{} watch{s} for access from outside the {of}.", list(&names))))
}

fn organization() -> FactValue {
    let arn = "arn:aws:access-analyzer:eu-west-1:111122223333:analyzer/all".into();
    FactValue::Analyzers(vec![Analyzer { arn, name: "all".into(), organization: true }])
}
