use super::*;

const OWN: &str = "111122223333";

/// Surveys one Allow to `principal` with a `condition` block, and says what it found.
fn check(principal: &str, condition: &str, expect: &str) {
    let statement = format!(
        r#"{{"Effect":"Allow",{principal},"Action":"dynamodb:GetItem","Resource":"*","Condition":{{{condition}}}}}"#
    );
    let policy = Policy::parse(&format!(r#"{{"Statement":{statement}}}"#));
    assert!(policy.unread.is_empty(), "{statement}: {:?}", policy.unread);
    let grants = survey(&policy, OWN, Attached::Table);
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
        (r#""ArnLike":{"aws:PrincipalArn":"arn:aws:iam::444455556666:role/*"}"#, "account 444455556666"),
        (r#""ArnLike":{"aws:PrincipalArn":"arn:aws:iam::111122223333:role/*"}"#, "own"),
        (r#""ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/app"}"#, "public"),
        // In text a star stands for colons as well.
        (r#""StringLike":{"aws:PrincipalArn":"arn:aws:iam::111122223333:role/*"}"#, "own"),
        (r#""StringLike":{"aws:PrincipalArn":"arn:aws:iam:*:111122223333:role/*"}"#, "public"),
        (r#""ForAnyValue:StringLike":{"aws:PrincipalOrgPaths":"o-a/r-b/*"}"#, "organization path o-a/r-b/*"),
        (r#""ForAnyValue:StringLike":{"aws:PrincipalOrgPaths":"o-*/r-b/"}"#, "public"),
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
    let grants = survey(&policy, OWN, Attached::Table);
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

/// What a service may do for whom.
const FOR: &[(&str, &str, &str)] = &[
    ("aws:SourceAccount", "111122223333", "own"),
    ("aws:SourceAccount", "444455556666", "foreign"),
    ("aws:SourceAccount", "4444*", "foreign, anybody"),
    ("aws:SourceAccount", "1111*", "own, anybody"),
    ("aws:SourceAccount", "*", "own, anybody"),
    ("aws:SourceAccount", "", "own, anybody"),
    ("aws:SourceAccount", "${aws:PrincipalAccount}", "own, anybody"),
    ("aws:SourceArn", "arn:aws:events:eu-west-1:111122223333:rule/a", "own"),
    ("aws:SourceArn", "arn:aws:events:*:111122223333:rule/*", "own"),
    ("aws:SourceArn", "arn:aws:events:eu-west-1:444455556666:rule/a", "foreign"),
    ("aws:SourceArn", "arn:aws:dynamodb:*:444455556666:table/*", "foreign"),
    ("aws:SourceArn", "arn:aws:events:*:*:rule/*", "own, anybody"),
    ("aws:SourceArn", "arn:aws:events:*:4444*:rule/*", "foreign, anybody"),
    ("aws:SourceArn", "arn:aws:s3:::a-bucket", "foreign"),
    ("aws:SourceOrgID", "o-example", "foreign"),
    ("aws:SourceOrgID", "o-*", "own, anybody"),
    ("aws:SourceOrgPaths", "o-example/r-1/*", "foreign"),
];

/// Whoever lets services in, and how their statement narrows who comes to services alone.
const BY: &[(&str, &str)] = &[
    (r#""Principal":{"Service":"replication.dynamodb.amazonaws.com"}"#, ""),
    (r#""Principal":{"Service":"redshift.amazonaws.com"}"#, ""),
    (r#""Principal":{"Service":["events.amazonaws.com","glue.amazonaws.com"]}"#, ""),
    (r#""Principal":{"AWS":"111122223333","Service":"no.such.service"}"#, ""),
    (r#""Principal":"*""#, r#""Bool":{"aws:PrincipalIsAWSService":"true"},"#),
    (r#""Principal":"*""#, r#""StringEquals":{"aws:PrincipalServiceName":"events.amazonaws.com"},"#),
    (r#""NotPrincipal":{"AWS":"111122223333"}"#, r#""Bool":{"aws:PrincipalIsAWSService":true},"#),
];

/// A service is of the own account only where its source is, whichever service, key and operator.
#[test]
fn a_service_comes_from_where_its_source_is() {
    let find = |who: &str, conditions: &str| {
        let text = format!(
            r#"{{"Statement":{{"Effect":"Allow",{who},"Action":"*","Resource":"*","Condition":{{{conditions}}}}}}}"#
        );
        let policy = Policy::parse(&text);
        assert!(policy.unread.is_empty(), "{text}");
        let grants = survey(&policy, OWN, Attached::Table);
        assert_eq!((grants.public.len(), grants.unclear.len()), (0, 0), "{text}");
        let from = if grants.foreign.is_empty() { "own" } else { "foreign" };
        format!("{from}{}", if is_unbound_service(&policy.statements[0]) { ", anybody" } else { "" })
    };
    for (who, services) in BY {
        assert_eq!(find(who, services.trim_end_matches(',')), "own, anybody");
        for (key, value, expect) in FOR {
            let like = if key.ends_with("Arn") { "ArnLike" } else { "ForAnyValue:StringLike" };
            let conditions =
                |operator: &str, values: &str| format!(r#"{services}"{operator}":{{"{key}":{values}}}"#);
            let one = format!(r#""{value}""#);
            assert_eq!(find(who, &conditions(like, &one)), *expect, "{who} {key} {value}");
            assert_eq!(find(who, &conditions(&like.to_uppercase(), &one)), *expect, "{who} {key} {value}");
            // Of several values each one counts.
            let mixed = |other: &str| find(who, &conditions(like, &format!(r#"[{other},"{value}"]"#)));
            let foreign = if key.ends_with("Arn") {
                r#""arn:aws:s3:us-east-1:444455556666:b""#
            } else {
                r#""444455556666""#
            };
            assert!(mixed(foreign).starts_with("foreign"), "{who} {key} {value}");
            assert_eq!(
                mixed(foreign).ends_with("anybody"),
                expect.ends_with("anybody"),
                "{who} {key} {value}"
            );
            // Where the key may be missing, anybody comes, and whoever is named all the same.
            let loose = find(who, &conditions(&format!("{like}IfExists"), &one));
            assert!(loose.ends_with("anybody"), "{who} {key} {value}: {loose}");
            assert_eq!(loose.starts_with("foreign"), expect.starts_with("foreign"), "{who} {key} {value}");
            // Beside the own account as another condition, nothing else comes.
            if *key != "aws:SourceAccount" {
                let own =
                    format!(r#"{},"StringEquals":{{"aws:SourceAccount":"{OWN}"}}"#, conditions(like, &one));
                if !services.contains("StringEquals") {
                    assert_eq!(find(who, &own), "own", "{who} {key} {value}");
                }
            }
        }
    }
}

/// What is left of an Allow to everyone, or to another account, beside a Deny.
#[test]
fn a_deny_of_all_but_some_leaves_those() {
    let find = |allow: &str, deny: &str| {
        let policy = Policy::parse(&format!(
            r#"{{"Statement":[{{"Effect":"Allow",{allow}}},{{"Effect":"Deny",{deny}}}]}}"#
        ));
        assert!(policy.unread.is_empty(), "{deny}");
        let grants = survey(&policy, OWN, Attached::Table);
        match &grants {
            g if !g.public.is_empty() => "public".to_owned(),
            g if !g.foreign.is_empty() => g.foreign.iter().map(Whom::words).collect::<Vec<_>>().join("; "),
            _ => "own".to_owned(),
        }
    };
    let everyone = r#""Principal":"*","Action":["dynamodb:GetItem","dynamodb:Query"],"Resource":"arn:t""#;
    let all = r#""Principal":"*","Action":"dynamodb:*","Resource":"*""#;
    let other = r#""StringNotEquals":{"aws:PrincipalAccount":"111122223333"}"#;
    for (deny, expect) in [
        (format!(r#"{all},"Condition":{{{other}}}"#), "own"),
        (all.to_owned(), "own"),
        (format!(r#"{all},"Condition":{{"StringNotEqualsIfExists":{{"aws:PrincipalOrgID":"o-a"}}}}"#), "organization o-a"),
        (format!(r#"{all},"Condition":{{"ArnNotLike":{{"aws:PrincipalArn":"arn:aws:iam::111122223333:*"}}}}"#), "own"),
        (format!(r#"{all},"Condition":{{"ForAllValues:StringNotLike":{{"aws:PrincipalOrgPaths":"o-a/*"}}}}"#), "organization path o-a/*"),
        (r#""NotPrincipal":{"AWS":["111122223333","arn:aws:iam::111122223333:role/a"]},"Action":"*","Resource":"*""#.into(), "own"),
        (r#""NotPrincipal":{"AWS":["111122223333","444455556666"]},"Action":"*","Resource":"arn:*""#.into(), "account 444455556666"),
        // Not of everyone, not of everything, not for certain.
        (format!(r#"{all},"Condition":{{"ForAnyValue:StringNotLike":{{"aws:PrincipalOrgPaths":"o-a/*"}}}}"#), "public"),
        (format!(r#"{all},"Condition":{{"StringEquals":{{"aws:PrincipalAccount":"111122223333"}}}}"#), "public"),
        (format!(r#"{all},"Condition":{{{other},"Bool":{{"aws:PrincipalIsAWSService":"false"}}}}"#), "public"),
        (format!(r#"{all},"Condition":{{"StringNotLike":{{"aws:PrincipalAccount":"1111*"}}}}"#), "public"),
        (format!(r#"{all},"Condition":{{"StringNotEquals":{{"aws:SourceAccount":"111122223333"}}}}"#), "public"),
        (format!(r#"{all},"Condition":{{"NotIpAddress":{{"aws:SourceIp":"10.0.0.0/8"}}}}"#), "public"),
        (r#""Principal":{"AWS":"444455556666"},"Action":"*","Resource":"*""#.into(), "public"),
        (format!(r#""Principal":"*","Action":"dynamodb:GetItem","Resource":"*","Condition":{{{other}}}"#), "public"),
        (format!(r#""Principal":"*","Action":"*","Resource":"arn:t/index/i","Condition":{{{other}}}"#), "public"),
        (format!(r#""Principal":"*","Action":"*","Resource":"arn:?","Condition":{{{other}}}"#), "public"),
        (format!(r#""Principal":"*","NotAction":"dynamodb:Scan","Resource":"*","Condition":{{{other}}}"#), "public"),
        (format!(r#""Principal":"*","Action":"*","NotResource":"arn:x","Condition":{{{other}}}"#), "public"),
    ] {
        assert_eq!(find(everyone, &deny), expect, "{deny}");
    }
    let theirs = r#""Principal":{"AWS":"444455556666"},"Action":"*","Resource":"*""#;
    assert_eq!(find(theirs, &format!(r#"{all},"Condition":{{{other}}}"#)), "own");
    assert_eq!(
        find(theirs, &format!(r#"{all},"Condition":{{"StringNotEquals":{{"aws:PrincipalOrgID":"o-a"}}}}"#)),
        "account 444455556666"
    );
    // A service has no such key, and a Deny by it may have an exception of its own: it stays.
    let service = r#""Principal":{"Service":"events.amazonaws.com"},"Action":"*","Resource":"*","Condition":{"StringEquals":{"aws:SourceAccount":"444455556666"}}"#;
    assert_eq!(
        find(service, &format!(r#"{all},"Condition":{{{other}}}"#)),
        "events.amazonaws.com on behalf of account 444455556666"
    );
}

proptest::proptest! {
    /// Whatever a principal looks like, it is never taken for one of the table's own account by chance.
    #[test]
    fn only_the_own_account_is_own(principal in "[ -~]{0,60}") {
        let own = principal == OWN
            || Arn::parse(&principal).is_some_and(|a| a.account == OWN)
            || is_unique_id(&principal);
        let found = outsider(PrincipalKind::Aws, &principal, OWN);
        let found = found.is_ok_and(|whom| is_own(&whom, OWN));
        proptest::prop_assert_eq!(found, own);
    }
}
