//! What exists in the embedded account. Every answer of the front is made from this.

use super::items;
use super::row::Row;

/// One account in one Region.
pub(super) struct Place {
    pub(super) account: &'static str,
    pub(super) region: &'static str,
    pub(super) tables: &'static [Table],
    pub(super) keys: &'static [Key],
    pub(super) trails: &'static [Trail],
    /// DAX clusters: name, encrypted at rest, TLS.
    pub(super) caches: &'static [(&'static str, bool, bool)],
    /// Backup vaults: name and policy.
    pub(super) vaults: &'static [(&'static str, Option<&'static str>)],
    /// An Access Analyzer and what it found: a table's name, or what follows it in a stream's ARN as well.
    pub(super) analyzer: Option<(&'static str, &'static [&'static str])>,
    /// What CloudTrail's event history tells of it.
    pub(super) history: &'static [Happened],
}

/// A call in CloudTrail's event history.
pub(super) struct Happened {
    pub(super) hours_ago: i64,
    /// This many times, each a day later than the one before.
    pub(super) times: i64,
    pub(super) service: &'static str,
    pub(super) name: &'static str,
    /// The role that made it, and its session.
    pub(super) role: &'static str,
    /// The request's parameters in JSON; `{table}` stands for the beginning of a table's ARN.
    pub(super) asked: &'static str,
    pub(super) error: Option<&'static str>,
}

/// A CloudTrail trail of every Region.
pub(super) struct Trail {
    pub(super) name: &'static str,
    /// The tables whose reads it records, by name.
    pub(super) reads: &'static [&'static str],
    /// Whether it records writes of every table.
    pub(super) writes: bool,
    pub(super) logging: bool,
}

/// An export to S3.
pub(super) struct Export {
    pub(super) days_ago: i64,
    pub(super) bucket: &'static str,
    /// Twelve digits; `None` is the table's own account.
    pub(super) owner: Option<&'static str>,
}

/// A table.
pub(super) struct Table {
    pub(super) name: &'static str,
    /// Attribute and type of the partition key.
    pub(super) partition: (&'static str, &'static str),
    /// Of the sort key.
    pub(super) sort: Option<(&'static str, &'static str)>,
    pub(super) indexes: &'static [Index],
    /// Provisioned read and write capacity units; `None` is on demand.
    pub(super) provisioned: Option<(u64, u64)>,
    /// The id of the KMS key; `None` is a key that AWS owns.
    pub(super) key: Option<&'static str>,
    /// Days that point-in-time recovery reaches back; `None` is off.
    pub(super) recovery: Option<u64>,
    pub(super) protected: bool,
    /// The attribute that TTL reads.
    pub(super) ttl: Option<&'static str>,
    pub(super) stream: Option<Stream>,
    /// Streams that were switched off and can still be read.
    pub(super) left_streams: &'static [Stream],
    pub(super) policy: Option<&'static str>,
    pub(super) tags: &'static [(&'static str, &'static str)],
    /// Contributor Insights: for the table (an empty name) or an index.
    pub(super) insights: &'static [&'static str],
    /// Kinesis data streams of the account that get every change, and their registered consumers.
    pub(super) kinesis: &'static [(&'static str, &'static [&'static str])],
    /// On-demand backups: name and days ago.
    pub(super) backups: &'static [(&'static str, i64)],
    pub(super) exports: &'static [Export],
    /// Lambda functions that read the stream.
    pub(super) readers: &'static [&'static str],
    /// Lambda functions that read those data streams.
    pub(super) kinesis_readers: &'static [&'static str],
    /// Pipes that read the stream: name and the ARN they write to.
    pub(super) pipes: &'static [(&'static str, &'static str)],
    /// Recovery points in AWS Backup: vault and days ago.
    pub(super) points: &'static [(&'static str, i64)],
    /// The table of the same place that it was restored from.
    pub(super) restored_from: Option<&'static str>,
    /// Other Regions of the same global table.
    pub(super) replicas: &'static [&'static str],
    /// How it is read, for CloudWatch: an operation, requests a day, and items that each returns.
    pub(super) reads: &'static [(&'static str, u64, u64)],
    /// When it was made, RFC 3339.
    pub(super) created: &'static str,
    pub(super) class: &'static str,
    /// Items and bytes as the table tells them; a test compares them with the items.
    pub(super) size: (u64, u64),
    pub(super) items: fn() -> Vec<Row>,
}

