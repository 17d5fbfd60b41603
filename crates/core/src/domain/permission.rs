//! The one table of what may be asked of AWS.
//!
//! The guard's allow-list, the published IAM policies, the hint in every denied message and the ledger of
//! calls are all made from [`PERMISSIONS`]. An operation that is not here is refused before it is sent.

/// How much a permission reveals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tier {
    /// Settings only; no item is ever read.
    Meta,
    /// Items.
    Content,
    /// More than the program keeps of it. It is in no published policy, and asked only when a person asks.
    Beyond,
}

/// What a permission is granted on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resource {
    /// A table's ARN.
    Table,
    /// A table's ARN and its indexes.
    TableAndIndexes,
    /// A table's ARN and its streams.
    TableAndStreams,
    /// A table's exports.
    Export,
    /// A KMS key's ARN.
    Key,
    /// `*`: the action takes no resource.
    Any,
}

/// One read operation.
#[derive(Debug, PartialEq, Eq)]
pub struct Permission {
    /// The IAM action, for instance `dynamodb:DescribeTable`.
    pub action: &'static str,
    /// The service's name as the SDK gives it in an operation's metadata.
    pub service: &'static str,
    /// The operation's name as the SDK gives it.
    pub operation: &'static str,
    /// How much it reveals.
    pub tier: Tier,
    /// What it is granted on.
    pub resource: Resource,
    /// What the program does with the answer.
    pub why: &'static str,
}

macro_rules! permissions {
    ($($service:literal $prefix:literal: $($operation:literal $tier:ident $resource:ident $why:literal)+;)+) => {
        /// Every operation that may be sent, by service.
        pub static PERMISSIONS: &[Permission] = &[$($(Permission {
            action: concat!($prefix, ":", $operation),
            service: $service,
            operation: $operation,
            tier: Tier::$tier,
            resource: Resource::$resource,
            why: $why,
        }),+),+];
    };
}

