//! Policies of an organization, which grant nothing and forbid what no account of it is to do.

use serde_json::{Value, json};

use super::slots::Ask;

/// What stands for the id of the organization until a command or a data source puts it in. There is no policy to copy alone:
/// with the wrong id it would shut everybody out.
const MARK: &str = "ORGANIZATION-ID";

/// A resource control policy: nobody from outside the organization, and of services of AWS none that acts for an account
/// outside (Organizations User Guide, "Resource control policies (RCPs)"; IAM User Guide, "Establish permissions guardrails
/// using data perimeters"). A service that names no account acts for itself.
pub(super) fn inside() -> Value {
    json!({
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "NobodyFromOutside",
                "Effect": "Deny",
                "Principal": "*",
                "Action": "dynamodb:*",
                "Resource": "*",
                "Condition": {
                    "StringNotEqualsIfExists": {"aws:PrincipalOrgID": MARK},
                    "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
                },
            },
            {
                "Sid": "NoServiceForOthers",
                "Effect": "Deny",
                "Principal": "*",
                "Action": "dynamodb:*",
                "Resource": "*",
                "Condition": {
                    "StringNotEqualsIfExists": {"aws:SourceOrgID": MARK},
                    "Null": {"aws:SourceAccount": "false"},
                    "Bool": {"aws:PrincipalIsAWSService": "true"},
                },
            },
        ],
    })
}

/// What takes protection away, opens a table, copies it out, or makes its key useless (Service Authorization Reference,
/// "Actions defined by Amazon DynamoDB", "Actions defined by AWS Backup", "Actions defined by AWS Key Management Service"). Not UpdateTable, by which
/// capacity and indexes are changed, too.
const CHANGES: &[&str] = &[
    "backup:DeleteRecoveryPoint",
    "backup:PutBackupVaultAccessPolicy",
    "backup:StartCopyJob",
    "backup:StartRestoreJob",
    "dynamodb:CreateTableReplica",
    "dynamodb:DeleteBackup",
    "dynamodb:DeleteResourcePolicy",
    "dynamodb:DeleteTable",
    "dynamodb:DeleteTableReplica",
    "dynamodb:EnableKinesisStreamingDestination",
    "dynamodb:ExportTableToPointInTime",
    "dynamodb:PutResourcePolicy",
    "dynamodb:RestoreTableFromAwsBackup",
    "dynamodb:RestoreTableFromBackup",
    "dynamodb:RestoreTableToPointInTime",
    "dynamodb:StartAwsBackupJob",
    "dynamodb:UpdateContinuousBackups",
    "dynamodb:UpdateTimeToLive",
    "kms:DeleteImportedKeyMaterial",
    "kms:DisableKey",
    "kms:ScheduleKeyDeletion",
];

/// The role that AWS Backup takes on unless a plan names another (AWS Backup Developer Guide, "IAM service roles"): it makes
/// backups and deletes those whose time is over.
const BACKUP: &str = "service-role/AWSBackupDefaultServiceRole";

/// A service control policy: those changes by one role alone, and by that of AWS Backup.
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
                "aws:PrincipalArn": [
                    format!("arn:{partition}:iam::*:role/PUT-THE-NAME-OF-THE-ROLE-HERE"),
                    format!("arn:{partition}:iam::*:role/{BACKUP}"),
                ],
            }},
        }],
    })
}
