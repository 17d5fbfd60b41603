//! CloudTrail's event history: who copied a table, or opened it to others.
//!
//! An event is text that whoever made the call had a hand in. What is too long, or no JSON, is counted as unread.

use aws_sdk_cloudtrail::types as sdk;
use serde_json::Value;

use crate::domain::{Arn, CopyCall, CopyEvent, Gap, LookedUp, Lookup, Safe, permission};
use crate::source::live::Live;
use crate::source::live::convert::time;
use crate::source::live::errors::nonsense;

/// CloudTrail's own limit of an event is 256 KB (User Guide, "Quotas").
const MAX_EVENT: usize = 256 * 1024;

/// A text of an event is cut here. An ARN has at most 2,048 characters, the ones of tables and roles far fewer.
const MAX_TEXT: usize = 400;

/// A page of the history.
pub(super) async fn look_up(live: &Live, lookup: Lookup) -> Result<LookedUp, Gap> {
    let permission = permission("cloudtrail:LookupEvents");
    let name = sdk::LookupAttribute::builder()
        .attribute_key(sdk::LookupAttributeKey::EventName)
        .attribute_value(lookup.call.name)
        .build()
        .map_err(|_| nonsense(permission, "LookupAttributes"))?;
    let ask = live.clients().cloudtrail().lookup_events().lookup_attributes(name).set_next_token(lookup.next);
    let answer = ask.send().await.map_err(|e| live.errors.gap(&e, permission))?;
    let mut page = LookedUp::default();
    for event in answer.events.ok_or_else(|| nonsense(permission, "Events"))? {
        match read(&event, lookup.call, &live.errors.region) {
            Some(found) => page.events.extend(found),
            None => page.unread += 1,
        }
    }
    page.next = answer.next_token.filter(|token| !token.is_empty());
    Ok(page)
}

/// The call that an event tells of: `Some(None)` if it is none that copied or opened a table, `None` if it could not
/// be read.
fn read(event: &sdk::Event, call: &'static CopyCall, region: &str) -> Option<Option<CopyEvent>> {
    let text = event.cloud_trail_event.as_deref().filter(|text| text.len() <= MAX_EVENT)?;
    let record: Value = serde_json::from_str(text).ok().filter(Value::is_object)?;
    if record["eventSource"].as_str()? != call.service || record["eventName"].as_str()? != call.name {
        return Some(None);
    }
    let at = match &event.event_time {
        Some(at) => time(at)?,
        None => record["eventTime"].as_str()?.parse().ok()?,
    };
    let error = record["errorCode"].as_str().map(short);
    let asked = &record["requestParameters"];
    // A refused call is often told without its parameters.
    let (table, into) = match (call.name, asked.is_null() && error.is_some()) {
        ("UpdateTable", true) => return Some(None),
        (_, true) => (None, None),
        _ => match copied(call.name, asked, region) {
            Some(copied) => copied,
            None => return Some(None),
        },
    };
    let point = asked["recoveryPointArn"].as_str().map(cut);
    Some(Some(CopyEvent { at, call, who: who(&record["userIdentity"]), table, point, into, error }))
}

/// The table and what it went to; `None` if the call copied or opened nothing of DynamoDB.
fn copied(name: &str, asked: &Value, region: &str) -> Option<(Option<String>, Option<Safe>)> {
    let text = |field: &str| asked[field].as_str();
    let table = |fields: &[&str]| fields.iter().find_map(|field| table_name(text(field)?, region));
    let into = |what: &str, field: &str| text(field).map(|value| short(&format!("{what}{value}")));
    Some(match name {
        "ExportTableToPointInTime" => {
            let owner = text("s3BucketOwner").map(|id| format!(" of account {id}")).unwrap_or_default();
            let bucket = text("s3Bucket").map(|bucket| short(&format!("bucket {bucket}{owner}")));
            (table(&["tableArn"]), bucket)
        }
        "RestoreTableToPointInTime" => {
            (table(&["sourceTableName", "sourceTableArn"]), into("table ", "targetTableName"))
        }
        "RestoreTableFromBackup" => (table(&["backupArn"]), into("table ", "targetTableName")),
        "CreateBackup" => (table(&["tableName"]), into("backup ", "backupName")),
        "PutResourcePolicy" => {
            let of = if text("resourceArn")?.contains("/stream/") { "its stream" } else { "the table" };
            (table(&["resourceArn"]), Some(Safe::neutral(of)))
        }
        "EnableKinesisStreamingDestination" => (table(&["tableName"]), into("", "streamArn")),
        "UpdateTable" => (table(&["tableName"]), Some(switched_on(asked)?)),
        "StartBackupJob" if !is_of_dynamodb(text("resourceArn")?) => return None,
        "StartBackupJob" => (table(&["resourceArn"]), into("vault ", "backupVaultName")),
        // AWS Backup names most of its recovery points by itself: then the ARN does not tell the table.
        "StartCopyJob" if !is_of_dynamodb(text("recoveryPointArn")?) => return None,
        "StartCopyJob" => (table(&["recoveryPointArn"]), into("", "destinationBackupVaultArn")),
        "StartRestoreJob" if !is_of_dynamodb(text("recoveryPointArn")?) => return None,
        "StartRestoreJob" if text("resourceType").is_some_and(|kind| kind != "DynamoDB") => return None,
        "StartRestoreJob" => (table(&["recoveryPointArn"]), None),
        _ => return None,
    })
}

