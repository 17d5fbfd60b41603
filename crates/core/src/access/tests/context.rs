//! The global keys of a request: what follows from the question, and what does not.

use super::language::{GET, NONE};
use super::tally::{allows, check, denies};
use super::world::{Given, own};
use crate::access::Answer::{Allowed, AllowedIf, Denied};

const PAGE: &str = "IAM User Guide: AWS global condition context keys";

pub(super) fn cases() {
    for (condition, caller, expect) in [
        ("StringEquals aws:PrincipalAccount 111122223333", "app", Allowed),
        ("StringEquals aws:PrincipalAccount 999988887777", "app", Denied),
        ("ArnLike aws:PrincipalArn arn:aws:iam::*:role/app", "app", Allowed),
        ("ArnLike aws:PrincipalArn arn:aws:iam::*:role/app", "session", Allowed),
        ("StringEquals aws:PrincipalArn arn:aws:iam::111122223333:role/app", "session", Allowed),
        // Of a session it is the ARN of its role, with the path; never that of the session.
        ("ArnLike aws:PrincipalArn arn:aws:sts::*:assumed-role/app/*", "session", Denied),
        ("ArnEquals aws:PrincipalArn arn:aws:iam::111122223333:role/team/worker", "work", Allowed),
        ("ArnEquals aws:PrincipalArn arn:aws:iam::111122223333:role/worker", "work", Denied),
        ("ArnLike aws:PrincipalArn arn:aws:iam::111122223333:role/team/*", "work", Allowed),
        ("ArnLike aws:PrincipalArn arn:aws:iam::111122223333:user/*", "ann", Allowed),
        ("ArnLike aws:PrincipalArn arn:aws:iam::111122223333:user/*", "app", Denied),
        ("StringEquals aws:PrincipalType User", "ann", Allowed),
        ("StringEquals aws:PrincipalType AssumedRole", "session", Allowed),
        ("StringEquals aws:PrincipalType AssumedRole", "ann", Denied),
        ("StringEquals aws:username ann", "ann", Allowed),
        ("StringEquals aws:username ann", "app", Denied),
        ("StringNotEquals aws:username ann", "app", Allowed),
        ("Null aws:username true", "session", Allowed),
        ("StringEquals aws:userid AIDAANN", "ann", Allowed),
        ("StringLike aws:userid AROAAPP:*", "app", Allowed),
        ("StringLike aws:userid AROAAPP:*", "session", Allowed),
        ("StringEquals aws:userid AROAAPP:alice", "session", Allowed),
        ("StringEquals aws:userid AROAAPP:bob", "session", Denied),
        ("StringLike aws:userid AROAOTHER:*", "app", Denied),
        ("StringNotLike aws:userid AROAOTHER:*", "app", Allowed),
        ("StringEquals aws:userid AROAAPP:alice", "app", AllowedIf),
        ("Bool aws:PrincipalIsAWSService false", "app", Allowed),
        ("Bool aws:PrincipalIsAWSService true", "app", Denied),
        ("StringEquals aws:PrincipalServiceName lambda.amazonaws.com", "app", Denied),
        // These are of calls that services make.
        ("StringEquals aws:SourceAccount 111122223333", "app", Denied),
        ("StringNotEquals aws:SourceAccount 111122223333", "app", Allowed),
        ("ArnLike aws:SourceArn arn:aws:lambda:*:*:*", "app", Denied),
        ("Null aws:SourceArn true", "app", Allowed),
        // They are always there.
        ("Null aws:CurrentTime true", "app", Denied),
        ("Null aws:EpochTime false", "app", Allowed),
        ("Null aws:SecureTransport false", "app", Allowed),
        ("Bool aws:SecureTransport true", "app", AllowedIf),
        ("Bool aws:SecureTransport true|false", "app", Allowed),
        ("DateGreaterThan aws:CurrentTime 2020-01-01T00:00:00Z", "app", AllowedIf),
        // What nothing tells.
        ("StringEquals aws:SourceVpce vpce-1", "app", AllowedIf),
        ("Bool aws:MultiFactorAuthPresent true", "ann", AllowedIf),
        ("NumericLessThan aws:MultiFactorAuthAge 3600", "ann", AllowedIf),
        ("StringEquals aws:PrincipalOrgID o-example", "app", AllowedIf),
        ("StringEquals aws:FederatedProvider cognito-identity.amazonaws.com", "app", AllowedIf),
        ("StringLike aws:UserAgent aws-cli/*", "app", AllowedIf),
        ("StringEquals aws:ResourceAccount 111122223333", "app", Allowed),
        ("StringEquals aws:ResourceAccount 999988887777", "app", Denied),
        ("StringEquals aws:ResourceAccount ${aws:PrincipalAccount}", "app", Allowed),
        ("StringEquals aws:RequestedRegion eu-west-1", "app", Allowed),
        ("StringEquals aws:RequestedRegion us-east-1|eu-west-1", "app", Allowed),
        ("StringLike aws:RequestedRegion us-*", "app", Denied),
    ] {
        let statement = format!("allow dynamodb:GetItem T if {condition}");
        check(&format!("dynamodb:GetItem T {caller}"), &own(&[&statement]), expect, PAGE);
    }
    given();
    global_services();
    services();
}

