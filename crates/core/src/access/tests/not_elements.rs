//! `NotAction`, `NotResource` and `NotPrincipal`.

use super::language::{FULL, GET, NONE, READS};
use super::tally::check;
use super::world::{Given, own};
use crate::access::Answer::{Allowed, AllowedIf, Denied};

pub(super) fn cases() {
    let page = "IAM User Guide: IAM JSON policy elements: NotAction";
    for (statements, expect) in [
        (&["allow !dynamodb:PutItem T"][..], Allowed),
        (&["allow !dynamodb:Get* T"], Denied),
        (&["allow !dynamodb:GETITEM T"], Denied),
        (&["allow !dynamodb:PutItem,dynamodb:GetItem T"], Denied),
        (&["allow !iam:* *"], Allowed),
        (&["allow !iam:*,dynamodb:* *"], Denied),
        (&["allow !* *"], Denied),
        (&["allow * *", "deny !dynamodb:* *"], Allowed),
        (&["allow * *", "deny !s3:* *"], Denied),
        (&["allow * *", "deny !dynamodb:Query *"], Denied),
        (&["allow * *", "deny !dynamodb:GetItem F"], Allowed),
        // What is left out of an Allow is not denied by it.
        (&["allow !dynamodb:* *", "allow dynamodb:GetItem T"], Allowed),
    ] {
        check(GET, &own(statements), expect, page);
    }
    let page = "IAM User Guide: IAM JSON policy elements: NotResource";
    for (statements, expect) in [
        (&["allow dynamodb:GetItem !F"][..], Allowed),
        (&["allow dynamodb:GetItem !T"], Denied),
        (&["allow dynamodb:GetItem !F,T"], Denied),
        (&["allow dynamodb:GetItem !arn:aws:dynamodb:*:*:table/ten*"], Denied),
        (&["allow dynamodb:GetItem !I"], Allowed),
        (&["allow dynamodb:* *", "deny dynamodb:* !T"], Allowed),
        (&["allow dynamodb:* *", "deny dynamodb:* !F"], Denied),
        (&["allow dynamodb:* *", "deny !dynamodb:GetItem !T"], Allowed),
        (&["allow dynamodb:* *", "deny !dynamodb:PutItem !F"], Denied),
    ] {
        check(GET, &own(statements), expect, page);
    }
    let all_but_the_table = own(&["allow dynamodb:* *", "deny dynamodb:* !T"]);
    check("dynamodb:Query I app", &all_but_the_table, Denied, page);
    check("dynamodb:GetRecords S app", &all_but_the_table, Denied, page);
    not_principal();
}

fn not_principal() {
    let page = "IAM User Guide: AWS JSON policy elements: NotPrincipal";
    for (but, caller, expect) in [
        ("ann,root", "ann", Allowed),
        ("ann,account", "ann", Allowed),
        ("other,root", "ann", Denied),
        ("other", "ann", Denied),
        // Without the account, AWS says that it "might" be denied.
        ("ann", "ann", AllowedIf),
        ("session,app,root", "session", Allowed),
        ("app,root", "session", AllowedIf),
        ("other,root", "session", Denied),
        ("ann,root", "app", Denied),
        ("root", "root", Allowed),
        ("there", "root", Denied),
        ("lambda.amazonaws.com", "app", Denied),
    ] {
        let statement = format!("deny dynamodb:* * to !{but}");
        let given = Given { resource: &[&statement], ..own(READS) };
        check(&format!("dynamodb:GetItem T {caller}"), &given, expect, page);
    }
    // Whoever has a boundary is denied, listed or not.
    let bounded = |resource| Given { resource, boundary: Some(FULL), ..own(READS) };
    check("dynamodb:GetItem T ann", &bounded(&["deny dynamodb:* * to !ann,root"]), Denied, page);
    check("dynamodb:GetItem T session", &bounded(&["deny dynamodb:* * to !session,app,root"]), Denied, page);
    // Of other actions it says nothing.
    check(GET, &Given { resource: &["deny dynamodb:PutItem * to !ann,root"], ..own(READS) }, Allowed, page);
    // With Allow it is not supported, and lets in nobody who is listed.
    let allow = Given { resource: &["allow dynamodb:* * to !app"], ..own(NONE) };
    check(GET, &allow, Denied, page);
    let service = Given {
        resource: &[
            "allow dynamodb:* * to lambda.amazonaws.com",
            "deny dynamodb:* * to !lambda.amazonaws.com",
        ],
        ..own(NONE)
    };
    check("dynamodb:GetItem T lambda.amazonaws.com", &service, Allowed, page);
}
