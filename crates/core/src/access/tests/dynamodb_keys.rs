//! DynamoDB's own condition keys: which items and attributes, and how.

use super::language::GET;
use super::tally::check;
use super::world::{Given, own};
use crate::access::Answer::{self, Allowed, AllowedIf, Denied};

const PAGE: &str = "DynamoDB Developer Guide: Using IAM policy conditions for fine-grained access control";
const CARRIED: &str = "Service Authorization Reference: Amazon DynamoDB: Actions and condition keys";

pub(super) fn cases() {
    leading_keys();
    attributes();
    what_comes_back();
    what_actions_carry();
    beside_a_deny();
}

/// Whether `app` may do this under a condition.
#[track_caller]
fn of(action: &str, condition: &str, context: &[(&str, &str)], expect: Answer, page: &str) {
    let statement = format!("allow dynamodb:{action} * if {condition}");
    check(&format!("dynamodb:{action} T app"), &Given { context, ..own(&[&statement]) }, expect, page);
}

fn leading_keys() {
    const KEY: &str = "dynamodb:LeadingKeys";
    let keys = "ForAllValues:StringEquals dynamodb:LeadingKeys acme";
    let guarded = &format!("{keys} and Null dynamodb:LeadingKeys false");
    for (condition, context, expect) in [
        (keys, &[(KEY, "acme")][..], Allowed),
        (keys, &[(KEY, "globex")], Denied),
        (keys, &[(KEY, "acme"), (KEY, "globex")], Denied),
        (keys, &[(KEY, "ACME")], Denied),
        (keys, &[], AllowedIf),
        ("ForAllValues:StringEquals dynamodb:leadingkeys acme", &[(KEY, "acme")], Allowed),
        (
            "ForAllValues:StringEquals dynamodb:LeadingKeys acme|globex",
            &[(KEY, "acme"), (KEY, "globex")],
            Allowed,
        ),
        ("ForAllValues:StringLike dynamodb:LeadingKeys acme#*", &[(KEY, "acme#1")], Allowed),
        ("ForAllValues:StringLike dynamodb:LeadingKeys acme#*", &[(KEY, "acme#1"), (KEY, "b#1")], Denied),
        (guarded, &[(KEY, "acme")], Allowed),
        (guarded, &[(KEY, "")], Denied),
    ] {
        of("GetItem", condition, context, expect, PAGE);
    }
    of("BatchGetItem", keys, &[(KEY, "acme"), (KEY, "globex")], Denied, PAGE);
    of("Query", keys, &[(KEY, "acme")], Allowed, PAGE);
    of("Query", keys, &[(KEY, "globex")], Denied, PAGE);
    // A scan and an export carry no leading keys: the condition holds of them, unless it is guarded.
    for action in ["Scan", "ExportTableToPointInTime", "CreateBackup", "DescribeTable"] {
        of(action, keys, &[], Allowed, PAGE);
        of(action, guarded, &[], Denied, PAGE);
        of(action, "StringEquals dynamodb:LeadingKeys acme", &[], Denied, PAGE);
    }
    of("SearchVectors", keys, &[], AllowedIf, "DynamoDB Developer Guide: Vector search");
    // Each tenant its own items.
    let own_items = "ForAllValues:StringEquals dynamodb:LeadingKeys ${aws:PrincipalTag/team}";
    for (version, key, expect) in [
        ("2012-10-17", "acme", Allowed),
        ("2012-10-17", "globex", Denied),
        // In the older language the variable is text, and nobody's key.
        ("2008-10-17", "acme", Denied),
        ("none", "acme", Denied),
    ] {
        let statement = format!("allow dynamodb:GetItem T if {own_items}");
        let version = format!("version {version}");
        let statements = [version.as_str(), &statement];
        let given = Given { tags: &[("team", "acme")], context: &[(KEY, key)], ..own(&statements) };
        check(GET, &given, expect, PAGE);
    }
    let by_login = "allow dynamodb:GetItem T if ForAllValues:StringEquals dynamodb:LeadingKeys ${cognito-identity.amazonaws.com:sub}";
    for (sub, expect) in [("eu-west-1:1111", Allowed), ("eu-west-1:2222", Denied), ("", Denied)] {
        let context = &[(KEY, "eu-west-1:1111"), ("cognito-identity.amazonaws.com:sub", sub)];
        check(GET, &Given { context, ..own(&[by_login]) }, expect, PAGE);
    }
    let named = "allow dynamodb:GetItem T if ForAllValues:StringEquals dynamodb:LeadingKeys ${aws:username}";
    check("dynamodb:GetItem T ann", &Given { context: &[(KEY, "ann")], ..own(&[named]) }, Allowed, PAGE);
    check("dynamodb:GetItem T ann", &Given { context: &[(KEY, "bob")], ..own(&[named]) }, Denied, PAGE);
    // A key of several attributes has a key for each.
    let first = "ForAllValues:StringEquals dynamodb:FirstPartitionKeyValues acme";
    of("Query", first, &[("dynamodb:FirstPartitionKeyValues", "acme")], Allowed, CARRIED);
    of("Query", first, &[("dynamodb:FirstPartitionKeyValues", "globex")], Denied, CARRIED);
    of("Scan", first, &[], Allowed, CARRIED);
}

