//! The embedded account through the real SDK clients, over the real wire.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use aws_config::retry::RetryConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::ProvideErrorMetadata;
use aws_sdk_dynamodb::types::AttributeValue as Wire;

use super::account::PLACES;
use super::{CLOCK, Demo, Fault, FaultRule, Faults, Login, When, planted};
use crate::domain::{AttributeValue, Policy};

fn config(demo: &Demo, login: &Login, attempts: u32) -> SdkConfig {
    let token = Some(login.session_token.to_owned());
    let credentials = Credentials::new(login.access_key, login.secret_key, token, None, "demo");
    let retry =
        RetryConfig::standard().with_max_attempts(attempts).with_initial_backoff(Duration::from_millis(1));
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .endpoint_url(demo.endpoint_url())
        .region(Region::new(login.region))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .retry_config(retry)
        .build()
}

/// A demo and a client of its default login that never retries.
fn start(faults: Faults) -> (Demo, Client) {
    let demo = Demo::start(faults).expect("starts");
    let client = Client::new(&config(&demo, &demo.logins()[0], 1));
    (demo, client)
}

async fn names(client: &Client) -> Vec<String> {
    client.list_tables().send().await.expect("lists").table_names().to_vec()
}

#[tokio::test]
async fn every_scope_lists_its_own_tables() {
    let (demo, client) = start(Faults::none());
    assert_eq!(names(&client).await.len(), 10);
    let mut seen = Vec::new();
    for login in demo.logins() {
        seen.push(names(&Client::new(&config(&demo, login, 1))).await.join(" "));
    }
    assert_eq!(seen[1..], ["members orders_archive sessions tenants", "api_metadata feature_flags sessions"]);
    let elsewhere = Login { region: "ap-south-1", ..demo.logins()[0].clone() };
    assert!(names(&Client::new(&config(&demo, &elsewhere, 1))).await.is_empty());
}

#[tokio::test]
async fn lists_of_tables_come_in_pages() {
    let (_demo, client) = start(Faults::none());
    let first = client.list_tables().limit(4).send().await.expect("first");
    assert_eq!(first.last_evaluated_table_name(), Some("carts"));
    let rest = client.list_tables().exclusive_start_table_name("carts").send().await.expect("rest");
    assert_eq!((rest.table_names().len(), rest.last_evaluated_table_name()), (6, None));
}

#[tokio::test]
async fn every_table_is_described_as_it_is() {
    let demo = Demo::start(Faults::none()).expect("starts");
    for (place, login) in PLACES.iter().zip(demo.logins()) {
        let client = Client::new(&config(&demo, login, 1));
        for table in place.tables {
            let answer = client.describe_table().table_name(table.name).send().await.expect(table.name);
            let told = answer.table().expect("a table");
            assert_eq!(told.table_arn(), Some(place.table_arn(table).as_str()));
            assert_eq!(told.item_count(), Some(table.size.0.cast_signed()));
            assert_eq!(told.deletion_protection_enabled(), Some(table.protected));
            assert_eq!(told.latest_stream_arn().map(str::to_owned), place.stream_arn(table));
            let key = told.sse_description().and_then(|sse| sse.kms_master_key_arn());
            assert_eq!(key.map(str::to_owned), table.key.map(|key| place.key_arn(key)));
            assert_eq!(told.global_secondary_indexes().len(), table.indexes.len());
            assert!(!format!("{told:?}").contains("dynoxide"), "{}", table.name);
        }
    }
}

