//! Sessions are kept for ever.

use crate::domain::{FactKind, Severity};
use crate::posture::check::{Case, Judged, PostureCheck, Subject};
use crate::posture::examples::{clean, facts, secret, session, ttl};
use crate::posture::say::{fail, list, name, not_applicable, pass};

pub(super) static CHECK: PostureCheck = PostureCheck {
    id: "session-table-without-ttl",
    title: "Sessions in the table never expire",
    why: "Without time to live, sessions of years ago stay in the table and in every copy of it, and an \
          application that does not check their age still honours them.",
    severity: Severity::Medium,
    reads: &[FactKind::TimeToLive],
    reads_items: true,
    judge,
    topic: Some("ttl"),
    source: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html",
    cases: &[
        Case::of(
            "TTL on; items not read",
            || facts([ttl(Some("expires"))]),
            "pass",
            "by the attribute expires",
        ),
        Case::seen(
            "TTL off, sessions seen",
            || facts([ttl(None)]),
            session,
            "fail",
            "medium: Sessions were seen in data, and time to live is off",
        ),
        Case::seen(
            "TTL off, other secrets seen",
            || facts([ttl(None)]),
            secret,
            "not-applicable",
            "No session",
        ),
        Case::seen("TTL off, nothing seen", || facts([ttl(None)]), clean, "not-applicable", "No session"),
        Case::seen("TTL not read, nothing seen", || facts([]), clean, "not-applicable", "No session"),
        Case::seen(
            "TTL not read, sessions seen",
            || facts([]),
            session,
            "unknown",
            "time_to_live: not asked",
        ),
        Case::of("TTL off, items not read", || facts([ttl(None)]), "unknown", "items: none was read"),
        Case::of("nothing read", || facts([]), "unknown", "time_to_live: not asked; items: none was read"),
    ],
};

fn judge(subject: &Subject<'_>) -> Judged {
    let known = subject.facts.time_to_live.known();
    if let Some(attribute) = known.and_then(|t| t.attribute.as_ref()) {
        return Ok(pass(&format!("Items expire by the attribute {}.", name(attribute))));
    }
    let sessions: Vec<String> =
        subject.items()?.iter().filter(|f| f.session).map(|f| f.path.to_string()).collect();
    if sessions.is_empty() {
        return Ok(not_applicable("No session was seen in the items that were read."));
    }
    subject.facts.time_to_live.read()?;
    Ok(fail(
        Severity::Medium,
        &format!(
            "Sessions were seen in {}, and time to live is off: they are never removed.",
            list(&sessions)
        ),
    ))
}
