//! The order in which AWS evaluates.

use super::language::{GET, NONE, READS};
use super::tally::check;
use super::world::{Given, own};
use crate::access::Answer::{Allowed, AllowedIf, Denied};

pub(super) fn cases() {
    let page = "IAM User Guide: Policy evaluation logic";
    check(GET, &own(NONE), Denied, page);
    check(GET, &own(READS), Allowed, page);
    check(GET, &own(&["allow * *", "deny dynamodb:* *"]), Denied, page);
    check(GET, &own(&["deny dynamodb:* *", "allow dynamodb:GetItem T"]), Denied, page);
    check(GET, &own(&["allow dynamodb:GetItem T", "deny dynamodb:PutItem T"]), Allowed, page);
    check(GET, &own(&["allow dynamodb:GetItem T", "deny dynamodb:GetItem F"]), Allowed, page);
    check(GET, &own(&["allow dynamodb:GetItem T if StringEquals app:x a"]), AllowedIf, page);
    check(GET, &own(&["allow dynamodb:GetItem T if StringEquals app:x a", "deny * *"]), Denied, page);
    check(
        GET,
        &own(&["allow dynamodb:GetItem T if StringEquals app:x a", "allow dynamodb:GetItem T"]),
        Allowed,
        page,
    );
    // A Deny ends it whichever policy it stands in, and whichever policy allows.
    check(GET, &Given { resource: &["allow * * to app"], ..own(&["deny * *"]) }, Denied, page);
    check(GET, &Given { resource: &["deny * * to app"], ..own(READS) }, Denied, page);
    check(GET, &Given { resource: &["deny * * to *"], ..own(READS) }, Denied, page);
    check(GET, &Given { managed: Some(&["deny * *"]), ..own(READS) }, Denied, page);
    check(GET, &Given { managed: Some(READS), ..own(NONE) }, Allowed, page);
    check("dynamodb:GetItem T ann", &Given { group: READS, ..own(NONE) }, Allowed, page);
    check("dynamodb:GetItem T ann", &Given { group: &["deny dynamodb:* *"], ..own(READS) }, Denied, page);
    // Groups are of users.
    check(GET, &Given { group: READS, ..own(NONE) }, Denied, page);
    check(GET, &Given { group: &["deny dynamodb:* *"], ..own(READS) }, Allowed, page);
    check("dynamodb:GetItem T session", &own(READS), Allowed, page);
    check("dynamodb:GetItem T work", &own(READS), Allowed, page);
    // A session of a role that does not exist, and a role with another path.
    check("dynamodb:GetItem T other", &own(READS), Denied, page);
    check("dynamodb:GetItem T arn:aws:iam::111122223333:role/team/app", &own(READS), Denied, page);
    check("dynamodb:GetItem T arn:aws:iam::111122223333:role/worker", &own(READS), Denied, page);

    let page = "IAM User Guide: AWS account root user";
    check("dynamodb:GetItem T root", &own(NONE), Allowed, page);
    check("dynamodb:GetItem T root", &own(&["deny * *"]), Allowed, page);
    check("dynamodb:GetItem T root", &Given { resource: &["deny * * to *"], ..own(NONE) }, Denied, page);
    check("dynamodb:GetItem T root", &Given { resource: &["deny * * to root"], ..own(NONE) }, Denied, page);

    // Nobody needs a permission for it, and no Deny takes it away.
    let page = "STS API Reference: GetCallerIdentity";
    check("sts:GetCallerIdentity * app", &own(&["deny * *"]), Allowed, page);
    check("sts:GetCallerIdentity * ann", &own(NONE), Allowed, page);
    let page = "IAM User Guide: Permissions for GetSessionToken";
    check("sts:GetSessionToken * ann", &own(NONE), Allowed, page);
    check("sts:GetSessionToken * ann", &own(&["deny sts:* *"]), Allowed, page);
    check("sts:GetSessionToken * root", &own(NONE), Allowed, page);
    // Who may call it at all.
    let page = "IAM User Guide: Compare AWS STS credentials";
    let all: &[&str] = &["allow sts:* *"];
    check("sts:GetSessionToken * app", &own(all), Denied, page);
    check("sts:GetSessionToken * session", &own(all), Denied, page);
    check("sts:GetFederationToken * session", &own(all), Denied, page);
    check("sts:GetFederationToken * root", &own(NONE), Allowed, page);
    let trusts = Given { resource: &["allow sts:AssumeRole to root,fed"], session: Some(all), ..own(all) };
    check("sts:AssumeRole reader root", &trusts, Denied, page);
    check("sts:AssumeRole reader fed", &trusts, Denied, page);
}
