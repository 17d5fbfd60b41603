//! What every source must hold to, and what the live one makes of faults, profiles and MFA.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use dynaudit::detect::{Detector, FingerprintKey};
use dynaudit::domain::{
    AccessKeyAnswer, AccessKeyFacts, AccessKeyId, AccessKeyQuestion, AccessKeyStatus, AttributeValue,
    COPY_CALLS, Cursor, Encryption, FactKind, FactValue, Failure, FailureKind, Gap, Item, LastUse, Lookup,
    PERMISSIONS, PageRequest, Read, StreamState, TableFacts, TableRef,
};
use dynaudit::source::live::{Given, Live, Settings, open};
use dynaudit::source::{Ledger, Source};

use crate::fake::{Answer, DROPPED, Fake, Request, SILENT, error, identity};

/// Made once: in a debug build the catalogue takes longer to read than the shortest deadline here.
static DETECTOR: LazyLock<Arc<Detector>> =
    LazyLock::new(|| Arc::new(Detector::new(FingerprintKey::new(b"a key for tests"))));

pub async fn opened(settings: Settings) -> Result<Live, Failure> {
    open(settings, Arc::clone(&DETECTOR), Arc::new(|| jiff::Timestamp::UNIX_EPOCH), Arc::new(|_| {})).await
}

pub fn given(url: &str) -> Settings {
    let (id, secret) = ("not-a-key".to_owned(), "not-a-secret".to_owned());
    Settings {
        region: Some("eu-west-1".into()),
        endpoint_url: Some(url.into()),
        credentials: Some(Given { access_key_id: id, secret_access_key: secret, session_token: None }),
        attempt_timeout: Duration::from_secs(5),
        ..Settings::default()
    }
}

pub async fn live(url: &str) -> Live {
    opened(given(url)).await.expect("opens")
}

fn request(table: &TableRef, read: Read) -> PageRequest {
    PageRequest {
        table: table.clone(),
        index: None,
        read,
        limit: Some(10),
        start: None,
        counts: false,
        segment: None,
    }
}

const TABLE: &str = r#"{"Table":{"TableName":"orders","TableStatus":"ACTIVE","ItemCount":2,"TableSizeBytes":90,
    "TableArn":"arn:aws:dynamodb:eu-west-1:111122223333:table/orders",
    "AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"}],
    "KeySchema":[{"AttributeName":"id","KeyType":"HASH"}],
    "BillingModeSummary":{"BillingMode":"PAY_PER_REQUEST"},"DeletionProtectionEnabled":true}}"#;

/// An event as CloudTrail tells it: in JSON, inside JSON.
fn history() -> String {
    let event = serde_json::json!({
        "eventSource": "dynamodb.amazonaws.com", "eventName": "CreateBackup",
        "userIdentity": { "arn": "arn:aws:iam::111122223333:user/a" },
        "requestParameters": { "tableName": "orders", "backupName": "b" },
    });
    serde_json::json!({ "Events": [
        { "EventTime": 1_790_000_000, "CloudTrailEvent": event.to_string() },
        { "EventTime": 1_790_000_000, "CloudTrailEvent": "no JSON" },
    ] })
    .to_string()
}

