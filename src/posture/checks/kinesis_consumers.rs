//! Registered consumers read the table's changes from Kinesis.

use crate::domain::{FactKind, FactValue, KinesisDestination, Severity};
use crate::posture::check::{Case, Judged, PostureCheck, Reference, Subject};
use crate::posture::examples::{facts};
use crate::posture::say::{fail, list, not_applicable, pass};

pub(super) static CHECK: PostureCheck = PostureCheck {
    id: "kinesis-consumers",
    title: "Consumers read the table's changes from Kinesis",
    why: "Each of them gets whole items, and keeps what it logs or writes elsewhere.",
    severity: Severity::Info,
    reads: &[FactKind::Kinesis, FactKind::KinesisConsumers],
    reads_items: false,
    judge,
    topic: None,
    source: "https://docs.aws.amazon.com/streams/latest/dev/enhanced-consumers.html",
    refs: &[Reference::OwaspApi(9), Reference::Cwe(200)],
    field: "ListStreamConsumers Consumers[].ConsumerName",
    cases: &[
        Case::of("no data stream", || facts([to(0)]), "not-applicable", "no Kinesis data stream"),
        Case::of("nobody registered", || facts([to(1), consumed(&[])]), "pass", "No consumer is registered"),
        Case::of("one registered", || facts([to(1), consumed(&["lake"])]), "fail", "info: Registered consumers of the data stream: lake"),
        Case::of("consumers not read", || facts([to(1)]), "unknown", "kinesis_consumers: not asked"),
        Case::of("nothing read", || facts([]), "unknown", "kinesis: not asked"),
    ],
};

fn judge(subject: &Subject<'_>) -> Judged {
    if subject.facts.kinesis.read()?.is_empty() {
        return Ok(not_applicable("Changes go to no Kinesis data stream."));
    }
    let consumers = subject.facts.kinesis_consumers.read()?;
    Ok(if consumers.is_empty() {
        pass("No consumer is registered at the data stream. Who reads it without registering does not show.")
    } else {
        fail(Severity::Info, &format!("Registered consumers of the data stream: {}.", list(consumers)))
    })
}

fn to(n: usize) -> FactValue {
    let arn = "arn:aws:kinesis:eu-west-1:111122223333:stream/out";
    FactValue::Kinesis(vec![KinesisDestination { arn: arn.into(), status: "ACTIVE".into() }; n])
}

fn consumed(names: &[&str]) -> FactValue {
    FactValue::KinesisConsumers(names.iter().map(|n| (*n).to_owned()).collect())
}
