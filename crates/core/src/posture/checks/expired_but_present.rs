//! Items that have expired are still there, and are still given to whoever reads them.

use crate::domain::{Expiry, FactKind, Level, Message, SecretClass, Severity};
use crate::posture::check::{Case, Fixed, Judged, PostureCheck, Reference, Subject};
use crate::posture::examples::{NOW, expiring, facts, session, ttl};
use crate::posture::messages::{fail, items_read, name, not_applicable, pass};
use jiff::SignedDuration;

pub(super) static CHECK: PostureCheck = PostureCheck {
    id: "expired-but-present",
    title: "Expired items are still there",
    why: "TTL removes an item some days after its time, and one that expired more than five years ago never. Until \
          then it is read like any other: an application that does not look at the time honours expired sessions.",
    severity: Severity::Low,
    level: Level::Table,
    reads: &[FactKind::TimeToLive],
    reads_items: true,
    judge,
    topic: Fixed::Not("DynamoDB removes them in its own time; the application looks at the time it reads"),
    messages: &[&LATELY, &LATE, &NEVER],
    source: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ttl-expired-items.html",
    refs: &[Reference::OwaspApi(2), Reference::Cwe(613)],
    field: "DescribeTimeToLive TimeToLiveDescription.AttributeName and that attribute in the items read",
    cases: &[
        Case::of("TTL off", || facts([ttl(None)]), "not-applicable", "is off"),
        Case::like(
            "none has expired",
            || facts([ttl(Some("expires"))]),
            || expiring(Expiry { seconds: 9, missing: 1, ..Expiry::default() }),
            "pass",
            "None of the 9 items read with expires has expired",
        ),
        Case::like(
            "since yesterday",
            || facts([ttl(Some("expires"))]),
            || expired(4, 1),
            "fail",
            "info: 4 of the 10 items read have expired, the oldest 1 day ago. TTL removes them within a few days",
        ),
        Case::like(
            "for a month",
            || facts([ttl(Some("expires"))]),
            || expired(1, 30),
            "fail",
            "low: 1 of the 10 items read has expired, the oldest 30 days ago: time to live does not keep up, or was switched on lately",
        ),
        Case {
            flagged: session,
            ..Case::like(
                "sessions, for a month",
                || facts([ttl(Some("expires"))]),
                || expired(2, 30),
                "fail",
                "medium: 2 of the 10 items read have expired",
            )
        },
        Case::like(
            "for ten years",
            || facts([ttl(Some("expires"))]),
            || expired(2, 3_650),
            "fail",
            "low: 2 of the 10 items read have expired, the oldest 3650 days ago: what is more than five years old is never removed",
        ),
        Case::like(
            "no seconds",
            || facts([ttl(Some("expires"))]),
            || expiring(Expiry { text: 10, ..Expiry::default() }),
            "not-applicable",
            "No item read has a time",
        ),
        Case::like("TTL not read", || facts([]), || None, "unknown", "time_to_live: not asked"),
        Case::of("items not read", || facts([ttl(Some("expires"))]), "unknown", "items: none was read"),
    ],
};

static LATELY: Message = Message::new(
    "expired-lately",
    "{expired} of the {items:item|items} read {expired?has|have} expired, the oldest {age_days:day|days} \
     ago. TTL removes them within a few days; until then they are read.",
)
.carrying(&["attribute", "oldest"]);

static LATE: Message = Message::new(
    "expired-long-ago",
    "{expired} of the {items:item|items} read {expired?has|have} expired, the oldest {age_days:day|days} \
     ago: time to live does not keep up, or was switched on lately.",
)
.carrying(&["attribute", "oldest"]);

static NEVER: Message = Message::new(
    "expired-and-never-removed",
    "{expired} of the {items:item|items} read {expired?has|have} expired, the oldest {age_days:day|days} \
     ago: what is more than five years old is never removed.",
)
.carrying(&["attribute", "oldest"]);

/// "Within a few days" (Developer Guide, "Working with expired items and time to live (TTL)").
const A_FEW_DAYS: i64 = 7;

/// What is older is not removed (Developer Guide, "Using DynamoDB Time to Live (TTL)", formatting the attribute).
const FIVE_YEARS: i64 = 5 * 365;

fn judge(subject: &Subject<'_>) -> Judged {
    let Some(attribute) = &subject.facts.time_to_live.read()?.attribute else {
        return Ok(not_applicable("Time to live is off."));
    };
    let expiry = subject.expiry()?;
    if expiry.seconds == 0 {
        return Ok(not_applicable(&format!("No item read has a time in {}.", name(attribute))));
    }
    let Some(oldest) = expiry.oldest.filter(|_| expiry.expired > 0) else {
        let text = format!("None of {} with {} has expired.", items_read(expiry.seconds), name(attribute));
        return Ok(pass(&text));
    };
    let age = subject.now.duration_since(oldest).as_hours() / 24;
    let sessions = subject.flagged.is_some_and(|all| all.iter().any(|f| f.class == SecretClass::Session));
    let (severity, message) = match age {
        age if age <= A_FEW_DAYS => (Severity::Info, &LATELY),
        age if age <= FIVE_YEARS => (Severity::Low, &LATE),
        _ => (Severity::Low, &NEVER),
    };
    let severity = if sessions && severity > Severity::Info { Severity::Medium } else { severity };
    let evidence = message
        .with("expired", expiry.expired)
        .with("items", expiry.present() + expiry.missing)
        .with("age_days", u64::try_from(age).unwrap_or_default())
        .with("attribute", attribute)
        .with("oldest", oldest);
    Ok(fail(severity, evidence))
}

fn expired(expired: u64, days_ago: i64) -> Option<crate::domain::Traits> {
    let oldest = NOW.checked_sub(SignedDuration::from_hours(24 * days_ago)).ok();
    expiring(Expiry { seconds: 10, expired, oldest, ..Expiry::default() })
}
