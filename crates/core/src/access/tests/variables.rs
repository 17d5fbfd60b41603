//! Policy variables, and the version of the language that has them.

use super::language::GET;
use super::tally::check;
use super::world::{Given, own};
use crate::access::Answer::{Allowed, AllowedIf, Denied};

const PAGE: &str = "IAM User Guide: IAM policy elements: Variables and tags";
const TABLE: &str = "arn:aws:dynamodb:eu-west-1:111122223333:table";

pub(super) fn cases() {
    in_resources();
    in_conditions();
    versions();
}

fn in_resources() {
    for (rest, tags, expect) in [
        ("${aws:PrincipalTag/team}", &[("team", "tenants")][..], Allowed),
        ("${aws:PrincipalTag/team}", &[("team", "orders")], Denied),
        ("ten${aws:PrincipalTag/team}", &[("team", "ants")], Allowed),
        ("${aws:PrincipalTag/team}*", &[("team", "ten")], Allowed),
        // A wildcard in a value is text.
        ("${aws:PrincipalTag/team}", &[("team", "*")], Denied),
        ("${aws:PrincipalTag/team}", &[("team", "tenant?")], Denied),
        // Without a value nothing matches; with a default, that.
        ("${aws:PrincipalTag/team}", &[], Denied),
        ("${aws:PrincipalTag/team}*", &[], Denied),
        ("${aws:PrincipalTag/team,'tenants'}", &[], Allowed),
        ("${aws:PrincipalTag/team,'orders'}", &[], Denied),
        ("${aws:PrincipalTag/team,'tenants'}", &[("team", "orders")], Denied),
        ("${app:unknown}", &[], AllowedIf),
        ("x-${app:unknown}", &[], Denied),
        ("tenants${app:unknown}", &[], AllowedIf),
        ("ten${*}", &[], Denied),
        ("tenant${?}", &[], Denied),
        ("${aws:username}", &[], Denied),
        // What is not closed is text.
        ("${aws:PrincipalTag/team", &[("team", "tenants")], Denied),
    ] {
        let statement = format!("allow dynamodb:GetItem {TABLE}/{rest}");
        check(GET, &Given { tags, ..own(&[&statement]) }, expect, PAGE);
    }
    // Only behind the fifth colon.
    let account = "arn:aws:dynamodb:eu-west-1:${aws:PrincipalAccount}:table/tenants";
    check(GET, &own(&[&format!("allow dynamodb:GetItem {account}")]), Denied, PAGE);
    // A key with several values is no variable.
    let list = &[("app:list", "tenants"), ("app:list", "orders")];
    let statement = format!("allow dynamodb:GetItem {TABLE}/${{app:list}}");
    check(GET, &Given { context: list, ..own(&[&statement]) }, Denied, PAGE);
    check(GET, &Given { context: &[("app:list", "tenants")], ..own(&[&statement]) }, Allowed, PAGE);
    // Each user its own table.
    let statement = format!("allow dynamodb:GetItem {TABLE}/${{aws:username}}");
    for (table, caller, expect) in [("ann", "ann", Allowed), ("bob", "ann", Denied), ("app", "app", Denied)] {
        check(&format!("dynamodb:GetItem {TABLE}/{table} {caller}"), &own(&[&statement]), expect, PAGE);
    }
    let other = format!("deny dynamodb:* !{TABLE}/${{aws:username}}");
    let statements = ["allow dynamodb:* *", &other];
    let given = own(&statements);
    check(&format!("dynamodb:GetItem {TABLE}/ann ann"), &given, Allowed, PAGE);
    check(&format!("dynamodb:GetItem {TABLE}/bob ann"), &given, Denied, PAGE);
}

