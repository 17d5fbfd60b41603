//! A replica is encrypted under a weaker key.

use crate::domain::{
    Arn, Encryption, Evidence, FactKind, FactValue, KeyManager, KeyState, KmsKey, Level, Message, Replica,
    ReplicaKey, ReplicaRef, Severity,
};
use crate::posture::check::{Case, Fixed, Judged, PostureCheck, Reference, Subject};
use crate::posture::examples::{KEY, described, facts, key, kms, plain, replica as at};
use crate::posture::messages::{cut, fail, list, not_applicable, pass, unreadable};

pub(super) static CHECK: PostureCheck = PostureCheck {
    id: "replica-key-weaker",
    title: "A replica is encrypted under a weaker key",
    why: "The items are the same in every Region. Whoever would need the customer managed key here needs no key \
          permission there.",
    severity: Severity::Low,
    level: Level::Table,
    reads: &[FactKind::Description, FactKind::Key, FactKind::Replicas, FactKind::ReplicaKeys],
    reads_items: false,
    judge,
    topic: Fixed::By("replica-key"),
    messages: &[&WEAKER, &UNDER],
    source: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/globaltables-security.html",
    refs: &[Reference::OwaspApi(8), Reference::Cwe(320)],
    field: "DescribeTable Table.SSEDescription and DescribeKey KeyMetadata.KeyManager, in each Region",
    cases: &[
        Case::of("no replica", || facts([plain()]), "not-applicable", "no replica"),
        Case::of(
            "nothing can be weaker",
            || facts([described(|d| d.replicas = vec![at("us-east-1")])]),
            "pass",
            "No replica can",
        ),
        Case::of(
            "a customer key in both",
            || facts([global(), key(|_| ()), replica(Some(KEY)), keyed(KeyManager::Customer)]),
            "pass",
            "us-east-1",
        ),
        Case::of(
            "an AWS owned key there",
            || facts([global(), key(|_| ()), replica(None), unkeyed()]),
            "fail",
            "low: The table is under a customer managed key; in us-east-1 under a key that AWS owns",
        ),
        Case::of(
            "an AWS managed key there",
            || facts([global(), key(|_| ()), replica(Some(KEY)), keyed(KeyManager::Aws)]),
            "fail",
            "in us-east-1 under an AWS managed key",
        ),
        Case::of(
            "a replica in another account",
            || facts([abroad(), key(|_| ()), FactValue::Replicas(vec![]), FactValue::ReplicaKeys(vec![])]),
            "unknown",
            "us-east-1 is in another account",
        ),
        Case::of(
            "the other Region not read",
            || facts([global(), key(|_| ())]),
            "unknown",
            "replicas: not asked",
        ),
        Case::of(
            "its key not read",
            || facts([global(), key(|_| ()), replica(Some(KEY))]),
            "unknown",
            "replica_keys: not asked",
        ),
        Case::of(
            "its key was not told",
            || facts([global(), key(|_| ()), replica(Some(KEY)), FactValue::ReplicaKeys(Vec::new())]),
            "unknown",
            "the key of the replica in us-east-1 was not read",
        ),
        Case::of("nothing read", || facts([]), "unknown", "description: not asked"),
    ],
};

static WEAKER: Message = Message::new("replicas-under-weaker-keys", "The table is under {key}; {replicas}.");

static UNDER: Message = Message::new("replica-under-key", "in {region} under {key}");

fn judge(subject: &Subject<'_>) -> Judged {
    let description = subject.facts.description.read()?;
    let here = &subject.table.scope.region;
    let own_account = Arn::parse(&description.arn).map(|arn| arn.account).unwrap_or_default();
    let foreign: Vec<&str> = description
        .replicas
        .iter()
        .filter(|r| r.is_foreign(&own_account))
        .map(|r| r.region.as_str())
        .collect();
    if foreign.is_empty() && !description.replicas.iter().any(|r| r.region != *here) {
        return Ok(not_applicable("The table has no replica."));
    }
    if description.encryption == Encryption::AwsOwned {
        return Ok(pass("AWS owns the table's key. No replica can be under a weaker one."));
    }
    let own = strength(subject.facts.key.read()?.as_ref());
    subject.facts.replicas.read()?;
    let keys = subject.facts.replica_keys.read()?;
    let weaker: Vec<Evidence> = keys
        .iter()
        .filter(|r| strength(r.key.as_ref()) < own)
        .map(|r| UNDER.with("region", &r.region).with("key", WORDS[strength(r.key.as_ref())]))
        .collect();
    let all: Vec<&str> = keys.iter().map(|r| r.region.as_str()).collect();
    let is_other = |r: &&ReplicaRef| r.region != *here && !r.is_foreign(&own_account);
    let untold = |r: &&ReplicaRef| !keys.iter().any(|key| key.region == r.region);
    if let Some(untold) =
        description.replicas.iter().filter(is_other).find(untold).filter(|_| weaker.is_empty())
    {
        let text = format!("the key of the replica in {} was not read", untold.region);
        return Ok(unreadable(FactKind::ReplicaKeys, &text));
    }
    Ok(if weaker.is_empty() && !foreign.is_empty() {
        let text =
            format!("the replica in {} is in another account, and its key was not looked at", list(&foreign));
        cut(FactKind::Replicas, &text)
    } else if weaker.is_empty() {
        pass(&format!("The replicas in {} are under a key that is no weaker.", list(&all)))
    } else {
        fail(Severity::Low, WEAKER.with("key", WORDS[own]).with("replicas", weaker))
    })
}

/// By how much the customer decides.
const WORDS: [&str; 3] = ["a key that AWS owns", "an AWS managed key", "a customer managed key"];

fn strength(key: Option<&KmsKey>) -> usize {
    match key.map(|k| k.manager) {
        None => 0,
        Some(KeyManager::Aws) => 1,
        Some(KeyManager::Customer) => 2,
    }
}

fn global() -> FactValue {
    described(|d| {
        d.encryption = kms(KEY);
        d.replicas = vec![at("us-east-1")];
    })
}

fn abroad() -> FactValue {
    described(|d| {
        d.encryption = kms(KEY);
        d.replicas = vec![at("us-east-1")];
        d.replicas[0].account = Some("444455556666".into());
    })
}

fn replica(key: Option<&str>) -> FactValue {
    let encryption = key.map_or(Encryption::AwsOwned, kms);
    FactValue::Replicas(vec![Replica {
        region: "us-east-1".into(),
        arn: String::new(),
        status: "ACTIVE".into(),
        encryption,
        deletion_protection: Some(true),
    }])
}

fn unkeyed() -> FactValue {
    FactValue::ReplicaKeys(vec![ReplicaKey { region: "us-east-1".into(), key: None }])
}

fn keyed(manager: KeyManager) -> FactValue {
    let key = KmsKey {
        arn: KEY.into(),
        manager,
        state: KeyState::Enabled,
        deletion: None,
        account: "111122223333".into(),
        multi_region: false,
        rotatable: true,
    };
    FactValue::ReplicaKeys(vec![ReplicaKey { region: "us-east-1".into(), key: Some(key) }])
}