/// What a table's update switched on that hands its items on: a stream, or replicas.
fn switched_on(asked: &Value) -> Option<Safe> {
    let stream = &asked["streamSpecification"];
    let mut on = Vec::new();
    if stream["streamEnabled"].as_bool() == Some(true) {
        on.push(format!("a stream of {}", stream["streamViewType"].as_str().unwrap_or("changes")));
    }
    let replicas = asked["replicaUpdates"].as_array().into_iter().flatten();
    on.extend(
        replicas.filter_map(|r| r["create"]["regionName"].as_str()).map(|r| format!("a replica in {r}")),
    );
    (!on.is_empty()).then(|| short(&on.join(" and ")))
}

/// Whether an ARN may be of a table or of a recovery point of one.
fn is_of_dynamodb(arn: &str) -> bool {
    Arn::parse(arn).is_some_and(|arn| matches!(arn.service.as_str(), "dynamodb" | "backup"))
}

/// The name of a table of this Region by its name, or by the ARN of it or of something of it; of another Region's
/// table the whole ARN, so that it is not taken for one of the same name here.
fn table_name(given: &str, region: &str) -> Option<String> {
    let Some(arn) = Arn::parse(given) else { return Some(cut(given)) };
    let name = arn.resource.strip_prefix("table/")?.split('/').next()?;
    Some(if arn.region == region { cut(name) } else { cut(given) })
}

/// Who made a call (CloudTrail User Guide, "CloudTrail userIdentity element").
fn who(identity: &Value) -> Safe {
    let text = |at: &str| identity.pointer(at).and_then(Value::as_str).filter(|text| !text.is_empty());
    let arn = text("/arn").or_else(|| text("/sessionContext/sessionIssuer/arn"));
    let service = text("/invokedBy");
    match (arn, service) {
        (Some(arn), Some(service)) => short(&format!("{arn}, through {service}")),
        (Some(arn), None) => short(arn),
        (None, Some(service)) => short(service),
        (None, None) => short(
            text("/userName").or_else(|| text("/accountId")).or_else(|| text("/type")).unwrap_or("not told"),
        ),
    }
}

fn cut(text: &str) -> String {
    text.chars().take(MAX_TEXT).collect()
}