fn attributes() {
    const NAMES: &str = "dynamodb:Attributes";
    const SELECT: &str = "dynamodb:Select";
    let names = "ForAllValues:StringEquals dynamodb:Attributes id|name";
    let only = &format!("{names} and StringEquals dynamodb:Select SPECIFIC_ATTRIBUTES");
    let if_there = &format!("{names} and StringEqualsIfExists dynamodb:Select SPECIFIC_ATTRIBUTES");
    for (condition, context, expect) in [
        (names, &[(NAMES, "id")][..], Allowed),
        (names, &[(NAMES, "id"), (NAMES, "name")], Allowed),
        (names, &[(NAMES, "id"), (NAMES, "secret")], Denied),
        // Whoever asks for all names none.
        (names, &[(NAMES, "")], Allowed),
        (names, &[], AllowedIf),
        (only, &[(NAMES, "id"), (SELECT, "SPECIFIC_ATTRIBUTES")], Allowed),
        (only, &[(NAMES, "id"), (SELECT, "ALL_ATTRIBUTES")], Denied),
        (only, &[(NAMES, ""), (SELECT, "ALL_ATTRIBUTES")], Denied),
        (only, &[(NAMES, "id"), (SELECT, "")], Denied),
        (if_there, &[(NAMES, "id"), (SELECT, "")], Allowed),
        (if_there, &[(NAMES, "secret"), (SELECT, "")], Denied),
        (if_there, &[(NAMES, ""), (SELECT, "ALL_PROJECTED_ATTRIBUTES")], Denied),
    ] {
        of("Query", condition, context, expect, PAGE);
    }
    of("Scan", only, &[(NAMES, "id"), (SELECT, "SPECIFIC_ATTRIBUTES")], Allowed, PAGE);
    of("Scan", only, &[(NAMES, "secret"), (SELECT, "SPECIFIC_ATTRIBUTES")], Denied, PAGE);
    // Only a number of items comes back.
    of("Scan", "StringEquals dynamodb:Select COUNT", &[(SELECT, "COUNT")], Allowed, PAGE);
    of("Scan", "StringEquals dynamodb:Select COUNT", &[(SELECT, "ALL_ATTRIBUTES")], Denied, PAGE);
}

/// Writers read, unless what comes back is limited.
fn what_comes_back() {
    const KEY: &str = "dynamodb:ReturnValues";
    let limited = "StringEqualsIfExists dynamodb:ReturnValues NONE|UPDATED_OLD|UPDATED_NEW";
    for (condition, value, expect) in [
        (limited, "ALL_OLD", Denied),
        (limited, "ALL_NEW", Denied),
        (limited, "UPDATED_NEW", Allowed),
        (limited, "", Allowed),
        ("StringEquals dynamodb:ReturnValues NONE", "", Denied),
        ("StringNotLike dynamodb:ReturnValues ALL_*", "ALL_OLD", Denied),
        ("StringNotLike dynamodb:ReturnValues ALL_*", "", Allowed),
    ] {
        of("UpdateItem", condition, &[(KEY, value)], expect, PAGE);
    }
    of("UpdateItem", limited, &[], AllowedIf, PAGE);
    of("DeleteItem", limited, &[(KEY, "ALL_OLD")], Denied, PAGE);
}

