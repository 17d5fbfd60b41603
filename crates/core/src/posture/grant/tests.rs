use super::*;

const OWN: &str = "111122223333";
const ARN: &str = "arn:aws:dynamodb:eu-west-1:111122223333:table/t";

fn surveyed(policy: &Policy) -> Grants {
    survey(&Standing::of(policy, Governed::table(Some(ARN), OWN)))
}

/// Surveys one Allow to `principal` with a `condition` block, and says what it found.
fn check(principal: &str, condition: &str, expect: &str) {
    let statement = format!(
        r#"{{"Effect":"Allow",{principal},"Action":"dynamodb:GetItem","Resource":"*","Condition":{{{condition}}}}}"#
    );
    let policy = Policy::parse(&format!(r#"{{"Statement":{statement}}}"#));
    assert!(policy.unread.is_empty(), "{statement}: {:?}", policy.unread);
    let grants = surveyed(&policy);
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
    let grants = surveyed(&policy);
    assert_eq!(grants, Grants::default());
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
        let grants = surveyed(&policy);
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

/// What is left of an Allow beside Denies.
#[track_caller]
fn beside(allow: &str, denies: &[&str], expect: &str) {
    let denies: String =
        denies.iter().map(|deny| format!(r#",{{"Effect":"Deny",{deny}}}"#)).collect::<Vec<_>>().concat();
    let policy = Policy::parse(&format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow",{allow}}}{denies}]}}"#
    ));
    assert!(policy.unread.is_empty(), "{denies}: {:?}", policy.unread);
    let grants = surveyed(&policy);
    let found = match &grants {
        g if !g.public.is_empty() => "public".to_owned(),
        g if !g.foreign.is_empty() => g.foreign.iter().map(Whom::words).collect::<Vec<_>>().join("; "),
        _ => "own".to_owned(),
    };
    let perhaps = if grants.denies { ", perhaps" } else { "" };
    assert_eq!(format!("{found}{perhaps}"), expect, "{allow} {denies}");
}

/// Everyone may read the table, and its indexes.
const EVERYONE: &str = r#""Principal":"*","Action":["dynamodb:GetItem","dynamodb:Query"],"Resource":"*""#;

/// A Deny of everything to everyone, under these conditions.
fn unless(conditions: &str) -> String {
    format!(r#""Principal":"*","Action":"dynamodb:*","Resource":"*","Condition":{{{conditions}}}"#)
}

/// "Access management" and "Data perimeters on AWS" have most of these forms.
#[test]
fn a_deny_of_all_but_some_leaves_those() {
    let other = r#""StringNotEquals":{"aws:PrincipalAccount":"111122223333"}"#;
    for (conditions, expect) in [
        (other, "own"),
        (r#""StringNotEqualsIfExists":{"aws:PrincipalOrgID":"o-a"}"#, "organization o-a"),
        (r#""ArnNotLike":{"aws:PrincipalArn":"arn:aws:iam::111122223333:*"}"#, "own"),
        (r#""ArnNotLike":{"aws:PrincipalArn":"arn:aws:iam::444455556666:role/etl"}"#, "account 444455556666"),
        (r#""ForAllValues:StringNotLike":{"aws:PrincipalOrgPaths":"o-a/*"}"#, "organization path o-a/*"),
        (
            r#""StringNotEquals":{"aws:PrincipalAccount":["111122223333","444455556666"]}"#,
            "account 444455556666",
        ),
        (r#""StringNotEquals":{"aws:SourceVpce":"vpce-1"}"#, "whoever comes through vpce-1"),
        // A perimeter: services are spared, and so is nobody else.
        (
            r#""StringNotEqualsIfExists":{"aws:PrincipalOrgID":"o-a"},"BoolIfExists":{"aws:PrincipalIsAWSService":"false"}"#,
            "organization o-a",
        ),
        (
            r#""StringNotEquals":{"aws:SourceVpc":"vpc-1"},"BoolIfExists":{"aws:PrincipalIsAWSService":"false"}"#,
            "whoever comes from vpc-1",
        ),
        // Both have to be so for it to deny: whoever is of the organization comes, and whoever is of the account.
        (
            r#""StringNotEquals":{"aws:PrincipalOrgID":"o-a","aws:PrincipalAccount":"444455556666"}"#,
            "organization o-a; account 444455556666",
        ),
        // Whoever comes by themselves has no source: it denies all of them.
        (r#""StringNotEquals":{"aws:SourceAccount":"111122223333"}"#, "own"),
        (r#""Null":{"aws:PrincipalServiceName":"true"}"#, "own"),
        // Whoever comes through a service is spared: of everyone.
        (
            r#""StringNotEqualsIfExists":{"aws:SourceVpc":"vpc-1"},"BoolIfExists":{"aws:ViaAWSService":"false"}"#,
            "public",
        ),
        (r#""Bool":{"aws:ViaAWSService":"false"}"#, "public"),
        // Of some kind of people only.
        (r#""ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/*"}"#, "public"),
        (r#""StringLike":{"aws:PrincipalArn":"*:role/*"}"#, "public"),
        (r#""StringLike":{"aws:userid":"AROA*:*"}"#, "public"),
        (r#""StringEquals":{"aws:PrincipalType":"AssumedRole"}"#, "public"),
        // Not of everyone, not for certain.
        (r#""ForAnyValue:StringNotLike":{"aws:PrincipalOrgPaths":"o-a/*"}"#, "public"),
        (r#""StringEquals":{"aws:PrincipalAccount":"111122223333"}"#, "public"),
        (r#""StringEquals":{"aws:PrincipalAccount":"444455556666"}"#, "public"),
        (r#""StringNotLike":{"aws:PrincipalAccount":"1111*"}"#, "public"),
        (r#""StringNotLike":{"aws:PrincipalOrgID":"o-a*"}"#, "public"),
        (r#""ArnNotLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/etl-*"}"#, "public"),
        (r#""NotIpAddress":{"aws:SourceIp":"10.0.0.0/8"}"#, "public, perhaps"),
        (r#""StringNotEquals":{"aws:PrincipalTag/team":"a"}"#, "public, perhaps"),
        (r#""Bool":{"aws:SecureTransport":"false"}"#, "public"),
        (
            r#""StringNotEquals":{"aws:PrincipalAccount":"111122223333"},"NumericLessThan":{"s3:max-keys":"1"}"#,
            "public, perhaps",
        ),
    ] {
        beside(EVERYONE, &[&unless(conditions)], expect);
    }
    let both = [
        unless(r#""StringNotEquals":{"aws:PrincipalOrgID":"o-a"}"#),
        unless(r#""StringNotEquals":{"aws:SourceVpce":"vpce-1"}"#),
    ];
    beside(EVERYONE, &[&both[0], &both[1]], "organization o-a; whoever comes through vpce-1, perhaps");
}

#[test]
fn a_deny_takes_what_it_is_about() {
    let other = r#""Condition":{"StringNotEquals":{"aws:PrincipalAccount":"111122223333"}}"#;
    for (deny, expect) in [
        (format!(r#""Principal":"*","Action":"*","Resource":["{ARN}","{ARN}/*"],{other}"#), "own"),
        (format!(r#""Principal":"*","Action":["dynamodb:Get*","dynamodb:Query"],"Resource":"*",{other}"#), "own"),
        (format!(r#""Principal":"*","NotAction":"dynamodb:Scan","Resource":"*",{other}"#), "own"),
        (format!(r#""Principal":"*","Action":"*","NotResource":"arn:x",{other}"#), "own"),
        (r#""NotPrincipal":{"AWS":["111122223333","arn:aws:iam::111122223333:role/a"]},"Action":"*","Resource":"*""#.into(), "own"),
        (
            r#""NotPrincipal":{"AWS":["111122223333","444455556666"]},"Action":"*","Resource":"arn:*""#.into(),
            "account 444455556666",
        ),
        (r#""Principal":"*","Action":"dynamodb:*","Resource":"*""#.into(), "own"),
        // An index is left, an action is, and all others are.
        (format!(r#""Principal":"*","Action":"*","Resource":"{ARN}",{other}"#), "public"),
        (format!(r#""Principal":"*","Action":"*","Resource":"{ARN}/index/i",{other}"#), "public"),
        (format!(r#""Principal":"*","Action":"dynamodb:GetItem","Resource":"*",{other}"#), "public"),
        (r#""Principal":{"AWS":"444455556666"},"Action":"*","Resource":"*""#.into(), "public"),
    ] {
        beside(EVERYONE, &[&deny], expect);
    }
}

#[test]
fn indexes_are_apart_from_their_table() {
    let of = |resources: &str| format!(r#""Principal":"*","Action":"dynamodb:Query","Resource":{resources}"#);
    let other = r#""Condition":{"StringNotEquals":{"aws:PrincipalAccount":"111122223333"}}"#;
    let deny =
        |resources: &str| format!(r#""Principal":"*","Action":"dynamodb:*","Resource":{resources},{other}"#);
    let named = format!(r#"["{ARN}","{ARN}/index/by-x"]"#);
    beside(&of(&named), &[&deny(&format!(r#""{ARN}""#))], "public");
    beside(&of(&named), &[&deny(&format!(r#"["{ARN}","{ARN}/index/any"]"#))], "public");
    beside(&of(&named), &[&deny(&named)], "own");
    let all = format!(r#""{ARN}/index/*""#);
    beside(&of(&all), &[&deny(&format!(r#""{ARN}/index/a*""#))], "public");
    beside(&of(&format!(r#""{ARN}/index/by-*""#)), &[&deny(&all)], "own");
}

/// A policy of a few kilobytes can name so much that asking for all of it would take hours: what was not asked for counts
/// as open, and is said to depend on the Denies.
#[test]
fn a_policy_that_is_made_to_be_slow_is_not() {
    let many = |of: &str| {
        (0..30).map(|n| format!("\"{}\"", of.replace('#', &n.to_string()))).collect::<Vec<_>>().join(",")
    };
    let slow = format!(
        r#""ArnLike":{{"aws:PrincipalArn":[{}]}},"StringLike":{{"aws:PrincipalOrgID":[{}],"aws:PrincipalAccount":[{}]}}"#,
        many("arn:aws:iam::*:role/a#-*"),
        many("o-#*"),
        many("1#*"),
    );
    beside(EVERYONE, &[&unless(&slow), r#""Principal":"*","Action":"*","Resource":"*""#], "own");
    let many_denies: Vec<String> = (0..10)
        .map(|n| unless(&slow.replace("o-", &format!("o-{n}")).replace("role/a", &format!("role/a{n}"))))
        .collect();
    let many_denies: Vec<&str> = many_denies.iter().map(String::as_str).collect();
    beside(&EVERYONE.replace("GetItem", "*"), &many_denies, "public");
}

#[test]
fn a_deny_beside_somebody_by_name() {
    let other = unless(r#""StringNotEquals":{"aws:PrincipalAccount":"111122223333"}"#);
    let theirs = r#""Principal":{"AWS":"444455556666"},"Action":"*","Resource":"*""#;
    beside(theirs, &[&other], "own");
    let theirs_too = unless(r#""StringNotEquals":{"aws:PrincipalArn":"arn:aws:iam::444455556666:role/etl"}"#);
    beside(theirs, &[&theirs_too], "account 444455556666");
    beside(&theirs.replace("444455556666", "arn:aws:iam::444455556666:role/web"), &[&theirs_too], "own");
    beside(
        theirs,
        &[&unless(r#""StringNotEquals":{"aws:PrincipalOrgID":"o-a"}"#)],
        "account 444455556666, perhaps",
    );
    let organization = r#""Principal":"*","Action":"dynamodb:Scan","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-a"}}"#;
    beside(organization, &[&other], "own");
    let two = unless(r#""StringNotEquals":{"aws:PrincipalAccount":["111122223333","444455556666"]}"#);
    beside(organization, &[&two], "account 444455556666");
    // Whether a service has such a key, AWS does not tell.
    let service = r#""Principal":{"Service":"events.amazonaws.com"},"Action":"*","Resource":"*","Condition":{"StringEquals":{"aws:SourceAccount":"444455556666"}}"#;
    beside(service, &[&other], "events.amazonaws.com on behalf of account 444455556666, perhaps");
    let own_sources = unless(r#""StringNotEquals":{"aws:SourceAccount":"111122223333"}"#);
    beside(service, &[&own_sources], "own");
}

/// Many checks ask the same of a policy, again after each answer about its table: the work is done once.
#[test]
fn what_a_policy_says_is_worked_out_once() {
    let policy = Policy::parse(
        r#"{"Statement":[
            {"Effect":"Allow","Principal":"*","Action":"dynamodb:*","Resource":"*"},
            {"Effect":"Deny","Principal":"*","Action":"dynamodb:*","Resource":"*",
             "Condition":{"StringNotEquals":{"aws:PrincipalOrgID":"o-example"}}}]}"#,
    );
    let first = surveyed(&policy);
    let spent = policy.answered().spent();
    assert!(spent > 0);
    assert_eq!(surveyed(&policy.clone()), first);
    assert_eq!(policy.answered().spent(), spent, "the same was worked out again");
    // Of other statements nothing is known by it, though they have the same numbers.
    let alone = policy.with_only(policy.statements[..1].to_vec());
    assert!(!surveyed(&alone).public.is_empty());
    assert_ne!(surveyed(&alone), first);
}

#[test]
fn a_statement_about_something_else_has_no_effect() {
    let of = |resource: &str| format!(r#""Principal":"*","Action":"dynamodb:*","Resource":{resource}"#);
    for (resource, expect) in [
        (format!(r#""{ARN}""#), "public"),
        (format!(r#""{ARN}/index/by-mail""#), "public"),
        (format!(r#""{ARN}/index/*""#), "public"),
        (r#""arn:aws:dynamodb:*:*:table/*""#.into(), "public"),
        (r#""arn:aws:dynamodb:eu-west-1:111122223333:table/t*/index/*""#.into(), "public"),
        (r#""arn:aws:dynamodb:eu-west-1:111122223333:table/${aws:PrincipalTag/t}""#.into(), "public"),
        (r#""arn:aws:dynamodb:eu-west-1:111122223333:table/other""#.into(), "own"),
        (r#""arn:aws:dynamodb:us-east-1:111122223333:table/t""#.into(), "own"),
        (format!(r#"["{ARN}/stream/2020-01-01T00:00:00.000"]"#), "own"),
    ] {
        beside(&of(&resource), &[], expect);
    }
    // Its indexes are left.
    beside(&format!(r#""Principal":"*","Action":"dynamodb:*","NotResource":"{ARN}""#), &[], "public");
    beside(&format!(r#""Principal":"*","Action":"dynamodb:*","NotResource":"{ARN}*""#), &[], "own");
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
