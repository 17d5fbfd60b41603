//! The table can be deleted with one call.

use crate::domain::{FactKind, Level, Message, Severity};
use crate::posture::check::{Case, Fixed, Judged, PostureCheck, Reference, Subject};
use crate::posture::examples::{described, facts, plain};
use crate::posture::messages::{fail, pass, unreadable};

pub(super) static CHECK: PostureCheck = PostureCheck {
    id: "deletion-protection-off",
    title: "Deletion protection is off",
    why: "One DeleteTable call, by mistake or by an intruder, removes the table with its items and indexes.",
    severity: Severity::Low,
    level: Level::Table,
    reads: &[FactKind::Description],
    reads_items: false,
    judge,
    topic: Fixed::By("deletion-protection"),
    messages: &[&OFF, &OFF_EMPTY],
    source: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/WorkingWithTables.Basics.html",
    refs: &[Reference::Fsbp("DynamoDB.6")],
    field: "DescribeTable Table.DeletionProtectionEnabled",
    cases: &[
        Case::of("on", || facts([described(|d| d.deletion_protection = Some(true))]), "pass", "is on"),
        Case::of("off", || facts([plain()]), "fail", "low: Deletion protection is off"),
        Case::of(
            "off, one item",
            || facts([described(|d| d.items = 1)]),
            "fail",
            "about 1 item. It would go",
        ),
        Case::of(
            "off, no item counted",
            || facts([described(|d| d.items = 0)]),
            "fail",
            "low: Deletion protection is off. No item was in the table",
        ),
        Case::of(
            "not told",
            || facts([described(|d| d.deletion_protection = None)]),
            "unknown",
            "does not say whether deletion protection is on",
        ),
        Case::of("not read", || facts([]), "unknown", "description: not asked"),
    ],
};

static OFF: Message = Message::new(
    "deletion-protection-off",
    "Deletion protection is off on this table of about {items:item|items}. {items?It|They} would go with \
     one call.",
);

static OFF_EMPTY: Message = Message::new(
    "deletion-protection-off-empty-table",
    "Deletion protection is off. No item was in the table when AWS last counted.",
);

fn judge(subject: &Subject<'_>) -> Judged {
    let description = subject.facts.description.read()?;
    let Some(on) = description.deletion_protection else {
        let text = "DescribeTable does not say whether deletion protection is on";
        return Ok(unreadable(FactKind::Description, text));
    };
    Ok(if on {
        pass("Deletion protection is on.")
    } else {
        // DescribeTable counts every six hours, so none may be a new table.
        let evidence = match description.items {
            0 => OFF_EMPTY.alone(),
            items => OFF.with("items", items),
        };
        fail(Severity::Low, evidence)
    })
}
