//! Partition keys that somebody can guess who knows one of them, or knows the person.

use crate::domain::{Evidence, FactKind, KeyShape, KeyShapes, Level, Message, Severity, Traits};
use crate::posture::check::{Case, Fixed, Judged, PostureCheck, Reference, Subject};
use crate::posture::examples::{facts, plain, session};
use crate::posture::messages::{fail, not_applicable, pass};

pub(super) static CHECK: PostureCheck = PostureCheck {
    id: "guessable-keys",
    title: "Partition keys can be guessed",
    why: "Whoever may ask the application for an item by its key can count through numbers and dates, or try known \
          addresses. Then only a check of who asks stands between one person's items and another's.",
    severity: Severity::Low,
    level: Level::Table,
    reads: &[FactKind::Description],
    reads_items: true,
    judge,
    topic: Fixed::By("tenant-isolation"),
    messages: &[&GUESSABLE, &SHAPE],
    source: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html",
    refs: &[Reference::OwaspApi(1), Reference::Cwe(639)],
    field: "DescribeTable Table.KeySchema and the partition keys of the items read",
    cases: &[
        Case::like(
            "UUIDs",
            || facts([plain()]),
            || keys(KeyShape::Random, 10),
            "pass",
            "0 of 10 partition keys read can be guessed",
        ),
        Case::like(
            "numbers",
            || facts([plain()]),
            || keys(KeyShape::Number, 10),
            "fail",
            "low: 10 of 10 partition keys read in id can be guessed: 10 numbers that can be counted through",
        ),
        Case {
            flagged: session,
            ..Case::like(
                "e-mail addresses, and sessions in the items",
                || facts([plain()]),
                || keys(KeyShape::Email, 9),
                "fail",
                "medium: 9 of 9 partition keys",
            )
        },
        Case::like(
            "two items",
            || facts([plain()]),
            || keys(KeyShape::Number, 2),
            "not-applicable",
            "too few",
        ),
        Case::like(
            "description not read",
            || facts([]),
            || keys(KeyShape::Number, 9),
            "unknown",
            "description: not asked",
        ),
        Case::of("items not read", || facts([plain()]), "unknown", "items: none was read"),
    ],
};

static GUESSABLE: Message = Message::new(
    "partition-keys-guessable",
    "{guessable} of {keys} partition keys read in {attribute} can be guessed: {shapes}.",
);

static SHAPE: Message = Message::new("partition-key-shape", "{keys} {shape}");

/// Fewer keys say nothing.
const FEW: u64 = 3;

fn judge(subject: &Subject<'_>) -> Judged {
    let partition = &subject.facts.description.read()?.key.partition;
    let keys = subject.keys()?;
    if keys.total() < FEW {
        return Ok(not_applicable(&format!("{} partition keys were read: too few to tell.", keys.total())));
    }
    let guessable: Vec<(u64, &str)> = KeyShape::ALL
        .iter()
        .filter(|shape| shape.is_guessable() && keys.count(**shape) > 0)
        .map(|shape| (keys.count(*shape), shape.words()))
        .collect();
    let count: u64 = guessable.iter().map(|(n, _)| n).sum();
    if count * 2 <= keys.total() {
        return Ok(pass(&format!("{count} of {} partition keys read can be guessed.", keys.total())));
    }
    // What can be guessed opens more where it leads to something that is worth it.
    let worth = subject.flagged.is_some_and(|all| all.iter().any(|f| f.severity > Severity::Info));
    let severity = if worth { Severity::Medium } else { Severity::Low };
    let shapes: Vec<Evidence> =
        guessable.iter().map(|(n, words)| SHAPE.with("keys", *n).with("shape", *words)).collect();
    let evidence = GUESSABLE
        .with("guessable", count)
        .with("keys", keys.total())
        .with("attribute", &partition.name)
        .with("shapes", shapes);
    Ok(fail(severity, evidence))
}

fn keys(shape: KeyShape, count: u64) -> Option<Traits> {
    Some(Traits { keys: KeyShapes::of(shape, count), ..Traits::default() })
}
