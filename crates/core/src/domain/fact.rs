//! Facts about a table or an access key, asked one kind at a time; what could not be seen is a [`Gap`], never an absence.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::domain::{
    AccessFinding, AccessKeyStatus, Account, Analyzer, Backup, BackupChoice, BackupPlan, BackupSelectionRef,
    Cache, ContinuousBackups, ContributorInsights, Export, ExportRef, FunctionRole, InsightsDetail, KeyGrant,
    KeyRotation, KinesisDestination, KinesisPolicy, KmsKey, LastUse, LeftStream, Limits, Permission, Pipe,
    Policy, RecoveryPoint, Replica, ReplicaBackups, ReplicaKey, ReplicaPolicy, ResourcePolicy, Retention,
    StreamConsumer, TableDescription, TimeToLive, Trail, TrailSelectors, TrailStatus, Usage, Vault,
    VaultSettings, permission,
};

/// Why something is not known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Gap {
    /// The credentials may not ask; the permission that would settle it, and the service's own words.
    Denied(#[serde(with = "by_action")] &'static Permission, String),
    /// The endpoint does not offer the operation.
    Unsupported,
    /// The call failed.
    Failed(Failure),
    /// The answer came, and part of it is not understood: what of it, in a sentence.
    NotUnderstood(String),
    /// The answer came, and only part of what it names was looked at: how much, in a sentence.
    Cut(String),
    /// Nobody asked yet, or it was left out by choice.
    NotAsked,
    /// The question is on its way.
    Pending,
}

/// A permission as its action.
mod by_action {
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    use crate::domain::{PERMISSIONS, Permission};

    pub(super) fn serialize<S: Serializer>(permission: &Permission, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(permission.action)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<&'static Permission, D::Error> {
        let action = String::deserialize(from)?;
        let known = PERMISSIONS.iter().find(|p| p.action == action);
        known.ok_or_else(|| D::Error::custom("an action that is not asked for"))
    }
}

impl Gap {
    /// Whether signing in again would help.
    pub fn is_of_credentials(&self) -> bool {
        matches!(self, Self::Failed(failure) if failure.is_of_credentials())
    }
}

impl fmt::Display for Gap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Denied(permission, _) => write!(f, "denied: needs {}", permission.action),
            Self::Unsupported => f.write_str("not offered by this endpoint"),
            Self::Failed(failure) => write!(f, "{failure}"),
            Self::NotUnderstood(what) | Self::Cut(what) => f.write_str(what),
            Self::NotAsked => f.write_str("not asked"),
            Self::Pending => f.write_str("loading"),
        }
    }
}

/// What kind of failure, as far as the next step differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailureKind {
    /// No credentials were found.
    NoCredentials,
    /// The credentials or the SSO session ran out.
    Expired,
    /// The endpoint did not answer.
    Unreachable,
    /// The service slowed us down and did not relent.
    Throttled,
    /// The service failed (5xx), or answered nonsense.
    Service,
    /// What was asked for does not exist.
    NotFound,
    /// The request itself was wrong.
    Invalid,
    /// Our own task failed; its request ended, nothing else.
    Internal,
}

/// A call that failed: one sentence, and what to do next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// What kind.
    pub kind: FailureKind,
    /// One sentence without item data.
    pub message: String,
    /// What to do next: a command where there is one.
    pub next: String,
}

impl Failure {
    /// Whether signing in again would help.
    pub fn is_of_credentials(&self) -> bool {
        matches!(self.kind, FailureKind::Expired | FailureKind::NoCredentials)
    }

