//! The KMS key of a table: its policy, and the call that DynamoDB makes to it for whoever reads.

use super::language::{GET, NONE, READS};
use super::tally::check;
use super::world::{Control, Given, own};
use crate::access::Answer::{Allowed, AllowedIf, Denied};

/// A key policy that leaves it to the policies of the account.
const DELEGATES: &[&str] = &["allow kms:* * to root"];
const BOTH: &[&str] = &["allow dynamodb:* *", "allow kms:Decrypt K"];

pub(super) fn cases() {
    policies();
    which_actions();
    forwarded();
    direct();
    managed_by_aws();
}

fn with<'a>(identity: &'a [&'a str], key: &'a [&'a str]) -> Given<'a> {
    Given { key: Some(key), ..own(identity) }
}

fn policies() {
    let page = "KMS Developer Guide: Key policies in AWS KMS";
    for (identity, key, expect) in [
        (READS, DELEGATES, Denied),
        (BOTH, DELEGATES, Allowed),
        // Without a resource a statement has no effect.
        (BOTH, &["allow kms:* to root"], Denied),
        (BOTH, &["allow kms:* * to root", "deny kms:Decrypt to *"], Allowed),
        (&["allow dynamodb:GetItem T", "allow kms:Decrypt *"], DELEGATES, Allowed),
        (&["allow dynamodb:GetItem T", "allow kms:Encrypt K"], DELEGATES, Denied),
        (
            &["allow dynamodb:GetItem T", "allow kms:Decrypt arn:aws:kms:eu-west-1:111122223333:key/2222"],
            DELEGATES,
            Denied,
        ),
        // An alias is no name for the key in the policy of whoever uses it.
        (
            &["allow dynamodb:GetItem T", "allow kms:Decrypt arn:aws:kms:eu-west-1:111122223333:alias/table"],
            DELEGATES,
            Denied,
        ),
        (&["allow kms:Decrypt K"], DELEGATES, Denied),
        (BOTH, &["allow kms:* * to account"], Allowed),
        (BOTH, &["allow kms:DescribeKey * to root"], Denied),
        (BOTH, &["allow kms:DescribeKey * to *"], Denied),
        // Without the account in the key's policy, identity policies allow nothing; they still deny.
        (BOTH, &["allow kms:* * to ann"], Denied),
        (BOTH, &["allow kms:* * to there"], Denied),
        (READS, &["allow kms:Decrypt * to app"], Allowed),
        (READS, &["allow kms:Decrypt * to *"], Allowed),
        (&["allow dynamodb:GetItem T", "deny kms:* *"], &["allow kms:Decrypt * to app"], Denied),
        (READS, &["allow kms:* * to *", "deny kms:Decrypt * to *"], Denied),
        (READS, &["allow kms:* * to *", "deny kms:Decrypt * to ann"], Allowed),
        (READS, &["allow kms:* * to *", "deny kms:Decrypt * to root"], Denied),
        (READS, &["unread"], AllowedIf),
        (&["allow dynamodb:GetItem T", "deny kms:* *"], &["unread"], Denied),
        (NONE, &["allow kms:Decrypt * to app"], Denied),
    ] {
        check(GET, &with(identity, key), expect, page);
    }
    // The root user of the account has no more than the key's policy gives.
    check("dynamodb:GetItem T root", &with(NONE, &["allow kms:* * to app"]), Denied, page);
    check("dynamodb:GetItem T root", &with(NONE, DELEGATES), Allowed, page);
    check("dynamodb:GetItem T session", &with(READS, &["allow kms:Decrypt * to app"]), Allowed, page);
    // Which key it is, is not known: only "*" is certain.
    let nameless = |identity| Given { unread: &["key"], ..with(identity, DELEGATES) };
    check(GET, &nameless(BOTH), AllowedIf, page);
    check(GET, &nameless(&["allow dynamodb:* *", "allow kms:Decrypt *"]), Allowed, page);
    check(GET, &nameless(READS), Denied, page);
    // Boundaries and the organization limit the call to the key as any other.
    let bounded = |boundary, key| Given { boundary: Some(boundary), ..with(BOTH, key) };
    check(GET, &bounded(&["allow dynamodb:* *"], DELEGATES), Denied, page);
    check(GET, &bounded(&["allow dynamodb:* *", "allow kms:* *"], DELEGATES), Allowed, page);
    check(GET, &bounded(&["allow dynamodb:* *"], &["allow kms:Decrypt * to app"]), Denied, page);
    check(GET, &bounded(&["allow dynamodb:* *"], &["allow kms:Decrypt * to *"]), Allowed, page);
    let under = |control| Given { organization: Some(control), ..with(BOTH, DELEGATES) };
    check(GET, &under(Control::default()), Allowed, page);
    check(GET, &under(Control { unit: &["allow dynamodb:* *"], ..Control::default() }), Denied, page);
    check(
        GET,
        &under(Control { root: &["allow * *", "deny kms:Decrypt *"], ..Control::default() }),
        Denied,
        page,
    );
    let rcp = Control { resource: &["allow * * to *", "deny kms:Decrypt * to *"], ..Control::default() };
    check(GET, &under(rcp), Denied, page);
}

fn which_actions() {
    let page = "DynamoDB Developer Guide: Encryption at rest usage notes";
    let locked = with(&["allow dynamodb:* *"], DELEGATES);
    for (action, expect) in [
        ("Query T", Denied),
        ("Query I", Denied),
        ("Scan T", Denied),
        ("Scan I", Denied),
        ("BatchGetItem T", Denied),
        ("PutItem T", Denied),
        ("UpdateItem T", Denied),
        ("DeleteItem T", Denied),
        ("PartiQLSelect T", Denied),
        ("GetRecords S", Denied),
        ("ExportTableToPointInTime T", Denied),
        ("DescribeTable T", Allowed),
        ("DescribeTimeToLive T", Allowed),
        ("UpdateTimeToLive T", Allowed),
        ("TagResource T", Allowed),
        ("ListTables *", Allowed),
    ] {
        check(&format!("dynamodb:{action} app"), &locked, expect, page);
    }
}

/// DynamoDB makes the call; what is true of the first request need not be true of it.
fn forwarded() {
    let page = "KMS Developer Guide: AWS KMS condition keys; IAM User Guide: Forward access sessions";
    for (condition, expect) in [
        ("StringEquals kms:ViaService dynamodb.eu-west-1.amazonaws.com", Allowed),
        ("StringEquals kms:ViaService s3.eu-west-1.amazonaws.com", Denied),
        ("StringEquals kms:ViaService dynamodb.us-east-1.amazonaws.com", Denied),
        ("StringLike kms:ViaService dynamodb.*.amazonaws.com", Allowed),
        ("StringEquals kms:CallerAccount 111122223333", Allowed),
        ("StringEquals kms:CallerAccount 999988887777", Denied),
        ("StringEquals kms:EncryptionContext:aws:dynamodb:tableName tenants", Allowed),
        ("StringEquals kms:EncryptionContext:aws:dynamodb:tableName orders", Denied),
        ("StringEquals kms:EncryptionContext:aws:dynamodb:subscriberId 111122223333", Allowed),
        ("StringEquals kms:EncryptionContext:team red", Denied),
        ("ForAnyValue:StringEquals kms:EncryptionContextKeys aws:dynamodb:tableName", Allowed),
        ("ForAnyValue:StringEquals kms:EncryptionContextKeys team", Denied),
        ("Bool aws:ViaAWSService true", Allowed),
        ("ForAnyValue:StringEquals aws:CalledVia dynamodb.amazonaws.com", Allowed),
        ("ForAnyValue:StringEquals aws:CalledVia athena.amazonaws.com", Denied),
        ("StringEquals aws:SourceVpce vpce-1", Denied),
        ("StringEquals aws:PrincipalTag/team red", Denied),
        ("StringEquals aws:PrincipalAccount 111122223333", Allowed),
        ("ArnLike aws:PrincipalArn arn:aws:iam::*:role/app", Allowed),
        // The key values of the item are of the first request.
        ("StringEquals dynamodb:LeadingKeys acme", Denied),
        ("IpAddress aws:SourceIp 203.0.113.0/24", AllowedIf),
    ] {
        let key = format!("allow kms:Decrypt * if {condition} to app");
        check(GET, &with(READS, &[&key]), expect, page);
    }
    let from = |context, key| Given { context, ..with(READS, key) };
    let near: &[&str] = &["allow kms:Decrypt * if IpAddress aws:SourceIp 203.0.113.0/24 to app"];
    check(GET, &from(&[("aws:SourceIp", "203.0.113.7")], near), Allowed, page);
    check(GET, &from(&[("aws:SourceIp", "198.51.100.7")], near), Denied, page);
    // The endpoint of the first request is not passed on: a Deny without it hits, unless it lets AWS services through.
    let vpce: &[(&str, &str)] = &[("aws:SourceVpce", "vpce-1")];
    let strict: &[&str] =
        &["allow kms:Decrypt * to app", "deny kms:* * if StringNotEquals aws:SourceVpce vpce-1 to *"];
    check(GET, &from(vpce, strict), Denied, page);
    let lenient: &[&str] = &[
        "allow kms:Decrypt * to app",
        "deny kms:* * if StringNotEquals aws:SourceVpce vpce-1 and Bool aws:ViaAWSService false to *",
    ];
    check(GET, &from(vpce, lenient), Allowed, page);
    let only_through = &[
        "allow dynamodb:* *",
        "allow kms:* *",
        "deny kms:* * if StringNotEquals kms:ViaService dynamodb.eu-west-1.amazonaws.com",
    ];
    check(GET, &with(only_through, DELEGATES), Allowed, page);
}

/// A call that nobody passes on.
fn direct() {
    let page = "KMS API Reference: ListKeys, CreateKey, Decrypt";
    check("kms:ListKeys * app", &own(&["allow kms:ListKeys *"]), Allowed, page);
    // Without a key that it is about, the key's policy has no say.
    check("kms:ListKeys * app", &with(&["allow kms:ListKeys *"], &["deny kms:* * to *"]), Allowed, page);
    check("kms:CreateKey * app", &with(&["allow kms:CreateKey *"], &["deny kms:* * to *"]), Allowed, page);
    check("kms:ListKeys * app", &with(NONE, &["allow kms:* * to app"]), Denied, page);
    let decrypt: &[&str] = &["allow kms:Decrypt K"];
    check("kms:Decrypt K app", &with(decrypt, &["allow kms:Decrypt * to ann"]), Denied, page);
    check("kms:Decrypt K app", &with(decrypt, DELEGATES), Allowed, page);
    check("kms:Decrypt K app", &with(NONE, &["allow kms:Decrypt * to app"]), Allowed, page);
    check("kms:Decrypt K root", &with(NONE, &["allow kms:Decrypt * to app"]), Denied, page);
    check("kms:Decrypt K root", &with(NONE, DELEGATES), Allowed, page);
    check(
        "kms:PutKeyPolicy K app",
        &with(&["allow kms:* *"], &["allow kms:Decrypt * to root"]),
        Denied,
        page,
    );

    let page = "KMS Developer Guide: Allowing users in other accounts to use a KMS key";
    let from = |abroad, key| Given { abroad: Some(abroad), ..with(NONE, key) };
    let theirs = "kms:Decrypt K abroad";
    check(theirs, &from(decrypt, &["allow kms:Decrypt * to there"]), Allowed, page);
    check(theirs, &from(decrypt, &["allow kms:Decrypt * to abroad"]), Allowed, page);
    check(theirs, &from(NONE, &["allow kms:Decrypt * to there"]), Denied, page);
    check(theirs, &from(NONE, &["allow kms:Decrypt * to abroad"]), Denied, page);
    check(theirs, &from(decrypt, DELEGATES), Denied, page);
    // A table that is open to another account, under a key that is not.
    let table: &[&str] = &["allow dynamodb:GetItem * to abroad"];
    let reads: &[&str] = &["allow dynamodb:GetItem *", "allow kms:Decrypt *"];
    let read = |key| Given { resource: table, ..from(reads, key) };
    check("dynamodb:GetItem T abroad", &read(DELEGATES), Denied, page);
    check("dynamodb:GetItem T abroad", &read(&["allow kms:Decrypt * to there"]), Allowed, page);
}

fn managed_by_aws() {
    let page = "DynamoDB Developer Guide: Encryption at rest usage notes: AWS managed key";
    let key: &[&str] = &[
        "allow kms:Decrypt * if StringEquals kms:CallerAccount 111122223333 and StringEquals kms:ViaService dynamodb.eu-west-1.amazonaws.com to *",
    ];
    let of_aws = |identity| Given { key_of_aws: true, ..with(identity, key) };
    check(GET, &of_aws(READS), Allowed, page);
    check("dynamodb:GetItem T session", &of_aws(READS), Allowed, page);
    check(GET, &of_aws(NONE), Denied, page);
    check(GET, &of_aws(&["allow dynamodb:* *", "deny kms:* *"]), Denied, page);
    let abroad =
        Given { abroad: Some(&["allow * *"]), resource: &["allow dynamodb:* * to abroad"], ..of_aws(READS) };
    check("dynamodb:GetItem T abroad", &abroad, Denied, page);
    let rcp = Control { resource: &["allow * * to *", "deny kms:* * to *"], ..Control::default() };
    let page = "AWS Organizations User Guide: Resource control policies (RCPs)";
    check(GET, &Given { organization: Some(rcp), ..of_aws(READS) }, Allowed, page);
}
