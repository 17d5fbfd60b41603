//! What was not read: it never makes a no, and never hides one.

use super::language::{FULL, GET, NONE, READS};
use super::tally::check;
use super::world::{Given, own};
use crate::access::Answer::{Allowed, AllowedIf, Denied};

pub(super) fn cases() {
    let page = "IAM API Reference: GetAccountAuthorizationDetails";
    let lacks = |unread, identity| Given { unread, ..own(identity) };
    // The account as a whole.
    check(GET, &lacks(&["account"], READS), AllowedIf, page);
    check("dynamodb:GetItem T ann", &lacks(&["account"], NONE), AllowedIf, page);
    check("dynamodb:GetItem T root", &lacks(&["account"], NONE), Allowed, page);
    let denied = |unread, resource| Given { unread, resource, ..own(READS) };
    check(GET, &denied(&["account"], &["deny * * to app"]), Denied, page);
    check(GET, &denied(&["account"], &["allow * * to app"]), AllowedIf, page);
    check(GET, &Given { endpoint: Some(&["allow s3:* * to *"]), ..lacks(&["account"], NONE) }, Denied, page);
    check(GET, &Given { key: Some(&["deny kms:* * to *"]), ..lacks(&["account"], NONE) }, Denied, page);
    // The path of the role behind a session is not known without it.
    check(
        "dynamodb:GetItem T session",
        &denied(&["account"], &["allow * * to arn:aws:iam::111122223333:role/app"]),
        AllowedIf,
        page,
    );
    // A service has no account.
    check(
        "dynamodb:GetItem T glue.amazonaws.com",
        &denied(&["account"], &["allow * * to glue.amazonaws.com"]),
        Allowed,
        page,
    );
    check("dynamodb:GetItem T glue.amazonaws.com", &lacks(&["account"], FULL), Denied, page);
    // Details that are cut off: who is not in them may be there.
    check("dynamodb:GetItem T other", &lacks(&["rest"], NONE), AllowedIf, page);
    check("dynamodb:GetItem T other", &lacks(&[], NONE), Denied, page);
    check("dynamodb:GetItem T other", &denied(&["rest"], &["deny * * to *"]), Denied, page);
    check(GET, &lacks(&["rest"], READS), Allowed, page);
    check(GET, &lacks(&["rest"], NONE), Denied, page);
    // A managed policy without its document; it may allow, and it may deny.
    let attached = |unread, identity| Given { managed: Some(READS), unread, ..own(identity) };
    check(GET, &attached(&["managed"], NONE), AllowedIf, page);
    check(GET, &attached(&["managed"], READS), AllowedIf, page);
    check(GET, &attached(&["managed"], &["deny * *"]), Denied, page);
    check(GET, &Given { boundary: Some(&["allow s3:* *"]), ..attached(&["managed"], NONE) }, Denied, page);
    // A group that is not among them.
    check("dynamodb:GetItem T ann", &lacks(&["group"], NONE), AllowedIf, page);
    check("dynamodb:GetItem T ann", &lacks(&["group"], &["deny * *"]), Denied, page);
    check(GET, &lacks(&["group"], NONE), Denied, page);
    // Policies of the table, of its stream and of its key that are there and were not read.
    let page = "DynamoDB API Reference: GetResourcePolicy";
    check(GET, &denied(&[], &["unread"]), AllowedIf, page);
    check(GET, &Given { resource: &["unread"], ..own(NONE) }, AllowedIf, page);
    check(GET, &Given { resource: &["unread"], ..own(&["deny * *"]) }, Denied, page);
    check(
        "dynamodb:GetItem T abroad",
        &Given { resource: &["unread"], abroad: Some(FULL), ..own(NONE) },
        AllowedIf,
        page,
    );
    check(
        "dynamodb:GetItem T abroad",
        &Given { resource: &["unread"], abroad: Some(NONE), ..own(NONE) },
        Denied,
        page,
    );
    check("dynamodb:GetRecords S app", &Given { stream: &["unread"], ..own(FULL) }, AllowedIf, page);
    check(GET, &Given { stream: &["unread"], ..own(FULL) }, Allowed, page);
    check("dynamodb:PartiQLSelect F app", &Given { resource: &["unread"], ..own(FULL) }, Denied, page);
}
