//! What tells of changes: events of CloudTrail on EventBridge, a count of scans, and a pipe from the stream.

use serde_json::{Value, json};

use super::slots::{Ask, affected_arns, description, key_arn};
use super::{Needs, states};

/// What changes who reads the table, how it is protected, or makes a copy of it (Amazon DynamoDB API Reference, "Actions").
const TELLING: &[&str] = &[
    "CreateBackup",
    "DeleteBackup",
    "DeleteResourcePolicy",
    "DeleteTable",
    "DisableKinesisStreamingDestination",
    "EnableKinesisStreamingDestination",
    "ExportTableToPointInTime",
    "PutResourcePolicy",
    "RestoreTableFromBackup",
    "RestoreTableToPointInTime",
    "TagResource",
    "UntagResource",
    "UpdateContinuousBackups",
    "UpdateKinesisStreamingDestination",
    "UpdateTable",
    "UpdateTimeToLive",
];

/// Calls that name one of the tables of the finding, by whichever member and by its name or its ARN (EventBridge User Guide,
/// "Comparison operators for use in event patterns"). Of more tables than a pattern has room for, those of all.
pub(super) fn pattern(ask: &Ask<'_>) -> Result<Value, Needs> {
    let arns = affected_arns(ask)?;
    let names: Vec<&str> =
        arns.iter().filter_map(|arn| arn.split_once(":table/").map(|(_, name)| name)).collect();
    let either: Vec<&str> = names.iter().copied().chain(arns.iter().map(String::as_str)).collect();
    let below: Vec<Value> = arns.iter().map(|arn| json!({"prefix": format!("{arn}/")})).collect();
    let at_or_below: Vec<Value> = arns.iter().map(|arn| json!(arn)).chain(below.iter().cloned()).collect();
    let of_all = json!({
        "source": ["aws.dynamodb"],
        "detail-type": ["AWS API Call via CloudTrail"],
        "detail": {"eventSource": ["dynamodb.amazonaws.com"], "eventName": TELLING},
    });
    let narrowed = json!({
        "source": ["aws.dynamodb"],
        "detail-type": ["AWS API Call via CloudTrail"],
        "detail": {
            "eventSource": ["dynamodb.amazonaws.com"],
            "eventName": TELLING,
            "$or": [
                {"requestParameters": {"tableName": either}},
                {"requestParameters": {"tableArn": arns}},
                {"requestParameters": {"sourceTableName": either}},
                {"requestParameters": {"sourceTableArn": arns}},
                {"requestParameters": {"resourceArn": at_or_below}},
                {"requestParameters": {"backupArn": below}},
            ],
        },
    });
    Ok(if super::flavour::json(&narrowed).len() <= LONGEST_PATTERN { narrowed } else { of_all })
}

/// Longest pattern of a rule, in characters (EventBridge User Guide, "EventBridge quotas").
const LONGEST_PATTERN: usize = 2_048;

/// Whether the pattern has no room for the names, so that the rule is of all tables.
pub(super) fn is_of_all(ask: &Ask<'_>) -> bool {
    pattern(ask).is_ok_and(|pattern| pattern["detail"].get("$or").is_none())
}

/// Calls that make the key of the table useless, or open it to others (AWS KMS Developer Guide, "Logging AWS KMS API calls with
/// AWS CloudTrail": an event names its key by `resources`, whatever the call was given).
pub(super) fn key_pattern(ask: &Ask<'_>) -> Result<Value, Needs> {
    Ok(json!({
        "source": ["aws.kms"],
        "detail-type": ["AWS API Call via CloudTrail"],
        "detail": {
            "eventSource": ["kms.amazonaws.com"],
            "eventName": [
                "CreateGrant",
                "DeleteImportedKeyMaterial",
                "DisableKey",
                "PutKeyPolicy",
                "ScheduleKeyDeletion",
            ],
            "resources": {"ARN": [key_arn(ask)?]},
        },
    }))
}

/// Calls that stop a trail or change what it records: without it nothing else is told (CloudTrail API Reference, "Actions").
pub(super) fn trail_pattern() -> Value {
    json!({
        "source": ["aws.cloudtrail"],
        "detail-type": ["AWS API Call via CloudTrail"],
        "detail": {
            "eventSource": ["cloudtrail.amazonaws.com"],
            "eventName": ["DeleteTrail", "PutEventSelectors", "StopLogging", "UpdateTrail"],
        },
    })
}

/// Scans of the tables in the log of a trail that records data events (CloudWatch Logs User Guide, "Filter pattern syntax").
/// Of more tables than a pattern has room for, those of all. A log may be of all Regions, and of an organization.
pub(super) fn scans(ask: &Ask<'_>) -> Result<String, Needs> {
    let arns = affected_arns(ask)?;
    let table = |text: &str| format!("$.requestParameters.tableName = {}", json!(text));
    let names = arns.iter().filter_map(|arn| arn.split_once(":table/").map(|(_, name)| name));
    let which: Vec<String> = names.chain(arns.iter().map(String::as_str)).map(table).collect();
    let mut scan = String::from("$.eventSource = \"dynamodb.amazonaws.com\" && $.eventName = \"Scan\"");
    scan.push_str(&format!(" && $.awsRegion = {}", json!(ask.finding.table.scope.region)));
    if let Some(account) = states::account(ask) {
        scan.push_str(&format!(" && $.recipientAccountId = {}", json!(account)));
    }
    let narrowed = format!("{{ {scan} && ({}) }}", which.join(" || "));
    Ok(if narrowed.len() <= LONGEST_FILTER { narrowed } else { format!("{{ {scan} }}") })
}

/// Longest filter pattern, in characters (CloudWatch Logs API Reference, PutMetricFilter).
const LONGEST_FILTER: usize = 1_024;

/// What a pipe sends of a record of the stream: never an image of the item, and no key that is itself the secret
/// (EventBridge User Guide, "Amazon EventBridge Pipes input transformation").
pub(super) fn pipe_input(ask: &Ask<'_>) -> String {
    let keys = if states::is_table_key(ask) { "" } else { r#", "keys": <$.dynamodb.Keys>"# };
    format!(r#"{{"table": {}, "event": "<$.eventName>"{keys}}}"#, json!(ask.finding.table.name))
}

/// Where it sends that.
pub(super) fn pipe_target(ask: &Ask<'_>) -> Value {
    json!({
        "InputTemplate": pipe_input(ask),
        "EventBridgeEventBusParameters": {"DetailType": "Item changed", "Source": "dynamodb.changes"},
    })
}

/// The stream of the table, where it has one.
pub(super) fn stream(ask: &Ask<'_>) -> Result<String, Needs> {
    description(ask)?.stream.as_ref().map(|stream| stream.arn.clone()).ok_or(Needs::NoTemplate)
}
