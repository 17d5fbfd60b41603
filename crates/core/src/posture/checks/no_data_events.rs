//! No trail records who reads the items.

use crate::domain::{FactKind, FactValue, Level, Severity, Trail, TrailStatus};
use crate::posture::check::{Case, Judged, PostureCheck, Reference, Subject};
use crate::posture::examples::{every_table, facts, one_table, plain, secret, selecting, trails};
use crate::posture::say::{fail, list, name, pass, unreadable};

pub(super) static CHECK: PostureCheck = PostureCheck {
    id: "no-data-events",
    title: "No trail records reads of items",
    why: "CloudTrail records reads of items only where a trail asks for them. Without that nobody can tell afterwards who \
          read a leaked secret.",
    severity: Severity::Low,
    level: Level::Region,
    reads: &[FactKind::Description, FactKind::Trails, FactKind::TrailSelectors, FactKind::TrailStatus],
    reads_items: false,
    judge,
    topic: Some("data-events"),
    source: "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html",
    refs: &[Reference::OwaspApi(8), Reference::Cwe(778)],
    field: "GetEventSelectors EventSelectors[] and AdvancedEventSelectors[], GetTrailStatus IsLogging",
    cases: &[
        Case::of(
            "no trail",
            || facts([plain(), trails(0), selecting(vec![])]),
            "fail",
            "low: There is no trail",
        ),
        Case::of(
            "every table",
            || facts([plain(), trails(1), selecting(every_table(None)), logging(true)]),
            "pass",
            "trail-0: records reads",
        ),
        Case::of(
            "every table, and the trail is stopped",
            || facts([plain(), trails(1), selecting(every_table(None)), logging(false)]),
            "fail",
            "low: trail-0 selects every read of the table's items, and is stopped",
        ),
        Case::of(
            "every table, and nobody tells whether it records",
            || facts([plain(), trails(1), selecting(every_table(None))]),
            "unknown",
            "trail_status: not asked",
        ),
        Case::of(
            "reads that are read-only",
            || facts([plain(), trails(1), selecting(every_table(Some("true")))]),
            "fail",
            "trail-0 leaves out ExecuteStatement",
        ),
        Case::of(
            "reads and writes, apart",
            || {
                facts([
                    plain(),
                    trails(1),
                    selecting([every_table(Some("true")), every_table(Some("false"))].concat()),
                    logging(true),
                ])
            },
            "pass",
            "trail-0: records reads",
        ),
        Case::of(
            "writes only",
            || facts([plain(), trails(1), selecting(every_table(Some("false")))]),
            "fail",
            "low: None of the trails trail-0 selects",
        ),
        Case::seen(
            "management events only, secrets seen",
            || facts([plain(), trails(1), selecting(vec![])]),
            secret,
            "fail",
            "medium: None of the trails trail-0 selects",
        ),
        Case::of(
            "another table",
            || facts([plain(), trails(1), selecting(one_table("other"))]),
            "fail",
            "low: ",
        ),
        Case::of(
            "this table",
            || facts([plain(), trails(1), selecting(one_table("sessions")), logging(true)]),
            "pass",
            "trail-0: records reads",
        ),
        Case::of(
            "selectors not read",
            || facts([plain(), trails(1)]),
            "unknown",
            "trail_selectors: not asked",
        ),
        Case::of("trails not read", || facts([plain(), selecting(vec![])]), "unknown", "trails: not asked"),
        Case::of("nothing read", || facts([]), "unknown", "description: not asked"),
    ],
};

fn judge(subject: &Subject<'_>) -> Judged {
    let table = subject.facts.description.read()?;
    let trails = subject.facts.trails.read()?;
    let recorded = super::recording(table, trails, subject.facts.trail_selectors.read()?);
    let names = |trails: &[&Trail]| list(&trails.iter().map(|t| t.name.as_str()).collect::<Vec<_>>());
    let mut stopped = String::new();
    if !recorded.whole.is_empty() {
        // A trail that is stopped records nothing.
        let states = subject.facts.trail_status.read()?;
        let is_on = |trail: &&Trail| states.iter().find(|s| s.arn == trail.arn).map(|s| s.logging);
        let on: Vec<&Trail> = recorded.whole.iter().copied().filter(|t| is_on(t) == Some(true)).collect();
        if !on.is_empty() {
            return Ok(pass(&format!("{}: records reads of the table's items.", names(&on))));
        }
        if let Some(untold) = recorded.whole.iter().find(|t| is_on(t).is_none()) {
            let text = format!("whether {} records is not told", name(&untold.name));
            return Ok(unreadable(FactKind::TrailStatus, &text));
        }
        stopped =
            format!("{} selects every read of the table's items, and is stopped.", names(&recorded.whole));
    }
    let secrets = subject.flagged.is_some_and(|f| !f.is_empty());
    let mut text = match (stopped.is_empty(), trails.is_empty()) {
        (false, _) => stopped,
        (true, true) => "There is no trail for this Region.".to_owned(),
        (true, false) => {
            let all: Vec<&Trail> = trails.iter().collect();
            format!("None of the trails {} selects every read of the table's items.", names(&all))
        }
    };
    let part: Vec<String> =
        recorded.part.iter().map(|(trail, event)| format!("{} leaves out {event}", trail.name)).collect();
    if !part.is_empty() {
        text += &format!(" Of those that select some, {}.", list(&part));
    }
    let severity = if secrets { Severity::Medium } else { Severity::Low };
    Ok(fail(severity, &(text + " Event data stores of CloudTrail Lake were not looked at.")))
}

fn logging(logging: bool) -> FactValue {
    let arn = "arn:aws:cloudtrail:eu-west-1:111122223333:trail/trail-0".into();
    FactValue::TrailStatus(vec![TrailStatus { arn, logging, delivery_error: None }])
}
