//! Becoming another: trust policies, identity providers, and roles that nobody may change.

use super::language::{FULL, GITHUB, NONE};
use super::tally::check;
use super::world::{Control, Given, own};
use crate::access::Answer::{Allowed, AllowedIf, Denied};

const ASSUMES: &[&str] = &["allow sts:AssumeRole *"];
const ANN: &str = "sts:AssumeRole reader ann";
const APP: &str = "sts:AssumeRole reader app";

fn trusted<'a>(identity: &'a [&'a str], resource: &'a [&'a str]) -> Given<'a> {
    Given { resource, ..own(identity) }
}

pub(super) fn cases() {
    within_an_account();
    from_another_account();
    services();
    providers();
    passing_a_role();
    what_nobody_may_change();
}

fn within_an_account() {
    let page = "IAM User Guide: Roles terms and concepts; Policy evaluation logic";
    for (identity, trust, expect) in [
        (ASSUMES, "allow sts:AssumeRole to root", Allowed),
        (ASSUMES, "allow sts:AssumeRole to account", Allowed),
        // The account alone leaves it to identity policies; the user's name does not.
        (NONE, "allow sts:AssumeRole to root", Denied),
        (NONE, "allow sts:AssumeRole to ann", Allowed),
        (ASSUMES, "allow sts:AssumeRole to other", Denied),
        (ASSUMES, "allow sts:AssumeRole to there", Denied),
        (ASSUMES, "allow sts:AssumeRole to lambda.amazonaws.com", Denied),
        (ASSUMES, "allow sts:TagSession to root", Denied),
        (ASSUMES, "allow sts:* to root", Allowed),
        (&["allow sts:AssumeRole reader"], "allow sts:AssumeRole to root", Allowed),
        (&["allow sts:AssumeRole app"], "allow sts:AssumeRole to root", Denied),
        (&["allow * *", "deny sts:AssumeRole *"], "allow sts:AssumeRole to ann", Denied),
        (ASSUMES, "allow sts:AssumeRole if Bool aws:MultiFactorAuthPresent true to ann", AllowedIf),
        (ASSUMES, "allow sts:AssumeRole if StringEquals aws:PrincipalType User to root", Allowed),
        (
            ASSUMES,
            "allow sts:AssumeRole if ArnLike aws:PrincipalArn arn:aws:iam::*:user/ann to root",
            Allowed,
        ),
        (ASSUMES, "allow sts:AssumeRole if ArnLike aws:PrincipalArn arn:aws:iam::*:user/bob to root", Denied),
        (FULL, "unread", AllowedIf),
    ] {
        check(ANN, &trusted(identity, &[trust]), expect, page);
    }
    check(ANN, &trusted(ASSUMES, &["allow sts:AssumeRole to root", "deny sts:* to ann"]), Denied, page);
    check(ANN, &trusted(ASSUMES, &["allow sts:AssumeRole to root", "deny sts:* to app"]), Allowed, page);
    check(APP, &trusted(NONE, &["allow sts:AssumeRole to app"]), Allowed, page);
    check("sts:AssumeRole reader session", &trusted(NONE, &["allow sts:AssumeRole to app"]), Allowed, page);
    check(
        "sts:AssumeRole reader session",
        &trusted(NONE, &["allow sts:AssumeRole to session"]),
        Allowed,
        page,
    );
    let bob = "sts:AssumeRole reader arn:aws:sts::111122223333:assumed-role/app/bob";
    check(bob, &trusted(ASSUMES, &["allow sts:AssumeRole to session"]), Denied, page);
    // The roles of the details trust Lambda.
    check("sts:AssumeRole app ann", &own(ASSUMES), Denied, page);
    let bounded = |trust| Given { boundary: Some(&["allow s3:* *"]), ..trusted(ASSUMES, trust) };
    check(ANN, &bounded(&["allow sts:AssumeRole to root"]), Denied, page);
    check(ANN, &bounded(&["allow sts:AssumeRole to ann"]), Allowed, page);
    check(APP, &bounded(&["allow sts:AssumeRole to app"]), Denied, page);
    let under = |control| Given {
        organization: Some(control),
        ..trusted(ASSUMES, &["allow sts:AssumeRole to root"])
    };
    check(APP, &under(Control::default()), Allowed, page);
    check(
        APP,
        &under(Control { unit: &["allow * *", "deny sts:AssumeRole *"], ..Control::default() }),
        Denied,
        page,
    );
    let rcp = Control { resource: &["allow * * to *", "deny sts:AssumeRole * to *"], ..Control::default() };
    check(APP, &under(rcp), Denied, page);
}

fn from<'a>(abroad: &'a [&'a str], trust: &'a [&'a str], context: &'a [(&'a str, &'a str)]) -> Given<'a> {
    Given { abroad: Some(abroad), context, ..trusted(NONE, trust) }
}

fn from_another_account() {
    let page = "IAM User Guide: Access to AWS accounts owned by third parties";
    let asks = "sts:AssumeRole reader abroad";
    let id = "sts:ExternalId";
    let with_id: &[&str] = &["allow sts:AssumeRole if StringEquals sts:ExternalId 12345 to there"];
    for (abroad, trust, context, expect) in [
        (ASSUMES, &["allow sts:AssumeRole to there"][..], &[][..], Allowed),
        (ASSUMES, &["allow sts:AssumeRole to abroad"], &[], Allowed),
        (NONE, &["allow sts:AssumeRole to there"], &[], Denied),
        (NONE, &["allow sts:AssumeRole to abroad"], &[], Denied),
        (ASSUMES, &["allow sts:AssumeRole to root"], &[], Denied),
        (ASSUMES, &["allow sts:AssumeRole to *"], &[], Allowed),
        (NONE, &["allow sts:AssumeRole to *"], &[], Denied),
        (ASSUMES, with_id, &[], AllowedIf),
        (ASSUMES, with_id, &[(id, "12345")], Allowed),
        (ASSUMES, with_id, &[(id, "54321")], Denied),
        (ASSUMES, with_id, &[(id, "")], Denied),
    ] {
        check(asks, &from(abroad, trust, context), expect, page);
    }
    check(asks, &trusted(NONE, &["allow sts:AssumeRole to there"]), AllowedIf, page);
    let ours: &[&str] = &["allow sts:AssumeRole if StringEquals aws:PrincipalOrgID o-example to *"];
    let within = |trust| Given { organization: Some(Control::default()), ..from(ASSUMES, trust, &[]) };
    check(asks, &within(ours), Denied, page);
    check(ANN, &Given { identity: ASSUMES, ..within(ours) }, Allowed, page);
}

fn services() {
    let page = "IAM User Guide: AWS JSON policy elements: Principal: AWS service principals";
    check("sts:AssumeRole app lambda.amazonaws.com", &own(NONE), Allowed, page);
    check("sts:AssumeRole app ec2.amazonaws.com", &own(NONE), Denied, page);
    let asks = "sts:AssumeRole reader lambda.amazonaws.com";
    check(
        asks,
        &trusted(NONE, &["allow sts:AssumeRole to ec2.amazonaws.com,lambda.amazonaws.com"]),
        Allowed,
        page,
    );
    check(asks, &trusted(NONE, &["allow sts:AssumeRole to root"]), Denied, page);
    let of_ours: &[&str] =
        &["allow sts:AssumeRole if StringEquals aws:SourceAccount 111122223333 to lambda.amazonaws.com"];
    check(asks, &trusted(NONE, of_ours), AllowedIf, page);
    let context = &[("aws:SourceAccount", "111122223333")];
    check(asks, &Given { context, ..trusted(NONE, of_ours) }, Allowed, page);
    let context = &[("aws:SourceAccount", "999988887777")];
    check(asks, &Given { context, ..trusted(NONE, of_ours) }, Denied, page);
}

fn providers() {
    let page = "IAM User Guide: Available keys for AWS OIDC federation";
    let aud = "cognito-identity.amazonaws.com:aud";
    let amr = "cognito-identity.amazonaws.com:amr";
    let asks = "sts:AssumeRoleWithWebIdentity reader cognito";
    let pool = "allow sts:AssumeRoleWithWebIdentity if StringEquals cognito-identity.amazonaws.com:aud pool-1 and ForAnyValue:StringLike cognito-identity.amazonaws.com:amr authenticated to cognito";
    for (context, expect) in [
        (&[][..], AllowedIf),
        (&[(aud, "pool-1"), (amr, "authenticated")], Allowed),
        (&[(aud, "pool-1"), (amr, "unauthenticated")], Denied),
        (&[(aud, "pool-2"), (amr, "authenticated")], Denied),
        (&[(aud, "pool-1"), (amr, "authenticated"), (amr, "graph.facebook.com")], Allowed),
        (&[(aud, "pool-1"), (amr, "")], Denied),
    ] {
        check(asks, &Given { context, ..trusted(NONE, &[pool]) }, expect, page);
    }
    check(asks, &trusted(NONE, &["allow sts:AssumeRoleWithWebIdentity to cognito"]), Allowed, page);
    // Another call than with credentials of AWS.
    check(asks, &trusted(NONE, &["allow sts:AssumeRole to cognito"]), Denied, page);
    check(asks, &trusted(NONE, &["allow sts:AssumeRoleWithWebIdentity to github"]), Denied, page);
    check(asks, &trusted(NONE, &["allow sts:AssumeRoleWithWebIdentity to root"]), Denied, page);
    check(asks, &trusted(NONE, &["allow sts:* to cognito", "deny sts:* to cognito"]), Denied, page);
    check(ANN, &trusted(ASSUMES, &["allow sts:* to cognito"]), Denied, page);

    let page = "IAM User Guide: Create a role for OpenID Connect federation";
    let asks = "sts:AssumeRoleWithWebIdentity reader github";
    let (aud, sub) = (format!("{GITHUB}:aud"), format!("{GITHUB}:sub"));
    let given = |repository: &'static str| [(aud.as_str(), "sts.amazonaws.com"), (sub.as_str(), repository)];
    let of = |operator: &str, pattern: &str| {
        format!(
            "allow sts:AssumeRoleWithWebIdentity if StringEquals {aud} sts.amazonaws.com and {operator} {sub} {pattern} to github"
        )
    };
    for (trust, repository, expect) in [
        (of("StringLike", "repo:example/tenants:*"), "repo:example/tenants:ref:refs/heads/main", Allowed),
        (of("StringLike", "repo:example/tenants:*"), "repo:other/tenants:ref:refs/heads/main", Denied),
        (of("StringLike", "repo:example/*"), "repo:example/another:pull_request", Allowed),
        (of("StringEquals", "repo:example/tenants:*"), "repo:example/tenants:ref:refs/heads/main", Denied),
        (
            of("StringEquals", "repo:example/tenants:environment:live"),
            "repo:example/tenants:environment:live",
            Allowed,
        ),
    ] {
        check(asks, &Given { context: &given(repository), ..trusted(NONE, &[&trust]) }, expect, page);
    }
    check(asks, &trusted(NONE, &[&of("StringLike", "repo:example/*")]), AllowedIf, page);

    let page = "IAM User Guide: Available keys for SAML-based AWS STS federation";
    let asks = "sts:AssumeRoleWithSAML reader saml";
    let trust: &[&str] =
        &["allow sts:AssumeRoleWithSAML if StringEquals SAML:aud https://signin.aws.amazon.com/saml to saml"];
    let there = &[("SAML:aud", "https://signin.aws.amazon.com/saml")];
    check(asks, &Given { context: there, ..trusted(NONE, trust) }, Allowed, page);
    check(
        asks,
        &Given { context: &[("SAML:aud", "https://example.com")], ..trusted(NONE, trust) },
        Denied,
        page,
    );
    check(asks, &trusted(NONE, trust), AllowedIf, page);
    check(asks, &trusted(NONE, &["allow sts:AssumeRoleWithWebIdentity to saml"]), Denied, page);
}

fn passing_a_role() {
    let page = "IAM User Guide: Grant a user permissions to pass a role to an AWS service";
    let to = "iam:PassedToService";
    let to_lambda: &[&str] =
        &["allow iam:PassRole app if StringEquals iam:PassedToService lambda.amazonaws.com"];
    for (identity, context, expect) in [
        (&["allow iam:PassRole app"][..], &[][..], Allowed),
        (&["allow iam:PassRole reader"], &[], Denied),
        (&["allow iam:GetRole app"], &[], Denied),
        (&["allow iam:PassRole arn:aws:iam::111122223333:role/*"], &[], Allowed),
        (&["allow iam:PassRole arn:aws:iam::111122223333:role/team/*"], &[], Denied),
        (&["allow iam:PassRole *", "deny iam:PassRole app"], &[], Denied),
        (to_lambda, &[], AllowedIf),
        (to_lambda, &[(to, "lambda.amazonaws.com")], Allowed),
        (to_lambda, &[(to, "ec2.amazonaws.com")], Denied),
    ] {
        check("iam:PassRole app ann", &Given { context, ..own(identity) }, expect, page);
    }
    // The role's trust policy is not asked; a role of another account cannot be passed.
    check("iam:PassRole app ann", &trusted(NONE, &["allow iam:PassRole to ann"]), Denied, page);
    check("iam:PassRole abroad ann", &own(FULL), Denied, page);
}

fn what_nobody_may_change() {
    let all: &[&str] = &["allow iam:* *"];
    let page = "IAM User Guide: Service-linked roles";
    for (action, expect) in [
        ("PutRolePolicy", Denied),
        ("AttachRolePolicy", Denied),
        ("UpdateAssumeRolePolicy", Denied),
        ("DeleteRolePolicy", Denied),
        ("PutRolePermissionsBoundary", Denied),
        ("GetRole", Allowed),
        ("DeleteServiceLinkedRole", Allowed),
    ] {
        check(&format!("iam:{action} slr app"), &own(all), expect, page);
    }
    let page = "IAM Identity Center User Guide: Permission sets";
    check("iam:PutRolePolicy sso app", &own(all), Denied, page);
    check("iam:AttachRolePolicy sso app", &own(all), Denied, page);
    check("iam:UpdateAssumeRolePolicy sso app", &own(all), Denied, page);
    check("iam:GetRole sso app", &own(all), Allowed, page);
    let page = "IAM User Guide: Managed policies and inline policies";
    let policy = "arn:aws:iam::aws:policy/ReadOnlyAccess";
    check(&format!("iam:CreatePolicyVersion {policy} app"), &own(all), Denied, page);
    check(&format!("iam:SetDefaultPolicyVersion {policy} app"), &own(all), Denied, page);
    check(&format!("iam:GetPolicyVersion {policy} app"), &own(all), Allowed, page);
    check("iam:CreatePolicyVersion arn:aws:iam::111122223333:policy/own app", &own(all), Allowed, page);
    check("iam:PutRolePolicy app app", &own(all), Allowed, page);
    // A trust policy is about becoming the role, and about nothing else.
    check("iam:PutRolePolicy app app", &trusted(NONE, &["allow * to app"]), Denied, page);
}
