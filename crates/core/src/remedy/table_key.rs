//! The policy of a key that is made for a table.

use serde_json::{Value, json};

use super::role::dynamodb_of;
use super::slots::Ask;
use super::{Needs, states};
use crate::domain::FactKind;

/// The policy that KMS gives a key by default: IAM of the account decides.
fn root_policy(ask: &Ask<'_>) -> Result<Value, Needs> {
    let account = states::account(ask).ok_or(Needs::Fact(FactKind::Description))?;
    let partition = &ask.finding.table.scope.partition;
    Ok(json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Sid": "Enable IAM User Permissions",
            "Effect": "Allow",
            "Principal": {"AWS": format!("arn:{partition}:iam::{account}:root")},
            "Action": "kms:*",
            "Resource": "*",
        }],
    }))
}

/// What stands for the Region of a key until it is made.
pub(super) const OF_KEY: &str = "REGION-OF-THE-KEY";

/// The policy of a key for tables: IAM of the account decides, and whoever of it may read a table may use the key through
/// DynamoDB of its Region (DynamoDB Developer Guide, "Encryption at rest: usage notes", "Authorizing use of a customer managed
/// key").
pub(super) fn policy(ask: &Ask<'_>, region: &str) -> Result<Value, Needs> {
    let account = states::account(ask).ok_or(Needs::Fact(FactKind::Description))?;
    let mut policy = root_policy(ask)?;
    if let Some(statements) = policy["Statement"].as_array_mut() {
        statements.push(json!({
            "Sid": "Readers of tables through DynamoDB",
            "Effect": "Allow",
            "Principal": {"AWS": "*"},
            "Action": [
                "kms:CreateGrant", "kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*",
                "kms:ReEncrypt*",
            ],
            "Resource": "*",
            "Condition": {"StringEquals": {
                "kms:CallerAccount": account,
                "kms:ViaService": dynamodb_of(region, &ask.finding.table.scope.partition),
            }},
        }));
    }
    Ok(policy)
}