/// A global secondary index.
pub(super) struct Index {
    pub(super) name: &'static str,
    pub(super) partition: (&'static str, &'static str),
    pub(super) projection: Projection,
}

pub(super) enum Projection {
    All,
    KeysOnly,
    Include(&'static [&'static str]),
}

pub(super) struct Stream {
    /// The last part of its ARN.
    pub(super) label: &'static str,
    pub(super) view: &'static str,
    pub(super) policy: Option<&'static str>,
}

/// A KMS key.
pub(super) struct Key {
    pub(super) id: &'static str,
    pub(super) alias: &'static str,
    /// Made and managed by AWS for DynamoDB.
    pub(super) aws: bool,
    /// Days between rotations; `None` is off.
    pub(super) rotation: Option<u64>,
    /// Hours until it is deleted, when that is scheduled.
    pub(super) deleted_in: Option<i64>,
    /// An account that its policy lets decrypt, besides its own.
    pub(super) shared_with: Option<&'static str>,
    /// Who holds a grant besides DynamoDB.
    pub(super) granted_to: &'static [&'static str],
}

/// Who calls.
pub(super) struct Identity {
    pub(super) name: &'static str,
    pub(super) access_key: &'static str,
    pub(super) secret_key: &'static str,
    pub(super) session_token: &'static str,
    pub(super) account: &'static str,
    pub(super) arn: &'static str,
    pub(super) user_id: &'static str,
    /// Reads that its policy leaves out: the action, and the start of the resource after `account:`.
    /// Anything that is not a read is left out anyway.
    pub(super) denied: &'static [(&'static str, &'static str)],
}

/// What is usual; a table states what differs.
const PLAIN: Table = Table {
    name: "",
    partition: ("id", "S"),
    sort: None,
    indexes: &[],
    provisioned: None,
    key: None,
    recovery: None,
    protected: false,
    ttl: None,
    stream: None,
    left_streams: &[],
    policy: None,
    tags: &[],
    insights: &[],
    kinesis: &[],
    backups: &[],
    exports: &[],
    readers: &[],
    kinesis_readers: &[],
    pipes: &[],
    points: &[],
    restored_from: None,
    replicas: &[],
    reads: &[("GetItem", 1_200, 1), ("Query", 90, 8)],
    created: "2025-03-14T09:26:00Z",
    class: "STANDARD",
    size: (0, 0),
    items: items::nothing,
};

pub(super) const PRODUCTION: &str = "111122223333";
pub(super) const STAGING: &str = "444455556666";
const VENDOR: &str = "777788889999";

const AWS_MANAGED: &str = "0b6f2c1e-5d3a-4e8f-9a70-1f2e3d4c5b6a";
const ROTATING: &str = "7d1a9e54-2b6c-4f03-8c5d-6a7b8c9d0e1f";
const NOT_ROTATING: &str = "3c5e7a90-8d1f-4b2c-a6e4-2f4a6c8e0b1d";
const DYING: &str = "e9b8d7c6-1a2b-4c3d-9e4f-5a6b7c8d9e0f";
const UNTOLD: &str = "a4c6e8f0-3b5d-4791-8acd-0e2f4a6b8c1d";
const AWS_MANAGED_US: &str = "5f4e3d2c-6b7a-4980-9b8c-7d6e5f4a3b2c";
const STAGING_KEY: &str = "1e3d5c7b-9a8f-4062-b4d6-8f0a2c4e6b8d";

/// A customer key.
const fn customer(id: &'static str, alias: &'static str, rotation: Option<u64>) -> Key {
    Key { id, alias, aws: false, rotation, deleted_in: None, shared_with: None, granted_to: &[] }
}

