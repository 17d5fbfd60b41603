//! SDK types to ours. Missing fields are gaps, never defaults that look like answers.

use std::collections::HashMap;

use aws_sdk_dynamodb::types as sdk;
use aws_sdk_kms::types as kms;
use jiff::Timestamp;

use crate::domain::{
    Arn, AttributeValue, Billing, ContinuousBackups, Encryption, FactKind, Gap, Index, Item, KeyAttribute,
    KeyManager, KeySchema, KeyState, KeyType, KmsKey, Projection, ReplicaRef, Stream, TableDescription,
    TimeToLive, VectorIndex,
};
use crate::source::live::errors::nonsense;

/// A value, its strings moved.
pub fn value(from: sdk::AttributeValue) -> AttributeValue {
    use sdk::AttributeValue as Sdk;
    match from {
        Sdk::S(s) => AttributeValue::S(s),
        Sdk::N(n) => AttributeValue::N(n),
        Sdk::B(b) => AttributeValue::B(b.into_inner()),
        Sdk::Bool(b) => AttributeValue::Bool(b),
        Sdk::Null(_) => AttributeValue::Null,
        Sdk::Ss(set) => AttributeValue::Ss(set),
        Sdk::Ns(set) => AttributeValue::Ns(set),
        Sdk::Bs(set) => AttributeValue::Bs(set.into_iter().map(|b| b.into_inner()).collect()),
        Sdk::M(members) => AttributeValue::M(sorted(members, |_| 2)),
        Sdk::L(members) => AttributeValue::L(members.into_iter().map(value).collect()),
        // Includes types that the service adds after this SDK was made.
        _ => AttributeValue::Unknown,
    }
}

/// An item: its key first, then the rest by name. The SDK keeps no order of its own.
pub fn item(from: HashMap<String, sdk::AttributeValue>, key: Option<&KeySchema>) -> Item {
    Item::new(sorted(from, |name| key.and_then(|k| k.names().position(|n| n == name)).unwrap_or(2)))
}

fn sorted(
    from: HashMap<String, sdk::AttributeValue>,
    rank: impl Fn(&str) -> usize,
) -> Vec<(String, AttributeValue)> {
    let mut members: Vec<_> = from.into_iter().map(|(name, v)| (name, value(v))).collect();
    members.sort_by(|(a, _), (b, _)| (rank(a), a).cmp(&(rank(b), b)));
    members
}

/// A key, back to the SDK's types; `None` if a part is not a string, a number or binary.
pub fn key(from: &Item) -> Option<HashMap<String, sdk::AttributeValue>> {
    from.attributes().iter().map(|(name, v)| Some((name.clone(), key_value(v)?))).collect()
}

/// One part of a key, back to the SDK's type.
pub fn key_value(from: &AttributeValue) -> Option<sdk::AttributeValue> {
    match from {
        AttributeValue::S(s) => Some(sdk::AttributeValue::S(s.clone())),
        AttributeValue::N(n) => Some(sdk::AttributeValue::N(n.clone())),
        AttributeValue::B(b) => Some(sdk::AttributeValue::B(b.clone().into())),
        _ => None,
    }
}

/// A value, back to the SDK's type; `None` for what this program does not know.
pub fn sdk_value(from: &AttributeValue) -> Option<sdk::AttributeValue> {
    use sdk::AttributeValue as Sdk;
    Some(match from {
        AttributeValue::S(s) => Sdk::S(s.clone()),
        AttributeValue::N(n) => Sdk::N(n.clone()),
        AttributeValue::B(b) => Sdk::B(b.clone().into()),
        AttributeValue::Bool(b) => Sdk::Bool(*b),
        AttributeValue::Null => Sdk::Null(true),
        AttributeValue::Ss(set) => Sdk::Ss(set.clone()),
        AttributeValue::Ns(set) => Sdk::Ns(set.clone()),
        AttributeValue::Bs(set) => Sdk::Bs(set.iter().map(|b| b.clone().into()).collect()),
        AttributeValue::L(list) => Sdk::L(list.iter().map(sdk_value).collect::<Option<_>>()?),
        AttributeValue::M(members) => Sdk::M(
            members.iter().map(|(name, v)| Some((name.clone(), sdk_value(v)?))).collect::<Option<_>>()?,
        ),
        AttributeValue::Unknown => return None,
    })
}

