//! The stream carries attributes in which secrets were seen.

use crate::domain::{FactKind, FactValue, Level, Message, Severity};
use crate::posture::check::{Case, Fixed, Judged, PostureCheck, Reference, Subject};
use crate::posture::examples::{clean, described, facts, plain, secret, session_key, stream};
use crate::posture::messages::{fail, items_read, not_applicable, pass};

pub(super) static CHECK: PostureCheck = PostureCheck {
    id: "stream-carries-secret",
    title: "The stream carries secrets",
    why: "The stream keeps each change for 24 hours, before and after, and has an ARN and a policy of its own.",
    severity: Severity::Medium,
    level: Level::Table,
    reads: &[FactKind::Description],
    reads_items: true,
    judge,
    topic: Fixed::Not("the secret has to leave the items first: secret-in-item"),
    messages: &[&CARRIES],
    source: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html",
    refs: &[Reference::OwaspApi(3), Reference::Cwe(522)],
    field: "DescribeTable Table.StreamSpecification.StreamViewType and the items read",
    cases: &[
        Case::of("no stream", || facts([plain()]), "not-applicable", "no stream"),
        Case::seen(
            "whole items, secrets seen",
            || facts([streaming()]),
            secret,
            "fail",
            "medium: The stream carries config",
        ),
        Case::seen(
            "whole items, nothing seen",
            || facts([streaming()]),
            clean,
            "pass",
            "none seen in the 10 items read",
        ),
        Case::seen("keys only", || facts([keys_only()]), secret, "pass", "keys alone"),
        Case::seen(
            "keys only, the key is a secret",
            || facts([keys_only()]),
            session_key,
            "fail",
            "medium: The stream carries id",
        ),
        Case::of("items not read", || facts([streaming()]), "unknown", "items: none was read"),
        Case::of("nothing read", || facts([]), "unknown", "description: not asked"),
    ],
};

static CARRIES: Message =
    Message::new("stream-carries-secrets", "The stream carries {attributes}, in which secrets were seen.")
        .carrying(&["stream_arn", "view"]);

fn judge(subject: &Subject<'_>) -> Judged {
    let description = subject.facts.description.read()?;
    let Some(stream) = &description.stream else {
        return Ok(not_applicable("The table has no stream."));
    };
    let keys_only = stream.view == "KEYS_ONLY";
    let mut carried: Vec<&str> = subject
        .items()?
        .iter()
        .filter_map(|f| f.path.root())
        .filter(|root| !keys_only || description.key.contains(root))
        .collect();
    carried.sort_unstable();
    carried.dedup();
    Ok(if !carried.is_empty() {
        let evidence =
            CARRIES.with("attributes", carried).with("stream_arn", &stream.arn).with("view", &stream.view);
        fail(Severity::Medium, evidence)
    } else if keys_only {
        pass("The stream carries keys alone, and no secret was seen in them.")
    } else {
        pass(&format!("The stream carries no secret: none seen in {}.", items_read(subject.items_read)))
    })
}

fn streaming() -> FactValue {
    described(|d| d.stream = stream())
}

fn keys_only() -> FactValue {
    described(|d| {
        d.stream = stream();
        if let Some(stream) = &mut d.stream {
            stream.view = "KEYS_ONLY".into();
        }
    })
}
