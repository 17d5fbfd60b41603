//! CloudTrail and DAX: what is the same for all tables of a place (their API References).

use serde_json::{Value, json};

use super::error::ServiceError;
use crate::demo::account::{Identity, Place, Trail};

/// Answers of CloudTrail.
pub(in super::super) fn trails(
    identity: &Identity,
    region: &str,
    operation: &str,
    body: &Value,
) -> Result<Value, ServiceError> {
    super::allow(identity, "cloudtrail", operation, "*")?;
    let place = Place::find(identity.account, region);
    let arn = |t: &Trail| format!("arn:aws:cloudtrail:eu-west-1:{}:trail/{}", identity.account, t.name);
    let all = || place.into_iter().flat_map(|p| p.trails);
    if operation == "DescribeTrails" {
        let all = all().map(|t| {
            json!({
                "Name": t.name,
                "TrailARN": arn(t),
                "HomeRegion": "eu-west-1",
                "S3BucketName": format!("{}-logs", t.name),
                "IsMultiRegionTrail": true,
                "HasCustomEventSelectors": true,
            })
        });
        return Ok(json!({ "trailList": all.collect::<Vec<_>>() }));
    }
    let name = body["Name"].as_str().or_else(|| body["TrailName"].as_str()).unwrap_or_default();
    let Some((place, trail)) = place.and_then(|p| Some((p, all().find(|t| arn(t) == name)?))) else {
        return Err(ServiceError::new(400, "TrailNotFoundException", format!("Unknown trail: {name}")));
    };
    match operation {
        "GetTrailStatus" => Ok(json!({ "IsLogging": trail.logging })),
        "GetEventSelectors" if trail.writes => Ok(json!({
            "TrailARN": arn(trail),
            "EventSelectors": [{
                "ReadWriteType": "WriteOnly",
                "IncludeManagementEvents": true,
                "DataResources": [{ "Type": "AWS::DynamoDB::Table", "Values": ["arn:aws:dynamodb"] }],
            }],
        })),
        "GetEventSelectors" => {
            let tables = trail.reads.iter().filter_map(|name| place.table(name));
            let arns: Vec<String> = tables.map(|table| place.table_arn(table)).collect();
            Ok(json!({
                "TrailARN": arn(trail),
                "AdvancedEventSelectors": [{ "FieldSelectors": [
                    { "Field": "eventCategory", "Equals": ["Data"] },
                    { "Field": "resources.type", "Equals": ["AWS::DynamoDB::Table"] },
                    { "Field": "resources.ARN", "Equals": arns },
                ]}],
            }))
        }
        _ => Err(ServiceError::unknown_operation(operation)),
    }
}

/// Answers of DAX.
pub(in super::super) fn caches(
    identity: &Identity,
    region: &str,
    operation: &str,
) -> Result<Value, ServiceError> {
    super::allow(identity, "dax", operation, "*")?;
    if operation != "DescribeClusters" {
        return Err(ServiceError::unknown_operation(operation));
    }
    let account = identity.account;
    let all =
        Place::find(account, region).into_iter().flat_map(|p| p.caches).map(|(name, encrypted, tls)| {
            json!({
                "ClusterName": name,
                "Status": "available",
                "IamRoleArn": format!("arn:aws:iam::{account}:role/{name}"),
                "SSEDescription": { "Status": if *encrypted { "ENABLED" } else { "DISABLED" } },
                "ClusterEndpointEncryptionType": if *tls { "TLS" } else { "NONE" },
            })
        });
    Ok(json!({ "Clusters": all.collect::<Vec<_>>() }))
}
