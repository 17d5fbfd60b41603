//! Policies of roles: what one service, or one tenant, needs of a table and nothing else.

use serde_json::{Value, json};

use super::Needs;
use super::policy::{Of, attached_to};
use super::slots::{Ask, description, key_arn, known_arn, path};
use super::states::has_customer_key;
use crate::domain::{FactKind, Index};

/// What a service does with items: by their key, or with a Query. Scan and PartiQL are not among it: they read what no key
/// names (Service Authorization Reference, "Actions defined by Amazon DynamoDB").
const ITEMS: &[&str] = &[
    "dynamodb:BatchGetItem",
    "dynamodb:BatchWriteItem",
    "dynamodb:ConditionCheckItem",
    "dynamodb:DeleteItem",
    "dynamodb:GetItem",
    "dynamodb:PutItem",
    "dynamodb:Query",
    "dynamodb:UpdateItem",
];

/// DynamoDB of a Region, as KMS names the service that a request comes by.
pub(super) fn dynamodb_of(region: &str, partition: &str) -> Value {
    let of = |domain: &str| format!("dynamodb.{region}.{domain}");
    // Which of the two it is in China, no page says.
    match partition {
        "aws-cn" => json!([of("amazonaws.com"), of("amazonaws.com.cn")]),
        _ => json!(of("amazonaws.com")),
    }
}

/// Lets one service reach the table and its indexes, or its stream, where the finding is about that. An index is a resource of its own, and only Query reads one.
pub(super) fn of_service(ask: &Ask<'_>) -> Result<Value, Needs> {
    let table = description(ask)?;
    if attached_to(ask) == Of::Stream {
        let stream = table.stream.as_ref().ok_or(Needs::NoTemplate)?;
        return Ok(json!({"Version": "2012-10-17", "Statement": [{
            "Sid": "Stream",
            "Effect": "Allow",
            "Action": ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"],
            "Resource": [stream.arn],
        }]}));
    }
    let arn = known_arn(ask).ok_or(Needs::Fact(FactKind::Description))?;
    let mut statements = vec![json!({"Sid": "Items", "Effect": "Allow", "Action": ITEMS, "Resource": [arn]})];
    if !table.indexes.is_empty() {
        let indexes: Vec<String> = table.indexes.iter().map(|i| format!("{arn}/index/{}", i.name)).collect();
        statements.push(json!({
            "Sid": "Indexes", "Effect": "Allow", "Action": ["dynamodb:Query"], "Resource": indexes,
        }));
    }
    if has_customer_key(ask) {
        let scope = &ask.finding.table.scope;
        let service = dynamodb_of(&scope.region, &scope.partition);
        statements.push(json!({
            "Sid": "KeyOfTheTable",
            "Effect": "Allow",
            "Action": ["kms:Decrypt"],
            "Resource": [key_arn(ask)?],
            "Condition": {"StringEquals": {"kms:ViaService": service}},
        }));
    }
    Ok(json!({"Version": "2012-10-17", "Statement": statements}))
}

/// Lets a reader see attributes by name, and those alone. `Select` and `Null` refuse a request for all of them, which names
/// none (Developer Guide, "Using IAM policy conditions for fine-grained access control").
pub(super) fn of_reader(ask: &Ask<'_>) -> Result<Value, Needs> {
    let table = description(ask)?;
    let arn = known_arn(ask).ok_or(Needs::Fact(FactKind::Description))?;
    let secret = path(ask);
    let mut resources = vec![arn.clone()];
    let clean = |index: &&Index| !super::copies::holding(table, &secret).iter().any(|i| i.name == index.name);
    resources.extend(table.indexes.iter().filter(clean).map(|index| format!("{arn}/index/{}", index.name)));
    let keys = table.key.names().filter(|name| Some(*name) != secret.root());
    let shown: Vec<&str> = keys.chain(["PUT-THE-OTHER-NAMES-HERE"]).collect();
    Ok(json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Sid": "SomeAttributes",
            "Effect": "Allow",
            "Action": ["dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:Query"],
            "Resource": resources,
            "Condition": {
                "ForAllValues:StringEquals": {"dynamodb:Attributes": shown},
                "Null": {"dynamodb:Attributes": "false"},
                "StringEqualsIfExists": {"dynamodb:Select": "SPECIFIC_ATTRIBUTES"},
            },
        }],
    }))
}

/// What lets a role reach only items of its own partition key. `Null` refuses a request without one, for which
/// `ForAllValues` alone would hold (Developer Guide, "Using IAM policy conditions for fine-grained access control").
pub(super) fn of_tenant(ask: &Ask<'_>) -> Result<Value, Needs> {
    let arn = known_arn(ask).ok_or(Needs::Fact(FactKind::Description))?;
    let reads = ["dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:Query"];
    let writes = ["dynamodb:DeleteItem", "dynamodb:PutItem", "dynamodb:UpdateItem"];
    // A role that was found to read too much gets no right to write that it may never have had.
    let narrows = ask.finding.rule() == "leading-keys-bypassed";
    let mut actions: Vec<&str> = reads.into_iter().chain(writes.into_iter().filter(|_| !narrows)).collect();
    actions.sort_unstable();
    Ok(json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Sid": "OwnItemsOnly",
            "Effect": "Allow",
            "Action": actions,
            "Resource": [arn],
            "Condition": {
                "ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["${aws:PrincipalTag/tenant}"]},
                "Null": {"dynamodb:LeadingKeys": "false"},
            },
        }],
    }))
}

/// A name made of the table's and the Region's, in the characters of IAM and EventBridge, of at most 64 of them: IAM knows no
/// Regions, so that tables of one name have a policy each.
pub(super) fn named(ask: &Ask<'_>, ending: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || "_.-".contains(c) { c } else { '-' };
    let ending = format!("-{}-{ending}", ask.finding.table.scope.region);
    let ending: String = ending.chars().map(plain).take(48).collect();
    let table: String = ask.finding.table.name.chars().map(plain).take(64 - ending.len()).collect();
    table + &ending
}