/// What the descriptions state agrees with the items, and the ARNs in policies with the tables.
#[test]
fn the_seed_agrees_with_itself() {
    for place in PLACES {
        assert!(place.tables.is_sorted_by_key(|table| table.name), "{}", place.region);
        for table in place.tables {
            let rows = (table.items)();
            let bytes: usize = rows.iter().flatten().map(|(name, cell)| name.len() + size(cell)).sum();
            let (items, told) = table.size;
            assert_eq!(rows.len() as u64, items, "{}", table.name);
            let near = (bytes as u64 * 4 / 5)..=(bytes as u64 * 6 / 5);
            assert!(near.contains(&told), "{} {} holds {bytes} bytes, not {told}", place.region, table.name);
            if let Some(key) = table.key {
                assert!(place.keys.iter().any(|k| k.id == key), "{}", table.name);
            }
            let stream = table.stream.as_ref().and_then(|stream| stream.policy);
            for (policy, arn) in
                [(table.policy, Some(place.table_arn(table))), (stream, place.stream_arn(table))]
            {
                let Some(policy) = policy else { continue };
                let parsed = Policy::parse(policy);
                assert!(parsed.unread.is_empty(), "{}: {:?}", table.name, parsed.unread);
                let arn = arn.expect("a stream with a policy is a stream");
                assert!(parsed.statements.iter().all(|s| s.resources.contains(&arn)), "{}", table.name);
            }
        }
    }
}

fn size(cell: &super::row::Cell) -> usize {
    use super::row::Cell;
    match cell {
        Cell::Plain(value) | Cell::Planted(value, _) => AttributeValue::size(value),
        Cell::Map(members) => 3 + members.iter().map(|(n, c)| 1 + n.len() + size(c)).sum::<usize>(),
        Cell::List(members) => 3 + members.iter().map(|c| 1 + size(c)).sum::<usize>(),
    }
}

/// Scans a table to its end: items and pages.
async fn scan(client: &Client, table: &str) -> (Vec<HashMap<String, Wire>>, usize) {
    let (mut items, mut pages, mut start) = (Vec::new(), 0, None);
    loop {
        let page = client.scan().table_name(table).set_exclusive_start_key(start).send().await.expect(table);
        items.extend(page.items().to_vec());
        // Without a filter whatever was looked at is given.
        assert_eq!(
            (page.count(), page.scanned_count()),
            (page.items().len() as i32, page.count()),
            "{table}"
        );
        pages += 1;
        match page.last_evaluated_key() {
            Some(key) => start = Some(key.clone()),
            None => return (items, pages),
        }
    }
}

#[tokio::test]
async fn every_table_scans_to_its_end() {
    let demo = Demo::start(Faults::none()).expect("starts");
    for (place, login) in PLACES.iter().zip(demo.logins()) {
        let client = Client::new(&config(&demo, login, 1));
        for table in place.tables {
            let (items, pages) = scan(&client, table.name).await;
            assert!(pages == 1 || table.name == "orders", "{}", table.name);
            assert_eq!(items.len() as u64, table.size.0, "{}", table.name);
        }
    }
}

#[tokio::test]
async fn items_arrive_as_they_were_written() {
    let (_demo, client) = start(Faults::none());
    let get = client.get_item().table_name("orders").key("order_id", Wire::S("2026-000002".into()));
    let order = get.send().await.expect("gets").item.expect("an order");
    assert_eq!(order["ledger"].as_n().expect("a number").len(), 38);
    let (log, _) = scan(&client, "audit_log").await;
    let hostile = "\u{1b}]52;c;cm0gLXJmIC8K\u{7}copied for you";
    let found = log.iter().find(|item| item["agent"] == Wire::S(hostile.into())).expect("the attack");
    assert_eq!(found[hostile], Wire::S("as a name".into()));
    let query = client.query().table_name("tenants").index_name("by-plan");
    let query = query.key_condition_expression("#p = :p").expression_attribute_names("#p", "plan");
    let page = query.expression_attribute_values(":p", Wire::S("team".into())).send().await.expect("queries");
    assert!(page.items().iter().all(|tenant| tenant.contains_key("webhook_signing_secret")));
    assert!(page.count() > 0);
    let cost = client.scan().table_name("sessions").return_consumed_capacity("TOTAL".into());
    let cost = cost.send().await.expect("scans").consumed_capacity.expect("a cost");
    assert!(cost.capacity_units() > Some(1.0));
}

