//! What may be so or otherwise of a finding, for the cases of a template.

use super::events;
use super::keys;
use super::policy::{self, Of};
use super::slots::{Ask, known_arn, path, path_hints, revision};
use crate::detect::OTHER_HALF;
use crate::domain::{Arn, Billing, KeyManager, KeyState, Origin, SecretClass, Severity, Step};
use crate::posture::{Opened, opened};

/// Something that holds or does not.
pub(super) struct State {
    /// Its name in templates.
    pub name: &'static str,
    /// Whether it holds.
    pub holds: fn(&Ask<'_>) -> bool,
}

/// Every state.
pub(super) static STATES: &[State] = &[
    State { name: "exposed", holds: |a| exposure(a) == Exposure::Open },
    State { name: "guarded", holds: |a| account(a).is_some_and(|id| id != EMULATED) },
    State { name: "inside", holds: is_inside },
    State { name: "item_known", holds: |a| !keys::known(a).is_empty() },
    State { name: "more_items", holds: |a| keys::known(a).len() > 1 },
    State { name: "unlisted", holds: is_unlisted },
    State { name: "emulated", holds: |a| account(a).is_some_and(|id| id == EMULATED) },
    State { name: "one_value", holds: is_one_value },
    State { name: "half", holds: is_half },
    State { name: "whole_aws_key", holds: |a| class(a) == SecretClass::AwsKey && !is_half(a) },
    State { name: "customer_key", holds: has_customer_key },
    State {
        name: "insights_of_table",
        holds: |a| a.facts.insights.known().is_none_or(|on| on.table || on.indexes.is_empty()),
    },
    State { name: "switched_off", holds: |a| !matches!(key_state(a), Some(KeyState::Other(_))) },
    State { name: "no_material", holds: |a| key_state(a) == Some(&KeyState::Other("PendingImport".into())) },
    State { name: "own_key", holds: has_own_key },
    State { name: "of_all_tables", holds: events::is_of_all },
    State { name: "has_stream", holds: |a| description(a).is_some_and(|d| d.stream.is_some()) },
    State { name: "path_hints", holds: |a| !path_hints(&path(a)).is_empty() },
    State {
        name: "stored",
        holds: |a| !matches!(class(a), SecretClass::Wallet | SecretClass::AwsSession) && !is_token(a),
    },
    State { name: "token", holds: is_token },
    State { name: "jwt", holds: |a| a.finding.rule().contains("jwt") },
    State {
        name: "provisioned",
        holds: |a| description(a).is_some_and(|d| matches!(d.billing, Billing::Provisioned { .. })),
    },
    State { name: "unplaced", holds: |a| path(a).steps().contains(&Step::Any) },
    State { name: "element", holds: |a| matches!(path(a).steps(), [.., Step::Any | Step::Index(_)]) },
    State { name: "local_key", holds: is_local_key },
    State { name: "google_key", holds: may_be_googles },
    State { name: "in_key", holds: is_table_key },
    State { name: "database_hash", holds: |a| a.finding.rule() == "database-password-hash" },
    State { name: "identity_hash", holds: |a| a.finding.rule() == "identity-password-hash" },
    State { name: "table_key", holds: |a| matches!(a.finding.topic, Some("customer-key" | "replica-key")) },
    State { name: "open_to_guests", holds: |a| a.finding.rule() == "role-open-to-guests" },
    State { name: "token_subject_open", holds: |a| a.finding.rule() == "role-token-subject-open" },
    State { name: "foreign_trust", holds: |a| a.finding.rule() == "role-foreign-trust" },
    State { name: "webhook", holds: |a| class(a) == SecretClass::WebhookKey },
    State { name: "global", holds: is_global },
    State { name: "merged", holds: |a| !a.options.also.is_empty() },
    State { name: "computed", holds: |a| policy::proposal(a).is_ok() },
    State { name: "has_policy", holds: |a| policy::proposal(a).is_ok_and(|p| p.before.is_some()) },
    State { name: "filled_revision", holds: |a| policy::proposal(a).is_ok_and(|p| revision(&p).is_some()) },
    State { name: "revisioned", holds: |a| matches!(policy::attached_to(a), Of::Table | Of::Stream) },
    State { name: "table_policy", holds: |a| policy::attached_to(a) == Of::Table },
    State { name: "stream_policy", holds: |a| policy::attached_to(a) == Of::Stream },
    State { name: "key_policy", holds: |a| policy::attached_to(a) == Of::Key },
    State { name: "vault_policy", holds: |a| policy::attached_to(a) == Of::Vault },
];

/// Who can read what the finding is about, as far as is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Exposure {
    /// Others than the account: everyone, or somebody by name.
    Open,
    /// It is not known.
    Unknown,
    /// Nobody else that is known.
    Closed,
}

/// Others can read it where a policy lets them in, or where the finding was graded for that.
pub(super) fn exposure(ask: &Ask<'_>) -> Exposure {
    let table = known_arn(ask).unwrap_or_default();
    let stream =
        ask.facts.description.known().and_then(|d| d.stream.as_ref()).map(|stream| stream.arn.clone());
    let policies = [(&ask.facts.policy, table), (&ask.facts.stream_policy, stream.unwrap_or_default())];
    let policies = policies.iter().filter_map(|(policy, arn)| Some((policy.known()?.as_ref()?, arn)));
    let open = policies.map(|(policy, arn)| opened(&policy.policy, arn));
    let seen: Vec<Opened> = open.collect();
    let raised = matches!(&ask.finding.origin, Origin::Secret(f) if ask.finding.severity > f.severity);
    if raised || seen.iter().any(|o| matches!(o, Opened::Everyone(_) | Opened::Others(_))) {
        return Exposure::Open;
    }
    let unclear = seen.contains(&Opened::Unclear) || !ask.finding.unknown.is_empty();
    if unclear || ask.finding.worst > ask.finding.severity.max(Severity::Info) {
        return Exposure::Unknown;
    }
    Exposure::Closed
}

