//! A small language of policies: documents as rows of short statements.
//!
//! `allow dynamodb:GetItem T` or `deny dynamodb:* * if Bool aws:SecureTransport false`, in a resource policy with `to`
//! and principals at the end; lists with commas. A first row `version 2008-10-17` or `version none` is the document's,
//! `as {...}` is the whole document as it is written, `unread` one that nobody could read, and a row `{...}` a statement
//! in JSON.

use serde_json::{Value, json};

pub(super) const TABLE: &str = "arn:aws:dynamodb:eu-west-1:111122223333:table/tenants";
pub(super) const KEY: &str = "arn:aws:kms:eu-west-1:111122223333:key/1111";
/// The tables of another account.
const FOREIGN: &str = "arn:aws:dynamodb:eu-west-1:999988887777:table/tenants";
/// The table of the account that manages the organization.
const MANAGED: &str = "arn:aws:dynamodb:eu-west-1:444455556666:table/tenants";

pub(super) const GET: &str = "dynamodb:GetItem T app";
pub(super) const READS: &[&str] = &["allow dynamodb:GetItem T"];
pub(super) const NONE: &[&str] = &[];
/// Nothing is given of the request.
pub(super) const NONE_GIVEN: &[(&str, &str)] = &[];
/// What Organizations calls `FullAWSAccess`.
pub(super) const FULL: &[&str] = &["allow * *"];

/// The issuer of the tokens of GitHub Actions.
pub(super) const GITHUB: &str = "token.actions.githubusercontent.com";

/// Short names of what is asked for and of who asks.
pub(super) fn whole(word: &str) -> String {
    match word {
        "T" => TABLE.into(),
        "F" => FOREIGN.into(),
        "M" => MANAGED.into(),
        "K" => KEY.into(),
        "I" => format!("{TABLE}/index/by_email"),
        "S" => format!("{TABLE}/stream/2026-01-01T00:00:00.000"),
        "B" => format!("{TABLE}/backup/0149-b3"),
        "app" | "other" => format!("arn:aws:iam::111122223333:role/{word}"),
        "reader" => "arn:aws:iam::111122223333:role/reader".into(),
        "slr" => {
            "arn:aws:iam::111122223333:role/aws-service-role/replication.dynamodb.amazonaws.com/AWSServiceRoleForDynamoDBReplication".into()
        }
        "sso" => "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_1".into(),
        "ann" => "arn:aws:iam::111122223333:user/ann".into(),
        "session" => "arn:aws:sts::111122223333:assumed-role/app/alice".into(),
        "fed" => "arn:aws:sts::111122223333:federated-user/bob".into(),
        "worker" => "arn:aws:iam::111122223333:role/team/worker".into(),
        "work" => "arn:aws:sts::111122223333:assumed-role/worker/shift".into(),
        "root" => "arn:aws:iam::111122223333:root".into(),
        "abroad" => "arn:aws:iam::999988887777:role/app".into(),
        "there" => "arn:aws:iam::999988887777:root".into(),
        "managing" => "arn:aws:iam::444455556666:root".into(),
        "account" => "111122223333".into(),
        "cognito" => "cognito-identity.amazonaws.com".into(),
        "github" => format!("arn:aws:iam::111122223333:oidc-provider/{GITHUB}"),
        "saml" => "arn:aws:iam::111122223333:saml-provider/idp".into(),
        other => other.into(),
    }
}

/// A `Principal`: services, providers and the rest by their kinds.
fn principals(names: Vec<String>) -> Value {
    let mut made = json!({});
    for name in names {
        let provider = name.contains("-provider/") || name == "cognito-identity.amazonaws.com";
        let kind = match name.as_str() {
            _ if provider => "Federated",
            service if service.ends_with(".amazonaws.com") => "Service",
            _ => "AWS",
        };
        match made[kind].as_array_mut() {
            Some(all) => all.push(json!(name)),
            None => made[kind] = json!([name]),
        }
    }
    made
}

/// One statement.
fn statement(text: &str) -> Value {
    if text.starts_with('{') {
        return serde_json::from_str(text).expect("a statement in JSON");
    }
    let (text, to) = text.split_once(" to ").map_or((text, None), |(a, b)| (a, Some(b)));
    let (head, condition) = text.split_once(" if ").map_or((text, None), |(a, b)| (a, Some(b)));
    let words: Vec<&str> = head.split_whitespace().collect();
    // The comma of a variable's default separates nothing.
    let list = |word: &str| -> Vec<String> {
        if word.contains("${") { vec![word.to_owned()] } else { word.split(',').map(whole).collect() }
    };
    let named = |member: &str, word: &str| match word.strip_prefix('!') {
        Some(but) => (format!("Not{member}"), list(but)),
        None => (member.to_owned(), list(word)),
    };
    let mut made = json!({"Effect": if words[0] == "deny" { "Deny" } else { "Allow" }});
    let (action, actions) = named("Action", words[1]);
    made[action] = json!(actions);
    if let Some(word) = words.get(2) {
        let (resource, resources) = named("Resource", word);
        made[resource] = json!(resources);
    }
    for condition in condition.into_iter().flat_map(|all| all.split(" and ")) {
        let parts: Vec<&str> = condition.splitn(3, ' ').collect();
        let values: Vec<String> =
            parts.get(2).into_iter().flat_map(|v| v.split('|')).map(str::to_owned).collect();
        made["Condition"][parts[0]][parts[1]] = json!(values);
    }
    if let Some(to) = to {
        let (member, to) = to.strip_prefix('!').map_or(("Principal", to), |but| ("NotPrincipal", but));
        made[member] = match to {
            "*" => json!("*"),
            names => principals(list(names)),
        };
    }
    made
}

/// A document as its text.
pub(super) fn document(rows: &[&str]) -> String {
    if let [row] = rows
        && let Some(written) = row.strip_prefix("as ")
    {
        return written.to_owned();
    }
    let (version, rows) = match rows {
        [first, rest @ ..] => match first.strip_prefix("version ") {
            Some(version) => (version, rest),
            None => ("2012-10-17", rows),
        },
        [] => ("2012-10-17", rows),
    };
    let mut made = json!({"Statement": rows.iter().map(|s| statement(s)).collect::<Vec<_>>()});
    if version != "none" {
        made["Version"] = json!(version);
    }
    made.to_string()
}

/// A document in the account details: as the command line writes it, and as its text where that is given.
pub(super) fn told(rows: &[&str]) -> Value {
    let text = document(rows);
    let written = matches!(rows, [row] if row.starts_with("as "));
    if written { Value::String(text) } else { serde_json::from_str(&text).expect("JSON") }
}
