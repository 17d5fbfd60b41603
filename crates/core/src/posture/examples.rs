//! What the cases of checks are made of: one table in account 111122223333, and small changes to it.

use std::sync::Arc;

use jiff::Timestamp;

use crate::domain::{
    Account, Analyzer, AttributePath, Backup, Billing, Confidence, ContinuousBackups, Encryption, Expiry,
    ExportRef, FactValue, FieldSelector, Flagged, IamIdentity, Index, KeyAttribute, KeyManager, KeyRotation,
    KeySchema, KeyState, KeyType, KmsKey, Named, Policy, Projection, RecoveryPoint, ReplicaRef,
    ResourcePolicy, Safe, Scope, SecretClass, Selector, Severity, Step, Stream, TableDescription, TableFacts,
    TableRef, TimeToLive, Trail, TrailSelectors, Traits,
};

/// 2026-01-01, the day on which every case is judged.
pub(super) const NOW: Timestamp = Timestamp::constant(1_767_225_600, 0);
/// A key in the table's account.
pub(super) const KEY: &str = "arn:aws:kms:eu-west-1:111122223333:key/example-key";

/// Number of items read, where any were.
pub(super) const ITEMS_READ: u64 = 10;

/// The table.
pub(super) fn table() -> TableRef {
    table_at(None)
}

/// The table, reached through an endpoint.
pub(super) fn table_at(endpoint: Option<&str>) -> TableRef {
    let scope = Scope {
        partition: "aws".into(),
        account: "111122223333".into(),
        region: "eu-west-1".into(),
        endpoint: endpoint.map(str::to_owned),
    };
    TableRef::new(&Arc::new(scope), "sessions")
}

/// These facts and no others.
pub(super) fn facts<const N: usize>(values: [FactValue; N]) -> TableFacts {
    let mut facts = TableFacts::default();
    for value in values {
        facts.learn(value, NOW);
    }
    facts
}

/// The table's description, changed a little.
pub(super) fn described(change: fn(&mut TableDescription)) -> FactValue {
    let mut description = TableDescription {
        arn: table().arn(),
        status: "ACTIVE".into(),
        key: KeySchema { partition: attribute("id", KeyType::S), sort: None },
        indexes: Vec::new(),
        items: 120,
        bytes: 48_000,
        billing: Billing::OnDemand,
        encryption: Encryption::AwsOwned,
        stream: None,
        deletion_protection: Some(false),
        restored_from: None,
        vectors: Vec::new(),
        replicas: Vec::new(),
        class: "STANDARD".into(),
        created: None,
    };
    change(&mut description);
    FactValue::Description(description)
}

/// The table as it is: under a key that AWS owns.
pub(super) fn plain() -> FactValue {
    described(|_| ())
}

/// The table under [`KEY`].
pub(super) fn under_a_key() -> FactValue {
    described(|d| d.encryption = kms(KEY))
}

/// Encryption by a KMS key that can be used.
pub(super) fn kms(key_arn: &str) -> Encryption {
    Encryption::Kms { key_arn: key_arn.into(), inaccessible_since: None }
}

/// The customer managed key of the table, changed a little.
pub(super) fn key(change: fn(&mut KmsKey)) -> FactValue {
    let mut key = KmsKey {
        arn: KEY.into(),
        manager: KeyManager::Customer,
        state: KeyState::Enabled,
        deletion: None,
        account: "111122223333".into(),
        multi_region: false,
        rotatable: true,
    };
    change(&mut key);
    FactValue::Key(Some(key))
}

/// `aws/dynamodb`.
pub(super) fn managed_by_aws() -> FactValue {
    key(|k| k.manager = KeyManager::Aws)
}

/// The key's rotation.
pub(super) fn rotation(enabled: bool, period_days: Option<u32>) -> FactValue {
    FactValue::Rotation(Some(KeyRotation { enabled, period_days }))
}

/// Point-in-time recovery: how many days back, or off.
pub(super) fn recovery(window_days: Option<u32>) -> FactValue {
    FactValue::Backups(ContinuousBackups { point_in_time: window_days.is_some(), window_days })
}

/// Time to live.
pub(super) fn ttl(attribute: Option<&str>) -> FactValue {
    FactValue::TimeToLive(TimeToLive { attribute: attribute.map(str::to_owned) })
}