/// The account of what is changed, twelve digits, where it is known: the table's, or that of its key, which may be in
/// another.
pub(super) fn account(ask: &Ask<'_>) -> Option<String> {
    let of_key = ask.finding.topic.is_some_and(|topic| topic.starts_with("key-"));
    let arn =
        if of_key { ask.facts.key.known().and_then(Option::as_ref).map(|k| k.arn.clone()) } else { None };
    let account = |arn: String| Arn::parse(&arn).map(|arn| arn.account);
    let of_arn = arn.and_then(account).or_else(|| known_arn(ask).and_then(account));
    of_arn.filter(|id| id.len() == 12 && id.bytes().all(|b| b.is_ascii_digit()))
}

/// The account that emulators on one's own machine say they are: there is none to check.
const EMULATED: &str = "000000000000";

/// Whether the secret is a part of what is stored at its path.
pub(super) fn is_inside(ask: &Ask<'_>) -> bool {
    let layered = |step: &Step| matches!(step, Step::Layer(_));
    match &ask.finding.origin {
        Origin::Secret(flagged) => flagged.part || flagged.path.steps().iter().any(layered),
        Origin::Posture(_) => false,
    }
}

/// Whether it is the secret half of an access key, whose id is a finding of its own: the pair is replaced once.
pub(super) fn is_half(ask: &Ask<'_>) -> bool {
    let Origin::Secret(flagged) = &ask.finding.origin else { return false };
    flagged.class == SecretClass::AwsKey
        && *flagged.rule == *"aws-secret-access-key"
        && flagged.reasons.iter().any(|reason| reason.starts_with(OTHER_HALF))
}

/// Whether it is worth nothing once it has ended: nothing is stored in its place.
fn is_token(ask: &Ask<'_>) -> bool {
    use SecretClass::{OneTimeLink, ResetToken, Session, SignedLink};
    matches!(class(ask), OneTimeLink | ResetToken | Session | SignedLink)
}

/// Whether it is in the key of a local index, and not in that of the table.
fn is_local_key(ask: &Ask<'_>) -> bool {
    let root = ask.finding.path().and_then(crate::domain::AttributePath::root);
    let of_index = |root: &str| {
        description(ask).is_some_and(|d| d.indexes.iter().any(|index| !index.global && index.is_key(root)))
    };
    !is_table_key(ask) && root.is_some_and(of_index)
}

/// Whether it stands where a key file of a service account of Google has it (Google Cloud, "Create and delete service account
/// keys": `type`, `private_key_id`, `private_key`).
fn may_be_googles(ask: &Ask<'_>) -> bool {
    let steps = ask.finding.path().map(crate::domain::AttributePath::steps).unwrap_or_default();
    class(ask) == SecretClass::PrivateKey
        && steps.len() > 1
        && matches!(steps.last(), Some(Step::Name(name)) if name == "private_key")
}

/// Whether one value stands in several places.
pub(super) fn is_one_value(ask: &Ask<'_>) -> bool {
    matches!(&ask.finding.origin, Origin::Secret(f) if f.distinct == 1 && f.count > 1)
}

/// Whether more were seen than there are keys to tell.
fn is_unlisted(ask: &Ask<'_>) -> bool {
    let Origin::Secret(flagged) = &ask.finding.origin else { return false };
    flagged.count > keys::known(ask).len().max(1) as u64
}

/// Whether the table is known to be under a key of its customer.
pub(super) fn has_customer_key(ask: &Ask<'_>) -> bool {
    let key = ask.facts.key.known().and_then(Option::as_ref);
    key.is_some_and(|key| key.manager == KeyManager::Customer)
}

/// The state of the table's key, where it is known.
fn key_state<'a>(ask: &Ask<'a>) -> Option<&'a KeyState> {
    ask.facts.key.known().and_then(Option::as_ref).map(|key| &key.state)
}

/// Whether that key is of the table's own account, where its events are.
fn has_own_key(ask: &Ask<'_>) -> bool {
    let key = ask.facts.key.known().and_then(Option::as_ref);
    has_customer_key(ask) && key.is_some_and(|key| Some(&key.account) == account(ask).as_ref())
}

/// What kind of thing the secret is.
pub(super) fn class(ask: &Ask<'_>) -> SecretClass {
    match &ask.finding.origin {
        Origin::Secret(flagged) => flagged.class,
        Origin::Posture(_) => SecretClass::Unclassified,
    }
}

fn description<'a>(ask: &Ask<'a>) -> Option<&'a crate::domain::TableDescription> {
    ask.facts.description.known()
}

/// Whether the table has replicas.
pub(super) fn is_global(ask: &Ask<'_>) -> bool {
    description(ask).is_some_and(|d| !d.replicas.is_empty())
}

/// Whether the secret is in the key of the table.
pub(super) fn is_table_key(ask: &Ask<'_>) -> bool {
    let root = ask.finding.path().and_then(crate::domain::AttributePath::root);
    root.is_some_and(|root| description(ask).is_some_and(|d| d.key.contains(root)))
}
