//! The policy of a table, of its stream, and what has none.

use super::language::{GET, NONE, READS};
use super::tally::check;
use super::world::{Given, own};
use crate::access::Answer::{Allowed, AllowedIf, Denied};

fn says<'a>(resource: &'a [&'a str]) -> Given<'a> {
    Given { resource, ..own(NONE) }
}

pub(super) fn cases() {
    let page = "DynamoDB Developer Guide: Resource-based policies";
    for (statement, expect) in [
        ("allow dynamodb:GetItem T to app", Allowed),
        ("allow dynamodb:* * to app", Allowed),
        ("allow dynamodb:GetItem F to app", Denied),
        ("allow dynamodb:Query T to app", Denied),
        ("allow dynamodb:GetItem I to app", Denied),
        ("allow !dynamodb:PutItem T to app", Allowed),
        ("allow dynamodb:GetItem T if StringEquals app:x a to app", AllowedIf),
        (
            "allow dynamodb:GetItem T if ArnEquals aws:PrincipalArn arn:aws:iam::111122223333:role/app to *",
            Allowed,
        ),
        (
            "allow dynamodb:GetItem T if ArnEquals aws:PrincipalArn arn:aws:iam::111122223333:role/other to *",
            Denied,
        ),
        ("allow dynamodb:GetItem T if StringEquals aws:PrincipalAccount 999988887777 to *", Denied),
    ] {
        check(GET, &says(&[statement]), expect, page);
    }
    check(GET, &Given { resource: &["deny dynamodb:* * to *"], ..own(READS) }, Denied, page);
    check(GET, &Given { resource: &["deny dynamodb:PutItem * to *"], ..own(READS) }, Allowed, page);
    check(
        GET,
        &Given { resource: &["deny dynamodb:* * if StringEquals app:x a to *"], ..own(READS) },
        AllowedIf,
        page,
    );
    // Index and table are of one policy.
    check("dynamodb:Query I app", &says(&["allow dynamodb:Query I to app"]), Allowed, page);
    check("dynamodb:Query I app", &says(&["allow dynamodb:Query T to app"]), Denied, page);
    let deny_index = Given { resource: &["deny * I to *"], ..own(&["allow dynamodb:Query *"]) };
    check("dynamodb:Query I app", &deny_index, Denied, page);
    check("dynamodb:Query T app", &deny_index, Allowed, page);
    let deny_table = Given { resource: &["deny * T to *"], ..own(&["allow dynamodb:Query *"]) };
    check("dynamodb:Query I app", &deny_table, Allowed, page);
    check("dynamodb:Query T app", &deny_table, Denied, page);

    // The stream has a policy of its own, in both directions; a backup has none.
    let page = "DynamoDB Developer Guide: Resource-based policies for streams";
    let all: &[&str] = &["allow dynamodb:* *"];
    let table = Given { resource: &["deny dynamodb:* * to *"], ..own(all) };
    check("dynamodb:GetRecords S app", &table, Allowed, page);
    check("dynamodb:RestoreTableFromBackup B app", &table, Allowed, page);
    let stream = Given { stream: &["deny dynamodb:* * to *"], ..own(all) };
    check("dynamodb:GetRecords S app", &stream, Denied, page);
    check(GET, &stream, Allowed, page);
    let table = Given { resource: &["allow dynamodb:* * to app"], ..own(NONE) };
    check("dynamodb:GetRecords S app", &table, Denied, page);
    let stream = Given { stream: &["allow dynamodb:GetRecords S to app"], ..own(NONE) };
    check("dynamodb:GetRecords S app", &stream, Allowed, page);
    check("dynamodb:DescribeStream S app", &stream, Denied, page);
    check(GET, &stream, Denied, page);
}
