//! No tag says which environment the table belongs to.

use crate::domain::{FactKind, FactValue, Level, Severity};
use crate::posture::check::{Case, Fixed, Judged, PostureCheck, Reference, Subject};
use crate::posture::examples::facts;

pub(super) static CHECK: PostureCheck = PostureCheck {
    id: "untagged-environment",
    title: "No tag names the environment",
    why: "Who finds a secret here cannot tell whether it is production's, and nothing can keep environments apart by \
          their tags.",
    severity: Severity::Info,
    level: Level::Table,
    reads: &[FactKind::Tags],
    reads_items: false,
    judge,
    topic: Fixed::By("tag"),
    messages: &[],
    source: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Tagging.html",
    refs: &[Reference::OwaspApi(9), Reference::Fsbp("DynamoDB.5"), Reference::Cwe(1059)],
    field: "ListTagsOfResource Tags[]",
    cases: &[
        Case::of("tagged", || facts([tags(&[("environment", "a")])]), "pass", "environment"),
        Case::of("tagged in capitals", || facts([tags(&[("ENV", "a")])]), "pass", "ENV"),
        Case::of(
            "tagged with nothing",
            || facts([tags(&[("environment", "")])]),
            "fail",
            "info: None of its 1 tag",
        ),
        Case::of("no tag", || facts([tags(&[])]), "fail", "info: The table has no tag"),
        Case::of("not read", || facts([]), "unknown", "tags: not asked"),
    ],
};

/// Names of such tags, word by word.
const NAMES: &[&str] = &[
    "environment",
    "env",
    "env name",
    "environment name",
    "environment type",
    "stage",
    "tier",
    "deployment stage",
    "lifecycle",
];

fn judge(subject: &Subject<'_>) -> Judged {
    super::tagged(subject, NAMES, "environment")
}

fn tags(of: &[(&str, &str)]) -> FactValue {
    FactValue::Tags(of.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect())
}
