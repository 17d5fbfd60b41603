//! No trail records who reads the items.

use crate::domain::{FactKind, Severity};
use crate::posture::check::{Case, Judged, PostureCheck, Reference, Subject};
use crate::posture::examples::{every_table, facts, one_table, plain, secret, selecting, trails};
use crate::posture::say::{fail, list, pass};

pub(super) static CHECK: PostureCheck = PostureCheck {
    id: "no-data-events",
    title: "No trail records reads of items",
    why: "CloudTrail records reads of items only where a trail asks for them. Without that nobody can tell afterwards who \
          read a leaked secret.",
    severity: Severity::Low,
    reads: &[FactKind::Description, FactKind::Trails, FactKind::TrailSelectors],
    reads_items: false,
    judge,
    topic: Some("data-events"),
    source: "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html",
    refs: &[Reference::OwaspApi(8), Reference::Cwe(778)],
    field: "GetEventSelectors EventSelectors[] and AdvancedEventSelectors[]",
    cases: &[
        Case::of("no trail", || facts([plain(), trails(0), selecting(vec![])]), "fail", "low: There is no trail"),
        Case::of("every table", || facts([plain(), trails(1), selecting(every_table(None))]), "pass", "trail-0: selects reads"),
        Case::of("writes only", || facts([plain(), trails(1), selecting(every_table(Some("false")))]), "fail", "low: None of the trails trail-0 selects"),
        Case::seen("management events only, secrets seen", || facts([plain(), trails(1), selecting(vec![])]), secret, "fail", "medium: None of the trails trail-0 selects"),
        Case::of("another table", || facts([plain(), trails(1), selecting(one_table("other"))]), "fail", "low: "),
        Case::of("this table", || facts([plain(), trails(1), selecting(one_table("sessions"))]), "pass", "trail-0: selects reads"),
        Case::of("selectors not read", || facts([plain(), trails(1)]), "unknown", "trail_selectors: not asked"),
        Case::of("trails not read", || facts([plain(), selecting(vec![])]), "unknown", "trails: not asked"),
        Case::of("nothing read", || facts([]), "unknown", "description: not asked"),
    ],
};

fn judge(subject: &Subject<'_>) -> Judged {
    let arn = &subject.facts.description.read()?.arn;
    let trails = subject.facts.trails.read()?;
    let recording = super::recording(arn, trails, subject.facts.trail_selectors.read()?);
    if !recording.is_empty() {
        let names: Vec<&str> = recording.iter().map(|t| t.name.as_str()).collect();
        return Ok(pass(&format!("{}: selects reads of the table's items.", list(&names))));
    }
    let secrets = subject.flagged.is_some_and(|f| !f.is_empty());
    let names: Vec<&str> = trails.iter().map(|t| t.name.as_str()).collect();
    let text = if names.is_empty() {
        "There is no trail for this Region.".to_owned()
    } else {
        format!("None of the trails {} selects every read of the table's items.", list(&names))
    };
    let severity = if secrets { Severity::Medium } else { Severity::Low };
    Ok(fail(severity, &(text + " Event data stores of CloudTrail Lake were not looked at.")))
}
