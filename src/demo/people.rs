//! The users, groups and roles of the embedded accounts.

use super::account::{PRODUCTION, STAGING};

/// A user, a group or a role.
pub(super) struct Person {
    pub(super) account: &'static str,
    pub(super) kind: Kind,
    pub(super) name: &'static str,
    /// Managed policies of AWS, by their names.
    pub(super) attached: &'static [&'static str],
    /// Policies of its own: name and document.
    pub(super) inline: &'static [(&'static str, &'static str)],
    /// Of a user.
    pub(super) groups: &'static [&'static str],
    /// Of a user: access keys.
    pub(super) keys: &'static [AccessKey],
    /// Before its name: `service-role/`.
    pub(super) path: &'static str,
    /// Of a role: the statements of its trust policy, where it is not one service alone.
    pub(super) trust: Option<&'static str>,
    /// A managed policy of the account that bounds what it may do.
    pub(super) boundary: Option<&'static str>,
    pub(super) tags: &'static [(&'static str, &'static str)],
    /// Of a role: days since it was last used.
    pub(super) used: Option<i64>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    User,
    Group,
    /// Which service takes it on.
    Role(&'static str),
}

/// An access key of a user.
pub(super) struct AccessKey {
    /// What its secret is named in `secret::aws_key`.
    pub(super) name: &'static str,
    pub(super) active: bool,
    pub(super) made_days_ago: i64,
    /// Hours ago, service and Region.
    pub(super) used: Option<(i64, &'static str, &'static str)>,
}

const NOBODY: Person = Person {
    account: PRODUCTION,
    kind: Kind::User,
    name: "",
    attached: &[],
    inline: &[],
    groups: &[],
    keys: &[],
    path: "",
    trust: None,
    boundary: None,
    tags: &[],
    used: None,
};

/// A policy with one statement: actions, what they are done to, and on which condition.
macro_rules! allow {
    ([$($action:literal),+] on [$($resource:literal),+]) => { allow!("" [$($action),+] [$($resource),+]) };
    ([$($action:literal),+] on [$($resource:literal),+] if $condition:literal) => {
        allow!($condition [$($action),+] [$($resource),+])
    };
    ($condition:literal [$action:literal $(,$actions:literal)*] [$resource:literal $(,$resources:literal)*]) => {
        concat!(
            r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":[""#, $action, "\"" $(, ",\"", $actions, "\"")*,
            r#"],"Resource":[""#, $resource, "\"" $(, ",\"", $resources, "\"")*, "]", $condition, "}]}"
        )
    };
}

/// A role that one service takes on.
const fn role(service: &'static str, name: &'static str) -> Person {
    Person { kind: Kind::Role(service), name, ..NOBODY }
}

/// Policies of the account that are managed by itself: their names and documents.
pub(super) const OWN: &[(&str, &str)] = &[(
    "dev-limits",
    allow!(["dynamodb:Describe*", "dynamodb:List*", "s3:*", "logs:*", "lambda:*"] on ["*"]),
)];

