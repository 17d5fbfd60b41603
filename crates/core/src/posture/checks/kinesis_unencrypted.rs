//! The data stream that gets every change is not encrypted.

use crate::domain::{FactKind, FactValue, KinesisDestination, Level, Message, Retention, Severity};
use crate::posture::check::{Case, Fixed, Judged, PostureCheck, Reference, Subject};
use crate::posture::examples::facts;
use crate::posture::messages::{fail, list, not_applicable, pass, unreadable};

pub(super) static CHECK: PostureCheck = PostureCheck {
    id: "kinesis-unencrypted",
    title: "The Kinesis data stream of the changes is not encrypted",
    why: "DynamoDB encrypts the table whatever one does; Kinesis encrypts the same items only where somebody says so.",
    severity: Severity::Medium,
    level: Level::Table,
    reads: &[FactKind::Kinesis, FactKind::KinesisRetention],
    reads_items: false,
    judge,
    topic: Fixed::Not(
        "the data stream may have other writers and readers: its owner turns server-side encryption on, once they have \
         permissions for the key",
    ),
    messages: &[&PLAIN],
    source: "https://docs.aws.amazon.com/streams/latest/dev/server-side-encryption.html",
    refs: &[Reference::OwaspApi(8), Reference::Cwe(311)],
    field: "DescribeStreamSummary StreamDescriptionSummary.EncryptionType",
    cases: &[
        Case::of("no data stream", || facts([to(0)]), "not-applicable", "no Kinesis data stream"),
        Case::of("under KMS", || facts([to(1), streams(&["KMS"])]), "pass", "under KMS"),
        Case::of(
            "not at all",
            || facts([to(2), streams(&["KMS", "NONE"])]),
            "fail",
            "medium: No server-side encryption has arn:aws:kinesis:eu-west-1:111122223333:stream/1",
        ),
        Case::of(
            "not told",
            || facts([to(2), streams(&["KMS", ""])]),
            "unknown",
            "of stream/1 it is not told",
        ),
        Case::of(
            "one of two not read",
            || facts([to(2), streams(&["KMS"])]),
            "unknown",
            "of stream/1 it is not told",
        ),
        Case::of("not read", || facts([to(1)]), "unknown", "kinesis_retention: not asked"),
        Case::of("nothing read", || facts([]), "unknown", "kinesis: not asked"),
    ],
};

static PLAIN: Message =
    Message::new("data-streams-unencrypted", "No server-side encryption has {stream_arns}.");

fn judge(subject: &Subject<'_>) -> Judged {
    let destinations = subject.facts.kinesis.read()?;
    if destinations.is_empty() {
        return Ok(not_applicable("Changes go to no Kinesis data stream."));
    }
    let streams = subject.facts.kinesis_retention.read()?;
    let of = |kind: &str| -> Vec<&str> {
        streams.iter().filter(|stream| stream.encryption == kind).map(|stream| stream.arn.as_str()).collect()
    };
    let unread = destinations.iter().filter(|to| !streams.iter().any(|stream| stream.arn == to.arn));
    let untold = of("").into_iter().chain(unread.map(|to| to.arn.as_str()));
    let untold: Vec<&str> = untold.filter_map(|arn| arn.rsplit(':').next()).collect();
    Ok(if !of("NONE").is_empty() {
        fail(Severity::Medium, PLAIN.with("stream_arns", of("NONE")))
    } else if !untold.is_empty() {
        let text = format!("of {} it is not told whether it is encrypted", list(&untold));
        unreadable(FactKind::KinesisRetention, &text)
    } else {
        pass("What gets every change is encrypted under KMS.")
    })
}

fn to(n: usize) -> FactValue {
    let arn = |n| format!("arn:aws:kinesis:eu-west-1:111122223333:stream/{n}");
    let to = |n| KinesisDestination { arn: arn(n), status: "ACTIVE".into() };
    FactValue::Kinesis((0..n).map(to).collect())
}

fn streams(kinds: &[&str]) -> FactValue {
    let stream = |(n, kind): (usize, &&str)| Retention {
        arn: format!("arn:aws:kinesis:eu-west-1:111122223333:stream/{n}"),
        hours: 24,
        encryption: (*kind).to_owned(),
    };
    FactValue::KinesisRetention(kinds.iter().enumerate().map(stream).collect())
}
