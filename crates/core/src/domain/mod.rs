//! Floor 1: the nouns of the house. No I/O, no clock, no engine.

mod acceptance;
mod access_key;
mod account;
mod call;
mod copies;
mod cost;
mod digits;
pub mod evidence;
mod fact;
mod finding;
mod history;
mod identity;
mod ids;
mod item;
mod key;
mod number;
mod opened;
mod page;
mod path;
mod permission;
mod place;
mod safe;
mod scope;
mod screened;
mod secret_class;
mod severity;
mod stream;
mod table;
mod traits;
mod uninspected;
mod usage;

pub use crate::access::{Arn, Effect, Policy, PrincipalKind, Principals, ResourcePolicy, Statement, glob};
pub use acceptance::{Acceptance, Acceptances, Accepted};
pub use access_key::{AccessKeyId, AccessKeyStatus, LastUse, Used};
pub use account::{Account, IamIdentity, Managed, Named};
pub use call::Call;
pub use copies::{
    Backup, BackupChoice, BackupPlan, BackupSelectionRef, ContributorInsights, Export, ExportRef,
    FunctionRole, InsightsDetail, KinesisDestination, KinesisPolicy, LeftStream, Pipe, RecoveryPoint,
    Retention, StreamConsumer, TagCondition, Vault, VaultSettings,
};
pub use cost::Rcu;
pub use digits::grouped;
pub use evidence::{Evidence, Field, Message};
pub use fact::{
    AccessKeyAnswer, AccessKeyFacts, AccessKeyQuestion, Fact, FactKind, FactValue, Failure, FailureKind, Gap,
    Level, TableFacts,
};
pub use finding::{
    Failed, Finding, FindingId, FindingSubject, Flagged, IN_ITEMS, ItemKey, Missing, Origin, Sighting,
    Verdict,
};
pub use history::{COPY_CALLS, CopyCall, CopyEvent, HISTORY_DAYS, LookedUp, Lookup};
pub use identity::{Identity, MfaCode};
pub use item::{AttributeValue, Held, Item};
pub use key::{
    KeyGrant, KeyManager, KeyRotation, KeyState, KmsKey, Replica, ReplicaBackups, ReplicaKey, ReplicaPolicy,
};
pub use number::Decimal;
pub use opened::{Holds, Inner, Opened, Opener};
pub use page::{Aliases, Cursor, Page, PageRequest, Read, Segment, Tables};
pub use path::{AttributePath, Layer, Step};
pub use permission::{CREDENTIAL_CALLS, PERMISSIONS, Permission, Resource, Tier, permission, permitted};
pub use place::{
    AccessFinding, Analyzer, Cache, CacheMade, FieldSelector, Limits, Selector, Trail, TrailSelectors,
    TrailStatus,
};
pub use safe::Safe;
pub use scope::{Scope, TableRef};
pub(crate) use screened::MASK;
pub use screened::{Cell, JsonForm, Node, Revealed, Screened, SortKey};
pub use secret_class::SecretClass;
pub use severity::{Confidence, Severity};
pub use stream::{Change, StreamPosition, StreamRecord, StreamState, Tailed};
pub use table::{
    Billing, ContinuousBackups, Encryption, Index, KeyAttribute, KeySchema, KeyType, Projection, ReplicaRef,
    Stream, TableDescription, TimeToLive, VectorIndex,
};
pub use traits::{Expiry, KeyShape, KeyShapes, TakingTraits, Traits};
pub use uninspected::Uninspected;
pub use usage::{Metric, USAGE_DAYS, USAGE_METRICS, USD_A_METRIC, Usage};
