//! What is known of access, from files as the AWS CLI writes them.

use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use serde_json::Value;

use super::super::fail::Fail;
use crate::access::{AccountDetails, Grant, Layer, Organization, Source, World, decoded};

/// Longest file that is read, in bytes; the details of an account with 5,000 users are about 30 MB.
const LONGEST: u64 = 512 * 1024 * 1024;

/// A file as text.
///
/// # Errors
/// If it cannot be read, is longer than 512 MB, or not UTF-8.
pub fn text(path: &Path) -> Result<String, Fail> {
    let fail = |why: &dyn std::fmt::Display| {
        Fail::usage(
            format!("{} cannot be read: {why}", path.display()),
            "give a file as the AWS CLI writes it",
        )
    };
    let file = std::fs::File::open(path).map_err(|e| fail(&e.kind()))?;
    let mut text = String::new();
    let read = file.take(LONGEST + 1).read_to_string(&mut text).map_err(|e| fail(&e.kind()))?;
    if read as u64 > LONGEST {
        return Err(fail(&"it is longer than 512 MB"));
    }
    Ok(text)
}

/// A file as JSON.
///
/// # Errors
/// As [`text`], and if it is not JSON; then it says where.
pub fn json(path: &Path) -> Result<Value, Fail> {
    serde_json::from_str(&text(path)?).map_err(|e| {
        Fail::usage(
            format!("{} is not JSON (line {}, column {})", path.display(), e.line(), e.column()),
            "give what the AWS CLI writes with --output json",
        )
    })
}

/// A policy; what is wrong with it is told as unread. `aws dynamodb get-resource-policy` and `aws kms get-key-policy`
/// put it into a member of their answers.
///
/// # Errors
/// If the file cannot be read.
pub fn policy(layer: Layer, name: &str, path: &Path) -> Result<Arc<Source>, Fail> {
    let text = text(path)?;
    let inside = serde_json::from_str::<Value>(&text)
        .ok()
        .and_then(|v| v.get("Policy").and_then(Value::as_str).map(decoded));
    Ok(Arc::new(Source::read(layer, name, inside.as_deref().unwrap_or(&text))))
}

/// Adds the details of an account to what is known.
///
/// # Errors
/// If the file cannot be read, or is something else.
pub fn details(world: &mut World, path: &Path) -> Result<(), Fail> {
    AccountDetails::read(&json(path)?, &mut world.accounts).map_err(|why| {
        Fail::usage(
            format!(
                "{} is not what `aws iam get-account-authorization-details` writes: {why}",
                path.display()
            ),
            "write it with that command",
        )
    })
}

/// What `describe-table` tells.
#[derive(Debug, Default)]
pub struct Described {
    /// Its ARN.
    pub arn: Option<String>,
    /// The ARN of its key; none if AWS owns it.
    pub key: Option<String>,
    /// The names of its indexes.
    pub indexes: Vec<String>,
    /// The ARN of its stream, while that is on.
    pub stream: Option<String>,
}

/// Reads `aws dynamodb describe-table`. With an attribute, only the indexes that hold it.
///
/// # Errors
/// If the file cannot be read, or is something else.
pub fn described(path: &Path, attribute: Option<&str>) -> Result<Described, Fail> {
    let answer = json(path)?;
    let table = answer.get("Table").unwrap_or(&answer);
    if table.get("TableName").is_none() && table.get("TableArn").is_none() {
        return Err(Fail::usage(
            format!("{} is not what `aws dynamodb describe-table` writes: it names no table", path.display()),
            "write it with that command",
        ));
    }
    let word = |path: &str| table.pointer(path).and_then(Value::as_str).map(str::to_owned);
    let names = |list: &str| -> Vec<String> {
        let all = table.get(list).and_then(Value::as_array).into_iter().flatten();
        let all = all.filter(|index| attribute.is_none_or(|name| holds(table, index, name)));
        all.filter_map(|index| Some(index.get("IndexName")?.as_str()?.to_owned())).collect()
    };
    let on = table.pointer("/StreamSpecification/StreamEnabled").and_then(Value::as_bool) == Some(true);
    Ok(Described {
        arn: word("/TableArn"),
        key: word("/SSEDescription/KMSMasterKeyArn"),
        indexes: [names("GlobalSecondaryIndexes"), names("LocalSecondaryIndexes")].concat(),
        stream: word("/LatestStreamArn").filter(|_| on),
    })
}

/// Whether an index holds an attribute: by its projection, or as a key of its own or of the table. What it projects is
/// not always told; then it may.
fn holds(table: &Value, index: &Value, attribute: &str) -> bool {
    let is_key = |of: &Value| {
        let keys = of.get("KeySchema").and_then(Value::as_array).into_iter().flatten();
        keys.filter_map(|key| key.get("AttributeName")).any(|name| name == attribute)
    };
    let named = index.pointer("/Projection/NonKeyAttributes").and_then(Value::as_array).into_iter().flatten();
    match index.pointer("/Projection/ProjectionType").and_then(Value::as_str) {
        Some("KEYS_ONLY") => is_key(table) || is_key(index),
        Some("INCLUDE") => is_key(table) || is_key(index) || named.into_iter().any(|name| name == attribute),
        _ => true,
    }
}

/// Reads `aws kms list-grants`.
///
/// # Errors
/// If the file cannot be read, or is something else.
pub fn grants(path: &Path) -> Result<(Vec<Grant>, Option<String>), Fail> {
    let answer = json(path)?;
    let Some(list) = answer.get("Grants").and_then(Value::as_array) else {
        return Err(Fail::usage(
            format!("{} is not what `aws kms list-grants` writes: it has no Grants", path.display()),
            "write it with that command",
        ));
    };
    let cut = answer.get("Truncated").and_then(Value::as_bool) == Some(true)
        || answer.get("NextToken").is_some_and(|t| !t.is_null());
    Ok((list.iter().map(grant).collect(), cut.then(|| "they are cut off".to_owned())))
}

fn grant(entry: &Value) -> Grant {
    let word = |name: &str| entry.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let pairs = |path: &str| {
        entry.pointer(path).and_then(Value::as_object).map(|members| {
            members.iter().filter_map(|(k, v)| Some((k.clone(), v.as_str()?.to_owned()))).collect()
        })
    };
    let operations = entry.get("Operations").and_then(Value::as_array);
    Grant {
        id: word("GrantId"),
        grantee: word("GranteePrincipal"),
        operations: operations.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect(),
        subset: pairs("/Constraints/EncryptionContextSubset").unwrap_or_default(),
        equals: pairs("/Constraints/EncryptionContextEquals"),
        more: entry.get("Constraints").and_then(Value::as_object).is_some_and(|all| {
            all.keys().any(|kind| kind != "EncryptionContextSubset" && kind != "EncryptionContextEquals")
        }),
    }
}

/// Reads a folder: `organization.json`, `tree.json`, and `policies/ID.json`.
///
/// # Errors
/// If one of the first two cannot be read, or is something else; a policy that is missing is unread.
pub fn organization(folder: &Path) -> Result<Organization, Fail> {
    let described = json(&folder.join("organization.json"))?;
    let tree = json(&folder.join("tree.json"))?;
    let mut document = |id: &str| {
        let plain = !id.is_empty() && id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
        if !plain {
            return Err("its id is no name of a file".to_owned());
        }
        text(&folder.join("policies").join(format!("{id}.json"))).map_err(|fail| fail.to_string())
    };
    Organization::read(&described, &tree, &mut document).map_err(|why| {
        Fail::usage(
            format!("{} is no organization: {why}", folder.display()),
            "docs/access.md says what such a folder holds",
        )
    })
}
