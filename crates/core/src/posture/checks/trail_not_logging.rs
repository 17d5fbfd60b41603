//! The trail that would record reads of items does not record.

use crate::domain::{FactKind, FactValue, Level, Message, Severity, Trail, TrailSelectors, TrailStatus};
use crate::posture::check::{Case, Fixed, Judged, PostureCheck, Reference, Subject};
use crate::posture::examples::{every_table, facts, plain, selecting, trails};
use crate::posture::messages::{fail, list, not_applicable, pass, unreadable};

pub(super) static CHECK: PostureCheck = PostureCheck {
    id: "trail-not-logging",
    title: "A trail for the table's reads does not record",
    why: "A trail that was stopped looks configured and keeps nothing; one that cannot deliver loses what is older than a month.",
    severity: Severity::Medium,
    level: Level::Region,
    reads: &[FactKind::Description, FactKind::Trails, FactKind::TrailSelectors, FactKind::TrailStatus],
    reads_items: false,
    judge,
    topic: Fixed::By("trail-logging"),
    messages: &[&WRONG, &STOPPED, &UNDELIVERED],
    source: "https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_GetTrailStatus.html",
    refs: &[Reference::OwaspApi(8), Reference::Cwe(778)],
    field: "GetTrailStatus IsLogging and LatestDeliveryError",
    cases: &[
        Case::of(
            "no trail",
            || facts([plain(), trails(0), selecting(vec![])]),
            "not-applicable",
            "no-data-events",
        ),
        Case::of(
            "recording",
            || facts([plain(), trails(1), selecting(every_table(None)), status(true, None)]),
            "pass",
            "trail-0 is recording",
        ),
        Case::of(
            "stopped",
            || facts([plain(), trails(1), selecting(every_table(None)), status(false, None)]),
            "fail",
            "medium: trail-0 was stopped",
        ),
        Case::of(
            "stopped, and another records",
            || facts([plain(), trails(2), both(), first_stopped()]),
            "pass",
            "trail-1 is recording",
        ),
        Case::of(
            "reads by one, statements that may write by another, which is stopped",
            || facts([plain(), trails(2), by_two(), second_stopped()]),
            "fail",
            "medium: trail-1 was stopped",
        ),
        Case::of(
            "cannot deliver",
            || facts([plain(), trails(1), selecting(every_table(None)), status(true, Some("AccessDenied"))]),
            "fail",
            "trail-0 could not deliver (AccessDenied)",
        ),
        Case::of(
            "status not read",
            || facts([plain(), trails(1), selecting(every_table(None))]),
            "unknown",
            "trail_status: not asked",
        ),
        Case::of("nothing read", || facts([]), "unknown", "trails: not asked"),
    ],
};

static WRONG: Message = Message::new("trails-not-recording", "{trails}.");

static STOPPED: Message = Message::new("trail-stopped", "{trail} was stopped").carrying(&["trail_arn"]);

static UNDELIVERED: Message =
    Message::new("trail-cannot-deliver", "{trail} could not deliver ({error})").carrying(&["trail_arn"]);

fn judge(subject: &Subject<'_>) -> Judged {
    let table = subject.facts.description.read()?;
    let trails = subject.facts.trails.read()?;
    let selectors = subject.facts.trail_selectors.read()?;
    let recorded = super::recording(table, trails, selectors);
    // Where all of them together record every read, each that records some is needed.
    let all: Vec<&Trail> = trails.iter().collect();
    let together = super::unrecorded(table, &all, selectors).0.is_empty();
    let some = |trail: &&Trail| together && !super::unrecorded(table, &[*trail], selectors).1.is_empty();
    let of_reads = |trail: &&Trail| {
        recorded.whole.contains(trail) || recorded.part.iter().any(|(part, _)| part == trail)
    };
    let recording: Vec<&Trail> = all.into_iter().filter(|trail| of_reads(trail) || some(trail)).collect();
    if let Some(untold) = recorded.untold.first().filter(|_| recording.is_empty()) {
        return Ok(unreadable(
            FactKind::TrailSelectors,
            &format!("what {} records is not told", untold.name),
        ));
    }
    if recording.is_empty() {
        return Ok(not_applicable("No trail asks for reads of the table's items: see no-data-events."));
    }
    let states = subject.facts.trail_status.read()?;
    // Nothing is missed by one that is stopped while others record every read.
    let delivers =
        |trail: &&Trail| states.iter().any(|s| s.arn == trail.arn && s.logging && s.delivery_error.is_none());
    let on: Vec<&Trail> = recording.iter().copied().filter(delivers).collect();
    if super::unrecorded(table, &on, selectors).0.is_empty() {
        let names: Vec<&str> = on.iter().map(|t| t.name.as_str()).collect();
        return Ok(pass(&format!("{} is recording.", list(&names))));
    }
    let mut wrong = Vec::new();
    for trail in &recording {
        match states.iter().find(|s| s.arn == trail.arn) {
            Some(TrailStatus { logging: false, .. }) => {
                wrong.push(STOPPED.with("trail", &trail.name).with("trail_arn", &trail.arn));
            }
            Some(TrailStatus { delivery_error: Some(error), .. }) => {
                let evidence = UNDELIVERED.with("trail", &trail.name).with("error", error);
                wrong.push(evidence.with("trail_arn", &trail.arn));
            }
            Some(_) => {}
            None => {
                let text = format!("the state of {} is not told", trail.name);
                return Ok(unreadable(FactKind::TrailStatus, &text));
            }
        }
    }
    Ok(if wrong.is_empty() {
        let names: Vec<&str> = recording.iter().map(|t| t.name.as_str()).collect();
        pass(&format!("{} is recording.", list(&names)))
    } else {
        fail(Severity::Medium, WRONG.with("trails", wrong))
    })
}

const ARN: &str = "arn:aws:cloudtrail:eu-west-1:111122223333:trail/trail-";

fn both() -> FactValue {
    let of = |n: u8| TrailSelectors { arn: format!("{ARN}{n}"), selectors: every_table(None) };
    FactValue::TrailSelectors([0, 1].map(of).into())
}

fn by_two() -> FactValue {
    let of = |(n, reads): (u8, &str)| TrailSelectors {
        arn: format!("{ARN}{n}"),
        selectors: every_table(Some(reads)),
    };
    FactValue::TrailSelectors([(0, "true"), (1, "false")].map(of).into())
}

fn second_stopped() -> FactValue {
    let of = |n: u8| TrailStatus { arn: format!("{ARN}{n}"), logging: n == 0, delivery_error: None };
    FactValue::TrailStatus([0, 1].map(of).into())
}

fn first_stopped() -> FactValue {
    let of = |n: u8| TrailStatus { arn: format!("{ARN}{n}"), logging: n == 1, delivery_error: None };
    FactValue::TrailStatus([0, 1].map(of).into())
}

fn status(logging: bool, delivery_error: Option<&str>) -> FactValue {
    let arn = "arn:aws:cloudtrail:eu-west-1:111122223333:trail/trail-0".into();
    let delivery_error = delivery_error.map(str::to_owned);
    FactValue::TrailStatus(vec![TrailStatus { arn, logging, delivery_error }])
}
