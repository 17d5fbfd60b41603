//! Where a table's data goes besides the table: backups, exports, streams' readers, destinations.

use serde::{Deserialize, Serialize};

use jiff::Timestamp;

use crate::access::glob;
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
    /// `NONE` or `KMS`; empty where it is not told.
    #[serde(default)]
    pub encryption: String,
}

/// The policy of a data stream (`kinesis:GetResourcePolicy`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KinesisPolicy {
    /// The data stream's ARN.
    pub arn: String,
    /// Its resource-based policy; `None` when it has none.
    pub policy: Option<Policy>,
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
    /// Whether the table can be restored from it: not while it is made. `None` where that is not told.
    pub fn is_usable(&self) -> Option<bool> {
        match self.status.as_str() {
            "AVAILABLE" => Some(true),
            "CREATING" | "DELETED" => Some(false),
            _ => None,
        }
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
    /// Whether it is one to count on: not while it is made, nor past its time (AWS Backup Developer Guide,
    /// `RecoveryPointByResource`). `None` where that is not told.
    pub fn is_usable(&self) -> Option<bool> {
        match self.status.as_str() {
            "COMPLETED" | "AVAILABLE" => Some(true),
            "CREATING" | "PARTIAL" | "STOPPED" | "DELETING" | "EXPIRED" => Some(false),
            _ => None,
        }
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

/// How a vault keeps what is in it (`backup:DescribeBackupVault`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VaultSettings {
    /// Its name.
    pub name: String,
    /// Whether Vault Lock keeps recovery points from being deleted or changed.
    pub locked: bool,
    /// For how many days at least a locked vault keeps them.
    pub min_days: Option<u32>,
}

/// One plan of `backup:ListBackupPlans`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupPlan {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
}

/// One entry of `backup:ListBackupSelections`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupSelectionRef {
    /// The id of its plan.
    pub plan_id: String,
    /// The name of its plan.
    pub plan: String,
    /// Its id; `None` where what the plan is for was not told.
    pub id: Option<String>,
}

/// What a plan is for (`backup:GetBackupSelection`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupChoice {
    /// The name of the plan.
    pub plan: String,
    /// Patterns of ARNs, of which one is enough; none named: everything.
    pub resources: Vec<String>,
    /// Patterns of ARNs that are left out.
    pub not_resources: Vec<String>,
    /// Tags by name and value, of which one is enough.
    pub any_tag: Vec<(String, String)>,
    /// Conditions on tags, which all have to hold.
    pub conditions: Vec<TagCondition>,
}

/// A condition on the value of a tag.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TagCondition {
    /// The tag's name.
    pub tag: String,
    /// Its value, or a pattern of it with `*`.
    pub value: String,
    /// Whether the value is a pattern.
    pub like: bool,
    /// Whether it must not match.
    pub not: bool,
}

impl BackupChoice {
    /// Whether a resource with these tags is among it; `None` where that depends on tags that are not known. What is
    /// named by ARN is narrowed by tags (AWS Backup Developer Guide, "Assigning resources to a backup plan").
    pub fn covers(&self, arn: &str, tags: Option<&[(String, String)]>) -> Option<bool> {
        let any = |patterns: &[String]| patterns.iter().any(|pattern| glob::matches(pattern, arn));
        if any(&self.not_resources) || !(self.resources.is_empty() || any(&self.resources)) {
            return Some(false);
        }
        if self.any_tag.is_empty() && self.conditions.is_empty() {
            return Some(true);
        }
        let tags = tags?;
        let value = |name: &str| tags.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
        let has = |(name, wanted): &(String, String)| value(name) == Some(wanted);
        let holds = |condition: &TagCondition| {
            let matches = value(&condition.tag).is_some_and(|value| match condition.like {
                true => glob::matches(&condition.value, value),
                false => condition.value == value,
            });
            matches != condition.not
        };
        Some((self.any_tag.is_empty() || self.any_tag.iter().any(has)) && self.conditions.iter().all(holds))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ARN: &str = "arn:aws:dynamodb:eu-west-1:111122223333:table/orders";

    fn texts(all: &[&str]) -> Vec<String> {
        all.iter().map(|text| (*text).to_owned()).collect()
    }

    #[track_caller]
    fn check(choice: &BackupChoice, tags: &[(&str, &str)], expect: bool) {
        let tags: Vec<_> = tags.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        assert_eq!(choice.covers(ARN, Some(&tags)), Some(expect), "{choice:?} {tags:?}");
    }

    #[test]
    fn what_a_plan_is_for() {
        let of = |resources: &[&str], not: &[&str]| BackupChoice {
            resources: texts(resources),
            not_resources: texts(not),
            ..BackupChoice::default()
        };
        check(&of(&["*"], &[]), &[], true);
        check(&of(&[], &[]), &[], true);
        check(&of(&[ARN], &[]), &[], true);
        check(&of(&["arn:aws:dynamodb:*:*:table/*"], &[]), &[], true);
        check(&of(&["arn:aws:ec2:*:*:volume/*"], &[]), &[], false);
        check(&of(&["*"], &["arn:aws:dynamodb:*:*:table/ord*"]), &[], false);
        let tagged = |any: &[(&str, &str)], conditions: &[(&str, &str, bool, bool)]| BackupChoice {
            any_tag: any.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect(),
            conditions: conditions
                .iter()
                .map(|(tag, value, like, not)| TagCondition {
                    tag: (*tag).to_owned(),
                    value: (*value).to_owned(),
                    like: *like,
                    not: *not,
                })
                .collect(),
            ..of(&["*"], &[])
        };
        let or = tagged(&[("backup", "daily"), ("tier", "gold")], &[]);
        check(&or, &[("tier", "gold")], true);
        check(&or, &[("tier", "Gold")], false);
        assert_eq!(or.covers(ARN, None), None);
        assert_eq!(BackupChoice { resources: texts(&["arn:x"]), ..or }.covers(ARN, None), Some(false));
        let and = tagged(&[], &[("backup", "yes", false, false), ("stage", "prod*", true, false)]);
        check(&and, &[("backup", "yes"), ("stage", "production")], true);
        check(&and, &[("backup", "yes")], false);
        let not = tagged(&[], &[("stage", "test", false, true)]);
        check(&not, &[("stage", "prod")], true);
        check(&not, &[], true);
        check(&not, &[("stage", "test")], false);
    }
}