fn short(text: &str) -> Safe {
    Safe::neutral(&cut(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::COPY_CALLS;
    use serde_json::json;

    fn event(name: &str, service: &str, asked: Value, error: Option<&str>) -> sdk::Event {
        let mut record = json!({
            "eventTime": "2026-10-31T12:00:00Z", "eventSource": service, "eventName": name,
            "userIdentity": { "type": "AssumedRole", "arn": "arn:aws:sts::111122223333:assumed-role/etl/job" },
            "requestParameters": asked,
        });
        if let Some(error) = error {
            record["errorCode"] = json!(error);
        }
        sdk::Event::builder().cloud_trail_event(record.to_string()).build()
    }

    fn told(name: &str, event: &sdk::Event) -> String {
        let call = COPY_CALLS.iter().find(|c| c.name == name).expect("looked for");
        match read(event, call, "eu-west-1") {
            None => "unread".into(),
            Some(None) => "another".into(),
            Some(Some(found)) => {
                let into = found.into.map(|into| format!(" {into}")).unwrap_or_default();
                let error = found.error.map(|error| format!(" ({error})")).unwrap_or_default();
                format!("{}: {}{into}{error}", found.table.as_deref().unwrap_or("?"), call.did)
            }
        }
    }

    #[test]
    fn calls_are_read_as_cloudtrail_writes_them() {
        let check = |name: &str, asked: Value, expect: &str| {
            let call = COPY_CALLS.iter().find(|c| c.name == name).expect("looked for");
            assert_eq!(told(name, &event(name, call.service, asked, None)), expect, "{name}");
        };
        let arn = |rest: &str| format!("arn:aws:dynamodb:eu-west-1:111122223333:{rest}");
        let orders = arn("table/orders");
        check(
            "ExportTableToPointInTime",
            json!({ "tableArn": orders, "s3Bucket": "lake" }),
            "orders: exported it to bucket lake",
        );
        check(
            "ExportTableToPointInTime",
            json!({ "tableArn": orders, "s3Bucket": "lake", "s3BucketOwner": "777788889999" }),
            "orders: exported it to bucket lake of account 777788889999",
        );
        check(
            "RestoreTableToPointInTime",
            json!({ "sourceTableArn": orders, "targetTableName": "copy" }),
            "orders: restored a state of it into table copy",
        );
        check(
            "RestoreTableToPointInTime",
            json!({ "sourceTableArn": "arn:aws:dynamodb:us-east-1:111122223333:table/orders", "targetTableName": "copy" }),
            "arn:aws:dynamodb:us-east-1:111122223333:table/orders: restored a state of it into table copy",
        );
        check(
            "RestoreTableFromBackup",
            json!({ "backupArn": arn("table/orders/backup/01-a"), "targetTableName": "copy" }),
            "orders: restored a backup of it into table copy",
        );
        check(
            "CreateBackup",
            json!({ "tableName": orders, "backupName": "b" }),
            "orders: backed it up as backup b",
        );
        check(
            "PutResourcePolicy",
            json!({ "resourceArn": orders, "policy": "{}" }),
            "orders: set the policy of the table",
        );
        check(
            "PutResourcePolicy",
            json!({ "resourceArn": arn("table/orders/stream/1") }),
            "orders: set the policy of its stream",
        );
        check(
            "EnableKinesisStreamingDestination",
            json!({ "tableName": "orders", "streamArn": "arn:x" }),
            "orders: sent its changes to arn:x",
        );
        check(
            "UpdateTable",
            json!({ "tableName": "orders", "streamSpecification": { "streamEnabled": true, "streamViewType": "NEW_IMAGE" } }),
            "orders: switched on a stream of NEW_IMAGE",
        );
        check(
            "UpdateTable",
            json!({ "tableName": "orders", "replicaUpdates": [{ "create": { "regionName": "us-east-1" } }, { "delete": {} }] }),
            "orders: switched on a replica in us-east-1",
        );
        check("UpdateTable", json!({ "tableName": "orders", "billingMode": "PAY_PER_REQUEST" }), "another");
        check(
            "StartBackupJob",
            json!({ "resourceArn": orders, "backupVaultName": "v" }),
            "orders: backed it up into vault v",
        );
        check("StartBackupJob", json!({ "resourceArn": "arn:aws:ec2:eu-west-1::volume/1" }), "another");
        check(
            "StartCopyJob",
            json!({ "recoveryPointArn": "arn:aws:backup:eu-west-1:1:recovery-point:x", "destinationBackupVaultArn": "arn:v" }),
            "?: copied a backup of it into arn:v",
        );
        check(
            "StartRestoreJob",
            json!({ "recoveryPointArn": "arn:aws:backup:eu-west-1:1:recovery-point:x", "resourceType": "EC2" }),
            "another",
        );
        check(
            "StartRestoreJob",
            json!({ "recoveryPointArn": arn("table/orders/backup/1") }),
            "orders: restored a backup of it",
        );
    }

    #[test]
    fn every_kind_of_call_is_read() {
        let arn = "arn:aws:dynamodb:eu-west-1:111122223333:table/orders";
        let asked = json!({
            "tableArn": arn, "tableName": "orders", "sourceTableName": "orders", "resourceArn": arn,
            "backupArn": format!("{arn}/backup/1"), "recoveryPointArn": format!("{arn}/backup/1"),
            "streamSpecification": { "streamEnabled": true },
        });
        for call in COPY_CALLS {
            let told = told(call.name, &event(call.name, call.service, asked.clone(), None));
            assert!(told.starts_with("orders: "), "{}: {told}", call.name);
        }
    }

    #[test]
    fn other_services_failures_and_nonsense() {
        let refused = event("CreateBackup", "dynamodb.amazonaws.com", Value::Null, Some("AccessDenied"));
        assert_eq!(told("CreateBackup", &refused), "?: backed it up as (AccessDenied)");
        let refused = event("UpdateTable", "dynamodb.amazonaws.com", Value::Null, Some("AccessDenied"));
        assert_eq!(told("UpdateTable", &refused), "another", "it may have been about capacity");
        let other = event("CreateBackup", "fsx.amazonaws.com", json!({}), None);
        assert_eq!(told("CreateBackup", &other), "another");
        let raw = |text: &str| sdk::Event::builder().cloud_trail_event(text).build();
        for text in [
            "",
            "[]",
            "{",
            "null",
            "7",
            r#"{"eventName":7}"#,
            &"[".repeat(10_000),
            &" ".repeat(MAX_EVENT + 1),
        ] {
            assert_eq!(told("CreateBackup", &raw(text)), "unread", "{text:.20}");
        }
        assert_eq!(told("CreateBackup", &sdk::Event::builder().build()), "unread");
    }

    #[test]
    fn who_it_was_is_cut_and_neutral() {
        let check = |identity: Value, expect: &str| assert_eq!(who(&identity).as_str(), expect);
        check(json!({ "arn": "arn:a" }), "arn:a");
        check(
            json!({ "arn": "arn:a", "invokedBy": "backup.amazonaws.com" }),
            "arn:a, through backup.amazonaws.com",
        );
        check(json!({ "type": "AWSService", "invokedBy": "backup.amazonaws.com" }), "backup.amazonaws.com");
        check(json!({ "type": "AWSAccount", "accountId": "777788889999" }), "777788889999");
        check(json!({ "arn": "\u{1b}[2J\u{202e}" }), "␛[2J‹U+202E›");
        check(json!({}), "not told");
        assert_eq!(who(&json!({ "arn": "x".repeat(10_000) })).chars().count(), MAX_TEXT);
    }
}