/// In the order of their names, kind by kind, as IAM answers. Each is there for a reason: a kind of reader, somebody who
/// is stopped by one thing, a trap, or somebody who has nothing to do with tables.
pub(super) static PEOPLE: &[Person] = &[
    Person { name: "ana", groups: &["analysts"], tags: &[("team", "insight")], ..NOBODY },
    Person {
        name: "ben",
        attached: &["AmazonDynamoDBReadOnlyAccess"],
        boundary: Some("dev-limits"),
        ..NOBODY
    },
    Person { name: "break-glass", attached: &["AdministratorAccess"], ..NOBODY },
    Person {
        name: "carla",
        inline: &[(
            "office-only",
            allow!(["dynamodb:Scan", "dynamodb:GetItem"] on ["*"] if r#","Condition":{"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}}"#),
        )],
        ..NOBODY
    },
    Person {
        name: "ci",
        inline: &[(
            "deploy",
            allow!(["lambda:CreateFunction", "lambda:UpdateFunctionCode", "lambda:InvokeFunction", "iam:PassRole"] on ["*"]),
        )],
        keys: &[],
        ..NOBODY
    },
    Person { name: "dora", groups: &["billing"], ..NOBODY },
    Person {
        name: "emil",
        groups: &["analysts"],
        inline: &[(
            "left-the-team",
            r#"{"Version":"2012-10-17","Statement":[{"Sid":"NoTables","Effect":"Deny","Action":"dynamodb:*","Resource":"*"}]}"#,
        )],
        ..NOBODY
    },
    Person {
        name: "fay",
        inline: &[(
            "own-keys",
            allow!(["iam:CreateAccessKey", "iam:ListAccessKeys"] on ["arn:aws:iam::111122223333:user/${aws:username}"]),
        )],
        ..NOBODY
    },
    Person {
        name: "helpdesk",
        inline: &[("reset-passwords", allow!(["iam:UpdateLoginProfile", "iam:ListUsers"] on ["*"]))],
        ..NOBODY
    },
    Person {
        name: "uploader",
        inline: &[(
            "write-uploads",
            r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}"#,
        )],
        groups: &["services"],
        keys: &[AccessKey {
            name: "production uploader",
            active: true,
            made_days_ago: 941,
            used: Some((2, "s3", "eu-west-1")),
        }],
        ..NOBODY
    },
    Person {
        kind: Kind::Group,
        name: "analysts",
        inline: &[(
            "with-mfa",
            allow!(["dynamodb:Query", "dynamodb:Scan", "dynamodb:PartiQLSelect", "kms:Decrypt"] on ["*"] if r#","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}"#),
        )],
        ..NOBODY
    },
    Person {
        kind: Kind::Group,
        name: "billing",
        inline: &[("costs", allow!(["ce:Get*"] on ["*"]))],
        ..NOBODY
    },
    Person { kind: Kind::Group, name: "services", attached: &["AmazonDynamoDBFullAccess"], ..NOBODY },
    Person {
        path: "aws-reserved/sso.amazonaws.com/eu-west-1/",
        attached: &["AdministratorAccess"],
        trust: Some(SSO),
        used: Some(3),
        ..role("", "AWSReservedSSO_AdministratorAccess_0a1b2c3d4e5f6071")
    },
    Person {
        path: "aws-reserved/sso.amazonaws.com/eu-west-1/",
        attached: &["ReadOnlyAccess"],
        trust: Some(SSO),
        used: Some(0),
        ..role("", "AWSReservedSSO_ReadOnlyAccess_1b2c3d4e5f607182")
    },
    Person {
        path: "aws-service-role/dynamodb.application-autoscaling.amazonaws.com/",
        attached: &["aws-service-role/AWSApplicationAutoscalingDynamoDBTablePolicy"],
        used: Some(0),
        ..role(
            "dynamodb.application-autoscaling.amazonaws.com",
            "AWSServiceRoleForApplicationAutoScaling_DynamoDBTable",
        )
    },
    Person {
        path: "aws-service-role/replication.dynamodb.amazonaws.com/",
        attached: &["aws-service-role/DynamoDBReplicationServiceRolePolicy"],
        used: Some(0),
        ..role("replication.dynamodb.amazonaws.com", "AWSServiceRoleForDynamoDBReplication")
    },
    Person {
        attached: &["service-role/AWSLambdaDynamoDBExecutionRole"],
        used: Some(0),
        ..role("lambda.amazonaws.com", "audit-indexer")
    },
    Person {
        path: "service-role/",
        attached: &["service-role/AWSBackupServiceRolePolicyForBackup"],
        used: Some(1),
        ..role("backup.amazonaws.com", "AWSBackupDefaultServiceRole")
    },
    Person {
        inline: &[(
            "backups",
            allow!(["dynamodb:CreateBackup", "dynamodb:RestoreTableFromBackup", "dynamodb:CreateTable", "dynamodb:PutItem"] on ["*"]),
        )],
        used: Some(12),
        ..role("ec2.amazonaws.com", "backup-operator")
    },
    Person {
        inline: &[
            (
                "carts",
                allow!(["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query"] on ["arn:aws:dynamodb:eu-west-1:111122223333:table/carts", "arn:aws:dynamodb:eu-west-1:111122223333:table/orders"]),
            ),
            (
                "key",
                allow!(["kms:Decrypt"] on ["*"] if r#","Condition":{"StringEquals":{"kms:ViaService":"dynamodb.eu-west-1.amazonaws.com"}}"#),
            ),
        ],
        used: Some(0),
        ..role("lambda.amazonaws.com", "checkout")
    },
    Person {
        attached: &["PowerUserAccess"],
        boundary: Some("dev-limits"),
        used: Some(2),
        ..role("ec2.amazonaws.com", "data-science")
    },
    Person {
        inline: &[(
            "pass",
            allow!(["iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction"] on ["*"]),
        )],
        used: Some(1),
        ..role("codebuild.amazonaws.com", "deployer")
    },
    Person {
        inline: &[("exports", allow!(["dynamodb:ExportTableToPointInTime", "s3:PutObject"] on ["*"]))],
        used: Some(20),
        ..role("states.amazonaws.com", "finance-export")
    },
    Person {
        trust: Some(
            r#"{"Effect":"Allow","Principal":{"Federated":"arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"token.actions.githubusercontent.com:aud":"sts.amazonaws.com"},"StringLike":{"token.actions.githubusercontent.com:sub":"repo:example-shop/*"}}}"#,
        ),
        inline: &[(
            "release",
            allow!(["iam:PutRolePolicy", "iam:AttachRolePolicy", "cloudformation:*"] on ["*"]),
        )],
        used: Some(0),
        ..role("", "github-release")
    },
    Person {
        trust: Some(
            r#"{"Effect":"Allow","Principal":{"Federated":"cognito-identity.amazonaws.com"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"cognito-identity.amazonaws.com:aud":"eu-west-1:11111111-2222-4333-8444-555555555555"},"ForAnyValue:StringLike":{"cognito-identity.amazonaws.com:amr":"unauthenticated"}}}"#,
        ),
        inline: &[(
            "own-cart",
            allow!(["dynamodb:GetItem", "dynamodb:Query"] on ["arn:aws:dynamodb:eu-west-1:111122223333:table/carts"] if r#","Condition":{"ForAllValues:StringEquals":{"dynamodb:LeadingKeys":["${cognito-identity.amazonaws.com:sub}"]},"Null":{"dynamodb:LeadingKeys":"false"}}"#),
        )],
        used: Some(0),
        ..role("", "guest-cart")
    },
    Person {
        trust: Some(
            r#"{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"sts:AssumeRole","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}}"#,
        ),
        inline: &[(
            "take-on",
            allow!(["sts:AssumeRole", "sts:TagSession"] on ["arn:aws:iam::111122223333:role/*"]),
        )],
        used: Some(61),
        ..role("", "incident-response")
    },
    Person {
        inline: &[(
            "own-rows",
            r#"{"Version":"2008-10-17","Statement":[{"Effect":"Allow","Action":"dynamodb:GetItem","Resource":"arn:aws:dynamodb:eu-west-1:111122223333:table/users","Condition":{"ForAnyValue:StringEquals":{"dynamodb:LeadingKeys":"${aws:username}"}}}]}"#,
        )],
        used: None,
        ..role("ec2.amazonaws.com", "legacy-app")
    },
    Person {
        inline: &[(
            "users-by-mail",
            allow!(["dynamodb:Query"] on ["arn:aws:dynamodb:eu-west-1:111122223333:table/users/index/*"]),
        )],
        used: Some(0),
        ..role("ecs-tasks.amazonaws.com", "login")
    },
    Person {
        attached: &["service-role/AWSLambdaBasicExecutionRole"],
        used: Some(0),
        ..role("lambda.amazonaws.com", "order-mailer")
    },
    Person {
        trust: Some(
            r#"{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::777788889999:root"},"Action":"sts:AssumeRole","Condition":{"StringEquals":{"sts:ExternalId":"shop-7f"}}}"#,
        ),
        inline: &[(
            "metadata",
            allow!(["dynamodb:Scan"] on ["arn:aws:dynamodb:eu-west-1:111122223333:table/api_metadata"]),
        )],
        used: Some(4),
        ..role("", "partner-sync")
    },
    Person {
        inline: &[("sql", allow!(["dynamodb:PartiQLSelect"] on ["arn:aws:dynamodb:*:111122223333:table/*"]))],
        used: Some(8),
        ..role("glue.amazonaws.com", "reporting")
    },
    Person { attached: &["SecurityAudit"], used: Some(0), ..role("ec2.amazonaws.com", "security-audit") },
    Person {
        inline: &[(
            "sessions",
            allow!(["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:DeleteItem"] on ["arn:aws:dynamodb:*:111122223333:table/sessions"]),
        )],
        used: Some(0),
        ..role("ecs-tasks.amazonaws.com", "session-store")
    },
    Person {
        inline: &[(
            "counts",
            allow!(["dynamodb:GetItem", "dynamodb:Query", "dynamodb:Scan"] on ["arn:aws:dynamodb:eu-west-1:111122223333:table/*"]),
        )],
        used: Some(0),
        ..role("lambda.amazonaws.com", "stock-counter")
    },
    Person {
        inline: &[(
            "names-only",
            allow!(["dynamodb:Query", "dynamodb:GetItem"] on ["arn:aws:dynamodb:eu-west-1:111122223333:table/users"] if r#","Condition":{"ForAllValues:StringEquals":{"dynamodb:Attributes":["user_id","name","last_login"]},"StringEqualsIfExists":{"dynamodb:Select":"SPECIFIC_ATTRIBUTES"}}"#),
        )],
        used: Some(1),
        ..role("ecs-tasks.amazonaws.com", "support-console")
    },
    Person {
        trust: Some(
            r#"{"Effect":"Allow","Principal":{"Service":"ecs-tasks.amazonaws.com"},"Action":["sts:AssumeRole","sts:TagSession"]}"#,
        ),
        inline: &[(
            "own-tenant",
            allow!(["dynamodb:GetItem", "dynamodb:Query", "dynamodb:UpdateItem"] on ["arn:aws:dynamodb:eu-west-1:111122223333:table/tenants"] if r#","Condition":{"ForAllValues:StringEquals":{"dynamodb:LeadingKeys":["${aws:PrincipalTag/tenant}"]},"Null":{"dynamodb:LeadingKeys":"false"}}"#),
        )],
        used: Some(0),
        ..role("", "tenant-api")
    },
    Person {
        attached: &["AdministratorAccess"],
        trust: Some(
            r#"{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"sts:AssumeRole"}"#,
        ),
        used: Some(0),
        ..role("", "terraform")
    },
    Person {
        inline: &[("typo", allow!(["dynamodb:GetItems", "dynamodb:ScanTable"] on ["*"]))],
        used: None,
        ..role("lambda.amazonaws.com", "thumbnailer")
    },
    Person {
        inline: &[(
            "in-the-vpc",
            allow!(["dynamodb:GetItem", "dynamodb:BatchGetItem"] on ["arn:aws:dynamodb:eu-west-1:111122223333:table/*"] if r#","Condition":{"StringEquals":{"aws:SourceVpce":"vpce-0a1b2c3d"}}"#),
        )],
        used: Some(0),
        ..role("ec2.amazonaws.com", "vpc-worker")
    },
    Person { account: STAGING, attached: &["SecurityAudit"], ..role("ec2.amazonaws.com", "security-audit") },
];

/// The trust policy of a role of Identity Center.
const SSO: &str = r#"{"Effect":"Allow","Principal":{"Federated":"arn:aws:iam::111122223333:saml-provider/AWSSSO_0f1e2d3c4b5a6978_DO_NOT_DELETE"},"Action":["sts:AssumeRoleWithSAML","sts:TagSession"],"Condition":{"StringEquals":{"SAML:aud":"https://signin.aws.amazon.com/saml"}}}"#;
