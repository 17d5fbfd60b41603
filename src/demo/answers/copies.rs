//! Where the data of a table goes, as DynamoDB, EventBridge Pipes, Kinesis, AWS Backup and Application
//! Auto Scaling tell it (their API References).

use serde_json::{Value, json};

use super::error::ServiceError;
use crate::demo::CLOCK;
use crate::demo::account::{Export, Identity, Place, Table};
use crate::domain::Arn;

const DAY: i64 = 86_400;

fn days_ago(days: i64) -> i64 {
    CLOCK.as_second() - days * DAY
}

pub(super) fn insights(table: &Table) -> Value {
    let summary = |index: &&str| {
        let mut summary = json!({ "TableName": table.name, "ContributorInsightsStatus": "ENABLED" });
        if !index.is_empty() {
            summary["IndexName"] = json!(index);
        }
        summary
    };
    json!({ "ContributorInsightsSummaries": table.insights.iter().map(summary).collect::<Vec<_>>() })
}

/// Contributor Insights of the table or an index, on for half a year.
pub(super) fn insights_of(table: &Table, index: Option<&str>) -> Value {
    let on = table.insights.contains(&index.unwrap_or_default());
    let rule = |keys: &str| format!("DynamoDBContributorInsights-{keys}-{}-1771000000000", table.name);
    let rules: Vec<String> = if on { vec![rule("PKC"), rule("PKT")] } else { Vec::new() };
    let mut answer = json!({
        "TableName": table.name,
        "ContributorInsightsStatus": if on { "ENABLED" } else { "DISABLED" },
        "ContributorInsightsRuleList": rules,
        "ContributorInsightsMode": "ACCESSED_AND_THROTTLED_KEYS",
        "LastUpdateDateTime": days_ago(180),
    });
    if let Some(index) = index {
        answer["IndexName"] = json!(index);
    }
    answer
}

pub(super) fn kinesis(place: &Place, table: &Table) -> Value {
    let all = table
        .kinesis
        .iter()
        .map(|(name, _)| json!({ "StreamArn": place.kinesis_arn(name), "DestinationStatus": "ACTIVE" }));
    json!({ "TableName": table.name, "KinesisDataStreamDestinations": all.collect::<Vec<_>>() })
}

pub(super) fn backups(place: &Place, table: &Table) -> Value {
    let all = table.backups.iter().map(|(name, days)| {
        json!({
            "TableName": table.name,
            "TableArn": place.table_arn(table),
            "BackupArn": format!("{}/backup/{:014}-demo", place.table_arn(table), days_ago(*days) * 1000),
            "BackupName": name,
            "BackupCreationDateTime": days_ago(*days),
            "BackupStatus": "AVAILABLE",
            "BackupType": "USER",
        })
    });
    json!({ "BackupSummaries": all.collect::<Vec<_>>() })
}

fn export_arn(place: &Place, table: &Table, export: &Export) -> String {
    format!("{}/export/{:014}-demo", place.table_arn(table), days_ago(export.days_ago) * 1000)
}

pub(super) fn exports(place: &Place, table: &Table) -> Value {
    let all = table
        .exports
        .iter()
        .map(|export| json!({ "ExportArn": export_arn(place, table, export), "ExportStatus": "COMPLETED" }));
    json!({ "ExportSummaries": all.collect::<Vec<_>>() })
}

pub(super) fn export(place: &Place, table: &Table, arn: &str) -> Result<Value, ServiceError> {
    let export = table.exports.iter().find(|e| export_arn(place, table, e) == arn).ok_or_else(|| {
        ServiceError::new(400, "ExportNotFoundException", format!("Export not found: {arn}"))
    })?;
    let mut description = json!({
        "ExportArn": arn,
        "ExportStatus": "COMPLETED",
        "TableArn": place.table_arn(table),
        "ExportTime": days_ago(export.days_ago),
        "S3Bucket": export.bucket,
        "S3SseAlgorithm": "AES256",
    });
    if let Some(owner) = export.owner {
        description["S3BucketOwner"] = json!(owner);
    }
    Ok(json!({ "ExportDescription": description }))
}

