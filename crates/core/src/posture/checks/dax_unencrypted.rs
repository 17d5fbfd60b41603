//! A cache of the Region does not encrypt what it holds.

use crate::domain::{Cache, FactKind, FactValue, Level, Message, Severity};
use crate::posture::check::{Case, Fixed, Judged, PostureCheck, Reference, Subject};
use crate::posture::examples::facts;
use crate::posture::messages::{fail, list, not_applicable, pass, unreadable};

pub(super) static CHECK: PostureCheck = PostureCheck {
    id: "dax-unencrypted",
    title: "A DAX cluster does not encrypt at rest",
    why: "A cache holds the same items as the table, and encrypts them only if it was made so.",
    severity: Severity::Low,
    level: Level::Region,
    reads: &[FactKind::Caches],
    reads_items: false,
    judge,
    topic: Fixed::By("dax-cluster"),
    messages: &[&PLAIN],
    source: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/DAXEncryptionAtRest.html",
    refs: &[Reference::OwaspApi(8), Reference::Fsbp("DynamoDB.3"), Reference::Cwe(311)],
    field: "DescribeClusters Clusters[].SSEDescription.Status",
    cases: &[
        Case::of("no cluster", || facts([caches(&[])]), "not-applicable", "no DAX cluster"),
        Case::of("one that does", || facts([caches(&[Some(true)])]), "pass", "cache-0"),
        Case::of(
            "one that does not",
            || facts([caches(&[Some(true), Some(false)])]),
            "fail",
            "low: DAX clusters of this Region do not encrypt what they hold: cache-1",
        ),
        Case::of("one of which nobody tells", || facts([caches(&[Some(true), None])]), "unknown", "cache-1"),
        Case::of(
            "one of which nobody tells, and one that does not",
            || facts([caches(&[None, Some(false)])]),
            "fail",
            "cache-1",
        ),
        Case::of("not read", || facts([]), "unknown", "caches: not asked"),
    ],
};

static PLAIN: Message = Message::new(
    "dax-clusters-without-encryption",
    "DAX clusters of this Region do not encrypt what they hold: {clusters}. Whether they cache this table \
     depends on their roles, which were not read.",
);

fn judge(subject: &Subject<'_>) -> Judged {
    let caches = subject.facts.caches.read()?;
    if caches.is_empty() {
        return Ok(not_applicable("There is no DAX cluster in this Region."));
    }
    let names = |wanted: Option<bool>| -> Vec<&str> {
        caches.iter().filter(|c| c.encrypted == wanted).map(|c| c.name.as_str()).collect()
    };
    Ok(if names(Some(false)).is_empty() && !names(None).is_empty() {
        let text = format!("of the DAX clusters {} it is not told whether they encrypt", list(&names(None)));
        unreadable(FactKind::Caches, &text)
    } else if names(Some(false)).is_empty() {
        pass(&format!("The DAX clusters of this Region encrypt: {}.", list(&names(Some(true)))))
    } else {
        fail(Severity::Low, PLAIN.with("clusters", names(Some(false))))
    })
}

fn caches(good: &[Option<bool>]) -> FactValue {
    let cache = |(n, good): (usize, &Option<bool>)| Cache {
        name: format!("cache-{n}"),
        encrypted: *good,
        tls: *good,
        role: "arn:aws:iam::111122223333:role/dax".into(),
        made: Default::default(),
    };
    FactValue::Caches(good.iter().enumerate().map(cache).collect())
}
