//! What other tools check of DynamoDB, and where it is settled here.

use Settled::{By, Not};

/// Where a check of another tool is settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settled {
    /// By these checks.
    By(&'static [&'static str]),
    /// By none, and why.
    Not(&'static str),
}

/// One check of another tool.
#[derive(Debug, Clone, Copy)]
pub struct Elsewhere {
    /// The tool.
    pub tool: &'static str,
    /// Its id there.
    pub id: &'static str,
    /// Where it is settled.
    pub settled: Settled,
}

/// Declares the table, tool by tool.
macro_rules! elsewhere {
    ($($tool:literal: $($id:literal => $settled:expr,)+;)+) => {
        /// Every check of DynamoDB and DAX that the tools of the field have (their repositories and manuals, as of
        /// 2026).
        pub static COVERAGE: &[Elsewhere] =
            &[$($(Elsewhere { tool: $tool, id: $id, settled: $settled }),+),+];
    };
}

const AT_REST: Settled = By(&["aws-owned-key", "aws-managed-key"]);
const BACKUP_PLAN: Settled = By(&["no-backup", "pitr-off"]);
const SCALING: Settled = By(&["provisioned-without-scaling"]);
const REPLICATED: Settled =
    Not("a replica is for availability; where there are some, copies-that-outlive-deletion names them");
const STALE: Settled = Not("whether anybody uses a table is a matter of cost");
const TAG_LIMIT: Settled = Not("DynamoDB itself refuses more tags than its limit");
const EXPECTED_TAGS: Settled = By(&["untagged-environment", "untagged-owner"]);