/// What a request cannot carry is absent, and not unknown.
fn what_actions_carry() {
    let transaction = "StringEquals dynamodb:EnclosingOperation TransactGetItems";
    let full = "Bool dynamodb:FullTableScan false";
    for (action, condition, context, expect) in [
        ("GetItem", transaction, &[][..], AllowedIf),
        ("GetItem", transaction, &[("dynamodb:EnclosingOperation", "TransactGetItems")], Allowed),
        ("GetItem", transaction, &[("dynamodb:EnclosingOperation", "")], Denied),
        ("ConditionCheckItem", transaction, &[], AllowedIf),
        ("Query", transaction, &[], Denied),
        ("Scan", transaction, &[], Denied),
        ("BatchGetItem", transaction, &[], Denied),
        ("PartiQLSelect", full, &[], AllowedIf),
        ("PartiQLSelect", full, &[("dynamodb:FullTableScan", "false")], Allowed),
        ("PartiQLSelect", full, &[("dynamodb:FullTableScan", "true")], Denied),
        ("Scan", full, &[], Denied),
        ("Query", full, &[], Denied),
        ("GetItem", "StringEquals dynamodb:Select ALL_ATTRIBUTES", &[], AllowedIf),
        ("PutItem", "StringEquals dynamodb:Select ALL_ATTRIBUTES", &[], Denied),
        ("PutItem", "StringEqualsIfExists dynamodb:Select SPECIFIC_ATTRIBUTES", &[], Allowed),
        ("GetItem", "StringEquals dynamodb:ReturnConsumedCapacity NONE", &[], AllowedIf),
        ("PartiQLSelect", "StringEquals dynamodb:ReturnConsumedCapacity NONE", &[], Denied),
        ("GetItem", "StringEquals dynamodb:ReturnValues NONE", &[], Denied),
        ("DescribeTable", "ForAllValues:StringEquals dynamodb:Attributes id", &[], Allowed),
        ("DescribeTable", "StringEquals dynamodb:Attributes id", &[], Denied),
        // There is no such key.
        ("GetItem", "StringEquals dynamodb:ResourceTag/team red", &[], Denied),
        ("GetItem", "StringNotEquals dynamodb:TableName orders", &[], Allowed),
    ] {
        of(action, condition, context, expect, CARRIED);
    }
    let stream = own(&["allow dynamodb:GetRecords * if ForAllValues:StringEquals dynamodb:LeadingKeys acme"]);
    check("dynamodb:GetRecords S app", &stream, Allowed, CARRIED);
    let stream = own(&["allow dynamodb:GetRecords * if StringEquals dynamodb:LeadingKeys acme"]);
    check("dynamodb:GetRecords S app", &stream, Denied, CARRIED);
    let page = "Service Authorization Reference: Amazon DynamoDB Accelerator (DAX)";
    let cluster = "arn:aws:dax:eu-west-1:111122223333:cache/one";
    let enclosed = "StringEquals dax:EnclosingOperation TransactGetItems";
    for (action, condition, expect) in [
        ("GetItem", enclosed, AllowedIf),
        ("Query", enclosed, Denied),
        ("Query", "ForAllValues:StringEquals dynamodb:LeadingKeys acme", Allowed),
    ] {
        let statement = format!("allow dax:{action} * if {condition}");
        check(&format!("dax:{action} {cluster} app"), &own(&[&statement]), expect, page);
    }
    check(&format!("dax:GetItem {cluster} app"), &own(&["allow dynamodb:* *"]), Denied, page);
    check(&format!("dax:GetItem {cluster} app"), &own(&["allow dax:GetItem *"]), Allowed, page);
}

fn beside_a_deny() {
    let but = |action: &str, condition: &str, context: &[(&str, &str)], expect: Answer| {
        let statement = format!("deny dynamodb:* * if {condition}");
        let statements = ["allow dynamodb:* *", &statement];
        check(&format!("dynamodb:{action} T app"), &Given { context, ..own(&statements) }, expect, PAGE);
    };
    let secret = "ForAnyValue:StringEquals dynamodb:Attributes secret";
    but("GetItem", secret, &[("dynamodb:Attributes", "id"), ("dynamodb:Attributes", "secret")], Denied);
    but("GetItem", secret, &[("dynamodb:Attributes", "id")], Allowed);
    // Whoever asks for all attributes gets it with them.
    but("GetItem", secret, &[("dynamodb:Attributes", "")], Allowed);
    but("GetItem", secret, &[], AllowedIf);
    // A Deny of other keys' items does not reach who names no key, unless it says so.
    let others = "ForAnyValue:StringNotEquals dynamodb:LeadingKeys acme";
    but("GetItem", others, &[("dynamodb:LeadingKeys", "globex")], Denied);
    but("GetItem", others, &[("dynamodb:LeadingKeys", "acme")], Allowed);
    but("Scan", others, &[], Allowed);
    but("Scan", "Null dynamodb:LeadingKeys true", &[], Denied);
    but("GetItem", "Null dynamodb:LeadingKeys true", &[("dynamodb:LeadingKeys", "acme")], Allowed);
    but("GetItem", "Null dynamodb:LeadingKeys true", &[], AllowedIf);
    // That key is one of PartiQL: a Deny on it stops no scan.
    but("Scan", "Bool dynamodb:FullTableScan true", &[], Allowed);
    but("PartiQLSelect", "Bool dynamodb:FullTableScan true", &[("dynamodb:FullTableScan", "true")], Denied);
}
