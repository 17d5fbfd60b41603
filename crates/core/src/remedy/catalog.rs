//! The topics: one line each. Their templates are files under `assets/remedies/<topic>/`.

use super::Flavour;
use crate::domain::{Finding, Origin, SecretClass, TableFacts};

/// Something that can be fixed.
#[derive(Debug)]
pub struct Topic {
    /// Its id.
    pub id: &'static str,
    /// What the fix does, in a few words.
    pub title: &'static str,
    /// The folder of its templates.
    folder: &'static str,
    templates: &'static [(Flavour, &'static str)],
}

impl Topic {
    /// Its template in one flavour.
    pub(super) fn template(&self, flavour: Flavour) -> Option<&'static str> {
        self.templates.iter().find(|(f, _)| *f == flavour).map(|(_, text)| *text)
    }

    /// The languages that it has, in the order of the tabs.
    pub fn flavours(&self) -> Vec<Flavour> {
        Flavour::ALL.iter().copied().filter(|flavour| self.has(*flavour)).collect()
    }

    /// Whether it puts another document in the place of a policy: two of those for one policy are one change.
    pub fn is_of_a_policy(&self) -> bool {
        self.folder == "policy"
    }

    /// Whether it has a template in a flavour.
    pub fn has(&self, flavour: Flavour) -> bool {
        self.template(flavour).is_some()
    }
}

/// The topic that fixes a finding: the one it names.
pub fn topic_of(finding: &Finding, _facts: &TableFacts) -> Option<&'static Topic> {
    topic(finding.topic?)
}

/// Stands for every secret.
const SECRET: &str = "*";
/// What belongs beside a fix, by the topic of the fix: the application that reads the table, and what keeps it from coming
/// back.
const BESIDE: &[(&[&str], &[&str])] = &[
    (&["token-hash", "session-in-item", "ttl"], &["django-sessions"]),
    // What leaves the name of a secret in the item, for the application to read.
    (
        &[
            "secret-in-item",
            "secret-inside",
            "aws-access-key",
            "database-credential",
            "webhook-secret",
            "django-secret-key",
            "private-key",
            "oauth-token",
            "tenant-isolation",
        ],
        &["django-application"],
    ),
    (&[SECRET, "tenant-isolation"], &["table-role"]),
    (&[SECRET], &["attribute-role"]),
    (&["policy-public", "policy-cross-account", "policy-weak-condition"], &["guardrail-organization"]),
    (&["policy-wildcard-action", "policy-whole-account"], &["table-role"]),
    (
        &["policy-can-change-itself", "deletion-protection", "pitr", "key-pending-deletion"],
        &["guardrail-changes"],
    ),
    (&["data-events", "trail-logging", "access-analyzer", "policy-public"], &["detection-rules"]),
    (&["data-events"], &["changes-to-siem"]),
    // It hides the keys, and they stay what they are.
    (&["insights-off"], &["secret-as-key"]),
];

/// What stands beside a topic, of a finding about a secret or about a setting.
pub fn beside(own: &str, is_secret: bool) -> Vec<&'static Topic> {
    let fits = |of: &[&str]| of.contains(&own) || (is_secret && of.contains(&SECRET));
    let rows = BESIDE.iter().filter(|(of, _)| fits(of));
    rows.flat_map(|(_, beside)| beside.iter()).filter_map(|id| topic(id)).collect()
}

/// The topics beside which one stands; of those beside every secret, `every secret`.
pub fn stands_beside(id: &str) -> Vec<&'static str> {
    let rows = BESIDE.iter().filter(|(_, beside)| beside.contains(&id));
    rows.flat_map(|(of, _)| of.iter().map(|of| if *of == SECRET { "every secret" } else { of })).collect()
}

/// The topics of a finding: its own first, then those that go with it.
pub fn topics_of(finding: &Finding, facts: &TableFacts) -> Vec<&'static Topic> {
    let mut all: Vec<&'static Topic> = topic_of(finding, facts).into_iter().collect();
    let elsewhere = ["secret-as-key", "secret-as-index-key", "session-in-item", "client-side-encryption"];
    if let Origin::Secret(flagged) = &finding.origin
        && all.first().is_some_and(|own| elsewhere.contains(&own.id))
    {
        // A key attribute cannot be taken out of an item.
        let of_key = all.first().is_some_and(|own| own.id == "secret-as-key");
        let fits = super::secrets::goes_with(flagged.class).iter();
        all.extend(fits.filter(|id| !(of_key && **id == "secret-in-item")).filter_map(|id| topic(id)));
    }
    // The engine of sessions finds them by the hash that the new table has for a key.
    if let Origin::Secret(flagged) = &finding.origin
        && flagged.class == SecretClass::Session
        && all.first().is_some_and(|own| own.id == "secret-as-key")
    {
        all.extend(topic("django-sessions"));
    }
    // Where each has its own, what takes the place of the old one is encrypted: a secret for each is not made for that many.
    if let Origin::Secret(flagged) = &finding.origin
        && flagged.count > 1
        && flagged.distinct.saturating_mul(2) > flagged.count
        && all.first().is_some_and(|own| ["secret-in-item", "oauth-token"].contains(&own.id))
    {
        all.extend(topic("client-side-encryption"));
    }
    let is_secret = matches!(finding.origin, Origin::Secret(_));
    if let Some(own) = all.first().map(|own| own.id) {
        all.extend(beside(own, is_secret));
    }
    all
}