/// The key that AWS makes for DynamoDB in an account; it rotates by itself.
const fn aws_managed(id: &'static str) -> Key {
    Key {
        id,
        alias: "alias/aws/dynamodb",
        aws: true,
        rotation: Some(365),
        deleted_in: None,
        shared_with: None,
        granted_to: &[],
    }
}

/// Every place; any other is an account or a Region without tables.
pub(super) static PLACES: &[Place] = &[
    Place {
        account: PRODUCTION,
        region: "eu-west-1",
        tables: PRODUCTION_TABLES,
        keys: &[
            aws_managed(AWS_MANAGED),
            customer(ROTATING, "alias/shop-tokens", Some(180)),
            // The vendor that the table's policy lets in can use the key as well, in two ways.
            Key {
                shared_with: Some(VENDOR),
                granted_to: &["arn:aws:iam::777788889999:role/collector"],
                ..customer(NOT_ROTATING, "alias/shop-tenants", None)
            },
            // Scheduled ten minutes ago with the shortest wait of seven days; DynamoDB has not noticed yet.
            Key { deleted_in: Some(167), ..customer(DYING, "alias/shop-orders-2024", None) },
            customer(UNTOLD, "alias/shop-carts", Some(365)),
        ],
        trails: &[
            Trail { name: "organization", reads: &[], writes: true, logging: true },
            Trail { name: "reads-of-people", reads: &["sessions", "users"], writes: false, logging: true },
            // Made for an incident, and stopped when it was over.
            Trail { name: "incident-2026-02", reads: &["audit_log"], writes: false, logging: false },
        ],
        caches: &[],
        analyzer: Some((
            "shop",
            &["tenants", "orders_staging_copy", "audit_log/stream/2026-02-03T08:15:00.000"],
        )),
        vaults: &[("shop", Some(include_str!("../../assets/demo/policies/shop_vault.json")))],
        history: PRODUCTION_HISTORY,
    },
    Place {
        account: PRODUCTION,
        region: "us-east-1",
        tables: PRODUCTION_US_TABLES,
        keys: &[aws_managed(AWS_MANAGED_US)],
        trails: &[Trail { name: "organization", reads: &[], writes: true, logging: true }],
        caches: &[("orders-cache", true, false)],
        analyzer: None,
        vaults: &[],
        history: &[],
    },
    Place {
        account: STAGING,
        region: "eu-west-1",
        tables: STAGING_TABLES,
        keys: &[customer(STAGING_KEY, "alias/staging", Some(365))],
        trails: &[],
        caches: &[],
        analyzer: Some(("staging", &[])),
        vaults: &[],
        history: &[],
    },
];

/// A call of DynamoDB by a role's session.
const fn call(hours_ago: i64, name: &'static str, role: &'static str, asked: &'static str) -> Happened {
    Happened { hours_ago, times: 1, service: "dynamodb.amazonaws.com", name, role, asked, error: None }
}

