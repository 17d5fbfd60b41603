//! A made-up account that answers at once.

use std::sync::{Arc, LazyLock};

use jiff::{SignedDuration, Timestamp};

use crate::detect::{Detector, FingerprintKey, Scratch, Screening, TableContext};
use crate::domain::{
    AccessKeyAnswer, AccessKeyQuestion, AccessKeyStatus, Account, Aliases, Analyzer, AttributeValue, Billing,
    Call, Change, ContinuousBackups, CopyEvent, Cursor, Encryption, FactKind, FactValue, Failure,
    FailureKind, FunctionRole, Gap, IamIdentity, Identity, Index, Item, KeyAttribute, KeyManager,
    KeyRotation, KeySchema, KeyState, KeyType, KmsKey, LastUse, Limits, LookedUp, Lookup, Managed, Named,
    Page, PageRequest, Policy, Projection, Rcu, Read, ResourcePolicy, Safe, Scope, Screened, StreamConsumer,
    StreamPosition, StreamRecord, StreamState, TableDescription, TableRef, Tables, Tailed, TimeToLive,
    Traits, Usage, Used, permission,
};
use crate::engine::{self, Folded, Question};
use crate::tui::{Answer, Ask};

/// How the account is today.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    /// Everything answers.
    Fine,
    /// There is no table.
    Empty,
    /// Every table-level question is denied.
    Denied,
    /// Nothing can be reached.
    Unreachable,
    /// No service besides DynamoDB and STS can be reached.
    Alone,
    /// The session token ran out.
    Expired,
    /// Names and values try to take the terminal over.
    Hostile,
}

/// The time of every test.
pub fn noon() -> Timestamp {
    "2026-11-20T12:00:00Z".parse().expect("a time")
}

pub fn scope(region: &str) -> Arc<Scope> {
    Arc::new(Scope {
        partition: "aws".into(),
        account: "111122223333".into(),
        region: region.into(),
        endpoint: None,
    })
}

/// A made-up Stripe key, put together here so that no scanner takes it for one.
pub fn stripe_key() -> String {
    ["sk_li", "ve_", "51FakeFakeFakeFake", "Madeup0123456789x7Qz"].concat()
}

const HOSTILE: &str = "\x1b[2J\x1b]52;c;aGk=\x07 \u{202e}txt\u{2066} nul\0 日本語 \u{200b}end";

/// Made once: compiling the rules is most of what a session costs here.
static DETECTOR: LazyLock<Arc<Detector>> =
    LazyLock::new(|| Arc::new(Detector::new(FingerprintKey::new(b"a fixed key for tests"))));

/// Items of each kind that is not inspected to its end, after one that is.
fn unopened() -> Vec<Item> {
    let item = |key: &str, more: Vec<(String, AttributeValue)>| {
        Item::new([("pk".to_owned(), AttributeValue::S(key.to_owned()))].into_iter().chain(more).collect())
    };
    // A gzip stream without its end, a zip beside a key, and more passwords than are kept.
    let cut_off = AttributeValue::B([&[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff][..], &[0; 40]].concat());
    let zip = AttributeValue::B(b"PK\x03\x04 and so on".to_vec());
    let many = (0..5000).map(|n| (format!("password{n}"), AttributeValue::S(format!("p4ssw0rd{n:04}"))));
    vec![
        item("plain", vec![]),
        item("damaged", vec![("dump".into(), cut_off)]),
        item("zipped", vec![("zip".into(), zip), ("key".into(), AttributeValue::S(stripe_key()))]),
        item("full", many.collect()),
    ]
}

