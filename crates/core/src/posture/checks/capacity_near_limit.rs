//! A table's provisioned capacity is near the most that a table may have.

use crate::domain::{Billing, Evidence, FactKind, FactValue, Level, Limits, Message, Severity};
use crate::posture::check::{Case, Fixed, Judged, PostureCheck, Reference, Subject};
use crate::posture::examples::{described, facts, plain};
use crate::posture::messages::{fail, not_applicable, pass, unreadable};

pub(super) static CHECK: PostureCheck = PostureCheck {
    id: "capacity-near-limit",
    title: "Capacity is near the limit of a table",
    why: "Only availability is at stake: it cannot be raised much in a hurry, whoever uses it up.",
    severity: Severity::Info,
    level: Level::Table,
    reads: &[FactKind::Description, FactKind::Limits],
    reads_items: false,
    judge,
    topic: Fixed::Not("availability only; AWS raises the limit on request"),
    messages: &[&NEAR, &WRITES_NEAR],
    source: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html",
    refs: &[Reference::OwaspApi(4), Reference::Cwe(770)],
    field: "DescribeLimits TableMaxReadCapacityUnits and TableMaxWriteCapacityUnits",
    cases: &[
        Case::of("on demand", || facts([plain()]), "not-applicable", "on demand"),
        Case::of("far from it", || facts([provisioned(5), limits(40_000)]), "pass", "5 of at most 40000"),
        Case::of(
            "four fifths of it",
            || facts([provisioned(32_000), limits(40_000)]),
            "fail",
            "info: 32000 of at most 40000",
        ),
        Case::of(
            "writes near it",
            || facts([writing(5, Some(39_000)), limits(40_000)]),
            "fail",
            "info: 39000 of at most 40000 write capacity units",
        ),
        Case::of("writes not told", || facts([writing(5, None), limits(40_000)]), "unknown", "is not told"),
        Case::of("limits not read", || facts([provisioned(5)]), "unknown", "limits: not asked"),
        Case::of("nothing read", || facts([limits(40_000)]), "unknown", "description: not asked"),
    ],
};

static NEAR: Message = Message::new(
    "read-capacity-near-limit",
    "{read} of at most {limit} read capacity units of a table are provisioned.",
);

static WRITES_NEAR: Message = Message::new(
    "write-capacity-near-limit",
    "{write} of at most {limit} write capacity units of a table are provisioned.",
);

fn judge(subject: &Subject<'_>) -> Judged {
    let Billing::Provisioned { read, write } = subject.facts.description.read()?.billing else {
        return Ok(not_applicable("The table is paid for on demand: none of its capacity is set."));
    };
    let limits = subject.facts.limits.read()?;
    // From 80 percent on.
    let is_near = |units: u64, most: u64| units.saturating_mul(5) >= most.saturating_mul(4);
    let near =
        is_near(read, limits.table_read).then(|| NEAR.with("read", read).with("limit", limits.table_read));
    let both = write.zip(limits.table_write);
    let writes = both.filter(|(units, most)| is_near(*units, *most));
    let writes = writes.map(|(units, most)| WRITES_NEAR.with("write", units).with("limit", most));
    let evidence: Vec<Evidence> = near.into_iter().chain(writes).collect();
    Ok(if evidence.is_empty() {
        let Some((write, most_written)) = both else {
            return Ok(unreadable(
                FactKind::Limits,
                "how much write capacity there is, or may be, is not told",
            ));
        };
        let most = limits.table_read;
        pass(&format!(
            "{read} of at most {most} read capacity units of a table are provisioned, and {write} of {most_written} write \
             capacity units."
        ))
    } else {
        fail(Severity::Info, evidence)
    })
}

fn provisioned(units: u64) -> FactValue {
    writing(units, Some(5))
}

fn writing(read: u64, write: Option<u64>) -> FactValue {
    let FactValue::Description(mut description) = described(|_| ()) else { return plain() };
    description.billing = Billing::Provisioned { read, write };
    FactValue::Description(description)
}

fn limits(table_read: u64) -> FactValue {
    FactValue::Limits(Limits { account_read: 80_000, table_read, table_write: Some(40_000) })
}
