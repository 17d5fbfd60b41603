//! A key attribute is itself a secret.

use crate::domain::{FactKind, Level, Message, Projection, Severity};
use crate::posture::check::{Case, Fixed, Judged, PostureCheck, Reference, Subject};
use crate::posture::examples::{clean, described, facts, index, plain, secret, session, session_key};
use crate::posture::messages::{fail, items_read, pass};

pub(super) static CHECK: PostureCheck = PostureCheck {
    id: "secret-as-key",
    title: "A secret is used as a table key",
    why: "Values of keys appear where other values do not: in CloudTrail data events, in Contributor \
          Insights, in every index. They cannot be removed from an item.",
    severity: Severity::High,
    level: Level::Table,
    reads: &[FactKind::Description],
    reads_items: true,
    judge,
    topic: Fixed::By("secret-as-key"),
    messages: &[&IN_KEY],
    source: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/contributorinsights_HowItWorks.html",
    refs: &[Reference::OwaspApi(2), Reference::Cwe(522), Reference::Cwe(598)],
    field: "DescribeTable Table.KeySchema and the items read",
    cases: &[
        Case::seen(
            "nothing seen; description not read",
            || facts([]),
            clean,
            "pass",
            "None seen in the 10 items read",
        ),
        Case::seen(
            "a secret elsewhere",
            || facts([plain()]),
            secret,
            "pass",
            "No key of the table held a secret in the 10 items read",
        ),
        Case::seen(
            "a session in the partition key",
            || facts([plain()]),
            session_key,
            "fail",
            "high: Secrets were seen in id, a key of the table",
        ),
        Case::seen(
            "a session in the key of an index",
            || facts([described(|d| d.indexes = vec![index("by-data", "data", Projection::KeysOnly)])]),
            session,
            "pass",
            "No key of the table held",
        ),
        Case::seen("description not read", || facts([]), secret, "unknown", "description: not asked"),
        Case::of("items not read", || facts([plain()]), "unknown", "items: none was read"),
    ],
};

static IN_KEY: Message = Message::new(
    "secrets-in-table-key",
    "Secrets were seen in {attributes}, {attributes?a key|keys} of the table.",
);

fn judge(subject: &Subject<'_>) -> Judged {
    let flagged = subject.items()?;
    if flagged.is_empty() {
        return Ok(pass(&format!("None seen in {}.", items_read(subject.items_read))));
    }
    let description = subject.facts.description.read()?;
    let mut keys: Vec<&str> = Vec::new();
    for root in flagged.iter().filter_map(|f| f.path.root()) {
        if description.key.contains(root) && !keys.contains(&root) {
            keys.push(root);
        }
    }
    Ok(if keys.is_empty() {
        pass(&format!("No key of the table held a secret in {}.", items_read(subject.items_read)))
    } else {
        fail(Severity::High, IN_KEY.with("attributes", keys))
    })
}