/// An item with JSON in a string, a token, and a secret in gzip.
fn encoded() -> Item {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use std::io::Read;
    let part = |json: serde_json::Value| URL_SAFE_NO_PAD.encode(json.to_string());
    let token = format!(
        "{}.{}.{}",
        part(serde_json::json!({ "alg": "HS256", "typ": "JWT" })),
        part(
            serde_json::json!({ "iss": "https://id.example.org", "aud": "shop", "exp": noon().as_second() + 10_800 })
        ),
        "FakeSignature0FakeSignature1FakeSignature2x"
    );
    let secret = serde_json::json!({ "stripe": { "key": stripe_key() }, "mode": "live" }).to_string();
    let mut packed = Vec::new();
    flate2::read::GzEncoder::new(secret.as_bytes(), flate2::Compression::best())
        .read_to_end(&mut packed)
        .expect("memory");
    let profile = serde_json::json!({ "plan": "gold", "seats": 12, "name": "\u{1b}[2J" }).to_string();
    Item::new(vec![
        ("pk".into(), AttributeValue::S("service-00".into())),
        ("profile".into(), AttributeValue::S(profile)),
        ("session".into(), AttributeValue::S(token)),
        ("blob".into(), AttributeValue::B(packed)),
    ])
}

/// An item with an AWS access key in JSON.
fn keyed() -> Item {
    let uploads = serde_json::json!({ "id": access_key_id(), "bucket": "uploads" }).to_string();
    let text = |name: &str, text: &str| (name.to_owned(), AttributeValue::S(text.into()));
    Item::new(vec![text("pk", "service-00"), text("uploads", &uploads)])
}

/// A made-up id of an access key, of account 111122223333.
pub fn access_key_id() -> String {
    ["AK", "IA", "RTX3GSDSZ", "MADEUP7"].concat()
}

/// What STS and IAM say of it.
fn access_key(question: AccessKeyQuestion) -> AccessKeyAnswer {
    let made = noon() - SignedDuration::from_hours(24 * 700);
    let used =
        Used { at: noon() - SignedDuration::from_hours(2), service: "s3".into(), region: "eu-west-1".into() };
    match question {
        AccessKeyQuestion::Owner => AccessKeyAnswer::Owner("111122223333".into()),
        AccessKeyQuestion::LastUse => {
            AccessKeyAnswer::LastUse(LastUse { user: Some("uploader".into()), used: Some(used) })
        }
        AccessKeyQuestion::Status => AccessKeyAnswer::Status(AccessKeyStatus::Active(Some(made))),
    }
}

const FUNCTIONS: &[&str] = &["orders-to-search", "notify-customers-of-changed-orders", "archive"];

fn function(name: &str) -> String {
    format!("arn:aws:lambda:eu-west-1:111122223333:function:{name}")
}

