//! Encryption at rest, row by row: what DescribeTable and DescribeKey say, as they say it, and what every check of it
//! makes of that. DynamoDB always encrypts: the question is by whose key, and whether that can still be used.

use dynaudit::domain::{TableFacts, TableRef, Verdict};
use dynaudit::posture::{CHECKS, Subject, judge};
use dynaudit::source::Source;
use serde_json::{Value, json};

use crate::fake::{Answer, Fake, Request, error, identity};
use crate::source_contract::{asked, live};

const OWN: &str = "arn:aws:kms:eu-west-1:111122223333:key/ours";
const THEIRS: &str = "arn:aws:kms:eu-west-1:444455556666:key/theirs";

/// One row: what the services say.
struct Row {
    sse: Value,
    status: &'static str,
    key: Value,
    rotates: bool,
}

/// A table under no KMS key.
fn plain() -> Row {
    Row { sse: Value::Null, status: "ACTIVE", key: Value::Null, rotates: true }
}

/// A table under a key, with what DescribeKey says besides.
fn under(arn: &str, manager: &str, more: Value) -> Row {
    let mut key = json!({ "Arn": arn, "KeyId": arn, "KeyManager": manager, "KeyState": "Enabled", "Origin": "AWS_KMS",
        "KeySpec": "SYMMETRIC_DEFAULT", "AWSAccountId": arn.split(':').nth(4), "MultiRegion": false });
    for (name, value) in more.as_object().into_iter().flatten() {
        key[name] = value.clone();
    }
    Row { sse: json!({ "Status": "ENABLED", "SSEType": "KMS", "KMSMasterKeyArn": arn }), key, ..plain() }
}

fn answer(row: &Row, request: &Request) -> Answer {
    let body = match request.operation.as_str() {
        "GetCallerIdentity" => return identity(),
        "DescribeTable" => json!({ "Table": {
            "TableName": "orders", "TableStatus": row.status, "ItemCount": 2, "TableSizeBytes": 90,
            "TableArn": "arn:aws:dynamodb:eu-west-1:111122223333:table/orders",
            "AttributeDefinitions": [{ "AttributeName": "id", "AttributeType": "S" }],
            "KeySchema": [{ "AttributeName": "id", "KeyType": "HASH" }],
            "BillingModeSummary": { "BillingMode": "PAY_PER_REQUEST" },
            "SSEDescription": row.sse,
        } }),
        "DescribeKey" if row.key.is_null() => return error("AccessDeniedException"),
        "DescribeKey" => json!({ "KeyMetadata": row.key }),
        "GetKeyRotationStatus" => json!({ "KeyRotationEnabled": row.rotates, "KeyId": OWN }),
        _ => return error("AccessDeniedException"),
    };
    (200, body.to_string())
}

/// The checks of the table's own key, in this order.
const OF_KEYS: &[&str] = &[
    "aws-owned-key",
    "aws-managed-key",
    "foreign-key",
    "key-pending-deletion",
    "key-disabled-or-lost",
    "key-rotation-off",
];

async fn facts(row: Row) -> (TableRef, TableFacts) {
    let fake = Fake::start(move |request| answer(&row, request)).await;
    let live = live(&fake.url).await;
    let table = TableRef::new(&live.scope(), "orders");
    let known = asked(&live, &table).await;
    (table, known)
}

/// What fails, with its severity, and what is not known; the rest passes or is not applicable.
async fn check(row: Row, expect: &str) {
    let said = format!("{} {} {}", row.sse, row.status, row.key);
    let (table, known) = facts(row).await;
    let now = "2026-11-20T12:00:00Z".parse().expect("a time");
    let subject = Subject::unread(&table, &known, now);
    let of_keys = OF_KEYS.iter().map(|id| CHECKS.iter().find(|c| c.id == *id).expect("there"));
    let told = of_keys.filter_map(|check| match judge(check, &subject) {
        Verdict::Fail(failed) => Some(format!("{} {}", check.id, failed.severity)),
        Verdict::Unknown(_) => Some(format!("{} unknown", check.id)),
        Verdict::Pass(text) | Verdict::NotApplicable(text) => {
            assert!(!text.contains("unencrypted"), "{text}");
            None
        }
    });
    assert_eq!(told.collect::<Vec<_>>().join(", "), expect, "{said}");
}

