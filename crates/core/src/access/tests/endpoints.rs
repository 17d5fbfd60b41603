//! Policies of VPC endpoints, and the keys of the network.

use super::language::{FULL, GET, NONE, READS};
use super::tally::{check, denies};
use super::world::{Control, Given, own};
use crate::access::Answer::{Allowed, AllowedIf, Denied};

pub(super) fn cases() {
    let page = "AWS PrivateLink Guide: Control access to VPC endpoints using endpoint policies";
    let through = |all| Given { endpoint: Some(all), ..own(READS) };
    for (policy, expect) in [
        (&["allow * * to *"][..], Allowed),
        (&["allow dynamodb:* * to *"], Allowed),
        (&["allow dynamodb:PutItem * to *"], Denied),
        (&["allow dynamodb:GetItem F to *"], Denied),
        (&["allow * * to *", "deny dynamodb:GetItem * to *"], Denied),
        (&["allow * * to *", "deny dynamodb:GetItem F to *"], Allowed),
        (&["allow * * if ArnEquals aws:PrincipalArn arn:aws:iam::111122223333:role/app to *"], Allowed),
        (&["allow * * if ArnEquals aws:PrincipalArn arn:aws:iam::111122223333:role/other to *"], Denied),
        (&["allow * * if StringEquals aws:PrincipalAccount 111122223333 to *"], Allowed),
        (&["allow * * if StringEquals aws:ResourceAccount 111122223333 to *"], Allowed),
        (&["allow * * if StringEquals aws:ResourceAccount 999988887777 to *"], Denied),
        (&["allow * * if StringEquals app:x a to *"], AllowedIf),
        (&["allow * * to app"], Allowed),
        (&["allow * * to ann"], Denied),
        (&["allow * * to root"], Allowed),
        (&["allow * * to there"], Denied),
        (&["unread"], AllowedIf),
    ] {
        check(GET, &through(policy), expect, page);
    }
    // It gives nothing, and no policy of the resource gets round it.
    check(GET, &Given { endpoint: Some(&["allow * * to *"]), ..own(NONE) }, Denied, page);
    let closed: &[&str] = &["allow s3:* * to *"];
    check(GET, &Given { resource: &["allow dynamodb:* * to app"], ..through(closed) }, Denied, page);
    check("dynamodb:GetItem T root", &through(closed), Denied, page);
    check("dynamodb:GetItem T session", &through(&["allow * * to app"]), Allowed, page);
    let ours: &[&str] = &["allow * * if StringEquals aws:PrincipalOrgID o-example to *"];
    check(GET, &Given { organization: Some(Control::default()), ..through(ours) }, Allowed, page);
    check(GET, &through(ours), AllowedIf, page);
    let out = Given {
        endpoint: Some(&["allow * * if StringEquals aws:ResourceAccount 111122223333 to *"]),
        resource: &["allow dynamodb:* * to *"],
        ..own(FULL)
    };
    check("dynamodb:GetItem F app", &out, Denied, page);
    // DynamoDB's call to the key does not come through it.
    let page = "IAM User Guide: Forward access sessions";
    let key = Given { key: Some(&["allow kms:Decrypt * to app"]), ..through(&["allow dynamodb:* * to *"]) };
    check(GET, &key, Allowed, page);

    let page = "IAM User Guide: AWS global condition context keys: Properties of the network";
    let vpce = "aws:SourceVpce";
    for (condition, value, expect) in [
        ("StringNotEquals aws:SourceVpce vpce-1", "vpce-1", Allowed),
        ("StringNotEquals aws:SourceVpce vpce-1", "vpce-2", Denied),
        // A request that uses no endpoint lacks the key, and is denied; IfExists does not change that.
        ("StringNotEquals aws:SourceVpce vpce-1", "", Denied),
        ("StringNotEqualsIfExists aws:SourceVpce vpce-1", "", Denied),
        ("StringNotEquals aws:SourceVpce vpce-1|vpce-2", "vpce-2", Allowed),
        ("Null aws:SourceVpce true", "", Denied),
        ("Null aws:SourceVpce true", "vpce-9", Allowed),
        ("StringEquals aws:SourceVpce vpce-1", "", Allowed),
    ] {
        denies(condition, &[(vpce, value)], expect, page);
    }
    denies("StringNotEquals aws:SourceVpce vpce-1", &[], AllowedIf, page);
    let here: &[(&str, &str)] = &[("aws:SourceIp", "203.0.113.7")];
    denies("NotIpAddress aws:SourceIp 203.0.113.0/24", here, Allowed, page);
    denies("NotIpAddress aws:SourceIp 198.51.100.0/24", here, Denied, page);
    // Through an endpoint aws:SourceIp is absent.
    denies("NotIpAddress aws:SourceIp 203.0.113.0/24", &[("aws:SourceIp", "")], Denied, page);
    denies("NotIpAddress aws:SourceIp 203.0.113.0/24", &[], AllowedIf, page);
    let both = "NotIpAddress aws:SourceIp 203.0.113.0/24 and Null aws:SourceIp false";
    denies(both, &[("aws:SourceIp", "")], Allowed, page);
    denies("NotIpAddress aws:VpcSourceIp 10.0.0.0/8", &[("aws:VpcSourceIp", "10.1.2.3")], Allowed, page);
    denies("StringNotEquals aws:SourceVpc vpc-1", &[("aws:SourceVpc", "vpc-2")], Denied, page);
    denies(
        "Bool aws:SecureTransport false",
        &[("aws:SecureTransport", "true")],
        Allowed,
        "IAM User Guide: AWS global condition context keys: aws:SecureTransport",
    );
}
