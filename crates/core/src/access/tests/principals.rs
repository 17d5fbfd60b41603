//! `Principal`.

use super::language::{GET, NONE, READS};
use super::tally::check;
use super::world::{Given, own};
use crate::access::Answer::{Allowed, AllowedIf, Denied};

const PAGE: &str = "IAM User Guide: AWS JSON policy elements: Principal";

pub(super) fn cases() {
    allowed();
    denied();
    services();
}

fn allowed() {
    for (to, caller, expect) in [
        ("*", "app", Allowed),
        ("*", "ann", Allowed),
        ("*", "session", Allowed),
        ("app", "app", Allowed),
        ("app", "session", Allowed),
        ("app", "ann", Denied),
        ("ann,app", "app", Allowed),
        ("ann", "ann", Allowed),
        ("session", "session", Allowed),
        // Which session of the role asks is not said.
        ("session", "app", AllowedIf),
        ("session", "arn:aws:sts::111122223333:assumed-role/app/bob", Denied),
        ("arn:aws:sts::999988887777:assumed-role/app/alice", "session", Denied),
        ("abroad", "app", Denied),
        // A role with a path is named with it; its sessions are not.
        ("worker", "worker", Allowed),
        ("worker", "work", Allowed),
        ("work", "work", Allowed),
        ("arn:aws:iam::111122223333:role/worker", "work", Denied),
        ("arn:aws:iam::111122223333:role/App", "app", Denied),
        ("arn:aws:iam::111122223333:user/app", "app", Denied),
        // Naming the account grants nothing by itself, whichever way it is written.
        ("root", "app", Denied),
        ("root", "ann", Denied),
        ("account", "ann", Denied),
        ("account", "session", Denied),
        // Wildcards inside a name match nobody; neither does what was deleted, nor a group.
        ("arn:aws:iam::111122223333:role/*", "app", Denied),
        ("arn:aws:iam::111122223333:user/*", "ann", Denied),
        ("arn:aws:iam::*:role/app", "app", Denied),
        ("arn:aws:sts::111122223333:assumed-role/app/*", "session", Denied),
        ("AROAGONE", "app", Denied),
        ("AIDAGONE", "ann", Denied),
        ("arn:aws:iam::111122223333:group/team", "ann", Denied),
    ] {
        let statement = format!("allow dynamodb:GetItem * to {to}");
        let given = Given { resource: &[&statement], ..own(NONE) };
        check(&format!("dynamodb:GetItem T {caller}"), &given, expect, PAGE);
    }
    let raw = |principal: &str| {
        format!(
            r#"{{"Effect": "Allow", "Principal": {principal}, "Action": "dynamodb:GetItem", "Resource": "*"}}"#
        )
    };
    for (principal, expect) in [
        (r#"{"AWS": "*"}"#, Allowed),
        (r#"{"AWS": ["*"]}"#, Allowed),
        (r#"{"AWS": "arn:aws:iam::111122223333:role/app"}"#, Allowed),
        (r#"{"CanonicalUser": "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"}"#, Denied),
        (r#"{"Federated": "arn:aws:iam::111122223333:saml-provider/idp"}"#, Denied),
        (r#"{"Service": "lambda.amazonaws.com", "AWS": "arn:aws:iam::111122223333:role/app"}"#, Allowed),
    ] {
        check(GET, &Given { resource: &[&raw(principal)], ..own(NONE) }, expect, PAGE);
    }
}

fn denied() {
    for (to, caller, expect) in [
        ("*", "app", Denied),
        ("app", "app", Denied),
        ("app", "session", Denied),
        ("app", "ann", Allowed),
        ("ann", "ann", Denied),
        ("ann", "app", Allowed),
        ("session", "session", Denied),
        ("session", "arn:aws:sts::111122223333:assumed-role/app/bob", Allowed),
        ("session", "app", AllowedIf),
        ("worker", "work", Denied),
        // A Deny of the account is one of everybody in it.
        ("root", "app", Denied),
        ("account", "ann", Denied),
        ("root", "session", Denied),
        ("there", "app", Allowed),
        ("lambda.amazonaws.com", "app", Allowed),
        ("AROAGONE", "app", Allowed),
    ] {
        let statement = format!("deny dynamodb:GetItem * to {to}");
        let given = Given { resource: &[&statement], ..own(READS) };
        check(&format!("dynamodb:GetItem T {caller}"), &given, expect, PAGE);
    }
}

fn services() {
    let page = "IAM User Guide: AWS JSON policy elements: Principal: AWS service principals";
    for (to, caller, expect) in [
        ("lambda.amazonaws.com", "app", Denied),
        ("lambda.amazonaws.com", "lambda.amazonaws.com", Allowed),
        ("lambda.amazonaws.com", "glue.amazonaws.com", Denied),
        ("redshift.amazonaws.com,glue.amazonaws.com", "glue.amazonaws.com", Allowed),
        ("root", "lambda.amazonaws.com", Denied),
        ("app", "lambda.amazonaws.com", Denied),
    ] {
        let statement = format!("allow dynamodb:GetItem * to {to}");
        let given = Given { resource: &[&statement], ..own(NONE) };
        check(&format!("dynamodb:GetItem T {caller}"), &given, expect, page);
    }
    // A service has no identity policies.
    check("dynamodb:GetItem T lambda.amazonaws.com", &own(&["allow * *"]), Denied, page);
    let both = Given {
        resource: &["allow dynamodb:* * to lambda.amazonaws.com", "deny dynamodb:GetItem * to *"],
        ..own(NONE)
    };
    check("dynamodb:GetItem T lambda.amazonaws.com", &both, Denied, page);
    check("dynamodb:Query T lambda.amazonaws.com", &both, Allowed, page);
}
