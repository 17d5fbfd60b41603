use super::*;

const OWN: &str = "111122223333";

/// Surveys one Allow to `principal` with a `condition` block, and says what it found.
fn check(principal: &str, condition: &str, expect: &str) {
    let statement = format!(
        r#"{{"Effect":"Allow",{principal},"Action":"dynamodb:GetItem","Resource":"*","Condition":{{{condition}}}}}"#
    );
    let policy = Policy::parse(&format!(r#"{{"Statement":{statement}}}"#));
    assert!(policy.unread.is_empty(), "{statement}: {:?}", policy.unread);
    let grants = survey(&policy, OWN);
    let found = match &grants {
        g if !g.public.is_empty() => "public".to_owned(),
        g if !g.foreign.is_empty() => g.foreign.iter().map(Whom::words).collect::<Vec<_>>().join("; "),
        g if !g.unclear.is_empty() => "unclear".to_owned(),
        _ => "own".to_owned(),
    };
    assert_eq!(found, expect, "{principal} {condition}");
}

#[test]
fn principals_are_told_apart_by_account() {
    check(r#""Principal":"*""#, "", "public");
    check(r#""Principal":{"AWS":["111122223333","*"]}"#, "", "public");
    check(r#""NotPrincipal":{"AWS":"arn:aws:iam::111122223333:root"}"#, "", "public");
    check(r#""Principal":{"AWS":"111122223333"}"#, "", "own");
    check(r#""Principal":{"AWS":"arn:aws:iam::111122223333:root"}"#, "", "own");
    check(r#""Principal":{"AWS":"arn:aws:sts::111122223333:assumed-role/a/b"}"#, "", "own");
    check(r#""Principal":{"AWS":"444455556666"}"#, "", "account 444455556666");
    check(r#""Principal":{"AWS":"arn:aws-cn:iam::444455556666:root"}"#, "", "account 444455556666");
    check(
        r#""Principal":{"AWS":["444455556666","arn:aws:iam::444455556666:user/a"]}"#,
        "",
        "account 444455556666",
    );
    check(r#""Principal":{"AWS":"AROAEXAMPLEEXAMPLE123"}"#, "", "own");
    check(r#""Principal":{"AWS":"arn:aws:iam::*:root"}"#, "", "unclear");
    check(r#""Principal":{"AWS":"4444555566667"}"#, "", "unclear");
    check(r#""Principal":{"Service":"replication.dynamodb.amazonaws.com"}"#, "", "own");
    check(r#""Principal":{"Federated":"accounts.example.com"}"#, "", "unclear");
}

#[test]
fn everyone_is_narrowed_by_trusted_keys_with_fixed_values_only() {
    let anyone = r#""Principal":"*""#;
    for (condition, expect) in [
        (r#""StringEquals":{"aws:PrincipalAccount":"111122223333"}"#, "own"),
        (
            r#""StringEquals":{"AWS:principalaccount":["111122223333","444455556666"]}"#,
            "account 444455556666",
        ),
        (r#""StringEquals":{"aws:PrincipalOrgID":"o-example"}"#, "organization o-example"),
        (r#""ForAnyValue:StringEquals":{"aws:PrincipalOrgPaths":"o-a/r-b/"}"#, "organization path o-a/r-b/"),
        (r#""ForAllValues:StringEquals":{"aws:PrincipalOrgPaths":"o-a/r-b/"}"#, "public"),
        (r#""StringEqualsIfExists":{"aws:PrincipalOrgID":"o-example"}"#, "public"),
        (r#""StringNotEquals":{"aws:PrincipalAccount":"444455556666"}"#, "public"),
        (r#""StringLike":{"aws:PrincipalOrgID":"o-*"}"#, "public"),
        (r#""StringEquals":{"aws:PrincipalAccount":"${aws:ResourceAccount}"}"#, "public"),
        (r#""StringEquals":{"aws:PrincipalAccount":[]}"#, "public"),
        (r#""IpAddress":{"aws:SourceIp":"203.0.113.7/32"}"#, "public"),
        (r#""Bool":{"aws:SecureTransport":true}"#, "public"),
        (r#""Bool":{"aws:PrincipalIsAWSService":true}"#, "own"),
        (r#""Bool":{"aws:PrincipalIsAWSService":false}"#, "public"),
        (r#""ArnEquals":{"aws:PrincipalArn":"arn:aws:iam::444455556666:role/r"}"#, "account 444455556666"),
        (r#""ArnLike":{"aws:PrincipalArn":"arn:aws:iam::444455556666:role/*"}"#, "public"),
        (r#""StringEquals":{"aws:SourceVpce":"vpce-1"}"#, "whoever comes through vpce-1"),
        (r#""StringEquals":{"aws:PrincipalOrgID":"o-example","aws:PrincipalAccount":"111122223333"}"#, "own"),
    ] {
        check(anyone, condition, expect);
    }
}

#[test]
fn a_deny_to_everyone_is_not_public() {
    let policy =
        Policy::parse(r#"{"Statement":{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*"}}"#);
    let grants = survey(&policy, OWN);
    assert!(grants.public.is_empty() && grants.denies);
}

#[test]
fn wildcards_over_all_actions() {
    for (action, expect) in [
        (r#""Action":"*""#, true),
        (r#""Action":["dynamodb:GetItem","DynamoDB:*"]"#, true),
        (r#""Action":"dynamodb:?*""#, true),
        (r#""NotAction":"dynamodb:DeleteTable""#, true),
        (r#""Action":"dynamodb:Get*""#, false),
        (r#""Action":"dynamodb:GetItem""#, false),
    ] {
        let text = format!(r#"{{"Statement":{{"Effect":"Allow","Principal":"*",{action}}}}}"#);
        assert_eq!(allows_everything(&Policy::parse(&text).statements[0]), expect, "{action}");
    }
}

proptest::proptest! {
    /// Whatever a principal looks like, it is never taken for one of the table's own account by chance.
    #[test]
    fn only_the_own_account_is_own(principal in "[ -~]{0,60}") {
        let own = principal == OWN
            || Arn::parse(&principal).is_some_and(|a| a.account == OWN)
            || is_unique_id(&principal);
        let found = outsider(PrincipalKind::Aws, &principal, OWN);
        proptest::prop_assert_eq!(found == Ok(None), own);
    }
}