    /// The command of the next step, where there is one: from `aws ` to the end.
    pub fn command(&self) -> Option<&str> {
        let at = self.next.match_indices("aws ").map(|(at, _)| at).find(|at| {
            // A word of its own, not the end of another.
            self.next[..*at].chars().next_back().is_none_or(|c| c == ' ' || c == '`')
        })?;
        let command = self.next[at..].split('`').next()?.trim_end_matches(['.', ';', ',', ' ']);
        (!command.is_empty()).then_some(command)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

/// A fact, or why it is not known.
#[derive(Debug, Clone, PartialEq)]
pub enum Fact<T> {
    /// Known.
    Known {
        /// The answer.
        value: T,
        /// When it was read.
        read_at: jiff::Timestamp,
    },
    /// Not known.
    Missing(Gap),
}

impl<T> Fact<T> {
    /// The value, if known.
    pub fn known(&self) -> Option<&T> {
        match self {
            Self::Known { value, .. } => Some(value),
            Self::Missing(_) => None,
        }
    }

    /// The value, or the gap: `let x = fact.read()?` in a function that returns `Result<_, Gap>`.
    pub fn read(&self) -> Result<&T, Gap> {
        match self {
            Self::Known { value, .. } => Ok(value),
            Self::Missing(gap) => Err(gap.clone()),
        }
    }
}

impl<T> Default for Fact<T> {
    fn default() -> Self {
        Self::Missing(Gap::NotAsked)
    }
}

/// What AWS answers a question about. What is true of a whole Region or account is asked once there, and its answer,
/// good or bad, stands for all tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// One account.
    Account,
    /// One account in one Region.
    Region,
    /// One table.
    Table,
    /// One access key.
    AccessKey,
}

impl Level {
    /// Whether one answer stands for every table of the account and Region.
    pub const fn is_shared(self) -> bool {
        matches!(self, Self::Account | Self::Region)
    }
}

/// A table of what may be asked of one kind of thing: a question, its field, its type, the permission that reads it,
/// and what it is a fact of.
macro_rules! facts {
    (
        $(#[$about:meta])* $Kind:ident, $(#[$about_value:meta])* $Value:ident, $(#[$about_facts:meta])* $Facts:ident:
        $($(#[$doc:meta])* $kind:ident $field:ident: $type:ty = $action:literal, $level:ident;)+
    ) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $Kind { $($(#[$doc])* $kind),+ }

        impl $Kind {
            /// Every kind, in the order in which they are asked.
            pub const ALL: &'static [Self] = &[$(Self::$kind),+];

            /// The IAM action that reads it.
            pub const fn action(self) -> &'static str {
                match self { $(Self::$kind => $action),+ }
            }

            /// The permission that reads it.
            pub fn permission(self) -> &'static Permission {
                permission(self.action())
            }

            /// What it is a fact of.
            pub const fn level(self) -> Level {
                match self { $(Self::$kind => Level::$level),+ }
            }

            /// A short name for reports.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$kind => stringify!($field)),+ }
            }
        }

        $(#[$about_value])*
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $Value { $($(#[$doc])* $kind($type)),+ }

        impl $Value {
            /// Which question it answers.
            pub const fn kind(&self) -> $Kind {
                match self { $(Self::$kind(_) => $Kind::$kind),+ }
            }
        }

        $(#[$about_facts])*
        #[derive(Debug, Clone, PartialEq, Default)]
        pub struct $Facts { $($(#[$doc])* pub $field: Fact<$type>),+ }

        impl $Facts {
            /// Takes in an answer.
            pub fn learn(&mut self, value: $Value, read_at: jiff::Timestamp) {
                match value { $($Value::$kind(value) => self.$field = Fact::Known { value, read_at }),+ }
            }

            /// Takes in that there is no answer. A known value stays: a failed refresh loses nothing.
            pub fn miss(&mut self, kind: $Kind, gap: Gap) {
                match kind { $($Kind::$kind => if self.$field.known().is_none() {
                    self.$field = Fact::Missing(gap);
                }),+ }
            }

            /// Forgets a kind.
            pub fn forget(&mut self, kind: $Kind) {
                match kind { $($Kind::$kind => self.$field = Fact::default()),+ }
            }

            /// When a kind was read, if it is known.
            pub fn read_at(&self, kind: $Kind) -> Option<jiff::Timestamp> {
                match kind { $($Kind::$kind => match &self.$field {
                    Fact::Known { read_at, .. } => Some(*read_at),
                    Fact::Missing(_) => None,
                }),+ }
            }

            /// The answer to a kind, if it is known.
            pub fn value(&self, kind: $Kind) -> Option<$Value> {
                match kind { $($Kind::$kind => self.$field.known().cloned().map($Value::$kind)),+ }
            }

            /// Why a kind is not known; `None` if it is known.
            pub fn gap(&self, kind: $Kind) -> Option<&Gap> {
                match kind { $($Kind::$kind => match &self.$field {
                    Fact::Known { .. } => None,
                    Fact::Missing(gap) => Some(gap),
                }),+ }
            }
        }
    };
}

facts! {
    /// A kind of fact about a table.
    FactKind,
    /// The answer to one question about a table.
    FactValue,
    /// What is known about one table.
    TableFacts:

    /// Keys, indexes, size, encryption, stream, protection.
    Description description: TableDescription = "dynamodb:DescribeTable", Table;
    /// Point-in-time recovery.
    Backups backups: ContinuousBackups = "dynamodb:DescribeContinuousBackups", Table;
    /// Time to live.
    TimeToLive time_to_live: TimeToLive = "dynamodb:DescribeTimeToLive", Table;
    /// The table's own resource-based policy; `None` when it has none.
    Policy policy: Option<ResourcePolicy> = "dynamodb:GetResourcePolicy", Table;
    /// The KMS key; `None` when AWS owns the key. Needs the description.
    Key key: Option<KmsKey> = "kms:DescribeKey", Table;
    /// The key's rotation; `None` when it is not a customer managed key. Needs the key.
    Rotation rotation: Option<KeyRotation> = "kms:GetKeyRotationStatus", Table;
    /// The stream's own resource-based policy; `None` when it has none, or there is no stream.
    /// Needs the description.
    StreamPolicy stream_policy: Option<ResourcePolicy> = "dynamodb:GetResourcePolicy", Table;
    /// Tags, in the order received.
    Tags tags: Vec<(String, String)> = "dynamodb:ListTagsOfResource", Table;
    /// Where the most used keys are shown in clear.
    Insights insights: ContributorInsights = "dynamodb:ListContributorInsights", Table;
    /// What it shows there, and since when. Needs where it is on.
    InsightsDetails insights_details: Vec<InsightsDetail> = "dynamodb:DescribeContributorInsights", Table;
    /// Kinesis data streams that get every change.
    Kinesis kinesis: Vec<KinesisDestination> = "dynamodb:DescribeKinesisStreamingDestination", Table;
    /// How long those data streams keep a record. Needs them.
    KinesisRetention kinesis_retention: Vec<Retention> = "kinesis:DescribeStreamSummary", Table;
    /// The policies of those data streams. Needs them.
    KinesisPolicies kinesis_policies: Vec<KinesisPolicy> = "kinesis:GetResourcePolicy", Table;
    /// The names of registered consumers of those data streams. Needs them.
    KinesisConsumers kinesis_consumers: Vec<String> = "kinesis:ListStreamConsumers", Table;
    /// On-demand backups.
    OnDemandBackups on_demand_backups: Vec<Backup> = "dynamodb:ListBackups", Table;
    /// Exports to S3, the newest first.
    Exports exports: Vec<ExportRef> = "dynamodb:ListExports", Table;
    /// The newest few of the exports. Needs the exports.
    ExportDetails export_details: Vec<Export> = "dynamodb:DescribeExport", Table;
    /// The key's policy; `None` when the key is not a customer managed key. Needs the key.
    KeyPolicy key_policy: Option<Policy> = "kms:GetKeyPolicy", Table;
    /// The key's grants; none when the key is not a customer managed key. Needs the key.
    KeyGrants key_grants: Vec<KeyGrant> = "kms:ListGrants", Table;
    /// Functions that read the stream; none when there is no stream. Needs the description.
    StreamConsumers stream_consumers: Vec<StreamConsumer> = "lambda:ListEventSourceMappings", Table;
    /// Pipes that read the stream; none when there is no stream. Needs the description.
    Pipes pipes: Vec<Pipe> = "pipes:ListPipes", Table;
    /// The ARNs of all streams of the table that still exist, those that were switched off among them.
    Streams streams: Vec<String> = "dynamodb:ListStreams", Table;
    /// Those of them that are not the table's stream of today. Needs the streams.
    LeftStreams left_streams: Vec<LeftStream> = "dynamodb:DescribeStream", Table;
    /// Functions that read the data streams that get every change. Needs those.
    KinesisFunctions kinesis_functions: Vec<StreamConsumer> = "lambda:ListEventSourceMappings", Table;
    /// Pipes that read them. Needs those.
    KinesisPipes kinesis_pipes: Vec<Pipe> = "pipes:ListPipes", Table;
    /// Recovery points in AWS Backup.
    RecoveryPoints recovery_points: Vec<RecoveryPoint> = "backup:ListRecoveryPointsByResource", Table;
    /// The vaults of the recovery points. Needs them.
    Vaults vaults: Vec<Vault> = "backup:GetBackupVaultAccessPolicy", Table;
    /// How those vaults keep what is in them. Needs the recovery points.
    VaultSettings vault_settings: Vec<VaultSettings> = "backup:DescribeBackupVault", Table;
    /// The keys of the recovery points, where the answers name some. Needs the recovery points.
    RecoveryKeys recovery_keys: Vec<KmsKey> = "kms:DescribeKey", Table;
    /// Which dimensions of capacity scale by themselves: `dynamodb:table:ReadCapacityUnits` ...
    Scaling scaling: Vec<String> = "application-autoscaling:DescribeScalableTargets", Table;
    /// The table in its other Regions. Needs the description.
    Replicas replicas: Vec<Replica> = "dynamodb:DescribeTable", Table;
    /// The keys of those. Needs them.
    ReplicaKeys replica_keys: Vec<ReplicaKey> = "kms:DescribeKey", Table;
    /// Point-in-time recovery of those. Needs them.
    ReplicaBackups replica_backups: Vec<ReplicaBackups> = "dynamodb:DescribeContinuousBackups", Table;
    /// The policies of those. Needs them.
    ReplicaPolicies replica_policies: Vec<ReplicaPolicy> = "dynamodb:GetResourcePolicy", Table;
    /// The trails that record this Region; the same for all its tables.
    Trails trails: Vec<Trail> = "cloudtrail:DescribeTrails", Region;
    /// Whether they record. Needs the trails.
    TrailStatus trail_status: Vec<TrailStatus> = "cloudtrail:GetTrailStatus", Region;
    /// What they record. Needs the trails.
    TrailSelectors trail_selectors: Vec<TrailSelectors> = "cloudtrail:GetEventSelectors", Region;
    /// Plans of AWS Backup of the Region; the same for all its tables.
    BackupPlans backup_plans: Vec<BackupPlan> = "backup:ListBackupPlans", Region;
    /// What those plans are for, by name. Needs the plans.
    BackupSelections backup_selections: Vec<BackupSelectionRef> = "backup:ListBackupSelections", Region;
    /// The same in full. Needs the names.
    BackupChoices backup_choices: Vec<BackupChoice> = "backup:GetBackupSelection", Region;
    /// DAX clusters of the Region; the same for all its tables.
    Caches caches: Vec<Cache> = "dax:DescribeClusters", Region;
    /// The names of the key, `alias/...`; none when AWS owns the key. Needs the key.
    KeyAliases key_aliases: Vec<String> = "kms:ListAliases", Table;
    /// How much capacity a table of the Region may have; the same for all of them.
    Limits limits: Limits = "dynamodb:DescribeLimits", Region;
    /// The Access Analyzers of the Region that look for access from outside; the same for all its tables.
    Analyzers analyzers: Vec<Analyzer> = "access-analyzer:ListAnalyzers", Region;
    /// What they found of the table and its streams. Needs the analyzers.
    AccessFindings access_findings: Vec<AccessFinding> = "access-analyzer:ListFindingsV2", Region;
    /// How it was read in the last days. AWS bills the question: [`FactKind::is_billed`].
    Usage usage: Usage = "cloudwatch:GetMetricData", Table;
    /// The roles of the functions that read the stream. The answer reveals more than that:
    /// [`FactKind::is_on_request`]. Needs the functions.
    FunctionRoles function_roles: Vec<FunctionRole> = "lambda:GetFunctionConfiguration", Table;
    /// The users, groups, roles and policies of the account; the same for all its tables. Large, and of more than
    /// tables: [`FactKind::is_on_request`].
    Account account: Arc<Account> = "iam:GetAccountAuthorizationDetails", Account;
}

facts! {
    /// A kind of fact about an access key that was found in an item. All of them are on request.
    AccessKeyQuestion,
    /// The answer to one question about an access key.
    AccessKeyAnswer,
    /// What is known about one access key.
    AccessKeyFacts:

    /// The account it belongs to, twelve digits; of keys that were deleted, too.
    Owner owner: String = "sts:GetAccessKeyInfo", AccessKey;
    /// Its user, and when it was used last.
    LastUse last_use: LastUse = "iam:GetAccessKeyLastUsed", AccessKey;
    /// Whether it is switched on. Needs the user.
    Status status: AccessKeyStatus = "iam:ListAccessKeys", AccessKey;
}

impl FactKind {
    /// Whether AWS bills the question itself: it is asked only when a person asks for it, never by itself.
    pub const fn is_billed(self) -> bool {
        matches!(self, Self::Usage)
    }

    /// Whether it is not asked by itself, as soon as a table is listed: AWS bills the question, or the answer holds
    /// more than the settings of tables, and is asked with an audit or when a person asks.
    pub const fn is_on_request(self) -> bool {
        self.is_billed() || matches!(self, Self::FunctionRoles | Self::Account)
    }

    /// The kinds that are asked by themselves, in the order in which they are asked.
    pub fn free() -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied().filter(|kind| !kind.is_on_request())
    }

    /// The kind that is better asked first: its answer holds the ARN that this one is asked with.
    pub const fn after(self) -> Option<Self> {
        match self {
            Self::Policy | Self::Tags | Self::Exports | Self::RecoveryPoints => Some(Self::Description),
            _ => self.needs(),
        }
    }

    /// The kind that must be known before this one can be asked.
    pub const fn needs(self) -> Option<Self> {
        match self {
            Self::Key | Self::StreamPolicy | Self::StreamConsumers | Self::Pipes | Self::Replicas => {
                Some(Self::Description)
            }
            Self::Rotation | Self::KeyPolicy | Self::KeyGrants | Self::KeyAliases => Some(Self::Key),
            Self::KinesisRetention
            | Self::KinesisPolicies
            | Self::KinesisConsumers
            | Self::KinesisFunctions
            | Self::KinesisPipes => Some(Self::Kinesis),
            Self::InsightsDetails => Some(Self::Insights),
            Self::LeftStreams => Some(Self::Streams),
            Self::FunctionRoles => Some(Self::StreamConsumers),
            Self::ExportDetails => Some(Self::Exports),
            Self::Vaults | Self::VaultSettings | Self::RecoveryKeys => Some(Self::RecoveryPoints),
            Self::ReplicaKeys | Self::ReplicaBackups | Self::ReplicaPolicies => Some(Self::Replicas),
            Self::BackupSelections => Some(Self::BackupPlans),
            Self::BackupChoices => Some(Self::BackupSelections),
            Self::TrailStatus | Self::TrailSelectors => Some(Self::Trails),
            Self::AccessFindings => Some(Self::Analyzers),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_a_permission_and_is_asked_after_what_it_needs() {
        for (n, kind) in FactKind::ALL.iter().enumerate() {
            assert_eq!(kind.permission().action, kind.action());
            if let Some(need) = kind.needs() {
                assert!(FactKind::ALL[..n].contains(&need), "{kind:?} is asked before {need:?}");
            }
        }
    }

    #[test]
    fn the_command_of_a_next_step() {
        let check = |next: &str, command: Option<&str>| {
            let failure =
                Failure { kind: FailureKind::Expired, message: String::new(), next: next.to_owned() };
            assert_eq!(failure.command(), command, "{next}");
        };
        check("aws sso login --profile oncall", Some("aws sso login --profile oncall"));
        check("Run: aws sso login --profile oncall.", Some("aws sso login --profile oncall"));
        check("sign in with `aws sso login`, or", Some("aws sso login"));
        check("start dynaudit again", None);
        check("ask the outlaws of your account", None);
    }

    #[test]
    fn a_failed_refresh_loses_nothing() {
        let mut facts = TableFacts::default();
        assert_eq!(facts.gap(FactKind::TimeToLive), Some(&Gap::NotAsked));
        facts.learn(FactValue::TimeToLive(TimeToLive { attribute: None }), jiff::Timestamp::UNIX_EPOCH);
        facts.miss(FactKind::TimeToLive, Gap::Unsupported);
        assert_eq!(facts.gap(FactKind::TimeToLive), None);
    }
}
