//! Principals of one account, tables of another.

use super::language::{FULL, NONE};
use super::tally::check;
use super::world::{Given, own};
use crate::access::Answer::{Allowed, AllowedIf, Denied};

const ASKS: &str = "dynamodb:GetItem T abroad";
const READS: &[&str] = &["allow dynamodb:GetItem *"];

pub(super) fn cases() {
    both_sides();
    going_out();
    which_actions();
}

/// A foreign role asks; its account's details are known.
fn both_sides() {
    let page = "IAM User Guide: Cross-account policy evaluation logic";
    let from = |abroad, resource| Given { abroad: Some(abroad), resource, ..own(NONE) };
    for (abroad, resource, expect) in [
        (READS, &["allow dynamodb:GetItem * to abroad"][..], Allowed),
        (READS, &["allow dynamodb:GetItem * to there"], Allowed),
        (READS, &["allow dynamodb:GetItem * to 999988887777"], Allowed),
        (READS, &["allow dynamodb:GetItem * to *"], Allowed),
        (READS, NONE, Denied),
        (READS, &["allow dynamodb:GetItem * to root"], Denied),
        (READS, &["allow dynamodb:GetItem * to app"], Denied),
        (READS, &["allow dynamodb:Query * to abroad"], Denied),
        // The other account has to allow it too, also where the policy names the role or everyone.
        (NONE, &["allow dynamodb:GetItem * to abroad"], Denied),
        (NONE, &["allow dynamodb:GetItem * to there"], Denied),
        (NONE, &["allow dynamodb:GetItem * to *"], Denied),
        (&["allow dynamodb:GetItem F"], &["allow dynamodb:GetItem * to abroad"], Denied),
        (&["allow * *", "deny dynamodb:* *"], &["allow dynamodb:GetItem * to abroad"], Denied),
        (READS, &["allow dynamodb:GetItem * to *", "deny * * to there"], Denied),
        (READS, &["allow dynamodb:GetItem * to *", "deny * * to abroad"], Denied),
        (READS, &["allow dynamodb:GetItem * to *", "deny * * to root"], Allowed),
        (
            READS,
            &["allow dynamodb:GetItem * if StringEquals aws:PrincipalAccount 999988887777 to *"],
            Allowed,
        ),
        (READS, &["allow dynamodb:GetItem * if StringEquals aws:PrincipalAccount 111122223333 to *"], Denied),
        (READS, &["allow dynamodb:GetItem * if StringEquals app:x a to abroad"], AllowedIf),
        (READS, &["deny * * if StringNotEquals aws:PrincipalAccount 111122223333 to *"], Denied),
        // The organization is not known.
        (READS, &["allow dynamodb:GetItem * if StringEquals aws:PrincipalOrgID o-example to *"], AllowedIf),
        (
            &["allow dynamodb:* * if StringEquals aws:ResourceAccount 999988887777"],
            &["allow dynamodb:GetItem * to abroad"],
            Denied,
        ),
        (
            &["allow dynamodb:* * if StringEquals aws:ResourceAccount 111122223333"],
            &["allow dynamodb:GetItem * to abroad"],
            Allowed,
        ),
    ] {
        check(ASKS, &from(abroad, resource), expect, page);
    }
    let session = "dynamodb:GetItem T arn:aws:sts::999988887777:assumed-role/app/eve";
    check(session, &from(READS, &["allow dynamodb:GetItem * to abroad"]), Allowed, page);
    let named = &["allow dynamodb:GetItem * to arn:aws:sts::999988887777:assumed-role/app/eve"];
    check(session, &from(READS, named), Allowed, page);
    check(session, &from(NONE, named), Denied, page);
    check(session, &Given { session: Some(&["allow s3:* *"]), ..from(READS, named) }, Denied, page);
    check("dynamodb:GetItem T there", &from(NONE, &["allow dynamodb:GetItem * to there"]), Allowed, page);
    check("dynamodb:GetItem T there", &from(NONE, &["allow dynamodb:GetItem * to abroad"]), Denied, page);
    // Its account was not read: it may allow.
    let unread = |resource| Given { resource, ..own(FULL) };
    check(ASKS, &unread(&["allow dynamodb:* * to abroad"]), AllowedIf, page);
    check(ASKS, &unread(&["allow dynamodb:* * to there"]), AllowedIf, page);
    check(ASKS, &unread(NONE), Denied, page);
    check(ASKS, &unread(&["allow dynamodb:* * to app"]), Denied, page);
    check(ASKS, &unread(&["allow dynamodb:* * to *", "deny * * to abroad"]), Denied, page);
}