#[tokio::test]
async fn a_table_may_be_named_by_its_arn() {
    let (_demo, client) = start(Faults::none());
    let arn = "arn:aws:dynamodb:eu-west-1:111122223333:table/tenants";
    assert_eq!(client.scan().table_name(arn).send().await.expect("scans").count(), 20);
    let abroad = client.describe_table().table_name(arn.replace("1111", "4444")).send().await;
    assert_eq!(abroad.expect_err("another account").code(), Some("AccessDeniedException"));
}

#[tokio::test]
async fn settings_are_answered_from_the_seed() {
    let (_demo, client) = start(Faults::none());
    let ttl = client.describe_time_to_live().table_name("webhooks").send().await.expect("ttl");
    assert_eq!(ttl.time_to_live_description().expect("ttl").attribute_name(), Some("expire_at"));
    let backups = client.describe_continuous_backups().table_name("orders").send().await.expect("backups");
    let recovery =
        backups.continuous_backups_description().expect("backups").point_in_time_recovery_description();
    assert_eq!(recovery.expect("recovery").recovery_period_in_days(), Some(7));
    let arn = |tail: &str| format!("arn:aws:dynamodb:eu-west-1:111122223333:table/{tail}");
    let tags = client.list_tags_of_resource().resource_arn(arn("orders")).send().await.expect("tags");
    assert_eq!(tags.tags()[0].value(), "production");
    let policy = client.get_resource_policy().resource_arn(arn("tenants")).send().await.expect("policy");
    assert!(policy.policy().expect("a policy").contains("777788889999") && policy.revision_id().is_some());
    let stream = client.describe_table().table_name("audit_log").send().await.expect("describes");
    let stream = stream.table().and_then(|table| table.latest_stream_arn()).expect("a stream").to_owned();
    let policy = client.get_resource_policy().resource_arn(stream).send().await.expect("stream policy");
    assert!(policy.policy().expect("a policy").contains("888877776666"));
    let none = client.get_resource_policy().resource_arn(arn("sessions")).send().await.expect_err("none");
    assert_eq!(none.code(), Some("PolicyNotFoundException"));
    let none = client.describe_table().table_name("nope").send().await.expect_err("none");
    assert_eq!(none.code(), Some("ResourceNotFoundException"));
    let unknown = client.list_global_tables().send().await.expect_err("not offered");
    assert_eq!(unknown.code(), Some("UnknownOperationException"));
}

#[tokio::test]
async fn denials_name_who_what_and_where() {
    let (demo, client) = start(Faults::none());
    let arn = "arn:aws:dynamodb:eu-west-1:111122223333:table/users";
    let denied = client.get_resource_policy().resource_arn(arn).send().await.expect_err("denied");
    assert_eq!(denied.code(), Some("AccessDeniedException"));
    let message = denied.message().expect("a message");
    for part in [demo.logins()[0].arn, "dynamodb:GetResourcePolicy", arn] {
        assert!(message.contains(part), "{message}");
    }
}

#[tokio::test]
async fn writes_are_denied_and_written_down() {
    let (demo, client) = start(Faults::none());
    names(&client).await;
    let put = client.put_item().table_name("carts").item("cart_id", Wire::S("x".into()));
    assert_eq!(put.send().await.expect_err("denied").code(), Some("AccessDeniedException"));
    let sql = client.execute_statement().statement("SELECT * FROM carts").send().await;
    assert_eq!(sql.expect_err("denied").code(), Some("AccessDeniedException"));
    let log: Vec<_> = demo.requests().into_iter().map(|r| (r.operation, r.table, r.write)).collect();
    assert_eq!(
        log,
        [
            ("ListTables".into(), None, false),
            ("PutItem".into(), Some("carts".into()), true),
            ("ExecuteStatement".into(), None, true),
        ]
    );
}

