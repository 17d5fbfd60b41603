//! No tag says whose table it is.

use crate::domain::{FactKind, FactValue, Level, Severity};
use crate::posture::check::{Case, Fixed, Judged, PostureCheck, Reference, Subject};
use crate::posture::examples::facts;

pub(super) static CHECK: PostureCheck = PostureCheck {
    id: "untagged-owner",
    title: "No tag names an owner",
    why: "Who finds a secret here does not know whom to tell.",
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
        Case::of("tagged", || facts([tags(&[("owner", "a")])]), "pass", "owner"),
        Case::of("tagged in capitals", || facts([tags(&[("TEAM", "a")])]), "pass", "TEAM"),
        Case::of(
            "tagged with nothing",
            || facts([tags(&[("owner", "")])]),
            "fail",
            "info: None of its 1 tag",
        ),
        Case::of("with a prefix", || facts([tags(&[("app:owner", "a")])]), "pass", "app:owner"),
        Case::of(
            "of two words",
            || facts([tags(&[("Owner-Email", "a@example.com")])]),
            "pass",
            "Owner-Email",
        ),
        Case::of("of two words in one", || facts([tags(&[("CostCenter", "12")])]), "pass", "CostCenter"),
        Case::of("of something else", || facts([tags(&[("owners-choice", "a")])]), "fail", "info: "),
        Case::of("no tag", || facts([tags(&[])]), "fail", "info: The table has no tag"),
        Case::of("not read", || facts([]), "unknown", "tags: not asked"),
    ],
};

/// Names of such tags, word by word.
const NAMES: &[&str] = &[
    "owner",
    "owner email",
    "owner name",
    "owner id",
    "owned by",
    "owning team",
    "team",
    "team name",
    "team email",
    "squad",
    "contact",
    "contact email",
    "technical contact",
    "technical owner",
    "business owner",
    "service owner",
    "application owner",
    "maintainer",
    "responsible",
    "cost center",
    "cost centre",
    "business unit",
];

fn judge(subject: &Subject<'_>) -> Judged {
    super::tagged(subject, NAMES, "owner")
}

fn tags(of: &[(&str, &str)]) -> FactValue {
    FactValue::Tags(of.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect())
}