/// A topic by its id.
pub fn topic(id: &str) -> Option<&'static Topic> {
    TOPICS.iter().find(|t| t.id == id)
}

macro_rules! template {
    ($folder:literal AwsCli) => {
        include_str!(concat!("../../assets/remedies/", $folder, "/aws-cli.sh"))
    };
    ($folder:literal Terraform) => {
        include_str!(concat!("../../assets/remedies/", $folder, "/terraform.tf"))
    };
    ($folder:literal Boto3) => {
        include_str!(concat!("../../assets/remedies/", $folder, "/boto3.py"))
    };
    ($folder:literal CloudFormation) => {
        include_str!(concat!("../../assets/remedies/", $folder, "/cloudformation.yaml"))
    };
    ($folder:literal Policy) => {
        include_str!(concat!("../../assets/remedies/", $folder, "/policy.json"))
    };
}

macro_rules! topics {
    ($($folder:literal [$($flavour:ident)+] $id:literal $title:literal;)+) => {
        /// Every topic. Several have one template, of which the class of the secret or the check picks the parts.
        pub static TOPICS: &[Topic] = &[$(Topic {
            id: $id,
            title: $title,
            folder: $folder,
            templates: &[$((Flavour::$flavour, template!($folder $flavour))),+],
        }),+];
    };
}

