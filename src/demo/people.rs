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
};

/// In the order of their names, kind by kind, as IAM answers.
pub(super) static PEOPLE: &[Person] = &[
    Person { name: "break-glass", attached: &["AdministratorAccess"], ..NOBODY },
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
    Person { kind: Kind::Group, name: "services", attached: &["AmazonDynamoDBFullAccess"], ..NOBODY },
    Person {
        kind: Kind::Role("lambda.amazonaws.com"),
        name: "order-mailer",
        attached: &["service-role/AWSLambdaBasicExecutionRole"],
        ..NOBODY
    },
    Person {
        kind: Kind::Role("ec2.amazonaws.com"),
        name: "security-audit",
        attached: &["SecurityAudit"],
        ..NOBODY
    },
    Person {
        account: STAGING,
        kind: Kind::Role("ec2.amazonaws.com"),
        name: "security-audit",
        attached: &["SecurityAudit"],
        ..NOBODY
    },
];