/// A time of the SDK; `None` if it is out of range.
pub fn time(from: &aws_smithy_types::DateTime) -> Option<Timestamp> {
    Timestamp::new(from.secs(), i32::try_from(from.subsec_nanos()).ok()?).ok()
}

fn count(from: Option<i64>) -> Option<u64> {
    from.and_then(|n| u64::try_from(n).ok())
}

/// DescribeTable's answer.
pub fn description(from: Option<sdk::TableDescription>) -> Result<TableDescription, Gap> {
    let lacks = |what| nonsense(FactKind::Description.permission(), what);
    let from = from.ok_or_else(|| lacks("Table"))?;
    let kinds = from.attribute_definitions.unwrap_or_default();
    let (key, _) = schema(from.key_schema, &kinds)
        .filter(|(_, more)| more.iter().all(Vec::is_empty))
        .ok_or_else(|| lacks("usable KeySchema"))?;
    let mut indexes = Vec::new();
    for i in from.global_secondary_indexes.unwrap_or_default() {
        let capacity = i
            .provisioned_throughput
            .and_then(|t| Some((count(t.read_capacity_units)?, count(t.write_capacity_units)?)));
        let sizes = (i.item_count, i.index_size_bytes);
        indexes.push(
            index(
                true,
                i.index_name,
                i.key_schema,
                i.projection,
                sizes,
                capacity.filter(|c| c.0 > 0),
                &kinds,
            )
            .ok_or_else(|| lacks("usable GlobalSecondaryIndexes"))?,
        );
    }
    for i in from.local_secondary_indexes.unwrap_or_default() {
        indexes.push(
            index(
                false,
                i.index_name,
                i.key_schema,
                i.projection,
                (i.item_count, i.index_size_bytes),
                None,
                &kinds,
            )
            .ok_or_else(|| lacks("usable LocalSecondaryIndexes"))?,
        );
    }
    let mut vectors = Vec::new();
    for i in from.vector_indexes.unwrap_or_default() {
        let usable = i.index_name.zip(projection(i.projection));
        let (name, projection) = usable.ok_or_else(|| lacks("usable VectorIndexes"))?;
        vectors.push(VectorIndex { name, projection });
    }
    let on_demand = from
        .billing_mode_summary
        .and_then(|b| b.billing_mode)
        .is_some_and(|mode| mode == sdk::BillingMode::PayPerRequest);
    let billing = if on_demand {
        Billing::OnDemand
    } else {
        let (read, write) = from
            .provisioned_throughput
            .map_or((None, None), |t| (count(t.read_capacity_units), count(t.write_capacity_units)));
        Billing::Provisioned { read: read.ok_or_else(|| lacks("ReadCapacityUnits"))?, write }
    };
    let stream = match from.stream_specification {
        Some(spec) if spec.stream_enabled => Some(Stream {
            arn: from.latest_stream_arn.ok_or_else(|| lacks("LatestStreamArn"))?,
            view: spec.stream_view_type.map(|v| v.as_str().to_owned()).unwrap_or_default(),
        }),
        _ => None,
    };
    Ok(TableDescription {
        arn: from.table_arn.ok_or_else(|| lacks("TableArn"))?,
        status: from.table_status.ok_or_else(|| lacks("TableStatus"))?.as_str().to_owned(),
        key,
        indexes,
        vectors,
        items: count(from.item_count).ok_or_else(|| lacks("ItemCount"))?,
        bytes: count(from.table_size_bytes).ok_or_else(|| lacks("TableSizeBytes"))?,
        billing,
        encryption: encryption(from.sse_description).ok_or_else(|| lacks("KMSMasterKeyArn"))?,
        stream,
        deletion_protection: from.deletion_protection_enabled,
        restored_from: from.restore_summary.and_then(|summary| summary.source_table_arn),
        replicas: replicas(from.replicas).ok_or_else(|| lacks("usable Replicas"))?,
        class: from
            .table_class_summary
            .and_then(|c| c.table_class)
            .map_or_else(|| "STANDARD".into(), |c| c.as_str().to_owned()),
        created: from.creation_date_time.as_ref().and_then(time),
    })
}

