//! No trail records who reads the items.

use crate::domain::{
    Evidence, FactKind, FactValue, FieldSelector, Level, Message, Severity, Trail, TrailSelectors,
    TrailStatus,
};
use crate::posture::check::{Case, Fixed, Judged, PostureCheck, Reference, Subject};
use crate::posture::examples::{every_table, facts, one_table, plain, secret, selecting, trails};
use crate::posture::messages::{fail, list, name, pass, unreadable};

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
    topic: Fixed::By("data-events"),
    messages: &[&STOPPED, &ALL_STOPPED, &NO_TRAIL, &NONE, &SOME, &LEAVES_OUT, &LAKE],
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
            "low: trail-0 selects reads of the table's items that nothing else records, and is stopped",
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
        Case::of(
            "reads by one trail, statements that may write by another",
            || facts([plain(), trails(2), by_two(), logging_both(true)]),
            "pass",
            "trail-0 and trail-1: record reads of the table's items between them",
        ),
        Case::of(
            "the same, and one of them is stopped",
            || facts([plain(), trails(2), by_two(), logging_both(false)]),
            "fail",
            "low: trail-1 selects",
        ),
        Case::of(
            "every API call of every table",
            || {
                let mut all = every_table(None);
                all[0].fields.push(FieldSelector::equal("eventType", &["AwsApiCall"]));
                facts([plain(), trails(1), selecting(all), logging(true)])
            },
            "pass",
            "trail-0: records reads",
        ),
        Case::of(
            "all are stopped; what they select is not read",
            || facts([plain(), trails(1), logging(false)]),
            "fail",
            "low: The trails of this Region are stopped: trail-0",
        ),
        Case::of(
            "what one of two records is not told",
            || facts([plain(), trails(2), selecting(vec![])]),
            "unknown",
            "what trail-1 records is not told",
        ),
        Case::of("trails not read", || facts([plain(), selecting(vec![])]), "unknown", "trails: not asked"),
        Case::of("nothing read", || facts([]), "unknown", "description: not asked"),
    ],
};

static STOPPED: Message = Message::new(
    "recording-trails-stopped",
    "{trails} {trails?selects|select} reads of the table's items that nothing else records, and {trails?is|are} stopped.",
)
.carrying(&["trail_arns"]);

static ALL_STOPPED: Message =
    Message::new("trails-stopped", "The trails of this Region are stopped: {trails}.")
        .carrying(&["trail_arns"]);

static NO_TRAIL: Message = Message::new("no-trail", "There is no trail for this Region.");

static NONE: Message = Message::new(
    "trails-leave-reads-out",
    "None of the trails {trails} selects every read of the table's items.",
)
.carrying(&["trail_arns"]);

static SOME: Message = Message::new("trails-record-some-reads", "Of those that select some, {trails}.");

static LEAVES_OUT: Message =
    Message::new("trail-leaves-out", "{trail} leaves out {event}").carrying(&["trail_arn"]);

static LAKE: Message =
    Message::new("event-data-stores-not-read", "Event data stores of CloudTrail Lake were not looked at.");

