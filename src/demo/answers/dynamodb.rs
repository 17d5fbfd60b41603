//! DynamoDB, all but the items (DynamoDB API Reference).

use serde_json::{Value, json};

use super::error::ServiceError;
use crate::demo::CLOCK;
use crate::demo::account::{Identity, Index, Place, Projection, Table};
use crate::domain::Arn;

/// An answer, or where the items are that are asked for.
pub(in super::super) enum Answer {
    /// The whole answer.
    Settled(Value),
    /// The engine answers: the table, and the request with the table's name in place of its ARN.
    Items(&'static Table, Value),
}

/// The fields of requests that name a table, or something of one, by name or ARN.
const NAMING: &[&str] =
    &["TableName", "ResourceArn", "TableArn", "ExportArn", "EventSourceArn", "SourcePrefix"];

/// The name of the table that a request is about, if it is about one.
pub(in super::super) fn table_name(body: &Value) -> Option<String> {
    let given = NAMING.iter().find_map(|field| body[*field].as_str())?;
    let Some(arn) = Arn::parse(given) else { return Some(given.to_owned()) };
    let mut parts = arn.resource.split('/');
    (parts.next() == Some("table")).then(|| parts.next().map(str::to_owned)).flatten()
}

/// Answers for the tables of one Region.
pub(in super::super) fn answer(
    identity: &Identity,
    region: &str,
    operation: &str,
    mut body: Value,
) -> Result<Answer, ServiceError> {
    let resource = resource(identity, region, &body);
    super::allow(identity, "dynamodb", operation, &resource)?;
    let place = Place::find(identity.account, region);
    if operation == "ListTables" {
        return Ok(Answer::Settled(list(place, &body)));
    }
    if operation == "DescribeLimits" {
        return Ok(Answer::Settled(json!({
            "AccountMaxReadCapacityUnits": 80_000, "AccountMaxWriteCapacityUnits": 80_000,
            "TableMaxReadCapacityUnits": 40_000, "TableMaxWriteCapacityUnits": 40_000,
        })));
    }
    if !OPERATIONS.contains(&operation) {
        return Err(ServiceError::unknown_operation(operation));
    }
    if let Some(arn) = Arn::parse(&resource)
        && (arn.account != identity.account || arn.region != region)
    {
        return Err(super::denial(identity, &format!("dynamodb:{operation}"), &resource));
    }
    let name = table_name(&body)
        .ok_or_else(|| ServiceError::new(400, "ValidationException", "The table is not named"))?;
    let (place, table) = place.and_then(|place| Some((place, place.table(&name)?))).ok_or_else(|| {
        ServiceError::not_found(format!("Requested resource not found: Table: {name} not found"))
    })?;
    let settled = match operation {
        "DescribeTable" => json!({ "Table": description(place, table) }),
        "DescribeTimeToLive" => json!({ "TimeToLiveDescription": time_to_live(table) }),
        "DescribeContinuousBackups" => json!({ "ContinuousBackupsDescription": backups(table) }),
        "ListTagsOfResource" => json!({ "Tags": tags(table) }),
        "GetResourcePolicy" => policy(place, table, &resource)?,
        "DescribeContributorInsights" => super::copies::insights_of(table, body["IndexName"].as_str()),
        "ListContributorInsights" => super::copies::insights(table),
        "DescribeKinesisStreamingDestination" => super::copies::kinesis(place, table),
        "ListBackups" => super::copies::backups(place, table),
        "ListExports" => super::copies::exports(place, table),
        "DescribeExport" => super::copies::export(place, table, &resource)?,
        _ => {
            body["TableName"] = json!(name);
            return Ok(Answer::Items(table, body));
        }
    };
    Ok(Answer::Settled(settled))
}

/// What is answered here or by the engine, besides ListTables.
const OPERATIONS: &[&str] = &[
    "DescribeTable",
    "DescribeTimeToLive",
    "DescribeContinuousBackups",
    "ListTagsOfResource",
    "GetResourcePolicy",
    "ListContributorInsights",
    "DescribeContributorInsights",
    "DescribeKinesisStreamingDestination",
    "ListBackups",
    "ListExports",
    "DescribeExport",
    "Scan",
    "Query",
    "GetItem",
];

/// The ARN that a policy would be matched against.
pub(in super::super) fn resource(identity: &Identity, region: &str, body: &Value) -> String {
    if let Some(arn) = ["ResourceArn", "TableArn", "ExportArn"].iter().find_map(|f| body[*f].as_str()) {
        return arn.to_owned();
    }
    let mut resource = match body["TableName"].as_str() {
        Some(arn) if arn.starts_with("arn:") => arn.to_owned(),
        name => format!("arn:aws:dynamodb:{region}:{}:table/{}", identity.account, name.unwrap_or("*")),
    };
    if let Some(index) = body["IndexName"].as_str() {
        resource.push_str("/index/");
        resource.push_str(index);
    }
    resource
}

fn list(place: Option<&Place>, body: &Value) -> Value {
    let after = body["ExclusiveStartTableName"].as_str().unwrap_or_default();
    let limit = body["Limit"].as_u64().map_or(100, |limit| limit.clamp(1, 100) as usize);
    let tables = place.map(|place| place.tables).unwrap_or_default();
    let mut names: Vec<&str> = tables.iter().map(|table| table.name).filter(|name| *name > after).collect();
    names.sort_unstable();
    let more = names.len() > limit;
    names.truncate(limit);
    let mut answer = json!({ "TableNames": names });
    if more {
        answer["LastEvaluatedTableName"] = json!(names.last());
    }
    answer
}

/// Keys and indexes, the part that CreateTable and DescribeTable spell alike.
fn shape(table: &Table) -> Value {
    let mut attributes: Vec<(&str, &str)> = vec![table.partition];
    attributes.extend(table.sort);
    attributes.extend(table.indexes.iter().map(|index| index.partition));
    attributes.sort_unstable();
    attributes.dedup();
    let mut schema = vec![json!({ "AttributeName": table.partition.0, "KeyType": "HASH" })];
    schema.extend(table.sort.map(|(name, _)| json!({ "AttributeName": name, "KeyType": "RANGE" })));
    let definitions: Vec<Value> = attributes
        .iter()
        .map(|(name, kind)| json!({ "AttributeName": name, "AttributeType": kind }))
        .collect();
    let mut shape =
        json!({ "TableName": table.name, "KeySchema": schema, "AttributeDefinitions": definitions });
    if !table.indexes.is_empty() {
        shape["GlobalSecondaryIndexes"] = table.indexes.iter().map(index).collect();
    }
    shape
}

fn index(index: &Index) -> Value {
    let projection = match index.projection {
        Projection::All => json!({ "ProjectionType": "ALL" }),
        Projection::KeysOnly => json!({ "ProjectionType": "KEYS_ONLY" }),
        Projection::Include(names) => json!({ "ProjectionType": "INCLUDE", "NonKeyAttributes": names }),
    };
    json!({
        "IndexName": index.name,
        "KeySchema": [{ "AttributeName": index.partition.0, "KeyType": "HASH" }],
        "Projection": projection,
    })
}

/// The CreateTable request that gives the engine this table.
pub(in super::super) fn creation(table: &Table) -> Value {
    let mut request = shape(table);
    request["BillingMode"] = json!("PAY_PER_REQUEST");
    request
}

fn seconds(time: &str) -> i64 {
    time.parse().map_or(CLOCK, |time: jiff::Timestamp| time).as_second()
}

fn description(place: &Place, table: &Table) -> Value {
    let arn = place.table_arn(table);
    let (items, bytes) = table.size;
    let mut description = shape(table);
    description["TableArn"] = json!(arn);
    description["TableId"] = json!(super::super::random::Random::named(&arn).uuid());
    description["TableStatus"] = json!("ACTIVE");
    description["CreationDateTime"] = json!(seconds(table.created));
    description["ItemCount"] = json!(items);
    description["TableSizeBytes"] = json!(bytes);
    description["DeletionProtectionEnabled"] = json!(table.protected);
    description["TableClassSummary"] = json!({ "TableClass": table.class });
    description["ProvisionedThroughput"] = throughput(table);
    if table.provisioned.is_none() {
        description["BillingModeSummary"] = json!({ "BillingMode": "PAY_PER_REQUEST" });
    }
    if let Some(indexes) = description.get_mut("GlobalSecondaryIndexes").and_then(Value::as_array_mut) {
        for index in indexes {
            let name = index["IndexName"].as_str().unwrap_or_default().to_owned();
            index["IndexArn"] = json!(format!("{arn}/index/{name}"));
            index["IndexStatus"] = json!("ACTIVE");
            index["ItemCount"] = json!(items);
            index["IndexSizeBytes"] = json!(bytes);
            index["ProvisionedThroughput"] = throughput(table);
        }
    }
    if let Some(source) = table.restored_from {
        let arn = arn.replace(&format!("table/{}", table.name), &format!("table/{source}"));
        description["RestoreSummary"] = json!({
            "SourceTableArn": arn,
            "RestoreDateTime": seconds(table.created),
            "RestoreInProgress": false,
        });
    }
    if let Some(key) = table.key {
        description["SSEDescription"] =
            json!({ "Status": "ENABLED", "SSEType": "KMS", "KMSMasterKeyArn": place.key_arn(key) });
    }
    if let Some(stream) = &table.stream {
        description["StreamSpecification"] = json!({ "StreamEnabled": true, "StreamViewType": stream.view });
        description["LatestStreamLabel"] = json!(stream.label);
        description["LatestStreamArn"] = json!(place.stream_arn(table));
    }
    if !table.replicas.is_empty() {
        description["GlobalTableVersion"] = json!("2019.11.21");
        description["Replicas"] = table
            .replicas
            .iter()
            .map(|region| {
                let there = arn.replace(place.region, region);
                json!({ "RegionName": region, "ReplicaStatus": "ACTIVE", "ReplicaArn": there })
            })
            .collect();
    }
    description
}

/// DescribeTable tells zero for a table on demand.
fn throughput(table: &Table) -> Value {
    let (read, write) = table.provisioned.unwrap_or_default();
    json!({ "NumberOfDecreasesToday": 0, "ReadCapacityUnits": read, "WriteCapacityUnits": write })
}

fn time_to_live(table: &Table) -> Value {
    match table.ttl {
        Some(attribute) => json!({ "TimeToLiveStatus": "ENABLED", "AttributeName": attribute }),
        None => json!({ "TimeToLiveStatus": "DISABLED" }),
    }
}

fn backups(table: &Table) -> Value {
    let recovery = match table.recovery {
        Some(days) => json!({
            "PointInTimeRecoveryStatus": "ENABLED",
            "RecoveryPeriodInDays": days,
            "EarliestRestorableDateTime":
                (CLOCK.as_second() - days.cast_signed() * 86_400).max(seconds(table.created)),
            "LatestRestorableDateTime": CLOCK.as_second() - 300,
        }),
        None => json!({ "PointInTimeRecoveryStatus": "DISABLED" }),
    };
    json!({ "ContinuousBackupsStatus": "ENABLED", "PointInTimeRecoveryDescription": recovery })
}

fn tags(table: &Table) -> Value {
    table.tags.iter().map(|(key, value)| json!({ "Key": key, "Value": value })).collect()
}

/// The policy of the table or of its stream, whichever the ARN names.
fn policy(place: &Place, table: &Table, arn: &str) -> Result<Value, ServiceError> {
    let policy = if arn == place.table_arn(table) {
        table.policy
    } else if place.stream_arn(table).as_deref() == Some(arn) {
        table.stream.as_ref().and_then(|stream| stream.policy)
    } else {
        return Err(ServiceError::not_found(format!("Requested resource not found: {arn}")));
    };
    let Some(policy) = policy else {
        let message = format!("Resource-based policy not found for the provided ResourceArn: {arn}");
        return Err(ServiceError::new(400, "PolicyNotFoundException", message));
    };
    let revision = seconds(table.created) * 1000 + i64::from(crc32fast::hash(policy.as_bytes()) % 1000);
    Ok(json!({ "Policy": policy, "RevisionId": revision.to_string() }))
}