fn in_conditions() {
    for (condition, caller, value, expect) in [
        ("StringEquals app:x ${aws:username}", "ann", "ann", Allowed),
        ("StringEquals app:x ${aws:username}", "ann", "bob", Denied),
        ("StringEquals app:x ${aws:userName}", "ann", "ann", Allowed),
        ("StringEqualsIgnoreCase app:x ${aws:userid}", "ann", "AIDAANN", Allowed),
        ("StringEqualsIgnoreCase app:x ${aws:userid}", "ann", "aidaann", Allowed),
        ("StringEqualsIgnoreCase app:x ${aws:userid}", "ann", "aidabob", Denied),
        ("StringNotEqualsIgnoreCase app:x ${aws:userid}", "ann", "AidaAnn", Denied),
        ("StringLike app:x ${aws:username}-*", "ann", "ann-1", Allowed),
        ("StringLike app:x ${aws:username}-*", "ann", "bob-1", Denied),
        ("StringNotEquals app:x ${aws:username}", "ann", "ann", Denied),
        (
            "ArnLike app:x arn:aws:sns:*:*:${aws:username}",
            "ann",
            "arn:aws:sns:eu-west-1:111122223333:ann",
            Allowed,
        ),
        ("StringEquals app:x ${aws:userid}", "session", "AROAAPP:alice", Allowed),
        ("StringEquals app:x ${aws:userid}", "ann", "AIDAANN", Allowed),
        ("StringEquals app:x ${aws:PrincipalAccount}", "ann", "111122223333", Allowed),
        // Without a value it equals nothing, so that what is negated holds.
        ("StringEquals app:x ${aws:username}", "app", "app", Denied),
        ("StringLike app:x *${aws:username}", "app", "app", Denied),
        ("StringNotEquals app:x ${aws:username}", "app", "app", Allowed),
        ("StringNotLike app:x ${aws:username}*", "app", "app", Allowed),
        ("StringEquals app:x ${aws:username, 'nobody'}", "app", "nobody", Allowed),
        ("StringEquals app:x ${aws:username, 'nobody'}", "ann", "nobody", Denied),
        ("StringEquals app:x ${app:unknown}", "ann", "a", AllowedIf),
        // The three that stand for a character.
        ("StringLike app:x ${*}", "ann", "*", Allowed),
        ("StringLike app:x ${*}", "ann", "abc", Denied),
        ("StringLike app:x a${?}", "ann", "a?", Allowed),
        ("StringLike app:x a${?}", "ann", "ab", Denied),
        ("StringEquals app:x ${$}5", "ann", "$5", Allowed),
        ("StringEquals app:x ${*}", "ann", "*", Allowed),
        // Variables go with texts and ARNs only.
        ("NumericEquals app:x ${app:y}", "ann", "1", Denied),
    ] {
        let statement = format!("allow dynamodb:GetItem T if {condition}");
        let statements = [statement.as_str()];
        let given = Given { context: &[("app:x", value), ("app:y", "1")], ..own(&statements) };
        check(&format!("dynamodb:GetItem T {caller}"), &given, expect, PAGE);
    }
}

fn versions() {
    let page = "IAM User Guide: IAM JSON policy elements: Version";
    let tags = &[("team", "tenants")][..];
    let resource = format!("allow dynamodb:GetItem {TABLE}/${{aws:PrincipalTag/team}}");
    let condition = "allow dynamodb:GetItem T if StringEquals app:x ${aws:PrincipalTag/team}";
    let negated = "allow dynamodb:GetItem T if StringNotEquals app:x ${aws:PrincipalTag/team}";
    for (version, expect) in [("2012-10-17", Allowed), ("2008-10-17", Denied), ("none", Denied)] {
        let version = format!("version {version}");
        check(GET, &Given { tags, ..own(&[&version, &resource]) }, expect, page);
        let context = &[("app:x", "tenants")];
        check(GET, &Given { tags, context, ..own(&[&version, condition]) }, expect, page);
        // As a text it is not what is asked for, and so not excluded.
        let opposite = if expect == Allowed { Denied } else { Allowed };
        check(GET, &Given { tags, context, ..own(&[&version, negated]) }, opposite, page);
    }
    let text = &[("app:x", "${aws:PrincipalTag/team}")];
    check(GET, &Given { tags, context: text, ..own(&["version 2008-10-17", condition]) }, Allowed, page);
    check(GET, &Given { tags, context: text, ..own(&[condition]) }, Denied, page);
    // The older language has everything else.
    for statement in
        ["allow dynamodb:Get* T", "allow dynamodb:GetItem T if StringLike aws:PrincipalArn *:role/app"]
    {
        check(GET, &own(&["version 2008-10-17", statement]), Allowed, page);
        check(GET, &own(&["version none", statement]), Allowed, page);
    }
    check(GET, &own(&["version 2012-10-18", "allow dynamodb:GetItem T"]), AllowedIf, page);
}
