//! Documents that are written in another way, and those that AWS would not take: what is not understood is never a no.

use super::language::{GET, NONE, READS};
use super::tally::check;
use super::world::{Control, Given, own};
use crate::access::Answer::{Allowed, AllowedIf, Denied};

const GRAMMAR: &str = "IAM User Guide: Grammar of the IAM JSON policy language";

pub(super) fn cases() {
    other_spellings();
    whole_documents();
    statements();
    other_layers();
}

/// The same in other words.
fn other_spellings() {
    for (document, expect) in [
        (r#"{"Statement": {"Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": "*"}}"#, Allowed),
        (r#"{"Statement": [{"Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": ["*"]}]}"#, Allowed),
        (r#"{"Statement": [{"Effect": "Allow", "Action": ["dynamodb:GetItem"], "Resource": "*"}]}"#, Allowed),
        (
            r#"{"Resource": "*", "Id": "a", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}"#,
            AllowedIf,
        ),
        (
            r#"{"Id": "a", "Version": "2012-10-17", "Statement": [{"Sid": "A1", "Effect": "Allow", "Action": "*", "Resource": "*"}]}"#,
            Allowed,
        ),
        // Numbers and truth values count as their text.
        (
            r#"{"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"Bool": {"app:flag": true}}}]}"#,
            Allowed,
        ),
        (
            r#"{"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"Bool": {"app:flag": false}}}]}"#,
            Denied,
        ),
        (
            r#"{"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"NumericLessThan": {"app:count": 10}}}]}"#,
            Allowed,
        ),
        (
            r#"{"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"NumericEquals": {"app:count": [1, 5]}}}]}"#,
            Allowed,
        ),
        (
            r#"{"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"StringEquals": {"app:count": "5"}}}]}"#,
            Allowed,
        ),
    ] {
        let context = &[("app:flag", "true"), ("app:count", "5")];
        let written = format!("as {document}");
        check(GET, &Given { context, ..own(&[&written]) }, expect, GRAMMAR);
    }
    // As IAM's API writes it.
    let encoded = "as %7B%22Statement%22%3A%5B%7B%22Effect%22%3A%22Allow%22%2C%22Action%22%3A%22dynamodb%3AGetItem%22%2C%22Resource%22%3A%22%2A%22%7D%5D%7D";
    check(GET, &own(&[encoded]), Allowed, "IAM API Reference: PolicyDetail");
    check("dynamodb:Query T app", &own(&[encoded]), Denied, "IAM API Reference: PolicyDetail");
}

fn whole_documents() {
    for document in [
        "",
        "{",
        "[]",
        "null",
        r#""allow""#,
        r#"{"Version": "2012-10-17"}"#,
        r#"{"Statement": "allow"}"#,
        r#"{"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]"#,
        r#"{"Version": "2030-01-01", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}"#,
        r#"{"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}], "Statement": []}"#,
        r#"{"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}], "Statements": []}"#,
    ] {
        check(GET, &own(&[&format!("as {document}")]), AllowedIf, GRAMMAR);
    }
    // It may deny what another allows, and no more than allow what another denies.
    check(GET, &Given { managed: Some(READS), ..own(&["as {"]) }, AllowedIf, GRAMMAR);
    check(GET, &Given { managed: Some(&["deny * *"]), ..own(&["as {"]) }, Denied, GRAMMAR);
}

fn statements() {
    let all = r#""Action": "*", "Resource": "*""#;
    // Each may allow.
    for members in [
        format!(r#""Effect": "allow", {all}"#),
        format!(r#""Effect": "Permit", {all}"#),
        all.to_owned(),
        format!(r#""Effect": "Allow", "Effect": "Deny", {all}"#),
        r#""Effect": "Allow", "Action": "*""#.to_owned(),
        r#""Effect": "Allow", "Resource": "*""#.to_owned(),
        r#""Effect": "Allow", "Action": [], "Resource": "*""#.to_owned(),
        r#""Effect": "Allow", "Action": "*", "NotAction": "iam:*", "Resource": "*""#.to_owned(),
        r#""Effect": "Allow", "Action": "*", "Resource": "*", "NotResource": "a""#.to_owned(),
        r#""Effect": "Allow", "Action": {"a": 1}, "Resource": "*""#.to_owned(),
        format!(r#""Effect": "Allow", "Principal": "*", {all}"#),
        format!(r#""Effect": "Allow", "Conditions": {{}}, {all}"#),
        format!(r#""Effect": "Allow", "Condition": [], {all}"#),
        format!(r#""Effect": "Allow", "Condition": {{"StringEqual": {{"app:x": "a"}}}}, {all}"#),
        format!(r#""Effect": "Allow", "Condition": {{"ForAll:StringEquals": {{"app:x": "a"}}}}, {all}"#),
        format!(r#""Effect": "Allow", "Condition": {{"NullIfExists": {{"app:x": "true"}}}}, {all}"#),
        format!(r#""Effect": "Allow", "Condition": {{"StringEquals": "a"}}, {all}"#),
    ] {
        check(GET, &own(&[&format!(r#"as {{"Statement": [{{{members}}}]}}"#)]), AllowedIf, GRAMMAR);
    }
    // What allows clearly beside it does; what may deny stays.
    let beside = |first: &str, other: &str, expect| {
        let document = format!(r#"as {{"Statement": [{{{first}}}, {{{other}}}]}}"#);
        check(GET, &own(&[&document]), expect, GRAMMAR);
    };
    let allow = format!(r#""Effect": "Allow", {all}"#);
    let deny = format!(r#""Effect": "Deny", {all}"#);
    beside(&allow, r#""Effect": "Allow", "Resource": "*""#, Allowed);
    beside(&allow, r#""Effect": "Deny", "Resource": "*""#, AllowedIf);
    beside(&allow, &format!(r#""Effect": "deny", {all}"#), AllowedIf);
    beside(
        &allow,
        &format!(r#""Effect": "Deny", "Condition": {{"StringEqual": {{"app:x": "a"}}}}, {all}"#),
        AllowedIf,
    );
    beside(&deny, r#""Effect": "Allow", "Resource": "*""#, Denied);
    beside(&deny, &format!(r#""Effect": "allow", {all}"#), Denied);
    beside(r#""Effect": "Deny", "Resource": "*""#, r#""Effect": "Deny", "Action": []"#, Denied);
}

fn other_layers() {
    let broken: &[&str] = &["as {"];
    check(GET, &Given { resource: broken, ..own(READS) }, AllowedIf, GRAMMAR);
    check(GET, &Given { resource: broken, ..own(NONE) }, AllowedIf, GRAMMAR);
    check(GET, &Given { resource: broken, ..own(&["deny * *"]) }, Denied, GRAMMAR);
    check(GET, &Given { boundary: Some(broken), ..own(READS) }, AllowedIf, GRAMMAR);
    check(GET, &Given { boundary: Some(broken), ..own(NONE) }, Denied, GRAMMAR);
    check(GET, &Given { endpoint: Some(broken), ..own(READS) }, AllowedIf, GRAMMAR);
    check(GET, &Given { endpoint: Some(broken), ..own(NONE) }, Denied, GRAMMAR);
    check(GET, &Given { key: Some(broken), ..own(READS) }, AllowedIf, GRAMMAR);
    check("dynamodb:GetItem T session", &Given { session: Some(broken), ..own(READS) }, AllowedIf, GRAMMAR);
    let control = Control { unit: broken, ..Control::default() };
    check(GET, &Given { organization: Some(control), ..own(READS) }, AllowedIf, GRAMMAR);
    // What such a policy cannot have.
    let page = "IAM User Guide: AWS JSON policy elements: NotPrincipal";
    let trust = Given { resource: &["allow sts:AssumeRole to !ann"], ..own(&["allow sts:* *"]) };
    check("sts:AssumeRole reader app", &trust, AllowedIf, page);
    let nobody = r#"{"Effect": "Allow", "Action": "dynamodb:*", "Resource": "*"}"#;
    let page = "IAM User Guide: AWS JSON policy elements: Principal";
    check(GET, &Given { resource: &[nobody], ..own(NONE) }, AllowedIf, page);
    let both = r#"{"Effect": "Allow", "Principal": "*", "NotPrincipal": {"AWS": "111122223333"}, "Action": "*", "Resource": "*"}"#;
    check(GET, &Given { resource: &[both], ..own(NONE) }, AllowedIf, page);
    let odd = r#"{"Effect": "Allow", "Principal": {"Group": "team"}, "Action": "*", "Resource": "*"}"#;
    check(GET, &Given { resource: &[odd], ..own(NONE) }, AllowedIf, page);
}
