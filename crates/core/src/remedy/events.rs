//! What tells of changes: events of CloudTrail on EventBridge, a count of scans, and a pipe from the stream.

use serde_json::{Value, json};

use super::slots::{Ask, description, known_arn};
use super::{Needs, states};
use crate::domain::FactKind;

/// What changes who reads the table, how it is protected, or makes a copy of it (Amazon DynamoDB API Reference, "Actions").
const TELLING: &[&str] = &[
    "CreateBackup",
    "CreateGlobalTable",
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

/// Calls that name the table, by whichever member and by its name or its ARN (EventBridge User Guide, "Comparison operators
/// for use in event patterns").
pub(super) fn pattern(ask: &Ask<'_>) -> Result<Value, Needs> {
    let arn = known_arn(ask).ok_or(Needs::Fact(FactKind::Description))?;
    let name = &ask.finding.table.name;
    let below = format!("{arn}/");
    Ok(json!({
        "source": ["aws.dynamodb"],
        "detail-type": ["AWS API Call via CloudTrail"],
        "detail": {
            "eventSource": ["dynamodb.amazonaws.com"],
            "eventName": TELLING,
            "$or": [
                {"requestParameters": {"tableName": [name, arn]}},
                {"requestParameters": {"tableArn": [arn]}},
                {"requestParameters": {"sourceTableName": [name, arn]}},
                {"requestParameters": {"sourceTableArn": [arn]}},
                {"requestParameters": {"resourceArn": [arn, {"prefix": below}]}},
                {"requestParameters": {"backupArn": [{"prefix": below}]}},
            ],
        },
    }))
}

/// Scans of the table in the log of a trail that records data events (CloudWatch Logs User Guide, "Filter pattern syntax").
pub(super) fn scans(ask: &Ask<'_>) -> String {
    let name = json!(ask.finding.table.name).to_string();
    let arn = known_arn(ask).map(|arn| json!(arn).to_string());
    let table = |text: &String| format!("$.requestParameters.tableName = {text}");
    let which: Vec<String> = std::iter::once(&name).chain(&arn).map(table).collect();
    format!(
        "{{ $.eventSource = \"dynamodb.amazonaws.com\" && $.eventName = \"Scan\" && ({}) }}",
        which.join(" || ")
    )
}

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
