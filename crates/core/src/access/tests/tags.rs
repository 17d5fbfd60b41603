//! Tags of who asks, of what is asked for, and of the request.

use super::language::GET;
use super::tally::{allows, check, denies};
use super::world::{Given, own};
use crate::access::Answer::{Allowed, AllowedIf, Denied};

pub(super) fn cases() {
    of_principals();
    of_sessions();
    of_resources();
    of_requests();
}

const RED: &[(&str, &str)] = &[("team", "red")];

fn of_principals() {
    let page = "IAM User Guide: Controlling access to and for IAM users and roles using tags";
    for (condition, caller, expect) in [
        ("StringEquals aws:PrincipalTag/team red", "app", Allowed),
        ("StringEquals aws:PrincipalTag/team red", "ann", Allowed),
        ("StringEquals aws:PrincipalTag/team red", "session", Allowed),
        ("StringEquals aws:PrincipalTag/team blue", "app", Denied),
        ("StringEquals aws:PrincipalTag/team red|blue", "app", Allowed),
        ("StringLike aws:PrincipalTag/team r*", "app", Allowed),
        // The name of a tag is the same in upper and lower case, its value is not.
        ("StringEquals aws:PrincipalTag/TEAM red", "ann", Allowed),
        ("StringEquals aws:PrincipalTag/team Red", "ann", Denied),
        ("StringEquals aws:PrincipalTag/color red", "ann", Denied),
        ("StringNotEquals aws:PrincipalTag/color red", "ann", Allowed),
        ("StringEqualsIfExists aws:PrincipalTag/color red", "ann", Allowed),
        ("Null aws:PrincipalTag/team true", "app", Denied),
        ("Null aws:PrincipalTag/color true", "app", Allowed),
    ] {
        let statement = format!("allow dynamodb:GetItem T if {condition}");
        check(
            &format!("dynamodb:GetItem T {caller}"),
            &Given { tags: RED, ..own(&[&statement]) },
            expect,
            page,
        );
    }
    // Tags that were not told.
    let by_tag = own(&["allow dynamodb:GetItem T if StringEquals aws:PrincipalTag/team red"]);
    check(GET, &Given { unread: &["tags"], ..by_tag.clone() }, AllowedIf, page);
    check("dynamodb:GetItem T ann", &Given { unread: &["tags"], ..by_tag.clone() }, AllowedIf, page);
    // The root user has none.
    let root = Given {
        resource: &["deny * * if StringNotEquals aws:PrincipalTag/team red to *"],
        tags: RED,
        ..own(&[])
    };
    check("dynamodb:GetItem T root", &root, Denied, page);
}

/// A session chooses its tags where the trust policy lets it.
fn of_sessions() {
    let page = "IAM User Guide: Pass session tags in AWS STS";
    for (condition, tags, caller, expect) in [
        ("StringEquals aws:PrincipalTag/team red", RED, "app", AllowedIf),
        ("StringEquals aws:PrincipalTag/team red", RED, "session", AllowedIf),
        ("StringEquals aws:PrincipalTag/team red", &[], "session", AllowedIf),
        ("StringNotEquals aws:PrincipalTag/team red", RED, "session", AllowedIf),
        // What the role has stays unless it is said anew: there is such a tag.
        ("Null aws:PrincipalTag/team false", RED, "session", Allowed),
        ("StringLike aws:PrincipalTag/team *", RED, "session", Allowed),
        ("Null aws:PrincipalTag/team false", &[], "session", AllowedIf),
        ("StringLike aws:PrincipalTag/team *", &[], "session", AllowedIf),
        // Nobody takes on a user.
        ("StringEquals aws:PrincipalTag/team red", RED, "ann", Allowed),
        ("StringEquals aws:PrincipalTag/team red", &[], "ann", Denied),
    ] {
        let statement = format!("allow dynamodb:GetItem T if {condition}");
        let statements = [statement.as_str()];
        let given = Given { tags, tagged_sessions: true, ..own(&statements) };
        check(&format!("dynamodb:GetItem T {caller}"), &given, expect, page);
    }
    let with = |context| Given {
        tags: RED,
        context,
        tagged_sessions: true,
        ..own(&["allow dynamodb:GetItem T if StringEquals aws:PrincipalTag/team red"])
    };
    let asks = "dynamodb:GetItem T session";
    check(asks, &with(&[("aws:PrincipalTag/team", "blue")]), Denied, page);
    check(asks, &with(&[("aws:PrincipalTag/team", "red")]), Allowed, page);
    check(asks, &with(&[("aws:PrincipalTag/Team", "blue")]), Denied, page);
}