/// A role of ours asks for a table of theirs.
fn going_out() {
    let page = "IAM User Guide: Cross-account policy evaluation logic";
    let asks = "dynamodb:GetItem F app";
    let both = |resource| Given { resource, ..own(FULL) };
    for (resource, expect) in [
        (&["allow dynamodb:* * to app"][..], Allowed),
        (&["allow dynamodb:* * to root"], Allowed),
        (&["allow dynamodb:* * to *"], Allowed),
        (&["allow dynamodb:* * to managing"], Denied),
        (NONE, Denied),
    ] {
        check(asks, &both(resource), expect, page);
    }
    let open: &[&str] = &["allow dynamodb:* * to *"];
    check(asks, &Given { resource: open, ..own(NONE) }, Denied, page);
    check(asks, &Given { resource: open, ..own(&["allow dynamodb:GetItem T"]) }, Denied, page);
    check(asks, &Given { boundary: Some(&["allow s3:* *"]), ..both(open) }, Denied, page);
    check(asks, &Given { boundary: Some(&["allow dynamodb:* *"]), ..both(open) }, Allowed, page);
    // Across accounts it does not help that the policy names the user or the session itself.
    let ann = Given { boundary: Some(&["allow s3:* *"]), ..both(&["allow dynamodb:* * to ann"]) };
    check("dynamodb:GetItem F ann", &ann, Denied, page);
    let session = Given { session: Some(&["allow s3:* *"]), ..both(&["allow dynamodb:* * to session"]) };
    check("dynamodb:GetItem F session", &session, Denied, page);
    let stream = "arn:aws:dynamodb:eu-west-1:999988887777:table/tenants/stream/2026-01-01T00:00:00.000";
    let asks = format!("dynamodb:GetRecords {stream} app");
    check(&asks, &both(open), Denied, page);
    check(&asks, &Given { stream: open, ..own(FULL) }, Allowed, page);
}

fn which_actions() {
    let page = "DynamoDB Developer Guide: API operations supported by resource-based policies";
    let open = Given { resource: &["allow dynamodb:* * to *"], ..own(FULL) };
    for (action, expect) in [
        ("BatchGetItem", Allowed),
        ("Query", Allowed),
        ("Scan", Allowed),
        ("ConditionCheckItem", Allowed),
        ("PutItem", Allowed),
        ("UpdateItem", Allowed),
        ("DeleteItem", Allowed),
        ("BatchWriteItem", Allowed),
        ("DescribeTable", Allowed),
        ("UpdateTable", Allowed),
        ("DeleteTable", Allowed),
        ("ListTagsOfResource", Allowed),
        ("PartiQLSelect", Denied),
        ("PartiQLUpdate", Denied),
        ("CreateBackup", Denied),
        ("ExportTableToPointInTime", Denied),
        ("RestoreTableToPointInTime", Denied),
        ("EnableKinesisStreamingDestination", Denied),
        ("UpdateTimeToLive", Denied),
        ("PutResourcePolicy", Denied),
        ("GetResourcePolicy", Denied),
        ("DeleteResourcePolicy", Denied),
        // The page does not list it.
        ("SearchVectors", AllowedIf),
    ] {
        check(&format!("dynamodb:{action} F app"), &open, expect, page);
    }
}