topics! {
    "credential" [AwsCli Terraform Boto3] "secret-in-item" "rotate the secret, keep it in Secrets Manager, take it out of the item";
    "credential" [AwsCli Terraform Boto3] "secret-inside" "take the secret out of the value, and leave the rest";
    "credential" [AwsCli Terraform Boto3] "aws-access-key" "replace the access key, switch the old one off, end its sessions";
    "credential" [AwsCli Terraform Boto3] "database-credential" "replace the user of the database, and lock the old one";
    "credential" [AwsCli Terraform Boto3] "webhook-secret" "replace the signing secret, at the sender and at the receiver";
    "credential" [AwsCli Terraform Boto3] "django-secret-key" "replace SECRET_KEY, without a fallback";
    "credential" [AwsCli Terraform Boto3] "private-key" "replace the key pair, and have the old one revoked";
    "credential" [AwsCli Terraform Boto3] "oauth-token" "replace the token, and revoke the old one where it was issued";
    "token" [AwsCli Boto3] "token-hash" "end the session, and store a hash of the token";
    "token" [AwsCli Boto3] "reset-token" "a short life, good once, and a hash in the table";
    "token" [AwsCli Boto3] "one-time-token" "make it worthless, and store a hash";
    "token" [AwsCli Boto3] "signed-link" "end what signed it, and store names instead of links";
    "aws-session" [AwsCli Terraform Boto3] "aws-session" "deny the sessions of the role from before now";
    "plain-password" [AwsCli Boto3] "plain-password" "hash it now, and force a reset";
    "wallet-key" [AwsCli Boto3] "wallet-key" "move the funds to a wallet whose key was never here";
    "client-side-encryption" [AwsCli Terraform Boto3] "client-side-encryption" "encrypt each person's value under a data key of its own";
    "secret-to-keep" [AwsCli Terraform Boto3] "secret-to-keep" "keep the value safe before anything is taken out of the item";
    "second-factor" [AwsCli Terraform Boto3] "second-factor" "encrypt the seeds, and enrol anew";
    "session-in-item" [AwsCli Terraform Boto3] "session-in-item" "end the sessions, and store a hash of the token";
    "password-hash" [AwsCli Terraform Boto3] "password-hash" "let few read password hashes, and hash anew at the next login";
    "secret-as-key" [AwsCli Terraform Boto3] "secret-as-key" "move to a table whose key is a hash";
    "index-projection" [AwsCli Terraform Boto3] "index-projection" "replace an index by one that carries less";
    "index-projection" [AwsCli Terraform Boto3] "secret-as-index-key" "replace an index by one whose key is a hash";
    "customer-key" [AwsCli Terraform Boto3 CloudFormation] "customer-key" "encrypt under a customer managed key";
    "replica-key" [AwsCli Terraform Boto3] "replica-key" "encrypt the replica under a customer managed key of its Region";
    "key-pending-deletion" [AwsCli Terraform Boto3] "key-pending-deletion" "keep the key";
    "key-disabled" [AwsCli Terraform Boto3] "key-disabled" "make the key usable again";
    "key-rotation" [AwsCli Terraform Boto3] "key-rotation" "rotate the key every year";
    "key-grant" [AwsCli Terraform Boto3] "key-grant" "revoke a grant on the key";
    "pitr" [AwsCli Terraform Boto3 CloudFormation] "pitr" "switch point-in-time recovery on";
    "pitr-window" [AwsCli Terraform Boto3 CloudFormation] "pitr-window" "let point-in-time recovery reach back further";
    "deletion-protection" [AwsCli Terraform Boto3 CloudFormation] "deletion-protection" "switch deletion protection on";
    "policy" [AwsCli Terraform Boto3 CloudFormation Policy] "policy-public" "let nobody in from outside by a statement for everyone";
    "policy" [AwsCli Terraform Boto3 CloudFormation Policy] "policy-cross-account" "take the other accounts out of the policy";
    "policy" [AwsCli Terraform Boto3 CloudFormation Policy] "policy-wildcard-action" "name the actions, on the table and on its indexes apart";
    "policy" [AwsCli Terraform Boto3 CloudFormation Policy] "policy-whole-account" "name roles in the place of whole accounts";
    "policy" [AwsCli Terraform Boto3 CloudFormation Policy] "policy-weak-condition" "demand the own account besides the condition";
    "policy" [AwsCli Terraform Boto3 CloudFormation Policy] "policy-service-unbound" "bind services to the own account";
    "policy" [AwsCli Terraform Boto3 CloudFormation Policy] "policy-can-change-itself" "take the right to change the policy out of it";
    "policy" [AwsCli Terraform Boto3 CloudFormation Policy] "policy-index-apart" "take the grant of an index alone out of the policy";
    "policy" [AwsCli Terraform Boto3 CloudFormation Policy] "policy-orphan-principal" "take out who was deleted";
    "policy" [AwsCli Terraform Boto3 CloudFormation Policy] "policy-tls" "deny plain HTTP, for the table and its indexes";
    "policy" [AwsCli Terraform Boto3 CloudFormation Policy] "key-policy" "take others out of the key's policy, and keep a way in";
    "policy" [AwsCli Terraform Boto3 CloudFormation Policy] "backup-vault" "take others out of the vault's policy";
    "insights" [AwsCli Boto3] "insights-off" "let Contributor Insights show no keys";
    "kinesis-destination" [AwsCli Terraform Boto3] "kinesis-destination" "stop copying changes into a Kinesis data stream";
    "dax-cluster" [AwsCli Terraform Boto3] "dax-cluster" "make a DAX cluster that encrypts, at rest and in transit";
    "data-events" [AwsCli Terraform Boto3] "data-events" "record who reads items";
    "trail-logging" [AwsCli Terraform Boto3] "trail-logging" "let the trail record again";
    "tenant-isolation" [AwsCli Terraform Boto3 CloudFormation Policy] "tenant-isolation" "let a role reach items of its own partition key only";
    "table-role" [AwsCli Terraform CloudFormation Policy] "table-role" "one role for each service, with named actions on this table";
    "attribute-role" [AwsCli Terraform Policy] "attribute-role" "let a reader see some attributes, and not the secret one";
    "guardrail-organization" [AwsCli Terraform] "guardrail-organization" "let nobody in from outside the organization, whatever a policy says";
    "guardrail-changes" [AwsCli Terraform] "guardrail-changes" "leave it to one role to delete, to open and to copy tables";
    "detection-rules" [AwsCli Terraform CloudFormation] "detection-rules" "be told when the table is opened, copied or left unprotected";
    "changes-to-siem" [AwsCli Terraform CloudFormation] "changes-to-siem" "tell a SIEM of changes of items, without the items";
    "django-application" [Boto3] "django-application" "read the table as its owner only, and keep items out of answers and logs";
    "error-dumps" [Boto3] "error-dumps" "store what went wrong without what was there: no frames, no headers, no settings";
    "django-sessions" [Boto3] "django-sessions" "a session engine for Django that keeps hashes of session keys";
    "role-trust" [AwsCli Boto3] "role-trust" "let fewer take on a role that reads the table";
    "scaling" [AwsCli Terraform] "scaling" "let provisioned capacity follow the load";
    "access-analyzer" [AwsCli Terraform CloudFormation] "access-analyzer" "be told of access from outside";
    "tag" [AwsCli Terraform Boto3 CloudFormation] "tag" "name owner and environment in tags";
    "ttl" [AwsCli Terraform Boto3 CloudFormation] "ttl" "let the items of a session store expire";
    "ttl-attribute" [AwsCli Terraform Boto3] "ttl-attribute" "let time to live look at the right attribute";
}