/// Answers of the services that are asked for a table by an ARN or a name.
pub(in super::super) fn answer(
    identity: &Identity,
    region: &str,
    service: &str,
    operation: &str,
    body: &Value,
) -> Result<Value, ServiceError> {
    super::allow(identity, service, operation, "*")?;
    let place = Place::find(identity.account, region);
    let table = super::dynamodb::table_name(body).and_then(|name| place?.table(&name));
    Ok(match operation {
        "ListPipes" => {
            let all = table.into_iter().flat_map(|t| t.pipes).map(|(name, target)| {
                json!({ "Name": name, "Source": body["SourcePrefix"], "Target": target, "CurrentState": "RUNNING" })
            });
            json!({ "Pipes": all.collect::<Vec<_>>() })
        }
        "DescribeStreamSummary" => {
            let arn = body["StreamARN"].as_str().unwrap_or_default();
            json!({ "StreamDescriptionSummary": {
                "StreamName": arn.rsplit('/').next(),
                "StreamARN": arn,
                "StreamStatus": "ACTIVE",
                "RetentionPeriodHours": 168,
                "StreamCreationTimestamp": days_ago(290),
                "EnhancedMonitoring": [],
                "OpenShardCount": 1,
                "EncryptionType": "KMS",
                "KeyId": "alias/aws/kinesis",
            } })
        }
        // No data stream of the demo has a policy.
        "GetResourcePolicy" => json!({ "Policy": "{}" }),
        "ListStreamConsumers" => {
            let arn = body["StreamARN"].as_str().unwrap_or_default();
            let streams = place.into_iter().flat_map(|p| p.tables).flat_map(|t| t.kinesis);
            let all = streams
                .filter(|(name, _)| Arn::parse(arn).is_some_and(|a| a.resource == format!("stream/{name}")))
                .flat_map(|(_, consumers)| *consumers)
                .map(|name| {
                    json!({
                        "ConsumerName": name,
                        "ConsumerARN": format!("{arn}/consumer/{name}:1"),
                        "ConsumerStatus": "ACTIVE",
                        "ConsumerCreationTimestamp": days_ago(90),
                    })
                });
            json!({ "Consumers": all.collect::<Vec<_>>() })
        }
        "ListRecoveryPointsByResource" => {
            let all = table.into_iter().flat_map(|t| t.points).map(|(vault, days)| {
                json!({
                    "RecoveryPointArn": format!("arn:aws:backup:{region}:{}:recovery-point:demo-{days}", identity.account),
                    "BackupVaultName": vault,
                    "CreationDate": days_ago(*days),
                    "Status": "COMPLETED",
                    "IsParent": false,
                })
            });
            json!({ "RecoveryPoints": all.collect::<Vec<_>>() })
        }
        "GetBackupVaultAccessPolicy" => {
            let name = body["BackupVaultName"].as_str().unwrap_or_default();
            let vault = place.and_then(|p| p.vaults.iter().find(|(n, _)| *n == name));
            let Some((_, Some(policy))) = vault else {
                return Err(ServiceError::not_found("The vault has no policy, or does not exist"));
            };
            json!({ "BackupVaultName": name, "Policy": policy })
        }
        "DescribeBackupVault" => {
            let name = body["BackupVaultName"].as_str().unwrap_or_default();
            json!({ "BackupVaultName": name, "Locked": false, "NumberOfRecoveryPoints": 2 })
        }
        "ListBackupPlans" => {
            json!({ "BackupPlansList": [{ "BackupPlanId": "demo-nightly", "BackupPlanName": "nightly" }] })
        }
        "ListBackupSelections" => json!({ "BackupSelectionsList": [
            { "SelectionId": "demo-tagged", "SelectionName": "tagged", "BackupPlanId": "demo-nightly" },
        ] }),
        "GetBackupSelection" => {
            json!({ "BackupPlanId": "demo-nightly", "SelectionId": "demo-tagged", "BackupSelection": {
            "SelectionName": "tagged",
            "IamRoleArn": format!("arn:aws:iam::{}:role/service-role/AWSBackupDefaultServiceRole", identity.account),
            "Resources": ["*"],
            "Conditions": { "StringEquals": [
                { "ConditionKey": "aws:ResourceTag/backup", "ConditionValue": "nightly" },
            ] },
        } })
        }
        // No table of the demo scales.
        "DescribeScalableTargets" => json!({ "ScalableTargets": [] }),
        _ => return Err(ServiceError::unknown_operation(operation)),
    })
}

/// The operation and the parameters of a request of the REST services, by its path.
pub(in super::super) fn rest(path: &str, query: &[(String, String)]) -> Option<(&'static str, Value)> {
    let mut body: Value =
        Value::Object(query.iter().map(|(name, value)| (name.clone(), json!(value))).collect());
    let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
    Some(match parts.as_slice() {
        ["2015-03-31", "event-source-mappings"] => ("ListEventSourceMappings", body),
        ["2015-03-31", "functions", name, "configuration"] => {
            body["FunctionName"] = json!(name);
            ("GetFunctionConfiguration", body)
        }
        ["v1", "pipes"] => ("ListPipes", body),
        ["analyzer"] => ("ListAnalyzers", body),
        ["resources", arn @ .., "recovery-points"] => {
            body["ResourceArn"] = json!(arn.join("/"));
            ("ListRecoveryPointsByResource", body)
        }
        ["backup-vaults", name] => {
            body["BackupVaultName"] = json!(name);
            ("DescribeBackupVault", body)
        }
        ["backup", "plans"] => ("ListBackupPlans", body),
        ["backup", "plans", _, "selections"] => ("ListBackupSelections", body),
        ["backup", "plans", _, "selections", _] => ("GetBackupSelection", body),
        ["backup-vaults", name, "access-policy"] => {
            body["BackupVaultName"] = json!(name);
            ("GetBackupVaultAccessPolicy", body)
        }
        _ => return None,
    })
}