/// Items that are like this in the attribute that time to live reads.
pub(super) fn expiring(expiry: Expiry) -> Option<Traits> {
    Some(Traits { expiry: Some(expiry), ..Traits::default() })
}

/// `n` on-demand backups.
pub(super) fn backup(n: usize) -> FactValue {
    let backup = Backup {
        arn: None,
        name: "nightly".into(),
        kind: "USER".into(),
        created: Some(NOW),
        expires: None,
        status: "AVAILABLE".into(),
    };
    FactValue::OnDemandBackups(vec![backup; n])
}

/// `n` recovery points, all in `vault-0`.
pub(super) fn points(n: usize) -> FactValue {
    let point = RecoveryPoint {
        arn: None,
        vault: "vault-0".into(),
        created: Some(NOW),
        key: None,
        status: "COMPLETED".into(),
    };
    FactValue::RecoveryPoints(vec![point; n])
}

/// `n` exports.
pub(super) fn exports(n: usize) -> FactValue {
    let arn = |n| format!("arn:aws:dynamodb:eu-west-1:111122223333:table/sessions/export/{n}");
    FactValue::Exports((0..n).map(|n| ExportRef { arn: arn(n), status: "COMPLETED".into() }).collect())
}

/// `n` multi-Region trails: `trail-0` ...
pub(super) fn trails(n: usize) -> FactValue {
    let trail = |n| Trail {
        arn: format!("arn:aws:cloudtrail:eu-west-1:111122223333:trail/trail-{n}"),
        name: format!("trail-{n}"),
        every_region: true,
        home: "eu-west-1".into(),
        bucket: Some("trail-logs".into()),
    };
    FactValue::Trails((0..n).map(trail).collect())
}

/// `n` external access analyzers of the account: `analyzer-0` ...
pub(super) fn analyzers(n: usize) -> FactValue {
    let analyzer = |n| Analyzer {
        arn: format!("arn:aws:access-analyzer:eu-west-1:111122223333:analyzer/analyzer-{n}"),
        name: format!("analyzer-{n}"),
        organization: false,
    };
    FactValue::Analyzers((0..n).map(analyzer).collect())
}

/// What `trail-0` records.
pub(super) fn selecting(selectors: Vec<Selector>) -> FactValue {
    let arn = "arn:aws:cloudtrail:eu-west-1:111122223333:trail/trail-0".into();
    FactValue::TrailSelectors(vec![TrailSelectors { arn, selectors }])
}

/// Data events of every table; `read_only` is `true` or `false`, or both.
pub(super) fn every_table(read_only: Option<&str>) -> Vec<Selector> {
    let mut fields = vec![
        FieldSelector::equal("eventCategory", &["Data"]),
        FieldSelector::equal("resources.type", &["AWS::DynamoDB::Table"]),
    ];
    fields.extend(read_only.map(|value| FieldSelector::equal("readOnly", &[value])));
    vec![Selector { fields }]
}

/// Data events of one table.
pub(super) fn one_table(name: &str) -> Vec<Selector> {
    let arn = format!("arn:aws:dynamodb:eu-west-1:111122223333:table/{name}");
    let mut all = every_table(None);
    all[0].fields.push(FieldSelector::equal("resources.ARN", &[&arn]));
    all
}

