//! Provisioned read capacity does not scale.

use crate::domain::{Billing, FactKind, FactValue, Level, Message, Severity};
use crate::posture::check::{Case, Fixed, Judged, PostureCheck, Reference, Subject};
use crate::posture::examples::{described, facts, plain};
use crate::posture::messages::{fail, not_applicable, pass};

pub(super) static CHECK: PostureCheck = PostureCheck {
    id: "provisioned-without-scaling",
    title: "Provisioned capacity does not scale by itself",
    why: "Only availability is at stake: a scan by anybody can use the capacity up, and then the application's reads are \
          throttled.",
    severity: Severity::Info,
    level: Level::Table,
    reads: &[FactKind::Description, FactKind::Scaling],
    reads_items: false,
    judge,
    topic: Fixed::By("scaling"),
    messages: &[&READ, &WRITE],
    source: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/AutoScaling.html",
    refs: &[Reference::Fsbp("DynamoDB.1"), Reference::OwaspApi(4), Reference::Cwe(770)],
    field: "DescribeScalableTargets ScalableTargets[].ScalableDimension",
    cases: &[
        Case::of("on demand", || facts([plain()]), "not-applicable", "on demand"),
        Case::of(
            "scaling",
            || {
                facts([
                    provisioned(),
                    scaling(&["dynamodb:table:ReadCapacityUnits", "dynamodb:table:WriteCapacityUnits"]),
                ])
            },
            "pass",
            "scale by themselves",
        ),
        Case::of(
            "reads scale, writes do not",
            || facts([provisioned(), scaling(&["dynamodb:table:ReadCapacityUnits"])]),
            "fail",
            "info: Read capacity scales by itself, and write",
        ),
        Case::of(
            "writes scale, reads do not",
            || facts([provisioned(), scaling(&["dynamodb:table:WriteCapacityUnits"])]),
            "fail",
            "info: 5 read capacity units",
        ),
        Case::of(
            "not scaling",
            || facts([provisioned(), scaling(&[])]),
            "fail",
            "info: 5 read capacity units",
        ),
        Case::of("scaling not read", || facts([provisioned()]), "unknown", "scaling: not asked"),
        Case::of("nothing read", || facts([]), "unknown", "description: not asked"),
    ],
};

static READ: Message = Message::new(
    "read-capacity-does-not-scale",
    "{read:read capacity unit is|read capacity units are} provisioned, and {read?it does|they do} not scale.",
);

static WRITE: Message = Message::new(
    "write-capacity-does-not-scale",
    "Read capacity scales by itself, and write capacity does not.",
);

fn judge(subject: &Subject<'_>) -> Judged {
    let Billing::Provisioned { read, .. } = subject.facts.description.read()?.billing else {
        return Ok(not_applicable("The table is paid for on demand: there is no capacity to scale."));
    };
    let scaling = subject.facts.scaling.read()?;
    let scales = |what: &str| scaling.iter().any(|d| *d == format!("dynamodb:table:{what}CapacityUnits"));
    Ok(match (scales("Read"), scales("Write")) {
        (true, true) => pass("Read and write capacity scale by themselves."),
        (true, false) => fail(Severity::Info, WRITE.alone()),
        (false, _) => fail(Severity::Info, READ.with("read", read)),
    })
}

fn provisioned() -> FactValue {
    described(|d| d.billing = Billing::Provisioned { read: 5, write: None })
}

fn scaling(dimensions: &[&str]) -> FactValue {
    FactValue::Scaling(dimensions.iter().map(|d| (*d).to_owned()).collect())
}
