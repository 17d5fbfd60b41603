//! Time to live looks at an attribute that no item has, or at a key attribute that cannot hold a time.
//!
//! The schema tells types of key attributes alone; of another attribute the items tell whether they have it. What is
//! in it is `ttl-not-epoch-seconds`'s question.

use crate::domain::{Expiry, FactKind, KeyType, Level, Message, Projection, Severity};
use crate::posture::check::{Case, Fixed, Judged, PostureCheck, Reference, Subject};
use crate::posture::examples::{attribute, described, expiring, facts, index, plain, ttl};
use crate::posture::messages::{fail, items_read, name, not_applicable, pass};

pub(super) static CHECK: PostureCheck = PostureCheck {
    id: "ttl-on-wrong-attribute",
    title: "Time to live looks at the wrong attribute",
    why: "TTL removes an item only by a number of seconds in the attribute it was given. A name that no item has, \
          or a key that is no number, is accepted without an error, so nothing ever expires.",
    severity: Severity::Medium,
    level: Level::Table,
    reads: &[FactKind::TimeToLive, FactKind::Description],
    reads_items: true,
    judge,
    topic: Fixed::By("ttl-attribute"),
    messages: &[&TYPE, &MISSING],
    source: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/time-to-live-ttl-before-you-start.html",
    refs: &[Reference::OwaspApi(2), Reference::Cwe(613)],
    field: "DescribeTimeToLive TimeToLiveDescription.AttributeName and the items read",
    cases: &[
        Case::of("TTL off; nothing else read", || facts([ttl(None)]), "not-applicable", "is off"),
        Case::of(
            "an index key that is a number",
            || facts([ttl(Some("expires")), by_expiry(KeyType::N)]),
            "pass",
            "expires is a number",
        ),
        Case::of(
            "an index key that is a string",
            || facts([ttl(Some("expires")), by_expiry(KeyType::S)]),
            "fail",
            "medium: Time to live looks at expires, which the schema says is of type S",
        ),
        Case::of("the partition key", || facts([ttl(Some("id")), plain()]), "fail", "looks at id"),
        Case::of(
            "not a key; items not read",
            || facts([ttl(Some("expires")), plain()]),
            "unknown",
            "items: none was read",
        ),
        Case::like(
            "in some items",
            || facts([ttl(Some("expires")), plain()]),
            || expiring(Expiry { seconds: 1, missing: 9, ..Expiry::default() }),
            "pass",
            "1 of the 10 items read has expires",
        ),
        Case::like(
            "in no item",
            || facts([ttl(Some("expires")), plain()]),
            || expiring(Expiry { missing: 10, ..Expiry::default() }),
            "fail",
            "medium: Time to live looks at expires, which none of the 10 items read has: nothing ever expires",
        ),
        Case::of(
            "description not read",
            || facts([ttl(Some("expires"))]),
            "unknown",
            "description: not asked",
        ),
        Case::of("TTL not read", || facts([plain()]), "unknown", "time_to_live: not asked"),
    ],
};

static TYPE: Message = Message::new(
    "ttl-attribute-of-wrong-type",
    "Time to live looks at {attribute}, which the schema says is of type {type}: nothing ever expires.",
);

static MISSING: Message = Message::new(
    "ttl-attribute-missing",
    "Time to live looks at {attribute}, which none of the {items:item|items} read has: nothing ever expires.",
);

fn judge(subject: &Subject<'_>) -> Judged {
    let Some(attribute) = &subject.facts.time_to_live.read()?.attribute else {
        return Ok(not_applicable("Time to live is off."));
    };
    let description = subject.facts.description.read()?;
    let schemas = std::iter::once(&description.key).chain(description.indexes.iter().map(|i| &i.key));
    let kind = schemas
        .flat_map(|s| std::iter::once(&s.partition).chain(&s.sort))
        .find(|a| a.name == *attribute)
        .map(|a| a.kind);
    let shown = name(attribute);
    Ok(match kind {
        Some(KeyType::N) => pass(&format!("The time to live attribute {shown} is a number.")),
        Some(kind) => fail(Severity::Medium, TYPE.with("attribute", attribute).with("type", kind.letter())),
        None => {
            let expiry = subject.expiry()?;
            let all = items_read(expiry.present() + expiry.missing);
            match expiry.present() {
                0 => {
                    fail(Severity::Medium, MISSING.with("attribute", attribute).with("items", expiry.missing))
                }
                1 => pass(&format!("1 of {all} has {shown}.")),
                n => pass(&format!("{n} of {all} have {shown}.")),
            }
        }
    })
}

/// A table with an index sorted by `expires`.
fn by_expiry(kind: KeyType) -> crate::domain::FactValue {
    match kind {
        KeyType::N => described(|d| d.indexes = sorted(KeyType::N)),
        _ => described(|d| d.indexes = sorted(KeyType::S)),
    }
}

fn sorted(kind: KeyType) -> Vec<crate::domain::Index> {
    let mut index = index("by-expiry", "user", Projection::KeysOnly);
    index.key.sort = Some(attribute("expires", kind));
    vec![index]
}