fn judge(subject: &Subject<'_>) -> Judged {
    let table = subject.facts.description.read()?;
    let trails = subject.facts.trails.read()?;
    // Whatever they would record, those that are stopped record nothing.
    let states = subject.facts.trail_status.known().map(Vec::as_slice).unwrap_or_default();
    let is_off = |trail: &Trail| states.iter().any(|s| s.arn == trail.arn && !s.logging);
    if !trails.is_empty() && trails.iter().all(is_off) && subject.facts.trail_selectors.known().is_none() {
        let secrets = subject.flagged.is_some_and(|f| !f.is_empty());
        let evidence = vec![named(&ALL_STOPPED, &trails.iter().collect::<Vec<_>>()), LAKE.alone()];
        return Ok(fail(if secrets { Severity::Medium } else { Severity::Low }, evidence));
    }
    let selectors = subject.facts.trail_selectors.read()?;
    let recorded = super::recording(table, trails, selectors);
    let names = |trails: &[&Trail]| list(&trails.iter().map(|t| t.name.as_str()).collect::<Vec<_>>());
    let all: Vec<&Trail> = trails.iter().collect();
    let covered = |some: &[&Trail]| super::unrecorded(table, some, selectors).0.is_empty();
    let mut stopped = None;
    // What one leaves out another may record.
    if covered(&all) {
        // A trail that is stopped records nothing.
        let states = subject.facts.trail_status.read()?;
        let is_on = |trail: &Trail| states.iter().find(|s| s.arn == trail.arn).map(|s| s.logging);
        let on: Vec<&Trail> = trails.iter().filter(|t| is_on(t) == Some(true)).collect();
        if covered(&on) {
            let whole: Vec<&Trail> =
                recorded.whole.iter().copied().filter(|t| is_on(t) == Some(true)).collect();
            if !whole.is_empty() {
                return Ok(pass(&format!("{}: records reads of the table's items.", names(&whole))));
            }
            return Ok(pass(&format!("{}: record reads of the table's items between them.", names(&on))));
        }
        let off = |t: &&Trail| is_on(t) == Some(false);
        if let Some(untold) = all.iter().find(|t| is_on(t).is_none()) {
            let text = format!("whether {} records is not told", name(&untold.name));
            return Ok(unreadable(FactKind::TrailStatus, &text));
        }
        let missed = if recorded.whole.is_empty() { &all } else { &recorded.whole };
        stopped = Some(named(&STOPPED, &missed.iter().copied().filter(off).collect::<Vec<_>>()));
    }
    if let Some(untold) = recorded.untold.first() {
        let text = format!("what {} records is not told", name(&untold.name));
        return Ok(unreadable(FactKind::TrailSelectors, &text));
    }
    let secrets = subject.flagged.is_some_and(|f| !f.is_empty());
    let first = match stopped {
        Some(stopped) => stopped,
        None if trails.is_empty() => NO_TRAIL.alone(),
        None => named(&NONE, &trails.iter().collect::<Vec<_>>()),
    };
    let leaves_out = |(trail, event): &(&Trail, &'static str)| {
        LEAVES_OUT.with("trail", &trail.name).with("event", *event).with("trail_arn", &trail.arn)
    };
    let part: Vec<Evidence> = recorded.part.iter().map(leaves_out).collect();
    let some = (!part.is_empty()).then(|| SOME.with("trails", part));
    let evidence: Vec<Evidence> = std::iter::once(first).chain(some).chain([LAKE.alone()]).collect();
    Ok(fail(if secrets { Severity::Medium } else { Severity::Low }, evidence))
}

fn named(message: &'static Message, trails: &[&Trail]) -> Evidence {
    let names: Vec<&str> = trails.iter().map(|t| t.name.as_str()).collect();
    let arns: Vec<&str> = trails.iter().map(|t| t.arn.as_str()).collect();
    message.with("trails", names).with("trail_arns", arns)
}

fn by_two() -> FactValue {
    let arn = |n: usize| format!("arn:aws:cloudtrail:eu-west-1:111122223333:trail/trail-{n}");
    let of = |n: usize, reads| TrailSelectors { arn: arn(n), selectors: every_table(Some(reads)) };
    FactValue::TrailSelectors(vec![of(0, "true"), of(1, "false")])
}

fn logging_both(second: bool) -> FactValue {
    let state = |(n, logging)| TrailStatus {
        arn: format!("arn:aws:cloudtrail:eu-west-1:111122223333:trail/trail-{n}"),
        logging,
        delivery_error: None,
    };
    FactValue::TrailStatus([(0, true), (1, second)].map(state).into())
}

fn logging(logging: bool) -> FactValue {
    let arn = "arn:aws:cloudtrail:eu-west-1:111122223333:trail/trail-0".into();
    FactValue::TrailStatus(vec![TrailStatus { arn, logging, delivery_error: None }])
}