/// A small account: one table, two items, no policy.
fn account(request: &Request) -> Answer {
    let capacity = r#""ConsumedCapacity":{"TableName":"orders","CapacityUnits":0.5}"#;
    let body = match request.operation.as_str() {
        "GetCallerIdentity" => return identity(),
        "GetResourcePolicy" => return error("PolicyNotFoundException"),
        "ListTables" => r#"{"TableNames":["orders"]}"#.into(),
        "DescribeTable" => TABLE.into(),
        "DescribeContinuousBackups" => r#"{"ContinuousBackupsDescription":{"ContinuousBackupsStatus":"ENABLED",
            "PointInTimeRecoveryDescription":{"PointInTimeRecoveryStatus":"ENABLED","RecoveryPeriodInDays":7}}}"#
            .into(),
        "DescribeTimeToLive" => r#"{"TimeToLiveDescription":{"TimeToLiveStatus":"DISABLED"}}"#.into(),
        "ListTagsOfResource" => r#"{"Tags":[{"Key":"env","Value":"test"}]}"#.into(),
        "LookupEvents" if request.body.contains("CreateBackup") => history(),
        "LookupEvents" => r#"{"Events":[]}"#.into(),
        "Scan" if request.body.contains("COUNT") => {
            format!(r#"{{"Count":2,"ScannedCount":2,{capacity}}}"#)
        }
        "Scan" if request.body.contains("ExclusiveStartKey") => {
            format!(r#"{{"Items":[{{"id":{{"S":"b"}}}}],"Count":1,"ScannedCount":1,{capacity}}}"#)
        }
        "Scan" => format!(
            r#"{{"Items":[{{"n":{{"N":"12345678901234567890123456789012345678"}},"id":{{"S":"a"}}}}],"Count":1,
                "ScannedCount":1,"LastEvaluatedKey":{{"id":{{"S":"a"}}}},{capacity}}}"#
        ),
        "Query" | "GetItem" if request.body.contains("nobody") => {
            format!(r#"{{{}{capacity}}}"#, if request.operation == "Query" { r#""Items":[],"# } else { "" })
        }
        "Query" => format!(r#"{{"Items":[{{"id":{{"S":"a"}}}}],"Count":1,"ScannedCount":1,{capacity}}}"#),
        "GetItem" => format!(r#"{{"Item":{{"id":{{"S":"a"}}}},{capacity}}}"#),
        other => return error(&format!("UnknownOperationException {other}")),
    };
    (200, body)
}

/// Every fact of a table, or why there is none.
pub async fn asked(live: &Live, table: &TableRef) -> TableFacts {
    let mut known = TableFacts::default();
    for kind in FactKind::ALL {
        match kind.needs().and_then(|first| known.gap(first)).cloned() {
            Some(gap) => known.miss(*kind, gap),
            None => match live.fact(table, *kind, &known).await {
                Ok(value) => known.learn(value, jiff::Timestamp::UNIX_EPOCH),
                Err(gap) => known.miss(*kind, gap),
            },
        }
    }
    known
}

/// The contract: holds for any source with at least one table that has an item.
pub async fn contract(source: &dyn Source) {
    let who = source.identity().await.expect("an identity");
    assert_eq!(source.scope().account, who.account);
    let tables = source.tables(None).await.expect("tables").tables;
    for table in &tables {
        assert_eq!(*table.scope, *source.scope(), "a table is named by account and Region");
    }
    let table = tables.first().expect("a table");

    let mut known = TableFacts::default();
    for kind in FactKind::ALL {
        match source.fact(table, *kind, &known).await {
            Ok(value) => {
                assert_eq!(value.kind(), *kind, "the answer is to the question");
                known.learn(value, jiff::Timestamp::UNIX_EPOCH);
            }
            Err(gap) => known.miss(*kind, gap),
        }
    }
    let description = known.description.known().expect("a description");
    assert!(description.arn.ends_with(&format!(":table/{}", table.name)), "{}", description.arn);

    let mut ask = request(table, Read::Scan);
    let (mut pages, mut items) = (0, 0);
    loop {
        let page = source.page(ask.clone(), &known).await.expect("a page");
        assert!(page.scanned >= page.items.len() as u64);
        assert!(page.cost.is_some(), "every page says what it cost");
        for item in &page.items {
            let key = item.key(&description.key).expect("an item has its key");
            let again = request(table, Read::Key(key.key().clone()));
            let found = source.page(again, &known).await.expect("the same item");
            assert_eq!(found.items.len(), 1);
            let name = &description.key.partition.name;
            let value = key.key().get(name).expect("the partition key").clone();
            let same = request(table, Read::Partition(name.clone(), value));
            assert!(!source.page(same, &known).await.expect("its partition").items.is_empty());
        }
        (pages, items) = (pages + 1, items + page.items.len());
        ask.start = page.next;
        if ask.start.is_none() || pages == 5 {
            break;
        }
    }
    assert!(items > 0, "the table has items");
    let counted = PageRequest { counts: true, ..request(table, Read::Scan) };
    let page = source.page(counted, &known).await.expect("a count");
    assert!(page.items.is_empty() && page.cost.is_some(), "counted items are not sent");
    assert!(page.matched > 0 && page.matched <= page.scanned, "{} of {}", page.matched, page.scanned);

    for call in COPY_CALLS {
        match source.look_up(Lookup { call, next: None }).await {
            Ok(page) => assert!(page.events.iter().all(|e| e.call == call), "{}", call.name),
            // Whatever the reason is: never an empty page.
            Err(gap) => assert!(!matches!(gap, Gap::NotAsked | Gap::Pending), "{}: {gap:?}", call.name),
        }
    }

    // A key that nobody has: answered, or a reason given.
    let id = AccessKeyId::parse(&["AK", "IA", "RTX3GSDSZ", "MADEUP7"].concat()).expect("an id");
    let mut facts = AccessKeyFacts::default();
    for question in AccessKeyQuestion::ALL {
        match source.access_key(&id, *question, &facts).await {
            Ok(value) => {
                assert_eq!(value.kind(), *question, "the answer is to the question");
                facts.learn(value, jiff::Timestamp::UNIX_EPOCH);
            }
            Err(gap) => {
                assert!(
                    *question == AccessKeyQuestion::Status || gap != Gap::NotAsked,
                    "{question:?}: {gap:?}"
                );
                facts.miss(*question, gap);
            }
        }
    }

    let none = TableRef::new(&source.scope(), "dynaudit-no-such-table");
    if none.name != table.name {
        let _ = source.fact(&none, FactKind::Description, &TableFacts::default()).await;
    }
}

#[tokio::test]
async fn a_canned_account_holds_the_contract() {
    let fake = Fake::start(account).await;
    let live = live(&fake.url).await;
    contract(&live).await;
    for r in fake.requests().iter().filter(|r| ["Scan", "Query", "GetItem"].contains(&r.operation.as_str())) {
        assert!(!r.body.contains("ConsistentRead"), "never strongly consistent");
        assert!(r.body.contains(r#""ReturnConsumedCapacity":"TOTAL""#));
    }
}

#[cfg(feature = "demo")]
#[tokio::test]
async fn every_place_of_the_demo_holds_the_contract() {
    let demo = dynaudit::demo::Demo::start(dynaudit::demo::Faults::none()).expect("starts");
    assert!(demo.logins().len() > 1);
    for login in demo.logins() {
        let settings = Settings {
            region: Some(login.region.into()),
            credentials: Some(Given {
                access_key_id: login.access_key.into(),
                secret_access_key: login.secret_key.into(),
                session_token: Some(login.session_token.into()),
            }),
            ..given(&demo.endpoint_url())
        };
        let live = opened(settings).await.expect("opens");
        contract(&live).await;
        assert_eq!(live.scope().account, login.account);
        for table in &live.tables(None).await.expect("tables").tables {
            let known = asked(&live, table).await;
            if let Ok(StreamState { .. }) = live.stream(&known).await {
                let first = live.tail(table, None, &known).await.expect("a round");
                live.tail(table, first.next, &known).await.expect("another");
            }
        }
        // A key that an item of the demo holds.
        let id = AccessKeyId::parse(&["AK", "IA", "RTX3GSDSZ", "MADEUP7"].concat()).expect("an id");
        let last = LastUse { user: Some("uploader".into()), used: None };
        let mut facts = AccessKeyFacts::default();
        facts.learn(AccessKeyAnswer::LastUse(last), jiff::Timestamp::UNIX_EPOCH);
        let status = live.access_key(&id, AccessKeyQuestion::Status, &facts).await;
        let gone = Ok(AccessKeyAnswer::Status(AccessKeyStatus::Gone));
        assert!(login.name != "production" || status == gone, "{status:?}");
    }
    // No permission is listed that nothing asks for, and the demo answers them all.
    let sent = demo.requests();
    for permission in PERMISSIONS {
        assert!(sent.iter().any(|r| r.operation == permission.operation), "{}", permission.action);
    }
    assert!(demo.requests().iter().all(|r| !r.write), "nothing but reads");
}

#[tokio::test]
async fn facts_are_what_the_service_said() {
    let fake = Fake::start(account).await;
    let live = live(&fake.url).await;
    let table = live.tables(None).await.expect("tables").tables.remove(0);
    assert_eq!(table.arn(), "arn:aws:dynamodb:eu-west-1:111122223333:table/orders");
    let known = TableFacts::default();
    let FactValue::Description(d) = live.fact(&table, FactKind::Description, &known).await.expect("known")
    else {
        panic!("another fact");
    };
    assert_eq!((d.deletion_protection, d.restored_from), (Some(true), None));
    assert_eq!((d.items, d.encryption), (2, Encryption::AwsOwned));
    let FactValue::Backups(b) = live.fact(&table, FactKind::Backups, &known).await.expect("known") else {
        panic!("another fact");
    };
    assert_eq!((b.point_in_time, b.window_days), (true, Some(7)));
    assert_eq!(live.fact(&table, FactKind::Policy, &known).await, Ok(FactValue::Policy(None)));
    let tags = live.fact(&table, FactKind::Tags, &known).await;
    assert_eq!(tags, Ok(FactValue::Tags(vec![("env".into(), "test".into())])));
    assert_eq!(live.fact(&table, FactKind::Key, &known).await, Err(Gap::NotAsked), "needs the description");
}

#[tokio::test]
async fn an_event_is_what_the_history_says() {
    let fake = Fake::start(account).await;
    let live = live(&fake.url).await;
    let call = COPY_CALLS.iter().find(|c| c.name == "CreateBackup").expect("looked for");
    let page = live.look_up(Lookup { call, next: Some("token".into()) }).await.expect("a page");
    let [event] = page.events.as_slice() else { panic!("{page:?}") };
    assert_eq!((event.table.as_deref(), event.at.as_second()), (Some("orders"), 1_790_000_000));
    assert_eq!((page.unread, page.next), (1, None));
    let sent = fake.requests().pop().expect("sent").body;
    assert!(sent.contains(r#""NextToken":"token""#) && sent.contains("CreateBackup"), "{sent}");
    assert!(sent.contains(r#""AttributeKey":"EventName""#), "{sent}");
}

#[tokio::test]
async fn nobody_there_is_an_answer() {
    let fake = Fake::start(account).await;
    let live = live(&fake.url).await;
    let table = TableRef::new(&live.scope(), "orders");
    let value = AttributeValue::S("nobody".into());
    for read in
        [Read::Partition("id".into(), value.clone()), Read::Key(Item::new(vec![("id".into(), value)]))]
    {
        let page = live.page(request(&table, read), &TableFacts::default()).await.expect("an answer");
        assert!(page.items.is_empty() && page.next.is_none());
    }
}

/// Every operation answered alike; what a Scan and a DescribeTable make of it.
async fn check(answer: Answer, kind: FailureKind) {
    let shown = format!("{answer:?}");
    let fake = Fake::start(move |_| answer.clone()).await;
    let live = live(&fake.url).await;
    let table = TableRef::new(&live.scope(), "orders");
    let known = TableFacts::default();
    let fact = live.fact(&table, FactKind::Description, &known).await.err();
    let page = live.page(request(&table, Read::Scan), &known).await.err();
    for gap in [fact, page] {
        let Some(Gap::Failed(failure)) = gap else { panic!("{shown}: {gap:?}") };
        assert_eq!(failure.kind, kind, "{shown}: {failure:?}");
        assert!(!failure.message.is_empty() && !failure.next.is_empty());
        assert!(
            !failure.message.contains("SdkError") && !failure.message.contains('{'),
            "{}",
            failure.message
        );
    }
}

#[tokio::test]
async fn faults_are_told_apart() {
    tokio::join!(
        check((200, String::new()), FailureKind::Service),
        check((200, "{}".into()), FailureKind::Service),
        check((200, r#"{"Items":[{"id":{"S":"#.into()), FailureKind::Service),
        check((500, "<html>no</html>".into()), FailureKind::Service),
        check(error("ThrottlingException"), FailureKind::Throttled),
        check(error("ExpiredTokenException"), FailureKind::Expired),
        check(error("UnrecognizedClientException"), FailureKind::Expired),
        check(error("ResourceNotFoundException"), FailureKind::NotFound),
        check(error("ValidationException"), FailureKind::Invalid),
    );
}

#[tokio::test]
async fn what_the_service_says_of_a_read_is_not_repeated() {
    let key = "the-value-of-a-key";
    for code in ["ValidationException", "ResourceNotFoundException", "SomethingNew"] {
        let echo = move |r: &Request| {
            let body = serde_json::json!({"__type": format!("com.amazonaws#{code}"), "message": r.body});
            (400, body.to_string())
        };
        let fake = Fake::start(echo).await;
        let live = live(&fake.url).await;
        let table = TableRef::new(&live.scope(), "orders");
        let value = AttributeValue::S(key.into());
        let item = || Item::new(vec![("id".into(), value.clone())]);
        let scan = PageRequest { start: Some(Cursor::new(item())), ..request(&table, Read::Scan) };
        let query = request(&table, Read::Partition("id".into(), value.clone()));
        for ask in [scan, query, request(&table, Read::Key(item()))] {
            let Err(Gap::Failed(failure)) = live.page(ask, &TableFacts::default()).await else {
                panic!("{code}: not a failure");
            };
            assert!(!format!("{failure:?}").contains(key), "{failure:?}");
            assert!(failure.message.contains(code), "the code stays: {}", failure.message);
        }
        assert!(fake.requests().iter().all(|r| r.body.contains(key)), "the endpoint saw the key");
    }
}

#[tokio::test]
async fn the_id_of_an_access_key_is_not_repeated() {
    let id = ["AK", "IA", "RTX3GSDSZ", "MADEUP7"].concat();
    for code in ["NoSuchEntity", "AccessDenied", "ValidationError", "SomethingNew"] {
        let said = format!("The Access Key with id {id} is not what it should be");
        let echo = move |_: &Request| {
            (
                400,
                format!(
                    "<ErrorResponse><Error><Code>{code}</Code><Message>{said}</Message></Error></ErrorResponse>"
                ),
            )
        };
        let fake = Fake::start(echo).await;
        let live = live(&fake.url).await;
        let key = AccessKeyId::parse(&id).expect("an id");
        for question in [AccessKeyQuestion::Owner, AccessKeyQuestion::LastUse] {
            let gap = live.access_key(&key, question, &AccessKeyFacts::default()).await.expect_err("refused");
            let told = format!("{gap:?}");
            assert!(!told.contains(&id) && told.contains("‹access key id›"), "{told}");
        }
        assert!(fake.requests().iter().all(|r| r.body.contains(&id)), "the endpoint was asked about it");
    }
}

/// The three reads of items against an endpoint that answers the n-th request as told: how often each was
/// sent, as the endpoint and as the ledger saw it, and what came of it.
async fn sent(answer: impl Fn(usize) -> Answer + Clone + Send + Sync + 'static, times: usize, read: bool) {
    let value = AttributeValue::S("a".into());
    for read_by in [
        Read::Scan,
        Read::Partition("id".into(), value.clone()),
        Read::Key(Item::new(vec![("id".into(), value)])),
    ] {
        let (count, answer) = (AtomicUsize::new(0), answer.clone());
        let fake = Fake::start(move |_| answer(count.fetch_add(1, Ordering::SeqCst))).await;
        let calls = Arc::new(Mutex::new(Vec::new()));
        let sink = Arc::clone(&calls);
        let ledger: Ledger = Arc::new(move |call| sink.lock().expect("not poisoned").push(call));
        let settings = Settings { attempt_timeout: Duration::from_millis(500), ..given(&fake.url) };
        let detector = Arc::clone(&DETECTOR);
        let clock = Arc::new(|| jiff::Timestamp::UNIX_EPOCH);
        let live = open(settings, detector, clock, ledger).await.expect("opens");
        let table = TableRef::new(&live.scope(), "orders");
        let page = live.page(request(&table, read_by), &TableFacts::default()).await;
        assert_eq!((fake.requests().len(), page.is_ok()), (times, read), "{:?}", page.err());
        let attempts: u32 = calls.lock().expect("not poisoned").iter().map(|c| c.attempts).sum();
        assert_eq!(attempts as usize, times, "every attempt is in the ledger");
    }
}

#[tokio::test]
async fn a_read_that_may_be_charged_is_sent_once() {
    let good = || (200, r#"{"Items":[],"Count":0,"ScannedCount":0,"ConsumedCapacity":{}}"#.to_owned());
    let throttled = |code: &'static str, times| move |n| if n < times { error(code) } else { good() };
    tokio::join!(
        sent(|_| (SILENT, String::new()), 1, false),
        sent(|_| (DROPPED, String::new()), 1, false),
        sent(|_| (500, error("InternalServerError").1), 1, false),
        sent(|_| (503, error("ThrottlingException").1), 1, false),
        sent(move |_| good(), 1, true),
        sent(throttled("ThrottlingException", 2), 3, true),
        sent(throttled("ProvisionedThroughputExceededException", 1), 2, true),
        sent(throttled("RequestLimitExceeded", 9), 3, false),
    );
}

#[tokio::test]
async fn denied_is_not_none() {
    let fake = Fake::start(|_| error("AccessDeniedException")).await;
    let live = live(&fake.url).await;
    let table = TableRef::new(&live.scope(), "orders");
    match live.fact(&table, FactKind::Description, &TableFacts::default()).await {
        Err(Gap::Denied(permission, said)) => {
            assert_eq!((permission.action, said.as_str()), ("dynamodb:DescribeTable", "a reason"));
        }
        other => panic!("{other:?}"),
    }
    let tables = live.tables(None).await;
    assert!(matches!(tables, Err(Gap::Denied(..))));
}

#[tokio::test]
async fn a_closed_port_names_the_host() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("bound").to_string();
    drop(listener);
    let Err(Gap::Failed(failure)) = live(&format!("http://{address}")).await.identity().await else {
        panic!("nobody listens");
    };
    assert_eq!(failure.kind, FailureKind::Unreachable);
    assert!(failure.message.contains(&address), "{}", failure.message);
}

#[tokio::test]
async fn a_list_that_goes_in_circles_ends() {
    let fake = Fake::start(|r| match r.operation.as_str() {
        "ListTables" if r.body.contains("orders") => {
            (200, r#"{"TableNames":["users"],"LastEvaluatedTableName":"users"}"#.into())
        }
        "ListTables" => (200, r#"{"TableNames":["orders"],"LastEvaluatedTableName":"orders"}"#.into()),
        _ => identity(),
    })
    .await;
    let live = live(&fake.url).await;
    let mut after = None;
    for pages in 0..5 {
        match live.tables(after).await {
            Ok(page) => after = page.next,
            Err(Gap::Failed(failure)) => {
                assert_eq!((pages, failure.kind), (2, FailureKind::Service), "{}", failure.message);
                return;
            }
            Err(other) => panic!("{other:?}"),
        }
    }
    panic!("it goes on for ever");
}

#[tokio::test]
async fn a_table_stays_equal_to_itself_when_the_account_is_learned_later() {
    let asked = AtomicUsize::new(0);
    let fake = Fake::start(move |r| match r.operation.as_str() {
        "GetCallerIdentity" if asked.fetch_add(1, Ordering::SeqCst) == 0 => error("AccessDenied"),
        _ => account(r),
    })
    .await;
    let live = live(&fake.url).await;
    let first = live.tables(None).await.expect("tables").tables;
    assert_eq!(live.scope().account, "", "not known yet");
    let who = live.identity().await.expect("an identity");
    assert_eq!((who.account.as_str(), live.scope().account.as_str()), ("111122223333", "111122223333"));
    assert_eq!(live.tables(None).await.expect("tables").tables, first);
    // The ARN that facts are asked by has the account all the same.
    let tags = live.fact(&first[0], FactKind::Tags, &TableFacts::default()).await;
    assert!(tags.is_ok(), "{tags:?}");
    let sent = fake.requests().into_iter().find(|r| r.operation == "ListTagsOfResource").expect("sent");
    assert!(sent.body.contains("111122223333:table/orders"), "{}", sent.body);
}

#[tokio::test]
async fn an_index_keeps_every_attribute_of_its_key() {
    let fake = Fake::start(|r| match r.operation.as_str() {
        "DescribeTable" => {
            let mut table: serde_json::Value = serde_json::from_str(TABLE).expect("JSON");
            let names = ["id", "tenant", "token", "day", "hour"];
            table["Table"]["AttributeDefinitions"] =
                names.iter().map(|n| serde_json::json!({"AttributeName": n, "AttributeType": "S"})).collect();
            let keys = [("tenant", "HASH"), ("token", "HASH"), ("day", "RANGE"), ("hour", "RANGE")];
            let keys = keys.map(|(n, kind)| serde_json::json!({"AttributeName": n, "KeyType": kind}));
            table["Table"]["GlobalSecondaryIndexes"] = serde_json::json!([{
                "IndexName": "wide", "KeySchema": keys, "Projection": {"ProjectionType": "KEYS_ONLY"},
                "ItemCount": 12, "IndexSizeBytes": 4096,
            }]);
            (200, table.to_string())
        }
        _ => identity(),
    })
    .await;
    let live = live(&fake.url).await;
    let table = TableRef::new(&live.scope(), "orders");
    let value = live.fact(&table, FactKind::Description, &TableFacts::default()).await;
    let Ok(FactValue::Description(description)) = value else { panic!("{value:?}") };
    let index = &description.indexes[0];
    assert_eq!(index.key.names().collect::<Vec<_>>(), ["tenant", "day"]);
    assert_eq!(index.partition().map(|a| a.name.as_str()).collect::<Vec<_>>(), ["tenant", "token"]);
    assert_eq!(index.sort().map(|a| a.name.as_str()).collect::<Vec<_>>(), ["day", "hour"]);
    assert_eq!((index.items, index.bytes), (Some(12), Some(4_096)));
    assert!(["tenant", "token", "day", "hour"].iter().all(|n| index.is_key(n)) && !index.is_key("id"));
}

/// Settings for profile files in a directory of their own.
fn profiles(dir: &tempfile::TempDir, config: &str, profile: &str, url: &str) -> Settings {
    let (config_file, credentials_file) = (dir.path().join("config"), dir.path().join("credentials"));
    std::fs::write(&config_file, config).expect("written");
    std::fs::write(&credentials_file, "").expect("written");
    Settings {
        profile: Some(profile.into()),
        endpoint_url: Some(url.into()),
        config_file: Some(config_file),
        credentials_file: Some(credentials_file),
        ..Settings::default()
    }
}

const KEYS: &str = "[profile base]\nregion = eu-west-1\naws_access_key_id = not-a-key\n\
    aws_secret_access_key = not-a-secret\n";

#[tokio::test]
async fn an_unknown_profile_is_an_error() {
    let dir = tempfile::tempdir().expect("a directory");
    let failure = opened(profiles(&dir, KEYS, "other", "http://127.0.0.1:1")).await.err().expect("unknown");
    assert_eq!(failure.kind, FailureKind::NoCredentials);
    assert!(failure.message.contains("other") && failure.message.contains("base"), "{}", failure.message);
}

#[tokio::test]
async fn an_sso_profile_without_a_session_names_the_command() {
    let dir = tempfile::tempdir().expect("a directory");
    let config = "[profile team]\nregion = eu-west-1\nsso_session = dynaudit-test-none\n\
        sso_account_id = 111122223333\nsso_role_name = Audit\n\
        [sso-session dynaudit-test-none]\nsso_region = eu-west-1\nsso_start_url = https://example.invalid/start\n";
    let live = opened(profiles(&dir, config, "team", "http://127.0.0.1:1")).await.expect("opens");
    let Err(Gap::Failed(failure)) = live.identity().await else { panic!("there is no session") };
    assert_eq!(failure.kind, FailureKind::Expired);
    assert_eq!(failure.next, "aws sso login --profile team");
}

/// What is shown of the endpoints that a profile sets.
async fn endpoints(of_all: &str, of_services: &str, shown: Option<&str>) {
    let dir = tempfile::tempdir().expect("a directory");
    let config = format!("{KEYS}{of_all}\nservices = own\n[services own]\n{of_services}");
    let settings = Settings { endpoint_url: None, ..profiles(&dir, &config, "base", "") };
    let live = opened(settings).await.expect("opens");
    assert_eq!(live.scope().endpoint.as_deref(), shown, "{config}");
}

#[tokio::test]
async fn every_endpoint_set_by_hand_is_shown_and_no_password() {
    let of = |service: &str, url: &str| format!("{service} =\n  endpoint_url = {url}\n");
    endpoints("", "", None).await;
    endpoints("endpoint_url = https://one:1", "", Some("https://one:1")).await;
    endpoints("", &of("kms", "https://two:2"), Some("KMS https://two:2")).await;
    endpoints(
        "endpoint_url = https://me:hidden@one:1",
        &of("kms", "https://me:hidden@two:2"),
        Some("STS https://one:1, IAM https://one:1, DynamoDB https://one:1, DynamoDB Streams https://one:1, Lambda https://one:1, KMS https://two:2, \
             Kinesis https://one:1, Pipes https://one:1, Backup https://one:1, Application Auto Scaling https://one:1, \
             CloudTrail https://one:1, AccessAnalyzer https://one:1, CloudWatch https://one:1, DAX https://one:1"),
    )
    .await;
}

#[tokio::test]
async fn an_endpoint_that_cannot_be_called_is_an_error_without_its_password() {
    for url in ["http://me:hid den@host", "me:hidden@host", "http://me:hid/den@127.0.0.1:1", "http://"] {
        let dir = tempfile::tempdir().expect("a directory");
        let config = format!("{KEYS}endpoint_url = {url}\n");
        let settings = Settings { endpoint_url: None, ..profiles(&dir, &config, "base", "") };
        let gap = match opened(settings).await {
            Ok(live) => live.identity().await.expect_err("nobody is there"),
            Err(failure) => Gap::Failed(failure),
        };
        assert!(!format!("{gap:?}").contains("den"), "{gap:?}");
        let failure = opened(given(url)).await.err().expect("refused");
        assert!(!format!("{failure:?}").contains("den"), "{failure:?}");
    }
    let failure = opened(given("http://me:hidden@127.0.0.1:1")).await.err().expect("refused");
    assert_eq!(failure.kind, FailureKind::Invalid);
    assert!(!format!("{failure:?}").contains("hidden"), "{failure:?}");
}

const MFA: &str = "[profile audit]\nregion = eu-west-1\nrole_arn = arn:aws:iam::111122223333:role/Audit\n\
    source_profile = base\nmfa_serial = arn:aws:iam::111122223333:mfa/me\n";

/// STS's answer to AssumeRole.
fn role_given() -> Answer {
    let body = "<AssumeRoleResponse><AssumeRoleResult><Credentials>\
        <AccessKeyId>not-a-key-either</AccessKeyId><SecretAccessKey>not-a-secret</SecretAccessKey>\
        <SessionToken>not-a-token</SessionToken><Expiration>2999-01-01T00:00:00Z</Expiration>\
        </Credentials></AssumeRoleResult></AssumeRoleResponse>";
    (200, body.into())
}

#[tokio::test]
async fn a_role_with_mfa_is_assumed_with_the_code() {
    let fake = Fake::start(|request| match request.operation.as_str() {
        "AssumeRole" => role_given(),
        _ => identity(),
    })
    .await;
    let dir = tempfile::tempdir().expect("a directory");
    // Once as with --endpoint-url, once as the profile (or AWS_ENDPOINT_URL) says.
    for flag in [true, false] {
        let before = fake.count("AssumeRole");
        let endpoint = if flag { String::new() } else { format!("endpoint_url = {}\n", fake.url) };
        let mut settings = profiles(&dir, &format!("{KEYS}{MFA}{endpoint}"), "audit", &fake.url);
        settings.endpoint_url = settings.endpoint_url.filter(|_| flag);
        settings.mfa = Some(Box::new(|serial| serial.ends_with(":mfa/me").then(|| " 123456\n".to_owned())));
        let live = opened(settings).await.expect("assumed");
        live.identity().await.expect("an identity");
        assert_eq!(fake.count("AssumeRole"), before + 1);
    }
    let sent = fake.requests().into_iter().find(|r| r.operation == "AssumeRole").expect("sent");
    assert!(sent.body.contains("TokenCode=123456"), "{}", sent.body);
    assert!(sent.body.contains("mfa%2Fme"), "{}", sent.body);
}

#[tokio::test]
async fn every_role_of_a_chain_gets_a_code_of_its_own_device() {
    let fake = Fake::start(|request| match request.operation.as_str() {
        "AssumeRole" => role_given(),
        _ => identity(),
    })
    .await;
    let dir = tempfile::tempdir().expect("a directory");
    let second = "[profile second]\nregion = eu-west-1\nrole_arn = arn:aws:iam::444455556666:role/Second\n\
        source_profile = audit\nmfa_serial = arn:aws:iam::111122223333:mfa/vault\n";
    let mut settings = profiles(&dir, &format!("{KEYS}{MFA}{second}"), "second", &fake.url);
    settings.mfa =
        Some(Box::new(|serial| Some(if serial.ends_with("mfa/me") { "111111" } else { "222222" }.into())));
    let live = opened(settings).await.expect("assumed");
    assert_eq!(live.devices(), ["arn:aws:iam::111122223333:mfa/me", "arn:aws:iam::111122223333:mfa/vault"]);
    live.identity().await.expect("an identity");
    let codes = ["333333", "444444"].map(|c| dynaudit::domain::MfaCode::parse(c).expect("six digits"));
    live.renew(codes.into()).await.expect("signed in again");
    let sent: Vec<_> = fake.requests().into_iter().filter(|r| r.operation == "AssumeRole").collect();
    let expect = [("Audit", "me", "111111"), ("Second", "vault", "222222"), ("Audit", "me", "333333")];
    for (sent, (role, device, code)) in
        sent.iter().zip(expect.into_iter().chain([("Second", "vault", "444444")]))
    {
        for wanted in [format!("role%2F{role}"), format!("mfa%2F{device}"), format!("TokenCode={code}")] {
            assert!(sent.body.contains(&wanted), "{wanted} is not in {}", sent.body);
        }
    }
    assert_eq!(sent.len(), 4);
    // A code too few: the second role is not asked for without one.
    let one = dynaudit::domain::MfaCode::parse("555555").expect("six digits");
    let gap = live.renew(vec![one]).await.expect_err("a code is missing");
    assert!(format!("{gap}").contains("mfa/vault"), "{gap}");
    assert_eq!(fake.count("AssumeRole"), 5);
}

#[tokio::test]
async fn without_a_code_nothing_is_sent() {
    let fake = Fake::start(|_| identity()).await;
    let dir = tempfile::tempdir().expect("a directory");
    let failure =
        opened(profiles(&dir, &format!("{KEYS}{MFA}"), "audit", &fake.url)).await.err().expect("no code");
    assert_eq!(failure.kind, FailureKind::NoCredentials);
    assert!(failure.message.contains("mfa/me"), "{}", failure.message);
    assert_eq!(fake.requests().len(), 0);
}

#[tokio::test]
async fn a_silent_service_is_asked_once_and_holds_up_nobody() {
    let fake = Fake::start(|r| match r.operation.as_str() {
        // The services that have no target header are told by none.
        "" => (DROPPED, String::new()),
        _ => account(r),
    })
    .await;
    let live = live(&fake.url).await;
    let mut gaps = Vec::new();
    for name in ["orders", "users", "carts"] {
        let table = TableRef::new(&live.scope(), name);
        let known = TableFacts::default();
        let description = live.fact(&table, FactKind::Description, &known).await;
        assert!(description.is_ok(), "DynamoDB answers: {description:?}");
        let mut known = TableFacts::default();
        known.learn(description.expect("known"), jiff::Timestamp::UNIX_EPOCH);
        gaps.push(live.fact(&table, FactKind::RecoveryPoints, &known).await.expect_err("silent"));
    }
    assert!(
        gaps.iter().all(|g| matches!(g, Gap::Failed(f) if f.kind == FailureKind::Unreachable)),
        "{gaps:?}"
    );
    assert!(fake.count("") <= 3, "one call with its retries, not three: {}", fake.count(""));
}

#[tokio::test]
async fn what_is_the_same_for_every_table_is_asked_once() {
    let fake = Fake::start(|r| match r.operation.as_str() {
        "DescribeTrails" => (200, r#"{"trailList":[]}"#.into()),
        "DescribeClusters" => error("AccessDeniedException"),
        _ => account(r),
    })
    .await;
    let live = live(&fake.url).await;
    for name in ["orders", "users", "carts"] {
        let table = TableRef::new(&live.scope(), name);
        let trails = live.fact(&table, FactKind::Trails, &TableFacts::default()).await;
        assert_eq!(trails, Ok(FactValue::Trails(Vec::new())));
        let caches = live.fact(&table, FactKind::Caches, &TableFacts::default()).await;
        assert!(matches!(caches, Err(Gap::Denied(..))), "{caches:?}");
    }
    assert_eq!((fake.count("DescribeTrails"), fake.count("DescribeClusters")), (1, 1));
}