#[tokio::test]
async fn keys_are_described_by_any_name() {
    let demo = Demo::start(Faults::none()).expect("starts");
    let client = aws_sdk_kms::Client::new(&config(&demo, &demo.logins()[0], 1));
    let key = client.describe_key().key_id("alias/shop-orders-2024").send().await.expect("describes");
    let key = key.key_metadata().expect("metadata");
    assert_eq!(key.key_state().map(|state| state.as_str()), Some("PendingDeletion"));
    assert!(key.deletion_date().expect("a date").secs() > CLOCK.as_second());
    let again = client.describe_key().key_id(key.arn().expect("an ARN")).send().await.expect("describes");
    assert_eq!(again.key_metadata().map(|k| k.key_id()), Some(key.key_id()));
    let rotation =
        client.get_key_rotation_status().key_id("alias/shop-tokens").send().await.expect("rotation");
    assert_eq!((rotation.key_rotation_enabled(), rotation.rotation_period_in_days()), (true, Some(180)));
    let denied =
        client.get_key_rotation_status().key_id("alias/shop-carts").send().await.expect_err("denied");
    assert_eq!(denied.code(), Some("AccessDeniedException"));
    let none = client.describe_key().key_id("alias/none").send().await.expect_err("none");
    assert_eq!(none.code(), Some("NotFoundException"));
    assert_eq!(client.list_aliases().send().await.expect("aliases").aliases().len(), 5);
    let policy = client.get_key_policy().key_id("alias/shop-tokens").send().await.expect("policy");
    assert!(Policy::parse(policy.policy().expect("a policy")).unread.is_empty());
}

#[tokio::test]
async fn every_access_key_of_an_item_has_an_owner_in_the_same_account() {
    let demo = Demo::start(Faults::none()).expect("starts");
    let is_key = |s: &&super::Planted| crate::domain::AccessKeyId::parse(&s.value).is_some();
    let mut found = 0;
    for secret in planted().iter().filter(is_key) {
        let login = demo.logins().iter().find(|l| l.account == secret.account).expect("a login");
        let sts = aws_sdk_sts::Client::new(&config(&demo, login, 1));
        let owner = sts.get_access_key_info().access_key_id(&secret.value).send().await.expect("known");
        assert_eq!(owner.account(), Some(secret.account), "{}", secret.path);
        let iam = aws_sdk_iam::Client::new(&config(&demo, login, 1));
        let last = iam.get_access_key_last_used().access_key_id(&secret.value).send().await.expect("known");
        let keys = iam.list_access_keys().user_name(last.user_name().expect("a user")).send().await;
        let keys = keys.expect("listed").access_key_metadata;
        assert!(keys.iter().any(|k| k.access_key_id() == Some(&secret.value)), "{}", secret.path);
        found += 1;
    }
    assert!(found > 0);
}

#[tokio::test]
async fn sts_tells_who_calls_and_lends_roles() {
    let demo = Demo::start(Faults::none()).expect("starts");
    let client = aws_sdk_sts::Client::new(&config(&demo, &demo.logins()[0], 1));
    let me = client.get_caller_identity().send().await.expect("identity");
    assert_eq!((me.account(), me.arn()), (Some("111122223333"), Some(demo.logins()[0].arn)));
    let assume = |role: &str| client.assume_role().role_arn(role).role_session_name("demo").send();
    let lent = assume("arn:aws:iam::444455556666:role/security-audit").await.expect("assumes");
    assert_eq!(lent.credentials().expect("credentials").access_key_id(), demo.logins()[2].access_key);
    let denied = assume("arn:aws:iam::999900001111:role/security-audit").await.expect_err("denied");
    assert_eq!(denied.code(), Some("AccessDenied"));
    let stranger = Login { access_key: "ASIANOBODY", ..demo.logins()[0].clone() };
    let client = aws_sdk_sts::Client::new(&config(&demo, &stranger, 1));
    let denied = client.get_caller_identity().send().await.expect_err("unknown");
    assert_eq!(denied.code(), Some("InvalidClientTokenId"));
}

