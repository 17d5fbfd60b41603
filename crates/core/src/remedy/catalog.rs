//! The topics: one line each. Their templates are files under `assets/remedies/<topic>/`.

use super::Flavour;
use crate::domain::{AttributePath, Finding, TableFacts};

/// Something that can be fixed.
#[derive(Debug)]
pub struct Topic {
    /// Its id, and the name of its folder.
    pub id: &'static str,
    /// What the fix does, in a few words.
    pub title: &'static str,
    templates: &'static [(Flavour, &'static str)],
}

impl Topic {
    /// Its template in one flavour.
    pub(super) fn template(&self, flavour: Flavour) -> Option<&'static str> {
        self.templates.iter().find(|(f, _)| *f == flavour).map(|(_, text)| *text)
    }

    /// Whether it has a template in a flavour.
    pub fn has(&self, flavour: Flavour) -> bool {
        self.template(flavour).is_some()
    }
}

/// The topic that fixes a finding: the one it names. A key of nothing but an index needs another index, not another
/// table.
pub fn topic_of(finding: &Finding, facts: &TableFacts) -> Option<&'static Topic> {
    let named = finding.topic?;
    if named == "secret-as-key" && is_index_key_alone(finding, facts) {
        return topic("index-projection");
    }
    topic(named)
}

fn is_index_key_alone(finding: &Finding, facts: &TableFacts) -> bool {
    let Some(description) = facts.description.known() else { return false };
    let Some(root) = finding.path().and_then(AttributePath::root) else { return false };
    !description.key.contains(root) && description.indexes.iter().any(|i| i.is_key(root))
}

/// A topic by its id.
pub fn topic(id: &str) -> Option<&'static Topic> {
    TOPICS.iter().find(|t| t.id == id)
}

macro_rules! template {
    ($id:literal AwsCli) => {
        include_str!(concat!("../../assets/remedies/", $id, "/aws-cli.sh"))
    };
    ($id:literal Terraform) => {
        include_str!(concat!("../../assets/remedies/", $id, "/terraform.tf"))
    };
    ($id:literal Boto3) => {
        include_str!(concat!("../../assets/remedies/", $id, "/boto3.py"))
    };
}

macro_rules! topics {
    ($($id:literal $title:literal: $($flavour:ident)+;)+) => {
        /// Every topic.
        pub static TOPICS: &[Topic] = &[$(Topic {
            id: $id,
            title: $title,
            templates: &[$((Flavour::$flavour, template!($id $flavour))),+],
        }),+];
    };
}

topics! {
    "secret-to-keep" "keep the value safe before anything is taken out of the item": AwsCli Terraform Boto3;
    "secret-inside" "take the secret out of the value, and leave the rest": AwsCli Terraform Boto3;
    "second-factor" "encrypt the seeds, and enrol anew": AwsCli Terraform Boto3;
    "secret-in-item" "rotate the secret, keep it in Secrets Manager, take it out of the item": AwsCli Terraform Boto3;
    "session-in-item" "end the sessions, and store a hash of the token": AwsCli Terraform Boto3;
    "password-hash" "let few read password hashes, and hash anew at the next login": AwsCli Terraform Boto3;
    "secret-as-key" "move to a table whose key is a hash": AwsCli Terraform Boto3;
    "customer-key" "encrypt under a customer managed key": AwsCli Terraform Boto3;
    "replica-key" "encrypt the replica under a customer managed key of its Region": AwsCli Terraform Boto3;
    "key-pending-deletion" "keep the key": AwsCli Terraform Boto3;
    "key-disabled" "make the key usable again": AwsCli Terraform Boto3;
    "key-rotation" "rotate the key every year": AwsCli Terraform Boto3;
    "key-policy" "edit the key's policy": AwsCli Terraform Boto3;
    "key-grant" "revoke a grant on the key": AwsCli Terraform Boto3;
    "pitr" "switch point-in-time recovery on": AwsCli Terraform Boto3;
    "pitr-window" "let point-in-time recovery reach back further": AwsCli Terraform Boto3;
    "deletion-protection" "switch deletion protection on": AwsCli Terraform Boto3;
    "resource-policy" "edit the table's policy": AwsCli Terraform Boto3;
    "stream-policy" "edit the stream's policy": AwsCli Terraform Boto3;
    "kinesis-destination" "stop copying changes into a Kinesis data stream": AwsCli Terraform Boto3;
    "backup-vault" "edit the vault's policy": AwsCli Terraform Boto3;
    "dax-cluster" "make a DAX cluster that encrypts, at rest and in transit": AwsCli Terraform Boto3;
    "data-events" "record who reads items": AwsCli Terraform Boto3;
    "trail-logging" "let the trail record again": AwsCli Terraform Boto3;
    "tag" "name owner and environment in tags": AwsCli Terraform Boto3;
    "ttl" "let the items of a session store expire": AwsCli Terraform Boto3;
    "ttl-attribute" "let time to live look at the right attribute": AwsCli Terraform Boto3;
    "index-projection" "replace an index by one that carries less": AwsCli Terraform Boto3;
}