/// A replica without a Region makes the list unusable: it must not get lost.
fn replicas(from: Option<Vec<sdk::ReplicaDescription>>) -> Option<Vec<ReplicaRef>> {
    let one = |replica: sdk::ReplicaDescription| {
        let arn = replica.replica_arn.as_deref().and_then(Arn::parse);
        Some(ReplicaRef {
            region: replica.region_name?,
            account: arn.map(|arn| arn.account),
            status: replica.replica_status.map(|s| s.as_str().to_owned()).unwrap_or_default(),
        })
    };
    from.unwrap_or_default().into_iter().map(one).collect()
}

/// No SSEDescription, or one that is off, means a key that AWS owns (API Reference, SSEDescription).
fn encryption(from: Option<sdk::SseDescription>) -> Option<Encryption> {
    let Some(sse) = from else { return Some(Encryption::AwsOwned) };
    let off = sse.status == Some(sdk::SseStatus::Disabled);
    match sse.kms_master_key_arn {
        Some(key_arn) => Some(Encryption::Kms {
            key_arn,
            inaccessible_since: sse.inaccessible_encryption_date_time.as_ref().and_then(time),
        }),
        None if off || sse.sse_type == Some(sdk::SseType::Aes256) => Some(Encryption::AwsOwned),
        None => None,
    }
}

fn index(
    global: bool,
    name: Option<String>,
    key: Option<Vec<sdk::KeySchemaElement>>,
    of: Option<sdk::Projection>,
    (items, bytes): (Option<i64>, Option<i64>),
    capacity: Option<(u64, u64)>,
    kinds: &[sdk::AttributeDefinition],
) -> Option<Index> {
    let (key, [more_partition, more_sort]) = schema(key, kinds)?;
    let (projection, items, bytes) = (projection(of)?, count(items), count(bytes));
    Some(Index { name: name?, global, key, more_partition, more_sort, projection, items, bytes, capacity })
}

fn projection(from: Option<sdk::Projection>) -> Option<Projection> {
    let from = from?;
    Some(match from.projection_type? {
        sdk::ProjectionType::All => Projection::All,
        sdk::ProjectionType::KeysOnly => Projection::KeysOnly,
        sdk::ProjectionType::Include => Projection::Include(from.non_key_attributes.unwrap_or_default()),
        // Unknown: take it to hold everything, so that nothing is overlooked.
        _ => Projection::All,
    })
}

/// The first attribute of the partition key and of the sort key, and the others of each, in order: global indexes may
/// have several. `None` for what has no partition key.
fn schema(
    from: Option<Vec<sdk::KeySchemaElement>>,
    kinds: &[sdk::AttributeDefinition],
) -> Option<(KeySchema, [Vec<KeyAttribute>; 2])> {
    let [mut partition, mut sort] = [Vec::new(), Vec::new()];
    for element in from? {
        let kind = match kinds.iter().find(|d| d.attribute_name == element.attribute_name)?.attribute_type {
            sdk::ScalarAttributeType::S => KeyType::S,
            sdk::ScalarAttributeType::N => KeyType::N,
            sdk::ScalarAttributeType::B => KeyType::B,
            _ => return None,
        };
        let of = match element.key_type {
            sdk::KeyType::Hash => &mut partition,
            sdk::KeyType::Range => &mut sort,
            _ => return None,
        };
        of.push(KeyAttribute { name: element.attribute_name, kind });
    }
    let (mut partition, mut sort) = (partition.into_iter(), sort.into_iter());
    let key = KeySchema { partition: partition.next()?, sort: sort.next() };
    Some((key, [partition.collect(), sort.collect()]))
}