elsewhere! {
    "Prowler":
        "dynamodb_accelerator_cluster_encryption_enabled" => By(&["dax-unencrypted"]),
        "dynamodb_accelerator_cluster_in_transit_encryption_enabled" => By(&["dax-no-tls"]),
        "dynamodb_accelerator_cluster_multi_az" => Not("availability of a cache, not exposure of data"),
        "dynamodb_table_autoscaling_enabled" => SCALING,
        "dynamodb_table_cross_account_access" => By(&["policy-cross-account", "policy-public"]),
        "dynamodb_table_deletion_protection_enabled" => By(&["deletion-protection-off"]),
        "dynamodb_table_protected_by_backup_plan" => BACKUP_PLAN,
        "dynamodb_tables_kms_cmk_encryption_enabled" => AT_REST,
        "dynamodb_tables_pitr_enabled" => By(&["pitr-off"]),
        ;
    "Security Hub":
        "DynamoDB.1" => SCALING,
        "DynamoDB.2" => By(&["pitr-off"]),
        "DynamoDB.3" => By(&["dax-unencrypted"]),
        "DynamoDB.4" => BACKUP_PLAN,
        "DynamoDB.5" => EXPECTED_TAGS,
        "DynamoDB.6" => By(&["deletion-protection-off"]),
        "DynamoDB.7" => By(&["dax-no-tls"]),
        ;
    "AWS Config":
        "dynamodb-autoscaling-enabled" => SCALING,
        "dynamodb-in-backup-plan" => BACKUP_PLAN,
        "dynamodb-last-backup-recovery-point-created" => By(&["no-backup"]),
        "dynamodb-meets-restore-time-target" => Not("how long the last restore took is a measurement of AWS Backup, not exposure"),
        "dynamodb-pitr-enabled" => By(&["pitr-off"]),
        "dynamodb-resources-protected-by-backup-plan" => BACKUP_PLAN,
        "dynamodb-table-cross-region-replication-enabled" => REPLICATED,
        "dynamodb-table-deletion-protection-enabled" => By(&["deletion-protection-off"]),
        "dynamodb-table-encrypted-kms" => AT_REST,
        "dynamodb-table-encryption-enabled" => Not("DynamoDB always encrypts at rest; by whose key is settled by aws-owned-key"),
        "dynamodb-throughput-limit-check" => By(&["capacity-near-limit"]),
        "dax-encryption-enabled" => By(&["dax-unencrypted"]),
        "dax-tls-endpoint-encryption" => By(&["dax-no-tls"]),
        ;
    "Checkov":
        "CKV_AWS_28" => By(&["pitr-off"]),
        "CKV_AWS_47" => By(&["dax-unencrypted"]),
        "CKV_AWS_119" => AT_REST,
        "CKV_AWS_165" => By(&["pitr-off"]),
        "CKV_AWS_239" => By(&["dax-no-tls"]),
        "CKV_AWS_271" => By(&["replica-key-weaker"]),
        "CKV2_AWS_16" => SCALING,
        ;
    "Trivy":
        "AVD-AWS-0023" => By(&["dax-unencrypted"]),
        "AVD-AWS-0024" => By(&["pitr-off"]),
        "AVD-AWS-0025" => AT_REST,
        ;
    "Steampipe":
        "dax_cluster_encryption_at_rest_enabled" => By(&["dax-unencrypted"]),
        "dynamodb_table_auto_scaling_enabled" => SCALING,
        "dynamodb_table_deletion_protection_enabled" => By(&["deletion-protection-off"]),
        "dynamodb_table_encrypted_with_kms" => AT_REST,
        "dynamodb_table_encryption_enabled" => Not("DynamoDB always encrypts at rest; by whose key is settled by aws-owned-key"),
        "dynamodb_table_in_backup_plan" => BACKUP_PLAN,
        "dynamodb_table_point_in_time_recovery_enabled" => By(&["pitr-off"]),
        "dynamodb_table_protected_by_backup_plan" => BACKUP_PLAN,
        "dynamodb_table_stale_data" => STALE,
        "dynamodb_table_no_data" => STALE,
        "dynamodb_table_mandatory" => EXPECTED_TAGS,
        "dynamodb_table_tag_limit" => TAG_LIMIT,
        ;
    "CloudSploit":
        "continuousBackups" => By(&["pitr-off"]),
        "daxClusterEncryption" => By(&["dax-unencrypted"]),
        "dynamoContinuousBackups" => By(&["pitr-off"]),
        "dynamoDeletionProtection" => By(&["deletion-protection-off"]),
        "dynamoKmsEncryption" => AT_REST,
        "dynamoTableBackupExists" => By(&["no-backup"]),
        "dynamoTableHasTags" => EXPECTED_TAGS,
        "dynamoUnusedTable" => STALE,
        ;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::posture::check;

    #[test]
    fn every_check_of_others_is_settled_by_one_that_exists_or_has_a_reason() {
        for (n, Elsewhere { tool, id, settled }) in COVERAGE.iter().enumerate() {
            match settled {
                By(ids) => {
                    assert!(!ids.is_empty(), "{tool} {id}");
                    ids.iter()
                        .for_each(|ours| assert!(check(ours).is_some(), "{tool} {id}: no check {ours}"));
                }
                Not(why) => assert!(!why.is_empty() && !why.ends_with('.'), "{tool} {id}"),
            }
            let twice = COVERAGE[n + 1..].iter().any(|other| (other.tool, other.id) == (*tool, *id));
            assert!(!twice, "{tool} {id} is there twice");
        }
        let tools = ["Prowler", "Security Hub", "AWS Config", "Checkov", "Trivy", "Steampipe", "CloudSploit"];
        tools.iter().for_each(|tool| assert!(COVERAGE.iter().any(|e| e.tool == *tool), "{tool}"));
    }

    #[test]
    fn references_to_security_hub_are_the_ones_of_this_table() {
        for ours in crate::posture::CHECKS {
            for reference in ours.refs {
                let crate::posture::Reference::Fsbp(id) = reference else { continue };
                let known = COVERAGE.iter().any(|e| e.tool == "Security Hub" && e.id == *id);
                assert!(known || id.starts_with("KMS.") || *id == "IAM.28", "{}: {id}", ours.id);
            }
        }
    }
}
