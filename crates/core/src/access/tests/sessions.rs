//! Session policies and federated user sessions.

use super::language::{GET, KEY, NONE, READS};
use super::tally::check;
use super::world::{Given, own};
use crate::access::Answer::{Allowed, AllowedIf, Denied};

const WIDE: &[&str] = &["allow dynamodb:* *"];
const SILENT: &[&str] = &["allow s3:* *"];
const ASKS: &str = "dynamodb:GetItem T session";

pub(super) fn cases() {
    let page = "IAM User Guide: Policies and permissions: Session policies";
    let with = |session| Given { session: Some(session), ..own(READS) };
    for (session, expect) in [
        (WIDE, Allowed),
        (SILENT, Denied),
        (&["allow dynamodb:Query *"], Denied),
        (&["allow dynamodb:GetItem F"], Denied),
        (&["allow * *", "deny dynamodb:* *"], Denied),
        (&["allow * *", "deny dynamodb:PutItem *"], Allowed),
        (&["allow dynamodb:* * if StringEquals app:x a"], AllowedIf),
        (&["unread"], AllowedIf),
    ] {
        check(ASKS, &with(session), expect, page);
    }
    // It gives nothing that the role does not have.
    check(ASKS, &Given { session: Some(WIDE), ..own(NONE) }, Denied, page);
    check(ASKS, &Given { session: Some(WIDE), ..own(&["allow * *", "deny * *"]) }, Denied, page);
    check("dynamodb:Query T session", &with(WIDE), Denied, page);
    // All three have to allow.
    for (boundary, session, expect) in
        [(WIDE, WIDE, Allowed), (SILENT, WIDE, Denied), (WIDE, SILENT, Denied), (SILENT, SILENT, Denied)]
    {
        check(ASKS, &Given { boundary: Some(boundary), ..with(session) }, expect, page);
    }
    // A resource policy that names the role is limited by it; one that names the session or everyone is not.
    for (to, session, expect) in [
        ("app", SILENT, Denied),
        ("app", WIDE, Allowed),
        ("session", SILENT, Allowed),
        ("session", &["allow * *", "deny dynamodb:* *"], Denied),
        ("*", SILENT, Allowed),
        ("root", SILENT, Denied),
    ] {
        let statement = format!("allow dynamodb:GetItem * to {to}");
        let given = Given { session: Some(session), resource: &[&statement], ..own(NONE) };
        check(ASKS, &given, expect, page);
    }
    // The key is asked of the same session.
    let identity: &[&str] = &["allow dynamodb:GetItem T", "allow kms:Decrypt K"];
    let key =
        |session| Given { session: Some(session), key: Some(&["allow kms:* * to root"]), ..own(identity) };
    check(ASKS, &key(WIDE), Denied, page);
    let both = format!("allow kms:Decrypt {KEY}");
    check(ASKS, &key(&["allow dynamodb:* *", &both]), Allowed, page);
    check(GET, &Given { session: Some(SILENT), ..own(READS) }, Denied, page);

    // Without a session policy it can do nothing by identity policies; who asked for it, its ARN does not tell.
    let page = "IAM User Guide: Permissions for GetFederationToken";
    let fed = "dynamodb:GetItem T fed";
    check(fed, &own(READS), Denied, page);
    check(fed, &with(WIDE), AllowedIf, page);
    check(fed, &with(SILENT), Denied, page);
    let named = Given { resource: &["allow dynamodb:GetItem * to fed"], ..own(NONE) };
    check(fed, &named, AllowedIf, page);
    let user = Given { resource: &["allow dynamodb:GetItem * to ann"], ..own(NONE) };
    check(fed, &user, Denied, page);
    check(fed, &Given { session: Some(WIDE), ..user }, AllowedIf, page);
    let other = Given {
        resource: &["allow dynamodb:GetItem * to arn:aws:sts::111122223333:federated-user/eve"],
        ..own(NONE)
    };
    check(fed, &other, Denied, page);
    check(fed, &Given { resource: &["deny * * to fed"], ..with(WIDE) }, Denied, page);
    check(
        "sts:GetFederationToken * ann",
        &own(&["allow sts:GetFederationToken *"]),
        Allowed,
        "STS API Reference: GetFederationToken",
    );
    check("sts:GetFederationToken * ann", &own(NONE), Denied, "STS API Reference: GetFederationToken");
}
