//! Permissions boundaries.

use super::language::{GET, NONE, READS};
use super::tally::check;
use super::world::{Given, own};
use crate::access::Answer::{Allowed, AllowedIf, Denied};

const WIDE: &[&str] = &["allow dynamodb:* *"];
const SILENT: &[&str] = &["allow s3:* *"];

fn let_in<'a>(boundary: &'a [&'a str], resource: &'a [&'a str]) -> Given<'a> {
    Given { boundary: Some(boundary), resource, ..own(NONE) }
}

pub(super) fn cases() {
    let page = "IAM User Guide: Permissions boundaries for IAM entities";
    let within = |boundary| Given { boundary: Some(boundary), ..own(READS) };
    for (boundary, expect) in [
        (WIDE, Allowed),
        (SILENT, Denied),
        (READS, Allowed),
        (&["allow dynamodb:Query *"], Denied),
        (&["allow dynamodb:GetItem F"], Denied),
        (&["allow !iam:* *"], Allowed),
        (&["allow !dynamodb:* *"], Denied),
        (&["allow * *", "deny dynamodb:GetItem *"], Denied),
        (&["allow * *", "deny dynamodb:PutItem *"], Allowed),
        (&["allow dynamodb:* * if StringEquals app:x a"], AllowedIf),
        (&["allow dynamodb:* * if StringEquals aws:RequestedRegion eu-west-1"], Allowed),
        (&["allow dynamodb:* * if StringEquals aws:RequestedRegion us-east-1"], Denied),
    ] {
        check(GET, &within(boundary), expect, page);
        check("dynamodb:GetItem T ann", &within(boundary), expect, page);
    }
    // By itself it allows nothing.
    check(GET, &Given { boundary: Some(WIDE), ..own(NONE) }, Denied, page);
    check("dynamodb:GetItem T session", &within(SILENT), Denied, page);
    check("dynamodb:GetItem T ann", &Given { group: READS, identity: NONE, ..within(WIDE) }, Allowed, page);
    check("dynamodb:GetItem T ann", &Given { group: READS, identity: NONE, ..within(SILENT) }, Denied, page);
    // That it exists is known; what it says is not.
    check(GET, &Given { unread: &["boundary"], ..within(WIDE) }, AllowedIf, page);
    check(GET, &Given { unread: &["boundary"], identity: NONE, ..within(WIDE) }, Denied, page);
    check(GET, &Given { unread: &["boundary"], identity: &["deny * *"], ..within(WIDE) }, Denied, page);

    // A resource policy that names the role is limited by it; one that names the user, the session or everyone is not.
    let page = "IAM User Guide: Permissions boundaries for IAM entities: Resource-based policies";
    for (to, caller, expect) in [
        ("app", "app", Denied),
        ("app", "session", Denied),
        ("session", "session", Allowed),
        ("ann", "ann", Allowed),
        ("*", "app", Allowed),
        ("*", "session", Allowed),
        ("root", "ann", Denied),
    ] {
        let statement = format!("allow dynamodb:GetItem * to {to}");
        check(&format!("dynamodb:GetItem T {caller}"), &let_in(SILENT, &[&statement]), expect, page);
    }
    check(GET, &let_in(WIDE, &["allow dynamodb:GetItem * to app"]), Allowed, page);
    check("dynamodb:GetItem T session", &let_in(WIDE, &["allow dynamodb:GetItem * to app"]), Allowed, page);
    // A Deny in it is one of everything.
    let closed: &[&str] = &["allow * *", "deny dynamodb:* *"];
    for (to, caller) in [("session", "session"), ("ann", "ann"), ("*", "app")] {
        let statement = format!("allow dynamodb:GetItem * to {to}");
        check(&format!("dynamodb:GetItem T {caller}"), &let_in(closed, &[&statement]), Denied, page);
    }
}