/// DescribeContinuousBackups' answer.
pub fn backups(from: Option<sdk::ContinuousBackupsDescription>) -> Result<ContinuousBackups, Gap> {
    let lacks = |what| nonsense(FactKind::Backups.permission(), what);
    let from = from.ok_or_else(|| lacks("ContinuousBackupsDescription"))?;
    let pitr = from.point_in_time_recovery_description;
    let status = pitr.as_ref().and_then(|p| p.point_in_time_recovery_status.clone());
    let point_in_time = match status {
        Some(sdk::PointInTimeRecoveryStatus::Enabled) => true,
        Some(sdk::PointInTimeRecoveryStatus::Disabled) => false,
        // Backups as a whole are off, so this is too.
        None if from.continuous_backups_status == sdk::ContinuousBackupsStatus::Disabled => false,
        _ => return Err(lacks("PointInTimeRecoveryStatus")),
    };
    let days = pitr.and_then(|p| p.recovery_period_in_days).and_then(|d| u32::try_from(d).ok());
    Ok(ContinuousBackups { point_in_time, window_days: days.filter(|_| point_in_time) })
}

/// DescribeTimeToLive's answer.
pub fn time_to_live(from: Option<sdk::TimeToLiveDescription>) -> Result<TimeToLive, Gap> {
    let lacks = |what| nonsense(FactKind::TimeToLive.permission(), what);
    let from = from.ok_or_else(|| lacks("TimeToLiveDescription"))?;
    let attribute = match from.time_to_live_status {
        Some(sdk::TimeToLiveStatus::Enabled | sdk::TimeToLiveStatus::Enabling) => {
            Some(from.attribute_name.ok_or_else(|| lacks("AttributeName"))?)
        }
        Some(sdk::TimeToLiveStatus::Disabled | sdk::TimeToLiveStatus::Disabling) => None,
        _ => return Err(lacks("known TimeToLiveStatus")),
    };
    Ok(TimeToLive { attribute })
}

/// `kms:DescribeKey`'s answer.
pub fn kms_key(from: Option<kms::KeyMetadata>) -> Result<KmsKey, Gap> {
    let lacks = |what| nonsense(FactKind::Key.permission(), what);
    let from = from.ok_or_else(|| lacks("KeyMetadata"))?;
    let arn = from.arn.ok_or_else(|| lacks("Arn"))?;
    let account = from
        .aws_account_id
        .or_else(|| crate::domain::Arn::parse(&arn).map(|a| a.account))
        .ok_or_else(|| lacks("AWSAccountId"))?;
    Ok(KmsKey {
        account,
        arn,
        manager: match from.key_manager {
            Some(kms::KeyManagerType::Aws) => KeyManager::Aws,
            Some(kms::KeyManagerType::Customer) => KeyManager::Customer,
            _ => return Err(lacks("known KeyManager")),
        },
        state: match from.key_state.ok_or_else(|| lacks("KeyState"))? {
            kms::KeyState::Enabled => KeyState::Enabled,
            kms::KeyState::Disabled => KeyState::Disabled,
            kms::KeyState::PendingDeletion => KeyState::PendingDeletion,
            other => KeyState::Other(other.as_str().to_owned()),
        },
        deletion: from.deletion_date.as_ref().and_then(time),
        multi_region: from.multi_region.unwrap_or(false),
        // What is not told is as it is for every key made without asking for more.
        rotatable: from.origin.is_none_or(|origin| origin == kms::OriginType::AwsKms)
            && from.key_spec.is_none_or(|spec| spec == kms::KeySpec::SymmetricDefault),
    })
}