/// The code of the error that a Scan of `sessions` ends in under a fault; `ok 48` for 48 items.
async fn scanned(fault: Fault) -> String {
    let (_demo, client) =
        start(Faults::none().with(FaultRule::on_table("sessions", "Scan", fault, When::Always)));
    match client.scan().table_name("sessions").send().await {
        Ok(page) => format!("ok {}", page.count()),
        Err(error) => error.code().unwrap_or("no code").to_owned(),
    }
}

#[tokio::test]
async fn faults_look_as_they_do_at_aws() {
    for (fault, expect) in [
        (Fault::Throttle, "ProvisionedThroughputExceededException"),
        (Fault::ServerError, "InternalServerError"),
        (Fault::Deny, "AccessDeniedException"),
        (Fault::ExpiredToken, "ExpiredTokenException"),
        (Fault::Truncate, "no code"),
        (Fault::HangUp, "no code"),
        (Fault::EmptyBody, "ok 0"),
        (Fault::Slow(Duration::from_millis(1)), "ok 48"),
    ] {
        assert_eq!(scanned(fault).await, expect, "{fault:?}");
    }
}

#[tokio::test]
async fn faults_come_and_go_while_it_runs() {
    let (demo, client) = start(Faults::none());
    demo.set_faults(Faults::none().with(FaultRule::on_everything(Fault::ExpiredToken, When::Always)));
    let expired = client.list_tables().send().await.expect_err("expired");
    assert_eq!(expired.code(), Some("ExpiredTokenException"));
    demo.set_faults(
        Faults::none().with(FaultRule::on_everything(Fault::Slow(Duration::from_millis(80)), When::Always)),
    );
    let began = Instant::now();
    names(&client).await;
    assert!(began.elapsed() >= Duration::from_millis(80));
}

#[tokio::test]
async fn retries_get_past_the_throttled_table() {
    let demo = Demo::start(Faults::default()).expect("starts");
    let patient = Client::new(&config(&demo, &demo.logins()[0], 3));
    let mut start = None;
    let mut items = 0;
    loop {
        let page =
            patient.scan().table_name("webhooks").limit(20).set_exclusive_start_key(start).send().await;
        let page = page.expect("recovers");
        items += page.count();
        start = page.last_evaluated_key;
        if start.is_none() {
            break;
        }
    }
    assert_eq!(items, 60);
    assert!(demo.requests().len() > 4, "something was throttled");
}

/// Where a planted secret is, the stored value holds it, unless an encoding is in between.
#[test]
fn planted_secrets_are_where_they_are_said_to_be() {
    let all = planted();
    assert!(all.len() > 400, "{}", all.len());
    for secret in &all {
        assert!(!secret.value.is_empty() && secret.prefix_allowed < secret.value.len(), "{}", secret.path);
        assert!(secret.value.is_char_boundary(secret.prefix_allowed), "{}", secret.path);
    }
    let shared = |a: &str, b: &str| {
        let of =
            |name: &str| all.iter().filter(|s| s.table == name).map(|s| s.value.clone()).collect::<Vec<_>>();
        let others = of(b);
        of(a).iter().filter(|value| others.contains(value)).count()
    };
    assert_eq!(shared("orders_staging_copy", "orders"), 8);
    let staging = all.iter().filter(|s| s.account == "444455556666" && s.table == "api_metadata");
    let production: Vec<_> = all.iter().filter(|s| s.account == "111122223333").collect();
    let leaked = staging.filter(|s| production.iter().any(|p| p.value == s.value)).count();
    assert!(leaked >= 2, "{leaked}");
}

#[test]
fn it_starts_and_stops_at_once() {
    let began = Instant::now();
    let demo = Demo::start(Faults::none()).expect("starts");
    drop(demo);
    assert!(began.elapsed() < Duration::from_secs(2));
}
