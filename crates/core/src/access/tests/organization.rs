//! Service control policies.

use super::language::{FULL, GET, NONE};
use super::tally::check;
use super::world::{Control, Given, own};
use crate::access::Answer::{Allowed, AllowedIf, Denied};

const CLOSED: &[&str] = &["allow * *", "deny dynamodb:* *"];

fn under(control: Control<'_>) -> Given<'_> {
    Given { organization: Some(control), ..own(FULL) }
}

fn root<'a>(root: &'a [&'a str]) -> Given<'a> {
    under(Control { root, ..Control::default() })
}

pub(super) fn cases() {
    levels();
    whom();
    documents();
    keys();
}

fn levels() {
    let page = "AWS Organizations User Guide: SCP evaluation";
    check(GET, &under(Control::default()), Allowed, page);
    // Every level has to allow.
    let s3: &[&str] = &["allow s3:* *"];
    check(GET, &root(s3), Denied, page);
    check(GET, &under(Control { unit: s3, ..Control::default() }), Denied, page);
    check(GET, &under(Control { account: s3, ..Control::default() }), Denied, page);
    let narrow: &[&str] = &["allow dynamodb:GetItem *"];
    check(GET, &under(Control { unit: narrow, account: narrow, ..Control::default() }), Allowed, page);
    check(
        GET,
        &under(Control { unit: narrow, account: &["allow dynamodb:Query *"], ..Control::default() }),
        Denied,
        page,
    );
    check("dynamodb:Query T app", &under(Control { account: narrow, ..Control::default() }), Denied, page);
    // A Deny on any level is one.
    check(GET, &root(CLOSED), Denied, page);
    check(GET, &under(Control { unit: CLOSED, ..Control::default() }), Denied, page);
    check(GET, &under(Control { account: CLOSED, ..Control::default() }), Denied, page);
    // They give nothing.
    check(GET, &Given { identity: NONE, ..under(Control::default()) }, Denied, page);
    // No policy of a resource gets round them.
    let let_in: &[&str] = &["allow dynamodb:* * to app"];
    check(GET, &Given { resource: let_in, identity: NONE, ..root(CLOSED) }, Denied, page);
    check(GET, &Given { resource: let_in, identity: NONE, ..root(s3) }, Denied, page);
    check(GET, &Given { resource: let_in, identity: NONE, ..under(Control::default()) }, Allowed, page);
    // A policy that could not be read.
    check(GET, &root(&["unread"]), AllowedIf, page);
    check(GET, &under(Control { root: &["unread"], account: CLOSED, ..Control::default() }), Denied, page);
    check(GET, &Given { identity: NONE, ..root(&["unread"]) }, Denied, page);
}

fn whom() {
    let page = "AWS Organizations User Guide: Service control policies (SCPs)";
    check("dynamodb:GetItem T root", &root(CLOSED), Denied, page);
    check("dynamodb:GetItem T ann", &root(CLOSED), Denied, page);
    check("dynamodb:GetItem T session", &root(CLOSED), Denied, page);
    // Not the account that manages the organization, no role that a service made for itself, no service, and nobody of
    // another organization.
    check("dynamodb:GetItem M managing", &root(CLOSED), Allowed, page);
    check("dynamodb:GetItem T slr", &root(CLOSED), Allowed, page);
    let linked = "arn:aws:sts::111122223333:assumed-role/AWSServiceRoleForDynamoDBReplication/x";
    check(&format!("dynamodb:GetItem T {linked}"), &root(CLOSED), Allowed, page);
    let service = Given { resource: &["allow dynamodb:* * to lambda.amazonaws.com"], ..root(CLOSED) };
    check("dynamodb:GetItem T lambda.amazonaws.com", &service, Allowed, page);
    let abroad = Given { resource: &["allow dynamodb:* * to abroad"], abroad: Some(FULL), ..root(CLOSED) };
    check("dynamodb:GetItem T abroad", &abroad, Allowed, page);
    // Whoever goes to the managing account takes its own account's policies along.
    let to_managing = Given { resource: &["allow dynamodb:* * to *"], ..root(CLOSED) };
    check("dynamodb:GetItem M app", &to_managing, Denied, page);
    let free = Given { resource: &["allow dynamodb:* * to *"], ..under(Control::default()) };
    check("dynamodb:GetItem M app", &free, Allowed, page);
    // Of whoever goes out, the own account's hold.
    let out = Given { resource: &["allow dynamodb:* * to *"], ..root(CLOSED) };
    check("dynamodb:GetItem F app", &out, Denied, page);
}

fn documents() {
    let page = "AWS Organizations User Guide: SCP syntax";
    for (policy, expect) in [
        (&["allow * *", "deny * * if StringNotEquals aws:RequestedRegion eu-west-1"][..], Allowed),
        (&["allow * *", "deny * * if StringNotEquals aws:RequestedRegion us-east-1"], Denied),
        (&["allow * *", "deny !iam:*,sts:* * if StringNotEquals aws:RequestedRegion us-east-1"], Denied),
        (&["allow * *", "deny !dynamodb:* *"], Allowed),
        (&["allow * *", "deny dynamodb:* F"], Allowed),
        (&["allow * *", "deny dynamodb:* T"], Denied),
        (&["allow * *", "deny dynamodb:* !T"], Allowed),
        (&["allow !iam:* *"], Allowed),
        (&["allow dynamodb:* T"], Allowed),
        (&["allow dynamodb:* F"], Denied),
        (&["allow * * if StringEquals aws:RequestedRegion eu-west-1"], Allowed),
        (&["allow * * if StringEquals app:x a"], AllowedIf),
        (&["allow * *", "deny * * if StringEquals app:x a"], AllowedIf),
        (&["allow * *", "deny * * if ArnNotLike aws:PrincipalArn arn:aws:iam::*:role/app"], Allowed),
        (&["allow * *", "deny * * if ArnNotLike aws:PrincipalArn arn:aws:iam::*:role/other"], Denied),
        (&["allow * *", "deny * * if ArnLike aws:PrincipalArn arn:aws:iam::*:root"], Allowed),
    ] {
        check(GET, &root(policy), expect, page);
    }
    let admin = root(&["allow * *", "deny * * if ArnNotLike aws:PrincipalArn arn:aws:iam::*:role/app"]);
    check("dynamodb:GetItem T ann", &admin, Denied, page);
    check("dynamodb:GetItem T session", &admin, Allowed, page);
    let no_root = root(&["allow * *", "deny * * if ArnLike aws:PrincipalArn arn:aws:iam::*:root"]);
    check("dynamodb:GetItem T root", &no_root, Denied, page);
}

fn keys() {
    let page = "IAM User Guide: AWS global condition context keys";
    for (condition, caller, expect) in [
        ("StringEquals aws:PrincipalOrgID o-example", "app", Allowed),
        ("StringEquals aws:PrincipalOrgID o-other", "app", Denied),
        ("StringEquals aws:PrincipalOrgID o-example", "abroad", Denied),
        ("StringNotEquals aws:PrincipalOrgID o-example", "abroad", Allowed),
        ("StringEquals aws:PrincipalOrgID o-other", "abroad", AllowedIf),
        ("StringEquals aws:ResourceOrgID o-example", "app", Allowed),
        ("StringEquals aws:ResourceOrgID ${aws:PrincipalOrgID}", "app", Allowed),
        ("ForAnyValue:StringLike aws:PrincipalOrgPaths o-example/r-ab12/ou-ab12-1/*", "app", Allowed),
        ("ForAnyValue:StringLike aws:PrincipalOrgPaths o-example/r-ab12/ou-ab12-2/*", "app", Denied),
        ("ForAnyValue:StringLike aws:PrincipalOrgPaths o-example/*", "app", Allowed),
    ] {
        let statement = format!("allow dynamodb:* * if {condition} to *");
        let given = Given {
            resource: &[&statement],
            identity: NONE,
            abroad: Some(FULL),
            ..under(Control::default())
        };
        check(&format!("dynamodb:GetItem T {caller}"), &given, expect, page);
    }
    let deny = Given {
        resource: &["deny dynamodb:* * if StringNotEquals aws:PrincipalOrgID o-example to *"],
        ..under(Control::default())
    };
    check(GET, &deny, Allowed, page);
}
