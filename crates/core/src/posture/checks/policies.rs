//! Policies as people write them and as somebody hostile might, one line each: what every check of a table's policy
//! says of it.

use crate::domain::{FactKind, FactValue, Policy, ResourcePolicy, TableFacts, Verdict};
use crate::posture::CHECKS;
use crate::posture::check::{PostureCheck, Subject, judge};
use crate::posture::examples::{NOW, described, facts, plain, policy, stream, table};

/// Judges a document, and lists what fails, with its severity, and what is unknown.
fn told(document: String) -> String {
    let facts: TableFacts = facts([
        plain(),
        FactValue::Policy(Some(ResourcePolicy {
            policy: Policy::parse(&document),
            document,
            revision: None,
        })),
    ]);
    let table = table();
    let subject = Subject::unread(&table, &facts, NOW);
    // Those of roles and users read it beside the account.
    let reads = |check: &PostureCheck, kind| check.reads.contains(&kind);
    let of_policy = CHECKS.iter().filter(|c| reads(c, FactKind::Policy) && !reads(c, FactKind::Account));
    let said = of_policy.filter_map(|check| match judge(check, &subject) {
        // Nearly no policy has it; a case of its own is below.
        Verdict::Fail(_) if check.id == "policy-no-tls-deny" => None,
        Verdict::Fail(evidence) => Some(format!("{} {}", short(check.id), evidence.severity)),
        Verdict::Unknown(_) => Some(format!("{} unknown", short(check.id))),
        Verdict::Pass(_) | Verdict::NotApplicable(_) => None,
    });
    said.collect::<Vec<_>>().join(", ")
}

