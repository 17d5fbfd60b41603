//! KMS keys, as far as they decide who can read a table.

use serde::{Deserialize, Serialize};

/// Who manages a KMS key (KMS API Reference, `KeyMetadata.KeyManager`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum KeyManager {
    /// `aws/dynamodb`, in the account, but AWS decides.
    Aws,
    /// A customer managed key.
    Customer,
}

/// A KMS key's state (KMS Developer Guide, "Key states of AWS KMS keys").
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum KeyState {
    /// In use.
    Enabled,
    /// Switched off; the table cannot be read.
    Disabled,
    /// Scheduled for deletion; the table dies with it.
    PendingDeletion,
    /// Any other state, by its API name.
    Other(String),
}

/// The answer of `kms:DescribeKey`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KmsKey {
    /// The key's ARN.
    pub arn: String,
    /// Who manages it.
    pub manager: KeyManager,
    /// Its state.
    pub state: KeyState,
    /// When it will be deleted, if that is scheduled.
    pub deletion: Option<jiff::Timestamp>,
    /// The account it is in; twelve digits.
    pub account: String,
    /// Whether it is a multi-Region key.
    pub multi_region: bool,
    /// Whether KMS can rotate it by itself: only a symmetric key whose material KMS made (KMS Developer Guide, "Rotate
    /// AWS KMS keys").
    pub rotatable: bool,
}

/// The answer of `kms:GetKeyRotationStatus`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyRotation {
    /// Whether yearly (or set) rotation is on.
    pub enabled: bool,
    /// Days between rotations, where the answer says.
    pub period_days: Option<u32>,
}

/// One grant of `kms:ListGrants`: who else may use the key, and for what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyGrant {
    /// Its id, by which it is revoked, where the answer says.
    #[serde(default)]
    pub id: Option<String>,
    /// Who may: an ARN, or a service's name.
    pub grantee: String,
    /// For whose sake a service may, where the grant says: the ARN of the source.
    pub source: Option<String>,
    /// `Decrypt`, `CreateGrant` ...
    pub operations: Vec<String>,
}

/// The same table in another Region (`dynamodb:DescribeTable` there).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replica {
    /// The Region.
    pub region: String,
    /// Its ARN there.
    #[serde(default)]
    pub arn: String,
    /// `ACTIVE`, `INACCESSIBLE_ENCRYPTION_CREDENTIALS` ..., as the table is there.
    #[serde(default)]
    pub status: String,
    /// By whose key it is encrypted there.
    pub encryption: crate::domain::Encryption,
    /// Whether it is protected from deletion; `None` where the answer does not say.
    #[serde(default)]
    pub deletion_protection: Option<bool>,
}

/// Whether a replica can be restored (`dynamodb:DescribeContinuousBackups` there).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplicaBackups {
    /// The Region.
    pub region: String,
    /// Whether point-in-time recovery is on.
    pub point_in_time: bool,
}

/// The policy of a replica (`dynamodb:GetResourcePolicy` there): each has its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplicaPolicy {
    /// The Region.
    pub region: String,
    /// The replica's ARN.
    pub arn: String,
    /// Its resource-based policy; `None` when it has none.
    pub policy: Option<crate::domain::ResourcePolicy>,
}

/// The key of a replica (`kms:DescribeKey` there).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplicaKey {
    /// The Region.
    pub region: String,
    /// The key; `None` when AWS owns it.
    pub key: Option<KmsKey>,
}
