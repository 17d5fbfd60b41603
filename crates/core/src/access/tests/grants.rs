//! Grants of a KMS key.

use super::language::{GET, NONE, READS};
use super::tally::check;
use super::world::{Control, Given, own};
use crate::access::Answer::{Allowed, AllowedIf, Denied};

fn granted<'a>(grants: &'a [(&'a str, &'a str)], key: &'a [&'a str]) -> Given<'a> {
    Given { grants, key: Some(key), ..own(READS) }
}

pub(super) fn cases() {
    let page = "KMS Developer Guide: Grants in AWS KMS";
    for (to, what, caller, expect) in [
        ("app", "Decrypt", "app", Allowed),
        ("app", "Decrypt", "session", Allowed),
        ("app", "Encrypt", "app", Denied),
        ("app", "GenerateDataKey", "app", Denied),
        ("ann", "Decrypt", "app", Denied),
        ("ann", "Decrypt", "ann", Allowed),
        ("session", "Decrypt", "session", Allowed),
        ("session", "Decrypt", "arn:aws:sts::111122223333:assumed-role/app/bob", Denied),
        ("session", "Decrypt", "app", AllowedIf),
        ("worker", "Decrypt", "work", Allowed),
        ("abroad", "Decrypt", "app", Denied),
        // DynamoDB's own grants let nobody read.
        ("dynamodb.eu-west-1.amazonaws.com", "Decrypt", "app", Denied),
    ] {
        check(&format!("dynamodb:GetItem T {caller}"), &granted(&[(to, what)], NONE), expect, page);
    }
    // An account can be a grantee; for whom in it, no page says.
    let page = "KMS API Reference: CreateGrant";
    let account = &[("root", "Decrypt")];
    check(GET, &granted(account, NONE), AllowedIf, page);
    check("dynamodb:GetItem T root", &granted(account, NONE), Allowed, page);
    check(GET, &granted(account, &["deny kms:* * to app"]), Denied, page);
    check(GET, &granted(&[("root", "Encrypt")], NONE), Denied, page);
    check(GET, &granted(&[("there", "Decrypt")], NONE), Denied, page);

    let page = "KMS Developer Guide: Grants in AWS KMS";
    // It adds to the key's policy, and takes nothing away.
    check(GET, &granted(&[("ann", "Decrypt")], &["allow kms:Decrypt * to app"]), Allowed, page);
    // No Deny is beaten by it.
    let app = &[("app", "Decrypt")];
    check(GET, &granted(app, &["deny kms:* * to *"]), Denied, page);
    check(GET, &granted(app, &["deny kms:* * to ann"]), Allowed, page);
    check(
        GET,
        &Given { identity: &["allow dynamodb:* *", "deny kms:* *"], ..granted(app, NONE) },
        Denied,
        page,
    );
    let scp = Control { account: &["allow * *", "deny kms:* *"], ..Control::default() };
    check(GET, &Given { organization: Some(scp), ..granted(app, NONE) }, Denied, page);
    check(GET, &Given { identity: NONE, ..granted(app, NONE) }, Denied, page);
    // What was not read may hold one.
    let unread = |key| Given { unread: &["grants"], ..granted(&[], key) };
    check(GET, &unread(NONE), AllowedIf, page);
    check(GET, &unread(&["allow kms:Decrypt * to app"]), Allowed, page);
    check(GET, &unread(&["deny kms:Decrypt * to app"]), Denied, page);

    let page = "KMS Developer Guide: Grants in AWS KMS: Grant constraints";
    for (what, expect) in [
        ("Decrypt with aws:dynamodb:tableName=tenants", Allowed),
        ("Decrypt with aws:dynamodb:tableName=orders", Denied),
        ("Decrypt with team=red", Denied),
        ("Decrypt with aws:dynamodb:tableName=tenants,team=red", Denied),
        ("Decrypt only aws:dynamodb:tableName=tenants,aws:dynamodb:subscriberId=111122223333", Allowed),
        ("Decrypt only aws:dynamodb:tableName=tenants", Denied),
        // Of another kind: `SourceArn`.
        ("Decrypt from a source", AllowedIf),
        ("Decrypt only aws:dynamodb:tableName=orders,aws:dynamodb:subscriberId=111122223333", Denied),
    ] {
        check(GET, &granted(&[("app", what)], NONE), expect, page);
    }
}
