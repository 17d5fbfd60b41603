//! What watches over the account: IAM Access Analyzer and CloudWatch's metrics (their API References).

use serde_json::{Value, json};

use super::error::ServiceError;
use crate::demo::account::{Identity, Place, Table};

/// Answers of Access Analyzer.
pub(in super::super) fn analyzer(
    identity: &Identity,
    region: &str,
    operation: &str,
    body: &Value,
) -> Result<Value, ServiceError> {
    super::allow(identity, "access-analyzer", operation, "*")?;
    let place = Place::find(identity.account, region);
    let arn = |name: &str| format!("arn:aws:access-analyzer:{region}:{}:analyzer/{name}", identity.account);
    let analyzer = place.and_then(|p| p.analyzer);
    match operation {
        "ListAnalyzers" => {
            let all = analyzer.map(|(name, _)| {
                json!({
                    "arn": arn(name), "name": name, "type": "ACCOUNT", "status": "ACTIVE",
                    "createdAt": "2025-01-01T00:00:00Z",
                })
            });
            Ok(json!({ "analyzers": all.into_iter().collect::<Vec<_>>() }))
        }
        "ListFindingsV2" => {
            let wanted = body["analyzerArn"].as_str().unwrap_or_default();
            let Some((_, found)) = analyzer.filter(|(name, _)| arn(name) == wanted) else {
                return Err(ServiceError::not_found(format!("Analyzer not found: {wanted}")));
            };
            let all = found.iter().enumerate().map(|(n, resource)| {
                let kind = if resource.contains("/stream/") { "Stream" } else { "Table" };
                json!({
                    "id": format!("demo-finding-{n}"), "findingType": "ExternalAccess", "status": "ACTIVE",
                    "resource": format!("arn:aws:dynamodb:{region}:{}:table/{resource}", identity.account),
                    "resourceType": format!("AWS::DynamoDB::{kind}"),
                    "resourceOwnerAccount": identity.account,
                    "analyzedAt": "2026-11-20T06:00:00Z", "createdAt": "2026-10-01T06:00:00Z",
                    "updatedAt": "2026-10-01T06:00:00Z",
                })
            });
            Ok(json!({ "findings": all.collect::<Vec<_>>() }))
        }
        _ => Err(ServiceError::unknown_operation(operation)),
    }
}

/// Answers of CloudWatch: of each metric a number a day, newest first; none of an operation that nobody asked for.
pub(in super::super) fn metrics(
    identity: &Identity,
    region: &str,
    operation: &str,
    body: &Value,
) -> Result<Value, ServiceError> {
    super::allow(identity, "cloudwatch", operation, "*")?;
    if operation != "GetMetricData" {
        return Err(ServiceError::unknown_operation(operation));
    }
    let place = Place::find(identity.account, region);
    let queries = body["MetricDataQueries"].as_array().into_iter().flatten();
    let results = queries.map(|query| {
        let metric = &query["MetricStat"]["Metric"];
        let dimension = |name: &str| {
            let all = metric["Dimensions"].as_array().into_iter().flatten();
            all.filter(|d| d["Name"] == name).find_map(|d| d["Value"].as_str()).unwrap_or_default()
        };
        let table = place.and_then(|p| p.table(dimension("TableName")));
        let returned = metric["MetricName"] == "ReturnedItemCount";
        let values = table.map(|t| days(t, dimension("Operation"), returned)).unwrap_or_default();
        json!({ "Id": query["Id"], "Label": metric["MetricName"], "StatusCode": "Complete", "Values": values })
    });
    Ok(json!({ "MetricDataResults": results.collect::<Vec<_>>(), "Messages": [] }))
}

/// Fourteen days of one operation of a table.
fn days(table: &Table, operation: &str, returned: bool) -> Vec<f64> {
    let Some((_, requests, items)) = table.reads.iter().find(|(name, ..)| *name == operation) else {
        return Vec::new();
    };
    vec![(if returned { requests * items } else { *requests }) as f64; 14]
}