fn short(id: &'static str) -> &'static str {
    id.strip_prefix("policy-").unwrap_or(id)
}

/// Judges statements.
#[track_caller]
fn check(statements: &str, expect: &str) {
    let document = format!(r#"{{"Version":"2012-10-17","Statement":[{statements}]}}"#);
    assert_eq!(told(document), expect, "{statements}");
}

/// Judges one Allow of GetItem to a principal, with more members.
#[track_caller]
fn who(principal: &str, more: &str, expect: &str) {
    check(
        &format!(r#"{{"Effect":"Allow",{principal},"Action":"dynamodb:GetItem","Resource":"*"{more}}}"#),
        expect,
    );
}

/// Judges one Allow of GetItem to everyone under conditions.
#[track_caller]
fn everyone_if(conditions: &str, expect: &str) {
    who(r#""Principal":"*""#, &format!(r#","Condition":{{{conditions}}}"#), expect);
}

/// Judges one Allow to a role of the account, of these actions.
#[track_caller]
fn what(actions: &str, expect: &str) {
    let role = r#""Principal":{"AWS":"arn:aws:iam::111122223333:role/app"}"#;
    check(&format!(r#"{{"Effect":"Allow",{role},{actions},"Resource":"*"}}"#), expect);
}

const UNREAD: &str = "public unknown, cross-account unknown, wildcard-action unknown, whole-account unknown, weak-condition unknown, \
     service-unbound unknown, can-change-itself unknown, index-apart unknown, orphan-principal unknown, no-tls-deny unknown";

#[test]
fn principals() {
    who(r#""Principal":"*""#, "", "public critical");
    who(r#""Principal":{"AWS":"*"}"#, "", "public critical");
    who(r#""Principal":{"AWS":["arn:aws:iam::111122223333:role/app","*"]}"#, "", "public critical");
    who(r#""Principal":{"AWS":"111122223333"}"#, "", "whole-account low");
    who(r#""Principal":{"AWS":"arn:aws:iam::111122223333:root"}"#, "", "whole-account low");
    who(r#""Principal":{"AWS":"arn:aws:iam::111122223333:role/app"}"#, "", "");
    who(r#""Principal":{"AWS":"arn:aws:iam::111122223333:user/kim"}"#, "", "");
    who(r#""Principal":{"AWS":"arn:aws:sts::111122223333:assumed-role/app/s"}"#, "", "");
    who(r#""Principal":{"AWS":"arn:aws:sts::111122223333:federated-user/kim"}"#, "", "");
    who(r#""Principal":{"AWS":"444455556666"}"#, "", "cross-account medium, whole-account medium");
    who(
        r#""Principal":{"AWS":"arn:aws:iam::444455556666:root"}"#,
        "",
        "cross-account medium, whole-account medium",
    );
    who(r#""Principal":{"AWS":"arn:aws:iam::444455556666:role/etl"}"#, "", "cross-account medium");
    who(r#""Principal":{"AWS":"arn:aws-us-gov:iam::444455556666:role/etl"}"#, "", "cross-account medium");
    who(r#""Principal":{"AWS":"arn:aws:iam::*:root"}"#, "", "public unknown, cross-account unknown");
    who(
        r#""Principal":{"AWS":"arn:aws:iam::cloudfront:user/a"}"#,
        "",
        "public unknown, cross-account unknown",
    );
    who(r#""Principal":{"AWS":"4444555566667777"}"#, "", "public unknown, cross-account unknown");
    who(r#""Principal":{"AWS":"AROAEXAMPLEEXAMPLE123"}"#, "", "orphan-principal info");
    who(r#""Principal":{"Federated":"accounts.example.com"}"#, "", "public unknown, cross-account unknown");
    who(r#""Principal":{"Federated":"arn:aws:iam::111122223333:saml-provider/a"}"#, "", "");
    who(
        r#""Principal":{"Federated":"arn:aws:iam::444455556666:saml-provider/a"}"#,
        "",
        "cross-account medium",
    );
    who(r#""Principal":{"CanonicalUser":"0123456789abcdef"}"#, "", "public unknown, cross-account unknown");
    who(r#""Principal":{"Service":"replication.dynamodb.amazonaws.com"}"#, "", "service-unbound low");
    who(r#""Principal":{"Service":"*"}"#, "", "public unknown, cross-account unknown, service-unbound low");
    who(
        r#""Principal":{"Service":"events.amazonaws.com","AWS":["444455556666"]}"#,
        "",
        "cross-account medium, whole-account medium, service-unbound low",
    );
    who(r#""NotPrincipal":{"AWS":"arn:aws:iam::111122223333:root"}"#, "", "public critical");
    who(r#""NotPrincipal":{"AWS":"*"}"#, "", UNREAD);
    who(r#""Principal":{}"#, "", "");
    who(r#""Sid":"none""#, "", "public unknown, cross-account unknown");
}

#[test]
fn everyone_under_conditions() {
    let of = |key: &str, value: &str| format!(r#""StringEquals":{{"{key}":"{value}"}}"#);
    for (key, value, expect) in [
        ("aws:PrincipalAccount", "111122223333", "whole-account medium"),
        ("aws:PrincipalAccount", "444455556666", "cross-account medium, whole-account medium"),
        ("aws:PrincipalArn", "arn:aws:iam::111122223333:role/app", ""),
        ("aws:PrincipalArn", "arn:aws:iam::444455556666:role/app", "cross-account medium"),
        ("aws:PrincipalOrgID", "o-example", "cross-account low"),
        ("aws:PrincipalOrgPaths", "o-example/r-1/ou-1/", "cross-account low"),
        ("aws:SourceAccount", "111122223333", ""),
        ("aws:SourceAccount", "444455556666", "cross-account medium"),
        ("aws:SourceArn", "arn:aws:events:eu-west-1:111122223333:rule/a", ""),
        ("aws:SourceArn", "arn:aws:s3:::a-bucket", "cross-account low"),
        ("aws:SourceOrgID", "o-example", "cross-account low"),
        ("aws:SourceOrgPaths", "o-example/r-1/", "cross-account low"),
        ("aws:SourceVpc", "vpc-1", "cross-account low"),
        ("aws:SourceVpce", "vpce-1", "cross-account low"),
        ("aws:Ec2InstanceSourceVpc", "vpc-1", "cross-account low"),
        ("aws:userid", "AROAEXAMPLEEXAMPLE123:session", "cross-account low"),
        ("aws:PrincipalServiceName", "events.amazonaws.com", "service-unbound low"),
        ("aws:PrincipalServiceNamesList", "events.amazonaws.com", "service-unbound low"),
        // None of these says whose it is.
        ("aws:SourceIp", "203.0.113.7", "public critical, weak-condition medium"),
        ("aws:UserAgent", "mine", "public critical, weak-condition medium"),
        ("aws:Referer", "https://example.com", "public critical, weak-condition medium"),
        ("aws:PrincipalTag/team", "a", "public critical, weak-condition medium"),
        ("aws:PrincipalType", "User", "public critical, weak-condition medium"),
        ("aws:CalledVia", "athena.amazonaws.com", "public critical, weak-condition medium"),
        ("aws:ResourceAccount", "111122223333", "public critical, weak-condition medium"),
        ("dynamodb:LeadingKeys", "a", "public critical, weak-condition medium"),
    ] {
        everyone_if(&of(key, value), expect);
        // Keys are the same in whatever case.
        everyone_if(&of(&key.to_ascii_uppercase(), value), expect);
        everyone_if(&of(key, &format!("{value}*")), "public critical, weak-condition medium");
        everyone_if(&of(key, "${aws:username}"), "public critical, weak-condition medium");
        everyone_if(
            &of(key, value).replacen("StringEquals", "StringNotEquals", 1),
            "public critical, weak-condition medium",
        );
        everyone_if(
            &of(key, value).replacen("StringEquals", "StringEqualsIfExists", 1),
            "public critical, weak-condition medium",
        );
        everyone_if(
            &of(key, value).replacen("StringEquals", "ForAllValues:StringEquals", 1),
            "public critical, weak-condition medium",
        );
        everyone_if(&of(key, value).replacen("StringEquals", "ForAnyValue:StringLike", 1), expect);
        // Demanded to be there, such an operator is as good as the plain one.
        let there = format!(r#","Null":{{"{key}":"false"}}"#);
        for loose in ["StringEqualsIfExists", "ForAllValues:StringEquals"] {
            everyone_if(&(of(key, value).replacen("StringEquals", loose, 1) + &there), expect);
        }
    }
}

#[test]
fn conditions_that_are_more_than_one() {
    everyone_if(
        r#""StringEquals":{"aws:PrincipalAccount":["111122223333","444455556666"]}"#,
        "cross-account medium, whole-account medium",
    );
    // One of several values is no fixed one.
    everyone_if(
        r#""StringLike":{"aws:PrincipalOrgID":["o-example","o-*"]}"#,
        "public critical, weak-condition medium",
    );
    everyone_if(r#""StringEquals":{"aws:PrincipalOrgID":[]}"#, "public critical, weak-condition medium");
    everyone_if(r#""StringEquals":{"aws:PrincipalOrgID":""}"#, "public critical, weak-condition medium");
    everyone_if(
        r#""StringEquals":{"aws:PrincipalOrgID":"o-example"},"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}"#,
        "cross-account low",
    );
    everyone_if(
        r#""StringEquals":{"aws:PrincipalOrgID":"o-example","aws:PrincipalAccount":"111122223333"}"#,
        "whole-account medium",
    );
    everyone_if(
        r#""StringEquals":{"aws:PrincipalAccount":"111122223333"},"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::111122223333:role/app-*"}"#,
        "",
    );
    everyone_if(
        r#""StringEquals":{"aws:PrincipalAccount":"111122223333"},"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::111122223333:role/*"}"#,
        "whole-account medium",
    );
    // Only where it is there, and it need not be.
    everyone_if(
        r#""StringEqualsIfExists":{"aws:PrincipalOrgID":"o-example"},"Null":{"aws:PrincipalOrgID":"true"}"#,
        "public critical, weak-condition medium",
    );
    everyone_if(
        r#""StringEqualsIfExists":{"aws:PrincipalOrgID":"o-example"},"Null":{"aws:PrincipalAccount":"false"}"#,
        "public critical, weak-condition medium",
    );
    everyone_if(r#""Bool":{"aws:PrincipalIsAWSService":"true"}"#, "service-unbound low");
    everyone_if(
        r#""Bool":{"aws:PrincipalIsAWSService":true,"aws:ViaAWSService":true}"#,
        "service-unbound low",
    );
    everyone_if(
        r#""Bool":{"aws:PrincipalIsAWSService":"true"},"StringEquals":{"aws:SourceAccount":"111122223333"}"#,
        "",
    );
    everyone_if(r#""Bool":{"aws:PrincipalIsAWSService":"false"}"#, "public critical, weak-condition medium");
    everyone_if(
        r#""BoolIfExists":{"aws:PrincipalIsAWSService":"true"}"#,
        "public critical, weak-condition medium",
    );
    everyone_if(r#""Bool":{"aws:SecureTransport":"true"}"#, "public critical, weak-condition medium");
    everyone_if(r#""Bool":{"aws:MultiFactorAuthPresent":"true"}"#, "public critical, weak-condition medium");
    everyone_if(
        r#""ForNoValue:StringEquals":{"aws:PrincipalOrgID":"o-1"}"#,
        "public critical, weak-condition medium",
    );
    everyone_if(
        r#""DateLessThan":{"aws:CurrentTime":"2020-01-01T00:00:00Z"}"#,
        "public critical, weak-condition medium",
    );
    everyone_if("", "public critical");
}

#[test]
fn services_and_whole_accounts_under_conditions() {
    let service = |conditions: &str, expect: &str| {
        let more = format!(r#","Condition":{{{conditions}}}"#);
        who(r#""Principal":{"Service":"events.amazonaws.com"}"#, &more, expect);
    };
    service(r#""StringEquals":{"aws:SourceAccount":"111122223333"}"#, "");
    service(r#""ArnLike":{"aws:SourceArn":"arn:aws:events:*:111122223333:rule/*"}"#, "");
    service(r#""ArnLike":{"aws:SourceArn":"arn:aws:events:*:*:rule/*"}"#, "service-unbound low");
    service(r#""StringLike":{"aws:SourceAccount":"*"}"#, "service-unbound low");
    service(r#""StringEqualsIfExists":{"aws:SourceAccount":"111122223333"}"#, "service-unbound low");
    service(r#""StringEquals":{"aws:SourceAccount":"444455556666"}"#, "cross-account medium");
    service(r#""ArnLike":{"aws:SourceArn":"arn:aws:events:*:444455556666:rule/*"}"#, "cross-account medium");
    service(r#""StringEquals":{"aws:SourceArn":"arn:aws:s3:::a-bucket"}"#, "cross-account low");
    service(r#""StringEquals":{"aws:SourceOrgPaths":"o-example/r-1/"}"#, "cross-account low");
    service(
        r#""StringLike":{"aws:SourceAccount":["444455556666","*"]}"#,
        "cross-account medium, service-unbound low",
    );
    service(r#""StringEquals":{"aws:SourceOrgID":"o-example"}"#, "cross-account low");
    service(r#""StringEquals":{"aws:PrincipalOrgID":"o-example"}"#, "service-unbound low");
    let account = |conditions: &str, expect: &str| {
        let more = format!(r#","Condition":{{{conditions}}}"#);
        who(r#""Principal":{"AWS":"444455556666"}"#, &more, expect);
    };
    account(r#""StringEquals":{"aws:PrincipalOrgID":"o-1"}"#, "cross-account medium, whole-account medium");
    account(
        r#""ArnEquals":{"aws:PrincipalArn":"arn:aws:iam::444455556666:role/etl"}"#,
        "cross-account medium",
    );
    account(r#""ArnLike":{"aws:PrincipalArn":"*"}"#, "cross-account medium, whole-account medium");
    account(
        r#""ArnLike":{"aws:PrincipalArn":"arn:aws:iam::444455556666:*"}"#,
        "cross-account medium, whole-account medium",
    );
    account(
        r#""ArnLikeIfExists":{"aws:PrincipalArn":"arn:aws:iam::444455556666:role/etl"}"#,
        "cross-account medium, whole-account medium",
    );
}

#[test]
fn actions() {
    what(r#""Action":"dynamodb:GetItem""#, "");
    what(r#""Action":"DYNAMODB:getitem""#, "");
    what(r#""Action":["dynamodb:Get*","dynamodb:Query"]"#, "");
    for all in ["*", "*:*", "dynamodb:*", "DynamoDB:*", "dynamo*", "dynamodb:?*", "d*:**"] {
        what(&format!(r#""Action":"{all}""#), "wildcard-action medium, can-change-itself medium");
    }
    what(r#""NotAction":"dynamodb:DeleteTable""#, "wildcard-action medium, can-change-itself medium");
    what(r#""NotAction":"dynamodb:*ResourcePolicy""#, "wildcard-action medium");
    what(r#""NotAction":["dynamodb:*"]"#, "");
    what(r#""NotAction":"*""#, "");
    what(r#""Action":"dynamodb:PutResourcePolicy""#, "can-change-itself medium");
    what(r#""Action":"dynamodb:*ResourcePolicy""#, "can-change-itself medium");
    what(r#""Action":"dynamodb:GetResourcePolicy""#, "");
    what(r#""Action":[]"#, UNREAD);
    what(r#""Action":"dynamodb:GetItem","NotAction":"dynamodb:PutItem""#, UNREAD);
}

#[test]
fn resources() {
    let on = |resource: &str, expect: &str| {
        let role = r#""Principal":{"AWS":"arn:aws:iam::111122223333:role/app"}"#;
        check(&format!(r#"{{"Effect":"Allow",{role},"Action":"dynamodb:Query",{resource}}}"#), expect);
    };
    let table = "arn:aws:dynamodb:eu-west-1:111122223333:table/sessions";
    on(&format!(r#""Resource":"{table}""#), "");
    on(&format!(r#""Resource":["{table}","{table}/index/*"]"#), "");
    on(&format!(r#""Resource":"{table}/index/by-user""#), "index-apart low");
    on(&format!(r#""Resource":["{table}/index/a","{table}/index/b"]"#), "index-apart low");
    on(&format!(r#""NotResource":"{table}/index/a""#), "");
    on(r#""Resource":"*","NotResource":"a""#, UNREAD);
}

#[test]
fn denies_and_several_statements() {
    check(r#"{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*"}"#, "");
    check(
        r#"{"Effect":"Deny","NotPrincipal":{"AWS":"444455556666"},"Action":"dynamodb:*","Resource":"*"}"#,
        "",
    );
    check(r#"{"Effect":"Deny","Principal":{"AWS":"444455556666"},"Action":"dynamodb:*","Resource":"*"}"#, "");
    let theirs = r#"{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::444455556666:role/a"},"Action":"dynamodb:Scan","Resource":"*"}"#;
    // What could not be read does not hide what could.
    let expect =
        UNREAD.replace("public unknown, cross-account unknown", "public unknown, cross-account medium");
    check(&format!("7,{theirs}"), &expect);
    check(&format!(r#"{theirs},{{"Effect":"Allow"}}"#), &expect);
    check(&format!(r#"{theirs},{{"effect":"Deny","Principal":"*","Action":"*"}}"#), &expect);
    check("", "");
    check("[]", UNREAD);
    check("null", UNREAD);
}

/// A stream's policy is judged as a table's: whom it lets in, and how.
#[test]
fn what_holds_of_a_tables_policy_holds_of_a_streams() {
    const TWINS: &[&str] = &[
        "policy-public",
        "policy-cross-account",
        "policy-wildcard-action",
        "policy-whole-account",
        "policy-weak-condition",
        "policy-service-unbound",
    ];
    let theirs = r#""StringEquals":{"aws:SourceAccount":"444455556666"}"#;
    for (principal, conditions) in [
        (r#""*""#, ""),
        (r#""*""#, r#""IpAddress":{"aws:SourceIp":"203.0.113.7"}"#),
        (r#""*""#, r#""Bool":{"aws:PrincipalIsAWSService":"true"}"#),
        (r#""*""#, theirs),
        (r#"{"AWS":"444455556666"}"#, ""),
        (r#"{"AWS":"111122223333"}"#, ""),
        (r#"{"Federated":"accounts.example.com"}"#, ""),
        (r#"{"Service":"redshift.amazonaws.com"}"#, ""),
        (r#"{"Service":"redshift.amazonaws.com"}"#, theirs),
        (r#"{"Service":"glue.amazonaws.com"}"#, r#""StringEquals":{"aws:SourceOrgID":"o-example"}"#),
    ] {
        for action in ["dynamodb:GetRecords", "*"] {
            let statement = format!(
                r#"{{"Effect":"Allow","Principal":{principal},"Action":"{action}","Resource":"*","Condition":{{{conditions}}}}}"#
            );
            let facts = facts([
                described(|d| d.stream = stream()),
                FactValue::Policy(policy(&statement)),
                FactValue::StreamPolicy(policy(&statement)),
            ]);
            let table = table();
            let judged = |id: &str| {
                let check = crate::posture::check(id).expect(id);
                match judge(check, &Subject::unread(&table, &facts, NOW)) {
                    Verdict::Fail(evidence) => format!("fail {}", evidence.severity),
                    Verdict::Pass(_) => "pass".into(),
                    Verdict::Unknown(_) => "unknown".into(),
                    Verdict::NotApplicable(_) => "n/a".into(),
                }
            };
            for id in TWINS {
                assert_eq!(judged(&format!("stream-{id}")), judged(id), "{id}: {statement}");
            }
        }
    }
}

#[test]
fn documents() {
    for document in ["", "null", "[]", "{", "{}", r#"{"Statement":"a"}"#, r#"{"statement":[]}"#] {
        assert_eq!(told(document.to_owned()), UNREAD, "{document:?}");
    }
    let statement = r#"{"Effect":"Allow","Principal":"*","Action":"dynamodb:GetItem","Resource":"*"}"#;
    assert_eq!(told(format!(r#"{{"Statement":{statement}}}"#)), "public critical", "of the older version");
    let odd = told(format!(r#"{{"Version":"2031-01-01","Statement":{statement}}}"#));
    assert!(odd.starts_with("public critical, cross-account unknown"), "{odd}");
    // The last of two members was read; the first may be what counts.
    let twice =
        r#"{"Statement":{"Effect":"Allow","Effect":"Deny","Principal":"*","Action":"*","Resource":"*"}}"#;
    assert_eq!(told(twice.to_owned()), UNREAD);
    let many = vec![statement; 2000].join(",");
    assert_eq!(told(format!(r#"{{"Statement":[{many}]}}"#)), "public critical");
    let huge = vec![statement; 4000].join(",");
    assert_eq!(told(format!(r#"{{"Statement":[{huge}]}}"#)), UNREAD, "longer than any that AWS takes");
}

#[test]
fn only_a_deny_of_everything_to_everyone_keeps_plain_http_out() {
    let check = |members: &str, expect: &str| {
        let document = format!(r#"{{"Statement":{{"Effect":"Deny",{members}}}}}"#);
        let policy = Policy::parse(&document);
        let facts =
            facts([plain(), FactValue::Policy(Some(ResourcePolicy { policy, document, revision: None }))]);
        let table = table();
        let check = crate::posture::check("policy-no-tls-deny").expect("there");
        let found = match judge(check, &Subject::unread(&table, &facts, NOW)) {
            Verdict::Pass(_) => "pass",
            Verdict::Fail(_) => "fail",
            _ => "unknown",
        };
        assert_eq!(found, expect, "{members}");
    };
    let plain_http = r#""Condition":{"Bool":{"aws:SecureTransport":"false"}}"#;
    check(&format!(r#""Principal":"*","Action":"dynamodb:*",{plain_http}"#), "pass");
    check(&format!(r#""Principal":{{"AWS":"*"}},"Action":"*",{plain_http}"#), "pass");
    check(
        r#""Principal":"*","Action":"*","Condition":{"BoolIfExists":{"AWS:securetransport":false}}"#,
        "pass",
    );
    check(&format!(r#""Principal":{{"AWS":"111122223333"}},"Action":"*",{plain_http}"#), "fail");
    check(&format!(r#""Principal":"*","Action":"dynamodb:PutItem",{plain_http}"#), "fail");
    check(r#""Principal":"*","Action":"*","Condition":{"Bool":{"aws:SecureTransport":"true"}}"#, "fail");
    check(
        r#""Principal":"*","Action":"*","Condition":{"Bool":{"aws:SecureTransport":"false"},"StringEquals":{"aws:userid":"a"}}"#,
        "fail",
    );
    check(r#""Principal":"*","Action":"*""#, "fail");
}