/// A user, one in a group, a group, and roles: with a boundary, without a policy, with one that cannot be read.
fn people() -> Account {
    let person = |kind: &str, name: &str, attached: &[&str]| IamIdentity {
        name: name.into(),
        arn: format!("arn:aws:iam::111122223333:{kind}/{name}"),
        attached: attached.iter().map(|name| format!("arn:aws:iam::aws:policy/{name}")).collect(),
        ..IamIdentity::default()
    };
    let own = |name: &str| Named { name: name.into(), policy: Policy::parse(r#"{"Statement":[]}"#) };
    Account {
        users: vec![
            IamIdentity {
                inline: vec![own("put-uploads")],
                ..person("user", "uploader", &["AmazonS3ReadOnlyAccess"])
            },
            IamIdentity { groups: vec!["operators".into()], ..person("user", "kim", &[]) },
        ],
        groups: vec![person(
            "group",
            "operators",
            &["AmazonDynamoDBReadOnlyAccess", "CloudWatchReadOnlyAccess"],
        )],
        roles: vec![
            person(
                "role",
                "AWSServiceRoleForApplicationAutoScaling_DynamoDBTable",
                &["AWSApplicationAutoscalingDynamoDBTablePolicy"],
            ),
            IamIdentity {
                boundary: Some("arn:aws:iam::111122223333:policy/no-deletes".into()),
                ..person("role", "deploy", &["AdministratorAccess"])
            },
            person("role", "left-over", &[]),
        ],
        policies: vec![Managed { arn: "arn:aws:iam::aws:policy/AdministratorAccess".into(), policy: None }],
    }
}

pub struct World {
    pub mood: Mood,
    /// Number of items of 1 KB in `orders`, which come page by page; 0 for the few it has.
    pub many: usize,
    /// Pages of the many do not say what they cost.
    pub unpriced: bool,
    /// The first item of `api_metadata` has encodings in it.
    pub encoded: bool,
    /// Its items are of each kind that is not inspected to its end.
    pub unopened: bool,
    /// It has an AWS access key in it.
    pub keyed: bool,
    /// A secret stands in another table, too.
    pub twice: bool,
    /// `api_metadata` has a second index.
    pub two_indexes: bool,
    /// Functions read the streams, and the account has users, groups and roles.
    pub peopled: bool,
}

impl World {
    pub fn new(mood: Mood) -> Self {
        Self {
            mood,
            many: 0,
            unpriced: false,
            encoded: false,
            unopened: false,
            keyed: false,
            twice: false,
            two_indexes: false,
            peopled: false,
        }
    }

    /// A page of the many.
    fn one_of_many(&self, request: &PageRequest) -> Page {
        let start = request.start.as_ref().map_or(0, |cursor| match cursor.key().get("n") {
            Some(AttributeValue::N(n)) => n.parse().expect("a number of ours"),
            _ => panic!("a cursor of ours"),
        });
        let end = (start + request.limit.unwrap_or(1000) as usize).min(self.many);
        let item = |n: usize| {
            let text = |name: &str, text: String| (name.to_owned(), AttributeValue::S(text));
            let mut attributes = vec![
                text("pk", format!("order-{n:07}")),
                text("sk", "2026-11-20".into()),
                // Falls as the rows rise.
                ("left".into(), AttributeValue::N((self.many - n).to_string())),
                text("note", "x".repeat(900)),
            ];
            if n % 2 == 1 {
                attributes.push(text("odd", "yes".into()));
            }
            Screened::new(Item::new(attributes), Vec::new())
        };
        let next = (end < self.many)
            .then(|| Cursor::new(Item::new(vec![("n".into(), AttributeValue::N(end.to_string()))])));
        let cost = (!self.unpriced).then(|| Rcu::units(12));
        Page {
            scanned: (end - start) as u64,
            matched: (end - start) as u64,
            traits: Traits::default(),
            items: if request.counts { Vec::new() } else { (start..end).map(item).collect() },
            cost,
            next,
        }
    }

    /// The answer to a question.
    pub fn answer(&self, ask: &Ask) -> Answer {
        match ask {
            Ask::Audit(question) => Answer::Audit(self.audit(question)),
            Ask::Renew(codes) => Answer::Renewed(match self.gap("sts:GetCallerIdentity") {
                Some(gap) if self.mood != Mood::Denied => Err(gap),
                // The one code that the device does not show.
                _ if codes.iter().any(|code| code.text() == "000000") => Err(Gap::Failed(Failure {
                    kind: FailureKind::NoCredentials,
                    message: "The role was not given: wrong code".into(),
                    next: "try again with a fresh MFA code".into(),
                })),
                _ => Ok(()),
            }),
            Ask::Page(request, _) => {
                Answer::Page(self.gap("dynamodb:Scan").map_or_else(|| Ok(self.page(request)), Err))
            }
            Ask::Stream(..) => Answer::Stream(self.gap("dynamodb:DescribeStream").map_or_else(
                || {
                    Ok(StreamState {
                        shards: 1,
                        functions: Err(Gap::Denied(
                            permission("lambda:ListEventSourceMappings"),
                            String::new(),
                        )),
                    })
                },
                Err,
            )),
            Ask::Tail(table, position, _) => Answer::Tail(
                self.gap("dynamodb:GetRecords").map_or_else(|| Ok(self.tailed(table, position)), Err),
            ),
            Ask::AccessKey(_, question, _) => {
                Answer::AccessKey(self.gap(question.action()).map_or_else(|| Ok(access_key(*question)), Err))
            }
            Ask::LookUp(lookup) => Answer::LookedUp(
                self.gap("cloudtrail:LookupEvents").map_or_else(|| Ok(self.looked_up(lookup)), Err),
            ),
        }
    }

    fn audit(&self, question: &Question) -> engine::Answer {
        match question {
            Question::Identity => {
                engine::Answer::Identity(self.gap("sts:GetCallerIdentity").map_or_else(
                    || {
                        Ok(Identity {
                            account: "111122223333".into(),
                            arn: "arn:aws:sts::111122223333:assumed-role/oncall-readonly/kim".into(),
                        })
                    },
                    // Who one is needs no permission.
                    |gap| if self.mood == Mood::Denied { Ok(identity()) } else { Err(gap) },
                ))
            }
            Question::Tables(_) => engine::Answer::Tables(match self.gap("dynamodb:ListTables") {
                Some(gap) if self.mood != Mood::Denied => Err(gap),
                _ => Ok(self.tables()),
            }),
            Question::Fact(table, kind, _) => engine::Answer::Fact(match self.gap(kind.action()) {
                Some(gap) => Err(gap),
                None => self.fact(table, *kind),
            }),
            Question::Page(request, _) => engine::Answer::Page(
                self.gap("dynamodb:Scan").map_or_else(|| Ok(Folded::of(&self.page(request))), Err),
            ),
        }
    }

    /// An export, a refused backup, and the policy of another table.
    fn looked_up(&self, lookup: &Lookup) -> LookedUp {
        let arn = |name: &str| format!("arn:aws:sts::111122223333:assumed-role/{name}");
        let event = |days: i64, who: &str, table: &str, into: &str, error: Option<&str>| {
            let hostile = if self.mood == Mood::Hostile { HOSTILE } else { "" };
            CopyEvent {
                at: noon() - SignedDuration::from_hours(24 * days),
                call: lookup.call,
                who: Safe::neutral(&format!("{}{hostile}", arn(who))),
                table: Some(format!("{table}{hostile}")),
                point: None,
                into: Some(Safe::neutral(&format!("{into}{hostile}"))),
                error: error.map(Safe::neutral),
            }
        };
        let events = match lookup.call.name {
            "ExportTableToPointInTime" => {
                vec![event(
                    20,
                    "collector/nightly",
                    "sessions",
                    "bucket landing of account 777788889999",
                    None,
                )]
            }
            "CreateBackup" => vec![
                event(50, "deploy/migration", "sessions", "backup before", None),
                event(51, "deploy/migration", "sessions", "backup before", Some("AccessDenied")),
            ],
            "PutResourcePolicy" => vec![event(3, "admin/kim", "orders", "the table", None)],
            _ => Vec::new(),
        };
        LookedUp { events, ..LookedUp::default() }
    }

    /// The answer to somebody who may not list tables.
    pub fn refuse_list(&self) -> Answer {
        Answer::Audit(engine::Answer::Tables(Err(self.gap("dynamodb:ListTables").expect("denied"))))
    }

    fn gap(&self, action: &str) -> Option<Gap> {
        let failed = |kind, message: &str, next: &str| {
            Some(Gap::Failed(Failure { kind, message: message.into(), next: next.into() }))
        };
        match self.mood {
            Mood::Alone if ["dynamodb:", "sts:"].iter().any(|own| action.starts_with(own)) => None,
            Mood::Fine | Mood::Empty | Mood::Hostile => None,
            Mood::Denied => Some(Gap::Denied(
                permission(action),
                format!(
                    "User: arn:aws:sts::111122223333:assumed-role/oncall/kim is not authorized to perform: {action}"
                ),
            )),
            Mood::Unreachable | Mood::Alone => failed(
                FailureKind::Unreachable,
                "dynamodb.eu-west-1.amazonaws.com does not answer.",
                "Check the network, or --endpoint-url.",
            ),
            Mood::Expired => failed(
                FailureKind::Expired,
                "The SSO session of profile oncall has expired.",
                "Run: aws sso login --profile oncall",
            ),
        }
    }

    fn tables(&self) -> Tables {
        let scope = scope("eu-west-1");
        let names: &[&str] = match self.mood {
            Mood::Empty => &[],
            Mood::Hostile => &["audit_log"],
            _ => &["api_metadata", "carts", "orders", "sessions", "tenants"],
        };
        Tables { tables: names.iter().map(|n| TableRef::new(&scope, *n)).collect(), next: None }
    }

    fn fact(&self, table: &TableRef, kind: FactKind) -> Result<FactValue, Gap> {
        let name = table.name.as_str();
        let key_arn =
            "arn:aws:kms:eu-west-1:111122223333:key/aaaaaaaa-0000-0000-0000-000000000000".to_owned();
        let encrypted = matches!(name, "tenants" | "orders");
        Ok(match kind {
            FactKind::Description => FactValue::Description(TableDescription {
                arn: table.arn(),
                status: "ACTIVE".into(),
                key: schema(name),
                indexes: match name {
                    "api_metadata" if self.two_indexes => {
                        vec![by_service(), Index { name: "by-owner-again".into(), ..by_service() }]
                    }
                    "api_metadata" => vec![by_service()],
                    _ => Vec::new(),
                },
                items: match name {
                    "orders" if self.many > 0 => self.many as u64,
                    _ => self.items(name).len() as u64,
                },
                bytes: 48_321,
                billing: Billing::OnDemand,
                encryption: if encrypted {
                    Encryption::Kms { key_arn, inaccessible_since: None }
                } else {
                    Encryption::AwsOwned
                },
                stream: None,
                deletion_protection: Some(name == "orders"),
                restored_from: None,
                vectors: Vec::new(),
                replicas: Vec::new(),
                class: "STANDARD".into(),
                created: None,
            }),
            FactKind::Backups => FactValue::Backups(ContinuousBackups {
                point_in_time: name == "orders",
                window_days: (name == "orders").then_some(35),
            }),
            FactKind::TimeToLive => FactValue::TimeToLive(TimeToLive { attribute: None }),
            FactKind::Policy if name == "carts" => {
                return Err(Gap::Denied(permission(kind.action()), "not authorized".into()));
            }
            FactKind::Policy if self.mood == Mood::Hostile => FactValue::Policy(Some(hostile_policy())),
            FactKind::Policy => FactValue::Policy((name == "api_metadata").then(foreign_policy)),
            FactKind::StreamPolicy => FactValue::StreamPolicy(None),
            FactKind::Key => FactValue::Key(encrypted.then(|| KmsKey {
                arn: key_arn,
                manager: if name == "orders" { KeyManager::Aws } else { KeyManager::Customer },
                state: KeyState::Enabled,
                deletion: None,
                account: "111122223333".into(),
                multi_region: false,
                rotatable: true,
            })),
            FactKind::Rotation => FactValue::Rotation(
                (name == "tenants").then_some(KeyRotation { enabled: false, period_days: None }),
            ),
            FactKind::Tags => FactValue::Tags(vec![("environment".into(), "production".into())]),
            FactKind::Insights => FactValue::Insights(Default::default()),
            FactKind::Kinesis => FactValue::Kinesis(Vec::new()),
            FactKind::KinesisRetention => FactValue::KinesisRetention(Vec::new()),
            FactKind::KinesisConsumers => FactValue::KinesisConsumers(Vec::new()),
            FactKind::OnDemandBackups => FactValue::OnDemandBackups(Vec::new()),
            FactKind::Exports => FactValue::Exports(Vec::new()),
            FactKind::ExportDetails => FactValue::ExportDetails(Vec::new()),
            FactKind::KeyPolicy => FactValue::KeyPolicy(None),
            FactKind::KeyGrants => FactValue::KeyGrants(Vec::new()),
            FactKind::StreamConsumers if self.peopled => FactValue::StreamConsumers(
                FUNCTIONS
                    .iter()
                    .map(|name| StreamConsumer { function: function(name), state: "Enabled".into() })
                    .collect(),
            ),
            FactKind::StreamConsumers => FactValue::StreamConsumers(Vec::new()),
            FactKind::Pipes => FactValue::Pipes(Vec::new()),
            FactKind::Streams => FactValue::Streams(Vec::new()),
            FactKind::LeftStreams => FactValue::LeftStreams(Vec::new()),
            FactKind::KinesisFunctions => FactValue::KinesisFunctions(Vec::new()),
            FactKind::KinesisPipes => FactValue::KinesisPipes(Vec::new()),
            FactKind::InsightsDetails => FactValue::InsightsDetails(Vec::new()),
            FactKind::Account if self.peopled => FactValue::Account(people().into()),
            FactKind::Account => FactValue::Account(Default::default()),
            FactKind::FunctionRoles if self.peopled => FactValue::FunctionRoles(
                // The last one was not asked for.
                FUNCTIONS[..2]
                    .iter()
                    .map(|name| FunctionRole {
                        function: function(name),
                        role: format!("arn:aws:iam::111122223333:role/service-role/{name}-role-a1b2c3d4"),
                    })
                    .collect(),
            ),
            FactKind::FunctionRoles => FactValue::FunctionRoles(Vec::new()),
            FactKind::RecoveryPoints => FactValue::RecoveryPoints(Vec::new()),
            FactKind::Vaults => FactValue::Vaults(Vec::new()),
            FactKind::VaultSettings => FactValue::VaultSettings(Vec::new()),
            FactKind::RecoveryKeys => FactValue::RecoveryKeys(Vec::new()),
            FactKind::BackupPlans => FactValue::BackupPlans(Vec::new()),
            FactKind::BackupSelections => FactValue::BackupSelections(Vec::new()),
            FactKind::BackupChoices => FactValue::BackupChoices(Vec::new()),
            FactKind::ReplicaBackups => FactValue::ReplicaBackups(Vec::new()),
            FactKind::ReplicaPolicies => FactValue::ReplicaPolicies(Vec::new()),
            FactKind::KinesisPolicies => FactValue::KinesisPolicies(Vec::new()),
            FactKind::Scaling => FactValue::Scaling(Vec::new()),
            FactKind::Replicas => FactValue::Replicas(Vec::new()),
            FactKind::ReplicaKeys => FactValue::ReplicaKeys(Vec::new()),
            FactKind::Trails => FactValue::Trails(Vec::new()),
            FactKind::TrailStatus => FactValue::TrailStatus(Vec::new()),
            FactKind::TrailSelectors => FactValue::TrailSelectors(Vec::new()),
            FactKind::Caches => FactValue::Caches(Vec::new()),
            FactKind::KeyAliases => FactValue::KeyAliases(Vec::new()),
            FactKind::Limits => {
                FactValue::Limits(Limits { account_read: 80_000, table_read: 40_000, table_write: None })
            }
            FactKind::Analyzers => FactValue::Analyzers(vec![Analyzer {
                arn: "arn:aws:access-analyzer:eu-west-1:111122223333:analyzer/all".into(),
                name: "all".into(),
                organization: true,
            }]),
            FactKind::AccessFindings => FactValue::AccessFindings(Vec::new()),
            FactKind::Usage => FactValue::Usage(Usage::new([900, 0, 100, 140, 400, 90_000], 14)),
        })
    }

    /// Two records a round, for ever.
    fn tailed(&self, table: &TableRef, position: &Option<StreamPosition>) -> Tailed {
        let round: usize = position.as_ref().map_or(0, |p| p.0[0].parse().expect("a number"));
        let context = TableContext { table: table.name.clone(), key: Some(schema(&table.name)), ttl: None };
        let items = self.items(&table.name).into_iter().skip(round * 2).take(2);
        let record = |item| StreamRecord {
            change: Change::Modify,
            at: Some(noon()),
            item: Screening::new(&DETECTOR, context.clone(), noon()).screen(item, &mut Scratch::default()),
            changed: vec!["retries".into()],
        };
        Tailed {
            records: items.map(record).collect(),
            reads: 1,
            next: Some(StreamPosition(vec![(round + 1).to_string()])),
        }
    }

    fn page(&self, request: &PageRequest) -> Page {
        let name = request.table.name.as_str();
        if self.many > 0 && name == "orders" && request.read == Read::Scan {
            return self.one_of_many(request);
        }
        if self.many > 0 && name == "orders" && matches!(request.read, Read::Filter { .. }) {
            // None of them has what is asked for.
            return Page { items: Vec::new(), matched: 0, ..self.one_of_many(request) };
        }
        let context = TableContext { table: name.to_owned(), key: Some(schema(name)), ttl: None };
        let mut scratch = Scratch::default();
        let wanted = |item: &Item| match &request.read {
            Read::Scan => true,
            Read::Query { key, aliases, .. } => holds(key, aliases, item),
            Read::Filter { filter, aliases } => holds(filter, aliases, item),
            Read::Partition(key, value) => item.get(key) == Some(value),
            Read::Key(key) => key.attributes().iter().all(|(n, v)| item.get(n) == Some(v)),
        };
        let items: Vec<Item> = self.items(name).into_iter().filter(wanted).collect();
        let traits = Traits::of(&items, Some(&schema(name)), None, noon());
        let screening = Screening::new(&DETECTOR, context, noon());
        let screen = |item| screening.screen(item, &mut scratch);
        let items: Vec<_> = items.into_iter().map(screen).collect();
        let matched = items.len() as u64;
        let items = if request.counts { Vec::new() } else { items };
        Page { scanned: matched, matched, items, traits, cost: Some(Rcu::from_f64(2.5)), next: None }
    }

    fn items(&self, table: &str) -> Vec<Item> {
        let s = |text: &str| AttributeValue::S(text.to_owned());
        let n = |text: &str| AttributeValue::N(text.to_owned());
        match table {
            "api_metadata" if self.encoded => vec![encoded()],
            "api_metadata" if self.unopened => unopened(),
            "api_metadata" if self.keyed => vec![keyed()],
            "audit_log" => vec![Item::new(vec![
                ("pk".into(), s("row-1")),
                ("note".into(), s(HOSTILE)),
                (format!("evil{HOSTILE}"), s("a name can do it too")),
            ])],
            "api_metadata" => (0..30)
                .map(|i| {
                    let mut attributes = vec![
                        ("pk".into(), s(&format!("service-{i:02}"))),
                        ("owner".into(), s("payments")),
                        ("retries".into(), n("3")),
                    ];
                    if i % 10 == 3 {
                        let config = AttributeValue::M(vec![
                            ("mode".into(), s("live")),
                            ("secret".into(), s(&stripe_key())),
                            ("hosts".into(), AttributeValue::L(vec![s("a.example"), s("b.example")])),
                        ]);
                        attributes.push(("config".into(), config));
                    }
                    Item::new(attributes)
                })
                .collect(),
            "orders" if self.twice => {
                vec![Item::new(vec![("pk".into(), s("order-0000")), ("note".into(), s(&stripe_key()))])]
            }
            "orders" => (0..40)
                .map(|i| {
                    Item::new(vec![
                        ("pk".into(), s(&format!("order-{i:04}"))),
                        ("sk".into(), s("2026-11-20")),
                        ("total".into(), n("12345678901234567890123456789012345678")),
                        ("tags".into(), AttributeValue::Ss(vec!["new".into(), "gift".into()])),
                        ("thumb".into(), AttributeValue::B(vec![0, 1, 2, 255])),
                        ("customer".into(), s("Zoë Müller 日本")),
                    ])
                })
                .collect(),
            _ => Vec::new(),
        }
    }
}

/// Whether an item is as a compiled expression says: of the expressions, `a = b` joined by `AND` are known here.
fn holds(expression: &str, aliases: &Aliases, item: &Item) -> bool {
    expression.split(" AND ").all(|part| {
        let (name, value) = part.split_once(" = ").unwrap_or_else(|| panic!("not known here: {part}"));
        let name = aliases.names().find(|(alias, _)| alias == name).map(|(_, name)| name);
        let value = aliases.values().find(|(alias, _)| alias == value).map(|(_, value)| value);
        name.is_some_and(|name| item.get(name) == value)
    })
}

fn identity() -> Identity {
    Identity {
        account: "111122223333".into(),
        arn: "arn:aws:sts::111122223333:assumed-role/oncall/kim".into(),
    }
}

fn schema(table: &str) -> KeySchema {
    let key = |name: &str| KeyAttribute { name: name.into(), kind: KeyType::S };
    KeySchema { partition: key("pk"), sort: (table == "orders").then(|| key("sk")) }
}

fn by_service() -> Index {
    Index {
        name: "by-owner".into(),
        global: true,
        key: KeySchema { partition: KeyAttribute { name: "owner".into(), kind: KeyType::S }, sort: None },
        more_partition: Vec::new(),
        more_sort: Vec::new(),
        projection: Projection::All,
        items: Some(30),
        bytes: Some(20_480),
        capacity: None,
    }
}

/// Open to everyone, and with names that try to take the terminal over.
fn hostile_policy() -> ResourcePolicy {
    let document = serde_json::json!({ "Statement": [
        { "Sid": HOSTILE, "Effect": "Allow", "Principal": "*", "Action": ["dynamodb:*", HOSTILE], "Resource": HOSTILE,
          "Condition": { "IpAddress": { "aws:SourceIp": "203.0.113.0/24" }, HOSTILE: { HOSTILE: HOSTILE } } },
        { "Effect": HOSTILE },
    ] });
    let document = document.to_string();
    ResourcePolicy { policy: Policy::parse(&document), document, revision: None }
}

fn foreign_policy() -> ResourcePolicy {
    let document = r#"{"Version":"2012-10-17","Statement":[{"Sid":"Partner","Effect":"Allow",
        "Principal":{"AWS":"arn:aws:iam::444455556666:root"},"Action":["dynamodb:GetItem","dynamodb:Query"],
        "Resource":"arn:aws:dynamodb:eu-west-1:111122223333:table/api_metadata"}]}"#;
    ResourcePolicy { policy: Policy::parse(document), document: document.into(), revision: Some("1".into()) }
}

/// Calls that end in several ways.
pub fn calls() -> Vec<Call> {
    let call = |service: &str, operation: &str, table: Option<&str>, outcome: &str| Call {
        service: service.into(),
        operation: operation.into(),
        table: table.map(Safe::neutral),
        request_id: Some(Safe::neutral("8F3Q2M7VEXAMPLEREQUESTID0123456789")),
        cost: None,
        outcome: outcome.into(),
        attempts: 1,
        millis: 23,
    };
    vec![
        call("STS", "GetCallerIdentity", None, "ok"),
        Call { cost: Some(Rcu::from_f64(2.5)), ..call("DynamoDB", "Scan", Some("orders"), "ok") },
        call("DynamoDB", "GetResourcePolicy", Some("orders"), "PolicyNotFoundException"),
        Call { attempts: 3, ..call("DynamoDB", "DescribeTable", Some("carts"), "AccessDeniedException") },
        Call { request_id: None, attempts: 0, millis: 0, ..call("DynamoDB", "PutItem", None, "refused") },
    ]
}
