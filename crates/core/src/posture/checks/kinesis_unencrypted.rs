//! The data stream that gets every change is not encrypted.

use crate::domain::{FactKind, FactValue, Level, Message, Retention, Severity};
use crate::posture::check::{Case, Fixed, Judged, PostureCheck, Reference, Subject};
use crate::posture::examples::facts;
use crate::posture::messages::{fail, list, not_applicable, pass, unreadable};

pub(super) static CHECK: PostureCheck = PostureCheck {
    id: "kinesis-unencrypted",
    title: "The Kinesis data stream of the changes is not encrypted",
    why: "DynamoDB encrypts the table whatever one does; Kinesis encrypts the same items only where somebody says so.",
    severity: Severity::Medium,
    level: Level::Table,
    reads: &[FactKind::KinesisRetention],
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
        Case::of("no data stream", || facts([streams(&[])]), "not-applicable", "no Kinesis data stream"),
        Case::of("under KMS", || facts([streams(&["KMS"])]), "pass", "under KMS"),
        Case::of(
            "not at all",
            || facts([streams(&["KMS", "NONE"])]),
            "fail",
            "medium: No server-side encryption has arn:aws:kinesis:eu-west-1:111122223333:stream/1",
        ),
        Case::of("not told", || facts([streams(&["KMS", ""])]), "unknown", "of stream/1 it is not told"),
        Case::of("not read", || facts([]), "unknown", "kinesis_retention: not asked"),
    ],
};

static PLAIN: Message =
    Message::new("data-streams-unencrypted", "No server-side encryption has {stream_arns}.");

fn judge(subject: &Subject<'_>) -> Judged {
    let streams = subject.facts.kinesis_retention.read()?;
    if streams.is_empty() {
        return Ok(not_applicable("Changes go to no Kinesis data stream."));
    }
    let of = |kind: &str| -> Vec<&str> {
        streams.iter().filter(|stream| stream.encryption == kind).map(|stream| stream.arn.as_str()).collect()
    };
    let untold: Vec<&str> = of("").iter().filter_map(|arn| arn.rsplit(':').next()).collect();
    Ok(if !of("NONE").is_empty() {
        fail(Severity::Medium, PLAIN.with("stream_arns", of("NONE")))
    } else if !untold.is_empty() {
        let text = format!("of {} it is not told whether it is encrypted", list(&untold));
        unreadable(FactKind::KinesisRetention, &text)
    } else {
        pass("What gets every change is encrypted under KMS.")
    })
}

fn streams(kinds: &[&str]) -> FactValue {
    let stream = |(n, kind): (usize, &&str)| Retention {
        arn: format!("arn:aws:kinesis:eu-west-1:111122223333:stream/{n}"),
        hours: 24,
        encryption: (*kind).to_owned(),
    };
    FactValue::KinesisRetention(kinds.iter().enumerate().map(stream).collect())
}