permissions! {
    "STS" "sts":
        "GetCallerIdentity" Meta Any "whose credentials these are (needs no permission)"
        "GetAccessKeyInfo" Meta Any "which account an access key of an item belongs to, when a person asks"
        ;
    "IAM" "iam":
        "GetAccessKeyLastUsed" Meta Any "whose such a key is and when it was used last, when a person asks"
        "ListAccessKeys" Meta Any "whether it is switched on, when a person asks"
        "GetAccountAuthorizationDetails" Meta Any "who can read: what the users and roles of the account may do"
        ;
    "DynamoDB" "dynamodb":
        "ListTables" Meta Any "the list of tables"
        "DescribeTable" Meta Table "keys, indexes, size, encryption, stream, deletion protection"
        "DescribeContinuousBackups" Meta Table "point-in-time recovery"
        "DescribeTimeToLive" Meta Table "whether sessions and tokens expire"
        "GetResourcePolicy" Meta TableAndStreams "who else may access the table and its stream"
        "ListTagsOfResource" Meta Table "environment and owner"
        "ListContributorInsights" Meta Any "whether the most used keys are kept in clear"
        "DescribeContributorInsights" Meta TableAndIndexes "which of them, and since when"
        "DescribeKinesisStreamingDestination" Meta Table "data streams that get every change"
        "ListBackups" Meta Any "backups that outlive a deletion"
        "ListExports" Meta Any "exports to S3"
        "DescribeExport" Meta Export "to which bucket an export went, and under which key"
        "DescribeLimits" Meta Any "how much capacity a table may have at most"
        "GetItem" Content Table "one item by its key"
        "Query" Content TableAndIndexes "the items of one partition key"
        "Scan" Content TableAndIndexes "pages of items"
        ;
    "DynamoDB Streams" "dynamodb":
        "ListStreams" Meta Any "streams of the table, including disabled ones that can still be read"
        "DescribeStream" Meta TableAndStreams "what such a stream holds, and how many shards a tail would read"
        "GetShardIterator" Content TableAndStreams "where a tail of a stream begins"
        "GetRecords" Content TableAndStreams "records of a stream, when a person asks to tail it"
        ;
    "Lambda" "lambda":
        "ListEventSourceMappings" Meta Any "which functions read a stream already"
        "GetFunctionConfiguration" Beyond Any "by which role such a function reads, when a person asks: the answer holds its environment variables too, which are thrown away"
        ;
    "KMS" "kms":
        "DescribeKey" Meta Key "who manages the key, and its state"
        "GetKeyRotationStatus" Meta Key "whether the key rotates"
        "GetKeyPolicy" Meta Key "who may use the key"
        "ListGrants" Meta Key "who else may use the key"
        "ListAliases" Meta Any "the names of the key"
        ;
    "Kinesis" "kinesis":
        "DescribeStreamSummary" Meta Any "how long the data streams that get every change keep it"
        "ListStreamConsumers" Meta Any "who reads the data streams that get every change"
        "GetResourcePolicy" Meta Any "who else may read the data streams that get every change"
        ;
    "Pipes" "pipes":
        "ListPipes" Meta Any "pipes that read the stream"
        ;
    "Backup" "backup":
        "ListRecoveryPointsByResource" Meta Any "recovery points in AWS Backup"
        "GetBackupVaultAccessPolicy" Meta Any "who else may reach the vaults of the recovery points"
        "DescribeBackupVault" Meta Any "whether recovery points can be deleted before their time"
        "ListBackupPlans" Meta Any "plans of AWS Backup"
        "ListBackupSelections" Meta Any "what those plans are for"
        "GetBackupSelection" Meta Any "whether a table is among that"
        ;
    "Application Auto Scaling" "application-autoscaling":
        "DescribeScalableTargets" Meta Any "whether provisioned capacity scales"
        ;
    "CloudTrail" "cloudtrail":
        "DescribeTrails" Meta Any "trails of the Region"
        "GetTrailStatus" Meta Any "whether a trail records"
        "GetEventSelectors" Meta Any "whether a trail records reads of items"
        "LookupEvents" Meta Any "exports, restores, backups and policies of the last 90 days, when a person asks"
        ;
    "AccessAnalyzer" "access-analyzer":
        "ListAnalyzers" Meta Any "whether IAM Access Analyzer watches the account"
        "ListFindingsV2" Meta Any "external access that it found"
        ;
    "CloudWatch" "cloudwatch":
        "GetMetricData" Meta Any "how often a table is scanned, queried and read by key; billed, so only when a person asks"
        ;
    "DAX" "dax":
        "DescribeClusters" Meta Any "caches in front of tables"
        ;
}

/// Calls that only fetch credentials, as service and operation. They change nothing, but they are no reads
/// either: a client of their own makes them, and they are in no published policy. aws-config makes more of
/// them itself (SSO, web identity, metadata services) with clients of its own.
pub const CREDENTIAL_CALLS: &[(&str, &str)] = &[("STS", "AssumeRole")];

/// The permission of an operation, as the SDK names service and operation; `None` if it may not be sent.
pub fn permitted(service: &str, operation: &str) -> Option<&'static Permission> {
    PERMISSIONS.iter().find(|p| p.service == service && p.operation == operation)
}

/// The permission of an IAM action that is in the table.
///
/// # Panics
/// If it is not there; a test goes over every caller's constant.
pub fn permission(action: &str) -> &'static Permission {
    PERMISSIONS
        .iter()
        .find(|p| p.action == action)
        .unwrap_or_else(|| panic!("{action} is not in PERMISSIONS"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_reads_are_listed() {
        for p in PERMISSIONS {
            let verb = ["Get", "List", "Describe", "Query", "Scan", "Lookup"]
                .iter()
                .any(|v| p.operation.starts_with(v));
            assert!(verb, "{} does not look like a read", p.action);
        }
        assert!(permitted("DynamoDB", "PutItem").is_none());
        assert!(permitted("DynamoDB", "ExecuteStatement").is_none());
        assert!(permitted("DynamoDB", "GetItem").is_some());
    }

    #[test]
    fn no_action_is_listed_twice() {
        for (n, p) in PERMISSIONS.iter().enumerate() {
            assert!(PERMISSIONS[n + 1..].iter().all(|q| q.action != p.action), "{}", p.action);
        }
    }
}
