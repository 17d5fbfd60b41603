//! The ways to read a table: which actions on what, and what somebody gets by them.
//!
//! Actions and what they can be done to: Service Authorization Reference, "Actions, resources, and condition keys for
//! Amazon DynamoDB".

use super::Reach;

/// What an action is done to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum On {
    /// The table.
    Table,
    /// Each index, by itself.
    Index,
    /// The stream.
    Stream,
    /// Any backup of the table.
    Backup,
}

/// A way: all of its steps have to be allowed.
#[derive(Debug, PartialEq, Eq)]
pub struct Way {
    /// How near it is to reading.
    pub reach: Reach,
    /// The steps.
    pub(super) steps: &'static [(&'static str, On)],
    /// What somebody gets.
    pub gives: &'static str,
}

impl Way {
    /// The actions, with ` + ` between them and without the service of DynamoDB.
    pub fn words(&self) -> String {
        let word = |(action, _): &(&'static str, On)| action.trim_start_matches("dynamodb:");
        self.steps.iter().map(word).collect::<Vec<_>>().join(" + ")
    }
}

macro_rules! ways {
    ($($reach:ident $gives:literal: $($action:literal on $on:ident),+;)+) => {
        &[$(Way { reach: Reach::$reach, steps: &[$(($action, On::$on)),+], gives: $gives }),+]
    };
}

/// Every way to read, the nearest first.
pub const WAYS: &[Way] = ways! {
    Directly "every item": "dynamodb:Scan" on Table;
    Directly "items, key by key": "dynamodb:Query" on Table;
    Directly "items, one at a time": "dynamodb:GetItem" on Table;
    Directly "items, a hundred at a time": "dynamodb:BatchGetItem" on Table;
    Directly "items, by PartiQL": "dynamodb:PartiQLSelect" on Table;
    ByIndex "every item of the index": "dynamodb:Scan" on Index;
    ByIndex "items of the index": "dynamodb:Query" on Index;
    ByIndex "items of the index, by PartiQL": "dynamodb:PartiQLSelect" on Index;
    ByIndex "items near a vector": "dynamodb:SearchVectors" on Index;
    ByStream "old and new images of the last day": "dynamodb:GetRecords" on Stream;
    ByWriting "the item that is changed": "dynamodb:UpdateItem" on Table;
    ByWriting "the item that is replaced": "dynamodb:PutItem" on Table;
    ByWriting "the item that is deleted": "dynamodb:DeleteItem" on Table;
    ByWriting "the item that is changed, by PartiQL": "dynamodb:PartiQLUpdate" on Table;
    ByWriting "the item that is deleted, by PartiQL": "dynamodb:PartiQLDelete" on Table;
    ByWriting "whether a value is what they guess": "dynamodb:ConditionCheckItem" on Table;
    ByCopy "a copy in a bucket of their choice": "dynamodb:ExportTableToPointInTime" on Table;
    ByCopy "a copy as another table": "dynamodb:RestoreTableToPointInTime" on Table;
    ByCopy "a copy as another table": "dynamodb:CreateBackup" on Table, "dynamodb:RestoreTableFromBackup" on Backup;
    ByCopy "a copy in a backup vault": "dynamodb:StartAwsBackupJob" on Table;
    ByCopy "every change in a data stream of their choice": "dynamodb:EnableKinesisStreamingDestination" on Table;
    ByCopy "a copy in another Region": "dynamodb:CreateTableReplica" on Table, "dynamodb:UpdateTable" on Table;
};

/// What lets somebody change or plant items.
pub(super) const WRITES: &[&str] = &[
    "dynamodb:PutItem",
    "dynamodb:UpdateItem",
    "dynamodb:DeleteItem",
    "dynamodb:BatchWriteItem",
    "dynamodb:PartiQLInsert",
    "dynamodb:PartiQLUpdate",
    "dynamodb:PartiQLDelete",
];

/// What an action of the second ring is done to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Upon {
    /// Who asks: a user.
    OwnUser,
    /// Who asks: a role.
    OwnRole,
    /// Somebody who reads: a user.
    ReadingUser,
    /// Somebody who reads: a role.
    ReadingRole,
    /// The table.
    Table,
}

/// A way to become a reader.
#[derive(Debug, PartialEq, Eq)]
pub struct Step {
    /// The action.
    pub action: &'static str,
    pub(super) upon: Upon,
    /// What it does, for behind the action.
    pub does: &'static str,
}

/// Ways to become a reader (IAM User Guide, "Example policies"; the actions are of IAM's and STS's pages of the Service
/// Authorization Reference).
pub const STEPS: &[Step] = {
    use Upon::{OwnRole, OwnUser, ReadingRole, ReadingUser, Table};
    const fn step(action: &'static str, upon: Upon, does: &'static str) -> Step {
        Step { action, upon, does }
    }
    &[
        step("dynamodb:PutResourcePolicy", Table, "lets itself in by the table's policy"),
        step("iam:PutUserPolicy", OwnUser, "gives itself a policy"),
        step("iam:AttachUserPolicy", OwnUser, "attaches a policy to itself"),
        step("iam:PutRolePolicy", OwnRole, "gives itself a policy"),
        step("iam:AttachRolePolicy", OwnRole, "attaches a policy to itself"),
        step("sts:AssumeRole", ReadingRole, "takes on"),
        step("iam:UpdateAssumeRolePolicy", ReadingRole, "lets itself take on"),
        step("iam:CreateAccessKey", ReadingUser, "makes an access key of"),
        step("iam:CreateLoginProfile", ReadingUser, "sets a password of"),
        step("iam:UpdateLoginProfile", ReadingUser, "changes the password of"),
    ]
};

/// Services that run what somebody gives them with a role that somebody passes, and the actions that do it.
pub(super) const PASSING: &[(&str, &str)] = &[
    ("lambda.amazonaws.com", "lambda:CreateFunction"),
    ("ec2.amazonaws.com", "ec2:RunInstances"),
    ("ecs-tasks.amazonaws.com", "ecs:RunTask"),
    ("glue.amazonaws.com", "glue:CreateJob"),
    ("cloudformation.amazonaws.com", "cloudformation:CreateStack"),
    ("codebuild.amazonaws.com", "codebuild:CreateProject"),
    ("sagemaker.amazonaws.com", "sagemaker:CreateNotebookInstance"),
    ("states.amazonaws.com", "states:CreateStateMachine"),
    ("scheduler.amazonaws.com", "scheduler:CreateSchedule"),
    ("pipes.amazonaws.com", "pipes:CreatePipe"),
    ("elasticmapreduce.amazonaws.com", "elasticmapreduce:RunJobFlow"),
    ("batch.amazonaws.com", "batch:SubmitJob"),
    ("datapipeline.amazonaws.com", "datapipeline:CreatePipeline"),
    ("ssm.amazonaws.com", "ssm:StartAutomationExecution"),
];