fn of_resources() {
    let page = "DynamoDB Developer Guide: Attribute-based access control (ABAC)";
    const TAG: &str = "aws:ResourceTag/team";
    let red = "StringEquals aws:ResourceTag/team red";
    for (condition, context, expect) in [
        (red, &[][..], AllowedIf),
        (red, &[(TAG, "red")], Allowed),
        (red, &[(TAG, "blue")], Denied),
        (red, &[(TAG, "")], Denied),
        ("StringNotEquals aws:ResourceTag/team red", &[(TAG, "")], Allowed),
        ("StringEqualsIfExists aws:ResourceTag/team red", &[(TAG, "")], Allowed),
        ("Null aws:ResourceTag/team true", &[(TAG, "")], Allowed),
        ("Null aws:ResourceTag/team true", &[(TAG, "red")], Denied),
        ("StringEquals aws:resourcetag/team red", &[(TAG, "red")], Allowed),
    ] {
        allows(condition, context, expect, page);
    }
    denies(red, &[(TAG, "red")], Denied, page);
    denies(red, &[(TAG, "")], Allowed, page);
    denies(red, &[], AllowedIf, page);
    denies("StringNotEquals aws:ResourceTag/team red", &[(TAG, "")], Denied, page);
    // The same tag on both sides.
    let same =
        own(&["allow dynamodb:GetItem T if StringEquals aws:ResourceTag/team ${aws:PrincipalTag/team}"]);
    for (tags, context, expect) in [
        (RED, &[(TAG, "red")][..], Allowed),
        (RED, &[(TAG, "blue")], Denied),
        (&[], &[(TAG, "red")], Denied),
        (&[], &[(TAG, "")], Denied),
        (RED, &[], AllowedIf),
    ] {
        check(GET, &Given { tags, context, ..same.clone() }, expect, page);
    }
    // A stream has tags of its own.
    let stream = own(&["allow dynamodb:GetRecords * if StringEquals aws:ResourceTag/team red"]);
    check("dynamodb:GetRecords S app", &stream, AllowedIf, page);
    check("dynamodb:GetRecords S app", &Given { context: &[(TAG, "red")], ..stream.clone() }, Allowed, page);
    // The key's are not the table's.
    let key = Given {
        key: Some(&["allow kms:Decrypt * if StringEquals aws:ResourceTag/team red to app"]),
        ..own(&["allow dynamodb:GetItem T"])
    };
    check(GET, &Given { context: &[(TAG, "red")], ..key.clone() }, AllowedIf, page);
}

fn of_requests() {
    let page = "IAM User Guide: Controlling access to AWS resources using tags";
    let may = |condition: &str, context: &[(&str, &str)], expect| {
        let statement = format!("allow dynamodb:TagResource T if {condition}");
        check("dynamodb:TagResource T app", &Given { context, ..own(&[&statement]) }, expect, page);
    };
    let only = "ForAllValues:StringEquals aws:TagKeys team";
    may(only, &[("aws:TagKeys", "team")], Allowed);
    may(only, &[("aws:TagKeys", "team"), ("aws:TagKeys", "cost")], Denied);
    may(only, &[("aws:TagKeys", "")], Allowed);
    may(
        "ForAllValues:StringEquals aws:TagKeys team and Null aws:TagKeys false",
        &[("aws:TagKeys", "")],
        Denied,
    );
    may("StringEquals aws:RequestTag/team red", &[("aws:RequestTag/team", "red")], Allowed);
    may("StringEquals aws:RequestTag/team red", &[("aws:RequestTag/team", "blue")], Denied);
    may("StringEquals aws:RequestTag/team red", &[], AllowedIf);
}
