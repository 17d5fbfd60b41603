//! KMS: the keys of a place (KMS API Reference).

use serde_json::{Value, json};

use super::error::ServiceError;
use crate::demo::CLOCK;
use crate::demo::account::{Identity, Key, Place};
use crate::domain::Arn;

/// Answers for the keys of one Region.
pub(in super::super) fn answer(
    identity: &Identity,
    region: &str,
    operation: &str,
    body: &Value,
) -> Result<Value, ServiceError> {
    let place = Place::find(identity.account, region);
    if operation == "ListAliases" {
        super::allow(identity, "kms", operation, "*")?;
        return Ok(aliases(place, body));
    }
    let name = body["KeyId"].as_str().unwrap_or_default();
    let found = place.and_then(|place| key(place, name).map(|key| (place, key)));
    let resource = match found {
        Some((place, key)) => place.key_arn(key.id),
        None if name.starts_with("arn:") => name.to_owned(),
        None => format!("arn:aws:kms:{region}:{}:key/{name}", identity.account),
    };
    super::allow(identity, "kms", operation, &resource)?;
    let abroad = Arn::parse(&resource).is_some_and(|arn| arn.account != identity.account);
    let Some((place, key)) = found else {
        return Err(if abroad {
            super::denial(identity, &format!("kms:{operation}"), &resource)
        } else {
            ServiceError::new(400, "NotFoundException", format!("Key '{resource}' does not exist"))
        });
    };
    match operation {
        "DescribeKey" => Ok(json!({ "KeyMetadata": metadata(place, key) })),
        "GetKeyRotationStatus" => Ok(rotation(place, key)),
        "GetKeyPolicy" => Ok(json!({ "PolicyName": "default", "Policy": policy(place, key) })),
        "ListGrants" => Ok(grants(place, key)),
        _ => Err(ServiceError::unknown_operation(operation)),
    }
}

/// A key by its id, alias, or the ARN of either.
fn key<'a>(place: &'a Place, name: &str) -> Option<&'a Key> {
    let name = match Arn::parse(name) {
        Some(arn) if arn.account != place.account || arn.region != place.region => return None,
        Some(arn) => arn.resource.strip_prefix("key/").unwrap_or(&arn.resource).to_owned(),
        None => name.to_owned(),
    };
    place.keys.iter().find(|key| key.id == name || key.alias == name)
}

fn metadata(place: &Place, key: &Key) -> Value {
    let mut metadata = json!({
        "AWSAccountId": place.account,
        "KeyId": key.id,
        "Arn": place.key_arn(key.id),
        "CreationDate": CLOCK.as_second() - 600 * 86_400,
        "Enabled": key.deleted_in.is_none(),
        "Description": if key.aws { "Default key that protects DynamoDB data" } else { "" },
        "KeyUsage": "ENCRYPT_DECRYPT",
        "KeyState": if key.deleted_in.is_some() { "PendingDeletion" } else { "Enabled" },
        "Origin": "AWS_KMS",
        "KeyManager": if key.aws { "AWS" } else { "CUSTOMER" },
        "KeySpec": "SYMMETRIC_DEFAULT",
        "CustomerMasterKeySpec": "SYMMETRIC_DEFAULT",
        "EncryptionAlgorithms": ["SYMMETRIC_DEFAULT"],
        "MultiRegion": false,
    });
    if let Some(hours) = key.deleted_in {
        metadata["DeletionDate"] = json!(CLOCK.as_second() + hours * 3600);
    }
    metadata
}

fn rotation(place: &Place, key: &Key) -> Value {
    let mut status = json!({ "KeyId": place.key_arn(key.id), "KeyRotationEnabled": key.rotation.is_some() });
    if let Some(days) = key.rotation {
        status["RotationPeriodInDays"] = json!(days);
        status["NextRotationDate"] = json!(CLOCK.as_second() + 40 * 86_400);
    }
    status
}

/// The policy that KMS gives a new key, by which the account decides; and whom else the key is shared with.
fn policy(place: &Place, key: &Key) -> String {
    let root = |account: &str| json!({ "AWS": format!("arn:aws:iam::{account}:root") });
    let mut statements = vec![json!({
        "Sid": "Enable IAM User Permissions",
        "Effect": "Allow",
        "Principal": root(place.account),
        "Action": "kms:*",
        "Resource": "*",
    })];
    statements.extend(key.shared_with.map(|account| {
        json!({
            "Sid": "VendorDecrypts",
            "Effect": "Allow",
            "Principal": root(account),
            "Action": "kms:Decrypt",
            "Resource": "*",
        })
    }));
    json!({ "Version": "2012-10-17", "Statement": statements }).to_string()
}

/// DynamoDB's own grant, and the others.
fn grants(place: &Place, key: &Key) -> Value {
    let service = format!("dynamodb.{}.amazonaws.com", place.region);
    let all = std::iter::once(service.as_str()).chain(key.granted_to.iter().copied());
    let all: Vec<Value> = all
        .enumerate()
        .map(|(n, to)| {
            json!({
                "KeyId": place.key_arn(key.id),
                "GrantId": format!("demo-grant-{n}"),
                "GranteePrincipal": to,
                "Operations": ["Decrypt", "DescribeKey"],
            })
        })
        .collect();
    json!({ "Grants": all, "Truncated": false })
}

fn aliases(place: Option<&Place>, body: &Value) -> Value {
    let wanted = body["KeyId"].as_str();
    let aliases: Vec<Value> = place
        .into_iter()
        .flat_map(|place| {
            let keys = place.keys.iter();
            keys.filter(|k| wanted.is_none_or(|w| w == k.id || w == place.key_arn(k.id))).map(|key| {
                json!({
                    "AliasName": key.alias,
                    "AliasArn": format!("arn:aws:kms:{}:{}:{}", place.region, place.account, key.alias),
                    "TargetKeyId": key.id,
                })
            })
        })
        .collect();
    json!({ "Aliases": aliases, "Truncated": false })
}