/// A resource-based policy with these statements, in JSON.
pub(super) fn policy(statements: &str) -> Option<ResourcePolicy> {
    let document = format!(r#"{{"Version":"2012-10-17","Statement":[{statements}]}}"#);
    Some(ResourcePolicy { policy: Policy::parse(&document), document, revision: Some("1".into()) })
}

/// A statement that allows GetItem to `principal`, with `more` members, both in JSON.
pub(super) fn allow(principal: &str, more: &str) -> String {
    format!(
        r#"{{"Sid":"Reader","Effect":"Allow","Principal":{principal},"Action":"dynamodb:GetItem","Resource":"*"{more}}}"#
    )
}

/// A stream that carries both images.
pub(super) fn stream() -> Option<Stream> {
    Some(Stream {
        arn: "arn:aws:dynamodb:eu-west-1:111122223333:table/sessions/stream/2026-01-01T00:00:00.000".into(),
        view: "NEW_AND_OLD_IMAGES".into(),
    })
}

/// A replica in a Region of the table's own account.
pub(super) fn replica(region: &str) -> ReplicaRef {
    let account = Some("111122223333".into());
    ReplicaRef { region: region.into(), account, status: "ACTIVE".into() }
}

/// A key attribute.
pub(super) fn attribute(name: &str, kind: KeyType) -> KeyAttribute {
    KeyAttribute { name: name.into(), kind }
}

/// A global index with one string key.
pub(super) fn index(name: &str, key: &str, projection: Projection) -> Index {
    let key = KeySchema { partition: attribute(key, KeyType::S), sort: None };
    Index {
        name: name.into(),
        global: true,
        key,
        more_partition: Vec::new(),
        more_sort: Vec::new(),
        projection,
        items: None,
        bytes: None,
        capacity: None,
    }
}

/// A credential seen in `config.stripe_key`.
pub(super) fn secret() -> Option<Vec<Flagged>> {
    let path = AttributePath::new(vec![Step::Name("config".into()), Step::Name("stripe_key".into())]);
    Some(vec![flagged(path, SecretClass::ApiKey)])
}

/// A session seen in the partition key `id`.
pub(super) fn session_key() -> Option<Vec<Flagged>> {
    Some(vec![flagged(AttributePath::attribute("id"), SecretClass::Session)])
}

/// A session seen in the attribute `data` of most items.
pub(super) fn session() -> Option<Vec<Flagged>> {
    Some(vec![Flagged { count: 8, ..flagged(AttributePath::attribute("data"), SecretClass::Session) }])
}

/// A token seen in the attribute `notes` of one item.
pub(super) fn stray_token() -> Option<Vec<Flagged>> {
    Some(vec![flagged(AttributePath::attribute("notes"), SecretClass::Session)])
}

/// Tokens seen in a list: many of them, and nobody knows in how many items.
pub(super) fn listed_tokens() -> Option<Vec<Flagged>> {
    let path = AttributePath::new(vec![Step::Name("devices".into()), Step::Any]);
    Some(vec![Flagged { count: 100, ..flagged(path, SecretClass::Session) }])
}

/// A password hash seen in every item.
pub(super) fn password_hashes() -> Option<Vec<Flagged>> {
    let hash = flagged(AttributePath::attribute("password"), SecretClass::PasswordHash);
    Some(vec![Flagged { count: ITEMS_READ, rule: "password-hash".into(), ..hash }])
}

/// Items were read, and nothing was seen in them.
pub(super) fn clean() -> Option<Vec<Flagged>> {
    Some(Vec::new())
}

fn flagged(path: AttributePath, class: SecretClass) -> Flagged {
    Flagged {
        path,
        rule: "example".into(),
        title: "Example".into(),
        severity: Severity::High,
        confidence: Confidence::High,
        class,
        part: false,
        count: 1,
        distinct: 1,
        masked: Safe::neutral("••••"),
        fingerprint: "example".into(),
        reasons: Vec::new(),
        items: Default::default(),
    }
}

/// The roles and users of the account.
pub(super) fn account<const N: usize>(people: [IamIdentity; N]) -> FactValue {
    let (roles, users) = people.into_iter().partition(|p| p.arn.contains(":role/"));
    FactValue::Account(Account { roles, users, ..Account::default() }.into())
}

/// No policy of the table.
pub(super) fn unopened() -> FactValue {
    FactValue::Policy(None)
}

/// `role/app` or `user/ann` with one statement in a policy of its own.
pub(super) fn identity(who: &str, statement: &str) -> IamIdentity {
    IamIdentity {
        name: who.rsplit('/').next().unwrap_or(who).into(),
        arn: format!("arn:aws:iam::111122223333:{who}"),
        inline: vec![Named { name: "own".into(), policy: document(statement) }],
        ..IamIdentity::default()
    }
}

/// A role that reads every table, and has this statement in its trust policy.
pub(super) fn reading_role(trust: &str) -> IamIdentity {
    let reads = r#"{"Effect":"Allow","Action":["dynamodb:GetItem","dynamodb:Query"],"Resource":"*"}"#;
    IamIdentity { trust: Some(document(trust)), ..identity("role/reader", reads) }
}

fn document(statement: &str) -> Policy {
    Policy::parse(&format!(r#"{{"Version":"2012-10-17","Statement":[{statement}]}}"#))
}