/// What is given of the request.
fn given() {
    let from: &[(&str, &str)] = &[("aws:CurrentTime", "2026-11-29T12:00:00Z")];
    allows("DateGreaterThan aws:CurrentTime 2020-01-01T00:00:00Z", from, Allowed, PAGE);
    allows("DateLessThan aws:CurrentTime 2020-01-01T00:00:00Z", from, Denied, PAGE);
    let between = "DateGreaterThan aws:CurrentTime 2026-01-01T00:00:00Z and DateLessThan aws:CurrentTime 2027-01-01T00:00:00Z";
    allows(between, from, Allowed, PAGE);
    let mfa = "aws:MultiFactorAuthPresent";
    let page = "IAM User Guide: AWS global condition context keys: aws:MultiFactorAuthPresent";
    allows("Bool aws:MultiFactorAuthPresent true", &[(mfa, "true")], Allowed, page);
    allows("Bool aws:MultiFactorAuthPresent true", &[(mfa, "false")], Denied, page);
    // Access keys do not have it at all.
    allows("Bool aws:MultiFactorAuthPresent true", &[(mfa, "")], Denied, page);
    allows("BoolIfExists aws:MultiFactorAuthPresent true", &[(mfa, "")], Allowed, page);
    denies("Bool aws:MultiFactorAuthPresent false", &[(mfa, "")], Allowed, page);
    denies("BoolIfExists aws:MultiFactorAuthPresent false", &[(mfa, "")], Denied, page);
    denies("BoolIfExists aws:MultiFactorAuthPresent false", &[(mfa, "true")], Allowed, page);
    let age = "NumericLessThan aws:MultiFactorAuthAge 3600";
    allows(age, &[("aws:MultiFactorAuthAge", "300")], Allowed, page);
    allows(age, &[("aws:MultiFactorAuthAge", "7200")], Denied, page);
    allows(age, &[("aws:MultiFactorAuthAge", "")], Denied, page);
    // The root user has no policies of its own; those of the resource see its keys.
    let root = |condition: &str, expect| {
        let statement = format!("deny * * if {condition} to *");
        check("dynamodb:GetItem T root", &Given { resource: &[&statement], ..own(NONE) }, expect, PAGE);
    };
    root("ArnLike aws:PrincipalArn arn:aws:iam::*:root", Denied);
    root("ArnNotLike aws:PrincipalArn arn:aws:iam::*:root", Allowed);
    root("StringEquals aws:PrincipalType Account", Denied);
    root("StringEquals aws:PrincipalAccount 111122223333", Denied);
    root("Null aws:username true", Denied);
    root("StringEquals aws:userid 111122223333", Denied);
    let ours = own(&["allow * * if StringEquals aws:ResourceAccount ${aws:PrincipalAccount}"]);
    check(
        "dynamodb:GetItem F app",
        &Given { resource: &["allow dynamodb:* * to *"], ..ours.clone() },
        Denied,
        PAGE,
    );
    check(GET, &ours, Allowed, PAGE);
}

/// IAM has its endpoint in one Region.
fn global_services() {
    let page = "IAM User Guide: AWS global condition context keys: aws:RequestedRegion";
    for (region, expect) in [("us-east-1", Allowed), ("eu-west-1", Denied)] {
        let statement = format!("allow iam:* * if StringEquals aws:RequestedRegion {region}");
        check("iam:PutRolePolicy app app", &own(&[&statement]), expect, page);
    }
    let outside = own(&["allow * *", "deny * * if StringNotEquals aws:RequestedRegion eu-west-1"]);
    check("iam:PutRolePolicy app app", &outside, Denied, page);
    let but = own(&["allow * *", "deny !iam:*,sts:* * if StringNotEquals aws:RequestedRegion eu-west-1"]);
    check("iam:PutRolePolicy app app", &but, Allowed, page);
}

/// A service calls for somebody: for whom, nothing tells.
fn services() {
    let page = "IAM User Guide: The confused deputy problem";
    let asks = "dynamodb:GetItem T redshift.amazonaws.com";
    for (condition, context, expect) in [
        ("Bool aws:PrincipalIsAWSService true", &[][..], Allowed),
        ("Bool aws:PrincipalIsAWSService false", &[], Denied),
        ("StringEquals aws:PrincipalServiceName redshift.amazonaws.com", &[], Allowed),
        ("StringEquals aws:PrincipalServiceName glue.amazonaws.com", &[], Denied),
        ("StringEquals aws:SourceAccount 111122223333", &[], AllowedIf),
        ("StringEquals aws:SourceAccount 111122223333", &[("aws:SourceAccount", "111122223333")], Allowed),
        ("StringEquals aws:SourceAccount 111122223333", &[("aws:SourceAccount", "999988887777")], Denied),
        ("StringEquals aws:SourceAccount 111122223333", &[("aws:SourceAccount", "")], Denied),
        ("ArnLike aws:SourceArn arn:aws:redshift:*:111122223333:*", &[], AllowedIf),
        (
            "ArnLike aws:SourceArn arn:aws:redshift:*:111122223333:*",
            &[("aws:SourceArn", "arn:aws:redshift:eu-west-1:111122223333:integration:1")],
            Allowed,
        ),
        (
            "ArnLike aws:SourceArn arn:aws:redshift:*:111122223333:*",
            &[("aws:SourceArn", "arn:aws:redshift:eu-west-1:999988887777:integration:1")],
            Denied,
        ),
    ] {
        let statement = format!("allow dynamodb:* * if {condition} to redshift.amazonaws.com");
        check(asks, &Given { resource: &[&statement], context, ..own(NONE) }, expect, page);
    }
}
