//! An index carries an attribute in which secrets were seen.

use crate::domain::{Evidence, FactKind, Level, Message, Projection, Severity};
use crate::posture::check::{Case, Fixed, Judged, PostureCheck, Reference, Subject};
use crate::posture::examples::{clean, described, facts, index, plain, secret, session};
use crate::posture::messages::{fail, items_read, not_applicable, pass};

pub(super) static CHECK: PostureCheck = PostureCheck {
    id: "gsi-projects-secret",
    title: "An index carries secrets",
    why: "An index is a copy with an ARN of its own: whoever may query it reads the secret without any \
          permission on the table's items.",
    severity: Severity::Medium,
    level: Level::Table,
    reads: &[FactKind::Description],
    reads_items: true,
    judge,
    topic: Fixed::By("index-projection"),
    messages: &[&CARRIED, &CARRIES, &KEYED],
    source: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html",
    refs: &[Reference::OwaspApi(3), Reference::Cwe(522)],
    field: "DescribeTable Table.GlobalSecondaryIndexes[].Projection and the items read",
    cases: &[
        Case::of("no index; items not read", || facts([plain()]), "not-applicable", "no index"),
        Case::seen(
            "an index of keys",
            || facts([described(|d| d.indexes = vec![index("by-day", "day", Projection::KeysOnly)])]),
            secret,
            "pass",
            "No index carries",
        ),
        Case::seen(
            "an index of everything",
            || facts([described(|d| d.indexes = vec![index("by-day", "day", Projection::All)])]),
            secret,
            "fail",
            "medium: by-day carries config, in which secrets were seen",
        ),
        Case::seen(
            "two indexes that include it",
            || facts([described(|d| d.indexes = ["one", "two"].map(including).into())]),
            secret,
            "fail",
            "one carries config and two carries config, in which",
        ),
        Case::seen(
            "an index of everything, items clean",
            || facts([described(|d| d.indexes = vec![index("by-day", "day", Projection::All)])]),
            clean,
            "pass",
            "No index carries",
        ),
        Case::seen(
            "an index whose key is the secret",
            || facts([described(|d| d.indexes = vec![index("by-data", "data", Projection::KeysOnly)])]),
            session,
            "fail",
            "high: by-data has data as its key, in which",
        ),
        Case::of(
            "items not read",
            || facts([described(|d| d.indexes = vec![index("by-day", "day", Projection::All)])]),
            "unknown",
            "items: none was read",
        ),
        Case::seen(
            "a vector index with everything, and a secret",
            || facts([described(|d| d.vectors = vec![alike(Projection::All)])]),
            secret,
            "fail",
            "medium: by-likeness carries config, in which secrets were seen",
        ),
        Case::seen(
            "a vector index with keys only, and a secret",
            || facts([described(|d| d.vectors = vec![alike(Projection::KeysOnly)])]),
            secret,
            "pass",
            "No index carries",
        ),
        Case::of("nothing read", || facts([]), "unknown", "description: not asked; items: none was read"),
    ],
};

static CARRIED: Message = Message::new("indexes-carry-secrets", "{indexes}, in which secrets were seen.");

static CARRIES: Message = Message::new("index-carries", "{index} carries {attribute}");

static KEYED: Message = Message::new("index-keyed-by", "{index} has {attribute} as its key");

fn judge(subject: &Subject<'_>) -> Judged {
    let description = subject.facts.description.read()?;
    if description.indexes.is_empty() && description.vectors.is_empty() {
        return Ok(not_applicable("The table has no index."));
    }
    let mut carried: Vec<Evidence> = Vec::new();
    let mut severity = Severity::Medium;
    for flagged in subject.items()? {
        let Some(root) = flagged.path.root() else { continue };
        // A key of the table is in every index whatever it projects: that is secret-as-key.
        if description.key.contains(root) {
            continue;
        }
        for index in &description.indexes {
            let words = if index.is_key(root) {
                // Keys show up where other values do not, as in CloudTrail data events.
                severity = Severity::High;
                KEYED.with("index", &index.name).with("attribute", root)
            } else if index.projection.carries(root) {
                CARRIES.with("index", &index.name).with("attribute", root)
            } else {
                continue;
            };
            if !carried.contains(&words) {
                carried.push(words);
            }
        }
    }
    for flagged in subject.items()? {
        let Some(root) = flagged.path.root().filter(|root| !description.key.contains(root)) else { continue };
        for index in description.vectors.iter().filter(|index| index.projection.carries(root)) {
            let words = CARRIES.with("index", &index.name).with("attribute", root);
            if !carried.contains(&words) {
                carried.push(words);
            }
        }
    }
    Ok(if carried.is_empty() {
        pass(&format!(
            "No index carries an attribute with secrets: none seen in {}.",
            items_read(subject.items_read)
        ))
    } else {
        fail(severity, CARRIED.with("indexes", carried))
    })
}

fn alike(projection: Projection) -> crate::domain::VectorIndex {
    crate::domain::VectorIndex { name: "by-likeness".into(), projection }
}

fn including(name: &str) -> crate::domain::Index {
    index(name, "day", Projection::Include(vec!["config".into()]))
}
