//! Sessions are kept for ever.

use crate::domain::{FactKind, Flagged, Level, Message, SecretClass, Severity, Step};
use crate::posture::check::{Case, Fixed, Judged, PostureCheck, Reference, Subject};
use crate::posture::examples::{
    clean, facts, listed_tokens, password_hashes, plain, secret, session, session_key, stray_token, ttl,
};
use crate::posture::messages::{fail, items_read, list, name, not_applicable, pass};

pub(super) static CHECK: PostureCheck = PostureCheck {
    id: "session-table-without-ttl",
    title: "Sessions in the table never expire",
    why: "Without time to live, sessions of years ago stay in the table and in every copy of it, and an \
          application that does not check their age still honours them.",
    severity: Severity::Medium,
    level: Level::Table,
    reads: &[FactKind::TimeToLive, FactKind::Description],
    reads_items: true,
    judge,
    topic: Fixed::By("ttl"),
    messages: &[&FOREVER],
    source: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html",
    refs: &[Reference::OwaspApi(2), Reference::Cwe(613)],
    field: "DescribeTimeToLive TimeToLiveDescription.TimeToLiveStatus and the items read",
    cases: &[
        Case::of(
            "TTL on; items not read",
            || facts([ttl(Some("expires"))]),
            "pass",
            "by the attribute expires",
        ),
        Case::seen(
            "TTL off, sessions in most items",
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
        Case::seen(
            "TTL off, sessions in the partition key",
            || facts([ttl(None), plain()]),
            session_key,
            "fail",
            "medium: Sessions were seen in id, and",
        ),
        Case::seen(
            "TTL off, one token in a text",
            || facts([ttl(None), plain()]),
            stray_token,
            "not-applicable",
            "does not look like a session store",
        ),
        Case::seen(
            "TTL off, tokens in a list",
            || facts([ttl(None), plain()]),
            listed_tokens,
            "not-applicable",
            "does not look like a session store",
        ),
        Case::seen(
            "TTL off, password hashes",
            || facts([ttl(None), plain()]),
            password_hashes,
            "not-applicable",
            "No session",
        ),
        Case::of("TTL off, items not read", || facts([ttl(None)]), "unknown", "items: none was read"),
        Case::of(
            "nothing read",
            || facts([]),
            "unknown",
            "time_to_live: not asked; description: not asked; items: none was read",
        ),
    ],
};

static FOREVER: Message = Message::new(
    "sessions-never-expire",
    "Sessions were seen in {attributes}, and time to live is off: they are never removed.",
);

fn judge(subject: &Subject<'_>) -> Judged {
    let known = subject.facts.time_to_live.known();
    if let Some(attribute) = known.and_then(|t| t.attribute.as_ref()) {
        return Ok(pass(&format!("Items expire by the attribute {}.", name(attribute))));
    }
    let is_session = |f: &&Flagged| f.class == SecretClass::Session;
    let sessions: Vec<&Flagged> = subject.items()?.iter().filter(is_session).collect();
    if sessions.is_empty() {
        let text = format!("No session was seen in {}.", items_read(subject.items_read));
        return Ok(not_applicable(&text));
    }
    let mut store: Vec<&Flagged> =
        sessions.iter().copied().filter(|f| covers(f, subject.items_read)).collect();
    if store.is_empty() {
        let key = &subject.facts.description.read()?.key;
        store.extend(sessions.iter().filter(|f| attribute(f).is_some_and(|a| key.contains(a))));
    }
    if store.is_empty() {
        let text = format!(
            "Sessions were seen in {}, but they are neither the key nor in most of the items read: this does \
             not look like a session store, and time to live would delete whole items.",
            paths(&sessions)
        );
        return Ok(not_applicable(&text));
    }
    subject.facts.time_to_live.read()?;
    let attributes: Vec<String> = store.iter().map(|f| f.path.to_string()).collect();
    Ok(fail(Severity::Medium, FOREVER.with("attributes", attributes)))
}

/// Whether most of the items read hold a session there. In a list or set one item may hold many.
fn covers(flagged: &Flagged, items_read: u64) -> bool {
    attribute(flagged).is_some() && flagged.count > items_read / 2
}

/// The top-level attribute that holds the value itself, whatever it is encoded in.
fn attribute(flagged: &Flagged) -> Option<&str> {
    match flagged.path.steps() {
        [Step::Name(name)] => Some(name),
        [Step::Name(name), Step::Layer(_), ..] => Some(name),
        _ => None,
    }
}

fn paths(flagged: &[&Flagged]) -> String {
    list(&flagged.iter().map(|f| f.path.to_string()).collect::<Vec<_>>())
}
