//! Conditions that exclude each other leave nobody; those that leave no case out, no condition.

use super::language::GET;
use super::tally::check;
use super::world::{Given, own};
use crate::access::Answer::{Allowed, AllowedIf, Denied};

pub(super) fn cases() {
    let page = "IAM User Guide: IAM JSON policy elements: Condition";
    for (statements, expect) in [
        (&["allow dynamodb:* T if StringEquals app:x a", "deny * * if StringEquals app:x a"][..], Denied),
        (
            &["allow dynamodb:* T if StringEquals app:x a", "allow dynamodb:* T if StringNotEquals app:x a"],
            Allowed,
        ),
        (&["allow dynamodb:* T if StringEquals app:x a", "deny * * if StringEquals app:x b"], AllowedIf),
        (&["allow dynamodb:* T if StringEquals app:x a", "deny * * if StringNotEquals app:x a"], AllowedIf),
        (
            &["allow dynamodb:* T", "deny * * if BoolIfExists app:x false", "deny * * if Bool app:x true"],
            AllowedIf,
        ),
        (&["allow dynamodb:* T", "deny * * if Null app:x true", "deny * * if Null app:x false"], Denied),
        (&["allow dynamodb:* T if Null app:x true", "allow dynamodb:* T if Null app:x false"], Allowed),
        (&["allow dynamodb:* T if StringEquals app:x a", "deny * * if Null app:x false"], Denied),
        (&["allow dynamodb:* T if Null app:x true", "deny * * if StringNotEquals app:x a"], Denied),
        (&["allow dynamodb:* T if StringEquals app:x a and Null app:x true"], Denied),
        (
            &["allow dynamodb:* T if IpAddress app:x 203.0.113.0/24 and NotIpAddress app:x 203.0.113.0/24"],
            Denied,
        ),
        (
            &[
                "allow dynamodb:* T if ArnLike app:x arn:*:*:*:*:a",
                "allow dynamodb:* T if ArnNotLike app:x arn:*:*:*:*:a",
            ],
            Allowed,
        ),
        (
            &["allow dynamodb:* T if StringEquals app:x a", "allow dynamodb:* T if StringNotEquals app:y a"],
            AllowedIf,
        ),
    ] {
        check(GET, &own(statements), expect, page);
    }
    // What stands in a variable may hold, whatever else is asked of the same key.
    let page = "IAM User Guide: IAM policy elements: Variables and tags";
    for (statements, expect) in [
        (
            &[
                "allow dynamodb:GetItem T if Null dynamodb:LeadingKeys false and ForAllValues:StringEquals dynamodb:LeadingKeys ${aws:username}",
            ][..],
            AllowedIf,
        ),
        (
            &[
                "allow dynamodb:GetItem T if Null dynamodb:LeadingKeys false and ForAllValues:StringLike dynamodb:LeadingKeys ${aws:PrincipalTag/tenant}#*",
            ],
            AllowedIf,
        ),
        (
            &[
                "allow dynamodb:GetItem T if StringEquals aws:ResourceTag/team ${aws:username}",
                "deny * * if StringNotEquals aws:ResourceTag/team red",
            ],
            AllowedIf,
        ),
        (
            &[
                "allow dynamodb:* T",
                "deny * * if StringEquals app:x ${app:y}",
                "deny * * if StringEquals app:x a",
            ],
            AllowedIf,
        ),
        (
            &["allow dynamodb:* T", "deny * * if StringEquals app:x ${*}", "deny * * if Null app:x true"],
            AllowedIf,
        ),
    ] {
        check("dynamodb:GetItem T ann", &own(statements), expect, page);
    }
    let page = "IAM User Guide: IAM JSON policy elements: Condition";
    // Across documents it is the same.
    let in_vpc: &[&str] = &["allow dynamodb:* T if StringEquals aws:SourceVpc vpc-1"];
    let elsewhere: &[&str] = &["deny dynamodb:* * if StringEquals aws:SourceVpc vpc-1 to *"];
    check(GET, &Given { resource: elsewhere, ..own(in_vpc) }, Denied, page);
    check(
        GET,
        &Given { boundary: Some(&["allow * * if StringNotEquals aws:SourceVpc vpc-1"]), ..own(in_vpc) },
        Denied,
        page,
    );
    check(
        GET,
        &Given { boundary: Some(&["allow * * if StringEquals aws:SourceVpc vpc-1"]), ..own(in_vpc) },
        AllowedIf,
        page,
    );
}
