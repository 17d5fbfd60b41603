//! The time to live attribute holds something that DynamoDB does not read as a time.

use crate::domain::{Evidence, Expiry, FactKind, Level, Message, Severity};
use crate::posture::check::{Case, Fixed, Judged, PostureCheck, Reference, Subject};
use crate::posture::examples::{expiring, facts, ttl};
use crate::posture::messages::{fail, items_read, name, not_applicable, pass};

pub(super) static CHECK: PostureCheck = PostureCheck {
    id: "ttl-not-epoch-seconds",
    title: "Time to live is not in seconds since 1970",
    why: "TTL reads a number of seconds since 1970. Milliseconds are a time thousands of years ahead, and a text is \
          no time at all: such items stay for ever, and nothing says so.",
    severity: Severity::Medium,
    level: Level::Table,
    reads: &[FactKind::TimeToLive],
    reads_items: true,
    judge,
    topic: Fixed::By("ttl-attribute"),
    messages: &[&WRONG, &HOLDS],
    source: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/time-to-live-ttl-before-you-start.html",
    refs: &[Reference::OwaspApi(2), Reference::Cwe(613)],
    field: "DescribeTimeToLive TimeToLiveDescription.AttributeName and that attribute in the items read",
    cases: &[
        Case::of("TTL off", || facts([ttl(None)]), "not-applicable", "is off"),
        Case::like(
            "seconds, and items without",
            || facts([ttl(Some("expires"))]),
            || expiring(Expiry { seconds: 8, missing: 2, ..Expiry::default() }),
            "pass",
            "expires holds seconds since 1970 in 8 of the 10 items read",
        ),
        Case::like(
            "milliseconds",
            || facts([ttl(Some("expires"))]),
            || expiring(Expiry { finer: 10, ..Expiry::default() }),
            "fail",
            "medium: expires holds milliseconds or finer in 10 of the 10 items read: they never expire",
        ),
        Case::like(
            "some texts and durations",
            || facts([ttl(Some("expires"))]),
            || expiring(Expiry { seconds: 7, text: 2, other_number: 1, ..Expiry::default() }),
            "fail",
            "low: expires holds text in 2 and a number that is no time in 1 of the 10 items read",
        ),
        Case::like(
            "a list",
            || facts([ttl(Some("expires"))]),
            || expiring(Expiry { other: 10, ..Expiry::default() }),
            "fail",
            "another type in 10",
        ),
        Case::like(
            "in no item",
            || facts([ttl(Some("expires"))]),
            || expiring(Expiry { missing: 10, ..Expiry::default() }),
            "not-applicable",
            "None of the 10 items read has expires",
        ),
        Case::like("TTL not read", || facts([]), || None, "unknown", "time_to_live: not asked"),
        Case::of("items not read", || facts([ttl(Some("expires"))]), "unknown", "items: none was read"),
    ],
};

static WRONG: Message = Message::new(
    "ttl-attribute-holds-no-time",
    "{attribute} holds {wrong} of the {items:item|items} read: they never expire.",
);

static HOLDS: Message = Message::new("ttl-attribute-holds", "{what} in {items}");

fn judge(subject: &Subject<'_>) -> Judged {
    let Some(attribute) = &subject.facts.time_to_live.read()?.attribute else {
        return Ok(not_applicable("Time to live is off."));
    };
    let expiry = subject.expiry()?;
    let (shown, all) = (name(attribute), items_read(expiry.present() + expiry.missing));
    if expiry.present() == 0 {
        return Ok(not_applicable(&format!("None of {all} has {shown}.")));
    }
    let wrong: Vec<Evidence> = [
        (expiry.finer, "milliseconds or finer"),
        (expiry.text, "text"),
        (expiry.other_number, "a number that is no time"),
        (expiry.other, "another type"),
    ]
    .iter()
    .filter(|(n, _)| *n > 0)
    .map(|(n, what)| HOLDS.with("what", *what).with("items", *n))
    .collect();
    if wrong.is_empty() {
        let text = format!("{shown} holds seconds since 1970 in {} of {all}.", expiry.seconds);
        return Ok(pass(&text));
    }
    let severity = if expiry.wrong() * 2 > expiry.present() { Severity::Medium } else { Severity::Low };
    let evidence = WRONG
        .with("attribute", attribute)
        .with("wrong", wrong)
        .with("items", expiry.present() + expiry.missing);
    Ok(fail(severity, evidence))
}