/// What became of the tables in the last 90 days: it explains the copies that the tables have.
static PRODUCTION_HISTORY: &[Happened] = &[
    call(
        20 * 24,
        "ExportTableToPointInTime",
        "collector-sync/nightly",
        r#"{"tableArn":"{table}tenants","s3Bucket":"collector-landing","s3BucketOwner":"777788889999"}"#,
    ),
    Happened {
        error: Some("AccessDenied"),
        ..call(20 * 24 + 1, "ExportTableToPointInTime", "collector-sync/nightly", "null")
    },
    call(
        81 * 24 + 11,
        "RestoreTableToPointInTime",
        "developer/sam",
        r#"{"sourceTableArn":"{table}orders","targetTableName":"orders_staging_copy"}"#,
    ),
    call(
        50 * 24,
        "CreateBackup",
        "deploy/migration",
        r#"{"tableName":"orders","backupName":"orders-before-migration"}"#,
    ),
    // What was refused may hold anything.
    Happened {
        error: Some("ValidationException"),
        ..call(
            50 * 24 + 1,
            "CreateBackup",
            "deploy/migration",
            r#"{"tableName":"orders","backupName":"before\u001b[2J\u202enoitargim"}"#,
        )
    },
    call(60 * 24, "PutResourcePolicy", "platform-admin/kim", r#"{"resourceArn":"{table}tenants"}"#),
    call(80 * 24, "PutResourcePolicy", "developer/sam", r#"{"resourceArn":"{table}orders_staging_copy"}"#),
    call(
        40 * 24,
        "PutResourcePolicy",
        "platform-admin/kim",
        r#"{"resourceArn":"{table}audit_log/stream/2026-02-03T08:15:00.000"}"#,
    ),
    call(
        70 * 24,
        "EnableKinesisStreamingDestination",
        "data-platform/terraform",
        r#"{"tableName":"audit_log","streamArn":"arn:aws:kinesis:eu-west-1:111122223333:stream/audit-lake"}"#,
    ),
    // Capacity that a script changes every day: no copy, but pages of history.
    Happened {
        times: 60,
        ..call(
            60 * 24 + 5,
            "UpdateTable",
            "capacity-script/cron",
            r#"{"tableName":"webhooks","provisionedThroughput":{"readCapacityUnits":5,"writeCapacityUnits":5}}"#,
        )
    },
    Happened {
        service: "backup.amazonaws.com",
        ..call(
            8 * 24,
            "StartBackupJob",
            "platform-admin/kim",
            r#"{"resourceArn":"{table}tenants","backupVaultName":"shop"}"#,
        )
    },
    // AWS Backup names the recovery point, not the table that it is of.
    Happened {
        service: "backup.amazonaws.com",
        ..call(
            5 * 24,
            "StartCopyJob",
            "platform-admin/kim",
            r#"{"recoveryPointArn":"arn:aws:backup:eu-west-1:111122223333:recovery-point:demo-8","destinationBackupVaultArn":"arn:aws:backup:eu-west-1:777788889999:backup-vault:theirs"}"#,
        )
    },
];

/// In the order of their names, as ListTables answers.
static PRODUCTION_TABLES: &[Table] = &[
    Table {
        name: "api_metadata",
        tags: &[("environment", "production"), ("owner", "team-platform")],
        policy: Some(include_str!("../../assets/demo/policies/api_metadata.json")),
        size: (12, 5_175),
        items: items::api_metadata,
        ..PLAIN
    },
    Table {
        name: "api_tokens",
        partition: ("token", "S"),
        indexes: &[Index { name: "by-user", partition: ("user_id", "N"), projection: Projection::All }],
        key: Some(ROTATING),
        recovery: Some(1),
        ttl: Some("expires"),
        tags: &[("environment", "production"), ("owner", "team-identity")],
        size: (24, 3_515),
        items: items::api_tokens,
        ..PLAIN
    },
    Table {
        name: "audit_log",
        partition: ("event_id", "S"),
        key: Some(AWS_MANAGED),
        recovery: Some(35),
        protected: true,
        stream: Some(Stream {
            label: "2026-02-03T08:15:00.000",
            view: "NEW_AND_OLD_IMAGES",
            policy: Some(include_str!("../../assets/demo/policies/audit_log_stream.json")),
        }),
        kinesis: &[("audit-lake", &["lake-loader"])],
        readers: &["audit-indexer"],
        kinesis_readers: &["audit-alarms"],
        pipes: &[("audit-to-archive", "arn:aws:sqs:eu-west-1:111122223333:archive")],
        created: "2026-02-03T08:15:00Z",
        class: "STANDARD_INFREQUENT_ACCESS",
        size: (109, 32_075),
        items: items::audit_log,
        ..PLAIN
    },
    Table {
        name: "carts",
        partition: ("cart_id", "S"),
        sort: Some(("line", "N")),
        key: Some(UNTOLD),
        // A global table with a partner's account is being set up.
        policy: Some(include_str!("../../assets/demo/policies/carts.json")),
        ttl: Some("expires_at"),
        tags: &[("environment", "production"), ("owner", "team-checkout")],
        created: "2026-11-20T16:00:00Z",
        ..PLAIN
    },
    Table {
        name: "orders",
        // A report that scans the table every quarter of an hour.
        reads: &[("GetItem", 1_200, 1), ("Query", 90, 8), ("Scan", 96, 300)],
        partition: ("order_id", "S"),
        key: Some(DYING),
        recovery: Some(7),
        protected: true,
        stream: Some(Stream { label: "2025-03-14T09:26:00.000", view: "KEYS_ONLY", policy: None }),
        readers: &["order-mailer"],
        backups: &[("orders-before-migration", 50)],
        tags: &[("environment", "production"), ("owner", "team-checkout")],
        size: (10_000, 1_115_994),
        items: items::orders,
        ..PLAIN
    },
    Table {
        name: "orders_staging_copy",
        partition: ("order_id", "S"),
        restored_from: Some("orders"),
        policy: Some(include_str!("../../assets/demo/policies/orders_staging_copy.json")),
        tags: &[("environment", "staging"), ("owner", "nobody")],
        created: "2026-09-01T21:40:00Z",
        size: (57, 7_726),
        items: items::orders_staging_copy,
        ..PLAIN
    },
    Table {
        name: "sessions",
        partition: ("session_key", "S"),
        tags: &[("environment", "production"), ("owner", "team-identity")],
        insights: &[""],
        size: (48, 15_104),
        items: items::sessions,
        ..PLAIN
    },
    Table {
        name: "tenants",
        partition: ("tenant_id", "S"),
        indexes: &[Index { name: "by-plan", partition: ("plan", "S"), projection: Projection::All }],
        key: Some(NOT_ROTATING),
        recovery: Some(35),
        protected: true,
        // Switched off this morning: what it held can be read until tomorrow.
        left_streams: &[Stream {
            label: "2026-11-18T06:30:00.000",
            view: "NEW_AND_OLD_IMAGES",
            policy: None,
        }],
        policy: Some(include_str!("../../assets/demo/policies/tenants.json")),
        exports: &[Export { days_ago: 20, bucket: "collector-landing", owner: Some(VENDOR) }],
        points: &[("shop", 1), ("shop", 8)],
        tags: &[("environment", "production"), ("owner", "team-platform")],
        replicas: &["us-east-1"],
        size: (20, 5_292),
        items: items::tenants,
        ..PLAIN
    },
    Table {
        name: "users",
        partition: ("user_id", "N"),
        indexes: &[
            Index {
                name: "by-email",
                partition: ("email", "S"),
                projection: Projection::Include(&["password"]),
            },
            Index { name: "by-login", partition: ("last_login", "S"), projection: Projection::KeysOnly },
        ],
        key: Some(AWS_MANAGED),
        recovery: Some(35),
        protected: true,
        tags: &[("environment", "production"), ("owner", "team-identity")],
        size: (120, 23_173),
        items: items::users,
        ..PLAIN
    },
    Table {
        name: "webhooks",
        provisioned: Some((5, 5)),
        ttl: Some("expire_at"),
        tags: &[("environment", "production")],
        size: (60, 17_160),
        items: items::webhooks,
        ..PLAIN
    },
];

static PRODUCTION_US_TABLES: &[Table] = &[
    Table {
        name: "members",
        key: Some(AWS_MANAGED_US),
        recovery: Some(35),
        protected: true,
        tags: &[("environment", "production"), ("owner", "team-identity")],
        size: (8, 1_624),
        items: items::members,
        ..PLAIN
    },
    Table {
        name: "orders_archive",
        partition: ("order_id", "S"),
        policy: Some(include_str!("../../assets/demo/policies/orders_archive.json")),
        key: Some(AWS_MANAGED_US),
        tags: &[("environment", "production"), ("owner", "team-checkout")],
        class: "STANDARD_INFREQUENT_ACCESS",
        size: (300, 33_789),
        items: items::orders_archive,
        ..PLAIN
    },
    Table {
        name: "sessions",
        partition: ("session_key", "S"),
        tags: &[("environment", "production"), ("owner", "team-identity")],
        size: (16, 4_835),
        items: items::sessions_us,
        ..PLAIN
    },
    // The other half of the global table, under a weaker key.
    Table {
        name: "tenants",
        partition: ("tenant_id", "S"),
        indexes: &[Index { name: "by-plan", partition: ("plan", "S"), projection: Projection::All }],
        protected: true,
        tags: &[("environment", "production"), ("owner", "team-platform")],
        replicas: &["eu-west-1"],
        size: (20, 5_292),
        items: items::tenants,
        ..PLAIN
    },
];

static STAGING_TABLES: &[Table] = &[
    Table {
        name: "api_metadata",
        tags: &[("environment", "staging"), ("owner", "team-platform")],
        size: (4, 2_104),
        items: items::api_metadata_staging,
        ..PLAIN
    },
    Table {
        name: "feature_flags",
        partition: ("flag", "S"),
        key: Some(STAGING_KEY),
        recovery: Some(35),
        protected: true,
        tags: &[("environment", "staging"), ("owner", "team-platform")],
        size: (12, 878),
        items: items::feature_flags,
        ..PLAIN
    },
    Table {
        name: "sessions",
        partition: ("session_key", "S"),
        tags: &[("environment", "staging"), ("owner", "team-identity")],
        size: (6, 1_697),
        items: items::sessions_staging,
        ..PLAIN
    },
];

/// The two callers; a role session in each account.
pub(super) static IDENTITIES: &[Identity] = &[
    Identity {
        name: "production",
        access_key: concat!("ASIA", "DEMO0PRODUCTION0"),
        secret_key: "demo-secret-of-production-not-real",
        session_token: "demo-session-token-of-production-not-real",
        account: PRODUCTION,
        arn: "arn:aws:sts::111122223333:assumed-role/security-audit/demo",
        user_id: "AROADEMO0PRODUCTION0:demo",
        denied: &[
            ("dynamodb:GetResourcePolicy", "table/users"),
            ("kms:GetKeyRotationStatus", "key/a4c6e8f0-3b5d-4791-8acd-0e2f4a6b8c1d"),
        ],
    },
    Identity {
        name: "staging",
        access_key: concat!("ASIA", "DEMO0STAGING0000"),
        secret_key: "demo-secret-of-staging-not-real",
        session_token: "demo-session-token-of-staging-not-real",
        account: STAGING,
        arn: "arn:aws:sts::444455556666:assumed-role/security-audit/demo",
        user_id: "AROADEMO0STAGING0000:demo",
        denied: &[
            ("kms:DescribeKey", "key/"),
            ("cloudtrail:LookupEvents", ""),
            ("iam:GetAccountAuthorizationDetails", ""),
        ],
    },
];

impl Place {
    /// The place of an account and a Region, when anything is there.
    pub(super) fn find(account: &str, region: &str) -> Option<&'static Self> {
        PLACES.iter().find(|p| p.account == account && p.region == region)
    }

    pub(super) fn table(&self, name: &str) -> Option<&'static Table> {
        self.tables.iter().find(|t| t.name == name)
    }

    pub(super) fn table_arn(&self, table: &Table) -> String {
        format!("arn:aws:dynamodb:{}:{}:table/{}", self.region, self.account, table.name)
    }

    pub(super) fn stream_arn(&self, table: &Table) -> Option<String> {
        table.stream.as_ref().map(|stream| self.arn_of_stream(table, stream))
    }

    pub(super) fn arn_of_stream(&self, table: &Table, stream: &Stream) -> String {
        format!("{}/stream/{}", self.table_arn(table), stream.label)
    }

    pub(super) fn kinesis_arn(&self, name: &str) -> String {
        format!("arn:aws:kinesis:{}:{}:stream/{name}", self.region, self.account)
    }

    pub(super) fn key_arn(&self, id: &str) -> String {
        format!("arn:aws:kms:{}:{}:key/{id}", self.region, self.account)
    }
}
