//! Tables, indexes, streams and their settings.

use serde::{Deserialize, Serialize};

/// The type of a key attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum KeyType {
    /// String.
    S,
    /// Number.
    N,
    /// Binary.
    B,
}

impl KeyType {
    /// DynamoDB's letter for it.
    pub const fn letter(self) -> &'static str {
        match self {
            Self::S => "S",
            Self::N => "N",
            Self::B => "B",
        }
    }
}

/// One replica of a global table, as the table's description names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplicaRef {
    /// Its Region.
    pub region: String,
    /// The account that it is in, twelve digits; `None` where the answer does not say.
    pub account: Option<String>,
    /// `ACTIVE`, `INACCESSIBLE_ENCRYPTION_CREDENTIALS`, `REPLICATION_NOT_AUTHORIZED` ...
    pub status: String,
}

impl ReplicaRef {
    /// Whether it is certainly in another account than this.
    pub fn is_foreign(&self, own: &str) -> bool {
        self.account.as_deref().is_some_and(|account| account != own)
    }
}

/// One attribute of a key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyAttribute {
    /// Its name.
    pub name: String,
    /// Its type.
    pub kind: KeyType,
}

/// The key of a table or an index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeySchema {
    /// The partition key.
    pub partition: KeyAttribute,
    /// The sort key, where there is one.
    pub sort: Option<KeyAttribute>,
}

impl KeySchema {
    /// The names of its attributes, the partition key first.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.partition).chain(&self.sort).map(|a| a.name.as_str())
    }

    /// Whether an attribute is part of the key.
    pub fn contains(&self, name: &str) -> bool {
        self.names().any(|n| n == name)
    }
}

/// Which attributes an index holds besides the keys.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Projection {
    /// Every attribute.
    All,
    /// Only the keys.
    KeysOnly,
    /// These.
    Include(Vec<String>),
}

impl Projection {
    /// Whether an index with this projection holds the attribute (keys aside).
    pub fn carries(&self, attribute: &str) -> bool {
        match self {
            Self::All => true,
            Self::KeysOnly => false,
            Self::Include(names) => names.iter().any(|n| n == attribute),
        }
    }
}

/// A secondary index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Index {
    /// Its name.
    pub name: String,
    /// A global one; otherwise a local one.
    pub global: bool,
    /// Its first partition attribute and its first sort attribute.
    pub key: KeySchema,
    /// The other attributes of its partition key, in order: a global index has up to four partition and four sort
    /// attributes (Developer Guide, "Global Secondary Indexes", multi-attribute keys).
    pub more_partition: Vec<KeyAttribute>,
    /// The other attributes of its sort key, in order.
    pub more_sort: Vec<KeyAttribute>,
    /// What it holds.
    pub projection: Projection,
    /// Items, as DescribeTable counted them in the last six hours.
    pub items: Option<u64>,
    /// Bytes, as DescribeTable counted them in the last six hours.
    pub bytes: Option<u64>,
    /// Its own provisioned capacity units a second, for reading and for writing, where it has some.
    #[serde(default)]
    pub capacity: Option<(u64, u64)>,
}

/// A vector index: it finds items by likeness, and carries what it projects like any other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VectorIndex {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub projection: Projection,
}

impl Index {
    /// Every attribute of its partition key, in order.
    pub fn partition(&self) -> impl Iterator<Item = &KeyAttribute> {
        std::iter::once(&self.key.partition).chain(&self.more_partition)
    }

    /// Every attribute of its sort key, in order.
    pub fn sort(&self) -> impl Iterator<Item = &KeyAttribute> {
        self.key.sort.iter().chain(&self.more_sort)
    }

    /// Every attribute of its key: of the partition key first, then of the sort key.
    pub fn keys(&self) -> impl Iterator<Item = &KeyAttribute> {
        self.partition().chain(self.sort())
    }

    /// Whether an attribute is part of its key, as any of them.
    pub fn is_key(&self, name: &str) -> bool {
        self.keys().any(|a| a.name == name)
    }
}

/// How reads are paid for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Billing {
    /// By request.
    OnDemand,
    /// By provisioned read capacity units.
    Provisioned {
        /// Read capacity units a second.
        read: u64,
        /// Write capacity units a second, where the answer says.
        #[serde(default)]
        write: Option<u64>,
    },
}

/// What DescribeTable says of encryption. DynamoDB is always encrypted at rest; the question is by whose key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Encryption {
    /// By a key AWS owns: no SSEDescription, or an old table that says DISABLED.
    AwsOwned,
    /// By a KMS key; `kms:DescribeKey` tells whether AWS or the customer manages it.
    Kms {
        /// The key's ARN.
        key_arn: String,
        /// Set when the table lost access to its key.
        inaccessible_since: Option<jiff::Timestamp>,
    },
}

/// A table's stream.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stream {
    /// Its ARN.
    pub arn: String,
    /// `KEYS_ONLY`, `NEW_IMAGE`, `OLD_IMAGE` or `NEW_AND_OLD_IMAGES`.
    pub view: String,
}

/// The answer of `dynamodb:DescribeTable`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableDescription {
    /// The table's ARN, as the service gives it.
    pub arn: String,
    /// `ACTIVE`, `CREATING`, `INACCESSIBLE_ENCRYPTION_CREDENTIALS`, `ARCHIVED` ...
    pub status: String,
    /// Its key.
    pub key: KeySchema,
    /// Its secondary indexes.
    pub indexes: Vec<Index>,
    /// Its vector indexes.
    pub vectors: Vec<VectorIndex>,
    /// Items, as counted in the last six hours.
    pub items: u64,
    /// Bytes, as counted in the last six hours.
    pub bytes: u64,
    /// How reads are paid for.
    pub billing: Billing,
    /// By whose key it is encrypted.
    pub encryption: Encryption,
    /// Its stream, while that is on.
    pub stream: Option<Stream>,
    /// Whether deletion protection is on; `None` where the answer does not say: emulators leave it out.
    pub deletion_protection: Option<bool>,
    /// The ARN of the table that this one was restored from.
    pub restored_from: Option<String>,
    /// Regions with a replica.
    pub replicas: Vec<ReplicaRef>,
    /// `STANDARD` or `STANDARD_INFREQUENT_ACCESS`.
    pub class: String,
    /// When it was made.
    pub created: Option<jiff::Timestamp>,
}

/// The answer of `dynamodb:DescribeContinuousBackups`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContinuousBackups {
    /// Whether point-in-time recovery is on.
    pub point_in_time: bool,
    /// How many days back it reaches (1 to 35), while on.
    pub window_days: Option<u32>,
}

/// The answer of `dynamodb:DescribeTimeToLive`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimeToLive {
    /// The attribute that holds the expiry in epoch seconds, while TTL is on (or being switched on).
    pub attribute: Option<String>,
}
