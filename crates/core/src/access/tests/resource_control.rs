//! Resource control policies.

use super::language::{FULL, GET, NONE};
use super::tally::check;
use super::world::{Control, Given, own};
use crate::access::Answer::{Allowed, AllowedIf, Denied};

const PAGE: &str = "AWS Organizations User Guide: Resource control policies (RCPs)";

fn under<'a>(resource: &'a [&'a str]) -> Given<'a> {
    let control = Control { resource, ..Control::default() };
    Given { organization: Some(control), ..own(FULL) }
}

pub(super) fn cases() {
    let closed = under(&["allow * * to *", "deny dynamodb:* * to *"]);
    for (question, expect) in [
        (GET, Denied),
        ("dynamodb:GetItem T ann", Denied),
        ("dynamodb:GetItem T session", Denied),
        ("dynamodb:GetItem T root", Denied),
        ("dynamodb:Query I app", Denied),
        ("dynamodb:GetRecords S app", Denied),
        // Not for roles that services made for themselves, and not what the managing account owns.
        ("dynamodb:GetItem T slr", Allowed),
        ("dynamodb:GetItem M managing", Allowed),
        // It denies something else.
        ("kms:ListKeys * app", Allowed),
    ] {
        check(question, &closed, expect, PAGE);
    }
    for (policy, expect) in [
        (&["allow * * to *", "deny dynamodb:PutItem * to *"][..], Allowed),
        (&["allow * * to *", "deny dynamodb:* T to *"], Denied),
        (&["allow * * to *", "deny dynamodb:* F to *"], Allowed),
        (&["allow * * to *", "deny dynamodb:* * if StringEquals app:x a to *"], AllowedIf),
        (
            &[
                "allow * * to *",
                "deny dynamodb:* * if ArnNotLike aws:PrincipalArn arn:aws:iam::*:role/app to *",
            ],
            Allowed,
        ),
        (
            &[
                "allow * * to *",
                "deny dynamodb:* * if ArnNotLike aws:PrincipalArn arn:aws:iam::*:role/ci to *",
            ],
            Denied,
        ),
        (&["unread"], AllowedIf),
    ] {
        check(GET, &under(policy), expect, PAGE);
    }
    // They hold for what the account owns, whoever asks; what it owns not, they leave alone.
    let abroad = |resource| Given { resource, abroad: Some(FULL), ..closed.clone() };
    check("dynamodb:GetItem T abroad", &abroad(&["allow dynamodb:* * to abroad"]), Denied, PAGE);
    check("dynamodb:GetItem F app", &abroad(&["allow dynamodb:* * to *"]), Allowed, PAGE);
    // They hold for services and for identity providers, too.
    let service = Given { resource: &["allow dynamodb:* * to lambda.amazonaws.com"], ..closed.clone() };
    check("dynamodb:GetItem T lambda.amazonaws.com", &service, Denied, PAGE);
    let trust: &[&str] = &["allow sts:AssumeRoleWithWebIdentity to cognito"];
    let fenced = Given { resource: trust, ..under(&["allow * * to *", "deny sts:* * to *"]) };
    check("sts:AssumeRoleWithWebIdentity reader cognito", &fenced, Denied, PAGE);
    check(
        "sts:AssumeRoleWithWebIdentity reader cognito",
        &Given { resource: trust, ..closed.clone() },
        Allowed,
        PAGE,
    );
    let all = under(&["allow * * to *", "deny * * to *"]);
    for (action, expect) in [
        ("s3:GetObject arn:aws:s3:::bucket/key", Denied),
        ("sqs:ReceiveMessage arn:aws:sqs:eu-west-1:111122223333:q", Denied),
        ("iam:PutRolePolicy app", Allowed),
        ("ec2:RunInstances *", Allowed),
    ] {
        check(&format!("{action} app"), &all, expect, PAGE);
    }
    perimeter();
}

/// The Deny that keeps an organization's resources to itself.
fn perimeter() {
    let page = "AWS Organizations User Guide: RCP examples";
    let fence: &[&str] = &[
        "allow * * to *",
        "deny dynamodb:* * if StringNotEqualsIfExists aws:PrincipalOrgID o-example and BoolIfExists aws:PrincipalIsAWSService false to *",
    ];
    let within = |resource| Given { resource, abroad: Some(FULL), ..under(fence) };
    check(GET, &within(NONE), Allowed, page);
    check("dynamodb:GetItem T ann", &within(NONE), Allowed, page);
    check("dynamodb:GetItem T abroad", &within(&["allow dynamodb:* * to abroad"]), Denied, page);
    let service = within(&["allow dynamodb:* * to redshift.amazonaws.com"]);
    check("dynamodb:GetItem T redshift.amazonaws.com", &service, Allowed, page);
    let secure: &[&str] = &["allow * * to *", "deny * * if BoolIfExists aws:SecureTransport false to *"];
    let sent = |context| Given { context, ..under(secure) };
    check(GET, &sent(&[("aws:SecureTransport", "true")]), Allowed, page);
    check(GET, &sent(&[("aws:SecureTransport", "false")]), Denied, page);
}
