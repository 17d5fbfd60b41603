//! No trail records who reads the stream.

use crate::domain::{
    FactKind, FactValue, FieldSelector, Level, Message, Selector, Severity, Trail, TrailStatus,
};
use crate::posture::check::{Case, Fixed, Judged, PostureCheck, Reference, Subject};
use crate::posture::examples::{described, every_table, facts, plain, selecting, stream, trails};
use crate::posture::messages::{fail, list, not_applicable, pass, unreadable};

pub(super) static CHECK: PostureCheck = PostureCheck {
    id: "no-stream-data-events",
    title: "No trail records reads of streams",
    why: "Whoever reads a stream gets what changes in the table, and no read of the table shows it. CloudTrail records reads of streams only \
          where a trail asks for them.",
    severity: Severity::Info,
    level: Level::Region,
    reads: &[FactKind::Description, FactKind::Trails, FactKind::TrailSelectors, FactKind::TrailStatus],
    reads_items: false,
    judge,
    topic: Fixed::By("data-events"),
    messages: &[&NONE],
    source: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/logging-using-cloudtrail.html",
    refs: &[Reference::OwaspApi(8), Reference::Cwe(778)],
    field: "GetEventSelectors EventSelectors[] and AdvancedEventSelectors[] of AWS::DynamoDB::Stream and AWS::DynamoDB::Table, \
            GetTrailStatus IsLogging",
    cases: &[
        Case::of("no stream", || facts([plain()]), "not-applicable", "no stream"),
        Case::of(
            "every stream",
            || facts([streaming(), trails(1), selecting(of("AWS::DynamoDB::Stream", None)), logging(true)]),
            "pass",
            "trail-0",
        ),
        // Those of a table bring those of its streams along, unless the event is named.
        Case::of(
            "every table",
            || facts([streaming(), trails(1), selecting(every_table(None)), logging(true)]),
            "pass",
            "trail-0",
        ),
        Case::of(
            "some reads of every table",
            || facts([streaming(), trails(1), selecting(of("AWS::DynamoDB::Table", Some("GetItem")))]),
            "fail",
            "info: None of the trails trail-0 records",
        ),
        Case::of(
            "nothing",
            || facts([streaming(), trails(1), selecting(Vec::new())]),
            "fail",
            "info: None of the trails trail-0 records",
        ),
        Case::of(
            "of one of two nothing is told",
            || facts([streaming(), trails(2), selecting(Vec::new())]),
            "unknown",
            "what trail-1 records is not told",
        ),
        Case::of(
            "selectors not read",
            || facts([streaming(), trails(1)]),
            "unknown",
            "trail_selectors: not asked",
        ),
        Case::of("trails not read", || facts([streaming()]), "unknown", "trails: not asked"),
        Case::of("nothing read", || facts([]), "unknown", "description: not asked"),
    ],
};

static NONE: Message =
    Message::new("trails-leave-stream-reads-out", "None of the trails {trails} records reads of streams.")
        .carrying(&["trail_arns"]);

fn judge(subject: &Subject<'_>) -> Judged {
    let Some(stream) = &subject.facts.description.read()?.stream else {
        return Ok(not_applicable("The table has no stream."));
    };
    let trails = subject.facts.trails.read()?;
    let selectors = subject.facts.trail_selectors.read()?;
    let selects = |arn: &str| {
        let of_it = selectors.iter().filter(|s| s.arn == arn).flat_map(|s| &s.selectors);
        of_it.into_iter().any(|selector| super::records(selector, KINDS, &stream.arn, ("GetRecords", "true")))
    };
    let selecting: Vec<&Trail> = trails.iter().filter(|t| selects(&t.arn)).collect();
    if !selecting.is_empty() {
        // A trail that is stopped records nothing.
        let states = subject.facts.trail_status.read()?;
        let is_on = |trail: &Trail| states.iter().find(|s| s.arn == trail.arn).map(|s| s.logging);
        let on: Vec<&str> =
            selecting.iter().filter(|t| is_on(t) == Some(true)).map(|t| t.name.as_str()).collect();
        if !on.is_empty() {
            return Ok(pass(&format!("{}: records reads of the stream.", list(&on))));
        }
        if let Some(untold) = selecting.iter().find(|t| is_on(t).is_none()) {
            let text = format!("whether {} records is not told", untold.name);
            return Ok(unreadable(FactKind::TrailStatus, &text));
        }
    }
    if let Some(untold) = trails.iter().find(|t| !selectors.iter().any(|s| s.arn == t.arn)) {
        let text = format!("what {} records is not told", untold.name);
        return Ok(unreadable(FactKind::TrailSelectors, &text));
    }
    let names: Vec<&str> = trails.iter().map(|t| t.name.as_str()).collect();
    let arns: Vec<&str> = trails.iter().map(|t| t.arn.as_str()).collect();
    Ok(fail(Severity::Info, NONE.with("trails", names).with("trail_arns", arns)))
}

/// A selector of tables brings their streams along.
const KINDS: &[&str] = &["AWS::DynamoDB::Stream", "AWS::DynamoDB::Table"];

fn streaming() -> FactValue {
    described(|d| d.stream = stream())
}

fn of(kind: &str, event: Option<&str>) -> Vec<Selector> {
    let mut fields = vec![
        FieldSelector::equal("eventCategory", &["Data"]),
        FieldSelector::equal("resources.type", &[kind]),
    ];
    fields.extend(event.map(|event| FieldSelector::equal("eventName", &[event])));
    vec![Selector { fields }]
}

fn logging(logging: bool) -> FactValue {
    let arn = "arn:aws:cloudtrail:eu-west-1:111122223333:trail/trail-0".into();
    FactValue::TrailStatus(vec![TrailStatus { arn, logging, delivery_error: None }])
}
