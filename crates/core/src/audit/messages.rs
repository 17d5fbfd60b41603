//! What the audit itself can say of a finding, beside what checks say: one line a kind.

use crate::domain::{Evidence, Gap, IN_ITEMS, Message, Missing};

/// Every kind of evidence that a finding can carry.
pub fn messages() -> impl Iterator<Item = &'static Message> {
    crate::posture::messages().chain(OWN.iter().copied())
}

/// Those of the audit itself.
pub(super) static OWN: &[&Message] = &[
    &SEEN,
    &COUNTED,
    &IN_ITEMS,
    &SAME_EVERYWHERE,
    &FEW_VALUES,
    &OWN_VALUES,
    &REASON,
    &IN_TABLE_KEY,
    &IN_INDEX_KEY,
    &COPIED,
    &OTHERS_READ,
    &READERS_UNKNOWN,
    &NOT_KNOWN,
    &AT_LEAST,
    &ALSO_IN,
    &TABLE,
    &SHARED,
    &RESTORED,
    &OF_SOME_TABLES,
    &ACCEPTED,
    &ACCEPTED_IN_PART,
];

pub(super) static SEEN: Message = Message::new("secret-seen", "{masked} (fingerprint {fingerprint})");
pub(super) static COUNTED: Message = Message::new(
    "secret-counted",
    "Found {sightings:time|times} in {items:item|items} read[ and {records:record|records} of its stream], \
     {or_more?at least |}{distinct:distinct value|distinct values}",
);
pub(super) static SAME_EVERYWHERE: Message = Message::new(
    "values-all-the-same",
    "The same value everywhere: one secret of an application, or a default",
);
pub(super) static FEW_VALUES: Message =
    Message::new("values-shared-by-items", "Few values, each in several items: secrets that items share");
pub(super) static OWN_VALUES: Message = Message::new(
    "values-differ-by-item",
    "Nearly every item has its own: secrets of persons or of single things",
);
pub(super) static REASON: Message = Message::new("detector-reason", "{reason}");
pub(super) static IN_TABLE_KEY: Message = Message::new(
    "secret-in-table-key",
    "It is part of the key of the table: keys appear in CloudTrail data events, in Contributor Insights and in \
     every index.",
)
.carrying(&["attribute"]);
pub(super) static IN_INDEX_KEY: Message = Message::new(
    "secret-in-index-key",
    "It is part of the key of index {index}: keys appear in CloudTrail data events, in Contributor Insights and \
     in every index.",
)
.carrying(&["attribute"]);
pub(super) static COPIED: Message =
    Message::new("copied-into-indexes", "It is copied into {indexes:index|indexes}: {indexes}");
pub(super) static OTHERS_READ: Message = Message::new("others-can-read", "Others can read it: {by}.");
pub(super) static READERS_UNKNOWN: Message = Message::new(
    "readers-unknown",
    "Readers unknown: {missing}.[ The severity is at least {severity}: {could_be} if others can read it.]",
);
static NOT_KNOWN: Message = Message::new("not-known", "{fact} ({why})");
pub(super) static AT_LEAST: Message = Message::new(
    "severity-at-least",
    "The severity is at least {severity}: {could_be} if the items hold secrets, and none of them was read.",
);
pub(super) static ALSO_IN: Message =
    Message::new("same-secret-in-other-tables", "The same secret is also in {tables}");
pub(super) static TABLE: Message =
    Message::new("other-table", "{table}[ ({environment})][ in {place}]").carrying(&["table_arn"]);
pub(super) static SHARED: Message =
    Message::new("secrets-shared", "{shared:shared secret|shared secrets}, in {paths}");
pub(super) static RESTORED: Message = Message::new("restored-from", "It was restored from {source}");
pub(super) static OF_SOME_TABLES: Message = Message::new("of-some-tables", "{tables}: {evidence}.");

/// Something that is not known, as a part of evidence.
pub(super) fn not_known(missing: &Missing) -> Evidence {
    let (fact, gap) = match missing {
        Missing::Fact(kind, gap) => (kind.word(), gap),
        Missing::Items => return NOT_KNOWN.with("fact", "items").with("why", "none was read"),
    };
    let why = match gap {
        Gap::Failed(failure) => failure.message.trim_end_matches('.').to_owned(),
        gap => gap.to_string(),
    };
    NOT_KNOWN.with("fact", fact).with("why", why)
}

pub(super) static ACCEPTED: Message = Message::new(
    "accepted",
    "{false_alarm?False alarm|Accepted}[ by {by}][ on {on}][ until {until}]: {reason} ({file})",
);
pub(super) static ACCEPTED_IN_PART: Message = Message::new(
    "accepted-in-part",
    "{accepted:value|values} of {distinct} {false_alarm?said to be a false alarm|accepted}[ by {by}]: {reason} ({file})",
);