#[tokio::test]
async fn every_row_of_the_truth_table() {
    let customer = |more| under(OWN, "CUSTOMER", more);
    check(plain(), "aws-owned-key info").await;
    check(Row { sse: json!({ "Status": "DISABLED" }), ..plain() }, "aws-owned-key info").await;
    check(Row { sse: json!({ "Status": "ENABLED", "SSEType": "AES256" }), ..plain() }, "aws-owned-key info")
        .await;
    check(customer(json!({})), "").await;
    check(under(OWN, "AWS", json!({})), "aws-managed-key low").await;
    check(under(THEIRS, "CUSTOMER", json!({})), "foreign-key medium").await;
    check(Row { rotates: false, ..customer(json!({})) }, "key-rotation-off low").await;
    // KMS does not rotate what it did not make, nor keys of a pair.
    check(Row { rotates: false, ..customer(json!({ "Origin": "EXTERNAL" })) }, "").await;
    check(Row { rotates: false, ..customer(json!({ "Origin": "AWS_CLOUDHSM" })) }, "").await;
    check(Row { rotates: false, ..customer(json!({ "KeySpec": "RSA_2048" })) }, "").await;
    // AWS rotates its own.
    check(Row { rotates: false, ..under(OWN, "AWS", json!({})) }, "aws-managed-key low").await;
    check(Row { rotates: false, ..customer(json!({ "MultiRegion": true })) }, "key-rotation-off low").await;
    let dying = json!({ "KeyState": "PendingDeletion", "DeletionDate": 1_796_000_000 });
    check(customer(dying.clone()), "key-pending-deletion critical").await;
    check(under(THEIRS, "CUSTOMER", dying), "foreign-key medium, key-pending-deletion critical").await;
    check(customer(json!({ "KeyState": "PendingReplicaDeletion" })), "key-pending-deletion critical").await;
    for state in ["Disabled", "Unavailable", "PendingImport", "Creating"] {
        check(customer(json!({ "KeyState": state })), "key-disabled-or-lost critical").await;
    }
    check(customer(json!({ "KeyState": "Updating" })), "").await;
}

#[tokio::test]
async fn a_lost_key_needs_no_word_of_kms() {
    let unknown = "aws-managed-key unknown, key-pending-deletion unknown";
    let lost = |status, sse| Row { sse, status, ..plain() };
    let since = json!({ "Status": "ENABLED", "SSEType": "KMS", "KMSMasterKeyArn": OWN,
        "InaccessibleEncryptionDateTime": 1_795_000_000 });
    let rest = format!("{unknown}, key-disabled-or-lost critical, key-rotation-off unknown");
    check(lost("INACCESSIBLE_ENCRYPTION_CREDENTIALS", since.clone()), &rest).await;
    check(lost("ACTIVE", since), &rest).await;
    let now = json!({ "Status": "ENABLED", "SSEType": "KMS", "KMSMasterKeyArn": OWN });
    check(lost("INACCESSIBLE_ENCRYPTION_CREDENTIALS", now.clone()), &rest).await;
    check(lost("ARCHIVED", now.clone()), &rest).await;
    // A key that may not be looked at is neither a good one nor a bad one.
    let unseen = format!("{unknown}, key-disabled-or-lost unknown, key-rotation-off unknown");
    check(lost("ACTIVE", now), &unseen).await;
}

/// An answer that says KMS and names no key is no answer.
#[tokio::test]
async fn encryption_that_is_not_told_is_a_gap() {
    let (_, known) = facts(Row { sse: json!({ "Status": "ENABLED", "SSEType": "KMS" }), ..plain() }).await;
    assert!(known.description.known().is_none());
}
