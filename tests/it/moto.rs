//! Every fact that moto offers, of a table that is set up so that each has something to tell. Runs where
//! DYNAUDIT_MOTO_URL names a moto server, as in CI.

use std::time::Duration;

use aws_config::SdkConfig;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, AttributeValue, BillingMode, KeySchemaElement, KeyType,
    PointInTimeRecoverySpecification, ProvisionedThroughput, ScalarAttributeType, SseSpecification, SseType,
    StreamSpecification, StreamViewType, Tag, TimeToLiveSpecification,
};
use dynaudit::domain::{
    AccessKeyFacts, AccessKeyId, AccessKeyQuestion, AccessKeyStatus, Billing, Encryption, FactKind,
    FailureKind, Gap, KeyManager, KeyState, TableFacts, TableRef,
};
use dynaudit::source::Source;
use dynaudit::source::live::Live;
use dynaudit::source::live::client::explicit;

use crate::needs::needs;
use crate::source_contract::{asked, contract, live};

/// What moto 5 does not offer, and what comes instead: that it is not offered, or HTTP 500; and a stream's policy is looked for at a table of the
/// stream's name.
const NOT_OFFERED: &[(FactKind, Option<FailureKind>)] = &[
    (FactKind::Insights, Some(FailureKind::Service)),
    (FactKind::Kinesis, Some(FailureKind::Service)),
    (FactKind::RecoveryPoints, None),
    (FactKind::StreamPolicy, Some(FailureKind::NotFound)),
    (FactKind::Analyzers, Some(FailureKind::Service)),
    // It does not speak CBOR.
    (FactKind::Usage, None),
];

const TABLE: &str = "contract";
const POLICY: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"777788889999"},"Action":"dynamodb:GetItem","Resource":"*"}]}"#;

fn config(url: &str) -> SdkConfig {
    let credentials = aws_credential_types::Credentials::new("not-a-key", "not-a-secret", None, None, "test");
    explicit(
        "eu-west-1",
        Some(url),
        credentials,
        Duration::from_secs(20),
        dynaudit::source::live::wire::client(false),
    )
}

/// Makes the table anew with all that can be told of it, through clients of the test's own.
async fn seed(url: &str) {
    let config = config(url);
    let client = aws_sdk_dynamodb::Client::new(&config);
    let _ = client.delete_table().table_name(TABLE).send().await;
    let kms = aws_sdk_kms::Client::new(&config);
    let key = kms.create_key().send().await.expect("a key").key_metadata.expect("told");
    // A second run against the same server finds the name given away.
    let _ = kms.delete_alias().alias_name("alias/contract").send().await;
    kms.create_alias().alias_name("alias/contract").target_key_id(&key.key_id).send().await.expect("a name");
    kms.enable_key_rotation().key_id(&key.key_id).send().await.expect("rotates");
    kms.create_grant()
        .key_id(&key.key_id)
        .grantee_principal("arn:aws:iam::777788889999:role/collector")
        .operations(aws_sdk_kms::types::GrantOperation::Decrypt)
        .send()
        .await
        .expect("a grant");
    let hash = KeySchemaElement::builder().attribute_name("id").key_type(KeyType::Hash).build();
    let id =
        AttributeDefinition::builder().attribute_name("id").attribute_type(ScalarAttributeType::S).build();
    let capacity = ProvisionedThroughput::builder().read_capacity_units(5).write_capacity_units(5).build();
    let encryption = SseSpecification::builder().enabled(true).sse_type(SseType::Kms);
    let stream =
        StreamSpecification::builder().stream_enabled(true).stream_view_type(StreamViewType::NewImage);
    let table = client
        .create_table()
        .table_name(TABLE)
        .billing_mode(BillingMode::Provisioned)
        .provisioned_throughput(capacity.expect("complete"))
        .key_schema(hash.expect("complete"))
        .attribute_definitions(id.expect("complete"))
        .sse_specification(encryption.kms_master_key_id(key.arn.as_deref().expect("an ARN")).build())
        .stream_specification(stream.build().expect("complete"))
        .deletion_protection_enabled(false)
        .tags(Tag::builder().key("environment").value("test").build().expect("complete"))
        .send()
        .await
        .expect("a table");
    let arn = table.table_description.and_then(|t| t.table_arn).expect("an ARN");
    let expires = TimeToLiveSpecification::builder().enabled(true).attribute_name("expires").build();
    client
        .update_time_to_live()
        .table_name(TABLE)
        .time_to_live_specification(expires.expect("complete"))
        .send()
        .await
        .expect("expires");
    let recovery = PointInTimeRecoverySpecification::builder().point_in_time_recovery_enabled(true).build();
    client
        .update_continuous_backups()
        .table_name(TABLE)
        .point_in_time_recovery_specification(recovery.expect("complete"))
        .send()
        .await
        .expect("recovers");
    client.put_resource_policy().resource_arn(&arn).policy(POLICY).send().await.expect("a policy");
    client.create_backup().table_name(TABLE).backup_name("before").send().await.expect("a backup");
    bucket(url, "lake");
    bucket(url, "logs");
    client
        .export_table_to_point_in_time()
        .table_arn(&arn)
        .s3_bucket("lake")
        .s3_prefix("contract")
        .send()
        .await
        .expect("an export");
    for id in ["a", "b"] {
        let put = client.put_item().table_name(TABLE).item("id", AttributeValue::S(id.into()));
        put.send().await.expect("moto takes an item");
    }
    around(&config).await;
}

