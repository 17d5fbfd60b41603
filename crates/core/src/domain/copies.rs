//! Where a table's data goes besides the table: backups, exports, streams' readers, destinations.

use serde::{Deserialize, Serialize};

use jiff::Timestamp;

use crate::domain::Policy;

/// The answer of `dynamodb:ListContributorInsights`: where the most used keys are kept in clear.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ContributorInsights {
    /// Whether it is on for the table.
    pub table: bool,
    /// The indexes for which it is on.
    pub indexes: Vec<String>,
}

/// One answer of `dynamodb:DescribeContributorInsights`, for the table or an index for which it is on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InsightsDetail {
    /// The index; `None` is the table.
    pub index: Option<String>,
    /// Only keys whose requests were throttled are shown, not the most used ones (Developer Guide, "Contributor
    /// Insights modes").
    pub throttled_only: bool,
    /// When its state changed last: since when it is on.
    pub since: Option<Timestamp>,
    /// How many rules CloudWatch has for it: one for partition keys and one for pairs of both keys, of what was used and
    /// of what was throttled.
    pub rules: usize,
}

/// One destination of `dynamodb:DescribeKinesisStreamingDestination` that is on, or being switched on or off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KinesisDestination {
    /// The data stream's ARN.
    pub arn: String,
    /// `ACTIVE`, `ENABLING`, `UPDATING`, `DISABLING`.
    pub status: String,
}

/// How long a data stream keeps a record (`kinesis:DescribeStreamSummary`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retention {
    /// The data stream's ARN.
    pub arn: String,
    /// Hours, 24 to 8,760 (Kinesis API Reference, StreamDescriptionSummary).
    pub hours: u32,
}

/// One on-demand backup of `dynamodb:ListBackups`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Backup {
    /// Its ARN, by which it is deleted, where the answer says.
    #[serde(default)]
    pub arn: Option<String>,
    /// Its name.
    pub name: String,
    /// `USER`, `SYSTEM` or `AWS_BACKUP`.
    pub kind: String,
    /// When it was made.
    pub created: Option<Timestamp>,
    /// When it goes by itself; `None` is never.
    pub expires: Option<Timestamp>,
    /// `CREATING` or `AVAILABLE`; empty where it is not told.
    #[serde(default)]
    pub status: String,
}

impl Backup {
    /// Whether the table can be restored from it: not while it is made.
    pub fn is_usable(&self) -> bool {
        self.status != "CREATING"
    }
}

/// One export of `dynamodb:ListExports`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportRef {
    /// Its ARN, which ends in the time it was asked for.
    pub arn: String,
    /// `COMPLETED`, `IN_PROGRESS` or `FAILED`.
    pub status: String,
}

/// One answer of `dynamodb:DescribeExport`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Export {
    /// Its ARN.
    pub arn: String,
    /// The bucket it was written to.
    pub bucket: String,
    /// Whose bucket that is, where the request said so; twelve digits.
    pub bucket_owner: Option<String>,
    /// The state of the table that it holds.
    pub of: Option<Timestamp>,
    /// The KMS key of the objects; `None` is a key of S3.
    pub key: Option<String>,
}

/// A Lambda function that reads the table's stream (`lambda:ListEventSourceMappings`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StreamConsumer {
    /// The function's ARN.
    pub function: String,
    /// `Enabled`, `Disabled` ...
    pub state: String,
}

impl StreamConsumer {
    /// Whether it reads: a mapping that is switched off does not.
    pub fn reads(&self) -> bool {
        self.state != "Disabled"
    }
}

/// The role of such a function (`lambda:GetFunctionConfiguration`); nothing else of that answer is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FunctionRole {
    /// The function's ARN.
    pub function: String,
    /// The role's ARN.
    pub role: String,
}

/// A stream of the table that was switched off: its records can be read for another 24 hours
/// (`dynamodb:DescribeStream`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftStream {
    /// Its ARN, which ends in the time at which it was switched on.
    pub arn: String,
    /// `KEYS_ONLY`, `NEW_IMAGE`, `OLD_IMAGE` or `NEW_AND_OLD_IMAGES`.
    pub view: String,
    /// `ENABLED`, `DISABLING` ...
    pub status: String,
}

/// An EventBridge pipe that reads the table's stream (`pipes:ListPipes`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pipe {
    /// Its name.
    pub name: String,
    /// The ARN of what it writes to.
    pub target: String,
    /// `RUNNING`, `STOPPED` ...
    pub state: String,
}

impl Pipe {
    /// Whether it reads: one that is stopped, or never started, does not.
    pub fn reads(&self) -> bool {
        !matches!(self.state.as_str(), "STOPPED" | "CREATE_FAILED" | "START_FAILED")
    }
}

/// One recovery point of `backup:ListRecoveryPointsByResource`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecoveryPoint {
    /// Its ARN, where the answer says.
    pub arn: Option<String>,
    /// The vault it is in.
    pub vault: String,
    /// When it was made.
    pub created: Option<Timestamp>,
    /// The KMS key it is encrypted under, where the answer says.
    pub key: Option<String>,
    /// `COMPLETED`, `AVAILABLE`, `CREATING`, `PARTIAL`, `STOPPED`, `DELETING` or `EXPIRED`; empty where it is not told.
    #[serde(default)]
    pub status: String,
}

impl RecoveryPoint {
    /// Whether the table can be restored from it (AWS Backup Developer Guide, `RecoveryPointByResource`).
    pub fn is_usable(&self) -> bool {
        matches!(self.status.as_str(), "" | "COMPLETED" | "AVAILABLE")
    }
}

/// A vault with recovery points of the table, and its policy (`backup:GetBackupVaultAccessPolicy`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vault {
    /// Its name.
    pub name: String,
    /// Its resource-based policy; `None` when it has none.
    pub policy: Option<Policy>,
}
