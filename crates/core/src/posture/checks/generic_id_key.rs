//! The table's key says nothing of whose item it is.

use crate::domain::{FactKind, KeyType, Level, Message, Severity};
use crate::posture::check::{Case, Fixed, Judged, PostureCheck, Reference, Subject};
use crate::posture::examples::{attribute, described, facts, plain};
use crate::posture::messages::{fail, list, pass};

pub(super) static CHECK: PostureCheck = PostureCheck {
    id: "generic-id-key",
    title: "The key is one generic id",
    why: "A single id cannot be narrowed to its owner by dynamodb:LeadingKeys: whoever may read one item may read all, \
          and the application alone keeps users apart.",
    severity: Severity::Info,
    level: Level::Table,
    reads: &[FactKind::Description],
    reads_items: false,
    judge,
    topic: Fixed::By("django-application"),
    messages: &[&ALONE],
    source: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html",
    refs: &[Reference::OwaspApi(1), Reference::Cwe(639)],
    field: "DescribeTable Table.KeySchema",
    cases: &[
        Case::of("one generic id", || facts([plain()]), "fail", "info: The key is id alone"),
        Case::of(
            "a key that names an owner",
            || facts([described(|d| d.key.partition = attribute("tenant_id", KeyType::S))]),
            "pass",
            "tenant_id",
        ),
        Case::of(
            "a generic id and a sort key",
            || facts([described(|d| d.key.sort = Some(attribute("sk", KeyType::S)))]),
            "pass",
            "id and sk",
        ),
        Case::of("nothing read", || facts([]), "unknown", "description: not asked"),
    ],
};

static ALONE: Message = Message::new(
    "key-is-generic-id",
    "The key is {attribute} alone: no policy can tell whose item it is, only the application can.",
);

/// Names that say nothing of whose item it is, in lower case.
const GENERIC: &[&str] = &["id", "_id", "pk", "uuid", "guid", "key", "hash", "partitionkey", "partition_key"];

fn judge(subject: &Subject<'_>) -> Judged {
    let key = &subject.facts.description.read()?.key;
    let names: Vec<&str> = key.names().collect();
    let generic = GENERIC.contains(&key.partition.name.to_ascii_lowercase().as_str());
    Ok(if key.sort.is_none() && generic {
        fail(Severity::Info, ALONE.with("attribute", &key.partition.name))
    } else {
        pass(&format!("The key is made of {}.", list(&names)))
    })
}