/// Makes a bucket for the export: a request by hand, as there is no client of S3 here.
fn bucket(url: &str, name: &str) {
    use std::io::{Read, Write};
    let address = url.trim_start_matches("http://").trim_end_matches('/');
    let body = "<CreateBucketConfiguration><LocationConstraint>eu-west-1</LocationConstraint></CreateBucketConfiguration>";
    let signed = "AWS4-HMAC-SHA256 Credential=not-a-key/20260101/eu-west-1/s3/aws4_request, SignedHeaders=host, Signature=0";
    let request = format!(
        "PUT /{name} HTTP/1.1\r\nHost: {address}\r\nAuthorization: {signed}\r\nConnection: close\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut stream = std::net::TcpStream::connect(address).expect("moto listens");
    stream.write_all(request.as_bytes()).expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("answered");
    assert!(answer.starts_with("HTTP/1.1 200") || answer.contains("BucketAlreadyOwnedByYou"), "{answer}");
}

/// What is not the table itself: a trail, a cache, scaling.
async fn around(config: &SdkConfig) {
    let trails = aws_sdk_cloudtrail::Client::new(config);
    let trail = trails.create_trail().name("everything").s3_bucket_name("logs").is_multi_region_trail(true);
    // A second run against the same server finds them there.
    let _ = trail.send().await;
    let _ = trails.start_logging().name("everything").send().await;
    let dax = aws_sdk_dax::Client::new(config);
    let cluster = dax.create_cluster().cluster_name("cache").node_type("dax.t3.small").replication_factor(1);
    let _ = cluster.iam_role_arn("arn:aws:iam::123456789012:role/cache").send().await;
    let scaling = aws_sdk_applicationautoscaling::Client::new(config);
    scaling
        .register_scalable_target()
        .service_namespace(aws_sdk_applicationautoscaling::types::ServiceNamespace::Dynamodb)
        .resource_id(format!("table/{TABLE}"))
        .scalable_dimension(
            aws_sdk_applicationautoscaling::types::ScalableDimension::DynamoDbTableReadCapacityUnits,
        )
        .min_capacity(5)
        .max_capacity(50)
        .send()
        .await
        .expect("scales");
}

#[tokio::test]
async fn moto_holds_the_contract_and_tells_every_fact_that_it_offers() {
    let url = std::env::var("DYNAUDIT_MOTO_URL");
    if !needs("moto, at DYNAUDIT_MOTO_URL", url.is_ok()) {
        return;
    }
    let url = url.expect("it is there");
    seed(&url).await;
    let live = live(&url).await;
    contract(&live).await;
    let table = TableRef::new(&live.scope(), TABLE);
    let known = asked(&live, &table).await;
    for kind in FactKind::ALL {
        let offered = |kind: &FactKind| !NOT_OFFERED.iter().any(|(other, _)| other == kind);
        let expected = offered(kind) && kind.needs().as_ref().is_none_or(offered);
        assert_eq!(known.gap(*kind).is_none(), expected, "{kind:?}: {:?}", known.gap(*kind));
    }
    for (kind, failing) in NOT_OFFERED {
        match (known.gap(*kind), failing) {
            (Some(Gap::Unsupported), None) => {}
            (Some(Gap::Failed(failure)), Some(failing)) => assert_eq!(failure.kind, *failing, "{kind:?}"),
            (other, _) => panic!("{kind:?}: what is not offered is never an answer: {other:?}"),
        }
    }
    is_as_it_was_made(&known);
    its_access_key_is_told(&url, &live).await;
}

/// A user's key, made and then switched off.
async fn its_access_key_is_told(url: &str, live: &Live) {
    let iam = aws_sdk_iam::Client::new(&config(url));
    // A second run against the same server finds the user there.
    let _ = iam.create_user().user_name("uploader").send().await;
    let made = iam.create_access_key().user_name("uploader").send().await.expect("a key").access_key;
    let id = made.expect("told").access_key_id;
    let key = AccessKeyId::parse(&id).expect("an id of AWS's form");
    let known = told_of(live, &key).await;
    assert_eq!(known.owner.known().map(String::as_str), Some(live.scope().account.as_str()));
    assert_eq!(known.last_use.known().and_then(|last| last.user.as_deref()), Some("uploader"));
    assert!(matches!(known.status.known(), Some(AccessKeyStatus::Active(Some(_)))), "{known:?}");
    let off = iam.update_access_key().user_name("uploader").access_key_id(&id);
    off.status(aws_sdk_iam::types::StatusType::Inactive).send().await.expect("off");
    let known = told_of(live, &key).await;
    assert!(matches!(known.status.known(), Some(AccessKeyStatus::Inactive(Some(_)))), "{known:?}");
    iam.delete_access_key().user_name("uploader").access_key_id(&id).send().await.expect("gone");
}

async fn told_of(live: &Live, id: &AccessKeyId) -> AccessKeyFacts {
    let mut known = AccessKeyFacts::default();
    for question in AccessKeyQuestion::ALL {
        let answer = live.access_key(id, *question, &known).await.expect("moto tells it");
        known.learn(answer, jiff::Timestamp::UNIX_EPOCH);
    }
    known
}

/// Each fact with what the seed put there.
fn is_as_it_was_made(known: &TableFacts) {
    let description = known.description.known().expect("known");
    assert!(matches!(description.billing, Billing::Provisioned { read: 5, .. }));
    let Encryption::Kms { key_arn, .. } = &description.encryption else { panic!("{description:?}") };
    assert_eq!(description.stream.as_ref().map(|s| s.view.as_str()), Some("NEW_IMAGE"));
    let key = known.key.known().and_then(Option::as_ref).expect("a key");
    assert_eq!((&key.arn, key.manager, &key.state), (key_arn, KeyManager::Customer, &KeyState::Enabled));
    assert!(known.rotation.known().and_then(Option::as_ref).is_some_and(|r| r.enabled));
    assert!(known.key_policy.known().is_some_and(Option::is_some));
    assert_eq!(known.key_grants.known().map(Vec::len), Some(1));
    assert!(known.backups.known().is_some_and(|b| b.point_in_time));
    assert_eq!(known.time_to_live.known().and_then(|t| t.attribute.as_deref()), Some("expires"));
    let policy = known.policy.known().and_then(Option::as_ref).expect("a policy");
    assert_eq!((policy.policy.statements.len(), policy.document.as_str()), (1, POLICY));
    assert_eq!(known.tags.known(), Some(&vec![("environment".to_owned(), "test".to_owned())]));
    assert_eq!(known.on_demand_backups.known().map(|b| b[0].name.as_str()), Some("before"));
    // A second run against the same server finds those of the first as well.
    assert!(known.exports.known().is_some_and(|e| !e.is_empty()));
    assert_eq!(known.export_details.known().map(|e| e[0].bucket.as_str()), Some("lake"));
    assert_eq!(known.scaling.known(), Some(&vec!["dynamodb:table:ReadCapacityUnits".to_owned()]));
    assert!(known.trails.known().is_some_and(|t| t.len() == 1 && t[0].every_region));
    assert!(known.trail_status.known().is_some_and(|s| s.len() == 1 && s[0].logging));
    assert_eq!(known.trail_selectors.known().map(Vec::len), Some(1));
    assert_eq!(
        known.caches.known().map(|c| (c[0].name.as_str(), c[0].encrypted)),
        Some(("cache", Some(false)))
    );
    assert_eq!(known.key_aliases.known(), Some(&vec!["alias/contract".to_owned()]));
    assert!(known.limits.known().is_some_and(|l| l.table_read > 0 && l.account_read >= l.table_read));
    assert_eq!(known.stream_consumers.known().map(Vec::len), Some(0));
    assert_eq!(known.pipes.known().map(Vec::len), Some(0));
    assert_eq!(known.replicas.known().map(Vec::len), Some(0));
    let current = description.stream.iter().map(|s| s.arn.clone()).collect::<Vec<_>>();
    assert_eq!(known.streams.known(), Some(&current));
    assert_eq!(known.left_streams.known().map(Vec::len), Some(0));
}
