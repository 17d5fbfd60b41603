//! The truth table of encryption: what DescribeTable and KMS say, and what is made of it. Every row goes the whole way,
//! from the wire to the verdicts.

use dynaudit::domain::{FactKind, TableFacts, TableRef, Verdict};
use dynaudit::posture::{Subject, check, judge};
use dynaudit::source::Source;

use crate::fake::{Answer, Fake, Request, error, identity};
use crate::source_contract::live;

const OWN: &str = "arn:aws:kms:eu-west-1:111122223333:key/k";
const FOREIGN: &str = "arn:aws:kms:eu-west-1:444455556666:key/k";

/// The checks of a row, in the order of its verdicts.
const CHECKS: &[&str] = &[
    "aws-owned-key",
    "aws-managed-key",
    "foreign-key",
    "key-disabled-or-lost",
    "key-pending-deletion",
    "key-rotation-off",
];

/// What the services say of one table.
#[derive(Clone, Copy)]
struct Row {
    /// In words.
    given: &'static str,
    /// TableStatus.
    status: &'static str,
    /// SSEDescription; empty where there is none.
    sse: &'static str,
    /// The key's KeyMetadata besides its ARN and account; empty where DescribeKey is denied.
    key: &'static str,
    /// KeyRotationEnabled.
    rotates: bool,
    /// One letter a check: pass, fail, not applicable, unknown.
    expect: &'static str,
}

const ENABLED: &str =
    r#""KeyManager":"CUSTOMER","KeyState":"Enabled","Origin":"AWS_KMS","KeySpec":"SYMMETRIC_DEFAULT""#;
const KMS: &str = r#""Status":"ENABLED","SSEType":"KMS","KMSMasterKeyArn":"OWN""#;

const fn row(given: &'static str, sse: &'static str, key: &'static str, expect: &'static str) -> Row {
    Row { given, status: "ACTIVE", sse, key, rotates: true, expect }
}

const ROWS: &[Row] = &[
    row("no SSEDescription", "", "", "fnnnnn"),
    row("an old table that says DISABLED", r#""Status":"DISABLED""#, "", "fnnnnn"),
    row("AES256, as old tables say", r#""Status":"ENABLED","SSEType":"AES256""#, "", "fnnnnn"),
    row(
        "the AWS managed key is no customer key",
        KMS,
        r#""KeyManager":"AWS","KeyState":"Enabled""#,
        "pfpppn",
    ),
    row("a customer managed key", KMS, ENABLED, "pppppp"),
    Row { rotates: false, ..row("one that does not rotate", KMS, ENABLED, "pppppf") },
    row(
        "imported material, which KMS cannot rotate",
        KMS,
        r#""KeyManager":"CUSTOMER","KeyState":"Enabled","Origin":"EXTERNAL","KeySpec":"SYMMETRIC_DEFAULT""#,
        "pppppn",
    ),
    row(
        "a key in a custom key store",
        KMS,
        r#""KeyManager":"CUSTOMER","KeyState":"Unavailable","Origin":"AWS_CLOUDHSM","KeySpec":"SYMMETRIC_DEFAULT""#,
        "pppfpn",
    ),
    row(
        "a key in another account",
        r#""Status":"ENABLED","SSEType":"KMS","KMSMasterKeyArn":"FOREIGN""#,
        ENABLED,
        "ppfppp",
    ),
    row("a disabled key", KMS, r#""KeyManager":"CUSTOMER","KeyState":"Disabled""#, "pppfpp"),
    row(
        "a key that is scheduled for deletion",
        KMS,
        r#""KeyManager":"CUSTOMER","KeyState":"PendingDeletion","DeletionDate":1800000000"#,
        "pppnfn",
    ),
    row(
        "a key that was lost",
        r#""Status":"ENABLED","SSEType":"KMS","KMSMasterKeyArn":"OWN","InaccessibleEncryptionDateTime":1790000000"#,
        ENABLED,
        "pppfpp",
    ),
    Row {
        status: "INACCESSIBLE_ENCRYPTION_CREDENTIALS",
        ..row("a table without its key", KMS, "", "pupfuu")
    },
    Row { status: "ARCHIVED", ..row("an archived table", KMS, "", "pupfuu") },
    row("DescribeKey denied", KMS, "", "pupuuu"),
];

fn answer(row: Row, request: &Request) -> Answer {
    let arn = if row.sse.contains("FOREIGN") { FOREIGN } else { OWN };
    let sse = row.sse.replace("FOREIGN", FOREIGN).replace("OWN", OWN);
    let account = &arn[22..34];
    let body = match request.operation.as_str() {
        "GetCallerIdentity" => return identity(),
        "DescribeTable" => {
            let sse = if sse.is_empty() { String::new() } else { format!(r#","SSEDescription":{{{sse}}}"#) };
            format!(
                r#"{{"Table":{{"TableName":"orders","TableStatus":"{}","ItemCount":2,"TableSizeBytes":90,
                "TableArn":"arn:aws:dynamodb:eu-west-1:111122223333:table/orders",
                "AttributeDefinitions":[{{"AttributeName":"id","AttributeType":"S"}}],
                "KeySchema":[{{"AttributeName":"id","KeyType":"HASH"}}],
                "BillingModeSummary":{{"BillingMode":"PAY_PER_REQUEST"}}{sse}}}}}"#,
                row.status
            )
        }
        "DescribeKey" if !row.key.is_empty() => {
            format!(
                r#"{{"KeyMetadata":{{"KeyId":"k","Arn":"{arn}","AWSAccountId":"{account}",{}}}}}"#,
                row.key
            )
        }
        "GetKeyRotationStatus" => format!(r#"{{"KeyId":"k","KeyRotationEnabled":{}}}"#, row.rotates),
        _ => return error("AccessDeniedException"),
    };
    (200, body)
}

#[tokio::test]
async fn every_row_of_the_truth_table_is_judged_as_it_says() {
    let mut wrong = Vec::new();
    for row in ROWS {
        let fake = Fake::start(move |request| answer(*row, request)).await;
        let live = live(&fake.url).await;
        live.identity().await.expect("an identity");
        let table = TableRef::new(&live.scope(), "orders");
        let mut facts = TableFacts::default();
        for kind in [FactKind::Description, FactKind::Key, FactKind::Rotation] {
            match kind.needs().and_then(|first| facts.gap(first)).cloned() {
                Some(gap) => facts.miss(kind, gap),
                None => match live.fact(&table, kind, &facts).await {
                    Ok(value) => facts.learn(value, jiff::Timestamp::UNIX_EPOCH),
                    Err(gap) => facts.miss(kind, gap),
                },
            }
        }
        let subject = Subject::unread(&table, &facts, "2026-11-20T12:00:00Z".parse().expect("a time"));
        let found: String = CHECKS
            .iter()
            .map(|id| match judge(check(id).expect("a check"), &subject) {
                Verdict::Pass(_) => 'p',
                Verdict::Fail(_) => 'f',
                Verdict::Unknown(_) => 'u',
                Verdict::NotApplicable(_) => 'n',
            })
            .collect();
        if found != row.expect {
            wrong.push(format!("{}: {found}, not {}", row.given, row.expect));
        }
    }
    assert!(wrong.is_empty(), "of {CHECKS:?}: {wrong:#?}");
}
