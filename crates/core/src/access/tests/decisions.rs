//! What AWS's pages say, decided. `GetItem` is short for `dynamodb:GetItem`.

use super::world::{Given, check};
use crate::access::Answer::{Allowed, AllowedIf, Denied};

const GET: &str = "dynamodb:GetItem T app";
const READS: &[&str] = &["allow dynamodb:GetItem T"];
const NONE: &[&str] = &[];

fn own<'a>(identity: &'a [&'a str]) -> Given<'a> {
    Given { identity, ..Given::default() }
}

#[test]
fn the_order_of_evaluation() {
    let page = "IAM User Guide: Policy evaluation logic";
    check(GET, &own(NONE), Denied, page);
    check(GET, &own(READS), Allowed, page);
    check(GET, &own(&["allow * *", "deny dynamodb:* *"]), Denied, page);
    check(GET, &own(&["allow dynamodb:GetItem T if StringEquals app:x a"]), AllowedIf, page);
    check("dynamodb:GetItem T root", &own(NONE), Allowed, "IAM User Guide: AWS account root user");
    check("dynamodb:GetItem T ann", &Given { group: READS, ..own(NONE) }, Allowed, page);
    check("dynamodb:GetItem T ann", &Given { group: &["deny dynamodb:* *"], ..own(READS) }, Denied, page);
    check("dynamodb:GetItem T session", &own(READS), Allowed, page);
    // A session of a role that does not exist, and a role with another path.
    check("dynamodb:GetItem T other", &own(READS), Denied, page);
    check("dynamodb:GetItem T arn:aws:iam::111122223333:role/team/app", &own(READS), Denied, page);
    check(GET, &Given { unread: true, ..own(READS) }, AllowedIf, page);
    check(
        "sts:GetCallerIdentity * app",
        &own(&["deny * *"]),
        Allowed,
        "STS API Reference: GetCallerIdentity",
    );
}

#[test]
fn actions_and_resources() {
    let page = "IAM User Guide: IAM JSON policy elements: Action, Resource";
    for (statement, expect) in [
        ("allow DYNAMODB:getitem T", Allowed),
        ("allow dynamodb:Get* T", Allowed),
        ("allow dynamodb:GetIte? T", Allowed),
        ("allow dax:GetItem T", Denied),
        ("allow !dynamodb:PutItem T", Allowed),
        ("allow !dynamodb:Get* T", Denied),
        ("allow dynamodb:GetItem !F", Allowed),
        ("allow dynamodb:GetItem !T", Denied),
        ("allow dynamodb:GetItem arn:aws:dynamodb:*:*:table/ten*", Allowed),
        ("allow dynamodb:GetItem arn:aws:dynamodb:eu-*-1:111122223333:table/tenants", Allowed),
        ("allow dynamodb:GetItem arn:aws:dynamodb:*:table/tenants", Allowed),
        ("allow dynamodb:GetItem arn:aws:dynamodb", Allowed),
        ("allow dynamodb:GetItem arn:aws:dynamodb:us-east-1", Denied),
        ("allow dynamodb:GetItem arn:aws:dynamodb:eu-west-1:111122223333:table/Tenants", Denied),
        ("allow dynamodb:GetItem arn:aws:dynamo*:eu-west-1:111122223333:table/tenants", AllowedIf),
        ("allow Get* T", Denied),
        ("allow *GetItem T", AllowedIf),
    ] {
        check(GET, &own(&[statement]), expect, page);
    }
    let page = "Service Authorization Reference: Amazon DynamoDB";
    let table = own(&["allow dynamodb:* T"]);
    check("dynamodb:Query I app", &table, Denied, page);
    check("dynamodb:GetRecords S app", &table, Denied, page);
    let below = own(&["allow dynamodb:* arn:aws:dynamodb:eu-west-1:111122223333:table/tenants/*"]);
    check("dynamodb:Query I app", &below, Allowed, page);
    check("dynamodb:GetRecords S app", &below, Allowed, page);
    check("dynamodb:RestoreTableFromBackup B app", &below, Allowed, page);
    check(GET, &below, Denied, page);
    check("dynamodb:PartiQLSelect T app", &own(&["allow dynamodb:Query,dynamodb:GetItem T"]), Denied, page);
}

#[test]
fn the_policy_of_the_resource() {
    let page = "IAM User Guide: Policy evaluation logic: resource-based policies";
    for (resource, caller, expect) in [
        ("allow dynamodb:GetItem * to *", "app", Allowed),
        ("allow dynamodb:GetItem * to app", "app", Allowed),
        ("allow dynamodb:GetItem * to app", "session", Allowed),
        ("allow dynamodb:GetItem * to session", "session", Allowed),
        ("allow dynamodb:GetItem * to session", "app", AllowedIf),
        ("allow dynamodb:GetItem * to ann", "ann", Allowed),
        // Naming the account grants nothing by itself, whichever way it is written.
        ("allow dynamodb:GetItem * to root", "app", Denied),
        ("allow dynamodb:GetItem * to account", "ann", Denied),
        ("allow dynamodb:GetItem * to lambda.amazonaws.com", "app", Denied),
        ("allow dynamodb:GetItem * to lambda.amazonaws.com", "lambda.amazonaws.com", Allowed),
        ("allow dynamodb:GetItem * to arn:aws:iam::111122223333:role/*", "app", Denied),
        ("allow dynamodb:GetItem * to AROAGONE", "app", Denied),
    ] {
        let given = Given { resource: &[resource], ..own(NONE) };
        check(&format!("dynamodb:GetItem T {caller}"), &given, expect, page);
    }
    check(GET, &Given { resource: &["deny dynamodb:* * to *"], ..own(READS) }, Denied, page);
    // The stream has a policy of its own, in both directions; a backup has none.
    let page = "DynamoDB Developer Guide: Resource-based policies for streams";
    let stream = Given { resource: &["deny dynamodb:* * to *"], ..own(&["allow dynamodb:GetRecords *"]) };
    check("dynamodb:GetRecords S app", &stream, Allowed, page);
    let of_stream = Given { stream: &["deny dynamodb:* * to *"], ..own(&["allow dynamodb:* *"]) };
    check("dynamodb:GetRecords S app", &of_stream, Denied, page);
    check(GET, &of_stream, Allowed, page);
    let backup = Given { resource: &["deny dynamodb:* * to *"], ..own(&["allow dynamodb:* *"]) };
    check("dynamodb:RestoreTableFromBackup B app", &backup, Allowed, page);
}

#[test]
fn not_principal() {
    let page = "IAM User Guide: AWS JSON policy elements: NotPrincipal";
    let deny = |but, boundary| Given { resource: but, boundary, ..own(READS) };
    check("dynamodb:GetItem T ann", &deny(&["deny dynamodb:* * to !ann,root"], None), Allowed, page);
    check("dynamodb:GetItem T ann", &deny(&["deny dynamodb:* * to !other,root"], None), Denied, page);
    check("dynamodb:GetItem T ann", &deny(&["deny dynamodb:* * to !ann"], None), AllowedIf, page);
    check(
        "dynamodb:GetItem T session",
        &deny(&["deny dynamodb:* * to !session,app,root"], None),
        Allowed,
        page,
    );
    check("dynamodb:GetItem T session", &deny(&["deny dynamodb:* * to !app,root"], None), AllowedIf, page);
    let bounded: &[&str] = &["allow * *"];
    check("dynamodb:GetItem T ann", &deny(&["deny dynamodb:* * to !ann,root"], Some(bounded)), Denied, page);
}

#[test]
fn boundaries_and_sessions() {
    let page = "IAM User Guide: Permissions boundaries for IAM entities";
    let silent: &[&str] = &["allow s3:* *"];
    let wide: &[&str] = &["allow dynamodb:* *"];
    check(GET, &Given { boundary: Some(wide), ..own(READS) }, Allowed, page);
    check(GET, &Given { boundary: Some(silent), ..own(READS) }, Denied, page);
    check(GET, &Given { boundary: Some(wide), ..own(NONE) }, Denied, page);
    check(
        GET,
        &Given { boundary: Some(&["allow * *", "deny dynamodb:GetItem *"]), ..own(READS) },
        Denied,
        page,
    );
    let to = |whom| Given { boundary: Some(silent), resource: whom, ..own(NONE) };
    check(GET, &to(&["allow dynamodb:GetItem * to app"]), Denied, page);
    check(GET, &to(&["allow dynamodb:GetItem * to *"]), Allowed, page);
    check("dynamodb:GetItem T session", &to(&["allow dynamodb:GetItem * to session"]), Allowed, page);
    check("dynamodb:GetItem T session", &to(&["allow dynamodb:GetItem * to app"]), Denied, page);
    let page = "IAM User Guide: Session policies";
    let session = |all| Given { session: Some(all), ..own(READS) };
    check("dynamodb:GetItem T session", &session(wide), Allowed, page);
    check("dynamodb:GetItem T session", &session(silent), Denied, page);
    check("dynamodb:GetItem T session", &session(&["allow * *", "deny dynamodb:* *"]), Denied, page);
    let page = "IAM User Guide: Permissions for GetFederationToken";
    check("dynamodb:GetItem T fed", &own(READS), Denied, page);
    check("dynamodb:GetItem T fed", &session(wide), AllowedIf, page);
    check(
        "dynamodb:GetItem T fed",
        &Given { resource: &["allow dynamodb:GetItem * to fed"], ..own(NONE) },
        AllowedIf,
        page,
    );
}

#[test]
fn across_accounts() {
    let page = "IAM User Guide: Cross-account policy evaluation logic";
    let both = |resource| Given { resource, ..own(&["allow dynamodb:* *"]) };
    for (resource, expect) in [
        (&["allow dynamodb:* * to app"], Allowed),
        (&["allow dynamodb:* * to root"], Allowed),
        (&["allow dynamodb:* * to *"], Allowed),
        (&["allow dynamodb:* * to arn:aws:iam::444455556666:root"], Denied),
    ] {
        check("dynamodb:GetItem F app", &both(resource), expect, page);
    }
    check("dynamodb:GetItem F app", &both(NONE), Denied, page);
    check(
        "dynamodb:GetItem F app",
        &Given { resource: &["allow dynamodb:* * to *"], ..own(NONE) },
        Denied,
        page,
    );
    check(
        "dynamodb:GetItem T abroad",
        &Given { resource: &["allow dynamodb:* * to abroad"], ..own(NONE) },
        AllowedIf,
        page,
    );
    let page = "DynamoDB Developer Guide: API operations supported by resource-based policies";
    check("dynamodb:PartiQLSelect F app", &both(&["allow dynamodb:* * to *"]), Denied, page);
    check("dynamodb:CreateBackup F app", &both(&["allow dynamodb:* * to *"]), Denied, page);
    check("dynamodb:SearchVectors F app", &both(&["allow dynamodb:* * to *"]), AllowedIf, page);
}

fn with<'a>(identity: &'a [&'a str], key: &'a [&'a str]) -> Given<'a> {
    Given { key: Some(key), ..own(identity) }
}

#[test]
fn the_key_of_an_encrypted_table() {
    let page = "DynamoDB Developer Guide: Encryption at rest usage notes; KMS Developer Guide: Key policies";
    let delegates: &[&str] = &["allow kms:* * to root"];
    check(GET, &with(READS, delegates), Denied, page);
    check(GET, &with(&["allow dynamodb:GetItem T", "allow kms:Decrypt K"], delegates), Allowed, page);
    check(
        GET,
        &with(&["allow dynamodb:GetItem T", "allow kms:Decrypt K"], &["allow kms:DescribeKey * to *"]),
        Denied,
        page,
    );
    check(GET, &with(READS, &["allow kms:Decrypt * to app"]), Allowed, page);
    check(GET, &with(READS, &["allow kms:* * to *", "deny kms:Decrypt * to *"]), Denied, page);
    check("dynamodb:DescribeTable T app", &with(&["allow dynamodb:* *"], delegates), Allowed, page);
    check("dynamodb:ExportTableToPointInTime T app", &with(&["allow dynamodb:* *"], delegates), Denied, page);
    // The call to KMS is one that DynamoDB passes on.
    let page = "KMS Developer Guide: AWS KMS condition keys; IAM User Guide: Forward access sessions";
    for (condition, expect) in [
        ("StringEquals kms:ViaService dynamodb.eu-west-1.amazonaws.com", Allowed),
        ("StringEquals kms:ViaService s3.eu-west-1.amazonaws.com", Denied),
        ("StringEquals kms:CallerAccount 111122223333", Allowed),
        ("StringEquals kms:EncryptionContext:aws:dynamodb:tableName tenants", Allowed),
        ("StringEquals kms:EncryptionContext:aws:dynamodb:tableName orders", Denied),
        ("Bool aws:ViaAWSService true", Allowed),
        ("StringEquals aws:SourceVpce vpce-1", Denied),
        ("StringEquals aws:PrincipalTag/team red", Denied),
    ] {
        let key = format!("allow kms:Decrypt * if {condition} to app");
        check(GET, &with(READS, &[&key]), expect, page);
    }
    let page = "KMS Developer Guide: Grants in AWS KMS";
    let granted = |grants, key| Given { grants, ..with(READS, key) };
    check(GET, &granted(&[("app", "Decrypt")], NONE), Allowed, page);
    check(GET, &granted(&[("app", "Encrypt")], NONE), Denied, page);
    check(GET, &granted(&[("dynamodb.eu-west-1.amazonaws.com", "Decrypt")], NONE), Denied, page);
    check(GET, &granted(&[("app", "Decrypt")], &["deny kms:* * to *"]), Denied, page);
    // Without a key that it is about, the key's policy has no say.
    let page = "KMS API Reference: ListKeys, CreateKey";
    check("kms:ListKeys * app", &own(&["allow kms:ListKeys *"]), Allowed, page);
    check("kms:ListKeys * app", &with(&["allow kms:ListKeys *"], &["deny kms:* * to *"]), Allowed, page);
    check(
        "kms:Decrypt K app",
        &with(&["allow kms:Decrypt K"], &["allow kms:Decrypt * to ann"]),
        Denied,
        page,
    );
}

#[test]
fn the_organization() {
    let page = "AWS Organizations User Guide: SCP evaluation";
    let full: &[&str] = &["allow * *"];
    let under = |root, account, control| Given {
        organization: Some((root, account, control)),
        ..own(&["allow * *"])
    };
    check(GET, &under(full, full, NONE), Allowed, page);
    check(GET, &under(full, &["allow s3:* *"], NONE), Denied, page);
    check(GET, &under(&["allow * *", "deny dynamodb:* *"], full, NONE), Denied, page);
    check("dynamodb:GetItem T root", &under(&["allow * *", "deny dynamodb:* *"], full, NONE), Denied, page);
    check("dynamodb:GetItem T slr", &under(&["allow * *", "deny dynamodb:* *"], full, NONE), Allowed, page);
    check(GET, &Given { identity: NONE, ..under(full, full, NONE) }, Denied, page);
    check(
        GET,
        &under(&["allow * *", "deny * * if StringNotEquals aws:RequestedRegion eu-west-1"], full, NONE),
        Allowed,
        page,
    );
    let page = "AWS Organizations User Guide: Resource control policies (RCPs)";
    check(GET, &under(full, full, &["deny dynamodb:* * to *"]), Denied, page);
    check("dynamodb:GetItem T slr", &under(full, full, &["deny dynamodb:* * to *"]), Allowed, page);
    check("iam:PutRolePolicy app app", &under(full, full, &["deny * * to *"]), Allowed, page);
    check(
        "dynamodb:GetItem F app",
        &Given { resource: &["allow dynamodb:* * to *"], ..under(full, full, &["deny dynamodb:* * to *"]) },
        Allowed,
        page,
    );
    let page = "IAM User Guide: AWS global condition context keys";
    let of = |id| Given { resource: id, ..under(full, full, NONE) };
    check(
        "dynamodb:GetItem T abroad",
        &of(&["allow dynamodb:* * if StringEquals aws:PrincipalOrgID o-example to *"]),
        Denied,
        page,
    );
    check(
        GET,
        &of(&["deny dynamodb:* * if StringNotEquals aws:PrincipalOrgID o-example to *"]),
        Allowed,
        page,
    );
}

#[test]
fn vpc_endpoints() {
    let page = "Amazon VPC User Guide: Control access to VPC endpoints using endpoint policies";
    let through = |all| Given { endpoint: Some(all), ..own(READS) };
    check(GET, &through(&["allow dynamodb:* * to *"]), Allowed, page);
    check(GET, &through(&["allow dynamodb:PutItem * to *"]), Denied, page);
    check(GET, &through(&["allow * * to *", "deny dynamodb:GetItem * to *"]), Denied, page);
}

#[test]
fn keys_of_the_request() {
    let page = "IAM User Guide: AWS global condition context keys";
    for (condition, caller, expect) in [
        ("StringEquals aws:PrincipalAccount 111122223333", "app", Allowed),
        ("ArnLike aws:PrincipalArn arn:aws:iam::*:role/app", "session", Allowed),
        ("StringEquals aws:PrincipalArn arn:aws:iam::111122223333:role/app", "session", Allowed),
        ("StringEquals aws:PrincipalType User", "ann", Allowed),
        ("StringEquals aws:username ann", "ann", Allowed),
        ("StringEquals aws:username ann", "app", Denied),
        ("StringLike aws:userid AROAAPP:*", "app", Allowed),
        ("StringEquals aws:userid AROAAPP:alice", "session", Allowed),
        ("StringLike aws:userid AROAOTHER:*", "app", Denied),
        ("Bool aws:PrincipalIsAWSService false", "app", Allowed),
        ("StringEquals aws:SourceAccount 111122223333", "app", Denied),
        ("StringEquals aws:PrincipalTag/TEAM red", "ann", Allowed),
        ("StringEquals aws:PrincipalTag/color red", "ann", Denied),
        ("Bool aws:SecureTransport true", "app", AllowedIf),
        ("Null aws:CurrentTime true", "app", Denied),
        ("StringEquals aws:SourceVpce vpce-1", "app", AllowedIf),
        ("StringEquals aws:ResourceAccount 111122223333", "app", Allowed),
        ("StringEquals aws:RequestedRegion eu-west-1", "app", Allowed),
    ] {
        let statement = format!("allow dynamodb:GetItem T if {condition}");
        let given = Given { tags: &[("team", "red")], ..own(&[]) };
        let given = Given { identity: &[&statement], ..given };
        check(&format!("dynamodb:GetItem T {caller}"), &given, expect, page);
    }
    // What is given goes over what follows; a session chooses its tags where the trust policy lets it.
    let tagged = |context, tagged_sessions| Given {
        tags: &[("team", "red")],
        context,
        tagged_sessions,
        ..own(&["allow dynamodb:GetItem T if StringEquals aws:PrincipalTag/team red"])
    };
    check(GET, &tagged(&[], false), Allowed, page);
    check(GET, &tagged(&[], true), AllowedIf, "IAM User Guide: Pass session tags in AWS STS");
    check(GET, &tagged(&[("aws:PrincipalTag/team", "blue")], false), Denied, page);
}

#[test]
fn policy_variables() {
    let page = "IAM User Guide: IAM policy elements: Variables and tags";
    let table = "allow dynamodb:GetItem arn:aws:dynamodb:eu-west-1:111122223333:table/";
    for (rest, tags, expect) in [
        ("${aws:PrincipalTag/team}", &[("team", "tenants")][..], Allowed),
        ("${aws:PrincipalTag/team}", &[("team", "*")], Denied),
        ("${aws:PrincipalTag/team}", &[], Denied),
        ("${aws:PrincipalTag/team,'tenants'}", &[], Allowed),
        ("${app:unknown}", &[], AllowedIf),
        ("x-${app:unknown}", &[], Denied),
        ("ten${*}", &[], Denied),
    ] {
        let statement = format!("{table}{rest}");
        check(GET, &Given { tags, ..own(&[&statement]) }, expect, page);
    }
}

#[test]
fn fine_grained_access() {
    let page = "DynamoDB Developer Guide: Using IAM policy conditions for fine-grained access control";
    let keys = "ForAllValues:StringEquals dynamodb:LeadingKeys acme";
    let guarded = format!("{keys} and Null dynamodb:LeadingKeys false");
    let on = |action: &str, condition: &str| format!("allow {action} T if {condition}");
    let of = |action: &str, condition: &str, context, expect| {
        let statement = on(action, condition);
        check(&format!("{action} T app"), &Given { context, ..own(&[&statement]) }, expect, page);
    };
    of("dynamodb:GetItem", keys, &[("dynamodb:LeadingKeys", "acme")], Allowed);
    of(
        "dynamodb:GetItem",
        keys,
        &[("dynamodb:LeadingKeys", "acme"), ("dynamodb:LeadingKeys", "globex")],
        Denied,
    );
    of("dynamodb:GetItem", keys, &[], AllowedIf);
    // A scan and an export carry no leading keys: the condition holds of them, unless it is guarded.
    of("dynamodb:Scan", keys, &[], Allowed);
    of("dynamodb:Scan", &guarded, &[], Denied);
    of("dynamodb:ExportTableToPointInTime", keys, &[], Allowed);
    of("dynamodb:SearchVectors", keys, &[], AllowedIf);
    of("dynamodb:PartiQLSelect", "Bool dynamodb:FullTableScan false", &[], AllowedIf);
    of("dynamodb:Scan", "Bool dynamodb:FullTableScan false", &[], Denied);
}

#[test]
fn becoming_another() {
    let page = "IAM User Guide: Roles terms and concepts; Policy evaluation logic";
    let trusted = |resource| Given { resource, ..own(&["allow sts:AssumeRole *"]) };
    check("sts:AssumeRole reader ann", &trusted(&["allow sts:AssumeRole to root"]), Allowed, page);
    check(
        "sts:AssumeRole reader ann",
        &Given { identity: NONE, ..trusted(&["allow sts:AssumeRole to root"]) },
        Denied,
        page,
    );
    check(
        "sts:AssumeRole reader ann",
        &Given { identity: NONE, ..trusted(&["allow sts:AssumeRole to ann"]) },
        Allowed,
        page,
    );
    check("sts:AssumeRole reader ann", &trusted(&["allow sts:AssumeRole to other"]), Denied, page);
    check(
        "sts:AssumeRole reader ann",
        &trusted(&["allow sts:AssumeRole if Bool aws:MultiFactorAuthPresent true to ann"]),
        AllowedIf,
        page,
    );
    check("sts:AssumeRole app lambda.amazonaws.com", &own(NONE), Allowed, page);
    check(
        "sts:GetFederationToken * ann",
        &own(&["allow sts:GetFederationToken *"]),
        Allowed,
        "STS API Reference: GetFederationToken",
    );
    let page = "IAM User Guide: Service-linked roles; IAM Identity Center User Guide: Permission sets";
    check("iam:PutRolePolicy app app", &own(&["allow iam:* *"]), Allowed, page);
    check("iam:PutRolePolicy slr app", &own(&["allow iam:* *"]), Denied, page);
    check("iam:PutRolePolicy sso app", &own(&["allow iam:* *"]), Denied, page);
    check(
        "iam:CreatePolicyVersion arn:aws:iam::aws:policy/ReadOnlyAccess app",
        &own(&["allow iam:* *"]),
        Denied,
        page,
    );
}

#[test]
fn conditions_that_exclude_each_other_leave_nobody() {
    let page = "IAM User Guide: IAM JSON policy elements: Condition";
    for (statements, expect) in [
        (&["allow dynamodb:* T if StringEquals app:x a", "deny * * if StringEquals app:x a"][..], Denied),
        (
            &["allow dynamodb:* T if StringEquals app:x a", "allow dynamodb:* T if StringNotEquals app:x a"],
            Allowed,
        ),
        (&["allow dynamodb:* T if StringEquals app:x a", "deny * * if StringEquals app:x b"], AllowedIf),
        (
            &["allow dynamodb:* T", "deny * * if BoolIfExists app:x false", "deny * * if Bool app:x true"],
            AllowedIf,
        ),
        (&["allow dynamodb:* T", "deny * * if Null app:x true", "deny * * if Null app:x false"], Denied),
    ] {
        check(GET, &own(statements), expect, page);
    }
}
