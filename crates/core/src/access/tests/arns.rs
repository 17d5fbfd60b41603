//! `Resource`.

use super::language::GET;
use super::tally::check;
use super::world::own;
use crate::access::Answer::{self, Allowed, AllowedIf, Denied};

pub(super) fn cases() {
    let page = "IAM User Guide: IAM JSON policy elements: Resource";
    for (resource, expect) in [
        ("*", Allowed),
        ("F,T", Allowed),
        ("F", Denied),
        ("arn:aws:dynamodb:eu-west-1:111122223333:table/*", Allowed),
        ("arn:aws:dynamodb:eu-west-1:111122223333:*", Allowed),
        ("arn:aws:dynamodb:*:*:table/ten*", Allowed),
        ("arn:aws:dynamodb:*:111122223333:table/tenants", Allowed),
        ("arn:aws:dynamodb:eu-*-1:111122223333:table/tenants", Allowed),
        ("arn:aws:dynamodb:eu-west-?:111122223333:table/tenants", Allowed),
        ("arn:aws:dynamodb:eu-west-1:1111????3333:table/tenants", Allowed),
        ("arn:*:dynamodb:eu-west-1:111122223333:table/tenants", Allowed),
        ("arn:aws:dynamodb:eu-west-1:111122223333:table/tenant?", Allowed),
        ("arn:aws:dynamodb:eu-west-1:111122223333:table/tenants?", Denied),
        ("arn:aws:dynamodb:eu-west-1:111122223333:table/tenants*", Allowed),
        ("arn:aws:dynamodb:eu-west-1:111122223333:table/ten", Denied),
        ("arn:aws:dynamodb:eu-west-1:111122223333:table/Tenants", Denied),
        ("arn:aws:dynamodb:eu-west-1:111122223333:Table/tenants", Denied),
        ("arn:aws:dynamodb:us-east-1:111122223333:table/tenants", Denied),
        ("arn:aws:dynamodb:eu-west-1:999988887777:table/*", Denied),
        ("arn:aws:dynamodb:::table/tenants", Denied),
        ("arn:aws-cn:dynamodb:eu-west-1:111122223333:table/tenants", Denied),
        ("arn:aws:s3:::*", Denied),
        // A star that ends a part may go over colons; fewer parts are completed.
        ("arn:aws:dynamodb:*:table/tenants", Allowed),
        ("arn:aws:dynamodb", Allowed),
        ("arn:aws:dynamodb:us-east-1", Denied),
        // No wildcard may stand for the service.
        ("arn:aws:dynamo*:eu-west-1:111122223333:table/tenants", AllowedIf),
    ] {
        check(GET, &own(&[&format!("allow dynamodb:GetItem {resource}")]), expect, page);
    }
    below_a_table();
}

/// Indexes, streams and backups have ARNs of their own.
fn below_a_table() {
    let page = "Service Authorization Reference: Amazon DynamoDB: Resource types";
    let table = "arn:aws:dynamodb:eu-west-1:111122223333:table";
    let of = |what: &str, resource: &str, expect: Answer| {
        check(what, &own(&[&format!("allow dynamodb:* {resource}")]), expect, page);
    };
    of("dynamodb:Query I app", "T", Denied);
    of("dynamodb:Query I app", "I", Allowed);
    of("dynamodb:Query T app", "I", Denied);
    of("dynamodb:Scan I app", &format!("{table}/tenants/index/*"), Allowed);
    of("dynamodb:Scan I app", &format!("{table}/*/index/by_email"), Allowed);
    of("dynamodb:Scan I app", &format!("{table}/tenants/index/by_name"), Denied);
    of("dynamodb:Scan I app", &format!("{table}/tenants*"), Allowed);
    of("dynamodb:Scan I app", &format!("{table}/tenants/stream/*"), Denied);
    of("dynamodb:GetRecords S app", "T", Denied);
    of("dynamodb:GetRecords S app", &format!("{table}/tenants/stream/*"), Allowed);
    of("dynamodb:GetRecords S app", &format!("{table}/tenants/index/*"), Denied);
    let below = &format!("{table}/tenants/*");
    of("dynamodb:Query I app", below, Allowed);
    of("dynamodb:GetRecords S app", below, Allowed);
    of("dynamodb:RestoreTableFromBackup B app", below, Allowed);
    of("dynamodb:RestoreTableFromBackup B app", "T", Denied);
    of(GET, below, Denied);
    of(&format!("dynamodb:GetItem {table}/tenants-archive app"), &format!("{table}/tenants*"), Allowed);
    of(&format!("dynamodb:GetItem {table}/tenants-archive app"), "T", Denied);
}
