//! A table's provisioned capacity is near the most that a table may have.

use crate::domain::{Billing, FactKind, FactValue, Level, Limits, Message, Severity};
use crate::posture::check::{Case, Fixed, Judged, PostureCheck, Reference, Subject};
use crate::posture::examples::{described, facts, plain};
use crate::posture::messages::{fail, not_applicable, pass};

pub(super) static CHECK: PostureCheck = PostureCheck {
    id: "capacity-near-limit",
    title: "Read capacity is near the limit of a table",
    why: "Only availability is at stake: it cannot be raised much in a hurry, whoever uses it up.",
    severity: Severity::Info,
    level: Level::Table,
    reads: &[FactKind::Description, FactKind::Limits],
    reads_items: false,
    judge,
    topic: Fixed::Not("availability only; AWS raises the limit on request"),
    messages: &[&NEAR],
    source: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html",
    refs: &[Reference::OwaspApi(4), Reference::Cwe(770)],
    field: "DescribeLimits TableMaxReadCapacityUnits",
    cases: &[
        Case::of("on demand", || facts([plain()]), "not-applicable", "on demand"),
        Case::of("far from it", || facts([provisioned(5), limits(40_000)]), "pass", "5 of at most 40000"),
        Case::of(
            "four fifths of it",
            || facts([provisioned(32_000), limits(40_000)]),
            "fail",
            "info: 32000 of at most 40000",
        ),
        Case::of("limits not read", || facts([provisioned(5)]), "unknown", "limits: not asked"),
        Case::of("nothing read", || facts([limits(40_000)]), "unknown", "description: not asked"),
    ],
};

static NEAR: Message = Message::new(
    "read-capacity-near-limit",
    "{read} of at most {limit} read capacity units of a table are provisioned.",
);

fn judge(subject: &Subject<'_>) -> Judged {
    let Billing::Provisioned { read, .. } = subject.facts.description.read()?.billing else {
        return Ok(not_applicable("The table is paid for on demand: none of its capacity is set."));
    };
    let most = subject.facts.limits.read()?.table_read;
    let text = format!("{read} of at most {most} read capacity units of a table are provisioned.");
    // As AWS Config's dynamodb-throughput-limit-check does by default: from 80 percent on.
    let is_near = read.saturating_mul(5) >= most.saturating_mul(4);
    Ok(if is_near { fail(Severity::Info, NEAR.with("read", read).with("limit", most)) } else { pass(&text) })
}

fn provisioned(units: u64) -> FactValue {
    let FactValue::Description(mut description) = described(|_| ()) else { return plain() };
    description.billing = Billing::Provisioned { read: units, write: None };
    FactValue::Description(description)
}

fn limits(table_read: u64) -> FactValue {
    FactValue::Limits(Limits { account_read: 80_000, table_read })
}
