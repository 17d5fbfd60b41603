//! Every change goes to a Kinesis data stream.

use crate::domain::{Arn, FactKind, FactValue, KinesisDestination, Level, Message, Severity};
use crate::posture::check::{Case, Fixed, Judged, PostureCheck, Reference, Subject};
use crate::posture::examples::{facts, plain};
use crate::posture::messages::{fail, pass};

pub(super) static CHECK: PostureCheck = PostureCheck {
    id: "kinesis-destination",
    title: "Every change goes to a Kinesis data stream",
    why: "The data stream holds whole items for up to a year, under a policy and a key of its own.",
    severity: Severity::Info,
    level: Level::Table,
    reads: &[FactKind::Description, FactKind::Kinesis],
    reads_items: false,
    judge,
    topic: Fixed::By("kinesis-destination"),
    messages: &[&SENT],
    source: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/kds.html",
    refs: &[Reference::OwaspApi(9), Reference::Cwe(200)],
    field: "DescribeKinesisStreamingDestination KinesisDataStreamDestinations[].StreamArn",
    cases: &[
        Case::of("none", || facts([to(&[])]), "pass", "no Kinesis data stream"),
        Case::of(
            "one of the account",
            || facts([plain(), to(&["111122223333"])]),
            "fail",
            "info: Every change goes to arn:aws:kinesis:eu-west-1:111122223333:stream/out",
        ),
        Case::of(
            "one of another account",
            || facts([plain(), to(&["444455556666"])]),
            "fail",
            "medium: Every change goes to",
        ),
        Case::of("not read", || facts([plain()]), "unknown", "kinesis: not asked"),
        Case::of(
            "whose it is not known",
            || facts([to(&["444455556666"])]),
            "unknown",
            "description: not asked",
        ),
    ],
};

static SENT: Message = Message::new(
    "changes-go-to-data-streams",
    "Every change goes to {stream_arns}.{foreign? That is not, or not only, in the table's account.|}",
);

fn judge(subject: &Subject<'_>) -> Judged {
    let all = subject.facts.kinesis.read()?;
    if all.is_empty() {
        return Ok(pass("Changes go to no Kinesis data stream."));
    }
    let own = match super::own_account(subject)? {
        Ok(own) => own,
        Err(verdict) => return Ok(verdict),
    };
    let foreign = all.iter().any(|d| Arn::parse(&d.arn).is_none_or(|a| a.account != own));
    let arns: Vec<&str> = all.iter().map(|d| d.arn.as_str()).collect();
    let severity = if foreign { Severity::Medium } else { Severity::Info };
    Ok(fail(severity, SENT.with("stream_arns", arns).with("foreign", foreign)))
}

fn to(accounts: &[&str]) -> FactValue {
    let destination = |account: &&str| KinesisDestination {
        arn: format!("arn:aws:kinesis:eu-west-1:{account}:stream/out"),
        status: "ACTIVE".into(),
    };
    FactValue::Kinesis(accounts.iter().map(destination).collect())
}
