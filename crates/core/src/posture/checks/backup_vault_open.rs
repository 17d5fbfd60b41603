//! A vault with recovery points of the table lets others in.

use crate::domain::{FactKind, FactValue, Severity, Vault};
use crate::posture::check::{Case, Judged, PostureCheck, Reference, Subject};
use crate::posture::examples::{allow, facts, plain, points, policy};
use crate::posture::say::{list, not_applicable, pass};

pub(super) static CHECK: PostureCheck = PostureCheck {
    id: "backup-vault-open",
    title: "A backup vault of the table lets others in",
    why: "Who may copy a recovery point out of its vault has the whole table, as it was, in an account of their own.",
    severity: Severity::High,
    reads: &[FactKind::Description, FactKind::RecoveryPoints, FactKind::Vaults],
    reads_items: false,
    judge,
    topic: Some("backup-vault"),
    source: "https://docs.aws.amazon.com/aws-backup/latest/devguide/create-a-vault-access-policy.html",
    refs: &[Reference::OwaspApi(8), Reference::Cwe(732)],
    field: "GetBackupVaultAccessPolicy Policy.Statement[].Principal and Condition",
    cases: &[
        Case::of("no recovery point", || facts([points(0)]), "not-applicable", "no recovery point"),
        Case::of("no policy", || facts([plain(), points(1), vault("")]), "pass", "vault-0 lets in nobody"),
        Case::of("everyone", || facts([plain(), points(1), vault(&allow(r#""*""#, ""))]), "fail", "critical: The vault vault-0's policy lets everyone in"),
        Case::of("another account", || facts([plain(), points(1), vault(&allow(r#"{"AWS":"444455556666"}"#, ""))]), "fail", "medium: The vault vault-0's policy lets account 444455556666 in"),
        Case::of("partly unread", || facts([plain(), points(1), vault("7")]), "unknown", "statement 1"),
        Case::of("policy not read", || facts([plain(), points(1)]), "unknown", "vaults: not asked"),
        Case::of("recovery points not read", || facts([plain()]), "unknown", "recovery_points: not asked"),
        Case::of("description not read", || facts([points(1), vault("")]), "unknown", "description: not asked"),
    ],
};

fn judge(subject: &Subject<'_>) -> Judged {
    if subject.facts.recovery_points.read()?.is_empty() {
        return Ok(not_applicable("There is no recovery point of the table in AWS Backup."));
    }
    let own = match super::own_account(subject)? {
        Ok(own) => own,
        Err(verdict) => return Ok(verdict),
    };
    let vaults = subject.facts.vaults.read()?;
    let mut unclear = Vec::new();
    for Vault { name, policy } in vaults {
        let Some(policy) = policy else { continue };
        match super::policy::let_in(policy, &own, &format!("The vault {name}'s"), Severity::Critical) {
            Ok(verdict) => return Ok(verdict),
            Err(more) => unclear.extend(more),
        }
    }
    let names: Vec<&str> = vaults.iter().map(|v| v.name.as_str()).collect();
    Ok(if unclear.is_empty() {
        pass(&format!("The policy of {} lets in nobody from outside the account.", list(&names)))
    } else {
        super::policy::unread(FactKind::Vaults, &unclear)
    })
}

fn vault(statements: &str) -> FactValue {
    let policy = policy(statements).map(|p| p.policy).filter(|_| !statements.is_empty());
    FactValue::Vaults(vec![Vault { name: "vault-0".into(), policy }])
}
