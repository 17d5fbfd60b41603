//! Policies of an organization, which grant nothing and forbid what no account of it is to do.

use serde_json::{Value, json};

use super::slots::Ask;

/// What stands for the id of the organization where a command or a data source puts it in.
const MARK: &str = "ORGANIZATION-ID";
/// The same where a person does.
const ASKED: &str = "PUT-THE-ORGANIZATION-ID-HERE";

/// A resource control policy: nobody from outside the organization, but services of AWS (Organizations User Guide,
/// "Resource control policies (RCPs)"; IAM User Guide, "Establish permissions guardrails using data perimeters").
pub(super) fn inside(is_asked: bool) -> Value {
    json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Sid": "NobodyFromOutside",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "dynamodb:*",
            "Resource": "*",
            "Condition": {
                "StringNotEqualsIfExists": {"aws:PrincipalOrgID": if is_asked { ASKED } else { MARK }},
                "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
            },
        }],
    })
}

/// What takes protection away, opens a table, or copies it out (Service Authorization Reference, "Actions defined by
/// Amazon DynamoDB").
const CHANGES: &[&str] = &[
    "dynamodb:DeleteBackup",
    "dynamodb:DeleteResourcePolicy",
    "dynamodb:DeleteTable",
    "dynamodb:DeleteTableReplica",
    "dynamodb:EnableKinesisStreamingDestination",
    "dynamodb:ExportTableToPointInTime",
    "dynamodb:PutResourcePolicy",
    "dynamodb:RestoreTableFromBackup",
    "dynamodb:RestoreTableToPointInTime",
    "dynamodb:UpdateContinuousBackups",
];

/// A service control policy: those changes by one role alone.
pub(super) fn changes(ask: &Ask<'_>) -> Value {
    let partition = &ask.finding.table.scope.partition;
    json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Sid": "ByOneRoleAlone",
            "Effect": "Deny",
            "Action": CHANGES,
            "Resource": "*",
            "Condition": {"ArnNotLike": {
                "aws:PrincipalArn": format!("arn:{partition}:iam::*:role/PUT-THE-NAME-OF-THE-ROLE-HERE"),
            }},
        }],
    })
}
